/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the model is what its events say, also when dumps, losses and vanished links mix. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include <linux/rtnetlink.h>

#include <arplab/model.h>

#include "streams.h"

#define RING 65536

static struct model model;

static int set_up(void **state)
{
	*state = &model;
	model_init(&model, RING);
	return 0;
}

static int tear_down(void **state)
{
	model_done(*state);
	return 0;
}

static void apply(struct model *m, struct event e)
{
	assert_int_equal(event_check(&e, sizeof e), e.size);
	model_apply(m, &e);
}

static void apply_dump(
	struct model *m, enum event_table table, const struct event *events, size_t count)
{
	apply(m, make_mark(table, false));
	for (size_t i = 0; i < count; i++)
		apply(m, events[i]);
	apply(m, make_mark(table, true));
}

static void value_is(const struct model *m, int32_t ifindex, const char *key, int32_t value)
{
	int32_t have;
	assert_true(model_sysctl(m, ifindex, (size_t)sysctl_find(key), &have));
	assert_int_equal(have, value);
}

/* ---- one kind after the other ---- */

static void hello_says_who_helps_and_where(void **state)
{
	struct model *m = *state;
	assert_int_equal(m->hello.pid, 0);
	apply(m, make_hello(SCOPE_HOST));
	assert_int_equal(m->hello.pid, 42);
	assert_string_equal(m->hello.host, "lvs-rs1");
	assert_false(model_ready(m));
}

static void links_stand_in_the_order_of_their_indices(void **state)
{
	struct model *m = *state;
	apply(m, make_link(7, "eth1"));
	apply(m, make_link(1, "lo"));
	apply(m, make_link(2, "eth0"));
	assert_int_equal(m->link_count, 3);
	assert_string_equal(m->links[0].link.name, "lo");
	assert_string_equal(m->links[1].link.name, "eth0");
	assert_string_equal(m->links[2].link.name, "eth1");
	assert_ptr_equal(model_link(m, 7), &m->links[2]);
	assert_ptr_equal(model_link_named(m, "eth0"), &m->links[1]);
	assert_null(model_link(m, 3));
	assert_null(model_link_named(m, "eth2"));
}

static void a_link_that_changes_keeps_its_captures_and_counters(void **state)
{
	struct model *m = *state;
	struct event on = make(EVENT_CAPTURE, 1), renamed = make_link(2, "lan0");
	on.capture.ifindex = 2;
	on.capture.state = CAPTURE_ON;
	apply(m, make_link(2, "eth0"));
	apply(m, on);
	apply(m, make_frame(1, 1, 2, ARP_OP_REQUEST, 1, 2));
	apply(m, make_drops(2, 10, 3));
	renamed.link.mac[5] = 99;
	apply(m, renamed);
	assert_int_equal(m->link_count, 1);
	assert_string_equal(m->links[0].link.name, "lan0");
	assert_int_equal(m->links[0].link.mac[5], 99);
	assert_int_equal(m->links[0].capture.state, CAPTURE_ON);
	assert_int_equal(m->links[0].frames, 1);
	assert_int_equal(model_dropped(m), 3);
}

static void addresses_stand_in_the_kernels_order(void **state)
{
	struct model *m = *state;
	apply(m, make_addr(2, ip4(10, 0, 0, 2), 1));
	apply(m, make_addr(2, ip4(10, 0, 0, 1), 0));
	apply(m, make_addr(1, ip4(127, 0, 0, 1), 0));
	assert_int_equal(m->addr_count, 3);
	assert_int_equal(m->addrs[0].addr.ifindex, 1);
	assert_int_equal(m->addrs[1].addr.local, ip4(10, 0, 0, 1));
	/* It moves in the order and is not doubled. */
	apply(m, make_addr(2, ip4(10, 0, 0, 1), 5));
	assert_int_equal(m->addr_count, 3);
	assert_int_equal(m->addrs[2].addr.local, ip4(10, 0, 0, 1));
	apply(m, gone(make_addr(2, ip4(10, 0, 0, 2), 1)));
	apply(m, gone(make_addr(2, ip4(10, 0, 0, 99), 1)));
	assert_int_equal(m->addr_count, 2);
	assert_int_equal(model_own_ip(m, ip4(10, 0, 0, 1)), 2);
	assert_int_equal(model_own_ip(m, ip4(127, 0, 0, 1)), 1);
	assert_int_equal(model_own_ip(m, ip4(10, 0, 0, 2)), 0);
}

static void one_address_with_two_prefixes_is_two_rows(void **state)
{
	struct model *m = *state;
	struct event wide = make_addr(2, ip4(10, 0, 0, 1), 0), host = wide;
	host.addr.prefix = 32;
	host.addr.order = 1;
	apply(m, wide);
	apply(m, host);
	assert_int_equal(m->addr_count, 2);
	apply(m, gone(wide));
	assert_int_equal(m->addr_count, 1);
	assert_int_equal(m->addrs[0].addr.prefix, 32);
}

