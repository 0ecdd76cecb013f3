/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the line at the bottom in which searches, filters, values, names and commands are typed. */
#include <config.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#include "ui.h"

static void says(struct prompt *p, bool bad, const char *text)
{
	p->bad = bad;
	text_copy(p->says, sizeof p->says, text);
}

/* ---- while it is typed ---- */

static void check_search(struct ui *u)
{
	struct prompt *p = &u->screen.prompt;
	char text[64];
	const char *why = filter_set(&u->screen.search, p->text);
	if (why || !p->text[0]) {
		says(p, why != NULL, why ? why : "");
		return;
	}
	size_t found;
	if (!screen_search_count(&u->screen, u->model, &found)) {
		says(p, false, _("Enter searches the file"));
		return;
	}
	struct text t = text_in(text, sizeof text);
	text_printf(&t, ngettext("%s row", "%s rows", found), grouped_word(found).text);
	says(p, found == 0, text_end(&t));
}

static void check_filter(struct ui *u)
{
	struct prompt *p = &u->screen.prompt;
	const char *why = screen_filter(&u->screen, u->model, p->text);
	char text[64];
	struct text t = text_in(text, sizeof text);
	size_t shown = screen_row_count(&u->screen, u->model);
	text_printf(&t, ngettext("%s row", "%s rows", shown), grouped_word(shown).text);
	says(p, why != NULL, why ? why : p->text[0] ? text_end(&t) : "");
}

/* libpcap lives in the helper: it is asked, and its answer comes as an event. */
static void check_capture(struct ui *u)
{
	struct prompt *p = &u->screen.prompt;
	struct action a = { .kind = ACTION_CHECK_FILTER };
	text_copy(a.text, sizeof a.text, p->text);
	ui_send(u, a);
	u->check_id = u->last_id;
}

void ui_capture(struct ui *u, const char *text)
{
	struct action a = { .kind = ACTION_FILTER };
	if (strlen(text) >= sizeof u->filter) {
		screen_say(&u->screen, true, _("A capture filter has at most %zu letters."),
			sizeof u->filter - 1);
		return;
	}
	text_copy(a.text, sizeof a.text, text);
	text_copy(u->filter, sizeof u->filter, text);
	ui_send(u, a);
	u->filter_id = u->last_id;
}

void ui_prompt_checked(struct ui *u, const struct done *done)
{
	struct prompt *p = &u->screen.prompt;
	if (p->kind == PROMPT_CAPTURE && done->id == u->check_id)
		says(p, done->error != 0, done->error ? done->text : C_("filter", "valid"));
}

static void check_value(struct ui *u)
{
	struct prompt *p = &u->screen.prompt;
	const struct sysctl_key *key = sysctl_key(u->screen.grid.key);
	int64_t value;
	char text[96];
	struct text t = text_in(text, sizeof text);
	if (text_parse_int(p->text, key->min, key->max, &value) < 0) {
		text_printf(&t, _("a number from %d to %d"), (int)key->min, (int)key->max);
		says(p, true, text_end(&t));
		return;
	}
	const char *means = sysctl_meaning(key, (int32_t)value);
	says(p, false, means ? _(means) : key->unit);
}

static void check(struct ui *u)
{
	switch (u->screen.prompt.kind) {
	case PROMPT_SEARCH:
		check_search(u);
		break;
	case PROMPT_FILTER:
		check_filter(u);
		break;
	case PROMPT_CAPTURE:
		check_capture(u);
		break;
	case PROMPT_VALUE:
		check_value(u);
		break;
	case PROMPT_WRITE:
	case PROMPT_COMMAND:
	case PROMPT_NONE:
		break;
	}
}

/* ---- opening ---- */

static void suggest_name(char *text, size_t size)
{
	time_t now = (time_t)(clock_wall_ns() / NS_PER_S);
	struct tm tm;
	localtime_r(&now, &tm);
	strftime(text, size, "arplab-%Y%m%d-%H%M%S.pcap", &tm);
}

void ui_prompt(struct ui *u, enum prompt_kind kind, const char *text)
{
	static const char *const labels[] = {
		[PROMPT_NONE] = "",
		[PROMPT_SEARCH] = N_("search /"),
		[PROMPT_FILTER] = N_("show only \\"),
		[PROMPT_CAPTURE] = N_("capture only (libpcap): "),
		[PROMPT_WRITE] = N_("save the frames in: "),
		[PROMPT_VALUE] = N_("value: "),
		[PROMPT_COMMAND] = ":",
	};
	struct prompt *p = &u->screen.prompt;
	memset(p, 0, sizeof *p);
	p->kind = kind;
	text_copy(p->label, sizeof p->label, *labels[kind] ? _(labels[kind]) : "");
	text_copy(p->text, sizeof p->text, text);
	if (kind == PROMPT_WRITE && !*text)
		suggest_name(p->text, sizeof p->text);
	p->cursor = strlen(p->text);
	u->screen.message[0] = '\0';
	check(u);
}

