/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: doc/arplab-lesson.5 has every order and claim as the tables do, and an example that works.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

static char manual[65536];

static int load(void **state)
{
	(void)state;
	char path[4096];
	const char *tests = getenv("ARPLAB_TESTS");
	snprintf(path, sizeof path, "%s/../doc/arplab-lesson.5", tests ? tests : "tests");
	FILE *f = fopen(path, "re");
	if (!f) {
		print_error("%s cannot be read\n", path);
		return -1;
	}
	size_t len = fread(manual, 1, sizeof manual - 1, f);
	manual[len] = '\0';
	fclose(f);
	return 0;
}

/* Where a section's text begins and ends. */
static const char *section(const char *heading, const char **ret_end)
{
	const char *begin = strstr(manual, heading);
	assert_non_null(begin);
	*ret_end = strstr(begin + 1, "\n.Sh ");
	assert_non_null(*ret_end);
	return begin;
}

/* The row of a word, with its help below it. */
static void assert_row(const char *heading, const char *name, const char *args, const char *help)
{
	char row[512];
	const char *end, *begin = section(heading, &end);
	snprintf(row, sizeof row, "\n.It Ic %s No %s\n%s\n", name, args, help);
	const char *found = strstr(begin, row);
	if (!found || found > end)
		print_message("the manual lacks:%s", row);
	assert_true(found && found < end);
}

static size_t count_rows(const char *heading)
{
	size_t rows = 0;
	const char *end, *at = section(heading, &end);
	while ((at = strstr(at + 1, "\n.It Ic ")) && at < end)
		rows++;
	return rows;
}

static void orders_are_those_of_the_table(void **state)
{
	(void)state;
	size_t count;
	const struct order_word *words = order_words(&count);
	for (size_t i = 0; i < count; i++)
		assert_row("\n.Sh ORDERS\n", words[i].name, words[i].args, words[i].help);
	assert_int_equal(count_rows("\n.Sh ORDERS\n"), count);
}

static void claims_are_those_of_the_table(void **state)
{
	(void)state;
	size_t count;
	const struct claim_word *words = claim_words(&count);
	for (size_t i = 0; i < count; i++)
		assert_row("\n.Sh CLAIMS\n", words[i].name, words[i].args, words[i].help);
	assert_int_equal(count_rows("\n.Sh CLAIMS\n"), count);
}

/* What roff shows for the escapes that the example has. */
static void unescape(char *text)
{
	char *to = text;
	while (*text) {
		if (strncmp(text, "\\(ga", 4) == 0) {
			*to++ = '`';
			text += 4;
		} else {
			text += *text == '\\';
			*to++ = *text++;
		}
	}
	*to = '\0';
}

static void the_example_is_a_valid_lesson(void **state)
{
	(void)state;
	char example[4096];
	const char *begin = strstr(manual, "\n.Bd -literal\n");
	assert_non_null(begin);
	begin += strlen("\n.Bd -literal\n");
	const char *end = strstr(begin, "\n.Ed\n");
	assert_non_null(end);
	size_t len = (size_t)(end - begin) + 1;
	assert_true(len < sizeof example);
	memcpy(example, begin, len);
	example[len] = '\0';
	unescape(example);
	struct lesson *l = must_read(example);
	assert_int_equal(l->step_count, 2);
	assert_true(l->steps[1].has_solve);
	lesson_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_are_those_of_the_table),
		cmocka_unit_test(claims_are_those_of_the_table),
		cmocka_unit_test(the_example_is_a_valid_lesson),
	};
	return cmocka_run_group_tests(tests, load, NULL);
}
