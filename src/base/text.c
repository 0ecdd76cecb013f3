/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base: bounded text, written quickly.
 *
 * A storm of frames becomes lines at some hundred thousand a second, so numbers and addresses are
 * written by table look-up, straight into the buffer; only text_printf() interprets a format.
 * Once a text is cut, nothing more is added to it: an end without its middle would be a lie.
 */
#include <config.h>

#include <arplab/text.h>

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/utf8.h>

static const char pairs[200] = "00010203040506070809101112131415161718192021222324"
			       "25262728293031323334353637383940414243444546474849"
			       "50515253545556575859606162636465666768697071727374"
			       "75767778798081828384858687888990919293949596979899";
static const char hex[16] = "0123456789abcdef";

struct text text_in(char *bytes, size_t size)
{
	assert(size > 0);
	return (struct text) { .bytes = bytes, .size = size };
}

const char *text_end(struct text *t)
{
	t->bytes[t->len] = '\0';
	return t->bytes;
}

/* Bytes that can still be added. */
static size_t room(const struct text *t)
{
	return t->cut ? 0 : t->size - 1 - t->len;
}

/* The length at most `len` that ends between two characters. s[len] is readable. */
static size_t whole(const char *s, size_t len)
{
	while (len > 0 && ((uint8_t)s[len] & 0xc0) == 0x80)
		len--;
	return len;
}

void text_putn(struct text *t, const char *s, size_t len)
{
	size_t left = room(t);
	if (len > left) {
		len = whole(s, left);
		t->cut = true;
	}
	memcpy(t->bytes + t->len, s, len);
	t->len += len;
}

void text_put(struct text *t, const char *s)
{
	text_putn(t, s, strlen(s));
}

void text_char(struct text *t, char c)
{
	if (room(t))
		t->bytes[t->len++] = c;
	else
		t->cut = true;
}

enum { U64_DIGITS = 20 };

/* Decimal digits that end at `end`. Returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
	while (value >= 100) {
		end -= 2;
		memcpy(end, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value < 10) {
		*--end = (char)('0' + value);
		return end;
	}
	end -= 2;
	memcpy(end, pairs + value * 2, 2);
	return end;
}

void text_u64(struct text *t, uint64_t value)
{
	char digits[U64_DIGITS];
	char *end = digits + sizeof digits;
	char *begin = digits_before(end, value);
	text_putn(t, begin, (size_t)(end - begin));
}

void text_i64(struct text *t, int64_t value)
{
	if (value < 0)
		text_char(t, '-');
	text_u64(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void text_grouped(struct text *t, uint64_t value)
{
	char digits[U64_DIGITS];
	char *end = digits + sizeof digits;
	for (char *d = digits_before(end, value); d < end; d++) {
		text_char(t, *d);
		if ((end - d) % 3 == 1 && end - d > 1)
			text_char(t, ',');
	}
}

void text_zeros(struct text *t, uint64_t value, unsigned digits)
{
	char bytes[U64_DIGITS];
	char *end = bytes + sizeof bytes;
	char *begin = digits_before(end, value);
	assert(digits <= sizeof bytes);
	while (begin > end - digits)
		*--begin = '0';
	text_putn(t, begin, (size_t)(end - begin));
}

static char *hex_put(char *p, uint8_t byte)
{
	p[0] = hex[byte >> 4];
	p[1] = hex[byte & 15];
	return p + 2;
}

void text_hex(struct text *t, uint8_t byte)
{
	char digits[2];
	hex_put(digits, byte);
	text_putn(t, digits, sizeof digits);
}

static char *octet_put(char *p, uint8_t octet)
{
	if (octet >= 100) {
		unsigned hundreds = octet / 100;
		*p++ = (char)('0' + hundreds);
		memcpy(p, pairs + (octet - hundreds * 100) * 2, 2);
		return p + 2;
	}
	if (octet >= 10) {
		memcpy(p, pairs + octet * 2, 2);
		return p + 2;
	}
	*p = (char)('0' + octet);
	return p + 1;
}

/* Takes at most 15 bytes. */
static char *ip_put(char *p, uint32_t ip)
{
	uint8_t octets[4];
	memcpy(octets, &ip, sizeof octets);
	for (unsigned i = 0; i < 4; i++) {
		if (i)
			*p++ = '.';
		p = octet_put(p, octets[i]);
	}
	return p;
}

void text_ip(struct text *t, uint32_t ip)
{
	char quad[15];
	if (room(t) >= sizeof quad) {
		char *end = ip_put(t->bytes + t->len, ip);
		t->len = (size_t)(end - t->bytes);
		return;
	}
	text_putn(t, quad, (size_t)(ip_put(quad, ip) - quad));
}

void text_mac(struct text *t, const uint8_t mac[6])
{
	char bytes[17];
	char *p = bytes;
	for (unsigned i = 0; i < 6; i++) {
		if (i)
			*p++ = ':';
		p = hex_put(p, mac[i]);
	}
	text_putn(t, bytes, sizeof bytes);
}

void text_pad(struct text *t, size_t column)
{
	if (column <= t->len)
		return;
	size_t spaces = column - t->len;
	size_t left = room(t);
	if (spaces > left) {
		spaces = left;
		t->cut = true;
	}
	memset(t->bytes + t->len, ' ', spaces);
	t->len += spaces;
}

