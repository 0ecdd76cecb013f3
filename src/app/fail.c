/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a sentence on standard error about why something was not done. */
#include <config.h>

#include <arplab/app.h>

#include <stdarg.h>

#include <arplab/text.h>

int app_fail(int status, const char *format, ...)
{
	char bytes[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(bytes, sizeof bytes, format, args);
	va_end(args);
	/* One write a sentence, so that two processes on one terminal do not mix their letters. */
	char line[1200];
	struct text t = text_in(line, sizeof line);
	text_put(&t, "arplab: ");
	text_name(&t, bytes, sizeof bytes);
	text_char(&t, '\n');
	fputs(text_end(&t), stderr);
	return status;
}
