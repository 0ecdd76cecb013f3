/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main: argv to a subcommand; the only file that sees both halves. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/app.h>
#include <arplab/helper.h>
#include <arplab/i18n.h>

/* Fork the helper, then become a process that can touch nothing. */
static int start(const struct app_start *s, struct app_line *ret, struct err *err)
{
	struct helper_options options = {
		.scope = s->scope,
		.capture = s->capture,
		.sysctls_only = s->sysctls_only,
		.filter = s->filter,
		.state_dir = s->state_dir,
		.persist_path = s->persist_path,
		.file = s->file,
		.file_name = s->file_name,
	};
	if (s->iface_count > HELPER_IFACES_MAX)
		return err_set(
			err, -E2BIG, _("at most %d interfaces can be named"), HELPER_IFACES_MAX);
	options.iface_count = s->iface_count;
	for (size_t i = 0; i < s->iface_count; i++)
		options.ifaces[i] = s->ifaces[i];

	struct helper helper;
	int error = helper_spawn(&helper, &options, err);
	if (error)
		return error;
	error = front_drop_privileges(err);
	if (error) {
		/* A front that kept its privileges must not go on; the helper ends by itself. */
		close(helper.socket);
		return error;
	}
	*ret = (struct app_line) { .socket = helper.socket, .pid = helper.pid, .signals = -1 };
	return 0;
}

/*
 * A program may be started without standard streams; the next file that is opened would then stand
 * in for them, and lines would go to the helper. Output that nobody can read stays an error.
 */
static void fill_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

/*
 * A locale that is not installed, as in most containers, still says which characters the terminal
 * shows. What characters are is all that is asked of libc: the rest would cost a dozen files.
 */
static void choose_characters(void)
{
	if (setlocale(LC_CTYPE, ""))
		return;
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names && (!locale || !*locale); i++)
		locale = getenv(names[i]);
	if (locale && (strcasestr(locale, ".utf-8") || strcasestr(locale, ".utf8")))
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void choose_language(void)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		i18n_speak(i18n_choose(getenv("LANGUAGE"), getenv("LC_ALL"), getenv("LC_MESSAGES"),
			getenv("LANG")));
}

int main(int argc, char **argv)
{
	static const struct app_border border = { .start = start, .drop = front_drop_privileges };
	fill_standard_streams();
	choose_characters();
	choose_language();
	return app_main(argc, argv, &border);
}
