/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the file that keeps progress: found, read, kept aside when damaged, replaced whole. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/progress.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/text.h>

#define DAMAGED_MAX 100

static const char name[] = "progress";

/* ---- the folder ---- */

static int find_folder(char path[PATH_MAX], struct err *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct text t = text_in(path, PATH_MAX);
	path[0] = '\0';
	/* The specification of XDG says that a relative path is to be ignored. */
	if (state && state[0] == '/')
		text_printf(&t, "%s/arplab", state);
	else if (home && home[0] == '/')
		text_printf(&t, "%s/.local/state/arplab", home);
	else
		return err_set(err, -ENOENT,
			_("progress cannot be kept: neither XDG_STATE_HOME nor HOME names a "
			  "folder"));
	text_end(&t);
	if (t.cut)
		return err_set(err, -ENAMETOOLONG,
			_("progress cannot be kept: the name of its folder is too long"));
	return 0;
}

static int make_folders(const char *path)
{
	char part[PATH_MAX];
	text_copy(part, sizeof part, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST && access(part, X_OK) < 0)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

/* Open the folder; *path: its name, for sentences. Returns a descriptor or -errno. */
static int open_folder(char path[PATH_MAX], bool create, struct err *err)
{
	int error = find_folder(path, err);
	if (error)
		return error;
	error = create ? make_folders(path) : 0;
	int fd = error ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	error = error ? error : -errno;
	return err_set(
		err, error, _("progress cannot be kept in %s: %s"), path, err_reason(-error));
}

/* ---- reading ---- */

/* All bytes of a file, from malloc; *ret_len: how many. Returns 0 or -errno. */
static int read_bytes(int fd, char **ret, size_t *ret_len)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > PROGRESS_BYTES_MAX)
		return -EFBIG;
	char *bytes = malloc((size_t)st.st_size + 1);
	if (!bytes)
		abort();
	size_t len = 0;
	ssize_t n;
	do {
		n = read(fd, bytes + len, (size_t)st.st_size - len);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0) {
		int error = -errno;
		free(bytes);
		return error;
	}
	*ret = bytes;
	*ret_len = len;
	return 0;
}

/*
 * Returns 0 when it was read or is not there, -EBADMSG when it is damaged (*why says how), or
 * another error: it may be whole, and must not be touched.
 */
static int read_rows(int folder, struct progress *p, struct err *why)
{
	char *bytes = NULL;
	size_t len = 0;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	int error = read_bytes(fd, &bytes, &len);
	close(fd);
	if (error == -EFBIG)
		return err_set(why, -EBADMSG, _("it is too large"));
	if (error)
		return error;
	error = progress_parse(p, bytes, len, why);
	free(bytes);
	return error;
}

/* Give a damaged file another name, one that is not taken. */
static int move_aside(int folder, const char *path, const struct err *why, struct err *ret_note)
{
	for (unsigned i = 1; i < DAMAGED_MAX; i++) {
		char aside[64];
		snprintf(aside, sizeof aside, i == 1 ? "%s.damaged" : "%s.damaged.%u", name, i);
		if (renameat2(folder, name, folder, aside, RENAME_NOREPLACE) == 0) {
			err_set(ret_note, 0,
				_("the file of your progress was damaged (%s): it is now %s/%s, "
				  "and "
				  "progress begins anew"),
				why->text, path, aside);
			return 0;
		}
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

/* Read, or keep a damaged file aside. note: what there is to say. */
static int read_folder(
	int folder, const char *path, struct progress *p, struct err *note, struct err *err)
{
	struct err why = { "" };
	int error = read_rows(folder, p, &why);
	if (!error)
		return 0;
	if (error != -EBADMSG)
		return err_set(
			err, error, _("%s/%s cannot be read: %s"), path, name, err_reason(-error));
	error = move_aside(folder, path, &why, note);
	if (error)
		return err_set(err, error, _("%s/%s is damaged (%s) and cannot be moved aside: %s"),
			path, name, why.text, err_reason(-error));
	return 0;
}

int progress_load(struct progress *p, char *said, size_t said_size, struct err *err)
{
	char path[PATH_MAX];
	struct err note = { "" };
	*p = (struct progress) { 0 };
	text_copy(said, said_size, "");
	struct err why = { "" };
	int folder = open_folder(path, false, &why);
	if (folder == -ENOENT && path[0])
		return 0; /* Nothing was ever kept. */
	if (folder < 0)
		return err_set(err, folder, "%s", why.text);
	int error = read_folder(folder, path, p, &note, err);
	close(folder);
	text_copy(said, said_size, note.text);
	return error;
}

/* ---- writing ---- */

static int write_bytes(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno != EINTR)
			return -errno;
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* Written beside it and then renamed: whoever reads sees the old file or the new one, whole. */
static int replace(int folder, const char *bytes, size_t len)
{
	char beside[64];
	snprintf(beside, sizeof beside, "%s.new-%ld", name, (long)getpid());
	/* One that an earlier process with this number has left is of no use. */
	unlinkat(folder, beside, 0);
	int fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	int error = write_bytes(fd, bytes, len);
	if (close(fd) < 0 && !error)
		error = -errno;
	if (!error && renameat(folder, beside, folder, name) < 0)
		error = -errno;
	if (error)
		unlinkat(folder, beside, 0);
	else
		fsync(folder);
	return error;
}

int progress_save(const struct progress *p, struct err *err)
{
	char path[PATH_MAX];
	struct err note = { "" };
	struct progress all = { 0 };
	int folder = open_folder(path, true, err);
	if (folder < 0)
		return folder;
	int error = read_folder(folder, path, &all, &note, err);
	if (!error) {
		/* Ours win over rows of the same second. */
		struct progress merged = { 0 };
		progress_merge(&merged, p);
		progress_merge(&merged, &all);
		size_t len;
		char *bytes = progress_text(&merged, &len);
		error = replace(folder, bytes, len);
		if (error)
			err_set(err, error, _("progress cannot be written to %s/%s: %s"), path,
				name, err_reason(-error));
		free(bytes);
		progress_done(&merged);
	}
	progress_done(&all);
	close(folder);
	return error;
}
