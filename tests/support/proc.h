/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support: programs started by a test, what they say, and how they end. */
#ifndef TESTS_PROC_H
#define TESTS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How long a test waits for what must come; reached only where something is wrong. */
#define PATIENCE_MS 20000

struct proc {
	pid_t pid; /* 0 when it has been reaped. */
	int in;    /* Write end of its standard input, or -1. */
	int out;   /* Read end of its standard output, or -1. */
	int err;   /* Read end of its standard error, or -1. */
	size_t out_len, err_len;
	char out_text[1 << 20]; /* What it has written so far, terminated; the rest is dropped. */
	char err_text[1 << 14];
};

struct proc_options {
	const char *const *argv; /* Ends with NULL. */
	const char *const *env;  /* "NAME=VALUE"s to set, ends with NULL; or NULL. */
	int out_fd;              /* Standard output, instead of a pipe; 0: a pipe. */
	bool keep_in;            /* Standard input is a pipe; else /dev/null. */
	unsigned uid;            /* Run as this user and group, if not 0. */
};

/* Start a program. Its process dies with the test. Fails the case if that is not possible. */
struct proc *proc_start(const struct proc_options *o);
/* The same from words, the last one NULL. */
struct proc *proc_words(const char *program, ...) __attribute__((sentinel));
/* Read what is there, waiting at most `ms` for something. Returns false once all has been read. */
bool proc_read(struct proc *p, int ms);
/* Read until standard output holds `text`; false when it ended or the time was up. */
bool proc_wait_text(struct proc *p, const char *text, int ms);
/* The same for standard error. */
bool proc_wait_err(struct proc *p, const char *text, int ms);
/* Read to its end and reap: its exit status, 128 + signal, or -1 (killed) when the time is up. */
int proc_wait(struct proc *p, int ms);
/* Kill it if it runs, reap it, free it. NULL is fine. */
void proc_free(struct proc *p);

/* Run a program to its end; *ret holds what it said. The status as of proc_wait(). */
int proc_run(struct proc **ret, const char *program, ...) __attribute__((sentinel));

/* Steady time in milliseconds, for deadlines. */
int64_t now_ms(void);
/* A field of /proc/PID/status ("CapEff"), or false. */
bool proc_status(pid_t pid, const char *field, char *value, size_t size);
/* The first child of a process whose name begins so, or 0. */
pid_t proc_child(pid_t parent);
/* Wait until a process is gone; it may be a zombie of somebody else. */
bool proc_gone(pid_t pid, int ms);
/* Read a whole file of at most size - 1 bytes. Returns its length or -1. */
ssize_t slurp(const char *path, char *bytes, size_t size);
/* Wait a tick of a polling loop: at most a few milliseconds. */
void tick(void);
/* The program under test: $ARPLAB. */
const char *arplab(void);
/* A new directory for a test's files, below $TMPDIR; ret: at least 128 bytes. */
void temporary(char *ret, size_t size);
/* Remove a temporary directory and the files in it. */
void temporary_remove(const char *dir);

#endif
