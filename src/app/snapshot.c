/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab snapshot`: the facts about a machine as lines, for `arplab explain --host`. */
#include <config.h>

#include "survey.h"

#include <stdio.h>

static void print_line(void *arg, const char *text)
{
	(void)arg;
	puts(text);
}

int app_snapshot(const struct app_options *o)
{
	struct survey facts;
	int status = survey_open(o, &facts);
	if (status >= 0)
		return status;
	survey_write(&facts, print_line, NULL);
	survey_done(&facts);
	return EXIT_FINE;
}
