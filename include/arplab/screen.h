/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: what the person sees of a model, and where they are in it.
 *
 * A screen holds what belongs to the eyes and hands: which pane has the keys, what is selected,
 * how it is sorted and filtered, which question is open. It holds nothing of the machine. Commands
 * change a screen; screen_update() follows the model; screen_draw() fills a canvas. All are pure.
 */
#ifndef ARPLAB_SCREEN_H
#define ARPLAB_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/arrows.h>
#include <arplab/canvas.h>
#include <arplab/conflict.h>
#include <arplab/filter.h>
#include <arplab/matrix.h>
#include <arplab/model.h>
#include <arplab/past.h>
#include <arplab/play.h>
#include <arplab/whatif.h>
#include <arplab/world.h>

enum pane { PANE_LINKS, PANE_CACHE, PANE_FRAMES, PANE_SYSCTLS, PANE_DETAIL, PANE_LESSON, PANES };

#define SCREEN_ROWS_MIN 18
#define SCREEN_COLUMNS_MIN 60

/* Where everything stands; rows of 0 height are not shown. */
struct layout {
	bool too_small;
	struct rect status, panes[PANES], bar;
};

/* file: only what a capture file has is shown: its frames and the chosen one's detail. */
struct layout layout_make(int rows, int columns, enum pane focus, bool zoomed, bool file);
/*
 * A ladder of frames takes the place of interfaces, cache and frames. matrix: the caches stay, as a
 * matrix to the right of it, where there is room for both.
 */
void layout_ladder(struct layout *l, bool matrix);
/* Of a lab, but where one machine is looked at alone. */
struct lab_view;
struct layout layout_make_lab(
	int rows, int columns, enum pane focus, bool zoomed, const struct lab_view *lab);

/* A place in a list: the selected row and the first one shown. */
struct place {
	size_t row, top;
};

enum cache_sort {
	CACHE_BY_IP,
	CACHE_BY_MAC,
	CACHE_BY_STATE,
	CACHE_BY_LINK,
	CACHE_BY_AGE,
	CACHE_SORTS
};

/* The cache pane's rows: places in the neighbour table, filtered and sorted. */
struct cache_view {
	uint32_t *order;
	uint32_t count, room;
	enum cache_sort sort;
	bool reversed;
	uint64_t generation, membership; /* Of the table when order was made. */
	bool stale;                      /* Sort or filter changed since. */
	int height;                      /* Rows that were shown last. */
	int32_t ifindex;                 /* The selected entry. */
	uint32_t ip;
	struct place place;
};

#define FRAME_LINES 200 /* Lines of the frame pane that a click is known in. */

/* The frame pane's rows: all frames, or the positions of those that pass the filter. */
struct frame_view {
	uint64_t *hits; /* Sorted positions; only used while a filter is set. */
	size_t hit_first, hit_count, hit_room; /* hits[hit_first..hit_count) are the rows. */
	uint64_t scanned;  /* Frames before this position have been looked at. */
	bool follow;       /* The newest is selected and stays so; else paused. */
	uint64_t end;      /* Position behind the newest frame when following ended. */
	uint64_t selected; /* Position of the selected frame. */
	uint64_t top;      /* Row shown first: a position, or an index of hits. */
	int height;        /* Rows that were shown last. */
	bool no_verdicts;  /* Lines under who-has are not wanted. */
	/* Which row each line of the pane shows, counted from `top`; set by draw. */
	uint8_t line_rows[FRAME_LINES];
	/* Frames of a file that a filter shows, by position; from malloc, or NULL. */
	struct kept_frame *kept;
	/* As arrows between machines, over the place of all upper panes. */
	struct {
		bool on;
		struct parties parties;
		int head; /* Rows above the arrows; set by draw. */
	} ladder;
	/* The frame that times are counted from; in a lab, what it is the first frame of. */
	struct {
		uint64_t position, at_ns;
		bool known; /* at_ns is that frame's, or while `awaited` the one's before. */
		bool awaited;
		const struct lesson *lesson;
		size_t step;
	} zero;
	uint32_t seen_lab; /* The lab that update() saw, by its number. */
	uint64_t seen_end; /* Position behind the newest frame that update() saw. */
	/* A search that must fetch frames of a file on its way; step 0: none. */
	struct {
		int step;
		uint64_t row, left;
	} seek;
};

