/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the screen keeps its place while the model moves, and shows nothing that is not so. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <arplab/screen.h>
#include <arplab/utf8.h>

#include "seen.h"
#include "streams.h"

#define TEXT_SIZE (400 * 120 * 4)

/* A screen before a model, as a person sits before a machine. */
struct seat {
	struct model m;
	struct screen s;
	struct canvas c;
	char text[TEXT_SIZE];
};

static struct seat seat;

static int sit_down(void **state)
{
	*state = &seat;
	model_init(&seat.m, 1 << 20);
	screen_init(&seat.s);
	screen_resize(&seat.s, 24, 80);
	canvas_init(&seat.c, 24, 80, false);
	return 0;
}

static int stand_up(void **state)
{
	(void)state;
	canvas_done(&seat.c);
	screen_done(&seat.s);
	model_done(&seat.m);
	return 0;
}

static void apply(struct seat *t, struct event e)
{
	assert_int_equal(event_check(&e, sizeof e), e.size);
	model_apply(&t->m, &e);
}

static void resize(struct seat *t, int rows, int columns)
{
	screen_resize(&t->s, rows, columns);
	canvas_resize(&t->c, rows, columns);
}

/* Draw and return the screen as text; no cell may hold what commands a terminal. */
static const char *look(struct seat *t)
{
	screen_update(&t->s, &t->m);
	screen_draw(&t->s, &t->m, &t->c);
	return seen(&t->c, t->text, sizeof t->text);
}

static void shows(struct seat *t, const char *words)
{
	assert_shows(look(t), words);
}

static void hides(struct seat *t, const char *words)
{
	assert_hides(look(t), words);
}

/* The row of the screen on which a text stands, or -1. */
static int line_of(struct seat *t, const char *words)
{
	return line_in(look(t), words);
}

/* ---- the machines of these tests ---- */

static void host(struct seat *t)
{
	apply(t, make_hello(SCOPE_HOST));
	for (enum event_table table = TABLE_LINKS; table < EVENT_TABLES; table++)
		apply(t, make_mark(table, false));
	apply(t, make_link(1, "lo"));
	apply(t, make_link(2, "eth0"));
	apply(t, make_link(3, "eth1"));
	apply(t, make_addr(1, ip4(127, 0, 0, 1), 0));
	apply(t, make_addr(2, ip4(192, 168, 2, 101), 0));
	apply(t, make_addr(3, ip4(10, 211, 55, 6), 0));
	for (int32_t ifindex = CONF_DEFAULT; ifindex <= 3; ifindex++) {
		apply(t, make_sysctl(ifindex, "arp_ignore", ifindex == 2));
		apply(t, make_sysctl(ifindex, "arp_announce", ifindex == CONF_ALL ? 2 : 0));
	}
	for (enum event_table table = TABLE_LINKS; table < EVENT_TABLES; table++)
		apply(t, make_mark(table, true));
}

/* Entries 10.0.x.y; the last octets of the MAC count down. */
static void neighbours(struct seat *t, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		apply(t, make_neigh(i + 1, 2, ip4(10, 0, i >> 8, i & 255), (uint16_t)(1u << i % 8),
				 0x020000ffff - i));
	screen_update(&t->s, &t->m);
}

static void traffic(struct seat *t, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i <= to; i++)
		apply(t, make_frame(i * NS_PER_S, i, 2, i % 2 ? ARP_OP_REQUEST : ARP_OP_REPLY,
				 ip4(10, 0, 0, (unsigned)(i & 255)),
				 ip4(10, 0, 1, (unsigned)(i & 255))));
	screen_update(&t->s, &t->m);
}

static uint32_t selected_ip(const struct seat *t)
{
	const struct neigh_entry *n = screen_neigh(&t->s, &t->m);
	return n ? n->ip : 0;
}

static uint64_t selected_frame(const struct seat *t)
{
	const struct event *e = screen_frame(&t->s, &t->m);
	return e ? e->frame.number : 0;
}

static void move(struct seat *t, long step)
{
	screen_move(&t->s, &t->m, step);
}

/* ---- the cache ---- */

static const struct neigh_entry *row(const struct seat *t, uint32_t i)
{
	return &t->m.neighs.entries[t->s.cache.order[i]];
}

static void the_selection_stays_on_its_entry_whatever_comes_and_goes(void **state)
{
	struct seat *t = *state;
	uint64_t seed = 51;
	const uint32_t chosen = ip4(10, 0, 1, 44);
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	neighbours(t, 600);
	move(t, 300);
	assert_int_equal(selected_ip(t), chosen);
	for (int i = 0; i < 3000; i++) {
		uint32_t n = rng_below(&seed, 600);
		struct event e = make_neigh((uint64_t)i, 2, ip4(10, 0, n >> 8, n & 255),
			(uint16_t)(1u << rng_below(&seed, 8)), rng_below(&seed, 1 << 30));
		apply(t, e.neigh.ip == chosen || rng_below(&seed, 2) ? e : gone(e));
		if (rng_below(&seed, 40) == 0)
			screen_sort(&t->s, 1);
		if (rng_below(&seed, 40) == 0)
			screen_sort_reverse(&t->s);
		screen_update(&t->s, &t->m);
		assert_int_equal(selected_ip(t), chosen);
		assert_int_equal(row(t, (uint32_t)t->s.cache.place.row)->ip, chosen);
	}
	shows(t, ".1.44");
}

static void an_entry_that_goes_leaves_the_selection_beside_it(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	neighbours(t, 10);
	move(t, 5);
	apply(t, gone(make_neigh(99, 2, ip4(10, 0, 0, 5), 1, 1)));
	screen_update(&t->s, &t->m);
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 6));
	move(t, LONG_MAX);
	apply(t, gone(make_neigh(99, 2, ip4(10, 0, 0, 9), 1, 1)));
	screen_update(&t->s, &t->m);
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 8));
	for (unsigned i = 0; i < 10; i++)
		apply(t, gone(make_neigh(99, 2, ip4(10, 0, 0, i), 1, 1)));
	screen_update(&t->s, &t->m);
	assert_int_equal(selected_ip(t), 0);
	shows(t, "Empty: this machine has");
	neighbours(t, 3);
	assert_int_not_equal(selected_ip(t), 0);
}

