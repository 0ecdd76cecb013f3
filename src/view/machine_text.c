/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what there is to say of one machine of a lab, a row each. */
#include <config.h>

#include "machine_text.h"

#include <string.h>

#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/rows.h>
#include <arplab/sysctl.h>

/* ---- what a machine has ---- */

bool is_loopback(const struct model *m, int32_t ifindex)
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

static void sysctl_text(
	struct text *t, const struct model *m, const struct machine_row *row, const char *arrow)
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
			text_put(t, arrow);
			text_i64(t, p.effective[i]);
		}
	}
}

/* Behind an address: the prefix and scope where they are not what they usually are. */
static void address_text(struct text *t, const struct model *m, const struct addr *a, bool whole)
{
	bool loopback = is_loopback(m, a->ifindex);
	struct word ip;
	struct text i = text_in(ip.text, sizeof ip.text);
	text_put(&i, is_shared(m, a->local) ? "VIP " : "");
	text_lab_ip(&i, m, a->local, whole);
	if (a->prefix != (loopback ? 32 : 24) && !is_shared(m, a->local)) {
		text_char(&i, '/');
		text_u64(&i, a->prefix);
	} else if (loopback && a->prefix != 32) {
		text_char(&i, '/');
		text_u64(&i, a->prefix);
	}
	text_printf(t, C_("an address on an interface", "%s on %s"), text_end(&i),
		name_word(model_conf_name(m, a->ifindex)).text);
	if (a->scope == RT_SCOPE_HOST)
		text_put(t, " host");
	if (a->scope == RT_SCOPE_LINK)
		text_put(t, " link");
}

const char *machine_link_state(const struct model *m, int32_t ifindex)
{
	const struct model_link *l = model_link(m, ifindex);
	if (!l || !(l->link.flags & IFF_UP))
		return "down";
	return l->link.flags & IFF_NOARP ? "noarp" : "up";
}

/* ---- a cluster ---- */

static void virtual_text(struct text *t, const struct world_virtual *v)
{
	static const char *const schedulers[SCHEDULERS] = {
		[SCHEDULER_RR] = "rr",
		[SCHEDULER_WRR] = "wrr",
		[SCHEDULER_LC] = "lc",
		[SCHEDULER_WLC] = "wlc",
	};
	const unsigned port = v->service.port;
	const char *scheduler = schedulers[v->service.scheduler];
	switch ((enum director_backend)v->service.backend) {
	case BACKEND_IPVS:
		text_printf(t, _("balances :%u %s by IPVS"), port, scheduler);
		break;
	case BACKEND_STANDIN:
		text_printf(t, _("balances :%u %s, stand-in"), port, scheduler);
		break;
	case BACKEND_IPVS_TUN:
		text_printf(t, _("balances :%u %s tun by IPVS"), port, scheduler);
		break;
	case BACKEND_STANDIN_TUN:
		text_printf(t, _("balances :%u %s tun, stand-in"), port, scheduler);
		break;
	case BACKENDS:
		break;
	}
}

static void real_text(struct text *t, const struct model *m, const struct world_virtual *v,
	const struct real_server *r)
{
	uint16_t owner;
	text_put(t, "  ");
	if (world_ip_owners(m->world, r->ip, &owner, 1) == 1)
		text_name(t, world_name(m->world, owner), NODE_NAME_SIZE);
	else
		text_ip(t, r->ip);
	if (r->weight != 1)
		text_printf(t, _(" weight %u"), (unsigned)r->weight);
	text_char(t, ' ');
	text_grouped(t, r->connections);
	if (v->service.connections) {
		text_put(t, ", ");
		text_u64(t, (r->connections * 100 + v->service.connections / 2) /
				    v->service.connections);
		text_char(t, '%');
	}
}

static void served_text(struct text *t, const struct model *m, uint16_t node)
{
	uint64_t all = world_served(m->world, node, ANY_MACHINE, 0);
	uint64_t alone = world_served(m->world, node, 0, 0);
	if (alone)
		text_printf(t, _("served %s, %s bypassed!"), grouped_word(all).text,
			grouped_word(alone).text);
	else
		text_printf(t, _("served %s"), grouped_word(all).text);
}

void machine_row_text(struct text *t, const struct model *m, const struct machine_row *row,
	bool whole, const char *arrow)
{
	switch ((enum machine_row_kind)row->kind) {
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
		text_put(t, machine_link_state(m, row->ifindex));
		break;
	case ROW_SYSCTLS:
		sysctl_text(t, m, row, arrow);
		break;
	case ROW_VIRTUAL:
		virtual_text(t, &m->world->virtuals[row->index]);
		break;
	case ROW_REAL:
		real_text(t, m, &m->world->virtuals[row->index],
			&m->world->virtuals[row->index].reals[row->ifindex]);
		break;
	case ROW_SERVED:
		served_text(t, m, row->node);
		break;
	}
}

/* ---- rows ---- */

static void add_row(struct machine_view *v, struct machine_row row)
{
	v->rows = row_insert(v->rows, &v->count, v->count, sizeof row);
	v->rows[v->count - 1] = row;
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
	/* A tunnel of nobody's, which the kernel puts into every namespace. */
	if (!named && !(link->flags & IFF_UP) && mac_is_zero(link->mac))
		return false;
	return !named || strcmp(machine_link_state(m, link->ifindex), "up") != 0;
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

static void add_cluster(struct machine_view *v, const struct model *m, uint16_t node)
{
	const struct world_virtual *w = NULL;
	while ((w = world_virtual(m->world, node, w))) {
		int32_t index = (int32_t)(w - m->world->virtuals);
		add_row(v, (struct machine_row) { node, ROW_VIRTUAL, 0, index });
		for (size_t i = 0; i < w->count; i++)
			add_row(v, (struct machine_row) { node, ROW_REAL, (int32_t)i, index });
	}
	if (world_served(m->world, node, ANY_MACHINE, 0))
		add_row(v, (struct machine_row) { node, ROW_SERVED, 0, 0 });
}

void machine_rows_add(struct machine_view *v, const struct model *m, uint16_t node)
{
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
	add_cluster(v, m, node);
}
