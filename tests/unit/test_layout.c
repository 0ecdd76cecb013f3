/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: at every size the panes fill the screen without a gap and without covering each other. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arplab/screen.h>

#define ROWS_MOST 110
#define COLUMNS_MOST 320

static uint8_t covered[ROWS_MOST][COLUMNS_MOST];

static void cover(struct rect r, int rows, int columns)
{
	assert_true(r.row >= 0 && r.column >= 0 && r.rows >= 0 && r.columns >= 0);
	assert_true(r.row + r.rows <= rows && r.column + r.columns <= columns);
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int column = r.column; column < r.column + r.columns; column++)
			covered[row][column]++;
}

/* Every cell belongs to exactly one part. */
static void assert_tiled(const struct layout *l, int rows, int columns)
{
	assert_false(l->too_small);
	memset(covered, 0, sizeof covered);
	cover(l->status, rows, columns);
	cover(l->bar, rows, columns);
	for (int p = 0; p < PANES; p++)
		cover(l->panes[p], rows, columns);
	for (int row = 0; row < rows; row++)
		for (int column = 0; column < columns; column++)
			assert_int_equal(covered[row][column], 1);
}

static void the_panes_fill_every_size_exactly(void **state)
{
	(void)state;
	for (int rows = SCREEN_ROWS_MIN; rows <= ROWS_MOST; rows++)
		for (int columns = SCREEN_COLUMNS_MIN; columns <= COLUMNS_MOST; columns += 7) {
			struct layout l = layout_make(rows, columns, PANE_CACHE, false, false);
			assert_tiled(&l, rows, columns);
			/* Room for a title, borders and some rows; never a sliver. */
			for (int p = 0; p < PANE_LESSON; p++)
				assert_true(l.panes[p].rows >= 8 && l.panes[p].columns >= 12);
		}
}

static void the_zoomed_pane_has_the_screen_to_itself(void **state)
{
	(void)state;
	for (enum pane focus = 0; focus < PANES; focus++) {
		struct layout l = layout_make(24, 80, focus, true, false);
		assert_tiled(&l, 24, 80);
		for (int p = 0; p < PANES; p++)
			assert_int_equal(l.panes[p].rows, p == (int)focus ? 22 : 0);
	}
}

static void a_file_has_the_screen_for_its_frames_and_detail(void **state)
{
	(void)state;
	for (int rows = SCREEN_ROWS_MIN; rows <= ROWS_MOST; rows++) {
		struct layout l = layout_make(rows, 80, PANE_FRAMES, false, true);
		assert_tiled(&l, rows, 80);
		for (int p = 0; p < PANES; p++)
			assert_int_equal(l.panes[p].rows > 0, p == PANE_FRAMES || p == PANE_DETAIL);
	}
}

static void where_the_focus_is_moves_nothing(void **state)
{
	(void)state;
	struct layout a = layout_make(40, 120, PANE_LINKS, false, false);
	for (enum pane focus = 0; focus < PANES; focus++) {
		struct layout b = layout_make(40, 120, focus, false, false);
		assert_memory_equal(&a.panes, &b.panes, sizeof a.panes);
	}
}

static void a_size_below_the_smallest_shows_no_panes(void **state)
{
	(void)state;
	static const int sizes[][2] = { { 17, 80 }, { 24, 59 }, { 0, 0 }, { 1, 1 }, { -1, -1 },
		{ 10, 40 }, { 17, 300 }, { 100, 59 } };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (int zoomed = 0; zoomed <= 1; zoomed++) {
			struct layout l =
				layout_make(sizes[i][0], sizes[i][1], PANE_FRAMES, zoomed, false);
			assert_true(l.too_small);
			for (int p = 0; p < PANES; p++)
				assert_int_equal(l.panes[p].rows, 0);
		}
	assert_false(layout_make(18, 60, PANE_FRAMES, false, false).too_small);
}

/* In a lab: whatever is asked for, the panes fill the screen, and the one with the keys is there.
 */
static void the_panes_of_a_lab_fill_every_size_exactly(void **state)
{
	(void)state;
	for (int rows = SCREEN_ROWS_MIN; rows <= ROWS_MOST; rows++)
		for (int columns = SCREEN_COLUMNS_MIN; columns <= COLUMNS_MOST; columns += 9)
			for (int flags = 0; flags < 24; flags++) {
				struct lab_view lab = { .on = true,
					.detail = flags & 1,
					.present = flags & 2,
					.bare = flags >= 20 };
				const enum pane panes[] = { PANE_LINKS, PANE_CACHE, PANE_FRAMES,
					lab.detail ? PANE_DETAIL : PANE_SYSCTLS, PANE_LESSON };
				enum pane focus = lab.bare ? PANE_LESSON : panes[flags / 4];
				struct layout l =
					layout_make_lab(rows, columns, focus, false, &lab);
				assert_tiled(&l, rows, columns);
				assert_true(l.panes[focus].rows >= 7);
				for (int p = 0; p < PANES; p++)
					assert_true(
						l.panes[p].rows == 0 ||
						(l.panes[p].rows >= 7 && l.panes[p].columns >= 14));
				l = layout_make_lab(rows, columns, focus, true, &lab);
				assert_tiled(&l, rows, columns);
				assert_int_equal(l.panes[focus].rows, rows - 2);
			}
	struct lab_view lab = { .on = true };
	assert_true(layout_make_lab(17, 80, PANE_LESSON, false, &lab).too_small);
}

/* The three live panes stay side by side, above the grid and the detail. */
static void the_live_panes_stand_side_by_side(void **state)
{
	(void)state;
	static const int sizes[][2] = { { 18, 60 }, { 24, 80 }, { 40, 120 }, { 100, 300 } };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct layout l = layout_make(sizes[i][0], sizes[i][1], PANE_FRAMES, false, false);
		assert_int_equal(l.panes[PANE_LINKS].row, 1);
		assert_int_equal(l.panes[PANE_CACHE].row, 1);
		assert_int_equal(l.panes[PANE_FRAMES].row, 1);
		assert_true(l.panes[PANE_LINKS].column < l.panes[PANE_CACHE].column);
		assert_true(l.panes[PANE_CACHE].column < l.panes[PANE_FRAMES].column);
		assert_int_equal(l.panes[PANE_SYSCTLS].row, l.panes[PANE_DETAIL].row);
		assert_int_equal(l.status.row, 0);
		assert_int_equal(l.bar.row, sizes[i][0] - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_panes_fill_every_size_exactly),
		cmocka_unit_test(the_zoomed_pane_has_the_screen_to_itself),
		cmocka_unit_test(a_file_has_the_screen_for_its_frames_and_detail),
		cmocka_unit_test(where_the_focus_is_moves_nothing),
		cmocka_unit_test(a_size_below_the_smallest_shows_no_panes),
		cmocka_unit_test(the_panes_of_a_lab_fill_every_size_exactly),
		cmocka_unit_test(the_live_panes_stand_side_by_side),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
