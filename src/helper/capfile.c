/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a capture file: counts its ARP frames once, then sends those that are asked for.
 *
 * Every 64 ARP frames, or 4096 packets if ARP is rarer, the index remembers a place in the file: a
 * fetch jumps to the last one before its first frame and reads on from there.
 */
#include <config.h>

#include "capfile_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "frame_fill.h"

#define FRAMES_A_POINT 64
#define PACKETS_A_POINT 4096
#define PACKET_BLOCK 32 /* An enhanced packet block's bytes but for the packet and options. */
#define PACKETS_A_READ 8192
#define READS_A_TURN 8
#define BYTES_A_TURN (16 << 20)

/* ---- packets ---- */

static bool is_tag(const uint8_t type[2])
{
	return ((type[0] == 0x81 || type[0] == 0x91) && type[1] == 0x00) ||
	       (type[0] == 0x88 && type[1] == 0xa8);
}

/* As arp_decode() finds it, without reading on: ARP, behind up to two VLAN tags. */
static bool is_ethernet_arp(const struct pcap_pkthdr *h, const uint8_t *b)
{
	for (size_t at = 12; at <= 20 && h->caplen >= at + 2; at += 4) {
		if (b[at] == 0x08 && b[at + 1] == 0x06)
			return true;
		if (!is_tag(b + at))
			return false;
	}
	return false;
}

bool capfile_is_arp(const struct capfile *f, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	bool arp = f->linktype == DLT_EN10MB ? is_ethernet_arp(h, bytes)
					     : cooked_is_arp(f->linktype, h, bytes);

	return arp && (!f->filtered || pcap_offline_filter(&f->filter, h, bytes) > 0);
}

void capfile_send(
	struct capfile *f, uint64_t number, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	uint8_t made[FRAME_BYTES_MAX];
	struct pcap_pkthdr made_h;

	if (f->linktype != DLT_EN10MB) {
		cooked_to_ethernet(f->linktype, h, bytes, &made_h, made);
		h = &made_h;
		bytes = made;
	}
	size_t size = frame_size(h);
	struct event *e = outbox_room(&f->loop->outbox, size);
	if (e) {
		frame_fill(e, size, number, 0, h, bytes);
		outbox_commit(&f->loop->outbox, size);
		return;
	}
	frame_fill(&f->frame, size, number, 0, h, bytes);
	f->pending = size;
	f->broken = true;
	pcap_breakloop(f->pcap);
}

int capfile_read(struct capfile *f, int count, pcap_handler handler)
{
	f->broken = false;
	int n = pcap_dispatch(f->pcap, count, handler, (uint8_t *)f);
	/* A break of the last time may be noticed now only: then nothing was read. */
	if (n == PCAP_ERROR_BREAK)
		return 1;
	if (n < 0)
		return -1;
	return n == count || f->broken;
}

/* ---- what the front is told ---- */

void capfile_tell(struct capfile *f)
{
	struct event e = { .file = {
				   .packets = f->packets,
				   .frames = f->frames,
				   .bytes = f->bytes,
				   .complete = f->complete,
				   .error = f->error,
				   .seekable = !f->pipe,
				   .linktype = f->linktype,
			   } };

	text_copy(e.file.text, sizeof e.file.text, f->text);
	event_begin(&e, EVENT_FILE, clock_wall_ns());
	outbox_add_sure(&f->loop->outbox, &e);
}

void capfile_give_up(struct capfile *f, const char *words)
{
	char name[81];
	struct text t = text_in(f->text, sizeof f->text), n = text_in(name, sizeof name);
	bool cut = strncmp(words, "truncated", 9) == 0;

	f->complete = true;
	f->error = -EBADMSG;
	text_name(&n, f->name, 80);
	text_end(&n);
	if (cut)
		text_printf(&t, _("%s is cut off after packet %s: what comes before is shown"),
			name, grouped_word(f->packets).text);
	else
		text_printf(&t, _("%s is damaged after packet %s: %s"), name,
			grouped_word(f->packets).text, words);
	text_end(&t);
}

/* ---- the index ---- */

/* Remember that the handle stands here. Without memory the file counts as ending here. */
static bool add_point(struct capfile *f)
{
	struct checkpoint point = { .number = f->frames + 1, .offset = ftello(f->stream) };

	if (point.offset < f->head_end)
		point.offset = f->head_end;

	f->packets_to_point = f->packets + PACKETS_A_POINT;
	f->frames_to_point = f->frames + FRAMES_A_POINT;
	/* No ARP frame since the last one: this one is nearer to the next. */
	if (f->point_count > 0 && f->points[f->point_count - 1].number == point.number) {
		f->points[f->point_count - 1] = point;
		return true;
	}
	if (f->point_count == f->point_room) {
		size_t room = f->point_room ? f->point_room * 2 : 256;
		struct checkpoint *more = realloc(f->points, room * sizeof *more);
		if (!more)
			return false;
		f->points = more;
		f->point_room = room;
	}
	f->points[f->point_count++] = point;
	return true;
}

