/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: sizes of events and the check that foreign bytes are whole events. */
#include <config.h>

#include <arplab/event.h>

#include <errno.h>
#include <string.h>

#include <arplab/action.h>
#include <arplab/sysctl.h>
#include <arplab/topology.h>

#define HEAD offsetof(struct event, hello)
#define ROUND_UP(n) (((n) + 7) & ~(size_t)7)
#define FRAME_HEAD (HEAD + offsetof(struct frame, bytes))

static const uint16_t sizes[EVENT_KINDS] = {
	[EVENT_HELLO] = ROUND_UP(HEAD + sizeof(struct hello)),
	[EVENT_MARK] = ROUND_UP(HEAD + sizeof(struct mark)),
	[EVENT_LINK] = ROUND_UP(HEAD + sizeof(struct link)),
	[EVENT_ADDR] = ROUND_UP(HEAD + sizeof(struct addr)),
	[EVENT_ROUTE] = ROUND_UP(HEAD + sizeof(struct route)),
	[EVENT_RULE] = ROUND_UP(HEAD + sizeof(struct policy_rule)),
	[EVENT_NEIGH] = ROUND_UP(HEAD + sizeof(struct neigh)),
	[EVENT_SYSCTL] = ROUND_UP(HEAD + sizeof(struct sysctl_value)),
	[EVENT_FRAME] = ROUND_UP(FRAME_HEAD),
	[EVENT_CAPTURE] = ROUND_UP(HEAD + sizeof(struct capture)),
	[EVENT_DROPS] = ROUND_UP(HEAD + sizeof(struct drops)),
	[EVENT_CHANGE] = ROUND_UP(HEAD + sizeof(struct change)),
	[EVENT_DONE] = ROUND_UP(HEAD + sizeof(struct done)),
	[EVENT_NOTE] = ROUND_UP(HEAD + sizeof(struct note)),
	[EVENT_FILE] = ROUND_UP(HEAD + sizeof(struct file_progress)),
	[EVENT_BYE] = ROUND_UP(HEAD),
	[EVENT_LAB] = ROUND_UP(HEAD + sizeof(struct lab_news)),
	[EVENT_NODE] = ROUND_UP(HEAD + sizeof(struct node)),
	[EVENT_STAGE] = ROUND_UP(HEAD + sizeof(struct stage)),
	[EVENT_TRIED] = ROUND_UP(HEAD + sizeof(struct tried)),
	[EVENT_VIRTUAL] = ROUND_UP(HEAD + sizeof(struct virtual_service)),
	[EVENT_REAL] = ROUND_UP(HEAD + sizeof(struct real_server)),
	[EVENT_SERVED] = ROUND_UP(HEAD + sizeof(struct served)),
};

size_t event_size(enum event_kind kind, size_t caplen)
{
	if (kind < EVENT_HELLO || kind >= EVENT_KINDS)
		return 0;
	if (kind == EVENT_FRAME)
		return ROUND_UP(FRAME_HEAD + caplen);
	return sizes[kind];
}

void event_begin(struct event *e, enum event_kind kind, uint64_t at_ns)
{
	e->at_ns = at_ns;
	e->kind = (uint8_t)kind;
	e->size = (uint16_t)event_size(kind, kind == EVENT_FRAME ? e->frame.caplen : 0);
}

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* Whether the fields that others use as an index or a string may be used so. */
static bool sane(const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_HELLO:
		return ends(e->hello.host, sizeof e->hello.host) && e->hello.scope >= SCOPE_HOST &&
		       e->hello.scope <= SCOPE_LAB;
	case EVENT_MARK:
		return e->mark.table > 0 && e->mark.table < EVENT_TABLES && e->mark.end <= 1;
	case EVENT_LINK:
		return e->link.ifindex > 0 && ends(e->link.name, sizeof e->link.name) &&
		       ends(e->link.kind, sizeof e->link.kind);
	case EVENT_ADDR:
		return e->addr.prefix <= 32 && ends(e->addr.label, sizeof e->addr.label);
	case EVENT_ROUTE:
		return e->route.dst_len <= 32;
	case EVENT_RULE:
		return e->rule.source_len <= 32 && e->rule.target_len <= 32 &&
		       ends(e->rule.iif, sizeof e->rule.iif) &&
		       ends(e->rule.oif, sizeof e->rule.oif);
	case EVENT_SYSCTL:
		return sysctl_key(e->sysctl.key) != NULL && e->sysctl.ifindex >= CONF_DEFAULT;
	case EVENT_CAPTURE:
		return e->capture.state >= CAPTURE_OPENING && e->capture.state <= CAPTURE_OFF &&
		       ends(e->capture.text, sizeof e->capture.text);
	case EVENT_CHANGE:
		return sysctl_key(e->change.key) != NULL && e->change.state >= CHANGE_HELD &&
		       e->change.state <= CHANGE_OTHERS &&
		       ends(e->change.name, sizeof e->change.name);
	case EVENT_DONE:
		return ends(e->done.text, sizeof e->done.text);
	case EVENT_NOTE:
		return ends(e->note.text, sizeof e->note.text);
	case EVENT_FILE:
		return ends(e->file.text, sizeof e->file.text);
	case EVENT_LAB:
		return e->lab.state >= LAB_GONE && e->lab.state <= LAB_FAILED &&
		       ends(e->lab.text, sizeof e->lab.text);
	case EVENT_NODE:
		return e->node > 0 && e->machine.number == e->node && e->machine.name[0] &&
		       ends(e->machine.name, sizeof e->machine.name);
	case EVENT_STAGE:
		return e->stage.stage > 0 && e->stage.stage < LAB_STAGES &&
		       ends(e->stage.text, sizeof e->stage.text);
	case EVENT_TRIED:
		return e->tried.kind == ACTION_PING || e->tried.kind == ACTION_ARPING ||
		       e->tried.kind == ACTION_UDP || e->tried.kind == ACTION_CONNECT ||
		       e->tried.kind == ACTION_OUTAGE;
	case EVENT_VIRTUAL:
		return e->virtual.scheduler > 0 && e->virtual.scheduler < SCHEDULERS &&
		       e->virtual.backend > 0 && e->virtual.backend < BACKENDS;
	case EVENT_SERVED:
		return e->served.server <= NODES_MAX && e->served.director <= NODES_MAX;
	case EVENT_REAL:
	case EVENT_NEIGH:
	case EVENT_FRAME:
	case EVENT_DROPS:
	case EVENT_BYE:
		return true;
	case EVENT_KINDS:
		break;
	}
	return false;
}

long event_check(const void *bytes, size_t len)
{
	const struct event *e = bytes;
	if (len < HEAD || e->size > len || e->size < HEAD || e->size % 8 != 0)
		return -EBADMSG;
	size_t caplen = 0;
	if (e->kind == EVENT_FRAME) {
		if (e->size < FRAME_HEAD || e->frame.caplen > FRAME_BYTES_MAX)
			return -EBADMSG;
		caplen = e->frame.caplen;
	}
	if (event_size(e->kind, caplen) != e->size || e->node > NODES_MAX || !sane(e))
		return -EBADMSG;
	return e->size;
}
