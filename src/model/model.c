/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: events applied, one function a kind; nothing else changes a model. */
#include <config.h>

#include "model_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <linux/neighbour.h>

#include <arplab/rows.h>
#include <arplab/sysctl.h>

void model_init(struct model *m, size_t ring)
{
	size_t keys;
	sysctl_keys(&keys);
	assert(keys <= MODEL_SYSCTL_KEYS);
	*m = (struct model) { 0 };
	neighs_init(&m->neighs);
	frames_init(&m->frames, ring);
}

void model_done(struct model *m)
{
	neighs_done(&m->neighs);
	frames_done(&m->frames);
	free(m->links);
	free(m->addrs);
	free(m->routes);
	free(m->rules);
	free(m->proxies);
	free(m->confs);
	free(m->changes);
	*m = (struct model) { 0 };
}

void model_set_time(struct model *m, uint64_t now_ns)
{
	/* Also backwards, when the clock was set: what comes from then on would look old. */
	m->now_ns = now_ns;
}

/* ---- neighbours ---- */

static void apply_neigh(struct model *m, const struct event *e)
{
	m->generation[PART_NEIGHS]++;
	if (e->flags & EVENT_GONE)
		neighs_remove(&m->neighs, e->neigh.ifindex, e->neigh.ip);
	else
		neighs_put(&m->neighs, &e->neigh, e->at_ns);
}

/* ---- sysctls ---- */

/*
 * all, default, then interfaces, lo last: the order in which they are shown. lo has index 1 in
 * every network namespace (net/core/dev.c, dev_index_reserve), and it means least here.
 */
static int conf_rank(int32_t ifindex)
{
	if (ifindex == 1)
		return INT32_MAX;
	return ifindex == CONF_ALL ? -2 : ifindex == CONF_DEFAULT ? -1 : ifindex;
}

static size_t conf_place(const struct model *m, int32_t ifindex)
{
	size_t i = 0;
	while (i < m->conf_count && conf_rank(m->confs[i].ifindex) < conf_rank(ifindex))
		i++;
	return i;
}

void conf_remove(struct model *m, int32_t ifindex)
{
	size_t i = conf_place(m, ifindex);
	if (i < m->conf_count && m->confs[i].ifindex == ifindex)
		row_remove(m->confs, &m->conf_count, i, sizeof *m->confs);
}

static void apply_sysctl(struct model *m, const struct event *e)
{
	size_t i = conf_place(m, e->sysctl.ifindex);
	m->generation[PART_SYSCTLS]++;
	if (e->flags & EVENT_GONE) {
		conf_remove(m, e->sysctl.ifindex);
		return;
	}
	if (i == m->conf_count || m->confs[i].ifindex != e->sysctl.ifindex) {
		/* That a value is gone is no reason to remember an interface that is gone, too. */
		if (e->sysctl.absent && e->sysctl.ifindex > CONF_ALL)
			return;
		m->confs = row_insert(m->confs, &m->conf_count, i, sizeof *m->confs);
		m->confs[i].ifindex = e->sysctl.ifindex;
	}
	struct model_conf *c = &m->confs[i];
	uint64_t bit = UINT64_C(1) << e->sysctl.key;
	c->mark = m->marks[TABLE_SYSCTLS];
	c->values[e->sysctl.key] = e->sysctl.value;
	c->known = e->sysctl.absent ? c->known & ~bit : c->known | bit;
}

/* ---- changes ---- */

static void apply_change(struct model *m, const struct event *e)
{
	size_t i = 0;
	while (i < m->change_count && m->changes[i].number < e->change.number)
		i++;
	bool there = i < m->change_count && m->changes[i].number == e->change.number;
	m->generation[PART_CHANGES]++;
	if (e->flags & EVENT_GONE || e->change.state == CHANGE_UNDONE) {
		if (there)
			row_remove(m->changes, &m->change_count, i, sizeof *m->changes);
		return;
	}
	if (!there)
		m->changes = row_insert(m->changes, &m->change_count, i, sizeof *m->changes);
	m->changes[i] = e->change;
}

/* ---- frames and captures ---- */

static void apply_frame(struct model *m, const struct event *e)
{
	/* A window of a file may begin anywhere; the ring then begins there, too. */
	if (m->hello.scope == SCOPE_FILE && m->file.seekable &&
		e->frame.number != m->frames.first + m->frames.count + 1)
		frames_reset(&m->frames, e->frame.number - 1);
	frames_push(&m->frames, e);
	m->frame_total++;
	m->generation[PART_FRAMES]++;
	struct model_link *l = link_at(m, e->frame.ifindex);
	if (l)
		l->frames++;
}

static void apply_capture(struct model *m, const struct event *e)
{
	struct model_link *l = link_at(m, e->capture.ifindex);
	if (!l)
		return;
	l->capture = e->capture;
	m->generation[PART_CAPTURES]++;
}

