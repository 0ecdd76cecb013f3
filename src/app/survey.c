/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: the facts about one machine as lines: the host's, which arp writes and reads, and one line
 * `have` for each neighbour entry.
 */
#include <config.h>

#include "survey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/addr.h>
#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "entry.h"

#define LINE_SIZE 256
#define HAVE "have"
#define HAVE_WORDS 6
#define AGE "age="

void survey_done(struct survey *f)
{
	host_free(f->host);
	free(f->entries);
	*f = (struct survey) { 0 };
}

/* ---- the neighbour table ---- */

void survey_known(const struct survey *f, int32_t ifindex, uint32_t ip, struct known *ret)
{
	*ret = (struct known) { 0 };
	for (size_t i = 0; i < f->count; i++)
		if (f->entries[i].ifindex == ifindex && f->entries[i].ip == ip)
			*ret = f->entries[i].known;
}

static struct known known_from(const struct neigh_entry *e, uint64_t now_ns)
{
	struct known k = { .state = e->state, .has_mac = e->has_mac, .age_known = e->has_ages };
	memcpy(k.mac, e->mac, sizeof k.mac);
	k.age_ns = e->updated_ms * NS_PER_MS + (now_ns > e->at_ns ? now_ns - e->at_ns : 0);
	return k;
}

void survey_take(struct survey *ret, const struct model *m, uint64_t now_ns)
{
	ret->host = host_from_model(m, NULL);
	ret->entries = calloc(m->neighs.count + 1, sizeof *ret->entries);
	if (!ret->entries)
		abort();
	ret->count = m->neighs.count;
	for (size_t i = 0; i < ret->count; i++) {
		const struct neigh_entry *e = &m->neighs.entries[i];
		ret->entries[i] = (struct survey_entry) {
			.ifindex = e->ifindex, .ip = e->ip, .known = known_from(e, now_ns)
		};
	}
}

/* ---- written ---- */

/* The name of an interface as one word, as host_write() has it. */
static void put_link(struct text *t, const struct host_link *l)
{
	size_t from = t->len;
	text_name(t, l->name, IFNAME_SIZE);
	for (size_t i = from; i < t->len; i++)
		if (t->bytes[i] == ' ' || t->bytes[i] == '=')
			t->bytes[i] = '?';
}

