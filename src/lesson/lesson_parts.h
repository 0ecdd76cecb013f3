/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: what the files that read lessons share.
 *
 *	faults.c     findings, growing texts and lists
 *	source.c     any bytes → lines of UTF-8 that can be read in bounded time
 *	markdown.c, markdown_text.c   lines → headings, fenced blocks and prose, each with its line
 *	words.c      a line of a topology or of facts → words
 *	names.c      {names} and what they stand for
 *	topology_text.c, topology_node.c, topology_rules.c   a topology's lines → a topology
 *	lesson.c, facts.c, steps.c, blocks.c, rules.c   pieces → a lesson, and what must be true
 *	                                                of it
 *	causes.c     what the seed chooses besides addresses: machines, and causes of a ticket
 *
 * Memory that runs out ends the program here as everywhere in the front.
 */
#ifndef ARPLAB_LESSON_PARTS_H
#define ARPLAB_LESSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/lesson.h>

/* Blocks of a step with all of its causes; PLAY_ITEMS_MAX is for one. */
#define READ_ITEMS_MAX 128
#define ARRAY_SIZE(a) (sizeof(a) / sizeof *(a))

/* ---- findings ---- */

#define FAULTS_MAX 100

/* Bring the findings from number `from` on into the order of their lines. */
void faults_sort(struct faults *f, size_t from);
/* Whether there is no room for another finding, so that looking on would be for nothing. */
bool faults_full(struct faults *f);
#define SAID_SIZE 80
/* " Did you mean X?" or "", written into said: text_nearest() of text.h in a sentence. */
const char *lesson_near(char said[SAID_SIZE], const char *word,
	const char *(*name)(const void *arg, size_t i), const void *arg);

/* ---- growing texts and lists ---- */

struct buf {
	char *bytes;
	size_t len, room;
};

void buf_put(struct buf *b, const char *s, size_t len);
void buf_char(struct buf *b, char c);
/* The text, terminated and from malloc; b is empty afterwards. */
char *buf_take(struct buf *b);
char *copy_bytes(const char *s, size_t len);
/*
 * Room for one more at the end of a list of `count` elements that has grown by this alone. Returns
 * the list, never NULL.
 */
void *grow_list(void *list, size_t count, size_t size);

/* ---- source.c ---- */

struct source {
	char *text; /* Terminated, without a BOM and CRs. */
	size_t len;
	size_t *begins; /* Offsets of lines; one more behind the last. */
	unsigned line_count;
};

/* Returns whether it can be read on; else there are findings. source_done() in either case. */
bool source_read(struct source *ret, const char *bytes, size_t len, unsigned first_line,
	struct faults *faults);
void source_done(struct source *s);
/* A text that has been looked at before: the inside of a block. */
void source_inside(struct source *ret, const char *text, size_t len);
/* Whether md4c can take it: no nesting and no paragraph beyond what a person would write. */
bool source_is_tame(const struct source *s, struct faults *faults);
/* The line, from 0 on, that a place in the text is in. */
unsigned source_line(const struct source *s, size_t offset);
/* A line without its line feed; line: from 0 on. */
const char *source_get(const struct source *s, unsigned line, size_t *ret_len);

/* A text's lines one after the other: each is terminated in place, its blanks at the end cut. */
struct line_walk {
	char *next;
	unsigned line; /* The number of the one that was given last. */
};
struct line_walk walk_begin(char *text, unsigned first_line);
char *walk_next(struct line_walk *w);
/* The first byte that is no blank. */
char *skip_blanks(char *s);
/* Whether a line of orders, claims or facts says nothing: empty, or a comment. */
bool line_is_idle(const char *line);

/* ---- markdown.c ---- */

enum piece_kind { PIECE_HEADING, PIECE_FENCE, PIECE_PROSE };

struct piece {
	enum piece_kind kind;
	unsigned line;
	unsigned level;     /* HEADING: 1 or 2. */
	char info[24];      /* FENCE: its first word, cut. */
	char cause[CAUSE_SIZE]; /* FENCE: its second word, cut. */
	bool info_more;     /* FENCE: there is more than these words. */
	bool nested;        /* Inside of a list or a quotation. */
	struct prose prose; /* The prose; text alone for headings and fences (as it was written). */
};

struct pieces {
	struct piece *list;
	size_t count;
};

/* Read tame CommonMark. text is a whole source, or the inside of a block. */
void markdown_read(
	struct pieces *ret, const struct source *s, unsigned first_line, struct faults *faults);
void pieces_done(struct pieces *p);
/* One running text, a question or a reply, with marks. From malloc. */
char *markdown_inline(const char *text, unsigned line, struct faults *faults);

/* ---- markdown_text.c ---- */

/* Stands for a line's end within a paragraph until the text is whole. */
#define SOFT_BREAK '\x04'
/* A line's end becomes a blank, but between two wide characters: their scripts do not part words.
 */
void markdown_join(char *text);
/* Whether a line parts a table's head from its rows: CommonMark has none, it would be a muddle. */
bool markdown_has_table(const char *text);
/* The character of `&…;`, or 0 for one that is left as it is written. */
uint32_t markdown_entity(const char *s, size_t len);
/* Take the marks out of a text. */
void strip_marks(char *text);

/* ---- words.c ---- */

#define WORDS_MAX 64

