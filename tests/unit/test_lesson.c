/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a lesson is read whole: steps, blocks, names; any bytes may come. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

#include <arplab/play.h>

static const char whole[] = HEAD "\n"
				 "The introduction names {vip}.\n" /* 9 */
				 "\n"
				 "## Three machines hold `it`\n" /* 11 */
				 "\n"
				 "Some *prose*, and\n" /* 13 */
				 "more of it.\n"
				 "\n"
				 "```predict\n" /* 16 */
				 "How many\n"
				 "machines *answer*?\n"
				 "- one: Only {director}?\n" /* 19 */
				 "- two: You left\n"
				 "  one out.\n"
				 "* three: Each of them.\n" /* 22 */
				 "```\n"
				 "\n"
				 "```do\n" /* 25 */
				 "# a comment\n"
				 "flush client\n" /* 27 */
				 "\n"
				 "  arping client {vip}\n" /* 29 */
				 "```\n"
				 "\n"
				 "```check\n" /* 32 */
				 "within 5s\n"
				 "replies {vip} = 3\n" /* 34 */
				 "```\n"
				 "\n"
				 "```why\n" /* 37 */
				 "Because:\n"
				 "\n"
				 "- of this\n"
				 "```\n"
				 "\n"
				 "## A task\n" /* 43 */
				 "\n"
				 "```do\n" /* 45 */
				 "set rs1 all.arp_ignore 0\n"
				 "```\n"
				 "```check\n" /* 48 */
				 "ping client {rs1}\n"
				 "sysctl rs1 all.arp_ignore = 1\n" /* 50 */
				 "```\n"
				 "```hint\n" /* 52 */
				 "Think.\n"
				 "```\n"
				 "```hint\n" /* 55 */
				 "Think *more*.\n"
				 "```\n"
				 "```solve\n" /* 58 */
				 "set rs1 all.arp_ignore 1\n"
				 "```\n"
				 "The end.\n"; /* 61 */

static void a_whole_lesson_is_read(void **state)
{
	(void)state;
	struct lesson *l = must_read(whole);
	assert_string_equal(l->id, "07-a-name");
	assert_string_equal(l->title, "A title");
	assert_string_equal(l->summary, "A summary.");
	assert_string_equal(l->topology_name, "lvs-dr");
	assert_string_equal(l->after, "");
	assert_int_equal(l->minutes, 5);
	assert_false(l->fast_track);
	assert_int_equal(l->topology.node_count, 4);
	assert_int_equal(l->step_count, 2);
	assert_string_equal(l->steps[0].title, "Three machines hold it");
	assert_string_equal(l->steps[0].id, "three-machines-hold-it");
	assert_int_equal(l->steps[0].line, 11);
	assert_false(l->steps[0].has_solve);
	assert_true(l->steps[1].has_solve);
	assert_string_equal(l->steps[1].id, "a-task");
	lesson_free(l);
}

static void items_come_in_order_with_their_lines(void **state)
{
	(void)state;
	static const struct {
		enum item_kind kind;
		unsigned line;
	} first[] = { { ITEM_PROSE, 9 }, { ITEM_PREDICT, 16 }, { ITEM_DO, 25 }, { ITEM_CHECK, 32 },
		{ ITEM_WHY, 37 } },
	  second[] = { { ITEM_DO, 45 }, { ITEM_CHECK, 48 }, { ITEM_HINT, 52 }, { ITEM_HINT, 55 },
		  { ITEM_SOLVE, 58 }, { ITEM_PROSE, 61 } };
	struct lesson *l = must_read(whole);
	assert_int_equal(l->steps[0].item_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(l->steps[0].items[i].kind, first[i].kind);
		assert_int_equal(l->steps[0].items[i].line, first[i].line);
	}
	assert_int_equal(l->steps[1].item_count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(l->steps[1].items[i].kind, second[i].kind);
		assert_int_equal(l->steps[1].items[i].line, second[i].line);
	}
	lesson_free(l);
}

static void the_introduction_belongs_to_the_first_step(void **state)
{
	(void)state;
	struct lesson *l = must_read(whole);
	const struct item *i = &l->steps[0].items[0];
	assert_int_equal(i->prose_count, 2);
	assert_string_equal(i->prose[0].text, "The introduction names 192.168.2.200.");
	assert_string_equal(i->prose[1].text, "Some \x02prose\x02, and more of it.");
	lesson_free(l);
}

