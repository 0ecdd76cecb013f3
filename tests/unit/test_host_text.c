/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a host written and read is the same, and what cannot be read is said in a sentence. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/host.h>

#include "host_texts.h"

static const char by_hand[] = "# A real server.\n"
			      "config rs1 kernel=6.1.0-13-amd64\r\n"
			      "link 1 lo\n"
			      "link 2 eth0 02:0a:01:00:00:00\n"
			      "\n"
			      "addr lo 127.0.0.1/8\n"
			      "addr lo 192.168.2.200/32\n"
			      "addr eth0 192.168.2.101/24\n"
			      "addroute default gw=192.168.2.1\n"
			      "sysctl all arp_ignore 1\n"
			      "sysctl eth0 arp_notify 1\n"
			      "sysctl default arp_filter 1\n";

static void a_few_lines_describe_a_machine(void **state)
{
	(void)state;
	struct host *h = read_host(by_hand);
	const struct host_link *l = host_link_named(h, "eth0");
	int32_t value = -1;
	assert_string_equal(h->name, "rs1");
	assert_int_equal(h->kernel, KERNEL(6, 1, 0));
	assert_true(l->up && l->ethernet && !l->loopback && !l->noarp);
	assert_true(h->links[0].loopback && !h->links[0].ethernet);
	assert_true(host_value(l, HOST_ARP_IGNORE, &value));
	assert_int_equal(value, 1);
	assert_true(host_value(l, HOST_LOCKTIME, &value));
	assert_int_equal(value, 1000);
	for (int key = 0; key < HOST_KEYS; key++)
		assert_true(host_value(l, (enum host_key)key, &value));
	assert_true(host_value(l, HOST_ARP_FILTER, &value));
	assert_int_equal(value, 0);
	assert_int_equal(h->addrs[0].scope, RT_SCOPE_HOST);
	assert_int_equal(host_addr_type(h, ip4(192, 168, 2, 200)), RTN_LOCAL);
	assert_int_equal(host_addr_type(h, ip4(192, 168, 2, 255)), RTN_BROADCAST);
	struct flow f = { .dst = ip4(8, 8, 8, 8), .output = true };
	const struct host_route *r = NULL;
	assert_int_equal(host_lookup(h, &f, &r, NULL), FIB_ROUTE);
	assert_int_equal(r->gateway, ip4(192, 168, 2, 1));
	assert_int_equal(r->ifindex, 2);
	host_free(h);
}

/* Writing, reading and writing again. */
static void is_stable(const struct host *h)
{
	char *first = write_host(h);
	struct host *again = read_host(first);
	char *second = write_host(again);
	assert_string_equal(first, second);
	free(first);
	free(second);
	host_free(again);
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	static const char text[] =
		"config rs1 custom_local=1 split_tables=1 rules_replaced=1 default_made=1 "
		"kernel=5.10.255\n"
		"link 1 lo 00:00:00:00:00:00 up=1 lo=1\n"
		"link 7 br0 02:0a:01:00:00:07 up=1 lo=0\n"
		"link 2 eth0 02:0a:01:00:00:00 up=0 lo=0 noarp=1 master=7\n"
		"link 3 eth1 02:0a:01:00:00:01 up=1 lo=0 ethernet=0 master=9 above=other\n"
		"link 4 vrf0 02:0a:01:00:00:04 up=1 lo=0 above=vrf\n"
		"addr eth0 10.0.0.1 address=10.0.0.9 plen=32 scope=253 secondary=1\n"
		"route table=100 type=unicast scope=0 dst=0.0.0.0/0 dev=eth0 gw=10.0.0.9 "
		"src=10.0.0.1 metric=4294967295 onlink=1 tos=8 hops=3 dead=1 linkdown=1 manual=1\n"
		"route table=255 type=12 scope=254 dst=10.0.0.1/32 dev=- gw=- src=- metric=0 "
		"onlink=0\n"
		"rule 10 action=table table=100 from=0.0.0.0/8 to=10.0.0.0/24 iif=eth0 oif=eth9 "
		"not=1 suppress=33 other=1\n"
		"rule 20 action=prohibit table=0\n"
		"rule 30 action=5 table=0\n"
		"sysctl all arp_ignore -1\n"
		"sysctl all medium_id -\n"
		"sysctl eth1 drop_gratuitous_arp -\n"
		"sysctl eth1 send_redirects 1\n"
		"locktime lo 1000\n"
		"locktime br0 1000\n"
		"locktime eth0 -\n"
		"locktime eth1 0\n"
		"locktime vrf0 2147483647\n"
		"pneigh - 10.0.0.5\n"
		"pneigh eth0 10.0.0.6\n";
	struct host *h = read_host(text);
	char *lines = write_host(h);
	assert_string_equal(lines, text);
	int32_t value;
	assert_false(host_value(host_link(h, 2), HOST_LOCKTIME, &value));
	assert_false(host_value(host_link(h, 3), HOST_DROP_GRATUITOUS, &value));
	free(lines);
	host_free(h);
}

