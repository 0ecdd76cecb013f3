/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: recorded events and pressed keys give the screens that are stored beside them.
 *
 *	screens                     compare all, and doc/screen.svg; output: TAP
 *	screens --update            write them anew, to be looked at before they are stored
 *	screens --svg NAME ROWSxCOLUMNS THEME > FILE
 *	                            one screen as a picture
 *
 * $ARPLAB_TESTS/screens/NAME.keys is a script, NAME.txt its screens at each size. A script is lines
 * of: events FILE, event LINE, key NAME…, type TEXT, time SECONDS (since the newest event), sizes
 * ROWSxCOLUMNS…, ascii, gone (the helper ends); for labs those of scene.h. It is played from its
 *beginning for each size, through the program's own table of commands, so the key bar, the help and
 *the questions are the real ones.
 */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include <arplab/err.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#include "../../src/app/lab_ui.h"
#include "../../src/app/ui.h"
#include "scene.h"
#include "svg.h"

#define TEXT_SIZE (1 << 18)
#define LINE_SIZE 4096
#define SCRIPTS_MOST 100
#define BAR_ITEMS 24
#define NS_PER_S UINT64_C(1000000000)

static const char sizes_usual[] = "24x80 40x120 18x60";

/* One script being played. */
struct show {
	struct ui ui;
	struct app_options options;
	struct app_line line;
	struct bar_item bar[BAR_ITEMS];
	struct canvas canvas;
	char dir[512];
	struct scene scene;
	struct lab_ui lab; /* As the scene says; for the key bar and the help. */
	char wrong[512];   /* What is wrong with the script, or "". */
};

/* ---- what the program would ask of the terminal and the helper ---- */

int app_send(const struct app_line *line, const struct action *a)
{
	(void)line;
	(void)a;
	return 0;
}

int app_send_build(const struct app_line *line, const struct action *a, const struct topology *t)
{
	(void)t;
	return app_send(line, a);
}

int app_send_with(const struct app_line *line, const struct action *a, int fd)
{
	(void)fd;
	return app_send(line, a);
}

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

/* ---- playing ---- */

/* What the commands ask for before they offer a key. */
static void set_scope(struct show *p)
{
	p->ui.scope = p->ui.screen.lab.on        ? SCOPE_LAB
		      : p->ui.model->hello.scope ? p->ui.model->hello.scope
						 : SCOPE_HOST;
	p->ui.lab = p->ui.scope == SCOPE_LAB ? &p->lab : NULL;
	p->lab.lesson = p->scene.lesson;
	p->lab.play = p->scene.play;
}

static void draw(struct show *p)
{
	set_scope(p);
	screen_update(&p->ui.screen, p->ui.model);
	ui_bar(&p->ui, p->bar, BAR_ITEMS);
	screen_draw(&p->ui.screen, p->ui.model, &p->canvas);
}

static void play_event(struct show *p, const char *line)
{
	struct event e;
	struct err err = { "" };
	if (event_read(line, &e, &err) < 0) {
		snprintf(p->wrong, sizeof p->wrong, "%.100s: %.300s", line, err.text);
		return;
	}
	world_apply(&p->ui.world, &e);
	if (e.kind == EVENT_HELLO && e.hello.scope == SCOPE_FILE) {
		text_copy(p->ui.screen.file, sizeof p->ui.screen.file, e.hello.host);
		p->ui.screen.frames.follow = false;
		screen_focus(&p->ui.screen, PANE_FRAMES);
	}
	if ((e.kind == EVENT_DONE && e.done.text[0]) || e.kind == EVENT_NOTE)
		screen_say(&p->ui.screen, e.kind == EVENT_DONE ? e.done.error != 0 : e.note.grave,
			"%s", e.kind == EVENT_DONE ? e.done.text : e.note.text);
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
	draw(p);
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
	} else if (strcmp(line, "ascii") == 0) {
		p->canvas.ascii = true;
	} else if (strcmp(line, "sizes") != 0 && !scene_line(&p->scene, &p->ui.screen, p->ui.model,
							 line, rest, p->wrong, sizeof p->wrong)) {
		snprintf(p->wrong, sizeof p->wrong, "'%.100s' is nothing a script can do", line);
	}
	draw(p);
}

static struct show *begin(const char *dir, int rows, int columns)
{
	size_t count;
	struct show *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	snprintf(p->dir, sizeof p->dir, "%s", dir);
	snprintf(p->scene.dir, sizeof p->scene.dir, "%s", dir);
	p->ui.options = &p->options;
	p->ui.line = &p->line;
	p->ui.theme = themes(&count);
	world_init(&p->ui.world, 1 << 20);
	p->ui.model = p->ui.world.machines[0];
	merge_init(&p->ui.merge);
	screen_init(&p->ui.screen);
	p->ui.screen.bar = p->bar;
	screen_resize(&p->ui.screen, rows, columns);
	canvas_init(&p->canvas, rows, columns, false);
	return p;
}

