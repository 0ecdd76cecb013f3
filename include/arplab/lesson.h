/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: a lesson read from its file: prose, and blocks that the program acts on.
 *
 * The file is CommonMark in UTF-8; doc/arplab-lesson.5 describes it. Reading is one pass that
 * reports every error, not only the first: md4c finds the blocks, then the topology is made, then
 * `{names}` are filled in, then every line of every block is parsed against that topology. A
 * lesson with an error is never returned, so whoever has one can play it.
 */
#ifndef ARPLAB_LESSON_H
#define ARPLAB_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/claim.h>
#include <arplab/err.h>
#include <arplab/ladder.h>
#include <arplab/order.h>
#include <arplab/topology.h>

/* Real ones have some ten kilobytes; this bounds the time that nonsense takes. */
#define LESSON_BYTES_MAX (1u << 18)
#define LESSON_ID_SIZE 48

/* ---- prose ---- */

/*
 * Marks inside a text: prose, questions, replies. The file itself may not hold control characters
 * but \t and \n. Every mark is closed within its text; a line feed is a line break that was asked
 * for.
 */
#define PROSE_STRONG '\x01' /* Begin and end are the same mark. */
#define PROSE_EM '\x02'
#define PROSE_CODE '\x03'

enum prose_kind { PROSE_PARAGRAPH, PROSE_ITEM, PROSE_LISTING, PROSE_QUOTE, PROSE_HEADING };

struct prose {
	enum prose_kind kind;
	unsigned depth;  /* Of nested lists, from 0 on. */
	unsigned number; /* Of an item in an ordered list, 0: a bullet. */
	char *text;      /* UTF-8 with marks; a listing keeps its line feeds. */
};

/* ---- blocks ---- */

struct choice {
	char *name;  /* "three": what the learner chooses. */
	char *reply; /* What is said to that choice; with marks. */
	bool right;
};

#define CAUSE_SIZE 24

enum item_kind {
	ITEM_PROSE,   /* prose[0..count) */
	ITEM_PREDICT, /* text: the question; choices[0..count) with exactly one right one. */
	ITEM_DO,      /* orders[0..count) */
	ITEM_CHECK,   /* orders, then claims: all must hold. */
	ITEM_HINT,    /* prose */
	ITEM_SOLVE,   /* orders */
	ITEM_WHY,     /* prose: the longer explanation, on demand; behind it ladders[0..count). */
	ITEM_BREAK,   /* orders that prepare a task by themselves, and are never shown. */
	ITEM_WRONG,   /* orders that do not solve the task: for the proof, never shown. */
	ITEM_DEBRIEF, /* prose: what it was, once the check before it holds. */
};

struct item {
	enum item_kind kind;
	unsigned line; /* Of the file, where it begins. */
	char cause[CAUSE_SIZE]; /* It belongs to this cause alone; "": to all. */
	char *text;    /* PREDICT: the question; with marks. */
	struct prose *prose;
	size_t prose_count;
	struct choice *choices;
	size_t choice_count;
	struct order *orders;
	size_t order_count;
	struct claim *claims;
	size_t claim_count;
	struct ladder *ladders;
	size_t ladder_count;
	uint32_t within_ms; /* CHECK: how long the claims are looked at until they hold. */
};

struct step {
	char *title;
	char id[LESSON_ID_SIZE]; /* From the title: progress is kept under it. */
	char needs[64]; /* What the kernel must have for it, words with blanks; "" for nothing. */
	struct item *items;
	size_t item_count;
	bool has_solve;
	unsigned line;
};

struct lesson {
	char id[LESSON_ID_SIZE]; /* "06-arp-ignore-0": the file's name without folder and .md. */
	char *title;
	char *summary;              /* One line for the list. */
	char after[LESSON_ID_SIZE]; /* The lesson before it, or "". */
	unsigned minutes;
	bool fast_track;
	bool ticket;          /* A challenge: a complaint, and a cause that is to be found. */
	uint32_t seed;        /* That it was varied by, 0: not. */
	size_t cause_count;   /* Of the step that has the most; 0: no step has any. */
	char cause[CAUSE_SIZE]; /* The one that the last step with causes was read with. */
	bool matrix; /* It begins with the caches as a matrix. */
	struct topology topology;
	char topology_name[LESSON_ID_SIZE]; /* "lvs-dr", or "" when it is the lesson's own. */
	struct step *steps;
	size_t step_count;
};

