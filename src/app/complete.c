/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: completions for shells, printed from the tables of subcommands, options and sysctls. */
#include <config.h>

#include <arplab/app.h>

#include <string.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>
#include <arplab/theme.h>

/* ---- words ---- */

#define EXPLAIN_WORDS \
	"answer announce learn who-has tell is-at dev iif src smac dmac tmac reply have age poll"

static void print_commands(const char *between)
{
	size_t count;
	const struct subcommand *table = app_subcommands(&count);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? between : "", table[i].name);
}

static void print_options(const struct subcommand *c)
{
	size_t count;
	const struct app_option *table = app_option_table(&count);
	const char *space = "";
	for (size_t i = 0; i < count; i++) {
		if (!app_takes(c, &table[i]))
			continue;
		printf("%s--%s", space, table[i].name);
		if (table[i].letter)
			printf(" -%c", table[i].letter);
		space = " ";
	}
}

static void print_keys(void)
{
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? " " : "", keys[i].name);
}

static void print_themes(void)
{
	size_t count;
	const struct theme *table = themes(&count);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? " " : "", table[i].name);
}

/* Options whose value is called so, as alternatives of a shell's `case`. */
static void print_options_of(const char *value)
{
	size_t count;
	const struct app_option *table = app_option_table(&count);
	const char *bar = "";
	for (size_t i = 0; i < count; i++) {
		if (!table[i].value || strcmp(table[i].value, value) != 0)
			continue;
		printf("%s--%s", bar, table[i].name);
		if (table[i].letter)
			printf("|-%c", table[i].letter);
		bar = "|";
	}
}

/* ---- bash; zsh runs the same function through bashcompinit ---- */

static void print_function(void)
{
	size_t count;
	const struct subcommand *table = app_subcommands(&count);
	fputs("_arplab_ifaces() {\n"
	      "\tlocal dir\n"
	      "\tfor dir in /sys/class/net/*; do printf '%s ' \"${dir##*/}\"; done\n"
	      "}\n"
	      "_arplab_sysctls() {\n"
	      "\tlocal name key keys='",
		stdout);
	print_keys();
	fputs("'\n"
	      "\tfor name in all default $(_arplab_ifaces); do\n"
	      "\t\tfor key in $(printf '%s' \"$keys\"); do printf '%s ' \"$name.$key$1\"; done\n"
	      "\tdone\n"
	      "}\n"
	      "_arplab_words() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal i command='' words=''\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in ",
		stdout);
	print_commands("|");
	fputs(") command=${COMP_WORDS[i]}; break;; esac\n"
	      "\tdone\n"
	      "\tcase $prev in\n"
	      "\t",
		stdout);
	print_options_of("IF");
	fputs("|dev|iif) words=$(_arplab_ifaces);;\n\t", stdout);
	print_options_of("SYSCTL=VALUE");
	fputs(") words=$(_arplab_sysctls =);;\n\t", stdout);
	print_options_of("NAME");
	fputs(") words='", stdout);
	print_themes();
	fputs("';;\n\t", stdout);
	print_options_of("FILE");
	fputs(") COMPREPLY=($(compgen -f -- \"$cur\")); return;;\n\t", stdout);
	print_options_of("DIR");
	fputs(") COMPREPLY=($(compgen -d -- \"$cur\")); return;;\n\t", stdout);
	print_options_of("EXPR");
	fputs("|", stdout);
	print_options_of("DURATION");
	fputs("|", stdout);
	print_options_of("MACHINE");
	fputs("|", stdout);
	print_options_of("PID");
	fputs(") return;;\n"
	      "\t*) case $command in\n"
	      "\t\t'') words='",
		stdout);
	print_commands(" ");
	putchar(' ');
	print_options(app_subcommand("live"));
	puts("';;");
	for (size_t i = 0; i < count; i++) {
		printf("\t\t%s) words='", table[i].name);
		print_options(&table[i]);
		puts("';;");
	}
	fputs("\t\tesac\n"
	      "\t\tcase $command in\n"
	      "\t\tget) words=\"$words all default $(_arplab_ifaces) $(_arplab_sysctls '')\";;\n"
	      "\t\tset) words=\"$words $(_arplab_sysctls =)\";;\n"
	      "\t\texplain) words=\"$words " EXPLAIN_WORDS "\";;\n"
	      "\t\tread) COMPREPLY=($(compgen -f -- \"$cur\"));;\n"
	      "\t\thelp) words='",
		stdout);
	print_commands(" ");
	fputs("';;\n"
	      "\t\tcomplete) words='bash zsh fish';;\n"
	      "\t\tesac;;\n"
	      "\tesac\n"
	      "\tCOMPREPLY+=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\t[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null\n"
	      "\treturn 0\n"
	      "}\n",
		stdout);
}

