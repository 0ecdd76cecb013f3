/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a lesson and a learner's place in it as texts of a recording. */
#include <config.h>

#include "recorded.h"

#include <errno.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/library.h>
#include <arplab/record.h>
#include <arplab/text.h>

#define MENU "menu\n"
#define RESTS "rests\n"

/* ---- lessons ---- */

struct lesson_line {
	char name[LESSON_ID_SIZE];
	uint32_t seed;
};

static const struct record_field lesson_fields[] = {
	{ "name", RECORD_TEXT, offsetof(struct lesson_line, name), LESSON_ID_SIZE },
	{ "seed", RECORD_U32, offsetof(struct lesson_line, seed), sizeof(uint32_t) },
};

#define LESSON_FIELDS (sizeof lesson_fields / sizeof *lesson_fields)

size_t recorded_put_lesson(
	char *bytes, const struct lesson *l, uint32_t seed, const char *source, size_t len)
{
	struct lesson_line line = { .seed = seed };
	struct text t = text_in(bytes, RECORDED_LESSON_MAX);
	text_copy(line.name, sizeof line.name, l->id);
	text_put(&t, "lesson");
	record_write(&t, &line, lesson_fields, LESSON_FIELDS);
	text_char(&t, '\n');
	text_putn(&t, source, len);
	return t.len;
}

static int read_lesson_line(const char *text, size_t len, struct lesson_line *ret, struct err *err)
{
	char copy[256], *rest = copy;
	if (len >= sizeof copy || memchr(text, '\0', len))
		return err_set(err, -EBADMSG, _("a lesson has no name"));
	memcpy(copy, text, len);
	copy[len] = '\0';
	const char *word = strsep(&rest, " ");
	if (strcmp(word, "lesson") != 0)
		return err_set(err, -EBADMSG, _("'%s' is no lesson"), word);
	while (rest)
		if (record_read(strsep(&rest, " "), ret, lesson_fields, LESSON_FIELDS, err) < 0)
			return -EBADMSG;
	return 0;
}

static struct lesson *read_as(
	const struct lesson_line *line, const char *bytes, size_t len, struct faults *faults)
{
	char file[LESSON_ID_SIZE + 4];
	struct text t = text_in(file, sizeof file);
	struct lesson_source source = library_source();
	text_put(&t, line->name);
	text_put(&t, ".md");
	text_end(&t);
	return lesson_read(file, bytes, len, line->seed, &source, faults);
}

/* The same lesson in another language, if it is the one that is built in. Takes the original. */
static struct lesson *told_in(const char *language, struct lesson *original,
	const struct lesson_line *line, const char *bytes, size_t len)
{
	const struct library_lesson *own = library_find(line->name, "", NULL);
	const struct library_lesson *other = library_find(line->name, language, NULL);
	if (!own || !other || other == own || own->len != len ||
		memcmp(own->bytes, bytes, len) != 0)
		return original;
	struct faults faults = { 0 };
	struct lesson *l = read_as(line, other->bytes, other->len, &faults);
	faults_done(&faults);
	if (!l)
		return original;
	lesson_take_ids(l, original);
	lesson_free(original);
	return l;
}

struct lesson *recorded_lesson(const char *text, size_t len, const char *language, struct err *err)
{
	struct lesson_line line = { 0 };
	const char *end = memchr(text, '\n', len);
	size_t head = end ? (size_t)(end - text) : len, begin = end ? head + 1 : len;
	if (read_lesson_line(text, head, &line, err) < 0)
		return NULL;
	struct faults faults = { 0 };
	struct lesson *l = read_as(&line, text + begin, len - begin, &faults);
	if (!l)
		err_set(err, -EBADMSG, _("this arplab cannot read the lesson %s: line %u: %s"),
			line.name, faults.count ? faults.list[0].line : 0,
			faults.count ? faults.list[0].text : _("it is empty"));
	faults_done(&faults);
	return l ? told_in(language, l, &line, text + begin, len - begin) : NULL;
}

/* ---- places ---- */

size_t recorded_put_play(char *bytes, const struct play *p, bool free_play)
{
	struct text t = text_in(bytes, RECORDED_PLAY_MAX);
	if (!p) {
		text_put(&t, MENU);
		return t.len;
	}
	if (free_play)
		text_put(&t, RESTS);
	play_write(p, &t);
	return t.len;
}

static bool begins(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

int recorded_play(struct recorded_play *ret, const struct lesson *lesson, const char *text,
	size_t len, struct err *err)
{
	size_t begin = 0;
	ret->free_play = begins(text, len, RESTS);
	if (begins(text, len, MENU)) {
		ret->open = false;
		return 0;
	}
	if (!lesson)
		return err_set(err, -EBADMSG, _("a step is played, but no lesson"));
	if (ret->free_play)
		begin = strlen(RESTS);
	int error = play_read(&ret->play, lesson, text + begin, len - begin, err);
	ret->open = error == 0;
	return error;
}
