/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: every lesson proves itself on the running kernel: each check is red before its step's
 * solution and green after it, as root and as an ordinary user; tickets with other seeds, too, with
 * every cause, every way to solve it and every wrong one. Each check is one case.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"
#include "tap.h"

#define CASES_MAX 2048
/* Not 65534: that is what every user seems to be in a namespace without maps. */
#define ORDINARY_USER 12345
#define ALL_LESSONS_MS 600000

struct result {
	bool good;
	const char *skipped; /* Why, or NULL. */
	char promise[240];
	const char *notes; /* Lines behind it that say what was seen. */
	size_t notes_len;
	int status; /* Of a whole round. */
};

struct lessons {
	struct result results[CASES_MAX];
	struct tap_case cases[CASES_MAX];
	size_t count, next;
	char dir[128];
};

static void report(void *arg)
{
	struct lessons *l = arg;
	const struct result *r = &l->results[l->next++];
	if (r->skipped)
		tap_skip("%s", r->skipped);
	check(r->good, "%.*s", (int)r->notes_len, r->notes);
}

static void ends_well(void *arg)
{
	struct lessons *l = arg;
	const struct result *r = &l->results[l->next++];
	check(r->status == 0, "status %d: %s", r->status, r->notes);
}

static struct result *add(struct lessons *l, void (*run)(void *arg))
{
	struct result *r = &l->results[l->count];
	if (l->count == CASES_MAX)
		return NULL;
	l->cases[l->count++] = (struct tap_case) { .promise = r->promise, .run = run };
	return r;
}

/* One line of the program's TAP, and the comments behind it. */
static void take_line(struct lessons *l, const char *line, size_t len, const char *who)
{
	bool good = strncmp(line, "ok - ", 5) == 0;
	size_t head = good ? 5 : 9;
	if (!good && strncmp(line, "not ok - ", 9) != 0)
		return;
	struct result *r = add(l, report);
	if (!r)
		return;
	const char *skip = memmem(line, len, " # SKIP ", 8);
	size_t said = skip ? (size_t)(skip - line) : len;
	snprintf(r->promise, sizeof r->promise, "%s, %.*s", who, (int)(said - head), line + head);
	r->good = good;
	if (skip)
		r->skipped = strndup(skip + 8, len - said - 8);
	r->notes = line + len + 1;
	r->notes_len = 0;
	while (r->notes[r->notes_len] == '#')
		r->notes_len += strcspn(r->notes + r->notes_len, "\n") + 1;
}

/* All lessons, played as one user; the lessons mostly wait, so several rounds run at once. */
struct round {
	unsigned uid;
	const char *who;
	const char *option; /* One more, or NULL. */
	const char *seed;   /* Of tickets, which are all that is played then; or NULL. */
	struct proc *proc;
};

static void begin(const struct lessons *l, struct round *r)
{
	char state[160];
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s", l->dir);
	const char *all[] = { arplab(), "run", "--solve", "--tap", "all", r->option, NULL };
	const char *tickets[] = { arplab(), "run", "--solve", "--tap", "--seed", r->seed,
		"ticket-1", "ticket-2", "ticket-3", "ticket-4", "ticket-5", "ticket-6", "ticket-7",
		"ticket-8", "ticket-9", "ticket-10", NULL };
	const char *const *words = r->seed ? tickets : all;
	const char *env[] = { state, NULL };
	r->proc = proc_start(&(struct proc_options) { .argv = words, .env = env, .uid = r->uid });
}

/* The output stays for the cases. */
static void end(struct lessons *l, struct round *r)
{
	int status = proc_wait(r->proc, ALL_LESSONS_MS);
	char *out = strdup(r->proc->out_text), *err = strdup(r->proc->err_text);
	proc_free(r->proc);
	for (const char *at = out; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
		take_line(l, at, strcspn(at, "\n"), r->who);
	struct result *last = add(l, ends_well);
	if (!last)
		return;
	snprintf(last->promise, sizeof last->promise, "%s, all lessons end well", r->who);
	last->status = status;
	last->notes = err;
}

int main(void)
{
	static struct lessons l;
	/* Without root every round is an ordinary user's. */
	unsigned other = geteuid() == 0 ? ORDINARY_USER : 0;
	struct round rounds[] = {
		{ 0, other ? "As root" : "As an ordinary user", NULL, NULL, NULL },
		{ other, "As an ordinary user, each step after a reset", "--reset", NULL, NULL },
		{ other, "As an ordinary user, seed 7", NULL, "7", NULL },
		{ 0, other ? "As root, seed 4711" : "Seed 4711", NULL, "4711", NULL },
		{ other, "As an ordinary user", NULL, NULL, NULL },
	};
	size_t count = other ? 5 : 4;
	arplab();
	temporary(l.dir, sizeof l.dir);
	chmod(l.dir, 0777);
	for (size_t i = 0; i < count; i++)
		begin(&l, &rounds[i]);
	for (size_t i = 0; i < count; i++)
		end(&l, &rounds[i]);
	int status = tap_run(l.cases, l.count, &l);
	temporary_remove(l.dir);
	return status;
}