static void print_bash(void)
{
	puts("# bash completions for arplab, printed by: arplab complete bash");
	print_function();
	puts("complete -F _arplab_words arplab");
}

static void print_zsh(void)
{
	puts("#compdef arplab\n"
	     "# zsh completions for arplab, printed by: arplab complete zsh\n"
	     "autoload -U +X bashcompinit && bashcompinit");
	print_function();
	/* A file of zsh's function path is run when it is first wanted, and must then answer. */
	puts("complete -F _arplab_words arplab\n"
	     "if [ \"${funcstack[1]}\" = _arplab ]; then _bash_complete -F _arplab_words; fi");
}

/* ---- fish ---- */

/* A sentence between single quotes. */
static void print_quoted(const char *s)
{
	putchar('\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('\'');
}

static void print_fish_option(const struct subcommand *c, const struct app_option *o)
{
	/* Without a command it is live that runs, and whose options are meant. */
	printf("complete -c arplab -n '%s__fish_seen_subcommand_from %s' -l %s",
		c->terminal ? "__fish_use_subcommand; or " : "", c->name, o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	if (o->value && strcmp(o->value, "IF") == 0)
		fputs(" -x -a '(__arplab_ifaces)'", stdout);
	else if (o->value && (strcmp(o->value, "FILE") == 0 || strcmp(o->value, "DIR") == 0))
		fputs(" -r -F", stdout);
	else if (o->value && strcmp(o->value, "SYSCTL=VALUE") == 0)
		fputs(" -x -a '(__arplab_sysctls =)'", stdout);
	else if (o->value && strcmp(o->value, "NAME") == 0) {
		fputs(" -x -a '", stdout);
		print_themes();
		putchar('\'');
	} else if (o->value)
		fputs(" -x", stdout);
	fputs(" -d ", stdout);
	print_quoted(o->help);
	putchar('\n');
}

static void print_fish(void)
{
	size_t commands, options;
	const struct subcommand *c = app_subcommands(&commands);
	const struct app_option *o = app_option_table(&options);
	fputs("# fish completions for arplab, printed by: arplab complete fish\n"
	      "function __arplab_ifaces\n"
	      "\tpath basename /sys/class/net/* 2>/dev/null; or command ls /sys/class/net\n"
	      "end\n"
	      "function __arplab_sysctls\n"
	      "\tfor name in all default (__arplab_ifaces)\n"
	      "\t\tfor key in ",
		stdout);
	print_keys();
	puts("\n"
	     "\t\t\techo $name.$key$argv[1]\n"
	     "\t\tend\n"
	     "\tend\n"
	     "end\n"
	     "complete -c arplab -f");
	for (size_t i = 0; i < commands; i++) {
		printf("complete -c arplab -n __fish_use_subcommand -a %s -d ", c[i].name);
		print_quoted(c[i].summary);
		putchar('\n');
		for (size_t k = 0; k < options; k++)
			if (app_takes(&c[i], &o[k]))
				print_fish_option(&c[i], &o[k]);
	}
	fputs("complete -c arplab -n '__fish_seen_subcommand_from get' "
	      "-a 'all default (__arplab_ifaces) (__arplab_sysctls)'\n"
	      "complete -c arplab -n '__fish_seen_subcommand_from set' -a '(__arplab_sysctls =)'\n"
	      "complete -c arplab -n '__fish_seen_subcommand_from explain' "
	      "-a '" EXPLAIN_WORDS " (__arplab_ifaces)'\n"
	      "complete -c arplab -n '__fish_seen_subcommand_from read' -F\n"
	      "complete -c arplab -n '__fish_seen_subcommand_from complete' -a 'bash zsh fish'\n"
	      "complete -c arplab -n '__fish_seen_subcommand_from help' -a '",
		stdout);
	print_commands(" ");
	puts("'");
}

static const struct {
	const char *name;
	void (*print)(void);
} shells[] = { { "bash", print_bash }, { "zsh", print_zsh }, { "fish", print_fish } };

static const char *shell_name(const void *arg, size_t i)
{
	(void)arg;
	return i < sizeof shells / sizeof *shells ? shells[i].name : NULL;
}

int app_complete(const struct app_options *o)
{
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shells[i].name, o->args[0]) == 0) {
			shells[i].print();
			return EXIT_FINE;
		}
	}
	char also[80];
	return app_fail(EXIT_USAGE,
		"there are completions for bash, zsh and fish, not for %.32s.%s", o->args[0],
		text_did_you_mean(also, sizeof also, text_nearest(o->args[0], shell_name, NULL)));
}
