/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: ARP frames off the wire. */
#include <config.h>

#include "fuzz.h"

#include <arplab/frame.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *frame = fuzz_copy(bytes, len);
	struct arp_packet p, again;
	enum arp_flaw flaw = arp_decode(frame, len, &p);
	enum arp_class class = arp_classify(&p, flaw);
	must(class < ARP_CLASSES);
	must(arp_class_name(class)[0] && arp_class_letter(class) && arp_class_help(class));
	must((class == ARP_CLASS_BROKEN) == (flaw != ARP_SOUND));
	if (flaw == ARP_SOUND) {
		uint8_t out[64];
		size_t n = arp_encode(&p, out, sizeof out);
		must(n == (p.tagged ? ARP_FRAME_LEN + 4u : ARP_FRAME_LEN));
		must(arp_decode(out, n, &again) == ARP_SOUND);
		must(again.sip == p.sip && again.tip == p.tip && again.op == p.op);
		must(memcmp(again.sha, p.sha, 6) == 0 && memcmp(again.tha, p.tha, 6) == 0);
		must(memcmp(again.eth_dst, p.eth_dst, 6) == 0 && again.tagged == p.tagged);
		must(arp_classify(&again, ARP_SOUND) == class);
	} else {
		must(arp_flaw_text(flaw)[0]);
	}
	free(frame);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	if (number >= 8)
		return SIZE_MAX;
	struct arp_packet p = { .hardware = number == 5 ? 6 : 1, .protocol = 0x800, .hlen = 6,
		.plen = 4, .op = (uint16_t)(number % 3 + 1), .sip = number == 3 ? 0 : 0x0201a8c0,
		.tip = number == 4 ? 0x0201a8c0 : 0x0101a8c0, .vlan = 7, .tagged = number >= 6 };
	memset(p.eth_dst, 0xff, 6);
	memset(p.eth_src, 2, 6);
	memset(p.sha, 2, 6);
	return arp_encode(&p, bytes, size);
}
