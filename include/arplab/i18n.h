/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: texts in the reader's language. How a text is marked, so that gettext's tools find it, and
 * how it is translated. */
#ifndef ARPLAB_I18N_H
#define ARPLAB_I18N_H

#include <stdbool.h>

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
 *
 * The tools are gettext's (po/po.am), and so are the files po/LANGUAGE.po; but the build puts them
 * into the program, as it does with lessons. So one file speaks every language wherever it is
 * copied, in a build tree, without a locale of the language, and in namespaces; English opens no
 * file at start-up; and C.UTF-8 with LANGUAGE works, which C libraries treat differently.
 */
#define _(text) i18n_text(text)
#define N_(text) text
#define C_(where, text) i18n_in(where "\004" text, text)
#define NC_(where, text) text
#define ngettext(one, many, count) i18n_count(one, many, count)

const char *i18n_text(const char *text) __attribute__((format_arg(1)));
const char *i18n_count(const char *one, const char *many, unsigned long count)
	__attribute__((format_arg(1), format_arg(2)));
/* A text in its place: the key of C_(), and what is shown where nothing is translated. */
const char *i18n_in(const char *key, const char *text) __attribute__((format_arg(2)));
/* A text of a table marked with NC_(), in its place. */
const char *i18n_at(const char *where, const char *text) __attribute__((format_arg(2)));

/*
 * What a reader wishes, from these variables of the environment, any of which may be NULL: LANGUAGE
 * is a list, best first; of the others the first that is set is the locale, and where that is C
 * nothing is translated. Returns the language, "zh_CN", or "" for English; it is static.
 * Source: gettext's manual, "Locale Environment Variables" and "The LANGUAGE variable".
 */
const char *i18n_choose(
	const char *language, const char *lc_all, const char *lc_messages, const char *lang);
/*
 * Speak a language from now on; English where there are no texts in it. To be called before a
 * second process is forked, and never while texts of another language are still shown.
 */
void i18n_speak(const char *language);
/* The language that is spoken: "zh_CN", or "" for English. */
const char *i18n_language(void);

#endif
