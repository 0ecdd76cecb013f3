/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a topology's lines become machines, and what is wrong with them is said. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <arplab/action.h>
#include <arplab/addr.h>
#include <arplab/lesson.h>
#include <arplab/sysctl.h>

static int read_text(const char *text, struct topology *t, struct faults *f)
{
	struct names n;
	int result = topology_read(text, strlen(text), 1, t, &n, f);
	names_done(&n);
	return result;
}

static void must_read(const char *text, struct topology *t)
{
	struct faults f = { 0 };
	int result = read_text(text, t, &f);
	for (size_t i = 0; i < f.count; i++)
		print_message("line %u: %s\n", f.list[i].line, f.list[i].text);
	assert_int_equal(result, 0);
	assert_int_equal(f.count, 0);
	assert_int_equal(topology_check(t), 0);
}

/* The text has this finding, in this line, and no other one. */
static void assert_only_fault(const char *text, unsigned line, const char *part)
{
	struct topology t;
	struct faults f = { 0 };
	int result = read_text(text, &t, &f);
	bool found = f.count == 1 && f.list[0].line == line && strstr(f.list[0].text, part);
	if (!found)
		print_message("wanted line %u: %s; got\n", line, part);
	for (size_t i = 0; i < f.count && !found; i++)
		print_message("line %u: %s\n", f.list[i].line, f.list[i].text);
	assert_int_equal(result, -EINVAL);
	assert_true(found);
	faults_done(&f);
}

static uint32_t ip(const char *text)
{
	uint32_t value;
	assert_int_equal(ip_parse(text, &value), 0);
	return value;
}

static const char whole[] = "# A comment.\n"
			    "name vip 192.168.2.200   # and another\n"
			    "switch lan\n"
			    "switch back\n"
			    "timers fast\n"
			    "node client\n"
			    "  eth0 lan 192.168.2.222/24 mac 02:AA:00:00:00:01\n"
			    "  route default via 192.168.2.1\n"
			    "\n"
			    "node gateway\n"
			    "  eth0 lan 192.168.2.1/24 {vip}/32 scope link\n"
			    "\teth1 back\n"
			    "  lo 10.1.0.4/31 scope host 10.0.0.1/32\n"
			    "  sysctl all.arp_ignore 1\n"
			    "  sysctl eth1.rp_filter=2\n"
			    "  route 10.9.0.0/24 dev eth1\n"
			    "  route 10.8.0.0/16 via 10.9.0.7 dev eth1\n"
			    "  forward\n"
			    "node rs1\n"
			    "  eth0 lan 192.168.2.5/24\n"
			    "first rs1 client\n";

static void machines_and_switches_are_read(void **state)
{
	(void)state;
	struct topology t;
	must_read(whole, &t);
	assert_int_equal(t.timers, TIMERS_FAST);
	assert_int_equal(t.switch_count, 2);
	assert_string_equal(t.switches[1], "back");
	assert_int_equal(t.node_count, 3);
	assert_int_equal(topology_node(&t, "gateway"), 2);
	assert_int_equal(t.nodes[1].forwards, 1);
	assert_int_equal(t.nodes[0].forwards, 0);
}

static void interfaces_have_macs_of_their_own(void **state)
{
	(void)state;
	static const uint8_t given[6] = { 2, 0xaa, 0, 0, 0, 1 }, made[6] = { 2, 0, 0, 0, 1, 2 };
	struct topology t;
	must_read(whole, &t);
	assert_int_equal(t.iface_count, 4);
	assert_memory_equal(t.ifaces[0].mac, given, 6);
	assert_string_equal(t.ifaces[2].name, "eth1");
	assert_int_equal(t.ifaces[2].node, 2);
	assert_int_equal(t.ifaces[2].switch_number, 2);
	assert_memory_equal(t.ifaces[2].mac, made, 6);
}

static void addresses_have_lengths_and_scopes(void **state)
{
	(void)state;
	struct topology t;
	must_read(whole, &t);
	static const struct {
		const char *ip;
		uint16_t node, iface;
		uint8_t prefix, scope;
	} want[] = { { "192.168.2.222", 1, 1, 24, 0 }, { "192.168.2.1", 2, 2, 24, 0 },
		{ "192.168.2.200", 2, 2, 32, 253 }, { "10.1.0.4", 2, 0, 31, 254 },
		{ "10.0.0.1", 2, 0, 32, 0 }, { "192.168.2.5", 3, 4, 24, 0 } };
	assert_int_equal(t.addr_count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(t.addrs[i].ip, ip(want[i].ip));
		assert_int_equal(t.addrs[i].node, want[i].node);
		assert_int_equal(t.addrs[i].iface, want[i].iface);
		assert_int_equal(t.addrs[i].prefix, want[i].prefix);
		assert_int_equal(t.addrs[i].scope, want[i].scope);
	}
}