static void write_entry(const struct survey *f, const struct survey_entry *e,
	void (*line)(void *arg, const char *text), void *arg)
{
	char bytes[LINE_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	const struct host_link *l = host_link(f->host, e->ifindex);
	if (!l)
		return;
	text_put(&t, HAVE " ");
	put_link(&t, l);
	text_char(&t, ' ');
	text_ip(&t, e->ip);
	text_char(&t, ' ');
	text_put(&t, neigh_state_name(e->known.state));
	text_char(&t, ' ');
	if (e->known.has_mac)
		text_mac(&t, e->known.mac);
	else
		text_char(&t, '-');
	if (e->known.age_known) {
		text_put(&t, " age=");
		text_u64(&t, e->known.age_ns / NS_PER_MS);
	}
	line(arg, text_end(&t));
}

void survey_write(const struct survey *f, void (*line)(void *arg, const char *text), void *arg)
{
	static const char *const head[] = {
		"# What decides about ARP on one machine, as `arplab snapshot` wrote it.",
		"# It has: the names of the host and of its interfaces, the kernel's version, "
		"MACs,",
		"# IPv4 addresses, routes, policy rules, the sysctls about ARP (zeros are left "
		"out),",
		"# proxy neighbours, and the neighbour table (lines `have`, ages in "
		"milliseconds).",
		"# It has nothing else. To ask about it: arplab explain --host FILE answer ...",
	};
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		line(arg, head[i]);
	host_write(f->host, line, arg);
	for (size_t i = 0; i < f->count; i++)
		write_entry(f, &f->entries[i], line, arg);
}

static void print_line(void *arg, const char *text)
{
	FILE *f = arg;
	fputs(text, f);
	fputc('\n', f);
}

int survey_give(const struct model *m, const char *name, int fd)
{
	struct stat st;
	struct survey f = { 0 };
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *file = own < 0 ? NULL : fdopen(own, "w");
	if (!file) {
		int error = -errno;
		if (own >= 0)
			close(own);
		return error;
	}
	survey_take(&f, m, clock_wall_ns());
	text_copy(f.host->name, sizeof f.host->name, name);
	survey_write(&f, print_line, file);
	survey_done(&f);
	return fclose(file) == 0 ? 0 : -errno;
}

/* ---- read ---- */

static bool is_have(const char *line)
{
	line += strspn(line, " \t");
	size_t len = strlen(HAVE);
	return strncmp(line, HAVE, len) == 0 && strchr(" \t\r", line[len]); /* Or its end. */
}

/* Cut into words; returns how many there are, of which the first HAVE_WORDS are kept. */
static size_t cut(char *line, char *words[static HAVE_WORDS])
{
	size_t count = 0;
	char *rest;
	for (char *w = strtok_r(line, " \t\r", &rest); w; w = strtok_r(NULL, " \t\r", &rest))
		if (count++ < HAVE_WORDS)
			words[count - 1] = w;
	return count;
}

/* "02:00:00:00:00:01", or "-" for none, which an entry in another state may leave out. */
static int read_mac(const char *word, bool needed, struct known *k, struct err *err)
{
	if (!word && needed)
		return err_set(err, -EBADMSG, _("an entry that is %s has a MAC, or - for none"),
			neigh_state_name(k->state));
	k->has_mac = word && strcmp(word, "-") != 0;
	if (k->has_mac && mac_parse(word, k->mac) < 0)
		return err_set(err, -EBADMSG, _("\"%s\" is no MAC"), word);
	return 0;
}

/* "age=1200", in milliseconds. */
static int read_age(const char *word, struct known *k, struct err *err)
{
	int64_t ms;
	if (text_parse_int(word + strlen(AGE), 0, INT64_MAX / (int64_t)NS_PER_MS, &ms) < 0)
		return err_set(
			err, -EBADMSG, _("\"%s\" is no age in milliseconds"), word + strlen(AGE));
	k->age_known = true;
	k->age_ns = (uint64_t)ms * NS_PER_MS;
	return 0;
}

/* "have eth0 192.168.2.222 STALE 02:00:00:00:00:01 age=1200" */
static int read_entry(const struct host *h, char *line, struct survey_entry *ret, struct err *err)
{
	char *words[HAVE_WORDS] = { NULL };
	size_t count = cut(line, words);
	struct known *k = &ret->known;
	bool needed;
	bool aged = count > 1 && count <= HAVE_WORDS &&
		    strncmp(words[count - 1], AGE, strlen(AGE)) == 0;
	size_t plain = count - aged;
	if (plain < 4 || plain > 5)
		return err_set(err, -EBADMSG,
			_("expected: have INTERFACE ADDRESS STATE MAC [age=MILLISECONDS]"));
	const struct host_link *l = host_link_named(h, words[1]);
	if (!l)
		return err_set(err, -EBADMSG, _("there is no link \"%s\""), words[1]);
	ret->ifindex = l->ifindex;
	if (ip_parse(words[2], &ret->ip) < 0)
		return err_set(err, -EBADMSG, _("\"%s\" is no IPv4 address"), words[2]);
	int error = entry_state(words[3], &k->state, &needed, err);
	if (!error)
		error = read_mac(plain == 5 ? words[4] : NULL, needed, k, err);
	return error || !aged ? error : read_age(words[count - 1], k, err);
}

static void add_entry(struct survey *f, size_t *room, const struct survey_entry *e)
{
	if (f->count == *room) {
		*room = *room ? *room * 2 : 64;
		f->entries = realloc(f->entries, *room * sizeof *f->entries);
		if (!f->entries)
			abort();
	}
	f->entries[f->count++] = *e;
}

/* The next line of a text; its line feed becomes the terminator. NULL behind the last. */
static char *next_line(char **at, char *end)
{
	char *line = *at;
	if (line >= end)
		return NULL;
	char *feed = memchr(line, '\n', (size_t)(end - line));
	*at = feed ? feed + 1 : end;
	*(feed ? feed : end) = '\0';
	return line;
}

/* Lines of the text that its host has read already. */
static int read_entries(
	struct survey *f, const char *name, char *bytes, size_t len, struct err *err)
{
	size_t room = 0;
	char *at = bytes, *line;
	for (size_t number = 1; (line = next_line(&at, bytes + len)); number++) {
		struct survey_entry e = { 0 };
		struct err why = { "" };
		if (!is_have(line))
			continue;
		if (read_entry(f->host, line, &e, &why) < 0)
			return err_set(err, -EBADMSG, "%s:%zu: %s", name, number, why.text);
		add_entry(f, &room, &e);
	}
	return 0;
}

static char *copy_of(const char *bytes, size_t len)
{
	char *copy = malloc(len + 1);
	if (!copy)
		abort();
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

/* Lines of entries become empty, so that all others keep their numbers. */
static void blank_entries(char *bytes, size_t len)
{
	char *copy = copy_of(bytes, len), *at = copy, *line;
	while ((line = next_line(&at, copy + len)))
		if (is_have(line))
			memset(bytes + (line - copy), ' ', strlen(line));
	free(copy);
}

int survey_read(struct survey *ret, const char *name, char *bytes, size_t len, struct err *err)
{
	struct survey f = { 0 };
	char *copy = copy_of(bytes, len);
	blank_entries(bytes, len);
	/* The host first: entries name its interfaces. */
	f.host = host_read(name, bytes, len, err);
	int error = f.host ? read_entries(&f, name, copy, len, err) : -EBADMSG;
	free(copy);
	if (error)
		survey_done(&f);
	else
		*ret = f;
	return error;
}
