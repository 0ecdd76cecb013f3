/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a filter passes the rows that hold all its words and none of those after '!'. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>

#include <arplab/filter.h>

#include "streams.h"

#define ROW "request eth0 who-has 192.168.2.200 tell 192.168.2.222"

static bool passes(const char *words, const char *row)
{
	struct filter f;
	memset(&f, 0, sizeof f);
	assert_null(filter_set(&f, words));
	return filter_match(&f, row, strlen(row));
}

static void all_words_must_be_there_in_any_order(void **state)
{
	(void)state;
	assert_true(passes("", ROW));
	assert_true(passes("   ", ROW));
	assert_true(passes("eth0", ROW));
	assert_true(passes("2.222 eth0", ROW));
	assert_true(passes("  tell   who-has ", ROW));
	assert_false(passes("eth0 eth1", ROW));
	assert_false(passes("2.20 2.21", ROW));
	assert_false(passes("eth0", ""));
}

static void the_case_of_letters_does_not_matter(void **state)
{
	(void)state;
	assert_true(passes("ETH0 Who-Has", ROW));
	assert_false(passes("!ETH0", ROW));
}

static void a_word_after_a_bang_must_not_be_there(void **state)
{
	(void)state;
	assert_true(passes("!eth1", ROW));
	assert_false(passes("!eth0", ROW));
	assert_true(passes("eth0 !reply", ROW));
	assert_false(passes("eth0 !request", ROW));
	assert_true(passes("!!", ROW)); /* The second is what is looked for. */
	assert_false(passes("!!", "what!"));
}

static void what_is_no_filter_says_why_and_lets_everything_pass(void **state)
{
	(void)state;
	struct filter f;
	char long_text[FILTER_SIZE + 1];
	memset(&f, 0, sizeof f);
	assert_null(filter_set(&f, "eth7"));
	assert_string_equal(filter_set(&f, "eth7 !"), "a word must follow '!'");
	assert_int_equal(f.count, 0);
	assert_true(filter_match(&f, ROW, sizeof ROW - 1));

	assert_null(filter_set(&f, "eth7"));
	memset(long_text, 'a', sizeof long_text);
	long_text[FILTER_SIZE] = '\0';
	assert_string_equal(filter_set(&f, long_text), "too long");
	assert_int_equal(f.count, 0);
	long_text[FILTER_SIZE - 1] = '\0';
	assert_null(filter_set(&f, long_text));
	assert_false(filter_match(&f, ROW, sizeof ROW - 1));

	char words[2 * FILTER_WORDS + 3] = "";
	for (int i = 0; i < FILTER_WORDS; i++)
		strcat(words, "e ");
	assert_null(filter_set(&f, words));
	strcat(words, "e");
	assert_string_equal(filter_set(&f, words), "too many words");
	assert_int_equal(f.count, 0);
}

/* The text stays as it was typed, to be shown and edited. */
static void the_text_is_kept_as_it_was_typed(void **state)
{
	(void)state;
	struct filter f;
	memset(&f, 0, sizeof f);
	assert_null(filter_set(&f, "  ETH0  !Reply "));
	assert_string_equal(f.text, "  ETH0  !Reply ");
	assert_null(filter_set(&f, "a"));
	assert_string_equal(f.text, "a");
	filter_set(&f, "!");
	assert_string_equal(f.text, "!");
}

static bool naive(char words[][4], const bool *absent, size_t count, const char *row)
{
	for (size_t i = 0; i < count; i++)
		if ((strstr(row, words[i]) != NULL) == absent[i])
			return false;
	return true;
}

static void random_words_pass_what_a_naive_search_passes(void **state)
{
	(void)state;
	uint64_t seed = 31;
	size_t passed = 0;
	for (int round = 0; round < 100000; round++) {
		char row[24] = "", words[3][4] = { "" }, typed[40] = "";
		bool absent[3];
		size_t count = 1 + rng_below(&seed, 3);
		for (uint32_t i = rng_below(&seed, 20); i > 0; i--)
			strncat(row, &"abc "[rng_below(&seed, 4)], 1);
		for (size_t i = 0; i < count; i++) {
			absent[i] = rng_below(&seed, 3) == 0;
			for (uint32_t k = 1 + rng_below(&seed, 3); k > 0; k--)
				strncat(words[i], &"abc"[rng_below(&seed, 3)], 1);
			strcat(strcat(typed, absent[i] ? " !" : " "), words[i]);
		}
		for (char *c = typed; *c; c++)
			if (rng_below(&seed, 2))
				*c = (char)toupper((unsigned char)*c);
		bool expected = naive(words, absent, count, row);
		assert_int_equal(passes(typed, row), expected);
		passed += expected;
	}
	assert_in_range(passed, 10000, 90000); /* Both answers were met often. */
}

/* A row may be part of a longer text. */
static void nothing_behind_the_row_is_looked_at(void **state)
{
	(void)state;
	struct filter f;
	memset(&f, 0, sizeof f);
	assert_null(filter_set(&f, "eth0"));
	assert_false(filter_match(&f, "xxeth0", 5));
	assert_true(filter_match(&f, "xxeth0", 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_must_be_there_in_any_order),
		cmocka_unit_test(the_case_of_letters_does_not_matter),
		cmocka_unit_test(a_word_after_a_bang_must_not_be_there),
		cmocka_unit_test(what_is_no_filter_says_why_and_lets_everything_pass),
		cmocka_unit_test(the_text_is_kept_as_it_was_typed),
		cmocka_unit_test(random_words_pass_what_a_naive_search_passes),
		cmocka_unit_test(nothing_behind_the_row_is_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
