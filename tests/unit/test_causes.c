/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit: what a seed chooses in a ticket, and what is wrong with one. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

#define TICKET                       \
	"# A ticket\n"               \
	"```lesson\n"                \
	"topology: lvs-dr\n"         \
	"minutes: 5\n"               \
	"summary: s\n"               \
	"track: ticket\n"            \
	"pick: bad good = rs1 rs2\n" \
	"```\n"                      \
	"## S\n"
#define BREAK(cause, level) "```break " cause "\nset {bad} all.arp_ignore " level "\n```\n"
#define SOLVE(cause, level) "```solve " cause "\nset {bad} all.arp_ignore " level "\n```\n"
#define CHECK "```check\nsysctl rs1 all.arp_ignore = 1\n```\n"

static const char two[] =
	TICKET BREAK("low", "0") BREAK("high", "2") CHECK SOLVE("low", "1") SOLVE("low", "3")
		SOLVE("high", "4") "```wrong high\nflush all\n```\n"
				   "```debrief low\n{bad} is at {bad.ip}, {good} is not.\n```\n"
				   "```debrief high\nx\n```\n```debrief\ny\n```\n";

static struct lesson *read_cause(size_t cause, uint32_t seed)
{
	struct faults f = { 0 };
	struct lesson_source source = library_source();
	source.cause = cause;
	struct lesson *l = lesson_read("ticket-01-a.md", two, sizeof two - 1, seed, &source, &f);
	print_faults(&f);
	assert_non_null(l);
	return l;
}

static size_t count(const struct lesson *l, enum item_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < l->steps[0].item_count; i++)
		n += l->steps[0].items[i].kind == kind;
	return n;
}

static void one_cause_is_left(void **state)
{
	(void)state;
	struct lesson *l = read_cause(1, 0);
	assert_true(l->ticket);
	assert_int_equal(l->cause_count, 2);
	assert_string_equal(l->cause, "low");
	assert_int_equal(count(l, ITEM_BREAK), 1);
	assert_int_equal(count(l, ITEM_SOLVE), 2);
	assert_int_equal(count(l, ITEM_WRONG), 0);
	assert_int_equal(count(l, ITEM_DEBRIEF), 2);
	assert_string_equal(
		l->steps[0].items[4].prose[0].text, "rs1 is at 192.168.2.101, rs2 is not.");
	lesson_free(l);
	l = read_cause(2, 0);
	assert_string_equal(l->cause, "high");
	assert_int_equal(count(l, ITEM_SOLVE), 1);
	assert_int_equal(count(l, ITEM_WRONG), 1);
	lesson_free(l);
}

/* Every cause with every machine, and always the same by the same seed. */
static void a_seed_chooses_the_cause_and_the_machine(void **state)
{
	(void)state;
	bool seen[2][2] = { { false } };
	for (uint32_t seed = 1; seed <= 40; seed++) {
		struct lesson *a = read_cause(0, seed), *b = read_cause(0, seed);
		const char *order = a->steps[0].items[0].orders[0].text;
		assert_string_equal(a->cause, b->cause);
		assert_string_equal(order, b->steps[0].items[0].orders[0].text);
		assert_int_equal(a->seed, seed);
		seen[a->cause[0] == 'l'][strstr(order, "rs1") != NULL] = true;
		lesson_free(a);
		lesson_free(b);
	}
	assert_true(seen[0][0] && seen[0][1] && seen[1][0] && seen[1][1]);
}

static void mistakes_are_told_whichever_cause_is_chosen(void **state)
{
	(void)state;
	assert_only_fault(TICKET BREAK("a", "0") CHECK SOLVE("a", "1") "```hint b\nx\n```\n", 19,
		"there is no cause b");
	assert_only_fault(TICKET BREAK("a", "0") BREAK("b", "0") CHECK SOLVE("a", "1"), 13,
		"the cause b has no ```solve");
	assert_only_fault(TICKET BREAK("a", "0") BREAK("b", "zero") CHECK SOLVE("a", "1")
				  SOLVE("b", "1"),
		14, "zero");
	assert_only_fault(TICKET "```debrief\nx\n```\n" CHECK SOLVE("", "1"), 10,
		"stands behind the ```check");
	assert_only_fault(TICKET "```break\nflush all\n```\n", 10, "this step has none");
	assert_only_fault("# T\n```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: s\n"
			  "pick: bad = rs9\n```\n## S\n\nx\n",
		6, "as many new names as machines");
	assert_only_fault("# T\n```lesson\ntopology: lvs-dr\nminutes: 5\nsummary: s\n"
			  "pick: rs1 good = rs1 rs2\n```\n## S\n\nx\n",
		6, "as many new names as machines");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cause_is_left),
		cmocka_unit_test(a_seed_chooses_the_cause_and_the_machine),
		cmocka_unit_test(mistakes_are_told_whichever_cause_is_chosen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
