/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: texts are written exactly, never overrun, and cut between characters. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/clock.h>
#include <arplab/err.h>
#include <arplab/text.h>

static char line[256];

static struct text fresh(void)
{
	return text_in(line, sizeof line);
}

#define assert_text(t, wanted) assert_string_equal(text_end(&(t)), wanted)

static void numbers_are_written_as_printf_would(void **state)
{
	(void)state;
	static const uint64_t values[] = { 0, 7, 9, 10, 42, 99, 100, 101, 999, 1000, 65535, 123456,
		UINT32_MAX, 9999999999, 10000000000, INT64_MAX, UINT64_MAX };
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char wanted[32];
		struct text t = fresh();
		text_u64(&t, values[i]);
		snprintf(wanted, sizeof wanted, "%ju", (uintmax_t)values[i]);
		assert_text(t, wanted);
	}
}

static void negative_numbers_have_a_sign(void **state)
{
	(void)state;
	struct text t = fresh();
	text_i64(&t, -1);
	text_char(&t, ' ');
	text_i64(&t, INT64_MIN);
	text_char(&t, ' ');
	text_i64(&t, INT64_MAX);
	assert_text(t, "-1 -9223372036854775808 9223372036854775807");
}

static void groups_of_three_have_commas(void **state)
{
	(void)state;
	static const struct {
		uint64_t value;
		const char *wanted;
	} cases[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 1204, "1,204" },
		{ 123456, "123,456" }, { 1234567, "1,234,567" },
		{ UINT64_MAX, "18,446,744,073,709,551,615" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = fresh();
		text_grouped(&t, cases[i].value);
		assert_text(t, cases[i].wanted);
	}
}

static void zeros_lead_to_the_places_asked_for(void **state)
{
	(void)state;
	struct text t = fresh();
	text_zeros(&t, 42, 6);
	text_char(&t, ' ');
	text_zeros(&t, 0, 3);
	text_char(&t, ' ');
	text_zeros(&t, 1234, 2);
	text_char(&t, ' ');
	text_zeros(&t, 5, 0);
	assert_text(t, "000042 000 1234 5");
}

static void every_octet_is_written_in_an_address(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t octets[4] = { (uint8_t)i, 0, (uint8_t)(255 - i), (uint8_t)i };
		uint32_t ip;
		memcpy(&ip, octets, sizeof ip);
		char wanted[INET_ADDRSTRLEN];
		assert_non_null(inet_ntop(AF_INET, octets, wanted, sizeof wanted));
		struct text t = fresh();
		text_ip(&t, ip);
		assert_text(t, wanted);
	}
}

static void macs_and_bytes_are_lower_case_hex(void **state)
{
	(void)state;
	struct text t = fresh();
	text_mac(&t, (const uint8_t[6]) { 0x00, 0x1c, 0x42, 0xd1, 0xAE, 0xff });
	text_char(&t, ' ');
	text_hex(&t, 0x0f);
	assert_text(t, "00:1c:42:d1:ae:ff 0f");
}

/* Write everything that there is into too little room, at every size. */
static void nothing_is_written_past_the_end(void **state)
{
	(void)state;
	uint32_t ip = htonl(0xc0a802c8);
	char whole[256];
	for (size_t size = 1; size < sizeof whole; size++) {
		char bytes[256];
		memset(bytes, '#', sizeof bytes);
		struct text t = text_in(bytes, size);
		text_put(&t, "who-has ");
		text_ip(&t, ip);
		text_mac(&t, (const uint8_t[6]) { 1, 2, 3, 4, 5, 6 });
		text_u64(&t, UINT64_MAX);
		text_zeros(&t, 1, 9);
		text_name(&t, "eth0", 16);
		text_json(&t, "a\"b\n");
		text_printf(&t, "%d", 12345);
		text_pad(&t, 120);
		text_char(&t, '.');
		assert_int_equal(strlen(text_end(&t)), t.len);
		assert_true(t.len < size);
		assert_int_equal(t.cut, size <= 121);
		for (size_t i = size; i < sizeof bytes; i++)
			assert_int_equal(bytes[i], '#');
	}
}

