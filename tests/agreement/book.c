/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: recorded cases read from a file, and hosts derived compared with hosts as listed. */
#include <config.h>

#include "book.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/neighbour.h>

#include <arplab/addr.h>
#include <arplab/rows.h>

#define WORDS 24

struct reading {
	struct book *book;
	bool derive, in_case, settled;
	struct err *err;
	char *words[WORDS];
	size_t count;
};

/* ---- words ---- */

static void split(struct reading *r, char *line)
{
	r->count = 0;
	for (char *w = strtok(line, " \t"); w && r->count < WORDS && *w != '#';
		w = strtok(NULL, " \t"))
		r->words[r->count++] = w;
}

/* What stands behind `name=`, or NULL. */
static const char *field(const struct reading *r, const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 1; i < r->count; i++)
		if (strncmp(r->words[i], name, len) == 0 && r->words[i][len] == '=')
			return r->words[i] + len + 1;
	return NULL;
}

static int bad(const struct reading *r, const char *what)
{
	return err_set(r->err, -EBADMSG, "%s is missing or wrong", what);
}

/* "-" is no address. */
static int take_ip(const struct reading *r, const char *name, const char *word, uint32_t *ret)
{
	*ret = 0;
	if (word && strcmp(word, "-") == 0)
		return 0;
	return word && ip_parse(word, ret) == 0 ? 0 : bad(r, name);
}

static int take_mac(const struct reading *r, const char *name, const char *word, uint8_t ret[6])
{
	return word && mac_parse(word, ret) == 0 ? 0 : bad(r, name);
}

static int take_number(const struct reading *r, const char *name, int64_t *ret)
{
	const char *word = field(r, name);
	return word && text_parse_int(word, -1, INT32_MAX, ret) == 0 ? 0 : bad(r, name);
}

static struct recorded_host *host_now(const struct reading *r)
{
	return r->book->host_count ? &r->book->hosts[r->book->host_count - 1] : NULL;
}

static struct recorded *case_now(const struct reading *r)
{
	return &r->book->cases[r->book->case_count - 1];
}

static int take_link(const struct reading *r, const char *name, int32_t *ret)
{
	const struct host_link *l = host_link_named(host_now(r)->host, name);
	if (!l)
		return err_set(r->err, -EBADMSG, "there is no link %s", name);
	*ret = l->ifindex;
	return 0;
}

static int take_state(const struct reading *r, const char *word, uint16_t *ret)
{
	static const uint16_t states[] = { NUD_INCOMPLETE, NUD_REACHABLE, NUD_STALE, NUD_DELAY,
		NUD_PROBE, NUD_FAILED, NUD_NOARP, NUD_PERMANENT };
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(word, neigh_state_name(states[i])) == 0) {
			*ret = states[i];
			return 0;
		}
	return bad(r, "a state");
}

/* ---- lines of a case ---- */

/* `DEV IP STATE MAC` from a word on. */
static int take_entry(const struct reading *r, size_t from, struct entry *ret)
{
	*ret = (struct entry) { 0 };
	if (r->count < from + 4)
		return bad(r, "DEV IP STATE MAC");
	int error = take_link(r, r->words[from], &ret->ifindex);
	if (!error)
		error = take_ip(r, "IP", r->words[from + 1], &ret->ip);
	if (!error)
		error = take_state(r, r->words[from + 2], &ret->state);
	if (!error && strcmp(r->words[from + 3], "-") != 0)
		error = take_mac(r, "MAC", r->words[from + 3], ret->mac);
	return error;
}

/* Old enough to be overridden where locktime is 0, and else just made. */
static int take_have(const struct reading *r)
{
	struct recorded *c = case_now(r);
	struct entry *e = &c->have[c->have_count];
	int64_t age_ms;
	int32_t locktime_ms = 0;
	if (c->have_count == ENTRIES_MAX)
		return bad(r, "room for an entry");
	int error = take_entry(r, 1, e);
	if (error)
		return error;
	if (field(r, "age")) {
		error = take_number(r, "age", &age_ms);
		e->age_ns = (uint64_t)age_ms * 1000000;
	} else {
		host_value(host_link(host_now(r)->host, e->ifindex), HOST_LOCKTIME, &locktime_ms);
		e->age_ns = locktime_ms ? 0 : UINT64_C(1000000000);
	}
	c->have_count++;
	return error;
}

