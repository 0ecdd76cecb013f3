/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: a learner plays a lesson on a terminal to its end: a wrong prediction, a task done by hand
 * in a shell on the same terminal, one in a shell of another, and a window that changes its size.
 */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"
#include "pty.h"

struct session {
	char dir[128], state[160], file[256];
	const char *env[2];
};

static struct pty *start(const struct session *s, const char *const *words)
{
	return pty_start(
		&(struct pty_options) { .argv = words, .env = s->env, .rows = 40, .columns = 120 });
}

static struct pty *open_lesson(const struct session *s)
{
	const char *words[] = { arplab(), "lab", s->file, NULL };
	struct pty *p = start(s, words);
	pty_expect(p, "How many machines answer?");
	return p;
}

static void predict_wrongly(struct pty *p)
{
	pty_key(p, "1");
	pty_key(p, "Enter");
	pty_expect(p, "The others hold it as well.");
	pty_expect(p, "All three have answered.");
}

/* Each word that is certain is followed by a blank, so that the next can be begun. */
static void complete_words(struct pty *p)
{
	pty_type(p, ":pi");
	pty_key(p, "Tab");
	pty_type(p, "cl");
	pty_key(p, "Tab");
	pty_expect(p, ":ping client");
	pty_key(p, "Escape");
}

static void by_hand(struct pty *p)
{
	pty_key(p, "Enter");
	pty_expect(p, "Make rs1 silent");
	pty_key(p, "h");
	pty_expect(p, "The value for all interfaces.");
	pty_key(p, "!");
	pty_expect(p, "[rs1]");
	pty_type(p, "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore; echo do''ne");
	pty_key(p, "Enter");
	pty_expect(p, "done");
	pty_type(p, "exit");
	pty_key(p, "Enter");
	pty_expect(p, "By hand");
	pty_expect(p, "Enter: next step");
}

static void from_another(const struct session *s, struct pty *p)
{
	char pid[16];
	snprintf(pid, sizeof pid, "%d", (int)pty_pid(p));
	pty_key(p, "Enter");
	pty_expect(p, "The same for rs2.");
	const char *words[] = { arplab(), "shell", "--pid", pid, "rs2", NULL };
	struct pty *other = start(s, words);
	pty_expect(other, "[rs2]");
	pty_type(other, "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore");
	pty_key(other, "Enter");
	pty_expect(p, "Enter:");
	/* A shell of another terminal is asked for before it is ended. */
	pty_key(p, "q");
	pty_expect(p, "End the shells?");
	pty_key(p, "Escape");
	pty_type(other, "exit");
	pty_key(other, "Enter");
	check(pty_wait(other, PATIENCE_MS) == 0, "the shell's terminal did not end well");
	pty_free(other);
	pty_expect(p, "the shell in rs2 ended");
}

static void plays_to_the_end(void *arg)
{
	struct session *s = arg;
	struct pty *p = open_lesson(s);
	predict_wrongly(p);
	pty_resize(p, 24, 80);
	pty_expect(p, "All three have answered.");
	complete_words(p);
	by_hand(p);
	pty_resize(p, 40, 120);
	from_another(s, p);
	pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) == 0, "quitting failed");
	pty_expect_restored(p);
	pty_free(p);
}

/* One that this seed makes to be about all.arp_ignore of rs1. */
#define TICKET_SEED "3"

/* What was broken is told to nobody; a line in a shell repairs it, and it is judged by the LAN. */
static void solves_a_ticket(void *arg)
{
	struct session *s = arg;
	const char *words[] = { arplab(), "lab", "--seed", TICKET_SEED, "ticket-8", NULL };
	struct pty *p = start(s, words);
	pty_expect(p, "Ticket 8  --seed " TICKET_SEED);
	/* The complaint and what counts as repaired are longer than the pane. */
	pty_expect(p, "Enter more");
	pty_key(p, "Enter");
	pty_expect(p, "Enter: check");
	pty_expect_gone(p, "arp_ignore 2");
	pty_key(p, "Enter");
	pty_expect(p, "wanted: answered");
	pty_key(p, "!");
	pty_expect(p, "[rs1]");
	pty_type(p, "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore; echo do''ne");
	pty_key(p, "Enter");
	pty_expect(p, "done");
	pty_type(p, "exit");
	pty_key(p, "Enter");
	pty_expect(p, "Enter: check");
	pty_key(p, "Enter");
	pty_expect(p, "What it was");
	pty_expect(p, "Enter: finish");
	pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) == 0, "quitting failed");
	pty_free(p);
	char path[200], text[4096];
	snprintf(path, sizeof path, "%s/arplab/progress", s->dir);
	check(slurp(path, text, sizeof text) > 0, "there is no progress at %s", path);
	check(strstr(text, "lesson=ticket-08-guests-locked-out") && strstr(text, "outcome=solved"),
		"%s", text);
	unlink(path);
}

static void is_remembered(void *arg)
{
	struct session *s = arg;
	char path[200], text[4096];
	snprintf(path, sizeof path, "%s/arplab/progress", s->dir);
	check(slurp(path, text, sizeof text) > 0, "there is no progress at %s", path);
	check(strstr(text, "lesson=session step=a-prediction outcome=solved predictions=1"), "%s",
		text);
	check(strstr(text, "step=by-hand outcome=solved"), "%s", text);
	check(strstr(text, "step=from-another-terminal outcome=solved"), "%s", text);
	check(!strstr(text, "right=1"), "a wrong prediction counts as right: %s", text);
	unlink(path);
}

/* Something damaged is kept aside, said, and begun anew. */
static void survives_damage(void *arg)
{
	struct session *s = arg;
	char path[200], text[4096];
	snprintf(path, sizeof path, "%s/arplab/progress", s->dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	check(fd >= 0 && write(fd,
				 "\x7f"
				 "ELF\0\1\2",
				 7) == 7,
		"cannot write %s", path);
	close(fd);
	struct pty *p = open_lesson(s);
	pty_expect(p, "progress.damaged");
	pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) == 0, "quitting failed");
	pty_free(p);
	snprintf(path, sizeof path, "%s/arplab/progress.damaged", s->dir);
	check(slurp(path, text, sizeof text) == 7, "the damaged file is not kept aside");
	unlink(path);
}

int main(void)
{
	static struct session s;
	static const struct tap_case cases[] = {
		{ "A lesson is played to its end with keys and shells", plays_to_the_end },
		{ "What was done is remembered", is_remembered },
		{ "A ticket is solved by hand in a machine's shell", solves_a_ticket },
		{ "A damaged progress file is kept aside and said", survives_damage },
	};
	const char *tests = getenv("ARPLAB_TESTS");
	arplab();
	temporary(s.dir, sizeof s.dir);
	snprintf(s.state, sizeof s.state, "XDG_STATE_HOME=%s", s.dir);
	snprintf(s.file, sizeof s.file, "%s/e2e/session.md", tests ? tests : "tests");
	s.env[0] = s.state;
	int status = tap_run(cases, sizeof cases / sizeof *cases, &s);
	char folder[160];
	snprintf(folder, sizeof folder, "%s/arplab", s.dir);
	temporary_remove(folder);
	temporary_remove(s.dir);
	return status;
}
