/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what was recorded of a lab, said again to a program that asks for the same. */
#include <config.h>

#include "answers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <arplab/clock.h>

#define ASKED_MAX 16
#define LINE_SIZE 4096

/* Both clocks of the program go with the recording, and on to the moments that it waits for. */
static uint64_t clock_ns;

uint64_t clock_wall_ns(void)
{
	return clock_ns;
}

uint64_t clock_steady_ns(void)
{
	return clock_ns;
}

struct answers {
	char *bytes, *at;
	/* The newest that was asked for: its id when it was recorded, and its id now. */
	uint32_t recorded[ASKED_MAX], now[ASKED_MAX];
	size_t asked;
};

/* Take the next line that is no comment off the recording; NULL at its end. */
static char *next_line(struct answers *a)
{
	while (*a->at) {
		char *line = a->at, *end = line + strcspn(line, "\n");
		a->at = *end ? end + 1 : end;
		*end = '\0';
		if (*line && *line != '#')
			return line;
	}
	return NULL;
}

static void give_id(const struct answers *a, uint32_t *id)
{
	for (size_t i = 0; i < ASKED_MAX && i < a->asked; i++)
		if (a->recorded[i] == *id) {
			*id = a->now[i];
			return;
		}
}

/* Up to where the program asks for something more. Returns whether there was anything. */
static bool feed(struct show *p, struct answers *a)
{
	const char *begin = a->at;
	while (*a->at && *a->at != '>' && !p->wrong[0]) {
		const char *line = next_line(a);
		struct event e;
		struct err err = { "" };
		if (!line)
			break;
		if (event_read(line, &e, &err) < 0) {
			snprintf(p->wrong, sizeof p->wrong, "%.100s: %.300s", line, err.text);
			break;
		}
		if (e.kind == EVENT_DONE)
			give_id(a, &e.done.id);
		if (e.kind == EVENT_TRIED)
			give_id(a, &e.tried.id);
		if (clock_ns < e.at_ns)
			clock_ns = e.at_ns;
		show_event(p, &e);
	}
	return a->at != begin;
}

/* The recording goes on only with what was asked for when it was made. */
static void take_asked(struct show *p, struct answers *a, struct action *asked)
{
	char now[LINE_SIZE], *line = next_line(a), *was = NULL;
	uint32_t id = asked->id;
	struct text t = text_in(now, sizeof now);
	asked->id = 0;
	action_write(&t, asked);
	text_end(&t);
	a->now[a->asked % ASKED_MAX] = id;
	if (line && *line == '>')
		a->recorded[a->asked++ % ASKED_MAX] = (uint32_t)strtoul(line + 1, &was, 10);
	if (!was || strcmp(was + (*was == ' '), now) != 0)
		snprintf(p->wrong, sizeof p->wrong,
			"asked for \"%.150s\", the recording has \"%.150s\": record it anew", now,
			line ? line : "its end");
}

static bool take_message(struct show *p, struct answers *a)
{
	static _Alignas(8) char message[EVENT_BATCH_MAX];
	ssize_t len = recv(p->far, message, sizeof message, MSG_DONTWAIT);
	if (len < (ssize_t)sizeof(struct action))
		return false;
	take_asked(p, a, (struct action *)(void *)message);
	return true;
}

struct answers *answers_open(struct show *p, const char *path)
{
	struct answers *a = calloc(1, sizeof *a);
	if (!a)
		abort();
	clock_ns = 0;
	a->bytes = show_slurp(path);
	a->at = a->bytes;
	if (!*a->bytes)
		snprintf(p->wrong, sizeof p->wrong, "%.400s: there is no such recording", path);
	feed(p, a);
	return a;
}

void answers_close(struct answers *a)
{
	if (a)
		free(a->bytes);
	free(a);
}

bool answers_next(struct show *p)
{
	struct answers *a = p->answers;
	bool asked = false;
	while (!p->wrong[0] && take_message(p, a))
		asked = true;
	if (feed(p, a) || asked)
		return true;
	if (p->lab.wake_ns == UINT64_MAX)
		return false;
	if (clock_ns < p->lab.wake_ns)
		clock_ns = p->lab.wake_ns;
	return true;
}
