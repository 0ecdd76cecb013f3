/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: words that name what is in a topology: machines, interfaces, addresses, sysctls. */
#include <config.h>

#include "reading.h"

#include <errno.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>

/* ---- machines ---- */

const char *reading_node_name(const void *topology, size_t i)
{
	const struct topology *t = topology;
	return i < t->node_count ? t->nodes[i].name : NULL;
}

int reading_node(struct reading *r, const char *word, uint16_t *ret)
{
	*ret = topology_node(r->t, word);
	if (*ret)
		return 0;
	char names[120], also[80];
	struct text t = text_in(names, sizeof names);
	reading_list(&t, reading_node_name, r->t, _("and"));
	return err_set(r->err, -EINVAL, _("there is no machine \"%s\", only %s%s.%s"), word,
		text_end(&t), t.cut ? "…" : "",
		text_did_you_mean(also, sizeof also, text_nearest(word, reading_node_name, r->t)));
}

int reading_nodes(struct reading *r, const char *word, uint64_t *ret)
{
	uint64_t nodes = 0;
	if (strcmp(word, "all") == 0) {
		for (uint16_t i = 1; i <= r->t->node_count; i++)
			nodes |= UINT64_C(1) << i;
		*ret = nodes;
		return 0;
	}
	for (const char *s = word;;) {
		char name[READING_LINE];
		uint16_t node;
		size_t len = strcspn(s, ",");
		memcpy(name, s, len);
		name[len] = '\0';
		int error = reading_node(r, name, &node);
		if (error)
			return error;
		if (nodes & UINT64_C(1) << node)
			return err_set(r->err, -EINVAL, _("\"%s\" names %s twice"), word, name);
		nodes |= UINT64_C(1) << node;
		if (!s[len])
			break;
		s += len + 1;
	}
	*ret = nodes;
	return 0;
}

/* ---- interfaces ---- */

size_t reading_iface_count(const struct topology *t, uint16_t node, size_t *ret_first)
{
	size_t n = 0;
	for (size_t i = 0; i < t->iface_count; i++) {
		if (t->ifaces[i].node != node)
			continue;
		if (n++ == 0)
			*ret_first = i;
	}
	return n;
}

static bool all_have(const struct topology *t, uint64_t nodes, const char *name, uint16_t *ret_not)
{
	for (uint16_t n = 1; n <= t->node_count; n++) {
		if (t->nodes[n - 1].tunnel && strcmp(name, "tunl0") == 0)
			continue;
		if (nodes & UINT64_C(1) << n && topology_iface(t, n, name) < 0) {
			*ret_not = n;
			return false;
		}
	}
	return true;
}

/* The first of the nodes: its interfaces are all that can be common to them. */
static uint16_t first_node(uint64_t nodes)
{
	uint16_t n = 1;
	while (n <= NODES_MAX && !(nodes & UINT64_C(1) << n))
		n++;
	return n;
}

const char *reading_iface_name(const void *ifaces, size_t i)
{
	const struct reading_ifaces *f = ifaces;
	uint16_t first = first_node(f->nodes), without;
	size_t n = 0;
	for (size_t k = 0; k < f->t->iface_count; k++)
		if (f->t->ifaces[k].node == first &&
			all_have(f->t, f->nodes, f->t->ifaces[k].name, &without) && n++ == i)
			return f->t->ifaces[k].name;
	return f->lo && i == n ? "lo" : NULL;
}

int reading_iface(
	struct reading *r, const char *word, uint64_t nodes, bool lo, char ret[IFNAME_SIZE])
{
	uint16_t without = 0;
	if ((lo && strcmp(word, "lo") == 0) || all_have(r->t, nodes, word, &without)) {
		text_copy(ret, IFNAME_SIZE, word);
		return 0;
	}
	const char *node = r->t->nodes[without - 1].name;
	if (strcmp(word, "lo") == 0)
		return err_set(r->err, -EINVAL,
			_("lo is on no wire: an interface of %s that is plugged into a switch is "
			  "expected"),
			node);
	const struct reading_ifaces own = { r->t, UINT64_C(1) << without, lo };
	char names[120], also[80];
	struct text t = text_in(names, sizeof names);
	reading_list(&t, reading_iface_name, &own, _("and"));
	return err_set(r->err, -EINVAL, _("%s has no interface \"%s\", only %s.%s"), node, word,
		*text_end(&t) ? names : "lo",
		text_did_you_mean(also, sizeof also, text_nearest(word, reading_iface_name, &own)));
}

/* ---- addresses ---- */

/* The first address on the first interface of a node that has any; 0 if there is none. */
static uint32_t first_ip(const struct topology *t, uint16_t node)
{
	for (size_t i = 0; i < t->addr_count; i++)
		if (t->addrs[i].node == node && t->addrs[i].iface != 0)
			return t->addrs[i].ip;
	return 0;
}

