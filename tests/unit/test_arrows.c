/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: frames as arrows: who has a column, whom an arrow reaches, what is said, and where. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdlib.h>

#include <arplab/screen.h>

#include "past.h"
#include "seen.h"

/* ---- columns ---- */

static struct event talk(uint8_t from, uint8_t to, unsigned op)
{
	struct event e = arp_frame(from, to, op, LAN_IP(from), LAN_IP(to));
	return e;
}

static void count(struct census *c, const struct model *m, uint8_t from, uint8_t to, int times)
{
	struct event e = talk(from, to, ARP_OP_REPLY);
	for (int i = 0; i < times; i++)
		census_take(c, m, &e);
}

static const char *name(const struct parties *p, const struct model *m, size_t column)
{
	static char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	party_name(&t, p, m, column, 15);
	return text_end(&t);
}

static void the_most_active_come_first_and_the_rest_share(void **state)
{
	struct model m;
	struct parties p = { 0 };
	struct census c = { 0 };
	(void)state;
	model_init(&m, 4096);
	count(&c, &m, 1, 2, 3);
	count(&c, &m, 3, 4, 9);
	count(&c, &m, 5, 4, 1);
	parties_choose(&p, &c, &m, 3);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.folded, 3);
	assert_int_equal(parties_columns(&p), 3);
	assert_string_equal(name(&p, &m, 0), "192.168.2.104");
	assert_string_equal(name(&p, &m, 1), "192.168.2.103");
	assert_string_equal(name(&p, &m, 2), "others");
	assert_int_not_equal(party_colour(&p, 0), party_colour(&p, 1));
	assert_int_equal(party_colour(&p, 2), 0);
	census_done(&c);
	model_done(&m);
}

static void a_column_stays_until_another_is_twice_as_active(void **state)
{
	struct model m;
	struct parties p = { 0 };
	struct census c = { 0 };
	(void)state;
	model_init(&m, 4096);
	count(&c, &m, 1, 2, 4);
	parties_choose(&p, &c, &m, 2);
	uint64_t first = p.list[0].id, second = p.list[1].id;
	c.count = 0;
	count(&c, &m, 1, 2, 5);
	count(&c, &m, 3, 3, 4);
	parties_choose(&p, &c, &m, 3);
	assert_true(p.list[0].id == first && p.list[1].id == second && p.count == 3);
	c.count = 0;
	count(&c, &m, 1, 2, 5);
	count(&c, &m, 4, 4, 4);
	parties_choose(&p, &c, &m, 3);
	assert_true(p.list[0].id == first && p.list[1].id == second);
	c.count = 0;
	count(&c, &m, 1, 2, 5);
	count(&c, &m, 4, 4, 11);
	parties_choose(&p, &c, &m, 2);
	assert_true(p.count == 1 && p.list[0].id != first && p.list[0].id != second);
	/* Who is silent keeps the place where there is room. */
	uint64_t third = p.list[0].id;
	c.count = 0;
	count(&c, &m, 1, 2, 5);
	parties_choose(&p, &c, &m, 4);
	assert_true(p.count == 3 && p.list[0].id == third && p.folded == 0);
	census_done(&c);
	model_done(&m);
}

static void an_address_of_several_names_none_of_them(void **state)
{
	struct model m;
	struct parties p = { 0 };
	struct census c = { 0 };
	(void)state;
	model_init(&m, 4096);
	for (uint8_t i = 1; i <= 2; i++) {
		struct event e = arp_frame(i, 3, ARP_OP_REPLY, VIP, LAN_IP(3));
		for (int k = 0; k < 5; k++)
			census_take(&c, &m, &e);
	}
	count(&c, &m, 1, 3, 1);
	parties_choose(&p, &c, &m, 8);
	assert_string_equal(name(&p, &m, 0), "192.168.2.103");
	assert_string_equal(name(&p, &m, 1), "192.168.2.101");
	/* The other is known by its MAC alone. */
	assert_string_equal(name(&p, &m, 2), "00:00:02");
	census_done(&c);
	model_done(&m);
}

