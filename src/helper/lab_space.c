/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: into a user namespace, where the lab is root and the machine's network is out of reach.
 *
 * Root, too, goes there: then not even a fault of this program can write a sysctl of the host.
 * Root can have many ids there, so that programs which change their user id work in a node's shell.
 * The lab's root is the person who has started the program, under sudo as well, and its other ids
 * are nobody's: what runs in the lab can do no more to the host's files than that person can.
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

#include <arplab/i18n.h>

#include "privileges.h"

#define MAP_BYTES 4096 /* The kernel takes less than a page at once. */
struct person {
	uid_t uid;
	gid_t gid;
};

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

/* ---- many ids, written from outside ---- */

/*
 * Whose ids the lab's users are: those that no system gives to anybody. Source: systemd,
 * doc/UIDS-GIDS: what lies behind the ranges of containers and before 0x7ffe0000 is unused.
 */
#define SPARE_IDS 0x70000000u
#define USERS 65535u

struct range {
	unsigned long long inside, count;
};

/* Read the next line, "INSIDE OUTSIDE COUNT", of a map. */
static bool next_range(const char **at, struct range *ret)
{
	char *end, *outside;
	ret->inside = strtoull(*at, &outside, 10);
	strtoull(outside, &end, 10);
	ret->count = strtoull(end, &end, 10);
	bool found = outside != *at && ret->count > 0;
	*at = end;
	return found;
}

/*
 * Root there is `id` here, and the others are spare ones. Where there are none, as in a container,
 * root's lab has the container's own, each mapped to itself, and anybody else's has root alone.
 * have: the map of the namespace that the program was started in.
 */
static void put_map(struct text *t, const char *have, unsigned id)
{
	struct range r;
	bool spare = false;
	for (const char *at = have; !spare && next_range(&at, &r);)
		spare = r.inside <= SPARE_IDS && SPARE_IDS - r.inside + USERS <= r.count;
	if (spare || id != 0)
		text_printf(t, "0 %u 1\n", id);
	if (spare)
		text_printf(t, "1 %u %u\n", SPARE_IDS, USERS);
	for (const char *at = have; !spare && id == 0 && next_range(&at, &r);)
		text_printf(t, "%llu %llu %llu\n", r.inside, r.inside, r.count);
	text_end(t);
}

static int map_kind(pid_t pid, const char *kind, unsigned id)
{
	char path[64], have[MAP_BYTES], map[MAP_BYTES];
	struct text t = text_in(path, sizeof path), lines = text_in(map, sizeof map);
	text_printf(&t, "/proc/self/%s", kind);
	int fd = open(text_end(&t), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t len = read(fd, have, sizeof have - 1);
	close(fd);
	have[len > 0 ? len : 0] = '\0';
	put_map(&lines, have, id);
	t = text_in(path, sizeof path);
	text_printf(&t, "/proc/%d/%s", (int)pid, kind);
	return lines.len == 0 || lines.cut ? -EINVAL : put(text_end(&t), map, lines.len);
}

/* The process left behind: wait until the other is in its namespace, name its ids, be gone. */
static _Noreturn void be_mapper(pid_t pid, int go, const struct person *who)
{
	char byte;
	ssize_t len;
	do
		len = read(go, &byte, 1);
	while (len < 0 && errno == EINTR);
	_exit(len == 1 && map_kind(pid, "uid_map", who->uid) == 0 &&
				map_kind(pid, "gid_map", who->gid) == 0
			? 0
			: 1);
}

struct mapper {
	pid_t pid;
	int go; /* A byte, and it begins; closed before that, it ends. */
};

static int mapper_start(struct mapper *m, const struct person *who)
{
	int ends[2];
	pid_t self = getpid();
	m->pid = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	m->pid = fork();
	if (m->pid == 0) {
		close(ends[1]);
		be_mapper(self, ends[0], who);
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

static int no_users(struct lab *l, int error, struct err *err)
{
	stage_fails(l, STAGE_ID_MAPS, error, true, err);
	return -ENOTRECOVERABLE; /* There is no way back. */
}

static int enter_as(struct lab *l, const struct person *who, bool with_mapper, struct err *err)
{
	struct mapper mapper = { 0 };
	struct err ignored;
	/* Inside, before there are maps, every process is the user that stands for none. */
	bool same = who->uid == geteuid();
	if (with_mapper)
		mapper_start(&mapper, who);
	/* A program with capabilities of its own does not own its files in /proc, but for this. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	int r = unshare(CLONE_NEWUSER) < 0 ? -errno : 0;
	bool many = mapper_end(&mapper, r == 0);
	if (r < 0)
		return stage_fails(l, STAGE_USER_NAMESPACE, r, !l->found.root, err);
	stage_works(l, STAGE_USER_NAMESPACE, NULL);
	if (many)
		r = privileges_become(0, 0, &ignored);
	else
		r = same ? map_self(who->uid, who->gid) : -EPERM;
	if (r < 0)
		return no_users(l, r, err);
	stage_works(l, STAGE_ID_MAPS,
		many ? _("as many as programs that change their user need")
		     : _("one alone; programs that change their user, as tcpdump does, refuse to "
			 "run"));
	return 0;
}

/* Root can do without, and then gives up what no lab needs. */
static int do_without(const struct person *who, struct err *err)
{
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	int r = who->uid != 0 ? privileges_become(who->uid, who->gid, err) : 0;
	if (r < 0)
		return r;
	privileges_use(UINT64_MAX);
	r = privileges_keep(WITHOUT_USER_NAMESPACE);
	return r < 0 ? err_set(err, r, _("cannot give up privileges: %s"), err_reason(-r)) : 0;
}

int space_user(struct lab *l, struct err *err)
{
	struct person who = { geteuid(), getegid() };
	privileges_person(&who.uid, &who.gid);
	int r = enter_as(l, &who, l->found.root, err);
	if (r == 0 || r == -ENOTRECOVERABLE || !l->found.root)
		return r;
	return do_without(&who, err);
}

int space_new(struct lab *l)
{
	/* A new namespace may begin with the sysctls of the one it is made in: that must be one. */
	int r = l->home >= 0 ? space_enter(l->home) : 0;
	if (r < 0)
		return r;
	if (unshare(CLONE_NEWNET) < 0)
		return -errno;
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int space_enter(int space)
{
	return setns(space, CLONE_NEWNET) < 0 ? -errno : 0;
}