static void a_cut_text_ends_with_a_whole_character(void **state)
{
	(void)state;
	static const char *const wanted[] = { "", "", "", "名", "名", "名", "名字", "名字" };
	for (size_t size = 1; size <= 8; size++) {
		struct text t = text_in(line, size);
		text_put(&t, "名字");
		assert_text(t, wanted[size - 1]);
		t = text_in(line, size);
		text_name(&t, "名字", 16);
		assert_text(t, wanted[size - 1]);
		t = text_in(line, size);
		text_printf(&t, "%s", "名字");
		assert_true(strlen(text_end(&t)) % 3 == 0);
		assert_memory_equal(line, "名字", t.len);
	}
}

static void nothing_follows_a_cut(void **state)
{
	(void)state;
	struct text t = text_in(line, 5);
	text_put(&t, "ab名");
	assert_true(t.cut);
	text_char(&t, 'x');
	text_put(&t, "y");
	text_printf(&t, "%d", 1);
	assert_text(t, "ab");
}

static void padding_reaches_a_column_once(void **state)
{
	(void)state;
	struct text t = fresh();
	text_put(&t, "ab");
	text_pad(&t, 4);
	text_char(&t, 'c');
	text_pad(&t, 3);
	text_pad(&t, 5);
	assert_text(t, "ab  c");
	text_pad(&t, 6);
	assert_text(t, "ab  c ");
	assert_false(t.cut);
}

static void foreign_names_cannot_command_the_terminal(void **state)
{
	(void)state;
	struct text t = fresh();
	text_name(&t, "a\x1b[2J\xc2\x9b\x7f名\xff\xe2\x80\xae", 64);
	assert_text(t, "a?[2J??名??");
	t = fresh();
	text_name(&t, "abcdef", 3);
	assert_text(t, "abc");
	/* Not terminated, and torn at its end. */
	static const char field[4] = { 'a', '\xe5', '\x90', 'b' };
	t = fresh();
	text_name(&t, field, 3);
	assert_text(t, "a??");
}

static void json_strings_are_escaped_and_well_formed(void **state)
{
	(void)state;
	struct text t = fresh();
	text_json(&t, "a\"\\/\b\f\n\r\t\x01\x1f名\xff");
	assert_text(t, "a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f名\xef\xbf\xbd");
	t = fresh();
	text_json(&t, "\x7f\xc2\x9b\xe2\x80\xae\xf0\x9f\x98\x80");
	assert_text(t, "\\u007f\\u009b\\u202e\xf0\x9f\x98\x80");
}

static void ages_are_told_in_their_largest_unit(void **state)
{
	(void)state;
	static const struct {
		uint64_t seconds;
		const char *wanted;
	} cases[] = { { 0, "now" }, { 1, "1s" }, { 59, "59s" }, { 60, "1m" }, { 3599, "59m" },
		{ 3600, "1h" }, { 86399, "23h" }, { 86400, "1d" }, { 864000, "10d" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = fresh();
		text_age(&t, cases[i].seconds * NS_PER_S + NS_PER_S - 1);
		assert_text(t, cases[i].wanted);
	}
}

static void an_integer_is_the_whole_string(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "-", "+1", " 1", "1 ", "1x", "0x1", "--1", "1.0" };
	int64_t value = 77;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(text_parse_int(wrong[i], -9, 9, &value), -EINVAL);
	assert_int_equal(text_parse_int("10", -9, 9, &value), -ERANGE);
	assert_int_equal(text_parse_int("-10", -9, 9, &value), -ERANGE);
	assert_int_equal(value, 77);
	assert_int_equal(text_parse_int("-9", -9, 9, &value), 0);
	assert_int_equal(value, -9);
	assert_int_equal(text_parse_int("007", -9, 9, &value), 0);
	assert_int_equal(value, 7);
}