/* One row of the interface pane. */
struct link_row {
	int32_t ifindex;
	int32_t addr; /* Index into the model's addresses, -1: the interface, -2: its sysctls. */
};

struct link_view {
	struct link_row *rows;
	size_t count, room;
	int32_t ifindex; /* The selected interface. */
	int height;      /* Rows that were shown last. */
	struct place place;
};

/* One row of a lab's machines: pane_machines.c knows the kinds. */
struct machine_row {
	uint16_t node;
	uint8_t kind;
	int32_t ifindex;
	int32_t index; /* Of an address in its machine's model. */
};

struct machine_view {
	struct machine_row *rows;
	size_t count;
	struct machine_row chosen; /* The selected row. */
	int height;                /* Rows that were shown last. */
	struct place place;
};

/* Whose MAC a cache had for an address, and whose before. */
struct owner {
	uint16_t node; /* Whose cache. */
	bool flipped;
	uint8_t mac[6], before[6];
	int32_t ifindex;
	uint32_t ip;
	uint64_t flipped_ns;
};

/* One row of a lab's caches: pane_caches.c knows the kinds. */
struct caches_row {
	uint16_t node;
	uint8_t kind;
	int32_t ifindex;
	uint32_t ip;
};

struct caches_view {
	struct caches_row *rows;
	size_t count;
	struct owner *owners;
	size_t owner_count;
	uint32_t lab;             /* The lab that the owners are of. */
	struct caches_row chosen; /* The selected row; cache_view has its entry, too. */
	int height;               /* Rows that were shown last. */
	struct place place;
};

/* The caches as a matrix: machines by addresses. */
struct matrix_view {
	struct matrix *made;       /* From malloc; NULL before it was shown. */
	uint64_t position;         /* Of the frame whose moment it shows, or MATRIX_NOW. */
	uint16_t nodes[NODES_MAX]; /* Rows: machines that pass the filter. */
	size_t count;
	uint16_t node; /* The chosen cell: */
	uint32_t ip;
	struct place place;
	size_t column;
	size_t left, right;             /* Columns out of sight on either side. */
	int height;                     /* Rows that were shown last. */
	int first_column, cell_columns; /* Where cells were drawn last, for clicks. */
};

#define THOUGHT_FRAMES 16

struct grid_view {
	size_t key;                      /* Row: index into the table of sysctls. */
	int32_t ifindex;                 /* Column. */
	char name[IFNAME_SIZE];          /* Of the column, to be named when it is gone. */
	int32_t named;                   /* The column that the name is of. */
	uint8_t keys[MODEL_SYSCTL_KEYS]; /* Rows: keys that pass the filter. */
	size_t count;                    /* Of them. */
	size_t top;                      /* First row shown. */
	size_t left;                     /* First interface column shown. */
	int height;                      /* Keys that were shown last. */
	struct {
		bool known; /* The next value of the chosen cell is one that can be thought of. */
		int32_t value;   /* That one. */
		uint16_t node;   /* Whose frames were looked at. */
		uint64_t frames; /* Frames that there were when it was looked at, */
		uint64_t at_ns;  /* and when that was. */
		struct whatif_frame tried[THOUGHT_FRAMES]; /* The newest different ones of them. */
		size_t tried_count;
		struct whatif what;
	} next;
};

#define CAUSE_EFFECTS 32

/* Cause and effect between what is chosen and the other panes' rows. */
struct cause_view {
	struct effect effects[CAUSE_EFFECTS]; /* What the chosen frame did to cache rows. */
	size_t count;
	bool known;        /* The frame that made the chosen cache row so, */
	uint64_t position; /* and where it is. */
};

/* A line that is being typed. */
enum prompt_kind {
	PROMPT_NONE,
	PROMPT_SEARCH,
	PROMPT_FILTER,
	PROMPT_CAPTURE,
	PROMPT_WRITE,
	PROMPT_VALUE,
	PROMPT_COMMAND,
};

#define PROMPT_SIZE 256

