/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: ARP packets read out of frames, written into them, and called by their names. */
#include <config.h>

#include <arplab/frame.h>

#include <assert.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

enum {
	TYPE_ARP = 0x0806,
	TYPE_IPV4 = 0x0800,
	TYPE_VLAN = 0x8100,     /* IEEE 802.1Q */
	TYPE_PROVIDER = 0x88a8, /* IEEE 802.1ad */
	TYPE_STACKED = 0x9100,  /* What some switches wrote before 802.1ad. */
	TAGS_MAX = 2,
	HARDWARE_ETHERNET = 1,
	HARDWARE_IEEE802 = 6,
	VLAN_ID = 0x0fff,
};

/* What is left to read. A read past the end gives nothing and says so. */
struct reader {
	const uint8_t *p, *end;
};

static bool take(struct reader *r, void *ret, size_t len)
{
	if ((size_t)(r->end - r->p) < len)
		return false;
	memcpy(ret, r->p, len);
	r->p += len;
	return true;
}

static bool take_u16(struct reader *r, uint16_t *ret)
{
	uint8_t b[2];
	if (!take(r, b, sizeof b))
		return false;
	*ret = (uint16_t)(b[0] << 8 | b[1]);
	return true;
}

static bool is_tag(uint16_t type)
{
	return type == TYPE_VLAN || type == TYPE_PROVIDER || type == TYPE_STACKED;
}

/* The Ethernet header, with VLAN tags or without: the innermost one counts. */
static enum arp_flaw take_ethernet(struct reader *r, struct arp_packet *ret)
{
	uint16_t type;
	if (!take(r, ret->eth_dst, 6) || !take(r, ret->eth_src, 6) || !take_u16(r, &type))
		return ARP_SHORT;
	for (int tags = 0; tags < TAGS_MAX && is_tag(type); tags++) {
		uint16_t control;
		if (!take_u16(r, &control) || !take_u16(r, &type))
			return ARP_SHORT;
		ret->tagged = true;
		ret->vlan = control & VLAN_ID;
	}
	return type == TYPE_ARP ? ARP_SOUND : ARP_NOT_ARP;
}

/* The part of an ARP packet that says how the rest is to be read. */
static enum arp_flaw take_header(struct reader *r, struct arp_packet *ret)
{
	if (!take_u16(r, &ret->hardware) || !take_u16(r, &ret->protocol) ||
		!take(r, &ret->hlen, 1) || !take(r, &ret->plen, 1) || !take_u16(r, &ret->op))
		return ARP_SHORT;
	if (ret->hardware != HARDWARE_ETHERNET && ret->hardware != HARDWARE_IEEE802)
		return ARP_HARDWARE_TYPE;
	if (ret->protocol != TYPE_IPV4)
		return ARP_PROTOCOL_TYPE;
	if (ret->hlen != sizeof ret->sha || ret->plen != sizeof ret->sip)
		return ARP_LENGTHS;
	return ARP_SOUND;
}

enum arp_flaw arp_decode(const uint8_t *frame, size_t len, struct arp_packet *ret)
{
	*ret = (struct arp_packet) { 0 };
	struct reader r = { frame, frame + len };
	enum arp_flaw flaw = take_ethernet(&r, ret);
	if (flaw)
		return flaw;
	ret->offset = (uint16_t)(r.p - frame);
	flaw = take_header(&r, ret);
	if (flaw)
		return flaw;
	if (!take(&r, ret->sha, 6) || !take(&r, &ret->sip, 4) || !take(&r, ret->tha, 6) ||
		!take(&r, &ret->tip, 4))
		return ARP_SHORT;
	return ARP_SOUND;
}

static uint8_t *give(uint8_t *p, const void *bytes, size_t len)
{
	memcpy(p, bytes, len);
	return p + len;
}

static uint8_t *give_u16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
	return p + 2;
}

