/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a host as the rules say that it is: verdicts become frames and neighbour entries. */
#include <config.h>

#include "agree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>

/* What one interface, or the host itself, is asked about. */
struct prediction {
	const struct rules *rules;
	const struct scene *scene;
	const struct stimulus *what;
	struct effect *effect;
	void (*line)(void *arg, const char *text); /* NULL: nothing is told. */
	void *arg;
};

/* ---- the table ---- */

static const struct entry *find(const struct effect *e, int32_t ifindex, uint32_t ip)
{
	for (size_t i = 0; i < e->entry_count; i++)
		if (e->entries[i].ifindex == ifindex && e->entries[i].ip == ip)
			return &e->entries[i];
	return NULL;
}

/* arg: the effect, whose table is that of the moment. */
static bool known(void *arg, int32_t ifindex, uint32_t ip, struct known *ret)
{
	const struct entry *e = find(arg, ifindex, ip);
	*ret = (struct known) { 0 };
	if (!e)
		return false;
	ret->state = e->state;
	ret->has_mac = entry_has_mac(e->state);
	if (ret->has_mac)
		memcpy(ret->mac, e->mac, 6);
	ret->age_known = true;
	ret->age_ns = e->age_ns;
	return true;
}

static void put(
	struct effect *e, int32_t ifindex, uint32_t ip, uint16_t state, const uint8_t mac[6])
{
	size_t i = 0;
	while (i < e->entry_count && (e->entries[i].ifindex != ifindex || e->entries[i].ip != ip))
		i++;
	if (i == ENTRIES_MAX)
		return;
	if (i == e->entry_count)
		e->entry_count++;
	e->entries[i] = (struct entry) { .ifindex = ifindex, .ip = ip, .state = state };
	if (entry_has_mac(state))
		memcpy(e->entries[i].mac, mac, 6);
}

/*
 * The entry of a next hop that needs no ARP has its MAC from the start.
 * Source: Linux net/ipv4/arp.c, arp_constructor().
 */
static void put_without_arp(const struct prediction *p, const struct host_link *out, uint32_t ip)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint8_t group[6] = { 0x01, 0x00, 0x5e };
	const uint8_t *bytes = (const uint8_t *)&ip;
	memcpy(group + 3, bytes + 1, 3);
	group[3] &= 0x7f;
	int type = host_addr_type(p->scene->host, ip);
	const uint8_t *mac = type == RTN_MULTICAST ? group : out->noarp ? out->mac : all;
	if (!out->loopback && !find(p->effect, out->ifindex, ip))
		put(p->effect, out->ifindex, ip, NUD_NOARP, mac);
}

/* ---- frames ---- */

static int segment_of(const struct scene *s, int32_t ifindex)
{
	for (size_t i = 0; i < s->host->link_count; i++)
		if (s->host->links[i].ifindex == ifindex)
			return s->segments[i];
	return NO_SEGMENT;
}

/* What leaves by a link that is plugged in nowhere, nobody hears. */
static void emit(const struct prediction *p, int32_t ifindex, const struct arp_packet *packet)
{
	struct effect *e = p->effect;
	if (e->frame_count == FRAMES_MAX || segment_of(p->scene, ifindex) == NO_SEGMENT)
		return;
	struct emitted *f = &e->frames[e->frame_count++];
	f->ifindex = ifindex;
	f->packet = *packet;
	f->packet.hardware = 1;
	f->packet.protocol = 0x0800;
	f->packet.hlen = 6;
	f->packet.plen = 4;
	f->packet.offset = 14;
}

static void emit_reply(
	const struct prediction *p, const struct verdict *v, const struct arp_packet *asked)
{
	struct arp_packet reply = { .op = ARP_OP_REPLY, .sip = asked->tip, .tip = asked->sip };
	memcpy(reply.eth_src, v->mac, 6);
	memcpy(reply.sha, v->mac, 6);
	memcpy(reply.eth_dst, asked->sha, 6);
	memcpy(reply.tha, asked->sha, 6);
	emit(p, v->ifindex, &reply);
}

static void emit_request(const struct prediction *p, const struct verdict *v, bool to_all)
{
	const struct host_link *out = host_link(p->scene->host, v->ifindex);
	struct arp_packet request = { .op = ARP_OP_REQUEST, .sip = v->sender, .tip = v->ip };
	memcpy(request.eth_src, out->mac, 6);
	memcpy(request.sha, out->mac, 6);
	if (to_all)
		memset(request.eth_dst, 0xff, 6);
	else
		memcpy(request.eth_dst, p->what->mac, 6);
	emit(p, v->ifindex, &request);
}

