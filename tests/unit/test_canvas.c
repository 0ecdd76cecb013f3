/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a canvas shows what was drawn, inside its clip alone, and never half a character. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <arplab/canvas.h>
#include <arplab/theme.h>
#include <arplab/utf8.h>

static char screen[4096];

/* Compare the canvas with lines of text, and check that wide characters are whole. */
static void assert_canvas(const struct canvas *c, const char *wanted)
{
	size_t len = canvas_text(c, screen, sizeof screen);
	assert_int_equal(len, strlen(screen));
	assert_string_equal(screen, wanted);
	for (int row = 0; row < c->rows; row++) {
		const struct cell *cell = &c->cells[row * c->columns];
		for (int i = 0; i < c->columns; i++) {
			bool half = i > 0 && utf8_cells(cell[i - 1].c) == 2;
			assert_int_equal(cell[i].c == 0, half);
		}
	}
}

static struct canvas fresh(int rows, int columns)
{
	struct canvas c;
	canvas_init(&c, rows, columns, false);
	return c;
}

static void text_is_drawn_with_its_role_and_the_next_column_told(void **state)
{
	(void)state;
	struct canvas c = fresh(2, 10);
	assert_int_equal(canvas_put(&c, 1, 2, ROLE_GOOD, "ab名"), 6);
	assert_int_equal(canvas_printf(&c, 0, 0, ROLE_TEXT, "%d-%s", 7, "x"), 3);
	assert_canvas(&c, "7-x\n  ab名\n");
	assert_int_equal(c.cells[10 + 2].role, ROLE_GOOD);
	assert_int_equal(c.cells[10 + 1].role, ROLE_TEXT);
	canvas_done(&c);
}

static void what_lies_outside_is_not_drawn_but_counted(void **state)
{
	(void)state;
	struct canvas c = fresh(2, 5);
	assert_int_equal(canvas_put(&c, 0, 3, ROLE_TEXT, "abcd"), 7);
	assert_int_equal(canvas_put(&c, 1, -2, ROLE_TEXT, "wxyz"), 2);
	assert_int_equal(canvas_put(&c, 2, 0, ROLE_TEXT, "below"), 5);
	assert_int_equal(canvas_put(&c, -1, 0, ROLE_TEXT, "above"), 5);
	assert_canvas(&c, "   ab\nyz\n");
	canvas_done(&c);
}

static void half_a_wide_character_at_an_edge_is_blank(void **state)
{
	(void)state;
	struct canvas c = fresh(1, 4);
	canvas_put(&c, 0, 0, ROLE_TEXT, "xxxx");
	canvas_put(&c, 0, 3, ROLE_TEXT, "名");
	canvas_put(&c, 0, -1, ROLE_TEXT, "名");
	assert_canvas(&c, " xx\n");
	canvas_done(&c);
}

static void who_overwrites_half_a_wide_character_blanks_the_rest(void **state)
{
	(void)state;
	struct canvas c = fresh(1, 8);
	canvas_put(&c, 0, 0, ROLE_TEXT, "名字名字");
	canvas_put(&c, 0, 1, ROLE_TEXT, "a");
	assert_canvas(&c, " a字名字\n");
	canvas_put(&c, 0, 2, ROLE_TEXT, "b");
	assert_canvas(&c, " ab 名字\n");
	canvas_fill(&c, (struct rect) { 0, 5, 1, 2 }, ROLE_TEXT, '.');
	assert_canvas(&c, " ab  ..\n");
	canvas_put(&c, 0, 0, ROLE_TEXT, "名字名字");
	canvas_put(&c, 0, 1, ROLE_TEXT, "字");
	assert_canvas(&c, " 字 名字\n");
	canvas_done(&c);
}

