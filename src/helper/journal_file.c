/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the journal's file on disk, and the lock that says who holds changes. */
#include <config.h>

#include "journal_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/parts.h>
#include <arplab/text.h>

#define JOURNAL_BYTES_MAX ((size_t)64 << 20)
#define OPEN_TRIES 8
#define DAMAGED_MAX 100
#define SWEEP_MAX 1024 /* Names of the directory that are looked at. */

#ifndef SO_NETNS_COOKIE
#	define SO_NETNS_COOKIE \
		71 /* Linux 5.14; the number is the same on all but two architectures. */
#endif

uint64_t netns_identity(void)
{
	uint64_t identity = 0;
	socklen_t len = sizeof identity;
	struct stat st;

	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		int r = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &identity, &len);
		close(fd);
		if (r == 0 && identity != 0)
			return identity;
	}
	return stat("/proc/self/ns/net", &st) == 0 ? st.st_ino : 0;
}

static void read_boot_id(char ret[BOOT_ID_SIZE])
{
	text_copy(ret, BOOT_ID_SIZE, "unknown");
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	char bytes[BOOT_ID_SIZE] = "";
	ssize_t n = read(fd, bytes, sizeof bytes - 1);
	close(fd);
	bytes[strcspn(bytes, " \n")] = '\0';
	if (n > 0 && bytes[0])
		text_copy(ret, BOOT_ID_SIZE, bytes);
}

void journal_file_init(struct journal_file *f, const char *state_dir)
{
	*f = (struct journal_file) { .dir = -1, .fd = -1 };
	struct text path = text_in(f->path, sizeof f->path);
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state_dir) {
		text_put(&path, state_dir);
	} else if (geteuid() == 0) {
		text_put(&path, "/var/lib/arplab");
	} else if (state && state[0] == '/') {
		text_printf(&path, "%s/arplab", state);
	} else if (home && home[0] == '/') {
		text_printf(&path, "%s/.local/state/arplab", home);
	}
	text_end(&path);
	if (path.cut)
		f->path[0] = '\0';
	snprintf(f->name, sizeof f->name, "journal-%" PRIu64, netns_identity());
	read_boot_id(f->boot);
}

void journal_file_done(struct journal_file *f)
{
	if (!f)
		return;
	journal_file_close(f, false);
	if (f->dir >= 0)
		close(f->dir);
	f->dir = -1;
}

/* Say that the file, or its directory, refused something. */
static int refused(const struct journal_file *f, int code, struct err *err)
{
	return err_set(err, code,
		_("no undo journal can be kept as %s/%s: %s; nothing is changed without one"),
		f->path, f->name, err_reason(-code));
}

/* Make a directory and those above it that are missing. */
static int make_directories(const char *path, mode_t mode)
{
	char part[JOURNAL_PATH_MAX];

	text_copy(part, sizeof part, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST && access(part, X_OK) < 0)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, mode) < 0 && errno != EEXIST ? -errno : 0;
}

static int open_directory(struct journal_file *f, bool create)
{
	/* Not the one of last time: that may have been removed. */
	if (f->dir >= 0)
		close(f->dir);
	f->dir = -1;
	if (create) {
		int r = make_directories(f->path, geteuid() == 0 ? 0755 : 0700);
		if (r < 0)
			return r;
	}
	f->dir = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return f->dir < 0 ? -errno : 0;
}

/* Open the file without its lock. Where nothing shall be made, reading alone will do. */
static int open_file(struct journal_file *f, bool create)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

	f->writable = true;
	/* Nobody else may read it: whoever can read a file can also take its lock. */
	int fd = openat(f->dir, f->name, O_RDWR | flags | (create ? O_CREAT : 0), 0600);
	if (fd < 0 && !create && (errno == EACCES || errno == EROFS || errno == EPERM)) {
		f->writable = false;
		fd = openat(f->dir, f->name, O_RDONLY | flags);
	}
	return fd < 0 ? -errno : fd;
}

