/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a ladder's line is read or refused with a sentence, and finds the frame that it is about.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <arplab/ladder.h>
#include <arplab/play.h>

#include "lab.h"
#include "past.h"

#define USAGE "ladder NODE answers IP, NODE learns IP, or NODE asks IP [from IP]"

enum { A = 1, B, C };

static struct topology topology;
static struct scene s;

/* ---- the line ---- */

static int read_topology(void **state)
{
	(void)state;
	lab_topology(&topology);
	return 0;
}

static struct ladder reads(const char *line)
{
	struct ladder l = { 0 };
	struct err err = { "" };
	int error = ladder_parse(line, &topology, &l, &err);
	if (error)
		print_error("%s: %s\n", line, err.text);
	assert_int_equal(error, 0);
	return l;
}

static void refuses(const char *line, const char *expected)
{
	struct ladder l = { .line = 7 };
	struct err err = { "" };
	assert_int_equal(ladder_parse(line, &topology, &l, &err), -EINVAL);
	assert_string_equal(err.text, expected);
	assert_int_equal(l.line, 7);
}

static void its_first_word_says_what_it_is(void **state)
{
	(void)state;
	assert_true(ladder_begins("ladder rs1 answers 192.168.2.200"));
	assert_true(ladder_begins(" \tladder\trs1"));
	assert_true(ladder_begins("ladder"));
	assert_true(ladder_begins("ladder\r"));
	assert_false(ladder_begins("ladders are long"));
	assert_false(ladder_begins("the ladder"));
	assert_false(ladder_begins("ladde"));
	assert_false(ladder_begins(""));
}

static void three_questions_are_read(void **state)
{
	(void)state;
	struct ladder l = reads("  ladder  rs1  answers 192.168.2.200 ");
	assert_int_equal(l.question, QUESTION_ANSWER);
	assert_int_equal(l.node, RS1);
	assert_int_equal(l.ip, LAB_VIP);
	assert_int_equal(l.source, 0);
	assert_string_equal(l.text, "ladder  rs1  answers 192.168.2.200");
	l = reads("ladder client learns 192.168.2.101");
	assert_int_equal(l.question, QUESTION_LEARN);
	assert_int_equal(l.node, CLIENT);
	assert_int_equal(l.ip, LAB_RS1);
	l = reads("ladder rs2 asks 192.168.2.222");
	assert_int_equal(l.question, QUESTION_ANNOUNCE);
	assert_int_equal(l.node, RS2);
	assert_int_equal(l.ip, LAB_CLIENT);
	assert_int_equal(l.source, 0);
	l = reads("ladder rs2 asks 192.168.2.222 from 192.168.2.200");
	assert_int_equal(l.ip, LAB_CLIENT);
	assert_int_equal(l.source, LAB_VIP);
}

static void a_line_that_ends_early_says_what_is_expected(void **state)
{
	(void)state;
	refuses("ladder", "the line ends where a machine is expected: " USAGE);
	refuses("ladder rs1", "the line ends where answers, learns or asks is expected: " USAGE);
	refuses("ladder rs1 asks", "the line ends where an IP is expected: " USAGE);
	refuses("ladder rs1 asks 192.168.2.222 from",
		"the line ends where an IP is expected: " USAGE);
}

static void a_word_that_is_wrong_is_repeated(void **state)
{
	(void)state;
	refuses("ladder rs3 answers 192.168.2.200",
		"there is no machine \"rs3\", only client, director, rs1 and rs2. "
		"Did you mean rs1?");
	refuses("ladder rs1 answer 192.168.2.200",
		"\"answer\" stands where answers, learns or asks is expected. "
		"Did you mean answers?");
	refuses("ladder rs1 answers vip",
		"\"vip\" is not an IPv4 address: one is expected, such as 192.0.2.1");
	refuses("ladder rs1 asks 192.168.2.222 from here",
		"\"here\" is not an IPv4 address: one is expected, such as 192.0.2.1");
}

