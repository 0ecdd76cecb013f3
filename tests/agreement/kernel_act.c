/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a stimulus carried out on the kernel, and everything that came of it. */
#include <config.h>

#include "kernel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/ip.h>

#include <arplab/clock.h>

#define POLL_MS 200             /* The kernel's next tick, and much more. */
#define LATE_MS 100             /* Frames that a worker sends. */
#define YOUNG_NS (NS_PER_S / 2) /* Less than any locktime but 0. */

/* ---- entries ---- */

static void add_entry(struct ask *a, const struct entry *e, uint16_t state, uint8_t flags)
{
	const struct ndmsg head = { .ndm_family = AF_INET,
		.ndm_ifindex = e->ifindex,
		.ndm_state = state,
		.ndm_flags = flags };
	ask_add(a, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof head);
	ask_u32(a, NDA_DST, e->ip);
	if (!flags)
		ask_put(a, NDA_LLADDR, e->mac, sizeof e->mac);
}

/* The way into DELAY is that of any packet: somebody uses an entry that is STALE. */
static void set_entries(struct space *s, const struct test_case *c)
{
	struct ask a;
	ask_begin(&a);
	for (size_t i = 0; i < c->have_count; i++) {
		const struct entry *e = &c->have[i];
		add_entry(&a, e, e->state == NUD_DELAY ? NUD_STALE : e->state, 0);
		if (e->state == NUD_DELAY)
			add_entry(&a, e, 0, NTF_USE);
	}
	int r = ask_send(&a, s->requests);
	if (r < 0)
		give_up("neighbours cannot be set: %s", strerror(-r));
}

/* Returns false if one was gone already: the kernel has collected it. */
static bool forget(struct space *s, const struct effect *e)
{
	struct ask a;
	ask_begin(&a);
	for (size_t i = 0; i < e->entry_count; i++) {
		const struct ndmsg head = { .ndm_family = AF_INET,
			.ndm_ifindex = e->entries[i].ifindex };
		ask_add(&a, RTM_DELNEIGH, 0, &head, sizeof head);
		ask_u32(&a, NDA_DST, e->entries[i].ip);
	}
	int r = ask_send(&a, s->requests);
	if (r < 0 && r != -ENOENT)
		give_up("neighbours cannot be forgotten: %s", strerror(-r));
	return r == 0;
}

/* ---- the neighbour table ---- */

static void take_entry(const struct nlmsghdr *m, struct effect *ret)
{
	const struct ndmsg *head = NLMSG_DATA(m);
	struct entry e = { .ifindex = head->ndm_ifindex, .state = head->ndm_state };
	size_t left = m->nlmsg_len - NLMSG_LENGTH(sizeof *head);
	const struct rtattr *a = (const void *)((const uint8_t *)head + NLMSG_ALIGN(sizeof *head));
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == NDA_DST)
			memcpy(&e.ip, RTA_DATA(a), sizeof e.ip);
		if (a->rta_type == NDA_LLADDR && RTA_PAYLOAD(a) == 6)
			memcpy(e.mac, RTA_DATA(a), 6);
	}
	if (e.ifindex == 1)
		return;
	if (ret->entry_count == ENTRIES_MAX)
		give_up("the neighbour table is too long");
	ret->entries[ret->entry_count++] = e;
}

static void read_table(struct space *s, struct effect *ret)
{
	_Alignas(8) uint8_t bytes[32768];
	struct {
		struct nlmsghdr head;
		struct ndmsg body;
	} q = { .head = { .nlmsg_len = sizeof q,
			.nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .ndm_family = AF_INET } };
	send(s->requests, &q, sizeof q, 0);
	for (;;) {
		ssize_t len = recv(s->requests, bytes, sizeof bytes, MSG_DONTWAIT);
		if (len <= 0)
			give_up("the neighbour table cannot be read: %s", strerror(errno));
		size_t left = (size_t)len;
		for (const struct nlmsghdr *m = (const void *)bytes; NLMSG_OK(m, left);
			m = NLMSG_NEXT(m, left)) {
			if (m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR)
				return;
			take_entry(m, ret);
		}
	}
}

