/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: a lesson in plain lines, as a pipe or a screen reader has it; and where there is no lab. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "tap.h"

struct plain {
	char dir[128], file[256];
};

/* A line for sh, in which $ARPLAB is the program and $LESSON the lesson. Returns its status. */
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

static void explains_after_the_kernel(void *arg)
{
	(void)arg;
	struct proc *p;
	int status = sh(&p, "printf '1\\n' | \"$ARPLAB\" run \"$LESSON\"");
	check(status == 1, "an unfinished lesson: status %d", status);
	check(place(p, "You predict: one.") < place(p, "[ok] replies"), "%s", p->out_text);
	check(place(p, "[ok] replies") < place(p, "The others hold it as well."), "%s",
		p->out_text);
	place(p, "1 of 3 steps solved; 0 of 1 predictions right.");
	proc_free(p);
}

static void words_are_taken_at_a_question(void *arg)
{
	(void)arg;
	struct proc *p;
	int status = sh(&p, "printf '7\\nhint\\nquit\\n3\\n' | \"$ARPLAB\" run \"$LESSON\"");
	check(status == 1, "a lesson that was left: status %d", status);
	check(place(p, "a number from 1 to 3") < place(p, "no further hint"), "%s", p->out_text);
	check(!strstr(p->out_text, "You predict"), "it went on after quit: %s", p->out_text);
	proc_free(p);
}

static void why_shows_the_rules_when_the_frame_was_seen(void *arg)
{
	(void)arg;
	struct proc *p;
	sh(&p, "printf 'why\\n3\\nwhy\\n' | \"$ARPLAB\" run \"$LESSON\"");
	const char *asked = place(p, "Does rs1 answer who-has 192.168.2.200?");
	check(asked < place(p, "The rules stand here once") &&
			place(p, "The rules stand here once") < place(p, "[ok] replies"),
		"%s", p->out_text);
	const char *rung = place(p, "Is the target an address of this host?");
	check(place(p, "[ok] replies") < rung && rung < place(p, "So eth0 answers with 02:"), "%s",
		p->out_text);
	check(!strstr(rung + 1, "Is the target an address of this host?"), "told twice:\n%s",
		p->out_text);
	place(p, "This step has no longer explanation.");
	proc_free(p);
	int status = sh(&p, "\"$ARPLAB\" run --solve --json \"$LESSON\" | grep '\"ladder\"'");
	check(status == 0, "no ladder in the proof's JSON");
	place(p, "\"step\":\"a-prediction\",\"line\":34,\"ladder\":\"ladder rs1 answers "
		 "192.168.2.200\",\"question\":\"answer\",\"host\":\"rs1\",\"outcome\":\"reply\"");
	place(p, "{\"holds\":true,\"rule\":\"answer.local\",");
	proc_free(p);
}

static void a_finished_lesson_is_a_success(void *arg)
{
	(void)arg;
	struct proc *p;
	int status = sh(&p, "printf '3\\nset rs1 all.arp_ignore 1\\nset rs2 all.arp_ignore 1\\n' | "
			    "\"$ARPLAB\" run \"$LESSON\"");
	check(status == 0, "status %d:\n%s", status, p->out_text);
	place(p, "3 of 3 steps solved; 1 of 1 predictions right.");
	proc_free(p);
	status = sh(&p, "printf '3\\nsolve\\nsolve\\n' | \"$ARPLAB\" run \"$LESSON\"");
	check(status == 1, "solutions of the program count as the learner's: status %d", status);
	check(place(p, "$ set rs1 all.arp_ignore 1") < place(p, "rs1: all.arp_ignore is now 1"),
		"the solution is not told before it is carried out:\n%s", p->out_text);
	proc_free(p);
}

static void an_exam_offers_no_help(void *arg)
{
	(void)arg;
	struct proc *p;
	sh(&p, "printf '3\\nsolve\\nhint\\n' | \"$ARPLAB\" run --no-solve \"$LESSON\"");
	place(p, "or: why, reset, skip, quit.");
	check(place(p, "there are no solutions") < place(p, "there are no hints"), "%s",
		p->out_text);
	proc_free(p);
}

static void a_new_lesson_is_found_by_its_name(void *arg)
{
	(void)arg;
	struct proc *p;
	sh(&p, "cd \"$XDG_STATE_HOME\" && \"$ARPLAB\" lessons new quiz >/dev/null && "
	       "\"$ARPLAB\" run quiz; status=$?; rm quiz.md; exit $status");
	check(strstr(p->err_text, "Did you mean quiz.md?"), "%s", p->err_text);
	proc_free(p);
}

/* ---- no lab ---- */

#define WITHOUT \
	"unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec \"$0\" \"$@\"' "
#define REASON "user.max_net_namespaces"

static void without(struct proc **ret, const char *words)
{
	char line[512];
	struct proc *p;
	if (sh(&p, WITHOUT "true") != 0)
		tap_skip("user namespaces cannot be limited here");
	proc_free(p);
	snprintf(line, sizeof line, WITHOUT "\"$ARPLAB\" %s", words);
	int status = sh(ret, line);
	check(status == 1, "%s: status %d", words, status);
	check(!strstr((*ret)->err_text, "unexpectedly"), "%s", (*ret)->err_text);
	check(strstr((*ret)->err_text, REASON), "%s", (*ret)->err_text);
}

