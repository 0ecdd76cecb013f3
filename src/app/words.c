/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: words that name sysctls, as arplab, sysctl(8) and the files under /proc write them. */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define WORD_MAX 128
#define IFACES_LISTED 8

static const char *conf_word(const void *arg, size_t i)
{
	const struct model *m = arg;
	if (i < 2)
		return i == 0 ? "all" : "default";
	return i - 2 < m->link_count ? m->links[i - 2].link.name : NULL;
}

static const char *key_word(const void *arg, size_t i)
{
	(void)arg;
	const struct sysctl_key *k = sysctl_key(i);
	return k ? k->name : NULL;
}

/* Take off what sysctl(8) and /proc put in front. *ret_family: -1 if the word does not say it. */
static char *skip_prefix(char *word, int *ret_family)
{
	static const struct {
		const char *prefix;
		int family;
	} prefixes[] = {
		{ "net.ipv4.conf.", SYSCTL_CONF },
		{ "net/ipv4/conf/", SYSCTL_CONF },
		{ "net.ipv4.neigh.", SYSCTL_NEIGH },
		{ "net/ipv4/neigh/", SYSCTL_NEIGH },
	};
	static const char proc[] = "/proc/sys/";
	if (strncmp(word, proc, sizeof proc - 1) == 0)
		word += sizeof proc - 1;
	*ret_family = -1;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t len = strlen(prefixes[i].prefix);
		if (strncmp(word, prefixes[i].prefix, len) == 0) {
			*ret_family = prefixes[i].family;
			return word + len;
		}
	}
	return word;
}

static int find_key(const char *name, int family, struct err *err)
{
	char also[80];
	int key = sysctl_find(name);
	const char *near = key < 0 ? sysctl_suggest(name) : NULL;
	if (key < 0 && !near)
		return err_set(err, -EINVAL,
			_("there is no ARP sysctl \"%s\"; `arplab get` shows those there are"),
			name);
	if (key < 0)
		return err_set(err, -EINVAL, _("there is no ARP sysctl \"%s\".%s"), name,
			text_did_you_mean(also, sizeof also, near));
	if (family >= 0 && (int)sysctl_key((size_t)key)->family != family)
		return err_set(err, -EINVAL, _("%s is a sysctl of net.ipv4.%s, not of net.ipv4.%s"),
			name, family == SYSCTL_CONF ? "neigh" : "conf",
			family == SYSCTL_CONF ? "conf" : "neigh");
	return key;
}

/*
 * NAME.KEY or NAME/KEY, by the last separator: names of interfaces may contain dots. As in
 * sysctl(8), a slash in a dotted word stands for a dot of the name.
 */
static int split(char *word, struct app_word *ret, struct err *err)
{
	int family;
	char *name = skip_prefix(word, &family);
	char *end = name + strlen(name);
	while (end > name && *end != '.' && *end != '/')
		end--;
	if (end == name)
		return err_set(err, -EINVAL,
			_("\"%s\" does not name a sysctl: write it like eth0.arp_ignore"), word);
	if (!end[1])
		return err_set(err, -EINVAL,
			_("\"%s\" ends without the name of a sysctl: write it like "
			  "eth0.arp_ignore"),
			word);
	if (*end == '.')
		for (char *c = name; c < end; c++)
			*c = *c == '/' ? '.' : *c;
	*end = '\0';
	if (strlen(name) >= sizeof ret->name)
		return err_set(
			err, -EINVAL, _("\"%s\" is too long for the name of an interface"), name);
	ret->key = find_key(end + 1, family, err);
	if (ret->key < 0)
		return -EINVAL;
	text_copy(ret->name, sizeof ret->name, name);
	if (sysctl_key((size_t)ret->key)->family == SYSCTL_NEIGH && strcmp(name, "all") == 0)
		return err_set(err, -EINVAL,
			_("%s is not there for \"all\": name default or an interface"), end + 1);
	return 0;
}

static int take_copy(char copy[WORD_MAX], const char *word, struct err *err)
{
	if (strlen(word) >= WORD_MAX)
		return err_set(err, -EINVAL, _("\"%.32s…\" is too long to name a sysctl"), word);
	text_copy(copy, WORD_MAX, word);
	return 0;
}

