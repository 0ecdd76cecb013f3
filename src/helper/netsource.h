/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: what the three files of the netsource share: netsource.c owns the sockets and reads the
 * news, netdump.c asks for tables, nettake.c passes single messages on.
 */
#ifndef ARPLAB_NETSOURCE_H
#define ARPLAB_NETSOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include <arplab/parts.h>

#include "netlinks.h"

/* News come one a message; what does not fit a slot counts as lost. */
#define NEWS_SLOTS 32
#define NEWS_SLOT_BYTES 8192
/* The kernel's dump messages grow to this, no further (net/netlink/af_netlink.c, netlink_dump). */
#define DUMP_BYTES 32768

#define WANT(table) (1u << (table))
#define WANT_ALL                                                                          \
	(WANT(TABLE_LINKS) | WANT(TABLE_ADDRS) | WANT(TABLE_ROUTES) | WANT(TABLE_RULES) | \
		WANT(TABLE_NEIGHS) | WANT(TABLE_PROXIES))

struct nl_sock;

struct dump {
	struct nl_sock *sock;
	enum event_table table; /* 0 while no dump runs. */
	bool asked;             /* The begin mark and the question are out. */
	bool ended;             /* All of the answer is there. */
	bool interrupted;
	int error;
	bool quiet;    /* Only a look whether the table has changed. */
	uint64_t seen; /* A hash of what the look has seen. */
	int tries;
	unsigned unsure; /* Tables that changed under every try. */
	uint32_t seq;
	int32_t addr_ifindex; /* Whose addresses are being counted. */
	uint16_t addr_order;
	uint64_t began_ns;      /* Steady; when the first of a row of dumps began. */
	uint64_t not_before_ns; /* Steady; when the next may begin. */
	uint64_t at_ns;
	size_t len, at; /* Bytes in the chunk, and bytes of it that have been passed on. */
	uint8_t *chunk;
};

struct news {
	struct nl_sock *sock;
	bool watched;
	uint64_t at_ns;
	unsigned count, slot; /* Messages read, and the one that is being passed on. */
	size_t at;            /* Bytes of it that have been passed on. */
	struct mmsghdr heads[NEWS_SLOTS];
	struct iovec slots[NEWS_SLOTS];
	uint8_t *bytes;
};

/* A neighbour that was STALE when it was told of last. */
struct stale {
	int32_t ifindex;
	uint32_t ip;
};

#define STALE_MAX 64

struct netsource {
	struct loop *loop;
	struct netsource_ops ops;
	unsigned wanted; /* Tables to be dumped, as WANT() bits. */
	unsigned tables; /* Those that this run looks at. */
	bool knows_links;
	bool knows_tables; /* All of them have been dumped once. */
	struct dump dump;
	struct news news;
	struct netlinks links;
	bool proxies_told;     /* The front knows of them; what is told is as it was seen then. */
	uint64_t proxies_seen; /* A hash of that. */
	size_t stale_count;    /* In lab scope alone. */
	struct stale stale[STALE_MAX];
};

/* Pass one message on. Returns 0, or -EAGAIN: nothing was done, come again with the same. */
int net_take(struct netsource *n, const struct nlmsghdr *m, uint8_t flags);
/* Tell the others about a link, then remember or forget it. */
void net_link(struct netsource *n, const struct link *link, bool gone);

/* Begin the dump of the lowest wanted table, or read news again if none is wanted. */
void net_dump_choose(struct netsource *n);
/* Go on with the dump that runs, if any. Returns 0 (done, or wait for the socket) or -EAGAIN. */
int net_dump_run(struct netsource *n);

/* Ask for one neighbour; the answer comes among the news, with that number. */
void net_ask(struct netsource *n, int32_t ifindex, uint32_t ip, uint32_t seq);
/* A neighbour is told of: keep in mind whether it is STALE. */
void net_remember_stale(struct netsource *n, const struct neigh *entry, bool gone);
/* Whether the message only says that an entry is STALE still. */
bool net_is_no_news(const struct nlmsghdr *m, const struct neigh *entry);

/* Let the loop wait for news, or not. */
void net_watch_news(struct netsource *n, bool on);

#endif
