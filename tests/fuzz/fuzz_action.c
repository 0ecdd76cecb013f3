/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: actions as they come over the socket. */
#include <config.h>

#include "fuzz.h"
#include "seeds.h"

#include <arplab/err.h>
#include <arplab/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct action *a = fuzz_copy(bytes, len);
	if (action_check(a, len) == 0) {
		char line[2048], line2[2048];
		struct action again;
		struct err err = { "" };
		/* With a topology behind it, it is a lab to be built, which has no line to be read. */
		if (a->kind == ACTION_BUILD) {
			must(len == action_message_max());
			free(a);
			return 0;
		}
		must(len == sizeof *a);
		must(memchr(a->text, '\0', sizeof a->text));
		struct text t = text_in(line, sizeof line);
		action_write(&t, a);
		must(!t.cut);
		text_end(&t);
		if (action_read(line, &again, &err) != 0) {
			fprintf(stderr, "%s\n%s\n", line, err.text);
			abort();
		}
		struct text t2 = text_in(line2, sizeof line2);
		action_write(&t2, &again);
		must(strcmp(line, text_end(&t2)) == 0);
	}
	free(a);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	struct action a;
	if (number + 1 >= ACTION_KINDS)
		return SIZE_MAX;
	seed_action((enum action_kind)(number + 1), &a);
	must(sizeof a <= size);
	memcpy(bytes, &a, sizeof a);
	return sizeof a;
}
