/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: the live screen on a terminal, over a wire with real ARP; and how it leaves the terminal. */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "e2e.h"
#include "pty.h"

#define IGNORE "conf/eth0/arp_ignore"

/* As the machine and its journal are. */
static struct pty *live_as_is(struct e2e *e, const char *word, int rows, int columns)
{
	const char *words[] = { arplab(), "live", "--state", e->dir, word, NULL };
	return pty_start(
		&(struct pty_options){ .argv = words, .rows = rows, .columns = columns });
}

/* With nothing left over from a case that failed. */
static struct pty *live(struct e2e *e, const char *word, int rows, int columns)
{
	proc_run(NULL, arplab(), "restore", "--force", "-q", "--state", e->dir, (char *)NULL);
	return live_as_is(e, word, rows, columns);
}

/* Quit by the key, and look at what is left. */
static void quit(struct pty *p)
{
	pty_key(p, "q");
	int status = pty_wait(p, PATIENCE_MS);
	check(status == 0, "status %d", status);
	pty_expect_restored(p);
	pty_free(p);
}

static void wait_value(struct pty *p, const char *path, int value)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (sysctl_get(path) != value) {
		char *text = pty_text(p);
		bool late = now_ms() > end;
		if (late)
			tap_note("%s", text);
		free(text);
		check(!late, "%s never became %d", path, value);
		pty_read(p, 5);
	}
}

static void shows_what_happens(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, NULL, 40, 120);
	pty_expect(p, "Interfaces");
	pty_expect(p, "ARP cache");
	pty_expect(p, "who-has / is-at");
	pty_expect(p, "Sysctls");
	pty_expect(p, "eth0");
	pty_expect(p, "read-only");
	/* Until the capture is open a frame would be missed. */
	for (int i = 0; !pty_shows(p, "frames 1", 100) && i < 100; i++)
		peer_announces(e, "192.168.77.150");
	ns_send(&e->lab, &(struct ns_arp){ .op = 1, .sip = PEER_IP, .tip = HOST_IP });
	pty_expect(p, ".77.1 tell");
	pty_expect(p, PEER_IP);
	pty_expect(p, "02:00:00:00:00:02");
	quit(p);
}

/* At every size that is usable, and back and forth between them, with frames coming in. */
static void fits_its_window(void *arg)
{
	struct e2e *e = arg;
	static const struct {
		int rows, columns;
	} sizes[] = { { 24, 80 }, { 10, 40 }, { 100, 300 }, { 3, 10 }, { 1, 1 }, { 40, 120 },
		{ 18, 60 }, { 24, 80 } };
	struct pty *p = live(e, NULL, 40, 120);
	pty_expect(p, "ARP cache");
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			pty_resize(p, sizes[i].rows, sizes[i].columns);
			peer_announces(e, "192.168.77.151");
			pty_key(p, "Down");
			pty_settle(p, 10);
		}
	}
	pty_expect(p, "ARP cache");
	quit(p);
	p = live(e, NULL, 8, 30);
	pty_expect(p, "needs");
	pty_resize(p, 24, 80);
	pty_expect(p, "ARP cache");
	quit(p);
}

static void changes_and_undoes(void *arg)
{
	struct e2e *e = arg;
	char *before = sysctl_snapshot();
	struct pty *p = live(e, NULL, 40, 120);
	pty_expect(p, "0 = 0");
	pty_expect(p, "read-only");
	/* The first change asks, and shows what it would do. */
	pty_type(p, ":set eth0.arp_ignore=1");
	pty_key(p, "Enter");
	pty_expect(p, "sysctl -w net.ipv4.conf.eth0.arp_ignore=1");
	check(sysctl_get(IGNORE) == 0, "it was changed before the answer");
	pty_key(p, "Escape");
	pty_expect_gone(p, "sysctl -w");
	check(sysctl_get(IGNORE) == 0, "it was changed after Escape");
	pty_type(p, ":set eth0.arp_ignore=1");
	pty_key(p, "Enter");
	pty_expect(p, "sysctl -w");
	pty_key(p, "y");
	wait_value(p, IGNORE, 1);
	pty_expect(p, "1 change held");
	/* The second does not ask. */
	pty_type(p, ":set all.arp_announce=2");
	pty_key(p, "Enter");
	wait_value(p, "conf/all/arp_announce", 2);
	pty_expect(p, "2 changes held");
	pty_key(p, "u");
	wait_value(p, "conf/all/arp_announce", 0);
	pty_expect(p, "1 change held");
	pty_key(p, "U");
	wait_value(p, IGNORE, 0);
	pty_expect_gone(p, "change held");
	quit(p);
	expect_sysctls(before, "after undo");
}

