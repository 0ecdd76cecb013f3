/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: events as lines of text, for recorded streams in tests and bug reports. */
#include <config.h>

#include <arplab/event.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/record.h>

#include "event_fields.h"

#define LINE_MAX_BYTES 2048

/* The field's table row: its name in the line is its name in the struct. */
#define FIELD(part, field, type)                                  \
	{                                                         \
#		field, type, offsetof(struct event, part.field), \
			sizeof(((struct event *)0)->part.field)   \
	}
#define END                           \
	{                             \
		NULL, RECORD_U8, 0, 0 \
	}

static const struct record_field hello_fields[] = { FIELD(hello, pid, RECORD_I32),
	FIELD(hello, uid, RECORD_U32), FIELD(hello, powers, RECORD_U32),
	FIELD(hello, scope, RECORD_U32), FIELD(hello, netns, RECORD_U64),
	FIELD(hello, host, RECORD_TEXT), FIELD(hello, kernel, RECORD_U32), END };
static const struct record_field mark_fields[] = { FIELD(mark, table, RECORD_U16),
	FIELD(mark, end, RECORD_U8), END };
static const struct record_field link_fields[] = { FIELD(link, ifindex, RECORD_I32),
	FIELD(link, name, RECORD_TEXT), FIELD(link, flags, RECORD_U32),
	FIELD(link, mac, RECORD_MAC), FIELD(link, mac_len, RECORD_U8),
	FIELD(link, broadcast, RECORD_MAC), FIELD(link, type, RECORD_U16),
	FIELD(link, operstate, RECORD_U8), FIELD(link, carrier, RECORD_U8),
	FIELD(link, mtu, RECORD_U32), FIELD(link, parent, RECORD_I32),
	FIELD(link, master, RECORD_I32), FIELD(link, kind, RECORD_TEXT), END };
static const struct record_field addr_fields[] = { FIELD(addr, ifindex, RECORD_I32),
	FIELD(addr, local, RECORD_IP), FIELD(addr, address, RECORD_IP),
	FIELD(addr, prefix, RECORD_U8), FIELD(addr, broadcast, RECORD_IP),
	FIELD(addr, scope, RECORD_U8), FIELD(addr, flags, RECORD_U32),
	FIELD(addr, valid_s, RECORD_U32), FIELD(addr, order, RECORD_U16),
	FIELD(addr, label, RECORD_TEXT), END };
static const struct record_field route_fields[] = { FIELD(route, table, RECORD_U32),
	FIELD(route, type, RECORD_U8), FIELD(route, dst, RECORD_IP),
	FIELD(route, dst_len, RECORD_U8), FIELD(route, gateway, RECORD_IP),
	FIELD(route, ifindex, RECORD_I32), FIELD(route, source, RECORD_IP),
	FIELD(route, metric, RECORD_U32), FIELD(route, scope, RECORD_U8),
	FIELD(route, protocol, RECORD_U8), FIELD(route, tos, RECORD_U8),
	FIELD(route, flags, RECORD_U32), FIELD(route, hops, RECORD_U8),
	FIELD(route, rest, RECORD_U32), END };
static const struct record_field rule_fields[] = { FIELD(rule, priority, RECORD_U32),
	FIELD(rule, table, RECORD_U32), FIELD(rule, source, RECORD_IP),
	FIELD(rule, source_len, RECORD_U8), FIELD(rule, target, RECORD_IP),
	FIELD(rule, target_len, RECORD_U8), FIELD(rule, mark, RECORD_U32),
	FIELD(rule, action, RECORD_U8), FIELD(rule, other, RECORD_U8),
	FIELD(rule, iif, RECORD_TEXT), FIELD(rule, oif, RECORD_TEXT), FIELD(rule, mask, RECORD_U32),
	FIELD(rule, jump, RECORD_U32), FIELD(rule, suppress, RECORD_U8), END };
static const struct record_field neigh_fields[] = { FIELD(neigh, ifindex, RECORD_I32),
	FIELD(neigh, ip, RECORD_IP), FIELD(neigh, state, RECORD_U16), FIELD(neigh, mac, RECORD_MAC),
	FIELD(neigh, mac_len, RECORD_U8), FIELD(neigh, flags, RECORD_U8),
	FIELD(neigh, protocol, RECORD_U8), FIELD(neigh, has_ages, RECORD_U8),
	FIELD(neigh, confirmed_ms, RECORD_U32), FIELD(neigh, used_ms, RECORD_U32),
	FIELD(neigh, updated_ms, RECORD_U32), FIELD(neigh, refs, RECORD_U32),
	FIELD(neigh, probes, RECORD_U32), END };
