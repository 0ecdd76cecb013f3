/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: dumps of the kernel's tables, one after the other, each between its marks.
 *
 * Of proxy neighbours the kernel gives no news at all (net/core/neighbour.c, neigh_add). So they
 * are looked at again and again, quietly: what is seen is hashed and not passed on, and only when
 * it differs from what was told is it dumped as other tables are.
 */
#include <config.h>

#include "netsource.h"

#include <errno.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>

#include "nethash.h"

#define CHUNKS_A_ROUND 32
/* A table that changes while it is dumped is dumped again, but not for ever. */
#define TRIES_MAX 3
/* After dumps that took long, there is a rest of some times as long, within limits. */
#define LONG_NS (5 * NS_PER_MS)
#define REST_TIMES 4
#define REST_MOST_NS (2 * NS_PER_S)
#define REST_BUSY_NS (100 * NS_PER_MS)

static int send_mark(struct netsource *n, bool end)
{
	struct event e = { .mark = { .table = (uint16_t)n->dump.table, .end = end } };
	event_begin(&e, EVENT_MARK, clock_wall_ns());
	return outbox_add(&n->loop->outbox, &e);
}

static const struct {
	uint16_t type;
	uint8_t family;
	uint8_t body; /* Bytes of the question's own head. */
	const char *what;
} questions[EVENT_TABLES] = {
	[TABLE_LINKS] = { RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg), N_("interfaces") },
	[TABLE_ADDRS] = { RTM_GETADDR, AF_INET, sizeof(struct ifaddrmsg), N_("addresses") },
	[TABLE_ROUTES] = { RTM_GETROUTE, AF_INET, sizeof(struct rtmsg), N_("routes") },
	[TABLE_RULES] = { RTM_GETRULE, AF_INET, sizeof(struct fib_rule_hdr), N_("policy rules") },
	[TABLE_NEIGHS] = { RTM_GETNEIGH, AF_INET, sizeof(struct ndmsg), N_("neighbours") },
	[TABLE_PROXIES] = { RTM_GETNEIGH, AF_INET, sizeof(struct ndmsg), N_("proxy neighbours") },
};

struct question {
	struct nlmsghdr head;
	union {
		struct ifinfomsg link; /* Others are shorter and begin with the family. */
		struct ndmsg neigh;
	};
	struct nlattr mask;
	uint32_t skip;
};

/*
 * Wait for who is just changing the network. A link that goes down is told of before its routes go,
 * in silence, and an address that goes before those that prefer it as their source
 * (net/core/dev.c, __dev_notify_flags; net/ipv4/devinet.c, __inet_del_ifa). Since 6.9 a dump of
 * routes takes no lock, so it may come in between; a question for one link takes the lock under
 * which all of that is done (net/core/rtnetlink.c, rtnl_getlink). Its answer is not read: it has
 * another number.
 */
static void await_changes(struct netsource *n)
{
	const struct question q = {
		.head = { .nlmsg_len = (uint32_t)NLMSG_LENGTH(sizeof q.link),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST,
			.nlmsg_seq = ++n->dump.seq },
		.link = { .ifi_index = 1 }, /* The loopback's number, everywhere. */
	};
	send(nl_socket_get_fd(n->dump.sock), &q, q.head.nlmsg_len, 0);
}

static int send_question(struct netsource *n)
{
	enum event_table table = n->dump.table;
	struct question q = {
		.head = { .nlmsg_len = (uint32_t)NLMSG_LENGTH(questions[table].body),
			.nlmsg_type = questions[table].type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = ++n->dump.seq },
		.link = { .ifi_family = questions[table].family },
	};
	if (table == TABLE_PROXIES)
		q.neigh.ndm_flags = NTF_PROXY;
	if (table == TABLE_LINKS) {
		q.head.nlmsg_len = sizeof q;
		q.mask = (struct nlattr) { .nla_len = sizeof q.mask + sizeof q.skip,
			.nla_type = IFLA_EXT_MASK };
		q.skip = RTEXT_FILTER_SKIP_STATS;
	}
	return send(nl_socket_get_fd(n->dump.sock), &q, q.head.nlmsg_len, 0) < 0 ? -errno : 0;
}

/* Everything is read. Dumps that took long, or found no quiet moment, are not repeated at once. */
static void rest(struct netsource *n)
{
	struct dump *d = &n->dump;
	uint64_t now = clock_steady_ns(), took = now - d->began_ns;
	uint64_t pause = took > LONG_NS ? took * REST_TIMES : 0;
	/* A lab's tables are small: what took long was the machine, and answers wait for them. */
	if (n->loop->options->scope == SCOPE_LAB)
		pause = 0;
	if (pause > REST_MOST_NS)
		pause = REST_MOST_NS;
	if (d->unsure && pause < REST_BUSY_NS)
		pause = REST_BUSY_NS;
	n->knows_tables = true;
	d->table = 0;
	d->began_ns = 0;
	d->not_before_ns = now + pause;
	n->wanted |= d->unsure;
	d->unsure = 0;
	net_watch_news(n, true);
}

void net_dump_choose(struct netsource *n)
{
	struct dump *d = &n->dump;
	if (!d->began_ns)
		d->began_ns = clock_steady_ns();
	for (unsigned t = TABLE_LINKS; t < EVENT_TABLES; t++) {
		if (!(n->wanted & WANT(t)))
			continue;
		n->wanted &= ~WANT(t);
		d->table = t;
		d->tries = 0;
		d->asked = false;
		d->quiet = t == TABLE_PROXIES && n->proxies_told;
		return;
	}
	rest(n);
}

