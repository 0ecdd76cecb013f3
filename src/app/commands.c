/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the commands of the screen: one table for keys, key bar, help and the `:` line. */
#include <config.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "player.h"
#include "ui.h"

#define IN(pane) (1u << (pane))
#define HOST (1u << SCOPE_HOST)
#define LAB (1u << SCOPE_LAB)
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
	u->screen.lab.detail |= u->lab != NULL;
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
	if (!model_sysctl(ui_machine(u), grid->ifindex, grid->key, &value)) {
		screen_say(&u->screen, true, _("There is no value to change here."));
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
			_("set needs NAME.KEY=VALUE, as in: set eth0.arp_ignore=1"));
}

static void run_undo(struct ui *u, const char *args)
{
	(void)args;
	if (u->lab)
		lab_undo(u);
	else
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
		screen_say(&u->screen, false, _("No earlier change is remembered."));
}

static void run_search(struct ui *u, const char *args)
{
	if (!*args) {
		ui_prompt(u, PROMPT_SEARCH, u->screen.search.text);
		return;
	}
	filter_set(&u->screen.search, args);
	if (!screen_search(&u->screen, u->model, 1))
		screen_say(&u->screen, true, _("'%s' is not here."), args);
}

static void search_again(struct ui *u, int step)
{
	if (!u->screen.search.count)
		ui_prompt(u, PROMPT_SEARCH, "");
	else if (!screen_search(&u->screen, u->model, step))
		screen_say(&u->screen, true, _("'%s' is not here."), u->screen.search.text);
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

static void run_verdicts(struct ui *u, const char *args)
{
	(void)args;
	u->screen.frames.no_verdicts = !u->screen.frames.no_verdicts;
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
			_("The frames are in %s already; `arplab read --write-pcap FILE` copies "
			  "them."),
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

static void run_ladder(struct ui *u, const char *args)
{
	(void)args;
	screen_ladder(&u->screen, u->model);
}

static void use_theme(struct ui *u, const struct theme *theme)
{
	u->theme = theme;
	term_set_theme(u->term, theme);
	screen_say(&u->screen, false, _("Theme %s: %s"), theme->name, _(theme->help));
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
		screen_say(
			&u->screen, true, _("There is no theme '%s'; T shows them in turn."), args);
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
	else if (s->frames.ladder.on)
		screen_ladder(s, u->model);
	else if (s->lab.detail)
		s->lab.detail = false;
	else
		s->lab.alone = false;
}

static const struct command commands[] = {
	{ "next-pane", "Tab", 0, NC_("key", "pane"), NULL, N_("give the keys to the next pane"),
		run_next_pane, 0 },
	{ "toggle", "Space", IN(PANE_SYSCTLS), NC_("key", "toggle"), NULL,
		N_("set the chosen sysctl to its next value"), run_toggle, HOST | LAB },
	{ "edit", "e", IN(PANE_SYSCTLS), NC_("key", "edit"), NULL,
		N_("type a value for the chosen sysctl"), run_edit, HOST | LAB },
	{ "undo", "u", 0, NC_("key", "undo"), NULL, N_("put the last change back"), run_undo,
		HOST | LAB },
	{ "pause", "p", 0, NULL, NULL, N_("let the frames stand still, or follow them again"),
		run_pause, HOST | LAB },
	{ "pause", "Space", IN(PANE_FRAMES), NC_("key", "pause"), NULL,
		N_("the same, in the frames"), run_pause, HOST | LAB },
	{ "ladder", "L", 0, NC_("key", "ladder"), NULL,
		N_("the frames as arrows between machines, and back"), run_ladder, 0 },
	{ "verdicts", "V", 0, NULL, NULL,
		N_("show what each who-has comes to, and by which rule, or hide it"), run_verdicts,
		0 },
	{ "search", "/", 0, NC_("key", "search"), "WORDS", N_("find rows that hold all the words"),
		run_search, 0 },
	{ "filter", "\\", LISTS, NC_("key", "filter"), "WORDS",
		N_("show only rows that hold all the words; !word: that do not hold it"),
		run_filter, 0 },
	{ "help", "? h F1", 0, NC_("key", "help"), NULL, N_("this text"), run_help, 0 },
	{ "quit", "q F10", 0, NC_("key", "quit"), NULL,
		N_("quit; on a live machine it asks what to keep"), run_quit, 0 },
	{ "detail", "Enter", 0, NC_("key", "detail"), NULL,
		N_("to the detail of the chosen row, and back"), run_detail, 0 },
	{ "zoom", "z", 0, NC_("key", "zoom"), NULL, N_("the focused pane alone, and back"),
		run_zoom, 0 },
	{ "write", "w", 0, NC_("key", "write"), "FILE", N_("save the frames in a capture file"),
		run_write, 0 },
	{ "sort-next", ">", IN(PANE_CACHE), NC_("key", "sort"), NULL, N_("sort by the next column"),
		run_sort_next, 0 },
	{ "previous-pane", "S-Tab", 0, NULL, NULL, N_("give the keys to the pane before"),
		run_previous_pane, 0 },
	{ "undo-all", "U", 0, NULL, NULL, N_("put all changes of this session back"), run_undo_all,
		HOST },
	{ "up", "Up k", 0, NULL, NULL, N_("a row up"), run_up, 0 },
	{ "down", "Down j", 0, NULL, NULL, N_("a row down"), run_down, 0 },
	{ "page-up", "PgUp C-b", 0, NULL, NULL, N_("a page up"), run_page_up, 0 },
	{ "page-down", "PgDn C-f", 0, NULL, NULL, N_("a page down"), run_page_down, 0 },
	{ "first", "Home g", 0, NULL, NULL, N_("the first row"), run_first, 0 },
	{ "last", "End G", 0, NULL, NULL, N_("the last row; in the frames: follow"), run_last, 0 },
	{ "left", "Left", 0, NULL, NULL, N_("the column to the left"), run_left, 0 },
	{ "right", "Right", 0, NULL, NULL, N_("the column to the right"), run_right, 0 },
	{ "search-next", "n", 0, NULL, NULL, N_("the next row found"), run_search_next, 0 },
	{ "search-previous", "N", 0, NULL, NULL, N_("the row found before"), run_search_previous,
		0 },
	{ "capture", "c", 0, NULL, "EXPRESSION",
		N_("capture only what a libpcap filter lets through"), run_capture, HOST },
	{ "sort-previous", "<", IN(PANE_CACHE), NULL, NULL, N_("sort by the column before"),
		run_sort_previous, 0 },
	{ "sort-reverse", "I", IN(PANE_CACHE), NULL, NULL, N_("turn the order round"),
		run_sort_reverse, 0 },
	{ "set", "", 0, NULL, "NAME.KEY=VALUE", N_("change a sysctl by name"), run_set, HOST },
	{ "restore", "R", 0, NULL, NULL, N_("put back what an earlier arplab has left"),
		run_restore, HOST },
	{ "theme", "T", 0, NULL, "NAME", N_("other colours"), run_theme, 0 },
	{ "command", ":", 0, NULL, NULL, N_("type a command by its name; Tab completes"),
		run_command, 0 },
	{ "redraw", "C-l", 0, NULL, NULL, N_("draw the screen anew"), run_redraw, 0 },
	{ "close", "Esc", 0, NULL, NULL, N_("close what is open: zoom, filter, detail, ladder"),
		run_close, 0 },
};

#define COMMANDS (sizeof commands / sizeof *commands)

/* A recording's and a lab's own commands come first: there a key of theirs means theirs. */
const struct command *ui_command(const struct ui *u, size_t i)
{
	size_t players = 0, labs = 0;
	const struct command *playing = u->player ? player_commands(&players) : NULL;
	bool lab = u->player ? player_has_lab(u->player) : u->scope == SCOPE_LAB;
	const struct command *own = lab ? lab_commands(&labs) : NULL;
	if (i < players)
		return &playing[i];
	i -= players;
	if (i < labs)
		return &own[i];
	i -= labs;
	return i < COMMANDS ? &commands[i] : NULL;
}