static void the_reason_is_said(void *arg)
{
	(void)arg;
	struct proc *p;
	without(&p, "run \"$LESSON\"");
	proc_free(p);
	without(&p, "run --solve \"$LESSON\"");
	proc_free(p);
	without(&p, "doctor --lab");
	place(p, "ok         user namespace");
	place(p, "FAILED     network namespace");
	proc_free(p);
}

/* `lessons check` plays what it has read: a check that proves nothing is a mistake. */
static void a_green_check_is_a_mistake(void *arg)
{
	struct plain *s = arg;
	struct proc *p;
	char line[512];
	int status = sh(&p, "\"$ARPLAB\" lessons check \"$LESSON\"");
	check(status == 0 && strstr(p->out_text, "red before its solution"), "status %d: %s%s",
		status, p->out_text, p->err_text);
	proc_free(p);
	snprintf(line, sizeof line,
		"sed 's/= 3$/>= 0/' \"$LESSON\" >%s/green.md; "
		"\"$ARPLAB\" lessons check %s/green.md",
		s->dir, s->dir);
	status = sh(&p, line);
	check(status == 1, "status %d: %s", status, p->out_text);
	check(strstr(p->err_text, "green.md:25: this check is already green before"), "%s",
		p->err_text);
	proc_free(p);
}

/* A ladder whose frame the step does not bring is one, too. */
static void a_ladder_without_a_frame_is_a_mistake(void *arg)
{
	struct plain *s = arg;
	struct proc *p;
	char line[512];
	snprintf(line, sizeof line,
		"sed 's/^ladder .*/ladder rs1 answers {rs2}/' \"$LESSON\" >%s/no.md; "
		"\"$ARPLAB\" lessons check %s/no.md; status=$?; rm %s/no.md; exit $status",
		s->dir, s->dir, s->dir);
	int status = sh(&p, line);
	check(status == 1, "status %d: %s", status, p->out_text);
	check(strstr(p->err_text, "no.md:34: the step has no frame that this ladder is about"),
		"%s", p->err_text);
	proc_free(p);
}

/* What was learnt in one language is known in every other one. */
static void a_lesson_is_told_in_the_reader_s_language(void *arg)
{
	(void)arg;
	struct proc *p;
	sh(&p, "printf '2\\n' | LANGUAGE=xx:zh_CN \"$ARPLAB\" run 1");
	place(p, "ARP：向所有机器提问");
	place(p, "ARP（地址解析协议）\n就夹在两者之间");
	place(p, "[ok] asked client");
	proc_free(p);
	sh(&p, "LANGUAGE=zh_CN \"$ARPLAB\" lessons");
	place(p, "1 / 6        ARP：向所有机器提问");
	proc_free(p);
	sh(&p, "LANGUAGE=zh_CN \"$ARPLAB\" lessons --json");
	place(p, "{\"step\":\"the-first-packet-waits\",\"title\":\"The first packet waits\","
		 "\"outcome\":\"solved\"");
	proc_free(p);
	sh(&p, "LANGUAGE=zh_CN LC_ALL=C \"$ARPLAB\" lessons");
	place(p, "1 of 6       ARP: a question to all");
	proc_free(p);
}

int main(void)
{
	static struct plain s;
	static const struct tap_case cases[] = {
		{ "A prediction is explained after the kernel was asked",
			explains_after_the_kernel },
		{ "A question takes quit and hint, too", words_are_taken_at_a_question },
		{ "Why shows the rules when the frame was seen, and once",
			why_shows_the_rules_when_the_frame_was_seen },
		{ "The status is 0 when the learner has solved every step",
			a_finished_lesson_is_a_success },
		{ "An exam offers no help", an_exam_offers_no_help },
		{ "A file that is called by its name alone is suggested",
			a_new_lesson_is_found_by_its_name },
		{ "A check that is green before its solution is a mistake",
			a_green_check_is_a_mistake },
		{ "A ladder without a frame is a mistake", a_ladder_without_a_frame_is_a_mistake },
		{ "A lesson is told in the reader's language, with the same progress",
			a_lesson_is_told_in_the_reader_s_language },
		{ "Where no lab can be made, the reason is said everywhere", the_reason_is_said },
	};
	const char *tests = getenv("ARPLAB_TESTS");
	setenv("ARPLAB", arplab(), 1);
	temporary(s.dir, sizeof s.dir);
	setenv("XDG_STATE_HOME", s.dir, 1);
	snprintf(s.file, sizeof s.file, "%s/e2e/session.md", tests ? tests : "tests");
	setenv("LESSON", s.file, 1);
	int status = tap_run(cases, sizeof cases / sizeof *cases, &s);
	char folder[160];
	snprintf(folder, sizeof folder, "%s/arplab", s.dir);
	temporary_remove(folder);
	temporary_remove(s.dir);
	return status;
}
