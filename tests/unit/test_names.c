/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: {names} stand for addresses and MACs; a seed varies all of them and breaks nothing. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/addr.h>
#include <arplab/lesson.h>

static const char text[] = "name vip 192.168.2.200\n"
			   "name unused 192.168.2.55\n"
			   "switch lan\n"
			   "switch back\n"
			   "node client\n"
			   "  eth0 lan 192.168.2.222/24 192.168.2.223/24 {vip}/32\n"
			   "  route default via 192.168.2.1\n"
			   "node rs1\n"
			   "  eth0 lan\n"
			   "  eth1 back 10.211.55.6/24\n"
			   "  lo {vip}/32\n"
			   "  route 192.168.2.0/24 dev eth0\n"
			   "node only-lo\n"
			   "  lo {vip}/32 10.5.0.1/32\n"
			   "node bare\n";

static void read_text(const char *lines, struct topology *t, struct names *n)
{
	struct faults f = { 0 };
	int result = topology_read(lines, strlen(lines), 1, t, n, &f);
	for (size_t i = 0; i < f.count; i++)
		print_message("line %u: %s\n", f.list[i].line, f.list[i].text);
	assert_int_equal(result, 0);
}

static void read_whole(struct topology *t, struct names *n)
{
	read_text(text, t, n);
}

static void assert_fill(const struct names *n, const char *from, const char *to)
{
	char name[NAME_SIZE] = "";
	char *filled = names_fill(n, from, name);
	if (!filled)
		print_message("{%s} is not known\n", name);
	assert_non_null(filled);
	assert_string_equal(filled, to);
	free(filled);
}

static void assert_unknown(const struct names *n, const char *from, const char *name)
{
	char told[NAME_SIZE];
	assert_null(names_fill(n, from, told));
	assert_string_equal(told, name);
}

static void names_stand_for_addresses_and_macs(void **state)
{
	(void)state;
	struct topology t;
	struct names n;
	read_whole(&t, &n);
	assert_fill(&n, "{vip}", "192.168.2.200");
	assert_fill(&n, "{unused}", "192.168.2.55");
	assert_fill(&n, "{client}", "192.168.2.222");
	assert_fill(&n, "{client.mac}", "02:00:00:00:00:01");
	assert_fill(&n, "{client.eth0}", "192.168.2.222");
	assert_fill(&n, "{client.eth0.2}", "192.168.2.223");
	assert_fill(&n, "{client.eth0.3}", "192.168.2.200");
	/* The first interface that has an address; the first one's MAC. */
	assert_fill(&n, "{rs1}", "10.211.55.6");
	assert_fill(&n, "{rs1.mac}", "02:00:00:00:00:02");
	assert_fill(&n, "{rs1.eth1}", "10.211.55.6");
	assert_fill(&n, "{rs1.eth1.mac}", "02:00:00:00:01:02");
	assert_fill(&n, "{rs1.lo}", "192.168.2.200");
	assert_fill(&n, "{only-lo} {only-lo.lo.2}", "192.168.2.200 10.5.0.1");
	assert_unknown(&n, "{rs1.eth0}", "rs1.eth0");
	assert_unknown(&n, "{only-lo.mac}", "only-lo.mac");
	assert_unknown(&n, "{bare}", "bare");
	names_done(&n);
}

static void braces_are_names_only_before_a_letter(void **state)
{
	(void)state;
	struct topology t;
	struct names n;
	read_whole(&t, &n);
	assert_fill(&n, "", "");
	assert_fill(&n, "a {vip}{client}, b", "a 192.168.2.200192.168.2.222, b");
	assert_fill(&n, "vrrp {\n  {} }", "vrrp {\n  {} }");
	assert_fill(&n, "{{vip}} {{{vip}", "{vip}} {192.168.2.200");
	assert_fill(&n, "{", "{");
	assert_fill(&n, "{{", "{");
	assert_unknown(&n, "{vip", "vip");
	assert_unknown(&n, "{vip }", "vip");
	assert_unknown(&n, "{a}{b}", "a");
	char longer[200] = "{";
	memset(longer + 1, 'x', 100);
	longer[101] = '}';
	char told[NAME_SIZE];
	assert_null(names_fill(&n, longer, told));
	assert_int_equal(strlen(told), NAME_SIZE - 1);
	names_done(&n);
}

static void near_names_are_found(void **state)
{
	(void)state;
	struct topology t;
	struct names n;
	read_whole(&t, &n);
	assert_string_equal(names_near(&n, "clint"), "client");
	assert_string_equal(names_near(&n, "rs1.eth1.amc"), "rs1.eth1.mac");
	assert_null(names_near(&n, "zzzzzz"));
	names_done(&n);
}

/* ---- seeds ---- */

