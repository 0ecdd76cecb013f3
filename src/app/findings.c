/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: conflicts as lines of text or JSON objects, for monitor and read. */
#include <config.h>

#include <arplab/app.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/conflict.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

struct findings {
	struct conflicts *conflicts;
	struct app_out *out;
	bool json;
	struct line_clock clock;
	uint64_t frames;
	uint64_t printed_ns; /* Lines are in the order of time. */
};

struct findings *findings_open(struct app_out *out, bool json)
{
	struct findings *f = calloc(1, sizeof *f);
	if (!f)
		abort();
	f->conflicts = conflicts_new();
	f->out = out;
	f->json = json;
	return f;
}

void findings_free(struct findings *f)
{
	if (f)
		conflicts_free(f->conflicts);
	free(f);
}

void findings_take(struct findings *f, const struct model *m, const struct event *e)
{
	if (!f)
		return;
	f->frames += e->kind == EVENT_FRAME;
	conflicts_frame(f->conflicts, m, e);
}

void findings_topology(struct findings *f, const struct topology *t)
{
	if (f)
		conflicts_topology(f->conflicts, t);
}

uint64_t findings_due_ns(const struct findings *f)
{
	return f ? conflicts_due_ns(f->conflicts) : UINT64_MAX;
}

/* ---- text ---- */

/* A file does not say where its frames were captured; in a lab it is a switch, without a name. */
static void put_text(struct text *t, const struct model *m, const struct conflict *c)
{
	if (c->segment && m->hello.scope == SCOPE_HOST) {
		text_name(t, model_conf_name(m, (int32_t)c->segment), IFNAME_SIZE);
		text_char(t, ' ');
	}
	text_put(t, "conflict   ");
	if (c->vlan) {
		text_put(t, "vlan ");
		text_u64(t, c->vlan);
		text_put(t, ": ");
	}
	conflict_text(t, c);
}

/* ---- JSON ---- */

static void put_word(struct text *t, const char *name, const char *word)
{
	text_put(t, ",\"");
	text_put(t, name);
	text_put(t, "\":\"");
	text_json(t, word);
	text_char(t, '"');
}

static void put_does(struct text *t, uint16_t how)
{
	static const struct {
		uint16_t how;
		const char *word;
	} words[] = {
		{ CLAIM_ANSWERS, "answers" },
		{ CLAIM_UNASKED, "answers-unasked" },
		{ CLAIM_ASKS, "asks" },
		{ CLAIM_ANNOUNCES, "announces" },
	};
	const char *comma = "";
	text_put(t, ",\"does\":[");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!(how & words[i].how))
			continue;
		text_printf(t, "%s\"%s\"", comma, words[i].word);
		comma = ",";
	}
	text_char(t, ']');
}

static void put_claimant(struct text *t, const struct claimant *k)
{
	static const char *const holds[] = { NULL, "no", "here", "elsewhere" };
	text_put(t, "{\"mac\":\"");
	text_mac(t, k->mac);
	text_printf(t, "\",\"blamed\":%s", k->blamed ? "true" : "false");
	put_does(t, k->how);
	if (holds[k->facts.holds]) {
		put_word(t, "interface", k->facts.iface);
		put_word(t, "holds", holds[k->facts.holds]);
	}
	text_char(t, '}');
}

static void put_json(struct text *t, const struct model *m, const struct conflict *c)
{
	char bytes[CONFLICT_ROOM], address[16];
	struct text words = text_in(bytes, sizeof bytes), ip = text_in(address, sizeof address);
	text_put(t, ",\"event\":\"conflict\"");
	if (c->segment && m->hello.scope == SCOPE_HOST)
		put_word(t, "interface", model_conf_name(m, (int32_t)c->segment));
	if (c->vlan)
		text_printf(t, ",\"vlan\":%u", c->vlan);
	text_ip(&ip, c->ip);
	put_word(t, "ip", text_end(&ip));
	put_word(t, "class", conflict_class_name(c->class));
	if (c->class != CONFLICT_UNCLEAR)
		put_word(t, "certainty", conflict_grade_name(c->grade));
	text_put(t, ",\"macs\":[");
	for (size_t i = 0; i < c->count; i++) {
		text_put(t, i ? "," : "");
		put_claimant(t, &c->claimants[i]);
	}
	text_char(t, ']');
	conflict_text(&words, c);
	put_word(t, "text", text_end(&words));
	text_char(t, '}');
}

/* ---- lines ---- */

static struct text *begin_line(struct findings *f, uint64_t at_ns)
{
	struct text *t = app_out_room(f->out);
	if (at_ns > f->printed_ns)
		f->printed_ns = at_ns;
	if (t && f->json)
		line_json_time(t, f->printed_ns, &f->clock);
	else if (t)
		line_time(t, f->printed_ns, &f->clock);
	return t;
}

void findings_print(struct findings *f, const struct model *m, uint64_t now_ns)
{
	struct conflict c;
	while (f && conflicts_next(f->conflicts, m, now_ns, &c)) {
		uint64_t at_ns = now_ns == UINT64_MAX ? conflicts_now_ns(f->conflicts) : now_ns;
		struct text *t = begin_line(f, at_ns);
		if (!t)
			return;
		if (f->json)
			put_json(t, m, &c);
		else
			put_text(t, m, &c);
		app_out_line(f->out);
	}
}

/* ---- at the end ---- */

static void sum_json(struct text *t, const struct findings *f, const size_t *counts, size_t all)
{
	const char *comma = "";
	text_printf(t, ",\"event\":\"summary\",\"frames\":%llu,\"conflicts\":%zu,\"classes\":{",
		(unsigned long long)f->frames, all);
	for (int i = 0; i < CONFLICT_CLASSES; i++) {
		if (!counts[i])
			continue;
		text_printf(t, "%s\"%s\":%zu", comma, conflict_class_name((enum conflict_class)i),
			counts[i]);
		comma = ",";
	}
	text_put(t, "}}");
}

static void sum_text(struct text *t, const struct findings *f, size_t all)
{
	char frames[64];
	snprintf(frames, sizeof frames, ngettext("%s frame", "%s frames", f->frames),
		grouped_word(f->frames).text);
	text_put(t, "summary    ");
	text_printf(t, ngettext("%s conflict in %s", "%s conflicts in %s", all),
		grouped_word(all).text, frames);
}

static void list(struct findings *f, const struct model *m)
{
	struct conflict c;
	for (size_t i = 0; conflicts_at(f->conflicts, m, i, &c); i++) {
		struct text *t = begin_line(f, 0);
		if (!t)
			return;
		text_put(t, "summary    ");
		size_t begin = t->len;
		text_ip(t, c.ip);
		text_pad(t, begin + 16);
		conflict_short(t, &c);
		app_out_line(f->out);
	}
}

void findings_summary(struct findings *f, const struct model *m)
{
	struct conflict c;
	size_t counts[CONFLICT_CLASSES] = { 0 }, all = 0;
	for (; f && conflicts_at(f->conflicts, m, all, &c); all++)
		counts[c.class]++;
	struct text *t = all ? begin_line(f, conflicts_now_ns(f->conflicts)) : NULL;
	if (!t)
		return;
	if (f->json)
		sum_json(t, f, counts, all);
	else
		sum_text(t, f, all);
	app_out_line(f->out);
	if (!f->json)
		list(f, m);
}
