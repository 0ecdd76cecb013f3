/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the parts that the helper process is put together from, and what they owe each other.
 *
 *	serve     one epoll loop; reads actions; asks each part for its events; flushes the outbox
 *	outbox    batches of events on their way to the front; says when the front is slow
 *	netsource links, addresses, routes, rules, neighbours: dumps between marks, then multicast
 *	confs     the sysctls' values: read at the start, after each change, every few seconds
 *	captures  one libpcap handle an interface
 *	changes   writes sysctls, keeps the undo journal
 *	capfile   reads a capture file in file scope
 *	lab       machines as namespaces; a netsource and a confs for each (src/helper/lab.h)
 *
 * Every part has the same shape: x_new/x_free, an epoll descriptor registered with the loop under
 * a tag, and x_ready() which is called when it is readable. A part that finds the outbox full
 * returns -EAGAIN and keeps its place; the loop calls x_ready() again when there is room. Nothing
 * is read from the kernel that could not be passed on.
 */
#ifndef ARPLAB_PARTS_H
#define ARPLAB_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/action.h>
#include <arplab/err.h>
#include <arplab/event.h>
#include <arplab/helper.h>

/* ---- outbox ---- */

struct outbox {
	int socket;
	uint16_t node; /* Stamped on every event; 0 but while a node of a lab is entered. */
	size_t len;    /* Bytes of the batch that is being filled. */
	bool blocked;  /* The socket refused the last batch; wait for POLLOUT. */
	bool gone;     /* The front has closed its end. */
	_Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
};

/* What outbox_room leaves free for outbox_add_sure: answers and notes always find room. */
#define OUTBOX_RESERVE 8192

void outbox_init(struct outbox *o, int socket);
/*
 * Room for an event of `size` bytes, to be filled in place and then counted by outbox_commit().
 * Sends the batch first if it is full. Returns NULL while the front is slow.
 */
