/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: a thousand labs made and killed at random moments leave nothing: no namespace, no link, no
 * process, no file.
 *
 * The test is in a user namespace in which few network namespaces may exist, so that leaks show:
 * at the end all but one of them must still be free. KILL_RUNS and KILL_SEED in the environment
 * choose how often and which moments.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "e2e.h"

/* Those of the test itself, and those of some labs that the kernel has not freed yet. */
#define NAMESPACES 300
#define OWN_NAMESPACES 4

enum victim { FRONT, HELPER, BOTH, VICTIMS };

struct kills {
	struct e2e e;
	uint64_t random;
	int runs;
	int stood; /* Labs that stood when they were killed. */
};

static uint64_t next_random(struct kills *k)
{
	uint64_t z = k->random += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static bool put_limit(int limit)
{
	char text[16];
	int fd = open("/proc/sys/user/max_net_namespaces", O_WRONLY | O_CLOEXEC);
	int len = snprintf(text, sizeof text, "%d", limit);
	bool done = fd >= 0 && write(fd, text, (size_t)len) == len;
	if (fd >= 0)
		close(fd);
	return done;
}

/* Whether that many more network namespaces can be had, tried by a child that then ends. */
static bool can_make(int count)
{
	pid_t pid = fork();
	if (pid == 0) {
		for (int i = 0; i < count; i++)
			if (unshare(CLONE_NEWNET) < 0 ||
				open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC) < 0)
				_exit(1);
		_exit(0);
	}
	int status = 1;
	waitpid(pid, &status, 0);
	return status == 0;
}

/* Everything that was started here comes to the test when its parent is gone; wait for its end. */
static void expect_no_process(void)
{
	int64_t end = now_ms() + PATIENCE_MS;
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) >= 0 || errno != ECHILD) {
		check(now_ms() < end, "a process of a killed lab lives on");
		if (pid == 0)
			tick();
	}
}

static void expect_no_file(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *one;
	check(d, "cannot look into %s", dir);
	while ((one = readdir(d)))
		check(one->d_name[0] == '.' || strcmp(one->d_name, "arplab") == 0,
			"a killed lab has left %s", one->d_name);
	closedir(d);
}

static void make_and_kill(struct kills *k)
{
	char state[160];
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s", k->e.dir);
	const char *words[] = { arplab(), "run", "--solve", "1", NULL };
	const char *env[] = { state, NULL };
	struct proc *p = proc_start(&(struct proc_options) { .argv = words, .env = env });
	/* A lab stands after some 10 ms; its first lesson plays for longer than the rest. */
	struct timespec moment = { .tv_nsec = (long)(next_random(k) % 40000000) };
	nanosleep(&moment, NULL);
	enum victim victim = (enum victim)(next_random(k) % VICTIMS);
	pid_t helper = proc_child(p->pid);
	k->stood += moment.tv_nsec > 15000000;
	if (victim != HELPER || !helper)
		kill(p->pid, SIGKILL);
	if (victim != FRONT && helper)
		kill(helper, SIGKILL);
	proc_wait(p, PATIENCE_MS);
	proc_free(p);
	expect_no_process();
}

static void leaves_nothing(void *arg)
{
	struct kills *k = arg;
	struct if_nameindex *links = if_nameindex();
	size_t before = 0, after = 0;
	for (; links[before].if_index; before++)
		;
	if_freenameindex(links);
	for (int i = 0; i < k->runs; i++)
		make_and_kill(k);
	links = if_nameindex();
	for (; links[after].if_index; after++)
		;
	if_freenameindex(links);
	check(before == after, "there were %zu links, there are %zu", before, after);
	expect_no_file(k->e.dir);
	/* The kernel frees namespaces in the background. */
	int64_t end = now_ms() + PATIENCE_MS;
	while (!can_make(NAMESPACES - OWN_NAMESPACES) && now_ms() < end)
		tick();
	check(can_make(NAMESPACES - OWN_NAMESPACES) || now_ms() < end,
		"network namespaces of killed labs are left");
	tap_note("%d labs, %d of them killed after 15 ms or more", k->runs, k->stood);
}

/* The limit can fail: with all namespaces taken, none can be made. */
static void limit_counts(void *arg)
{
	(void)arg;
	check(!can_make(NAMESPACES + 1), "more network namespaces can be made than allowed");
}

int main(void)
{
	static struct kills k;
	static const struct tap_case cases[] = {
		{ "The limit on network namespaces is one", limit_counts },
		{ "Labs that are killed leave nothing", leaves_nothing },
	};
	const char *runs = getenv("KILL_RUNS"), *seed = getenv("KILL_SEED");
	e2e_open(&k.e);
	/* A user namespace of its own, whose limits are the test's. */
	if (k.e.lab.root) {
		if (unshare(CLONE_NEWUSER) < 0)
			tap_skip_all("user namespaces are refused here");
		int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, "0 0 1", 5) != 5)
			tap_skip_all("the user namespace has no user");
		close(fd);
		if (unshare(CLONE_NEWNET) < 0)
			tap_skip_all("network namespaces are refused here");
	}
	if (!put_limit(NAMESPACES))
		tap_skip_all("the number of network namespaces cannot be limited here");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	k.runs = runs ? atoi(runs) : 1000;
	k.random = seed ? strtoull(seed, NULL, 10) : (uint64_t)now_ms();
	printf("# KILL_SEED=%llu\n", (unsigned long long)k.random);
	int status = tap_run(cases, sizeof cases / sizeof *cases, &k);
	return e2e_close(&k.e, status);
}
