/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: structs written as `name=value …` and read again, by a table of their fields. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/record.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>

#define VALUE_MAX 1024

/* ---- writing ---- */

static uint64_t unsigned_at(const char *at, enum record_type type)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	switch (type) {
	case RECORD_U8:
		memcpy(&u8, at, sizeof u8);
		return u8;
	case RECORD_U16:
	case RECORD_KEY:
		memcpy(&u16, at, sizeof u16);
		return u16;
	case RECORD_U32:
	case RECORD_I32:
	case RECORD_IP:
		memcpy(&u32, at, sizeof u32);
		return u32;
	case RECORD_U64:
		memcpy(&u64, at, sizeof u64);
		return u64;
	case RECORD_MAC:
	case RECORD_TEXT:
	case RECORD_BYTES:
		break;
	}
	return 0;
}

static size_t bytes_len(const char *at, size_t size)
{
	size_t len = (size_t)unsigned_at(at - sizeof(uint16_t), RECORD_U16);
	return len < size ? len : size;
}

static bool is_zero(const char *at, const struct record_field *f)
{
	static const uint8_t nothing[6];
	switch (f->type) {
	case RECORD_MAC:
		return memcmp(at, nothing, sizeof nothing) == 0;
	case RECORD_TEXT:
		return *at == '\0';
	case RECORD_BYTES:
		return bytes_len(at, f->size) == 0;
	case RECORD_KEY:
		return false;
	case RECORD_U8:
	case RECORD_U16:
	case RECORD_U32:
	case RECORD_U64:
	case RECORD_I32:
	case RECORD_IP:
		break;
	}
	return unsigned_at(at, f->type) == 0;
}

static void write_text(struct text *t, const char *s, size_t size)
{
	for (size_t i = 0; i < size && s[i]; i++) {
		uint8_t c = (uint8_t)s[i];
		if (c > 0x20 && c < 0x7f && c != '%') {
			text_char(t, s[i]);
		} else {
			text_char(t, '%');
			text_hex(t, c);
		}
	}
}

static void write_value(struct text *t, const char *at, const struct record_field *f)
{
	const struct sysctl_key *key;
	uint64_t value = unsigned_at(at, f->type);
	switch (f->type) {
	case RECORD_I32:
		text_i64(t, (int32_t)value);
		break;
	case RECORD_IP:
		text_ip(t, (uint32_t)value);
		break;
	case RECORD_MAC:
		text_mac(t, (const uint8_t *)at);
		break;
	case RECORD_TEXT:
		write_text(t, at, f->size);
		break;
	case RECORD_KEY:
		key = sysctl_key((size_t)value);
		text_put(t, key ? key->name : "?");
		break;
	case RECORD_BYTES:
		for (size_t i = 0; i < bytes_len(at, f->size); i++)
			text_hex(t, (uint8_t)at[i]);
		break;
	case RECORD_U8:
	case RECORD_U16:
	case RECORD_U32:
	case RECORD_U64:
		text_u64(t, value);
		break;
	}
}

void record_write(
	struct text *t, const void *object, const struct record_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *at = (const char *)object + fields[i].offset;
		if (is_zero(at, &fields[i]))
			continue;
		text_char(t, ' ');
		text_put(t, fields[i].name);
		text_char(t, '=');
		write_value(t, at, &fields[i]);
	}
}

/* ---- reading ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Two hexadecimal digits, or -1. The second is only looked at if the first is one. */
static int hex_byte(const char *s)
{
	int high = hex_digit(s[0]);
	int low = high < 0 ? -1 : hex_digit(s[1]);
	return low < 0 ? -1 : high * 16 + low;
}

static int read_text(const char *s, char *at, size_t size)
{
	size_t n = 0;
	memset(at, 0, size);
	while (*s) {
		int c = (uint8_t)*s;
		if (c == '%') {
			c = hex_byte(s + 1);
			if (c <= 0)
				return -EBADMSG;
			s += 2;
		}
		if (n + 1 >= size)
			return -EBADMSG;
		at[n++] = (char)c;
		s++;
	}
	return 0;
}

static int read_bytes(const char *s, uint8_t *at, size_t size)
{
	size_t n = 0;
	for (; *s; s += 2) {
		int byte = hex_byte(s);
		if (byte < 0 || n == size)
			return -EBADMSG;
		at[n++] = (uint8_t)byte;
	}
	uint16_t len = (uint16_t)n;
	memcpy(at - sizeof len, &len, sizeof len);
	return 0;
}

static int read_u64(const char *s, uint64_t max, uint64_t *ret)
{
	char *end;
	if (*s < '0' || *s > '9')
		return -EBADMSG;
	errno = 0;
	unsigned long long value = strtoull(s, &end, 10);
	if (errno || *end || value > max)
		return -EBADMSG;
	*ret = value;
	return 0;
}

static int read_unsigned(const char *s, char *at, uint64_t max, size_t size)
{
	uint64_t value;
	if (read_u64(s, max, &value) < 0)
		return -EBADMSG;
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	const void *from = size == 1   ? (const void *)&u8
			   : size == 2 ? (const void *)&u16
			   : size == 4 ? (const void *)&u32
				       : (const void *)&value;
	memcpy(at, from, size);
	return 0;
}

static int read_i32(const char *s, char *at)
{
	int64_t value;
	if (text_parse_int(s, INT32_MIN, INT32_MAX, &value) < 0)
		return -EBADMSG;
	int32_t narrow = (int32_t)value;
	memcpy(at, &narrow, sizeof narrow);
	return 0;
}

static int read_key(const char *s, char *at)
{
	int key = sysctl_find(s);
	uint16_t index = (uint16_t)key;
	if (key < 0)
		return -EBADMSG;
	memcpy(at, &index, sizeof index);
	return 0;
}

static int read_ip(const char *s, char *at)
{
	uint32_t ip;
	if (ip_parse(s, &ip) < 0)
		return -EBADMSG;
	memcpy(at, &ip, sizeof ip);
	return 0;
}

static int read_value(const char *s, char *at, const struct record_field *f)
{
	switch (f->type) {
	case RECORD_U8:
		return read_unsigned(s, at, UINT8_MAX, 1);
	case RECORD_U16:
		return read_unsigned(s, at, UINT16_MAX, 2);
	case RECORD_U32:
		return read_unsigned(s, at, UINT32_MAX, 4);
	case RECORD_U64:
		return read_unsigned(s, at, UINT64_MAX, 8);
	case RECORD_I32:
		return read_i32(s, at);
	case RECORD_IP:
		return read_ip(s, at);
	case RECORD_MAC:
		return mac_parse(s, (uint8_t *)at) < 0 ? -EBADMSG : 0;
	case RECORD_TEXT:
		return read_text(s, at, f->size);
	case RECORD_KEY:
		return read_key(s, at);
	case RECORD_BYTES:
		return read_bytes(s, (uint8_t *)at, f->size);
	}
	return -EBADMSG;
}

int record_read(const char *word, void *object, const struct record_field *fields, size_t count,
	struct err *err)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : 0;
	for (size_t i = 0; equals && i < count; i++) {
		if (strlen(fields[i].name) != len || memcmp(fields[i].name, word, len) != 0)
			continue;
		if (read_value(equals + 1, (char *)object + fields[i].offset, &fields[i]) == 0)
			return 0;
		return err_set(err, -EBADMSG, _("'%s' has a value that does not fit"), word);
	}
	return err_set(err, -EBADMSG, _("'%s' is not name=value with a name known here"), word);
}
