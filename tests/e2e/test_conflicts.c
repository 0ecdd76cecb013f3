/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: conflicts that real kernels make, called by their cause in `monitor` and in `read`.
 *
 * A third machine is plugged into the peer's wire by a macvlan. The peer stands for the director,
 * the third machine for a real server.
 */
#include <config.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "e2e.h"

#define VIP "192.168.77.200"
#define THIRD_IP "192.168.77.102"
#define THIRD_MAC "02:00:00:00:00:66"

static int third;

/* A namespace by descriptor; the test stays in the host's. */
static int new_machine(struct e2e *e)
{
	check(unshare(CLONE_NEWNET) == 0, "no namespace");
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ns_enter(e->lab.host);
	check(fd >= 0, "no namespace");
	return fd;
}

/* Not every kernel has what the machines are plugged in with. */
static void need_macvlan(struct e2e *e)
{
	struct proc *p;
	ns_enter(e->lab.peer);
	int status = proc_run(&p, "ip", "link", "add", "link", "eth0", "name", "try0", "type",
		"macvlan", (char *)NULL);
	ns_enter(e->lab.host);
	proc_free(p);
	if (status)
		tap_skip("this kernel has no macvlan");
	ns_ip(&e->lab, e->lab.peer, "link del try0");
}

/* The third machine holds the VIP on lo and has an address of its own. */
static void plug_third(struct e2e *e)
{
	char words[256];
	need_macvlan(e);
	third = new_machine(e);
	snprintf(words, sizeof words,
		"link add link eth0 name lan0 address " THIRD_MAC
		" netns /proc/%d/fd/%d type macvlan mode bridge",
		(int)getpid(), third);
	ns_ip(&e->lab, e->lab.peer, words);
	ns_ip(&e->lab, third, "link set lo up");
	ns_ip(&e->lab, third, "addr add " VIP "/32 dev lo");
	ns_ip(&e->lab, third, "addr add " THIRD_IP "/24 dev lan0");
	ns_ip(&e->lab, third, "link set lan0 up");
	ns_ip(&e->lab, e->lab.peer, "addr add " VIP "/32 dev eth0");
}

static void unplug_third(struct e2e *e)
{
	ns_ip(&e->lab, third, "link del lan0");
	ns_ip(&e->lab, e->lab.peer, "addr del " VIP "/32 dev eth0");
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
	close(third);
}

/* A datagram, and with it the kernel's own who-has. */
static void send_datagram(struct e2e *e, int ns, const char *from, const char *to)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	ns_enter(ns);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ns_enter(e->lab.host);
	check(fd >= 0, "no socket");
	if (from) {
		struct sockaddr_in own = { .sin_family = AF_INET };
		inet_pton(AF_INET, from, &own.sin_addr);
		check(bind(fd, (struct sockaddr *)&own, sizeof own) == 0, "bind %s", from);
	}
	inet_pton(AF_INET, to, &a.sin_addr);
	check(sendto(fd, "", 1, 0, (struct sockaddr *)&a, sizeof a) == 1, "sendto %s", to);
	close(fd);
}

/* The host asks for an address anew. */
static void resolve(struct e2e *e, const char *ip)
{
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
	send_datagram(e, e->lab.host, NULL, ip);
}

static void wait_line(struct proc *p, const char *text)
{
	check(proc_wait_text(p, text, PATIENCE_MS), "never printed %s:\n%s%s", text, p->out_text,
		p->err_text);
}

/* The object of the last conflict holds a text. */
static void expect_conflict(const char *lines, const char *text)
{
	const char *last = NULL;
	for (const char *s = lines; (s = strstr(s, "\"event\":\"conflict\"")); s++)
		last = s;
	check(last, "no conflict:\n%s", lines);
	size_t len = strcspn(last, "\n");
	char *line = strndup(last, len);
	check(strstr(line, text), "not %s in:\n%s", text, line);
	free(line);
}

static void end(struct proc *p)
{
	kill(p->pid, SIGTERM);
	int status = proc_wait(p, PATIENCE_MS);
	check(status == 0, "status %d: %s", status, p->err_text);
	expect_json(p->out_text);
}

/* The same file, read later, says the same. */
static void expect_read(const char *path, const char *class)
{
	struct proc *p;
	char words[64];
	snprintf(words, sizeof words, "\"class\":\"%s\"", class);
	check(proc_run(&p, arplab(), "read", "--json", path, (char *)NULL) == 0, "%s",
		p->err_text);
	expect_json(p->out_text);
	expect_conflict(p->out_text, words);
	snprintf(words, sizeof words, "\"%s\":", class);
	const char *summary = strstr(p->out_text, "\"event\":\"summary\"");
	check(summary && strstr(summary, words), "%s", p->out_text);
	proc_free(p);
}

