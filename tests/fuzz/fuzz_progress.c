/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: the file of a learner's progress, which anybody may have edited. */
#include <config.h>

#include "fuzz.h"

#include <arplab/progress.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *file = fuzz_copy(bytes, len);
	struct progress p = { 0 }, again = { 0 };
	struct err err = { "" };
	if (progress_parse(&p, file, len, &err) == 0) {
		size_t written;
		char *text = progress_text(&p, &written);
		must(progress_parse(&again, text, written, &err) == 0);
		must(again.count == p.count);
		for (size_t i = 0; i < p.count; i++) {
			const struct progress_row *a = &p.rows[i], *b = &again.rows[i];
			must(a->lesson[0] && strcmp(a->lesson, b->lesson) == 0);
			must(a->step[0] && strcmp(a->step, b->step) == 0);
			must(a->at_s == b->at_s && a->at_s >= 0);
			must(a->record.outcome == b->record.outcome);
			must(a->record.predictions == b->record.predictions);
			must(a->record.right == b->record.right);
			must(a->record.hints == b->record.hints);
			must(a->record.right <= a->record.predictions);
			must(progress_find(&p, a->lesson, a->step) == &a->record);
		}
		free(text);
	} else {
		must(err.text[0] && !strchr(err.text, '\n') && !p.rows);
	}
	progress_done(&p);
	progress_done(&again);
	free(file);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"arplab-progress 1\n",
		"arplab-progress 1\n"
		"step lesson=06-arp-ignore-0 step=three-machines outcome=solved predictions=1 "
		"right=1 at=1763841600\n"
		"step lesson=07-lo step=a%20b%25 outcome=shown hints=3 at=1763841700\n"
		"step lesson=07-lo step=c outcome=playing\n"
		"step lesson=07-lo step=c outcome=skipped\n",
	};
	return fuzz_text_seed(texts, sizeof texts / sizeof *texts, number, bytes, size);
}
