/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: an entry of a neighbour table is known as it was just before a frame. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past.h"

static struct scene s;

static int host_begins(void **state)
{
	(void)state;
	host_scene(&s);
	return 0;
}

static int lab_begins(void **state)
{
	(void)state;
	lab_scene(&s, 3);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	past_close(&s);
	return 0;
}

#define T0 (10 * NS_PER_S)

static struct known known;

static bool knows(uint16_t node, uint32_t ip, uint64_t at_ns)
{
	return past_known(s.p, &s.w, node, 2, ip, at_ns, &known);
}

static uint16_t state_at(uint16_t node, uint32_t ip, uint64_t at_ns)
{
	assert_true(knows(node, ip, at_ns));
	return known.state;
}

static void what_the_first_dump_names_is_no_change(void **state)
{
	(void)state;
	past_open(&s, SCOPE_HOST);
	mark(&s, 0, NS_PER_S, TABLE_NEIGHS, false);
	struct event e = named(entry(VIP, NUD_STALE, 2));
	e.neigh.updated_ms = 500;
	say(&s, 0, NS_PER_S, e);
	assert_false(knows(0, VIP, NS_PER_S));
	mark(&s, 0, NS_PER_S + MS, TABLE_NEIGHS, true);
	struct effect effect;
	assert_false(past_cause(s.p, &s.w, 0, 2, VIP, &effect));
	assert_int_equal(state_at(0, VIP, NS_PER_S + 2 * MS), NUD_STALE);
	assert_true(is_at(&known, 2));
	assert_true(known.age_known);
	assert_int_equal(known.age_ns, 502 * MS);
	past_close(&s);
}

static void nothing_is_known_before_the_table_is(void **state)
{
	(void)state;
	assert_false(knows(0, VIP, NS_PER_S));
	assert_int_equal(state_at(0, VIP, NS_PER_S + MS), 0);
	assert_false(knows(7, VIP, T0));
}

static void an_entry_is_known_as_it_was_at_each_time(void **state)
{
	(void)state;
	say(&s, 0, T0, entry(VIP, NUD_REACHABLE, 1));
	say(&s, 0, T0 + 30 * NS_PER_S, entry(VIP, NUD_STALE, 1));
	say(&s, 0, T0 + 60 * NS_PER_S, entry(VIP, NUD_REACHABLE, 2));
	say(&s, 0, T0 + 90 * NS_PER_S, gone(entry(VIP, 0, 0)));
	assert_int_equal(state_at(0, VIP, T0), 0);
	assert_int_equal(state_at(0, VIP, T0 + 1), NUD_REACHABLE);
	assert_int_equal(known.age_ns, 1);
	assert_int_equal(state_at(0, VIP, T0 + 40 * NS_PER_S), NUD_STALE);
	assert_true(is_at(&known, 1));
	assert_int_equal(known.age_ns, 10 * NS_PER_S);
	assert_int_equal(state_at(0, VIP, T0 + 61 * NS_PER_S), NUD_REACHABLE);
	assert_true(is_at(&known, 2));
	assert_int_equal(state_at(0, VIP, T0 + 91 * NS_PER_S), 0);
	assert_int_equal(state_at(0, LAN_IP(9), T0 + NS_PER_S), 0);
}

static void the_kernels_own_word_on_the_age_counts(void **state)
{
	(void)state;
	say(&s, 0, T0, entry(VIP, NUD_STALE, 1));
	struct event e = entry(VIP, NUD_STALE, 1);
	e.neigh.updated_ms = 2000; /* It was DELAY in between, of which nothing was told. */
	say(&s, 0, T0 + 10 * NS_PER_S, e);
	assert_int_equal(state_at(0, VIP, T0 + 11 * NS_PER_S), NUD_STALE);
	assert_int_equal(known.age_ns, 3 * NS_PER_S);
	assert_int_equal(state_at(0, VIP, T0 + NS_PER_S), NUD_STALE);
	assert_int_equal(known.age_ns, NS_PER_S);
}

