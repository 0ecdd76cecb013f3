/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: `arplab monitor`: one line an event, in the order of time.
 *
 * What the first dump names is the state to compare with and is not printed. From then on every
 * event waits in the merge until no older one can come, is printed against the model, and only
 * then applied to it.
 */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/merge.h>
#include <arplab/text.h>

#include "recorder.h"

#define FRAME_RING 4096 /* The least there is: monitor looks back at no frame. */
#define BATCHES 16      /* Taken between two looks at signals and at the reader. */

struct monitor {
	const struct app_options *options;
	struct app_line line;
	struct model model;
	struct merge merge;
	struct app_out *out;
	struct pcap_out *pcap;
	struct recorder *recorder;
	struct findings *findings; /* NULL while silent. */
	struct line_clock clock;
	bool silent;       /* No lines: --quiet, or the frames themselves go there. */
	bool capture_told; /* That nothing can be captured has been said. */
	int status;
	_Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
};

static void pcap_failed(struct monitor *w, const struct err *err)
{
	w->status = app_fail(EXIT_REFUSED, "%s", err->text);
	pcap_out_close(w->pcap, NULL);
	w->pcap = NULL;
}

/* ---- which events are shown ---- */

static int32_t iface_of(const struct event *e)
{
	switch (e->kind) {
	case EVENT_LINK:
		return e->link.ifindex;
	case EVENT_ADDR:
		return e->addr.ifindex;
	case EVENT_NEIGH:
		return e->neigh.ifindex;
	case EVENT_SYSCTL:
		return e->sysctl.ifindex;
	default:
		return 0;
	}
}

/* With -i, news of other interfaces are left out; those of `all` and `default` concern everyone. */
static bool wanted(const struct monitor *w, const struct event *e)
{
	const struct app_options *o = w->options;
	int32_t ifindex = iface_of(e);
	if (o->iface_count == 0 || ifindex <= 0)
		return true;
	const char *name = model_conf_name(&w->model, ifindex);
	for (size_t i = 0; i < o->iface_count; i++)
		if (strcmp(name, o->ifaces[i]) == 0 ||
			(e->kind == EVENT_LINK && strcmp(e->link.name, o->ifaces[i]) == 0))
			return true;
	return false;
}

/* Without the capability every interface says the same; it is said once, to the person. */
static bool capture_refused(struct monitor *w, const struct event *e)
{
	if (e->kind != EVENT_CAPTURE || e->capture.state != CAPTURE_FAILED ||
		(e->capture.error != -EPERM && e->capture.error != -EACCES))
		return false;
	if (!w->capture_told)
		app_fail(EXIT_REFUSED, "%s", e->capture.text);
	w->capture_told = true;
	return true;
}

static void print(struct monitor *w, const struct event *e)
{
	if (w->silent || capture_refused(w, e) || !wanted(w, e))
		return;
	struct text *t = app_out_room(w->out);
	if (!t)
		return;
	bool shown = w->options->json ? line_json(t, &w->model, e, &w->clock)
				      : line_text(t, &w->model, e, &w->clock);
	if (shown)
		app_out_line(w->out);
}

/* ---- from the line through the merge to the output ---- */

static void take(struct monitor *w, const struct event *e)
{
	switch (e->kind) {
	case EVENT_FRAME:
	case EVENT_CAPTURE:
	case EVENT_DROPS:
	case EVENT_NOTE:
		merge_push(&w->merge, e);
		break;
	default:
		if (model_ready(&w->model)) {
			merge_push(&w->merge, e);
		} else {
			recorder_event(w->recorder, e);
			model_apply(&w->model, e);
		}
	}
}

/* Returns 1 if the line is drained, 0 if more may wait, or a negative errno. */
static int take_waiting(struct monitor *w)
{
	for (int i = 0; i < BATCHES; i++) {
		ssize_t len = app_receive(&w->line, w->batch, sizeof w->batch);
		if (len <= 0)
			return len == 0 ? 1 : (int)len;
		size_t pos = 0;
		const struct event *e;
		while ((e = app_next_event(w->batch, (size_t)len, &pos)))
			take(w, e);
	}
	return 0;
}

static void give_news(void *arg, const struct event *e)
{
	struct monitor *w = arg;
	print(w, e);
	model_apply(&w->model, e);
}

static void give_frame(struct monitor *w, const struct event *e)
{
	struct err err;
	print(w, e);
	findings_take(w->findings, &w->model, e);
	if (w->pcap && pcap_out_frame(w->pcap, e, &err) != 0)
		pcap_failed(w, &err);
}

