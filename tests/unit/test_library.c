/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the lessons that are built in are valid, follow one another, and are found by name. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lessons.h"

static struct lesson *read_cause(const struct library_lesson *b, uint32_t seed, size_t cause)
{
	struct lesson_source source = library_source();
	source.cause = cause;
	struct faults f = { 0 };
	struct lesson *l = lesson_read(b->file, b->bytes, b->len, seed, &source, &f);
	for (size_t i = 0; i < f.count; i++)
		print_message("lessons/%s:%u: %s\n", b->file, f.list[i].line, f.list[i].text);
	faults_done(&f);
	return l;
}

static struct lesson *read_built_in(const struct library_lesson *b, uint32_t seed)
{
	return read_cause(b, seed, 0);
}

static void every_lesson_is_valid(void **state)
{
	(void)state;
	unsigned bad = 0;
	assert_true(library_count() > 0);
	for (size_t i = 0; i < library_count(); i++) {
		const struct library_lesson *b = library_lesson(i);
		struct lesson *l = read_built_in(b, 0);
		bad += !l;
		if (l)
			assert_string_equal(l->id, b->id);
		lesson_free(l);
	}
	assert_int_equal(bad, 0);
	assert_null(library_lesson(library_count()));
}

/* Lessons use names only, so that a seed can vary what they stand for. */
static void every_lesson_can_be_varied(void **state)
{
	(void)state;
	for (size_t i = 0; i < library_count(); i++)
		for (uint32_t seed = 1; seed < 4; seed++) {
			struct lesson *l = read_built_in(library_lesson(i), seed);
			assert_non_null(l);
			lesson_free(l);
		}
}

/* No address of its topology is written out in a lesson: it would be wrong under a seed. */
static void no_lesson_names_an_address_of_its_topology(void **state)
{
	(void)state;
	unsigned bad = 0;
	for (size_t i = 0; i < library_count(); i++) {
		const struct library_lesson *b = library_lesson(i);
		struct lesson *l = read_built_in(b, 0);
		assert_non_null(l);
		size_t len;
		const char *text =
			l->topology_name[0] ? library_topology(l->topology_name, &len) : NULL;
		struct topology t;
		struct names n = { 0 };
		struct faults f = { 0 };
		if (text)
			assert_int_equal(topology_read(text, len, 1, &t, &n, &f), 0);
		for (size_t k = 0; k < n.count; k++) {
			const char *found = strstr(b->bytes, n.list[k].value);
			size_t size = strlen(n.list[k].value);
			if (!found || (found[size] >= '0' && found[size] <= '9'))
				continue;
			print_message("lessons/%s says %s: write {%s}\n", b->file, n.list[k].value,
				n.list[k].name);
			bad++;
		}
		names_done(&n);
		lesson_free(l);
	}
	assert_int_equal(bad, 0);
}

static void lessons_follow_one_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < library_count(); i++) {
		const struct library_lesson *b = library_lesson(i);
		struct lesson *l = read_built_in(b, 0);
		assert_non_null(l);
		bool found = !l->after[0];
		for (size_t k = 0; k < i && !found; k++)
			found = strcmp(library_lesson(k)->id, l->after) == 0;
		if (!found)
			print_message("lessons/%s: after: %s is no lesson before it\n", b->file,
				l->after);
		assert_true(found);
		lesson_free(l);
	}
}

static void translations_say_what_their_originals_say(void **state)
{
	(void)state;
	struct err err;
	unsigned bad = 0;
	for (size_t i = 0; i < library_count(); i++) {
		const struct library_lesson *b = library_lesson(i);
		if (!*b->language)
			continue;
		const struct library_lesson *o = library_find(b->id, "", &err);
		assert_non_null(o);
		assert_string_equal(o->language, "");
		size_t causes = 1;
		for (size_t cause = 1; cause <= causes; cause++) {
			struct lesson *original = read_cause(o, 0, cause),
				      *l = read_cause(b, 0, cause);
			assert_non_null(original);
			assert_non_null(l);
			causes = original->cause_count ? original->cause_count : 1;
			struct faults f = { 0 };
			lesson_compare(original, l, &f);
			for (size_t k = 0; k < f.count; k++)
				print_message("lessons/%s:%u: %s\n", b->file, f.list[k].line,
					f.list[k].text);
			bad += f.count > 0;
			faults_done(&f);
			lesson_free(original);
			lesson_free(l);
		}
	}
	assert_int_equal(bad, 0);
}

