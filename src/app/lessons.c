/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: lessons — the list with progress, the check of files, the template of a new one. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/library.h>
#include <arplab/text.h>

#include "run.h"

#define PATH_SIZE 256

void app_print_fault(const char *file, unsigned line, const char *text)
{
	if (line)
		fprintf(stderr, "%s:%u: %s\n", file, line, text);
	else
		fprintf(stderr, "%s: %s\n", file, text);
}

/* ---- the list ---- */

static const char *progress_name(const struct step_record *r)
{
	static const char *const names[] = {
		[STEP_NEW] = "new",
		[STEP_PLAYING] = "begun",
		[STEP_SOLVED] = "solved",
		[STEP_SHOWN] = "shown",
		[STEP_SKIPPED] = "skipped",
	};
	return names[r ? r->outcome : STEP_NEW];
}

static void put_json(struct text *t, const char *key, const char *value)
{
	text_printf(t, "\"%s\":\"", key);
	text_json(t, value);
	text_char(t, '"');
}

static void print_json(const struct course *c)
{
	static char line[32768];
	for (size_t i = 0; i < c->count; i++) {
		const struct lesson *l = c->lessons[i];
		struct text t = text_in(line, sizeof line);
		text_char(&t, '{');
		put_json(&t, "lesson", l->id);
		text_char(&t, ',');
		put_json(&t, "title", l->title);
		text_printf(&t, ",\"minutes\":%u,\"fast_track\":%s,\"ticket\":%s,\"steps\":[",
			l->minutes, l->fast_track ? "true" : "false", l->ticket ? "true" : "false");
		for (size_t s = 0; s < l->step_count; s++) {
			const struct step_record *r =
				progress_find(&c->progress, l->id, l->steps[s].id);
			text_put(&t, s ? ",{" : "{");
			put_json(&t, "step", l->steps[s].id);
			text_char(&t, ',');
			put_json(&t, "title", l->steps[s].title);
			text_char(&t, ',');
			put_json(&t, "outcome", progress_name(r));
			text_printf(&t, ",\"predictions\":%u,\"right\":%u,\"hints\":%u}",
				r ? r->predictions : 0, r ? r->right : 0, r ? r->hints : 0);
		}
		text_put(&t, "]}");
		puts(text_end(&t));
	}
}

static void print_list(const struct course *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct menu_row *r = &c->rows[i];
		char done[48];
		if (r->ticket && (i == 0 || !c->rows[i - 1].ticket))
			puts(_("\nTickets: something is broken, and you are called."));
		if (r->steps_done == 0)
			text_copy(done, sizeof done, "-");
		else if (r->steps_done < r->steps)
			snprintf(done, sizeof done, _("%zu of %zu"), r->steps_done, r->steps);
		else
			text_copy(done, sizeof done,
				r->shown ? _("done, shown") : C_("lesson", "done"));
		printf("%-28s ", r->id);
		printf(_("%2u min  "), r->minutes);
		app_print_cell(done, 13);
		printf("%s%s\n", r->title, r->fast_track ? _("  (fast track)") : "");
	}
	putchar('\n');
	puts(_("The fast track is the shortest way through. Begin with `arplab`, or "
	       "`arplab lab LESSON`."));
}

static int list(const struct app_options *o)
{
	struct course c;
	struct err err = { "" };
	char said[EVENT_TEXT_SIZE] = "";
	if (course_open(&c, o, &err) < 0)
		return app_fail(EXIT_USAGE, "%s", err.text);
	course_recall(&c, said, sizeof said);
	if (said[0])
		app_fail(EXIT_FINE, "%s", said);
	course_list(&c);
	if (o->json)
		print_json(&c);
	else
		print_list(&c);
	course_done(&c);
	return EXIT_FINE;
}

/* ---- checking ---- */

/* cause: which of a ticket's, from 1 on; other lessons are the same with any. */
static struct lesson *read_for_check(const char *path, size_t cause, bool *ret_io)
{
	struct err err = { "" };
	size_t len;
	char *bytes = course_file(path, &len, &err);
	if (!bytes) {
		*ret_io = true;
		app_fail(EXIT_REFUSED, "%s", err.text);
		return NULL;
	}
	struct faults faults = { 0 };
	struct lesson_source source = library_source();
	source.cause = cause;
	struct lesson *l = lesson_read(path, bytes, len, 0, &source, &faults);
	course_print_faults(path, &faults);
	faults_done(&faults);
	free(bytes);
	return l;
}