static void a_prediction_has_a_question_and_replies(void **state)
{
	(void)state;
	struct lesson *l = must_read(whole);
	const struct item *i = &l->steps[0].items[1];
	assert_string_equal(i->text, "How many machines \x02"
				     "answer\x02?");
	assert_int_equal(i->choice_count, 3);
	assert_string_equal(i->choices[0].name, "one");
	assert_string_equal(i->choices[0].reply, "Only 192.168.2.100?");
	assert_string_equal(i->choices[1].reply, "You left one out.");
	assert_false(i->choices[1].right);
	assert_string_equal(i->choices[2].name, "three");
	assert_true(i->choices[2].right);
	lesson_free(l);
}

static void orders_and_claims_keep_their_lines(void **state)
{
	(void)state;
	struct lesson *l = must_read(whole);
	const struct item *todo = &l->steps[0].items[2], *check = &l->steps[0].items[3];
	assert_int_equal(todo->order_count, 2);
	assert_int_equal(todo->orders[0].line, 27);
	assert_int_equal(todo->orders[1].line, 29);
	assert_string_equal(todo->orders[1].text, "arping client 192.168.2.200");
	assert_int_equal(check->order_count, 0);
	assert_int_equal(check->claim_count, 1);
	assert_int_equal(check->claims[0].line, 34);
	assert_int_equal(check->within_ms, 5000);
	/* A ping that is done and a claim about one look alike but for the sign. */
	check = &l->steps[1].items[1];
	assert_int_equal(check->order_count, 1);
	assert_int_equal(check->orders[0].line, 49);
	assert_int_equal(check->claim_count, 1);
	assert_int_equal(check->claims[0].line, 50);
	assert_int_equal(check->within_ms, 2000);
	lesson_free(l);
}

static void ladders_stand_behind_the_prose_of_a_why(void **state)
{
	(void)state;
	struct lesson *l = must_read(HEAD "## Step\n"
					  "```why\n"
					  "Because of these ladders:\n"
					  "\n"
					  "- an item\n"
					  "\n"
					  "  ladder rs1 answers {vip}\n" /* 14 */
					  "\n"
					  "ladder client learns {rs1}\n"
					  "```\n"
					  "```why\n"
					  "ladder rs2 asks {client} from {vip}\n" /* 19 */
					  "```\n");
	const struct item *i = &l->steps[0].items[0];
	assert_int_equal(i->prose_count, 2);
	assert_string_equal(i->prose[1].text, "an item");
	assert_int_equal(i->ladder_count, 2);
	assert_int_equal(i->ladders[0].line, 14);
	assert_string_equal(i->ladders[0].text, "ladder rs1 answers 192.168.2.200");
	assert_int_equal(i->ladders[1].line, 16);
	assert_int_equal(i->ladders[1].question, QUESTION_LEARN);
	i = &l->steps[0].items[1];
	assert_int_equal(i->prose_count, 0);
	assert_int_equal(i->ladder_count, 1);
	assert_int_equal(i->ladders[0].line, 19);
	assert_string_equal(i->ladders[0].text, "ladder rs2 asks 192.168.2.222 from 192.168.2.200");
	lesson_free(l);
}

/* ---- files from elsewhere ---- */

static void carriage_returns_and_a_bom_are_accepted(void **state)
{
	(void)state;
	char text[2 * sizeof whole + 3];
	size_t len = 3;
	memcpy(text, "\xef\xbb\xbf", 3);
	for (const char *c = whole; *c; c++) {
		if (*c == '\n')
			text[len++] = '\r';
		text[len++] = *c;
	}
	text[len] = '\0';
	struct lesson *l = must_read(text);
	assert_string_equal(
		l->steps[0].items[0].prose[1].text, "Some \x02prose\x02, and more of it.");
	assert_int_equal(l->steps[1].items[1].claims[0].line, 50);
	lesson_free(l);
}

