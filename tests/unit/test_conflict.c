/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: conflicts are called by their cause from frames alone, and by no more than they show. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>

#include "conflicts.h"

#define FAR_NS (1000 * NS_PER_S)

static struct wire w;

static int begins(void **state)
{
	(void)state;
	wire_open(&w);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	conflicts_free(w.c);
	return 0;
}

static void is_called(unsigned ip, enum conflict_class class)
{
	struct conflict c = conflict_of(&w, ip);
	assert_string_equal(c.class == CONFLICT_CLASSES ? "none" : conflict_class_name(c.class),
		class == CONFLICT_CLASSES ? "none" : conflict_class_name(class));
}

static void is_graded(unsigned ip, enum conflict_grade grade)
{
	assert_string_equal(
		conflict_grade_name(conflict_of(&w, ip).grade), conflict_grade_name(grade));
}

static void doubts(unsigned ip, enum conflict_doubt doubt)
{
	is_called(ip, CONFLICT_UNCLEAR);
	assert_int_equal(conflict_of(&w, ip).doubt, doubt);
}

static void one_mac_is_no_conflict(void **state)
{
	(void)state;
	has_main(&w, 1, 1);
	ROUND(&w, 1, 1);
	announces(&w, 1, 1);
	ROUND(&w, 1, 1);
	is_called(1, CONFLICT_CLASSES);
	assert_int_equal(conflicts_due_ns(w.c), UINT64_MAX);
}

static void probes_claim_nothing(void **state)
{
	(void)state;
	uint8_t sha[6];
	ROUND(&w, 1, 1);
	mac_numbered(2, sha);
	struct arp_packet p = packet(sha, ARP_OP_REQUEST, 0, lan(1), NULL);
	put(&w, &p);
	is_called(1, CONFLICT_CLASSES);
}

static void other_segments_and_vlans_are_others(void **state)
{
	(void)state;
	uint8_t sha[6];
	ROUND(&w, 1, 1);
	mac_numbered(2, sha);
	struct arp_packet p = packet(sha, ARP_OP_REQUEST, lan(1), lan(1), NULL);
	p.tagged = true;
	p.vlan = 42;
	put(&w, &p);
	uint8_t bytes[ARP_FRAME_LEN];
	p.tagged = false;
	arp_encode(&p, bytes, sizeof bytes);
	conflicts_take(w.c, SEGMENT + 1, w.now_ns, bytes, sizeof bytes);
	is_called(1, CONFLICT_CLASSES);
}

/* ---- ARP flux ---- */

static void one_machine_with_two_cards_is_flux(void **state)
{
	(void)state;
	has_main(&w, 1, 1);
	ROUND(&w, 1, 1, 2);
	ROUND(&w, 3, 2, 1);
	is_called(1, CONFLICT_FLUX);
	is_called(3, CONFLICT_FLUX);
	/* Two machines could share both. */
	is_graded(1, GRADE_LIKELY);
	assert_int_equal(conflict_of(&w, 1).common, lan(3));
}

static void two_machines_that_share_addresses_are_no_flux(void **state)
{
	(void)state;
	has_main(&w, 1, 101);
	has_main(&w, 2, 102);
	ROUND(&w, 200, 1, 2);
	ROUND(&w, 201, 1, 2);
	is_called(200, CONFLICT_REPLY_LEAK);
	is_called(201, CONFLICT_REPLY_LEAK);
}

static void answers_far_apart_are_no_flux(void **state)
{
	(void)state;
	for (unsigned ip = 200; ip < 202; ip++) {
		client_asks(&w, ip);
		answers(&w, 1, ip);
		wait(&w, 300 * MS);
		answers(&w, 2, ip);
		wait(&w, NS_PER_S);
	}
	is_called(200, CONFLICT_UNCLEAR);
}

static void nothing_else_known_is_unclear(void **state)
{
	(void)state;
	ROUND(&w, 200, 1, 2);
	ROUND(&w, 200, 1, 2);
	doubts(200, DOUBT_OTHERS);
}

/* ---- reply leak ---- */

static void a_real_server_that_answers_is_a_reply_leak(void **state)
{
	(void)state;
	has_main(&w, 1, 100);
	has_main(&w, 2, 101);
	announces(&w, 1, 200);
	wait(&w, 5 * NS_PER_S);
	ROUND(&w, 200, 2, 1);
	is_called(200, CONFLICT_REPLY_LEAK);
	is_graded(200, GRADE_LIKELY);
	struct conflict c = conflict_of(&w, 200);
	assert_true(is_blamed(&c, 2));
	assert_false(is_blamed(&c, 1));
}

