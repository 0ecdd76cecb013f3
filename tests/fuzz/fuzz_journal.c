/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: the undo journal, which a power cut may have cut anywhere. */
#include <config.h>

#include "fuzz.h"

#include <arplab/journal.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *file = fuzz_copy(bytes, len);
	struct journal *j = malloc(sizeof *j);
	struct err err = { "" };
	must(j);
	if (journal_parse(file, len, j, &err) == 0) {
		/* What was read can be written, and reads the same. */
		size_t size = (2 * j->count + 2) * JOURNAL_LINE_MAX;
		char *out = malloc(size);
		struct journal *again = malloc(sizeof *again);
		must(out && again);
		must(j->count <= JOURNAL_ROWS_MAX && memchr(j->boot, '\0', sizeof j->boot));
		must(j->boot[0] || j->count == 0);
		struct text t = text_in(out, size);
		journal_write_head(&t, j->boot);
		for (size_t i = 0; i < j->count; i++) {
			must(j->rows[i].number < j->next);
			struct change row = j->rows[i];
			if (row.state != CHANGE_KEPT)
				row.state = CHANGE_HELD;
			journal_write_change(&t, &row);
			if (row.state != j->rows[i].state)
				journal_write_state(&t, row.number, j->rows[i].state);
		}
		must(!t.cut);
		if (j->boot[0] && journal_parse(out, t.len, again, &err) != 0) {
			fprintf(stderr, "%.*s%s\n", (int)t.len, out, err.text);
			abort();
		}
		must(!j->boot[0] || (again->count == j->count && strcmp(again->boot, j->boot) == 0));
		for (size_t i = 0; i < j->count; i++) {
			const struct change *a = &j->rows[i], *b = &again->rows[i];
			must(a->number == b->number && a->ifindex == b->ifindex && a->key == b->key);
			must(a->before == b->before && a->after == b->after && a->pid == b->pid);
			must(a->state == b->state);
			must(a->made_ns == b->made_ns && strcmp(a->name, b->name) == 0);
		}
		free(again);
		free(out);
	} else {
		must(err.text[0]);
	}
	free(j);
	free(file);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"",
		"arplab-journal 1\nboot 6f0c8b1e-7d3a-4c6e-9a55-1f2d3c4b5a69\n"
		"change 1 conf eth0 2 arp_ignore 0 1 4242 1700000000123456789 held\n"
		"change 2 conf all 0 arp_announce 0 2 4242 1700000000223456789 kept\n"
		"undone 1\n",
		"arplab-journal 1\nboot 6f0c8b1e-7d3a-4c6e-9a55-1f2d3c4b5a69\n"
		"change 1 conf a%20b 2 arp_ignore 0 1 4242 1700000000123456789 held\n"
		"orphan 1\nforeign 1\nkept 1\n"
		"change 2 neigh default -1 locktime 100 200 4242 1700000000223456789 held\n",
	};
	return fuzz_text_seed(texts, sizeof texts / sizeof *texts, number, bytes, size);
}
