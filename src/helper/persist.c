/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: values that shall be set at every boot, as a file for sysctl.d. */
#include <config.h>

#include "persist.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define FILE_MAX ((size_t)1 << 20)

static const char head[] = "# Written by arplab: values that were kept there. systemd-sysctl, or\n"
			   "# `sysctl --system`, sets them at boot.\n";

void persist_line(struct persist_line *ret, size_t key, const char *name, int32_t value)
{
	const struct sysctl_key *k = sysctl_key(key);
	char dot = strchr(name, '.') ? '/' : '.';

	*ret = (struct persist_line) { .value = value };
	snprintf(ret->key, sizeof ret->key, "net%cipv4%c%s%c%s%c%s", dot, dot,
		k->family == SYSCTL_NEIGH ? "neigh" : "conf", dot, name, dot, k->name);
}

/* Whether two keys are the same, whichever way their parts are parted. */
static bool same_key(const char *a, const char *b, size_t len)
{
	if (strlen(a) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (a[i] != b[i] && !(strchr("./", a[i]) && strchr("./", b[i])))
			return false;
	}
	return true;
}

/* Whether an old line sets one of the new keys. A leading '-' says that failing is fine. */
static bool is_replaced(
	const char *line, size_t len, const struct persist_line *lines, size_t count)
{
	while (len > 0 && strchr(" \t-", *line)) {
		line++;
		len--;
	}
	const char *equals = memchr(line, '=', len);
	if (!equals)
		return false;
	size_t key_len = (size_t)(equals - line);
	while (key_len > 0 && strchr(" \t", line[key_len - 1]))
		key_len--;
	for (size_t i = 0; i < count; i++) {
		if (same_key(lines[i].key, line, key_len))
			return true;
	}
	return false;
}

int persist_open(const char *path, int flags)
{
	struct stat st;

	int fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP ? -EINVAL : -errno;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

int persist_refused(const char *path, int code, struct err *err)
{
	if (code == -EINVAL)
		return err_set(err, code,
			_("%s cannot be written: it is no plain file, and would be replaced by "
			  "one"),
			path);
	return err_set(err, code, _("%s cannot be written: %s"), path, err_reason(-code));
}

/*
 * Read the file as it is. *ret is the caller's to free; NULL when there is no file.
 * ret_mode: its permissions, which the new one gets, too.
 */
static int read_old(const char *path, char **ret, size_t *ret_len, mode_t *ret_mode)
{
	struct stat st;

	*ret = NULL;
	*ret_len = 0;
	int fd = persist_open(path, O_RDONLY);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	FILE *in = fstat(fd, &st) < 0 ? NULL : fdopen(fd, "r");
	if (!in) {
		close(fd);
		return -ENOMEM;
	}
	*ret_mode = st.st_mode & 0777;
	char *bytes = malloc(FILE_MAX);
	size_t len = bytes ? fread(bytes, 1, FILE_MAX, in) : 0;
	int r = !bytes ? -ENOMEM : ferror(in) ? -EIO : len == FILE_MAX ? -EFBIG : 0;
	fclose(in);
	if (r < 0) {
		free(bytes);
		return r;
	}
	*ret = bytes;
	*ret_len = len;
	return 0;
}

static void write_lines(
	FILE *out, const char *old, size_t old_len, const struct persist_line *lines, size_t count)
{
	if (!old)
		fputs(head, out);
	for (const char *end = old ? old + old_len : NULL; old && old < end;) {
		const char *feed = memchr(old, '\n', (size_t)(end - old));
		size_t len = (size_t)((feed ? feed : end) - old);
		if (!is_replaced(old, len, lines, count)) {
			fwrite(old, 1, len, out);
			fputc('\n', out);
		}
		old += len + 1;
	}
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s = %d\n", lines[i].key, (int)lines[i].value);
}

/* Write the new file beside the old one, and put it in its place. */
static int replace(int dir, const char *name, const char *old, size_t old_len, mode_t mode,
	const struct persist_line *lines, size_t count)
{
	char draft[NAME_MAX + 1];

	if (snprintf(draft, sizeof draft, ".%s.arplab-%d", name, (int)getpid()) >=
		(int)sizeof draft)
		return -ENAMETOOLONG;
	int fd = openat(dir, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	FILE *out = fdopen(fd, "w");
	if (!out) {
		close(fd);
		unlinkat(dir, draft, 0);
		return -ENOMEM;
	}
	write_lines(out, old, old_len, lines, count);
	int r = fflush(out) != 0 || (old && fchmod(fd, mode) < 0) || fsync(fd) < 0 ? -errno : 0;
	if (fclose(out) != 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(dir, draft, dir, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, draft, 0);
	else
		fsync(dir);
	return r;
}

int persist_write(const char *path, const struct persist_line *lines, size_t count, struct err *err)
{
	char folder[PATH_MAX] = ".";
	char *old = NULL;
	size_t old_len = 0;
	mode_t mode = 0;

	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	if (slash)
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
	int r = read_old(path, &old, &old_len, &mode);
	int dir = r < 0 ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r == 0)
		r = dir < 0 ? -errno : replace(dir, name, old, old_len, mode, lines, count);
	if (dir >= 0)
		close(dir);
	free(old);
	return r < 0 ? persist_refused(path, r, err) : 0;
}
