/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a director where the kernel has no ip_vs: packets to a virtual service are read from a
 * packet socket and handed on, as they are, by a raw socket that sends them by way of a real
 * server's address. So the kernel itself asks for that server's MAC, as it does for IPVS; the
 * packet keeps the virtual address and the client's, and the real server answers the client by
 * itself. In tunnels the same packet goes inside of another one, to the real server's address.
 *
 * The kernel would refuse connections to the virtual address, at which nobody listens. A listener
 * that is deaf, since its filter drops all, keeps it silent.
 */
#include <config.h>

#include "cluster.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <arplab/action.h>
#include <arplab/i18n.h>

#define SEEING 0 /* Places of the sockets. */
#define HANDING 1
#define DEAF 2
#define SOCKETS 3

#define BATCH 32
#define PACKET_MAX \
	2048     /* What is longer, the kernel has put together of several; it comes again. */
#define OUTER 20 /* An IP header before it, where it goes through a tunnel. */
#define BATCHES_A_ROUND 8
#define BUFFER_BYTES (4 << 20)

#define FLOWS (1u << 14)
#define FLOW_PLACES 8 /* In which a flow may stand. */

/* A connection of a client, and who serves it. */
struct flow {
	uint32_t ip;
	uint16_t port;
	uint8_t used, real;
	bool over; /* A FIN or RST of the client has passed. */
	uint32_t age;
};

struct standin {
	int fds[SOCKETS];
	uint32_t clock;           /* Packets so far: the age of flows. */
	int32_t given[REALS_MAX]; /* Smooth weighted round robin. */
	struct flow flows[FLOWS];
	struct mmsghdr in[BATCH], out[BATCH];
	struct iovec in_parts[BATCH], out_parts[BATCH];
	struct sockaddr_in to[BATCH];
	uint8_t bytes[BATCH][OUTER + PACKET_MAX];
};

/* ---- sockets ---- */

static int attach(int fd, const struct sock_filter *program, unsigned short len)
{
	const struct sock_fprog all = { .len = len, .filter = (struct sock_filter *)program };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all) < 0 ? -errno : 0;
}

/* TCP packets for this machine to ip:port, from the IP header on. */
static int see(int fd, const struct director *d)
{
	const int size = BUFFER_BYTES;
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 9),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(d->ip), 0, 5),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 3, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, d->port, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sockaddr_ll from = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP) };
	int r = attach(fd, program, sizeof program / sizeof *program);
	if (r == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (r == 0 && bind(fd, (const struct sockaddr *)&from, sizeof from) < 0)
		r = -errno;
	return r;
}

static int be_deaf(int fd, const struct director *d)
{
	static const struct sock_filter nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	const struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_port = htons(d->port), .sin_addr.s_addr = d->ip
	};
	const int on = 1;
	int r = attach(fd, nothing, 1);
	/* A backup is ready before it has the address. */
	if (r == 0 && setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof on) < 0)
		r = -errno;
	if (r == 0 && (bind(fd, (const struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 1) < 0))
		r = -errno;
	return r;
}

static const struct {
	int domain, type, protocol;
} kinds[SOCKETS] = {
	[SEEING] = { AF_PACKET, SOCK_DGRAM, 0 },
	[HANDING] = { AF_INET, SOCK_RAW, IPPROTO_RAW },
	[DEAF] = { AF_INET, SOCK_STREAM, IPPROTO_TCP },
};

static int open_sockets(struct standin *s, const struct director *d)
{
	int r = 0;
	for (size_t i = 0; i < SOCKETS && r == 0; i++) {
		s->fds[i] = socket(kinds[i].domain, kinds[i].type | SOCK_NONBLOCK | SOCK_CLOEXEC,
			kinds[i].protocol);
		if (s->fds[i] < 0)
			r = -errno;
	}
	if (r == 0)
		r = be_deaf(s->fds[DEAF], d);
	return r == 0 ? see(s->fds[SEEING], d) : r;
}

