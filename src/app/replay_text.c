/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a recording as lines, as monitor would have printed them.
 *
 * In a recording of a lab each line names its machine, a frame is told where it was sent, and
 * between them stands what the learner did and what the machines answered.
 */
#include <config.h>

#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/text.h>
#include <arplab/world.h>

#define FRAME_RING 4096   /* The least there is: lines look back at no frame. */
#define ITEMS_A_LOOK 4096 /* Printed between two looks at signals and at the reader. */

struct printing {
	const struct app_options *options;
	const char *path;
	const struct app_line *line;
	struct app_out *out;
	struct world world;
	struct findings *findings;
	struct homework homework;
	struct line_clock clocks[NODES_MAX + 1]; /* Names of interfaces are a machine's own. */
	int status;
};

/* ---- one line ---- */

/* A machine's name behind the time, which every line begins with. */
static void put_machine(struct printing *p, struct text *t, size_t begin, uint16_t node)
{
	char word[NODE_NAME_SIZE * 6 + 16];
	char ends = p->options->json ? ',' : ' ';
	struct text name = text_in(word, sizeof word);
	if (!node)
		return;
	text_put(&name, p->options->json ? ",\"machine\":\"" : " ");
	if (p->options->json)
		text_json(&name, world_name(&p->world, node));
	else
		text_name(&name, world_name(&p->world, node), NODE_NAME_SIZE);
	text_put(&name, p->options->json ? "\"" : "");
	char *place = memchr(t->bytes + begin, ends, t->len - begin);
	if (!place || t->len + name.len >= t->size)
		return;
	memmove(place + name.len, place, t->len - (size_t)(place - t->bytes));
	memcpy(place, word, name.len);
	t->len += name.len;
}

/* What a machine, or the lab as a whole, answered to an order. */
static bool put_answer(struct printing *p, struct text *t, const struct event *e)
{
	struct line_clock *c = &p->clocks[e->node];
	bool lab = e->kind == EVENT_LAB;
	const char *words = lab ? e->lab.text : e->done.text;
	bool failed = lab ? e->lab.state == LAB_FAILED : e->done.error != 0;
	if (!words[0] || (lab && e->lab.state == LAB_GONE))
		return false;
	if (p->options->json) {
		line_json_time(t, e->at_ns, c);
		text_printf(t, ",\"event\":\"%s\",\"failed\":%s,\"text\":\"", lab ? "lab" : "done",
			failed ? "true" : "false");
		text_json(t, words);
		text_put(t, "\"}");
	} else {
		line_time(t, e->at_ns, c);
		text_put(t, lab ? "lab        " : failed ? "refused    " : "done       ");
		text_name(t, words, EVENT_TEXT_SIZE);
	}
	return true;
}

static bool put_line(
	struct printing *p, struct text *t, const struct model *m, const struct event *e)
{
	struct line_clock *c = &p->clocks[e->node];
	if (e->kind == EVENT_DONE || e->kind == EVENT_LAB)
		return put_answer(p, t, e);
	return p->options->json ? line_json(t, m, e, c) : line_text(t, m, e, c);
}

static void print(struct printing *p, const struct model *m, const struct event *e)
{
	struct text *t = p->options->quiet ? NULL : app_out_room(p->out);
	if (!t)
		return;
	size_t begin = t->len;
	if (!put_line(p, t, m, e))
		return;
	put_machine(p, t, begin, e->node);
	app_out_line(p->out);
}

/* ---- events ---- */

/* Until a machine's tables have been named, they are what is compared with, and no news. */
static bool is_news(const struct printing *p, const struct model *m, const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_FRAME:
		/* In a lab it is told once: where it was sent. */
		return !e->node || e->flags & EVENT_SENT;
	case EVENT_DONE:
		/* What a lesson does to make its lab is no news, unless it went wrong. */
		return e->done.error || !p->homework.now.open ||
		       p->homework.now.play.phase != PLAY_BUILDING;
	case EVENT_CAPTURE:
		return !e->node;
	case EVENT_DROPS:
	case EVENT_NOTE:
	case EVENT_LAB:
		return true;
	default:
		return model_ready(m);
	}
}

static void give(void *arg, const struct event *e)
{
	struct printing *p = arg;
	const struct model *m = world_machine(&p->world, e->node);
	if (m && is_news(p, m, e))
		print(p, m, e);
	findings_take(p->findings, p->world.machines[0], e);
	world_apply(&p->world, e);
}

static void take_event(struct printing *p, const struct event *e)
{
	const struct model *m = world_machine(&p->world, e->node);
	findings_print(p->findings, p->world.machines[0], e->at_ns);
	if (e->kind == EVENT_MARK && m && model_ready(m))
		line_swept(m, e, give, p);
	give(p, e);
}

static void take_text(struct printing *p, const struct recording_item *item)
{
	struct err err = { "" };
	if (homework_take(&p->homework, item, &err) < 0)
		p->status = app_fail(EXIT_REFUSED, "%s: %s", p->path, err.text);
	if (item->kind == RECORDING_LESSON)
		findings_topology(
			p->findings, p->homework.lesson ? &p->homework.lesson->topology : NULL);
}

/* Returns whether somebody asked to end, or nobody reads any more. */
static bool give_all(struct printing *p, struct recording *r)
{
	struct recording_item item;
	for (unsigned i = 1; recording_next(r, &item); i++) {
		if (item.kind == RECORDING_EVENTS)
			take_event(p, item.event);
		else
			take_text(p, &item);
		if (i % ITEMS_A_LOOK == 0 && app_signal(p->line))
			return true;
		if (app_out_error(p->out))
			return true;
	}
	return false;
}

int replay_print(const struct app_options *o, const struct app_line *line, struct recording *r)
{
	struct printing *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	p->options = o;
	p->path = o->args[0];
	p->line = line;
	p->out = app_out_open(line);
	p->homework.out = o->quiet ? NULL : p->out;
	p->homework.json = o->json;
	world_init(&p->world, FRAME_RING);
	if (!o->quiet)
		p->findings = findings_open(p->out, o->json);
	bool ended = give_all(p, r);
	if (!ended) {
		findings_print(p->findings, p->world.machines[0], UINT64_MAX);
		findings_summary(p->findings, p->world.machines[0]);
		homework_summary(&p->homework);
	}
	app_out_flush(p->out);
	int status = app_out_status(app_out_error(p->out));
	/* What could be read has been printed; now say what could not. */
	int trouble = ended ? EXIT_FINE : replay_trouble(r, p->path);
	status = status ? status : trouble ? trouble : p->status;
	findings_free(p->findings);
	homework_done(&p->homework);
	world_done(&p->world);
	app_out_free(p->out);
	free(p);
	return status;
}
