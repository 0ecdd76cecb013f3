/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the status line, the key bar, the prompt and the dialogs. */
#include <config.h>

#include "chrome.h"

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#include "lab_text.h"
#include "prose.h"

/* ---- status line ---- */

/* What stands at the right: whether changes are allowed, held or left over. */
static void power_text(
	const struct screen *s, const struct model *m, struct text *t, enum role *ret_role)
{
	size_t held = model_changes(m, CHANGE_HELD);
	*ret_role = ROLE_BAR;
	if (s->replay[0]) {
		text_put(t, s->replay);
	} else if (s->ended) {
		*ret_role = ROLE_BAD;
		text_put(t, _("helper ended"));
	} else if (held) {
		*ret_role = ROLE_CHANGED;
		text_printf(t, ngettext("%zu change held", "%zu changes held", held), held);
	} else if (model_changes(m, CHANGE_OTHERS)) {
		*ret_role = ROLE_WARN;
		text_put(t, _("another holds changes"));
	} else if (m->hello.scope == SCOPE_FILE) {
		text_put(t, C_("status", "file"));
	} else if (s->may_write) {
		text_put(t, _("changes allowed"));
	} else {
		text_put(t, _("read-only"));
	}
}

static void middle_text(const struct screen *s, const struct model *m, struct text *t)
{
	if (m->hello.scope == SCOPE_FILE && m->file.seekable) {
		text_printf(t,
			m->file.complete ? _("frames %s of %s packets")
					 : _("frames %s of %s packets so far"),
			grouped_word(m->file.frames).text, grouped_word(m->file.packets).text);
		return;
	}
	text_printf(t, _("frames %s  dropped %s"), grouped_word(m->frame_total).text,
		grouped_word(model_dropped(m)).text);
	if (m->resyncs)
		text_printf(t, _("  reread %u"), (unsigned)m->resyncs);
	if (s->capture_filter[0])
		text_printf(t, _("  capture: %s"), s->capture_filter);
}

/* ---- of a lab ---- */

static void lesson_text_of(const struct screen *s, const struct model *m, struct text *t)
{
	const struct play *p = s->lab.play;
	text_put(t, s->replay[0] ? _(" arplab  replay") : _(" arplab  lab"));
	if (p && p->lesson->topology_name[0]) {
		text_char(t, ' ');
		text_put(t, p->lesson->topology_name);
	}
	if (s->lab.alone)
		text_printf(t, _("  %s alone"),
			name_word(screen_machine(s, m, PANE_SYSCTLS)->hello.host).text);
	if (!p)
		return;
	text_put(t, "  ");
	unsigned number = lesson_number(p->lesson->id);
	if (number && p->lesson->ticket)
		text_printf(t, _("Ticket %u  "), number);
	else if (number)
		text_printf(t, _("Lesson %u  "), number);
	/* By this number somebody else gets the same one. */
	if (p->lesson->ticket && p->lesson->seed)
		text_printf(t, "--seed %u  ", p->lesson->seed);
	text_unmarked(t, p->lesson->title);
}

/* One mark a step: done, under way, to come; and one for what was shown or left out. */
static void steps_text(const struct play *p, struct text *t, bool ascii)
{
	static const char *const marks[][2] = {
		[STEP_NEW] = { "○", "." },
		[STEP_PLAYING] = { "◐", "+" },
		[STEP_SOLVED] = { "●", "*" },
		[STEP_SHOWN] = { "◌", "s" },
		[STEP_SKIPPED] = { "–", "-" },
	};
	text_printf(t, _("step %zu/%zu "), p->step + 1, p->lesson->step_count);
	for (size_t i = 0; i < p->lesson->step_count && i < PLAY_STEPS_MAX; i++) {
		enum step_outcome outcome = p->steps[i].outcome;
		bool anew = outcome == STEP_SKIPPED && p->phase != PLAY_SKIPPED;
		if (i == p->step && (outcome == STEP_NEW || anew))
			outcome = STEP_PLAYING;
		text_put(t, marks[outcome][ascii]);
	}
}

static bool awaits_reply(const struct play *p)
{
	const struct step *step = &p->lesson->steps[p->step];
	for (size_t i = 0; i < step->item_count && i < PLAY_ITEMS_MAX; i++)
		if (p->chosen[i] >= 0 && step->items[i].kind == ITEM_PREDICT && !play_replied(p, i))
			return true;
	return false;
}

