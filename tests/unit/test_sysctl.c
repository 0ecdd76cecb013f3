/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the table of sysctls joins `all` and an interface as the kernel does. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <arplab/model.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

static const struct sysctl_key *key_named(const char *name)
{
	int index = sysctl_find(name);
	assert_true(index >= 0);
	return sysctl_key((size_t)index);
}

/* What the kernel joins how: include/linux/inetdevice.h, and measured on Linux 6.18. */
static const struct {
	enum sysctl_join join;
	const char *keys[16];
} joins[] = {
	{ JOIN_MAX, { "arp_ignore", "arp_announce", "arp_accept", "arp_notify", "rp_filter" } },
	{ JOIN_OR, { "arp_filter", "accept_local", "route_localnet", "drop_gratuitous_arp",
			   "proxy_arp", "send_redirects", "shared_media", "src_valid_mark",
			   "proxy_arp_pvlan" } },
	{ JOIN_AND, { "arp_evict_nocarrier", "bc_forwarding", "mc_forwarding" } },
	{ JOIN_OWN,
		{ "forwarding", "medium_id", "locktime", "proxy_delay", "base_reachable_time_ms",
			"retrans_time_ms", "delay_first_probe_time", "gc_stale_time",
			"mcast_solicit", "ucast_solicit", "mcast_resolicit", "app_solicit" } },
};

static void every_key_joins_as_the_kernel_joins_it(void **state)
{
	(void)state;
	size_t count, named = 0;
	sysctl_keys(&count);
	for (size_t i = 0; i < sizeof joins / sizeof *joins; i++)
		for (const char *const *k = joins[i].keys; *k; k++, named++)
			assert_int_equal(key_named(*k)->join, joins[i].join);
	assert_int_equal(named, count); /* No key is left out of the list above. */
}

static void the_timers_and_only_they_are_neighbour_sysctls(void **state)
{
	(void)state;
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		bool timer = keys[i].family == SYSCTL_NEIGH;
		bool expected = keys[i].join == JOIN_OWN &&
				strcmp(keys[i].name, "forwarding") != 0 &&
				strcmp(keys[i].name, "medium_id") != 0;
		assert_int_equal(timer, expected);
	}
}

static void the_effective_value_is_max_or_and_own(void **state)
{
	(void)state;
	static const int32_t values[] = { 0, 1, 2, 3, 8, 255 };
	size_t n = sizeof values / sizeof *values;
	const struct sysctl_key *max = key_named("arp_ignore"), *either = key_named("arp_filter");
	const struct sysctl_key *both = key_named("arp_evict_nocarrier");
	const struct sysctl_key *own = key_named("forwarding");
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int32_t a = values[i], b = values[k];
			assert_int_equal(sysctl_effective(max, a, b), a > b ? a : b);
			assert_int_equal(sysctl_effective(either, a, b), a != 0 || b != 0);
			assert_int_equal(sysctl_effective(both, a, b), a != 0 && b != 0);
			assert_int_equal(sysctl_effective(own, a, b), b);
		}
	/* all=1 with eth0=4 "answers everything": the larger number is not the stricter one. */
	assert_int_equal(sysctl_effective(max, 1, 4), 4);
	assert_string_equal(sysctl_meaning(max, 4), "no such level: the kernel treats it like 0");
	assert_int_equal(sysctl_effective(key_named("medium_id"), 5, -1), -1);
}

static void keys_are_found_by_their_names(void **state)
{
	(void)state;
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	assert_true(count <= MODEL_SYSCTL_KEYS && count <= 64);
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(sysctl_key(i), &keys[i]);
		assert_int_equal(sysctl_find(keys[i].name), i);
		assert_true(keys[i].help[0] && keys[i].help[strlen(keys[i].help) - 1] == '.');
		assert_true(keys[i].min <= keys[i].max && keys[i].source > 0);
	}
	assert_null(sysctl_key(count));
	assert_null(sysctl_key(SIZE_MAX));
	assert_int_equal(sysctl_find(""), -ENOENT);
	assert_int_equal(sysctl_find("arp_ignor"), -ENOENT);
	assert_int_equal(sysctl_find("arp_ignore "), -ENOENT);
	assert_int_equal(sysctl_find("ARP_IGNORE"), -ENOENT);
}

