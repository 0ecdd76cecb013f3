/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: findings about a file, and the small things that collecting them needs. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/text.h>

#include "lesson_parts.h"

void faults_add(struct faults *f, unsigned line, const char *format, ...)
{
	if (f->count == FAULTS_MAX) {
		f->more = true;
		return;
	}
	f->list = grow_list(f->list, f->count, sizeof *f->list);
	struct fault *fault = &f->list[f->count++];
	fault->line = line;
	/* What the file says may hold anything: a finding is one line, and safe to show. */
	char raw[sizeof fault->text];
	va_list args;
	va_start(args, format);
	vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	struct text t = text_in(fault->text, sizeof fault->text);
	text_name(&t, raw, sizeof raw);
	text_end(&t);
}

void faults_done(struct faults *f)
{
	free(f->list);
	*f = (struct faults) { 0 };
}

void faults_sort(struct faults *f, size_t from)
{
	/* Few, and nearly in order already; findings of one line keep theirs. */
	for (size_t i = from + 1; i < f->count; i++) {
		struct fault moving = f->list[i];
		size_t k = i;
		for (; k > from && f->list[k - 1].line > moving.line; k--)
			f->list[k] = f->list[k - 1];
		f->list[k] = moving;
	}
}

const char *lesson_near(char said[SAID_SIZE], const char *word,
	const char *(*name)(const void *arg, size_t i), const void *arg)
{
	return text_did_you_mean(said, SAID_SIZE, text_nearest(word, name, arg));
}

bool faults_full(struct faults *f)
{
	if (f->count < FAULTS_MAX)
		return false;
	f->more = true;
	return true;
}

void *grow_list(void *list, size_t count, size_t size)
{
	/* The room is not kept: it is the power of two that the count has reached. */
	if (count & (count - 1))
		return list;
	list = reallocarray(list, count ? count * 2 : 1, size);
	if (!list)
		abort();
	return list;
}

void buf_put(struct buf *b, const char *s, size_t len)
{
	if (b->room - b->len <= len) {
		size_t more = (b->room + len + 1) * 2;
		b->bytes = realloc(b->bytes, more);
		if (!b->bytes)
			abort();
		b->room = more;
	}
	if (len)
		memcpy(b->bytes + b->len, s, len);
	b->len += len;
}

void buf_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

char *buf_take(struct buf *b)
{
	buf_put(b, "", 1);
	char *text = b->bytes;
	*b = (struct buf) { 0 };
	return text;
}

char *copy_bytes(const char *s, size_t len)
{
	struct buf b = { 0 };
	buf_put(&b, s, len);
	return buf_take(&b);
}
