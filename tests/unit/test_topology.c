/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a topology that the helper could not build as it stands is refused, field by field. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "lab.h"

static struct topology *good(void)
{
	struct topology *t = malloc(sizeof *t);
	assert_non_null(t);
	lab_topology(t);
	t->timers = TIMERS_FAST;
	t->nodes[RS1 - 1].forwards = 1;
	t->routes[t->route_count++] =
		(struct topology_route) { .node = CLIENT, .gateway = ip4(192, 168, 2, 1) };
	t->routes[t->route_count++] = (struct topology_route) {
		.node = RS1, .iface = 4, .dst = ip4(10, 9, 0, 0), .dst_len = 24
	};
	t->sysctls[t->sysctl_count++] =
		(struct topology_sysctl) { .node = RS1, .conf = "all", .value = 1 };
	t->sysctls[t->sysctl_count++] =
		(struct topology_sysctl) { .node = RS1, .conf = "eth1", .value = 2 };
	return t;
}

/* Free the topology, and say whether it was refused. */
static int judged(struct topology *t)
{
	int result = topology_check(t);
	free(t);
	return result;
}

static void refused(size_t offset, const void *value, size_t size)
{
	struct topology *t = good();
	memcpy((char *)t + offset, value, size);
	int result = judged(t);
	if (result != -EBADMSG)
		print_error("%zu bytes at %zu\n", size, offset);
	assert_int_equal(result, -EBADMSG);
}

static void what_a_lesson_has_is_let_through(void **state)
{
	(void)state;
	assert_int_equal(judged(good()), 0);
}

/* ---- numbers ---- */

#define NUMBER(field, number)                                                                   \
	{                                                                                       \
		offsetof(struct topology, field), sizeof(((struct topology *)0)->field), number \
	}

