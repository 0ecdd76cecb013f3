/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the screen of a lab keeps its machine, its place in the lesson and its memory. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <arplab/matrix.h>
#include <arplab/screen.h>
#include <arplab/utf8.h>

#include "seen.h"
#include "streams.h"

#define TEXT_SIZE (400 * 120 * 4)

/* ---- a lesson: prose, a question, something to do, a check of it, prose ---- */

static struct prose opening[] = { { PROSE_PARAGRAPH, 0, 0,
	(char[]) { "All three hold \x03"
		   "192.168.2.200\x03. The client asks who has it, and whoever answers first is "
		   "believed until somebody else is." } } };
static struct prose closing[] = { { PROSE_PARAGRAPH, 0, 0,
	(char[]) { "So much for the closing words." } } };
static struct prose reason[] = { { PROSE_PARAGRAPH, 0, 0, (char[]) { "Any local one will do." } } };
static struct choice choices[] = {
	{ (char[]) { "one" }, (char[]) { "Nothing tells the others to be silent." }, false },
	{ (char[]) { "three" }, (char[]) { "Each of them has it." }, true },
};
static struct order orders[] = { { .text = "flush client" }, { .text = "arping client .200" } };
static struct claim claims[] = { { .text = "replies .200 = 3" } };
static struct item items[] = {
	{ .kind = ITEM_PROSE, .prose = opening, .prose_count = 1 },
	{ .kind = ITEM_PREDICT,
		.text = (char[]) { "How many will answer?" },
		.choices = choices,
		.choice_count = 2 },
	{ .kind = ITEM_DO, .orders = orders, .order_count = 2 },
	{ .kind = ITEM_CHECK, .claims = claims, .claim_count = 1 },
	{ .kind = ITEM_PROSE, .prose = closing, .prose_count = 1 },
	{ .kind = ITEM_WHY, .prose = reason, .prose_count = 1 },
};
static struct step steps[] = {
	{ .title = (char[]) { "One address" }, .items = items, .item_count = 6 },
	{ .title = (char[]) { "Again" }, .items = items, .item_count = 6 },
};
static struct lesson lesson = {
	.id = "06-answers", .title = (char[]) { "Who may answer" }, .steps = steps, .step_count = 2
};

/* ---- a person before a lab ---- */

struct seat {
	struct world w;
	const struct model *m;
	struct screen s;
	struct canvas c;
	struct play p;
	struct menu_row menu[40];
	char text[TEXT_SIZE];
};

static struct seat seat;

static int sit_down(void **state)
{
	*state = &seat;
	world_init(&seat.w, 1 << 20);
	seat.m = seat.w.machines[0];
	screen_init(&seat.s);
	seat.s.lab.on = true;
	screen_resize(&seat.s, 24, 80);
	canvas_init(&seat.c, 24, 80, false);
	seat.p = (struct play) { .lesson = &lesson, .phase = PLAY_READY };
	memset(seat.p.chosen, -1, sizeof seat.p.chosen);
	return 0;
}

static int stand_up(void **state)
{
	(void)state;
	canvas_done(&seat.c);
	screen_done(&seat.s);
	world_done(&seat.w);
	return 0;
}

static void apply(struct seat *t, uint16_t node, struct event e)
{
	e.node = node;
	assert_int_equal(event_check(&e, sizeof e), e.size);
	world_apply(&t->w, &e);
}

static void resize(struct seat *t, int rows, int columns)
{
	screen_resize(&t->s, rows, columns);
	canvas_resize(&t->c, rows, columns);
}

