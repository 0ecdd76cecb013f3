/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: a host written as the lines that it is read from. */
#include <config.h>

#include "host_line.h"
#include "host_parts.h"

#include <string.h>

#include <linux/rtnetlink.h>

struct writer {
	const struct host *h;
	void (*line)(void *arg, const char *text);
	void *arg;
	struct text t;
	char bytes[LINE_SIZE];
};

static void begin(struct writer *w, const char *kind)
{
	w->t = text_in(w->bytes, sizeof w->bytes);
	text_put(&w->t, kind);
}

static void end(struct writer *w)
{
	w->line(w->arg, text_end(&w->t));
}

/* A name as one word behind something: what is no part of a word becomes '?'. */
static void put_name(struct writer *w, const char *before, const char *name)
{
	text_put(&w->t, before);
	size_t from = w->t.len;
	text_name(&w->t, *name ? name : "-", strlen(name) + 1);
	for (size_t i = from; i < w->t.len; i++)
		if (w->t.bytes[i] == ' ' || w->t.bytes[i] == '=')
			w->t.bytes[i] = '?';
}

static void put_u64(struct writer *w, const char *name, uint64_t value)
{
	text_char(&w->t, ' ');
	text_put(&w->t, name);
	text_char(&w->t, '=');
	text_u64(&w->t, value);
}

/* Only where it differs from what a reader takes for granted. */
static void put_unusual(struct writer *w, const char *name, uint64_t value, uint64_t usual)
{
	if (value != usual)
		put_u64(w, name, value);
}

static void put_ip(struct writer *w, const char *name, uint32_t ip)
{
	text_char(&w->t, ' ');
	text_put(&w->t, name);
	text_char(&w->t, '=');
	if (ip)
		text_ip(&w->t, ip);
	else
		text_char(&w->t, '-');
}

static void put_choice(
	struct writer *w, const char *name, const struct choice *table, uint32_t value)
{
	const char *word = choice_name(table, value);
	if (!word) {
		put_u64(w, name, value);
		return;
	}
	text_char(&w->t, ' ');
	text_put(&w->t, name);
	text_char(&w->t, '=');
	text_put(&w->t, word);
}

/* An interface's name; one that is not there is none. */
static const char *device(const struct writer *w, int32_t ifindex)
{
	const struct host_link *l = host_link(w->h, ifindex);
	return l ? l->name : "";
}

static void write_config(struct writer *w)
{
	const struct host *h = w->h;
	begin(w, "config");
	put_name(w, " ", h->name);
	put_u64(w, "custom_local", h->custom_local);
	put_u64(w, "split_tables", h->split_tables);
	put_unusual(w, "rules_replaced", h->rules_replaced, 0);
	put_unusual(w, "default_made", h->default_made, 0);
	if (h->kernel)
		text_printf(&w->t, " kernel=%u.%u.%u", h->kernel >> 16, h->kernel >> 8 & 255,
			h->kernel & 255);
	/* Without a line `route` the addresses would be taken for commands. */
	if (h->routes_unknown || !host_route(h, 0))
		put_choice(w, "routes", route_states,
			h->routes_unknown ? ROUTES_UNKNOWN : ROUTES_LISTED);
	end(w);
}

static void write_link(struct writer *w, const struct host_link *l)
{
	begin(w, "link ");
	text_i64(&w->t, l->ifindex);
	put_name(w, " ", l->name);
	text_char(&w->t, ' ');
	text_mac(&w->t, l->mac);
	put_u64(w, "up", l->up);
	put_u64(w, "lo", l->loopback);
	put_unusual(w, "noarp", l->noarp, 0);
	put_unusual(w, "ethernet", l->ethernet, !l->loopback);
	if (l->master)
		put_u64(w, "master", (uint64_t)l->master);
	if (l->above != (l->master ? ABOVE_BRIDGE : ABOVE_NOTHING))
		put_choice(w, "above", link_aboves, l->above);
	end(w);
}

static void write_addrs(struct writer *w, const struct host_link *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct host_addr *a = &w->h->addrs[i];
		begin(w, "addr");
		put_name(w, " ", l->name);
		text_char(&w->t, ' ');
		text_ip(&w->t, a->local);
		put_ip(w, "address", a->address);
		put_u64(w, "plen", a->prefix);
		put_u64(w, "scope", a->scope);
		put_u64(w, "secondary", a->secondary);
		end(w);
	}
}

