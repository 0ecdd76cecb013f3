/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: what was recorded is replayed as it was; killed, cut or damaged, as far as it goes. */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"

struct record {
	struct e2e e2e;
	char file[256];   /* The recording. */
	char lesson[256]; /* A lesson to be played. */
};

/* A line for sh, in which $ARPLAB is the program, $REC the recording, $LESSON the lesson. */
static int sh(struct proc **ret, const char *line)
{
	return proc_run(ret, "/bin/sh", "-c", line, NULL);
}

static const char *place(const struct proc *p, const char *words)
{
	const char *at = strstr(p->out_text, words);
	check(at, "no \"%s\" in:\n%s%s", words, p->out_text, p->err_text);
	return at;
}

static void replayed(struct record *r, struct proc **ret, const char *form, int wanted)
{
	int status = proc_run(ret, arplab(), "replay", form, r->file, NULL);
	check(status == wanted, "replay: status %d:\n%s%s", status, (*ret)->out_text,
		(*ret)->err_text);
}

/* `arplab monitor --record` with somebody who asks on the wire. */
static struct proc *recorded_monitor(struct record *r, bool json)
{
	unlink(r->file);
	struct proc *p = monitor_start("--record", r->file, json ? "--json" : NULL);
	ns_send(&r->e2e.lab,
		&(struct ns_arp){ .op = 1, .sip = "192.168.77.9", .tip = HOST_IP });
	check(proc_wait_text(p, "192.168.77.9", PATIENCE_MS), "%s", p->out_text);
	check(proc_wait_text(p, "reply", PATIENCE_MS), "%s", p->out_text);
	return p;
}

static void same_lines(struct record *r, bool json)
{
	struct proc *p = recorded_monitor(r, json), *again;
	kill(p->pid, SIGTERM);
	check(proc_wait(p, PATIENCE_MS) == 0, "%s", p->err_text);
	replayed(r, &again, json ? "--json" : "--text", 0);
	check(strcmp(p->out_text, again->out_text) == 0, "monitor:\n%sreplay:\n%s", p->out_text,
		again->out_text);
	check(!again->err_text[0], "%s", again->err_text);
	proc_free(p);
	proc_free(again);
}

static void replays_what_monitor_printed(void *arg)
{
	same_lines(arg, true);
	same_lines(arg, false);
}

static void a_killed_monitor_leaves_all_it_printed(void *arg)
{
	struct record *r = arg;
	struct proc *p = recorded_monitor(r, true), *again;
	kill(p->pid, SIGKILL);
	proc_wait(p, PATIENCE_MS);
	replayed(r, &again, "--json", 0);
	size_t len = strlen(p->out_text);
	check(strncmp(p->out_text, again->out_text, len) == 0, "monitor:\n%sreplay:\n%s",
		p->out_text, again->out_text);
	expect_sentence(again->err_text, "was never ended");
	proc_free(p);
	proc_free(again);
}

static void no_file_is_overwritten(void *arg)
{
	struct record *r = arg;
	static const char *const commands[] = { "monitor", "run \"$LESSON\"" };
	struct proc *p;
	char line[512], before[64], after[64];
	check(sh(&p, "echo precious >\"$REC\"") == 0, "echo");
	proc_free(p);
	check(slurp(r->file, before, sizeof before) > 0, "nothing there");
	for (size_t i = 0; i < 2; i++) {
		snprintf(line, sizeof line, "\"$ARPLAB\" %s --record \"$REC\"", commands[i]);
		int status = sh(&p, line);
		check(status == 1, "%s: status %d", line, status);
		expect_sentence(p->err_text, "exists already");
		slurp(r->file, after, sizeof after);
		check(strcmp(before, after) == 0, "it is \"%s\" now", after);
		proc_free(p);
	}
	unlink(r->file);
}

/* ---- homework ---- */

static void record_lesson(struct record *r, const char *answers, int wanted)
{
	struct proc *p;
	char line[512];
	unlink(r->file);
	snprintf(line, sizeof line, "printf '%s' | \"$ARPLAB\" run \"$LESSON\" --record \"$REC\"",
		answers);
	int status = sh(&p, line);
	if (strstr(p->err_text, "no lab"))
		tap_skip("%s", p->err_text);
	check(status == wanted, "status %d:\n%s%s", status, p->out_text, p->err_text);
	proc_free(p);
}

static void homework_can_be_judged(void *arg)
{
	struct record *r = arg;
	struct proc *p;
	record_lesson(r, "1\\nhint\\nset rs1 all.arp_ignore 1\\nset rs2 all.arp_ignore 1\\n", 0);
	replayed(r, &p, "--text", 0);
	check(place(p, "lesson     opened session: ") < place(p, "step       1 of 3 begun"), "%s",
		p->out_text);
	place(p, "predicted  wrong: one");
	place(p, "rs1 done       rs1: all.arp_ignore is now 1");
	check(place(p, "who-has 192.168.2.200 tell 192.168.2.222") <
			place(p, "192.168.2.200 is-at"),
		"%s", p->out_text);
	place(p, "homework   session: 3 of 3 steps solved, 0 shown; 0 of 1 predictions right");
	proc_free(p);
	replayed(r, &p, "--json", 0);
	expect_json(p->out_text);
	place(p, "\"event\":\"predicted\",\"step\":\"a-prediction\"");
	place(p, "\"choice\":\"one\",\"right\":false}");
	place(p, "\"event\":\"homework\",\"lesson\":\"session\",\"steps\":3,\"solved\":3,\"shown\":0");
	place(p, "\"machine\":\"client\",\"event\":\"frame\"");
	proc_free(p);
}

