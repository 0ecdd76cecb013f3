/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: who-has for another host's address: proxy ARP, and everybody else's silence. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdicts.h"

static void others_are_none_of_its_business(void **state)
{
	(void)state;
	struct verdict v = expect_answer(REAL_SERVER, who_has("192.168.2.77", ROUTER),
		OUTCOME_SILENT, "forward.off",
		"192.168.2.77 is not this host's, and forwarding of eth0 = 0");
	assert_false(verdict_matters(&v));
	v = expect_answer(BETWEEN, who_has("10.0.5.9", ROUTER), OUTCOME_SILENT, "proxy.none",
		"10.0.5.9 is not this host's, and nothing here answers in another host's place");
	assert_false(verdict_matters(&v));
}

static void proxy_arp_answers_for_what_lies_behind(void **state)
{
	(void)state;
	struct verdict v = expect_answer(BETWEEN "sysctl eth0 proxy_arp 1\n",
		who_has("10.0.5.9", ROUTER), OUTCOME_PROXIED, "proxy.arp",
		"the route to 10.0.5.9 is 10.0.5.0/24 on eth1, and "
		"proxy_arp = or(all 0, eth0 1) = 1");
	assert_int_equal(v.mac[5], 2);
	assert_true(v.delayed);
	v = expect_answer(BETWEEN "sysctl eth0 proxy_arp 1\n",
		sent_to(MAC_ETH0, who_has("10.0.5.9", ROUTER)), OUTCOME_PROXIED, "proxy.arp",
		"the route to 10.0.5.9 is 10.0.5.0/24 on eth1, and "
		"proxy_arp = or(all 0, eth0 1) = 1");
	assert_false(v.delayed);
	expect_answer(BETWEEN "sysctl eth0 proxy_arp 1\nsysctl eth0 forwarding 0\n",
		who_has("10.0.5.9", ROUTER), OUTCOME_SILENT, "forward.off",
		"10.0.5.9 is not this host's, and forwarding of eth0 = 0");
}

static void proxy_arp_needs_two_media(void **state)
{
	(void)state;
	expect_answer(BETWEEN "sysctl eth0 proxy_arp 1\n"
			      "sysctl eth0 medium_id 7\nsysctl eth1 medium_id 7\n",
		who_has("10.0.5.9", ROUTER), OUTCOME_SILENT, "proxy.none",
		"10.0.5.9 is not this host's, and nothing here answers in another host's place");
	expect_answer(BETWEEN "sysctl eth0 proxy_arp 1\n"
			      "sysctl eth0 medium_id 7\nsysctl eth1 medium_id 8\n",
		who_has("10.0.5.9", ROUTER), OUTCOME_PROXIED, "proxy.arp",
		"the route to 10.0.5.9 is 10.0.5.0/24 on eth1, and "
		"proxy_arp = or(all 0, eth0 1) = 1, medium_id of eth0 = 7");
}

static void a_proxy_entry_answers_for_one_address(void **state)
{
	(void)state;
	expect_answer(BETWEEN "pneigh eth0 10.0.5.9\n", who_has("10.0.5.9", ROUTER),
		OUTCOME_PROXIED, "proxy.entry", "there is a proxy entry for 10.0.5.9 on eth0");
	expect_answer(BETWEEN "pneigh eth1 10.0.5.9\n", who_has("10.0.5.9", ROUTER), OUTCOME_SILENT,
		"proxy.none",
		"10.0.5.9 is not this host's, and nothing here answers in another host's place");
}

static void a_target_on_the_asking_side_takes_proxy_arp_pvlan(void **state)
{
	(void)state;
	expect_answer(BETWEEN "sysctl eth0 proxy_arp 1\n", who_has("192.168.2.77", ROUTER),
		OUTCOME_SILENT, "forward.same",
		"the route to 192.168.2.77 is 192.168.2.0/24 on eth0, where the frame came from; "
		"proxy_arp_pvlan = or(all 0, eth0 0) = 0");
	expect_answer(BETWEEN "sysctl eth0 proxy_arp_pvlan 1\n", who_has("192.168.2.77", ROUTER),
		OUTCOME_PROXIED, "proxy.pvlan",
		"the route to 192.168.2.77 is 192.168.2.0/24 on eth0, where the frame came from; "
		"proxy_arp_pvlan = or(all 0, eth0 1) = 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_none_of_its_business),
		cmocka_unit_test(proxy_arp_answers_for_what_lies_behind),
		cmocka_unit_test(proxy_arp_needs_two_media),
		cmocka_unit_test(a_proxy_entry_answers_for_one_address),
		cmocka_unit_test(a_target_on_the_asking_side_takes_proxy_arp_pvlan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
