/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: the words of `arplab explain`, which read like tcpdump's lines: what stands behind the
 * target or the sender are pairs of a word and its value, in any order.
 */
#include <config.h>

#include "explain.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "entry.h"

#define WORD_SIZE 64

/* Bits of the questions that a word belongs to. */
enum { ANSWER = 1, LEARN = 2, ANNOUNCE = 4, FRAME = ANSWER | LEARN, TABLE = LEARN | ANNOUNCE };

static const struct {
	const char *name;
	unsigned bit;
	enum question question;
	const char *form;
} asks[] = {
	{ "answer", ANSWER, QUESTION_ANSWER, "TARGET tell SENDER dev IF" },
	{ "announce", ANNOUNCE, QUESTION_ANNOUNCE, "TARGET [src ADDRESS] [dev IF]" },
	{ "learn", LEARN, QUESTION_LEARN, "TARGET tell SENDER dev IF smac MAC" },
};

#define ASKS (sizeof asks / sizeof *asks)

struct reader {
	char *const *words;
	size_t count, at;
	size_t ask; /* Row of asks. */
	bool has_sender, has_op, is_at, has_age;
	struct explain_words *w;
	struct err *err;
	char bytes[WORD_SIZE];
};

/* A word without the comma that tcpdump puts behind some. Good until the next call. */
static const char *word_at(struct reader *r, size_t i)
{
	text_copy(r->bytes, sizeof r->bytes, r->words[i]);
	size_t len = strlen(r->bytes);
	if (len > 1 && r->bytes[len - 1] == ',')
		r->bytes[len - 1] = '\0';
	return r->bytes;
}

/* ---- values ---- */

static int take_ip(struct reader *r, const char *what, const char *word, uint32_t *ret)
{
	if (ip_parse(word, ret) == 0)
		return 0;
	return err_set(r->err, -EINVAL,
		_("\"%s\" is no IPv4 address; %s is one such as 192.168.2.200"), word, what);
}

static int take_mac(struct reader *r, const char *word, uint8_t ret[6], bool *ret_has)
{
	if (*ret_has)
		return err_set(r->err, -EINVAL, _("the same MAC is given twice"));
	*ret_has = true;
	if (mac_parse(word, ret) == 0)
		return 0;
	return err_set(
		r->err, -EINVAL, _("\"%s\" is no MAC; one looks like 02:00:00:00:00:01"), word);
}

static int take_tell(struct reader *r, const char *word)
{
	/* "SENDER is-at MAC tell TARGET" names them the other way round. */
	r->has_sender = true;
	return take_ip(r, _("who asks"), word, &r->w->sender);
}

static int take_src(struct reader *r, const char *word)
{
	return take_ip(r, _("the packet's source"), word, &r->w->source);
}

/* The string on the command line, whole: a name may end with a comma. */
static int take_dev(struct reader *r, const char *word)
{
	(void)word;
	r->w->dev = r->words[r->at];
	return 0;
}

static int take_iif(struct reader *r, const char *word)
{
	(void)word;
	r->w->iif = r->words[r->at];
	r->w->question = QUESTION_FORWARD;
	return 0;
}

static int take_smac(struct reader *r, const char *word)
{
	return take_mac(r, word, r->w->smac, &r->w->has_smac);
}

static int take_dmac(struct reader *r, const char *word)
{
	return take_mac(r, word, r->w->dmac, &r->w->has_dmac);
}

static int take_tmac(struct reader *r, const char *word)
{
	return take_mac(r, word, r->w->tmac, &r->w->has_tmac);
}

static int take_is_at(struct reader *r, const char *word)
{
	r->is_at = true;
	return take_smac(r, word);
}

static int set_op(struct reader *r, uint16_t op)
{
	if (r->has_op && r->w->op != op)
		return err_set(r->err, -EINVAL, _("a frame is either a request or a reply"));
	r->has_op = true;
	r->w->op = op;
	return 0;
}

static int take_request(struct reader *r, const char *word)
{
	(void)word;
	return set_op(r, ARP_OP_REQUEST);
}

static int take_reply(struct reader *r, const char *word)
{
	(void)word;
	return set_op(r, ARP_OP_REPLY);
}

static int take_poll(struct reader *r, const char *word)
{
	(void)word;
	r->w->poll = true;
	return 0;
}

/* What tcpdump says of a frame besides. */
static int pass_over(struct reader *r, const char *word)
{
	(void)r;
	(void)word;
	return 0;
}

/* ---- the entry ---- */