/* ---- verdicts ---- */

static void tell(const struct prediction *p, const struct verdict *v, const struct trace *trace)
{
	char line[512];
	if (!p->line)
		return;
	struct text t = text_in(line, sizeof line);
	text_printf(&t, "%s: %s, ", question_name(v->question), outcome_name(v->outcome));
	verdict_text(&t, p->scene->host, v, trace);
	p->line(p->arg, text_end(&t));
	for (size_t i = 0; i < trace->count; i++) {
		const struct rung *r = &trace->rungs[i];
		t = text_in(line, sizeof line);
		text_printf(&t, "   %s %s: %s",
			r->unknown ? "?"
			: r->holds ? "+"
				   : "-",
			r->rule->id, r->found);
		p->line(p->arg, text_end(&t));
	}
}

static void keep_decided(struct effect *e, int32_t ifindex, const struct verdict *v)
{
	if (e->decided_count < DECIDED_MAX)
		e->decided[e->decided_count++] = (struct decided) { ifindex, v->question, v->rule->id };
}

const char *effect_decided(const struct effect *e, int32_t ifindex, enum question question)
{
	for (size_t i = 0; i < e->decided_count; i++)
		if ((!ifindex || e->decided[i].ifindex == ifindex) &&
			e->decided[i].question == question)
			return e->decided[i].rule;
	return "-";
}

/* Keep who decided, and why it cannot be told. */
static bool told(const struct prediction *p, int32_t ifindex, const struct verdict *v,
	const struct trace *trace)
{
	const struct rung *last = trace_last(trace);
	tell(p, v, trace);
	keep_decided(p->effect, ifindex, v);
	if (v->outcome != OUTCOME_UNKNOWN)
		return true;
	p->effect->unknown = true;
	text_copy(p->effect->why, sizeof p->effect->why, last ? last->found : "no rule was asked");
	return false;
}

/* ---- a frame arrives ---- */

static void predict_arrival(const struct prediction *p, const struct host_link *l,
	const struct arp_packet *packet)
{
	uint8_t bytes[64] = { 0 };
	struct verdict v;
	struct trace trace;
	struct arrival a = { .ifindex = l->ifindex };
	a.flaw = arp_decode(bytes, arp_encode(packet, bytes, sizeof bytes), &a.packet);
	known(p->effect, l->ifindex, a.packet.sip, &a.known);
	rules_answer(p->rules, p->scene->host, &a, &v, &trace);
	if (!told(p, l->ifindex, &v, &trace))
		return;
	if (v.outcome == OUTCOME_REPLY || v.outcome == OUTCOME_PROXIED)
		emit_reply(p, &v, &a.packet);
	rules_learn(p->rules, p->scene->host, &a, &v, &trace);
	if (!told(p, l->ifindex, &v, &trace))
		return;
	if (v.outcome == OUTCOME_CREATED || v.outcome == OUTCOME_CHANGED)
		put(p->effect, l->ifindex, a.packet.sip, v.state, v.mac);
}

/* ---- a packet leaves ---- */

static void leave(const struct prediction *p, const struct verdict *v)
{
	const struct host_link *out = host_link(p->scene->host, v->ifindex);
	switch (v->outcome) {
	case OUTCOME_ASKS:
		put(p->effect, v->ifindex, v->ip, NUD_INCOMPLETE, v->mac);
		emit_request(p, v, true);
		break;
	case OUTCOME_USES:
		put(p->effect, v->ifindex, v->ip, v->state, v->mac);
		break;
	case OUTCOME_NO_ARP:
		if (out)
			put_without_arp(p, out, v->ip);
		break;
	default:
		break;
	}
}

/*
 * connect() without a source looks the way up twice: to choose one, and then with it.
 * Source: Linux include/net/route.h, ip_route_connect().
 */
