/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: the loop of the screen: events in, keys in, actions out, and drawing at a bounded rate.
 *
 * Nothing here sleeps or polls: the loop waits for the helper, the terminal, a signal, or the next
 * moment at which something shown changes by itself. Keys are drawn at once; a burst of events is
 * drawn at most ten times a second, and drawing never takes more than a quarter of the time.
 */
#include <config.h>

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "loop_state.h"
#include "player.h"
#include "recorder.h"

#define FIRST_PAINT_NS (20 * NS_PER_MS) /* Paint what there is if the first dump takes longer. */
#define DRAW_GAP_NS (100 * NS_PER_MS)
#define DRAW_SHARE 4 /* Drawing takes at most one part in so many of the time. */

/* ---- hands ---- */

static void take_key(struct ui *u, struct input in)
{
	struct screen *s = &u->screen;
	if (s->dialog.open) {
		ui_answer(u, in.key);
		return;
	}
	if (s->prompt.kind != PROMPT_NONE) {
		ui_prompt_key(u, in.key);
		return;
	}
	s->message[0] = '\0';
	if (in.key == KEY_CLICK) {
		size_t choice = u->lab ? screen_choice_at(s, u->model, in.row, in.column) : 0;
		screen_click(s, u->model, in.row, in.column);
		if (choice)
			lab_predict(u, choice - 1);
	} else if (in.key == KEY_WHEEL_UP || in.key == KEY_WHEEL_DOWN) {
		screen_wheel(s, u->model, in.row, in.column, in.key == KEY_WHEEL_UP ? -3 : 3);
	} else {
		const struct command *c = ui_command_for(u, in.key);
		if (c)
			ui_run(u, c, "");
	}
}

static void take_keys(struct loop_state *l)
{
	struct ui *u = &l->ui;
	for (;;) {
		struct input in = term_read(u->term);
		if (in.key == KEY_NOTHING)
			return;
		l->dirty = l->urgent = true;
		if (in.key == KEY_LOST) {
			u->quit = true;
			u->status = 128 + SIGHUP;
			return;
		}
		take_key(u, in);
		screen_update(&u->screen, u->model);
		if (u->quit)
			return;
	}
}

/* ---- signals ---- */

static void resized(struct loop_state *l)
{
	int rows, columns;
	if (l->ui.lab)
		relay_resize(&l->ui.lab->relay);
	term_resized(l->ui.term);
	term_size(l->ui.term, &rows, &columns);
	canvas_resize(&l->canvas, rows, columns);
	screen_resize(&l->ui.screen, rows, columns);
	l->dirty = l->urgent = true;
}

static void take_signals(struct loop_state *l)
{
	struct signalfd_siginfo info;
	while (read(l->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGTSTP) {
			term_suspend(l->ui.term);
			raise(SIGSTOP);
			term_resume(l->ui.term);
		}
		resized(l);
	}
	int ending = app_signal(l->ui.line);
	if (ending) {
		l->ui.quit = true;
		l->ui.status = ending == SIGINT ? EXIT_FINE : 128 + ending;
	}
}

/* ---- drawing ---- */

static int32_t utc_offset_s(void)
{
	time_t now = time(NULL);
	struct tm tm;
	localtime_r(&now, &tm);
	return (int32_t)tm.tm_gmtoff;
}

static void show_place(struct ui *u, bool ascii)
{
	struct text t = text_in(u->screen.replay, sizeof u->screen.replay);
	player_status(u->player, &t, ascii);
	text_end(&t);
}

static void draw(struct loop_state *l)
{
	struct ui *u = &l->ui;
	uint64_t begin_ns = clock_steady_ns();
	world_set_time(&u->world, u->player ? player_wall_ns(u->player) : clock_wall_ns());
	if (u->player)
		show_place(u, l->canvas.ascii);
	past_settle(u->past, &u->world);
	screen_update(&u->screen, u->model);
	loop_ask_for_more(l);
	const char *entering = u->lab ? lab_entering(u) : NULL;
	ui_bar(u, l->bar, BAR_ITEMS);
	screen_draw(&u->screen, u->model, &l->canvas);
	/* Only now it is known whether the lesson goes on below, and what Enter does then. */
	if (u->lab && lab_entering(u) != entering) {
		ui_bar(u, l->bar, BAR_ITEMS);
		screen_draw(&u->screen, u->model, &l->canvas);
	}
	loop_ask_for_frames(u); /* What scrolled into view and is not there yet. */
	term_show(u->term, &l->canvas);
	l->drawn_ns = clock_steady_ns();
	l->draw_cost_ns = l->drawn_ns - begin_ns;
	l->dirty = l->urgent = false;
	l->painted = true;
}

/* When the next drawing may happen. */
static uint64_t draw_at_ns(const struct loop_state *l)
{
	if (!l->painted && !l->ui.player)
		return model_ready(l->ui.model) ? 0 : l->started_ns + FIRST_PAINT_NS;
	uint64_t gap = l->draw_cost_ns * DRAW_SHARE;
	if (gap < DRAW_GAP_NS && !l->urgent)
		gap = DRAW_GAP_NS;
	return l->drawn_ns + gap;
}

