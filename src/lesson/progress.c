/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a learner's progress as rows and as text. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/progress.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/record.h>
#include <arplab/text.h>

static const char head[] = "arplab-progress 1";

#define LINE_BYTES 512 /* Two ids with every byte escaped, and the numbers. */

void progress_done(struct progress *p)
{
	free(p->rows);
	*p = (struct progress) { 0 };
}

/* ---- rows ---- */

static struct progress_row *find(const struct progress *p, const char *lesson, const char *step)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->rows[i].step, step) == 0 && strcmp(p->rows[i].lesson, lesson) == 0)
			return &p->rows[i];
	return NULL;
}

const struct step_record *progress_find(
	const struct progress *p, const char *lesson, const char *step)
{
	const struct progress_row *row = find(p, lesson, step);
	return row ? &row->record : NULL;
}

/* The front ends when memory is short. */
static struct progress_row *add(struct progress *p)
{
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->rows = reallocarray(p->rows, p->room, sizeof *p->rows);
		if (!p->rows)
			abort();
	}
	struct progress_row *row = &p->rows[p->count++];
	*row = (struct progress_row) { 0 };
	return row;
}

void progress_put(struct progress *p, const char *lesson, const char *step,
	const struct step_record *r, int64_t at_s)
{
	struct progress_row *row = find(p, lesson, step);
	if (!row) {
		row = add(p);
		text_copy(row->lesson, sizeof row->lesson, lesson);
		text_copy(row->step, sizeof row->step, step);
	}
	row->record = *r;
	row->at_s = at_s;
}

void progress_merge(struct progress *p, const struct progress *other)
{
	for (size_t i = 0; i < other->count; i++) {
		const struct progress_row *theirs = &other->rows[i];
		const struct progress_row *ours = find(p, theirs->lesson, theirs->step);
		if (!ours || ours->at_s < theirs->at_s)
			progress_put(
				p, theirs->lesson, theirs->step, &theirs->record, theirs->at_s);
	}
}

/* ---- plays ---- */

static bool same(const struct step_record *a, const struct step_record *b)
{
	return a->outcome == b->outcome && a->predictions == b->predictions &&
	       a->right == b->right && a->hints == b->hints;
}

void progress_from_play(struct progress *p, const struct play *play, int64_t at_s)
{
	const struct lesson *l = play->lesson;
	for (size_t i = 0; i < l->step_count && i < PLAY_STEPS_MAX; i++) {
		const struct step_record *now = &play->steps[i];
		const struct step_record *before = progress_find(p, l->id, l->steps[i].id);
		if (now->outcome != STEP_NEW && (!before || !same(now, before)))
			progress_put(p, l->id, l->steps[i].id, now, at_s);
	}
}

void progress_to_play(const struct progress *p, struct play *play)
{
	const struct lesson *l = play->lesson;
	for (size_t i = 0; i < l->step_count && i < PLAY_STEPS_MAX; i++) {
		const struct step_record *r = progress_find(p, l->id, l->steps[i].id);
		if (r)
			play->steps[i] = *r;
	}
}

size_t progress_steps_done(const struct progress *p, const struct lesson *l)
{
	size_t done = 0;
	for (size_t i = 0; i < l->step_count; i++) {
		const struct step_record *r = progress_find(p, l->id, l->steps[i].id);
		done += r && r->outcome > STEP_PLAYING;
	}
	return done;
}

/* ---- text ---- */

static const char *const outcomes[] = {
	[STEP_NEW] = "new",
	[STEP_PLAYING] = "playing",
	[STEP_SOLVED] = "solved",
	[STEP_SHOWN] = "shown",
	[STEP_SKIPPED] = "skipped",
};

#define OUTCOMES (sizeof outcomes / sizeof *outcomes)

const char *progress_outcome(enum step_outcome outcome)
{
	return outcomes[outcome];
}

/* A row as record.h writes it. */
struct line {
	char lesson[LESSON_ID_SIZE], step[LESSON_ID_SIZE];
	char outcome[12];
	uint8_t predictions, right, hints;
	uint64_t at_s;
};

