/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: a host put together, copied, and asked for its links and addresses. */
#include <config.h>

#include "host_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fib_rules.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/rows.h>

/* ---- making ---- */

void *rows_new(size_t count, size_t size)
{
	size_t capacity = 1;
	while (capacity < count)
		capacity *= 2;
	void *rows = count ? calloc(capacity, size) : NULL;
	if (count && !rows)
		abort();
	return rows;
}

void *rows_copy(const void *rows, size_t count, size_t size)
{
	void *copy = rows_new(count, size);
	if (count)
		memcpy(copy, rows, count * size);
	return copy;
}

struct host *host_new(void)
{
	struct host *h = rows_new(1, sizeof *h);
	h->fib = fib_new();
	return h;
}

void host_free(struct host *h)
{
	if (!h)
		return;
	fib_release(h->fib);
	free(h->links);
	free(h->addrs);
	free(h->rules);
	free(h->proxies);
	free(h->own);
	free(h);
}

struct host *host_copy(const struct host *h)
{
	struct host *copy = rows_new(1, sizeof *copy);
	*copy = *h;
	copy->links = rows_copy(h->links, h->link_count, sizeof *h->links);
	copy->addrs = rows_copy(h->addrs, h->addr_count, sizeof *h->addrs);
	copy->rules = rows_copy(h->rules, h->rule_count, sizeof *h->rules);
	copy->proxies = rows_copy(h->proxies, h->proxy_count, sizeof *h->proxies);
	copy->own = rows_copy(h->own, h->own_size, sizeof *h->own);
	copy->fib = fib_hold(h->fib);
	return copy;
}

struct host_link *host_add_link(struct host *h, int32_t ifindex, const char *name)
{
	size_t place = h->link_count;
	h->links = row_insert(h->links, &h->link_count, place, sizeof *h->links);
	struct host_link *l = &h->links[place];
	l->ifindex = ifindex;
	l->first = h->addr_count;
	text_copy(l->name, sizeof l->name, name);
	return l;
}

struct host_addr whole_addr(const struct host_addr *a)
{
	struct host_addr whole = *a;
	whole.mask = ip_mask(a->prefix);
	if (!whole.address)
		whole.address = whole.local;
	return whole;
}

struct host_addr *host_add_addr(struct host *h, size_t link, const struct host_addr *a)
{
	struct host_addr whole = whole_addr(a);
	size_t place = h->links[link].first + h->links[link].count;
	h->addrs = row_insert(h->addrs, &h->addr_count, place, sizeof *h->addrs);
	h->addrs[place] = whole;
	h->links[link].count++;
	for (size_t i = link + 1; i < h->link_count; i++)
		h->links[i].first++;
	return &h->addrs[place];
}

void host_add_route(struct host *h, const struct host_route *r)
{
	fib_add(fib_own(h), r);
}

/* What a reader is told where a rule cannot be followed. */
static void rule_why(struct host_rule *r)
{
	struct text t = text_in(r->why, sizeof r->why);
	text_printf(&t,
		r->action == FR_ACT_GOTO ? _("policy rule %u jumps to another rule")
					 : _("policy rule %u asks for a mark or its like"),
		(unsigned)r->priority);
	text_end(&t);
}

void host_add_rule(struct host *h, const struct host_rule *r)
{
	size_t place = h->rule_count;
	while (place > 0 && h->rules[place - 1].priority > r->priority)
		place--;
	h->rules = row_insert(h->rules, &h->rule_count, place, sizeof *h->rules);
	h->rules[place] = *r;
	rule_why(&h->rules[place]);
}

void host_add_proxy(struct host *h, uint32_t ip, int32_t ifindex)
{
	size_t place = h->proxy_count;
	h->proxies = row_insert(h->proxies, &h->proxy_count, place, sizeof *h->proxies);
	h->proxies[place] = (struct host_proxy) { .ip = ip, .ifindex = ifindex };
}

/* ---- asking ---- */

static size_t link_place(const struct host *h, int32_t ifindex)
{
	size_t low = 0, high = h->link_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (h->links[middle].ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct host_link *host_link(const struct host *h, int32_t ifindex)
{
	/* Interfaces are numbered as they come, but a name space may number them by hand. */
	size_t i = h->ascending ? link_place(h, ifindex) : 0;
	for (; i < h->link_count; i++) {
		if (h->links[i].ifindex == ifindex)
			return &h->links[i];
		if (h->ascending)
			break;
	}
	return NULL;
}

const struct host_link *host_link_named(const struct host *h, const char *name)
{
	for (size_t i = 0; i < h->link_count; i++)
		if (strcmp(h->links[i].name, name) == 0)
			return &h->links[i];
	return NULL;
}

/* Of the odd constants that spread bits well; the upper half of the product is the useful one. */
static size_t own_slot(uint32_t ip, size_t size)
{
	return (size_t)(ip * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (size - 1);
}

/* The link that the address at a place belongs to: the last that begins at it or before it. */
static const struct host_link *link_of(const struct host *h, size_t place)
{
	size_t low = 0, high = h->link_count;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (h->links[middle].first <= place)
			low = middle;
		else
			high = middle;
	}
	return &h->links[low];
}

const struct host_link *host_owner(const struct host *h, uint32_t ip)
{
	if (!h->own_size)
		return NULL;
	for (size_t i = own_slot(ip, h->own_size); h->own[i]; i = (i + 1) & (h->own_size - 1)) {
		size_t place = h->own[i] - 1;
		if (h->addrs[place].local == ip)
			return link_of(h, place);
	}
	return NULL;
}

bool host_has_proxy(const struct host *h, uint32_t ip, int32_t ifindex)
{
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct host_proxy *p = &h->proxies[i];
		if (p->ip == ip && (p->ifindex == 0 || p->ifindex == ifindex))
			return true;
	}
	return false;
}

/* ---- settling ---- */

/* Of equal addresses the first in the kernel's order stands in the index. */
static void index_addrs(struct host *h)
{
	size_t size = 8;
	while (size < h->addr_count * 2)
		size *= 2;
	if (size != h->own_size) {
		free(h->own);
		h->own = rows_new(size, sizeof *h->own);
		h->own_size = size;
	} else {
		memset(h->own, 0, size * sizeof *h->own);
	}
	for (size_t place = 0; place < h->addr_count; place++) {
		uint32_t ip = h->addrs[place].local;
		size_t i = own_slot(ip, size);
		while (h->own[i] && h->addrs[h->own[i] - 1].local != ip)
			i = (i + 1) & (size - 1);
		if (!h->own[i])
			h->own[i] = (uint32_t)place + 1;
	}
}

void host_settle(struct host *h)
{
	h->has_vrf = false;
	h->ascending = true;
	for (size_t i = 0; i < h->link_count; i++) {
		h->has_vrf |= h->links[i].above == ABOVE_VRF;
		h->ascending &= i == 0 || h->links[i - 1].ifindex < h->links[i].ifindex;
		conf_join_all(h, &h->links[i]);
	}
	index_addrs(h);
	fib_settle(h->fib);
}
