/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a typed question put to the rules, with the names and defaults of one machine. */
#include <config.h>

#include "explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define LINKS_LISTED 8

/* ---- names of interfaces ---- */

static const char *link_name(const void *arg, size_t i)
{
	const struct host *h = arg;
	return i < h->link_count ? h->links[i].name : NULL;
}

static int no_link(const struct host *h, const char *name, struct err *err)
{
	char bytes[200];
	const char *near = text_nearest(name, link_name, h);
	if (near)
		return err_set(err, -EINVAL, _("there is no interface \"%.32s\".%s"), name,
			text_did_you_mean(bytes, sizeof bytes, near));
	struct text t = text_in(bytes, sizeof bytes);
	for (size_t i = 0; i < LINKS_LISTED && i < h->link_count; i++) {
		text_put(&t, i ? ", " : "");
		text_name(&t, h->links[i].name, IFNAME_SIZE);
	}
	text_put(&t, h->link_count > LINKS_LISTED ? ", …" : "");
	return err_set(err, -EINVAL, _("there is no interface \"%.32s\"; there are: %s"), name,
		text_end(&t));
}

static int find_link(
	const struct host *h, const char *name, const struct host_link **ret, struct err *err)
{
	*ret = host_link_named(h, name);
	return *ret ? 0 : no_link(h, name, err);
}

/* ---- frames ---- */

/* An is-at is for whoever asked: this machine, unless the words say otherwise. */
static int target_of(const struct explain_words *w, const struct host *h, const struct host_link *l,
	uint32_t *ret, struct err *err)
{
	if (!w->has_target && !l->count)
		return err_set(err, -EINVAL,
			_("%s has no address that an is-at could be for: say tell ADDRESS, too"),
			l->name);
	*ret = w->has_target ? w->target : h->addrs[l->first].local;
	return 0;
}

/*
 * What the words leave out is as kernels and tools send it: a who-has to everybody, an is-at to
 * who has asked, and a gratuitous is-at to everybody, with the sender as its target.
 */
static void fill_frame(const struct explain_words *w, const struct host_link *l, uint32_t target,
	struct arp_packet *ret)
{
	struct arp_packet p = { .op = w->op, .sip = w->sender, .tip = target };
	bool gratuitous = w->sender == target;
	p.hardware = 1;
	p.protocol = 0x0800;
	p.hlen = 6;
	p.plen = 4;
	p.offset = 14;
	memcpy(p.sha, w->smac, sizeof p.sha);
	memcpy(p.eth_src, w->smac, sizeof p.eth_src);
	memset(p.eth_dst, 0xff, sizeof p.eth_dst);
	if (w->op == ARP_OP_REPLY) {
		memcpy(p.tha, gratuitous ? w->smac : l->mac, sizeof p.tha);
		if (!gratuitous)
			memcpy(p.eth_dst, l->mac, sizeof p.eth_dst);
	}
	if (w->has_dmac)
		memcpy(p.eth_dst, w->dmac, sizeof p.eth_dst);
	if (w->has_tmac)
		memcpy(p.tha, w->tmac, sizeof p.tha);
	*ret = p;
}

/* A frame that was given up early teaches nothing; why it was is said beside it. */
static void tell_end(const struct host *h, const struct arrival *a, struct explain_answer *ret)
{
	struct explain_answer *before = calloc(1, sizeof *before);
	struct text t = text_in(ret->aside, sizeof ret->aside);
	if (!before)
		abort();
	rules_answer(NULL, h, a, &before->verdict, &before->trace);
	if (strcmp(ret->verdict.rule->id, "learn.stopped") == 0) {
		struct text why = text_in(before->sentence, sizeof before->sentence);
		verdict_text(&why, h, &before->verdict, &before->trace);
		text_printf(&t, _("That is so because %s."), text_end(&why));
	}
	text_end(&t);
	free(before);
}

static int ask_frame(const struct explain_words *w, const struct survey *f, const struct host *h,
	struct explain_answer *ret, struct err *err)
{
	struct arrival a = { .flaw = ARP_SOUND, .known = w->known };
	const struct host_link *l = NULL;
	uint32_t target = 0;
	int error = find_link(h, w->dev, &l, err);
	if (!error)
		error = target_of(w, h, l, &target, err);
	if (error)
		return error;
	a.ifindex = l->ifindex;
	fill_frame(w, l, target, &a.packet);
	if (!w->has_known)
		survey_known(f, l->ifindex, w->sender, &a.known);
	if (w->question == QUESTION_ANSWER) {
		rules_answer(NULL, h, &a, &ret->verdict, &ret->trace);
		return 0;
	}
	rules_learn(NULL, h, &a, &ret->verdict, &ret->trace);
	tell_end(h, &a, ret);
	return 0;
}

/* ---- packets ---- */

struct table {
	const struct explain_words *w;
	const struct survey *f;
};

/* What was said of the entry counts for whatever the next hop turns out to be. */
static bool said_entry(void *arg, int32_t ifindex, uint32_t ip, struct known *ret)
{
	const struct table *t = arg;
	(void)ifindex;
	(void)ip;
	*ret = t->w->known;
	return true;
}

static bool present_entry(void *arg, int32_t ifindex, uint32_t ip, struct known *ret)
{
	const struct table *t = arg;
	survey_known(t->f, ifindex, ip, ret);
	return true;
}

static void ask_rules(const struct host *h, enum question question, const struct departure *d,
	struct verdict *v, struct trace *trace)
{
	if (question == QUESTION_FORWARD)
		rules_forward(NULL, h, d, v, trace);
	else
		rules_announce(NULL, h, d, v, trace);
}

