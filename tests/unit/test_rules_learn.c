/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what a frame makes of the neighbour table: arp_accept, locktime, and those left alone. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdicts.h"

/* The sender of the frames stands in the table with the MAC of another. */
#define STALE_OTHER NUD_STALE, MAC_OTHER

static void expect_entry(const struct verdict *v, uint16_t state, const char *mac)
{
	uint8_t want[6];
	put_mac(want, mac);
	assert_int_equal(v->state, state);
	assert_memory_equal(v->mac, want, 6);
	assert_int_equal(v->ip, ip(ROUTER));
}

/* ---- frames that are answered ---- */

static void who_is_answered_is_entered(void **state)
{
	(void)state;
	struct verdict v = expect_learn(REAL_SERVER, who_has(VIP, ROUTER), OUTCOME_CREATED,
		"learn.create", "there is no entry for 192.168.2.1 on eth0");
	expect_entry(&v, NUD_STALE, MAC_ASKER);
}

/* One who-has to the host itself moves an entry at once; locktime protects it from bystanders. */
static void locktime_does_not_protect_from_one_who_asks_this_host(void **state)
{
	(void)state;
	struct verdict v = expect_learn(REAL_SERVER,
		with_entry(STALE_OTHER, 0, who_has(RIP, ROUTER)), OUTCOME_CHANGED, "learn.update",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, and becomes "
		"STALE 02:00:00:00:01:01");
	expect_entry(&v, NUD_STALE, MAC_ASKER);
}

static void what_arp_ignore_suppresses_teaches_nothing(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER "sysctl eth0 arp_ignore 1\n", who_has(VIP, ROUTER),
		OUTCOME_NOTHING, "learn.stopped",
		"the rule ignore.1 ended all that the frame could do");
	struct verdict v = expect_learn(REAL_SERVER "sysctl eth0 arp_ignore 1\n",
		with_entry(STALE_OTHER, 9000, who_has(VIP, ROUTER)), OUTCOME_KEPT, "learn.stopped",
		"the rule ignore.1 ended all that the frame could do");
	expect_entry(&v, NUD_STALE, MAC_OTHER);
}

static void what_routing_refuses_still_refreshes(void **state)
{
	(void)state;
	expect_learn(TWO_CARDS "sysctl eth1 rp_filter 1\n",
		with_entry(STALE_OTHER, 9000, on(ETH1, who_has(RIP, ROUTER))), OUTCOME_CHANGED,
		"learn.update",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth1, and becomes "
		"STALE 02:00:00:00:01:01");
}

static void a_probe_is_answered_and_not_entered(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER, probe_for(RIP), OUTCOME_NOTHING, "learn.stopped",
		"the rule probe.answer ended all that the frame could do");
}

/* ---- arp_accept: entries for those who announce themselves ---- */

static void without_arp_accept_no_announcement_makes_an_entry(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER, gratuitous(ROUTER), OUTCOME_NOTHING, "learn.off",
		"there is no entry for 192.168.2.1 on eth0, and "
		"arp_accept = max(all 0, eth0 0) = 0");
}

static void arp_accept_1_learns_from_announcements_and_replies(void **state)
{
	(void)state;
	struct verdict v = expect_learn(REAL_SERVER "sysctl eth0 arp_accept 1\n",
		gratuitous(ROUTER), OUTCOME_CREATED, "learn.create",
		"there is no entry for 192.168.2.1 on eth0");
	expect_entry(&v, NUD_STALE, MAC_ASKER);
	v = expect_learn(REAL_SERVER "sysctl eth0 arp_accept 1\n", is_at(ROUTER), OUTCOME_CREATED,
		"learn.create", "there is no entry for 192.168.2.1 on eth0");
	expect_entry(&v, NUD_REACHABLE, MAC_ASKER);
}

static void arp_accept_1_does_not_learn_from_ordinary_who_has(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER "sysctl eth0 arp_accept 1\n", who_has("192.168.2.77", ROUTER),
		OUTCOME_NOTHING, "learn.kind", "it is an ordinary who-has, from 192.168.2.1");
}

