/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a service of a real server. It answers with its machine's name, in HTTP to whoever speaks
 * HTTP. The kernel hands a connection over once something has been said (or a second has passed),
 * so it is answered and closed at once, and nothing is kept of it.
 *
 * A packet socket beside it notes in whose frame each SYN came: so it is known which connections a
 * director has handed on.
 */
#include <config.h>

#include "cluster.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <arplab/i18n.h>

#define LISTENER 0
#define KNOCKER 1
#define BACKLOG 1024
#define REQUEST_MAX 2048
#define ANSWERS_A_ROUND 64

#define HEADERS_MAX (60 + 60 + 20) /* Of a tunnel, of the packet in it, and TCP's. */
#define IP_PROTOCOL 9
#define IP_FRAGMENT 6
#define IP_TARGET 16
#define TCP_TARGET_PORT 2
#define TCP_FLAGS 13
#define FLAGS_SYN 0x02
#define FLAGS_SYN_ACK 0x12

/* ---- opening ---- */

/*
 * SYNs to ip:port, from the IP header on, and all that comes in tunnels: the frame's sender is
 * known of the outer packet alone. Their headers are enough.
 */
static int see_knocks(int fd, uint32_t ip, uint16_t port)
{
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, IP_PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_IPIP, 12, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 10),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, IP_FRAGMENT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 8, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, IP_TARGET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(ip), 0, 6),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, TCP_TARGET_PORT),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, TCP_FLAGS),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, FLAGS_SYN_ACK),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FLAGS_SYN, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, HEADERS_MAX),
	};
	const struct sock_fprog all = { .len = sizeof program / sizeof *program,
		.filter = (struct sock_filter *)program };
	const struct sockaddr_ll from = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP) };
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all) < 0 ||
		bind(fd, (const struct sockaddr *)&from, sizeof from) < 0)
		return -errno;
	return 0;
}

static int listen_at(int fd, uint32_t ip, uint16_t port)
{
	const int on = 1;
	const struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = ip
	};
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
		setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &on, sizeof on) < 0 ||
		bind(fd, (const struct sockaddr *)&at, sizeof at) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

