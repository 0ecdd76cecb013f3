/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: `arplab ladder` of good, damaged and wrong files, as text and as a picture. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "e2e.h"

/* ---- capture files ---- */

static FILE *create(struct e2e *e, const char *name, char path[static 256])
{
	snprintf(path, 256, "%s/%s", e->dir, name);
	FILE *f = fopen(path, "we");
	check(f, "cannot create %s", path);
	const uint32_t head[] = { 0xa1b23c4d, 0x00040002, 0, 0, 65535, 1 }; /* Nanoseconds. */
	fwrite(head, sizeof head, 1, f);
	return f;
}

enum { CLIENT = 1, DIRECTOR, RS1, VIP = 200 };

/* Between machines 02:00:00:00:00:NN, which have 192.168.2.NN; to 0: all. */
static void put_frame(FILE *f, unsigned at_us, unsigned from, unsigned to, unsigned op,
	unsigned sip, unsigned tip)
{
	uint8_t frame[42] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, (uint8_t)from, 8,
		6, 0, 1, 8, 0, 6, 4, 0, (uint8_t)op, 2, 0, 0, 0, 0, (uint8_t)from, 192, 168, 2,
		(uint8_t)sip, 0, 0, 0, 0, 0, 0, 192, 168, 2, (uint8_t)tip };
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, (uint8_t)to };
	if (to)
		memcpy(frame, mac, sizeof mac);
	const uint32_t packet[] = { 1767269021 + at_us / 1000000, at_us % 1000000 * 1000,
		sizeof frame, sizeof frame };
	fwrite(packet, sizeof packet, 1, f);
	fwrite(frame, sizeof frame, 1, f);
}

/* The client asks for the VIP, and the director and a real server answer. */
static void put_story(FILE *f)
{
	put_frame(f, 0, CLIENT, 0, 1, CLIENT, VIP);
	put_frame(f, 84, RS1, CLIENT, 2, VIP, CLIENT);
	put_frame(f, 91, DIRECTOR, CLIENT, 2, VIP, CLIENT);
	put_frame(f, 2000000, DIRECTOR, 0, 1, DIRECTOR, RS1);
	put_frame(f, 2000100, RS1, DIRECTOR, 2, RS1, DIRECTOR);
}

static void make_story(struct e2e *e, const char *name, char path[static 256])
{
	FILE *f = create(e, name, path);
	put_story(f);
	fclose(f);
}

/* A number of frames between two machines. */
static void make_many(struct e2e *e, const char *name, unsigned count, char path[static 256])
{
	FILE *f = create(e, name, path);
	for (unsigned i = 0; i < count; i++)
		put_frame(f, i * 1000, CLIENT, 0, 1, CLIENT, i % 250 + 1);
	fclose(f);
}

static size_t count_of(const char *text, const char *words)
{
	size_t n = 0;
	for (; (text = strstr(text, words)); text += strlen(words))
		n++;
	return n;
}

static size_t widest(const char *text)
{
	size_t most = 0;
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		most = len > most ? len : most;
	}
	return most;
}

/* ---- as text ---- */

static void draws_arrows(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256], command[512];
	make_story(e, "story.pcap", path);
	check(proc_run(&p, arplab(), "ladder", "--width", "80", path, (char *)NULL) == 0, "%s",
		p->err_text);
	static const char *const wanted[] = { "ARP in story.pcap: frames 1 to 5 of 5",
		"192.168.2.1 ", "192.168.2.2 ", "192.168.2.3", "00:00:01", "0.000084",
		".2.200 is-at 00:00:03", "who-has .2.200", "●", "▶", "◀",
		"seconds since 2026-01-01 12:03:41.000000 UTC." };
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		check(strstr(p->out_text, wanted[i]), "no '%s' in:\n%s", wanted[i], p->out_text);
	check(!strstr(p->out_text, "--from"), "%s", p->out_text);
	check(!p->err_len, "%s", p->err_text);
	proc_free(p);

	/* The same from a pipe, in ASCII, at other widths. */
	for (int width = 40; width <= 200; width += 40) {
		snprintf(command, sizeof command, "cat %s | %s ladder --ascii --width %d -", path,
			arplab(), width);
		check(proc_run(&p, "sh", "-c", command, (char *)NULL) == 0, "%s", p->err_text);
		check(widest(p->out_text) <= (size_t)width, "%s", p->out_text);
		check(strstr(p->out_text, "ARP in standard input"), "%s", p->out_text);
		check(strstr(p->out_text, "<--") && strstr(p->out_text, "o--"), "%s", p->out_text);
		for (const char *c = p->out_text; *c; c++)
			check((*c & 0x80) == 0, "not ASCII: %s", p->out_text);
		proc_free(p);
	}
}

