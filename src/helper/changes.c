/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: writes sysctls, so that each change has its undo on disk before it is made. */
#include <config.h>

#include "changes_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "persist.h"

struct changes *changes_new(struct loop *l, const char *(*ifname)(void *arg, int32_t ifindex),
	int32_t (*ifindex)(void *arg, const char *name), void *arg)
{
	struct changes *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->loop = l;
	c->ifindex = ifindex;
	c->arg = arg;
	c->places.ifname = ifname;
	c->places.arg = arg;
	c->journal.next = c->next = 1;
	journal_file_init(&c->file, l->options->state_dir);
	return c;
}

void changes_free(struct changes *c)
{
	if (!c)
		return;
	places_done(&c->places);
	journal_file_done(&c->file);
	free(c);
}

void changes_link_gone(struct changes *c, int32_t ifindex)
{
	places_forget(&c->places, ifindex);
}

/* ---- SET ---- */

int change_check(const struct action *a, struct err *err)
{
	const struct sysctl_key *key = sysctl_key(a->key);

	if (key->read_only)
		return err_set(err, -EPERM, _("%s is the kernel's to set; nobody can write it"),
			key->name);
	if (a->ifindex == CONF_ALL && key->family == SYSCTL_NEIGH)
		return err_set(err, -ENOENT,
			_("there is no all.%s: each interface has its own, and "
			  "default is for new ones"),
			key->name);
	if (a->ifindex == CONF_ALL && key->all_refused)
		return err_set(err, -EPERM,
			_("all.%s is not written: it would overwrite the value of "
			  "every interface, and accept_redirects; use sysctl -w "
			  "net.ipv4.ip_forward=%d "
			  "yourself"),
			key->name, (int)a->value);
	if (a->value < key->min || a->value > key->max)
		return err_set(err, -ERANGE, _("%s takes %d to %d, not %d"), key->name,
			(int)key->min, (int)key->max, (int)a->value);
	return 0;
}

/* Fill a row from the action and from what the kernel has now. */
static int set_begin(struct changes *c, const struct action *a, struct change *row, struct err *err)
{
	const struct sysctl_key *key = sysctl_key(a->key);

	*row = (struct change) { .ifindex = a->ifindex, .key = a->key, .after = a->value };
	int r = change_check(a, err);
	if (r < 0)
		return r;
	if (place_name(&c->places, a->ifindex, row->name) < 0)
		return err_set(err, -ENODEV, _("the interface with the index %d is gone"),
			(int)a->ifindex);
	r = place_read(&c->places, a->ifindex, a->key, &row->before);
	if (r < 0)
		return place_refused(row->name, a->key, r, err);
	if (!a->any && row->before != a->before) {
		value_send(c, a->ifindex, a->key, row->before);
		return err_set(err, -ESTALE,
			_("%s.%s is %d now, not %d: somebody else changed it; "
			  "look again"),
			row->name, key->name, (int)row->before, (int)a->before);
	}
	return 0;
}

/* Note the row on disk. Nothing has been changed yet. */
static int row_begin(struct changes *c, bool keep, struct change *row, struct err *err)
{
	char bytes[JOURNAL_LINE_MAX];
	struct text t = text_in(bytes, sizeof bytes);
	bool locked = c->file.fd >= 0;

	int r = changes_lock(c, true, err);
	if (r < 0)
		return r;
	if (!locked)
		rows_send(c);
	if (c->journal.count == JOURNAL_ROWS_MAX)
		return err_set(err, -ENOSPC,
			_("%d changes are in the undo journal, and it is full: "
			  "undo, keep or restore some"),
			JOURNAL_ROWS_MAX);
	row->number = c->next;
	row->state = keep ? CHANGE_KEPT : CHANGE_HELD;
	row->pid = c->loop->front;
	row->made_ns = clock_wall_ns();
	journal_write_change(&t, row);
	r = journal_file_append(&c->file, bytes, t.len, true, err);
	if (r < 0)
		return r;
	c->next++;
	c->journal.rows[c->journal.count++] = *row;
	return 0;
}

/* Write a row's value and look whether it is there. */
static int row_carry_out(struct changes *c, struct change *row, struct err *err)
{
	int32_t value;

	int r = place_write(&c->places, row->ifindex, row->key, row->after);
	if (r == 0)
		r = place_read(&c->places, row->ifindex, row->key, &value);
	if (r < 0)
		return place_refused(row->name, row->key, r, err);
	value_send(c, row->ifindex, row->key, value);
	if (!value_is(row->key, value, row->after))
		return err_set(err, -EIO, _("%s.%s became %d when %d was written"), row->name,
			sysctl_key(row->key)->name, (int)value, (int)row->after);
	row->after = value;
	return 0;
}

/* A change that stays takes along those below it: undone alone they would undo it. */
static void keep_below(struct changes *c)
{
	const struct change *row = &c->journal.rows[c->journal.count - 1];

	for (size_t i = c->journal.count - 1; i-- > 0;) {
		const struct change *below = &c->journal.rows[i];
		if (below->ifindex == row->ifindex && below->key == row->key &&
			below->state == CHANGE_HELD)
			row_mark(c, i, CHANGE_KEPT);
	}
}

