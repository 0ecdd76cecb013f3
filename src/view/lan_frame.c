/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a frame on a lab's LAN as a conversation: which machine says what to whom, and when. */
#include <config.h>

#include <string.h>

#include <arplab/arrows.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>

#include "frame_rows.h"
#include "lab_text.h"

/* ---- what it says ---- */

void lan_frame_text(const struct model *m, const struct event *e, struct text *t)
{
	struct arp_packet p;
	arp_decode(e->frame.bytes, e->frame.caplen, &p);
	text_put(t, "from ");
	if (e->node)
		text_name(t, world_name(m->world, e->node), NODE_NAME_SIZE);
	else
		text_owner(t, m, p.eth_src);
	text_put(t, " to ");
	text_owner(t, m, p.eth_dst);
	text_put(t, " at ");
	text_owner(t, m, p.sha);
}

/* Where the next word goes, and where the row ends. */
struct line {
	const struct model *m;
	struct canvas *c;
	int row, column, end;
	enum role role;
	bool whole; /* Whole addresses. */
};

static void word(struct line *l, enum role role, const char *s)
{
	l->column = canvas_put_cut(l->c, l->row, l->column, l->end - l->column, role, s);
}

static void address(struct line *l, uint32_t ip)
{
	char bytes[32];
	struct text t = text_in(bytes, sizeof bytes);
	text_lab_ip(&t, l->m, ip, l->whole);
	word(l, l->role, text_end(&t));
}

static void owner(struct line *l, enum role role, uint16_t node, const uint8_t mac[6])
{
	l->column = put_owner(l->c, l->row, l->column, l->end - l->column, role, l->m, node, mac);
}

/* "VIP is-at rs1": without the owner where room is short and it is the sender, as it mostly is. */
static void answer(struct line *l, const struct event *e, const struct arp_packet *p,
	const char *says, bool brief)
{
	address(l, p->sip);
	if (brief && e->node && world_mac_owner(l->m->world, p->sha) == e->node)
		return;
	word(l, l->role, says);
	owner(l, l->role, 0, p->sha);
}

static void says(struct line *l, const struct event *e, const struct arp_packet *p,
	enum arp_class class, enum arp_flaw flaw, bool words, bool brief)
{
	switch (class) {
	case ARP_CLASS_REQUEST:
	case ARP_CLASS_POLL:
		word(l, l->role, words ? "who-has " : "");
		address(l, p->tip);
		word(l, l->role, " tell ");
		address(l, p->sip);
		break;
	case ARP_CLASS_REPLY:
		answer(l, e, p, " is-at ", brief);
		break;
	case ARP_CLASS_PROBE:
		word(l, l->role, words ? "who-has " : "");
		address(l, p->tip);
		word(l, l->role, C_("behind an address", " probe"));
		break;
	case ARP_CLASS_ANNOUNCEMENT:
	case ARP_CLASS_GRATUITOUS:
		answer(l, e, p,
			words ? C_("an address … a machine", " announced at ")
			      : C_("an address … a machine", " at "),
			brief);
		break;
	case ARP_CLASS_OTHER:
		word(l, l->role, _("another operation"));
		break;
	case ARP_CLASS_BROKEN:
		word(l, l->role, _(arp_flaw_text(flaw)));
		break;
	case ARP_CLASSES:
		break;
	}
}

/* Numbers stand under numbers. */
static int time_width(int width)
{
	return width >= 44 ? 10 : width >= 36 ? 7 : 0;
}

void lan_frame_draw(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int row, const struct event *e)
{
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(e->frame.bytes, e->frame.caplen, &p);
	enum arp_class class = arp_classify(&p, flaw);
	struct line l = { m, c, row, r.column, r.column + r.columns, frame_role(e), false };
	l.whole = r.columns >= 84;
	int time = time_width(r.columns);
	char bytes[40], letter[3] = { arp_class_letter(class), ' ', '\0' };
	struct text t = text_in(bytes, sizeof bytes);
	if (time) {
		text_since(&t, e->at_ns, frame_zero_ns(s, e), time >= 10 ? 6 : 3);
		int room = time - 1 - (int)t.len;
		canvas_put(c, row, r.column + (room > 0 ? room : 0), ROLE_DIM, text_end(&t));
		l.column += (int)t.len > time - 1 ? (int)t.len + 1 : time;
	}
	word(&l, l.role, letter);
	int to = l.column;
	owner(&l, ROLE_STRONG, e->node, p.eth_src);
	word(&l, ROLE_DIM, c->ascii ? ">" : "→");
	owner(&l, ROLE_STRONG, 0, p.eth_dst);
	/* What is said begins in one column, where that leaves room for it. */
	int names = to + 2 * names_width(m) + 2;
	bool wide = r.columns >= 60;
	l.column = wide && l.column < names ? names : l.column + 1;
	says(&l, e, &p, class, flaw, wide, r.columns < 36);
}
