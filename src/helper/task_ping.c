/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: ping: echo requests through the node's own IP, as a raw ICMP socket sends them.
 *
 * An outage is a ping that goes on until it is answered, and tells how long that took.
 *
 * A second socket looks at the frames that bring the answers, since only a frame shows which
 * machine has served an address that several of them hold.
 */
#include <config.h>

#include "task.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

#define INTERVAL_NS (200 * NS_PER_MS)
#define OUTAGE_INTERVAL_NS (60 * NS_PER_MS) /* So that a minute can be waited for. */
#define PATIENCE_NS NS_PER_S
#define READS_A_ROUND 64
/* As long as a ping's usually is: 64 bytes with its header. */
#define PAYLOAD 56

/* fds[] */
enum { ECHOES, FRAMES };

struct echo {
	struct icmphdr head;
	uint64_t sent_ns; /* Wall clock; it comes back in the answer. */
	uint8_t rest[PAYLOAD - sizeof(uint64_t)];
};

/* ---- sockets ---- */

/* Let only answers to this ping through. Both sockets hand over packets from the IP header on. */
static int keep_own(int fd, uint16_t id)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9), /* Protocol. */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMP, 0, 8),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6), /* A later fragment has no ICMP header. */
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, IP_OFFMASK, 6, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* The IP header's length. */
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP_ECHOREPLY, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, id, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT16_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter = { .len = sizeof steps / sizeof *steps, .filter = steps };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ? -errno
											: 0;
}

static int open_echoes(struct tasks *t, struct task *task, struct err *err)
{
	const int on = 1;
	int fd = task_socket(t, task, ECHOES, AF_INET, SOCK_RAW, IPPROTO_ICMP, err);
	if (fd < 0)
		return fd;
	if (keep_own(fd, task->ping.id) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0)
		return err_set(err, -errno, _("%s cannot ping: %s"), task_where(t, task),
			err_reason(errno));
	int r = task_bind(t, task, fd, err);
	return r < 0 ? r : task_watch(t, task, ECHOES, LOOP_TASK, err);
}

/* Protocol 0 hears nothing until bind() names one, by when the filter stands. */
static int open_frames(struct tasks *t, struct task *task, struct err *err)
{
	const struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP) };
	int fd = task_socket(t, task, FRAMES, AF_PACKET, SOCK_DGRAM, 0, err);
	if (fd < 0)
		return fd;
	if (keep_own(fd, task->ping.id) < 0 ||
		bind(fd, (const struct sockaddr *)&all, sizeof all) < 0)
		return err_set(err, -errno, _("%s cannot look at the answers' frames: %s"),
			task_where(t, task), err_reason(errno));
	return task_watch(t, task, FRAMES, LOOP_TASK, err);
}

static bool is_outage(const struct task *task)
{
	return task->action.kind == ACTION_OUTAGE;
}

/* ---- what came back ---- */

/* Take note that a request has had its fate. Returns false if it had one before. */
static bool settle_one(struct task *task, uint16_t seq)
{
	if (seq >= task->tried.sent)
		return false;
	uint64_t bit = UINT64_C(1) << seq % 64, *word = &task->ping.settled[seq / 64];
	bool first = !(*word & bit);
	*word |= bit;
	return first;
}

/* When the kernel took a packet in, by the wall clock; without a stamp it is now. */
static uint64_t arrival_ns(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct timespec at;
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&at, CMSG_DATA(c), sizeof at);
		return (uint64_t)at.tv_sec * NS_PER_S + (uint64_t)at.tv_nsec;
	}
	return clock_wall_ns();
}

static void take_answer(struct task *task, const uint8_t *packet, size_t len, uint64_t at_ns)
{
	struct iphdr ip;
	struct echo echo;
	if (len < sizeof ip)
		return;
	memcpy(&ip, packet, sizeof ip);
	size_t head = (size_t)ip.ihl * 4;
	if (len < head + sizeof echo || ip.saddr != task->action.ip)
		return;
	memcpy(&echo, packet + head, sizeof echo);
	/* The socket has heard everything until its filter stood. */
	if (echo.head.un.echo.id != htons(task->ping.id) ||
		!settle_one(task, ntohs(echo.head.un.echo.sequence)))
		return;
	/* The wall clock may have been set in between; a time of 0 would mean no answer. */
	uint64_t since_ns = is_outage(task) ? task->ping.began_ns : echo.sent_ns;
	if (task->tried.received++ == 0)
		task->tried.rtt_ns = at_ns > since_ns ? at_ns - since_ns : 1;
}

