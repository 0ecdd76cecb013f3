/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: what happened, as plain data.
 *
 * Events are the only way into the model. They hold no pointers: they are copied, sent over a
 * socket in batches, recorded and replayed as they stand. An event takes as many bytes as its
 * `size` says (a multiple of 8), so a short frame costs no more than a short frame. In a batch
 * events stand one behind the other.
 *
 * Integers are in host order, but IPv4 addresses, which are in network order everywhere.
 */
#ifndef ARPLAB_EVENT_H
#define ARPLAB_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IFNAME_SIZE 16       /* Like IFNAMSIZ, with the terminator. */
#define FRAME_BYTES_MAX 128  /* Captured bytes of a frame that are kept. */
#define EVENT_TEXT_SIZE 200
#define EVENT_BATCH_MAX 65536 /* Bytes of the largest batch. */

enum event_kind {
	EVENT_HELLO = 1, /* The helper is there, and what it may do. */
	EVENT_MARK,      /* A table is being named afresh, from this mark to its end mark. */
	EVENT_LINK,
	EVENT_ADDR,
	EVENT_ROUTE,
	EVENT_RULE,
	EVENT_NEIGH,
	EVENT_SYSCTL,
	EVENT_FRAME,
	EVENT_CAPTURE, /* The capture on one interface opened, failed or ended. */
	EVENT_DROPS,   /* Counters of one capture. */
	EVENT_CHANGE,  /* One row of the undo journal. */
	EVENT_DONE,    /* An action has been carried out or refused. */
	EVENT_NOTE,    /* A sentence for the person. */
	EVENT_FILE,    /* How far a capture file has been read. */
	EVENT_BYE,     /* The helper has put everything back and ends. */
	EVENT_LAB,     /* The lab was torn down, or stands. */
	EVENT_NODE,    /* A machine of the lab; its tables follow. */
	EVENT_STAGE,   /* One stage of making a lab: it works here, or why not. */
	EVENT_TRIED,   /* What a ping, an arping or a datagram in a node has brought. */
	EVENT_VIRTUAL, /* A virtual service of a director: who balances, and how. */
	EVENT_REAL,    /* A real server of a virtual service, and what it was given. */
	EVENT_SERVED,  /* Connections of a client that one real server has served. */
	EVENT_KINDS
};

enum event_flag {
	EVENT_GONE = 1,  /* The thing named is no longer there. */
	EVENT_NAMED = 2, /* Part of a dump between marks, not news. */
	EVENT_SENT = 4,  /* A frame that its node sent; without it, one that arrived there. */
	EVENT_BEHIND = 8, /* News of a route behind its equals; without it, before them. */
};

enum event_table {
	TABLE_LINKS = 1,
	TABLE_ADDRS,
	TABLE_ROUTES,
	TABLE_RULES,
	TABLE_NEIGHS,
	TABLE_SYSCTLS,
	TABLE_CHANGES,
	TABLE_PROXIES, /* Proxy neighbours, as EVENT_NEIGH with NTF_PROXY. */
	EVENT_TABLES
};

enum event_scope {
	SCOPE_HOST = 1, /* The network namespace that the program runs in. */
	SCOPE_FILE,     /* A capture file. */
	SCOPE_LAB,      /* A private network: node 0 is its LAN, the others its machines. */
	SCOPE_REPLAY,   /* Of a screen alone: a recording, which says itself what it is of. */
};

enum hello_power {
	POWER_CAPTURE = 1, /* CAP_NET_RAW: may capture. */
	POWER_CHANGE = 2,  /* CAP_NET_ADMIN: may change sysctls. */
};

struct hello {
	int32_t pid; /* Of the helper. */
	uint32_t uid;
	uint32_t powers; /* enum hello_power */
	uint32_t scope;  /* enum event_scope */
	uint64_t netns;  /* Cookie (or inode) of the network namespace. */
	uint32_t kernel; /* major << 16 | minor << 8 | patch (255 at most); 0 if not known. */
	uint32_t spare;
	char host[64];   /* The host's name, as the kernel has it. */
};

struct mark {
	uint16_t table; /* enum event_table */
	uint8_t end;    /* 0 begins, 1 ends: what was not named since the begin mark is gone. */
	uint8_t spare[5];
};

