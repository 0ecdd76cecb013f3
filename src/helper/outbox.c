/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: batches of events on their way to the front, and the knowledge that it is slow. */
#include <config.h>

#include <arplab/parts.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <arplab/clock.h>
#include <arplab/text.h>

#define TEXT_FORMAT_MAX 1024

void outbox_init(struct outbox *o, int socket)
{
	o->socket = socket;
	o->node = 0;
	o->len = 0;
	o->blocked = false;
	o->gone = false;
}

int outbox_flush(struct outbox *o)
{
	if (o->gone)
		return -EPIPE;
	if (o->len == 0) {
		o->blocked = false;
		return 0;
	}
	ssize_t sent = send(o->socket, o->batch, o->len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS && errno != ENOMEM) {
		o->gone = true;
		o->blocked = true;
		return -EPIPE;
	}
	o->blocked = sent < 0;
	if (o->blocked)
		return -EAGAIN;
	/* A message of a SOCK_SEQPACKET socket goes whole or not at all. */
	o->len = 0;
	return 0;
}

static struct event *room_below(struct outbox *o, size_t size, size_t limit)
{
	if (o->len + size > limit && outbox_flush(o) < 0)
		return NULL;
	return (struct event *)(void *)(o->batch + o->len);
}

struct event *outbox_room(struct outbox *o, size_t size)
{
	if (o->blocked)
		return NULL;
	return room_below(o, size, EVENT_BATCH_MAX - OUTBOX_RESERVE);
}

void outbox_commit(struct outbox *o, size_t size)
{
	struct event *e = (struct event *)(void *)(o->batch + o->len);
	e->node = o->node;
	o->len += size;
}

static int copy_in(struct outbox *o, struct event *room, const struct event *e)
{
	if (!room)
		return -EAGAIN;
	memcpy(room, e, e->size);
	outbox_commit(o, e->size);
	return 0;
}

int outbox_add(struct outbox *o, const struct event *e)
{
	return copy_in(o, outbox_room(o, e->size), e);
}

int outbox_add_sure(struct outbox *o, const struct event *e)
{
	return copy_in(o, room_below(o, e->size, EVENT_BATCH_MAX), e);
}

/* Write a sentence, and put '?' for the control characters that a foreign name brought along. */
__attribute__((format(printf, 2, 0))) static void write_text(
	char field[EVENT_TEXT_SIZE], const char *format, va_list args)
{
	char whole[TEXT_FORMAT_MAX];
	vsnprintf(whole, sizeof whole, format, args);
	struct text t = text_in(field, EVENT_TEXT_SIZE);
	text_name(&t, whole, EVENT_TEXT_SIZE);
	text_end(&t);
}

void outbox_note(struct outbox *o, bool grave, const char *format, ...)
{
	struct event e = { .note.grave = grave };
	event_begin(&e, EVENT_NOTE, clock_wall_ns());
	va_list args;
	va_start(args, format);
	write_text(e.note.text, format, args);
	va_end(args);
	outbox_add_sure(o, &e);
}

void outbox_done(struct outbox *o, uint32_t id, int error, const char *format, ...)
{
	struct event e = { .done = { .id = id, .error = error } };
	event_begin(&e, EVENT_DONE, clock_wall_ns());
	va_list args;
	va_start(args, format);
	write_text(e.done.text, format, args);
	va_end(args);
	outbox_add_sure(o, &e);
}
