/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: how far two words are apart, so that a misspelt one gets a suggestion. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include <string.h>

#include <arplab/i18n.h>

#define WORD_MAX 32

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

/* Optimal string alignment: Levenshtein's distance with swaps of neighbours. */
unsigned text_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	if (la >= WORD_MAX || lb >= WORD_MAX)
		return strcmp(a, b) == 0 ? 0 : WORD_MAX;
	unsigned rows[WORD_MAX + 1][WORD_MAX + 1];
	for (unsigned i = 0; i <= la; i++)
		rows[i][0] = i;
	for (unsigned j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++)
		for (size_t j = 1; j <= lb; j++) {
			unsigned change = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			rows[i][j] = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				rows[i - 2][j - 2] + 1 < rows[i][j])
				rows[i][j] = rows[i - 2][j - 2] + 1;
		}
	return rows[la][lb];
}

const char *text_nearest(
	const char *word, const char *(*name)(const void *arg, size_t i), const void *arg)
{
	const char *best = NULL;
	/* A third of the letters may be wrong; with more of them every word is near. */
	size_t len = strlen(word);
	size_t limit = len > 1 ? (len + 2) / 3 : 0;
	const char *n;
	for (size_t i = 0; (n = name(arg, i)); i++) {
		size_t distance = text_distance(word, n);
		if (distance <= limit && (!best || distance < limit)) {
			limit = distance;
			best = n;
		}
	}
	return best;
}

const char *text_did_you_mean(char *bytes, size_t size, const char *nearest)
{
	struct text t = text_in(bytes, size);
	if (nearest) {
		char bytes_of_name[80];
		struct text name = text_in(bytes_of_name, sizeof bytes_of_name);
		text_name(&name, nearest, strlen(nearest));
		/* It stands behind a sentence, with the blank that the language has there. */
		text_printf(&t, _(" Did you mean %s?"), text_end(&name));
	}
	return text_end(&t);
}
