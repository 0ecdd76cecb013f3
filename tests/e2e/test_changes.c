/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: set, get and restore: what is changed can be put back, and what others changed stays. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"

#define IGNORE "conf/eth0/arp_ignore"

/* Run `arplab WORDS… ` with the test's own state directory. */
#define run(e, ret, command, ...) \
	proc_run(ret, arplab(), command, "--state", (e)->dir, __VA_ARGS__, (char *)NULL)

static void expect_value(const char *path, int value)
{
	int now = sysctl_get(path);
	check(now == value, "%s is %d, not %d", path, now, value);
}

static void wait_value(const char *path, int value)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (sysctl_get(path) != value) {
		check(now_ms() < end, "%s never became %d", path, value);
		tick();
	}
}

static void set_stays_until_restore(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char *before = sysctl_snapshot();
	check(run(e, &p, "set", "eth0.arp_ignore=1", "all.arp_announce=2") == 0, "%s",
		p->err_text);
	check(strstr(p->out_text, "eth0.arp_ignore") && strstr(p->out_text, "0 -> 1"), "%s",
		p->out_text);
	proc_free(p);
	expect_value(IGNORE, 1);
	expect_value("conf/all/arp_announce", 2);
	check(run(e, &p, "get", "eth0.arp_ignore") == 0, "%s", p->err_text);
	check(strstr(p->out_text, "1"), "%s", p->out_text);
	proc_free(p);
	check(run(e, &p, "restore", "--json") == 0, "%s", p->err_text);
	expect_json(p->out_text);
	check(strstr(p->out_text, "\"restored\":true"), "%s", p->out_text);
	proc_free(p);
	expect_sysctls(before, "after restore");
	check(run(e, &p, "restore", "-q") == 0, "a second restore: %s", p->err_text);
	proc_free(p);
}

static void for_reverts_by_itself(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char *before = sysctl_snapshot();
	check(run(e, &p, "set", "--for", "1s", "eth0.arp_ignore=2") == 0, "%s", p->err_text);
	check(strstr(p->out_text, "0 -> 2"), "%s", p->out_text);
	proc_free(p);
	expect_sysctls(before, "after --for");
}

static void hold_runs_a_command(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char *before = sysctl_snapshot();
	int status = run(e, &p, "set", "--hold", "-q", "eth0.arp_ignore=1", "--", "sh", "-c",
		"cat /proc/sys/net/ipv4/" IGNORE "; exit 7");
	check(status == 7, "status %d: %s", status, p->err_text);
	check(strcmp(p->out_text, "1\n") == 0, "%s", p->out_text);
	proc_free(p);
	status = run(e, &p, "set", "--hold", "eth0.arp_ignore=1", "--", "/nowhere/program");
	check(status == 127, "status %d", status);
	proc_free(p);
	expect_sysctls(before, "after the commands");
}

static void hold_ends_by_signal(void *arg)
{
	struct e2e *e = arg;
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	char *before = sysctl_snapshot();
	for (size_t i = 0; i < 3; i++) {
		struct proc *p = proc_words(arplab(), "set", "--hold", "--state", e->dir,
			"eth0.arp_ignore=1", "lo.arp_ignore=2", (char *)NULL);
		/* Not the value: it is there before the front knows, and a signal then interrupts. */
		check(proc_wait_text(p, "0 -> 2", PATIENCE_MS), "%s", p->err_text);
		kill(p->pid, signals[i]);
		int status = proc_wait(p, PATIENCE_MS);
		check(status == 0, "signal %d: status %d: %s", signals[i], status, p->err_text);
		expect_value(IGNORE, 0);
		proc_free(p);
	}
	expect_sysctls(before, "after the signals");
}

