/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: actions of a lab that take time, on the real kernel: pings, arpings, frames, datagrams,
 * captures and shells.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "labchecks.h"
#include "labwords.h"
#include "proc.h"

/* What a case has: a front, and the lab that it has asked for. */
struct bench {
	struct front f;
	struct topology t;
};

static void fresh(struct bench *b)
{
	topo_lvs_dr(&b->t);
	front_open(&b->f);
	expect_built(&b->f, &b->t);
}

static int order(struct bench *b, const char *line)
{
	return front_order(&b->f, &b->t, line);
}

/* An order that is carried out. */
static void done(struct bench *b, const char *line)
{
	check(order(b, line) == 0, "%s: %s", line, b->f.done.text);
}

static void claim(struct bench *b, const char *line)
{
	expect_claim(&b->f, &b->t, line);
}

static void said(const struct bench *b, const char *words)
{
	expect_said(&b->f, words);
}

/* What the newest action has brought; it is handed on. */
static const struct tried *brought(const struct bench *b, enum action_kind kind, uint32_t sent,
	uint32_t received, int32_t error)
{
	const struct tried *t = newest_tried(&b->f);
	check(t->id == b->f.done.id && t->kind == kind, "no result, but \"%s\"", b->f.done.text);
	check(t->sent == sent && t->received == received && t->error == error,
		"sent %u, received %u, error %d", t->sent, t->received, (int)t->error);
	return t;
}

/* ---- ping ---- */

static void ping_is_answered(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "ping client 192.168.2.101 count 3");
	said(&b, "client: 3 of 3 pings to 192.168.2.101 answered, the first after ");
	said(&b, "in a frame of rs1");
	const struct tried *t = brought(&b, ACTION_PING, 3, 3, 0);
	check(t->rtt_ns > 0 && t->mac[5] == RS1, "no time, or a frame of another");
	claim(&b, "ping client 192.168.2.101 = answered");
	claim(&b, "neigh client 192.168.2.101 = rs1");
	front_close(&b.f);
}

/* The client sends its answers to whoever it believes to have the VIP, which is another. */
static void ping_is_lost(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "neigh client 192.168.2.200 rs2 permanent");
	done(&b, "ping director 192.168.2.222 from 192.168.2.200 count 2");
	said(&b, "director: 0 of 2 pings to 192.168.2.222 answered");
	const struct tried *t = brought(&b, ACTION_PING, 2, 0, 0);
	check(t->rtt_ns == 0 && t->source != 0, "a time, or no source");
	front_close(&b.f);
}

static void nobody_has_the_address(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "ping client 192.168.2.55");
	said(&b, "client: the ping to 192.168.2.55 was not answered; 192.168.2.222 says: ");
	brought(&b, ACTION_PING, 1, 0, -EHOSTUNREACH);
	claim(&b, "state client 192.168.2.55 = FAILED");
	front_close(&b.f);
}

static void no_route(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "ping client 10.1.2.3");
	said(&b, "client cannot ping 10.1.2.3: it has no route there");
	brought(&b, ACTION_PING, 0, 0, -ENETUNREACH);
	front_close(&b.f);
}

static void foreign_source(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	check(order(&b, "ping client 192.168.2.101 from 192.168.2.200") == -EADDRNOTAVAIL, "%s",
		b.f.done.text);
	said(&b, "client has no address 192.168.2.200");
	check(order(&b, "udp client 192.168.2.101 from 192.168.2.200") == -EADDRNOTAVAIL, "%s",
		b.f.done.text);
	front_close(&b.f);
}

/* ---- ARP ---- */

static void all_who_answer_are_counted(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "arping client 192.168.2.200");
	said(&b, "client asked who has 192.168.2.200: 3 answered, first rs2 ");
	said(&b, ", then rs1, director");
	const struct tried *t = brought(&b, ACTION_ARPING, 1, 3, 0);
	check(t->answerers == 3 && t->mac[5] == RS2, "%u answerers", t->answerers);
	claim(&b, "first 192.168.2.200 = rs2");
	/* Frames of a packet socket make no entry. */
	claim(&b, "neigh client 192.168.2.200 = none");
	front_close(&b.f);
}

static void the_port_attached_last_is_first(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "port director last");
	done(&b, "arping client 192.168.2.200 count 2");
	said(&b, "client asked 2 times who has 192.168.2.200: 6 replies from 3, first director ");
	const struct tried *t = brought(&b, ACTION_ARPING, 2, 6, 0);
	check(t->answerers == 3 && t->mac[5] == DIRECTOR, "%u answerers", t->answerers);
	front_close(&b.f);
}

