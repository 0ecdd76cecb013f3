/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a host holds what was put in, and says of a sysctl what counts only when it is sure. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <arplab/host.h>
#include <arplab/sysctl.h>

#include "streams.h"

static struct host *pair(uint32_t kernel)
{
	struct host *h = host_new();
	h->kernel = kernel;
	host_add_link(h, 1, "lo")->loopback = true;
	host_add_link(h, 2, "eth0");
	host_settle(h);
	return h;
}

enum { UNSET = -7, UNKNOWN = -9 };

/* The effective value on eth0, or UNKNOWN. */
static int32_t effective(uint32_t kernel, enum host_key key, int32_t all, int32_t own)
{
	struct host *h = pair(kernel);
	int32_t value = UNKNOWN;
	if (all != UNSET)
		assert_int_equal(host_set(h, CONF_ALL, key, all), 0);
	if (own != UNSET)
		assert_int_equal(host_set(h, 2, key, own), 0);
	bool known = host_value(host_link(h, 2), key, &value);
	assert_int_equal(known, value != UNKNOWN);
	host_settle(h);
	int32_t again = UNKNOWN;
	host_value(host_link(h, 2), key, &again);
	assert_int_equal(again, value);
	host_free(h);
	return value;
}

static void all_and_interface_join_as_the_kernel_joins_them(void **state)
{
	(void)state;
	assert_int_equal(effective(0, HOST_ARP_IGNORE, 1, 4), 4);
	assert_int_equal(effective(0, HOST_ARP_IGNORE, 2, 1), 2);
	assert_int_equal(effective(0, HOST_ARP_FILTER, 0, 5), 1);
	assert_int_equal(effective(0, HOST_ARP_FILTER, 0, 0), 0);
	assert_int_equal(effective(0, HOST_FORWARDING, 1, 0), 0);
	assert_int_equal(effective(0, HOST_MEDIUM_ID, 7, -1), -1);
	assert_int_equal(effective(0, HOST_LOCKTIME, UNSET, 1000), 1000);
	assert_int_equal(effective(0, HOST_BC_FORWARDING, 1, 1), 1);
	assert_int_equal(effective(0, HOST_BC_FORWARDING, 1, 0), 0);
}

static void a_value_is_known_when_nothing_could_change_it(void **state)
{
	(void)state;
	assert_int_equal(effective(0, HOST_ARP_IGNORE, UNSET, 1), UNKNOWN);
	assert_int_equal(effective(0, HOST_ARP_IGNORE, 1, UNSET), UNKNOWN);
	assert_int_equal(effective(0, HOST_PROXY_ARP, UNSET, 1), 1);
	assert_int_equal(effective(0, HOST_PROXY_ARP, 1, UNSET), 1);
	assert_int_equal(effective(0, HOST_PROXY_ARP, UNSET, 0), UNKNOWN);
	assert_int_equal(effective(0, HOST_PROXY_ARP, 0, UNSET), UNKNOWN);
	assert_int_equal(effective(0, HOST_FORWARDING, UNSET, 0), 0);
	assert_int_equal(effective(0, HOST_FORWARDING, 1, UNSET), UNKNOWN);
	assert_int_equal(effective(0, HOST_LOCKTIME, UNSET, UNSET), UNKNOWN);
	assert_int_equal(effective(0, HOST_BC_FORWARDING, UNSET, 0), 0);
	assert_int_equal(effective(0, HOST_BC_FORWARDING, 0, UNSET), 0);
	assert_int_equal(effective(0, HOST_BC_FORWARDING, UNSET, 1), UNKNOWN);
}

static void joins_follow_the_kernels_version(void **state)
{
	(void)state;
	assert_int_equal(effective(KERNEL(5, 19, 0), HOST_ARP_ACCEPT, 2, 0), 1);
	assert_int_equal(effective(KERNEL(5, 19, 0), HOST_ARP_ACCEPT, UNSET, 2), 1);
	assert_int_equal(effective(KERNEL(6, 0, 0), HOST_ARP_ACCEPT, 2, 0), 2);
	assert_int_equal(effective(KERNEL(5, 11, 0), HOST_PROXY_PVLAN, 1, 0), 1);
	assert_int_equal(effective(KERNEL(5, 10, 223), HOST_PROXY_PVLAN, 1, 0), 0);
	assert_int_equal(effective(KERNEL(5, 10, 223), HOST_PROXY_PVLAN, UNSET, 1), 1);
	assert_int_equal(effective(KERNEL(5, 10, 223), HOST_PROXY_PVLAN, 1, UNSET), UNKNOWN);
	struct host *h = pair(KERNEL(3, 16, 0));
	assert_int_equal(host_join(h, HOST_PROXY_PVLAN), JOIN_OWN);
	assert_int_equal(host_join(h, HOST_ARP_ACCEPT), JOIN_OR);
	assert_int_equal(host_join(h, HOST_RP_FILTER), JOIN_MAX);
	host_free(h);
}

static void joins_are_those_of_the_table_of_sysctls(void **state)
{
	(void)state;
	struct host *h = pair(0);
	for (int key = 0; key < HOST_KEYS; key++) {
		const char *name = host_key_name((enum host_key)key);
		int row = sysctl_find(name);
		assert_true(row >= 0);
		assert_int_equal(host_key_find(name), key);
		assert_int_equal(host_join(h, (enum host_key)key), sysctl_key((size_t)row)->join);
	}
	assert_int_equal(host_key_find("arp_ignored"), -ENOENT);
	assert_int_equal(host_set(h, 9, HOST_ARP_IGNORE, 1), -ENOENT);
	host_free(h);
}

