/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the ARP frames of all nodes in the order of time.
 *
 * One packet socket a node sees all of its interfaces. libpcap is not used here: pcap_activate()
 * sets its socket up in a way that has the kernel wait for all processors, 12 to 22 ms a node; a
 * socket that gets its filter first and is bound then costs nothing of the sort.
 *
 * Each node stamps its own copy of a frame, by one clock. So when there is something to be read,
 * all taps are read, again and again until none has anything left: then no frame can be missing
 * that is older than those at hand, and they are sorted and told.
 */
#include <config.h>

#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <arplab/clock.h>

#define CAUGHT_MAX 1024
#define SLOTS 16
#define CONTROL_BYTES 128
#define TAG_BYTES 4 /* A VLAN tag that the kernel took out and that is put back. */
#define MACS_BYTES 12

struct caught {
	uint64_t at_ns;
	uint32_t order;
	int32_t ifindex;
	uint16_t node;
	uint16_t len, caplen;
	bool sent;
	uint8_t bytes[FRAME_BYTES_MAX];
};

struct slots {
	struct mmsghdr heads[SLOTS];
	struct iovec parts[SLOTS];
	struct sockaddr_ll from[SLOTS];
	uint8_t bytes[SLOTS][FRAME_BYTES_MAX];
	_Alignas(struct cmsghdr) uint8_t control[SLOTS][CONTROL_BYTES];
};

/* ---- opening ---- */

/* Ethernet alone (so not lo), and ARP behind at most one tag. */
static int set_filter(int fd)
{
	static const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_HATYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_ETHER, 0, 7),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, MACS_BYTES),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021Q, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021AD, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, MACS_BYTES + TAG_BYTES),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, FRAME_BYTES_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog all = { .len = sizeof program / sizeof *program,
		.filter = (struct sock_filter *)program };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all);
}

