/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: texts in the reader's language. How a text is marked, so that gettext finds and translates
 * it. */
#ifndef ARPLAB_I18N_H
#define ARPLAB_I18N_H

#include <libintl.h>

/*
 * A whole sentence or label is marked, with %s where values go, never a piece of one: languages
 * order their words differently, and a translation may say %2$s before %1$s. Names that a person
 * types (subcommands, orders, sysctls), the words of the wire (who-has, tell, is-at), states such
 * as STALE, and everything that a program reads (JSON, TAP) are the same in every language.
 *
 *	text_printf(&t, _("%s stays silent"), link);
 *	text_printf(&t, ngettext("%zu machine", "%zu machines", n), n);
 *
 * A constant table marks its texts with N_() and whoever shows them says _(row->text). A short text
 * that is the same in English but not elsewhere carries the place where it stands: C_("filter",
 *"none").
 */
#define _(text) gettext(text)
#define N_(text) text
#define C_(where, text) i18n_in(where "\004" text, text)
#define NC_(where, text) text

/* A text in its place: the key of C_(), and what is shown where nothing is translated. */
const char *i18n_in(const char *key, const char *text) __attribute__((format_arg(2)));
/* A text of a table marked with NC_(), in its place. */
const char *i18n_at(const char *where, const char *text) __attribute__((format_arg(2)));

#endif
