/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: actions come back from a line of text as they were, and foreign bytes are refused. */
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

#include "lab.h"

#define PACKETS_MAX 1000
#define PORTS_MAX 65535

/* Which fields a kind looks at; every other one may hold anything. */
enum {
	NODE = 1,      /* 1 to NODES_MAX; without it 0, too. */
	IFACE = 2,     /* An ifindex from 1 on. */
	ANY_IFACE = 4, /* An ifindex, or 0. */
	CONF = 8,      /* An ifindex, CONF_ALL or CONF_DEFAULT. */
	ON_OFF = 16,
	PREFIX = 32,
	PACKETS = 64,
	PORT = 128,
	TIMERS = 256,
	FRAMES = 512,   /* count and first, each from 1 on. */
	SERVICE = 1024, /* A port that is not 0. */
	SCHEDULER = 2048,
	WEIGHT = 4096,
	TABLE = 8192, /* Of routes: up to 252. */
	TABLE_OR_MAIN = 16384,
	SIEVE = 32768,
	PRIORITY = 65536,
};

static const unsigned looks[ACTION_KINDS] = {
	[ACTION_SET] = CONF,
	[ACTION_LOOK_NEIGH] = IFACE,
	[ACTION_FETCH] = FRAMES,
	[ACTION_ADDR] = NODE | IFACE | ON_OFF | PREFIX,
	[ACTION_LINK] = NODE | IFACE | ON_OFF,
	[ACTION_ARP] = NODE | IFACE | ON_OFF,
	[ACTION_ROUTE] = NODE | ANY_IFACE | ON_OFF | PREFIX | TABLE_OR_MAIN,
	[ACTION_NEIGH] = NODE | IFACE,
	[ACTION_FLUSH] = NODE | ANY_IFACE,
	[ACTION_TIMERS] = NODE | TIMERS,
	[ACTION_PING] = NODE | PACKETS,
	[ACTION_ARPING] = NODE | IFACE | PACKETS,
	[ACTION_SEND] = NODE | IFACE,
	[ACTION_UDP] = NODE | PORT,
	[ACTION_PORT] = NODE | IFACE,
	[ACTION_CAPTURE] = NODE | IFACE | ON_OFF,
	[ACTION_SHELL] = NODE,
	[ACTION_SERVE] = NODE | SERVICE | ON_OFF,
	[ACTION_VIRTUAL] = NODE | SERVICE | SCHEDULER,
	[ACTION_REAL] = NODE | SERVICE | ON_OFF | WEIGHT,
	[ACTION_OUTAGE] = NODE,
	[ACTION_CONNECT] = NODE | SERVICE | PACKETS,
	[ACTION_MAC] = NODE | IFACE,
	[ACTION_RULE] = NODE | ON_OFF | PREFIX | TABLE,
	[ACTION_SIEVE] = NODE | SIEVE,
	[ACTION_VRRP] = NODE | IFACE | ON_OFF | PRIORITY,
};

static int32_t random_i32(uint64_t *seed)
{
	return (int32_t)(uint32_t)rng_next(seed);
}

static uint32_t random_count(unsigned looked_at, uint64_t *seed)
{
	if (looked_at & PACKETS)
		return 1 + rng_below(seed, PACKETS_MAX);
	if (looked_at & PORT)
		return 1 + rng_below(seed, PORTS_MAX);
	if (looked_at & TABLE)
		return 1 + rng_below(seed, ROUTE_TABLE_MAX);
	if (looked_at & TABLE_OR_MAIN)
		return rng_below(seed, ROUTE_TABLE_MAX + 1);
	if (looked_at & PRIORITY)
		return 1 + rng_below(seed, PRIORITY_MAX);
	if (looked_at & WEIGHT)
		return rng_below(seed, UINT16_MAX + 1);
	return (uint32_t)rng_next(seed) | (looked_at & FRAMES ? 1 : 0);
}

static int32_t random_ifindex(unsigned looked_at, uint64_t *seed)
{
	int32_t any = (int32_t)rng_below(seed, INT32_MAX);
	if (looked_at & IFACE)
		return 1 + any;
	if (looked_at & ANY_IFACE)
		return any;
	return looked_at & CONF ? any - 1 : random_i32(seed);
}

static int32_t random_value(unsigned looked_at, uint64_t *seed)
{
	if (looked_at & ON_OFF)
		return (int32_t)rng_below(seed, 2);
	if (looked_at & TIMERS)
		return (int32_t)rng_below(seed, TIMERS_KINDS);
	if (looked_at & SIEVE)
		return (int32_t)rng_below(seed, SIEVES);
	if (looked_at & SCHEDULER)
		return (int32_t)rng_below(seed, SCHEDULERS);
	return random_i32(seed);
}

