/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: structs written as `name=value …` and read again, by a table of their fields.
 *
 * Numbers are decimal; IPs dotted; MACs with colons; texts have every byte outside 0x21..0x7e and
 * '%' as %XX; frame bytes are hexadecimal; a sysctl key is its name. A field that is zero is not
 * written and, when it is missing, is read as zero.
 */
#ifndef ARPLAB_RECORD_H
#define ARPLAB_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/text.h>

enum record_type {
	RECORD_U8,
	RECORD_U16,
	RECORD_U32,
	RECORD_U64,
	RECORD_I32,
	RECORD_IP,
	RECORD_MAC,
	RECORD_TEXT,  /* char[size] */
	RECORD_KEY,   /* uint16_t index into the table of sysctls */
	RECORD_BYTES, /* uint8_t[size], as many as the uint16_t right before it says */
};

struct record_field {
	const char *name;
	enum record_type type;
	size_t offset, size;
};

void record_write(struct text *t, const void *object, const struct record_field *fields,
	size_t count);
/*
 * Read one ` name=value` word into the object.
 * Returns 0 or -EBADMSG and a sentence: unknown name, or a value that does not fit.
 */
int record_read(const char *word, void *object, const struct record_field *fields, size_t count,
	struct err *err);

#endif
