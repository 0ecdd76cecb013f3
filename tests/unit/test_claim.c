/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a claim holds when the lab is as it says, and says in either case what was seen. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <arplab/addr.h>
#include <arplab/claim.h>

#include "lab.h"

static struct topology topology;
static struct world world;
static struct since mark;

static int set_up(void **state)
{
	(void)state;
	lab_topology(&topology);
	lab_world(&world, &topology);
	mark = since_now(&world);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_done(&world);
	return 0;
}

static void looks(const char *line, bool holds, const char *expected)
{
	struct claim c;
	struct err err = { "" };
	char bytes[200];
	struct text seen = text_in(bytes, sizeof bytes);
	int error = claim_parse(line, &topology, &c, &err);
	if (error)
		print_error("%s: %s\n", line, err.text);
	assert_int_equal(error, 0);
	assert_string_equal(c.text, line);
	bool held = claim_holds(&c, &world, mark, &seen);
	assert_string_equal(text_end(&seen), expected);
	assert_int_equal(held, holds);
}

static void says(const char *line, const char *expected)
{
	struct claim c;
	struct err err = { "" };
	assert_int_equal(claim_parse(line, &topology, &c, &err), -EINVAL);
	assert_string_equal(err.text, expected);
}

/* ---- what a machine is ---- */

static void sysctls_as_they_are_written(void **state)
{
	(void)state;
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	looks("sysctl rs1 all.arp_ignore = 1", true, "rs1's all.arp_ignore is 1");
	looks("sysctl rs1 all.arp_ignore = 2", false, "rs1's all.arp_ignore is 1; wanted: 2");
	looks("sysctl rs1 eth0.arp_ignore = 1", false, "rs1's eth0.arp_ignore is 0; wanted: 1");
	looks("sysctl rs1 eth0.arp_ignore != 0", false,
		"rs1's eth0.arp_ignore is 0; wanted: not 0");
	looks("sysctl rs1 all.arp_ignore < 1", false,
		"rs1's all.arp_ignore is 1; wanted: less than 1");
	looks("sysctl rs1 all.rp_filter = 0", false, "rs1's all.rp_filter is not known; wanted: 0");
}

static void sysctls_that_count(void **state)
{
	(void)state;
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	lab_sysctl(&world, RS2, 2, "arp_ignore", 2);
	looks("effective rs1 eth0.arp_ignore = 1", true,
		"on rs1, 1 counts for eth0.arp_ignore because of all");
	looks("effective rs2 eth0.arp_ignore >= 3", false,
		"on rs2, 2 counts for eth0.arp_ignore; wanted: at least 3");
	looks("effective rs2 eth0.rp_filter = 1", false,
		"rs2's eth0.rp_filter is not known; wanted: 1");
}

static void addresses_and_their_scopes(void **state)
{
	(void)state;
	looks("address rs1 192.168.2.200 = lo", true, "rs1 holds 192.168.2.200 on lo");
	looks("address rs1 192.168.2.200 = eth0", false,
		"rs1 holds 192.168.2.200 on lo; wanted: eth0");
	looks("address rs1 192.168.2.200 != eth0", true, "rs1 holds 192.168.2.200 on lo");
	looks("address rs1 192.168.2.200 = none", false,
		"rs1 holds 192.168.2.200 on lo; wanted: none");
	looks("address client 192.168.2.200 = none", true, "client does not hold 192.168.2.200");
	looks("address client 192.168.2.200 = eth0", false,
		"client does not hold 192.168.2.200; wanted: eth0");
	looks("scope rs1 192.168.2.200 = global", true,
		"the scope of rs1's 192.168.2.200 is global");
	looks("scope rs1 192.168.2.200 = host", false,
		"the scope of rs1's 192.168.2.200 is global; wanted: host");
	looks("scope client 192.168.2.200 = host", false,
		"client does not hold 192.168.2.200; wanted: host");
	struct event too = make_addr(3, LAB_VIP, 9);
	too.addr.scope = RT_SCOPE_HOST;
	lab_say(&world, RS1, too);
	looks("address rs1 192.168.2.200 = eth1", true, "rs1 holds 192.168.2.200 on lo and eth1");
	looks("scope rs1 192.168.2.200 = host", true,
		"the scope of rs1's 192.168.2.200 is global and host");
}

