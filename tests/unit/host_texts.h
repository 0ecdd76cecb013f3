/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: hosts from texts and back. Include cmocka before it. */
#ifndef TESTS_HOST_TEXTS_H
#define TESTS_HOST_TEXTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/host.h>

#include "streams.h"

static inline struct host *read_host(const char *text)
{
	struct err err = { "" };
	struct host *h = host_read("test", text, strlen(text), &err);
	if (!h)
		fail_msg("%s", err.text);
	return h;
}

struct lines {
	char *text;
};

static inline void append_line(void *arg, const char *line)
{
	struct lines *l = arg;
	size_t len = strlen(l->text);
	l->text = realloc(l->text, len + strlen(line) + 2);
	assert_non_null(l->text);
	sprintf(l->text + len, "%s\n", line);
}

/* From malloc. */
static inline char *write_host(const struct host *h)
{
	struct lines l = { calloc(1, 1) };
	assert_non_null(l.text);
	host_write(h, append_line, &l);
	return l.text;
}

#endif
