/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: the lab: a topology is built as it says, actions change it, and nothing of it is left. All
 * of it twice where that is possible: as root and as an ordinary user.
 */
#include <config.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <net/if.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/sysctl.h>

#include "labfront.h"
#include "proc.h"
#include "tap.h"

#define VIP "192.168.2.200"
#define NOBODY 65534

enum { CLIENT = 1, DIRECTOR, RS1, RS2 };

/* ---- what is looked at ---- */

static const struct model *machine(const struct front *f, uint16_t node)
{
	const struct model *m = world_machine(&f->world, node);
	check(m, "there is no machine %d", node);
	return m;
}

static int32_t ifindex_of(const struct front *f, uint16_t node, const char *name)
{
	const struct model_link *l = model_link_named(machine(f, node), name);
	check(l, "machine %d has no %s", node, name);
	return l->link.ifindex;
}

static int32_t sysctl_of(const struct front *f, uint16_t node, const char *conf, const char *key)
{
	int32_t ifindex, value;
	check(model_conf_find(machine(f, node), conf, &ifindex) == 0, "no %s", conf);
	check(model_sysctl(machine(f, node), ifindex, (size_t)sysctl_find(key), &value),
		"machine %d: %s.%s is not known", node, conf, key);
	return value;
}

static void expect_sysctl(
	const struct front *f, uint16_t node, const char *conf, const char *key, int32_t wanted)
{
	int32_t value = sysctl_of(f, node, conf, key);
	check(value == wanted, "machine %d: %s.%s is %d, not %d", node, conf, key, value, wanted);
}

static void expect_built(struct front *f, const struct topology *t)
{
	int r = front_build(f, t);
	check(r == 0, "%s", f->done.text);
	check(world_ready(&f->world), "the lab is not ready when its building is answered");
	check(f->world.count == t->node_count, "%zu machines", f->world.count);
}

static void expect_refused(struct front *f, struct action a, int error, const char *words)
{
	int r = front_act(f, a);
	check(r == error, "answered %d (%s), not %d", r, f->done.text, error);
	check(strstr(f->done.text, words), "\"%s\" does not hold \"%s\"", f->done.text, words);
}

static void expect_done(struct front *f, struct action a, const char *words)
{
	expect_refused(f, a, 0, words);
}

/* ---- a lab as its topology says ---- */

static void expect_iface(const struct front *f, const struct topology *t, size_t i)
{
	const struct topology_iface *w = &t->ifaces[i];
	const struct model_link *l = model_link_named(machine(f, w->node), w->name);
	check(l, "machine %d has no %s", w->node, w->name);
	check(memcmp(l->link.mac, w->mac, 6) == 0, "%s has another MAC", w->name);
	check(l->link.flags & IFF_UP && l->link.flags & IFF_RUNNING && l->link.carrier,
		"%s is not up", w->name);
	check(l->capture.state == CAPTURE_ON, "%s is not captured", w->name);
	check(model_link_named(machine(f, w->node), "lo")->link.flags & IFF_UP, "lo is down");
}

static bool has_addr(const struct model *m, uint32_t ip, int32_t ifindex, uint8_t prefix)
{
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.local == ip && m->addrs[i].addr.ifindex == ifindex &&
			m->addrs[i].addr.prefix == prefix)
			return true;
	return false;
}

static void expect_addrs(const struct front *f, const struct topology *t)
{
	for (size_t i = 0; i < t->addr_count; i++) {
		const struct topology_addr *a = &t->addrs[i];
		const char *name = a->iface ? t->ifaces[a->iface - 1].name : "lo";
		check(has_addr(machine(f, a->node), a->ip, ifindex_of(f, a->node, name), a->prefix),
			"machine %d: address %zu is not on %s", a->node, i, name);
	}
}

