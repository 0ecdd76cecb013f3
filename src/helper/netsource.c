/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: links, addresses, routes, rules and neighbours: dumped between marks, then followed.
 *
 * Two sockets. The monitor's groups are joined before the first dump is asked for, and while a
 * dump runs the monitor is not read: its queue keeps what happened meanwhile, in order, and
 * brings the dumped table forward afterwards. When that queue overflows it is thrown away whole
 * (what stands in it is older than what was lost) and all tables are dumped afresh.
 *
 * What the kernel tells only in part is dumped afresh as well, once the news have been read:
 * addresses, because their order counts; rules, because they have no identity of their own; routes
 * when a link, an address or a sysctl took some with it. Of proxy neighbours it tells nothing: see
 * netdump.c.
 */
#include <config.h>

#include "netsource.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>

#define BATCHES_A_ROUND 64
#define MONITOR_BUFFER (8 * 1024 * 1024)

/* ---- sockets ---- */

static int nl_errno(int error)
{
	switch (-error) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_AF_NOSUPPORT:
	case NLE_PROTO_MISMATCH:
		return -EAFNOSUPPORT;
	}
	return -EIO;
}

static int open_socket(struct nl_sock **ret)
{
	struct nl_sock *sock = nl_socket_alloc();
	if (!sock)
		return -ENOMEM;
	int r = nl_connect(sock, NETLINK_ROUTE);
	if (r == 0) {
		nl_socket_disable_auto_ack(sock);
		r = nl_socket_set_nonblocking(sock);
	}
	if (r < 0) {
		nl_socket_free(sock);
		return nl_errno(r);
	}
	*ret = sock;
	return 0;
}

static int open_monitor(struct netsource *n)
{
	struct nl_sock *sock;
	int r = open_socket(&sock);
	if (r < 0)
		return r;
	int size = MONITOR_BUFFER, fd = nl_socket_get_fd(sock);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		nl_socket_set_buffer_size(sock, size, 0);
	static const struct {
		enum event_table table;
		int group;
	} groups[] = {
		{ TABLE_LINKS, RTNLGRP_LINK },
		{ TABLE_ADDRS, RTNLGRP_IPV4_IFADDR },
		{ TABLE_ROUTES, RTNLGRP_IPV4_ROUTE },
		{ TABLE_ROUTES, RTNLGRP_IPV4_NETCONF },
		{ TABLE_RULES, RTNLGRP_IPV4_RULE },
		{ TABLE_NEIGHS, RTNLGRP_NEIGH },
	};
	for (size_t i = 0; i < sizeof groups / sizeof *groups && r == 0; i++)
		if (n->tables & WANT(groups[i].table))
			r = nl_socket_add_membership(sock, groups[i].group);
	if (r < 0) {
		nl_socket_free(sock);
		return nl_errno(r);
	}
	n->news.sock = sock;
	return 0;
}

void net_watch_news(struct netsource *n, bool on)
{
	if (n->news.watched == on)
		return;
	n->news.watched = on;
	int fd = nl_socket_get_fd(n->news.sock);
	if (on)
		loop_watch(n->loop, fd, LOOP_MONITOR, 0);
	else
		loop_forget(n->loop, fd);
}

static int prepare(struct netsource *n)
{
	n->dump.chunk = malloc(DUMP_BYTES);
	n->news.bytes = malloc((size_t)NEWS_SLOTS * NEWS_SLOT_BYTES);
	if (!n->dump.chunk || !n->news.bytes)
		return -ENOMEM;
	for (size_t i = 0; i < NEWS_SLOTS; i++) {
		n->news.slots[i] =
			(struct iovec) { n->news.bytes + i * NEWS_SLOT_BYTES, NEWS_SLOT_BYTES };
		n->news.heads[i].msg_hdr =
			(struct msghdr) { .msg_iov = &n->news.slots[i], .msg_iovlen = 1 };
	}
	int r = open_socket(&n->dump.sock);
	if (r == 0)
		r = loop_watch(n->loop, nl_socket_get_fd(n->dump.sock), LOOP_DUMP, 0);
	return r < 0 ? r : open_monitor(n);
}

struct netsource *netsource_new(struct loop *l, const struct netsource_ops *ops, struct err *err)
{
	struct netsource *n = calloc(1, sizeof *n);
	if (n) {
		n->loop = l;
		n->ops = *ops;
		n->tables = l->options->sysctls_only ? WANT(TABLE_LINKS) : WANT_ALL;
	}
	int r = n ? prepare(n) : -ENOMEM;
	if (r < 0) {
		err_set(err, r, _("cannot ask the kernel for its interfaces and tables: %s"),
			err_reason(-r));
		netsource_free(n);
		return NULL;
	}
	return n;
}

/* Forgotten first: another process may have the same socket open for a while. */
static void close_socket(struct netsource *n, struct nl_sock *sock)
{
	if (sock)
		loop_forget(n->loop, nl_socket_get_fd(sock));
	nl_socket_free(sock);
}

void netsource_free(struct netsource *n)
{
	if (!n)
		return;
	close_socket(n, n->dump.sock);
	close_socket(n, n->news.sock);
	free(n->dump.chunk);
	free(n->news.bytes);
	netlinks_done(&n->links);
	free(n);
}

/* ---- news ---- */

/* Dump what the news left in doubt, as soon as that is due; else go on reading news. */
static int settle(struct netsource *n)
{
	if (n->wanted && clock_steady_ns() >= n->dump.not_before_ns) {
		net_dump_choose(n);
		return net_dump_run(n);
	}
	net_watch_news(n, true);
	return 0;
}

