/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: commands make of a host what the kernel makes of it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <arplab/host.h>

#include "host_texts.h"

#define BEGIN                                  \
	"link 1 lo\n"                          \
	"link 2 e0 02:0a:01:00:00:00\n"        \
	"link 3 e1 02:0a:01:00:00:01\n"        \
	"link 4 down 02:0a:01:00:00:02 up=0\n" \
	"addaddr lo 127.0.0.1/8\n"

#define LOOPBACK                                                         \
	"route 127.0.0.0/8 table=255 type=local dev=lo src=127.0.0.1\n"  \
	"route 127.0.0.1/32 table=255 type=local dev=lo src=127.0.0.1\n" \
	"route 127.255.255.255/32 table=255 type=broadcast dev=lo src=127.0.0.1\n"

/* What a text makes of a host, from its first line `addr` on, and without a mark for routes by
 * hand. */
static char *made(const char *text)
{
	struct host *h = read_host(text);
	char *lines = write_host(h);
	host_free(h);
	const char *facts = strstr(lines, "\naddr ");
	char *copy = strdup(facts ? facts : "");
	free(lines);
	assert_non_null(copy);
	for (char *m; (m = strstr(copy, " manual=1"));)
		memmove(m, m + 9, strlen(m + 9) + 1);
	return copy;
}

/* Commands and the facts that they should come to. */
static void same(const char *commands, const char *facts)
{
	char *a = made(commands), *b = made(facts);
	assert_string_equal(a, b);
	free(a);
	free(b);
}

#define FACTS                                  \
	"link 1 lo\n"                          \
	"link 2 e0 02:0a:01:00:00:00\n"        \
	"link 3 e1 02:0a:01:00:00:01\n"        \
	"link 4 down 02:0a:01:00:00:02 up=0\n" \
	"addr lo 127.0.0.1/8\n" LOOPBACK

static void an_address_brings_its_routes(void **state)
{
	(void)state;
	same(BEGIN "addaddr e0 10.0.0.1/24\n",
		FACTS "addr e0 10.0.0.1/24\n"
		      "route 10.0.0.0/24 dev=e0 src=10.0.0.1\n"
		      "route 10.0.0.1/32 type=local dev=e0 src=10.0.0.1\n"
		      "route 10.0.0.255/32 type=broadcast dev=e0 src=10.0.0.1\n");
	/* Two addresses, one address, and a peer. */
	same(BEGIN "addaddr e0 10.0.0.1/31\naddaddr e0 10.1.0.1\naddaddr e1 10.2.0.1 peer=10.3.0.1",
		FACTS "addr e0 10.0.0.1/31\naddr e0 10.1.0.1\naddr e1 10.2.0.1 address=10.3.0.1\n"
		      "route 10.0.0.0/31 dev=e0 src=10.0.0.1\n"
		      "route 10.3.0.1 dev=e1 src=10.2.0.1\n"
		      "route 10.0.0.1 type=local dev=e0 src=10.0.0.1\n"
		      "route 10.1.0.1 type=local dev=e0 src=10.1.0.1\n"
		      "route 10.2.0.1 type=local dev=e1 src=10.2.0.1\n");
}

static void a_link_that_is_down_keeps_its_address_local(void **state)
{
	(void)state;
	same(BEGIN "addaddr down 10.0.0.1/24\n",
		FACTS "addr down 10.0.0.1/24\nroute 10.0.0.1 type=local dev=down src=10.0.0.1\n");
}

static void a_whole_subnet_on_lo_is_local(void **state)
{
	(void)state;
	same(BEGIN "addaddr lo 10.0.0.1/24\n",
		FACTS "addr lo 10.0.0.1/24\n"
		      "route 10.0.0.0/24 type=local dev=lo src=10.0.0.1\n"
		      "route 10.0.0.1 type=local dev=lo src=10.0.0.1\n"
		      "route 10.0.0.255 type=broadcast dev=lo src=10.0.0.1\n");
}

static void scopes_go_down_and_secondaries_go_last(void **state)
{
	(void)state;
	struct host *h = read_host(BEGIN "addaddr e0 10.0.0.1/24\n"
					 "addaddr e0 10.0.0.2/24\n"
					 "addaddr e0 10.1.0.1/24\n"
					 "addaddr e0 10.2.0.1/24 scope=host\n"
					 "addaddr e0 10.3.0.1/24 scope=link\n");
	static const unsigned nets[] = { 2, 3, 0, 1, 0 };
	const struct host_link *l = host_link_named(h, "e0");
	assert_int_equal(l->count, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct host_addr *a = &h->addrs[l->first + i];
		assert_int_equal(a->local, ip4(10, nets[i], 0, i == 4 ? 2 : 1));
		assert_int_equal(a->secondary, i == 4);
	}
	/* The secondary's local route names the primary. */
	char *lines = write_host(h);
	assert_non_null(strstr(lines, "type=local scope=254 dst=10.0.0.2/32 dev=e0 gw=- "
				      "src=10.0.0.1 "));
	free(lines);
	host_free(h);
}

