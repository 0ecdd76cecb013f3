/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: recorded events and pressed keys give the screens that are stored beside them.
 *
 *	screens                     compare all, and the pictures in doc; output: TAP
 *	screens --update            write them anew, to be looked at before they are stored
 *	screens --svg NAME[/SHOT] ROWSxCOLUMNS THEME > FILE
 *	                            one screen as a picture
 *
 * $ARPLAB_TESTS/screens/NAME.keys is a script (show.h), NAME.txt its screens at each size: one for
 * each `shot`, or the one at the end where there is none. A script is played from its beginning for
 * each size, through the program's own table of commands, so the key bar, the help and the
 *questions are the real ones.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include "show.h"
#include "svg.h"

#define TEXT_SIZE (1 << 20)
#define SCRIPTS_MOST 100

static const char sizes_usual[] = "24x80 40x120 18x60";

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
		show_draw(p);
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
		struct show *p = show_new(dir, rows, columns);
		text_printf(t, "==== %s ====\n", size);
		p->shots = t;
		show_play(p, script);
		canvas_text(&p->canvas, screen, sizeof screen);
		if (!strstr(script, "\nshot "))
			text_put(t, screen);
		if (!p->wrong[0])
			resize_about(p);
		snprintf(wrong, sizeof wrong, "%s", p->wrong);
		show_free(p);
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
	char *script = show_slurp(path);
	struct text t = text_in(now, sizeof now);
	const char *wrong = screens_of(dir, script, &t);
	text_end(&t);
	snprintf(path, sizeof path, "%s/%s.txt", dir, name);
	char *stored = show_slurp(path);
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

/* ---- pictures ---- */

/* One screen as SVG; the caller frees it. name: of a script, or SCRIPT/SHOT. NULL: *ret_why says.
 */
static char *picture_of(const char *dir, const char *name, const char *size, const char *theme,
	char why[static 512])
{
	char path[1024], *svg = NULL;
	size_t len;
	int rows, columns;
	const char *shot = strchr(name, '/');
	const struct theme *looks = theme_find(theme);
	if (!looks || sscanf(size, "%dx%d", &rows, &columns) != 2) {
		snprintf(why, 512, "no such theme, or no ROWSxCOLUMNS");
		return NULL;
	}
	snprintf(path, sizeof path, "%s/%.*s.keys", dir, (int)strcspn(name, "/"), name);
	char *script = show_slurp(path);
	struct show *p = show_new(dir, rows, columns);
	p->until = shot ? shot + 1 : NULL;
	show_play(p, script);
	snprintf(why, 512, "%s", p->wrong);
	FILE *f = p->wrong[0] ? NULL : open_memstream(&svg, &len);
	if (f) {
		svg_write(f, &p->canvas, looks);
		fclose(f);
	}
	show_free(p);
	free(script);
	return svg;
}

/* The pictures in the README show the program as it is. */
static const struct {
	const char *file, *name, *size;
} pictures[] = {
	{ "screen.svg", "host", "34x120" },
	{ "lesson.svg", "session/the reply to a wrong prediction", "36x120" },
	{ "ladder.svg", "ladder/the matrix of that moment beside it", "30x120" },
};

#define PICTURES (sizeof pictures / sizeof *pictures)

static bool check_picture(const char *dir, size_t i, size_t number, bool update)
{
	char path[1024], why[512] = "";
	size_t count;
	char *now = picture_of(dir, pictures[i].name, pictures[i].size, themes(&count)->name, why);
	snprintf(path, sizeof path, "%s/../../doc/%s", dir, pictures[i].file);
	char *stored = show_slurp(path);
	bool right = now && strcmp(stored, now) == 0;
	if (now && update && !right)
		right = write_file(path, now);
	if (why[0])
		printf("# %s\n", why);
	printf("%sok %zu - doc/%s in the README\n", right ? "" : "not ", number, pictures[i].file);
	free(stored);
	free(now);
	return right;
}

static int check_all(const char *dir, bool update)
{
	char *names[SCRIPTS_MOST];
	size_t count = find_scripts(dir, names);
	bool right = count > 0;
	printf("1..%zu\n", count + PICTURES);
	if (!count)
		printf("Bail out! there is no script in %s\n", dir);
	for (size_t i = 0; i < count; i++) {
		right &= check_script(dir, names[i], (int)i + 1, update);
		free(names[i]);
	}
	for (size_t i = 0; i < PICTURES; i++)
		right &= check_picture(dir, i, count + i + 1, update);
	return right ? 0 : 1;
}

static int picture(const char *dir, const char *name, const char *size, const char *theme)
{
	char why[512];
	char *svg = picture_of(dir, name, size, theme, why);
	if (!svg) {
		fprintf(stderr, "screens: %s\n", why);
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
	fprintf(stderr, "usage: screens [--update | --svg NAME[/SHOT] ROWSxCOLUMNS THEME]\n");
	return 2;
}