/* STATE, and a MAC behind it where the state has one. */
static int take_have(struct reader *r, const char *word)
{
	struct known *k = &r->w->known;
	bool mac;
	int error = entry_state(word, &k->state, &mac, r->err);
	if (error)
		return error;
	r->w->has_known = true;
	if (!mac)
		return 0;
	if (r->at + 1 == r->count)
		return err_set(r->err, -EINVAL,
			_("an entry that is %s has a MAC: have %s 02:00:00:00:00:01"),
			neigh_state_name(k->state), neigh_state_name(k->state));
	r->at++;
	return take_mac(r, word_at(r, r->at), k->mac, &k->has_mac);
}

static int take_age(struct reader *r, const char *word)
{
	struct known *k = &r->w->known;
	r->has_age = k->age_known = true;
	return entry_age(word, &k->age_ns, r->err);
}

/* ---- words ---- */

static const struct pair {
	const char *name;
	const char *value; /* NULL: the word stands alone. */
	unsigned questions;
	int (*take)(struct reader *r, const char *word);
} pairs[] = {
	{ "tell", "ADDRESS", FRAME, take_tell },
	{ "is-at", "MAC", FRAME, take_is_at },
	{ "dev", "IF", FRAME | ANNOUNCE, take_dev },
	{ "smac", "MAC", FRAME, take_smac },
	{ "dmac", "MAC", FRAME, take_dmac },
	{ "tmac", "MAC", FRAME, take_tmac },
	{ "request", NULL, FRAME, take_request },
	{ "reply", NULL, FRAME, take_reply },
	{ "length", "NUMBER", FRAME, pass_over },
	{ "have", "STATE [MAC]", TABLE, take_have },
	{ "age", "TIME", TABLE, take_age },
	{ "src", "ADDRESS", ANNOUNCE, take_src },
	{ "iif", "IF", ANNOUNCE, take_iif },
	{ "poll", NULL, ANNOUNCE, take_poll },
};

#define PAIRS (sizeof pairs / sizeof *pairs)

/* The words of a question alone, for suggestions. arg: the reader. */
static const char *pair_name(const void *arg, size_t i)
{
	const struct reader *r = arg;
	for (size_t k = 0; k < PAIRS; k++)
		if (pairs[k].questions & asks[r->ask].bit && i-- == 0)
			return pairs[k].name;
	return NULL;
}

static size_t pair_find(const char *word)
{
	size_t i = 0;
	while (i < PAIRS && strcasecmp(word, pairs[i].name) != 0)
		i++;
	return i;
}

static int wrong_word(const struct reader *r, const char *word)
{
	char also[80];
	const char *near = text_nearest(word, pair_name, r);
	if (pair_find(word) < PAIRS)
		return err_set(r->err, -EINVAL, _("`explain %s` has no word \"%s\": it takes %s"),
			asks[r->ask].name, word, asks[r->ask].form);
	if (near)
		return err_set(r->err, -EINVAL, _("\"%s\" is none of the words of `explain %s`.%s"),
			word, asks[r->ask].name, text_did_you_mean(also, sizeof also, near));
	return err_set(r->err, -EINVAL,
		_("\"%s\" is none of the words of `explain %s`: it takes %s. See: arplab help "
		  "explain"),
		word, asks[r->ask].name, asks[r->ask].form);
}

static int read_pairs(struct reader *r)
{
	unsigned given = 0;
	for (; r->at < r->count; r->at++) {
		const char *word = word_at(r, r->at);
		size_t i = pair_find(word);
		if (i == PAIRS || !(pairs[i].questions & asks[r->ask].bit))
			return wrong_word(r, word);
		if (given & 1u << i)
			return err_set(r->err, -EINVAL, _("%s is given twice"), pairs[i].name);
		given |= 1u << i;
		if (pairs[i].value && ++r->at == r->count)
			return err_set(r->err, -EINVAL, _("%s needs a value: %s %s"), pairs[i].name,
				pairs[i].name, pairs[i].value);
		int error = pairs[i].take(r, pairs[i].value ? word_at(r, r->at) : word);
		if (error)
			return error;
	}
	return 0;
}

/* ---- the head: the question, and the address it is about ---- */

static const char *ask_name(const void *arg, size_t i)
{
	(void)arg;
	return i < ASKS ? asks[i].name : NULL;
}

