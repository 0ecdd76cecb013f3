/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: events come back from a line of text as they were, and foreign bytes are refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include <arplab/action.h>
#include <arplab/err.h>
#include <arplab/topology.h>

#include "streams.h"

#define HEAD offsetof(struct event, hello)
#define U32(seed) ((uint32_t)rng_next(seed))
#define U16(seed) ((uint16_t)rng_next(seed))
#define U8(seed) ((uint8_t)rng_next(seed))
#define I32(seed) ((int32_t)(uint32_t)rng_next(seed))

/* Any bytes but the terminator, up to the whole field but its last byte. */
static void random_text(uint64_t *seed, char *field, size_t size)
{
	size_t len = rng_below(seed, (uint32_t)size);
	for (size_t i = 0; i < len; i++)
		field[i] = (char)(1 + rng_below(seed, 255));
}

static uint16_t random_key(uint64_t *seed)
{
	size_t count;
	sysctl_keys(&count);
	return (uint16_t)rng_below(seed, (uint32_t)count);
}

static void random_link(struct link *l, uint64_t *seed)
{
	l->ifindex = 1 + (int32_t)rng_below(seed, INT32_MAX);
	l->parent = I32(seed);
	l->master = I32(seed);
	l->flags = U32(seed);
	l->mtu = U32(seed);
	l->type = U16(seed);
	l->operstate = U8(seed);
	l->mac_len = U8(seed);
	rng_bytes(seed, l->mac, 6);
	rng_bytes(seed, l->broadcast, 6);
	l->carrier = U8(seed);
	random_text(seed, l->name, sizeof l->name);
	random_text(seed, l->kind, sizeof l->kind);
}

static void random_route(struct route *r, uint64_t *seed)
{
	*r = (struct route) { .table = U32(seed),
		.dst = U32(seed),
		.gateway = U32(seed),
		.source = U32(seed),
		.metric = U32(seed),
		.ifindex = I32(seed),
		.flags = U32(seed),
		.dst_len = (uint8_t)rng_below(seed, 33),
		.type = U8(seed),
		.scope = U8(seed),
		.protocol = U8(seed),
		.tos = U8(seed),
		.hops = U8(seed),
		.rest = U32(seed) };
}

static void random_neigh(struct neigh *n, uint64_t *seed)
{
	*n = (struct neigh) { .ifindex = I32(seed),
		.ip = U32(seed),
		.state = U16(seed),
		.flags = U8(seed),
		.mac_len = U8(seed),
		.protocol = U8(seed),
		.has_ages = U8(seed),
		.confirmed_ms = U32(seed),
		.used_ms = U32(seed),
		.updated_ms = U32(seed),
		.refs = U32(seed),
		.probes = U32(seed) };
	rng_bytes(seed, n->mac, 6);
}

static void random_tried(struct tried *t, uint64_t *seed)
{
	static const uint16_t kinds[] = { ACTION_PING, ACTION_ARPING, ACTION_UDP };
	*t = (struct tried) { .id = U32(seed),
		.kind = kinds[rng_below(seed, sizeof kinds / sizeof *kinds)],
		.ip = U32(seed),
		.source = U32(seed),
		.sent = U32(seed),
		.received = U32(seed),
		.answerers = U32(seed),
		.error = I32(seed),
		.rtt_ns = rng_next(seed) };
	rng_bytes(seed, t->mac, 6);
}

static void random_cluster(struct event *e, uint64_t *seed)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_VIRTUAL:
		e->virtual = (struct virtual_service) { .ip = U32(seed),
			.port = U16(seed),
			.scheduler = (uint8_t)(1 + rng_below(seed, SCHEDULERS - 1)),
			.backend = (uint8_t)(1 + rng_below(seed, BACKENDS - 1)),
			.connections = rng_next(seed) };
		break;
	case EVENT_REAL:
		e->real = (struct real_server) { .vip = U32(seed),
			.ip = U32(seed),
			.port = U16(seed),
			.weight = U16(seed),
			.active = U32(seed),
			.connections = rng_next(seed),
			.packets = rng_next(seed) };
		break;
	case EVENT_SERVED:
		e->served = (struct served) { .id = U32(seed),
			.ip = U32(seed),
			.port = U16(seed),
			.server = (uint16_t)rng_below(seed, NODES_MAX + 1),
			.director = (uint16_t)rng_below(seed, NODES_MAX + 1),
			.count = U32(seed) };
		break;
	default:
		break;
	}
}

