/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: what the tests of the whole program share: a lab, a directory, the program. */
#ifndef TESTS_E2E_H
#define TESTS_E2E_H

#include "ns.h"
#include "proc.h"
#include "tap.h"

struct e2e {
	struct ns_pair lab;
	char dir[128]; /* For the test's files; also the program's --state. */
};

/* A lab, and a fresh directory. Skips everything where that is not possible. */
void e2e_open(struct e2e *e);
/* Removes the directory. Hands the status on. */
int e2e_close(struct e2e *e, int status);

/* Fail unless the sysctls are as in the snapshot; frees it. `when` is for the comment. */
void expect_sysctls(char *before, const char *when);
/* Fail unless the text is one line that begins "arplab: " and holds `words`. */
void expect_sentence(const char *text, const char *words);
/* Fail unless every line of the text is one JSON object. */
void expect_json(const char *text);
/* A MAC announced by the peer, for nobody: a gratuitous request for an address of its own. */
void peer_announces(struct e2e *e, const char *ip);

/* Start `arplab monitor WORD…` and wait until its capture on eth0 is open. */
struct proc *monitor_start(const char *word, const char *word2, const char *word3);

#endif