static void routes_and_sysctls_are_read(void **state)
{
	(void)state;
	struct topology t;
	must_read(whole, &t);
	assert_int_equal(t.route_count, 3);
	assert_int_equal(t.routes[0].gateway, ip("192.168.2.1"));
	assert_int_equal(t.routes[0].dst_len, 0);
	assert_int_equal(t.routes[0].iface, 0);
	assert_int_equal(t.routes[1].dst, ip("10.9.0.0"));
	assert_int_equal(t.routes[1].iface, 3);
	assert_int_equal(t.routes[2].gateway, ip("10.9.0.7"));
	assert_int_equal(t.sysctl_count, 2);
	assert_string_equal(t.sysctls[0].conf, "all");
	assert_int_equal(t.sysctls[0].key, sysctl_find("arp_ignore"));
	assert_string_equal(t.sysctls[1].conf, "eth1");
	assert_int_equal(t.sysctls[1].value, 2);
	assert_int_equal(t.sysctls[1].node, 2);
}

/* The port with the highest rank is attached last, and served first. */
static void ports_are_ranked_as_listed_but_first_ones_come_last(void **state)
{
	(void)state;
	struct topology t;
	must_read(whole, &t);
	uint32_t client = t.ifaces[0].rank, gateway0 = t.ifaces[1].rank,
		 gateway1 = t.ifaces[2].rank, rs1 = t.ifaces[3].rank;
	assert_true(gateway0 < gateway1);
	assert_true(gateway1 < client);
	assert_true(client < rs1);
	char text[sizeof whole];
	memcpy(text, whole, sizeof text);
	*strstr(text, "first rs1") = '#';
	must_read(text, &t);
	for (size_t i = 1; i < t.iface_count; i++)
		assert_true(t.ifaces[i - 1].rank < t.ifaces[i].rank);
}

#define NODE "switch lan\nnode a\n"
#define IFACE NODE "eth0 lan 10.0.0.1/24\n"

static void statements_are_known_and_in_their_place(void **state)
{
	(void)state;
	assert_only_fault(NODE "rout default via 10.0.0.1\n", 3, "Did you mean route?");
	assert_only_fault(NODE "nonsense\n", 3, "no statement");
	assert_only_fault(NODE "eth0 lam\n", 3, "no switch lam above this line. Did you mean lan?");
	assert_only_fault("switch lan\neth0 lan\nnode a\n", 2, "below a line `node NAME`");
	assert_only_fault("lo 10.0.0.1/32\nnode a\n", 1, "below a line `node NAME`");
	assert_only_fault("forward\nnode a\n", 1, "below a line `node NAME`");
	assert_only_fault(NODE "forward now\n", 3, "wanted: forward");
	assert_only_fault(NODE "timers\n", 3, "wanted: timers fast|true");
	assert_only_fault(NODE "timers slow\n", 3, "fast or true");
	assert_only_fault(NODE "timers fast\ntimers fast\n", 4, "set already");
	assert_only_fault("# nothing\n", 1, "at least one machine");
	assert_only_fault(IFACE "route default via {gw}\n", 4, "{gw} is not known above this line");
}

static void names_are_well_formed_and_single(void **state)
{
	(void)state;
	assert_only_fault(NODE "node b_c\nnode d\n", 3, "b_c cannot name a machine");
	assert_only_fault(NODE "node 1a\n", 3, "1a cannot name a machine");
	assert_only_fault(NODE "node a234567890123456\n", 3, "at most 15");
	assert_only_fault(NODE "node all\n", 3, "orders and claims use the word");
	assert_only_fault(NODE "node none\n", 3, "orders and claims use the word");
	assert_only_fault(NODE "node a\n", 3, "a machine a already");
	assert_only_fault(NODE "switch lan\n", 3, "a switch lan already");
	assert_only_fault(NODE "switch l/n\n", 3, "l/n cannot name a switch");
	assert_only_fault(NODE "name a 10.0.0.1\n", 3, "{a} has a meaning already");
	assert_only_fault("name v 10.0.0.1\nname v 10.0.0.2\nnode a\n", 2, "{v} has a meaning");
	assert_only_fault("name v 10.0.0.1\nnode v\nnode a\n", 2, "{v} has a meaning");
	assert_only_fault(NODE "name 1v 10.0.0.1\n", 3, "1v is no name");
	assert_only_fault(NODE "first a a\n", 3, "named twice");
	assert_only_fault(NODE "first abc\n", 3, "no machine abc above this line");
	assert_only_fault(NODE "first a\nfirst a\n", 4, "a line first already");
}

