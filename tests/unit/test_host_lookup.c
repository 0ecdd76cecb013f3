/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: routes are found as the kernel finds them, and what cannot be told is not guessed. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/host.h>

#include "streams.h"

static struct host *host(void)
{
	struct host *h = host_new();
	host_add_link(h, 1, "lo")->loopback = true;
	host_add_link(h, 2, "eth0");
	host_add_link(h, 3, "eth1");
	host_settle(h);
	return h;
}

static struct host_route route(
	uint32_t table, uint8_t type, uint32_t dst, uint8_t prefix, int32_t dev)
{
	return (struct host_route) { .table = table,
		.type = type,
		.dst = dst,
		.prefix = prefix,
		.ifindex = dev,
		.hops = 1 };
}

static void put(struct host *h, struct host_route r)
{
	host_add_route(h, &r);
	host_settle(h);
}

/* The interface of the route that is found, or a word of its own for what else there is. */
enum { NOTHING = -1, FAULT = -2, UNSURE = -3 };

static int ask(const struct host *h, struct flow f)
{
	const struct host_route *r = NULL;
	const char *why = NULL;
	switch (host_lookup(h, &f, &r, &why)) {
	case FIB_ROUTE:
		return r->ifindex;
	case FIB_NONE:
		return NOTHING;
	case FIB_ERROR:
		assert_int_equal(r->ifindex, 0);
		return FAULT;
	case FIB_UNKNOWN:
		assert_non_null(why);
		return UNSURE;
	}
	return 0;
}

static int to(const struct host *h, uint32_t dst)
{
	return ask(h, (struct flow) { .dst = dst });
}

#define NET ip4(10, 1, 0, 0)
#define ONE ip4(10, 1, 0, 1)

static void a_longer_prefix_of_main_beats_local_until_tables_are_split(void **state)
{
	(void)state;
	struct host *h = host();
	put(h, route(255, RTN_LOCAL, NET, 24, 1));
	put(h, route(254, RTN_UNICAST, ONE, 32, 2));
	assert_int_equal(to(h, ONE), 2);
	assert_int_equal(host_addr_type(h, ONE), RTN_UNICAST);
	assert_int_equal(host_addr_type(h, ip4(10, 1, 0, 2)), RTN_LOCAL);
	h->split_tables = true;
	assert_int_equal(to(h, ONE), 1);
	assert_int_equal(host_addr_type(h, ONE), RTN_LOCAL);
	host_free(h);
}

static void of_equals_local_is_first_then_the_metric_then_the_first(void **state)
{
	(void)state;
	struct host *h = host();
	put(h, route(254, RTN_UNICAST, NET, 24, 2));
	struct host_route r = route(254, RTN_UNICAST, ip4(10, 2, 0, 0), 24, 2);
	r.metric = 5;
	put(h, r);
	r.ifindex = 3;
	r.metric = 4;
	put(h, r);
	assert_int_equal(to(h, ip4(10, 2, 0, 1)), 3);
	r.ifindex = 1;
	put(h, r);
	assert_int_equal(to(h, ip4(10, 2, 0, 1)), 3);
	r.metric = 9;
	r.table = 255;
	put(h, r);
	assert_int_equal(to(h, ip4(10, 2, 0, 1)), 1);
	assert_int_equal(host_route(h, 0)->table, 254);
	assert_null(host_route(h, 5));
	host_free(h);
}

static void routes_that_do_not_fit_are_passed_over(void **state)
{
	(void)state;
	struct host *h = host();
	struct host_route r = route(254, RTN_UNICAST, ONE, 32, 2);
	r.tos = 0x10;
	put(h, r);
	r = route(254, RTN_UNICAST, NET, 24, 2);
	r.dead = true;
	put(h, r);
	put(h, route(254, RTN_UNICAST, ip4(10, 0, 0, 0), 8, 3));
	assert_int_equal(to(h, ONE), 3);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .oif = 2, .output = true }), NOTHING);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .oif = 3, .output = true }), 3);
	assert_int_equal(to(h, ip4(11, 0, 0, 0)), NOTHING);
	host_free(h);
}

static void errors_end_the_search_and_throw_goes_on(void **state)
{
	(void)state;
	struct host *h = host();
	put(h, route(254, RTN_BLACKHOLE, NET, 24, 0));
	put(h, route(254, RTN_THROW, ip4(10, 2, 0, 0), 24, 0));
	assert_int_equal(to(h, ONE), FAULT);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .oif = 2 }), FAULT);
	assert_int_equal(to(h, ip4(10, 2, 0, 1)), NOTHING);
	assert_int_equal(host_addr_type(h, ONE), RTN_UNICAST);
	put(h, route(253, RTN_UNICAST, 0, 0, 3));
	assert_int_equal(to(h, ONE), FAULT);
	assert_int_equal(to(h, ip4(10, 2, 0, 1)), 3);
	h->split_tables = true;
	assert_int_equal(to(h, ONE), FAULT);
	assert_int_equal(to(h, ip4(10, 2, 0, 1)), 3);
	host_free(h);
}

