/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a host is what its model knows, and shares what has not changed. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/host.h>

#include "streams.h"

static void apply(struct model *m, struct event e)
{
	model_apply(m, &e);
}

static struct event link_of_kind(
	int32_t ifindex, const char *name, const char *kind, int32_t master)
{
	struct event e = make_link(ifindex, name);
	e.link.type = ARPHRD_ETHER;
	e.link.master = master;
	text_copy(e.link.kind, sizeof e.link.kind, kind);
	return e;
}

static void begin(struct model *m)
{
	struct event hello = make_hello(SCOPE_HOST);
	hello.hello.kernel = KERNEL(6, 1, 7);
	model_init(m, 4096);
	apply(m, hello);
	apply(m, make_link(1, "lo"));
	apply(m, link_of_kind(2, "eth0", "", 0));
}

static void named_tables(struct model *m, enum event_table table)
{
	apply(m, make_mark(table, false));
	if (table == TABLE_RULES) {
		apply(m, make_rule(0, RT_TABLE_LOCAL));
		apply(m, make_rule(32766, RT_TABLE_MAIN));
		apply(m, make_rule(32767, RT_TABLE_DEFAULT));
	}
	apply(m, make_mark(table, true));
}

static void links_and_addresses_keep_their_order(void **state)
{
	(void)state;
	struct model m;
	begin(&m);
	struct event second = make_addr(2, ip4(10, 0, 0, 2), 1);
	second.addr.flags = IFA_F_SECONDARY;
	second.addr.scope = RT_SCOPE_LINK;
	apply(&m, second);
	apply(&m, make_addr(2, ip4(10, 0, 0, 1), 0));
	apply(&m, make_addr(1, ip4(127, 0, 0, 1), 0));
	struct host *h = host_from_model(&m, NULL);
	assert_string_equal(h->name, "lvs-rs1");
	assert_int_equal(h->kernel, KERNEL(6, 1, 7));
	assert_int_equal(h->link_count, 2);
	assert_true(h->links[0].loopback && !h->links[0].ethernet && h->links[0].up);
	assert_true(!h->links[1].loopback && h->links[1].ethernet && !h->links[1].noarp);
	assert_int_equal(h->links[1].mac[5], 2);
	assert_int_equal(h->addr_count, 3);
	assert_int_equal(h->links[1].first, 1);
	assert_int_equal(h->links[1].count, 2);
	assert_int_equal(h->addrs[1].local, ip4(10, 0, 0, 1));
	assert_int_equal(h->addrs[1].mask, ip4(255, 255, 255, 0));
	assert_true(h->addrs[2].secondary && !h->addrs[1].secondary);
	assert_int_equal(h->addrs[2].scope, RT_SCOPE_LINK);
	assert_string_equal(host_owner(h, ip4(10, 0, 0, 2))->name, "eth0");
	/* It can be added to, as any other. */
	struct host_addr more = { .local = ip4(10, 0, 0, 3), .prefix = 32 };
	host_add_addr(h, 0, &more);
	host_add_link(h, 9, "eth9");
	host_settle(h);
	assert_string_equal(host_owner(h, more.local)->name, "lo");
	host_free(h);
	model_done(&m);
}

static void what_stands_above_is_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *kind;
		enum host_above above;
	} masters[] = { { "bridge", ABOVE_BRIDGE }, { "bond", ABOVE_BRIDGE },
		{ "team", ABOVE_BRIDGE }, { "vrf", ABOVE_VRF }, { "hsr", ABOVE_OTHER } };
	for (size_t i = 0; i < sizeof masters / sizeof *masters; i++) {
		struct model m;
		begin(&m);
		apply(&m, link_of_kind(3, "above", masters[i].kind, 0));
		apply(&m, link_of_kind(4, "below", "veth", 3));
		struct host *h = host_from_model(&m, NULL);
		bool vrf = masters[i].above == ABOVE_VRF;
		assert_int_equal(host_link(h, 2)->above, ABOVE_NOTHING);
		assert_int_equal(host_link(h, 3)->above, vrf ? ABOVE_VRF : ABOVE_NOTHING);
		assert_int_equal(host_link(h, 4)->above, masters[i].above);
		assert_int_equal(host_link(h, 4)->master, 3);
		assert_int_equal(h->has_vrf, vrf);
		host_free(h);
		model_done(&m);
	}
}

static void sysctls_are_known_as_far_as_the_model_knows_them(void **state)
{
	(void)state;
	struct model m;
	int32_t value = 0;
	begin(&m);
	apply(&m, make_sysctl(CONF_ALL, "arp_ignore", 1));
	apply(&m, make_sysctl(CONF_DEFAULT, "arp_ignore", 9));
	apply(&m, make_sysctl(2, "arp_ignore", 2));
	apply(&m, make_sysctl(1, "arp_ignore", 3));
	apply(&m, make_sysctl(2, "locktime", 100));
	struct host *h = host_from_model(&m, NULL);
	assert_true(host_value(host_link(h, 2), HOST_ARP_IGNORE, &value));
	assert_int_equal(value, 2);
	assert_true(host_value(host_link(h, 1), HOST_ARP_IGNORE, &value));
	assert_int_equal(value, 3);
	assert_true(host_value(host_link(h, 2), HOST_LOCKTIME, &value));
	assert_int_equal(value, 1000);
	assert_false(host_value(host_link(h, 1), HOST_LOCKTIME, &value));
	assert_false(host_value(host_link(h, 2), HOST_ARP_ANNOUNCE, &value));
	host_free(h);
	apply(&m, make_sysctl(2, "locktime", INT32_MAX));
	h = host_from_model(&m, NULL);
	assert_true(host_value(host_link(h, 2), HOST_LOCKTIME, &value));
	assert_int_equal(value, INT32_MAX);
	host_free(h);
	model_done(&m);
}

