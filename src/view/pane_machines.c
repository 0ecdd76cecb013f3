/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the machines of a lab: their addresses, and the two sysctls that matter most. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <arplab/sysctl.h>

#include "lab_text.h"

enum kind {
	ROW_NAME,    /* The machine, with its first address. */
	ROW_ADDRESS, /* Another address. */
	ROW_LINK,    /* An interface without an address, or one that is down. */
	ROW_SYSCTLS, /* What is not 0 of an interface; of all of them alike with ifindex 0. */
};

/* ---- what a machine has ---- */

static bool is_loopback(const struct model *m, int32_t ifindex)
{
	const struct model_link *l = model_link(m, ifindex);
	return l && l->link.flags & IFF_LOOPBACK;
}

/* 127.0.0.1, which every machine has and no lesson is about. */
static bool is_localhost(const struct addr *a)
{
	return *(const uint8_t *)&a->local == 127;
}

/* The address that a machine goes by: its own alone, on an interface of the LAN. -1: none. */
static int32_t main_address(const struct model *m)
{
	int32_t found = -1;
	for (size_t i = 0; i < m->addr_count; i++) {
		const struct addr *a = &m->addrs[i].addr;
		if (is_loopback(m, a->ifindex))
			continue;
		if (!is_shared(m, a->local))
			return (int32_t)i;
		if (found < 0)
			found = (int32_t)i;
	}
	return found;
}

/* Own and effective values of arp_ignore and arp_announce. */
struct pair {
	int32_t own[2], effective[2];
};

static bool pair_of(const struct model *m, int32_t ifindex, struct pair *ret)
{
	static const char *const names[] = { "arp_ignore", "arp_announce" };
	for (size_t i = 0; i < 2; i++) {
		size_t key = (size_t)sysctl_find(names[i]);
		int32_t decider;
		if (!model_sysctl(m, ifindex, key, &ret->own[i]) ||
			!model_effective(m, ifindex, key, &ret->effective[i], &decider))
			return false;
	}
	return true;
}

/* lo decides nothing: what others give it is not worth a row, what was written there is. */
static bool is_worth_a_row(const struct pair *p, bool loopback)
{
	bool own = p->own[0] || p->own[1];
	return loopback ? own : own || p->effective[0] || p->effective[1];
}

