/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: a cluster on the real kernel: services, a director by IPVS or its stand-in, and connections
 * that are counted by who answered them and by way of whom they came.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/library.h>

#include "labchecks.h"
#include "labwords.h"

struct bench {
	struct front f;
	struct topology t;
};

/* Whether the director has to be IPVS: where the kernel is known to have it. */
static bool wants_ipvs;

static void done(struct bench *b, const char *line)
{
	check(front_order(&b->f, &b->t, line) == 0, "%s: %s", line, b->f.done.text);
}

/* An order that is refused, with words that say why. */
static void refused(struct bench *b, const char *line, const char *why)
{
	check(front_order(&b->f, &b->t, line) < 0, "%s: not refused", line);
	expect_said(&b->f, why);
}

static void claim(struct bench *b, const char *line)
{
	expect_claim(&b->f, &b->t, line);
}

/* A lab whose director is asked first, as real servers keep silent about the VIP. */
static void fresh(struct bench *b)
{
	topo_lvs_dr(&b->t);
	front_open(&b->f);
	expect_built(&b->f, &b->t);
	done(b, "set rs1,rs2 all.arp_ignore 1");
	done(b, "set rs1,rs2 all.arp_announce 2");
	done(b, "serve rs1,rs2 192.168.2.200:80 on");
}

static const struct world_virtual *the_virtual(const struct bench *b)
{
	const struct world *w = &b->f.world;
	const struct world_virtual *v = world_virtual(w, world_node(w, "director"), NULL);
	check(v != NULL, "the director tells of no virtual service");
	check(!wants_ipvs || v->service.backend == BACKEND_IPVS ||
			v->service.backend == BACKEND_IPVS_TUN,
		"the director is a stand-in");
	return v;
}

static bool is_standin(const struct bench *b)
{
	const unsigned by = the_virtual(b)->service.backend;
	return by == BACKEND_STANDIN || by == BACKEND_STANDIN_TUN;
}

static void balanced(struct bench *b, const char *scheduler)
{
	char line[80];
	snprintf(line, sizeof line, "balance director 192.168.2.200:80 %s", scheduler);
	done(b, line);
	expect_said(&b->f, is_standin(b) ? "by a stand-in (" : " by IPVS");
	done(b, "real add director 192.168.2.200:80 rs1");
	done(b, "real add director 192.168.2.200:80 rs2");
}

static void expect_note(const struct bench *b, const char *words)
{
	check(strstr(b->f.note, words) != NULL, "the note says: %s", b->f.note);
}

/* ---- cases ---- */

static void connections_are_balanced(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	done(&b, "connect client 192.168.2.200:80 x20");
	expect_said(&b.f, "20 of 20 connections to 192.168.2.200:80 answered: ");
	claim(&b, "served rs1 = 10");
	claim(&b, "served rs2 = 10");
	claim(&b, "passed director = 20");
	claim(&b, "bypassed = 0");
	const struct world_virtual *v = the_virtual(&b);
	check(v->count == 2 && v->service.connections == 20, "%zu servers, %llu connections",
		v->count, (unsigned long long)v->service.connections);
	check(v->reals[0].connections == 10, "%llu connections",
		(unsigned long long)v->reals[0].connections);
	/* IPVS sums up its packets later. */
	check(!is_standin(&b) || v->reals[0].packets >= 30, "%llu packets",
		(unsigned long long)v->reals[0].packets);
	front_close(&b.f);
}

static void weights_count(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "wrr");
	done(&b, "real add director 192.168.2.200:80 rs1 weight 3");
	done(&b, "connect client 192.168.2.200:80 x20");
	claim(&b, "served rs1 = 15");
	claim(&b, "served rs2 = 5");
	done(&b, "real add director 192.168.2.200:80 rs1 weight 0");
	done(&b, "connect client 192.168.2.200:80 x4");
	claim(&b, "served rs1 = 15");
	claim(&b, "served rs2 = 9");
	front_close(&b.f);
}