static const char *look(struct seat *t)
{
	screen_update(&t->s, t->m);
	screen_draw(&t->s, t->m, &t->c);
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

/* ---- the lab of these tests: client, director, rs1, rs2 ---- */

static const char *const names[] = { "", "client", "director", "rs1", "rs2" };

#define VIP ip4(192, 168, 2, 200)
#define MAC(node) (UINT64_C(0x020000000000) + (node))

static struct event make_lab(enum lab_state state, uint32_t number)
{
	struct event e = make(EVENT_LAB, 1);
	e.lab.state = state;
	e.lab.number = number;
	return e;
}

static struct event make_node(uint16_t number, const char *name)
{
	struct event e = make(EVENT_NODE, 1);
	e.machine.number = number;
	text_copy(e.machine.name, sizeof e.machine.name, name);
	return e;
}

static void build_machine(struct seat *t, uint16_t node, const char *name)
{
	apply(t, node, make_node(node, name));
	for (enum event_table table = TABLE_LINKS; table < EVENT_TABLES; table++)
		apply(t, node, make_mark(table, false));
	/* No two machines number their interface alike. */
	int32_t eth0 = 10 + node;
	apply(t, node, make_link(1, "lo"));
	struct event link = make_link(eth0, "eth0");
	link.link.mac[5] = (uint8_t)node;
	apply(t, node, link);
	apply(t, node, make_addr(1, ip4(127, 0, 0, 1), 0));
	apply(t, node, make_addr(eth0, ip4(192, 168, 2, 100 + node), 0));
	if (node > 1)
		apply(t, node, make_addr(node == 2 ? eth0 : 1, VIP, 1));
	for (int32_t conf = CONF_DEFAULT; conf <= 1; conf++)
		apply(t, node, make_sysctl(conf, "arp_ignore", 0));
	apply(t, node, make_sysctl(eth0, "arp_ignore", 0));
	for (int32_t conf = CONF_DEFAULT; conf <= 1; conf++)
		apply(t, node, make_sysctl(conf, "arp_announce", 0));
	apply(t, node, make_sysctl(eth0, "arp_announce", 0));
	for (enum event_table table = TABLE_LINKS; table < EVENT_TABLES; table++)
		apply(t, node, make_mark(table, true));
}

static void build(struct seat *t, uint32_t number)
{
	apply(t, 0, make_lab(LAB_GONE, number));
	for (uint16_t node = 1; node <= 4; node++)
		build_machine(t, node, names[node]);
	apply(t, 0, make_lab(LAB_UP, number));
	screen_update(&t->s, t->m);
}

static void play(struct seat *t, enum play_phase phase, size_t item)
{
	t->p.phase = phase;
	t->p.item = item;
	t->s.lab.play = &t->p;
}

static void say(
	struct seat *t, uint64_t at_ns, uint16_t node, unsigned op, uint32_t sip, uint32_t tip)
{
	struct event e = make_frame(at_ns, at_ns, 10 + node, op, sip, tip);
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, (uint8_t)node };
	e.flags = EVENT_SENT;
	memcpy(e.frame.bytes + 6, mac, sizeof mac);
	memcpy(e.frame.bytes + 22, mac, sizeof mac);
	if (op == ARP_OP_REPLY) {
		memcpy(e.frame.bytes, mac, sizeof mac);
		e.frame.bytes[5] = 1;
	}
	apply(t, node, e);
}

/* ---- which machine ---- */

static void choosing_a_row_chooses_its_machine(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 24, 100);
	assert_int_equal(t->s.lab.node, 1);
	shows(t, "Sysctls of client");
	screen_focus(&t->s, PANE_LINKS);
	screen_move(&t->s, t->m, 1);
	assert_int_equal(t->s.lab.node, 2);
	shows(t, "Sysctls of director");
	screen_move(&t->s, t->m, LONG_MAX);
	assert_int_equal(t->s.lab.node, 4);
	shows(t, "Sysctls of rs2");
	screen_step_node(&t->s, t->m, 1);
	assert_int_equal(t->s.lab.node, 1);
	screen_step_node(&t->s, t->m, -1);
	assert_int_equal(t->s.lab.node, 4);
	screen_choose_node(&t->s, t->m, 9);
	assert_int_equal(t->s.lab.node, 4);
	screen_choose_node(&t->s, t->m, 0);
	assert_int_equal(t->s.lab.node, 4);
}

static void a_choice_outlives_the_lab_being_built_anew(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	screen_choose_node(&t->s, t->m, 3);
	t->s.grid.ifindex = 1; /* lo */
	look(t);
	build(t, 2);
	assert_int_equal(t->s.lab.node, 3);
	assert_int_equal(t->s.grid.ifindex, 1);
	t->s.grid.ifindex = 13; /* rs1's eth0 */
	look(t);
	screen_choose_node(&t->s, t->m, 2);
	assert_int_equal(t->s.grid.ifindex, 12);
	assert_string_equal(t->s.message, "");
}

