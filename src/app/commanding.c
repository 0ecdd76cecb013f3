/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the table of commands walked: for a key, the key bar, the `:` line and the help. */
#include <config.h>

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "ui.h"

#define IN(pane) (1u << (pane))

static bool means_something(const struct ui *u, const struct command *c)
{
	return !c->scopes || c->scopes & 1u << u->scope;
}

const struct command *ui_command_for(const struct ui *u, uint32_t key)
{
	const struct command *c, *other = NULL;
	for (size_t i = 0; (c = ui_command(u, i)); i++) {
		if ((c->panes && !(c->panes & IN(u->screen.focus))) || !key_among(c->keys, key))
			continue;
		if (means_something(u, c))
			return c;
		other = other ? other : c;
	}
	return other;
}

void ui_bar(const struct ui *u, struct bar_item *items, size_t size)
{
	size_t n = 0;
	const struct command *c;
	for (size_t i = 0; (c = ui_command(u, i)) && n + 1 < size; i++) {
		if (!c->bar || !means_something(u, c) ||
			(c->panes && !(c->panes & IN(u->screen.focus))) ||
			(u->lab && !lab_offers(u, c)))
			continue;
		/* A key that means something else here. */
		if (ui_command_for(u, key_named(c->keys, strcspn(c->keys, " "))) != c)
			continue;
		/* Only the lesson's Enter means something else from moment to moment. */
		const char *label = c->bar[0] ? i18n_at("key", c->bar) : lab_entering(u);
		if (!label[0])
			continue;
		struct text key = text_in(items[n].key, sizeof items[n].key);
		text_putn(&key, c->keys, strcspn(c->keys, " "));
		text_end(&key);
		items[n].always = strcmp(c->name, "help") == 0 || strcmp(c->name, "quit") == 0;
		items[n++].label = label;
	}
	items[n].key[0] = '\0';
}

void ui_run(struct ui *u, const struct command *c, const char *args)
{
	if (!means_something(u, c))
		screen_say(&u->screen, true,
			u->player ? _("%s is for a live machine; this is a recording.")
			: u->scope == SCOPE_FILE ? _("%s is for a live machine; this is a file.")
						 : _("%s is for a live machine; this is a lab."),
			c->name);
	else
		c->run(u, args);
}

void ui_run_line(struct ui *u, const char *line)
{
	char name[32];
	size_t len = strcspn(line, " ");
	const char *args = line + len + strspn(line + len, " ");
	if (!len)
		return;
	if (u->scope == SCOPE_LAB && lab_is_order(line)) {
		lab_order(u, line);
		return;
	}
	if (len < sizeof name) {
		const struct command *c;
		memcpy(name, line, len);
		name[len] = '\0';
		for (size_t i = 0; (c = ui_command(u, i)); i++)
			if (strcmp(c->name, name) == 0) {
				ui_run(u, c, c->args ? args : "");
				return;
			}
	}
	screen_say(&u->screen, true, _("There is no command '%.*s'; ? lists them all."),
		len < 32 ? (int)len : 32, line);
}

/* The names that the `:` line takes, each once. */
static void help_names(const struct ui *u, struct text *t)
{
	const struct command *c, *before = NULL;
	text_char(t, '\n');
	text_put(t, _("On the : line the names count: "));
	for (size_t i = 0; (c = ui_command(u, i)); before = c, i++) {
		if (before && strcmp(c->name, before->name) == 0)
			continue;
		text_put(t, before ? ", " : "");
		text_put(t, c->name);
	}
	text_put(t, ".");
}

/* In a lab the `:` line also takes the words of the lessons. */
static void help_orders(struct text *t)
{
	size_t count;
	const struct order_word *words = order_words(&count);
	text_put(t, "\n\n");
	text_put(t, _("It also takes what lessons do to machines:"));
	text_char(t, '\n');
	for (size_t i = 0; i < count; i++) {
		text_printf(t, "\t%s %s\n", words[i].name, words[i].args);
		text_printf(t, "\t            %s\n", _(words[i].help));
	}
}

static const char *help_for(const struct ui *u)
{
	if (u->player)
		return _(
			"The screen shows a recording: what happened on a machine, or in a lab and "
			"its lesson, as it was at the time that stands above. Nothing of it can "
			"be changed any more.");
	if (u->lab)
		return _("The screen shows a private network on the real kernel: its machines, all "
			 "their ARP caches, and every frame on the LAN once. Below stands the "
			 "lesson, and the sysctls of the chosen machine. Nothing here can touch "
			 "this computer's own network.");
	return _("The screen shows this machine's interfaces, its ARP cache and the who-has and "
		 "is-at frames on its wires. Below stand the sysctls that decide about ARP: the "
		 "own value = the one that counts, with 'all' behind it when net.ipv4.conf.all "
		 "makes it so. Marks: ? request  ! reply  P probe  A announcement  G gratuitous"
		 "  u unicast poll.");
}

void ui_help(struct ui *u)
{
	struct dialog *d = &u->screen.dialog;
	struct text t = text_in(d->text, sizeof d->text);
	const struct command *c;
	memset(d, 0, sizeof *d);
	d->open = true;
	u->question = ASK_NOTHING;
	text_copy(d->title, sizeof d->title, _("Help"));
	text_copy(d->keys, sizeof d->keys, _("Up, Down scroll   Esc closes"));
	text_put(&t, help_for(u));
	text_put(&t, "\n\n");
	for (size_t i = 0; (c = ui_command(u, i)); i++) {
		size_t start = t.len;
		if (!means_something(u, c) || !c->help)
			continue;
		text_char(&t, '\t');
		text_put(&t, c->keys[0] ? c->keys : ":");
		text_put(&t, c->keys[0] ? "" : c->name);
		text_pad(&t, start + 12);
		text_put(&t, _(c->help));
		text_char(&t, '\n');
	}
	help_names(u, &t);
	if (u->lab)
		help_orders(&t);
	text_end(&t);
}