/* Two machines answer for one address; the news of the first answer come after both. */
static void of_two_replies_the_first_makes_the_entry(void **state)
{
	(void)state;
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 50 * US, 3, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	sent(&s, T0 + 59 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + 150 * US, entry(VIP, NUD_REACHABLE, 3));
	assert_int_equal(state_at(1, VIP, T0), 0);
	assert_int_equal(state_at(1, VIP, T0 + 50 * US + ARRIVES_NS), NUD_INCOMPLETE);
	assert_int_equal(known.age_ns, 50 * US + ARRIVES_NS);
	assert_int_equal(state_at(1, VIP, T0 + 59 * US + ARRIVES_NS), NUD_REACHABLE);
	assert_true(is_at(&known, 3));
	assert_true(known.age_known);
	assert_int_equal(known.age_ns, 9 * US);
}

/* Both change the entry where nothing protects it; the news have one stamp. */
static void changes_read_in_one_go_are_told_apart_by_their_frames(void **state)
{
	(void)state;
	say(&s, 1, NS_PER_S + 2 * MS, make_sysctl(2, "locktime", 0));
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 50 * US, 3, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	sent(&s, T0 + 59 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + 150 * US, entry(VIP, NUD_REACHABLE, 3));
	say(&s, 1, T0 + 150 * US, entry(VIP, NUD_REACHABLE, 2));
	assert_int_equal(state_at(1, VIP, T0 + 59 * US + ARRIVES_NS), NUD_REACHABLE);
	assert_true(is_at(&known, 3));
	assert_int_equal(state_at(1, VIP, T0 + 60 * US + ARRIVES_NS), NUD_REACHABLE);
	assert_true(is_at(&known, 2));
}