/* ---- stimuli ---- */

static void send_on_segment(const struct space *s, int segment, const void *bytes, size_t len)
{
	for (int i = 0; i < CABLES; i++)
		if (s->links[LINK_E0 + i].up && s->links[LINK_E0 + i].segment == segment)
			if (send(s->wires[i], bytes, len, 0) < 0)
				give_up("a wire takes no frame: %s", strerror(errno));
}

static void send_frame(const struct space *s, const struct stimulus *what)
{
	uint8_t bytes[60] = { 0 };
	arp_encode(&what->packet, bytes, sizeof bytes);
	send_on_segment(s, what->segment, bytes, sizeof bytes);
}

static uint16_t checksum(const void *bytes, size_t len)
{
	const uint16_t *words = bytes;
	uint32_t sum = 0;
	for (size_t i = 0; i < len / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t) ~(sum + (sum >> 16));
}

/*
 * A message of ICMP, and one that nobody knows: about these the kernel never complains to their
 * sender, whom it would have to ask for. Source: Linux net/ipv4/icmp.c, icmp_send().
 */
static void send_packet(const struct space *s, const struct stimulus *what)
{
	static const uint8_t message[8] = { 255 };
	struct {
		struct ethhdr eth;
		uint8_t rest[46];
	} f = { .eth = { .h_proto = htons(ETH_P_IP) } };
	struct iphdr ip = { .version = 4,
		.ihl = 5,
		.tot_len = htons(sizeof ip + sizeof message),
		.ttl = 64,
		.protocol = IPPROTO_ICMP,
		.saddr = what->src,
		.daddr = what->dst };
	ip.check = checksum(&ip, sizeof ip);
	memcpy(f.eth.h_dest, what->packet.eth_dst, 6);
	memcpy(f.eth.h_source, what->packet.eth_src, 6);
	memcpy(f.rest, &ip, sizeof ip);
	memcpy(f.rest + sizeof ip, message, sizeof message);
	send_on_segment(s, what->segment, &f, sizeof f);
}

/* What a program does, and what it is told. */
static void send_datagram(const struct stimulus *what, struct effect *ret)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = what->src };
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = what->dst
	};
	socklen_t len = sizeof from;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		give_up("no socket: %s", strerror(errno));
	bool sent =
		(what->ifindex == 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &what->ifindex,
					       sizeof what->ifindex) == 0) &&
		(what->src == 0 || bind(fd, (const struct sockaddr *)&from, sizeof from) == 0) &&
		connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
		getsockname(fd, (struct sockaddr *)&from, &len) == 0 && send(fd, "", 1, 0) == 1;
	ret->error = sent ? 0 : -errno;
	ret->source = sent ? from.sin_addr.s_addr : 0;
	close(fd);
}

/* The cable by which an interface's frames come out. */
static int cable_of(const struct space *s, int32_t ifindex)
{
	for (int i = 0; i < CABLES; i++)
		if (s->links[LINK_E0 + i].ifindex == ifindex)
			return i;
	return s->links[LINK_MACVLAN].ifindex == ifindex ? 1 : 2;
}

/* An entry that is set to PROBE is polled at the next tick. */
static void provoke_poll(struct space *s, const struct stimulus *what)
{
	const struct entry e = { .ifindex = what->ifindex, .ip = what->dst };
	struct entry with_mac = e;
	struct ask a;
	memcpy(with_mac.mac, what->mac, 6);
	ask_begin(&a);
	add_entry(&a, &with_mac, NUD_PROBE, 0);
	int r = ask_send(&a, s->requests);
	if (r < 0)
		give_up("a neighbour cannot be polled: %s", strerror(-r));
	struct pollfd p = { .fd = s->wires[cable_of(s, what->ifindex)], .events = POLLIN };
	poll(&p, 1, POLL_MS);
}

