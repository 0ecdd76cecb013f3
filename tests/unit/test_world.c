/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what happens in a lab is known of the machine it happened on, and of the LAN once. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"

static struct topology topology;
static struct world world;

/* Nothing but the helper's hello. */
static int empty(void **state)
{
	(void)state;
	lab_topology(&topology);
	world_init(&world, 1 << 16);
	lab_say(&world, 0, make_hello(SCOPE_LAB));
	return 0;
}

static int built(void **state)
{
	empty(state);
	lab_build(&world, &topology);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_done(&world);
	return 0;
}

static void name(uint16_t node, const char *called)
{
	struct event e = make(EVENT_NODE, 1);
	e.machine.number = node;
	text_copy(e.machine.name, sizeof e.machine.name, called);
	lab_say(&world, node, e);
}

static uint64_t frames_of(uint16_t node)
{
	return world_machine(&world, node)->frames.count;
}

static const struct event *lan_frame(uint64_t position)
{
	return frames_at(&world_machine(&world, 0)->frames, position);
}

/* ---- machines ---- */

static void at_first_there_is_the_lan_alone(void **state)
{
	(void)state;
	assert_int_equal(world.count, 0);
	assert_non_null(world_machine(&world, 0));
	assert_string_equal(world_name(&world, 0), "");
	for (uint16_t node = 1; node <= NODES_MAX; node++)
		assert_null(world_machine(&world, node));
	assert_null(world_machine(&world, NODES_MAX + 1));
	assert_null(world_machine(&world, UINT16_MAX));
	assert_int_equal(world_node(&world, ""), 0);
	assert_false(world_ready(&world));
}

static void machines_go_by_their_names(void **state)
{
	(void)state;
	assert_int_equal(world.count, 4);
	for (uint16_t node = 1; node <= 4; node++) {
		const char *called = topology.nodes[node - 1].name;
		assert_string_equal(world_name(&world, node), called);
		assert_int_equal(world_node(&world, called), node);
		assert_string_equal(world_machine(&world, node)->hello.host, called);
		assert_int_equal(world_machine(&world, node)->hello.scope, SCOPE_LAB);
		assert_ptr_equal(world_machine(&world, node)->world, &world);
	}
	assert_string_equal(world_name(&world, 5), "");
	assert_string_equal(world_name(&world, NODES_MAX), "");
	assert_string_equal(world_name(&world, NODES_MAX + 1), "");
	assert_string_equal(world_name(&world, UINT16_MAX), "");
	assert_int_equal(world_node(&world, "rs3"), 0);
	assert_int_equal(world_node(&world, ""), 0);
}

static void there_may_be_as_many_as_a_topology_allows(void **state)
{
	(void)state;
	char called[] = "a0";
	for (uint16_t node = 1; node <= NODES_MAX; node++) {
		called[0] = (char)('a' + node / 8);
		called[1] = (char)('0' + node % 8);
		name(node, called);
		assert_int_equal(world.count, node);
		assert_int_equal(world_node(&world, called), node);
	}
	lab_say(&world, NODES_MAX, make_link(2, "eth0"));
	assert_non_null(model_link(world_machine(&world, NODES_MAX), 2));
}

static void a_number_that_would_leave_a_gap_is_passed_over(void **state)
{
	(void)state;
	name(2, "b");
	assert_int_equal(world.count, 0);
	assert_null(world_machine(&world, 2));
	assert_string_equal(world_name(&world, 2), "");
	name(1, "a");
	name(3, "c");
	assert_int_equal(world.count, 1);
	name(2, "b");
	name(3, "c");
	assert_int_equal(world.count, 3);
	assert_int_equal(world_node(&world, "c"), 3);
}

static void a_machine_that_is_named_again_begins_anew(void **state)
{
	(void)state;
	lab_asks(&world, RS1, 0, LAB_VIP, LAB_RS1);
	assert_int_equal(frames_of(RS1), 1);
	name(RS1, "gateway");
	assert_int_equal(world.count, 4);
	assert_string_equal(world_name(&world, RS1), "gateway");
	assert_int_equal(world_node(&world, "rs1"), 0);
	assert_int_equal(world_node(&world, "gateway"), RS1);
	assert_int_equal(world_machine(&world, RS1)->link_count, 0);
	assert_int_equal(frames_of(RS1), 0);
	assert_false(world_ready(&world));
	assert_int_equal(world_machine(&world, RS2)->link_count, 2);
	lab_dump(&world, &topology, RS1);
	assert_true(world_ready(&world));
}