/* What only labs tell. */
static void random_lab(struct event *e, uint64_t *seed)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_LAB:
		e->lab = (struct lab_news) { .state = 1 + rng_below(seed, LAB_FAILED),
			.number = U32(seed),
			.took_ns = rng_next(seed) };
		random_text(seed, e->lab.text, sizeof e->lab.text);
		break;
	case EVENT_NODE:
		e->node = (uint16_t)(1 + rng_below(seed, NODES_MAX));
		e->machine.number = e->node;
		random_text(seed, e->machine.name, sizeof e->machine.name);
		e->machine.name[0] = 'r';
		break;
	case EVENT_STAGE:
		e->stage = (struct stage) { .stage = 1 + rng_below(seed, LAB_STAGES - 1),
			.error = I32(seed),
			.needed = U32(seed) };
		random_text(seed, e->stage.text, sizeof e->stage.text);
		break;
	case EVENT_TRIED:
		random_tried(&e->tried, seed);
		break;
	default:
		random_cluster(e, seed);
		break;
	}
}

static void random_rest(struct event *e, uint64_t *seed)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_SYSCTL:
		e->sysctl.ifindex = (int32_t)rng_below(seed, INT32_MAX) - 1;
		e->sysctl.key = random_key(seed);
		e->sysctl.absent = U16(seed);
		e->sysctl.value = I32(seed);
		break;
	case EVENT_FRAME:
		e->frame.number = rng_next(seed);
		e->frame.ifindex = I32(seed);
		e->frame.len = U16(seed);
		e->frame.caplen = (uint16_t)rng_below(seed, FRAME_BYTES_MAX + 1);
		rng_bytes(seed, e->frame.bytes, e->frame.caplen);
		break;
	case EVENT_CAPTURE:
		e->capture.ifindex = I32(seed);
		e->capture.state = 1 + (int32_t)rng_below(seed, CAPTURE_OFF);
		e->capture.error = I32(seed);
		e->capture.linktype = U32(seed);
		random_text(seed, e->capture.text, sizeof e->capture.text);
		break;
	case EVENT_DROPS:
		e->drops = (struct drops) { .ifindex = I32(seed),
			.received = rng_next(seed),
			.kernel = rng_next(seed),
			.interface = rng_next(seed) };
		break;
	case EVENT_CHANGE:
		e->change = (struct change) { .number = U32(seed),
			.ifindex = I32(seed),
			.key = random_key(seed),
			.state = (uint16_t)(1 + rng_below(seed, CHANGE_OTHERS)),
			.before = I32(seed),
			.after = I32(seed),
			.pid = I32(seed),
			.made_ns = rng_next(seed) };
		random_text(seed, e->change.name, sizeof e->change.name);
		break;
	case EVENT_DONE:
		e->done.id = U32(seed);
		e->done.error = I32(seed);
		random_text(seed, e->done.text, sizeof e->done.text);
		break;
	case EVENT_NOTE:
		e->note.grave = U32(seed);
		random_text(seed, e->note.text, sizeof e->note.text);
		break;
	case EVENT_FILE:
		e->file = (struct file_progress) { .packets = rng_next(seed),
			.frames = rng_next(seed),
			.bytes = rng_next(seed),
			.complete = U32(seed),
			.error = I32(seed),
			.seekable = U32(seed),
			.linktype = U32(seed) };
		random_text(seed, e->file.text, sizeof e->file.text);
		break;
	default:
		random_lab(e, seed);
		break;
	}
}

