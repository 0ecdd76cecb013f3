/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: sends the frames of a capture file that the front asks for. */
#include <config.h>

#include "capfile_parts.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/eventfd.h>

#include <arplab/i18n.h>

#include "frame_fill.h"

#define PACKETS_A_TURN 65536

static void fetch_end(struct capfile *f, int error, const char *why)
{
	uint32_t id = f->fetches[0].id;

	f->fetch_count--;
	memmove(&f->fetches[0], &f->fetches[1], f->fetch_count * sizeof f->fetches[0]);
	outbox_done(&f->loop->outbox, id, error, "%s", why);
}

static void stop(struct capfile *f)
{
	f->broken = true;
	pcap_breakloop(f->pcap);
}

static void fetch_packet(uint8_t *user, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	struct capfile *f = (struct capfile *)(void *)user;
	struct fetch *fetch = &f->fetches[0];

	if (!capfile_is_arp(f, h, bytes))
		return;
	uint64_t number = f->here++;
	if (number < fetch->next)
		return;
	fetch->next = number + 1;
	capfile_send(f, number, h, bytes);
	if (fetch->next == fetch->end)
		stop(f);
}

/* The last place that is not behind the frame. The first one is before all frames. */
static const struct checkpoint *point_before(const struct capfile *f, uint64_t number)
{
	size_t low = 0, high = f->point_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (f->points[middle].number <= number)
			low = middle;
		else
			high = middle;
	}
	return &f->points[low];
}

/* Begin at the start with a new handle, which knows nothing of what it has not passed. */
static bool start_again(struct capfile *f, struct err *err)
{
	capfile_close(f);
	f->at_index = false;
	f->here = 1;
	return capfile_open(f, err) == 0;
}

/* Bring the handle to a place from which the frame is soon reached. */
static bool go_to(struct capfile *f, uint64_t number, struct err *err)
{
	const struct checkpoint *point = point_before(f, number);

	if (!f->at_index && f->here <= number && (f->no_jumps || f->here >= point->number))
		return true;
	if (f->no_jumps)
		return start_again(f, err);
	if (f->at_index)
		f->index_at = ftello(f->stream);
	if (fseeko(f->stream, point->offset, SEEK_SET) < 0)
		return false;
	f->at_index = false;
	f->here = point->number;
	return true;
}

void capfile_fetch_on(struct capfile *f)
{
	struct fetch *fetch = &f->fetches[0];
	struct err err;
	err_set(&err, 0, _("the file has changed while it was read"));

	if (fetch->end > f->frames + 1)
		fetch->end = f->frames + 1;
	if (fetch->next >= fetch->end) {
		fetch_end(f, 0, "");
		return;
	}
	if (!f->pcap || !go_to(f, fetch->next, &err)) {
		fetch_end(f, -EIO, err.text);
		return;
	}
	int r = capfile_read(f, PACKETS_A_TURN, fetch_packet);
	if (fetch->next >= fetch->end && f->pending == 0)
		fetch_end(f, 0, "");
	else if (r <= 0 && fetch->next < fetch->end)
		fetch_end(f, -EIO, err.text);
}

void capfile_fetch(struct capfile *f, const struct action *a)
{
	uint64_t count = a->count < FETCH_FRAMES_MAX ? a->count : FETCH_FRAMES_MAX;

	if (f->pipe) {
		outbox_done(&f->loop->outbox, a->id, -ESPIPE,
			_("a pipe is read once: only the newest frames can be shown"));
		return;
	}
	if (f->fetch_count == FETCHES_MAX) {
		outbox_done(&f->loop->outbox, a->id, -EBUSY, _("too many frames are asked for"));
		return;
	}
	f->fetches[f->fetch_count++] = (struct fetch) {
		.id = a->id,
		.next = a->first,
		.end = a->first > UINT64_MAX - count ? UINT64_MAX : a->first + count,
	};
	eventfd_write(f->wake, 1);
}