static void what_happens_on_a_machine_is_known_of_that_one_alone(void **state)
{
	(void)state;
	size_t key = (size_t)sysctl_find("arp_ignore");
	uint32_t ip = ip4(192, 168, 2, 9);
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	lab_neigh(&world, RS1, ip, NUD_REACHABLE, CLIENT);
	lab_say(&world, RS1, make_note(1, "a sentence"));
	for (uint16_t node = 0; node <= 4; node++) {
		const struct model *m = world_machine(&world, node);
		int32_t value = 0;
		model_sysctl(m, CONF_ALL, key, &value);
		assert_int_equal(value, node == RS1);
		assert_int_equal(neighs_find(&m->neighs, 2, ip) != NULL, node == RS1);
		assert_int_equal(m->note_count, node == RS1);
	}
}

static void what_is_told_of_a_machine_that_is_not_there_is_passed_over(void **state)
{
	(void)state;
	uint64_t frames = frames_of(0), tried = world.tried_total;
	for (uint16_t node = 5; node <= NODES_MAX; node++) {
		lab_say(&world, node, make_link(2, "eth0"));
		lab_say(&world, node, make_mark(TABLE_LINKS, false));
		lab_say(&world, node, lab_frame(CLIENT, 0, ARP_OP_REQUEST, LAB_CLIENT, LAB_VIP));
		lab_pinged(&world, node, LAB_VIP, 1, 1);
		assert_null(world_machine(&world, node));
	}
	assert_int_equal(world.count, 4);
	assert_int_equal(frames_of(0), frames);
	assert_int_equal(world.tried_total, tried);
	assert_true(world_ready(&world));
}

/* ---- frames ---- */

static void the_lan_has_each_frame_once_and_as_it_was_sent(void **state)
{
	(void)state;
	struct event sent = lab_frame(CLIENT, 0, ARP_OP_REQUEST, LAB_CLIENT, LAB_VIP);
	struct event arrived = sent;
	arrived.flags = 0;
	sent.frame.ifindex = 7;
	lab_say(&world, CLIENT, sent);
	for (uint16_t node = DIRECTOR; node <= RS2; node++)
		lab_say(&world, node, arrived);
	assert_int_equal(frames_of(0), 1);
	for (uint16_t node = CLIENT; node <= RS2; node++)
		assert_int_equal(frames_of(node), 1);
	assert_int_equal(lan_frame(0)->node, CLIENT);
	assert_int_equal(lan_frame(0)->frame.ifindex, 7);
	assert_true(lan_frame(0)->flags & EVENT_SENT);
	assert_memory_equal(lan_frame(0)->frame.bytes, sent.frame.bytes, sent.frame.caplen);
}

static void the_lan_has_frames_in_the_order_they_are_told(void **state)
{
	(void)state;
	static const uint16_t senders[] = { RS2, CLIENT, RS1, RS1, DIRECTOR, CLIENT };
	size_t count = sizeof senders / sizeof *senders;
	for (size_t i = 0; i < count; i++) {
		struct event e = lab_frame(senders[i], 0, ARP_OP_REQUEST, LAB_CLIENT, LAB_VIP);
		e.at_ns = 5000 + i;
		lab_say(&world, senders[i], e);
	}
	assert_int_equal(frames_of(0), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(lan_frame(i)->node, senders[i]);
		assert_int_equal(lan_frame(i)->at_ns, 5000 + i);
	}
}

/* What the host sends is machine 0's in any case: it must not be there twice. */
static void a_frame_of_the_host_counts_once_whoever_sent_it(void **state)
{
	(void)state;
	struct event e = lab_frame(CLIENT, 0, ARP_OP_REQUEST, LAB_CLIENT, LAB_VIP);
	lab_say(&world, 0, e);
	assert_int_equal(frames_of(0), 1);
	e.flags = 0;
	lab_say(&world, 0, e);
	assert_int_equal(frames_of(0), 2);
}

