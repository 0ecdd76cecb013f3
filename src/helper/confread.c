/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: reading the sysctls of all interfaces in the cheapest way there is.
 *
 * conf values of all interfaces come with one dump of the links, their neighbour timers with one
 * dump of the neighbour tables; `all` and `default` are read from files that stay open. Where
 * netlink is refused, every value is read from its file.
 */
#include <config.h>

#include "confs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#define DUMP_BYTES 32768
#define ANSWER_MS 500 /* The kernel answers at once; this only keeps a fault from blocking us. */

static void set_cell(struct conf_cell *cell, int32_t value)
{
	*cell = (struct conf_cell) { .value = value, .state = CELL_PRESENT };
}

static void set_absent(struct conf_cell *cell)
{
	*cell = (struct conf_cell) { .state = CELL_ABSENT };
}

/* ---- files ---- */

static void read_cell(int fd, struct conf_cell *cell)
{
	int32_t value;
	if (fd >= 0 && sysctl_read(fd, &value) == 0)
		set_cell(cell, value);
	else
		set_absent(cell);
}

static void read_path(const char *name, size_t key, struct conf_cell *cell)
{
	int fd = sysctl_open(key, name, O_RDONLY);
	read_cell(fd, cell);
	if (fd >= 0)
		close(fd);
}

static bool exists_for_all(size_t key)
{
	return sysctl_key(key)->family == SYSCTL_CONF;
}

/* The row's value of one key; a file that is not there will not come later. */
static void read_kept(const struct conf_row *row, int *kept, size_t key, struct conf_cell *cell)
{
	if (*kept == CONF_CLOSED)
		read_path(row->name, key, cell);
	else
		read_cell(*kept, cell);
	if (*kept == CONF_CLOSED && cell->state == CELL_ABSENT)
		*kept = CONF_NONE;
}

static void read_all_and_default(struct confs *c)
{
	struct conf_row *row = conf_row(c, CONF_ALL);
	for (size_t key = 0; key < c->keys; key++)
		if (exists_for_all(key))
			read_kept(row, &c->all[key], key, &row->found[key]);
	row = conf_row(c, CONF_DEFAULT);
	for (size_t key = 0; key < c->keys; key++)
		read_kept(row, &c->other[key], key, &row->found[key]);
}

void conf_read_one(struct confs *c, struct conf_row *row, size_t key)
{
	if (row->ifindex == CONF_ALL && !exists_for_all(key))
		return;
	if (row->ifindex == CONF_ALL || row->ifindex == CONF_DEFAULT)
		read_kept(row, row->ifindex == CONF_ALL ? &c->all[key] : &c->other[key], key,
			&row->found[key]);
	else
		read_path(row->name, key, &row->found[key]);
}

/* ---- netlink ---- */

