/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the words of orders: how each is written and what it is for. */
#include <config.h>

#include "order_parts.h"

#include <string.h>

#include <arplab/i18n.h>

#define OPTION(kind) (1u << OPTION_##kind)
#define STATES (OPTION(PERMANENT) | OPTION(REACHABLE) | OPTION(STALE))

static const struct order_word words[] = {
	{
		.name = "set",
		.args = "NODES CONF.KEY VALUE",
		.help = N_("Write a sysctl."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_SET,
				.places = { PLACE_NODES, PLACE_KEY, PLACE_VALUE },
				.changes = true,
			},
	},
	{
		.name = "addr",
		.args = "add|del NODES [IF] IP[/LEN] [scope global|link|host]",
		.help = N_("Add an address, or remove it."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_ADDR,
				.places = { PLACE_ADD_DEL, PLACE_NODES, PLACE_IFACE, PLACE_PREFIX },
				.options = OPTION(SCOPE),
				.iface = IFACE_ONLY,
				.lo = true,
				.changes = true,
			},
	},
	{
		.name = "link",
		.args = "NODES [IF] up|down",
		.help = N_("Bring an interface up or down."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_LINK,
				.places = { PLACE_NODES, PLACE_IFACE, PLACE_UP_DOWN },
				.iface = IFACE_ONLY,
				.lo = true,
				.changes = true,
			},
	},
	{
		.name = "arp",
		.args = "NODES [IF] on|off",
		.help = N_("Switch ARP on or off on an interface."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_ARP,
				.places = { PLACE_NODES, PLACE_IFACE, PLACE_ON_OFF },
				.iface = IFACE_ONLY,
				.lo = true,
				.changes = true,
			},
	},
	{
		.name = "mac",
		.args = "NODES [IF] MAC|NODE",
		.help = N_("Give an interface another MAC."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_MAC,
				.places = { PLACE_NODES, PLACE_IFACE, PLACE_MAC },
				.iface = IFACE_ONLY,
				.changes = true,
			},
	},
	{
		.name = "route",
		.args = "add|del NODES IP/LEN|default [via IP] [dev IF] [table N]",
		.help = N_("Add a route, or remove it."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_ROUTE,
				.places = { PLACE_ADD_DEL, PLACE_NODES, PLACE_NET },
				.options = OPTION(VIA) | OPTION(DEV) | OPTION(TABLE),
				.iface = IFACE_ROUTE,
				.lo = true,
				.changes = true,
			},
	},
	{
		.name = "rule",
		.args = "add|del NODES from IP[/LEN] table N",
		.help = N_("Look up packets from an address in another table of routes first."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_RULE,
				.places = { PLACE_ADD_DEL, PLACE_NODES, PLACE_FROM, PLACE_NET,
					PLACE_TABLE_WORD, PLACE_TABLE },
				.changes = true,
			},
	},
	{
		.name = "filter",
		.args = "NODES drop-in|drop-out|rewrite|off [IP] [as IP]",
		.help = N_(
			"Filter ARP: drop who-has IP, drop what names IP as its sender, or rename "
			"it."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_SIEVE,
				.places = { PLACE_NODES, PLACE_SIEVE, PLACE_IP_OR_END },
				.options = OPTION(AS),
				.changes = true,
			},
	},
	{
		.name = "neigh",
		.args = "NODES IP MAC|NODE [permanent|reachable|stale] [dev IF]",
		.help = N_("Write an entry into the ARP cache."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_NEIGH,
				.places = { PLACE_NODES, PLACE_IP, PLACE_MAC },
				.options = STATES | OPTION(DEV),
				.iface = IFACE_FIRST,
				.changes = true,
			},
	},
	{
		.name = "flush",
		.args = "NODES [IP]",
		.help = N_("Forget one neighbour, or all of them."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_FLUSH,
				.places = { PLACE_NODES, PLACE_IP_OR_END },
				.changes = true,
			},
	},
	{
		.name = "timers",
		.args = "NODES fast|true",
		.help = N_("Let cache entries age within seconds, or as the kernel does."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_TIMERS,
				.places = { PLACE_NODES, PLACE_TIMERS },
				.changes = true,
			},
	},
	{
		.name = "ping",
		.args = "NODES IP [count N] [from IP]",
		.help = N_("Send echo requests and wait for the answers."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_PING,
				.places = { PLACE_NODES, PLACE_IP },
				.options = OPTION(COUNT) | OPTION(FROM),
			},
	},
	{
		.name = "arping",
		.args = "NODES IP [count N] [from IP] [dev IF]",
		.help = N_("Broadcast who-has and count who answers; the cache stays as it is."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_ARPING,
				.places = { PLACE_NODES, PLACE_IP },
				.options = OPTION(COUNT) | OPTION(FROM) | OPTION(DEV),
				.iface = IFACE_FIRST,
			},
	},
	{
		.name = "garp",
		.args = "NODES IP [reply] [mac MAC] [dev IF]",
		.help = N_("Announce an address to everybody, as a failover does."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_SEND,
				.places = { PLACE_NODES, PLACE_OWN_IP },
				.options = OPTION(REPLY) | OPTION(SENDER_MAC) | OPTION(DEV),
				.iface = IFACE_FIRST,
			},
	},
	{
		.name = "send",
		.args = "NODES who-has IP tell IP [mac MAC] [to MAC] [dev IF]",
		.help = N_("Send one question, field by field."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_SEND,
				.places = { PLACE_NODES, PLACE_WHO_HAS, PLACE_TARGET, PLACE_TELL,
					PLACE_SENDER },
				.options = OPTION(SENDER_MAC) | OPTION(TO) | OPTION(DEV),
				.iface = IFACE_FIRST,
			},
	},
	{
		.name = "send",
		.args = "NODES IP is-at MAC [to MAC] [for IP] [dev IF]",
		.help = N_("Send one answer, field by field."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_SEND,
				.places = { PLACE_NODES, PLACE_SENDER, PLACE_IS_AT,
					PLACE_SENDER_MAC },
				.options = OPTION(TO) | OPTION(FOR) | OPTION(DEV),
				.iface = IFACE_FIRST,
			},
	},
	{
		.name = "udp",
		.args = "NODES IP [from IP] [port N]",
		.help = N_("Send one datagram."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_UDP,
				.places = { PLACE_NODES, PLACE_IP },
				.options = OPTION(FROM) | OPTION(PORT),
			},
	},
	{
		.name = "outage",
		.args = "NODES IP [from IP]",
		.help = N_("Ping until it is answered, for a minute at most, and tell how long it "
			   "took."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_OUTAGE,
				.places = { PLACE_NODES, PLACE_IP },
				.options = OPTION(FROM),
			},
	},
	{
		.name = "connect",
		.args = "NODES IP:PORT [xN] [from IP]",
		.help = N_("Open connections one after the other, and tell who answered them."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_CONNECT,
				.places = { PLACE_NODES, PLACE_SERVICE },
				.options = OPTION(COUNT) | OPTION(FROM),
			},
	},
	{
		.name = "serve",
		.args = "NODES IP:PORT on|off",
		.help = N_("Answer connections there with the machine's name, or no more."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_SERVE,
				.places = { PLACE_NODES, PLACE_SERVICE, PLACE_ON_OFF },
				.changes = true,
			},
	},
	{
		.name = "balance",
		.args = "NODES IP:PORT rr|wrr|lc|wlc|off [tun] [stand-in]",
		.help = N_("Be the director of that virtual service, in ipip tunnels or not, or no "
			   "more."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_VIRTUAL,
				.places = { PLACE_NODES, PLACE_SERVICE, PLACE_SCHEDULER },
				.options = OPTION(TUN) | OPTION(STANDIN),
				.changes = true,
			},
	},
	{
		.name = "real",
		.args = "add|del NODES IP:PORT MACHINE|IP [weight N]",
		.help = N_("Give a director's virtual service a real server, or take it away."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_REAL,
				.places = { PLACE_ADD_DEL, PLACE_NODES, PLACE_SERVICE,
					PLACE_SERVER },
				.options = OPTION(WEIGHT),
				.changes = true,
			},
	},
	{
		.name = "keepalived",
		.args = "NODES IP on|off [priority N] [dev IF]",
		.help = N_("Let keepalived decide by VRRP who has an address, or stop it."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_VRRP,
				.places = { PLACE_NODES, PLACE_IP, PLACE_ON_OFF },
				.options = OPTION(PRIORITY) | OPTION(DEV),
				.iface = IFACE_FIRST,
				.changes = true,
			},
	},
	{
		.name = "port",
		.args = "NODES [IF] last",
		.help = N_("Plug the switch port in anew: it is served first."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_PORT,
				.places = { PLACE_NODES, PLACE_IFACE, PLACE_LAST },
				.iface = IFACE_ONLY,
				.changes = true,
			},
	},
	{
		.name = "capture",
		.args = "NODES on|off [names IP] [dev IF]",
		.help = N_("Listen as tcpdump does; with names it asks that resolver."),
		.grammar =
			&(const struct order_grammar) {
				.kind = ACTION_CAPTURE,
				.places = { PLACE_NODES, PLACE_ON_OFF },
				.options = OPTION(NAMES) | OPTION(DEV),
				.iface = IFACE_FIRST,
				.changes = true,
			},
	},
	{
		.name = "wait",
		.args = "TIME",
		.help = N_("Let time pass: 1500ms, 2s."),
		.grammar =
			&(const struct order_grammar) {
				.places = { PLACE_TIME },
			},
	},
};

