/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the lines of a host's description that tell of addresses, routes and policy rules. */
#include <config.h>

#include "host_line.h"

#include <string.h>

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

/* ---- addr, addaddr ---- */

/* Carry out a command and compare what the kernel is expected to say. */
static int expect_errno(const struct line *l, int result)
{
	int64_t expected = 0;
	int error = line_number(l, "errno", 0, 4095, &expected);
	if (error || -result == expected)
		return error;
	if (!line_value(l, "errno"))
		return err_set(l->err, -EBADMSG, _("the kernel would refuse this: %s"),
			err_reason(-result));
	return err_set(l->err, -EBADMSG, _("the kernel would answer with errno %d, not %d"),
		-result, (int)expected);
}

static int read_addr_fields(const struct line *l, struct host_addr *ret)
{
	uint32_t scope = 0;
	ret->prefix = 32;
	int error = word_prefix(l, _("the address"), l->words[1], &ret->local, &ret->prefix);
	/* As ip(8) has it: an address of the machine itself is nobody else's business. */
	if ((ntohl(ret->local) & 0xff000000) == 0x7f000000)
		scope = RT_SCOPE_HOST;
	if (!error)
		error = line_u8(l, "plen", 32, &ret->prefix);
	if (!error)
		error = line_ip(l, "address", &ret->address);
	if (!error)
		error = line_ip(l, "peer", &ret->address);
	if (!error)
		error = line_choice(l, "scope", route_scopes, UINT8_MAX, &scope);
	if (!error)
		error = line_flag(l, "secondary", &ret->secondary);
	ret->scope = (uint8_t)scope;
	return error;
}

static int read_any_addr(struct line *l, bool command)
{
	size_t link = 0;
	struct host_addr a = { 0 };
	int error = word_link(l, l->words[0], &link);
	if (!error)
		error = read_addr_fields(l, &a);
	if (error)
		return error;
	if (l->mode == (command ? LINES_COMMANDS : LINES_SKETCH))
		return expect_errno(l, host_derive_addr(l->h, link, &a));
	if (!command && l->mode == LINES_FACTS)
		host_add_addr(l->h, link, &a);
	return 0;
}

int read_addr(struct line *l)
{
	return read_any_addr(l, false);
}

int read_addaddr(struct line *l)
{
	return read_any_addr(l, true);
}

/* ---- route, addroute ---- */

/* The table and the scope that ip(8) gives a route that names none. */
static void route_defaults(const struct host_route *r, uint32_t *ret_table, uint32_t *ret_scope)
{
	*ret_table = RT_TABLE_MAIN;
	*ret_scope = RT_SCOPE_UNIVERSE;
	switch (r->type) {
	case RTN_LOCAL:
		*ret_table = RT_TABLE_LOCAL;
		*ret_scope = RT_SCOPE_HOST;
		break;
	case RTN_BROADCAST:
	case RTN_ANYCAST:
		*ret_table = RT_TABLE_LOCAL;
		*ret_scope = RT_SCOPE_LINK;
		break;
	case RTN_MULTICAST:
		*ret_scope = RT_SCOPE_LINK;
		break;
	case RTN_UNICAST:
		*ret_scope = r->gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
		break;
	}
}

/* The destination is a word, as in ip(8), or a field, as in a snapshot. */
static int read_destination(const struct line *l, struct host_route *ret)
{
	const char *field = line_value(l, "dst");
	const char *dst = l->word_count ? l->words[0] : field;
	if (!dst || (l->word_count && field))
		return err_set(
			l->err, -EBADMSG, _("one destination is expected: %s"), l->kind->form);
	ret->prefix = 32;
	if (strcmp(dst, "default") == 0)
		ret->prefix = 0;
	else if (word_prefix(l, "dst", dst, &ret->dst, &ret->prefix) < 0)
		return -EBADMSG;
	if (ret->dst & ~ip_mask(ret->prefix))
		return word_wrong(
			l, "dst", dst, _("a network: there are bits behind its prefix"), NULL);
	return 0;
}

