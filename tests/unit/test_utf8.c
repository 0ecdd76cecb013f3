/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: UTF-8 is read strictly, what could command a terminal is not, and widths are right. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <arplab/utf8.h>

enum { BAD = 0xfffd };

/* Every character of s is as wanted, a 0 at the end, and the pointer stays on the terminator. */
static void assert_read(const char *s, const uint32_t *wanted)
{
	const char *p = s;
	for (; *wanted; wanted++)
		assert_int_equal(utf8_next(&p), *wanted);
	assert_int_equal(utf8_next(&p), 0);
	assert_int_equal(utf8_next(&p), 0);
	assert_ptr_equal(p, s + strlen(s));
}

static void every_character_is_written_and_read_back(void **state)
{
	(void)state;
	for (uint32_t c = 0xa0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		char bytes[5] = { 0 };
		size_t len = utf8_put(bytes, c);
		const char *p = bytes;
		uint32_t read = utf8_next(&p);
		if (p != bytes + len || (read != c && read != BAD))
			fail_msg("U+%04X is read as U+%04X", c, read);
	}
	assert_read("aé名😀", (const uint32_t[]) { 'a', 0xe9, 0x540d, 0x1f600, 0 });
}

static void lengths_change_where_the_standard_says(void **state)
{
	(void)state;
	static const uint32_t first[] = { 0, 0x80, 0x800, 0x10000, 0x110000 };
	char bytes[4];
	for (size_t len = 1; len <= 4; len++) {
		assert_int_equal(utf8_put(bytes, first[len - 1]), len);
		assert_int_equal(utf8_put(bytes, first[len] - 1), len);
	}
}

static void each_byte_that_is_not_utf8_is_told_alone(void **state)
{
	(void)state;
	assert_read("\x80", (const uint32_t[]) { BAD, 0 });
	assert_read("\xff\xfe", (const uint32_t[]) { BAD, BAD, 0 });
	assert_read("\xe5\x90", (const uint32_t[]) { BAD, BAD, 0 });
	assert_read("\xe5\x90x", (const uint32_t[]) { BAD, BAD, 'x', 0 });
	assert_read("\xf0\x9f\x98", (const uint32_t[]) { BAD, BAD, BAD, 0 });
}

static void overlong_and_impossible_forms_are_refused(void **state)
{
	(void)state;
	assert_read("\xc1\xbf", (const uint32_t[]) { BAD, BAD, 0 });
	assert_read("\xc0\xaf", (const uint32_t[]) { BAD, BAD, 0 });
	assert_read("\xe0\x80\xaf", (const uint32_t[]) { BAD, BAD, BAD, 0 });
	assert_read("\xf0\x80\x80\xaf", (const uint32_t[]) { BAD, BAD, BAD, BAD, 0 });
	assert_read("\xed\xa0\x80", (const uint32_t[]) { BAD, BAD, BAD, 0 });
	assert_read("\xf4\x90\x80\x80", (const uint32_t[]) { BAD, BAD, BAD, BAD, 0 });
}

static void no_control_character_comes_through(void **state)
{
	(void)state;
	for (uint32_t c = 1; c < 0xa0; c++) {
		char bytes[5] = { 0 };
		utf8_put(bytes, c);
		const char *p = bytes;
		uint32_t read = utf8_next(&p);
		assert_int_equal(read, c >= ' ' && c < 0x7f ? c : BAD);
	}
	static const uint32_t turning[] = { 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066,
		0x2069 };
	for (size_t i = 0; i < sizeof turning / sizeof *turning; i++) {
		char bytes[5] = { 0 };
		utf8_put(bytes, turning[i]);
		assert_read(bytes, (const uint32_t[]) { BAD, 0 });
	}
}

static void widths_are_those_of_unicode(void **state)
{
	(void)state;
	static const struct {
		uint32_t c;
		unsigned cells;
	} cases[] = {
		{ 0, 0 },
		{ 'a', 1 },
		{ 0xad, 1 },
		{ 0xe9, 1 },
		{ 0x2ff, 1 },
		{ BAD, 1 },
		{ 0x300, 0 },
		{ 0x36f, 0 },
		{ 0x370, 1 },
		{ 0x200b, 0 },
		{ 0xfe0f, 0 },
		{ 0x10ff, 1 },
		{ 0x1100, 2 },
		{ 0x115f, 2 },
		{ 0x1160, 0 },
		{ 0x2026, 1 },
		{ 0x2500, 1 },
		{ 0x25cf, 1 },
		{ 0x2713, 1 },
		{ 0x3000, 2 },
		{ 0x3002, 2 },
		{ 0x4e00, 2 },
		{ 0x540d, 2 },
		{ 0x9fff, 2 },
		{ 0xabff, 1 },
		{ 0xac00, 2 },
		{ 0xd7a3, 2 },
		{ 0xff01, 2 },
		{ 0xff61, 1 },
		{ 0x1f600, 2 },
		{ 0x20000, 2 },
		{ 0x3fffd, 2 },
		{ 0x3fffe, 1 },
		{ 0xe0001, 0 },
		{ 0xe01ef, 0 },
		{ 0x10ffff, 1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (utf8_cells(cases[i].c) != cases[i].cells)
			fail_msg("U+%04X takes %u cells, not %u", cases[i].c,
				utf8_cells(cases[i].c), cases[i].cells);
	}
}

static void a_string_is_as_wide_as_its_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_width(""), 0);
	assert_int_equal(utf8_width("eth0"), 4);
	assert_int_equal(utf8_width("名字 e\xcc\x81"), 6);
	assert_int_equal(utf8_width("\x1b\xff"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_is_written_and_read_back),
		cmocka_unit_test(lengths_change_where_the_standard_says),
		cmocka_unit_test(each_byte_that_is_not_utf8_is_told_alone),
		cmocka_unit_test(overlong_and_impossible_forms_are_refused),
		cmocka_unit_test(no_control_character_comes_through),
		cmocka_unit_test(widths_are_those_of_unicode),
		cmocka_unit_test(a_string_is_as_wide_as_its_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
