/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: an order becomes the action that it says, and a wrong one is told what is wrong. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <arplab/addr.h>
#include <arplab/order.h>

#include "lab.h"

static struct topology topology;
static struct world world;

static int set_up(void **state)
{
	(void)state;
	lab_topology(&topology);
	lab_world(&world, &topology);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_done(&world);
	return 0;
}

static struct order parsed(const char *line)
{
	struct order o;
	struct err err = { "" };
	int error = order_parse(line, &topology, &o, &err);
	if (error)
		print_error("%s: %s\n", line, err.text);
	assert_int_equal(error, 0);
	return o;
}

/* The action for one machine, as one line of text without the id. */
static void acts(const char *line, uint16_t node, const char *expected)
{
	struct order o = parsed(line);
	struct action a;
	struct err err = { "" };
	assert_int_equal(order_action(&o, node, &world, &a, &err), 0);
	a.id = 1;
	assert_int_equal(action_check(&a, sizeof a), 0);
	a.id = 0;
	char bytes[512];
	struct text t = text_in(bytes, sizeof bytes);
	action_write(&t, &a);
	text_end(&t);
	/* A key is always written; in other orders than set it means nothing. */
	static const char nothing[] = " key=arp_ignore";
	char *key = strstr(bytes, nothing);
	if (key && a.kind != ACTION_SET)
		memmove(key, key + strlen(nothing), strlen(key + strlen(nothing)) + 1);
	assert_string_equal(bytes, expected);
}

static void says(const char *line, const char *expected)
{
	struct order o;
	struct err err = { "" };
	assert_int_equal(order_parse(line, &topology, &o, &err), -EINVAL);
	assert_string_equal(err.text, expected);
}

/* ---- what they mean ---- */

static void set_writes_a_sysctl(void **state)
{
	(void)state;
	acts("set rs1 all.arp_ignore 1", RS1, "set node=3 key=arp_ignore any=1 value=1");
	acts("set rs1 all.arp_ignore=1", RS1, "set node=3 key=arp_ignore any=1 value=1");
	acts("set rs1 all.arp_ignore = 1", RS1, "set node=3 key=arp_ignore any=1 value=1");
	acts("set rs1 eth1.arp_announce 2", RS1,
		"set node=3 ifindex=3 key=arp_announce any=1 value=2");
	acts("set rs1 lo.arp_ignore 1", RS1, "set node=3 ifindex=1 key=arp_ignore any=1 value=1");
	acts("set rs1 default.locktime 0", RS1, "set node=3 ifindex=-1 key=locktime any=1");
	acts("set rs1 eth0.medium_id -1", RS1, "set node=3 ifindex=2 key=medium_id any=1 value=-1");
}

static void addresses_come_and_go(void **state)
{
	(void)state;
	acts("addr add rs1 lo 192.168.2.200/32 scope host", RS1,
		"addr node=3 ifindex=1 value=1 ip=192.168.2.200 prefix=32 scope=254");
	acts("addr del client eth0 192.168.2.222/24", CLIENT,
		"addr node=1 ifindex=2 ip=192.168.2.222 prefix=24");
	acts("addr add client 192.168.2.7", CLIENT,
		"addr node=1 ifindex=2 value=1 ip=192.168.2.7 prefix=32");
	acts("addr add client 192.168.2.7/24 scope link", CLIENT,
		"addr node=1 ifindex=2 value=1 ip=192.168.2.7 prefix=24 scope=253");
}

