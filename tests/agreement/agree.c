/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: agree [--derive] FILE…: recorded cases answered by the rules.
 *
 * Prints each disagreement whole, and at the end `N cases, N agree, N unknown, N disagree`. The
 * status is 0 only if all agree. With --derive the hosts are made from the commands that made them,
 * and these hosts are compared with what the kernel listed, too.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"

static void say(void *arg, const char *text)
{
	printf("%s%s\n", (const char *)arg, text);
}

static void say_case(const struct book *b, const struct recorded *c, const struct effect *predicted)
{
	char line[512];
	struct scene s = book_scene(b, c);
	struct text t = text_in(line, sizeof line);
	char none[] = "", expected[] = "  recorded:  ", found[] = "  predicted: ", why[] = "  # ";
	printf("%scase %s\n", b->hosts[c->host].lines, c->id);
	for (size_t i = 0; i < c->have_count; i++) {
		t = text_in(line, sizeof line);
		entry_write(&t, s.host, "have", &c->have[i]);
		say(none, text_end(&t));
	}
	t = text_in(line, sizeof line);
	stimulus_write(&t, s.host, &c->what);
	say(none, text_end(&t));
	effect_write(s.host, &c->what, &c->expected, say, expected);
	if (predicted->unknown)
		printf("%sunknown: %s\n", found, predicted->why);
	else
		effect_write(s.host, &c->what, predicted, say, found);
	for (size_t i = 0; i < c->expected.decided_count; i++)
		printf("%srule %s, recorded: %s\n", found,
			effect_decided(predicted, c->expected.decided[i].ifindex,
				c->expected.decided[i].question),
			c->rules[i]);
	predict_tell(&s, &c->what, say, why);
	puts("end\n");
}

struct sum {
	size_t cases, agree, unknown, disagree;
};

static void answer(const struct book *b, struct sum *sum)
{
	static struct effect predicted;
	for (size_t i = 0; i < b->case_count; i++) {
		struct scene s = book_scene(b, &b->cases[i]);
		predict(NULL, &s, &b->cases[i].what, &predicted);
		sum->cases++;
		if (recorded_agrees(&b->cases[i], &predicted)) {
			sum->agree++;
			continue;
		}
		sum->unknown += predicted.unknown;
		sum->disagree += !predicted.unknown;
		say_case(b, &b->cases[i], &predicted);
	}
}

int main(int argc, char **argv)
{
	struct sum sum = { 0 };
	struct err err = { "" };
	size_t differ = 0;
	int first = argc > 1 && strcmp(argv[1], "--derive") == 0 ? 2 : 1;
	bool derive = first == 2;
	if (first >= argc) {
		fputs("usage: agree [--derive] FILE…\n", stderr);
		return 2;
	}
	for (int i = first; i < argc; i++) {
		struct book book = { 0 }, listed = { 0 };
		char none[] = "";
		int error = book_read(&book, argv[i], derive, &err);
		if (!error && derive)
			error = book_read(&listed, argv[i], false, &err);
		if (error) {
			fprintf(stderr, "agree: %s\n", err.text);
			return 1;
		}
		answer(&book, &sum);
		if (derive)
			differ += book_compare_hosts(&listed, &book, say, none);
		book_done(&book);
		book_done(&listed);
	}
	if (derive)
		printf("%zu hosts differ from what the kernel listed\n", differ);
	printf("%zu cases, %zu agree, %zu unknown, %zu disagree\n", sum.cases, sum.agree,
		sum.unknown, sum.disagree);
	return sum.agree == sum.cases && !differ ? 0 : 1;
}
