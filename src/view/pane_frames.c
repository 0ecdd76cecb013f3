/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the log of who-has and is-at, following the newest or standing still. */
#include <config.h>

#include "panes.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/frame.h>

/* ---- rows: positions of frames, or indices of those that pass the filter ---- */

static bool filtered(const struct screen *s)
{
	return s->filters[PANE_FRAMES].count > 0;
}

/* Positions that exist: in the ring, or in the whole file where frames can be fetched. */
static struct rows positions(const struct model *m)
{
	if (m->hello.scope == SCOPE_FILE && m->file.seekable)
		return (struct rows) { 0, m->file.frames };
	return (struct rows) { m->frames.first, m->frames.first + m->frames.count };
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	if (filtered(s))
		return (struct rows) { s->frames.hit_first, s->frames.hit_count };
	return positions(m);
}

uint64_t frames_position(const struct screen *s, uint64_t row)
{
	return filtered(s) ? s->frames.hits[row] : row;
}

/* The first row at or behind a position. */
static uint64_t row_of(const struct screen *s, uint64_t position)
{
	const struct frame_view *v = &s->frames;
	if (!filtered(s))
		return position;
	size_t low = v->hit_first, high = v->hit_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (v->hits[middle] < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- text ---- */

static void frame_text(const struct model *m, const struct event *e, struct text *t)
{
	struct arp_packet p;
	enum arp_class class = arp_classify(&p, arp_decode(e->frame.bytes, e->frame.caplen, &p));
	text_put(t, arp_class_name(class));
	text_char(t, ' ');
	if (e->frame.ifindex)
		text_name(t, model_conf_name(m, e->frame.ifindex), IFNAME_SIZE);
	text_put(t, p.op == ARP_OP_REPLY ? " is-at " : " who-has ");
	text_ip(t, p.tip);
	text_put(t, " tell ");
	text_ip(t, p.sip);
	text_char(t, ' ');
	text_mac(t, p.sha);
	text_char(t, ' ');
	text_mac(t, p.tha);
	text_char(t, ' ');
	text_mac(t, p.eth_src);
	text_char(t, ' ');
	text_mac(t, p.eth_dst);
	if (p.tagged) {
		text_put(t, " vlan ");
		text_u64(t, p.vlan);
	}
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	const struct event *e = frames_shown(s, m, frames_position(s, row));
	if (e)
		frame_text(m, e, t);
}

/* ---- following the model ---- */

static void add_hit(struct frame_view *v, uint64_t position)
{
	if (v->hit_count == v->hit_room) {
		/* Rows that have left the ring make room before the array grows. */
		if (v->hit_first > v->hit_room / 2) {
			v->hit_count -= v->hit_first;
			memmove(v->hits, v->hits + v->hit_first, v->hit_count * sizeof *v->hits);
			v->top -= v->top < v->hit_first ? v->top : v->hit_first;
			v->hit_first = 0;
		} else {
			v->hit_room = v->hit_room ? v->hit_room * 2 : 1024;
			v->hits = reallocarray(v->hits, v->hit_room, sizeof *v->hits);
			if (!v->hits)
				abort();
		}
	}
	v->hits[v->hit_count++] = position;
}

static void scan(struct screen *s, const struct model *m)
{
	struct frame_view *v = &s->frames;
	struct rows held = { m->frames.first, m->frames.first + m->frames.count };
	bool window = m->hello.scope == SCOPE_FILE && m->file.seekable;
	/* In a file a gap before the window is still to be fetched; live it is gone for good. */
	if (v->scanned < held.begin) {
		if (window)
			return;
		v->scanned = held.begin;
	}
	for (; v->scanned < held.end; v->scanned++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		frame_text(m, frames_at(&m->frames, v->scanned), &t);
		if (row_passes(&s->filters[PANE_FRAMES], &t))
			add_hit(v, v->scanned);
	}
	while (!window && v->hit_first < v->hit_count && v->hits[v->hit_first] < held.begin)
		v->hit_first++;
}

/* ---- a search that fetches on its way ---- */

static void select_row(struct screen *s, const struct model *m, uint64_t row);

/* Look at rows as far as they are in memory. Returns false when all were looked at in vain. */
static bool seek_on(struct screen *s, const struct model *m)
{
	struct frame_view *v = &s->frames;
	struct rows all = rows(s, m);
	for (; v->seek.left > 0; v->seek.left--) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		const struct event *e = frames_at(&m->frames, frames_position(s, v->seek.row));
		if (!e)
			return true;
		frame_text(m, e, &t);
		if (row_passes(&s->search, &t)) {
			select_row(s, m, v->seek.row);
			v->seek.step = 0;
			return true;
		}
		if (v->seek.step > 0)
			v->seek.row = v->seek.row + 1 < all.end ? v->seek.row + 1 : all.begin;
		else
			v->seek.row = v->seek.row > all.begin ? v->seek.row - 1 : all.end - 1;
	}
	v->seek.step = 0;
	screen_say(s, true, "'%s' is not here.", s->search.text);
	return false;
}

bool frames_seek(struct screen *s, const struct model *m, int step)
{
	struct frame_view *v = &s->frames;
	struct rows all = rows(s, m);
	if (all.begin == all.end)
		return false;
	uint64_t count = all.end - all.begin, from = row_of(s, v->selected) - all.begin;
	v->seek.step = step;
	v->seek.row = all.begin + (step > 0 ? from + 1 : from + count - 1) % count;
	v->seek.left = count;
	return seek_on(s, m);
}

bool frames_seek_wants(
	const struct screen *s, const struct model *m, uint32_t window, uint64_t *ret_first)
{
	const struct frame_view *v = &s->frames;
	if (!v->seek.step)
		return false;
	uint64_t position = frames_position(s, v->seek.row);
	if (frames_at(&m->frames, position))
		return false;
	*ret_first = position + 1;
	if (v->seek.step < 0)
		*ret_first = position + 1 > window ? position + 2 - window : 1;
	return true;
}

static void update(struct screen *s, const struct model *m)
{
	struct frame_view *v = &s->frames;
	if (filtered(s))
		scan(s, m);
	struct rows r = rows(s, m);
	if (r.begin == r.end)
		return;
	frames_keep(s, m);
	if (v->seek.step)
		seek_on(s, m);
	uint64_t row = row_of(s, v->selected);
	if (v->follow || row >= r.end)
		row = r.end - 1;
	if (row < r.begin)
		row = r.begin;
	v->selected = frames_position(s, row);
}

/* ---- drawing ---- */

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

static void put_ip(struct text *t, uint32_t ip, bool whole)
{
	if (whole)
		text_ip(t, ip);
	else
		text_short_ip(t, ip);
}

static void put_mac(struct text *t, const struct model *m, const uint8_t mac[6], bool whole)
{
	if (whole)
		text_mac(t, mac);
	else
		text_short_mac(t, m, mac);
}

static void put_what(struct text *t, const struct model *m, const struct arp_packet *p,
	enum arp_class class, enum arp_flaw flaw, bool whole)
{
	switch (class) {
	case ARP_CLASS_REQUEST:
	case ARP_CLASS_POLL:
		put_ip(t, p->tip, whole);
		text_put(t, " tell ");
		put_ip(t, p->sip, whole);
		break;
	case ARP_CLASS_REPLY:
		put_ip(t, p->sip, whole);
		text_put(t, " is-at ");
		put_mac(t, m, p->sha, whole);
		break;
	case ARP_CLASS_PROBE:
		put_ip(t, p->tip, whole);
		text_put(t, whole ? " probed by " : " for ");
		put_mac(t, m, p->sha, whole);
		break;
	case ARP_CLASS_ANNOUNCEMENT:
	case ARP_CLASS_GRATUITOUS:
		put_ip(t, p->sip, whole);
		text_put(t, whole ? " announced at " : " at ");
		put_mac(t, m, p->sha, whole);
		break;
	case ARP_CLASS_OTHER:
		text_put(t, "operation ");
		text_u64(t, p->op);
		break;
	case ARP_CLASS_BROKEN:
		text_put(t, arp_flaw_text(flaw));
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
	canvas_put(c, row, column, role, shape.class ? arp_class_name(class) : letter);
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

/* Why no capture runs, in the words of the first that was refused; NULL if one runs. */
static const char *refusal(const struct model *m)
{
	const char *first = NULL;
	for (size_t i = 0; i < m->link_count; i++) {
		const struct capture *capture = &m->links[i].capture;
		if (capture->state == CAPTURE_ON)
			return NULL;
		if (!first && capture->state == CAPTURE_FAILED && capture->text[0])
			first = capture->text;
	}
	return first;
}

/* An empty pane says why it is empty, and what would fill it. */
static void draw_nothing(
	const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const char *why = "No ARP frame yet.";
	if (filtered(s))
		why = "No frame passes the filter.";
	else if (m->hello.scope == SCOPE_FILE)
		why = m->file.complete ? "The file holds no ARP frame." : "Reading the file.";
	const char *refused = refusal(m);
	if (refused)
		why = refused;
	char sentence[EVENT_TEXT_SIZE];
	struct text t = text_in(sentence, sizeof sentence);
	text_put(&t, why);
	text_end(&t);
	if (sentence[0] >= 'a' && sentence[0] <= 'z')
		sentence[0] = (char)(sentence[0] - 'a' + 'A');
	canvas_wrap(c, r, ROLE_DIM, sentence);
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct frame_view *v = &s->frames;
	struct rows all = rows(s, m);
	v->height = r.rows;
	if (all.begin == all.end) {
		draw_nothing(s, m, c, r);
		return;
	}
	uint64_t here = row_of(s, v->selected);
	v->top = scroll_to(v->top, here, all, r.rows);
	for (int line = 0; line < r.rows && v->top + (uint64_t)line < all.end; line++) {
		uint64_t row = v->top + (uint64_t)line;
		const struct event *e = frames_shown(s, m, frames_position(s, row));
		if (e)
			draw_frame(s, m, c, r, r.row + line, e);
		else
			canvas_put(c, r.row + line, r.column, ROLE_DIM, "reading");
		if (row == here && s->subject == PANE_FRAMES)
			canvas_select(c, (struct rect) { r.row + line, r.column, 1, r.columns });
	}
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	const struct frame_view *v = &s->frames;
	uint64_t end = positions(m).end;
	/* Narrow, the pane's name yields to how many frames are new, or pass. */
	bool short_name = s->layout.panes[PANE_FRAMES].columns < 44 && (filtered(s) || !v->follow);
	text_put(t, short_name ? "Frames  " : "who-has / is-at  ");
	if (filtered(s)) {
		text_grouped(t, v->hit_count - v->hit_first);
		text_put(t, " of ");
		text_grouped(t, end - positions(m).begin);
		text_put(t, "  ");
	}
	if (m->hello.scope == SCOPE_FILE && m->file.seekable) {
		text_grouped(t, v->selected + (end > 0));
		text_char(t, '/');
		text_grouped(t, end);
	} else if (v->follow) {
		text_put(t, "following");
	} else {
		text_put(t, "paused");
		if (end > v->end) {
			text_put(t, ", ");
			text_grouped(t, end - v->end);
			text_put(t, " new");
		}
	}
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return row_of(s, s->frames.selected);
}

/* The newest row follows on; any other stands still. */
static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	struct frame_view *v = &s->frames;
	struct rows all = rows(s, m);
	bool newest = row + 1 >= all.end && m->hello.scope != SCOPE_FILE;
	v->selected = frames_position(s, row);
	if (v->follow && !newest)
		v->end = positions(m).end;
	v->follow = newest;
}

static uint64_t row_at(const struct screen *s, int line)
{
	return s->frames.top + (uint64_t)line;
}

static int page(const struct screen *s)
{
	return s->frames.height;
}

const struct pane_ops pane_frames = {
	.update = update,
	.draw = draw,
	.title = title,
	.rows = rows,
	.selected = selected,
	.select = select_row,
	.row_text = row_text,
	.row_at = row_at,
	.page = page,
};