static void links_arp_and_ports_are_switched(void **state)
{
	(void)state;
	acts("link rs1 eth1 down", RS1, "link node=3 ifindex=3");
	acts("link rs2 up", RS2, "link node=4 ifindex=2 value=1");
	acts("arp rs2 off", RS2, "arp node=4 ifindex=2");
	acts("arp rs1 eth0 on", RS1, "arp node=3 ifindex=2 value=1");
	acts("mac rs2 00:00:5e:00:01:33", RS2, "mac node=4 ifindex=2 mac=00:00:5e:00:01:33");
	acts("mac rs1 eth1 rs2", RS1, "mac node=3 ifindex=3 mac=02:00:00:00:00:04");
	acts("port rs2 last", RS2, "port node=4 ifindex=2");
	acts("port rs1 eth1 last", RS1, "port node=3 ifindex=3");
	acts("capture rs1 on", RS1, "capture node=3 ifindex=2 value=1");
	acts("capture rs1 on names 192.168.2.222 dev eth1", RS1,
		"capture node=3 ifindex=3 value=1 ip=192.168.2.222");
	acts("timers client fast", CLIENT, "timers node=1 value=1");
	acts("timers client true", CLIENT, "timers node=1");
}

static void routes_and_neighbours_are_written(void **state)
{
	(void)state;
	acts("route add rs1 default via 192.168.2.1", RS1, "route node=3 value=1 ip2=192.168.2.1");
	acts("route add rs1 10.0.0.0/8 dev eth1", RS1,
		"route node=3 ifindex=3 value=1 ip=10.0.0.0 prefix=8");
	acts("route del rs1 10.0.0.0/8", RS1, "route node=3 ip=10.0.0.0 prefix=8");
	acts("route add rs1 default via 192.168.2.1 dev eth0 table 7", RS1,
		"route node=3 ifindex=2 value=1 count=7 ip2=192.168.2.1");
	acts("rule add rs1 from 192.168.2.101 table 7", RS1,
		"rule node=3 value=1 ip=192.168.2.101 count=7 prefix=32");
	acts("rule del rs1 from 10.0.0.0/8 table 252", RS1,
		"rule node=3 ip=10.0.0.0 count=252 prefix=8");
	acts("neigh client 192.168.2.200 rs1", CLIENT,
		"neigh node=1 ifindex=2 ip=192.168.2.200 state=128 mac=02:00:00:00:00:03");
	acts("neigh client 192.168.2.200 02:00:00:00:00:07 stale", CLIENT,
		"neigh node=1 ifindex=2 ip=192.168.2.200 state=4 mac=02:00:00:00:00:07");
	acts("neigh rs1 10.211.55.9 client reachable dev eth1", RS1,
		"neigh node=3 ifindex=3 ip=10.211.55.9 state=2 mac=02:00:00:00:00:01");
	acts("flush client", CLIENT, "flush node=1");
	acts("flush client 192.168.2.200", CLIENT, "flush node=1 ip=192.168.2.200");
}

static void traffic_is_sent(void **state)
{
	(void)state;
	acts("ping client 192.168.2.200", CLIENT, "ping node=1 ip=192.168.2.200 count=1");
	acts("ping rs1 192.168.2.222 from 192.168.2.200 count 3", RS1,
		"ping node=3 ip=192.168.2.222 count=3 ip2=192.168.2.200");
	acts("arping client 192.168.2.200", CLIENT,
		"arping node=1 ifindex=2 ip=192.168.2.200 count=1");
	acts("arping rs1 10.211.55.9 count 2 dev eth1", RS1,
		"arping node=3 ifindex=3 ip=10.211.55.9 count=2");
	acts("udp rs1 192.168.2.222 from 192.168.2.200", RS1,
		"udp node=3 ip=192.168.2.222 count=9 ip2=192.168.2.200");
	acts("udp rs1 192.168.2.222 port 53", RS1, "udp node=3 ip=192.168.2.222 count=53");
}