static void links_up_and_down(void **state)
{
	(void)state;
	struct event down = make_link(3, "eth1");
	down.link.flags = 0;
	looks("link rs1 eth1 = up", true, "rs1's eth1 is up");
	lab_say(&world, RS1, down);
	looks("link rs1 eth1 = up", false, "rs1's eth1 is down; wanted: up");
	looks("link rs1 eth1 = down", true, "rs1's eth1 is down");
	lab_say(&world, RS1, gone(down));
	looks("link rs1 eth1 = down", false, "rs1 has no interface eth1; wanted: down");
}

static void whose_mac_the_cache_has(void **state)
{
	(void)state;
	looks("neigh client 192.168.2.200 = none", true, "client has no entry for 192.168.2.200");
	looks("neigh client 192.168.2.200 = rs1", false,
		"client has no entry for 192.168.2.200; wanted: rs1");
	lab_neigh(&world, CLIENT, LAB_VIP, NUD_STALE, RS2);
	looks("neigh client 192.168.2.200 = rs2", true,
		"client has an entry for 192.168.2.200 with rs2's MAC 02:00:00:00:00:04, STALE");
	looks("neigh client 192.168.2.200 = 02:00:00:00:00:04", true,
		"client has an entry for 192.168.2.200 with rs2's MAC 02:00:00:00:00:04, STALE");
	looks("neigh client 192.168.2.200 = director", false,
		"client has an entry for 192.168.2.200 with rs2's MAC 02:00:00:00:00:04, STALE; "
		"wanted: director");
	looks("neigh client 192.168.2.200 != director", true,
		"client has an entry for 192.168.2.200 with rs2's MAC 02:00:00:00:00:04, STALE");
	looks("neigh client 192.168.2.200 = unknown", false,
		"client has an entry for 192.168.2.200 with rs2's MAC 02:00:00:00:00:04, STALE; "
		"wanted: an entry without a MAC");
	lab_neigh(&world, CLIENT, LAB_VIP, NUD_REACHABLE, 99);
	looks("neigh client 192.168.2.200 = 02:00:00:00:00:04", false,
		"client has an entry for 192.168.2.200 with 02:00:00:00:00:63, which is no "
		"machine's MAC, REACHABLE; wanted: 02:00:00:00:00:04");
	lab_neigh(&world, CLIENT, LAB_VIP, NUD_INCOMPLETE, 0);
	looks("neigh client 192.168.2.200 = unknown", true,
		"client has an entry without a MAC for 192.168.2.200, INCOMPLETE");
	looks("neigh client 192.168.2.200 = none", false,
		"client has an entry without a MAC for 192.168.2.200, INCOMPLETE; wanted: none");
}

static void the_newest_entry_with_a_mac_counts(void **state)
{
	(void)state;
	struct event second = make_neigh(9000, 3, LAB_VIP, NUD_FAILED, 0);
	lab_neigh(&world, RS1, LAB_VIP, NUD_STALE, RS2);
	second.neigh.mac_len = 0;
	lab_say(&world, RS1, second);
	looks("neigh rs1 192.168.2.200 = rs2", true,
		"rs1 has an entry for 192.168.2.200 with rs2's MAC 02:00:00:00:00:04, STALE");
	second.neigh.mac_len = 6;
	second.neigh.state = NUD_REACHABLE;
	topology_mac(DIRECTOR, 0, second.neigh.mac);
	lab_say(&world, RS1, second);
	looks("state rs1 192.168.2.200 = REACHABLE", true,
		"rs1 has an entry for 192.168.2.200 with director's MAC 02:00:00:00:00:02, "
		"REACHABLE");
}