static void words_and_fields_mean_the_same(void **state)
{
	(void)state;
	struct host *a = read_host("link 1 lo\nlink 2 e0 02:0a:01:00:00:00\n"
				   "addr e0 10.0.0.1/24 scope=link\n"
				   "route 10.0.0.0/24 dev=e0\n"
				   "route 10.0.0.1 type=local dev=e0\n"
				   "route default gw=10.0.0.2 table=default\n");
	struct host *b =
		read_host("link 1 lo 00:00:00:00:00:00 up=1 lo=1 segment=-1\n"
			  "link 2 e0 02:0a:01:00:00:00 up=1 lo=0 segment=0\n"
			  "addr e0 10.0.0.1 address=10.0.0.1 plen=24 scope=253\n"
			  "addaddr e0 9.9.9.9/24\naddroute 9.9.9.0/24 dev=e0\n"
			  "route table=main type=unicast scope=253 dst=10.0.0.0/24 dev=e0\n"
			  "route table=local type=2 scope=host dst=10.0.0.1/32 dev=e0\n"
			  "route table=253 scope=global dst=0.0.0.0/0 dev=- gw=10.0.0.2\n");
	char *first = write_host(a), *second = write_host(b);
	assert_string_equal(first, second);
	free(first);
	free(second);
	host_free(a);
	host_free(b);
}

static void routes_are_not_derived_where_none_are_meant(void **state)
{
	(void)state;
	struct host *h = read_host("config x routes=listed\nlink 2 e0 02:0a:01:00:00:00\n"
				   "addr e0 10.0.0.1/24\n");
	assert_null(host_route(h, 0));
	is_stable(h);
	host_free(h);
	h = read_host(
		"config x routes=unknown\nlink 2 e0 02:0a:01:00:00:00\naddr e0 10.0.0.1/24\n");
	assert_true(h->routes_unknown);
	is_stable(h);
	host_free(h);
}

static uint32_t some_ip(uint64_t *seed)
{
	return ip4(10, rng_below(seed, 4), rng_below(seed, 3), rng_below(seed, 9));
}

static int32_t some_link(uint64_t *seed, const struct host *h)
{
	return h->links[rng_below(seed, (uint32_t)h->link_count)].ifindex;
}

static void add_some_links(uint64_t *seed, struct host *h)
{
	unsigned links = 1 + rng_below(seed, 6);
	for (unsigned i = 0; i < links; i++) {
		char name[IFNAME_SIZE];
		snprintf(name, sizeof name, "%s%u", rng_below(seed, 5) ? "eth" : "a=b ", i);
		struct host_link *l = host_add_link(h, (int32_t)(i * 3 + 1), name);
		rng_bytes(seed, l->mac, sizeof l->mac);
		l->up = rng_below(seed, 4);
		l->noarp = !rng_below(seed, 4);
		l->loopback = i == 0;
		l->ethernet = rng_below(seed, 2);
		l->master = rng_below(seed, 3) ? 0 : 4;
		l->above = (uint8_t)rng_below(seed, 4);
		l->own.known = (uint32_t)rng_next(seed) & ((1u << HOST_KEYS) - 1);
		for (int key = 0; key < HOST_KEYS; key++)
			l->own.values[key] =
				l->own.known >> key & 1 ? (int32_t)rng_below(seed, 3) : 0;
	}
}