static void all_or_nothing(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	static const struct {
		const char *word, *says;
	} wrong[] = {
		{ "nowhere0.arp_ignore=1", "nowhere0" },
		{ "eth0.arp_ignroe=1", "arp_ignore" },
		{ "eth0.arp_ignore=many", "many" },
		{ "eth0.arp_ignore=99999999999", "99999999999" },
		{ "eth0.arp_ignore", "eth0.arp_ignore" },
		{ "eth0.arp_ignore=", "arp_ignore" },
		{ "=1", "" },
		{ "../../x.arp_ignore=1", "" },
		{ "all.locktime=1", "locktime" },
	};
	char *before = sysctl_snapshot();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		int status = run(e, &p, "set", "eth0.arp_announce=1", wrong[i].word);
		check(status == 1 || status == 2, "%s: status %d", wrong[i].word, status);
		expect_sentence(p->err_text, wrong[i].says);
		proc_free(p);
	}
	check(run(e, &p, "set", "--for", "soon", "eth0.arp_ignore=1") == 2, "taken");
	expect_sentence(p->err_text, "soon");
	proc_free(p);
	check(run(e, &p, "set", "--for", "1s", "--hold", "eth0.arp_ignore=1") == 2, "taken");
	expect_sentence(p->err_text, "choose one");
	proc_free(p);
	check(run(e, &p, "set", "eth0.arp_ignore=1", "net.ipv4.conf.eth0.arp_ignore=2") == 2,
		"taken");
	expect_sentence(p->err_text, "eth0.arp_ignore is named twice");
	proc_free(p);
	check(proc_run(&p, arplab(), "set", (char *)NULL) == 2, "taken");
	proc_free(p);
	expect_sysctls(before, "after refusals");
}

static void others_changes_stay(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	check(run(e, &p, "set", "-q", "eth0.arp_ignore=1") == 0, "%s", p->err_text);
	proc_free(p);
	sysctl_put(IGNORE, 2);
	int status = run(e, &p, "restore", "-q");
	check(status == 1, "status %d: %s%s", status, p->out_text, p->err_text);
	expect_value(IGNORE, 2);
	proc_free(p);
	/* What is told is the value that is there, and not the one that was written. */
	check(run(e, &p, "restore", NULL) == 1, "%s", p->out_text);
	check(strstr(p->out_text, "eth0.arp_ignore is 2: somebody else wrote it"), "%s",
		p->out_text);
	proc_free(p);
	check(run(e, &p, "restore", "--json") == 1, "%s", p->out_text);
	expect_json(p->out_text);
	check(strstr(p->out_text, "\"value\":2,\"wanted\":0,\"restored\":false"), "%s",
		p->out_text);
	proc_free(p);
	check(run(e, &p, "restore", "--force") == 0, "%s", p->err_text);
	expect_value(IGNORE, 0);
	proc_free(p);

	/* The same while a change is held. */
	p = proc_words(arplab(), "set", "--hold", "--state", e->dir, "eth0.arp_ignore=1",
		(char *)NULL);
	wait_value(IGNORE, 1);
	sysctl_put(IGNORE, 8);
	kill(p->pid, SIGTERM);
	check(proc_wait(p, PATIENCE_MS) >= 0, "it hangs");
	expect_value(IGNORE, 8);
	proc_free(p);
	sysctl_put(IGNORE, 0);
	check(run(e, &p, "restore", "-q", "--force") == 0, "%s", p->err_text);
	proc_free(p);
	sysctl_put(IGNORE, 0);
}

static void two_at_once(void *arg)
{
	struct e2e *e = arg;
	char *before = sysctl_snapshot();
	struct proc *p;
	struct proc *a = proc_words(arplab(), "set", "--hold", "--state", e->dir,
		"eth0.arp_ignore=1", (char *)NULL);
	wait_value(IGNORE, 1);
	/* The second one says that another one holds changes, and leaves them alone. */
	char first[64];
	snprintf(first, sizeof first, "another arplab (process %d)", (int)a->pid);
	check(run(e, &p, "set", "--hold", "eth0.arp_announce=2", "--", "true") == 1, "taken");
	expect_sentence(p->err_text, first);
	proc_free(p);
	check(run(e, &p, "set", "eth0.arp_ignore=2") == 1, "taken");
	expect_sentence(p->err_text, first);
	proc_free(p);
	/* So does a restore. */
	int status = run(e, &p, "restore", "-q");
	check(status >= 0, "it hangs");
	proc_free(p);
	expect_value(IGNORE, 1);
	/* And one that looks on does no harm. */
	check(run(e, &p, "get", "eth0.arp_ignore") == 0, "%s", p->err_text);
	proc_free(p);
	expect_value(IGNORE, 1);
	kill(a->pid, SIGTERM);
	check(proc_wait(a, PATIENCE_MS) == 0, "%s", a->err_text);
	proc_free(a);
	expect_sysctls(before, "after the first has ended");
	/* Now it is the second one's turn. */
	check(run(e, &p, "set", "-q", "--hold", "eth0.arp_announce=2", "--", "true") == 0, "%s",
		p->err_text);
	proc_free(p);
}

