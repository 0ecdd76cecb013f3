/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: what every pane can do. A pane is one file that ends in one table of these operations; the
 * screen knows no more of it.
 *
 * Rows are numbered from begin to end - 1. For most panes begin is 0; frames keep their positions.
 */
#ifndef ARPLAB_PANES_H
#define ARPLAB_PANES_H

#include <arplab/frame.h>
#include <arplab/screen.h>
#include <arplab/text.h>

#define ROW_TEXT_SIZE 512

struct rows {
	uint64_t begin, end;
};

struct pane_ops {
	/* Bring the rows into step with the model. May be NULL. */
	void (*update)(struct screen *s, const struct model *m);
	/* Draw the inside. */
	void (*draw)(struct screen *s, const struct model *m, struct canvas *c, struct rect inside);
	void (*title)(const struct screen *s, const struct model *m, struct text *t);
	struct rows (*rows)(const struct screen *s, const struct model *m);
	uint64_t (*selected)(const struct screen *s, const struct model *m);
	void (*select)(struct screen *s, const struct model *m, uint64_t row);
	/* The row as text, for search and filter. */
	void (*row_text)(
		const struct screen *s, const struct model *m, uint64_t row, struct text *t);
	/* The row at a line of the inside. NULL: no rows to click. */
	uint64_t (*row_at)(const struct screen *s, int line);
	/* Sideways, and clicks in a column. NULL: nothing there. */
	void (*side)(struct screen *s, const struct model *m, int step);
	void (*click_column)(struct screen *s, const struct model *m, int column);
	int (*page)(const struct screen *s);
	/* What stands in the lower edge. NULL: nothing. */
	void (*foot)(const struct screen *s, struct text *t);
	/* Moves by itself, where rows do not say it all. NULL: the selection moves by rows. */
	void (*move)(struct screen *s, const struct model *m, long step);
};

/* Whether all machines of a lab are shown, not one host or one of them alone. */
bool shows_lab(const struct screen *s);
/* Whether a machine is one of a lab's. */
bool in_lab(const struct model *m);
/* " of rs1" in a lab; nothing where there is but one machine. */
void text_of_machine(struct text *t, const struct screen *s, const struct model *m);
/* Whether a pane shows which of its rows is selected. */
bool pane_marks(const struct screen *s, enum pane pane);

/* In a lab: bring the chosen machine and what the panes are about into step with what was asked. */
void lab_update(struct screen *s, const struct model *m);
bool lab_can_focus(const struct lab_view *lab, enum pane pane);

extern const struct pane_ops pane_links;
extern const struct pane_ops pane_cache;
extern const struct pane_ops pane_frames;
extern const struct pane_ops pane_arrows; /* The frames as a ladder. */
extern const struct pane_ops pane_sysctls;
extern const struct pane_ops pane_detail;
/* In a lab. */
extern const struct pane_ops pane_machines;
extern const struct pane_ops pane_caches;
extern const struct pane_ops pane_matrix; /* The caches as a matrix. */
extern const struct pane_ops pane_lesson;
extern const struct pane_ops pane_menu;

/* Move `top` as little as needed so that `row` is among `height` rows shown of begin..end. */
uint64_t scroll_to(uint64_t top, uint64_t row, struct rows rows, int height);

/* The last two octets, for narrow panes: ".2.200". */
void text_short_ip(struct text *t, uint32_t ip);
/* The last three bytes of a MAC, or "me" if it is one of this machine's own. */
void text_short_mac(struct text *t, const struct model *m, const uint8_t mac[6]);
/* Local time of day: "12:03:41" and `digits` decimals behind it. */
void text_clock(struct text *t, const struct screen *s, uint64_t at_ns, unsigned digits);
/* Local date: "2026-11-22". */
void text_date(struct text *t, const struct screen *s, uint64_t at_ns);
enum role frame_role(const struct event *e);
/* "request" in the reader's language; what a program reads says arp_class_name(). */
const char *frame_class_word(enum arp_class class);
enum role neigh_role(uint16_t state);
/* When state or MAC of an entry changed last: the kernel's word, or when it told of it. */
uint64_t neigh_changed_ns(const struct neigh_entry *e);
/* Note that an age shown changes at `when`; screen_draw() collects the earliest. */
void age_shown(struct screen *s, const struct model *m, uint64_t since_ns);
/* An age, rounded to what is worth a redraw: 1 2 5 10 20 30 s, minutes, hours, days. */
void text_coarse_age(struct text *t, uint64_t age_ns);
/* A sentence that the helper has begun in lower case. */
void text_sentence(struct text *t, const char *s);
/* Lower-case a filled text in place. */
void text_lower(struct text *t);
/* Whether a row's text passes the filter of a pane. */
bool row_passes(const struct filter *f, struct text *t);

/* In the grid a search finds interfaces by their names, too: go to the next such column. */
bool sysctls_seek_column(struct screen *s, const struct model *m, int step);
size_t sysctls_count_columns(const struct screen *s, const struct model *m);
/* Search a file's frames, fetching on the way. Returns false if that came to nothing at once. */
bool frames_seek(struct screen *s, const struct model *m, int step);
/* The position of a row of the frame pane. */
uint64_t frames_position(const struct screen *s, uint64_t row);
/*
 * Rows that a filter shows of a file lie far apart, farther than the window of frames that the
 * model holds: those that are on the screen are kept aside, and asked for one by one.
 */
void frames_keep(struct screen *s, const struct model *m);
/* The frame at a position, from the model or kept; NULL while it has to be fetched. */
const struct event *frames_shown(const struct screen *s, const struct model *m, uint64_t position);
/* Whether the search waits for a window of frames; *ret_first counts from 1. */
bool frames_seek_wants(
	const struct screen *s, const struct model *m, uint32_t window, uint64_t *ret_first);

/* Parts of the detail pane (detail_frame.c, detail_host.c, detail_sysctl.c): draw and return the
 * rows it takes. */
int detail_frame(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct event *e);
int detail_neigh(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct neigh_entry *n);
int detail_link(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int32_t ifindex);
int detail_sysctl(const struct screen *s, const struct model *m, struct canvas *c, struct rect r);

#endif