/* ---- the lab comes and goes ---- */

static void a_lab_is_ready_when_it_stands_and_all_is_named(void **state)
{
	(void)state;
	lab_state(&world, LAB_GONE);
	for (uint16_t node = 1; node <= 4; node++)
		name(node, topology.nodes[node - 1].name);
	for (uint16_t node = 1; node < 4; node++)
		lab_dump(&world, &topology, node);
	assert_false(world_ready(&world));
	lab_state(&world, LAB_UP);
	assert_false(world_ready(&world)); /* The last machine's tables are still to come. */
	lab_dump(&world, &topology, 4);
	assert_true(world_ready(&world));
	lab_say(&world, 4, make_mark(TABLE_NEIGHS, false));
	lab_say(&world, 4, make_mark(TABLE_NEIGHS, true));
	assert_true(world_ready(&world));
	lab_state(&world, LAB_GONE);
	assert_false(world_ready(&world));
}

static void tables_named_without_a_lab_that_stands_are_not_ready(void **state)
{
	(void)state;
	for (uint16_t node = 1; node <= 4; node++) {
		name(node, topology.nodes[node - 1].name);
		lab_dump(&world, &topology, node);
	}
	assert_false(world_ready(&world));
	lab_state(&world, LAB_UP);
	assert_true(world_ready(&world));
}

static void a_lab_that_is_gone_leaves_nothing_for_the_next(void **state)
{
	(void)state;
	lab_asks(&world, CLIENT, 0, LAB_VIP, LAB_CLIENT);
	lab_pinged(&world, CLIENT, LAB_VIP, 1, 1);
	uint64_t shown = world_machine(&world, 0)->generation[PART_FRAMES];
	uint64_t tried = world.tried_total;
	lab_state(&world, LAB_GONE);
	assert_int_equal(world.lab.state, LAB_GONE);
	assert_int_equal(world.count, 0);
	assert_null(world_machine(&world, CLIENT));
	assert_int_equal(world_node(&world, "client"), 0);
	assert_string_equal(world_name(&world, CLIENT), "");
	assert_int_equal(frames_of(0), 0);
	assert_true(world_machine(&world, 0)->generation[PART_FRAMES] > shown);
	assert_null(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, 0));
	assert_int_equal(world.tried_total, tried);
	assert_int_equal(world_machine(&world, 0)->hello.scope, SCOPE_LAB);
	lab_build(&world, &topology);
	assert_true(world_ready(&world));
	assert_null(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, 0));
	lab_asks(&world, RS1, 0, LAB_VIP, LAB_RS1);
	assert_int_equal(lan_frame(0)->node, RS1);
	lab_pinged(&world, CLIENT, LAB_VIP, 2, 2);
	assert_int_equal(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, 0)->sent, 2);
}

static void a_lab_that_failed_has_no_machines(void **state)
{
	(void)state;
	struct event e = make(EVENT_LAB, 1);
	e.lab.state = LAB_FAILED;
	text_copy(e.lab.text, sizeof e.lab.text, "there are no bridges");
	lab_asks(&world, CLIENT, 0, LAB_VIP, LAB_CLIENT);
	lab_say(&world, 0, e);
	assert_int_equal(world.count, 0);
	assert_null(world_machine(&world, CLIENT));
	assert_false(world_ready(&world));
	assert_string_equal(world.lab.text, "there are no bridges");
	assert_int_equal(frames_of(0), 1); /* They are what the person may look at. */
}

static void stages_are_kept_as_they_were_told_last(void **state)
{
	(void)state;
	for (uint32_t stage = 1; stage < LAB_STAGES; stage++) {
		assert_int_equal(world.stages[stage].stage, 0);
		struct event e = make(EVENT_STAGE, 1);
		e.stage = (struct stage) { .stage = stage, .error = -1, .needed = 1 };
		lab_say(&world, 0, e);
		assert_int_equal(world.stages[stage].error, -1);
		e.stage.error = 0;
		lab_say(&world, 0, e);
		assert_int_equal(world.stages[stage].stage, stage);
		assert_int_equal(world.stages[stage].error, 0);
	}
	lab_state(&world, LAB_GONE);
	assert_int_equal(world.stages[STAGE_PING].stage, STAGE_PING);
}