/* A valid event of a kind with every field at random; what is never sent stays 0. */
static struct event random_event(enum event_kind kind, uint64_t *seed)
{
	struct event e;
	memset(&e, 0, sizeof e);
	e.kind = (uint8_t)kind;
	e.flags = U8(seed);
	e.node = (uint16_t)rng_below(seed, NODES_MAX + 1);
	switch (kind) {
	case EVENT_HELLO:
		e.hello = (struct hello) { .pid = I32(seed),
			.uid = U32(seed),
			.powers = U32(seed),
			.scope = 1 + rng_below(seed, SCOPE_LAB),
			.netns = rng_next(seed),
			.kernel = U32(seed) };
		random_text(seed, e.hello.host, sizeof e.hello.host);
		break;
	case EVENT_MARK:
		e.mark.table = (uint16_t)(1 + rng_below(seed, EVENT_TABLES - 1));
		e.mark.end = (uint8_t)rng_below(seed, 2);
		break;
	case EVENT_LINK:
		random_link(&e.link, seed);
		break;
	case EVENT_ADDR:
		e.addr = (struct addr) { .ifindex = I32(seed),
			.local = U32(seed),
			.address = U32(seed),
			.broadcast = U32(seed),
			.flags = U32(seed),
			.valid_s = U32(seed),
			.prefix = (uint8_t)rng_below(seed, 33),
			.scope = U8(seed),
			.order = U16(seed) };
		random_text(seed, e.addr.label, sizeof e.addr.label);
		break;
	case EVENT_ROUTE:
		random_route(&e.route, seed);
		break;
	case EVENT_RULE:
		e.rule = (struct policy_rule) { .priority = U32(seed),
			.table = U32(seed),
			.source = U32(seed),
			.target = U32(seed),
			.mark = U32(seed),
			.mask = U32(seed),
			.jump = U32(seed),
			.suppress = U8(seed),
			.source_len = (uint8_t)rng_below(seed, 33),
			.target_len = (uint8_t)rng_below(seed, 33),
			.action = U8(seed),
			.other = U8(seed) };
		random_text(seed, e.rule.iif, sizeof e.rule.iif);
		random_text(seed, e.rule.oif, sizeof e.rule.oif);
		break;
	case EVENT_NEIGH:
		random_neigh(&e.neigh, seed);
		break;
	default:
		random_rest(&e, seed);
		break;
	}
	event_begin(&e, kind, rng_next(seed));
	return e;
}

/* ---- lines ---- */

static void any_event_comes_back_from_its_line_byte_by_byte(void **state)
{
	(void)state;
	uint64_t seed = 21;
	for (enum event_kind kind = EVENT_HELLO; kind < EVENT_KINDS; kind++)
		for (int i = 0; i < 3000; i++) {
			struct event e = random_event(kind, &seed), back;
			char line[4096], again[4096];
			struct err err = { "" };
			memset(&back, 0xa5, sizeof back);
			struct text t = text_in(line, sizeof line);
			event_write(&t, &e);
			assert_int_equal(event_read(text_end(&t), &back, &err), 0);
			assert_memory_equal(&back, &e, sizeof e);
			struct text t2 = text_in(again, sizeof again);
			event_write(&t2, &back);
			assert_string_equal(text_end(&t2), line);
			for (const char *c = line; *c; c++)
				assert_in_range((unsigned char)*c, 0x20, 0x7e);
		}
}

static void a_line_is_what_the_documentation_shows(void **state)
{
	(void)state;
	char line[400];
	struct text t = text_in(line, sizeof line);
	struct event e = make_sysctl(2, "arp_ignore", 1);
	e.flags = EVENT_NAMED;
	event_write(&t, &e);
	assert_string_equal(
		text_end(&t), "sysctl at_ns=1 event_flags=2 ifindex=2 key=arp_ignore value=1");
	t = text_in(line, sizeof line);
	e = make_note(7, "100 % of\n\"it\"");
	event_write(&t, &e);
	assert_string_equal(text_end(&t), "note at_ns=7 text=100%20%25%20of%0a\"it\"");
	t = text_in(line, sizeof line);
	e = make(EVENT_NODE, 7);
	e.node = 3;
	e.machine = (struct node) { .number = 3, .name = "rs1" };
	event_write(&t, &e);
	assert_string_equal(text_end(&t), "node at_ns=7 node=3 number=3 name=rs1");
}