static void the_programs_solutions_are_not_the_learners(void *arg)
{
	struct record *r = arg;
	struct proc *p;
	record_lesson(r, "3\\nsolve\\nsolve\\n", 1);
	replayed(r, &p, "--text", 0);
	place(p, "solution   shown");
	place(p, "homework   session: 1 of 3 steps solved, 2 shown; 1 of 1 predictions right");
	proc_free(p);
}

static void a_proof_records_one_lesson(void *arg)
{
	struct record *r = arg;
	struct proc *p;
	unlink(r->file);
	int status = sh(&p, "\"$ARPLAB\" run --solve --record \"$REC\" \"$LESSON\" \"$LESSON\"");
	check(status == 2, "status %d", status);
	expect_sentence(p->err_text, "takes one lesson");
	check(access(r->file, F_OK) != 0, "it was made nevertheless");
	proc_free(p);
}

/* ---- bad input ---- */

/* Run sh on a copy of a recording, then replay the copy. */
static void spoiled(struct record *r, struct proc **ret, const char *how, int wanted)
{
	char line[512];
	snprintf(line, sizeof line, "cp \"$REC\" \"$REC.bad\" && { %s; } && \"$ARPLAB\" replay "
				    "\"$REC.bad\"; status=$?; rm -f \"$REC.bad\"; exit $status",
		how);
	int status = sh(ret, line);
	check(status == wanted, "%s: status %d:\n%s", how, status, (*ret)->err_text);
	(void)r;
}

static void damage_is_said_with_its_place(void *arg)
{
	struct record *r = arg;
	struct proc *p;
	record_lesson(r, "1\\nquit\\n", 1);
	spoiled(r, &p, "truncate -s -50 \"$REC.bad\"", 1);
	expect_sentence(p->err_text, "the recording is cut off");
	place(p, "lesson     opened session: ");
	proc_free(p);
	spoiled(r, &p, "truncate -s -40 \"$REC.bad\"", 0);
	expect_sentence(p->err_text, "was never ended");
	proc_free(p);
	spoiled(r, &p,
		"printf XYZ | dd of=\"$REC.bad\" bs=1 seek=20000 conv=notrunc 2>/dev/null", 1);
	expect_sentence(p->err_text, "is damaged");
	check(strstr(p->err_text, "at byte "), "%s", p->err_text);
	proc_free(p);
	spoiled(r, &p, "truncate -s 100 \"$REC.bad\"", 1);
	expect_sentence(p->err_text, "it is cut off at byte 100, within its head");
	proc_free(p);
	spoiled(r, &p, "printf '\\377\\377' | dd of=\"$REC.bad\" bs=1 seek=12 conv=notrunc "
		       "2>/dev/null",
		1);
	expect_sentence(p->err_text, "its head is damaged");
	proc_free(p);
	/* Nor is it taken for a capture. */
	check(sh(&p, "\"$ARPLAB\" ladder \"$REC\"") == 1, "%s", p->out_text);
	expect_sentence(p->err_text, "it is a recording; try: arplab replay FILE");
	proc_free(p);
}

static void what_is_no_recording_is_refused(void *arg)
{
	(void)arg;
	struct proc *p;
	int status = sh(&p, "\"$ARPLAB\" replay \"$LESSON\"");
	check(status == 1, "status %d", status);
	expect_sentence(p->err_text, "it is no recording of arplab; a capture file is for");
	proc_free(p);
	sh(&p, "\"$ARPLAB\" replay /");
	expect_sentence(p->err_text, "it is a directory");
	proc_free(p);
	sh(&p, "mkfifo \"$REC.fifo\" && \"$ARPLAB\" replay \"$REC.fifo\"; rm \"$REC.fifo\"");
	expect_sentence(p->err_text, "it is no file that can be read back and forth");
	proc_free(p);
	sh(&p, "\"$ARPLAB\" replay /nonexistent");
	expect_sentence(p->err_text, "No such file");
	proc_free(p);
}

int main(void)
{
	static struct record r;
	static const struct tap_case cases[] = {
		{ "A replay prints what monitor has printed", replays_what_monitor_printed },
		{ "A killed monitor leaves a recording of all that it has printed",
			a_killed_monitor_leaves_all_it_printed },
		{ "No file is overwritten", no_file_is_overwritten },
		{ "Homework can be judged by its recording", homework_can_be_judged },
		{ "Solutions of the program are told apart",
			the_programs_solutions_are_not_the_learners },
		{ "A proof records one lesson", a_proof_records_one_lesson },
		{ "Damage is said with its place", damage_is_said_with_its_place },
		{ "What is no recording is refused with the reason",
			what_is_no_recording_is_refused },
	};
	const char *tests = getenv("ARPLAB_TESTS");
	e2e_open(&r.e2e);
	setenv("ARPLAB", arplab(), 1);
	setenv("XDG_STATE_HOME", r.e2e.dir, 1);
	snprintf(r.file, sizeof r.file, "%s/it.arplab", r.e2e.dir);
	snprintf(r.lesson, sizeof r.lesson, "%s/e2e/session.md", tests ? tests : "tests");
	setenv("REC", r.file, 1);
	setenv("LESSON", r.lesson, 1);
	int status = tap_run(cases, sizeof cases / sizeof *cases, &r);
	char folder[160];
	snprintf(folder, sizeof folder, "%s/arplab", r.e2e.dir);
	temporary_remove(folder);
	return e2e_close(&r.e2e, status);
}
