/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the command line, read by the tables of options and subcommands. */
#include <config.h>

#include <arplab/app.h>

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>
#include <arplab/theme.h>

#define OPTIONS_MAX 64
#define LONG_BASE 256 /* getopt's value of long option 0; above every letter. */
#define WORD_SHOWN 64 /* Bytes of a wrong word that a sentence repeats. */

/* The tables in the form that getopt_long wants, and what it found. */
struct parse {
	const struct app_option *table;
	size_t count;
	struct option longs[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 3];
	uint64_t given; /* Bit per row. */
};

static const char *option_name(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct app_option *table = app_option_table(&count);
	return i < count ? table[i].name : NULL;
}

static const char *command_name(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct subcommand *table = app_subcommands(&count);
	return i < count ? table[i].name : NULL;
}

static const char *theme_name(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct theme *table = themes(&count);
	return i < count ? table[i].name : NULL;
}

static void prepare(struct parse *p)
{
	*p = (struct parse) { .letters = ":" };
	p->table = app_option_table(&p->count);
	assert(p->count <= OPTIONS_MAX);
	struct text letters = text_in(p->letters, sizeof p->letters);
	text_char(&letters, ':');
	for (size_t i = 0; i < p->count; i++) {
		const struct app_option *o = &p->table[i];
		p->longs[i] = (struct option) {
			.name = o->name,
			.has_arg = o->value ? required_argument : no_argument,
			.val = LONG_BASE + (int)i,
		};
		if (!o->letter)
			continue;
		text_char(&letters, o->letter);
		if (o->value)
			text_char(&letters, ':');
	}
	text_end(&letters);
}

/* The row of what getopt returned, or -1. */
static int row_of(const struct parse *p, int value)
{
	if (value >= LONG_BASE)
		return value - LONG_BASE < (int)p->count ? value - LONG_BASE : -1;
	for (size_t i = 0; i < p->count; i++)
		if (p->table[i].letter && p->table[i].letter == value)
			return (int)i;
	return -1;
}

static int unknown_option(const struct parse *p, char **argv)
{
	char also[80];
	int row = row_of(p, optopt);
	if (optopt && row >= 0)
		return app_fail(EXIT_USAGE, _("--%s takes no value"), p->table[row].name);
	if (optopt)
		return app_fail(EXIT_USAGE, _("-%c is not an option. See: arplab help"), optopt);
	const char *word = argv[optind - 1];
	size_t len = strcspn(word, "=");
	char name[WORD_SHOWN];
	text_copy(name, sizeof name, word + (len < 2 ? len : 2));
	name[strcspn(name, "=")] = '\0';
	const char *near = text_nearest(name, option_name, NULL);
	char dashed[WORD_SHOWN] = "--";
	if (near)
		text_copy(dashed + 2, sizeof dashed - 2, near);
	return app_fail(EXIT_USAGE, _("--%s is not an option.%s See: arplab help"), name,
		text_did_you_mean(also, sizeof also, near ? dashed : NULL));
}

static int store(struct app_options *o, const struct app_option *row)
{
	char *field = (char *)o + row->offset;
	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_TEXT:
		memcpy(field, &optarg, sizeof optarg);
		break;
	case OPTION_IFACE:
		if (o->iface_count == sizeof o->ifaces / sizeof *o->ifaces)
			return app_fail(EXIT_USAGE,
				_("at most %zu interfaces can be named with -i"), o->iface_count);
		o->ifaces[o->iface_count++] = optarg;
		break;
	case OPTION_SET:
		if (o->set_count == sizeof o->sets / sizeof *o->sets)
			return app_fail(EXIT_USAGE, _("at most %zu values can be given with --set"),
				o->set_count);
		o->sets[o->set_count++] = optarg;
		break;
	case OPTION_HELP:
	case OPTION_VERSION:
		break;
	}
	return -1;
}

static int read_options(struct parse *p, int argc, char **argv, struct app_options *ret)
{
	optind = 0; /* Begin afresh: tests call this more than once. */
	opterr = 0;
	int value;
	while ((value = getopt_long(argc, argv, p->letters, p->longs, NULL)) != -1) {
		int row = row_of(p, value);
		if (value == ':')
			return app_fail(EXIT_USAGE, _("--%s needs a value: %s"),
				p->table[row_of(p, optopt)].name,
				p->table[row_of(p, optopt)].value);
		if (value == '?' || row < 0)
			return unknown_option(p, argv);
		p->given |= UINT64_C(1) << row;
		int status = store(ret, &p->table[row]);
		if (status >= 0)
			return status;
	}
	return -1;
}