static int add_addr(struct host *h, uint32_t ip, uint8_t prefix, uint8_t scope)
{
	const struct host_addr a = { .local = ip, .prefix = prefix, .scope = scope };
	return host_derive_addr(h, 1, &a);
}

static void addresses_are_refused_as_the_kernel_does(void **state)
{
	(void)state;
	struct host *h = read_host(BEGIN);
	assert_int_equal(add_addr(h, ip4(10, 0, 0, 1), 24, 0), 0);
	assert_int_equal(add_addr(h, ip4(10, 0, 0, 1), 24, 0), -EEXIST);
	assert_int_equal(add_addr(h, ip4(10, 0, 0, 1), 24, 254), -EEXIST);
	assert_int_equal(add_addr(h, ip4(10, 0, 0, 2), 24, 254), -EINVAL);
	assert_int_equal(add_addr(h, ip4(10, 0, 0, 2), 33, 0), -EINVAL);
	assert_int_equal(add_addr(h, ip4(10, 0, 0, 1), 25, 254), 0);
	assert_int_equal(host_link_named(h, "e0")->count, 2);
	host_free(h);
}

static void a_route_without_a_valid_source_is_left_out(void **state)
{
	(void)state;
	same(BEGIN "addaddr e0 10.0.0.6/30\naddaddr e1 10.0.0.7/24\n",
		FACTS "addr e0 10.0.0.6/30\naddr e1 10.0.0.7/24\n"
		      "route 10.0.0.4/30 dev=e0 src=10.0.0.6\n"
		      "route 10.0.0.6 type=local dev=e0 src=10.0.0.6\n"
		      "route 10.0.0.7 type=broadcast dev=e0 src=10.0.0.6\n"
		      "route 10.0.0.7 type=local dev=e1 src=10.0.0.7\n");
}

static bool has_broadcast(const char *config, const char *addr)
{
	char text[400];
	snprintf(text, sizeof text, "%s\nlink 2 e0 02:0a:01:00:00:00\naddaddr e0 %s\n", config,
		addr);
	struct host *h = read_host(text);
	const struct host_route *r;
	bool found = false;
	for (size_t i = 0; (r = host_route(h, i)); i++)
		found |= r->type == 3 && r->dst == ip4(10, 0, 0, 0);
	host_free(h);
	return found;
}

static void networks_were_broadcasts_before_5_14(void **state)
{
	(void)state;
	assert_true(has_broadcast("config x kernel=5.13.19", "10.0.0.1/24"));
	assert_false(has_broadcast("config x kernel=5.13.19", "10.0.0.1/31"));
	assert_false(has_broadcast("config x kernel=5.14.0", "10.0.0.1/24"));
	assert_false(has_broadcast("config x", "10.0.0.1/24"));
}

static void addresses_below_one_were_no_networks_before_5_3(void **state)
{
	(void)state;
	struct host *h = read_host("config x kernel=5.2\n" BEGIN "addaddr e0 0.1.2.3/24");
	assert_int_equal(host_addr_type(h, ip4(0, 1, 2, 3)), 3);
	/* Four of lo and its own address alone. */
	assert_null(host_route(h, 5));
	host_free(h);
	h = read_host("config x kernel=5.3\n" BEGIN "addaddr e0 0.1.2.3/24");
	assert_int_equal(host_addr_type(h, ip4(0, 1, 2, 3)), 2);
	host_free(h);
}

/* ---- routes ---- */

/* One command after the usual addresses; its line says the errno that is expected. */
static void route_gives(const char *command)
{
	struct err err = { "" };
	struct host *h = read_host(BEGIN "addaddr e0 10.0.0.1/24\naddaddr e1 10.1.0.1/24\n"
					 "addroute 10.9.0.0/16 gw=10.1.0.9\n");
	int r = host_read_line(h, command, true, &err);
	if (r)
		fail_msg("%s: %s", command, err.text);
	host_free(h);
}

