/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the undo journal reads what it wrote, however it was cut short, and says what is wrong. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <arplab/journal.h>
#include <arplab/sysctl.h>

#define HEAD "arplab-journal 1\nboot 26d995ea-7af0-46d4-95e8-b6f9f5b0194e\n"
#define ONE "change 1 conf eth0 2 arp_ignore 0 1 1234 1700000000000000000 held\n"
#define TWO "change 2 conf all 0 arp_announce 0 2 1234 1700000000000000001 kept\n"
#define THREE "change 3 neigh eth0 2 locktime 100 0 1234 1700000000000000002 held\n"

/* Returns the parser's answer for a text. */
static int parse(const char *text, struct journal *ret, struct err *err)
{
	return journal_parse(text, strlen(text), ret, err);
}

static void assert_flaw(const char *text, const char *sentence)
{
	struct journal j;
	struct err err = { .text = "" };

	assert_int_equal(parse(text, &j, &err), -EBADMSG);
	assert_string_equal(err.text, sentence);
}

static void a_written_change_is_read_back(void **state)
{
	(void)state;
	char bytes[1024];
	struct text t = text_in(bytes, sizeof bytes);
	struct change c = {
		.number = 7,
		.ifindex = 12,
		.key = (uint16_t)sysctl_find("arp_announce"),
		.state = CHANGE_KEPT,
		.before = -1,
		.after = INT32_MAX,
		.pid = 4321,
		.made_ns = UINT64_C(1700000000123456789),
		.name = "eth0.5",
	};
	struct journal j;

	journal_write_head(&t, "some-boot");
	journal_write_change(&t, &c);
	assert_int_equal(parse(text_end(&t), &j, NULL), 0);
	assert_string_equal(j.boot, "some-boot");
	assert_int_equal(j.count, 1);
	assert_int_equal(j.next, 8);
	assert_memory_equal(&j.rows[0], &c, sizeof c);
}

static void names_with_strange_bytes_survive(void **state)
{
	(void)state;
	char bytes[1024];
	struct change c = { .number = 1, .ifindex = 3, .state = CHANGE_HELD, .pid = 1 };
	struct journal j;

	for (int byte = 1; byte < 256; byte++) {
		struct text t = text_in(bytes, sizeof bytes);
		memset(c.name, byte, IFNAME_SIZE - 1);
		journal_write_head(&t, "b");
		journal_write_change(&t, &c);
		assert_false(t.cut);
		assert_true(strlen(text_end(&t)) < JOURNAL_LINE_MAX + sizeof HEAD);
		assert_int_equal(parse(bytes, &j, NULL), 0);
		assert_int_equal(j.count, 1);
		assert_memory_equal(j.rows[0].name, c.name, IFNAME_SIZE);
	}
}

static void every_key_can_be_written_and_read(void **state)
{
	(void)state;
	size_t count;
	char bytes[1024];
	struct journal j;

	sysctl_keys(&count);
	assert_true(count > 0);
	for (size_t key = 0; key < count; key++) {
		struct change c = {
			.number = UINT32_MAX - 1,
			.ifindex = CONF_DEFAULT,
			.key = (uint16_t)key,
			.state = CHANGE_HELD,
			.before = INT32_MIN,
			.after = INT32_MIN,
			.pid = INT32_MAX,
			.made_ns = INT64_MAX,
			.name = "default",
		};
		struct text t = text_in(bytes, sizeof bytes);
		journal_write_change(&t, &c);
		assert_true(t.len < JOURNAL_LINE_MAX);
		t = text_in(bytes, sizeof bytes);
		journal_write_head(&t, "b");
		journal_write_change(&t, &c);
		assert_int_equal(parse(text_end(&t), &j, NULL), 0);
		assert_memory_equal(&j.rows[0], &c, sizeof c);
	}
}