static int take_packet(const struct reading *r, struct arp_packet *p)
{
	int64_t op = 0;
	int error = take_number(r, "op", &op);
	p->op = (uint16_t)op;
	p->hardware = 1;
	p->protocol = 0x0800;
	p->hlen = 6;
	p->plen = 4;
	p->offset = 14;
	if (!error)
		error = take_mac(r, "dst", field(r, "dst"), p->eth_dst);
	if (!error)
		error = take_mac(r, "src", field(r, "src"), p->eth_src);
	if (!error)
		error = take_mac(r, "sha", field(r, "sha"), p->sha);
	if (!error)
		error = take_ip(r, "sip", field(r, "sip"), &p->sip);
	if (!error)
		error = take_mac(r, "tha", field(r, "tha"), p->tha);
	if (!error)
		error = take_ip(r, "tip", field(r, "tip"), &p->tip);
	return error;
}

static int take_segment(const struct reading *r, struct stimulus *what)
{
	int64_t segment = 0;
	int error = take_number(r, "segment", &segment);
	what->segment = (int)segment;
	return error;
}

/* A frame may be flawed, or tagged, where its line says so. */
static int take_flaws(const struct reading *r, struct arp_packet *p)
{
	int64_t value;
	int error = 0;
	if (field(r, "hrd") && !(error = take_number(r, "hrd", &value)))
		p->hardware = (uint16_t)value;
	if (!error && field(r, "pro") && !(error = take_number(r, "pro", &value)))
		p->protocol = (uint16_t)value;
	if (!error && field(r, "hlen") && !(error = take_number(r, "hlen", &value)))
		p->hlen = (uint8_t)value;
	if (!error && field(r, "plen") && !(error = take_number(r, "plen", &value)))
		p->plen = (uint8_t)value;
	if (!error && field(r, "vlan") && !(error = take_number(r, "vlan", &value))) {
		p->tagged = true;
		p->vlan = (uint16_t)value;
	}
	return error;
}

static int take_rx(const struct reading *r)
{
	struct stimulus *what = &case_now(r)->what;
	what->kind = STIMULUS_RX;
	int error = take_segment(r, what);
	if (!error)
		error = take_packet(r, &what->packet);
	return error ? error : take_flaws(r, &what->packet);
}

static int take_tx(const struct reading *r)
{
	struct stimulus *what = &case_now(r)->what;
	what->kind = STIMULUS_TX;
	int error = take_ip(r, "src", field(r, "src"), &what->src);
	if (!error)
		error = take_ip(r, "dst", field(r, "dst"), &what->dst);
	if (!error && field(r, "dev"))
		error = take_link(r, field(r, "dev"), &what->ifindex);
	return error;
}

static int take_fwd(const struct reading *r)
{
	struct stimulus *what = &case_now(r)->what;
	what->kind = STIMULUS_FWD;
	int error = take_segment(r, what);
	if (!error)
		error = take_mac(r, "ethdst", field(r, "ethdst"), what->packet.eth_dst);
	if (!error)
		error = take_ip(r, "src", field(r, "src"), &what->src);
	return error ? error : take_ip(r, "dst", field(r, "dst"), &what->dst);
}

static int take_probe(const struct reading *r)
{
	struct stimulus *what = &case_now(r)->what;
	what->kind = STIMULUS_PROBE;
	if (r->count < 4)
		return bad(r, "DEV IP MAC");
	int error = take_link(r, r->words[1], &what->ifindex);
	if (!error)
		error = take_ip(r, "IP", r->words[2], &what->dst);
	return error ? error : take_mac(r, "MAC", r->words[3], what->mac);
}

static int take_result(const struct reading *r, struct effect *e)
{
	static const struct {
		const char *name;
		int error;
	} names[] = { { "-", 0 }, { "EACCES", EACCES }, { "EADDRNOTAVAIL", EADDRNOTAVAIL },
		{ "EHOSTUNREACH", EHOSTUNREACH }, { "EINVAL", EINVAL },
		{ "ENETUNREACH", ENETUNREACH } };
	const char *word = field(r, "error");
	for (size_t i = 0; word && i < sizeof names / sizeof *names; i++)
		if (strcmp(word, names[i].name) == 0) {
			e->error = -names[i].error;
			return take_ip(r, "src", field(r, "src"), &e->source);
		}
	return bad(r, "error");
}