static int read_route_flags(const struct line *l, struct host_route *ret)
{
	int error = line_flag(l, "onlink", &ret->onlink);
	if (!error)
		error = line_flag(l, "dead", &ret->dead);
	if (!error)
		error = line_flag(l, "linkdown", &ret->linkdown);
	if (!error)
		error = line_flag(l, "manual", &ret->manual);
	if (!error)
		error = line_u8(l, "tos", UINT8_MAX, &ret->tos);
	if (!error)
		error = line_u8(l, "hops", UINT8_MAX, &ret->hops);
	return error;
}

static int read_route_fields(const struct line *l, struct host_route *ret)
{
	uint32_t type = RTN_UNICAST, scope;
	int error = read_destination(l, ret);
	if (!error)
		error = line_choice(l, "type", route_types, UINT8_MAX, &type);
	if (!error)
		error = line_ip(l, "gw", &ret->gateway);
	if (error)
		return error;
	ret->type = (uint8_t)type;
	ret->hops = 1;
	route_defaults(ret, &ret->table, &scope);
	error = line_choice(l, "table", route_tables, UINT32_MAX, &ret->table);
	if (!error)
		error = line_choice(l, "scope", route_scopes, UINT8_MAX, &scope);
	ret->scope = (uint8_t)scope;
	if (!error)
		error = line_device(l, "dev", &ret->ifindex);
	if (!error)
		error = line_ip(l, "src", &ret->source);
	if (!error)
		error = line_u32(l, "metric", &ret->metric);
	return error ? error : read_route_flags(l, ret);
}

int read_route(struct line *l)
{
	struct host_route r = { 0 };
	int error = read_route_fields(l, &r);
	if (!error && l->mode == LINES_FACTS)
		host_add_route(l->h, &r);
	return error;
}

int read_addroute(struct line *l)
{
	struct host_route r = { 0 };
	int error = read_route_fields(l, &r);
	if (error || l->mode == LINES_FACTS)
		return error;
	host_settle(l->h);
	return expect_errno(l, host_derive_route(l->h, &r));
}

/* ---- rule ---- */

static int read_selector(const struct line *l, const char *name, uint32_t *ret, uint32_t *ret_mask)
{
	const char *value = line_value(l, name);
	uint8_t prefix = 32;
	int error = value ? word_prefix(l, name, value, ret, &prefix) : 0;
	if (value && !error) {
		*ret_mask = ip_mask(prefix);
		*ret &= *ret_mask;
	}
	return error;
}

/* An interface need not be there: then the rule waits for it. */
static int read_rule_device(const struct line *l, const char *name, char ret[IFNAME_SIZE])
{
	const char *value = line_value(l, name);
	if (value && strlen(value) >= IFNAME_SIZE)
		return word_wrong(l, name, value, _("a name of at most 15 letters"), NULL);
	text_copy(ret, IFNAME_SIZE, value ? value : "");
	return 0;
}

int read_rule(struct line *l)
{
	int64_t priority = 0;
	struct host_rule r = { 0 };
	uint32_t action = FR_ACT_TO_TBL;
	int error = word_number(l, _("the priority"), l->words[0], 0, UINT32_MAX, &priority);
	r.priority = (uint32_t)priority;
	if (!error)
		error = line_choice(l, "action", rule_actions, UINT8_MAX, &action);
	r.action = (uint8_t)action;
	if (!error)
		error = line_choice(l, "table", route_tables, UINT32_MAX, &r.table);
	if (!error)
		error = read_selector(l, "from", &r.source, &r.source_mask);
	if (!error)
		error = read_selector(l, "to", &r.target, &r.target_mask);
	if (!error)
		error = read_rule_device(l, "iif", r.iif);
	if (!error)
		error = read_rule_device(l, "oif", r.oif);
	if (!error)
		error = line_flag(l, "not", &r.invert);
	if (!error)
		error = line_flag(l, "other", &r.other);
	if (!error)
		error = line_u8(l, "suppress", 33, &r.suppress);
	if (error)
		return error;
	l->h->split_tables = true;
	host_add_rule(l->h, &r);
	return 0;
}
