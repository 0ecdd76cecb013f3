/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: how events are laid out, told in the file, so that an arplab with other fields can read
 * the events of this one.
 *
 * One line a kind, and one a sysctl, since events name sysctls by their place in a table:
 *	event 7 neigh 64 ifindex:i32:16:4 ip:ip:20:4 …     number, name, bytes, fields
 *	sysctl 0 arp_ignore
 * A field is its name, type, place and size in the event. Kinds, fields and sysctls are matched by
 * their names.
 */
#include <config.h>

#include "recording_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "event_fields.h"

#define KINDS_MAX 256
#define KEYS_MAX 256
#define FIELDS_MAX 32
#define HEAD_BYTES offsetof(struct event, hello)

static const char *const types[] = {
	[RECORD_U8] = "u8",
	[RECORD_U16] = "u16",
	[RECORD_U32] = "u32",
	[RECORD_U64] = "u64",
	[RECORD_I32] = "i32",
	[RECORD_IP] = "ip",
	[RECORD_MAC] = "mac",
	[RECORD_TEXT] = "text",
	[RECORD_KEY] = "key",
	[RECORD_BYTES] = "bytes",
};

#define TYPES (sizeof types / sizeof *types)

/* A field that both know. */
struct match {
	uint16_t from, from_size;
	const struct record_field *to;
};

struct kind {
	uint8_t ours; /* enum event_kind; 0: there is none of that name here. */
	uint8_t count;
	struct match matches[FIELDS_MAX];
};

struct layout {
	bool same;
	struct kind *kinds[KINDS_MAX]; /* By the file's number. */
	int16_t keys[KEYS_MAX];        /* Ours, by the file's number; -1: not known here. */
};

/* ---- writing ---- */

static void put_kind(struct text *t, enum event_kind kind)
{
	const char *name;
	const struct record_field *f = event_fields(kind, &name);
	text_printf(t, "event %d %s %zu", (int)kind, name, event_size(kind, 0));
	for (; f->name; f++)
		text_printf(t, " %s:%s:%zu:%zu", f->name, types[f->type], f->offset, f->size);
	text_char(t, '\n');
}

size_t recording_put_layout(char *bytes, size_t size)
{
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	struct text t = text_in(bytes, size);
	for (int kind = EVENT_HELLO; kind < EVENT_KINDS; kind++)
		put_kind(&t, (enum event_kind)kind);
	for (size_t i = 0; i < count; i++)
		text_printf(&t, "sysctl %zu %s\n", i, keys[i].name);
	text_end(&t);
	return t.len;
}

/* ---- reading ---- */

/* The next word of a line, ended by a blank; NULL behind the last. */
static char *next_word(char **line)
{
	return *line ? strsep(line, " ") : NULL;
}

static bool read_number(const char *word, int64_t max, int64_t *ret)
{
	return word && text_parse_int(word, 0, max, ret) == 0;
}

