/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: what the files of the conflicts share; nobody else includes it. */
#ifndef ARPLAB_CONFLICT_PARTS_H
#define ARPLAB_CONFLICT_PARTS_H

#include <arplab/conflict.h>

#define WAYS 4
#define BINDING_SETS 16384 /* Of WAYS each. */
#define STATION_SETS 1024
#define QUESTIONS 256

/* A claim after so long a silence of the others is news of nobody's business. */
#define FORGET_NS UINT64_C(900000000000)
/* An answer comes so soon; a proxy waits up to 0.8 seconds (proxy_delay). */
#define ANSWER_NS UINT64_C(1500000000)
/* One machine's two answers lie closer together than this; a busy one's macvlan takes its time. */
#define FLUX_GAP_NS UINT64_C(100000000)
/* RFC 5227, 1.1: DEFEND_INTERVAL. */
#define DEFEND_NS UINT64_C(10000000000)
/* What was on its way while another one took an address over does not count against that. */
#define GRACE_NS UINT64_C(200000000)
/* A conflict is told of when its class has stood so long; an unclear one gets more time. */
#define SETTLE_NS UINT64_C(200000000)
#define SETTLE_UNCLEAR_NS UINT64_C(2000000000)
/* How long it is worth a mark. */
#define SHOWN_NS UINT64_C(300000000000)
#define SHOWN_SHORTLY_NS UINT64_C(60000000000)

/* A segment, with the VLAN of tagged frames. */
struct domain {
	uint32_t segment;
	uint16_t vlan;
};

/* Who claimed an IP last. */
struct binding {
	uint64_t last_ns;
	uint64_t mac; /* 48 bits; 0: the place is free. */
	uint32_t ip;
	uint32_t segment;
	uint16_t vlan;
	uint16_t record; /* Index + 1 of its conflict; 0: there is none. */
	uint8_t how;
	uint8_t told; /* Class + 1 and, above it, how many to blame, as it was told last. */
};

#define OWN_IPS 3

/* What is known of a MAC from its frames. Room for a MAC whose number is 0 is free. */
struct station {
	uint64_t last_ns;
	uint64_t mac;
	uint32_t segment;
	uint16_t vlan;
	uint16_t answers;      /* IPs that it answers for and never uses itself. */
	uint32_t own[OWN_IPS]; /* IPs that it asks with or announces, newest first. */
	uint32_t alone;        /* An IP for which it answered a broadcast who-has. */
};

/* A who-has that may still be answered. */
struct question {
	uint64_t at_ns;
	uint32_t ip, asker;
	uint32_t segment;
	uint16_t vlan;
	bool broadcast;
};

struct record_claim {
	uint64_t mac;
	uint64_t first_ns, last_ns;
	uint64_t all_ns; /* Its last answer to a broadcast who-has, 0 if none. */
	uint32_t alls;   /* Such answers since the last one to announce did so first. */
	uint16_t how;
	struct claim_facts facts; /* As they were at its last claim that was looked at. */
};

/* Several MACs that claim one IP. */
struct record {
	struct domain domain;
	uint32_t ip; /* 0: free. */
	uint8_t count;
	bool more;
	uint8_t last;     /* Who claimed last. */
	uint8_t answered; /* Bits: who has answered the question below. */
	uint8_t holder;   /* Who announced last; CONFLICT_MACS if nobody has. */
	uint16_t turns;   /* How often another one claimed than before. */
	uint16_t fights;  /* Announcements within DEFEND_NS of another one's. */
	struct record_claim claims[CONFLICT_MACS];
	uint64_t since_ns, last_ns, turned_ns;
	uint64_t took_ns, announced_ns;    /* The holder's first and last announcement. */
	uint64_t question_ns;              /* The who-has that was answered last. */
	uint64_t answer_ns[CONFLICT_MACS]; /* Answers to it. */
	uint64_t gap_ns[CONFLICT_MACS][CONFLICT_MACS]; /* The least between two of them; i < j. */
	uint64_t due_ns;    /* To be looked at then, and told of; UINT64_MAX: it stands as told. */
	uint64_t looked_ns; /* When it was classified. */
	bool dirty;         /* Something was claimed since. */
	struct conflict found;
};

