/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: a recording checked from its beginning to its end, and a list of its blocks for finding
 * every item again.
 *
 * The bytes are foreign. What is in the list has been checked, and is checked once more when it is
 * read again: meanwhile the file may have become another.
 */
#include <config.h>

#include "recording_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

/* ---- bytes ---- */

static long fill_window(struct recording *r, uint64_t offset)
{
	r->window_at = offset;
	r->window_len = 0;
	while (r->window_len < WINDOW_BYTES) {
		long len = r->source.read(r->source.arg, offset + r->window_len,
			r->window + r->window_len, WINDOW_BYTES - r->window_len);
		if (len < 0)
			return len;
		if (len == 0)
			break;
		r->window_len += (size_t)len;
	}
	return 0;
}

/* As many of `len` bytes as there are. *ret_len says how many. */
static const uint8_t *bytes_at(struct recording *r, uint64_t offset, size_t len, size_t *ret_len)
{
	bool inside = offset >= r->window_at && offset + len <= r->window_at + r->window_len;
	if (!inside && fill_window(r, offset) < 0)
		r->window_len = 0;
	size_t begin = (size_t)(offset - r->window_at);
	size_t there = begin < r->window_len ? r->window_len - begin : 0;
	*ret_len = there < len ? there : len;
	return r->window + begin;
}

/* ---- the head ---- */

static int refuse_version(const struct head_bytes *h, const char *program, struct err *err)
{
	if (h->version > RECORDING_VERSION)
		return err_set(err, -EPROTO,
			_("it was made by arplab %s in format %u, and this arplab reads formats up "
			  "to %d; a newer arplab can replay it"),
			program, h->version, RECORDING_VERSION);
	return err_set(err, -EPROTO,
		_("it was made by arplab %s in format %u, and this arplab reads formats from %d "
		  "on; "
		  "that arplab can replay it"),
		program, h->version, RECORDING_OLDEST);
}

static int read_head(struct recording *r, struct err *err)
{
	struct head_bytes h;
	char program[sizeof h.program + 1] = "";
	size_t len;
	const uint8_t *bytes = bytes_at(r, 0, sizeof h, &len);
	if (len < sizeof h.magic || memcmp(bytes, RECORDING_MAGIC, sizeof h.magic) != 0)
		return err_set(err, -EBADMSG,
			len ? _("it is no recording of arplab; a capture file is for arplab read")
			    : _("it is empty, so it is no recording"));
	if (len < sizeof h)
		return err_set(err, -EBADMSG, _("it is cut off at byte %zu, within its head"), len);
	memcpy(&h, bytes, sizeof h);
	struct text t = text_in(program, sizeof program);
	text_name(&t, h.program, sizeof h.program);
	text_end(&t);
	if (h.order != RECORDING_ORDER)
		return err_set(err, -EPROTO,
			_("it was made by arplab %s on a machine with another byte order, and can "
			  "only be replayed on one like that"),
			program);
	uint32_t sum = h.sum;
	h.sum = 0;
	if (checksum_of(&r->sums, &h, sizeof h) != sum || h.bytes != sizeof h)
		return err_set(err, -EBADMSG, _("its head is damaged"));
	if (h.version < RECORDING_OLDEST || h.version > RECORDING_VERSION)
		return refuse_version(&h, program, err);
	if (h.scope < SCOPE_HOST || h.scope > SCOPE_LAB)
		return err_set(err, -EBADMSG, _("its head is damaged"));
	r->head = (struct recording_head) {
		.version = h.version, .scope = h.scope, .began_ns = h.began_ns
	};
	text_copy(r->head.program, sizeof r->head.program, program);
	h.host[sizeof h.host - 1] = '\0';
	text_copy(r->head.host, sizeof r->head.host, h.host);
	return 0;
}

/* ---- blocks ---- */

