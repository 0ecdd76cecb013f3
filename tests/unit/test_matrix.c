/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: who is believed to be where: whose MAC each cache has for an address, now and then. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arplab/matrix.h>

#include "past.h"

#define T0 (10 * NS_PER_S)

static struct scene s;
static struct matrix x;

/* Machines 2 and 3 hold the VIP; 1 asks for it. */
static int begins(void **state)
{
	(void)state;
	lab_scene(&s, 4);
	say(&s, 2, 2 * NS_PER_S, make_addr(2, VIP, 0));
	say(&s, 3, 2 * NS_PER_S, make_addr(1, VIP, 0));
	world_set_time(&s.w, T0);
	past_settle(s.p, &s.w);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	past_close(&s);
	return 0;
}

static void now(void)
{
	past_settle(s.p, &s.w);
	assert_true(matrix_make(&x, &s.w, s.p, MATRIX_NOW));
}

static void when(uint64_t position)
{
	past_settle(s.p, &s.w);
	assert_true(matrix_make(&x, &s.w, s.p, position));
}

/* What a machine believes of an address, which must have a column. */
static const struct belief *belief(uint16_t node, uint32_t ip)
{
	for (size_t i = 0; i < x.count; i++)
		if (x.ips[i] == ip)
			return matrix_at(&x, node, i);
	fail_msg("the address has no column");
	return NULL;
}

static bool has_column(uint32_t ip)
{
	for (size_t i = 0; i < x.count; i++)
		if (x.ips[i] == ip)
			return true;
	return false;
}

static bool at(const struct belief *b, uint16_t owner)
{
	uint8_t mac[6];
	topology_mac(owner, 0, mac);
	return b->kind == BELIEF_ENTRY && b->has_mac && memcmp(b->mac, mac, 6) == 0;
}

/* ---- columns ---- */

static void shared_addresses_stand_first_and_always(void **state)
{
	(void)state;
	now();
	assert_int_equal(x.count, 1);
	assert_int_equal(x.shared, 1);
	assert_int_equal(x.ips[0], VIP);
	say(&s, 4, T0, entry(LAN_IP(3), NUD_STALE, 3));
	say(&s, 4, T0, entry(LAN_IP(1), NUD_STALE, 1));
	now();
	assert_int_equal(x.count, 3);
	assert_int_equal(x.shared, 1);
	assert_int_equal(x.ips[0], VIP);
	assert_int_equal(x.ips[1], LAN_IP(1));
	assert_int_equal(x.ips[2], LAN_IP(3));
}

static void entries_that_nobody_asked_for_are_no_columns(void **state)
{
	(void)state;
	struct event e = entry(ip4(224, 0, 0, 22), NUD_NOARP, 1);
	e.neigh.mac[0] = 1;
	say(&s, 1, T0, e);
	say(&s, 1, T0, entry(ip4(127, 0, 0, 1), NUD_NOARP, 1));
	now();
	assert_int_equal(x.count, 1);
}

static void addresses_beyond_the_room_are_left_out(void **state)
{
	(void)state;
	unsigned i = 0;
	for (; i < MATRIX_IPS - 1; i++)
		say(&s, 1, T0, entry(ip4(10, 0, 0, i + 1), NUD_STALE, 4));
	now();
	assert_int_equal(x.count, MATRIX_IPS);
	assert_false(x.cut);
	say(&s, 1, T0, entry(ip4(10, 0, 0, i + 1), NUD_STALE, 4));
	now();
	assert_int_equal(x.count, MATRIX_IPS);
	assert_true(x.cut);
}

/* ---- cells ---- */

static void a_cell_says_whose_mac_the_cache_has(void **state)
{
	(void)state;
	say(&s, 1, T0, entry(VIP, NUD_REACHABLE, 2));
	say(&s, 4, T0, entry(VIP, NUD_FAILED, 0));
	now();
	assert_true(at(belief(1, VIP), 2));
	assert_int_equal(belief(1, VIP)->state, NUD_REACHABLE);
	assert_int_equal(belief(2, VIP)->kind, BELIEF_ITSELF);
	assert_int_equal(belief(3, VIP)->kind, BELIEF_ITSELF);
	assert_int_equal(belief(4, VIP)->kind, BELIEF_ENTRY);
	assert_int_equal(belief(4, VIP)->state, NUD_FAILED);
	assert_false(belief(4, VIP)->has_mac);
	say(&s, 4, T0, entry(LAN_IP(1), NUD_STALE, 1));
	now();
	assert_int_equal(belief(3, LAN_IP(1))->kind, BELIEF_NONE);
}

