/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the commands of the screen: one table for keys, key bar, help and the `:` line. */
#include <config.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <arplab/text.h>

#include "ui.h"

#define IN(pane) (1u << (pane))
#define LISTS (IN(PANE_LINKS) | IN(PANE_CACHE) | IN(PANE_FRAMES) | IN(PANE_SYSCTLS))

static void run_quit(struct ui *u, const char *args)
{
	(void)args;
	ui_quit(u);
}

static void run_help(struct ui *u, const char *args)
{
	(void)args;
	ui_help(u);
}

static void run_next_pane(struct ui *u, const char *args)
{
	(void)args;
	screen_cycle(&u->screen, 1);
}

static void run_previous_pane(struct ui *u, const char *args)
{
	(void)args;
	screen_cycle(&u->screen, -1);
}

static void move(struct ui *u, long step)
{
	screen_move(&u->screen, u->model, step);
}

static void run_up(struct ui *u, const char *args)
{
	(void)args;
	move(u, -1);
}

static void run_down(struct ui *u, const char *args)
{
	(void)args;
	move(u, 1);
}

static void run_page_up(struct ui *u, const char *args)
{
	(void)args;
	move(u, -screen_page(&u->screen));
}

static void run_page_down(struct ui *u, const char *args)
{
	(void)args;
	move(u, screen_page(&u->screen));
}

static void run_first(struct ui *u, const char *args)
{
	(void)args;
	move(u, LONG_MIN);
}

static void run_last(struct ui *u, const char *args)
{
	(void)args;
	move(u, LONG_MAX);
}

static void run_left(struct ui *u, const char *args)
{
	(void)args;
	screen_side(&u->screen, u->model, -1);
}

static void run_right(struct ui *u, const char *args)
{
	(void)args;
	screen_side(&u->screen, u->model, 1);
}

static void run_detail(struct ui *u, const char *args)
{
	(void)args;
	screen_focus(&u->screen, u->screen.focus == PANE_DETAIL ? u->screen.subject : PANE_DETAIL);
}

static void run_toggle(struct ui *u, const char *args)
{
	(void)args;
	ui_toggle(u);
}

static void run_edit(struct ui *u, const char *args)
{
	(void)args;
	int32_t value;
	char text[24];
	const struct grid_view *grid = &u->screen.grid;
	if (!model_sysctl(u->model, grid->ifindex, grid->key, &value)) {
		screen_say(&u->screen, true, "There is no value to change here.");
		return;
	}
	snprintf(text, sizeof text, "%d", (int)value);
	ui_prompt(u, PROMPT_VALUE, text);
}

static void run_set(struct ui *u, const char *args)
{
	if (*args)
		ui_set_words(u, args);
	else
		screen_say(&u->screen, true,
			"set needs NAME.KEY=VALUE, as in: "
			"set eth0.arp_ignore=1");
}

static void run_undo(struct ui *u, const char *args)
{
	(void)args;
	ui_send(u, (struct action) { .kind = ACTION_UNDO });
}

static void run_undo_all(struct ui *u, const char *args)
{
	(void)args;
	ui_send(u, (struct action) { .kind = ACTION_UNDO_ALL });
}

static void run_restore(struct ui *u, const char *args)
{
	(void)args;
	if (model_changes(u->model, CHANGE_ORPHAN) + model_changes(u->model, CHANGE_KEPT) +
		model_changes(u->model, CHANGE_FOREIGN))
		ui_offer_restore(u);
	else
		screen_say(&u->screen, false, "No earlier change is remembered.");
}

static void run_search(struct ui *u, const char *args)
{
	if (!*args) {
		ui_prompt(u, PROMPT_SEARCH, u->screen.search.text);
		return;
	}
	filter_set(&u->screen.search, args);
	if (!screen_search(&u->screen, u->model, 1))
		screen_say(&u->screen, true, "'%s' is not here.", args);
}

static void search_again(struct ui *u, int step)
{
	if (!u->screen.search.count)
		ui_prompt(u, PROMPT_SEARCH, "");
	else if (!screen_search(&u->screen, u->model, step))
		screen_say(&u->screen, true, "'%s' is not here.", u->screen.search.text);
}

static void run_search_next(struct ui *u, const char *args)
{
	(void)args;
	search_again(u, 1);
}

static void run_search_previous(struct ui *u, const char *args)
{
	(void)args;
	search_again(u, -1);
}

static void run_filter(struct ui *u, const char *args)
{
	if (*args)
		screen_filter(&u->screen, u->model, args);
	else
		ui_prompt(u, PROMPT_FILTER, u->screen.filters[u->screen.focus].text);
}

static void run_capture(struct ui *u, const char *args)
{
	if (!*args) {
		ui_prompt(u, PROMPT_CAPTURE, u->screen.capture_filter);
		return;
	}
	ui_capture(u, args);
}