static void score_text(const struct screen *s, struct text *t)
{
	unsigned right, made;
	if (!s->lab.play || s->lab.present)
		return;
	/* The score would tell before the kernel does. */
	if (awaits_reply(s->lab.play)) {
		text_put(t, _("  predicted"));
		return;
	}
	play_score(s->lab.play, &right, &made);
	if (made)
		text_printf(t, _("  predictions %u/%u"), right, made);
}

static void draw_lab_status(const struct screen *s, const struct model *m, struct canvas *c)
{
	struct rect r = s->layout.status;
	char left[ROW_TEXT_SIZE], right[ROW_TEXT_SIZE];
	struct text t = text_in(right, sizeof right);
	if (s->replay[0])
		text_printf(&t, "%s  ", s->replay);
	if (s->ended)
		text_put(&t, _("helper ended"));
	else if (s->lab.free)
		text_put(&t, _("free play"));
	else if (s->lab.play)
		steps_text(s->lab.play, &t, c->ascii);
	if (!s->ended && !s->lab.free)
		score_text(s, &t);
	text_char(&t, ' ');
	int at = r.columns - (int)utf8_width(text_end(&t));
	canvas_fill(c, r, ROLE_BAR, ' ');
	t = text_in(left, sizeof left);
	lesson_text_of(s, m, &t);
	canvas_put_cut(c, r.row, r.column, at - r.column - 1, ROLE_BAR, text_end(&t));
	canvas_put(c, r.row, at, s->ended ? ROLE_BAD : ROLE_BAR, right);
}

void draw_status(const struct screen *s, const struct model *m, struct canvas *c)
{
	if (s->lab.on) {
		draw_lab_status(s, m, c);
		return;
	}
	struct rect r = s->layout.status;
	char line[ROW_TEXT_SIZE];
	enum role role;
	canvas_fill(c, r, ROLE_BAR, ' ');
	struct text t = text_in(line, sizeof line);
	if (s->replay[0])
		text_put(&t, _(" arplab  replay "));
	else
		text_put(&t,
			m->hello.scope == SCOPE_FILE ? _(" arplab  file ") : _(" arplab  host "));
	text_name(&t, s->file[0] ? s->file : m->hello.host, sizeof m->hello.host);
	int column = canvas_put(c, r.row, r.column, ROLE_BAR, text_end(&t)) + 2;

	t = text_in(line, sizeof line);
	power_text(s, m, &t, &role);
	text_char(&t, ' ');
	const char *power = text_end(&t);
	int right = r.columns - (int)utf8_width(power);
	canvas_put(c, r.row, right, role, power);
	if (m->hello.scope != SCOPE_FILE && right - column >= 40) {
		char clock[16];
		struct text k = text_in(clock, sizeof clock);
		text_clock(&k, s, m->now_ns, 0);
		k.len = 5; /* Hours and minutes: a quiet screen need not wake every second. */
		right -= 7;
		canvas_put(c, r.row, right, ROLE_BAR, text_end(&k));
	}
	t = text_in(line, sizeof line);
	middle_text(s, m, &t);
	canvas_put_cut(c, r.row, column, right - column - 1, ROLE_BAR, text_end(&t));
}

/* ---- the last line ---- */

#define MESSAGE_ROWS 5

static void draw_prompt(const struct screen *s, struct canvas *c)
{
	const struct prompt *p = &s->prompt;
	struct rect r = s->layout.bar;
	char before[PROMPT_SIZE];
	canvas_fill(c, r, ROLE_TEXT, ' ');
	int column = canvas_put(c, r.row, r.column, ROLE_TITLE, p->label);
	canvas_put(c, r.row, column, p->bad ? ROLE_BAD : ROLE_STRONG, p->text);
	memcpy(before, p->text, p->cursor);
	before[p->cursor] = '\0';
	int cursor = column + (int)utf8_width(before);
	canvas_select(c, (struct rect) { r.row, cursor, 1, 1 });
	int says = column + (int)utf8_width(p->text) + 3;
	canvas_put_cut(c, r.row, says, r.columns - says, p->bad ? ROLE_BAD : ROLE_DIM, p->says);
}

