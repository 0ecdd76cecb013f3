/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The harness itself: a terminal is a terminal, a wire is a wire, and a lost child is noticed. */
#include <config.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "ns.h"
#include "proc.h"
#include "pty.h"
#include "tap.h"

static struct pty *shell(const char *script)
{
	const char *words[] = { "sh", "-c", script, NULL };
	return pty_start(&(struct pty_options){ .argv = words, .rows = 10, .columns = 40 });
}

static void shows_text(void *arg)
{
	(void)arg;
	struct pty *p = shell("printf 'one \\033[31mred\\033[0m two'; read x; printf \"got $x\"; exit 3");
	int row, column;
	pty_expect(p, "one red two");
	check(pty_find(p, "red", &row, &column) && row == 0 && column == 4, "found elsewhere");
	char *styled = pty_styled_text(p);
	check(strstr(styled, "[#") && strstr(styled, "red["), "no colour: %s", styled);
	free(styled);
	pty_type(p, "päng");
	pty_key(p, "Enter");
	pty_expect(p, "got päng");
	check(pty_wait(p, PATIENCE_MS) == 3, "exit status");
	pty_expect_restored(p);
	pty_free(p);
}

static void sees_modes_left_behind(void *arg)
{
	(void)arg;
	struct pty *p = shell("printf '\\033[?1049h'; exit 0");
	check(pty_wait(p, PATIENCE_MS) == 0, "exit status");
	check(pty_alternate(p), "the alternate screen was not noticed");
	pty_free(p);
}

static void resizes_and_signals(void *arg)
{
	(void)arg;
	struct pty *p = shell("trap 'stty size' WINCH; echo ready; while :; do read x; done");
	pty_expect(p, "ready");
	pty_resize(p, 12, 50);
	pty_key(p, "Enter");
	pty_expect(p, "12 50");
	pty_signal(p, SIGKILL);
	check(pty_wait(p, PATIENCE_MS) == 128 + SIGKILL, "exit status");
	pty_free(p);
}

static void hangs_up(void *arg)
{
	(void)arg;
	struct pty *p = shell("echo ready; exec sleep 600");
	pty_expect(p, "ready");
	pty_hang_up(p);
	check(pty_wait(p, PATIENCE_MS) == 128 + SIGHUP, "the program outlived its terminal");
	pty_free(p);
}

static void draws_pictures(void *arg)
{
	(void)arg;
	char *text = NULL;
	size_t len;
	struct pty *p = shell("printf 'a<b \\033[44mblue\\033[0m'; read x");
	pty_expect(p, "a<b blue");
	FILE *f = open_memstream(&text, &len);
	pty_svg(p, f);
	fclose(f);
	check(strstr(text, "a&lt;b") && strstr(text, ">blue</text>") && strstr(text, "</svg>"), "%s",
		text);
	free(text);
	pty_free(p);
}

static void kernel_answers(void *arg)
{
	struct ns_pair *l = arg;
	ns_hush(l);
	ns_send(l, &(struct ns_arp){ .op = 1, .sip = PEER_IP, .tip = HOST_IP });
	int64_t end = now_ms() + PATIENCE_MS;
	while (ns_heard(l) == 0) {
		check(now_ms() < end, "the host's kernel never answered a who-has");
		tick();
	}
	/* And it is the host that obeys its sysctls, not the machine. */
	sysctl_put("conf/eth0/arp_ignore", 8);
	check(sysctl_get("conf/eth0/arp_ignore") == 8, "the sysctl did not stay");
	sysctl_put("conf/eth0/arp_ignore", 0);
}

static const struct tap_case cases[] = {
	{ "a text is waited for, typed and found", shows_text },
	{ "an alternate screen left behind is noticed", sees_modes_left_behind },
	{ "size and signals reach the program", resizes_and_signals },
	{ "closing the terminal ends the program", hangs_up },
	{ "the screen becomes a picture", draws_pictures },
	{ "a who-has from the peer is answered by the host", kernel_answers },
};

int main(void)
{
	struct ns_pair l;
	ns_open(&l);
	return tap_run(cases, sizeof cases / sizeof *cases, &l);
}
