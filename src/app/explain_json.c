/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: an explanation as one JSON object. The names are documented in arplab(1). */
#include <config.h>

#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

#define ROOM (1u << 18) /* Two ladders of all rules fit, even with each letter escaped. */

static void put_string(struct text *t, const char *name, const char *value)
{
	text_printf(t, "\"%s\":\"", name);
	text_json(t, value);
	text_char(t, '"');
}

/* A member behind others. */
static void add_string(struct text *t, const char *name, const char *value)
{
	text_char(t, ',');
	put_string(t, name, value);
}

static void add_ip(struct text *t, const char *name, uint32_t ip)
{
	text_printf(t, ",\"%s\":\"", name);
	text_ip(t, ip);
	text_char(t, '"');
}

static void add_mac(struct text *t, const uint8_t mac[6])
{
	text_put(t, ",\"mac\":\"");
	text_mac(t, mac);
	text_char(t, '"');
}

/* What there is besides depends on the outcome. */
static void add_details(struct text *t, const struct verdict *v)
{
	switch (v->outcome) {
	case OUTCOME_REPLY:
	case OUTCOME_PROXIED:
		add_mac(t, v->mac);
		if (v->outcome == OUTCOME_PROXIED)
			text_printf(t, ",\"delayed\":%s", v->delayed ? "true" : "false");
		break;
	case OUTCOME_CREATED:
	case OUTCOME_CHANGED:
	case OUTCOME_KEPT:
		add_ip(t, "ip", v->ip);
		add_string(t, "state", neigh_state_name(v->state));
		add_mac(t, v->mac);
		break;
	case OUTCOME_ASKS:
		add_ip(t, "ip", v->ip);
		add_ip(t, "sender", v->sender);
		add_ip(t, "source", v->source);
		break;
	case OUTCOME_USES:
		add_ip(t, "ip", v->ip);
		add_string(t, "state", neigh_state_name(v->state));
		break;
	case OUTCOME_REFUSED:
		if (v->error) {
			text_printf(t, ",\"errno\":%d", -v->error);
			add_string(t, "error", strerror(-v->error));
		}
		break;
	case OUTCOME_UNKNOWN:
	case OUTCOME_SILENT:
	case OUTCOME_NOTHING:
	case OUTCOME_NO_ARP:
	case OUTCOMES:
		break;
	}
}

void explain_put_answer(struct text *t, const struct host *h, const struct explain_answer *a)
{
	const struct host_link *l = host_link(h, a->verdict.ifindex);
	put_string(t, "outcome", outcome_name(a->verdict.outcome));
	if (l)
		add_string(t, "interface", l->name);
	add_details(t, &a->verdict);
	add_string(t, "rule", a->verdict.rule->id);
	add_string(t, "sentence", a->sentence);
	if (a->aside[0])
		add_string(t, "aside", a->aside);
	text_put(t, ",\"steps\":");
	app_json_ladder(t, &a->trace);
}

static void add_what_if(struct text *t, const struct explain_sets *sets, const struct host *h,
	const struct explain_answer *then)
{
	text_put(t, ",\"what_if\":{\"set\":[");
	for (size_t i = 0; i < sets->count; i++) {
		text_put(t, i ? ",\"" : "\"");
		text_json(t, sets->words[i]);
		text_char(t, '"');
	}
	text_put(t, "],");
	explain_put_answer(t, h, then);
	text_char(t, '}');
}

void explain_json(const struct explain_sets *sets, const struct host *h,
	const struct explain_answer *now, const struct explain_answer *then)
{
	char *bytes = malloc(ROOM);
	if (!bytes)
		abort();
	struct text t = text_in(bytes, ROOM);
	text_char(&t, '{');
	put_string(&t, "question", question_name(now->verdict.question));
	add_string(&t, "host", h->name);
	text_char(&t, ',');
	explain_put_answer(&t, h, now);
	if (then)
		add_what_if(&t, sets, h, then);
	text_char(&t, '}');
	puts(text_end(&t));
	free(bytes);
}
