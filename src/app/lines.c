/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: an event as one line of text.
 *
 * Frames come at some hundred thousand a second, so nothing here interprets a format, a frame is
 * read once, and the second and the interface's name are written once and then copied.
 */
#include <config.h>

#include <arplab/app.h>

#include <net/if.h>
#include <string.h>
#include <time.h>

#include <arplab/clock.h>
#include <arplab/frame.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define KIND_WIDTH 9 /* Of "neighbour", and of most classes with their two spaces. */

/* ---- what most lines have ---- */

static void format_second(struct line_clock *c, uint64_t second)
{
	time_t when = (time_t)second;
	struct tm tm = { 0 };
	localtime_r(&when, &tm);
	struct text t = text_in(c->text, sizeof c->text);
	text_zeros(&t, (unsigned)tm.tm_hour, 2);
	text_char(&t, ':');
	text_zeros(&t, (unsigned)tm.tm_min, 2);
	text_char(&t, ':');
	text_zeros(&t, (unsigned)tm.tm_sec, 2);
	text_char(&t, '.');
	c->second = second;
	c->len = t.len;
}

void line_time(struct text *t, uint64_t at_ns, struct line_clock *c)
{
	uint64_t second = at_ns / NS_PER_S;
	if (second != c->second || !c->len)
		format_second(c, second);
	text_putn(t, c->text, c->len);
	text_zeros(t, at_ns % NS_PER_S / 1000, 6);
	text_char(t, ' ');
}

static void put_conf_name(struct text *t, const struct model *m, int32_t ifindex)
{
	text_name(t, model_conf_name(m, ifindex), IFNAME_SIZE);
	text_char(t, ' ');
}

static void put_frame_iface(
	struct text *t, const struct model *m, int32_t ifindex, struct line_clock *c)
{
	if (!ifindex)
		return; /* A file does not say where its frames were captured. */
	if (ifindex != c->ifindex || c->links != m->generation[PART_LINKS]) {
		struct text name = text_in(c->name, sizeof c->name);
		put_conf_name(&name, m, ifindex);
		c->ifindex = ifindex;
		c->links = m->generation[PART_LINKS];
		c->name_len = name.len;
	}
	text_putn(t, c->name, c->name_len);
}

static void put_kind(struct text *t, const char *kind)
{
	size_t begin = t->len;
	text_put(t, kind);
	text_pad(t, begin + KIND_WIDTH);
}

static void put_arrow(struct text *t)
{
	text_putn(t, " -> ", 4);
}

/* ---- frames ---- */

static void put_body(struct text *t, const struct arp_packet *p)
{
	switch (p->op) {
	case ARP_OP_REQUEST:
		text_putn(t, "who-has ", 8);
		text_ip(t, p->tip);
		text_putn(t, " tell ", 6);
		text_ip(t, p->sip);
		break;
	case ARP_OP_REPLY:
		text_ip(t, p->sip);
		text_putn(t, " is-at ", 7);
		text_mac(t, p->sha);
		break;
	default:
		text_put(t, "operation ");
		text_u64(t, p->op);
		text_put(t, " sender ");
		text_ip(t, p->sip);
		text_char(t, ' ');
		text_mac(t, p->sha);
		text_put(t, " target ");
		text_ip(t, p->tip);
		text_char(t, ' ');
		text_mac(t, p->tha);
	}
}

static bool put_frame(
	struct text *t, const struct model *m, const struct event *e, struct line_clock *c)
{
	const struct frame *f = &e->frame;
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(f->bytes, f->caplen, &p);

	put_frame_iface(t, m, f->ifindex, c);
	size_t begin = t->len;
	text_put(t, arp_class_name(arp_classify(&p, flaw)));
	text_pad(t, begin + KIND_WIDTH - 2);
	text_putn(t, "  ", 2);
	if (flaw) {
		text_put(t, arp_flaw_text(flaw));
		text_put(t, ", ");
		text_u64(t, f->len);
		text_put(t, " bytes");
	} else {
		put_body(t, &p);
	}
	/* With fewer than 14 bytes there was no whole Ethernet header. */
	if (f->caplen >= 14) {
		text_putn(t, "  ", 2);
		text_mac(t, p.eth_src);
		text_putn(t, " > ", 3);
		text_mac(t, p.eth_dst);
	}
	/* A sender MAC that is not the frame's: proxy ARP, a bond, or a lie. */
	if (!flaw && p.op == ARP_OP_REQUEST && memcmp(p.sha, p.eth_src, sizeof p.sha) != 0) {
		text_put(t, "  sender MAC ");
		text_mac(t, p.sha);
	}
	if (p.tagged) {
		text_put(t, "  vlan ");
		text_u64(t, p.vlan);
	}
	return true;
}

/* ---- state ---- */

static void put_neigh_mac(struct text *t, const uint8_t mac[6], bool known)
{
	if (known)
		text_mac(t, mac);
	else
		text_char(t, '-');
}

