/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the kernel's own director, IPVS, by its socket options: unlike its netlink interface they
 * ask for a capability in the namespace's own user namespace, so that no root is needed.
 * Source: Linux include/uapi/linux/ip_vs.h, net/netfilter/ipvs/ip_vs_ctl.c.
 */
#include <config.h>

#include "cluster.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

/* Asking for the netlink family by its name has the kernel load the module. */
static void ask_for_module(void)
{
	struct {
		struct nlmsghdr head;
		struct genlmsghdr generic;
		struct nlattr attr;
		char name[8];
	} m = { .head = { .nlmsg_len = sizeof m,
			.nlmsg_type = GENL_ID_CTRL,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.generic = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.attr = { .nla_len = sizeof m.attr + sizeof "IPVS",
			.nla_type = CTRL_ATTR_FAMILY_NAME },
		.name = "IPVS" };
	char answer[4096];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		return;
	/* The answer says nothing that the socket option does not say better. */
	if (send(fd, &m, sizeof m, 0) == sizeof m)
		(void)!recv(fd, answer, sizeof answer, 0);
	close(fd);
}

static int ask_for_info(int fd)
{
	struct ip_vs_getinfo info;
	socklen_t len = sizeof info;
	return getsockopt(fd, IPPROTO_IP, IP_VS_SO_GET_INFO, &info, &len) < 0 ? -errno : 0;
}

int ipvs_try(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0)
		return -errno;
	int r = ask_for_info(fd);
	if (r < 0) {
		ask_for_module();
		r = ask_for_info(fd);
	}
	close(fd);
	return r;
}

static struct ip_vs_service_user service_of(const struct director *d)
{
	struct ip_vs_service_user s = { .protocol = IPPROTO_TCP,
		.addr = d->ip,
		.port = htons(d->port),
		.netmask = UINT32_MAX };
	strcpy(s.sched_name, director_scheduler(d));
	return s;
}

static int service_option(const struct director *d, int option)
{
	const struct ip_vs_service_user s = service_of(d);
	return setsockopt(d->control, IPPROTO_IP, option, &s, sizeof s) < 0 ? -errno : 0;
}

int ipvs_add(const struct director *d)
{
	return service_option(d, IP_VS_SO_SET_ADD);
}

int ipvs_remove(const struct director *d)
{
	return service_option(d, IP_VS_SO_SET_DEL);
}

int ipvs_real(const struct director *d, uint32_t ip, int weight, bool new)
{
	struct {
		struct ip_vs_service_user service;
		struct ip_vs_dest_user dest;
	} m = { .service = service_of(d),
		.dest = { .addr = ip,
			.port = htons(d->port),
			.conn_flags =
				d->ways & VIRTUAL_TUN ? IP_VS_CONN_F_TUNNEL : IP_VS_CONN_F_DROUTE,
			.weight = weight < 0 ? 0 : weight } };
	int option = weight < 0 ? IP_VS_SO_SET_DELDEST
		     : new      ? IP_VS_SO_SET_ADDDEST
				: IP_VS_SO_SET_EDITDEST;
	return setsockopt(d->control, IPPROTO_IP, option, &m, sizeof m) < 0 ? -errno : 0;
}

/*
 * The kernel sums up its counters every two seconds (net/netfilter/ipvs/ip_vs_est.c); until then
 * the connections that it still remembers tell more.
 */
static void take_counts(struct director *d, const struct ip_vs_dest_entry *e)
{
	uint64_t remembered = (uint64_t)e->activeconns + e->inactconns;
	for (size_t i = 0; i < d->count; i++) {
		struct real_server *r = &d->reals[i];
		if (r->ip != e->addr)
			continue;
		r->active = e->activeconns;
		if (r->connections < e->stats.conns)
			r->connections = e->stats.conns;
		if (r->connections < remembered)
			r->connections = remembered;
		r->packets = e->stats.inpkts;
	}
}

int ipvs_count(struct director *d)
{
	size_t size = sizeof(struct ip_vs_get_dests) + d->count * sizeof(struct ip_vs_dest_entry);
	socklen_t len = (socklen_t)size; /* The kernel wants exactly this. */
	struct ip_vs_get_dests *all = calloc(1, size);
	if (!all)
		return -ENOMEM;
	*all = (struct ip_vs_get_dests) { .protocol = IPPROTO_TCP,
		.addr = d->ip,
		.port = htons(d->port),
		.num_dests = (unsigned)d->count };
	int r = getsockopt(d->control, IPPROTO_IP, IP_VS_SO_GET_DESTS, all, &len) < 0 ? -errno : 0;
	d->connections = r == 0 ? 0 : d->connections;
	for (size_t i = 0; r == 0 && i < all->num_dests && i < d->count; i++)
		take_counts(d, &all->entrytable[i]);
	for (size_t i = 0; r == 0 && i < d->count; i++)
		d->connections += d->reals[i].connections;
	free(all);
	return r;
}