static bool share(uint32_t a, uint32_t b, unsigned prefix)
{
	return ((a ^ b) & ip_mask(prefix)) == 0;
}

/* What was true between each two addresses is true after it. */
static void assert_same_shape(const struct topology *a, const struct topology *b)
{
	for (size_t i = 0; i < a->addr_count; i++) {
		uint32_t ip = b->addrs[i].ip;
		uint8_t last = (uint8_t)(ntohl(ip) & 255);
		assert_true(last != 0 && last != 255);
		assert_int_equal(a->addrs[i].prefix, b->addrs[i].prefix);
		for (size_t k = 0; k < a->addr_count; k++) {
			assert_int_equal(share(a->addrs[i].ip, a->addrs[k].ip, 32),
				share(ip, b->addrs[k].ip, 32));
			assert_int_equal(share(a->addrs[i].ip, a->addrs[k].ip, a->addrs[i].prefix),
				share(ip, b->addrs[k].ip, a->addrs[i].prefix));
			assert_int_equal(share(a->addrs[i].ip, a->addrs[k].ip, 24),
				share(ip, b->addrs[k].ip, 24));
		}
		for (size_t k = 0; k < a->route_count; k++) {
			const struct topology_route *x = &a->routes[k], *y = &b->routes[k];
			assert_int_equal(share(a->addrs[i].ip, x->dst, x->dst_len),
				share(ip, y->dst, y->dst_len));
			assert_int_equal(share(a->addrs[i].ip, x->gateway, a->addrs[i].prefix),
				share(ip, y->gateway, a->addrs[i].prefix));
		}
	}
	for (size_t k = 0; k < a->route_count; k++) {
		const struct topology_route *x = &a->routes[k], *y = &b->routes[k];
		assert_int_equal(x->dst_len, y->dst_len);
		assert_int_equal(y->dst & ~ip_mask(y->dst_len), 0);
		assert_int_equal(x->gateway == 0, y->gateway == 0);
	}
}

static void assert_macs(const struct topology *t)
{
	for (size_t i = 0; i < t->iface_count; i++) {
		assert_int_equal(t->ifaces[i].mac[0], 2);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(t->ifaces[i].mac, t->ifaces[k].mac, 6);
	}
}

static void a_seed_keeps_who_shares_a_network(void **state)
{
	(void)state;
	struct topology before;
	struct names n;
	read_whole(&before, &n);
	names_done(&n);
	for (uint32_t seed = 1; seed < 500; seed++) {
		struct topology t;
		read_whole(&t, &n);
		assert_int_equal(topology_vary(&t, &n, seed, NULL), 0);
		assert_int_equal(topology_check(&t), 0);
		assert_same_shape(&before, &t);
		assert_macs(&t);
		names_done(&n);
	}
}

static void small_networks_stay_whole(void **state)
{
	(void)state;
	static const char lines[] = "name other 10.0.0.90\nswitch lan\n"
				    "node a\neth0 lan 10.0.0.66/26 10.0.0.126/26 10.0.0.1/26\n"
				    "node b\neth0 lan 10.0.0.129/25\nlo 10.0.0.65/32\n"
				    "node c\neth0 lan 10.0.1.5/30\nlo 10.0.1.0/31 10.0.1.1/31\n"
				    "route 10.0.0.64/26 dev eth0\nroute default via 10.0.1.6\n";
	struct topology before;
	struct names n;
	read_text(lines, &before, &n);
	names_done(&n);
	for (uint32_t seed = 1; seed < 500; seed++) {
		struct topology t;
		read_text(lines, &t, &n);
		assert_int_equal(topology_vary(&t, &n, seed, NULL), 0);
		for (size_t i = 0; i < t.addr_count; i++)
			for (size_t k = 0; k < t.addr_count; k++)
				assert_int_equal(share(before.addrs[i].ip, before.addrs[k].ip,
							 before.addrs[i].prefix),
					share(t.addrs[i].ip, t.addrs[k].ip, t.addrs[i].prefix));
		assert_true(share(t.routes[0].dst, t.addrs[0].ip, 26));
		assert_int_equal(t.routes[0].dst & ~ip_mask(26), 0);
		assert_true(share(t.routes[1].gateway, t.addrs[5].ip, 30));
		names_done(&n);
	}
}

/* A director may be ready before any machine has the address that it balances. */
static void a_virtual_address_that_nobody_has_is_varied(void **state)
{
	(void)state;
	static const char lines[] = "switch lan\nnode director\neth0 lan 10.0.0.1/24\n"
				    "node rs1\neth0 lan 10.0.0.2/24\n"
				    "balance director 10.9.9.9:80 rr rs1\n";
	struct topology t;
	struct names n;
	read_text(lines, &t, &n);
	assert_int_equal(topology_vary(&t, &n, 7, NULL), 0);
	assert_true(t.virtuals[0].ip != inet_addr("10.9.9.9"));
	assert_true(!share(t.virtuals[0].ip, t.addrs[0].ip, 24));
	assert_int_equal(t.virtuals[0].reals[0].ip, t.addrs[1].ip);
	names_done(&n);
}

