/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: the one sentence that tells a person what the world refused. */
#include <config.h>

#include <arplab/err.h>

#include <stdarg.h>
#include <stdio.h>

#include <arplab/text.h>

int err_set(struct err *err, int code, const char *format, ...)
{
	if (!err)
		return code;
	/* Written beside it first: a sentence may quote the one that stands there already. */
	char raw[sizeof err->text];
	va_list args;
	va_start(args, format);
	vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	struct text t = text_in(err->text, sizeof err->text);
	text_name(&t, raw, sizeof raw);
	text_end(&t);
	return code;
}
