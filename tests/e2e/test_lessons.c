/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: every lesson proves itself on the running kernel: each check is red before its step's
 * solution and green after it, as root and as an ordinary user. Each check is one case.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"
#include "tap.h"

#define CASES_MAX 1024
#define ORDINARY_USER 65534
#define ALL_LESSONS_MS 300000

struct result {
	bool good;
	const char *skipped; /* Why, or NULL. */
	char promise[240];
	const char *notes; /* Lines behind it that say what was seen. */
	size_t notes_len;
};

struct lessons {
	struct result results[CASES_MAX];
	struct tap_case cases[CASES_MAX];
	size_t count, next;
	char dir[128];
	int status;
	char *err;
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
	l->next++;
	check(l->status == 0, "status %d: %s", l->status, l->err);
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

/* Play all lessons as one user; the output stays for the cases. */
static void play(struct lessons *l, unsigned uid, const char *who)
{
	char state[160];
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s", l->dir);
	const char *words[] = { arplab(), "run", "--solve", "--tap", "all", NULL };
	const char *env[] = { state, NULL };
	struct proc *p =
		proc_start(&(struct proc_options) { .argv = words, .env = env, .uid = uid });
	l->status |= proc_wait(p, ALL_LESSONS_MS);
	char *out = strdup(p->out_text);
	l->err = strdup(p->err_text);
	proc_free(p);
	for (const char *at = out; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
		take_line(l, at, strcspn(at, "\n"), who);
	struct result *r = add(l, ends_well);
	if (r)
		snprintf(r->promise, sizeof r->promise, "%s, all lessons end well", who);
}

int main(void)
{
	static struct lessons l;
	arplab();
	temporary(l.dir, sizeof l.dir);
	chmod(l.dir, 0777);
	/* Without root the first round is an ordinary user's already. */
	play(&l, 0, geteuid() ? "As an ordinary user" : "As root");
	if (geteuid() == 0)
		play(&l, ORDINARY_USER, "As an ordinary user");
	int status = tap_run(l.cases, l.count, &l);
	temporary_remove(l.dir);
	return status;
}