/* An entry is made, taken away by hand, and made again: each time by a question of its own. */
static void makes_it_twice(uint64_t made_ns, uint64_t taken_ns, uint64_t made_again_ns)
{
	struct event e = entry(LAN_IP(1), NUD_STALE, 1);
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	sent(&s, T0 + 7 * MS, 1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	say(&s, 2, made_ns, e);
	e.flags |= EVENT_GONE;
	say(&s, 2, taken_ns, e);
	say(&s, 2, made_again_ns, entry(LAN_IP(1), NUD_STALE, 1));
	assert_int_equal(state_at(2, LAN_IP(1), T0 + ARRIVES_NS), 0);
	assert_int_equal(state_at(2, LAN_IP(1), T0 + ARRIVES_NS + 1), NUD_STALE);
	assert_int_equal(state_at(2, LAN_IP(1), T0 + 7 * MS + ARRIVES_NS), 0);
	assert_int_equal(state_at(2, LAN_IP(1), T0 + 7 * MS + ARRIVES_NS + 1), NUD_STALE);
	assert_int_equal(known.age_ns, 1);
}

static void a_frame_makes_an_entry_only_once(void **state)
{
	(void)state;
	makes_it_twice(T0 + 150 * US, T0 + 5 * MS, T0 + 7 * MS + 150 * US);
}

static void what_was_taken_away_was_so_before_it_was_made_again(void **state)
{
	(void)state;
	makes_it_twice(T0 + 8 * MS, T0 + 8 * MS, T0 + 8 * MS);
}

/* The first comes within locktime and is passed over; only the second makes the change. */
static void a_frame_that_the_rules_pass_over_is_no_cause(void **state)
{
	(void)state;
	say(&s, 1, T0, entry(VIP, NUD_REACHABLE, 2));
	past_settle(s.p, &s.w);
	sent(&s, T0 + 960 * MS, 3, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	sent(&s, T0 + 1020 * MS, 3, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + 1021 * MS, entry(VIP, NUD_REACHABLE, 3));
	state_at(1, VIP, T0 + 1010 * MS);
	assert_true(is_at(&known, 2));
	state_at(1, VIP, T0 + 1020 * MS + ARRIVES_NS + 1);
	assert_true(is_at(&known, 3));
}

static void an_entry_that_fails_has_waited_since_it_was_asked_for(void **state)
{
	(void)state;
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 2 * NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	say(&s, 1, T0 + 3 * NS_PER_S, entry(VIP, NUD_FAILED, 0));
	assert_int_equal(state_at(1, VIP, T0), 0);
	assert_int_equal(state_at(1, VIP, T0 + 2500 * MS), NUD_INCOMPLETE);
	assert_int_equal(known.age_ns, 2500 * MS);
	assert_int_equal(state_at(1, VIP, T0 + 4 * NS_PER_S), NUD_FAILED);
	sent(&s, T0 + 5 * NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 5 * NS_PER_S + 20 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + 5 * NS_PER_S + 90 * US, entry(VIP, NUD_REACHABLE, 2));
	assert_int_equal(state_at(1, VIP, T0 + 5 * NS_PER_S), NUD_FAILED);
	assert_int_equal(state_at(1, VIP, T0 + 5 * NS_PER_S + 20 * US), NUD_INCOMPLETE);
}

static void whether_it_waits_is_not_known_at_once(void **state)
{
	(void)state;
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	assert_true(knows(1, VIP, T0));
	assert_false(knows(1, VIP, T0 + 1));
}

static void a_program_that_asks_makes_no_entry(void **state)
{
	(void)state;
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 50 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	assert_false(knows(1, VIP, T0 + 50 * US));
	world_set_time(&s.w, T0 + NS_PER_S);
	assert_int_equal(state_at(1, VIP, T0 + 50 * US), 0);
}

static void a_question_of_a_while_ago_is_no_wait(void **state)
{
	(void)state;
	sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	say(&s, 1, T0 + 20 * NS_PER_S, entry(VIP, NUD_STALE, 2));
	assert_int_equal(state_at(1, VIP, T0 + NS_PER_S), 0);
}

static void of_changes_that_were_forgotten_nothing_is_said(void **state)
{
	(void)state;
	say(&s, 0, T0, entry(VIP, NUD_REACHABLE, 1));
	for (uint32_t i = 0; i < PAST_CHANGES; i++)
		say(&s, 0, T0 + NS_PER_S + i, entry(ip4(10, 0, i >> 8, i & 255), NUD_STALE, 1));
	assert_false(knows(0, VIP, T0));
	assert_false(knows(0, ip4(10, 9, 9, 9), T0 + NS_PER_S - 1));
	assert_int_equal(state_at(0, VIP, T0 + NS_PER_S), NUD_REACHABLE);
	assert_int_equal(state_at(0, ip4(10, 0, 0, 0), T0 + NS_PER_S), 0);
	assert_int_equal(state_at(0, ip4(10, 0, 0, 0), T0 + 2 * NS_PER_S), NUD_STALE);
}

static void while_words_were_lost_nothing_is_known(void **state)
{
	(void)state;
	say(&s, 0, T0, entry(VIP, NUD_REACHABLE, 1));
	say(&s, 0, T0, entry(LAN_IP(5), NUD_REACHABLE, 1));
	mark(&s, 0, T0 + 5 * NS_PER_S, TABLE_NEIGHS, false);
	say(&s, 0, T0 + 5 * NS_PER_S, named(entry(VIP, NUD_STALE, 2)));
	mark(&s, 0, T0 + 6 * NS_PER_S, TABLE_NEIGHS, true);
	assert_int_equal(state_at(0, VIP, T0), 0);
	assert_false(knows(0, VIP, T0 + NS_PER_S));
	assert_int_equal(state_at(0, VIP, T0 + 7 * NS_PER_S), NUD_STALE);
	assert_int_equal(state_at(0, LAN_IP(5), T0 + 7 * NS_PER_S), 0);
	struct effect effect;
	assert_true(past_cause(s.p, &s.w, 0, 2, LAN_IP(5), &effect));
	assert_int_equal(effect.before.state, NUD_REACHABLE);
	assert_int_equal(effect.after.state, 0);
}

static void entries_go_with_their_interface(void **state)
{
	(void)state;
	say(&s, 0, T0, entry(VIP, NUD_REACHABLE, 1));
	say(&s, 0, T0 + NS_PER_S, gone(make_link(2, "eth0")));
	assert_int_equal(state_at(0, VIP, T0 + NS_PER_S), NUD_REACHABLE);
	assert_int_equal(state_at(0, VIP, T0 + NS_PER_S + 1), 0);
}

static void a_machine_that_is_named_again_has_an_empty_table(void **state)
{
	(void)state;
	say(&s, 1, T0, entry(VIP, NUD_REACHABLE, 2));
	name_machine(&s, 1, T0 + NS_PER_S);
	assert_false(knows(1, VIP, T0 + 1));
	assert_int_equal(state_at(1, VIP, T0 + 2 * NS_PER_S), 0);
}

static void proxies_are_no_entries(void **state)
{
	(void)state;
	struct event e = entry(VIP, NUD_PERMANENT, 1);
	e.neigh.flags = NTF_PROXY;
	say(&s, 0, T0, e);
	assert_int_equal(state_at(0, VIP, T0 + 1), 0);
}

/* ---- arrivals ---- */

static const struct event *at(uint16_t node, uint64_t position)
{
	return frames_at(&s.w.machines[node]->frames, position);
}

static void a_frame_of_the_lan_landed_where_it_arrived(void **state)
{
	(void)state;
	const struct event *e = at(0, sent(&s, T0, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1)));
	assert_int_equal(past_landed(s.p, &s.w, 1, e), 2);
	assert_int_equal(past_landed(s.p, &s.w, 2, e), 0);
	assert_int_equal(past_landed(s.p, &s.w, 3, e), 0);
	assert_int_equal(past_landed(s.p, &s.w, 9, e), 0);
}

static void an_arrival_has_the_entry_of_its_sender(void **state)
{
	(void)state;
	struct arrival a;
	say(&s, 1, T0 - NS_PER_S, entry(VIP, NUD_STALE, 3));
	const struct event *e = at(0, sent(&s, T0, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1)));
	past_arrival(s.p, &s.w, 1, 2, e, &a);
	assert_int_equal(a.ifindex, 2);
	assert_int_equal(a.flaw, ARP_SOUND);
	assert_int_equal(a.packet.sip, VIP);
	assert_false(a.known_unknown);
	assert_int_equal(a.known.state, NUD_STALE);
	assert_int_equal(a.known.age_ns, NS_PER_S + ARRIVES_NS);
}