static void machines_of_a_lab_stand_in_their_order(void **state)
{
	struct scene s;
	struct parties p = { 0 };
	struct census c = { 0 };
	(void)state;
	lab_scene(&s, 4);
	const struct model *lan = s.w.machines[0];
	parties_choose(&p, &c, lan, 8);
	assert_int_equal(p.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(name(&p, lan, i), ((const char *[]) { "a", "b", "c", "d" })[i]);
	assert_int_equal(parties_of_interface(&p, lan, 3, 2), 2);
	/* One of them lies down for another who talks; none of them is at the MAC of none. */
	c.count = 0;
	struct event e = talk(4, 9, ARP_OP_REPLY);
	e.node = 4;
	census_take(&c, lan, &e);
	parties_choose(&p, &c, lan, 3);
	assert_int_equal(p.count, 2);
	assert_string_equal(name(&p, lan, 1), "d");
	assert_int_equal(p.folded, 3);
	census_done(&c);
	past_close(&s);
}

/* ---- arrows ---- */

static void an_arrow_reaches_who_is_on_its_wire(void **state)
{
	struct model m;
	struct parties p = { 0 };
	struct census c = { 0 };
	struct arrow a;
	(void)state;
	model_init(&m, 4096);
	count(&c, &m, 1, 2, 2);
	struct event other = talk(3, 4, ARP_OP_REPLY);
	other.frame.ifindex = 7;
	census_take(&c, &m, &other);
	parties_choose(&p, &c, &m, 8);
	struct event e = talk(1, 0, ARP_OP_REQUEST);
	arrow_read(&p, &m, &e, false, &a);
	assert_int_equal(a.to, ARROW_ALL);
	int of[5] = { 0 };
	for (uint8_t i = 1; i <= 4; i++) {
		struct event sent_by = talk(i, 0, ARP_OP_REQUEST);
		struct arrow from;
		arrow_read(&p, &m, &sent_by, false, &from);
		of[i] = from.from;
	}
	assert_int_equal(a.from, of[1]);
	assert_int_equal(a.reach, 1u << of[1] | 1u << of[2]);
	/* Who was never counted is nobody. */
	e = talk(1, 9, ARP_OP_REPLY);
	arrow_read(&p, &m, &e, false, &a);
	assert_int_equal(a.to, ARROW_NOBODY);
	census_done(&c);
	model_done(&m);
}

static void in_a_lab_it_reaches_where_it_came(void **state)
{
	struct scene s;
	struct parties p = { 0 };
	struct census c = { 0 };
	struct arrow a;
	(void)state;
	lab_scene(&s, 3);
	struct model *lan = s.w.machines[0];
	parties_choose(&p, &c, lan, 8);
	struct event e = arp_frame(1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	e.flags = EVENT_SENT;
	say(&s, 1, 2 * NS_PER_S, e);
	e.flags = 0;
	say(&s, 3, 2 * NS_PER_S + US, e);
	arrow_read(&p, lan, frames_at(&lan->frames, 0), false, &a);
	assert_int_equal(a.from, 0);
	assert_int_equal(a.reach, 1u << 2);
	census_done(&c);
	past_close(&s);
}

static void says(const struct arrow *a, size_t form, const char *words)
{
	assert_string_equal(a->says[form], words);
}

static void it_says_as_much_as_there_is_room_for(void **state)
{
	struct scene s;
	struct parties p = { 0 };
	struct census c = { 0 };
	struct arrow a;
	(void)state;
	lab_scene(&s, 3);
	const struct model *lan = s.w.machines[0];
	parties_choose(&p, &c, lan, 8);
	struct event e = arp_frame(1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	e.node = 1;
	arrow_read(&p, lan, &e, true, &a);
	says(&a, 0, "who-has 192.168.2.102 tell 192.168.2.101");
	says(&a, 1, "who-has .102 tell .101");
	says(&a, 2, "who-has .102");
	says(&a, 3, ".102?");
	says(&a, 4, "");
	/* Under a name that is not its own: that is what counts. */
	e = arp_frame(1, 0, ARP_OP_REQUEST, VIP, LAN_IP(2));
	e.node = 1;
	arrow_read(&p, lan, &e, false, &a);
	says(&a, 0, "who-has .102 tell .200");
	says(&a, 1, ".102? tell .200");
	says(&a, 2, ".102?");
	e = arp_frame(2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	e.node = 2;
	arrow_read(&p, lan, &e, false, &a);
	says(&a, 0, ".200 is-at b");
	says(&a, 1, ".200");
	says(&a, 2, "");
	/* Of somebody else's MAC it is always said. */
	e.node = 3;
	arrow_read(&p, lan, &e, false, &a);
	says(&a, 0, ".200 is-at b");
	says(&a, 1, "");
	e = arp_frame(2, 0, ARP_OP_REQUEST, VIP, VIP);
	e.node = 2;
	arrow_read(&p, lan, &e, false, &a);
	says(&a, 0, ".200 announced at b");
	says(&a, 1, ".200 announced");
	says(&a, 2, ".200");
	e = arp_frame(2, 0, ARP_OP_REQUEST, 0, VIP);
	e.node = 2;
	arrow_read(&p, lan, &e, false, &a);
	says(&a, 0, "who-has .200 probe");
	says(&a, 1, "probe .200");
	says(&a, 2, ".200?");
	e.frame.caplen = 20;
	arrow_read(&p, lan, &e, false, &a);
	says(&a, 0, "ends before the ARP packet does");
	says(&a, 1, "broken");
	census_done(&c);
	past_close(&s);
}

/* ---- notes ---- */

static struct arrow_note note(int column, const char *whole, const char *brief)
{
	struct arrow_note n = { .column = column };
	text_copy(n.says[0], ARROW_TEXT, whole);
	text_copy(n.says[1], ARROW_TEXT, whole);
	text_copy(n.says[2], ARROW_TEXT, brief);
	return n;
}

static void notes_take_as_few_rows_as_they_can(void **state)
{
	struct parties p = { .count = 3 };
	struct arrows_grid g;
	(void)state;
	arrows_place(&p, (struct rect) { 0, 0, 10, 78 }, &g);
	const struct arrow_note apart[] = { note(0, "a note", "a"), note(2, "a note", "a") };
	assert_int_equal(arrow_notes_rows(&g, apart, 2), 1);
	assert_int_equal(arrow_notes_rows(&g, apart, 0), 0);
	const char *text = "a note that is far too long to stand before the next column";
	const struct arrow_note longer[] = { note(0, text, "a"), note(1, "b", "b") };
	assert_int_equal(arrow_notes_rows(&g, longer, 2), 1);
	const struct arrow_note both[] = { note(1, text, text), note(1, "b", "b"),
		note(2, "c", "c") };
	assert_int_equal(arrow_notes_rows(&g, both, 3), 2);
}

/* ---- the pane ---- */

#define TEXT_SIZE (400 * 120 * 4)

struct seat {
	struct scene scene;
	struct screen s;
	struct canvas c;
	char text[TEXT_SIZE];
};

static const struct model *shown(struct seat *t)
{
	return t->scene.w.machines[0];
}

static void resize(struct seat *t, int rows, int columns)
{
	screen_resize(&t->s, rows, columns);
	canvas_resize(&t->c, rows, columns);
}

static struct seat *sit_down(uint16_t machines)
{
	struct seat *t = calloc(1, sizeof *t);
	assert_non_null(t);
	if (machines)
		lab_scene(&t->scene, machines);
	else
		host_scene(&t->scene);
	screen_init(&t->s);
	t->s.past = t->scene.p;
	t->s.lab.on = machines > 0;
	canvas_init(&t->c, 24, 80, false);
	resize(t, 24, 80);
	return t;
}

static void stand_up(struct seat *t)
{
	canvas_done(&t->c);
	screen_done(&t->s);
	past_close(&t->scene);
	free(t);
}

/* Draw and return the screen as text; no cell may hold what commands a terminal. */
static const char *look(struct seat *t)
{
	past_settle(t->scene.p, &t->scene.w);
	screen_update(&t->s, shown(t));
	screen_draw(&t->s, shown(t), &t->c);
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

static int line_of(struct seat *t, const char *words)
{
	return line_in(look(t), words);
}

/* 1 asks for 2's address, 2 answers and 1 learns. */
static void ask(struct seat *t, uint64_t at_ns)
{
	sent(&t->scene, at_ns, 1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	sent(&t->scene, at_ns + 80 * US, 2, 1, ARP_OP_REPLY, LAN_IP(2), LAN_IP(1));
	say(&t->scene, 1, at_ns + 90 * US, entry(LAN_IP(2), NUD_REACHABLE, 2));
}

static void a_ladder_is_opened_and_closed(void **state)
{
	struct seat *t = sit_down(3);
	(void)state;
	ask(t, 2 * NS_PER_S);
	shows(t, "ARP caches");
	screen_ladder(&t->s, shown(t));
	assert_int_equal(t->s.focus, PANE_FRAMES);
	shows(t, "Ladder  following");
	hides(t, "ARP caches");
	shows(t, "who-has .102");
	shows(t, "a: .102 → b");
	/* What is hidden has no keys. */
	for (int i = 0; i < 6; i++) {
		screen_cycle(&t->s, 1);
		look(t);
		assert_true(t->s.layout.panes[t->s.focus].rows > 2);
	}
	t->c.ascii = true;
	shows(t, "<-");
	for (const char *p = look(t); *p; p++)
		assert_true((unsigned char)*p < 0x80);
	t->c.ascii = false;
	screen_ladder(&t->s, shown(t));
	shows(t, "ARP caches");
	hides(t, "Ladder");
	stand_up(t);
}

static void the_selection_is_that_of_the_frames(void **state)
{
	struct seat *t = sit_down(3);
	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		ask(t, (2 + i) * NS_PER_S);
	screen_ladder(&t->s, shown(t));
	look(t);
	assert_int_equal(t->s.frames.selected, 39);
	for (uint64_t i = 39; i-- > 0;) {
		screen_move(&t->s, shown(t), -1);
		look(t);
		assert_int_equal(t->s.frames.selected, i);
		/* All of it is to be seen, and marked. */
		int marked = 0;
		for (int k = 0; k < t->c.rows; k++)
			marked += t->c.cells[k * t->c.columns + 2].select;
		assert_true(marked >= 1);
	}
	assert_false(t->s.frames.follow);
	shows(t, "paused");
	/* A click on a row, on what stands under it, and on the names. */
	int row = line_of(t, "is-at b");
	assert_true(screen_click(&t->s, shown(t), row, 20));
	assert_int_equal(t->s.frames.selected, 1);
	screen_click(&t->s, shown(t), row - 1, 20);
	assert_int_equal(t->s.frames.selected, 0);
	screen_click(&t->s, shown(t), row + 1, 20);
	assert_int_equal(t->s.frames.selected, 1);
	screen_click(&t->s, shown(t), 2, 20);
	assert_int_equal(t->s.frames.selected, 1);
	screen_move(&t->s, shown(t), LONG_MAX);
	assert_true(t->s.frames.follow);
	/* Filters apply. */
	assert_null(screen_filter(&t->s, shown(t), "is-at"));
	hides(t, "who-has .102");
	shows(t, "is-at b");
	stand_up(t);
}

static void the_lesson_keeps_the_keys(void **state)
{
	struct seat *t = sit_down(3);
	(void)state;
	screen_focus(&t->s, PANE_LESSON);
	screen_ladder(&t->s, shown(t));
	look(t);
	assert_int_equal(t->s.focus, PANE_LESSON);
	shows(t, "No ARP frame yet.");
	screen_ladder(&t->s, shown(t));
	assert_int_equal(t->s.focus, PANE_LESSON);
	stand_up(t);
}

static void a_flip_and_a_silence_are_told(void **state)
{
	struct seat *t = sit_down(3);
	(void)state;
	screen_ladder(&t->s, shown(t));
	ask(t, 2 * NS_PER_S);
	sent(&t->scene, 4 * NS_PER_S, 3, 1, ARP_OP_REPLY, LAN_IP(2), LAN_IP(1));
	say(&t->scene, 1, 4 * NS_PER_S + 50 * US, entry(LAN_IP(2), NUD_REACHABLE, 3));
	shows(t, "a: .102 → c (was b)");
	/* With arp_ignore 8 nobody answers, and it is said why. */
	say(&t->scene, 2, 5 * NS_PER_S, make_sysctl(CONF_ALL, "arp_ignore", 8));
	past_settle(t->scene.p, &t->scene.w);
	sent(&t->scene, 6 * NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	shows(t, "silent: arp_ignore 8");
	t->s.frames.no_verdicts = true;
	hides(t, "silent");
	stand_up(t);
}

/* ---- whatever comes, at every size ---- */

static void nothing_is_drawn_amiss(void **state)
{
	uint64_t seed = 7;
	(void)state;
	for (int lab = 0; lab <= 1; lab++) {
		struct seat *t = sit_down(lab ? 9 : 0);
		screen_ladder(&t->s, shown(t));
		for (uint64_t i = 0; i < 600; i++) {
			uint16_t from = (uint16_t)(rng_below(&seed, 9) + 1);
			struct event e = arp_frame(from, (uint16_t)rng_below(&seed, 10),
				rng_below(&seed, 4), ip4(192, 168, 2, rng_below(&seed, 256)),
				ip4(192, 168, 2, rng_below(&seed, 256)));
			if (i % 7 == 0)
				rng_bytes(&seed, e.frame.bytes, e.frame.caplen);
			if (i % 11 == 0) {
				e.frame.caplen = (uint16_t)rng_below(&seed, 42);
				e.size = (uint16_t)event_size(EVENT_FRAME, e.frame.caplen);
			}
			e.flags = lab ? EVENT_SENT : 0;
			say(&t->scene, lab ? from : 0, (2 + i / 100) * NS_PER_S + i * MS, e);
			if (i % 3)
				continue;
			if (i % 20 == 0)
				t->s.zoomed = !t->s.zoomed;
			t->c.ascii = i % 2;
			resize(t, (int)rng_below(&seed, 60) + 10, (int)rng_below(&seed, 200) + 20);
			screen_move(&t->s, shown(t), (long)rng_below(&seed, 40) - 20);
			screen_click(&t->s, shown(t), (int)rng_below(&seed, 60), 5);
			look(t);
			if (rng_below(&seed, 4) == 0)
				screen_ladder(&t->s, shown(t));
		}
		stand_up(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_active_come_first_and_the_rest_share),
		cmocka_unit_test(a_column_stays_until_another_is_twice_as_active),
		cmocka_unit_test(an_address_of_several_names_none_of_them),
		cmocka_unit_test(machines_of_a_lab_stand_in_their_order),
		cmocka_unit_test(an_arrow_reaches_who_is_on_its_wire),
		cmocka_unit_test(in_a_lab_it_reaches_where_it_came),
		cmocka_unit_test(it_says_as_much_as_there_is_room_for),
		cmocka_unit_test(notes_take_as_few_rows_as_they_can),
		cmocka_unit_test(a_ladder_is_opened_and_closed),
		cmocka_unit_test(the_selection_is_that_of_the_frames),
		cmocka_unit_test(the_lesson_keeps_the_keys),
		cmocka_unit_test(a_flip_and_a_silence_are_told),
		cmocka_unit_test(nothing_is_drawn_amiss),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