static bool same(const struct pair *a, const struct pair *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

/* Whether all interfaces but lo have the same values; then they share a row. */
static bool alike(const struct model *m)
{
	struct pair first, p;
	size_t seen = 0;
	for (size_t i = 0; i < m->link_count; i++) {
		int32_t ifindex = m->links[i].link.ifindex;
		if (is_loopback(m, ifindex) || !pair_of(m, ifindex, &p))
			continue;
		if (seen++ && !same(&p, &first))
			return false;
		first = p;
	}
	return true;
}

/* ---- text ---- */

static void sysctl_text(struct text *t, const struct model *m, const struct machine_row *row)
{
	static const char *const labels[] = { "ignore ", "announce " };
	struct pair p;
	bool loopback = is_loopback(m, row->ifindex);
	if (!pair_of(m, row->ifindex, &p))
		return;
	if (!alike(m) || loopback) {
		text_name(t, model_conf_name(m, row->ifindex), IFNAME_SIZE);
		text_char(t, ' ');
	}
	bool second = false;
	for (size_t i = 0; i < 2; i++) {
		if (!p.own[i] && (!p.effective[i] || loopback))
			continue;
		text_put(t, second ? " " : "");
		second = true;
		text_put(t, labels[i]);
		text_i64(t, p.own[i]);
		if (p.effective[i] != p.own[i] && !loopback) {
			text_put(t, "→");
			text_i64(t, p.effective[i]);
		}
	}
}

/* Behind an address: the prefix and scope where they are not what they usually are. */
static void address_text(struct text *t, const struct model *m, const struct addr *a, bool whole)
{
	bool loopback = is_loopback(m, a->ifindex);
	text_put(t, is_shared(m, a->local) ? "VIP " : "");
	text_lab_ip(t, m, a->local, whole);
	if (a->prefix != (loopback ? 32 : 24) && !is_shared(m, a->local)) {
		text_char(t, '/');
		text_u64(t, a->prefix);
	} else if (loopback && a->prefix != 32) {
		text_char(t, '/');
		text_u64(t, a->prefix);
	}
	text_put(t, " on ");
	text_name(t, model_conf_name(m, a->ifindex), IFNAME_SIZE);
	if (a->scope == RT_SCOPE_HOST)
		text_put(t, " host");
	if (a->scope == RT_SCOPE_LINK)
		text_put(t, " link");
}

static const char *state_word(const struct model *m, int32_t ifindex)
{
	const struct model_link *l = model_link(m, ifindex);
	if (!l || !(l->link.flags & IFF_UP))
		return "down";
	return l->link.flags & IFF_NOARP ? "noarp" : "up";
}

static void put_row(
	struct text *t, const struct model *m, const struct machine_row *row, bool whole)
{
	switch ((enum kind)row->kind) {
	case ROW_NAME:
		if (row->index >= 0)
			text_lab_ip(t, m, m->addrs[row->index].addr.local, whole);
		else
			text_char(t, '-');
		break;
	case ROW_ADDRESS:
		address_text(t, m, &m->addrs[row->index].addr, whole);
		break;
	case ROW_LINK:
		text_name(t, model_conf_name(m, row->ifindex), IFNAME_SIZE);
		text_char(t, ' ');
		text_put(t, state_word(m, row->ifindex));
		break;
	case ROW_SYSCTLS:
		sysctl_text(t, m, row);
		break;
	}
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	const struct machine_row *r = &s->machines.rows[row];
	const struct model *machine = world_machine(m->world, r->node);
	text_name(t, world_name(m->world, r->node), NODE_NAME_SIZE);
	text_char(t, ' ');
	if (machine)
		put_row(t, machine, r, true);
	if (machine && r->kind == ROW_NAME) {
		text_char(t, ' ');
		text_put(t, state_word(machine, r->ifindex));
	}
}

/* ---- rows ---- */

static void add_row(struct machine_view *v, struct machine_row row)
{
	if (v->count == v->room) {
		v->room = v->room ? v->room * 2 : 64;
		v->rows = reallocarray(v->rows, v->room, sizeof *v->rows);
		if (!v->rows)
			abort();
	}
	v->rows[v->count++] = row;
}

/* An interface by itself: when nothing else names it, or when it does not work as usual. */
static bool link_is_worth_a_row(const struct model *m, const struct link *link, int32_t main)
{
	if (link->flags & IFF_LOOPBACK ||
		(main >= 0 && m->addrs[main].addr.ifindex == link->ifindex))
		return false;
	bool named = false;
	for (size_t i = 0; i < m->addr_count; i++)
		named |= m->addrs[i].addr.ifindex == link->ifindex;
	return !named || strcmp(state_word(m, link->ifindex), "up") != 0;
}

static void add_sysctls(struct machine_view *v, const struct model *m, uint16_t node)
{
	bool shared = alike(m), done = false;
	for (size_t i = 0; i < m->link_count; i++) {
		struct pair p;
		int32_t ifindex = m->links[i].link.ifindex;
		bool loopback = is_loopback(m, ifindex);
		if (!pair_of(m, ifindex, &p) || !is_worth_a_row(&p, loopback))
			continue;
		if (shared && done && !loopback)
			continue;
		done |= !loopback;
		add_row(v, (struct machine_row) { node, ROW_SYSCTLS, ifindex, 0 });
	}
}

/* A machine is shown with all its rows when any of them passes the filter. */
static void add_machine(struct screen *s, const struct model *lan, uint16_t node)
{
	struct machine_view *v = &s->machines;
	const struct model *m = world_machine(lan->world, node);
	size_t first = v->count;
	if (!m)
		return;
	int32_t main = main_address(m);
	int32_t ifindex = main >= 0 ? m->addrs[main].addr.ifindex : 0;
	for (size_t i = 0; i < m->link_count && !ifindex; i++)
		if (!(m->links[i].link.flags & IFF_LOOPBACK))
			ifindex = m->links[i].link.ifindex;
	add_row(v, (struct machine_row) { node, ROW_NAME, ifindex, main });
	for (size_t i = 0; i < m->addr_count; i++)
		if ((int32_t)i != main && !is_localhost(&m->addrs[i].addr))
			add_row(v, (struct machine_row) { node, ROW_ADDRESS,
					   m->addrs[i].addr.ifindex, (int32_t)i });
	for (size_t i = 0; i < m->link_count; i++)
		if (link_is_worth_a_row(m, &m->links[i].link, main))
			add_row(v, (struct machine_row) {
					   node, ROW_LINK, m->links[i].link.ifindex, 0 });
	add_sysctls(v, m, node);
	for (size_t i = first; i < v->count; i++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		row_text(s, lan, i, &t);
		if (row_passes(&s->filters[PANE_LINKS], &t))
			return;
	}
	v->count = first;
}

static bool same_row(const struct machine_row *a, const struct machine_row *b)
{
	return a->node == b->node && a->kind == b->kind && a->ifindex == b->ifindex &&
	       a->index == b->index;
}

/* The selected row stays what it is when rows above come or go, or at least its machine's. */
static void keep_selection(struct machine_view *v, uint16_t node)
{
	if (v->place.row < v->count && same_row(&v->rows[v->place.row], &v->chosen))
		return;
	size_t place = v->count;
	for (size_t i = v->count; i-- > 0;) {
		if (v->rows[i].node == node &&
			(place == v->count || v->rows[place].kind != v->chosen.kind))
			place = i;
		if (same_row(&v->rows[i], &v->chosen)) {
			v->place.row = i;
			return;
		}
	}
	v->place.row = place < v->count ? place : 0;
	v->chosen = v->count ? v->rows[v->place.row] : (struct machine_row) { 0, 0, 0, 0 };
}

static void update(struct screen *s, const struct model *m)
{
	struct machine_view *v = &s->machines;
	v->count = 0;
	for (uint16_t node = 1; node <= m->world->count; node++)
		add_machine(s, m, node);
	if (v->chosen.node != s->lab.node)
		v->chosen = (struct machine_row) { s->lab.node, ROW_NAME, 0, -2 };
	keep_selection(v, s->lab.node);
}

/* ---- drawing ---- */

static void draw_name(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, const struct machine_row *row)
{
	bool chosen = row->node == s->lab.node;
	canvas_put(c, r.row, r.column, ROLE_STRONG, chosen ? (c->ascii ? ">" : "▸") : " ");
	int names = names_width(m);
	int room = r.columns - 1 - 5;
	put_machine(c, r.row, r.column + 1, names < room ? names : room,
		chosen ? ROLE_STRONG : ROLE_TEXT, m, row->node);
	const struct model *machine = world_machine(m->world, row->node);
	const char *state = state_word(machine, row->ifindex);
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	int column = r.column + 2 + (names < room ? names : room);
	int left = r.column + r.columns - column;
	put_row(&t, machine, row, left >= 15);
	column = canvas_put_cut(c, r.row, column, left, ROLE_TEXT, text_end(&t)) + 1;
	if (r.columns >= 32 || strcmp(state, "up") != 0) {
		int right = r.column + r.columns - (int)strlen(state);
		canvas_put(c, r.row, right > column ? right : column,
			strcmp(state, "up") == 0 ? ROLE_DIM : ROLE_WARN, state);
	}
}

static void draw_row(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct machine_row *row)
{
	const struct model *machine = world_machine(m->world, row->node);
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (!machine)
		return;
	if (row->kind == ROW_NAME) {
		draw_name(s, m, c, r, row);
		return;
	}
	bool shared =
		row->kind == ROW_ADDRESS && is_shared(m, machine->addrs[row->index].addr.local);
	put_row(&t, machine, row, r.columns >= 27);
	enum role role = shared                     ? ROLE_STRONG
			 : row->kind == ROW_SYSCTLS ? ROLE_WARN
			 : row->kind == ROW_LINK    ? ROLE_DIM
						    : ROLE_TEXT;
	if (row->kind == ROW_SYSCTLS && is_loopback(machine, row->ifindex))
		role = ROLE_DIM;
	canvas_put_cut(c, r.row, r.column + 2, r.columns - 2, role, text_end(&t));
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->machines.count };
}