static const struct record_field sysctl_fields[] = { FIELD(sysctl, ifindex, RECORD_I32),
	FIELD(sysctl, key, RECORD_KEY), FIELD(sysctl, value, RECORD_I32),
	FIELD(sysctl, absent, RECORD_U16), END };
static const struct record_field frame_fields[] = { FIELD(frame, number, RECORD_U64),
	FIELD(frame, ifindex, RECORD_I32), FIELD(frame, len, RECORD_U16),
	FIELD(frame, bytes, RECORD_BYTES), END };
static const struct record_field capture_fields[] = { FIELD(capture, ifindex, RECORD_I32),
	FIELD(capture, state, RECORD_I32), FIELD(capture, error, RECORD_I32),
	FIELD(capture, linktype, RECORD_U32), FIELD(capture, text, RECORD_TEXT), END };
static const struct record_field drops_fields[] = { FIELD(drops, ifindex, RECORD_I32),
	FIELD(drops, received, RECORD_U64), FIELD(drops, kernel, RECORD_U64),
	FIELD(drops, interface, RECORD_U64), END };
static const struct record_field change_fields[] = { FIELD(change, number, RECORD_U32),
	FIELD(change, ifindex, RECORD_I32), FIELD(change, name, RECORD_TEXT),
	FIELD(change, key, RECORD_KEY), FIELD(change, state, RECORD_U16),
	FIELD(change, before, RECORD_I32), FIELD(change, after, RECORD_I32),
	FIELD(change, pid, RECORD_I32), FIELD(change, made_ns, RECORD_U64), END };
static const struct record_field done_fields[] = { FIELD(done, id, RECORD_U32),
	FIELD(done, error, RECORD_I32), FIELD(done, text, RECORD_TEXT), END };
static const struct record_field note_fields[] = { FIELD(note, grave, RECORD_U32),
	FIELD(note, text, RECORD_TEXT), END };
static const struct record_field file_fields[] = { FIELD(file, packets, RECORD_U64),
	FIELD(file, frames, RECORD_U64), FIELD(file, bytes, RECORD_U64),
	FIELD(file, complete, RECORD_U32), FIELD(file, error, RECORD_I32),
	FIELD(file, seekable, RECORD_U32), FIELD(file, linktype, RECORD_U32),
	FIELD(file, text, RECORD_TEXT), END };
static const struct record_field bye_fields[] = { END };
static const struct record_field lab_fields[] = { FIELD(lab, state, RECORD_U32),
	FIELD(lab, number, RECORD_U32), FIELD(lab, took_ns, RECORD_U64),
	FIELD(lab, text, RECORD_TEXT), END };
static const struct record_field node_fields[] = { FIELD(machine, number, RECORD_U32),
	FIELD(machine, name, RECORD_TEXT), END };
static const struct record_field stage_fields[] = { FIELD(stage, stage, RECORD_U32),
	FIELD(stage, error, RECORD_I32), FIELD(stage, needed, RECORD_U32),
	FIELD(stage, text, RECORD_TEXT), END };
static const struct record_field tried_fields[] = { FIELD(tried, id, RECORD_U32),
	FIELD(tried, kind, RECORD_U16), FIELD(tried, ip, RECORD_IP),
	FIELD(tried, source, RECORD_IP), FIELD(tried, sent, RECORD_U32),
	FIELD(tried, received, RECORD_U32), FIELD(tried, answerers, RECORD_U32),
	FIELD(tried, error, RECORD_I32), FIELD(tried, rtt_ns, RECORD_U64),
	FIELD(tried, mac, RECORD_MAC), END };

static const struct record_field virtual_fields[] = { FIELD(virtual, ip, RECORD_IP),
	FIELD(virtual, port, RECORD_U16), FIELD(virtual, scheduler, RECORD_U8),
	FIELD(virtual, backend, RECORD_U8), FIELD(virtual, connections, RECORD_U64), END };
static const struct record_field real_fields[] = { FIELD(real, vip, RECORD_IP),
	FIELD(real, port, RECORD_U16), FIELD(real, ip, RECORD_IP), FIELD(real, weight, RECORD_U16),
	FIELD(real, active, RECORD_U32), FIELD(real, connections, RECORD_U64),
	FIELD(real, packets, RECORD_U64), END };
