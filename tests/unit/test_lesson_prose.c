/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the prose of a lesson: marks, joined lines, lists, listings, what looks like something
 * else. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

/* The prose of a step that consists of it alone. */
static struct lesson *read_prose(const char *prose)
{
	char text[4096];
	snprintf(text, sizeof text, HEAD "## Step\n\n%s\n", prose);
	return must_read(text);
}

static void assert_prose(const char *prose, enum prose_kind kind, const char *text)
{
	struct lesson *l = read_prose(prose);
	assert_int_equal(l->steps[0].item_count, 1);
	const struct item *i = &l->steps[0].items[0];
	assert_int_equal(i->kind, ITEM_PROSE);
	assert_int_equal(i->prose_count, 1);
	assert_int_equal(i->prose[0].kind, kind);
	assert_string_equal(i->prose[0].text, text);
	lesson_free(l);
}

static void marks_are_closed_and_do_not_nest(void **state)
{
	(void)state;
	assert_prose("a **b** c", PROSE_PARAGRAPH,
		"a \x01"
		"b\x01 c");
	assert_prose("`a` *b*", PROSE_PARAGRAPH,
		"\x03"
		"a\x03 \x02"
		"b\x02");
	assert_prose("**a **b** c**", PROSE_PARAGRAPH,
		"\x01"
		"a b c\x01");
	assert_prose("a \\*b\\* & &lt;c&gt; &#65; &#27; &#x1;", PROSE_PARAGRAPH,
		"a *b* & <c> A &#27; &#x1;");
}

static void lines_of_a_paragraph_are_joined(void **state)
{
	(void)state;
	assert_prose("a\nb  \nc", PROSE_PARAGRAPH, "a b\nc");
	/* Scripts without blanks get none; what stands beside other letters does. */
	assert_prose("一\n二", PROSE_PARAGRAPH, "一二");
	assert_prose("一\n**二**", PROSE_PARAGRAPH, "一\x01二\x01");
	assert_prose("一\na", PROSE_PARAGRAPH, "一 a");
	assert_prose("一。\n`a`", PROSE_PARAGRAPH,
		"一。\x03"
		"a\x03");
	assert_prose("a\n（一）\nb", PROSE_PARAGRAPH, "a（一）b");
	assert_prose("Ａ\nb", PROSE_PARAGRAPH, "Ａ b");
}

static void links_are_written_out(void **state)
{
	(void)state;
	assert_prose("[a](https://b.example/c)", PROSE_PARAGRAPH, "a (https://b.example/c)");
	assert_prose("<https://b.example/>", PROSE_PARAGRAPH, "https://b.example/");
	assert_prose("[a](02-other.md) ![b](c.png)", PROSE_PARAGRAPH, "a b");
}

static void other_prose_keeps_its_kind(void **state)
{
	(void)state;
	assert_prose("> said\n> so", PROSE_QUOTE, "said so");
	assert_prose("### A part", PROSE_HEADING, "A part");
	assert_prose("```\na {\n  b\n\n}\n```", PROSE_LISTING, "a {\n  b\n\n}");
	assert_prose("```sh\nip neigh {{\n```", PROSE_LISTING, "ip neigh {");
	assert_prose("    a\n    b", PROSE_LISTING, "a\nb");
	assert_prose("a <!-- for authors -->\n\n<!-- not\nshown -->\n", PROSE_PARAGRAPH, "a ");
}

static void items_of_lists_know_their_depth_and_number(void **state)
{
	(void)state;
	static const struct {
		enum prose_kind kind;
		unsigned depth, number;
		const char *text;
	} want[] = { { PROSE_ITEM, 0, 0, "a" }, { PROSE_ITEM, 1, 3, "b" },
		{ PROSE_PARAGRAPH, 1, 0, "more" }, { PROSE_ITEM, 1, 4, "c" },
		{ PROSE_ITEM, 0, 0, "d" } };
	struct lesson *l = read_prose("- a\n\n  3. b\n\n     more\n\n  4. c\n- d\n");
	const struct item *i = &l->steps[0].items[0];
	assert_int_equal(i->prose_count, 5);
	for (size_t k = 0; k < 5; k++) {
		assert_int_equal(i->prose[k].kind, want[k].kind);
		assert_int_equal(i->prose[k].depth, want[k].depth);
		assert_int_equal(i->prose[k].number, want[k].number);
		assert_string_equal(i->prose[k].text, want[k].text);
	}
	lesson_free(l);
}

static void a_reply_may_look_like_other_prose(void **state)
{
	(void)state;
	struct lesson *l = must_read(HEAD "## Step\n"
					  "```predict\n"
					  "# 4 of `them`?\n"
					  "* yes: 4. is a number\n"
					  "- `no`: - is a dash, > a sign\n"
					  "```\n");
	const struct item *i = &l->steps[0].items[0];
	assert_string_equal(i->text, "# 4 of \x03them\x03?");
	assert_string_equal(i->choices[0].reply, "4. is a number");
	assert_string_equal(i->choices[1].name, "no");
	assert_string_equal(i->choices[1].reply, "- is a dash, > a sign");
	lesson_free(l);
}

static void a_hint_may_hold_a_listing(void **state)
{
	(void)state;
	struct lesson *l = must_read(HEAD "## Step\n"
					  "```check\nsysctl rs1 all.arp_ignore = 1\n```\n"
					  "```solve\nset rs1 all.arp_ignore 1\n```\n"
					  "````hint\n"
					  "Type:\n"
					  "```\n"
					  "ping {rs1}\n"
					  "```\n"
					  "````\n");
	const struct item *i = &l->steps[0].items[2];
	assert_int_equal(i->kind, ITEM_HINT);
	assert_int_equal(i->prose_count, 2);
	assert_int_equal(i->prose[1].kind, PROSE_LISTING);
	assert_string_equal(i->prose[1].text, "ping 192.168.2.101");
	lesson_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_closed_and_do_not_nest),
		cmocka_unit_test(lines_of_a_paragraph_are_joined),
		cmocka_unit_test(links_are_written_out),
		cmocka_unit_test(other_prose_keeps_its_kind),
		cmocka_unit_test(items_of_lists_know_their_depth_and_number),
		cmocka_unit_test(a_reply_may_look_like_other_prose),
		cmocka_unit_test(a_hint_may_hold_a_listing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
