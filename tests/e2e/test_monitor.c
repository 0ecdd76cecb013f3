/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: `arplab monitor` on a wire where somebody really asks and answers. */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"

/* The lines that are there so far, up to the one that holds `text`, which is waited for. */
static void wait_line(struct proc *p, const char *text)
{
	check(proc_wait_text(p, text, PATIENCE_MS), "never printed %s:\n%s%s", text, p->out_text,
		p->err_text);
}

/* A signal ends it with status 0 and nothing left behind. */
static void end(struct proc *p, int signal)
{
	pid_t helper = proc_child(p->pid);
	check(helper > 0, "no helper");
	kill(p->pid, signal);
	int status = proc_wait(p, PATIENCE_MS);
	check(status == 0 || status == 128 + signal, "status %d: %s", status, p->err_text);
	check(proc_gone(helper, PATIENCE_MS), "the helper is still there");
}

static void sees_frames_and_entries(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = monitor_start("--json", NULL, NULL);
	ns_send(&e->lab, &(struct ns_arp){ .op = 1, .sip = "192.168.77.9", .tip = HOST_IP });
	wait_line(p, "\"class\":\"request\"");
	wait_line(p, "\"class\":\"reply\"");
	wait_line(p, "\"event\":\"neighbour\",\"interface\":\"eth0\",\"change\":\"added\"");
	wait_line(p, "\"ip\":\"192.168.77.9\"");
	end(p, SIGTERM);
	expect_json(p->out_text);
	check(strstr(p->out_text, "\"sender_ip\":\"192.168.77.9\",\"sender_mac\":\"" PEER_MAC "\""),
		"%s", p->out_text);
	/* In order of time: each line's is at least the one's before. */
	double last = 0;
	for (const char *s = strstr(p->out_text, "{\"time\":"); s; s = strstr(s + 1, "{\"time\":")) {
		double at = strtod(s + 8, NULL);
		check(at >= last, "out of order:\n%s", p->out_text);
		last = at;
	}
	const char *request = strstr(p->out_text, "\"class\":\"request\"");
	const char *reply = strstr(p->out_text, "\"class\":\"reply\"");
	check(request < reply, "the reply stands before the request:\n%s", p->out_text);
	proc_free(p);
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
}

static void names_classes(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = monitor_start("--json", NULL, NULL);
	const struct ns_arp probe = { .op = 1, .sip = "0.0.0.0", .tip = "192.168.77.50" };
	const struct ns_arp announcement = { .op = 1, .sip = "192.168.77.50",
		.tip = "192.168.77.50" };
	const struct ns_arp gratuitous = { .op = 2, .sip = "192.168.77.50",
		.tip = "192.168.77.50", .tha = "ff:ff:ff:ff:ff:ff" };
	const struct ns_arp poll = { .op = 1, .sip = PEER_IP, .tip = "192.168.77.51",
		.dst = HOST_MAC };
	const struct ns_arp tagged = { .op = 1, .sip = PEER_IP, .tip = "192.168.77.52",
		.vlan = 42 };
	ns_send(&e->lab, &probe);
	ns_send(&e->lab, &announcement);
	ns_send(&e->lab, &gratuitous);
	ns_send(&e->lab, &poll);
	ns_send(&e->lab, &tagged);
	wait_line(p, "\"class\":\"probe\"");
	wait_line(p, "\"class\":\"announcement\"");
	wait_line(p, "\"class\":\"gratuitous\"");
	wait_line(p, "\"class\":\"poll\"");
	wait_line(p, "\"vlan\":42");
	end(p, SIGINT);
	proc_free(p);
}

