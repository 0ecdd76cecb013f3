/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: standard output for lines by the million: one buffer, written when it is full. */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#define OUT_SIZE 65536
/* What a pipe that poll() calls writable takes without blocking: PIPE_BUF. */
#define OUT_STEP 4096

struct app_out {
	const struct app_line *line;
	int error;
	bool waits; /* A pipe, a socket or a terminal: a slow reader can make a write wait. */
	struct text text;
	char bytes[OUT_SIZE];
};

struct app_out *app_out_open(const struct app_line *line)
{
	struct app_out *out = malloc(sizeof *out);
	if (!out)
		abort();
	struct stat st;
	out->line = line;
	out->error = 0;
	out->waits = fstat(STDOUT_FILENO, &st) != 0 || S_ISFIFO(st.st_mode) ||
		     S_ISSOCK(st.st_mode) || isatty(STDOUT_FILENO);
	out->text = text_in(out->bytes, sizeof out->bytes);
	return out;
}

/* Wait until somebody reads, or a signal asks to end. Returns 0 or -EINTR. */
static int wait_for_reader(const struct app_out *out)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = out->line->signals, .events = POLLIN },
	};
	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents)
			return 0;
		/* The signal stays on the descriptor: whoever runs the loop takes it off. */
		if (fds[1].revents)
			return -EINTR;
	}
}

int app_out_flush(struct app_out *out)
{
	size_t done = 0;
	while (!out->error && done < out->text.len) {
		size_t step = out->text.len - done;
		if (out->waits) {
			out->error = wait_for_reader(out);
			if (out->error)
				break;
			step = step < OUT_STEP ? step : OUT_STEP;
		}
		ssize_t len = write(STDOUT_FILENO, out->bytes + done, step);
		if (len >= 0)
			done += (size_t)len;
		else if (errno != EINTR && errno != EAGAIN)
			out->error = -errno;
	}
	out->text.len = 0;
	return out->error;
}

struct text *app_out_room(struct app_out *out)
{
	if (out->text.size - out->text.len < LINE_ROOM)
		app_out_flush(out);
	return out->error ? NULL : &out->text;
}

void app_out_line(struct app_out *out)
{
	text_char(&out->text, '\n');
}

int app_out_error(const struct app_out *out)
{
	return out->error;
}

void app_out_free(struct app_out *out)
{
	free(out);
}

int app_out_status(int error)
{
	switch (error) {
	case 0:
	case -EPIPE: /* The reader has seen enough. */
	case -EINTR:
		return EXIT_FINE;
	case -ENOSPC:
	case -EDQUOT:
		return app_fail(EXIT_REFUSED,
			_("cannot write to standard output: the disk is full; lines are missing"));
	default:
		return app_fail(
			EXIT_REFUSED, _("cannot write to standard output: %s"), err_reason(-error));
	}
}
