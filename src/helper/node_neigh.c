/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: entries of a lab machine's ARP cache, written and forgotten. */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/i18n.h>

#include "netparse.h"

#define ENTRIES_AT_ONCE 32
#define ROUNDS_MAX 64 /* More entries than a kernel's cache holds. */

static void add_delete(struct batch *b, uint32_t tag, int32_t ifindex, uint32_t ip)
{
	const struct ndmsg head = { .ndm_family = AF_INET, .ndm_ifindex = ifindex };
	struct nl_msg *m = batch_add(b, tag, RTM_DELNEIGH, 0, &head, sizeof head);
	if (m)
		nla_put_u32(m, NDA_DST, ip);
}

static void add_write(struct batch *b, const struct action *a)
{
	const struct ndmsg head = {
		.ndm_family = AF_INET, .ndm_ifindex = a->ifindex, .ndm_state = a->state
	};
	struct nl_msg *m =
		batch_add(b, 0, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof head);
	if (!m)
		return;
	nla_put_u32(m, NDA_DST, a->ip);
	nla_put(m, NDA_LLADDR, sizeof a->mac, a->mac);
}

/* ---- NEIGH ---- */

int node_neigh(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	char ip[16];
	struct batch b;
	const struct link *link = node_link(n, a->ifindex);
	struct text t = text_in(ip, sizeof ip);
	text_ip(&t, a->ip);
	text_end(&t);
	if (!link)
		return err_set(err, -ENODEV, _("%s has no interface with the index %d"), n->name,
			(int)a->ifindex);
	batch_begin(&b, n->requests);
	if (a->state)
		add_write(&b, a);
	else
		add_delete(&b, 0, a->ifindex, a->ip);
	int r = batch_end(&b);
	if (r == -ENOENT)
		return err_set(err, r, _("%s knows no %s on %s"), n->name, ip, link->name);
	if (r == -ENETDOWN || (r == -EINVAL && !(link->flags & 1)))
		return err_set(
			err, r, _("%s of %s is down: it has no neighbours"), link->name, n->name);
	if (r < 0)
		return err_set(err, r,
			a->state ? _("%s cannot set its neighbour %s on %s: %s%s%s")
				 : _("%s cannot forget its neighbour %s on %s: %s%s%s"),
			n->name, ip, link->name, err_reason(-r), b.words[0] ? ": " : "", b.words);
	if (a->state)
		text_printf(said, _("%s: %s on %s is at %s"), n->name, ip, link->name,
			mac_word(a->mac).text);
	else
		text_printf(said, _("%s: %s on %s is forgotten"), n->name, ip, link->name);
	return 0;
}

/* ---- FLUSH ---- */

struct forgetting {
	const struct action *action;
	unsigned permanent; /* Entries that stay: who wrote them must take them away. */
	size_t count;
	struct {
		int32_t ifindex;
		uint32_t ip;
	} entries[ENTRIES_AT_ONCE];
};

static void take_entry(void *arg, const struct nlmsghdr *m)
{
	struct forgetting *f = arg;
	struct neigh entry = { 0 };
	if (m->nlmsg_type != RTM_NEWNEIGH || !parse_neigh(m, &entry) || entry.state & NUD_NOARP ||
		entry.flags & NTF_PROXY)
		return;
	if ((f->action->ip && f->action->ip != entry.ip) ||
		(f->action->ifindex > 0 && f->action->ifindex != entry.ifindex))
		return;
	if (entry.state & NUD_PERMANENT && !f->action->ip) {
		f->permanent++;
		return;
	}
	if (f->count == ENTRIES_AT_ONCE)
		return;
	f->entries[f->count].ifindex = entry.ifindex;
	f->entries[f->count++].ip = entry.ip;
}

/* Forget some. Returns how many there were, or -errno. */
static int forget_some(const struct lab_node *n, struct forgetting *f)
{
	const struct ndmsg all = { .ndm_family = AF_INET };
	struct batch b;
	f->count = 0;
	f->permanent = 0;
	int r = dump_table(n->requests, RTM_GETNEIGH, &all, sizeof all, take_entry, f);
	if (r < 0)
		return r;
	batch_begin(&b, n->requests);
	for (size_t i = 0; i < f->count; i++)
		add_delete(&b, (uint32_t)i, f->entries[i].ifindex, f->entries[i].ip);
	r = batch_end(&b);
	/* One may have gone by itself meanwhile. */
	return r < 0 && r != -ENOENT ? r : (int)f->count;
}

int node_flush(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	struct forgetting f = { .action = a };
	unsigned forgotten = 0;
	for (int rounds = 0; rounds < ROUNDS_MAX; rounds++) {
		int r = forget_some(n, &f);
		if (r < 0)
			return err_set(err, r, _("%s cannot forget its neighbours: %s"), n->name,
				err_reason(-r));
		forgotten += (unsigned)r;
		if (r < ENTRIES_AT_ONCE)
			break;
	}
	if (a->ip) {
		text_printf(said,
			forgotten ? _("%s: %s is forgotten") : _("%s: %s was not in its cache"),
			n->name, ip_word(a->ip).text);
		return 0;
	}
	text_printf(said,
		ngettext("%s: %u neighbour forgotten", "%s: %u neighbours forgotten", forgotten),
		n->name, forgotten);
	if (f.permanent)
		text_printf(said,
			ngettext("; %u permanent stays", "; %u permanent stay", f.permanent),
			f.permanent);
	return 0;
}
