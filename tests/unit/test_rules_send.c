/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: whether a packet needs a who-has, and which sender that carries: arp_announce. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "verdicts.h"

#define GATEWAY "addroute default gw=" ROUTER "\n"

static struct departure packet(const char *src, const char *dst)
{
	return (struct departure) { .src = ip(src), .dst = ip(dst) };
}

static struct verdict expect_send(const char *machine, struct departure d, enum outcome outcome,
	const char *rule, const char *found)
{
	struct host *h = read_host(machine);
	struct trace trace;
	struct verdict v;
	rules_announce(NULL, h, &d, &v, &trace);
	expect(&v, &trace, outcome, rule, found);
	host_free(h);
	return v;
}

/* A who-has goes out by eth0 for that target, and tells that sender. */
static void expect_asks(const char *machine, struct departure d, const char *target,
	const char *sender, const char *rule, const char *found)
{
	struct verdict v = expect_send(machine, d, OUTCOME_ASKS, rule, found);
	assert_int_equal(v.ifindex, ETH0);
	assert_int_equal(v.ip, ip(target));
	assert_int_equal(v.sender, ip(sender));
}

static void expect_refused(
	const char *machine, struct departure d, int error, const char *rule, const char *found)
{
	struct verdict v = expect_send(machine, d, OUTCOME_REFUSED, rule, found);
	assert_int_equal(v.error, error);
	assert_int_equal(v.source, 0);
}

/* ---- arp_announce, and the shared address on lo ---- */

static void arp_announce_0_takes_the_source_of_the_packet(void **state)
{
	(void)state;
	expect_asks(REAL_SERVER, packet(VIP, ROUTER), ROUTER, VIP, "announce.0",
		"the packet's source is 192.168.2.200, and arp_announce = max(all 0, eth0 0) = 0");
	expect_asks(REAL_SERVER, packet(RIP, ROUTER), ROUTER, RIP, "announce.0",
		"the packet's source is 192.168.2.101, and arp_announce = max(all 0, eth0 0) = 0");
	expect_asks(REAL_SERVER, packet("0.0.0.0", ROUTER), ROUTER, RIP, "announce.0",
		"the packet's source is 192.168.2.101, and arp_announce = max(all 0, eth0 0) = 0");
	expect_asks(REAL_SERVER GATEWAY, packet(VIP, FAR), ROUTER, VIP, "announce.0",
		"the packet's source is 192.168.2.200, and arp_announce = max(all 0, eth0 0) = 0");
}

/* The usual shared address lies in the subnet of the real one, and level 1 lets it pass. */
static void arp_announce_1_lets_a_source_of_the_subnet_stand(void **state)
{
	(void)state;
	expect_asks(REAL_SERVER "sysctl eth0 arp_announce 1\n", packet(VIP, ROUTER), ROUTER, VIP,
		"announce.1", "a subnet of eth0 holds both 192.168.2.200 and 192.168.2.1");
	expect_asks(ONE_CARD "addr lo 10.0.0.200/32\nsysctl eth0 arp_announce 1\n",
		packet("10.0.0.200", ROUTER), ROUTER, RIP, "select.subnet",
		"arp_announce = max(all 0, eth0 1) = 1 sets the packet's source 10.0.0.200 aside; "
		"192.168.2.101 is the first primary address of eth0 whose subnet holds "
		"192.168.2.1");
}

static void arp_announce_2_chooses_an_address_of_the_interface(void **state)
{
	(void)state;
	expect_asks(REAL_SERVER "sysctl eth0 arp_announce 2\n", packet(VIP, ROUTER), ROUTER, RIP,
		"select.subnet",
		"arp_announce = max(all 0, eth0 2) = 2 sets the packet's source 192.168.2.200 "
		"aside; 192.168.2.101 is the first primary address of eth0 whose subnet holds "
		"192.168.2.1");
	expect_asks(REAL_SERVER "sysctl all arp_announce 2\nsysctl eth0 arp_announce 1\n",
		packet(RIP, ROUTER), ROUTER, RIP, "select.subnet",
		"192.168.2.101 is the first primary address of eth0 whose subnet holds "
		"192.168.2.1");
}

static void other_levels_of_arp_announce_are_level_0(void **state)
{
	(void)state;
	expect_asks(REAL_SERVER "sysctl all arp_announce 2\nsysctl eth0 arp_announce 3\n",
		packet(VIP, ROUTER), ROUTER, VIP, "announce.0",
		"the packet's source is 192.168.2.200, and arp_announce = max(all 2, eth0 3) = 3");
	expect_asks(REAL_SERVER "sysctl lo arp_announce 2\n", packet(VIP, ROUTER), ROUTER, VIP,
		"announce.0",
		"the packet's source is 192.168.2.200, and arp_announce = max(all 0, eth0 0) = 0");
}

