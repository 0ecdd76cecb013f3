/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a shell in a machine of the lab, on this terminal: bytes pass between the terminal and the
 * pseudo-terminal that the shell was given.
 */
#ifndef ARPLAB_RELAY_H
#define ARPLAB_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include <arplab/err.h>

struct relay {
	int master; /* -1 while there is no shell. */
	bool raw;
	struct termios before;
	char pending[4096]; /* Typed, and not taken by the shell yet. */
	size_t pending_len;
};

void relay_init(struct relay *r);
/* Make a pseudo-terminal of this terminal's size; *ret_slave is for the shell, to be closed. */
int relay_open(struct relay *r, int *ret_slave, struct err *err);
/* Hand the terminal to the shell: every key goes there. */
void relay_begin(struct relay *r);
/* Whether more typed bytes can be taken; while not, standard input is to be left alone. */
bool relay_hungry(const struct relay *r);
/* Standard input is readable; the shell can take what is pending. */
void relay_hands(struct relay *r);
void relay_push(struct relay *r);
/* The shell has written. Returns false when it has ended. */
bool relay_shell(struct relay *r);
/* The window has another size. */
void relay_resize(struct relay *r);
/* Give the terminal back as it was and forget the shell. */
void relay_end(struct relay *r);

#endif
