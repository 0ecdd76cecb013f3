/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: lines of claims, and what they see in a lab. */
#include <config.h>

#include "../unit/lab.h"
#include "fuzz.h"

#include <arplab/claim.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct topology t;
	static struct world w;
	if (!t.node_count) {
		lab_topology(&t);
		lab_world(&w, &t);
		lab_asks(&w, CLIENT, 0, LAB_VIP, LAB_CLIENT);
		lab_answers(&w, RS2, LAB_VIP);
		lab_neigh(&w, CLIENT, LAB_VIP, NUD_REACHABLE, RS2);
		lab_pinged(&w, CLIENT, LAB_VIP, 1, 1);
	}
	char *line = fuzz_string(bytes, len);
	char sentence[200];
	struct claim c, again;
	struct err err = { "" };
	if (claim_parse(line, &t, &c, &err) == 0) {
		struct text seen = text_in(sentence, sizeof sentence);
		must(c.kind < CLAIM_KINDS && c.node <= t.node_count);
		claim_holds(&c, &w, (struct since) { 0 }, &seen);
		must(text_end(&seen)[0]);
		must(claim_parse(c.text, &t, &again, &err) == 0);
		must(memcmp(&c, &again, sizeof c) == 0);
	} else {
		must(err.text[0] && !strchr(err.text, '\n'));
	}
	free(line);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"sysctl rs1 all.arp_ignore = 1",
		"effective rs1 eth0.arp_announce >= 2",
		"address rs1 192.168.2.200 = lo",
		"address client 192.168.2.200 = none",
		"scope rs1 192.168.2.200 != host",
		"link rs1 eth1 = up",
		"neigh client 192.168.2.200 = rs2",
		"neigh client 192.168.2.200 != 02:00:00:00:00:04",
		"neigh client 192.168.2.7 = unknown",
		"state client 192.168.2.200 = REACHABLE",
		"replies 192.168.2.200 = director,rs1,rs2",
		"replies 192.168.2.200 <= 3",
		"first 192.168.2.200 = rs2",
		"cards 192.168.2.200 = rs2.eth0,rs1.eth1",
		"cards 192.168.2.200 = 1",
		"asked client 192.168.2.200 > 0",
		"polled client 192.168.2.200 < 1",
		"tells client 192.168.2.200 = 192.168.2.222",
		"sent rs2 = 1",
		"announced rs2 192.168.2.200 >= 1",
		"ping client 192.168.2.200 = answered",
		"ping client 192.168.2.200 = 1",
	};
	return fuzz_text_seed(texts, sizeof texts / sizeof *texts, number, bytes, size);
}
