/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: where the facts come from: this machine, a machine of a lab, or a file. */
#include <config.h>

#include "survey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>

#include "attach.h"

#define FRAME_RING 4096 /* The least there is: no frame comes. */
#define DUMP_WAIT_MS 10000
#define FILE_BYTES_MAX (256u << 20) /* A million routes and a million neighbours. */

/* ---- this machine ---- */

static bool tables_there(const struct model *m, void *arg)
{
	(void)arg;
	const uint32_t wanted = 1u << TABLE_ROUTES | 1u << TABLE_RULES | 1u << TABLE_PROXIES;
	return m->hello.pid && model_ready(m) && (m->tables_seen & wanted) == wanted;
}

static int open_here(const struct app_options *o, struct survey *ret)
{
	struct err err = { "" };
	struct model m;
	struct app_line line;
	struct app_start start = app_start_from(o, SCOPE_HOST);
	int error = app_open(o, &start, &line, &err);
	if (error)
		return app_fail(app_open_status(error), "%s", err.text);
	model_init(&m, FRAME_RING);
	error = app_pump(&line, &m, tables_there, NULL, DUMP_WAIT_MS, &err);
	if (!error)
		survey_take(ret, &m, clock_wall_ns());
	else
		app_print_notes(&m);
	app_hang_up(&line);
	model_done(&m);
	return error ? app_fail(EXIT_REFUSED, "%s", err.text) : -1;
}

/* ---- lines ---- */

/* All of a file. Returns its bytes, to be freed, or NULL and a sentence. */
static char *read_all(int fd, const char *name, size_t *ret_len, struct err *err)
{
	size_t len = 0, room = 65536;
	char *bytes = malloc(room);
	ssize_t n = 1;
	while (bytes && n > 0 && len < FILE_BYTES_MAX) {
		if (len == room)
			bytes = realloc(bytes, room *= 2);
		if (!bytes)
			break;
		n = read(fd, bytes + len, room - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	if (!bytes)
		abort();
	if (n == 0) {
		*ret_len = len;
		return bytes;
	}
	err_set(err, -EFBIG, _("cannot read %s: %s"), name,
		n < 0 ? err_reason(errno) : _("it is too big to describe a machine"));
	free(bytes);
	return NULL;
}

/* What comes from elsewhere is read without any privileges. */
static int read_lines(const struct app_options *o, struct survey *ret, int fd, const char *name)
{
	struct err err = { "" };
	size_t len = 0;
	if (o->border->drop(&err) < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	char *bytes = read_all(fd, name, &len, &err);
	if (!bytes)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	int error = survey_read(ret, name, bytes, len, &err);
	free(bytes);
	return error ? app_fail(EXIT_REFUSED, "%s", err.text) : -1;
}

static int open_file(const struct app_options *o, struct survey *ret)
{
	if (strcmp(o->host_file, "-") == 0)
		return read_lines(o, ret, STDIN_FILENO, _("standard input"));
	int fd = open(o->host_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return app_fail(
			EXIT_REFUSED, _("cannot read %s: %s"), o->host_file, err_reason(errno));
	int status = read_lines(o, ret, fd, o->host_file);
	close(fd);
	return status;
}

/* ---- a machine of a lab ---- */

/* The lab writes what it knows into memory that is lent to it, so that it never waits for us. */
static int open_node(const struct app_options *o, struct survey *ret)
{
	struct err err = { "" };
	pid_t lab;
	int status = attach_choose(o, &lab);
	if (status >= 0)
		return status;
	int fd = memfd_create("arplab-survey", MFD_CLOEXEC);
	if (fd < 0)
		return app_fail(EXIT_REFUSED, _("cannot have memory: %s"), err_reason(errno));
	int error = attach_ask(lab, ATTACH_SURVEY, o->node, fd, &err);
	status = error ? app_fail(EXIT_REFUSED, "%s", err.text) : -1;
	if (status < 0 && lseek(fd, 0, SEEK_SET) < 0)
		status = app_fail(EXIT_REFUSED, _("cannot read memory: %s"), err_reason(errno));
	if (status < 0)
		status = read_lines(o, ret, fd, o->node);
	close(fd);
	return status;
}

int survey_open(const struct app_options *o, struct survey *ret)
{
	if (o->node && o->host_file)
		return app_fail(
			EXIT_USAGE, _("--node and --host name two machines; give one of them"));
	if (o->lab && !o->node)
		return app_fail(EXIT_USAGE, _("--pid names a lab: say which machine with --node"));
	*ret = (struct survey) { 0 };
	return o->node ? open_node(o, ret) : o->host_file ? open_file(o, ret) : open_here(o, ret);
}
