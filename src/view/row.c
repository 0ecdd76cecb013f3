/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: small pieces of text and arithmetic that several panes share. */
#include <config.h>

#include "panes.h"

#include <ctype.h>

#include <linux/neighbour.h>

#include <arplab/frame.h>
#include <arplab/i18n.h>

#define NS_PER_S UINT64_C(1000000000)

uint64_t scroll_to(uint64_t top, uint64_t row, struct rows rows, int height)
{
	uint64_t shown = height > 0 ? (uint64_t)height : 1;
	if (top + shown > rows.end)
		top = rows.end > shown ? rows.end - shown : 0;
	if (row >= top + shown)
		top = row - shown + 1;
	if (row < top)
		top = row;
	return top < rows.begin ? rows.begin : top;
}

void text_short_ip(struct text *t, uint32_t ip)
{
	const uint8_t *octets = (const uint8_t *)&ip;
	text_char(t, '.');
	text_u64(t, octets[2]);
	text_char(t, '.');
	text_u64(t, octets[3]);
}

void text_short_mac(struct text *t, const struct model *m, const uint8_t mac[6])
{
	if (model_own_mac(m, mac)) {
		text_put(t, C_("a MAC", "me"));
		return;
	}
	uint16_t owner = in_lab(m) ? world_mac_owner(m->world, mac) : 0;
	if (owner) {
		text_put(t, world_name(m->world, owner));
		return;
	}
	text_hex(t, mac[3]);
	text_char(t, ':');
	text_hex(t, mac[4]);
	text_char(t, ':');
	text_hex(t, mac[5]);
}

void text_clock(struct text *t, const struct screen *s, uint64_t at_ns, unsigned digits)
{
	/* A day more, so that the first hours of 1970 have a yesterday west of Greenwich. */
	uint64_t of_day = (at_ns / NS_PER_S + (uint64_t)(86400 + s->utc_offset_s)) % 86400;
	text_zeros(t, of_day / 3600, 2);
	text_char(t, ':');
	text_zeros(t, of_day / 60 % 60, 2);
	text_char(t, ':');
	text_zeros(t, of_day % 60, 2);
	if (!digits)
		return;
	uint64_t part = at_ns % NS_PER_S;
	for (unsigned i = digits; i < 9; i++)
		part /= 10;
	text_char(t, '.');
	text_zeros(t, part, digits);
}

/* Days since 1970 as a date of the Gregorian calendar, counted from a March so that leap days end
 * years. */
void text_date(struct text *t, const struct screen *s, uint64_t at_ns)
{
	int64_t days = ((int64_t)(at_ns / NS_PER_S) + s->utc_offset_s) / 86400 + 719468;
	int64_t era = days / 146097, of_era = days % 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	int64_t day = of_year - (153 * month + 2) / 5 + 1;
	month = month < 10 ? month + 3 : month - 9;
	text_zeros(t, (uint64_t)(year + era * 400 + (month <= 2)), 4);
	text_char(t, '-');
	text_zeros(t, (uint64_t)month, 2);
	text_char(t, '-');
	text_zeros(t, (uint64_t)day, 2);
}

enum role frame_role(const struct event *e)
{
	static const enum role roles[ARP_CLASSES] = {
		[ARP_CLASS_REQUEST] = ROLE_REQUEST,
		[ARP_CLASS_REPLY] = ROLE_REPLY,
		[ARP_CLASS_PROBE] = ROLE_PROBE,
		[ARP_CLASS_ANNOUNCEMENT] = ROLE_ANNOUNCE,
		[ARP_CLASS_GRATUITOUS] = ROLE_ANNOUNCE,
		[ARP_CLASS_POLL] = ROLE_POLL,
		[ARP_CLASS_OTHER] = ROLE_DIM,
		[ARP_CLASS_BROKEN] = ROLE_BAD,
	};
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(e->frame.bytes, e->frame.caplen, &p);
	return roles[arp_classify(&p, flaw)];
}

const char *frame_class_word(enum arp_class class)
{
	return i18n_at("frame", arp_class_name(class));
}

enum role neigh_role(uint16_t state)
{
	if (state & (NUD_REACHABLE | NUD_PERMANENT))
		return ROLE_GOOD;
	if (state & (NUD_FAILED | NUD_INCOMPLETE))
		return ROLE_BAD;
	if (state & (NUD_DELAY | NUD_PROBE))
		return ROLE_WARN;
	return ROLE_TEXT;
}

uint64_t neigh_changed_ns(const struct neigh_entry *e)
{
	uint64_t age_ns = e->has_ages ? e->updated_ms * UINT64_C(1000000) : 0;
	return e->at_ns > age_ns ? e->at_ns - age_ns : 0;
}

/* The steps at which a shown age changes, in seconds; behind them every minute, hour and day. */
static const unsigned age_steps[] = { 0, 1, 2, 5, 10, 20, 30 };

#define AGE_STEPS (sizeof age_steps / sizeof *age_steps)

static uint64_t age_unit(uint64_t seconds)
{
	return seconds < 3600 ? 60 : seconds < 86400 ? 3600 : 86400;
}

/* Seconds rounded down to the step that is shown. */
static uint64_t age_floor(uint64_t seconds)
{
	if (seconds >= 60)
		return seconds - seconds % age_unit(seconds);
	size_t i = AGE_STEPS - 1;
	while (age_steps[i] > seconds)
		i--;
	return age_steps[i];
}

void text_coarse_age(struct text *t, uint64_t age_ns)
{
	text_age(t, age_floor(age_ns / NS_PER_S) * NS_PER_S);
}

void age_shown(struct screen *s, const struct model *m, uint64_t since_ns)
{
	uint64_t age_s = m->now_ns > since_ns ? (m->now_ns - since_ns) / NS_PER_S : 0;
	uint64_t next_s = 60;
	if (age_s >= 60)
		next_s = age_floor(age_s) + age_unit(age_s);
	for (size_t i = AGE_STEPS; age_s < 60 && i-- > 0;)
		if (age_steps[i] > age_s)
			next_s = age_steps[i];
	uint64_t when = since_ns + next_s * NS_PER_S;
	if (when < s->next_age_ns)
		s->next_age_ns = when;
}

void text_sentence(struct text *t, const char *s)
{
	if (*s)
		text_char(t, (char)toupper((unsigned char)*s++));
	text_put(t, s);
}

void text_lower(struct text *t)
{
	for (size_t i = 0; i < t->len; i++)
		t->bytes[i] = (char)tolower((unsigned char)t->bytes[i]);
}

bool row_passes(const struct filter *f, struct text *t)
{
	text_lower(t);
	return filter_match(f, t->bytes, t->len);
}