static void every_number_out_of_range_is_refused(void **state)
{
	(void)state;
	static const struct {
		size_t offset, size;
		uint64_t value;
	} all[] = {
		NUMBER(node_count, 0),
		NUMBER(node_count, NODES_MAX + 1),
		NUMBER(node_count, UINT16_MAX),
		NUMBER(switch_count, SWITCHES_MAX + 1),
		NUMBER(switch_count, UINT16_MAX),
		NUMBER(iface_count, TOPOLOGY_IFACES_MAX + 1),
		NUMBER(iface_count, UINT16_MAX),
		NUMBER(addr_count, TOPOLOGY_ADDRS_MAX + 1),
		NUMBER(addr_count, UINT16_MAX),
		NUMBER(route_count, TOPOLOGY_ROUTES_MAX + 1),
		NUMBER(route_count, UINT16_MAX),
		NUMBER(sysctl_count, TOPOLOGY_SYSCTLS_MAX + 1),
		NUMBER(sysctl_count, UINT16_MAX),
		NUMBER(timers, TIMERS_KINDS),
		NUMBER(timers, UINT8_MAX),
		NUMBER(nodes[3].forwards, 2),
		NUMBER(ifaces[1].node, 0),
		NUMBER(ifaces[1].node, RS2 + 1),
		NUMBER(ifaces[1].node, UINT16_MAX),
		NUMBER(ifaces[1].switch_number, 0),
		NUMBER(ifaces[1].switch_number, LAB_SWITCHES + 1),
		NUMBER(ifaces[1].switch_number, UINT16_MAX),
		NUMBER(ifaces[1].mac[0], 1),
		NUMBER(ifaces[1].mac[0], 255),
		NUMBER(addrs[1].node, 0),
		NUMBER(addrs[1].node, RS2 + 1),
		NUMBER(addrs[1].node, UINT16_MAX),
		NUMBER(addrs[1].iface, 1), /* The client's. */
		NUMBER(addrs[1].iface, 6),
		NUMBER(addrs[1].iface, TOPOLOGY_IFACES_MAX + 1),
		NUMBER(addrs[1].iface, UINT16_MAX),
		NUMBER(addrs[1].prefix, 33),
		NUMBER(addrs[1].prefix, UINT8_MAX),
		NUMBER(routes[1].node, 0),
		NUMBER(routes[1].node, RS2 + 1),
		NUMBER(routes[1].node, UINT16_MAX),
		NUMBER(routes[1].iface, 0), /* Neither by an interface nor by a gateway. */
		NUMBER(routes[1].iface, 1),
		NUMBER(routes[1].iface, 6),
		NUMBER(routes[1].iface, UINT16_MAX),
		NUMBER(routes[1].dst_len, 33),
		NUMBER(routes[1].dst_len, UINT8_MAX),
		NUMBER(routes[0].gateway, 0),
		NUMBER(sysctls[0].node, 0),
		NUMBER(sysctls[0].node, RS2 + 1),
		NUMBER(sysctls[0].node, UINT16_MAX),
		NUMBER(sysctls[0].key, MODEL_SYSCTL_KEYS),
		NUMBER(sysctls[0].key, UINT16_MAX),
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		refused(all[i].offset, &all[i].value, all[i].size);
}

/* The most of everything: the last of each is looked at, too, and nothing behind it. */
static struct topology *full(void)
{
	struct topology *t = calloc(1, sizeof *t);
	assert_non_null(t);
	t->switch_count = SWITCHES_MAX;
	t->node_count = NODES_MAX;
	t->iface_count = TOPOLOGY_IFACES_MAX;
	t->addr_count = TOPOLOGY_ADDRS_MAX;
	t->route_count = TOPOLOGY_ROUTES_MAX;
	t->sysctl_count = TOPOLOGY_SYSCTLS_MAX;
	for (size_t i = 0; i < SWITCHES_MAX; i++)
		memcpy(t->switches[i], (char[]) { 's', (char)('a' + i), 0 }, 3);
	for (size_t i = 0; i < NODES_MAX; i++)
		memcpy(t->nodes[i].name, (char[]) { (char)('a' + i / 8), (char)('0' + i % 8), 0 },
			3);
	for (uint16_t i = 0; i < TOPOLOGY_IFACES_MAX; i++) {
		t->ifaces[i] = (struct topology_iface) { .node = (uint16_t)(1 + i / 2),
			.switch_number = (uint16_t)(1 + i % SWITCHES_MAX),
			.name = "eth0" };
		t->ifaces[i].name[3] = (char)('0' + i % 2);
		t->routes[i] =
			(struct topology_route) { .node = t->ifaces[i].node, .iface = i + 1 };
	}
	for (uint16_t i = 0; i < TOPOLOGY_ADDRS_MAX; i++) {
		uint16_t iface = i % TOPOLOGY_IFACES_MAX;
		uint16_t node = t->ifaces[iface].node;
		t->addrs[i] = (struct topology_addr) {
			.node = node, .iface = (uint16_t)(iface + 1), .prefix = 32
		};
		t->sysctls[i] = (struct topology_sysctl) { .node = node, .conf = "default" };
	}
	return t;
}

static void the_last_of_a_full_topology_is_looked_at(void **state)
{
	(void)state;
	struct topology *t = full();
	assert_int_equal(topology_check(t), 0);
	struct topology *u = malloc(sizeof *u);
	assert_non_null(u);
#define LAST(field, value)                                     \
	do {                                                   \
		memcpy(u, t, sizeof *u);                       \
		u->field = value;                              \
		assert_int_equal(topology_check(u), -EBADMSG); \
	} while (0)
	LAST(switch_count, SWITCHES_MAX + 1);
	LAST(addr_count, TOPOLOGY_ADDRS_MAX + 1);
	LAST(sysctl_count, TOPOLOGY_SYSCTLS_MAX + 1);
	LAST(switches[SWITCHES_MAX - 1][0], '\0');
	LAST(nodes[NODES_MAX - 1].name[0], '\0');
	LAST(ifaces[TOPOLOGY_IFACES_MAX - 1].node, NODES_MAX + 1);
	LAST(addrs[TOPOLOGY_ADDRS_MAX - 1].prefix, 33);
	LAST(routes[TOPOLOGY_ROUTES_MAX - 1].dst_len, 33);
	LAST(sysctls[TOPOLOGY_SYSCTLS_MAX - 1].node, NODES_MAX + 1);
#undef LAST
	free(u);
	free(t);
}

/* Where the next table begins there stands what would be a good row, but for its place. */
static void one_row_more_than_there_is_room_for_is_refused(void **state)
{
	(void)state;
	struct topology *t = full();
	char *bytes = (char *)t;
	t->sysctl_count = t->addr_count = t->route_count = 0;
	memcpy(bytes + offsetof(struct topology, sysctls), &t->routes[0], sizeof *t->routes);
	t->route_count = TOPOLOGY_ROUTES_MAX;
	assert_int_equal(topology_check(t), 0);
	t->route_count++;
	assert_int_equal(topology_check(t), -EBADMSG);
	t->route_count = 0;
	struct topology_iface iface = t->ifaces[0];
	iface.name[3] = '9';
	memcpy(bytes + offsetof(struct topology, addrs), &iface, sizeof iface);
	assert_int_equal(topology_check(t), 0);
	t->iface_count++;
	assert_int_equal(topology_check(t), -EBADMSG);
	t->iface_count = 0;
	const struct topology_node node = { .name = "one-more" };
	memcpy(bytes + offsetof(struct topology, ifaces), &node, sizeof node);
	assert_int_equal(topology_check(t), 0);
	t->node_count++;
	assert_int_equal(judged(t), -EBADMSG);
}

static void a_topology_without_machines_is_refused(void **state)
{
	(void)state;
	struct topology *t = calloc(1, sizeof *t);
	assert_non_null(t);
	assert_int_equal(judged(t), -EBADMSG);
}

static void an_interface_behind_the_last_is_nobodys(void **state)
{
	(void)state;
	struct topology *t = good();
	t->ifaces[t->iface_count] = t->ifaces[2];
	t->addrs[3].iface = t->iface_count + 1;
	assert_int_equal(t->addrs[3].node, t->ifaces[2].node);
	assert_int_equal(judged(t), -EBADMSG);
}

/* Rows behind the last are nobody's: they may hold anything. */
static void what_stands_behind_the_last_row_is_not_looked_at(void **state)
{
	(void)state;
	struct topology *t = good();
	memset(&t->switches[t->switch_count], 0xff, NODE_NAME_SIZE);
	memset(&t->nodes[t->node_count], 0xff, sizeof *t->nodes);
	memset(&t->ifaces[t->iface_count], 0xff, sizeof *t->ifaces);
	memset(&t->addrs[t->addr_count], 0xff, sizeof *t->addrs);
	memset(&t->routes[t->route_count], 0xff, sizeof *t->routes);
	memset(&t->sysctls[t->sysctl_count], 0xff, sizeof *t->sysctls);
	assert_int_equal(judged(t), 0);
}

/* ---- names ---- */

#define TEXT(field)                                                                     \
	{                                                                               \
		offsetof(struct topology, field), sizeof(((struct topology *)0)->field) \
	}

static const struct {
	size_t offset, size;
} names[] = { TEXT(switches[1]), TEXT(nodes[3].name), TEXT(ifaces[2].name), TEXT(ifaces[3].name),
	TEXT(sysctls[1].conf) };

static void every_name_without_an_end_is_refused(void **state)
{
	(void)state;
	char unending[64];
	memset(unending, 'x', sizeof unending);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		refused(names[i].offset, unending, names[i].size);
}

static void every_name_that_is_none_is_refused(void **state)
{
	(void)state;
	static const char bad[][NODE_NAME_SIZE] = { "", " ", ".", "..", "0", "1a", "-a", "_a",
		"a b", "a/b", "../a", "a.b", "a:b", "a\n", "a\x1b[m", "\xc3\xa4", "a\xff" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
			refused(names[i].offset, bad[k], sizeof bad[k]);
}

static void the_longest_names_are_let_through(void **state)
{
	(void)state;
	static const char longest[NODE_NAME_SIZE] = "Zabcdefghij-0-9";
	struct topology *t = good();
	memcpy(t->switches[1], longest, sizeof longest);
	memcpy(t->nodes[3].name, longest, sizeof longest);
	memcpy(t->ifaces[3].name, longest, sizeof longest);
	memcpy(t->sysctls[1].conf, longest, sizeof longest);
	t->ifaces[3].name[1] = t->sysctls[1].conf[1] = '_';
	assert_int_equal(judged(t), 0);
}

/* The kernel has no interfaces with these names (net/ipv4/devinet.c, sysctl_dev_name_is_allowed).
 */
static void no_interface_is_called_as_what_is_none(void **state)
{
	(void)state;
	static const char taken[][IFNAME_SIZE] = { "all", "default", "lo" };
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		refused(offsetof(struct topology, ifaces[0].name), taken[i], sizeof taken[i]);
}

static void every_name_given_twice_is_refused(void **state)
{
	(void)state;
	struct topology *t = good();
	memcpy(t->switches[1], t->switches[0], NODE_NAME_SIZE);
	assert_int_equal(judged(t), -EBADMSG);
	t = good();
	memcpy(t->nodes[3].name, t->nodes[0].name, NODE_NAME_SIZE);
	assert_int_equal(judged(t), -EBADMSG);
	t = good();
	memcpy(t->ifaces[3].name, t->ifaces[2].name, IFNAME_SIZE);
	memcpy(t->sysctls[1].conf, "lo", 3);
	assert_int_equal(judged(t), -EBADMSG);
}

static void a_sysctl_is_for_an_interface_of_its_own_machine(void **state)
{
	(void)state;
	static const char confs[][IFNAME_SIZE] = { "all", "default", "lo", "eth0", "eth1" };
	for (size_t i = 0; i < sizeof confs / sizeof *confs; i++) {
		struct topology *t = good();
		memcpy(t->sysctls[0].conf, confs[i], sizeof confs[i]);
		assert_int_equal(judged(t), 0);
	}
	const uint16_t other = RS2; /* It has no eth1. */
	refused(offsetof(struct topology, sysctls[1].node), &other, sizeof other);
}

/* ---- questions ---- */

static void machines_and_interfaces_are_found_by_name(void **state)
{
	(void)state;
	struct topology *t = good();
	assert_int_equal(topology_node(t, "client"), CLIENT);
	assert_int_equal(topology_node(t, "rs2"), RS2);
	assert_int_equal(topology_node(t, "rs"), 0);
	assert_int_equal(topology_node(t, ""), 0);
	assert_int_equal(topology_iface(t, RS1, "eth0"), 2);
	assert_int_equal(topology_iface(t, RS1, "eth1"), 3);
	assert_int_equal(topology_iface(t, RS2, "eth1"), -ENOENT);
	assert_int_equal(topology_iface(t, RS1, "lo"), -ENOENT);
	assert_int_equal(topology_iface(t, 0, "eth0"), -ENOENT);
	free(t);
}

static void every_interface_has_a_mac_of_its_own(void **state)
{
	(void)state;
	uint8_t mac[6];
	topology_mac(3, 1, mac);
	assert_memory_equal(mac, ((uint8_t[]) { 2, 0, 0, 0, 1, 3 }), 6);
	for (unsigned a = 0; a < NODES_MAX * TOPOLOGY_IFACES_MAX; a++) {
		topology_mac((uint16_t)(1 + a % NODES_MAX), a / NODES_MAX, mac);
		assert_int_equal(mac[0] & 3, 2); /* Locally administered, of one station. */
		assert_int_equal(mac[4] * NODES_MAX + mac[5] - 1, a);
	}
}

static void timers_are_those_that_the_kernel_knows(void **state)
{
	(void)state;
	size_t count, fast_count;
	const struct timer_value *slow = topology_timers(TIMERS_TRUE, &count);
	const struct timer_value *fast = topology_timers(TIMERS_FAST, &fast_count);
	assert_int_equal(count, fast_count);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		const struct sysctl_key *key = sysctl_key((size_t)sysctl_find(slow[i].key));
		assert_non_null(key);
		assert_int_equal(key->family, SYSCTL_NEIGH);
		assert_string_equal(fast[i].key, slow[i].key);
		assert_in_range(fast[i].value, 1, slow[i].value);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(slow[k].key, slow[i].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_lesson_has_is_let_through),
		cmocka_unit_test(every_number_out_of_range_is_refused),
		cmocka_unit_test(the_last_of_a_full_topology_is_looked_at),
		cmocka_unit_test(one_row_more_than_there_is_room_for_is_refused),
		cmocka_unit_test(a_topology_without_machines_is_refused),
		cmocka_unit_test(an_interface_behind_the_last_is_nobodys),
		cmocka_unit_test(what_stands_behind_the_last_row_is_not_looked_at),
		cmocka_unit_test(every_name_without_an_end_is_refused),
		cmocka_unit_test(every_name_that_is_none_is_refused),
		cmocka_unit_test(the_longest_names_are_let_through),
		cmocka_unit_test(no_interface_is_called_as_what_is_none),
		cmocka_unit_test(every_name_given_twice_is_refused),
		cmocka_unit_test(a_sysctl_is_for_an_interface_of_its_own_machine),
		cmocka_unit_test(machines_and_interfaces_are_found_by_name),
		cmocka_unit_test(every_interface_has_a_mac_of_its_own),
		cmocka_unit_test(timers_are_those_that_the_kernel_knows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
