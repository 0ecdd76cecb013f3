/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: what the kernel does with ARP, as tables of rules in the kernel's own order.
 *
 * Three questions: will this host answer a frame; which sender will stand in its own who-has; what
 * will a frame change in its neighbour table. Facts go in, a verdict comes out; nothing is guessed:
 * what cannot be told is OUTCOME_UNKNOWN, with the reason.
 *
 * A rule asks one thing. Rules that do not apply are passed over; the first that holds decides. A
 * trace keeps every rule that was asked, and what was found.
 */
#ifndef ARPLAB_RULES_H
#define ARPLAB_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/frame.h>
#include <arplab/host.h>
#include <arplab/text.h>

enum question {
	QUESTION_ANSWER,   /* An ARP frame arrived: is it answered? */
	QUESTION_LEARN,    /* The same frame: what does the neighbour table make of it? */
	QUESTION_ANNOUNCE, /* This host has a packet: does it ask, and as whom? */
	QUESTION_FORWARD,  /* A packet of somebody else arrived: the same. */
	QUESTIONS
};

enum outcome {
	OUTCOME_UNKNOWN, /* It cannot be told; the deciding rung says why. */
	/* ANSWER */
	OUTCOME_REPLY,   /* With the interface's own MAC. */
	OUTCOME_PROXIED, /* The same, for an address of another host. */
	OUTCOME_SILENT,
	/* LEARN */
	OUTCOME_CREATED, /* A new entry. */
	OUTCOME_CHANGED, /* Another MAC or another state. */
	OUTCOME_KEPT,    /* There is an entry, and it stays as it is. */
	OUTCOME_NOTHING, /* No entry before and none after. */
	/* ANNOUNCE, FORWARD */
	OUTCOME_ASKS,    /* A who-has goes out now. */
	OUTCOME_USES,    /* A neighbour entry is used, or already waits for an answer. */
	OUTCOME_NO_ARP,  /* The packet needs no neighbour: local, broadcast, a NOARP link… */
	OUTCOME_REFUSED, /* The packet is not sent; `error` says what a program is told. */
	OUTCOMES
};

/* An entry of the neighbour table as it was before. state 0 (NUD_NONE): there is none. */
struct known {
	uint16_t state; /* NUD_* */
	bool has_mac;
	bool age_known;
	uint8_t mac[6];
	uint64_t age_ns; /* Since it was updated; looked at when age_known. */
};

/* A frame that arrived on an interface. */
struct arrival {
	int32_t ifindex;
	enum arp_flaw flaw;
	struct arp_packet packet;
	struct known known; /* LEARN: the interface's entry for the packet's sender IP. */
	bool known_unknown; /* LEARN: it is not known whether there is one. */
};

/* A packet that is to be sent, or to be routed. */
struct departure {
	uint32_t dst;
	uint32_t src;    /* 0: the kernel chooses. FORWARD: the packet's. */
	int32_t ifindex; /* ANNOUNCE: the interface it is bound to, 0: none. FORWARD: where it came
			    in. */
	/* The entry of the next hop, as a function of it: where it goes is the rules' to find out.
	 */
	bool (*known)(void *arg, int32_t ifindex, uint32_t ip, struct known *ret);
	void *arg;  /* known may be NULL: no entry is there. */
	bool probe; /* Re-validation of an entry: no packet is at hand; dst, ifindex name the entry.
		     */
};

struct rule;

struct verdict {
	enum question question;
	enum outcome outcome;
	const struct rule *rule; /* That decided; never NULL. */
	int32_t ifindex;         /* REPLY, PROXIED: out of it. ASKS, USES: the same. */
	uint8_t mac[6];          /* REPLY, PROXIED: the answer. LEARN: the entry's. */
	uint16_t state;          /* LEARN, ASKS, USES: the entry's state afterwards, NUD_*. */
	uint32_t ip;             /* ASKS, USES: the next hop. */
	uint32_t sender;         /* ASKS: the sender IP. */
	uint32_t source;         /* ANNOUNCE: the packet's source address. */
	bool delayed;            /* PROXIED: after a random time up to proxy_delay. */
	int error;               /* REFUSED: a negative errno. */
};

/* One rule that was asked. */
struct rung {
	const struct rule *rule;
	bool holds;
	bool unknown;    /* Neither can be told. */
	char found[240]; /* What was found, a sentence without its first capital and full stop. */
};

#define TRACE_RUNGS 48

struct trace {
	size_t count;
	struct rung rungs[TRACE_RUNGS];
};

struct asked; /* A question on its way; rules_parts.h. */

struct rule {
	const char *id;    /* "ignore.1": what tests, JSON and this manual's readers name it by. */
	bool foreign;      /* When it decides, the frame is none of this host's business. */
	bool routine;      /* Everyday questions pass it: a short ladder leaves it out. */
	const char *brief; /* Why, where room is short: "arp_ignore 1". */
	const char *question; /* In plain words, with a question mark: "Is the target multicast?" */
	const char *kernel;   /* "net/ipv4/arp.c, arp_process()" */
	unsigned when;        /* What must be known of the question; rules_parts.h. */
	bool (*applies)(struct asked *a);              /* And this must hold; NULL: it does. */
	int (*holds)(struct asked *a);                 /* 1, 0, or -1: it cannot be told. */
	void (*tell)(struct text *t, struct asked *a); /* What was found. */
	enum outcome outcome;                          /* When it holds. */
	uint8_t then; /* ANSWER: what may be learnt after it; rules_parts.h. */
	void (*decide)(struct asked *a, struct verdict *v); /* What the outcome carries, or NULL. */
};

/* The rules of a question in their order. */
struct rules {
	const struct rule *const *rows[QUESTIONS];
	size_t counts[QUESTIONS];
};

/* The kernel's. A test may ask by others: the rules_… functions take NULL for these. */
const struct rules *rules_kernel(void);

/* trace: may be NULL; filled from its beginning. The host is settled. */
void rules_answer(const struct rules *r, const struct host *h, const struct arrival *a,
	struct verdict *ret, struct trace *trace);
void rules_learn(const struct rules *r, const struct host *h, const struct arrival *a,
	struct verdict *ret, struct trace *trace);
void rules_announce(const struct rules *r, const struct host *h, const struct departure *d,
	struct verdict *ret, struct trace *trace);
void rules_forward(const struct rules *r, const struct host *h, const struct departure *d,
	struct verdict *ret, struct trace *trace);

/* "reply", "silent", "unknown"… */
const char *outcome_name(enum outcome outcome);
/* "answer", "learn", "announce", "forward". */
const char *question_name(enum question question);

/* Whether a short ladder shows a rung: it decided, or it is none that every question passes. */
bool rung_matters(const struct rung *r);
/*
 * Whether a verdict is worth a line beside its frame: not where the target is another host's, as
 * most who-has on a LAN are.
 */
bool verdict_matters(const struct verdict *v);
/* The ladder's last rung, the one that decided. NULL for an empty trace. */
const struct rung *trace_last(const struct trace *trace);
/*
 * A verdict in one sentence, without a line feed:
 * "eth0 stays silent: 192.168.2.200 is on lo, and arp_ignore = max(all 0, eth0 1) = 1".
 * trace: of the same question; NULL leaves the reason out: "eth0 stays silent".
 */
void verdict_text(
	struct text *t, const struct host *h, const struct verdict *v, const struct trace *trace);
/* The same where room is short: "eth0 silent: arp_ignore 1", "eth0 answers". */
void verdict_brief(struct text *t, const struct host *h, const struct verdict *v);

#endif