static void end(struct show *p)
{
	canvas_done(&p->canvas);
	screen_done(&p->ui.screen);
	merge_done(&p->ui.merge);
	world_done(&p->ui.world);
	scene_done(&p->scene);
	free(p);
}

/* Read a script; the caller frees it. */
static char *slurp_file(const char *path)
{
	FILE *f = fopen(path, "re");
	char *bytes = calloc(1, TEXT_SIZE);
	if (!bytes)
		abort();
	size_t len = f ? fread(bytes, 1, TEXT_SIZE - 1, f) : 0;
	bytes[len] = '\0';
	if (f)
		fclose(f);
	return bytes;
}

static struct show *play(const char *dir, const char *script, int rows, int columns)
{
	struct show *p = begin(dir, rows, columns);
	char *copy = strdup(script), *rest = NULL;
	if (!copy)
		abort();
	for (char *l = strtok_r(copy, "\n", &rest); l && !p->wrong[0];
		l = strtok_r(NULL, "\n", &rest))
		if (*l != '#')
			play_line(p, l);
	free(copy);
	draw(p);
	return p;
}

/* ---- promises of every screen ---- */

/* What a person has chosen, which no new size may change. */
struct chosen {
	int32_t neigh_ifindex, link, column;
	uint32_t ip;
	uint64_t frame;
	size_t key;
	size_t lesson, prediction;
	uint16_t node, of_node;
	uint8_t machine_row;
};

static struct chosen chosen(const struct show *p)
{
	const struct screen *s = &p->ui.screen;
	struct chosen c;
	memset(&c, 0, sizeof c);
	c.neigh_ifindex = s->cache.ifindex;
	c.ip = s->cache.ip;
	c.link = s->links.ifindex;
	c.column = s->grid.ifindex;
	c.key = s->grid.key;
	c.frame = s->frames.selected;
	c.lesson = s->lab.menu_place.row;
	c.prediction = s->lab.choice;
	c.node = s->lab.node;
	c.machine_row = s->machines.chosen.kind;
	c.of_node = s->caches.chosen.node;
	return c;
}

/* Through all sizes and back: nothing breaks, and what was chosen stays chosen. */
static void resize_about(struct show *p)
{
	static const int sizes[][2] = { { 10, 40 }, { 100, 300 }, { 1, 1 }, { 18, 60 },
		{ 24, 80 } };
	struct chosen before = chosen(p);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		screen_resize(&p->ui.screen, sizes[i][0], sizes[i][1]);
		canvas_resize(&p->canvas, sizes[i][0], sizes[i][1]);
		draw(p);
		struct chosen after = chosen(p);
		if (memcmp(&before, &after, sizeof before) != 0)
			snprintf(p->wrong, sizeof p->wrong, "the selection is lost at %dx%d",
				sizes[i][0], sizes[i][1]);
	}
}

/* ---- comparing ---- */

/* Append the screens of a script at all of its sizes. Returns what is wrong, or NULL. */
static const char *screens_of(const char *dir, const char *script, struct text *t)
{
	static char wrong[512], screen[TEXT_SIZE];
	char sizes[200];
	const char *own = strstr(script, "\nsizes ");
	snprintf(sizes, sizeof sizes, "%s", sizes_usual);
	if (own)
		snprintf(sizes, sizeof sizes, "%.*s", (int)strcspn(own + 7, "\n"), own + 7);
	char *rest = NULL;
	for (char *size = strtok_r(sizes, " ", &rest); size; size = strtok_r(NULL, " ", &rest)) {
		int rows, columns;
		if (sscanf(size, "%dx%d", &rows, &columns) != 2)
			return "a size is ROWSxCOLUMNS";
		struct show *p = play(dir, script, rows, columns);
		canvas_text(&p->canvas, screen, sizeof screen);
		text_printf(t, "==== %s ====\n", size);
		text_put(t, screen);
		if (!p->wrong[0])
			resize_about(p);
		snprintf(wrong, sizeof wrong, "%s", p->wrong);
		end(p);
		if (wrong[0])
			return wrong;
	}
	return NULL;
}

/* Take the next line off a text; NULL at its end. */
static char *next_line(char **text)
{
	char *line = *text;
	if (!*line)
		return NULL;
	line += strcspn(line, "\n");
	char *begin = *text;
	*text = *line ? line + 1 : line;
	*line = '\0';
	return begin;
}