static void the_column_goes_round_the_one_that_is_hidden(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 24, 100);
	look(t);
	screen_focus(&t->s, PANE_SYSCTLS);
	t->s.grid.ifindex = CONF_ALL;
	look(t);
	hides(t, "def");
	screen_side(&t->s, t->m, 1);
	assert_int_equal(t->s.grid.ifindex, 11);
	screen_side(&t->s, t->m, -1);
	assert_int_equal(t->s.grid.ifindex, CONF_ALL);
	screen_side(&t->s, t->m, -1);
	assert_int_equal(t->s.grid.ifindex, CONF_ALL);
	screen_side(&t->s, t->m, 1);
	screen_side(&t->s, t->m, 1);
	assert_int_equal(t->s.grid.ifindex, 1);
}

static void sysctls_that_are_not_0_are_told_in_short(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	hides(t, "ignore 0→");
	apply(t, 3, make_sysctl(CONF_ALL, "arp_ignore", 1));
	shows(t, "ignore 0→1 ");
	apply(t, 3, make_sysctl(13, "arp_ignore", 2));
	apply(t, 3, make_sysctl(13, "arp_announce", 2));
	shows(t, "ignore 2 announce 2 ");
	apply(t, 4, make_sysctl(1, "arp_announce", 2));
	shows(t, "lo announce 2 ");
	t->c.ascii = true;
	apply(t, 2, make_sysctl(CONF_ALL, "arp_ignore", 8));
	shows(t, "ignore 0>8 ");
	t->c.ascii = false;
}

/* Where the module ipip is loaded, every namespace has one, down and without a MAC. */
static void a_tunnel_that_nobody_uses_is_not_shown(void **state)
{
	struct seat *t = *state;
	struct event tunnel = make_link(20, "tunl0");
	memset(tunnel.link.mac, 0, sizeof tunnel.link.mac);
	tunnel.link.flags = IFF_NOARP;
	build(t, 1);
	resize(t, 40, 120);
	apply(t, 1, tunnel);
	hides(t, "tunl0 down");
	tunnel.link.flags |= IFF_UP;
	apply(t, 1, tunnel);
	shows(t, "tunl0 noarp");
}

static void tab_visits_what_is_there_and_nothing_else(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	play(t, PLAY_READY, 2);
	for (int detail = 0; detail <= 1; detail++)
		for (int alone = 0; alone <= 1; alone++)
			for (int i = 0; i < 12; i++) {
				t->s.lab.alone = alone;
				t->s.lab.detail = detail;
				look(t);
				screen_cycle(&t->s, i % 7 == 3 ? -1 : 1);
				look(t);
				struct rect r = t->s.layout.panes[t->s.focus];
				assert_true(r.rows > 2 && r.columns > 2);
				if (alone)
					assert_int_not_equal(t->s.focus, PANE_LESSON);
			}
	t->s.lab.alone = t->s.lab.detail = false;
	screen_focus(&t->s, PANE_DETAIL);
	assert_true(t->s.lab.detail);
	screen_focus(&t->s, PANE_SYSCTLS);
	assert_false(t->s.lab.detail);
}

/* ---- caches ---- */

static void believe(struct seat *t, uint64_t at_s, uint16_t node, uint16_t who)
{
	apply(t, node, make_neigh(at_s * NS_PER_S, 10 + node, VIP, NUD_REACHABLE, MAC(who)));
	screen_update(&t->s, t->m);
}

static void a_flip_is_shown_for_a_while(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	believe(t, 100, 1, 2);
	shows(t, "→ director  REACHABLE");
	hides(t, "was ");
	believe(t, 101, 1, 3);
	shows(t, "→ rs1     ! REACHABLE");
	shows(t, "was director");
	/* The screen knows by itself when that is over. */
	assert_true(t->s.next_age_ns <= 131 * NS_PER_S);
	world_set_time(&t->w, 130 * NS_PER_S);
	shows(t, "was director");
	assert_int_equal(t->s.next_age_ns, 131 * NS_PER_S);
	world_set_time(&t->w, 131 * NS_PER_S);
	hides(t, "was ");
	shows(t, "→ rs1       REACHABLE");
}

