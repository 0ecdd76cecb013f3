/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: which frames are the rows of the frame pane: filtered, followed, searched. */
#include <config.h>

#include "frame_rows.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/frame.h>
#include <arplab/i18n.h>

#include "lab_text.h"

/* ---- rows: positions of frames, or indices of those that pass the filter ---- */

bool frame_rows_filtered(const struct screen *s)
{
	return s->filters[PANE_FRAMES].count > 0;
}

/* Positions that exist: in the ring, or in the whole file where frames can be fetched. */
struct rows frame_positions(const struct model *m)
{
	if (m->hello.scope == SCOPE_FILE && m->file.seekable)
		return (struct rows) { 0, m->file.frames };
	return (struct rows) { m->frames.first, m->frames.first + m->frames.count };
}

struct rows frame_rows(const struct screen *s, const struct model *m)
{
	if (frame_rows_filtered(s))
		return (struct rows) { s->frames.hit_first, s->frames.hit_count };
	return frame_positions(m);
}

uint64_t frames_position(const struct screen *s, uint64_t row)
{
	return frame_rows_filtered(s) ? s->frames.hits[row] : row;
}

/* The first row at or behind a position. */
uint64_t frame_row_of(const struct screen *s, uint64_t position)
{
	const struct frame_view *v = &s->frames;
	if (!frame_rows_filtered(s))
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
	const char *shown = frame_class_word(class), *typed = arp_class_name(class);
	text_put(t, typed);
	text_char(t, ' ');
	/* In another language both words find it. */
	if (shown != typed) {
		text_put(t, shown);
		text_char(t, ' ');
	}
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
	if (in_lab(m)) {
		text_char(t, ' ');
		lan_frame_text(m, e, t);
	}
}

void frame_row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	const struct event *e = frames_shown(s, m, frames_position(s, row));
	if (e)
		frame_text(m, e, t);
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
void frame_rows_nothing(
	const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const char *why = _("No ARP frame yet.");
	if (frame_rows_filtered(s))
		why = _("No frame passes the filter.");
	else if (m->hello.scope == SCOPE_FILE)
		why = m->file.complete ? _("The file holds no ARP frame.") : _("Reading the file.");
	const char *refused = refusal(m);
	if (refused)
		why = refused;
	char sentence[EVENT_TEXT_SIZE];
	struct text t = text_in(sentence, sizeof sentence);
	text_sentence(&t, why);
	canvas_wrap(c, r, ROLE_DIM, text_end(&t));
}

void frame_rows_title(const struct screen *s, const struct model *m, struct text *t)
{
	const struct frame_view *v = &s->frames;
	uint64_t end = frame_positions(m).end;
	if (frame_rows_filtered(s))
		text_printf(t, C_("rows that pass, of all", "%s of %s  "),
			grouped_word(v->hit_count - v->hit_first).text,
			grouped_word(end - frame_positions(m).begin).text);
	if (m->hello.scope == SCOPE_FILE && m->file.seekable)
		text_printf(t, "%s/%s", grouped_word(v->selected + (end > 0)).text,
			grouped_word(end).text);
	else if (v->follow)
		text_put(t, C_("frames", "following"));
	else if (end > v->end)
		text_printf(t, C_("frames", "paused, %s new"), grouped_word(end - v->end).text);
	else
		text_put(t, C_("frames", "paused"));
}

/* ---- following the model ---- */

void frame_rows_forget(struct screen *s)
{
	struct frame_view *v = &s->frames;
	v->hit_first = v->hit_count = 0;
	v->scanned = v->top = v->selected = v->end = v->seen_end = 0;
	v->follow = true;
	v->seek.step = 0;
	v->zero.position = 0;
	v->zero.known = false;
	v->zero.awaited = true;
	v->ladder.parties.count = 0;
}

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

/* ---- selecting ---- */

uint64_t frame_row_selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return frame_row_of(s, s->frames.selected);
}

