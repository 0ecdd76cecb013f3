/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support: forkpty, keys by name, waiting for texts; libvterm keeps the screen. */
#include <config.h>

#include "proc.h"
#include "pty.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

struct pty {
	pid_t pid;     /* 0 when reaped. */
	int master;    /* -1 after a hang-up. */
	int slave;     /* Kept open, so that the modes can be looked at after the program's end. */
	int status;    /* Of a program that was reaped. */
	bool ended;
	int rows, columns;
	struct termios before;
	bool alternate, cursor, mouse;
	size_t written;
	VTerm *vt;
	VTermScreen *screen;
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct pty *p = user;
	if (property == VTERM_PROP_ALTSCREEN)
		p->alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		p->cursor = value->boolean;
	else if (property == VTERM_PROP_MOUSE)
		p->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static void child(const struct pty_options *o, int slave)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	dup2(slave, STDERR_FILENO);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("COLUMNS");
	unsetenv("LINES");
	for (size_t i = 0; o->env && o->env[i]; i++)
		putenv(strdup(o->env[i]));
	execvp(o->argv[0], (char *const *)(uintptr_t)o->argv);
	_exit(127);
}

struct pty *pty_start(const struct pty_options *o)
{
	struct pty *p = calloc(1, sizeof *p);
	check(p, "out of memory");
	p->rows = o->rows ? o->rows : 24;
	p->columns = o->columns ? o->columns : 80;
	struct winsize size = { .ws_row = (unsigned short)p->rows,
		.ws_col = (unsigned short)p->columns };
	check(openpty(&p->master, &p->slave, NULL, NULL, &size) == 0, "openpty: %s",
		strerror(errno));
	fcntl(p->master, F_SETFD, FD_CLOEXEC);
	fcntl(p->slave, F_SETFD, FD_CLOEXEC);
	tcgetattr(p->slave, &p->before);

	p->vt = vterm_new(p->rows, p->columns);
	vterm_set_utf8(p->vt, 1);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_enable_altscreen(p->screen, 1);
	p->cursor = true;
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_reset(p->screen, 1);

	p->pid = fork();
	check(p->pid >= 0, "fork: %s", strerror(errno));
	if (p->pid == 0)
		child(o, p->slave);
	tap_child(p->pid);
	return p;
}

void pty_free(struct pty *p)
{
	if (!p)
		return;
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	if (p->master >= 0)
		close(p->master);
	if (p->slave >= 0)
		close(p->slave);
	vterm_free(p->vt);
	free(p);
}

pid_t pty_pid(const struct pty *p)
{
	return p->pid;
}

static void reap(struct pty *p)
{
	int status;
	if (p->pid > 0 && waitpid(p->pid, &status, WNOHANG) == p->pid) {
		p->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		p->pid = 0;
		p->ended = true;
	}
}

/* What libvterm wants to say to the program: keys, and answers to questions. */
static void flush_out(struct pty *p)
{
	char bytes[1024];
	size_t len = vterm_output_read(p->vt, bytes, sizeof bytes);
	for (size_t done = 0; p->master >= 0 && done < len;) {
		ssize_t n = write(p->master, bytes + done, len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
}

bool pty_read(struct pty *p, int ms)
{
	char bytes[16384];
	reap(p);
	struct pollfd fd = { .fd = p->master, .events = POLLIN };
	/* The slave is open here too, so the end shows by waitpid alone. */
	int slice = p->ended ? 0 : ms < 20 ? ms : 20;
	if (p->master < 0 || poll(&fd, 1, slice) <= 0 || !(fd.revents & POLLIN))
		return !p->ended;
	ssize_t n = read(p->master, bytes, sizeof bytes);
	if (n > 0) {
		p->written += (size_t)n;
		vterm_input_write(p->vt, bytes, (size_t)n);
		vterm_screen_flush_damage(p->screen);
		flush_out(p);
	}
	return n > 0 || !p->ended;
}

void pty_settle(struct pty *p, int quiet_ms)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	int64_t last = now_ms();
	size_t seen = p->written;
	while (now_ms() - last < quiet_ms && now_ms() < deadline && pty_read(p, 5)) {
		if (p->written != seen) {
			seen = p->written;
			last = now_ms();
		}
	}
}

/* ---- the screen as text ---- */

static void put_utf8(FILE *f, uint32_t c)
{
	if (c < 0x80) {
		fputc((int)c, f);
	} else if (c < 0x800) {
		fprintf(f, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		fprintf(f, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3f)),
			(int)(0x80 | (c & 0x3f)));
	} else {
		fprintf(f, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3f)),
			(int)(0x80 | (c >> 6 & 0x3f)), (int)(0x80 | (c & 0x3f)));
	}
}