/* Lines that differ, as TAP comments: - what is stored, + what is there now. */
static void show_difference(char *stored, char *now)
{
	const char *size = "";
	for (;;) {
		char *a = next_line(&stored), *b = next_line(&now);
		if (!a && !b)
			return;
		if (a && strncmp(a, "====", 4) == 0)
			size = a;
		if (a && b && strcmp(a, b) == 0)
			continue;
		if (*size)
			printf("# %s\n", size);
		size = "";
		if (a)
			printf("# -%s\n", a);
		if (b)
			printf("# +%s\n", b);
	}
}

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) < 0) {
		perror(path);
		return false;
	}
	return true;
}

static bool check_script(const char *dir, const char *name, int number, bool update)
{
	static char now[TEXT_SIZE];
	char path[1024];
	snprintf(path, sizeof path, "%s/%s.keys", dir, name);
	char *script = slurp_file(path);
	struct text t = text_in(now, sizeof now);
	const char *wrong = screens_of(dir, script, &t);
	text_end(&t);
	snprintf(path, sizeof path, "%s/%s.txt", dir, name);
	char *stored = slurp_file(path);
	bool right = !wrong && strcmp(stored, now) == 0;
	if (wrong)
		printf("# %s\n", wrong);
	else if (update && !right)
		right = write_file(path, now);
	else if (!right)
		show_difference(stored, now);
	printf("%sok %d - the screens of %s\n", right ? "" : "not ", number, name);
	free(stored);
	free(script);
	return right;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of all scripts, in order. */
static size_t find_scripts(const char *dir, char *names[])
{
	size_t count = 0;
	DIR *d = opendir(dir);
	const struct dirent *entry;
	while (d && (entry = readdir(d)) && count < SCRIPTS_MOST) {
		const char *dot = strrchr(entry->d_name, '.');
		if (dot && strcmp(dot, ".keys") == 0)
			names[count++] = strndup(entry->d_name, (size_t)(dot - entry->d_name));
	}
	if (d)
		closedir(d);
	qsort(names, count, sizeof *names, by_name);
	return count;
}

/* One screen as SVG; the caller frees it. NULL: no such theme or size. */
static char *picture_of(const char *dir, const char *name, const char *size, const char *theme)
{
	char path[1024], *svg = NULL;
	size_t len;
	int rows, columns;
	const struct theme *looks = theme_find(theme);
	if (!looks || sscanf(size, "%dx%d", &rows, &columns) != 2)
		return NULL;
	snprintf(path, sizeof path, "%s/%s.keys", dir, name);
	char *script = slurp_file(path);
	struct show *p = play(dir, script, rows, columns);
	FILE *f = open_memstream(&svg, &len);
	if (!f)
		abort();
	svg_write(f, &p->canvas, looks);
	fclose(f);
	end(p);
	free(script);
	return svg;
}

/* The picture in the README shows the program as it is. */
static bool check_picture(const char *dir, int number, bool update)
{
	char path[1024];
	size_t count;
	char *now = picture_of(dir, "host", "34x120", themes(&count)->name);
	snprintf(path, sizeof path, "%s/../../doc/screen.svg", dir);
	char *stored = slurp_file(path);
	bool right = now && strcmp(stored, now) == 0;
	if (now && update && !right)
		right = write_file(path, now);
	printf("%sok %d - the picture in the README\n", right ? "" : "not ", number);
	free(stored);
	free(now);
	return right;
}

static int check_all(const char *dir, bool update)
{
	char *names[SCRIPTS_MOST];
	size_t count = find_scripts(dir, names);
	bool right = count > 0;
	printf("1..%zu\n", count + 1);
	if (!count)
		printf("Bail out! there is no script in %s\n", dir);
	for (size_t i = 0; i < count; i++) {
		right &= check_script(dir, names[i], (int)i + 1, update);
		free(names[i]);
	}
	right &= check_picture(dir, (int)count + 1, update);
	return right ? 0 : 1;
}

static int picture(const char *dir, const char *name, const char *size, const char *theme)
{
	char *svg = picture_of(dir, name, size, theme);
	if (!svg) {
		fprintf(stderr, "screens: no such theme, or no ROWSxCOLUMNS\n");
		return 2;
	}
	fputs(svg, stdout);
	free(svg);
	return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	char dir[512];
	const char *tests = getenv("ARPLAB_TESTS");
	snprintf(dir, sizeof dir, "%s/screens", tests ? tests : "tests");
	if (argc == 5 && strcmp(argv[1], "--svg") == 0)
		return picture(dir, argv[2], argv[3], argv[4]);
	if (argc == 2 && strcmp(argv[1], "--update") == 0)
		return check_all(dir, true);
	if (argc == 1)
		return check_all(dir, false);
	fprintf(stderr, "usage: screens [--update | --svg NAME ROWSxCOLUMNS THEME]\n");
	return 2;
}
