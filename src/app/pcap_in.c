/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a capture file whose frames are read through the helper, one after the other. */
#include <config.h>

#include "pcap_in.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/i18n.h>

#define FRAME_RING 4096 /* The least there is: frames are passed on, and not kept. */
#define FETCH_MAX 65536 /* Frames asked for at once; the line's own limits bound what waits. */

/* ---- the file ---- */

static int open_file(const char *path, struct err *err)
{
	struct stat st;
	bool standard = strcmp(path, "-") == 0;
	if (standard && isatty(STDIN_FILENO))
		return err_set(err, -EINVAL,
			_("standard input is a terminal; name a file, or pipe a capture into "
			  "arplab"));
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, -errno, _("cannot read %s: %s"), path, err_reason(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(err, -EISDIR, _("cannot read %s: it is a directory"), path);
	}
	return fd;
}

static const char *name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? _("standard input") : path;
}

int pcap_in_open_line(const struct app_options *o, const char *file, struct app_line *ret)
{
	struct err err;
	struct app_start start = app_start_from(o, SCOPE_FILE);
	/* Opened before the helper starts, which then can open nothing by itself. */
	start.file = open_file(file, &err);
	start.file_name = name_of(file);
	if (start.file < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	int error = app_open(o, &start, ret, &err);
	close(start.file);
	return error ? app_fail(EXIT_REFUSED, "%s", err.text) : -1;
}

int pcap_in_open(struct pcap_in *in)
{
	in->next = in->first;
	in->line = (struct app_line) { .socket = -1, .pid = -1, .signals = -1 };
	model_init(&in->model, FRAME_RING);
	return pcap_in_open_line(in->options, in->options->args[0], &in->line);
}

const char *pcap_in_name(const struct pcap_in *in)
{
	return name_of(in->options->args[0]);
}

void pcap_in_close(struct pcap_in *in)
{
	app_hang_up(&in->line);
	model_done(&in->model);
}

/* ---- frames ---- */

static void take(struct pcap_in *in, const struct event *e)
{
	if (e->kind == EVENT_FRAME) {
		uint64_t number = e->frame.number;
		if (number >= in->next)
			in->next = number + 1;
		if (number >= in->first && number <= in->last)
			in->ops->frame(in->arg, e);
		return;
	}
	model_apply(&in->model, e);
	if (e->kind == EVENT_DONE && e->done.id == in->fetch) {
		in->fetch = 0;
		if (e->done.error)
			in->status = app_fail(EXIT_REFUSED, "%s", e->done.text);
	}
	if (e->kind == EVENT_NOTE && e->note.grave)
		in->status = app_fail(EXIT_REFUSED, "%s", e->note.text);
}

/* The number of the last frame that is wanted and there. */
static uint64_t last_known(const struct pcap_in *in)
{
	return in->model.file.frames < in->last ? in->model.file.frames : in->last;
}

/* Ask for what is known and was not asked for. */
static int ask(struct pcap_in *in)
{
	if (in->fetch || !in->model.file.seekable || in->next > last_known(in))
		return 0;
	uint64_t left = last_known(in) - in->next + 1;
	struct action a = {
		.id = ++in->last_id,
		.kind = ACTION_FETCH,
		.first = in->next,
		.count = (uint32_t)(left < FETCH_MAX ? left : FETCH_MAX),
	};
	in->fetch = a.id;
	return app_send(&in->line, &a);
}

/* The whole file is counted in any case; a pipe is left where nothing more is wanted of it. */
static bool finished(const struct pcap_in *in)
{
	const struct file_progress *f = &in->model.file;
	if (in->model.bye || in->status)
		return true;
	if (!f->seekable && in->next > in->last)
		return true;
	return f->complete && !in->fetch && (!f->seekable || in->next > last_known(in));
}

/* Take what waits. Returns 1 if the line is drained, 0 if more may wait, or a negative errno. */
static int take_batch(struct pcap_in *in)
{
	ssize_t len = app_receive(&in->line, in->batch, sizeof in->batch);
	if (len <= 0)
		return len == 0 ? 1 : (int)len;
	size_t pos = 0;
	const struct event *e;
	while ((e = app_next_event(in->batch, (size_t)len, &pos)))
		take(in, e);
	return 0;
}

int pcap_in_read(struct pcap_in *in)
{
	for (;;) {
		int drained = take_batch(in);
		if (drained < 0)
			return drained;
		if (!in->ops->goes_on(in->arg) || finished(in))
			return 0;
		int error = ask(in);
		if (error)
			return error;
		if (!drained)
			continue;
		if (in->ops->idle && !in->model.file.seekable)
			in->ops->idle(in->arg);
		struct pollfd fds[] = {
			{ .fd = in->line.socket, .events = POLLIN },
			{ .fd = in->line.signals, .events = POLLIN },
		};
		int patience_ms = in->ops->patience_ms ? in->ops->patience_ms(in->arg) : -1;
		int ready = poll(fds, 2, patience_ms);
		if (ready > 0 && fds[1].revents && app_signal(&in->line))
			return 0;
		if (ready == 0)
			in->ops->quiet(in->arg);
	}
}

/* ---- the end ---- */

/* An empty answer is easily taken for a mistake. */
static void say_no_arp(const struct pcap_in *in)
{
	const struct file_progress *f = &in->model.file;
	if (!f->complete || f->frames || in->options->quiet)
		return;
	if (f->packets)
		app_fail(EXIT_FINE,
			ngettext("%s holds %llu packet, which is not ARP",
				"%s holds %llu packets, none of them ARP", f->packets),
			pcap_in_name(in), (unsigned long long)f->packets);
	else
		app_fail(EXIT_FINE, _("%s holds no packets"), pcap_in_name(in));
}

int pcap_in_status(const struct pcap_in *in, int error)
{
	int status = in->status;
	if (error)
		status = app_fail(EXIT_REFUSED, _("the helper process has ended unexpectedly"));
	/* What could be read has been shown; now say what could not. */
	if (in->model.file.error)
		status = app_fail(EXIT_REFUSED, "%s", in->model.file.text);
	if (!status)
		say_no_arp(in);
	return status;
}