static void routes_are_told_apart_by_more_than_their_target(void **state)
{
	struct model *m = *state;
	struct event tos = make_route(2, ip4(10, 0, 0, 0), 0);
	tos.route.tos = 16;
	apply(m, make_route(3, ip4(10, 9, 0, 0), 0));
	apply(m, make_route(2, ip4(10, 0, 0, 0), 0));
	apply(m, make_route(2, ip4(10, 0, 0, 0), 100));
	apply(m, make_route(3, ip4(10, 0, 0, 0), 0));
	apply(m, tos);
	apply(m, make_route(2, ip4(10, 0, 0, 0), 100)); /* Known already. */
	assert_int_equal(m->route_count, 5);
	assert_int_equal(m->routes[4].route.dst, ip4(10, 9, 0, 0));
	apply(m, gone(make_route(2, ip4(10, 0, 0, 0), 100)));
	apply(m, gone(make_route(2, ip4(10, 0, 0, 0), 77)));
	assert_int_equal(m->route_count, 4);
	for (size_t i = 0; i < m->route_count; i++)
		assert_int_equal(m->routes[i].route.metric, 0);
}

/* The places of routes to 10.0.0.0/24, as the interfaces that they lead to. */
static void ways_are(const struct model *m, const char *ways)
{
	char have[40] = "";
	size_t len = 0;
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].route.dst == ip4(10, 0, 0, 0) && !m->routes[i].route.metric)
			have[len++] = (char)('0' + m->routes[i].route.ifindex);
	assert_string_equal(have, ways);
}

static struct event way(int32_t ifindex, uint8_t flags)
{
	struct event e = make_route(ifindex, ip4(10, 0, 0, 0), 0);
	e.flags = flags;
	return e;
}

static void equal_routes_stand_where_the_kernel_put_them(void **state)
{
	struct model *m = *state;
	apply(m, make_route(9, ip4(10, 0, 0, 0), 5));
	apply(m, make_route(9, ip4(10, 0, 1, 0), 0));
	apply(m, way(3, 0));
	apply(m, way(2, EVENT_BEHIND));
	ways_are(m, "32");
	apply(m, way(4, 0));
	apply(m, way(1, EVENT_BEHIND));
	ways_are(m, "4321");
	/* It went in silence and came again. */
	apply(m, way(3, EVENT_BEHIND));
	ways_are(m, "4213");
	apply(m, way(1, 0));
	ways_are(m, "1423");
	apply(m, gone(way(4, 0)));
	ways_are(m, "123");
	assert_int_equal(m->route_count, 5);
}

static void a_dump_gives_equal_routes_its_order(void **state)
{
	struct model *m = *state;
	const struct event first[] = { way(3, EVENT_NAMED), way(1, EVENT_NAMED),
		way(2, EVENT_NAMED) };
	const struct event second[] = { way(2, EVENT_NAMED), way(4, EVENT_NAMED),
		way(3, EVENT_NAMED) };
	apply_dump(m, TABLE_ROUTES, first, 3);
	ways_are(m, "312");
	apply_dump(m, TABLE_ROUTES, first, 3);
	ways_are(m, "312");
	apply_dump(m, TABLE_ROUTES, second, 3);
	ways_are(m, "243");
	/* A dump that broke off and was begun anew. */
	apply(m, make_mark(TABLE_ROUTES, false));
	apply(m, first[0]);
	apply(m, first[1]);
	apply_dump(m, TABLE_ROUTES, first, 3);
	ways_are(m, "312");
}

static void routes_that_differ_in_what_is_not_shown_are_two(void **state)
{
	struct model *m = *state;
	struct event rows[] = { way(3, EVENT_NAMED), way(3, EVENT_NAMED), way(3, EVENT_NAMED) };
	rows[1].route.rest = 77;
	rows[2].route.flags = RTNH_F_ONLINK;
	for (int i = 0; i < 2; i++) {
		apply_dump(m, TABLE_ROUTES, rows, 3);
		ways_are(m, "333");
		assert_int_equal(m->routes[1].route.rest, 77);
	}
	/* A hop that has lost its carrier is the same one still. */
	rows[1].flags = 0;
	rows[1].route.flags = RTNH_F_LINKDOWN;
	apply(m, gone(rows[1]));
	ways_are(m, "33");
	assert_int_equal(m->routes[0].route.rest, 0);
	assert_int_equal(m->routes[1].route.rest, 0);
}

