/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: sysctls changed from the screen: asked for, made, undone, kept. */
#include <config.h>

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "player.h"
#include "ui.h"

void ui_send(struct ui *u, struct action a)
{
	if (u->player) {
		player_refuse(u);
		return;
	}
	a.id = ++u->last_id;
	if (app_send(u->line, &a) < 0)
		screen_say(
			&u->screen, true, _("The helper does not answer; quit and start again."));
}

const struct model *ui_machine(const struct ui *u)
{
	return screen_machine(&u->screen, u->model, PANE_SYSCTLS);
}

static struct text open_dialog(
	struct ui *u, enum dialog_question question, const char *title, const char *keys)
{
	struct dialog *d = &u->screen.dialog;
	memset(d, 0, sizeof *d);
	d->open = true;
	u->question = question;
	text_copy(d->title, sizeof d->title, title);
	text_copy(d->keys, sizeof d->keys, keys);
	return text_in(d->text, sizeof d->text);
}

static void close_dialog(struct ui *u)
{
	u->screen.dialog.open = false;
	u->question = ASK_NOTHING;
}

/* ---- one change ---- */

/* What an interface's effective value is now, and would be. */
static void effective_line(
	const struct ui *u, struct text *t, int32_t ifindex, const struct action *a)
{
	const struct sysctl_key *key = sysctl_key(a->key);
	int32_t all = 0, own, now, then, decider;
	if (!model_effective(u->model, ifindex, a->key, &now, &decider) ||
		!model_sysctl(u->model, ifindex, a->key, &own))
		return;
	model_sysctl(u->model, CONF_ALL, a->key, &all);
	then = sysctl_effective(key, a->ifindex == CONF_ALL ? a->value : all,
		a->ifindex == ifindex ? a->value : own);
	char bytes[IFNAME_SIZE];
	struct text n = text_in(bytes, sizeof bytes);
	text_name(&n, model_conf_name(u->model, ifindex), IFNAME_SIZE);
	const char *name = text_end(&n), *means = sysctl_meaning(key, then);
	if (now == then && a->ifindex == ifindex)
		text_printf(t, _("Effective on %s: %d -> %d, because `all` decides."), name,
			(int)now, (int)then);
	else if (now != then && means)
		text_printf(t, _("Effective on %s: %d -> %d: %s."), name, (int)now, (int)then,
			_(means));
	else
		text_printf(t, _("Effective on %s: %d -> %d."), name, (int)now, (int)then);
	text_char(t, '\n');
}

static void effective_lines(const struct ui *u, struct text *t, const struct action *a)
{
	const struct model *m = u->model;
	if (a->ifindex > CONF_ALL) {
		effective_line(u, t, a->ifindex, a);
		return;
	}
	if (a->ifindex == CONF_DEFAULT) {
		text_put(t, _("New interfaces begin with it; so do old ones whose value was never "
			      "written and that never had an address."));
		text_char(t, '\n');
		return;
	}
	for (size_t i = 0; i < m->link_count; i++)
		effective_line(u, t, m->links[i].link.ifindex, a);
}

/* What becomes of the frames that came last. */
static void whatif_lines(const struct ui *u, struct text *t, const struct action *a)
{
	struct whatif what;
	if (!screen_whatif(&u->screen, u->model, a->ifindex, a->key, a->value, &what))
		return;
	const struct host *h = past_host(u->past, 0, UINT64_MAX);
	text_char(t, '\n');
	if (!what.total) {
		text_printf(t, _("Of the last %zu different frames, all would be treated as now."),
			what.asked);
		text_char(t, '\n');
		return;
	}
	text_printf(t, _("Of the last %zu different frames, %zu would be treated otherwise:"),
		what.asked, what.total);
	text_char(t, '\n');
	for (size_t i = 0; i < what.count; i++) {
		text_put(t, "- ");
		whatif_text(t, h, &what.differs[i]);
		text_put(t, "\n");
	}
	if (what.dropped)
		text_printf(t, _("and %zu more"), what.dropped);
	if (what.dropped)
		text_char(t, '\n');
}

