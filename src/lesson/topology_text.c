/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: a topology read from its lines, one statement a line.
 *
 * Statements go through one table. A line that cannot be read is reported and left out, and reading
 * goes on; topology_rules() looks at what only the whole can tell.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lesson_parts.h"

static const char *switch_at(const void *arg, size_t i)
{
	const struct topology *t = arg;
	return i < t->switch_count ? t->switches[i] : NULL;
}

static const char *node_at(const void *arg, size_t i)
{
	const struct topology *t = arg;
	return i < t->node_count ? t->nodes[i].name : NULL;
}

uint16_t topology_switch(const struct topology *t, const char *name)
{
	for (uint16_t i = 0; i < t->switch_count; i++)
		if (strcmp(t->switches[i], name) == 0)
			return (uint16_t)(i + 1);
	return 0;
}

/* ---- statements ---- */

int topology_parse_ip(struct topology_reader *r, const char *word, uint32_t *ret)
{
	if (ip_parse(word, ret) < 0) {
		faults_add(r->faults, r->line, _("%s is no address: wanted one like 192.168.2.1."),
			word);
		return -EINVAL;
	}
	uint8_t octets[4];
	memcpy(octets, ret, sizeof octets);
	if (octets[0] == 0 || octets[0] == 127 || octets[0] >= 224) {
		faults_add(r->faults, r->line,
			_("%s is no address that a machine on a LAN can have."), word);
		return -EINVAL;
	}
	return 0;
}

static void read_name(struct topology_reader *r, const struct words *w)
{
	uint32_t ip;
	const char *name = w->list[1];
	if (!text_is_name(name, 24, "-_")) {
		faults_add(r->faults, r->line,
			_("%s is no name: letters, digits and '-', a letter first, at most 23."),
			name);
		return;
	}
	if (names_value(r->names, name) || topology_node(r->t, name)) {
		faults_add(r->faults, r->line, _("{%s} has a meaning already."), name);
		return;
	}
	if (topology_parse_ip(r, w->list[2], &ip) == 0)
		names_add_ip(r->names, name, ip);
}

static void read_switch(struct topology_reader *r, const struct words *w)
{
	const char *name = w->list[1];
	struct topology *t = r->t;
	if (!text_is_name(name, NODE_NAME_SIZE, "-"))
		faults_add(r->faults, r->line,
			_("%s cannot name a switch: letters, digits and '-', a letter first, at "
			  "most "
			  "%d."),
			name, NODE_NAME_SIZE - 1);
	else if (topology_switch(t, name))
		faults_add(r->faults, r->line, _("there is a switch %s already."), name);
	else if (t->switch_count == SWITCHES_MAX)
		faults_add(
			r->faults, r->line, _("a topology has at most %d switches."), SWITCHES_MAX);
	else
		text_copy(t->switches[t->switch_count++], NODE_NAME_SIZE, name);
}

static void read_timers(struct topology_reader *r, const struct words *w)
{
	bool fast = strcmp(w->list[1], "fast") == 0;
	if (!fast && strcmp(w->list[1], "true") != 0)
		faults_add(r->faults, r->line, _("timers are fast or true, not %s."), w->list[1]);
	else if (r->timers_seen)
		faults_add(r->faults, r->line, _("timers have been set already."));
	r->t->timers = fast ? TIMERS_FAST : TIMERS_TRUE;
	r->timers_seen = true;
}

