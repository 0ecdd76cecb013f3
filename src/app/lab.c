/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: lab — the screen over a private network, with the menu of lessons. */
#include <config.h>

#include <arplab/app.h>

int app_lab(const struct app_options *o)
{
	struct app_start start = app_start_from(o, SCOPE_LAB);
	struct app_line line;
	struct err err = { "" };
	int error = app_open(o, &start, &line, &err);
	if (error)
		return app_fail(app_open_status(error), "%s", err.text);
	return app_screen(o, &line, SCOPE_LAB, NULL);
}
