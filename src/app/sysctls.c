/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what get, set and restore share: a helper for sysctls alone, and how they are printed. */
#include <config.h>

#include <arplab/app.h>

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#define FRAME_RING 4096 /* The least there is: no frame comes. */
#define DUMP_WAIT_MS 10000

static bool tables_there(const struct model *m, void *arg)
{
	(void)arg;
	const uint32_t wanted = 1u << TABLE_LINKS | 1u << TABLE_SYSCTLS | 1u << TABLE_CHANGES;
	return m->hello.pid && (m->tables_seen & wanted) == wanted;
}

int app_open_sysctls(const struct app_options *o, struct app_line *ret, struct model *m)
{
	struct err err;
	struct app_start start = app_start_from(o, SCOPE_HOST);
	start.sysctls_only = true;
	model_init(m, FRAME_RING);
	*ret = (struct app_line) { .socket = -1, .pid = -1, .signals = -1 };
	int error = app_check_ifaces(o, &err);
	if (!error)
		error = app_open(o, &start, ret, &err);
	if (error)
		return app_fail(app_open_status(error), "%s", err.text);
	error = app_pump(ret, m, tables_there, NULL, DUMP_WAIT_MS, &err);
	if (!error)
		return -1;
	app_print_notes(m);
	return app_fail(EXIT_REFUSED, "%s", err.text);
}

void app_print_notes(const struct model *m)
{
	for (size_t i = 0; i < m->note_count; i++)
		if (m->notes[i].grave)
			app_fail(EXIT_REFUSED, "%s", m->notes[i].text);
}

/* The command line again, as far as it matters for a change. */
static void put_command(struct text *t, const struct app_options *o, const char *command)
{
	text_put(t, command);
	if (o->duration) {
		text_put(t, " --for ");
		text_put(t, o->duration);
	}
	text_put(t, o->hold ? " --hold" : "");
	text_put(t, o->force ? " --force" : "");
	if (o->persist_path) {
		text_put(t, " --persist ");
		text_put(t, o->persist_path);
	}
	for (size_t i = 0; i < o->arg_count; i++) {
		text_char(t, ' ');
		text_put(t, o->args[i]);
	}
	text_put(t, o->command ? " -- …" : "");
}

bool app_may_change(const struct app_options *o, const struct model *m, const char *command)
{
	if (m->hello.powers & POWER_CHANGE)
		return true;
	char words[400];
	struct text t = text_in(words, sizeof words);
	put_command(&t, o, command);
	if (m->hello.uid == 0)
		app_fail(EXIT_REFUSED,
			_("sysctls cannot be changed here: arplab needs CAP_NET_ADMIN, "
			  "and a /proc/sys that can be written"));
	else
		app_fail(EXIT_REFUSED,
			_("changing sysctls needs CAP_NET_ADMIN; run: sudo arplab %s"),
			text_end(&t));
	return false;
}

void app_print_cell(const char *text, size_t cells)
{
	fputs(text, stdout);
	for (size_t width = utf8_width(text); width < cells; width++)
		putchar(' ');
}

const char *app_json_name(char *bytes, size_t size, const char *name)
{
	struct text t = text_in(bytes, size);
	text_json(&t, name);
	return text_end(&t);
}
