/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: words that say what a neighbour entry is like: its state, and its age. */
#include <config.h>

#include "entry.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include <linux/neighbour.h>

#include <arplab/app.h>
#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#define WORD_SIZE 64 /* Longer ones are cut; none is valid. */

static const struct {
	const char *name;
	uint16_t state;
	bool mac;
} states[] = {
	{ "none", NUD_NONE, false },
	{ "INCOMPLETE", NUD_INCOMPLETE, false },
	{ "REACHABLE", NUD_REACHABLE, true },
	{ "STALE", NUD_STALE, true },
	{ "DELAY", NUD_DELAY, true },
	{ "PROBE", NUD_PROBE, true },
	{ "FAILED", NUD_FAILED, false },
	{ "NOARP", NUD_NOARP, true },
	{ "PERMANENT", NUD_PERMANENT, true },
};

#define STATES (sizeof states / sizeof *states)

static const char *state_name(const void *arg, size_t i)
{
	(void)arg;
	return i < STATES ? states[i].name : NULL;
}

static int no_state(const char *word, struct err *err)
{
	char also[80], big[WORD_SIZE];
	text_copy(big, sizeof big, word);
	for (char *c = big; *c; c++)
		if (text_is_letter(*c))
			*c = (char)(*c & ~0x20);
	return err_set(err, -EINVAL,
		_("\"%.60s\" is no state of a neighbour entry, such as STALE, or none.%s"), word,
		text_did_you_mean(also, sizeof also, text_nearest(big, state_name, NULL)));
}

int entry_state(const char *word, uint16_t *ret, bool *ret_mac, struct err *err)
{
	size_t i = 0;
	while (i < STATES && strcasecmp(word, states[i].name) != 0)
		i++;
	if (i == STATES)
		return no_state(word, err);
	*ret = states[i].state;
	*ret_mac = states[i].mac;
	return 0;
}

int entry_age(const char *word, uint64_t *ret_ns, struct err *err)
{
	char number[WORD_SIZE];
	size_t digits = strspn(word, "0123456789");
	bool in_ms = strcmp(word + digits, "ms") == 0;
	int64_t ms = 0;
	text_copy(number, sizeof number, word);
	if (digits < sizeof number)
		number[digits] = '\0';
	if (in_ms && text_parse_int(number, 0, INT32_MAX, &ms) == 0) {
		*ret_ns = (uint64_t)ms * NS_PER_MS;
		return 0;
	}
	/* As a duration it would have to be more than nothing. */
	if (strcmp(word, "0") == 0 || strcmp(word, "0s") == 0) {
		*ret_ns = 0;
		return 0;
	}
	if (!in_ms && app_parse_duration(word, ret_ns) == 0)
		return 0;
	return err_set(
		err, -EINVAL, _("\"%.60s\" is no age; one is written like 500ms, 5s or 2m"), word);
}