static int take_rule(const struct reading *r, struct recorded *c)
{
	struct effect *e = &c->expected;
	struct decided *d = &e->decided[e->decided_count];
	enum question q = QUESTION_ANSWER;
	if (r->count < 5 || e->decided_count == DECIDED_MAX)
		return bad(r, "rule DEV QUESTION ID");
	*d = (struct decided) { 0 };
	int error = strcmp(r->words[2], "-") == 0 ? 0 : take_link(r, r->words[2], &d->ifindex);
	while (q < QUESTIONS && strcmp(question_name(q), r->words[3]) != 0)
		q++;
	if (error || q == QUESTIONS)
		return error ? error : bad(r, "a question");
	d->question = q;
	text_copy(c->rules[e->decided_count], sizeof c->rules[0], r->words[4]);
	e->decided_count++;
	return 0;
}

bool recorded_agrees(const struct recorded *c, const struct effect *predicted)
{
	for (size_t i = 0; i < c->expected.decided_count; i++) {
		const struct decided *d = &c->expected.decided[i];
		if (strcmp(effect_decided(predicted, d->ifindex, d->question), c->rules[i]) != 0)
			return false;
	}
	return effect_same(predicted, &c->expected);
}

static int take_expect(const struct reading *r)
{
	struct effect *e = &case_now(r)->expected;
	const char *what = r->count > 1 ? r->words[1] : "";
	if (strcmp(what, "result") == 0)
		return take_result(r, e);
	if (strcmp(what, "rule") == 0)
		return take_rule(r, case_now(r));
	if (strcmp(what, "neigh") == 0 && e->entry_count < ENTRIES_MAX)
		return take_entry(r, 2, &e->entries[e->entry_count++]);
	if (strcmp(what, "frame") != 0 || e->frame_count == FRAMES_MAX || r->count < 3)
		return bad(r, "frame, neigh or result");
	struct emitted *f = &e->frames[e->frame_count++];
	int error = take_link(r, r->words[2], &f->ifindex);
	return error ? error : take_packet(r, &f->packet);
}

static int take_end(struct reading *r)
{
	effect_sort(&case_now(r)->expected);
	r->in_case = false;
	return 0;
}

/* ---- lines of a host ---- */

static void note_segment(struct reading *r)
{
	struct recorded_host *h = host_now(r);
	const char *segment = field(r, "segment");
	size_t count = h->host->link_count;
	h->segments = realloc(h->segments, count * sizeof *h->segments);
	if (!h->segments)
		abort();
	h->segments[count - 1] = segment ? atoi(segment) : NO_SEGMENT;
}

static void keep_line(struct recorded_host *h, const char *line)
{
	size_t had = h->lines ? strlen(h->lines) : 0, len = strlen(line);
	h->lines = realloc(h->lines, had + len + 2);
	if (!h->lines)
		abort();
	memcpy(h->lines + had, line, len);
	memcpy(h->lines + had + len, "\n", 2);
}

static void begin_host(struct reading *r)
{
	struct book *b = r->book;
	b->hosts = row_insert(b->hosts, &b->host_count, b->host_count, sizeof *b->hosts);
	host_now(r)->host = host_new();
	r->settled = false;
}

static int take_host_line(struct reading *r, const char *line)
{
	struct recorded_host *h = host_now(r);
	if (!h)
		return err_set(r->err, -EBADMSG, "a line 'config' comes first");
	int error = host_read_line(h->host, line, r->derive, r->err);
	if (error)
		return error;
	keep_line(h, line);
	if (strcmp(r->words[0], "link") == 0)
		note_segment(r);
	return 0;
}

/* ---- the file ---- */

static int begin_case(struct reading *r)
{
	struct book *b = r->book;
	if (!host_now(r) || r->count < 2)
		return bad(r, "case ID of a host");
	if (!r->settled)
		host_settle(host_now(r)->host);
	r->settled = r->in_case = true;
	b->cases = row_insert(b->cases, &b->case_count, b->case_count, sizeof *b->cases);
	case_now(r)->host = b->host_count - 1;
	const char *carried = field(r, "carried");
	case_now(r)->carried = !carried || strcmp(carried, "0") != 0;
	text_copy(case_now(r)->id, BOOK_ID, r->words[1]);
	return 0;
}

static int take_case_line(struct reading *r)
{
	static const struct {
		const char *name;
		int (*take)(const struct reading *r);
	} lines[] = { { "have", take_have }, { "rx", take_rx }, { "tx", take_tx },
		{ "fwd", take_fwd }, { "probe", take_probe }, { "expect", take_expect } };
	if (strcmp(r->words[0], "end") == 0)
		return take_end(r);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (strcmp(lines[i].name, r->words[0]) == 0)
			return lines[i].take(r);
	return err_set(r->err, -EBADMSG, "%s begins no line of a case", r->words[0]);
}