/* Whoever has chosen nothing looks at the top, in whatever order a dump names its rows. */
static void a_table_opens_at_its_top(void **state)
{
	struct seat *t = *state;
	apply(t, make_hello(SCOPE_HOST));
	apply(t, make_link(2, "eth0"));
	apply(t, make_mark(TABLE_NEIGHS, false));
	for (unsigned i = 250; i > 0; i--) {
		apply(t, make_neigh(1, 2, ip4(10, 0, 0, i), NUD_STALE, i));
		screen_update(&t->s, &t->m);
	}
	apply(t, make_mark(TABLE_NEIGHS, true));
	screen_update(&t->s, &t->m);
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 1));
	assert_int_equal(t->s.cache.place.row, 0);
}

static uint64_t mac_of(const struct neigh_entry *e)
{
	uint64_t mac = 0;
	for (int i = 0; i < 6; i++)
		mac = mac << 8 | e->mac[i];
	return mac;
}

static uint32_t host_order(uint32_t ip)
{
	const uint8_t *b = (const uint8_t *)&ip;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/* What the pane's columns promise: by the column, then by IP, then by interface. */
static int compare(const struct neigh_entry *a, const struct neigh_entry *b, enum cache_sort sort)
{
	int by = 0;
	if (sort == CACHE_BY_MAC)
		by = COMPARE(mac_of(a), mac_of(b));
	if (sort == CACHE_BY_STATE)
		by = COMPARE(a->state, b->state);
	if (sort == CACHE_BY_LINK)
		by = COMPARE(a->ifindex, b->ifindex);
	if (sort == CACHE_BY_AGE)
		by = COMPARE(b->at_ns, a->at_ns);
	if (by == 0)
		by = COMPARE(host_order(a->ip), host_order(b->ip));
	return by ? by : COMPARE(a->ifindex, b->ifindex);
}

static void assert_sorted(const struct seat *t)
{
	const struct cache_view *v = &t->s.cache;
	for (uint32_t i = 1; i < v->count; i++) {
		int by = compare(row(t, i - 1), row(t, i), v->sort);
		assert_true(v->reversed ? by > 0 : by < 0);
	}
}

static void every_column_sorts_both_ways_and_ties_by_ip(void **state)
{
	struct seat *t = *state;
	uint64_t seed = 52;
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	for (uint32_t i = 0; i < 5000; i++)
		apply(t, make_neigh(rng_below(&seed, 50), 2 + (int32_t)rng_below(&seed, 2),
				 rng_below(&seed, 2) ? (uint32_t)rng_next(&seed)
						     : ip4(10, 0, 0, rng_below(&seed, 256)),
				 (uint16_t)(1u << rng_below(&seed, 8)),
				 rng_below(&seed, 3) * UINT64_C(0x010000000000)));
	/* Some go, so that the places in the table are no order at all. */
	for (uint32_t i = 0; i < 100; i++)
		apply(t, gone(make_neigh(1, 2, ip4(10, 0, 0, rng_below(&seed, 256)), 1, 1)));
	for (int sort = 0; sort < CACHE_SORTS; sort++) {
		screen_update(&t->s, &t->m);
		assert_int_equal(t->s.cache.sort, sort);
		assert_int_equal(t->s.cache.count, t->m.neighs.count);
		assert_sorted(t);
		screen_sort_reverse(&t->s);
		screen_update(&t->s, &t->m);
		assert_sorted(t);
		screen_sort_reverse(&t->s);
		screen_sort(&t->s, 1);
	}
	assert_int_equal(t->s.cache.sort, CACHE_BY_IP);
	screen_sort(&t->s, -1);
	assert_int_equal(t->s.cache.sort, CACHE_BY_AGE);
}

/* News must re-sort the rows that they move. */
static void a_change_of_state_moves_the_row_where_it_belongs(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	neighbours(t, 200);
	screen_sort(&t->s, CACHE_BY_STATE);
	screen_update(&t->s, &t->m);
	assert_sorted(t);
	apply(t, make_neigh(900, 2, ip4(10, 0, 0, 7), NUD_INCOMPLETE, 0));
	screen_update(&t->s, &t->m);
	assert_sorted(t);
	screen_sort(&t->s, CACHE_BY_AGE - CACHE_BY_STATE);
	apply(t, make_neigh(901, 2, ip4(10, 0, 0, 9), NUD_STALE, 0));
	screen_update(&t->s, &t->m);
	assert_sorted(t);
	assert_int_equal(row(t, 0)->ip, ip4(10, 0, 0, 9));
}

static void a_million_neighbours_are_sorted_right(void **state)
{
	struct seat *t = *state;
	uint64_t seed = 53;
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	apply(t, make_mark(TABLE_NEIGHS, false));
	for (uint32_t i = 0; i < 1000000; i++) {
		apply(t, make_neigh(i, 2 + (int32_t)(i & 1), (uint32_t)rng_next(&seed),
				 (uint16_t)(1u << (i % 8)), rng_next(&seed)));
		if (i % 100000 == 0)
			look(t); /* While it is being read there is a screen, too. */
	}
	apply(t, make_mark(TABLE_NEIGHS, true));
	for (int sort = 0; sort < CACHE_SORTS; sort++) {
		screen_update(&t->s, &t->m);
		assert_int_equal(t->s.cache.count, t->m.neighs.count);
		assert_sorted(t);
		screen_sort(&t->s, 1);
	}
	screen_update(&t->s, &t->m);
	move(t, LONG_MAX);
	look(t);
	assert_int_equal(t->s.cache.place.row, t->s.cache.count - 1);
}

static void a_filter_shows_what_passes_and_counts_it(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 24, 120);
	screen_focus(&t->s, PANE_CACHE);
	neighbours(t, 300);
	assert_null(screen_filter(&t->s, &t->m, "10.0.1. !STALE"));
	for (uint32_t i = 0; i < t->s.cache.count; i++) {
		assert_int_equal(host_order(row(t, i)->ip) >> 8, host_order(ip4(10, 0, 1, 0)) >> 8);
		assert_int_not_equal(row(t, i)->state, NUD_STALE);
	}
	assert_int_equal(t->s.cache.count, 38);
	shows(t, "38 of 300");
	shows(t, "filter: 10.0.1. !STALE");
	/* It holds for what comes later. */
	apply(t, make_neigh(1, 2, ip4(10, 0, 1, 200), NUD_REACHABLE, 1));
	apply(t, make_neigh(1, 2, ip4(10, 0, 1, 201), NUD_STALE, 1));
	apply(t, make_neigh(1, 2, ip4(10, 0, 2, 1), NUD_REACHABLE, 1));
	screen_update(&t->s, &t->m);
	assert_int_equal(t->s.cache.count, 39);
	apply(t, make_neigh(2, 2, ip4(10, 0, 1, 200), NUD_STALE, 1));
	screen_update(&t->s, &t->m);
	assert_int_equal(t->s.cache.count, 38);
	assert_non_null(screen_filter(&t->s, &t->m, "!"));
	assert_int_equal(t->s.cache.count, 303);
	assert_null(screen_filter(&t->s, &t->m, "nowhere"));
	shows(t, "Nothing passes the filter.");
	assert_null(screen_filter(&t->s, &t->m, ""));
	assert_int_equal(t->s.cache.count, 303);
}

