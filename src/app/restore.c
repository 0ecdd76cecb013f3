/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab restore`: put back what stayed behind, by wish or by accident. */
#include <config.h>

#include <arplab/app.h>

#include <stdlib.h>
#include <string.h>

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

static void print_row(const struct app_options *o, const struct change *c, bool left)
{
	char name[6 * IFNAME_SIZE + 1];
	const char *key = sysctl_key(c->key)->name;
	if (o->quiet)
		return;
	if (o->json) {
		printf("{\"name\":\"%s\",\"key\":\"%s\",\"old_value\":%d,\"value\":%d,"
		       "\"restored\":%s}\n",
			app_json_name(name, sizeof name, c->name), key, c->after, c->before,
			left ? "false" : "true");
		return;
	}
	struct text t = text_in(name, sizeof name);
	text_name(&t, c->name, sizeof c->name);
	printf("%s.%s  %d -> %d   %s\n", text_end(&t), key, c->after, c->before,
		left ? "left as it is" : "put back");
}

static int restore(const struct app_options *o, const struct app_line *line, struct model *m)
{
	struct err err;
	size_t count = m->change_count, waiting = 0, left = 0;
	struct change *rows = calloc(count + 1, sizeof *rows);
	if (!rows)
		abort();
	for (size_t i = 0; i < count; i++) {
		rows[i] = m->changes[i];
		waiting += can_be_put_back(&rows[i]);
	}
	int status = EXIT_FINE;
	if (waiting == 0) {
		if (!o->quiet && !o->json)
			puts("nothing to put back");
	} else if (!app_may_change(o, m, "restore")) {
		status = EXIT_REFUSED;
	} else {
		struct action a = { .kind = ACTION_RESTORE, .keep = o->force };
		int error = app_ask(line, m, &a, &err);
		/* The newest first, as they were put back. */
		for (size_t i = count; i-- > 0;) {
			bool stays = find(m, rows[i].number) != NULL;
			if (can_be_put_back(&rows[i]))
				print_row(o, &rows[i], stays);
			left += stays && can_be_put_back(&rows[i]);
		}
		if (error)
			status = app_fail(EXIT_REFUSED, "%s", err.text);
		else if (left)
			status = app_fail(EXIT_REFUSED, "%s", m->last_done.text);
	}
	free(rows);
	return status;
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
