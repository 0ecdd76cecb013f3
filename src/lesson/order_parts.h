/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: the grammar of orders as tables, which parsing, completion and help all walk.
 *
 * An order is a word, then places that stand in a fixed order, then options in any order: a
 * keyword with a place behind it, or a keyword alone.
 */
#ifndef ARPLAB_ORDER_PARTS_H
#define ARPLAB_ORDER_PARTS_H

#include <arplab/order.h>

#include "reading.h"

enum place_kind {
	PLACE_END,
	PLACE_NODES,
	PLACE_ADD_DEL,
	PLACE_ON_OFF,
	PLACE_UP_DOWN,
	PLACE_TIMERS,
	PLACE_LAST,
	PLACE_WHO_HAS,
	PLACE_IS_AT,
	PLACE_TELL,
	PLACE_FROM,
	PLACE_TABLE_WORD,
	PLACE_TABLE,
	PLACE_SIEVE,
	PLACE_KEY,
	PLACE_VALUE,
	PLACE_IFACE, /* May be left out. */
	PLACE_IP,
	PLACE_IP_OR_END, /* May be left out when nothing follows. */
	PLACE_PREFIX,
	PLACE_NET,
	PLACE_MAC,
	PLACE_TIME,
	PLACE_OWN_IP, /* garp: sender and target. */
	PLACE_SENDER,
	PLACE_TARGET,
	PLACE_SENDER_MAC,
	PLACE_TO_MAC,
	PLACE_SOURCE, /* A source or a gateway. */
	PLACE_RESOLVER,
	PLACE_COUNT,
	PLACE_PORT,
	PLACE_SCOPE,
	PLACE_REPLY,
	PLACE_STATE,
	PLACE_SERVICE,   /* IP:PORT */
	PLACE_SCHEDULER, /* Or off. */
	PLACE_SERVER,    /* A real server: a machine, or its address. */
	PLACE_WEIGHT,
	PLACE_TUN,
	PLACE_STANDIN,
	PLACE_PRIORITY,
	PLACES
};

/* An order that is being read. */
struct order_reading {
	struct reading r;
	struct order *o;
	const struct order_word *word;
	uint32_t given; /* 1 << enum option_kind */
};

struct order_place {
	const char *name; /* What is expected there. */
	int (*take)(struct order_reading *x, const char *word);
	/* For places where one of a few words stands; take() is place_choice() then. */
	const struct reading_choice *choices;
	void (*put)(struct order *o, int64_t value);
};
const struct order_place *order_place(enum place_kind kind);
/* Read a word at a place into x->o. Returns 0, or -EINVAL and a sentence. */
int order_take(struct order_reading *x, enum place_kind kind, const char *word);

enum option_kind {
	OPTION_COUNT,
	OPTION_FROM,
	OPTION_DEV,
	OPTION_SCOPE,
	OPTION_VIA,
	OPTION_SENDER_MAC,
	OPTION_TO,
	OPTION_FOR,
	OPTION_NAMES,
	OPTION_PORT,
	OPTION_REPLY,
	OPTION_TABLE,
	OPTION_AS,
	OPTION_PERMANENT,
	OPTION_REACHABLE,
	OPTION_STALE,
	OPTION_WEIGHT,
	OPTION_TUN,
	OPTION_STANDIN,
	OPTION_PRIORITY,
	OPTIONS
};

struct order_option {
	const char *name;
	enum place_kind place;
	bool alone; /* The keyword itself is the word for that place. */
};
/* NULL behind the last. */
const struct order_option *order_option(size_t i);

#define ORDER_PLACES 7
#define ORDER_DEFAULT_PORT 9 /* RFC 863: discard. */

/* What stands in for an interface that was not named. */
enum iface_rule {
	IFACE_NONE,  /* The order has none. */
	IFACE_ONLY,  /* The node's only one; it must be named where there are several. */
	IFACE_FIRST, /* The node's first one. */
	IFACE_ROUTE, /* None: the gateway says it. */
};

struct order_grammar {
	enum action_kind kind; /* 0: wait */
	enum place_kind places[ORDER_PLACES];
	uint32_t options; /* 1 << enum option_kind */
	enum iface_rule iface;
	bool lo;      /* lo will do. */
	bool changes; /* For order_changes_state(). */
};
/*
 * The word that begins a line; `send` is told by the line's third word. NULL if there is none.
 */
const struct order_word *order_word_of(const char *const *line, size_t count);
/*
 * Whether a place that may be left out is left out before line word number `next`.
 * x: what stands before it has been taken.
 */
bool order_left_out(
	struct order_reading *x, enum place_kind place, enum place_kind following, size_t next);

#endif
