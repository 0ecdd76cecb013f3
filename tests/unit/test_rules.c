/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: who-has that are answered, and those that are not: what each sysctl does and does not. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdicts.h"

/* ---- arp_ignore, and the shared address on lo ---- */

static void an_address_on_lo_is_answered_as_any_other(void **state)
{
	(void)state;
	struct verdict v = expect_answer(REAL_SERVER, who_has(VIP, ROUTER), OUTCOME_REPLY,
		"answer.local", "192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 0) = 0");
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };
	assert_memory_equal(v.mac, mac, 6);
	assert_int_equal(v.ifindex, ETH0);
	assert_false(v.delayed);
}

static void arp_ignore_1_wants_the_address_on_the_interface(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 1\n", who_has(VIP, ROUTER),
		OUTCOME_SILENT, "ignore.1",
		"192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 1) = 1");
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 1\n", who_has(RIP, ROUTER), OUTCOME_REPLY,
		"answer.local",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth0 1) = 1");
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 1\n", who_has(RIP, FAR), OUTCOME_REPLY,
		"answer.local",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth0 1) = 1");
}

static void arp_ignore_2_wants_a_subnet_of_both_besides(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 2\n", who_has(VIP, ROUTER),
		OUTCOME_SILENT, "ignore.2",
		"192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 2) = 2");
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 2\n", who_has(RIP, ROUTER), OUTCOME_REPLY,
		"answer.local",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth0 2) = 2");
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 2\n", who_has(RIP, FAR), OUTCOME_SILENT,
		"ignore.2",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth0 2) = 2; "
		"no subnet of eth0 holds it and 10.9.9.9");
}

/* Address and subnet may stand in two entries of the interface. */
static void arp_ignore_2_takes_the_subnet_of_another_entry(void **state)
{
	(void)state;
	expect_answer(ONE_CARD "addr eth0 " VIP "/32\nsysctl eth0 arp_ignore 2\n",
		who_has(VIP, ROUTER), OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on eth0, and arp_ignore = max(all 0, eth0 2) = 2");
}

static void arp_ignore_3_hides_addresses_of_scope_host_alone(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 3\n", who_has(VIP, ROUTER), OUTCOME_REPLY,
		"answer.local", "192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 3) = 3");
	expect_answer(ONE_CARD "addr lo " VIP "/32 scope=host\nsysctl eth0 arp_ignore 3\n",
		who_has(VIP, ROUTER), OUTCOME_SILENT, "ignore.3",
		"192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 3) = 3");
}

static void arp_ignore_8_answers_nothing(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 8\n", who_has(RIP, ROUTER),
		OUTCOME_SILENT, "ignore.8",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth0 8) = 8");
}

static void other_levels_of_arp_ignore_are_level_0(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 4\n", who_has(VIP, ROUTER), OUTCOME_REPLY,
		"answer.local", "192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 4) = 4");
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 7\n", who_has(VIP, ROUTER), OUTCOME_REPLY,
		"answer.local", "192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 7) = 7");
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 9\n", who_has(VIP, ROUTER), OUTCOME_REPLY,
		"answer.local", "192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 9) = 9");
	expect_answer(REAL_SERVER "sysctl all arp_ignore -5\nsysctl eth0 arp_ignore -1\n",
		who_has(VIP, ROUTER), OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on lo, and arp_ignore = max(all -5, eth0 -1) = -1");
}

static void the_larger_of_all_and_interface_counts(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl all arp_ignore 1\n", who_has(VIP, ROUTER), OUTCOME_SILENT,
		"ignore.1", "192.168.2.200 is on lo, and arp_ignore = max(all 1, eth0 0) = 1");
	expect_answer(REAL_SERVER "sysctl all arp_ignore 1\nsysctl eth0 arp_ignore 2\n",
		who_has(RIP, FAR), OUTCOME_SILENT, "ignore.2",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 1, eth0 2) = 2; "
		"no subnet of eth0 holds it and 10.9.9.9");
	/* It is the larger number, not the stricter level. */
	expect_answer(REAL_SERVER "sysctl all arp_ignore 1\nsysctl eth0 arp_ignore 4\n",
		who_has(VIP, ROUTER), OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on lo, and arp_ignore = max(all 1, eth0 4) = 4");
}

