/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: one line that tells a machine of the lab to do something: `set rs1 all.arp_ignore 1`,
 * `ping client 192.168.2.200`. Lessons, the `:` line of the screen, `arplab run` and shells' words
 * are all this one language, so what a learner reads is what a learner can type.
 *
 *	set NODES CONF.KEY VALUE              write a sysctl; CONF.KEY=VALUE is the same
 *	addr add|del NODES IF IP[/LEN] [scope global|link|host]     without /LEN it is /32
 *	link NODES IF up|down
 *	arp NODES IF on|off
 *	mac NODES IF MAC                      give an interface another MAC
 *	route add|del NODES IP/LEN|default [via IP] [dev IF] [table N]
 *	rule add|del NODES from IP[/LEN] table N     packets from there: look up that table first
 *	filter NODES drop-in IP|drop-out IP|rewrite IP as IP|off     a packet filter for ARP
 *	neigh NODES IP MAC|NODE [permanent|reachable|stale] [dev IF]     write an entry
 *	flush NODES [IP]                      forget neighbours
 *	timers NODES fast|true
 *	ping NODES IP [count N] [from IP]
 *	arping NODES IP [count N] [from IP] [dev IF]     broadcast only; counts who answers
 *	garp NODES IP [reply] [mac MAC] [dev IF]
 *	send NODES who-has IP tell IP [mac MAC] [to MAC] [dev IF]
 *	send NODES IP is-at MAC [to MAC] [for IP] [dev IF]
 *	udp NODES IP [from IP] [port N]
 *	outage NODES IP [from IP]             ping until it is answered: how long that takes
 *	connect NODES IP:PORT [xN] [from IP]  N connections, one after the other
 *	serve NODES IP:PORT on|off            answer there with the machine's name
 *	balance NODES IP:PORT rr|wrr|lc|wlc|off [tun] [stand-in]     be its director
 *	real add|del NODES IP:PORT MACHINE|IP [weight N]     its real servers
 *	port NODES [IF] last                  attach the switch port anew: it is served first
 *	capture NODES on|off [names IP] [dev IF]
 *	wait TIME                             1500ms, 2s
 *
 * NODES is a machine's name, several with commas, or `all`. IF may be left out where the machine
 * has but one interface besides lo.
 */
#ifndef ARPLAB_ORDER_H
#define ARPLAB_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/action.h>
#include <arplab/err.h>
#include <arplab/topology.h>
#include <arplab/world.h>

#define ORDER_TEXT_SIZE 160

struct order {
	struct action action; /* id, node and ifindex are filled in by order_action(). */
	uint64_t nodes;       /* Bit n: for node n. 0 for a wait. */
	char iface[IFNAME_SIZE]; /* "all", "default", "lo", a name, or "": the node's only one. */
	uint32_t wait_ms;     /* For `wait`; action.kind is 0 then. */
	unsigned line;        /* Where it stands in a file, 0 for none. */
	char text[ORDER_TEXT_SIZE]; /* As it was written, for people. */
};

/* The words, for help, completion and the manual; `send` is there twice. */
struct order_grammar;
struct order_word {
	const char *name;
	const char *args;
	const char *help; /* One plain sentence. */
	const struct order_grammar *grammar; /* The parser's own. */
};
const struct order_word *order_words(size_t *ret_count);

/*
 * Parse one line. t: names its machines and interfaces. Returns 0, or -EINVAL and a sentence with
 * what was read, what was expected, and the nearest word.
 */
int order_parse(const char *line, const struct topology *t, struct order *ret, struct err *err);
/* Whether it changes what a machine is (a sysctl, an address…) and is not traffic or waiting. */
bool order_changes_state(const struct order *o);
/*
 * The action of an order for one node, with its interface looked up in the world.
 * Returns 0, or -ENOENT and a sentence if the node has no such interface any more.
 */
int order_action(const struct order *o, uint16_t node, const struct world *w, struct action *ret,
	struct err *err);
/*
 * Complete the last word of a line that is being typed. Writes candidates one by one through
 * `take` until it returns false.
 */
void order_complete(const char *line, const struct topology *t,
	bool (*take)(void *arg, const char *word), void *arg);

#endif
