/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: ARP frames sent on purpose: arping, and one frame as it was spelled out.
 *
 * Frames of a packet socket pass by the node's own ARP, as those of the program arping do: asking
 * this way makes no entry in the node's cache. The replies come to its kernel, too, which takes
 * them into an entry that it has already, and into no other.
 */
#include <config.h>

#include "task.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

#define INTERVAL_NS (250 * NS_PER_MS)
/*
 * How long after the last request answers are waited for. In the lab they come within a
 * millisecond, but all who answer must have had their turn, on a busy machine as well.
 */
#define LISTEN_NS (300 * NS_PER_MS)
/* Nobody has answered: who answers for another (proxy ARP) waits up to proxy_delay, 800 ms. */
#define LISTEN_LONG_NS (900 * NS_PER_MS)
#define READS_A_ROUND 64

static_assert(sizeof(struct task_frame) == 42, "an ARP frame has 14 and 28 bytes");

/* The Ethernet type, RFC 826's types of hardware and protocol, and the lengths of addresses. */
static const uint8_t arp_over_ethernet[8] = { ETH_P_ARP >> 8, ETH_P_ARP & 0xff, 0, ARPHRD_ETHER,
	ETH_P_IP >> 8, ETH_P_IP & 0xff, 6, 4 };

bool task_frame_is_arp(const struct task_frame *frame)
{
	return memcmp(frame->kind, arp_over_ethernet, sizeof frame->kind) == 0;
}

/* ---- packet sockets ---- */

int task_bind_arp(
	const struct tasks *t, const struct task *task, int fd, bool outgoing, struct err *err)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12), /* The Ethernet type. */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT16_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter = { .len = sizeof steps / sizeof *steps, .filter = steps };
	/* Only a socket for all protocols is shown what the node itself sends. */
	const struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = htons(outgoing ? ETH_P_ALL : ETH_P_ARP),
		.sll_ifindex = task->action.ifindex };
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0 &&
		bind(fd, (const struct sockaddr *)&at, sizeof at) == 0)
		return 0;
	int r = -errno;
	return err_set(err, r, _("%s cannot use %s for ARP frames: %s"), task_where(t, task),
		task_iface(t, task), task_reason(r));
}

static int open_socket(struct tasks *t, struct task *task, struct err *err)
{
	int fd = task_socket(t, task, 0, AF_PACKET, SOCK_RAW, 0, err);
	return fd < 0 ? fd : task_bind_arp(t, task, fd, false, err);
}

static int own_mac(const struct tasks *t, const struct task *task, uint8_t ret[6], struct err *err)
{
	if (lab_mac(t->lab, task->action.node, task->action.ifindex, ret))
		return 0;
	return err_set(err, -EINVAL, _("%s of %s has no MAC address: choose an Ethernet interface"),
		task_iface(t, task), task_where(t, task));
}

static struct task_frame new_frame(uint16_t op)
{
	struct task_frame frame = { .op = { (uint8_t)(op >> 8), (uint8_t)op } };
	memcpy(frame.kind, arp_over_ethernet, sizeof frame.kind);
	return frame;
}

static int send_frame(const struct task *task, const struct task_frame *frame)
{
	return send(task->fds[0], frame, sizeof *frame, 0) < 0 ? -errno : 0;
}

/* ---- arping ---- */

/* The request is always a broadcast: to ask only who has answered before would hide the others. */
static int ask(const struct task *task)
{
	struct task_frame frame = new_frame(ARPOP_REQUEST);
	memset(frame.eth_dst, 0xff, 6);
	memcpy(frame.eth_src, task->arping.own, 6);
	memcpy(frame.sha, task->arping.own, 6);
	memcpy(frame.spa, &task->arping.source, 4);
	memcpy(frame.tpa, &task->action.ip, 4);
	return send_frame(task, &frame);
}

static void count_answer(struct task *task, const uint8_t mac[6])
{
	struct arping *a = &task->arping;
	uint32_t known = task->tried.answerers;
	task->tried.received++;
	for (uint32_t i = 0; i < known; i++)
		if (memcmp(a->macs[i], mac, 6) == 0)
			return;
	if (known < ARPING_MACS) {
		memcpy(a->macs[known], mac, 6);
		task->tried.answerers++;
	}
}

static bool is_answer(const struct task *task, const struct task_frame *f)
{
	return task_frame_is_arp(f) && f->op[0] == 0 && f->op[1] == ARPOP_REPLY &&
	       memcmp(f->eth_dst, task->arping.own, 6) == 0 &&
	       memcmp(f->spa, &task->action.ip, 4) == 0 &&
	       memcmp(f->tpa, &task->arping.source, 4) == 0;
}

static void put_answerer(
	const struct tasks *t, const struct task *task, size_t which, struct text *text)
{
	const uint8_t(*all)[6] = task->arping.macs;
	uint16_t owner = task_owner(t, all[which]);
	/* A machine that answers with two cards is told by its MACs. */
	for (size_t i = 0; owner > 0 && i < task->tried.answerers; i++)
		if (i != which && task_owner(t, all[i]) == owner)
			owner = 0;
	if (owner > 0)
		text_put(text, lab_node_name(t->lab, owner));
	if (owner > 0 && which == 0)
		text_put(text, " ");
	if (owner == 0 || which == 0)
		text_mac(text, all[which]);
}

