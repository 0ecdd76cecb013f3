/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a script played line by line, and what the program would ask of a terminal. */
#include <config.h>

#include "show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arplab/err.h>
#include <arplab/i18n.h>
#include <arplab/utf8.h>

#include "answers.h"

#define LINE_SIZE 4096
#define PAGES_MOST 50
#define NS_PER_S UINT64_C(1000000000)

/* ---- what the program would ask of the terminal ---- */

void term_suspend(struct term *t)
{
	(void)t;
}

void term_resume(struct term *t)
{
	(void)t;
}

void term_set_theme(struct term *t, const struct theme *theme)
{
	(void)t;
	(void)theme;
}

void term_refresh(struct term *t)
{
	(void)t;
}

/* ---- what is shown ---- */

/* What the commands ask for before they offer a key. */
static void set_scope(struct show *p)
{
	p->ui.scope = p->ui.screen.lab.on        ? SCOPE_LAB
		      : p->ui.model->hello.scope ? p->ui.model->hello.scope
						 : SCOPE_HOST;
	p->ui.lab = p->ui.scope == SCOPE_LAB ? &p->lab : NULL;
	if (!p->scene.lesson)
		return;
	p->lab.lesson = p->scene.lesson;
	p->lab.play = p->scene.play;
}

void show_draw(struct show *p)
{
	set_scope(p);
	past_settle(p->ui.past, &p->ui.world);
	screen_update(&p->ui.screen, p->ui.model);
	ui_bar(&p->ui, p->bar, SHOW_BAR_ITEMS);
	screen_draw(&p->ui.screen, p->ui.model, &p->canvas);
}

static void take_shot(struct show *p, const char *heading)
{
	p->reached = p->until && strcmp(p->until, heading) == 0;
	if (!p->shots)
		return;
	size_t size = canvas_text(&p->canvas, NULL, 0) + 1;
	char *screen = malloc(size);
	if (!screen)
		abort();
	canvas_text(&p->canvas, screen, size);
	text_printf(p->shots, "---- %s ----\n", heading);
	text_put(p->shots, screen);
	free(screen);
}

/* ---- events ---- */

void show_event(struct show *p, const struct event *e)
{
	past_take(p->ui.past, &p->ui.world, e);
	world_apply(&p->ui.world, e);
	conflicts_frame(p->ui.conflicts, p->ui.model, e);
	if (e->kind == EVENT_HELLO && e->hello.scope == SCOPE_FILE) {
		text_copy(p->ui.screen.file, sizeof p->ui.screen.file, e->hello.host);
		p->ui.screen.frames.follow = false;
		screen_focus(&p->ui.screen, PANE_FRAMES);
	}
	/* What the lesson does itself stands in the lesson. */
	if (e->kind == EVENT_DONE && e->done.text[0] && e->done.id < PLAY_FIRST_ID)
		screen_say(&p->ui.screen, e->done.error != 0, "%s", e->done.text);
	if (e->kind == EVENT_NOTE)
		screen_say(&p->ui.screen, e->note.grave != 0, "%s", e->note.text);
	if (p->answers)
		lab_ui_feed(&p->ui, e);
}

static void play_event(struct show *p, const char *line)
{
	struct event e;
	struct err err = { "" };
	if (event_read(line, &e, &err) < 0)
		snprintf(p->wrong, sizeof p->wrong, "%.100s: %.300s", line, err.text);
	else
		show_event(p, &e);
}

static void play_events(struct show *p, const char *name)
{
	char path[1024], line[LINE_SIZE];
	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	FILE *f = fopen(path, "re");
	if (!f)
		snprintf(p->wrong, sizeof p->wrong, "%.400s: %s", path, strerror(errno));
	while (f && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] && line[0] != '#')
			play_event(p, line);
	}
	if (f)
		fclose(f);
}

/* ---- a lesson that is played ---- */

/* Until the lesson waits for a hand, and the machines are at rest. */
static void settle(struct show *p)
{
	if (!p->answers)
		return;
	do
		lab_ui_work(&p->ui);
	while (!p->wrong[0] && answers_next(p));
}

static void begin_answers(struct show *p, const char *name)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	p->ui.screen.lab.on = true;
	set_scope(p);
	p->answers = answers_open(p, path);
}

static void play_lesson(struct show *p, const char *name)
{
	char path[1024];
	if (!p->answers) {
		snprintf(p->wrong, sizeof p->wrong, "nobody answers: `recorded` comes first");
		return;
	}
	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	lab_play(&p->ui, path);
	if (!p->lab.lesson)
		snprintf(p->wrong, sizeof p->wrong, "%s", p->ui.screen.message);
}

/* The command goes with the action, for the recording; the shell itself is typed to. */
static void open_shell(struct show *p, char *words)
{
	char *command = words + strcspn(words, " ");
	if (*command)
		*command++ = '\0';
	struct action a = {
		.kind = ACTION_SHELL, .id = ++p->ui.last_id, .node = world_node(&p->ui.world, words)
	};
	text_copy(a.text, sizeof a.text, command);
	if (!p->answers || !a.node)
		snprintf(p->wrong, sizeof p->wrong, "there is no machine %.40s", words);
	else
		app_send(&p->line, &a);
}

/* ---- hands ---- */

/* As the loop of the screen does. */
static void press(struct show *p, uint32_t key)
{
	struct screen *s = &p->ui.screen;
	if (s->dialog.open) {
		ui_answer(&p->ui, key);
	} else if (s->prompt.kind != PROMPT_NONE) {
		ui_prompt_key(&p->ui, key);
	} else {
		const struct command *c = ui_command_for(&p->ui, key);
		s->message[0] = '\0';
		if (c)
			c->run(&p->ui, "");
		else
			snprintf(p->wrong, sizeof p->wrong, "a key means nothing there");
	}
	settle(p);
	show_draw(p);
}

