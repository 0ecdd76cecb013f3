/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a frame as an arrow: from whom, to whom, and what it says in as many words as fit. */
#include <config.h>

#include <arplab/arrows.h>

#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/past.h>
#include <arplab/utf8.h>

#include "arrows_parts.h"
#include "lab_text.h"

/* The forms of what an arrow says, filled one by one. */
struct forms {
	const struct model *m;
	struct arrow *a;
	size_t count;
	struct text t;
	bool wide;  /* There is room for whole addresses. */
	bool whole; /* This form has them. */
};

static void form_begin(struct forms *f, bool whole)
{
	f->whole = whole;
	f->t = text_in(f->a->says[f->count], ARROW_TEXT);
}

/* One that is no shorter than the one before is none. */
static void form_end(struct forms *f)
{
	text_end(&f->t);
	if (f->count && utf8_width(f->a->says[f->count]) >= utf8_width(f->a->says[f->count - 1]))
		f->a->says[f->count][0] = '\0';
	else if (f->count < ARROW_FORMS - 1)
		f->count++;
}

static void put_ip(struct forms *f, uint32_t ip)
{
	if (f->whole)
		text_ip(&f->t, ip);
	else if (in_lab(f->m))
		text_lab_ip(&f->t, f->m, ip, false);
	else
		text_short_ip(&f->t, ip);
}

static void put_mac(struct forms *f, const uint8_t mac[6])
{
	if (in_lab(f->m))
		text_owner(&f->t, f->m, mac);
	else if (f->whole)
		text_mac(&f->t, mac);
	else
		text_short_mac(&f->t, f->m, mac);
}

static void put_vlan(struct forms *f, const struct arp_packet *p)
{
	if (p->tagged)
		text_printf(&f->t, " vlan %u", (unsigned)p->vlan);
}

/* The longest form, with whole addresses if they are wanted, then with short ones. */
static void asks_whom(struct forms *f, const struct arp_packet *p, const char *behind)
{
	for (int whole = f->wide; whole >= 0; whole--) {
		form_begin(f, whole);
		text_put(&f->t, "who-has ");
		put_ip(f, p->tip);
		text_put(&f->t, behind);
		if (p->sip)
			put_ip(f, p->sip);
		put_vlan(f, p);
		form_end(f);
	}
}

/* Who is to be told counts where that is not whom the column is known as. */
static void asks(struct forms *f, const struct arp_packet *p, bool plain)
{
	asks_whom(f, p, " tell ");
	form_begin(f, false);
	text_put(&f->t, plain ? "who-has " : "");
	put_ip(f, p->tip);
	text_put(&f->t, plain ? "" : "? tell ");
	if (!plain)
		put_ip(f, p->sip);
	form_end(f);
	form_begin(f, false);
	put_ip(f, p->tip);
	text_char(&f->t, '?');
	form_end(f);
}

static void probes(struct forms *f, const struct arp_packet *p)
{
	asks_whom(f, p, C_("behind an address", " probe"));
	form_begin(f, false);
	text_put(&f->t, C_("before an address", "probe "));
	put_ip(f, p->tip);
	form_end(f);
	form_begin(f, false);
	put_ip(f, p->tip);
	text_char(&f->t, '?');
	form_end(f);
}

/* An address and a MAC. Where it is the sender's own, the arrow says so, and shorter forms do. */
static void tells(
	struct forms *f, const struct arp_packet *p, const char *verb, const char *word, bool own)
{
	for (int whole = f->wide; whole >= 0; whole--) {
		form_begin(f, whole);
		put_ip(f, p->sip);
		text_put(&f->t, verb);
		put_mac(f, p->sha);
		put_vlan(f, p);
		form_end(f);
	}
	for (int bare = 0; own && bare <= 1; bare++) {
		form_begin(f, false);
		put_ip(f, p->sip);
		text_put(&f->t, bare ? "" : word);
		form_end(f);
	}
}