static void interfaces_are_well_formed_and_single(void **state)
{
	(void)state;
	assert_only_fault(NODE "eth0 lan\neth0 lan\n", 4, "a has an interface eth0 already");
	assert_only_fault(NODE "e/0 lan\n", 3, "e/0 cannot name an interface");
	assert_only_fault(NODE "eth0.5 lan\n", 3, "eth0.5 cannot name an interface");
	assert_only_fault(NODE "a234567890123456 lan\n", 3, "at most 15");
	assert_only_fault(NODE "all lan\n", 3, "the word is taken");
	assert_only_fault(NODE "eth0 lan mac 02:00:00:00:00\n", 3, "is no MAC");
	assert_only_fault(NODE "eth0 lan mac 03:00:00:00:00:01\n", 3, "group's MAC");
	assert_only_fault(NODE "eth0 lan mac 00:00:00:00:00:00\n", 3, "can have the MAC");
	assert_only_fault(NODE "eth0 lan mac\n", 3, "wanted: mac");
	assert_only_fault(NODE "eth0 lan\neth1 lan mac 02:00:00:00:00:01\n", 4,
		"eth1 of a has the MAC 02:00:00:00:00:01, which eth0 of a has already, see line 3");
}

static void addresses_are_possible_ones(void **state)
{
	(void)state;
	static const struct {
		const char *word, *part;
	} cases[] = { { "10.0.0.1", "has no length" }, { "10.0.0.1/33", "/33 is no length" },
		{ "10.0.0.1/abc", "/abc is no length" }, { "10.0.0.1/", "/ is no length" },
		{ "10.0.0.1/-1", "/-1 is no length" }, { "10.0.0.256/24", "is no address" },
		{ "10.0.0/24", "is no address" }, { "here/24", "is no address" },
		{ "10.0.0.0/24", "the network's own or its broadcast" },
		{ "10.0.0.255/24", "the network's own or its broadcast" },
		{ "10.0.0.3/30", "the network's own or its broadcast" },
		{ "127.0.0.1/32", "a machine on a LAN can have" },
		{ "0.0.0.0/0", "a machine on a LAN can have" },
		{ "224.0.0.1/32", "a machine on a LAN can have" },
		{ "255.255.255.255/32", "a machine on a LAN can have" },
		{ "10.0.0.1/24 scope site", "no scope: global, link or host" },
		{ "10.0.0.1/24 scope lnk", "Did you mean link?" },
		{ "10.0.0.1/24 scope", "wanted: ADDRESS/LEN scope" },
		{ "scope link", "wanted: ADDRESS/LEN scope" },
		{ "10.0.0.1/24 10.0.0.1/32", "a has 10.0.0.1/32 already, see line 3" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[200];
		snprintf(text, sizeof text, NODE "eth0 lan %s\n", cases[i].word);
		assert_only_fault(text, 3, cases[i].part);
	}
	assert_only_fault(IFACE "lo 10.0.0.1/32\n", 4, "already, see line 3");
	/* Where there is no room for edges there are none; and a VIP is many machines'. */
	struct topology t;
	must_read(IFACE "lo 10.0.1.0/32 10.0.2.0/31 10.0.2.1/31\nnode b\nlo 10.0.1.0/32\n", &t);
}

static void routes_lead_somewhere(void **state)
{
	(void)state;
	assert_only_fault(IFACE "route default via 10.0.1.1\n", 4, "on no network of a");
	assert_only_fault(IFACE "route default via 10.0.0.1\n", 4, "an address of a itself");
	assert_only_fault(IFACE "route default via here\n", 4, "is no address");
	assert_only_fault(IFACE "route default\n", 4, "wanted: route");
	assert_only_fault(IFACE "route default dev\n", 4, "wanted: route");
	assert_only_fault(IFACE "route default via 10.0.0.2 via 10.0.0.3\n", 4, "wanted: route");
	assert_only_fault(IFACE "route default dev eth1\n", 4, "Did you mean eth0?");
	assert_only_fault(IFACE "route 10.1.0.0 dev eth0\n", 4, "has no length");
	assert_only_fault(IFACE "route 10.1.0.5/24 dev eth0\n", 4, "the network is 10.1.0.0/24");
	assert_only_fault(IFACE "route x/24 dev eth0\n", 4, "is no network");
	assert_only_fault(IFACE "route 10.1.0.0/24 dev eth0\nroute 10.1.0.0/24 via 10.0.0.2\n", 5,
		"a route to 10.1.0.0/24 already, see line 4");
	/* lo's networks have no wire on which a gateway could be. */
	assert_only_fault(IFACE "lo 10.2.0.1/24\nroute default via 10.2.0.2\n", 5, "no network");
	/* An address may follow the route that needs it. */
	struct topology t;
	must_read(NODE "eth0 lan\nroute 10.0.0.0/24 dev eth0\nroute default via 10.0.0.9\n", &t);
}

static void sysctls_are_known_and_in_range(void **state)
{
	(void)state;
	assert_only_fault(IFACE "sysctl all.arp_ignor 1\n", 4, "Did you mean arp_ignore?");
	assert_only_fault(IFACE "sysctl arp_ignore 1\n", 4, "wanted: sysctl CONF.KEY VALUE");
	assert_only_fault(IFACE "sysctl all.arp_ignore\n", 4, "wanted: sysctl CONF.KEY VALUE");
	assert_only_fault(IFACE "sysctl all.arp_filter 2\n", 4, "a number from 0 to 1, not 2");
	assert_only_fault(IFACE "sysctl all.arp_filter on\n", 4, "a number from 0 to 1, not on");
	assert_only_fault(IFACE "sysctl eth1.arp_filter 1\n", 4, "Did you mean eth0?");
	assert_only_fault(IFACE "sysctl all.locktime 1\n", 4, "no value for all");
	assert_only_fault(IFACE "sysctl all.forwarding 1\n", 4, "write `forward`");
	assert_only_fault(IFACE "sysctl eth0.mc_forwarding 1\n", 4, "by the kernel alone");
	assert_only_fault(IFACE "sysctl all.arp_ignore 1\nsysctl all.arp_ignore=2\n", 5,
		"already, see line 4");
	/* The interface may follow. */
	struct topology t;
	must_read(NODE "sysctl eth0.arp_ignore 1\neth0 lan\n", &t);
}

/* Lines of one kind, as many as asked for. */
static void assert_at_most(const char *head, const char *format, unsigned count, const char *part)
{
	char text[16384];
	unsigned lines = 0;
	strcpy(text, head);
	for (const char *c = head; *c; c++)
		lines += *c == '\n';
	for (unsigned i = 0; i <= count; i++) {
		size_t at = strlen(text);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text + at, sizeof text - at, format, i, i);
#pragma GCC diagnostic pop
	}
	assert_only_fault(text, lines + count + 1, part);
}

