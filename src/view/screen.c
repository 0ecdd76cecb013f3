/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the screen as a whole: panes in step with the model, moved through, searched and drawn. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/screen.h>

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/utf8.h>

#include "causes.h"
#include "chrome.h"
#include "frame_rows.h"
#include "pane_matrix.h"
#include "panes.h"

/* The panes of one machine, or of a capture file. */
static const struct pane_ops *const host_ops[PANES] = {
	[PANE_LINKS] = &pane_links,
	[PANE_CACHE] = &pane_cache,
	[PANE_FRAMES] = &pane_frames,
	[PANE_SYSCTLS] = &pane_sysctls,
	[PANE_DETAIL] = &pane_detail,
	[PANE_LESSON] = &pane_detail,
};

/* The panes of all machines of a lab. */
static const struct pane_ops *const lab_ops[PANES] = {
	[PANE_LINKS] = &pane_machines,
	[PANE_CACHE] = &pane_caches,
	[PANE_FRAMES] = &pane_frames,
	[PANE_SYSCTLS] = &pane_sysctls,
	[PANE_DETAIL] = &pane_detail,
	[PANE_LESSON] = &pane_lesson,
};

static const struct pane_ops *ops_of(const struct screen *s, enum pane pane)
{
	if (pane == PANE_FRAMES && s->frames.ladder.on)
		return &pane_arrows;
	if (pane == PANE_CACHE && shows_matrix(s))
		return &pane_matrix;
	if (!shows_lab(s))
		return host_ops[pane];
	return pane == PANE_LESSON && !s->lab.play ? &pane_menu : lab_ops[pane];
}

static const struct pane_ops *focused(const struct screen *s)
{
	return ops_of(s, s->focus);
}

void screen_init(struct screen *s)
{
	memset(s, 0, sizeof *s);
	s->focus = PANE_SYSCTLS;
	s->subject = PANE_SYSCTLS;
	s->frames.follow = true;
	s->grid.ifindex = INT32_MIN; /* None chosen yet. */
	s->cache.stale = true;
	s->next_age_ns = UINT64_MAX;
	s->frames.zero.awaited = true;
	s->lab.lesson_follow = true;
	s->lab.lesson_line = SIZE_MAX;
}

void screen_done(struct screen *s)
{
	free(s->cache.order);
	free(s->frames.hits);
	free(s->frames.kept);
	free(s->links.rows);
	free(s->machines.rows);
	free(s->caches.rows);
	free(s->caches.owners);
	free(s->matrix.made);
}

static void place_panes(struct screen *s)
{
	s->layout =
		shows_lab(s)
			? layout_make_lab(s->rows, s->columns, s->focus, s->zoomed, &s->lab)
			: layout_make(s->rows, s->columns, s->focus, s->zoomed, s->file[0] != '\0');
	if (s->frames.ladder.on && !s->zoomed)
		layout_ladder(&s->layout, shows_matrix(s));
}

void screen_resize(struct screen *s, int rows, int columns)
{
	s->rows = rows;
	s->columns = columns;
	place_panes(s);
}

void screen_update(struct screen *s, const struct model *m)
{
	if (s->lab.on) {
		lab_update(s, m);
		place_panes(s);
	}
	for (enum pane p = 0; p < PANES; p++)
		if (ops_of(s, p)->update)
			ops_of(s, p)->update(s, screen_machine(s, m, p));
	causes_update(s, m);
}

void screen_rewound(struct screen *s)
{
	frame_rows_forget(s);
	s->frames.seen_lab = 0;
	s->frames.zero.lesson = NULL;
	s->cache.stale = true;
	s->cache.count = 0;
	s->caches.owner_count = 0;
	memset(&s->grid.next, 0, sizeof s->grid.next);
	s->lab.seen_lesson = NULL;
	s->lab.lesson_follow = true;
}

/* ---- drawing ---- */

static void draw_too_small(const struct screen *s, struct canvas *c)
{
	char line[160];
	snprintf(line, sizeof line,
		_("arplab needs %d columns and %d rows; this window has %d and %d."),
		SCREEN_COLUMNS_MIN, SCREEN_ROWS_MIN, s->columns, s->rows);
	canvas_wrap(c, (struct rect) { 0, 0, s->rows, s->columns }, ROLE_TEXT, line);
}

/* The filter stands in the lower edge, so that nobody wonders where rows went. */
static void draw_filter(const struct screen *s, struct canvas *c, struct rect r, enum pane pane)
{
	char line[FILTER_SIZE + 32];
	if (!s->filters[pane].count || r.columns < 12)
		return;
	snprintf(line, sizeof line, _(" filter: %s "), s->filters[pane].text);
	canvas_put_cut(c, r.row + r.rows - 1, r.column + 2, r.columns - 4, ROLE_WARN, line);
}