static uint64_t until(uint64_t due_ns, uint64_t now_ns)
{
	return due_ns > now_ns ? due_ns - now_ns : 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Until something happens by itself on a screen of now: an age, the clock's next minute. */
static uint64_t wait_of_now_ns(const struct loop_state *l, uint64_t wall)
{
	uint64_t wait = 60 * NS_PER_S - wall % (60 * NS_PER_S);
	if (l->ui.screen.next_age_ns != UINT64_MAX)
		wait = least(wait, until(l->ui.screen.next_age_ns, wall));
	if (past_due_ns(l->ui.past) != UINT64_MAX)
		wait = least(wait, until(past_due_ns(l->ui.past), wall));
	return wait;
}

/* The same, and a redraw that is due. */
static int wait_ms(const struct loop_state *l)
{
	uint64_t wall = clock_wall_ns();
	uint64_t merged = merge_next_ns(&l->ui.merge);
	uint64_t wait = l->ui.player ? player_wait_ns(l->ui.player, l->ui.screen.next_age_ns)
				     : wait_of_now_ns(l, wall);
	if (l->dirty || !l->painted)
		wait = 0;
	/* What is due to be drawn still keeps its distance from the last drawing. */
	uint64_t gap = until(draw_at_ns(l), clock_steady_ns());
	if (wait < gap)
		wait = gap;
	if (merged != UINT64_MAX)
		wait = least(wait, until(merged + MERGE_WAIT_NS, wall));
	if (l->ui.lab && l->ui.lab->wake_ns != UINT64_MAX)
		wait = least(wait, until(l->ui.lab->wake_ns, clock_steady_ns()));
	if (wait == UINT64_MAX)
		return -1;
	/* One more than rounded down: waking just before the moment would be waking twice. */
	return (int)(wait / NS_PER_MS) + (wait != 0);
}

/* While a shell has the terminal nothing is drawn, but what happens is still taken in. */
static bool lent(const struct loop_state *l)
{
	return l->ui.lab && l->ui.lab->relay.master >= 0;
}

static void take_shell(struct loop_state *l, short hands, short shell)
{
	struct relay *r = &l->ui.lab->relay;
	if (hands)
		relay_hands(r);
	if (shell & POLLOUT)
		relay_push(r);
	if (shell & ~POLLOUT && !relay_shell(r)) {
		lab_shell_over(&l->ui);
		resized(l);
	}
}

static void flush_recording(struct ui *u)
{
	struct err err = { "" };
	if (recorder_flush(u->recorder, &err) < 0)
		screen_say(&u->screen, true, "%s", err.text);
}

static void run(struct loop_state *l)
{
	struct ui *u = &l->ui;
	while (!u->quit) {
		bool shell = lent(l), hungry = !shell || relay_hungry(&u->lab->relay);
		struct pollfd fds[] = {
			{ .fd = u->screen.ended || u->player ? -1 : u->line->socket,
				.events = POLLIN },
			{ .fd = hungry ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = l->signals, .events = POLLIN },
			{ .fd = u->line->signals, .events = POLLIN },
			{ .fd = u->lab ? u->lab->listener : -1, .events = POLLIN },
			{ .fd = shell ? u->lab->relay.master : -1,
				.events = (short)(POLLIN | (hungry ? 0 : POLLOUT)) },
		};
		int ready = poll(fds, sizeof fds / sizeof *fds, shell ? -1 : wait_ms(l));
		if (ready < 0 && errno != EINTR)
			return;
		if (ready == 0)
			l->dirty = true; /* An age or the clock has moved on. */
		if (fds[0].revents)
			loop_take_events(l);
		loop_pop_merged(l, clock_wall_ns() - MERGE_WAIT_NS);
		if (u->player)
			l->dirty |= player_work(u);
		past_settle(u->past, &u->world);
		if (fds[2].revents || fds[3].revents)
			take_signals(l);
		if (fds[4].revents)
			lab_attached(u);
		if (shell)
			take_shell(l, fds[1].revents, fds[5].revents);
		else if (fds[1].revents)
			take_keys(l);
		if (u->lab)
			lab_ui_work(u);
		if (!u->quit && !lent(l) && (l->dirty || !l->painted) &&
			clock_steady_ns() >= draw_at_ns(l))
			draw(l);
		flush_recording(u);
	}
}

/* ---- beginning and end ---- */

static int take_window_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static struct term *open_terminal(struct ui *u, struct err *err)
{
	const char *no_colour = getenv("NO_COLOR");
	struct term_options options = {
		.theme = u->theme,
		.colour = !u->options->mono && (!no_colour || !*no_colour),
		.mouse = !u->options->no_mouse,
	};
	return term_open(&options, err);
}

/* A theme by its name; NULL and a printed sentence if there is none. */
static const struct theme *choose_theme(const struct app_options *o)
{
	size_t count;
	const struct theme *all = themes(&count);
	if (!o->theme)
		return all;
	const struct theme *theme = theme_find(o->theme);
	if (theme)
		return theme;
	char names[160];
	struct text t = text_in(names, sizeof names);
	for (size_t i = 0; i < count; i++) {
		text_put(&t, i ? ", " : "");
		text_put(&t, all[i].name);
	}
	app_fail(EXIT_USAGE, _("there is no theme '%s'; there are: %s."), o->theme, text_end(&t));
	return NULL;
}

/* Whether a change of this session could not be undone, which was said when it was tried. */
static bool left_foreign(const struct ui *u)
{
	for (size_t i = 0; i < u->model->change_count; i++) {
		const struct change *c = &u->model->changes[i];
		bool ours = c->pid == getpid() || c->pid == u->model->hello.pid;
		if (c->state == CHANGE_FOREIGN && ours)
			return true;
	}
	return false;
}

static int finish(struct loop_state *l)
{
	struct ui *u = &l->ui;
	struct err err = { "" };
	if (lent(l))
		relay_end(&u->lab->relay);
	lab_ui_done(u);
	term_close(u->term);
	int left = app_hang_up(u->line);
	if (u->status == EXIT_FINE)
		u->status = left;
	if (u->status == EXIT_FINE)
		u->status = loop_no_lab(u);
	if (u->status == EXIT_FINE && !u->player && left_foreign(u))
		u->status = app_fail(EXIT_REFUSED,
			_("a value that somebody else has written since was left as it is; `arplab "
			  "restore --force` puts back what was before this session."));
	if (recorder_close(u->recorder, &err) < 0)
		u->status = app_fail(EXIT_REFUSED, "%s", err.text);
	if (pcap_out_close(u->saving, &err) < 0)
		u->status = app_fail(EXIT_REFUSED, "%s", err.text);
	if (u->screen.ended && u->status == EXIT_FINE && model_changes(u->model, CHANGE_HELD))
		u->status = app_fail(EXIT_REFUSED,
			_("the helper ended before it could put its changes back; run "
			  "`arplab restore`."));
	close(l->signals);
	screen_done(&u->screen);
	past_free(u->past);
	conflicts_free(u->conflicts);
	merge_done(&u->merge);
	world_done(&u->world);
	canvas_done(&l->canvas);
	free(l->batch);
	return u->status;
}

int app_screen(const struct app_options *o, struct app_line *line, enum event_scope scope,
	struct player *player)
{
	struct loop_state *l = calloc(1, sizeof *l);
	struct err err = { "" };
	if (!l)
		abort();
	struct ui *u = &l->ui;
	u->options = o;
	u->line = line;
	u->scope = scope;
	u->player = player;
	l->started_ns = clock_steady_ns();
	l->batch = aligned_alloc(8, EVENT_BATCH_MAX);
	if (!l->batch)
		abort();
	world_init(&u->world, MODEL_FRAME_RING);
	u->model = u->world.machines[0];
	u->past = past_new();
	merge_init(&u->merge);
	screen_init(&u->screen);
	u->screen.past = u->past;
	if (scope != SCOPE_FILE)
		u->screen.conflicts = u->conflicts = conflicts_new();
	u->screen.may_write = o->write;
	u->screen.utc_offset_s = utc_offset_s();
	u->screen.frames.follow = scope != SCOPE_FILE;
	u->screen.bar = l->bar;
	if (o->filter)
		text_copy(u->screen.capture_filter, sizeof u->screen.capture_filter, o->filter);
	if (scope == SCOPE_FILE) {
		const char *name = strrchr(o->args[0], '/');
		text_copy(u->screen.file, sizeof u->screen.file, name ? name + 1 : o->args[0]);
		screen_focus(&u->screen, PANE_FRAMES);
	}
	l->signals = take_window_signals();

	u->theme = choose_theme(o);
	u->status = u->theme ? EXIT_FINE : EXIT_USAGE;
	if (u->theme && o->write_pcap) {
		u->saving = pcap_out_open(o->write_pcap, &err);
		if (!u->saving)
			u->status = app_fail(EXIT_REFUSED, "%s", err.text);
	}
	if (u->status == EXIT_FINE && recorder_open(&u->recorder, o->record, scope, &err) < 0)
		u->status = app_fail(EXIT_REFUSED, "%s", err.text);
	if (u->status == EXIT_FINE && scope == SCOPE_LAB && lab_ui_open(u, &err) < 0)
		u->status = app_fail(EXIT_USAGE, "%s", err.text);
	if (u->status == EXIT_FINE) {
		u->term = open_terminal(u, &err);
		if (!u->term)
			u->status = app_fail(EXIT_REFUSED, "%s", err.text);
	}
	if (u->term) {
		int rows, columns;
		term_size(u->term, &rows, &columns);
		canvas_init(&l->canvas, rows, columns,
			o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
		screen_resize(&u->screen, rows, columns);
		if (u->player)
			player_start(u);
		run(l);
	}
	int status = finish(l);
	free(l);
	return status;
}
