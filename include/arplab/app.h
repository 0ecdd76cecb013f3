/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the subcommands, each one file, and what they share. Only app and main print. */
#ifndef ARPLAB_APP_H
#define ARPLAB_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <arplab/action.h>
#include <arplab/err.h>
#include <arplab/event.h>
#include <arplab/model.h>

/* Exit statuses of the program. */
enum app_exit {
	EXIT_FINE = 0,
	EXIT_REFUSED = 1, /* The world refused, or a value was not as wanted. */
	EXIT_USAGE = 2,   /* The words on the command line are wrong. */
};

/* What the front needs from the helper's half; main.c fills it in, so that app does not see it. */
struct app_start {
	enum event_scope scope;
	bool capture, lasting, sysctls_only;
	size_t iface_count;
	const char *const *ifaces;
	const char *filter;
	const char *state_dir;
	const char *persist_path;
	int file; /* -1 if none */
	const char *file_name;
};

/* The other end of the line: the helper's socket, or a recorded stream in tests. */
struct app_line {
	int socket;
	pid_t pid;
};

struct app_border {
	/* Start the helper and drop the front's privileges. Returns 0 or -errno and a sentence. */
	int (*start)(const struct app_start *start, struct app_line *ret, struct err *err);
};

/* Options that every subcommand takes, already parsed. */
struct app_options {
	const struct app_border *border;
	size_t iface_count;
	const char *ifaces[32];
	const char *filter;
	const char *state_dir;
	const char *persist_path;
	const char *write_pcap;
	const char *theme;
	const char *duration; /* of --for */
	const char *record;
	bool write, json, hold, force, ascii, mono, no_mouse, quiet;
	size_t arg_count; /* Words behind the subcommand. */
	char **args;
};

struct subcommand {
	const char *name;
	const char *args;    /* "NAME.KEY=VALUE…", for usage and completions. */
	const char *summary; /* One line. */
	const char *options; /* Names of the options it takes, separated by spaces. */
	int (*run)(const struct app_options *options);
};

struct app_option {
	const char *name;  /* Long name, without dashes. */
	char letter;       /* Short one, or 0. */
	const char *value; /* What its value is called, or NULL if it takes none. */
	const char *help;
};

/* The tables that usage, completions and the manual's check walk. */
const struct subcommand *app_subcommands(size_t *ret_count);
const struct app_option *app_option_table(size_t *ret_count);

/* argv → subcommand → exit status. */
int app_main(int argc, char **argv, const struct app_border *border);

/* Subcommands. */
int app_live(const struct app_options *o);
int app_read(const struct app_options *o);
int app_monitor(const struct app_options *o);
int app_get(const struct app_options *o);
int app_set(const struct app_options *o);
int app_restore(const struct app_options *o);
int app_complete(const struct app_options *o); /* prints completions for bash, zsh or fish */

/* "arplab: sentence" on standard error; returns status. */
int app_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * line.c — the helper's socket. Receive one batch into an aligned buffer of EVENT_BATCH_MAX bytes.
 * Returns its bytes, 0 when nothing waits, -EPIPE when the helper is gone, or -errno.
 */
ssize_t app_receive(const struct app_line *line, void *buffer, size_t size);
/* Walk a received batch: the next event at *pos or NULL at its end. A bad one ends the walk. */
const struct event *app_next_event(const void *buffer, size_t len, size_t *pos);
int app_send(const struct app_line *line, const struct action *a);
/*
 * Receive and apply events until `enough(model, arg)` or the helper ends or `wait_ms` has passed
 * (-1: no limit). Returns 0, -ETIMEDOUT, -EPIPE, or -EINTR when a signal asked to end.
 */
int app_pump(const struct app_line *line, struct model *m,
	bool (*enough)(const struct model *m, void *arg), void *arg, int wait_ms, struct err *err);
/* Shut the line down, wait for the helper to have undone everything, reap it if it has ended. */
void app_hang_up(struct app_line *line);

/*
 * lines.c — an event as one line of text or one JSON object, fast. The model names interfaces.
 * Both return false for events that monitor does not show. No line feed is written.
 */
struct text;
struct line_clock { /* Caches the formatted second. Zeroed at the start. */
	uint64_t second;
	char text[32];
	size_t len;
};
bool line_text(struct text *t, const struct model *m, const struct event *e, struct line_clock *c);
bool line_json(struct text *t, const struct model *m, const struct event *e);

/* pcap_out.c — a capture file written by the front: pcap, nanoseconds, Ethernet. */
struct pcap_out;
struct pcap_out *pcap_out_open(const char *path, struct err *err);
int pcap_out_frame(struct pcap_out *p, const struct event *e, struct err *err);
int pcap_out_flush(struct pcap_out *p, struct err *err);
/* Flush and close; NULL is fine. Returns 0 or -errno and a sentence (a full disk shows here). */
int pcap_out_close(struct pcap_out *p, struct err *err);
const char *pcap_out_path(const struct pcap_out *p);

/* A span of time: "90", "90s", "5m", "1h30m". Returns 0 or -EINVAL/-ERANGE; *ret_ns on success. */
int app_parse_duration(const char *s, uint64_t *ret_ns);

#endif
