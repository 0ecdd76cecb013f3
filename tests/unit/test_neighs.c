/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the neighbour table agrees with a naive one, whatever is put, removed and dumped. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arplab/neighs.h>

#include "streams.h"

#define LINKS 3
#define ADDRESSES 8192

/* Every key there can be, found by counting. */
struct naive {
	struct naive_entry {
		bool there, named;
		uint16_t state;
		uint64_t at_ns;
	} entries[LINKS + 1][ADDRESSES];
	uint32_t count;
};

static uint32_t address(uint32_t i)
{
	return ip4(10, 1, i >> 8, i & 255);
}

static void put(struct neighs *n, struct naive *r, uint64_t *seed, uint64_t at_ns)
{
	int32_t link = 1 + (int32_t)rng_below(seed, LINKS);
	uint32_t i = rng_below(seed, ADDRESSES);
	uint16_t state = (uint16_t)(1u << rng_below(seed, 8));
	struct event e = make_neigh(at_ns, link, address(i), state, at_ns);
	struct naive_entry *entry = &r->entries[link][i];
	neighs_put(n, &e.neigh, at_ns);
	r->count += !entry->there;
	*entry = (struct naive_entry) { true, true, state, at_ns };
}

static void drop(struct neighs *n, struct naive *r, uint64_t *seed)
{
	int32_t link = 1 + (int32_t)rng_below(seed, LINKS);
	uint32_t i = rng_below(seed, ADDRESSES);
	neighs_remove(n, link, address(i));
	r->count -= r->entries[link][i].there;
	r->entries[link][i].there = false;
}

static void drop_link(struct neighs *n, struct naive *r, int32_t link)
{
	neighs_remove_link(n, link);
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		r->count -= r->entries[link][i].there;
		r->entries[link][i].there = false;
	}
}

/* named: keep only what was named since the dump began. */
static void naive_dump(struct naive *r, bool end)
{
	for (int link = 1; link <= LINKS; link++)
		for (uint32_t i = 0; i < ADDRESSES; i++) {
			struct naive_entry *e = &r->entries[link][i];
			if (!end)
				e->named = false;
			if (end && e->there && !e->named) {
				e->there = false;
				r->count--;
			}
		}
}

/* Both hold the same, and the index leads to every entry. */
static void assert_same(const struct neighs *n, const struct naive *r)
{
	assert_int_equal(n->count, r->count);
	for (int32_t link = 1; link <= LINKS; link++)
		for (uint32_t i = 0; i < ADDRESSES; i++) {
			const struct naive_entry *want = &r->entries[link][i];
			const struct neigh_entry *have = neighs_find(n, link, address(i));
			assert_int_equal(have != NULL, want->there);
			if (!have)
				continue;
			assert_int_equal(have->ifindex, link);
			assert_int_equal(have->ip, address(i));
			assert_int_equal(have->state, want->state);
			assert_true(have->at_ns == want->at_ns);
		}
}

static void a_random_history_gives_the_table_of_a_naive_one(void **state)
{
	(void)state;
	static struct naive naive;
	struct neighs n;
	uint64_t seed = 1;
	bool dumping = false;

	neighs_init(&n);
	for (uint32_t step = 1; step <= 600000; step++) {
		/* It grows to half of all keys, shrinks to few, and grows again. */
		bool growing = step / 60000 % 2 == 0;
		if (rng_below(&seed, 4) < (growing ? 3u : 1u))
			put(&n, &naive, &seed, step);
		else
			drop(&n, &naive, &seed);
		if (rng_below(&seed, 20000) == 0) {
			if (dumping)
				neighs_dump_end(&n);
			else
				neighs_dump_begin(&n);
			naive_dump(&naive, dumping);
			dumping = !dumping;
		}
		if (rng_below(&seed, 50000) == 0)
			drop_link(&n, &naive, 1 + (int32_t)rng_below(&seed, LINKS));
		if (step % 30000 == 0)
			assert_same(&n, &naive);
	}
	neighs_done(&n);
	assert_null(n.entries);
}

