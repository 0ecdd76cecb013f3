/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * term: the terminal by way of ncurses. No other file includes curses.
 *
 * curses keeps the terminal it writes to in globals of its own, so there can be one struct term at
 * a time. It is told to leave the signals alone: the loop reads them.
 */
#include <config.h>

#include <arplab/term.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <arplab/i18n.h>
#include <arplab/utf8.h>

/* A colour pair of curses for each look: -1 (the terminal's own) and 0..7, in front and behind. */
enum { COLOURS = 8 };

/* Long enough for the rest of an arrow key to arrive over a slow line, too short to be felt. */
enum { ESCAPE_MS = 25 };

struct term {
	SCREEN *screen;
	const struct theme *theme; /* The one in use: "mono" where there is no colour. */
	bool colour, own_colours;
	bool suspended, lost, redraw;
	bool cursor_hidden;
	int rows, columns;
	struct cell *shown; /* What was given to curses, rows * columns. */
	cchar_t *line;      /* One row on its way to curses. */
	short pairs[COLOURS + 1][COLOURS + 1];
	short pair_count;
};

/* ---- Taking the terminal over, and giving it back ---- */

static const int curses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
enum { SIGNALS = sizeof curses_signals / sizeof *curses_signals };

/* newterm() installs handlers of its own; put back what was there. */
static SCREEN *newterm_without_signals(void)
{
	struct sigaction before[SIGNALS];
	for (int i = 0; i < SIGNALS; i++)
		sigaction(curses_signals[i], NULL, &before[i]);
	SCREEN *screen = newterm(NULL, stdout, stdin);
	for (int i = 0; i < SIGNALS; i++)
		sigaction(curses_signals[i], &before[i], NULL);
	return screen;
}

static int refused(struct err *err)
{
	return err_set(err, -ENOTSUP,
		_("cannot show a screen: the terminal type TERM=%s is unknown, or cannot move its "
		  "cursor; try: TERM=xterm arplab"),
		getenv("TERM"));
}

static int terminal_check(struct err *err)
{
	bool in = isatty(STDIN_FILENO);
	if (!in || !isatty(STDOUT_FILENO))
		return err_set(err, -ENOTTY,
			in ? _("cannot show a screen: standard output is no terminal; "
			       "try: arplab monitor, which prints lines")
			   : _("cannot show a screen: standard input is no terminal; "
			       "try: arplab monitor, which prints lines"));
	const char *name = getenv("TERM");
	if (!name || !*name)
		return err_set(err, -ENOTSUP,
			_("cannot show a screen: TERM is not set; try: TERM=xterm arplab"));
	return strcmp(name, "dumb") == 0 ? refused(err) : 0;
}

/* Ctrl-S would stop our output, and with it the loop, undo and all. */
static void without_flow_control(void)
{
	struct termios mode;
	if (tcgetattr(STDIN_FILENO, &mode) < 0)
		return;
	mode.c_iflag &= (tcflag_t)~IXON;
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) == 0)
		def_prog_mode();
}