static void a_line_that_is_no_event_is_refused_with_a_sentence(void **state)
{
	(void)state;
	static const char *const lines[] = { "", " ", "nonsense", "bye ifindex=1", "addr prefix=33",
		"addr prefix=-1", "addr local=1.2.3", "addr local=1.2.3.256", "mark table=9",
		"mark", "mark table=1 end=2", "hello scope=0", "hello scope=4", "bye node=33",
		"link name=eth0", "link ifindex=0", "link ifindex=1 mac=02:00:00:00:00",
		"link ifindex=1 mtu=", "link ifindex=1 mtu=4294967296", "link ifindex=1 mtu=0x10",
		"link ifindex=1 mtu", "link ifindex=1 name=a%0", "link ifindex=1 name=a%zz",
		"link ifindex=1 name=a%00", "link ifindex=1 name=abcdefghijklmnop",
		"sysctl ifindex=2 key=arp_ignor value=1", "sysctl ifindex=-2 key=arp_ignore",
		"frame bytes=0", "frame bytes=0g", "frame caplen=3", "capture state=0",
		"capture state=5", "change key=arp_ignore", "change key=arp_ignore state=7",
		"link ifindex=2 unknown=3", "note at_ns=x", "lab state=0", "lab state=4", "lab",
		"node node=1 number=2 name=a", "node number=1 name=a", "node node=1 number=1",
		"node node=33 number=33 name=a", "node node=1 number=1 name=abcdefghijklmnop",
		"stage stage=0", "stage stage=99", "tried", "tried kind=1",
		"tried kind=18 mac=02:00" };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct event e, before;
		struct err err = { "" };
		memset(&e, 0x5a, sizeof e);
		before = e;
		assert_int_equal(event_read(lines[i], &e, &err), -EBADMSG);
		assert_true(err.text[0] != '\0');
		assert_memory_equal(&e, &before, sizeof e);
		assert_int_equal(event_read(lines[i], &e, NULL), -EBADMSG);
	}
}

static void a_line_without_end_is_refused(void **state)
{
	(void)state;
	static char line[100000];
	struct event e;
	struct err err = { "" };
	memset(line, 'a', sizeof line - 1);
	memcpy(line, "note text=", 10);
	assert_int_equal(event_read(line, &e, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "longer"));
}

/* Frames longer than an event holds must not run over what follows. */
static void too_many_frame_bytes_are_refused(void **state)
{
	(void)state;
	char line[400] = "frame number=1 bytes=";
	struct event e;
	memset(line + strlen(line), '0', 2 * FRAME_BYTES_MAX);
	assert_int_equal(event_read(line, &e, NULL), 0);
	assert_int_equal(e.frame.caplen, FRAME_BYTES_MAX);
	strcat(line, "00");
	assert_int_equal(event_read(line, &e, NULL), -EBADMSG);
}

/* ---- bytes ---- */

/* Checked in a place of exactly that length, so that a sanitizer sees a byte read too many. */
static long check_copy(const void *bytes, size_t len)
{
	void *exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, bytes, len);
	long result = event_check(exact, len);
	free(exact);
	return result;
}

static void every_truncation_of_every_kind_is_refused(void **state)
{
	(void)state;
	uint64_t seed = 22;
	for (enum event_kind kind = EVENT_HELLO; kind < EVENT_KINDS; kind++)
		for (int i = 0; i < 20; i++) {
			struct event e = random_event(kind, &seed);
			assert_int_equal(check_copy(&e, e.size), e.size);
			assert_int_equal(event_check(&e, sizeof e), e.size);
			for (size_t len = 0; len < e.size; len++)
				assert_int_equal(check_copy(&e, len), -EBADMSG);
		}
}

/* A size that lies is refused, also when there are bytes enough behind it. */
static void every_other_size_is_refused(void **state)
{
	(void)state;
	uint64_t seed = 23;
	for (enum event_kind kind = EVENT_HELLO; kind < EVENT_KINDS; kind++) {
		struct {
			struct event event;
			char behind[1024];
		} room = { random_event(kind, &seed), "" };
		uint16_t right = room.event.size;
		assert_int_equal(event_size(kind, room.event.frame.caplen), right);
		for (unsigned size = 0; size <= UINT16_MAX; size++) {
			room.event.size = (uint16_t)size;
			long result = event_check(&room, sizeof room);
			assert_int_equal(result, size == right ? (long)right : -EBADMSG);
		}
	}
}

