/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: lessons made from texts, and findings about them. */
#ifndef TESTS_LESSONS_H
#define TESTS_LESSONS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/lesson.h>
#include <arplab/library.h>

/* Lines 1 to 7 of a lesson; a step may follow from line 8 on. */
#define HEAD                    \
	"# A title\n"           \
	"\n"                    \
	"```lesson\n"           \
	"topology: lvs-dr\n"    \
	"minutes: 5\n"          \
	"summary: A summary.\n" \
	"```\n"

/* From a copy of exactly its size: a sanitizer sees whatever is read beside it. */
static inline struct lesson *read_bytes(
	const char *bytes, size_t len, uint32_t seed, struct faults *faults)
{
	struct lesson_source source = library_source();
	char *copy = malloc(len ? len : 1);
	if (len)
		memcpy(copy, bytes, len);
	struct lesson *l = lesson_read("lessons/07-a-name.md", copy, len, seed, &source, faults);
	free(copy);
	return l;
}

static inline void print_faults(const struct faults *f)
{
	for (size_t i = 0; i < f->count; i++)
		print_message("line %u: %s\n", f->list[i].line, f->list[i].text);
}

/* The lesson, which must be fine. */
static inline struct lesson *must_read(const char *text)
{
	struct faults f = { 0 };
	struct lesson *l = read_bytes(text, strlen(text), 0, &f);
	print_faults(&f);
	assert_non_null(l);
	assert_int_equal(f.count, 0);
	return l;
}

/* The text has this finding, in this line, and no other one. */
static inline void assert_only_fault(const char *text, unsigned line, const char *part)
{
	struct faults f = { 0 };
	struct lesson *l = read_bytes(text, strlen(text), 0, &f);
	bool found = f.count == 1 && f.list[0].line == line && strstr(f.list[0].text, part);
	if (!found) {
		print_message("wanted line %u: %s; got\n", line, part);
		print_faults(&f);
	}
	assert_null(l);
	assert_true(found);
	faults_done(&f);
}

/* Among its findings is this one. */
static inline void assert_fault(const char *text, unsigned line, const char *part)
{
	struct faults f = { 0 };
	bool found = false;
	assert_null(read_bytes(text, strlen(text), 0, &f));
	for (size_t i = 0; i < f.count; i++)
		found = found || (f.list[i].line == line && strstr(f.list[i].text, part));
	if (!found) {
		print_message("wanted line %u: %s; got\n", line, part);
		print_faults(&f);
	}
	assert_true(found);
	faults_done(&f);
}

#endif
