/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: a lab made, reset, painted and left alone; thirty of them; all lessons; beside ip(8). */
#include <config.h>

#include "bench.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>

#include <arplab/action.h>
#include <arplab/clock.h>
#include <arplab/helper.h>
#include <arplab/text.h>
#include <arplab/world.h>

#define CLASSROOM 30

static double quiet_s = 60;

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* `count` machines on one LAN, each with one address; the last ones hold one more on lo. */
static void network(struct topology *t, uint16_t count)
{
	*t = (struct topology) { .node_count = count, .iface_count = count, .switch_count = 1 };
	text_copy(t->switches[0], sizeof t->switches[0], "lan");
	for (uint16_t i = 0; i < count; i++) {
		struct topology_iface *f = &t->ifaces[i];
		snprintf(t->nodes[i].name, sizeof t->nodes[i].name, "node%u", i + 1u);
		f->node = (uint16_t)(i + 1);
		f->switch_number = 1;
		topology_mac(f->node, 0, f->mac);
		text_copy(f->name, sizeof f->name, "eth0");
		t->addrs[t->addr_count++] = (struct topology_addr) { .node = f->node,
			.iface = (uint16_t)(i + 1),
			.prefix = 24,
			.ip = htonl(0xc0a80200u + i + 1u) };
		if (i >= 2)
			t->addrs[t->addr_count++] = (struct topology_addr) {
				.node = f->node, .prefix = 32, .ip = htonl(0xc0a802c8u)
			};
	}
}

struct driver {
	struct helper helper;
	struct world world;
	uint8_t *batch;
};

static void driver_open(struct driver *d)
{
	const struct helper_options options = { .scope = SCOPE_LAB, .file = -1 };
	struct err err = { "" };
	d->batch = aligned_alloc(8, EVENT_BATCH_MAX);
	world_init(&d->world, MODEL_FRAME_RING);
	check(d->batch && helper_spawn(&d->helper, &options, &err) == 0, "no lab: %s", err.text);
}

static void driver_close(struct driver *d)
{
	close(d->helper.socket);
	waitpid(d->helper.pid, NULL, 0);
	world_done(&d->world);
	free(d->batch);
}

/* Build, until every machine's tables are known to the front. Milliseconds. */
static double build(struct driver *d, struct topology *t, uint32_t id)
{
	struct action a = { .kind = ACTION_BUILD, .id = id };
	struct iovec io[] = { { &a, sizeof a }, { t, sizeof *t } };
	struct msghdr m = { .msg_iov = io, .msg_iovlen = 2 };
	double from = seconds();
	uint32_t before = d->world.lab.number;
	check(sendmsg(d->helper.socket, &m, 0) > 0, "cannot ask for a lab: %s", strerror(errno));
	while (!world_ready(&d->world) || d->world.lab.number == before) {
		struct pollfd p = { .fd = d->helper.socket, .events = POLLIN };
		check(poll(&p, 1, PATIENCE_MS) > 0, "no answer");
		ssize_t len = recv(d->helper.socket, d->batch, EVENT_BATCH_MAX, 0);
		check(len > 0 && d->world.lab.state != LAB_FAILED, "%s", d->world.lab.text);
		for (ssize_t at = 0; at < len;) {
			const struct event *e = (const void *)(d->batch + at);
			world_apply(&d->world, e);
			at += e->size;
		}
	}
	return (seconds() - from) * 1e3;
}

/* The kernel frees the namespaces of the lab before for some 100 ms, and that is not measured. */
static void let_it_free(void)
{
	poll(NULL, 0, 300);
}

static void report(const char *what, double *ms, size_t count)
{
	qsort(ms, count, sizeof *ms, by_size);
	tap_note("%-34s median %.2f ms, best %.2f ms, worst %.2f ms", what, ms[count / 2], ms[0],
		ms[count - 1]);
}

static void made(void *arg)
{
	enum { RUNS = 25 };
	double first[RUNS], again[RUNS], many[5];
	struct topology t;
	(void)arg;
	for (int i = 0; i < RUNS; i++) {
		struct driver d;
		let_it_free();
		driver_open(&d);
		network(&t, 5);
		first[i] = build(&d, &t, 1);
		again[i] = build(&d, &t, 2);
		driver_close(&d);
	}
	report("five machines, everything known", first, RUNS);
	report("the same, made anew (a reset)", again, RUNS);
	for (int i = 0; i < 5; i++) {
		struct driver d;
		let_it_free();
		driver_open(&d);
		network(&t, 32);
		many[i] = build(&d, &t, 1);
		driver_close(&d);
	}
	report("32 machines", many, 5);
}