static void give(struct monitor *w, uint64_t until_ns)
{
	const struct event *e;
	while ((e = merge_pop(&w->merge, until_ns))) {
		recorder_event(w->recorder, e);
		findings_print(w->findings, &w->model, e->at_ns);
		if (e->kind == EVENT_FRAME) {
			give_frame(w, e);
			continue;
		}
		if (e->kind == EVENT_MARK)
			line_swept(&w->model, e, give_news, w);
		give_news(w, e);
	}
	findings_print(w->findings, &w->model, until_ns);
}

static void flush(struct monitor *w)
{
	struct err err;
	/* What a person has seen is in the recording, even if this is killed. */
	if (recorder_flush(w->recorder, &err) != 0)
		w->status = app_fail(EXIT_REFUSED, "%s", err.text);
	app_out_flush(w->out);
	if (w->pcap && pcap_out_flush(w->pcap, &err) != 0)
		pcap_failed(w, &err);
}

static int wait_ms(const struct monitor *w)
{
	uint64_t next = model_ready(&w->model) ? merge_next_ns(&w->merge) : UINT64_MAX;
	uint64_t found = findings_due_ns(w->findings);
	next = found < next ? found : next;
	if (next == UINT64_MAX)
		return -1;
	uint64_t now = clock_wall_ns(), due = next + MERGE_WAIT_NS;
	return due <= now ? 0 : (int)((due - now) / NS_PER_MS + 1);
}

/* Returns 0 when somebody asked to end, or the error that ended it. */
static int run(struct monitor *w)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = w->line.socket, .events = POLLIN },
			{ .fd = w->line.signals, .events = POLLIN },
			/* Nothing is asked of it: poll() tells when the reader has gone. */
			{ .fd = w->silent ? -1 : STDOUT_FILENO },
		};
		if (poll(fds, 3, wait_ms(w)) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents && app_signal(&w->line))
			return 0;
		if (fds[2].revents & (POLLERR | POLLHUP))
			return 0;
		int drained = take_waiting(w);
		if (model_ready(&w->model))
			give(w, clock_wall_ns() - MERGE_WAIT_NS);
		if (drained)
			flush(w);
		if (drained < 0)
			return drained;
		if (app_out_error(w->out))
			return 0;
	}
}

static int finish(struct monitor *w, int error)
{
	/* What the helper has sent already happened, and belongs to the lines. */
	take_waiting(w);
	give(w, UINT64_MAX);
	flush(w);
	if (error == -EPIPE)
		w->status = app_fail(EXIT_REFUSED, _("the helper process has ended unexpectedly"));
	else if (error)
		w->status = app_fail(EXIT_REFUSED, _("cannot go on: %s"), err_reason(-error));
	int trouble = app_out_status(app_out_error(w->out));
	struct err err;
	if (recorder_close(w->recorder, &err) != 0)
		trouble = app_fail(EXIT_REFUSED, "%s", err.text);
	if (pcap_out_close(w->pcap, &err) != 0)
		trouble = app_fail(EXIT_REFUSED, "%s", err.text);
	return trouble ? trouble : w->status;
}

static int start(struct monitor *w)
{
	struct err err;
	struct app_start start = app_start_from(w->options, SCOPE_HOST);
	start.capture = true;
	int error = app_check_ifaces(w->options, &err);
	if (!error)
		error = app_open(w->options, &start, &w->line, &err);
	if (error)
		return app_fail(app_open_status(error), "%s", err.text);
	w->silent = w->options->quiet;
	if (recorder_open(&w->recorder, w->options->record, SCOPE_HOST, &err) < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	if (!w->options->write_pcap)
		return -1;
	w->pcap = pcap_out_open(w->options->write_pcap, &err);
	if (!w->pcap) {
		recorder_close(w->recorder, NULL);
		return app_fail(EXIT_REFUSED, "%s", err.text);
	}
	w->silent = w->silent || pcap_out_is_stdout(w->pcap);
	return -1;
}

int app_monitor(const struct app_options *o)
{
	struct monitor *w = calloc(1, sizeof *w);
	if (!w)
		abort();
	w->options = o;
	w->line = (struct app_line) { .socket = -1, .pid = -1, .signals = -1 };
	model_init(&w->model, FRAME_RING);
	merge_init(&w->merge);
	int status = start(w);
	if (status < 0) {
		w->out = app_out_open(&w->line);
		if (!w->silent)
			w->findings = findings_open(w->out, o->json);
		status = finish(w, run(w));
		findings_free(w->findings);
		app_out_free(w->out);
	}
	app_hang_up(&w->line);
	merge_done(&w->merge);
	model_done(&w->model);
	free(w);
	return status;
}
