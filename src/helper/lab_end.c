/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a lab torn down without waiting for the kernel. */
#include <config.h>

#include "cluster.h"
#include "lab_parts.h"

#include <unistd.h>

void net_init(struct lab_net *n)
{
	*n = (struct lab_net) { .switch_space = -1, .switch_requests = -1 };
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
	close_one(&n->requests);
	close_one(&n->space);
}

void net_end(struct lab *l)
{
	int taps[NODES_MAX];
	cluster_end(l->cluster);
	for (size_t i = 0; i < l->net.count; i++) {
		taps[i] = l->net.nodes[i].tap.fd;
		node_end(l, &l->net.nodes[i]);
	}
	closer_take(&l->closer, taps, l->net.count);
	close_one(&l->net.switch_requests);
	close_one(&l->net.switch_space);
	taps_reset(&l->taps);
	net_init(&l->net);
	l->rising = false;
}

void lab_close(struct lab *l, int *fds, size_t count)
{
	closer_take(&l->closer, fds, count);
}