static void words_too_many_are_named(void **state)
{
	(void)state;
	refuses("ladder rs1 answers 192.168.2.200 now", "\"now\" is not expected here: " USAGE);
	refuses("ladder rs1 asks 192.168.2.222 for 192.168.2.200",
		"\"for\" is not expected here: " USAGE);
	refuses("ladder rs1 answers 192.168.2.200 from 192.168.2.222",
		"\"from\" is not expected here: " USAGE);
	refuses("ladder rs1 learns 192.168.2.200 from 192.168.2.222",
		"\"from\" is not expected here: " USAGE);
	refuses("ladder rs1 asks 192.168.2.222 from 192.168.2.200 to",
		"\"to\" is not expected here: " USAGE);
}

static void a_line_that_is_too_long_is_refused(void **state)
{
	(void)state;
	char line[2 * LADDER_TEXT_SIZE];
	memset(line, ' ', sizeof line);
	memcpy(line, "ladder", 6);
	line[LADDER_TEXT_SIZE] = 'x';
	line[LADDER_TEXT_SIZE + 1] = '\0';
	refuses(line, "the line has 161 bytes; at most 159 are read");
}

/* ---- the frame ---- */

static int lab_begins(void **state)
{
	(void)state;
	lab_scene(&s, 3);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	past_close(&s);
	return 0;
}

static struct ladder asking(enum question question, uint16_t node, uint32_t ip)
{
	return (struct ladder) { .question = question, .node = node, .ip = ip };
}

static bool looks(const struct ladder *l, struct ladder_shown *ret)
{
	past_settle(s.p, &s.w);
	return ladder_look(l, s.p, &s.w, 0, UINT64_MAX, ret);
}

static uint64_t who_has(uint64_t at_ns, uint16_t from, uint32_t what)
{
	return sent(&s, at_ns, from, 0, ARP_OP_REQUEST, LAN_IP(from), what);
}

static void the_last_question_that_arrived_is_answered(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct ladder_shown shown;
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	uint64_t last = who_has(3 * NS_PER_S, C, LAN_IP(B));
	who_has(4 * NS_PER_S, A, LAN_IP(C));
	sent(&s, 5 * NS_PER_S, A, B, ARP_OP_REPLY, LAN_IP(A), LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.position, last);
	assert_int_equal(shown.verdict.question, QUESTION_ANSWER);
	assert_int_equal(shown.verdict.outcome, OUTCOME_REPLY);
	assert_true(shown.trace.count > 1);
	assert_ptr_equal(trace_last(&shown.trace)->rule, shown.verdict.rule);
}

static void a_machine_s_own_question_is_none_to_answer(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, A, LAN_IP(B));
	struct ladder_shown shown;
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	assert_false(looks(&l, &shown));
}

static void the_facts_are_those_of_the_frame_s_moment(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct ladder_shown shown;
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	say(&s, B, 3 * NS_PER_S, make_sysctl(2, "arp_ignore", 8));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.verdict.outcome, OUTCOME_REPLY);
	who_has(4 * NS_PER_S, A, LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.verdict.outcome, OUTCOME_SILENT);
	assert_string_equal(shown.verdict.rule->id, "ignore.8");
}

static void frames_before_the_step_and_behind_it_are_passed_over(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct ladder_shown shown = { .position = 77 };
	uint64_t before = who_has(2 * NS_PER_S, A, LAN_IP(B));
	uint64_t first = who_has(3 * NS_PER_S, A, LAN_IP(B));
	uint64_t last = who_has(4 * NS_PER_S, A, LAN_IP(B));
	past_settle(s.p, &s.w);
	assert_false(ladder_look(&l, s.p, &s.w, last + 1, UINT64_MAX, &shown));
	assert_false(ladder_look(&l, s.p, &s.w, UINT64_MAX, UINT64_MAX, &shown));
	assert_false(ladder_look(&l, s.p, &s.w, 0, before, &shown));
	assert_int_equal(shown.position, 77);
	assert_true(ladder_look(&l, s.p, &s.w, first, last, &shown));
	assert_int_equal(shown.position, first);
	assert_true(ladder_look(&l, s.p, &s.w, first, UINT64_MAX, &shown));
	assert_int_equal(shown.position, last);
}