/* Level 2 means the first primary address, and that is the one that was added first. */
static void arp_announce_2_may_choose_the_shared_address(void **state)
{
	(void)state;
	expect_asks("link 1 lo\nlink 2 eth0 " MAC_ETH0 "\naddr eth0 " VIP "/24\naddr eth0 " RIP
		    "/24\nsysctl eth0 arp_announce 2\n",
		packet(RIP, ROUTER), ROUTER, VIP, "select.subnet",
		"arp_announce = max(all 0, eth0 2) = 2 sets the packet's source 192.168.2.101 "
		"aside; 192.168.2.200 is the first primary address of eth0 whose subnet holds "
		"192.168.2.1");
}

#define BARE_CARD                                                           \
	"link 1 lo\nlink 2 eth0 " MAC_ETH0 "\nsysctl eth0 arp_announce 2\n" \
	"addroute 192.168.2.0/24 dev=eth0\n"

static void an_interface_without_addresses_borrows_one(void **state)
{
	(void)state;
	expect_asks(BARE_CARD "addr lo 127.0.0.1/8\naddr lo " VIP "/32\n", packet(VIP, ROUTER),
		ROUTER, VIP, "select.elsewhere",
		"eth0 has no address to show; the first of another interface is 192.168.2.200 on "
		"lo");
	expect_asks(BARE_CARD "addr lo 127.0.0.1/8\naddr lo " VIP "/32 scope=host\n",
		packet(VIP, ROUTER), ROUTER, "0.0.0.0", "select.none",
		"arp_announce = max(all 0, eth0 2) = 2 sets the packet's source 192.168.2.200 "
		"aside; no interface has an address to show; the sender is 0.0.0.0");
}

static void a_target_in_no_subnet_gets_the_first_address(void **state)
{
	(void)state;
	expect_asks(REAL_SERVER "sysctl eth0 arp_announce 2\naddroute 10.9.9.0/24 dev=eth0\n",
		packet(RIP, FAR), FAR, RIP, "select.first",
		"192.168.2.101 is the first primary address of eth0, and none of its subnets holds "
		"10.9.9.9");
}

/* When an entry is polled, no packet is at hand, and the sysctl has nothing to choose. */
static void a_poll_chooses_by_itself(void **state)
{
	(void)state;
	struct departure poll = { .dst = ip(ROUTER), .ifindex = ETH0, .probe = true };
	expect_asks(REAL_SERVER, poll, ROUTER, RIP, "select.subnet",
		"192.168.2.101 is the first primary address of eth0 whose subnet holds "
		"192.168.2.1; a poll has no packet whose source could be taken");
}

static void a_routed_packet_is_never_its_own(void **state)
{
	(void)state;
	struct host *h = read_host(BETWEEN);
	struct departure d = { .src = ip(ROUTER), .dst = ip("10.0.5.9"), .ifindex = ETH0 };
	struct trace trace;
	struct verdict v;
	rules_forward(NULL, h, &d, &v, &trace);
	expect(&v, &trace, OUTCOME_ASKS, "select.subnet",
		"10.0.5.1 is the first primary address of eth1 whose subnet holds 10.0.5.9");
	assert_int_equal(v.ifindex, ETH1);
	assert_int_equal(v.sender, ip("10.0.5.1"));
	host_free(h);
}

/* ---- whether there is anything to ask ---- */

static bool give_known(void *arg, int32_t ifindex, uint32_t hop, struct known *ret)
{
	assert_int_equal(ifindex, ETH0);
	assert_int_equal(hop, ip(ROUTER));
	*ret = *(const struct known *)arg;
	return true;
}

static void an_entry_that_is_there_is_used(void **state)
{
	(void)state;
	struct known known = { .state = NUD_STALE, .has_mac = true };
	struct departure d = packet(VIP, FAR);
	d.known = give_known;
	d.arg = &known;
	struct verdict v = expect_send(REAL_SERVER GATEWAY, d, OUTCOME_USES, "resolve.known",
		"the entry for 192.168.2.1 is STALE on eth0");
	assert_int_equal(v.state, NUD_DELAY);
	known.state = NUD_INCOMPLETE;
	v = expect_send(REAL_SERVER GATEWAY, d, OUTCOME_USES, "resolve.known",
		"the entry for 192.168.2.1 is INCOMPLETE on eth0");
	assert_int_equal(v.state, NUD_INCOMPLETE);
	known.state = NUD_FAILED;
	v = expect_send(REAL_SERVER GATEWAY, d, OUTCOME_ASKS, "announce.0",
		"the packet's source is 192.168.2.200, and arp_announce = max(all 0, eth0 0) = 0");
	assert_int_equal(v.state, NUD_INCOMPLETE);
}

