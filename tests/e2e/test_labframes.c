/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: what the taps of a lab see: who answers first, tags, losses, the order of time. */
#include <config.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>

#include <arplab/frame.h>

#include "labchecks.h"
#include "proc.h"

/* ---- frames ---- */

static int datagram(void *arg)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = inet_addr(arg)
	};
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return sendto(s, "x", 1, 0, (const struct sockaddr *)&to, sizeof to) == 1 ? 0 : 1;
}

/* Senders of the LAN's replies, in their order, as one number: 234 for director, rs1, rs2. */
static unsigned repliers(const struct front *f, uint64_t from)
{
	const struct frames *all = &f->world.machines[0]->frames;
	unsigned found = 0;
	for (uint64_t i = from; i < all->first + all->count; i++) {
		const struct event *e = frames_at(all, i);
		struct arp_packet p;
		check(e->flags & EVENT_SENT && e->node > 0, "a frame that nobody sent");
		if (arp_decode(e->frame.bytes, e->frame.caplen, &p) == 0 && p.op == 2)
			found = found * 10 + e->node;
	}
	return found;
}

static bool three_replies(const struct front *f, void *arg)
{
	return repliers(f, *(const uint64_t *)arg) > 99;
}

/* Who answers, in which order, and whom the client believes. */
static void expect_race(struct front *f, unsigned order)
{
	const struct frames *all = &f->world.machines[0]->frames;
	uint64_t from = all->first + all->count;
	int32_t eth0 = ifindex_of(f, CLIENT, "eth0");
	expect_done(f, (struct action) { .kind = ACTION_FLUSH, .node = CLIENT }, "");
	char vip[] = VIP;
	check(front_inside(f, "192.168.2.222", datagram, vip) == 0, "no datagram was sent");
	check(front_until(f, three_replies, &from), "replies by %u", repliers(f, from));
	check(repliers(f, from) == order, "replies by %u", repliers(f, from));
	expect_done(f,
		(struct action) { .kind = ACTION_LOOK_NEIGH,
			.node = CLIENT,
			.ifindex = eth0,
			.ip = inet_addr(VIP) },
		"");
	const struct neigh_entry *e =
		neighs_find(&machine(f, CLIENT)->neighs, eth0, inet_addr(VIP));
	check(e && e->mac[5] == order / 100, "the client believes another");
}

static void last_port_answers_first(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	open_lvs_dr(&f);
	expect_race(&f, 432);
	struct action port = {
		.kind = ACTION_PORT, .node = DIRECTOR, .ifindex = ifindex_of(&f, DIRECTOR, "eth0")
	};
	expect_done(&f, port, "the switch serves eth0 of director first now");
	expect_race(&f, 243);
	topo_lvs_dr(&t);
	for (size_t i = 0; i < t.iface_count; i++)
		t.ifaces[i].rank = t.ifaces[i].node == RS1 ? 9 : 1;
	expect_built(&f, &t);
	expect_race(&f, 342);
	front_close(&f);
}

static void traffic(void *arg)
{
	(void)arg;
	struct front f;
	open_lvs_dr(&f);
	const struct action arping = { .kind = ACTION_ARPING,
		.node = CLIENT,
		.ifindex = ifindex_of(&f, CLIENT, "eth0"),
		.ip = inet_addr(VIP),
		.count = 1 };
	expect_done(&f, arping, "");
	const struct tried *tried = world_tried(&f.world, CLIENT, ACTION_ARPING, arping.ip, 0);
	check(tried && tried->answerers == 3 && tried->mac[5] == RS2, "%s", f.done.text);
	const struct action ping = {
		.kind = ACTION_PING, .node = CLIENT, .ip = inet_addr("192.168.2.101"), .count = 2
	};
	expect_done(&f, ping, "");
	tried = world_tried(&f.world, CLIENT, ACTION_PING, ping.ip, 0);
	check(tried && tried->received == 2, "%s", f.done.text);
	/* The asked one has noted the asker, and used the note: of that the kernel says nothing. */
	const struct neigh_entry *note = neighs_find(
		&machine(&f, RS1)->neighs, ifindex_of(&f, RS1, "eth0"), inet_addr("192.168.2.222"));
	check(note && note->state != NUD_STALE, "the note is STALE still");
	front_close(&f);
}

