/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: one line of a host's description, taken apart. */
#include <config.h>

#include "host_line.h"

#include <string.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

/* ---- values with names ---- */

const struct choice route_types[] = {
	{ "unicast", RTN_UNICAST },
	{ "local", RTN_LOCAL },
	{ "broadcast", RTN_BROADCAST },
	{ "anycast", RTN_ANYCAST },
	{ "multicast", RTN_MULTICAST },
	{ "blackhole", RTN_BLACKHOLE },
	{ "unreachable", RTN_UNREACHABLE },
	{ "prohibit", RTN_PROHIBIT },
	{ "throw", RTN_THROW },
	{ NULL, 0 },
};

const struct choice route_scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE },
	{ "site", RT_SCOPE_SITE },
	{ "link", RT_SCOPE_LINK },
	{ "host", RT_SCOPE_HOST },
	{ "nowhere", RT_SCOPE_NOWHERE },
	{ NULL, 0 },
};

const struct choice route_tables[] = {
	{ "local", RT_TABLE_LOCAL },
	{ "main", RT_TABLE_MAIN },
	{ "default", RT_TABLE_DEFAULT },
	{ NULL, 0 },
};

const struct choice rule_actions[] = {
	{ "table", FR_ACT_TO_TBL },
	{ "goto", FR_ACT_GOTO },
	{ "nop", FR_ACT_NOP },
	{ "blackhole", FR_ACT_BLACKHOLE },
	{ "unreachable", FR_ACT_UNREACHABLE },
	{ "prohibit", FR_ACT_PROHIBIT },
	{ NULL, 0 },
};

const struct choice link_aboves[] = {
	{ "nothing", ABOVE_NOTHING },
	{ "bridge", ABOVE_BRIDGE },
	{ "vrf", ABOVE_VRF },
	{ "other", ABOVE_OTHER },
	{ NULL, 0 },
};

const struct choice route_states[] = {
	{ "listed", ROUTES_LISTED },
	{ "unknown", ROUTES_UNKNOWN },
	{ NULL, 0 },
};

