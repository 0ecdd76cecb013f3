/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: an event as one JSON object. The names are documented in arplab(1) and stay as they are. */
#include <config.h>

#include <arplab/app.h>

#include <net/if.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/frame.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

/* Inlined, so that the compiler counts the letters of a literal. */
static inline void literal(struct text *t, const char *s)
{
	text_putn(t, s, strlen(s));
}

/* ---- members; each begins with its comma, since `time` always stands in front ---- */

void line_json_time(struct text *t, uint64_t at_ns, struct line_clock *c)
{
	uint64_t second = at_ns / NS_PER_S;
	if (second != c->second || !c->len) {
		struct text s = text_in(c->text, sizeof c->text);
		text_u64(&s, second);
		text_char(&s, '.');
		c->second = second;
		c->len = s.len;
	}
	literal(t, "{\"time\":");
	text_putn(t, c->text, c->len);
	text_zeros(t, at_ns % NS_PER_S, 9);
}

/* name: with its comma, quotes and colon. */
static void member_ip(struct text *t, const char *name, uint32_t ip)
{
	text_put(t, name);
	text_char(t, '"');
	text_ip(t, ip);
	text_char(t, '"');
}

static void member_mac(struct text *t, const char *name, const uint8_t mac[6])
{
	text_put(t, name);
	text_char(t, '"');
	text_mac(t, mac);
	text_char(t, '"');
}

static void member_number(struct text *t, const char *name, int64_t value)
{
	text_put(t, name);
	text_i64(t, value);
}

static void member_count(struct text *t, const char *name, uint64_t value)
{
	text_put(t, name);
	text_u64(t, value);
}

static void member_bool(struct text *t, const char *name, bool value)
{
	text_put(t, name);
	text_put(t, value ? "true" : "false");
}

/* word: from a table of ours; it needs no escapes. */
static void member_word(struct text *t, const char *name, const char *word)
{
	text_put(t, name);
	text_char(t, '"');
	text_put(t, word);
	text_char(t, '"');
}

static void member_foreign(struct text *t, const char *name, const char *word)
{
	text_put(t, name);
	text_char(t, '"');
	text_json(t, word);
	text_char(t, '"');
}

static void member_maybe_mac(struct text *t, const char *name, const uint8_t mac[6], bool known)
{
	if (known) {
		member_mac(t, name, mac);
	} else {
		text_put(t, name);
		text_put(t, "null");
	}
}

static void member_iface(struct text *t, const struct model *m, int32_t ifindex)
{
	member_foreign(t, ",\"interface\":", model_conf_name(m, ifindex));
}

/* ---- frames ---- */

static void frame_iface(
	struct text *t, const struct model *m, int32_t ifindex, struct line_clock *c)
{
	if (!ifindex)
		return; /* A file does not say where its frames were captured. */
	if (ifindex != c->ifindex || c->links != m->generation[PART_LINKS]) {
		struct text name = text_in(c->name, sizeof c->name);
		member_iface(&name, m, ifindex);
		c->ifindex = ifindex;
		c->links = m->generation[PART_LINKS];
		c->name_len = name.len;
	}
	text_putn(t, c->name, c->name_len);
}

/* The packet's own fields; the class before them still wants its closing quote. */
static void put_packet(struct text *t, const struct arp_packet *p)
{
	literal(t, "\",\"op\":");
	text_u64(t, p->op);
	literal(t, ",\"sender_ip\":\"");
	text_ip(t, p->sip);
	literal(t, "\",\"sender_mac\":\"");
	text_mac(t, p->sha);
	literal(t, "\",\"target_ip\":\"");
	text_ip(t, p->tip);
	literal(t, "\",\"target_mac\":\"");
	text_mac(t, p->tha);
	text_char(t, '"');
}

static bool put_frame(
	struct text *t, const struct model *m, const struct event *e, struct line_clock *c)
{
	const struct frame *f = &e->frame;
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(f->bytes, f->caplen, &p);

	literal(t, ",\"event\":\"frame\"");
	frame_iface(t, m, f->ifindex, c);
	literal(t, ",\"number\":");
	text_u64(t, f->number);
	literal(t, ",\"class\":\"");
	text_put(t, arp_class_name(arp_classify(&p, flaw)));
	if (flaw)
		member_word(t, "\",\"flaw\":", arp_flaw_text(flaw));
	else
		put_packet(t, &p);
	if (f->caplen >= 14) {
		literal(t, ",\"eth_src\":\"");
		text_mac(t, p.eth_src);
		literal(t, "\",\"eth_dst\":\"");
		text_mac(t, p.eth_dst);
		text_char(t, '"');
	}
	if (p.tagged)
		member_count(t, ",\"vlan\":", p.vlan);
	member_count(t, ",\"length\":", f->len);
	return true;
}

/* ---- state ---- */

