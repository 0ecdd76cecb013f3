/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: cache rows beside the frames that made them so. */
#include <config.h>

#include "causes.h"

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/utf8.h>

#include "lab_text.h"
#include "pane_matrix.h"

#define EFFECTS_SHOWN 12

/* Frames are numbered as machine 0 has them; those of one machine of a lab are numbered apart. */
bool causes_told(const struct screen *s)
{
	return s->past && (shows_lab(s) || !s->lab.on);
}

void causes_update(struct screen *s, const struct model *m)
{
	struct cause_view *v = &s->causes;
	*v = (struct cause_view) { 0 };
	if (!causes_told(s) || !m->world)
		return;
	if (pane_marks(s, PANE_FRAMES) && screen_frame(s, m)) {
		v->count = past_effects(
			s->past, m->world, s->frames.selected, v->effects, CAUSE_EFFECTS);
		if (v->count > CAUSE_EFFECTS)
			v->count = CAUSE_EFFECTS;
	}
	if (pane_marks(s, PANE_CACHE) && screen_neigh(s, m)) {
		uint16_t node = shows_lab(s) ? s->caches.chosen.node : 0;
		struct effect e;
		/* Whose MAC it is, is what a matrix tells. */
		v->known = ((shows_matrix(s) && past_flip(s->past, m->world, node, s->cache.ifindex,
							s->cache.ip, UINT64_MAX, &e)) ||
				   past_cause(s->past, m->world, node, s->cache.ifindex,
					   s->cache.ip, &e)) &&
			   e.caused;
		v->position = v->known ? e.position : 0;
	}
}

const struct effect *causes_effect(
	const struct screen *s, uint16_t node, int32_t ifindex, uint32_t ip)
{
	const struct cause_view *v = &s->causes;
	for (size_t i = 0; i < v->count; i++) {
		const struct effect *e = &v->effects[i];
		if (e->node == node && e->ifindex == ifindex && e->ip == ip)
			return e;
	}
	return NULL;
}

bool causes_is_cause(const struct screen *s, uint64_t position)
{
	return s->causes.known && s->causes.position == position;
}

/* ---- old and new ---- */

static const char *arrow(const struct canvas *c)
{
	return c->ascii ? " > " : " → ";
}

static void put_mac(struct text *t, const struct model *m, const uint8_t mac[6])
{
	if (in_lab(m))
		text_owner(t, m, mac);
	else
		text_mac(t, mac);
}

/* What was known: "REACHABLE rs1". */
struct known_words {
	char text[48];
};

static struct known_words known_words(const struct model *m, const struct known *k)
{
	struct known_words w;
	struct text t = text_in(w.text, sizeof w.text);
	text_put(&t, k->state ? neigh_state_name(k->state) : C_("entry", "none"));
	if (k->has_mac) {
		text_char(&t, ' ');
		put_mac(&t, m, k->mac);
	}
	text_end(&t);
	return w;
}

static struct word owner_word(const struct model *m, const uint8_t mac[6])
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	put_mac(&t, m, mac);
	text_end(&t);
	return w;
}

static bool changes_mac(const struct effect *e)
{
	return e->before.has_mac && e->after.has_mac &&
	       memcmp(e->before.mac, e->after.mac, sizeof e->before.mac) != 0;
}

/* The row itself shows what is new, so it is the old that counts where room is short. */
static void put_short(
	struct text *t, const struct model *m, const struct effect *e, const struct canvas *c)
{
	if (changes_mac(e)) {
		text_printf(t, C_("entry", "was %s"), owner_word(m, e->before.mac).text);
		return;
	}
	text_put(t, e->before.state ? neigh_state_name(e->before.state) : C_("entry", "none"));
	text_put(t, arrow(c));
	text_put(t, neigh_state_name(e->after.state));
}

static void put_letters(struct text *t, const struct effect *e, const struct canvas *c)
{
	text_char(t, e->before.state ? neigh_state_letter(e->before.state) : '-');
	text_put(t, c->ascii ? ">" : "→");
	text_char(t, neigh_state_letter(e->after.state));
}