static struct proc *monitor(struct e2e *e, const char *name, char path[static 256])
{
	snprintf(path, 256, "%s/%s", e->dir, name);
	struct proc *p = proc_words(
		arplab(), "monitor", "-i", "eth0", "--json", "-w", path, (char *)NULL);
	check(proc_wait_text(p, "\"event\":\"capture\"", PATIENCE_MS), "no capture: %s",
		p->err_text);
	return p;
}

static void calls_flux(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	need_macvlan(e);
	ns_ip(&e->lab, e->lab.peer, "link add link eth0 name lan1 type macvlan mode bridge");
	ns_ip(&e->lab, e->lab.peer, "addr add 192.168.77.3/24 dev lan1");
	ns_ip(&e->lab, e->lab.peer, "link set lan1 up");
	struct proc *p = monitor(e, "flux.pcap", path);
	/* On a busy machine the second answer may come too late to be the same machine's. */
	for (int i = 0; i < 40; i++) {
		resolve(e, PEER_IP);
		resolve(e, "192.168.77.3");
		if (proc_wait_text(p, "\"class\":\"flux\"", 500))
			break;
	}
	end(p);
	expect_conflict(p->out_text, "\"class\":\"flux\"");
	expect_conflict(p->out_text, "\"certainty\":\"likely\"");
	expect_conflict(p->out_text, "arp_ignore=1");
	proc_free(p);
	expect_read(path, "flux");
	ns_ip(&e->lab, e->lab.peer, "link del lan1");
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
}

static void calls_a_reply_leak(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	plug_third(e);
	struct proc *p = monitor(e, "reply.pcap", path);
	resolve(e, PEER_IP);
	resolve(e, THIRD_IP);
	peer_announces(e, VIP);
	wait_line(p, "\"class\":\"announcement\"");
	/* What was on its way when the address was announced would not count. */
	for (int i = 0; i < 40; i++) {
		resolve(e, VIP);
		if (proc_wait_text(p, "\"class\":\"reply-leak\"", 500))
			break;
	}
	end(p);
	expect_conflict(p->out_text, "\"class\":\"reply-leak\",\"certainty\":\"likely\"");
	expect_conflict(p->out_text, "{\"mac\":\"" THIRD_MAC "\",\"blamed\":true,\"does\":[\"answers\"]}");
	expect_conflict(p->out_text, "arp_ignore=1 on " THIRD_MAC);
	proc_free(p);
	expect_read(path, "reply-leak");
	unplug_third(e);
}

static void calls_a_sender_leak(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	plug_third(e);
	ns_enter(third);
	sysctl_put("conf/lan0/arp_ignore", 1);
	ns_enter(e->lab.host);
	struct proc *p = monitor(e, "sender.pcap", path);
	resolve(e, VIP);
	wait_line(p, "\"class\":\"reply\"");
	send_datagram(e, third, VIP, HOST_IP);
	wait_line(p, "\"sender_ip\":\"" VIP "\",\"sender_mac\":\"" THIRD_MAC "\"");
	resolve(e, VIP);
	wait_line(p, "\"class\":\"sender-leak\",\"certainty\":\"seen\"");
	end(p);
	expect_conflict(p->out_text, "arp_announce=2 on " THIRD_MAC);
	proc_free(p);
	expect_read(path, "sender-leak");
	unplug_third(e);
}

/* The host itself holds the address on lo: that is known, and nothing is likely any more. */
static void knows_the_host_itself(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	ns_ip(&e->lab, e->lab.host, "addr add " VIP "/32 dev lo");
	struct proc *p = monitor(e, "own.pcap", path);
	peer_announces(e, VIP);
	ns_send(&e->lab, &(struct ns_arp){ .op = 1, .sip = "192.168.77.9", .tip = VIP });
	wait_line(p, "\"class\":\"reply-leak\",\"certainty\":\"known\"");
	end(p);
	expect_conflict(p->out_text, "\"interface\":\"eth0\",\"holds\":\"elsewhere\"");
	expect_conflict(p->out_text, "net.ipv4.conf.eth0.arp_ignore=1 on this host");
	proc_free(p);
	ns_ip(&e->lab, e->lab.host, "addr del " VIP "/32 dev lo");
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
}

static void is_silent_about_what_agrees(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	struct proc *p = monitor(e, "none.pcap", path);
	for (int i = 0; i < 3; i++)
		resolve(e, PEER_IP);
	peer_announces(e, PEER_IP);
	wait_line(p, "\"class\":\"announcement\"");
	end(p);
	check(!strstr(p->out_text, "\"conflict\""), "%s", p->out_text);
	proc_free(p);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 0, "%s", p->err_text);
	check(!strstr(p->out_text, "summary"), "%s", p->out_text);
	proc_free(p);
}

static const struct tap_case cases[] = {
	{ "two interfaces of one machine that both answer are flux", calls_flux },
	{ "a real server that answers for the address on its lo leaks", calls_a_reply_leak },
	{ "a real server that asks with the address on its lo leaks", calls_a_sender_leak },
	{ "what the host itself holds is known", knows_the_host_itself },
	{ "what agrees is no conflict, and has no summary", is_silent_about_what_agrees },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