static void draw_foot(const struct screen *s, struct canvas *c, struct rect r, enum pane pane)
{
	char line[80];
	struct text t = text_in(line, sizeof line);
	if (!ops_of(s, pane)->foot)
		return;
	ops_of(s, pane)->foot(s, &t);
	int width = (int)utf8_width(text_end(&t));
	if (width <= r.columns - 4)
		canvas_put(
			c, r.row + r.rows - 1, r.column + r.columns - 2 - width, ROLE_WARN, line);
}

static void draw_pane(struct screen *s, const struct model *m, struct canvas *c, enum pane pane)
{
	struct rect r = s->layout.panes[pane];
	char title[ROW_TEXT_SIZE];
	if (r.rows < 3 || r.columns < 3)
		return;
	/* First the inside: some titles tell what there was no room for. */
	struct rect inside = { r.row + 1, r.column + 1, r.rows - 2, r.columns - 2 };
	struct rect clip = canvas_clip(c, inside);
	ops_of(s, pane)->draw(s, screen_machine(s, m, pane), c, inside);
	canvas_clip(c, clip);
	struct text t = text_in(title, sizeof title);
	ops_of(s, pane)->title(s, screen_machine(s, m, pane), &t);
	canvas_box(c, r, pane == s->focus ? ROLE_FOCUS : ROLE_BORDER, text_end(&t));
	draw_filter(s, c, r, pane);
	draw_foot(s, c, r, pane);
}

void screen_draw(struct screen *s, const struct model *m, struct canvas *c)
{
	canvas_clear(c);
	s->next_age_ns = UINT64_MAX;
	if (s->layout.too_small) {
		draw_too_small(s, c);
		return;
	}
	draw_status(s, m, c);
	for (enum pane p = 0; p < PANES; p++)
		draw_pane(s, m, c, p);
	draw_bar(s, c);
	if (s->dialog.open)
		draw_dialog(s, c);
}

/* ---- moving ---- */

void screen_focus(struct screen *s, enum pane pane)
{
	s->focus = pane;
	if (pane != PANE_DETAIL && pane != PANE_LESSON && s->subject != pane) {
		s->subject = pane;
		s->detail_top = 0;
	}
	/* One of the two stands there: the one that is wanted. */
	if (shows_lab(s) && (pane == PANE_DETAIL || pane == PANE_SYSCTLS))
		s->lab.detail = pane == PANE_DETAIL;
	place_panes(s);
}

/* A file has no interfaces, cache or sysctls to give the keys to; only a lab has a lesson. */
static bool can_focus(const struct screen *s, enum pane pane)
{
	/* A zoomed pane says nothing of what stands beside the ladder. */
	bool beside = s->zoomed ? shows_matrix(s) : s->layout.panes[PANE_CACHE].rows > 0;
	if (s->frames.ladder.on && (pane == PANE_LINKS || (pane == PANE_CACHE && !beside)))
		return false;
	if (shows_lab(s))
		return lab_can_focus(&s->lab, pane);
	if (pane == PANE_LESSON)
		return false;
	return !s->file[0] || pane == PANE_FRAMES || pane == PANE_DETAIL;
}

void screen_cycle(struct screen *s, int step)
{
	enum pane pane = s->focus;
	do {
		pane = (enum pane)(((int)pane + step + PANES) % PANES);
	} while (!can_focus(s, pane));
	screen_focus(s, pane);
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	focused(s)->select(s, m, row);
	if (s->focus != PANE_DETAIL && s->focus != PANE_LESSON)
		s->detail_top = 0;
}

void screen_move(struct screen *s, const struct model *m, long step)
{
	m = screen_machine(s, m, s->focus);
	if (focused(s)->move) {
		focused(s)->move(s, m, step);
		return;
	}
	struct rows r = focused(s)->rows(s, m);
	if (r.begin == r.end)
		return;
	uint64_t row = focused(s)->selected(s, m);
	uint64_t back = row - r.begin, on = r.end - 1 - row;
	if (step < 0)
		row -= step == LONG_MIN || (uint64_t)-step > back ? back : (uint64_t)-step;
	else
		row += (uint64_t)step > on ? on : (uint64_t)step;
	select_row(s, m, row);
}

void screen_side(struct screen *s, const struct model *m, int step)
{
	if (focused(s)->side)
		focused(s)->side(s, screen_machine(s, m, s->focus), step);
}

int screen_page(const struct screen *s)
{
	int rows = focused(s)->page(s) - 1;
	return rows > 1 ? rows : 1;
}

static bool inside(struct rect r, int row, int column)
{
	return row >= r.row && row < r.row + r.rows && column >= r.column &&
	       column < r.column + r.columns;
}

bool screen_click(struct screen *s, const struct model *m, int row, int column)
{
	for (enum pane p = 0; p < PANES; p++) {
		struct rect r = s->layout.panes[p];
		if (!inside(r, row, column))
			continue;
		screen_focus(s, p);
		m = screen_machine(s, m, p);
		const struct pane_ops *ops = ops_of(s, p);
		struct rows all = ops->rows(s, m);
		bool on_row = row > r.row && row < r.row + r.rows - 1;
		uint64_t at = on_row && ops->row_at ? ops->row_at(s, row - r.row - 1) : UINT64_MAX;
		if (at >= all.begin && at < all.end)
			select_row(s, m, at);
		if (on_row && ops->click_column)
			ops->click_column(s, m, column - r.column - 1);
		return true;
	}
	return false;
}

