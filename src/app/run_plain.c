/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a lesson in plain lines: for a screen reader, for a terminal without a screen, and for
 * courses that judge a file of a learner's lines by the exit status.
 */
#include <config.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "recorder.h"
#include "run.h"

#define LINES_SIZE 4096
#define ORDERS_MAX 64

struct plain {
	struct headless *h;
	struct course *course;
	const struct app_options *options;
	const struct lesson *lesson;
	struct play play;
	struct told told;
	bool asked; /* The prompt for what is waited for stands there. */
	char input[LINES_SIZE];
	size_t input_len;
	bool input_ended;
	uint32_t orders[ORDERS_MAX]; /* Orders of the learner that are under way. */
	size_t order_count;
	bool quit;
};

static void feed(void *arg, const struct event *e)
{
	struct plain *p = arg;
	/* What the lab is made of, and earlier steps anew, is no news to the learner. */
	bool making = p->play.phase == PLAY_BUILDING || play_hides(&p->play);
	play_feed(&p->play, &p->h->world, e, clock_steady_ns());
	if (e->kind != EVENT_DONE)
		return;
	if (e->done.text[0] && (!making || e->done.error))
		printf("    %s\n", e->done.text);
	for (size_t i = 0; i < p->order_count; i++)
		if (p->orders[i] == e->done.id)
			p->orders[i] = p->orders[--p->order_count];
}

/* ---- what is typed ---- */

static void answer_question(struct plain *p, const char *line)
{
	const struct item *item = &p->lesson->steps[p->play.step].items[p->play.item];
	int64_t number;
	size_t choice = item->choice_count;
	if (text_parse_int(line, 1, (int64_t)item->choice_count, &number) == 0)
		choice = (size_t)(number - 1);
	for (size_t i = 0; i < item->choice_count; i++)
		if (strcmp(item->choices[i].name, line) == 0)
			choice = i;
	if (choice == item->choice_count) {
		printf(p->play.no_solve
				? _("  Answer with a number from 1 to %zu, or: skip, quit.\n")
				: _("  Answer with a number from 1 to %zu, or: hint, why, "
				    "skip, quit.\n"),
			item->choice_count);
		return;
	}
	play_predict(&p->play, choice);
	printf(_("  You predict: %s.\n"), item->choices[choice].name);
}

static void give_order(struct plain *p, const char *line)
{
	struct order order;
	struct err err = { "" };
	if (order_parse(line, &p->lesson->topology, &order, &err) < 0) {
		printf("  %s\n", err.text);
		return;
	}
	for (uint16_t node = 1; node <= NODES_MAX && p->order_count < ORDERS_MAX; node++) {
		struct action a;
		if (!(order.nodes & UINT64_C(1) << node))
			continue;
		if (order_action(&order, node, &p->h->world, &a, &err) < 0) {
			printf("  %s\n", err.text);
			return;
		}
		a.id = ++p->h->last_id;
		if (app_send(&p->h->line, &a) == 0)
			p->orders[p->order_count++] = a.id;
	}
}

static void ask_hint(struct plain *p)
{
	if (!play_hint(&p->play))
		printf("  %s\n", p->play.no_solve ? _("This is an exam: there are no hints.")
						  : _("There is no further hint here."));
}

static void ask_solution(struct plain *p)
{
	if (!play_solve(&p->play, &p->h->world, clock_steady_ns()))
		printf("  %s\n", p->play.no_solve ? _("This is an exam: there are no solutions.")
						  : _("There is no solution to be shown here."));
}

static void ask_why(struct plain *p)
{
	p->told.why = false;
	p->told.ladders = 0;
	if (!play_why(&p->play))
		printf("  %s\n", _("This step has no longer explanation."));
}

/* The step is told from its beginning, in a fresh lab. */
static void reset(struct plain *p)
{
	play_reset(&p->play);
	p->told.step = SIZE_MAX;
}

static void skip(struct plain *p)
{
	play_skip(&p->play);
}

static void quit(struct plain *p)
{
	p->quit = true;
}

static const struct {
	const char *name;
	void (*run)(struct plain *p);
} words[] = {
	{ "hint", ask_hint },
	{ "solve", ask_solution },
	{ "why", ask_why },
	{ "reset", reset },
	{ "skip", skip },
	{ "quit", quit },
};

/* Returns whether the line was one of the words that mean something at any time. */
static bool take_word(struct plain *p, const char *line)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].name, line) == 0) {
			words[i].run(p);
			return true;
		}
	return false;
}

static void take_line(struct plain *p, const char *line)
{
	if (take_word(p, line))
		return;
	if (p->play.phase == PLAY_PREDICT)
		answer_question(p, line);
	else if (!*line || strcmp(line, "check") == 0)
		play_enter(&p->play, &p->h->world, clock_steady_ns());
	else
		give_order(p, line);
}