static void persists_lines(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256], text[1024];
	char *before = sysctl_snapshot();
	snprintf(path, sizeof path, "%s/60-arplab.conf", e->dir);
	check(run(e, &p, "set", "--persist", path, "eth0.arp_ignore=1") == 0, "%s", p->err_text);
	proc_free(p);
	check(slurp(path, text, sizeof text) > 0, "nothing was written");
	check(strstr(text, "net.ipv4.conf.eth0.arp_ignore"), "%s", text);
	check(run(e, &p, "restore", "-q") == 0, "%s", p->err_text);
	proc_free(p);
	expect_sysctls(before, "after restore");
	check(run(e, &p, "set", "--persist", "/nowhere/x.conf", "eth0.arp_ignore=1") != 0, "taken");
	expect_sentence(p->err_text, "/nowhere/x.conf");
	proc_free(p);
	expect_value(IGNORE, 0);
}

/* As root a device would be replaced by a file, and a link could lead to any secret. */
static void persists_into_plain_files(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	struct stat st;
	char path[256], to[256];
	snprintf(path, sizeof path, "%s/61-link.conf", e->dir);
	snprintf(to, sizeof to, "%s/secret", e->dir);
	int fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	check(fd >= 0 && symlink(to, path) == 0, "%s: %s", path, strerror(errno));
	close(fd);
	check(run(e, &p, "set", "--persist", path, "eth0.arp_ignore=1") != 0, "taken");
	expect_sentence(p->err_text, "no plain file");
	proc_free(p);
	check(lstat(path, &st) == 0 && S_ISLNK(st.st_mode), "%s was replaced", path);
	snprintf(path, sizeof path, "%s/62-pipe.conf", e->dir);
	fd = mkfifo(path, 0600) == 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
	check(fd >= 0, "%s: %s", path, strerror(errno));
	check(run(e, &p, "set", "--persist", path, "eth0.arp_ignore=1") != 0, "taken");
	expect_sentence(p->err_text, "no plain file");
	proc_free(p);
	close(fd);
	expect_value(IGNORE, 0);
	check(run(e, &p, "set", "--persist", to, "eth0.arp_ignore=1") == 0, "%s", p->err_text);
	proc_free(p);
	check(stat(to, &st) == 0 && st.st_size > 0 && (st.st_mode & 0777) == 0600,
		"%s has mode %o", to, (unsigned)st.st_mode);
	check(run(e, &p, "restore", "-q") == 0, "%s", p->err_text);
	proc_free(p);
}

static void warns_of_levels(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	check(run(e, &p, "set", "-q", "eth0.arp_announce=3") == 0, "%s", p->err_text);
	expect_sentence(p->err_text, "eth0.arp_announce=3: no such level");
	proc_free(p);
	check(run(e, &p, "restore", "-q") == 0, "%s", p->err_text);
	proc_free(p);
	check(run(e, &p, "set", "-q", "eth0.arp_announce=0") == 0, "%s", p->err_text);
	check(!p->err_text[0], "%s", p->err_text);
	proc_free(p);
}

static void put_journal(struct e2e *e, const char *name, const char *boot, char path[static 256])
{
	snprintf(path, 256, "%s/%s", e->dir, name);
	FILE *f = fopen(path, "we");
	check(f, "cannot create %s", path);
	fprintf(f, "arplab-journal 1\nboot %s\n", boot);
	fclose(f);
}

static void sweeps_its_directory(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char boot[64] = "", old[256], present[256], other[256];
	check(slurp("/proc/sys/kernel/random/boot_id", boot, sizeof boot) > 0, "no boot id");
	boot[strcspn(boot, "\n")] = '\0';
	put_journal(e, "journal-77777777", "of-yesterday", old);
	put_journal(e, "journal-77777778", boot, present);
	put_journal(e, "journal-7x", "of-yesterday", other);
	check(run(e, &p, "get", "eth0.arp_ignore") == 0, "%s", p->err_text);
	proc_free(p);
	check(access(old, F_OK) == 0, "who only looks has removed %s", old);
	check(run(e, &p, "set", "-q", "--hold", "eth0.arp_ignore=1", "--", "true") == 0, "%s",
		p->err_text);
	proc_free(p);
	check(access(old, F_OK) < 0, "%s is still there", old);
	check(access(present, F_OK) == 0, "%s is gone", present);
	check(access(other, F_OK) == 0, "%s is gone", other);
	unlink(present);
	unlink(other);
}