static int take_line(struct reading *r, const char *line)
{
	char copy[1024];
	text_copy(copy, sizeof copy, line);
	split(r, copy);
	if (!r->count)
		return 0;
	if (r->in_case)
		return take_case_line(r);
	if (strcmp(r->words[0], "case") == 0)
		return begin_case(r);
	if (strcmp(r->words[0], "config") == 0)
		begin_host(r);
	return take_host_line(r, line);
}

static bool is_packed(const char *path)
{
	size_t len = strlen(path);
	return len > 3 && strcmp(path + len - 3, ".gz") == 0;
}

static FILE *open_file(const char *path)
{
	char command[512];
	if (!is_packed(path))
		return fopen(path, "r");
	if (strchr(path, '\''))
		return NULL;
	snprintf(command, sizeof command, "gzip -dc '%s'", path);
	return popen(command, "r");
}

int book_read(struct book *b, const char *path, bool derive, struct err *err)
{
	struct reading r = { .book = b, .derive = derive };
	struct err said = { "" };
	char line[1024];
	unsigned number = 0;
	int error = 0;
	size_t before = b->case_count;
	FILE *f = open_file(path);
	if (!f)
		return err_set(err, -errno, "cannot read %s: %s", path, strerror(errno));
	r.err = &said;
	while (!error && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		number++;
		error = take_line(&r, line);
	}
	int closed = is_packed(path) ? pclose(f) : fclose(f);
	if (!error && (closed != 0 || b->case_count == before))
		error = err_set(&said, -EBADMSG, "there are no cases in it");
	if (error)
		err_set(err, error, "%s:%u: %s", path, number, said.text);
	return error;
}

void book_done(struct book *b)
{
	for (size_t i = 0; i < b->host_count; i++) {
		host_free(b->hosts[i].host);
		free(b->hosts[i].segments);
		free(b->hosts[i].lines);
	}
	free(b->hosts);
	free(b->cases);
	*b = (struct book) { 0 };
}

struct scene book_scene(const struct book *b, const struct recorded *c)
{
	return (struct scene) { .host = b->hosts[c->host].host,
		.segments = b->hosts[c->host].segments,
		.have = c->have,
		.have_count = c->have_count,
		.carried = c->carried };
}

/* ---- derived and listed ---- */

struct listing {
	char **lines;
	size_t count;
};

/* Lines about addresses and routes; the others are the same in both by themselves. */
static void keep(void *arg, const char *text)
{
	struct listing *l = arg;
	if (strncmp(text, "addr ", 5) != 0 && strncmp(text, "route ", 6) != 0)
		return;
	l->lines = row_insert(l->lines, &l->count, l->count, sizeof *l->lines);
	char *line = l->lines[l->count - 1] = strdup(text);
	/* The recorded lists do not say who made a route. */
	char *manual = line ? strstr(line, " manual=1") : NULL;
	if (manual)
		*manual = '\0';
}

static void listing_done(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->lines[i]);
	free(l->lines);
}

static bool has_line(const struct listing *l, const char *line)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->lines[i], line) == 0)
			return true;
	return false;
}

size_t book_compare_hosts(const struct book *listed, const struct book *derived,
	void (*line)(void *arg, const char *text), void *arg)
{
	size_t differ = 0;
	for (size_t i = 0; i < listed->host_count && i < derived->host_count; i++) {
		struct listing a = { 0 }, b = { 0 };
		host_write(listed->hosts[i].host, keep, &a);
		host_write(derived->hosts[i].host, keep, &b);
		bool same = a.count == b.count;
		for (size_t k = 0; k < a.count && k < b.count; k++)
			same = same && strcmp(a.lines[k], b.lines[k]) == 0;
		if (!same) {
			differ++;
			line(arg, listed->hosts[i].host->name);
			for (size_t k = 0; k < a.count; k++)
				if (!has_line(&b, a.lines[k]))
					line(arg, a.lines[k]);
			line(arg, "derived:");
			for (size_t k = 0; k < b.count; k++)
				if (!has_line(&a, b.lines[k]))
					line(arg, b.lines[k]);
		}
		listing_done(&a);
		listing_done(&b);
	}
	return differ;
}
