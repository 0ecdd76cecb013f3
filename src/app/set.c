/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: `arplab set`: change sysctls, for good, for a time, or as long as a command runs.
 *
 * Every change is made as a held one first and kept at the end, if it shall stay: whatever goes
 * wrong in between, the helper puts back what was made before.
 */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

struct job {
	struct app_word word;
	int32_t ifindex;
	int32_t before, after;
};

struct set {
	const struct app_options *options;
	struct app_line line;
	struct model model;
	struct model then; /* The model's sysctls before the first change, for model_effective(). */
	struct job *jobs;
	size_t count;
	uint64_t for_ns;
};

/* ---- what is said ---- */

static const char *job_name(char bytes[80], const struct job *j)
{
	struct text t = text_in(bytes, 80);
	text_name(&t, j->word.name, sizeof j->word.name);
	text_char(&t, '.');
	text_put(&t, sysctl_key((size_t)j->word.key)->name);
	return text_end(&t);
}

/* The effective value of an interface then and now. False if it is not known. */
static bool effective(
	const struct set *s, int32_t ifindex, int key, int32_t *ret_then, int32_t *ret_now)
{
	int32_t decider;
	return ifindex > 0 && model_effective(&s->then, ifindex, (size_t)key, ret_then, &decider) &&
	       model_effective(&s->model, ifindex, (size_t)key, ret_now, &decider);
}

static void print_text(const struct set *s, const struct job *j)
{
	char name[80];
	int32_t then, now;
	printf("%s  %d -> %d", job_name(name, j), j->before, j->after);
	if (effective(s, j->ifindex, j->word.key, &then, &now))
		printf(_("   effective %d -> %d"), then, now);
	putchar('\n');
	/* `all`, and at times `default`, change what counts on interfaces that were not named. */
	for (size_t i = 0; j->ifindex <= 0 && i < s->model.conf_count; i++) {
		int32_t at = s->model.confs[i].ifindex;
		if (!effective(s, at, j->word.key, &then, &now) || then == now)
			continue;
		struct text t = text_in(name, sizeof name);
		text_name(&t, model_conf_name(&s->model, at), IFNAME_SIZE);
		printf(_("  %s   effective %d -> %d\n"), text_end(&t), then, now);
	}
}

static void print_json(const struct set *s, const struct job *j)
{
	char name[6 * IFNAME_SIZE + 1];
	int32_t then, now;
	printf("{\"name\":\"%s\",\"key\":\"%s\",\"old_value\":%d,\"value\":%d",
		app_json_name(name, sizeof name, j->word.name),
		sysctl_key((size_t)j->word.key)->name, j->before, j->after);
	if (effective(s, j->ifindex, j->word.key, &then, &now))
		printf(",\"old_effective\":%d,\"effective\":%d", then, now);
	const char *comma = "";
	if (j->ifindex <= 0)
		printf(",\"interfaces\":[");
	for (size_t i = 0; j->ifindex <= 0 && i < s->model.conf_count; i++) {
		int32_t at = s->model.confs[i].ifindex;
		if (!effective(s, at, j->word.key, &then, &now) || then == now)
			continue;
		printf("%s{\"name\":\"%s\",\"old_effective\":%d,\"effective\":%d}", comma,
			app_json_name(name, sizeof name, model_conf_name(&s->model, at)), then,
			now);
		comma = ",";
	}
	puts(j->ifindex <= 0 ? "]}" : "}");
}

static void print_jobs(const struct set *s)
{
	for (size_t i = 0; !s->options->quiet && i < s->count; i++) {
		if (s->options->json)
			print_json(s, &s->jobs[i]);
		else
			print_text(s, &s->jobs[i]);
	}
	/* Who waits for the end, or runs a command, wants to see this now. */
	fflush(stdout);
}

/* ---- before anything is touched ---- */

static int check_words(struct set *s)
{
	const struct app_options *o = s->options;
	struct err err;
	bool temporary = o->duration || o->hold;
	if (o->duration && app_parse_duration(o->duration, &s->for_ns) != 0)
		return app_fail(EXIT_USAGE,
			_("\"%.32s\" is not a span of time up to a year; write 90s, 5m or 1h30m"),
			o->duration);
	if (o->duration && o->hold)
		return app_fail(
			EXIT_USAGE, _("--for ends after a time, --hold at a signal or with a "
				      "command: choose one"));
	if (o->persist_path && temporary)
		return app_fail(EXIT_USAGE,
			_("--persist is for good, --for and --hold are not: choose one"));
	if (o->command && !o->command[0])
		return app_fail(EXIT_USAGE, _("there is no command behind --"));
	if (o->command && !temporary)
		return app_fail(EXIT_USAGE, _("a command behind -- needs --hold: the values are "
					      "put back when it ends"));
	for (size_t i = 0; i < s->count; i++)
		if (app_word_assignment(o->args[i], &s->jobs[i].word, &err) != 0)
			return app_fail(EXIT_USAGE, "%s", err.text);
	return -1;
}

/* Two values for one sysctl: the second would win, but which one was meant? */
static int check_double(const struct set *s, size_t at)
{
	const struct job *j = &s->jobs[at];
	char name[80];
	for (size_t i = 0; i < at; i++)
		if (s->jobs[i].ifindex == j->ifindex && s->jobs[i].word.key == j->word.key)
			return app_fail(EXIT_USAGE, _("%s is named twice: give it one value"),
				job_name(name, j));
	return -1;
}

