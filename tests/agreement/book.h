/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: recorded cases: hosts, what was done to them, and all that a kernel made of it.
 *
 * A file has one host after the other (`config …`, then lines as host.h describes them), each with
 * any number of cases: `case ID`, `have DEV IP STATE MAC` for entries set before, one of `rx`, `tx`,
 * `fwd`, `probe`, the complete expectation in lines `expect frame`, `expect neigh`, `expect result`,
 * and `end`. What is not expected must not happen. A line `expect rule DEV|- QUESTION ID` names the
 * rule that decides, for cases that were not recorded. Entries are older than locktime if that is 0,
 * and younger if it is not, unless a case says `age=MS`.
 */
#ifndef TESTS_AGREE_BOOK_H
#define TESTS_AGREE_BOOK_H

#include <arplab/err.h>

#include "agree.h"

#define BOOK_ID 64

struct recorded_host {
	struct host *host;
	int *segments; /* Of its links. */
	char *lines;   /* As they stand in the file. */
};

struct recorded {
	char id[BOOK_ID];
	size_t host;  /* Index into book.hosts. */
	bool carried; /* As in a scene. */
	struct entry have[ENTRIES_MAX];
	size_t have_count;
	struct stimulus what;
	struct effect expected; /* Sorted; `decided` holds the rules that are expected. */
	char rules[DECIDED_MAX][32];
};

struct book {
	struct recorded_host *hosts;
	size_t host_count;
	struct recorded *cases;
	size_t case_count;
};

/*
 * Read a file and add its cases; one that ends in .gz goes through gzip. derive: hosts are made
 * from the commands alone. Returns 0, or -errno and a sentence with the line.
 */
int book_read(struct book *b, const char *path, bool derive, struct err *err);
void book_done(struct book *b);
/* Whether a prediction agrees with a case. */
bool recorded_agrees(const struct recorded *c, const struct effect *predicted);
/* The scene of a case; the book's, good as long as it. */
struct scene book_scene(const struct book *b, const struct recorded *c);
/*
 * Compare the hosts of two books of the same file: one as the kernel listed it, the other derived.
 * Each difference is told. Returns how many hosts differ.
 */
size_t book_compare_hosts(const struct book *listed, const struct book *derived,
	void (*line)(void *arg, const char *text), void *arg);

#endif
