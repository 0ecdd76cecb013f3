/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: a host read from lines: what a snapshot wrote, or what a person has put together.
 *
 * What a line does not say has the value that a fresh machine has, so that a few lines are enough.
 */
#include <config.h>

#include "host_line.h"
#include "host_parts.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>

enum { LOCKTIME_MS = 1000, ALL_KEYS = (1 << HOST_KEYS) - 1 };

/* ---- config, link ---- */

/* "6.18.5", or a release as uname(1) has it: "6.1.0-13-amd64". */
static int read_kernel(const struct line *l, uint32_t *ret)
{
	const char *value = line_value(l, "kernel");
	unsigned long parts[3] = { 0 };
	const char *p = value;
	size_t count = 0;
	while (p && count < 3 && *p >= '0' && *p <= '9') {
		char *end;
		parts[count++] = strtoul(p, &end, 10);
		p = *end == '.' ? end + 1 : end;
	}
	if (value && (count < 2 || parts[0] > 255 || parts[1] > 255))
		return word_wrong(l, "kernel", value, _("a version such as 6.18.5"), NULL);
	*ret = value ? KERNEL(parts[0], parts[1], parts[2]) : 0;
	return 0;
}

static int read_config(struct line *l)
{
	struct host *h = l->h;
	uint32_t routes = ROUTES_LISTED;
	if (h->described)
		return err_set(l->err, -EBADMSG,
			_("a line 'config' is the first of a host, and only one host is expected"));
	int error = line_flag(l, "custom_local", &h->custom_local);
	if (!error)
		error = line_flag(l, "split_tables", &h->split_tables);
	if (!error)
		error = line_flag(l, "rules_replaced", &h->rules_replaced);
	if (!error)
		error = line_flag(l, "default_made", &h->default_made);
	if (!error)
		error = line_choice(l, "routes", route_states, ROUTES_UNKNOWN, &routes);
	if (!error)
		error = read_kernel(l, &h->kernel);
	if (error)
		return error;
	h->split_tables |= h->rules_replaced;
	h->routes_unknown = routes == ROUTES_UNKNOWN;
	if (line_value(l, "routes"))
		l->mode = LINES_FACTS;
	if (l->word_count && strcmp(l->words[0], "-") != 0)
		text_copy(h->name, sizeof h->name, l->words[0]);
	return 0;
}

/* A number, or the name of a link that stands before. */
static int read_master(const struct line *l, int32_t *ret)
{
	const char *value = line_value(l, "master");
	int64_t number;
	if (!value || text_parse_int(value, 1, INT32_MAX, &number) < 0)
		return line_device(l, "master", ret);
	*ret = (int32_t)number;
	return 0;
}

static int check_new_link(const struct line *l, int32_t ifindex)
{
	const char *name = l->words[1];
	if (strlen(name) >= IFNAME_SIZE || strpbrk(name, "/:") || strcmp(name, "all") == 0 ||
		strcmp(name, "default") == 0 || strcmp(name, "-") == 0)
		return word_wrong(l, _("the name"), name,
			_("one of at most 15 letters that an interface may have"), NULL);
	const struct host_link *there = host_link(l->h, ifindex);
	if (!there)
		there = host_link_named(l->h, name);
	if (!there)
		return 0;
	return err_set(
		l->err, -EBADMSG, _("there is a link %d %s already"), there->ifindex, there->name);
}

static int read_link_fields(const struct line *l, struct host_link *ret)
{
	uint32_t above = ABOVE_NOTHING;
	int error = line_flag(l, "lo", &ret->loopback);
	ret->ethernet = !ret->loopback;
	if (!error)
		error = line_flag(l, "up", &ret->up);
	if (!error)
		error = line_flag(l, "noarp", &ret->noarp);
	if (!error)
		error = line_flag(l, "ethernet", &ret->ethernet);
	if (!error)
		error = read_master(l, &ret->master);
	above = ret->master ? ABOVE_BRIDGE : ABOVE_NOTHING;
	if (!error)
		error = line_choice(l, "above", link_aboves, ABOVE_OTHER, &above);
	ret->above = (uint8_t)above;
	return error;
}

