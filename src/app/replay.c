/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab replay`: a recording as the screen, as lines or as JSON. */
#include <config.h>

#include "player.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "replay.h"

static long read_file(void *arg, uint64_t offset, void *ret, size_t size)
{
	const int *fd = arg;
	ssize_t len;
	do
		len = pread(*fd, ret, size, (off_t)offset);
	while (len < 0 && errno == EINTR);
	return len < 0 ? -errno : len;
}

/* Nothing waits for a pipe's writer: a recording is gone back and forth in. */
static int open_file(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_set(err, -errno, _("cannot replay %s: %s"), path, err_reason(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return err_set(err, -EINVAL, _("cannot replay %s: it is %s"), path,
		S_ISDIR(st.st_mode) ? _("a directory")
				    : _("no file that can be read back and forth"));
}

int replay_trouble(const struct recording *r, const char *path)
{
	uint64_t strange = recording_strange(r);
	if (strange)
		app_fail(EXIT_FINE,
			ngettext(
				"%s: arplab %s recorded %llu event that this one does not know; it "
				"was passed over",
				"%s: arplab %s recorded %llu events that this one does not know; "
				"they "
				"were passed over",
				strange),
			path, recording_head(r)->program, (unsigned long long)strange);
	switch (recording_state(r)) {
	case RECORDING_WHOLE:
		return EXIT_FINE;
	case RECORDING_OPEN:
		return app_fail(EXIT_FINE, "%s: %s", path, recording_trouble(r));
	case RECORDING_CUT:
	case RECORDING_DAMAGED:
		return app_fail(EXIT_REFUSED, "%s: %s", path, recording_trouble(r));
	}
	return EXIT_REFUSED;
}

static int show(const struct app_options *o, struct app_line *line, struct recording *r)
{
	struct player *p = player_open(r);
	int status = app_screen(o, line, SCOPE_REPLAY, p);
	player_free(p);
	int trouble = replay_trouble(r, o->args[0]);
	return status ? status : trouble;
}

int app_replay(const struct app_options *o)
{
	struct err err = { "" };
	struct app_line line;
	const char *path = o->args[0];
	int fd = open_file(path, &err);
	if (fd < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	/* The file is opened as whoever called; its bytes are read by nobody in particular. */
	if (app_open_alone(o, &line, &err) < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	struct recording_source source = { .read = read_file, .arg = &fd };
	struct recording *r = recording_open(&source, &err);
	bool screen = isatty(STDOUT_FILENO) && !o->json && !o->text && !o->quiet;
	int status = !r       ? app_fail(EXIT_REFUSED, _("cannot replay %s: %s"), path, err.text)
		     : screen ? show(o, &line, r)
			      : replay_print(o, &line, r);
	recording_free(r);
	close(fd);
	if (!r || !screen)
		app_hang_up(&line);
	return status;
}