static void a_main_address_is_also_one_that_it_alone_answers_for(void **state)
{
	(void)state;
	ROUND(&w, 100, 1);
	ROUND(&w, 101, 2);
	ROUND(&w, 200, 1, 2);
	is_called(200, CONFLICT_REPLY_LEAK);
	struct conflict c = conflict_of(&w, 200);
	assert_false(is_blamed(&c, 1) || is_blamed(&c, 2));
}

static void a_poll_is_heard_by_one_alone_and_shows_nothing(void **state)
{
	(void)state;
	client_polls(&w, 100, 1);
	answers(&w, 1, 100);
	client_polls(&w, 101, 2);
	answers(&w, 2, 101);
	ROUND(&w, 200, 1, 2);
	doubts(200, DOUBT_OTHERS);
}

static void one_that_asks_with_it_is_no_reply_leak(void **state)
{
	(void)state;
	has_main(&w, 1, 200);
	has_main(&w, 2, 200);
	has_main(&w, 2, 101);
	ROUND(&w, 200, 1, 2);
	is_called(200, CONFLICT_DUPLICATE);
}

static void answers_that_nobody_asked_for_are_not_guessed_at(void **state)
{
	(void)state;
	has_main(&w, 1, 1);
	has_main(&w, 2, 66);
	ROUND(&w, 1, 1);
	wait(&w, 5 * NS_PER_S);
	answers(&w, 2, 1);
	has_main(&w, 1, 1);
	answers(&w, 2, 1);
	doubts(1, DOUBT_UNASKED);
}

static void one_without_another_address_is_no_reply_leak(void **state)
{
	(void)state;
	has_main(&w, 1, 200);
	ROUND(&w, 200, 1, 2);
	is_called(200, CONFLICT_DUPLICATE);
	is_graded(200, GRADE_LIKELY);
}

/* An answer with the virtual MAC of VRRP. */
static void virtual_answers(unsigned ip)
{
	static const uint8_t vrrp[6] = { 0, 0, 0x5e, 0, 1, 51 };
	uint8_t to[6];
	mac_numbered(CLIENT, to);
	struct arp_packet p = packet(vrrp, ARP_OP_REPLY, lan(ip), lan(CLIENT), to);
	put(&w, &p);
}

static void beside_a_virtual_mac_the_real_one_leaks(void **state)
{
	(void)state;
	has_main(&w, 1, 101);
	client_asks(&w, 200);
	answers(&w, 1, 200);
	virtual_answers(200);
	is_called(200, CONFLICT_REPLY_LEAK);
	struct conflict c = conflict_of(&w, 200);
	assert_true(is_blamed(&c, 1));
}

static void an_answer_for_another_asker_was_not_heard_by_all(void **state)
{
	(void)state;
	client_asks(&w, 200);
	asks(&w, 7, 7, 200);
	answers(&w, 1, 200);
	answers(&w, 2, 200);
	struct conflict c = conflict_of(&w, 200);
	assert_int_equal(c.claimants[0].how | c.claimants[1].how, CLAIM_ANSWERS);
	assert_int_equal(c.gap_ns, UINT64_MAX);
}

/* ---- sender leak ---- */

static void one_that_asks_and_never_answers_is_a_sender_leak(void **state)
{
	(void)state;
	ROUND(&w, 200, 1);
	asks(&w, 2, 200, 50);
	is_called(200, CONFLICT_UNCLEAR);
	ROUND(&w, 200, 1);
	is_called(200, CONFLICT_SENDER_LEAK);
	is_graded(200, GRADE_SEEN);
	struct conflict c = conflict_of(&w, 200);
	assert_true(is_blamed(&c, 2));
}

static void with_a_main_address_a_sender_leak_is_likely_at_once(void **state)
{
	(void)state;
	ROUND(&w, 200, 1);
	has_main(&w, 2, 101);
	asks(&w, 2, 200, 50);
	is_called(200, CONFLICT_SENDER_LEAK);
	is_graded(200, GRADE_LIKELY);
}

static void one_that_asks_and_announces_is_no_sender_leak(void **state)
{
	(void)state;
	ROUND(&w, 200, 1);
	has_main(&w, 2, 101);
	announces(&w, 2, 200);
	asks(&w, 2, 200, 50);
	is_called(200, CONFLICT_MOVE);
}

/* ---- proxy ARP ---- */

