/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: sysctls and neighbour timers of a machine of the lab. */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

/* ---- writing ---- */

static void add_conf(struct batch *b, int32_t ifindex, const struct sysctl_key *key, int32_t value)
{
	const struct ifinfomsg head = { .ifi_index = ifindex };
	struct nl_msg *m = batch_add(b, 0, RTM_NEWLINK, 0, &head, sizeof head);
	if (!m)
		return;
	struct nlattr *families = nla_nest_start(m, IFLA_AF_SPEC);
	struct nlattr *ipv4 = nla_nest_start(m, AF_INET);
	struct nlattr *conf = nla_nest_start(m, IFLA_INET_CONF);
	nla_put_u32(m, key->source, (uint32_t)value);
	nla_nest_end(m, conf);
	nla_nest_end(m, ipv4);
	nla_nest_end(m, families);
}

/* Files count in seconds, hundredths or milliseconds; netlink in milliseconds. */
static uint64_t timer_ms(const struct sysctl_key *key, int32_t value)
{
	uint64_t times = strcmp(key->unit, "s") == 0 ? 1000 : strcmp(key->unit, "cs") == 0 ? 10 : 1;
	return (uint64_t)value * times;
}

static void add_timer(struct batch *b, int32_t ifindex, const struct sysctl_key *key, int32_t value)
{
	const struct ndtmsg head = { .ndtm_family = AF_INET };
	struct nl_msg *m = batch_add(b, 0, RTM_SETNEIGHTBL, 0, &head, sizeof head);
	if (!m)
		return;
	nla_put_string(m, NDTA_NAME, "arp_cache");
	struct nlattr *parms = nla_nest_start(m, NDTA_PARMS);
	nla_put_u32(m, NDTPA_IFINDEX, (uint32_t)ifindex);
	if (strcmp(key->unit, "probes") == 0)
		nla_put_u32(m, key->source, (uint32_t)value);
	else
		nla_put_u64(m, key->source, timer_ms(key, value));
	nla_nest_end(m, parms);
}

static int write_by_netlink(
	const struct lab_node *n, int32_t ifindex, const struct sysctl_key *key, int32_t value)
{
	struct batch b;
	batch_begin(&b, n->requests);
	if (key->family == SYSCTL_NEIGH)
		add_timer(&b, ifindex, key, value);
	else
		add_conf(&b, ifindex, key, value);
	return batch_end(&b);
}

/*
 * In a user namespace an old kernel has no files for timers, and in a container /proc/sys may be
 * read-only: an interface's own values can be set all the same.
 */
int conf_write(
	const struct lab_node *n, int32_t ifindex, const char *name, size_t key, int32_t value)
{
	int fd = sysctl_open(key, name, O_WRONLY);
	int r = fd;
	if (fd >= 0) {
		r = sysctl_write(fd, value);
		close(fd);
	}
	if ((r == -ENOENT || r == -EROFS) && ifindex > 0)
		return write_by_netlink(n, ifindex, sysctl_key(key), value);
	return r;
}

/* ---- SET ---- */

static const char *name_of(const struct lab_node *n, int32_t ifindex)
{
	const struct link *link = ifindex > 0 ? node_link(n, ifindex) : NULL;
	if (ifindex == CONF_ALL)
		return "all";
	if (ifindex == CONF_DEFAULT)
		return "default";
	return link ? link->name : NULL;
}

static int refused(const struct lab_node *n, const char *name, size_t key, int32_t value, int code,
	struct err *err)
{
	const char *what = sysctl_key(key)->name;
	switch (code) {
	case -ENOENT:
		return err_set(err, code, _("%s has no %s.%s: this kernel does not have it there"),
			n->name, name, what);
	case -EROFS:
		return err_set(err, code,
			_("%s.%s of %s cannot be changed: /proc/sys is read-only here, as it is in "
			  "many containers"),
			name, what, n->name);
	case -EINVAL:
	case -ERANGE:
		return err_set(err, code, _("the kernel does not take %d for %s.%s"), (int)value,
			name, what);
	}
	return err_set(err, code, _("%s.%s of %s cannot be changed: %s"), name, what, n->name,
		err_reason(-code));
}

static int set_inside(struct lab_node *n, const struct action *a, const char *name,
	struct text *said, struct err *err)
{
	const char *what = sysctl_key(a->key)->name;
	int32_t before, after = a->value;
	confs_poll(n->confs);
	if (!confs_value(n->confs, a->ifindex, a->key, &before))
		return refused(n, name, a->key, a->value, -ENOENT, err);
	if (!a->any && before != a->before)
		return err_set(err, -ESTALE,
			_("%s.%s of %s is %d now, not %d: somebody else changed it; look again"),
			name, what, n->name, (int)before, (int)a->before);
	if (before == a->value) {
		text_printf(said, _("%s: %s.%s is %d already"), n->name, name, what, (int)before);
		return 0;
	}
	int r = conf_write(n, a->ifindex, name, a->key, a->value);
	if (r < 0)
		return refused(n, name, a->key, a->value, r, err);
	confs_poll(n->confs);
	confs_value(n->confs, a->ifindex, a->key, &after);
	text_printf(said, _("%s: %s.%s is now %d, was %d"), n->name, name, what, (int)after,
		(int)before);
	return 0;
}

int node_set(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char name[IFNAME_SIZE];
	const char *known = name_of(n, a->ifindex);
	int r = change_check(a, err);
	if (r < 0)
		return r;
	if (!known)
		return err_set(err, -ENODEV, _("%s has no interface with the index %d"), n->name,
			(int)a->ifindex);
	text_copy(name, sizeof name, known);
	r = lab_enter(n->lab, n->number);
	if (r < 0)
		return err_set(err, r, _("cannot go into %s: %s"), n->name, err_reason(-r));
	r = set_inside(n, a, name, said, err);
	lab_leave(n->lab);
	return r;
}

/* ---- TIMERS ---- */

int node_timers(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	struct batch b;
	batch_begin(&b, n->requests);
	for (size_t i = 0; i < n->lab->net.wire_count; i++)
		if (n->lab->net.wires[i].node == n->number)
			timers_add(
				&b, n->lab->net.wires[i].ifindex, (enum topology_timers)a->value);
	int r = batch_end(&b);
	if (r < 0)
		return err_set(err, r, _("the timers of %s cannot be changed: %s"), n->name,
			err_reason(-r));
	/* Nothing is noticed of what netlink writes. */
	if (lab_enter(n->lab, n->number) == 0) {
		confs_poll(n->confs);
		lab_leave(n->lab);
	}
	text_printf(said,
		a->value == TIMERS_FAST ? _("%s: its neighbour timers are fast now")
					: _("%s: its neighbour timers are the kernel's own now"),
		n->name);
	return 0;
}
