/* SPDX-License-Identifier: GPL-2.0-or-later */
/* term: the terminal behind the canvas, and the keys and clicks in front of it. */
#ifndef ARPLAB_TERM_H
#define ARPLAB_TERM_H

#include <stdbool.h>

#include <arplab/canvas.h>
#include <arplab/err.h>
#include <arplab/theme.h>

/* Keys: a Unicode character, or one of these. */
enum term_key {
	KEY_NOTHING = 0,
	KEY_TAB = '\t',
	KEY_RETURN = '\n',
	KEY_ESCAPE = 27,
	KEY_SPACE = ' ',
	KEY_ERASE = 127,
	KEYS_SPECIAL = 0x110000, /* Behind the last Unicode character. */
	KEY_ARROW_UP,
	KEY_ARROW_DOWN,
	KEY_ARROW_LEFT,
	KEY_ARROW_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_TO_HOME,
	KEY_TO_END,
	KEY_BACK_TAB,
	KEY_DELETE,
	KEY_F1, KEY_F2, KEY_F3, KEY_F4, KEY_F5, KEY_F6, KEY_F7, KEY_F8, KEY_F9, KEY_F10,
	KEY_CLICK,      /* row and column say where */
	KEY_WHEEL_UP,
	KEY_WHEEL_DOWN,
	KEY_LOST, /* The terminal is gone. */
};

#define KEY_CONTROL(letter) ((letter) & 0x1f)

struct input {
	uint32_t key;
	int row, column; /* Of a click or the wheel. */
};

struct term;

struct term_options {
	const struct theme *theme;
	bool colour;
	bool mouse;
};

/*
 * Take the terminal over. Needs a terminal on standard input and output.
 * Returns NULL and a sentence if there is none or it cannot be used (TERM unknown or dumb).
 */
struct term *term_open(const struct term_options *options, struct err *err);
/* Give it back as it was. NULL is fine; a terminal that is gone is not touched. */
void term_close(struct term *t);
void term_size(const struct term *t, int *ret_rows, int *ret_columns);
/* The window changed its size: ask the kernel for the new one. */
void term_resized(struct term *t);
/* Show the canvas; only what changed is sent. */
void term_show(struct term *t, const struct canvas *c);
/* The next key that is waiting; key KEY_NOTHING if none is. Never blocks. */
struct input term_read(struct term *t);
/* Give the terminal back while stopped (SIGTSTP), and take it again afterwards. */
void term_suspend(struct term *t);
void term_resume(struct term *t);
void term_set_theme(struct term *t, const struct theme *theme);
/* Redraw everything at the next term_show, whatever the terminal shows now. */
void term_refresh(struct term *t);

#endif