/* Sixty of them meet in few numbers; that two become one is not left to luck. */
static void networks_stay_apart(void **state)
{
	(void)state;
	char lines[4096] = "switch lan\nnode a\neth0 lan\n";
	for (unsigned i = 0; i < 60; i++)
		snprintf(lines + strlen(lines), sizeof lines - strlen(lines),
			"route 10.0.%u.0/24 dev eth0\n", i);
	for (uint32_t seed = 1; seed < 50; seed++) {
		struct topology t;
		struct names n;
		read_text(lines, &t, &n);
		assert_int_equal(topology_vary(&t, &n, seed, NULL), 0);
		for (size_t i = 0; i < t.route_count; i++)
			for (size_t k = 0; k < i; k++)
				assert_int_not_equal(t.routes[i].dst, t.routes[k].dst);
		names_done(&n);
	}
}

static void names_follow_the_seed(void **state)
{
	(void)state;
	struct topology t;
	struct names n;
	char ip[INET_ADDRSTRLEN], wanted[64];
	read_whole(&t, &n);
	assert_int_equal(topology_vary(&t, &n, 4711, NULL), 0);
	inet_ntop(AF_INET, &t.addrs[2].ip, ip, sizeof ip);
	assert_fill(&n, "{vip}", ip);
	assert_fill(&n, "{client.eth0.3}", ip);
	assert_fill(&n, "{only-lo}", ip);
	const uint8_t *m = t.ifaces[2].mac;
	snprintf(wanted, sizeof wanted, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
		m[4], m[5]);
	assert_fill(&n, "{rs1.eth1.mac}", wanted);
	/* A name that is no machine's moves with its network. */
	char name[NAME_SIZE];
	uint32_t unused;
	char *filled = names_fill(&n, "{unused}", name);
	assert_int_equal(ip_parse(filled, &unused), 0);
	assert_true(share(unused, t.addrs[0].ip, 24));
	free(filled);
	names_done(&n);
}

static void the_same_seed_gives_the_same(void **state)
{
	(void)state;
	struct topology a, b, c;
	struct names n, m;
	read_whole(&a, &n);
	names_done(&n);
	read_whole(&b, &n);
	c = a;
	assert_int_equal(topology_vary(&b, &n, 1, NULL), 0);
	read_whole(&a, &m);
	assert_int_equal(topology_vary(&a, &m, 1, NULL), 0);
	assert_memory_equal(&a, &b, sizeof a);
	for (size_t i = 0; i < n.count; i++)
		assert_string_equal(n.list[i].value, m.list[i].value);
	assert_false(share(a.addrs[0].ip, c.addrs[0].ip, 24));
	assert_int_not_equal(a.addrs[0].ip & ~ip_mask(24), c.addrs[0].ip & ~ip_mask(24));
	names_done(&n);
	names_done(&m);
	read_whole(&c, &n);
	assert_int_equal(topology_vary(&c, &n, 2, NULL), 0);
	assert_int_not_equal(a.addrs[0].ip, c.addrs[0].ip);
	names_done(&n);
}

static void wide_networks_are_refused(void **state)
{
	(void)state;
	struct topology t;
	struct names n;
	struct err err = { "" };
	read_text("switch lan\nnode a\neth0 lan 10.1.0.1/16\n", &t, &n);
	assert_int_equal(topology_vary(&t, &n, 1, &err), -EINVAL);
	assert_non_null(strstr(err.text, "10.1.0.1/16 is wider than a /24"));
	names_done(&n);
	read_text("switch lan\nnode a\neth0 lan 10.1.0.1/24\nroute 10.0.0.0/8 dev eth0\n", &t, &n);
	assert_int_equal(topology_vary(&t, &n, 1, &err), -EINVAL);
	assert_non_null(strstr(err.text, "10.0.0.0/8"));
	names_done(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_for_addresses_and_macs),
		cmocka_unit_test(braces_are_names_only_before_a_letter),
		cmocka_unit_test(near_names_are_found),
		cmocka_unit_test(a_seed_keeps_who_shares_a_network),
		cmocka_unit_test(small_networks_stay_whole),
		cmocka_unit_test(a_virtual_address_that_nobody_has_is_varied),
		cmocka_unit_test(networks_stay_apart),
		cmocka_unit_test(names_follow_the_seed),
		cmocka_unit_test(the_same_seed_gives_the_same),
		cmocka_unit_test(wide_networks_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
