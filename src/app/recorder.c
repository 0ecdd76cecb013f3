/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a recording while it is written: blocks, each whole or not there. */
#include <config.h>

#include "recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/recording.h>
#include <arplab/text.h>

#include "recorded.h"

#define EVENT_BYTES 65536 /* Of a block of events. */

struct recorder {
	int fd;
	int error; /* Negative errno of the write that failed; nothing is written after it. */
	bool told; /* That it failed has been said. */
	bool regular;
	off_t whole; /* Bytes of the file that are written and whole. */
	char *path;
	uint64_t began_ns; /* Steady clock. */
	struct checksum sums;
	uint32_t blocks;
	uint32_t count; /* Events that wait. */
	size_t len;     /* Bytes of them. */
	size_t play_len;
	char play[RECORDED_PLAY_MAX]; /* What was said last of the learner. */
	_Alignas(8) uint8_t events[EVENT_BYTES];
};

/* ---- bytes ---- */

static void refused(struct recorder *r, int error)
{
	r->error = error;
	if (r->regular && ftruncate(r->fd, r->whole) != 0)
		r->regular = false; /* Its end stays torn; who replays it is told. */
}

/* Written at once where that is possible, so that being killed leaves whole blocks. */
static void put(struct recorder *r, struct iovec *parts, int count)
{
	while (!r->error && count) {
		ssize_t n = writev(r->fd, parts, count);
		if (n < 0 && errno != EINTR)
			refused(r, -errno);
		for (; n >= 0 && count && (size_t)n >= parts->iov_len; count--)
			n -= (ssize_t)parts++->iov_len;
		if (n > 0) {
			parts->iov_base = (char *)parts->iov_base + n;
			parts->iov_len -= (size_t)n;
		}
	}
}

/* An iovec is not const, and writev() does not write through it. */
static struct iovec part(const void *bytes, size_t len)
{
	return (struct iovec) { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
}

static void put_block(struct recorder *r, enum recording_kind kind, uint32_t count,
	const void *payload, size_t len)
{
	static const uint8_t zeros[8];
	uint8_t head[RECORDING_BLOCK_HEAD_BYTES];
	struct recording_block b = { .kind = kind,
		.number = r->blocks++,
		.count = count,
		.wall_ns = clock_wall_ns(),
		.steady_ns = clock_steady_ns() - r->began_ns };
	size_t padding = (8 - len % 8) % 8;
	if (r->error)
		return;
	recording_put_block(head, &b, payload, len, &r->sums);
	struct iovec parts[] = { part(head, sizeof head), part(payload, len),
		part(zeros, padding) };
	put(r, parts, 3);
	if (!r->error)
		r->whole += (off_t)(sizeof head + len + padding);
}

static void put_events(struct recorder *r)
{
	if (r->len)
		put_block(r, RECORDING_EVENTS, r->count, r->events, r->len);
	r->len = 0;
	r->count = 0;
}

/* ---- beginning and end ---- */

static void put_beginning(struct recorder *r, enum event_scope scope)
{
	struct recording_head head = { .scope = scope, .began_ns = clock_wall_ns() };
	uint8_t bytes[RECORDING_HEAD_BYTES];
	char layout[RECORDING_LAYOUT_MAX];
	text_copy(head.program, sizeof head.program, PACKAGE_VERSION);
	gethostname(head.host, sizeof head.host - 1);
	recording_put_head(bytes, &head, &r->sums);
	struct iovec whole = part(bytes, sizeof bytes);
	put(r, &whole, 1);
	if (!r->error)
		r->whole = sizeof bytes;
	put_block(r, RECORDING_LAYOUT, 0, layout, recording_put_layout(layout, sizeof layout));
}

int recorder_open(struct recorder **ret, const char *path, enum event_scope scope, struct err *err)
{
	struct stat st;
	*ret = NULL;
	if (!path)
		return 0;
	int fd = app_new_file(path, _("the recording"), err);
	if (fd < 0)
		return fd;
	struct recorder *r = calloc(1, sizeof *r);
	if (!r || !(r->path = strdup(path)))
		abort();
	r->fd = fd;
	r->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	r->began_ns = clock_steady_ns();
	checksum_init(&r->sums);
	put_beginning(r, scope);
	*ret = r;
	return 0;
}

int recorder_flush(struct recorder *r, struct err *err)
{
	if (!r)
		return 0;
	put_events(r);
	if (!r->error || r->told)
		return 0;
	r->told = true;
	return err_set(err, r->error, _("cannot record to %s any more: %s; it ends there"), r->path,
		app_write_error(r->error));
}

int recorder_close(struct recorder *r, struct err *err)
{
	if (!r)
		return 0;
	put_events(r);
	put_block(r, RECORDING_END, r->blocks, NULL, 0);
	/* Some file systems tell only now that there was no room. */
	if (close(r->fd) < 0 && !r->error)
		r->error = -errno;
	int error = recorder_flush(r, err);
	free(r->path);
	free(r);
	return error;
}

/* ---- what happens ---- */

void recorder_event(struct recorder *r, const struct event *e)
{
	if (!r || r->error)
		return;
	if (r->len + e->size > sizeof r->events)
		put_events(r);
	memcpy(r->events + r->len, e, e->size);
	r->len += e->size;
	r->count++;
}

void recorder_lesson(
	struct recorder *r, const struct lesson *l, uint32_t seed, const char *source, size_t len)
{
	if (!r)
		return;
	char *text = malloc(RECORDED_LESSON_MAX);
	if (!text)
		abort();
	put_events(r);
	put_block(r, RECORDING_LESSON, 1, text, recorded_put_lesson(text, l, seed, source, len));
	free(text);
}

void recorder_play(struct recorder *r, const struct play *p, bool free_play)
{
	char text[RECORDED_PLAY_MAX];
	if (!r)
		return;
	size_t len = recorded_put_play(text, p, free_play);
	if (len == r->play_len && memcmp(text, r->play, len) == 0)
		return;
	memcpy(r->play, text, r->play_len = len);
	put_events(r);
	put_block(r, RECORDING_PLAY, 1, text, len);
}