static void read_answers(struct task *task)
{
	uint8_t packet[256];
	_Alignas(struct cmsghdr) char control[128];
	for (int i = 0; i < READS_A_ROUND; i++) {
		struct iovec io = { .iov_base = packet, .iov_len = sizeof packet };
		struct msghdr m = { .msg_iov = &io,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof control };
		ssize_t len = recvmsg(task->fds[ECHOES], &m, 0);
		if (len < 0 && errno == EAGAIN)
			return;
		/* Other errors are those that the error queue tells in full. */
		if (len >= 0)
			take_answer(task, packet, (size_t)len, arrival_ns(&m));
	}
}

/* An error that the kernel or a router reports for a packet of ours, quoted from its ICMP on. */
static void take_error(struct task *task, struct msghdr *m, const uint8_t *quoted, size_t len)
{
	struct icmphdr head;
	if (len < sizeof head)
		return;
	memcpy(&head, quoted, sizeof head);
	if (head.un.echo.id != htons(task->ping.id))
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct sock_extended_err why;
		struct sockaddr_in who;
		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR ||
			c->cmsg_len < CMSG_LEN(sizeof why + sizeof who) ||
			!settle_one(task, ntohs(head.un.echo.sequence)))
			continue;
		memcpy(&why, CMSG_DATA(c), sizeof why);
		memcpy(&who, CMSG_DATA(c) + sizeof why, sizeof who);
		if (task->ping.failed++ > 0)
			continue;
		task->tried.error = -(int32_t)why.ee_errno;
		task->ping.offender = who.sin_family == AF_INET ? who.sin_addr.s_addr : 0;
	}
}

static void read_errors(struct task *task)
{
	uint8_t quoted[256];
	_Alignas(struct cmsghdr) char control[256];
	for (int i = 0; i < READS_A_ROUND; i++) {
		struct iovec io = { .iov_base = quoted, .iov_len = sizeof quoted };
		struct msghdr m = { .msg_iov = &io,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof control };
		ssize_t len = recvmsg(task->fds[ECHOES], &m, MSG_ERRQUEUE);
		if (len < 0)
			return;
		take_error(task, &m, quoted, (size_t)len);
	}
}

/* Who sent the first answer's frame; what comes back through lo has no MAC. */
static void read_frames(struct task *task)
{
	struct iphdr ip;
	struct sockaddr_ll from;
	for (int i = 0; i < READS_A_ROUND; i++) {
		socklen_t size = sizeof from;
		ssize_t len = recvfrom(
			task->fds[FRAMES], &ip, sizeof ip, 0, (struct sockaddr *)&from, &size);
		if (len < 0)
			return;
		if ((size_t)len == sizeof ip && ip.saddr == task->action.ip &&
			from.sll_pkttype == PACKET_HOST && from.sll_halen == 6 &&
			mac_is_zero(task->tried.mac))
			memcpy(task->tried.mac, from.sll_addr, 6);
	}
}

/* ---- what is sent ---- */

/* RFC 1071. The bytes are even in number. */
static uint16_t checksum(const void *bytes, size_t len)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < len; i += 2) {
		uint16_t word;
		memcpy(&word, (const uint8_t *)bytes + i, sizeof word);
		sum += word;
	}
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

static int send_echo(struct task *task)
{
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = task->action.ip };
	struct echo echo = { .head = { .type = ICMP_ECHO }, .sent_ns = clock_wall_ns() };
	echo.head.un.echo.id = htons(task->ping.id);
	echo.head.un.echo.sequence = htons((uint16_t)task->tried.sent);
	echo.head.checksum = checksum(&echo, sizeof echo);
	int fd = task->fds[ECHOES];
	ssize_t sent = sendto(fd, &echo, sizeof echo, 0, (const struct sockaddr *)&to, sizeof to);
	/* An error of an earlier packet is handed to whoever sends next. It has been told now. */
	if (sent < 0 && task->tried.sent > 0)
		sent = sendto(fd, &echo, sizeof echo, 0, (const struct sockaddr *)&to, sizeof to);
	return sent < 0 ? -errno : 0;
}

/* ---- its end ---- */

/* Whose frame brought the first answer, if any did. */
static void put_bringer(const struct tasks *t, const struct task *task, struct text *text)
{
	char bytes[64];
	struct text name = text_in(bytes, sizeof bytes);
	if (mac_is_zero(task->tried.mac))
		return;
	task_put_mac(t, &name, task->tried.mac);
	text_printf(text, _(", in a frame of %s"), text_end(&name));
}