static void run_pause(struct ui *u, const char *args)
{
	(void)args;
	screen_pause(&u->screen, u->model);
}

static void run_sort_previous(struct ui *u, const char *args)
{
	(void)args;
	screen_sort(&u->screen, -1);
}

static void run_sort_next(struct ui *u, const char *args)
{
	(void)args;
	screen_sort(&u->screen, 1);
}

static void run_sort_reverse(struct ui *u, const char *args)
{
	(void)args;
	screen_sort_reverse(&u->screen);
}

static void run_write(struct ui *u, const char *args)
{
	if (u->model->file.seekable) {
		screen_say(&u->screen, true,
			"The frames are in %s already; `arplab read --write-pcap FILE` copies "
			"them.",
			u->screen.file);
		return;
	}
	ui_prompt(u, PROMPT_WRITE, args);
	if (*args)
		ui_prompt_key(u, KEY_RETURN);
}

static void run_zoom(struct ui *u, const char *args)
{
	(void)args;
	u->screen.zoomed = !u->screen.zoomed;
	screen_resize(&u->screen, u->screen.rows, u->screen.columns);
}

static void use_theme(struct ui *u, const struct theme *theme)
{
	u->theme = theme;
	term_set_theme(u->term, theme);
	screen_say(&u->screen, false, "Theme %s: %s", theme->name, theme->help);
}

static void run_theme(struct ui *u, const char *args)
{
	size_t count;
	const struct theme *all = themes(&count);
	if (!*args) {
		use_theme(u, &all[((size_t)(u->theme - all) + 1) % count]);
		return;
	}
	const struct theme *theme = theme_find(args);
	if (theme)
		use_theme(u, theme);
	else
		screen_say(&u->screen, true, "There is no theme '%s'; T shows them in turn.", args);
}

static void run_command(struct ui *u, const char *args)
{
	(void)args;
	ui_prompt(u, PROMPT_COMMAND, "");
}

static void run_redraw(struct ui *u, const char *args)
{
	(void)args;
	term_refresh(u->term);
}

/* What is open closes, from the outside in; nothing is ever quit. */
static void run_close(struct ui *u, const char *args)
{
	(void)args;
	struct screen *s = &u->screen;
	if (s->zoomed)
		run_zoom(u, "");
	else if (s->filters[s->focus].count)
		screen_filter(s, u->model, "");
	else if (s->focus == PANE_DETAIL)
		screen_focus(s, s->subject);
}

static const struct command commands[] = {
	{ "next-pane", "Tab", 0, "pane", NULL, "give the keys to the next pane", run_next_pane,
		false },
	{ "toggle", "Space", IN(PANE_SYSCTLS), "toggle", NULL,
		"set the chosen sysctl to its next value", run_toggle, false },
	{ "edit", "e", IN(PANE_SYSCTLS), "edit", NULL, "type a value for the chosen sysctl",
		run_edit, false },
	{ "undo", "u", 0, "undo", NULL, "put the last change back", run_undo, true },
	{ "pause", "p", 0, NULL, NULL, "let the frames stand still, or follow them again",
		run_pause, true },
	{ "pause", "Space", IN(PANE_FRAMES), "pause", NULL, "the same, in the frames", run_pause,
		true },
	{ "search", "/", 0, "search", "WORDS", "find rows that hold all the words", run_search,
		false },
	{ "filter", "\\", LISTS, "filter", "WORDS",
		"show only rows that hold all the words; !word: that do not hold it", run_filter,
		false },
	{ "help", "? h F1", 0, "help", NULL, "this text", run_help, false },
	{ "quit", "q F10", 0, "quit", NULL, "quit; changes are put back unless you keep them",
		run_quit, false },
	{ "detail", "Enter", 0, "detail", NULL, "to the detail of the chosen row, and back",
		run_detail, false },
	{ "zoom", "z", 0, "zoom", NULL, "the focused pane alone, and back", run_zoom, false },
	{ "write", "w", 0, "write", "FILE", "save the frames in a capture file", run_write, false },
	{ "sort-next", ">", IN(PANE_CACHE), "sort", NULL, "sort by the next column", run_sort_next,
		false },
	{ "previous-pane", "S-Tab", 0, NULL, NULL, "give the keys to the pane before",
		run_previous_pane, false },
	{ "undo-all", "U", 0, NULL, NULL, "put all changes of this session back", run_undo_all,
		true },
	{ "up", "Up k", 0, NULL, NULL, "a row up", run_up, false },
	{ "down", "Down j", 0, NULL, NULL, "a row down", run_down, false },
	{ "page-up", "PgUp C-b", 0, NULL, NULL, "a page up", run_page_up, false },
	{ "page-down", "PgDn C-f", 0, NULL, NULL, "a page down", run_page_down, false },
	{ "first", "Home g", 0, NULL, NULL, "the first row", run_first, false },
	{ "last", "End G", 0, NULL, NULL, "the last row; in the frames: follow", run_last, false },
	{ "left", "Left", 0, NULL, NULL, "the column to the left", run_left, false },
	{ "right", "Right", 0, NULL, NULL, "the column to the right", run_right, false },
	{ "search-next", "n", 0, NULL, NULL, "the next row found", run_search_next, false },
	{ "search-previous", "N", 0, NULL, NULL, "the row found before", run_search_previous,
		false },
	{ "capture", "c", 0, NULL, "EXPRESSION", "capture only what a libpcap filter lets through",
		run_capture, true },
	{ "sort-previous", "<", IN(PANE_CACHE), NULL, NULL, "sort by the column before",
		run_sort_previous, false },
	{ "sort-reverse", "I", IN(PANE_CACHE), NULL, NULL, "turn the order round", run_sort_reverse,
		false },
	{ "set", "", 0, NULL, "NAME.KEY=VALUE", "change a sysctl by name", run_set, true },
	{ "restore", "R", 0, NULL, NULL, "put back what an earlier arplab has left", run_restore,
		true },
	{ "theme", "T", 0, NULL, "NAME", "other colours", run_theme, false },
	{ "command", ":", 0, NULL, NULL, "type a command by its name; Tab completes", run_command,
		false },
	{ "redraw", "C-l", 0, NULL, NULL, "draw the screen anew", run_redraw, false },
	{ "close", "Esc", 0, NULL, NULL, "close what is open: zoom, filter, detail", run_close,
		false },
};