static void arp_accept_2_wants_a_subnet_of_the_interface(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER "sysctl eth0 arp_accept 2\n", gratuitous(ROUTER), OUTCOME_CREATED,
		"learn.create", "there is no entry for 192.168.2.1 on eth0");
	expect_learn(REAL_SERVER "sysctl eth0 arp_accept 2\n", gratuitous(FAR), OUTCOME_NOTHING,
		"learn.subnet",
		"no subnet of eth0 holds 10.9.9.9, and arp_accept = max(all 0, eth0 2) = 2");
}

static void before_linux_6_arp_accept_was_a_switch(void **state)
{
	(void)state;
	expect_learn("config - kernel=5.15.0\n" REAL_SERVER "sysctl all arp_accept 2\n",
		gratuitous(FAR), OUTCOME_CREATED, "learn.create",
		"there is no entry for 10.9.9.9 on eth0");
	expect_learn("config - kernel=6.0.0\n" REAL_SERVER "sysctl all arp_accept 3\n",
		gratuitous(FAR), OUTCOME_NOTHING, "learn.off",
		"there is no entry for 10.9.9.9 on eth0, and arp_accept = max(all 3, eth0 0) = 3");
}

/* ---- locktime: entries that another MAC claims ---- */

static void a_young_entry_is_locked_against_bystanders(void **state)
{
	(void)state;
	struct verdict v = expect_learn(REAL_SERVER,
		with_entry(STALE_OTHER, 400, who_has("192.168.2.77", ROUTER)), OUTCOME_KEPT,
		"learn.locktime",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, 400 ms old; "
		"locktime is 1000 ms");
	expect_entry(&v, NUD_STALE, MAC_OTHER);
	expect_learn(REAL_SERVER, with_entry(STALE_OTHER, 1001, who_has("192.168.2.77", ROUTER)),
		OUTCOME_CHANGED, "learn.update",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, and becomes "
		"STALE 02:00:00:00:01:01");
}

static void a_gratuitous_frame_need_not_wait(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER, with_entry(STALE_OTHER, 0, gratuitous(ROUTER)), OUTCOME_CHANGED,
		"learn.update",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, and becomes "
		"STALE 02:00:00:00:01:01");
}

/* A gratuitous is-at counts as one only with its own MAC as the target's. */
static void a_gratuitous_reply_names_its_own_mac_twice(void **state)
{
	(void)state;
	struct arrival a = with_entry(STALE_OTHER, 0, is_at(ROUTER));
	a.packet.tip = a.packet.sip;
	expect_learn(REAL_SERVER, a, OUTCOME_KEPT, "learn.locktime",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, 0 ms old; "
		"locktime is 1000 ms");
	memcpy(a.packet.tha, a.packet.sha, 6);
	expect_learn(REAL_SERVER, a, OUTCOME_CHANGED, "learn.update",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, and becomes "
		"REACHABLE 02:00:00:00:01:01");
}

static void a_locktime_below_0_protects_nothing(void **state)
{
	(void)state;
	struct host *h = read_host(REAL_SERVER);
	struct arrival a = with_entry(STALE_OTHER, 0, who_has("192.168.2.77", ROUTER));
	struct verdict v;
	host_set(h, ETH0, HOST_LOCKTIME, -10);
	rules_learn(NULL, h, &a, &v, NULL);
	assert_string_equal(v.rule->id, "learn.update");
	host_free(h);
}

/* ---- entries that are there ---- */

static void a_permanent_entry_stays(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER, with_entry(NUD_PERMANENT, MAC_OTHER, 9000, gratuitous(ROUTER)),
		OUTCOME_KEPT, "learn.permanent",
		"the entry for 192.168.2.1 is PERMANENT 02:00:00:00:01:02 on eth0");
}

static void the_same_mac_again_is_nothing_new(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER, with_entry(NUD_REACHABLE, MAC_ASKER, 9000, gratuitous(ROUTER)),
		OUTCOME_KEPT, "learn.same",
		"the entry for 192.168.2.1 is REACHABLE 02:00:00:00:01:01 on eth0");
	struct verdict v =
		expect_learn(REAL_SERVER, with_entry(NUD_STALE, MAC_ASKER, 9000, is_at(ROUTER)),
			OUTCOME_CHANGED, "learn.update",
			"the entry for 192.168.2.1 is STALE 02:00:00:00:01:01 on eth0, and becomes "
			"REACHABLE 02:00:00:00:01:01");
	expect_entry(&v, NUD_REACHABLE, MAC_ASKER);
}

