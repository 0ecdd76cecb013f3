/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * support: a program on a pseudo-terminal, with libvterm as the screen.
 *
 *	struct pty *p = pty_start(&(struct pty_options){ .argv = words, .rows = 24, .columns = 80 });
 *	pty_expect(p, "ARP cache");
 *	pty_key(p, "F1");
 *	pty_type(p, "/eth0");
 *	pty_key(p, "Escape");
 *	check(pty_wait(p, PATIENCE_MS) == 0, …);
 *	pty_expect_restored(p);
 *	pty_free(p);
 *
 * Nothing sleeps: a text is waited for until it is there.
 */
#ifndef TESTS_PTY_H
#define TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct pty;

struct pty_options {
	const char *const *argv; /* Ends with NULL. */
	const char *const *env;  /* "NAME=VALUE"s to set, ends with NULL; or NULL. */
	int rows, columns;       /* 24 and 80 when 0. */
};

/* TERM=xterm-256color and LC_ALL=C.UTF-8 unless env says otherwise. Dies with the test. */
struct pty *pty_start(const struct pty_options *o);
/* Kill it if it runs, reap it, free it. NULL is fine. */
void pty_free(struct pty *p);
pid_t pty_pid(const struct pty *p);

/* Take in what the program has drawn, waiting at most `ms` for something. False: it has ended. */
bool pty_read(struct pty *p, int ms);
/* Until the screen shows the text (in one row), or shows it no longer. False: the time was up. */
bool pty_shows(struct pty *p, const char *text, int ms);
bool pty_hides(struct pty *p, const char *text, int ms);
/* The same, failing the case with the whole screen in its comment. */
void pty_expect(struct pty *p, const char *text);
void pty_expect_gone(struct pty *p, const char *text);
/* Take everything in until nothing has come for `quiet_ms`. */
void pty_settle(struct pty *p, int quiet_ms);

/*
 * Press a key: Up Down Left Right Home End PageUp PageDown Insert Delete Enter Tab BackTab
 * Backspace Escape Space F1..F12, C-x for a control key, or one character.
 */
void pty_key(struct pty *p, const char *name);
/* Type characters of UTF-8. */
void pty_type(struct pty *p, const char *text);
/* Press and release a mouse button: 1 left, 4 and 5 the wheel. Rows and columns from 0. */
void pty_click(struct pty *p, int button, int row, int column);
void pty_resize(struct pty *p, int rows, int columns);

/* Where a text stands on the screen. */
bool pty_find(struct pty *p, const char *text, int *ret_row, int *ret_column);
/* The screen as lines of UTF-8 without trailing blanks. The string is freed by the caller. */
char *pty_text(struct pty *p);
/* With the style of each run before it, as [bold,fg=#rrggbb]. Freed by the caller. */
char *pty_styled_text(struct pty *p);
/* The screen as a picture. */
void pty_svg(struct pty *p, FILE *f);

void pty_signal(struct pty *p, int signal);
/* Whether the program is stopped (SIGTSTP) now. */
bool pty_stopped(struct pty *p, int ms);
/* Close the terminal, as when the window is closed. */
void pty_hang_up(struct pty *p);
/* Exit status, 128 + signal, or -1 (and killed) when the time is up. */
int pty_wait(struct pty *p, int ms);
/* Fail unless modes, alternate screen, cursor and mouse are as they were before the program. */
void pty_expect_restored(struct pty *p);
/* Whether the alternate screen is shown. */
bool pty_alternate(const struct pty *p);
/* Bytes that the program has written so far. */
size_t pty_written(const struct pty *p);

#endif
