/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: what the kernel says of the host, by the program's own way: netlink and sysctl files to
 * events, over the socket into a model, and from there to the facts that the rules are asked with.
 */
#include <config.h>

#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/parts.h>

#include "../../src/helper/kernel.h"

#define FRAME_RING 4096

struct facts {
	struct helper_options options;
	struct loop loop;
	int front; /* The other end of the outbox's socket. */
	struct netsource *net;
	struct confs *confs;
	struct model model;
	struct host *host;
	bool read;
	_Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
};

static void take_link(void *arg, const struct link *link, bool gone)
{
	struct facts *f = arg;
	confs_link(f->confs, link, gone);
}

static void say_hello(struct facts *f)
{
	struct event hello = { .hello = { .pid = getpid(), .scope = SCOPE_HOST } };
	event_begin(&hello, EVENT_HELLO, clock_wall_ns());
	hello.hello.kernel = kernel_version();
	model_apply(&f->model, &hello);
}

struct facts *facts_new(void)
{
	struct facts *f = calloc(1, sizeof *f);
	struct err err = { "" };
	int ends[2];
	if (!f || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		give_up("no memory, or no sockets");
	/* A lab's: a live host's parts rest after dumps that took long. */
	f->options = (struct helper_options) { .scope = SCOPE_LAB, .file = -1 };
	f->loop.epoll = epoll_create1(EPOLL_CLOEXEC);
	f->loop.options = &f->options;
	f->front = ends[1];
	outbox_init(&f->loop.outbox, ends[0]);
	model_init(&f->model, FRAME_RING);
	say_hello(f);
	f->confs = confs_new(&f->loop);
	const struct netsource_ops ops = { .link = take_link, .arg = f };
	f->net = f->confs ? netsource_new(&f->loop, &ops, &err) : NULL;
	if (!f->net)
		give_up("the tables cannot be read: %s", err.text);
	return f;
}

void facts_free(struct facts *f)
{
	if (!f)
		return;
	host_free(f->host);
	netsource_free(f->net);
	confs_free(f->confs);
	model_done(&f->model);
	close(f->front);
	close(f->loop.outbox.socket);
	close(f->loop.epoll);
	free(f);
}

/* Pass on what has been said. Returns whether there was anything. */
static bool apply(struct facts *f)
{
	bool any = false;
	ssize_t len;
	outbox_flush(&f->loop.outbox);
	while ((len = recv(f->front, f->batch, sizeof f->batch, 0)) > 0) {
		any = true;
		for (size_t at = 0; at < (size_t)len;) {
			long size = event_check(f->batch + at, (size_t)len - at);
			if (size < 0)
				give_up("an event is not sound");
			model_apply(&f->model, (const struct event *)(f->batch + at));
			at += (size_t)size;
		}
		outbox_flush(&f->loop.outbox);
	}
	return any;
}

/* The kernel's answers are there at once: when nothing more is said, all is. */
static void read_tables(struct facts *f, bool news)
{
	if (news && f->read)
		netsource_look_proxies(f->net);
	else
		netsource_restart(f->net);
	do
		netsource_resume(f->net);
	while (apply(f));
	f->read = true;
	while (confs_poll(f->confs) == -EAGAIN)
		apply(f);
	apply(f);
	if (f->model.tables_dumping)
		give_up("a dump does not come to its end");
}

const struct host *facts_read(struct facts *f, const struct space *s, bool news)
{
	read_tables(f, news);
	struct host *before = f->host;
	f->host = host_from_model(&f->model, before);
	host_free(before);
	if (!f->host)
		give_up("no facts can be made of the model");
	f->host->default_made = s->default_made;
	return f->host;
}

const struct model *facts_model(const struct facts *f)
{
	return &f->model;
}