static void write_route(struct writer *w, const struct host_route *r)
{
	begin(w, "route");
	put_u64(w, "table", r->table);
	put_choice(w, "type", route_types, r->type);
	put_u64(w, "scope", r->scope);
	text_put(&w->t, " dst=");
	text_ip(&w->t, r->dst);
	text_char(&w->t, '/');
	text_u64(&w->t, r->prefix);
	put_name(w, " dev=", device(w, r->ifindex));
	put_ip(w, "gw", r->gateway);
	put_ip(w, "src", r->source);
	put_u64(w, "metric", r->metric);
	put_u64(w, "onlink", r->onlink);
	put_unusual(w, "tos", r->tos, 0);
	put_unusual(w, "hops", r->hops > 1 ? r->hops : 1, 1);
	put_unusual(w, "dead", r->dead, 0);
	put_unusual(w, "linkdown", r->linkdown, 0);
	put_unusual(w, "manual", r->manual, 0);
	end(w);
}

static void put_selector(struct writer *w, const char *before, uint32_t ip, uint32_t mask)
{
	if (!mask)
		return;
	text_put(&w->t, before);
	text_ip(&w->t, ip);
	text_char(&w->t, '/');
	text_u64(&w->t, (uint64_t)__builtin_popcount(mask));
}

static void write_rule(struct writer *w, const struct host_rule *r)
{
	begin(w, "rule ");
	text_u64(&w->t, r->priority);
	put_choice(w, "action", rule_actions, r->action);
	put_u64(w, "table", r->table);
	put_selector(w, " from=", r->source, r->source_mask);
	put_selector(w, " to=", r->target, r->target_mask);
	if (r->iif[0])
		put_name(w, " iif=", r->iif);
	if (r->oif[0])
		put_name(w, " oif=", r->oif);
	put_unusual(w, "not", r->invert, 0);
	put_unusual(w, "suppress", r->suppress, 0);
	put_unusual(w, "other", r->other, 0);
	end(w);
}

static void put_value(struct writer *w, const struct host_conf *c, enum host_key key)
{
	text_char(&w->t, ' ');
	if (c->known & 1u << key)
		text_i64(&w->t, c->values[key]);
	else
		text_char(&w->t, '-');
	end(w);
}

/* Zeros are left out; what is not known is said. */
static void write_conf(struct writer *w, const char *name, const struct host_conf *c)
{
	for (int key = 0; key < HOST_KEYS; key++) {
		if (key == HOST_LOCKTIME || (c->known & 1u << key && !c->values[key]))
			continue;
		begin(w, "sysctl");
		put_name(w, " ", name);
		text_char(&w->t, ' ');
		text_put(&w->t, host_key_name((enum host_key)key));
		put_value(w, c, (enum host_key)key);
	}
}

static void write_locktime(struct writer *w, const struct host_link *l)
{
	begin(w, "locktime");
	put_name(w, " ", l->name);
	put_value(w, &l->own, HOST_LOCKTIME);
}

static void write_proxy(struct writer *w, const struct host_proxy *p)
{
	begin(w, "pneigh");
	put_name(w, " ", device(w, p->ifindex));
	text_char(&w->t, ' ');
	text_ip(&w->t, p->ip);
	end(w);
}

void host_write(const struct host *h, void (*line)(void *arg, const char *text), void *arg)
{
	struct writer w = { .h = h, .line = line, .arg = arg };
	const struct host_route *r;
	write_config(&w);
	for (size_t i = 0; i < h->link_count; i++)
		write_link(&w, &h->links[i]);
	for (size_t i = 0; i < h->link_count; i++)
		write_addrs(&w, &h->links[i]);
	for (size_t i = 0; (r = host_route(h, i)); i++)
		write_route(&w, r);
	for (size_t i = 0; i < h->rule_count; i++)
		write_rule(&w, &h->rules[i]);
	write_conf(&w, "all", &h->all);
	for (size_t i = 0; i < h->link_count; i++)
		write_conf(&w, h->links[i].name, &h->links[i].own);
	for (size_t i = 0; i < h->link_count; i++)
		write_locktime(&w, &h->links[i]);
	for (size_t i = 0; i < h->proxy_count; i++)
		write_proxy(&w, &h->proxies[i]);
}