static void draws_as_many_as_asked_for(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256], command[512];
	make_many(e, "many.pcap", 1234, path);
	check(proc_run(&p, arplab(), "ladder", path, (char *)NULL) == 0, "%s", p->err_text);
	check(strstr(p->out_text, "frames 1 to 200 of 1,234"), "%s", p->out_text);
	check(strstr(p->out_text, "--from and --count show"), "%s", p->out_text);
	check(count_of(p->out_text, "●") == 200, "%s", p->out_text);
	proc_free(p);
	check(proc_run(&p, arplab(), "ladder", "--from", "1230", "--count", "3", path,
		      (char *)NULL) == 0,
		"%s", p->err_text);
	check(strstr(p->out_text, "frames 1,230 to 1,232 of 1,234"), "%s", p->out_text);
	check(count_of(p->out_text, "●") == 3, "%s", p->out_text);
	proc_free(p);
	check(proc_run(&p, arplab(), "ladder", "--from", "1230", path, (char *)NULL) == 0, "%s",
		p->err_text);
	check(strstr(p->out_text, "frames 1,230 to 1,234 of 1,234"), "%s", p->out_text);
	proc_free(p);
	check(proc_run(&p, arplab(), "ladder", "--from", "1235", path, (char *)NULL) == 1, "taken");
	check(!p->out_len, "%s", p->out_text);
	expect_sentence(p->err_text, "many.pcap holds 1234 ARP frames, none from number 1235 on");
	proc_free(p);
	/* A pipe that never ends is left when enough has come. */
	snprintf(command, sizeof command,
		"{ cat %s; sleep 100 & } | timeout 20 %s ladder --count 2 -", path, arplab());
	check(proc_run(&p, "sh", "-c", command, (char *)NULL) == 0, "%s", p->err_text);
	check(count_of(p->out_text, "●") == 2, "%s", p->out_text);
	proc_free(p);
}

static void refuses_wrong_words(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	static const char *const wrong[][2] = { { "--from", "0" }, { "--from", "x" },
		{ "--from", "-1" }, { "--count", "0" }, { "--count", "100001" }, { "--count", "" },
		{ "--width", "39" }, { "--width", "501" }, { "--width", "80x" } };
	make_story(e, "words.pcap", path);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct proc *p;
		int status = proc_run(
			&p, arplab(), "ladder", wrong[i][0], wrong[i][1], path, (char *)NULL);
		check(status == 2, "%s %s: status %d", wrong[i][0], wrong[i][1], status);
		expect_sentence(p->err_text, wrong[i][0]);
		check(!p->out_len, "%s", p->out_text);
		proc_free(p);
	}
}

/* ---- as a picture ---- */

/* Tags that are opened are closed, in their order, and nothing stands in them that must not. */
static void expect_xml(const char *text)
{
	char open[16][16];
	int depth = 0;
	for (const char *p = text; *p;) {
		char name[16];
		if (*p == '&')
			check(strcspn(p, ";") < 8, "a bare ampersand: %.40s", p);
		if (*p++ != '<')
			continue;
		size_t end = strcspn(p, ">"), len = strcspn(p, " />");
		check(p[end] == '>' && !memchr(p, '<', end) && len < sizeof name, "%.80s", p);
		if (*p == '/') {
			check(depth > 0, "closed and never opened: %.40s", p);
			depth--;
			check(strncmp(p + 1, open[depth], strlen(open[depth])) == 0, "%.40s", p);
		} else if (p[end - 1] != '/') {
			check(depth < 16, "too deep");
			snprintf(open[depth++], sizeof open[0], "%.*s", (int)len, p);
		}
		p += end + 1;
	}
	check(depth == 0, "%d tags are left open", depth);
}

static void draws_a_picture(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256];
	make_story(e, "<&\"'>.pcap", path);
	check(proc_run(&p, arplab(), "ladder", "--svg", path, (char *)NULL) == 0, "%s",
		p->err_text);
	expect_xml(p->out_text);
	check(strncmp(p->out_text, "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 40) == 0, "%.60s",
		p->out_text);
	check(strstr(p->out_text, "&lt;&amp;&quot;&#39;&gt;.pcap: frames 1 to 5 of 5"), "%.300s",
		p->out_text);
	check(strstr(p->out_text, "02:00:00:00:00:03"), "no MAC");
	check(strstr(p->out_text, "who-has .2.200"), "no words");
	check(count_of(p->out_text, "<circle") == 5, "not five arrows");
	/* It needs nothing else. */
	check(!strstr(p->out_text, "href") && !strstr(p->out_text, "url(") &&
			!strstr(p->out_text, "<script"),
		"it refers to something");
	proc_free(p);
	make_many(e, "crowd.pcap", 3, path);
	FILE *f = fopen(path, "ae");
	for (unsigned i = 1; i < 40; i++)
		put_frame(f, i, i, 0, 1, i, 250);
	fclose(f);
	check(proc_run(&p, arplab(), "ladder", "--svg", path, (char *)NULL) == 0, "%s",
		p->err_text);
	expect_xml(p->out_text);
	check(strstr(p->out_text, ">others<") && strstr(p->out_text, ">28 machines<"), "%s",
		p->out_text);
	proc_free(p);
}