static void integers_reach_both_ends_and_no_further(void **state)
{
	(void)state;
	int64_t value = 0;
	assert_int_equal(text_parse_int("9223372036854775807", INT64_MIN, INT64_MAX, &value), 0);
	assert_true(value == INT64_MAX);
	assert_int_equal(text_parse_int("-9223372036854775808", INT64_MIN, INT64_MAX, &value), 0);
	assert_true(value == INT64_MIN);
	static const char *const over[] = { "9223372036854775808", "-9223372036854775809",
		"18446744073709551617", "99999999999999999999999" };
	for (size_t i = 0; i < sizeof over / sizeof *over; i++)
		assert_int_equal(text_parse_int(over[i], INT64_MIN, INT64_MAX, &value), -ERANGE);
}

static void a_field_is_terminated_and_its_rest_is_zero(void **state)
{
	(void)state;
	char field[6];
	memset(field, '#', sizeof field);
	text_copy(field, sizeof field, "ab");
	assert_memory_equal(field, "ab\0\0\0\0", sizeof field);
	text_copy(field, sizeof field, "abcdefgh");
	assert_memory_equal(field, "abcde\0", sizeof field);
	text_copy(field, sizeof field, "abc名");
	assert_memory_equal(field, "abc\0\0\0", sizeof field);
}

static void a_sentence_is_clean_and_hands_its_code_on(void **state)
{
	(void)state;
	struct err err = { .text = "" };
	assert_int_equal(err_set(&err, -EPERM, "cannot open %s\n", "e\x1bth0"), -EPERM);
	assert_string_equal(err.text, "cannot open e?th0?");
	assert_int_equal(err_set(&err, -EIO, "no: %s", err.text), -EIO);
	assert_string_equal(err.text, "no: cannot open e?th0?");
	assert_int_equal(err_set(NULL, -EIO, "unread"), -EIO);
}

static const char *one_of(const void *arg, size_t i)
{
	const char *const *words = arg;
	return words[i];
}

static void values_are_words_of_a_sentence(void **state)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0xaf };
	struct text t = fresh();
	(void)state;
	text_printf(&t, "%s %s %s %s %s", ip_word(inet_addr("255.255.255.255")).text,
		prefix_word(inet_addr("192.168.200.100"), 32).text, mac_word(mac).text,
		grouped_word(UINT64_MAX).text, age_word(UINT64_MAX).text);
	assert_text(t, "255.255.255.255 192.168.200.100/32 02:00:00:00:00:af "
		       "18,446,744,073,709,551,615 213503d");
}

static void the_nearest_word_is_suggested(void **state)
{
	(void)state;
	static const char *const words[] = { "get", "set", "restore", "monitor", NULL };
	assert_string_equal(text_nearest("gte", one_of, words), "get");
	assert_string_equal(text_nearest("set", one_of, words), "set");
	assert_string_equal(text_nearest("moniter", one_of, words), "monitor");
	assert_null(text_nearest("x", one_of, words));
	char also[80];
	assert_string_equal(text_did_you_mean(also, sizeof also, "get"), " Did you mean get?");
	assert_string_equal(text_did_you_mean(also, sizeof also, NULL), "");
	assert_null(text_nearest("frobnicate", one_of, words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_printf_would),
		cmocka_unit_test(negative_numbers_have_a_sign),
		cmocka_unit_test(groups_of_three_have_commas),
		cmocka_unit_test(zeros_lead_to_the_places_asked_for),
		cmocka_unit_test(every_octet_is_written_in_an_address),
		cmocka_unit_test(macs_and_bytes_are_lower_case_hex),
		cmocka_unit_test(nothing_is_written_past_the_end),
		cmocka_unit_test(a_cut_text_ends_with_a_whole_character),
		cmocka_unit_test(nothing_follows_a_cut),
		cmocka_unit_test(padding_reaches_a_column_once),
		cmocka_unit_test(foreign_names_cannot_command_the_terminal),
		cmocka_unit_test(json_strings_are_escaped_and_well_formed),
		cmocka_unit_test(ages_are_told_in_their_largest_unit),
		cmocka_unit_test(an_integer_is_the_whole_string),
		cmocka_unit_test(integers_reach_both_ends_and_no_further),
		cmocka_unit_test(a_field_is_terminated_and_its_rest_is_zero),
		cmocka_unit_test(a_sentence_is_clean_and_hands_its_code_on),
		cmocka_unit_test(values_are_words_of_a_sentence),
		cmocka_unit_test(the_nearest_word_is_suggested),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
