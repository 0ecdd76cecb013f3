/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: words that a row must hold to be shown, or to be found.
 *
 * Words stand apart by blanks, and all must be in the row's text, in any order, whatever the case.
 * A word after '!' must not be in it.
 */
#ifndef ARPLAB_FILTER_H
#define ARPLAB_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#define FILTER_SIZE 128
#define FILTER_WORDS 16

struct filter {
	char text[FILTER_SIZE];  /* As typed. */
	char words[FILTER_SIZE]; /* Lower case, each word terminated. */
	struct {
		const char *word; /* Into words. */
		size_t len;
		bool absent;
	} word[FILTER_WORDS];
	size_t count; /* 0: everything passes. */
};

/*
 * Take a text apart. Returns NULL, or why it is no filter, as a sentence fragment; *f is then
 * empty but for its text. *f must not be copied: it points into itself.
 */
const char *filter_set(struct filter *f, const char *text);
/* row: lower case, terminated. */
bool filter_match(const struct filter *f, const char *row, size_t len);

#endif
