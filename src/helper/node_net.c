/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: addresses, links, routes, policy rules and switch ports of a machine of the lab. */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/i18n.h>

#define PLACE_SIZE 64

/* "eth0 of rs1", or the sentence that there is no such interface. */
static int place(const struct lab_node *n, int32_t ifindex, char ret[PLACE_SIZE], struct err *err)
{
	const struct link *link = node_link(n, ifindex);
	if (!link)
		return err_set(err, -ENODEV, _("%s has no interface with the index %d"), n->name,
			(int)ifindex);
	struct text t = text_in(ret, PLACE_SIZE);
	text_printf(&t, _("%s of %s"), link->name, n->name);
	text_end(&t);
	return 0;
}

/* What was refused, and the kernel's own reason. */
__attribute__((format(printf, 3, 4))) static int refused(
	const struct batch *b, struct err *err, const char *format, ...)
{
	char what[160];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	if (b->words[0])
		return err_set(err, b->error, "%s: %s (%s)", what, err_reason(-b->error), b->words);
	return err_set(err, b->error, "%s: %s", what, err_reason(-b->error));
}

/* ---- ADDR ---- */

/* exact: an address of that prefix length alone; else whatever its length is. */
static int ask_addr(struct batch *b, const struct lab_node *n, const struct action *a, bool exact)
{
	const struct ifaddrmsg head = { .ifa_family = AF_INET,
		.ifa_prefixlen = a->prefix,
		.ifa_scope = a->scope,
		.ifa_index = (uint32_t)a->ifindex };
	batch_begin(b, n->requests);
	struct nl_msg *m = batch_add(b, 0, a->value ? RTM_NEWADDR : RTM_DELADDR,
		a->value ? NLM_F_CREATE | NLM_F_EXCL : 0, &head, sizeof head);
	if (m)
		nla_put_u32(m, IFA_LOCAL, a->ip);
	if (m && exact)
		nla_put_u32(m, IFA_ADDRESS, a->ip);
	return batch_end(b);
}

int node_addr(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char where[PLACE_SIZE], ip[32];
	struct batch b;
	int r = place(n, a->ifindex, where, err);
	if (r < 0)
		return r;
	struct text t = text_in(ip, sizeof ip);
	text_ip(&t, a->ip);
	if (a->value)
		text_printf(&t, "/%d", a->prefix);
	text_end(&t);
	r = ask_addr(&b, n, a, true);
	if (r == -EADDRNOTAVAIL && !a->value && a->prefix == 32)
		r = ask_addr(&b, n, a, false);
	if (r == -EEXIST)
		return err_set(err, r, _("%s is on %s already"), ip, where);
	if (r == -EADDRNOTAVAIL)
		return err_set(err, r, _("%s is not on %s"), ip, where);
	if (r < 0)
		return refused(&b, err,
			a->value ? _("cannot add %s to %s") : _("cannot remove %s from %s"), ip,
			where);
	text_printf(said, a->value ? _("%s is on %s") : _("%s is no longer on %s"), ip, where);
	return 0;
}

/* ---- LINK, ARP ---- */

static int ask_flags(
	struct batch *b, const struct lab_node *n, int32_t ifindex, unsigned flag, bool on)
{
	const struct ifinfomsg head = {
		.ifi_index = ifindex, .ifi_flags = on ? flag : 0, .ifi_change = flag
	};
	batch_begin(b, n->requests);
	batch_add(b, 0, RTM_NEWLINK, 0, &head, sizeof head);
	return batch_end(b);
}

int node_up(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char where[PLACE_SIZE];
	struct batch b;
	int r = place(n, a->ifindex, where, err);
	if (r < 0)
		return r;
	if (ask_flags(&b, n, a->ifindex, IFF_UP, a->value) < 0)
		return refused(&b, err,
			a->value ? _("cannot take %s up") : _("cannot take %s down"), where);
	const struct lab_wire *w = wire_of(n->lab, n->number, a->ifindex);
	if (w)
		wires_sync(n->lab, w);
	text_printf(said, a->value ? _("%s is up") : _("%s is down"), where);
	return 0;
}

