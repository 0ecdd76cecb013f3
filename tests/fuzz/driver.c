/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz: a main for targets where libFuzzer is not there: fuzz_NAME [-n RUNS] [-s SEED] [FILE…].
 *
 * Without files it tries every seed, every prefix of it, and RUNS mutations from a fixed SEED, so
 * that a run can be repeated; the input of a crash is kept in fuzz_NAME.crash. With files it tries
 * these. -w DIR writes the seeds into a directory, for libFuzzer's corpus.
 */
#include <config.h>

#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define INPUT_MAX 65536
#ifndef RUNS
#define RUNS 100000
#endif

/* The input that is being tried; the crash handler writes it out. */
static uint8_t current[INPUT_MAX];
static volatile size_t current_len;
static char crash_path[256];

static void on_crash(int signal)
{
	int fd = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		ssize_t n = write(fd, current, current_len);
		(void)n;
		close(fd);
	}
	_exit(128 + signal);
}

static uint64_t next_random(uint64_t *state)
{
	/* splitmix64, by Steele, Lea and Flood. */
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void mutate(uint64_t *state)
{
	static const uint8_t telling[] = { 0, 1, 0x7f, 0x80, 0xff, '\n', ' ', '=', '-', '9', '%' };
	size_t len = current_len;
	size_t at = len ? next_random(state) % len : 0;
	size_t span = next_random(state) % 16 + 1;
	uint64_t value = next_random(state);
	switch (next_random(state) % 7) {
	case 0: /* Flip a bit. */
		current[at] ^= (uint8_t)(1u << value % 8);
		break;
	case 1:
		current[at] = telling[value % sizeof telling];
		break;
	case 2:
		current[at] = (uint8_t)value;
		break;
	case 3: /* Cut off. */
		len = at;
		break;
	case 4: /* Take a span out. */
		if (at + span < len) {
			memmove(current + at, current + at + span, len - at - span);
			len -= span;
		}
		break;
	case 5: /* Say a span twice. */
		if (at + span <= len && len + span <= INPUT_MAX) {
			memmove(current + at + span, current + at, len - at);
			len += span;
		}
		break;
	case 6: /* A number of 32 bits, at its edges. */
		if (at + 4 <= len) {
			static const uint32_t edges[] = { 0, 1, 0xffff, 0x7fffffff, 0x80000000,
				0xffffffff };
			memcpy(current + at, &edges[value % 6], 4);
		}
		break;
	}
	current_len = len;
}

static void try(void)
{
	LLVMFuzzerTestOneInput(current, current_len);
}

static size_t load_seed(size_t number)
{
	size_t len = fuzz_seed(number, current, sizeof current);
	if (len != SIZE_MAX)
		current_len = len;
	return len;
}

static int try_file(const char *path)
{
	FILE *f = fopen(path, "re");
	if (!f) {
		perror(path);
		return 1;
	}
	current_len = fread(current, 1, sizeof current, f);
	fclose(f);
	try();
	return 0;
}

static int write_seeds(const char *dir)
{
	for (size_t i = 0; load_seed(i) != SIZE_MAX; i++) {
		char path[512];
		snprintf(path, sizeof path, "%s/seed-%03zu", dir, i);
		FILE *f = fopen(path, "we");
		if (!f || fwrite(current, 1, current_len, f) != current_len || fclose(f) != 0) {
			perror(path);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long runs = RUNS, seed = 1;
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	for (int c; (c = getopt(argc, argv, "n:s:w:")) != -1;) {
		if (c == 'n')
			runs = strtoul(optarg, NULL, 10);
		else if (c == 's')
			seed = strtoul(optarg, NULL, 10);
		else
			return c == 'w' ? write_seeds(optarg) : 2;
	}
	snprintf(crash_path, sizeof crash_path, "%s.crash", name);
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM };
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		signal(crashes[i], on_crash);

	int status = 0;
	for (int i = optind; i < argc; i++)
		status |= try_file(argv[i]);
	if (optind < argc)
		return status;

	puts("1..2");
	fflush(stdout);
	size_t seeds = 0;
	for (; load_seed(seeds) != SIZE_MAX; seeds++) {
		size_t whole = current_len;
		for (size_t len = whole > 600 ? whole - 600 : 0; len <= whole; len++) {
			current_len = len;
			try();
		}
	}
	must(seeds > 0);
	printf("ok 1 - %s: %zu seeds and their beginnings\n", name, seeds);
	fflush(stdout);
	uint64_t state = seed;
	for (unsigned long i = 0; i < runs; i++) {
		load_seed(next_random(&state) % seeds);
		for (uint64_t n = next_random(&state) % 8 + 1; n > 0; n--)
			mutate(&state);
		try();
	}
	printf("ok 2 - %s: %lu mutations of them\n", name, runs);
	return 0;
}
