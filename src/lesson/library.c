/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the lessons that are built in, found by name; lessons/table.awk makes the table. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/library.h>

#include <errno.h>
#include <string.h>

#include <arplab/text.h>

#include "lesson_parts.h"
#include "library_table.h"

size_t library_count(void)
{
	size_t count = 0;
	while (library_lessons[count].id)
		count++;
	return count;
}

const struct library_lesson *library_lesson(size_t i)
{
	return i < library_count() ? &library_lessons[i] : NULL;
}

/* "06-arp-ignore-0" by "6" or "06", "ticket-03-idle" by "ticket-3" or "ticket-03". */
static bool has_number(const char *id, const char *word)
{
	size_t before = strcspn(id, "0123456789");
	if (strncmp(id, word, before) != 0)
		return false;
	id += before;
	word += before;
	size_t digits = strspn(word, "0123456789"), own = strspn(id, "0123456789");
	if (digits == 0 || word[digits] || own == 0)
		return false;
	size_t zeros = strspn(word, "0"), own_zeros = strspn(id, "0");
	return digits - zeros == own - own_zeros &&
	       memcmp(word + zeros, id + own_zeros, own - own_zeros) == 0;
}

static const char *id_at(const void *arg, size_t i)
{
	(void)arg;
	const struct library_lesson *l = library_lesson(i);
	return l && !*l->language ? l->id : NULL;
}

/* The original that a word means. */
static const struct library_lesson *find_original(const char *name, struct err *err)
{
	char said[SAID_SIZE];
	const struct library_lesson *found = NULL;
	for (const struct library_lesson *l = library_lessons; l->id && !*l->language; l++) {
		bool whole = strcmp(l->id, name) == 0;
		if (whole || has_number(l->id, name))
			return l;
		if (!*name || strncmp(l->id, name, strlen(name)) != 0)
			continue;
		if (found) {
			err_set(err, -EINVAL, _("%s may be %s or %s: write more of it."), name,
				found->id, l->id);
			return NULL;
		}
		found = l;
	}
	if (!found)
		err_set(err, -ENOENT, _("there is no lesson %s.%s"), name,
			lesson_near(said, name, id_at, NULL));
	return found;
}

const struct library_lesson *library_find(const char *name, const char *language, struct err *err)
{
	/* A beginning that two have may still be all of a third: look for that first. */
	const struct library_lesson *original = NULL;
	for (const struct library_lesson *l = library_lessons; l->id && !original; l++)
		if (!*l->language && strcmp(l->id, name) == 0)
			original = l;
	if (!original)
		original = find_original(name, err);
	if (!original)
		return NULL;
	for (const struct library_lesson *l = library_lessons; l->id; l++)
		if (strcmp(l->id, original->id) == 0 && strcmp(l->language, language) == 0)
			return l;
	return original;
}

const char *library_topology(const char *name, size_t *ret_len)
{
	for (const struct library_topology *t = library_topologies; t->name; t++) {
		if (strcmp(t->name, name) == 0) {
			*ret_len = t->len;
			return t->bytes;
		}
	}
	return NULL;
}

static const char *source_topology(void *arg, const char *name, size_t *ret_len)
{
	(void)arg;
	return library_topology(name, ret_len);
}

static const char *source_name(void *arg, size_t i)
{
	(void)arg;
	size_t count = 0;
	while (library_topologies[count].name)
		count++;
	return i < count ? library_topologies[i].name : NULL;
}

struct lesson_source library_source(void)
{
	return (struct lesson_source) { .topology = source_topology, .topology_name = source_name };
}
