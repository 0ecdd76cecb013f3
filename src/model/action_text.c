/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: actions as lines of text, like events. */
#include <config.h>

#include <arplab/action.h>

#include <errno.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/record.h>

#define LINE_MAX_BYTES 2048

#define FIELD(field, type)                                                                        \
	{                                                                                         \
#		field, type, offsetof(struct action, field), sizeof(((struct action *)0)->field) \
	}

static const struct record_field fields[] = {
	FIELD(id, RECORD_U32),
	FIELD(node, RECORD_U16),
	FIELD(ifindex, RECORD_I32),
	FIELD(key, RECORD_KEY),
	FIELD(keep, RECORD_U8),
	FIELD(any, RECORD_U8),
	FIELD(value, RECORD_I32),
	FIELD(before, RECORD_I32),
	FIELD(ip, RECORD_IP),
	FIELD(count, RECORD_U32),
	FIELD(first, RECORD_U64),
	FIELD(text, RECORD_TEXT),
	FIELD(ip2, RECORD_IP),
	FIELD(state, RECORD_U16),
	FIELD(prefix, RECORD_U8),
	FIELD(scope, RECORD_U8),
	FIELD(mac, RECORD_MAC),
	FIELD(port, RECORD_U16),
	FIELD(arp.eth_dst, RECORD_MAC),
	FIELD(arp.eth_src, RECORD_MAC),
	FIELD(arp.sha, RECORD_MAC),
	FIELD(arp.tha, RECORD_MAC),
	FIELD(arp.spa, RECORD_IP),
	FIELD(arp.tpa, RECORD_IP),
	FIELD(arp.op, RECORD_U16),
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

static const char *const kinds[ACTION_KINDS] = {
	[ACTION_SET] = "set",
	[ACTION_UNDO] = "undo",
	[ACTION_UNDO_ALL] = "undo-all",
	[ACTION_KEEP] = "keep",
	[ACTION_RESTORE] = "restore",
	[ACTION_FORGET] = "forget",
	[ACTION_FILTER] = "filter",
	[ACTION_CHECK_FILTER] = "check-filter",
	[ACTION_LOOK_NEIGH] = "look-neigh",
	[ACTION_FETCH] = "fetch",
	[ACTION_BUILD] = "build",
	[ACTION_ADDR] = "addr",
	[ACTION_LINK] = "link",
	[ACTION_ARP] = "arp",
	[ACTION_ROUTE] = "route",
	[ACTION_NEIGH] = "neigh",
	[ACTION_FLUSH] = "flush",
	[ACTION_TIMERS] = "timers",
	[ACTION_PING] = "ping",
	[ACTION_ARPING] = "arping",
	[ACTION_SEND] = "send",
	[ACTION_UDP] = "udp",
	[ACTION_PORT] = "port",
	[ACTION_CAPTURE] = "capture",
	[ACTION_SHELL] = "shell",
	[ACTION_SERVE] = "serve",
	[ACTION_VIRTUAL] = "virtual",
	[ACTION_REAL] = "real",
	[ACTION_OUTAGE] = "outage",
	[ACTION_CONNECT] = "connect",
	[ACTION_MAC] = "mac",
	[ACTION_RULE] = "rule",
	[ACTION_SIEVE] = "sieve",
	[ACTION_VRRP] = "vrrp",
};

void action_write(struct text *t, const struct action *a)
{
	if (a->kind < ACTION_SET || a->kind >= ACTION_KINDS)
		return;
	text_put(t, kinds[a->kind]);
	record_write(t, a, fields, FIELD_COUNT);
}

int action_read(const char *line, struct action *ret, struct err *err)
{
	char copy[LINE_MAX_BYTES];
	size_t len = strlen(line);
	if (len >= sizeof copy)
		return err_set(
			err, -EBADMSG, _("the line is longer than %zu bytes"), sizeof copy - 1);
	memcpy(copy, line, len + 1);

	char *rest = NULL;
	const char *kind = strtok_r(copy, " ", &rest);
	struct action a;
	memset(&a, 0, sizeof a);
	for (uint16_t k = ACTION_SET; kind && k < ACTION_KINDS; k++)
		if (strcmp(kinds[k], kind) == 0)
			a.kind = k;
	if (!a.kind)
		return err_set(err, -EBADMSG, _("'%s' is no kind of action"), kind ? kind : "");
	for (char *word; (word = strtok_r(NULL, " ", &rest));)
		if (record_read(word, &a, fields, FIELD_COUNT, err) < 0)
			return -EBADMSG;
	if (a.kind == ACTION_BUILD)
		return err_set(
			err, -EBADMSG, _("'%s' needs a topology, which no line holds"), kind);
	if (action_check(&a, sizeof a) < 0)
		return err_set(err, -EBADMSG, _("a value is outside what '%s' allows"), kind);
	*ret = a;
	return 0;
}
