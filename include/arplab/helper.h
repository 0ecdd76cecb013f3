/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the process that touches the kernel, so that nobody else has to.
 *
 * helper_spawn() forks it before any screen starts. Parent and child speak over one
 * SOCK_SEQPACKET pair: events come in batches (event.h), actions go one a message (action.h).
 * The helper never blocks on a slow front: while the socket is full it stops reading its sources,
 * whose own queues then count what they lose, and a loss of state leads to a fresh dump between
 * marks. When the socket closes, for whatever reason, the helper undoes the changes that are held
 * and ends.
 */
#ifndef ARPLAB_HELPER_H
#define ARPLAB_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <arplab/err.h>
#include <arplab/event.h>

#define HELPER_IFACES_MAX 32

struct helper_options {
	enum event_scope scope;
	bool capture;    /* Capture ARP frames (host scope). */
	bool sysctls_only; /* Dump links and sysctls alone: get, set and restore need no more. */
	size_t iface_count; /* Capture on these only; 0: on every ARP-capable interface. */
	const char *ifaces[HELPER_IFACES_MAX];
	const char *filter;       /* Capture filter from the command line, or NULL. */
	const char *state_dir;    /* Where the journal is kept, or NULL for the usual place. */
	const char *persist_path; /* Where ACTION_KEEP writes lines for sysctl.d, or NULL. */
	int file;                 /* File scope: the open capture file. Else -1. */
	const char *file_name;    /* For sentences. */
};

struct helper {
	int socket; /* Non-blocking; -1 when not running. */
	pid_t pid;
};

/*
 * Fork the helper. options and what it points to must stay until the call returns.
 * Checks what can be checked before the fork (names of interfaces, the filter's syntax, the file
 * to persist to), so that a wrong word ends the program with a sentence, not the screen.
 * Returns 0 or -errno and a sentence.
 */
int helper_spawn(struct helper *h, const struct helper_options *options, struct err *err);

/*
 * Drop everything the front does not need: under sudo become the invoking user; then no
 * capability in any set, an empty bounding set, no_new_privs. Called by the front after the spawn
 * and before the screen. Returns 0, or -errno and a sentence; the program must then end.
 */
int front_drop_privileges(struct err *err);

#endif
