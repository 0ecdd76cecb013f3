/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab restore`: put back what stayed behind, by wish or by accident. */
#include <config.h>

#include <arplab/app.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

static bool can_be_put_back(const struct change *c)
{
	return c->state == CHANGE_KEPT || c->state == CHANGE_ORPHAN || c->state == CHANGE_FOREIGN;
}

static const struct change *find(const struct model *m, uint32_t number)
{
	for (size_t i = 0; i < m->change_count; i++)
		if (m->changes[i].number == number)
			return &m->changes[i];
	return NULL;
}

/* What was put back. */
static void print_restored(const struct app_options *o, const struct change *c)
{
	char name[6 * IFNAME_SIZE + 1];
	const char *key = sysctl_key(c->key)->name;
	if (o->json) {
		printf("{\"name\":\"%s\",\"key\":\"%s\",\"old_value\":%d,\"value\":%d,"
		       "\"restored\":true}\n",
			app_json_name(name, sizeof name, c->name), key, c->after, c->before);
		return;
	}
	struct text t = text_in(name, sizeof name);
	text_name(&t, c->name, sizeof c->name);
	printf(_("%s.%s  %d -> %d   put back\n"), text_end(&t), key, c->after, c->before);
}

/* What was not, with the value that is there. */
static void print_left(const struct app_options *o, const struct model *m, const struct change *c)
{
	char name[6 * IFNAME_SIZE + 1];
	const char *key = sysctl_key(c->key)->name;
	int32_t now = c->after;
	model_sysctl(m, c->ifindex, c->key, &now);
	if (o->json) {
		printf("{\"name\":\"%s\",\"key\":\"%s\",\"old_value\":%d,\"value\":%d,"
		       "\"wanted\":%d,\"restored\":false}\n",
			app_json_name(name, sizeof name, c->name), key, c->after, now, c->before);
		return;
	}
	struct text t = text_in(name, sizeof name);
	text_name(&t, c->name, sizeof c->name);
	if (c->state == CHANGE_FOREIGN)
		printf(_("%s.%s is %d: somebody else wrote it; left as it is\n"), text_end(&t), key,
			now);
	else
		printf(_("%s.%s is %d: %d could not be put back\n"), text_end(&t), key, now,
			c->before);
}

/* The rows that could be put back, newest first, as they are put back. Returns how many stayed. */
static size_t print_rows(
	const struct app_options *o, const struct model *m, const struct change *rows, size_t count)
{
	size_t left = 0;
	for (size_t i = count; i-- > 0;) {
		if (!can_be_put_back(&rows[i]))
			continue;
		const struct change *stays = find(m, rows[i].number);
		left += stays != NULL;
		if (o->quiet)
			continue;
		if (stays)
			print_left(o, m, stays);
		else
			print_restored(o, &rows[i]);
	}
	return left;
}

static int restore(const struct app_options *o, const struct app_line *line, struct model *m)
{
	struct err err;
	struct action a = { .kind = ACTION_RESTORE, .keep = o->force };
	size_t count = m->change_count, waiting = 0;
	for (size_t i = 0; i < count; i++)
		waiting += can_be_put_back(&m->changes[i]);
	if (waiting && !app_may_change(o, m, "restore"))
		return EXIT_REFUSED;

	struct change *rows = calloc(count + 1, sizeof *rows);
	if (!rows)
		abort();
	for (size_t i = 0; i < count; i++)
		rows[i] = m->changes[i];
	/* Asked even when no row is known: another arplab may hold the journal. */
	int error = m->hello.powers & POWER_CHANGE ? app_ask(line, m, &a, &err) : 0;
	size_t left = print_rows(o, m, rows, count);
	free(rows);
	if (error)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	if (left)
		return app_fail(EXIT_REFUSED, "%s", m->last_done.text);
	if (!waiting && !o->quiet && !o->json)
		puts(_("nothing to put back"));
	return EXIT_FINE;
}

int app_restore(const struct app_options *o)
{
	struct app_line line;
	struct model m;
	int status = app_open_sysctls(o, &line, &m);
	if (status < 0)
		app_print_notes(&m); /* A journal that cannot be read says so here. */
	if (status < 0)
		status = restore(o, &line, &m);
	app_hang_up(&line);
	model_done(&m);
	return status;
}
