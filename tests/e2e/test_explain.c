/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: `arplab explain` and `arplab snapshot` on a real server, and what its kernel then does. */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/if_ether.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "e2e.h"

#define VIP "192.168.77.200"
#define ASK "\"$ARPLAB\" explain "
#define ANSWER "answer " VIP " tell " PEER_IP " dev eth0 "
#define NOBODY 65534

enum { ANSWERED = 0, FAILED = 1, WRONG = 2, SILENT = 3, UNKNOWN = 4 };

/* A line for sh, in which $ARPLAB is the program and $DIR a directory. Returns its status. */
static int sh(struct proc **ret, const char *line)
{
	return proc_run(ret, "/bin/sh", "-c", line, NULL);
}

/* The line ends with this status; what it has printed is the caller's. */
static char *expect(const char *line, int status)
{
	struct proc *p;
	int got = sh(&p, line);
	check(got == status, "%s: status %d, not %d: %s%s", line, got, status, p->out_text,
		p->err_text);
	char *out = strdup(p->out_text);
	check(out, "no memory");
	proc_free(p);
	return out;
}

static void expect_words(const char *line, int status, const char *words)
{
	char *out = expect(line, status);
	check(strstr(out, words), "%s: no \"%s\" in %s", line, words, out);
	free(out);
}

/* ---- what the kernel does ---- */

/* The sender of the next is-at on the wire. False if none comes in that time. */
static bool next_reply(struct e2e *e, struct in_addr *ret, int ms)
{
	struct pollfd p = { .fd = e->lab.wire, .events = POLLIN };
	while (poll(&p, 1, ms) > 0) {
		uint8_t frame[2048];
		struct ether_arp arp;
		ssize_t len = recv(e->lab.wire, frame, sizeof frame, 0);
		if (len < (ssize_t)(ETH_HLEN + sizeof arp))
			continue;
		memcpy(&arp, frame + ETH_HLEN, sizeof arp);
		if (arp.arp_op != htons(ARPOP_REPLY))
			continue;
		memcpy(ret, arp.arp_spa, sizeof *ret);
		return true;
	}
	return false;
}

/*
 * Whether the peer gets an answer for the VIP. It asks for the host's own address next: what comes
 * first was first. Where that is not answered either, a moment must do.
 */
static bool kernel_answers(struct e2e *e, int ignore)
{
	struct in_addr from, vip = { inet_addr(VIP) };
	bool answered = false;
	ns_hush(&e->lab);
	ns_send(&e->lab, &(struct ns_arp) { .op = 1, .sip = PEER_IP, .tip = VIP });
	ns_send(&e->lab, &(struct ns_arp) { .op = 1, .sip = PEER_IP, .tip = HOST_IP });
	while (next_reply(e, &from, ignore == 8 ? 200 : PATIENCE_MS)) {
		if (from.s_addr != vip.s_addr)
			break;
		answered = true;
	}
	return answered;
}

static const int ignores[] = { 0, 1, 2, 8 };

#define IGNORES (sizeof ignores / sizeof *ignores)

static void says_what_the_kernel_does(void *arg)
{
	struct e2e *e = arg;
	for (size_t i = 0; i < IGNORES; i++) {
		struct proc *p;
		char rule[32];
		sysctl_put("conf/eth0/arp_ignore", ignores[i]);
		int status = sh(&p, ASK ANSWER);
		check(status == ANSWERED || status == SILENT, "status %d: %s%s", status,
			p->out_text, p->err_text);
		check((status == ANSWERED) == kernel_answers(e, ignores[i]),
			"arp_ignore %d: the kernel disagrees with: %s", ignores[i], p->out_text);
		snprintf(rule, sizeof rule, ignores[i] ? "ignore.%d" : "answer.local", ignores[i]);
		check(strstr(p->out_text, rule), "no rule %s: %s", rule, p->out_text);
		check(strstr(p->out_text, VIP " is on lo"), "%s", p->out_text);
		proc_free(p);
	}
	sysctl_put("conf/eth0/arp_ignore", 0);
}