/* One whole line of the input, without blanks at its ends. Returns false if there is none yet. */
static bool next_line(struct plain *p, char *ret, size_t size)
{
	char *feed_at = memchr(p->input, '\n', p->input_len);
	bool full = p->input_len == sizeof p->input;
	if (!feed_at && !full && !(p->input_ended && p->input_len))
		return false;
	size_t len = feed_at ? (size_t)(feed_at - p->input) : p->input_len;
	size_t begin = 0, end = len;
	while (begin < end && isspace((unsigned char)p->input[begin]))
		begin++;
	while (end > begin && isspace((unsigned char)p->input[end - 1]))
		end--;
	size_t copied = end - begin < size ? end - begin : size - 1;
	memcpy(ret, p->input + begin, copied);
	ret[copied] = '\0';
	p->input_len -= len + (feed_at != NULL);
	memmove(p->input, p->input + len + (feed_at != NULL), p->input_len);
	return true;
}

static void read_input(struct plain *p)
{
	ssize_t n = read(STDIN_FILENO, p->input + p->input_len, sizeof p->input - p->input_len);
	if (n > 0)
		p->input_len += (size_t)n;
	else if (n == 0 || errno != EINTR)
		p->input_ended = true;
}

static void ask(struct plain *p)
{
	if (p->asked || !isatty(STDIN_FILENO))
		return;
	p->asked = true;
	fputs(p->play.phase == PLAY_PREDICT ? _("Your prediction: ") : "> ", stdout);
	fflush(stdout);
}

/* ---- the loop ---- */

static int send_wanted(struct plain *p, uint64_t *ret_wake_ns)
{
	for (;;) {
		struct action a = { 0 };
		enum play_want want =
			play_wants(&p->play, &p->h->world, clock_steady_ns(), &a, ret_wake_ns);
		int error = 0;
		if (want == WANT_NOTHING)
			return 0;
		if (want == WANT_BUILD)
			error = app_send_build(&p->h->line, &a, &p->lesson->topology);
		else
			error = app_send(&p->h->line, &a);
		if (error)
			return -EPIPE;
	}
}

/* Whether the learner is to type something now. */
static bool learners_turn(const struct plain *p)
{
	return (p->play.phase == PLAY_PREDICT || p->play.phase == PLAY_TASK) && p->order_count == 0;
}

static void tell(struct plain *p)
{
	past_settle(p->h->past, &p->h->world);
	run_tell(&p->told, &p->play, p->h, p->options);
}

/* One round of what needs nobody: showing, going on. Returns whether something was done. */
static bool go_on(struct plain *p)
{
	enum play_phase phase = p->play.phase;
	tell(p);
	if (phase == PLAY_READY || phase == PLAY_STEP_DONE)
		play_enter(&p->play, &p->h->world, clock_steady_ns());
	else if (phase == PLAY_SKIPPED) {
		putchar('\n');
		printf(_("This step is skipped: %s\n"), p->play.reason);
		play_skip(&p->play);
	}
	return p->play.phase != phase;
}

static int play_lines(struct plain *p)
{
	char line[512];
	while (!p->quit && p->play.phase != PLAY_FINISHED) {
		uint64_t wake_ns = UINT64_MAX;
		bool hands = false;
		int error = send_wanted(p, &wake_ns);
		if (error)
			return error;
		recorder_play(p->h->recorder, &p->play, false);
		if (go_on(p))
			continue;
		if (learners_turn(p) && next_line(p, line, sizeof line)) {
			p->asked = false;
			take_line(p, line);
			continue;
		}
		if (learners_turn(p) && p->input_ended)
			return 0; /* Nobody is there to answer. */
		if (learners_turn(p))
			ask(p);
		error = headless_wait(p->h, wake_ns, learners_turn(p) ? STDIN_FILENO : -1, &hands);
		if (error)
			return error;
		if (hands)
			read_input(p);
	}
	recorder_play(p->h->recorder, &p->play, false);
	tell(p);
	return 0;
}

/* The exit status, and a last line: a course wants to know whether everything was done. */
static int finish(const struct plain *p)
{
	unsigned right, made, solved = 0;
	play_score(&p->play, &right, &made);
	for (size_t i = 0; i < p->lesson->step_count; i++)
		solved += p->play.steps[i].outcome == STEP_SOLVED;
	putchar('\n');
	printf(_("%u of %zu steps solved; %u of %u predictions right.\n"), solved,
		p->lesson->step_count, right, made);
	return solved == p->lesson->step_count ? EXIT_FINE : EXIT_REFUSED;
}

int run_plain(
	struct headless *h, struct course *c, const struct lesson *l, const struct app_options *o)
{
	struct plain *p = calloc(1, sizeof *p);
	struct err err = { "" };
	if (!p)
		abort();
	p->h = h;
	p->course = c;
	p->options = o;
	p->lesson = l;
	p->told.step = SIZE_MAX;
	h->feed = feed;
	h->arg = p;
	play_init(&p->play, l, o->no_solve);
	play_start(&p->play, 0);
	printf("%s\n", l->title);
	if (l->ticket && l->seed)
		printf(_("The same ticket for somebody else: arplab run --seed %u %s\n"), l->seed,
			l->id);
	int error = play_lines(p);
	int status = finish(p);
	if (error) {
		headless_trouble(h, error, &err);
		status = app_fail(error == -EINTR ? 130 : EXIT_REFUSED, "%s", err.text);
	} else if (course_save(c, &p->play, &err) < 0) {
		app_fail(EXIT_REFUSED, "%s", err.text);
	}
	h->feed = NULL;
	free(p);
	return status;
}
