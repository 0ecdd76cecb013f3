/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: progress is kept, survives being written and read, and damage is kept aside. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/progress.h>
#include <arplab/text.h>

static const struct step_record solved = { STEP_SOLVED, 1, 1, 0 };
static const struct step_record shown = { STEP_SHOWN, 2, 1, 3 };
static const struct step_record playing = { STEP_PLAYING, 0, 0, 0 };

/* ---- text ---- */

static void parses(const char *text, struct progress *p)
{
	struct err err = { "" };
	*p = (struct progress) { 0 };
	int error = progress_parse(p, text, strlen(text), &err);
	if (error)
		print_error("%s\n", err.text);
	assert_int_equal(error, 0);
}

static void refuses(const char *text, const char *expected)
{
	struct err err = { "" };
	struct progress p = { 0 };
	assert_int_equal(progress_parse(&p, text, strlen(text), &err), -EBADMSG);
	assert_string_equal(err.text, expected);
	assert_int_equal(p.count, 0);
	assert_null(p.rows);
}

static void is_record(const struct step_record *r, const struct step_record *expected)
{
	assert_non_null(r);
	assert_int_equal(r->outcome, expected->outcome);
	assert_int_equal(r->predictions, expected->predictions);
	assert_int_equal(r->right, expected->right);
	assert_int_equal(r->hints, expected->hints);
}

static void rows_become_text_and_rows_again(void **state)
{
	(void)state;
	struct progress p = { 0 }, again;
	size_t len;
	progress_put(&p, "06-arp-ignore-0", "three-machines", &solved, 1763841600);
	progress_put(&p, "06-arp-ignore-0", "one machine 100%", &shown, 1763841700);
	progress_put(&p, "07-lo", "a", &playing, 0);
	char *text = progress_text(&p, &len);
	assert_string_equal(text,
		"arplab-progress 1\n"
		"step lesson=06-arp-ignore-0 step=three-machines outcome=solved predictions=1 "
		"right=1 at=1763841600\n"
		"step lesson=06-arp-ignore-0 step=one%20machine%20100%25 outcome=shown "
		"predictions=2 right=1 hints=3 at=1763841700\n"
		"step lesson=07-lo step=a outcome=playing\n");
	assert_int_equal(len, strlen(text));
	parses(text, &again);
	assert_int_equal(again.count, 3);
	is_record(progress_find(&again, "06-arp-ignore-0", "one machine 100%"), &shown);
	is_record(progress_find(&again, "06-arp-ignore-0", "three-machines"), &solved);
	is_record(progress_find(&again, "07-lo", "a"), &playing);
	assert_null(progress_find(&again, "07-lo", "b"));
	assert_int_equal(again.rows[1].at_s, 1763841700);
	free(text);
	progress_done(&p);
	progress_done(&again);
}

static void a_later_line_replaces_an_earlier_one(void **state)
{
	(void)state;
	struct progress p;
	parses("arplab-progress 1\n"
	       "step lesson=a step=b outcome=playing at=5\n"
	       "step lesson=a step=b outcome=solved at=6\n",
		&p);
	assert_int_equal(p.count, 1);
	assert_int_equal(p.rows[0].record.outcome, STEP_SOLVED);
	progress_done(&p);
}

static void damage_is_told_with_its_line(void **state)
{
	(void)state;
	refuses("", "it is empty");
	refuses("arplab-progress 2\n",
		"line 1: \"arplab-progress 2\" is not \"arplab-progress 1\"");
	refuses("arplab-progress 1", "line 1 is cut off");
	refuses("arplab-progress 1\nstep lesson=a step=b outcome=solved", "line 2 is cut off");
	refuses("arplab-progress 1\nstep lesson=a step=b outcome=solved at=1\nrow lesson=a\n",
		"line 3: \"row\" stands where \"step\" is expected");
	refuses("arplab-progress 1\n\n", "line 2: \"\" stands where \"step\" is expected");
	refuses("arplab-progress 1\nstep lesson=a step=b outcome=new\n",
		"line 2: \"new\" is no outcome of a step");
	refuses("arplab-progress 1\nstep lesson=a step=b\n",
		"line 2: \"\" is no outcome of a step");
	refuses("arplab-progress 1\nstep lesson=a outcome=solved\n", "line 2: it names no step");
	refuses("arplab-progress 1\nstep lesson=a step=b outcome=solved right=2\n",
		"line 2: its numbers cannot be");
	refuses("arplab-progress 1\nstep lesson=a step=b outcome=solved hints=256\n",
		"line 2: 'hints=256' has a value that does not fit");
	refuses("arplab-progress 1\nstep lesson=a step=b outcome=solved stars=5\n",
		"line 2: 'stars=5' is not name=value with a name known here");
	struct err err = { "" };
	struct progress p = { 0 };
	static const char zero[] = "arplab-progress 1\nstep lesson=a\0 step=b\n";
	assert_int_equal(progress_parse(&p, zero, sizeof zero - 1, &err), -EBADMSG);
	assert_string_equal(err.text, "line 2: it is not text of ours");
}