static void one_that_answers_for_many_owners_is_a_proxy(void **state)
{
	(void)state;
	for (unsigned ip = 11; ip < 15; ip++) {
		has_main(&w, ip, ip);
		ROUND(&w, ip, ip, 1);
	}
	is_called(12, CONFLICT_PROXY);
	is_graded(12, GRADE_SEEN);
	struct conflict c = conflict_of(&w, 12);
	assert_true(is_blamed(&c, 1));
	assert_int_equal(c.claimants[1].answers, 4);
}

static void one_that_answers_for_many_unused_addresses_is_likely_a_proxy(void **state)
{
	(void)state;
	for (unsigned ip = 11; ip < 20; ip++)
		ROUND(&w, ip, 1);
	has_main(&w, 2, 15);
	ROUND(&w, 15, 1, 2);
	is_called(15, CONFLICT_PROXY);
	is_graded(15, GRADE_LIKELY);
}

static void one_that_uses_its_many_addresses_is_no_proxy(void **state)
{
	(void)state;
	for (unsigned ip = 11; ip < 20; ip++) {
		announces(&w, 1, ip);
		ROUND(&w, ip, 1);
	}
	has_main(&w, 2, 15);
	ROUND(&w, 15, 1, 2);
	is_called(15, CONFLICT_DUPLICATE);
}

static void one_that_uses_this_address_is_no_proxy_for_it(void **state)
{
	(void)state;
	for (unsigned ip = 11; ip < 20; ip++)
		ROUND(&w, ip, 1);
	has_main(&w, 1, 15);
	for (unsigned ip = 31; ip < 40; ip++)
		ROUND(&w, ip, 2);
	has_main(&w, 2, 15);
	ROUND(&w, 15, 1, 2);
	is_called(15, CONFLICT_DUPLICATE);
}

/* ---- moves ---- */

static void an_announcement_after_which_the_old_is_silent_is_a_move(void **state)
{
	(void)state;
	announces(&w, 1, 200);
	ROUND(&w, 200, 1);
	announces(&w, 2, 200);
	is_called(200, CONFLICT_MOVE);
	is_graded(200, GRADE_LIKELY);
	ROUND(&w, 200, 2);
	is_graded(200, GRADE_LIKELY);
	ROUND(&w, 200, 2);
	is_called(200, CONFLICT_MOVE);
	is_graded(200, GRADE_SEEN);
	struct conflict c = conflict_of(&w, 200);
	assert_true(is_blamed(&c, 2));
	assert_false(is_blamed(&c, 1));
}

static void a_move_after_hours_is_one_too(void **state)
{
	(void)state;
	ROUND(&w, 200, 1);
	wait(&w, 7200 * NS_PER_S);
	announces(&w, 2, 200);
	is_called(200, CONFLICT_MOVE);
}

static void another_owner_after_hours_is_nobodys_business(void **state)
{
	(void)state;
	ROUND(&w, 50, 1);
	wait(&w, 7200 * NS_PER_S);
	asks(&w, 2, 50, 1);
	is_called(50, CONFLICT_CLASSES);
}

static void back_again_after_a_minute_is_still_a_move(void **state)
{
	(void)state;
	announces(&w, 1, 200);
	wait(&w, 60 * NS_PER_S);
	announces(&w, 2, 200);
	ROUND(&w, 200, 2);
	wait(&w, 60 * NS_PER_S);
	announces(&w, 1, 200);
	ROUND(&w, 200, 1);
	is_called(200, CONFLICT_MOVE);
	struct conflict c = conflict_of(&w, 200);
	assert_true(is_blamed(&c, 1));
}

static void one_after_another_is_no_fight(void **state)
{
	(void)state;
	for (unsigned mac = 1; mac < 4; mac++) {
		announces(&w, mac, 200);
		wait(&w, NS_PER_S);
	}
	is_called(200, CONFLICT_MOVE);
	struct conflict c = conflict_of(&w, 200);
	assert_true(is_blamed(&c, 3));
}

static void a_conflict_that_is_long_over_is_forgotten(void **state)
{
	(void)state;
	ROUND(&w, 200, 1, 2);
	wait(&w, 7200 * NS_PER_S);
	is_called(200, CONFLICT_UNCLEAR);
	ROUND(&w, 200, 2);
	is_called(200, CONFLICT_CLASSES);
	ROUND(&w, 200, 1);
	doubts(200, DOUBT_SILENT);
}

static void an_old_one_that_goes_on_makes_it_a_duplicate(void **state)
{
	(void)state;
	announces(&w, 1, 200);
	ROUND(&w, 200, 1);
	announces(&w, 2, 200);
	ROUND(&w, 200, 2);
	asks(&w, 1, 200, 50);
	ROUND(&w, 200, 1, 2);
	is_called(200, CONFLICT_DUPLICATE);
}