/* Its size and its bytes are as many as it says, but more than an event of ours ever holds. */
static void a_frame_that_is_too_long_is_refused(void **state)
{
	(void)state;
	union {
		struct event event;
		char bytes[1024];
	} room = { .bytes = "" };
	for (uint16_t caplen = 0; caplen <= 900; caplen++) {
		room.event = make(EVENT_FRAME, 1);
		room.event.frame.caplen = caplen;
		room.event.size = (uint16_t)event_size(EVENT_FRAME, caplen);
		long result = event_check(&room, sizeof room);
		assert_int_equal(
			result, caplen <= FRAME_BYTES_MAX ? (long)room.event.size : -EBADMSG);
	}
}

static void every_unknown_kind_is_refused(void **state)
{
	(void)state;
	struct event e = make(EVENT_NOTE, 1);
	for (unsigned kind = 0; kind < 256; kind++) {
		if (kind >= EVENT_HELLO && kind < EVENT_KINDS)
			continue;
		e.kind = (uint8_t)kind;
		for (uint16_t size = 0; size <= sizeof e; size = (uint16_t)(size + 8)) {
			e.size = size;
			assert_int_equal(event_check(&e, sizeof e), -EBADMSG);
		}
		assert_int_equal(event_size(kind, 0), 0);
	}
}

#define REFUSED(kind, field, value)                                                            \
	{                                                                                      \
		kind, offsetof(struct event, field), sizeof(((struct event *)0)->field), value \
	}

static void every_number_out_of_range_is_refused(void **state)
{
	(void)state;
	static const struct {
		enum event_kind kind;
		size_t offset, size;
		int64_t value;
	} all[] = {
		REFUSED(EVENT_HELLO, hello.scope, 0),
		REFUSED(EVENT_HELLO, hello.scope, SCOPE_LAB + 1),
		REFUSED(EVENT_MARK, mark.table, 0),
		REFUSED(EVENT_MARK, mark.table, EVENT_TABLES),
		REFUSED(EVENT_MARK, mark.table, 65535),
		REFUSED(EVENT_MARK, mark.end, 2),
		REFUSED(EVENT_LINK, link.ifindex, 0),
		REFUSED(EVENT_LINK, link.ifindex, -1),
		REFUSED(EVENT_ADDR, addr.prefix, 33),
		REFUSED(EVENT_ADDR, addr.prefix, 255),
		REFUSED(EVENT_ROUTE, route.dst_len, 33),
		REFUSED(EVENT_RULE, rule.source_len, 33),
		REFUSED(EVENT_RULE, rule.target_len, 33),
		REFUSED(EVENT_SYSCTL, sysctl.key, 65535),
		REFUSED(EVENT_SYSCTL, sysctl.key, 40),
		REFUSED(EVENT_SYSCTL, sysctl.ifindex, -2),
		REFUSED(EVENT_FRAME, frame.caplen, FRAME_BYTES_MAX + 1),
		REFUSED(EVENT_FRAME, frame.caplen, 65535),
		REFUSED(EVENT_CAPTURE, capture.state, 0),
		REFUSED(EVENT_CAPTURE, capture.state, 5),
		REFUSED(EVENT_CAPTURE, capture.state, -1),
		REFUSED(EVENT_CHANGE, change.key, 65535),
		REFUSED(EVENT_CHANGE, change.state, 0),
		REFUSED(EVENT_CHANGE, change.state, CHANGE_OTHERS + 1),
		REFUSED(EVENT_CHANGE, change.state, 65535),
		REFUSED(EVENT_LAB, lab.state, 0),
		REFUSED(EVENT_LAB, lab.state, LAB_FAILED + 1),
		REFUSED(EVENT_LAB, lab.state, UINT32_MAX),
		REFUSED(EVENT_NODE, machine.number, 0),
		REFUSED(EVENT_NODE, machine.number, NODES_MAX + 1),
		REFUSED(EVENT_NODE, node, 0),
		REFUSED(EVENT_NODE, machine.name, 0),
		REFUSED(EVENT_STAGE, stage.stage, 0),
		REFUSED(EVENT_STAGE, stage.stage, LAB_STAGES),
		REFUSED(EVENT_STAGE, stage.stage, UINT32_MAX),
		REFUSED(EVENT_TRIED, tried.kind, 0),
		REFUSED(EVENT_TRIED, tried.kind, ACTION_SEND),
		REFUSED(EVENT_TRIED, tried.kind, ACTION_KINDS),
		REFUSED(EVENT_VIRTUAL, virtual.scheduler, 0),
		REFUSED(EVENT_VIRTUAL, virtual.scheduler, SCHEDULERS),
		REFUSED(EVENT_VIRTUAL, virtual.backend, 0),
		REFUSED(EVENT_VIRTUAL, virtual.backend, BACKENDS),
		REFUSED(EVENT_SERVED, served.server, NODES_MAX + 1),
		REFUSED(EVENT_SERVED, served.director, NODES_MAX + 1),
	};
	uint64_t seed = 24;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct event e = random_event(all[i].kind, &seed);
		assert_int_equal(event_check(&e, sizeof e), e.size);
		/* Of a text, so much of its beginning. */
		size_t size = all[i].size < sizeof all[i].value ? all[i].size : sizeof all[i].value;
		memcpy((char *)&e + all[i].offset, &all[i].value, size);
		assert_int_equal(event_check(&e, sizeof e), -EBADMSG);
	}
}