static void index_packet(uint8_t *user, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	struct capfile *f = (struct capfile *)(void *)user;

	f->packets++;
	f->expected += PACKET_BLOCK + (int64_t)((h->caplen + 3U) & ~3U);
	if (capfile_is_arp(f, h, bytes))
		f->frames++;
	if (f->frames >= f->frames_to_point || f->packets >= f->packets_to_point) {
		if (!add_point(f)) {
			f->error = -ENOMEM;
			f->broken = true;
			pcap_breakloop(f->pcap);
		}
	}
}

bool capfile_to_index(struct capfile *f)
{
	if (f->at_index)
		return true;
	if (fseeko(f->stream, f->index_at, SEEK_SET) < 0)
		return false;
	f->at_index = true;
	f->here = f->frames + 1;
	return true;
}

/* Whether a turn has passed blocks that no jump may pass. Only what is no packet is looked at. */
static bool passed_descriptions(struct capfile *f, int64_t begin, int64_t end)
{
	if (!f->is_ng || end - begin == f->expected)
		return false;
	if (begin < f->head_end)
		begin = f->head_end;
	return blocks_describe(f->loop->options->file, f->swapped, begin, end);
}

/* Read on for a turn. Returns what capfile_read() does. */
static int index_turn(struct capfile *f)
{
	int64_t begin = ftello(f->stream), end = begin;
	int r = 1;

	f->expected = 0;
	for (int i = 0; i < READS_A_TURN && r == 1 && end - begin < BYTES_A_TURN; i++) {
		r = capfile_read(f, PACKETS_A_READ, index_packet);
		if (f->error)
			r = -1;
		end = ftello(f->stream);
	}
	f->bytes = (uint64_t)end;
	f->here = f->frames + 1;
	if (!f->no_jumps)
		f->no_jumps = passed_descriptions(f, begin, end);
	return r;
}

static void index_on(struct capfile *f)
{
	int r = capfile_to_index(f) ? index_turn(f) : -1;

	if (r == 0)
		f->complete = true;
	if (r < 0)
		capfile_give_up(f, f->error == -ENOMEM ? _("out of memory") : pcap_geterr(f->pcap));
	capfile_tell(f);
}

/* ---- the part ---- */

static bool can_jump(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_SET) == 0;
}

static int begin(struct capfile *f, struct err *err)
{
	int fd = f->loop->options->file;

	f->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->wake < 0 || loop_watch(f->loop, f->wake, LOOP_FILE, 0) < 0)
		return err_set(err, -EMFILE, _("cannot watch over %s"), f->name);
	if (!can_jump(fd)) {
		f->pipe = pipe_feed_new(fd);
		/* What epoll cannot watch, such as /dev/zero, is always readable. */
		loop_watch(f->loop, fd, LOOP_FILE, 0);
		return f->pipe ? 0 : err_set(err, -ENOMEM, _("out of memory"));
	}
	f->is_ng = blocks_head(fd, &f->swapped, &f->head_end);
	int r = capfile_open(f, err);
	if (r == 0 && !add_point(f))
		r = err_set(err, -ENOMEM, _("out of memory"));
	return r;
}

struct capfile *capfile_new(struct loop *l, struct err *err)
{
	struct capfile *f = calloc(1, sizeof *f);

	if (!f) {
		err_set(err, -ENOMEM, _("out of memory"));
		return NULL;
	}
	f->loop = l;
	f->name = l->options->file_name ? l->options->file_name : _("the file");
	f->wake = -1;
	f->at_index = true;
	f->here = 1;
	if (begin(f, err) < 0) {
		capfile_free(f);
		return NULL;
	}
	return f;
}

void capfile_free(struct capfile *f)
{
	if (!f)
		return;
	capfile_close(f);
	if (f->wake >= 0) {
		loop_forget(f->loop, f->wake);
		close(f->wake);
	}
	pipe_feed_free(f->pipe);
	free(f->points);
	free(f);
}

bool capfile_work(struct capfile *f)
{
	uint64_t times;

	/* Only to make it unreadable; how often it was written does not matter. */
	if (read(f->wake, &times, sizeof times) < 0 && errno != EAGAIN)
		return false;
	if (f->pending > 0) {
		if (outbox_add(&f->loop->outbox, &f->frame) < 0)
			return true;
		f->pending = 0;
	}
	if (f->pipe)
		return capfile_pipe_work(f);
	if (f->fetch_count > 0 && (f->complete || !f->no_jumps))
		capfile_fetch_on(f);
	else if (!f->complete)
		index_on(f);
	return !f->complete || f->fetch_count > 0;
}