static void after_an_error_old_kernels_ask_the_table_default(void **state)
{
	(void)state;
	static const struct {
		uint32_t kernel;
		int found;
	} kernels[] = { { KERNEL(7, 2, 0), FAULT }, { KERNEL(7, 1, 5), FAULT },
		{ KERNEL(6, 12, 97), FAULT }, { KERNEL(6, 12, 96), 3 }, { KERNEL(5, 10, 223), 3 },
		{ KERNEL(7, 0, 9), UNSURE }, { KERNEL(5, 14, 0), UNSURE },
		{ KERNEL(5, 10, 261), UNSURE } };
	struct host *h = host();
	put(h, route(254, RTN_BLACKHOLE, NET, 24, 0));
	h->kernel = KERNEL(5, 10, 223);
	assert_int_equal(to(h, ONE), FAULT);
	/* Even if it is empty. */
	h->default_made = true;
	assert_int_equal(to(h, ONE), NOTHING);
	put(h, route(253, RTN_UNICAST, 0, 0, 3));
	for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
		h->kernel = kernels[i].kernel;
		assert_int_equal(to(h, ONE), kernels[i].found);
		assert_int_equal(to(h, ip4(10, 2, 0, 1)), 3);
	}
	h->split_tables = true;
	assert_int_equal(to(h, ONE), FAULT);
	host_free(h);
}

static void what_cannot_be_followed_is_unknown(void **state)
{
	(void)state;
	struct host *h = host();
	struct host_route r = route(254, RTN_UNICAST, NET, 24, 2);
	r.hops = 2;
	put(h, r);
	assert_int_equal(to(h, ONE), UNSURE);
	h->links[2].above = ABOVE_VRF;
	host_settle(h);
	put(h, route(254, RTN_UNICAST, ip4(10, 3, 0, 0), 24, 3));
	assert_int_equal(to(h, ip4(10, 3, 0, 1)), UNSURE);
	assert_int_equal(ask(h, (struct flow) { .dst = ip4(10, 4, 0, 1), .iif = 3 }), UNSURE);
	assert_int_equal(ask(h, (struct flow) { .dst = ip4(10, 4, 0, 1), .iif = 2 }), NOTHING);
	h->routes_unknown = true;
	assert_int_equal(to(h, ip4(10, 4, 0, 1)), UNSURE);
	assert_int_equal(host_addr_type(h, ONE), -1);
	assert_int_equal(host_addr_type(h, ip4(224, 0, 0, 5)), RTN_MULTICAST);
	host_free(h);
}

static void routes_of_a_link_without_carrier_are_dead_where_the_kernel_says_so(void **state)
{
	(void)state;
	for (int dead = 0; dead < 2; dead++) {
		struct host *h = host();
		struct host_route r = route(255, RTN_BROADCAST, ip4(10, 1, 0, 255), 32, 2);
		r.linkdown = true;
		r.dead = dead;
		put(h, r);
		r = route(254, RTN_UNICAST, NET, 24, 2);
		r.scope = RT_SCOPE_LINK;
		r.linkdown = true;
		r.dead = dead;
		put(h, r);
		assert_int_equal(
			host_addr_type(h, ip4(10, 1, 0, 255)), dead ? RTN_UNICAST : RTN_BROADCAST);
		assert_int_equal(to(h, ONE), dead ? NOTHING : 2);
		/* A gateway there is one nevertheless. */
		h->links[1].up = true;
		r = route(254, RTN_UNICAST, 0, 0, 2);
		r.gateway = ONE;
		assert_int_equal(host_derive_route(h, &r), 0);
		host_free(h);
	}
}

static void one_of_equal_default_routes_is_unknown_on_the_way_out_alone(void **state)
{
	(void)state;
	struct host *h = host();
	struct host_route r = route(254, RTN_UNICAST, 0, 0, 2);
	r.gateway = ip4(10, 0, 0, 1);
	put(h, r);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .output = true }), 2);
	r.ifindex = 3;
	r.metric = 1;
	put(h, r);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .output = true }), 2);
	r.metric = 0;
	put(h, r);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .output = true }), UNSURE);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .output = true, .oif = 3 }), 3);
	assert_int_equal(ask(h, (struct flow) { .dst = ONE, .iif = 3 }), 2);
	host_free(h);
}