/* The kernel's own values, whatever the machine that the test runs on has set. */
static void expect_baseline(const struct front *f, uint16_t node, const char *name)
{
	static const char *const on[] = { "send_redirects", "shared_media", "arp_evict_nocarrier" };
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		int32_t wanted = 0, ifindex, value;
		for (size_t k = 0; k < 3; k++)
			wanted |= strcmp(on[k], keys[i].name) == 0;
		check(model_conf_find(machine(f, node), name, &ifindex) == 0, "no %s", name);
		if (keys[i].family == SYSCTL_CONF &&
			model_sysctl(machine(f, node), ifindex, i, &value))
			check(value == wanted, "machine %d: %s.%s is %d", node, name, keys[i].name,
				value);
	}
}

static void builds(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	check(f.world.machines[0]->hello.powers == (POWER_CAPTURE | POWER_CHANGE), "powers %u",
		f.world.machines[0]->hello.powers);
	expect_built(&f, &t);
	for (size_t i = 0; i < t.iface_count; i++)
		expect_iface(&f, &t, i);
	expect_addrs(&f, &t);
	for (uint16_t n = 1; n <= t.node_count; n++) {
		expect_baseline(&f, n, "all");
		expect_baseline(&f, n, "default");
		expect_baseline(&f, n, "lo");
		expect_baseline(&f, n, "eth0");
		expect_sysctl(&f, n, "eth0", "base_reachable_time_ms", 1000);
		expect_sysctl(&f, n, "eth0", "retrans_time_ms", 200);
		check(world_node(&f.world, t.nodes[n - 1].name) == n, "names");
		check(machine(&f, n)->neighs.count == 0, "machine %d knows neighbours", n);
	}
	for (unsigned i = 1; i < LAB_STAGES; i++)
		check(f.world.stages[i].stage == i && f.world.stages[i].error == 0, "stage %u: %s",
			i, f.world.stages[i].text);
	check(f.frames == 0, "%llu frames without anybody having asked for them",
		(unsigned long long)f.frames);
	front_close(&f);
}

static void topology_has_its_say(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	t.timers = TIMERS_TRUE;
	t.nodes[DIRECTOR - 1].forwards = 1;
	topo_sysctl(&t, RS1, "all", "arp_ignore", 1);
	topo_sysctl(&t, RS1, "eth0", "arp_announce", 2);
	topo_sysctl(&t, RS2, "lo", "arp_ignore", 3);
	topo_route(&t, CLIENT, "0.0.0.0/0", "192.168.2.100");
	front_open(&f);
	expect_built(&f, &t);
	expect_sysctl(&f, RS1, "all", "arp_ignore", 1);
	expect_sysctl(&f, RS1, "eth0", "arp_announce", 2);
	expect_sysctl(&f, RS1, "eth1", "arp_announce", 0);
	expect_sysctl(&f, RS2, "lo", "arp_ignore", 3);
	expect_sysctl(&f, RS2, "all", "arp_ignore", 0);
	expect_sysctl(&f, DIRECTOR, "eth0", "forwarding", 1);
	expect_sysctl(&f, DIRECTOR, "all", "forwarding", 1);
	expect_sysctl(&f, CLIENT, "eth0", "forwarding", 0);
	expect_sysctl(&f, RS1, "eth0", "base_reachable_time_ms", 30000);
	expect_sysctl(&f, RS1, "eth0", "delay_first_probe_time", 5);
	expect_sysctl(&f, RS1, "eth0", "locktime", 100);
	bool found = false;
	const struct model *m = machine(&f, CLIENT);
	for (size_t i = 0; i < m->route_count; i++)
		found |= m->routes[i].route.dst_len == 0 &&
			 m->routes[i].route.gateway == inet_addr("192.168.2.100");
	check(found, "the client has no default route");
	front_close(&f);
}

/* ---- all of it or nothing, and anew ---- */