/* The newest row follows on; any other stands still. */
void frame_row_select(struct screen *s, const struct model *m, uint64_t row)
{
	struct frame_view *v = &s->frames;
	struct rows all = frame_rows(s, m);
	bool newest = row + 1 >= all.end && m->hello.scope != SCOPE_FILE;
	v->selected = frames_position(s, row);
	if (v->follow && !newest)
		v->end = frame_positions(m).end;
	v->follow = newest;
}

uint64_t frame_row_at(const struct screen *s, int line)
{
	return s->frames.top + (line < FRAME_LINES ? s->frames.line_rows[line] : 0);
}

int frame_rows_page(const struct screen *s)
{
	return s->frames.height;
}

/* ---- a search that fetches on its way ---- */

/* Look at rows as far as they are in memory. Returns false when all were looked at in vain. */
static bool seek_on(struct screen *s, const struct model *m)
{
	struct frame_view *v = &s->frames;
	struct rows all = frame_rows(s, m);
	for (; v->seek.left > 0; v->seek.left--) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		const struct event *e = frames_at(&m->frames, frames_position(s, v->seek.row));
		if (!e)
			return true;
		frame_text(m, e, &t);
		if (row_passes(&s->search, &t)) {
			frame_row_select(s, m, v->seek.row);
			v->seek.step = 0;
			return true;
		}
		if (v->seek.step > 0)
			v->seek.row = v->seek.row + 1 < all.end ? v->seek.row + 1 : all.begin;
		else
			v->seek.row = v->seek.row > all.begin ? v->seek.row - 1 : all.end - 1;
	}
	v->seek.step = 0;
	screen_say(s, true, _("'%s' is not here."), s->search.text);
	return false;
}

bool frames_seek(struct screen *s, const struct model *m, int step)
{
	struct frame_view *v = &s->frames;
	struct rows all = frame_rows(s, m);
	if (all.begin == all.end)
		return false;
	uint64_t count = all.end - all.begin, from = frame_row_of(s, v->selected) - all.begin;
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

/* Choose the frame that times are counted from: the first one, or the first of the step. */
static void choose_zero(struct screen *s, const struct model *m)
{
	struct frame_view *v = &s->frames;
	const struct play *p = s->lab.play;
	const struct lesson *lesson = p ? p->lesson : NULL;
	size_t step = p ? p->step : 0;
	if (v->zero.lesson != lesson || v->zero.step != step) {
		v->zero.lesson = lesson;
		v->zero.step = step;
		v->zero.position = v->seen_end;
		v->zero.awaited = true;
	}
	const struct event *first = frames_at(&m->frames, v->zero.position);
	if (v->zero.awaited && first) {
		v->zero.awaited = false;
		v->zero.known = true;
		v->zero.at_ns = first->at_ns;
	}
}

uint64_t frame_zero_ns(const struct screen *s, const struct event *e)
{
	return s->frames.zero.known ? s->frames.zero.at_ns : e->at_ns;
}

void frame_rows_update(struct screen *s, const struct model *m)
{
	struct frame_view *v = &s->frames;
	if (shows_lab(s)) {
		/* A lab that is built anew begins to count anew. */
		uint32_t lab = m->world ? m->world->lab.number : 0;
		if (v->seen_lab != lab || m->frames.first + m->frames.count < v->seen_end)
			frame_rows_forget(s);
		v->seen_lab = lab;
	}
	choose_zero(s, m);
	v->seen_end = m->frames.first + m->frames.count;
	if (frame_rows_filtered(s))
		scan(s, m);
	struct rows r = frame_rows(s, m);
	if (r.begin == r.end)
		return;
	frames_keep(s, m);
	if (v->seek.step)
		seek_on(s, m);
	uint64_t row = frame_row_of(s, v->selected);
	if (v->follow || row >= r.end)
		row = r.end - 1;
	if (row < r.begin)
		row = r.begin;
	v->selected = frames_position(s, row);
}