/* By the keys of the grid: the fourth pane, the column of eth0, Space. */
static void toggles_in_the_grid(void *arg)
{
	struct e2e *e = arg;
	char *before = sysctl_snapshot();
	struct pty *p = live(e, "--write", 40, 120);
	pty_expect(p, "0 = 0");
	for (int i = 0; i < 5 && !pty_shows(p, "Space toggle", 100); i++)
		pty_key(p, "Tab");
	pty_expect(p, "Space toggle");
	pty_key(p, "Space");
	pty_expect(p, "1 change held");
	char *now = sysctl_snapshot();
	bool same = strcmp(before, now) == 0;
	free(now);
	check(!same, "nothing has changed");
	pty_key(p, "u");
	pty_expect_gone(p, "1 change held");
	quit(p);
	expect_sysctls(before, "after undo");
}

static void sees_changes_by_others(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, "--write", 40, 120);
	pty_expect(p, "0 = 0");
	pty_type(p, ":set eth0.arp_ignore=1");
	pty_key(p, "Enter");
	wait_value(p, IGNORE, 1);
	pty_expect(p, "1 change held");
	sysctl_put(IGNORE, 8);
	pty_key(p, "u");
	/* Not silently: a sentence, and the value of the other one stays. */
	pty_settle(p, 50);
	pty_expect(p, "8");
	check(sysctl_get(IGNORE) == 8, "somebody else's value was overwritten");
	sysctl_put(IGNORE, 0);
	pty_signal(p, SIGTERM);
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
	check(proc_run(NULL, arplab(), "restore", "--force", "-q", "--state", e->dir,
		      (char *)NULL) >= 0,
		"it hangs");
	sysctl_put(IGNORE, 0);
}

static void asks_at_the_end(void *arg)
{
	struct e2e *e = arg;
	char *before = sysctl_snapshot();
	struct pty *p = live(e, "--write", 40, 120);
	pty_expect(p, "0 = 0");
	pty_type(p, ":set eth0.arp_ignore=1");
	pty_key(p, "Enter");
	pty_expect(p, "1 change held");
	pty_key(p, "q");
	/* The lines that would make it permanent are shown. */
	pty_expect(p, "net.ipv4.conf.eth0.arp_ignore");
	pty_key(p, "Escape");
	pty_expect(p, "1 change held");
	pty_key(p, "q");
	pty_expect(p, "net.ipv4.conf.eth0.arp_ignore");
	pty_expect(p, "Enter put back and quit");
	pty_key(p, "Enter");
	int status = pty_wait(p, PATIENCE_MS);
	check(status == 0, "status %d", status);
	pty_expect_restored(p);
	pty_free(p);
	int64_t end = now_ms() + PATIENCE_MS;
	while (sysctl_get(IGNORE) != 0 && now_ms() < end)
		tick();
	expect_sysctls(before, "after quitting");
}

static void signals_leave_nothing(void *arg)
{
	struct e2e *e = arg;
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	for (size_t i = 0; i < 3; i++) {
		char *before = sysctl_snapshot();
		struct pty *p = live(e, "--write", 24, 80);
		pty_expect(p, "0=0");
		pty_type(p, ":set eth0.arp_ignore=1");
		pty_key(p, "Enter");
		wait_value(p, IGNORE, 1);
		pid_t helper = proc_child(pty_pid(p));
		pty_signal(p, signals[i]);
		int status = pty_wait(p, PATIENCE_MS);
		check(status >= 0, "signal %d: it hangs", signals[i]);
		pty_expect_restored(p);
		check(proc_gone(helper, PATIENCE_MS), "the helper is still there");
		expect_sysctls(before, "after a signal");
		pty_free(p);
	}
}