static void add_some_routes(uint64_t *seed, struct host *h)
{
	unsigned routes = rng_below(seed, 12);
	for (unsigned i = 0; i < routes; i++) {
		struct host_route r = { .table = 253 + rng_below(seed, 4),
			.dst = some_ip(seed),
			.prefix = (uint8_t)rng_below(seed, 33),
			.type = (uint8_t)(1 + rng_below(seed, 11)),
			.scope = (uint8_t)rng_below(seed, 256),
			.gateway = rng_below(seed, 2) ? some_ip(seed) : 0,
			.metric = rng_below(seed, 3),
			.ifindex = rng_below(seed, 3) ? some_link(seed, h) : 0,
			.tos = (uint8_t)(rng_below(seed, 3) * 4),
			.hops = (uint8_t)rng_below(seed, 3),
			.dead = !rng_below(seed, 4),
			.onlink = !rng_below(seed, 4),
			.manual = rng_below(seed, 2) };
		host_add_route(h, &r);
	}
}

static struct host *some_host(uint64_t *seed)
{
	struct host *h = host_new();
	h->kernel = rng_below(seed, 2) ? KERNEL(5, rng_below(seed, 20), rng_below(seed, 400)) : 0;
	h->split_tables = rng_below(seed, 2);
	h->custom_local = rng_below(seed, 2);
	h->all.known = (1u << HOST_KEYS) - 1;
	add_some_links(seed, h);
	for (unsigned i = rng_below(seed, 9); i > 0; i--) {
		struct host_addr a = { .local = some_ip(seed),
			.address = rng_below(seed, 3) ? 0 : some_ip(seed),
			.prefix = (uint8_t)rng_below(seed, 33),
			.scope = (uint8_t)rng_below(seed, 256),
			.secondary = rng_below(seed, 2) };
		host_add_addr(h, rng_below(seed, (uint32_t)h->link_count), &a);
	}
	add_some_routes(seed, h);
	if (rng_below(seed, 4) == 0) {
		struct host_rule r = { .priority = rng_below(seed, 9),
			.action = (uint8_t)rng_below(seed, 9),
			.source = ip4(10, 0, 0, 0),
			.source_mask = ip_mask(rng_below(seed, 8)) };
		r.source &= r.source_mask;
		h->split_tables = true;
		host_add_rule(h, &r);
	}
	if (rng_below(seed, 3) == 0)
		host_add_proxy(h, some_ip(seed), rng_below(seed, 2) ? some_link(seed, h) : 0);
	host_settle(h);
	return h;
}

static void every_host_can_be_read_again(void **state)
{
	(void)state;
	uint64_t seed = 8;
	for (unsigned i = 0; i < 1000; i++) {
		struct host *h = some_host(&seed);
		is_stable(h);
		host_free(h);
	}
}

/* ---- what cannot be read ---- */

#define LINKS "link 1 lo\nlink 2 eth0 02:0a:01:00:00:00\n"

static void refused(const char *text, const char *sentence)
{
	struct err err = { "" };
	struct host *h = host_read("x.host", text, strlen(text), &err);
	assert_null(h);
	assert_string_equal(err.text, sentence);
}

