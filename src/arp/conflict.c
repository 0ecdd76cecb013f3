/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: frames read as claims of IPs by MACs. Nearly all claim what was claimed before, and must
 * cost next to nothing; so a frame is read here only as far as that needs.
 */
#include <config.h>

#include "conflict_parts.h"

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/frame.h>

/* What a frame says, as far as it is looked at. */
struct said {
	uint64_t sha;
	uint32_t sip, tip;
	uint16_t op, vlan;
	bool group; /* Not sent to one MAC alone. */
};

struct conflicts *conflicts_new(void)
{
	struct conflicts *c = calloc(1, sizeof *c);
	if (!c)
		abort();
	/* Touched only as they fill. */
	c->bindings = calloc((size_t)BINDING_SETS * WAYS, sizeof *c->bindings);
	c->stations = calloc((size_t)STATION_SETS * WAYS, sizeof *c->stations);
	c->records = calloc(CONFLICTS_MAX, sizeof *c->records);
	if (!c->bindings || !c->stations || !c->records)
		abort();
	c->due_ns = UINT64_MAX;
	return c;
}

void conflicts_free(struct conflicts *c)
{
	if (!c)
		return;
	free(c->bindings);
	free(c->stations);
	free(c->records);
	free(c);
}

void conflicts_clear(struct conflicts *c)
{
	memset(c->questions, 0, sizeof c->questions);
	memset(c->bindings, 0, (size_t)BINDING_SETS * WAYS * sizeof *c->bindings);
	memset(c->stations, 0, (size_t)STATION_SETS * WAYS * sizeof *c->stations);
	memset(c->records, 0, CONFLICTS_MAX * sizeof *c->records);
	c->watched = 0;
	c->news = c->news_seen = 0;
	c->now_ns = 0;
	c->due_ns = UINT64_MAX;
}

uint64_t conflicts_now_ns(const struct conflicts *c)
{
	return c->now_ns;
}

/* ---- frames ---- */

static uint32_t ip_at(const uint8_t *bytes)
{
	uint32_t ip;
	memcpy(&ip, bytes, sizeof ip);
	return ip;
}

static bool read_slowly(const uint8_t *bytes, size_t len, struct said *ret)
{
	struct arp_packet p;
	if (arp_decode(bytes, len, &p) != ARP_SOUND)
		return false;
	*ret = (struct said) {
		.sha = mac_number(p.sha),
		.sip = p.sip,
		.tip = p.tip,
		.op = p.op,
		.vlan = p.tagged ? p.vlan : 0,
		.group = p.eth_dst[0] & 1,
	};
	return true;
}

/* An untagged frame of the usual kind has everything in its place; others are decoded. */
static bool read_frame(const uint8_t *bytes, size_t len, struct said *ret)
{
	static const uint8_t usual[9] = { 0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0 };
	if (len < ARP_FRAME_LEN || memcmp(bytes + 12, usual, sizeof usual) != 0)
		return read_slowly(bytes, len, ret);
	*ret = (struct said) {
		.sha = mac_number(bytes + 22),
		.sip = ip_at(bytes + 28),
		.tip = ip_at(bytes + 38),
		.op = bytes[21],
		.group = bytes[0] & 1,
	};
	return true;
}

/* Whether it says that an IP of somebody's is at somebody's MAC. */
static bool is_claim(const struct said *s)
{
	return s->sip != 0 && s->sip != INADDR_BROADCAST && (ntohl(s->sip) >> 28) != 0xe &&
	       s->sha != 0 && s->sha != UINT64_C(0xffffffffffff);
}

/* ---- questions and their answers ---- */

static struct question *question_slot(struct conflicts *c, struct domain d, uint32_t ip)
{
	uint32_t h = (ip ^ d.segment * 0x9e3779b1u ^ d.vlan) * 0x85ebca6bu;
	return &c->questions[h >> 24];
}

static void take_question(
	struct conflicts *c, struct domain d, uint64_t at_ns, const struct said *s)
{
	*question_slot(c, d, s->tip) = (struct question) {
		.at_ns = at_ns,
		.ip = s->tip,
		.asker = s->sip,
		.segment = d.segment,
		.vlan = d.vlan,
		.broadcast = s->group,
	};
}

/* How an is-at claims its sender IP. ret_question: time of the who-has that it answers, or 0. */
static uint16_t answers_how(struct conflicts *c, struct domain d, uint64_t at_ns,
	const struct said *s, uint64_t *ret_question)
{
	const struct question *q = question_slot(c, d, s->sip);
	bool asked = q->ip == s->sip && q->segment == d.segment && q->vlan == d.vlan &&
		     since(at_ns, q->at_ns) < ANSWER_NS && q->at_ns;
	if (!asked)
		return CLAIM_UNASKED;
	/* Two have asked for it at once, and this is the answer for the first. */
	if (q->asker != s->tip)
		return CLAIM_ANSWERS;
	*ret_question = q->at_ns;
	return q->broadcast ? CLAIM_ANSWERS | CLAIM_ALL : CLAIM_ANSWERS;
}

/* ---- claims ---- */

/* A claim of more, or by another MAC, than was known. */
static void take_news(struct conflicts *c, struct domain d, const struct said *s, struct binding *b,
	const struct claim *claim)
{
	if (b && b->record) {
		record_claim(c, b, claim);
		return;
	}
	bool other = b && b->mac != claim->mac;
	/* A new owner after a long time is no conflict, unless it says that it took over. */
	if (other &&
		(since(claim->at_ns, b->last_ns) < FORGET_NS || claim->how & CLAIM_ANNOUNCES)) {
		record_begin(c, b, claim);
		return;
	}
	if (other) {
		station_note(c, b, b->mac, b->last_ns, b->how, 0);
		b->how = 0;
	}
	if (!b)
		b = binding_new(c, d, s->sip);
	uint16_t after = b->how | claim->how;
	station_note(c, b, claim->mac, claim->at_ns, b->how, after);
	b->mac = claim->mac;
	b->how = (uint8_t)after;
	b->last_ns = claim->at_ns;
}

static void take_said(struct conflicts *c, struct domain d, uint64_t at_ns, const struct said *s)
{
	struct claim claim = { .mac = s->sha, .at_ns = at_ns };
	if (s->op == ARP_OP_REQUEST) {
		claim.how = s->sip == s->tip ? CLAIM_ANNOUNCES : CLAIM_ASKS;
		if (s->sip != s->tip)
			take_question(c, d, at_ns, s);
	} else if (s->sip == s->tip) {
		claim.how = CLAIM_ANNOUNCES;
	} else {
		claim.how = answers_how(c, d, at_ns, s, &claim.question_ns);
	}
	if (!is_claim(s))
		return;
	struct binding *b = binding_find(c, d, s->sip);
	if (b && b->mac == s->sha && !b->record && (b->how & claim.how) == claim.how)
		b->last_ns = at_ns;
	else
		take_news(c, d, s, b, &claim);
}

void conflicts_take(
	struct conflicts *c, uint32_t segment, uint64_t at_ns, const uint8_t *bytes, size_t len)
{
	struct said s;
	if (at_ns > c->now_ns)
		c->now_ns = at_ns;
	if (!read_frame(bytes, len, &s) || (s.op != ARP_OP_REQUEST && s.op != ARP_OP_REPLY))
		return;
	take_said(c, (struct domain) { segment, s.vlan }, at_ns, &s);
}
