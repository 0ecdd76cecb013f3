/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a lab torn down without waiting for the kernel.
 *
 * To close a packet socket is to wait until no processor can be using it any more, some 12 ms each
 * (net/packet/af_packet.c, packet_release, synchronize_net). Who has a socket open last waits; so
 * a small process takes copies of all descriptors along, and ends when ours are closed.
 */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

void net_init(struct lab_net *n)
{
	*n = (struct lab_net) { .switch_space = -1, .switch_requests = -1 };
}

/* Whether the place is free by now; wait: until it is. */
static bool reaped(int *sweeper, bool wait)
{
	pid_t r;
	if (*sweeper <= 0)
		return true;
	do
		r = waitpid(*sweeper, NULL, wait ? 0 : WNOHANG);
	while (r < 0 && errno == EINTR);
	if (r != 0)
		*sweeper = 0;
	return r != 0;
}

void sweepers_reap(struct lab *l)
{
	for (size_t i = 0; i < SWEEPERS_MAX; i++)
		reaped(&l->sweepers[i], false);
}

/* A place for one more. Who builds faster than the kernel clears away waits for the oldest. */
static int *free_place(struct lab *l)
{
	sweepers_reap(l);
	for (size_t i = 0; i < SWEEPERS_MAX; i++)
		if (l->sweepers[i] == 0)
			return &l->sweepers[i];
	reaped(&l->sweepers[0], true);
	return &l->sweepers[0];
}

static _Noreturn void be_sweeper(const struct lab *l, int go)
{
	char byte;
	/* The end of this one tells the front that the helper is gone. */
	close(l->loop->outbox.socket);
	while (read(go, &byte, 1) < 0 && errno == EINTR)
		continue;
	_exit(0);
}

/* Returns a descriptor to be closed when all others are, or -1: there is no such process. */
static int sweeper_start(struct lab *l)
{
	int ends[2], *place = free_place(l);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	*place = fork();
	if (*place == 0) {
		close(ends[1]);
		be_sweeper(l, ends[0]);
	}
	close(ends[0]);
	if (*place > 0)
		return ends[1];
	*place = 0;
	close(ends[1]);
	return -1;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void node_end(struct lab *l, struct lab_node *n)
{
	netsource_free(n->net);
	confs_free(n->confs);
	if (n->tap.fd >= 0)
		loop_forget(l->loop, n->tap.fd);
	tap_close(&n->tap);
	close_one(&n->requests);
	close_one(&n->space);
}

void net_end(struct lab *l)
{
	if (l->net.count == 0 && l->net.switch_space < 0)
		return;
	int done = sweeper_start(l);
	for (size_t i = 0; i < l->net.count; i++)
		node_end(l, &l->net.nodes[i]);
	close_one(&l->net.switch_requests);
	close_one(&l->net.switch_space);
	close_one(&done);
	taps_reset(&l->taps);
	net_init(&l->net);
	l->rising = false;
}