/* Listen at a port of rs1 until the pipe's other end is closed. */
static int occupy(void *arg)
{
	const int *ends = arg;
	char byte;
	const struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons(81),
		.sin_addr.s_addr = inet_addr("192.168.2.200") };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 1) < 0)
		return 1;
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
	}
	return pid < 0;
}

/* Whoever came first keeps the port, and all else goes on. */
static void a_port_in_use_is_said(void *arg)
{
	struct bench b;
	int ends[2];
	(void)arg;
	fresh(&b);
	check(pipe(ends) == 0 && front_inside(&b.f, "192.168.2.101", occupy, ends) == 0,
		"nobody listens in rs1");
	refused(&b, "serve rs1 192.168.2.200:81 on", "that port is in use there");
	done(&b, "serve rs2 192.168.2.200:81 on");
	balanced(&b, "rr");
	done(&b, "connect client 192.168.2.200:80 x2");
	claim(&b, "served rs1 = 1");
	close(ends[1]);
	close(ends[0]);
	front_close(&b.f);
}

/* The rest of the topology stands. */
static void a_topology_goes_without(void *arg)
{
	struct bench b;
	struct topology t;
	(void)arg;
	topo_lvs_dr(&t);
	const uint32_t vip = inet_addr("192.168.2.200");
	t.services[t.service_count++] = (struct topology_service) { 1, 80, vip };
	t.services[t.service_count++] = (struct topology_service) { 3, 80, vip };
	t.virtuals[t.virtual_count++] = (struct topology_virtual) { .node = 2,
		.port = 80,
		.ip = vip,
		.scheduler = SCHEDULER_RR,
		.real_count = 1,
		.reals = { { inet_addr("192.168.2.101"), 1 } } };
	b.t = t;
	front_open(&b.f);
	expect_built(&b.f, &b.t);
	check(strstr(b.f.note, "does not have that address; all else works") || is_standin(&b),
		"the note says: %s", b.f.note);
	done(&b, "set rs1 all.arp_ignore 1");
	done(&b, "set rs2 all.arp_ignore 1");
	done(&b, "set rs1 all.arp_announce 2");
	done(&b, "connect client 192.168.2.200:80 x4");
	claim(&b, "served rs1 = 4");
	front_close(&b.f);
}

/* Connections that are over weigh little, so that each server has its turn. */
static void least_connections_are_ipvs_own(void *arg)
{
	static const char *const schedulers[] = { "lc", "wlc" };
	struct bench b;
	(void)arg;
	fresh(&b);
	for (size_t i = 0; i < 2; i++) {
		char line[80];
		snprintf(line, sizeof line, "balance director 192.168.2.200:80 %s", schedulers[i]);
		int r = front_order(&b.f, &b.t, line);
		if (r < 0) {
			check(!wants_ipvs, "%s: %s", line, b.f.done.text);
			expect_said(&b.f, "rr and wrr work");
			continue;
		}
		done(&b, "real add director 192.168.2.200:80 rs1");
		done(&b, "real add director 192.168.2.200:80 rs2");
		done(&b, "connect client 192.168.2.200:80 x20");
		check(!is_standin(&b), "a stand-in counts no connections that are open");
		done(&b, "balance director 192.168.2.200:80 off");
	}
	if (wants_ipvs) {
		claim(&b, "served rs1 = 20");
		claim(&b, "served rs2 = 20");
	}
	front_close(&b.f);
}

static void nobody_to_serve_is_said(void *arg)
{
	static const char why[] = "the director has no real server that takes connections";
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "balance director 192.168.2.200:80 rr");
	done(&b, "connect client 192.168.2.200:80 x1");
	expect_said(&b.f, "0 of 1 connections to 192.168.2.200:80 answered");
	expect_said(&b.f, why);
	done(&b, "real add director 192.168.2.200:80 rs1 weight 0");
	done(&b, "connect client 192.168.2.200:80 x1");
	expect_said(&b.f, why);
	done(&b, "real add director 192.168.2.200:80 rs1 weight 1");
	done(&b, "connect client 192.168.2.200:80 x2");
	claim(&b, "served rs1 = 2");
	front_close(&b.f);
}