static bool put_neigh(struct text *t, const struct model *m, const struct event *e)
{
	const struct neigh *n = &e->neigh;
	const struct neigh_entry *old;
	bool gone = e->flags & EVENT_GONE;
	if (!line_neigh_news(m, e, &old))
		return false;
	text_put(t, ",\"event\":\"neighbour\"");
	member_iface(t, m, n->ifindex);
	member_word(t, ",\"change\":", gone ? "removed" : old ? "changed" : "added");
	member_ip(t, ",\"ip\":", n->ip);
	if (!gone) {
		member_word(t, ",\"state\":", neigh_state_name(n->state));
		member_maybe_mac(t, ",\"mac\":", n->mac, n->mac_len == 6);
	}
	if (old) {
		member_word(t, ",\"old_state\":", neigh_state_name(old->state));
		member_maybe_mac(t, ",\"old_mac\":", old->mac, old->has_mac);
	}
	return true;
}

static bool put_sysctl(struct text *t, const struct model *m, const struct event *e)
{
	const struct sysctl_value *v = &e->sysctl;
	int32_t old, all, effective, decider;
	if (v->absent || !model_sysctl(m, v->ifindex, v->key, &old) || old == v->value)
		return false;
	text_put(t, ",\"event\":\"sysctl\"");
	member_foreign(t, ",\"name\":", model_conf_name(m, v->ifindex));
	member_word(t, ",\"key\":", sysctl_key(v->key)->name);
	member_number(t, ",\"value\":", v->value);
	member_number(t, ",\"old_value\":", old);
	if (v->ifindex > 0 && model_effective(m, v->ifindex, v->key, &effective, &decider)) {
		if (!model_sysctl(m, CONF_ALL, v->key, &all))
			all = 0;
		member_number(
			t, ",\"effective\":", sysctl_effective(sysctl_key(v->key), all, v->value));
		member_number(t, ",\"old_effective\":", effective);
	}
	return true;
}

static bool put_addr(struct text *t, const struct model *m, const struct event *e)
{
	const struct addr *a = &e->addr;
	bool gone = e->flags & EVENT_GONE;
	if (line_addr_known(m, a) != gone)
		return false;
	text_put(t, ",\"event\":\"address\"");
	member_iface(t, m, a->ifindex);
	member_word(t, ",\"change\":", gone ? "removed" : "added");
	member_ip(t, ",\"ip\":", a->local);
	member_count(t, ",\"prefix\":", a->prefix);
	member_ip(t, ",\"peer\":", a->address);
	member_count(t, ",\"scope\":", a->scope);
	return true;
}

static bool put_link(struct text *t, const struct model *m, const struct event *e)
{
	const struct link *l = &e->link;
	const struct model_link *old = model_link(m, l->ifindex);
	char news[200];
	struct text n = text_in(news, sizeof news);
	if (!line_link_news(&n, old, e))
		return false;
	bool gone = e->flags & EVENT_GONE;
	text_put(t, ",\"event\":\"link\"");
	member_foreign(t, ",\"interface\":", l->name);
	member_word(t, ",\"change\":", gone ? "removed" : old ? "changed" : "added");
	member_foreign(t, ",\"news\":", text_end(&n));
	member_number(t, ",\"index\":", l->ifindex);
	if (gone)
		return true;
	if (old && strcmp(old->link.name, l->name) != 0)
		member_foreign(t, ",\"old_interface\":", old->link.name);
	member_bool(t, ",\"up\":", l->flags & IFF_UP);
	member_bool(t, ",\"carrier\":", l->carrier);
	member_maybe_mac(t, ",\"mac\":", l->mac, l->mac_len == 6);
	member_count(t, ",\"mtu\":", l->mtu);
	return true;
}

/* ---- captures ---- */

static bool put_capture(struct text *t, const struct model *m, const struct event *e)
{
	static const char *const states[] = {
		[CAPTURE_OPENING] = "opening",
		[CAPTURE_ON] = "on",
		[CAPTURE_FAILED] = "failed",
		[CAPTURE_OFF] = "off",
	};
	const struct capture *c = &e->capture;
	if (c->state == CAPTURE_OPENING)
		return false;
	text_put(t, ",\"event\":\"capture\"");
	member_iface(t, m, c->ifindex);
	member_word(t, ",\"state\":", states[c->state]);
	if (c->text[0])
		member_foreign(t, ",\"text\":", c->text);
	return true;
}

static bool put_drops(struct text *t, const struct model *m, const struct event *e)
{
	const struct drops *d = &e->drops;
	uint64_t lost = line_drops_lost(m, d);
	if (!lost)
		return false;
	text_put(t, ",\"event\":\"drops\"");
	member_iface(t, m, d->ifindex);
	member_count(t, ",\"lost\":", lost);
	member_count(t, ",\"lost_kernel\":", d->kernel);
	member_count(t, ",\"lost_interface\":", d->interface);
	member_count(t, ",\"received\":", d->received);
	return true;
}

static bool put_note(struct text *t, const struct event *e)
{
	text_put(t, ",\"event\":\"note\"");
	member_bool(t, ",\"grave\":", e->note.grave);
	member_foreign(t, ",\"text\":", e->note.text);
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

bool line_json(struct text *t, const struct model *m, const struct event *e, struct line_clock *c)
{
	size_t begin = t->len;
	line_json_time(t, e->at_ns, c);
	bool shown = put_event(t, m, e, c);
	if (shown)
		text_char(t, '}');
	else
		t->len = begin;
	return shown;
}
