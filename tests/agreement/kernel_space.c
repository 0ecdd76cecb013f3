/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: the host under test as a namespace, and the wires that it is plugged into as another.
 *
 *	host   lo, e0, e1, e2, a bridge and a macvlan upon e1, where the kernel has these kinds
 *	wires  w0, w1, w2: the other ends, each with a packet socket that sends and hears ARP
 *
 * Segments are not bridges: what is put onto one is sent into each of its cables, in their order.
 */
#include <config.h>

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netinet/in.h>

#include "tap.h"

#define FIRST_IFINDEX 11
#define FIRST_WIRE 21
#define LO_IFINDEX 1
#define LONG_MS UINT64_C(36000000) /* No timer of a neighbour fires within a case. */

/* ---- sysctls ---- */

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return done;
}

static int read_number(int fd)
{
	char text[32];
	ssize_t len = pread(fd, text, sizeof text - 1, 0);
	int value = 0;
	text[len > 0 ? len : 0] = '\0';
	sscanf(text, "%d", &value);
	return value;
}

static void open_files(struct conf_files *c, const char *name)
{
	for (size_t i = 0; i < CONF_FILES; i++) {
		char path[128];
		snprintf(path, sizeof path, "/proc/sys/net/ipv4/conf/%s/%s", name,
			conf_file_name(i));
		c->fds[i] = open(path, O_RDWR | O_CLOEXEC);
		c->values[i] = c->fds[i] < 0 ? 0 : read_number(c->fds[i]);
	}
}

static void close_files(struct conf_files *c)
{
	for (size_t i = 0; i < CONF_FILES; i++)
		if (c->fds[i] >= 0)
			close(c->fds[i]);
}

void space_set(struct space *s, size_t place, size_t key, int value)
{
	struct conf_files *c = place == LINKS ? &s->all : &s->own[place];
	char text[32];
	if (c->fds[key] < 0 || c->values[key] == value)
		return;
	int len = snprintf(text, sizeof text, "%d\n", value);
	if (pwrite(c->fds[key], text, (size_t)len, 0) != len)
		give_up("%s = %d: %s", conf_file_name(key), value, strerror(errno));
	c->values[key] = value;
	/* Of `all` this one is every interface's. */
	if (place == LINKS && strcmp(conf_file_name(key), "forwarding") == 0)
		for (size_t i = 0; i < LINKS; i++)
			s->own[i].values[key] = value;
}

/* ---- namespaces ---- */

void space_prepare(void)
{
	char map[64];
	unsigned uid = geteuid(), gid = getegid();
	cpu_set_t one;
	/* What one processor was given is dealt with in that order. */
	int cpu = sched_getcpu();
	CPU_ZERO(&one);
	CPU_SET((size_t)(cpu < 0 ? 0 : cpu), &one);
	sched_setaffinity(0, sizeof one, &one);
	if (unshare(CLONE_NEWUSER) < 0) {
		if (uid != 0)
			tap_skip_all("user namespaces are refused here: %s", strerror(errno));
		return;
	}
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", uid);
	if (!put("/proc/self/uid_map", map))
		tap_skip_all("the user namespace has no user: %s", strerror(errno));
	snprintf(map, sizeof map, "0 %u 1", gid);
	put("/proc/self/gid_map", map);
}

static int new_namespace(void)
{
	if (unshare(CLONE_NEWNET) < 0)
		tap_skip_all("network namespaces are refused here: %s", strerror(errno));
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		tap_skip_all("/proc/self/ns/net: %s", strerror(errno));
	put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	return fd;
}

static int open_requests(void)
{
	const int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		give_up("no rtnetlink: %s", strerror(errno));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
	return fd;
}

static int open_packet(int32_t ifindex, uint16_t type)
{
	const struct sockaddr_ll a = {
		.sll_family = AF_PACKET, .sll_protocol = htons(type), .sll_ifindex = ifindex
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) < 0)
		tap_skip_all("packet sockets are refused here: %s", strerror(errno));
	return fd;
}

/* ---- links ---- */

static void put_queues(struct ask *a)
{
	ask_u32(a, IFLA_NUM_TX_QUEUES, 1);
	ask_u32(a, IFLA_NUM_RX_QUEUES, 1);
}

