/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: paragraphs on standard output, wrapped and, on a terminal, styled; and a ladder of rules in
 * that form or as JSON, for whoever has one to show.
 *
 *	struct sheet s = sheet_for(options);
 *	sheet_begin(&s, 0, 2);
 *	sheet_put(&s, SHEET_BOLD, "eth0 stays silent: …");
 *	sheet_end(&s);
 *	app_print_ladder(&s, &trace, false);
 */
#ifndef ARPLAB_SHEET_H
#define ARPLAB_SHEET_H

#include <stdbool.h>

#include <arplab/app.h>
#include <arplab/rules.h>
#include <arplab/text.h>

enum sheet_style { SHEET_PLAIN, SHEET_BOLD, SHEET_DIM };

struct sheet {
	bool colour, ascii;
	unsigned margin; /* Blanks before every line. */
	/* sheet.c's own: */
	unsigned indent; /* Of all lines of the paragraph but the first, with the margin. */
	unsigned column;
	bool fresh;    /* Nothing stands on this line. */
	uint32_t last; /* The last character that was put. */
	enum sheet_style style;
};

/* Colours where the terminal and the options want them; no margin. */
struct sheet sheet_for(const struct app_options *o);

/* A paragraph whose first line stands in by `first` blanks and the others by `rest`. */
void sheet_begin(struct sheet *s, unsigned first, unsigned rest);
/* Words of one style. A word and what stands before it are parted by a blank or a line's end. */
void sheet_put(struct sheet *s, enum sheet_style style, const char *words);
void sheet_end(struct sheet *s);

/*
 * ladder.c — the rules that were asked, in the kernel's order: the question, what was found, the
 * rule's id and the place in the kernel. all: those too that everyday frames pass.
 * Returns how many were left out.
 */
size_t app_print_ladder(struct sheet *s, const struct trace *trace, bool all);
/* The same as a JSON array of all rules; its members are documented in arplab(1). */
void app_json_ladder(struct text *t, const struct trace *trace);

#endif
