/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: many rtnetlink requests in one message, each with its answer. The kernel carries them out
 * one after the other, and goes on behind one that it refuses.
 */
#include <config.h>

#include "kernel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

void ask_begin(struct ask *a)
{
	a->len = a->last = 0;
	a->count = 0;
}

/* What is put into the message that is being made counts as part of it. */
void ask_raw(struct ask *a, const void *data, size_t len)
{
	if (sizeof a->bytes - a->len < NLMSG_ALIGN(len))
		give_up("too many requests in one message");
	memset(a->bytes + a->len, 0, NLMSG_ALIGN(len));
	memcpy(a->bytes + a->len, data, len);
	a->len += NLMSG_ALIGN(len);
	struct nlmsghdr *m = (void *)(a->bytes + a->last);
	m->nlmsg_len = (uint32_t)(a->len - a->last);
}

void ask_add(struct ask *a, int type, int flags, const void *head, size_t len)
{
	if (a->count == ASKS_MAX)
		give_up("too many requests in one message");
	const struct nlmsghdr m = { .nlmsg_type = (uint16_t)type,
		.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags),
		.nlmsg_seq = ++a->count };
	a->last = a->len;
	ask_raw(a, &m, sizeof m);
	ask_raw(a, head, len);
}

void ask_put(struct ask *a, int attribute, const void *data, size_t len)
{
	const struct nlattr head = { .nla_len = (uint16_t)(sizeof head + len),
		.nla_type = (uint16_t)attribute };
	ask_raw(a, &head, sizeof head);
	ask_raw(a, data, len);
}

void ask_u32(struct ask *a, int attribute, uint32_t value)
{
	ask_put(a, attribute, &value, sizeof value);
}

void ask_text(struct ask *a, int attribute, const char *text)
{
	ask_put(a, attribute, text, strlen(text) + 1);
}

size_t ask_nest(struct ask *a, int attribute)
{
	const struct nlattr head = { .nla_len = sizeof head, .nla_type = (uint16_t)attribute };
	size_t nest = a->len;
	ask_raw(a, &head, sizeof head);
	return nest;
}

void ask_unnest(struct ask *a, size_t nest)
{
	struct nlattr *head = (void *)(a->bytes + nest);
	head->nla_len = (uint16_t)(a->len - nest);
}

static void take_answers(struct ask *a, const uint8_t *bytes, size_t len, unsigned *answered)
{
	const struct nlmsghdr *m = (const void *)bytes;
	for (; NLMSG_OK(m, len); m = NLMSG_NEXT(m, len)) {
		const struct nlmsgerr *e = NLMSG_DATA(m);
		if (m->nlmsg_type != NLMSG_ERROR || m->nlmsg_seq == 0 || m->nlmsg_seq > a->count)
			continue;
		a->errors[m->nlmsg_seq - 1] = e->error;
		(*answered)++;
	}
}

int ask_send(struct ask *a, int fd)
{
	_Alignas(8) uint8_t bytes[4096];
	unsigned answered = 0;
	if (a->count == 0)
		return 0;
	if (send(fd, a->bytes, a->len, 0) < 0)
		give_up("rtnetlink takes no requests: %s", strerror(errno));
	while (answered < a->count) {
		ssize_t len = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
		if (len <= 0)
			give_up("rtnetlink gives no answer: %s", strerror(errno));
		take_answers(a, bytes, (size_t)len, &answered);
	}
	int first = 0;
	for (unsigned i = 0; i < a->count && !first; i++)
		first = a->errors[i];
	return first;
}