static void a_clip_holds_every_kind_of_drawing(void **state)
{
	(void)state;
	struct canvas c = fresh(5, 8);
	struct rect whole = canvas_clip(&c, (struct rect) { 1, 2, 3, 4 });
	assert_int_equal(whole.rows, 5);
	struct rect far = { -50, -50, INT32_MAX, INT32_MAX };
	canvas_fill(&c, far, ROLE_DIM, '.');
	canvas_paint(&c, far, ROLE_BAD);
	canvas_select(&c, far);
	canvas_put(&c, 0, 0, ROLE_TEXT, "no");
	canvas_put(&c, 2, 0, ROLE_TEXT, "12345678");
	canvas_box(&c, (struct rect) { 0, 0, 5, 8 }, ROLE_BORDER, "title");
	canvas_wrap(&c, (struct rect) { 3, 0, 2, 8 }, ROLE_TEXT, "wrapped words");
	assert_canvas(&c, "\n  ....\n  3456\n  appe\n\n");
	for (int i = 0; i < 5 * 8; i++) {
		bool inside = i / 8 >= 1 && i / 8 < 4 && i % 8 >= 2 && i % 8 < 6;
		if (!inside)
			assert_int_equal(c.cells[i].select | c.cells[i].role, 0);
	}
	canvas_clip(&c, whole);
	canvas_put(&c, 0, 0, ROLE_TEXT, "yes");
	assert_int_equal(c.cells[0].c, 'y');
	canvas_done(&c);
}

static void a_clip_is_never_larger_than_the_canvas(void **state)
{
	(void)state;
	struct canvas c = fresh(2, 3);
	canvas_clip(&c, (struct rect) { -5, -5, 100, 100 });
	assert_memory_equal(&c.clip, (&(struct rect) { 0, 0, 2, 3 }), sizeof c.clip);
	canvas_clip(&c, (struct rect) { 7, 7, 2, 2 });
	assert_int_equal(c.clip.rows, 0);
	assert_int_equal(c.clip.columns, 0);
	canvas_put(&c, 0, 0, ROLE_TEXT, "abc");
	assert_canvas(&c, "\n\n");
	canvas_clip(&c, (struct rect) { 1, 1, INT32_MAX, INT32_MAX });
	canvas_put(&c, 1, 0, ROLE_TEXT, "abc");
	assert_canvas(&c, "\n bc\n");
	canvas_done(&c);
}

static void a_text_that_is_cut_ends_in_an_ellipsis(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int columns, end;
		const char *wanted;
	} cases[] = {
		{ "abcdef", 6, 6, "abcdef\n" },
		{ "abcdefg", 6, 6, "abcde…\n" },
		{ "abc", 1, 1, "…\n" },
		{ "abc", 0, 0, "\n" },
		{ "abc", -3, 0, "\n" },
		{ "名字名", 6, 6, "名字名\n" },
		{ "名字名", 5, 5, "名字…\n" },
		{ "名字名", 4, 3, "名…\n" },
		{ "", 4, 0, "\n" },
		{ "名", 1, 1, "…\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct canvas c = fresh(1, 10);
		int end = canvas_put_cut(&c, 0, 0, cases[i].columns, ROLE_TEXT, cases[i].text);
		assert_int_equal(end, cases[i].end);
		assert_canvas(&c, cases[i].wanted);
		canvas_done(&c);
	}
}

static void boxes_have_corners_and_a_title_that_fits(void **state)
{
	(void)state;
	struct canvas c = fresh(3, 12);
	canvas_box(&c, (struct rect) { 0, 0, 3, 12 }, ROLE_BORDER, "Cache");
	assert_canvas(&c, "┌ Cache ───┐\n│          │\n└──────────┘\n");
	assert_int_equal(c.cells[2].role, ROLE_TITLE);
	assert_int_equal(c.cells[11].role, ROLE_BORDER);
	canvas_clear(&c);
	canvas_box(&c, (struct rect) { 0, 1, 3, 9 }, ROLE_FOCUS, "ARP cache");
	assert_canvas(&c, " ┌ ARP … ┐\n │       │\n └───────┘\n");
	assert_int_equal(c.cells[3].role, ROLE_FOCUS);
	canvas_clear(&c);
	canvas_box(&c, (struct rect) { 0, 0, 2, 4 }, ROLE_BORDER, "x");
	canvas_box(&c, (struct rect) { 0, 5, 1, 0 }, ROLE_BORDER, "x");
	assert_canvas(&c, "┌──┐\n└──┘\n\n");
	canvas_done(&c);
}