static int parse_value(const struct sysctl_key *k, const char *s, int32_t *ret, struct err *err)
{
	int64_t value;
	switch (text_parse_int(s, k->min, k->max, &value)) {
	case 0:
		*ret = (int32_t)value;
		return 0;
	case -ERANGE:
		return err_set(err, -EINVAL, _("%s takes numbers from %d to %d, not %s"), k->name,
			k->min, k->max, s);
	default:
		return err_set(err, -EINVAL, _("\"%s\" is not a number; %s takes %d to %d"), s,
			k->name, k->min, k->max);
	}
}

int app_word_assignment(const char *word, struct app_word *ret, struct err *err)
{
	char copy[WORD_MAX];
	struct app_word w = { .key = -1 };
	int error = take_copy(copy, word, err);
	if (error)
		return error;
	char *equals = strrchr(copy, '=');
	if (!equals)
		return err_set(err, -EINVAL,
			_("\"%s\" sets nothing: write it like eth0.arp_ignore=1"), word);
	*equals = '\0';
	error = split(copy, &w, err);
	if (error)
		return error;
	const struct sysctl_key *k = sysctl_key((size_t)w.key);
	if (k->read_only)
		return err_set(err, -EINVAL, _("%s can only be read: the kernel sets it"), k->name);
	if (k->all_refused && strcmp(w.name, "all") == 0)
		return err_set(err, -EINVAL,
			_("all.%s would overwrite every interface's value; name the interfaces "
			  "instead"),
			k->name);
	error = parse_value(k, equals + 1, &w.value, err);
	if (error)
		return error;
	*ret = w;
	return 0;
}

int app_word_query(const struct model *m, const char *word, struct app_word *ret, struct err *err)
{
	char copy[WORD_MAX];
	struct app_word w = { .key = -1 };
	int32_t ifindex;
	int error = take_copy(copy, word, err);
	if (error)
		return error;
	/* A whole name first: eth0.100 is an interface and not a sysctl 100 of eth0. */
	if (model_conf_find(m, word, &ifindex) == 0) {
		text_copy(w.name, sizeof w.name, word);
		*ret = w;
		return 0;
	}
	if (!strpbrk(word, "./")) {
		char also[80];
		w.key = sysctl_find(word);
		const char *near = text_nearest(word, conf_word, m);
		if (!near)
			near = text_nearest(word, key_word, NULL);
		if (w.key < 0 && !near)
			return err_set(err, -EINVAL,
				_("\"%s\" is neither an interface here nor an ARP sysctl; `arplab "
				  "get` shows those there are"),
				word);
		if (w.key < 0)
			return err_set(err, -EINVAL,
				_("\"%s\" is neither an interface here nor an ARP sysctl.%s"), word,
				text_did_you_mean(also, sizeof also, near));
		*ret = w;
		return 0;
	}
	error = split(copy, &w, err);
	if (!error)
		error = app_word_ifindex(m, w.name, &ifindex, err);
	if (!error)
		*ret = w;
	return error;
}

/* An interface that is not there. word, arg: those that are, as for text_nearest(). */
static int no_iface(const char *name, const char *(*word)(const void *arg, size_t i),
	const void *arg, struct err *err)
{
	char bytes[200];
	const char *near = text_nearest(name, word, arg), *one = NULL;
	if (near)
		return err_set(err, -EINVAL, _("there is no interface \"%s\".%s"), name,
			text_did_you_mean(bytes, sizeof bytes, near));
	struct text t = text_in(bytes, sizeof bytes);
	for (size_t i = 0; i < IFACES_LISTED && (one = word(arg, i)); i++) {
		text_put(&t, i ? ", " : "");
		text_name(&t, one, IFNAME_SIZE);
	}
	text_put(&t, one && word(arg, IFACES_LISTED) ? ", …" : "");
	return err_set(
		err, -EINVAL, _("there is no interface \"%s\"; there are: %s"), name, text_end(&t));
}

int app_word_ifindex(const struct model *m, const char *name, int32_t *ret, struct err *err)
{
	if (model_conf_find(m, name, ret) == 0)
		return 0;
	return no_iface(name, conf_word, m, err);
}

static const char *if_word(const void *arg, size_t i)
{
	const struct if_nameindex *list = arg;
	return list[i].if_name;
}

int app_check_ifaces(const struct app_options *o, struct err *err)
{
	for (size_t i = 0; i < o->iface_count; i++) {
		if (if_nametoindex(o->ifaces[i]))
			continue;
		struct if_nameindex *list = if_nameindex();
		static const struct if_nameindex none;
		int error = no_iface(o->ifaces[i], if_word, list ? list : &none, err);
		if_freenameindex(list);
		return error;
	}
	return 0;
}