/* ---- what taps see ---- */

/* A who-has with a VLAN tag, or `count` of them without one, from the machine's eth0. */
struct burst {
	int count;
	bool tagged;
};

static int send_burst(void *arg)
{
	const struct burst *b = arg;
	uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1 };
	static const uint8_t tag[] = { 0x81, 0, 0, 7 };
	static const uint8_t arp[] = { 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 9, 9, 1,
		0, 0, 0, 0, 0, 0, 10, 9, 9, 2 };
	size_t len = 12;
	if (b->tagged) {
		memcpy(frame + len, tag, sizeof tag);
		len += sizeof tag;
	}
	memcpy(frame + len, arp, sizeof arp);
	len += sizeof arp;
	const struct sockaddr_ll to = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ARP),
		.sll_ifindex = (int)if_nametoindex("eth0") };
	int s = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	for (int i = 0; i < b->count; i++)
		if (sendto(s, frame, len, 0, (const struct sockaddr *)&to, sizeof to) < 0)
			return 1;
	return 0;
}

static bool all_have_a_frame(const struct front *f, void *arg)
{
	(void)arg;
	for (uint16_t n = 1; n <= RS2; n++)
		if (machine(f, n)->frames.count == 0)
			return false;
	return true;
}

static void sees_tags(void *arg)
{
	(void)arg;
	struct front f;
	struct burst one = { .count = 1, .tagged = true };
	open_lvs_dr(&f);
	check(front_inside(&f, "192.168.2.222", send_burst, &one) == 0, "nothing was sent");
	check(front_until(&f, all_have_a_frame, NULL), "not all have seen it");
	for (uint16_t n = 1; n <= RS2; n++) {
		const struct event *e = frames_at(&machine(&f, n)->frames, 0);
		struct arp_packet p;
		check(!(e->flags & EVENT_SENT) == (n != CLIENT), "direction at machine %d", n);
		check(e->frame.len == 46 && e->frame.caplen == 46, "%d bytes", e->frame.len);
		check(arp_decode(e->frame.bytes, e->frame.caplen, &p) == 0 && p.vlan == 7,
			"machine %d lost the tag", n);
	}
	front_close(&f);
}

static bool drops_are_told(const struct front *f, void *arg)
{
	const int *sent = arg;
	const struct model *m = machine(f, RS1);
	const struct drops *d = &model_link_named(m, "eth0")->drops;
	return d->kernel > 0 && d->received + d->kernel >= (uint64_t)*sent;
}

/* Also what is seen by all of them is in the order of time. */
static void expect_order(const struct front *f)
{
	const struct frames *all = &f->world.machines[0]->frames;
	uint64_t last = 0;
	for (uint64_t i = all->first; i < all->first + all->count; i++) {
		check(frames_at(all, i)->at_ns >= last, "frame %d is out of order", (int)i);
		last = frames_at(all, i)->at_ns;
	}
}

static void counts_what_it_loses(void *arg)
{
	(void)arg;
	struct front f;
	struct burst many = { .count = 5000 };
	open_lvs_dr(&f);
	kill(f.helper.pid, SIGSTOP);
	int r = front_inside(&f, "192.168.2.222", send_burst, &many);
	kill(f.helper.pid, SIGCONT);
	check(r == 0, "nothing was sent");
	check(front_until(&f, drops_are_told, &many.count), "drops were not told");
	check(machine(&f, RS1)->frame_total > 100, "no frames came");
	expect_order(&f);
	front_close(&f);
}

static const struct tap_case cases[] = {
	{ "the switch port that was attached last is served first", last_port_answers_first },
	{ "machines arping and ping each other", traffic },
	{ "a frame with a tag is seen with it, by whoever gets it", sees_tags },
	{ "frames that are lost are counted, the others told in order", counts_what_it_loses },
};

int main(void)
{
	return run_twice(cases, sizeof cases / sizeof *cases);
}