static void packets_that_need_no_neighbour(void **state)
{
	(void)state;
	expect_send(REAL_SERVER, packet("0.0.0.0", VIP), OUTCOME_NO_ARP, "send.local",
		"the route to 192.168.2.200 is local 192.168.2.200 on lo");
	expect_send(REAL_SERVER GATEWAY, packet("0.0.0.0", "224.0.0.5"), OUTCOME_NO_ARP,
		"send.multicast", "the route to 224.0.0.5 is default via 192.168.2.1 on eth0");
}

static void packets_that_are_refused(void **state)
{
	(void)state;
	expect_refused(REAL_SERVER, packet("0.0.0.0", FAR), -ENETUNREACH, "send.none",
		"there is no route to 10.9.9.9");
	expect_refused(REAL_SERVER, packet(FAR, ROUTER), -EADDRNOTAVAIL, "send.source",
		"10.9.9.9 is not this host's");
	expect_refused(REAL_SERVER "addroute 10.9.0.0/16 type=prohibit\n", packet("0.0.0.0", FAR),
		-EACCES, "send.error", "the route to 10.9.9.9 is prohibit 10.9.0.0/16");
	expect_refused(REAL_SERVER, packet("0.0.0.0", "192.168.2.255"), -EACCES, "send.broadcast",
		"the route to 192.168.2.255 is broadcast 192.168.2.255 on eth0");
	expect_refused(REAL_SERVER, packet("127.0.0.1", ROUTER), -EINVAL, "send.loopback",
		"the packet's source is 127.0.0.1, and route_localnet = or(all 0, eth0 0) = 0");
}

/* ---- what cannot be told ---- */

static const struct host_route *route_to(const struct host *h, const char *dst)
{
	const struct flow f = { .dst = ip(dst), .output = true };
	const struct host_route *r = NULL;
	assert_int_equal(host_lookup(h, &f, &r, NULL), FIB_ROUTE);
	return r;
}

static void what_decides_about_the_sender_may_be_unknown(void **state)
{
	(void)state;
	expect_send(REAL_SERVER "sysctl all arp_announce -\n", packet(VIP, ROUTER), OUTCOME_UNKNOWN,
		"announce.0", "the value of arp_announce is not known");
	expect_send("config - routes=unknown\n" ONE_CARD, packet("0.0.0.0", ROUTER),
		OUTCOME_UNKNOWN, "send.none", "the routes are not known");
}

static void one_of_equal_default_routes_is_not_guessed(void **state)
{
	(void)state;
	struct host *h = read_host(REAL_SERVER GATEWAY);
	struct host_route second = *route_to(h, FAR);
	second.gateway = ip("192.168.2.2");
	host_add_route(h, &second);
	host_settle(h);
	struct departure d = packet(RIP, FAR);
	struct trace trace;
	struct verdict v;
	rules_announce(NULL, h, &d, &v, &trace);
	expect(&v, &trace, OUTCOME_UNKNOWN, "send.none",
		"which of several equal default routes is taken is not known");
	host_free(h);
}

static void a_source_that_cannot_be_chosen_is_not_guessed(void **state)
{
	(void)state;
	expect_send("link 1 lo\nlink 2 eth0 " MAC_ETH0 "\naddr eth0 " RIP "/24 scope=host\n"
		    "addr lo " VIP "/32\nsysctl eth0 route_localnet -\n"
		    "addroute 10.9.0.0/16 dev=eth0 scope=link\n",
		packet("0.0.0.0", FAR), OUTCOME_UNKNOWN, "send.loopback",
		"the source depends on route_localnet, whose value is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp_announce_0_takes_the_source_of_the_packet),
		cmocka_unit_test(arp_announce_1_lets_a_source_of_the_subnet_stand),
		cmocka_unit_test(arp_announce_2_chooses_an_address_of_the_interface),
		cmocka_unit_test(other_levels_of_arp_announce_are_level_0),
		cmocka_unit_test(arp_announce_2_may_choose_the_shared_address),
		cmocka_unit_test(an_interface_without_addresses_borrows_one),
		cmocka_unit_test(a_target_in_no_subnet_gets_the_first_address),
		cmocka_unit_test(a_poll_chooses_by_itself),
		cmocka_unit_test(a_routed_packet_is_never_its_own),
		cmocka_unit_test(an_entry_that_is_there_is_used),
		cmocka_unit_test(packets_that_need_no_neighbour),
		cmocka_unit_test(packets_that_are_refused),
		cmocka_unit_test(what_decides_about_the_sender_may_be_unknown),
		cmocka_unit_test(one_of_equal_default_routes_is_not_guessed),
		cmocka_unit_test(a_source_that_cannot_be_chosen_is_not_guessed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
