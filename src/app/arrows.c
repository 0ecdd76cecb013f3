/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: `arplab ladder`: frames of a capture file as arrows between machines, as text or as a
 * picture. Who has a column is known when all frames are there, so they are kept until then.
 */
#include <config.h>

#include "arrows.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <arplab/i18n.h>

#include "pcap_in.h"

#define COUNT_DEFAULT 200
#define COUNT_MAX 100000
#define FROM_MAX 1000000000
#define WIDTH_DEFAULT 80
#define WIDTH_MIN 40
#define WIDTH_MAX 500
#define FRAME_ROOM 256 /* No frame takes more bytes in the ring. */
#define SVG_COLUMNS 12 /* More are no picture. */
#define HEAD_EVERY 50  /* Frames; then the names stand there again. */
#define WRAP_ROWS 8

struct drawing {
	struct pcap_in in;
	struct ladder_sheet sheet;
	struct census census;
	int width;
	bool ascii;
};

/* ---- what is asked for ---- */

static int number_of(const char *word, const char *option, int64_t most, uint64_t *ret)
{
	int64_t value;
	if (!word)
		return -1;
	if (text_parse_int(word, 1, most, &value) < 0)
		return app_fail(EXIT_USAGE, _("--%s takes a number from 1 to %lld"), option,
			(long long)most);
	*ret = (uint64_t)value;
	return -1;
}

static int width_of(const struct app_options *o, int *ret)
{
	struct winsize size;
	int64_t value = WIDTH_DEFAULT;
	if (o->width && text_parse_int(o->width, WIDTH_MIN, WIDTH_MAX, &value) < 0)
		return app_fail(EXIT_USAGE, _("--width takes a number from %d to %d"), WIDTH_MIN,
			WIDTH_MAX);
	if (!o->width && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN)
		value = size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
	*ret = (int)value;
	return -1;
}

static int read_options(struct drawing *d, const struct app_options *o)
{
	uint64_t first = 1, count = COUNT_DEFAULT;
	int status = number_of(o->from, "from", FROM_MAX, &first);
	if (status < 0)
		status = number_of(o->count, "count", COUNT_MAX, &count);
	if (status < 0)
		status = width_of(o, &d->width);
	d->ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	d->in.options = o;
	d->in.first = first;
	d->in.last = first + count - 1;
	return status;
}

/* ---- frames ---- */

static void take_frame(void *arg, const struct event *e)
{
	struct drawing *d = arg;
	frames_push(&d->sheet.frames, e);
	census_take(&d->census, &d->in.model, e);
}

static bool goes_on(void *arg)
{
	(void)arg;
	return true;
}

void ladder_sheet_time(const struct ladder_sheet *l, const struct event *e, struct text *t)
{
	text_since(t, e->at_ns, frames_at(&l->frames, l->frames.first)->at_ns, 6);
}

/* ---- sentences about them ---- */

static void write_title(struct drawing *d)
{
	const struct file_progress *f = &d->in.model.file;
	struct text t = text_in(d->sheet.title, sizeof d->sheet.title);
	const char *name = pcap_in_name(&d->in), *slash = strrchr(name, '/');
	char file[121];
	struct text shown = text_in(file, sizeof file);
	text_name(&shown, slash && slash[1] ? slash + 1 : name, sizeof file - 1);
	text_end(&shown);
	struct word from = grouped_word(d->in.first);
	struct word to = grouped_word(d->in.first + d->sheet.frames.count - 1);
	if (f->seekable || f->complete)
		text_printf(&t, _("ARP in %s: frames %s to %s of %s"), file, from.text, to.text,
			grouped_word(f->frames).text);
	else
		text_printf(&t, _("ARP in %s: frames %s to %s"), file, from.text, to.text);
	text_end(&t);
}

static void write_foot(struct drawing *d)
{
	const struct file_progress *f = &d->in.model.file;
	struct text t = text_in(d->sheet.foot, sizeof d->sheet.foot);
	uint64_t at_ns = frames_at(&d->sheet.frames, d->sheet.frames.first)->at_ns;
	time_t second = (time_t)(at_ns / 1000000000);
	char bytes[40] = "";
	struct tm tm;
	if (gmtime_r(&second, &tm))
		strftime(bytes, sizeof bytes, "%Y-%m-%d %H:%M:%S", &tm);
	text_printf(&t, _("Times are seconds since %s.%06u UTC."), bytes,
		(unsigned)(at_ns % 1000000000 / 1000));
	bool more = f->frames > d->sheet.frames.count || !(f->seekable || f->complete);
	if (more && d->sheet.frames.count > 0)
		text_put(&t, _(" --from and --count show other frames."));
	text_end(&t);
}

