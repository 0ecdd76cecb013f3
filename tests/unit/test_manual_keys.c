/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the manual and both READMEs name the first key of every command, each under its keys. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/app/lab_ui.h"
#include "src/app/player.h"
#include "src/app/ui.h"

struct section {
	const char *file, *heading, *end;
	const char *around; /* What stands before and behind a key there, beside blanks. */
	char text[65536];
};

static void load(struct section *s)
{
	static char whole[131072];
	char path[4096];
	const char *tests = getenv("ARPLAB_TESTS");
	snprintf(path, sizeof path, "%s/../%s", tests ? tests : "tests", s->file);
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	size_t len = fread(whole, 1, sizeof whole - 1, f);
	whole[len] = '\0';
	fclose(f);
	const char *begin = strstr(whole, s->heading);
	assert_non_null(begin);
	const char *end = strstr(begin + 1, s->end);
	assert_non_null(end);
	snprintf(s->text, sizeof s->text, "%.*s", (int)(end - begin), begin);
}

/* Only rows that begin with .It name keys in the manual, where roff wants some characters masked.
 */
static void unmask(char *text)
{
	char *to = text;
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		bool names = strncmp(line, ".It ", 4) == 0;
		for (size_t i = 3; names && i < len; i++)
			if (strncmp(line + i, "\\&", 2) == 0)
				i++;
			else if (strncmp(line + i, "\\e", 2) == 0)
				*to++ = line[++i] ? '\\' : ' ';
			else if (strncmp(line + i, "\\(en", 4) == 0)
				i += 3, *to++ = ' ';
			else
				*to++ = line[i];
		if (names)
			*to++ = '\n';
		line += len + (line[len] == '\n');
	}
	*to = '\0';
}

static bool names_key(const struct section *s, const char *key, size_t len)
{
	for (const char *at = s->text; (at = strstr(at, key)); at++)
		if (at > s->text && strchr(s->around, at[-1]) && strchr(s->around, at[len]))
			return true;
	return false;
}

static void check_command(const struct section *s, const struct command *c)
{
	char key[16];
	size_t len = strcspn(c->keys, " ");
	snprintf(key, sizeof key, "%.*s", (int)len, c->keys);
	/* Moving about goes without saying it of each arrow. */
	if (!c->help || (len != 1 && strcmp(key, "Space") && strcmp(key, "Enter")))
		return;
	if (!names_key(s, key, len))
		fail_msg("%s does not name the key %s of %s under %s", s->file, key, c->name,
			s->heading + 1);
}

static void names_all_keys(void **state)
{
	struct section *s = *state;
	static struct ui host = { .scope = SCOPE_HOST };
	size_t count;
	load(s);
	if (strstr(s->heading, ".Sh"))
		unmask(s->text);
	const struct command *c;
	for (size_t i = 0; (c = ui_command(&host, i)); i++)
		check_command(s, c);
	c = lab_commands(&count);
	for (size_t i = 0; i < count; i++)
		check_command(s, &c[i]);
	c = player_commands(&count);
	for (size_t i = 0; i < count; i++)
		check_command(s, &c[i]);
}

int main(void)
{
	static struct section manual = { "doc/arplab.1", "\n.Sh KEYS", "\n.Sh ", " ,\n", "" };
	static struct section english = { "README.md", "\n## Keys", "\n## ", "`", "" };
	static struct section chinese = { "README.zh_CN.md", "\n## 按键", "\n## ", "`", "" };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(names_all_keys, &manual),
		cmocka_unit_test_prestate(names_all_keys, &english),
		cmocka_unit_test_prestate(names_all_keys, &chinese),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