static void what_if_comes_true(void *arg)
{
	struct e2e *e = arg;
	for (size_t i = 0; i < IGNORES; i++) {
		char line[200], lead[80];
		char *before = sysctl_snapshot();
		snprintf(line, sizeof line, ASK ANSWER "--set eth0.arp_ignore=%d", ignores[i]);
		snprintf(lead, sizeof lead, "with eth0.arp_ignore=%d:", ignores[i]);
		expect_words(line, ignores[i] ? SILENT : ANSWERED, lead);
		expect_words(line, ignores[i] ? SILENT : ANSWERED, "now: eth0 answers");
		expect_sysctls(before, line);
		sysctl_put("conf/eth0/arp_ignore", ignores[i]);
		check(kernel_answers(e, ignores[i]) == !ignores[i], "arp_ignore %d", ignores[i]);
		sysctl_put("conf/eth0/arp_ignore", 0);
	}
	/* The question names an interface; several may be thought of at once. */
	expect_words(ASK ANSWER "--set arp_ignore=1", SILENT, "with eth0.arp_ignore=1:");
	expect_words(ASK ANSWER "--set all.arp_ignore=1 --set eth0.arp_ignore=2", SILENT,
		"max(all 1, eth0 2) = 2");
}

static void senders_are_named(void *arg)
{
	(void)arg;
	expect_words(
		ASK "announce " PEER_IP " src " VIP, ANSWERED, "who-has " PEER_IP " tell " VIP);
	expect_words(ASK "announce " PEER_IP " src " VIP " --set all.arp_announce=2", ANSWERED,
		"tell " HOST_IP);
	expect_words(ASK "announce " PEER_IP " dev eth0", ANSWERED, "tell " HOST_IP);
	expect_words(ASK "announce 10.1.2.3", SILENT, "no route to 10.1.2.3");
	expect_words(ASK "announce " PEER_IP " src 10.1.2.3", SILENT, "A program is told:");
}

static void learning_is_foretold(void *arg)
{
	struct e2e *e = arg;
	char *out;
	/* The rules follow each other in one network namespace, so the entry is there at once. */
	expect_words(ASK "learn " HOST_IP " tell 192.168.77.9 dev eth0 smac " PEER_MAC, ANSWERED,
		"makes the entry 192.168.77.9 STALE " PEER_MAC);
	ns_hush(&e->lab);
	ns_send(&e->lab, &(struct ns_arp) { .op = 1, .sip = "192.168.77.9", .tip = HOST_IP });
	struct in_addr from;
	check(next_reply(e, &from, PATIENCE_MS), "no answer");
	out = expect("ip neigh show dev eth0", 0);
	check(strstr(out, "192.168.77.9 lladdr " PEER_MAC " STALE"), "%s", out);
	free(out);
	expect_words(ASK "learn " HOST_IP " tell 192.168.77.9 dev eth0 smac " PEER_MAC, SILENT,
		"keeps its entry");
	expect_words(ASK "learn 192.168.77.8 is-at " PEER_MAC " dev eth0", SILENT, "arp_accept");
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
}

/* ---- other forms ---- */

static void ladders_are_short_or_whole(void *arg)
{
	(void)arg;
	char *brief = expect(ASK ANSWER, ANSWERED), *whole = expect(ASK ANSWER "--all", ANSWERED);
	check(!strstr(brief, "frame.down") && strstr(brief, "left out; --all"), "%s", brief);
	check(strstr(whole, "frame.down") && !strstr(whole, "left out"), "%s", whole);
	free(brief);
	free(whole);
}

static void json_holds_everything(void *arg)
{
	(void)arg;
	static const char *const members[] = { "\"question\":\"answer\"", "\"outcome\":\"reply\"",
		"\"interface\":\"eth0\"", "\"mac\":\"" HOST_MAC "\"", "\"rule\":\"answer.local\"",
		"\"rule\":\"frame.down\"", "\"what_if\":{\"set\":[\"eth0.arp_ignore=1\"],",
		"\"outcome\":\"silent\"", "\"rule\":\"ignore.1\"" };
	char *out = expect(ASK ANSWER "--json --set arp_ignore=1", SILENT);
	expect_json(out);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		check(strstr(out, members[i]), "no %s in %s", members[i], out);
	free(out);
	out = expect(ASK "announce " PEER_IP " --json", ANSWERED);
	expect_json(out);
	check(strstr(out, "\"sender\":\"" HOST_IP "\""), "%s", out);
	free(out);
}

/* ---- a machine as a file ---- */

static const char *const questions[] = {
	ANSWER,
	"answer " HOST_IP " tell 0.0.0.0 dev eth0",
	"answer 192.168.78.9 tell " PEER_IP " dev eth0",
	"answer 192.168.79.9 tell " PEER_IP " dev eth0",
	"answer " VIP " tell 10.9.1.1 dev eth1",
	"announce " PEER_IP " src " VIP,
	"announce 192.168.79.9 src 10.9.0.1",
	"announce 10.9.7.7",
	"learn " HOST_IP " tell 192.168.77.50 dev eth0 smac " PEER_MAC,
	"learn 192.168.77.51 is-at " PEER_MAC " dev eth0",
	"announce 192.168.79.1 src " PEER_IP " iif eth0",
};