static VTermScreenCell cell_at(const struct pty *p, int row, int column)
{
	VTermScreenCell cell = { .width = 1 };
	vterm_screen_get_cell(p->screen, (VTermPos){ .row = row, .col = column }, &cell);
	return cell;
}

static void put_cell(FILE *f, const VTermScreenCell *cell)
{
	if (!cell->chars[0])
		fputc(' ', f);
	for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		put_utf8(f, cell->chars[i]);
}

static int row_end(const struct pty *p, int row)
{
	int end = p->columns;
	while (end > 0) {
		VTermScreenCell cell = cell_at(p, row, end - 1);
		if (cell.chars[0] && cell.chars[0] != ' ')
			break;
		end--;
	}
	return end;
}

struct style {
	uint32_t fg, bg; /* 0xrrggbb */
	bool plain_fg, plain_bg, bold, dim, underline;
};

static uint32_t rgb(const struct pty *p, VTermColor c)
{
	vterm_screen_convert_color_to_rgb(p->screen, &c);
	return (uint32_t)(c.rgb.red << 16 | c.rgb.green << 8 | c.rgb.blue);
}

static struct style style_of(const struct pty *p, const VTermScreenCell *cell)
{
	struct style s = {
		.plain_fg = VTERM_COLOR_IS_DEFAULT_FG(&cell->fg),
		.plain_bg = VTERM_COLOR_IS_DEFAULT_BG(&cell->bg),
		.bold = cell->attrs.bold,
		.underline = cell->attrs.underline,
	};
	s.fg = s.plain_fg ? 0xd8d8d8 : rgb(p, cell->fg);
	s.bg = s.plain_bg ? 0x16181d : rgb(p, cell->bg);
	if (cell->attrs.reverse) {
		uint32_t fg = s.fg;
		s.fg = s.bg;
		s.bg = fg;
		s.plain_fg = s.plain_bg = false;
	}
	return s;
}

static bool style_same(struct style a, struct style b)
{
	return a.fg == b.fg && a.bg == b.bg && a.plain_fg == b.plain_fg &&
		a.plain_bg == b.plain_bg && a.bold == b.bold && a.underline == b.underline;
}

static char *dump(struct pty *p, bool styled)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	check(f, "out of memory");
	struct style last = { .plain_fg = true, .plain_bg = true, .fg = 0xd8d8d8, .bg = 0x16181d };
	for (int row = 0; row < p->rows; row++) {
		int end = styled ? p->columns : row_end(p, row);
		for (int column = 0; column < end;) {
			VTermScreenCell cell = cell_at(p, row, column);
			struct style s = style_of(p, &cell);
			if (styled && !style_same(s, last)) {
				fputc('[', f);
				if (!s.plain_fg)
					fprintf(f, "#%06x", s.fg);
				if (!s.plain_bg)
					fprintf(f, " on #%06x", s.bg);
				fprintf(f, "%s%s]", s.bold ? " bold" : "", s.underline ? " under" : "");
				last = s;
			}
			put_cell(f, &cell);
			column += cell.width > 1 ? cell.width : 1;
		}
		fputc('\n', f);
	}
	fclose(f);
	return text;
}

char *pty_text(struct pty *p)
{
	return dump(p, false);
}

char *pty_styled_text(struct pty *p)
{
	return dump(p, true);
}

static bool on_screen(struct pty *p, const char *text)
{
	char *screen = pty_text(p);
	bool found = strstr(screen, text) != NULL;
	free(screen);
	return found;
}

bool pty_find(struct pty *p, const char *text, int *ret_row, int *ret_column)
{
	char *screen = pty_text(p);
	const char *at = strstr(screen, text);
	if (at) {
		int row = 0;
		const char *start = screen;
		for (const char *s = screen; s < at; s++) {
			if (*s == '\n') {
				row++;
				start = s + 1;
			}
		}
		/* Columns are cells: count characters, wide ones twice. */
		int column = 0;
		const char *s = start;
		while (s < at && column < p->columns) {
			VTermScreenCell cell = cell_at(p, row, column);
			do {
				s++;
			} while ((*s & 0xc0) == 0x80);
			column += cell.width > 1 ? cell.width : 1;
		}
		*ret_row = row;
		*ret_column = column;
	}
	free(screen);
	return at != NULL;
}

static bool wait_until(struct pty *p, const char *text, bool shown, int ms)
{
	for (int64_t end = now_ms() + ms;;) {
		if (on_screen(p, text) == shown)
			return true;
		int64_t left = end - now_ms();
		if (left <= 0)
			return false;
		if (!pty_read(p, (int)left))
			return on_screen(p, text) == shown;
	}
}

