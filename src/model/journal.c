/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the undo journal, read from text and written as text. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/journal.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include <arplab/sysctl.h>

#define HEAD_LINE "arplab-journal 1"
#define FIELDS_MAX 12

/* One line, cut into the fields between its blanks. */
struct line {
	size_t number; /* From 1 on, for sentences. */
	size_t count;
	const char *fields[FIELDS_MAX];
	char bytes[JOURNAL_LINE_MAX];
};

static const char *const families[] = { [SYSCTL_CONF] = "conf", [SYSCTL_NEIGH] = "neigh" };

static const char *const state_words[] = {
	[CHANGE_HELD] = "held",
	[CHANGE_KEPT] = "kept",
	[CHANGE_ORPHAN] = "orphan",
	[CHANGE_UNDONE] = "undone",
	[CHANGE_FOREIGN] = "foreign",
};

/* The state that a word names, or 0. */
static enum change_state state_of(const char *word)
{
	for (enum change_state s = CHANGE_HELD; s <= CHANGE_FOREIGN; s++) {
		if (strcmp(word, state_words[s]) == 0)
			return s;
	}
	return 0;
}

static bool line_split(struct line *l, const char *bytes, size_t len)
{
	if (len >= sizeof l->bytes || memchr(bytes, '\0', len))
		return false;
	memcpy(l->bytes, bytes, len);
	l->bytes[len] = '\0';
	l->count = 0;
	char *rest = l->bytes;
	while (rest) {
		if (l->count == FIELDS_MAX)
			return false;
		l->fields[l->count++] = strsep(&rest, " ");
	}
	return true;
}

