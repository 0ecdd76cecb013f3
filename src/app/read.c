/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: `arplab read`: a capture file as the screen, as lines or as JSON.
 *
 * The helper counts the frames of a file as it reads it, and sends those that are asked for; here
 * they are asked for in order. A pipe cannot be read twice: its frames come by themselves.
 */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/text.h>

#define FRAME_RING 4096 /* The least there is: lines look back at no frame. */
#define QUIET_MS 2500   /* A pipe that says nothing for so long is taken for quiet. */
#define FETCH_MAX 65536 /* Frames asked for at once; the line's own limits bound what waits. */

struct reading {
	const struct app_options *options;
	struct app_line line;
	struct model model;
	struct app_out *out;
	struct pcap_out *pcap;
	struct findings *findings; /* NULL while silent. */
	struct line_clock clock;
	uint64_t next;  /* Number of the frame that is to be asked for next. */
	uint32_t fetch; /* Id of the question under way, 0 if there is none. */
	uint32_t last_id;
	bool silent;
	int status;
	_Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
};

/* ---- the file ---- */

static int open_file(const char *path, struct err *err)
{
	struct stat st;
	bool standard = strcmp(path, "-") == 0;
	if (standard && isatty(STDIN_FILENO))
		return err_set(err, -EINVAL,
			"standard input is a terminal; name a file, or pipe a capture into arplab");
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, -errno, "cannot read %s: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(err, -EISDIR, "cannot read %s: it is a directory", path);
	}
	return fd;
}

/* ---- frames ---- */

static void save(struct reading *r, const struct event *e)
{
	struct err err;
	if (!r->pcap || pcap_out_frame(r->pcap, e, &err) == 0)
		return;
	r->status = app_fail(EXIT_REFUSED, "%s", err.text);
	pcap_out_close(r->pcap, NULL);
	r->pcap = NULL;
}

static void print(struct reading *r, const struct event *e)
{
	struct text *t = r->silent ? NULL : app_out_room(r->out);
	if (!t)
		return;
	bool shown = r->options->json ? line_json(t, &r->model, e, &r->clock)
				      : line_text(t, &r->model, e, &r->clock);
	if (shown)
		app_out_line(r->out);
}

static void take(struct reading *r, const struct event *e)
{
	if (e->kind == EVENT_FRAME) {
		if (e->frame.number >= r->next)
			r->next = e->frame.number + 1;
		findings_print(r->findings, &r->model, e->at_ns);
		print(r, e);
		findings_take(r->findings, &r->model, e);
		save(r, e);
		return;
	}
	model_apply(&r->model, e);
	if (e->kind == EVENT_DONE && e->done.id == r->fetch) {
		r->fetch = 0;
		if (e->done.error)
			r->status = app_fail(EXIT_REFUSED, "%s", e->done.text);
	}
	if (e->kind == EVENT_NOTE && e->note.grave)
		r->status = app_fail(EXIT_REFUSED, "%s", e->note.text);
}

/* Ask for what is known and was not asked for. */
static int ask(struct reading *r)
{
	const struct file_progress *f = &r->model.file;
	if (r->fetch || !f->seekable || r->next > f->frames)
		return 0;
	uint64_t left = f->frames - r->next + 1;
	struct action a = {
		.id = ++r->last_id,
		.kind = ACTION_FETCH,
		.first = r->next,
		.count = (uint32_t)(left < FETCH_MAX ? left : FETCH_MAX),
	};
	r->fetch = a.id;
	return app_send(&r->line, &a);
}

static bool finished(const struct reading *r)
{
	const struct file_progress *f = &r->model.file;
	if (r->model.bye)
		return true;
	return f->complete && !r->fetch && (!f->seekable || r->next > f->frames);
}

/* Take what waits. Returns 1 if the line is drained, 0 if more may wait, or a negative errno. */
static int take_batch(struct reading *r)
{
	ssize_t len = app_receive(&r->line, r->batch, sizeof r->batch);
	if (len <= 0)
		return len == 0 ? 1 : (int)len;
	size_t pos = 0;
	const struct event *e;
	while ((e = app_next_event(r->batch, (size_t)len, &pos)))
		take(r, e);
	return 0;
}

