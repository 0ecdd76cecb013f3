/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: one IP seen with two MACs, and why.
 *
 * Every ARP frame is a claim: its sender says that an IP is at a MAC. What was claimed last is
 * remembered for each IP of a segment; where a second MAC claims the same, both are watched more
 * closely, and the conflict is called by its cause: from the frames, and from what is known of the
 * machines (the host itself, or all of a lab). It is never called by more than was found: a grade
 * says how sure it is, and what cannot be told stays unclear, with what would decide.
 *
 *	struct conflicts *c = conflicts_new();
 *	conflicts_frame(c, model, event);                  for each frame, in the order of time
 *	while (conflicts_next(c, model, now_ns, &found))   something new: a line for it
 *		conflict_text(&t, &found);
 *
 * Memory is bounded: what was claimed longest ago gives way. IPs are in network order.
 */
#ifndef ARPLAB_CONFLICT_H
#define ARPLAB_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>
#include <arplab/model.h>
#include <arplab/text.h>
#include <arplab/topology.h>

#define CONFLICT_MACS 4    /* Of one IP; of more it is only known that there are. */
#define CONFLICTS_MAX 256  /* Watched at once. */
#define CONFLICT_ROOM 1600 /* Bytes that hold every text of conflict_text(). */

enum conflict_class {
	CONFLICT_UNCLEAR,
	CONFLICT_SHARED,      /* Several MACs by design: GLBP. */
	CONFLICT_MOVE,        /* Announced with a new MAC, and the old one is silent: failover. */
	CONFLICT_PROXY,       /* A machine answers for addresses of others. */
	CONFLICT_FLUX,        /* One machine answers with the MACs of two interfaces. */
	CONFLICT_SENDER_LEAK, /* A machine asks with the address that another one answers for. */
	CONFLICT_REPLY_LEAK,  /* A machine that should be silent answers, too. */
	CONFLICT_DUPLICATE,   /* Two machines have the same address. */
	CONFLICT_CLASSES
};

enum conflict_grade {
	GRADE_LIKELY, /* The frames fit, but something else could look the same. */
	GRADE_SEEN,   /* The frames show it. */
	GRADE_KNOWN,  /* The machine's own addresses say so. */
};

/* Why a conflict is unclear. */
enum conflict_doubt {
	DOUBT_SILENT,  /* Only one was heard since the other came. */
	DOUBT_OTHERS,  /* No other address of one of them is known. */
	DOUBT_FORGED,  /* A machine that does not hold the address sends frames with it. */
	DOUBT_UNASKED, /* One of them only sends answers that nobody asked for. */
};

/* What a MAC does with an IP; bits. */
enum claim_how {
	CLAIM_ASKS = 1,      /* As the sender of a who-has. */
	CLAIM_ANSWERS = 2,   /* By is-at, when it is asked. */
	CLAIM_ANNOUNCES = 4, /* Sender and target are the IP. */
	CLAIM_ALL = 8,       /* It answered a broadcast who-has, which others heard, too. */
	CLAIM_UNASKED = 16,  /* By is-at for which no who-has was seen. */
};

/* Whether a machine that is known holds an IP. */
enum holds {
	HOLDS_UNKNOWN, /* Nothing is known of the machine. */
	HOLDS_NOT,
	HOLDS_HERE,      /* On the interface with the MAC. */
	HOLDS_ELSEWHERE, /* On another interface of it, lo for example. */
};

struct claim_facts {
	enum holds holds;
	bool proxies;                 /* It answers for others on that interface. */
	uint16_t node;                /* Which machine. */
	char machine[NODE_NAME_SIZE]; /* In a lab; "" is this host. */
	char iface[IFNAME_SIZE];      /* With the MAC. */
	char elsewhere[IFNAME_SIZE];  /* That holds the IP. */
};

struct claimant {
	uint8_t mac[6];
	uint16_t how;     /* enum claim_how */
	bool blamed;      /* It is what the class speaks of. */
	uint32_t main;    /* Another IP of its own, 0 if none is known. */
	uint32_t answers; /* IPs that it answers for and never uses itself. */
	uint64_t first_ns, last_ns;
	struct claim_facts facts;
};

