/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * support: a machine under test and its neighbour, as two network namespaces joined by a wire.
 *
 *	host  192.168.77.1/24 on eth0, MAC 02:00:00:00:00:01   the test and its programs run here
 *	peer  192.168.77.2/24 on eth0, MAC 02:00:00:00:00:02   answers ARP, and sends what it is told
 *
 * Nothing outside of them is touched; they go with the test's process.
 */
#ifndef TESTS_NS_H
#define TESTS_NS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_IP "192.168.77.1"
#define PEER_IP "192.168.77.2"
#define HOST_MAC "02:00:00:00:00:01"
#define PEER_MAC "02:00:00:00:00:02"

struct ns_pair {
	int host, peer; /* Namespaces, by descriptor. */
	int wire;       /* Packet socket on the peer's eth0: sends and hears every frame. */
	bool root;      /* The test has the real root's rights, not a user namespace's. */
};

/*
 * Enter a user namespace if the test is not root, make the two namespaces and stay in the host's.
 * Skips all of the test where namespaces are refused. IPv6 is off; sysctls are the kernel's own.
 */
void ns_open(struct ns_pair *l);
/* Enter a namespace. */
void ns_enter(int ns);
/* Run `ip` with these words in a namespace, failing the case if it fails. */
void ns_ip(const struct ns_pair *l, int ns, const char *words);

/* One ARP frame from the peer. */
struct ns_arp {
	uint16_t op;                 /* 1 request, 2 reply. */
	const char *sip, *tip;       /* "192.168.77.2" */
	const char *sha, *tha;       /* MACs; NULL: the peer's own, and zero. */
	const char *dst;             /* Ethernet target; NULL: broadcast. */
	uint16_t vlan;               /* 0: untagged. */
	uint16_t outer;              /* Type of a tag for VLAN 7 before that one; 0: none. */
	uint16_t hardware;           /* 0: Ethernet. */
	size_t cut;                  /* Send only so many bytes; 0: all of them. */
};
void ns_send(const struct ns_pair *l, const struct ns_arp *arp);
/* Bytes as they stand. */
void ns_send_bytes(const struct ns_pair *l, const void *bytes, size_t len);
/* Forget what the wire has heard; then count what came from the host since. */
void ns_hush(const struct ns_pair *l);
size_t ns_heard(const struct ns_pair *l);

/* A value under /proc/sys/net/ipv4/ of the namespace the test is in: "conf/eth0/arp_ignore". */
int sysctl_get(const char *path);
void sysctl_put(const char *path, int value);
/* All ARP sysctls of the namespace as one text, to be compared. The caller frees it. */
char *sysctl_snapshot(void);

#endif