/* Returns 0 at the end, or when there is nobody to write for; else a negative errno. */
static int run(struct reading *r)
{
	for (;;) {
		int drained = take_batch(r);
		if (drained < 0)
			return drained;
		if (app_out_error(r->out) || r->status || finished(r))
			return 0;
		int error = ask(r);
		if (error)
			return error;
		if (!drained)
			continue;
		/* A pipe may be quiet for long: what it has sent is shown now. */
		if (!r->model.file.seekable)
			app_out_flush(r->out);
		struct pollfd fds[] = {
			{ .fd = r->line.socket, .events = POLLIN },
			{ .fd = r->line.signals, .events = POLLIN },
		};
		/* A finding waits for the next frame, but not for ever. */
		bool waits = findings_due_ns(r->findings) != UINT64_MAX;
		int ready = poll(fds, 2, waits ? QUIET_MS : -1);
		if (ready > 0 && fds[1].revents && app_signal(&r->line))
			return 0;
		if (ready == 0)
			findings_print(r->findings, &r->model, UINT64_MAX);
	}
}

/* An empty answer is easily taken for a mistake. */
static void say_no_arp(const struct reading *r)
{
	const struct file_progress *f = &r->model.file;
	const char *name = r->options->args[0];
	if (!f->complete || f->error || f->frames || r->options->quiet)
		return;
	name = strcmp(name, "-") == 0 ? "standard input" : name;
	if (f->packets)
		app_fail(EXIT_FINE, "%s holds %" PRIu64 " packet%s, none of them ARP", name,
			f->packets, f->packets == 1 ? "" : "s");
	else
		app_fail(EXIT_FINE, "%s holds no packets", name);
}

static int finish(struct reading *r, int error)
{
	struct err err;
	findings_print(r->findings, &r->model, UINT64_MAX);
	findings_summary(r->findings, &r->model);
	app_out_flush(r->out);
	int status = app_out_status(app_out_error(r->out));
	if (pcap_out_close(r->pcap, &err) != 0)
		status = app_fail(EXIT_REFUSED, "%s", err.text);
	if (error)
		status = app_fail(EXIT_REFUSED, "the helper process has ended unexpectedly");
	/* What could be read has been printed; now say what could not. */
	if (r->model.file.error)
		status = app_fail(EXIT_REFUSED, "%s", r->model.file.text);
	if (!status && !r->status)
		say_no_arp(r);
	return status ? status : r->status;
}

static int start(struct reading *r, const char *path)
{
	struct err err;
	struct app_start start = app_start_from(r->options, SCOPE_FILE);
	/* Opened before the helper starts, which then can open nothing by itself. */
	start.file = open_file(path, &err);
	start.file_name = strcmp(path, "-") == 0 ? "standard input" : path;
	if (start.file < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	int error = app_open(r->options, &start, &r->line, &err);
	close(start.file);
	return error ? app_fail(EXIT_REFUSED, "%s", err.text) : -1;
}

static int print_all(struct reading *r)
{
	struct err err;
	const struct app_options *o = r->options;
	r->silent = o->quiet;
	if (o->write_pcap) {
		r->pcap = pcap_out_open(o->write_pcap, &err);
		if (!r->pcap)
			return app_fail(EXIT_REFUSED, "%s", err.text);
		r->silent = r->silent || pcap_out_is_stdout(r->pcap);
	}
	r->out = app_out_open(&r->line);
	if (!r->silent)
		r->findings = findings_open(r->out, o->json);
	int status = finish(r, run(r));
	findings_free(r->findings);
	app_out_free(r->out);
	return status;
}

int app_read(const struct app_options *o)
{
	struct reading *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	r->options = o;
	r->next = 1;
	int status = start(r, o->args[0]);
	if (status < 0 && isatty(STDOUT_FILENO) && !o->json && !o->quiet && !o->write_pcap) {
		status = app_screen(o, &r->line, SCOPE_FILE);
	} else {
		model_init(&r->model, FRAME_RING);
		if (status < 0)
			status = print_all(r);
		app_hang_up(&r->line);
		model_done(&r->model);
	}
	free(r);
	return status;
}
