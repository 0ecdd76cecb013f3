/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: which machine of a lab the panes are about. */
#include <config.h>

#include "frame_rows.h"

/* The chosen machine, or the LAN as long as there is none. */
static const struct model *chosen(const struct screen *s, const struct model *m)
{
	const struct model *machine = s->lab.node ? world_machine(m->world, s->lab.node) : NULL;
	return machine ? machine : m;
}

const struct model *screen_machine(const struct screen *s, const struct model *m, enum pane pane)
{
	if (!s->lab.on || !m->world)
		return m;
	/* The detail pane is about whatever the pane is about whose selection it shows. */
	if (pane == PANE_DETAIL && s->subject == PANE_FRAMES && !s->lab.alone)
		return m;
	if (s->lab.alone || pane == PANE_SYSCTLS || pane == PANE_DETAIL)
		return chosen(s, m);
	return m;
}

void screen_choose_node(struct screen *s, const struct model *m, uint16_t node)
{
	if (!world_machine(m->world, node) || !node)
		return;
	s->lab.node = node;
	screen_update(s, m);
}

void screen_step_node(struct screen *s, const struct model *m, int step)
{
	size_t count = m->world->count;
	if (!count)
		return;
	size_t from = s->lab.node ? s->lab.node - 1u : step > 0 ? count - 1 : 0;
	size_t on = step > 0 ? 1 : count - 1;
	screen_choose_node(s, m, (uint16_t)((from + on) % count + 1));
}

bool lab_can_focus(const struct lab_view *lab, enum pane pane)
{
	if (lab->bare)
		return pane == PANE_LESSON;
	return pane != (lab->detail ? PANE_SYSCTLS : PANE_DETAIL);
}

/* The pane that has the keys is gone: another takes them. */
static void keep_focus(struct screen *s)
{
	if (s->lab.alone) {
		s->lab.from_lesson |= s->focus == PANE_LESSON;
		if (s->focus == PANE_LESSON)
			screen_focus(s, PANE_SYSCTLS);
		return;
	}
	if (s->lab.from_lesson)
		screen_focus(s, PANE_LESSON);
	s->lab.from_lesson = false;
	if (lab_can_focus(&s->lab, s->focus))
		return;
	if (s->lab.bare)
		s->focus = PANE_LESSON;
	else
		s->focus = s->lab.detail ? PANE_DETAIL : PANE_SYSCTLS;
}

void lab_update(struct screen *s, const struct model *m)
{
	struct lab_view *lab = &s->lab;
	lab->bare = !lab->play && !m->world->count;
	if (!world_machine(m->world, lab->node) || !lab->node)
		lab->node = m->world->count ? 1 : lab->node;
	/* Rows made of another machine mean nothing here. */
	bool moved = lab->alone != lab->was_alone || (lab->alone && lab->node != lab->was_node);
	lab->was_alone = lab->alone;
	lab->was_node = lab->node;
	if (moved)
		frame_rows_forget(s);
	/* Machines are made anew with every lab; their caches are small. */
	if (lab->alone)
		s->cache.stale = true;
	keep_focus(s);
}
