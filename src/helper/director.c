/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a virtual service of a director: the kernel's IPVS where there is one, else a stand-in.
 */
#include <config.h>

#include "cluster.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

#include "lab_parts.h"

const char *director_scheduler(const struct director *d)
{
	static const char *const names[SCHEDULERS] = {
		[SCHEDULER_RR] = "rr",
		[SCHEDULER_WRR] = "wrr",
		[SCHEDULER_LC] = "lc",
		[SCHEDULER_WLC] = "wlc",
	};
	return names[d->scheduler];
}

/* Schedulers are modules of their own, and may be missing (-ENOENT) where IPVS is not. */
static int begin_ipvs(struct director *d)
{
	d->control = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int r = d->control < 0 ? -errno : ipvs_add(d);
	if (r < 0 && d->control >= 0)
		close(d->control);
	if (r < 0)
		d->control = -1;
	return r;
}

static int begin_standin(struct loop *loop, struct director *d, int32_t which, struct err *err)
{
	const char *name = director_scheduler(d);
	d->backend = d->ways & VIRTUAL_TUN ? BACKEND_STANDIN_TUN : BACKEND_STANDIN;
	if (d->scheduler != SCHEDULER_RR && d->scheduler != SCHEDULER_WRR)
		return err_set(err, -EOPNOTSUPP,
			d->refused == -ENOENT
				? _("the kernel's ip_vs has no scheduler %s, nor has the stand-in; "
				    "rr and wrr work")
				: _("%s needs the kernel's ip_vs, which cannot be had; rr and wrr "
				    "work"),
			name);
	d->standin = standin_open(loop, d, which, err);
	return d->standin ? 0 : -EIO;
}

/* In the node. */
static int begin(struct loop *loop, struct director *d, int32_t which, struct err *err)
{
	int there = d->ways & VIRTUAL_STANDIN ? -ECANCELED : ipvs_try();
	int r = there < 0 ? there : begin_ipvs(d);
	d->backend = d->ways & VIRTUAL_TUN ? BACKEND_IPVS_TUN : BACKEND_IPVS;
	d->refused = r;
	if (r == 0)
		return 0;
	if (there < 0 || r == -ENOENT)
		return begin_standin(loop, d, which, err);
	return err_set(err, r, "%s", r == -EEXIST ? _("it does so already") : err_reason(-r));
}

int director_open(
	struct loop *loop, struct lab *l, struct director *d, int32_t which, struct err *err)
{
	struct err why = { "" };
	d->control = -1;
	d->standin = NULL;
	d->count = 0;
	d->connections = 0;
	int r = lab_enter(l, d->node);
	if (r == 0) {
		r = begin(loop, d, which, &why);
		lab_leave(l);
	}
	if (r == 0)
		return 0;
	return err_set(err, r, _("%s cannot balance %s:%u: %s"), lab_node_name(l, d->node),
		ip_word(d->ip).text, d->port, why.text);
}

int director_try(const struct lab_node *n)
{
	int r = lab_enter(n->lab, n->number);
	if (r < 0)
		return r;
	r = ipvs_try();
	lab_leave(n->lab);
	return r;
}

void director_close(struct loop *loop, struct lab *l, struct director *d)
{
	if (d->control >= 0) {
		ipvs_remove(d);
		close(d->control);
	}
	d->control = -1;
	standin_close(loop, l, d->standin);
	d->standin = NULL;
}

int director_real(struct director *d, uint32_t ip, int weight, struct err *err)
{
	size_t i = 0;
	while (i < d->count && d->reals[i].ip != ip)
		i++;
	bool new = i == d->count;
	if (new &&weight < 0)
		return err_set(err, -ENOENT, _("it is none of its real servers"));
	if (new && d->count == REALS_MAX)
		return err_set(
			err, -ENOSPC, _("a director has at most %d real servers"), REALS_MAX);
	int r = d->control >= 0 ? ipvs_real(d, ip, weight, new) : 0;
	if (r < 0)
		return err_set(err, r, "%s", err_reason(-r));
	if (weight < 0) {
		memmove(&d->reals[i], &d->reals[i + 1], (--d->count - i) * sizeof *d->reals);
		if (d->standin)
			standin_forget(d->standin, i);
		return 0;
	}
	if (new)
		d->reals[d->count++] =
			(struct real_server) { .vip = d->ip, .ip = ip, .port = d->port };
	d->reals[i].weight = (uint16_t)weight;
	return 0;
}

void director_ready(struct director *d)
{
	if (d->standin)
		standin_ready(d->standin, d);
}

bool director_count(struct director *d)
{
	struct real_server before[REALS_MAX];
	memcpy(before, d->reals, sizeof before);
	if (d->control >= 0)
		ipvs_count(d);
	return memcmp(before, d->reals, sizeof before) != 0;
}