static void a_failed_entry_comes_alive_by_overhearing(void **state)
{
	(void)state;
	struct verdict v = expect_learn(REAL_SERVER,
		with_entry(NUD_FAILED, NULL, 0, who_has("192.168.2.77", ROUTER)), OUTCOME_CHANGED,
		"learn.update",
		"the entry for 192.168.2.1 is FAILED on eth0, and becomes STALE 02:00:00:00:01:01");
	expect_entry(&v, NUD_STALE, MAC_ASKER);
}

/* ---- what cannot be told ---- */

static void the_age_of_an_entry_may_be_unknown(void **state)
{
	(void)state;
	struct arrival a = with_entry(STALE_OTHER, 0, who_has("192.168.2.77", ROUTER));
	a.known.age_known = false;
	expect_learn(REAL_SERVER, a, OUTCOME_UNKNOWN, "learn.locktime",
		"it is not known how old the entry is");
	expect_learn(REAL_SERVER "locktime eth0 0\n", a, OUTCOME_CHANGED, "learn.update",
		"the entry for 192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, and becomes "
		"STALE 02:00:00:00:01:01");
	expect_learn(REAL_SERVER "locktime eth0 -\n", a, OUTCOME_UNKNOWN, "learn.locktime",
		"the value of locktime is not known");
}

static void the_table_may_be_unknown(void **state)
{
	(void)state;
	struct arrival a = gratuitous(ROUTER);
	a.known_unknown = true;
	expect_learn(REAL_SERVER, a, OUTCOME_UNKNOWN, "learn.off",
		"it is not known whether the table has an entry");
}

static void what_becomes_of_the_frame_may_be_unknown(void **state)
{
	(void)state;
	expect_learn(REAL_SERVER "sysctl eth0 arp_ignore -\n", who_has(VIP, ROUTER),
		OUTCOME_UNKNOWN, "undecided", "the value of arp_ignore is not known");
}

/* route_localnet lets addresses of scope host count as those of scope link. */
static void a_scope_that_cannot_be_compared_is_not_guessed(void **state)
{
	(void)state;
	static const char scoped[] = "link 1 lo\nlink 2 eth0 " MAC_ETH0 "\n"
				     "addr eth0 " RIP "/24 scope=host\n"
				     "sysctl eth0 arp_accept 2\nsysctl eth0 route_localnet -\n";
	expect_learn(scoped, gratuitous(ROUTER), OUTCOME_UNKNOWN, "learn.subnet",
		"the value of route_localnet is not known");
	expect_learn(scoped, gratuitous(FAR), OUTCOME_NOTHING, "learn.subnet",
		"no subnet of eth0 holds 10.9.9.9, and arp_accept = max(all 0, eth0 2) = 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_answered_is_entered),
		cmocka_unit_test(locktime_does_not_protect_from_one_who_asks_this_host),
		cmocka_unit_test(what_arp_ignore_suppresses_teaches_nothing),
		cmocka_unit_test(what_routing_refuses_still_refreshes),
		cmocka_unit_test(a_probe_is_answered_and_not_entered),
		cmocka_unit_test(without_arp_accept_no_announcement_makes_an_entry),
		cmocka_unit_test(arp_accept_1_learns_from_announcements_and_replies),
		cmocka_unit_test(arp_accept_1_does_not_learn_from_ordinary_who_has),
		cmocka_unit_test(arp_accept_2_wants_a_subnet_of_the_interface),
		cmocka_unit_test(before_linux_6_arp_accept_was_a_switch),
		cmocka_unit_test(a_young_entry_is_locked_against_bystanders),
		cmocka_unit_test(a_gratuitous_frame_need_not_wait),
		cmocka_unit_test(a_gratuitous_reply_names_its_own_mac_twice),
		cmocka_unit_test(a_locktime_below_0_protects_nothing),
		cmocka_unit_test(a_permanent_entry_stays),
		cmocka_unit_test(the_same_mac_again_is_nothing_new),
		cmocka_unit_test(a_failed_entry_comes_alive_by_overhearing),
		cmocka_unit_test(the_age_of_an_entry_may_be_unknown),
		cmocka_unit_test(the_table_may_be_unknown),
		cmocka_unit_test(what_becomes_of_the_frame_may_be_unknown),
		cmocka_unit_test(a_scope_that_cannot_be_compared_is_not_guessed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