static void sees_through_tags(void *arg)
{
	struct e2e *e = arg;
	static const uint16_t outer[] = { 0x88a8, 0x8100 };
	/* With a person's filter each part of it is looked for behind the tags. */
	static const char *const filters[] = { NULL, "src host " PEER_IP };
	for (size_t i = 0; i < 4; i++) {
		const char *filter = filters[i % 2];
		struct proc *p = monitor_start("--json", filter ? "-f" : NULL, filter);
		struct ns_arp ask = { .op = 1, .sip = PEER_IP, .tip = "192.168.77.53",
			.vlan = 43, .outer = outer[i / 2] };
		ns_send(&e->lab, &ask);
		wait_line(p, "\"target_ip\":\"192.168.77.53\"");
		ask = (struct ns_arp){ .op = 1, .sip = PEER_IP, .tip = "192.168.77.54", .vlan = 42 };
		ns_send(&e->lab, &ask);
		wait_line(p, "\"target_ip\":\"192.168.77.54\"");
		ask = (struct ns_arp){ .op = 1, .sip = PEER_IP, .tip = "192.168.77.55" };
		ns_send(&e->lab, &ask);
		wait_line(p, "\"target_ip\":\"192.168.77.55\"");
		check(strstr(p->out_text, "\"vlan\":43") && strstr(p->out_text, "\"vlan\":42"),
			"%s", p->out_text);
		end(p, SIGTERM);
		proc_free(p);
	}
}

static void says_what_is_broken(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = monitor_start("--json", NULL, NULL);
	const struct ns_arp cut = { .op = 1, .sip = PEER_IP, .tip = HOST_IP, .cut = 20 };
	const struct ns_arp hardware = { .op = 1, .sip = PEER_IP, .tip = HOST_IP,
		.hardware = 32 };
	ns_send(&e->lab, &cut);
	wait_line(p, "\"class\":\"broken\"");
	ns_send(&e->lab, &hardware);
	ns_send(&e->lab, &(struct ns_arp){ .op = 9, .sip = PEER_IP, .tip = HOST_IP });
	wait_line(p, "\"class\":\"other\"");
	end(p, SIGTERM);
	expect_json(p->out_text);
	const char *flaw = p->out_text;
	int flaws = 0;
	while ((flaw = strstr(flaw, "\"flaw\":\""))) {
		flaws++;
		flaw++;
	}
	check(flaws == 2, "%d flaws:\n%s", flaws, p->out_text);
	proc_free(p);
}

static void follows_interfaces(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = proc_words(arplab(), "monitor", "--json", (char *)NULL);
	wait_line(p, "\"event\":\"capture\",\"interface\":\"eth0\",\"state\":\"on\"");
	ns_ip(&e->lab, e->lab.host, "link add extra0 type veth peer name extra1");
	wait_line(p, "\"event\":\"link\",\"interface\":\"extra0\",\"change\":\"added\"");
	ns_ip(&e->lab, e->lab.host, "link set extra0 address 02:00:00:00:00:77");
	wait_line(p, "02:00:00:00:00:77");
	ns_ip(&e->lab, e->lab.host, "link set extra0 name other0");
	wait_line(p, "\"interface\":\"other0\"");
	ns_ip(&e->lab, e->lab.host, "link set other0 up");
	ns_ip(&e->lab, e->lab.host, "link set extra1 up");
	wait_line(p, "\"event\":\"capture\",\"interface\":\"other0\",\"state\":\"on\"");
	ns_ip(&e->lab, e->lab.host, "addr add 10.9.9.1/24 dev other0");
	wait_line(p, "\"event\":\"address\",\"interface\":\"other0\",\"change\":\"added\"");
	ns_ip(&e->lab, e->lab.host, "link del other0");
	wait_line(p, "\"interface\":\"other0\",\"change\":\"removed\"");
	/* And it still sees what comes in elsewhere. */
	peer_announces(e, "192.168.77.60");
	wait_line(p, "192.168.77.60");
	end(p, SIGTERM);
	expect_json(p->out_text);
	proc_free(p);
}