static void prepare(struct standin *s)
{
	for (size_t i = 0; i < BATCH; i++) {
		s->in_parts[i] = (struct iovec) { s->bytes[i] + OUTER, PACKET_MAX };
		s->in[i].msg_hdr = (struct msghdr) { .msg_iov = &s->in_parts[i], .msg_iovlen = 1 };
		s->to[i].sin_family = AF_INET;
		s->out[i].msg_hdr = (struct msghdr) { .msg_name = &s->to[i],
			.msg_namelen = sizeof s->to[i],
			.msg_iov = &s->out_parts[i],
			.msg_iovlen = 1 };
	}
}

static void close_sockets(struct standin *s)
{
	for (size_t i = 0; i < SOCKETS; i++)
		if (s->fds[i] >= 0)
			close(s->fds[i]);
}

struct standin *standin_open(
	struct loop *loop, const struct director *d, int32_t which, struct err *err)
{
	struct standin *s = calloc(1, sizeof *s);
	if (!s) {
		err_set(err, -ENOMEM, _("out of memory"));
		return NULL;
	}
	memset(s->fds, -1, sizeof s->fds);
	prepare(s);
	int r = open_sockets(s, d);
	if (r == 0)
		r = loop_watch(loop, s->fds[SEEING], LOOP_DIRECTOR, which);
	if (r == 0)
		return s;
	err_set(err, r, "%s", r == -EADDRINUSE ? _("that port is in use there") : err_reason(-r));
	close_sockets(s);
	free(s);
	return NULL;
}

void standin_close(struct loop *loop, struct lab *l, struct standin *s)
{
	if (!s)
		return;
	loop_forget(loop, s->fds[SEEING]);
	lab_close(l, &s->fds[SEEING], 1);
	close_sockets(s);
	free(s);
}

/* ---- who serves ---- */

/*
 * Smooth weighted round robin: each is owed its weight in every turn, the one that is owed most is
 * taken. With equal weights it is plain round robin.
 */
static int choose(struct standin *s, const struct director *d)
{
	int32_t sum = 0;
	int best = -1;
	for (size_t i = 0; i < d->count; i++) {
		int32_t weight =
			d->scheduler == SCHEDULER_RR ? d->reals[i].weight > 0 : d->reals[i].weight;
		if (weight == 0)
			continue;
		s->given[i] += weight;
		sum += weight;
		if (best < 0 || s->given[i] > s->given[best])
			best = (int)i;
	}
	if (best >= 0)
		s->given[best] -= sum;
	return best;
}

static struct flow *find_flow(struct standin *s, uint32_t ip, uint16_t port, bool *ret_new)
{
	uint32_t hash = (ip ^ (uint32_t)port << 11 ^ port) * 2654435761u;
	struct flow *oldest = NULL;
	for (uint32_t i = 0; i < FLOW_PLACES; i++) {
		struct flow *f = &s->flows[((hash >> 16) + i) % FLOWS];
		if (f->used && f->ip == ip && f->port == port) {
			*ret_new = false;
			return f;
		}
		if (!oldest || !f->used ||
			(oldest->used && s->clock - f->age > s->clock - oldest->age))
			oldest = f;
	}
	*ret_new = true;
	return oldest;
}

/* Its connections have nobody any more; so it is with IPVS. */
void standin_forget(struct standin *s, size_t real)
{
	for (struct flow *f = s->flows; f < s->flows + FLOWS; f++)
		if (f->used && f->real == real)
			f->used = 0;
		else if (f->used && f->real > real)
			f->real--;
	memmove(&s->given[real], &s->given[real + 1], (REALS_MAX - 1 - real) * sizeof *s->given);
	s->given[REALS_MAX - 1] = 0;
}

/* ---- packets ---- */

static uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (; len > 1; bytes += 2, len -= 2)
		sum += (uint32_t)(bytes[0] << 8 | bytes[1]);
	return len ? sum + (uint32_t)(bytes[0] << 8) : sum;
}