static void stops_and_goes_on(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, NULL, 24, 80);
	pty_expect(p, "ARP cache");
	pty_signal(p, SIGTSTP);
	check(pty_stopped(p, PATIENCE_MS), "it did not stop");
	pty_expect_restored(p);
	pty_resize(p, 40, 120);
	peer_announces(e, "192.168.77.152");
	pty_signal(p, SIGCONT);
	pty_expect(p, "ARP cache");
	check(pty_alternate(p), "the screen was not taken again");
	quit(p);
}

static void loses_its_terminal(void *arg)
{
	struct e2e *e = arg;
	char *before = sysctl_snapshot();
	struct pty *p = live(e, "--write", 24, 80);
	pty_expect(p, "0=0");
	pty_type(p, ":set eth0.arp_ignore=1");
	pty_key(p, "Enter");
	wait_value(p, IGNORE, 1);
	pid_t helper = proc_child(pty_pid(p));
	pty_hang_up(p);
	check(pty_wait(p, PATIENCE_MS) >= 0, "it outlives its terminal");
	check(proc_gone(helper, PATIENCE_MS), "the helper outlives the terminal");
	expect_sysctls(before, "after a lost terminal");
	pty_free(p);
}

static void survives_its_helper(void *arg)
{
	struct e2e *e = arg;
	char *before = sysctl_snapshot();
	struct pty *p = live(e, "--write", 24, 80);
	pty_expect(p, "0=0");
	pty_type(p, ":set eth0.arp_ignore=1");
	pty_key(p, "Enter");
	wait_value(p, IGNORE, 1);
	kill(proc_child(pty_pid(p)), SIGKILL);
	/* It says so, or ends with a sentence; in both cases the terminal is as it was. */
	if (pty_shows(p, "ended", PATIENCE_MS))
		pty_key(p, "q");
	check(pty_wait(p, PATIENCE_MS) >= 0, "it hangs");
	pty_expect_restored(p);
	pty_free(p);
	/* The next start offers what is left. */
	p = live_as_is(e, NULL, 40, 120);
	pty_expect(p, "earlier arplab");
	pty_signal(p, SIGTERM);
	check(pty_wait(p, PATIENCE_MS) >= 0, "it hangs");
	pty_free(p);
	check(proc_run(NULL, arplab(), "restore", "-q", "--state", e->dir, (char *)NULL) == 0,
		"restore");
	expect_sysctls(before, "after restore");
}

static void sends_nothing(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, NULL, 40, 120);
	pty_expect(p, "ARP cache");
	ns_hush(&e->lab);
	for (int i = 0; i < 50; i++) {
		char ip[32];
		snprintf(ip, sizeof ip, "192.168.77.%d", 200 + i);
		peer_announces(e, ip);
		pty_key(p, "Down");
		pty_read(p, 5);
	}
	for (int i = 0; i < 6; i++) {
		pty_key(p, "Tab");
		pty_key(p, "Down");
		pty_key(p, "Enter");
		pty_settle(p, 10);
	}
	size_t heard = ns_heard(&e->lab);
	check(heard == 0, "%zu frames were sent", heard);
	quit(p);
}

static void explains_missing_rights(void *arg)
{
	struct e2e *e = arg;
	if (!e->lab.root)
		tap_skip("only root can become somebody else");
	char command[512];
	snprintf(command, sizeof command,
		"exec setpriv --reuid 65534 --regid 65534 --clear-groups %s live --state %s",
		arplab(), e->dir);
	if (proc_run(NULL, "setpriv", "--version", (char *)NULL) != 0)
		tap_skip("setpriv is missing");
	const char *words[] = { "sh", "-c", command, NULL };
	struct pty *p = pty_start(&(struct pty_options){ .argv = words, .rows = 40, .columns = 120 });
	pty_expect(p, "ARP cache");
	pty_expect(p, "eth0");
	pty_expect(p, "sudo");
	pty_expect(p, "setcap");
	quit(p);
}

static void needs_a_terminal(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	check(proc_run(&p, arplab(), "live", "--state", e->dir, (char *)NULL) != 0, "taken");
	expect_sentence(p->err_text, "terminal");
	proc_free(p);
	static const char *const terms[] = { "TERM=dumb", "TERM=no-such-terminal", "TERM=" };
	for (size_t i = 0; i < 3; i++) {
		const char *words[] = { arplab(), "live", NULL };
		const char *env[] = { terms[i], NULL };
		struct pty *t = pty_start(&(struct pty_options){ .argv = words, .env = env });
		check(pty_wait(t, PATIENCE_MS) > 0, "%s: taken", terms[i]);
		pty_expect(t, "arplab: ");
		pty_expect(t, "TERM");
		pty_expect_restored(t);
		pty_free(t);
	}
}