/* A sentence that is longer than the line takes more lines, over the panes: it is read whole. */
static void draw_message(const struct screen *s, struct canvas *c)
{
	struct rect bar = s->layout.bar;
	struct rect r = { 0, bar.column + 1, MESSAGE_ROWS, bar.columns - 2 };
	struct rect clip = canvas_clip(c, (struct rect) { 0, 0, 0, 0 });
	int rows = canvas_wrap(c, r, ROLE_BAR, s->message);
	canvas_clip(c, clip);
	r.row = bar.row - rows + 1;
	r.rows = rows;
	canvas_fill(c, (struct rect) { r.row, bar.column, rows, bar.columns }, ROLE_BAR, ' ');
	canvas_wrap(c, r, s->message_bad ? ROLE_BAD : ROLE_BAR, s->message);
}

static int item_width(const struct bar_item *b)
{
	return (int)(utf8_width(b->key) + utf8_width(b->label)) + 1;
}

void draw_bar(const struct screen *s, struct canvas *c)
{
	struct rect r = s->layout.bar;
	if (s->prompt.kind != PROMPT_NONE) {
		draw_prompt(s, c);
		return;
	}
	if (s->message[0]) {
		draw_message(s, c);
		return;
	}
	canvas_fill(c, r, ROLE_BAR, ' ');
	int column = r.column + 1, kept = 0;
	bool full = false;
	for (const struct bar_item *b = s->bar; b && b->key[0]; b++)
		kept += b->always ? item_width(b) + 2 : 0;
	for (const struct bar_item *b = s->bar; b && b->key[0]; b++) {
		int width = item_width(b);
		kept -= b->always ? width + 2 : 0;
		full |= column + width + kept >= r.columns;
		if (full && !b->always)
			continue;
		column = canvas_put(c, r.row, column, ROLE_KEY, b->key);
		column = canvas_put(c, r.row, column + 1, ROLE_BAR, b->label) + 2;
	}
}

/* ---- dialogs ---- */

static size_t line_count(const char *text)
{
	size_t n = *text != '\0';
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Each line apart, so that a command can stand out and stay unbroken. */
static int draw_lines(struct canvas *c, struct rect r, const char *text)
{
	int row = 0;
	while (*text) {
		char line[2 * ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		size_t len = strcspn(text, "\n");
		text_putn(&t, text, len);
		text_end(&t);
		struct rect at = { r.row + row, r.column, r.rows, r.columns };
		if (line[0] == '\t')
			canvas_put_cut(
				c, at.row, at.column + 2, at.columns - 2, ROLE_STRONG, line + 1),
				row++;
		else if (line[0] == '\0')
			row++;
		else
			row += canvas_wrap(c, at, ROLE_DIALOG, line);
		text += len + (text[len] == '\n');
	}
	return row;
}

static struct rect dialog_rect(const struct screen *s, int lines)
{
	int columns = s->columns - 8 < 76 ? s->columns - 8 : 76;
	int rows = lines + 4 < s->rows - 2 ? lines + 4 : s->rows - 2;
	return (struct rect) { (s->rows - rows) / 2, (s->columns - columns) / 2, rows, columns };
}

/* How many rows the text takes at the dialog's width: drawn where nothing can be seen. */
static int measure(const struct screen *s, struct canvas *c)
{
	struct rect clip = canvas_clip(c, (struct rect) { 0, 0, 0, 0 });
	struct rect r = dialog_rect(s, (int)line_count(s->dialog.text));
	r.columns -= 4;
	r.rows = 1000;
	int rows = draw_lines(c, r, s->dialog.text);
	canvas_clip(c, clip);
	return rows;
}

void draw_dialog(struct screen *s, struct canvas *c)
{
	struct dialog *d = &s->dialog;
	int lines = measure(s, c);
	struct rect r = dialog_rect(s, lines);
	canvas_fill(c, r, ROLE_DIALOG, ' ');
	canvas_box(c, r, ROLE_FOCUS, d->title);
	struct rect inside = { r.row + 1, r.column + 2, r.rows - 3, r.columns - 4 };
	if (lines > inside.rows && d->top > (size_t)(lines - inside.rows))
		d->top = (size_t)(lines - inside.rows);
	if (lines <= inside.rows)
		d->top = 0;
	struct rect clip = canvas_clip(c, inside);
	struct rect text = inside;
	text.row -= (int)d->top;
	text.rows = 1000;
	draw_lines(c, text, d->text);
	canvas_clip(c, clip);
	canvas_put_cut(c, r.row + r.rows - 2, inside.column, inside.columns, ROLE_TITLE, d->keys);
}