static void failure_leaves_nothing(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	front_open(&f);
	topo_lvs_dr(&t);
	expect_built(&f, &t);
	topo_route(&t, CLIENT, "10.0.0.0/8", "172.16.0.1");
	check(front_build(&f, &t) == -ENETUNREACH, "answered %d: %s", f.done.error, f.done.text);
	check(strstr(f.done.text, "client cannot have the route to 10.0.0.0/8"), "%s", f.done.text);
	check(f.world.lab.state == LAB_FAILED && f.world.count == 0, "something is left");
	expect_refused(&f, (struct action) { .kind = ACTION_FLUSH, .node = CLIENT }, -ENOENT,
		"no lab is there");
	topo_lvs_dr(&t);
	expect_built(&f, &t);
	front_close(&f);
}

static void rebuilds(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	front_open(&f);
	for (int i = 0; i < 6; i++) {
		topo_lvs_dr(&t);
		t.node_count = (uint16_t)(i % 2 ? 4 : 3);
		if (i % 2 == 0) {
			t.iface_count--;
			t.addr_count = (uint16_t)(t.addr_count - 2);
		}
		expect_built(&f, &t);
		check(f.world.lab.number == (uint32_t)i + 1, "lab number %u", f.world.lab.number);
		struct action set = { .kind = ACTION_SET,
			.node = RS1,
			.ifindex = CONF_ALL,
			.key = (uint16_t)sysctl_find("arp_ignore"),
			.any = 1,
			.value = 1 };
		check(sysctl_of(&f, RS1, "all", "arp_ignore") == 0, "of the last lab");
		expect_done(&f, set, "rs1: all.arp_ignore is now 1, was 0");
	}
	check(f.frames == 0, "%llu stray frames", (unsigned long long)f.frames);
	front_close(&f);
}

static void many_machines(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t = { .timers = TIMERS_FAST };
	for (int i = 1; i <= NODES_MAX; i++) {
		char name[24], address[32];
		snprintf(name, sizeof name, "node%d", i);
		snprintf(address, sizeof address, "10.1.0.%d/24", i);
		uint16_t node = topo_node(&t, name);
		topo_iface(&t, node, "eth0", "lan", address);
		topo_iface(&t, node, "eth1", "back", NULL);
	}
	front_open(&f);
	for (int i = 0; i < 2; i++) {
		expect_built(&f, &t);
		tap_note("%d machines up in %.1f ms", NODES_MAX, (double)f.world.lab.took_ns / 1e6);
	}
	for (size_t i = 0; i < t.iface_count; i++)
		expect_iface(&f, &t, i);
	expect_addrs(&f, &t);
	expect_baseline(&f, NODES_MAX, "all");
	expect_baseline(&f, NODES_MAX, "eth1");
	front_close(&f);
}

/* ---- actions ---- */

static struct action addr_action(
	const struct front *f, uint16_t node, const char *ip, uint8_t prefix, int value)
{
	return (struct action) { .kind = ACTION_ADDR,
		.node = node,
		.ifindex = ifindex_of(f, node, "eth0"),
		.ip = inet_addr(ip),
		.prefix = prefix,
		.value = value };
}

static void addresses(struct front *f)
{
	int32_t eth0 = ifindex_of(f, RS1, "eth0");
	uint32_t ip = inet_addr("192.168.2.9");
	expect_done(
		f, addr_action(f, RS1, "192.168.2.9", 24, 1), "192.168.2.9/24 is on eth0 of rs1");
	check(has_addr(machine(f, RS1), ip, eth0, 24), "the answer came before the address");
	expect_refused(f, addr_action(f, RS1, "192.168.2.9", 24, 1), -EEXIST,
		"192.168.2.9/24 is on eth0 of rs1 already");
	expect_done(f, addr_action(f, RS1, "192.168.2.9", 32, 0), "no longer on eth0 of rs1");
	check(!has_addr(machine(f, RS1), ip, eth0, 24), "the answer came before the address went");
	expect_refused(f, addr_action(f, RS1, "192.168.2.9", 24, 0), -EADDRNOTAVAIL,
		"192.168.2.9 is not on eth0 of rs1");
	struct action a = addr_action(f, RS1, "192.168.2.9", 24, 1);
	a.ifindex = 77;
	expect_refused(f, a, -ENODEV, "rs1 has no interface with the index 77");
	a.node = 9;
	expect_refused(f, a, -ENOENT, "no machine number 9");
}