static void undone_changes_are_gone_and_the_others_keep_their_order(void **state)
{
	(void)state;
	struct journal j;

	assert_int_equal(parse(HEAD ONE TWO THREE "undone 2\n", &j, NULL), 0);
	assert_int_equal(j.count, 2);
	assert_int_equal(j.rows[0].number, 1);
	assert_int_equal(j.rows[1].number, 3);
	assert_int_equal(j.next, 4);
	assert_int_equal(parse(HEAD ONE TWO "undone 2\nundone 1\n", &j, NULL), 0);
	assert_int_equal(j.count, 0);
	assert_int_equal(j.next, 3);
}

static void later_lines_change_the_state(void **state)
{
	(void)state;
	struct journal j;

	assert_int_equal(parse(HEAD ONE TWO THREE "kept 1\norphan 3\nforeign 2\n", &j, NULL), 0);
	assert_int_equal(j.count, 3);
	assert_int_equal(j.rows[0].state, CHANGE_KEPT);
	assert_int_equal(j.rows[1].state, CHANGE_FOREIGN);
	assert_int_equal(j.rows[2].state, CHANGE_ORPHAN);
}

static void a_row_struck_before_may_be_named_again(void **state)
{
	(void)state;
	struct journal j;

	assert_int_equal(parse(HEAD ONE "undone 1\nundone 1\norphan 1\n", &j, NULL), 0);
	assert_int_equal(j.count, 0);
}

static void every_beginning_of_a_journal_can_be_read(void **state)
{
	(void)state;
	static const char whole[] = HEAD ONE TWO "undone 1\n" THREE "orphan 3\n";
	struct journal j;

	for (size_t len = 0; len < sizeof whole; len++) {
		assert_int_equal(journal_parse(whole, len, &j, NULL), 0);
		size_t changes = 0;
		for (size_t at = 0; at < len; at++) {
			const char *feed = memchr(whole + at, '\n', len - at);
			if ((at == 0 || whole[at - 1] == '\n') && whole[at] == 'c' && feed)
				changes++;
			if ((at == 0 || whole[at - 1] == '\n') && whole[at] == 'u' && feed)
				changes--;
		}
		assert_int_equal(j.count, changes);
	}
}

static void an_empty_file_is_an_empty_journal(void **state)
{
	(void)state;
	struct journal j;

	assert_int_equal(journal_parse("", 0, &j, NULL), 0);
	assert_string_equal(j.boot, "");
	assert_int_equal(j.count, 0);
	assert_int_equal(j.next, 1);
}

static void damage_is_told_with_its_line(void **state)
{
	(void)state;
	assert_flaw("hello\n", "line 1: it is not arplab's");
	assert_flaw("arplab-journal 2\n", "line 1: it was written by a newer arplab");
	assert_flaw("arplab-journal 1\n" ONE, "line 2: the boot's id was expected");
	assert_flaw("arplab-journal 1\nboot \n", "line 2: a boot's id has 1 to 39 characters");
	assert_flaw(HEAD "\n", "line 3: its first word means nothing here");
	assert_flaw(HEAD "held 1\n", "line 3: its first word means nothing here");
	assert_flaw(HEAD ONE "undone 2\n", "line 4: it names a change that was never made");
	assert_flaw(HEAD ONE "undone\n", "line 4: it must name one change by its number");
	assert_flaw(HEAD ONE "undone x\n", "line 4: it must name one change by its number");
	assert_flaw(HEAD ONE ONE, "line 4: its number was used before");
	assert_flaw(
		HEAD "change 1 conf eth0 2 arp_ignore 0 1 1 1\n", "line 3: a change has 11 words");
	assert_flaw(HEAD "change 1 conf eth0 2 arp_ignore 0 1 1 1 undone\n",
		"line 3: its last word is neither held nor kept");
	assert_flaw(HEAD "change 1 neigh eth0 2 arp_ignore 0 1 1 1 held\n",
		"line 3: its sysctl is of another family");
	assert_flaw(HEAD "change 1 conf eth0 2 shmmax 0 1 1 1 held\n",
		"line 3: its sysctl is none that arplab changes");
	assert_flaw(HEAD "change 1 conf eth0 2 arp_ignore 0 2147483648 1 1 held\n",
		"line 3: a number in it cannot be read");
	assert_flaw(HEAD "change 1 conf all 2 arp_ignore 0 1 1 1 held\n",
		"line 3: its interface cannot be read");
	assert_flaw(HEAD "change 1 conf eth0 0 arp_ignore 0 1 1 1 held\n",
		"line 3: its interface cannot be read");
	assert_flaw(HEAD "change 1 conf eth%4 2 arp_ignore 0 1 1 1 held\n",
		"line 3: its interface cannot be read");
	assert_flaw(HEAD "change 1 conf sixteenlettersxx 2 arp_ignore 0 1 1 1 held\n",
		"line 3: its interface cannot be read");
}

