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
	EXIT_NOTHING = 3, /* explain: silent, refused, kept or nothing. */
	EXIT_UNKNOWN = 4, /* explain: it cannot be told. */
};

/* What the front needs from the helper's half; main.c fills it in, so that app does not see it. */
struct app_start {
	enum event_scope scope;
	bool capture, sysctls_only;
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
	int signals; /* A signalfd of the signals that end the program; -1 if they are not taken. */
};

struct app_border {
	/* Start the helper and drop the front's privileges. Returns 0 or -errno and a sentence. */
	int (*start)(const struct app_start *start, struct app_line *ret, struct err *err);
	/* Drop them where no helper is wanted. Returns 0 or -errno and a sentence. */
	int (*drop)(struct err *err);
};

#define APP_SETS 32

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
	const char *lab;       /* The process of a lab, as a word. */
	const char *node;      /* A machine of it. */
	const char *host_file; /* A machine as lines; "-" for standard input. */
	size_t set_count;
	const char *sets[APP_SETS];       /* NAME.KEY=VALUE */
	const char *seed;                 /* A number, as a word. */
	const char *width, *from, *count; /* Numbers, as words, of ladder. */
	bool write, json, text, hold, force, ascii, mono, no_mouse, quiet;
	bool solve, reset, no_solve, tap, present, doctor_lab, all, svg;
	size_t arg_count; /* Words behind the subcommand. */
	char **args;
	char **command; /* The words behind `--`, ended by NULL; or NULL. `set --hold` runs them. */
};

struct subcommand {
	const char *name;
	const char *args;    /* "NAME.KEY=VALUE…", for usage and completions. */
	const char *summary; /* One line. */
	const char *options; /* Names of the options it takes, separated by spaces. */
	const char *more;    /* What help says besides; NULL: nothing. */
	int (*run)(const struct app_options *options);
	bool terminal;      /* It needs a terminal on standard output. */
	bool command;       /* Words behind `--` are a command line to run. */
	size_t least, most; /* Number of words it takes. */
};

/* Where the value of an option goes. */
enum app_option_kind {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_IFACE,
	OPTION_SET,
	OPTION_HELP,
	OPTION_VERSION
};

struct app_option {
	const char *name;  /* Long name, without dashes. */
	char letter;       /* Short one, or 0. */
	const char *value; /* What its value is called, or NULL if it takes none. */
	const char *help;
	enum app_option_kind kind;
	size_t offset; /* In struct app_options: a bool or a const char *. */
};

/* The tables that usage, completions and the manual's check walk. */
const struct subcommand *app_subcommands(size_t *ret_count);
const struct app_option *app_option_table(size_t *ret_count);

/* A row of them by its name, or NULL. */
const struct subcommand *app_subcommand(const char *name);
/* Whether a subcommand takes an option; --help and --version are everybody's. */
bool app_takes(const struct subcommand *c, const struct app_option *option);

/* argv → subcommand → exit status. */
int app_main(int argc, char **argv, const struct app_border *border);
/*
 * options.c — argv → options and subcommand. Returns -1 when the subcommand is to be run, else the
 * status to exit with: help has been printed, or a sentence about a wrong word.
 */
int app_parse(
	int argc, char **argv, struct app_options *ret, const struct subcommand **ret_command);
/* The sentence about a word that is no subcommand, with a suggestion; returns the status. */
int app_unknown_command(const char *word);
/* usage.c — how to call the program, or one subcommand. Written to standard output. */
void app_usage(const struct subcommand *c);

/* Subcommands. */
int app_live(const struct app_options *o);
int app_lab(const struct app_options *o);
int app_run(const struct app_options *o);
int app_lessons(const struct app_options *o);
int app_shell(const struct app_options *o);
int app_doctor(const struct app_options *o);
int app_read(const struct app_options *o);
int app_ladder(const struct app_options *o);
int app_replay(const struct app_options *o);
int app_monitor(const struct app_options *o);
int app_get(const struct app_options *o);
int app_set(const struct app_options *o);
int app_restore(const struct app_options *o);
int app_explain(const struct app_options *o);
int app_snapshot(const struct app_options *o);
int app_complete(const struct app_options *o); /* prints completions for bash, zsh or fish */
int app_help(const struct app_options *o);
int app_version(const struct app_options *o);
/*
 * screen_loop.c — the screen over a helper that has been started already; read uses it for a file.
 * Hangs up. Returns the exit status.
 */
struct player;
int app_screen(const struct app_options *o, struct app_line *line, enum event_scope scope,
	struct player *player);

/* lessons.c — FILE:LINE: TEXT on standard error, for a finding about a lesson. line: 0 for none. */
void app_print_fault(const char *file, unsigned line, const char *text);

/* fail.c — "arplab: sentence" on standard error; returns status. */
int app_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * line.c — the helper's socket. Start the helper, drop privileges, and take SIGINT, SIGTERM and
 * SIGHUP as a descriptor: from here on they wake a poll and do not kill. Prints nothing.
 */