static void ask_change(struct ui *u, const struct action *a)
{
	const struct sysctl_key *key = sysctl_key(a->key);
	struct text t = open_dialog(u, ASK_CHANGE, _("Change this machine?"),
		_("Enter change it    Esc leave it as it is"));
	u->pending = *a;
	text_put(&t, "\tsysctl -w ");
	sysctl_path(&t, key, model_conf_name(u->model, a->ifindex));
	text_printf(&t, "=%d\n\n", (int)a->value);
	text_printf(&t, _("Value: %d -> %d."), (int)a->before, (int)a->value);
	text_char(&t, '\n');
	effective_lines(u, &t, a);
	whatif_lines(u, &t, a);
	text_char(&t, '\n');
	text_put(&t, _("u undoes it. At exit everything is put back unless you choose to keep it. "
		       "Further changes of this session are made without a question."));
	text_end(&t);
}

void ui_set(struct ui *u, int32_t ifindex, size_t key, int32_t value)
{
	struct action a = { .kind = ACTION_SET, .ifindex = ifindex, .value = value };
	a.key = (uint16_t)key;
	if (u->lab) {
		lab_set(u, ifindex, key, value);
		return;
	}
	if (!(u->model->hello.powers & POWER_CHANGE)) {
		screen_say(&u->screen, true,
			u->model->hello.scope == SCOPE_FILE
				? _("A file has no sysctls.")
				: _("Changing sysctls needs CAP_NET_ADMIN: sudo arplab live"));
		return;
	}
	for (size_t i = 0; i < u->model->change_count; i++)
		if (u->model->changes[i].state == CHANGE_OTHERS) {
			screen_say(&u->screen, true,
				_("Another arplab (process %d) holds changes here; quit it, or "
				  "undo them there."),
				(int)u->model->changes[i].pid);
			return;
		}
	if (!model_sysctl(u->model, ifindex, key, &a.before)) {
		screen_say(&u->screen, true, _("There is no value to change here."));
		return;
	}
	if (u->screen.may_write)
		ui_send(u, a);
	else
		ask_change(u, &a);
}

void ui_toggle(struct ui *u)
{
	const struct grid_view *grid = &u->screen.grid;
	const struct sysctl_key *key = sysctl_key(grid->key);
	int32_t now;
	if (key->read_only) {
		screen_say(&u->screen, true, _("The kernel sets %s; it cannot be written."),
			key->name);
	} else if (!model_sysctl(ui_machine(u), grid->ifindex, grid->key, &now)) {
		screen_say(&u->screen, true, _("There is no value to change here."));
	} else if (!key->levels) {
		ui_run_line(u, "edit");
	} else {
		ui_set(u, grid->ifindex, grid->key, sysctl_next(key, now));
	}
}

void ui_set_words(struct ui *u, const char *words)
{
	struct app_word word;
	struct err err = { "" };
	int32_t ifindex;
	if (app_word_assignment(words, &word, &err) < 0 ||
		app_word_ifindex(u->model, word.name, &ifindex, &err) < 0) {
		screen_say(&u->screen, true, "%s", err.text);
		return;
	}
	ui_set(u, ifindex, (size_t)word.key, word.value);
}

/* ---- at the end ---- */

static void change_line(const struct ui *u, struct text *t, const struct change *c, int32_t value)
{
	const struct model_link *link = model_link(u->model, c->ifindex);
	text_char(t, '\t');
	sysctl_path(t, sysctl_key(c->key), link ? link->link.name : c->name);
	text_printf(t, " = %d\n", (int)value);
}

/* A value that somebody else has written since is not held any more, and not put back. */
static void held_line(const struct ui *u, struct text *t, const struct change *c)
{
	int32_t now;
	change_line(u, t, c, c->after);
	if (model_sysctl(u->model, c->ifindex, c->key, &now) && now != c->after)
		text_printf(t, _("but it is %d now: somebody else wrote it, and it stays.\n"),
			(int)now);
}

/* A shell of another terminal ends with the lab: whoever types there should be asked for. */
static void ask_shells(struct ui *u)
{
	struct text t = open_dialog(
		u, ASK_SHELLS, _("End the shells?"), _("Enter end them and quit    Esc stay"));
	text_printf(&t,
		ngettext("%u shell is still running in the lab, on another terminal. The lab ends, "
			 "and with it everything that runs there.",
			"%u shells are still running in the lab, on other terminals. The lab ends, "
			"and with it everything that runs there.",
			u->lab->shells),
		u->lab->shells);
	text_end(&t);
}