static void zeros_and_long_lines_are_damage(void **state)
{
	(void)state;
	char bytes[JOURNAL_LINE_MAX + 1];
	struct journal j;

	memset(bytes, 'x', sizeof bytes);
	bytes[JOURNAL_LINE_MAX] = '\n';
	assert_int_equal(journal_parse(bytes, sizeof bytes, &j, NULL), -EBADMSG);
	static const char zeros[] = HEAD ONE "undone 1\0\n";
	assert_int_equal(journal_parse(zeros, sizeof zeros - 1, &j, NULL), -EBADMSG);
}

static void what_cannot_be_read_leaves_the_result_untouched(void **state)
{
	(void)state;
	struct journal j, same;

	memset(&j, 0x5a, sizeof j);
	same = j;
	assert_int_equal(parse(HEAD ONE "what\n", &j, NULL), -EBADMSG);
	assert_memory_equal(&j, &same, sizeof j);
}

static void more_changes_than_fit_are_refused(void **state)
{
	(void)state;
	static char bytes[(JOURNAL_ROWS_MAX + 4) * 80];
	struct text t = text_in(bytes, sizeof bytes);
	struct change c = { .ifindex = 2, .state = CHANGE_HELD, .pid = 1, .name = "eth0" };
	struct journal j;

	journal_write_head(&t, "b");
	for (uint32_t i = 1; i <= JOURNAL_ROWS_MAX; i++) {
		c.number = i;
		journal_write_change(&t, &c);
	}
	struct text room = t;
	assert_int_equal(parse(text_end(&t), &j, NULL), 0);
	assert_int_equal(j.count, JOURNAL_ROWS_MAX);
	c.number = JOURNAL_ROWS_MAX + 1;
	journal_write_change(&t, &c);
	assert_int_equal(parse(text_end(&t), &j, NULL), -E2BIG);

	t = room;
	journal_write_state(&t, 1, CHANGE_UNDONE);
	journal_write_change(&t, &c);
	assert_int_equal(parse(text_end(&t), &j, NULL), 0);
	assert_int_equal(j.rows[JOURNAL_ROWS_MAX - 1].number, c.number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_written_change_is_read_back),
		cmocka_unit_test(names_with_strange_bytes_survive),
		cmocka_unit_test(every_key_can_be_written_and_read),
		cmocka_unit_test(undone_changes_are_gone_and_the_others_keep_their_order),
		cmocka_unit_test(later_lines_change_the_state),
		cmocka_unit_test(a_row_struck_before_may_be_named_again),
		cmocka_unit_test(every_beginning_of_a_journal_can_be_read),
		cmocka_unit_test(an_empty_file_is_an_empty_journal),
		cmocka_unit_test(damage_is_told_with_its_line),
		cmocka_unit_test(zeros_and_long_lines_are_damage),
		cmocka_unit_test(what_cannot_be_read_leaves_the_result_untouched),
		cmocka_unit_test(more_changes_than_fit_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