static const char cluster[] = "name vip 192.168.2.200\n"
			      "switch lan\n"
			      "node director\n"
			      "  eth0 lan 192.168.2.100/24 {vip}/32\n"
			      "node rs1\n"
			      "  eth0 lan 192.168.2.101/24\n"
			      "  lo {vip}/32\n"
			      "node bare\n";

static void assert_cluster_fault(const char *lines, unsigned line, const char *part)
{
	char text[1024];
	snprintf(text, sizeof text, "%s%s", cluster, lines);
	assert_only_fault(text, 8 + line, part);
}

static void clusters_are_read(void **state)
{
	(void)state;
	char text[1024];
	struct topology t;
	snprintf(text, sizeof text, "%s%s", cluster,
		"serve rs1 {vip}:80\nbalance director {vip}:80 wrr rs1*0\n");
	must_read(text, &t);
	assert_int_equal(t.service_count, 1);
	assert_int_equal(t.virtual_count, 1);
	assert_int_equal(t.virtuals[0].scheduler, SCHEDULER_WRR);
	assert_int_equal(t.virtuals[0].real_count, 1);
	assert_int_equal(t.virtuals[0].reals[0].ip, ip("192.168.2.101"));
	assert_int_equal(t.virtuals[0].reals[0].weight, 0);
}

