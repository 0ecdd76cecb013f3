/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: the front can touch nothing, the helper only what it is for: proved from /proc. */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"

#define NOTHING 0ull
#define NET_ADMIN (1ull << 12)
#define NET_RAW (1ull << 13)

static unsigned long long caps(pid_t pid, const char *field)
{
	char text[64];
	check(proc_status(pid, field, text, sizeof text), "no %s of %d", field, (int)pid);
	return strtoull(text, NULL, 16);
}

/* Every set is within what is allowed, the permitted one exactly so; nothing can be regained. */
static void expect_caps(pid_t pid, const char *who, unsigned long long allowed)
{
	static const char *const sets[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
	char text[64];
	for (size_t i = 0; i < 5; i++) {
		unsigned long long set = caps(pid, sets[i]);
		check((set & ~allowed) == 0, "%s of the %s is %llx", sets[i], who, set);
	}
	check(caps(pid, "CapPrm") == allowed, "CapPrm of the %s is %llx", who,
		caps(pid, "CapPrm"));
	check(caps(pid, "CapEff") == allowed, "CapEff of the %s is %llx", who,
		caps(pid, "CapEff"));
	check(proc_status(pid, "NoNewPrivs", text, sizeof text) && strcmp(text, "1") == 0,
		"the %s may gain privileges", who);
}

static void end(struct proc *p)
{
	kill(p->pid, SIGTERM);
	check(proc_wait(p, PATIENCE_MS) >= 0, "it hangs");
	proc_free(p);
}

static void front_holds_nothing(void *arg)
{
	(void)arg;
	struct proc *p = monitor_start(NULL, NULL, NULL);
	pid_t helper = proc_child(p->pid);
	check(helper > 0, "no helper");
	expect_caps(p->pid, "front", NOTHING);
	expect_caps(helper, "helper", NET_ADMIN | NET_RAW);
	end(p);
}

static void set_is_no_exception(void *arg)
{
	struct e2e *e = arg;
	struct proc *p = proc_words(arplab(), "set", "--hold", "--state", e->dir,
		"eth0.arp_ignore=1", (char *)NULL);
	check(proc_wait_text(p, "0 -> 1", PATIENCE_MS), "%s", p->err_text);
	expect_caps(p->pid, "front", NOTHING);
	expect_caps(proc_child(p->pid), "helper", NET_ADMIN | NET_RAW);
	end(p);
}

/* A command that --hold runs has no more than the front. */
static void commands_get_nothing(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	check(proc_run(&p, arplab(), "set", "--hold", "-q", "--state", e->dir, "eth0.arp_ignore=1",
		      "--", "grep", "-E", "Cap(Prm|Eff|Bnd)|NoNewPrivs", "/proc/self/status",
		      (char *)NULL) == 0,
		"%s", p->err_text);
	check(strstr(p->out_text, "CapEff:\t0000000000000000") &&
			strstr(p->out_text, "CapBnd:\t0000000000000000") &&
			strstr(p->out_text, "NoNewPrivs:\t1"),
		"%s", p->out_text);
	proc_free(p);
}

static void becomes_the_invoking_user(void *arg)
{
	struct e2e *e = arg;
	if (!e->lab.root)
		tap_skip("only root can become somebody else");
	char path[256], text[64];
	snprintf(path, sizeof path, "%s/mine.pcap", e->dir);
	const char *words[] = { arplab(), "monitor", "-i", "eth0", "-w", path, NULL };
	const char *env[] = { "SUDO_UID=65534", "SUDO_GID=65533", NULL };
	struct proc *p = proc_start(&(struct proc_options){ .argv = words, .env = env });
	check(proc_wait_text(p, "capture", PATIENCE_MS), "%s%s", p->out_text, p->err_text);
	check(proc_status(p->pid, "Uid", text, sizeof text) &&
			strcmp(text, "65534\t65534\t65534\t65534") == 0,
		"Uid of the front: %s", text);
	check(proc_status(p->pid, "Gid", text, sizeof text) &&
			strcmp(text, "65533\t65533\t65533\t65533") == 0,
		"Gid of the front: %s", text);
	check(proc_status(p->pid, "Groups", text, sizeof text) && !strstr(text, "0 "),
		"groups of the front: %s", text);
	expect_caps(p->pid, "front", NOTHING);
	expect_caps(proc_child(p->pid), "helper", NET_ADMIN | NET_RAW);
	end(p);
	struct stat st;
	check(stat(path, &st) == 0 && st.st_uid == 65534, "the file belongs to %u",
		(unsigned)st.st_uid);
}

/* Reading a file needs no power over this machine at all. */
static void reading_needs_nothing(void *arg)
{
	(void)arg;
	const char *words[] = { arplab(), "read", "-", NULL };
	struct proc *p = proc_start(&(struct proc_options){ .argv = words, .keep_in = true });
	int64_t deadline = now_ms() + PATIENCE_MS;
	pid_t helper;
	char text[64];
	while (!(helper = proc_child(p->pid)) ||
		!(proc_status(helper, "NoNewPrivs", text, sizeof text) && text[0] == '1') ||
		!(proc_status(p->pid, "NoNewPrivs", text, sizeof text) && text[0] == '1')) {
		check(now_ms() < deadline, "no helper that has given up its privileges");
		tick();
	}
	expect_caps(p->pid, "front", NOTHING);
	expect_caps(helper, "helper", NOTHING);
	proc_free(p);
}

/* What takes foreign bytes apart must not own root's files. */
static void reading_is_the_users(void *arg)
{
	struct e2e *e = arg;
	if (!e->lab.root)
		tap_skip("only root can become somebody else");
	const char *words[] = { arplab(), "read", "-", NULL };
	const char *env[] = { "SUDO_UID=65534", "SUDO_GID=65533", NULL };
	struct proc *p = proc_start(
		&(struct proc_options){ .argv = words, .env = env, .keep_in = true });
	int64_t deadline = now_ms() + PATIENCE_MS;
	pid_t helper;
	char text[64];
	while (!(helper = proc_child(p->pid)) ||
		!(proc_status(helper, "NoNewPrivs", text, sizeof text) && text[0] == '1')) {
		check(now_ms() < deadline, "no helper that has given up its privileges");
		tick();
	}
	check(proc_status(helper, "Uid", text, sizeof text) &&
			strcmp(text, "65534\t65534\t65534\t65534") == 0,
		"Uid of the helper: %s", text);
	expect_caps(helper, "helper", NOTHING);
	proc_free(p);
}

static const struct tap_case cases[] = {
	{ "the front has no capability, the helper two, and neither can gain any",
		front_holds_nothing },
	{ "the same while changes are held", set_is_no_exception },
	{ "a command that runs while changes are held has none", commands_get_nothing },
	{ "under sudo the front is the invoking user", becomes_the_invoking_user },
	{ "reading a file, both have none", reading_needs_nothing },
	{ "reading a file under sudo, the helper is the user, too", reading_is_the_users },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