/* An entry that was left out of account must not be told as missing. */
static void drop_rung(struct trace *trace, const struct rule *rule)
{
	size_t kept = 0;
	for (size_t i = 0; i < trace->count; i++)
		if (trace->rungs[i].rule != rule)
			trace->rungs[kept++] = trace->rungs[i];
	trace->count = kept;
}

/*
 * Whose address stands in the who-has is the question, also where none is needed at this moment:
 * then it is answered as if no entry were there, and the entry is told beside it.
 */
static int ask_packet(const struct explain_words *w, const struct survey *f, const struct host *h,
	struct explain_answer *ret, struct err *err)
{
	struct table table = { w, f };
	struct departure d = { .dst = w->target, .src = w->source, .probe = w->poll };
	const char *name = w->iif ? w->iif : w->dev;
	const struct host_link *l = NULL;
	if (name && find_link(h, name, &l, err) < 0)
		return -EINVAL;
	d.ifindex = l ? l->ifindex : 0;
	d.arg = &table;
	d.known = w->has_known ? said_entry : w->poll ? NULL : present_entry;
	ask_rules(h, w->question, &d, &ret->verdict, &ret->trace);
	if (w->has_known || ret->verdict.outcome != OUTCOME_USES)
		return 0;

	const struct rule *in_use = ret->verdict.rule;
	struct text t = text_in(ret->aside, sizeof ret->aside);
	text_printf(&t, _("At this moment none is needed: %s."), trace_last(&ret->trace)->found);
	text_end(&t);
	d.known = NULL;
	ask_rules(h, w->question, &d, &ret->verdict, &ret->trace);
	drop_rung(&ret->trace, in_use);
	return 0;
}

/* ---- both ---- */

static void add_aside(const struct explain_words *w, struct explain_answer *a)
{
	const struct verdict *v = &a->verdict;
	struct text t = text_in(a->aside, sizeof a->aside);
	if (v->outcome == OUTCOME_REFUSED && v->error) {
		text_printf(&t, _("A program is told: %s."), err_reason(-v->error));
	} else if (v->outcome == OUTCOME_PROXIED && v->delayed) {
		text_put(&t, _("The answer comes after a random time of at most proxy_delay."));
	} else if (v->outcome == OUTCOME_UNKNOWN && w->has_known && w->known.state &&
		   !w->known.age_known) {
		text_put(&t, _("How old the entry is can be said: have STATE MAC age 5s."));
	} else {
		return;
	}
	text_end(&t);
}

int explain_ask(const struct explain_words *w, const struct survey *f, const struct host *h,
	struct explain_answer *ret, struct err *err)
{
	bool frame = w->question == QUESTION_ANSWER || w->question == QUESTION_LEARN;
	ret->aside[0] = '\0';
	int error = frame ? ask_frame(w, f, h, ret, err) : ask_packet(w, f, h, ret, err);
	if (error)
		return error;
	add_aside(w, ret);
	struct text t = text_in(ret->sentence, sizeof ret->sentence);
	verdict_text(&t, h, &ret->verdict, &ret->trace);
	text_end(&t);
	return 0;
}

/* ---- what if ---- */

static int set_one(struct host *h, const char *word, struct err *err)
{
	struct app_word w;
	int32_t ifindex = CONF_ALL;
	const struct host_link *l;
	int error = app_word_assignment(word, &w, err);
	if (error)
		return error;
	const struct sysctl_key *k = sysctl_key((size_t)w.key);
	int key = host_key_find(k->name);
	if (key < 0)
		return err_set(
			err, -EINVAL, _("%s decides nothing here: no rule asks for it"), k->name);
	if (strcmp(w.name, "default") == 0)
		return err_set(err, -EINVAL,
			_("default decides nothing here: interfaces that are there do not look at "
			  "it"));
	if (strcmp(w.name, "all") != 0) {
		error = find_link(h, w.name, &l, err);
		if (error)
			return error;
		ifindex = l->ifindex;
	}
	int32_t factor = strcmp(k->unit, "cs") == 0 ? 10 : 1; /* Hosts count in ms. */
	if (w.value > INT32_MAX / factor)
		return err_set(err, -EINVAL, _("%s cannot be as long as that"), k->name);
	return host_set(h, ifindex, (enum host_key)key, w.value * factor);
}

int explain_sets_from(const struct app_options *o, const struct explain_words *w,
	struct explain_sets *ret, struct err *err)
{
	const char *own = w->dev ? w->dev : w->iif;
	ret->count = o->set_count;
	for (size_t i = 0; i < ret->count; i++) {
		struct text t = text_in(ret->words[i], sizeof ret->words[i]);
		const char *word = o->sets[i];
		bool named = strcspn(word, "./") < strcspn(word, "=");
		if (!named && !own)
			return err_set(err, -EINVAL,
				_("\"%.60s\" names no interface, and the question none either: "
				  "write it like eth0.arp_announce=2"),
				word);
		text_put(&t, named ? "" : own);
		text_put(&t, named ? "" : ".");
		text_put(&t, word);
		text_end(&t);
		if (t.cut)
			return err_set(
				err, -EINVAL, _("\"%.60s…\" is too long for a sysctl"), word);
	}
	return 0;
}

struct host *explain_what_if(const struct explain_sets *sets, const struct host *h, struct err *err)
{
	struct host *copy = host_copy(h);
	int error = 0;
	for (size_t i = 0; i < sets->count && !error; i++)
		error = set_one(copy, sets->words[i], err);
	if (!error)
		return copy;
	host_free(copy);
	return NULL;
}