/* Begin, or begin again: what was named since an earlier begin mark is named anew. */
static int ask(struct netsource *n)
{
	struct dump *d = &n->dump;
	int r = d->quiet ? 0 : send_mark(n, false);
	if (r < 0)
		return r;
	d->tries++;
	d->asked = true;
	d->interrupted = false;
	d->len = d->at = 0;
	d->addr_ifindex = 0;
	d->seen = HASH_BEGIN;
	if (d->table == TABLE_LINKS)
		for (size_t i = 0; i < n->links.count; i++)
			n->links.rows[i].named = false;
	if (d->table == TABLE_ROUTES)
		await_changes(n);
	d->error = send_question(n);
	d->ended = d->error < 0;
	return 0;
}

static int receive(struct dump *d)
{
	ssize_t len;
	do
		len = recv(
			nl_socket_get_fd(d->sock), d->chunk, DUMP_BYTES, MSG_DONTWAIT | MSG_TRUNC);
	while (len < 0 && errno == EINTR);
	if (len < 0 && errno == EAGAIN)
		return -EAGAIN;
	if (len < 0) {
		d->error = -errno;
		d->ended = true;
		return 0;
	}
	d->at_ns = clock_wall_ns();
	d->at = 0;
	d->len = (size_t)len;
	if (d->len > DUMP_BYTES) {
		d->len = DUMP_BYTES;
		d->interrupted = true;
	}
	return 0;
}

/* The number in a closing message: 0, or a negative errno. */
static int closing_error(const struct nlmsghdr *m)
{
	int error = 0;
	if (m->nlmsg_len >= NLMSG_LENGTH(sizeof error))
		memcpy(&error, NLMSG_DATA(m), sizeof error);
	return error < 0 ? error : 0;
}

static int take(struct netsource *n, const struct nlmsghdr *m)
{
	struct dump *d = &n->dump;
	if (!d->quiet && net_take(n, m, EVENT_NAMED) < 0)
		return -EAGAIN;
	if (d->table == TABLE_PROXIES)
		d->seen = hash_bytes(d->seen, NLMSG_DATA(m), m->nlmsg_len - NLMSG_HDRLEN);
	return 0;
}

static int pass_on(struct netsource *n)
{
	struct dump *d = &n->dump;
	while (!d->ended && d->len - d->at >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *m = (const void *)(d->chunk + d->at);
		if (m->nlmsg_len < sizeof *m || m->nlmsg_len > d->len - d->at)
			break;
		if (m->nlmsg_seq == d->seq) {
			d->interrupted |= (m->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
			if (m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR) {
				d->error = closing_error(m);
				d->ended = true;
			} else if (take(n, m) < 0) {
				return -EAGAIN;
			}
		}
		size_t step = NLMSG_ALIGN(m->nlmsg_len);
		d->at = step < d->len - d->at ? d->at + step : d->len;
	}
	d->len = d->at = 0;
	return 0;
}

static void sweep_links(struct netsource *n)
{
	for (size_t i = n->links.count; i-- > 0;) {
		if (n->links.rows[i].named)
			continue;
		struct link gone = n->links.rows[i].link;
		net_link(n, &gone, true);
	}
	n->knows_links = true;
}

/* A kernel without policy routing has no rules to dump; that is no failure. */
static bool error_matters(const struct dump *d)
{
	return d->error < 0 &&
	       !(d->table == TABLE_RULES && (d->error == -EOPNOTSUPP || d->error == -EAFNOSUPPORT));
}

/* The look is over: all is as it was, or the same question comes once more, aloud. */
static void finish_look(struct netsource *n)
{
	struct dump *d = &n->dump;
	if (d->error < 0 || d->seen == n->proxies_seen) {
		net_dump_choose(n);
		return;
	}
	d->quiet = false;
	d->asked = false;
	d->tries = 0;
}

static int finish(struct netsource *n)
{
	struct dump *d = &n->dump;
	/* A dump that broke off has not named everything: what it left out is not gone. */
	if ((d->interrupted || error_matters(d)) && d->tries < TRIES_MAX) {
		d->asked = false;
		return 0;
	}
	if (d->quiet) {
		finish_look(n);
		return 0;
	}
	int r = send_mark(n, true);
	if (r < 0)
		return r;
	if (d->interrupted)
		d->unsure |= WANT(d->table);
	if (error_matters(d))
		outbox_note(&n->loop->outbox, true, _("cannot read the kernel's %s: %s"),
			_(questions[d->table].what), err_reason(-d->error));
	if (d->table == TABLE_LINKS)
		sweep_links(n);
	if (d->table == TABLE_PROXIES) {
		n->proxies_told = true;
		n->proxies_seen = d->seen;
	}
	net_dump_choose(n);
	return 0;
}

int net_dump_run(struct netsource *n)
{
	struct dump *d = &n->dump;
	int chunks = 0, r = 0;
	while (d->table && r == 0) {
		if (!d->asked)
			r = ask(n);
		else if (d->at < d->len)
			r = pass_on(n);
		else if (d->ended)
			r = finish(n);
		else if (chunks++ == CHUNKS_A_ROUND || receive(d) < 0)
			break; /* The rest of the answer makes the socket readable. */
	}
	if (d->table)
		net_watch_news(n, false);
	return r;
}
