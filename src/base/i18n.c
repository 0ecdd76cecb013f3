/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: a text in its place, as gettext's catalogues keep it: place, EOT, text. */
#include <config.h>

#include <arplab/i18n.h>

#include <arplab/text.h>

const char *i18n_in(const char *key, const char *text)
{
	const char *found = gettext(key);
	return found == key ? text : found;
}

const char *i18n_at(const char *where, const char *text)
{
	char key[256];
	struct text t = text_in(key, sizeof key);
	text_put(&t, where);
	text_char(&t, '\004');
	text_put(&t, text);
	text_end(&t);
	const char *found = t.cut ? key : gettext(key);
	return found == key ? text : found;
}