#define WORD_COUNT (sizeof words / sizeof *words)

const struct order_word *order_words(size_t *ret_count)
{
	*ret_count = WORD_COUNT;
	return words;
}

const struct order_word *order_word_of(const char *const *line, size_t count)
{
	for (size_t i = 0; count > 0 && i < WORD_COUNT; i++) {
		/* A question names itself; every other `send` is an answer. */
		bool asks = words[i].grammar->places[1] == PLACE_WHO_HAS;
		if (strcmp(words[i].name, line[0]) == 0 &&
			(!asks || count < 3 || strcmp(line[2], "who-has") == 0))
			return &words[i];
	}
	return NULL;
}

static const struct order_option options[OPTIONS + 1] = {
	[OPTION_COUNT] = { "count", PLACE_COUNT, false },
	[OPTION_FROM] = { "from", PLACE_SOURCE, false },
	[OPTION_DEV] = { "dev", PLACE_IFACE, false },
	[OPTION_SCOPE] = { "scope", PLACE_SCOPE, false },
	[OPTION_VIA] = { "via", PLACE_SOURCE, false },
	[OPTION_SENDER_MAC] = { "mac", PLACE_SENDER_MAC, false },
	[OPTION_TO] = { "to", PLACE_TO_MAC, false },
	[OPTION_FOR] = { "for", PLACE_TARGET, false },
	[OPTION_NAMES] = { "names", PLACE_RESOLVER, false },
	[OPTION_PORT] = { "port", PLACE_PORT, false },
	[OPTION_TABLE] = { "table", PLACE_TABLE, false },
	[OPTION_AS] = { "as", PLACE_SOURCE, false },
	[OPTION_REPLY] = { "reply", PLACE_REPLY, true },
	[OPTION_PERMANENT] = { "permanent", PLACE_STATE, true },
	[OPTION_REACHABLE] = { "reachable", PLACE_STATE, true },
	[OPTION_TUN] = { "tun", PLACE_TUN, true },
	[OPTION_STANDIN] = { "stand-in", PLACE_STANDIN, true },
	[OPTION_WEIGHT] = { "weight", PLACE_WEIGHT, false },
	[OPTION_PRIORITY] = { "priority", PLACE_PRIORITY, false },
	[OPTION_STALE] = { "stale", PLACE_STATE, true },
};

const struct order_option *order_option(size_t i)
{
	return i < OPTIONS ? &options[i] : NULL;
}