static void a_frame_that_cannot_be_read_arrives_all_the_same(void **state)
{
	(void)state;
	struct arrival a;
	struct event e = arp_frame(2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	e.frame.caplen = 20;
	event_begin(&e, EVENT_FRAME, T0);
	past_arrival(s.p, &s.w, 0, 2, &e, &a);
	assert_int_equal(a.flaw, ARP_SHORT);
	assert_false(a.known_unknown);
}

#define ALONE(test) cmocka_unit_test(test)
#define HOST(test) cmocka_unit_test_setup_teardown(test, host_begins, ends)
#define LAB(test) cmocka_unit_test_setup_teardown(test, lab_begins, ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(what_the_first_dump_names_is_no_change),
		HOST(nothing_is_known_before_the_table_is),
		HOST(an_entry_is_known_as_it_was_at_each_time),
		HOST(the_kernels_own_word_on_the_age_counts),
		LAB(of_two_replies_the_first_makes_the_entry),
		LAB(changes_read_in_one_go_are_told_apart_by_their_frames),
		LAB(a_frame_makes_an_entry_only_once),
		LAB(what_was_taken_away_was_so_before_it_was_made_again),
		LAB(a_frame_that_the_rules_pass_over_is_no_cause),
		LAB(an_entry_that_fails_has_waited_since_it_was_asked_for),
		LAB(whether_it_waits_is_not_known_at_once),
		LAB(a_program_that_asks_makes_no_entry),
		LAB(a_question_of_a_while_ago_is_no_wait),
		HOST(of_changes_that_were_forgotten_nothing_is_said),
		HOST(while_words_were_lost_nothing_is_known),
		HOST(entries_go_with_their_interface),
		LAB(a_machine_that_is_named_again_has_an_empty_table),
		HOST(proxies_are_no_entries),
		LAB(a_frame_of_the_lan_landed_where_it_arrived),
		LAB(an_arrival_has_the_entry_of_its_sender),
		HOST(a_frame_that_cannot_be_read_arrives_all_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