/* ---- plays ---- */

static void plays_are_kept_and_resumed(void **state)
{
	(void)state;
	struct step steps[3] = { { .id = "one" }, { .id = "two" }, { .id = "three" } };
	const struct lesson lesson = { .id = "06", .steps = steps, .step_count = 3 };
	struct progress p = { 0 };
	struct play play, later;
	play_init(&play, &lesson, false);
	play.steps[0] = solved;
	play.steps[1] = playing;
	progress_from_play(&p, &play, 100);
	assert_int_equal(p.count, 2);
	assert_int_equal(progress_steps_done(&p, &lesson), 1);
	/* What did not change keeps its time. */
	play.steps[1] = shown;
	progress_from_play(&p, &play, 200);
	assert_int_equal(p.rows[0].at_s, 100);
	assert_int_equal(p.rows[1].at_s, 200);
	assert_int_equal(progress_steps_done(&p, &lesson), 2);
	play_init(&later, &lesson, false);
	progress_to_play(&p, &later);
	is_record(&later.steps[0], &solved);
	is_record(&later.steps[1], &shown);
	assert_int_equal(later.steps[2].outcome, STEP_NEW);
	progress_done(&p);
}

static void the_newer_row_wins(void **state)
{
	(void)state;
	struct progress ours = { 0 }, theirs = { 0 };
	progress_put(&ours, "a", "new-here", &solved, 5);
	progress_put(&ours, "a", "old-here", &playing, 5);
	progress_put(&ours, "a", "same-time", &solved, 5);
	progress_put(&theirs, "a", "new-here", &playing, 4);
	progress_put(&theirs, "a", "old-here", &shown, 6);
	progress_put(&theirs, "a", "same-time", &playing, 5);
	progress_put(&theirs, "b", "theirs-alone", &shown, 1);
	progress_merge(&ours, &theirs);
	assert_int_equal(ours.count, 4);
	is_record(progress_find(&ours, "a", "new-here"), &solved);
	is_record(progress_find(&ours, "a", "old-here"), &shown);
	is_record(progress_find(&ours, "a", "same-time"), &solved);
	is_record(progress_find(&ours, "b", "theirs-alone"), &shown);
	progress_done(&ours);
	progress_done(&theirs);
}

/* ---- the file ---- */

static char base[] = "/tmp/arplab-progress-XXXXXX";
static char command[PATH_MAX];

