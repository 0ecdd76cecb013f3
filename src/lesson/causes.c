/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: what a seed chooses besides addresses: which machine it is, and which of several causes
 * a ticket has.
 *
 * All of a step's blocks are read, whichever cause is chosen, so that each finding is made; then
 * those of the other causes are left out, and a play knows nothing of them.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/play.h>
#include <arplab/text.h>

#include "lesson_parts.h"

#define PICK_MAX 8
#define CAUSES_MAX 8

/* A number that seeds next to each other do not have in common. */
static uint32_t mixed(uint32_t seed, uint32_t salt)
{
	uint64_t z = (uint64_t)seed << 32 | salt;
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32 ^ z);
}

/* ---- machines ---- */

static bool is_machine(const struct topology *t, const char *name)
{
	for (size_t i = 0; i < t->node_count; i++)
		if (strcmp(t->nodes[i].name, name) == 0)
			return true;
	return false;
}

static bool is_name(const char *word)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz";
	return *word && strlen(word) < NAME_SIZE - 4 && !word[strspn(word, allowed)];
}

/* {bad} is the machine's name, as orders want it; {bad.ip} and {bad.mac} are its own. */
static void add_machine(struct names *n, const char *name, const char *machine)
{
	static const char *const parts[][2] = { { "", ".ip" }, { ".mac", ".mac" } };
	names_add(n, name, machine);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		char key[NAME_SIZE];
		struct text t = text_in(key, sizeof key);
		text_printf(&t, "%s%s", machine, parts[i][0]);
		const char *value = names_value(n, text_end(&t));
		t = text_in(key, sizeof key);
		text_printf(&t, "%s%s", name, parts[i][1]);
		text_end(&t);
		if (value && !t.cut) {
			char copy[sizeof n->list->value]; /* The list may move. */
			text_copy(copy, sizeof copy, value);
			names_add(n, key, copy);
		}
	}
}

/* "bad good = rs1 rs2": the seed says who is who. */
void causes_pick(struct reader *r)
{
	struct words w;
	if (!r->names_known || !r->pick[0])
		return;
	words_split(&w, r->pick);
	size_t count = (w.count - 1) / 2;
	bool good = w.count % 2 == 1 && count > 0 && count <= PICK_MAX && !w.more &&
		    strcmp(w.list[count], "=") == 0;
	for (size_t i = 0; good && i < count; i++)
		good = is_name(w.list[i]) && !names_value(&r->names, w.list[i]) &&
		       is_machine(&r->l->topology, w.list[count + 1 + i]);
	if (!good) {
		faults_add(r->faults, r->pick_line,
			_("wanted as many new names as machines, like \"bad good = rs1 rs2\"."));
		return;
	}
	size_t first = r->seed ? mixed(r->seed, 1) % count : 0;
	for (size_t i = 0; i < count; i++)
		add_machine(&r->names, w.list[i], w.list[count + 1 + (first + i) % count]);
}

/* ---- causes ---- */

/* Those that have a `break` of their own, in their order. Returns how many. */
static size_t list_causes(const struct step *s, const char *ret[CAUSES_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < s->item_count && count < CAUSES_MAX; i++) {
		const struct item *item = &s->items[i];
		if (item->kind != ITEM_BREAK || !item->cause[0])
			continue;
		bool known = false;
		for (size_t k = 0; k < count; k++)
			known = known || strcmp(ret[k], item->cause) == 0;
		if (!known)
			ret[count++] = item->cause;
	}
	return count;
}

static void check_causes(
	struct reader *r, const struct step *s, const char *const causes[], size_t count)
{
	for (size_t i = 0; i < s->item_count; i++) {
		const struct item *item = &s->items[i];
		bool known = !item->cause[0];
		for (size_t k = 0; k < count; k++)
			known = known || strcmp(causes[k], item->cause) == 0;
		if (!known)
			faults_add(r->faults, item->line,
				_("there is no cause %s: this step has no block ```break %s."),
				item->cause, item->cause);
	}
}

/* Leave out what belongs to other causes. */
static void keep(struct reader *r, struct step *s, const char *cause)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->item_count; i++) {
		struct item *item = &s->items[i];
		if (item->cause[0] && strcmp(item->cause, cause) != 0)
			item_free(item);
		else
			s->items[kept++] = *item;
	}
	s->item_count = kept;
	if (kept > PLAY_ITEMS_MAX)
		faults_add(r->faults, s->items[PLAY_ITEMS_MAX].line,
			_("a step has at most %d blocks and paragraphs between them."),
			PLAY_ITEMS_MAX);
}

void causes_choose(struct reader *r)
{
	struct lesson *l = r->l;
	for (size_t i = 0; i < l->step_count; i++) {
		struct step *s = &l->steps[i];
		const char *causes[CAUSES_MAX];
		char chosen[CAUSE_SIZE] = "";
		size_t count = list_causes(s, causes);
		check_causes(r, s, causes, count);
		if (count) {
			size_t wanted = r->source && r->source->cause ? r->source->cause - 1
					: r->seed                     ? mixed(r->seed, 2)
								      : 0;
			text_copy(chosen, sizeof chosen, causes[wanted % count]);
			text_copy(l->cause, sizeof l->cause, chosen);
		}
		if (l->cause_count < count)
			l->cause_count = count;
		keep(r, s, chosen);
	}
}