/* A second interface, a policy rule, proxy neighbours, entries that no time changes. */
static void furnish(struct e2e *e)
{
	static const char *const words[] = {
		"link add eth1 type veth peer name far1",
		"link set far1 up",
		"link set eth1 address 02:00:00:00:00:11 up",
		"addr add 10.9.0.1/16 dev eth1",
		"addr add 10.9.0.2/16 dev eth1",
		"addr add 192.168.78.1 peer 192.168.78.2/32 dev eth1",
		"route add 192.168.79.0/24 via 10.9.0.254 src 10.9.0.2 metric 7",
		"route add unreachable 10.9.7.0/24",
		"route add default via 10.9.0.253 table 100",
		"rule add from 10.9.0.1 table 100 priority 100",
		"neigh add proxy 192.168.79.9 dev eth0",
		"neigh add 192.168.77.50 lladdr 02:00:00:00:00:50 nud permanent dev eth0",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		ns_ip(&e->lab, e->lab.host, words[i]);
	sysctl_put("conf/eth0/forwarding", 1);
	sysctl_put("conf/eth1/arp_ignore", 1);
}

static void clear(struct e2e *e)
{
	sysctl_put("conf/eth0/forwarding", 0);
	ns_ip(&e->lab, e->lab.host, "rule del priority 100");
	ns_ip(&e->lab, e->lab.host, "neigh del proxy 192.168.79.9 dev eth0");
	ns_ip(&e->lab, e->lab.host, "route del unreachable 10.9.7.0/24");
	ns_ip(&e->lab, e->lab.host, "link del eth1");
	ns_ip(&e->lab, e->lab.host, "neigh flush nud permanent dev eth0");
	ns_ip(&e->lab, e->lab.host, "neigh flush all");
}

static void expect_same(const char *question)
{
	char line[400];
	struct proc *live, *read;
	snprintf(line, sizeof line, ASK "--json %s", question);
	int here = sh(&live, line);
	snprintf(line, sizeof line,
		ASK "--json --host \"$DIR/host\" %s >\"$DIR/out\"; status=$?; " ASK
		    "--json --host - %s <\"$DIR/host\" | cmp - \"$DIR/out\" && "
		    "cat \"$DIR/out\" && exit $status",
		question, question);
	int there = sh(&read, line);
	check(here != FAILED && here != WRONG, "%s: %s", question, live->err_text);
	check(here == there && strcmp(live->out_text, read->out_text) == 0,
		"%s: %d here, %d there: %s%s%s", question, here, there, live->out_text,
		read->out_text, read->err_text);
	proc_free(live);
	proc_free(read);
}

static void snapshots_say_the_same(void *arg)
{
	struct e2e *e = arg;
	furnish(e);
	free(expect("\"$ARPLAB\" snapshot >\"$DIR/host\"", 0));
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		expect_same(questions[i]);
	/* Read and written again it is the same host. */
	char *out = expect("cat \"$DIR/host\"", 0);
	check(strstr(out, "\nhave eth0 192.168.77.50 PERMANENT 02:00:00:00:00:50"), "%s", out);
	check(strstr(out, "\npneigh eth0 192.168.79.9\n"), "%s", out);
	check(strstr(out, "\nrule 100 "), "%s", out);
	free(out);
	clear(e);
}

/* What a shell of that user prints for a line. */
static struct proc *nobody(const char *line)
{
	const char *words[] = { "/bin/sh", "-c", line, NULL };
	return proc_start(&(struct proc_options) { .argv = words, .uid = NOBODY });
}

static void needs_no_rights(void *arg)
{
	struct e2e *e = arg;
	if (!e->lab.root)
		tap_skip("only root can become somebody else");
	furnish(e);
	/* Ages go on. */
	char *out = expect("\"$ARPLAB\" snapshot | sed 's/ age=.*//'", 0);
	struct proc *p = nobody("\"$ARPLAB\" snapshot | sed 's/ age=.*//'");
	check(proc_wait(p, PATIENCE_MS) == 0, "%s", p->err_text);
	check(strcmp(p->out_text, out) == 0, "%s\nroot has %s", p->out_text, out);
	proc_free(p);
	free(out);
	p = nobody(ASK ANSWER);
	check(proc_wait(p, PATIENCE_MS) == ANSWERED, "%s%s", p->out_text, p->err_text);
	check(strstr(p->out_text, "eth0 answers with " HOST_MAC), "%s", p->out_text);
	proc_free(p);
	clear(e);
}

#define SIX_LINES                          \
	"config rs1\\n"                    \
	"link 1 lo -\\n"                   \
	"link 2 eth0 02:00:00:00:01:01\\n" \
	"addr lo 127.0.0.1/8\\n"           \
	"addr lo 192.168.2.200/32\\n"      \
	"addr eth0 192.168.2.101/24\\n"
#define WRITTEN "printf '" SIX_LINES "%s\\n' >\"$DIR/host\"; " ASK "--host \"$DIR/host\" "
#define ITS_ANSWER "answer 192.168.2.200 tell 192.168.2.222 dev eth0"

static void expect_fault(const char *line, const char *where, const char *words)
{
	struct proc *p;
	int status = sh(&p, line);
	check(status == FAILED, "%s: status %d: %s", line, status, p->out_text);
	check(!*p->out_text, "%s: %s", line, p->out_text);
	expect_sentence(p->err_text, where);
	expect_sentence(p->err_text, words);
	proc_free(p);
}

static void damage_is_named_by_its_line(void *arg)
{
	(void)arg;
	static const struct {
		const char *line, *words;
	} damages[] = {
		{ "addr eth9 192.168.2.7/24", "eth9" },
		{ "addr eth0 192.168.2/24", "192.168.2/24" },
		{ "adress eth0 192.168.2.7/24", "adress" },
		{ "link 2 eth1 02:00:00:00:00:02", "link 2" },
		{ "route dst=192.168.3.0/33", "192.168.3.0/33" },
		{ "route dst=192.168.3.0/24 dve=eth0", "dve" },
		{ "sysctl eth0 arp_ignore one", "one" },
		{ "have", "expected: have" },
		{ "have eth0 192.168.2.7 STALE", "has a MAC" },
		{ "have eth0 192.168.2.7 STOLE 02:00:00:00:00:07", "Did you mean STALE?" },
		{ "have eth0 192.168.2.7 STALE 02:00:00:00:00:07 age=old", "old" },
	};
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		char line[600];
		snprintf(line, sizeof line, WRITTEN ITS_ANSWER, damages[i].line);
		expect_fault(line, "/host:7: ", damages[i].words);
	}
	expect_fault(ASK "--host - " ITS_ANSWER " </dev/null", "standard input: ", "no interface");
	expect_fault(ASK "--host - " ITS_ANSWER " </proc/self/exe", "standard input:", "1: ");
	expect_fault(ASK "--host \"$DIR\" " ITS_ANSWER, "cannot read ", "directory");
	expect_fault(ASK "--host /nowhere " ITS_ANSWER, "cannot read /nowhere", "No such file");
}