static void says(struct forms *f, const struct arp_packet *p, enum arp_class class,
	enum arp_flaw flaw, bool own, bool plain)
{
	switch (class) {
	case ARP_CLASS_REQUEST:
	case ARP_CLASS_POLL:
		asks(f, p, plain);
		break;
	case ARP_CLASS_REPLY:
		tells(f, p, " is-at ", "", own);
		break;
	case ARP_CLASS_PROBE:
		probes(f, p);
		break;
	case ARP_CLASS_ANNOUNCEMENT:
		tells(f, p, C_("an address … a machine", " announced at "),
			C_("behind an address", " announced"), own);
		break;
	case ARP_CLASS_GRATUITOUS:
		tells(f, p, C_("an address … a machine", " gratuitous, at "),
			C_("behind an address", " gratuitous"), own);
		break;
	case ARP_CLASS_OTHER:
		form_begin(f, false);
		text_printf(&f->t, _("operation %u"), (unsigned)p->op);
		form_end(f);
		break;
	case ARP_CLASS_BROKEN:
		form_begin(f, false);
		text_put(&f->t, _(arp_flaw_text(flaw)));
		form_end(f);
		form_begin(f, false);
		text_put(&f->t, C_("frame", "broken"));
		form_end(f);
		break;
	case ARP_CLASSES:
		break;
	}
}

/* Whether a sender's IP is the one that its column is known by, or an address of its machine. */
static bool is_plain(const struct parties *p, const struct model *m, int column, uint16_t node,
	const struct arp_packet *packet)
{
	if (node)
		return !is_shared(m, packet->sip) &&
		       model_own_ip(world_machine(m->world, node), packet->sip);
	return column >= 0 && (size_t)column < p->count && p->list[column].ip == packet->sip;
}

/* Whether a frame of the LAN came to a machine; also where that is so long ago that it is
 * forgotten. */
static bool came(const struct model *m, uint16_t node, const struct event *e)
{
	const struct model *machine = world_machine(m->world, node);
	const struct event *oldest = frames_at(&machine->frames, machine->frames.first);
	if (machine->frames.first > 0 && oldest && oldest->at_ns > e->at_ns)
		return true;
	return past_landed(NULL, m->world, node, e) != 0;
}

/*
 * Whom a frame to all reaches. In a lab each machine says which frames came; elsewhere those are
 * meant who were seen on the same wire.
 */
static uint64_t reached(const struct parties *p, const struct model *m, const struct event *e,
	const struct arp_packet *packet)
{
	uint64_t reach = p->folded ? UINT64_C(1) << p->count : 0, wire = party_wire(e, packet);
	bool lan = e->node && in_lab(m) && m == world_machine(m->world, 0);
	for (size_t i = 0; i < p->count; i++)
		if (lan ? came(m, party_node(&p->list[i]), e) : (p->list[i].wires & wire) != 0)
			reach |= UINT64_C(1) << i;
	return reach;
}

void arrow_read(const struct parties *p, const struct model *m, const struct event *e, bool wide,
	struct arrow *ret)
{
	struct arp_packet packet;
	enum arp_flaw flaw = arp_decode(e->frame.bytes, e->frame.caplen, &packet);
	enum arp_class class = arp_classify(&packet, flaw);
	uint64_t from = party_sender(m, e, &packet);
	bool own = party_id(m, packet.sha) == from;
	*ret = (struct arrow) { .role = frame_role(e) };
	ret->from = parties_column(p, from);
	ret->to = mac_is_group(packet.eth_dst) ? ARROW_ALL
					       : parties_column(p, party_id(m, packet.eth_dst));
	if (ret->to == ARROW_ALL)
		ret->reach = reached(p, m, e, &packet);
	struct forms f = { .m = m, .a = ret, .wide = wide };
	says(&f, &packet, class, flaw, own,
		is_plain(p, m, ret->from, in_lab(m) ? world_mac_owner(m->world, packet.sha) : 0,
			&packet));
}

void text_since(struct text *t, uint64_t at_ns, uint64_t zero_ns, unsigned digits)
{
	uint64_t span_ns = at_ns >= zero_ns ? at_ns - zero_ns : zero_ns - at_ns;
	uint64_t part = span_ns % 1000000000;
	if (at_ns < zero_ns)
		text_char(t, '-');
	text_u64(t, span_ns / 1000000000);
	for (unsigned i = digits; i < 9; i++)
		part /= 10;
	text_char(t, '.');
	text_zeros(t, part, digits);
}