static void routes_are_refused_as_the_kernel_does(void **state)
{
	(void)state;
	static const char *const commands[] = {
		"addroute default gw=10.0.0.2 dev=e0",
		"addroute default gw=10.0.0.2",
		"addroute default gw=10.0.0.2 dev=e1 errno=101",
		"addroute default gw=10.9.0.1 errno=101", /* Behind another gateway. */
		"addroute default gw=10.0.0.1",
		"addroute default gw=10.0.0.255 errno=22",
		"addroute default gw=10.2.0.1 dev=e0 onlink=1",
		"addroute default gw=10.2.0.1 dev=down onlink=1 errno=100",
		"addroute default gw=10.2.0.1 onlink=1 errno=19",
		"addroute default gw=10.1.0.1 dev=e0 onlink=1 errno=22",
		"addroute default gw=10.2.0.1 dev=e0 scope=link onlink=1 errno=22",
		"addroute 10.3.0.0/24 dev=e0",
		"addroute 10.3.0.0/24 errno=19",
		"addroute 10.3.0.0/24 dev=down errno=100",
		"addroute 10.3.0.0/24 dev=e0 onlink=1 errno=22",
		"addroute 10.3.0.0/24 dev=e0 src=10.1.0.1",
		"addroute 10.3.0.0/24 dev=e0 src=10.1.0.2 errno=22",
		"addroute 10.0.0.0/24 dev=e1 errno=17",
		"addroute 10.0.0.0/24 dev=e1 metric=5",
		"addroute 10.0.0.0/24 dev=e1 tos=8",
		"addroute 10.0.0.0/24 dev=e1 table=100",
		"addroute 10.3.0.0/24 type=local dev=lo",
		"addroute 10.3.0.0/24 type=local dev=lo scope=link errno=22",
		"addroute 10.3.0.0/24 type=local dev=lo gw=10.0.0.2 errno=22",
		"addroute 10.3.0.0/24 type=local errno=19",
		"addroute 10.3.0.1 type=local dev=lo src=10.3.0.1",
		"addroute 10.3.0.0/24 type=blackhole",
		"addroute 10.3.0.0/24 type=blackhole dev=e0 errno=22",
		"addroute 10.3.0.0/24 type=blackhole src=10.8.8.8",
		"addroute 10.3.0.0/24 type=unicast scope=nowhere dev=e0 errno=22",
		"addroute 10.3.0.0/24 type=10 dev=e0 errno=22",
	};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		route_gives(commands[i]);
}

static void a_gateway_behind_an_error_gives_that_error(void **state)
{
	(void)state;
	free(made(BEGIN "addaddr e0 10.0.0.1/24\n"
			"addroute 10.3.0.0/24 type=unreachable scope=link\n"
			"addroute 10.4.0.0/24 type=prohibit scope=link\n"
			"addroute 10.5.0.0/24 type=blackhole scope=link\n"
			"addroute 20.0.0.0/8 gw=10.3.0.1 errno=113\n"
			"addroute 20.0.0.0/8 gw=10.4.0.1 errno=13\n"
			"addroute 20.0.0.0/8 gw=10.5.0.1 errno=22\n"));
}

static void a_gateway_may_be_reached_by_the_routes_own_table(void **state)
{
	(void)state;
	free(made(BEGIN "addaddr e0 10.0.0.1/24\n"
			"addroute 10.3.0.0/24 dev=e0 table=100\n"
			"addroute 20.0.0.0/8 gw=10.3.0.1 errno=101\n"
			"addroute 20.0.0.0/8 gw=10.3.0.1 table=100\n"
			"addroute 20.0.0.0/8 gw=10.0.0.2 table=101\n"));
}

static void the_interface_of_a_gateway_is_found(void **state)
{
	(void)state;
	struct host *h = read_host(BEGIN "addaddr e0 10.0.0.1/24\naddroute default gw=10.0.0.2\n");
	assert_int_equal(host_route(h, 0)->gateway, ip4(10, 0, 0, 2));
	assert_int_equal(host_route(h, 0)->ifindex, 2);
	assert_false(h->custom_local);
	host_free(h);
	h = read_host(BEGIN "addroute 10.0.0.0/24 type=local dev=lo\n");
	assert_true(h->custom_local);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_brings_its_routes),
		cmocka_unit_test(a_link_that_is_down_keeps_its_address_local),
		cmocka_unit_test(a_whole_subnet_on_lo_is_local),
		cmocka_unit_test(scopes_go_down_and_secondaries_go_last),
		cmocka_unit_test(addresses_are_refused_as_the_kernel_does),
		cmocka_unit_test(a_route_without_a_valid_source_is_left_out),
		cmocka_unit_test(networks_were_broadcasts_before_5_14),
		cmocka_unit_test(addresses_below_one_were_no_networks_before_5_3),
		cmocka_unit_test(routes_are_refused_as_the_kernel_does),
		cmocka_unit_test(a_gateway_behind_an_error_gives_that_error),
		cmocka_unit_test(a_gateway_may_be_reached_by_the_routes_own_table),
		cmocka_unit_test(the_interface_of_a_gateway_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
