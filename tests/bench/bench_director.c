/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench: what a director costs: packets handed on by the stand-in and by IPVS, one after the other
 * in the same run, and a thousand connections through the virtual address.
 *
 * The sender takes whole packets of 64 connections from a packet socket in the client; the real
 * servers do not have the virtual address, so that they drop what they count. Where there is one
 * processor alone, all that a packet costs is time; less what it costs when nobody hands it on, it
 * is the director's.
 */
#include <config.h>

#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <arplab/clock.h>
#include <arplab/text.h>

#include "../e2e/labwords.h"

#define FLOWS 64
#define SYN 0x02
#define ACK 0x10
#define FRAME (14 + 20 + 20)

#define VIP "192.168.2.200"
#define SERVICE VIP ":80"

static uint64_t packets = 400000;

struct bench {
	struct front f;
	struct topology t;
};

static bool order(struct bench *b, const char *line)
{
	return front_order(&b->f, &b->t, line) == 0;
}

static void must(struct bench *b, const char *line)
{
	check(order(b, line), "%s: %s", line, b->f.done.text);
}

/* ---- the sender, in the client ---- */

static void make_frame(uint8_t *f, uint16_t port, uint8_t flags)
{
	static const uint8_t head[] = { 0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01, 8, 0,
		/* IP */ 0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, IPPROTO_TCP, 0, 0, 192, 168, 2, 222,
		192, 168, 2, 200 };
	uint32_t sum = 0;
	memset(f, 0, FRAME);
	memcpy(f, head, sizeof head);
	for (size_t i = 14; i < 34; i += 2)
		sum += (uint32_t)(f[i] << 8 | f[i + 1]);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	f[24] = (uint8_t)(sum >> 8);
	f[25] = (uint8_t)sum;
	f[34] = (uint8_t)(port >> 8);
	f[35] = (uint8_t)port;
	f[37] = 80;
	f[46] = 0x50;
	f[47] = flags;
}

struct sending {
	uint64_t count;
	int result; /* A pipe for the seconds that it took. */
};

static int open_wire(void)
{
	const int on = 1;
	const struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = 0,
		.sll_ifindex = (int)if_nametoindex("eth0") };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) < 0)
		return -1;
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
	return fd;
}

/* On one processor whoever hands on goes first, so that nothing is lost before it comes to run. */
static void let_others_go_first(void)
{
	const struct sched_param none = { 0 };
	if (sysconf(_SC_NPROCESSORS_ONLN) == 1)
		sched_setscheduler(0, SCHED_IDLE, &none);
}

/* SYNs first, so that each connection has its server; then as fast as the others take them. */
static int send_all(void *arg)
{
	static uint8_t frames[FLOWS][FRAME];
	struct iovec parts[FLOWS];
	struct mmsghdr out[FLOWS];
	const struct sending *s = arg;
	int fd = open_wire();
	if (fd < 0)
		return 1;
	memset(out, 0, sizeof out);
	for (uint16_t i = 0; i < FLOWS; i++) {
		make_frame(frames[i], (uint16_t)(20000 + i), SYN);
		parts[i] = (struct iovec) { frames[i], FRAME };
		out[i].msg_hdr.msg_iov = &parts[i];
		out[i].msg_hdr.msg_iovlen = 1;
	}
	if (sendmmsg(fd, out, FLOWS, 0) != FLOWS)
		return 2;
	for (uint16_t i = 0; i < FLOWS; i++)
		make_frame(frames[i], (uint16_t)(20000 + i), ACK);
	let_others_go_first();
	double from = seconds();
	for (uint64_t sent = 0; sent < s->count; sent += FLOWS)
		if (sendmmsg(fd, out, FLOWS, 0) != FLOWS)
			return 3;
	double took = seconds() - from;
	return write(s->result, &took, sizeof took) == (ssize_t)sizeof took ? 0 : 4;
}

/* ---- what arrives, in the real servers ---- */

static int count_received(void *arg)
{
	const int *result = arg;
	char line[512];
	uint64_t got = 0;
	FILE *f = fopen("/proc/thread-self/net/dev", "r");
	while (f && fgets(line, sizeof line, f)) {
		unsigned long long p;
		if (sscanf(line, " eth0: %*u %llu", &p) == 1)
			got = p;
	}
	return write(*result, &got, sizeof got) == (ssize_t)sizeof got ? 0 : 1;
}

static uint64_t received(struct bench *b)
{
	static const char *const servers[] = { "192.168.2.101", "192.168.2.102" };
	uint64_t sum = 0, one;
	int ends[2];
	check(pipe(ends) == 0, "pipe: %s", strerror(errno));
	for (size_t i = 0; i < 2; i++) {
		check(front_inside(&b->f, servers[i], count_received, &ends[1]) == 0 &&
				read(ends[0], &one, sizeof one) == (ssize_t)sizeof one,
			"%s tells no counters", servers[i]);
		sum += one;
	}
	close(ends[0]);
	close(ends[1]);
	return sum;
}