/* "after 0.21 ms, in a frame of rs2" */
static void put_first(const struct tasks *t, const struct task *task, struct text *text)
{
	uint64_t us = (task->tried.rtt_ns + 500) / 1000;
	text_printf(text, _("after %u.%02u ms"), (unsigned)(us / 1000), (unsigned)(us % 1000 / 10));
	put_bringer(t, task, text);
}

static void put_outage(const struct tasks *t, const struct task *task, struct text *text)
{
	const struct tried *tried = &task->tried;
	uint64_t ms = tried->rtt_ns / NS_PER_MS;
	if (!tried->received) {
		text_printf(text, _("%s waited in vain for %s"), task_where(t, task),
			ip_word(tried->ip).text);
		return;
	}
	text_printf(text, _("%s: %s answered after %u.%02u s"), task_where(t, task),
		ip_word(tried->ip).text, (unsigned)(ms / 1000), (unsigned)(ms % 1000 / 10));
	put_bringer(t, task, text);
}

static void put_result(const struct tasks *t, const struct task *task, struct text *text)
{
	const struct tried *tried = &task->tried;
	const char *where = task_where(t, task);
	struct word ip = ip_word(tried->ip);
	char bytes[96];
	struct text first = text_in(bytes, sizeof bytes);
	if (is_outage(task)) {
		put_outage(t, task, text);
		return;
	}
	put_first(t, task, &first);
	text_end(&first);
	if (task->action.count == 1 && tried->received > 0)
		text_printf(text, _("%s: the ping to %s was answered %s"), where, ip.text, bytes);
	else if (task->action.count == 1)
		text_printf(text, _("%s: the ping to %s was not answered"), where, ip.text);
	else if (tried->received > 0)
		text_printf(text, _("%s: %u of %u pings to %s answered, the first %s"), where,
			tried->received, task->action.count, ip.text, bytes);
	else
		text_printf(text, _("%s: %u of %u pings to %s answered"), where, tried->received,
			task->action.count, ip.text);
	if (tried->error == 0)
		return;
	if (task->ping.offender != 0)
		text_printf(text, _("; %s says: %s"), ip_word(task->ping.offender).text,
			err_reason(-tried->error));
	else
		text_printf(text, "; %s", err_reason(-tried->error));
}

static void finish(struct tasks *t, struct task *task)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	/* A frame that brought nothing, since the node's IP refused it, has served nobody. */
	if (task->tried.received == 0)
		memset(task->tried.mac, 0, sizeof task->tried.mac);
	put_result(t, task, &text);
	task_answer(t, task, 0, "%s", text_end(&text));
	task_leave(t, task);
}

/* The kernel would not even take the packet: there is no use in trying again. */
static void refused(struct tasks *t, struct task *task, int error)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	task->tried.error = error;
	if (task->tried.sent > 0 || is_outage(task)) {
		finish(t, task);
		return;
	}
	text_printf(&text, _("%s cannot ping %s: %s"), task_where(t, task),
		ip_word(task->action.ip).text, task_reason(error));
	task_answer(t, task, 0, "%s", text_end(&text));
	task_leave(t, task);
}

static void due(struct tasks *t, struct task *task)
{
	if (task->tried.sent == task->action.count) {
		finish(t, task);
		return;
	}
	int r = send_echo(task);
	/* While nobody answers who-has the kernel takes no packet; that is part of an outage. */
	if (r < 0 && !is_outage(task)) {
		refused(t, task, r);
		return;
	}
	uint64_t interval_ns = is_outage(task) ? OUTAGE_INTERVAL_NS : INTERVAL_NS;
	task->tried.sent++;
	task_after(task, task->tried.sent < task->action.count ? interval_ns : PATIENCE_NS);
}

static void ready(struct tasks *t, struct task *task)
{
	read_answers(task);
	read_errors(task);
	read_frames(task);
	const struct tried *tried = &task->tried;
	bool settled = tried->received + task->ping.failed >= tried->sent;
	if (is_outage(task) ? tried->received > 0 : settled && tried->sent == task->action.count)
		finish(t, task);
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	(void)fd;
	task->ping.id = ++t->next_ping;
	task->ping.began_ns = clock_wall_ns();
	if (is_outage(task))
		task->action.count = PING_COUNT_MAX;
	task->tried = (struct tried) { .id = task->action.id,
		.kind = task->action.kind,
		.ip = task->action.ip,
		.source = task->action.ip2 };
	int r = open_echoes(t, task, err);
	if (r == 0)
		r = open_frames(t, task, err);
	if (r == 0)
		due(t, task);
	return r;
}

const struct task_class task_ping = {
	.what = N_("the ping"), .begin = begin, .ready = ready, .due = due
};