static void links(struct front *f)
{
	int32_t eth0 = ifindex_of(f, RS1, "eth0");
	struct action a = { .kind = ACTION_LINK, .node = RS1, .ifindex = eth0, .value = 0 };
	expect_done(f, a, "eth0 of rs1 is down");
	check(!(model_link(machine(f, RS1), eth0)->link.flags & IFF_UP), "it is up");
	a.value = 1;
	expect_done(f, a, "eth0 of rs1 is up");
	check(model_link(machine(f, RS1), eth0)->link.flags & IFF_RUNNING, "it is down");
	a.kind = ACTION_ARP;
	a.value = 0;
	expect_done(f, a, "ARP is off on eth0 of rs1");
	check(model_link(machine(f, RS1), eth0)->link.flags & IFF_NOARP, "ARP is on");
	a.value = 1;
	expect_done(f, a, "ARP is on on eth0 of rs1");
}

static void routes(struct front *f)
{
	struct action a = {
		.kind = ACTION_ROUTE, .node = RS1, .ip2 = inet_addr("192.168.2.100"), .value = 1
	};
	expect_done(f, a, "rs1: the route default via 192.168.2.100 is there");
	expect_refused(f, a, -EEXIST, "such a route already");
	a.value = 0;
	expect_done(f, a, "is gone");
	expect_refused(f, a, -ESRCH, "rs1 has no route default");
	a.value = 1;
	a.ip2 = inet_addr("172.16.0.1");
	expect_refused(f, a, -ENETUNREACH, "the gateway is in none of its networks");
}

static void neighbours(struct front *f)
{
	int32_t eth0 = ifindex_of(f, RS1, "eth0");
	uint32_t ip = inet_addr("192.168.2.222");
	struct action a = { .kind = ACTION_NEIGH,
		.node = RS1,
		.ifindex = eth0,
		.ip = ip,
		.mac = { 2, 0, 0, 0, 0, 9 },
		.state = NUD_STALE };
	expect_done(f, a, "rs1: 192.168.2.222 on eth0 is at 02:00:00:00:00:09");
	const struct neigh_entry *e = neighs_find(&machine(f, RS1)->neighs, eth0, ip);
	check(e && e->state == NUD_STALE && e->mac[5] == 9, "the entry is not as it was set");
	struct action look = { .kind = ACTION_LOOK_NEIGH, .node = RS1, .ifindex = eth0, .ip = ip };
	expect_done(f, look, "");
	struct action flush = { .kind = ACTION_FLUSH, .node = RS1 };
	expect_done(f, flush, "rs1: 1 neighbour forgotten");
	check(!neighs_find(&machine(f, RS1)->neighs, eth0, ip), "the entry is still there");
	a.state = 0;
	expect_refused(f, a, -ENOENT, "rs1 knows no 192.168.2.222 on eth0");
	a.state = NUD_PERMANENT;
	expect_done(f, a, "is at");
	expect_done(f, flush, "0 neighbours forgotten; 1 permanent stays");
	flush.ip = ip;
	expect_done(f, flush, "192.168.2.222 is forgotten");
	check(!neighs_find(&machine(f, RS1)->neighs, eth0, ip), "the entry is still there");
}

