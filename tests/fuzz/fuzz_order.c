/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: lines of orders, as lessons and learners write them. */
#include <config.h>

#include "../unit/lab.h"
#include "fuzz.h"

#include <arplab/order.h>

static bool count(void *arg, const char *word)
{
	size_t *left = arg;
	must(word[0]);
	return --*left > 0;
}

/* What is accepted can be asked of each of its machines, and the lab would not call it nonsense. */
static void must_act(const struct order *o, const struct world *w, size_t nodes)
{
	struct err err = { "" };
	must(o->nodes && !(o->nodes & 1) && o->nodes >> (nodes + 1) == 0);
	for (uint16_t n = 1; n <= nodes; n++) {
		struct action a;
		if (!(o->nodes & UINT64_C(1) << n))
			continue;
		must(order_action(o, n, w, &a, &err) == 0);
		must(a.node == n && action_check(&a, sizeof a) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct topology t;
	static struct world w;
	if (!t.node_count) {
		lab_topology(&t);
		lab_world(&w, &t);
	}
	char *line = fuzz_string(bytes, len);
	struct order o, again;
	struct err err = { "" };
	size_t left = 1000;
	order_complete(line, &t, count, &left);
	if (order_parse(line, &t, &o, &err) == 0) {
		if (o.action.kind)
			must_act(&o, &w, t.node_count);
		else
			must(!o.nodes && o.wait_ms > 0 && o.wait_ms <= 60000);
		must(!order_changes_state(&o) || o.action.kind);
		must(order_parse(o.text, &t, &again, &err) == 0);
		must(memcmp(&o, &again, sizeof o) == 0);
	} else {
		must(err.text[0] && !strchr(err.text, '\n'));
	}
	free(line);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"set rs1,rs2 all.arp_ignore 1",
		"set all eth0.arp_announce=2",
		"addr add rs1 lo 192.168.2.200/32 scope host",
		"link rs1 eth1 down",
		"arp rs2 off",
		"route add rs1 default via 192.168.2.1 dev eth0",
		"neigh client 192.168.2.200 rs1 stale dev eth0",
		"flush client 192.168.2.200",
		"timers all fast",
		"ping client 192.168.2.200 count 3 from 192.168.2.222",
		"arping rs1 10.211.55.9 count 2 dev eth1",
		"garp rs1 192.168.2.200 reply mac 00:00:5e:00:01:33",
		"send client who-has 192.168.2.200 tell 0.0.0.0 mac rs2 to rs1",
		"send rs1 192.168.2.200 is-at rs1 to client for 192.168.2.222",
		"udp rs1 192.168.2.222 from 192.168.2.200 port 53",
		"port rs2 last",
		"capture rs1 on names 192.168.2.222 dev eth1",
		"wait 1500ms",
	};
	return fuzz_text_seed(texts, sizeof texts / sizeof *texts, number, bytes, size);
}
