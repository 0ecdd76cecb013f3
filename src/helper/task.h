/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: what the kinds of tasks share: a slot in the table, its sockets, its time, its answer.
 *
 * A task is a small state that waits: for one of its descriptors, for its time, or for a child.
 * Nothing in it blocks. It is answered once, by task_answer(), and leaves its slot by task_leave().
 */
#ifndef ARPLAB_TASK_H
#define ARPLAB_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <arplab/clock.h>
#include <arplab/parts.h>
#include <arplab/text.h>

#include "lab.h"

#define TASKS_MAX 64
#define TASK_FDS 2
#define PING_COUNT_MAX 1000 /* As action_check() allows. */
#define ARPING_MACS 32
#define CAPTURE_NAMES 256

/*
 * How long a sent frame has to do its work before the answer. All that follows from it inside the
 * lab happens within microseconds, mostly before send() returns; only a busy machine leaves it to
 * a kernel thread, which then has its turn. Nobody feels a twentieth of a second.
 */
#define TASK_EFFECT_NS (50 * NS_PER_MS)

/* An ARP frame as it stands on the wire: Ethernet header and packet. */
struct task_frame {
	uint8_t eth_dst[6], eth_src[6];
	uint8_t kind[8]; /* Types and lengths: the same in all of them. */
	uint8_t op[2];
	uint8_t sha[6], spa[4], tha[6], tpa[4];
};

struct ping {
	uint16_t id;       /* Of its echo requests. */
	uint64_t began_ns; /* Wall clock. */
	uint32_t failed;   /* Requests that the kernel or a router gave up. */
	uint32_t offender; /* Who said so first. */
	uint64_t settled[(PING_COUNT_MAX + 63) / 64]; /* A bit a request: answered or given up. */
};

struct arping {
	uint8_t own[6];
	uint32_t source;
	uint64_t asked_ns;            /* Steady; the last request. */
	uint8_t macs[ARPING_MACS][6]; /* Who answered, in the order of the answers. */
};

struct watching {         /* A capture. */
	uint16_t next_id; /* Of a question to the resolver. */
	size_t asked_count;
	uint32_t asked[CAPTURE_NAMES]; /* Addresses whose names were asked for. */
};

#define SHARES_MAX 16 /* Servers and ways that one answer tells apart. */

struct share {
	uint16_t server, director; /* director 0: none handed them on. */
	uint32_t count;
};

struct connecting {
	bool asked;    /* The question is out. */
	uint32_t lost; /* In a row, not answered. */
	struct share shares[SHARES_MAX];
};

struct child { /* child.h */
	pid_t pid;
	bool contained; /* It is the first process of its own process namespace. */
	bool killed;
};

struct keeping {    /* keepalived */
	size_t len; /* Of what it has said and not yet ended by a line feed. */
	char words[512];
	char last[160]; /* Its last line, without the time. */
};

struct tasks;
struct task;

/* What one kind of task does. */
struct task_class {
	const char *what; /* "the ping" */
	/* fd: the terminal of a shell. Returns 0, or -errno and a sentence, which is the answer. */
	int (*begin)(struct tasks *t, struct task *task, int fd, struct err *err);
	void (*ready)(struct tasks *t, struct task *task);
	void (*due)(struct tasks *t, struct task *task);
	/* Of kinds with a child: it may have ended. */
	void (*reap)(struct tasks *t, struct task *task);
};

struct task {
	const struct task_class *class; /* NULL: the slot is free. */
	struct action action;
	int fds[TASK_FDS];  /* Watched by the loop; -1: none. */
	uint64_t due_ns;    /* Steady; 0: it waits for no time. */
	struct tried tried; /* Told with the answer, unless its kind is 0. */
	struct done done;
	bool answered; /* `done` says how. */
	bool unsent;   /* The front was slow: the answer waits for room. */
	bool left;     /* Over; the slot is free once the answer is sent. */
	bool homeless; /* Its node is gone. */
	union {
		struct ping ping;
		struct arping arping;
		struct watching watching;
		struct {
			struct child child;
			struct keeping keeping;
		};
		struct connecting connecting;
	};
};

struct tasks {
	struct loop *loop;
	struct lab *lab;
	int clock;
	uint16_t next_ping;
	struct task slots[TASKS_MAX];
};

extern const struct task_class task_ping, task_arping, task_send, task_udp, task_capture,
	task_shell, task_connect, task_keepalived;

/* ---- task.c ---- */

/*
 * Answer the action: all that happened before it is reported first. The task goes on until it
 * leaves. A second answer is not given.
 */
void task_answer(struct tasks *t, struct task *task, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Close what it has open, and free its slot. */
void task_leave(struct tasks *t, struct task *task);
/* Open a socket in the task's node into a place of fds[]. Returns it, or -errno and a sentence. */
int task_socket(struct tasks *t, struct task *task, size_t place, int domain, int type,
	int protocol, struct err *err);
/*
 * Let the loop watch fds[place]. Sockets get their filters and options before that. Returns 0, or
 * -errno and a sentence.
 */
int task_watch(
	struct tasks *t, struct task *task, size_t place, enum loop_tag tag, struct err *err);
/* Wake up so long after now. */
void task_after(struct task *task, uint64_t delay_ns);

/* ---- task_words.c ---- */

/* The name of the task's machine. */
const char *task_where(const struct tasks *t, const struct task *task);
/* Its interface's name; "an interface that is gone" if it is. */
const char *task_iface(const struct tasks *t, const struct task *task);
/* What the kernel's refusal means here, in words. error: a negative errno. */
const char *task_reason(int error);
/* The number of the machine that has a MAC, or 0. */
uint16_t task_owner(const struct tasks *t, const uint8_t mac[6]);
/* The name of the machine that has a MAC, or the MAC itself. */
void task_put_mac(const struct tasks *t, struct text *text, const uint8_t mac[6]);
/* Bind a socket to the address that the action names as its source, if it does. */
int task_bind(const struct tasks *t, const struct task *task, int fd, struct err *err);

/* ---- task_arp.c ---- */

/* Whether its types and lengths are those of ARP for IPv4 over Ethernet. */
bool task_frame_is_arp(const struct task_frame *frame);
/*
 * Let a packet socket see the ARP frames of the action's interface: those that arrive, or
 * (outgoing) those that the node sends, too. Returns 0, or -errno and a sentence.
 */
int task_bind_arp(
	const struct tasks *t, const struct task *task, int fd, bool outgoing, struct err *err);

#endif