static void names_with_dots(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	ns_ip(&e->lab, e->lab.host, "link add eth0.42 type veth peer name other42");
	check(run(e, &p, "set", "-q", "eth0.42.arp_ignore=1") == 0, "%s", p->err_text);
	proc_free(p);
	expect_value("conf/eth0.42/arp_ignore", 1);
	expect_value(IGNORE, 0);
	check(run(e, &p, "restore", "-q") == 0, "%s", p->err_text);
	proc_free(p);
	expect_value("conf/eth0.42/arp_ignore", 0);
	ns_ip(&e->lab, e->lab.host, "link del eth0.42");
}

static void follows_a_renamed_interface(void *arg)
{
	struct e2e *e = arg;
	ns_ip(&e->lab, e->lab.host, "link add was0 type veth peer name other0");
	struct proc *p = proc_words(arplab(), "set", "--hold", "--state", e->dir,
		"was0.arp_ignore=1", (char *)NULL);
	wait_value("conf/was0/arp_ignore", 1);
	ns_ip(&e->lab, e->lab.host, "link set was0 name is0");
	kill(p->pid, SIGTERM);
	check(proc_wait(p, PATIENCE_MS) == 0, "%s", p->err_text);
	proc_free(p);
	expect_value("conf/is0/arp_ignore", 0);
	/* One that has gone is no reason to fail or hang. */
	p = proc_words(arplab(), "set", "--hold", "--state", e->dir, "is0.arp_ignore=1",
		(char *)NULL);
	wait_value("conf/is0/arp_ignore", 1);
	ns_ip(&e->lab, e->lab.host, "link del is0");
	kill(p->pid, SIGTERM);
	check(proc_wait(p, PATIENCE_MS) >= 0, "it hangs");
	proc_free(p);
	check(run(e, &p, "restore", "-q") >= 0, "it hangs");
	proc_free(p);
}

static void refused_without_rights(void *arg)
{
	struct e2e *e = arg;
	if (!e->lab.root)
		tap_skip("only root can become somebody else");
	const char *words[] = { arplab(), "set", "--state", e->dir, "eth0.arp_ignore=1", NULL };
	struct proc *p = proc_start(&(struct proc_options){ .argv = words, .uid = 65534 });
	check(proc_wait(p, PATIENCE_MS) == 1, "%s", p->err_text);
	expect_sentence(p->err_text, "sudo");
	proc_free(p);
	expect_value(IGNORE, 0);
}

static void journal_that_cannot_be_read(void *arg)
{
	(void)arg;
	struct proc *p;
	/* Where the journal cannot be kept nothing is changed. */
	check(proc_run(&p, arplab(), "set", "--state", "/proc/nowhere", "eth0.arp_ignore=1",
		      (char *)NULL) == 1,
		"taken");
	expect_sentence(p->err_text, "/proc/nowhere");
	proc_free(p);
	check(proc_run(&p, arplab(), "set", "--state", "/dev/null/x", "eth0.arp_ignore=1",
		      (char *)NULL) == 1,
		"taken");
	expect_sentence(p->err_text, "/dev/null/x");
	proc_free(p);
	expect_value(IGNORE, 0);
	/* Where nothing is to be changed none is needed. */
	check(proc_run(&p, arplab(), "set", "--state", "/dev/null/x", "eth0.arp_ignore=0",
		      (char *)NULL) == 0,
		"%s", p->err_text);
	check(!p->err_text[0], "%s", p->err_text);
	proc_free(p);
}

static const struct tap_case cases[] = {
	{ "what is set stays, and restore puts it back", set_stays_until_restore },
	{ "--for puts back by itself", for_reverts_by_itself },
	{ "--hold lasts as long as a command, and passes its status on", hold_runs_a_command },
	{ "--hold ends with SIGTERM, SIGINT and SIGHUP, and puts back", hold_ends_by_signal },
	{ "one wrong word and nothing is changed", all_or_nothing },
	{ "what somebody else has changed since is left alone", others_changes_stay },
	{ "a second arplab says that another one holds changes, and spoils nothing", two_at_once },
	{ "--persist writes lines for sysctl.d", persists_lines },
	{ "--persist replaces plain files alone, and keeps their permissions",
		persists_into_plain_files },
	{ "a level that does not exist is set with a warning", warns_of_levels },
	{ "journals of other boots are swept away, and nothing else", sweeps_its_directory },
	{ "an interface's name may hold a dot", names_with_dots },
	{ "an interface that is renamed or goes is put back or passed over",
		follows_a_renamed_interface },
	{ "without rights nothing is changed, and one sentence says why", refused_without_rights },
	{ "without a journal nothing is changed", journal_that_cannot_be_read },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
