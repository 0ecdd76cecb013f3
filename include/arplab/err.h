/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: one sentence about what the world refused, for a person to read. */
#ifndef ARPLAB_ERR_H
#define ARPLAB_ERR_H

struct err {
	char text[320]; /* What failed, why, and what to do. No line feed; "" when nothing failed. */
};

/*
 * Write the sentence and hand the code on, so that a function can end with `return err_set(…)`.
 * err: may be NULL when nobody will read it. code: a negative errno, returned unchanged.
 * Control characters in what the format inserts are shown as '?'.
 */
int err_set(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Why the system refused: strerror(3) in the reader's language. libc's own translations need a
 * locale that is installed, which containers and namespaces lack. error: a positive errno.
 */
const char *err_reason(int error);

#endif