static void add_cable(struct ask *a, const struct space *s, int i)
{
	const struct ifinfomsg head = { .ifi_index = FIRST_IFINDEX + i };
	const struct ifinfomsg peer = { .ifi_index = FIRST_WIRE + i };
	const uint8_t mac[6] = { 0x02, 0x0a, 0, 0, 0, (uint8_t)i };
	char name[16];
	ask_add(a, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	snprintf(name, sizeof name, "e%d", i);
	ask_text(a, IFLA_IFNAME, name);
	ask_put(a, IFLA_ADDRESS, mac, sizeof mac);
	put_queues(a);
	size_t info = ask_nest(a, IFLA_LINKINFO);
	ask_text(a, IFLA_INFO_KIND, "veth");
	size_t data = ask_nest(a, IFLA_INFO_DATA);
	size_t other = ask_nest(a, VETH_INFO_PEER);
	ask_raw(a, &peer, sizeof peer);
	snprintf(name, sizeof name, "w%d", i);
	ask_text(a, IFLA_IFNAME, name);
	ask_u32(a, IFLA_NET_NS_FD, (uint32_t)s->wire);
	put_queues(a);
	ask_unnest(a, other);
	ask_unnest(a, data);
	ask_unnest(a, info);
}

static void add_bridge(struct ask *a, int32_t ifindex)
{
	const struct ifinfomsg head = { .ifi_index = ifindex };
	const uint8_t mac[6] = BRIDGE_MAC, off = 0;
	ask_add(a, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	ask_text(a, IFLA_IFNAME, "br0");
	ask_put(a, IFLA_ADDRESS, mac, sizeof mac);
	size_t info = ask_nest(a, IFLA_LINKINFO);
	ask_text(a, IFLA_INFO_KIND, "bridge");
	size_t data = ask_nest(a, IFLA_INFO_DATA);
	ask_u32(a, IFLA_BR_FORWARD_DELAY, 0);
	ask_u32(a, IFLA_BR_STP_STATE, 0);
	ask_put(a, IFLA_BR_MCAST_SNOOPING, &off, sizeof off);
	ask_unnest(a, data);
	ask_unnest(a, info);
}

static void add_macvlan(struct ask *a, int32_t ifindex, int32_t parent)
{
	const struct ifinfomsg head = { .ifi_index = ifindex };
	const uint8_t mac[6] = MACVLAN_MAC;
	ask_add(a, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	ask_text(a, IFLA_IFNAME, "mv0");
	ask_put(a, IFLA_ADDRESS, mac, sizeof mac);
	ask_u32(a, IFLA_LINK, (uint32_t)parent);
	size_t info = ask_nest(a, IFLA_LINKINFO);
	ask_text(a, IFLA_INFO_KIND, "macvlan");
	size_t data = ask_nest(a, IFLA_INFO_DATA);
	ask_u32(a, IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE);
	ask_unnest(a, data);
	ask_unnest(a, info);
}

static void add_up(struct ask *a, int32_t ifindex, unsigned also)
{
	const struct ifinfomsg up = {
		.ifi_index = ifindex, .ifi_flags = IFF_UP | also, .ifi_change = IFF_UP | also
	};
	ask_add(a, RTM_NEWLINK, 0, &up, sizeof up);
}

static void make_links(struct space *s)
{
	struct ask a;
	ask_begin(&a);
	for (int i = 0; i < CABLES; i++)
		add_cable(&a, s, i);
	int r = ask_send(&a, s->requests);
	if (r < 0)
		tap_skip_all("there are no veth pairs here: %s", strerror(-r));
	ask_begin(&a);
	add_bridge(&a, FIRST_IFINDEX + CABLES);
	add_macvlan(&a, FIRST_IFINDEX + CABLES + 1, FIRST_IFINDEX + 1);
	ask_send(&a, s->requests);
	static const char *const names[LINKS] = { "lo", "e0", "e1", "e2", "br0", "mv0" };
	for (int i = 0; i < LINKS; i++)
		s->links[i] = (struct place) { .name = names[i],
			.ifindex = i == LINK_LO ? LO_IFINDEX : FIRST_IFINDEX + i - 1,
			.segment = NO_SEGMENT };
	if (a.errors[0])
		s->links[LINK_BRIDGE].ifindex = 0;
	if (a.errors[1])
		s->links[LINK_MACVLAN].ifindex = 0;
}

/*
 * Long timers. Source: net/core/neighbour.c, neightbl_set().
 */
static void set_timers(struct space *s)
{
	static const int slow[] = { NDTPA_BASE_REACHABLE_TIME, NDTPA_RETRANS_TIME,
		NDTPA_DELAY_PROBE_TIME, NDTPA_GC_STALETIME };
	const struct ndtmsg head = { .ndtm_family = AF_INET };
	const uint64_t much = LONG_MS, none = 0;
	struct ask a;
	ask_begin(&a);
	for (size_t i = 0; i < LINKS; i++) {
		if (!s->links[i].ifindex)
			continue;
		ask_add(&a, RTM_SETNEIGHTBL, 0, &head, sizeof head);
		ask_text(&a, NDTA_NAME, "arp_cache");
		size_t parms = ask_nest(&a, NDTA_PARMS);
		ask_u32(&a, NDTPA_IFINDEX, (uint32_t)s->links[i].ifindex);
		for (size_t k = 0; k < sizeof slow / sizeof *slow; k++)
			ask_put(&a, slow[k], &much, sizeof much);
		ask_put(&a, NDTPA_PROXY_DELAY, &none, sizeof none);
		ask_unnest(&a, parms);
	}
	int r = ask_send(&a, s->requests);
	if (r < 0)
		give_up("the timers of neighbours cannot be set: %s", strerror(-r));
}

/* Errors that are told to others by ICMP would make the host ask for them. */
static void be_quiet(void)
{
	put("/proc/sys/net/ipv4/icmp_ratemask", "2147483647");
	put("/proc/sys/net/ipv4/icmp_ratelimit", "1000000000");
	put("/proc/sys/net/ipv4/ip_forward", "0");
}

static void open_wires(struct space *s)
{
	struct ask a;
	s->plugs = open_requests();
	ask_begin(&a);
	add_up(&a, LO_IFINDEX, 0);
	for (int i = 0; i < CABLES; i++)
		add_up(&a, FIRST_WIRE + i, IFF_NOARP);
	int r = ask_send(&a, s->plugs);
	if (r < 0)
		give_up("the wires cannot be set up: %s", strerror(-r));
	for (int i = 0; i < CABLES; i++)
		s->wires[i] = open_packet(FIRST_WIRE + i, ETH_P_ARP);
	s->fence = open_packet(LO_IFINDEX, ETH_P_FENCE);
}

/* Somebody who takes what the host sends to itself, of which it would complain otherwise. */
static int open_sink(void)
{
	const struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) < 0)
		give_up("no socket for datagrams: %s", strerror(errno));
	return fd;
}

void space_open(struct space *s)
{
	*s = (struct space) { .shadow = -1 };
	s->wire = new_namespace();
	s->host = new_namespace();
	s->requests = open_requests();
	make_links(s);
	be_quiet();
	s->sink = open_sink();
	set_timers(s);
	open_files(&s->all, "all");
	for (size_t i = 0; i < LINKS; i++)
		open_files(&s->own[i], s->links[i].ifindex ? s->links[i].name : "-");
	if (s->links[LINK_MACVLAN].ifindex)
		s->shadow = open_packet(s->links[LINK_MACVLAN].ifindex, ETH_P_FENCE);
	setns(s->wire, CLONE_NEWNET);
	open_wires(s);
	setns(s->host, CLONE_NEWNET);
}

void space_close(struct space *s)
{
	close_files(&s->all);
	for (size_t i = 0; i < LINKS; i++)
		close_files(&s->own[i]);
	for (int i = 0; i < CABLES; i++)
		close(s->wires[i]);
	if (s->shadow >= 0)
		close(s->shadow);
	close(s->fence);
	close(s->sink);
	close(s->requests);
	close(s->plugs);
	close(s->host);
	close(s->wire);
}

void space_plug(struct space *s)
{
	struct ask a;
	ask_begin(&a);
	for (int i = 0; i < CABLES; i++) {
		const struct place *p = &s->links[LINK_E0 + i];
		const struct ifinfomsg head = { .ifi_index = FIRST_WIRE + i,
			.ifi_flags = p->up && p->segment == NO_SEGMENT ? 0 : IFF_UP,
			.ifi_change = IFF_UP };
		ask_add(&a, RTM_NEWLINK, 0, &head, sizeof head);
	}
	int r = ask_send(&a, s->plugs);
	if (r < 0)
		give_up("the cables cannot be plugged in: %s", strerror(-r));
}
