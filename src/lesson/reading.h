/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: one line cut into words, and what a word may mean in a topology: what orders and claims
 * share. Every function that refuses a word says what was read, what is expected and what is near.
 */
#ifndef ARPLAB_READING_H
#define ARPLAB_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/text.h>
#include <arplab/topology.h>

#define READING_LINE 160 /* With the terminator, as texts of orders and claims are kept. */
#define READING_WORDS 24

struct reading {
	const struct topology *t;
	struct err *err;
	char bytes[2 * READING_LINE]; /* The words, each with its terminator. */
	const char *words[READING_WORDS];
	size_t count;
};

/*
 * Cut a line at blanks; a run of the characters = ! < > is a word by itself. text: where the line
 * is kept for people, of READING_LINE bytes, without blanks around it. Returns 0 or -EINVAL.
 */
int reading_begin(
	struct reading *r, const char *line, const struct topology *t, char *text, struct err *err);

/* ---- one word each; 0, or -EINVAL and a sentence ---- */

int reading_node(struct reading *r, const char *word, uint16_t *ret);
/* A machine, several with commas, or `all`. Bit n: for node n. */
int reading_nodes(struct reading *r, const char *word, uint64_t *ret);
int reading_ip(struct reading *r, const char *word, uint32_t *ret);
/* IP:PORT */
int reading_service(struct reading *r, const char *word, uint32_t *ret_ip, uint16_t *ret_port);
/* IP/LEN, or IP alone, which is IP/32. */
int reading_prefix(struct reading *r, const char *word, uint32_t *ret, uint8_t *ret_len);
/* A MAC, or a machine's name for its first interface's. */
int reading_mac(struct reading *r, const char *word, uint8_t ret[6]);
/* An interface that all of the nodes have; lo: whether lo is one. */
int reading_iface(
	struct reading *r, const char *word, uint64_t nodes, bool lo, char ret[IFNAME_SIZE]);
/* CONF.KEY: conf is all, default or an interface; own: only an interface will do. */
int reading_key(struct reading *r, const char *word, uint64_t nodes, bool own,
	char conf[IFNAME_SIZE], uint16_t *ret);
int reading_number(struct reading *r, const char *word, int64_t min, int64_t max, int64_t *ret);
/* A value of a key of sysctl.h's table. */
int reading_value(struct reading *r, const char *word, uint16_t key, int64_t *ret);

/* A word that stands for a number. The table ends with a NULL. */
struct reading_choice {
	const char *word;
	int64_t value;
};
int reading_choice(
	struct reading *r, const char *word, const struct reading_choice *table, int64_t *ret);

/* ---- sentences ---- */

/* "a, b or c"; `last` stands before the last one: "or", "and". */
void reading_list(struct text *t, const char *(*name)(const void *arg, size_t i), const void *arg,
	const char *last);
/* name() for a topology's machines, and for a table of choices. */
const char *reading_node_name(const void *topology, size_t i);
const char *reading_choice_name(const void *table, size_t i);
/* name() for the interfaces that all of some machines have; lo comes last, when it counts. */
struct reading_ifaces {
	const struct topology *t;
	uint64_t nodes;
	bool lo;
};
const char *reading_iface_name(const void *ifaces, size_t i);
/* The line ends too early, or goes on too long. usage: how it is written. -EINVAL. */
int reading_missing(struct reading *r, const char *what, const char *name, const char *args);
int reading_surplus(struct reading *r, const char *word, const char *name, const char *args);

/* How many interfaces a node has besides lo; *ret_first: the first one's index. */
size_t reading_iface_count(const struct topology *t, uint16_t node, size_t *ret_first);

#endif