/* ---- the frames ---- */

static void following_shows_the_newest(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_FRAMES);
	for (uint64_t i = 1; i <= 100; i += 7) {
		traffic(t, i, i + 6);
		assert_int_equal(selected_frame(t), i + 6);
		assert_true(t->s.frames.follow);
	}
	resize(t, 24, 120);
	shows(t, "following");
}

static void leaving_the_newest_pauses_and_counts_what_comes(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 24, 120);
	screen_focus(&t->s, PANE_FRAMES);
	traffic(t, 1, 50);
	move(t, -1);
	assert_int_equal(selected_frame(t), 49);
	shows(t, "paused");
	hides(t, "new");
	traffic(t, 51, 87);
	shows(t, "paused, 37 new");
	assert_int_equal(selected_frame(t), 49);
	move(t, LONG_MAX);
	shows(t, "following");
	traffic(t, 88, 90);
	assert_int_equal(selected_frame(t), 90);
}

/* 80 columns are a size to design for: what matters in a title is not what is cut there. */
static void a_narrow_title_keeps_the_numbers(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_FRAMES);
	traffic(t, 1, 50);
	shows(t, "who-has / is-at  following");
	move(t, -1);
	traffic(t, 51, 1287);
	shows(t, "paused, 1,237 new");
	assert_null(screen_filter(&t->s, &t->m, "reply"));
	move(t, LONG_MAX);
	shows(t, "643 of 1,287");
}

static void pausing_stands_still_and_follows_again(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 24, 120);
	screen_focus(&t->s, PANE_FRAMES);
	traffic(t, 1, 50);
	screen_pause(&t->s, &t->m);
	traffic(t, 51, 52);
	assert_int_equal(selected_frame(t), 50);
	shows(t, "paused, 2 new");
	screen_pause(&t->s, &t->m);
	assert_int_equal(selected_frame(t), 52);
	shows(t, "following");
}

/* What is looked at may leave the ring; the oldest that is left takes its place. */
static void a_frame_that_leaves_the_ring_is_not_looked_at(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_FRAMES);
	traffic(t, 1, 10);
	move(t, LONG_MIN);
	assert_int_equal(selected_frame(t), 1);
	traffic(t, 11, 40000);
	assert_true(t->m.frames.first > 0);
	assert_int_equal(selected_frame(t), t->m.frames.first + 1);
	assert_false(t->s.frames.follow);
	look(t);
}

static void a_view_filter_shows_the_frames_that_pass(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 24, 120);
	screen_focus(&t->s, PANE_FRAMES);
	traffic(t, 1, 100);
	assert_null(screen_filter(&t->s, &t->m, "reply"));
	assert_int_equal(t->s.frames.hit_count - t->s.frames.hit_first, 50);
	assert_int_equal(selected_frame(t), 100);
	shows(t, "50 of 100");
	move(t, -1);
	assert_int_equal(selected_frame(t), 98);
	move(t, LONG_MIN);
	assert_int_equal(selected_frame(t), 2);
	traffic(t, 101, 110);
	shows(t, "55 of 110");
	assert_int_equal(selected_frame(t), 2);
	/* Only what the ring still holds is counted. */
	traffic(t, 111, 40000);
	uint64_t held = t->m.frames.count;
	assert_in_range(t->s.frames.hit_count - t->s.frames.hit_first, held / 2 - 1, held / 2 + 1);
	look(t);
	assert_null(screen_filter(&t->s, &t->m, ""));
	move(t, LONG_MAX);
	assert_int_equal(selected_frame(t), 40000);
	assert_null(screen_filter(&t->s, &t->m, "nowhere"));
	shows(t, "No frame passes the filter.");
}

/* Filtered while it streams, the rows are those of a filter set afterwards. */
static void a_filter_set_before_finds_what_one_set_afterwards_finds(void **state)
{
	struct seat *t = *state;
	static struct screen late;
	host(t);
	screen_focus(&t->s, PANE_FRAMES);
	assert_null(screen_filter(&t->s, &t->m, "request !0.1.7"));
	for (uint64_t i = 1; i <= 50000; i += 13)
		traffic(t, i, i + 12);
	screen_init(&late);
	screen_resize(&late, 24, 80);
	screen_focus(&late, PANE_FRAMES);
	assert_null(screen_filter(&late, &t->m, "request !0.1.7"));
	const struct frame_view *a = &t->s.frames, *b = &late.frames;
	size_t count = b->hit_count - b->hit_first;
	assert_true(count > 1000);
	assert_int_equal(a->hit_count - a->hit_first, count);
	assert_memory_equal(
		a->hits + a->hit_first, b->hits + b->hit_first, count * sizeof *a->hits);
	screen_done(&late);
}

/* ---- searching ---- */

/* A recording that is gone back in: the old rows are not those of the new model. */
static void a_model_that_begins_anew_is_shown_as_it_is(void **state)
{
	struct seat *t = *state;
	host(t);
	neighbours(t, 300);
	resize(t, 24, 120);
	screen_focus(&t->s, PANE_FRAMES);
	traffic(t, 1, 100);
	assert_null(screen_filter(&t->s, &t->m, "reply"));
	shows(t, "50 of 100");
	move(t, -3);
	model_done(&t->m);
	model_init(&t->m, 1 << 20);
	screen_rewound(&t->s);
	shows(t, "reply");
	assert_int_equal(t->s.frames.hit_count - t->s.frames.hit_first, 0);
	host(t);
	neighbours(t, 3);
	traffic(t, 1, 10);
	shows(t, "5 of 10");
	assert_int_equal(selected_frame(t), 10);
	assert_int_equal(t->s.cache.count, t->m.neighs.count);
	look(t);
}

