/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: sysctls by interface and key, through descriptors that stay open. */
#include <config.h>

#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/parts.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define OPEN_TRIES 3

void places_done(struct places *p)
{
	for (size_t i = 0; i < p->count; i++)
		close(p->open[i].fd);
	p->count = 0;
}

void places_forget(struct places *p, int32_t ifindex)
{
	for (size_t i = p->count; i-- > 0;) {
		if (p->open[i].ifindex != ifindex)
			continue;
		close(p->open[i].fd);
		p->open[i] = p->open[--p->count];
	}
	p->oldest = 0;
}

/* The kernel's own answer, for when the news of a rename has not been read yet. */
static int name_from_kernel(int32_t ifindex, char ret[IFNAME_SIZE])
{
	char name[IF_NAMESIZE];

	if (!if_indextoname((unsigned)ifindex, name))
		return -ENODEV;
	text_copy(ret, IFNAME_SIZE, name);
	return 0;
}

int place_name(const struct places *p, int32_t ifindex, char ret[IFNAME_SIZE])
{
	const char *name = ifindex == CONF_ALL       ? "all"
			   : ifindex == CONF_DEFAULT ? "default"
						     : p->ifname(p->arg, ifindex);

	if (!name)
		return name_from_kernel(ifindex, ret);
	text_copy(ret, IFNAME_SIZE, name);
	return 0;
}

static int open_by_name(const struct places *p, int32_t ifindex, size_t key)
{
	char name[IFNAME_SIZE];

	int r = place_name(p, ifindex, name);
	for (int tries = 0; r == 0 && tries < OPEN_TRIES; tries++) {
		int fd = sysctl_open(key, name, O_RDWR | O_CLOEXEC);
		if (ifindex <= 0 || if_nametoindex(name) == (unsigned)ifindex)
			return fd;
		if (fd >= 0)
			close(fd);
		r = name_from_kernel(ifindex, name);
	}
	return -ENODEV;
}

/* The place's descriptor. fresh: opened now, whatever was open. */
static int place_open(struct places *p, int32_t ifindex, size_t key, bool fresh)
{
	size_t at = 0;

	while (at < p->count && (p->open[at].ifindex != ifindex || p->open[at].key != key))
		at++;
	if (at < p->count && !fresh)
		return p->open[at].fd;
	int fd = open_by_name(p, ifindex, key);
	if (fd < 0)
		return fd;
	if (at == PLACES_MAX) {
		at = p->oldest;
		p->oldest = (p->oldest + 1) % PLACES_MAX;
	}
	if (at < p->count)
		close(p->open[at].fd);
	else
		p->count++;
	p->open[at] = (struct place) { .ifindex = ifindex, .key = (uint16_t)key, .fd = fd };
	return fd;
}

int place_read(struct places *p, int32_t ifindex, size_t key, int32_t *ret)
{
	int fd = place_open(p, ifindex, key, false);
	int r = fd < 0 ? fd : sysctl_read(fd, ret);

	if (r == -ENOENT) {
		fd = place_open(p, ifindex, key, true);
		r = fd < 0 ? fd : sysctl_read(fd, ret);
	}
	return r;
}

int place_write(struct places *p, int32_t ifindex, size_t key, int32_t value)
{
	int fd = place_open(p, ifindex, key, false);
	int r = fd < 0 ? fd : sysctl_write(fd, value);

	if (r == -ENOENT) {
		fd = place_open(p, ifindex, key, true);
		r = fd < 0 ? fd : sysctl_write(fd, value);
	}
	return r;
}

int place_refused(const char *name, size_t key, int code, struct err *err)
{
	const char *what = sysctl_key(key)->name;
	char self[128] = "arplab";

	switch (code) {
	case -ENODEV:
		return err_set(err, code, _("%s is gone, and its sysctls with it"), name);
	case -ENOENT:
		return err_set(err, code,
			_("there is no %s.%s here: this kernel does not have it in "
			  "this network namespace, or the interface has no IPv4"),
			name, what);
	case -EROFS:
		return err_set(err, code,
			_("%s.%s cannot be changed: /proc/sys is read-only here, "
			  "as it is in many containers"),
			name, what);
	case -EACCES:
	case -EPERM:
		if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
			text_copy(self, sizeof self, "arplab");
		return err_set(err, code,
			_("changing %s.%s needs CAP_NET_ADMIN: run it with sudo, "
			  "or once: sudo setcap cap_net_raw,cap_net_admin+ep %s"),
			name, what, self);
	default:
		return err_set(
			err, code, _("%s.%s cannot be changed: %s"), name, what, err_reason(-code));
	}
}
