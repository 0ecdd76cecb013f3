/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: puts back what was changed, now or by an arplab before this one. */
#include <config.h>

#include "changes_parts.h"

#include <errno.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

/* What became of one row. */
enum outcome {
	BACK,    /* The old value is there: it was written, or was there already. */
	GONE,    /* The interface is gone, and its sysctls with it. */
	FOREIGN, /* Somebody else changed it: left as it is. */
	REFUSED, /* The kernel would not have it. */
	COVERED, /* A newer change to the same sysctl is held. */
	OUTCOMES
};

/* What became of many rows, for one sentence. */
struct tally {
	size_t count[OUTCOMES];
	int error;      /* Of the first that was not put back. */
	struct err err; /* Its sentence. */
};

/* Whether a newer row of the same sysctl is held: then that one must be undone first. */
static bool is_covered(const struct changes *c, size_t at)
{
	const struct change *row = &c->journal.rows[at];

	for (size_t i = at + 1; i < c->journal.count; i++) {
		const struct change *newer = &c->journal.rows[i];
		if (newer->ifindex == row->ifindex && newer->key == row->key &&
			newer->state == CHANGE_HELD)
			return true;
	}
	return false;
}

/* Say that the row's interface is gone, or that another has its name now. */
static void say_gone(const struct changes *c, const struct change *row, struct err *err)
{
	int32_t namesake = c->ifindex(c->arg, row->name);

	if (namesake > 0 && namesake != row->ifindex)
		err_set(err, 0, _("%s is a new interface now; the old one took its %s with it"),
			row->name, sysctl_key(row->key)->name);
	else
		err_set(err, 0, _("%s is gone, and its %s with it"), row->name,
			sysctl_key(row->key)->name);
}

/*
 * Put one row back.
 * force: also if somebody else changed the value. err: what was done, or why not.
 */
static enum outcome row_undo(struct changes *c, size_t at, bool force, struct err *err)
{
	const struct change row = c->journal.rows[at];
	char label[PLACE_NAME_SIZE];
	int32_t value, was;

	row_label(c, &row, label);
	int r = place_read(&c->places, row.ifindex, row.key, &value);
	was = value;
	if (r == 0 && value != row.before && !force && !value_is(row.key, value, row.after)) {
		row_mark(c, at, CHANGE_FOREIGN);
		value_send(c, row.ifindex, row.key, value);
		err_set(err, -ESTALE,
			_("%s is %d, which somebody else wrote, and is left as it is; "
			  "`arplab restore --force` puts %d back"),
			label, (int)value, (int)row.before);
		return FOREIGN;
	}
	if (r == 0 && value != row.before) {
		r = place_write(&c->places, row.ifindex, row.key, row.before);
		if (r == 0)
			r = place_read(&c->places, row.ifindex, row.key, &value);
		if (r == 0)
			value_send(c, row.ifindex, row.key, value);
	}
	if (r == -ENODEV || r == -ENOENT) {
		say_gone(c, &row, err);
		row_mark(c, at, CHANGE_UNDONE);
		return GONE;
	}
	if (r == 0 && !value_is(row.key, value, row.before))
		r = -EIO;
	if (r < 0) {
		place_refused(label, row.key, r, err);
		return REFUSED;
	}
	row_mark(c, at, CHANGE_UNDONE);
	err_set(err, 0, _("%s is %d again; it was %d"), label, (int)value, (int)was);
	return BACK;
}

static int outcome_code(enum outcome outcome)
{
	switch (outcome) {
	case BACK:
	case GONE:
		return 0;
	case FOREIGN:
		return -ESTALE;
	case COVERED:
		return -EBUSY;
	case REFUSED:
	case OUTCOMES:
		break;
	}
	return -EIO;
}

/* Put back all rows in the states given (as bits), newest first. */
static void rows_undo(struct changes *c, unsigned states, bool force, struct tally *tally)
{
	char label[PLACE_NAME_SIZE];
	struct err err;

	*tally = (struct tally) { .error = 0 };
	for (size_t i = c->journal.count; i-- > 0;) {
		enum outcome outcome = COVERED;
		if (!(states & 1U << c->journal.rows[i].state))
			continue;
		if (is_covered(c, i)) {
			row_label(c, &c->journal.rows[i], label);
			err_set(&err, 0, _("%s has a newer change that is held: undo that first"),
				label);
		} else {
			outcome = row_undo(c, i, force, &err);
		}
		tally->count[outcome]++;
		if (outcome_code(outcome) < 0 && tally->error == 0) {
			tally->error = outcome_code(outcome);
			tally->err = err;
		}
	}
}