static int read_link(struct line *l)
{
	int64_t ifindex;
	struct host_link link = { .up = true };
	int error = word_number(l, _("the number of a link"), l->words[0], 1, INT32_MAX, &ifindex);
	if (!error)
		error = check_new_link(l, (int32_t)ifindex);
	if (error)
		return error;
	link.loopback = strcmp(l->words[1], "lo") == 0;
	error = read_link_fields(l, &link);
	if (error)
		return error;
	const char *mac = l->word_count > 2 ? l->words[2] : "-";
	if (mac_parse(mac, link.mac) < 0 && (strcmp(mac, "-") != 0 || link.ethernet))
		return word_wrong(
			l, _("the MAC"), mac, _("an address such as 02:0a:01:00:00:00"), NULL);
	struct host_link *made = host_add_link(l->h, (int32_t)ifindex, l->words[1]);
	link.ifindex = made->ifindex;
	link.first = made->first;
	memcpy(link.name, made->name, sizeof link.name);
	link.own.known = ALL_KEYS;
	link.own.values[HOST_LOCKTIME] = LOCKTIME_MS;
	*made = link;
	return 0;
}

/* ---- sysctl, locktime, pneigh ---- */

/* A value of "-" is one that is not known. */
static int read_value(
	const struct line *l, struct host_conf *c, enum host_key key, const char *word, int64_t min)
{
	int64_t value = 0;
	bool known = strcmp(word, "-") != 0;
	int error = known ? word_number(l, host_key_name(key), word, min, INT32_MAX, &value) : 0;
	if (error)
		return error;
	c->values[key] = (int32_t)value;
	c->known &= ~(1u << key);
	c->known |= (uint32_t)known << key;
	return 0;
}

static int read_sysctl(struct line *l)
{
	const char *conf = l->words[0], *name = l->words[1];
	struct host_conf unused;
	struct host_conf *c = &unused;
	size_t link;
	int row = sysctl_find(name);
	if (host_key_find(name) == HOST_LOCKTIME)
		return err_set(l->err, -EBADMSG,
			_("locktime has a line of its own: locktime INTERFACE MILLISECONDS"));
	if (row < 0 || sysctl_key((size_t)row)->family != SYSCTL_CONF)
		return word_wrong(l, _("the sysctl"), name,
			_("one of net.ipv4.conf that is known here"),
			row < 0 ? sysctl_suggest(name) : NULL);
	if (strcmp(conf, "all") == 0) {
		c = &l->h->all;
	} else if (strcmp(conf, "default") != 0) {
		int error = word_link(l, conf, &link);
		if (error)
			return error;
		c = &l->h->links[link].own;
	}
	/* What no rule asks for is checked and passed over. */
	int key = host_key_find(name);
	return read_value(
		l, key < 0 ? &unused : c, key < 0 ? 0 : (enum host_key)key, l->words[2], INT32_MIN);
}

static int read_locktime(struct line *l)
{
	size_t link;
	int error = word_link(l, l->words[0], &link);
	if (error)
		return error;
	return read_value(l, &l->h->links[link].own, HOST_LOCKTIME, l->words[1], 0);
}

static int read_pneigh(struct line *l)
{
	size_t link;
	int32_t ifindex = 0;
	uint32_t ip;
	if (strcmp(l->words[0], "-") != 0) {
		int error = word_link(l, l->words[0], &link);
		if (error)
			return error;
		ifindex = l->h->links[link].ifindex;
	}
	if (ip_parse(l->words[1], &ip) < 0)
		return word_wrong(
			l, _("the address"), l->words[1], _("one such as 192.168.2.101"), NULL);
	host_add_proxy(l->h, ip, ifindex);
	return 0;
}

/* ---- lines and texts ---- */

#define ADDR_FORM "INTERFACE ADDRESS/LENGTH [scope=global|link|host]"
#define ADDR_FIELDS "plen", "scope"
#define ROUTE_FORM "DESTINATION [gw=ADDRESS] [dev=INTERFACE] [src=ADDRESS] [metric=NUMBER]"
#define ROUTE_FIELDS "table", "type", "scope", "dst", "dev", "gw", "src", "metric", "onlink", "tos"