/* A valid action of a kind with every field at random; what is never sent stays 0. */
static struct action random_action(enum action_kind kind, uint64_t *seed)
{
	struct action a;
	unsigned looked_at = looks[kind];
	size_t keys, len = rng_below(seed, ACTION_TEXT_SIZE);
	sysctl_keys(&keys);
	memset(&a, 0, sizeof a);
	a.id = (uint32_t)rng_next(seed);
	a.kind = (uint16_t)kind;
	a.node = (uint16_t)(looked_at & NODE ? 1 + rng_below(seed, NODES_MAX)
					     : rng_below(seed, NODES_MAX + 1));
	a.ifindex = random_ifindex(looked_at, seed);
	a.key = (uint16_t)rng_below(seed, (uint32_t)keys);
	a.keep = (uint8_t)rng_below(seed, 2);
	a.any = (uint8_t)rng_below(seed, 2);
	a.value = random_value(looked_at, seed);
	a.before = random_i32(seed);
	a.ip = (uint32_t)rng_next(seed);
	a.count = random_count(looked_at, seed);
	a.port = (uint16_t)(rng_next(seed) | (looked_at & SERVICE ? 1 : 0));
	a.first = rng_next(seed) | 1;
	a.ip2 = (uint32_t)rng_next(seed);
	a.state = (uint16_t)rng_next(seed);
	a.prefix = (uint8_t)rng_below(seed, looked_at & PREFIX ? 33 : 256);
	a.scope = (uint8_t)rng_next(seed);
	rng_bytes(seed, a.mac, sizeof a.mac);
	rng_bytes(seed, &a.arp, offsetof(struct arp_fields, spare));
	for (size_t i = 0; i < len; i++)
		a.text[i] = (char)(1 + rng_below(seed, 255));
	return a;
}

/* Checked in a place of exactly that length, so that a sanitizer sees a byte read too many. */
static int check_copy(const void *bytes, size_t len)
{
	void *exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, bytes, len);
	int result = action_check(exact, len);
	free(exact);
	return result;
}

static int check(struct action a)
{
	return check_copy(&a, sizeof a);
}

/* ---- lines ---- */

static void any_action_comes_back_from_its_line_byte_by_byte(void **state)
{
	(void)state;
	uint64_t seed = 31;
	for (enum action_kind kind = ACTION_SET; kind < ACTION_KINDS; kind++)
		for (int i = 0; i < 2000 && kind != ACTION_BUILD; i++) {
			struct action a = random_action(kind, &seed), back;
			char line[4096];
			struct err err = { "" };
			memset(&back, 0xa5, sizeof back);
			struct text t = text_in(line, sizeof line);
			action_write(&t, &a);
			assert_int_equal(action_read(text_end(&t), &back, &err), 0);
			assert_memory_equal(&back, &a, sizeof a);
			for (const char *c = line; *c; c++)
				assert_in_range((unsigned char)*c, 0x20, 0x7e);
		}
}

static void a_line_is_what_the_documentation_shows(void **state)
{
	(void)state;
	char line[400];
	struct text t = text_in(line, sizeof line);
	struct action a = { .id = 1, .kind = ACTION_SET, .ifindex = 2, .value = 1 };
	action_write(&t, &a);
	assert_string_equal(text_end(&t), "set id=1 ifindex=2 key=arp_ignore value=1");
}

/* The line of a lab's building is for readers of a record: its topology is not in it. */
static void the_line_of_a_building_is_written_but_not_read(void **state)
{
	(void)state;
	char line[400];
	struct text t = text_in(line, sizeof line);
	struct action a = { .id = 1, .kind = ACTION_BUILD }, back;
	struct err err = { "" };
	action_write(&t, &a);
	assert_string_equal(text_end(&t), "build id=1 key=arp_ignore");
	assert_int_equal(action_read(line, &back, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "topology"));
}

static void a_line_that_is_no_action_is_refused_with_a_sentence(void **state)
{
	(void)state;
	static const char *const lines[] = { "", " ", "nonsense", "build", "set ifindex=-2",
		"set key=arp_ignor", "set key=0", "set unknown=1", "set value", "set value=1x",
		"set value=2147483648", "undo node=33", "ping count=1", "ping node=1",
		"ping node=1 count=1001", "ping node=33 count=1", "udp node=1 count=65536",
		"addr node=1 ifindex=2 prefix=33", "addr node=1 ifindex=2 prefix=256",
		"addr node=1 ifindex=2 value=2", "link node=1 value=1",
		"neigh node=1 ifindex=2 mac=2", "route node=1 ip2=1.2.3", "timers node=1 value=2",
		"send node=1 ifindex=2 arp.op=65536", "shell", "fetch first=1", "filter text=%0" };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct action a, before;
		struct err err = { "" };
		memset(&a, 0x5a, sizeof a);
		before = a;
		assert_int_equal(action_read(lines[i], &a, &err), -EBADMSG);
		assert_true(err.text[0] != '\0');
		assert_memory_equal(&a, &before, sizeof a);
		assert_int_equal(action_read(lines[i], &a, NULL), -EBADMSG);
	}
}

