/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a lab's machines by name and colour, and its addresses in short. */
#include <config.h>

#include "lab_text.h"

#include <string.h>

#include <linux/if.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/utf8.h>

#define COLOURS 7 /* cell.host: 1..7 */

bool shows_lab(const struct screen *s)
{
	return s->lab.on && !s->lab.alone;
}

bool in_lab(const struct model *m)
{
	return m->world && m->world->count > 0;
}

bool pane_marks(const struct screen *s, enum pane pane)
{
	return s->subject == pane && (s->focus != PANE_LESSON || s->lab.detail);
}

void text_of_machine(struct text *t, const struct screen *s, const struct model *m)
{
	if (!s->lab.on || !m || m == world_machine(m->world, 0))
		return;
	/* TRANSLATORS: behind the title of a pane: "Sysctls of rs1" */
	text_printf(t, C_("title", " of %s"), name_word(m->hello.host).text);
}

int put_machine(struct canvas *c, int row, int column, int columns, enum role role,
	const struct model *m, uint16_t node)
{
	char name[64];
	struct text t = text_in(name, sizeof name);
	text_name(&t, world_name(m->world, node), NODE_NAME_SIZE);
	int end = canvas_put_cut(c, row, column, columns, role, text_end(&t));
	canvas_host(c, (struct rect) { row, column, 1, end - column },
		(uint8_t)((node - 1u) % COLOURS + 1u));
	return end;
}

void text_owner(struct text *t, const struct model *m, const uint8_t mac[6])
{
	uint16_t owner = world_mac_owner(m->world, mac);
	if (owner)
		text_name(t, world_name(m->world, owner), NODE_NAME_SIZE);
	else if (mac_is_broadcast(mac))
		text_put(t, C_("to everybody", "all"));
	else
		text_mac(t, mac);
}

int put_owner(struct canvas *c, int row, int column, int columns, enum role role,
	const struct model *m, uint16_t sender, const uint8_t mac[6])
{
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	uint16_t owner = sender ? sender : world_mac_owner(m->world, mac);
	if (owner)
		return put_machine(c, row, column, columns, role, m, owner);
	/* The last three bytes tell machines apart where there is no room for all. */
	if (columns < 17 && !mac_is_broadcast(mac))
		text_short_mac(&t, m, mac);
	else
		text_owner(&t, m, mac);
	return canvas_put_cut(c, row, column, columns, role, text_end(&t));
}

int names_width(const struct model *m)
{
	int most = 0;
	for (uint16_t i = 1; i <= m->world->count; i++) {
		int width = (int)utf8_width(world_name(m->world, i));
		most = width > most ? width : most;
	}
	return most;
}

/* The first address of the first machine that has one on an interface of the network. */
static uint32_t home_address(const struct world *w)
{
	for (uint16_t i = 1; i <= w->count; i++) {
		const struct model *m = world_machine(w, i);
		for (size_t k = 0; m && k < m->addr_count; k++) {
			const struct model_link *l = model_link(m, m->addrs[k].addr.ifindex);
			if (l && !(l->link.flags & IFF_LOOPBACK))
				return m->addrs[k].addr.local;
		}
	}
	return 0;
}

void text_lab_ip(struct text *t, const struct model *m, uint32_t ip, bool whole)
{
	const uint8_t *octets = (const uint8_t *)&ip;
	if (whole) {
		text_ip(t, ip);
	} else if (((ip ^ home_address(m->world)) & ip_mask(24)) == 0) {
		text_char(t, '.');
		text_u64(t, octets[3]);
	} else {
		text_short_ip(t, ip);
	}
}

static int wider(int width, const struct model *m, uint32_t ip)
{
	char bytes[24];
	struct text t = text_in(bytes, sizeof bytes);
	text_lab_ip(&t, m, ip, false);
	return (int)t.len > width ? (int)t.len : width;
}

int short_ips_width(const struct model *m)
{
	int width = 4;
	for (uint16_t i = 1; i <= m->world->count; i++) {
		const struct model *one = world_machine(m->world, i);
		for (uint32_t k = 0; one && k < one->neighs.count; k++)
			width = wider(width, m, one->neighs.entries[k].ip);
	}
	return width;
}

bool is_shared(const struct model *m, uint32_t ip)
{
	return world_ip_owners(m->world, ip, NULL, 0) > 1;
}

const struct step *played_step(const struct screen *s)
{
	const struct play *p = s->lab.play;
	return p && p->lesson && p->step < p->lesson->step_count ? &p->lesson->steps[p->step]
								 : NULL;
}

unsigned lesson_number(const char *id)
{
	unsigned number = 0;
	id += strncmp(id, "ticket-", 7) == 0 ? 7 : 0;
	while (*id >= '0' && *id <= '9' && number < 1000)
		number = number * 10 + (unsigned)(*id++ - '0');
	return number;
}