static void what_is_set_on_lo_or_default_means_nothing(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl lo arp_ignore 8\n", who_has(VIP, ROUTER), OUTCOME_REPLY,
		"answer.local", "192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 0) = 0");
	expect_answer(REAL_SERVER "sysctl default arp_ignore 1\n", who_has(VIP, ROUTER),
		OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 0) = 0");
}

/* eth0:0 is a label, no interface: such an address is eth0's own. */
static void an_alias_of_the_card_is_answered_at_level_1(void **state)
{
	(void)state;
	expect_answer(ONE_CARD "addr eth0 " VIP "/32\nsysctl all arp_ignore 1\n",
		who_has(VIP, ROUTER), OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on eth0, and arp_ignore = max(all 1, eth0 0) = 1");
}

static void a_wide_prefix_on_lo_owns_the_whole_subnet(void **state)
{
	(void)state;
	expect_answer(ONE_CARD "addr lo " VIP "/24\n", who_has("192.168.2.77", ROUTER),
		OUTCOME_REPLY, "answer.local",
		"192.168.2.77 is local by a route, and arp_ignore = max(all 0, eth0 0) = 0");
	expect_answer(ONE_CARD "addr lo " VIP "/24\nsysctl eth0 arp_ignore 1\n",
		who_has("192.168.2.77", ROUTER), OUTCOME_SILENT, "ignore.1",
		"192.168.2.77 is local by a route, and arp_ignore = max(all 0, eth0 1) = 1");
}

static void an_address_of_an_interface_that_is_down_counts(void **state)
{
	(void)state;
	expect_answer(ONE_CARD "link 3 eth1 " MAC_ETH1 " up=0\naddr eth1 " VIP "/32\n",
		who_has(VIP, ROUTER), OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on eth1, and arp_ignore = max(all 0, eth0 0) = 0");
}

/* ---- two cards in one LAN ---- */

static void every_card_answers_for_every_address(void **state)
{
	(void)state;
	struct verdict v = expect_answer(TWO_CARDS, on(ETH1, who_has(RIP, ROUTER)), OUTCOME_REPLY,
		"answer.local",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth1 0) = 0");
	assert_int_equal(v.mac[5], 3);
	expect_answer(TWO_CARDS "sysctl all arp_ignore 1\n", on(ETH1, who_has(RIP, ROUTER)),
		OUTCOME_SILENT, "ignore.1",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 1, eth1 0) = 1");
}

static void arp_filter_asks_for_the_route_to_the_asker(void **state)
{
	(void)state;
	expect_answer(TWO_CARDS "sysctl all arp_filter 1\n", on(ETH1, who_has(RIP, ROUTER)),
		OUTCOME_SILENT, "filter.interface",
		"the route to 192.168.2.1 is 192.168.2.0/24 on eth0; "
		"arp_filter = or(all 1, eth1 0) = 1");
	/* Not for the card that has the address. */
	expect_answer(TWO_CARDS "sysctl all arp_filter 1\n", who_has(RIP2, ROUTER), OUTCOME_REPLY,
		"answer.local",
		"192.168.2.102 is on eth1, and arp_ignore = max(all 0, eth0 0) = 0");
	expect_answer(TWO_CARDS "sysctl eth0 arp_filter 1\n", who_has(RIP, FAR), OUTCOME_SILENT,
		"filter.none", "there is no route to 10.9.9.9; arp_filter = or(all 0, eth0 1) = 1");
}

static void rp_filter_1_asks_for_the_way_back(void **state)
{
	(void)state;
	expect_answer(TWO_CARDS "sysctl eth1 rp_filter 1\n", on(ETH1, who_has(RIP, ROUTER)),
		OUTCOME_SILENT, "source.path",
		"the route to 192.168.2.1 is 192.168.2.0/24 on eth0; "
		"rp_filter = max(all 0, eth1 1) = 1");
	expect_answer(TWO_CARDS "sysctl all rp_filter 1\nsysctl eth1 rp_filter 2\n",
		on(ETH1, who_has(RIP, ROUTER)), OUTCOME_REPLY, "answer.local",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth1 0) = 0");
	expect_answer(TWO_CARDS "sysctl eth0 rp_filter 2\n", who_has(RIP, FAR), OUTCOME_SILENT,
		"source.none", "there is no route to 10.9.9.9; rp_filter = max(all 0, eth0 2) = 2");
}

static void a_probe_passes_both_filters(void **state)
{
	(void)state;
	expect_answer(TWO_CARDS "sysctl all arp_filter 1\nsysctl all rp_filter 1\n",
		on(ETH1, probe_for(RIP)), OUTCOME_REPLY, "probe.answer",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth1 0) = 0");
	expect_answer(TWO_CARDS "sysctl all arp_ignore 1\n", on(ETH1, probe_for(RIP)),
		OUTCOME_SILENT, "ignore.1",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 1, eth1 0) = 1");
	expect_answer(TWO_CARDS, probe_for("192.168.2.103"), OUTCOME_SILENT, "probe.foreign",
		"192.168.2.103 is not this host's");
}

static void a_host_does_not_answer_itself(void **state)
{
	(void)state;
	expect_answer(TWO_CARDS, on(ETH1, who_has(RIP2, RIP)), OUTCOME_SILENT, "source.own",
		"the sender 192.168.2.101 is this host's own address, on eth0");
	expect_answer(TWO_CARDS "sysctl eth1 accept_local 1\n", on(ETH1, who_has(RIP2, RIP)),
		OUTCOME_REPLY, "answer.local",
		"192.168.2.102 is on eth1, and arp_ignore = max(all 0, eth1 0) = 0");
}

/* ---- frames that are given up early ---- */

static void frames_for_others_are_passed_over(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER, sent_to(MAC_OTHER, who_has(RIP, ROUTER)), OUTCOME_SILENT,
		"frame.otherhost",
		"the frame is sent to 02:00:00:00:01:02, and that is another MAC");
	expect_answer(REAL_SERVER, is_at(ROUTER), OUTCOME_SILENT, "reply.unasked",
		"an is-at is never answered; it may teach");
	expect_answer("link 1 lo\nlink 2 eth0 " MAC_ETH0 " master=3\nlink 3 br0 " MAC_ETH0 "\n"
		      "addr br0 " RIP "/24\n",
		who_has(RIP, ROUTER), OUTCOME_SILENT, "frame.port",
		"eth0 is a port and hands the frame to br0, which is asked in its place");
}

static void an_interface_may_be_down_or_do_no_arp(void **state)
{
	(void)state;
	expect_answer("link 1 lo\nlink 2 eth0 " MAC_ETH0 " up=0\naddr eth0 " RIP "/24\n",
		who_has(RIP, ROUTER), OUTCOME_SILENT, "frame.down",
		"eth0 is down and receives nothing");
	expect_answer("link 1 lo\nlink 2 eth0 " MAC_ETH0 " noarp=1\naddr eth0 " RIP "/24\n",
		who_has(RIP, ROUTER), OUTCOME_SILENT, "frame.noarp",
		"eth0 has ARP switched off (NOARP)");
}

static void gratuitous_frames_may_be_dropped(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl all drop_gratuitous_arp 1\n", gratuitous(ROUTER),
		OUTCOME_SILENT, "frame.gratuitous",
		"sender and target are the same address, and "
		"drop_gratuitous_arp = or(all 1, eth0 0) = 1");
}