static void what_is_learnt_is_learnt_where_the_frame_arrived(void **state)
{
	(void)state;
	struct ladder there = asking(QUESTION_LEARN, B, LAN_IP(A));
	struct ladder beside = asking(QUESTION_LEARN, C, LAN_IP(A));
	struct ladder sender = asking(QUESTION_LEARN, A, LAN_IP(A));
	struct ladder_shown shown;
	uint64_t reply = sent(&s, 2 * NS_PER_S, A, B, ARP_OP_REPLY, LAN_IP(A), LAN_IP(B));
	assert_true(looks(&there, &shown));
	assert_int_equal(shown.position, reply);
	assert_int_equal(shown.verdict.question, QUESTION_LEARN);
	assert_int_equal(shown.verdict.outcome, OUTCOME_NOTHING);
	assert_false(looks(&beside, &shown));
	assert_false(looks(&sender, &shown));
	who_has(3 * NS_PER_S, A, LAN_IP(C));
	assert_true(looks(&beside, &shown));
	assert_int_equal(shown.verdict.outcome, OUTCOME_CREATED);
}

static void a_question_sent_is_led_back_to_its_sender(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANNOUNCE, A, LAN_IP(B));
	struct ladder_shown shown;
	who_has(2 * NS_PER_S, B, LAN_IP(A));
	assert_false(looks(&l, &shown));
	uint64_t last = who_has(3 * NS_PER_S, A, LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.position, last);
	assert_int_equal(shown.verdict.question, QUESTION_ANNOUNCE);
	assert_int_equal(shown.verdict.outcome, OUTCOME_ASKS);
	assert_int_equal(shown.verdict.sender, LAN_IP(A));
	assert_string_equal(shown.verdict.rule->id, "announce.0");
}

static void the_packet_s_source_is_taken_as_it_is_said(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANNOUNCE, A, LAN_IP(B));
	struct ladder_shown shown;
	struct event vip = make_addr(1, VIP, 0), local = make_route(1, VIP, 0);
	vip.addr.prefix = local.route.dst_len = 32;
	local.route.table = RT_TABLE_LOCAL;
	local.route.type = RTN_LOCAL;
	local.route.scope = RT_SCOPE_HOST;
	say(&s, A, 2 * NS_PER_S, vip);
	say(&s, A, 2 * NS_PER_S, local);
	say(&s, A, 2 * NS_PER_S, make_sysctl(2, "arp_announce", 2));
	who_has(3 * NS_PER_S, A, LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.verdict.source, LAN_IP(A));
	l.source = VIP;
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.verdict.source, VIP);
	assert_int_equal(shown.verdict.sender, LAN_IP(A));
	assert_string_equal(shown.verdict.rule->id, "select.subnet");
}

static void a_sender_that_the_rules_do_not_choose_contradicts(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANNOUNCE, A, LAN_IP(B));
	struct ladder_shown shown;
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_false(shown.contradicted);
	sent(&s, 3 * NS_PER_S, A, 0, ARP_OP_REQUEST, LAN_IP(9), LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_true(shown.contradicted);
}

static void a_reply_that_the_rules_forbid_contradicts(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct ladder_shown shown;
	say(&s, B, 2 * NS_PER_S, make_sysctl(2, "arp_ignore", 8));
	who_has(3 * NS_PER_S, A, LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.verdict.outcome, OUTCOME_SILENT);
	assert_false(shown.contradicted);
	sent(&s, 3 * NS_PER_S + MS, B, A, ARP_OP_REPLY, LAN_IP(B), LAN_IP(A));
	assert_true(looks(&l, &shown));
	assert_true(shown.contradicted);
}

static void a_poll_has_no_packet(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANNOUNCE, A, LAN_IP(B));
	struct ladder_shown shown;
	sent(&s, 2 * NS_PER_S, A, B, ARP_OP_REQUEST, LAN_IP(A), LAN_IP(B));
	assert_true(looks(&l, &shown));
	assert_int_equal(shown.verdict.outcome, OUTCOME_ASKS);
	assert_int_equal(shown.verdict.state, NUD_PROBE);
	assert_string_equal(shown.verdict.rule->id, "select.subnet");
}