/* ---- done ---- */

/* The frames in memory, or those that the filter shows. */
static void save_frames(struct ui *u, const char *path)
{
	struct err err = { "" };
	struct pcap_out *out = pcap_out_open(path, &err);
	const struct frames *f = &u->model->frames;
	uint64_t saved = 0;
	int error = 0;
	if (!out) {
		screen_say(&u->screen, true, "%s", err.text);
		return;
	}
	for (uint64_t i = f->first; !error && i < f->first + f->count; i++) {
		error = pcap_out_frame(out, frames_at(f, i), &err);
		saved += error == 0;
	}
	struct err late = { "" };
	if (pcap_out_close(out, error ? NULL : &late) < 0 && !error) {
		error = -EIO;
		err = late;
	}
	if (error)
		screen_say(&u->screen, true, "%s", err.text);
	else
		screen_say(&u->screen, false,
			ngettext("%llu frame saved in %s.", "%llu frames saved in %s.", saved),
			(unsigned long long)saved, path);
}

static void done(struct ui *u)
{
	struct prompt p = u->screen.prompt;
	/* The word on a capture filter may still be on its way; the helper judges it anyway. */
	if (p.bad && p.kind != PROMPT_SEARCH && p.kind != PROMPT_CAPTURE)
		return;
	u->screen.prompt.kind = PROMPT_NONE;
	int64_t value;
	switch (p.kind) {
	case PROMPT_SEARCH:
		if (p.text[0] && !screen_search(&u->screen, u->model, 1))
			screen_say(&u->screen, true, _("'%s' is not here."), p.text);
		break;
	case PROMPT_CAPTURE:
		ui_capture(u, p.text);
		break;
	case PROMPT_WRITE:
		if (p.text[0])
			save_frames(u, p.text);
		break;
	case PROMPT_VALUE:
		if (text_parse_int(p.text, INT32_MIN, INT32_MAX, &value) == 0)
			ui_set(u, u->screen.grid.ifindex, u->screen.grid.key, (int32_t)value);
		break;
	case PROMPT_COMMAND:
		ui_run_line(u, p.text);
		break;
	case PROMPT_FILTER:
	case PROMPT_NONE:
		break;
	}
}

static void cancel(struct ui *u)
{
	if (u->screen.prompt.kind == PROMPT_FILTER)
		screen_filter(&u->screen, u->model, "");
	u->screen.prompt.kind = PROMPT_NONE;
}

/* ---- editing ---- */

/* Bytes of the character that ends at the cursor. */
static size_t before_cursor(const struct prompt *p)
{
	size_t n = 0;
	while (n < p->cursor && ((uint8_t)p->text[p->cursor - ++n] & 0xc0) == 0x80)
		;
	return n;
}

static size_t behind_cursor(const struct prompt *p)
{
	size_t n = p->text[p->cursor] != '\0';
	while (((uint8_t)p->text[p->cursor + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void remove_bytes(struct prompt *p, size_t at, size_t count)
{
	memmove(p->text + at, p->text + at + count, strlen(p->text + at + count) + 1);
	p->cursor = at;
}

static void insert(struct prompt *p, uint32_t c)
{
	char bytes[4];
	size_t n = utf8_put(bytes, c), len = strlen(p->text);
	if (len + n >= sizeof p->text)
		return;
	memmove(p->text + p->cursor + n, p->text + p->cursor, len - p->cursor + 1);
	memcpy(p->text + p->cursor, bytes, n);
	p->cursor += n;
}

/* Returns whether the text may have changed. */
static bool edit(struct ui *u, struct prompt *p, uint32_t key)
{
	switch (key) {
	case KEY_ERASE:
		remove_bytes(p, p->cursor - before_cursor(p), before_cursor(p));
		return true;
	case KEY_DELETE:
		remove_bytes(p, p->cursor, behind_cursor(p));
		return true;
	case KEY_CONTROL('u'):
		remove_bytes(p, 0, p->cursor);
		return true;
	case KEY_ARROW_LEFT:
		p->cursor -= before_cursor(p);
		return false;
	case KEY_ARROW_RIGHT:
		p->cursor += behind_cursor(p);
		return false;
	case KEY_TO_HOME:
	case KEY_CONTROL('a'):
		p->cursor = 0;
		return false;
	case KEY_TO_END:
	case KEY_CONTROL('e'):
		p->cursor = strlen(p->text);
		return false;
	case KEY_TAB:
		if (p->kind == PROMPT_COMMAND)
			ui_complete(u, p->text, sizeof p->text);
		p->cursor = strlen(p->text);
		return true;
	default:
		if (key < 0x20 || key >= KEYS_SPECIAL)
			return false;
		insert(p, key);
		return true;
	}
}

void ui_prompt_key(struct ui *u, uint32_t key)
{
	if (key == KEY_RETURN)
		done(u);
	else if (key == KEY_ESCAPE)
		cancel(u);
	else if (edit(u, &u->screen.prompt, key))
		check(u);
}
