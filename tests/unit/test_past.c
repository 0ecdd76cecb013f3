/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the facts of each machine are those of the time that is asked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past.h"

static struct scene s;

static int host_begins(void **state)
{
	(void)state;
	host_scene(&s);
	return 0;
}

static int lab_begins(void **state)
{
	(void)state;
	lab_scene(&s, 3);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	past_close(&s);
	return 0;
}

static int32_t ignore_at(uint16_t node, uint64_t at_ns)
{
	int32_t value;
	const struct host *h = past_host(s.p, node, at_ns);
	if (!h)
		return -1;
	return host_value(host_link(h, 2), HOST_ARP_IGNORE, &value) ? value : -2;
}

static void ignore(uint16_t node, uint64_t at_ns, int32_t value)
{
	say(&s, node, at_ns, make_sysctl(2, "arp_ignore", value));
}

static void frame(uint64_t at_ns)
{
	captured(&s, at_ns, arp_frame(9, 0, ARP_OP_REQUEST, LAN_IP(9), LAN_IP(0)));
}

static void nothing_is_known_before_all_tables_are_named(void **state)
{
	(void)state;
	past_open(&s, SCOPE_HOST);
	past_settle(s.p, &s.w);
	assert_null(past_host(s.p, 0, UINT64_MAX));
	mark(&s, 0, 5, TABLE_LINKS, false);
	say(&s, 0, 5, past_link(2, "eth0", NULL));
	mark(&s, 0, 5, TABLE_LINKS, true);
	past_settle(s.p, &s.w);
	assert_null(past_host(s.p, 0, UINT64_MAX));
	past_close(&s);
}

static void the_facts_hold_from_the_beginning_of_the_dump(void **state)
{
	(void)state;
	assert_null(past_host(s.p, 0, NS_PER_S - 1));
	assert_non_null(past_host(s.p, 0, NS_PER_S));
	assert_int_equal(ignore_at(0, UINT64_MAX), 0);
	assert_non_null(host_owner(past_host(s.p, 0, UINT64_MAX), LAN_IP(0)));
}

static void a_frame_is_judged_by_the_facts_of_its_moment(void **state)
{
	(void)state;
	ignore(0, 2 * NS_PER_S, 1);
	frame(3 * NS_PER_S);
	ignore(0, 4 * NS_PER_S, 8);
	past_settle(s.p, &s.w);
	assert_int_equal(ignore_at(0, 2 * NS_PER_S - 1), 0);
	assert_int_equal(ignore_at(0, 2 * NS_PER_S), 1);
	assert_int_equal(ignore_at(0, 3 * NS_PER_S), 1);
	assert_int_equal(ignore_at(0, 4 * NS_PER_S), 8);
	assert_int_equal(ignore_at(0, UINT64_MAX), 8);
}

static void changes_apart_make_two_hosts_without_a_frame_between(void **state)
{
	(void)state;
	ignore(0, 2 * NS_PER_S, 1);
	ignore(0, 3 * NS_PER_S, 2);
	past_settle(s.p, &s.w);
	assert_int_equal(ignore_at(0, 3 * NS_PER_S - 1), 1);
	assert_int_equal(ignore_at(0, 3 * NS_PER_S), 2);
}

static void changes_that_come_together_make_one(void **state)
{
	(void)state;
	ignore(0, 2 * NS_PER_S, 1);
	ignore(0, 2 * NS_PER_S + MS, 2);
	past_settle(s.p, &s.w);
	assert_int_equal(ignore_at(0, 2 * NS_PER_S), 2);
}

static void what_a_frame_finds_is_there_before_anybody_asks(void **state)
{
	(void)state;
	ignore(0, 2 * NS_PER_S, 1);
	frame(2 * NS_PER_S + US);
	ignore(0, 2 * NS_PER_S + 2 * US, 2);
	past_settle(s.p, &s.w);
	assert_int_equal(ignore_at(0, 2 * NS_PER_S + US), 1);
	assert_int_equal(ignore_at(0, 2 * NS_PER_S + 2 * US), 2);
}

static void a_table_that_is_named_afresh_holds_until_it_is_whole(void **state)
{
	(void)state;
	const struct host *before = past_host(s.p, 0, UINT64_MAX);
	mark(&s, 0, 2 * NS_PER_S, TABLE_ADDRS, false);
	say(&s, 0, 2 * NS_PER_S, named(make_addr(2, VIP, 0)));
	frame(2 * NS_PER_S + US);
	past_settle(s.p, &s.w);
	assert_ptr_equal(past_host(s.p, 0, UINT64_MAX), before);
	mark(&s, 0, 3 * NS_PER_S, TABLE_ADDRS, true);
	past_settle(s.p, &s.w);
	assert_null(host_owner(past_host(s.p, 0, 2 * NS_PER_S - 1), VIP));
	assert_non_null(host_owner(past_host(s.p, 0, 2 * NS_PER_S), VIP));
}

static void facts_that_are_the_same_are_no_change(void **state)
{
	(void)state;
	for (uint64_t i = 2; i < 2 + 2 * PAST_HOSTS; i++) {
		ignore(0, i * NS_PER_S, 0);
		past_settle(s.p, &s.w);
	}
	assert_non_null(past_host(s.p, 0, NS_PER_S));
}

