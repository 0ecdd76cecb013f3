/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: what the files of the past share; nobody else includes it. */
#ifndef ARPLAB_PAST_PARTS_H
#define ARPLAB_PAST_PARTS_H

#include <arplab/past.h>

/*
 * The hosts of one machine and what is needed to make the next. Facts that changed make it dirty;
 * the host of them is made when somebody may ask.
 */
struct hosts {
	struct host *list[PAST_HOSTS]; /* Oldest first. */
	uint64_t from_ns[PAST_HOSTS];  /* The time from which each one holds. */
	size_t rows[PAST_HOSTS];       /* Beside routes. */
	size_t routes[PAST_HOSTS];     /* Whether they are shared is seen by their fib. */
	size_t count;
	bool dirty;
	uint64_t dirty_ns; /* The first change since the newest host. */
	uint64_t begun_ns; /* When the dump that is under way began. */
	uint64_t built_ns;
	uint64_t route_generation; /* Of the model when the newest host was made. */
};

/* An entry of a neighbour table at one time. */
struct entry {
	uint64_t updated_ns; /* Good if age_known. */
	uint16_t state;      /* 0: there is none. */
	uint8_t mac[6];
	bool has_mac, age_known;
};

/* One change of an entry. Changes are numbered from 0 on; number n stands at n % PAST_CHANGES. */
struct row_change {
	uint64_t at_ns;
	uint64_t older; /* The number + 1 of the one before it in its bucket, 0 if there is none. */
	int32_t ifindex;
	uint32_t ip;
	uint16_t node;
	struct entry before, after;
};

/* What the changes do not tell of one machine's neighbour table. */
struct table {
	bool known;
	uint64_t known_ns;                   /* Its first dump was whole. */
	uint64_t told_ns;                    /* The kernel's last word of it. */
	uint64_t blind_from_ns, blind_to_ns; /* Words were lost in between. */
	uint64_t first;                      /* Changes before this number are another machine's. */
};

/* When a machine's captures lost frames: the last time, which may have been long. */
struct loss {
	uint64_t told_ns, told_before_ns; /* When the counters came, and the round before. */
	uint64_t from_ns, to_ns;
};

#define BUCKETS 4096

struct past {
	uint64_t due_ns; /* A frame of then or later finds facts that changed; UINT64_MAX: none. */
	struct hosts hosts[NODES_MAX + 1];
	struct table tables[NODES_MAX + 1];
	struct loss losses[NODES_MAX + 1];
	struct row_change *changes;
	uint64_t change_total;
	uint64_t *buckets; /* By key: the number + 1 of the newest change. */
};

/* ---- past_hosts.c ---- */

/* Whether an event, which is no mark, names a fact. */
bool past_is_fact(const struct event *e);
void past_hosts_take(struct past *p, const struct world *w, const struct event *e);
void past_hosts_clear(struct hosts *h);
/* Make the hosts that are due at a time. */
void past_hosts_build(struct past *p, const struct world *w, uint64_t now_ns);

/* ---- past_changes.c ---- */

void past_changes_take(struct past *p, const struct world *w, const struct event *e);
/* Counters of a capture. */
void past_loss_take(struct past *p, const struct model *m, const struct event *e);
/* The machine is another one now. */
void past_changes_forget(struct past *p, uint16_t node);
struct entry past_entry(const struct neigh_entry *e);
/* The newest change of a row before number `below`, or NULL. *ret: its number. */
const struct row_change *past_older(const struct past *p, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t below, uint64_t *ret);

/* ---- past_frames.c ---- */

#define PAST_FRAMES_LOOKED_AT 256

/* The first frame of a time or later; one behind the newest if there is none. */
uint64_t past_position(const struct frames *f, uint64_t at_ns);
/* Whether it is a sound ARP frame, and what it says. */
bool past_read(const struct event *e, struct arp_packet *ret);
/* Whether the machine sent the frame itself. e: of its own ring. */
bool past_is_own(const struct model *m, const struct event *e, const struct arp_packet *packet);
/* Whether an interface is the other one or stands on it. */
bool past_stands_on(const struct model *m, int32_t high, int32_t low);
/* Whether two frames are one, seen on two interfaces of a stack. */
bool past_is_copy(const struct model *m, const struct event *a, const struct event *b);
/*
 * The arrival of a frame of the LAN in a machine's ring, or NULL. ifindex: where; 0: anywhere.
 * ret: its position there.
 */
const struct event *past_arrived(const struct world *w, uint16_t node, int32_t ifindex,
	const struct event *e, uint64_t *ret);
/* The position in the LAN's ring of a frame of a machine's ring. */
bool past_sent(const struct world *w, uint16_t node, const struct event *e, uint64_t *ret);

/* ---- past_known.c ---- */

/* An entry with its age at a time. */
struct known past_known_of(const struct entry *e, uint64_t at_ns);

/* ---- past_cause.c ---- */

/* An entry has its answer, or has failed, this long after the first who-has. */
#define PAST_WAIT_NS UINT64_C(5000000000)

struct cause {
	uint64_t position; /* In the machine's own ring. */
	uint64_t at_ns;    /* Of the frame; without one, of the news. */
	uint64_t after_ns; /* Frames until then belong to older changes. */
	bool asked;        /* It is the machine's own who-has. */
};

/* Whether an entry of that state has a MAC that is used; else it has none, or none that counts. */
bool past_has_mac(uint16_t state);
/*
 * Whether the machine asked for an address after from_ns and before until_ns, in the last
 * PAST_WAIT_NS before that. ret: the first such frame in its ring.
 */
bool past_waits(const struct model *m, int32_t ifindex, uint32_t ip, uint64_t from_ns,
	uint64_t until_ns, uint64_t *ret);
/* The frame that made a change, by the change's number. ret: its times are written in any case. */
bool past_find_cause(
	const struct past *p, const struct world *w, uint64_t number, struct cause *ret);

#endif
