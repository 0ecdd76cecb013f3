/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: translations, found in the table that the build makes of po/LANGUAGE.po. */
#include <config.h>

#include <arplab/i18n.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/text.h>

#include "i18n_table.h"

/* The one variable of the program: as with libc's locale, a process speaks one language. */
static const struct i18n_catalogue *spoken;

static int compare_key(const void *key, const void *row)
{
	const struct i18n_row *r = row;
	return strcmp(key, spoken->bytes + r->key);
}

/* The translation of a key, or NULL. */
static const char *find(const char *key)
{
	if (!spoken || !*key)
		return NULL;
	const struct i18n_row *row =
		bsearch(key, spoken->rows, spoken->count, sizeof *spoken->rows, compare_key);
	return row ? spoken->bytes + row->text : NULL;
}

const char *i18n_text(const char *text)
{
	const char *found = find(text);
	return found ? found : text;
}

const char *i18n_count(const char *one, const char *many, unsigned long count)
{
	const char *found = find(one);
	if (!found)
		return count == 1 ? one : many;
	for (unsigned long form = spoken->form(count); form; form--)
		found += strlen(found) + 1;
	return found;
}

const char *i18n_in(const char *key, const char *text)
{
	const char *found = find(key);
	return found ? found : text;
}

const char *i18n_at(const char *where, const char *text)
{
	char key[256];
	if (!spoken)
		return text;
	struct text t = text_in(key, sizeof key);
	text_put(&t, where);
	text_char(&t, '\004');
	text_put(&t, text);
	text_end(&t);
	return t.cut ? text : i18n_in(key, text);
}

/* ---- the choice ---- */

static bool begins(const char *word, size_t len, const char *language, size_t own)
{
	return len == own && memcmp(word, language, own) == 0;
}

/*
 * A word of LANGUAGE or the name of a locale: zh_CN.UTF-8@pinyin. A language without a country
 * is spoken in the first country that there is. NULL if there are no texts in it.
 */
static const struct i18n_catalogue *named(const char *word)
{
	size_t len = strcspn(word, ":.@");
	for (const struct i18n_catalogue *c = i18n_catalogues; c->language; c++)
		if (begins(word, len, c->language, strlen(c->language)) ||
			begins(word, len, c->language, strcspn(c->language, "_")))
			return c;
	return NULL;
}

static bool is_english(const char *word)
{
	size_t len = strcspn(word, "_:.@");
	return begins(word, len, "en", 2) || begins(word, len, "C", 1) ||
	       begins(word, len, "POSIX", 5);
}

const char *i18n_choose(
	const char *language, const char *lc_all, const char *lc_messages, const char *lang)
{
	const char *locale = lc_all && *lc_all             ? lc_all
			     : lc_messages && *lc_messages ? lc_messages
			     : lang                        ? lang
							   : "";
	if (!*locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
		return "";
	const char *list = language && *language ? language : locale;
	while (*list) {
		const struct i18n_catalogue *c = named(list);
		if (c)
			return c->language;
		if (is_english(list))
			return "";
		list += strcspn(list, ":");
		list += *list == ':';
	}
	return "";
}

void i18n_speak(const char *language)
{
	spoken = *language ? named(language) : NULL;
}

const char *i18n_language(void)
{
	return spoken ? spoken->language : "";
}