static int read_ask(struct reader *r)
{
	char also[80];
	if (r->count == 0)
		return err_set(r->err, -EINVAL,
			_("`arplab explain` needs a question: answer, announce or learn. "
			  "See: arplab help explain"));
	const char *word = word_at(r, 0);
	while (r->ask < ASKS && strcasecmp(word, asks[r->ask].name) != 0)
		r->ask++;
	r->at = 1;
	if (r->ask < ASKS) {
		r->w->question = asks[r->ask].question;
		return 0;
	}
	const char *near = text_nearest(word, ask_name, NULL);
	if (near)
		return err_set(r->err, -EINVAL, _("\"%s\" is no question that can be explained.%s"),
			word, text_did_you_mean(also, sizeof also, near));
	return err_set(r->err, -EINVAL,
		_("\"%s\" is no question that can be explained; there are: answer, announce, "
		  "learn"),
		word);
}

/* What may stand before the address: ARP, Request, Reply, who-has. */
static int skip_lead(struct reader *r)
{
	for (; r->at < r->count; r->at++) {
		const char *word = word_at(r, r->at);
		int error = 0;
		if (strcasecmp(word, "request") == 0)
			error = set_op(r, ARP_OP_REQUEST);
		else if (strcasecmp(word, "reply") == 0)
			error = set_op(r, ARP_OP_REPLY);
		else if (strcasecmp(word, "who-has") != 0 && strcasecmp(word, "arp") != 0)
			return 0;
		if (error)
			return error;
	}
	return 0;
}

static int read_head(struct reader *r)
{
	int error = read_ask(r);
	if (!error && asks[r->ask].bit & FRAME)
		error = skip_lead(r);
	else if (!error && r->at < r->count && strcasecmp(word_at(r, r->at), "who-has") == 0)
		r->at++;
	if (error)
		return error;
	if (r->at == r->count)
		return err_set(r->err, -EINVAL, _("`explain %s` needs an address: explain %s %s"),
			asks[r->ask].name, asks[r->ask].name, asks[r->ask].form);
	r->w->has_target = true;
	return take_ip(r, _("what stands first"), word_at(r, r->at++), &r->w->target);
}

/* ---- what is missing ---- */

static int missing(const struct reader *r, const char *what)
{
	return err_set(r->err, -EINVAL, _("`explain %s` needs %s: explain %s %s"),
		asks[r->ask].name, what, asks[r->ask].name, asks[r->ask].form);
}

/* "SENDER is-at MAC [tell TARGET]": the address in front is the sender's. */
static void turn_round(struct reader *r)
{
	uint32_t first = r->w->target;
	r->w->target = r->has_sender ? r->w->sender : 0;
	r->w->has_target = r->has_sender;
	r->w->sender = first;
	r->has_sender = true;
}

static int check_frame(struct reader *r)
{
	if (r->is_at) {
		int error = set_op(r, ARP_OP_REPLY);
		if (error)
			return err_set(r->err, error, _("an is-at is a reply and no request"));
		turn_round(r);
	}
	if (!r->has_sender)
		return missing(r, _("tell SENDER, who asks"));
	if (!r->w->dev)
		return missing(r, _("dev IF, the interface that the frame arrives on"));
	if (r->w->question == QUESTION_LEARN && !r->w->has_smac)
		return missing(r, _("smac MAC, which the frame says is the sender's"));
	return 0;
}

static int check_packet(struct reader *r)
{
	const struct explain_words *w = r->w;
	if (w->iif && !w->source)
		return err_set(r->err, -EINVAL,
			_("iif is where a packet of somebody else came in: say its src ADDRESS, "
			  "too"));
	if (w->iif && w->dev)
		return err_set(r->err, -EINVAL,
			_("dev binds a packet of this host, iif is where one of somebody else came "
			  "in: give one of them"));
	if (w->poll && (w->iif || w->source || !w->dev))
		return err_set(r->err, -EINVAL,
			_("a poll of an entry has no packet: it takes dev IF alone"));
	return 0;
}

int explain_parse(char *const *words, size_t count, struct explain_words *ret, struct err *err)
{
	struct explain_words w = { .op = ARP_OP_REQUEST };
	struct reader r = { .words = words, .count = count, .w = &w, .err = err };
	int error = read_head(&r);
	if (!error)
		error = read_pairs(&r);
	if (!error)
		error = asks[r.ask].bit & FRAME ? check_frame(&r) : check_packet(&r);
	if (!error && r.has_age && !w.has_known)
		error = err_set(err, -EINVAL, _("age is of an entry: say have STATE MAC, too"));
	if (!error)
		*ret = w;
	return error;
}