void ui_quit(struct ui *u)
{
	if (u->lab && u->lab->shells && !u->screen.ended) {
		ask_shells(u);
		return;
	}
	if (!model_changes(u->model, CHANGE_HELD) || u->screen.ended || u->player) {
		u->quit = true;
		return;
	}
	struct text t = open_dialog(u, ASK_QUIT, _("Keep the changes?"),
		_("Enter put back and quit    k keep and quit    Esc stay"));
	text_put(&t, _("These values are held by this session:"));
	text_char(&t, '\n');
	for (size_t i = 0; i < u->model->change_count; i++)
		if (u->model->changes[i].state == CHANGE_HELD)
			held_line(u, &t, &u->model->changes[i]);
	text_char(&t, '\n');
	text_put(&t, _("Enter puts the values from before back. Kept values last until the machine "
		       "restarts; `arplab restore` puts them back, too."));
	text_char(&t, ' ');
	text_put(
		&t, u->options->persist_path
			    ? _("To have them after every start, write the lines above into a file "
				"under /etc/sysctl.d: --persist does so when you keep them.")
			    : _("To have them after every start, write the lines above into a file "
				"under /etc/sysctl.d (or start with --persist FILE)."));
	text_end(&t);
}

void ui_offer_restore(struct ui *u)
{
	struct text t = open_dialog(u, ASK_RESTORE, _("Changes of an earlier arplab"),
		_("Enter put them back    f forget them    Esc decide later"));
	text_put(&t, _("These values were set by an arplab that has ended:"));
	text_char(&t, '\n');
	for (size_t i = 0; i < u->model->change_count; i++) {
		const struct change *c = &u->model->changes[i];
		if (c->state == CHANGE_HELD || c->state == CHANGE_OTHERS)
			continue;
		change_line(u, &t, c, c->after);
		text_printf(&t,
			c->state == CHANGE_ORPHAN ? _("it was %d before; that arplab was killed.")
			: c->state == CHANGE_FOREIGN
				? _("it was %d before; somebody else has changed it since.")
				: _("it was %d before; it was to stay."),
			(int)c->before);
		text_char(&t, '\n');
	}
	text_end(&t);
}

/* ---- answers ---- */

static void answer_change(struct ui *u, uint32_t key)
{
	if (key != KEY_RETURN && key != 'y')
		return;
	u->screen.may_write = true;
	ui_send(u, u->pending);
}

static void answer_quit(struct ui *u, uint32_t key)
{
	if (key == 'k')
		ui_send(u, (struct action) { .kind = ACTION_KEEP });
	if (key == 'k' || key == KEY_RETURN)
		u->quit = true;
}

static void answer_restore(struct ui *u, uint32_t key)
{
	if (key == 'r' || key == 'R' || key == KEY_RETURN)
		ui_send(u, (struct action) { .kind = ACTION_RESTORE });
	if (key == 'f')
		ui_send(u, (struct action) { .kind = ACTION_FORGET });
}

/* Keys that answer a question; others leave it open. */
static const char *const answers[] = {
	[ASK_NOTHING] = "Esc Enter q ? h F1 Space",
	[ASK_CHANGE] = "Enter y Esc n q",
	[ASK_QUIT] = "Enter k Esc",
	[ASK_RESTORE] = "Enter r R f Esc",
	[ASK_SHELLS] = "Enter y q Esc n",
};

void ui_answer(struct ui *u, uint32_t key)
{
	struct dialog *d = &u->screen.dialog;
	enum dialog_question question = u->question;
	if (!key_among(answers[question], key)) {
		if ((key == KEY_ARROW_UP || key == 'k' || key == KEY_WHEEL_UP) && d->top > 0)
			d->top--;
		if (key == KEY_ARROW_DOWN || key == 'j' || key == KEY_WHEEL_DOWN)
			d->top++;
		if (key == KEY_PAGE_DOWN)
			d->top += 10;
		if (key == KEY_PAGE_UP)
			d->top -= d->top < 10 ? d->top : 10;
		return;
	}
	close_dialog(u);
	switch (question) {
	case ASK_NOTHING:
		break;
	case ASK_CHANGE:
		answer_change(u, key);
		break;
	case ASK_QUIT:
		answer_quit(u, key);
		break;
	case ASK_RESTORE:
		answer_restore(u, key);
		break;
	case ASK_SHELLS:
		u->quit = key == KEY_RETURN || key == 'y' || key == 'q';
		break;
	}
}
