/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: one line of a check: a claim about the state of the lab or about frames on its LAN.
 * Claims never look at keys or history: any right way makes them hold.
 *
 *	sysctl NODE CONF.KEY = VALUE          the value as it is written there
 *	effective NODE IF.KEY = VALUE         the value that counts
 *	address NODE IP = IF|none             where an address is
 *	scope NODE IP = global|link|host
 *	link NODE IF = up|down
 *	neigh NODE IP = NODE|MAC|none|unknown whose MAC the cache has; unknown: an entry without one
 *	state NODE IP = REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE|PERMANENT|none
 *	replies IP = N|NAMES                  machines that answered who-has IP, counted or named
 *	first IP = NODE                       whose answer came first
 *	cards IP = N|NODE.IF,NODE.IF…         interfaces from which who-has IP was answered
 *	asked NODE IP = N                     who-has IP that the node sent
 *	polled NODE IP = N                    of those, unicast ones
 *	tells NODE IP = IP                    the sender address in the node's last who-has IP
 *	sent NODE = N                         ARP frames that the node sent
 *	announced NODE IP = N                 frames by which the node announced IP
 *	ping NODE IP = answered|lost|N        what the last ping of the step brought
 *	outage NODE IP = MS                   how long its last outage took, in milliseconds
 *	connected NODE IP = N                 how many of its last connections were answered
 *	served NODE = N                       connections that the machine has answered
 *	passed NODE = N                       connections that the machine handed on as a director
 *	bypassed = N                          connections that reached a server without a director
 *
 * The relation is one of = != < > <= >=; only = and != where the value is not a number. NAMES are
 * machines with commas in any order. Frames count from the moment `since` on, and only when they
 * were sent. An announcement, whose sender and target are one address, is neither an answer nor a
 * question. What was not seen at all proves nothing: without an answer `first` does not hold, nor
 * does `tells` without a question, `ping` without a ping, or the last four without a connection,
 * whatever the relation is.
 */
#ifndef ARPLAB_CLAIM_H
#define ARPLAB_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/text.h>
#include <arplab/topology.h>
#include <arplab/world.h>

#define CLAIM_TEXT_SIZE 160

enum claim_kind {
	CLAIM_SYSCTL,
	CLAIM_EFFECTIVE,
	CLAIM_ADDRESS,
	CLAIM_SCOPE,
	CLAIM_LINK,
	CLAIM_NEIGH,
	CLAIM_STATE,
	CLAIM_REPLIES,
	CLAIM_FIRST,
	CLAIM_CARDS,
	CLAIM_ASKED,
	CLAIM_POLLED,
	CLAIM_TELLS,
	CLAIM_SENT,
	CLAIM_ANNOUNCED,
	CLAIM_PING,
	CLAIM_OUTAGE,
	CLAIM_CONNECTED,
	CLAIM_SERVED,
	CLAIM_PASSED,
	CLAIM_BYPASSED,
	CLAIM_KINDS
};

/* What kind of value a claim compares with. */
enum claim_form {
	FORM_NUMBER,  /* number */
	FORM_NODES,   /* nodes: these and no others */
	FORM_NODE,    /* nodes: one */
	FORM_CARDS,   /* cards: these and no others */
	FORM_MAC,     /* mac */
	FORM_IFACE,   /* iface */
	FORM_IP,      /* value_ip */
	FORM_STATE,   /* state: NUD_* */
	FORM_WORD,    /* number: a scope, up (1) or down (0), answered (1) or lost (0) */
	FORM_NONE,    /* none */
	FORM_UNKNOWN, /* unknown */
};

enum relation { IS, IS_NOT, LESS, MORE, AT_MOST, AT_LEAST };

#define CLAIM_CARDS_MAX 8

/* An interface of a machine. */
struct claim_card {
	uint16_t node;
	char iface[IFNAME_SIZE];
};

struct claim {
	enum claim_kind kind;
	enum relation relation;
	uint16_t node; /* 0 where the claim is about the LAN. */
	uint16_t key;  /* Index into the table of sysctl.h. */
	uint32_t ip;
	char iface[IFNAME_SIZE]; /* Or all, default: what the claim, or its value, names. */
	/* The value: a number, a word, an address, a MAC, machines; by kind. */
	int64_t number;
	uint64_t nodes;
	struct claim_card cards[CLAIM_CARDS_MAX];
	size_t card_count;
	uint32_t value_ip;
	uint8_t mac[6];
	uint16_t state;
	uint8_t form; /* enum claim_form: which of them it is. */
	unsigned line;
	char text[CLAIM_TEXT_SIZE]; /* As it was written. */
};

/* Since when frames and results count: marks taken from a world. */
struct since {
	uint64_t frame;  /* Position in the LAN's frames. */
	uint64_t tried;  /* world.tried_total */
	uint64_t served; /* world.served_total */
};
struct since since_now(const struct world *w);

struct claim_grammar;
struct claim_word {
	const char *name;
	const char *args;
	const char *help;                    /* One plain sentence. */
	const struct claim_grammar *grammar; /* The parser's own. */
};
const struct claim_word *claim_words(size_t *ret_count);

/* Parse one line. Returns 0, or -EINVAL and a sentence. */
int claim_parse(const char *line, const struct topology *t, struct claim *ret, struct err *err);
/*
 * Whether it holds now. seen: what was seen, as a plain sentence in either case: "rs1 and director
 * answered; wanted: director alone".
 */
bool claim_holds(
	const struct claim *c, const struct world *w, struct since since, struct text *seen);

#endif
