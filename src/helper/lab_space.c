/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: into a user namespace, where the lab is root and the machine's network is out of reach.
 *
 * Root, too, goes there: then not even a fault of this program can write a sysctl of the host.
 * Root can have all ids there, so that programs which change their user id work in a node's shell.
 * Such maps are written from outside (user_namespaces(7), "Defining user and group ID mappings"):
 * by a small process that stays behind for it.
 */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "privileges.h"

#define MAP_BYTES 4096 /* The kernel takes less than a page at once. */
#define WITHOUT_USER_NAMESPACE \
	(UINT64_C(1) << CAP_NET_ADMIN | UINT64_C(1) << CAP_NET_RAW | UINT64_C(1) << CAP_SYS_ADMIN)

static int put(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = write(fd, bytes, len) == (ssize_t)len ? 0 : -errno;
	close(fd);
	return r;
}

/* ---- all ids, written from outside ---- */

/* Every range of ids that this namespace has, each mapped to itself: "INSIDE OUTSIDE COUNT". */
static size_t identity_map(const char *path, char *map, size_t size)
{
	char have[MAP_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t len = read(fd, have, sizeof have - 1);
	close(fd);
	have[len > 0 ? len : 0] = '\0';
	struct text t = text_in(map, size);
	char *at = have, *end;
	for (;;) {
		unsigned long long inside = strtoull(at, &end, 10);
		if (end == at)
			break;
		strtoull(end, &end, 10);
		unsigned long long count = strtoull(end, &at, 10);
		if (at == end)
			break;
		text_printf(&t, "%llu %llu %llu\n", inside, inside, count);
	}
	text_end(&t);
	return t.cut ? 0 : t.len;
}

static int map_kind(pid_t pid, const char *kind)
{
	char own[32], path[64], map[MAP_BYTES];
	struct text t = text_in(own, sizeof own);
	text_printf(&t, "/proc/self/%s", kind);
	size_t len = identity_map(text_end(&t), map, sizeof map);
	t = text_in(path, sizeof path);
	text_printf(&t, "/proc/%d/%s", (int)pid, kind);
	return len > 0 ? put(text_end(&t), map, len) : -EINVAL;
}

/* The process left behind: wait until the other is in its namespace, name its ids, be gone. */
static _Noreturn void be_mapper(pid_t pid, int go)
{
	char byte;
	ssize_t len;
	do
		len = read(go, &byte, 1);
	while (len < 0 && errno == EINTR);
	_exit(len == 1 && map_kind(pid, "uid_map") == 0 && map_kind(pid, "gid_map") == 0 ? 0 : 1);
}

struct mapper {
	pid_t pid;
	int go; /* A byte, and it begins; closed before that, it ends. */
};

static int mapper_start(struct mapper *m)
{
	int ends[2];
	pid_t self = getpid();
	m->pid = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	m->pid = fork();
	if (m->pid == 0) {
		close(ends[1]);
		be_mapper(self, ends[0]);
	}
	close(ends[0]);
	m->go = ends[1];
	if (m->pid > 0)
		return 0;
	close(m->go);
	return -EAGAIN;
}

/* Returns whether the ids are mapped. */
static bool mapper_end(struct mapper *m, bool go)
{
	int status = 1;
	if (m->pid <= 0)
		return false;
	bool told = go && write(m->go, "", 1) == 1;
	close(m->go);
	while (waitpid(m->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return told && status == 0;
}

/* ---- one id, written by oneself ---- */

static int map_self(uid_t uid, gid_t gid)
{
	char line[32];
	/* Groups must be fixed before an ordinary user may map one (user_namespaces(7)). */
	int r = put("/proc/self/setgroups", "deny", strlen("deny"));
	if (r < 0 && r != -ENOENT)
		return r;
	struct text t = text_in(line, sizeof line);
	text_printf(&t, "0 %u 1", (unsigned)uid);
	r = put("/proc/self/uid_map", text_end(&t), t.len);
	if (r < 0)
		return r;
	t = text_in(line, sizeof line);
	text_printf(&t, "0 %u 1", (unsigned)gid);
	return put("/proc/self/gid_map", text_end(&t), t.len);
}

/* ---- in ---- */

static int enter_as(struct lab *l, bool with_mapper, struct err *err)
{
	struct mapper mapper = { 0 };
	uid_t uid = geteuid();
	gid_t gid = getegid();
	if (with_mapper)
		mapper_start(&mapper);
	/* A program with capabilities of its own does not own its files in /proc, but for this. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	int r = unshare(CLONE_NEWUSER) < 0 ? -errno : 0;
	bool all = mapper_end(&mapper, r == 0);
	if (r < 0)
		return stage_fails(l, STAGE_USER_NAMESPACE, r, !l->found.root, err);
	stage_works(l, STAGE_USER_NAMESPACE, NULL);
	r = all ? 0 : map_self(uid, gid);
	if (r < 0) {
		stage_fails(l, STAGE_ID_MAPS, r, true, err);
		return -ENOTRECOVERABLE; /* There is no way back. */
	}
	stage_works(l, STAGE_ID_MAPS,
		all ? "all ids of this machine"
		    : "one alone; programs that change their user, as tcpdump does, refuse to run");
	return 0;
}

int space_user(struct lab *l, struct err *err)
{
	int r = enter_as(l, l->found.root, err);
	if (r == 0 || r == -ENOTRECOVERABLE || !l->found.root)
		return r;
	/* Root can do without, and then gives up what no lab needs. */
	r = privileges_keep(WITHOUT_USER_NAMESPACE);
	return r < 0 ? err_set(err, r, "cannot give up privileges: %s", strerror(-r)) : 0;
}

int space_new(struct lab *l)
{
	/* A new namespace may begin with the sysctls of the one it is made in: that must be one. */
	if (l->home >= 0 && space_enter(l->home) < 0)
		return -errno;
	if (unshare(CLONE_NEWNET) < 0)
		return -errno;
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int space_enter(int space)
{
	return setns(space, CLONE_NEWNET) < 0 ? -errno : 0;
}
