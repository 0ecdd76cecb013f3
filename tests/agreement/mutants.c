/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: mutants [FILE…]: whether the cases, those kept here if none are named, hold every rule
 * fast.
 *
 * Each rule of each question is left out once, and turned round once; some case must then disagree.
 * And each rule must be met by a case that passes it and by one that it decides. Output: TAP.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"

#define ROWS_MAX 64

/* ---- one rule changed ---- */

static const struct rule *turned; /* The rule whose answer is turned round. */

static int turned_holds(struct asked *a)
{
	int holds = turned->holds(a);
	return holds < 0 ? holds : !holds;
}

struct mutant {
	struct rules rules;
	const struct rule *rows[ROWS_MAX];
	struct rule changed;
};

/* NULL pointers are no rules, so a row that is left out closes the ranks. */
static void mutate(struct mutant *m, enum question q, size_t row, bool leave_out)
{
	const struct rules *kernel = rules_kernel();
	size_t count = 0;
	m->rules = *kernel;
	for (size_t i = 0; i < kernel->counts[q]; i++)
		if (i != row || !leave_out)
			m->rows[count++] = kernel->rows[q][i];
	if (!leave_out) {
		turned = kernel->rows[q][row];
		m->changed = *turned;
		m->changed.holds = turned_holds;
		/* What it would decide it has not looked at. */
		m->changed.decide = NULL;
		m->rows[row] = &m->changed;
	}
	m->rules.rows[q] = m->rows;
	m->rules.counts[q] = count;
}

/* The first case that disagrees, or NULL. */
static const struct recorded *killer(const struct book *b, const struct rules *r)
{
	static struct effect predicted;
	for (size_t i = 0; i < b->case_count; i++) {
		struct scene s = book_scene(b, &b->cases[i]);
		predict(r, &s, &b->cases[i].what, &predicted);
		if (!recorded_agrees(&b->cases[i], &predicted))
			return &b->cases[i];
	}
	return NULL;
}

/* ---- how often a rule was met ---- */

struct met {
	size_t passed, decided;
};

struct counting {
	struct met met[QUESTIONS][ROWS_MAX];
	enum question question;
};

/* predict_tell() gives a line a question, then one a rule: "   + ID: …" if it holds, "   - …". */
static void count_line(void *arg, const char *text)
{
	struct counting *c = arg;
	const struct rules *kernel = rules_kernel();
	if (text[0] != ' ') {
		for (enum question q = QUESTION_ANSWER; q < QUESTIONS; q++) {
			size_t len = strlen(question_name(q));
			if (strncmp(text, question_name(q), len) == 0 && text[len] == ':')
				c->question = q;
		}
		return;
	}
	const char *id = text + 5;
	for (size_t i = 0; i < kernel->counts[c->question]; i++) {
		const char *name = kernel->rows[c->question][i]->id;
		size_t len = strlen(name);
		if (strncmp(id, name, len) != 0 || id[len] != ':')
			continue;
		c->met[c->question][i].passed += text[3] == '-';
		c->met[c->question][i].decided += text[3] == '+';
	}
}

static void count(const struct book *b, struct counting *c)
{
	for (size_t i = 0; i < b->case_count; i++) {
		struct scene s = book_scene(b, &b->cases[i]);
		predict_tell(&s, &b->cases[i].what, count_line, c);
	}
}

/* ---- the report ---- */

/* A last rule that always holds can be passed by nobody. */
static bool ends_the_table(const struct rule *r)
{
	static const char *const ends[] = { "probe.answer", "answer.local", "proxy.none",
		"learn.update", "select.none", "ignore.8" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(ends[i], r->id) == 0)
			return true;
	return false;
}

struct report {
	unsigned number, failed;
};

static void say(struct report *r, bool good, const char *question, const struct rule *rule,
	const char *what)
{
	printf("%s %u - %s, %s: %s\n", good ? "ok" : "not ok", ++r->number, question, rule->id,
		what);
	r->failed += !good;
}

static void judge(const struct book *b, const struct counting *c, enum question q, size_t row,
	struct report *r)
{
	static struct mutant m;
	char what[160];
	const char *name = question_name(q);
	const struct rule *rule = rules_kernel()->rows[q][row];
	const struct met *met = &c->met[q][row];
	bool ends = ends_the_table(rule);
	snprintf(what, sizeof what, "passed %zu times, decides %zu times", met->passed,
		met->decided);
	say(r, met->decided && (met->passed || ends), name, rule, what);
	for (int leave_out = 1; leave_out >= 0; leave_out--) {
		mutate(&m, q, row, leave_out);
		const struct recorded *by = killer(b, &m.rules);
		snprintf(what, sizeof what, "%s is noticed%s%s",
			leave_out ? "leaving it out" : "turning it round", by ? " by " : "",
			by ? by->id : "");
		say(r, by != NULL, name, rule, what);
	}
}

static int read_kept(struct book *b, struct err *err)
{
	static const char *const kept[] = { "named.txt.gz", "random.txt.gz", "rules.txt",
		"kernels.txt.gz" };
	const char *tests = getenv("ARPLAB_TESTS");
	char path[400];
	int error = 0;
	for (size_t i = 0; i < sizeof kept / sizeof *kept && !error; i++) {
		snprintf(path, sizeof path, "%s/agreement/cases/%s", tests ? tests : "tests",
			kept[i]);
		error = book_read(b, path, false, err);
	}
	return error;
}

int main(int argc, char **argv)
{
	struct book book = { 0 };
	struct err err = { "" };
	static struct counting counting;
	struct report report = { 0 };
	int error = argc > 1 ? 0 : read_kept(&book, &err);
	for (int i = 1; i < argc && !error; i++)
		error = book_read(&book, argv[i], false, &err);
	if (error) {
		printf("1..1\nnot ok 1 - %s\n", err.text);
		return 1;
	}
	count(&book, &counting);
	for (enum question q = QUESTION_ANSWER; q < QUESTIONS; q++)
		for (size_t row = 0; row < rules_kernel()->counts[q]; row++)
			judge(&book, &counting, q, row, &report);
	printf("1..%u\n", report.number);
	book_done(&book);
	return report.failed ? 1 : 0;
}
