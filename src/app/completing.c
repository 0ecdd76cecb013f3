/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: Tab on the `:` line: names of commands, and of sysctls behind `set`. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "ui.h"

/* What completes a word: the letters on which all candidates so far agree. */
struct completion {
	const char *word;
	size_t len;
	char common[64];
	bool any;
};

static void candidate(struct completion *c, const char *name)
{
	if (strncmp(name, c->word, c->len) != 0)
		return;
	if (!c->any)
		text_copy(c->common, sizeof c->common, name);
	size_t same = 0;
	while (c->common[same] && c->common[same] == name[same])
		same++;
	c->common[same] = '\0';
	c->any = true;
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
	const char *blank = strchr(line, ' ');
	struct completion c = { .word = blank ? blank + 1 : line };
	c.len = strlen(c.word);
	size_t count;
	const struct command *commands = ui_commands(&count);
	if (!blank)
		for (size_t i = 0; i < count; i++)
			candidate(&c, commands[i].name);
	else if (strncmp(line, "set ", 4) == 0)
		complete_sysctl(u->model, &c);
	size_t at = (size_t)(c.word - line);
	if (c.any && at + strlen(c.common) < size)
		memcpy(line + at, c.common, strlen(c.common) + 1);
}
