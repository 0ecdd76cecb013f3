/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: words that a row must hold to be shown, or to be found. */
#include <config.h>

#include <arplab/filter.h>
#include <arplab/i18n.h>

#include <ctype.h>
#include <string.h>

static void set_words(struct filter *f)
{
	for (size_t i = 0; i < sizeof f->words; i++)
		f->words[i] = (char)tolower((unsigned char)f->text[i]);
}

const char *filter_set(struct filter *f, const char *text)
{
	size_t len = strlen(text);
	f->count = 0;
	if (len >= sizeof f->text)
		return _("too long");
	memset(f->text, 0, sizeof f->text);
	memcpy(f->text, text, len);
	set_words(f);

	size_t count = 0;
	char *rest = NULL;
	for (char *w = strtok_r(f->words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
		if (count == FILTER_WORDS)
			return _("too many words");
		f->word[count].absent = *w == '!';
		f->word[count].word = *w == '!' ? w + 1 : w;
		f->word[count].len = strlen(f->word[count].word);
		if (f->word[count].len == 0)
			return _("a word must follow '!'");
		count++;
	}
	f->count = count;
	return NULL;
}

bool filter_match(const struct filter *f, const char *row, size_t len)
{
	for (size_t i = 0; i < f->count; i++) {
		bool there = memmem(row, len, f->word[i].word, f->word[i].len) != NULL;
		if (there == f->word[i].absent)
			return false;
	}
	return true;
}
