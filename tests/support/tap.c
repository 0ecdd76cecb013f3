/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support: TAP, and how a case that fails or skips ends early. */
#include <config.h>

#include "tap.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum verdict { PASSED, FAILED, SKIPPED };

static jmp_buf out;
static char reason[512];
static pid_t children[64];
static size_t child_count;

/* A case that fails leaves behind what it had; the leaks that count are the program's. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

void tap_child(pid_t pid)
{
	if (child_count < sizeof children / sizeof *children)
		children[child_count++] = pid;
}

/* Children that were reaped are not ours any more: waitpid says so, and they are left alone. */
static void end_children(void)
{
	for (size_t i = 0; i < child_count; i++)
		if (waitpid(children[i], NULL, WNOHANG) == 0 && kill(children[i], SIGKILL) == 0)
			waitpid(children[i], NULL, 0);
	child_count = 0;
}

/* Comments stand behind '#', line by line. */
static void comment(const char *s)
{
	fputs("# ", stdout);
	for (; *s; s++) {
		putchar(*s);
		if (*s == '\n' && s[1])
			fputs("# ", stdout);
	}
	putchar('\n');
	fflush(stdout);
}

void tap_note(const char *format, ...)
{
	char text[16384];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	comment(text);
}

void tap_fail(const char *file, int line, const char *format, ...)
{
	char text[16384];
	va_list ap;
	va_start(ap, format);
	int n = snprintf(text, sizeof text, "%s:%d: ", file, line);
	vsnprintf(text + n, sizeof text - (size_t)n, format, ap);
	va_end(ap);
	comment(text);
	longjmp(out, FAILED);
}

void tap_skip(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(reason, sizeof reason, format, ap);
	va_end(ap);
	longjmp(out, SKIPPED);
}

void tap_skip_all(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	fputs("1..0 # SKIP ", stdout);
	vprintf(format, ap);
	putchar('\n');
	va_end(ap);
	exit(0);
}

int tap_run(const struct tap_case *cases, size_t count, void *arg)
{
	volatile bool failed = false;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%zu\n", count);
	for (volatile size_t i = 0; i < count; i++) {
		switch (setjmp(out)) {
		case PASSED:
			cases[i].run(arg);
			printf("ok %zu - %s\n", i + 1, cases[i].promise);
			break;
		case SKIPPED:
			printf("ok %zu - %s # SKIP %s\n", i + 1, cases[i].promise, reason);
			break;
		default:
			failed = true;
			printf("not ok %zu - %s\n", i + 1, cases[i].promise);
		}
		end_children();
	}
	return failed;
}