static void of_two_interfaces_the_entry_with_a_mac_is_shown(void **state)
{
	(void)state;
	say(&s, 1, T0, past_link(3, "eth1", (const uint8_t[]) { 2, 0, 0, 0, 1, 1 }));
	struct event e = entry(VIP, NUD_STALE, 3);
	e.neigh.ifindex = 3;
	say(&s, 1, T0, entry(VIP, NUD_FAILED, 0));
	now();
	assert_false(belief(1, VIP)->more);
	say(&s, 1, T0, e);
	now();
	assert_true(at(belief(1, VIP), 3));
	assert_int_equal(belief(1, VIP)->ifindex, 3);
	assert_true(belief(1, VIP)->more);
}

/* ---- flips ---- */

/* 2 answers for the VIP, and later 3 asks with it. Returns the later frame. */
static uint64_t flip(void)
{
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + MS, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + MS + 50 * US, entry(VIP, NUD_REACHABLE, 2));
	uint64_t asked = sent(&s, T0 + NS_PER_S, 3, 0, ARP_OP_REQUEST, VIP, LAN_IP(1));
	say(&s, 1, T0 + NS_PER_S + 50 * US, entry(VIP, NUD_STALE, 3));
	return asked;
}

static void an_entry_that_came_to_another_mac_has_flipped(void **state)
{
	(void)state;
	struct effect e;
	sent(&s, T0 - NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(4));
	uint64_t asked = flip();
	now();
	const struct belief *b = belief(1, VIP);
	assert_true(at(b, 3));
	assert_true(b->flipped);
	assert_int_equal(b->before[5], 2);
	assert_int_equal(b->flipped_ns, T0 + NS_PER_S + ARRIVES_NS);
	assert_true(past_flip(s.p, &s.w, 1, 2, VIP, UINT64_MAX, &e));
	assert_true(e.caused);
	assert_int_equal(e.position, asked);
}

/* States come and go, and so does the entry: what comes next is compared with what was. */
static void a_flip_outlasts_changes_of_state_and_a_flush(void **state)
{
	(void)state;
	struct effect e;
	uint64_t asked = flip();
	say(&s, 1, T0 + 2 * NS_PER_S, entry(VIP, NUD_DELAY, 3));
	say(&s, 1, T0 + 3 * NS_PER_S, entry(VIP, NUD_PROBE, 3));
	now();
	assert_true(belief(1, VIP)->flipped);
	assert_true(past_flip(s.p, &s.w, 1, 2, VIP, UINT64_MAX, &e));
	assert_int_equal(e.position, asked);
	say(&s, 1, T0 + 4 * NS_PER_S, entry(VIP, NUD_FAILED, 0));
	now();
	assert_false(belief(1, VIP)->flipped);
	struct event gone = entry(VIP, NUD_FAILED, 0);
	gone.flags |= EVENT_GONE;
	say(&s, 1, T0 + 5 * NS_PER_S, gone);
	say(&s, 1, T0 + 6 * NS_PER_S, entry(VIP, NUD_REACHABLE, 2));
	now();
	assert_true(belief(1, VIP)->flipped);
	assert_int_equal(belief(1, VIP)->before[5], 3);
	assert_int_equal(belief(1, VIP)->flipped_ns, T0 + 6 * NS_PER_S);
}

static void the_first_mac_is_no_flip(void **state)
{
	(void)state;
	struct effect e;
	say(&s, 1, T0, entry(VIP, NUD_INCOMPLETE, 0));
	say(&s, 1, T0 + MS, entry(VIP, NUD_REACHABLE, 2));
	say(&s, 1, T0 + NS_PER_S, entry(VIP, NUD_STALE, 2));
	now();
	assert_false(belief(1, VIP)->flipped);
	assert_false(past_flip(s.p, &s.w, 1, 2, VIP, UINT64_MAX, &e));
	assert_false(past_flip(s.p, &s.w, 9, 2, VIP, UINT64_MAX, &e));
}