static void the_state_of_an_entry(void **state)
{
	(void)state;
	looks("state client 192.168.2.200 = none", true, "client has no entry for 192.168.2.200");
	looks("state client 192.168.2.200 != STALE", true, "client has no entry for 192.168.2.200");
	looks("state client 192.168.2.200 = STALE", false,
		"client has no entry for 192.168.2.200; wanted: STALE");
	lab_neigh(&world, CLIENT, LAB_VIP, NUD_FAILED, 0);
	looks("state client 192.168.2.200 = FAILED", true,
		"client has an entry without a MAC for 192.168.2.200, FAILED");
	looks("state client 192.168.2.200 = PROBE", false,
		"client has an entry without a MAC for 192.168.2.200, FAILED; wanted: PROBE");
	looks("state client 192.168.2.200 = none", false,
		"client has an entry without a MAC for 192.168.2.200, FAILED; wanted: none");
}

/* ---- what went over the LAN ---- */

static void who_answered_counted_and_named(void **state)
{
	(void)state;
	looks("replies 192.168.2.200 = 0", true, "nobody answered who-has 192.168.2.200 (0)");
	looks("replies 192.168.2.200 = director", false,
		"nobody answered who-has 192.168.2.200 (0); wanted: director alone");
	lab_answers(&world, RS2, LAB_VIP);
	lab_answers(&world, RS1, LAB_VIP);
	lab_answers(&world, DIRECTOR, LAB_VIP);
	lab_answers(&world, RS2, LAB_VIP);
	lab_answers(&world, RS1, LAB_RS1);
	looks("replies 192.168.2.200 = 3", true,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	looks("replies 192.168.2.200 = rs2,director,rs1", true,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	looks("replies 192.168.2.200 = director", false,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: director "
		"alone");
	looks("replies 192.168.2.200 = 1", false,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: 1");
	looks("replies 192.168.2.200 = director,rs1", false,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: director and "
		"rs1");
	looks("replies 192.168.2.200 <= 3", true,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	looks("replies 192.168.2.200 >= 3", true,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	looks("replies 192.168.2.200 <= 2", false,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: at most 2");
	looks("replies 192.168.2.200 != director,rs1", true,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	looks("replies 192.168.2.200 != director,rs1,rs2", false,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: not director, "
		"rs1 and rs2");
	mark = since_now(&world);
	looks("replies 192.168.2.200 = 0", true, "nobody answered who-has 192.168.2.200 (0)");
}

static void announcements_are_no_answers(void **state)
{
	(void)state;
	lab_say(&world, RS1, lab_frame(RS1, 0, ARP_OP_REPLY, LAB_VIP, LAB_VIP));
	lab_say(&world, RS1, lab_frame(RS1, 0, ARP_OP_REQUEST, LAB_VIP, LAB_VIP));
	looks("replies 192.168.2.200 = 0", true, "nobody answered who-has 192.168.2.200 (0)");
	looks("asked rs1 192.168.2.200 = 0", true, "rs1 asked who-has 192.168.2.200 0 times");
	looks("sent rs1 = 2", true, "rs1 sent 2 ARP frames");
}

static void frames_that_only_arrived_do_not_count(void **state)
{
	(void)state;
	struct event e = lab_frame(RS1, CLIENT, ARP_OP_REPLY, LAB_VIP, LAB_CLIENT);
	e.flags = 0;
	lab_say(&world, CLIENT, e);
	looks("replies 192.168.2.200 = 0", true, "nobody answered who-has 192.168.2.200 (0)");
}

static void whose_answer_came_first(void **state)
{
	(void)state;
	looks("first 192.168.2.200 = rs2", false,
		"nobody answered who-has 192.168.2.200; wanted: rs2");
	looks("first 192.168.2.200 != rs2", false,
		"nobody answered who-has 192.168.2.200; wanted: not rs2");
	lab_answers(&world, RS2, LAB_VIP);
	looks("first 192.168.2.200 = rs2", true, "rs2 answered who-has 192.168.2.200 first");
	lab_answers(&world, DIRECTOR, LAB_VIP);
	looks("first 192.168.2.200 = director", false,
		"rs2 answered who-has 192.168.2.200 first, before director; wanted: director");
}

static void from_which_interface_was_answered(void **state)
{
	(void)state;
	struct event e = lab_frame(RS1, CLIENT, ARP_OP_REPLY, LAB_VIP, LAB_CLIENT);
	looks("cards 192.168.2.200 = rs1.eth0", false,
		"nobody answered who-has 192.168.2.200; wanted: rs1's eth0 alone");
	looks("cards 192.168.2.200 = 0", true, "nobody answered who-has 192.168.2.200");
	e.frame.ifindex = lab_ifindex("eth1");
	lab_say(&world, RS1, e);
	lab_answers(&world, RS1, LAB_VIP);
	lab_answers(&world, RS1, LAB_VIP);
	lab_answers(&world, RS2, LAB_RS1);
	lab_say(&world, RS2, lab_frame(RS2, 0, ARP_OP_REPLY, LAB_VIP, LAB_VIP));
	looks("cards 192.168.2.200 = rs1.eth1,rs1.eth0", true,
		"rs1's eth0 and rs1's eth1 answered who-has 192.168.2.200");
	looks("cards 192.168.2.200 = 2", true,
		"rs1's eth0 and rs1's eth1 answered who-has 192.168.2.200");
	looks("cards 192.168.2.200 = rs1.eth1", false,
		"rs1's eth0 and rs1's eth1 answered who-has 192.168.2.200; wanted: rs1's eth1 "
		"alone");
	looks("cards 192.168.2.200 = rs2.eth0,rs1.eth1", false,
		"rs1's eth0 and rs1's eth1 answered who-has 192.168.2.200; wanted: rs1's eth1 and "
		"rs2's eth0");
	looks("cards 192.168.2.200 != rs2.eth0", true,
		"rs1's eth0 and rs1's eth1 answered who-has 192.168.2.200");
	looks("cards 192.168.2.200 < 2", false,
		"rs1's eth0 and rs1's eth1 answered who-has 192.168.2.200; wanted: fewer than 2");
}

static void announcements_are_counted_apart(void **state)
{
	(void)state;
	looks("announced rs1 192.168.2.200 = 0", true, "rs1 announced 192.168.2.200 0 times");
	lab_say(&world, RS1, lab_frame(RS1, 0, ARP_OP_REPLY, LAB_VIP, LAB_VIP));
	lab_say(&world, RS1, lab_frame(RS1, 0, ARP_OP_REQUEST, LAB_VIP, LAB_VIP));
	lab_say(&world, RS1, lab_frame(RS1, 0, ARP_OP_REQUEST, LAB_RS1, LAB_RS1));
	lab_say(&world, RS2, lab_frame(RS2, 0, ARP_OP_REQUEST, LAB_VIP, LAB_VIP));
	lab_answers(&world, RS1, LAB_VIP);
	looks("announced rs1 192.168.2.200 >= 2", true, "rs1 announced 192.168.2.200 2 times");
	looks("announced rs1 192.168.2.200 = 1", false,
		"rs1 announced 192.168.2.200 2 times; wanted: 1");
	looks("announced client 192.168.2.200 = 0", true, "client announced 192.168.2.200 0 times");
}

static void questions_and_their_senders(void **state)
{
	(void)state;
	looks("tells rs1 192.168.2.222 != 192.168.2.200", false,
		"rs1 did not ask who-has 192.168.2.222; wanted: not 192.168.2.200");
	lab_asks(&world, RS1, 0, LAB_CLIENT, LAB_RS1);
	lab_asks(&world, RS1, 0, LAB_CLIENT, LAB_VIP);
	lab_asks(&world, RS2, 0, LAB_CLIENT, ip4(192, 168, 2, 102));
	looks("asked rs1 192.168.2.222 = 2", true, "rs1 asked who-has 192.168.2.222 2 times");
	looks("asked rs2 192.168.2.222 > 1", false,
		"rs2 asked who-has 192.168.2.222 1 time; wanted: more than 1");
	looks("polled rs1 192.168.2.222 = 0", true, "rs1 polled 192.168.2.222 0 times");
	lab_asks(&world, RS1, CLIENT, LAB_CLIENT, LAB_VIP);
	looks("polled rs1 192.168.2.222 >= 1", true, "rs1 polled 192.168.2.222 1 time");
	looks("tells rs1 192.168.2.222 = 192.168.2.200", true,
		"rs1 asked who-has 192.168.2.222 tell 192.168.2.200");
	looks("tells rs1 192.168.2.222 = 192.168.2.101", false,
		"rs1 asked who-has 192.168.2.222 tell 192.168.2.200; wanted: 192.168.2.101");
	looks("sent rs1 = 3", true, "rs1 sent 3 ARP frames");
	looks("sent client < 0", false, "client sent 0 ARP frames; wanted: fewer than 0");
}

static void what_a_ping_brought(void **state)
{
	(void)state;
	looks("ping client 192.168.2.200 = lost", false,
		"client sent no ping to 192.168.2.200; wanted: lost");
	lab_pinged(&world, CLIENT, LAB_VIP, 3, 2);
	looks("ping client 192.168.2.200 = answered", true,
		"client's ping to 192.168.2.200 was answered (2 of 3)");
	looks("ping client 192.168.2.200 = 3", false,
		"client's ping to 192.168.2.200 was answered (2 of 3); wanted: 3");
	looks("ping rs1 192.168.2.200 = answered", false,
		"rs1 sent no ping to 192.168.2.200; wanted: answered");
	lab_pinged(&world, CLIENT, LAB_VIP, 1, 0);
	looks("ping client 192.168.2.200 = lost", true,
		"client's ping to 192.168.2.200 was lost (0 of 1)");
	looks("ping client 192.168.2.200 != lost", false,
		"client's ping to 192.168.2.200 was lost (0 of 1); wanted: not lost");
	mark = since_now(&world);
	looks("ping client 192.168.2.200 = lost", false,
		"client sent no ping to 192.168.2.200; wanted: lost");
}

static void many_machines_are_not_all_named(void **state)
{
	(void)state;
	struct topology big;
	lab_topology(&big);
	while (big.node_count < 12) {
		lab_node(&big, "host");
		lab_iface(&big, big.node_count, 0, ip4(192, 168, 2, big.node_count));
	}
	lab_build(&world, &big);
	mark = since_now(&world);
	for (uint16_t n = 2; n <= 12; n++)
		lab_answers(&world, n, LAB_VIP);
	looks("replies 192.168.2.200 = 1", false,
		"director, rs1, rs2, host, host, host and 5 more answered who-has 192.168.2.200 "
		"(11); wanted: 1");
}

static void without_a_lab_nothing_holds(void **state)
{
	(void)state;
	lab_state(&world, LAB_GONE);
	looks("sysctl rs1 all.arp_ignore = 0", false, "machine number 3 is not there");
	looks("replies 192.168.2.200 = 1", false,
		"nobody answered who-has 192.168.2.200 (0); wanted: 1");
}

/* ---- what is wrong with them ---- */

static void wrong_claims_are_told_what_is_wrong(void **state)
{
	(void)state;
	says("", "the line is empty: a claim is expected, such as replies 192.0.2.1 = 1");
	says("reply 192.168.2.200 = 1", "there is no claim \"reply\"; one such as replies, neigh "
					"or sysctl is expected.");
	says("replys 192.168.2.200 = 1", "there is no claim \"replys\"; one such as replies, "
					 "neigh or sysctl is expected. Did you mean replies?");
	says("sent", "the line ends where a machine is expected: sent NODE = N");
	says("sent rs9 = 1", "there is no machine \"rs9\", only client, director, rs1 and rs2. "
			     "Did you mean rs1?");
	says("asked rs1", "the line ends where an IP is expected: asked NODE IP = N");
	says("asked rs1 10.0.0 = 1",
		"\"10.0.0\" is not an IPv4 address: one is expected, such as 192.0.2.1");
	says("asked rs1 10.0.0.1",
		"the line ends where = or another relation is expected: asked NODE IP = N");
	says("asked rs1 10.0.0.1 is 1", "\"is\" stands where =, !=, <, >, <= or >= is expected.");
	says("asked rs1 10.0.0.1 == 1",
		"\"==\" stands where =, !=, <, >, <= or >= is expected. Did you mean =?");
	says("asked rs1 10.0.0.1 =", "the line ends where a value is expected: asked NODE IP = N");
	says("asked rs1 10.0.0.1 = x", "\"x\" is not a number: one from 0 to 1000000 is expected");
	says("asked rs1 10.0.0.1 = -1",
		"-1 is out of range: a number from 0 to 1000000 is expected");
	says("asked rs1 10.0.0.1 = 1 2", "\"2\" is not expected here: asked NODE IP = N");
	says("link rs1 eth0 > up",
		"\">\" compares numbers, and \"up\" is none: = or != is expected");
	says("replies 10.0.0.1 < rs1",
		"\"<\" compares numbers, and \"rs1\" is none: = or != is expected");
}

static void wrong_values_are_told_what_is_expected(void **state)
{
	(void)state;
	says("sysctl rs1 all.arp_ignore = 256", "arp_ignore takes numbers from 0 to 255, not "
						"256");
	says("sysctl rs2 eth1.arp_ignore = 1",
		"rs2 has no interface \"eth1\", only eth0 and lo. Did you mean eth0?");
	says("effective rs1 all.arp_ignore = 1",
		"\"all.arp_ignore\" names no interface: what counts is asked of one, like "
		"eth0.arp_ignore");
	says("effective rs1 arp_ignore = 1",
		"\"arp_ignore\" does not name a sysctl: write it like eth0.arp_ignore");
	says("address rs1 10.0.0.1 = eth7",
		"rs1 has no interface \"eth7\", only eth0, eth1 and lo. Did you mean eth0?");
	says("scope rs1 10.0.0.1 = site",
		"\"site\" stands where global, link or host is expected.");
	says("link rs1 eth0 = on", "\"on\" stands where up or down is expected.");
	says("neigh rs1 10.0.0.1 = nobody",
		"\"nobody\" stands where a machine, a MAC, none or unknown is expected.");
	says("neigh rs1 10.0.0.1 = unknwon",
		"\"unknwon\" stands where a machine, a MAC, none or unknown is expected. Did you "
		"mean unknown?");
	says("state rs1 10.0.0.1 = STAEL",
		"\"STAEL\" stands where REACHABLE, STALE, DELAY, PROBE, FAILED, INCOMPLETE, "
		"PERMANENT or none is expected. Did you mean STALE?");
	says("replies 10.0.0.1 = rs1,rs3",
		"there is no machine \"rs3\", only client, director, rs1 and rs2. Did you mean "
		"rs1?");
	says("cards 10.0.0.1 = rs1",
		"\"rs1\" stands where a machine's interface is expected, such as rs1.eth0");
	says("cards 10.0.0.1 = rs3.eth0", "there is no machine \"rs3\", only client, director, "
					  "rs1 and rs2. Did you mean rs1?");
	says("cards 10.0.0.1 = rs2.eth0,rs2.eth1",
		"rs2 has no interface \"eth1\", only eth0. Did you mean eth0?");
	says("cards 10.0.0.1 = rs1.eth0,rs1.eth0", "\"rs1.eth0,rs1.eth0\" names rs1.eth0 twice");
	says("cards 10.0.0.1 > rs1.eth0",
		"\">\" compares numbers, and \"rs1.eth0\" is none: = or != is expected");
	says("first 10.0.0.1 = 2", "there is no machine \"2\", only client, director, rs1 and "
				   "rs2.");
	says("tells rs1 10.0.0.1 = client",
		"\"client\" is the name of a machine where an IPv4 address is expected; it has "
		"192.168.2.222");
	says("ping rs1 10.0.0.1 = won", "\"won\" stands where answered or lost is expected.");
}

static void every_kind_has_a_word(void **state)
{
	(void)state;
	size_t count;
	const struct claim_word *words = claim_words(&count);
	assert_int_equal(count, CLAIM_KINDS);
	for (size_t i = 0; i < count; i++)
		assert_true(words[i].name && words[i].args && words[i].help && words[i].grammar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sysctls_as_they_are_written, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sysctls_that_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(addresses_and_their_scopes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(links_up_and_down, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whose_mac_the_cache_has, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_newest_entry_with_a_mac_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_state_of_an_entry, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_answered_counted_and_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(announcements_are_no_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			frames_that_only_arrived_do_not_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whose_answer_came_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			from_which_interface_was_answered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(announcements_are_counted_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(questions_and_their_senders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_a_ping_brought, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_machines_are_not_all_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_a_lab_nothing_holds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			wrong_claims_are_told_what_is_wrong, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			wrong_values_are_told_what_is_expected, set_up, tear_down),
		cmocka_unit_test(every_kind_has_a_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