static void frames_are_sent_field_by_field(void **state)
{
	(void)state;
	acts("garp rs1 192.168.2.200", RS1,
		"send node=3 ifindex=2 arp.eth_dst=ff:ff:ff:ff:ff:ff arp.spa=192.168.2.200 "
		"arp.tpa=192.168.2.200 arp.op=1");
	/* A gratuitous reply counts as one only when its target's MAC is the sender's. */
	acts("garp rs1 192.168.2.200 reply", RS1,
		"send node=3 ifindex=2 arp.eth_dst=ff:ff:ff:ff:ff:ff arp.tha=02:00:00:00:00:03 "
		"arp.spa=192.168.2.200 arp.tpa=192.168.2.200 arp.op=2");
	acts("garp rs1 192.168.2.200 reply mac 00:00:5e:00:01:33", RS1,
		"send node=3 ifindex=2 arp.eth_dst=ff:ff:ff:ff:ff:ff arp.sha=00:00:5e:00:01:33 "
		"arp.tha=00:00:5e:00:01:33 arp.spa=192.168.2.200 arp.tpa=192.168.2.200 arp.op=2");
	acts("send client who-has 192.168.2.200 tell 192.168.2.222", CLIENT,
		"send node=1 ifindex=2 arp.eth_dst=ff:ff:ff:ff:ff:ff arp.spa=192.168.2.222 "
		"arp.tpa=192.168.2.200 arp.op=1");
	acts("send client who-has 192.168.2.200 tell 0.0.0.0 mac rs2 to rs1", CLIENT,
		"send node=1 ifindex=2 arp.eth_dst=02:00:00:00:00:03 arp.sha=02:00:00:00:00:04 "
		"arp.tpa=192.168.2.200 arp.op=1");
	acts("send rs1 192.168.2.200 is-at rs1 to client", RS1,
		"send node=3 ifindex=2 arp.eth_dst=02:00:00:00:00:01 arp.sha=02:00:00:00:00:03 "
		"arp.tha=02:00:00:00:00:01 arp.spa=192.168.2.200 arp.tpa=192.168.2.222 arp.op=2");
	acts("send rs1 192.168.2.200 is-at 02:00:00:00:00:09 for 192.168.2.102 dev eth1", RS1,
		"send node=3 ifindex=3 arp.eth_dst=ff:ff:ff:ff:ff:ff arp.sha=02:00:00:00:00:09 "
		"arp.tha=ff:ff:ff:ff:ff:ff arp.spa=192.168.2.200 arp.tpa=192.168.2.102 arp.op=2");
	/* To everybody and for nobody: it tells of itself, and its target's MAC is no sender's. */
	acts("send rs1 192.168.2.200 is-at rs1", RS1,
		"send node=3 ifindex=2 arp.eth_dst=ff:ff:ff:ff:ff:ff arp.sha=02:00:00:00:00:03 "
		"arp.tha=ff:ff:ff:ff:ff:ff arp.spa=192.168.2.200 arp.tpa=192.168.2.200 arp.op=2");
}

static void filters_drop_and_rewrite(void **state)
{
	(void)state;
	acts("filter rs1 drop-in 192.168.2.200", RS1, "sieve node=3 value=1 ip=192.168.2.200");
	acts("filter rs1 drop-out 192.168.2.200", RS1, "sieve node=3 value=2 ip=192.168.2.200");
	acts("filter rs1 rewrite 192.168.2.200 as 192.168.2.101", RS1,
		"sieve node=3 value=3 ip=192.168.2.200 ip2=192.168.2.101");
	acts("filter rs1 off", RS1, "sieve node=3");
}

static void an_order_may_be_for_several_machines(void **state)
{
	(void)state;
	assert_int_equal(parsed("flush rs1,client").nodes, 1u << RS1 | 1u << CLIENT);
	assert_int_equal(parsed("flush all").nodes, 0x1e);
	struct order o = parsed("arping rs2,rs1 192.168.2.200");
	assert_string_equal(o.iface, "eth0");
	assert_string_equal(o.text, "arping rs2,rs1 192.168.2.200");
}

static void first_interfaces_may_have_different_names(void **state)
{
	(void)state;
	text_copy(topology.ifaces[topology.iface_count - 1].name, IFNAME_SIZE, "eth9");
	struct order o = parsed("arping rs2,rs1 192.168.2.200");
	assert_string_equal(o.iface, "");
	acts("arping rs2,rs1 192.168.2.200", RS1,
		"arping node=3 ifindex=2 ip=192.168.2.200 count=1");
}

