/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what is recorded can be read at any moment, and no file is overwritten or left torn. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/library.h>
#include <arplab/recording.h>
#include <arplab/text.h>

#include "../../src/app/recorded.h"
#include "../../src/app/recorder.h"

struct fixture {
	char dir[64];
	char path[96];
	struct recorder *recorder;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/arplab-test-XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->path, sizeof f->path, "%s/out.rec", f->dir);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	unlink(f->path);
	rmdir(f->dir);
	free(f);
	return 0;
}

static long read_fd(void *arg, uint64_t offset, void *ret, size_t size)
{
	return pread(*(const int *)arg, ret, size, (off_t)offset);
}

/* What the file holds now: how many items, and how it ends. */
static uint64_t items(const struct fixture *f, enum recording_state *ret_state)
{
	struct err err = { "" };
	int fd = open(f->path, O_RDONLY | O_CLOEXEC);
	struct recording_source source = { .read = read_fd, .arg = &fd };
	assert_true(fd >= 0);
	struct recording *r = recording_open(&source, &err);
	uint64_t count = r ? recording_count(r) : 0;
	if (r)
		*ret_state = recording_state(r);
	recording_free(r);
	close(fd);
	return count;
}

static struct event note(const char *words)
{
	struct event e = { 0 };
	text_copy(e.note.text, sizeof e.note.text, words);
	event_begin(&e, EVENT_NOTE, UINT64_C(1700000000000000000));
	return e;
}

static void begin(struct fixture *f)
{
	struct err err = { "" };
	assert_int_equal(recorder_open(&f->recorder, f->path, SCOPE_HOST, &err), 0);
	assert_non_null(f->recorder);
}

static void what_was_flushed_can_be_read(void **state)
{
	struct fixture *f = *state;
	struct event e = note("one");
	enum recording_state how;
	begin(f);
	recorder_event(f->recorder, &e);
	assert_int_equal(items(f, &how), 0);
	assert_int_equal(recorder_flush(f->recorder, NULL), 0);
	assert_int_equal(items(f, &how), 1);
	assert_int_equal(how, RECORDING_OPEN);
	for (int i = 0; i < 1000; i++)
		recorder_event(f->recorder, &e);
	assert_in_range(items(f, &how), 500, 1000);
	assert_int_equal(how, RECORDING_OPEN);
	assert_int_equal(recorder_close(f->recorder, NULL), 0);
	assert_int_equal(items(f, &how), 1001);
	assert_int_equal(how, RECORDING_WHOLE);
}

static void no_file_is_overwritten(void **state)
{
	struct fixture *f = *state;
	struct err err = { "" };
	begin(f);
	recorder_close(f->recorder, NULL);
	struct recorder *second;
	assert_int_equal(recorder_open(&second, f->path, SCOPE_HOST, &err), -EEXIST);
	assert_null(second);
	assert_non_null(strstr(err.text, "exists already"));
	assert_true(recorder_open(&second, f->dir, SCOPE_HOST, &err) < 0);
	assert_true(recorder_open(&second, "/nonexistent/x", SCOPE_HOST, &err) < 0);
}

static void nothing_is_recorded_unless_asked_for(void **state)
{
	(void)state;
	struct recorder *r;
	struct event e = note("nobody hears it");
	assert_int_equal(recorder_open(&r, NULL, SCOPE_HOST, NULL), 0);
	assert_null(r);
	recorder_event(r, &e);
	recorder_lesson(r, NULL, 0, "", 0);
	recorder_play(r, NULL, false);
	assert_int_equal(recorder_flush(r, NULL), 0);
	assert_int_equal(recorder_close(r, NULL), 0);
}