static bool kind_given(const struct parse *p, enum app_option_kind kind)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->table[i].kind == kind && p->given & UINT64_C(1) << i)
			return true;
	return false;
}

int app_unknown_command(const char *word)
{
	char also[80];
	if (access(word, F_OK) == 0)
		return app_fail(EXIT_USAGE,
			_("\"%.*s\" is not a command. To look at a capture file: arplab read %.*s"),
			WORD_SHOWN, word, WORD_SHOWN, word);
	return app_fail(EXIT_USAGE, _("\"%.*s\" is not a command.%s See: arplab help"), WORD_SHOWN,
		word, text_did_you_mean(also, sizeof also, text_nearest(word, command_name, NULL)));
}

/* What the subcommand does not take is a mistake and not something to be passed over. */
static int check_command(
	const struct parse *p, const struct subcommand *c, const struct app_options *o)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->given & UINT64_C(1) << i && !app_takes(c, &p->table[i]))
			return app_fail(EXIT_USAGE,
				_("`arplab %s` takes no --%s. See: arplab help %s"), c->name,
				p->table[i].name, c->name);
	if (o->arg_count < c->least)
		return app_fail(EXIT_USAGE, _("`arplab %s` needs %s. See: arplab help %s"), c->name,
			c->args, c->name);
	if (o->arg_count > c->most)
		return app_fail(EXIT_USAGE,
			_("`arplab %s` takes no word \"%.*s\". See: arplab help %s"), c->name,
			WORD_SHOWN, o->args[c->most], c->name);
	if (o->theme && !theme_find(o->theme)) {
		char also[80];
		return app_fail(EXIT_USAGE, _("there is no theme \"%.*s\".%s"), WORD_SHOWN,
			o->theme,
			text_did_you_mean(
				also, sizeof also, text_nearest(o->theme, theme_name, NULL)));
	}
	return -1;
}

/* Where the first `--` stands; getopt moves words about and would forget it. */
static int find_dashes(int argc, char **argv)
{
	int i = 1;
	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	return i;
}

int app_parse(int argc, char **argv, struct app_options *ret, const struct subcommand **ret_command)
{
	struct parse p;
	prepare(&p);
	int dashes = find_dashes(argc, argv);
	int status = read_options(&p, dashes, argv, ret);
	if (status >= 0)
		return status;
	if (kind_given(&p, OPTION_VERSION))
		return app_version(ret);

	ret->args = argv + optind;
	ret->arg_count = (size_t)(dashes - optind);
	const struct subcommand *c = app_subcommand("lab");
	bool named = ret->arg_count > 0;
	if (named) {
		c = app_subcommand(ret->args[0]);
		if (!c)
			return app_unknown_command(ret->args[0]);
		ret->args++;
		ret->arg_count--;
	}
	if (dashes < argc && c->command) {
		ret->command = argv + dashes + 1;
	} else if (dashes < argc) {
		memmove(argv + dashes, argv + dashes + 1, (size_t)(argc - dashes) * sizeof *argv);
		ret->arg_count += (size_t)(argc - dashes - 1);
	}
	if (kind_given(&p, OPTION_HELP)) {
		app_usage(named ? c : NULL);
		return EXIT_FINE;
	}
	*ret_command = c;
	return check_command(&p, c, ret);
}

int app_main(int argc, char **argv, const struct app_border *border)
{
	struct app_options options = { .border = border };
	const struct subcommand *command = NULL;
	/* A reader that goes away and a file that grows too big are errors of write(2). */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);

	int status = app_parse(argc, argv, &options, &command);
	/* What programs read is the same wherever they run. */
	if (options.json || options.tap)
		i18n_speak("");
	if (status < 0 && command->terminal && !isatty(STDOUT_FILENO))
		status = app_fail(EXIT_REFUSED, "%s",
			command->run == app_lab     ? _("standard output is not a terminal; for "
							    "lines of text use `arplab run LESSON`")
			: command->run == app_shell ? _("standard output is not a terminal; a "
							"shell in a machine needs one")
						    : _("standard output is not a terminal; for "
							"lines of text use `arplab monitor`"));
	else if (status < 0)
		status = command->run(&options);

	int error = fflush(stdout) != 0 ? -errno : ferror(stdout) ? -EIO : 0;
	int trouble = app_out_status(error);
	return trouble > status ? trouble : status;
}
