/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: events as lines of text. */
#include <config.h>

#include "fuzz.h"
#include "seeds.h"

#include <arplab/err.h>
#include <arplab/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *line = fuzz_string(bytes, len);
	struct event e;
	struct err err = { "" };
	if (event_read(line, &e, &err) == 0) {
		/* What a line makes is as sane as what comes over the socket. */
		must(event_check(&e, sizeof e) == e.size);
		char out[4096];
		struct text t = text_in(out, sizeof out);
		event_write(&t, &e);
		must(!t.cut);
	} else {
		must(err.text[0] && !strchr(err.text, '\n'));
	}
	free(line);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	struct event e;
	if (number + 1 >= EVENT_KINDS)
		return SIZE_MAX;
	seed_event((enum event_kind)(number + 1), &e);
	struct text t = text_in((char *)bytes, size);
	event_write(&t, &e);
	return t.len;
}