/* ---- then ---- */

static void a_frame_shows_the_caches_of_its_moment(void **state)
{
	(void)state;
	uint64_t last = flip(), first = last - 2;
	say(&s, 1, T0 + 2 * NS_PER_S, entry(VIP, NUD_FAILED, 0));
	world_set_time(&s.w, T0 + 20 * NS_PER_S);
	when(first);
	assert_int_equal(x.at_ns, T0);
	assert_int_equal(belief(1, VIP)->state, NUD_INCOMPLETE);
	when(first + 1);
	assert_true(at(belief(1, VIP), 2));
	assert_false(belief(1, VIP)->flipped);
	when(last);
	assert_true(at(belief(1, VIP), 3));
	assert_true(belief(1, VIP)->flipped);
	now();
	assert_int_equal(belief(1, VIP)->state, NUD_FAILED);
}

/* The address of a machine is that of the moment, too. */
static void who_has_it_itself_is_of_the_moment(void **state)
{
	(void)state;
	uint64_t then = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	struct event gone = make_addr(2, VIP, 0);
	gone.flags |= EVENT_GONE;
	say(&s, 2, T0 + NS_PER_S, gone);
	say(&s, 4, T0 + NS_PER_S, make_addr(2, VIP, 0));
	world_set_time(&s.w, T0 + 5 * NS_PER_S);
	when(then);
	assert_int_equal(belief(2, VIP)->kind, BELIEF_ITSELF);
	assert_int_equal(belief(4, VIP)->kind, BELIEF_NONE);
	now();
	assert_int_equal(belief(2, VIP)->kind, BELIEF_NONE);
	assert_int_equal(belief(4, VIP)->kind, BELIEF_ITSELF);
}

static void what_is_gone_now_had_a_column_then(void **state)
{
	(void)state;
	say(&s, 1, T0, entry(LAN_IP(4), NUD_STALE, 4));
	uint64_t then = sent(&s, T0 + NS_PER_S, 2, 0, ARP_OP_REQUEST, LAN_IP(2), LAN_IP(3));
	struct event gone = entry(LAN_IP(4), NUD_STALE, 4);
	gone.flags |= EVENT_GONE;
	say(&s, 1, T0 + 2 * NS_PER_S, gone);
	world_set_time(&s.w, T0 + 5 * NS_PER_S);
	now();
	assert_false(has_column(LAN_IP(4)));
	when(then);
	assert_true(at(belief(1, LAN_IP(4)), 4));
}

static void a_frame_that_is_gone_has_no_moment(void **state)
{
	(void)state;
	assert_false(matrix_make(&x, &s.w, s.p, 12345));
	assert_false(matrix_make(&x, &s.w, NULL, 0));
	assert_true(matrix_make(&x, &s.w, NULL, MATRIX_NOW));
	assert_int_equal(x.ips[0], VIP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			shared_addresses_stand_first_and_always, begins, ends),
		cmocka_unit_test_setup_teardown(
			entries_that_nobody_asked_for_are_no_columns, begins, ends),
		cmocka_unit_test_setup_teardown(
			addresses_beyond_the_room_are_left_out, begins, ends),
		cmocka_unit_test_setup_teardown(a_cell_says_whose_mac_the_cache_has, begins, ends),
		cmocka_unit_test_setup_teardown(
			of_two_interfaces_the_entry_with_a_mac_is_shown, begins, ends),
		cmocka_unit_test_setup_teardown(
			an_entry_that_came_to_another_mac_has_flipped, begins, ends),
		cmocka_unit_test_setup_teardown(
			a_flip_outlasts_changes_of_state_and_a_flush, begins, ends),
		cmocka_unit_test_setup_teardown(the_first_mac_is_no_flip, begins, ends),
		cmocka_unit_test_setup_teardown(
			a_frame_shows_the_caches_of_its_moment, begins, ends),
		cmocka_unit_test_setup_teardown(who_has_it_itself_is_of_the_moment, begins, ends),
		cmocka_unit_test_setup_teardown(what_is_gone_now_had_a_column_then, begins, ends),
		cmocka_unit_test_setup_teardown(a_frame_that_is_gone_has_no_moment, begins, ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