static void without_a_past_nothing_is_shown(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct ladder_shown shown;
	who_has(NS_PER_S / 2, A, LAN_IP(B)); /* Before the facts were known. */
	assert_false(looks(&l, &shown));
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	assert_false(ladder_look(&l, NULL, &s.w, 0, UINT64_MAX, &shown));
}

static void a_step_shows_it_when_what_stands_before_it_is_passed(void **state)
{
	(void)state;
	struct ladder l = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct item items[] = { { .kind = ITEM_DO },
		{ .kind = ITEM_WHY, .ladders = &l, .ladder_count = 1 } };
	struct step step = { .items = items, .item_count = 2 };
	struct lesson lesson = { .steps = &step, .step_count = 1 };
	struct play play;
	struct ladder_shown shown;
	play_init(&play, &lesson, false);
	play.end_frame = UINT64_MAX;
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	past_settle(s.p, &s.w);
	assert_false(play_ladder(&play, 1, 0, s.p, &s.w, &shown));
	play.item = 2;
	assert_true(play_ladder(&play, 1, 0, s.p, &s.w, &shown));
	assert_int_equal(shown.verdict.outcome, OUTCOME_REPLY);
	play.first_frame = UINT64_MAX;
	assert_false(play_ladder(&play, 1, 0, s.p, &s.w, &shown));
}

static void is_asked(const struct ladder *l, const struct ladder_shown *shown, const char *expected)
{
	char bytes[200];
	struct text t = text_in(bytes, sizeof bytes);
	ladder_asks(&t, l, &s.w, shown);
	assert_string_equal(text_end(&t), expected);
}

static void its_question_is_a_sentence(void **state)
{
	(void)state;
	struct ladder answers = asking(QUESTION_ANSWER, B, LAN_IP(B));
	struct ladder learns = asking(QUESTION_LEARN, B, LAN_IP(A));
	struct ladder asks = asking(QUESTION_ANNOUNCE, A, LAN_IP(B));
	struct ladder_shown shown;
	is_asked(&answers, NULL, "Does b answer who-has 192.168.2.102?");
	is_asked(&learns, NULL, "What does b learn of 192.168.2.101?");
	is_asked(&asks, NULL, "Under which address does a ask who has 192.168.2.102?");
	who_has(2 * NS_PER_S, A, LAN_IP(B));
	assert_true(looks(&answers, &shown));
	is_asked(&answers, &shown, "Does b answer a's who-has 192.168.2.102?");
	assert_true(looks(&learns, &shown));
	is_asked(&learns, &shown, "What does b learn from a's who-has 192.168.2.102?");
	assert_true(looks(&asks, &shown));
	is_asked(&asks, &shown, "Under which address does a ask who has 192.168.2.102?");
	sent(&s, 3 * NS_PER_S, A, B, ARP_OP_REPLY, LAN_IP(A), LAN_IP(B));
	assert_true(looks(&learns, &shown));
	is_asked(&learns, &shown, "What does b learn from a's is-at 192.168.2.101?");
}

#define LINE(test) cmocka_unit_test_setup(test, read_topology)
#define LAB(test) cmocka_unit_test_setup_teardown(test, lab_begins, ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LINE(its_first_word_says_what_it_is),
		LINE(three_questions_are_read),
		LINE(a_line_that_ends_early_says_what_is_expected),
		LINE(a_word_that_is_wrong_is_repeated),
		LINE(words_too_many_are_named),
		LINE(a_line_that_is_too_long_is_refused),
		LAB(the_last_question_that_arrived_is_answered),
		LAB(a_machine_s_own_question_is_none_to_answer),
		LAB(the_facts_are_those_of_the_frame_s_moment),
		LAB(frames_before_the_step_and_behind_it_are_passed_over),
		LAB(what_is_learnt_is_learnt_where_the_frame_arrived),
		LAB(a_question_sent_is_led_back_to_its_sender),
		LAB(the_packet_s_source_is_taken_as_it_is_said),
		LAB(a_sender_that_the_rules_do_not_choose_contradicts),
		LAB(a_reply_that_the_rules_forbid_contradicts),
		LAB(a_poll_has_no_packet),
		LAB(without_a_past_nothing_is_shown),
		LAB(a_step_shows_it_when_what_stands_before_it_is_passed),
		LAB(its_question_is_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
