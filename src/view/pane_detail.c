/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the row chosen in another pane, whole. */
#include <config.h>

#include "pane_matrix.h"
#include "panes.h"

#include <arplab/i18n.h>

#define ROWS_MOST 400

/* Draw the subject into a rect that may begin above what is shown. Returns the rows it takes. */
static int draw_subject(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const struct event *e;
	const struct neigh_entry *n;
	const struct model *lan = s->lab.on && m->world ? world_machine(m->world, 0) : m;
	switch (s->subject) {
	case PANE_LINKS:
		return detail_link(
			s, m, c, r, shows_lab(s) ? s->machines.chosen.ifindex : s->links.ifindex);
	case PANE_CACHE:
		n = screen_neigh(s, lan);
		if (n && shows_lab(s))
			m = world_machine(m->world, s->caches.chosen.node);
		if (!n && shows_matrix(s))
			return detail_belief(s, lan, c, r);
		return n ? detail_neigh(s, m, c, r, n) : 0;
	case PANE_FRAMES:
		e = screen_frame(s, lan);
		return e ? detail_frame(s, m, c, r, e) : 0;
	case PANE_SYSCTLS:
		return detail_sysctl(s, m, c, r);
	case PANE_DETAIL:
	case PANE_LESSON:
	case PANES:
		break;
	}
	return 0;
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct rect clip = canvas_clip(c, r);
	size_t most = s->detail_rows > (size_t)r.rows ? s->detail_rows - (size_t)r.rows : 0;
	if (s->detail_top > most)
		s->detail_top = most;
	struct rect from = r;
	from.row -= (int)s->detail_top;
	from.rows = ROWS_MOST;
	s->detail_rows = (size_t)draw_subject(s, m, c, from);
	if (!s->detail_rows)
		canvas_wrap(c, r, ROLE_DIM, _("Nothing is selected there yet."));
	canvas_clip(c, clip);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	static const char *const names[PANES] = { NC_("title of a pane", "Interface"),
		NC_("title of a pane", "Cache entry"), NC_("title of a pane", "Frame"),
		NC_("title of a pane", "Sysctl"), NC_("title of a pane", "Detail") };
	text_put(t, i18n_at("title of a pane", names[s->subject]));
	if (shows_lab(s) && s->subject == PANE_CACHE)
		text_of_machine(t, s, world_machine(m->world, s->caches.chosen.node));
	else if (s->subject != PANE_FRAMES)
		text_of_machine(t, s, m);
	if (s->detail_top)
		text_printf(t, _("  from line %zu"), s->detail_top + 1);
}

/* Its rows are lines of text: moving scrolls. */
static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->detail_rows };
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->detail_top;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	(void)m;
	s->detail_top = (size_t)row;
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	(void)s;
	(void)m;
	(void)row;
	(void)t;
}

static int page(const struct screen *s)
{
	return s->layout.panes[PANE_DETAIL].rows - 2;
}

const struct pane_ops pane_detail = {
	.draw = draw,
	.title = title,
	.rows = rows,
	.selected = selected,
	.select = select_row,
	.row_text = row_text,
	.page = page,
};
