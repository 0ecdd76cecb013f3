/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what tasks say: names of machines, and what the kernel's refusals mean. */
#include <config.h>

#include "task.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

const char *task_where(const struct tasks *t, const struct task *task)
{
	const char *name = task->homeless ? "" : lab_node_name(t->lab, task->action.node);
	return name[0] ? name : _("a machine that is gone");
}

const char *task_iface(const struct tasks *t, const struct task *task)
{
	const char *name = lab_ifname(t->lab, task->action.node, task->action.ifindex);
	return name ? name : _("an interface that is gone");
}

const char *task_reason(int error)
{
	static const struct {
		int error;
		const char *words;
	} reasons[] = {
		{ ENETUNREACH, N_("it has no route there (Network is unreachable)") },
		{ EHOSTUNREACH, N_("nobody there can be reached (No route to host)") },
		{ EACCES, N_("that is a broadcast address (Permission denied)") },
		{ EINVAL,
			N_("no packet can be sent to or from such an address (Invalid argument)") },
		{ ENETDOWN, N_("its interface is down (Network is down)") },
		{ EPERM, N_("a packet filter forbids it (Operation not permitted)") },
		{ ECONNREFUSED, N_("nobody listens there (Connection refused)") },
		{ ENODEV, N_("the interface is gone (No such device)") },
		{ ENXIO, N_("the interface is gone (No such device or address)") },
	};
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].error == -error)
			return _(reasons[i].words);
	return err_reason(-error);
}

uint16_t task_owner(const struct tasks *t, const uint8_t mac[6])
{
	return lab_owner(t->lab, mac);
}

void task_put_mac(const struct tasks *t, struct text *text, const uint8_t mac[6])
{
	uint16_t owner = task_owner(t, mac);
	if (owner > 0)
		text_put(text, lab_node_name(t->lab, owner));
	else
		text_mac(text, mac);
}

int task_bind(const struct tasks *t, const struct task *task, int fd, struct err *err)
{
	const struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = task->action.ip2 };
	if (task->action.ip2 == 0 || bind(fd, (const struct sockaddr *)&from, sizeof from) == 0)
		return 0;
	int r = -errno;
	char ip[16];
	struct text text = text_in(ip, sizeof ip);
	text_ip(&text, task->action.ip2);
	if (r == -EADDRNOTAVAIL)
		return err_set(err, r, _("%s has no address %s, so it cannot send from it"),
			task_where(t, task), text_end(&text));
	return err_set(err, r, _("%s cannot send from %s: %s"), task_where(t, task),
		text_end(&text), task_reason(r));
}