struct link {
	int32_t ifindex;
	int32_t parent; /* ifindex of IFLA_LINK, 0 if none. */
	int32_t master; /* ifindex of the bridge or bond above, 0 if none. */
	uint32_t flags; /* IFF_* of linux/if.h */
	uint32_t mtu;
	uint16_t type;     /* ARPHRD_* */
	uint8_t operstate; /* IF_OPER_* */
	uint8_t mac_len;   /* Bytes of the hardware address; `mac` is valid when it is 6. */
	uint8_t mac[6];
	uint8_t broadcast[6];
	uint8_t carrier;
	uint8_t spare[3];
	char name[IFNAME_SIZE];
	char kind[IFNAME_SIZE]; /* "veth", "bridge", "macvlan"…; "" for hardware. */
};

struct addr {
	int32_t ifindex;
	uint32_t local;     /* The address itself. */
	uint32_t address;   /* The peer on a point-to-point link, else `local`. */
	uint32_t broadcast; /* 0 if none. */
	uint32_t flags;     /* IFA_F_* */
	uint32_t valid_s;   /* Lifetime left, UINT32_MAX for ever. */
	uint8_t prefix;     /* 0..32 */
	uint8_t scope;      /* RT_SCOPE_*: 0 global, 253 link, 254 host. */
	uint16_t order;     /* Place in the kernel's list of the interface. */
	uint32_t spare;
	char label[IFNAME_SIZE];
};

struct route {
	uint32_t table; /* 255 local, 254 main, 253 default, or another. */
	uint32_t dst;
	uint32_t gateway; /* 0 if none. */
	uint32_t source;  /* Preferred source, 0 if none. */
	uint32_t metric;
	int32_t ifindex; /* 0 if none. */
	uint32_t flags;  /* RTNH_F_* */
	uint8_t dst_len;
	uint8_t type;     /* RTN_* */
	uint8_t scope;    /* RT_SCOPE_* */
	uint8_t protocol; /* RTPROT_* */
	uint8_t tos;
	uint8_t hops; /* Next hops; more than one is multipath, and the first is shown. */
	uint8_t spare[2];
	uint32_t rest; /* A hash of what it has besides, such as an MTU; 0 if nothing. */
};

/* What a policy rule has besides, in its `other`. */
enum rule_other {
	RULE_MORE = 1,     /* A condition that is not shown here. */
	RULE_NOT = 2,      /* It holds for all that its conditions do not fit. */
	RULE_MASK = 4,     /* `mask` is not all ones. */
	RULE_SUPPRESS = 8, /* A route of `suppress` or fewer bits does not count as found. */
	RULE_VRF = 16,     /* It asks for an interface under a VRF, and takes that one's table. */
};

struct policy_rule {
	uint32_t priority;
	uint32_t table;
	uint32_t source, target; /* Prefixes, 0/0 for any. */
	uint32_t mark, mask;     /* Both 0: any mark. */
	uint32_t jump;           /* FR_ACT_GOTO: the priority that it goes on with. */
	uint8_t source_len, target_len;
	uint8_t action; /* FR_ACT_* */
	uint8_t other;  /* enum rule_other; 0 if all of it is said by the other fields. */
	uint8_t suppress;
	uint8_t spare[3];
	char iif[IFNAME_SIZE];
	char oif[IFNAME_SIZE];
};

struct neigh {
	int32_t ifindex; /* With NTF_PROXY: 0 for any. */
	uint32_t ip;
	uint16_t state; /* NUD_* */
	uint8_t flags;  /* NTF_* */
	uint8_t mac_len;
	uint8_t mac[6];
	uint8_t protocol; /* RTPROT_*, 0 if the kernel does not say. */
	uint8_t has_ages; /* 1 if the three ages below were given. */
	uint32_t confirmed_ms, used_ms, updated_ms; /* Ages at the event's time. */
	uint32_t refs;
	uint32_t probes;
};

#define CONF_ALL 0       /* In place of an ifindex: net.ipv4.conf.all */
#define CONF_DEFAULT (-1) /* net.ipv4.conf.default, net.ipv4.neigh.default */

struct sysctl_value {
	int32_t ifindex; /* Or CONF_ALL, CONF_DEFAULT. */
	uint16_t key;    /* Index into the table of sysctl.h. */
	uint16_t absent; /* 1 if this kernel does not have it there. */
	int32_t value;
	uint32_t spare;
};

