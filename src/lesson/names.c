/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: {names}, what they stand for, and texts with them filled in. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/text.h>

#include "lesson_parts.h"

void names_done(struct names *n)
{
	free(n->list);
	*n = (struct names) { 0 };
}

const char *names_value(const struct names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->list[i].name, name) == 0)
			return n->list[i].value;
	return NULL;
}

void names_add(struct names *n, const char *name, const char *value)
{
	n->list = grow_list(n->list, n->count, sizeof *n->list);
	struct name_value *v = &n->list[n->count++];
	text_copy(v->name, sizeof v->name, name);
	text_copy(v->value, sizeof v->value, value);
}

void names_add_ip(struct names *n, const char *name, uint32_t ip)
{
	char value[16];
	struct text t = text_in(value, sizeof value);
	text_ip(&t, ip);
	names_add(n, name, text_end(&t));
}

static void add_mac(struct names *n, const char *name, const uint8_t mac[6])
{
	char value[18];
	struct text t = text_in(value, sizeof value);
	text_mac(&t, mac);
	names_add(n, name, text_end(&t));
}

/* {node.IF}, {node.IF.mac}, {node.IF.2}…; iface: 0 for lo, else 1 + its index. */
static void add_iface(struct names *n, const struct topology *t, uint16_t node, uint16_t iface)
{
	const char *machine = t->nodes[node - 1].name;
	const char *ifname = iface ? t->ifaces[iface - 1].name : "lo";
	char name[NAME_SIZE];
	unsigned nth = 0;
	for (size_t i = 0; i < t->addr_count; i++) {
		if (t->addrs[i].node != node || t->addrs[i].iface != iface)
			continue;
		struct text x = text_in(name, sizeof name);
		text_printf(&x, "%s.%s", machine, ifname);
		if (++nth > 1)
			text_printf(&x, ".%u", nth);
		names_add_ip(n, text_end(&x), t->addrs[i].ip);
	}
	if (iface) {
		struct text x = text_in(name, sizeof name);
		text_printf(&x, "%s.%s.mac", machine, ifname);
		add_mac(n, text_end(&x), t->ifaces[iface - 1].mac);
	}
}

void names_add_node(struct names *n, const struct topology *t, uint16_t node)
{
	const char *machine = t->nodes[node - 1].name;
	const struct topology_iface *first = NULL;
	for (uint16_t i = 0; i < t->iface_count; i++) {
		if (t->ifaces[i].node != node)
			continue;
		if (!first)
			first = &t->ifaces[i];
		add_iface(n, t, node, (uint16_t)(i + 1));
	}
	add_iface(n, t, node, 0);

	/* The machine's own: of its first interface that has an address, else of lo. */
	const struct topology_addr *own = NULL;
	for (size_t i = 0; i < t->addr_count; i++) {
		const struct topology_addr *a = &t->addrs[i];
		bool better = !own || (a->iface && (!own->iface || a->iface < own->iface));
		if (a->node == node && better)
			own = a;
	}
	char name[NAME_SIZE];
	if (own)
		names_add_ip(n, machine, own->ip);
	if (first) {
		struct text x = text_in(name, sizeof name);
		text_printf(&x, "%s.mac", machine);
		add_mac(n, text_end(&x), first->mac);
	}
}

static bool is_name_byte(char c)
{
	return text_is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

enum brace names_brace(const char *s, char ret_name[NAME_SIZE], size_t *ret_len)
{
	*ret_len = 1;
	if (s[1] == '{') {
		*ret_len = 2;
		return BRACE_DOUBLE;
	}
	if (!text_is_letter(s[1]))
		return BRACE_PLAIN;
	size_t len = 1;
	while (is_name_byte(s[len]))
		len++;
	struct text t = text_in(ret_name, NAME_SIZE);
	text_putn(&t, s + 1, len - 1);
	text_end(&t);
	*ret_len = len + (s[len] == '}');
	return s[len] == '}' ? BRACE_NAME : BRACE_OPEN;
}

char *names_fill(const struct names *n, const char *text, char ret_name[NAME_SIZE])
{
	struct buf b = { 0 };
	char name[NAME_SIZE];
	while (*text) {
		size_t len = strcspn(text, "{");
		buf_put(&b, text, len);
		text += len;
		if (!*text)
			break;
		enum brace brace = names_brace(text, name, &len);
		if (brace == BRACE_NAME || brace == BRACE_OPEN) {
			const char *value = brace == BRACE_NAME ? names_value(n, name) : NULL;
			if (!value) {
				memcpy(ret_name, name, sizeof name);
				free(b.bytes);
				return NULL;
			}
			buf_put(&b, value, strlen(value));
		} else {
			buf_char(&b, '{');
		}
		text += len;
	}
	return buf_take(&b);
}

static const char *name_at(const void *arg, size_t i)
{
	const struct names *n = arg;
	return i < n->count ? n->list[i].name : NULL;
}

const char *names_near(const struct names *n, const char *name)
{
	return text_nearest(name, name_at, n);
}

const char *names_said_near(const struct names *n, const char *name, char said[SAID_SIZE])
{
	char braced[NAME_SIZE + 2];
	const char *near = names_near(n, name);
	struct text t = text_in(braced, sizeof braced);
	text_printf(&t, "{%s}", near ? near : "");
	text_end(&t);
	return text_did_you_mean(said, SAID_SIZE, near ? braced : NULL);
}