static void no_announcement_is_no_move(void **state)
{
	(void)state;
	ROUND(&w, 200, 1);
	ROUND(&w, 200, 2);
	ROUND(&w, 200, 2);
	doubts(200, DOUBT_SILENT);
}

/* ---- duplicates ---- */

static void two_that_use_it_both_are_a_duplicate(void **state)
{
	(void)state;
	has_main(&w, 1, 50);
	ROUND(&w, 50, 1);
	has_main(&w, 2, 50);
	ROUND(&w, 50, 1, 2);
	is_called(50, CONFLICT_DUPLICATE);
	is_graded(50, GRADE_SEEN);
	struct conflict c = conflict_of(&w, 50);
	assert_true(is_blamed(&c, 1) && is_blamed(&c, 2));
}

static void announcing_against_each_other_is_a_duplicate(void **state)
{
	(void)state;
	announces(&w, 1, 50);
	wait(&w, 100 * NS_PER_S);
	announces(&w, 2, 50);
	wait(&w, NS_PER_S);
	announces(&w, 1, 50);
	is_called(50, CONFLICT_DUPLICATE);
	is_graded(50, GRADE_LIKELY);
	wait(&w, NS_PER_S);
	announces(&w, 2, 50);
	is_graded(50, GRADE_SEEN);
}

static void one_after_the_other_is_no_duplicate(void **state)
{
	(void)state;
	has_main(&w, 1, 50);
	wait(&w, NS_PER_S);
	has_main(&w, 2, 50);
	doubts(50, DOUBT_SILENT);
}

/* ---- many ---- */

/* Two MACs for each of so many IPs, again and again. */
static size_t told_of(unsigned ips, unsigned rounds)
{
	struct conflict c;
	size_t told = 0;
	for (unsigned n = 0; n < rounds; n++)
		for (unsigned i = 0; i < ips; i++) {
			uint8_t sha[6];
			mac_numbered(1000 + i + (n & 1 ? 40000 : 0), sha);
			struct arp_packet p =
				packet(sha, ARP_OP_REQUEST, lan(i), lan(CLIENT), NULL);
			p.sip = htonl(0x0a000001u + i);
			put(&w, &p);
			told += conflicts_next(w.c, NULL, w.now_ns, &c);
		}
	return told;
}

static void a_flood_of_conflicts_is_told_as_far_as_there_is_room(void **state)
{
	(void)state;
	assert_true(told_of(10000, 40) >= CONFLICTS_MAX);
}

static void each_is_told_but_once(void **state)
{
	(void)state;
	assert_int_equal(told_of(100, 4000), 100);
}

/* What is found is whole, whatever the frames are and whatever their times. */
static void random_frames_do_no_harm(void **state)
{
	(void)state;
	uint64_t seed = 7;
	size_t told = 0;
	for (int i = 0; i < 200000; i++) {
		uint8_t sha[6], bytes[ARP_FRAME_LEN];
		char text[CONFLICT_ROOM];
		struct conflict c;
		uint32_t spread = i & 1 ? 20 : 2000;
		mac_numbered(1 + rng_below(&seed, spread / 4), sha);
		struct arp_packet p = packet(sha, (uint16_t)(1 + rng_below(&seed, 2)),
			lan(rng_below(&seed, spread)), lan(rng_below(&seed, spread)), NULL);
		w.now_ns += rng_below(&seed, 100) ? rng_below(&seed, 1 << 24) : FAR_NS;
		w.now_ns -= rng_below(&seed, 1 << 20);
		arp_encode(&p, bytes, sizeof bytes);
		conflicts_take(w.c, rng_below(&seed, 2), w.now_ns, bytes,
			rng_below(&seed, 50) ? sizeof bytes : rng_below(&seed, sizeof bytes));
		while (conflicts_next(w.c, NULL, w.now_ns, &c)) {
			struct text t = text_in(text, sizeof text);
			assert_in_range(c.count, 2, CONFLICT_MACS);
			assert_in_range(c.class, 0, CONFLICT_CLASSES - 1);
			conflict_text(&t, &c);
			assert_false(t.cut);
			told++;
		}
	}
	assert_true(told > 100);
}

/* ---- virtual MACs ---- */

