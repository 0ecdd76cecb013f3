/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: one sysctl shown whole: its values, who decides, what its levels mean. */
#include <config.h>

#include "thought.h"

#include <linux/if.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

static void value_line(
	struct lines *l, const char *name, int32_t value, const struct sysctl_key *key)
{
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	text_i64(&t, value);
	text_char(&t, ' ');
	text_put(&t, key->unit);
	detail_pair(l, name, ROLE_TEXT, &t);
}

static void meaning(struct lines *l, int32_t value, const struct sysctl_key *key)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	const char *means = sysctl_meaning(key, value);
	if (!means)
		return;
	text_printf(&t, C_("a level and its meaning", "%d: %s"), (int)value, _(means));
	detail_wrapped(l, ROLE_STRONG, text_end(&t));
}

static void decision(const struct model *m, struct lines *l, int32_t ifindex, size_t index)
{
	const struct sysctl_key *key = sysctl_key(index);
	int32_t own, all = 0, effective, decider;
	if (!model_sysctl(m, ifindex, index, &own)) {
		detail_wrapped(l, ROLE_DIM,
			key->family == SYSCTL_NEIGH && ifindex == CONF_ALL
				? _("The timers have no `all`.")
				: _("This kernel does not have it here."));
		return;
	}
	value_line(l, _("own value"), own, key);
	if (ifindex <= CONF_ALL)
		meaning(l, own, key);
	if (ifindex == CONF_DEFAULT) {
		detail_wrapped(l, ROLE_DIM,
			_("New interfaces begin with it, and so do old ones whose "
			  "value was never written and that never had an address."));
		return;
	}
	if (ifindex == CONF_ALL) {
		detail_wrapped(l, ROLE_DIM,
			key->join == JOIN_OWN ? _("It does not join the interfaces'.")
					      : _("It joins every interface's own."));
		return;
	}
	if (key->join != JOIN_OWN && model_sysctl(m, CONF_ALL, index, &all))
		value_line(l, "all", all, key);
	if (!model_effective(m, ifindex, index, &effective, &decider))
		return;
	value_line(l, _("effective"), effective, key);
	meaning(l, effective, key);
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	struct word by = name_word(model_conf_name(m, decider));
	if (key->join == JOIN_OWN)
		text_printf(&t, _("Decided by %s alone."), by.text);
	else
		/* TRANSLATORS: all or an interface; then max(all 0, eth0 1) = 1 */
		text_printf(&t, _("Decided by %s: %s(all %d, %s %d) = %d."), by.text,
			sysctl_join_name(key->join), (int)all,
			name_word(model_conf_name(m, ifindex)).text, (int)own, (int)effective);
	detail_wrapped(l, ROLE_TEXT, text_end(&t));
}

static void levels(struct lines *l, const struct sysctl_key *key)
{
	if (!key->levels || !key->levels[0].means || !key->levels[2].means)
		return;
	detail_line(l, ROLE_TEXT, _("Levels:"));
	struct lines inner = *l;
	inner.r.column += 2;
	inner.r.columns -= 2;
	for (const struct sysctl_level *level = key->levels; level->means; level++) {
		char bytes[ROW_TEXT_SIZE];
		struct text t = text_in(bytes, sizeof bytes);
		text_i64(&t, level->value);
		text_char(&t, ' ');
		text_put(&t, _(level->means));
		detail_wrapped(&inner, ROLE_DIM, text_end(&t));
	}
	l->row = inner.row;
}

static void tell_changes(const struct screen *s, const struct model *m, struct lines *l)
{
	for (size_t i = 0; i < m->change_count; i++) {
		const struct change *change = &m->changes[i];
		int before = (int)change->before, after = (int)change->after;
		char bytes[ROW_TEXT_SIZE];
		struct text t = text_in(bytes, sizeof bytes);
		int32_t now;
		if (change->ifindex != s->grid.ifindex || change->key != s->grid.key)
			continue;
		if (model_sysctl(m, change->ifindex, change->key, &now) && now != change->after)
			text_printf(&t,
				_("arplab changed it from %d to %d; somebody else has written "
				  "%d since."),
				before, after, (int)now);
		else if (change->state == CHANGE_HELD)
			text_printf(&t, _("Changed from %d to %d by this session; u puts it back."),
				before, after);
		else if (change->state == CHANGE_OTHERS)
			text_printf(
				&t, _("Changed from %d to %d by another arplab."), before, after);
		else
			text_printf(&t,
				_("Changed from %d to %d by an earlier arplab; R puts it back."),
				before, after);
		detail_wrapped(l, ROLE_CHANGED, text_end(&t));
	}
}

int detail_sysctl(const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct lines l = { c, r, 0 };
	const struct sysctl_key *key = sysctl_key(s->grid.key);
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, key->family == SYSCTL_CONF ? "net.ipv4.conf." : "net.ipv4.neigh.");
	text_name(&t, model_conf_name(m, s->grid.ifindex), IFNAME_SIZE);
	text_char(&t, '.');
	text_put(&t, key->name);
	detail_line(&l, ROLE_STRONG, text_end(&t));
	detail_wrapped(&l, ROLE_TEXT, _(key->help));
	if (m->conf_count)
		decision(m, &l, s->grid.ifindex, s->grid.key);
	const struct model_link *link = model_link(m, s->grid.ifindex);
	if (link && link->link.flags & IFF_LOOPBACK && key->family == SYSCTL_CONF)
		detail_wrapped(&l, ROLE_WARN,
			_("On lo it decides nothing about an address that lo holds: "
			  "the interface that receives the who-has decides."));
	tell_changes(s, m, &l);
	thought_detail(s, m, &l);
	levels(&l, key);
	return l.row;
}
