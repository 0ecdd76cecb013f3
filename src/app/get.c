/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab get`: the sysctls, their own and their effective values, and who decides. */
#include <config.h>

#include <arplab/app.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#define CELL_SIZE 128
#define GAP 2

/* Whether -i leaves a name in; `all` and `default` are always there. */
static bool name_wanted(const struct app_options *o, const struct model *m, int32_t ifindex)
{
	if (o->iface_count == 0 || ifindex <= 0)
		return true;
	const char *name = model_conf_name(m, ifindex);
	for (size_t i = 0; i < o->iface_count; i++)
		if (strcmp(name, o->ifaces[i]) == 0)
			return true;
	return false;
}

/* ---- the table of everything ---- */

static const char *name_cell(char cell[CELL_SIZE], const struct model *m, int32_t ifindex)
{
	struct text t = text_in(cell, CELL_SIZE);
	text_name(&t, model_conf_name(m, ifindex), IFNAME_SIZE);
	return text_end(&t);
}

/* "1", or "0 = 1" with the effective value behind, or "0 = 1 all" where `all` decides. */
static const char *value_cell(
	char cell[CELL_SIZE], const struct model *m, int32_t ifindex, size_t key)
{
	struct text t = text_in(cell, CELL_SIZE);
	int32_t own, effective, decider;
	if (!model_sysctl(m, ifindex, key, &own))
		return "-";
	text_i64(&t, own);
	if (ifindex > 0 && sysctl_key(key)->join != JOIN_OWN &&
		model_effective(m, ifindex, key, &effective, &decider)) {
		text_put(&t, " = ");
		text_i64(&t, effective);
		if (decider == CONF_ALL)
			text_put(&t, " all");
	}
	return text_end(&t);
}

static size_t column_width(const struct model *m, int32_t ifindex, size_t key_count)
{
	char cell[CELL_SIZE];
	size_t width = utf8_width(name_cell(cell, m, ifindex));
	for (size_t k = 0; k < key_count; k++) {
		size_t w = utf8_width(value_cell(cell, m, ifindex, k));
		width = w > width ? w : width;
	}
	return width + GAP;
}

static size_t key_width(size_t key_count)
{
	size_t width = strlen("sysctl");
	for (size_t k = 0; k < key_count; k++) {
		size_t w = strlen(sysctl_key(k)->name);
		width = w > width ? w : width;
	}
	return width + GAP;
}

static void print_row(const char *head, size_t head_width, const struct model *m,
	const struct app_options *o, const size_t *widths, int key)
{
	char cell[CELL_SIZE];
	size_t owed = 0;
	app_print_cell(head, head_width);
	for (size_t i = 0; i < m->conf_count; i++) {
		int32_t ifindex = m->confs[i].ifindex;
		if (!name_wanted(o, m, ifindex))
			continue;
		const char *text = key < 0 ? name_cell(cell, m, ifindex)
					   : value_cell(cell, m, ifindex, (size_t)key);
		/* Padding is put before the next cell, so that no line ends in blanks. */
		app_print_cell("", owed);
		fputs(text, stdout);
		owed = widths[i] - utf8_width(text);
	}
	putchar('\n');
}

static void print_table(const struct app_options *o, const struct model *m)
{
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	size_t *widths = calloc(m->conf_count + 1, sizeof *widths);
	if (!widths)
		abort();
	for (size_t i = 0; i < m->conf_count; i++)
		widths[i] = column_width(m, m->confs[i].ifindex, count);
	size_t head = key_width(count);
	print_row("sysctl", head, m, o, widths, -1);
	for (size_t k = 0; k < count; k++)
		print_row(keys[k].name, head, m, o, widths, (int)k);
	putchar('\n');
	puts(_("An interface shows: own value = effective value; \"all\" behind it: `all` "
	       "decides."));
	free(widths);
}

/* ---- lists, plain values and JSON ---- */

static void print_json(const struct model *m, int32_t ifindex, size_t key, int32_t own)
{
	char name[6 * IFNAME_SIZE + 1];
	int32_t effective, decider;
	printf("{\"name\":\"%s\",\"key\":\"%s\",\"value\":%d",
		app_json_name(name, sizeof name, model_conf_name(m, ifindex)),
		sysctl_key(key)->name, own);
	if (ifindex > 0 && model_effective(m, ifindex, key, &effective, &decider))
		printf(",\"effective\":%d,\"decided_by\":\"%s\"", effective,
			app_json_name(name, sizeof name, model_conf_name(m, decider)));
	puts("}");
}

static void print_line(const struct model *m, int32_t ifindex, size_t key, int32_t own)
{
	const struct sysctl_key *k = sysctl_key(key);
	char word[CELL_SIZE];
	struct text t = text_in(word, sizeof word);
	text_name(&t, model_conf_name(m, ifindex), IFNAME_SIZE);
	text_char(&t, '.');
	text_put(&t, k->name);
	app_print_cell(text_end(&t), 30);
	printf("  %-8d", own);

	int32_t effective = own, decider = ifindex;
	const char *means = NULL;
	if (ifindex > 0 && model_effective(m, ifindex, key, &effective, &decider)) {
		char by[CELL_SIZE];
		means = sysctl_meaning(k, effective);
		printf(_("  effective %d (%s decides)"), effective, name_cell(by, m, decider));
	}
	if (means)
		printf("  %s", _(means));
	putchar('\n');
}

/* One value. plain: nothing but the number, for scripts. */
static void print_value(
	const struct app_options *o, const struct model *m, int32_t ifindex, size_t key, bool plain)
{
	int32_t own;
	if (!model_sysctl(m, ifindex, key, &own))
		return;
	if (o->json)
		print_json(m, ifindex, key, own);
	else if (plain)
		printf("%d\n", own);
	else
		print_line(m, ifindex, key, own);
}

static int print_word(
	const struct app_options *o, const struct model *m, const struct app_word *word)
{
	int32_t ifindex = 0, own;
	bool one_name = word->name[0] && model_conf_find(m, word->name, &ifindex) == 0;
	bool plain = one_name && word->key >= 0;
	if (plain && !model_sysctl(m, ifindex, (size_t)word->key, &own))
		return app_fail(EXIT_REFUSED, _("there is no %s.%s here"), word->name,
			sysctl_key((size_t)word->key)->name);
	size_t count;
	sysctl_keys(&count);
	for (size_t i = 0; i < m->conf_count; i++) {
		int32_t at = m->confs[i].ifindex;
		if (one_name ? at != ifindex : !name_wanted(o, m, at))
			continue;
		for (size_t k = 0; k < count; k++)
			if (word->key < 0 || (size_t)word->key == k)
				print_value(o, m, at, k, plain);
	}
	return EXIT_FINE;
}

static int get(const struct app_options *o, const struct model *m)
{
	struct err err;
	struct app_word word = { .key = -1 };
	if (o->arg_count == 0 && !o->json) {
		print_table(o, m);
		return EXIT_FINE;
	}
	if (o->arg_count == 0)
		return print_word(o, m, &word);
	/* All words are looked at first: an answer to half a question would mislead a script. */
	for (size_t i = 0; i < o->arg_count; i++)
		if (app_word_query(m, o->args[i], &word, &err) != 0)
			return app_fail(EXIT_USAGE, "%s", err.text);
	int status = EXIT_FINE;
	for (size_t i = 0; i < o->arg_count; i++) {
		app_word_query(m, o->args[i], &word, &err);
		int one = print_word(o, m, &word);
		status = one > status ? one : status;
	}
	return status;
}

int app_get(const struct app_options *o)
{
	struct app_line line;
	struct model m;
	int status = app_open_sysctls(o, &line, &m);
	if (status < 0)
		status = get(o, &m);
	app_hang_up(&line);
	model_done(&m);
	return status;
}
