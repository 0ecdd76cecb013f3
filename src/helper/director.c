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

#include <arplab/i18n.h>

static const char *const schedulers[SCHEDULERS] = {
	[SCHEDULER_RR] = "rr",
	[SCHEDULER_WRR] = "wrr",
	[SCHEDULER_LC] = "lc",
	[SCHEDULER_WLC] = "wlc",
};

static int begin_ipvs(struct director *d, struct err *err)
{
	d->control = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int r = d->control < 0 ? -errno : ipvs_add(d);
	if (r == 0)
		return 0;
	if (d->control >= 0)
		close(d->control);
	d->control = -1;
	return err_set(err, r, "%s", r == -EEXIST ? _("it does so already") : strerror(-r));
}

static int begin_standin(struct loop *loop, struct director *d, int32_t which, struct err *err)
{
	if (d->scheduler != SCHEDULER_RR && d->scheduler != SCHEDULER_WRR)
		return err_set(err, -EOPNOTSUPP,
			_("this kernel's ip_vs, or its scheduler %s, cannot be had, and the "
			  "stand-in "
			  "knows rr and wrr"),
			schedulers[d->scheduler]);
	d->standin = standin_open(loop, d, which, err);
	return d->standin ? 0 : -EIO;
}

int director_open(
	struct loop *loop, struct lab *l, struct director *d, int32_t which, struct err *err)
{
	struct err why = { "" };
	char bytes[32];
	struct text where = text_in(bytes, sizeof bytes);
	text_ip(&where, d->ip);
	d->control = -1;
	d->standin = NULL;
	d->count = 0;
	d->connections = 0;
	int r = lab_enter(l, d->node);
	if (r == 0) {
		d->backend = ipvs_there() ? BACKEND_IPVS : BACKEND_STANDIN;
		r = d->backend == BACKEND_IPVS ? begin_ipvs(d, &why) : -ENOENT;
		/* Schedulers are modules of their own, and may be missing where IPVS is not. */
		if (r == -ENOENT) {
			d->backend = BACKEND_STANDIN;
			r = begin_standin(loop, d, which, &why);
		}
		lab_leave(l);
	}
	return r == 0 ? 0
		      : err_set(err, r, _("%s cannot balance %s:%u: %s"), lab_node_name(l, d->node),
				text_end(&where), d->port, why.text);
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
		return err_set(err, r, "%s", strerror(-r));
	if (weight < 0) {
		memmove(&d->reals[i], &d->reals[i + 1], (--d->count - i) * sizeof *d->reals);
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