static void modes_set(const struct term_options *options)
{
	cbreak(); /* Keeps ISIG: Ctrl-C and Ctrl-Z stay signals. */
	noecho();
	nonl();
	without_flow_control();
	set_escdelay(ESCAPE_MS);
	keypad(stdscr, true);
	nodelay(stdscr, true);
	leaveok(stdscr, true);
	typeahead(-1); /* A screen is drawn whole, even while keys are waiting. */
	if (options->mouse) {
		/* Without an interval a press is told at once, not held back to become a click. */
		mouseinterval(0);
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
}

static void colours_start(struct term *t, const struct term_options *options)
{
	t->colour = options->colour && has_colors() && start_color() == OK && COLORS >= COLOURS;
	if (t->colour)
		t->own_colours = use_default_colors() == OK;
	t->pair_count = 1; /* Pair 0 is the terminal's own. */
}

/* Memory for a screen of the size that curses has. Ends the program when there is none. */
static void cells_make(struct term *t)
{
	getmaxyx(stdscr, t->rows, t->columns);
	free(t->shown);
	free(t->line);
	t->shown = calloc((size_t)t->rows * (size_t)t->columns, sizeof *t->shown);
	t->line = calloc((size_t)t->columns, sizeof *t->line);
	if (!t->shown || !t->line) {
		endwin();
		abort();
	}
	t->redraw = true;
}

/* tigetstr() returns NULL or (char *)-1 where a terminal lacks the capability. */
static bool cursor_can_move(void)
{
	char *move = tigetstr("cup");
	return move && move != (char *)-1;
}

/* newterm() does not end the program over a terminal it does not know, as initscr() does. */
static SCREEN *screen_open(struct err *err)
{
	if (terminal_check(err) < 0)
		return NULL;
	/* The size is the kernel's to say; LINES and COLUMNS may be those of another window. */
	use_env(false);
	use_tioctl(true);
	SCREEN *screen = newterm_without_signals();
	if (screen && cursor_can_move())
		return screen;
	refused(err);
	if (screen) {
		endwin();
		delscreen(screen);
	}
	return NULL;
}

struct term *term_open(const struct term_options *options, struct err *err)
{
	SCREEN *screen = screen_open(err);
	if (!screen)
		return NULL;
	struct term *t = calloc(1, sizeof *t);
	if (!t) {
		endwin();
		abort();
	}
	t->screen = screen;
	/*
	 * Until the first endwin(), ncurses 6.4 takes each move of the cursor for that of a program
	 * which draws by itself, and writes it out alone: dozens of small writes for one screen.
	 * Leaving is undone by the modes set here, and by the first refresh().
	 */
	endwin();
	modes_set(options);
	colours_start(t, options);
	term_set_theme(t, options->theme);
	cells_make(t);
	return t;
}

/* Nobody is at the other end any more. */
static bool terminal_is_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	if (poll(&fd, 1, 0) < 1)
		return false;
	if (fd.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	int waiting = 0;
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 || waiting == 0;
}

/*
 * Back to the other screen, with a cursor. Terminals by libvterm take what is saved with a cursor
 * (curses saves it to scroll) for what the other screen had: they have to be told once more.
 */
static void leave(struct term *t)
{
	endwin();
	curs_set(1);
	t->cursor_hidden = false;
}

void term_close(struct term *t)
{
	if (!t)
		return;
	if (!t->suspended && !t->lost && !terminal_is_gone())
		leave(t);
	delscreen(t->screen);
	free(t->shown);
	free(t->line);
	free(t);
}

void term_size(const struct term *t, int *ret_rows, int *ret_columns)
{
	*ret_rows = t->rows;
	*ret_columns = t->columns;
}

void term_resized(struct term *t)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return;
	if (size.ws_row == t->rows && size.ws_col == t->columns)
		return;
	if (resize_term(size.ws_row, size.ws_col) == OK)
		cells_make(t);
}

void term_suspend(struct term *t)
{
	if (t->suspended || t->lost)
		return;
	leave(t);
	t->suspended = true;
}

void term_resume(struct term *t)
{
	if (!t->suspended)
		return;
	t->suspended = false;
	refresh();
	term_resized(t); /* Nobody told us while we were stopped. */
	t->redraw = true;
}

void term_set_theme(struct term *t, const struct theme *theme)
{
	t->theme = t->colour ? theme : theme_find("mono");
	t->redraw = true;
}

void term_refresh(struct term *t)
{
	t->redraw = true;
}

/* ---- Showing cells ---- */

/* The pair for two colours, made when it is first needed; 0 when curses has no more. */
static short pair_of(struct term *t, int fore, int back)
{
	short *pair = &t->pairs[fore + 1][back + 1];
	if (*pair || (fore < 0 && back < 0))
		return *pair;
	/* Where a terminal does not know its own colours they are white on black. */
	short f = (short)(fore < 0 && !t->own_colours ? COLOR_WHITE : fore);
	short b = (short)(back < 0 && !t->own_colours ? COLOR_BLACK : back);
	if (t->pair_count >= COLOR_PAIRS || init_pair(t->pair_count, f, b) != OK)
		return 0;
	return *pair = t->pair_count++;
}

static attr_t attrs_of(uint8_t look)
{
	attr_t attrs = A_NORMAL;
	attrs |= look & LOOK_BOLD ? A_BOLD : 0;
	attrs |= look & LOOK_DIM ? A_DIM : 0;
	attrs |= look & LOOK_REVERSE ? A_REVERSE : 0;
	attrs |= look & LOOK_UNDERLINE ? A_UNDERLINE : 0;
	return attrs;
}

/*
 * What can be sent for a character. Where the C library has another idea of its width than we, or
 * no idea as in a locale without UTF-8, curses would move the rest of the row: send a '?'.
 */
static wchar_t sendable(uint32_t c)
{
	if (c >= ' ' && c < 0x7f)
		return (wchar_t)c;
	return c > 0x7f && wcwidth((wchar_t)c) == (int)utf8_cells(c) ? (wchar_t)c : L'?';
}

/* Write the cells from `begin` to before `end` of a row. */
static void span_put(struct term *t, int row, const struct cell *cells, int begin, int end)
{
	struct look last = { 0 };
	attr_t attrs = A_NORMAL;
	short pair = 0;
	bool known = false;
	int count = 0, column = begin;
	while (column < end) {
		const struct cell *cell = &cells[column];
		struct look look = theme_look(t->theme, cell);
		if (!known || memcmp(&look, &last, sizeof look) != 0) {
			attrs = attrs_of(look.attrs);
			pair = t->colour ? pair_of(t, look.fore, look.back) : 0;
			last = look;
			known = true;
		}
		wchar_t c[2] = { sendable(cell->c ? cell->c : ' ') };
		setcchar(&t->line[count++], c, attrs, pair, NULL);
		column += cell->c ? (int)utf8_cells((uint32_t)c[0]) : 1;
	}
	mvadd_wchnstr(row, begin, t->line, count);
}

