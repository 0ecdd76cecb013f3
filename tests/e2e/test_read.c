/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: `arplab read` of good, damaged and wrong files. */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e.h"

static FILE *create(struct e2e *e, const char *name, char path[static 256])
{
	snprintf(path, 256, "%s/%s", e->dir, name);
	FILE *f = fopen(path, "we");
	check(f, "cannot create %s", path);
	return f;
}

static void put16(FILE *f, unsigned v)
{
	fwrite(&(uint16_t){ (uint16_t)v }, 2, 1, f);
}

static void put32(FILE *f, unsigned v)
{
	fwrite(&(uint32_t){ v }, 4, 1, f);
}

static void put_head(FILE *f, unsigned linktype)
{
	put32(f, 0xa1b23c4d); /* Nanoseconds. */
	put16(f, 2);
	put16(f, 4);
	put32(f, 0);
	put32(f, 0);
	put32(f, 65535);
	put32(f, linktype);
}

/* A who-has for 10.0.x.y, numbered. */
static void put_frame(FILE *f, unsigned number)
{
	const uint8_t frame[42] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8,
		0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0,
		(uint8_t)(number >> 8), (uint8_t)number };
	put32(f, 1700000000 + number / 1000);
	put32(f, number % 1000 * 1000000);
	put32(f, sizeof frame);
	put32(f, sizeof frame);
	fwrite(frame, sizeof frame, 1, f);
}

/* A packet that is no ARP. */
static void put_other(FILE *f)
{
	const uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };
	put32(f, 1700000000);
	put32(f, 0);
	put32(f, sizeof frame);
	put32(f, sizeof frame);
	fwrite(frame, sizeof frame, 1, f);
}

static size_t lines(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void reads_frames(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256];
	FILE *f = create(e, "good.pcap", path);
	put_head(f, 1);
	for (unsigned i = 1; i <= 1000; i++) {
		put_frame(f, i);
		put_other(f);
	}
	fclose(f);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 0, "%s", p->err_text);
	check(lines(p->out_text) == 1000, "%zu lines", lines(p->out_text));
	check(strstr(p->out_text, "who-has 10.0.3.232 tell 10.0.0.1"), "the last one is missing");
	proc_free(p);
	check(proc_run(&p, arplab(), "read", "--json", path, (char *)NULL) == 0, "%s", p->err_text);
	expect_json(p->out_text);
	check(lines(p->out_text) == 1000, "%zu objects", lines(p->out_text));
	check(strncmp(p->out_text, "{\"time\":1700000000.001000000,", 29) == 0, "%.60s",
		p->out_text);
	proc_free(p);

	/* The same from a pipe. */
	char command[512];
	snprintf(command, sizeof command, "cat %s | %s read -", path, arplab());
	check(proc_run(&p, "sh", "-c", command, (char *)NULL) == 0, "%s", p->err_text);
	check(lines(p->out_text) == 1000, "%zu lines from a pipe", lines(p->out_text));
	proc_free(p);
}

static void reads_behind_tags(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256];
	static const uint8_t frame[50] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 0x88,
		0xa8, 0, 7, 0x81, 0, 0, 43, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0,
		0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 9 };
	FILE *f = create(e, "tags.pcap", path);
	put_head(f, 1);
	put_frame(f, 1);
	put32(f, 1700000000);
	put32(f, 0);
	put32(f, sizeof frame);
	put32(f, sizeof frame);
	fwrite(frame, sizeof frame, 1, f);
	fclose(f);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 0, "%s", p->err_text);
	check(lines(p->out_text) == 2, "%s", p->out_text);
	check(strstr(p->out_text, "who-has 10.0.0.9 tell 10.0.0.1"), "%s", p->out_text);
	check(strstr(p->out_text, "vlan 43"), "%s", p->out_text);
	proc_free(p);
}

static void reads_pcapng(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256];
	FILE *f = create(e, "good.pcapng", path);
	put32(f, 0x0a0d0d0a); /* Section header. */
	put32(f, 28);
	put32(f, 0x1a2b3c4d);
	put16(f, 1);
	put16(f, 0);
	put32(f, 0xffffffff);
	put32(f, 0xffffffff);
	put32(f, 28);
	put32(f, 1); /* Interface: Ethernet. */
	put32(f, 20);
	put16(f, 1);
	put16(f, 0);
	put32(f, 65535);
	put32(f, 20);
	put32(f, 6); /* Enhanced packet. */
	put32(f, 32 + 44);
	put32(f, 0);
	put32(f, 0x60a24);
	put32(f, 0x181e4000);
	put32(f, 42);
	put32(f, 42);
	const uint8_t frame[44] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8,
		0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 2, 10, 0, 0, 1, 2, 0, 0, 0, 0, 3, 10, 0, 0, 2 };
	fwrite(frame, sizeof frame, 1, f);
	put32(f, 32 + 44);
	fclose(f);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 0, "%s", p->err_text);
	check(strstr(p->out_text, "10.0.0.1 is-at 02:00:00:00:00:02"), "%s", p->out_text);
	proc_free(p);
}

