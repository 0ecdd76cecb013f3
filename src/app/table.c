/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the tables of subcommands and options; usage, completions and checks walk them. */
#include <config.h>

#include <arplab/app.h>

#include <string.h>

#include <arplab/i18n.h>

#define NO_LIMIT SIZE_MAX

static const char explain_words[] =
	N_("Questions:\n"
	   "  answer TARGET tell SENDER dev IF     will a who-has be answered?\n"
	   "  announce TARGET [src ADDRESS]        who will be the sender of our who-has?\n"
	   "  learn TARGET tell SENDER dev IF smac MAC\n"
	   "  learn SENDER is-at MAC dev IF        what becomes of the neighbour entry?\n\n"
	   "More words: dmac MAC, tmac MAC, reply; have STATE [MAC] [age TIME] for an entry\n"
	   "other than the one that is there; for announce also dev IF, poll, and iif IF for a\n"
	   "packet of somebody else.\n\n"
	   "Exit status: 0 answered, asked or learnt; 3 silent, refused or nothing changed;\n"
	   "4 it cannot be told; 1 something failed; 2 a wrong word.");

static const struct subcommand subcommands[] = {
	{
		.name = "lab",
		.args = "[LESSON]",
		.summary = N_("the lab and its lessons; what runs when no command is given"),
		.options = "present no-solve seed record theme ascii mono no-mouse",
		.run = app_lab,
		.terminal = true,
		.most = 1,
	},
	{
		.name = "run",
		.args = "LESSON…",
		.summary = N_("play lessons in lines of text; with --solve, prove that they work"),
		.options = "solve reset no-solve seed record json tap quiet ascii mono",
		.run = app_run,
		.least = 1,
		.most = NO_LIMIT,
	},
	{
		.name = "lessons",
		.args = "[check FILE… | new NAME]",
		.summary = N_("list the lessons, check files of lessons, or begin a new one"),
		.options = "json",
		.run = app_lessons,
		.most = NO_LIMIT,
	},
	{
		.name = "shell",
		.args = "MACHINE",
		.summary = N_("a shell in a machine of the lab that runs on another terminal"),
		.options = "pid",
		.run = app_shell,
		.least = 1,
		.most = 1,
		.terminal = true,
	},
	{
		.name = "doctor",
		.args = "",
		.summary = N_("with --lab: say whether a lab can run here, and if not, why"),
		.options = "lab json",
		.run = app_doctor,
	},
	{
		.name = "live",
		.args = "",
		.summary = N_("the screen over this machine"),
		.options = "interface filter write write-pcap record persist theme ascii mono "
			   "no-mouse "
			   "state",
		.run = app_live,
		.terminal = true,
	},
	{
		.name = "read",
		.args = "FILE",
		.summary = N_("look at a capture file (pcap or pcapng, - for standard input)"),
		.options = "json theme ascii mono no-mouse write-pcap quiet",
		.run = app_read,
		.least = 1,
		.most = 1,
	},
	{
		.name = "ladder",
		.args = "FILE",
		.summary =
			N_("draw frames of a capture file as arrows between machines, or as SVG"),
		.options = "from count width ascii svg",
		.run = app_ladder,
		.least = 1,
		.most = 1,
	},
	{
		.name = "monitor",
		.args = "",
		.summary = N_(
			"print one line an event: frames, neighbours, sysctls, addresses, links"),
		.options = "interface filter json write-pcap record quiet",
		.run = app_monitor,
	},
	{
		.name = "replay",
		.args = "FILE",
		.summary = N_("see again what --record has written to a file"),
		.options = "json text quiet",
		.run = app_replay,
		.least = 1,
		.most = 1,
	},
	{
		.name = "get",
		.args = "[NAME[.KEY]…]",
		.summary = N_("print the ARP sysctls, their own and their effective values"),
		.options = "interface json state",
		.run = app_get,
		.most = NO_LIMIT,
	},
	{
		.name = "explain",
		.args = "answer|announce|learn WORD…",
		.summary =
			N_("say what a machine does with an ARP frame, and which rule decides it"),
		.options = "node pid host set all json ascii mono",
		.more = explain_words,
		.run = app_explain,
		.least = 1,
		.most = NO_LIMIT,
	},
	{
		.name = "snapshot",
		.args = "",
		.summary = N_("print all that decides about ARP on a machine, for explain --host"),
		.options = "node pid",
		.run = app_snapshot,
	},
	{
		.name = "set",
		.args = "NAME.KEY=VALUE… [-- COMMAND ARG…]",
		.summary = N_("change ARP sysctls so that `arplab restore` can put them back"),
		.options = "for hold persist json quiet state",
		.run = app_set,
		.command = true,
		.least = 1,
		.most = NO_LIMIT,
	},
	{
		.name = "restore",
		.args = "",
		.summary =
			N_("put back what `arplab set`, or an arplab that was killed, has changed"),
		.options = "force json quiet state",
		.run = app_restore,
	},
	{
		.name = "complete",
		.args = "SHELL",
		.summary = N_("print the completions for bash, zsh or fish"),
		.options = "",
		.run = app_complete,
		.least = 1,
		.most = 1,
	},
	{
		.name = "help",
		.args = "[COMMAND]",
		.summary = N_("say how to call arplab, or one of its commands"),
		.options = "",
		.run = app_help,
		.most = 1,
	},
	{
		.name = "version",
		.args = "",
		.summary = N_("print the version"),
		.options = "",
		.run = app_version,
	},
};