static void every_change_is_counted_but_frames(void **state)
{
	(void)state;
	uint64_t changes = world.changes;
	lab_asks(&world, CLIENT, 0, LAB_VIP, LAB_CLIENT);
	assert_int_equal(world.changes, changes);
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	lab_pinged(&world, RS1, LAB_VIP, 1, 1);
	lab_state(&world, LAB_GONE);
	assert_int_equal(world.changes, changes + 3);
}

static void all_machines_have_one_clock(void **state)
{
	(void)state;
	lab_say(&world, RS1, make_note(9000, "late"));
	for (uint16_t node = 0; node <= 4; node++)
		assert_int_equal(world_machine(&world, node)->now_ns, 9000);
	lab_say(&world, RS2, make_note(8000, "said after it"));
	for (uint16_t node = 0; node <= 4; node++)
		assert_int_equal(world_machine(&world, node)->now_ns, 9000);
	world_set_time(&world, 3000); /* Set back. */
	for (uint16_t node = 0; node <= 4; node++)
		assert_int_equal(world_machine(&world, node)->now_ns, 3000);
	name(5, "late");
	assert_int_equal(world_machine(&world, 5)->now_ns, 3000);
}

/* ---- owners ---- */

static void a_mac_is_of_the_machine_that_has_it_now(void **state)
{
	(void)state;
	uint8_t mac[6];
	for (uint16_t node = 1; node <= 4; node++) {
		topology_mac(node, 0, mac);
		assert_int_equal(world_mac_owner(&world, mac), node);
	}
	topology_mac(RS1, 1, mac);
	assert_int_equal(world_mac_owner(&world, mac), RS1);
	topology_mac(RS2, 1, mac);
	assert_int_equal(world_mac_owner(&world, mac), 0);
	struct event e = make_link(2, "eth0");
	memcpy(e.link.mac, mac, sizeof mac);
	lab_say(&world, RS2, e);
	assert_int_equal(world_mac_owner(&world, mac), RS2);
	topology_mac(RS2, 0, mac);
	assert_int_equal(world_mac_owner(&world, mac), 0);
}

static void an_address_may_be_of_many_machines(void **state)
{
	(void)state;
	uint16_t owners[NODES_MAX] = { 99, 99, 99, 99 };
	assert_int_equal(world_ip_owners(&world, LAB_VIP, owners, NODES_MAX), 3);
	assert_int_equal(owners[0], DIRECTOR);
	assert_int_equal(owners[1], RS1);
	assert_int_equal(owners[2], RS2);
	assert_int_equal(owners[3], 99);
	assert_int_equal(world_ip_owners(&world, LAB_CLIENT, owners, NODES_MAX), 1);
	assert_int_equal(owners[0], CLIENT);
	assert_int_equal(world_ip_owners(&world, ip4(9, 9, 9, 9), owners, NODES_MAX), 0);
}

static void owners_are_counted_also_without_room_for_them(void **state)
{
	(void)state;
	uint16_t owners[2] = { 99, 99 };
	assert_int_equal(world_ip_owners(&world, LAB_VIP, owners, 1), 3);
	assert_int_equal(owners[0], DIRECTOR);
	assert_int_equal(owners[1], 99);
	assert_int_equal(world_ip_owners(&world, LAB_VIP, NULL, 0), 3);
}

/* ---- what was tried ---- */

static void the_newest_result_is_found_by_machine_kind_and_address(void **state)
{
	(void)state;
	struct event e = make(EVENT_TRIED, 1);
	e.tried = (struct tried) { .kind = ACTION_ARPING, .ip = LAB_VIP, .sent = 7 };
	lab_pinged(&world, CLIENT, LAB_VIP, 1, 1);
	lab_pinged(&world, CLIENT, LAB_VIP, 2, 2);
	lab_pinged(&world, RS1, LAB_VIP, 3, 3);
	lab_pinged(&world, CLIENT, LAB_RS1, 4, 4);
	lab_say(&world, CLIENT, e);
	assert_int_equal(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, 0)->sent, 2);
	assert_int_equal(world_tried(&world, RS1, ACTION_PING, LAB_VIP, 0)->sent, 3);
	assert_int_equal(world_tried(&world, CLIENT, ACTION_PING, LAB_RS1, 0)->sent, 4);
	assert_int_equal(world_tried(&world, CLIENT, ACTION_ARPING, LAB_VIP, 0)->sent, 7);
	assert_null(world_tried(&world, RS2, ACTION_PING, LAB_VIP, 0));
	assert_null(world_tried(&world, CLIENT, ACTION_UDP, LAB_VIP, 0));
	assert_null(world_tried(&world, CLIENT, ACTION_PING, LAB_CLIENT, 0));
}

