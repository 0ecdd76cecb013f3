/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the files below /proc/sys/net/ipv4 by key and name, and the numbers in them. */
#include <config.h>

#include <arplab/parts.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>

#define NUMBER_TEXT 32

/*
 * Whether the name can stand in a path. The kernel refuses such names itself (net/core/dev.c,
 * dev_valid_name), and "all" and "default" for interfaces (net/ipv4/devinet.c,
 * sysctl_dev_name_is_allowed), so that a path means one thing only.
 */
static bool name_is_plain(const char *name)
{
	size_t len = strnlen(name, IFNAME_SIZE);
	return len > 0 && len < IFNAME_SIZE && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

int sysctl_open(size_t key, const char *name, int flags)
{
	const struct sysctl_key *k = sysctl_key(key);
	if (!k || !name_is_plain(name))
		return -EINVAL;
	char path[128];
	struct text t = text_in(path, sizeof path);
	text_put(&t, "/proc/sys/net/ipv4/");
	text_put(&t, k->family == SYSCTL_NEIGH ? "neigh/" : "conf/");
	text_put(&t, name);
	text_char(&t, '/');
	text_put(&t, k->name);
	int fd = open(text_end(&t), flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int sysctl_read(int fd, int32_t *ret)
{
	char line[NUMBER_TEXT];
	ssize_t len = pread(fd, line, sizeof line - 1, 0);
	if (len < 0)
		return -errno;
	if (len > 0 && line[len - 1] == '\n')
		len--;
	line[len] = '\0';
	int64_t value;
	int r = text_parse_int(line, INT32_MIN, INT32_MAX, &value);
	if (r == 0)
		*ret = (int32_t)value;
	return r;
}

int sysctl_write(int fd, int32_t value)
{
	char line[NUMBER_TEXT];
	struct text t = text_in(line, sizeof line);
	text_i64(&t, value);
	text_char(&t, '\n');
	text_end(&t);
	ssize_t len = pwrite(fd, line, t.len, 0);
	if (len < 0)
		return -errno;
	return (size_t)len == t.len ? 0 : -EIO;
}
