/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the word that somebody may have meant. */
#include <config.h>

#include <arplab/app.h>

#include <string.h>

#include <arplab/text.h>

const char *app_nearest(
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

const char *app_did_you_mean(char *bytes, size_t size, const char *nearest)
{
	struct text t = text_in(bytes, size);
	if (nearest) {
		text_put(&t, " Did you mean ");
		text_name(&t, nearest, strlen(nearest));
		text_char(&t, '?');
	}
	return text_end(&t);
}