/* Both real servers answer who-has VIP, and rs1 is heard first. */
static void a_reply_leak_bypasses_the_director(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	done(&b, "set rs1,rs2 all.arp_ignore 0");
	done(&b, "port rs1 eth0 last");
	done(&b, "flush client");
	done(&b, "connect client 192.168.2.200:80 x20");
	expect_said(&b.f, "rs1 20 (no director)");
	claim(&b, "served rs1 = 20");
	claim(&b, "bypassed = 20");
	claim(&b, "passed director = 0");
	front_close(&b.f);
}

/* rs1 does not know the client: its own who-has tells of the VIP, and the client believes it. */
static void a_request_leak_bypasses_the_director(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	done(&b, "set rs1 all.arp_announce 0");
	done(&b, "connect client 192.168.2.200:80 x20");
	claim(&b, "tells rs1 192.168.2.222 = 192.168.2.200");
	claim(&b, "served rs1 >= 18");
	claim(&b, "bypassed >= 17");
	front_close(&b.f);
}

static void it_can_be_ended(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	done(&b, "real del director 192.168.2.200:80 rs2");
	done(&b, "connect client 192.168.2.200:80 x4");
	claim(&b, "served rs1 = 4");
	check(the_virtual(&b)->count == 1, "a server that is gone is told of");
	done(&b, "balance director 192.168.2.200:80 off");
	check(world_virtual(&b.f.world, world_node(&b.f.world, "director"), NULL) == NULL,
		"a virtual service that has ended is told of");
	done(&b, "connect client 192.168.2.200:80 x2");
	expect_said(&b.f, "0 of 2 connections to 192.168.2.200:80 answered");
	expect_said(&b.f, "nobody listens there");
	done(&b, "serve rs1 192.168.2.200:80 off");
	done(&b, "balance director 192.168.2.200:80 rr");
	front_close(&b.f);
}

static void what_cannot_be_is_said(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	refused(&b, "serve client 192.168.2.200:80 on", "it does not have that address");
	refused(&b, "real add director 192.168.2.200:80 rs1", "`balance` begins it");
	balanced(&b, "rr");
	refused(&b, "balance director 192.168.2.200:80 wrr", "balances that already");
	refused(&b, "real del director 192.168.2.200:80 192.168.2.9", "none of its real servers");
	refused(&b, "serve director 192.168.2.200:80 on", "that port is in use there");
	refused(&b, "balance rs1 192.168.2.200:80 rr", "that port is in use there");
	front_close(&b.f);
}

/* Nobody answers for a dead server; it is given up after the third in a row. */
static void lost_connections_are_counted(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "neigh client 192.168.2.200 02:00:00:00:00:99");
	done(&b, "connect client 192.168.2.200:80 x20");
	expect_said(&b.f, "0 of 20 connections");
	const struct tried *t = newest_tried(&b.f);
	check(t->kind == ACTION_CONNECT && t->sent == 3 && t->received == 0, "%u sent", t->sent);
	front_close(&b.f);
}

static int ask_over_http(void *arg)
{
	static const char question[] = "GET / HTTP/1.0\r\n\r\n";
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr.s_addr = inet_addr("192.168.2.200") };
	char answer[512] = "";
	size_t len = 0;
	ssize_t got;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	(void)arg;
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) < 0 ||
		send(fd, question, sizeof question - 1, 0) < 0)
		return 1;
	while (len < sizeof answer - 1 &&
		(got = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0)
		len += (size_t)got;
	close(fd);
	return strncmp(answer, "HTTP/1.1 200 OK\r\n", 17) == 0 && strstr(answer, "\r\n\r\nrs2\n")
		       ? 0
		       : 2;
}

/* As curl does from a shell in the client. */
static void http_is_spoken(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	done(&b, "real del director 192.168.2.200:80 rs1");
	check(front_inside(&b.f, "192.168.2.222", ask_over_http, NULL) == 0,
		"the answer over HTTP is not rs2's");
	front_close(&b.f);
}

#define OPEN_AT_ONCE 2

