/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench: what a verdict costs, on a small host and on a large one, and with its ladder; and what a
 * frame costs that is looked at for conflicts.
 */
#include <config.h>

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/conflict.h>
#include <arplab/frame.h>
#include <arplab/host.h>
#include <arplab/rules.h>

enum { ASKERS = 1024, ROUNDS = 2000 };

/* Links of one LAN each, addresses and routes spread over them. */
static struct host *host_of(size_t links, size_t addrs, size_t routes)
{
	struct host *h = host_new();
	struct host_link *lo = host_add_link(h, 1, "lo");
	lo->loopback = lo->up = true;
	for (size_t i = 0; i < links; i++) {
		char name[IFNAME_SIZE];
		snprintf(name, sizeof name, "eth%zu", i);
		struct host_link *l = host_add_link(h, (int32_t)i + 2, name);
		l->up = l->ethernet = true;
		l->mac[0] = 2;
		l->mac[5] = (uint8_t)(i + 1);
	}
	for (size_t i = 0; i < addrs; i++) {
		uint32_t ip =
			htonl(0x0a000001u + (uint32_t)((i % links) << 16) + (uint32_t)(i / links));
		const struct host_addr a = { .local = ip,
			.address = ip,
			.mask = ip_mask(16),
			.prefix = 16,
			.secondary = i >= links };
		host_add_addr(h, 1 + i % links, &a);
		host_add_route(h, &(struct host_route) { .table = RT_TABLE_LOCAL,
					  .dst = ip,
					  .prefix = 32,
					  .type = RTN_LOCAL,
					  .scope = RT_SCOPE_HOST,
					  .ifindex = (int32_t)(i % links) + 2,
					  .hops = 1 });
	}
	for (size_t i = 0; i < links; i++)
		host_add_route(h, &(struct host_route) { .table = RT_TABLE_MAIN,
					  .dst = htonl(0x0a000000u + (uint32_t)(i << 16)),
					  .prefix = 16,
					  .type = RTN_UNICAST,
					  .scope = RT_SCOPE_LINK,
					  .ifindex = (int32_t)i + 2,
					  .hops = 1 });
	for (size_t i = 0; i < routes; i++)
		host_add_route(h, &(struct host_route) { .table = RT_TABLE_MAIN,
					  .dst = htonl(0x14000000u + (uint32_t)(i << 8)),
					  .prefix = 24,
					  .gateway = htonl(0x0a000002u),
					  .type = RTN_UNICAST,
					  .ifindex = 2,
					  .hops = 1 });
	for (int key = 0; key < HOST_KEYS; key++) {
		host_set(h, CONF_ALL, (enum host_key)key, 0);
		for (size_t i = 0; i <= links; i++)
			host_set(h, (int32_t)i + 1, (enum host_key)key, 0);
	}
	host_settle(h);
	return h;
}

/* Who-has for own addresses from many askers, on the first card. */
static void arrivals_make(struct arrival *a, size_t links, size_t addrs)
{
	for (size_t i = 0; i < ASKERS; i++) {
		size_t k = i % addrs;
		a[i] = (struct arrival) { .ifindex = 2 };
		struct arp_packet *p = &a[i].packet;
		memset(p->eth_dst, 0xff, 6);
		p->sha[0] = 2;
		p->sha[4] = (uint8_t)(i >> 8);
		p->sha[5] = (uint8_t)i;
		p->op = ARP_OP_REQUEST;
		p->hardware = 1;
		p->protocol = 0x0800;
		p->sip = htonl(0x0a00f000u + (uint32_t)i);
		p->tip = htonl(0x0a000001u + (uint32_t)((k % links) << 16) + (uint32_t)(k / links));
	}
}

struct setting {
	const char *name;
	enum host_key key;
	int32_t value;
};

static double round_ns(const struct host *h, const struct arrival *a, struct trace *trace)
{
	size_t answered = 0;
	struct verdict v;
	double start = seconds();
	for (size_t i = 0; i < ASKERS; i++) {
		rules_answer(NULL, h, &a[i], &v, trace);
		answered += v.outcome == OUTCOME_REPLY;
	}
	double took = seconds() - start;
	check(answered > 0, "nothing was answered");
	return took * 1e9 / ASKERS;
}

/* The quickest of many rounds: whatever else runs on the machine only adds to a round's time. */
static double verdict_ns(
	const struct host *h, const struct arrival *a, struct trace *trace, size_t rounds)
{
	double best = round_ns(h, a, trace);
	for (size_t r = 1; r < rounds; r++) {
		double ns = round_ns(h, a, trace);
		best = ns < best ? ns : best;
	}
	return best;
}