static void only_results_since_a_mark_are_found(void **state)
{
	(void)state;
	lab_pinged(&world, CLIENT, LAB_VIP, 1, 1);
	uint64_t mark = world.tried_total;
	assert_null(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, mark));
	assert_non_null(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, mark - 1));
	lab_pinged(&world, CLIENT, LAB_VIP, 2, 2);
	assert_int_equal(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, mark)->sent, 2);
	assert_null(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, mark + 1));
	assert_null(world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, UINT64_MAX));
}

static void the_oldest_results_give_way(void **state)
{
	(void)state;
	lab_pinged(&world, RS1, LAB_VIP, 1, 1);
	for (uint32_t i = 1; i < WORLD_TRIED; i++)
		lab_pinged(&world, CLIENT, LAB_VIP, i, i);
	assert_non_null(world_tried(&world, RS1, ACTION_PING, LAB_VIP, 0));
	lab_pinged(&world, RS2, LAB_VIP, 9, 9);
	assert_null(world_tried(&world, RS1, ACTION_PING, LAB_VIP, 0));
	assert_int_equal(
		world_tried(&world, CLIENT, ACTION_PING, LAB_VIP, 0)->sent, WORLD_TRIED - 1);
	assert_int_equal(world_tried(&world, RS2, ACTION_PING, LAB_VIP, 0)->sent, 9);
	for (uint32_t i = 0; i < 3 * WORLD_TRIED; i++)
		lab_pinged(&world, DIRECTOR, LAB_VIP, i, i);
	assert_int_equal(world.tried_total, 4 * WORLD_TRIED + 1);
	assert_null(world_tried(&world, RS2, ACTION_PING, LAB_VIP, 0));
	assert_int_equal(
		world_tried(&world, DIRECTOR, ACTION_PING, LAB_VIP, 0)->sent, 3 * WORLD_TRIED - 1);
}

#define EMPTY(promise) cmocka_unit_test_setup_teardown(promise, empty, tear_down)
#define BUILT(promise) cmocka_unit_test_setup_teardown(promise, built, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMPTY(at_first_there_is_the_lan_alone),
		BUILT(machines_go_by_their_names),
		EMPTY(there_may_be_as_many_as_a_topology_allows),
		EMPTY(a_number_that_would_leave_a_gap_is_passed_over),
		BUILT(a_machine_that_is_named_again_begins_anew),
		BUILT(what_happens_on_a_machine_is_known_of_that_one_alone),
		BUILT(what_is_told_of_a_machine_that_is_not_there_is_passed_over),
		BUILT(the_lan_has_each_frame_once_and_as_it_was_sent),
		BUILT(the_lan_has_frames_in_the_order_they_are_told),
		EMPTY(a_frame_of_the_host_counts_once_whoever_sent_it),
		BUILT(a_lab_is_ready_when_it_stands_and_all_is_named),
		EMPTY(tables_named_without_a_lab_that_stands_are_not_ready),
		BUILT(a_lab_that_is_gone_leaves_nothing_for_the_next),
		BUILT(a_lab_that_failed_has_no_machines),
		EMPTY(stages_are_kept_as_they_were_told_last),
		BUILT(every_change_is_counted_but_frames),
		BUILT(all_machines_have_one_clock),
		BUILT(a_mac_is_of_the_machine_that_has_it_now),
		BUILT(an_address_may_be_of_many_machines),
		BUILT(owners_are_counted_also_without_room_for_them),
		BUILT(the_newest_result_is_found_by_machine_kind_and_address),
		BUILT(only_results_since_a_mark_are_found),
		BUILT(the_oldest_results_give_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