int tap_open(struct tap *t)
{
	const int on = 1;
	const struct sockaddr_ll all = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	*t = (struct tap) { .fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) };
	if (t->fd < 0)
		return -errno;
	if (setsockopt(t->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
		setsockopt(t->fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0 ||
		set_filter(t->fd) < 0 ||
		bind(t->fd, (const struct sockaddr *)&all, sizeof all) < 0) {
		int r = -errno;
		close(t->fd);
		t->fd = -1;
		return r;
	}
	return 0;
}

void tap_count(struct tap *t, struct loop *l, int32_t ifindex)
{
	struct tpacket_stats now = { 0 };
	socklen_t len = sizeof now;
	/* Reading sets the kernel's counters to 0. */
	if (t->fd < 0 || getsockopt(t->fd, SOL_PACKET, PACKET_STATISTICS, &now, &len) < 0)
		return;
	/* tp_packets counts those that were dropped, too (net/packet/af_packet.c). */
	t->received += now.tp_packets - now.tp_drops;
	t->dropped += now.tp_drops;
	t->counted |= now.tp_packets > 0;
	if (!t->counted || ifindex <= 0)
		return;
	struct event e = { .drops = {
				   .ifindex = ifindex,
				   .received = t->received,
				   .kernel = t->dropped,
			   } };
	event_begin(&e, EVENT_DROPS, clock_wall_ns());
	if (outbox_add(&l->outbox, &e) == 0)
		t->counted = false;
}

/* ---- reading ---- */

/* What comes along with a frame: its stamp, its real length, a tag that was taken out. */
static void take_control(struct caught *c, struct msghdr *m, struct tpacket_auxdata *aux)
{
	*aux = (struct tpacket_auxdata) { 0 };
	for (struct cmsghdr *i = CMSG_FIRSTHDR(m); i; i = CMSG_NXTHDR(m, i)) {
		if (i->cmsg_level == SOL_SOCKET && i->cmsg_type == SCM_TIMESTAMPNS) {
			struct timespec at;
			memcpy(&at, CMSG_DATA(i), sizeof at);
			c->at_ns = (uint64_t)at.tv_sec * NS_PER_S + (uint64_t)at.tv_nsec;
		} else if (i->cmsg_level == SOL_PACKET && i->cmsg_type == PACKET_AUXDATA) {
			memcpy(aux, CMSG_DATA(i), sizeof *aux);
		}
	}
}

/* The bytes as they were on the wire. Source: libpcap does the same (linux_handle_packet). */
static void take_bytes(
	struct caught *c, const uint8_t *bytes, size_t len, const struct tpacket_auxdata *aux)
{
	size_t gap = aux->tp_status & TP_STATUS_VLAN_VALID && len >= MACS_BYTES ? TAG_BYTES : 0;
	size_t head = gap ? MACS_BYTES : 0, whole = aux->tp_len > len ? aux->tp_len : len;
	size_t rest = len - head, room = sizeof c->bytes - head - gap;
	memcpy(c->bytes, bytes, head);
	if (gap) {
		uint16_t type = aux->tp_status & TP_STATUS_VLAN_TPID_VALID ? aux->tp_vlan_tpid
									   : ETH_P_8021Q;
		const uint16_t tag[2] = { htons(type), htons(aux->tp_vlan_tci) };
		memcpy(c->bytes + head, tag, sizeof tag);
	}
	memcpy(c->bytes + head + gap, bytes + head, rest < room ? rest : room);
	c->caplen = (uint16_t)(head + gap + (rest < room ? rest : room));
	c->len = (uint16_t)(whole + gap < UINT16_MAX ? whole + gap : UINT16_MAX);
}

static void take(struct taps *all, struct slots *s, size_t i, uint16_t node)
{
	struct caught *c = &all->caught[all->count];
	struct tpacket_auxdata aux;
	c->at_ns = 0;
	take_control(c, &s->heads[i].msg_hdr, &aux);
	if (c->at_ns == 0)
		c->at_ns = clock_wall_ns();
	size_t len = s->heads[i].msg_len;
	take_bytes(c, s->bytes[i], len < FRAME_BYTES_MAX ? len : FRAME_BYTES_MAX, &aux);
	c->order = (uint32_t)all->count++;
	c->node = node;
	c->ifindex = s->from[i].sll_ifindex;
	c->sent = s->from[i].sll_pkttype == PACKET_OUTGOING;
}

static void slots_ready(struct slots *s)
{
	for (size_t i = 0; i < SLOTS; i++) {
		s->parts[i] = (struct iovec) { s->bytes[i], sizeof s->bytes[i] };
		s->heads[i].msg_hdr = (struct msghdr) { .msg_name = &s->from[i],
			.msg_namelen = sizeof s->from[i],
			.msg_iov = &s->parts[i],
			.msg_iovlen = 1,
			.msg_control = s->control[i],
			.msg_controllen = sizeof s->control[i] };
	}
}

/* Read one tap empty, or the store full. Returns whether there was anything. */
static bool read_one(struct taps *all, struct slots *s, int fd, uint16_t node)
{
	bool any = false;
	while (all->count + SLOTS <= CAUGHT_MAX) {
		slots_ready(s);
		int got = recvmmsg(fd, s->heads, SLOTS, MSG_DONTWAIT, NULL);
		for (int i = 0; i < got; i++)
			take(all, s, (size_t)i, node);
		any |= got > 0;
		if (got < SLOTS)
			break;
	}
	return any;
}

static int in_time(const void *a, const void *b)
{
	const struct caught *x = a, *y = b;
	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int tell(struct taps *all, struct loop *l, const struct caught *c)
{
	size_t size = event_size(EVENT_FRAME, c->caplen);
	struct event *e = outbox_room(&l->outbox, size);
	if (!e)
		return -EAGAIN;
	memset(e, 0, size);
	e->frame.caplen = c->caplen;
	event_begin(e, EVENT_FRAME, c->at_ns);
	e->flags = c->sent ? EVENT_SENT : 0;
	e->frame.number = ++all->frames;
	e->frame.ifindex = c->ifindex;
	e->frame.len = c->len;
	memcpy(e->frame.bytes, c->bytes, c->caplen);
	l->outbox.node = c->node;
	outbox_commit(&l->outbox, size);
	l->outbox.node = 0;
	return 0;
}

static int tell_all(struct taps *all, struct loop *l)
{
	for (; all->at < all->count; all->at++)
		if (tell(all, l, &all->caught[all->at]) < 0)
			return -EAGAIN;
	all->count = all->at = 0;
	return 0;
}

int taps_read(struct taps *all, struct loop *l, struct tap *(*tap_of)(void *arg, uint16_t node),
	void *arg, uint16_t nodes)
{
	struct slots s;
	int r = tell_all(all, l);
	if (r < 0)
		return r;
	bool any, ever = false;
	do {
		any = false;
		for (uint16_t n = 1; n <= nodes; n++) {
			const struct tap *t = tap_of(arg, n);
			any |= t->fd >= 0 && read_one(all, &s, t->fd, n);
		}
		ever |= any;
	} while (any && all->count + SLOTS <= CAUGHT_MAX);
	if (!ever)
		return 0;
	qsort(all->caught, all->count, sizeof *all->caught, in_time);
	return tell_all(all, l);
}

int taps_init(struct taps *all)
{
	*all = (struct taps) { .caught = malloc(CAUGHT_MAX * sizeof *all->caught) };
	return all->caught ? 0 : -ENOMEM;
}

void taps_done(struct taps *all)
{
	free(all->caught);
	*all = (struct taps) { 0 };
}

void taps_reset(struct taps *all)
{
	all->count = all->at = 0;
}