static void measure(const char *what, size_t links, size_t addrs, size_t routes)
{
	static const struct setting settings[] = {
		{ "all 0", HOST_ARP_IGNORE, 0 },
		{ "arp_ignore 1", HOST_ARP_IGNORE, 1 },
		{ "arp_ignore 2", HOST_ARP_IGNORE, 2 },
		{ "arp_filter 1", HOST_ARP_FILTER, 1 },
		{ "rp_filter 1", HOST_RP_FILTER, 1 },
	};
	struct host *h = host_of(links, addrs, routes);
	struct arrival *a = calloc(ASKERS, sizeof *a);
	struct trace *trace = calloc(1, sizeof *trace);
	arrivals_make(a, links, addrs);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		const struct setting *s = &settings[i];
		host_set(h, CONF_ALL, s->key, s->value);
		tap_note("%s, %-14s %7.0f ns a verdict, %6.0f ns with its ladder", what, s->name,
			verdict_ns(h, a, NULL, ROUNDS), verdict_ns(h, a, trace, ROUNDS / 50));
		host_set(h, CONF_ALL, s->key, 0);
	}
	free(trace);
	free(a);
	host_free(h);
}

static void small_host(void *arg)
{
	(void)arg;
	measure("10 links, 20 addresses", 10, 20, 0);
}

static void large_host(void *arg)
{
	(void)arg;
	measure("1,000 addresses, 10,000 routes", 10, 1000, 10000);
}

/* Where a walk over an interface's addresses is longest. */
static void crowded_card(void *arg)
{
	(void)arg;
	measure("1,000 addresses on one card", 1, 1000, 0);
}

/* ---- conflicts ---- */

enum { FRAMES = 65536, PASSES = 20 };

struct wire_frame {
	uint8_t bytes[ARP_FRAME_LEN];
};

/* Frame i of so many machines: who-has and is-at in turns. fakes: MACs a machine has. */
static void wire_make(struct wire_frame *f, uint32_t i, uint32_t machines, uint32_t fakes)
{
	uint32_t n = (i * 2654435761u >> 8) % machines;
	struct arp_packet p = { .op = i & 1 ? ARP_OP_REPLY : ARP_OP_REQUEST,
		.sip = htonl(0x0a000001u + n),
		.tip = htonl(0x0a000001u + (n * 7 + 1) % machines) };
	memset(p.eth_dst, i & 1 ? 2 : 0xff, 6);
	p.sha[0] = 2;
	p.sha[1] = (uint8_t)(i % fakes);
	memcpy(p.sha + 2, &n, sizeof n);
	memcpy(p.eth_src, p.sha, sizeof p.sha);
	arp_encode(&p, f->bytes, sizeof f->bytes);
}

static void measure_wire(const char *what, uint32_t machines, uint32_t fakes)
{
	struct conflicts *c = conflicts_new();
	struct wire_frame *f = calloc(FRAMES, sizeof *f);
	struct conflict found;
	size_t told = 0;
	for (uint32_t i = 0; i < FRAMES; i++)
		wire_make(&f[i], i, machines, fakes);
	double start = 0;
	/* The first pass fills the tables. */
	for (uint64_t pass = 0; pass <= PASSES; pass++) {
		if (pass == 1)
			start = seconds();
		for (uint64_t i = 0; i < FRAMES; i++) {
			conflicts_take(c, 2, (pass * FRAMES + i) * 2000, f[i].bytes,
				sizeof f[i].bytes);
			told += conflicts_next(c, NULL, conflicts_now_ns(c), &found);
		}
	}
	tap_note("%-38s %6.1f ns a frame, %zu told", what,
		(seconds() - start) * 1e9 / FRAMES / PASSES, told);
	free(f);
	conflicts_free(c);
}

static void conflicts(void *arg)
{
	(void)arg;
	measure_wire("250 machines", 250, 1);
	measure_wire("10,000 machines", 10000, 1);
	measure_wire("1,000,000 machines", 1000000, 1);
	measure_wire("10 addresses with two MACs each", 10, 2);
	measure_wire("10,000 addresses with three MACs each", 10000, 3);
}

static const struct tap_case cases[] = {
	{ "a small host", small_host },
	{ "a large host", large_host },
	{ "a crowded card", crowded_card },
	{ "conflicts", conflicts },
};

int main(void)
{
	return tap_run(cases, sizeof cases / sizeof *cases, NULL);
}