/* The newest row has been carried out, or not: r. Only a row that left no trace is struck. */
static void row_end(struct changes *c, int r)
{
	size_t at = c->journal.count - 1;
	struct change *row = &c->journal.rows[at];
	int32_t value;

	if (r < 0) {
		r = place_read(&c->places, row->ifindex, row->key, &value);
		if (r == 0 && value != row->before)
			r = place_write(&c->places, row->ifindex, row->key, row->before);
		if (r == 0)
			r = place_read(&c->places, row->ifindex, row->key, &value);
		if (r == 0)
			value_send(c, row->ifindex, row->key, value);
		if (r == -ENODEV || r == -ENOENT || (r == 0 && value == row->before)) {
			row_mark(c, at, CHANGE_UNDONE);
			return;
		}
	} else if (row->state == CHANGE_KEPT) {
		keep_below(c);
	}
	row_send(c, row);
}

static void set(struct changes *c, const struct action *a)
{
	struct outbox *o = &c->loop->outbox;
	const char *what = sysctl_key(a->key)->name;
	bool keep = a->keep;
	struct change row;
	struct err err;

	int r = set_begin(c, a, &row, &err);
	if (r == 0 && row.before == a->value) {
		outbox_done(o, a->id, 0, _("%s.%s is %d already"), row.name, what, (int)a->value);
		return;
	}
	if (r == 0)
		r = row_begin(c, keep, &row, &err);
	if (r == 0) {
		r = row_carry_out(c, &c->journal.rows[c->journal.count - 1], &err);
		row_end(c, r);
	}
	/* As the kernel rounded it. */
	int value = r < 0 ? 0 : (int)c->journal.rows[c->journal.count - 1].after;
	changes_unlock(c);
	if (r < 0)
		outbox_done(o, a->id, r, "%s", err.text);
	else
		outbox_done(o, a->id, 0, _("%s.%s is %d now; it was %d%s"), row.name, what, value,
			(int)row.before, keep ? _("; it stays") : "");
}

/* ---- KEEP ---- */

/* The newest value of each place that this process changed. Returns how many there are. */
static size_t lines_to_persist(const struct changes *c, struct persist_line *lines)
{
	size_t count = 0;

	for (size_t i = c->journal.count; i-- > 0;) {
		const struct change *row = &c->journal.rows[i];
		char name[IFNAME_SIZE];
		bool ours = row->state == CHANGE_HELD || row->state == CHANGE_KEPT;
		if (!ours || row->pid != c->loop->front ||
			place_name(&c->places, row->ifindex, name) < 0)
			continue;
		struct persist_line *line = &lines[count];
		persist_line(line, row->key, name, row->after);
		size_t same = 0;
		while (strcmp(lines[same].key, line->key) != 0)
			same++;
		if (same == count)
			count++;
	}
	return count;
}

static int persist(struct changes *c, size_t *ret_count, struct err *err)
{
	*ret_count = 0;
	if (!c->loop->options->persist_path)
		return 0;
	struct persist_line *lines = calloc(JOURNAL_ROWS_MAX, sizeof *lines);
	if (!lines)
		return err_set(err, -ENOMEM, _("out of memory"));
	size_t count = lines_to_persist(c, lines);
	int r = count > 0 ? persist_write(c->loop->options->persist_path, lines, count, err) : 0;
	free(lines);
	if (r == 0)
		*ret_count = count;
	return r;
}

static void keep(struct changes *c, const struct action *a)
{
	struct outbox *o = &c->loop->outbox;
	const char *path = c->loop->options->persist_path;
	size_t kept = 0, persisted;
	char many[COUNTED_SIZE];
	struct err err;

	/* What was made to stay at once may be persisted, too, if another has not restored it. */
	changes_lock(c, false, &err);
	if (changes_held(c)) {
		for (size_t i = 0; i < c->journal.count; i++)
			kept += c->journal.rows[i].state == CHANGE_HELD;
		rows_mark(c, CHANGE_HELD, CHANGE_KEPT);
	}
	rows_send(c);
	changes_counted(kept, many);
	int r = persist(c, &persisted, &err);
	changes_unlock(c);
	if (r < 0)
		outbox_done(o, a->id, r, _("kept %s until the next boot only: %s"), many, err.text);
	else if (persisted > 0)
		outbox_done(
			o, a->id, 0, _("kept %s; %s sets what is kept at every boot"), many, path);
	else if (kept > 0)
		outbox_done(o, a->id, 0, _("kept %s until the next boot"), many);
	else
		outbox_done(o, a->id, 0, _("no changes are held"));
}

void changes_act(struct changes *c, const struct action *a)
{
	switch ((enum action_kind)a->kind) {
	case ACTION_SET:
		set(c, a);
		return;
	case ACTION_UNDO:
		changes_undo(c, a);
		return;
	case ACTION_UNDO_ALL:
		changes_undo_all(c, a);
		return;
	case ACTION_KEEP:
		keep(c, a);
		return;
	case ACTION_RESTORE:
		changes_restore(c, a);
		return;
	case ACTION_FORGET:
		changes_forget(c, a);
		return;
	default: /* Other parts carry the others out. */
		break;
	}
	outbox_done(&c->loop->outbox, a->id, -EINVAL, _("this is no change"));
}