struct conflict {
	uint32_t segment;
	uint16_t vlan; /* 0: untagged. */
	uint32_t ip;
	enum conflict_class class;
	enum conflict_grade grade; /* Not of CONFLICT_UNCLEAR. */
	enum conflict_doubt doubt; /* Of CONFLICT_UNCLEAR. */
	size_t count;
	struct claimant claimants[CONFLICT_MACS]; /* In the order they were seen. */
	bool more;                                /* Further MACs claimed it. */
	uint32_t common; /* FLUX: another IP that both claim, 0 if the machine is known. */
	uint64_t gap_ns; /* Between two answers to one who-has; UINT64_MAX if there were none. */
	/* All were asked then, and so far one alone has answered; 0: that is not so. */
	uint64_t asked_ns;
	uint64_t since_ns, last_ns; /* The second MAC's first claim; when they last took turns. */
};

struct conflicts;

struct conflicts *conflicts_new(void);
void conflicts_free(struct conflicts *c);
/* Forget all: another lab, for example. */
void conflicts_clear(struct conflicts *c);

/* ---- what happens ---- */

/*
 * A frame. segment: which broadcast domain it was seen on. bytes, len: as captured, from the
 * destination MAC on. Constant time; some nanoseconds if it claims what was claimed before.
 */
void conflicts_take(
	struct conflicts *c, uint32_t segment, uint64_t at_ns, const uint8_t *bytes, size_t len);
/*
 * An event of a host, a file or a lab; others than frames are passed over, but a lab's end. The
 * segment is worked out: the interface, or what stands above it and hears the same; in a lab the
 * switch, where only frames that are sent count, so that each counts once.
 * m: machine 0 of the world, or the only one.
 */
void conflicts_frame(struct conflicts *c, const struct model *m, const struct event *e);
/* In a lab: what is plugged into which switch. NULL: all is one segment. t: good until told anew.
 */
void conflicts_topology(struct conflicts *c, const struct topology *t);
/* The segment of an interface as conflicts_frame() has it. */
uint32_t conflicts_segment(
	struct conflicts *c, const struct model *m, uint16_t node, int32_t ifindex);

/* ---- what was found ---- */

/*
 * The next conflict that is new, or called otherwise, or has one more MAC to blame, than when it
 * was handed out last. It waits for a moment until all have spoken. m: what is known of machines:
 * their models, or NULL. now_ns: by the frames' clock; UINT64_MAX: nothing is waited for.
 */
bool conflicts_next(
	struct conflicts *c, const struct model *m, uint64_t now_ns, struct conflict *ret);
/* When the next one will be ready, by the frames' clock; UINT64_MAX if none waits. */
uint64_t conflicts_due_ns(const struct conflicts *c);
/* The conflict about an IP, as it stands. Returns false if there is none. */
bool conflicts_find(struct conflicts *c, const struct model *m, uint32_t segment, uint16_t vlan,
	uint32_t ip, struct conflict *ret);
/*
 * Until when it is worth a mark in a table: some minutes, or until all were asked again and one
 * alone has answered.
 */
uint64_t conflict_until_ns(const struct conflict *c);
/* All that are watched, by their first time: number i, from 0 on. Returns false behind the last. */
bool conflicts_at(struct conflicts *c, const struct model *m, size_t i, struct conflict *ret);
/* Time of the newest frame. */
uint64_t conflicts_now_ns(const struct conflicts *c);

/* ---- in words ---- */

/* "flux", "reply-leak", "sender-leak", "proxy", "move", "shared", "duplicate", "unclear". */
const char *conflict_class_name(enum conflict_class class);
/* "likely", "seen", "known". */
const char *conflict_grade_name(enum conflict_grade grade);
/* One cell: "2 MACs: reply leak rs1". */
void conflict_short(struct text *t, const struct conflict *c);
/* Sentences: what it is, what says so, what to do. */
void conflict_text(struct text *t, const struct conflict *c);

/* ---- MACs that machines share by a protocol (virtual_mac.c) ---- */

/*
 * The protocol that a MAC belongs to ("VRRP or CARP", "HSRP", "HSRPv2", "GLBP"), or NULL.
 * ret_group: its group; may be NULL.
 * Source: RFC 9568, 7.3; Cisco's manuals of HSRP and GLBP.
 */
const char *virtual_mac(const uint8_t mac[6], unsigned *ret_group);

#endif
