/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: kill -9 at random moments. Whichever process dies, and whenever, the sysctls end as they
 * were: a front that is killed is cleaned up after by its helper, a helper by `arplab restore`.
 *
 * KILL_RUNS and KILL_SEED in the environment choose how often and which moments.
 */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "e2e.h"

enum victim { FRONT, HELPER, BOTH, VICTIMS };

struct kills {
	struct e2e e;
	uint64_t random;
	int runs;
	int reached[VICTIMS]; /* Kills that came while changes were there. */
};

static uint64_t next_random(struct kills *k)
{
	uint64_t z = k->random += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static bool something_changed(const char *before)
{
	char *now = sysctl_snapshot();
	bool changed = strcmp(before, now) != 0;
	free(now);
	return changed;
}

/*
 * A random moment: half of them anywhere in the first 15 ms, from before the helper is there on;
 * the others right behind the first change that shows.
 */
static void pass_a_moment(struct kills *k, const char *before)
{
	uint64_t most = 15000000;
	if (next_random(k) % 2) {
		int64_t end = now_ms() + 1000;
		while (!something_changed(before) && now_ms() < end)
			;
		most = 600000;
	}
	struct timespec moment = { .tv_nsec = (long)(next_random(k) % most) };
	nanosleep(&moment, NULL);
}

static void restore(struct kills *k)
{
	struct proc *p;
	int status = proc_run(&p, arplab(), "restore", "--state", k->e.dir, (char *)NULL);
	check(status == 0, "restore: status %d: %s%s", status, p->out_text, p->err_text);
	proc_free(p);
}

/* Kill one, the other or both. The front is stopped first, so that its child is its last one. */
static void kill_one(struct kills *k, pid_t front, enum victim victim, const char *before)
{
	kill(front, SIGSTOP);
	char state[64];
	while (proc_status(front, "State", state, sizeof state) && !strchr("TtZ", state[0]))
		tick();
	pid_t helper = proc_child(front);
	if (!helper)
		victim = FRONT;
	if (helper && victim != FRONT)
		kill(helper, SIGKILL);
	if (helper && victim == HELPER)
		kill(front, SIGCONT);
	else
		kill(front, SIGKILL);
	check(!helper || proc_gone(helper, PATIENCE_MS), "the helper of a killed front lives on");
	/* Orphans come to the test, which is their reaper. */
	if (helper && victim != HELPER)
		waitpid(helper, NULL, 0);
	k->reached[victim] += something_changed(before);
}

static void hold_and_kill(struct kills *k, int run)
{
	char *before = sysctl_snapshot();
	enum victim victim = (enum victim)(next_random(k) % VICTIMS);
	struct proc *p = proc_words(arplab(), "set", "-q", "--hold", "--state", k->e.dir,
		"eth0.arp_ignore=1", "all.arp_announce=2", "lo.arp_ignore=3",
		"eth0.arp_filter=1", "default.arp_accept=1", "lo.arp_announce=1", (char *)NULL);
	pass_a_moment(k, before);
	kill_one(k, p->pid, victim, before);
	int status = proc_wait(p, PATIENCE_MS);
	/* A front whose helper died says so and ends by itself. */
	check(status > 0, "run %d: status %d after a kill: %s", run, status, p->err_text);
	proc_free(p);
	if (victim == FRONT && something_changed(before)) {
		expect_sysctls(before, "after a killed front");
		return;
	}
	restore(k);
	expect_sysctls(before, victim == FRONT ? "after a killed front" : "after restore");
}

static void holds_survive(void *arg)
{
	struct kills *k = arg;
	for (int i = 0; i < k->runs; i++)
		hold_and_kill(k, i);
	tap_note("%d runs; changes were there when the helper died in %d, both in %d", k->runs,
		k->reached[HELPER], k->reached[BOTH]);
	check(k->runs < 100 || k->reached[HELPER] + k->reached[BOTH] > 0,
		"no kill came at the right time: the test proves nothing");
}

/* Changes that were made to stay are not lost by a kill either: they are put back by restore. */
static void sets_survive(void *arg)
{
	struct kills *k = arg;
	for (int i = 0; i < k->runs / 8; i++) {
		char *before = sysctl_snapshot();
		struct proc *p = proc_words(arplab(), "set", "-q", "--state", k->e.dir,
			"eth0.arp_ignore=1", "all.arp_announce=2", "lo.arp_ignore=3", (char *)NULL);
		pass_a_moment(k, before);
		kill_one(k, p->pid, (enum victim)(next_random(k) % VICTIMS), before);
		proc_wait(p, PATIENCE_MS);
		proc_free(p);
		restore(k);
		expect_sysctls(before, "after restore");
	}
}

/* A restore that is killed itself is repeated. */
static void restores_survive(void *arg)
{
	struct kills *k = arg;
	for (int i = 0; i < k->runs / 8; i++) {
		char *before = sysctl_snapshot();
		check(proc_run(NULL, arplab(), "set", "-q", "--state", k->e.dir, "eth0.arp_ignore=1",
			      "all.arp_announce=2", "lo.arp_ignore=3", (char *)NULL) == 0,
			"set failed");
		char *during = sysctl_snapshot();
		struct proc *p = proc_words(arplab(), "restore", "-q", "--state", k->e.dir,
			(char *)NULL);
		pass_a_moment(k, during);
		free(during);
		kill_one(k, p->pid, (enum victim)(next_random(k) % VICTIMS), before);
		proc_wait(p, PATIENCE_MS);
		proc_free(p);
		restore(k);
		expect_sysctls(before, "after the second restore");
	}
}

static const struct tap_case cases[] = {
	{ "held changes are put back, whoever is killed", holds_survive },
	{ "changes made to stay are remembered, whoever is killed", sets_survive },
	{ "a restore that was killed is completed by the next", restores_survive },
};

int main(void)
{
	static struct kills k;
	const char *runs = getenv("KILL_RUNS"), *seed = getenv("KILL_SEED");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	e2e_open(&k.e);
	k.runs = runs ? atoi(runs) : 200;
	k.random = seed ? strtoull(seed, NULL, 10) : (unsigned)getpid();
	tap_note("KILL_SEED=%llu", (unsigned long long)k.random);
	return e2e_close(&k.e, tap_run(cases, sizeof cases / sizeof *cases, &k));
}