static void targets_in_127_take_route_localnet(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER, who_has("127.0.0.1", ROUTER), OUTCOME_SILENT, "frame.loopback",
		"the target is 127.0.0.1, and route_localnet = or(all 0, eth0 0) = 0");
	expect_answer(REAL_SERVER "sysctl eth0 route_localnet 1\n", who_has("127.0.0.1", ROUTER),
		OUTCOME_REPLY, "answer.local",
		"127.0.0.1 is on lo, and arp_ignore = max(all 0, eth0 0) = 0");
}

/* ---- what cannot be told ---- */

static void a_value_that_is_not_known_is_named(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore -\n", who_has(VIP, ROUTER),
		OUTCOME_UNKNOWN, "ignore.1", "the value of arp_ignore is not known");
	expect_answer(REAL_SERVER "sysctl all arp_filter -\n", who_has(VIP, ROUTER),
		OUTCOME_UNKNOWN, "filter.source", "the value of arp_filter is not known");
	expect_answer(REAL_SERVER "sysctl eth0 rp_filter -\n", who_has(VIP, ROUTER),
		OUTCOME_UNKNOWN, "source.own", "the value of rp_filter is not known");
}

static void a_value_that_is_not_known_may_not_matter(void **state)
{
	(void)state;
	expect_answer(REAL_SERVER "sysctl eth0 proxy_arp -\nsysctl eth0 arp_announce -\n",
		who_has(VIP, ROUTER), OUTCOME_REPLY, "answer.local",
		"192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 0) = 0");
	/* One of two that are joined by "or" is enough. */
	expect_answer(TWO_CARDS "sysctl all arp_filter 1\nsysctl eth1 arp_filter -\n",
		on(ETH1, who_has(RIP, ROUTER)), OUTCOME_SILENT, "filter.interface",
		"the route to 192.168.2.1 is 192.168.2.0/24 on eth0; "
		"arp_filter = or(all 1, eth1 ?) = 1");
}