/* The disk is full: it is said once, and the file ends with its last whole block. */
static void a_full_disk_leaves_what_was_whole(void **state)
{
	struct fixture *f = *state;
	struct event e = note("x");
	struct err err = { "" };
	struct rlimit before, small;
	enum recording_state how;
	begin(f);
	recorder_event(f->recorder, &e);
	assert_int_equal(recorder_flush(f->recorder, &err), 0);
	struct stat st;
	assert_int_equal(stat(f->path, &st), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = (rlim_t)st.st_size + 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	recorder_event(f->recorder, &e);
	int error = recorder_flush(f->recorder, &err);
	int again = recorder_flush(f->recorder, &err);
	recorder_event(f->recorder, &e);
	recorder_play(f->recorder, NULL, false);
	int closed = recorder_close(f->recorder, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(error, -EFBIG);
	assert_int_equal(again, 0);
	assert_int_equal(closed, 0);
	assert_non_null(strstr(err.text, "size limit"));
	assert_int_equal(items(f, &how), 1);
	assert_int_equal(how, RECORDING_OPEN);
	struct stat after;
	assert_int_equal(stat(f->path, &after), 0);
	assert_int_equal(after.st_size, st.st_size);
}

static void a_device_without_room_is_said(void **state)
{
	(void)state;
	struct recorder *r;
	struct err err = { "" };
	assert_int_equal(recorder_open(&r, "/dev/full", SCOPE_HOST, &err), 0);
	assert_int_equal(recorder_flush(r, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "the disk is full"));
	recorder_close(r, NULL);
}

/* ---- the learner ---- */

static void a_place_is_said_when_it_changes(void **state)
{
	struct fixture *f = *state;
	enum recording_state how;
	begin(f);
	recorder_play(f->recorder, NULL, false);
	recorder_play(f->recorder, NULL, false);
	assert_int_equal(items(f, &how), 1);
	recorder_close(f->recorder, NULL);
}

static void a_lesson_that_is_none_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "\n", "lesson", "lesson name=x\n", "menu\n",
		"lesson name=x colour=1\n", "lesson name=x seed=-1\n" };
	struct err err;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		err.text[0] = '\0';
		assert_null(recorded_lesson(texts[i], strlen(texts[i]), "", &err));
		assert_true(err.text[0]);
	}
	struct recorded_play place = { 0 };
	assert_true(recorded_play(&place, NULL, "play phase=done\n", 16, &err) < 0);
	assert_false(place.open);
	assert_int_equal(recorded_play(&place, NULL, "menu\n", 5, &err), 0);
	assert_false(place.open);
}

/* Its title and its steps' ids as they are read back. */
static struct lesson *read_back(const char *bytes, size_t len, const char *language)
{
	struct err err = { "" };
	struct lesson *l = recorded_lesson(bytes, len, language, &err);
	assert_string_equal(err.text, "");
	assert_non_null(l);
	return l;
}

static void a_built_in_lesson_is_told_in_any_language(void **state)
{
	(void)state;
	static char bytes[RECORDED_LESSON_MAX];
	const struct library_lesson *own = library_find("ticket-08-guests-locked-out", "", NULL);
	const struct lesson named = { .id = "ticket-08-guests-locked-out" };
	size_t len = recorded_put_lesson(bytes, &named, 3, own->bytes, own->len);
	struct lesson *as_it_was = read_back(bytes, len, "");
	struct lesson *chinese = read_back(bytes, len, "zh_CN");
	assert_string_not_equal(as_it_was->title, chinese->title);
	assert_string_equal(as_it_was->id, chinese->id);
	assert_string_equal(as_it_was->steps[0].id, chinese->steps[0].id);
	assert_memory_equal(&as_it_was->topology, &chinese->topology, sizeof as_it_was->topology);
	lesson_free(chinese);

	/* Another version of it is not the one whose translation is known. */
	len = recorded_put_lesson(bytes, &named, 3, own->bytes, own->len);
	bytes[len++] = '\n';
	struct lesson *changed = read_back(bytes, len, "zh_CN");
	assert_string_equal(as_it_was->title, changed->title);
	lesson_free(changed);
	lesson_free(as_it_was);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_flushed_can_be_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_file_is_overwritten, set_up, tear_down),
		cmocka_unit_test(nothing_is_recorded_unless_asked_for),
		cmocka_unit_test_setup_teardown(
			a_full_disk_leaves_what_was_whole, set_up, tear_down),
		cmocka_unit_test(a_device_without_room_is_said),
		cmocka_unit_test_setup_teardown(a_place_is_said_when_it_changes, set_up, tear_down),
		cmocka_unit_test(a_lesson_that_is_none_is_refused),
		cmocka_unit_test(a_built_in_lesson_is_told_in_any_language),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