int app_open(const struct app_options *o, const struct app_start *start, struct app_line *ret,
	struct err *err);
/* The same without a helper: privileges are dropped and signals are taken. */
int app_open_alone(const struct app_options *o, struct app_line *ret, struct err *err);
/* The exit status for a refusal of app_open(): a wrong word on the command line, or the world. */
int app_open_status(int error);
/* What a helper is asked for by default: the scope, and what the options say. */
struct app_start app_start_from(const struct app_options *o, enum event_scope scope);
/* A signal that asks to end, taken off the descriptor: its number, or 0. */
int app_signal(const struct app_line *line);
/*
 * Receive one batch into an aligned buffer of EVENT_BATCH_MAX bytes.
 * Returns its bytes, 0 when nothing waits, -EPIPE when the helper is gone, or -errno.
 */
ssize_t app_receive(const struct app_line *line, void *buffer, size_t size);
/* Walk a received batch: the next event at *pos or NULL at its end. A bad one ends the walk. */
const struct event *app_next_event(const void *buffer, size_t len, size_t *pos);
/* Send one action; waits for room for a moment. Returns 0, -EPIPE, or -ETIMEDOUT. */
int app_send(const struct app_line *line, const struct action *a);
/* The same for ACTION_BUILD, with its topology behind it. */
struct topology;
int app_send_build(const struct app_line *line, const struct action *a, const struct topology *t);
/* The same with a descriptor, which stays the caller's. */
int app_send_with(const struct app_line *line, const struct action *a, int fd);
/*
 * Receive and apply events until `enough(model, arg)` or the helper ends or `wait_ms` has passed
 * (-1: no limit). Returns 0, -ETIMEDOUT, -EPIPE, or -EINTR when a signal asked to end.
 */
int app_pump(const struct app_line *line, struct model *m,
	bool (*enough)(const struct model *m, void *arg), void *arg, int wait_ms, struct err *err);
/*
 * Send an action and pump until its answer is there. Returns the answer's error (0 or negative),
 * its sentence in err, or what app_pump() returns. a->id is set here.
 */
int app_ask(const struct app_line *line, struct model *m, struct action *a, struct err *err);
/*
 * Shut the line down, wait for the helper to have undone everything, reap it if it has ended.
 * Grave notes of its last moments go to standard error; EXIT_REFUSED is returned if there were any.
 * Captures may still be closing afterwards.
 */
int app_hang_up(struct app_line *line);

/* out.c — standard output for lines by the million: one buffer, written when it is full. */
struct text;
struct app_out;
struct app_out *app_out_open(const struct app_line *line);
/* Room for one more line, or NULL when writing failed: see app_out_error(). */
struct text *app_out_room(struct app_out *out);
/* The line in the text is whole: end it. */
void app_out_line(struct app_out *out);
/* Write what there is. Returns 0, -EPIPE (nobody reads), -EINTR (a signal), or -errno. */
int app_out_flush(struct app_out *out);
int app_out_error(const struct app_out *out);
void app_out_free(struct app_out *out);
/* Print the sentence for an error of standard output. Returns the exit status. */
int app_out_status(int error);

/*
 * lines.c, lines_json.c — an event as one line of text or one JSON object, fast. The model names
 * interfaces and says what was before; so the event must not have been applied to it yet.
 * Both return false for events that monitor does not show, and then write nothing. No line feed is
 * written. A text with less room than LINE_ROOM may be cut.
 */
#define LINE_ROOM 4096

struct line_clock { /* What the last line needed too. Zeroed at the start; not for both forms. */
	uint64_t second;
	char text[32];
	size_t len;
	int32_t ifindex; /* Of the name below, ready to be copied into a line. */
	uint64_t links;  /* Generation of the model's links that it stands for. */
	char name[112];
	size_t name_len;
};
bool line_text(struct text *t, const struct model *m, const struct event *e, struct line_clock *c);
bool line_json(struct text *t, const struct model *m, const struct event *e, struct line_clock *c);
/* How each line of that form begins: the time; in JSON with the brace before it. */
void line_time(struct text *t, uint64_t at_ns, struct line_clock *c);
void line_json_time(struct text *t, uint64_t at_ns, struct line_clock *c);

/*
 * findings.c — conflicts found in the frames that go by, each as a line when it is new or called
 * otherwise, and all of them in short at the end. Nothing is looked for before findings_open().
 */