/* Whether the name still leads to the file that is open: another may have unlinked it. */
static bool still_named(const struct journal_file *f, const struct stat *open_one)
{
	struct stat st;

	return fstatat(f->dir, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_ino == open_one->st_ino && st.st_dev == open_one->st_dev;
}

/* Read the whole file, and note where its last whole line ends. */
static int read_rows(
	struct journal_file *f, int fd, size_t size, struct journal *ret, struct err *err)
{
	if (size > JOURNAL_BYTES_MAX)
		return err_set(err, -EBADMSG, _("it is larger than any journal"));
	char *bytes = malloc(size + 1);
	if (!bytes)
		return err_set(err, -ENOMEM, _("out of memory"));
	size_t len = 0;
	ssize_t n;
	while (len < size && (n = pread(fd, bytes + len, size - len, (off_t)len)) > 0)
		len += (size_t)n;
	const char *feed = memrchr(bytes, '\n', len);
	f->size = feed ? (size_t)(feed + 1 - bytes) : 0;
	f->torn = f->size < size;
	int r = journal_parse(bytes, len, ret, err);
	free(bytes);
	return r;
}

static void name_holder(const struct journal *j, struct err *err)
{
	for (size_t i = 0; i < j->count; i++) {
		if (j->rows[i].state == CHANGE_HELD) {
			err_set(err, -EBUSY,
				_("another arplab (process %d) holds changes here; quit it, or "
				  "undo "
				  "them there"),
				(int)j->rows[i].pid);
			return;
		}
	}
	err_set(err, -EBUSY, _("another arplab is writing the undo journal just now; try again"));
}

/*
 * Lock the file that the name leads to.
 * Returns its descriptor; -EBUSY when another has the lock, with the rows that it wrote; -errno.
 */
static int lock_file(struct journal_file *f, bool create, struct stat *ret_st, struct journal *ret,
	struct err *err)
{
	for (int tries = 0; tries < OPEN_TRIES; tries++) {
		int fd = open_file(f, create);
		if (fd < 0)
			return fd;
		bool locked = flock(fd, LOCK_EX | LOCK_NB) == 0;
		int code = locked ? 0 : -errno;
		if (fstat(fd, ret_st) < 0)
			code = -errno;
		else if (!S_ISREG(ret_st->st_mode) || ret_st->st_uid != geteuid())
			code = -EPERM;
		if (code == 0 && still_named(f, ret_st))
			return fd;
		if (code == -EWOULDBLOCK) {
			if (read_rows(f, fd, (size_t)ret_st->st_size, ret, NULL) < 0)
				*ret = (struct journal) { .next = 1 };
			name_holder(ret, err);
			code = -EBUSY;
		}
		close(fd);
		if (code != 0)
			return code;
	}
	return -EAGAIN;
}

/* Give a damaged journal another name, one that is not taken. */
static int move_aside(
	struct journal_file *f, const struct err *flaw, struct err *err, struct err *note)
{
	char aside[64];

	if (!f->writable)
		return err_set(err, -EBADMSG, _("the undo journal %s/%s cannot be read: %s"),
			f->path, f->name, flaw->text);
	for (int i = 1; i < DAMAGED_MAX; i++) {
		snprintf(aside, sizeof aside, i == 1 ? "%s.damaged" : "%s.damaged-%d", f->name, i);
		if (renameat2(f->dir, f->name, f->dir, aside, RENAME_NOREPLACE) == 0) {
			err_set(note, 0,
				_("the undo journal was damaged (%s); it is now %s/%s: look there "
				  "for "
				  "what was changed"),
				flaw->text, f->path, aside);
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return err_set(err, -errno,
		_("the undo journal %s/%s is damaged (%s) and cannot be moved "
		  "aside: %s"),
		f->path, f->name, flaw->text, err_reason(errno));
}

/* A journal of another boot says nothing about this kernel: its values ended with that boot. */
static void begin_anew(struct journal_file *f, struct journal *j, struct err *note)
{
	if (j->boot[0] && strcmp(j->boot, f->boot) != 0) {
		if (j->count > 0)
			err_set(note, 0,
				_("the machine was restarted since, which ended what the undo "
				  "journal told of (changes: %zu)"),
				j->count);
		*j = (struct journal) { .next = 1 };
	}
	if (!j->boot[0]) {
		f->size = 0;
		f->torn = true;
	}
}

/* ---- what other boots have left ---- */

/* journal-NUMBER, and not the one of this namespace. */
static bool is_other_journal(const struct journal_file *f, const char *name)
{
	static const char prefix[] = "journal-";
	const char *number = name + sizeof prefix - 1;

	return strncmp(name, prefix, sizeof prefix - 1) == 0 && *number &&
	       number[strspn(number, "0123456789")] == '\0' && strcmp(name, f->name) != 0;
}

/* Whether the file's first two lines are a journal's, and of another boot than this. */
static bool is_of_another_boot(const struct journal_file *f, int fd)
{
	char bytes[JOURNAL_LINE_MAX], head[JOURNAL_LINE_MAX], boot[BOOT_ID_SIZE] = "";
	struct text t = text_in(head, sizeof head);

	ssize_t n = pread(fd, bytes, sizeof bytes - 1, 0);
	if (n <= 0)
		return false;
	bytes[n] = '\0';
	const char *word = strstr(bytes, "\nboot ");
	if (!word)
		return false;
	word += strlen("\nboot ");
	size_t len = strcspn(word, "\n");
	if (len == 0 || len >= sizeof boot || word[len] != '\n')
		return false;
	memcpy(boot, word, len);
	journal_write_head(&t, boot);
	text_end(&t);
	return strncmp(bytes, head, t.len) == 0 && strcmp(boot, f->boot) != 0;
}

static void remove_outdated(const struct journal_file *f, const char *name)
{
	struct stat st, named;

	int fd = openat(f->dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_uid == geteuid() && is_of_another_boot(f, fd) &&
		fstatat(f->dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		named.st_ino == st.st_ino && named.st_dev == st.st_dev)
		unlinkat(f->dir, name, 0);
	close(fd);
}

/*
 * Journals of namespaces that ended with another boot tell of nothing, and nobody else would ever
 * open them. Once a process, and only by one that is about to change something.
 */
static void sweep(struct journal_file *f)
{
	struct stat st;
	struct dirent *one;

	if (f->swept || strcmp(f->boot, "unknown") == 0 || fstat(f->dir, &st) < 0 ||
		st.st_uid != geteuid())
		return;
	f->swept = true;
	int copy = openat(f->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = copy < 0 ? NULL : fdopendir(copy);
	if (!all) {
		if (copy >= 0)
			close(copy);
		return;
	}
	for (int looked = 0; looked < SWEEP_MAX && (one = readdir(all)); looked++) {
		if (is_other_journal(f, one->d_name))
			remove_outdated(f, one->d_name);
	}
	closedir(all);
}

int journal_file_open(
	struct journal_file *f, bool create, struct journal *ret, struct err *err, struct err *note)
{
	struct err flaw = { .text = "" };
	struct stat st;

	note->text[0] = '\0';
	if (!f->path[0])
		return err_set(err, -ENOENT,
			_("no undo journal can be kept: HOME is not set; nothing "
			  "is changed without one"));
	int r = open_directory(f, create);
	if (r == 0 && create)
		sweep(f);
	for (int tries = 0; r == 0 && tries < 2; tries++) {
		int fd = lock_file(f, create, &st, ret, err);
		if (fd < 0) {
			r = fd;
			break;
		}
		r = read_rows(f, fd, (size_t)st.st_size, ret, &flaw);
		if (r == 0) {
			f->fd = fd;
			begin_anew(f, ret, note);
			return 0;
		}
		if (r != -ENOMEM)
			r = move_aside(f, &flaw, err, note);
		close(fd);
		if (r < 0)
			return r;
	}
	if (r == -EBUSY)
		return r;
	return r == -ENOENT && !create ? r : refused(f, r < 0 ? r : -EAGAIN, err);
}

static int write_all(int fd, const char *bytes, size_t len, size_t at)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, bytes, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENOSPC;
		bytes += n;
		at += (size_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int journal_file_append(
	struct journal_file *f, const char *bytes, size_t len, bool sync, struct err *err)
{
	char head[JOURNAL_LINE_MAX];
	struct text t = text_in(head, sizeof head);

	if (!f->writable)
		return refused(f, -EROFS, err);
	if (f->torn && ftruncate(f->fd, (off_t)f->size) < 0)
		return refused(f, -errno, err);
	if (f->size == 0)
		journal_write_head(&t, f->boot);
	f->torn = true;
	int r = write_all(f->fd, head, t.len, f->size);
	if (r == 0)
		r = write_all(f->fd, bytes, len, f->size + t.len);
	if (r == 0 && sync && fsync(f->fd) < 0)
		r = -errno;
	/* The name of a new file must be on disk as well. */
	if (r == 0 && sync && f->size == 0 && fsync(f->dir) < 0 && errno != EINVAL)
		r = -errno;
	if (r < 0) {
		if (ftruncate(f->fd, (off_t)f->size) == 0)
			f->torn = false;
		return refused(f, r, err);
	}
	f->torn = false;
	f->size += t.len + len;
	return 0;
}

void journal_file_close(struct journal_file *f, bool empty)
{
	if (f->fd < 0)
		return;
	/* The name goes before the lock: who opens it meanwhile sees that the file is another. */
	if (empty && f->writable)
		unlinkat(f->dir, f->name, 0);
	close(f->fd);
	f->fd = -1;
}