static void nobody_answers(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "arping client 192.168.2.77");
	said(&b, "client asked who has 192.168.2.77: nobody answered");
	brought(&b, ACTION_ARPING, 1, 0, 0);
	front_close(&b.f);
}

/* Who answers for others waits a while (proxy_delay), to let the owner be first. */
static void proxies_have_their_time(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "set director eth0.forwarding 1");
	done(&b, "set director eth0.proxy_arp 1");
	done(&b, "route add director 10.5.0.0/24 dev lo");
	done(&b, "arping client 10.5.0.5 from 192.168.2.222");
	said(&b, "1 answered, first director ");
	front_close(&b.f);
}

static void gratuitous_arp_changes_a_cache(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "ping client 192.168.2.101");
	claim(&b, "neigh client 192.168.2.101 = rs1");
	done(&b, "garp rs2 192.168.2.101");
	claim(&b, "neigh client 192.168.2.101 = rs2");
	front_close(&b.f);
}

/* A datagram from the VIP: the kernel names it as the sender of its question. */
static void a_datagram_betrays_the_vip(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "udp rs1 192.168.2.222 from 192.168.2.200");
	brought(&b, ACTION_UDP, 1, newest_tried(&b.f)->received, newest_tried(&b.f)->error);
	claim(&b, "tells rs1 192.168.2.222 = 192.168.2.200");
	front_close(&b.f);
}

/* ---- capture ---- */

/* A bystander hears a broadcast, and learns nothing from it by capturing alone. */
static void capture_alone_learns_nothing(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "capture director on");
	done(&b, "ping client 192.168.2.101");
	claim(&b, "asked client 192.168.2.101 = 1");
	claim(&b, "neigh director 192.168.2.222 = none");
	done(&b, "capture director off");
	check(order(&b, "capture director off") == -ENOENT, "%s", b.f.done.text);
	front_close(&b.f);
}

static void capture_with_names_learns(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	done(&b, "capture director on names 192.168.2.222");
	done(&b, "ping client 192.168.2.101");
	claim(&b, "asked director 192.168.2.222 = 1");
	claim(&b, "neigh director 192.168.2.222 = client");
	front_close(&b.f);
}

/* ---- shells ---- */

struct window {
	int master;
	char text[16384];
	size_t len;
};

static void shell_open(struct bench *b, struct window *w, uint16_t node)
{
	memset(w, 0, sizeof *w);
	w->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	check(w->master >= 0 && grantpt(w->master) == 0 && unlockpt(w->master) == 0, "no pty: %s",
		strerror(errno));
	int slave = open(ptsname(w->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	check(slave >= 0, "no terminal: %s", strerror(errno));
	front_send(&b->f, (struct action) { .kind = ACTION_SHELL, .node = node }, slave);
	close(slave);
}

static void type(const struct window *w, const char *line)
{
	check(write(w->master, line, strlen(line)) == (ssize_t)strlen(line), "write: %s",
		strerror(errno));
}

/* Until the terminal shows the text. */
static void shows(struct bench *b, struct window *w, const char *text)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (!strstr(w->text, text)) {
		check(now_ms() < end, "no \"%s\" in \"%s\"; the helper: %s; %s", text, w->text,
			b->f.note, b->f.done.text);
		ssize_t n = read(w->master, w->text + w->len, sizeof w->text - 1 - w->len);
		if (n > 0)
			w->len += (size_t)n;
		front_read(&b->f, 20);
	}
}

/* Let the shell start something that would sleep for long; a number tells it from all others. */
static void sleep_in(struct bench *b, struct window *w, const char *how, int number)
{
	char line[96];
	snprintf(line, sizeof line, "%s sleep 1000.%d >/dev/null & echo star''ted\n", how, number);
	type(w, line);
	shows(b, w, "started\r\n");
}

/* The bracket keeps grep and its shell, which name the number, too, from being found. */
static bool sleeps(int number)
{
	char command[96];
	snprintf(command, sizeof command, "grep -aqs '1000[.]%d' /proc/[0-9]*/cmdline", number);
	return system(command) == 0;
}

static void expect_ended(int number)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (sleeps(number)) {
		check(now_ms() < end, "what the shell has started lives on");
		tick();
	}
}

