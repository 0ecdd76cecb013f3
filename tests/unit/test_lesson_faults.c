/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: whatever is wrong with a lesson is said with its line, and what may have been meant. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

/* A step that is fine by itself. */
#define STEP "## Step\n\nText.\n"

static void the_title_comes_first(void **state)
{
	(void)state;
	assert_only_fault("```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: s\n```\n## S\n", 1,
		"there is no title");
	assert_fault("Text.\n\n# Title\n", 1, "begins with its title");
	assert_only_fault(HEAD "\n# Another\n" STEP, 9, "one title");
	assert_only_fault(HEAD STEP "# Another\n", 11, "one title");
	assert_only_fault("#\n```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: s\n```\n## S\n", 1,
		"the title is empty");
	assert_fault("", 1, "there is no title");
	assert_fault("", 0, "there is no step");
}

static void the_facts_come_next_and_once(void **state)
{
	(void)state;
	assert_only_fault("# T\n" STEP, 1, "no block ```lesson");
	assert_only_fault(HEAD "```lesson\nminutes: 5\n```\n" STEP, 8, "already, see line 3");
	assert_only_fault(
		HEAD STEP "```lesson\nminutes: 5\n```\n", 11, "belongs before the first step");
	assert_only_fault("# T\n```topology\nswitch s\nnode n\n```\n"
			  "```lesson\nminutes: 5\nsummary: s\n```\n" STEP,
		2, "first block is ```lesson");
	assert_only_fault(
		"# T\n```lesson now\ntopology: lvs-dr\nminutes: 5\nsummary: s\n```\n" STEP, 2,
		"nothing may stand behind ```lesson");
}