static void draw_nothing(
	const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const struct lab_news *lab = &m->world->lab;
	if (s->filters[PANE_LINKS].count && m->world->count)
		canvas_wrap(c, r, ROLE_DIM, "Nothing passes the filter.");
	else if (lab->state == LAB_FAILED)
		canvas_wrap(c, r, ROLE_BAD, lab->text);
	else
		canvas_wrap(c, r, ROLE_DIM, "The lab is not there yet.");
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct machine_view *v = &s->machines;
	v->height = r.rows;
	v->place.top = (size_t)scroll_to(v->place.top, v->place.row, rows(s, m), r.rows);
	if (!v->count)
		draw_nothing(s, m, c, r);
	for (int line = 0; line < r.rows && v->place.top + (size_t)line < v->count; line++) {
		size_t i = v->place.top + (size_t)line;
		struct rect at = { r.row + line, r.column, 1, r.columns };
		draw_row(s, m, c, at, &v->rows[i]);
		if (i == v->place.row && pane_marks(s, PANE_LINKS))
			canvas_select(c, at);
	}
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	(void)s;
	text_put(t, "Machines  ");
	text_u64(t, m->world->count);
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->machines.place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	s->machines.place.row = (size_t)row;
	s->machines.chosen = s->machines.rows[row];
	if (s->machines.chosen.node != s->lab.node)
		screen_choose_node(s, m, s->machines.chosen.node);
}

static uint64_t row_at(const struct screen *s, int line)
{
	return s->machines.place.top + (size_t)line;
}

static int page(const struct screen *s)
{
	return s->machines.height;
}

const struct pane_ops pane_machines = {
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
