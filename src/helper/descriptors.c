/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: descriptors that a child does not inherit. */
#include <config.h>

#include "descriptors.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CLOSE_RANGE 436 /* SYS_close_range, which C libraries older than Linux 5.9 do not name. */

/*
 * Linux before 5.9 does not have close_range, and sandboxes that do not know it refuse it. The
 * highest descriptor is looked up, since the limit may be a thousand million.
 */
static void close_one_by_one(int first, int last)
{
	int most = -1;
	DIR *all = opendir("/proc/self/fd");
	for (struct dirent *one; all && (one = readdir(all));)
		if (atoi(one->d_name) > most)
			most = atoi(one->d_name);
	if (all)
		closedir(all);
	else
		most = (int)sysconf(_SC_OPEN_MAX);
	for (int fd = first; fd <= last && fd <= most; fd++)
		close(fd);
}

static void close_range_of(int first, int last)
{
	if (first <= last && syscall(CLOSE_RANGE, first, last, 0) < 0)
		close_one_by_one(first, last);
}

void close_others(int a, int b)
{
	const int kept[] = { a < b ? a : b, a < b ? b : a };
	int from = STDERR_FILENO + 1;
	for (int i = 0; i < 2; i++) {
		if (kept[i] < from)
			continue;
		close_range_of(from, kept[i] - 1);
		from = kept[i] + 1;
	}
	close_range_of(from, INT_MAX);
}