/* Answer with one sentence for all rows. */
static void answer(struct changes *c, const struct action *a, const struct tally *tally)
{
	struct outbox *o = &c->loop->outbox;
	const size_t *n = tally->count;
	size_t left = n[FOREIGN] + n[REFUSED] + n[COVERED];
	char many[COUNTED_SIZE], gone[128] = "";

	changes_counted(n[BACK], many);
	if (n[GONE] > 0) {
		struct text t = text_in(gone, sizeof gone);
		text_printf(&t, _(", struck %zu of interfaces that are gone"), n[GONE]);
		text_end(&t);
	}
	if (left > 0)
		outbox_done(o, a->id, tally->error, _("put back %s%s, left %zu: %s"), many, gone,
			left, tally->err.text);
	else if (n[BACK] + n[GONE] > 0)
		outbox_done(o, a->id, 0, _("put back %s%s"), many, gone);
	else
		outbox_done(o, a->id, 0, _("there is nothing to put back"));
}

void changes_undo(struct changes *c, const struct action *a)
{
	struct outbox *o = &c->loop->outbox;
	struct err err = { .text = "" };
	size_t at = c->journal.count;

	while (at > 0 && c->journal.rows[at - 1].state != CHANGE_HELD)
		at--;
	if (at == 0 || !changes_held(c)) {
		outbox_done(
			o, a->id, -ENOENT, _("no changes are held, so there is nothing to undo"));
		return;
	}
	enum outcome outcome = row_undo(c, at - 1, false, &err);
	changes_unlock(c);
	outbox_done(o, a->id, outcome_code(outcome), "%s", err.text);
}

void changes_undo_all(struct changes *c, const struct action *a)
{
	struct tally tally = { .error = 0 };

	if (changes_held(c))
		rows_undo(c, 1U << CHANGE_HELD, false, &tally);
	changes_unlock(c);
	answer(c, a, &tally);
}

void changes_restore(struct changes *c, const struct action *a)
{
	const unsigned states = 1U << CHANGE_KEPT | 1U << CHANGE_ORPHAN | 1U << CHANGE_FOREIGN;
	struct tally tally = { .error = 0 };
	struct err err;

	int r = changes_lock(c, false, &err);
	if (r < 0 && r != -ENOENT) {
		outbox_done(&c->loop->outbox, a->id, r, "%s", err.text);
		return;
	}
	if (r == 0) {
		rows_send(c);
		rows_undo(c, states, a->keep != 0, &tally);
	}
	changes_unlock(c);
	answer(c, a, &tally);
}

void changes_forget(struct changes *c, const struct action *a)
{
	struct outbox *o = &c->loop->outbox;
	char many[COUNTED_SIZE];
	size_t count = 0;
	struct err err;

	int r = changes_lock(c, false, &err);
	if (r < 0 && r != -ENOENT) {
		outbox_done(o, a->id, r, "%s", err.text);
		return;
	}
	for (size_t i = r == 0 ? c->journal.count : 0; i-- > 0;) {
		if (c->journal.rows[i].state != CHANGE_ORPHAN &&
			c->journal.rows[i].state != CHANGE_FOREIGN)
			continue;
		row_mark(c, i, CHANGE_UNDONE);
		count++;
	}
	changes_unlock(c);
	outbox_done(o, a->id, 0, _("forgot %s; the values stay as they are"),
		changes_counted(count, many));
}

void changes_end(struct changes *c)
{
	struct outbox *o = &c->loop->outbox;
	struct err err;

	for (size_t i = changes_held(c) ? c->journal.count : 0; i-- > 0;) {
		if (c->journal.rows[i].state != CHANGE_HELD)
			continue;
		if (outcome_code(row_undo(c, i, false, &err)) < 0)
			outbox_note(o, true, "%s", err.text);
	}
	/* Rows that the kernel refused stay held here, and are orphans for the next arplab. */
	journal_file_close(&c->file, c->file.fd >= 0 && c->journal.count == 0);
}
