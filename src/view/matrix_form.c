/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: how a matrix of addresses is written in the room that there is. */
#include <config.h>

#include "matrix_form.h"

#include <string.h>

#include <arplab/utf8.h>

#include "lab_text.h"

#define OWNER_MOST 10
#define NAMED_LEAST 3 /* With fewer columns of names, letters tell more. */
#define STATE_WORD 10 /* INCOMPLETE */
#define WHOLE_IP 15
#define NAME_NARROW 6

/* ---- names in few letters ---- */

static size_t digits_at(const char *name)
{
	size_t at = strlen(name);
	while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
		at--;
	return at;
}

static struct brief brief_of(const char *name, size_t letters)
{
	struct brief b;
	struct text t = text_in(b.text, sizeof b.text);
	size_t digits = digits_at(name);
	for (size_t i = 0; i < letters && i < digits; i++)
		text_char(&t, name[i]);
	text_put(&t, name + digits);
	text_end(&t);
	return b;
}

struct brief brief_name(const struct world *w, uint16_t node)
{
	const char *name = world_name(w, node);
	for (size_t letters = 1;; letters++) {
		struct brief b = brief_of(name, letters);
		bool alone = true;
		for (uint16_t i = 1; i <= w->count && alone; i++)
			alone = i == node ||
				strcmp(brief_of(world_name(w, i), letters).text, b.text) != 0;
		if (alone || letters >= digits_at(name))
			return b;
	}
}

static int briefs_width(const struct world *w)
{
	int most = 1;
	for (uint16_t i = 1; i <= w->count; i++) {
		int width = (int)strlen(brief_name(w, i).text);
		most = width > most ? width : most;
	}
	return most;
}

/* ---- columns ---- */

static int addresses_width(const struct matrix *x, const struct model *m)
{
	int most = 0;
	for (size_t i = 0; i < x->count; i++) {
		char bytes[24];
		struct text t = text_in(bytes, sizeof bytes);
		text_lab_ip(&t, m, x->ips[i], false);
		most = (int)t.len > most ? (int)t.len : most;
	}
	return most;
}

static struct matrix_form form_of(
	const struct matrix *x, const struct model *m, int width, struct matrix_form f)
{
	int ips = addresses_width(x, m) + 1;
	f.column = f.owner + 1 + f.state + 1;
	if (f.column < ips)
		f.column = ips;
	/* The blank behind the last one is not needed. */
	int room = (width - f.name - f.brief + 1) / f.column;
	f.fit = room > 1 ? (size_t)room : 1;
	return f;
}

struct matrix_form matrix_form(const struct matrix *x, const struct model *m, int width)
{
	int names = names_width(m), briefs = briefs_width(m->world);
	int owner = names < OWNER_MOST ? names : OWNER_MOST;
	int brief_label = width < 28 && names > NAME_NARROW ? NAME_NARROW : names;
	struct matrix_form f = form_of(x, m, width,
		(struct matrix_form) { .name = names + 1, .owner = owner, .state = STATE_WORD });
	if (f.fit >= x->count)
		return f;
	f = form_of(x, m, width,
		(struct matrix_form) { .name = names + 1, .owner = owner, .state = 1 });
	if (f.fit >= x->count || f.fit >= NAMED_LEAST)
		return f;
	return form_of(x, m, width,
		(struct matrix_form) { .name = brief_label + 1,
			.brief = briefs + 1,
			.owner = briefs,
			.state = 1 });
}

void matrix_address(struct text *t, const struct matrix_form *f, const struct model *m, uint32_t ip)
{
	text_lab_ip(t, m, ip, f->column > WHOLE_IP);
}
