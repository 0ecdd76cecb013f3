/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what the files behind the screen share: the session, its commands, questions and prompts. */
#ifndef ARPLAB_UI_H
#define ARPLAB_UI_H

#include <arplab/app.h>
#include <arplab/merge.h>
#include <arplab/past.h>
#include <arplab/screen.h>
#include <arplab/term.h>
#include <arplab/world.h>

/* What an open dialog waits for. */
enum dialog_question {
	ASK_NOTHING, /* A text to read: any key closes it. */
	ASK_CHANGE,  /* The first change: allowed? */
	ASK_QUIT,    /* Changes are held: keep them? */
	ASK_RESTORE, /* An earlier arplab left changes. */
	ASK_SHELLS,  /* Shells run in the lab: end them and quit? */
};

struct lab_ui;
struct player;
struct recorder;

struct ui {
	const struct app_options *options;
	enum event_scope scope;
	struct lab_ui *lab;    /* NULL but in a lab. */
	struct player *player; /* NULL but in a recording. */
	struct app_line *line;
	struct world world;
	struct model *model; /* Machine 0 of it. */
	struct past *past;
	struct conflicts *conflicts; /* NULL for a file, which is read here and there. */
	struct merge merge;
	struct screen screen;
	struct term *term;
	struct pcap_out *saving;   /* --write-pcap, or NULL. */
	struct recorder *recorder; /* --record, or NULL. */
	const struct theme *theme;
	enum dialog_question question;
	struct action pending; /* ASK_CHANGE: what is to be done. */
	uint32_t last_id;
	uint32_t check_id;  /* Of the capture filter that is being checked while it is typed. */
	uint32_t filter_id; /* Of the capture filter that is being set. */
	char filter[FILTER_SIZE];
	uint32_t fetch_id; /* Of the window of a file that has been asked for; 0: none. */
	uint32_t look_ip;  /* The neighbour that was asked for last. */
	bool offered;      /* Left-over changes have been offered. */
	bool quit;
	int status;
};

/* ---- commands.c, the one table; commanding.c, what is made from it ---- */

struct command {
	const char *name; /* The word on the `:` line. */
	const char *keys; /* Names separated by blanks; keys.c knows them. */
	unsigned panes;   /* Bit per pane where the keys mean this; 0: everywhere. */
	const char *bar;  /* Label in the key bar, NULL: not there, "": as lab_entering() says. */
	const char *args; /* What may follow on the `:` line, NULL: nothing. */
	const char *help; /* NULL: another one's speaks for it. */
	void (*run)(struct ui *u, const char *args); /* args: "" from a key. */
	unsigned scopes; /* Bit per enum event_scope where it means something; 0: everywhere. */
};

/* Command number i of the scope that is shown, or NULL behind the last. */
const struct command *ui_command(const struct ui *u, size_t i);
/* The command of a key in the focused pane, or NULL. */
const struct command *ui_command_for(const struct ui *u, uint32_t key);
/* Run a command, or say that a capture file has no use for it. */
void ui_run(struct ui *u, const struct command *c, const char *args);
/* Run a line of the `:` prompt; says what is wrong with it. */
void ui_run_line(struct ui *u, const char *line);
/* Complete the last word of a `:` line in place, as far as it is certain. */
void ui_complete(const struct ui *u, char *line, size_t size);
/* The key bar for the focused pane; items must hold 24. */
void ui_bar(const struct ui *u, struct bar_item *items, size_t size);
void ui_help(struct ui *u);

/* ---- keys.c ---- */

/* "q", "F10", "Tab", "S-Tab", "C-l", "PgUp"… → key, or KEY_NOTHING. len: bytes of the name. */
uint32_t key_named(const char *name, size_t len);
/* Whether a key is among names separated by blanks. */
bool key_among(const char *names, uint32_t key);

/* ---- changing.c: sysctls from the screen ---- */

/* Ask for, or make, one change. before is what the model shows now. */
void ui_set(struct ui *u, int32_t ifindex, size_t key, int32_t value);
void ui_toggle(struct ui *u);
/* `NAME.KEY=VALUE` from the `:` line. */
void ui_set_words(struct ui *u, const char *words);
void ui_send(struct ui *u, struct action a);
/* The machine that the grid of sysctls shows. */
const struct model *ui_machine(const struct ui *u);
/* Quit, or ask first what shall become of the changes that are held. */
void ui_quit(struct ui *u);
/* Offer to put back what an earlier arplab left. */
void ui_offer_restore(struct ui *u);
/* A key while a dialog is open. */
void ui_answer(struct ui *u, uint32_t key);

/* ---- prompts.c: the line that is being typed ---- */

void ui_prompt(struct ui *u, enum prompt_kind kind, const char *text);
void ui_prompt_key(struct ui *u, uint32_t key);
/* Set the capture filter; it is shown as set when the helper says so. "": none. */
void ui_capture(struct ui *u, const char *text);
/* The helper's word on the capture filter that is being typed. */
void ui_prompt_checked(struct ui *u, const struct done *done);

#endif
