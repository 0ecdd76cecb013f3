/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a lab without a screen. */
#include <config.h>

#include "headless.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "attach.h"
#include "recorder.h"

#define BUILD_WAIT_NS (20 * NS_PER_S)

int headless_open(struct headless *h, const struct app_options *o, struct err *err)
{
	struct app_start start = app_start_from(o, SCOPE_LAB);
	*h = (struct headless) { .listener = -1 };
	h->batch = aligned_alloc(8, EVENT_BATCH_MAX);
	if (!h->batch)
		abort();
	world_init(&h->world, MODEL_FRAME_RING);
	h->past = past_new();
	int error = app_open(o, &start, &h->line, err);
	if (!error)
		error = recorder_open(&h->recorder, o->record, SCOPE_LAB, err);
	if (!error)
		h->listener = attach_listen();
	return error;
}

int headless_close(struct headless *h)
{
	struct err err = { "" };
	int status = app_hang_up(&h->line);
	if (recorder_close(h->recorder, &err) < 0)
		status = app_fail(EXIT_REFUSED, "%s", err.text);
	if (h->listener >= 0)
		close(h->listener);
	past_free(h->past);
	world_done(&h->world);
	free(h->batch);
	return status;
}

static int take_waiting(struct headless *h)
{
	ssize_t len;
	while ((len = app_receive(&h->line, h->batch, EVENT_BATCH_MAX)) > 0) {
		size_t pos = 0;
		const struct event *e;
		while ((e = app_next_event(h->batch, (size_t)len, &pos))) {
			recorder_event(h->recorder, e);
			past_take(h->past, &h->world, e);
			world_apply(&h->world, e);
			if (h->feed)
				h->feed(h->arg, e);
		}
	}
	return (int)len;
}

static void attach_shell(struct headless *h, int connection, const char *machine, int terminal)
{
	char why[EVENT_TEXT_SIZE] = "";
	struct text t = text_in(why, sizeof why);
	struct action a = {
		.kind = ACTION_SHELL, .id = ++h->last_id, .node = world_node(&h->world, machine)
	};
	if (a.node)
		app_send_with(&h->line, &a, terminal);
	else
		attach_no_machine(&t, &h->world, machine);
	attach_answer(connection, text_end(&t));
}

/* A learner's second terminal asks for a shell, or for what is known of a machine. */
static void take_attached(struct headless *h)
{
	struct attach_request request;
	int fd;
	int connection = attach_accept(h->listener, &request, &fd);
	if (connection < 0)
		return;
	if (request.kind == ATTACH_SURVEY)
		attach_give_survey(connection, &h->world, request.node, fd);
	else
		attach_shell(h, connection, request.node, fd);
	close(fd);
}

static int milliseconds_until(uint64_t wake_ns)
{
	if (wake_ns == UINT64_MAX)
		return -1;
	uint64_t now = clock_steady_ns();
	if (wake_ns <= now)
		return 0;
	uint64_t ms = (wake_ns - now + NS_PER_MS - 1) / NS_PER_MS;
	return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

int headless_wait(struct headless *h, uint64_t wake_ns, int hands, bool *ret_hands)
{
	struct err err = { "" };
	if (recorder_flush(h->recorder, &err) < 0)
		app_fail(EXIT_REFUSED, "%s", err.text);
	struct pollfd fds[] = {
		{ .fd = h->line.socket, .events = POLLIN },
		{ .fd = h->line.signals, .events = POLLIN },
		{ .fd = h->listener, .events = POLLIN },
		{ .fd = hands, .events = POLLIN },
	};
	if (poll(fds, 4, milliseconds_until(wake_ns)) < 0 && errno != EINTR)
		return -errno;
	if (fds[1].revents && app_signal(&h->line))
		return -EINTR;
	if (fds[2].revents)
		take_attached(h);
	if (ret_hands)
		*ret_hands = fds[3].revents != 0;
	return take_waiting(h);
}

/* The helper's last grave sentence: why it made no lab, or ended. NULL if it said nothing. */
static const char *last_words(struct headless *h)
{
	/* They may still wait where they were sent, behind a line that is closed. */
	take_waiting(h);
	const struct model *lan = h->world.machines[0];
	if (h->world.lab.state == LAB_FAILED)
		return h->world.lab.text;
	if (lan->note_count && lan->notes[lan->note_count - 1].grave)
		return lan->notes[lan->note_count - 1].text;
	return NULL;
}

int headless_trouble(struct headless *h, int error, struct err *err)
{
	const char *words = error == -EINTR ? _("interrupted") : last_words(h);
	return err_set(
		err, error, "%s", words ? words : _("the helper process has ended unexpectedly"));
}

int headless_build(struct headless *h, const struct topology *t, struct err *err)
{
	/* All that any lesson may need is tried, too. */
	struct action a = { .kind = ACTION_BUILD, .id = ++h->last_id, .value = INT32_MAX };
	uint64_t end_ns = clock_steady_ns() + BUILD_WAIT_NS;
	int error = app_send_build(&h->line, &a, t);
	while (!error && !world_ready(&h->world) && h->world.lab.state != LAB_FAILED) {
		error = headless_wait(h, end_ns, -1, NULL);
		if (!error && clock_steady_ns() >= end_ns)
			return err_set(err, -ETIMEDOUT, _("the lab was not ready in time"));
	}
	return error || !world_ready(&h->world) ? headless_trouble(h, error ? error : -EIO, err)
						: 0;
}