static int open_netlink(struct confs *c)
{
	c->bytes = malloc(DUMP_BYTES);
	c->sock = nl_socket_alloc();
	if (!c->bytes || !c->sock || nl_connect(c->sock, NETLINK_ROUTE) < 0)
		return -EIO;
	const struct timeval limit = { .tv_usec = ANSWER_MS * 1000 };
	setsockopt(nl_socket_get_fd(c->sock), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	return 0;
}

static void close_netlink(struct confs *c)
{
	nl_socket_free(c->sock);
	free(c->bytes);
	c->sock = NULL;
	c->bytes = NULL;
}

/* Interfaces of the running kernel that have no IPv4 at all (a small MTU) have none of these. */
static void conf_cells(struct confs *c, struct conf_row *row, const struct nlattr *values)
{
	size_t count = values ? (size_t)nla_len(values) / sizeof(int32_t) : 0;
	for (size_t key = 0; key < c->keys; key++) {
		const struct sysctl_key *k = sysctl_key(key);
		if (k->family != SYSCTL_CONF)
			continue;
		/* IPV4_DEVCONF_* count from 1 (net/ipv4/devinet.c, inet_fill_link_af). */
		size_t i = (size_t)k->source - 1;
		if (i < count) {
			int32_t value;
			memcpy(&value, (const char *)nla_data(values) + i * sizeof value,
				sizeof value);
			set_cell(&row->found[key], value);
		} else {
			set_absent(&row->found[key]);
		}
	}
}

/* An attribute behind a fixed head of that size, or NULL. */
static const struct nlattr *attr_of(const struct nlmsghdr *m, size_t head, int type)
{
	return nla_find(nlmsg_attrdata(m, (int)head), nlmsg_attrlen(m, (int)head), type);
}

static const struct nlattr *nested(const struct nlattr *a, int type)
{
	return a ? nla_find(nla_data(a), nla_len(a), type) : NULL;
}

static void take_link(struct confs *c, const struct nlmsghdr *m)
{
	const struct ifinfomsg *head = nlmsg_data(m);
	if (m->nlmsg_type != RTM_NEWLINK || !nlmsg_valid_hdr(m, sizeof *head))
		return;
	struct conf_row *row = conf_row(c, head->ifi_index);
	if (!row || head->ifi_index <= 0)
		return;
	const struct nlattr *families = attr_of(m, sizeof *head, IFLA_AF_SPEC);
	conf_cells(c, row, nested(nested(families, AF_INET), IFLA_INET_CONF));
}

/*
 * A timer in the unit that its file has. Netlink counts in milliseconds (net/core/neighbour.c,
 * neightbl_fill_parms), files in milliseconds, seconds or hundredths (neigh_sysctl_template).
 */
static int32_t timer_value(const struct sysctl_key *k, const struct nlattr *a)
{
	uint64_t value = 0;
	if (nla_len(a) >= 8)
		memcpy(&value, nla_data(a), 8);
	else if (nla_len(a) >= 4)
		value = nla_get_u32(a);
	if (strcmp(k->unit, "s") == 0)
		value /= 1000;
	else if (strcmp(k->unit, "cs") == 0)
		value /= 10;
	return value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

static void take_timers(struct confs *c, const struct nlmsghdr *m)
{
	const struct nlattr *name = attr_of(m, sizeof(struct ndtmsg), NDTA_NAME);
	const struct nlattr *parms = attr_of(m, sizeof(struct ndtmsg), NDTA_PARMS);
	if (m->nlmsg_type != RTM_NEWNEIGHTBL || !parms || !name || nla_strcmp(name, "arp_cache"))
		return;
	const struct nlattr *index = nested(parms, NDTPA_IFINDEX);
	struct conf_row *row = index ? conf_row(c, (int32_t)nla_get_u32(index)) : NULL;
	if (!row || row->ifindex <= 0)
		return;
	for (size_t key = 0; key < c->keys; key++) {
		const struct sysctl_key *k = sysctl_key(key);
		if (k->family != SYSCTL_NEIGH)
			continue;
		const struct nlattr *a = nested(parms, k->source);
		if (a)
			set_cell(&row->found[key], timer_value(k, a));
		else
			set_absent(&row->found[key]);
	}
}

typedef void taker(struct confs *c, const struct nlmsghdr *m);

/* Returns whether the dump goes on; what the closing message says stands in *error then. */
static bool take_chunk(struct confs *c, size_t len, taker *take, int *error)
{
	const struct nlmsghdr *m = (const void *)c->bytes;
	for (int left = (int)len; nlmsg_ok(m, left); m = nlmsg_next((struct nlmsghdr *)m, &left)) {
		if (m->nlmsg_seq != c->seq)
			continue;
		if (m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR) {
			if (nlmsg_datalen(m) >= (int)sizeof *error)
				memcpy(error, nlmsg_data(m), sizeof *error);
			return false;
		}
		take(c, m);
	}
	return true;
}

/* Put a dump's question, len bytes from its head on, and take the answer in. 0 or -errno. */
static int dump(struct confs *c, struct nlmsghdr *question, taker *take)
{
	int fd = nl_socket_get_fd(c->sock), error = 0;
	question->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	question->nlmsg_seq = ++c->seq;
	if (send(fd, question, question->nlmsg_len, 0) < 0)
		return -errno;
	for (bool more = true; more;) {
		ssize_t len = recv(fd, c->bytes, DUMP_BYTES, 0);
		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return len < 0 ? -errno : -EIO;
		more = take_chunk(c, (size_t)len, take, &error);
	}
	return error < 0 ? error : 0;
}

static int read_links(struct confs *c)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg body;
		struct nlattr mask;
		uint32_t skip;
	} q = {
		.head = { .nlmsg_len = sizeof q, .nlmsg_type = RTM_GETLINK },
		.mask = { .nla_len = sizeof q.mask + sizeof q.skip, .nla_type = IFLA_EXT_MASK },
		.skip = RTEXT_FILTER_SKIP_STATS,
	};
	return dump(c, &q.head, take_link);
}

static int read_timers(struct confs *c)
{
	struct {
		struct nlmsghdr head;
		struct ndtmsg body;
	} q = {
		.head = { .nlmsg_len = sizeof q, .nlmsg_type = RTM_GETNEIGHTBL },
		.body = { .ndtm_family = AF_INET },
	};
	for (size_t i = 0; i < c->count; i++)
		for (size_t key = 0; key < c->keys; key++)
			if (c->rows[i].ifindex > 0 && sysctl_key(key)->family == SYSCTL_NEIGH)
				set_absent(&c->rows[i].found[key]);
	return dump(c, &q.head, take_timers);
}

/* ---- everything ---- */

/* Kept, or read by their names whenever they are looked at, since many would be kept. */
void conf_open(struct confs *c)
{
	for (size_t key = 0; key < c->keys; key++) {
		bool all = exists_for_all(key);
		c->all[key] = all ? CONF_CLOSED : CONF_NONE;
		c->other[key] = CONF_CLOSED;
		if (c->shared)
			continue;
		int fd = all ? sysctl_open(key, "all", O_RDONLY) : -1;
		c->all[key] = fd < 0 ? CONF_NONE : fd;
		fd = sysctl_open(key, "default", O_RDONLY);
		c->other[key] = fd < 0 ? CONF_NONE : fd;
	}
	if (open_netlink(c) < 0)
		close_netlink(c);
}

void conf_close(struct confs *c)
{
	for (size_t key = 0; key < c->keys; key++) {
		if (c->all[key] >= 0)
			close(c->all[key]);
		if (c->other[key] >= 0)
			close(c->other[key]);
	}
	close_netlink(c);
}

void conf_read_all(struct confs *c, bool files)
{
	if (files && !c->seeded)
		read_all_and_default(c);
	c->seeded = false;
	if (c->sock && read_links(c) == 0 && read_timers(c) == 0)
		return;
	for (size_t i = 0; i < c->count; i++)
		for (size_t key = 0; key < c->keys && c->rows[i].ifindex > 0; key++)
			conf_read_one(c, &c->rows[i], key);
}