struct frame {
	uint64_t number; /* From 1 on, in the order they were captured or stand in the file. */
	int32_t ifindex; /* 0 in a file. */
	uint16_t len;    /* Bytes on the wire. */
	uint16_t caplen; /* Bytes that follow, at most FRAME_BYTES_MAX. */
	uint8_t bytes[FRAME_BYTES_MAX];
};

enum capture_state { CAPTURE_OPENING = 1, CAPTURE_ON, CAPTURE_FAILED, CAPTURE_OFF };

struct capture {
	int32_t ifindex;
	int32_t state; /* enum capture_state */
	int32_t error; /* Negative errno when it failed, else 0. */
	uint32_t linktype; /* DLT_* of libpcap. */
	char text[EVENT_TEXT_SIZE]; /* Why it failed, and what to do. */
};

struct drops {
	int32_t ifindex;
	uint32_t spare;
	uint64_t received;
	uint64_t kernel;    /* Lost because the capture's ring was full. */
	uint64_t interface; /* Lost by the interface or its driver. */
};

enum change_state {
	CHANGE_HELD = 1, /* Made by this program; put back at exit. */
	CHANGE_KEPT,     /* Made to stay; `arplab restore` can put it back. */
	CHANGE_ORPHAN,   /* Made by an arplab that was killed. */
	CHANGE_UNDONE,   /* Put back. */
	CHANGE_FOREIGN,  /* Somebody else changed the value since; left as it is. */
	CHANGE_OTHERS,   /* Held by another arplab that runs. */
};

struct change {
	uint32_t number; /* From 1 on, in the order they were made. */
	int32_t ifindex; /* Or CONF_ALL, CONF_DEFAULT; as it was when the change was made. */
	uint16_t key;
	uint16_t state; /* enum change_state */
	int32_t before, after;
	int32_t pid; /* Of the arplab that made it. */
	uint64_t made_ns;
	char name[IFNAME_SIZE];
};

struct done {
	uint32_t id;   /* The action's. */
	int32_t error; /* 0 or a negative errno. */
	char text[EVENT_TEXT_SIZE]; /* A sentence: what was done, or why not. */
};

struct note {
	uint32_t grave; /* 1 if something is wrong. */
	uint32_t spare;
	char text[EVENT_TEXT_SIZE];
};

struct file_progress {
	uint64_t packets; /* All packets read so far. */
	uint64_t frames;  /* ARP frames among them. */
	uint64_t bytes;   /* Of the file, read so far. */
	uint32_t complete; /* 1 when the end was reached, or nothing more can be read. */
	int32_t error;    /* Negative errno if the file is damaged or cut off. */
	uint32_t seekable; /* 0 for a pipe: only the newest frames can be shown. */
	uint32_t linktype;
	char text[EVENT_TEXT_SIZE];
};

enum lab_state {
	LAB_GONE = 1, /* All nodes are gone; what is named next belongs to a new lab. */
	LAB_UP,       /* Everything has been made and named. */
	LAB_FAILED,   /* It could not be made; nothing is left of it. text says why. */
};

struct lab_news {
	uint32_t state; /* enum lab_state */
	uint32_t number; /* Of the lab, from 1 on: how often one was built. */
	uint64_t took_ns; /* LAB_UP: from the action until now. */
	char text[EVENT_TEXT_SIZE];
};

struct node {
	uint32_t number; /* From 1 on; the same as the event's node. */
	uint32_t spare;
	char name[16];   /* NODE_NAME_SIZE of topology.h */
};

/* What a lab needs of the kernel, in the order in which it is asked for. */
enum lab_stage {
	STAGE_USER_NAMESPACE = 1,
	STAGE_ID_MAPS,
	STAGE_NETWORK_NAMESPACE,
	STAGE_ENTER, /* setns() back and forth. */
	STAGE_BRIDGE,
	STAGE_VETH,
	STAGE_ADDRESSES,
	STAGE_SYSCTLS, /* Writing /proc/sys/net/ipv4 of a node. */
	STAGE_TIMERS,
	STAGE_CAPTURE,
	STAGE_PING,
	STAGE_RULES, /* Policy rules; tried when a lesson needs them, as are the ones below. */
	STAGE_SIEVE,   /* A packet filter for ARP that drops frames. */
	STAGE_REWRITE, /* One that rewrites them. */
	STAGE_VRRP,    /* keepalived is installed. */
	STAGE_IPVS,    /* The kernel's own director. */
	STAGE_TUNNEL,  /* ipip; tried by a topology that has tunnels. */
	LAB_STAGES
};