static void the_matrix_says_what_it_has_no_room_for(void **state)
{
	struct seat *t = *state;
	unsigned i = 1;
	build(t, 1);
	resize(t, 40, 120);
	t->s.lab.matrix = true;
	hides(t, "more address");
	for (; i < MATRIX_IPS; i++)
		apply(t, 1, make_neigh(NS_PER_S, 11, ip4(10, 0, 0, i), NUD_STALE, MAC(3)));
	shows(t, "61 more addresses");
	apply(t, 1, make_neigh(NS_PER_S, 11, ip4(10, 0, 0, i), NUD_STALE, MAC(3)));
	shows(t, "more than 64 addresses");
}

static void an_owner_is_remembered_through_failure_but_not_into_the_next_lab(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	believe(t, 100, 1, 2);
	struct event failed = make_neigh(101 * NS_PER_S, 11, VIP, NUD_FAILED, 0);
	failed.neigh.mac_len = 0;
	apply(t, 1, failed);
	hides(t, "was ");
	apply(t, 1, gone(failed));
	shows(t, "client   (empty)");
	believe(t, 102, 1, 4);
	shows(t, "was director");
	build(t, 2);
	believe(t, 103, 1, 3);
	hides(t, "was ");
}

static void caches_are_searched_and_filtered_by_machine(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	believe(t, 100, 1, 2);
	apply(t, 3, make_neigh(NS_PER_S, 13, ip4(192, 168, 2, 101), NUD_STALE, MAC(1)));
	apply(t, 4, make_neigh(NS_PER_S, 14, ip4(192, 168, 2, 9), NUD_STALE, 0xaabbccddee01));
	look(t);
	screen_focus(&t->s, PANE_CACHE);
	assert_null(filter_set(&t->s.search, "at director"));
	assert_true(screen_search(&t->s, t->m, 1));
	assert_int_equal(t->s.caches.chosen.node, 1);
	assert_int_equal(t->s.cache.ip, VIP);
	assert_non_null(screen_neigh(&t->s, t->m));
	assert_null(screen_filter(&t->s, t->m, "rs2"));
	assert_int_equal(screen_row_count(&t->s, t->m), 1);
	shows(t, "dd:ee:01");
	assert_int_equal(screen_neigh(&t->s, t->m)->ip, ip4(192, 168, 2, 9));
	assert_null(screen_filter(&t->s, t->m, ""));
	assert_int_equal(screen_row_count(&t->s, t->m), 4);
}

/* ---- the LAN ---- */