static void a_dump_keeps_what_it_names_and_what_came_meanwhile(void **state)
{
	(void)state;
	struct neighs n;
	struct event named = make_neigh(1, 2, ip4(10, 0, 0, 1), NUD_STALE, 1);
	struct event forgotten = make_neigh(1, 2, ip4(10, 0, 0, 2), NUD_STALE, 2);
	struct event news = make_neigh(2, 2, ip4(10, 0, 0, 3), NUD_STALE, 3);

	neighs_init(&n);
	neighs_put(&n, &named.neigh, 1);
	neighs_put(&n, &forgotten.neigh, 1);
	neighs_dump_begin(&n);
	neighs_put(&n, &named.neigh, 2);
	neighs_put(&n, &news.neigh, 2);
	neighs_dump_end(&n);
	assert_int_equal(n.count, 2);
	assert_non_null(neighs_find(&n, 2, named.neigh.ip));
	assert_non_null(neighs_find(&n, 2, news.neigh.ip));
	assert_null(neighs_find(&n, 2, forgotten.neigh.ip));
	neighs_done(&n);
}

/* A dump that is begun anew while it runs counts from its second beginning. */
static void a_dump_begun_twice_keeps_what_the_second_names(void **state)
{
	(void)state;
	struct neighs n;
	struct event first = make_neigh(1, 2, ip4(10, 0, 0, 1), NUD_STALE, 1);
	struct event second = make_neigh(1, 2, ip4(10, 0, 0, 2), NUD_STALE, 2);

	neighs_init(&n);
	neighs_dump_begin(&n);
	neighs_put(&n, &first.neigh, 1);
	neighs_dump_begin(&n);
	neighs_put(&n, &second.neigh, 2);
	neighs_dump_end(&n);
	assert_int_equal(n.count, 1);
	assert_non_null(neighs_find(&n, 2, second.neigh.ip));
	neighs_done(&n);
}

static void the_same_address_on_two_interfaces_is_two_entries(void **state)
{
	(void)state;
	struct neighs n;
	struct event a = make_neigh(1, 2, ip4(10, 0, 0, 1), NUD_STALE, 1);
	struct event b = make_neigh(1, 3, ip4(10, 0, 0, 1), NUD_REACHABLE, 2);

	neighs_init(&n);
	neighs_put(&n, &a.neigh, 1);
	neighs_put(&n, &b.neigh, 1);
	assert_int_equal(n.count, 2);
	neighs_remove(&n, 2, a.neigh.ip);
	assert_null(neighs_find(&n, 2, a.neigh.ip));
	assert_int_equal(neighs_find(&n, 3, b.neigh.ip)->state, NUD_REACHABLE);
	neighs_done(&n);
}

/* Interfaces whose entries all want the same place in the index: only the whole key parts them. */
static void entries_that_collide_are_told_apart(void **state)
{
	(void)state;
	struct neighs n;
	const int32_t apart = 65536;

	neighs_init(&n);
	for (int32_t i = 1; i <= 500; i++) {
		struct event e = make_neigh(1, i * apart, ip4(10, 0, 0, 1), NUD_STALE, 1);
		neighs_put(&n, &e.neigh, (uint64_t)i);
	}
	assert_int_equal(n.count, 500);
	for (int32_t i = 1; i <= 500; i += 2)
		neighs_remove(&n, i * apart, ip4(10, 0, 0, 1));
	for (int32_t i = 1; i <= 500; i++) {
		const struct neigh_entry *e = neighs_find(&n, i * apart, ip4(10, 0, 0, 1));
		assert_int_equal(e != NULL, i % 2 == 0);
		assert_true(!e || e->at_ns == (uint64_t)i);
	}
	neighs_done(&n);
}

static void an_empty_table_finds_and_removes_nothing(void **state)
{
	(void)state;
	struct neighs n;

	neighs_init(&n);
	assert_null(neighs_find(&n, 1, ip4(10, 0, 0, 1)));
	neighs_remove(&n, 1, ip4(10, 0, 0, 1));
	neighs_remove_link(&n, 1);
	neighs_dump_begin(&n);
	neighs_dump_end(&n);
	assert_int_equal(n.count, 0);
	neighs_done(&n);
}