/* ---- what came of it ---- */

/* Which of the host's interfaces sent it: the bridge and the macvlan share cables with others. */
static int32_t sender_of(const struct space *s, int cable, const struct arp_packet *p)
{
	static const uint8_t bridge[6] = BRIDGE_MAC, shadow[6] = MACVLAN_MAC;
	if (cable == 2 && memcmp(p->eth_src, bridge, 6) == 0)
		return s->links[LINK_BRIDGE].ifindex;
	if (cable == 1 && memcmp(p->eth_src, shadow, 6) == 0)
		return s->links[LINK_MACVLAN].ifindex;
	return s->links[LINK_E0 + cable].ifindex;
}

/* The socket of a cable that was pulled out says so once, before it gives what it still has. */
static ssize_t next_frame(int wire, uint8_t *bytes, size_t size)
{
	ssize_t len = recv(wire, bytes, size, 0);
	return len < 0 && errno == ENETDOWN ? recv(wire, bytes, size, 0) : len;
}

static void hear(struct space *s, struct effect *ret)
{
	uint8_t bytes[128];
	for (int i = 0; i < CABLES; i++) {
		ssize_t len;
		while ((len = next_frame(s->wires[i], bytes, sizeof bytes)) > 0) {
			struct emitted *f = &ret->frames[ret->frame_count++];
			arp_decode(bytes, (size_t)len, &f->packet);
			f->ifindex = sender_of(s, i, &f->packet);
			if (ret->frame_count == FRAMES_MAX)
				give_up("the host sends without end");
		}
	}
}

static void settle(struct space *s, size_t expected_frames, struct effect *ret)
{
	struct pollfd p[CABLES];
	bool shadowed = s->links[LINK_MACVLAN].segment != NO_SEGMENT;
	if (shadowed)
		space_fence_shadow(s);
	space_fence(s);
	hear(s, ret);
	if (!shadowed)
		return;
	for (int i = 0; i < CABLES; i++)
		p[i] = (struct pollfd) { .fd = s->wires[i], .events = POLLIN };
	while (ret->frame_count < expected_frames && poll(p, CABLES, LATE_MS) > 0)
		hear(s, ret);
}

/* ---- time ---- */

/*
 * Return once the kernel's clock has ticked: then what was changed before is at least a tick old.
 * The coarse clock goes forward with the ticks.
 */
static void wait_tick(void)
{
	struct timespec before, now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &before);
	do {
		poll(NULL, 0, 1);
		clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	} while (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec);
}

/* Whether an entry's age can decide. */
static bool age_matters(const struct test_case *c)
{
	if (c->what.kind != STIMULUS_RX)
		return false;
	for (size_t i = 0; i < c->have_count; i++)
		if (c->have[i].ip == c->what.packet.sip && entry_has_mac(c->have[i].state))
			return true;
	return false;
}

void act_hush(struct space *s)
{
	struct effect ignored = { 0 };
	space_fence(s);
	hear(s, &ignored);
}

bool act(struct space *s, const struct test_case *c, size_t expected_frames, struct effect *ret)
{
	memset(ret, 0, sizeof *ret);
	uint64_t began_ns = clock_steady_ns();
	set_entries(s, c);
	if (s->locktime_ms == 0 && age_matters(c))
		wait_tick();
	switch (c->what.kind) {
	case STIMULUS_RX:
		send_frame(s, &c->what);
		break;
	case STIMULUS_TX:
		send_datagram(&c->what, ret);
		break;
	case STIMULUS_FWD:
		send_packet(s, &c->what);
		break;
	case STIMULUS_PROBE:
		provoke_poll(s, &c->what);
		break;
	}
	settle(s, expected_frames, ret);
	bool young = clock_steady_ns() - began_ns < YOUNG_NS;
	read_table(s, ret);
	effect_sort(ret);
	bool whole = forget(s, ret);
	act_hush(s);
	return young && whole;
}
