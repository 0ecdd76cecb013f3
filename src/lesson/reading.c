/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a line cut into words, lists of words for people, and words that are numbers. */
#include <config.h>

#include "reading.h"

#include <errno.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_relation(char c)
{
	return c && strchr("=!<>", c);
}

static size_t word_length(const char *s)
{
	size_t len = 0;
	if (is_relation(*s)) {
		while (is_relation(s[len]))
			len++;
		return len;
	}
	while (s[len] && !is_blank(s[len]) && !is_relation(s[len]))
		len++;
	return len;
}

int reading_begin(
	struct reading *r, const char *line, const struct topology *t, char *text, struct err *err)
{
	*r = (struct reading) { .t = t, .err = err };
	while (is_blank(*line))
		line++;
	size_t len = strlen(line);
	while (len > 0 && is_blank(line[len - 1]))
		len--;
	if (len >= READING_LINE)
		return err_set(err, -EINVAL, _("the line has %zu bytes; at most %d are read"), len,
			READING_LINE - 1);
	memcpy(text, line, len);
	text[len] = '\0';
	char *to = r->bytes;
	for (const char *s = text; *s;) {
		if (is_blank(*s)) {
			s++;
			continue;
		}
		if (r->count == READING_WORDS)
			return err_set(err, -EINVAL,
				_("the line has more than %d words: \"%.24s…\""), READING_WORDS,
				text);
		size_t n = word_length(s);
		memcpy(to, s, n);
		to[n] = '\0';
		r->words[r->count++] = to;
		to += n + 1;
		s += n;
	}
	return 0;
}

void reading_list(struct text *t, const char *(*name)(const void *arg, size_t i), const void *arg,
	const char *last)
{
	const char *one, *next = name(arg, 0);
	for (size_t i = 0; (one = next); i++) {
		next = name(arg, i + 1);
		if (i > 0 && next)
			text_put(t, _(", "));
		else if (i > 0)
			text_printf(t, " %s ", last);
		text_put(t, one);
	}
}

int reading_missing(struct reading *r, const char *what, const char *name, const char *args)
{
	return err_set(
		r->err, -EINVAL, _("the line ends where %s is expected: %s %s"), what, name, args);
}

int reading_surplus(struct reading *r, const char *word, const char *name, const char *args)
{
	return err_set(r->err, -EINVAL, _("\"%s\" is not expected here: %s %s"), word, name, args);
}

const char *reading_choice_name(const void *table, size_t i)
{
	return ((const struct reading_choice *)table)[i].word;
}

int reading_choice(
	struct reading *r, const char *word, const struct reading_choice *table, int64_t *ret)
{
	for (const struct reading_choice *c = table; c->word; c++) {
		if (strcmp(c->word, word) == 0) {
			*ret = c->value;
			return 0;
		}
	}
	char words[160], also[80];
	struct text t = text_in(words, sizeof words);
	reading_list(&t, reading_choice_name, table, _("or"));
	return err_set(r->err, -EINVAL, _("\"%s\" stands where %s is expected.%s"), word,
		text_end(&t),
		text_did_you_mean(
			also, sizeof also, text_nearest(word, reading_choice_name, table)));
}

int reading_number(struct reading *r, const char *word, int64_t min, int64_t max, int64_t *ret)
{
	int error = text_parse_int(word, min, max, ret);
	if (error)
		return err_set(r->err, -EINVAL,
			error == -ERANGE
				? _("%s is out of range: a number from %lld to %lld is expected")
				: _("\"%s\" is not a number: one from %lld to %lld is expected"),
			word, (long long)min, (long long)max);
	return 0;
}

int reading_value(struct reading *r, const char *word, uint16_t key, int64_t *ret)
{
	const struct sysctl_key *k = sysctl_key(key);
	int error = text_parse_int(word, k->min, k->max, ret);
	if (error == -ERANGE)
		return err_set(r->err, -EINVAL, _("%s takes numbers from %d to %d, not %s"),
			k->name, k->min, k->max, word);
	if (error)
		return err_set(r->err, -EINVAL, _("\"%s\" is not a number; %s takes %d to %d"),
			word, k->name, k->min, k->max);
	return 0;
}