/* ---- measuring ---- */

struct figures {
	double wall_s, helper_s;
	uint64_t through;
};

static struct figures flood(struct bench *b)
{
	struct figures r = { 0 };
	int ends[2];
	check(pipe(ends) == 0, "pipe: %s", strerror(errno));
	struct sending s = { packets, ends[1] };
	uint64_t before = received(b);
	struct usage from = usage_of(b->f.helper.pid);
	int status = front_inside(&b->f, "192.168.2.222", send_all, &s);
	check(status == 0, "the sender ended with %d", status);
	/* What is under way is handed on meanwhile. */
	front_read(&b->f, 300);
	struct usage to = usage_of(b->f.helper.pid);
	check(read(ends[0], &r.wall_s, sizeof r.wall_s) == (ssize_t)sizeof r.wall_s,
		"the sender told nothing");
	close(ends[0]);
	close(ends[1]);
	r.through = received(b) - before;
	r.helper_s = to.cpu_s - from.cpu_s;
	return r;
}

static void print_figures(const char *what, const struct figures *r)
{
	printf("%-12s %8.0f packets/s sent, %5.1f %% of them arrive: %8.0f/s; %.2f us each in all, "
	       "%.2f us CPU of the helper each\n",
		what, (double)packets / r->wall_s, 100.0 * (double)r->through / (double)packets,
		(double)r->through / r->wall_s, r->wall_s * 1e6 / (double)packets,
		r->helper_s * 1e6 / (double)packets);
}

static void open_lab(struct bench *b, bool holders)
{
	topo_lvs_dr(&b->t);
	for (size_t i = 0; !holders && i < b->t.addr_count; i++)
		if (b->t.addrs[i].iface == 0)
			b->t.addrs[i--] = b->t.addrs[--b->t.addr_count];
	front_open(&b->f);
	check(front_build(&b->f, &b->t) == 0, "no lab: %s", b->f.done.text);
}

static bool balance(struct bench *b, bool ipvs)
{
	must(b, ipvs ? "balance director " SERVICE " rr"
		     : "balance director " SERVICE " rr stand-in");
	const struct world_virtual *v = world_virtual(&b->f.world, 2, NULL);
	if (!v || (v->service.backend == BACKEND_IPVS) != ipvs) {
		must(b, "balance director " SERVICE " off");
		return false;
	}
	must(b, "real add director " SERVICE " rs1");
	must(b, "real add director " SERVICE " rs2");
	return true;
}

static void bench_packets(void)
{
	struct bench b;
	struct figures none, standin, ipvs = { 0 };
	open_lab(&b, false);
	/* The director knows its servers, and nobody asks in between. */
	must(&b, "ping director 192.168.2.101");
	must(&b, "ping director 192.168.2.102");
	must(&b, "addr del director eth0 " VIP "/32");
	none = flood(&b);
	print_figures("nobody", &none);
	must(&b, "addr add director eth0 " VIP "/32");
	balance(&b, false);
	standin = flood(&b);
	print_figures("stand-in", &standin);
	must(&b, "balance director " SERVICE " off");
	bool there = balance(&b, true);
	if (there) {
		ipvs = flood(&b);
		print_figures("IPVS", &ipvs);
	} else {
		puts("IPVS         this kernel has none");
	}
	if (there && sysconf(_SC_NPROCESSORS_ONLN) == 1) {
		double base = none.wall_s, by = (ipvs.wall_s - base) * 1e6 / (double)packets;
		double with = (standin.wall_s - base) * 1e6 / (double)packets;
		printf("one processor: IPVS %.2f us a packet, the stand-in %.2f us: %.1f times\n",
			by, with, with / by);
	}
	front_close(&b.f);
}

static void bench_connections(bool ipvs)
{
	struct bench b;
	open_lab(&b, true);
	must(&b, "set rs1,rs2 all.arp_ignore 1");
	must(&b, "set rs1,rs2 all.arp_announce 2");
	must(&b, "serve rs1,rs2 " SERVICE " on");
	if (balance(&b, ipvs)) {
		double from = seconds();
		must(&b, "connect client " SERVICE " x1000");
		printf("1000 connections through the VIP, by %s: %.3f s; %s\n",
			ipvs ? "IPVS" : "the stand-in", seconds() - from, b.f.done.text);
	}
	front_close(&b.f);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		packets = strtoull(argv[1], NULL, 10) / FLOWS * FLOWS;
	if (packets == 0) {
		fputs("usage: bench_director [PACKETS]\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_packets();
	bench_connections(false);
	bench_connections(true);
	return 0;
}