/* What came over a virtual cable may not have its checksum yet; a raw socket does not make it. */
static void make_checksum(uint8_t *ip, size_t head, size_t len)
{
	uint8_t *tcp = ip + head;
	uint32_t sum = IPPROTO_TCP + (uint32_t)(len - head);
	tcp[16] = tcp[17] = 0;
	sum = add_words(add_words(sum, ip + 12, 8), tcp, len - head);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	tcp[16] = (uint8_t)(sum >> 8);
	tcp[17] = (uint8_t)sum;
}

/* Whom a packet goes to: an index of d->reals, or -1. */
static int serve(struct standin *s, struct director *d, const uint8_t *ip, const uint8_t *tcp)
{
	uint32_t from;
	uint16_t port;
	bool new;
	memcpy(&from, ip + 12, sizeof from);
	memcpy(&port, tcp, sizeof port);
	struct flow *f = find_flow(s, from, port, &new);
	bool syn = (tcp[13] & (TH_SYN | TH_ACK)) == TH_SYN;
	/* A client's port that is used again is another connection. */
	if (new || (syn && f->over)) {
		int real = syn ? choose(s, d) : -1;
		if (real < 0)
			return -1;
		*f = (struct flow) { .ip = from, .port = port, .used = 1, .real = (uint8_t)real };
		d->reals[real].connections++;
		d->reals[real].active++;
		d->connections++;
	}
	f->age = s->clock++;
	if (f->real >= d->count)
		return -1;
	if (!f->over && tcp[13] & (TH_FIN | TH_RST)) {
		f->over = true;
		d->reals[f->real].active -= d->reals[f->real].active > 0;
	}
	return f->real;
}

/* RFC 2003, section 3.1; the kernel fills in what is 0 (raw(7), "IP_HDRINCL"). */
static void wrap(uint8_t *ip, size_t total, uint32_t server)
{
	uint8_t *outer = ip - OUTER;
	size_t len = total + OUTER;
	memset(outer, 0, OUTER);
	outer[0] = 0x45;
	outer[1] = ip[1];
	outer[2] = (uint8_t)(len >> 8);
	outer[3] = (uint8_t)len;
	outer[8] = IPDEFTTL;
	outer[9] = IPPROTO_IPIP;
	memcpy(outer + 16, &server, sizeof server);
}

/* Returns whether it is to be handed on, with its receiver set. */
static bool take(struct standin *s, struct director *d, size_t i, size_t place)
{
	uint8_t *ip = s->bytes[i] + OUTER;
	size_t len = s->in[i].msg_len, head = (size_t)(ip[0] & 0xf) * 4;
	size_t total = len >= 20 ? (size_t)(ip[2] << 8 | ip[3]) : 0;
	if (s->in[i].msg_hdr.msg_flags & MSG_TRUNC || head < 20 || total > len || total < head + 20)
		return false;
	int real = serve(s, d, ip, ip + head);
	if (real < 0)
		return false;
	make_checksum(ip, head, total);
	d->reals[real].packets++;
	s->to[place].sin_addr.s_addr = d->reals[real].ip;
	size_t outer = d->ways & VIRTUAL_TUN ? OUTER : 0;
	if (outer)
		wrap(ip, total, d->reals[real].ip);
	s->out_parts[place] = (struct iovec) { ip - outer, total + outer };
	return true;
}

/* A packet that the kernel refuses is lost, as packets may be; those behind it are not. */
static void hand_on(struct standin *s, unsigned count)
{
	for (unsigned done = 0; done < count;) {
		int sent = sendmmsg(s->fds[HANDING], s->out + done, count - done, 0);
		done += sent > 0 ? (unsigned)sent : 1;
	}
}

void standin_ready(struct standin *s, struct director *d)
{
	for (int round = 0; round < BATCHES_A_ROUND; round++) {
		unsigned count = 0;
		int got = recvmmsg(s->fds[SEEING], s->in, BATCH, MSG_TRUNC, NULL);
		for (int i = 0; i < got; i++)
			count += take(s, d, (size_t)i, count);
		hand_on(s, count);
		if (got < BATCH)
			return;
	}
}