static void shows_sysctl_changes(void *arg)
{
	(void)arg;
	struct proc *p = monitor_start(NULL, NULL, NULL);
	sysctl_put("conf/eth0/arp_ignore", 1);
	wait_line(p, "arp_ignore 0 -> 1");
	sysctl_put("conf/eth0/arp_ignore", 0);
	wait_line(p, "arp_ignore 1 -> 0");
	end(p, SIGTERM);
	proc_free(p);
}

/* An instrument does not disturb what it measures. */
static void sends_nothing(void *arg)
{
	struct e2e *e = arg;
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
	ns_hush(&e->lab);
	struct proc *p = monitor_start(NULL, NULL, NULL);
	for (int i = 0; i < 50; i++) {
		char ip[32];
		snprintf(ip, sizeof ip, "192.168.77.%d", 100 + i);
		peer_announces(e, ip);
	}
	wait_line(p, "192.168.77.149");
	end(p, SIGTERM);
	proc_free(p);
	size_t heard = ns_heard(&e->lab);
	check(heard == 0, "%zu frames were sent", heard);
}

static void filters_captures(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = monitor_start("-f", "src host 192.168.77.71", NULL);
	peer_announces(e, "192.168.77.70");
	peer_announces(e, "192.168.77.71");
	wait_line(p, "192.168.77.71");
	end(p, SIGTERM);
	check(!strstr(p->out_text, "192.168.77.70"), "%s", p->out_text);
	proc_free(p);

	check(proc_run(&p, arplab(), "monitor", "-f", "arp and and", (char *)NULL) != 0, "taken");
	expect_sentence(p->err_text, "capture filter");
	proc_free(p);
	check(proc_run(&p, arplab(), "monitor", "-f", "host example.org", (char *)NULL) != 0,
		"a name was looked up");
	expect_sentence(p->err_text, "example.org");
	proc_free(p);
}

static void saves_what_it_saw(void *arg)
{
	struct e2e *e = arg;
	char path[256], text[4096];
	snprintf(path, sizeof path, "%s/seen.pcap", e->dir);
	struct proc *p = monitor_start("-w", path, NULL);
	peer_announces(e, "192.168.77.80");
	wait_line(p, "192.168.77.80");
	end(p, SIGTERM);
	proc_free(p);
	ssize_t len = slurp(path, text, sizeof text);
	check(len >= 24 + 16 + 42, "the file has %zd bytes", len);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 0, "%s", p->err_text);
	check(strstr(p->out_text, "192.168.77.80"), "%s", p->out_text);
	proc_free(p);
}

static void says_that_the_disk_is_full(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = monitor_start("-w", "/dev/full", NULL);
	peer_announces(e, "192.168.77.81");
	wait_line(p, "192.168.77.81");
	kill(p->pid, SIGTERM);
	int status = proc_wait(p, PATIENCE_MS);
	check(status == 1, "status %d", status);
	expect_sentence(p->err_text, "/dev/full");
	proc_free(p);
	/* The same for its own output. */
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	const char *words[] = { arplab(), "monitor", NULL };
	p = proc_start(&(struct proc_options){ .argv = words, .out_fd = full });
	int64_t deadline = now_ms() + PATIENCE_MS;
	while (now_ms() < deadline && !strstr(p->err_text, "\n") && proc_read(p, 20))
		peer_announces(e, "192.168.77.82");
	status = proc_wait(p, PATIENCE_MS);
	check(status == 1, "status %d, %s", status, p->err_text);
	expect_sentence(p->err_text, "full");
	proc_free(p);
	close(full);
}

static void ends_when_nobody_reads(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = monitor_start(NULL, NULL, NULL);
	close(p->out);
	p->out = -1;
	pid_t helper = proc_child(p->pid);
	int64_t deadline = now_ms() + PATIENCE_MS;
	char state[64];
	while (now_ms() < deadline && proc_status(p->pid, "State", state, sizeof state) &&
		state[0] != 'Z') {
		peer_announces(e, "192.168.77.83");
		tick();
	}
	int status = proc_wait(p, PATIENCE_MS);
	check(status >= 0 && status < 129 + SIGPIPE, "it went on");
	check(proc_gone(helper, PATIENCE_MS), "the helper is still there");
	proc_free(p);
}