#define COMMANDS (sizeof commands / sizeof *commands)

const struct command *ui_commands(size_t *ret_count)
{
	*ret_count = COMMANDS;
	return commands;
}

const struct command *ui_command_for(const struct ui *u, uint32_t key)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if ((!commands[i].panes || commands[i].panes & IN(u->screen.focus)) &&
			key_among(commands[i].keys, key))
			return &commands[i];
	return NULL;
}

void ui_bar(const struct ui *u, struct bar_item *items, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < COMMANDS && n + 1 < size; i++) {
		const struct command *c = &commands[i];
		if (!c->bar || (c->live && u->screen.file[0]) ||
			(c->panes && !(c->panes & IN(u->screen.focus))))
			continue;
		struct text key = text_in(items[n].key, sizeof items[n].key);
		text_putn(&key, c->keys, strcspn(c->keys, " "));
		text_end(&key);
		items[n++].label = c->bar;
	}
	items[n].key[0] = '\0';
}

void ui_run(struct ui *u, const struct command *c, const char *args)
{
	if (c->live && u->screen.file[0])
		screen_say(&u->screen, true, "%s is for a live machine; this is a file.", c->name);
	else
		c->run(u, args);
}

void ui_run_line(struct ui *u, const char *line)
{
	char name[32];
	size_t len = strcspn(line, " ");
	const char *args = line + len + strspn(line + len, " ");
	if (!len)
		return;
	if (len < sizeof name) {
		memcpy(name, line, len);
		name[len] = '\0';
		for (size_t i = 0; i < COMMANDS; i++)
			if (strcmp(commands[i].name, name) == 0) {
				ui_run(u, &commands[i], commands[i].args ? args : "");
				return;
			}
	}
	screen_say(&u->screen, true, "There is no command '%.*s'; ? lists them all.",
		len < 32 ? (int)len : 32, line);
}

void ui_help(struct ui *u)
{
	struct dialog *d = &u->screen.dialog;
	struct text t = text_in(d->text, sizeof d->text);
	memset(d, 0, sizeof *d);
	d->open = true;
	u->question = ASK_NOTHING;
	text_copy(d->title, sizeof d->title, "Help");
	text_copy(d->keys, sizeof d->keys, "Up, Down scroll   Esc closes");
	text_put(&t,
		"The screen shows this machine's interfaces, its ARP cache and the who-has and "
		"is-at frames on its wires. Below stand the sysctls that decide about ARP: the "
		"own value = the one that counts, with 'all' behind it when net.ipv4.conf.all "
		"makes it so. Marks: ? request  ! reply  P probe  A announcement  G gratuitous"
		"  u unicast poll.\n\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		size_t start = t.len;
		text_char(&t, '\t');
		text_put(&t, commands[i].keys[0] ? commands[i].keys : ":");
		text_pad(&t, start + 12);
		text_put(&t, commands[i].help);
		text_char(&t, '\n');
	}
	text_put(&t, "\nOn the : line the names count: ");
	for (size_t i = 0; i < COMMANDS; i++) {
		if (i && strcmp(commands[i].name, commands[i - 1].name) == 0)
			continue;
		text_put(&t, i ? ", " : "");
		text_put(&t, commands[i].name);
	}
	text_put(&t, ".");
	text_end(&t);
}