/*
 * News were lost. What is still queued is older than what was lost, so it would bring back things
 * that are gone; it is thrown away before the tables are dumped. This ends: the kernel queues
 * nothing more until the queue was empty once (net/netlink/af_netlink.c, netlink_overrun,
 * netlink_broadcast_deliver, netlink_rcv_wake). A fresh socket would be no quicker: making and
 * closing one waits for a pause between all broadcasts (netlink_table_grab).
 */
static void overrun(struct netsource *n)
{
	struct news *w = &n->news;
	int got;
	do
		got = recvmmsg(nl_socket_get_fd(w->sock), w->heads, NEWS_SLOTS, MSG_DONTWAIT, NULL);
	while (got == NEWS_SLOTS || (got < 0 && errno != EAGAIN));
	w->count = w->slot = 0;
	w->at = 0;
	if (n->wanted != n->tables)
		outbox_note(&n->loop->outbox, false,
			_("the kernel's messages came faster than they could be read; "
			  "reading all tables afresh"));
	n->wanted = n->tables;
}

static int pass_on(struct netsource *n)
{
	struct news *w = &n->news;
	for (; w->slot < w->count; w->slot++, w->at = 0) {
		const uint8_t *bytes = w->slots[w->slot].iov_base;
		size_t len = w->heads[w->slot].msg_len;
		while (len > w->at && len - w->at >= sizeof(struct nlmsghdr)) {
			const struct nlmsghdr *m = (const void *)(bytes + w->at);
			if (m->nlmsg_len < sizeof *m || m->nlmsg_len > len - w->at)
				break;
			if (net_take(n, m, 0) < 0)
				return -EAGAIN;
			w->at += NLMSG_ALIGN(m->nlmsg_len);
		}
	}
	w->count = w->slot = 0;
	return 0;
}

/* Returns whether all messages came whole. */
static bool news_are_whole(const struct news *w)
{
	for (unsigned i = 0; i < w->count; i++)
		if (w->heads[i].msg_hdr.msg_flags & MSG_TRUNC)
			return false;
	return true;
}

int netsource_monitor_ready(struct netsource *n)
{
	struct news *w = &n->news;
	int r = 0;
	if (n->dump.table)
		return 0;
	for (int batches = 0; batches < BATCHES_A_ROUND && r == 0; batches++) {
		int got = recvmmsg(
			nl_socket_get_fd(w->sock), w->heads, NEWS_SLOTS, MSG_DONTWAIT, NULL);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		w->count = got > 0 ? (unsigned)got : 0;
		if (got < 0 || !news_are_whole(w)) {
			overrun(n);
			break;
		}
		w->at_ns = clock_wall_ns();
		r = pass_on(n);
		if (got < NEWS_SLOTS)
			break;
	}
	return r < 0 ? r : settle(n);
}

int netsource_dump_ready(struct netsource *n)
{
	return net_dump_run(n);
}

int netsource_resume(struct netsource *n)
{
	if (n->dump.table)
		return net_dump_run(n);
	int r = pass_on(n);
	return r < 0 ? r : settle(n);
}

void netsource_restart(struct netsource *n)
{
	n->wanted = n->tables;
	n->dump.not_before_ns = 0;
	if (!n->dump.table)
		netsource_resume(n);
}

/*
 * The question goes out on the monitor, so that its answer stands in the right place among the
 * news. Source: net/core/neighbour.c, neigh_get(); Linux 5.0 and later, else there is no answer.
 */
void net_ask(struct netsource *n, int32_t ifindex, uint32_t ip, uint32_t seq)
{
	struct {
		struct nlmsghdr head;
		struct ndmsg body;
		struct nlattr dst;
		uint32_t ip;
	} q = {
		.head = { .nlmsg_len = sizeof q,
			.nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST,
			.nlmsg_seq = seq },
		.body = { .ndm_family = AF_INET, .ndm_ifindex = ifindex },
		.dst = { .nla_len = (uint16_t)nla_attr_size(sizeof q.ip), .nla_type = NDA_DST },
		.ip = ip,
	};
	send(nl_socket_get_fd(n->news.sock), &q, sizeof q, MSG_DONTWAIT);
}

void netsource_look_proxies(struct netsource *n)
{
	n->wanted |= WANT(TABLE_PROXIES) & n->tables;
	netsource_monitor_ready(n);
}

void netsource_tick(struct netsource *n)
{
	netsource_look_proxies(n); /* Dumps that were put off may be due, too. */
}

void netsource_look(struct netsource *n, int32_t ifindex, uint32_t ip)
{
	net_ask(n, ifindex, ip, 0);
}

/* ---- names ---- */

const char *netsource_name(void *n, int32_t ifindex)
{
	const struct known_link *row = netlinks_find(&((struct netsource *)n)->links, ifindex);
	return row ? row->link.name : NULL;
}

int32_t netsource_index(void *n, const char *name)
{
	const struct known_link *row = netlinks_find_name(&((struct netsource *)n)->links, name);
	return row ? row->link.ifindex : 0;
}

bool netsource_knows_links(const struct netsource *n)
{
	return n->knows_links;
}

const struct link *netsource_link(const struct netsource *n, int32_t ifindex)
{
	const struct known_link *row = netlinks_find(&n->links, ifindex);
	return row ? &row->link : NULL;
}

bool netsource_knows_tables(const struct netsource *n)
{
	return n->knows_tables;
}