static void a_line_without_end_is_refused(void **state)
{
	(void)state;
	static char line[100000];
	struct action a;
	struct err err = { "" };
	memset(line, 'a', sizeof line - 1);
	memcpy(line, "filter text=", 12);
	assert_int_equal(action_read(line, &a, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "longer"));
}

/* ---- bytes ---- */

static void every_other_length_of_every_kind_is_refused(void **state)
{
	(void)state;
	uint64_t seed = 32;
	for (enum action_kind kind = ACTION_SET; kind < ACTION_KINDS; kind++) {
		struct {
			struct action action;
			char behind[64];
		} room = { random_action(kind, &seed), "" };
		for (size_t len = 0; len <= sizeof room; len++) {
			bool right = len == sizeof room.action && kind != ACTION_BUILD;
			assert_int_equal(check_copy(&room, len), right ? 0 : -EBADMSG);
		}
	}
}

static void every_unknown_kind_is_refused(void **state)
{
	(void)state;
	struct action a = { .node = 1, .ifindex = 1, .count = 1, .first = 1, .port = 80 };
	for (unsigned kind = 0; kind <= UINT16_MAX; kind++) {
		a.kind = (uint16_t)kind;
		bool known = kind >= ACTION_SET && kind < ACTION_KINDS && kind != ACTION_BUILD;
		assert_int_equal(action_check(&a, sizeof a), known ? 0 : -EBADMSG);
	}
}

struct build {
	struct action action;
	struct topology topology;
};

static struct build *build_new(void)
{
	struct build *b = malloc(sizeof *b);
	assert_non_null(b);
	b->action = (struct action) { .id = 1, .kind = ACTION_BUILD };
	lab_topology(&b->topology);
	return b;
}

static void a_building_comes_with_the_whole_of_its_topology(void **state)
{
	(void)state;
	struct build *b = build_new();
	assert_int_equal(action_message_max(), sizeof *b);
	assert_int_equal(check_copy(b, sizeof *b), 0);
	for (size_t len = 0; len < sizeof *b; len += len < sizeof b->action + 8 ? 1 : 61)
		assert_int_equal(check_copy(b, len), -EBADMSG);
	assert_int_equal(check_copy(b, sizeof *b - 1), -EBADMSG);
	free(b);
}

static void a_building_longer_than_its_topology_is_refused(void **state)
{
	(void)state;
	size_t longer = action_message_max() + 8;
	struct build *b = build_new();
	char *bytes = calloc(1, longer);
	assert_non_null(bytes);
	memcpy(bytes, b, sizeof *b);
	assert_int_equal(action_check(bytes, sizeof *b), 0);
	assert_int_equal(action_check(bytes, longer), -EBADMSG);
	free(bytes);
	free(b);
}

static void a_building_of_what_cannot_be_built_is_refused(void **state)
{
	(void)state;
	struct build *b = build_new();
	b->topology.node_count = 0;
	assert_int_equal(check_copy(b, sizeof *b), -EBADMSG);
	b->topology.node_count = NODES_MAX + 1;
	assert_int_equal(check_copy(b, sizeof *b), -EBADMSG);
	free(b);
}

static void a_topology_behind_any_other_kind_is_refused(void **state)
{
	(void)state;
	uint64_t seed = 33;
	struct build *b = build_new();
	for (enum action_kind kind = ACTION_SET; kind < ACTION_KINDS; kind++) {
		b->action = random_action(kind, &seed);
		assert_int_equal(check_copy(b, sizeof *b), kind == ACTION_BUILD ? 0 : -EBADMSG);
	}
	free(b);
}

/* ---- values ---- */

static void what_every_kind_holds_is_looked_at(void **state)
{
	(void)state;
	size_t keys;
	uint64_t seed = 34;
	sysctl_keys(&keys);
	struct build *b = build_new();
	for (enum action_kind kind = ACTION_SET; kind < ACTION_KINDS; kind++) {
		size_t len = kind == ACTION_BUILD ? sizeof *b : sizeof b->action;
		const struct action right = b->action = random_action(kind, &seed);
		assert_int_equal(check_copy(b, len), 0);
		b->action.node = NODES_MAX + 1;
		assert_int_equal(check_copy(b, len), -EBADMSG);
		b->action.node = UINT16_MAX;
		assert_int_equal(check_copy(b, len), -EBADMSG);
		b->action = right;
		b->action.key = (uint16_t)keys;
		assert_int_equal(check_copy(b, len), -EBADMSG);
		b->action.key = UINT16_MAX;
		assert_int_equal(check_copy(b, len), -EBADMSG);
		b->action = right;
		memset(b->action.text, 'x', sizeof b->action.text);
		assert_int_equal(check_copy(b, len), -EBADMSG);
		b->action.text[sizeof b->action.text - 1] = '\0';
		assert_int_equal(check_copy(b, len), 0);
	}
	free(b);
}

