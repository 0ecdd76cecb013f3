/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: how a second terminal finds a running lab: the lab's front listens on an abstract socket,
 * which leaves no file and vanishes with the process. One request a connection: a machine's name
 * and a terminal; the answer is a sentence, empty when a shell has been asked for.
 */
#ifndef ARPLAB_ATTACH_H
#define ARPLAB_ATTACH_H

#include <stddef.h>
#include <sys/types.h>

#include <arplab/err.h>
#include <arplab/event.h>
#include <arplab/topology.h>

#define ATTACH_LABS_MAX 64

struct attach_request {
	char node[NODE_NAME_SIZE];
};

struct attach_answer {
	char text[EVENT_TEXT_SIZE]; /* "" or why not. */
};

/* The lab's side. Only the user that this process is, and root, may attach. */
int attach_listen(void);
/* Accept one request. Returns the connection and the terminal, or -errno; both are the caller's. */
int attach_accept(int listener, struct attach_request *ret, int *ret_terminal);
/* Answer and close the connection. */
void attach_answer(int connection, const char *text);

/* The other side: the processes of labs that listen and that this user may attach to. */
size_t attach_find(pid_t *ret, size_t size);
/* Ask one of them. Returns 0, or -errno and a sentence. The terminal stays the caller's. */
int attach_ask(pid_t lab, const char *node, int terminal, struct err *err);

#endif
