/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the interfaces, each with its addresses and the two sysctls that matter most. */
#include <config.h>

#include "panes.h"

#include <stdlib.h>
#include <string.h>

#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

enum { ROW_LINK = -1, ROW_SYSCTLS = -2 };

static const char *state_word(const struct link *l)
{
	if (!(l->flags & IFF_UP))
		return "down";
	return l->flags & IFF_RUNNING || l->flags & IFF_LOOPBACK ? "up" : "no-carrier";
}

static const char *scope_word(uint8_t scope)
{
	switch (scope) {
	case RT_SCOPE_UNIVERSE:
		return "";
	case RT_SCOPE_SITE:
		return " site";
	case RT_SCOPE_LINK:
		return " link";
	case RT_SCOPE_HOST:
		return " host";
	default:
		return " scope?";
	}
}

static void address_text(struct text *t, const struct addr *a)
{
	text_ip(t, a->local);
	if (a->address != a->local) {
		text_put(t, " peer ");
		text_ip(t, a->address);
	}
	text_char(t, '/');
	text_u64(t, a->prefix);
	text_put(t, scope_word(a->scope));
	if (a->flags & IFA_F_SECONDARY)
		text_put(t, " secondary");
}

static void sysctl_text(struct text *t, const struct model *m, int32_t ifindex)
{
	static const char *const names[] = { "arp_ignore", "arp_announce" };
	static const char *const labels[] = { "ignore ", " announce " };
	for (size_t i = 0; i < 2; i++) {
		int32_t value, decider;
		text_put(t, labels[i]);
		if (model_effective(m, ifindex, (size_t)sysctl_find(names[i]), &value, &decider))
			text_i64(t, value);
		else
			text_char(t, '?');
	}
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	const struct link_row *r = &s->links.rows[row];
	const struct model_link *l = model_link(m, r->ifindex);
	if (!l)
		return;
	if (r->addr == ROW_SYSCTLS) {
		sysctl_text(t, m, r->ifindex);
	} else if (r->addr >= 0) {
		address_text(t, &m->addrs[r->addr].addr);
	} else {
		text_name(t, l->link.name, IFNAME_SIZE);
		text_char(t, ' ');
		text_put(t, state_word(&l->link));
		text_char(t, ' ');
		text_mac(t, l->link.mac);
		text_char(t, ' ');
		text_name(t, l->link.kind, IFNAME_SIZE);
	}
}

static void add_row(struct link_view *v, int32_t ifindex, int32_t addr)
{
	if (v->count == v->room) {
		v->room = v->room ? v->room * 2 : 64;
		v->rows = reallocarray(v->rows, v->room, sizeof *v->rows);
		if (!v->rows)
			abort();
	}
	v->rows[v->count++] = (struct link_row) { ifindex, addr };
}

/* An interface is shown with all its rows when any of them passes the filter. */
static void add_link(struct screen *s, const struct model *m, const struct link *link)
{
	struct link_view *v = &s->links;
	size_t first = v->count;
	add_row(v, link->ifindex, ROW_LINK);
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.ifindex == link->ifindex)
			add_row(v, link->ifindex, (int32_t)i);
	if (!(link->flags & IFF_LOOPBACK))
		add_row(v, link->ifindex, ROW_SYSCTLS);
	for (size_t i = first; i < v->count; i++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		row_text(s, m, i, &t);
		if (row_passes(&s->filters[PANE_LINKS], &t))
			return;
	}
	v->count = first;
}

static void update(struct screen *s, const struct model *m)
{
	struct link_view *v = &s->links;
	v->count = 0;
	for (size_t i = 0; i < m->link_count; i++)
		add_link(s, m, &m->links[i].link);
	/* The selected row stays on its interface when rows above come or go. */
	if (v->place.row < v->count && v->rows[v->place.row].ifindex == v->ifindex)
		return;
	for (size_t i = 0; i < v->count; i++)
		if (v->rows[i].ifindex == v->ifindex) {
			v->place.row = i;
			return;
		}
	v->place.row = v->place.row < v->count ? v->place.row : v->count ? v->count - 1 : 0;
	v->ifindex = v->count ? v->rows[v->place.row].ifindex : 0;
}