static void facts_are_known_whole_and_sane(void **state)
{
	(void)state;
	static const char head[] = "# T\n```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: s\n";
	static const struct {
		const char *line;
		const char *part;
	} cases[] = { { "minuts: 5", "minuts is no fact of a lesson. Did you mean minutes?" },
		{ "whatever: 5", "whatever is no fact of a lesson." },
		{ "no colon here", "wanted a line like" }, { "minutes: 6", "said in line 4" },
		{ "after:", "after has no value" }, { "after: a b", "no lesson's name" },
		{ "track: slow", "a track is fast or ticket" },
		{ "needs: ip_vs; rm", "parts of the kernel" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[512];
		snprintf(text, sizeof text, "%s%s\n```\n" STEP, head, cases[i].line);
		assert_only_fault(text, 6, cases[i].part);
	}
	assert_only_fault(HEAD "## S\n```needs\n```\n", 10, "parts of the kernel");
	assert_only_fault(HEAD "## S\n```needs\nfilter; rm\n```\n", 10, "parts of the kernel");
	assert_only_fault("# T\n```lesson\ntopology: lvs-dr\nsummary: s\nminutes: 0\n```\n" STEP, 5,
		"from 1 to 240");
}

static void missing_facts_are_named(void **state)
{
	(void)state;
	assert_only_fault("# T\n```lesson\ntopology: lvs-dr\nminutes: 5\n```\n" STEP, 2,
		"summary is missing");
	assert_only_fault("# T\n```lesson\ntopology: lvs-dr\nsummary: s\n```\n" STEP, 2,
		"minutes is missing");
	assert_only_fault(
		"# T\n```lesson\nminutes: 5\nsummary: s\n```\n" STEP, 2, "there is no topology");
}

static void one_topology_is_wanted(void **state)
{
	(void)state;
	assert_only_fault("# T\n```lesson\ntopology: lvs-rd\nminutes: 5\nsummary: s\n```\n" STEP, 2,
		"there is no topology lvs-rd. Did you mean lvs-dr?");
	assert_only_fault(HEAD "```topology\nswitch s\nnode n\n```\n" STEP, 8, "leave one out");
	assert_only_fault("# T\n```lesson\nminutes: 5\nsummary: s\n```\n"
			  "```topology\nnode n\n```\n```topology\nnode m\n```\n" STEP,
		9, "already, see line 6");
	assert_only_fault(
		HEAD STEP "```topology\nnode n\n```\n", 11, "belongs before the first step");
}

/* Without machines nothing can be said about orders and names, so nothing is. */
static void what_hangs_on_a_bad_topology_is_not_told(void **state)
{
	(void)state;
	assert_only_fault("# T\n```lesson\ntopology: x\nminutes: 5\nsummary: s\n```\n"
			  "## S {vip}\n```do\nflush client\n```\n```check\nsent {vip} = 1\n```\n",
		2, "there is no topology x.");
}

static void a_topology_of_its_own_is_told_by_the_file_s_lines(void **state)
{
	(void)state;
	assert_only_fault("# T\n```lesson\nminutes: 5\nsummary: s\n```\n\n"
			  "```topology\nswitch s\n\nnode n\n  eth0 s 10.0.0.1/33\n```\n" STEP,
		11, "/33");
}

static void steps_are_few_and_have_titles_of_their_own(void **state)
{
	(void)state;
	char text[1024] = HEAD;
	assert_only_fault(HEAD, 0, "there is no step");
	assert_only_fault(HEAD "Text\n\n##\n\nText\n", 10, "a step has a title");
	assert_only_fault(HEAD "## A b\n## C\n## a, B!\n", 10, "that of line 8 both become a-b");
	for (unsigned i = 0; i < 33; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "## %u\n", i);
	assert_only_fault(text, 40, "at most 32 steps");
}

static void blocks_stand_in_steps(void **state)
{
	(void)state;
	assert_only_fault(HEAD "```do\nflush client\n```\n" STEP, 8, "belongs to a step");
	assert_only_fault(
		HEAD "## S\n- a\n\n  ```do\n  flush client\n  ```\n", 11, "inside of a list");
	assert_only_fault(HEAD "## S\n> ```do\n> flush client\n> ```\n", 9, "inside of a list");
	assert_only_fault(
		HEAD "## S\n```do it\nflush client\n```\n", 9, "nothing may stand behind");
	assert_only_fault(HEAD "## S\n````why\n```do\n```\n````\n", 10, "inside of another block");
}

static void misspelt_blocks_are_told_from_listings(void **state)
{
	(void)state;
	static const char *const wrong[][2] = { { "chek", "check" }, { "Check", "check" },
		{ "DO", "do" }, { "od", "do" }, { "predcit", "predict" }, { "prediction", NULL },
		{ "solved", "solve" }, { "hints", "hint" }, { "wyh", "why" }, { "sh", NULL },
		{ "go", NULL }, { "dot", NULL }, { "ini", NULL }, { "text", NULL }, { "c", NULL },
		{ "conf", NULL }, { "diff", NULL }, { "json", NULL }, { "console", NULL } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char text[512], part[64];
		snprintf(text, sizeof text, HEAD "## S\n\n```%s\nx\n```\n", wrong[i][0]);
		snprintf(part, sizeof part, "Did you mean ```%s?", wrong[i][1]);
		if (wrong[i][1])
			assert_only_fault(text, 10, part);
		else
			lesson_free(must_read(text));
	}
	assert_fault("# T\n```leson\nminutes: 5\n```\n" STEP, 2, "Did you mean ```lesson?");
}

static void blocks_that_do_not_end_are_told_where_they_begin(void **state)
{
	(void)state;
	assert_only_fault(HEAD "## S\n```do\nflush client\n", 9, "never ended");
	assert_only_fault(HEAD "## S\n```\nlisting\n\n\n", 9, "never ended");
	assert_only_fault(HEAD "## S\n~~~\n", 9, "never ended");
	assert_only_fault(HEAD "## S\n```do\nflush client\n\n## T\n\n```why\nx\n```\n", 14,
		"the one of line 9 has not been ended");
	/* A longer fence shows what a lesson looks like. */
	lesson_free(must_read(HEAD "## S\n````\n```do\nx\n```\n````\n"));
	lesson_free(must_read(HEAD "## S\n~~~\n```do\nx\n```\n~~~\n"));
	/* The last line may lack its line feed. */
	lesson_free(must_read(HEAD "## S\n```do\nflush client\n```"));
}

static void predictions_are_questions_with_one_right_choice(void **state)
{
	(void)state;
#define PREDICT(inside) HEAD "## S\n```predict\n" inside "```\n"
	assert_only_fault(PREDICT("- a: x\n* b: y\n"), 9, "asks nothing");
	assert_only_fault(PREDICT("Q?\n"), 9, "has 2 to 6 choices");
	assert_only_fault(PREDICT("Q?\n* a: x\n"), 9, "has 2 to 6 choices");
	assert_only_fault(PREDICT("Q?\n- a: x\n- b: y\n"), 9, "0 choices are right");
	assert_only_fault(PREDICT("Q?\n* a: x\n* b: y\n"), 9, "2 choices are right");
	assert_only_fault(PREDICT("Q?\n* a: 1\n- b: 1\n- c: 1\n- d: 1\n- e: 1\n- f: 1\n- g: 1\n"),
		17, "at most 6 choices");
	assert_only_fault(PREDICT("Q?\n- a: x\n* b: y\n- a: z\n"), 13, "a choice a already");
	assert_only_fault(PREDICT("Q?\n- a: x\n* b: y\n- c\n"), 13, "wanted \"- name");
	assert_only_fault(PREDICT("Q?\n- a:\n* b: y\n"), 11, "a has no reply");
	assert_only_fault(PREDICT("Q?\n- a: x\n* b: y\nz\n"), 13, "wanted another choice");
	assert_only_fault(PREDICT("{x}?\n- a: x\n* b: y\n"), 10, "{x} is not known");
	/* A full-width colon is one, too. */
	lesson_free(must_read(PREDICT("问?\n- 一：是。\n* 二：不。\n")));
}

static void orders_and_claims_are_told_with_their_lines(void **state)
{
	(void)state;
#define DO "## S\n```do\nflush client\n```\n"
	assert_only_fault(HEAD "## S\n```do\n\n# comment\nflsh client\n```\n", 12, "flush");
	assert_only_fault(HEAD "## S\n```do\nflush cleint\n```\n", 10, "client");
	assert_only_fault(HEAD "## S\n```do\n# nothing\n```\n", 9, "no order in this ```do");
	assert_only_fault(HEAD DO "```check\nwithin 2s\n```\n", 12, "claims nothing");
	assert_only_fault(HEAD DO "```check\nreplys {vip} = 1\n```\n", 13,
		"replys begins no order and no claim. Did you mean replies?");
	assert_only_fault(HEAD DO "```check\nreplies {vip} = 1\nflush client\n```\n", 14,
		"orders come first");
	assert_only_fault(HEAD DO "```check\nsent client = 1\nping client {vip}\n```\n", 14,
		"wanted a sign like =");
	assert_fault(HEAD DO "```check\nreplies {vip} = nobody\n```\n", 13, "nobody");
	assert_fault(HEAD DO "```check\nwithin 5\nsent client = 1\n```\n", 13, "within TIME");
	assert_fault(HEAD DO "```check\nwithin 0s\nsent client = 1\n```\n", 13, "within TIME");
	assert_fault(HEAD DO "```check\nwithin 61s\nsent client = 1\n```\n", 13, "at most 60s");
}

static void ladders_are_told_with_their_lines(void **state)
{
	(void)state;
#define WHY HEAD "## S\n```why\nProse.\n\n"
	assert_only_fault(WHY "ladder rs3 answers {vip}\n```\n", 12, "Did you mean rs1?");
	assert_only_fault(WHY "ladder rs1 answers {vpi}\n```\n", 12, "{vpi} is not known");
	assert_only_fault(WHY "ladder rs1 answers {vip}\n\nladder rs1\n```\n", 14,
		"the line ends where answers, learns or asks is expected");
	assert_only_fault(WHY "ladder rs1 answers {vip}\nMore prose.\n```\n", 13,
		"prose stands behind a ladder: ladders come last");
	char text[1024] = WHY;
	for (unsigned i = 0; i < 9; i++)
		strcat(text, "ladder rs1 answers {vip}\n");
	strcat(text, "```\n");
	assert_only_fault(text, 20, "at most 8 ladders");
}

static void a_block_and_a_step_hold_only_so_much(void **state)
{
	(void)state;
	char text[4096] = HEAD DO "```check\n";
	for (unsigned i = 0; i < 17; i++)
		strcat(text, "sent client = 1\n");
	strcat(text, "```\n");
	assert_only_fault(text, 29, "at most 16 claims");
	strcpy(text, HEAD "## S\n");
	for (unsigned i = 0; i < 33; i++)
		strcat(text, "```why\nx\n```\n");
	assert_only_fault(text, 105, "at most 32 blocks");
}

static void tasks_and_observations_are_whole(void **state)
{
	(void)state;
#define CHECK "```check\nsent client = 1\n```\n"
	assert_only_fault(HEAD "## S\n```solve\nflush client\n```\n", 9, "needs a ```check");
	assert_only_fault(HEAD "## S\n" CHECK "```solve\nflush client\n```\n"
			       "```solve\nflush rs1\n```\n",
		15, "a ```solve already, see line 12");
	assert_only_fault(HEAD "## S\n" CHECK, 9, "nothing could make this check true");
	assert_only_fault(HEAD DO "## T\n" CHECK, 13, "nothing could make this check true");
	assert_only_fault(HEAD DO CHECK "```hint\nx\n```\n", 15, "this step has none");
	assert_only_fault(HEAD "## S\n```why\n\n```\n", 9, "says nothing");
	/* A step to be read is fine. */
	lesson_free(must_read(HEAD STEP));
}

static void unknown_names_are_told_wherever_they_stand(void **state)
{
	(void)state;
	assert_only_fault(HEAD "## S\n\nSome text,\nthen {vpi} and\nmore\n", 11,
		"{vpi} is not known. Did you mean {vip}?");
	assert_only_fault(HEAD "## S {clent}\n", 8, "Did you mean {client}?");
	assert_only_fault(HEAD "## S\n\n- {rs1.eth2}\n", 10, "Did you mean {rs1.eth0}?");
	assert_only_fault(HEAD "## S\n```do\nping client {vpi}\n```\n", 10, "{vpi}");
	assert_only_fault(HEAD "## S\n```\n{nowhere\n```\n", 10, "no closing brace");
	assert_fault("# T {x}\n```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: {y}\n```\n" STEP,
		1, "{x}");
	assert_fault("# T {x}\n```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: {y}\n```\n" STEP,
		5, "{y}");
	/* What a topology's comment says is nobody's business. */
	lesson_free(must_read("# T\n```lesson\nminutes: 5\nsummary: s\n```\n"
			      "```topology\n# {x}\nnode n # {y}\n```\n" STEP));
	/* Braces that are nobody's name. */
	lesson_free(must_read(HEAD "## S {\n\n{{vip} { } {}\n\n```\nvrrp {\n}\n```\n"));
}

static void html_is_told(void **state)
{
	(void)state;
	assert_only_fault(HEAD "## S\n\na\nb <b>c\n", 11, "\"<b>\" is HTML");
	assert_only_fault(HEAD "## S\n\n<div>\n", 10, "is HTML");
	lesson_free(must_read(HEAD "## S\n\na < b, `<b>`, \\<c>\n"));
}

static void tables_are_told(void **state)
{
	(void)state;
	assert_only_fault(HEAD "## S\n\n| a | b |\n|---|:--|\n| c | d |\n", 10, "tables");
	assert_only_fault(HEAD "## S\n\nText\na | b\n--|--\n", 10, "tables");
	lesson_free(must_read(HEAD "## S\n\na | b\n\n- a | b\n- |\n\n```\na|b\n-|-\n```\n"));
}

static void all_findings_are_told_in_the_order_of_lines(void **state)
{
	(void)state;
	static const char text[] = "# T\n"
				   "```lesson\n"
				   "topology: lvs-dr\n"
				   "minutes: many\n" /* 4 */
				   "summry: s\n"     /* 2, 5 */
				   "```\n"
				   "## S {x}\n"             /* 7 */
				   "```hint\nx\n```\n"      /* 8 */
				   "```do\nflsh all\n```\n" /* 12 */
				   "## S {x}\n";            /* 14, twice */
	static const unsigned lines[] = { 2, 4, 5, 7, 8, 12, 14, 14 };
	struct faults f = { 0 };
	assert_null(read_bytes(text, strlen(text), 0, &f));
	if (f.count != 8)
		print_faults(&f);
	assert_int_equal(f.count, 8);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(f.list[i].line, lines[i]);
	faults_done(&f);
}

static void findings_are_one_safe_line(void **state)
{
	(void)state;
	struct faults f = { 0 };
	faults_add(&f, 1, "a\nb\x1b[2J%s", "\xff");
	assert_string_equal(f.list[0].text, "a?b?[2J?");
	faults_done(&f);
}

static void nesting_beyond_reason_is_refused(void **state)
{
	(void)state;
	assert_only_fault(HEAD "## S\n- - - - - - - - - - - - - - - - - a\n", 9, "lists");
	assert_only_fault(HEAD "## S\n>>>>>>>>>>>>>>>>>>>> a\n", 9, "quotations");
	lesson_free(must_read(HEAD "## S\n```\n* * * * * /bin/true\n```\n"));
	static char text[20000] = HEAD "## S\n";
	memset(text + strlen(text), 'a', 9000);
	assert_only_fault(text, 9, "without an empty line");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_title_comes_first),
		cmocka_unit_test(the_facts_come_next_and_once),
		cmocka_unit_test(facts_are_known_whole_and_sane),
		cmocka_unit_test(missing_facts_are_named),
		cmocka_unit_test(one_topology_is_wanted),
		cmocka_unit_test(what_hangs_on_a_bad_topology_is_not_told),
		cmocka_unit_test(a_topology_of_its_own_is_told_by_the_file_s_lines),
		cmocka_unit_test(steps_are_few_and_have_titles_of_their_own),
		cmocka_unit_test(blocks_stand_in_steps),
		cmocka_unit_test(misspelt_blocks_are_told_from_listings),
		cmocka_unit_test(blocks_that_do_not_end_are_told_where_they_begin),
		cmocka_unit_test(predictions_are_questions_with_one_right_choice),
		cmocka_unit_test(orders_and_claims_are_told_with_their_lines),
		cmocka_unit_test(ladders_are_told_with_their_lines),
		cmocka_unit_test(a_block_and_a_step_hold_only_so_much),
		cmocka_unit_test(tasks_and_observations_are_whole),
		cmocka_unit_test(unknown_names_are_told_wherever_they_stand),
		cmocka_unit_test(html_is_told),
		cmocka_unit_test(tables_are_told),
		cmocka_unit_test(all_findings_are_told_in_the_order_of_lines),
		cmocka_unit_test(findings_are_one_safe_line),
		cmocka_unit_test(nesting_beyond_reason_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