static void sysctls(struct front *f)
{
	struct action a = { .kind = ACTION_SET,
		.node = RS1,
		.ifindex = ifindex_of(f, RS1, "eth0"),
		.key = (uint16_t)sysctl_find("arp_ignore"),
		.value = 8 };
	expect_done(f, a, "rs1: eth0.arp_ignore is now 8, was 0");
	expect_sysctl(f, RS1, "eth0", "arp_ignore", 8);
	expect_refused(f, a, -ESTALE, "eth0.arp_ignore of rs1 is 8 now, not 0");
	a.any = 1;
	expect_done(f, a, "is 8 already");
	a.value = 999;
	expect_refused(f, a, -ERANGE, "takes 0 to 255");
	a.key = (uint16_t)sysctl_find("mc_forwarding");
	expect_refused(f, a, -EPERM, "the kernel's to set");
	a.key = (uint16_t)sysctl_find("retrans_time_ms");
	a.value = 300;
	expect_done(f, a, "rs1: eth0.retrans_time_ms is now 300, was 200");
	expect_sysctl(f, RS1, "eth0", "retrans_time_ms", 300);
	struct action timers = { .kind = ACTION_TIMERS, .node = RS1, .value = TIMERS_TRUE };
	expect_done(f, timers, "rs1: its neighbour timers are the kernel's own now");
	expect_sysctl(f, RS1, "eth1", "retrans_time_ms", 1000);
	expect_refused(f, (struct action) { .kind = ACTION_UNDO }, -EOPNOTSUPP, "not in a lab");
}

static void acts(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	expect_built(&f, &t);
	addresses(&f);
	links(&f);
	routes(&f);
	neighbours(&f);
	sysctls(&f);
	front_close(&f);
}

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
	topo_lvs_dr(&t);
	front_open(&f);
	expect_built(&f, &t);
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
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	expect_built(&f, &t);
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
	struct topology t;
	struct burst one = { .count = 1, .tagged = true };
	topo_lvs_dr(&t);
	front_open(&f);
	expect_built(&f, &t);
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
	struct topology t;
	struct burst many = { .count = 5000 };
	topo_lvs_dr(&t);
	front_open(&f);
	expect_built(&f, &t);
	kill(f.helper.pid, SIGSTOP);
	int r = front_inside(&f, "192.168.2.222", send_burst, &many);
	kill(f.helper.pid, SIGCONT);
	check(r == 0, "nothing was sent");
	check(front_until(&f, drops_are_told, &many.count), "drops were not told");
	check(machine(&f, RS1)->frame_total > 100, "no frames came");
	expect_order(&f);
	front_close(&f);
}

/* ---- a front that is slow ---- */

/* The helper waits until it is listened to, and then everything comes, in its order. */
static void waits_for_a_slow_front(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t = { .timers = TIMERS_FAST };
	for (int i = 1; i <= NODES_MAX; i++) {
		char name[24], address[32];
		snprintf(name, sizeof name, "node%d", i);
		snprintf(address, sizeof address, "10.1.0.%d/24", i);
		topo_iface(&t, topo_node(&t, name), "eth0", "lan", address);
	}
	front_open(&f);
	for (int i = 0; i < 8; i++)
		front_send_build(&f, &t);
	int64_t until = now_ms() + 300;
	while (now_ms() < until)
		tick();
	front_answer(&f);
	check(f.done.error == 0 && world_ready(&f.world), "%s", f.done.text);
	check(f.world.lab.number == 8, "lab number %u", f.world.lab.number);
	expect_addrs(&f, &t);
	front_close(&f);
}

/* ---- a learner's shell ---- */

static int write_all(void *arg)
{
	const char *value = arg;
	int fd = open("/proc/sys/net/ipv4/conf/all/arp_announce", O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value) ? 0 : 1;
}

static bool announces_2(const struct front *f, void *arg)
{
	(void)arg;
	return sysctl_of(f, RS2, "all", "arp_announce") == 2;
}

static void notices_writes(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	expect_built(&f, &t);
	char two[] = "2";
	int64_t began = now_ms();
	check(front_inside(&f, "192.168.2.102", write_all, two) == 0, "it cannot be written");
	check(front_until(&f, announces_2, NULL), "the write was not noticed");
	tap_note("noticed within %d ms", (int)(now_ms() - began));
	expect_sysctl(&f, RS1, "all", "arp_announce", 0);
	front_close(&f);
}

/* ---- the end ---- */

