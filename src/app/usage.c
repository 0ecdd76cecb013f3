/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: how to call the program, made from its tables; help and version. */
#include <config.h>

#include <arplab/app.h>

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#define HELP_COLUMN 26

static void print_option(const struct app_option *o)
{
	char line[200];
	struct text t = text_in(line, sizeof line);
	text_put(&t, "  ");
	if (o->letter) {
		text_char(&t, '-');
		text_char(&t, o->letter);
		text_put(&t, ", ");
	} else {
		text_put(&t, "    ");
	}
	text_put(&t, "--");
	text_put(&t, o->name);
	if (o->value) {
		text_char(&t, ' ');
		text_put(&t, o->value);
	}
	text_char(&t, ' ');
	text_pad(&t, HELP_COLUMN);
	text_put(&t, _(o->help));
	puts(text_end(&t));
}

/* c: NULL for the options of all subcommands. */
static void print_options(const struct subcommand *c)
{
	size_t count;
	const struct app_option *table = app_option_table(&count);
	putchar('\n');
	puts(_("Options:"));
	for (size_t i = 0; i < count; i++)
		if (!c || app_takes(c, &table[i]))
			print_option(&table[i]);
}

static void print_commands(void)
{
	size_t count;
	const struct subcommand *table = app_subcommands(&count);
	putchar('\n');
	puts(_("Commands:"));
	for (size_t i = 0; i < count; i++)
		printf("  %-10s %s\n", table[i].name, _(table[i].summary));
}

void app_usage(const struct subcommand *c)
{
	if (c) {
		printf(c->options[0] ? _("Usage: arplab %s [options]") : _("Usage: arplab %s"),
			c->name);
		printf("%s%s\n\n%s\n", c->args[0] ? " " : "", c->args, _(c->summary));
		print_options(c);
		if (c->more)
			printf("\n%s\n", _(c->more));
		return;
	}
	puts(_("Usage: arplab [COMMAND] [options] [words]"));
	putchar('\n');
	puts(_("arplab shows interfaces, ARP cache and who-has/is-at packets side by side, with "
	       "the\nsysctls that decide about ARP. A changed sysctl is put back at exit."));
	print_commands();
	print_options(NULL);
	putchar('\n');
	puts(_("`arplab help COMMAND` tells more about one command; the manual is arplab(1).\n"
	       "Exit status: 0 done, 1 refused or not found as wanted, 2 a wrong word on the "
	       "command line;\nexplain has others besides."));
}

int app_help(const struct app_options *o)
{
	const struct subcommand *c = NULL;
	if (o->arg_count) {
		c = app_subcommand(o->args[0]);
		if (!c)
			return app_unknown_command(o->args[0]);
	}
	app_usage(c);
	return EXIT_FINE;
}

int app_version(const struct app_options *o)
{
	(void)o;
	puts("arplab " PACKAGE_VERSION);
	return EXIT_FINE;
}