/* From every value, also one that no level has, choosing on visits every level and comes round. */
static void choosing_on_visits_every_level_and_comes_round(void **state)
{
	(void)state;
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		const struct sysctl_key *k = &keys[i];
		size_t levels = 0;
		while (k->levels && !k->read_only && k->levels[levels].means)
			levels++;
		if (!levels) {
			assert_int_equal(sysctl_next(k, 17), 17);
			continue;
		}
		int32_t value = k->levels[levels - 1].value;
		for (size_t step = 0; step < levels; step++) {
			value = sysctl_next(k, value);
			assert_int_equal(value, k->levels[step].value);
			assert_true(value >= k->min && value <= k->max);
			assert_string_equal(sysctl_meaning(k, value), k->levels[step].means);
		}
		assert_int_equal(sysctl_next(k, value), k->levels[0].value);
		assert_int_equal(sysctl_next(k, 1000), k->levels[0].value);
	}
	const struct sysctl_key *ignore = key_named("arp_ignore");
	assert_int_equal(sysctl_next(ignore, 3), 8);
	assert_int_equal(sysctl_next(ignore, 5), 8);
	assert_int_equal(sysctl_next(key_named("mc_forwarding"), 0), 0);
}

static void every_level_of_the_kernel_has_a_meaning(void **state)
{
	(void)state;
	for (int32_t v = 0; v <= 255; v++) {
		bool ignore = v <= 3 || v == 8, announce = v <= 2;
		const char *none = "no such level: the kernel treats it like 0";
		const char *says = sysctl_meaning(key_named("arp_ignore"), v);
		assert_int_equal(strcmp(says, none) != 0, ignore);
		says = sysctl_meaning(key_named("arp_announce"), v);
		assert_int_equal(strcmp(says, none) != 0, announce);
	}
	assert_string_equal(sysctl_meaning(key_named("proxy_arp"), 1), "on");
	assert_null(sysctl_meaning(key_named("locktime"), 100));
	assert_null(sysctl_meaning(key_named("rp_filter"), 3));
}

static const char *path(const char *key, const char *name)
{
	static char bytes[200];
	struct text t = text_in(bytes, sizeof bytes);
	sysctl_path(&t, key_named(key), name);
	return text_end(&t);
}

static void a_path_is_what_sysctl_takes(void **state)
{
	(void)state;
	assert_string_equal(path("arp_ignore", "eth0"), "net.ipv4.conf.eth0.arp_ignore");
	assert_string_equal(path("arp_ignore", "all"), "net.ipv4.conf.all.arp_ignore");
	assert_string_equal(path("locktime", "default"), "net.ipv4.neigh.default.locktime");
	assert_string_equal(path("arp_ignore", "eth0.5"), "net/ipv4/conf/eth0.5/arp_ignore");
	assert_string_equal(path("locktime", "a.b.c"), "net/ipv4/neigh/a.b.c/locktime");
	assert_null(strchr(path("arp_ignore", "e\033[2Jx"), '\033'));
}

static void a_misspelt_name_is_met_with_the_nearest(void **state)
{
	(void)state;
	assert_string_equal(sysctl_suggest("arp_ignroe"), "arp_ignore");
	assert_string_equal(sysctl_suggest("arp-anounce"), "arp_announce");
	assert_string_equal(sysctl_suggest("rpfilter"), "rp_filter");
	assert_string_equal(sysctl_suggest("proxyarp"), "proxy_arp");
	assert_string_equal(sysctl_suggest("arp_filter"), "arp_filter");
	assert_null(sysctl_suggest("something_else"));
	assert_null(sysctl_suggest(""));
}

static void joins_have_names(void **state)
{
	(void)state;
	assert_string_equal(sysctl_join_name(JOIN_MAX), "max");
	assert_string_equal(sysctl_join_name(JOIN_OR), "or");
	assert_string_equal(sysctl_join_name(JOIN_AND), "and");
	assert_string_equal(sysctl_join_name(JOIN_OWN), "own");
}

/* Writing them changes other sysctls or is not the person's to do. */
static void what_arplab_must_not_write_is_marked(void **state)
{
	(void)state;
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(keys[i].read_only, strcmp(keys[i].name, "mc_forwarding") == 0);
		assert_int_equal(keys[i].all_refused, strcmp(keys[i].name, "forwarding") == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_joins_as_the_kernel_joins_it),
		cmocka_unit_test(the_timers_and_only_they_are_neighbour_sysctls),
		cmocka_unit_test(the_effective_value_is_max_or_and_own),
		cmocka_unit_test(keys_are_found_by_their_names),
		cmocka_unit_test(choosing_on_visits_every_level_and_comes_round),
		cmocka_unit_test(every_level_of_the_kernel_has_a_meaning),
		cmocka_unit_test(a_path_is_what_sysctl_takes),
		cmocka_unit_test(a_misspelt_name_is_met_with_the_nearest),
		cmocka_unit_test(joins_have_names),
		cmocka_unit_test(what_arplab_must_not_write_is_marked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