int node_arp(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char where[PLACE_SIZE];
	struct batch b;
	int r = place(n, a->ifindex, where, err);
	if (r < 0)
		return r;
	if (ask_flags(&b, n, a->ifindex, IFF_NOARP, !a->value) < 0)
		return refused(&b, err,
			a->value ? _("cannot switch ARP on on %s")
				 : _("cannot switch ARP off on %s"),
			where);
	text_printf(said, a->value ? _("ARP is on on %s") : _("ARP is off on %s"), where);
	return 0;
}

/* ---- MAC ---- */

int node_mac(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char where[PLACE_SIZE], mac[20];
	struct batch b;
	int r = place(n, a->ifindex, where, err);
	if (r < 0)
		return r;
	struct text t = text_in(mac, sizeof mac);
	text_mac(&t, a->mac);
	text_end(&t);
	const struct ifinfomsg head = { .ifi_index = a->ifindex };
	batch_begin(&b, n->requests);
	struct nl_msg *m = batch_add(&b, 0, RTM_NEWLINK, 0, &head, sizeof head);
	if (m)
		nla_put(m, IFLA_ADDRESS, sizeof a->mac, a->mac);
	r = batch_end(&b);
	if (r == -EADDRNOTAVAIL)
		return err_set(err, r, _("%s cannot have the MAC %s: no machine may have that one"),
			where, mac);
	if (r < 0)
		return refused(&b, err, _("%s cannot have the MAC %s"), where, mac);
	text_printf(said, _("%s has the MAC %s"), where, mac);
	return 0;
}

/* ---- ROUTE ---- */

static void put_route(struct text *t, const struct action *a, const char *dev)
{
	if (a->prefix == 0) {
		text_put(t, "default");
	} else {
		text_ip(t, a->ip);
		text_printf(t, "/%d", a->prefix);
	}
	if (a->ip2) {
		text_put(t, " via ");
		text_ip(t, a->ip2);
	}
	if (dev)
		text_printf(t, " dev %s", dev);
	if (a->count)
		text_printf(t, " table %u", (unsigned)a->count);
}

static int ask_route(struct batch *b, const struct lab_node *n, const struct action *a)
{
	struct rtmsg head = { .rtm_family = AF_INET,
		.rtm_dst_len = a->prefix,
		.rtm_table = (uint8_t)(a->count ? a->count : RT_TABLE_MAIN),
		.rtm_scope = RT_SCOPE_NOWHERE };
	if (a->value) {
		head.rtm_protocol = RTPROT_BOOT;
		head.rtm_type = RTN_UNICAST;
		head.rtm_scope = a->ip2 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	}
	batch_begin(b, n->requests);
	struct nl_msg *m = batch_add(b, 0, a->value ? RTM_NEWROUTE : RTM_DELROUTE,
		a->value ? NLM_F_CREATE | NLM_F_EXCL : 0, &head, sizeof head);
	if (m && a->prefix > 0)
		nla_put_u32(m, RTA_DST, a->ip);
	if (m && a->ip2)
		nla_put_u32(m, RTA_GATEWAY, a->ip2);
	if (m && a->ifindex > 0)
		nla_put_u32(m, RTA_OIF, (uint32_t)a->ifindex);
	return batch_end(b);
}