static void a_wait_has_no_action(void **state)
{
	(void)state;
	struct order o = parsed("  wait 1500ms\t");
	assert_int_equal(o.wait_ms, 1500);
	assert_int_equal(o.nodes, 0);
	assert_int_equal(o.action.kind, 0);
	assert_string_equal(o.text, "wait 1500ms");
	assert_int_equal(parsed("wait 60s").wait_ms, 60000);
}

static void changes_of_state_are_told_from_traffic(void **state)
{
	(void)state;
	static const char *const changes[] = { "set rs1 all.arp_ignore 1",
		"addr add client 10.0.0.1", "link rs2 down", "arp rs2 off",
		"route del rs1 10.0.0.0/8", "neigh client 10.0.0.1 rs1", "flush client",
		"timers all true", "port rs2 last", "capture rs1 off", "mac rs2 client",
		"rule add rs1 from 10.0.0.1 table 7", "filter rs1 off" };
	static const char *const others[] = { "ping client 10.0.0.1", "arping client 10.0.0.1",
		"garp rs1 10.0.0.1", "send rs1 who-has 10.0.0.1 tell 10.0.0.2",
		"send rs1 10.0.0.1 is-at rs1", "udp rs1 10.0.0.1", "wait 1s" };
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct order o = parsed(changes[i]);
		assert_true(order_changes_state(&o));
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct order o = parsed(others[i]);
		assert_false(order_changes_state(&o));
	}
}

static void what_is_gone_by_now_is_said(void **state)
{
	(void)state;
	struct order o = parsed("link rs1 eth1 down"), any = parsed("garp rs2 10.0.0.1");
	struct action a;
	struct err err = { "" };
	lab_say(&world, RS1, gone(make_link(3, "eth1")));
	assert_int_equal(order_action(&o, RS1, &world, &a, &err), -ENOENT);
	assert_string_equal(err.text, "rs1 has no interface \"eth1\" any more");
	any.iface[0] = '\0';
	assert_int_equal(order_action(&any, RS2, &world, &a, &err), 0);
	assert_int_equal(a.ifindex, 2);
	lab_say(&world, RS2, gone(make_link(2, "eth0")));
	assert_int_equal(order_action(&any, RS2, &world, &a, &err), -ENOENT);
	assert_string_equal(err.text, "rs2 has no interface but lo any more");
	assert_int_equal(order_action(&o, 9, &world, &a, &err), -ENOENT);
	assert_string_equal(err.text, "the lab has no machine number 9: it has to be built first");
}

/* ---- what is wrong with them ---- */

static void unknown_words_get_the_nearest_one(void **state)
{
	(void)state;
	says("pnig client 10.0.0.1", "there is no order \"pnig\"; one such as set, ping or "
				     "arping is expected. Did you mean ping?");
	says("frobnicate", "there is no order \"frobnicate\"; one such as set, ping or arping is "
			   "expected.");
	says("  ", "the line is empty: an order is expected, such as ping client 192.0.2.1");
	says("ping rs3 10.0.0.1", "there is no machine \"rs3\", only client, director, rs1 and "
				  "rs2. Did you mean rs1?");
	says("ping rs1,,rs2 10.0.0.1",
		"there is no machine \"\", only client, director, rs1 and rs2.");
	says("ping rs1,rs2,rs1 10.0.0.1", "\"rs1,rs2,rs1\" names rs1 twice");
	says("link rs2 eth0 upp", "\"upp\" stands where up or down is expected. Did you mean up?");
	says("timers rs2 quick", "\"quick\" stands where fast or true is expected.");
	says("addr ad rs2 10.0.0.1",
		"\"ad\" stands where add or del is expected. Did you mean add?");
	says("balance director 10.0.0.1:80 sed", "\"sed\" stands where rr, wrr, lc, wlc or off "
						 "is expected.");
	says("balance directr 10.0.0.1:80 rr", "there is no machine \"directr\", only client, "
					       "director, rs1 and rs2. Did you mean director?");
	says("send rs1 who-has 10.0.0.1 say 10.0.0.2", "\"say\" stands where tell is expected.");
	says("addr add rs1 lo 10.0.0.1 scope hots",
		"\"hots\" stands where global, link or host is expected. Did you mean host?");
}