static void routes_that_cannot_be_followed_are_named(void **state)
{
	(void)state;
	expect_answer("config - routes=unknown\n" ONE_CARD, who_has(RIP, ROUTER), OUTCOME_UNKNOWN,
		"route.none", "the routes are not known");
	expect_answer("config - split_tables=1\n" ONE_CARD "rule 100 table=77 other=1\n",
		who_has("192.168.2.77", ROUTER), OUTCOME_UNKNOWN, "route.none",
		"policy rule 100 asks for a mark or its like");
	/* Own addresses stand in front of such rules. */
	expect_answer("config - split_tables=1\n" ONE_CARD "rule 100 table=77 other=1\n",
		probe_for(RIP), OUTCOME_REPLY, "probe.answer",
		"192.168.2.101 is on eth0, and arp_ignore = max(all 0, eth0 0) = 0");
	expect_answer("link 1 lo\nlink 3 vrf0 " MAC_ETH1 " above=vrf\n"
		      "link 2 eth0 " MAC_ETH0 " master=vrf0 above=vrf\naddr eth0 " RIP "/24\n",
		who_has(RIP, ROUTER), OUTCOME_UNKNOWN, "frame.port",
		"the interface belongs to a VRF, whose routes are not followed");
}

static void an_interface_that_is_not_there_is_unknown(void **state)
{
	(void)state;
	expect_answer(ONE_CARD, on(9, who_has(RIP, ROUTER)), OUTCOME_UNKNOWN, "undecided",
		"the interface is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_on_lo_is_answered_as_any_other),
		cmocka_unit_test(arp_ignore_1_wants_the_address_on_the_interface),
		cmocka_unit_test(arp_ignore_2_wants_a_subnet_of_both_besides),
		cmocka_unit_test(arp_ignore_2_takes_the_subnet_of_another_entry),
		cmocka_unit_test(arp_ignore_3_hides_addresses_of_scope_host_alone),
		cmocka_unit_test(arp_ignore_8_answers_nothing),
		cmocka_unit_test(other_levels_of_arp_ignore_are_level_0),
		cmocka_unit_test(the_larger_of_all_and_interface_counts),
		cmocka_unit_test(what_is_set_on_lo_or_default_means_nothing),
		cmocka_unit_test(an_alias_of_the_card_is_answered_at_level_1),
		cmocka_unit_test(a_wide_prefix_on_lo_owns_the_whole_subnet),
		cmocka_unit_test(an_address_of_an_interface_that_is_down_counts),
		cmocka_unit_test(every_card_answers_for_every_address),
		cmocka_unit_test(arp_filter_asks_for_the_route_to_the_asker),
		cmocka_unit_test(rp_filter_1_asks_for_the_way_back),
		cmocka_unit_test(a_probe_passes_both_filters),
		cmocka_unit_test(a_host_does_not_answer_itself),
		cmocka_unit_test(frames_for_others_are_passed_over),
		cmocka_unit_test(an_interface_may_be_down_or_do_no_arp),
		cmocka_unit_test(gratuitous_frames_may_be_dropped),
		cmocka_unit_test(targets_in_127_take_route_localnet),
		cmocka_unit_test(a_value_that_is_not_known_is_named),
		cmocka_unit_test(a_value_that_is_not_known_may_not_matter),
		cmocka_unit_test(routes_that_cannot_be_followed_are_named),
		cmocka_unit_test(an_interface_that_is_not_there_is_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