static const struct record_field *our_field(enum event_kind kind, const char *name)
{
	const char *kind_name;
	for (const struct record_field *f = event_fields(kind, &kind_name); f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static bool is_number(enum record_type type)
{
	return type <= RECORD_U64;
}

/* Numbers may have grown; everything else must be of the same type to mean the same. */
static bool fits(enum record_type from, size_t size, const struct record_field *to)
{
	static const size_t sizes[] = { 1, 2, 4, 8, 4, 4, 6 };
	if (from < sizeof sizes / sizeof *sizes && size != sizes[from])
		return false;
	if (from == RECORD_KEY && size != 2)
		return false;
	return from == to->type || (is_number(from) && is_number(to->type));
}

/* `name:type:place:size`. Returns whether it is one. */
static bool read_field(struct kind *k, char *word, size_t bytes)
{
	char *name = strsep(&word, ":"), *type = strsep(&word, ":"), *place = strsep(&word, ":");
	int64_t from, size;
	size_t i = 0;
	if (!read_number(place, UINT16_MAX, &from) || !read_number(word, UINT16_MAX, &size) ||
		size == 0 || (size_t)from < HEAD_BYTES)
		return false;
	while (i < TYPES && strcmp(types[i], type) != 0)
		i++;
	if (i == TYPES)
		return true; /* Of a type that is not known here. */
	/* The bytes of a frame stand behind what every frame has, and are counted right before. */
	if (i == RECORD_BYTES ? (size_t)from < HEAD_BYTES + sizeof(uint16_t)
			      : (size_t)(from + size) > bytes)
		return false;
	const struct record_field *to = k->ours ? our_field((enum event_kind)k->ours, name) : NULL;
	if (to && fits((enum record_type)i, (size_t)size, to) && k->count < FIELDS_MAX)
		k->matches[k->count++] = (struct match) { (uint16_t)from, (uint16_t)size, to };
	return true;
}

static uint8_t kind_named(const char *name)
{
	const char *ours;
	for (uint8_t i = EVENT_HELLO; i < EVENT_KINDS; i++)
		if (event_fields((enum event_kind)i, &ours) && strcmp(ours, name) == 0)
			return i;
	return 0;
}

static bool read_kind(struct layout *l, char *line)
{
	int64_t number, bytes;
	char *word = next_word(&line), *name = next_word(&line);
	if (!read_number(word, KINDS_MAX - 1, &number) || !name || l->kinds[number] ||
		!read_number(next_word(&line), UINT16_MAX, &bytes))
		return false;
	struct kind *k = l->kinds[number] = calloc(1, sizeof *k);
	if (!k)
		abort();
	k->ours = kind_named(name);
	while ((word = next_word(&line)))
		if (!read_field(k, word, (size_t)bytes))
			return false;
	return true;
}

static bool read_sysctl(struct layout *l, char *line)
{
	int64_t number;
	char *word = next_word(&line);
	if (!read_number(word, KEYS_MAX - 1, &number) || !line)
		return false;
	l->keys[number] = (int16_t)sysctl_find(line);
	return true;
}

/* Lines of a kind that is not known here are passed over. */
static bool read_line(struct layout *l, char *line)
{
	char *word = next_word(&line);
	if (strcmp(word, "event") == 0)
		return read_kind(l, line);
	if (strcmp(word, "sysctl") == 0)
		return read_sysctl(l, line);
	return true;
}

static bool is_ours(const char *text, size_t len)
{
	char *ours = malloc(RECORDING_LAYOUT_MAX);
	if (!ours)
		abort();
	size_t our_len = recording_put_layout(ours, RECORDING_LAYOUT_MAX);
	bool same = our_len == len && memcmp(ours, text, len) == 0;
	free(ours);
	return same;
}

struct layout *layout_read(const char *text, size_t len)
{
	struct layout *l = calloc(1, sizeof *l);
	char *copy = strndup(text, len), *rest = copy, *line;
	bool good = true;
	if (!l || !copy)
		abort();
	memset(l->keys, -1, sizeof l->keys);
	l->same = is_ours(text, len);
	while (good && !l->same && (line = strsep(&rest, "\n")))
		good = read_line(l, line);
	free(copy);
	if (good)
		return l;
	layout_free(l);
	return NULL;
}

void layout_free(struct layout *l)
{
	for (size_t i = 0; l && i < KINDS_MAX; i++)
		free(l->kinds[i]);
	free(l);
}

bool layout_same(const struct layout *l)
{
	return l->same;
}

/* ---- events ---- */

static uint64_t number_at(const uint8_t *at, size_t size)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	switch (size) {
	case 1:
		memcpy(&u8, at, sizeof u8);
		return u8;
	case 2:
		memcpy(&u16, at, sizeof u16);
		return u16;
	case 4:
		memcpy(&u32, at, sizeof u32);
		return u32;
	default:
		memcpy(&u64, at, sizeof u64);
		return u64;
	}
}

/* A number in a field of another width. Returns whether it fits there. */
static bool put_number(uint8_t *at, size_t size, uint64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	switch (size) {
	case 1:
		memcpy(at, &u8, sizeof u8);
		return u8 == value;
	case 2:
		memcpy(at, &u16, sizeof u16);
		return u16 == value;
	case 4:
		memcpy(at, &u32, sizeof u32);
		return u32 == value;
	default:
		memcpy(at, &value, sizeof value);
		return true;
	}
}

/* Copy one field. Returns whether its value means something here. */
static bool put_field(const struct layout *l, const struct match *m, const uint8_t *bytes,
	size_t size, struct event *ret)
{
	const uint8_t *from = bytes + m->from;
	uint8_t *to = (uint8_t *)ret + m->to->offset;
	size_t len = m->from_size < m->to->size ? m->from_size : m->to->size;
	switch (m->to->type) {
	case RECORD_U8:
	case RECORD_U16:
	case RECORD_U32:
	case RECORD_U64:
		return put_number(to, m->to->size, number_at(from, m->from_size));
	case RECORD_KEY:
		len = (size_t)number_at(from, sizeof(uint16_t));
		if (len >= KEYS_MAX || l->keys[len] < 0)
			return false;
		return put_number(to, sizeof(uint16_t), (uint64_t)l->keys[len]);
	case RECORD_TEXT:
		memcpy(to, from, len);
		to[m->to->size - 1] = '\0';
		return true;
	case RECORD_BYTES:
		/* As many as are counted right before; a frame that was kept longer is cut. */
		if (number_at(from - sizeof(uint16_t), sizeof(uint16_t)) < len)
			len = (size_t)number_at(from - sizeof(uint16_t), sizeof(uint16_t));
		if (m->from + len > size)
			return false;
		memcpy(to, from, len);
		return put_number(to - sizeof(uint16_t), sizeof(uint16_t), len);
	case RECORD_I32:
	case RECORD_IP:
	case RECORD_MAC:
		memcpy(to, from, len);
		return true;
	}
	return false;
}

static long same_event(const void *bytes, size_t len, struct event *ret)
{
	long size = event_check(bytes, len);
	if (size > 0)
		memcpy(ret, bytes, (size_t)size);
	return size;
}

long layout_event(const struct layout *l, const void *bytes, size_t len, struct event *ret)
{
	if (l->same)
		return same_event(bytes, len, ret);
	const struct event *e = bytes;
	if (len < HEAD_BYTES || e->size < HEAD_BYTES || e->size > len || e->size % 8 != 0)
		return -EBADMSG;
	long size = e->size;
	const struct kind *k = l->kinds[e->kind];
	memset(ret, 0, sizeof *ret);
	if (!k || !k->ours)
		return size;
	bool known = true;
	for (size_t i = 0; known && i < k->count; i++) {
		const struct match *m = &k->matches[i];
		size_t end = m->to->type == RECORD_BYTES ? m->from : m->from + m->from_size;
		if (end > (size_t)size)
			return -EBADMSG;
		known = put_field(l, m, bytes, (size_t)size, ret);
	}
	ret->flags = e->flags;
	ret->node = e->node;
	event_begin(ret, (enum event_kind)k->ours, e->at_ns);
	if (!known || event_check(ret, sizeof *ret) < 0)
		ret->size = 0;
	return size;
}