/* Counters of a capture begin at 0 again when it is opened anew; what was lost stays lost. */
static void apply_drops(struct model *m, const struct event *e)
{
	struct model_link *l = link_at(m, e->drops.ifindex);
	if (!l)
		return;
	if (e->drops.received < l->drops.received) {
		m->gone_received += l->drops.received;
		m->gone_dropped += l->drops.kernel;
	}
	l->drops = e->drops;
	m->generation[PART_CAPTURES]++;
}

static void apply_note(struct model *m, const struct event *e)
{
	if (m->note_count == MODEL_NOTES) {
		memmove(m->notes, m->notes + 1, (MODEL_NOTES - 1) * sizeof *m->notes);
		memmove(m->note_at_ns, m->note_at_ns + 1,
			(MODEL_NOTES - 1) * sizeof *m->note_at_ns);
		m->note_count--;
	}
	m->note_at_ns[m->note_count] = e->at_ns;
	m->notes[m->note_count++] = e->note;
	m->generation[PART_NOTES]++;
}

/* ---- dumps between marks ---- */

static void sweep_confs(struct model *m)
{
	for (size_t i = m->conf_count; i-- > 0;)
		if (m->confs[i].mark != m->marks[TABLE_SYSCTLS])
			row_remove(m->confs, &m->conf_count, i, sizeof *m->confs);
}

static void begin_dump(struct model *m, enum event_table table)
{
	m->tables_dumping |= 1u << table;
	if (m->tables_seen & 1u << table && table == TABLE_NEIGHS)
		m->resyncs++;
	m->marks[table]++;
	if (table == TABLE_NEIGHS)
		neighs_dump_begin(&m->neighs);
	/* The journal's rows are few and each dump of them is whole. */
	if (table == TABLE_CHANGES)
		m->change_count = 0;
}

static void end_dump(struct model *m, enum event_table table)
{
	static const struct {
		void (*sweep)(struct model *m);
		enum model_part part;
	} tables[EVENT_TABLES] = {
		[TABLE_LINKS] = { sweep_links, PART_LINKS },
		[TABLE_ADDRS] = { sweep_addrs, PART_ADDRS },
		[TABLE_ROUTES] = { sweep_routes, PART_ROUTES },
		[TABLE_RULES] = { sweep_rules, PART_RULES },
		[TABLE_NEIGHS] = { NULL, PART_NEIGHS },
		[TABLE_SYSCTLS] = { sweep_confs, PART_SYSCTLS },
		[TABLE_CHANGES] = { NULL, PART_CHANGES },
		[TABLE_PROXIES] = { sweep_proxies, PART_PROXIES },
	};
	/* An end without its beginning would sweep everything: the stream is not ours. */
	if (!(m->tables_dumping & 1u << table))
		return;
	m->tables_dumping &= ~(1u << table);
	m->tables_seen |= 1u << table;
	m->generation[tables[table].part]++;
	if (tables[table].sweep)
		tables[table].sweep(m);
	if (table == TABLE_NEIGHS)
		neighs_dump_end(&m->neighs);
}

void model_apply(struct model *m, const struct event *e)
{
	if (e->at_ns > m->now_ns)
		m->now_ns = e->at_ns;
	switch ((enum event_kind)e->kind) {
	case EVENT_HELLO:
		m->hello = e->hello;
		break;
	case EVENT_MARK:
		if (e->mark.end)
			end_dump(m, e->mark.table);
		else
			begin_dump(m, e->mark.table);
		break;
	case EVENT_LINK:
		apply_link(m, e);
		break;
	case EVENT_ADDR:
		apply_addr(m, e);
		break;
	case EVENT_ROUTE:
		apply_route(m, e);
		break;
	case EVENT_RULE:
		apply_rule(m, e);
		break;
	case EVENT_NEIGH:
		if (e->neigh.flags & NTF_PROXY)
			apply_proxy(m, e);
		else
			apply_neigh(m, e);
		break;
	case EVENT_SYSCTL:
		apply_sysctl(m, e);
		break;
	case EVENT_FRAME:
		apply_frame(m, e);
		break;
	case EVENT_CAPTURE:
		apply_capture(m, e);
		break;
	case EVENT_DROPS:
		apply_drops(m, e);
		break;
	case EVENT_CHANGE:
		apply_change(m, e);
		break;
	case EVENT_DONE:
		m->last_done = e->done;
		m->generation[PART_NOTES]++;
		break;
	case EVENT_NOTE:
		apply_note(m, e);
		break;
	case EVENT_FILE:
		m->file = e->file;
		m->generation[PART_FILE]++;
		break;
	case EVENT_BYE:
		m->bye = true;
		break;
	case EVENT_LAB: /* What concerns all machines is the world's. */
	case EVENT_NODE:
	case EVENT_STAGE:
	case EVENT_TRIED:
	case EVENT_VIRTUAL:
	case EVENT_REAL:
	case EVENT_SERVED:
	case EVENT_KINDS:
		break;
	}
}
