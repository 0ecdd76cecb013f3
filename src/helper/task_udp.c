/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: one datagram: the least that makes a node's own kernel ask who has an address, with the
 * sender that arp_announce lets it name.
 */
#include <config.h>

#include "task.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <arplab/i18n.h>

static int send_byte(const struct task *task)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)task->action.count),
		.sin_addr.s_addr = task->action.ip };
	const char byte = 0;
	int fd = task->fds[0];
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) < 0 ||
		send(fd, &byte, sizeof byte, 0) < 0)
		return -errno;
	return 0;
}

static void put_result(const struct tasks *t, const struct task *task, struct text *text)
{
	const struct tried *tried = &task->tried;
	const char *where = task_where(t, task);
	struct word to = ip_word(tried->ip), from = ip_word(tried->source);
	unsigned port = task->action.count;
	if (tried->source != 0)
		text_printf(text,
			tried->sent > 0 ? _("%s sent a datagram from %s to %s, port %u")
					: _("%s cannot send a datagram from %s to %s, port %u"),
			where, from.text, to.text, port);
	else
		text_printf(text,
			tried->sent > 0 ? _("%s sent a datagram to %s, port %u")
					: _("%s cannot send a datagram to %s, port %u"),
			where, to.text, port);
	if (tried->error != 0)
		text_printf(text, ": %s", task_reason(tried->error));
}

static void finish(struct tasks *t, struct task *task)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	put_result(t, task, &text);
	task_answer(t, task, 0, "%s", text_end(&text));
	task_leave(t, task);
}

/* Its target may have said that nobody listens there, which proves that it arrived. */
static void due(struct tasks *t, struct task *task)
{
	char byte;
	ssize_t len = recv(task->fds[0], &byte, sizeof byte, 0);
	if (len >= 0 || errno == ECONNREFUSED)
		task->tried.received = 1;
	if (len < 0 && errno != EAGAIN)
		task->tried.error = -errno;
	finish(t, task);
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	const struct action *a = &task->action;
	(void)fd;
	int socket = task_socket(t, task, 0, AF_INET, SOCK_DGRAM, IPPROTO_UDP, err);
	int r = socket < 0 ? socket : task_bind(t, task, socket, err);
	if (r < 0)
		return r;
	task->tried =
		(struct tried) { .id = a->id, .kind = ACTION_UDP, .ip = a->ip, .source = a->ip2 };
	task->tried.error = send_byte(task);
	if (task->tried.error < 0) {
		finish(t, task);
		return 0;
	}
	task->tried.sent = 1;
	task_after(task, TASK_EFFECT_NS);
	return 0;
}

const struct task_class task_udp = { .what = N_("the datagram"), .begin = begin, .due = due };