static void ascii_canvases_have_ascii_boxes_and_ellipses(void **state)
{
	(void)state;
	struct canvas c;
	canvas_init(&c, 3, 8, true);
	canvas_box(&c, (struct rect) { 0, 0, 3, 8 }, ROLE_BORDER, "Cache");
	assert_canvas(&c, "+ Cac~ +\n|      |\n+------+\n");
	canvas_done(&c);
}

static void lines_break_at_spaces_and_line_feeds(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int rows;
		const char *wanted;
	} cases[] = {
		{ "", 0, "\n\n\n\n" },
		{ "one two six", 2, "one two\nsix\n\n\n" },
		{ "one twos   six", 2, "one twos\nsix\n\n\n" },
		{ "one  two    six", 2, "one  two\nsix\n\n\n" },
		{ "abcdefghijk", 2, "abcdefgh\nijk\n\n\n" },
		{ "ab cdefghijkl", 3, "ab\ncdefghij\nkl\n\n" },
		{ "a\n\nb\n", 3, "a\n\nb\n\n" },
		{ "  indent more", 2, "  indent\nmore\n\n\n" },
		{ "   abcdefgh", 2, "   abcde\nfgh\n\n\n" },
		{ "1 2 3 4 5 6 7 8 9 0 a b c d e f g", 5, "1 2 3 4\n5 6 7 8\n9 0 a b\nc d e f\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct canvas c = fresh(4, 10);
		struct rect r = { 0, 0, 4, 8 };
		assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, cases[i].text), cases[i].rows);
		assert_canvas(&c, cases[i].wanted);
		canvas_done(&c);
	}
}