static void bytes_that_are_no_text_are_placed(void **state)
{
	(void)state;
	assert_only_fault(HEAD "ab\xff\n", 8, "byte 3 (0xff) is not UTF-8");
	assert_only_fault(HEAD "\xc3\xa4\xc3(\n", 8, "byte 3 (0xc3) is not UTF-8");
	assert_only_fault(HEAD "\n\x1b[2J\n", 9, "byte 1 is the control character 0x1b");
	assert_only_fault(HEAD "a\x01\n", 8, "byte 2 is the control character 0x01");
	assert_only_fault(HEAD "a\rb\n", 8, "carriage return");
	assert_only_fault(HEAD "a\xe2\x80\xae\n", 8, "byte 2 begins a character");
	/* A byte that ends the file in the middle of a character. */
	assert_fault(HEAD "a\xe2\x80", 8, "byte 2 (0xe2)");
}

static void a_nul_is_a_control_character(void **state)
{
	(void)state;
	struct faults f = { 0 };
	assert_null(read_bytes("# T\n\0x", 6, 0, &f));
	assert_int_equal(f.list[0].line, 2);
	assert_non_null(strstr(f.list[0].text, "byte 1 is the control character 0x00"));
	faults_done(&f);
}

static void a_binary_file_is_not_told_byte_by_byte(void **state)
{
	(void)state;
	char bytes[10000];
	struct faults f = { 0 };
	memset(bytes, 0x80, sizeof bytes);
	assert_null(read_bytes(bytes, sizeof bytes, 0, &f));
	assert_true(f.count <= 5);
	faults_done(&f);
}

static void a_file_that_is_too_long_is_refused(void **state)
{
	(void)state;
	size_t len = 10u << 20;
	char *bytes = malloc(len);
	struct faults f = { 0 };
	memset(bytes, '{', len);
	assert_null(read_bytes(bytes, len, 0, &f));
	assert_int_equal(f.count, 1);
	assert_int_equal(f.list[0].line, 0);
	assert_non_null(strstr(f.list[0].text, "more than 262144 bytes"));
	faults_done(&f);
	free(bytes);
}

/* A file of one text again and again, with an empty line after every `group` of them. */
static void try_repeated(const char *part, size_t group)
{
	char *bytes = malloc(LESSON_BYTES_MAX + 1);
	size_t len = strlen(part), at = 0;
	struct faults f = { 0 };
	memcpy(bytes, HEAD "## Step\n", sizeof HEAD "## Step\n" - 1);
	at = sizeof HEAD "## Step\n" - 1;
	for (size_t n = 1; at + len + 2 < LESSON_BYTES_MAX; n++) {
		memcpy(bytes + at, part, len);
		at += len;
		if (n % group == 0) {
			memcpy(bytes + at, "\n\n", 2);
			at += 2;
		}
	}
	lesson_free(read_bytes(bytes, at, 0, &f));
	assert_true(f.count <= 100);
	faults_done(&f);
	free(bytes);
}

/* No timing is asserted: what is not linear would run into the harness's limit. */
static void nonsense_is_read_in_bounded_time(void **state)
{
	(void)state;
	static const char *const parts[] = { "{vip}", "{", "{x}", "{a", "- ", "> ", "1. ", "**a ",
		"[a](b \"", "![", "`a ``b ", "<a ", "<!--", "&amp;", "```do\n", "```do\n```\n",
		"## a\n", "# a\n", "```check\nx\n```\n", "```predict\na\n- b: c\n* d: e\n```\n",
		"```do\nsett rs1 x\n```\n", "- a\n", "  ", "[x]: y\n", "|", "\\", "a\n===\n" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		try_repeated(parts[i], SIZE_MAX);
		try_repeated(parts[i], 7);
		try_repeated(parts[i], 8000 / strlen(parts[i]));
	}
}

static void many_findings_are_cut_off(void **state)
{
	(void)state;
	char text[8000] = HEAD "## Step\n```do\n";
	size_t at = strlen(text);
	for (unsigned i = 0; i < 200; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "nonsense %u\n", i);
	snprintf(text + at, sizeof text - at, "```\n");
	struct faults f = { 0 };
	assert_null(read_bytes(text, strlen(text), 0, &f));
	assert_int_equal(f.count, 100);
	assert_true(f.more);
	assert_int_equal(f.list[0].line, 10);
	assert_int_equal(f.list[99].line, 109);
	faults_done(&f);
}