#define FLAG(field) .kind = OPTION_FLAG, .offset = offsetof(struct app_options, field)
#define TEXT(field) .kind = OPTION_TEXT, .offset = offsetof(struct app_options, field)

static const struct app_option options[] = {
	{ "interface", 'i', "IF", N_("only this interface; may be given again for more"),
		.kind = OPTION_IFACE },
	{ "filter", 'f', "EXPR", N_("capture only what this filter of libpcap lets through"),
		TEXT(filter) },
	{ "json", 'j', NULL, N_("print one JSON object a line"), FLAG(json) },
	{ "write-pcap", 'w', "FILE", N_("save the ARP frames that are seen to a new capture file"),
		TEXT(write_pcap) },
	{ "record", 0, "FILE", N_("write all that happens to a new file, for `arplab replay`"),
		TEXT(record) },
	{ "text", 0, NULL, N_("print lines of text, on a terminal, too"), FLAG(text) },
	{ "write", 0, NULL, N_("allow changes from the start, without the question"), FLAG(write) },
	{ "for", 0, "DURATION", N_("put the values back after this time: 90, 90s, 5m, 1h30m"),
		TEXT(duration) },
	{ "hold", 0, NULL, N_("put the values back when arplab, or COMMAND, ends"), FLAG(hold) },
	{ "force", 0, NULL, N_("put back even what somebody else has changed since"), FLAG(force) },
	{ "persist", 0, "FILE", N_("write lines for sysctl.d for the changes that stay"),
		TEXT(persist_path) },
	{ "solve", 0, NULL, N_("carry the solutions out, and check each step before and after"),
		FLAG(solve) },
	{ "reset", 0, NULL, N_("with --solve: begin each step in a fresh lab, as after a reset"),
		FLAG(reset) },
	{ "no-solve", 0, NULL, N_("an exam: no hints and no solutions"), FLAG(no_solve) },
	{ "seed", 0, "NUMBER", N_("vary the addresses and MACs of the lessons"), TEXT(seed) },
	{ "tap", 0, NULL, N_("print the Test Anything Protocol"), FLAG(tap) },
	{ "node", 0, "MACHINE", N_("a machine of the lab that runs on another terminal"),
		TEXT(node) },
	{ "host", 0, "FILE", N_("a machine that a file describes; - for standard input"),
		TEXT(host_file) },
	{ "set", 0, "SYSCTL=VALUE", N_("what if it had this value? may be given again"),
		.kind = OPTION_SET },
	{ "all", 0, NULL, N_("show also the rules that everyday frames pass"), FLAG(all) },
	{ "pid", 0, "PID", N_("the process of the lab, where several run"), TEXT(lab) },
	{ "lab", 0, NULL, N_("check what a lab needs of this kernel"), FLAG(doctor_lab) },
	{ "present", 0, NULL, N_("for a projector: wide lesson, no scores, no answers"),
		FLAG(present) },
	{ "theme", 0, "NAME", N_("colours of the screen"), TEXT(theme) },
	{ "ascii", 0, NULL, N_("draw with ASCII characters only"), FLAG(ascii) },
	{ "mono", 0, NULL, N_("use no colours"), FLAG(mono) },
	{ "no-mouse", 0, NULL, N_("leave the mouse to the terminal"), FLAG(no_mouse) },
	{ "state", 0, "DIR", N_("keep the undo journal in this directory"), TEXT(state_dir) },
	{ "from", 0, "NUMBER", N_("begin with this frame; the first one has number 1"),
		TEXT(from) },
	{ "count", 0, "NUMBER", N_("so many frames at most; 200 without it"), TEXT(count) },
	{ "width", 0, "COLUMNS", N_("of the terminal that it is made for, whatever this one has"),
		TEXT(width) },
	{ "svg", 0, NULL, N_("a picture in SVG on standard output"), FLAG(svg) },
	{ "quiet", 'q', NULL, N_("print no lines"), FLAG(quiet) },
	{ "help", 'h', NULL, N_("say how to call arplab, or this command"), .kind = OPTION_HELP },
	{ "version", 'V', NULL, N_("print the version"), .kind = OPTION_VERSION },
};

const struct subcommand *app_subcommands(size_t *ret_count)
{
	*ret_count = sizeof subcommands / sizeof *subcommands;
	return subcommands;
}

const struct subcommand *app_subcommand(const char *name)
{
	for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
		if (strcmp(subcommands[i].name, name) == 0)
			return &subcommands[i];
	return NULL;
}

const struct app_option *app_option_table(size_t *ret_count)
{
	*ret_count = sizeof options / sizeof *options;
	return options;
}

bool app_takes(const struct subcommand *c, const struct app_option *option)
{
	if (option->kind == OPTION_HELP || option->kind == OPTION_VERSION)
		return true;
	size_t len = strlen(option->name);
	for (const char *s = c->options; *s; s += strspn(s, " ")) {
		size_t word = strcspn(s, " ");
		if (word == len && memcmp(s, option->name, len) == 0)
			return true;
		s += word;
	}
	return false;
}