static void searching_goes_round_in_both_directions(void **state)
{
	struct seat *t = *state;
	size_t found = 0;
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	neighbours(t, 40);
	assert_null(filter_set(&t->s.search, "PERMANENT"));
	assert_true(screen_search_count(&t->s, &t->m, &found));
	assert_int_equal(found, 5); /* Entries 7, 15, 23, 31, 39. */
	for (unsigned i = 0; i < 12; i++) {
		assert_true(screen_search(&t->s, &t->m, 1));
		assert_int_equal(selected_ip(t), ip4(10, 0, 0, 7 + i % 5 * 8));
	}
	for (unsigned i = 12; i-- > 1;) {
		assert_true(screen_search(&t->s, &t->m, -1));
		assert_int_equal(selected_ip(t), ip4(10, 0, 0, 7 + (i - 1) % 5 * 8));
	}
	uint32_t before = selected_ip(t);
	assert_null(filter_set(&t->s.search, "nowhere"));
	assert_false(screen_search(&t->s, &t->m, 1));
	assert_true(screen_search_count(&t->s, &t->m, &found));
	assert_int_equal(found, 0);
	assert_int_equal(selected_ip(t), before);
	assert_null(filter_set(&t->s.search, ""));
	assert_false(screen_search(&t->s, &t->m, 1));
}

static void a_search_finds_frames_sysctls_and_interfaces(void **state)
{
	struct seat *t = *state;
	host(t);
	traffic(t, 1, 50);
	screen_focus(&t->s, PANE_FRAMES);
	assert_null(filter_set(&t->s.search, "who-has 10.0.1.33"));
	assert_true(screen_search(&t->s, &t->m, -1));
	assert_int_equal(selected_frame(t), 33);
	assert_false(t->s.frames.follow);
	screen_focus(&t->s, PANE_SYSCTLS);
	assert_null(filter_set(&t->s.search, "locktime"));
	assert_true(screen_search(&t->s, &t->m, 1));
	assert_int_equal(t->s.grid.key, sysctl_find("locktime"));
	screen_focus(&t->s, PANE_LINKS);
	assert_null(filter_set(&t->s.search, "10.211.55.6"));
	assert_true(screen_search(&t->s, &t->m, 1));
	assert_int_equal(t->s.links.ifindex, 3);
}

/* ---- interfaces and sysctls ---- */

static void the_interface_chosen_stays_chosen(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_LINKS);
	screen_update(&t->s, &t->m);
	while (t->s.links.ifindex != 3)
		move(t, 1);
	for (unsigned i = 0; i < 9; i++) {
		apply(t, make_addr(2, ip4(10, 7, 0, i), i));
		screen_update(&t->s, &t->m);
		assert_int_equal(t->s.links.ifindex, 3);
		assert_int_equal(t->s.links.rows[t->s.links.place.row].ifindex, 3);
	}
	apply(t, gone(make_link(2, "eth0")));
	screen_update(&t->s, &t->m);
	assert_int_equal(t->s.links.ifindex, 3);
	apply(t, gone(make_link(3, "eth1")));
	screen_update(&t->s, &t->m);
	assert_int_equal(t->s.links.ifindex, 1);
	look(t);
}

static void the_grid_begins_at_the_interface_that_matters(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_update(&t->s, &t->m);
	assert_int_equal(t->s.grid.ifindex, 2);
	screen_focus(&t->s, PANE_SYSCTLS);
	shows(t, "arp_ignore");
	for (int i = 0; i < 10; i++)
		screen_side(&t->s, &t->m, 1);
	assert_int_equal(t->s.grid.ifindex, 1); /* lo last */
	screen_side(&t->s, &t->m, -1);
	assert_int_equal(t->s.grid.ifindex, 3);
	apply(t, gone(make_link(3, "eth1")));
	screen_update(&t->s, &t->m);
	assert_int_equal(t->s.grid.ifindex, CONF_ALL);
	for (int i = 0; i < 10; i++)
		screen_side(&t->s, &t->m, -1);
	assert_int_equal(t->s.grid.ifindex, CONF_ALL);
}

static void the_grid_tells_own_and_effective_values_and_who_decides(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 40, 160);
	shows(t, "0 = 2 all"); /* arp_announce: all decides */
	shows(t, "1 = 1");     /* arp_ignore: eth0 itself */
	screen_focus(&t->s, PANE_SYSCTLS);
	move(t, 1);
	shows(t, "Decided by all: max(all 2, eth0 0) = 2.");
}

/* ---- hands ---- */

static void changes_of_another_arplab_are_not_called_ones_own(void **state)
{
	struct seat *t = *state;
	host(t);
	apply(t, make_change(1, CHANGE_OTHERS));
	shows(t, "another holds changes");
	hides(t, "change held");
	apply(t, make_change(1, CHANGE_HELD));
	shows(t, "1 change held");
}

static void a_filter_in_the_grid_leaves_the_keys_that_pass(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_SYSCTLS);
	screen_filter(&t->s, &t->m, "announce");
	shows(t, "arp_announce");
	hides(t, "rp_filter");
	assert_int_equal(t->s.grid.key, sysctl_find("arp_announce"));
	screen_filter(&t->s, &t->m, "");
	shows(t, "rp_filter");
}

static void moving_stops_at_the_ends(void **state)
{
	struct seat *t = *state;
	static const long steps[] = { 1, -1, 5, -5, 1000000, -1000000, LONG_MAX, LONG_MIN, 0,
		LONG_MAX - 1, LONG_MIN + 1 };
	uint64_t seed = 54;
	host(t);
	neighbours(t, 30);
	traffic(t, 1, 30);
	for (int i = 0; i < 5000; i++) {
		if (rng_below(&seed, 10) == 0)
			screen_cycle(&t->s, rng_below(&seed, 2) ? 1 : -1);
		move(t, steps[rng_below(&seed, sizeof steps / sizeof *steps)]);
		screen_side(&t->s, &t->m, rng_below(&seed, 2) ? 1 : -1);
		if (rng_below(&seed, 5) == 0)
			look(t);
		assert_true(t->s.cache.place.row < t->s.cache.count);
		assert_true(t->s.links.place.row < t->s.links.count);
		assert_non_null(screen_frame(&t->s, &t->m));
		assert_non_null(sysctl_key(t->s.grid.key));
		assert_true(screen_page(&t->s) >= 1);
	}
}