struct conflicts {
	uint64_t now_ns, due_ns;
	struct question questions[QUESTIONS];
	struct binding *bindings;
	struct station *stations;
	struct record *records;
	size_t watched;     /* Records in use. */
	uint64_t news;      /* Grows when more is known of a station. */
	uint64_t news_seen; /* By the last look at all records. */
	const struct topology *topology;
	/* The segment asked for last. */
	const struct model *segment_model;
	uint64_t segment_links;
	int32_t segment_ifindex;
	uint32_t segment;
};

static inline uint64_t mac_number(const uint8_t mac[6])
{
	return (uint64_t)mac[0] << 40 | (uint64_t)mac[1] << 32 | (uint64_t)mac[2] << 24 |
	       (uint64_t)mac[3] << 16 | (uint64_t)mac[4] << 8 | mac[5];
}

static inline void mac_of(uint64_t number, uint8_t ret[6])
{
	for (int i = 6; i-- > 0; number >>= 8)
		ret[i] = (uint8_t)number;
}

static inline uint64_t since(uint64_t now_ns, uint64_t then_ns)
{
	return now_ns > then_ns ? now_ns - then_ns : 0;
}

/* It uses the IP as its own; to answer for it anybody can. */
static inline bool uses(uint16_t how)
{
	return how & (CLAIM_ASKS | CLAIM_ANNOUNCES);
}

/* It has the IP as its own: it uses it, or its MAC was made for it. */
static inline bool is_owner(const struct record_claim *k)
{
	uint8_t mac[6];
	mac_of(k->mac, mac);
	return uses(k->how) || virtual_mac(mac, NULL);
}

/* ---- conflict_table.c: places for IPs and MACs; what was used longest ago gives way ---- */

/* NULL if it is not there. */
struct binding *binding_find(const struct conflicts *c, struct domain d, uint32_t ip);
struct binding *binding_new(struct conflicts *c, struct domain d, uint32_t ip);
struct station *station_find(const struct conflicts *c, struct domain d, uint64_t mac);
/* More is known of what a MAC does with an IP. before, after: enum claim_how. */
void station_note(struct conflicts *c, const struct binding *b, uint64_t mac, uint64_t at_ns,
	uint16_t before, uint16_t after);

/* ---- conflict_record.c: what happens between MACs of one IP ---- */

struct claim {
	uint64_t mac, at_ns;
	uint64_t question_ns; /* Of the who-has that it answers, 0 if it answers none. */
	uint16_t how;
};

/* A second MAC claims. */
void record_begin(struct conflicts *c, struct binding *b, const struct claim *claim);
void record_claim(struct conflicts *c, struct binding *b, const struct claim *claim);
/* The index of a MAC among the claims, or -1. */
int record_place(const struct record *r, uint64_t mac);

/* ---- conflict_class.c ---- */

/* Call it by its cause, into r->found, with facts already looked up. */
void record_classify(const struct conflicts *c, struct record *r);

/* ---- conflict_pair.c ---- */

/* One look at a conflict. MACs are numbered as the record has them. */
struct look {
	const struct conflicts *c;
	const struct record *r;
	struct conflict *f;
	const struct station *stations[CONFLICT_MACS]; /* NULL: forgotten. */
};

struct finding {
	enum conflict_class class;
	enum conflict_grade grade;
	enum conflict_doubt doubt;
	uint32_t common;
};

extern const struct finding finding_nothing;
struct finding finding_of(enum conflict_class class, enum conflict_grade grade);
/*
 * What a MAC's own machine says, known as it is. Returns false if that is nothing, or that it holds
 * the IP rightly.
 */
bool pair_known(const struct look *l, int i, struct finding *ret);
/* Whether two MACs are known to be one machine's. */
bool pair_same(const struct look *l, int i, int k);
/* An IP that a MAC uses or alone answers for, and the other one (-1: any) does not claim; or 0. */
uint32_t pair_main(const struct look *l, int i, int other);
/* What MAC i is to blame for beside the owner. */
struct finding pair_compare(const struct look *l, int owner, int i);

/* ---- conflict_facts.c ---- */

/* What is known of the machine with a MAC. Returns false if nothing is. */
bool claim_facts_find(const struct model *m, uint32_t segment, const uint8_t mac[6], uint32_t ip,
	struct claim_facts *ret);

#endif