static const struct record_field fields[] = {
	{ "lesson", RECORD_TEXT, offsetof(struct line, lesson), LESSON_ID_SIZE },
	{ "step", RECORD_TEXT, offsetof(struct line, step), LESSON_ID_SIZE },
	{ "outcome", RECORD_TEXT, offsetof(struct line, outcome), 12 },
	{ "predictions", RECORD_U8, offsetof(struct line, predictions), 1 },
	{ "right", RECORD_U8, offsetof(struct line, right), 1 },
	{ "hints", RECORD_U8, offsetof(struct line, hints), 1 },
	{ "at", RECORD_U64, offsetof(struct line, at_s), sizeof(uint64_t) },
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

char *progress_text(const struct progress *p, size_t *ret_len)
{
	size_t size = sizeof head + 1 + p->count * LINE_BYTES;
	char *bytes = malloc(size);
	if (!bytes)
		abort();
	struct text t = text_in(bytes, size);
	text_put(&t, head);
	text_char(&t, '\n');
	for (size_t i = 0; i < p->count; i++) {
		const struct progress_row *row = &p->rows[i];
		struct line line = { .predictions = row->record.predictions,
			.right = row->record.right,
			.hints = row->record.hints,
			.at_s = row->at_s > 0 ? (uint64_t)row->at_s : 0 };
		text_copy(line.lesson, sizeof line.lesson, row->lesson);
		text_copy(line.step, sizeof line.step, row->step);
		text_copy(line.outcome, sizeof line.outcome, outcomes[row->record.outcome]);
		text_put(&t, "step");
		record_write(&t, &line, fields, FIELD_COUNT);
		text_char(&t, '\n');
	}
	text_end(&t);
	*ret_len = t.len;
	return bytes;
}

static int parse_line(struct progress *p, char *text, struct err *err)
{
	struct line line = { 0 };
	char *rest = NULL;
	const char *word = strtok_r(text, " ", &rest);
	if (!word || strcmp(word, "step") != 0)
		return err_set(err, -EBADMSG, _("\"%.40s\" stands where \"step\" is expected"),
			word ? word : "");
	while ((word = strtok_r(NULL, " ", &rest)))
		if (record_read(word, &line, fields, FIELD_COUNT, err) < 0)
			return -EBADMSG;
	size_t outcome = STEP_PLAYING;
	while (outcome < OUTCOMES && strcmp(outcomes[outcome], line.outcome) != 0)
		outcome++;
	if (outcome == OUTCOMES)
		return err_set(err, -EBADMSG, _("\"%s\" is no outcome of a step"), line.outcome);
	if (!line.lesson[0] || !line.step[0])
		return err_set(err, -EBADMSG, _("it names no step"));
	if (line.right > line.predictions || line.at_s > INT64_MAX)
		return err_set(err, -EBADMSG, _("its numbers cannot be"));
	const struct step_record r = { .outcome = (enum step_outcome)outcome,
		.predictions = line.predictions,
		.right = line.right,
		.hints = line.hints };
	progress_put(p, line.lesson, line.step, &r, (int64_t)line.at_s);
	return 0;
}

/* One line without its line feed; number: from 1 on. */
static int take_line(
	struct progress *p, const char *bytes, size_t len, unsigned number, struct err *err)
{
	char text[LINE_BYTES];
	struct err why = { "" };
	int error = -EBADMSG;
	if (len >= sizeof text || memchr(bytes, '\0', len)) {
		err_set(&why, error, _("it is not text of ours"));
	} else {
		memcpy(text, bytes, len);
		text[len] = '\0';
		if (number > 1)
			error = parse_line(p, text, &why);
		else if (strcmp(text, head) == 0)
			error = 0;
		else
			err_set(&why, error, _("\"%.40s\" is not \"%s\""), text, head);
	}
	return error ? err_set(err, error, _("line %u: %s"), number, why.text) : 0;
}

int progress_parse(struct progress *p, const char *bytes, size_t len, struct err *err)
{
	unsigned number = 0;
	int error = 0;
	for (size_t at = 0; !error && at < len;) {
		const char *end = memchr(bytes + at, '\n', len - at);
		number++;
		if (!end) {
			error = err_set(err, -EBADMSG, _("line %u is cut off"), number);
			break;
		}
		size_t n = (size_t)(end - bytes) - at;
		error = take_line(p, bytes + at, n, number, err);
		at += n + 1;
	}
	if (number == 0)
		error = err_set(err, -EBADMSG, _("it is empty"));
	if (error)
		progress_done(p);
	return error;
}