static void every_topology_is_valid_and_can_be_varied(void **state)
{
	(void)state;
	struct lesson_source source = library_source();
	const char *name;
	size_t count = 0, len;
	for (; (name = source.topology_name(source.arg, count)); count++) {
		struct topology t;
		struct names n;
		struct faults f = { 0 };
		const char *text = source.topology(source.arg, name, &len);
		int result = topology_read(text, len, 1, &t, &n, &f);
		for (size_t i = 0; i < f.count; i++)
			print_message("%s:%u: %s\n", name, f.list[i].line, f.list[i].text);
		assert_int_equal(result, 0);
		assert_int_equal(topology_vary(&t, &n, 9, NULL), 0);
		names_done(&n);
	}
	assert_true(count >= 3);
	assert_null(library_topology("no-such", &len));
}

static void a_lesson_is_found_by_id_number_and_beginning(void **state)
{
	(void)state;
	struct err err;
	static const char *const words[] = { "06-arp-ignore-0", "06-arp", "06", "6", "006", "06-" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct library_lesson *l = library_find(words[i], "", &err);
		assert_non_null(l);
		assert_string_equal(l->id, "06-arp-ignore-0");
		assert_string_equal(l->language, "");
	}
}

static void the_reader_s_language_is_found(void **state)
{
	(void)state;
	struct err err;
	assert_string_equal(library_find("1", "zh_CN", &err)->language, "zh_CN");
	assert_string_equal(library_find("1", "zh_CN", &err)->id, "01-arp-basics");
	/* Where there is no translation, the original is given. */
	assert_string_equal(library_find("1", "xx", &err)->language, "");
}

static void what_is_no_lesson_is_told(void **state)
{
	(void)state;
	struct err err;
	assert_null(library_find("06-arp-ignor-1", "", &err));
	assert_non_null(strstr(err.text, "Did you mean 06-arp-ignore-0?"));
	assert_null(library_find("0", "", &err));
	assert_non_null(strstr(err.text, "may be 01-"));
	assert_null(library_find("", "", &err));
	assert_null(library_find("999", "", &err));
	assert_null(library_find("6x", "", &err));
}

static void the_template_is_a_valid_lesson(void **state)
{
	(void)state;
	static const char *const names[] = { "My lesson", "", " ", "4. a {vip} `b` *c* <d> & #",
		"\xff\x1b\n", "### x" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *text = lesson_template(names[i]);
		struct lesson *l = must_read(text);
		assert_int_equal(l->step_count, 2);
		assert_true(l->steps[1].has_solve);
		if (i == 0)
			assert_string_equal(l->title, "My lesson");
		if (i == 1)
			assert_string_equal(l->title, "A new lesson");
		if (i == 3)
			assert_string_equal(l->title, names[3]);
		lesson_free(l);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lesson_is_valid),
		cmocka_unit_test(every_lesson_can_be_varied),
		cmocka_unit_test(no_lesson_names_an_address_of_its_topology),
		cmocka_unit_test(lessons_follow_one_another),
		cmocka_unit_test(translations_say_what_their_originals_say),
		cmocka_unit_test(every_topology_is_valid_and_can_be_varied),
		cmocka_unit_test(a_lesson_is_found_by_id_number_and_beginning),
		cmocka_unit_test(the_reader_s_language_is_found),
		cmocka_unit_test(what_is_no_lesson_is_told),
		cmocka_unit_test(the_template_is_a_valid_lesson),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