static void predict_sending(const struct prediction *p)
{
	struct departure d = { .dst = p->what->dst,
		.src = p->what->src,
		.ifindex = p->what->ifindex,
		.known = known,
		.arg = p->effect };
	struct verdict v;
	struct trace trace;
	rules_announce(p->rules, p->scene->host, &d, &v, &trace);
	if (!told(p, 0, &v, &trace))
		return;
	if (!d.src && v.source && v.outcome != OUTCOME_REFUSED) {
		d.src = v.source;
		rules_announce(p->rules, p->scene->host, &d, &v, &trace);
		if (!told(p, 0, &v, &trace))
			return;
		/* A foreign source that is asked for is refused by bind(), this one by the way. */
		if (v.error == -EADDRNOTAVAIL)
			v.error = -ENETUNREACH;
	}
	p->effect->error = v.outcome == OUTCOME_REFUSED ? v.error : 0;
	p->effect->source = v.outcome == OUTCOME_REFUSED ? 0 : v.source;
	leave(p, &v);
}

static void predict_forwarding(const struct prediction *p, const struct host_link *l)
{
	const struct departure d = { .dst = p->what->dst,
		.src = p->what->src,
		.ifindex = l->ifindex,
		.known = known,
		.arg = p->effect };
	struct verdict v;
	struct trace trace;
	rules_forward(p->rules, p->scene->host, &d, &v, &trace);
	if (told(p, l->ifindex, &v, &trace))
		leave(p, &v);
}

static void predict_poll(const struct prediction *p)
{
	const struct departure d = {
		.dst = p->what->dst, .ifindex = p->what->ifindex, .probe = true
	};
	struct verdict v;
	struct trace trace;
	rules_announce(p->rules, p->scene->host, &d, &v, &trace);
	if (!told(p, 0, &v, &trace))
		return;
	put(p->effect, p->what->ifindex, p->what->dst, NUD_PROBE, p->what->mac);
	if (v.outcome == OUTCOME_ASKS)
		emit_request(p, &v, false);
}

/* A port hands on what it receives, and what is sent to it is its bridge's. */
static bool takes_packet(const struct host *h, const struct host_link *l, const uint8_t mac[6])
{
	bool own = memcmp(l->mac, mac, 6) == 0;
	for (size_t i = 0; i < h->link_count && !own; i++)
		own = h->links[i].above == ABOVE_BRIDGE && h->links[i].master == l->ifindex &&
		      memcmp(h->links[i].mac, mac, 6) == 0;
	return l->up && l->above == ABOVE_NOTHING && own;
}

static void begin(const struct prediction *p)
{
	const struct host *h = p->scene->host;
	const struct stimulus *what = p->what;
	p->effect->entry_count = p->scene->have_count;
	memcpy(p->effect->entries, p->scene->have, p->scene->have_count * sizeof *p->scene->have);
	switch (what->kind) {
	case STIMULUS_RX:
	case STIMULUS_FWD:
		for (size_t i = 0; i < h->link_count; i++) {
			if (p->scene->segments[i] != what->segment)
				continue;
			if (what->kind == STIMULUS_RX)
				predict_arrival(p, &h->links[i], &what->packet);
			else if (takes_packet(h, &h->links[i], what->packet.eth_dst))
				predict_forwarding(p, &h->links[i]);
		}
		return;
	case STIMULUS_TX:
		predict_sending(p);
		return;
	case STIMULUS_PROBE:
		predict_poll(p);
		return;
	}
}

/* Frames of the host itself, each on its segment; what they bring forth comes behind them. */
static void carry(const struct prediction *p)
{
	const struct host *h = p->scene->host;
	for (size_t i = 0; i < p->effect->frame_count; i++) {
		const struct emitted f = p->effect->frames[i];
		int segment = segment_of(p->scene, f.ifindex);
		for (size_t k = 0; segment != NO_SEGMENT && k < h->link_count; k++)
			if (p->scene->segments[k] == segment && h->links[k].ifindex != f.ifindex)
				predict_arrival(p, &h->links[k], &f.packet);
	}
}

static void carry_out(const struct prediction *p)
{
	begin(p);
	if (p->scene->carried)
		carry(p);
}

void predict(const struct rules *rules, const struct scene *s, const struct stimulus *what,
	struct effect *ret)
{
	memset(ret, 0, sizeof *ret);
	carry_out(&(const struct prediction) {
		.rules = rules, .scene = s, .what = what, .effect = ret });
	effect_sort(ret);
}

void predict_tell(const struct scene *s, const struct stimulus *what,
	void (*line)(void *arg, const char *text), void *arg)
{
	struct effect ignored = { 0 };
	carry_out(&(const struct prediction) {
		.scene = s, .what = what, .effect = &ignored, .line = line, .arg = arg });
}
