/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: run — lessons without a screen, for a learner's lines, for courses, and as their proof. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "run.h"

#define PROOFS_AT_ONCE \
	12 /* They mostly wait: for timers of the kernel, and for what is never answered. */

static int run_one(struct headless *h, struct course *c, const char *word,
	const struct app_options *o, struct proof_sum *sum)
{
	struct err err = { "" };
	int status = EXIT_FINE;
	size_t causes = 1;
	/* The proof is about every cause that a ticket may have. */
	for (c->cause = o->solve; c->cause <= causes; c->cause++) {
		struct lesson *l = course_read(c, word, false, &err);
		if (!l) {
			sum->failed++;
			return app_fail(EXIT_USAGE, "%s", err.text);
		}
		causes = o->solve && l->cause_count ? l->cause_count : c->cause;
		course_record(h->recorder, word, l);
		int one = o->solve ? run_proof(h, l, o, sum) : run_plain(h, c, l, o);
		status = one > status ? one : status;
		lesson_free(l);
		if (one >= 128)
			break;
	}
	return status;
}

/* The lesson number i that is asked for: a word of the command line, or `all` of them. */
static const char *wanted(const struct course *c, const struct app_options *o, size_t i)
{
	if (o->arg_count == 1 && strcmp(o->args[0], "all") == 0)
		return i < c->count ? c->lessons[i]->id : NULL;
	return i < o->arg_count ? o->args[i] : NULL;
}

/* A word that names no lesson is found before the first lesson runs. */
static int check_words(const struct course *c, const struct app_options *o)
{
	struct err err = { "" };
	const char *word;
	for (size_t i = 0; (word = wanted(c, o, i)); i++) {
		struct lesson *l = course_read(c, word, false, &err);
		if (!l)
			return app_fail(EXIT_USAGE, "%s", err.text);
		lesson_free(l);
	}
	return EXIT_FINE;
}

/* ---- one after the other, for a learner ---- */

static int run_in_turn(struct course *c, const struct app_options *o)
{
	struct headless h;
	struct err err = { "" };
	struct proof_sum sum = { 0 };
	const char *word;
	char said[EVENT_TEXT_SIZE] = "";
	int error = headless_open(&h, o, &err);
	c->deal = !o->solve;
	int status = error ? app_fail(EXIT_REFUSED, "%s", err.text) : EXIT_FINE;
	if (!error && !o->solve)
		course_recall(c, said, sizeof said);
	if (said[0])
		app_fail(EXIT_FINE, "%s", said);
	for (size_t i = 0; !error && (word = wanted(c, o, i)); i++) {
		int one = run_one(&h, c, word, o, &sum);
		status = one > status ? one : status;
		if (one >= 128)
			break;
	}
	int closed = headless_close(&h);
	return status ? status : closed;
}

/* ---- several at once, for the proof: lessons mostly wait for the kernel's timers ---- */

struct proving {
	pid_t pid;
	int out; /* What it prints, read when its turn has come. */
};

/* A child with a lab of its own. Its lines go to a pipe, in the order of the lessons. */
static int begin_proof(
	struct proving *p, struct course *c, const char *word, const struct app_options *o)
{
	int pipes[2];
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -errno;
	fflush(stdout);
	p->pid = fork();
	if (p->pid == 0) {
		struct app_options one = *o;
		char *words[] = { (char *)(uintptr_t)word, NULL };
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(pipes[1], STDOUT_FILENO);
		one.args = words;
		one.arg_count = 1;
		_exit(run_in_turn(c, &one) | (fflush(stdout) != 0));
	}
	close(pipes[1]);
	p->out = pipes[0];
	return p->pid < 0 ? -errno : 0;
}

/* Hand a child's lines on and count its results. Returns its status. */
static int end_proof(struct proving *p, unsigned *tests)
{
	char line[16384];
	int status;
	FILE *f = fdopen(p->out, "r");
	while (f && fgets(line, sizeof line, f)) {
		*tests += strncmp(line, "ok ", 3) == 0 || strncmp(line, "not ok ", 7) == 0;
		fputs(line, stdout);
	}
	fflush(stdout);
	if (f)
		fclose(f);
	if (waitpid(p->pid, &status, 0) < 0)
		return EXIT_REFUSED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int prove(struct course *c, const struct app_options *o)
{
	struct proving all[PROOFS_AT_ONCE];
	size_t begun = 0, ended = 0;
	unsigned tests = 0;
	int status = EXIT_FINE;
	for (;;) {
		const char *word = wanted(c, o, begun);
		if (word && begun - ended < PROOFS_AT_ONCE) {
			if (begin_proof(&all[begun % PROOFS_AT_ONCE], c, word, o) < 0)
				return app_fail(EXIT_REFUSED, _("cannot start a process: %s"),
					err_reason(errno));
			begun++;
		} else if (ended < begun) {
			int one = end_proof(&all[ended++ % PROOFS_AT_ONCE], &tests);
			status = one > status ? one : status;
		} else {
			break;
		}
	}
	if (o->tap)
		printf("1..%u\n", tests);
	return status;
}

int app_run(const struct app_options *o)
{
	struct course c;
	struct err err = { "" };
	if (!o->solve && (o->tap || o->json))
		return app_fail(EXIT_USAGE, _("--json and --tap are for the proof: add --solve"));
	if (!o->solve && o->reset)
		return app_fail(EXIT_USAGE, _("--reset is for the proof: add --solve"));
	if (o->solve && o->no_solve)
		return app_fail(EXIT_USAGE, _("--solve and --no-solve exclude each other"));
	bool many = o->arg_count > 1 || strcmp(o->args[0], "all") == 0;
	if (o->solve && o->record && many)
		return app_fail(
			EXIT_USAGE, _("lessons are proved at the same time, each in a lab of "
				      "its own: --record with "
				      "--solve takes one lesson"));
	if (course_open(&c, o, &err) < 0)
		return app_fail(EXIT_USAGE, "%s", err.text);
	course_list(&c);
	int status = check_words(&c, o);
	if (status == EXIT_FINE)
		status = o->solve ? prove(&c, o) : run_in_turn(&c, o);
	course_done(&c);
	return status;
}