/* A number may be in range and still mean nothing. */
static void warn_of_levels(const struct set *s)
{
	char name[80];
	for (size_t i = 0; i < s->count; i++) {
		const struct job *j = &s->jobs[i];
		const struct sysctl_key *k = sysctl_key((size_t)j->word.key);
		const struct sysctl_level *l = k->levels;
		while (l && l->means && l->value != j->word.value)
			l++;
		const char *means = sysctl_meaning(k, j->word.value);
		if (means && !(l && l->means))
			app_fail(
				EXIT_FINE, "%s=%d: %s", job_name(name, j), j->word.value, _(means));
	}
}

static int check_names(struct set *s)
{
	struct err err;
	for (size_t i = 0; i < s->count; i++) {
		struct job *j = &s->jobs[i];
		if (app_word_ifindex(&s->model, j->word.name, &j->ifindex, &err) != 0)
			return app_fail(EXIT_USAGE, "%s", err.text);
		if (!model_sysctl(&s->model, j->ifindex, (size_t)j->word.key, &j->before))
			return app_fail(EXIT_REFUSED, _("there is no %s.%s here"), j->word.name,
				sysctl_key((size_t)j->word.key)->name);
		if (check_double(s, i) >= 0)
			return EXIT_USAGE;
	}
	return app_may_change(s->options, &s->model, "set") ? -1 : EXIT_REFUSED;
}

/* ---- changing and putting back ---- */

static int set_one(struct set *s, struct job *j, struct err *err)
{
	struct action a = {
		.kind = ACTION_SET,
		.ifindex = j->ifindex,
		.key = (uint16_t)j->word.key,
		.value = j->word.value,
	};
	/* A change to `all` may have changed it by now. */
	model_sysctl(&s->model, j->ifindex, a.key, &j->before);
	a.before = j->before;
	int error = app_ask(&s->line, &s->model, &a, err);
	/* The kernel rounds timers; what it has is what counts. */
	j->after = j->word.value;
	model_sysctl(&s->model, j->ifindex, a.key, &j->after);
	return error;
}

static int undo_all(struct set *s, struct err *err)
{
	struct action a = { .kind = ACTION_UNDO_ALL };
	return app_ask(&s->line, &s->model, &a, err);
}

/* All or nothing. Returns -1, or the status after a sentence. */
static int make_changes(struct set *s)
{
	struct err err, undo_err;
	for (size_t i = 0; i < s->count; i++) {
		if (set_one(s, &s->jobs[i], &err) == 0)
			continue;
		app_fail(EXIT_REFUSED, "%s", err.text);
		if (i && undo_all(s, &undo_err) != 0)
			app_fail(EXIT_REFUSED, "%s", undo_err.text);
		else if (i)
			app_fail(EXIT_REFUSED, _("the changes before it have been put back"));
		return EXIT_REFUSED;
	}
	return -1;
}

static int keep(struct set *s)
{
	struct err err;
	struct action a = { .kind = ACTION_KEEP };
	int error = app_ask(&s->line, &s->model, &a, &err);
	print_jobs(s);
	if (error)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	if (s->options->quiet || s->options->json)
		return EXIT_FINE;
	if (s->options->persist_path)
		printf(_("written to %s for every boot\n"), s->options->persist_path);
	puts(_("to put back what was before: arplab restore"));
	return EXIT_FINE;
}

static void print_undone(const struct set *s)
{
	char name[80];
	if (s->options->quiet || s->options->json)
		return;
	for (size_t i = s->count; i-- > 0;) {
		const struct job *j = &s->jobs[i];
		int32_t now;
		if (j->before != j->after &&
			model_sysctl(&s->model, j->ifindex, (size_t)j->word.key, &now))
			printf(_("%s  %d -> %d   put back\n"), job_name(name, j), j->after, now);
	}
}

static int hold(struct set *s)
{
	struct err err;
	print_jobs(s);
	int status = app_hold(s->options, &s->line, &s->model, s->for_ns);
	if (status < 0)
		return EXIT_REFUSED;
	if (undo_all(s, &err) != 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	print_undone(s);
	return status;
}

/* Remember the sysctls as they are; nothing else of the copy is looked at. */
static void remember(struct set *s)
{
	s->then = s->model;
	s->then.confs = calloc(s->model.conf_count + 1, sizeof *s->then.confs);
	if (!s->then.confs)
		abort();
	memcpy(s->then.confs, s->model.confs, s->model.conf_count * sizeof *s->then.confs);
}

static int run(struct set *s)
{
	int status = check_words(s);
	if (status >= 0)
		return status;
	status = app_open_sysctls(s->options, &s->line, &s->model);
	if (status < 0)
		status = check_names(s);
	if (status < 0) {
		app_print_notes(&s->model);
		warn_of_levels(s);
		remember(s);
		status = make_changes(s);
		if (status < 0)
			status = s->options->hold || s->for_ns ? hold(s) : keep(s);
		free(s->then.confs);
	}
	app_hang_up(&s->line);
	model_done(&s->model);
	return status;
}

int app_set(const struct app_options *o)
{
	struct set *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	s->options = o;
	s->count = o->arg_count;
	s->jobs = calloc(s->count + 1, sizeof *s->jobs);
	if (!s->jobs)
		abort();
	int status = run(s);
	free(s->jobs);
	free(s);
	return status;
}