bool pty_shows(struct pty *p, const char *text, int ms)
{
	return wait_until(p, text, true, ms);
}

bool pty_hides(struct pty *p, const char *text, int ms)
{
	return wait_until(p, text, false, ms);
}

static void expect(struct pty *p, const char *text, bool shown)
{
	if (wait_until(p, text, shown, PATIENCE_MS))
		return;
	char *screen = pty_text(p);
	tap_note("the screen%s:\n%s", p->ended ? " (the program has ended)" : "", screen);
	free(screen);
	tap_fail(__FILE__, __LINE__, "the screen %s \"%s\"", shown ? "never showed" : "still shows",
		text);
}

void pty_expect(struct pty *p, const char *text)
{
	expect(p, text, true);
}

void pty_expect_gone(struct pty *p, const char *text)
{
	expect(p, text, false);
}

/* ---- hands ---- */

static const struct {
	const char *name;
	VTermKey key;
	VTermModifier modifier;
} named_keys[] = {
	{ "Up", VTERM_KEY_UP, VTERM_MOD_NONE },
	{ "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE },
	{ "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE },
	{ "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE },
	{ "Home", VTERM_KEY_HOME, VTERM_MOD_NONE },
	{ "End", VTERM_KEY_END, VTERM_MOD_NONE },
	{ "PageUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE },
	{ "PageDown", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE },
	{ "Insert", VTERM_KEY_INS, VTERM_MOD_NONE },
	{ "Delete", VTERM_KEY_DEL, VTERM_MOD_NONE },
	{ "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE },
	{ "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE },
	{ "BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },
	{ "Backspace", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
	{ "Escape", VTERM_KEY_ESCAPE, VTERM_MOD_NONE },
};

static uint32_t next_utf8(const char **s)
{
	const uint8_t *b = (const uint8_t *)*s;
	int more = b[0] < 0x80 ? 0 : b[0] < 0xe0 ? 1 : b[0] < 0xf0 ? 2 : 3;
	uint32_t c = more == 0 ? b[0] : b[0] & (0x3fu >> more);
	*s += 1;
	for (; more > 0 && **s; more--, *s += 1)
		c = c << 6 | (uint8_t)(**s & 0x3f);
	return c;
}

void pty_key(struct pty *p, const char *name)
{
	for (size_t i = 0; i < sizeof named_keys / sizeof *named_keys; i++) {
		if (strcmp(named_keys[i].name, name) == 0) {
			vterm_keyboard_key(p->vt, named_keys[i].key, named_keys[i].modifier);
			flush_out(p);
			return;
		}
	}
	if (strcmp(name, "Space") == 0)
		name = " ";
	if (name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
		int n = atoi(name + 1);
		vterm_keyboard_key(p->vt, (VTermKey)(VTERM_KEY_FUNCTION_0 + n), VTERM_MOD_NONE);
	} else if (name[0] == 'C' && name[1] == '-' && name[2]) {
		/* By hand: libvterm would send newer encodings for some of them. */
		char byte = (char)(name[2] & 0x1f);
		if (p->master >= 0 && write(p->master, &byte, 1) != 1)
			tap_note("a key could not be sent: %s", strerror(errno));
	} else {
		vterm_keyboard_unichar(p->vt, next_utf8(&name), VTERM_MOD_NONE);
	}
	flush_out(p);
}

void pty_type(struct pty *p, const char *text)
{
	while (*text) {
		vterm_keyboard_unichar(p->vt, next_utf8(&text), VTERM_MOD_NONE);
		flush_out(p);
	}
}

void pty_click(struct pty *p, int button, int row, int column)
{
	vterm_mouse_move(p->vt, row, column, VTERM_MOD_NONE);
	vterm_mouse_button(p->vt, button, true, VTERM_MOD_NONE);
	if (button < 4)
		vterm_mouse_button(p->vt, button, false, VTERM_MOD_NONE);
	flush_out(p);
}

void pty_resize(struct pty *p, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)columns };
	p->rows = rows;
	p->columns = columns;
	vterm_set_size(p->vt, rows, columns);
	ioctl(p->master, TIOCSWINSZ, &size);
}

/* ---- the picture ---- */

#define CELL_WIDTH 8
#define CELL_HEIGHT 17

static void put_xml(FILE *f, const VTermScreenCell *cell)
{
	switch (cell->chars[0]) {
	case 0:
	case ' ':
		/* A blank at the end or start of a run would be lost. */
		put_utf8(f, 0xa0);
		return;
	case '<':
		fputs("&lt;", f);
		return;
	case '>':
		fputs("&gt;", f);
		return;
	case '&':
		fputs("&amp;", f);
		return;
	}
	put_cell(f, cell);
}

/* One run of equal style: its ground, then its text, stretched to the width of its cells. */
static void svg_run(const struct pty *p, FILE *f, int row, int from, int to)
{
	VTermScreenCell first = cell_at(p, row, from);
	struct style s = style_of(p, &first);
	int x = from * CELL_WIDTH, y = row * CELL_HEIGHT;
	bool blank = true;
	if (!s.plain_bg)
		fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", x, y,
			(to - from) * CELL_WIDTH, CELL_HEIGHT, s.bg);
	for (int c = from; blank && c < to; c++) {
		VTermScreenCell cell = cell_at(p, row, c);
		blank = !cell.chars[0] || cell.chars[0] == ' ' || cell.chars[0] == UINT32_MAX;
	}
	if (blank)
		return;
	fprintf(f, "<text x=\"%d\" y=\"%d\" fill=\"#%06x\" textLength=\"%d\"%s%s>", x,
		y + CELL_HEIGHT - 4, s.fg, (to - from) * CELL_WIDTH,
		s.bold ? " font-weight=\"bold\"" : "",
		s.underline ? " text-decoration=\"underline\"" : "");
	for (int c = from; c < to;) {
		VTermScreenCell cell = cell_at(p, row, c);
		put_xml(f, &cell);
		c += cell.width > 1 ? cell.width : 1;
	}
	fputs("</text>\n", f);
}

void pty_svg(struct pty *p, FILE *f)
{
	int width = p->columns * CELL_WIDTH, height = p->rows * CELL_HEIGHT;
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" font-family=\"DejaVu Sans Mono, "
		"Liberation Mono, monospace\" font-size=\"13\" xml:space=\"preserve\">\n"
		"<rect width=\"%d\" height=\"%d\" fill=\"#16181d\"/>\n",
		width, height, width, height, width, height);
	for (int row = 0; row < p->rows; row++) {
		int from = 0;
		for (int column = 1; column <= p->columns; column++) {
			if (column < p->columns) {
				VTermScreenCell a = cell_at(p, row, from), b = cell_at(p, row, column);
				if (b.chars[0] == UINT32_MAX || style_same(style_of(p, &a), style_of(p, &b)))
					continue;
			}
			svg_run(p, f, row, from, column);
			from = column;
		}
	}
	fputs("</svg>\n", f);
}

/* ---- its end ---- */

void pty_signal(struct pty *p, int signal)
{
	if (p->pid > 0)
		kill(p->pid, signal);
}

bool pty_stopped(struct pty *p, int ms)
{
	for (int64_t end = now_ms() + ms; now_ms() < end && pty_read(p, 5);) {
		char state[64];
		if (proc_status(p->pid, "State", state, sizeof state) && state[0] == 'T')
			return true;
	}
	return false;
}

void pty_hang_up(struct pty *p)
{
	close(p->slave);
	close(p->master);
	p->slave = p->master = -1;
}

/* What a program wrote before it ended or stopped is in the terminal by now. */
static void take_rest(struct pty *p)
{
	for (size_t seen = p->written + 1; p->master >= 0 && seen != p->written;) {
		seen = p->written;
		pty_read(p, 0);
	}
}

int pty_wait(struct pty *p, int ms)
{
	for (int64_t end = now_ms() + ms; !p->ended;) {
		if (now_ms() > end) {
			kill(p->pid, SIGKILL);
			waitpid(p->pid, NULL, 0);
			p->pid = 0;
			p->ended = true;
			p->status = -1;
			break;
		}
		pty_read(p, 10);
		if (p->master < 0 && !p->ended)
			tick();
	}
	take_rest(p);
	return p->status;
}

bool pty_alternate(const struct pty *p)
{
	return p->alternate;
}

size_t pty_written(const struct pty *p)
{
	return p->written;
}

void pty_expect_restored(struct pty *p)
{
	struct termios now;
	take_rest(p);
	check(tcgetattr(p->slave, &now) == 0, "tcgetattr: %s", strerror(errno));
	check(now.c_iflag == p->before.c_iflag && now.c_oflag == p->before.c_oflag &&
			now.c_cflag == p->before.c_cflag && now.c_lflag == p->before.c_lflag &&
			memcmp(now.c_cc, p->before.c_cc, sizeof now.c_cc) == 0,
		"the terminal's modes differ: iflag %x/%x oflag %x/%x lflag %x/%x", now.c_iflag,
		p->before.c_iflag, now.c_oflag, p->before.c_oflag, now.c_lflag, p->before.c_lflag);
	check(!p->alternate, "the alternate screen is still shown");
	check(p->cursor, "the cursor is still hidden");
	check(!p->mouse, "mouse reports are still on");
}
