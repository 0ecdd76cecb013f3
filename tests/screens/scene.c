/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a lesson in whatever state a script wants to show, without a lab that is played. */
#include <config.h>

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/library.h>
#include <arplab/text.h>

#define BYTES_MOST 65536

/* A file beside the scripts, terminated; the caller frees it. NULL if there is none. */
static char *slurp(const struct scene *g, const char *name, size_t *ret_len)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", g->dir, name);
	FILE *f = fopen(path, "re");
	char *bytes = calloc(1, BYTES_MOST);
	if (!bytes)
		abort();
	*ret_len = f ? fread(bytes, 1, BYTES_MOST - 1, f) : 0;
	if (f)
		fclose(f);
	if (*ret_len)
		return bytes;
	free(bytes);
	return NULL;
}

static void set_phase(struct play *p, const char *name, char *wrong, size_t size)
{
	static const char *const names[] = { "menu", "building", "ready", "predict", "doing",
		"looking", "task", "step-done", "finished", "skipped" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0) {
			p->phase = (enum play_phase)i;
			p->work = p->phase == PLAY_DOING ? WORK_DO : WORK_NONE;
			p->work_step = p->step;
			p->work_item = p->item;
			return;
		}
	snprintf(wrong, size, "there is no phase '%.40s'", name);
}

/* FILE STEP ITEM PHASE [SEED] */
static void begin_lesson(
	struct scene *g, struct screen *s, const char *words, char *wrong, size_t size)
{
	char name[80], phase[40];
	unsigned step, item, seed = 0;
	size_t len;
	if (sscanf(words, "%79s %u %u %39s %u", name, &step, &item, phase, &seed) < 4) {
		snprintf(wrong, size, "lesson takes FILE STEP ITEM PHASE [SEED]");
		return;
	}
	struct faults faults = { 0 };
	const struct lesson_source source = library_source();
	char *bytes = slurp(g, name, &len);
	scene_done(g);
	if (bytes)
		g->lesson = lesson_read(name, bytes, len, seed, &source, &faults);
	if (!bytes)
		snprintf(wrong, size, "there is no %s", name);
	else if (!g->lesson)
		snprintf(wrong, size, "%s:%u: %s", name, faults.count ? faults.list[0].line : 0,
			faults.count ? faults.list[0].text : "?");
	free(bytes);
	faults_done(&faults);
	if (!g->lesson)
		return;
	g->play = (struct play) { .lesson = g->lesson, .phase = PLAY_READY };
	memset(g->play.chosen, -1, sizeof g->play.chosen);
	for (g->play.step = 0; g->play.step + 1 < step; g->play.step++)
		g->play.steps[g->play.step].outcome = STEP_SOLVED;
	g->play.item = item;
	set_phase(&g->play, phase, wrong, size);
	s->lab.play = &g->play;
}

void scene_done(struct scene *g)
{
	lesson_free(g->lesson);
	g->lesson = NULL;
}

static void add_claim(struct play *p, char *rest)
{
	struct claim_result *r = &p->claims[p->claim_count++ % PLAY_CLAIMS_MAX];
	r->holds = strncmp(rest, "holds", 5) == 0;
	text_copy(r->seen, sizeof r->seen, rest + 5 + (rest[5] == ' '));
	p->check_item = p->item;
	p->checks = 1;
}

static void add_menu(struct scene *g, struct screen *s, const char *rest)
{
	struct menu_row *row = &g->menu[g->menu_count];
	char(*texts)[80] = g->texts[g->menu_count++];
	int used = 0;
	sscanf(rest, "%79s %u %zu/%zu %n", texts[0], &row->minutes, &row->steps_done, &row->steps,
		&used);
	rest += used;
	row->fast_track = strncmp(rest, "fast ", 5) == 0;
	rest += row->fast_track ? 5 : 0;
	row->ticket = strncmp(rest, "ticket ", 7) == 0;
	rest += row->ticket ? 7 : 0;
	row->shown = strncmp(rest, "shown ", 6) == 0;
	rest += row->shown ? 6 : 0;
	const char *summary = strstr(rest, " - ");
	snprintf(texts[1], sizeof texts[1], "%.*s", (int)(summary ? summary - rest : 79), rest);
	snprintf(texts[2], sizeof texts[2], "%.79s", summary ? summary + 3 : "");
	row->id = texts[0];
	row->title = texts[1];
	row->summary = texts[2];
	s->lab.menu = g->menu;
	s->lab.menu_count = g->menu_count;
}

bool scene_line(struct scene *g, struct screen *s, const struct model *m, const char *verb,
	char *rest, char *wrong, size_t size)
{
	struct play *p = &g->play;
	int a, b;
	if (strcmp(verb, "lab") == 0) {
		s->lab.on = true;
		screen_focus(s, PANE_LESSON);
	} else if (strcmp(verb, "lesson") == 0) {
		begin_lesson(g, s, rest, wrong, size);
	} else if (strcmp(verb, "menu") == 0) {
		add_menu(g, s, rest);
	} else if (strcmp(verb, "phase") == 0) {
		set_phase(p, rest, wrong, size);
	} else if (strcmp(verb, "item") == 0) {
		p->item = (size_t)atoi(rest);
	} else if (strcmp(verb, "chosen") == 0 && sscanf(rest, "%d %d", &a, &b) == 2) {
		p->chosen[a % PLAY_ITEMS_MAX] = (int8_t)b;
		p->steps[p->step].predictions++;
		p->steps[p->step].right += p->lesson->steps[p->step].items[a].choices[b].right;
	} else if (strcmp(verb, "claim") == 0) {
		add_claim(p, rest);
	} else if (strcmp(verb, "hints") == 0) {
		p->hints_shown = (uint8_t)atoi(rest);
	} else if (strcmp(verb, "why") == 0) {
		p->why_shown = true;
	} else if (strcmp(verb, "solved") == 0) {
		p->solved_by_us = true;
		p->solutions = UINT32_MAX;
	} else if (strcmp(verb, "said") == 0) {
		text_copy(p->said, sizeof p->said, rest);
		p->said_bad = true;
	} else if (strcmp(verb, "node") == 0) {
		screen_choose_node(s, m, world_node(m->world, rest));
	} else if (strcmp(verb, "alone") == 0) {
		s->lab.alone = true;
	} else if (strcmp(verb, "present") == 0) {
		s->lab.present = true;
	} else {
		return false;
	}
	return true;
}