static void addresses_have_types_of_their_own(void **state)
{
	(void)state;
	struct host *h = host();
	assert_int_equal(host_addr_type(h, 0), RTN_BROADCAST);
	assert_int_equal(host_addr_type(h, UINT32_MAX), RTN_BROADCAST);
	assert_int_equal(host_addr_type(h, ip4(239, 1, 2, 3)), RTN_MULTICAST);
	assert_int_equal(host_addr_type(h, ip4(240, 1, 2, 3)), RTN_UNICAST);
	assert_int_equal(host_addr_type(h, ip4(0, 1, 2, 3)), RTN_UNICAST);
	h->kernel = KERNEL(5, 3, 0);
	assert_int_equal(host_addr_type(h, ip4(0, 1, 2, 3)), RTN_UNICAST);
	h->kernel = KERNEL(5, 2, 9);
	assert_int_equal(host_addr_type(h, ip4(0, 1, 2, 3)), RTN_BROADCAST);
	assert_int_equal(host_addr_type(h, ip4(1, 0, 2, 3)), RTN_UNICAST);
	host_free(h);
}

/* ---- policy rules ---- */

static struct host *ruled(const struct host_rule *r)
{
	struct host *h = host();
	put(h, route(254, RTN_UNICAST, 0, 0, 2));
	put(h, route(100, RTN_UNICAST, 0, 0, 3));
	put(h, route(255, RTN_LOCAL, ONE, 32, 1));
	host_add_rule(h, r);
	h->split_tables = true;
	host_settle(h);
	return h;
}

static int ruled_ask(const struct host_rule *r, struct flow f)
{
	struct host *h = ruled(r);
	int found = ask(h, f);
	host_free(h);
	return found;
}

#define FAR ip4(20, 0, 0, 1)

static void rules_are_followed_where_they_can_be(void **state)
{
	(void)state;
	const struct flow f = { .dst = FAR, .src = ip4(10, 1, 9, 9), .iif = 3 };
	struct host_rule r = { .priority = 10, .table = 100, .action = FR_ACT_TO_TBL };
	assert_int_equal(ruled_ask(&r, f), 3);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = ONE }), 1);
	r.source = NET;
	r.source_mask = ip_mask(16);
	assert_int_equal(ruled_ask(&r, f), 3);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = FAR }), 2);
	r.target = ip4(30, 0, 0, 0);
	r.target_mask = ip_mask(8);
	assert_int_equal(ruled_ask(&r, f), 2);
	r = (struct host_rule) { .priority = 40000, .table = 100, .action = FR_ACT_TO_TBL };
	assert_int_equal(ruled_ask(&r, f), 2);
	r.priority = 10;
	r.table = 77;
	assert_int_equal(ruled_ask(&r, f), 2);
	r.action = FR_ACT_NOP;
	assert_int_equal(ruled_ask(&r, f), 2);
}

static void rules_may_ask_for_interfaces(void **state)
{
	(void)state;
	const struct flow f = { .dst = FAR, .iif = 3 };
	struct host_rule r = {
		.priority = 10, .table = 100, .action = FR_ACT_TO_TBL, .iif = "eth1"
	};
	assert_int_equal(ruled_ask(&r, f), 3);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = FAR, .iif = 2 }), 2);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = FAR, .output = true }), 2);
	text_copy(r.iif, sizeof r.iif, "lo");
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = FAR, .output = true }), 3);
	assert_int_equal(ruled_ask(&r, f), 2);
	r.iif[0] = '\0';
	text_copy(r.oif, sizeof r.oif, "eth1");
	assert_int_equal(ruled_ask(&r, f), 2);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = FAR, .output = true, .oif = 3 }), 3);
}

static void rules_that_refuse_or_ask_for_more_are_told_apart(void **state)
{
	(void)state;
	const struct flow f = { .dst = FAR };
	struct host_rule r = { .priority = 10, .action = FR_ACT_UNREACHABLE };
	assert_int_equal(ruled_ask(&r, f), FAULT);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = ONE }), 1);
	r = (struct host_rule) { .priority = 10, .action = FR_ACT_GOTO };
	assert_int_equal(ruled_ask(&r, f), UNSURE);
	r = (struct host_rule) {
		.priority = 10, .table = 100, .action = FR_ACT_TO_TBL, .other = true
	};
	assert_int_equal(ruled_ask(&r, f), UNSURE);
	r.target = ip4(30, 0, 0, 0);
	r.target_mask = ip_mask(8);
	assert_int_equal(ruled_ask(&r, f), 2);
	r.invert = true;
	assert_int_equal(ruled_ask(&r, f), 3);
}

static void rules_may_be_turned_round(void **state)
{
	(void)state;
	struct host_rule r = { .priority = 10,
		.table = 100,
		.action = FR_ACT_TO_TBL,
		.target = FAR,
		.target_mask = ip_mask(32),
		.invert = true };
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = FAR }), 2);
	assert_int_equal(ruled_ask(&r, (struct flow) { .dst = ip4(20, 0, 0, 2) }), 3);
}

