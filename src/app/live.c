/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: live — the screen over the machine that the program runs on. */
#include <config.h>

#include <arplab/app.h>

int app_live(const struct app_options *o)
{
	struct app_start start = app_start_from(o, SCOPE_HOST);
	struct app_line line;
	struct err err = { "" };
	start.capture = true;
	int error = app_open(o, &start, &line, &err);
	if (error)
		return app_fail(app_open_status(error), "%s", err.text);
	return app_screen(o, &line, SCOPE_HOST, NULL);
}
