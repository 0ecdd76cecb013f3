/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: names of keys, as the table of commands writes them. */
#include <config.h>

#include <string.h>

#include "ui.h"

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Tab", KEY_TAB },
	{ "S-Tab", KEY_BACK_TAB },
	{ "Enter", KEY_RETURN },
	{ "Esc", KEY_ESCAPE },
	{ "Space", KEY_SPACE },
	{ "Up", KEY_ARROW_UP },
	{ "Down", KEY_ARROW_DOWN },
	{ "Left", KEY_ARROW_LEFT },
	{ "Right", KEY_ARROW_RIGHT },
	{ "PgUp", KEY_PAGE_UP },
	{ "PgDn", KEY_PAGE_DOWN },
	{ "Home", KEY_TO_HOME },
	{ "End", KEY_TO_END },
	{ "F1", KEY_F1 },
	{ "F2", KEY_F2 },
	{ "F3", KEY_F3 },
	{ "F4", KEY_F4 },
	{ "F5", KEY_F5 },
	{ "F6", KEY_F6 },
	{ "F7", KEY_F7 },
	{ "F8", KEY_F8 },
	{ "F9", KEY_F9 },
	{ "F10", KEY_F10 },
};

uint32_t key_named(const char *name, size_t len)
{
	if (len == 1)
		return (uint8_t)name[0];
	if (len == 3 && name[0] == 'C' && name[1] == '-')
		return KEY_CONTROL((uint8_t)name[2]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
			return names[i].key;
	return KEY_NOTHING;
}

bool key_among(const char *list, uint32_t key)
{
	while (*list) {
		size_t len = strcspn(list, " ");
		if (key_named(list, len) == key)
			return true;
		list += len;
		list += strspn(list, " ");
	}
	return false;
}