static bool put_neigh(struct text *t, const struct model *m, const struct event *e)
{
	const struct neigh *n = &e->neigh;
	const struct neigh_entry *old;
	bool gone = e->flags & EVENT_GONE;
	if (!line_neigh_news(m, e, &old))
		return false;

	put_conf_name(t, m, n->ifindex);
	put_kind(t, "neighbour");
	text_putn(t, "  ", 2);
	text_ip(t, n->ip);
	text_put(t, gone ? " removed, was " : old ? " " : " added ");
	if (!gone && old && old->state != n->state) {
		text_put(t, neigh_state_name(old->state));
		put_arrow(t);
	}
	text_put(t, neigh_state_name(gone ? old->state : n->state));
	text_char(t, ' ');
	if (gone) {
		put_neigh_mac(t, old->mac, old->has_mac);
		return true;
	}
	if (old && old->has_mac && n->mac_len == 6 && memcmp(old->mac, n->mac, 6) != 0) {
		text_mac(t, old->mac);
		put_arrow(t);
	}
	put_neigh_mac(t, n->mac, n->mac_len == 6);
	return true;
}

static bool put_sysctl(struct text *t, const struct model *m, const struct event *e)
{
	const struct sysctl_value *v = &e->sysctl;
	int32_t old, all, effective, decider;
	if (v->absent || !model_sysctl(m, v->ifindex, v->key, &old) || old == v->value)
		return false;
	put_conf_name(t, m, v->ifindex);
	put_kind(t, "sysctl");
	text_putn(t, "  ", 2);
	text_put(t, sysctl_key(v->key)->name);
	text_char(t, ' ');
	text_i64(t, old);
	put_arrow(t);
	text_i64(t, v->value);
	if (v->ifindex > 0 && model_effective(m, v->ifindex, v->key, &effective, &decider)) {
		if (!model_sysctl(m, CONF_ALL, v->key, &all))
			all = 0;
		text_put(t, "  effective ");
		text_i64(t, effective);
		put_arrow(t);
		text_i64(t, sysctl_effective(sysctl_key(v->key), all, v->value));
	}
	return true;
}

static bool put_addr(struct text *t, const struct model *m, const struct event *e)
{
	const struct addr *a = &e->addr;
	if (line_addr_known(m, a) != !!(e->flags & EVENT_GONE))
		return false;
	put_conf_name(t, m, a->ifindex);
	put_kind(t, "address");
	text_putn(t, "  ", 2);
	text_ip(t, a->local);
	if (a->address != a->local) {
		text_put(t, " peer ");
		text_ip(t, a->address);
	}
	text_char(t, '/');
	text_u64(t, a->prefix);
	text_put(t, e->flags & EVENT_GONE ? " removed" : " added");
	return true;
}

static bool put_link(struct text *t, const struct model *m, const struct event *e)
{
	text_name(t, e->link.name, IFNAME_SIZE);
	text_char(t, ' ');
	put_kind(t, "link");
	text_putn(t, "  ", 2);
	return line_link_news(t, model_link(m, e->link.ifindex), e);
}

/* ---- captures ---- */

static bool put_capture(struct text *t, const struct model *m, const struct event *e)
{
	const struct capture *c = &e->capture;
	if (c->state == CAPTURE_OPENING)
		return false;
	put_conf_name(t, m, c->ifindex);
	put_kind(t, "capture");
	text_put(t, c->state == CAPTURE_ON    ? "  on"
		    : c->state == CAPTURE_OFF ? "  off"
					      : "  failed");
	if (c->text[0]) {
		text_put(t, ": ");
		text_name(t, c->text, sizeof c->text);
	}
	return true;
}

static bool put_drops(struct text *t, const struct model *m, const struct event *e)
{
	const struct drops *d = &e->drops;
	uint64_t lost = line_drops_lost(m, d);
	if (!lost)
		return false;
	put_conf_name(t, m, d->ifindex);
	put_kind(t, "drops");
	text_putn(t, "  ", 2);
	text_u64(t, lost);
	text_put(t, " frames lost, ");
	text_u64(t, d->kernel + d->interface);
	text_put(t, " in all, of ");
	text_u64(t, d->received);
	return true;
}

static bool put_note(struct text *t, const struct event *e)
{
	put_kind(t, "note");
	text_putn(t, "  ", 2);
	text_name(t, e->note.text, sizeof e->note.text);
	return true;
}

static bool put_event(
	struct text *t, const struct model *m, const struct event *e, struct line_clock *c)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_FRAME:
		return put_frame(t, m, e, c);
	case EVENT_NEIGH:
		return put_neigh(t, m, e);
	case EVENT_SYSCTL:
		return put_sysctl(t, m, e);
	case EVENT_ADDR:
		return put_addr(t, m, e);
	case EVENT_LINK:
		return put_link(t, m, e);
	case EVENT_CAPTURE:
		return put_capture(t, m, e);
	case EVENT_DROPS:
		return put_drops(t, m, e);
	case EVENT_NOTE:
		return put_note(t, e);
	case EVENT_HELLO:
	case EVENT_MARK:
	case EVENT_ROUTE:
	case EVENT_RULE:
	case EVENT_CHANGE:
	case EVENT_DONE:
	case EVENT_FILE:
	case EVENT_BYE:
	case EVENT_LAB:
	case EVENT_NODE:
	case EVENT_STAGE:
	case EVENT_TRIED:
	case EVENT_VIRTUAL:
	case EVENT_REAL:
	case EVENT_SERVED:
	case EVENT_KINDS:
		return false;
	}
	return false;
}

bool line_text(struct text *t, const struct model *m, const struct event *e, struct line_clock *c)
{
	size_t begin = t->len;
	line_time(t, e->at_ns, c);
	bool shown = put_event(t, m, e, c);
	if (!shown)
		t->len = begin;
	return shown;
}
