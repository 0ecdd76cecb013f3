/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: lessons, which come from anywhere. */
#include <config.h>

#include "fuzz.h"

#include <arplab/library.h>
#include <arplab/play.h>

static void check_text(const char *text)
{
	unsigned open[4] = { 0 };
	must(text);
	for (; *text; text++) {
		uint8_t c = (uint8_t)*text;
		must(c >= ' ' || c == '\t' || c == '\n' || (c > 0 && c < 4));
		if (c > 0 && c < 4)
			open[c] ^= 1;
	}
	must(!open[1] && !open[2] && !open[3]);
}

static void check_step(const struct step *s)
{
	must(s->id[0] && s->title[0] && s->item_count <= PLAY_ITEMS_MAX);
	for (size_t n = 0; n < s->item_count; n++) {
		const struct item *i = &s->items[n];
		must(i->line > 0 && i->claim_count <= PLAY_CLAIMS_MAX);
		must(i->ladder_count <= (i->kind == ITEM_WHY ? LADDERS_MAX : 0));
		for (size_t k = 0; k < i->ladder_count; k++)
			must(i->ladders[k].node && ladder_begins(i->ladders[k].text));
		for (size_t k = 0; k < i->prose_count; k++)
			check_text(i->prose[k].text);
		if (i->kind != ITEM_PREDICT)
			continue;
		size_t right = 0;
		check_text(i->text);
		for (size_t k = 0; k < i->choice_count; k++) {
			check_text(i->choices[k].reply);
			right += i->choices[k].right;
		}
		must(i->choice_count >= 2 && i->choice_count <= 6 && right == 1);
	}
}

static struct lesson *read_it(const char *bytes, size_t len, uint32_t seed)
{
	struct faults f = { 0 };
	struct lesson_source source = library_source();
	struct lesson *l = lesson_read("a/01-b.md", bytes, len, seed, &source, &f);
	must((l == NULL) == (f.count > 0));
	for (size_t i = 0; i < f.count; i++)
		must(f.list[i].text[0] && !strchr(f.list[i].text, '\n'));
	faults_done(&f);
	return l;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *file = fuzz_copy(bytes, len);
	struct lesson *l = read_it(file, len, 0);
	if (l) {
		struct faults f = { 0 };
		must(l->step_count > 0 && l->step_count <= PLAY_STEPS_MAX);
		must(topology_check(&l->topology) == 0);
		check_text(l->title);
		for (size_t i = 0; i < l->step_count; i++)
			check_step(&l->steps[i]);
		lesson_compare(l, l, &f);
		must(f.count == 0);
		lesson_free(read_it(file, len, 5));
	}
	lesson_free(l);
	free(file);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"",
		"\xef\xbb\xbf# T\r\n```lesson\r\ntopology: three-hosts\r\nminutes: 1\r\n"
		"summary: s\r\n```\r\n## S\r\n",
		"# T\n```lesson\nminutes: 5\nsummary: a **b** {n}\n```\n"
		"```topology\nname v 10.0.0.9\nswitch s\nnode n\neth0 s 10.0.0.1/24 {v}/32\n"
		"route default via 10.0.0.2\nsysctl all.arp_ignore 1\nfirst n\n```\n"
		"> q `{v}`\n\n1. a\n   - b *c*\n\n     d\n\n## One {n.mac}\n"
		"````hint\n```\nx\n```\n````\n```check\nwithin 2s\nping n {v}\n"
		"effective n eth0.arp_ignore != 3\n```\n```solve\nset n all.arp_ignore=2\n```\n",
	};
	size_t count = sizeof texts / sizeof *texts;
	if (number < count)
		return fuzz_text_seed(texts, count, number, bytes, size);
	/* The template, and some of the lessons that are built in. */
	number -= count;
	if (number == 0) {
		char *text = lesson_template("T");
		size_t len = strlen(text);
		must(len <= size);
		memcpy(bytes, text, len);
		free(text);
		return len;
	}
	const struct library_lesson *l = number < 4 ? library_lesson(number - 1) : NULL;
	if (!l || l->len > size)
		return SIZE_MAX;
	memcpy(bytes, l->bytes, l->len);
	return l->len;
}