static void shell_is_in_its_node(void *arg)
{
	struct bench b;
	struct window w;
	(void)arg;
	if (system("command -v ip >/dev/null 2>&1") != 0)
		tap_skip("ip is missing");
	fresh(&b);
	shell_open(&b, &w, RS1);
	shows(&b, &w, "[rs1] ");
	check(strcmp(b.f.note, "a shell in rs1 runs") == 0, "%s", b.f.note);
	type(&w, "ip -4 -o addr show lo\n");
	shows(&b, &w, "inet 192.168.2.200/32");
	type(&w, "echo $ARPLAB_NODE=$(id -u)\n");
	shows(&b, &w, "rs1=0");
	type(&w, "echo 1 >/proc/sys/net/ipv4/conf/eth0/arp_ignore\n");
	claim(&b, "sysctl rs1 eth0.arp_ignore = 1");
	claim(&b, "sysctl client eth0.arp_ignore = 0");
	type(&w, "exit 3\n");
	front_answer(&b.f);
	said(&b, "the shell in rs1 ended with status 3");
	close(w.master);
	front_close(&b.f);
}

static void a_window_that_closes_ends_its_shell(void *arg)
{
	struct bench b;
	struct window w;
	(void)arg;
	fresh(&b);
	shell_open(&b, &w, RS2);
	shows(&b, &w, "[rs2] ");
	close(w.master);
	front_answer(&b.f);
	said(&b, "the shell in rs2 ");
	front_close(&b.f);
}

static void a_shell_needs_a_terminal(void *arg)
{
	struct bench b;
	(void)arg;
	fresh(&b);
	expect_refused(&b.f, (struct action) { .kind = ACTION_SHELL, .node = RS1 }, -ENOTTY,
		"a shell needs a terminal");
	front_close(&b.f);
}

/* ---- keepalived ---- */

/* In its place: says that it is master if it was told the priority 150, and else gives up. */
static const char pretender[] =
	"#!/bin/sh\n"
	"trap 'exit 0' TERM\n"
	"if grep -q 'priority 150' /run/keepalived.conf\n"
	"then echo 'Mon Nov 23 06:23:05 2026: (arplab) Entering MASTER STATE'; sleep 60 & wait\n"
	"else echo 'Mon Nov 23 06:23:05 2026: the priority is not liked'; exit 3\n"
	"fi\n";

static void pretend(struct bench *b, char *dir, size_t size)
{
	char file[160], path[512];
	temporary(dir, size);
	chmod(dir, 0755);
	snprintf(file, sizeof file, "%s/keepalived", dir);
	snprintf(path, sizeof path, "%s:%s", dir, getenv("PATH"));
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	check(fd >= 0 && write(fd, pretender, sizeof pretender - 1) == sizeof pretender - 1 &&
			fchmod(fd, 0755) == 0,
		"%s cannot be written", file);
	close(fd);
	setenv("PATH", path, 1);
	fresh(b);
	setenv("PATH", path + strlen(dir) + 1, 1);
}

static void noted(struct bench *b, const char *words)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (strncmp(b->f.note, words, strlen(words)) != 0)
		check(now_ms() < end && front_read(&b->f, PATIENCE_MS), "\"%s\" instead of \"%s\"",
			b->f.note, words);
}

static void keepalived_runs_until_it_is_stopped(void *arg)
{
	struct bench b;
	char dir[128];
	(void)arg;
	pretend(&b, dir, sizeof dir);
	done(&b, "keepalived director 192.168.2.200 on priority 150");
	said(&b, "director runs keepalived for 192.168.2.200, with priority 150");
	noted(&b, "keepalived in director is MASTER now");
	check(order(&b, "keepalived director 192.168.2.200 on") == -EEXIST, "it runs twice");
	done(&b, "keepalived director 192.168.2.200 off");
	said(&b, "director does not run keepalived any more");
	check(order(&b, "keepalived director 192.168.2.200 off") == -ENOENT, "it runs still");
	/* A lab that is built anew ends it, and can have it again. */
	done(&b, "keepalived director 192.168.2.200 on priority 150");
	expect_built(&b.f, &b.t);
	done(&b, "keepalived director 192.168.2.200 on priority 150");
	front_close(&b.f);
	temporary_remove(dir);
}

static bool both_are_answered(const struct front *f, void *arg)
{
	const size_t *before = arg;
	return f->answers == *before + 2;
}