void causes_draw(const struct model *m, struct canvas *c, int row, int column, int columns,
	const struct effect *e)
{
	char bytes[96];
	struct text t = text_in(bytes, sizeof bytes);
	put_short(&t, m, e, c);
	if ((int)utf8_width(text_end(&t)) > columns) {
		t = text_in(bytes, sizeof bytes);
		if (columns >= 3)
			put_letters(&t, e, c);
		else
			text_char(&t, neigh_state_letter(e->after.state));
	}
	canvas_fill(c, (struct rect) { row, column, 1, columns }, ROLE_TEXT, ' ');
	canvas_put_cut(c, row, column, columns, ROLE_MATCH, text_end(&t));
}

static void effect_text(
	struct text *t, const struct model *m, const struct effect *e, const struct canvas *c)
{
	if (e->node && in_lab(m))
		text_printf(t, C_("of a machine", "%s: "),
			name_word(world_name(m->world, e->node)).text);
	text_printf(t, "%s  %s%s%s", ip_word(e->ip).text, known_words(m, &e->before).text, arrow(c),
		known_words(m, &e->after).text);
}

/* ---- in the detail ---- */

void detail_effects(
	const struct screen *s, const struct model *m, struct lines *l, uint64_t position)
{
	struct effect effects[EFFECTS_SHOWN];
	if (!causes_told(s))
		return;
	size_t count = past_effects(s->past, m->world, position, effects, EFFECTS_SHOWN);
	if (!count)
		return;
	detail_line(l, ROLE_TEXT, _("Cache entries that it made or changed:"));
	struct lines in = *l;
	in.r.column += 2;
	in.r.columns -= 2;
	for (size_t i = 0; i < count && i < EFFECTS_SHOWN; i++) {
		char bytes[ROW_TEXT_SIZE];
		struct text t = text_in(bytes, sizeof bytes);
		effect_text(&t, m, &effects[i], l->c);
		detail_wrapped(&in, ROLE_MATCH, text_end(&t));
	}
	l->row = in.row + 1;
	if (count > EFFECTS_SHOWN) {
		char bytes[48];
		struct text t = text_in(bytes, sizeof bytes);
		text_printf(&t, _("and %zu more"), count - EFFECTS_SHOWN);
		l->row--;
		detail_line(l, ROLE_DIM, text_end(&t));
		l->row++;
	}
}

static void tell_frame(
	const struct screen *s, const struct model *m, struct lines *l, const struct effect *e)
{
	char bytes[96], line[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	struct arp_packet p;
	const struct event *frame = frames_at(&m->frames, e->position);
	if (!frame || arp_decode(frame->frame.bytes, frame->frame.caplen, &p) != ARP_SOUND)
		return;
	text_clock(&t, s, frame->at_ns, 6);
	if (p.op == ARP_OP_REPLY)
		text_printf(&t, "  %s is-at %s", ip_word(p.sip).text, owner_word(m, p.sha).text);
	else
		text_printf(&t, "  who-has %s tell %s", ip_word(p.tip).text, ip_word(p.sip).text);
	struct text whole = text_in(line, sizeof line);
	text_printf(&whole, e->asked ? _("made by its own who-has: %s") : _("made so by: %s"),
		text_end(&t));
	detail_wrapped(l, ROLE_MATCH, text_end(&whole));
}

static void tell_change(
	const struct screen *s, const struct model *m, struct lines *l, const struct effect *e)
{
	char bytes[ROW_TEXT_SIZE], clock[24];
	struct text t = text_in(bytes, sizeof bytes), at = text_in(clock, sizeof clock);
	text_clock(&at, s, e->at_ns, 6);
	text_printf(&t, _("was %s until %s"), known_words(m, &e->before).text, text_end(&at));
	detail_wrapped(l, ROLE_TEXT, text_end(&t));
	if (e->caused)
		tell_frame(s, m, l, e);
	else
		detail_wrapped(l, ROLE_DIM, _("No frame that is remembered made it so."));
}

void detail_cause(const struct screen *s, const struct model *m, struct lines *l, uint16_t node,
	const struct neigh_entry *n)
{
	struct effect e, flip;
	if (!causes_told(s) || !m->world ||
		!past_cause(s->past, m->world, node, n->ifindex, n->ip, &e))
		return;
	tell_change(s, m, l, &e);
	/* What came since has changed the state only. */
	if (n->has_mac &&
		past_flip(s->past, m->world, node, n->ifindex, n->ip, UINT64_MAX, &flip) &&
		flip.at_ns != e.at_ns)
		tell_change(s, m, l, &flip);
}
