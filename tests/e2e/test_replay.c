/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: a recording on a terminal: it plays by itself, goes back and forth, shows its ladder, takes
 * no orders, and says at its end what is missing of it.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"
#include "pty.h"

struct replay {
	char dir[128], file[256], lesson[256];
};

static void record(const struct replay *r)
{
	struct proc *p;
	int status = proc_run(&p, arplab(), "run", r->lesson, "--solve", "--record", r->file, NULL);
	if (status != 0 && access(r->file, R_OK) != 0)
		tap_skip("%s", p->err_text);
	proc_free(p);
}

static struct pty *start(const struct replay *r)
{
	const char *words[] = { arplab(), "replay", r->file, NULL };
	return pty_start(&(struct pty_options) { .argv = words, .rows = 40, .columns = 120 });
}

static void order(struct pty *p, const char *line)
{
	pty_key(p, ":");
	pty_type(p, line);
	pty_key(p, "Enter");
}

static void step_until(struct pty *p, const char *key, const char *text)
{
	for (int i = 0; i < 400 && !pty_shows(p, text, 20); i++)
		pty_key(p, key);
	pty_expect(p, text);
}

static void goes_back_and_forth(void *arg)
{
	struct replay *r = arg;
	record(r);
	struct pty *p = start(r);
	pty_expect(p, "The recording ends here.");
	pty_expect(p, "step 3/3");
	/* From its end it begins anew, with the menu that the learner saw. */
	order(p, "goto 0");
	pty_expect_gone(p, "step 3/3");
	step_until(p, ".", "How many machines answer?");
	step_until(p, ".", ".200 is-at director");
	pty_expect(p, "step 1/3");
	step_until(p, ".", "step 2/3");
	step_until(p, ",", "step 1/3");
	pty_key(p, "}");
	pty_expect(p, "step 2/3");
	pty_key(p, "}");
	pty_expect(p, "step 3/3");
	pty_key(p, "}");
	pty_expect(p, "No further step of a lesson begins");
	pty_key(p, "{");
	pty_expect_gone(p, "No further step");
	pty_key(p, "{");
	pty_expect(p, "step 2/3");
	order(p, "goto 100%");
	pty_expect(p, "step 3/3");
	for (int i = 0; i < 4; i++)
		pty_key(p, "-");
	pty_key(p, "Space");
	pty_expect(p, "step 1/3");
	order(p, "goto 100%");
	pty_expect(p, "The recording ends here.");
	pty_key(p, "L");
	pty_expect(p, "Ladder");
	pty_expect(p, "who-has .200");
	pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) == 0, "quitting failed");
	pty_expect_restored(p);
	pty_free(p);
}

static void takes_no_orders(void *arg)
{
	struct replay *r = arg;
	struct pty *p = start(r);
	pty_expect(p, "The recording ends here.");
	order(p, "set rs1 all.arp_ignore 1");
	pty_expect(p, "set is for a live machine; this is a recording.");
	order(p, "goto noon");
	pty_expect(p, "goto needs a time");
	pty_key(p, "+");
	pty_expect(p, " x2");
	pty_key(p, "-");
	pty_key(p, "-");
	pty_expect(p, " x1/2");
	pty_resize(p, 24, 80);
	pty_expect(p, "play");
	pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) == 0, "quitting failed");
	pty_free(p);
}

static void says_what_is_missing(void *arg)
{
	struct replay *r = arg;
	struct stat st;
	check(stat(r->file, &st) == 0 && truncate(r->file, st.st_size / 2) == 0, "%s", r->file);
	struct pty *p = start(r);
	pty_expect(p, "the recording is cut off");
	pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) == 1, "a recording that is cut off ends well");
	pty_expect(p, "is cut off");
	pty_free(p);
}

int main(void)
{
	static struct replay r;
	static const struct tap_case cases[] = {
		{ "a recorded lesson goes back and forth", goes_back_and_forth },
		{ "a recording takes no orders", takes_no_orders },
		{ "a recording that is cut off is shown as far as it goes", says_what_is_missing },
	};
	const char *tests = getenv("ARPLAB_TESTS");
	arplab();
	temporary(r.dir, sizeof r.dir);
	setenv("XDG_STATE_HOME", r.dir, 1);
	snprintf(r.file, sizeof r.file, "%s/it.arplab", r.dir);
	snprintf(r.lesson, sizeof r.lesson, "%s/e2e/session.md", tests ? tests : "tests");
	int status = tap_run(cases, sizeof cases / sizeof *cases, &r);
	temporary_remove(r.dir);
	return status;
}