int service_open(struct lab *l, struct service *s, struct err *err)
{
	char bytes[32];
	struct text where = text_in(bytes, sizeof bytes);
	text_ip(&where, s->ip);
	s->fds[LISTENER] = lab_socket(l, s->node, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	s->fds[KNOCKER] = lab_socket(l, s->node, AF_PACKET, SOCK_DGRAM, 0);
	int r = s->fds[LISTENER] < 0  ? s->fds[LISTENER]
		: s->fds[KNOCKER] < 0 ? s->fds[KNOCKER]
				      : see_knocks(s->fds[KNOCKER], s->ip, s->port);
	if (r == 0)
		r = listen_at(s->fds[LISTENER], s->ip, s->port);
	if (r == 0)
		return 0;
	service_close(l, s);
	return err_set(err, r, _("%s cannot serve %s:%u: %s"), lab_node_name(l, s->node),
		text_end(&where), s->port,
		r == -EADDRINUSE      ? _("that port is in use there")
		: r == -EADDRNOTAVAIL ? _("it does not have that address")
				      : err_reason(-r));
}

void service_close(struct lab *l, struct service *s)
{
	if (s->fds[LISTENER] >= 0)
		close(s->fds[LISTENER]);
	s->fds[LISTENER] = -1;
	lab_close(l, &s->fds[KNOCKER], 1);
}

/* ---- who knocked ---- */

/* The packet in a tunnel, if it is a SYN to the service; else NULL. */
static const uint8_t *unwrap(const struct service *s, const uint8_t *outer, size_t len)
{
	size_t head = (size_t)(outer[0] & 0xf) * 4;
	const uint8_t *ip = outer + head, port[2] = { (uint8_t)(s->port >> 8), (uint8_t)s->port };
	if (len < head + 20)
		return NULL;
	const uint8_t *tcp = ip + (size_t)(ip[0] & 0xf) * 4;
	bool knocks = len >= (size_t)(tcp - outer) + TCP_FLAGS + 1 &&
		      ip[IP_PROTOCOL] == IPPROTO_TCP && memcmp(ip + IP_TARGET, &s->ip, 4) == 0 &&
		      memcmp(tcp + TCP_TARGET_PORT, port, sizeof port) == 0 &&
		      (tcp[TCP_FLAGS] & FLAGS_SYN_ACK) == FLAGS_SYN;
	return knocks ? ip : NULL;
}

static void note_knock(
	struct service *s, const uint8_t *packet, size_t len, const struct sockaddr_ll *from)
{
	size_t before = 0;
	/* What has left a tunnel has been noted when it came in it. */
	if (len < 20 || from->sll_pkttype == PACKET_OUTGOING || from->sll_hatype == ARPHRD_TUNNEL)
		return;
	if (packet[IP_PROTOCOL] == IPPROTO_IPIP) {
		const uint8_t *inner = unwrap(s, packet, len);
		if (!inner)
			return;
		before = (size_t)(inner - packet);
	}
	packet += before;
	size_t head = (size_t)(packet[0] & 0xf) * 4;
	if (len - before < head + 4)
		return;
	struct knock *k = &s->knocks[s->knocked++ % KNOCKS];
	memcpy(&k->ip, packet + 12, sizeof k->ip);
	memcpy(&k->port, packet + head, sizeof k->port);
	memset(k->mac, 0, sizeof k->mac);
	if (from->sll_hatype == ARPHRD_ETHER && from->sll_halen == sizeof k->mac)
		memcpy(k->mac, from->sll_addr, sizeof k->mac);
}

static void read_knocks(struct service *s)
{
	uint8_t packet[HEADERS_MAX];
	struct sockaddr_ll from;
	for (;;) {
		socklen_t size = sizeof from;
		ssize_t len = recvfrom(
			s->fds[KNOCKER], packet, sizeof packet, 0, (struct sockaddr *)&from, &size);
		if (len < 0)
			return;
		note_knock(s, packet, (size_t)len, &from);
	}
}

bool service_knocker(struct service *s, uint32_t ip, uint16_t port, uint8_t ret[6])
{
	uint64_t oldest = s->knocked > KNOCKS ? s->knocked - KNOCKS : 0;
	read_knocks(s);
	for (uint64_t i = s->knocked; i-- > oldest;) {
		const struct knock *k = &s->knocks[i % KNOCKS];
		if (k->ip == ip && k->port == port) {
			memcpy(ret, k->mac, sizeof k->mac);
			return true;
		}
	}
	return false;
}

/* ---- answers ---- */

static void answer(const struct lab *l, const struct service *s, int fd)
{
	char request[REQUEST_MAX], reply[256];
	const char *name = lab_node_name(l, s->node);
	ssize_t len = recv(fd, request, sizeof request, 0);
	bool http =
		len >= 5 && (memcmp(request, "GET ", 4) == 0 || memcmp(request, "HEAD ", 5) == 0);
	int size;
	if (http)
		size = snprintf(reply, sizeof reply,
			"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
			"Connection: close\r\n\r\n%s%s",
			strlen(name) + 1, request[0] == 'G' ? name : "",
			request[0] == 'G' ? "\n" : "");
	else
		size = snprintf(reply, sizeof reply, "%s\n", name);
	/* Whoever does not want the answer any more does not get it. */
	(void)!send(fd, reply, (size_t)size, MSG_NOSIGNAL);
}

void service_ready(struct lab *l, struct service *s)
{
	read_knocks(s);
	for (int i = 0; i < ANSWERS_A_ROUND; i++) {
		int fd = accept4(s->fds[LISTENER], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		answer(l, s, fd);
		close(fd);
	}
}