static void moving_in_an_empty_screen_is_nothing(void **state)
{
	struct seat *t = *state;
	for (int i = 0; i < 2 * PANES; i++) {
		look(t);
		move(t, 1);
		move(t, LONG_MIN);
		move(t, LONG_MAX);
		screen_side(&t->s, &t->m, 1);
		screen_pause(&t->s, &t->m);
		assert_null(filter_set(&t->s.search, "nowhere"));
		assert_false(screen_search(&t->s, &t->m, 1));
		screen_click(&t->s, &t->m, 3, 3);
		screen_cycle(&t->s, 1);
	}
	assert_null(screen_frame(&t->s, &t->m));
	assert_null(screen_neigh(&t->s, &t->m));
}

static void the_selected_row_is_always_on_the_screen(void **state)
{
	struct seat *t = *state;
	uint64_t seed = 55;
	host(t);
	screen_focus(&t->s, PANE_CACHE);
	neighbours(t, 250);
	for (int i = 0; i < 300; i++) {
		char ip[24];
		move(t, (long)rng_below(&seed, 61) - 30);
		if (rng_below(&seed, 8) == 0)
			resize(t, 18 + (int)rng_below(&seed, 30), 60 + (int)rng_below(&seed, 120));
		look(t);
		struct text words = text_in(ip, sizeof ip);
		text_put(&words, ".0.");
		text_u64(&words, host_order(selected_ip(t)) & 255);
		text_char(&words, ' ');
		shows(t, text_end(&words));
		assert_true(t->s.cache.place.row >= t->s.cache.place.top);
		assert_true(
			t->s.cache.place.row < t->s.cache.place.top + (size_t)t->s.cache.height);
	}
}

static void a_click_focuses_and_selects_what_is_under_it(void **state)
{
	struct seat *t = *state;
	host(t);
	neighbours(t, 50);
	traffic(t, 1, 50);
	look(t);
	struct rect cache = t->s.layout.panes[PANE_CACHE];
	assert_true(screen_click(&t->s, &t->m, cache.row + 3, cache.column + 4));
	assert_int_equal(t->s.focus, PANE_CACHE);
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 2));
	/* On the border nothing but the focus moves. */
	struct rect frames = t->s.layout.panes[PANE_FRAMES];
	assert_true(screen_click(&t->s, &t->m, frames.row, frames.column));
	assert_int_equal(t->s.focus, PANE_FRAMES);
	assert_int_equal(selected_frame(t), 50);
	assert_true(screen_click(&t->s, &t->m, frames.row + 1, frames.column + 2));
	assert_int_equal(selected_frame(t), t->s.frames.top + 1);
	assert_false(t->s.frames.follow);
	/* Nor below the last row of a short list. */
	screen_focus(&t->s, PANE_CACHE);
	assert_null(screen_filter(&t->s, &t->m, "10.0.0.7"));
	look(t);
	assert_true(screen_click(&t->s, &t->m, cache.row + cache.rows - 2, cache.column + 2));
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 7));
	assert_false(screen_click(&t->s, &t->m, 0, 5));
	assert_false(screen_click(&t->s, &t->m, 23, 5));
	assert_false(screen_click(&t->s, &t->m, -1, -1));
	assert_false(screen_click(&t->s, &t->m, 500, 500));
}

static void a_click_in_the_grid_chooses_key_and_interface(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 40, 160);
	int line = line_of(t, "arp_announce");
	const char *begin = t->text;
	for (int i = 0; i < line; i++)
		begin = strchr(begin, '\n') + 1;
	/* The cells before eth1's value are counted in characters, not in bytes. */
	const char *head = strstr(t->text, "default");
	const char *at = strstr(head, "eth1");
	while (*head != '\n')
		head--;
	int column = 0;
	for (const char *p = head + 1; p < at; column++)
		utf8_next(&p);
	assert_true(screen_click(&t->s, &t->m, line, column));
	assert_int_equal(t->s.focus, PANE_SYSCTLS);
	assert_int_equal(t->s.grid.key, sysctl_find("arp_announce"));
	assert_int_equal(t->s.grid.ifindex, 3);
	/* The head chooses the interface alone. */
	assert_true(screen_click(&t->s, &t->m, line_of(t, "default"), column - 12));
	assert_int_equal(t->s.grid.ifindex, 2);
	assert_int_equal(t->s.grid.key, sysctl_find("arp_announce"));
}

static void the_wheel_moves_the_pane_under_it(void **state)
{
	struct seat *t = *state;
	host(t);
	neighbours(t, 50);
	look(t);
	struct rect cache = t->s.layout.panes[PANE_CACHE];
	screen_wheel(&t->s, &t->m, cache.row + 2, cache.column + 2, 3);
	assert_int_equal(t->s.focus, PANE_CACHE);
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 3));
	screen_wheel(&t->s, &t->m, cache.row + 2, cache.column + 2, -30);
	assert_int_equal(selected_ip(t), ip4(10, 0, 0, 0));
}

/* ---- sizes, names and numbers ---- */

static void every_size_draws_and_keeps_what_was_selected(void **state)
{
	struct seat *t = *state;
	static const int sizes[][2] = { { 10, 40 }, { 100, 300 }, { 1, 1 }, { 18, 60 }, { 17, 60 },
		{ 24, 80 }, { 0, 0 }, { 40, 120 }, { 18, 300 }, { 110, 60 } };
	host(t);
	neighbours(t, 300);
	traffic(t, 1, 300);
	screen_focus(&t->s, PANE_FRAMES);
	move(t, -100);
	screen_focus(&t->s, PANE_CACHE);
	move(t, 222);
	for (int zoomed = 0; zoomed <= 1; zoomed++)
		for (enum pane p = 0; p < PANES; p++)
			for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
				screen_focus(&t->s, p);
				t->s.zoomed = zoomed;
				resize(t, sizes[i][0], sizes[i][1]);
				look(t);
				assert_int_equal(selected_ip(t), ip4(10, 0, 0, 222));
				assert_int_equal(selected_frame(t), 200);
			}
}

