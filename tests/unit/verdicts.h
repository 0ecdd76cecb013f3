/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: a machine in a few lines, a question in one, its verdict in one. Include cmocka before it.
 *
 *	expect_answer(REAL_SERVER "sysctl eth0 arp_ignore 1\n", who_has(VIP, ROUTER),
 *		OUTCOME_SILENT, "ignore.1",
 *		"192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 1) = 1");
 *
 * Every expectation names the outcome, the rule that decided, and what the ladder's last rung says
 * that it found.
 */
#ifndef TESTS_VERDICTS_H
#define TESTS_VERDICTS_H

#include <linux/neighbour.h>

#include <arplab/addr.h>
#include <arplab/rules.h>

#include "host_texts.h"

#define VIP "192.168.2.200"
#define RIP "192.168.2.101"
#define RIP2 "192.168.2.102"
#define ROUTER "192.168.2.1"
#define FAR "10.9.9.9"

/* Interfaces have their numbers from the descriptions: lo, then eth0 and eth1. */
enum { LO = 1, ETH0 = 2, ETH1 = 3 };

#define MAC_ETH0 "02:00:00:00:00:02"
#define MAC_ETH1 "02:00:00:00:00:03"
#define MAC_ASKER "02:00:00:00:01:01"
#define MAC_OTHER "02:00:00:00:01:02"

#define ONE_CARD                     \
	"link 1 lo\n"                \
	"link 2 eth0 " MAC_ETH0 "\n" \
	"addr lo 127.0.0.1/8\n"      \
	"addr eth0 " RIP "/24\n"
/* The article's machine: behind a director, with the shared address on lo. */
#define REAL_SERVER ONE_CARD "addr lo " VIP "/32\n"
/* Two cards in one LAN. */
#define TWO_CARDS ONE_CARD "link 3 eth1 " MAC_ETH1 "\naddr eth1 " RIP2 "/24\n"
/* A router between two LANs. */
#define BETWEEN                               \
	ONE_CARD "link 3 eth1 " MAC_ETH1 "\n" \
		 "addr eth1 10.0.5.1/24\n"    \
		 "sysctl eth0 forwarding 1\n"

static inline uint32_t ip(const char *text)
{
	uint32_t ret;
	assert_int_equal(ip_parse(text, &ret), 0);
	return ret;
}

static inline void put_mac(uint8_t ret[6], const char *text)
{
	assert_int_equal(mac_parse(text, ret), 0);
}

/* ---- frames ---- */

/* A who-has to all, as it arrives on eth0. */
static inline struct arrival who_has(const char *target, const char *sender)
{
	struct arrival a = { .ifindex = ETH0 };
	memset(a.packet.eth_dst, 0xff, 6);
	put_mac(a.packet.eth_src, MAC_ASKER);
	put_mac(a.packet.sha, MAC_ASKER);
	a.packet.op = ARP_OP_REQUEST;
	a.packet.sip = ip(sender);
	a.packet.tip = ip(target);
	return a;
}

static inline struct arrival probe_for(const char *target)
{
	return who_has(target, "0.0.0.0");
}

/* An is-at to eth0 alone. */
static inline struct arrival is_at(const char *sender)
{
	struct arrival a = who_has(RIP, sender);
	a.packet.op = ARP_OP_REPLY;
	put_mac(a.packet.eth_dst, MAC_ETH0);
	put_mac(a.packet.tha, MAC_ETH0);
	return a;
}

static inline struct arrival gratuitous(const char *ip_text)
{
	return who_has(ip_text, ip_text);
}

static inline struct arrival on(int32_t ifindex, struct arrival a)
{
	a.ifindex = ifindex;
	return a;
}

static inline struct arrival sent_to(const char *mac, struct arrival a)
{
	put_mac(a.packet.eth_dst, mac);
	return a;
}

/* The sender stands in the table, with this MAC, since so many milliseconds. */
static inline struct arrival with_entry(
	uint16_t state, const char *mac, unsigned age_ms, struct arrival a)
{
	a.known = (struct known) { .state = state,
		.has_mac = mac != NULL,
		.age_known = true,
		.age_ns = age_ms * UINT64_C(1000000) };
	if (mac)
		put_mac(a.known.mac, mac);
	return a;
}

/* ---- verdicts ---- */

static inline void expect(const struct verdict *v, const struct trace *trace, enum outcome outcome,
	const char *rule, const char *found)
{
	const struct rung *last = trace_last(trace);
	assert_non_null(last);
	assert_string_equal(last->found, found);
	assert_string_equal(v->rule->id, rule);
	assert_string_equal(outcome_name(v->outcome), outcome_name(outcome));
	assert_ptr_equal(last->rule, v->rule);
	assert_int_equal(last->unknown, outcome == OUTCOME_UNKNOWN);
}

static inline struct verdict expect_answer(const char *machine, struct arrival a,
	enum outcome outcome, const char *rule, const char *found)
{
	struct host *h = read_host(machine);
	struct trace trace;
	struct verdict v;
	rules_answer(NULL, h, &a, &v, &trace);
	expect(&v, &trace, outcome, rule, found);
	host_free(h);
	return v;
}

static inline struct verdict expect_learn(const char *machine, struct arrival a,
	enum outcome outcome, const char *rule, const char *found)
{
	struct host *h = read_host(machine);
	struct trace trace;
	struct verdict v;
	rules_learn(NULL, h, &a, &v, &trace);
	expect(&v, &trace, outcome, rule, found);
	host_free(h);
	return v;
}

#endif
