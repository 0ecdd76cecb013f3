/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: what each role looks like, on dark screens, on light ones, and without colour.
 *
 * Eight colours are all that every terminal has. Blue on black and yellow on white cannot be read,
 * so neither is ever the colour of a text there.
 */
#include <config.h>

#include <arplab/theme.h>

#include <string.h>

#include <arplab/i18n.h>

enum { OWN = -1, BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* The default first. */
static const struct theme table[] = {
	{
		.name = "dark",
		.help = N_("for a dark terminal"),
		.looks = {
			[ROLE_TEXT] = { OWN, OWN, 0 },
			[ROLE_DIM] = { OWN, OWN, LOOK_DIM },
			[ROLE_STRONG] = { OWN, OWN, LOOK_BOLD },
			[ROLE_TITLE] = { OWN, OWN, LOOK_BOLD },
			[ROLE_BORDER] = { OWN, OWN, LOOK_DIM },
			[ROLE_FOCUS] = { CYAN, OWN, LOOK_BOLD },
			[ROLE_SELECTED] = { OWN, OWN, LOOK_REVERSE },
			[ROLE_BAR] = { WHITE, BLUE, 0 },
			[ROLE_KEY] = { YELLOW, BLUE, LOOK_BOLD },
			[ROLE_REQUEST] = { YELLOW, OWN, 0 },
			[ROLE_REPLY] = { GREEN, OWN, 0 },
			[ROLE_PROBE] = { CYAN, OWN, 0 },
			[ROLE_ANNOUNCE] = { MAGENTA, OWN, LOOK_BOLD },
			[ROLE_POLL] = { OWN, OWN, 0 },
			[ROLE_GOOD] = { GREEN, OWN, LOOK_BOLD },
			[ROLE_WARN] = { YELLOW, OWN, LOOK_BOLD },
			[ROLE_BAD] = { RED, OWN, LOOK_BOLD },
			[ROLE_MATCH] = { BLACK, YELLOW, 0 },
			[ROLE_CHANGED] = { YELLOW, OWN, LOOK_BOLD | LOOK_UNDERLINE },
			[ROLE_DIALOG] = { OWN, OWN, 0 },
			[ROLE_EM] = { OWN, OWN, LOOK_UNDERLINE },
			[ROLE_CODE] = { CYAN, OWN, 0 },
		},
		.hosts = {
			{ OWN, OWN, 0 },
			{ CYAN, OWN, 0 },
			{ YELLOW, OWN, 0 },
			{ GREEN, OWN, 0 },
			{ MAGENTA, OWN, 0 },
			{ CYAN, OWN, LOOK_BOLD },
			{ RED, OWN, 0 },
			{ WHITE, OWN, LOOK_BOLD },
		},
	},
	{
		.name = "light",
		.help = N_("for a light terminal"),
		.looks = {
			[ROLE_TEXT] = { OWN, OWN, 0 },
			[ROLE_DIM] = { OWN, OWN, LOOK_DIM },
			[ROLE_STRONG] = { OWN, OWN, LOOK_BOLD },
			[ROLE_TITLE] = { OWN, OWN, LOOK_BOLD },
			[ROLE_BORDER] = { OWN, OWN, LOOK_DIM },
			[ROLE_FOCUS] = { BLUE, OWN, LOOK_BOLD },
			[ROLE_SELECTED] = { OWN, OWN, LOOK_REVERSE },
			[ROLE_BAR] = { WHITE, BLUE, 0 },
			[ROLE_KEY] = { WHITE, BLUE, LOOK_BOLD },
			[ROLE_REQUEST] = { BLUE, OWN, 0 },
			[ROLE_REPLY] = { GREEN, OWN, 0 },
			[ROLE_PROBE] = { CYAN, OWN, 0 },
			[ROLE_ANNOUNCE] = { MAGENTA, OWN, LOOK_BOLD },
			[ROLE_POLL] = { OWN, OWN, 0 },
			[ROLE_GOOD] = { GREEN, OWN, LOOK_BOLD },
			[ROLE_WARN] = { MAGENTA, OWN, LOOK_UNDERLINE },
			[ROLE_BAD] = { RED, OWN, LOOK_BOLD },
			[ROLE_MATCH] = { BLACK, CYAN, 0 },
			[ROLE_CHANGED] = { BLUE, OWN, LOOK_BOLD | LOOK_UNDERLINE },
			[ROLE_DIALOG] = { OWN, OWN, 0 },
			[ROLE_EM] = { OWN, OWN, LOOK_UNDERLINE },
			[ROLE_CODE] = { BLUE, OWN, 0 },
		},
		.hosts = {
			{ OWN, OWN, 0 },
			{ BLUE, OWN, 0 },
			{ MAGENTA, OWN, 0 },
			{ GREEN, OWN, 0 },
			{ RED, OWN, 0 },
			{ CYAN, OWN, 0 },
			{ BLUE, OWN, LOOK_BOLD },
			{ OWN, OWN, LOOK_BOLD },
		},
	},
	{
		.name = "contrast",
		.help = N_("white on black, and few strong colours, for projectors and tired eyes"),
		.looks = {
			[ROLE_TEXT] = { WHITE, BLACK, LOOK_BOLD },
			[ROLE_DIM] = { WHITE, BLACK, 0 },
			[ROLE_STRONG] = { WHITE, BLACK, LOOK_BOLD | LOOK_UNDERLINE },
			[ROLE_TITLE] = { WHITE, BLACK, LOOK_BOLD },
			[ROLE_BORDER] = { WHITE, BLACK, 0 },
			[ROLE_FOCUS] = { YELLOW, BLACK, LOOK_BOLD },
			[ROLE_SELECTED] = { BLACK, WHITE, 0 },
			[ROLE_BAR] = { BLACK, WHITE, 0 },
			[ROLE_KEY] = { BLACK, WHITE, LOOK_UNDERLINE },
			[ROLE_REQUEST] = { YELLOW, BLACK, LOOK_BOLD },
			[ROLE_REPLY] = { GREEN, BLACK, LOOK_BOLD },
			[ROLE_PROBE] = { CYAN, BLACK, LOOK_BOLD },
			[ROLE_ANNOUNCE] = { MAGENTA, BLACK, LOOK_BOLD },
			[ROLE_POLL] = { WHITE, BLACK, LOOK_BOLD },
			[ROLE_GOOD] = { GREEN, BLACK, LOOK_BOLD },
			[ROLE_WARN] = { BLACK, YELLOW, 0 },
			[ROLE_BAD] = { WHITE, RED, LOOK_BOLD },
			[ROLE_MATCH] = { BLACK, CYAN, 0 },
			[ROLE_CHANGED] = { YELLOW, BLACK, LOOK_BOLD | LOOK_UNDERLINE },
			[ROLE_DIALOG] = { WHITE, BLACK, LOOK_BOLD },
			[ROLE_EM] = { WHITE, BLACK, LOOK_BOLD | LOOK_UNDERLINE },
			[ROLE_CODE] = { CYAN, BLACK, LOOK_BOLD },
		},
		.hosts = {
			{ WHITE, BLACK, LOOK_BOLD },
			{ CYAN, BLACK, LOOK_BOLD },
			{ YELLOW, BLACK, LOOK_BOLD },
			{ GREEN, BLACK, LOOK_BOLD },
			{ MAGENTA, BLACK, LOOK_BOLD },
			{ CYAN, BLACK, LOOK_UNDERLINE },
			{ YELLOW, BLACK, LOOK_UNDERLINE },
			{ GREEN, BLACK, LOOK_UNDERLINE },
		},
	},
	{
		.name = "mono",
		.help = N_("no colour: bold, underlined and reverse"),
		.looks = {
			[ROLE_TEXT] = { OWN, OWN, 0 },
			[ROLE_DIM] = { OWN, OWN, LOOK_DIM },
			[ROLE_STRONG] = { OWN, OWN, LOOK_BOLD },
			[ROLE_TITLE] = { OWN, OWN, LOOK_BOLD },
			[ROLE_BORDER] = { OWN, OWN, LOOK_DIM },
			[ROLE_FOCUS] = { OWN, OWN, LOOK_BOLD },
			[ROLE_SELECTED] = { OWN, OWN, LOOK_REVERSE },
			[ROLE_BAR] = { OWN, OWN, LOOK_REVERSE },
			[ROLE_KEY] = { OWN, OWN, LOOK_REVERSE | LOOK_BOLD },
			[ROLE_REQUEST] = { OWN, OWN, 0 },
			[ROLE_REPLY] = { OWN, OWN, 0 },
			[ROLE_PROBE] = { OWN, OWN, 0 },
			[ROLE_ANNOUNCE] = { OWN, OWN, LOOK_BOLD },
			[ROLE_POLL] = { OWN, OWN, 0 },
			[ROLE_GOOD] = { OWN, OWN, 0 },
			[ROLE_WARN] = { OWN, OWN, LOOK_UNDERLINE },
			[ROLE_BAD] = { OWN, OWN, LOOK_BOLD },
			[ROLE_MATCH] = { OWN, OWN, LOOK_REVERSE },
			[ROLE_CHANGED] = { OWN, OWN, LOOK_BOLD | LOOK_UNDERLINE },
			[ROLE_DIALOG] = { OWN, OWN, 0 },
			[ROLE_EM] = { OWN, OWN, LOOK_UNDERLINE },
			[ROLE_CODE] = { OWN, OWN, LOOK_BOLD },
		},
		.hosts = {
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
			{ OWN, OWN, 0 },
		},
	},
};

const struct theme *themes(size_t *ret_count)
{
	*ret_count = sizeof table / sizeof *table;
	return table;
}

const struct theme *theme_find(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}

struct look theme_look(const struct theme *t, const struct cell *cell)
{
	struct look look = t->looks[cell->role < ROLES ? cell->role : ROLE_TEXT];
	if (cell->host && cell->host < sizeof t->hosts / sizeof *t->hosts) {
		look.fore = t->hosts[cell->host].fore;
		look.attrs |= t->hosts[cell->host].attrs;
	}
	if (cell->select) {
		const struct look *over = &t->looks[ROLE_SELECTED];
		/* One bar: colours behind the words of a row would be patches. */
		if (over->back >= 0 || look.back < 0) {
			look.fore = over->fore;
			look.back = over->back;
		}
		/* What is reverse already stands out among the selected by not being so. */
		look.attrs ^= over->attrs;
	}
	return look;
}