static void every_kind_is_refused_from_a_machine_that_cannot_be(void **state)
{
	(void)state;
	static const uint16_t nodes[] = { NODES_MAX + 1, 256, UINT16_MAX };
	uint64_t seed = 27;
	for (enum event_kind kind = EVENT_HELLO; kind < EVENT_KINDS; kind++) {
		struct event e = random_event(kind, &seed);
		for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
			e.node = nodes[i];
			if (kind == EVENT_NODE)
				e.machine.number = nodes[i];
			assert_int_equal(event_check(&e, sizeof e), -EBADMSG);
		}
		e.node = NODES_MAX;
		if (kind == EVENT_NODE)
			e.machine.number = NODES_MAX;
		assert_int_equal(event_check(&e, sizeof e), e.size);
	}
}

/* Its own number stands twice, once for those who only hand events on. */
static void a_machine_named_as_another_one_is_refused(void **state)
{
	(void)state;
	struct event e = make(EVENT_NODE, 1);
	text_copy(e.machine.name, sizeof e.machine.name, "rs1");
	for (uint16_t node = 0; node <= NODES_MAX + 1; node++)
		for (uint16_t number = 0; number <= NODES_MAX + 1; number++) {
			bool right = node == number && node > 0 && node <= NODES_MAX;
			e.node = node;
			e.machine.number = number;
			assert_int_equal(
				event_check(&e, sizeof e), right ? (long)e.size : -EBADMSG);
		}
}

static void every_text_without_an_end_is_refused(void **state)
{
	(void)state;
	static const struct {
		enum event_kind kind;
		size_t offset, size;
	} all[] = {
#define TEXT(kind, field) \
	{ kind, offsetof(struct event, field), sizeof(((struct event *)0)->field) }
		TEXT(EVENT_HELLO, hello.host),
		TEXT(EVENT_LINK, link.name),
		TEXT(EVENT_LINK, link.kind),
		TEXT(EVENT_ADDR, addr.label),
		TEXT(EVENT_RULE, rule.iif),
		TEXT(EVENT_RULE, rule.oif),
		TEXT(EVENT_CAPTURE, capture.text),
		TEXT(EVENT_CHANGE, change.name),
		TEXT(EVENT_DONE, done.text),
		TEXT(EVENT_NOTE, note.text),
		TEXT(EVENT_FILE, file.text),
		TEXT(EVENT_LAB, lab.text),
		TEXT(EVENT_NODE, machine.name),
		TEXT(EVENT_STAGE, stage.text),
#undef TEXT
	};
	uint64_t seed = 25;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct event e = random_event(all[i].kind, &seed);
		char *text = (char *)&e + all[i].offset;
		memset(text, 'x', all[i].size);
		assert_int_equal(event_check(&e, sizeof e), -EBADMSG);
		text[all[i].size - 1] = '\0';
		assert_int_equal(event_check(&e, sizeof e), e.size);
	}
}

