/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drive a program on a pseudo-terminal by a script: screen [-s ROWSxCOLUMNS] SCRIPT COMMAND…
 *
 * A script is lines of: wait TEXT, gone TEXT, key NAME, type TEXT, click ROW COLUMN,
 * resize ROWS COLUMNS, signal NUMBER, settle, dump [FILE], styles [FILE], svg FILE, end.
 * SCRIPT may be - for standard input. Ends with 1 and the screen when a wait fails.
 */
#include <config.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "pty.h"

/* Give up with the screen as it is. */
static int give_up(struct pty *p, const char *line)
{
	char *text = pty_text(p);
	fprintf(stderr, "failed: %s\n%s", line, text);
	free(text);
	pty_free(p);
	return 1;
}

static bool write_file(const char *path, struct pty *p, char *(*text_of)(struct pty *p))
{
	FILE *f = *path ? fopen(path, "we") : stdout;
	if (!f) {
		perror(path);
		return false;
	}
	if (text_of) {
		char *text = text_of(p);
		fputs(text, f);
		free(text);
	} else {
		pty_svg(p, f);
	}
	return f == stdout ? fflush(f) == 0 : fclose(f) == 0;
}

/* Carry out one line. */
static bool carry_out(struct pty *p, const char *verb, const char *rest)
{
	int a, b;
	if (strcmp(verb, "wait") == 0)
		return pty_shows(p, rest, PATIENCE_MS);
	if (strcmp(verb, "gone") == 0)
		return pty_hides(p, rest, PATIENCE_MS);
	if (strcmp(verb, "key") == 0)
		pty_key(p, rest);
	else if (strcmp(verb, "type") == 0)
		pty_type(p, rest);
	else if (strcmp(verb, "click") == 0 && sscanf(rest, "%d %d", &a, &b) == 2)
		pty_click(p, 1, a, b);
	else if (strcmp(verb, "resize") == 0 && sscanf(rest, "%d %d", &a, &b) == 2)
		pty_resize(p, a, b);
	else if (strcmp(verb, "signal") == 0)
		pty_signal(p, atoi(rest));
	else if (strcmp(verb, "settle") == 0)
		pty_settle(p, 50);
	else if (strcmp(verb, "dump") == 0)
		return write_file(rest, p, pty_text);
	else if (strcmp(verb, "styles") == 0)
		return write_file(rest, p, pty_styled_text);
	else if (strcmp(verb, "svg") == 0)
		return write_file(rest, p, NULL);
	else if (strcmp(verb, "end") == 0)
		return pty_wait(p, PATIENCE_MS) >= 0;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	int rows = 24, columns = 80;
	for (int c; (c = getopt(argc, argv, "+s:")) != -1;)
		if (c != 's' || sscanf(optarg, "%dx%d", &rows, &columns) != 2)
			return 2;
	if (argc - optind < 2) {
		fprintf(stderr, "usage: screen [-s ROWSxCOLUMNS] SCRIPT COMMAND…\n");
		return 2;
	}
	FILE *script = strcmp(argv[optind], "-") == 0 ? stdin : fopen(argv[optind], "re");
	if (!script) {
		perror(argv[optind]);
		return 2;
	}
	struct pty *p = pty_start(&(struct pty_options) {
		.argv = (const char *const *)argv + optind + 1, .rows = rows, .columns = columns });
	char line[512];
	while (fgets(line, sizeof line, script)) {
		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		size_t verb_len = strcspn(line, " ");
		char verb[32];
		snprintf(verb, sizeof verb, "%.*s", (int)verb_len, line);
		if (!carry_out(p, verb, line[verb_len] ? line + verb_len + 1 : ""))
			return give_up(p, line);
	}
	fclose(script);
	pty_free(p);
	return 0;
}