static void chinese_breaks_between_characters_but_not_beside_some_punctuation(void **state)
{
	(void)state;
	struct canvas c = fresh(3, 8);
	struct rect r = { 0, 0, 3, 7 };
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "谁有这个地址。"), 3);
	assert_canvas(&c, "谁有这\n个地\n址。\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "谁有eth0这"), 2);
	assert_canvas(&c, "谁有\neth0这\n\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "a eth0这"), 2);
	assert_canvas(&c, "a eth0\n这\n\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "谁有（这）"), 2);
	assert_canvas(&c, "谁有\n（这）\n\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "只有“这”才"), 2);
	assert_canvas(&c, "只有\n“这”才\n\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "谁都有……啊"), 2);
	assert_canvas(&c, "谁都\n有……啊\n\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, r, ROLE_TEXT, "谁谁谁.啊"), 2);
	assert_canvas(&c, "谁谁谁.\n啊\n\n");
	assert_memory_equal(&c.clip, (&(struct rect) { 0, 0, 3, 8 }), sizeof c.clip);
	canvas_done(&c);
}

/* Whatever the width, no line begins or ends with what it must not, and all is drawn. */
static void punctuation_of_chinese_stays_with_its_words(void **state)
{
	static const char text[] = "缓存（ARP）里“有”它：REACHABLE、STALE，或者（都）没有。";
	static const char *const never_first[] = { "，", "。", "、", "：", "）", "”" };
	static const char *const never_last[] = { "（", "“" };
	(void)state;
	for (int columns = 12; columns < 60; columns++) {
		struct canvas c = fresh(12, columns);
		char *rest = NULL;
		canvas_wrap(&c, (struct rect) { 0, 0, 12, columns }, ROLE_TEXT, text);
		canvas_text(&c, screen, sizeof screen);
		for (char *l = strtok_r(screen, "\n", &rest); l; l = strtok_r(NULL, "\n", &rest)) {
			assert_null(strstr(l, "REACH") && !strstr(l, "REACHABLE") ? l : NULL);
			for (size_t i = 0; i < 6; i++)
				assert_int_not_equal(strncmp(l, never_first[i], 3), 0);
			for (size_t i = 0; i < 2 && strlen(l) >= 3; i++)
				assert_int_not_equal(strcmp(l + strlen(l) - 3, never_last[i]), 0);
		}
		canvas_done(&c);
	}
}

static void a_text_in_chinese_is_cut_between_characters(void **state)
{
	(void)state;
	struct canvas c = fresh(4, 8);
	canvas_put_cut(&c, 0, 0, 6, ROLE_TEXT, "谁有这个");
	canvas_put_cut(&c, 1, 0, 5, ROLE_TEXT, "谁有这个");
	canvas_put_cut(&c, 2, 0, 8, ROLE_TEXT, "谁有这个");
	canvas_put_cut(&c, 3, 0, 1, ROLE_TEXT, "谁");
	assert_canvas(&c, "谁有…\n谁有…\n谁有这个\n…\n");
	canvas_done(&c);
}

static void a_column_too_narrow_for_a_character_still_ends(void **state)
{
	(void)state;
	struct canvas c = fresh(3, 3);
	assert_int_equal(canvas_wrap(&c, (struct rect) { 0, 0, 3, 1 }, ROLE_TEXT, "名字"), 2);
	assert_int_equal(canvas_wrap(&c, (struct rect) { 0, 0, 3, 0 }, ROLE_TEXT, "ab"), 2);
	assert_canvas(&c, "\n\n\n");
	canvas_done(&c);
}

static void painting_and_selecting_keep_the_characters(void **state)
{
	(void)state;
	struct canvas c = fresh(1, 6);
	canvas_put(&c, 0, 0, ROLE_TEXT, "名bcd");
	c.cells[2].host = 3;
	canvas_paint(&c, (struct rect) { 0, 2, 1, 2 }, ROLE_BAD);
	canvas_select(&c, (struct rect) { 0, 3, 1, 9 });
	assert_canvas(&c, "名bcd\n");
	assert_int_equal(c.cells[1].role, ROLE_TEXT);
	assert_int_equal(c.cells[2].role, ROLE_BAD);
	assert_int_equal(c.cells[2].host, 0);
	assert_int_equal(c.cells[2].select, 0);
	assert_int_equal(c.cells[3].select, 1);
	canvas_put(&c, 0, 3, ROLE_TEXT, "x");
	assert_int_equal(c.cells[3].select, 0);
	canvas_done(&c);
}

static void control_characters_become_visible_marks(void **state)
{
	(void)state;
	struct canvas c = fresh(1, 8);
	canvas_put(&c, 0, 0, ROLE_TEXT, "a\x1b[J\xe2\x80\xae");
	canvas_fill(&c, (struct rect) { 0, 6, 1, 1 }, ROLE_TEXT, '\n');
	canvas_put(&c, 0, 7, ROLE_TEXT, "e\xcc\x81");
	assert_canvas(&c, "a\xef\xbf\xbd[J\xef\xbf\xbd  e\n");
	canvas_done(&c);
}

static void text_is_measured_and_cut_to_the_size_given(void **state)
{
	(void)state;
	struct canvas c = fresh(2, 4);
	canvas_put(&c, 0, 0, ROLE_TEXT, "abc");
	assert_int_equal(canvas_text(&c, NULL, 0), 5);
	char small[4] = "###";
	assert_int_equal(canvas_text(&c, small, 3), 5);
	assert_memory_equal(small, "ab\0", 4);
	canvas_done(&c);
}

static void resizing_blanks_and_takes_the_clip_off(void **state)
{
	(void)state;
	struct canvas c = fresh(1, 4);
	canvas_put(&c, 0, 0, ROLE_TEXT, "abcd");
	canvas_clip(&c, (struct rect) { 0, 0, 1, 1 });
	canvas_resize(&c, 2, 3);
	canvas_put(&c, 1, 0, ROLE_TEXT, "xyz");
	assert_canvas(&c, "\nxyz\n");
	canvas_resize(&c, 0, 0);
	canvas_put(&c, 0, 0, ROLE_TEXT, "a");
	assert_canvas(&c, "");
	canvas_done(&c);
	canvas_done(&c);
	canvas_done(NULL);
}

/* A row of a table that was forgotten is all zero, which is black on black. */
static void every_role_of_every_theme_can_be_read(void **state)
{
	(void)state;
	size_t count;
	const struct theme *all = themes(&count);
	assert_string_equal(all[0].name, "dark");
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(theme_find(all[i].name), &all[i]);
		for (int role = 0; role < ROLES; role++) {
			const struct look *l = &all[i].looks[role];
			assert_true(l->fore != l->back || l->fore == -1);
		}
		for (int host = 1; host < 8; host++)
			assert_true(all[i].hosts[host].fore != 0);
	}
	assert_null(theme_find("no such theme"));
}

static void the_mono_theme_has_no_colour(void **state)
{
	(void)state;
	const struct theme *mono = theme_find("mono");
	assert_non_null(mono);
	for (int role = 0; role < ROLES; role++) {
		assert_int_equal(mono->looks[role].fore, -1);
		assert_int_equal(mono->looks[role].back, -1);
	}
	for (int host = 0; host < 8; host++)
		assert_int_equal(mono->hosts[host].fore, -1);
	assert_int_not_equal(mono->looks[ROLE_SELECTED].attrs, 0);
	assert_int_not_equal(mono->looks[ROLE_BAD].attrs, mono->looks[ROLE_GOOD].attrs);
}

/* A machine's colour goes where the role stays, and goes away with what is drawn over it. */
static void a_machine_gives_cells_its_colour(void **state)
{
	(void)state;
	struct canvas c = fresh(2, 8);
	canvas_put(&c, 0, 0, ROLE_STRONG, "rs1 名");
	canvas_host(&c, (struct rect) { 0, 0, 9, 3 }, 3);
	assert_canvas(&c, "rs1 名\n\n");
	assert_int_equal(c.cells[2].host, 3);
	assert_int_equal(c.cells[2].role, ROLE_STRONG);
	assert_int_equal(c.cells[3].host, 0);
	canvas_put(&c, 0, 0, ROLE_TEXT, "x");
	assert_int_equal(c.cells[0].host, 0);
	canvas_clip(&c, (struct rect) { 1, 0, 1, 2 });
	canvas_host(&c, (struct rect) { 0, 0, 2, 8 }, 7);
	assert_int_equal(c.cells[1].host, 3);
	assert_int_equal(c.cells[8 + 1].host, 7);
	assert_int_equal(c.cells[8 + 2].host, 3);
	canvas_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_drawn_with_its_role_and_the_next_column_told),
		cmocka_unit_test(what_lies_outside_is_not_drawn_but_counted),
		cmocka_unit_test(half_a_wide_character_at_an_edge_is_blank),
		cmocka_unit_test(who_overwrites_half_a_wide_character_blanks_the_rest),
		cmocka_unit_test(a_clip_holds_every_kind_of_drawing),
		cmocka_unit_test(a_clip_is_never_larger_than_the_canvas),
		cmocka_unit_test(a_text_that_is_cut_ends_in_an_ellipsis),
		cmocka_unit_test(boxes_have_corners_and_a_title_that_fits),
		cmocka_unit_test(ascii_canvases_have_ascii_boxes_and_ellipses),
		cmocka_unit_test(lines_break_at_spaces_and_line_feeds),
		cmocka_unit_test(chinese_breaks_between_characters_but_not_beside_some_punctuation),
		cmocka_unit_test(punctuation_of_chinese_stays_with_its_words),
		cmocka_unit_test(a_text_in_chinese_is_cut_between_characters),
		cmocka_unit_test(a_column_too_narrow_for_a_character_still_ends),
		cmocka_unit_test(painting_and_selecting_keep_the_characters),
		cmocka_unit_test(control_characters_become_visible_marks),
		cmocka_unit_test(text_is_measured_and_cut_to_the_size_given),
		cmocka_unit_test(resizing_blanks_and_takes_the_clip_off),
		cmocka_unit_test(every_role_of_every_theme_can_be_read),
		cmocka_unit_test(the_mono_theme_has_no_colour),
		cmocka_unit_test(a_machine_gives_cells_its_colour),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
