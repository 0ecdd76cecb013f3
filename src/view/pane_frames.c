/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the log of who-has and is-at, following the newest or standing still. */
#include <config.h>

#include <string.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>

#include "causes.h"
#include "frame_rows.h"
#include "verdicts.h"

/* What the row has room for. */
struct shape {
	unsigned decimals; /* Of the second; 0: no time at all. */
	bool clock;        /* Hours and minutes, too. */
	bool whole;        /* Whole addresses. */
	bool class;        /* The class by name, not by letter. */
	int link;          /* Columns for the interface, 0 for none. */
};

static struct shape shape_for(int width, bool in_file)
{
	struct shape s = { 0 };
	s.decimals = width >= 100 ? 9 : width >= 60 ? 6 : width >= 34 ? 3 : 0;
	s.clock = width >= 72;
	s.whole = width >= 50;
	s.class = width >= 84;
	s.link = in_file ? 0 : width >= 84 ? 10 : width >= 62 ? 8 : width >= 40 ? 6 : 0;
	return s;
}

static struct word ip_shown(uint32_t ip, bool whole)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	if (whole)
		text_ip(&t, ip);
	else
		text_short_ip(&t, ip);
	text_end(&t);
	return w;
}

static struct word mac_shown(const struct model *m, const uint8_t mac[6], bool whole)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	if (whole)
		text_mac(&t, mac);
	else
		text_short_mac(&t, m, mac);
	text_end(&t);
	return w;
}

static void put_what(struct text *t, const struct model *m, const struct arp_packet *p,
	enum arp_class class, enum arp_flaw flaw, bool whole)
{
	struct word sip = ip_shown(p->sip, whole), tip = ip_shown(p->tip, whole);
	struct word sha = mac_shown(m, p->sha, whole);
	switch (class) {
	case ARP_CLASS_REQUEST:
	case ARP_CLASS_POLL:
		text_printf(t, "%s tell %s", tip.text, sip.text);
		break;
	case ARP_CLASS_REPLY:
		text_printf(t, "%s is-at %s", sip.text, sha.text);
		break;
	case ARP_CLASS_PROBE:
		text_printf(t, whole ? _("%s probed by %s") : C_("a probe", "%s for %s"), tip.text,
			sha.text);
		break;
	case ARP_CLASS_ANNOUNCEMENT:
	case ARP_CLASS_GRATUITOUS:
		text_printf(t, whole ? _("%s announced at %s") : C_("announced", "%s at %s"),
			sip.text, sha.text);
		break;
	case ARP_CLASS_OTHER:
		text_printf(t, _("operation %u"), (unsigned)p->op);
		break;
	case ARP_CLASS_BROKEN:
		text_put(t, _(arp_flaw_text(flaw)));
		break;
	case ARP_CLASSES:
		break;
	}
	if (p->tagged && whole) {
		text_put(t, " vlan ");
		text_u64(t, p->vlan);
	}
}

static int draw_time(
	struct screen *s, struct canvas *c, int row, int column, struct shape shape, uint64_t at_ns)
{
	char text[40];
	struct text t = text_in(text, sizeof text);
	if (!shape.decimals)
		return column;
	text_clock(&t, s, at_ns, shape.decimals);
	const char *shown = text_end(&t) + (shape.clock ? 0 : 6); /* Behind "HH:MM:". */
	return canvas_put(c, row, column, ROLE_DIM, shown) + 1;
}

static void draw_frame(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int row, const struct event *e)
{
	struct shape shape = shape_for(r.columns, m->hello.scope == SCOPE_FILE);
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(e->frame.bytes, e->frame.caplen, &p);
	enum arp_class class = arp_classify(&p, flaw);
	enum role role = frame_role(e);
	int right = r.column + r.columns - shape.link;
	int column = draw_time(s, c, row, r.column, shape, e->at_ns);
	char letter[2] = { arp_class_letter(class), '\0' };
	/* Of a lab's machine it is known which frames it sent, and which came. */
	if (s->lab.on)
		column = canvas_put(c, row, column, ROLE_DIM,
				 e->flags & EVENT_SENT ? (c->ascii ? ">" : "→")
						       : (c->ascii ? "<" : "←")) +
			 1;
	if (shape.class)
		canvas_put_cut(c, row, column, 12, role, frame_class_word(class));
	else
		canvas_put(c, row, column, role, letter);
	column += shape.class ? 13 : 2;

	char text[ROW_TEXT_SIZE];
	struct text t = text_in(text, sizeof text);
	put_what(&t, m, &p, class, flaw, shape.whole);
	canvas_put_cut(c, row, column, right - column, role, text_end(&t));
	if (shape.link) {
		t = text_in(text, sizeof text);
		text_name(&t, model_conf_name(m, e->frame.ifindex), IFNAME_SIZE);
		canvas_put_cut(c, row, right + 1, shape.link - 1, ROLE_DIM, text_end(&t));
	}
}