static void a_title_in_another_script_has_an_id(void **state)
{
	(void)state;
	struct lesson *l = must_read(HEAD "## 三台机器\n\n## ARP 缓存!\n\n## ARP: {vip}\n");
	assert_string_equal(l->steps[0].id, "step-1");
	/* Its few Latin words do not tell it from others. */
	assert_string_equal(l->steps[1].id, "step-2");
	/* It does not follow the seed. */
	assert_string_equal(l->steps[2].id, "arp-vip");
	assert_string_equal(l->steps[2].title, "ARP: 192.168.2.200");
	lesson_free(l);
}

static void every_fact_is_kept(void **state)
{
	(void)state;
	struct lesson *l = must_read("# T\n"
				     "```lesson\n"
				     "# a comment\n"
				     "summary: What: `this`\n"
				     "minutes: 240\n"
				     "after: 06-arp\n"
				     "track: fast\n"
				     "needs: ip_vs nf_tables\n"
				     "```\n"
				     "```topology\n"
				     "switch s\n"
				     "node n\n"
				     "  eth0 s 10.0.0.1/24\n"
				     "```\n"
				     "## {n.mac}\n");
	assert_string_equal(l->summary, "What: this");
	assert_int_equal(l->minutes, 240);
	assert_string_equal(l->after, "06-arp");
	assert_true(l->fast_track);
	assert_string_equal(l->steps[0].needs, "ip_vs nf_tables");
	assert_string_equal(l->topology_name, "");
	assert_string_equal(l->steps[0].title, "02:00:00:00:00:01");
	lesson_free(l);
}

static void a_step_has_needs_of_its_own(void **state)
{
	(void)state;
	struct lesson *l = must_read("# T\n"
				     "```lesson\n"
				     "topology: lvs-dr\n"
				     "summary: s\n"
				     "minutes: 2\n"
				     "needs: ping\n"
				     "```\n"
				     "## A\n"
				     "```needs\n"
				     "filter rewrite\n"
				     "```\n"
				     "prose\n"
				     "## B\n");
	assert_string_equal(l->steps[0].needs, "ping filter rewrite");
	assert_string_equal(l->steps[1].needs, "ping");
	assert_int_equal(l->steps[0].item_count, 1);
	lesson_free(l);
}

static void a_seed_varies_every_text(void **state)
{
	(void)state;
	struct faults f = { 0 };
	struct lesson *plain = must_read(whole);
	struct lesson *a = read_bytes(whole, strlen(whole), 7, &f);
	struct lesson *b = read_bytes(whole, strlen(whole), 7, &f);
	assert_non_null(a);
	assert_non_null(b);
	const struct item *p = plain->steps[0].items, *x = a->steps[0].items,
			  *y = b->steps[0].items;
	assert_string_not_equal(p[0].prose[0].text, x[0].prose[0].text);
	assert_string_not_equal(p[2].orders[1].text, x[2].orders[1].text);
	assert_int_not_equal(p[3].claims[0].ip, x[3].claims[0].ip);
	assert_string_equal(x[0].prose[0].text, y[0].prose[0].text);
	assert_int_equal(x[3].claims[0].ip, y[3].claims[0].ip);
	assert_memory_equal(&a->topology, &b->topology, sizeof a->topology);
	lesson_free(plain);
	lesson_free(a);
	lesson_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_lesson_is_read),
		cmocka_unit_test(items_come_in_order_with_their_lines),
		cmocka_unit_test(the_introduction_belongs_to_the_first_step),
		cmocka_unit_test(a_prediction_has_a_question_and_replies),
		cmocka_unit_test(orders_and_claims_keep_their_lines),
		cmocka_unit_test(ladders_stand_behind_the_prose_of_a_why),
		cmocka_unit_test(carriage_returns_and_a_bom_are_accepted),
		cmocka_unit_test(bytes_that_are_no_text_are_placed),
		cmocka_unit_test(a_nul_is_a_control_character),
		cmocka_unit_test(a_binary_file_is_not_told_byte_by_byte),
		cmocka_unit_test(a_file_that_is_too_long_is_refused),
		cmocka_unit_test(nonsense_is_read_in_bounded_time),
		cmocka_unit_test(many_findings_are_cut_off),
		cmocka_unit_test(a_title_in_another_script_has_an_id),
		cmocka_unit_test(every_fact_is_kept),
		cmocka_unit_test(a_step_has_needs_of_its_own),
		cmocka_unit_test(a_seed_varies_every_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