struct prompt {
	enum prompt_kind kind;
	char label[64];
	char text[PROMPT_SIZE]; /* UTF-8 */
	size_t cursor;          /* Bytes before it. */
	bool bad;               /* What stands there is not valid; `says` tells why. */
	char says[EVENT_TEXT_SIZE];
};

/* A question or a text over the panes. */
#define DIALOG_TEXT_SIZE 8192

struct dialog {
	bool open;
	char title[64];
	char text[DIALOG_TEXT_SIZE]; /* Lines; a line that begins with '\t' is shown as a command.
				      */
	char keys[160];              /* The keys that answer it, for the last line. */
	size_t top;                  /* First line shown. */
};

/* ---- the lab ---- */

/* One lesson in the menu; texts stay the caller's. */
struct menu_row {
	const char *id, *title, *summary;
	unsigned minutes;
	bool fast_track, ticket;
	size_t steps, steps_done;
	bool shown; /* Some step was solved by the program. */
};

/* What the screen knows of a lab beside the world: the caller's, good until it says otherwise. */
struct lab_view {
	bool on;       /* The scope is a lab: machines, caches, LAN, lesson, sysctls. */
	uint16_t node; /* The chosen machine: its sysctls are shown; 0 before there is one. */
	bool free;     /* Free play: the lesson rests, and nothing is judged. */
	bool alone;    /* Only the chosen machine is looked at, with the panes of a live host. */
	bool matrix;   /* The caches are shown as a matrix. */
	bool detail;   /* The detail pane stands in place of the sysctls. */
	bool present;  /* For a projector: wide lesson, no scores, no answers. */
	const struct play *play;     /* NULL while the menu is shown. */
	const struct menu_row *menu; /* Lessons. */
	size_t menu_count;
	struct place menu_place; /* The selected lesson. */
	size_t lesson_top;       /* First line shown of the lesson's text. */
	size_t lesson_rows;      /* Lines it has; set by draw. */
	size_t choice;           /* The selected prediction, from 1 on; 0: none yet. */
	bool lesson_follow;      /* Keep the newest item in sight; a hand that scrolls ends it. */
	/* The view's own. */
	bool bare;      /* No lesson and no machine: the menu has the screen. */
	bool was_alone; /* What the panes of one machine were about last. */
	uint16_t was_node;
	bool from_lesson;      /* The lesson had the keys before one machine was alone. */
	uint64_t lesson_seen;  /* Pieces of the step that were shown, a bit each. */
	uint64_t lesson_fresh; /* Those of them that came last. */
	const struct lesson *seen_lesson; /* Whose step that is. */
	size_t seen_step;
	size_t lesson_line; /* The line that a search has found. */
};

/* One row of the key bar; from the table of commands. */
struct bar_item {
	char key[8]; /* "" behind the last. */
	const char *label;
	bool always; /* Others give way where there is no room for all. */
};

struct screen {
	const struct past *past;     /* What verdicts are made of; NULL: none are shown. */
	struct conflicts *conflicts; /* NULL: none are shown. */
	int rows, columns;
	struct layout layout;
	enum pane focus;
	enum pane subject; /* The pane whose selection the detail pane shows. */
	bool zoomed;
	struct cache_view cache;
	struct frame_view frames;
	struct link_view links;
	struct machine_view machines;
	struct caches_view caches;
	struct matrix_view matrix;
	struct grid_view grid;
	struct cause_view causes;
	struct lab_view lab;
	size_t detail_top, detail_rows;
	struct filter filters[PANES];
	struct filter search;
	char capture_filter[FILTER_SIZE];
	char file[64];        /* Name of the capture file that is read; "" for a live machine. */
	char replay[48];      /* Where in a recording this is; "" without one. */
	bool may_write;       /* The person has allowed changes. */
	bool ended;           /* The helper is gone. */
	int32_t utc_offset_s; /* Of local time. */
	const struct bar_item *bar;
	struct prompt prompt;
	struct dialog dialog;
	char message[EVENT_TEXT_SIZE]; /* Shown in place of the key bar; "" for none. */
	bool message_bad;
	uint64_t next_age_ns; /* When an age shown next changes; UINT64_MAX for never. Set by draw.
			       */
};