static void the_oldest_facts_give_way(void **state)
{
	(void)state;
	for (uint64_t i = 2; i < 2 + PAST_HOSTS; i++) {
		ignore(0, i * NS_PER_S, (int32_t)i);
		past_settle(s.p, &s.w);
	}
	assert_null(past_host(s.p, 0, 2 * NS_PER_S - 1));
	assert_int_equal(ignore_at(0, 2 * NS_PER_S), 2);
	assert_int_equal(ignore_at(0, UINT64_MAX), PAST_HOSTS + 1);
}

static void add_routes(uint32_t count, uint64_t at_ns)
{
	mark(&s, 0, at_ns, TABLE_ROUTES, false);
	for (uint32_t i = 0; i < count; i++)
		say(&s, 0, at_ns, named(make_route(2, ip4(20, i >> 16, i >> 8 & 255, i & 255), 1)));
	mark(&s, 0, at_ns, TABLE_ROUTES, true);
	past_settle(s.p, &s.w);
}

static void many_routes_are_not_looked_at_for_each_that_changes(void **state)
{
	(void)state;
	add_routes(50000, 2 * NS_PER_S);
	const struct host *before = past_host(s.p, 0, UINT64_MAX);
	for (uint64_t i = 0; i < 100; i++) {
		say(&s, 0, 2 * NS_PER_S + i * MS, make_route(2, ip4(30, 0, 0, i & 255), 1));
		frame(2 * NS_PER_S + i * MS + US);
	}
	past_settle(s.p, &s.w);
	assert_ptr_equal(past_host(s.p, 0, UINT64_MAX), before);
	frame(9 * NS_PER_S);
	assert_ptr_not_equal(past_host(s.p, 0, UINT64_MAX), before);
}

static void many_routes_are_shared_while_they_do_not_change(void **state)
{
	(void)state;
	add_routes(50000, 2 * NS_PER_S);
	const struct host *before = past_host(s.p, 0, UINT64_MAX);
	ignore(0, 2 * NS_PER_S + 20 * MS, 1);
	past_settle(s.p, &s.w);
	assert_int_equal(ignore_at(0, UINT64_MAX), 1);
	assert_ptr_equal(past_host(s.p, 0, UINT64_MAX)->fib, before->fib);
}

static void many_rows_leave_room_for_fewer_times(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		add_routes(100000 + (uint32_t)i, (i + 1) * 10 * NS_PER_S);
	assert_null(past_host(s.p, 0, 20 * NS_PER_S));
	assert_non_null(past_host(s.p, 0, 30 * NS_PER_S));
	assert_non_null(past_host(s.p, 0, 40 * NS_PER_S));
}

static void a_clock_that_was_set_back_stops_nothing(void **state)
{
	(void)state;
	ignore(0, 100 * NS_PER_S, 1);
	past_settle(s.p, &s.w);
	ignore(0, 50 * NS_PER_S, 2);
	frame(50 * NS_PER_S + US);
	past_settle(s.p, &s.w);
	assert_int_equal(ignore_at(0, UINT64_MAX), 2);
}

static void machines_have_facts_of_their_own(void **state)
{
	(void)state;
	ignore(2, 2 * NS_PER_S, 1);
	past_settle(s.p, &s.w);
	assert_null(past_host(s.p, 0, UINT64_MAX));
	assert_int_equal(ignore_at(1, UINT64_MAX), 0);
	assert_int_equal(ignore_at(2, UINT64_MAX), 1);
	assert_int_equal(ignore_at(3, UINT64_MAX), 0);
	assert_null(past_host(s.p, 4, UINT64_MAX));
	assert_null(past_host(s.p, UINT16_MAX, UINT64_MAX));
}

static void a_machine_that_is_named_again_has_no_past(void **state)
{
	(void)state;
	name_machine(&s, 2, 5 * NS_PER_S);
	past_settle(s.p, &s.w);
	assert_null(past_host(s.p, 2, 5 * NS_PER_S - 1));
	assert_non_null(past_host(s.p, 2, 5 * NS_PER_S));
	assert_non_null(past_host(s.p, 1, 5 * NS_PER_S - 1));
}

static void a_lab_that_is_gone_has_no_past(void **state)
{
	(void)state;
	lab_says(&s, 5 * NS_PER_S, LAB_GONE);
	past_settle(s.p, &s.w);
	for (uint16_t i = 0; i <= NODES_MAX; i++)
		assert_null(past_host(s.p, i, UINT64_MAX));
}

#define ALONE(test) cmocka_unit_test(test)
#define HOST(test) cmocka_unit_test_setup_teardown(test, host_begins, ends)
#define LAB(test) cmocka_unit_test_setup_teardown(test, lab_begins, ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(nothing_is_known_before_all_tables_are_named),
		HOST(the_facts_hold_from_the_beginning_of_the_dump),
		HOST(a_frame_is_judged_by_the_facts_of_its_moment),
		HOST(changes_apart_make_two_hosts_without_a_frame_between),
		HOST(changes_that_come_together_make_one),
		HOST(what_a_frame_finds_is_there_before_anybody_asks),
		HOST(a_table_that_is_named_afresh_holds_until_it_is_whole),
		HOST(facts_that_are_the_same_are_no_change),
		HOST(the_oldest_facts_give_way),
		HOST(many_routes_are_not_looked_at_for_each_that_changes),
		HOST(many_routes_are_shared_while_they_do_not_change),
		HOST(many_rows_leave_room_for_fewer_times),
		HOST(a_clock_that_was_set_back_stops_nothing),
		LAB(machines_have_facts_of_their_own),
		LAB(a_machine_that_is_named_again_has_no_past),
		LAB(a_lab_that_is_gone_has_no_past),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
