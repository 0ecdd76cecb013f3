/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: how a second terminal finds a running lab: the lab's front listens on an abstract socket,
 * which leaves no file and vanishes with the process. One request a connection: a machine's name
 * and a descriptor; the answer is a sentence, empty when what was asked for is done.
 */
#ifndef ARPLAB_ATTACH_H
#define ARPLAB_ATTACH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <arplab/app.h>
#include <arplab/err.h>
#include <arplab/event.h>
#include <arplab/text.h>
#include <arplab/topology.h>
#include <arplab/world.h>

#define ATTACH_LABS_MAX 64

enum attach_kind {
	ATTACH_SHELL = 1, /* A shell on a terminal, which is the descriptor. */
	ATTACH_SURVEY,    /* What is known of the machine, as lines into a regular file. */
};

struct attach_request {
	uint32_t kind; /* enum attach_kind */
	char node[NODE_NAME_SIZE];
};

struct attach_answer {
	char text[EVENT_TEXT_SIZE]; /* "" or why not. */
};

/* The lab's side. Only the user that this process is, and root, may attach. */
int attach_listen(void);
/* Accept one request. Returns the connection and the descriptor, or -errno; both are the caller's.
 */
int attach_accept(int listener, struct attach_request *ret, int *ret_fd);
/* Answer and close the connection. */
void attach_answer(int connection, const char *text);
/* Carry ATTACH_SURVEY out, and answer and close. */
void attach_give_survey(int connection, const struct world *w, const char *node, int fd);
/* "there is no machine rs9 in the lab; there are: client rs1" */
void attach_no_machine(struct text *t, const struct world *w, const char *node);

/* The other side: the processes of labs that listen and that this user may attach to. */
size_t attach_find(pid_t *ret, size_t size);
/* The one that --pid names, or the only one. Returns -1 to go on, or the status after a sentence.
 */
int attach_choose(const struct app_options *o, pid_t *ret);
/* Ask one of them. Returns 0, or -errno and a sentence. The descriptor stays the caller's. */
int attach_ask(pid_t lab, enum attach_kind kind, const char *node, int fd, struct err *err);

#endif