struct event *outbox_room(struct outbox *o, size_t size);
void outbox_commit(struct outbox *o, size_t size);
/* Copy an event. Returns 0, or -EAGAIN while the front is slow. */
int outbox_add(struct outbox *o, const struct event *e);
/* The same from the reserve, for answers, notes and journal rows. */
int outbox_add_sure(struct outbox *o, const struct event *e);
/* A note or an answer with a formatted text. */
void outbox_note(struct outbox *o, bool grave, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void outbox_done(struct outbox *o, uint32_t id, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Send what there is. Returns 0, -EAGAIN (blocked) or -EPIPE (the front is gone). */
int outbox_flush(struct outbox *o);

/* ---- the loop, as the parts see it ---- */

struct loop {
	int epoll;
	struct outbox outbox;
	const struct helper_options *options;
	int32_t front; /* The front's process, which a person can quit; it may have ended. */
};

enum loop_tag { LOOP_FRONT = 1, LOOP_SIGNALS, LOOP_TIMER, LOOP_MONITOR, LOOP_DUMP, LOOP_CAPTURE,
	LOOP_FILE, LOOP_CONFS, LOOP_TAP, LOOP_TASK, LOOP_TASK_CLOCK, LOOP_CHILD,
	LOOP_SERVICE, LOOP_DIRECTOR };

/*
 * Register a descriptor for reading. `which` comes back to the part (a capture's ifindex), and so
 * does the node that the outbox stamps at that moment.
 */
int loop_watch(struct loop *l, int fd, enum loop_tag tag, int32_t which);
/* Woken once whenever it becomes readable, or writable: for a socket that connects. */
int loop_watch_edges(struct loop *l, int fd, enum loop_tag tag, int32_t which);
void loop_forget(struct loop *l, int fd);

/* ---- captures (capture.c; the only file with libpcap's live half) ---- */

struct captures;
struct captures *captures_new(struct loop *l);
void captures_free(struct captures *c);
/* A link appeared, changed or went: open or close what follows from that, later, one at a time. */
void captures_link(struct captures *c, const struct link *link, bool gone);
/* Do one deferred opening. Returns true if more wait: the loop comes back after its other work. */
bool captures_work(struct captures *c);
/* The capture of one interface is readable. Returns 0, or -EAGAIN when the outbox is full. */
int captures_ready(struct captures *c, int32_t ifindex);
/* Read every capture that kept its place when the outbox was full. */
int captures_resume(struct captures *c);
/* Send drop counters that have changed since they were sent last. */
void captures_count(struct captures *c);
/* Set the capture filter of all captures. Returns 0, or -EINVAL with the compiler's words. */
int captures_filter(struct captures *c, const char *text, struct err *err);
/*
 * Check a capture filter without a capture: syntax by libpcap, and no names of hosts, networks,
 * ports or protocols that would have to be looked up. NULL or "" is fine: no filter.
 */
int capture_filter_check(const char *text, struct err *err);

/* ---- changes (changes.c, journal_file.c) ---- */

struct changes;
/* ifname: looks an interface's present name up, or NULL; the part asks netsource through it. */
struct changes *changes_new(struct loop *l, const char *(*ifname)(void *arg, int32_t ifindex),
	int32_t (*ifindex)(void *arg, const char *name), void *arg);
/* Closes files; undoes nothing. */
void changes_free(struct changes *c);
/* Read the journal and report its rows between marks of TABLE_CHANGES. */
void changes_report(struct changes *c);
/* Tell again what did not fit while the front was slow. */
void changes_resume(struct changes *c);
/* Carry out SET, UNDO, UNDO_ALL, KEEP, RESTORE or FORGET and answer with EVENT_DONE. */
void changes_act(struct changes *c, const struct action *a);
/* What can be said of a SET before the kernel is asked. 0, or -errno and a sentence. */
int change_check(const struct action *a, struct err *err);
/* At the end: put back what is held. Never blocks for long; writes sentences into the outbox. */
void changes_end(struct changes *c);
/* A link was renamed or went: descriptors of its sysctls are closed. */
void changes_link_gone(struct changes *c, int32_t ifindex);
/* The identity of the network namespace that the process is in. */
uint64_t netns_identity(void);

/* ---- the sysctl files (sysctl_file.c) ---- */

/*
 * Open net.ipv4.{conf,neigh}/<name>/<key>. name: "all", "default" or an interface's name.
 * Returns a descriptor or -errno.
 */
int sysctl_open(size_t key, const char *name, int flags);
/* Read or write a number through a descriptor, from its start. Return 0 or -errno. */
int sysctl_read(int fd, int32_t *ret);
int sysctl_write(int fd, int32_t value);

/* ---- confs (confs.c) ---- */

struct confs;
struct confs *confs_new(struct loop *l);
/*
 * One of many, which keeps no files open. notice: an inotify descriptor that all of them share,
 * read by who made it, who then asks each by confs_noticed(); or -1.
 */
struct confs *confs_new_shared(struct loop *l, int notice);
void confs_free(struct confs *c);
/* Look at everything and report what differs from what was reported. -EAGAIN: call again. */
int confs_poll(struct confs *c);
/* To be called every two seconds: a look every time or, while writes are noticed, now and then. */
int confs_tick(struct confs *c);
/* Somebody has written a sysctl: look at once. */
void confs_ready(struct confs *c);
/* Something was noticed through that watch: if it is one of these, look at once. */
void confs_noticed(struct confs *c, int watch);
/* Take what `like` found for all and default, instead of reading the same once more. */
void confs_seed(struct confs *c, const struct confs *like);
/* Report all values afresh, between marks. */
void confs_restart(struct confs *c);
/* Look at one value now (after a write) and report it if it differs. */
void confs_look(struct confs *c, int32_t ifindex, size_t key);
/* The value as it was looked at last; false if there is none. */
bool confs_value(const struct confs *c, int32_t ifindex, size_t key, int32_t *ret);
void confs_link(struct confs *c, const struct link *link, bool gone);
/* Whether confs_poll is due: after a restart, a write, a new link, a full outbox. */
bool confs_waiting(const struct confs *c);

/* ---- netsource (netsource.c, netparse.c) ---- */

struct netsource;
struct netsource_ops { /* Who else wants to know of links. */
	/* Called before the change takes place: netsource_name() still gives the old name. */
	void (*link)(void *arg, const struct link *link, bool gone);
	void *arg;
};
struct netsource *netsource_new(struct loop *l, const struct netsource_ops *ops, struct err *err);
void netsource_free(struct netsource *n);
/* Begin dumps of all tables, between marks. */
void netsource_restart(struct netsource *n);
/* Go on with dumps or read news. Return 0 or -EAGAIN. */
int netsource_dump_ready(struct netsource *n);
int netsource_monitor_ready(struct netsource *n);
int netsource_resume(struct netsource *n);
/* Ask the kernel for one neighbour entry; its answer comes as an ordinary event. */
void netsource_look(struct netsource *n, int32_t ifindex, uint32_t ip);
/*
 * Ask for the entries that were STALE when they were told of, since the kernel does not say when
 * one becomes DELAY. Lab scope alone. Returns whether there are any: what changed is then read by
 * netsource_monitor_ready().
 */
bool netsource_look_stale(struct netsource *n);
/* Look at the proxy neighbours, of which the kernel gives no news, and report what has changed. */
void netsource_look_proxies(struct netsource *n);
/* To be called every two seconds: what was put off, and a look at the proxies. */
void netsource_tick(struct netsource *n);
/* Whether the links have been dumped to the end once. */
bool netsource_knows_links(const struct netsource *n);
/* Present name of an interface or NULL; its index or 0. */
const char *netsource_name(void *n, int32_t ifindex);
int32_t netsource_index(void *n, const char *name);
/* A link as it was reported last, or NULL. Good until the next message is read. */
const struct link *netsource_link(const struct netsource *n, int32_t ifindex);
/* Whether all tables have been dumped to the end once. */
bool netsource_knows_tables(const struct netsource *n);

/* ---- capfile (capfile.c; the only file with libpcap's reading half) ---- */

struct capfile;
struct capfile *capfile_new(struct loop *l, struct err *err);
void capfile_free(struct capfile *f);
/* Read on: index a seekable file, or pass a pipe's frames on. Returns true while there is more. */
bool capfile_work(struct capfile *f);
void capfile_fetch(struct capfile *f, const struct action *a);

/* ---- the loop (serve.c) ---- */

/*
 * Be the helper: hello, the parts, the loop; at the end undo what is held, say bye and exit.
 * Privileges have been given up before. socket: the helper's end of the pair.
 */
_Noreturn void helper_serve(const struct helper_options *options, int socket, int32_t front);

#endif