/* Whoever asks while it is being stopped waits as well, and nobody waits for ever. */
static void keepalived_is_stopped_for_all_who_ask(void *arg)
{
	struct bench b;
	char dir[128];
	(void)arg;
	pretend(&b, dir, sizeof dir);
	done(&b, "keepalived director 192.168.2.200 on priority 150");
	noted(&b, "keepalived in director is MASTER now");
	size_t before = b.f.answers, refused = b.f.refused;
	const struct action off = front_action(&b.f, &b.t, "keepalived director 192.168.2.200 off");
	front_send(&b.f, off, -1);
	front_send(&b.f, off, -1);
	check(front_until(&b.f, both_are_answered, &before), "%zu of 2 are answered",
		b.f.answers - before);
	check(b.f.refused == refused, "%s", b.f.done.text);
	said(&b, "director does not run keepalived any more");
	front_close(&b.f);
	temporary_remove(dir);
}

static void keepalived_that_gives_up_is_told(void *arg)
{
	struct bench b;
	char dir[128];
	(void)arg;
	pretend(&b, dir, sizeof dir);
	done(&b, "keepalived director 192.168.2.200 on priority 7");
	noted(&b, "keepalived in director ended by itself: the priority is not liked");
	front_close(&b.f);
	temporary_remove(dir);
}

/* ---- ends ---- */

static void the_next_lab_ends_them(void *arg)
{
	struct bench b;
	struct window w;
	(void)arg;
	fresh(&b);
	shell_open(&b, &w, RS1);
	shows(&b, &w, "[rs1] ");
	sleep_in(&b, &w, "", (int)getpid());
	check(sleeps((int)getpid()), "nothing sleeps in the shell");
	/* A shell and 63 pings run; seven more are too many. */
	struct action ping = front_action(&b.f, &b.t, "ping client 192.168.2.101 count 1000");
	size_t before = b.f.answers, refused = b.f.refused;
	for (int i = 0; i < 70; i++)
		front_send(&b.f, ping, -1);
	while (b.f.answers < before + 7)
		check(front_read(&b.f, PATIENCE_MS), "pings beyond what there may be are kept");
	check(b.f.refused == refused + 7 && b.f.done.error == -EAGAIN, "%s", b.f.done.text);
	expect_built(&b.f, &b.t);
	/* All that ran have been answered, and the building. */
	check(b.f.answers == before + 7 + 64 + 1, "%zu answers", b.f.answers - before);
	expect_ended((int)getpid());
	close(w.master);
	done(&b, "ping client 192.168.2.101");
	front_close(&b.f);
}

static void a_killed_helper_leaves_nothing(void *arg)
{
	struct bench b;
	struct window w;
	(void)arg;
	fresh(&b);
	shell_open(&b, &w, RS1);
	shows(&b, &w, "[rs1] ");
	sleep_in(&b, &w, "nohup", (int)getpid());
	check(sleeps((int)getpid()), "nothing sleeps in the shell");
	kill(b.f.helper.pid, SIGKILL);
	front_close(&b.f);
	expect_ended((int)getpid());
	close(w.master);
}

static const struct tap_case cases[] = {
	{ "a ping is answered, and told by whom", ping_is_answered },
	{ "a ping is lost without a word", ping_is_lost },
	{ "a ping to nobody ends with the kernel's own error", nobody_has_the_address },
	{ "a ping without a route is not sent", no_route },
	{ "nothing is sent from an address of others", foreign_source },
	{ "arping counts all who answer, in their order", all_who_answer_are_counted },
	{ "arping hears the port first that was attached last", the_port_attached_last_is_first },
	{ "arping says when nobody answers", nobody_answers },
	{ "arping waits for who answers for another", proxies_have_their_time },
	{ "a gratuitous ARP frame changes a cache", gratuitous_arp_changes_a_cache },
	{ "a datagram from the VIP is announced with the VIP", a_datagram_betrays_the_vip },
	{ "to capture alone teaches a bystander nothing", capture_alone_learns_nothing },
	{ "to capture with names makes a bystander ask", capture_with_names_learns },
	{ "a shell is in its node, and changes it", shell_is_in_its_node },
	{ "a window that closes ends its shell", a_window_that_closes_ends_its_shell },
	{ "a shell needs a terminal", a_shell_needs_a_terminal },
	{ "keepalived runs until it is stopped", keepalived_runs_until_it_is_stopped },
	{ "keepalived is stopped for all who ask", keepalived_is_stopped_for_all_who_ask },
	{ "keepalived that gives up is told with its last words",
		keepalived_that_gives_up_is_told },
	{ "the next lab ends and answers all tasks", the_next_lab_ends_them },
	{ "a killed helper leaves no process of a shell", a_killed_helper_leaves_nothing },
};

int main(void)
{
	return run_twice(cases, sizeof cases / sizeof *cases);
}