/* As lookups go: the longest prefix, then the greatest TOS, then the least metric. */
static void routes_to_one_network_stand_in_the_order_of_lookups(void **state)
{
	struct model *m = *state;
	struct event rows[5];
	for (size_t i = 0; i < 5; i++)
		rows[i] = make_route(2, ip4(10, 0, 0, 0), i == 4 ? 7 : 0);
	rows[0].route.dst_len = 32;
	rows[1].route.dst_len = 25;
	rows[2].route.tos = 8;
	for (size_t i = 5; i-- > 0;)
		apply(m, rows[i]);
	assert_int_equal(m->route_count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_memory_equal(&m->routes[i].route, &rows[i].route, sizeof rows[i].route);
}

static void rules_stand_by_priority_and_then_as_they_came(void **state)
{
	struct model *m = *state;
	struct event to = make_rule(100, 7);
	to.rule.target = ip4(10, 0, 0, 0);
	to.rule.target_len = 8;
	apply(m, make_rule(32766, 254));
	apply(m, make_rule(0, 255));
	apply(m, make_rule(100, 9));
	apply(m, to);
	apply(m, make_rule(100, 9));
	assert_int_equal(m->rule_count, 4);
	assert_int_equal(m->rules[0].rule.table, 255);
	assert_int_equal(m->rules[1].rule.table, 9);
	assert_int_equal(m->rules[2].rule.table, 7);
	assert_int_equal(m->rules[3].rule.table, 254);
	apply(m, gone(make_rule(100, 9)));
	assert_int_equal(m->rule_count, 3);
	assert_int_equal(m->rules[1].rule.table, 7);
}

static void neighbours_come_change_and_go(void **state)
{
	struct model *m = *state;
	apply(m, make_neigh(5, 2, ip4(10, 0, 0, 9), NUD_STALE, 1));
	apply(m, make_neigh(6, 2, ip4(10, 0, 0, 9), NUD_REACHABLE, 2));
	assert_int_equal(m->neighs.count, 1);
	const struct neigh_entry *n = neighs_find(&m->neighs, 2, ip4(10, 0, 0, 9));
	assert_int_equal(n->state, NUD_REACHABLE);
	assert_int_equal(n->mac[5], 2);
	assert_true(n->at_ns == 6);
	apply(m, gone(make_neigh(7, 2, ip4(10, 0, 0, 9), NUD_FAILED, 2)));
	assert_int_equal(m->neighs.count, 0);
}

static void proxy_neighbours_are_no_entries(void **state)
{
	struct model *m = *state;
	apply(m, make_proxy(3, ip4(10, 0, 0, 9)));
	apply(m, make_proxy(2, ip4(10, 0, 0, 9)));
	apply(m, make_proxy(0, ip4(9, 9, 9, 200)));
	apply(m, make_proxy(2, ip4(10, 0, 0, 9)));
	assert_int_equal(m->neighs.count, 0);
	assert_int_equal(m->proxy_count, 3);
	assert_int_equal(m->proxies[0].ifindex, 0);
	assert_int_equal(m->proxies[1].ifindex, 2);
	assert_int_equal(m->proxies[2].ifindex, 3);
	/* An entry may have the same address, and neither takes the other away. */
	apply(m, make_neigh(5, 2, ip4(10, 0, 0, 9), NUD_STALE, 1));
	apply(m, gone(make_proxy(2, ip4(10, 0, 0, 9))));
	apply(m, gone(make_proxy(2, ip4(10, 0, 0, 9))));
	assert_int_equal(m->neighs.count, 1);
	assert_int_equal(m->proxy_count, 2);
	apply(m, gone(make_neigh(6, 3, ip4(10, 0, 0, 9), NUD_STALE, 1)));
	assert_int_equal(m->proxy_count, 2);
	apply_dump(m, TABLE_NEIGHS, NULL, 0);
	assert_int_equal(m->proxy_count, 2);
}

static void sysctls_stand_as_they_are_shown_and_can_be_absent(void **state)
{
	struct model *m = *state;
	struct event absent = make_sysctl(2, "arp_filter", 1);
	int32_t value = 77;
	absent.sysctl.absent = 1;
	apply(m, make_sysctl(1, "arp_ignore", 0));
	apply(m, make_sysctl(9, "arp_ignore", 0));
	apply(m, make_sysctl(2, "arp_ignore", 1));
	apply(m, make_sysctl(CONF_DEFAULT, "arp_ignore", 2));
	apply(m, make_sysctl(CONF_ALL, "arp_ignore", 3));
	apply(m, absent);
	assert_int_equal(m->conf_count, 5);
	const int32_t order[] = { CONF_ALL, CONF_DEFAULT, 2, 9, 1 };
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(m->confs[i].ifindex, order[i]);
	value_is(m, CONF_ALL, "arp_ignore", 3);
	value_is(m, CONF_DEFAULT, "arp_ignore", 2);
	value_is(m, 2, "arp_ignore", 1);
	assert_false(model_sysctl(m, 2, (size_t)sysctl_find("arp_filter"), &value));
	assert_false(model_sysctl(m, 2, (size_t)sysctl_find("rp_filter"), &value));
	assert_false(model_sysctl(m, 44, (size_t)sysctl_find("arp_ignore"), &value));
	assert_int_equal(value, 77);
	/* What was there can become absent. */
	apply(m, make_sysctl(2, "arp_filter", 1));
	value_is(m, 2, "arp_filter", 1);
	apply(m, absent);
	assert_false(model_sysctl(m, 2, (size_t)sysctl_find("arp_filter"), &value));
}

static void names_lead_to_all_default_and_interfaces(void **state)
{
	struct model *m = *state;
	int32_t ifindex = 77;
	apply(m, make_link(2, "eth0"));
	assert_string_equal(model_conf_name(m, CONF_ALL), "all");
	assert_string_equal(model_conf_name(m, CONF_DEFAULT), "default");
	assert_string_equal(model_conf_name(m, 2), "eth0");
	assert_string_equal(model_conf_name(m, 3), "?");
	assert_int_not_equal(model_conf_find(m, "eth1", &ifindex), 0);
	assert_int_equal(ifindex, 77);
	assert_int_equal(model_conf_find(m, "all", &ifindex), 0);
	assert_int_equal(ifindex, CONF_ALL);
	assert_int_equal(model_conf_find(m, "default", &ifindex), 0);
	assert_int_equal(ifindex, CONF_DEFAULT);
	assert_int_equal(model_conf_find(m, "eth0", &ifindex), 0);
	assert_int_equal(ifindex, 2);
}

static void the_one_who_decides_is_the_one_that_matters(void **state)
{
	struct model *m = *state;
	static const struct {
		const char *key;
		int32_t all, own, effective;
		bool by_all;
	} cases[] = {
		{ "arp_ignore", 0, 0, 0, false },
		{ "arp_ignore", 1, 0, 1, true },
		{ "arp_ignore", 0, 1, 1, false },
		{ "arp_ignore", 1, 1, 1, false },
		{ "arp_ignore", 1, 4, 4, false },
		{ "arp_ignore", 8, 2, 8, true },
		{ "arp_filter", 0, 0, 0, false },
		{ "arp_filter", 1, 0, 1, true },
		{ "arp_filter", 0, 1, 1, false },
		{ "arp_filter", 1, 1, 1, false },
		{ "arp_evict_nocarrier", 1, 1, 1, false },
		{ "arp_evict_nocarrier", 0, 1, 0, true },
		{ "arp_evict_nocarrier", 1, 0, 0, false },
		{ "arp_evict_nocarrier", 0, 0, 0, false },
		{ "forwarding", 1, 0, 0, false },
		{ "forwarding", 0, 1, 1, false },
		{ "medium_id", 5, -1, -1, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int32_t effective = 99, decider = 99;
		apply(m, make_sysctl(CONF_ALL, cases[i].key, cases[i].all));
		apply(m, make_sysctl(2, cases[i].key, cases[i].own));
		assert_true(model_effective(
			m, 2, (size_t)sysctl_find(cases[i].key), &effective, &decider));
		assert_int_equal(effective, cases[i].effective);
		assert_int_equal(decider, cases[i].by_all ? CONF_ALL : 2);
	}
}

static void an_effective_value_needs_the_values_it_is_made_of(void **state)
{
	struct model *m = *state;
	int32_t effective = 99, decider = 99;
	size_t ignore = (size_t)sysctl_find("arp_ignore");
	apply(m, make_sysctl(2, "arp_ignore", 1));
	assert_false(model_effective(m, 2, ignore, &effective, &decider)); /* `all` is missing. */
	apply(m, make_sysctl(CONF_ALL, "arp_ignore", 1));
	assert_false(model_effective(m, 3, ignore, &effective, &decider));
	assert_false(model_effective(m, 2, 1000, &effective, &decider));
	assert_int_equal(effective, 99);
	/* The timers have no `all`. */
	apply(m, make_sysctl(2, "locktime", 100));
	assert_true(model_effective(m, 2, (size_t)sysctl_find("locktime"), &effective, &decider));
	assert_int_equal(effective, 100);
}

static void the_journal_stands_in_order_without_what_was_put_back(void **state)
{
	struct model *m = *state;
	apply(m, make_change(3, CHANGE_KEPT));
	apply(m, make_change(1, CHANGE_HELD));
	apply(m, make_change(2, CHANGE_HELD));
	assert_int_equal(m->change_count, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(m->changes[i].number, i + 1);
	assert_int_equal(model_changes(m, CHANGE_HELD), 2);
	assert_int_equal(model_changes(m, CHANGE_KEPT), 1);
	apply(m, make_change(1, CHANGE_UNDONE));
	apply(m, make_change(2, CHANGE_FOREIGN));
	apply(m, gone(make_change(3, CHANGE_KEPT)));
	apply(m, make_change(9, CHANGE_UNDONE));
	assert_int_equal(m->change_count, 1);
	assert_int_equal(model_changes(m, CHANGE_FOREIGN), 1);
}

static void frames_are_kept_and_counted_by_interface(void **state)
{
	struct model *m = *state;
	apply(m, make_link(2, "eth0"));
	for (uint64_t i = 1; i <= 5; i++)
		apply(m, make_frame(i, i, i == 3 ? 44 : 2, ARP_OP_REQUEST, 1, 2));
	assert_int_equal(m->frame_total, 5);
	assert_int_equal(m->frames.count, 5);
	assert_int_equal(model_link(m, 2)->frames, 4);
	assert_int_equal(frames_at(&m->frames, 0)->frame.number, 1);
	assert_int_equal(frames_at(&m->frames, 4)->frame.number, 5);
}

/* Live, numbers may have gaps (another capture's frames): the ring just goes on. */
static void live_frames_never_reset_the_ring(void **state)
{
	struct model *m = *state;
	apply(m, make_hello(SCOPE_HOST));
	apply(m, make_frame(1, 1, 2, ARP_OP_REQUEST, 1, 2));
	apply(m, make_frame(2, 500, 2, ARP_OP_REQUEST, 1, 2));
	apply(m, make_frame(3, 2, 2, ARP_OP_REQUEST, 1, 2));
	assert_int_equal(m->frames.count, 3);
	assert_int_equal(m->frames.first, 0);
}

static void a_window_of_a_file_takes_the_place_of_the_one_before(void **state)
{
	struct model *m = *state;
	apply(m, make_hello(SCOPE_FILE));
	assert_true(model_ready(m));
	apply(m, make_file(1000, true, true));
	for (uint64_t i = 1; i <= 10; i++)
		apply(m, make_frame(i, i, 0, ARP_OP_REQUEST, 1, 2));
	assert_int_equal(m->frames.count, 10);
	for (uint64_t i = 501; i <= 504; i++)
		apply(m, make_frame(i, i, 0, ARP_OP_REQUEST, 1, 2));
	assert_int_equal(m->frames.first, 500);
	assert_int_equal(m->frames.count, 4);
	assert_null(frames_at(&m->frames, 9));
	assert_int_equal(frames_at(&m->frames, 503)->frame.number, 504);
	/* Backwards, too. */
	apply(m, make_frame(1, 1, 0, ARP_OP_REQUEST, 1, 2));
	assert_int_equal(m->frames.first, 0);
	assert_int_equal(m->frames.count, 1);
	assert_int_equal(m->file.frames, 1000);
}

/* A pipe cannot be read again: its frames stand one behind the other. */
static void frames_of_a_pipe_never_reset_the_ring(void **state)
{
	struct model *m = *state;
	apply(m, make_hello(SCOPE_FILE));
	apply(m, make_file(3, false, false));
	for (uint64_t i = 1; i <= 3000; i++)
		apply(m, make_frame(i, i * 2, 0, ARP_OP_REQUEST, 1, 2));
	assert_true(m->frames.count > 500);
	assert_int_equal(m->frames.first + m->frames.count, 3000);
}

static void drops_add_up_over_captures_that_were_opened_anew(void **state)
{
	struct model *m = *state;
	apply(m, make_link(2, "eth0"));
	apply(m, make_link(3, "eth1"));
	apply(m, make_drops(2, 100, 5));
	apply(m, make_drops(3, 50, 2));
	assert_int_equal(model_dropped(m), 7);
	apply(m, make_drops(2, 200, 6));
	assert_int_equal(model_dropped(m), 8);
	apply(m, make_drops(2, 10, 1)); /* Opened anew: it counts from 0 again. */
	assert_int_equal(model_dropped(m), 9);
	apply(m, make_drops(2, 20, 1));
	assert_int_equal(model_dropped(m), 9);
	apply(m, gone(make_link(2, "eth0")));
	assert_int_equal(model_dropped(m), 9);
	apply(m, make_link(2, "eth0")); /* Another interface with the same index. */
	apply(m, make_drops(2, 1, 1));
	assert_int_equal(model_dropped(m), 10);
	assert_int_equal(m->gone_received, 220);
}

static void captures_and_drops_of_unknown_links_are_nothing(void **state)
{
	struct model *m = *state;
	struct event on = make(EVENT_CAPTURE, 1);
	on.capture.ifindex = 9;
	on.capture.state = CAPTURE_ON;
	apply(m, on);
	apply(m, make_drops(9, 5, 5));
	assert_int_equal(model_dropped(m), 0);
	assert_int_equal(m->link_count, 0);
}

static void the_last_notes_are_kept(void **state)
{
	struct model *m = *state;
	char text[20];
	for (uint64_t i = 1; i <= 20; i++) {
		struct text t = text_in(text, sizeof text);
		text_u64(&t, i);
		apply(m, make_note(i, text_end(&t)));
	}
	assert_int_equal(m->note_count, MODEL_NOTES);
	assert_string_equal(m->notes[0].text, "13");
	assert_string_equal(m->notes[MODEL_NOTES - 1].text, "20");
	assert_true(m->note_at_ns[0] == 13 && m->note_at_ns[MODEL_NOTES - 1] == 20);
}

static void done_and_bye_are_remembered(void **state)
{
	struct model *m = *state;
	struct event done = make(EVENT_DONE, 1);
	done.done.id = 7;
	done.done.error = -13;
	apply(m, done);
	assert_int_equal(m->last_done.id, 7);
	assert_int_equal(m->last_done.error, -13);
	assert_false(m->bye);
	apply(m, make(EVENT_BYE, 2));
	assert_true(m->bye);
}

static void only_the_clock_sets_the_time_back(void **state)
{
	struct model *m = *state;
	apply(m, make_note(100, "a"));
	apply(m, make_note(50, "b"));
	assert_true(m->now_ns == 100);
	model_set_time(m, 170);
	assert_true(m->now_ns == 170);
	/* Else ages would be wrong until it has caught up. */
	model_set_time(m, 70);
	assert_true(m->now_ns == 70);
}

static void own_macs_are_known(void **state)
{
	struct model *m = *state;
	struct event short_mac = make_link(4, "ib0");
	static const uint8_t mac2[6] = { 2, 0, 0, 0, 0, 2 }, mac4[6] = { 2, 0, 0, 0, 0, 4 };
	static const uint8_t zero[6] = { 0 };
	short_mac.link.mac_len = 20;
	apply(m, make_link(1, "lo"));
	apply(m, make_link(2, "eth0"));
	apply(m, short_mac);
	assert_int_equal(model_own_mac(m, mac2), 2);
	assert_int_equal(model_own_mac(m, mac4), 0);
	assert_int_equal(model_own_mac(m, zero), 0);
}

/* ---- dumps between marks ---- */

static size_t rows_of(const struct model *m, enum event_table table)
{
	const size_t counts[EVENT_TABLES] = {
		[TABLE_LINKS] = m->link_count,
		[TABLE_ADDRS] = m->addr_count,
		[TABLE_ROUTES] = m->route_count,
		[TABLE_RULES] = m->rule_count,
		[TABLE_NEIGHS] = m->neighs.count,
		[TABLE_SYSCTLS] = m->conf_count,
		[TABLE_CHANGES] = m->change_count,
		[TABLE_PROXIES] = m->proxy_count,
	};
	return counts[table];
}

/* The row number `i` of a table. */
static struct event row_of(enum event_table table, uint32_t i)
{
	switch (table) {
	case TABLE_LINKS:
		return make_link((int32_t)i + 1, "x");
	case TABLE_ADDRS:
		return make_addr(2, ip4(10, 0, 0, i), i);
	case TABLE_ROUTES:
		return make_route(2, ip4(10, i, 0, 0), 0);
	case TABLE_RULES:
		return make_rule(i, 254);
	case TABLE_NEIGHS:
		return make_neigh(1, 2, ip4(10, 0, 0, i), NUD_STALE, i);
	case TABLE_SYSCTLS:
		return make_sysctl((int32_t)i - 1, "arp_ignore", 1);
	case TABLE_PROXIES:
		return make_proxy(2, ip4(10, 0, 0, i));
	case TABLE_CHANGES:
	case EVENT_TABLES:
		break;
	}
	return make_change(i + 1, CHANGE_HELD);
}

static void a_dump_sweeps_exactly_what_it_did_not_name(void **state)
{
	(void)state;
	uint64_t seed = 41;
	for (int round = 0; round < 700; round++) {
		enum event_table table = (enum event_table)(1 + round % (EVENT_TABLES - 1));
		bool before[40], named[40];
		size_t left = 0;
		struct model m;
		model_init(&m, 4096);
		for (uint32_t i = 0; i < 40; i++) {
			before[i] = rng_below(&seed, 2);
			if (before[i])
				apply(&m, row_of(table, i));
		}
		apply(&m, make_mark(table, false));
		for (uint32_t i = 40; i-- > 0;) {
			named[i] = rng_below(&seed, 2);
			left += named[i];
			if (named[i])
				apply(&m, row_of(table, i));
		}
		apply(&m, make_mark(table, true));
		assert_int_equal(rows_of(&m, table), left);
		/* Every one that was named is the one that is there. */
		for (uint32_t i = 0; i < 40; i++)
			if (named[i]) {
				apply(&m, gone(row_of(table, i)));
				assert_int_equal(rows_of(&m, table), --left);
			}
		model_done(&m);
	}
}

static void a_dump_touches_no_other_table(void **state)
{
	struct model *m = *state;
	for (enum event_table t = TABLE_LINKS; t < EVENT_TABLES; t++)
		for (uint32_t i = 0; i < 5; i++)
			apply(m, row_of(t, i));
	for (enum event_table t = EVENT_TABLES - 1; t > TABLE_LINKS; t--) {
		size_t before[EVENT_TABLES];
		for (enum event_table k = TABLE_LINKS; k < EVENT_TABLES; k++)
			before[k] = rows_of(m, k);
		apply_dump(m, t, NULL, 0);
		for (enum event_table k = TABLE_LINKS; k < EVENT_TABLES; k++)
			assert_int_equal(rows_of(m, k), k == t ? 0 : before[k]);
	}
}

static void an_end_without_its_beginning_does_nothing(void **state)
{
	(void)state;
	for (enum event_table t = TABLE_LINKS; t < EVENT_TABLES; t++) {
		struct model m;
		model_init(&m, 4096);
		for (uint32_t i = 0; i < 5; i++)
			apply(&m, row_of(t, i));
		apply(&m, make_mark(t, true));
		assert_int_equal(rows_of(&m, t), 5);
		assert_int_equal(m.tables_seen, 0);
		/* Nor does a second end after a whole dump. */
		const struct event rows[] = { row_of(t, 0), row_of(t, 1) };
		apply_dump(&m, t, rows, 2);
		apply(&m, row_of(t, 7));
		apply(&m, make_mark(t, true));
		assert_int_equal(rows_of(&m, t), 3);
		model_done(&m);
	}
}

/* News that arrive between the marks of a dump are as good as named. */
static void what_comes_or_goes_during_a_dump_is_right(void **state)
{
	(void)state;
	for (enum event_table t = TABLE_LINKS; t < EVENT_TABLES; t++) {
		struct model m;
		model_init(&m, 4096);
		apply(&m, row_of(t, 1));
		apply(&m, make_mark(t, false));
		apply(&m, row_of(t, 1));
		apply(&m, row_of(t, 2)); /* News. */
		apply(&m, row_of(t, 3));
		apply(&m, gone(row_of(t, 3)));
		apply(&m, make_mark(t, true));
		assert_int_equal(rows_of(&m, t), 2);
		model_done(&m);
	}
}

static void a_fresh_dump_after_a_loss_is_counted(void **state)
{
	struct model *m = *state;
	apply_dump(m, TABLE_NEIGHS, NULL, 0);
	assert_int_equal(m->resyncs, 0);
	apply_dump(m, TABLE_NEIGHS, NULL, 0);
	apply_dump(m, TABLE_NEIGHS, NULL, 0);
	assert_int_equal(m->resyncs, 2);
}

static void the_model_is_ready_when_all_that_counts_was_dumped(void **state)
{
	struct model *m = *state;
	static const enum event_table needed[] = { TABLE_LINKS, TABLE_ADDRS, TABLE_NEIGHS,
		TABLE_SYSCTLS, TABLE_CHANGES };
	apply(m, make_hello(SCOPE_HOST));
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		assert_false(model_ready(m));
		apply(m, make_mark(needed[i], false));
		assert_false(model_ready(m));
		apply(m, make_mark(needed[i], true));
	}
	assert_true(model_ready(m));
}

/* More dumps than a mark can count, each with one row less. */
static void marks_may_go_round(void **state)
{
	struct model *m = *state;
	for (uint32_t round = 0; round < 700; round++)
		for (enum event_table t = TABLE_LINKS; t < EVENT_TABLES; t++) {
			const struct event rows[] = { row_of(t, 1), row_of(t, 2 + round % 30) };
			apply_dump(m, t, rows, 2);
			assert_int_equal(rows_of(m, t), 2);
		}
}

/* ---- links that go ---- */

static void fill_link(struct model *m, int32_t ifindex)
{
	apply(m, make_link(ifindex, "x"));
	for (unsigned i = 0; i < 9; i++) {
		apply(m, make_addr(ifindex, ip4(10, (unsigned)ifindex, 0, i), i));
		apply(m, make_route(ifindex, ip4(10, i, 0, 0), 0));
		apply(m, make_neigh(1, ifindex, ip4(10, 0, 0, i), NUD_STALE, i));
		apply(m, make_proxy(ifindex, ip4(10, 0, 0, i)));
	}
	apply(m, make_sysctl(ifindex, "arp_ignore", 1));
}

static void assert_only_link_3(const struct model *m)
{
	assert_int_equal(m->link_count, 1);
	assert_int_equal(m->addr_count, 9);
	assert_int_equal(m->route_count, 9);
	assert_int_equal(m->neighs.count, 9);
	assert_int_equal(m->proxy_count, 9);
	assert_int_equal(m->conf_count, 3);
	for (size_t i = 0; i < 9; i++) {
		assert_int_equal(m->addrs[i].addr.ifindex, 3);
		assert_int_equal(m->routes[i].route.ifindex, 3);
		assert_int_equal(m->proxies[i].ifindex, 3);
		assert_non_null(neighs_find(&m->neighs, 3, ip4(10, 0, 0, (unsigned)i)));
	}
	assert_non_null(model_conf(m, 3));
}

static void a_link_that_goes_takes_along_what_hangs_on_it(void **state)
{
	struct model *m = *state;
	apply(m, make_sysctl(CONF_ALL, "arp_ignore", 0));
	apply(m, make_sysctl(CONF_DEFAULT, "arp_ignore", 0));
	fill_link(m, 2);
	fill_link(m, 3);
	apply(m, gone(make_link(9, "y"))); /* Never was there. */
	assert_int_equal(m->link_count, 2);
	apply(m, gone(make_link(2, "x")));
	assert_only_link_3(m);
}

static void a_link_that_a_dump_does_not_name_takes_it_along_too(void **state)
{
	struct model *m = *state;
	const struct event left = make_link(3, "x");
	apply(m, make_sysctl(CONF_ALL, "arp_ignore", 0));
	apply(m, make_sysctl(CONF_DEFAULT, "arp_ignore", 0));
	fill_link(m, 2);
	fill_link(m, 3);
	apply_dump(m, TABLE_LINKS, &left, 1);
	assert_only_link_3(m);
}

/* ---- generations ---- */

static void every_change_of_a_table_shows_in_its_generation(void **state)
{
	struct model *m = *state;
	static const enum model_part parts[EVENT_TABLES] = {
		[TABLE_LINKS] = PART_LINKS,
		[TABLE_ADDRS] = PART_ADDRS,
		[TABLE_ROUTES] = PART_ROUTES,
		[TABLE_RULES] = PART_RULES,
		[TABLE_NEIGHS] = PART_NEIGHS,
		[TABLE_SYSCTLS] = PART_SYSCTLS,
		[TABLE_CHANGES] = PART_CHANGES,
		[TABLE_PROXIES] = PART_PROXIES,
	};
	for (enum event_table t = TABLE_LINKS; t < EVENT_TABLES; t++) {
		const uint64_t *generation = &m->generation[parts[t]];
		uint64_t before = *generation;
		apply(m, row_of(t, 1));
		assert_true(*generation > before);
		before = *generation;
		apply(m, gone(row_of(t, 1)));
		assert_true(*generation > before);
		apply(m, row_of(t, 1));
		before = *generation;
		apply_dump(m, t, NULL, 0);
		assert_true(*generation > before);
	}
	uint64_t before = m->generation[PART_FRAMES];
	apply(m, make_frame(1, 1, 0, ARP_OP_REQUEST, 1, 2));
	assert_true(m->generation[PART_FRAMES] > before);
}

/* ---- whole histories ---- */

static struct event random_step(uint64_t *seed)
{
	enum event_table t = (enum event_table)(1 + rng_below(seed, EVENT_TABLES - 1));
	struct event e = row_of(t, rng_below(seed, 60));
	switch (rng_below(seed, 12)) {
	case 0:
		return make_mark(t, false);
	case 1:
		return make_mark(t, true);
	case 2:
		return make_frame(rng_below(seed, 1000), 1 + rng_below(seed, 9), 2,
			1 + rng_below(seed, 2), (uint32_t)rng_next(seed), (uint32_t)rng_next(seed));
	case 3:
		return make_drops(
			(int32_t)rng_below(seed, 9), rng_below(seed, 99), rng_below(seed, 9));
	case 4:
		return make_hello(1 + rng_below(seed, 2));
	case 5:
		return make_file(rng_below(seed, 99), rng_below(seed, 2), rng_below(seed, 2));
	case 6:
	case 7:
		return gone(e);
	default:
		return e;
	}
}

/* Every row of one is the row of the other; marks aside, which only count dumps. */
static void assert_same_model(const struct model *a, const struct model *b)
{
	for (enum event_table t = TABLE_LINKS; t < EVENT_TABLES; t++)
		assert_int_equal(rows_of(a, t), rows_of(b, t));
	for (size_t i = 0; i < a->link_count; i++)
		assert_memory_equal(&a->links[i].link, &b->links[i].link, sizeof a->links->link);
	for (size_t i = 0; i < a->addr_count; i++)
		assert_memory_equal(&a->addrs[i].addr, &b->addrs[i].addr, sizeof a->addrs->addr);
	for (size_t i = 0; i < a->route_count; i++)
		assert_memory_equal(
			&a->routes[i].route, &b->routes[i].route, sizeof a->routes->route);
	for (size_t i = 0; i < a->conf_count; i++) {
		assert_int_equal(a->confs[i].ifindex, b->confs[i].ifindex);
		assert_true(a->confs[i].known == b->confs[i].known);
	}
	for (size_t i = 0; i < a->change_count; i++)
		assert_memory_equal(&a->changes[i], &b->changes[i], sizeof *a->changes);
	for (uint32_t i = 0; i < a->neighs.count; i++) {
		const struct neigh_entry *n = &a->neighs.entries[i];
		const struct neigh_entry *other = neighs_find(&b->neighs, n->ifindex, n->ip);
		assert_non_null(other);
		assert_int_equal(other->state, n->state);
	}
}

static void the_same_stream_gives_the_same_model(void **state)
{
	(void)state;
	struct model a, b;
	uint64_t seed = 42, twin = 42;
	model_init(&a, RING);
	model_init(&b, RING);
	for (int i = 0; i < 100000; i++) {
		apply(&a, random_step(&seed));
		apply(&b, random_step(&twin));
		if (i % 5000 == 0)
			assert_same_model(&a, &b);
	}
	assert_same_model(&a, &b);
	assert_memory_equal(a.generation, b.generation, sizeof a.generation);
	assert_true(model_dropped(&a) == model_dropped(&b));
	model_done(&a);
	model_done(&b);
}

/* The kernel dumps tables in one order and tells of changes in another. */
static void the_order_in_which_rows_are_named_does_not_matter(void **state)
{
	(void)state;
	static const enum event_table tables[] = { TABLE_LINKS, TABLE_ADDRS, TABLE_ROUTES,
		TABLE_NEIGHS, TABLE_SYSCTLS, TABLE_CHANGES };
	uint64_t seed = 43;
	struct model forward;
	model_init(&forward, 4096);
	struct event rows[6 * 30];
	size_t count = 0;
	for (size_t t = 0; t < 6; t++)
		for (uint32_t i = 0; i < 30; i++)
			rows[count++] = row_of(tables[t], i);
	for (size_t i = 0; i < count; i++)
		apply(&forward, rows[i]);
	for (int round = 0; round < 100; round++) {
		struct model shuffled;
		model_init(&shuffled, 4096);
		for (size_t i = count; i-- > 1;) {
			size_t k = rng_below(&seed, (uint32_t)(i + 1));
			struct event swap = rows[i];
			rows[i] = rows[k];
			rows[k] = swap;
		}
		for (size_t i = 0; i < count; i++)
			apply(&shuffled, rows[i]);
		assert_same_model(&forward, &shuffled);
		model_done(&shuffled);
	}
	model_done(&forward);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hello_says_who_helps_and_where),
		TEST(links_stand_in_the_order_of_their_indices),
		TEST(a_link_that_changes_keeps_its_captures_and_counters),
		TEST(addresses_stand_in_the_kernels_order),
		TEST(one_address_with_two_prefixes_is_two_rows),
		TEST(routes_are_told_apart_by_more_than_their_target),
		TEST(equal_routes_stand_where_the_kernel_put_them),
		TEST(a_dump_gives_equal_routes_its_order),
		TEST(routes_that_differ_in_what_is_not_shown_are_two),
		TEST(routes_to_one_network_stand_in_the_order_of_lookups),
		TEST(rules_stand_by_priority_and_then_as_they_came),
		TEST(neighbours_come_change_and_go),
		TEST(proxy_neighbours_are_no_entries),
		TEST(sysctls_stand_as_they_are_shown_and_can_be_absent),
		TEST(names_lead_to_all_default_and_interfaces),
		TEST(the_one_who_decides_is_the_one_that_matters),
		TEST(an_effective_value_needs_the_values_it_is_made_of),
		TEST(the_journal_stands_in_order_without_what_was_put_back),
		TEST(frames_are_kept_and_counted_by_interface),
		TEST(live_frames_never_reset_the_ring),
		TEST(a_window_of_a_file_takes_the_place_of_the_one_before),
		TEST(frames_of_a_pipe_never_reset_the_ring),
		TEST(drops_add_up_over_captures_that_were_opened_anew),
		TEST(captures_and_drops_of_unknown_links_are_nothing),
		TEST(the_last_notes_are_kept),
		TEST(done_and_bye_are_remembered),
		TEST(only_the_clock_sets_the_time_back),
		TEST(own_macs_are_known),
		TEST(a_dump_sweeps_exactly_what_it_did_not_name),
		TEST(a_dump_touches_no_other_table),
		TEST(an_end_without_its_beginning_does_nothing),
		TEST(what_comes_or_goes_during_a_dump_is_right),
		TEST(a_fresh_dump_after_a_loss_is_counted),
		TEST(the_model_is_ready_when_all_that_counts_was_dumped),
		TEST(marks_may_go_round),
		TEST(a_link_that_goes_takes_along_what_hangs_on_it),
		TEST(a_link_that_a_dump_does_not_name_takes_it_along_too),
		TEST(every_change_of_a_table_shows_in_its_generation),
		TEST(the_same_stream_gives_the_same_model),
		TEST(the_order_in_which_rows_are_named_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