static void put_answers(const struct tasks *t, const struct task *task, struct text *text)
{
	const struct tried *tried = &task->tried;
	char first[64], others[EVENT_TEXT_SIZE];
	struct text f = text_in(first, sizeof first), o = text_in(others, sizeof others);
	if (tried->answerers == 0) {
		text_put(text, _("nobody answered"));
		return;
	}
	put_answerer(t, task, 0, &f);
	text_end(&f);
	for (size_t i = 1; i < tried->answerers; i++) {
		text_put(&o, i == 1 ? _(", then ") : _(", "));
		put_answerer(t, task, i, &o);
	}
	text_end(&o);
	if (tried->sent > 1)
		text_printf(text, _("%u replies from %u, first %s%s"), tried->received,
			tried->answerers, first, others);
	else
		text_printf(text, _("%u answered, first %s%s"), tried->answerers, first, others);
}

static void finish(struct tasks *t, struct task *task)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	memcpy(task->tried.mac, task->arping.macs[0], 6);
	const char *where = task_where(t, task);
	if (task->tried.sent == 0) {
		text_printf(&text, _("%s cannot ask on %s: %s"), where, task_iface(t, task),
			task_reason(task->tried.error));
	} else if (task->tried.sent == 1) {
		text_printf(
			&text, _("%s asked who has %s: "), where, ip_word(task->action.ip).text);
		put_answers(t, task, &text);
	} else {
		text_printf(&text, _("%s asked %u times who has %s: "), where, task->tried.sent,
			ip_word(task->action.ip).text);
		put_answers(t, task, &text);
	}
	task_answer(t, task, 0, "%s", text_end(&text));
	task_leave(t, task);
}

static void arping_due(struct tasks *t, struct task *task)
{
	struct tried *tried = &task->tried;
	uint64_t now = clock_steady_ns();
	if (tried->sent < task->action.count && tried->error == 0) {
		tried->error = ask(task);
		if (tried->error == 0) {
			tried->sent++;
			task->arping.asked_ns = now;
		}
		task_after(task, tried->sent < task->action.count ? INTERVAL_NS : LISTEN_NS);
	} else if (tried->received == 0 && now < task->arping.asked_ns + LISTEN_LONG_NS) {
		task->due_ns = task->arping.asked_ns + LISTEN_LONG_NS;
	} else {
		finish(t, task);
	}
}

static void arping_ready(struct tasks *t, struct task *task)
{
	struct task_frame frame;
	for (int i = 0; i < READS_A_ROUND; i++) {
		ssize_t len = recv(task->fds[0], &frame, sizeof frame, 0);
		if (len < 0 && errno == EAGAIN)
			return;
		if (len == sizeof frame && is_answer(task, &frame)) {
			if (task->tried.received == 0)
				task->tried.rtt_ns = clock_steady_ns() - task->arping.asked_ns;
			count_answer(task, frame.sha);
		}
	}
	(void)t;
}

static int arping_begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	const struct action *a = &task->action;
	(void)fd;
	int r = own_mac(t, task, task->arping.own, err);
	if (r == 0)
		r = open_socket(t, task, err);
	if (r == 0)
		r = task_watch(t, task, 0, LOOP_TASK, err);
	if (r < 0)
		return r;
	task->arping.source = a->ip2 ? a->ip2 : lab_source(t->lab, a->node, a->ifindex, a->ip);
	task->tried = (struct tried) {
		.id = a->id, .kind = ACTION_ARPING, .ip = a->ip, .source = task->arping.source
	};
	arping_due(t, task);
	return 0;
}

const struct task_class task_arping = {
	.what = N_("the arping"), .begin = arping_begin, .ready = arping_ready, .due = arping_due
};

/* ---- one frame ---- */

static void send_due(struct tasks *t, struct task *task)
{
	task_answer(
		t, task, 0, _("%s sent the frame on %s"), task_where(t, task), task_iface(t, task));
	task_leave(t, task);
}

static int send_begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	const struct arp_fields *fields = &task->action.arp;
	struct task_frame frame = new_frame(fields->op);
	uint8_t own[6] = { 0 };
	(void)fd;
	int r = 0;
	if (mac_is_zero(fields->eth_src) || mac_is_zero(fields->sha))
		r = own_mac(t, task, own, err);
	if (r == 0)
		r = open_socket(t, task, err);
	if (r < 0)
		return r;
	memcpy(frame.eth_dst, fields->eth_dst, 6);
	memcpy(frame.eth_src, mac_is_zero(fields->eth_src) ? own : fields->eth_src, 6);
	memcpy(frame.sha, mac_is_zero(fields->sha) ? own : fields->sha, 6);
	memcpy(frame.spa, &fields->spa, 4);
	memcpy(frame.tha, fields->tha, 6);
	memcpy(frame.tpa, &fields->tpa, 4);
	r = send_frame(task, &frame);
	if (r < 0)
		return err_set(err, r, _("%s cannot send on %s: %s"), task_where(t, task),
			task_iface(t, task), task_reason(r));
	task_after(task, TASK_EFFECT_NS);
	return 0;
}

const struct task_class task_send = {
	.what = N_("the sending of a frame"), .begin = send_begin, .due = send_due
};