/* Events as ours; a block of others is written anew beside it. Returns how many, or -EBADMSG. */
static long take_events(struct recording *r, const uint8_t *payload, size_t len, size_t *ret_len)
{
	long count = 0;
	size_t out = 0;
	bool same = layout_same(r->layout);
	for (size_t at = 0; at < len;) {
		struct event e;
		long size = same ? event_check(payload + at, len - at)
				 : layout_event(r->layout, payload + at, len - at, &e);
		if (size < 0)
			return size;
		at += (size_t)size;
		if (!same && e.size == 0) {
			r->strange += r->checking;
			continue;
		}
		count++;
		if (same)
			continue;
		recording_room(r, out + e.size);
		memcpy(r->other + out, &e, e.size);
		out += e.size;
	}
	r->data = same ? payload : r->other;
	*ret_len = same ? len : out;
	return count;
}

void recording_room(struct recording *r, size_t size)
{
	if (size <= r->other_room)
		return;
	size_t room = size * 2;
	uint8_t *bigger = aligned_alloc(8, RECORDING_PADDED(room));
	if (!bigger)
		abort();
	if (r->other_room)
		memcpy(bigger, r->other, r->other_room);
	free(r->other);
	r->other = bigger;
	r->other_room = room;
}

/* A text is given with a terminator behind it. */
static void take_text(struct recording *r, const uint8_t *payload, size_t len)
{
	recording_room(r, len + 1);
	memcpy(r->other, payload, len);
	r->other[len] = '\0';
	r->data = r->other;
}

/*
 * Read and check the block at an offset. Returns how many items it has, or:
 * -ENODATA the file ends here, -EPIPE it ends within the block, -EBADMSG it is damaged.
 */
long recording_load(struct recording *r, uint64_t offset, struct block_bytes *ret, size_t *ret_len)
{
	size_t there;
	const uint8_t *bytes = bytes_at(r, offset, sizeof *ret, &there);
	if (there < sizeof *ret)
		return there ? -EPIPE : -ENODATA;
	memcpy(ret, bytes, sizeof *ret);
	if (checksum_of(&r->sums, ret, offsetof(struct block_bytes, head_sum)) != ret->head_sum ||
		ret->len > RECORDING_BLOCK_MAX)
		return -EBADMSG;
	size_t padded = RECORDING_PADDED((size_t)ret->len);
	bytes = bytes_at(r, offset, sizeof *ret + padded, &there);
	if (there < sizeof *ret + padded)
		return -EPIPE;
	const uint8_t *payload = bytes + sizeof *ret;
	if (checksum_of(&r->sums, payload, ret->len) != ret->sum)
		return -EBADMSG;
	*ret_len = ret->len;
	switch (ret->kind) {
	case RECORDING_LAYOUT:
		r->data = payload;
		return 0;
	case RECORDING_EVENTS:
		return r->layout ? take_events(r, payload, ret->len, ret_len) : -EBADMSG;
	case RECORDING_LESSON:
	case RECORDING_PLAY:
		take_text(r, payload, ret->len);
		return 1;
	case RECORDING_END:
		return 0;
	default:
		return -EBADMSG;
	}
}

/* ---- the list of blocks ---- */

static void note_place(
	struct recording *r, uint64_t offset, const struct block_bytes *b, long count)
{
	if (r->place_count == r->place_room) {
		r->place_room = r->place_room ? r->place_room * 2 : 64;
		r->places = realloc(r->places, r->place_room * sizeof *r->places);
		if (!r->places)
			abort();
	}
	uint64_t before = r->place_count ? r->places[r->place_count - 1].steady_ns : 0;
	r->places[r->place_count++] = (struct place) {
		.offset = offset,
		.first = r->count,
		.wall_ns = b->wall_ns,
		.steady_ns = b->steady_ns < before ? before : b->steady_ns,
		.kind = (enum recording_kind)b->kind,
	};
	r->count += (uint64_t)count;
	r->events += b->kind == RECORDING_EVENTS ? (uint64_t)count : 0;
}

