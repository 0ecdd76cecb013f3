/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: the program speaks the reader's language, and to other programs always the same one. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "e2e.h"

/* A line for sh, in which $ARPLAB is the program. Returns its status. */
static int sh(struct proc **ret, const char *line)
{
	return proc_run(ret, "/bin/sh", "-c", line, NULL);
}

static void says(const char *environment, bool chinese)
{
	char line[256];
	struct proc *p;
	snprintf(line, sizeof line,
		"unset LC_ALL LC_MESSAGES LC_CTYPE LANG LANGUAGE; %s \"$ARPLAB\" help get",
		environment);
	int status = sh(&p, line);
	check(status == 0, "%s: status %d: %s", environment, status, p->err_text);
	check(!!strstr(p->out_text, "选项：") == chinese, "%s: %s", environment, p->out_text);
	check(!strstr(p->out_text, "Options:") == chinese, "%s: %s", environment, p->out_text);
	proc_free(p);
}

static void the_environment_decides(void *arg)
{
	(void)arg;
	says("", false);
	says("LANG=C", false);
	says("LANG=C LANGUAGE=zh_CN", false);
	says("LANG=en_US.UTF-8", false);
	says("LANG=zh_CN.UTF-8 LANGUAGE=en", false);
	says("LANG=zh_CN.UTF-8 LC_ALL=C.UTF-8", false);
	says("LANG=C.UTF-8 LANGUAGE=zh_CN", true);
	says("LC_ALL=C.UTF-8 LANGUAGE=xx:zh_CN", true);
}

/* As in most containers: the locale is not installed, but its name says what is wanted. */
static void a_locale_need_not_be_installed(void *arg)
{
	(void)arg;
	says("LANG=zh_CN.UTF-8", true);
	says("LC_ALL=zh_CN.utf8", true);
	says("LANG=en_US.UTF-8 LC_MESSAGES=zh_CN.UTF-8", true);
}

/* Texts are UTF-8: a terminal of other characters gets English. */
static void other_characters_get_english(void *arg)
{
	(void)arg;
	says("LANG=zh_CN.GB18030", false);
	says("LANG=zh_CN.UTF-8 LC_CTYPE=C", false);
}

static void mistakes_and_reasons_are_told(void *arg)
{
	(void)arg;
	struct proc *p;
	setenv("LANGUAGE", "zh_CN", 1);
	int status = sh(&p, "\"$ARPLAB\" read /nonexistent/file");
	check(status == 1, "status %d", status);
	check(strcmp(p->err_text, "arplab: 无法读取 /nonexistent/file：没有那个文件或目录\n") == 0,
		"%s", p->err_text);
	proc_free(p);
	/* This one is said by the other process. */
	status = sh(&p, "printf x | \"$ARPLAB\" read -");
	check(status == 1 && strstr(p->err_text, "不是抓包文件"), "status %d: %s", status,
		p->err_text);
	proc_free(p);
	status = sh(&p, "\"$ARPLAB\" get --jsom");
	check(status == 2 && strstr(p->err_text, "您是不是要写 --json？"), "status %d: %s", status,
		p->err_text);
	proc_free(p);
}

static void same(const char *words)
{
	struct proc *english, *chinese;
	char line[256];
	snprintf(line, sizeof line, "%s 2>&1", words);
	unsetenv("LANGUAGE");
	int a = sh(&english, line);
	setenv("LANGUAGE", "zh_CN", 1);
	int b = sh(&chinese, line);
	check(a == b, "%s: status %d and %d", words, a, b);
	check(a == 0 && english->out_len > 0, "%s: status %d: %s", words, a, english->out_text);
	check(strcmp(english->out_text, chinese->out_text) == 0, "%s: %s%s", words,
		english->out_text, chinese->out_text);
	proc_free(english);
	proc_free(chinese);
}

static void programs_read_the_same(void *arg)
{
	(void)arg;
	same("\"$ARPLAB\" lessons --json");
	same("\"$ARPLAB\" complete bash");
	same("\"$ARPLAB\" complete fish");
	same("\"$ARPLAB\" complete zsh");
	same("\"$ARPLAB\" version");
	same("\"$ARPLAB\" explain --host \"$HOSTFILE\" announce 192.168.1.7 --json");
	same("\"$ARPLAB\" explain --host \"$HOSTFILE\" answer 192.168.1.1 tell 192.168.1.7 dev "
	     "eth0 "
	     "--json");
}

static const char host[] = "config pc custom_local=0 split_tables=0 kernel=6.18.44\n"
			   "link 1 lo 00:00:00:00:00:00 up=1 lo=1\n"
			   "link 2 eth0 02:00:00:00:00:01 up=1 lo=0\n"
			   "addr lo 127.0.0.1 address=127.0.0.1 plen=8 scope=254 secondary=0\n"
			   "addr eth0 192.168.1.1 address=192.168.1.1 plen=24 scope=0 secondary=0\n"
			   "route table=254 type=unicast scope=253 dst=192.168.1.0/24 dev=eth0 "
			   "gw=- src=192.168.1.1 metric=0 onlink=0\n"
			   "route table=255 type=local scope=254 dst=192.168.1.1/32 dev=eth0 "
			   "gw=- src=192.168.1.1 metric=0 onlink=0\n";

int main(void)
{
	static const struct tap_case cases[] = {
		{ "LANGUAGE and the locale decide, as with gettext", the_environment_decides },
		{ "A locale need not be installed", a_locale_need_not_be_installed },
		{ "A terminal of other characters gets English", other_characters_get_english },
		{ "Mistakes and reasons are told in the reader's language",
			mistakes_and_reasons_are_told },
		{ "What programs read is the same in every language", programs_read_the_same },
	};
	char dir[128], file[160];
	setenv("ARPLAB", arplab(), 1);
	temporary(dir, sizeof dir);
	setenv("XDG_STATE_HOME", dir, 1);
	snprintf(file, sizeof file, "%s/pc.host", dir);
	FILE *f = fopen(file, "w");
	if (!f || fputs(host, f) < 0 || fclose(f) != 0)
		return 1;
	setenv("HOSTFILE", file, 1);
	int status = tap_run(cases, sizeof cases / sizeof *cases, NULL);
	unlink(file);
	temporary_remove(dir);
	return status;
}