static void lines_that_are_too_short_or_too_long_show_how(void **state)
{
	(void)state;
	says("set", "the line ends where a machine is expected: set NODES CONF.KEY VALUE");
	says("set rs1 all.arp_ignore",
		"the line ends where a value is expected: set NODES CONF.KEY VALUE");
	says("ping client 10.0.0.1 count", "the line ends where a number is expected: ping NODES "
					   "IP [count N] [from IP]");
	says("port rs2", "the line ends where last is expected: port NODES [IF] last");
	says("timers rs2 fast now", "\"now\" is not expected here: timers NODES fast|true");
	says("ping client 10.0.0.1 cout 3", "\"cout\" is not expected here: ping NODES IP [count "
					    "N] [from IP]. Did you mean count?");
	says("ping client 10.0.0.1 count 3 count 4",
		"\"count\" comes too late: \"count\" was said before");
	says("neigh client 10.0.0.1 rs1 stale permanent",
		"\"permanent\" comes too late: \"stale\" was said before");
	says("route add rs1 10.0.0.0/8", "the line ends where via or dev is expected: route "
					 "add|del NODES IP/LEN|default [via IP] [dev IF] "
					 "[table N]");
	says("rule add rs1 10.0.0.1", "\"10.0.0.1\" stands where from is expected.");
	says("rule add rs1 from 10.0.0.1", "the line ends where table is expected: rule add|del "
					   "NODES from IP[/LEN] table N");
	says("rule add rs1 from 10.0.0.1 table 253",
		"253 is out of range: a number from 1 to 252 is expected");
#define FILTER "filter NODES drop-in|drop-out|rewrite|off [IP] [as IP]"
	says("filter rs1 drop", "\"drop\" stands where drop-in, drop-out, rewrite or off is "
				"expected.");
	says("filter rs1 drop-in", "the line ends where an IP is expected: " FILTER);
	says("filter rs1 rewrite 10.0.0.1", "the line ends where as IP is expected: " FILTER);
	says("filter rs1 drop-out 10.0.0.1 as 10.0.0.2", "\"as\" is not expected here: " FILTER);
	says("filter rs1 off 10.0.0.1", "\"10.0.0.1\" is not expected here: " FILTER);
	says("filter rs1 off as 10.0.0.1",
		"\"as\" is not an IPv4 address: one is expected, such as 192.0.2.1");
#undef FILTER
	char line[400];
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	says(line, "the line has 399 bytes; at most 159 are read");
	says("a a a a a a a a a a a a a a a a a a a a a a a a a",
		"the line has more than 24 words: \"a a a a a a a a a a a a …\"");
}

static void addresses_are_checked(void **state)
{
	(void)state;
	says("ping client 10.0.0.300", "\"10.0.0.300\" is not an IPv4 address: one is expected, "
				       "such as 192.0.2.1");
	says("ping client rs1", "\"rs1\" is the name of a machine where an IPv4 address is "
				"expected; it has 192.168.2.101");
	says("addr add rs1 lo 10.0.0.1/33", "\"10.0.0.1/33\" is not an address with a prefix "
					    "length of 0 to 32: one is expected, such as "
					    "192.0.2.1/24");
	says("route add rs1 10.0.0.1/8 dev eth0",
		"\"10.0.0.1/8\" has bits set behind its prefix: the network is 10.0.0.0/8");
	says("neigh client 10.0.0.1 02:00:00:00:00", "\"02:00:00:00:00\" is neither a MAC, such "
						     "as 02:00:00:00:00:01, nor a machine's "
						     "name.");
	says("neigh client 10.0.0.1 rs4", "\"rs4\" is neither a MAC, such as 02:00:00:00:00:01, "
					  "nor a machine's name. Did you mean rs1?");
	says("garp rs1 10.0.0.1 mac 00:00:00:00:00:00",
		"\"00:00:00:00:00:00\" is nobody's MAC: another one is expected");
	says("send rs1 10.0.0.1 is-at rs1 to 00:00:00:00:00:00",
		"\"00:00:00:00:00:00\" is nobody's MAC: another one is expected");
}

