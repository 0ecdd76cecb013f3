/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a terminal lent to a shell in a machine of the lab. */
#include <config.h>

#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <arplab/i18n.h>

void relay_init(struct relay *r)
{
	*r = (struct relay) { .master = -1 };
}

int relay_open(struct relay *r, int *ret_slave, struct err *err)
{
	struct winsize size;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	int slave = -1;
	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
		slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0) {
		int error = -errno;
		if (master >= 0)
			close(master);
		return err_set(err, error, _("cannot make a terminal for the shell: %s"),
			err_reason(-error));
	}
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(slave, TIOCSWINSZ, &size);
	r->master = master;
	*ret_slave = slave;
	return 0;
}

void relay_begin(struct relay *r)
{
	struct termios raw;
	if (tcgetattr(STDIN_FILENO, &r->before) < 0)
		return;
	raw = r->before;
	cfmakeraw(&raw);
	r->raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

bool relay_hungry(const struct relay *r)
{
	return r->pending_len == 0;
}

void relay_push(struct relay *r)
{
	ssize_t n = write(r->master, r->pending, r->pending_len);
	if (n <= 0)
		return;
	r->pending_len -= (size_t)n;
	memmove(r->pending, r->pending + n, r->pending_len);
}

void relay_hands(struct relay *r)
{
	ssize_t n = read(STDIN_FILENO, r->pending, sizeof r->pending);
	if (n <= 0)
		return;
	r->pending_len = (size_t)n;
	relay_push(r);
}

static bool write_all(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

bool relay_shell(struct relay *r)
{
	char bytes[4096];
	ssize_t n = read(r->master, bytes, sizeof bytes);
	if (n > 0)
		return write_all(bytes, (size_t)n);
	/* EIO: nobody has the other side open any more. */
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

void relay_resize(struct relay *r)
{
	struct winsize size;
	if (r->master >= 0 && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(r->master, TIOCSWINSZ, &size);
}

void relay_end(struct relay *r)
{
	if (r->raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &r->before);
	if (r->master >= 0)
		close(r->master);
	relay_init(r);
}