static void a_window_that_is_too_small_says_which_size_is_needed(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 10, 40);
	assert_string_equal(look(t), "arplab needs 60 columns and 18 rows;\n"
				     "this window has 40 and 10.\n\n\n\n\n\n\n\n\n");
}

/* Names come from the kernel, from a file or over the network: none may command the terminal. */
static void no_control_character_reaches_the_canvas(void **state)
{
	struct seat *t = *state;
	static const char *const names[] = { "e\033[2Jx", "a\tb\nc", "\x7f\x01\x02",
		"\xc2\x9b"
		"31m",
		"\xe2\x80\xae"
		"txt",
		"\xe2\x81\xa6"
		"iso",
		"\xff\xfe\xc3",
		"\xd8\x9c"
		"alm" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct event hello = make_hello(SCOPE_HOST), failed = make(EVENT_CAPTURE, 1);
		struct event link = make_link(2, names[i]), change = make_change(1, CHANGE_HELD);
		int32_t ifindex = 2;
		text_copy(link.link.kind, sizeof link.link.kind, names[i]);
		text_copy(hello.hello.host, sizeof hello.hello.host, names[i]);
		text_copy(change.change.name, sizeof change.change.name, names[i]);
		failed.capture.ifindex = ifindex;
		failed.capture.state = CAPTURE_FAILED;
		text_copy(failed.capture.text, sizeof failed.capture.text, names[i]);
		host(t);
		apply(t, hello);
		apply(t, link);
		apply(t, failed);
		apply(t, change);
		neighbours(t, 2);
		text_copy(t->s.message, sizeof t->s.message, names[i]);
		text_copy(t->s.capture_filter, sizeof t->s.capture_filter, names[i]);
		for (enum pane p = 0; p < PANES; p++) {
			screen_focus(&t->s, p);
			screen_filter(&t->s, &t->m, names[i]);
			look(t);
			screen_filter(&t->s, &t->m, "");
			resize(t, 60, 200);
			look(t); /* look() checks every cell. */
			resize(t, 24, 80);
		}
		text_copy(t->s.dialog.text, sizeof t->s.dialog.text, names[i]);
		text_copy(t->s.dialog.title, sizeof t->s.dialog.title, names[i]);
		text_copy(t->s.prompt.text, sizeof t->s.prompt.text, names[i]);
		t->s.prompt.kind = PROMPT_COMMAND;
		t->s.dialog.open = true;
		look(t);
		t->s.prompt.kind = PROMPT_NONE;
		t->s.dialog.open = false;
	}
}

static void huge_numbers_break_nothing(void **state)
{
	struct seat *t = *state;
	struct event frame =
		make_frame(UINT64_MAX, UINT64_MAX, INT32_MAX, 65535, UINT32_MAX, UINT32_MAX);
	struct event neigh = make_neigh(0, INT32_MAX, UINT32_MAX, 0xffff, UINT64_MAX);
	struct event link = make_link(INT32_MAX, "abcdefghijklmno");
	struct event drops = make_drops(INT32_MAX, UINT64_MAX, UINT64_MAX);
	host(t);
	link.link.flags = link.link.mtu = UINT32_MAX;
	neigh.neigh.has_ages = 1;
	neigh.neigh.confirmed_ms = neigh.neigh.used_ms = neigh.neigh.updated_ms = UINT32_MAX;
	neigh.neigh.probes = UINT32_MAX;
	apply(t, link);
	apply(t, neigh);
	apply(t, frame);
	apply(t, drops);
	for (int32_t ifindex = CONF_DEFAULT; ifindex <= 3; ifindex++)
		apply(t, make_sysctl(ifindex, "arp_ignore", ifindex == 2 ? INT32_MIN : INT32_MAX));
	apply(t, make_sysctl(INT32_MAX, "locktime", INT32_MAX));
	apply(t, make_addr(INT32_MAX, UINT32_MAX, 65535));
	for (enum pane p = 0; p < PANES; p++)
		for (int zoomed = 0; zoomed <= 1; zoomed++) {
			screen_focus(&t->s, p);
			t->s.zoomed = zoomed;
			resize(t, 24, 80);
			move(t, LONG_MAX);
			look(t);
			resize(t, 100, 300);
			look(t);
		}
}

static void one_row_is_first_and_last(void **state)
{
	struct seat *t = *state;
	host(t);
	neighbours(t, 1);
	traffic(t, 1, 1);
	for (enum pane p = PANE_CACHE; p <= PANE_FRAMES; p++) {
		screen_focus(&t->s, p);
		move(t, 1);
		move(t, -1);
		move(t, LONG_MAX);
		look(t);
		assert_int_equal(selected_ip(t), ip4(10, 0, 0, 0));
		assert_int_equal(selected_frame(t), 1);
	}
	assert_true(t->s.frames.follow);
}

/* A capture may begin at 1970, and a clock stand west of Greenwich. */
static void times_near_1970_are_times_of_day_everywhere(void **state)
{
	struct seat *t = *state;
	host(t);
	resize(t, 40, 200);
	apply(t, make_frame(5 * NS_PER_S, 1, 2, ARP_OP_REQUEST, 1, 2));
	t->s.utc_offset_s = -5 * 3600;
	shows(t, "19:00:05.000");
	t->s.utc_offset_s = 5 * 3600 + 1800;
	shows(t, "05:30:05.000");
}

static void in_ascii_nothing_else_is_drawn(void **state)
{
	struct seat *t = *state;
	host(t);
	neighbours(t, 50);
	traffic(t, 1, 50);
	t->c.ascii = true;
	for (enum pane p = 0; p < PANES; p++) {
		screen_focus(&t->s, p);
		screen_filter(&t->s, &t->m, "e !zzz");
		for (const char *c = look(t); *c; c++)
			if ((*c < ' ' || *c > '~') && *c != '\n')
				fail_msg("not ASCII:\n%s", t->text);
	}
}

/* ---- sentences ---- */

