/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: every machine of a lab begins with the kernel's own sysctls, whatever the host has set.
 *
 * A new namespace begins with the host's `all` and `default` (net/ipv4/devinet.c,
 * devinet_init_net; net.core.devconf_inherit_init_net), and all of a lab with the same ones. So
 * the first is compared with the kernel's own values, and what differs is written into each.
 * `lo` follows `default`, as do interfaces that are made later.
 */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <arplab/sysctl.h>

/* Those of the table that are on in the kernel (net/ipv4/devinet.c, ipv4_devconf); others are 0. */
static const char *const on_by_default[] = { "send_redirects", "shared_media",
	"arp_evict_nocarrier" };

/* Those besides the table that decide how machines of a lab treat each other. */
static const struct {
	const char *name;
	int32_t value;
} others[] = {
	{ "accept_redirects", 1 },
	{ "secure_redirects", 1 },
	{ "promote_secondaries", 0 },
	{ "ignore_routes_with_linkdown", 0 },
	{ "log_martians", 0 },
};

static int open_number(const char *path, int flags)
{
	char whole[BASELINE_PATH + 16];
	struct text t = text_in(whole, sizeof whole);
	text_put(&t, "/proc/sys/net/");
	text_put(&t, path);
	int fd = open(text_end(&t), flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int read_number(const char *path, int32_t *ret)
{
	int fd = open_number(path, O_RDONLY);
	if (fd < 0)
		return fd;
	int r = sysctl_read(fd, ret);
	close(fd);
	return r;
}

static int write_number(const char *path, int32_t value)
{
	int fd = open_number(path, O_WRONLY);
	if (fd < 0)
		return fd;
	int r = sysctl_write(fd, value);
	close(fd);
	return r;
}

/* What a kernel does not have differs from nothing. */
static int compare(struct baseline *b, const char *path, int32_t wanted)
{
	int32_t value;
	int r = read_number(path, &value);
	if (r < 0 || value == wanted)
		return r == -ENOENT ? 0 : r;
	if (b->count < BASELINE_MAX) {
		text_copy(b->writes[b->count].path, BASELINE_PATH, path);
		b->writes[b->count++].value = wanted;
	}
	return write_number(path, wanted);
}

static int compare_conf(struct baseline *b, const char *name, int32_t wanted)
{
	static const char *const places[] = { "all", "default" };
	int r = 0;
	for (size_t i = 0; i < 2 && r == 0; i++) {
		char path[BASELINE_PATH];
		struct text t = text_in(path, sizeof path);
		text_put(&t, "ipv4/conf/");
		text_put(&t, places[i]);
		text_char(&t, '/');
		text_put(&t, name);
		r = compare(b, text_end(&t), wanted);
	}
	return r;
}

static int32_t kernels_own(const char *name)
{
	for (size_t i = 0; i < sizeof on_by_default / sizeof *on_by_default; i++)
		if (strcmp(on_by_default[i], name) == 0)
			return 1;
	return 0;
}

/* `forwarding` is left to ip_forward, which comes first since it resets others. */
static int find_out(struct baseline *b)
{
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	int r = compare(b, "ipv4/ip_forward", 0);
	for (size_t i = 0; i < count && r == 0; i++)
		if (keys[i].family == SYSCTL_CONF && !keys[i].read_only && !keys[i].all_refused)
			r = compare_conf(b, keys[i].name, kernels_own(keys[i].name));
	for (size_t i = 0; i < sizeof others / sizeof *others && r == 0; i++)
		r = compare_conf(b, others[i].name, others[i].value);
	return r;
}

/* Whether values can be written at all, be there something to write or not. */
static int try_write(void)
{
	int32_t value;
	int r = read_number("ipv4/conf/all/arp_ignore", &value);
	return r < 0 ? r : write_number("ipv4/conf/all/arp_ignore", value);
}

int baseline_apply(struct lab *l, struct baseline *b, struct err *err)
{
	int r = 0;
	if (!b->known) {
		r = find_out(b);
		int t = r < 0 ? r : try_write();
		if (t == 0)
			stage_works(l, STAGE_SYSCTLS, NULL);
		else
			stage_fails(l, STAGE_SYSCTLS, t, r < 0, err);
	} else {
		for (size_t i = 0; i < b->count && r == 0; i++)
			r = write_number(b->writes[i].path, b->writes[i].value);
		if (r < 0)
			stage_fails(l, STAGE_SYSCTLS, r, true, err);
	}
	b->known = true;
	/* Addresses of IPv6 would be sought with frames of their own. All takes default along. */
	write_number("ipv6/conf/all/disable_ipv6", 1);
	return r;
}

int baseline_forward(void)
{
	return write_number("ipv4/ip_forward", 1);
}

void baseline_switches(void)
{
	static const char *const hooks[] = { "bridge/bridge-nf-call-arptables",
		"bridge/bridge-nf-call-iptables", "bridge/bridge-nf-call-ip6tables" };
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
		if (write_number(hooks[i], 0) == -ENOENT)
			return; /* The module is not there, and none of them. */
}
