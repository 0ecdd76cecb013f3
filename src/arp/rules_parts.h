/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: what the files of the rules share; nobody else includes it. */
#ifndef ARPLAB_RULES_PARTS_H
#define ARPLAB_RULES_PARTS_H

#include <arpa/inet.h>

#include <arplab/i18n.h>
#include <arplab/rules.h>

/* rule.then: what a frame may still teach after the rule has decided about its answer. */
enum then {
	THEN_STOP = 0, /* Nothing; not even an entry that exists is touched. */
	THEN_ASKER,    /* Its sender is entered, and overrides what was there. */
	THEN_EXISTING, /* It may change an entry, and make one where arp_accept allows it. */
};

/* What is known of a question so far: a rule applies only when all bits of its `when` are. */
enum now {
	NOW_PROBES = 1,     /* The sender IP is 0.0.0.0. */
	NOW_ASKS = 2,       /* It is not; also of a packet to be routed. */
	NOW_ROUTED = 4,     /* There is a route to the target. */
	NOW_LOCAL = 8,      /* The target is this host's. */
	NOW_ELSEWHERE = 16, /* The route to the target is not of type local. */
};

/* How closely the sender of a who-has is looked at. */
enum check { CHECK_OPEN, CHECK_NOT, CHECK_OWN, CHECK_ROUTE, CHECK_UNKNOWN };

/* The result of a lookup, made once a question. */
struct way {
	bool looked;
	enum fib_result result;
	const struct host_route *route;
};

struct asked {
	const struct host *h;
	enum question question;
	const struct host_link *d;   /* Where it arrived; NULL for a packet of the host itself. */
	const struct host_link *out; /* Where a packet leaves; NULL if it does not. */
	const struct arp_packet *p;
	const struct arrival *arrival;     /* ANSWER, LEARN */
	const struct departure *departure; /* ANNOUNCE, FORWARD */
	uint32_t src, dst;   /* The sender's and the target's address; of a packet: its own. */
	unsigned now;        /* enum now */
	enum check check;    /* OPEN: not asked yet. */
	struct way there;    /* To dst. */
	struct way back;     /* To src, as validate_source looks it up. */
	struct way reply;    /* To src, as a reply would take. */
	enum then then;      /* LEARN: what the answer left. */
	uint32_t packet_src; /* Of the packet that waits for the neighbour; 0: there is none. */
	bool source_unknown; /* Which source the kernel chooses for it cannot be told. */
	uint32_t hop;
	bool direct; /* A packet to a group leaves by its source's interface: no route is asked for.
		      */
	struct known known;        /* The entry of the sender, or of the next hop. */
	const struct rule *before; /* LEARN: the rule that decided about the answer. */
	const char *unknown;       /* Why the last thing could not be told. */
};

/* ---- addresses ---- */

static inline bool ip_is_multicast(uint32_t ip)
{
	return ntohl(ip) >> 28 == 0xe;
}

static inline bool ip_is_loopback(uint32_t ip)
{
	return ntohl(ip) >> 24 == 127;
}

static inline bool ip_is_limited_broadcast(uint32_t ip)
{
	return ip == UINT32_MAX;
}

/* An address that is no sender's: 0.0.0.0, and before Linux 5.3 all of 0/8. */
static inline bool ip_is_zero_net(const struct host *h, uint32_t ip)
{
	bool old = h->kernel && h->kernel < KERNEL(5, 3, 0);
	return old ? ntohl(ip) >> 24 == 0 : ip == 0;
}

static inline bool addr_covers(const struct host_addr *x, uint32_t ip)
{
	return ((ip ^ x->address) & x->mask) == 0;
}

/*
 * Whether `local` (0: any) is confirmed as an address of one link (or of all, NULL) that shares a
 * subnet with dst (0: no matter) within a scope.
 * Returns 1, 0, or -1: that takes a route_localnet which is not known.
 * Source: Linux net/ipv4/devinet.c, inet_confirm_addr().
 */
int addr_confirm(const struct host *h, const struct host_link *on, uint32_t dst, uint32_t local,
	uint8_t limit);
enum selected {
	SELECTED_SUBNET,
	SELECTED_FIRST,
	SELECTED_ELSEWHERE,
	SELECTED_NONE,
	SELECTED_UNKNOWN, /* That takes a route_localnet which is not known. */
};
/*
 * The source address that the kernel chooses for a link; ret_where: where the address stands.
 * Source: Linux net/ipv4/devinet.c, inet_select_addr().
 */
