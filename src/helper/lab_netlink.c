/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: rtnetlink requests in batches.
 *
 * The kernel carries the requests of one message out one after the other, before sendmsg()
 * returns, and goes on behind one that it refuses (net/netlink/af_netlink.c, netlink_rcv_skb). A
 * refusal is always told; success is asked for only of the last, so that one answer stands for all.
 */
#include <config.h>

#include "lab_netlink.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/text.h>

#define ANSWER_BYTES 1024
#define DUMP_BYTES 32768

int batch_socket(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -errno;
	/* Words for people, and no copy of the request; kernels that do not know of it do without.
	 */
	const int on = 1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
	return fd;
}

void batch_begin(struct batch *b, int fd)
{
	b->fd = fd;
	b->count = 0;
	b->mute = 0;
	b->error = 0;
	b->failed = 0;
	b->words[0] = '\0';
}

static void drop(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		nlmsg_free(b->messages[i]);
	b->count = 0;
}

static void fail(struct batch *b, uint32_t tag, int error)
{
	if (b->error)
		return;
	b->error = error;
	b->failed = tag;
}

/* The sentence that stands behind the error's number (Documentation: extended ACK). */
static void take_words(struct batch *b, const struct nlmsghdr *m)
{
	int skip = sizeof(struct nlmsgerr);
	if (!(m->nlmsg_flags & NLM_F_ACK_TLVS) || !(m->nlmsg_flags & NLM_F_CAPPED))
		return;
	const struct nlattr *a =
		nla_find(nlmsg_attrdata(m, skip), nlmsg_attrlen(m, skip), NLMSGERR_ATTR_MSG);
	if (a && nla_len(a) > 0 && memchr(nla_data(a), '\0', (size_t)nla_len(a)))
		text_copy(b->words, sizeof b->words, nla_data(a));
}

/* One answer. Requests are numbered from 1 on in their message. True for the last one's. */
static bool take_answer(struct batch *b, const struct nlmsghdr *m)
{
	const struct nlmsgerr *answer = nlmsg_data(m);
	if (m->nlmsg_type != NLMSG_ERROR || !nlmsg_valid_hdr(m, sizeof *answer) ||
		m->nlmsg_seq == 0 || m->nlmsg_seq > b->count)
		return false;
	if (answer->error < 0 && !b->error) {
		fail(b, b->tags[m->nlmsg_seq - 1], answer->error);
		take_words(b, m);
	}
	return m->nlmsg_seq == b->count - b->mute;
}

static int read_answers(struct batch *b)
{
	_Alignas(struct nlmsghdr) uint8_t bytes[ANSWER_BYTES];
	for (bool ended = false; !ended;) {
		/* All answers are there already: nothing is waited for. */
		ssize_t len = recv(b->fd, bytes, sizeof bytes, MSG_DONTWAIT);
		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return len < 0 ? -errno : -EIO;
		const struct nlmsghdr *m = (const void *)bytes;
		for (int left = (int)len; nlmsg_ok(m, left);
			m = nlmsg_next((struct nlmsghdr *)m, &left))
			ended |= take_answer(b, m);
	}
	return 0;
}

static void send_all(struct batch *b)
{
	struct iovec parts[BATCH_MAX];
	for (size_t i = 0; i < b->count; i++) {
		struct nlmsghdr *m = nlmsg_hdr(b->messages[i]);
		m->nlmsg_seq = (uint32_t)i + 1;
		m->nlmsg_flags |= i + 1 == b->count - b->mute ? NLM_F_ACK : 0;
		parts[i] = (struct iovec) { m, NLMSG_ALIGN(m->nlmsg_len) };
	}
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const struct msghdr message = { .msg_name = &kernel,
		.msg_namelen = sizeof kernel,
		.msg_iov = parts,
		.msg_iovlen = b->count };
	int r = sendmsg(b->fd, &message, 0) < 0 ? -errno : read_answers(b);
	if (r < 0)
		fail(b, b->tags[0], r);
	drop(b);
}

struct nl_msg *batch_add(
	struct batch *b, uint32_t tag, int type, int flags, const void *head, size_t len)
{
	if (b->count == BATCH_MAX)
		send_all(b);
	if (b->error)
		return NULL;
	struct nl_msg *m = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);
	if (!m || nlmsg_append(m, (void *)head, len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(m);
		fail(b, tag, -ENOMEM);
		return NULL;
	}
	b->tags[b->count] = tag;
	b->messages[b->count++] = m;
	return m;
}

int batch_end(struct batch *b)
{
	if (b->count > 0 && !b->error)
		send_all(b);
	drop(b);
	return b->error;
}

/* ---- tables ---- */

/* Returns whether the table goes on; the error in its closing message stands in *error then. */
static bool take_chunk(const uint8_t *bytes, size_t len,
	void (*take)(void *arg, const struct nlmsghdr *m), void *arg, int *error)
{
	const struct nlmsghdr *m = (const void *)bytes;
	for (int left = (int)len; nlmsg_ok(m, left); m = nlmsg_next((struct nlmsghdr *)m, &left)) {
		if (m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR) {
			if (nlmsg_datalen(m) >= (int)sizeof *error)
				memcpy(error, nlmsg_data(m), sizeof *error);
			return false;
		}
		take(arg, m);
	}
	return true;
}

int dump_table(int fd, int type, const void *head, size_t len,
	void (*take)(void *arg, const struct nlmsghdr *m), void *arg)
{
	_Alignas(struct nlmsghdr) uint8_t bytes[DUMP_BYTES];
	struct nl_msg *m = nlmsg_alloc_simple(type, NLM_F_REQUEST | NLM_F_DUMP);
	if (!m || nlmsg_append(m, (void *)head, len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(m);
		return -ENOMEM;
	}
	ssize_t sent = send(fd, nlmsg_hdr(m), nlmsg_hdr(m)->nlmsg_len, 0);
	nlmsg_free(m);
	if (sent < 0)
		return -errno;
	int error = 0;
	for (bool more = true; more;) {
		ssize_t got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -EIO;
		more = take_chunk(bytes, (size_t)got, take, arg, &error);
	}
	return error < 0 ? error : 0;
}