static int set_up(void **state)
{
	(void)state;
	strcpy(base + sizeof base - 7, "XXXXXX");
	assert_non_null(mkdtemp(base));
	assert_int_equal(setenv("XDG_STATE_HOME", base, 1), 0);
	assert_int_equal(setenv("HOME", "/nonexistent", 1), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	struct text t = text_in(command, sizeof command);
	text_printf(&t, "rm -rf '%s'", base);
	return system(text_end(&t));
}

static const char *path(const char *below)
{
	static char bytes[PATH_MAX];
	struct text t = text_in(bytes, sizeof bytes);
	text_printf(&t, "%s/%s", base, below);
	return text_end(&t);
}

static void put_file(const char *below, const char *content)
{
	mkdir(path("arplab"), 0700);
	int fd = open(path(below), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
}

static void has_file(const char *below, const char *content)
{
	char bytes[2048];
	int fd = open(path(below), O_RDONLY);
	assert_true(fd >= 0);
	ssize_t n = read(fd, bytes, sizeof bytes - 1);
	close(fd);
	assert_true(n >= 0);
	bytes[n] = '\0';
	assert_string_equal(bytes, content);
}

static void loads(struct progress *p, const char *expected)
{
	char said[400];
	struct err err = { "" };
	int error = progress_load(p, said, sizeof said, &err);
	if (error)
		print_error("%s\n", err.text);
	assert_int_equal(error, 0);
	assert_string_equal(said, expected);
}

static void saves(const struct progress *p)
{
	struct err err = { "" };
	int error = progress_save(p, &err);
	if (error)
		print_error("%s\n", err.text);
	assert_int_equal(error, 0);
}

static void nothing_kept_yet_is_no_error(void **state)
{
	(void)state;
	struct progress p;
	loads(&p, "");
	assert_int_equal(p.count, 0);
	assert_int_equal(access(path("arplab"), F_OK), -1);
}

static void what_is_saved_is_loaded(void **state)
{
	(void)state;
	struct progress p = { 0 }, again;
	struct stat st;
	progress_put(&p, "06", "one", &solved, 7);
	saves(&p);
	assert_int_equal(stat(path("arplab"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(path("arplab/progress"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	loads(&again, "");
	assert_int_equal(again.count, 1);
	is_record(progress_find(&again, "06", "one"), &solved);
	progress_done(&p);
	progress_done(&again);
}

static void what_another_has_saved_stays(void **state)
{
	(void)state;
	struct progress p = { 0 };
	put_file("arplab/progress", "arplab-progress 1\n"
				    "step lesson=05 step=x outcome=shown at=3\n"
				    "step lesson=06 step=one outcome=playing at=3\n");
	progress_put(&p, "06", "one", &solved, 7);
	saves(&p);
	has_file("arplab/progress",
		"arplab-progress 1\n"
		"step lesson=06 step=one outcome=solved predictions=1 right=1 at=7\n"
		"step lesson=05 step=x outcome=shown at=3\n");
	progress_done(&p);
}

static void damaged_files_are_kept_aside(void **state)
{
	(void)state;
	struct progress p = { 0 };
	char expected[400];
	put_file("arplab/progress", "garbage\n");
	struct text t = text_in(expected, sizeof expected);
	text_printf(&t,
		"the file of your progress was damaged (line 1: \"garbage\" is not "
		"\"arplab-progress 1\"): it is now %s/arplab/progress.damaged, and progress begins "
		"anew",
		base);
	loads(&p, text_end(&t));
	assert_int_equal(p.count, 0);
	has_file("arplab/progress.damaged", "garbage\n");
	/* An earlier one is never overwritten, also not when saving meets the damage. */
	put_file("arplab/progress", "more garbage\n");
	progress_put(&p, "06", "one", &solved, 7);
	saves(&p);
	has_file("arplab/progress.damaged", "garbage\n");
	has_file("arplab/progress.damaged.2", "more garbage\n");
	has_file("arplab/progress",
		"arplab-progress 1\n"
		"step lesson=06 step=one outcome=solved predictions=1 right=1 at=7\n");
	progress_done(&p);
}

static void what_cannot_be_read_is_not_touched(void **state)
{
	(void)state;
	struct progress p = { 0 };
	struct err err = { "" };
	char said[400], expected[400];
	mkdir(path("arplab"), 0700);
	assert_int_equal(mkdir(path("arplab/progress"), 0700), 0);
	assert_int_equal(progress_load(&p, said, sizeof said, &err), -EINVAL);
	struct text t = text_in(expected, sizeof expected);
	text_printf(&t, "%s/arplab/progress cannot be read: Invalid argument", base);
	assert_string_equal(err.text, text_end(&t));
	assert_int_equal(progress_save(&p, &err), -EINVAL);
	assert_int_equal(access(path("arplab/progress"), F_OK), 0);
}

static void the_home_folder_will_do(void **state)
{
	(void)state;
	struct progress p = { 0 };
	progress_put(&p, "06", "one", &solved, 7);
	assert_int_equal(setenv("XDG_STATE_HOME", "relative", 1), 0);
	assert_int_equal(setenv("HOME", base, 1), 0);
	saves(&p);
	has_file(".local/state/arplab/progress",
		"arplab-progress 1\n"
		"step lesson=06 step=one outcome=solved predictions=1 right=1 at=7\n");
	progress_done(&p);
}

static void without_any_folder_that_is_said(void **state)
{
	(void)state;
	struct progress p = { 0 };
	struct err err = { "" };
	char said[400];
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_int_equal(progress_load(&p, said, sizeof said, &err), -ENOENT);
	assert_string_equal(err.text,
		"progress cannot be kept: neither XDG_STATE_HOME nor HOME names a folder");
	put_file("file", "");
	assert_int_equal(setenv("XDG_STATE_HOME", path("file"), 1), 0);
	assert_int_equal(progress_save(&p, &err), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_become_text_and_rows_again),
		cmocka_unit_test(a_later_line_replaces_an_earlier_one),
		cmocka_unit_test(damage_is_told_with_its_line),
		cmocka_unit_test(plays_are_kept_and_resumed),
		cmocka_unit_test(the_newer_row_wins),
		cmocka_unit_test_setup_teardown(nothing_kept_yet_is_no_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_saved_is_loaded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_another_has_saved_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_files_are_kept_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_read_is_not_touched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_home_folder_will_do, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_any_folder_that_is_said, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
