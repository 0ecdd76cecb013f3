/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a translation says to the program what its original says; its prose is free. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

/* One line each, so that a test can change one; numbers are lines of the file. */
static const char *const original[] = { "# Title", "```lesson", "topology: lvs-dr", "minutes: 5",
	"summary: s", "after: 01-a", "```", "Introduction.", "", "## One", "```predict", "Q?",
	"- a: x", "* b: y", "```", "```do", "flush client", "arping client {vip}", "```", "Prose.",
	"", "```check", "replies {vip} = 3", "```", "## Two", "```check", "ping client {vip}",
	"sysctl rs1 all.arp_ignore = 1", "```", "```hint", "Think.", "```", "```solve",
	"set rs1 all.arp_ignore 1", "```", "```why", "Because.", "", "ladder rs1 answers {vip}",
	"```" };
#define LINES (sizeof original / sizeof *original)

/* The original with `count` lines from number `line` on replaced by a text. */
static struct lesson *read_with(unsigned line, unsigned count, const char *text)
{
	char bytes[4096] = "";
	for (unsigned i = 1; i <= LINES; i++) {
		if (i == line) {
			strcat(bytes, text);
			strcat(bytes, "\n");
		}
		if (i < line || i >= line + count) {
			strcat(bytes, original[i - 1]);
			strcat(bytes, "\n");
		}
	}
	return must_read(bytes);
}

static void assert_differs(
	unsigned line, unsigned count, const char *text, unsigned told, const char *part)
{
	struct faults f = { 0 };
	struct lesson *a = read_with(0, 0, ""), *b = read_with(line, count, text);
	lesson_compare(a, b, &f);
	if (f.count != 1 || f.list[0].line != told || !strstr(f.list[0].text, part)) {
		print_message("wanted line %u: %s; got\n", told, part);
		print_faults(&f);
	}
	assert_int_equal(f.count, 1);
	assert_int_equal(f.list[0].line, told);
	assert_non_null(strstr(f.list[0].text, part));
	faults_done(&f);
	lesson_free(a);
	lesson_free(b);
}

static void assert_same(unsigned line, unsigned count, const char *text)
{
	struct faults f = { 0 };
	struct lesson *a = read_with(0, 0, ""), *b = read_with(line, count, text);
	lesson_compare(a, b, &f);
	print_faults(&f);
	assert_int_equal(f.count, 0);
	lesson_free(a);
	lesson_free(b);
}

static void texts_are_free(void **state)
{
	(void)state;
	assert_same(0, 0, "");
	assert_same(1, 1, "# 标题");
	assert_same(5, 1, "summary: 摘要");
	assert_same(8, 1, "引言。\n\n- 更多");
	assert_same(10, 1, "## 一");
	assert_same(12, 3, "问?\n- 甲：是。\n* 乙：不。");
	assert_same(20, 1, "");
	assert_same(31, 1, "想一想。");
	assert_same(23, 1, "  replies   {vip}  =  3");
	assert_same(37, 3, "因为。\n\n  ladder  rs1 answers   {vip}");
}

static void facts_are_the_original_s(void **state)
{
	(void)state;
	assert_differs(3, 1, "topology: lvs-lucky", 0, "the topology");
	assert_differs(4, 1, "minutes: 6", 0, "minutes");
	assert_differs(6, 1, "after: 02-b", 0, "after");
	assert_differs(6, 1, "after: 01-a\ntrack: fast", 0, "track");
	assert_differs(6, 1, "after: 01-a\nneeds: ip_vs", 11, "needs");
}

static void blocks_are_the_original_s(void **state)
{
	(void)state;
	assert_differs(13, 2, "* a: x\n- b: y", 11, "choice 2 is the right one");
	assert_differs(14, 1, "* b: y\n- c: z", 11, "3 choices; the original has 2");
	assert_differs(17, 1, "flush rs1", 17, "the original's order is \"flush client\"");
	assert_differs(17, 1, "", 16, "1 orders; the original has 2");
	assert_differs(23, 1, "replies {vip} = 2", 23, "the original's claim is");
	assert_differs(23, 1, "replies {vip} = 3\nsent client = 1", 22, "2 claims");
	assert_differs(23, 1, "replies {vip} = 3\nwithin 3s", 22, "waits 3000 ms");
	assert_differs(11, 5, "", 12, "a ```do stands here; the original has a ```predict");
	assert_differs(30, 3, "", 31, "a ```solve stands here; the original has a ```hint");
	assert_differs(22, 3, "", 10, "lacks a ```check of the original, line 22 there");
	assert_differs(24, 1, "```\n```why\nx\n```", 25, "the original has no ```why here");
	assert_differs(39, 1, "ladder rs2 answers {vip}", 39, "the original's line is \"ladder");
	assert_differs(39, 1, "", 36, "shows 0 ladders; the original shows 1");
	assert_differs(40, 1, "```\n## Three", 0, "3 steps; the original has 2");
}

static void progress_is_kept_under_the_original_s_ids(void **state)
{
	(void)state;
	struct lesson *a = read_with(0, 0, ""), *b = read_with(10, 1, "## two 一");
	/* Latin words in it tell nothing: another title may well have the same ones. */
	assert_string_equal(b->steps[0].id, "step-1");
	lesson_take_ids(b, a);
	assert_string_equal(b->steps[0].id, "one");
	assert_string_equal(b->steps[1].id, "two");
	lesson_free(a);
	lesson_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_free),
		cmocka_unit_test(facts_are_the_original_s),
		cmocka_unit_test(blocks_are_the_original_s),
		cmocka_unit_test(progress_is_kept_under_the_original_s_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