static const struct line_kind kinds[] = {
	{ "config", "config NAME [kernel=6.18.5] [custom_local=1] [split_tables=1]", 0, 1,
		{ "custom_local", "split_tables", "kernel", "rules_replaced", "routes",
			"default_made" },
		read_config },
	{ "link", "link NUMBER NAME MAC [up=0]", 2, 3,
		{ "up", "lo", "noarp", "ethernet", "segment", "master", "above" }, read_link },
	{ "addr", "addr " ADDR_FORM, 2, 2, { ADDR_FIELDS, "address", "secondary" }, read_addr },
	{ "addaddr", "addaddr " ADDR_FORM, 2, 2, { ADDR_FIELDS, "peer", "errno" }, read_addaddr },
	{ "route", "route " ROUTE_FORM, 0, 1,
		{ ROUTE_FIELDS, "hops", "dead", "linkdown", "manual" }, read_route },
	{ "addroute", "addroute " ROUTE_FORM, 0, 1, { ROUTE_FIELDS, "errno" }, read_addroute },
	{ "rule", "rule PRIORITY table=NUMBER [from=NET] [to=NET] [iif=INTERFACE]", 1, 1,
		{ "action", "table", "from", "to", "iif", "oif", "not", "suppress", "other" },
		read_rule },
	{ "sysctl", "sysctl all|INTERFACE NAME VALUE", 3, 3, { NULL }, read_sysctl },
	{ "locktime", "locktime INTERFACE MILLISECONDS", 2, 2, { NULL }, read_locktime },
	{ "pneigh", "pneigh INTERFACE ADDRESS", 2, 2, { NULL }, read_pneigh },
	{ NULL, NULL, 0, 0, { NULL }, NULL },
};

/* mode: of the lines before; a line `config` may change it for those that follow. */
static int read_line(struct host *h, const char *text, enum line_mode *mode, struct err *err)
{
	struct line l;
	l.h = h;
	l.err = err;
	l.mode = *mode;
	l.word_count = l.field_count = 0;
	int r = line_split(&l, text, kinds);
	if (r <= 0)
		return r;
	r = l.kind->read(&l);
	if (r)
		return r;
	/* From now on what nobody names is known to be as it is on a fresh machine. */
	if (!h->described)
		h->all.known |= ALL_KEYS;
	h->described = true;
	*mode = l.mode;
	return 0;
}

int host_read_line(struct host *h, const char *line, bool derive, struct err *err)
{
	enum line_mode mode = derive ? LINES_COMMANDS : LINES_FACTS;
	return read_line(h, line, &mode, err);
}

/* Whether some line is of a kind. */
static bool text_has(const char *bytes, size_t len, const char *kind)
{
	const char *end = bytes + len;
	size_t size = strlen(kind);
	while (bytes < end) {
		const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = feed ? feed : end;
		while (bytes < stop && (*bytes == ' ' || *bytes == '\t'))
			bytes++;
		if ((size_t)(stop - bytes) > size && memcmp(bytes, kind, size) == 0 &&
			(bytes[size] == ' ' || bytes[size] == '\t'))
			return true;
		bytes = feed ? feed + 1 : end;
	}
	return false;
}

static enum line_mode mode_of(const char *bytes, size_t len)
{
	if (text_has(bytes, len, "route"))
		return LINES_FACTS;
	return text_has(bytes, len, "addaddr") ? LINES_COMMANDS : LINES_SKETCH;
}

/* One line of a text, terminated, in a copy. Returns 0 or a sentence without its place. */
static int read_piece(
	struct host *h, const char *bytes, size_t len, enum line_mode *mode, struct err *err)
{
	char line[LINE_SIZE + 1];
	if (len >= sizeof line)
		return err_set(err, -EBADMSG, _("the line is longer than %d bytes"), LINE_SIZE - 1);
	if (memchr(bytes, '\0', len))
		return err_set(err, -EBADMSG, _("this is not text: a byte is 0"));
	memcpy(line, bytes, len);
	line[len] = '\0';
	return read_line(h, line, mode, err);
}

struct host *host_read(const char *name, const char *bytes, size_t len, struct err *err)
{
	struct host *h = host_new();
	enum line_mode mode = mode_of(bytes, len);
	const char *end = bytes + len;
	for (size_t number = 1; bytes < end; number++) {
		const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = feed ? feed : end;
		struct err why = { "" };
		if (read_piece(h, bytes, (size_t)(stop - bytes), &mode, &why) < 0) {
			err_set(err, -EBADMSG, "%s:%zu: %s", name, number, why.text);
			host_free(h);
			return NULL;
		}
		bytes = feed ? feed + 1 : end;
	}
	if (!h->link_count) {
		err_set(err, -EBADMSG,
			_("%s: no interface is described; expected lines such as: %s"), name,
			"link 2 eth0 02:0a:01:00:00:00");
		host_free(h);
		return NULL;
	}
	host_settle(h);
	return h;
}