/* A sentence that wraps into many lines is shown to its end, however narrow the pane is. */
static void no_sentence_of_the_detail_is_cut_off(void **state)
{
	struct seat *t = *state;
	host(t);
	screen_focus(&t->s, PANE_FRAMES);
	apply(t, make_frame(1, 1, 2, ARP_OP_REQUEST, 0, ip4(10, 0, 0, 1)));
	resize(t, 60, 60);
	shows(t, "changed.");
	screen_focus(&t->s, PANE_SYSCTLS);
	screen_side(&t->s, &t->m, -1);
	shows(t, "address.");
}

static void the_first_refused_capture_speaks_for_all(void **state)
{
	struct seat *t = *state;
	host(t);
	for (int32_t ifindex = 2; ifindex <= 3; ifindex++) {
		struct event failed = make(EVENT_CAPTURE, 1);
		failed.capture.ifindex = ifindex;
		failed.capture.state = CAPTURE_FAILED;
		text_copy(failed.capture.text, sizeof failed.capture.text,
			ifindex == 2 ? "first refused" : "second refused");
		apply(t, failed);
	}
	shows(t, "First refused");
	/* While another one runs nothing is wrong with the pane. */
	struct event on = make(EVENT_CAPTURE, 2);
	on.capture.ifindex = 3;
	on.capture.state = CAPTURE_ON;
	apply(t, on);
	shows(t, "No ARP frame yet.");
}

static void every_width_has_room_for_two_interfaces_of_the_grid(void **state)
{
	struct seat *t = *state;
	host(t);
	for (int columns = 60; columns <= 300; columns++) {
		int cells = 0;
		resize(t, 24, columns);
		const char *row = strstr(look(t), "arp_announce");
		for (const char *p = row; *p != '\n' && strncmp(p, "│", 3) != 0; p++)
			cells += *p == '=';
		if (cells < 2)
			fail_msg("%d columns show %d:\n%s", columns, cells, t->text);
	}
}

/* ---- the screen follows from the events ---- */

static void the_same_events_give_the_same_screen_however_often_it_is_drawn(void **state)
{
	struct seat *t = *state;
	static char once[TEXT_SIZE];
	for (int often = 0; often <= 1; often++) {
		uint64_t seed = 56;
		stand_up(state);
		sit_down(state);
		resize(t, 40, 120);
		host(t);
		for (int i = 0; i < 2000; i++) {
			uint32_t n = rng_below(&seed, 300);
			struct event e = make_neigh((uint64_t)i, 2, ip4(10, 0, n >> 8, n & 255),
				(uint16_t)(1u << rng_below(&seed, 8)), n);
			model_apply(&t->m, &e);
			e = make_frame((uint64_t)i, (uint64_t)i + 1, 2, 1 + n % 2, n, n + 1);
			model_apply(&t->m, &e);
			if (often && i > 1000)
				look(t);
		}
		look(t);
		if (!often)
			strcpy(once, t->text);
	}
	/* Drawing moves no selection: it stays on the first entry, wherever that stands. */
	move(t, LONG_MIN);
	screen_focus(&t->s, PANE_CACHE);
	move(t, LONG_MIN);
	assert_int_equal(t->s.cache.count, t->m.neighs.count);
	screen_focus(&t->s, PANE_SYSCTLS);
	move(t, LONG_MIN);
	assert_string_equal(look(t), once);
}

static void a_screen_says_when_an_age_changes_next(void **state)
{
	struct seat *t = *state;
	host(t);
	look(t);
	assert_true(t->s.next_age_ns == UINT64_MAX);
	apply(t, make_neigh(100 * NS_PER_S, 2, ip4(10, 0, 0, 1), NUD_STALE, 1));
	model_set_time(&t->m, 100 * NS_PER_S);
	look(t);
	assert_true(t->s.next_age_ns > t->m.now_ns);
	/* At that moment, and not before, the screen is another one. */
	for (int i = 0; i < 20; i++) {
		static char before[TEXT_SIZE];
		uint64_t next = t->s.next_age_ns;
		strcpy(before, look(t));
		model_set_time(&t->m, next - 1);
		const char *status = strchr(look(t), '\n'); /* Behind the clock. */
		assert_string_equal(status, strchr(before, '\n'));
		model_set_time(&t->m, next);
		assert_string_not_equal(strchr(look(t), '\n'), strchr(before, '\n'));
		assert_true(t->s.next_age_ns > next);
	}
}

/* ---- files ---- */

#define FILE_FRAMES 200000
#define REPLY_EVERY 7777

static void open_file(struct seat *t)
{
	struct event progress = make_file(FILE_FRAMES, true, true);
	model_done(&t->m);
	model_init(&t->m, MODEL_FRAME_RING);
	text_copy(t->s.file, sizeof t->s.file, "capture.pcap");
	t->s.frames.follow = false;
	screen_focus(&t->s, PANE_FRAMES);
	apply(t, make_hello(SCOPE_FILE));
	apply(t, progress);
	look(t);
}

/* The frame of a number; len: bytes of it that were captured. */
static struct event file_frame(uint64_t number, uint16_t len)
{
	struct event e = make_frame(number * NS_PER_S, number, 0,
		number % REPLY_EVERY == 0 ? ARP_OP_REPLY : ARP_OP_REQUEST,
		ip4(10, (unsigned)(number >> 16) & 255, (unsigned)(number >> 8) & 255,
			(unsigned)number & 255),
		ip4(10, 255, 0, 1));
	e.frame.caplen = e.frame.len = len;
	event_begin(&e, EVENT_FRAME, e.at_ns);
	return e;
}

/* Be the helper: hand out frames as long as the screen asks for some. */
static void serve(struct seat *t, uint16_t len)
{
	uint64_t first;
	uint32_t count;
	int asked = 0;
	look(t);
	while (screen_wants(&t->s, &t->m, &first, &count)) {
		assert_true(first >= 1 && first <= FILE_FRAMES && count > 0);
		/* The file in strides and a row at a time must come to an end. */
		assert_in_range(++asked, 1, 100);
		for (uint64_t n = first; n < first + count && n <= FILE_FRAMES; n++)
			apply(t, file_frame(n, len));
		screen_update(&t->s, &t->m);
	}
	look(t);
}