static void interfaces_are_checked(void **state)
{
	(void)state;
	says("link rs2 eth1 up", "rs2 has no interface \"eth1\", only eth0 and lo. Did you mean "
				 "eth0?");
	says("link rs1,rs2 eth1 up", "rs2 has no interface \"eth1\", only eth0 and lo. Did you "
				     "mean eth0?");
	says("link rs1 up", "rs1 has several interfaces: name eth0 or eth1");
	says("arping rs1 10.0.0.1 dev lo", "lo is on no wire: an interface of rs1 that is plugged "
					   "into a switch is expected");
	says("set rs2 eth1.arp_ignore 1",
		"rs2 has no interface \"eth1\", only eth0 and lo. Did you mean eth0?");
	topology.iface_count = 0;
	says("garp rs1 10.0.0.1", "rs1 has no interface but lo, so it cannot do that");
	says("link rs1 eth0 up", "rs1 has no interface \"eth0\", only lo.");
	says("neigh rs1 10.0.0.1 rs2",
		"rs2 has no interface but lo, so it has no MAC; one is expected");
}

static void sysctls_and_their_values_are_checked(void **state)
{
	(void)state;
	says("set rs1 arp_ignore 1",
		"\"arp_ignore\" does not name a sysctl: write it like all.arp_ignore");
	says("set rs1 all. 1", "\"all.\" does not name a sysctl: write it like all.arp_ignore");
	says("set rs1 all.arp_ignor 1", "there is no ARP sysctl \"arp_ignor\"; one such as "
					"arp_ignore is expected. Did you mean arp_ignore?");
	says("set rs1 all.locktime 1",
		"locktime is not there for \"all\": name default or an interface");
	says("set rs1 all.forwarding 1", "all.forwarding would overwrite every interface's "
					 "value; name the interfaces instead");
	says("set rs1 all.mc_forwarding 1", "mc_forwarding can only be read: the kernel sets it");
	says("set rs1 all.rp_filter 3", "rp_filter takes numbers from 0 to 2, not 3");
	says("set rs1 all.rp_filter on", "\"on\" is not a number; rp_filter takes 0 to 2");
}

static void counts_ports_and_times_are_checked(void **state)
{
	(void)state;
	says("ping client 10.0.0.1 count 0",
		"0 is out of range: a number from 1 to 1000 is expected");
	says("ping client 10.0.0.1 count many",
		"\"many\" is not a number: one from 1 to 1000 is expected");
	says("udp client 10.0.0.1 port 65536",
		"65536 is out of range: a number from 1 to 65535 is expected");
	says("wait 61s", "\"61s\" is not a time: one up to 60s is expected, such as 1500ms or 2s");
	says("wait 2", "\"2\" is not a time: one up to 60s is expected, such as 1500ms or 2s");
	says("wait 0ms", "\"0ms\" is not a time: one up to 60s is expected, such as 1500ms or 2s");
}

/* ---- completion ---- */

struct words {
	char text[1024];
	size_t left;
};

static bool collect(void *arg, const char *word)
{
	struct words *w = arg;
	strcat(strcat(w->text, w->text[0] ? " " : ""), word);
	return --w->left > 0;
}

static void completes(const char *line, const char *expected)
{
	struct words w = { "", SIZE_MAX };
	order_complete(line, &topology, collect, &w);
	assert_string_equal(w.text, expected);
}

