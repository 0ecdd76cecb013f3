/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what came of a stimulus: sorted, compared, and written as lines of a case. */
#include <config.h>

#include "agree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/neighbour.h>

#include <arplab/neighs.h>

bool entry_has_mac(uint16_t state)
{
	return (state & (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE |
				NUD_DELAY)) != 0;
}

/* ---- sorted and compared ---- */

static int compare_packets(const struct arp_packet *a, const struct arp_packet *b)
{
	const int by[] = {
		(int)a->op - (int)b->op,
		memcmp(a->eth_dst, b->eth_dst, 6),
		memcmp(a->eth_src, b->eth_src, 6),
		memcmp(a->sha, b->sha, 6),
		memcmp(a->tha, b->tha, 6),
		memcmp(&a->sip, &b->sip, sizeof a->sip),
		memcmp(&a->tip, &b->tip, sizeof a->tip),
		(int)a->hardware - (int)b->hardware,
		(int)a->protocol - (int)b->protocol,
		(int)a->hlen - (int)b->hlen,
		(int)a->plen - (int)b->plen,
	};
	for (size_t i = 0; i < sizeof by / sizeof *by; i++)
		if (by[i])
			return by[i];
	return 0;
}

static int compare_frames(const void *x, const void *y)
{
	const struct emitted *a = x, *b = y;
	return a->ifindex != b->ifindex ? a->ifindex - b->ifindex
					: compare_packets(&a->packet, &b->packet);
}

static int compare_places(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	return a->ifindex != b->ifindex ? a->ifindex - b->ifindex
					: memcmp(&a->ip, &b->ip, sizeof a->ip);
}

void effect_sort(struct effect *e)
{
	qsort(e->frames, e->frame_count, sizeof *e->frames, compare_frames);
	qsort(e->entries, e->entry_count, sizeof *e->entries, compare_places);
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
	return compare_places(a, b) == 0 && a->state == b->state &&
	       (!entry_has_mac(a->state) || memcmp(a->mac, b->mac, 6) == 0);
}

bool effect_same(const struct effect *a, const struct effect *b)
{
	if (a->unknown || b->unknown || a->error != b->error || a->source != b->source ||
		a->frame_count != b->frame_count || a->entry_count != b->entry_count)
		return false;
	for (size_t i = 0; i < a->frame_count; i++)
		if (compare_frames(&a->frames[i], &b->frames[i]) != 0)
			return false;
	for (size_t i = 0; i < a->entry_count; i++)
		if (!same_entry(&a->entries[i], &b->entries[i]))
			return false;
	return true;
}

/* ---- as text ---- */

static void put_name(struct text *t, const struct host *h, int32_t ifindex)
{
	const struct host_link *l = host_link(h, ifindex);
	text_put(t, l ? l->name : "?");
}

static void put_ip(struct text *t, const char *word, uint32_t ip)
{
	text_put(t, word);
	if (ip)
		text_ip(t, ip);
	else
		text_char(t, '-');
}

static void put_mac(struct text *t, const char *word, const uint8_t mac[6])
{
	text_put(t, word);
	text_mac(t, mac);
}

/* The sender 0.0.0.0 is one, unlike a source that is not given. */
static void put_packet(struct text *t, const struct arp_packet *p)
{
	put_mac(t, " sha=", p->sha);
	text_put(t, " sip=");
	text_ip(t, p->sip);
	put_mac(t, " tha=", p->tha);
	text_put(t, " tip=");
	text_ip(t, p->tip);
}

/* What is not as in every sound frame. */
static void put_flaws(struct text *t, const struct arp_packet *p)
{
	if (p->protocol != 0x0800)
		text_printf(t, " pro=%u", p->protocol);
	if (p->hlen != 6)
		text_printf(t, " hlen=%u", p->hlen);
	if (p->plen != 4)
		text_printf(t, " plen=%u", p->plen);
	if (p->tagged)
		text_printf(t, " vlan=%u", p->vlan);
}

void entry_write(struct text *t, const struct host *h, const char *word, const struct entry *e)
{
	text_put(t, word);
	text_char(t, ' ');
	put_name(t, h, e->ifindex);
	text_char(t, ' ');
	text_ip(t, e->ip);
	text_char(t, ' ');
	text_put(t, neigh_state_name(e->state));
	if (entry_has_mac(e->state))
		put_mac(t, " ", e->mac);
	else
		text_put(t, " -");
}

void stimulus_write(struct text *t, const struct host *h, const struct stimulus *what)
{
	const struct arp_packet *p = &what->packet;
	switch (what->kind) {
	case STIMULUS_RX:
		text_printf(t, "rx segment=%d op=%u hrd=%u", what->segment, p->op, p->hardware);
		put_mac(t, " dst=", p->eth_dst);
		put_mac(t, " src=", p->eth_src);
		put_packet(t, p);
		put_flaws(t, p);
		break;
	case STIMULUS_TX:
		put_ip(t, "tx src=", what->src);
		put_ip(t, " dst=", what->dst);
		if (what->ifindex) {
			text_put(t, " dev=");
			put_name(t, h, what->ifindex);
		}
		break;
	case STIMULUS_FWD:
		text_printf(t, "fwd segment=%d", what->segment);
		put_mac(t, " ethdst=", p->eth_dst);
		text_put(t, " src=");
		text_ip(t, what->src);
		text_put(t, " dst=");
		text_ip(t, what->dst);
		break;
	case STIMULUS_PROBE:
		text_put(t, "probe ");
		put_name(t, h, what->ifindex);
		put_ip(t, " ", what->dst);
		put_mac(t, " ", what->mac);
		break;
	}
}

/* The names of what a program is told of a packet that is not sent. */
static void put_error(struct text *t, int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = { { 0, "-" }, { EACCES, "EACCES" }, { EADDRNOTAVAIL, "EADDRNOTAVAIL" },
		{ EHOSTUNREACH, "EHOSTUNREACH" }, { EINVAL, "EINVAL" },
		{ ENETUNREACH, "ENETUNREACH" }, { ENODEV, "ENODEV" }, { EPERM, "EPERM" } };
	text_put(t, " error=");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].error == -error) {
			text_put(t, names[i].name);
			return;
		}
	}
	text_i64(t, -error);
}

void effect_write(const struct host *h, const struct stimulus *what, const struct effect *e,
	void (*line)(void *arg, const char *text), void *arg)
{
	char bytes[256];
	struct text t;
	if (what->kind == STIMULUS_TX) {
		t = text_in(bytes, sizeof bytes);
		text_put(&t, "expect result");
		put_error(&t, e->error);
		put_ip(&t, " src=", e->source);
		line(arg, text_end(&t));
	}
	for (size_t i = 0; i < e->frame_count; i++) {
		const struct arp_packet *p = &e->frames[i].packet;
		t = text_in(bytes, sizeof bytes);
		text_put(&t, "expect frame ");
		put_name(&t, h, e->frames[i].ifindex);
		put_mac(&t, " dst=", p->eth_dst);
		put_mac(&t, " src=", p->eth_src);
		text_printf(&t, " op=%u", p->op);
		put_packet(&t, p);
		line(arg, text_end(&t));
	}
	for (size_t i = 0; i < e->entry_count; i++) {
		t = text_in(bytes, sizeof bytes);
		entry_write(&t, h, "expect neigh", &e->entries[i]);
		line(arg, text_end(&t));
	}
}
