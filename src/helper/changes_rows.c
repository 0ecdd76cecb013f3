/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the rows of the undo journal, in memory, on disk, and as the front is told of them. */
#include <config.h>

#include "changes_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define STATE_LINE_MAX 24 /* "foreign 4294967295" and its line feed */

/* What rows leave free: the answer is not told again. */
#define ANSWER_BYTES 1024

/* A front that is slow for hundreds of rows is told all of them again when there is room. */
static void tell(struct changes *c, struct event *e, enum event_kind kind)
{
	struct outbox *o = &c->loop->outbox;

	event_begin(e, kind, clock_wall_ns());
	if ((o->blocked && o->len + e->size + ANSWER_BYTES > EVENT_BATCH_MAX) ||
		outbox_add_sure(o, e) < 0)
		c->lost = true;
}

static void tell_row(struct changes *c, const struct change *row, uint8_t flags)
{
	struct event e = { .flags = flags, .change = *row };

	/* Without the lock the rows are another's journal, and what it holds is not ours to undo.
	 */
	if (c->file.fd < 0 && row->state == CHANGE_HELD)
		e.change.state = CHANGE_OTHERS;
	tell(c, &e, EVENT_CHANGE);
}

void row_send(struct changes *c, const struct change *row)
{
	tell_row(c, row, 0);
}

static void send_mark(struct changes *c, bool end)
{
	struct event e = { .mark = { .table = TABLE_CHANGES, .end = end } };

	tell(c, &e, EVENT_MARK);
}

void rows_send(struct changes *c)
{
	send_mark(c, false);
	for (size_t i = 0; i < c->journal.count; i++)
		tell_row(c, &c->journal.rows[i], EVENT_NAMED);
	send_mark(c, true);
}

void changes_resume(struct changes *c)
{
	if (!c->lost)
		return;
	c->lost = false;
	rows_send(c);
}

void value_send(struct changes *c, int32_t ifindex, uint16_t key, int32_t value)
{
	struct event e = { .sysctl = { .ifindex = ifindex, .key = key, .value = value } };

	tell(c, &e, EVENT_SYSCTL);
}

void row_label(const struct changes *c, const struct change *row, char ret[PLACE_NAME_SIZE])
{
	char name[IFNAME_SIZE];

	if (place_name(&c->places, row->ifindex, name) < 0)
		text_copy(name, sizeof name, row->name);
	snprintf(ret, PLACE_NAME_SIZE, "%s.%s", name, sysctl_key(row->key)->name);
}

bool value_is(uint16_t key, int32_t value, int32_t written)
{
	/* Timers are kept in ticks of the kernel's clock, of at most 10 ms. */
	const char *unit = sysctl_key(key)->unit;
	int64_t tick = strcmp(unit, "ms") == 0 ? 10 : strcmp(unit, "cs") == 0 ? 1 : 0;
	int64_t off = (int64_t)value - written;

	return off >= -tick && off <= tick;
}

const char *changes_counted(size_t count, char ret[COUNTED_SIZE])
{
	snprintf(ret, COUNTED_SIZE, ngettext("%zu change", "%zu changes", count), count);
	return ret;
}

bool changes_held(const struct changes *c)
{
	/* Without the lock the rows are what was last seen of another's journal. */
	for (size_t i = 0; c->file.fd >= 0 && i < c->journal.count; i++) {
		if (c->journal.rows[i].state == CHANGE_HELD)
			return true;
	}
	return false;
}

void rows_mark(struct changes *c, enum change_state from, enum change_state to)
{
	char bytes[JOURNAL_ROWS_MAX * STATE_LINE_MAX];
	struct text t = text_in(bytes, sizeof bytes);

	for (size_t i = 0; i < c->journal.count; i++) {
		if (c->journal.rows[i].state != from)
			continue;
		c->journal.rows[i].state = (uint16_t)to;
		journal_write_state(&t, c->journal.rows[i].number, to);
	}
	/* If this fails the next start judges the rows by their values; nothing is lost. */
	if (t.len > 0)
		journal_file_append(&c->file, bytes, t.len, true, NULL);
}

void row_mark(struct changes *c, size_t at, enum change_state to)
{
	struct journal *j = &c->journal;
	char bytes[JOURNAL_LINE_MAX];
	struct text t = text_in(bytes, sizeof bytes);

	if (j->rows[at].state == to)
		return;
	j->rows[at].state = (uint16_t)to;
	journal_write_state(&t, j->rows[at].number, to);
	/* Not forced to disk: a row that stays there by mistake has its old value already. */
	journal_file_append(&c->file, bytes, t.len, false, NULL);
	row_send(c, &j->rows[at]);
	if (to != CHANGE_UNDONE)
		return;
	j->count--;
	memmove(&j->rows[at], &j->rows[at + 1], (j->count - at) * sizeof j->rows[0]);
}

int changes_lock(struct changes *c, bool create, struct err *err)
{
	struct err note;

	if (c->file.fd >= 0)
		return 0;
	int r = journal_file_open(&c->file, create, &c->journal, err, &note);
	if (r == -ENOENT)
		c->journal = (struct journal) { .next = 1 };
	if (note.text[0])
		outbox_note(&c->loop->outbox, true, "%s", note.text);
	if (r == 0)
		rows_mark(c, CHANGE_HELD, CHANGE_ORPHAN);
	if (c->next < c->journal.next)
		c->next = c->journal.next;
	return r;
}

void changes_unlock(struct changes *c)
{
	if (!changes_held(c))
		journal_file_close(&c->file, c->journal.count == 0);
}

void changes_report(struct changes *c)
{
	struct err err = { .text = "" };

	int r = changes_lock(c, false, &err);
	/* A journal that may not be read or kept concerns nobody before a change is asked for. */
	bool refused = r == -EACCES || r == -EPERM || r == -EROFS || r == -ENOTDIR;
	if (r < 0 && r != -ENOENT && r != -EBUSY && !refused)
		outbox_note(&c->loop->outbox, true, "%s", err.text);
	rows_send(c);
	changes_unlock(c);
}
