/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what a person does to the machines of the lab: orders, sysctls, shells. */
#include <config.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "attach.h"
#include "lab_ui.h"

/* ---- orders ---- */

bool lab_is_order(const char *line)
{
	size_t count, len = strcspn(line, " ");
	const struct order_word *words = order_words(&count);
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i].name) == len && memcmp(words[i].name, line, len) == 0)
			return true;
	return false;
}

static void remember(struct ui *u, struct action a)
{
	struct lab_ui *lab = u->lab;
	const struct model *m = world_machine(&u->world, a.node);
	if (a.kind != ACTION_SET || !m || !model_sysctl(m, a.ifindex, a.key, &a.value))
		return;
	if (lab->undo_count == LAB_UNDO_MAX)
		memmove(lab->undo, lab->undo + 1, --lab->undo_count * sizeof *lab->undo);
	lab->undo[lab->undo_count++] = a;
}

void lab_order(struct ui *u, const char *line)
{
	struct lab_ui *lab = u->lab;
	struct order order;
	struct err err = { "" };
	if (order_parse(line, &u->lab->topology, &order, &err) < 0) {
		screen_say(&u->screen, true, "%s", err.text);
		return;
	}
	if (!order.nodes)
		screen_say(&u->screen, true, _("Only a lesson waits; here time passes by itself."));
	lab->order_first = u->last_id + 1;
	lab->order_refused = false;
	lab->order_said[0] = '\0';
	for (uint16_t node = 1; node <= NODES_MAX; node++) {
		struct action a;
		if (!(order.nodes & UINT64_C(1) << node))
			continue;
		if (order_action(&order, node, &u->world, &a, &err) < 0) {
			screen_say(&u->screen, true, "%s", err.text);
			return;
		}
		remember(u, a);
		ui_send(u, a);
		lab->order_last = u->last_id;
	}
}

bool lab_order_done(struct ui *u, const struct done *done)
{
	struct lab_ui *lab = u->lab;
	if (done->id == lab->looked.id)
		return true; /* An entry that has gone meanwhile is no news. */
	if (done->id < lab->order_first || done->id > lab->order_last || !done->text[0])
		return false;
	struct text t = text_in(lab->order_said, sizeof lab->order_said);
	t.len = strlen(lab->order_said);
	text_put(&t, t.len ? "; " : "");
	text_put(&t, done->text);
	lab->order_refused |= done->error != 0;
	screen_say(&u->screen, lab->order_refused, "%s", text_end(&t));
	return true;
}

void lab_look(struct ui *u)
{
	const struct screen *s = &u->screen;
	struct action a = { .kind = ACTION_LOOK_NEIGH,
		.node = s->lab.alone ? s->lab.node : s->caches.chosen.node,
		.ifindex = s->cache.ifindex,
		.ip = s->cache.ip };
	const struct action *before = &u->lab->looked;
	bool same = a.node == before->node && a.ifindex == before->ifindex && a.ip == before->ip;
	if (s->subject != PANE_CACHE || same || !screen_neigh(s, u->model))
		return;
	ui_send(u, a);
	a.id = u->last_id;
	u->lab->looked = a;
}

/* ---- sysctls ---- */

void lab_set(struct ui *u, int32_t ifindex, size_t key, int32_t value)
{
	const struct sysctl_key *k = sysctl_key(key);
	struct action a = { .kind = ACTION_SET,
		.node = u->screen.lab.node,
		.ifindex = ifindex,
		.key = (uint16_t)key,
		.value = value,
		.any = 1 };
	if (k->all_refused && ifindex == CONF_ALL) {
		screen_say(&u->screen, true,
			_("Writing all.%s would change other sysctls, too; set it on an "
			  "interface."),
			k->name);
		return;
	}
	if (!a.node)
		return;
	remember(u, a);
	ui_send(u, a);
}

void lab_undo(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	if (lab->undo_count)
		ui_send(u, lab->undo[--lab->undo_count]);
	else
		screen_say(&u->screen, false,
			_("There is no change of a sysctl to undo; r begins the step anew."));
}

/* ---- shells ---- */

static void start_shell(struct ui *u, uint16_t node, int terminal)
{
	struct action a = { .kind = ACTION_SHELL, .node = node, .id = ++u->last_id };
	struct lab_ui *lab = u->lab;
	if (app_send_with(u->line, &a, terminal) == 0)
		lab->shell_ids[lab->shells++] = a.id;
}

void lab_shell(struct ui *u, uint16_t node)
{
	struct lab_ui *lab = u->lab;
	struct err err = { "" };
	int slave;
	if (!node || lab->shells == LAB_SHELLS_MAX || lab->relay.master >= 0)
		return;
	if (relay_open(&lab->relay, &slave, &err) < 0) {
		screen_say(&u->screen, true, "%s", err.text);
		return;
	}
	start_shell(u, node, slave);
	close(slave);
	term_suspend(u->term);
	relay_begin(&lab->relay);
	static const char clear[] = "\033[H\033[2J";
	if (write(STDOUT_FILENO, clear, sizeof clear - 1) < 0)
		return; /* The shell writes to the same terminal and will notice. */
}

void lab_shell_over(struct ui *u)
{
	relay_end(&u->lab->relay);
	term_resume(u->term);
	term_refresh(u->term);
}

static void attach_shell(struct ui *u, int connection, const char *machine, int terminal)
{
	struct lab_ui *lab = u->lab;
	uint16_t node = world_node(&u->world, machine);
	char why[EVENT_TEXT_SIZE] = "";
	struct text t = text_in(why, sizeof why);
	if (!node)
		attach_no_machine(&t, &u->world, machine);
	else if (lab->shells == LAB_SHELLS_MAX)
		text_put(&t, _("too many shells run in the lab already"));
	else
		start_shell(u, node, terminal);
	attach_answer(connection, text_end(&t));
}

void lab_attached(struct ui *u)
{
	struct attach_request request;
	int fd;
	int connection = attach_accept(u->lab->listener, &request, &fd);
	if (connection < 0)
		return;
	if (request.kind == ATTACH_SURVEY)
		attach_give_survey(connection, &u->world, request.node, fd);
	else
		attach_shell(u, connection, request.node, fd);
	close(fd);
}