void screen_wheel(struct screen *s, const struct model *m, int row, int column, long step)
{
	for (enum pane p = 0; p < PANES; p++)
		if (inside(s->layout.panes[p], row, column))
			screen_focus(s, p);
	screen_move(s, m, step);
}

/* ---- sorting, pausing, filtering ---- */

void screen_sort(struct screen *s, int step)
{
	s->cache.sort = (enum cache_sort)(((int)s->cache.sort + step + CACHE_SORTS) % CACHE_SORTS);
	s->cache.stale = true;
}

void screen_sort_reverse(struct screen *s)
{
	s->cache.reversed = !s->cache.reversed;
	s->cache.stale = true;
}

void screen_pause(struct screen *s, const struct model *m)
{
	const struct model *shown = screen_machine(s, m, PANE_FRAMES);
	s->frames.follow = !s->frames.follow;
	s->frames.end = shown->frames.first + shown->frames.count;
	screen_update(s, m);
}

/* The lesson keeps the keys, so that it goes on while the ladder grows. */
void screen_ladder(struct screen *s, const struct model *m)
{
	s->frames.ladder.on = !s->frames.ladder.on;
	s->frames.ladder.parties.count = 0;
	if (s->focus != PANE_LESSON)
		screen_focus(s, PANE_FRAMES);
	place_panes(s);
	screen_update(s, m);
}

void screen_matrix(struct screen *s, const struct model *m, bool on)
{
	s->lab.matrix = on;
	s->matrix.left = 0;
	place_panes(s);
	screen_update(s, m);
}

const char *screen_filter(struct screen *s, const struct model *m, const char *text)
{
	const char *why = filter_set(&s->filters[s->focus], text);
	s->cache.stale = true;
	s->frames.hit_first = s->frames.hit_count = 0;
	s->frames.scanned = 0;
	s->frames.top = 0;
	s->frames.ladder.parties.count = 0;
	screen_update(s, m);
	return why;
}

size_t screen_row_count(const struct screen *s, const struct model *m)
{
	struct rows r = focused(s)->rows(s, screen_machine(s, m, s->focus));
	return (size_t)(r.end - r.begin);
}

/* ---- searching ---- */

static bool row_found(struct screen *s, const struct model *m, uint64_t row)
{
	char line[ROW_TEXT_SIZE];
	struct text t = text_in(line, sizeof line);
	focused(s)->row_text(s, m, row, &t);
	return row_passes(&s->search, &t);
}

/* Rows of a file that are not in memory can only be searched as they are fetched. */
static bool must_fetch(const struct screen *s, const struct model *m)
{
	return s->focus == PANE_FRAMES && m->hello.scope == SCOPE_FILE && m->file.seekable &&
	       m->frames.count < m->file.frames;
}

bool screen_search(struct screen *s, const struct model *m, int step)
{
	m = screen_machine(s, m, s->focus);
	if (s->search.count && must_fetch(s, m))
		return frames_seek(s, m, step);
	if (s->search.count && s->focus == PANE_SYSCTLS && sysctls_seek_column(s, m, step))
		return true;
	struct rows r = focused(s)->rows(s, m);
	uint64_t count = r.end - r.begin;
	if (!s->search.count || !count)
		return false;
	uint64_t from = focused(s)->selected(s, m) - r.begin;
	for (uint64_t i = 1; i <= count; i++) {
		uint64_t at = step > 0 ? (from + i) % count : (from + count - i) % count;
		if (row_found(s, m, r.begin + at)) {
			select_row(s, m, r.begin + at);
			return true;
		}
	}
	return false;
}

bool screen_search_count(struct screen *s, const struct model *m, size_t *ret_count)
{
	m = screen_machine(s, m, s->focus);
	struct rows r = focused(s)->rows(s, m);
	if (must_fetch(s, m))
		return false;
	*ret_count = 0;
	for (uint64_t row = r.begin; s->search.count && row < r.end; row++)
		*ret_count += row_found(s, m, row);
	if (s->focus == PANE_SYSCTLS && s->search.count)
		*ret_count += sysctls_count_columns(s, m);
	return true;
}

/* ---- the rest ---- */

void screen_say(struct screen *s, bool bad, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(s->message, sizeof s->message, format, args);
	va_end(args);
	s->message_bad = bad;
}

const struct event *screen_frame(const struct screen *s, const struct model *m)
{
	return frames_shown(s, screen_machine(s, m, PANE_FRAMES), s->frames.selected);
}

const struct neigh_entry *screen_neigh(const struct screen *s, const struct model *m)
{
	const struct model *machine = screen_machine(s, m, PANE_CACHE);
	if (shows_lab(s))
		machine = world_machine(m->world, s->caches.chosen.node);
	return machine ? neighs_find(&machine->neighs, s->cache.ifindex, s->cache.ip) : NULL;
}
