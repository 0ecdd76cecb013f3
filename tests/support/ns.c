/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support: namespaces by descriptor, `ip` inside them, raw frames, sysctls. */
#include <config.h>

#include "ns.h"
#include "proc.h"
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const keys[] = { "arp_ignore", "arp_announce", "arp_filter", "arp_accept",
	"arp_notify", "proxy_arp", "drop_gratuitous_arp", "rp_filter", "accept_local",
	"arp_evict_nocarrier" };

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return done;
}

/* Become root of a user namespace of its own. */
static void become_root(void)
{
	char map[64];
	unsigned uid = geteuid(), gid = getegid();
	if (unshare(CLONE_NEWUSER) < 0)
		tap_skip_all("user namespaces are refused here: %s", strerror(errno));
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", uid);
	if (!put("/proc/self/uid_map", map))
		tap_skip_all("the user namespace has no user: %s", strerror(errno));
	snprintf(map, sizeof map, "0 %u 1", gid);
	put("/proc/self/gid_map", map);
}

static int new_netns(void)
{
	if (unshare(CLONE_NEWNET) < 0)
		tap_skip_all("network namespaces are refused here: %s", strerror(errno));
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		tap_skip_all("/proc/self/ns/net: %s", strerror(errno));
	/* Whatever the machine has set: the namespace begins with the kernel's own values. */
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		static const char *const names[] = { "all", "default", "lo" };
		for (size_t n = 0; n < 3; n++) {
			char path[128];
			snprintf(path, sizeof path, "/proc/sys/net/ipv4/conf/%s/%s", names[n],
				keys[i]);
			put(path, strcmp(keys[i], "arp_evict_nocarrier") == 0 ? "1" : "0");
		}
	}
	put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	return fd;
}

void ns_enter(int ns)
{
	if (setns(ns, CLONE_NEWNET) < 0)
		tap_skip_all("setns: %s", strerror(errno));
}

/* `ip` outside of any case: its failure ends the test. */
static bool run_ip(int ns, const char *words, char *why, size_t size)
{
	char command[512];
	snprintf(command, sizeof command, "exec ip %s 2>&1", words);
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ns_enter(ns);
	FILE *f = popen(command, "re");
	size_t len = f ? fread(why, 1, size - 1, f) : 0;
	why[len] = '\0';
	int status = f ? pclose(f) : -1;
	ns_enter(home);
	close(home);
	return status == 0;
}

void ns_ip(const struct ns_pair *l, int ns, const char *words)
{
	char why[512];
	(void)l;
	if (!run_ip(ns, words, why, sizeof why))
		tap_fail(__FILE__, __LINE__, "ip %s: %s", words, why);
}

static int open_wire(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex("eth0") };
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		tap_skip_all("packet sockets are refused here: %s", strerror(errno));
	return fd;
}

void ns_open(struct ns_pair *l)
{
	char why[512];
	l->root = geteuid() == 0;
	if (!l->root)
		become_root();
	l->peer = new_netns();
	l->host = new_netns();
	char veth[256];
	snprintf(veth, sizeof veth,
		"link add eth0 address " HOST_MAC " type veth peer name eth0 address " PEER_MAC
		" netns /proc/%d/fd/%d",
		(int)getpid(), l->peer);
	const struct {
		int ns;
		const char *words;
	} steps[] = {
		{ l->host, veth },
		{ l->host, "link set lo up" },
		{ l->peer, "link set lo up" },
		{ l->host, "addr add " HOST_IP "/24 dev eth0" },
		{ l->peer, "addr add " PEER_IP "/24 dev eth0" },
		{ l->host, "link set eth0 up" },
		{ l->peer, "link set eth0 up" },
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (!run_ip(steps[i].ns, steps[i].words, why, sizeof why))
			tap_skip_all("ip %s: %s", steps[i].words, why);
	ns_enter(l->peer);
	l->wire = open_wire();
	ns_enter(l->host);
}

/* ---- frames ---- */

static void put_mac(uint8_t *to, const char *text, uint8_t otherwise)
{
	unsigned b[6];
	if (text && sscanf(text, "%x:%x:%x:%x:%x:%x", b, b + 1, b + 2, b + 3, b + 4, b + 5) == 6)
		for (size_t i = 0; i < 6; i++)
			to[i] = (uint8_t)b[i];
	else
		memset(to, otherwise, 6);
}

static size_t put16(uint8_t *to, unsigned value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
	return 2;
}

void ns_send(const struct ns_pair *l, const struct ns_arp *arp)
{
	uint8_t f[64] = { 0 };
	size_t n = 12;
	const char *sha = arp->sha ? arp->sha : PEER_MAC;
	put_mac(f, arp->dst, 0xff);
	put_mac(f + 6, sha, 0);
	if (arp->outer) {
		n += put16(f + n, arp->outer);
		n += put16(f + n, 7);
	}
	if (arp->vlan) {
		n += put16(f + n, ETH_P_8021Q);
		n += put16(f + n, arp->vlan);
	}
	n += put16(f + n, ETH_P_ARP);
	n += put16(f + n, arp->hardware ? arp->hardware : 1);
	n += put16(f + n, ETH_P_IP);
	f[n++] = 6;
	f[n++] = 4;
	n += put16(f + n, arp->op);
	put_mac(f + n, sha, 0);
	inet_pton(AF_INET, arp->sip, f + n + 6);
	put_mac(f + n + 10, arp->tha, 0);
	inet_pton(AF_INET, arp->tip, f + n + 16);
	n += 20;
	ns_send_bytes(l, f, arp->cut ? arp->cut : n);
}

void ns_send_bytes(const struct ns_pair *l, const void *bytes, size_t len)
{
	check(send(l->wire, bytes, len, 0) == (ssize_t)len, "send: %s", strerror(errno));
}

size_t ns_heard(const struct ns_pair *l)
{
	size_t heard = 0;
	uint8_t frame[2048];
	for (;;) {
		struct sockaddr_ll from;
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(l->wire, frame, sizeof frame, 0, (struct sockaddr *)&from, &len);
		if (n < 0)
			return heard;
		if (from.sll_pkttype != PACKET_OUTGOING)
			heard++;
	}
}

void ns_hush(const struct ns_pair *l)
{
	ns_heard(l);
}

/* ---- sysctls ---- */

int sysctl_get(const char *path)
{
	char full[160], text[32];
	snprintf(full, sizeof full, "/proc/sys/net/ipv4/%s", path);
	check(slurp(full, text, sizeof text) > 0, "%s: %s", full, strerror(errno));
	return atoi(text);
}

void sysctl_put(const char *path, int value)
{
	char full[160], text[32];
	snprintf(full, sizeof full, "/proc/sys/net/ipv4/%s", path);
	snprintf(text, sizeof text, "%d\n", value);
	check(put(full, text), "%s: %s", full, strerror(errno));
}

char *sysctl_snapshot(void)
{
	static const char *const names[] = { "all", "default", "eth0", "lo" };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	check(f, "out of memory");
	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
			char path[160], value[32];
			snprintf(path, sizeof path, "/proc/sys/net/ipv4/conf/%s/%s", names[n],
				keys[i]);
			if (slurp(path, value, sizeof value) > 0)
				fprintf(f, "%s.%s = %s", names[n], keys[i], value);
		}
	}
	fclose(f);
	return text;
}