static void virtual_macs_are_known(void **state)
{
	(void)state;
	static const struct {
		uint8_t mac[6];
		const char *name;
		unsigned group;
	} table[] = {
		{ { 0, 0, 0x5e, 0, 1, 51 }, "VRRP or CARP", 51 },
		{ { 0, 0, 0x0c, 7, 0xac, 9 }, "HSRP", 9 },
		{ { 0, 0, 0x0c, 0x9f, 0xf1, 0x23 }, "HSRPv2", 0x123 },
		{ { 0, 7, 0xb4, 1, 2, 3 }, "GLBP", 0x102 },
	};
	static const uint8_t others[][6] = {
		{ 0, 0, 0x5e, 0, 2, 51 }, /* VRRP for IPv6. */
		{ 0, 0, 0x0c, 0x9f, 0xe1, 0x23 },
		{ 0, 7, 0xb4, 4, 2, 3 }, /* A bit that is no group's. */
	};
	for (size_t i = 0; i < 4; i++) {
		unsigned group = 0;
		assert_string_equal(virtual_mac(table[i].mac, &group), table[i].name);
		assert_int_equal(group, table[i].group);
	}
	for (size_t i = 0; i < 3; i++)
		assert_null(virtual_mac(others[i], NULL));
}

static void glbp(const uint8_t a[6], const uint8_t b[6])
{
	uint8_t client[6];
	mac_numbered(CLIENT, client);
	struct arp_packet p = packet(a, ARP_OP_REPLY, lan(1), lan(CLIENT), client);
	client_asks(&w, 1);
	put(&w, &p);
	p = packet(b, ARP_OP_REPLY, lan(1), lan(CLIENT), client);
	client_asks(&w, 1);
	put(&w, &p);
}

static void glbp_of_one_group_is_shared_by_design(void **state)
{
	(void)state;
	glbp((const uint8_t[]) { 0, 7, 0xb4, 0, 1, 1 }, (const uint8_t[]) { 0, 7, 0xb4, 0, 1, 2 });
	is_called(1, CONFLICT_SHARED);
}

static void glbp_of_two_groups_is_not(void **state)
{
	(void)state;
	glbp((const uint8_t[]) { 0, 7, 0xb4, 0, 1, 1 }, (const uint8_t[]) { 0, 7, 0xb4, 0, 2, 1 });
	is_called(1, CONFLICT_UNCLEAR);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, begins, ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(one_mac_is_no_conflict),
		CASE(probes_claim_nothing),
		CASE(other_segments_and_vlans_are_others),
		CASE(one_machine_with_two_cards_is_flux),
		CASE(two_machines_that_share_addresses_are_no_flux),
		CASE(answers_far_apart_are_no_flux),
		CASE(nothing_else_known_is_unclear),
		CASE(a_real_server_that_answers_is_a_reply_leak),
		CASE(a_main_address_is_also_one_that_it_alone_answers_for),
		CASE(a_poll_is_heard_by_one_alone_and_shows_nothing),
		CASE(one_that_asks_with_it_is_no_reply_leak),
		CASE(answers_that_nobody_asked_for_are_not_guessed_at),
		CASE(one_without_another_address_is_no_reply_leak),
		CASE(beside_a_virtual_mac_the_real_one_leaks),
		CASE(an_answer_for_another_asker_was_not_heard_by_all),
		CASE(one_that_asks_and_never_answers_is_a_sender_leak),
		CASE(with_a_main_address_a_sender_leak_is_likely_at_once),
		CASE(one_that_asks_and_announces_is_no_sender_leak),
		CASE(one_that_answers_for_many_owners_is_a_proxy),
		CASE(one_that_answers_for_many_unused_addresses_is_likely_a_proxy),
		CASE(one_that_uses_its_many_addresses_is_no_proxy),
		CASE(one_that_uses_this_address_is_no_proxy_for_it),
		CASE(an_announcement_after_which_the_old_is_silent_is_a_move),
		CASE(a_move_after_hours_is_one_too),
		CASE(another_owner_after_hours_is_nobodys_business),
		CASE(back_again_after_a_minute_is_still_a_move),
		CASE(one_after_another_is_no_fight),
		CASE(a_conflict_that_is_long_over_is_forgotten),
		CASE(an_old_one_that_goes_on_makes_it_a_duplicate),
		CASE(no_announcement_is_no_move),
		CASE(two_that_use_it_both_are_a_duplicate),
		CASE(announcing_against_each_other_is_a_duplicate),
		CASE(one_after_the_other_is_no_duplicate),
		CASE(a_flood_of_conflicts_is_told_as_far_as_there_is_room),
		CASE(each_is_told_but_once),
		CASE(random_frames_do_no_harm),
		CASE(virtual_macs_are_known),
		CASE(glbp_of_one_group_is_shared_by_design),
		CASE(glbp_of_two_groups_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