enum selected addr_select(const struct host *h, const struct host_link *on, uint32_t dst,
	uint8_t limit, uint32_t *ret, const struct host_link **ret_where);

/* ---- what the rules ask ---- */

/* Note that a value is not known, as the reason why something cannot be told. */
void asked_in_vain(struct asked *a, enum host_key key);
/* An effective value of a link: 0 and *ret, or -1 and why it is not known. */
static inline int asked_value(
	struct asked *a, const struct host_link *l, enum host_key key, int32_t *ret)
{
	if (l && host_value(l, key, ret))
		return 0;
	asked_in_vain(a, key);
	return -1;
}
/* A switch: 1, 0, or -1. */
static inline int asked_on(struct asked *a, const struct host_link *l, enum host_key key)
{
	int32_t value;
	return asked_value(a, l, key, &value) < 0 ? -1 : value != 0;
}
/* The route to the target, looked up when it is first asked for. */
const struct way *asked_there(struct asked *a);
/* The type of an address, RTN_*; -1 and why. */
int asked_type(struct asked *a, uint32_t ip);
/* addr_confirm() and addr_select(), and why it cannot be told. */
int asked_confirm(
	struct asked *a, const struct host_link *on, uint32_t dst, uint32_t local, uint8_t limit);
enum selected asked_select(struct asked *a, const struct host_link *on, uint32_t dst, uint8_t limit,
	uint32_t *ret, const struct host_link **ret_where);
/* A packet that leaves by an interface; one that is at hand, not a poll of an entry. */
bool resolves(struct asked *a);
bool resolves_packet(struct asked *a);
int always(struct asked *a);
/*
 * The frame was sent to the interface's MAC, or to that of a port of it.
 * Source: Linux net/bridge/br_input.c, br_handle_frame_finish(), br_pass_frame_up().
 */
bool frame_is_own(struct asked *a);

/*
 * The interface that has an address: of several that do, the kernel takes the one that got it last,
 * and that cannot be told (-1 and why). Returns 0, *ret NULL if there is none.
 * Source: Linux net/ipv4/devinet.c, __ip_dev_find().
 */
int asked_device(struct asked *a, uint32_t ip, const struct host_link **ret);

/* ---- texts ---- */

/*
 * What was found about one thing: a clause, and in every language one that can stand in a list of
 * such. It is there until the end of the whole expression, like a word.
 */
struct fact {
	char text[200];
};
/* The name of an interface. */
struct word link_word(const struct host_link *l);
/* "arp_ignore = max(all 0, eth0 1) = 1" */
struct fact value_fact(struct asked *a, const struct host_link *l, enum host_key key);
/* "192.168.2.200 is on lo", "… is local by a route", "… is not this host's" */
struct fact home_fact(struct asked *a, uint32_t ip);
/* "the route to 10.0.0.1 is 10.0.0.0/8 via … on eth1", or that there is none, or why it is not
 * known. */
struct fact way_fact(struct asked *a, uint32_t ip, const struct way *w);
/* The way to the target. */
struct fact there_fact(struct asked *a);
void tell_there(struct text *t, struct asked *a);
/* "the target is 10.0.0.1" */
void tell_target(struct text *t, struct asked *a);

/* ---- the rules ---- */

extern const struct rule frame_down, frame_noarp, frame_port, frame_vlan, frame_otherhost,
	frame_flaw, frame_operation, frame_multicast, frame_loopback, frame_gratuitous, probe_reply,
	probe_foreign, reply_unasked;
extern const struct rule route_source, route_target, route_loopback, route_none, route_broadcast,
	forward_off, forward_type, forward_local, forward_group, forward_same;
extern const struct rule source_own, source_none, source_type, source_unnumbered, source_path;
extern const struct rule proxy_arp, proxy_pvlan, proxy_entry, proxy_none;
extern const struct rule ignore_1, ignore_2, ignore_3, ignore_8, probe_answer, filter_source,
	filter_none, filter_interface, answer_local;
extern const struct rule learn_stopped, learn_off, learn_subnet, learn_kind, learn_create,
	learn_permanent, learn_locktime, learn_same, learn_update;
extern const struct rule send_source, send_down, send_none, send_error, send_local, send_loopback,
	send_broadcast, send_multicast, resolve_noarp, resolve_group, resolve_known, announce_0,
	announce_1, select_subnet, select_first, select_elsewhere, select_none;

#endif