int node_route(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char where[PLACE_SIZE], route[80];
	struct batch b;
	int r = a->ifindex > 0 ? place(n, a->ifindex, where, err) : 0;
	if (r < 0)
		return r;
	struct text t = text_in(route, sizeof route);
	put_route(&t, a, a->ifindex > 0 ? node_link(n, a->ifindex)->name : NULL);
	text_end(&t);
	r = ask_route(&b, n, a);
	if (r == -EEXIST)
		return err_set(err, r, _("%s has such a route already: %s"), n->name, route);
	if (r == -ESRCH)
		return err_set(err, r, _("%s has no route %s"), n->name, route);
	if (r == -ENETUNREACH && a->ip2)
		return err_set(err, r,
			_("%s cannot have the route %s: the gateway is in none of its "
			  "networks"),
			n->name, route);
	if (r < 0)
		return refused(&b, err,
			a->value ? _("%s cannot have the route %s")
				 : _("%s cannot lose the route %s"),
			n->name, route);
	text_printf(said, a->value ? _("%s: the route %s is there") : _("%s: the route %s is gone"),
		n->name, route);
	return 0;
}

/* ---- RULE ---- */

/* A place of its own for each table, so that the same rule is not there twice. */
#define RULE_PRIORITY 1000

static int ask_rule(struct batch *b, const struct lab_node *n, const struct action *a)
{
	const struct fib_rule_hdr head = { .family = AF_INET,
		.src_len = a->prefix,
		.table = (uint8_t)a->count,
		.action = FR_ACT_TO_TBL };
	batch_begin(b, n->requests);
	struct nl_msg *m = batch_add(b, 0, a->value ? RTM_NEWRULE : RTM_DELRULE,
		a->value ? NLM_F_CREATE | NLM_F_EXCL : 0, &head, sizeof head);
	if (m)
		nla_put_u32(m, FRA_PRIORITY, RULE_PRIORITY + a->count);
	if (m && a->prefix > 0)
		nla_put_u32(m, FRA_SRC, a->ip);
	return batch_end(b);
}

int node_rule(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char rule[64];
	struct batch b;
	struct text t = text_in(rule, sizeof rule);
	text_put(&t, "from ");
	text_ip(&t, a->ip);
	text_printf(&t, "/%d table %u", a->prefix, (unsigned)a->count);
	text_end(&t);
	int r = ask_rule(&b, n, a);
	if (r == -EEXIST)
		return err_set(err, r, _("%s has such a rule already: %s"), n->name, rule);
	if (r == -ENOENT)
		return err_set(err, r, _("%s has no rule %s"), n->name, rule);
	if (r == -EOPNOTSUPP || r == -EAFNOSUPPORT)
		return err_set(err, r,
			_("this kernel was built without policy rules: %s cannot have one"),
			n->name);
	if (r < 0)
		return refused(&b, err,
			a->value ? _("%s cannot have the rule %s")
				 : _("%s cannot lose the rule %s"),
			n->name, rule);
	text_printf(said, a->value ? _("%s: the rule %s is there") : _("%s: the rule %s is gone"),
		n->name, rule);
	return 0;
}

static void ignore_message(void *arg, const struct nlmsghdr *m)
{
	(void)arg;
	(void)m;
}

int rules_try(const struct lab_node *n)
{
	const struct fib_rule_hdr head = { .family = AF_INET };
	return dump_table(n->requests, RTM_GETRULE, &head, sizeof head, ignore_message, NULL);
}

/* ---- PORT ---- */

int node_port(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char where[PLACE_SIZE];
	struct batch b;
	int r = place(n, a->ifindex, where, err);
	if (r < 0)
		return r;
	const struct lab_wire *w = wire_of(n->lab, n->number, a->ifindex);
	if (!w)
		return err_set(err, -ENODEV, _("%s is not plugged into a switch"), where);
	const struct ifinfomsg head = { .ifi_index = w->port };
	const uint32_t masters[] = { 0, (uint32_t)w->bridge };
	batch_begin(&b, n->lab->net.switch_requests);
	for (size_t i = 0; i < 2; i++) {
		struct nl_msg *m = batch_add(&b, 0, RTM_NEWLINK, 0, &head, sizeof head);
		if (m)
			nla_put_u32(m, IFLA_MASTER, masters[i]);
	}
	if (batch_end(&b) < 0)
		return refused(&b, err, _("cannot plug %s in anew"), where);
	text_printf(said, _("the switch serves %s first now"), where);
	return 0;
}
