/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab read`: a capture file as the screen, as lines or as JSON. */
#include <config.h>

#include <arplab/app.h>

#include <stdlib.h>
#include <unistd.h>

#include <arplab/text.h>

#include "pcap_in.h"

#define QUIET_MS 2500 /* A pipe that says nothing for so long is taken for quiet. */

struct reading {
	struct pcap_in in;
	struct app_out *out;
	struct pcap_out *pcap;
	struct findings *findings; /* NULL while silent. */
	struct line_clock clock;
	bool silent;
	int status;
};

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
	bool shown = r->in.options->json ? line_json(t, &r->in.model, e, &r->clock)
					 : line_text(t, &r->in.model, e, &r->clock);
	if (shown)
		app_out_line(r->out);
}

static void take_frame(void *arg, const struct event *e)
{
	struct reading *r = arg;
	findings_print(r->findings, &r->in.model, e->at_ns);
	print(r, e);
	findings_take(r->findings, &r->in.model, e);
	save(r, e);
}

static bool goes_on(void *arg)
{
	const struct reading *r = arg;
	return !app_out_error(r->out) && !r->status;
}

/* What a pipe has sent is shown now. */
static void idle(void *arg)
{
	const struct reading *r = arg;
	app_out_flush(r->out);
}

/* A finding waits for the next frame, but not for ever. */
static int patience_ms(void *arg)
{
	const struct reading *r = arg;
	return findings_due_ns(r->findings) != UINT64_MAX ? QUIET_MS : -1;
}

static void quiet(void *arg)
{
	struct reading *r = arg;
	findings_print(r->findings, &r->in.model, UINT64_MAX);
}

static int finish(struct reading *r, int error)
{
	struct err err;
	findings_print(r->findings, &r->in.model, UINT64_MAX);
	findings_summary(r->findings, &r->in.model);
	app_out_flush(r->out);
	int status = app_out_status(app_out_error(r->out));
	if (pcap_out_close(r->pcap, &err) != 0)
		status = app_fail(EXIT_REFUSED, "%s", err.text);
	int read = pcap_in_status(&r->in, error);
	return status ? status : r->status ? r->status : read;
}

static int print_all(struct reading *r)
{
	struct err err;
	const struct app_options *o = r->in.options;
	r->silent = o->quiet;
	if (o->write_pcap) {
		r->pcap = pcap_out_open(o->write_pcap, &err);
		if (!r->pcap)
			return app_fail(EXIT_REFUSED, "%s", err.text);
		r->silent = r->silent || pcap_out_is_stdout(r->pcap);
	}
	r->out = app_out_open(&r->in.line);
	if (!r->silent)
		r->findings = findings_open(r->out, o->json);
	int status = finish(r, pcap_in_read(&r->in));
	findings_free(r->findings);
	app_out_free(r->out);
	return status;
}

static int read_lines(const struct app_options *o)
{
	static const struct pcap_in_ops ops = {
		.frame = take_frame,
		.goes_on = goes_on,
		.idle = idle,
		.patience_ms = patience_ms,
		.quiet = quiet,
	};
	struct reading *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	r->in = (struct pcap_in) {
		.options = o, .first = 1, .last = UINT64_MAX, .ops = &ops, .arg = r
	};
	int status = pcap_in_open(&r->in);
	if (status < 0)
		status = print_all(r);
	pcap_in_close(&r->in);
	free(r);
	return status;
}

int app_read(const struct app_options *o)
{
	struct app_line line = { .socket = -1, .pid = -1, .signals = -1 };
	if (!isatty(STDOUT_FILENO) || o->json || o->quiet || o->write_pcap)
		return read_lines(o);
	int status = pcap_in_open_line(o, o->args[0], &line);
	return status < 0 ? app_screen(o, &line, SCOPE_FILE, NULL) : status;
}
