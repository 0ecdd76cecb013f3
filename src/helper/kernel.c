/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: which Linux this is, down to the patch level where that can be found out. */
#include <config.h>

#include "kernel.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <arplab/text.h>

#define PART_MAX 255

/* "5.10.209…" at the start of s; its third number may be missing. */
static bool read_version(const char *s, uint32_t ret[3])
{
	for (int i = 0; i < 3; i++) {
		uint32_t value = 0;
		if (*s < '0' || *s > '9')
			return i == 2;
		for (; *s >= '0' && *s <= '9'; s++)
			value = value > PART_MAX ? value : value * 10 + (uint32_t)(*s - '0');
		ret[i] = value;
		if (*s != '.')
			return i > 0;
		s++;
	}
	return true;
}

uint32_t kernel_version_of(const char *release, const char *more)
{
	uint32_t base[3] = { 0 };
	if (!read_version(release, base) || base[0] > PART_MAX || base[1] > PART_MAX)
		return 0;
	uint32_t patch = base[2];
	while (*(more += strspn(more, " ("))) {
		uint32_t other[3] = { 0 };
		if (read_version(more, other) && other[0] == base[0] && other[1] == base[1] &&
			other[2] > patch)
			patch = other[2];
		more += strcspn(more, " (");
	}
	return base[0] << 16 | base[1] << 8 | (patch > PART_MAX ? PART_MAX : patch);
}

uint32_t kernel_version(void)
{
	struct utsname names;
	char signature[128], more[sizeof names.version + sizeof signature + 1];
	if (uname(&names) < 0)
		return 0;
	int fd = open("/proc/version_signature", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, signature, sizeof signature - 1);
	if (fd >= 0)
		close(fd);
	signature[len > 0 ? len : 0] = '\0';
	struct text t = text_in(more, sizeof more);
	text_put(&t, names.version);
	text_char(&t, ' ');
	text_put(&t, signature);
	return kernel_version_of(names.release, text_end(&t));
}
