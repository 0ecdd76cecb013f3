/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: every lesson proves itself on the running kernel: each check is red before its step's
 * solution and green after it, as root and as an ordinary user.
 *
 * The lessons mostly wait for the kernel's timers, so they run at the same time, each in a lab of
 * its own.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"
#include "tap.h"

#define LESSONS_MAX 64
#define ORDINARY_USER 65534
#define LESSON_MS 120000

struct playing {
	char id[48];
	unsigned uid;
	struct proc *proc;
	char promise[128];
};

struct lessons {
	struct playing all[2 * LESSONS_MAX];
	struct tap_case cases[2 * LESSONS_MAX];
	size_t count, next;
	char dir[128];
};

/* `{"lesson":"ID",…` of every line that the program lists. */
static size_t list_ids(char ids[LESSONS_MAX][48])
{
	struct proc *p;
	size_t n = 0;
	if (proc_run(&p, arplab(), "lessons", "--json", (char *)NULL) != 0)
		tap_skip_all("the lessons cannot be listed: %s", p->err_text);
	for (const char *at = p->out_text; (at = strstr(at, "{\"lesson\":\"")) && n < LESSONS_MAX;) {
		at += strlen("{\"lesson\":\"");
		snprintf(ids[n++], sizeof *ids, "%.*s", (int)strcspn(at, "\""), at);
	}
	proc_free(p);
	return n;
}

static void add(struct lessons *l, const char *id, unsigned uid, void (*run)(void *arg))
{
	struct playing *one = &l->all[l->count];
	snprintf(one->id, sizeof one->id, "%s", id);
	snprintf(one->promise, sizeof one->promise, "%s proves itself, as %s", id,
		uid ? "an ordinary user" : "the user of the tests");
	one->uid = uid;
	l->cases[l->count++] = (struct tap_case) { .promise = one->promise, .run = run };
}

static void begin(struct lessons *l, struct playing *one)
{
	char state[160];
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s", l->dir);
	const char *words[] = { arplab(), "run", "--solve", "--tap", one->id, NULL };
	const char *env[] = { state, NULL };
	one->proc = proc_start(
		&(struct proc_options) { .argv = words, .env = env, .uid = one->uid });
}

/* Only what went wrong is worth reading. */
static void note_failures(const char *out)
{
	while (*out) {
		size_t len = strcspn(out, "\n");
		if (strncmp(out, "not ok", 6) == 0 || *out == '#')
			tap_note("%.*s", (int)len, out);
		out += len + (out[len] == '\n');
	}
}

static void prove(void *arg)
{
	struct lessons *l = arg;
	/* Half a dozen at a time, so that timers are met on a slow machine, too. */
	size_t ahead = l->next + 6 < l->count ? l->next + 6 : l->count;
	for (size_t i = l->next; i < ahead; i++)
		if (!l->all[i].proc)
			begin(l, &l->all[i]);
	struct playing *one = &l->all[l->next++];
	int status = proc_wait(one->proc, LESSON_MS);
	if (status != 0)
		note_failures(one->proc->out_text);
	check(status == 0, "status %d: %s", status, one->proc->err_text);
	check(strstr(one->proc->out_text, "\nok "), "nothing was proved: %s", one->proc->out_text);
	proc_free(one->proc);
}

static void end(struct lessons *l)
{
	for (size_t i = l->next; i < l->count; i++)
		proc_free(l->all[i].proc);
	temporary_remove(l->dir);
}

int main(void)
{
	static struct lessons l;
	static char ids[LESSONS_MAX][48];
	size_t count = list_ids(ids);
	temporary(l.dir, sizeof l.dir);
	chmod(l.dir, 0777);
	for (size_t i = 0; i < count; i++)
		add(&l, ids[i], 0, prove);
	/* Without root the first round is an ordinary user's already. */
	for (size_t i = 0; i < count && geteuid() == 0; i++)
		add(&l, ids[i], ORDINARY_USER, prove);
	int status = tap_run(l.cases, l.count, &l);
	end(&l);
	return status;
}