static void events_stand_one_behind_the_other_in_a_batch(void **state)
{
	(void)state;
	static _Alignas(8) char batch[EVENT_BATCH_MAX];
	uint64_t seed = 26;
	size_t len = 0, count = 0, pos = 0;
	for (;;) {
		struct event e = random_event(1 + rng_below(&seed, EVENT_KINDS - 1), &seed);
		if (len + e.size > sizeof batch)
			break;
		memcpy(batch + len, &e, e.size);
		len += e.size;
		count++;
	}
	while (pos < len) {
		long size = event_check(batch + pos, len - pos);
		assert_true(size > 0 && size % 8 == 0);
		pos += (size_t)size;
		count--;
	}
	assert_int_equal(count, 0);
}

static void an_event_is_as_long_as_what_it_holds(void **state)
{
	(void)state;
	static const struct {
		enum event_kind kind;
		size_t size;
	} all[] = {
#define SIZE(kind, field) { kind, HEAD + sizeof(((struct event *)0)->field) }
		SIZE(EVENT_HELLO, hello),
		SIZE(EVENT_MARK, mark),
		SIZE(EVENT_LINK, link),
		SIZE(EVENT_ADDR, addr),
		SIZE(EVENT_ROUTE, route),
		SIZE(EVENT_RULE, rule),
		SIZE(EVENT_NEIGH, neigh),
		SIZE(EVENT_SYSCTL, sysctl),
		SIZE(EVENT_CAPTURE, capture),
		SIZE(EVENT_DROPS, drops),
		SIZE(EVENT_CHANGE, change),
		SIZE(EVENT_DONE, done),
		SIZE(EVENT_NOTE, note),
		SIZE(EVENT_FILE, file),
		SIZE(EVENT_LAB, lab),
		SIZE(EVENT_NODE, machine),
		SIZE(EVENT_STAGE, stage),
		SIZE(EVENT_TRIED, tried),
		SIZE(EVENT_VIRTUAL, virtual),
		SIZE(EVENT_REAL, real),
		SIZE(EVENT_SERVED, served),
#undef SIZE
	};
	static_assert(sizeof all / sizeof *all == EVENT_KINDS - 3, "all but frames and bye");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t size = event_size(all[i].kind, 0);
		assert_in_range(size, all[i].size, all[i].size + 7);
		assert_int_equal(size % 8, 0);
	}
}

static void a_frame_event_is_no_longer_than_its_frame(void **state)
{
	(void)state;
	assert_int_equal(event_size(EVENT_FRAME, 0), 32);
	assert_int_equal(event_size(EVENT_FRAME, 42), 80);
	for (size_t caplen = 0; caplen <= FRAME_BYTES_MAX; caplen++) {
		size_t size = event_size(EVENT_FRAME, caplen);
		assert_true(size % 8 == 0 && size >= 32 + caplen && size < 40 + caplen);
	}
	assert_true(event_size(EVENT_FRAME, FRAME_BYTES_MAX) <= sizeof(struct event));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_event_comes_back_from_its_line_byte_by_byte),
		cmocka_unit_test(a_line_is_what_the_documentation_shows),
		cmocka_unit_test(a_line_that_is_no_event_is_refused_with_a_sentence),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(too_many_frame_bytes_are_refused),
		cmocka_unit_test(every_truncation_of_every_kind_is_refused),
		cmocka_unit_test(every_other_size_is_refused),
		cmocka_unit_test(a_frame_that_is_too_long_is_refused),
		cmocka_unit_test(every_unknown_kind_is_refused),
		cmocka_unit_test(every_number_out_of_range_is_refused),
		cmocka_unit_test(every_kind_is_refused_from_a_machine_that_cannot_be),
		cmocka_unit_test(a_machine_named_as_another_one_is_refused),
		cmocka_unit_test(every_text_without_an_end_is_refused),
		cmocka_unit_test(events_stand_one_behind_the_other_in_a_batch),
		cmocka_unit_test(an_event_is_as_long_as_what_it_holds),
		cmocka_unit_test(a_frame_event_is_no_longer_than_its_frame),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