static enum role link_role(const struct link *l)
{
	if (!(l->flags & IFF_UP))
		return ROLE_DIM;
	return l->flags & (IFF_RUNNING | IFF_LOOPBACK) ? ROLE_STRONG : ROLE_WARN;
}

/* One cell that tells what the capture does: on, off by choice, or refused. */
static void draw_capture(struct canvas *c, int row, int column, const struct model_link *l)
{
	switch (l->capture.state) {
	case CAPTURE_ON:
		canvas_put(c, row, column, ROLE_GOOD, c->ascii ? "*" : "●");
		break;
	case CAPTURE_FAILED:
		canvas_put(c, row, column, ROLE_BAD, "x");
		break;
	case CAPTURE_OPENING:
		canvas_put(c, row, column, ROLE_DIM, c->ascii ? "." : "○");
		break;
	default:
		break;
	}
}

/* A narrow pane gives the room to the MAC and names the state only when it is not `up`. */
static void draw_link(struct canvas *c, struct rect r, int row, const struct model_link *l)
{
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	bool narrow = r.columns < 28;
	int room = narrow ? 8 : r.columns >= 40 ? 15 : 9;
	const char *state = state_word(&l->link);
	text_name(&t, l->link.name, IFNAME_SIZE);
	canvas_put_cut(c, row, r.column, room, link_role(&l->link), text_end(&t));
	int column = r.column + room + 1;
	if (!narrow || strcmp(state, "up") != 0)
		column = canvas_put(c, row, column, link_role(&l->link), state) + 1;
	if (l->link.mac_len == 6 && !(l->link.flags & IFF_LOOPBACK)) {
		int left = r.column + r.columns - 2 - column;
		t = text_in(bytes, sizeof bytes);
		text_mac(&t, l->link.mac);
		/* The last three bytes tell machines apart; the first three name a maker. */
		if (left >= 17)
			canvas_put(c, row, column, ROLE_TEXT, text_end(&t));
		else if (left >= 8)
			canvas_put(c, row, column, ROLE_TEXT, text_end(&t) + 9);
	}
	draw_capture(c, row, r.column + r.columns - 1, l);
}

static void draw_row(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int line, size_t i)
{
	const struct link_row *row = &s->links.rows[i];
	const struct model_link *l = model_link(m, row->ifindex);
	if (!l)
		return;
	int at = r.row + line;
	if (row->addr == ROW_LINK) {
		draw_link(c, r, at, l);
	} else {
		char text[ROW_TEXT_SIZE];
		struct text t = text_in(text, sizeof text);
		row_text(s, m, i, &t);
		int indent = r.columns < 28 ? 1 : 2;
		canvas_put_cut(c, at, r.column + indent, r.columns - indent,
			row->addr == ROW_SYSCTLS ? ROLE_DIM : ROLE_TEXT, text_end(&t));
	}
	if (i == s->links.place.row && pane_marks(s, PANE_LINKS))
		canvas_select(c, (struct rect) { at, r.column, 1, r.columns });
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->links.count };
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct link_view *v = &s->links;
	v->height = r.rows;
	v->place.top = (size_t)scroll_to(v->place.top, v->place.row, rows(s, m), r.rows);
	if (!v->count)
		canvas_wrap(c, r, ROLE_DIM,
			s->filters[PANE_LINKS].count ? _("Nothing passes the filter.")
						     : _("Reading the interfaces."));
	for (int line = 0; line < r.rows && v->place.top + (size_t)line < v->count; line++)
		draw_row(s, m, c, r, line, v->place.top + (size_t)line);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	text_put(t, C_("title of a pane", "Interfaces"));
	text_of_machine(t, s, m);
	text_put(t, "  ");
	text_u64(t, m->link_count);
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->links.place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	(void)m;
	s->links.place.row = (size_t)row;
	s->links.ifindex = s->links.rows[row].ifindex;
}

static uint64_t row_at(const struct screen *s, int line)
{
	return s->links.place.top + (size_t)line;
}

static int page(const struct screen *s)
{
	return s->links.height;
}

const struct pane_ops pane_links = {
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