static bool holds_colour(struct pty *p)
{
	char *text = pty_styled_text(p);
	/* Grey and the ground alone are no colours: red, green and blue are equal. */
	bool colour = false;
	for (const char *s = text; !colour && (s = strstr(s, "#")); s++) {
		unsigned r, g, b;
		if (sscanf(s, "#%2x%2x%2x", &r, &g, &b) == 3)
			colour = (r != g || g != b) && !(r == 0x16 && g == 0x18 && b == 0x1d);
	}
	free(text);
	return colour;
}

static void obeys_no_colour(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, NULL, 24, 80);
	pty_expect(p, "ARP cache");
	check(holds_colour(p), "there is no colour to be left out");
	quit(p);
	const char *words[] = { arplab(), "live", "--state", e->dir, NULL };
	const char *env[] = { "NO_COLOR=1", NULL };
	p = pty_start(&(struct pty_options){ .argv = words, .env = env });
	pty_expect(p, "ARP cache");
	pty_settle(p, 50);
	check(!holds_colour(p), "colour in spite of NO_COLOR");
	quit(p);
	p = live(e, "--mono", 24, 80);
	pty_expect(p, "ARP cache");
	pty_settle(p, 50);
	check(!holds_colour(p), "colour in spite of --mono");
	quit(p);
}

static void obeys_ascii(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, "--ascii", 40, 120);
	pty_expect(p, "ARP cache");
	pty_expect(p, "eth0");
	pty_settle(p, 50);
	char *text = pty_text(p);
	for (const char *s = text; *s; s++)
		check((unsigned char)*s < 0x80, "not ASCII:\n%s", text);
	free(text);
	quit(p);
}

static void helps(void *arg)
{
	struct e2e *e = arg;
	struct pty *p = live(e, NULL, 40, 120);
	pty_expect(p, "ARP cache");
	pty_key(p, "?");
	pty_expect(p, "put the last change back");
	pty_key(p, "Escape");
	pty_expect_gone(p, "put the last change back");
	pty_key(p, "F1");
	pty_expect(p, "put the last change back");
	pty_key(p, "Escape");
	pty_expect_gone(p, "put the last change back");
	pty_type(p, ":nonsense");
	pty_key(p, "Enter");
	pty_expect(p, "no command 'nonsense'");
	/* Escape never quits. */
	for (int i = 0; i < 5; i++)
		pty_key(p, "Escape");
	pty_settle(p, 50);
	pty_expect(p, "ARP cache");
	quit(p);
}

static const struct tap_case cases[] = {
	{ "a who-has, its reply and the entry show in the panes", shows_what_happens },
	{ "every size is drawn or explained, and resizing does no harm", fits_its_window },
	{ "the first change asks and shows its line; u and U undo", changes_and_undoes },
	{ "Space toggles in the grid, u undoes", toggles_in_the_grid },
	{ "undo does not overwrite what somebody else has changed", sees_changes_by_others },
	{ "quitting with changes asks what shall become of them", asks_at_the_end },
	{ "SIGINT, SIGTERM, SIGHUP leave a clean terminal and clean sysctls",
		signals_leave_nothing },
	{ "SIGTSTP gives the terminal back, SIGCONT takes it again", stops_and_goes_on },
	{ "a terminal that is closed leaves nothing behind", loses_its_terminal },
	{ "a helper that dies leaves a clean terminal, and the next start offers repair",
		survives_its_helper },
	{ "the screen sends no frame, whatever is looked at", sends_nothing },
	{ "without rights the screen shows the rest, and says what capture needs",
		explains_missing_rights },
	{ "no terminal, a dumb one or an unknown one: one sentence", needs_a_terminal },
	{ "NO_COLOR and --mono leave colours out", obeys_no_colour },
	{ "--ascii draws with ASCII alone", obeys_ascii },
	{ "help comes from the table of commands; Escape closes and never quits", helps },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
