/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: capture files, read as a file and as a pipe, through the helper's own reader. */
#include <config.h>

#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arplab/parts.h>

/* Take what was sent; it must be sane events. Returns whether the end of the file was told. */
static bool drain(int socket, uint64_t *frames)
{
	_Alignas(8) static uint8_t batch[EVENT_BATCH_MAX];
	bool complete = false;
	for (ssize_t n; (n = recv(socket, batch, sizeof batch, MSG_DONTWAIT)) > 0;) {
		for (size_t at = 0; at < (size_t)n;) {
			long size = event_check(batch + at, (size_t)n - at);
			must(size > 0);
			const struct event *e = (const struct event *)(const void *)(batch + at);
			if (e->kind == EVENT_FILE) {
				complete |= e->file.complete;
				*frames = e->file.frames;
			}
			at += (size_t)size;
		}
	}
	return complete;
}

static void read_it(int fd, int front, int back)
{
	struct helper_options options = { .scope = SCOPE_FILE, .file = fd, .file_name = "fuzz" };
	struct loop *l = calloc(1, sizeof *l);
	struct err err = { "" };
	uint64_t frames = 0;
	must(l);
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->options = &options;
	outbox_init(&l->outbox, back);
	struct capfile *f = capfile_new(l, &err);
	if (f) {
		/* Every step comes forward: a small file never needs many. */
		int steps = 0;
		while (capfile_work(f)) {
			must(steps++ < 10000);
			outbox_flush(&l->outbox);
			drain(front, &frames);
		}
		outbox_flush(&l->outbox);
		drain(front, &frames);
		if (frames) {
			struct action a = { .id = 1, .kind = ACTION_FETCH, .first = 1, .count = 100 };
			capfile_fetch(f, &a);
			for (steps = 0; capfile_work(f); steps++) {
				must(steps < 10000);
				outbox_flush(&l->outbox);
				drain(front, &frames);
			}
			outbox_flush(&l->outbox);
			drain(front, &frames);
		}
		capfile_free(f);
	} else {
		must(err.text[0]);
	}
	close(l->epoll);
	free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	int pair[2], stream[2];
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
	int file = memfd_create("fuzz", MFD_CLOEXEC);
	must(file >= 0 && write(file, bytes, len) == (ssize_t)len);
	must(lseek(file, 0, SEEK_SET) == 0);
	read_it(file, pair[0], pair[1]);
	close(file);
	/* A pipe holds 64 KiB, as much as an input has. */
	must(pipe2(stream, O_CLOEXEC | O_NONBLOCK) == 0);
	ssize_t n = write(stream[1], bytes, len);
	(void)n;
	close(stream[1]);
	read_it(stream[0], pair[0], pair[1]);
	close(stream[0]);
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static size_t put32(uint8_t *bytes, size_t at, uint32_t value)
{
	memcpy(bytes + at, &value, sizeof value);
	return at + sizeof value;
}

static size_t put_frame(uint8_t *bytes, size_t at, uint8_t last)
{
	const uint8_t frame[44] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8,
		0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, last };
	memcpy(bytes + at, frame, sizeof frame);
	return at + sizeof frame;
}

/* Classic, in micro- and nanoseconds, of several link types; and pcapng. */
size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const uint32_t linktypes[] = { 1, 1, 113, 276, 105 };
	size_t at = 0;
	(void)size;
	if (number > 5)
		return SIZE_MAX;
	if (number < 5) {
		at = put32(bytes, at, number % 2 ? 0xa1b23c4d : 0xa1b2c3d4);
		at = put32(bytes, at, 0x00040002);
		at = put32(bytes, at, 0);
		at = put32(bytes, at, 0);
		at = put32(bytes, at, 65535);
		at = put32(bytes, at, linktypes[number]);
		for (uint8_t i = 1; i <= 4; i++) {
			at = put32(bytes, at, 1700000000);
			at = put32(bytes, at, i);
			at = put32(bytes, at, 44);
			at = put32(bytes, at, 44);
			at = put_frame(bytes, at, i);
		}
		return at;
	}
	const uint32_t head[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28, 1, 20, 1,
		65535, 20 };
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		at = put32(bytes, at, head[i]);
	for (uint8_t i = 1; i <= 3; i++) {
		const uint32_t packet[] = { 6, 76, 0, 0x60a24, 0x181e4000u + i, 42, 42 };
		for (size_t k = 0; k < sizeof packet / sizeof *packet; k++)
			at = put32(bytes, at, packet[k]);
		at = put_frame(bytes, at, i);
		at = put32(bytes, at, 76);
	}
	return at;
}
