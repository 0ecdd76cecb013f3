/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support: results of a test program in TAP, one case a line. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tap_case {
	const char *promise; /* What the case promises, as a sentence. */
	void (*run)(void *arg);
};

/*
 * Run the cases one after the other and print their results; the status for main() to return.
 * A case fails when check() fails in it, and ends there.
 */
int tap_run(const struct tap_case *cases, size_t count, void *arg);
/* End the program with all of its cases skipped. */
_Noreturn void tap_skip_all(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Skip the case that runs. */
_Noreturn void tap_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Fail the case that runs. */
_Noreturn void tap_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A child of the test, to be ended and reaped if the case that started it fails. */
void tap_child(pid_t pid);
/* Lines of a comment. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fail the case unless the condition holds; the rest is a format with what was seen instead. */
#define check(condition, ...) \
	do { \
		if (!(condition)) \
			tap_fail(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

#endif