/* ---- as text ---- */

static void print_canvas(const struct canvas *c)
{
	size_t size = canvas_text(c, NULL, 0) + 1;
	char *bytes = malloc(size);
	if (!bytes)
		abort();
	canvas_text(c, bytes, size);
	fputs(bytes, stdout);
	free(bytes);
}

static void print_sentence(const struct drawing *d, const char *sentence)
{
	struct canvas c;
	canvas_init(&c, WRAP_ROWS, d->width, d->ascii);
	int rows =
		canvas_wrap(&c, (struct rect) { 0, 0, WRAP_ROWS, d->width }, ROLE_TEXT, sentence);
	c.rows = rows < WRAP_ROWS ? rows : WRAP_ROWS;
	print_canvas(&c);
	canvas_done(&c);
}

static void print_frame(
	struct drawing *d, struct canvas *c, const struct arrows_grid *g, const struct event *e)
{
	struct ladder_sheet *l = &d->sheet;
	struct arrow a;
	char time[32];
	struct text t = text_in(time, sizeof time);
	if (g->time)
		text_since(&t, e->at_ns, frames_at(&l->frames, l->frames.first)->at_ns,
			g->time >= ARROWS_TIME ? 6 : 3);
	arrow_read(&l->parties, l->m, e, g->wide, &a);
	canvas_clear(c);
	arrow_draw(c, g, 0, &l->parties, &a, text_end(&t));
	print_canvas(c);
}

static void print_text(struct drawing *d)
{
	struct ladder_sheet *l = &d->sheet;
	struct canvas head, line;
	struct arrows_grid g;
	arrows_place(&l->parties, (struct rect) { 0, 0, 3, d->width }, &g);
	canvas_init(&head, 3, d->width, d->ascii);
	canvas_init(&line, 1, d->width, d->ascii);
	arrows_draw_head(&head, &g, &l->parties, l->m, 2);
	arrows_draw_lines(&head, &g, &l->parties, 2, 1);
	print_sentence(d, l->title);
	for (uint64_t i = 0; i < l->frames.count; i++) {
		if (i % HEAD_EVERY == 0)
			print_canvas(&head);
		print_frame(d, &line, &g, frames_at(&l->frames, l->frames.first + i));
	}
	putchar('\n');
	print_sentence(d, l->foot);
	canvas_done(&line);
	canvas_done(&head);
}

/* ---- the subcommand ---- */

/* Returns the exit status for frames that are not there, or EXIT_FINE. */
static int say_none(const struct drawing *d)
{
	const struct file_progress *f = &d->in.model.file;
	if (!f->frames || d->in.status)
		return EXIT_FINE;
	return app_fail(EXIT_REFUSED,
		ngettext("%s holds %llu ARP frame, none from number %llu on",
			"%s holds %llu ARP frames, none from number %llu on", f->frames),
		pcap_in_name(&d->in), (unsigned long long)f->frames,
		(unsigned long long)d->in.first);
}

static int draw(struct drawing *d, int error)
{
	struct ladder_sheet *l = &d->sheet;
	int status = EXIT_FINE;
	if (l->frames.count) {
		size_t most = d->in.options->svg ? SVG_COLUMNS : arrows_most(d->width);
		parties_choose(&l->parties, &d->census, l->m, most);
		write_title(d);
		write_foot(d);
		if (d->in.options->svg)
			ladder_svg(stdout, l);
		else
			print_text(d);
		fflush(stdout);
	} else {
		status = say_none(d);
	}
	int read = pcap_in_status(&d->in, error);
	return status ? status : read;
}

int app_ladder(const struct app_options *o)
{
	static const struct pcap_in_ops ops = { .frame = take_frame, .goes_on = goes_on };
	struct drawing *d = calloc(1, sizeof *d);
	if (!d)
		abort();
	d->in.ops = &ops;
	d->in.arg = d;
	d->sheet.m = &d->in.model;
	int status = read_options(d, o);
	if (status < 0) {
		frames_init(&d->sheet.frames, (d->in.last - d->in.first + 2) * FRAME_ROOM + 4096);
		status = pcap_in_open(&d->in);
		if (status < 0)
			status = draw(d, pcap_in_read(&d->in));
		pcap_in_close(&d->in);
		frames_done(&d->sheet.frames);
		census_done(&d->census);
	}
	free(d);
	return status;
}