/* Network namespaces that the process has open, by inode. */
static size_t spaces_of(pid_t pid, char spaces[64][64])
{
	char path[300];
	size_t count = 0;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *all = opendir(path);
	for (const struct dirent *d; all && (d = readdir(all));) {
		char link[64];
		ssize_t len = readlinkat(dirfd(all), d->d_name, link, sizeof link - 1);
		link[len > 0 ? len : 0] = '\0';
		if (strncmp(link, "net:", 4) == 0 && count < 64)
			memcpy(spaces[count++], link, sizeof link);
	}
	if (all)
		closedir(all);
	return count;
}

/* Whether any process has one of them still. */
static bool any_has(char spaces[64][64], size_t count)
{
	bool found = false;
	DIR *all = opendir("/proc");
	for (const struct dirent *d; all && !found && (d = readdir(all));) {
		static char theirs[64][64];
		size_t n = atoi(d->d_name) > 0 ? spaces_of(atoi(d->d_name), theirs) : 0;
		for (size_t i = 0; i < n * count && !found; i++)
			found = strcmp(theirs[i / count], spaces[i % count]) == 0;
	}
	if (all)
		closedir(all);
	return found;
}

static void killed_leaves_nothing(void *arg)
{
	(void)arg;
	static char spaces[64][64];
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	for (int i = 0; i < 3; i++)
		expect_built(&f, &t);
	size_t count = spaces_of(f.helper.pid, spaces);
	check(count == 6, "%zu namespaces are open: four machines, the switches, home", count);
	kill(f.helper.pid, SIGKILL);
	front_close(&f);
	int64_t end = now_ms() + PATIENCE_MS;
	while (any_has(spaces, count))
		check(now_ms() < end, "a namespace is held by somebody");
}

/* A front that is killed takes its helper along, whoever else has a copy of the socket. */
static void killed_front_ends_it(void *arg)
{
	(void)arg;
	int pair[2];
	check(pipe(pair) == 0, "pipe");
	pid_t front = fork();
	if (front == 0) {
		struct front f;
		front_open(&f);
		if (write(pair[1], &f.helper.pid, sizeof f.helper.pid) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	pid_t helper;
	check(read(pair[0], &helper, sizeof helper) == sizeof helper, "no helper");
	kill(front, SIGKILL);
	waitpid(front, NULL, 0);
	check(proc_gone(helper, PATIENCE_MS), "the helper stays");
	close(pair[0]);
	close(pair[1]);
}

/* ---- both ways ---- */

static const struct tap_case cases[] = {
	{ "a lab is built as its topology says, and sends nothing", builds },
	{ "a topology's own sysctls, timers and routes are there", topology_has_its_say },
	{ "a topology that cannot be built leaves nothing, and says why", failure_leaves_nothing },
	{ "a lab is built anew as often as one likes", rebuilds },
	{ "as many machines as there may be", many_machines },
	{ "actions are carried out, and answered behind their news", acts },
	{ "the switch port that was attached last is served first", last_port_answers_first },
	{ "machines arping and ping each other", traffic },
	{ "a frame with a tag is seen with it, by whoever gets it", sees_tags },
	{ "frames that are lost are counted, the others told in order", counts_what_it_loses },
	{ "a slow front gets all of it later", waits_for_a_slow_front },
	{ "what a shell writes is noticed", notices_writes },
	{ "a helper that is killed leaves nothing", killed_leaves_nothing },
	{ "a front that is killed takes the helper along", killed_front_ends_it },
};

#define CASES (sizeof cases / sizeof *cases)

static void become_nobody(void *arg)
{
	(void)arg;
	check(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0,
		"%s", strerror(errno));
}

int main(void)
{
	static struct tap_case both[2 * CASES + 1];
	static char promises[CASES][160];
	memcpy(both, cases, sizeof cases);
	both[CASES] = (struct tap_case) { "root becomes an ordinary user", become_nobody };
	for (size_t i = 0; i < CASES; i++) {
		snprintf(promises[i], sizeof promises[i], "user: %s", cases[i].promise);
		both[CASES + 1 + i] = (struct tap_case) { promises[i], cases[i].run };
	}
	return tap_run(both, geteuid() == 0 ? 2 * CASES + 1 : CASES, NULL);
}