/* Two connections; what is asked in them waits until a byte has come, and is sent back. */
struct held {
	int ready[2], go[2];
};

static int hold_connections(void *arg)
{
	const struct held *h = arg;
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr.s_addr = inet_addr("192.168.2.200") };
	const struct timeval patience = { .tv_usec = 600000 };
	int fds[OPEN_AT_ONCE], answered = 0;
	char byte = 0, answer[64];
	for (size_t i = 0; i < OPEN_AT_ONCE; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		if (connect(fds[i], (const struct sockaddr *)&to, sizeof to) < 0)
			return 90;
	}
	if (write(h->ready[1], &byte, 1) != 1 || read(h->go[0], &byte, 1) != 1)
		return 91;
	for (size_t i = 0; i < OPEN_AT_ONCE; i++)
		if (send(fds[i], "who\n", 4, 0) == 4)
			answered += recv(fds[i], answer, sizeof answer, 0) == 4 &&
				    memcmp(answer, "rs2\n", 4) == 0;
	return answered;
}

/* The server's own connection goes on, and the other's has nobody; so it is with IPVS. */
static void who_stays_keeps_its_connections(void *arg)
{
	struct bench b;
	struct held h;
	char byte = 0;
	int status;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	check(pipe(h.ready) == 0 && pipe(h.go) == 0, "pipe: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0)
		_exit(front_inside(&b.f, "192.168.2.222", hold_connections, &h));
	check(pid > 0 && read(h.ready[0], &byte, 1) == 1, "nobody has connected");
	done(&b, "real del director 192.168.2.200:80 rs1");
	check(write(h.go[1], &byte, 1) == 1 && waitpid(pid, &status, 0) == pid, "%s",
		strerror(errno));
	check(WIFEXITED(status) && WEXITSTATUS(status) == 1, "rs2 answers in %d connections",
		WEXITSTATUS(status));
	front_close(&b.f);
}

static void the_next_lab_begins_without(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	expect_built(&b.f, &b.t);
	check(b.f.world.virtual_count == 0, "a director of the lab before is told of");
	done(&b, "serve rs1,rs2 192.168.2.200:80 on");
	balanced(&b, "rr");
	done(&b, "set rs1,rs2 all.arp_ignore 1");
	done(&b, "set rs1,rs2 all.arp_announce 2");
	done(&b, "connect client 192.168.2.200:80 x2");
	claim(&b, "served rs1 = 1");
	front_close(&b.f);
}

/* A packet for each of many connections, quickly: none is lost on its way. */
static void many_connections(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	balanced(&b, "rr");
	done(&b, "connect client 192.168.2.200:80 x1000");
	expect_said(&b.f, "1000 of 1000 connections to 192.168.2.200:80 answered");
	/* IPVS of Linux 5.10 leaves out a turn now and then: 505 and 495 have been seen. */
	claim(&b, is_standin(&b) ? "served rs1 = 500" : "served rs1 >= 490");
	claim(&b, is_standin(&b) ? "served rs2 = 500" : "served rs2 >= 490");
	claim(&b, "bypassed = 0");
	front_close(&b.f);
}

/* Where the kernel has no ipip, that is said, and the rest is there. */
static void tunnels_carry_connections(void *arg)
{
	static const char *const ways[] = { "tun", "tun stand-in" };
	struct bench b;
	(void)arg;
	topo_lvs_dr(&b.t);
	for (uint16_t node = 3; node <= 4; node++) {
		b.t.nodes[node - 1].tunnel = inet_addr("192.168.2.200");
		b.t.services[b.t.service_count++] =
			(struct topology_service) { node, 80, inet_addr("192.168.2.200") };
	}
	/* Not on lo: a packet that came by itself would be taken there, too. */
	for (size_t i = 0; i < b.t.addr_count; i++)
		if (b.t.addrs[i].iface == 0)
			b.t.addrs[i--] = b.t.addrs[--b.t.addr_count];
	front_open(&b.f);
	expect_built(&b.f, &b.t);
	const struct stage *tunnel = &b.f.world.stages[STAGE_TUNNEL];
	check(tunnel->stage == STAGE_TUNNEL, "nothing is said of tunnels");
	check(!wants_ipvs || !tunnel->error, "%s", tunnel->text);
	if (tunnel->error) {
		expect_note(&b, "no ipip tunnels can be made, direct routing works");
		expect_note(&b, "their addresses are on lo");
		done(&b, "set rs1,rs2 all.arp_ignore 1");
		done(&b, "set rs1,rs2 all.arp_announce 2");
		balanced(&b, "rr");
		done(&b, "connect client 192.168.2.200:80 x2");
		claim(&b, "served rs1 = 1");
		front_close(&b.f);
		return;
	}
	done(&b, "set rs1,rs2 all.arp_ignore 1");
	done(&b, "set rs1,rs2 all.arp_announce 2");
	for (size_t i = 0; i < 2; i++) {
		char line[80];
		snprintf(line, sizeof line, "balance director 192.168.2.200:80 rr %s", ways[i]);
		done(&b, line);
		done(&b, "real add director 192.168.2.200:80 rs1");
		done(&b, "real add director 192.168.2.200:80 rs2");
		done(&b, "connect client 192.168.2.200:80 x20");
		check(i == 0 || world_virtual(&b.f.world, 2, NULL)->service.backend ==
					BACKEND_STANDIN_TUN,
			"the stand-in was asked for");
		done(&b, "balance director 192.168.2.200:80 off");
	}
	claim(&b, "served rs1 = 20");
	claim(&b, "served rs2 = 20");
	claim(&b, "passed director = 40");
	claim(&b, "bypassed = 0");
	front_close(&b.f);
}

/* The directors that the lessons about clusters have. */
static void the_lessons_directors_balance(void *arg)
{
	static const char *const names[] = { "cluster", "failover" };
	struct bench b;
	(void)arg;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct faults faults = { 0 };
		struct names known;
		size_t len;
		const char *text = library_topology(names[i], &len);
		check(text && topology_read(text, len, 1, &b.t, &known, &faults) == 0,
			"the topology %s cannot be read", names[i]);
		names_done(&known);
		front_open(&b.f);
		expect_built(&b.f, &b.t);
		done(&b, "set rs1,rs2 all.arp_ignore 1");
		done(&b, "set rs1,rs2 all.arp_announce 2");
		done(&b, "connect client 192.168.2.200:80 x20");
		tap_note(
			"%s: the director is %s", names[i], is_standin(&b) ? "a stand-in" : "IPVS");
		claim(&b, "served rs1 = 10");
		claim(&b, "passed director = 20");
		front_close(&b.f);
	}
}