/* ---- what is no capture file, or no whole one ---- */

static void draws_what_is_left(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	static const char *const options[] = { "--ascii", "--svg" };
	FILE *f = create(e, "cut.pcap", path);
	put_story(f);
	fflush(f);
	long size = ftell(f);
	fclose(f);
	check(truncate(path, size - 7) == 0, "truncate");
	for (size_t i = 0; i < 2; i++) {
		struct proc *p;
		int status = proc_run(&p, arplab(), "ladder", options[i], path, (char *)NULL);
		check(status == 1, "%d: %s", status, p->err_text);
		check(strstr(p->out_text, "frames 1 to 4 of 4"), "%s", p->out_text);
		expect_sentence(p->err_text, "cut.pcap is cut off after packet 4");
		if (i == 1)
			expect_xml(p->out_text);
		proc_free(p);
	}
}

static void refuses_other_files(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256];
	FILE *f = create(e, "none.pcap", path);
	fclose(f);
	check(proc_run(&p, arplab(), "ladder", path, (char *)NULL) == 0, "%s", p->err_text);
	check(!p->out_len, "%s", p->out_text);
	expect_sentence(p->err_text, "none.pcap holds no packets");
	proc_free(p);
	snprintf(path, sizeof path, "%s/text", e->dir);
	f = fopen(path, "we");
	fputs("This is no capture file, but a text of some length.\n", f);
	fclose(f);
	const char *const wrong[] = { path, e->dir, "/nowhere/\033[31mfile.pcap" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		check(proc_run(&p, arplab(), "ladder", wrong[i], (char *)NULL) == 1, "%s",
			wrong[i]);
		check(!p->out_len, "%s", p->out_text);
		check(!strchr(p->err_text, '\033'), "control characters went through");
		expect_sentence(p->err_text, i == 2 ? "/nowhere/" : wrong[i]);
		proc_free(p);
	}
	check(proc_run(&p, arplab(), "ladder", (char *)NULL) == 2, "taken");
	proc_free(p);
}

static void survives_mutations(void *arg)
{
	struct e2e *e = arg;
	char path[256], bytes[4096];
	make_story(e, "seed.pcap", path);
	ssize_t len = slurp(path, bytes, sizeof bytes);
	uint64_t random = 1;
	for (int i = 0; i < 60; i++) {
		struct proc *p;
		char copy[sizeof bytes];
		memcpy(copy, bytes, (size_t)len);
		for (int n = 0; n < 4; n++) {
			random = random * UINT64_C(6364136223846793005) +
				 UINT64_C(1442695040888963407);
			copy[(random >> 33) % (uint64_t)len] = (char)(random >> 20);
		}
		FILE *f = create(e, "mutant.pcap", path);
		rewind(f);
		fwrite(copy, (size_t)len, 1, f);
		fclose(f);
		int status = proc_run(
			&p, arplab(), "ladder", i % 2 ? "--svg" : "--ascii", path, (char *)NULL);
		check(status == 0 || status == 1, "mutation %d: status %d: %s", i, status,
			p->err_text);
		check(status == 0 || p->err_len > 0, "nothing was said");
		if (i % 2)
			expect_xml(p->out_text);
		else
			check(widest(p->out_text) <= 80, "%s", p->out_text);
		proc_free(p);
	}
}

static const struct tap_case cases[] = {
	{ "frames become arrows, from a file and from a pipe, at every width", draws_arrows },
	{ "as many as asked for are drawn, 200 else, and that is said",
		draws_as_many_as_asked_for },
	{ "a wrong number is a sentence", refuses_wrong_words },
	{ "a picture that needs nothing else, whatever the file is called", draws_a_picture },
	{ "of a file that was cut off the beginning is drawn, and the end is said",
		draws_what_is_left },
	{ "empty, foreign, missing files and directories: one sentence each", refuses_other_files },
	{ "files that were changed at random end with a ladder or a sentence", survives_mutations },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
