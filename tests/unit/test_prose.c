/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a lesson's prose loses no word at any width, and its marks become roles. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/utf8.h>

#include "../../src/view/prose.h"
#include "../../src/view/wrap.h"
#include "streams.h"

#define ROWS 40
#define COLUMNS 60

struct sheet {
	struct canvas c;
	struct lines l;
	char text[ROWS * COLUMNS * 4];
};

static struct sheet sheet;

static struct lines *fresh(int columns)
{
	canvas_done(&sheet.c);
	canvas_init(&sheet.c, ROWS, COLUMNS, false);
	sheet.l = (struct lines) { &sheet.c, { 0, 0, ROWS, columns }, 0 };
	return &sheet.l;
}

/* The rows that were taken, each with its line feed. */
static void assert_sheet(const char *wanted)
{
	canvas_text(&sheet.c, sheet.text, sizeof sheet.text);
	size_t len = strlen(sheet.text);
	while (len > 1 && sheet.text[len - 2] == '\n')
		sheet.text[--len] = '\0';
	assert_string_equal(sheet.text, wanted);
	int rows = 0;
	for (const char *p = wanted; *p; p++)
		rows += *p == '\n';
	assert_int_equal(sheet.l.row, rows);
}

static enum role role_at(int row, int column)
{
	return (enum role)sheet.c.cells[row * COLUMNS + column].role;
}

static int stand_up(void **state)
{
	(void)state;
	canvas_done(&sheet.c);
	return 0;
}

static void marks_take_no_cell_and_become_roles(void **state)
{
	(void)state;
	prose_led(fresh(30), ROLE_TEXT, "", ROLE_TEXT,
		"a \x01"
		"bc\x01 \x02"
		"de\x02 \x03"
		"fg\x03 h");
	assert_sheet("a bc de fg h\n");
	assert_int_equal(role_at(0, 0), ROLE_TEXT);
	assert_int_equal(role_at(0, 2), ROLE_STRONG);
	assert_int_equal(role_at(0, 5), ROLE_EM);
	assert_int_equal(role_at(0, 8), ROLE_CODE);
	assert_int_equal(role_at(0, 11), ROLE_TEXT);
}

/* A mark that is open at the end of a line is open in the next one. */
static void a_mark_goes_on_over_the_end_of_a_line(void **state)
{
	(void)state;
	prose_led(fresh(7), ROLE_TEXT, "", ROLE_DIM, "one \x01two three\x01 four");
	assert_sheet("one two\nthree\nfour\n");
	assert_int_equal(role_at(0, 0), ROLE_DIM);
	assert_int_equal(role_at(0, 6), ROLE_STRONG);
	assert_int_equal(role_at(1, 4), ROLE_STRONG);
	assert_int_equal(role_at(2, 0), ROLE_DIM);
	prose_led(fresh(3), ROLE_TEXT, "", ROLE_TEXT,
		"\x03"
		"ab\x03 \x01"
		"cd\x01");
	assert_sheet("ab\ncd\n");
	assert_int_equal(role_at(1, 0), ROLE_STRONG);
}

static void lines_behind_the_first_begin_under_the_text(void **state)
{
	(void)state;
	struct lines *l = fresh(12);
	prose_led(l, ROLE_DIM, "12. ", ROLE_TEXT, "one two three");
	prose_led(l, ROLE_DIM, "✓ ", ROLE_TEXT, "four");
	assert_sheet("12. one two\n    three\n✓ four\n");
	assert_int_equal(role_at(0, 0), ROLE_DIM);
	assert_int_equal(role_at(1, 4), ROLE_TEXT);
}

