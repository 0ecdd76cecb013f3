/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: bounded text, written quickly: a buffer that is filled and never overrun. */
#ifndef ARPLAB_TEXT_H
#define ARPLAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A text in somebody else's bytes. The bytes stay the caller's.
 *
 *	char line[200];
 *	struct text t = text_in(line, sizeof line);
 *	text_put(&t, "who-has ");
 *	text_ip(&t, ip);
 *	puts(text_end(&t));
 *
 * What does not fit is cut, and `cut` says so. The text is always terminated by text_end().
 */
struct text {
	char *bytes;
	size_t size; /* Bytes there are, one of them for the terminator. */
	size_t len;  /* Bytes written, without a terminator. */
	bool cut;
};

struct text text_in(char *bytes, size_t size);
const char *text_end(struct text *t);
void text_put(struct text *t, const char *s);
void text_putn(struct text *t, const char *s, size_t len);
void text_char(struct text *t, char c);
/* Decimal, without leading zeros. */
void text_u64(struct text *t, uint64_t value);
void text_i64(struct text *t, int64_t value);
/* Decimal with commas between groups of three: 1,204. */
void text_grouped(struct text *t, uint64_t value);
/* Decimal with leading zeros to `digits` places. */
void text_zeros(struct text *t, uint64_t value, unsigned digits);
/* Two lower-case hexadecimal digits. */
void text_hex(struct text *t, uint8_t byte);
/* Dotted quad; ip in network order. */
void text_ip(struct text *t, uint32_t ip);
/* Six pairs with colons. */
void text_mac(struct text *t, const uint8_t mac[6]);
/* Spaces until `len` is at least `column` bytes. */
void text_pad(struct text *t, size_t column);
/* A foreign name: control characters and broken UTF-8 become '?'. */
void text_name(struct text *t, const char *s, size_t max);
/* The inside of a JSON string, escaped; broken UTF-8 becomes U+FFFD. */
void text_json(struct text *t, const char *s);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A span of time in its largest unit: "now", "7s", "3m", "5h", "2d". */
void text_age(struct text *t, uint64_t age_ns);

/*
 * Values as words of a sentence, which is one format for a translator:
 *
 *	text_printf(&t, _("who has %s: %s answers"), ip_word(ip).text, mac_word(mac).text);
 *
 * Such a word is there until the end of the whole expression.
 */
struct word {
	char text[40];
};
struct word ip_word(uint32_t ip);
/* 192.168.2.0/24 */
struct word prefix_word(uint32_t ip, unsigned prefix);
struct word mac_word(const uint8_t mac[6]);
struct word grouped_word(uint64_t value);
struct word age_word(uint64_t age_ns);
/* A foreign name of at most 39 bytes, as text_name() has it. */
struct word name_word(const char *name);

/*
 * Read one decimal integer that is the whole string.
 * Returns 0, -EINVAL (not a number) or -ERANGE (outside min..max); *ret only on success.
 */
int text_parse_int(const char *s, int64_t min, int64_t max, int64_t *ret);
/* A letter of ASCII. */
bool text_is_letter(char c);
/* Letters, digits and what is in `also`; a letter first, and an end within `size`. */
bool text_is_name(const char *s, size_t size, const char *also);
/* Letters to change, add, drop or swap to make one word the other, for suggestions. */
unsigned text_distance(const char *a, const char *b);
/*
 * The nearest of several words to one that is none of them, or NULL if none is near. name: the
 * word number i, NULL behind the last.
 */
const char *text_nearest(
	const char *word, const char *(*name)(const void *arg, size_t i), const void *arg);
/*
 * " Did you mean NEAREST?", or "" if that is NULL: the end of a sentence. Returns bytes; 80 of them
 * hold every word of ours.
 */
const char *text_did_you_mean(char *bytes, size_t size, const char *nearest);
/* Copy a string into a field of a fixed size, cut and always terminated, the rest zeroed. */
void text_copy(char *field, size_t size, const char *s);

#endif
