/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what is saved can be read back byte by byte, and no file is overwritten or left torn. */
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

#include <arplab/app.h>

#define FRAME_LEN 60
#define RECORD (16 + FRAME_LEN)

struct fixture {
	char dir[64];
	char path[96];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/arplab-test-XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->path, sizeof f->path, "%s/out.pcap", f->dir);
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

static struct event frame_event(uint64_t number)
{
	struct event e = { .frame = { .number = number, .len = FRAME_LEN, .caplen = FRAME_LEN } };
	memset(e.frame.bytes, (int)(number & 0xff), FRAME_LEN);
	event_begin(&e, EVENT_FRAME, UINT64_C(1700000000123456789) + number);
	return e;
}

/* Returns the bytes of the file, at most `size`. */
static size_t read_back(const char *path, uint8_t *bytes, size_t size)
{
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	size_t len = fread(bytes, 1, size, in);
	fclose(in);
	return len;
}

static uint32_t u32(const uint8_t *bytes)
{
	uint32_t ret;
	memcpy(&ret, bytes, sizeof ret);
	return ret;
}

static void a_saved_frame_is_read_back(void **state)
{
	struct fixture *f = *state;
	struct err err;
	uint8_t bytes[1000];
	struct pcap_out *p = pcap_out_open(f->path, &err);
	assert_non_null(p);
	assert_string_equal(pcap_out_path(p), f->path);
	struct event e = frame_event(5);
	assert_int_equal(pcap_out_frame(p, &e, &err), 0);
	assert_int_equal(pcap_out_saved(p), 1);
	assert_int_equal(pcap_out_close(p, &err), 0);

	assert_int_equal(read_back(f->path, bytes, sizeof bytes), 24 + RECORD);
	assert_int_equal(u32(bytes), 0xa1b23c4d);
	assert_int_equal(u32(bytes + 4), 2 | 4 << 16);
	assert_int_equal(u32(bytes + 20), 1);
	assert_int_equal(u32(bytes + 24), 1700000000);
	assert_int_equal(u32(bytes + 28), 123456794);
	assert_int_equal(u32(bytes + 32), FRAME_LEN);
	assert_int_equal(u32(bytes + 36), FRAME_LEN);
	assert_memory_equal(bytes + 40, e.frame.bytes, FRAME_LEN);
}

static void many_frames_keep_their_order(void **state)
{
	struct fixture *f = *state;
	struct err err;
	const size_t count = 10000; /* Several blocks. */
	struct pcap_out *p = pcap_out_open(f->path, &err);
	assert_non_null(p);
	for (size_t i = 0; i < count; i++) {
		struct event e = frame_event(i);
		assert_int_equal(pcap_out_frame(p, &e, &err), 0);
	}
	assert_int_equal(pcap_out_close(p, &err), 0);
	uint8_t *bytes = malloc(24 + (count + 1) * RECORD);
	assert_int_equal(read_back(f->path, bytes, 24 + (count + 1) * RECORD), 24 + count * RECORD);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *record = bytes + 24 + i * RECORD;
		assert_int_equal(u32(record + 4), 123456789 + i);
		assert_int_equal(record[16], i & 0xff);
	}
	free(bytes);
}

static void a_file_without_frames_has_its_head(void **state)
{
	struct fixture *f = *state;
	struct err err;
	uint8_t bytes[100];
	assert_int_equal(pcap_out_close(pcap_out_open(f->path, &err), &err), 0);
	assert_int_equal(read_back(f->path, bytes, sizeof bytes), 24);
	assert_int_equal(pcap_out_close(NULL, &err), 0);
}

static void a_file_that_exists_is_not_touched(void **state)
{
	struct fixture *f = *state;
	struct err err;
	char want[400];
	FILE *out = fopen(f->path, "w");
	assert_non_null(out);
	fputs("dear to somebody", out);
	fclose(out);
	assert_null(pcap_out_open(f->path, &err));
	snprintf(want, sizeof want, "%s exists already; choose another name, or remove it first",
		f->path);
	assert_string_equal(err.text, want);
	uint8_t bytes[100];
	assert_int_equal(read_back(f->path, bytes, sizeof bytes), 16);
}

static void a_place_that_is_not_there_gets_a_sentence(void **state)
{
	struct fixture *f = *state;
	struct err err;
	assert_null(pcap_out_open("/nowhere/at/all.pcap", &err));
	assert_string_equal(
		err.text, "cannot save frames to /nowhere/at/all.pcap: No such file or directory");
	assert_null(pcap_out_open(f->dir, &err));
	assert_non_null(strstr(err.text, "Is a directory"));
}

static void a_full_disk_leaves_whole_frames(void **state)
{
	(void)state;
	struct err err;
	struct pcap_out *p = pcap_out_open("/dev/full", &err);
	assert_non_null(p);
	struct event e = frame_event(1);
	assert_int_equal(pcap_out_frame(p, &e, &err), 0);
	assert_int_equal(pcap_out_flush(p, &err), -ENOSPC);
	assert_string_equal(
		err.text, "cannot save to /dev/full: the disk is full; it holds 0 frames");
	assert_int_equal(pcap_out_saved(p), 0);
	assert_int_equal(pcap_out_frame(p, &e, &err), -ENOSPC);
	assert_int_equal(pcap_out_close(p, &err), -ENOSPC);
}

static void a_torn_record_is_cut_off(void **state)
{
	struct fixture *f = *state;
	struct err err;
	struct rlimit old, small = { 0 };
	uint8_t bytes[1000];
	/* The limit lets two records and a half through, as a disk would that fills up. */
	small.rlim_cur = 24 + 2 * RECORD + RECORD / 2;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	struct pcap_out *p = pcap_out_open(f->path, &err);
	assert_non_null(p);
	for (uint64_t i = 0; i < 10; i++) {
		struct event e = frame_event(i);
		assert_int_equal(pcap_out_frame(p, &e, &err), 0);
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int error = pcap_out_flush(p, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(error, -EFBIG);
	assert_non_null(strstr(err.text, "it holds 2 frames"));
	assert_int_equal(pcap_out_saved(p), 2);
	pcap_out_close(p, NULL);
	assert_int_equal(read_back(f->path, bytes, sizeof bytes), 24 + 2 * RECORD);
}

static void a_pipe_may_be_written_to(void **state)
{
	struct fixture *f = *state;
	struct err err;
	uint8_t bytes[1000];
	assert_int_equal(mkfifo(f->path, 0600), 0);
	int fd = open(f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct pcap_out *p = pcap_out_open(f->path, &err);
	assert_non_null(p);
	assert_false(pcap_out_is_stdout(p));
	assert_int_equal(pcap_out_close(p, &err), 0);
	assert_int_equal(read(fd, bytes, sizeof bytes), 24);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_saved_frame_is_read_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_frames_keep_their_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_without_frames_has_its_head, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_that_exists_is_not_touched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_place_that_is_not_there_gets_a_sentence, set_up, tear_down),
		cmocka_unit_test(a_full_disk_leaves_whole_frames),
		cmocka_unit_test_setup_teardown(a_torn_record_is_cut_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_pipe_may_be_written_to, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("pcap_out", tests, NULL, NULL);
}