/*
 * One character off a string that may not be terminated.
 * Returns the number of bytes it takes, 0 at the end; *ret is U+FFFD where utf8_next() says so.
 */
static size_t next_of(const char *s, size_t max, uint32_t *ret)
{
	char head[5] = { 0 };
	memcpy(head, s, strnlen(s, max < 4 ? max : 4));
	const char *p = head;
	*ret = utf8_next(&p);
	return (size_t)(p - head);
}

static bool is_plain(char c)
{
	return c >= ' ' && c < 0x7f;
}

void text_name(struct text *t, const char *s, size_t max)
{
	while (max > 0 && *s) {
		size_t len = 0;
		while (len < max && is_plain(s[len]))
			len++;
		text_putn(t, s, len);
		s += len;
		max -= len;
		uint32_t c;
		len = max ? next_of(s, max, &c) : 0;
		if (len == 0)
			return;
		text_putn(t, c == 0xfffd ? "?" : s, c == 0xfffd ? 1 : len);
		s += len;
		max -= len;
	}
}

static void json_escape(struct text *t, unsigned c)
{
	char bytes[6] = { '\\', 'u' };
	hex_put(hex_put(bytes + 2, (uint8_t)(c >> 8)), (uint8_t)c);
	text_putn(t, bytes, sizeof bytes);
}

/* A control character, a quote or a backslash: RFC 8259, 7. */
static void json_special(struct text *t, char c)
{
	static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	for (const char *f = short_forms; *f; f += 2) {
		if (f[0] == c) {
			text_putn(t, (char[]) { '\\', f[1] }, 2);
			return;
		}
	}
	json_escape(t, (uint8_t)c);
}

/*
 * Well-formed characters that command a terminal are kept, but as escapes: who reads the JSON gets
 * what was there, who looks at it on a screen is safe. They are of two or three bytes.
 */
static void json_foreign(struct text *t, const char *s, size_t len)
{
	const uint8_t *b = (const uint8_t *)s;
	if (len == 1)
		text_putn(t, "\xef\xbf\xbd", 3);
	else if (len == 2)
		json_escape(t, (b[0] & 0x1fu) << 6 | (b[1] & 0x3fu));
	else
		json_escape(t, (b[0] & 0xfu) << 12 | (b[1] & 0x3fu) << 6 | (b[2] & 0x3fu));
}

void text_json(struct text *t, const char *s)
{
	while (*s) {
		size_t len = 0;
		while (is_plain(s[len]) && s[len] != '"' && s[len] != '\\')
			len++;
		text_putn(t, s, len);
		s += len;
		if (!*s)
			return;
		if ((uint8_t)*s < 0x80) {
			json_special(t, *s++);
			continue;
		}
		const char *next = s;
		uint32_t c = utf8_next(&next);
		len = (size_t)(next - s);
		if (c == 0xfffd)
			json_foreign(t, s, len);
		else
			text_putn(t, s, len);
		s = next;
	}
}

void text_printf(struct text *t, const char *format, ...)
{
	size_t left = room(t);
	char *begin = t->bytes + t->len;
	va_list args;
	va_start(args, format);
	int len = vsnprintf(begin, left + 1, format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len <= left) {
		t->len += (size_t)len;
		return;
	}
	/* The cut may have torn the last character, and whether it did cannot be seen any more. */
	while (left > 0 && ((uint8_t)begin[left - 1] & 0xc0) == 0x80)
		left--;
	if (left > 0 && (uint8_t)begin[left - 1] >= 0xc0)
		left--;
	t->len += left;
	t->cut = true;
}

void text_age(struct text *t, uint64_t age_ns)
{
	static const struct {
		uint64_t seconds;
		char letter;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	uint64_t seconds = age_ns / NS_PER_S;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (seconds >= units[i].seconds) {
			text_u64(t, seconds / units[i].seconds);
			text_char(t, units[i].letter);
			return;
		}
	}
	text_put(t, "now");
}

int text_parse_int(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = *s == '-';
	const char *p = s + negative;
	if (!*p)
		return -EINVAL;
	uint64_t limit = (uint64_t)INT64_MAX + negative;
	uint64_t value = 0;
	bool over = false;
	for (; *p; p++) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		uint64_t digit = (uint64_t)(*p - '0');
		over = over || value > (limit - digit) / 10;
		if (!over)
			value = value * 10 + digit;
	}
	int64_t number = (int64_t)(negative ? 0 - value : value);
	if (over || number < min || number > max)
		return -ERANGE;
	*ret = number;
	return 0;
}

void text_copy(char *field, size_t size, const char *s)
{
	assert(size > 0);
	size_t len = strnlen(s, size);
	if (len == size)
		len = whole(s, size - 1);
	memcpy(field, s, len);
	memset(field + len, 0, size - len);
}

bool text_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool text_is_name(const char *s, size_t size, const char *also)
{
	if (!text_is_letter(s[0]) || !memchr(s, '\0', size))
		return false;
	for (; *s; s++)
		if (!text_is_letter(*s) && !(*s >= '0' && *s <= '9') && !strchr(also, *s))
			return false;
	return true;
}