static void trouble(struct recording *r, enum recording_state state, uint64_t offset)
{
	unsigned long n = (unsigned long)r->events;
	struct word events = grouped_word(r->events), at = grouped_word(offset);
	struct text t = text_in(r->trouble, sizeof r->trouble);
	r->state = state;
	if (state == RECORDING_OPEN)
		text_printf(&t,
			ngettext("after %s event, at byte %s, the recording was never ended: its "
				 "arplab was killed, or still runs",
				"after %s events, at byte %s, the recording was never ended: its "
				"arplab was killed, or still runs",
				n),
			events.text, at.text);
	else if (state == RECORDING_CUT)
		text_printf(&t,
			ngettext("after %s event, at byte %s, the recording is cut off: its arplab "
				 "was killed, or it was not copied whole",
				"after %s events, at byte %s, the recording is cut off: its arplab "
				"was killed, or it was not copied whole",
				n),
			events.text, at.text);
	else
		text_printf(&t,
			ngettext("after %s event, at byte %s, the recording is damaged, and what "
				 "stands behind that is not shown",
				"after %s events, at byte %s, the recording is damaged, and what "
				"stands behind that is not shown",
				n),
			events.text, at.text);
	text_end(&t);
}

/* Whether a block may stand where it does. */
static bool in_place(const struct block_bytes *b, uint32_t number)
{
	if (b->number != number || (b->kind == RECORDING_LAYOUT) != (number == 0))
		return false;
	return b->kind != RECORDING_END || b->count == number;
}

/* Read all blocks. The first that is not as it should be ends the recording. */
static void check_blocks(struct recording *r)
{
	uint64_t offset = RECORDING_HEAD_BYTES;
	for (uint32_t number = 0;; number++) {
		struct block_bytes b;
		size_t len;
		long count = recording_load(r, offset, &b, &len);
		if (count == -ENODATA || count == -EPIPE) {
			trouble(r, count == -EPIPE ? RECORDING_CUT : RECORDING_OPEN, offset);
			return;
		}
		if (count < 0 || !in_place(&b, number)) {
			trouble(r, RECORDING_DAMAGED, offset);
			return;
		}
		if (b.kind == RECORDING_LAYOUT)
			r->layout = layout_read((const char *)r->data, len);
		if (!r->layout) {
			trouble(r, RECORDING_DAMAGED, offset);
			return;
		}
		if (b.kind == RECORDING_END)
			return;
		if (count > 0)
			note_place(r, offset, &b, count);
		offset += RECORDING_BLOCK_HEAD_BYTES + RECORDING_PADDED((size_t)b.len);
	}
}

/* ---- beginning and end ---- */

static int check(struct recording *r, struct err *err)
{
	int error = read_head(r, err);
	if (error)
		return error;
	r->checking = true;
	check_blocks(r);
	r->checking = false;
	if (r->count)
		return 0;
	if (r->state == RECORDING_WHOLE)
		return err_set(err, -ENODATA, _("nothing was recorded in it"));
	return err_set(err, -EBADMSG, "%s", r->trouble);
}

struct recording *recording_open(const struct recording_source *source, struct err *err)
{
	struct recording *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	r->source = *source;
	r->at_place = SIZE_MAX;
	r->window = aligned_alloc(8, WINDOW_BYTES);
	if (!r->window)
		abort();
	checksum_init(&r->sums);
	if (check(r, err) < 0) {
		recording_free(r);
		return NULL;
	}
	return r;
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	layout_free(r->layout);
	free(r->places);
	free(r->window);
	free(r->other);
	free(r);
}

const struct recording_head *recording_head(const struct recording *r)
{
	return &r->head;
}

enum recording_state recording_state(const struct recording *r)
{
	return r->state;
}

const char *recording_trouble(const struct recording *r)
{
	return r->trouble;
}

uint64_t recording_strange(const struct recording *r)
{
	return r->strange;
}

uint64_t recording_count(const struct recording *r)
{
	return r->count;
}