/* Whether a kind takes these values: those that look at the field do as `wanted`, others always. */
static void takes(struct action a, bool looked_at, bool wanted)
{
	assert_int_equal(check(a), !looked_at || wanted ? 0 : -EBADMSG);
}

static void tries_places(struct action a, unsigned looked_at)
{
	const struct action right = a;
	for (uint16_t node = 0; node <= NODES_MAX; node++) {
		a.node = node;
		takes(a, looked_at & NODE, node > 0);
	}
	static const int32_t all[] = { INT32_MIN, -2, CONF_DEFAULT, 0, 1, 2, INT32_MAX };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		a = right;
		a.ifindex = all[i];
		int32_t least = looked_at & IFACE ? 1 : looked_at & CONF ? CONF_DEFAULT : 0;
		takes(a, looked_at & (IFACE | ANY_IFACE | CONF), all[i] >= least);
	}
}

static void tries_values(struct action a, unsigned looked_at)
{
	static const int32_t all[] = { INT32_MIN, -1, 0, 1, 2, INT32_MAX };
	const struct action right = a;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		a.value = all[i];
		takes(a, looked_at & (ON_OFF | TIMERS | SCHEDULER | SIEVE),
			all[i] == 0 || all[i] == 1 ||
				(all[i] == 2 && looked_at & (SCHEDULER | SIEVE)));
	}
	for (unsigned prefix = 0; prefix <= UINT8_MAX; prefix++) {
		a = right;
		a.prefix = (uint8_t)prefix;
		takes(a, looked_at & PREFIX, prefix <= 32);
	}
}

static void tries_counts(struct action a, unsigned looked_at)
{
	static const uint32_t all[] = { 0, 1, ROUTE_TABLE_MAX, ROUTE_TABLE_MAX + 1, PACKETS_MAX,
		PACKETS_MAX + 1, PRIORITY_MAX, PRIORITY_MAX + 1, PORTS_MAX, PORTS_MAX + 1,
		UINT32_MAX };
	const struct action right = a;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		uint32_t most = looked_at & PACKETS                   ? PACKETS_MAX
				: looked_at & PORT                    ? PORTS_MAX
				: looked_at & WEIGHT                  ? UINT16_MAX
				: looked_at & PRIORITY                ? PRIORITY_MAX
				: looked_at & (TABLE | TABLE_OR_MAIN) ? ROUTE_TABLE_MAX
								      : UINT32_MAX;
		a.count = all[i];
		takes(a,
			looked_at & (PACKETS | PORT | FRAMES | WEIGHT | PRIORITY | TABLE |
					    TABLE_OR_MAIN),
			(all[i] > 0 || looked_at & (WEIGHT | TABLE_OR_MAIN)) && all[i] <= most);
	}
	a = right;
	a.first = 0;
	takes(a, looked_at & FRAMES, false);
	a = right;
	a.port = 0;
	takes(a, looked_at & SERVICE, false);
}

static void every_kind_refuses_what_is_out_of_its_range(void **state)
{
	(void)state;
	uint64_t seed = 35;
	static_assert(TIMERS_KINDS == 2, "as many timers as values that switch");
	for (enum action_kind kind = ACTION_SET; kind < ACTION_KINDS; kind++)
		for (int i = 0; i < 20 && kind != ACTION_BUILD; i++) {
			tries_places(random_action(kind, &seed), looks[kind]);
			tries_values(random_action(kind, &seed), looks[kind]);
			tries_counts(random_action(kind, &seed), looks[kind]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_action_comes_back_from_its_line_byte_by_byte),
		cmocka_unit_test(a_line_is_what_the_documentation_shows),
		cmocka_unit_test(the_line_of_a_building_is_written_but_not_read),
		cmocka_unit_test(a_line_that_is_no_action_is_refused_with_a_sentence),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(every_other_length_of_every_kind_is_refused),
		cmocka_unit_test(every_unknown_kind_is_refused),
		cmocka_unit_test(a_building_comes_with_the_whole_of_its_topology),
		cmocka_unit_test(a_building_longer_than_its_topology_is_refused),
		cmocka_unit_test(a_building_of_what_cannot_be_built_is_refused),
		cmocka_unit_test(a_topology_behind_any_other_kind_is_refused),
		cmocka_unit_test(what_every_kind_holds_is_looked_at),
		cmocka_unit_test(every_kind_refuses_what_is_out_of_its_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