const char *choice_name(const struct choice *table, uint32_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

/* ---- taking apart ---- */

static const char *kind_at(const void *kinds, size_t i)
{
	return ((const struct line_kind *)kinds)[i].name;
}

static const char *field_at(const void *fields, size_t i)
{
	return ((const char *const *)fields)[i];
}

static int find_kind(struct line *l, const char *name, const struct line_kind *kinds)
{
	for (l->kind = kinds; l->kind->name; l->kind++)
		if (strcmp(l->kind->name, name) == 0)
			return 0;
	char also[80];
	text_did_you_mean(also, sizeof also, text_nearest(name, kind_at, kinds));
	return err_set(
		l->err, -ENOENT, _("'%s' begins no line of a host's description.%s"), name, also);
}

static bool has_name(const struct line *l, const char *name)
{
	for (size_t i = 0; l->kind->fields[i]; i++)
		if (strcmp(l->kind->fields[i], name) == 0)
			return true;
	return false;
}

static int add_field(struct line *l, char *word, char *equals)
{
	*equals = '\0';
	if (!has_name(l, word)) {
		char also[80];
		text_did_you_mean(also, sizeof also, text_nearest(word, field_at, l->kind->fields));
		return err_set(l->err, -EBADMSG, _("a line '%s' has no field '%s'.%s"),
			l->kind->name, word, also);
	}
	for (size_t i = 0; i < l->field_count; i++)
		if (strcmp(l->fields[i].name, word) == 0)
			return err_set(l->err, -EBADMSG, _("'%s=' stands there twice"), word);
	l->fields[l->field_count].name = word;
	l->fields[l->field_count++].value = equals + 1;
	return 0;
}

static int add_part(struct line *l, char *word)
{
	if (l->word_count + l->field_count == LINE_PARTS)
		return err_set(l->err, -EBADMSG, _("the line has more than %d parts"), LINE_PARTS);
	char *equals = strchr(word, '=');
	if (equals && equals > word)
		return add_field(l, word, equals);
	if (l->word_count == l->kind->most)
		return err_set(
			l->err, -EBADMSG, _("'%s' is too much; expected: %s"), word, l->kind->form);
	l->words[l->word_count++] = word;
	return 0;
}

int line_split(struct line *l, const char *text, const struct line_kind *kinds)
{
	static const char blank[] = " \t\r\v\f";
	text += strspn(text, blank);
	if (!*text || *text == '#')
		return 0;
	size_t len = strlen(text);
	if (len >= sizeof l->bytes)
		return err_set(l->err, -EBADMSG, _("the line is longer than %zu bytes"),
			sizeof l->bytes - 1);
	memcpy(l->bytes, text, len + 1);
	char *rest = NULL;
	int error = find_kind(l, strtok_r(l->bytes, blank, &rest), kinds);
	for (char *word; !error && (word = strtok_r(NULL, blank, &rest));)
		error = add_part(l, word);
	if (!error && l->word_count < l->kind->least)
		error = err_set(
			l->err, -EBADMSG, _("something is missing; expected: %s"), l->kind->form);
	return error ? error : 1;
}

const char *line_value(const struct line *l, const char *name)
{
	for (size_t i = 0; i < l->field_count; i++)
		if (strcmp(l->fields[i].name, name) == 0)
			return strcmp(l->fields[i].value, "-") == 0 ? NULL : l->fields[i].value;
	return NULL;
}

/* ---- values ---- */

int word_wrong(const struct line *l, const char *what, const char *word, const char *expected,
	const char *nearest)
{
	char also[80];
	text_did_you_mean(also, sizeof also, nearest);
	return err_set(l->err, -EBADMSG, _("%s '%s' is not %s.%s"), what, word, expected, also);
}

int word_number(const struct line *l, const char *what, const char *word, int64_t min, int64_t max,
	int64_t *ret)
{
	if (text_parse_int(word, min, max, ret) == 0)
		return 0;
	char range[64];
	struct text t = text_in(range, sizeof range);
	text_printf(&t, _("a number from %lld to %lld"), (long long)min, (long long)max);
	return word_wrong(l, what, word, text_end(&t), NULL);
}

int word_prefix(const struct line *l, const char *what, const char *word, uint32_t *ret_ip,
	uint8_t *ret_prefix)
{
	char ip[20];
	int64_t prefix = -1;
	size_t len = strcspn(word, "/");
	bool sane = len < sizeof ip;
	if (sane) {
		memcpy(ip, word, len);
		ip[len] = '\0';
		sane = ip_parse(ip, ret_ip) == 0;
	}
	if (sane && word[len])
		sane = text_parse_int(word + len + 1, 0, 32, &prefix) == 0;
	if (!sane)
		return word_wrong(l, what, word, _("an address such as 192.168.2.101/24"), NULL);
	if (prefix >= 0)
		*ret_prefix = (uint8_t)prefix;
	return 0;
}

static const char *link_at(const void *host, size_t i)
{
	const struct host *h = host;
	return i < h->link_count ? h->links[i].name : NULL;
}

int word_link(const struct line *l, const char *word, size_t *ret)
{
	const struct host_link *link = host_link_named(l->h, word);
	if (!link)
		return word_wrong(l, _("the interface"), word,
			_("one that a line 'link' has named before"),
			text_nearest(word, link_at, l->h));
	*ret = (size_t)(link - l->h->links);
	return 0;
}

int line_number(const struct line *l, const char *name, int64_t min, int64_t max, int64_t *ret)
{
	const char *value = line_value(l, name);
	return value ? word_number(l, name, value, min, max, ret) : 0;
}

int line_u32(const struct line *l, const char *name, uint32_t *ret)
{
	int64_t value = *ret;
	int error = line_number(l, name, 0, UINT32_MAX, &value);
	if (!error)
		*ret = (uint32_t)value;
	return error;
}

int line_u8(const struct line *l, const char *name, uint8_t max, uint8_t *ret)
{
	int64_t value = *ret;
	int error = line_number(l, name, 0, max, &value);
	if (!error)
		*ret = (uint8_t)value;
	return error;
}

int line_flag(const struct line *l, const char *name, bool *ret)
{
	uint8_t value = *ret;
	int error = line_u8(l, name, 1, &value);
	if (!error)
		*ret = value;
	return error;
}

int line_ip(const struct line *l, const char *name, uint32_t *ret)
{
	const char *value = line_value(l, name);
	if (!value || ip_parse(value, ret) == 0)
		return 0;
	return word_wrong(l, name, value, _("an address such as 192.168.2.101"), NULL);
}

static const char *choice_at(const void *table, size_t i)
{
	return ((const struct choice *)table)[i].name;
}

int line_choice(const struct line *l, const char *name, const struct choice *table, uint32_t max,
	uint32_t *ret)
{
	const char *value = line_value(l, name);
	for (const struct choice *c = table; value && c->name; c++) {
		if (strcmp(c->name, value) == 0) {
			*ret = c->value;
			return 0;
		}
	}
	int64_t number;
	if (!value)
		return 0;
	if (text_parse_int(value, 0, max, &number) == 0) {
		*ret = (uint32_t)number;
		return 0;
	}
	char names[160];
	struct text t = text_in(names, sizeof names);
	text_put(&t, _("one of"));
	for (const struct choice *c = table; c->name; c++)
		text_printf(&t, " %s", c->name);
	return word_wrong(l, name, value, text_end(&t), text_nearest(value, choice_at, table));
}

int line_device(const struct line *l, const char *name, int32_t *ret)
{
	const char *value = line_value(l, name);
	size_t place;
	int error = value ? word_link(l, value, &place) : 0;
	if (value && !error)
		*ret = l->h->links[place].ifindex;
	return error;
}