static void every_place_can_be_completed(void **state)
{
	(void)state;
	completes("", "set addr link arp mac route rule filter neigh flush timers ping arping garp "
		      "send udp outage connect serve balance real keepalived port capture wait");
	completes("p", "ping port");
	completes("ping ", "client director rs1 rs2 all");
	completes("ping r", "rs1 rs2");
	completes("ping rs1,r", "rs1,rs2");
	completes("ping rs2,client,", "rs2,client,director rs2,client,rs1");
	completes("set rs1 ", "all. default. eth0. eth1. lo.");
	completes("set rs1,rs2 e", "eth0.");
	completes("set rs1 all.arp_", "all.arp_ignore all.arp_announce all.arp_filter "
				      "all.arp_accept all.arp_notify all.arp_evict_nocarrier");
	completes("set rs1 eth0.forw", "eth0.forwarding");
	completes("set rs1 all.forw", "");
	completes("set rs1 all.rp_filter ", "0 1 2");
	completes("set rs1 all.rp_filter=", "all.rp_filter=0 all.rp_filter=1 all.rp_filter=2");
	completes("addr ", "add del");
	completes("addr add rs1 ", "eth0 eth1 lo 192.168.2.222/24 192.168.2.100/24 "
				   "192.168.2.200/32 192.168.2.101/24 10.211.55.6/24 "
				   "192.168.2.102/24");
	completes("addr add rs1 lo 10.0.0.1 ", "scope");
	completes("addr add rs1 lo 10.0.0.1 scope ", "global link host");
	completes("link rs2 ", "eth0 lo up down");
	completes("link rs2 u", "up");
	completes("port rs2 eth0 ", "last");
	completes("ping client 192.168.2.10", "192.168.2.100 192.168.2.101 192.168.2.102");
	completes("ping client 10.0.0.1 ", "count from");
	completes("ping client 10.0.0.1 count 3 ", "from");
	completes("ping client 10.0.0.1 count ", "");
	completes("neigh client 10.0.0.1 r", "rs1 rs2");
	completes("neigh client 10.0.0.1 rs1 ", "dev permanent reachable stale");
	completes("neigh client 10.0.0.1 rs1 stale dev ", "eth0");
	completes("send rs1 w", "who-has");
	completes("send rs1 192.168.2.20", "192.168.2.200");
	completes("send rs1 who-has 10.0.0.1 ", "tell");
	completes("send rs1 10.0.0.1 ", "is-at");
	completes("connect client ", "192.168.2.200:80");
	completes("serve rs1 192.168.2.200:80 ", "on off");
	completes("balance director 192.168.2.200:80 ", "rr wrr lc wlc off");
	completes("balance director 192.168.2.200:80 rr ", "tun stand-in");
	completes("real add director 192.168.2.200:80 r", "rs1 rs2");
	completes("real add director 192.168.2.200:80 rs1 ", "weight");
	completes("keepalived director 192.168.2.200 ", "on off");
	completes("keepalived director 192.168.2.200 on ", "dev priority");
	completes("rule add rs1 ", "from");
	completes("rule add rs1 from 10.0.0.1 ", "table");
	completes("mac rs2 r", "rs1 rs2");
	completes("filter rs1 ", "drop-in drop-out rewrite off");
	completes("filter rs1 rewrite 192.168.2.20", "192.168.2.200");
	completes("filter rs1 rewrite 192.168.2.200 ", "as");
	completes("nonsense ", "");
	completes("wait ", "");
	struct words two = { "", 2 };
	order_complete("", &topology, collect, &two);
	assert_string_equal(two.text, "set addr");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(set_writes_a_sysctl, set_up, tear_down),
		cmocka_unit_test_setup_teardown(addresses_come_and_go, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			links_arp_and_ports_are_switched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			routes_and_neighbours_are_written, set_up, tear_down),
		cmocka_unit_test_setup_teardown(traffic_is_sent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(frames_are_sent_field_by_field, set_up, tear_down),
		cmocka_unit_test_setup_teardown(filters_drop_and_rewrite, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_order_may_be_for_several_machines, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			first_interfaces_may_have_different_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_wait_has_no_action, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			changes_of_state_are_told_from_traffic, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_gone_by_now_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			unknown_words_get_the_nearest_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			lines_that_are_too_short_or_too_long_show_how, set_up, tear_down),
		cmocka_unit_test_setup_teardown(addresses_are_checked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			sysctls_and_their_values_are_checked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			counts_ports_and_times_are_checked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_place_can_be_completed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(interfaces_are_checked, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