/* ---- reading ---- */

/* One finding: shown as FILE:LINE: TEXT. */
struct fault {
	unsigned line;  /* From 1 on; 0: the file as a whole. */
	char text[240]; /* What was read, what was expected, what is near. */
};

struct faults {
	struct fault *list;
	size_t count;
	bool more; /* There were too many to keep. */
};

void faults_add(struct faults *f, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void faults_done(struct faults *f);

/* Where topologies that a lesson names come from. Returns the text, or NULL if there is none. */
struct lesson_source {
	const char *(*topology)(void *arg, const char *name, size_t *ret_len);
	/* Names them, for suggestions; NULL behind the last. */
	const char *(*topology_name)(void *arg, size_t i);
	void *arg;
	size_t cause; /* Read each step with its cause number N, from 1 on; 0: the seed chooses. */
};

/*
 * Read a lesson. name: its file's name, for the id. seed: 0 leaves addresses and MACs as written;
 * else they are varied, and all of a lesson's texts and lines with them.
 * Returns NULL when anything is wrong; faults then has at least one finding. The lesson is freed
 * by lesson_free(). Nothing outside `bytes` is read; any bytes may be given.
 */
struct lesson *lesson_read(const char *name, const char *bytes, size_t len, uint32_t seed,
	const struct lesson_source *source, struct faults *faults);
void lesson_free(struct lesson *l);
/* Keep what a list tells of it alone: its head, and its steps' titles and ids. */
void lesson_forget_items(struct lesson *l);

/* ---- topologies and their names ---- */

/* `{vip}` → "192.168.2.200": a topology's own names, and its machines' addresses and MACs. */
#define NAME_SIZE 40
struct name_value {
	char name[NAME_SIZE];
	char value[32];
};
struct names {
	struct name_value *list;
	size_t count;
};
void names_done(struct names *n);
/*
 * Read a topology alone. text: its lines; first_line: the number of the first, for findings.
 * ret_names: the names that `{…}` may use; to be freed with names_done() in any case. Besides
 * what `name` lines say, each machine gives {machine}, {machine.mac}, {machine.IF},
 * {machine.IF.mac}, and {machine.IF.2} for an interface's second address. Returns 0, or -EINVAL and
 * at least one finding.
 */
int topology_read(const char *text, size_t len, unsigned first_line, struct topology *ret,
	struct names *ret_names, struct faults *faults);
/*
 * Change every address and MAC, alike in the topology and in the names, by a seed that is not 0:
 * who shares a network with whom stays as it is. The same seed gives the same result.
 * Returns 0, or -EINVAL and a sentence when a network is wider than a /24.
 */
int topology_vary(struct topology *t, struct names *names, uint32_t seed, struct err *err);
/*
 * Fill `{name}`s in. Returns a text from malloc, or NULL when a name is unknown or its brace is not
 * closed: then ret_name says which one. `{{` stands for one brace; a brace with no letter behind it
 * is itself, so that listings of configuration files need no care.
 */
char *names_fill(const struct names *n, const char *text, char ret_name[NAME_SIZE]);
/* The name nearest to a misspelt one, or NULL if none is near. */
const char *names_near(const struct names *n, const char *name);

/* ---- translations, new lessons ---- */

/*
 * Compare a translation with its original: the blocks must say the same in the same order (lesson
 * facts, topology, orders, claims, which choice is right); prose, questions, replies, hints are
 * free. Findings are about the translation.
 */
void lesson_compare(
	const struct lesson *original, const struct lesson *translation, struct faults *faults);
/*
 * Give a translation's steps the ids of the original's, so that progress is the same in every
 * language. Steps that the original does not have keep theirs.
 */
void lesson_take_ids(struct lesson *translation, const struct lesson *original);
/* The text that `arplab lessons new NAME` writes; name: becomes the title. From malloc. */
char *lesson_template(const char *name);

#endif
