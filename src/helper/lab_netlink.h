/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: requests to the rtnetlink of one namespace, many in one message, and what came of them.
 *
 *	struct batch b;
 *	batch_begin(&b, fd);
 *	struct nl_msg *m = batch_add(&b, tag, RTM_NEWADDR, NLM_F_CREATE, &head, sizeof head);
 *	if (m)
 *		nla_put_u32(m, IFA_LOCAL, ip);
 *	…
 *	r = batch_end(&b);          0, or b.error, b.failed (the tag) and b.words
 */
#ifndef ARPLAB_LAB_NETLINK_H
#define ARPLAB_LAB_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#define BATCH_MAX 64
#define BATCH_WORDS 120

struct nl_msg;

struct batch {
	int fd;
	size_t count;            /* Requests that are not sent yet. */
	size_t mute;             /* How many at the end the kernel does not answer. */
	int error;               /* Of the first request that was refused, or 0. */
	uint32_t failed;         /* Its tag. */
	char words[BATCH_WORDS]; /* What the kernel said of it besides, or "". */
	uint32_t tags[BATCH_MAX];
	struct nl_msg *messages[BATCH_MAX];
};

/*
 * A socket for requests in the namespace that the process is in. A descriptor or -errno.
 * protocol: NETLINK_ROUTE, or another one.
 */
int batch_socket(int protocol);
void batch_begin(struct batch *b, int fd);
/*
 * A new request with its head; attributes are appended by the caller. The request takes place at
 * batch_end(), or before that when there are many. NULL when memory is short, or when an earlier
 * one was refused already: then nothing more is asked for.
 */
struct nl_msg *batch_add(
	struct batch *b, uint32_t tag, int type, int flags, const void *head, size_t len);
/* Send what is not sent yet. Returns 0, or the first error of all. */
int batch_end(struct batch *b);

/*
 * Ask for a whole table and hand each message to take(). Returns 0, or a negative errno.
 * head: the request's own head, which begins with the address family.
 */
int dump_table(int fd, int type, const void *head, size_t len,
	void (*take)(void *arg, const struct nlmsghdr *m), void *arg);

#endif
