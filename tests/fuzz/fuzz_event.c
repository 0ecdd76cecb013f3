/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: batches of events as they come over the socket; those that pass go into a model. */
#include <config.h>

#include "fuzz.h"
#include "seeds.h"

#include <arplab/err.h>
#include <arplab/model.h>
#include <arplab/text.h>

/* What passes the check can be written as a line and read back the same. */
static void round_trip(const struct event *e)
{
	char line[4096], line2[4096];
	struct event again;
	struct err err = { "" };
	struct text t = text_in(line, sizeof line);
	event_write(&t, e);
	must(!t.cut);
	text_end(&t);
	if (event_read(line, &again, &err) != 0) {
		fprintf(stderr, "%s\n%s\n", line, err.text);
		abort();
	}
	must(again.size == e->size && again.kind == e->kind);
	struct text t2 = text_in(line2, sizeof line2);
	event_write(&t2, &again);
	if (strcmp(line, text_end(&t2)) != 0) {
		fprintf(stderr, "%s\n%s\n", line, line2);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *batch = fuzz_copy(bytes, len);
	struct model m;
	model_init(&m, 8192);
	for (size_t at = 0; at < len;) {
		long size = event_check(batch + at, len - at);
		if (size < 0)
			break;
		must(size > 0 && size % 8 == 0 && (size_t)size <= len - at);
		const struct event *e = (const struct event *)(const void *)(batch + at);
		round_trip(e);
		model_apply(&m, e);
		at += (size_t)size;
	}
	must(model_conf_name(&m, 77)[0]);
	model_done(&m);
	free(batch);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	struct event e;
	if (number + 1 < EVENT_KINDS) {
		size_t len = seed_event((enum event_kind)(number + 1), &e);
		memcpy(bytes, &e, len);
		return len;
	}
	if (number + 1 > EVENT_KINDS)
		return SIZE_MAX;
	/* One of each, in a row. */
	size_t len = 0;
	for (int kind = 1; kind < EVENT_KINDS; kind++) {
		size_t n = seed_event((enum event_kind)kind, &e);
		must(len + n <= size);
		memcpy(bytes + len, &e, n);
		len += n;
	}
	return len;
}
