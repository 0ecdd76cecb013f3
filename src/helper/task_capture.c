/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a capture as a person would start it in a node: promiscuous, and if a resolver is named,
 * with names, as tcpdump has them without -n.
 *
 * To print a name, such a program asks the resolver, by an ordinary datagram. So it is the capture
 * itself that makes the node speak, and the node's kernel that learns a MAC from that.
 */
#include <config.h>

#include "task.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_packet.h>

#include <arplab/i18n.h>

#define DNS_PORT 53
#define READS_A_ROUND 64
#define NAME_MAX_BYTES 32 /* "255.255.255.255.in-addr.arpa" has 30 on the wire. */

/* fds[] */
enum { FRAMES, RESOLVER };

/* RFC 1035, 4.1.1 */
struct dns_head {
	uint16_t id, flags, questions, answers, authorities, additional;
};

/* ---- questions ---- */

static size_t put_label(uint8_t *to, const char *label)
{
	size_t len = strlen(label);
	to[0] = (uint8_t)len;
	memcpy(to + 1, label, len);
	return 1 + len;
}

/* The name behind which an address has its own name (RFC 1035, 3.5): its bytes backwards. */
static size_t put_reverse_name(uint8_t to[NAME_MAX_BYTES], uint32_t ip)
{
	uint8_t bytes[4];
	size_t len = 0;
	memcpy(bytes, &ip, sizeof bytes);
	for (size_t i = sizeof bytes; i-- > 0;) {
		char label[4];
		struct text t = text_in(label, sizeof label);
		text_u64(&t, bytes[i]);
		len += put_label(to + len, text_end(&t));
	}
	len += put_label(to + len, "in-addr");
	len += put_label(to + len, "arpa");
	to[len++] = 0;
	return len;
}

static size_t put_question(uint8_t *to, uint16_t id, uint32_t ip)
{
	static const uint8_t pointer_in_internet[] = { 0, 12, 0, 1 };
	const struct dns_head head = { .id = htons(id),
		.flags = htons(0x0100), /* Recursion is desired. */
		.questions = htons(1) };
	memcpy(to, &head, sizeof head);
	size_t len = sizeof head;
	len += put_reverse_name(to + len, ip);
	memcpy(to + len, pointer_in_internet, sizeof pointer_in_internet);
	return len + sizeof pointer_in_internet;
}

/* Answers are not for anybody; what the socket holds is thrown away. */
static void read_resolver(const struct task *task)
{
	uint8_t byte;
	if (task->fds[RESOLVER] < 0)
		return;
	for (int i = 0; i < READS_A_ROUND; i++)
		if (recv(task->fds[RESOLVER], &byte, sizeof byte, 0) < 0 && errno == EAGAIN)
			return;
}

/* Ask once for each address: a program remembers names, and that there is none. */
static void ask_name(struct task *task, const uint8_t ip_bytes[4])
{
	struct watching *w = &task->watching;
	uint8_t question[sizeof(struct dns_head) + NAME_MAX_BYTES + 4];
	uint32_t ip;
	memcpy(&ip, ip_bytes, sizeof ip);
	if (ip == 0 || w->asked_count == CAPTURE_NAMES)
		return;
	for (size_t i = 0; i < w->asked_count; i++)
		if (w->asked[i] == ip)
			return;
	w->asked[w->asked_count++] = ip;
	size_t len = put_question(question, ++w->next_id, ip);
	/* The first attempt may be handed an error that an earlier question had. */
	if (send(task->fds[RESOLVER], question, len, 0) < 0)
		send(task->fds[RESOLVER], question, len, 0);
}

static void ready(struct tasks *t, struct task *task)
{
	struct task_frame frame;
	(void)t;
	read_resolver(task);
	for (int i = 0; i < READS_A_ROUND; i++) {
		ssize_t len = recv(task->fds[FRAMES], &frame, sizeof frame, 0);
		if (len < 0 && errno == EAGAIN)
			return;
		if (len != sizeof frame || !task_frame_is_arp(&frame) || task->fds[RESOLVER] < 0)
			continue;
		ask_name(task, frame.spa);
		ask_name(task, frame.tpa);
	}
}

/* ---- beginning and end ---- */

/* What runs on the same interface already, or NULL. */
static struct task *running(struct tasks *t, const struct task *self)
{
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *other = &t->slots[i];
		if (other != self && other->class == &task_capture && !other->left &&
			other->action.node == self->action.node &&
			other->action.ifindex == self->action.ifindex)
			return other;
	}
	return NULL;
}

static struct packet_mreq promiscuity(const struct task *task)
{
	return (struct packet_mreq) { .mr_ifindex = task->action.ifindex,
		.mr_type = PACKET_MR_PROMISC };
}

/* The interface is as it was before, however long the socket takes to be closed. */
static void end(struct tasks *t, struct task *task)
{
	const struct packet_mreq all = promiscuity(task);
	setsockopt(task->fds[FRAMES], SOL_PACKET, PACKET_DROP_MEMBERSHIP, &all, sizeof all);
	task_leave(t, task);
}

static int stop(struct tasks *t, struct task *task, struct err *err)
{
	struct task *other = running(t, task);
	if (!other)
		return err_set(err, -ENOENT, _("%s does not capture on %s"), task_where(t, task),
			task_iface(t, task));
	end(t, other);
	task_answer(t, task, 0, _("%s no longer captures on %s"), task_where(t, task),
		task_iface(t, task));
	task_leave(t, task);
	return 0;
}

static int open_frames(struct tasks *t, struct task *task, struct err *err)
{
	const struct packet_mreq all = promiscuity(task);
	int fd = task_socket(t, task, FRAMES, AF_PACKET, SOCK_RAW, 0, err);
	int r = fd < 0 ? fd : task_bind_arp(t, task, fd, true, err);
	if (r < 0)
		return r;
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) < 0)
		return err_set(err, -errno, _("%s cannot capture on %s: %s"), task_where(t, task),
			task_iface(t, task), task_reason(-errno));
	return task_watch(t, task, FRAMES, LOOP_TASK, err);
}

static int open_resolver(struct tasks *t, struct task *task, struct err *err)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons(DNS_PORT),
		.sin_addr.s_addr = task->action.ip };
	int fd = task_socket(t, task, RESOLVER, AF_INET, SOCK_DGRAM, IPPROTO_UDP, err);
	if (fd < 0)
		return fd;
	if (connect(fd, (const struct sockaddr *)&at, sizeof at) < 0)
		return err_set(err, -errno, _("%s cannot reach the resolver: %s"),
			task_where(t, task), task_reason(-errno));
	return task_watch(t, task, RESOLVER, LOOP_TASK, err);
}

static void say_begun(struct tasks *t, struct task *task)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	if (task->action.ip != 0)
		text_printf(&text,
			_("%s captures on %s, and asks %s for the name of each address that it "
			  "sees"),
			task_where(t, task), task_iface(t, task), ip_word(task->action.ip).text);
	else
		text_printf(&text, _("%s captures on %s, and asks nobody for names"),
			task_where(t, task), task_iface(t, task));
	task_answer(t, task, 0, "%s", text_end(&text));
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	(void)fd;
	if (task->action.value == 0)
		return stop(t, task, err);
	int r = open_frames(t, task, err);
	if (r == 0 && task->action.ip != 0)
		r = open_resolver(t, task, err);
	if (r < 0)
		return r;
	struct task *before = running(t, task);
	if (before)
		end(t, before);
	say_begun(t, task);
	return 0;
}

const struct task_class task_capture = {
	.what = N_("the capture"), .begin = begin, .ready = ready
};
