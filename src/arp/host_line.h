/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: one line of a host's description, taken apart: a kind, words, and fields name=value.
 *
 * Each function that reads a value returns 0, or -EBADMSG with a sentence that says what was read
 * and what is expected. A word or a value of "-" means that there is none.
 */
#ifndef ARPLAB_HOST_LINE_H
#define ARPLAB_HOST_LINE_H

#include <errno.h>

#include <arplab/err.h>
#include <arplab/host.h>

/* A value that has a name. Tables of them end with a row without one. */
struct choice {
	const char *name;
	uint32_t value;
};

enum { ROUTES_LISTED, ROUTES_UNKNOWN };

extern const struct choice route_types[], route_scopes[], route_tables[], rule_actions[],
	link_aboves[], route_states[];
/* The name of a value, or NULL. */
const char *choice_name(const struct choice *table, uint32_t value);

enum { LINE_SIZE = 512, LINE_PARTS = 24 };

/* Which lines make the host. */
enum line_mode {
	LINES_FACTS,    /* addr and route. */
	LINES_COMMANDS, /* addaddr and addroute, carried out. */
	LINES_SKETCH,   /* addr, as if it were addaddr, and addroute. */
};

struct line;

struct line_kind {
	const char *name;
	const char *form;       /* Like what it looks, for sentences. */
	size_t least, most;     /* Words behind the kind. */
	const char *fields[16]; /* Names that it may have; NULL behind the last. */
	int (*read)(struct line *l);
};

struct line {
	struct host *h;
	struct err *err;
	enum line_mode mode;
	const struct line_kind *kind;
	size_t word_count, field_count;
	const char *words[LINE_PARTS];
	struct {
		const char *name, *value;
	} fields[LINE_PARTS];
	char bytes[LINE_SIZE];
};

/*
 * Take a line apart. kinds: ends with a row without a name. Returns 1, 0 for a line that is
 * nothing, -ENOENT for a kind that is none of them, or -EBADMSG.
 */
int line_split(struct line *l, const char *text, const struct line_kind *kinds);

/* A field's value, or NULL if it is missing or "-". */
const char *line_value(const struct line *l, const char *name);

/* Fields. What is missing leaves *ret as it is. */
int line_number(const struct line *l, const char *name, int64_t min, int64_t max, int64_t *ret);
int line_u32(const struct line *l, const char *name, uint32_t *ret);
int line_u8(const struct line *l, const char *name, uint8_t max, uint8_t *ret);
int line_flag(const struct line *l, const char *name, bool *ret);
int line_ip(const struct line *l, const char *name, uint32_t *ret);
int line_choice(const struct line *l, const char *name, const struct choice *table, uint32_t max,
	uint32_t *ret);
int line_device(const struct line *l, const char *name, int32_t *ret);

/* Words and parts of them. what: how the sentence calls it. */
int word_number(const struct line *l, const char *what, const char *word, int64_t min, int64_t max,
	int64_t *ret);
/* ADDRESS or ADDRESS/LENGTH; without a length *ret_prefix stays as it is. */
int word_prefix(const struct line *l, const char *what, const char *word, uint32_t *ret_ip,
	uint8_t *ret_prefix);
/* The row of a link in host.links. */
int word_link(const struct line *l, const char *word, size_t *ret);
/* -EBADMSG, and that `word` was read where `expected` should be; nearest: what it may mean or NULL.
 */
int word_wrong(const struct line *l, const char *what, const char *word, const char *expected,
	const char *nearest);

/* Kinds that are read by host_read_net.c. */
int read_addr(struct line *l);
int read_addaddr(struct line *l);
int read_route(struct line *l);
int read_addroute(struct line *l);
int read_rule(struct line *l);

#endif
