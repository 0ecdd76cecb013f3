/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: actions change the machines of a lab, and are answered behind the news of it. */
#include <config.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/neighbour.h>

#include <arplab/sysctl.h>

#include "labchecks.h"
#include "proc.h"

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

static void macs(struct front *f)
{
	struct action a = { .kind = ACTION_MAC,
		.node = RS1,
		.ifindex = ifindex_of(f, RS1, "eth0"),
		.mac = { 0, 0, 0x5e, 0, 1, 7 } };
	expect_done(f, a, "eth0 of rs1 has the MAC 00:00:5e:00:01:07");
	const struct model_link *l = model_link(machine(f, RS1), a.ifindex);
	check(memcmp(l->link.mac, a.mac, 6) == 0, "the answer came before the MAC");
	a.mac[0] = 1;
	expect_refused(f, a, -EADDRNOTAVAIL, "no machine may have that one");
	a.mac[0] = 2;
	expect_done(f, a, "has the MAC 02:00:5e:00:01:07");
}

static void policy_rules(struct front *f)
{
	struct action route = { .kind = ACTION_ROUTE,
		.node = RS1,
		.ip2 = inet_addr("192.168.2.100"),
		.count = 7,
		.value = 1 };
	struct action a = { .kind = ACTION_RULE,
		.node = RS1,
		.ip = inet_addr("192.168.2.101"),
		.prefix = 32,
		.count = 7,
		.value = 1 };
	expect_done(f, route, "rs1: the route default via 192.168.2.100 table 7 is there");
	size_t rules = machine(f, RS1)->rule_count;
	expect_done(f, a, "rs1: the rule from 192.168.2.101/32 table 7 is there");
	check(machine(f, RS1)->rule_count == rules + 1, "the answer came before the rule");
	expect_refused(f, a, -EEXIST, "rs1 has such a rule already");
	a.value = 0;
	expect_done(f, a, "is gone");
	expect_refused(f, a, -ENOENT, "rs1 has no rule from 192.168.2.101/32 table 7");
	route.value = 0;
	expect_done(f, route, "is gone");
}

/* Where the kernel has no such filter, the refusal says so. */
static void filters(struct front *f)
{
	struct action a = { .kind = ACTION_SIEVE,
		.node = RS2,
		.ip = inet_addr("192.168.2.102"),
		.value = SIEVE_DROP_IN };
	struct action ask = { .kind = ACTION_ARPING,
		.node = CLIENT,
		.ifindex = ifindex_of(f, CLIENT, "eth0"),
		.ip = a.ip,
		.count = 1 };
	expect_done(f, ask, "1 answered, first rs2");
	if (front_act(f, a) < 0) {
		check(strstr(f->done.text, "ARP frames cannot be filtered"), "%s", f->done.text);
		return;
	}
	expect_done(f, a, "rs2 drops what asks who-has 192.168.2.102");
	expect_done(f, ask, "nobody answered");
	a.value = SIEVE_OFF;
	expect_done(f, a, "rs2 filters no ARP frames");
	expect_done(f, a, "rs2 filters no ARP frames");
	expect_done(f, ask, "1 answered, first rs2");
}

static void acts(void *arg)
{
	(void)arg;
	struct front f;
	open_lvs_dr(&f);
	addresses(&f);
	links(&f);
	routes(&f);
	neighbours(&f);
	sysctls(&f);
	macs(&f);
	policy_rules(&f);
	filters(&f);
	front_close(&f);
}

/* ---- descriptors ---- */

static size_t descriptors(const struct front *f)
{
	char path[64];
	size_t count = 0;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)f->helper.pid);
	DIR *all = opendir(path);
	check(all, "%s: %s", path, strerror(errno));
	while (readdir(all))
		count++;
	closedir(all);
	return count;
}

/* An action with descriptors that it has no use for. */
static void send_with(struct front *f, int first, int second)
{
	struct action a = { .id = ++f->id, .kind = ACTION_FLUSH, .node = RS1 };
	const int both[2] = { first, second };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof both)] = { 0 };
	struct iovec part = { &a, sizeof a };
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof both);
	memcpy(CMSG_DATA(c), both, sizeof both);
	check(sendmsg(f->helper.socket, &m, 0) == (ssize_t)sizeof a, "%s", strerror(errno));
}

static void strays_are_closed(void *arg)
{
	(void)arg;
	struct front f;
	open_lvs_dr(&f);
	size_t before = descriptors(&f);
	for (int i = 0; i < 3; i++) {
		send_with(&f, STDIN_FILENO, STDOUT_FILENO);
		check(front_answer(&f) == 0, "%s", f.done.text);
	}
	check(descriptors(&f) == before, "%zu descriptors, not %zu", descriptors(&f), before);
	front_close(&f);
}

/* ---- a learner's shell ---- */

struct write {
	const char *path, *value;
};

static int write_file(void *arg)
{
	const struct write *w = arg;
	int fd = open(w->path, O_WRONLY | O_CLOEXEC);
	ssize_t len = (ssize_t)strlen(w->value);
	return fd >= 0 && write(fd, w->value, (size_t)len) == len ? 0 : 1;
}

static bool announces_2(const struct front *f, void *arg)
{
	(void)arg;
	return sysctl_of(f, RS2, "all", "arp_announce") == 2;
}

static bool forwards(const struct front *f, void *arg)
{
	(void)arg;
	return sysctl_of(f, CLIENT, "all", "forwarding") == 1;
}

static void notices_writes(void *arg)
{
	(void)arg;
	struct front f;
	open_lvs_dr(&f);
	struct write two = { "/proc/sys/net/ipv4/conf/all/arp_announce", "2" };
	struct write route = { "/proc/sys/net/ipv4/ip_forward", "1" };
	int64_t began = now_ms();
	check(front_inside(&f, "192.168.2.102", write_file, &two) == 0, "it cannot be written");
	check(front_until(&f, announces_2, NULL), "the write was not noticed");
	tap_note("noticed within %d ms", (int)(now_ms() - began));
	expect_sysctl(&f, RS1, "all", "arp_announce", 0);
	/* One file, by which `forwarding` changes everywhere. */
	check(front_inside(&f, "192.168.2.222", write_file, &route) == 0, "it cannot be written");
	check(front_until(&f, forwards, NULL), "the client was not seen to be a router");
	expect_sysctl(&f, CLIENT, "eth0", "forwarding", 1);
	expect_sysctl(&f, CLIENT, "default", "forwarding", 1);
	front_close(&f);
}

static const struct tap_case cases[] = {
	{ "actions are carried out, and answered behind their news", acts },
	{ "descriptors that come along for nothing are closed", strays_are_closed },
	{ "what a shell writes is noticed", notices_writes },
};

int main(void)
{
	return run_twice(cases, sizeof cases / sizeof *cases);
}