static void frames_are_told_as_a_conversation(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	say(t, 100 * NS_PER_S, 1, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	say(t, 100 * NS_PER_S + 84000, 3, ARP_OP_REPLY, VIP, ip4(192, 168, 2, 101));
	shows(t, "0.000000 ? client→all .200 tell .101");
	shows(t, "0.000084 ! rs1→client .200 is-at rs1");
	screen_focus(&t->s, PANE_FRAMES);
	assert_int_equal(screen_row_count(&t->s, t->m), 2);
	assert_null(screen_filter(&t->s, t->m, "from rs1 to client"));
	assert_int_equal(screen_row_count(&t->s, t->m), 1);
	assert_int_equal(screen_frame(&t->s, t->m)->node, 3);
	/* One colour for one machine, whatever it says. */
	look(t);
	for (int i = 0; i < t->c.rows * t->c.columns; i++)
		assert_true(t->c.cells[i].host <= 4);
}

static void time_begins_anew_with_a_step_and_with_a_lab(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	play(t, PLAY_READY, 2);
	say(t, 100 * NS_PER_S, 1, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	look(t);
	say(t, 101 * NS_PER_S, 1, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	look(t);
	t->p.step = 1;
	/* Until the step has a frame of its own, those before are counted as they were. */
	shows(t, " 1.000000 ? client");
	say(t, 107 * NS_PER_S, 1, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	shows(t, "-7.000000 ? client");
	shows(t, " 0.000000 ? client");
	screen_focus(&t->s, PANE_FRAMES);
	assert_null(screen_filter(&t->s, t->m, "client"));
	build(t, 2);
	assert_int_equal(screen_row_count(&t->s, t->m), 0);
	say(t, 200 * NS_PER_S, 1, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	shows(t, " 0.000000 ? client");
	hides(t, "-7.0");
	assert_int_equal(screen_row_count(&t->s, t->m), 1);
}

static void alone_a_machine_shows_its_own(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	say(t, 100 * NS_PER_S, 1, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	struct event heard =
		make_frame(NS_PER_S, 9, 13, ARP_OP_REQUEST, ip4(192, 168, 2, 101), VIP);
	apply(t, 3, heard);
	say(t, 101 * NS_PER_S, 3, ARP_OP_REPLY, VIP, ip4(192, 168, 2, 101));
	screen_choose_node(&t->s, t->m, 3);
	screen_focus(&t->s, PANE_FRAMES);
	assert_int_equal(screen_row_count(&t->s, t->m), 2);
	t->s.lab.alone = true;
	shows(t, "rs1 alone");
	shows(t, "Interfaces of rs1");
	shows(t, "← ? .2.200 tell .2.101");
	shows(t, "→ ! .2.200 is-at me");
	assert_int_equal(screen_row_count(&t->s, t->m), 2);
	screen_choose_node(&t->s, t->m, 2);
	shows(t, "No ARP frame yet.");
	t->s.lab.alone = false;
	shows(t, "on the LAN");
}

/* ---- the lesson ---- */

static void the_reply_waits_until_the_answer_was_seen(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 50, 100);
	play(t, PLAY_PREDICT, 1);
	shows(t, "? How many will answer?");
	hides(t, "arping");
	t->p.chosen[1] = 0;
	play(t, PLAY_READY, 2);
	shows(t, ": arping client .200");
	hides(t, "silent");
	hides(t, "✓");
	play(t, PLAY_LOOKING, 3);
	t->p.check_item = 3;
	t->p.checks = 1;
	t->p.claim_count = 1;
	t->p.claims[0].holds = false;
	text_copy(t->p.claims[0].seen, sizeof t->p.claims[0].seen, "nobody answered");
	shows(t, "○ replies .200 = 3  nobody answered");
	play(t, PLAY_TASK, 3);
	shows(t, "✗ replies .200 = 3  nobody answered");
	hides(t, "silent");
	t->p.claims[0].holds = true;
	text_copy(t->p.claims[0].seen, sizeof t->p.claims[0].seen, "three answered");
	play(t, PLAY_STEP_DONE, 6);
	shows(t, "✓ replies .200 = 3  three answered");
	shows(t, "✗ one: Nothing tells the others to be silent.");
	shows(t, "✗ 1 one");
	shows(t, "✓ 2 three");
	shows(t, "closing words");
	t->s.lab.present = true;
	hides(t, "silent");
	hides(t, "✗");
	hides(t, "✓ 2 three");
	shows(t, "closing words");
}

static void arrows_choose_while_a_question_is_open(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	play(t, PLAY_PREDICT, 1);
	look(t);
	screen_focus(&t->s, PANE_LESSON);
	screen_move(&t->s, t->m, -1);
	assert_int_equal(t->s.lab.choice, 0);
	screen_move(&t->s, t->m, 1);
	assert_int_equal(t->s.lab.choice, 1);
	screen_move(&t->s, t->m, 1);
	assert_int_equal(t->s.lab.choice, 2);
	screen_move(&t->s, t->m, 1);
	assert_int_equal(t->s.lab.choice, 2);
	screen_move(&t->s, t->m, -1);
	assert_int_equal(t->s.lab.choice, 1);
	/* Another question is not answered by what was chosen for this one. */
	play(t, PLAY_READY, 2);
	look(t);
	assert_int_equal(t->s.lab.choice, 0);
}

/* Where a text stands on the screen. */
static void find(struct seat *t, const char *words, int *ret_row, int *ret_column)
{
	*ret_row = 0;
	look(t);
	for (char *line = strtok(t->text, "\n"); line; line = strtok(NULL, "\n"), ++*ret_row) {
		char *at = strstr(line, words);
		if (!at)
			continue;
		*at = '\0';
		*ret_column = (int)utf8_width(line);
		return;
	}
	fail_msg("'%s' is not on the screen", words);
}

static void a_click_finds_the_prediction_below_it(void **state)
{
	struct seat *t = *state;
	int row = 0, column = 0;
	build(t, 1);
	resize(t, 40, 120);
	play(t, PLAY_PREDICT, 1);
	look(t);
	find(t, "2 three", &row, &column);
	assert_int_equal(screen_choice_at(&t->s, t->m, row, column + 3), 2);
	assert_int_equal(screen_choice_at(&t->s, t->m, row, column - 4), 1);
	assert_int_equal(screen_choice_at(&t->s, t->m, row, column + 30), 0);
	assert_int_equal(screen_choice_at(&t->s, t->m, row + 1, column), 0);
	assert_int_equal(screen_choice_at(&t->s, t->m, 0, 0), 0);
	play(t, PLAY_READY, 2);
	look(t);
	assert_int_equal(screen_choice_at(&t->s, t->m, row, column), 0);
}

static void the_score_does_not_tell_before_the_kernel(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	t->p.chosen[1] = 0;
	t->p.steps[0].predictions = 1;
	play(t, PLAY_READY, 2);
	shows(t, "predicted");
	hides(t, "predictions");
	play(t, PLAY_STEP_DONE, 6);
	shows(t, "predictions 0/1");
}

static void a_step_that_was_left_out_is_under_way_again(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	t->p.steps[0].outcome = STEP_SKIPPED;
	play(t, PLAY_PREDICT, 1);
	shows(t, "step 1/2 ◐○");
	play(t, PLAY_SKIPPED, 0);
	shows(t, "step 1/2 –○");
	t->p.steps[0].outcome = STEP_NEW;
}

static void free_play_is_seen(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	play(t, PLAY_PREDICT, 1);
	hides(t, "Free play");
	t->s.lab.free = true;
	shows(t, "free play");
	shows(t, "Free play: nothing is judged.");
	hides(t, "to predict");
	t->s.lab.free = false;
}

static void a_recording_asks_for_nothing(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 40, 120);
	play(t, PLAY_PREDICT, 1);
	shows(t, "Press 1 to");
	text_copy(t->s.replay, sizeof t->s.replay, "0.00/1.00");
	shows(t, "? How many will answer?");
	hides(t, "Press 1 to");
	play(t, PLAY_READY, 2);
	hides(t, "Enter: ");
	t->s.replay[0] = '\0';
	shows(t, "Enter: ");
}

/* Who acts has read on to the end; the result shall not send the eyes back to the beginning. */
static void an_act_keeps_the_end_in_sight(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 18, 60);
	screen_focus(&t->s, PANE_LESSON);
	play(t, PLAY_TASK, 3);
	shows(t, "more below");
	screen_follow_lesson(&t->s);
	shows(t, "more above");
	hides(t, "below");
	play(t, PLAY_LOOKING, 3);
	hides(t, "below");
}

static void nobody_chooses_what_is_not_in_sight(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 18, 60);
	screen_focus(&t->s, PANE_LESSON);
	play(t, PLAY_PREDICT, 1);
	shows(t, "more below");
	for (int i = 0; i < 20 && t->s.lab.choice < 2; i++) {
		screen_move(&t->s, t->m, 1);
		look(t);
	}
	shows(t, "2 three");
	assert_int_equal(t->s.lab.choice, 2);
	screen_move(&t->s, t->m, -1);
	screen_move(&t->s, t->m, -1);
	assert_int_equal(t->s.lab.choice, 1);
	shows(t, "more below");
}

static void the_eyes_follow_what_is_new_until_a_hand_scrolls(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	resize(t, 18, 60);
	play(t, PLAY_PREDICT, 1);
	screen_focus(&t->s, PANE_LESSON);
	/* At first from the beginning, even where the question has no room. */
	shows(t, "All three hold");
	assert_int_equal(t->s.lab.lesson_top, 0);
	t->p.chosen[1] = 1;
	play(t, PLAY_READY, 2);
	shows(t, ": arping client .200");
	size_t end = t->s.lab.lesson_top;
	assert_true(end > 0);
	screen_move(&t->s, t->m, LONG_MIN);
	shows(t, "All three hold");
	shows(t, "more below");
	assert_false(t->s.lab.lesson_follow);
	screen_move(&t->s, t->m, 2);
	look(t);
	assert_int_equal(t->s.lab.lesson_top, 2);
	play(t, PLAY_STEP_DONE, 6);
	look(t);
	assert_true(t->s.lab.lesson_follow);
	assert_true(t->s.lab.lesson_top > end);
	screen_move(&t->s, t->m, LONG_MIN);
	look(t);
	t->p.step = 1;
	play(t, PLAY_PREDICT, 1);
	memset(t->p.chosen, -1, sizeof t->p.chosen);
	look(t);
	assert_int_equal(t->s.lab.lesson_top, 0);
	assert_true(t->s.lab.lesson_follow);
}

static void a_step_is_read_from_its_beginning_though_the_lab_is_built_first(void **state)
{
	struct seat *t = *state;
	screen_focus(&t->s, PANE_LESSON);
	play(t, PLAY_BUILDING, 0);
	shows(t, "The lab is being built.");
	resize(t, 18, 60);
	look(t);
	build(t, 1);
	play(t, PLAY_PREDICT, 1);
	shows(t, "All three hold");
	assert_int_equal(t->s.lab.lesson_top, 0);
}

static void the_lesson_has_the_keys_again_after_a_look_at_one_machine(void **state)
{
	struct seat *t = *state;
	build(t, 1);
	play(t, PLAY_READY, 2);
	screen_focus(&t->s, PANE_LESSON);
	t->s.lab.alone = true;
	look(t);
	assert_int_equal(t->s.focus, PANE_SYSCTLS);
	screen_cycle(&t->s, 1);
	look(t);
	t->s.lab.alone = false;
	look(t);
	assert_int_equal(t->s.focus, PANE_LESSON);
}

static void a_search_finds_words_of_the_lesson(void **state)
{
	struct seat *t = *state;
	size_t count;
	build(t, 1);
	resize(t, 18, 60);
	t->p.chosen[1] = 1;
	play(t, PLAY_STEP_DONE, 6);
	screen_focus(&t->s, PANE_LESSON);
	look(t);
	screen_move(&t->s, t->m, LONG_MIN);
	look(t);
	assert_null(filter_set(&t->s.search, "closing"));
	assert_true(screen_search_count(&t->s, t->m, &count));
	assert_int_equal(count, 1);
	hides(t, "closing words");
	assert_true(screen_search(&t->s, t->m, 1));
	shows(t, "closing words");
	bool marked = false;
	for (int i = 0; i < t->c.rows * t->c.columns; i++)
		marked |= t->c.cells[i].role == ROLE_MATCH;
	assert_true(marked);
	assert_null(filter_set(&t->s.search, "nowhere"));
	assert_false(screen_search(&t->s, t->m, 1));
}

static void the_menu_has_the_screen_until_a_lab_is_there(void **state)
{
	struct seat *t = *state;
	for (size_t i = 0; i < 40; i++)
		t->menu[i] = (struct menu_row) { .id = "07-x",
			.title = i == 30 ? "The thirty-first" : "A title",
			.summary = "What it is about.",
			.minutes = 5,
			.steps = 4,
			.steps_done = i % 5 };
	t->s.lab.menu = t->menu;
	t->s.lab.menu_count = 40;
	shows(t, "Lessons  40");
	hides(t, "Machines");
	assert_int_equal(t->s.focus, PANE_LESSON);
	screen_move(&t->s, t->m, 1);
	screen_move(&t->s, t->m, screen_page(&t->s));
	assert_true(t->s.lab.menu_place.row > 10);
	assert_null(filter_set(&t->s.search, "thirty-first"));
	assert_true(screen_search(&t->s, t->m, 1));
	assert_int_equal(t->s.lab.menu_place.row, 30);
	shows(t, "The thirty-first");
	assert_true(screen_click(&t->s, t->m, 2, 10));
	assert_int_equal(t->s.lab.menu_place.row, t->s.lab.menu_place.top);
	screen_wheel(&t->s, t->m, 5, 10, 3);
	assert_int_equal(t->s.lab.menu_place.row, t->s.lab.menu_place.top + 3);
	build(t, 1);
	shows(t, "Machines  4");
	shows(t, "Lessons  40");
}

/* Whatever is shown, at whatever size, nothing breaks. */
static void every_size_and_state_can_be_drawn(void **state)
{
	struct seat *t = *state;
	uint64_t seed = 91;
	build(t, 1);
	for (int i = 0; i < 1500; i++) {
		struct lab_view *lab = &t->s.lab;
		resize(t, 10 + (int)rng_below(&seed, 60), 40 + (int)rng_below(&seed, 160));
		lab->alone = rng_below(&seed, 4) == 0;
		lab->present = rng_below(&seed, 3) == 0;
		lab->detail = rng_below(&seed, 2);
		lab->matrix = rng_below(&seed, 2);
		t->s.frames.ladder.on = rng_below(&seed, 2);
		t->s.zoomed = rng_below(&seed, 5) == 0;
		t->c.ascii = rng_below(&seed, 4) == 0;
		t->p.step = rng_below(&seed, 2);
		t->p.chosen[1] = (int8_t)((int)rng_below(&seed, 3) - 1);
		play(t, (enum play_phase)rng_below(&seed, PLAY_SKIPPED + 1), rng_below(&seed, 7));
		if (rng_below(&seed, 6) == 0)
			lab->play = NULL;
		if (rng_below(&seed, 50) == 0)
			build(t, (uint32_t)i);
		if (rng_below(&seed, 60) == 0)
			apply(t, 0, make_lab(LAB_GONE, 1));
		else if (t->w.count)
			say(t, NS_PER_S + (uint64_t)i, (uint16_t)(1 + rng_below(&seed, 4)),
				1 + rng_below(&seed, 2), VIP, ip4(10, 0, 0, 1));
		if (t->w.count)
			believe(t, 1 + (uint64_t)i / 100, (uint16_t)(1 + rng_below(&seed, 4)),
				(uint16_t)(1 + rng_below(&seed, 4)));
		look(t);
		screen_cycle(&t->s, 1);
		screen_move(&t->s, t->m, (long)rng_below(&seed, 9) - 4);
		screen_click(&t->s, t->m, (int)rng_below(&seed, 70), (int)rng_below(&seed, 200));
		screen_step_node(&t->s, t->m, 1);
		screen_side(&t->s, t->m, (int)rng_below(&seed, 3) - 1);
		look(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, sit_down, stand_up)
		CASE(choosing_a_row_chooses_its_machine),
		CASE(a_choice_outlives_the_lab_being_built_anew),
		CASE(the_column_goes_round_the_one_that_is_hidden),
		CASE(sysctls_that_are_not_0_are_told_in_short),
		CASE(a_tunnel_that_nobody_uses_is_not_shown),
		CASE(tab_visits_what_is_there_and_nothing_else),
		CASE(a_flip_is_shown_for_a_while),
		CASE(the_matrix_says_what_it_has_no_room_for),
		CASE(an_owner_is_remembered_through_failure_but_not_into_the_next_lab),
		CASE(caches_are_searched_and_filtered_by_machine),
		CASE(frames_are_told_as_a_conversation),
		CASE(time_begins_anew_with_a_step_and_with_a_lab),
		CASE(alone_a_machine_shows_its_own),
		CASE(the_reply_waits_until_the_answer_was_seen),
		CASE(arrows_choose_while_a_question_is_open),
		CASE(a_click_finds_the_prediction_below_it),
		CASE(the_score_does_not_tell_before_the_kernel),
		CASE(a_step_that_was_left_out_is_under_way_again),
		CASE(free_play_is_seen),
		CASE(a_recording_asks_for_nothing),
		CASE(an_act_keeps_the_end_in_sight),
		CASE(nobody_chooses_what_is_not_in_sight),
		CASE(the_eyes_follow_what_is_new_until_a_hand_scrolls),
		CASE(a_step_is_read_from_its_beginning_though_the_lab_is_built_first),
		CASE(the_lesson_has_the_keys_again_after_a_look_at_one_machine),
		CASE(a_search_finds_words_of_the_lesson),
		CASE(the_menu_has_the_screen_until_a_lab_is_there),
		CASE(every_size_and_state_can_be_drawn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
