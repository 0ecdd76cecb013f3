/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is handed to the closer is closed, whatever becomes of it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/helper/closer.h"

#define PATIENCE_MS 20000
#define MANY 150

/* The other end of a descriptor that nobody has open any more says so. */
static void expect_closed(int reader)
{
	struct pollfd p = { .fd = reader, .events = POLLIN };
	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	assert_true(p.revents & POLLHUP);
	close(reader);
}

static int new_pipe(int *ret_reader)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	*ret_reader = ends[0];
	return ends[1];
}

static void closes_what_it_is_given(void **state)
{
	struct closer c;
	int readers[2];
	(void)state;
	closer_init(&c);
	int fds[] = { new_pipe(&readers[0]), -1, new_pipe(&readers[1]) };
	closer_take(&c, fds, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(fds[i], -1);
	expect_closed(readers[0]);
	expect_closed(readers[1]);
	assert_true(c.pid > 0);
	closer_done(&c);
}

static void nothing_needs_no_process(void **state)
{
	struct closer c;
	int fds[] = { -1, -1 };
	(void)state;
	closer_init(&c);
	closer_take(&c, fds, 2);
	closer_take(&c, fds, 0);
	assert_int_equal(c.pid, 0);
	closer_done(&c);
}

static void more_than_it_takes_at_once(void **state)
{
	struct closer c;
	int readers[MANY], fds[MANY];
	(void)state;
	closer_init(&c);
	for (int i = 0; i < MANY; i++)
		fds[i] = new_pipe(&readers[i]);
	closer_take(&c, fds, MANY);
	for (int i = 0; i < MANY; i++)
		expect_closed(readers[i]);
	closer_done(&c);
}

/* It is stopped, so that nothing is taken; then what does not fit must be closed at once. */
static void behind_with_its_work(void **state)
{
	struct closer c;
	int readers[MANY], reader, fd = new_pipe(&reader);
	(void)state;
	closer_init(&c);
	closer_take(&c, &fd, 1);
	expect_closed(reader);
	kill(c.pid, SIGSTOP);
	for (int i = 0; i < MANY; i++) {
		fd = new_pipe(&readers[i]);
		closer_take(&c, &fd, 1);
	}
	expect_closed(readers[MANY - 1]);
	kill(c.pid, SIGCONT);
	for (int i = 0; i < MANY - 1; i++)
		expect_closed(readers[i]);
	closer_done(&c);
}

static void killed(void **state)
{
	struct closer c;
	siginfo_t info;
	(void)state;
	closer_init(&c);
	for (int i = 0; i < 3; i++) {
		int reader, fd = new_pipe(&reader);
		pid_t before = c.pid;
		closer_take(&c, &fd, 1);
		expect_closed(reader);
		if (c.pid == 0 || c.pid == before)
			continue;
		kill(c.pid, SIGKILL);
		waitid(P_PID, (id_t)c.pid, &info, WEXITED | WNOWAIT);
	}
	assert_true(c.pid > 0);
	closer_done(&c);
}

static void ends_with_its_owner(void **state)
{
	struct closer c;
	int status, reader, fd = new_pipe(&reader);
	(void)state;
	closer_init(&c);
	closer_take(&c, &fd, 1);
	pid_t pid = c.pid;
	closer_done(&c);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	expect_closed(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closes_what_it_is_given),
		cmocka_unit_test(nothing_needs_no_process),
		cmocka_unit_test(more_than_it_takes_at_once),
		cmocka_unit_test(behind_with_its_work),
		cmocka_unit_test(killed),
		cmocka_unit_test(ends_with_its_owner),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