/* Lines that a row takes: a who-has may have one about it underneath. */
static int lines_of(const struct screen *s, const struct model *m, uint64_t row)
{
	uint64_t position = frames_position(s, row);
	const struct event *e = frames_shown(s, m, position);
	return e && verdict_line_shown(s, m, position, e) ? 2 : 1;
}

/* Move the first row as little as needed so that the chosen one is seen, with its lines. */
static uint64_t scroll(
	const struct screen *s, const struct model *m, uint64_t here, struct rows all, int height)
{
	uint64_t top = scroll_to(s->frames.top, here, all, height);
	int lines = 0;
	for (uint64_t row = here + 1; row-- > top;) {
		lines += lines_of(s, m, row);
		if (lines > height)
			return row < here ? row + 1 : here;
	}
	return top;
}

static void draw_row(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int row, const struct event *e)
{
	if (!e)
		canvas_put(c, row, r.column, ROLE_DIM, _("reading"));
	else if (shows_lab(s))
		lan_frame_draw(s, m, c, r, row, e);
	else
		draw_frame(s, m, c, r, row, e);
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct frame_view *v = &s->frames;
	struct rows all = frame_rows(s, m);
	v->height = r.rows;
	if (all.begin == all.end) {
		frame_rows_nothing(s, m, c, r);
		return;
	}
	uint64_t here = frame_row_of(s, v->selected), row;
	v->top = scroll(s, m, here, all, r.rows);
	int line = 0;
	for (row = v->top; line < r.rows && row < all.end; row++) {
		uint64_t position = frames_position(s, row);
		const struct event *e = frames_shown(s, m, position);
		int lines = lines_of(s, m, row);
		struct rect at = { r.row + line, r.column, lines, r.columns };
		draw_row(s, m, c, r, at.row, e);
		for (int i = 0; i < lines && line + i < FRAME_LINES; i++)
			v->line_rows[line + i] = (uint8_t)(row - v->top);
		line += lines;
		uint64_t told_ns = e ? e->at_ns + PAST_REPLY_NS : 0;
		if (lines > 1 && told_ns > m->now_ns && told_ns < s->next_age_ns)
			s->next_age_ns = told_ns;
		if (lines > 1 && line <= r.rows)
			verdict_line_draw(s, m, c,
				(struct rect) { at.row + 1, at.column, 1, at.columns }, position,
				e);
		at.rows = line > r.rows ? 1 : lines;
		if (causes_is_cause(s, position))
			canvas_paint(
				c, (struct rect) { at.row, at.column, 1, at.columns }, ROLE_MATCH);
		if (row == here && pane_marks(s, PANE_FRAMES))
			canvas_select(c, at);
	}
	for (; line < r.rows && line < FRAME_LINES; line++)
		v->line_rows[line] = (uint8_t)(row - v->top);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	const struct frame_view *v = &s->frames;
	/* Narrow, the pane's name yields to how many frames are new, or pass. */
	bool short_name =
		s->layout.panes[PANE_FRAMES].columns < 44 && (frame_rows_filtered(s) || !v->follow);
	bool named = shows_lab(s) && s->layout.panes[PANE_FRAMES].columns >= 48;
	text_put(t, short_name ? C_("title of a pane", "Frames  ")
		    : named    ? _("who-has / is-at on the LAN  ")
			       : "who-has / is-at  ");
	frame_rows_title(s, m, t);
}

const struct pane_ops pane_frames = {
	.update = frame_rows_update,
	.draw = draw,
	.title = title,
	.rows = frame_rows,
	.selected = frame_row_selected,
	.select = frame_row_select,
	.row_text = frame_row_text,
	.row_at = frame_row_at,
	.page = frame_rows_page,
};
