/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: giving up privileges, by the kernel's own calls, and making sure that they are gone. */
#include <config.h>

#include "privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/securebits.h>

#include <arplab/helper.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#define ID_MAX (UINT32_MAX - 1)

struct caps {
	uint64_t effective, permitted, inheritable;
};

/* Source: kernel/capability.c, capget(): version 3 carries two words a set, low word first. */
static int caps_read(struct caps *ret)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3];
	if (syscall(SYS_capget, &head, words) < 0)
		return -errno;
	ret->effective = (uint64_t)words[1].effective << 32 | words[0].effective;
	ret->permitted = (uint64_t)words[1].permitted << 32 | words[0].permitted;
	ret->inheritable = (uint64_t)words[1].inheritable << 32 | words[0].inheritable;
	return 0;
}

static int caps_write(const struct caps *caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3];
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		words[i].effective = (uint32_t)(caps->effective >> (32 * i));
		words[i].permitted = (uint32_t)(caps->permitted >> (32 * i));
		words[i].inheritable = (uint32_t)(caps->inheritable >> (32 * i));
	}
	return syscall(SYS_capset, &head, words) < 0 ? -errno : 0;
}

uint64_t privileges_effective(void)
{
	struct caps caps;
	return caps_read(&caps) == 0 ? caps.effective : 0;
}

int privileges_use(uint64_t set)
{
	struct caps caps;
	int r = caps_read(&caps);
	if (r < 0)
		return r;
	caps.effective = caps.permitted & set;
	return caps_write(&caps);
}

/*
 * Close the ways by which a later exec could win capabilities. Both need CAP_SETPCAP; without it
 * the bounding set stays, and PR_SET_NO_NEW_PRIVS alone keeps the door shut (security/commoncap.c,
 * cap_bprm_creds_from_file: nothing is gained when no_new_privs is set).
 */
static void shrink_bounds(uint64_t set)
{
	for (unsigned cap = 0; cap < 64; cap++) {
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) < 0)
			break; /* The kernel's last capability was the one before. */
		if (!(set >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	}
	prctl(PR_SET_SECUREBITS,
		SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
			SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
		0, 0, 0);
}

/* The bounding set must be shrunk before, while CAP_SETPCAP may still be there. */
static int shrink_sets(uint64_t set)
{
	struct caps caps;
	int r = caps_read(&caps);
	if (r < 0)
		return r;
	caps.permitted &= set;
	caps.effective = caps.permitted;
	caps.inheritable = 0;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	r = caps_write(&caps);
	if (r < 0)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	/* What counts is what the kernel says, not what it was asked for. */
	r = caps_read(&caps);
	if (r < 0)
		return r;
	return (caps.effective | caps.permitted) & ~set || caps.inheritable ? -EPERM : 0;
}

int privileges_keep(uint64_t set)
{
	shrink_bounds(set);
	return shrink_sets(set);
}

/* ---- the person who started the program ---- */

static bool id_from(const char *variable, uint32_t *ret)
{
	const char *s = getenv(variable);
	int64_t id;
	if (!s || text_parse_int(s, 0, ID_MAX, &id) < 0)
		return false;
	*ret = (uint32_t)id;
	return true;
}

/* In a user namespace sudo's number may mean nobody; then there is nobody to become. */
static bool user_is_mapped(uid_t uid)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	if (!map)
		return true;
	unsigned long inside, outside, count;
	bool found = false;
	while (!found && fscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3)
		found = uid >= inside && uid - inside < count;
	fclose(map);
	return found;
}

bool privileges_person(uid_t *ret_uid, gid_t *ret_gid)
{
	if (getuid() != geteuid() || getgid() != getegid()) {
		*ret_uid = getuid();
		*ret_gid = getgid();
		return true;
	}
	return getuid() == 0 && id_from("SUDO_UID", ret_uid) && id_from("SUDO_GID", ret_gid) &&
	       *ret_uid != 0 && user_is_mapped(*ret_uid);
}

/*
 * In a user namespace that an ordinary user has made nobody changes groups, its root neither: they
 * are that user's for ever (user_namespaces(7), "The /proc/[pid]/setgroups file").
 */
static bool groups_are_fixed(void)
{
	char word[8] = "";
	int fd = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t len = read(fd, word, sizeof word - 1);
	close(fd);
	return len >= 4 && memcmp(word, "deny", 4) == 0;
}

int privileges_become(uid_t uid, gid_t gid, struct err *err)
{
	/*
	 * Only the user's first group: the others would have to be looked up, and on a network with
	 * a directory service looking up sends frames.
	 *
	 * Only root's own groups are a danger; another user's set-ID program has none to lose. Root
	 * may be nobody by now, in a user namespace that has no name for it.
	 */
	bool root = geteuid() == 0 || privileges_effective() >> CAP_SETGID & 1;
	if (root && setgroups(1, &gid) < 0 && !(errno == EPERM && groups_are_fixed()))
		return err_set(
			err, -errno, _("cannot give up root's groups: %s"), err_reason(errno));
	if (setresgid(gid, gid, gid) < 0)
		return err_set(err, -errno, _("cannot become group %u: %s"), (unsigned)gid,
			err_reason(errno));
	if (setresuid(uid, uid, uid) < 0)
		return err_set(err, -errno, _("cannot become user %u: %s"), (unsigned)uid,
			err_reason(errno));
	uid_t real, effective, saved;
	if (getresuid(&real, &effective, &saved) < 0 || real != uid || effective != uid ||
		saved != uid)
		return err_set(err, -EPERM, _("cannot become user %u: the kernel did not comply"),
			(unsigned)uid);
	return 0;
}

int front_drop_privileges(struct err *err)
{
	uid_t uid;
	gid_t gid;
	shrink_bounds(0);
	if (privileges_person(&uid, &gid)) {
		int r = privileges_become(uid, gid, err);
		if (r < 0)
			return r;
	}
	int r = shrink_sets(0);
	if (r < 0)
		return err_set(err, r, _("cannot give up privileges: %s"), err_reason(-r));
	return 0;
}