static bool compare(const char *path, size_t cause, const struct lesson *translation)
{
	char original_path[COURSE_PATH_SIZE];
	bool io = false;
	if (!course_original(path, original_path))
		return true;
	struct lesson *original = read_for_check(original_path, cause, &io);
	if (!original)
		return false;
	struct faults faults = { 0 };
	lesson_compare(original, translation, &faults);
	course_print_faults(path, &faults);
	bool same = faults.count == 0;
	faults_done(&faults);
	lesson_free(original);
	return same;
}

/* The lab in which lessons are played, as long as one can be had. */
struct checking {
	struct headless h;
	bool lab;
};

/* Played, every check is red before its solution and green after it. */
static bool proves(struct checking *c, const char *path, const struct lesson *l)
{
	struct err err = { "" };
	size_t faults = 0;
	if (c->lab && run_check(&c->h, l, path, &faults, &err) < 0) {
		c->lab = false;
		app_fail(EXIT_FINE, _("what the checks do was not tried: %s"), err.text);
	}
	return faults == 0;
}

static bool check_file(struct checking *c, const char *path)
{
	bool io = false;
	struct lesson *l = NULL;
	size_t causes = 1;
	bool good = true;
	for (size_t cause = 1; good && cause <= causes; cause++) {
		lesson_free(l);
		l = read_for_check(path, cause, &io);
		good = l && compare(path, cause, l) && proves(c, path, l);
		causes = good && l->cause_count ? l->cause_count : 1;
	}
	if (good)
		printf(c->lab ? ngettext("%s: %zu step, no mistakes; every check is red before its "
					 "solution and green after it\n",
					"%s: %zu steps, no mistakes; every check is red before its "
					"solution and green after it\n",
					l->step_count)
			      : ngettext("%s: %zu step, no mistakes\n",
					"%s: %zu steps, no mistakes\n", l->step_count),
			path, l->step_count);
	lesson_free(l);
	return good;
}

static int check(const struct app_options *o)
{
	struct checking c = { .lab = false };
	struct err err = { "" };
	size_t good = 0, files = o->arg_count - 1;
	if (files == 0)
		return app_fail(EXIT_USAGE, _("`arplab lessons check` needs the files to check"));
	int error = headless_open(&c.h, o, &err);
	if (error)
		app_fail(EXIT_FINE, _("what the checks do was not tried: %s"), err.text);
	c.lab = !error;
	for (size_t i = 1; i < o->arg_count; i++)
		good += check_file(&c, o->args[i]);
	headless_close(&c.h);
	return good < files ? EXIT_REFUSED : EXIT_FINE;
}

/* ---- a new one ---- */

static int create(const struct app_options *o)
{
	char path[PATH_SIZE];
	if (o->arg_count != 2)
		return app_fail(EXIT_USAGE, _("`arplab lessons new` needs one NAME"));
	const char *name = o->args[1];
	struct text t = text_in(path, sizeof path);
	text_put(&t, name);
	size_t len = strlen(name);
	if (len < 3 || strcmp(name + len - 3, ".md") != 0)
		text_put(&t, ".md");
	text_end(&t);
	if (t.cut || !*name)
		return app_fail(EXIT_USAGE, _("\"%.40s\" cannot be the name of a file"), name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return app_fail(EXIT_REFUSED, _("cannot make %s: %s"), path, err_reason(errno));
	char *text = lesson_template(name);
	size_t size = strlen(text);
	bool whole = write(fd, text, size) == (ssize_t)size;
	int error = errno;
	free(text);
	if (close(fd) < 0 || !whole)
		return app_fail(EXIT_REFUSED, _("cannot write %s: %s"), path, err_reason(error));
	printf(_("%s is a small lesson that works. Change it, then: arplab lessons check %s\n"),
		path, path);
	return EXIT_FINE;
}

int app_lessons(const struct app_options *o)
{
	if (o->arg_count == 0)
		return list(o);
	if (strcmp(o->args[0], "check") == 0)
		return check(o);
	if (strcmp(o->args[0], "new") == 0)
		return create(o);
	return app_fail(EXIT_USAGE,
		_("`arplab lessons` takes check or new, not \"%.40s\". To open a lesson: arplab "
		  "lab %.40s"),
		o->args[0], o->args[0]);
}