static void tunnels_are_read(void **state)
{
	(void)state;
	char text[1024];
	struct topology t;
	snprintf(text, sizeof text, "%s%s", cluster,
		"  eth0 lan 192.168.2.102/24\n  tunnel {vip}\nserve bare {vip}:80\n"
		"balance director {vip}:80 rr tun bare\n");
	must_read(text, &t);
	assert_int_equal(t.nodes[2].tunnel, ip("192.168.2.200"));
	assert_int_equal(t.nodes[1].tunnel, 0);
	assert_int_equal(t.virtuals[0].ways, VIRTUAL_TUN);
	assert_int_equal(t.virtuals[0].real_count, 1);
	assert_cluster_fault("  tunnel 127.0.0.1\n", 1, "no address that a machine on a LAN");
	assert_cluster_fault("  tunnel {vip}\n  tunnel {vip}\n", 2, "has a tunnel already");
	assert_cluster_fault("balance director {vip}:80 rr tun\n", 1, "without a real server");
	assert_cluster_fault("node tun\n", 1, "cannot name a machine");
}

static void clusters_are_possible_ones(void **state)
{
	(void)state;
	assert_cluster_fault("balance director {vip}:80 rr\n", 1, "without a real server");
	assert_cluster_fault("balance nobody {vip}:80 rr rs1\n", 1, "there is no machine nobody");
	assert_cluster_fault("balance director {vip}:80 rr rs9\n", 1, "there is no machine rs9");
	assert_cluster_fault("balance director {vip}:80 rr bare\n", 1, "no address on a network");
	assert_cluster_fault("balance director {vip}:0 rr rs1\n", 1, "no address with a port");
	assert_cluster_fault("balance director {vip}:65536 rr rs1\n", 1, "no address with a port");
	assert_cluster_fault("balance director {vip}:80 sed rs1\n", 1, "rr, wrr, lc or wlc");
	assert_cluster_fault("balance director {vip}:80 wrr rs1*-1\n", 1, "a weight is a number");
	assert_cluster_fault("balance director {vip}:80 rr rs1\n"
			     "balance director {vip}:80 wrr rs1\n",
		2, "it balances that already");
	assert_cluster_fault("serve director {vip}:80\nbalance director {vip}:80 rr rs1\n", 2,
		"it serves there already");
	assert_cluster_fault("serve rs1 {vip}:80\nserve rs1 {vip}:80\n", 2, "in use on rs1");
	assert_cluster_fault("serve bare {vip}:80\n", 1, "does not have the address");
}

static void a_topology_holds_only_so_much(void **state)
{
	(void)state;
	assert_at_most("", "node n%u\n", NODES_MAX, "at most 32 machines");
	assert_at_most("node a\n", "switch s%u\n", SWITCHES_MAX, "at most 8 switches");
	assert_at_most(NODE, "i%u lan\n", TOPOLOGY_IFACES_MAX, "at most 64 interfaces");
	assert_at_most(NODE, "lo 10.0.1.%u/32\n", TOPOLOGY_ADDRS_MAX, "at most 128 addresses");
	assert_at_most(
		IFACE, "route 10.0.%u.0/24 dev eth0\n", TOPOLOGY_ROUTES_MAX, "at most 64 routes");
}

static void all_findings_are_told(void **state)
{
	(void)state;
	struct topology t;
	struct faults f = { 0 };
	assert_int_equal(read_text("bad\nnode all\nnode a\nlo x/1\n", &t, &f), -EINVAL);
	assert_int_equal(f.count, 3);
	assert_int_equal(f.list[2].line, 4);
	faults_done(&f);
}

static void bytes_that_are_no_text_are_placed(void **state)
{
	(void)state;
	assert_only_fault("node a\nno\xff", 2, "byte 3 (0xff) is not UTF-8");
	struct topology t;
	must_read("\xef\xbb\xbfnode a\r\n\r\n", &t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_and_switches_are_read),
		cmocka_unit_test(interfaces_have_macs_of_their_own),
		cmocka_unit_test(addresses_have_lengths_and_scopes),
		cmocka_unit_test(routes_and_sysctls_are_read),
		cmocka_unit_test(ports_are_ranked_as_listed_but_first_ones_come_last),
		cmocka_unit_test(statements_are_known_and_in_their_place),
		cmocka_unit_test(names_are_well_formed_and_single),
		cmocka_unit_test(interfaces_are_well_formed_and_single),
		cmocka_unit_test(addresses_are_possible_ones),
		cmocka_unit_test(routes_lead_somewhere),
		cmocka_unit_test(sysctls_are_known_and_in_range),
		cmocka_unit_test(clusters_are_read),
		cmocka_unit_test(tunnels_are_read),
		cmocka_unit_test(clusters_are_possible_ones),
		cmocka_unit_test(a_topology_holds_only_so_much),
		cmocka_unit_test(all_findings_are_told),
		cmocka_unit_test(bytes_that_are_no_text_are_placed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
