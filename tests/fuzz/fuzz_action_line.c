/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: actions as lines of text. */
#include <config.h>

#include "fuzz.h"
#include "seeds.h"

#include <arplab/err.h>
#include <arplab/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *line = fuzz_string(bytes, len);
	struct action a;
	struct err err = { "" };
	if (action_read(line, &a, &err) == 0)
		must(action_check(&a, sizeof a) == 0);
	else
		must(err.text[0] && !strchr(err.text, '\n'));
	free(line);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	struct action a;
	if (number + 1 >= ACTION_KINDS)
		return SIZE_MAX;
	seed_action((enum action_kind)(number + 1), &a);
	struct text t = text_in((char *)bytes, size);
	action_write(&t, &a);
	return t.len;
}
