/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: one frame field by field, each beside its bytes. */
#include <config.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>

#include "lab_text.h"
#include "verdicts.h"

/* Where the next line goes, and what it may use. */
struct sheet {
	struct canvas *c;
	struct rect r;
	int row;
	const struct event *e;
	const struct model *m;
};

static void plain(struct sheet *sheet, enum role role, const char *line)
{
	canvas_put_cut(sheet->c, sheet->r.row + sheet->row++, sheet->r.column, sheet->r.columns,
		role, line);
}

/* Bytes, name, value. The bytes are there even where the frame ends before the field does. */
static void field(
	struct sheet *sheet, size_t offset, size_t len, const char *name, const char *value)
{
	bool wide = sheet->r.columns >= 60;
	char bytes[32], line[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	for (size_t i = 0; i < len; i++) {
		if (offset + i >= sheet->e->frame.caplen)
			break;
		if (wide && i)
			text_char(&t, ' ');
		text_hex(&t, sheet->e->frame.bytes[offset + i]);
	}
	int at = sheet->r.row + sheet->row++;
	int column = sheet->r.column;
	canvas_put(sheet->c, at, column, ROLE_DIM, text_end(&t));
	column += wide ? 19 : 13;
	int room = wide ? 16 : 6;
	canvas_put_cut(sheet->c, at, column, room - 1, ROLE_TEXT, name);
	column += room;
	t = text_in(line, sizeof line);
	text_put(&t, value);
	canvas_put_cut(sheet->c, at, column, sheet->r.column + sheet->r.columns - column,
		ROLE_STRONG, text_end(&t));
}

static const char *label(bool wide, const char *name, const char *short_name)
{
	return wide ? name : short_name;
}

static void mac_field(struct sheet *sheet, size_t offset, const char *name, const char *short_name,
	const uint8_t mac[6])
{
	char value[64];
	struct text t = text_in(value, sizeof value);
	/* In a lab the name says more than the MAC. */
	bool named = in_lab(sheet->m) && world_mac_owner(sheet->m->world, mac);
	if (named) {
		text_owner(&t, sheet->m, mac);
		text_put(&t, "  ");
	}
	text_mac(&t, mac);
	int32_t own = model_own_mac(sheet->m, mac);
	if (mac_is_broadcast(mac)) {
		text_put(&t, _("  broadcast"));
	} else if (own && !named) {
		text_printf(&t, _("  own %s"), name_word(model_conf_name(sheet->m, own)).text);
	}
	field(sheet, offset, 6, label(sheet->r.columns >= 60, name, short_name), text_end(&t));
}

/* The machines of a lab that hold an address. */
static void holders_text(struct text *t, const struct world *w, uint32_t ip)
{
	uint16_t nodes[NODES_MAX];
	size_t count = world_ip_owners(w, ip, nodes, NODES_MAX);
	for (size_t i = 0; i < count && i < NODES_MAX; i++) {
		text_put(t, i ? C_("list", ", ") : "  ");
		text_name(t, world_name(w, nodes[i]), NODE_NAME_SIZE);
	}
}

static void ip_field(
	struct sheet *sheet, size_t offset, const char *name, const char *short_name, uint32_t ip)
{
	char value[64];
	struct text t = text_in(value, sizeof value);
	text_ip(&t, ip);
	int32_t own = model_own_ip(sheet->m, ip);
	if (in_lab(sheet->m)) {
		holders_text(&t, sheet->m->world, ip);
	} else if (own) {
		text_printf(&t, _("  own, on %s"), name_word(model_conf_name(sheet->m, own)).text);
	}
	field(sheet, offset, 4, label(sheet->r.columns >= 60, name, short_name), text_end(&t));
}

static void number_field(struct sheet *sheet, size_t offset, size_t len, const char *name,
	const char *short_name, unsigned value, const char *means)
{
	char text[64];
	struct text t = text_in(text, sizeof text);
	text_u64(&t, value);
	text_put(&t, "  ");
	text_put(&t, means);
	field(sheet, offset, len, label(sheet->r.columns >= 60, name, short_name), text_end(&t));
}

static const char *operation(uint16_t op)
{
	static const char *const names[] = {
		[1] = N_("request (who-has)"),
		[2] = N_("reply (is-at)"),
		[3] = N_("RARP request"),
		[4] = N_("RARP reply"),
		[8] = N_("InARP request"),
		[9] = N_("InARP reply"),
	};
	return op < sizeof names / sizeof *names && names[op] ? _(names[op])
							      : C_("field", "unknown");
}

static void fields(struct sheet *sheet, const struct arp_packet *p)
{
	size_t arp = p->offset;
	mac_field(sheet, 0, C_("field", "to"), C_("short field", "to"), p->eth_dst);
	mac_field(sheet, 6, C_("field", "from"), C_("short field", "from"), p->eth_src);
	if (p->tagged)
		number_field(sheet, arp - 4, 2, "VLAN", "vlan", p->vlan, "");
	field(sheet, arp - 2, 2,
		label(sheet->r.columns >= 60, C_("field", "type"), C_("short field", "type")),
		"ARP");
	number_field(sheet, arp, 2, C_("field", "hardware type"), "hw", p->hardware,
		p->hardware == 1   ? "Ethernet"
		: p->hardware == 6 ? "IEEE 802"
				   : C_("field", "unknown"));
	number_field(sheet, arp + 2, 2, C_("field", "protocol type"), "proto", p->protocol,
		p->protocol == 0x0800 ? "IPv4" : C_("field", "unknown"));
	number_field(sheet, arp + 4, 1, C_("field", "MAC length"), "hlen", p->hlen,
		C_("field", "bytes"));
	number_field(
		sheet, arp + 5, 1, C_("field", "IP length"), "plen", p->plen, C_("field", "bytes"));
	number_field(sheet, arp + 6, 2, C_("field", "operation"), "op", p->op, operation(p->op));
	mac_field(sheet, arp + 8, C_("field", "sender MAC"), "sha", p->sha);
	ip_field(sheet, arp + 14, C_("field", "sender IP"), "sip", p->sip);
	mac_field(sheet, arp + 18, C_("field", "target MAC"), "tha", p->tha);
	ip_field(sheet, arp + 24, C_("field", "target IP"), "tip", p->tip);
}

/* All bytes in rows of 8 or 16: padding, and what no field could be made of. */
static void dump(struct sheet *sheet, size_t from)
{
	size_t step = sheet->r.columns >= 54 ? 16 : 8;
	for (size_t i = from; i < sheet->e->frame.caplen; i += step) {
		char line[80];
		struct text t = text_in(line, sizeof line);
		text_hex(&t, (uint8_t)i);
		text_char(&t, ' ');
		for (size_t k = i; k < i + step && k < sheet->e->frame.caplen; k++) {
			text_char(&t, ' ');
			text_hex(&t, sheet->e->frame.bytes[k]);
		}
		plain(sheet, ROLE_DIM, text_end(&t));
	}
}

static void head(const struct screen *s, struct sheet *sheet, enum arp_class class)
{
	char line[ROW_TEXT_SIZE];
	struct text t = text_in(line, sizeof line);
	const struct event *e = sheet->e;
	const struct model *machine = sheet->m;
	bool sent = shows_lab(s) && e->node && world_machine(machine->world, e->node);
	if (sent)
		machine = world_machine(machine->world, e->node);
	const char *what = frame_class_word(class);
	struct word node = name_word(machine->hello.host);
	struct word link = name_word(model_conf_name(machine, e->frame.ifindex));
	unsigned len = e->frame.len;
	if (sent && e->frame.ifindex)
		text_printf(
			&t, _("%s sent by %s on %s, %u bytes"), what, node.text, link.text, len);
	else if (sent)
		text_printf(&t, _("%s sent by %s, %u bytes"), what, node.text, len);
	else if (e->frame.ifindex)
		text_printf(&t, _("%s on %s, %u bytes"), what, link.text, len);
	else
		text_printf(&t, _("%s, %u bytes"), what, len);
	plain(sheet, frame_role(e), text_end(&t));
	t = text_in(line, sizeof line);
	text_date(&t, s, e->at_ns);
	text_char(&t, ' ');
	text_clock(&t, s, e->at_ns, 9);
	plain(sheet, ROLE_TEXT, text_end(&t));
}

/* What a frame of its kind is for. */
static void explain(struct sheet *sheet, enum arp_class class, enum arp_flaw flaw)
{
	char line[ROW_TEXT_SIZE];
	struct text t = text_in(line, sizeof line);
	if (flaw)
		text_printf(&t, _("This is not sound ARP: it %s."), _(arp_flaw_text(flaw)));
	else
		text_put(&t, _(arp_class_help(class)));
	struct rect room = sheet->r;
	room.row += sheet->row;
	room.rows = ROW_TEXT_SIZE; /* The clip ends it; no line is lost before. */
	sheet->row += canvas_wrap(sheet->c, room, ROLE_DIM, text_end(&t));
}

int detail_frame(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct event *e)
{
	struct sheet sheet = { c, r, 0, e, m };
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(e->frame.bytes, e->frame.caplen, &p);
	enum arp_class class = arp_classify(&p, flaw);
	head(s, &sheet, class);
	struct rect rest = r;
	rest.row += sheet.row;
	sheet.row += detail_why(s, m, c, rest, s->frames.selected, e);
	explain(&sheet, class, flaw);
	size_t known = 0;
	if (flaw == ARP_SOUND) {
		fields(&sheet, &p);
		known = p.offset + 28u;
	}
	if (e->frame.caplen > known) {
		plain(&sheet, ROLE_TEXT, known ? _("Padding:") : _("Bytes:"));
		dump(&sheet, known);
	}
	return sheet.row;
}
