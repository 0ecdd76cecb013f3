/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what the machine allows, from the files that say so. */
#include <config.h>

#include "preflight.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/capability.h>

#include "privileges.h"

#define STATUS_BYTES 4096

/* A file's beginning as a string. Returns false if there is no such file. */
static bool file_text(const char *path, char *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t len = read(fd, bytes, size - 1);
	close(fd);
	bytes[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static int64_t file_number(const char *path)
{
	char line[32];
	int64_t value;
	if (!file_text(path, line, sizeof line))
		return PREFLIGHT_UNKNOWN;
	line[strcspn(line, "\n")] = '\0';
	return text_parse_int(line, 0, INT64_MAX, &value) == 0 ? value : PREFLIGHT_UNKNOWN;
}

static int64_t seccomp_mode(void)
{
	char status[STATUS_BYTES];
	if (!file_text("/proc/self/status", status, sizeof status))
		return PREFLIGHT_UNKNOWN;
	const char *field = strstr(status, "\nSeccomp:");
	return field ? field[strcspn(field, "0123456789")] - '0' : PREFLIGHT_UNKNOWN;
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Whether the kernel's own modules have one of that name, compressed or not. */
static bool is_on_disk(const char *module)
{
	struct utsname kernel;
	char line[PATH_MAX], file[64];
	bool found = false;
	if (uname(&kernel) < 0)
		return false;
	snprintf(line, sizeof line, "/lib/modules/%s/modules.dep", kernel.release);
	FILE *f = fopen(line, "re");
	snprintf(file, sizeof file, "/%s.ko", module);
	/* A line begins with the module's file; what it depends on follows a colon. */
	while (f && !found && fgets(line, sizeof line, f)) {
		line[strcspn(line, ":")] = '\0';
		found = strstr(line, file) != NULL;
	}
	if (f)
		fclose(f);
	return found;
}

void preflight_probe_module(struct preflight *found, enum lab_stage stage)
{
	const char *module = preflight_module(stage);
	if (!module)
		return;
	found->modules_disabled = file_number("/proc/sys/kernel/modules_disabled") == 1;
	found->has_module = is_on_disk(module);
}

void preflight_probe(struct preflight *ret)
{
	struct statvfs proc;
	*ret = (struct preflight) {
		.root = privileges_effective() >> CAP_SYS_ADMIN & 1,
		.apparmor_restrict =
			file_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
		.userns_clone = file_number("/proc/sys/kernel/unprivileged_userns_clone"),
		.max_user_namespaces = file_number("/proc/sys/user/max_user_namespaces"),
		.max_net_namespaces = file_number("/proc/sys/user/max_net_namespaces"),
		.seccomp = seccomp_mode(),
		.container = exists("/.dockerenv") || exists("/run/.containerenv"),
		.proc_read_only = statvfs("/proc/sys/net", &proc) == 0 && proc.f_flag & ST_RDONLY,
		.has_user_namespaces = exists("/proc/self/ns/user"),
		.has_net_namespaces = exists("/proc/self/ns/net"),
	};
}
