/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: the rules against the kernel that runs: random hosts, random frames and packets, and
 * everything compared that comes of them. A case that differs is printed whole, to be kept.
 *
 *	agree-kernel                                  a short run, in TAP
 *	agree-kernel --cases 100000 --seed 7          a long one
 *	agree-kernel --seed 7 --case 4711 --verbose   one case of it again
 */
#include <config.h>

#include "kernel.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <arplab/clock.h>

#define CASES_A_HOST 8
#define CASES_USUAL 2000
#define SEED_USUAL 1
#define SHOWN_MOST 20 /* Cases that differ and are printed. */
#define TRIES 3
#define NEWS 1 /* Of two hosts: the one of which only the news are read. */

struct options {
	uint64_t cases, seed, only; /* only: UINT64_MAX for all. */
	bool verbose, stop, tap;
};

struct run {
	struct options options;
	struct space space;
	struct facts *facts;
	const struct host *host;
	int segments[LINKS + 8];
	uint64_t agreed, unknown, differed, disturbed;
	bool open;
};

void give_up(const char *format, ...)
{
	va_list ap;
	fflush(stdout);
	va_start(ap, format);
	fputs("agree-kernel: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

/* ---- the report ---- */

struct prefix {
	const struct run *run;
	const char *before;
};

static void print_line(void *arg, const char *text)
{
	const struct prefix *p = arg;
	printf("%s%s%s\n", p->run->options.tap ? "# " : "", p->before, text);
}

/* The wire that a link is plugged into is not the host's to know. */
static void print_host_line(void *arg, const char *text)
{
	struct prefix *p = arg;
	char line[512];
	int32_t ifindex;
	if (sscanf(text, "link %d", &ifindex) == 1) {
		int segment = NO_SEGMENT;
		for (size_t i = 0; i < p->run->host->link_count; i++)
			if (p->run->host->links[i].ifindex == ifindex)
				segment = p->run->segments[i];
		snprintf(line, sizeof line, "%s segment=%d", text, segment);
		text = line;
	}
	print_line(arg, text);
}

static void print_case(const struct run *run, uint64_t number, const struct test_case *c,
	const struct scene *scene, const struct effect *predicted, const struct effect *seen)
{
	struct prefix plain = { run, "" }, expected = { run, "# predicted: " },
		      ladder = { run, "#   " };
	char line[512];
	host_write(run->host, print_host_line, &plain);
	/* Here a segment carries nothing from one of the host's interfaces to another. */
	snprintf(line, sizeof line, "case kernel-%llu/%llu carried=0",
		(unsigned long long)run->options.seed, (unsigned long long)number);
	print_line(&plain, line);
	for (size_t i = 0; i < c->have_count; i++) {
		struct text t = text_in(line, sizeof line);
		entry_write(&t, run->host, "have", &c->have[i]);
		print_line(&plain, text_end(&t));
	}
	struct text t = text_in(line, sizeof line);
	stimulus_write(&t, run->host, &c->what);
	print_line(&plain, text_end(&t));
	effect_write(run->host, &c->what, seen, print_line, &plain);
	if (predicted->unknown)
		print_line(&expected, predicted->why);
	effect_write(run->host, &c->what, predicted, print_line, &expected);
	predict_tell(scene, &c->what, print_line, &ladder);
	print_line(&plain, "end");
	fflush(stdout);
}

/* ---- hosts ---- */

static void open_space(struct run *run)
{
	space_open(&run->space);
	run->facts = facts_new();
	run->open = true;
}

static void close_space(struct run *run)
{
	if (!run->open)
		return;
	/*
	 * Linux forgets proxy neighbours with their interface; those of none outlive the namespace,
	 * and turn up in a later one.
	 */
	host_clear(&run->space, facts_model(run->facts));
	facts_free(run->facts);
	space_close(&run->space);
	run->open = false;
}

static void make_host(struct run *run, uint64_t number)
{
	struct rng r = rng_of(run->options.seed, number * 2);
	if (run->open && run->space.spoilt)
		close_space(run);
	if (!run->open)
		open_space(run);
	else
		host_clear(&run->space, facts_model(run->facts));
	host_make(&run->space, &r);
	act_hush(&run->space);
	if (rng_percent(&r, 15)) {
		facts_read(run->facts, &run->space, true);
		host_change(&run->space, &r);
		number = NEWS;
	}
	run->host = facts_read(run->facts, &run->space, number % 2 == NEWS);
	for (size_t i = 0; i < run->host->link_count && i < COUNT(run->segments); i++) {
		run->segments[i] = NO_SEGMENT;
		for (size_t k = 0; k < LINKS; k++)
			if (run->space.links[k].ifindex == run->host->links[i].ifindex)
				run->segments[i] = run->space.links[k].segment;
	}
}

/* ---- cases ---- */

/*
 * What a case differs in is a difference only if it comes again: a busy machine can collect
 * neighbours, or be late.
 */
static bool try_case(struct run *run, const struct test_case *c, const struct effect *predicted,
	struct effect *ret)
{
	for (int i = 0; i < TRIES; i++) {
		bool whole = act(&run->space, c, predicted->frame_count, ret);
		if (whole && effect_same(predicted, ret)) {
			run->disturbed += i > 0;
			return true;
		}
	}
	return false;
}

static void run_case(struct run *run, uint64_t number)
{
	struct rng r = rng_of(run->options.seed, number * 2 + 1);
	struct test_case c;
	struct effect predicted, seen;
	case_make(&run->space, run->host, &r, &c);
	for (size_t i = 0; i < c.have_count; i++)
		c.have[i].age_ns = run->space.locktime_ms ? 0 : NS_PER_S;
	const struct scene scene = { .host = run->host,
		.segments = run->segments,
		.have = c.have,
		.have_count = c.have_count };
	predict(NULL, &scene, &c.what, &predicted);
	bool same = try_case(run, &c, &predicted, &seen);
	run->agreed += same;
	run->unknown += predicted.unknown;
	run->differed += !same && !predicted.unknown;
	if (run->options.verbose || (!same && run->unknown + run->differed <= SHOWN_MOST))
		print_case(run, number, &c, &scene, &predicted, &seen);
}

static void run_cases(struct run *run)
{
	const struct options *o = &run->options;
	bool one = o->only != UINT64_MAX;
	uint64_t first = one ? o->only : 0, last = one ? o->only + 1 : o->cases;
	uint64_t host = UINT64_MAX;
	for (uint64_t i = first; i < last; i++) {
		if (i / CASES_A_HOST != host) {
			host = i / CASES_A_HOST;
			make_host(run, host);
		}
		run_case(run, i);
		if (o->stop && run->unknown + run->differed)
			break;
	}
	close_space(run);
}

/* ---- the command line ---- */

static _Noreturn void usage(int status)
{
	fputs("usage: agree-kernel [--cases N] [--seed S] [--case K] [--verbose] [--stop] "
	      "[--tap]\n",
		status ? stderr : stdout);
	exit(status);
}

static uint64_t number_of(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);
	if (end == text || *end)
		usage(2);
	return n;
}

static struct options read_options(int argc, char **argv)
{
	static const struct option names[] = { { "cases", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' }, { "case", required_argument, NULL, 'k' },
		{ "verbose", no_argument, NULL, 'v' }, { "stop", no_argument, NULL, 'x' },
		{ "tap", no_argument, NULL, 't' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	struct options o = {
		.cases = CASES_USUAL, .seed = SEED_USUAL, .only = UINT64_MAX, .tap = argc == 1
	};
	int c;
	while ((c = getopt_long(argc, argv, "", names, NULL)) >= 0) {
		switch (c) {
		case 'n':
			o.cases = number_of(optarg);
			break;
		case 's':
			o.seed = number_of(optarg);
			break;
		case 'k':
			o.only = number_of(optarg);
			break;
		case 'v':
			o.verbose = true;
			break;
		case 'x':
			o.stop = true;
			break;
		case 't':
			o.tap = true;
			break;
		default:
			usage(c == 'h' ? 0 : 2);
		}
	}
	if (optind != argc)
		usage(2);
	return o;
}

int main(int argc, char **argv)
{
	struct run run = { .options = read_options(argc, argv) };
	struct utsname name;
	space_prepare();
	uint64_t began_ns = clock_steady_ns();
	run_cases(&run);
	double seconds = (double)(clock_steady_ns() - began_ns) / NS_PER_S;
	uint64_t all = run.agreed + run.unknown + run.differed;
	bool good = run.unknown + run.differed == 0 && all > 0;
	uname(&name);
	const char *comment = run.options.tap ? "# " : "";
	printf("%s%llu cases, %llu agree, %llu unknown, %llu disagree\n", comment,
		(unsigned long long)all, (unsigned long long)run.agreed,
		(unsigned long long)run.unknown, (unsigned long long)run.differed);
	printf("%sLinux %s, seed %llu, %.1f s, %.0f cases a second, %llu done again\n", comment,
		name.release, (unsigned long long)run.options.seed, seconds, (double)all / seconds,
		(unsigned long long)run.disturbed);
	if (run.options.tap)
		printf("1..1\n%sok 1 - the rules agree with this kernel\n", good ? "" : "not ");
	return good ? 0 : 1;
}