size_t arp_encode(const struct arp_packet *p, uint8_t *frame, size_t size)
{
	size_t len = p->tagged ? ARP_FRAME_LEN + 4 : ARP_FRAME_LEN;
	assert(size >= len);
	(void)size;
	uint8_t *w = give(frame, p->eth_dst, 6);
	w = give(w, p->eth_src, 6);
	if (p->tagged) {
		w = give_u16(w, TYPE_VLAN);
		w = give_u16(w, p->vlan & VLAN_ID);
	}
	w = give_u16(w, TYPE_ARP);
	/* Who leaves the formats out means the ones that everybody uses. */
	w = give_u16(w, p->hardware ? p->hardware : HARDWARE_ETHERNET);
	w = give_u16(w, p->protocol ? p->protocol : TYPE_IPV4);
	*w++ = p->hlen ? p->hlen : sizeof p->sha;
	*w++ = p->plen ? p->plen : sizeof p->sip;
	w = give_u16(w, p->op);
	w = give(w, p->sha, 6);
	w = give(w, &p->sip, 4);
	w = give(w, p->tha, 6);
	w = give(w, &p->tip, 4);
	assert((size_t)(w - frame) == len);
	return len;
}

static enum arp_class request_class(const struct arp_packet *p)
{
	if (p->sip == 0)
		return ARP_CLASS_PROBE;
	if (p->sip == p->tip)
		return mac_is_zero(p->tha) ? ARP_CLASS_ANNOUNCEMENT : ARP_CLASS_GRATUITOUS;
	return mac_is_group(p->eth_dst) ? ARP_CLASS_REQUEST : ARP_CLASS_POLL;
}

enum arp_class arp_classify(const struct arp_packet *p, enum arp_flaw flaw)
{
	if (flaw)
		return ARP_CLASS_BROKEN;
	if (p->op == ARP_OP_REQUEST)
		return request_class(p);
	if (p->op == ARP_OP_REPLY)
		return p->sip && p->sip == p->tip ? ARP_CLASS_GRATUITOUS : ARP_CLASS_REPLY;
	return ARP_CLASS_OTHER;
}

static const struct {
	const char *name;
	const char *help;
	char letter;
} classes[ARP_CLASSES] = {
	[ARP_CLASS_REQUEST] = { NC_("frame", "request"),
		N_("Somebody asks everyone on the link: who has this IP address? Tell me your "
		   "MAC."),
		'?' },
	[ARP_CLASS_REPLY] = { NC_("frame", "reply"),
		N_("The answer: this IP address is at this MAC. It goes to the one who asked."),
		'!' },
	[ARP_CLASS_PROBE] = { NC_("frame", "probe"),
		N_("A machine that wants to use an address asks first whether somebody has it "
		   "already. Its sender IP is 0.0.0.0, so that no cache is changed."),
		'P' },
	[ARP_CLASS_ANNOUNCEMENT] = { NC_("frame", "announcement"),
		N_("A machine says that it uses this address from now on; whoever has it in the "
		   "cache corrects the MAC. Nobody is meant to answer."),
		'A' },
	[ARP_CLASS_GRATUITOUS] = { NC_("frame", "gratuitous"),
		N_("A machine names its own address without being asked, so that others correct "
		   "their caches: after a failover, for example."),
		'G' },
	[ARP_CLASS_POLL] = { NC_("frame", "poll"),
		N_("A question to one known MAC: is this address still yours? A cache entry that "
		   "has become old is confirmed this way, without troubling everyone."),
		'u' },
	[ARP_CLASS_OTHER] = { NC_("frame", "other"),
		N_("An operation other than request and reply, such as those of RARP and InARP. "
		   "Linux takes no notice of it."),
		'o' },
	[ARP_CLASS_BROKEN] = { NC_("frame", "broken"),
		N_("This frame cannot be read as ARP over Ethernet for IPv4. It changes no ARP "
		   "cache."),
		'x' },
};

const char *arp_class_name(enum arp_class class)
{
	assert(class < ARP_CLASSES);
	return classes[class].name;
}

char arp_class_letter(enum arp_class class)
{
	assert(class < ARP_CLASSES);
	return classes[class].letter;
}

const char *arp_class_help(enum arp_class class)
{
	assert(class < ARP_CLASSES);
	return classes[class].help;
}

const char *arp_flaw_text(enum arp_flaw flaw)
{
	switch (flaw) {
	case ARP_SOUND:
		return N_("nothing is wrong with it");
	case ARP_SHORT:
		return N_("ends before the ARP packet does");
	case ARP_NOT_ARP:
		return N_("its Ethernet type is not ARP (0x0806)");
	case ARP_HARDWARE_TYPE:
		return N_("its hardware type is neither 1 (Ethernet) nor 6 (IEEE 802)");
	case ARP_PROTOCOL_TYPE:
		return N_("its protocol type is not 0x0800 (IPv4)");
	case ARP_LENGTHS:
		return N_("its addresses are not 6 and 4 bytes long");
	}
	return N_("its flaw has no name");
}