struct stage {
	uint32_t stage; /* enum lab_stage */
	int32_t error;  /* 0: it works; else a negative errno. */
	uint32_t needed; /* 1: without it there is no lab. 0: some lessons do without. */
	uint32_t spare;
	char text[EVENT_TEXT_SIZE]; /* What was found; when it failed: the cause and what to do. */
};

struct tried {
	uint32_t id;   /* The action's. */
	uint16_t kind; /* enum action_kind: PING, ARPING, UDP, CONNECT or OUTAGE. */
	uint16_t spare;
	uint32_t ip;   /* The target. */
	uint32_t source; /* The sender's address, 0 if the kernel chose it. */
	uint32_t sent, received; /* Packets. ARPING: replies. */
	uint32_t answerers; /* ARPING: different sender MACs among the replies. */
	int32_t error; /* What the kernel said: 0, or a negative errno (-EHOSTUNREACH…). */
	uint64_t rtt_ns; /* Of the first answer, 0 if none came. OUTAGE: since it began. */
	uint8_t mac[6];  /* Who answered first; ARPING and PING. */
	uint8_t spare2[2];
};

enum scheduler { SCHEDULER_RR = 1, SCHEDULER_WRR, SCHEDULER_LC, SCHEDULER_WLC, SCHEDULERS };

enum director_backend {
	BACKEND_IPVS = 1, /* The kernel's own. */
	BACKEND_STANDIN,  /* The helper, where the kernel has no ip_vs. */
	BACKEND_IPVS_TUN, /* The same, in ipip tunnels. */
	BACKEND_STANDIN_TUN,
	BACKENDS
};

struct virtual_service {
	uint32_t ip;
	uint16_t port;
	uint8_t scheduler; /* enum scheduler */
	uint8_t backend;   /* enum director_backend */
	uint64_t connections; /* Since it was made. */
};

struct real_server {
	uint32_t vip;
	uint32_t ip; /* The real server's own address. */
	uint16_t port;
	uint16_t weight;
	uint32_t active;      /* Connections that are open, as far as the director can see. */
	uint64_t connections; /* Since it was made. */
	uint64_t packets;
};

struct served {
	uint32_t id; /* The action's. */
	uint32_t ip;
	uint16_t port;
	uint16_t server;   /* The machine that answered. */
	uint16_t director; /* The machine that handed them on; 0: none, they came by themselves. */
	uint16_t spare;
	uint32_t count;    /* Connections. */
	uint32_t spare2;
};

struct event {
	uint64_t at_ns; /* Wall clock; the kernel's stamp for a frame. */
	uint16_t size;  /* Bytes of this event, head included; a multiple of 8. */
	uint8_t kind;   /* enum event_kind */
	uint8_t flags;  /* enum event_flag */
	uint16_t node;  /* The machine it happened on; 0 is the host. */
	uint16_t spare;
	union {
		struct hello hello;
		struct mark mark;
		struct link link;
		struct addr addr;
		struct route route;
		struct policy_rule rule;
		struct neigh neigh;
		struct sysctl_value sysctl;
		struct frame frame;
		struct capture capture;
		struct drops drops;
		struct change change;
		struct done done;
		struct note note;
		struct file_progress file;
		struct lab_news lab;
		struct node machine;
		struct stage stage;
		struct tried tried;
		struct virtual_service virtual;
		struct real_server real;
		struct served served;
	};
};

/* Set kind and size of an otherwise zeroed event. A frame's size follows its caplen. */
void event_begin(struct event *e, enum event_kind kind, uint64_t at_ns);
/* Bytes of an event of that kind; caplen counts for frames only. 0 for no such kind. */
size_t event_size(enum event_kind kind, size_t caplen);
/*
 * Look at the event at the start of `bytes` (aligned to 8) and say whether it is whole and sane:
 * its size fits its kind and `len`, its enumerations are in range, its texts end.
 * Returns its size, or -EBADMSG. Nothing outside `len` is read.
 */
long event_check(const void *bytes, size_t len);

/*
 * Events as lines of text: one event a line, `kind name=value …`, for recorded streams in tests
 * and bug reports. event_write appends a line without the line feed; event_read takes one line.
 * event_read returns 0, or -EBADMSG and a sentence: unknown kind, unknown name, bad value.
 */
struct text;
struct err;
void event_write(struct text *t, const struct event *e);
int event_read(const char *line, struct event *ret, struct err *err);

#endif
