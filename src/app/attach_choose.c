/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: which of the labs that run is meant. */
#include <config.h>

#include <arplab/i18n.h>

#include "attach.h"

static int say_labs(const pid_t *labs, size_t count)
{
	char pids[160];
	struct text t = text_in(pids, sizeof pids);
	for (size_t i = 0; i < count; i++)
		text_printf(&t, " %d", (int)labs[i]);
	return app_fail(EXIT_REFUSED, _("%zu labs are running; choose one with --pid: %s"), count,
		text_end(&t));
}

int attach_choose(const struct app_options *o, pid_t *ret)
{
	pid_t labs[ATTACH_LABS_MAX];
	int64_t wanted = 0;
	if (o->lab && text_parse_int(o->lab, 1, INT32_MAX, &wanted) < 0)
		return app_fail(EXIT_USAGE,
			_("--pid takes the number of a lab's process, not \"%s\""), o->lab);
	size_t count = attach_find(labs, ATTACH_LABS_MAX);
	for (size_t i = 0; i < count; i++)
		if (labs[i] == wanted || (!wanted && count == 1)) {
			*ret = labs[i];
			return -1;
		}
	if (wanted)
		return app_fail(
			EXIT_REFUSED, _("process %d is no lab that you may enter"), (int)wanted);
	if (!count)
		return app_fail(EXIT_REFUSED,
			_("no lab is running here; start `arplab` on another terminal first"));
	return say_labs(labs, count);
}
