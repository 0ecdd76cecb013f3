/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: descriptions of hosts; what is accepted is written and read again, and can be asked. */
#include <config.h>

#include "fuzz.h"

#include <arplab/host.h>

#define TEXT_MAX (1u << 20)

struct lines {
	char *text;
	size_t len;
};

static void take_line(void *arg, const char *line)
{
	struct lines *l = arg;
	size_t len = strlen(line);
	must(len < 512 && !strchr(line, '\n') && l->len + len + 1 < TEXT_MAX);
	memcpy(l->text + l->len, line, len);
	l->text[l->len + len] = '\n';
	l->len += len + 1;
}

static struct lines write_all(const struct host *h)
{
	struct lines l = { malloc(TEXT_MAX), 0 };
	must(l.text);
	host_write(h, take_line, &l);
	return l;
}

static void ask(const struct host *h)
{
	for (size_t i = 0; i < h->addr_count; i++) {
		const struct host_route *r = NULL;
		const char *why = NULL;
		struct flow f = { .dst = h->addrs[i].address, .output = true };
		must(host_owner(h, h->addrs[i].local));
		must(host_addr_type(h, h->addrs[i].local) >= -1);
		enum fib_result found = host_lookup(h, &f, &r, &why);
		must(found != FIB_UNKNOWN || why);
		must((found != FIB_ROUTE && found != FIB_ERROR) || r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *file = fuzz_copy(bytes, len);
	struct err err = { "" };
	struct host *h = host_read("x", file, len, &err);
	must((h == NULL) == (err.text[0] != '\0'));
	if (h) {
		struct lines first = write_all(h);
		struct host *again = host_read("x", first.text, first.len, &err);
		must(again);
		struct lines second = write_all(again);
		must(first.len == second.len && memcmp(first.text, second.text, first.len) == 0);
		ask(h);
		free(first.text);
		free(second.text);
		host_free(again);
	}
	host_free(h);
	free(file);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"",
		"config a kernel=6.1.0-13 split_tables=1\nlink 1 lo\nlink 2 e0 02:0a:01:00:00:00\n"
		"addr lo 127.0.0.1/8\naddr e0 10.0.0.1/24\naddroute default gw=10.0.0.2\n"
		"rule 5 action=table table=9 from=10.0.0.0/8 iif=e0 not=1 suppress=3\n"
		"sysctl all arp_ignore 1\nlocktime e0 -\npneigh - 10.0.0.9\n",
		"link 3 b 02:0a:01:00:00:00 up=0 noarp=1 above=vrf\nlink 2 e master=b - "
		"ethernet=0\n"
		"addr b 10.0.0.1 address=10.0.0.3 plen=32 scope=253 secondary=1\n"
		"route table=main type=throw dst=10.0.0.0/8 metric=4 tos=8 hops=2\n"
		"route default dev=b gw=10.0.0.3 dead=1 linkdown=1 onlink=1 manual=1\n",
		("link 2 e 02:0a:01:00:00:00\r\n# x\naddaddr e 10.0.0.1/24 peer=10.0.0.9 errno=0\n"
		 "addroute 10.3.0.0/16 type=blackhole errno=0\naddr e 1.1.1.1\n"),
	};
	return fuzz_text_seed(texts, sizeof texts / sizeof *texts, number, bytes, size);
}
