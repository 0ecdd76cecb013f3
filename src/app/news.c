/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what an event changes in what the model says; lines of text and JSON both ask. */
#include <config.h>

#include <arplab/app.h>

#include <net/if.h>
#include <string.h>

#include <linux/neighbour.h>

#include <arplab/text.h>

bool line_addr_known(const struct model *m, const struct addr *a)
{
	for (size_t i = 0; i < m->addr_count; i++) {
		const struct addr *b = &m->addrs[i].addr;
		if (a->ifindex == b->ifindex && a->local == b->local && a->address == b->address &&
			a->prefix == b->prefix)
			return true;
	}
	return false;
}

bool line_neigh_news(
	const struct model *m, const struct event *e, const struct neigh_entry **ret_old)
{
	const struct neigh *n = &e->neigh;
	const struct neigh_entry *old = neighs_find(&m->neighs, n->ifindex, n->ip);
	*ret_old = old;
	/* A proxy neighbour is no entry, whatever entry has its address. */
	if (n->flags & NTF_PROXY)
		return false;
	if (e->flags & EVENT_GONE)
		return old != NULL;
	/* The kernel also tells of new ages alone; that is no change to anybody who reads lines. */
	return !old || old->state != n->state ||
	       (n->mac_len == 6 && (!old->has_mac || memcmp(old->mac, n->mac, 6) != 0));
}

uint64_t line_drops_lost(const struct model *m, const struct drops *d)
{
	const struct model_link *l = model_link(m, d->ifindex);
	uint64_t before = l ? l->drops.kernel + l->drops.interface : 0;
	uint64_t now = d->kernel + d->interface;
	/* A capture that was opened anew counts from 0 again. */
	if (l && d->received < l->drops.received)
		before = 0;
	return now > before ? now - before : 0;
}

static void part(struct text *t, size_t begin, const char *what)
{
	if (t->len > begin)
		text_put(t, ", ");
	text_put(t, what);
}

static void mac_news(struct text *t, size_t begin, const struct link *old, const struct link *new)
{
	if (old->mac_len != 6 || new->mac_len != 6 || memcmp(old->mac, new->mac, 6) == 0)
		return;
	part(t, begin, "MAC ");
	text_mac(t, old->mac);
	text_put(t, " -> ");
	text_mac(t, new->mac);
}

bool line_link_news(struct text *t, const struct model_link *known, const struct event *e)
{
	const struct link *new = &e->link;
	size_t begin = t->len;
	if (e->flags & EVENT_GONE) {
		text_put(t, "removed");
		return known != NULL;
	}
	if (!known) {
		text_put(t, new->flags &IFF_UP ? "added, up" : "added, down");
		return true;
	}
	const struct link *old = &known->link;
	if (strcmp(old->name, new->name) != 0) {
		part(t, begin, "was called ");
		text_name(t, old->name, sizeof old->name);
	}
	if ((old->flags ^ new->flags) & IFF_UP)
		part(t, begin, new->flags &IFF_UP ? "up" : "down");
	if (old->carrier != new->carrier)
		part(t, begin, new->carrier ? "carrier" : "no carrier");
	if ((old->flags ^ new->flags) & IFF_NOARP)
		part(t, begin, new->flags &IFF_NOARP ? "ARP off" : "ARP on");
	mac_news(t, begin, old, new);
	if (old->mtu != new->mtu) {
		part(t, begin, "MTU ");
		text_u64(t, old->mtu);
		text_put(t, " -> ");
		text_u64(t, new->mtu);
	}
	if (old->master != new->master)
		part(t, begin, new->master ? "joined a bridge or bond" : "left its bridge or bond");
	return t->len > begin;
}

void line_swept(const struct model *m, const struct event *mark,
	void (*give)(void *arg, const struct event *e), void *arg)
{
	struct event e = { .flags = EVENT_GONE, .node = mark->node };
	uint16_t table = mark->mark.table;
	if (!mark->mark.end || !(m->tables_dumping & 1u << table))
		return;
	/* From the last row on: taking one out moves only rows behind it. */
	for (size_t i = m->link_count; table == TABLE_LINKS && i-- > 0;) {
		e.link = m->links[i].link;
		event_begin(&e, EVENT_LINK, mark->at_ns);
		if (m->links[i].mark != m->marks[TABLE_LINKS])
			give(arg, &e);
	}
	for (size_t i = m->addr_count; table == TABLE_ADDRS && i-- > 0;) {
		e.addr = m->addrs[i].addr;
		event_begin(&e, EVENT_ADDR, mark->at_ns);
		if (m->addrs[i].mark != m->marks[TABLE_ADDRS])
			give(arg, &e);
	}
	for (uint32_t i = m->neighs.count; table == TABLE_NEIGHS && i-- > 0;) {
		const struct neigh_entry *n = &m->neighs.entries[i];
		e.neigh = (struct neigh) { .ifindex = n->ifindex, .ip = n->ip };
		event_begin(&e, EVENT_NEIGH, mark->at_ns);
		if (n->mark != m->neighs.mark)
			give(arg, &e);
	}
}