static const struct record_field served_fields[] = { FIELD(served, id, RECORD_U32),
	FIELD(served, ip, RECORD_IP), FIELD(served, port, RECORD_U16),
	FIELD(served, server, RECORD_U16), FIELD(served, director, RECORD_U16),
	FIELD(served, count, RECORD_U32), END };

static const struct {
	const char *name;
	const struct record_field *fields;
} kinds[EVENT_KINDS] = {
	[EVENT_HELLO] = { "hello", hello_fields },
	[EVENT_MARK] = { "mark", mark_fields },
	[EVENT_LINK] = { "link", link_fields },
	[EVENT_ADDR] = { "addr", addr_fields },
	[EVENT_ROUTE] = { "route", route_fields },
	[EVENT_RULE] = { "rule", rule_fields },
	[EVENT_NEIGH] = { "neigh", neigh_fields },
	[EVENT_SYSCTL] = { "sysctl", sysctl_fields },
	[EVENT_FRAME] = { "frame", frame_fields },
	[EVENT_CAPTURE] = { "capture", capture_fields },
	[EVENT_DROPS] = { "drops", drops_fields },
	[EVENT_CHANGE] = { "change", change_fields },
	[EVENT_DONE] = { "done", done_fields },
	[EVENT_NOTE] = { "note", note_fields },
	[EVENT_FILE] = { "file", file_fields },
	[EVENT_BYE] = { "bye", bye_fields },
	[EVENT_LAB] = { "lab", lab_fields },
	[EVENT_NODE] = { "node", node_fields },
	[EVENT_STAGE] = { "stage", stage_fields },
	[EVENT_TRIED] = { "tried", tried_fields },
	[EVENT_VIRTUAL] = { "virtual", virtual_fields },
	[EVENT_REAL] = { "real", real_fields },
	[EVENT_SERVED] = { "served", served_fields },
};

#define HEAD(field, type)                                                                       \
	{                                                                                       \
#		field, type, offsetof(struct event, field), sizeof(((struct event *)0)->field) \
	}

/* The event's own flags have another name than those of links, addresses, routes and entries. */
static const struct record_field head_fields[] = { HEAD(at_ns, RECORD_U64),
	{ "event_flags", RECORD_U8, offsetof(struct event, flags), 1 }, HEAD(node, RECORD_U16),
	END };

const struct record_field *event_fields(enum event_kind kind, const char **ret_name)
{
	if (kind < EVENT_HELLO || kind >= EVENT_KINDS)
		return NULL;
	*ret_name = kinds[kind].name;
	return kinds[kind].fields;
}

static size_t field_count(const struct record_field *fields)
{
	size_t n = 0;
	while (fields[n].name)
		n++;
	return n;
}

void event_write(struct text *t, const struct event *e)
{
	if (e->kind < EVENT_HELLO || e->kind >= EVENT_KINDS)
		return;
	const struct record_field *fields = kinds[e->kind].fields;
	text_put(t, kinds[e->kind].name);
	record_write(t, e, head_fields, field_count(head_fields));
	record_write(t, e, fields, field_count(fields));
}

static int read_word(const char *word, struct event *e, struct err *err)
{
	const struct record_field *fields = kinds[e->kind].fields;
	if (record_read(word, e, head_fields, field_count(head_fields), NULL) == 0)
		return 0;
	return record_read(word, e, fields, field_count(fields), err);
}

int event_read(const char *line, struct event *ret, struct err *err)
{
	char copy[LINE_MAX_BYTES];
	size_t len = strlen(line);
	if (len >= sizeof copy)
		return err_set(
			err, -EBADMSG, _("the line is longer than %zu bytes"), sizeof copy - 1);
	memcpy(copy, line, len + 1);

	char *rest = NULL;
	const char *kind = strtok_r(copy, " ", &rest);
	struct event e;
	memset(&e, 0, sizeof e);
	for (uint8_t k = EVENT_HELLO; kind && k < EVENT_KINDS; k++)
		if (strcmp(kinds[k].name, kind) == 0)
			e.kind = k;
	if (!e.kind)
		return err_set(err, -EBADMSG, _("'%s' is no kind of event"), kind ? kind : "");
	for (char *word; (word = strtok_r(NULL, " ", &rest));)
		if (read_word(word, &e, err) < 0)
			return -EBADMSG;
	event_begin(&e, e.kind, e.at_ns);
	if (event_check(&e, sizeof e) < 0)
		return err_set(err, -EBADMSG, _("a value is outside what '%s' allows"), kind);
	*ret = e;
	return 0;
}