static void mistakes_are_told_with_what_is_expected(void **state)
{
	(void)state;
	refused("", "x.host: no interface is described; expected lines such as: link 2 eth0 "
		    "02:0a:01:00:00:00");
	refused("# x\nlnik 1 lo\n",
		"x.host:2: 'lnik' begins no line of a host's description. Did you mean link?");
	refused("link 1 lo\nconfig x\n",
		"x.host:2: a line 'config' is the first of a host, and only one host is expected");
	refused("config x\nconfig y\n",
		"x.host:2: a line 'config' is the first of a host, and only one host is expected");
	refused("config x kernal=6.1\n",
		"x.host:1: a line 'config' has no field 'kernal'. Did you mean kernel?");
	refused("config x kernel=six\n", "x.host:1: kernel 'six' is not a version such as 6.18.5.");
	refused("link 0 lo\n",
		"x.host:1: the number of a link '0' is not a number from 1 to 2147483647.");
	refused("link 2 eth0\n",
		"x.host:1: the MAC '-' is not an address such as 02:0a:01:00:00:00.");
	refused(LINKS "link 2 eth1 02:0a:01:00:00:01\n",
		"x.host:3: there is a link 2 eth0 already");
	refused(LINKS "link 3 eth0 02:0a:01:00:00:01\n",
		"x.host:3: there is a link 2 eth0 already");
	refused(LINKS "addr eht0 10.0.0.1/24\n", "x.host:3: the interface 'eht0' is not one that a "
						 "line 'link' has named before. Did "
						 "you mean eth0?");
	refused(LINKS "addr eth0 10.0.0.300/24\n", "x.host:3: the address '10.0.0.300/24' is not "
						   "an address such as 192.168.2.101/24.");
	refused(LINKS "addr eth0 10.0.0.1/33\n",
		"x.host:3: the address '10.0.0.1/33' is not an address such as 192.168.2.101/24.");
	refused(LINKS "addr eth0\n", "x.host:3: something is missing; expected: addr INTERFACE "
				     "ADDRESS/LENGTH [scope=global|link|host]");
	refused(LINKS "addr eth0 10.0.0.1/24 up\n",
		"x.host:3: 'up' is too much; expected: addr INTERFACE ADDRESS/LENGTH "
		"[scope=global|link|host]");
	refused(LINKS "addr eth0 10.0.0.1/24 scope=lnk\n",
		"x.host:3: scope 'lnk' is not one of global site link host nowhere. Did you mean "
		"link?");
	refused(LINKS "route 10.0.0.1/24 dev=eth0\n",
		"x.host:3: dst '10.0.0.1/24' is not a network: there are bits behind its prefix.");
	refused(LINKS "route dev=eth0\n",
		"x.host:3: one destination is expected: route DESTINATION [gw=ADDRESS] "
		"[dev=INTERFACE] [src=ADDRESS] [metric=NUMBER]");
	refused(LINKS "sysctl eth0 arp_ingore 1\n",
		"x.host:3: the sysctl 'arp_ingore' is not one of net.ipv4.conf that is known here. "
		"Did you mean arp_ignore?");
	refused(LINKS "sysctl eth0 arp_ignore one\n",
		"x.host:3: arp_ignore 'one' is not a number from -2147483648 to 2147483647.");
	refused(LINKS "sysctl eth0 retrans_time_ms 1\n",
		"x.host:3: the sysctl 'retrans_time_ms' is not one of net.ipv4.conf that is known "
		"here.");
	refused(LINKS "sysctl eth0 locktime 1\n",
		"x.host:3: locktime has a line of its own: locktime INTERFACE MILLISECONDS");
}

static void commands_that_the_kernel_refuses_are_mistakes(void **state)
{
	(void)state;
	refused(LINKS "addr eth0 10.0.0.1/24\naddr eth0 10.0.0.1/24\n",
		"x.host:4: the kernel would refuse this: File exists");
	refused(LINKS "addaddr eth0 10.0.0.1/24 errno=17\n",
		"x.host:3: the kernel would answer with errno 0, not 17");
}

static void no_bytes_do_harm(void **state)
{
	(void)state;
	struct err err = { "" };
	char longest[700];
	memset(longest, 'a', sizeof longest);
	assert_null(host_read("x", longest, sizeof longest, &err));
	assert_string_equal(err.text, "x:1: the line is longer than 511 bytes");
	assert_null(host_read("x", "a\0b", 3, &err));
	assert_string_equal(err.text, "x:1: this is not text: a byte is 0");
	refused("link 1 lo a=1 =\n", "x.host:1: a line 'link' has no field 'a'.");
}

static void single_lines_tell_what_they_are_not(void **state)
{
	(void)state;
	struct err err = { "" };
	struct host *h = host_new();
	assert_int_equal(host_read_line(h, "case 1 # x", false, &err), -ENOENT);
	assert_int_equal(host_read_line(h, "  # x", false, &err), 0);
	assert_int_equal(host_read_line(h, "link 1 lo up=2", false, &err), -EBADMSG);
	assert_int_equal(host_read_line(h, "link 1 lo", false, NULL), 0);
	assert_int_equal(host_read_line(h, "link 1 lo", false, NULL), -EBADMSG);
	assert_int_equal(host_read_line(h, "addr lo 10.0.0.1", true, NULL), 0);
	assert_int_equal(h->addr_count, 0);
	assert_int_equal(host_read_line(h, "addaddr lo 10.0.0.1", false, NULL), 0);
	assert_int_equal(h->addr_count, 0);
	assert_int_equal(host_read_line(h, "addaddr lo 10.0.0.1", true, NULL), 0);
	assert_int_equal(h->addr_count, 1);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_few_lines_describe_a_machine),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(words_and_fields_mean_the_same),
		cmocka_unit_test(routes_are_not_derived_where_none_are_meant),
		cmocka_unit_test(every_host_can_be_read_again),
		cmocka_unit_test(mistakes_are_told_with_what_is_expected),
		cmocka_unit_test(commands_that_the_kernel_refuses_are_mistakes),
		cmocka_unit_test(no_bytes_do_harm),
		cmocka_unit_test(single_lines_tell_what_they_are_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