/* Words that orders and claims know in the place of a machine. */
static bool is_reserved(const char *name)
{
	static const char *const words[] = { "all", "none", "unknown", "lo", "default", "tun" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static void read_node(struct topology_reader *r, const struct words *w)
{
	const char *name = w->list[1];
	struct topology *t = r->t;
	if (r->node)
		names_add_node(r->names, t, r->node);
	r->node = 0;
	if (!text_is_name(name, NODE_NAME_SIZE, "-")) {
		faults_add(r->faults, r->line,
			_("%s cannot name a machine: letters, digits and '-', a letter first, at "
			  "most "
			  "%d."),
			name, NODE_NAME_SIZE - 1);
	} else if (is_reserved(name)) {
		faults_add(r->faults, r->line,
			_("%s cannot name a machine: orders and claims use the word."), name);
	} else if (topology_node(t, name)) {
		faults_add(r->faults, r->line, _("there is a machine %s already."), name);
	} else if (names_value(r->names, name)) {
		faults_add(r->faults, r->line, _("{%s} has a meaning already."), name);
	} else if (t->node_count == NODES_MAX) {
		faults_add(r->faults, r->line, _("a topology has at most %d machines."), NODES_MAX);
	} else {
		text_copy(t->nodes[t->node_count].name, NODE_NAME_SIZE, name);
		r->node = ++t->node_count;
	}
}

static void read_forward(struct topology_reader *r, const struct words *w)
{
	(void)w;
	r->t->nodes[r->node - 1].forwards = 1;
}

static void read_first(struct topology_reader *r, const struct words *w)
{
	char said[SAID_SIZE];
	if (r->first_seen) {
		faults_add(r->faults, r->line, _("there is a line first already."));
		return;
	}
	r->first_seen = true;
	for (size_t i = 1; i < w->count; i++) {
		uint16_t node = topology_node(r->t, w->list[i]);
		bool twice = false;
		for (size_t k = 0; k < r->first_count; k++)
			twice = twice || r->first[k] == node;
		if (node == 0)
			faults_add(r->faults, r->line,
				_("there is no machine %s above this line.%s"), w->list[i],
				lesson_near(said, w->list[i], node_at, r->t));
		else if (twice)
			faults_add(r->faults, r->line, _("%s is named twice."), w->list[i]);
		else
			r->first[r->first_count++] = node;
	}
}

struct statement {
	const char *name;
	const char *args;
	void (*read)(struct topology_reader *r, const struct words *w);
	size_t min, max; /* Words, the name among them. */
	bool in_node;
};

static const struct statement statements[] = {
	{ "name", "NAME ADDRESS", read_name, 3, 3, false },
	{ "switch", "NAME", read_switch, 2, 2, false },
	{ "timers", "fast|true", read_timers, 2, 2, false },
	{ "node", "NAME", read_node, 2, 2, false },
	{ "first", "MACHINE…", read_first, 2, WORDS_MAX, false },
	{ "serve", "MACHINE… ADDRESS:PORT", topology_read_serve, 3, WORDS_MAX, false },
	{ "balance", "MACHINE ADDRESS:PORT SCHEDULER [tun] MACHINE[*WEIGHT]…",
		topology_read_balance, 4, WORDS_MAX, false },
	{ "lo", "ADDRESS/LEN [scope SCOPE]…", topology_read_lo, 2, WORDS_MAX, true },
	{ "route", "NETWORK/LEN|default [via ADDRESS] [dev IF]", topology_read_route, 4, 6, true },
	{ "sysctl", "CONF.KEY VALUE", topology_read_sysctl, 2, 3, true },
	{ "forward", "", read_forward, 1, 1, true },
	{ "tunnel", "ADDRESS", topology_read_tunnel, 2, 2, true },
};

static const char *statement_at(const void *arg, size_t i)
{
	(void)arg;
	return i < ARRAY_SIZE(statements) ? statements[i].name : NULL;
}

/* A line that begins with none of the words: an interface, or a mistake. */
static void read_other(struct topology_reader *r, const struct words *w)
{
	char said[SAID_SIZE];
	const char *near = lesson_near(said, w->list[0], statement_at, NULL);
	bool plugged = w->count > 1 && topology_switch(r->t, w->list[1]);
	if (!plugged && (*near || w->count < 2 || r->node == 0))
		faults_add(r->faults, r->line, _("%s is no statement of a topology.%s"), w->list[0],
			near);
	else if (!plugged)
		faults_add(r->faults, r->line, _("there is no switch %s above this line.%s"),
			w->list[1], lesson_near(said, w->list[1], switch_at, r->t));
	else if (r->node == 0)
		faults_add(r->faults, r->line, _("an interface belongs below a line `node NAME`."));
	else
		topology_read_iface(r, w);
}

static void read_words(struct topology_reader *r, const struct words *w)
{
	const struct statement *s = statements;
	const struct statement *end = statements + ARRAY_SIZE(statements);
	while (s < end && strcmp(s->name, w->list[0]) != 0)
		s++;
	if (s == end)
		read_other(r, w);
	else if (w->more || w->count < s->min || w->count > s->max)
		faults_add(r->faults, r->line, _("wanted: %s %s"), s->name, s->args);
	else if (s->in_node && r->node == 0)
		faults_add(
			r->faults, r->line, _("`%s` belongs below a line `node NAME`."), s->name);
	else
		s->read(r, w);
}

/* `#` begins a comment at the beginning of a word. */
static void cut_comment(char *line)
{
	for (char *c = strchr(line, '#'); c; c = strchr(c + 1, '#')) {
		if (c > line && (c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
	}
}

static void read_line(struct topology_reader *r, char *line)
{
	char name[NAME_SIZE], said[SAID_SIZE];
	if (line_is_idle(line))
		return;
	cut_comment(line);
	char *filled = names_fill(r->names, line, name);
	if (!filled) {
		faults_add(r->faults, r->line, _("{%s} is not known above this line.%s"), name,
			names_said_near(r->names, name, said));
		return;
	}
	struct words w;
	words_split(&w, filled);
	if (w.count)
		read_words(r, &w);
	free(filled);
}

/* Machines are plugged in as they are listed; those that `first` names come last, backwards. */
static void give_ranks(struct topology_reader *r)
{
	struct topology *t = r->t;
	for (uint16_t i = 0; i < t->iface_count; i++)
		t->ifaces[i].rank = i + 1u;
	for (size_t n = r->first_count; n > 0; n--)
		for (uint16_t i = 0; i < t->iface_count; i++)
			if (t->ifaces[i].node == r->first[n - 1])
				t->ifaces[i].rank +=
					(uint32_t)(r->first_count - n + 1) * TOPOLOGY_IFACES_MAX;
}

int topology_read(const char *text, size_t len, unsigned first_line, struct topology *ret,
	struct names *ret_names, struct faults *faults)
{
	size_t before = faults->count;
	struct topology_reader r = { .t = ret, .names = ret_names, .faults = faults };
	struct source source;
	memset(ret, 0, sizeof *ret);
	*ret_names = (struct names) { 0 };
	if (source_read(&source, text, len, first_line, faults)) {
		struct line_walk walk = walk_begin(source.text, first_line);
		for (char *line; !faults_full(faults) && (line = walk_next(&walk));) {
			r.line = walk.line;
			read_line(&r, line);
		}
		if (r.node)
			names_add_node(r.names, ret, r.node);
		r.line = first_line;
		topology_rules(&r);
		give_ranks(&r);
	}
	source_done(&source);
	return faults->count > before || faults->more ? -EINVAL : 0;
}