static void routes_are_shared_until_they_change(void **state)
{
	(void)state;
	struct model m;
	begin(&m);
	struct host *h = host_from_model(&m, NULL);
	assert_true(h->routes_unknown);
	host_free(h);
	named_tables(&m, TABLE_ROUTES);
	h = host_from_model(&m, NULL);
	assert_false(h->routes_unknown);
	host_free(h);
	apply(&m, make_route(2, ip4(10, 0, 0, 0), 0));
	struct host *first = host_from_model(&m, NULL);
	apply(&m, make_sysctl(2, "arp_ignore", 2));
	struct host *second = host_from_model(&m, first);
	assert_ptr_equal(first->fib, second->fib);
	struct event by_hand = make_route(2, ip4(10, 9, 0, 0), 0);
	by_hand.route.table = RT_TABLE_LOCAL;
	by_hand.route.type = RTN_LOCAL;
	by_hand.route.protocol = RTPROT_BOOT;
	by_hand.route.flags = RTNH_F_LINKDOWN | RTNH_F_ONLINK;
	apply(&m, by_hand);
	struct host *third = host_from_model(&m, second);
	assert_ptr_not_equal(second->fib, third->fib);
	assert_false(second->custom_local);
	assert_true(third->custom_local);
	const struct host_route *r = host_route(third, 1);
	assert_true(r->manual && r->linkdown && r->onlink && !r->dead);
	host_free(first);
	host_free(second);
	/* What somebody has added is not the model's any more. */
	struct host *what_if = host_copy(third);
	host_add_route(what_if, &(struct host_route) { .table = 254, .type = 1 });
	struct host *fourth = host_from_model(&m, what_if);
	assert_null(host_route(fourth, 2));
	host_free(third);
	host_free(what_if);
	host_free(fourth);
	model_done(&m);
}

static void rules_beyond_the_usual_ones_split_the_tables(void **state)
{
	(void)state;
	struct model m;
	begin(&m);
	named_tables(&m, TABLE_RULES);
	struct host *h = host_from_model(&m, NULL);
	assert_true(!h->split_tables && !h->rules_replaced && !h->rule_count);
	host_free(h);
	struct event e = make_rule(100, 77);
	e.rule.source = ip4(10, 0, 0, 0);
	e.rule.source_len = 8;
	e.rule.other = RULE_NOT | RULE_SUPPRESS;
	text_copy(e.rule.iif, sizeof e.rule.iif, "eth0");
	apply(&m, e);
	h = host_from_model(&m, NULL);
	assert_true(h->split_tables && !h->rules_replaced);
	assert_int_equal(h->rule_count, 1);
	assert_int_equal(h->rules[0].source_mask, ip4(255, 0, 0, 0));
	assert_int_equal(h->rules[0].suppress, 1);
	assert_true(h->rules[0].invert && !h->rules[0].other);
	assert_string_equal(h->rules[0].iif, "eth0");
	host_free(h);
	apply(&m, gone(make_rule(0, RT_TABLE_LOCAL)));
	h = host_from_model(&m, NULL);
	assert_true(h->split_tables && h->rules_replaced);
	assert_int_equal(h->rule_count, 3);
	host_free(h);
	model_done(&m);
}

static void conditions_that_are_not_followed_are_marked(void **state)
{
	(void)state;
	struct model m;
	begin(&m);
	struct event e = make_rule(100, 77);
	e.rule.mark = 1;
	e.rule.mask = UINT32_MAX;
	apply(&m, e);
	e = make_rule(200, 77);
	e.rule.other = RULE_MORE;
	apply(&m, e);
	e = make_rule(1000, 0);
	e.rule.other = RULE_VRF;
	apply(&m, e);
	struct host *h = host_from_model(&m, NULL);
	/* The rule of VRFs splits the tables, and holds for nothing that is followed. */
	assert_true(h->split_tables);
	assert_int_equal(h->rule_count, 2);
	assert_true(h->rules[0].other && h->rules[1].other);
	host_free(h);
	model_done(&m);
}

static void proxies_are_taken_over(void **state)
{
	(void)state;
	struct model m;
	begin(&m);
	apply(&m, make_proxy(2, ip4(10, 0, 0, 7)));
	struct host *h = host_from_model(&m, NULL);
	assert_true(host_has_proxy(h, ip4(10, 0, 0, 7), 2));
	assert_false(host_has_proxy(h, ip4(10, 0, 0, 7), 1));
	host_free(h);
	model_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_and_addresses_keep_their_order),
		cmocka_unit_test(what_stands_above_is_told_apart),
		cmocka_unit_test(sysctls_are_known_as_far_as_the_model_knows_them),
		cmocka_unit_test(routes_are_shared_until_they_change),
		cmocka_unit_test(rules_beyond_the_usual_ones_split_the_tables),
		cmocka_unit_test(conditions_that_are_not_followed_are_marked),
		cmocka_unit_test(proxies_are_taken_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