int reading_ip(struct reading *r, const char *word, uint32_t *ret)
{
	if (ip_parse(word, ret) == 0)
		return 0;
	uint16_t node = topology_node(r->t, word);
	uint32_t ip = node ? first_ip(r->t, node) : 0;
	if (!ip)
		return err_set(r->err, -EINVAL,
			_("\"%s\" is not an IPv4 address: one is expected, such as 192.0.2.1"),
			word);
	char bytes[20];
	struct text t = text_in(bytes, sizeof bytes);
	text_ip(&t, ip);
	return err_set(r->err, -EINVAL,
		_("\"%s\" is the name of a machine where an IPv4 address is expected; it has %s"),
		word, text_end(&t));
}

int reading_service(struct reading *r, const char *word, uint32_t *ret_ip, uint16_t *ret_port)
{
	char ip[READING_LINE];
	int64_t port;
	size_t len = strcspn(word, ":");
	memcpy(ip, word, len);
	ip[len] = '\0';
	if (!word[len] || text_parse_int(word + len + 1, 1, UINT16_MAX, &port) < 0)
		return err_set(r->err, -EINVAL,
			_("\"%s\" is not an address with a port: one is expected, such as "
			  "192.0.2.1:80"),
			word);
	*ret_port = (uint16_t)port;
	return reading_ip(r, ip, ret_ip);
}

int reading_prefix(struct reading *r, const char *word, uint32_t *ret, uint8_t *ret_len)
{
	char ip[READING_LINE];
	int64_t bits = 32;
	size_t len = strcspn(word, "/");
	memcpy(ip, word, len);
	ip[len] = '\0';
	if (!word[len]) {
		*ret_len = 32;
		return reading_ip(r, ip, ret);
	}
	if (ip_parse(ip, ret) < 0 || text_parse_int(word + len + 1, 0, 32, &bits) < 0)
		return err_set(r->err, -EINVAL,
			_("\"%s\" is not an address with a prefix length of 0 to 32: one is "
			  "expected, such as 192.0.2.1/24"),
			word);
	*ret_len = (uint8_t)bits;
	return 0;
}

int reading_mac(struct reading *r, const char *word, uint8_t ret[6])
{
	if (mac_parse(word, ret) == 0)
		return 0;
	uint16_t node = topology_node(r->t, word);
	size_t first = 0;
	if (node && reading_iface_count(r->t, node, &first)) {
		memcpy(ret, r->t->ifaces[first].mac, 6);
		return 0;
	}
	if (node)
		return err_set(r->err, -EINVAL,
			_("%s has no interface but lo, so it has no MAC; one is expected"), word);
	char also[80];
	return err_set(r->err, -EINVAL,
		_("\"%s\" is neither a MAC, such as 02:00:00:00:00:01, nor a machine's name.%s"),
		word,
		text_did_you_mean(also, sizeof also, text_nearest(word, reading_node_name, r->t)));
}

/* ---- sysctls ---- */

static int find_key(struct reading *r, const char *name, uint16_t *ret)
{
	char also[80];
	int key = sysctl_find(name);
	if (key < 0)
		return err_set(r->err, -EINVAL,
			_("there is no ARP sysctl \"%s\"; one such as arp_ignore is expected.%s"),
			name, text_did_you_mean(also, sizeof also, sysctl_suggest(name)));
	*ret = (uint16_t)key;
	return 0;
}

int reading_key(struct reading *r, const char *word, uint64_t nodes, bool own,
	char conf[IFNAME_SIZE], uint16_t *ret)
{
	char name[READING_LINE];
	const char *dot = strrchr(word, '.');
	if (!dot || dot == word || !dot[1])
		return err_set(r->err, -EINVAL,
			_("\"%s\" does not name a sysctl: write it like %s.arp_ignore"), word,
			own ? "eth0" : "all");
	size_t len = (size_t)(dot - word);
	memcpy(name, word, len);
	name[len] = '\0';
	int error = find_key(r, dot + 1, ret);
	if (error)
		return error;
	bool all = strcmp(name, "all") == 0;
	if (!all && strcmp(name, "default") != 0)
		return reading_iface(r, name, nodes, true, conf);
	if (own)
		return err_set(r->err, -EINVAL,
			_("\"%s\" names no interface: what counts is asked of one, like eth0.%s"),
			word, dot + 1);
	if (all && sysctl_key(*ret)->family == SYSCTL_NEIGH)
		return err_set(r->err, -EINVAL,
			_("%s is not there for \"all\": name default or an interface"), dot + 1);
	text_copy(conf, IFNAME_SIZE, name);
	return 0;
}
