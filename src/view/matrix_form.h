/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: how a matrix of addresses is written in the room that there is. */
#ifndef ARPLAB_MATRIX_FORM_H
#define ARPLAB_MATRIX_FORM_H

#include <arplab/matrix.h>

#include "panes.h"

#define BRIEF_SIZE 12

/* A machine's name in few letters that no other has: "c" for client, "r1" for rs1. */
struct brief {
	char text[BRIEF_SIZE];
};
struct brief brief_name(const struct world *w, uint16_t node);

/* Cells are "director!STALE", "director!S" or "d!S"; behind them a blank or a '+'. */
struct matrix_form {
	int name;   /* Cells of a row's name, with the blank behind it; */
	int brief;  /* and of its few letters, where cells have these. */
	int owner;  /* Cells of an owner in a cell, */
	int state;  /* and of its state: a letter or a word. */
	int column; /* From one column to the next. */
	size_t fit; /* Whole columns that there is room for; at least 1. */
};
/* width: cells inside the pane. */
struct matrix_form matrix_form(const struct matrix *x, const struct model *m, int width);
/* "192.168.2.200" where there is room for that in all columns, else ".200". */
void matrix_address(
	struct text *t, const struct matrix_form *f, const struct model *m, uint32_t ip);

#endif