static const struct tap_case cases[] = {
	{ "connections are balanced", connections_are_balanced },
	{ "weights count", weights_count },
	{ "a port in use is said", a_port_in_use_is_said },
	{ "a topology goes without what cannot be had", a_topology_goes_without },
	{ "least connections are IPVS's own", least_connections_are_ipvs_own },
	{ "a director with nobody to serve is said", nobody_to_serve_is_said },
	{ "a reply leak bypasses the director", a_reply_leak_bypasses_the_director },
	{ "a request leak bypasses the director", a_request_leak_bypasses_the_director },
	{ "a director and its servers can be ended", it_can_be_ended },
	{ "what cannot be is refused with a reason", what_cannot_be_is_said },
	{ "lost connections are counted, and given up", lost_connections_are_counted },
	{ "a service speaks HTTP", http_is_spoken },
	{ "who stays keeps its connections", who_stays_keeps_its_connections },
	{ "the next lab begins without a director", the_next_lab_begins_without },
	{ "a thousand connections, each served", many_connections },
	{ "tunnels carry connections", tunnels_carry_connections },
	{ "the lessons' directors balance", the_lessons_directors_balance },
};

/* --ipvs: the director has to be IPVS. */
int main(int argc, char **argv)
{
	wants_ipvs = argc > 1 && strcmp(argv[1], "--ipvs") == 0;
	return run_twice(cases, sizeof cases / sizeof *cases);
}