void screen_init(struct screen *s);
void screen_done(struct screen *s);
void screen_resize(struct screen *s, int rows, int columns);
/* Bring rows and selections into step with the model, and the layout with what `lab` says. */
void screen_update(struct screen *s, const struct model *m);
/*
 * The model begins anew: what was made of the old one is forgotten, and what a hand has chosen, as
 * filters and sorting, is not.
 */
void screen_rewound(struct screen *s);
/* Draw everything into a canvas of the screen's size. Also notes when an age changes next. */
void screen_draw(struct screen *s, const struct model *m, struct canvas *c);

/*
 * In a lab `m` is machine 0 of a world (model.world leads to the others), here and everywhere
 * below. The machine that a pane is about: the chosen one for sysctls and detail and when one is
 * looked at alone, else machine 0.
 */
const struct model *screen_machine(const struct screen *s, const struct model *m, enum pane pane);
/* Choose the machine whose sysctls are shown; step through them round and round. */
void screen_choose_node(struct screen *s, const struct model *m, uint16_t node);
void screen_step_node(struct screen *s, const struct model *m, int step);

/*
 * What would be different with the last frames of the machine whose sysctls are shown, if one had
 * another value. Returns false where that cannot be told, or the sysctl is not the rules' matter.
 */
bool screen_whatif(const struct screen *s, const struct model *m, int32_t ifindex, size_t key,
	int32_t value, struct whatif *ret);

/* ---- what hands do; all keep the selection visible ---- */

void screen_focus(struct screen *s, enum pane pane);
/* The next or previous pane that can have the keys. */
void screen_cycle(struct screen *s, int step);
/* Move the selection; LONG_MIN and LONG_MAX go to the ends. */
void screen_move(struct screen *s, const struct model *m, long step);
/* Move sideways: columns in the grid. */
void screen_side(struct screen *s, const struct model *m, int step);
/* Rows of the focused pane that fit; a page. */
int screen_page(const struct screen *s);
/* What the lesson has shown has been read: from now on the end of its text is kept in sight. */
void screen_follow_lesson(struct screen *s);
/* A click: focus and select. Returns whether it hit a pane. */
bool screen_click(struct screen *s, const struct model *m, int row, int column);
/* The prediction of the open question that stands there, from 1 on; 0: none does. */
size_t screen_choice_at(const struct screen *s, const struct model *m, int row, int column);
/* The wheel: focus the pane under the pointer and move its selection. */
void screen_wheel(struct screen *s, const struct model *m, int row, int column, long step);
/* Choose the next sort column, or turn the order round. */
void screen_sort(struct screen *s, int step);
void screen_sort_reverse(struct screen *s);
void screen_pause(struct screen *s, const struct model *m);
/* Show the frames as arrows, or as lines again. */
void screen_ladder(struct screen *s, const struct model *m);
/* Show the caches of a lab as a matrix, or as a list again. */
void screen_matrix(struct screen *s, const struct model *m, bool on);
/* Set the filter of the focused pane. Returns why it is none, or NULL. */
const char *screen_filter(struct screen *s, const struct model *m, const char *text);
/* Rows of the focused pane that pass its filter. */
size_t screen_row_count(const struct screen *s, const struct model *m);
/*
 * Go to the next (1) or previous (-1) row that holds the search. Returns whether there is one. In a
 * file it may go on in screen_update(), as frames are fetched; a failure is then said there.
 */
bool screen_search(struct screen *s, const struct model *m, int step);
/*
 * Count the rows of the focused pane that hold the search. Returns false, and does not count, when
 * rows would have to be fetched first.
 */
bool screen_search_count(struct screen *s, const struct model *m, size_t *ret_count);
/*
 * In file scope: frames that the screen needs and the model does not hold. Returns whether there
 * are any; *ret_first counts from 1.
 */
bool screen_wants(
	const struct screen *s, const struct model *m, uint64_t *ret_first, uint32_t *ret_count);
void screen_say(struct screen *s, bool bad, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What is selected, or NULL. */
const struct event *screen_frame(const struct screen *s, const struct model *m);
const struct neigh_entry *screen_neigh(const struct screen *s, const struct model *m);

#endif