static struct host_addr addr(uint32_t local, uint8_t prefix)
{
	return (struct host_addr) { .local = local, .prefix = prefix };
}

static void the_first_owner_of_an_address_is_found(void **state)
{
	(void)state;
	struct host *h = pair(0);
	host_add_link(h, 5, "none");
	host_add_link(h, 4, "eth1");
	struct host_addr vip = addr(ip4(192, 168, 2, 200), 32), rip = addr(ip4(10, 0, 0, 1), 24);
	host_add_addr(h, 3, &vip);
	host_add_addr(h, 1, &rip);
	host_add_addr(h, 1, &vip);
	struct host_addr lo = addr(ip4(127, 0, 0, 1), 8);
	assert_int_equal(host_add_addr(h, 0, &lo)->mask, ip4(255, 0, 0, 0));
	host_settle(h);
	assert_string_equal(host_owner(h, vip.local)->name, "eth0");
	assert_string_equal(host_owner(h, rip.local)->name, "eth0");
	assert_string_equal(host_owner(h, lo.local)->name, "lo");
	assert_null(host_owner(h, ip4(10, 0, 0, 2)));
	assert_int_equal(h->addrs[h->links[1].first].local, rip.local);
	assert_int_equal(h->addrs[h->links[1].first + 1].local, vip.local);
	assert_int_equal(h->addrs[h->links[3].first].address, vip.local);
	assert_string_equal(host_link(h, 4)->name, "eth1");
	assert_string_equal(host_link(h, 5)->name, "none");
	assert_int_equal(host_link_named(h, "eth1")->ifindex, 4);
	assert_null(host_link(h, 3));
	assert_null(host_link_named(h, "eth2"));
	host_free(h);
}

static void every_own_address_is_found_among_many(void **state)
{
	(void)state;
	struct host *h = pair(0);
	for (unsigned i = 0; i < 1000; i++) {
		struct host_addr a = addr(ip4(10, 9, i >> 8, i & 255), 32);
		host_add_addr(h, i % 2, &a);
	}
	host_settle(h);
	for (unsigned i = 0; i < 1000; i++) {
		const struct host_link *l = host_owner(h, ip4(10, 9, i >> 8, i & 255));
		assert_ptr_equal(l, &h->links[i % 2]);
	}
	assert_null(host_owner(h, ip4(10, 9, 3, 232)));
	host_free(h);
}

static void a_proxy_entry_counts_on_its_interface_or_on_any(void **state)
{
	(void)state;
	struct host *h = pair(0);
	host_add_proxy(h, ip4(10, 0, 0, 1), 2);
	host_add_proxy(h, ip4(10, 0, 0, 2), 0);
	assert_true(host_has_proxy(h, ip4(10, 0, 0, 1), 2));
	assert_false(host_has_proxy(h, ip4(10, 0, 0, 1), 1));
	assert_true(host_has_proxy(h, ip4(10, 0, 0, 2), 1));
	assert_false(host_has_proxy(h, ip4(10, 0, 0, 3), 2));
	host_free(h);
}

static void a_copy_changes_and_the_original_stays(void **state)
{
	(void)state;
	struct host *h = pair(0);
	host_set(h, CONF_ALL, HOST_ARP_IGNORE, 0);
	host_set(h, 2, HOST_ARP_IGNORE, 0);
	struct host *copy = host_copy(h);
	assert_ptr_equal(copy->fib, h->fib);
	host_set(copy, CONF_ALL, HOST_ARP_IGNORE, 2);
	struct host_addr a = addr(ip4(10, 0, 0, 1), 24);
	host_add_addr(copy, 1, &a);
	host_add_route(copy,
		&(struct host_route) {
			.table = 255, .dst = a.local, .prefix = 32, .type = 2, .ifindex = 2 });
	host_settle(copy);
	int32_t before = UNKNOWN, after = UNKNOWN;
	host_value(host_link(h, 2), HOST_ARP_IGNORE, &before);
	host_value(host_link(copy, 2), HOST_ARP_IGNORE, &after);
	assert_int_equal(before, 0);
	assert_int_equal(after, 2);
	assert_null(host_owner(h, a.local));
	assert_non_null(host_owner(copy, a.local));
	assert_int_equal(host_addr_type(h, a.local), 1);
	assert_int_equal(host_addr_type(copy, a.local), 2);
	host_free(h);
	assert_int_equal(host_addr_type(copy, a.local), 2);
	host_free(copy);
	host_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_and_interface_join_as_the_kernel_joins_them),
		cmocka_unit_test(a_value_is_known_when_nothing_could_change_it),
		cmocka_unit_test(joins_follow_the_kernels_version),
		cmocka_unit_test(joins_are_those_of_the_table_of_sysctls),
		cmocka_unit_test(the_first_owner_of_an_address_is_found),
		cmocka_unit_test(every_own_address_is_found_among_many),
		cmocka_unit_test(a_proxy_entry_counts_on_its_interface_or_on_any),
		cmocka_unit_test(a_copy_changes_and_the_original_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