static void what_the_kernel_told_is_kept(void **state)
{
	(void)state;
	struct neighs n;
	struct event e = make_neigh(7, 2, ip4(10, 0, 0, 1), NUD_PROBE, UINT64_C(0x0250569abcde));
	e.neigh.flags = NTF_ROUTER;
	e.neigh.has_ages = 1;
	e.neigh.confirmed_ms = 1000;
	e.neigh.used_ms = 2000;
	e.neigh.updated_ms = 3000;
	e.neigh.probes = 300;

	neighs_init(&n);
	neighs_put(&n, &e.neigh, 7);
	const struct neigh_entry *have = neighs_find(&n, 2, e.neigh.ip);
	assert_memory_equal(have->mac, e.neigh.mac, 6);
	assert_true(have->has_mac && have->has_ages);
	assert_int_equal(have->flags, NTF_ROUTER);
	assert_int_equal(have->confirmed_ms, 1000);
	assert_int_equal(have->used_ms, 2000);
	assert_int_equal(have->updated_ms, 3000);
	assert_int_equal(have->probes, 255); /* "255 stands for more" */
	e.neigh.mac_len = 0;
	e.neigh.has_ages = 0;
	neighs_put(&n, &e.neigh, 8);
	assert_int_equal(n.count, 1);
	assert_false(neighs_find(&n, 2, e.neigh.ip)->has_mac);
	assert_false(neighs_find(&n, 2, e.neigh.ip)->has_ages);
	neighs_done(&n);
}

static void only_coming_and_going_changes_the_membership(void **state)
{
	(void)state;
	struct neighs n;
	struct event e = make_neigh(1, 2, ip4(10, 0, 0, 1), NUD_STALE, 1);

	neighs_init(&n);
	neighs_put(&n, &e.neigh, 1);
	uint64_t before = n.membership;
	e.neigh.state = NUD_REACHABLE;
	neighs_put(&n, &e.neigh, 2);
	neighs_remove(&n, 2, ip4(10, 0, 0, 9));
	assert_true(n.membership == before);
	neighs_remove(&n, 2, e.neigh.ip);
	assert_true(n.membership != before);
	neighs_done(&n);
}

/* Room that no entry has reached yet is not touched, so it takes no memory. */
static void an_entry_takes_at_most_64_bytes(void **state)
{
	(void)state;
	struct neighs n;
	struct event e = make_neigh(1, 2, 0, NUD_STALE, 1);

	neighs_init(&n);
	for (uint32_t i = 1; i <= 1100000; i++) {
		e.neigh.ip = i;
		neighs_put(&n, &e.neigh, 1);
		size_t bytes = n.count * sizeof *n.entries + n.slot_count * sizeof *n.slots;
		assert_true(i < 64 || bytes <= i * UINT64_C(64));
		assert_true(n.count <= n.room && n.count < n.slot_count);
	}
	for (uint32_t i = 1; i <= 1100000; i += 997)
		assert_non_null(neighs_find(&n, 2, i));
	neighs_done(&n);
}

static void states_have_the_kernels_names_and_letters_of_their_own(void **state)
{
	(void)state;
	static const struct {
		uint16_t state;
		char letter;
		const char *name;
	} all[] = {
		{ NUD_INCOMPLETE, 'I', "INCOMPLETE" },
		{ NUD_REACHABLE, 'R', "REACHABLE" },
		{ NUD_STALE, 'S', "STALE" },
		{ NUD_DELAY, 'D', "DELAY" },
		{ NUD_PROBE, 'P', "PROBE" },
		{ NUD_FAILED, 'F', "FAILED" },
		{ NUD_NOARP, 'N', "NOARP" },
		{ NUD_PERMANENT, 'M', "PERMANENT" },
		{ NUD_NONE, '-', "NONE" },
		{ 0x8000, '-', "NONE" },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		assert_string_equal(neigh_state_name(all[i].state), all[i].name);
		assert_int_equal(neigh_state_letter(all[i].state), all[i].letter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_random_history_gives_the_table_of_a_naive_one),
		cmocka_unit_test(a_dump_keeps_what_it_names_and_what_came_meanwhile),
		cmocka_unit_test(a_dump_begun_twice_keeps_what_the_second_names),
		cmocka_unit_test(the_same_address_on_two_interfaces_is_two_entries),
		cmocka_unit_test(entries_that_collide_are_told_apart),
		cmocka_unit_test(an_empty_table_finds_and_removes_nothing),
		cmocka_unit_test(what_the_kernel_told_is_kept),
		cmocka_unit_test(only_coming_and_going_changes_the_membership),
		cmocka_unit_test(an_entry_takes_at_most_64_bytes),
		cmocka_unit_test(states_have_the_kernels_names_and_letters_of_their_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