static void rules_may_suppress_short_prefixes(void **state)
{
	(void)state;
	struct host_rule r = {
		.priority = 10, .table = 100, .action = FR_ACT_TO_TBL, .suppress = 1
	};
	struct host *h = ruled(&r);
	put(h, route(100, RTN_UNICAST, NET, 16, 3));
	assert_int_equal(to(h, FAR), 2);
	assert_int_equal(to(h, ip4(10, 1, 0, 2)), 3);
	struct host_route many = route(100, RTN_UNICAST, ip4(30, 0, 0, 0), 8, 3);
	many.hops = 2;
	put(h, many);
	assert_int_equal(to(h, ip4(30, 0, 0, 2)), UNSURE);
	h->rules[0].suppress = 9;
	assert_int_equal(to(h, ip4(30, 0, 0, 2)), 2);
	host_free(h);
}

static void the_usual_rules_may_have_been_replaced(void **state)
{
	(void)state;
	struct host_rule r = { .priority = 10, .table = 254, .action = FR_ACT_TO_TBL };
	struct host *h = ruled(&r);
	h->rules_replaced = true;
	assert_int_equal(to(h, ONE), 2);
	r = (struct host_rule) { .priority = 9, .table = 255, .action = FR_ACT_TO_TBL };
	host_add_rule(h, &r);
	assert_int_equal(to(h, ONE), 1);
	host_free(h);
}

/* ---- against a lookup that looks at every route ---- */

static const struct host_route *naive(
	const struct host *h, uint32_t dst, uint32_t table_a, uint32_t table_b)
{
	const struct host_route *best = NULL;
	const struct host_route *r;
	for (size_t i = 0; (r = host_route(h, i)); i++) {
		if ((r->table != table_a && r->table != table_b) || r->tos || r->dead ||
			(dst ^ r->dst) & ip_mask(r->prefix))
			continue;
		if (!best || r->prefix > best->prefix ||
			(r->prefix == best->prefix &&
				(r->table > best->table ||
					(r->table == best->table && r->metric < best->metric))))
			best = r;
	}
	return best;
}

static void lookups_agree_with_a_naive_one(void **state)
{
	(void)state;
	uint64_t seed = 4;
	for (unsigned round = 0; round < 60; round++) {
		struct host *h = host();
		unsigned routes = 1 + rng_below(&seed, round < 50 ? 40 : 2000);
		for (unsigned i = 0; i < routes; i++) {
			struct host_route r = route(254 + rng_below(&seed, 2), RTN_UNICAST,
				htonl(0x0a000000 | rng_below(&seed, 4096)),
				(uint8_t)(rng_below(&seed, 6) ? 18 + rng_below(&seed, 15) : 0),
				1 + (int32_t)rng_below(&seed, 3));
			r.metric = rng_below(&seed, 3);
			r.tos = rng_below(&seed, 9) ? 0 : 8;
			r.dead = rng_below(&seed, 9) == 0;
			host_add_route(h, &r);
		}
		host_settle(h);
		for (unsigned i = 0; i < 200; i++) {
			uint32_t dst = htonl(0x0a000000 | rng_below(&seed, 5000));
			const struct host_route *want = naive(h, dst, 255, 254), *got = NULL;
			struct flow f = { .dst = dst };
			assert_int_equal(
				host_lookup(h, &f, &got, NULL), want ? FIB_ROUTE : FIB_NONE);
			assert_ptr_equal(got, want);
		}
		host_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_longer_prefix_of_main_beats_local_until_tables_are_split),
		cmocka_unit_test(of_equals_local_is_first_then_the_metric_then_the_first),
		cmocka_unit_test(routes_that_do_not_fit_are_passed_over),
		cmocka_unit_test(errors_end_the_search_and_throw_goes_on),
		cmocka_unit_test(after_an_error_old_kernels_ask_the_table_default),
		cmocka_unit_test(what_cannot_be_followed_is_unknown),
		cmocka_unit_test(
			routes_of_a_link_without_carrier_are_dead_where_the_kernel_says_so),
		cmocka_unit_test(one_of_equal_default_routes_is_unknown_on_the_way_out_alone),
		cmocka_unit_test(addresses_have_types_of_their_own),
		cmocka_unit_test(rules_are_followed_where_they_can_be),
		cmocka_unit_test(rules_may_ask_for_interfaces),
		cmocka_unit_test(rules_that_refuse_or_ask_for_more_are_told_apart),
		cmocka_unit_test(rules_may_be_turned_round),
		cmocka_unit_test(rules_may_suppress_short_prefixes),
		cmocka_unit_test(the_usual_rules_may_have_been_replaced),
		cmocka_unit_test(lookups_agree_with_a_naive_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
