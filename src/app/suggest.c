/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the word that somebody may have meant. */
#include <config.h>

#include <arplab/app.h>

#include <arplab/text.h>

const char *app_nearest(
	const char *word, const char *(*name)(const void *arg, size_t i), const void *arg)
{
	return text_nearest(word, name, arg);
}

const char *app_did_you_mean(char *bytes, size_t size, const char *nearest)
{
	return text_did_you_mean(bytes, size, nearest);
}
