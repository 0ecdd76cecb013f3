/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: what should be done, as plain data. Actions go from the front to the helper, which looks
 * every name up itself: an action holds indices of tables and interfaces, never a path.
 */
#ifndef ARPLAB_ACTION_H
#define ARPLAB_ACTION_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

#define ACTION_TEXT_SIZE 256

enum action_kind {
	ACTION_SET = 1,      /* Write a sysctl; keep says whether it outlives this program. */
	ACTION_UNDO,         /* Put the newest held change back. */
	ACTION_UNDO_ALL,     /* Put all held changes back. */
	ACTION_KEEP,         /* Let all held changes stay after exit. */
	ACTION_RESTORE,      /* Put back what an earlier arplab left: kept and orphaned changes. */
	ACTION_FORGET,       /* Strike orphaned changes from the journal, leave the values. */
	ACTION_FILTER,       /* Capture only what `text` (libpcap's syntax) lets through. */
	ACTION_CHECK_FILTER, /* Say whether `text` is a valid capture filter. */
	ACTION_LOOK_NEIGH,   /* Report one neighbour entry afresh, with its timers. */
	ACTION_FETCH,        /* Send `count` frames of the file from frame number `first` on. */
	/* Lab scope alone; `node` says where. Each is answered by EVENT_DONE when it is over. */
	ACTION_BUILD,   /* Tear the lab down and build the topology that follows in the message. */
	ACTION_ADDR,    /* Add (value 1) or remove (0) ip/prefix with `scope` on ifindex. */
	ACTION_LINK,    /* Set ifindex up (value 1) or down (0). */
	ACTION_ARP,     /* Switch ARP on (value 1) or off (0) on ifindex. */
	ACTION_ROUTE,   /* Add (value 1) or remove (0) ip/prefix by ip2 (0: none), ifindex (0: none),
			   in the table `count` (0: main). */
	ACTION_NEIGH,   /* Set ip on ifindex to mac in `state` (NUD_*), or delete it (state 0). */
	ACTION_FLUSH,   /* Forget the neighbour ip, or all of them if it is 0. */
	ACTION_TIMERS,  /* Fast or true neighbour timers (value: enum topology_timers). */
	ACTION_PING,    /* `count` echo requests to ip, from ip2 if it is not 0. */
	ACTION_ARPING,  /* `count` broadcast who-has ip tell ip2 (0: as the kernel would choose). */
	ACTION_SEND,    /* One ARP frame as `arp` says. */
	ACTION_UDP,     /* One datagram to ip, port `count`, from ip2 if it is not 0. */
	ACTION_PORT,    /* Attach the switch port of ifindex anew, so that it is served first. */
	ACTION_CAPTURE, /* Capture as tcpdump does (value 1, 0 ends it); ip: a resolver to ask. */
	ACTION_SHELL,   /* Start a shell on the terminal that comes with the message. */
	ACTION_SERVE,   /* Answer connections to ip:port with the node's name (value 1), or no more. */
	ACTION_VIRTUAL, /* Balance ip:port as a director (value: enum scheduler), or no more (0);
			   `state`: VIRTUAL_*. */
	ACTION_REAL,    /* Give ip:port the real server ip2 of weight `count` (value 1), or take it. */
	ACTION_OUTAGE,  /* Ping ip, from ip2 if not 0, until it answers: how long that takes. */
	ACTION_CONNECT, /* `count` connections to ip:port, one after the other, from ip2 if not 0. */
	ACTION_MAC,     /* Give ifindex another MAC. */
	ACTION_RULE,    /* Packets from ip/prefix: look up table `count` first (value 1), or not (0). */
	ACTION_SIEVE,   /* Drop or rewrite ARP frames of the node (value: enum sieve). */
	ACTION_VRRP,    /* Run keepalived for ip, with priority `count` (value 1), or stop it (0). */
	ACTION_KINDS
};

/* What the packet filter of a node does with ARP frames. */
enum sieve {
	SIEVE_OFF,      /* Nothing any more. */
	SIEVE_DROP_IN,  /* Drop what comes in and asks who-has ip. */
	SIEVE_DROP_OUT, /* Drop what goes out with the sender ip. */
	SIEVE_REWRITE,  /* What goes out with the sender ip goes out with the sender ip2. */
	SIEVES
};

#define VIRTUAL_TUN 1u     /* Hand on in ipip tunnels, not in frames to the real server's MAC. */
#define VIRTUAL_STANDIN 2u /* By the stand-in, also where the kernel has IPVS. */

#define PRIORITY_DEFAULT 100 /* RFC 5798, section 5.2.4. */
#define PRIORITY_MAX 254
#define ROUTE_TABLE_MAX 252 /* Those behind it have names of the kernel's own. */

/* An ARP frame to be sent, field by field; IPs in network order, op in host order. */
struct arp_fields {
	uint8_t eth_dst[6], eth_src[6]; /* All zero in eth_src: the interface's own. */
	uint8_t sha[6], tha[6];         /* All zero in sha: the interface's own. */
	uint32_t spa, tpa;
	uint16_t op; /* 1 request, 2 reply */
	uint16_t spare;
};

struct action {
	uint32_t id; /* Chosen by the front; the answer's `done.id`. */
	uint16_t kind;
	uint16_t node;
	int32_t ifindex; /* Or CONF_ALL, CONF_DEFAULT. */
	uint16_t key;    /* Index into the table of sysctl.h. */
	uint8_t keep;    /* SET: 1 to stay after exit. RESTORE: 1 to overwrite others' values. */
	uint8_t any;     /* SET: 1 to write whatever the old value is; 0 to demand `before`. */
	int32_t value; /* BUILD: 1 << stage for each that not every lab needs, to be tried. */
	int32_t before; /* SET: the old value that the person saw. */
	uint32_t ip;    /* LOOK_NEIGH, and the lab's actions. */
	uint32_t count; /* FETCH; PING, ARPING: packets; UDP: the port; ROUTE, RULE: the table. */
	uint64_t first; /* FETCH */
	uint32_t ip2;   /* A source, or a gateway. */
	uint16_t state; /* NEIGH: NUD_*; VIRTUAL: VIRTUAL_* */
	uint8_t prefix; /* ADDR, ROUTE: 0..32 */
	uint8_t scope;  /* ADDR: RT_SCOPE_* */
	uint8_t mac[6]; /* NEIGH, MAC */
	uint16_t port;  /* SERVE, VIRTUAL, REAL, CONNECT */
	struct arp_fields arp; /* SEND */
	char text[ACTION_TEXT_SIZE];
};

/*
 * Returns 0 if the bytes are one whole and sane action (aligned to 8), else -EBADMSG. The message
 * of ACTION_BUILD is the action with a struct topology (topology.h) right behind it.
 */
int action_check(const void *bytes, size_t len);

/* Bytes of the longest message. */
size_t action_message_max(void);

/*
 * Actions as lines of text, like events: `set id=1 ifindex=2 key=arp_ignore value=1 …`. The
 * topology of ACTION_BUILD is not written, so its line cannot be read again.
 */
struct text;
struct err;
void action_write(struct text *t, const struct action *a);
int action_read(const char *line, struct action *ret, struct err *err);

#endif
