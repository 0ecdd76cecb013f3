/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: the table that po/texts.awk makes from the files po/LANGUAGE.po. */
#ifndef ARPLAB_I18N_TABLE_H
#define ARPLAB_I18N_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Offsets and not pointers: nothing has to be relocated when the program starts. */
struct i18n_row {
	uint32_t key;  /* The English text; a place and EOT may stand before it. */
	uint32_t text; /* The translation; of a plural, all forms with a zero between them. */
};

struct i18n_catalogue {
	const char *language;
	const char *bytes;
	const struct i18n_row *rows; /* Sorted by their keys' bytes. */
	size_t count;
	unsigned long (*form)(unsigned long count); /* Which form of a plural. */
};

/* Ends with a row of NULLs. */
extern const struct i18n_catalogue i18n_catalogues[];

#endif