static void a_file_is_fetched_around_what_is_looked_at(void **state)
{
	struct seat *t = *state;
	static const long steps[] = { LONG_MAX, LONG_MIN, 50000, -20000, 1, 30 };
	uint64_t seed = 57;
	open_file(t);
	serve(t, 60);
	assert_int_equal(selected_frame(t), 1);
	for (int i = 0; i < 60; i++) {
		move(t, steps[rng_below(&seed, 6)]);
		serve(t, 60);
		assert_int_equal(selected_frame(t), t->s.frames.selected + 1);
		hides(t, "reading");
	}
}

static void filter_file(struct seat *t, uint16_t len)
{
	open_file(t);
	assert_null(screen_filter(&t->s, &t->m, "reply"));
	serve(t, len);
	assert_int_equal(t->s.frames.hit_count, FILE_FRAMES / REPLY_EVERY);
	shows(t, "25 of 200,000");
	move(t, LONG_MIN);
	for (uint64_t i = 1; i <= FILE_FRAMES / REPLY_EVERY; i++, move(t, 1)) {
		serve(t, len);
		assert_int_equal(selected_frame(t), i * REPLY_EVERY);
		hides(t, "reading");
	}
	assert_null(screen_filter(&t->s, &t->m, "nowhere"));
	serve(t, len);
	shows(t, "No frame passes the filter.");
}

static void a_filter_reads_the_whole_file(void **state)
{
	filter_file(*state, 60);
}

/* As many frames as are asked for must fit into the ring, or they are asked for for ever. */
static void a_filter_reads_a_file_of_the_longest_frames(void **state)
{
	filter_file(*state, FRAME_BYTES_MAX);
}

static void search_file(struct seat *t, uint16_t len)
{
	open_file(t);
	serve(t, len);
	assert_null(filter_set(&t->s.search, "reply"));
	for (uint64_t i = 1; i <= 27; i++) {
		screen_search(&t->s, &t->m, 1);
		serve(t, len);
		assert_int_equal(selected_frame(t), ((i - 1) % 25 + 1) * REPLY_EVERY);
	}
	for (uint64_t i = 26; i >= 1; i--) {
		screen_search(&t->s, &t->m, -1);
		serve(t, len);
		assert_int_equal(selected_frame(t), ((i - 1) % 25 + 1) * REPLY_EVERY);
	}
	assert_string_equal(t->s.message, "");
	assert_null(filter_set(&t->s.search, "nowhere"));
	screen_search(&t->s, &t->m, 1);
	serve(t, len);
	assert_string_equal(t->s.message, "'nowhere' is not here.");
	assert_int_equal(selected_frame(t), REPLY_EVERY);
}

static void a_search_goes_through_the_whole_file_and_round(void **state)
{
	search_file(*state, 60);
}

static void a_search_goes_through_a_file_of_the_longest_frames(void **state)
{
	search_file(*state, FRAME_BYTES_MAX);
}

static void a_file_shows_its_frames_and_their_detail_alone(void **state)
{
	struct seat *t = *state;
	open_file(t);
	serve(t, 60);
	hides(t, "Interfaces");
	hides(t, "ARP cache");
	hides(t, "Sysctls");
	for (int i = 0; i < 4; i++) {
		assert_int_equal(t->s.focus, i % 2 ? PANE_DETAIL : PANE_FRAMES);
		screen_cycle(&t->s, i % 4 < 2 ? 1 : -1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sit_down, stand_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_selection_stays_on_its_entry_whatever_comes_and_goes),
		TEST(an_entry_that_goes_leaves_the_selection_beside_it),
		TEST(a_table_opens_at_its_top),
		TEST(every_column_sorts_both_ways_and_ties_by_ip),
		TEST(a_change_of_state_moves_the_row_where_it_belongs),
		TEST(a_million_neighbours_are_sorted_right),
		TEST(a_filter_shows_what_passes_and_counts_it),
		TEST(following_shows_the_newest),
		TEST(leaving_the_newest_pauses_and_counts_what_comes),
		TEST(a_narrow_title_keeps_the_numbers),
		TEST(pausing_stands_still_and_follows_again),
		TEST(a_frame_that_leaves_the_ring_is_not_looked_at),
		TEST(a_view_filter_shows_the_frames_that_pass),
		TEST(a_filter_set_before_finds_what_one_set_afterwards_finds),
		TEST(a_model_that_begins_anew_is_shown_as_it_is),
		TEST(searching_goes_round_in_both_directions),
		TEST(a_search_finds_frames_sysctls_and_interfaces),
		TEST(the_interface_chosen_stays_chosen),
		TEST(the_grid_begins_at_the_interface_that_matters),
		TEST(the_grid_tells_own_and_effective_values_and_who_decides),
		TEST(changes_of_another_arplab_are_not_called_ones_own),
		TEST(a_filter_in_the_grid_leaves_the_keys_that_pass),
		TEST(changes_of_another_arplab_are_not_called_ones_own),
		TEST(a_filter_in_the_grid_leaves_the_keys_that_pass),
		TEST(moving_stops_at_the_ends),
		TEST(moving_in_an_empty_screen_is_nothing),
		TEST(the_selected_row_is_always_on_the_screen),
		TEST(a_click_focuses_and_selects_what_is_under_it),
		TEST(a_click_in_the_grid_chooses_key_and_interface),
		TEST(the_wheel_moves_the_pane_under_it),
		TEST(every_size_draws_and_keeps_what_was_selected),
		TEST(a_window_that_is_too_small_says_which_size_is_needed),
		TEST(no_control_character_reaches_the_canvas),
		TEST(huge_numbers_break_nothing),
		TEST(one_row_is_first_and_last),
		TEST(times_near_1970_are_times_of_day_everywhere),
		TEST(in_ascii_nothing_else_is_drawn),
		TEST(no_sentence_of_the_detail_is_cut_off),
		TEST(the_first_refused_capture_speaks_for_all),
		TEST(every_width_has_room_for_two_interfaces_of_the_grid),
		TEST(the_same_events_give_the_same_screen_however_often_it_is_drawn),
		TEST(a_screen_says_when_an_age_changes_next),
		TEST(a_file_is_fetched_around_what_is_looked_at),
		TEST(a_filter_reads_the_whole_file),
		TEST(a_filter_reads_a_file_of_the_longest_frames),
		TEST(a_search_goes_through_the_whole_file_and_round),
		TEST(a_search_goes_through_a_file_of_the_longest_frames),
		TEST(a_file_shows_its_frames_and_their_detail_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