static bool number_of(const char *field, int64_t min, int64_t max, int64_t *ret)
{
	return text_parse_int(field, min, max, ret) == 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool name_decode(const char *s, char ret[IFNAME_SIZE])
{
	size_t len = 0;

	memset(ret, 0, IFNAME_SIZE);
	while (*s) {
		int c = (unsigned char)*s++;
		if (c == '%') {
			int high = hex_digit(s[0]);
			int low = high < 0 ? -1 : hex_digit(s[1]);
			if (low < 0)
				return false;
			c = high * 16 + low;
			s += 2;
		}
		if (c == '\0' || len == IFNAME_SIZE - 1)
			return false;
		ret[len++] = (char)c;
	}
	return len > 0;
}

static void name_encode(struct text *t, const char *name)
{
	for (const char *c = name; *c; c++) {
		if (*c > ' ' && *c <= '~' && *c != '%') {
			text_char(t, *c);
		} else {
			text_char(t, '%');
			text_hex(t, (uint8_t)*c);
		}
	}
}

/* `all` and `default` are names and indices at once; the two must agree. */
static bool place_fits(int32_t ifindex, const char *name)
{
	return (ifindex == CONF_ALL) == (strcmp(name, "all") == 0) &&
	       (ifindex == CONF_DEFAULT) == (strcmp(name, "default") == 0);
}

/* Read `change NUMBER FAMILY NAME IFINDEX KEY BEFORE AFTER PID TIME-NS held|kept`. */
static const char *read_change(const struct line *l, struct change *ret)
{
	int64_t number, ifindex, before, after, pid, made;

	if (l->count != 11)
		return N_("a change has 11 words");
	const char *const *f = l->fields;
	int key = sysctl_find(f[5]);
	if (key < 0)
		return N_("its sysctl is none that arplab changes");
	const struct sysctl_key *row = sysctl_key((size_t)key);
	if (!row || strcmp(f[2], families[row->family]) != 0)
		return N_("its sysctl is of another family");
	if (!number_of(f[1], 1, UINT32_MAX - 1, &number) ||
		!number_of(f[4], CONF_DEFAULT, INT32_MAX, &ifindex) ||
		!number_of(f[6], INT32_MIN, INT32_MAX, &before) ||
		!number_of(f[7], INT32_MIN, INT32_MAX, &after) ||
		!number_of(f[8], 1, INT32_MAX, &pid) || !number_of(f[9], 0, INT64_MAX, &made))
		return N_("a number in it cannot be read");
	enum change_state state = state_of(f[10]);
	if (state != CHANGE_HELD && state != CHANGE_KEPT)
		return N_("its last word is neither held nor kept");

	struct change c = {
		.number = (uint32_t)number,
		.ifindex = (int32_t)ifindex,
		.key = (uint16_t)key,
		.state = (uint16_t)state,
		.before = (int32_t)before,
		.after = (int32_t)after,
		.pid = (int32_t)pid,
		.made_ns = (uint64_t)made,
	};
	if (!name_decode(f[3], c.name) || !place_fits(c.ifindex, c.name))
		return N_("its interface cannot be read");
	*ret = c;
	return NULL;
}

static void row_strike(struct journal *j, size_t at)
{
	j->count--;
	memmove(&j->rows[at], &j->rows[at + 1], (j->count - at) * sizeof j->rows[0]);
}

/* Read `undone N`, `kept N`, `orphan N` or `foreign N`. A row struck before may be named again. */
static const char *read_state(struct journal *j, const struct line *l, enum change_state state)
{
	int64_t number;

	if (l->count != 2 || !number_of(l->fields[1], 1, UINT32_MAX - 1, &number))
		return N_("it must name one change by its number");
	if (number >= j->next)
		return N_("it names a change that was never made");
	for (size_t i = j->count; i-- > 0;) {
		if (j->rows[i].number != number)
			continue;
		if (state == CHANGE_UNDONE)
			row_strike(j, i);
		else
			j->rows[i].state = (uint16_t)state;
		break;
	}
	return NULL;
}

/* Read the second line, `boot BOOT-ID`. */
static const char *read_boot(struct journal *j, const struct line *l)
{
	if (l->count != 2 || strcmp(l->fields[0], "boot") != 0)
		return N_("the boot's id was expected");
	size_t len = strlen(l->fields[1]);
	if (len == 0 || len >= sizeof j->boot)
		return N_("a boot's id has 1 to 39 characters");
	text_copy(j->boot, sizeof j->boot, l->fields[1]);
	return NULL;
}

static const char *read_head(const struct line *l)
{
	if (l->count != 2 || strcmp(l->fields[0], "arplab-journal") != 0)
		return N_("it is not arplab's");
	if (strcmp(l->fields[1], "1") != 0)
		return N_("it was written by a newer arplab");
	return NULL;
}

/* Returns what is wrong with the line, or NULL. */
static const char *read_line(struct journal *j, const struct line *l)
{
	if (l->number == 1)
		return read_head(l);
	if (l->number == 2)
		return read_boot(j, l);
	if (strcmp(l->fields[0], "change") == 0) {
		struct change *row = &j->rows[j->count];
		const char *flaw = read_change(l, row);
		if (flaw)
			return flaw;
		if (row->number < j->next)
			return N_("its number was used before");
		j->next = row->number + 1;
		j->count++;
		return NULL;
	}
	enum change_state state = state_of(l->fields[0]);
	if (state != 0 && state != CHANGE_HELD)
		return read_state(j, l, state);
	return N_("its first word means nothing here");
}

int journal_parse(const char *bytes, size_t len, struct journal *ret, struct err *err)
{
	struct journal j = { .next = 1 };
	struct line line = { .number = 0 };
	const char *end = bytes + len;

	while (bytes < end) {
		const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
		if (!feed)
			break;
		line.number++;
		if (j.count == JOURNAL_ROWS_MAX && strncmp(bytes, "change ", 7) == 0) {
			return err_set(err, -E2BIG, _("line %zu: more than %d changes are open"),
				line.number, JOURNAL_ROWS_MAX);
		}
		const char *flaw = N_("it is too long, or not text");
		if (line_split(&line, bytes, (size_t)(feed - bytes)))
			flaw = read_line(&j, &line);
		if (flaw)
			return err_set(err, -EBADMSG, _("line %zu: %s"), line.number, _(flaw));
		bytes = feed + 1;
	}
	*ret = j;
	return 0;
}

void journal_write_head(struct text *t, const char *boot)
{
	text_put(t, HEAD_LINE "\nboot ");
	text_put(t, boot);
	text_char(t, '\n');
}

void journal_write_change(struct text *t, const struct change *c)
{
	const struct sysctl_key *key = sysctl_key(c->key);

	text_printf(t, "change %" PRIu32 " %s ", c->number, families[key->family]);
	name_encode(t, c->name);
	text_printf(t, " %" PRId32 " %s %" PRId32 " %" PRId32 " %" PRId32 " %" PRIu64 " %s\n",
		c->ifindex, key->name, c->before, c->after, c->pid, c->made_ns,
		state_words[c->state]);
}

void journal_write_state(struct text *t, uint32_t number, enum change_state state)
{
	text_put(t, state_words[state]);
	text_char(t, ' ');
	text_u64(t, number);
	text_char(t, '\n');
}