static void six_lines_make_a_machine(void *arg)
{
	(void)arg;
	char line[600];
	snprintf(line, sizeof line, WRITTEN ITS_ANSWER, "# alone");
	expect_words(line, ANSWERED, "eth0 answers with 02:00:00:00:01:01");
	snprintf(line, sizeof line, WRITTEN ITS_ANSWER " --set arp_ignore=2", "# what if");
	expect_words(line, SILENT, "ignore.2");
	snprintf(line, sizeof line, WRITTEN ITS_ANSWER, "rule 10 table=9 other=1");
	expect_words(line, UNKNOWN, "it cannot be told");
	snprintf(line, sizeof line, WRITTEN ITS_ANSWER, "sysctl eth0 arp_ignore -");
	expect_words(line, UNKNOWN, "it cannot be told");
}

static void wrong_words_are_named(void *arg)
{
	(void)arg;
	static const struct {
		const char *line, *words;
	} wrong[] = {
		{ ASK, "answer|announce|learn" },
		{ ASK "anser 1.2.3.4", "Did you mean answer?" },
		{ ASK "answer " VIP, "tell SENDER" },
		{ ASK "answer " VIP " tell " PEER_IP, "dev IF" },
		{ ASK "answer 192.168.77 tell " PEER_IP " dev eth0", "192.168.77" },
		{ ASK "answer " VIP " tell " PEER_IP " dev eth9", "Did you mean eth0?" },
		{ ASK ANSWER "smac 02:00", "02:00" },
		{ ASK ANSWER "src " PEER_IP, "src" },
		{ ASK "learn " HOST_IP " tell " PEER_IP " dev eth0", "smac MAC" },
		{ ASK "announce " VIP " iif eth0", "src ADDRESS" },
		{ ASK ANSWER "--set eth0.arp_ignor=1", "Did you mean arp_ignore?" },
		{ ASK ANSWER "--set eth9.arp_ignore=1", "eth9" },
		{ ASK ANSWER "--set eth0.arp_ignore=one", "not a number" },
		{ ASK ANSWER "--set eth0.arp_ignore", "eth0.arp_ignore" },
		{ ASK "announce " PEER_IP " --set arp_announce=2", "names no interface" },
		{ ASK "--node rs1 --host /dev/null " ANSWER, "two machines" },
		{ ASK "--node rs1 --pid x " ANSWER, "--pid" },
		{ "\"$ARPLAB\" snapshot rs1", "rs1" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct proc *p;
		int status = sh(&p, wrong[i].line);
		check(status == WRONG, "%s: status %d: %s%s", wrong[i].line, status, p->out_text,
			p->err_text);
		check(!*p->out_text, "%s: %s", wrong[i].line, p->out_text);
		expect_sentence(p->err_text, wrong[i].words);
		proc_free(p);
	}
}

/* ---- a machine of a lab ---- */

static void asks_machines_of_a_lab(void *arg)
{
	struct e2e *e = arg;
	char state[160];
	const char *words[] = { arplab(), "run", getenv("LESSON"), NULL };
	const char *env[] = { state, NULL };
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s", e->dir);
	/* Labs are found by abstract sockets, which other network namespaces do not see. */
	expect_fault(ASK "--node rs1 " ITS_ANSWER, "no lab is running here", "arplab");

	struct proc *lab =
		proc_start(&(struct proc_options) { .argv = words, .env = env, .keep_in = true });
	check(proc_wait_text(lab, "How many machines answer?", PATIENCE_MS), "%s%s", lab->out_text,
		lab->err_text);
	expect_words(ASK "--node rs1 " ITS_ANSWER, ANSWERED, "192.168.2.200 is on lo");
	expect_words(ASK "--node rs1 " ITS_ANSWER " --set all.arp_ignore=1", SILENT, "ignore.1");
	expect_words(ASK "--node client announce 192.168.2.200", ANSWERED, "tell 192.168.2.222");
	expect_words("\"$ARPLAB\" snapshot --node rs1 | " ASK "--host - " ITS_ANSWER " --json",
		ANSWERED, "\"host\":\"rs1\"");
	expect_fault(ASK "--node rs9 " ITS_ANSWER, "there is no machine rs9", "rs2");
	expect_fault(ASK "--pid 1 --node rs1 " ITS_ANSWER, "process 1 is no lab", "enter");
	proc_free(lab);
}

static const struct tap_case cases[] = {
	{ "what is said of an arp_ignore is what the kernel does", says_what_the_kernel_does },
	{ "--set tells beforehand, and touches nothing", what_if_comes_true },
	{ "the sender of a who-has is told, with what arp_announce makes of it",
		senders_are_named },
	{ "an entry is learnt as foretold", learning_is_foretold },
	{ "a ladder is short, or whole with --all", ladders_are_short_or_whole },
	{ "--json holds both verdicts and every rule", json_holds_everything },
	{ "a snapshot that is read back says what the machine says", snapshots_say_the_same },
	{ "an ordinary user gets the same", needs_no_rights },
	{ "a damaged host file is one sentence with its line", damage_is_named_by_its_line },
	{ "six lines make a machine; what is not known is unknown", six_lines_make_a_machine },
	{ "a wrong word is one sentence", wrong_words_are_named },
	{ "a machine of a lab that runs can be asked", asks_machines_of_a_lab },
};

int main(void)
{
	static struct e2e e;
	char file[256], folder[160];
	const char *tests = getenv("ARPLAB_TESTS");
	e2e_open(&e);
	snprintf(file, sizeof file, "%s/e2e/session.md", tests ? tests : "tests");
	setenv("LESSON", file, 1);
	setenv("ARPLAB", arplab(), 1);
	setenv("DIR", e.dir, 1);
	ns_ip(&e.lab, e.lab.host, "addr add " VIP "/32 dev lo");
	int status = tap_run(cases, sizeof cases / sizeof *cases, &e);
	snprintf(folder, sizeof folder, "%s/arplab", e.dir);
	temporary_remove(folder);
	return e2e_close(&e, status);
}