static void two_at_once(void *arg)
{
	struct e2e *e = arg;
	struct proc *a = monitor_start(NULL, NULL, NULL);
	struct proc *b = monitor_start("--json", NULL, NULL);
	peer_announces(e, "192.168.77.84");
	wait_line(a, "192.168.77.84");
	wait_line(b, "192.168.77.84");
	end(a, SIGTERM);
	peer_announces(e, "192.168.77.85");
	wait_line(b, "192.168.77.85");
	end(b, SIGTERM);
	proc_free(a);
	proc_free(b);
}

static void refuses_wrong_words(void *arg)
{
	(void)arg;
	struct proc *p;
	check(proc_run(&p, arplab(), "monitor", "-i", "nowhere0", (char *)NULL) != 0, "taken");
	expect_sentence(p->err_text, "nowhere0");
	proc_free(p);
	check(proc_run(&p, arplab(), "monitr", (char *)NULL) == 2, "taken");
	expect_sentence(p->err_text, "monitr");
	proc_free(p);
	check(proc_run(&p, arplab(), "monitor", "--jsn", (char *)NULL) == 2, "taken");
	expect_sentence(p->err_text, "jsn");
	proc_free(p);
	check(proc_run(&p, arplab(), "monitor", "extra-word", (char *)NULL) == 2, "taken");
	expect_sentence(p->err_text, "extra-word");
	proc_free(p);
	check(proc_run(&p, arplab(), "monitor", "-w", "/nowhere/file", (char *)NULL) == 1, "taken");
	expect_sentence(p->err_text, "/nowhere/file");
	proc_free(p);
}

static void works_without_rights(void *arg)
{
	struct e2e *e = arg;
	if (!e->lab.root)
		tap_skip("only root can become somebody else");
	const char *words[] = { arplab(), "monitor", "-i", "eth0", NULL };
	struct proc *p = proc_start(&(struct proc_options){ .argv = words, .uid = 65534 });
	/* It says what capture needs, and goes on with neighbours and sysctls. */
	check(proc_wait_err(p, "setcap", PATIENCE_MS), "%s", p->out_text);
	check(strstr(p->err_text, "sudo"), "%s", p->err_text);
	ns_ip(&e->lab, e->lab.host, "neigh add 192.168.77.90 lladdr 02:00:00:00:00:90 dev eth0");
	wait_line(p, "192.168.77.90");
	end(p, SIGTERM);
	proc_free(p);
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
}

static const struct tap_case cases[] = {
	{ "a who-has, its reply and the new neighbour entry are printed in order of time",
		sees_frames_and_entries },
	{ "probes, announcements, gratuitous frames, polls and tags are named", names_classes },
	{ "frames behind no, one and two tags are seen, with a filter and without",
		sees_through_tags },
	{ "short frames and foreign hardware types are named, and do no harm", says_what_is_broken },
	{ "interfaces that come, change, are renamed and go are followed", follows_interfaces },
	{ "a sysctl that somebody changes is reported", shows_sysctl_changes },
	{ "the monitor sends no frame", sends_nothing },
	{ "a capture filter is obeyed, and a wrong one refused without a look-up",
		filters_captures },
	{ "what was seen is saved and can be read", saves_what_it_saw },
	{ "a full disk is said in one sentence", says_that_the_disk_is_full },
	{ "it ends when nobody reads it", ends_when_nobody_reads },
	{ "two monitors do not disturb each other", two_at_once },
	{ "wrong words end with one sentence", refuses_wrong_words },
	{ "without rights it says what capture needs, and shows the rest", works_without_rights },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