static void says_that_there_is_no_arp(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256], command[512];
	FILE *f = create(e, "other.pcap", path);
	put_head(f, 1);
	put_other(f);
	put_other(f);
	fclose(f);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 0, "%s", p->err_text);
	check(!p->out_text[0], "%s", p->out_text);
	expect_sentence(p->err_text, "other.pcap holds 2 packets, none of them ARP");
	proc_free(p);
	snprintf(command, sizeof command, "cat %s | %s read --json -", path, arplab());
	check(proc_run(&p, "sh", "-c", command, (char *)NULL) == 0, "%s", p->err_text);
	check(!p->out_text[0], "%s", p->out_text);
	expect_sentence(p->err_text, "standard input holds 2 packets, none of them ARP");
	proc_free(p);
}

static void reads_what_is_left(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	char path[256];
	FILE *f = create(e, "cut.pcap", path);
	put_head(f, 1);
	put_frame(f, 1);
	put_frame(f, 2);
	fflush(f);
	long size = ftell(f);
	fclose(f);
	check(truncate(path, size - 7) == 0, "truncate");
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 1, "%s", p->err_text);
	check(lines(p->out_text) == 1, "%s", p->out_text);
	expect_sentence(p->err_text, "cut.pcap");
	proc_free(p);
}

static void refuses_other_files(void *arg)
{
	struct e2e *e = arg;
	char path[256];
	static const struct {
		const char *name, *content;
	} files[] = {
		{ "empty", "" },
		{ "short", "\xd4\xc3" },
		{ "text", "This is no capture file, but a text of some length.\n" },
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct proc *p;
		FILE *f = create(e, files[i].name, path);
		fputs(files[i].content, f);
		fclose(f);
		int status = proc_run(&p, arplab(), "read", path, (char *)NULL);
		check(status == 1, "%s: status %d", files[i].name, status);
		expect_sentence(p->err_text, files[i].name);
		check(p->out_len == 0, "%s", p->out_text);
		proc_free(p);
	}
	struct proc *p;
	check(proc_run(&p, arplab(), "read", e->dir, (char *)NULL) == 1, "taken");
	expect_sentence(p->err_text, "directory");
	proc_free(p);
	check(proc_run(&p, arplab(), "read", "/nowhere/file.pcap", (char *)NULL) == 1, "taken");
	expect_sentence(p->err_text, "/nowhere/file.pcap");
	proc_free(p);
	check(proc_run(&p, arplab(), "read", (char *)NULL) == 2, "taken");
	proc_free(p);
	/* Another link type is said by its name. */
	FILE *f = create(e, "wifi.pcap", path);
	put_head(f, 105);
	fclose(f);
	check(proc_run(&p, arplab(), "read", path, (char *)NULL) == 1, "%s", p->out_text);
	expect_sentence(p->err_text, "wifi.pcap");
	proc_free(p);
}

static void names_do_not_speak(void *arg)
{
	struct e2e *e = arg;
	struct proc *p;
	check(proc_run(&p, arplab(), "read", "/nowhere/\033[31mred\007", (char *)NULL) == 1, "taken");
	check(!strchr(p->err_text, '\033') && !strchr(p->err_text, '\007'),
		"control characters went through");
	proc_free(p);
	(void)e;
}

static void survives_mutations(void *arg)
{
	struct e2e *e = arg;
	char path[256], bytes[4096];
	FILE *f = create(e, "seed.pcap", path);
	put_head(f, 1);
	for (unsigned i = 1; i <= 8; i++)
		put_frame(f, i);
	fclose(f);
	ssize_t len = slurp(path, bytes, sizeof bytes);
	uint64_t random = 1;
	for (int i = 0; i < 60; i++) {
		struct proc *p;
		char copy[sizeof bytes];
		memcpy(copy, bytes, (size_t)len);
		for (int n = 0; n < 4; n++) {
			random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			copy[(random >> 33) % (uint64_t)len] = (char)(random >> 20);
		}
		f = create(e, "mutant.pcap", path);
		fwrite(copy, (size_t)len, 1, f);
		fclose(f);
		int status = proc_run(&p, arplab(), "read", "--json", path, (char *)NULL);
		check(status == 0 || status == 1, "mutation %d: status %d: %s", i, status,
			p->err_text);
		check((status == 0) == (p->err_len == 0), "status %d but: %s", status, p->err_text);
		expect_json(p->out_text);
		proc_free(p);
	}
}

static const struct tap_case cases[] = {
	{ "frames become lines and objects, from a file and from a pipe", reads_frames },
	{ "frames behind two VLAN tags are found", reads_behind_tags },
	{ "pcapng is read too", reads_pcapng },
	{ "a file without ARP is said to be one", says_that_there_is_no_arp },
	{ "of a file that was cut off the beginning is read, and the end is said",
		reads_what_is_left },
	{ "empty, short, foreign, missing files and directories: one sentence each",
		refuses_other_files },
	{ "a file's name cannot speak to the terminal", names_do_not_speak },
	{ "files that were changed at random end with lines or a sentence", survives_mutations },
};

int main(void)
{
	struct e2e e;
	e2e_open(&e);
	return e2e_close(&e, tap_run(cases, sizeof cases / sizeof *cases, &e));
}
