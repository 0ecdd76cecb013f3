/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: lessons by number, id or file; the menu; and what a learner has done so far. */
#include <config.h>

#include "course.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/library.h>
#include <arplab/text.h>

#include "recorder.h"

#define SEED_DEALT_MAX 9999 /* Short enough to be told on the telephone. */

/* ---- files ---- */

char *course_file(const char *path, size_t *ret_len, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		err_set(err, -errno, _("cannot read %s: %s"), path, err_reason(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	/* One byte more than a lesson may have tells that there is too much. */
	char *bytes = malloc(LESSON_BYTES_MAX + 1);
	if (!bytes)
		abort();
	size_t len = 0;
	ssize_t n = 0;
	if (S_ISDIR(st.st_mode)) {
		n = -1;
		errno = EISDIR;
	}
	while (n >= 0 && len <= LESSON_BYTES_MAX &&
		(n = read(fd, bytes + len, LESSON_BYTES_MAX + 1 - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		err_set(err, -errno, _("cannot read %s: %s"), path, err_reason(errno));
	close(fd);
	if (n < 0) {
		free(bytes);
		return NULL;
	}
	*ret_len = len;
	return bytes;
}

bool course_original(const char *path, char ret[COURSE_PATH_SIZE])
{
	const char *name = strrchr(path, '/');
	if (!name || name == path)
		return false;
	const char *folder = name;
	while (folder > path && folder[-1] != '/')
		folder--;
	/* Languages are two or three letters, perhaps with a country. */
	size_t len = (size_t)(name - folder);
	bool language = (len == 2 || len == 3) || (len == 5 && folder[2] == '_');
	struct text t = text_in(ret, COURSE_PATH_SIZE);
	text_putn(&t, path, (size_t)(folder - path));
	text_put(&t, name + 1);
	text_end(&t);
	return language && !t.cut && access(ret, R_OK) == 0;
}

void course_print_faults(const char *file, const struct faults *f)
{
	for (size_t i = 0; i < f->count; i++)
		app_print_fault(file, f->list[i].line, f->list[i].text);
	if (f->more)
		app_print_fault(file, 0, _("there are more mistakes; mend these first"));
}

/* ---- one lesson ---- */

static void first_fault(const char *path, const struct faults *f, struct err *err)
{
	const char *text = f->count ? f->list[0].text : _("this is no lesson");
	if (f->count && f->list[0].line)
		err_set(err, -EINVAL, "%s:%u: %s", path, f->list[0].line, text);
	else
		err_set(err, -EINVAL, "%s: %s", path, text);
}

/* Progress is the same in every language. Original: NULL, or to be freed. */
static struct lesson *as_original(struct lesson *translation, struct lesson *original)
{
	if (translation && original)
		lesson_take_ids(translation, original);
	lesson_free(original);
	return translation;
}

/* A lesson's bytes as a lesson. A ticket is dealt anew: who saw it before does not know this one.
 */
static struct lesson *read_lesson(const struct course *c, const char *name, const char *bytes,
	size_t len, struct faults *faults)
{
	struct lesson_source source = library_source();
	source.cause = c->cause;
	struct lesson *lesson = lesson_read(name, bytes, len, c->seed, &source, faults);
	uint32_t seed;
	if (!lesson || !lesson->ticket || !c->deal || c->seed ||
		getrandom(&seed, sizeof seed, 0) != sizeof seed)
		return lesson;
	lesson_free(lesson);
	return lesson_read(name, bytes, len, 1 + seed % SEED_DEALT_MAX, &source, faults);
}

/* The original of a translation from a file, or NULL; its mistakes are not asked for here. */
static struct lesson *read_original(const struct course *c, const char *path)
{
	char original[COURSE_PATH_SIZE];
	size_t len;
	char *bytes = course_original(path, original) ? course_file(original, &len, NULL) : NULL;
	if (!bytes)
		return NULL;
	struct faults faults = { 0 };
	struct lesson *lesson = read_lesson(c, original, bytes, len, &faults);
	faults_done(&faults);
	free(bytes);
	return lesson;
}

static struct lesson *read_file(
	const struct course *c, const char *path, bool quiet, struct err *err)
{
	size_t len;
	char *bytes = course_file(path, &len, err);
	if (!bytes)
		return NULL;
	struct faults faults = { 0 };
	struct lesson *lesson = read_lesson(c, path, bytes, len, &faults);
	if (!lesson) {
		first_fault(path, &faults, err);
		if (!quiet && faults.count > 1) {
			course_print_faults(path, &faults);
			err_set(err, -EINVAL, _("%s has mistakes and cannot be played"), path);
		}
	}
	faults_done(&faults);
	free(bytes);
	return as_original(lesson, lesson ? read_original(c, path) : NULL);
}

static struct lesson *read_built_in(
	const struct course *c, const struct library_lesson *l, struct err *err)
{
	struct faults faults = { 0 };
	struct lesson *lesson = read_lesson(c, l->file, l->bytes, l->len, &faults);
	if (!lesson)
		err_set(err, -EINVAL, _("the lesson %s cannot be read: line %u: %s"), l->id,
			faults.count ? faults.list[0].line : 0,
			faults.count ? faults.list[0].text : "");
	faults_done(&faults);
	if (!lesson || !l->language[0])
		return lesson;
	return as_original(lesson, read_built_in(c, library_find(l->id, "", NULL), NULL));
}

/* A word with a slash or a dot is a file's name; no lesson's id has them. */
static bool names_file(const char *word)
{
	return strpbrk(word, "/.") != NULL;
}

/* Who has just made NAME.md may well call it NAME. */
static void suggest_file(const char *word, struct err *err)
{
	char path[64];
	struct text t = text_in(path, sizeof path);
	text_put(&t, word);
	text_put(&t, ".md");
	text_end(&t);
	if (!t.cut && *word && access(path, R_OK) == 0)
		err_set(err, -ENOENT, _("there is no lesson %s built in. Did you mean %s?"), word,
			path);
}

struct lesson *course_read(const struct course *c, const char *word, bool quiet, struct err *err)
{
	if (names_file(word))
		return read_file(c, word, quiet, err);
	const struct library_lesson *l = library_find(word, i18n_language(), err);
	if (!l)
		suggest_file(word, err);
	return l ? read_built_in(c, l, err) : NULL;
}

void course_record(struct recorder *r, const char *word, const struct lesson *l)
{
	size_t len;
	bool is_file = names_file(word);
	const struct library_lesson *built_in = is_file ? NULL : library_find(word, "", NULL);
	char *bytes = r && is_file ? course_file(word, &len, NULL) : NULL;
	if (built_in)
		recorder_lesson(r, l, l->seed, built_in->bytes, built_in->len);
	else if (bytes && len <= LESSON_BYTES_MAX)
		recorder_lesson(r, l, l->seed, bytes, len);
	free(bytes);
}

/* ---- the menu ---- */

static void count_steps(struct course *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct lesson *l = c->lessons[i];
		struct menu_row *row = &c->rows[i];
		row->steps_done = progress_steps_done(&c->progress, l);
		row->shown = false;
		for (size_t s = 0; s < l->step_count; s++) {
			const struct step_record *r =
				progress_find(&c->progress, l->id, l->steps[s].id);
			row->shown |= r && r->outcome == STEP_SHOWN;
		}
	}
}

static void read_all(struct course *c)
{
	size_t count = library_count();
	c->lessons = calloc(count + 1, sizeof *c->lessons);
	c->rows = calloc(count + 1, sizeof *c->rows);
	if (!c->lessons || !c->rows)
		abort();
	for (size_t i = 0; i < count; i++) {
		const struct library_lesson *l = library_lesson(i);
		if (l->language[0])
			continue;
		struct lesson *lesson =
			read_built_in(c, library_find(l->id, i18n_language(), NULL), NULL);
		if (!lesson)
			continue;
		c->rows[c->count] = (struct menu_row) { .id = lesson->id,
			.title = lesson->title,
			.summary = lesson->summary,
			.minutes = lesson->minutes,
			.fast_track = lesson->fast_track,
			.ticket = lesson->ticket,
			.steps = lesson->step_count };
		lesson_forget_items(lesson);
		c->lessons[c->count++] = lesson;
	}
}

void course_list(struct course *c)
{
	if (!c->lessons)
		read_all(c);
	count_steps(c);
}

/* ---- beginning and end ---- */

int course_open(struct course *c, const struct app_options *o, struct err *err)
{
	int64_t seed = 0;
	*c = (struct course) { 0 };
	if (o->seed && text_parse_int(o->seed, 1, UINT32_MAX, &seed) < 0)
		return err_set(err, -EINVAL,
			_("--seed takes a number from 1 to 4294967295, not \"%.40s\""), o->seed);
	c->seed = (uint32_t)seed;
	return 0;
}

void course_recall(struct course *c, char *said, size_t said_size)
{
	struct err trouble = { "" };
	c->keeps = progress_load(&c->progress, said, said_size, &trouble) == 0;
	if (!c->keeps)
		text_copy(said, said_size, trouble.text);
}

void course_done(struct course *c)
{
	for (size_t i = 0; i < c->count; i++)
		lesson_free(c->lessons[i]);
	free(c->lessons);
	free(c->rows);
	progress_done(&c->progress);
	*c = (struct course) { 0 };
}

int course_save(struct course *c, const struct play *p, struct err *err)
{
	progress_from_play(&c->progress, p, (int64_t)(clock_wall_ns() / NS_PER_S));
	return c->keeps ? progress_save(&c->progress, err) : 0;
}