static void every_kind_of_block_has_its_form(void **state)
{
	(void)state;
	struct prose p[] = {
		{ PROSE_PARAGRAPH, 0, 0, (char[]) { "Say it." } },
		{ PROSE_ITEM, 0, 0, (char[]) { "first thing" } },
		{ PROSE_ITEM, 1, 0, (char[]) { "inner" } },
		{ PROSE_ITEM, 0, 2, (char[]) { "second" } },
		{ PROSE_LISTING, 0, 0, (char[]) { "ip neigh\n\nip addr show dev eth0\n" } },
		{ PROSE_QUOTE, 0, 0, (char[]) { "what was said there" } },
		{ PROSE_HEADING, 0, 0, (char[]) { "Further" } },
	};
	prose_blocks(fresh(14), p, sizeof p / sizeof *p, false);
	assert_sheet("Say it.\n"
		     "\n"
		     "• first thing\n"
		     "  • inner\n"
		     "2. second\n"
		     "\n"
		     "  ip neigh\n"
		     "\n"
		     "  ip addr show\n"
		     "  dev eth0\n"
		     "\n"
		     "│ what was\n"
		     "│ said there\n"
		     "\n"
		     "Further\n");
	prose_blocks(fresh(14), p + 1, 3, true);
	assert_sheet("• first thing\n\n  • inner\n\n2. second\n");
}

static void wide_characters_break_between_each_other(void **state)
{
	(void)state;
	prose_led(fresh(6), ROLE_TEXT, "", ROLE_TEXT,
		"\x01"
		"谁拥有\x01 192 这个地址");
	assert_sheet("谁拥有\n192 这\n个地址\n");
	assert_int_equal(role_at(0, 4), ROLE_STRONG);
	assert_int_equal(role_at(1, 0), ROLE_TEXT);
}

/* Without blanks and marks, what is drawn is what was written, at every width. */
static void no_character_is_lost_at_any_width(void **state)
{
	static const char *const pieces[] = { "a", "bc", " ", " ", "  ", "\x01", "\x02", "\x03",
		"名", "，", "-", "\n", "longword", "é" };
	uint64_t seed = 77;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[200] = "", wanted[200], got[ROWS * COLUMNS * 4];
		for (unsigned i = rng_below(&seed, 24); i > 0; i--)
			strcat(text, pieces[rng_below(&seed, sizeof pieces / sizeof *pieces)]);
		size_t w = 0, g = 0;
		for (const char *s = text; *s; s++)
			if (*s != ' ' && *s != '\n' && !is_mark(*s))
				wanted[w++] = *s;
		wanted[w] = '\0';
		int columns = 2 + (int)rng_below(&seed, COLUMNS - 2);
		/* The sheet has rows for all but the narrowest. */
		if (columns < 8)
			text[60] = '\0';
		prose_led(fresh(columns), ROLE_TEXT, "", ROLE_TEXT, text);
		canvas_text(&sheet.c, got, sizeof got);
		for (const char *s = got; *s; s++)
			if (*s != ' ' && *s != '\n')
				got[g++] = *s;
		got[g] = '\0';
		if (sheet.l.row <= ROWS && columns >= 8)
			assert_string_equal(got, wanted);
		for (int row = 0; row < ROWS; row++)
			for (int k = columns; k < COLUMNS; k++)
				assert_int_equal(sheet.c.cells[row * COLUMNS + k].c, ' ');
	}
}

/* What is no mark, and commands a terminal, is shown as a character that cannot be shown. */
static void control_characters_do_not_reach_the_screen(void **state)
{
	(void)state;
	prose_led(fresh(20), ROLE_TEXT, "", ROLE_TEXT, "a\x1b[2Jb\x04");
	assert_sheet("a\xef\xbf\xbd[2Jb\xef\xbf\xbd\n");
	fresh(20);
	assert_int_equal(canvas_wrap(&sheet.c, (struct rect) { 0, 0, 2, 20 }, ROLE_TEXT,
				 "a\x01"
				 "b"),
		1);
	assert_int_equal(sheet.c.cells[1].c, 0xfffd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_take_no_cell_and_become_roles),
		cmocka_unit_test(a_mark_goes_on_over_the_end_of_a_line),
		cmocka_unit_test(lines_behind_the_first_begin_under_the_text),
		cmocka_unit_test(every_kind_of_block_has_its_form),
		cmocka_unit_test(wide_characters_break_between_each_other),
		cmocka_unit_test(no_character_is_lost_at_any_width),
		cmocka_unit_test(control_characters_do_not_reach_the_screen),
	};
	return cmocka_run_group_tests(tests, NULL, stand_up);
}