struct words {
	char *list[WORDS_MAX];
	size_t count;
	bool more;
};

/* Split a line in place; `#` at the beginning of a word begins a comment. */
void words_split(struct words *w, char *line);
/* 1500ms, 2s. Returns 0 or -EINVAL. */
int parse_time_ms(const char *s, uint32_t *ret);

/* ---- names.c ---- */

void names_add_ip(struct names *n, const char *name, uint32_t ip);
void names_add(struct names *n, const char *name, const char *value);
const char *names_value(const struct names *n, const char *name);
/* The names that a machine gives, once all of its lines are read. */
void names_add_node(struct names *n, const struct topology *t, uint16_t node);

/* What stands at a brace. */
enum brace { BRACE_PLAIN, BRACE_DOUBLE, BRACE_NAME, BRACE_OPEN };
/* s: at a '{'. ret_len: bytes that it takes. */
enum brace names_brace(const char *s, char ret_name[NAME_SIZE], size_t *ret_len);
/* " Did you mean {X}?" or "". */
const char *names_said_near(const struct names *n, const char *name, char said[SAID_SIZE]);

/* ---- topology_text.c ---- */

struct topology_reader {
	struct topology *t;
	struct names *names;
	struct faults *faults;
	unsigned line;
	uint16_t node; /* Whose lines are read; 0: none yet. */
	bool first_seen;
	uint16_t first[NODES_MAX]; /* Machines as `first` names them. */
	size_t first_count;
	bool timers_seen;
	unsigned iface_lines[TOPOLOGY_IFACES_MAX];
	unsigned addr_lines[TOPOLOGY_ADDRS_MAX];
	unsigned route_lines[TOPOLOGY_ROUTES_MAX];
	unsigned sysctl_lines[TOPOLOGY_SYSCTLS_MAX];
};

/* topology_node.c: what a machine's lines say. */
void topology_read_iface(struct topology_reader *r, const struct words *w);
void topology_read_lo(struct topology_reader *r, const struct words *w);
void topology_read_route(struct topology_reader *r, const struct words *w);
void topology_read_sysctl(struct topology_reader *r, const struct words *w);
/* topology_cluster.c: services and directors. */
void topology_read_serve(struct topology_reader *r, const struct words *w);
void topology_read_tunnel(struct topology_reader *r, const struct words *w);
void topology_read_balance(struct topology_reader *r, const struct words *w);
/* topology_rules.c: what can only be seen when all lines are read. */
void topology_rules(struct topology_reader *r);
/* An address that a machine can have. Returns 0, or -EINVAL and a finding. */
int topology_parse_ip(struct topology_reader *r, const char *word, uint32_t *ret);
/* The number of a switch, or 0. */
uint16_t topology_switch(const struct topology *t, const char *name);

/* ---- lesson_read() ---- */

struct reader {
	struct lesson *l;
	struct faults *faults;
	const struct lesson_source *source;
	uint32_t seed;
	struct source text;
	struct pieces pieces;
	struct names names;
	bool names_known; /* The topology is read, so names and lines can be looked at. */
	bool names_told;  /* Unknown names have been said, each with its line. */
	char needs[64];   /* The whole lesson's. */
	unsigned facts_line;
	struct piece *topology_piece;
	unsigned pick_line;
	char pick[160]; /* What `pick` says. */
};

enum block_kind {
	BLOCK_LESSON,
	BLOCK_TOPOLOGY,
	BLOCK_NEEDS,
	BLOCK_PREDICT,
	BLOCK_DO,
	BLOCK_CHECK,
	BLOCK_HINT,
	BLOCK_SOLVE,
	BLOCK_WHY,
	BLOCK_BREAK,
	BLOCK_WRONG,
	BLOCK_DEBRIEF,
	BLOCK_KINDS
};

/* Which block an info string asks for, or BLOCK_KINDS. */
enum block_kind block_kind(const char *info);
/* The kind that a misspelt info string may have meant, or NULL: then it is a listing. */
const char *block_near(const char *info);

/* facts.c: the `lesson` block, and the topology that it names or that the lesson has itself. */
void facts_read(struct reader *r, struct piece *p);
void lesson_topology(struct reader *r);
/* A step's own `needs`, behind those of the lesson. */
void needs_read(struct reader *r, struct step *s, const struct piece *p);
/* The text with its names filled in, from malloc; NULL and a finding when one is unknown. */
char *reader_try_fill(struct reader *r, const char *text, unsigned line);
/* The same, or the text as it is. */
char *reader_fill(struct reader *r, const char *text, unsigned line);
/* steps.c: pieces from number `from` on → steps. */
void steps_read(struct reader *r, size_t from);
/* Returns NULL and a finding when the step is full. */
struct item *step_add_item(struct reader *r, struct step *s, enum item_kind kind, unsigned line);
void item_add_prose(struct reader *r, struct item *item, struct piece *p);
/* blocks.c: one block of a step. */
void block_read(struct reader *r, struct step *s, enum block_kind kind, struct piece *p);
void item_free(struct item *i);
/* rules.c: what must be true of steps. */
void rules_check(struct reader *r);
/* causes.c: names for machines that the seed picks, once the topology is known. */
void causes_pick(struct reader *r);
/* Leave one of the causes in each step. */
void causes_choose(struct reader *r);

#endif