static void press_enter(struct show *p)
{
	uint32_t enter = key_named("Enter", 5);
	for (int i = 0; i < PAGES_MOST && strcmp(lab_entering(&p->ui), "more") == 0; i++)
		press(p, enter);
	press(p, enter);
}

static void play_keys(struct show *p, char *names)
{
	char *rest = NULL;
	for (char *n = strtok_r(names, " ", &rest); n; n = strtok_r(NULL, " ", &rest)) {
		uint32_t key = key_named(n, strlen(n));
		if (key == KEY_NOTHING)
			snprintf(p->wrong, sizeof p->wrong, "there is no key '%.100s'", n);
		else
			press(p, key);
	}
}

/* ---- scripts ---- */

/* What is done to a lesson that is played. Returns whether the line is about one. */
static bool play_lab_line(struct show *p, const char *verb, char *rest)
{
	if (strcmp(verb, "recorded") == 0)
		begin_answers(p, rest);
	else if (strcmp(verb, "play") == 0)
		play_lesson(p, rest);
	else if (strcmp(verb, "shell") == 0)
		open_shell(p, rest);
	else if (strcmp(verb, "enter") == 0 && p->answers)
		press_enter(p);
	else
		return false;
	settle(p);
	return true;
}

static void play_line(struct show *p, char *line)
{
	char *rest = line + strcspn(line, " ");
	if (*rest)
		*rest++ = '\0';
	if (strcmp(line, "events") == 0) {
		play_events(p, rest);
	} else if (strcmp(line, "event") == 0) {
		play_event(p, rest);
	} else if (strcmp(line, "key") == 0) {
		play_keys(p, rest);
	} else if (strcmp(line, "type") == 0) {
		for (const char *c = rest; *c;)
			press(p, utf8_next(&c));
	} else if (strcmp(line, "time") == 0) {
		world_set_time(
			&p->ui.world, p->ui.model->now_ns + strtoull(rest, NULL, 10) * NS_PER_S);
	} else if (strcmp(line, "gone") == 0) {
		p->ui.screen.ended = true;
	} else if (strcmp(line, "language") == 0) {
		i18n_speak(rest);
	} else if (strcmp(line, "ascii") == 0) {
		p->canvas.ascii = true;
	} else if (strcmp(line, "shot") == 0) {
		take_shot(p, rest);
	} else if (strcmp(line, "sizes") != 0 && !play_lab_line(p, line, rest) &&
		   !scene_line(&p->scene, &p->ui.screen, p->ui.model, line, rest, p->wrong,
			   sizeof p->wrong)) {
		snprintf(p->wrong, sizeof p->wrong, "'%.100s' is nothing a script can do", line);
	}
	show_draw(p);
}

void show_play(struct show *p, const char *script)
{
	char *copy = strdup(script), *rest = NULL;
	if (!copy)
		abort();
	for (char *l = strtok_r(copy, "\n", &rest); l && !p->wrong[0] && !p->reached;
		l = strtok_r(NULL, "\n", &rest))
		if (*l != '#')
			play_line(p, l);
	free(copy);
	if (p->until && !p->reached && !p->wrong[0])
		snprintf(p->wrong, sizeof p->wrong, "there is no shot '%.100s'", p->until);
	show_draw(p);
}

/* ---- beginning and end ---- */

struct show *show_new(const char *dir, int rows, int columns)
{
	size_t count;
	int ends[2];
	struct show *p = calloc(1, sizeof *p);
	if (!p || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
		abort();
	i18n_speak("");
	p->line = (struct app_line) { .socket = ends[0], .signals = -1 };
	p->far = ends[1];
	snprintf(p->dir, sizeof p->dir, "%s", dir);
	snprintf(p->scene.dir, sizeof p->scene.dir, "%s", dir);
	p->ui.options = &p->options;
	p->ui.line = &p->line;
	p->ui.theme = themes(&count);
	relay_init(&p->lab.relay);
	p->lab.listener = -1;
	world_init(&p->ui.world, 1 << 20);
	p->ui.model = p->ui.world.machines[0];
	merge_init(&p->ui.merge);
	screen_init(&p->ui.screen);
	p->ui.screen.past = p->ui.past = past_new();
	p->ui.screen.conflicts = p->ui.conflicts = conflicts_new();
	p->ui.screen.bar = p->bar;
	screen_resize(&p->ui.screen, rows, columns);
	canvas_init(&p->canvas, rows, columns, false);
	return p;
}

void show_free(struct show *p)
{
	answers_close(p->answers);
	if (p->lab.lesson != p->scene.lesson)
		lesson_free(p->lab.lesson);
	course_done(&p->lab.course);
	canvas_done(&p->canvas);
	screen_done(&p->ui.screen);
	past_free(p->ui.past);
	conflicts_free(p->ui.conflicts);
	merge_done(&p->ui.merge);
	world_done(&p->ui.world);
	scene_done(&p->scene);
	close(p->line.socket);
	close(p->far);
	free(p);
}

char *show_slurp(const char *path)
{
	char *bytes = NULL, part[LINE_SIZE];
	size_t size = 0, len;
	FILE *f = fopen(path, "re");
	FILE *out = open_memstream(&bytes, &size);
	if (!out)
		abort();
	while (f && (len = fread(part, 1, sizeof part, f)) > 0)
		fwrite(part, 1, len, out);
	if (f)
		fclose(f);
	if (fclose(out) != 0)
		abort();
	return bytes;
}