struct findings;
struct topology;
struct findings *findings_open(struct app_out *out, bool json);
void findings_free(struct findings *f);
/* An event that has been printed, and before it is applied. NULL is fine here and below. */
void findings_take(struct findings *f, const struct model *m, const struct event *e);
/* Print what is ready at a time; UINT64_MAX: all there is. */
void findings_print(struct findings *f, const struct model *m, uint64_t now_ns);
/* When something will be ready, by the frames' clock; UINT64_MAX: nothing waits. */
uint64_t findings_due_ns(const struct findings *f);
/* How the switches of a lab are called; t must stay. */
void findings_topology(struct findings *f, const struct topology *t);
/* If there were any: how many of each class, and each in short. */
void findings_summary(struct findings *f, const struct model *m);

/* news.c — what both forms ask of the model before an event is applied. */
/* What differs between a link in the model and its news, in plain words. False if nothing does. */
bool line_link_news(struct text *t, const struct model_link *known, const struct event *e);
/* Whether state or MAC of a neighbour differ. *ret_old: the entry before, or NULL. */
bool line_neigh_news(
	const struct model *m, const struct event *e, const struct neigh_entry **ret_old);
bool line_addr_known(const struct model *m, const struct addr *a);
/* Frames lost since the counters that the model has. */
uint64_t line_drops_lost(const struct model *m, const struct drops *d);
/*
 * At the end of a fresh dump, what it did not name is gone, and nobody has said so: each such row
 * is given as an event of its own, which must be applied before the next one is made.
 */
void line_swept(const struct model *m, const struct event *mark,
	void (*give)(void *arg, const struct event *e), void *arg);

/*
 * words.c — words that name a sysctl: eth0.arp_ignore, net.ipv4.conf.eth0.arp_ignore,
 * net/ipv4/conf/eth0.100/arp_ignore; for set with =VALUE behind.
 */
struct app_word {
	char name[IFNAME_SIZE]; /* all, default or an interface; "" for all of them. */
	int key;                /* Index into the table of sysctl.h; -1 for all keys. */
	int32_t value;
};
/* NAME.KEY=VALUE. Returns 0, or -EINVAL and a sentence. Interfaces are not looked up. */
int app_word_assignment(const char *word, struct app_word *ret, struct err *err);
/* NAME.KEY, NAME or KEY. The model knows the names. Returns 0, or -EINVAL and a sentence. */
int app_word_query(const struct model *m, const char *word, struct app_word *ret, struct err *err);
/* The ifindex of a name, or -EINVAL and a sentence with a suggestion. */
int app_word_ifindex(const struct model *m, const char *name, int32_t *ret, struct err *err);
/* Whether the names given by -i exist. Returns 0, or -EINVAL and a sentence with a suggestion. */
int app_check_ifaces(const struct app_options *o, struct err *err);

/*
 * sysctls.c — what get, set and restore share. Start a helper for sysctls alone and pump until
 * their tables are there. Returns -1 to go on, or the exit status after a sentence. The model is
 * to be done and the line to be hung up in both cases.
 */
int app_open_sysctls(const struct app_options *o, struct app_line *ret, struct model *m);
/* Grave notes that the model has, on standard error. */
void app_print_notes(const struct model *m);
/* Whether the helper may change sysctls; else a sentence with the sudo line, and false. */
bool app_may_change(const struct app_options *o, const struct model *m, const char *command);
/* Text padded with spaces to a number of cells. */
void app_print_cell(const char *text, size_t cells);
/* A string for printf that holds a foreign name as JSON wants it. size: 6 bytes a character. */
const char *app_json_name(char *bytes, size_t size, const char *name);

/* hold.c — wait for a signal, for the end of a span (0: none), or of the command if there is one.
 */
int app_hold(
	const struct app_options *o, const struct app_line *line, struct model *m, uint64_t for_ns);

/*
 * new_file.c — a file that is not there yet, or something that is no file, such as a pipe, to be
 * written. Returns a descriptor, or -errno and a sentence. what: "frames", for the sentence.
 */
int app_new_file(const char *path, const char *what, struct err *err);
/* Why a file could not be written, as the end of a sentence. */
const char *app_write_error(int error);

/* pcap_out.c — a capture file written by the front: pcap, nanoseconds, Ethernet. */
struct pcap_out;
struct pcap_out *pcap_out_open(const char *path, struct err *err);
int pcap_out_frame(struct pcap_out *p, const struct event *e, struct err *err);
int pcap_out_flush(struct pcap_out *p, struct err *err);
/* Flush and close; NULL is fine. Returns 0 or -errno and a sentence (a full disk shows here). */
int pcap_out_close(struct pcap_out *p, struct err *err);
const char *pcap_out_path(const struct pcap_out *p);
/* Frames that are in the file, whole, so far. */
uint64_t pcap_out_saved(const struct pcap_out *p);
/* Whether it is the same file or pipe as standard output: lines would spoil it. */
bool pcap_out_is_stdout(const struct pcap_out *p);

/* A span of time: "90", "90s", "5m", "1h30m". Returns 0 or -EINVAL/-ERANGE; *ret_ns on success. */
int app_parse_duration(const char *s, uint64_t *ret_ns);

#endif
