/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the check that foreign bytes are one whole action. */
#include <config.h>

#include <arplab/action.h>

#include <errno.h>
#include <string.h>

#include <arplab/sysctl.h>

int action_check(const void *bytes, size_t len)
{
	if (len != sizeof(struct action))
		return -EBADMSG;
	const struct action *a = bytes;
	if (memchr(a->text, '\0', sizeof a->text) == NULL || !sysctl_key(a->key))
		return -EBADMSG;
	switch (a->kind) {
	case ACTION_SET:
		return a->ifindex >= CONF_DEFAULT ? 0 : -EBADMSG;
	case ACTION_LOOK_NEIGH:
		return a->ifindex > 0 ? 0 : -EBADMSG;
	case ACTION_FETCH:
		return a->first > 0 && a->count > 0 ? 0 : -EBADMSG;
	case ACTION_UNDO:
	case ACTION_UNDO_ALL:
	case ACTION_KEEP:
	case ACTION_RESTORE:
	case ACTION_FORGET:
	case ACTION_FILTER:
	case ACTION_CHECK_FILTER:
		return 0;
	default:
		return -EBADMSG;
	}
}
