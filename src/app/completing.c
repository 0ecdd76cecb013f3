/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: Tab on the `:` line: names of commands, and of sysctls behind `set`. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "ui.h"

/* What completes a word: the letters on which all candidates so far agree. */
struct completion {
	const char *word;
	size_t len;
	char common[64];
	bool any;
	bool whole; /* There is one candidate, perhaps told several times. */
};

static void candidate(struct completion *c, const char *name)
{
	if (strncmp(name, c->word, c->len) != 0)
		return;
	c->whole = !c->any || (c->whole && strcmp(name, c->common) == 0);
	if (!c->any)
		text_copy(c->common, sizeof c->common, name);
	size_t same = 0;
	while (c->common[same] && c->common[same] == name[same])
		same++;
	c->common[same] = '\0';
	c->any = true;
}

/* The lab's words are those that can stand last on the line. */
static bool take_candidate(void *arg, const char *word)
{
	struct completion *c = arg;
	candidate(c, word);
	return true;
}

/* NAME.KEY= for every sysctl there is. */
static void complete_sysctl(const struct model *m, struct completion *c)
{
	size_t keys;
	const struct sysctl_key *key = sysctl_keys(&keys);
	for (size_t i = 0; i < m->conf_count; i++)
		for (size_t k = 0; k < keys; k++) {
			char name[64];
			if (!(m->confs[i].known & UINT64_C(1) << k))
				continue;
			snprintf(name, sizeof name,
				"%s.%s=", model_conf_name(m, m->confs[i].ifindex), key[k].name);
			candidate(c, name);
		}
}

void ui_complete(const struct ui *u, char *line, size_t size)
{
	/* Orders of a lab are completed word by word, sysctls as a whole. */
	const char *blank = u->lab ? strrchr(line, ' ') : strchr(line, ' ');
	struct completion c = { .word = blank ? blank + 1 : line };
	c.len = strlen(c.word);
	const struct command *command;
	if (u->lab)
		order_complete(line, &u->lab->topology, take_candidate, &c);
	if (!blank)
		for (size_t i = 0; (command = ui_command(u, i)); i++)
			candidate(&c, command->name);
	else if (!u->lab && strncmp(line, "set ", 4) == 0)
		complete_sysctl(u->model, &c);
	size_t at = (size_t)(c.word - line);
	size_t len = strlen(c.common);
	if (!c.any || at + len + 1 >= size)
		return;
	memcpy(line + at, c.common, len + 1);
	/* Behind "eth0.arp_ignore=" a value follows; behind other words the next one. */
	if (c.whole && len && c.common[len - 1] != '=')
		memcpy(line + at + len, " ", 2);
}
