/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: a lab, sentences, JSON that is JSON. */
#include <config.h>

#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void e2e_open(struct e2e *e)
{
	arplab();
	ns_open(&e->lab);
	temporary(e->dir, sizeof e->dir);
	/* Other users' programs write here too. */
	chmod(e->dir, 0777);
}

int e2e_close(struct e2e *e, int status)
{
	temporary_remove(e->dir);
	return status;
}

void expect_sysctls(char *before, const char *when)
{
	char *now = sysctl_snapshot();
	bool same = strcmp(before, now) == 0;
	if (!same) {
		const char *a = before, *b = now;
		while (*a && *b) {
			size_t la = strcspn(a, "\n"), lb = strcspn(b, "\n");
			if (la != lb || memcmp(a, b, la) != 0)
				tap_note("was %.*s, is %.*s", (int)la, a, (int)lb, b);
			a += la + (a[la] != '\0');
			b += lb + (b[lb] != '\0');
		}
	}
	free(before);
	free(now);
	check(same, "the sysctls differ: %s", when);
}

void expect_sentence(const char *text, const char *words)
{
	size_t len = strlen(text);
	check(strncmp(text, "arplab: ", 8) == 0, "no sentence of arplab: \"%s\"", text);
	check(strchr(text, '\n') == text + len - 1, "not one line: \"%s\"", text);
	check(strstr(text, words), "\"%s\" does not hold \"%s\"", text, words);
}

/* ---- JSON (RFC 8259), read and thrown away ---- */

#define DIGITS "0123456789"

static const char *value(const char *s);

static const char *blank(const char *s)
{
	return s + strspn(s, " \t\r");
}

/* What follows a backslash; its last character. */
static const char *escaped(const char *s)
{
	if (*s == 'u')
		return strspn(s + 1, DIGITS "abcdefABCDEF") >= 4 ? s + 4 : NULL;
	return *s && strchr("\"\\/bfnrt", *s) ? s : NULL;
}

static const char *string(const char *s)
{
	if (*s++ != '"')
		return NULL;
	for (; *s != '"'; s++) {
		if ((unsigned char)*s < 0x20)
			return NULL;
		if (*s == '\\' && !(s = escaped(s + 1)))
			return NULL;
	}
	return s + 1;
}

/* At least one. */
static const char *digits(const char *s)
{
	size_t count = strspn(s, DIGITS);
	return count > 0 ? s + count : NULL;
}

/* No leading zeros, no hexadecimal, no infinity. */
static const char *number(const char *s)
{
	s += *s == '-';
	s = *s == '0' ? s + 1 : digits(s);
	if (s && *s == '.')
		s = digits(s + 1);
	if (!s || (*s != 'e' && *s != 'E'))
		return s;
	s++;
	return digits(s + (*s == '+' || *s == '-'));
}

/* What stands between brackets: values, or names and values. */
static const char *items(const char *s, char end, bool named)
{
	s = blank(s);
	if (*s == end)
		return s + 1;
	for (;;) {
		if (named) {
			s = string(blank(s));
			if (!s || *(s = blank(s)) != ':')
				return NULL;
			s++;
		}
		s = value(s);
		if (!s)
			return NULL;
		s = blank(s);
		if (*s == end)
			return s + 1;
		if (*s++ != ',')
			return NULL;
	}
}

static const char *value(const char *s)
{
	s = blank(s);
	if (*s == '{')
		return items(s + 1, '}', true);
	if (*s == '[')
		return items(s + 1, ']', false);
	if (*s == '"')
		return string(s);
	static const char *const words[] = { "true", "false", "null" };
	for (size_t i = 0; i < 3; i++)
		if (strncmp(s, words[i], strlen(words[i])) == 0)
			return s + strlen(words[i]);
	return number(s);
}

void expect_json(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		const char *end = *text == '{' ? value(text) : NULL;
		check(end && end == text + len, "not a JSON object: %.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

/* ---- traffic and the monitor ---- */

void peer_announces(struct e2e *e, const char *ip)
{
	ns_send(&e->lab, &(struct ns_arp) { .op = 1, .sip = ip, .tip = ip });
}

struct proc *monitor_start(const char *word, const char *word2, const char *word3)
{
	struct proc *p =
		proc_words(arplab(), "monitor", "-i", "eth0", word, word2, word3, (char *)NULL);
	bool json = (word && strcmp(word, "--json") == 0) ||
		    (word2 && strcmp(word2, "--json") == 0) ||
		    (word3 && strcmp(word3, "--json") == 0);
	check(proc_wait_text(p, json ? "\"event\":\"capture\"" : "capture", PATIENCE_MS),
		"the capture never opened: %s%s", p->out_text, p->err_text);
	return p;
}