/* The same five machines by ip(8): one process a command, and one process for all of them. */
static void by_ip(void *arg)
{
	char dir[128], path[160], command[1024];
	(void)arg;
	if (!have("ip"))
		tap_skip("ip is not there");
	temporary(dir, sizeof dir);
	snprintf(path, sizeof path, "%s/batch", dir);
	FILE *f = fopen(path, "we");
	check(f, "cannot write %s", path);
	fputs("link add br0 type bridge\nlink set br0 up\n", f);
	for (int i = 1; i <= 5; i++)
		fprintf(f,
			"netns add bench%d\n"
			"link add p%d master br0 up type veth peer name eth0 address "
			"02:00:00:00:00:0%d netns bench%d\n"
			"-n bench%d link set lo up\n-n bench%d link set eth0 up\n"
			"-n bench%d addr add 192.168.2.%d/24 dev eth0\n",
			i, i, i, i, i, i, i, i);
	fclose(f);
	/* -n is no word of a batch: a batch is for one namespace, so each has a line of its own. */
	snprintf(command, sizeof command,
		"unshare -n -m sh -c 'mount -t tmpfs none /run && cat %s | "
		"while read line; do ip $line; done'",
		path);
	double script = command_seconds(command, NULL);
	snprintf(command, sizeof command,
		"unshare -n -m sh -c 'mount -t tmpfs none /run && grep -v ^-n %s >%s.1 && "
		"ip -batch %s.1 && for i in 1 2 3 4 5; do (echo link set lo up; echo link set eth0 "
		"up; echo addr add 192.168.2.$i/24 dev eth0) | ip -n bench$i -batch -; done'",
		path, path, path);
	double batch = command_seconds(command, NULL);
	tap_note("%-34s script of ip commands %.0f ms, ip -batch %.0f ms", "beside it",
		script * 1e3, batch * 1e3);
	temporary_remove(dir);
}

static void painted(void *arg)
{
	enum { RUNS = 30 };
	double ms[RUNS];
	(void)arg;
	for (int i = 0; i < RUNS; i++) {
		const char *words[] = { arplab(), NULL };
		let_it_free();
		double from = seconds();
		struct pty *p = pty_start(&(struct pty_options) { .argv = words });
		pty_seconds_until(p, "rs2");
		ms[i] = (seconds() - from) * 1e3;
		pty_key(p, "q");
		pty_wait(p, PATIENCE_MS);
		pty_free(p);
	}
	report("program started, lab painted", ms, RUNS);
}

static void lessons(void *arg)
{
	(void)arg;
	char command[512];
	double cpu = 0;
	snprintf(command, sizeof command, "%s run --solve all", arplab());
	double took = command_seconds(command, &cpu);
	tap_note(
		"%-34s %.1f s, of them %.2f s on the processor", "all lessons headless", took, cpu);
}

static void classroom(void *arg)
{
	struct pty *p[CLASSROOM];
	double ms[CLASSROOM];
	const char *words[] = { arplab(), NULL };
	(void)arg;
	for (int i = 0; i < CLASSROOM; i++)
		p[i] = pty_start(&(struct pty_options) { .argv = words });
	for (int i = 0; i < CLASSROOM; i++) {
		pty_seconds_until(p[i], "rs2");
		pty_settle(p[i], 20);
	}
	/* Everybody presses a key at once; help is a whole screen that is drawn anew. */
	double from = seconds();
	for (int i = 0; i < CLASSROOM; i++)
		pty_key(p[i], "?");
	for (int i = 0; i < CLASSROOM; i++) {
		pty_seconds_until(p[i], "Help");
		ms[i] = (seconds() - from) * 1e3;
	}
	report("30 labs, a key in all at once", ms, CLASSROOM);
	for (int i = 0; i < CLASSROOM; i++)
		pty_key(p[i], "Escape");
	for (int i = 0; i < CLASSROOM; i++)
		pty_settle(p[i], 20);
	for (int i = 0; i < CLASSROOM; i++) {
		from = seconds();
		pty_key(p[i], "?");
		pty_seconds_until(p[i], "Help");
		ms[i] = (seconds() - from) * 1e3;
	}
	report("30 labs, a key in one after another", ms, CLASSROOM);
	for (int i = 0; i < CLASSROOM; i++) {
		pty_key(p[i], "Escape");
		pty_key(p[i], "q");
		pty_wait(p[i], PATIENCE_MS);
		pty_free(p[i]);
	}
}

static void quiet(void *arg)
{
	const char *words[] = { arplab(), NULL };
	(void)arg;
	struct pty *p = pty_start(&(struct pty_options) { .argv = words });
	pty_seconds_until(p, "rs2");
	for (double end = seconds() + 3; seconds() < end;)
		pty_read(p, 100);
	struct usage a = usage_of(pty_pid(p));
	double from = seconds();
	for (double end = from + quiet_s; seconds() < end;)
		pty_read(p, 1000);
	struct usage b = usage_of(pty_pid(p));
	double took = seconds() - from;
	tap_note("%-34s CPU %.4f s/min, %.2f wake-ups/s, PSS %.1f MiB together", "an idle lab",
		(b.cpu_s - a.cpu_s) * 60 / took, (double)(b.switches - a.switches) / took,
		b.pss_mib);
	pty_key(p, "q");
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
}

static const struct tap_case cases[] = {
	{ "made", made },
	{ "by ip", by_ip },
	{ "painted", painted },
	{ "classroom", classroom },
	{ "lessons", lessons },
	{ "quiet", quiet },
};

int main(int argc, char **argv)
{
	if (argc > 1)
		quiet_s = strtod(argv[1], NULL);
	return tap_run(cases, sizeof cases / sizeof *cases, NULL);
}