/* Write the part of a row that is not as it was. */
static void row_show(struct term *t, int row, const struct cell *cells, int columns)
{
	struct cell *shown = &t->shown[(size_t)row * (size_t)t->columns];
	int begin = 0, end = columns;
	while (begin < end && memcmp(&cells[begin], &shown[begin], sizeof *cells) == 0)
		begin++;
	while (end > begin && memcmp(&cells[end - 1], &shown[end - 1], sizeof *cells) == 0)
		end--;
	if (begin == end)
		return;
	/* A wide character is sent as a whole. */
	if (begin > 0 && cells[begin].c == 0)
		begin--;
	if (end < columns && cells[end].c == 0)
		end++;
	span_put(t, row, cells, begin, end);
	memcpy(shown + begin, cells + begin, (size_t)(end - begin) * sizeof *cells);
}

void term_show(struct term *t, const struct canvas *c)
{
	if (t->suspended || t->lost)
		return;
	int rows = c->rows < t->rows ? c->rows : t->rows;
	int columns = c->columns < t->columns ? c->columns : t->columns;
	if (t->redraw) {
		memset(t->shown, 0xff, (size_t)t->rows * (size_t)t->columns * sizeof *t->shown);
		erase();
		clearok(curscr, true);
		t->redraw = false;
	}
	for (int row = 0; row < rows; row++) {
		const struct cell *cells = &c->cells[(size_t)row * (size_t)c->columns];
		row_show(t, row, cells, columns);
	}
	refresh();
	if (!t->cursor_hidden)
		curs_set(0);
	t->cursor_hidden = true;
}

/* ---- Keys ---- */

static const struct {
	wint_t curses;
	uint32_t key;
} special[] = {
	{ KEY_UP, KEY_ARROW_UP },
	{ KEY_DOWN, KEY_ARROW_DOWN },
	{ KEY_LEFT, KEY_ARROW_LEFT },
	{ KEY_RIGHT, KEY_ARROW_RIGHT },
	{ KEY_PPAGE, KEY_PAGE_UP },
	{ KEY_NPAGE, KEY_PAGE_DOWN },
	{ KEY_HOME, KEY_TO_HOME },
	{ KEY_END, KEY_TO_END },
	{ KEY_A1, KEY_TO_HOME }, /* A keypad's corners, where it has codes of its own. */
	{ KEY_A3, KEY_PAGE_UP },
	{ KEY_C1, KEY_TO_END },
	{ KEY_C3, KEY_PAGE_DOWN },
	{ KEY_BTAB, KEY_BACK_TAB },
	{ KEY_DC, KEY_DELETE },
	{ KEY_BACKSPACE, KEY_ERASE },
	{ KEY_ENTER, KEY_RETURN },
};

/* KEY_NOTHING for a key that means nothing here. */
static uint32_t special_key(wint_t curses)
{
	if (curses >= KEY_F(1) && curses <= KEY_F(10))
		return KEY_F1 + (curses - KEY_F(1));
	for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
		if (special[i].curses == curses)
			return special[i].key;
	}
	return KEY_NOTHING;
}

static struct input mouse_input(void)
{
	MEVENT e;
	if (getmouse(&e) != OK)
		return (struct input) { KEY_NOTHING, 0, 0 };
	uint32_t key = e.bstate & BUTTON1_PRESSED   ? KEY_CLICK
		       : e.bstate & BUTTON4_PRESSED ? KEY_WHEEL_UP
		       : e.bstate & BUTTON5_PRESSED ? KEY_WHEEL_DOWN
						    : KEY_NOTHING;
	return (struct input) { key, e.y, e.x };
}

static uint32_t character_key(wint_t c)
{
	switch (c) {
	case '\r':
		return KEY_RETURN;
	case '\b': /* What some terminals send for the key above Return. */
		return KEY_ERASE;
	}
	return (uint32_t)c;
}

struct input term_read(struct term *t)
{
	if (t->lost)
		return (struct input) { KEY_LOST, 0, 0 };
	if (t->suspended)
		return (struct input) { KEY_NOTHING, 0, 0 };
	/* A key without a meaning is passed over: the next may be waiting inside curses, unseen. */
	for (;;) {
		wint_t c;
		struct input in = { KEY_NOTHING, 0, 0 };
		int code = get_wch(&c);
		if (code == ERR) {
			t->lost = terminal_is_gone();
			in.key = t->lost ? KEY_LOST : KEY_NOTHING;
			return in;
		}
		if (code == OK)
			in.key = character_key(c);
		else if (c == KEY_MOUSE)
			in = mouse_input();
		else
			in.key = special_key(c);
		if (in.key != KEY_NOTHING)
			return in;
	}
}
