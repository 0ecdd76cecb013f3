/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the capture filter: what arplab always asks for, and what a person adds to it.
 *
 * libpcap's compiler looks up every word that it does not know as a host, a network, a port or a
 * protocol, and that sends frames and waits for answers. So only words that it has always known,
 * numbers and addresses get as far as the compiler.
 */
#include <config.h>

#include "capture_filter.h"

#include <ctype.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/parts.h>
#include <arplab/text.h>

#define FILTER_TEXT_MAX 1024 /* Of a person's filter. */
#define WORD_SIZE 64
#define MAC_TEXT_MAX 17
#define WORD_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

/* Words that libpcap has known since 1.0, but for those that want a name to follow. */
static const char *const keywords[] = { "ah", "and", "arp", "broadcast", "byte", "dst", "esp",
	"ether", "greater", "host", "icmp", "igmp", "ip", "ip6", "len", "length", "less", "link",
	"mask", "mpls", "multicast", "net", "not", "or", "port", "proto", "rarp", "sctp", "src",
	"stp", "tcp", "udp", "vlan" };

static bool is_keyword(const char *word)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		if (strcmp(word, keywords[i]) == 0)
			return true;
	}
	return false;
}

/* A number, or two to four of them with dots: an address, or the front of a network's. */
static bool is_number(const char *word)
{
	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		return word[2] && word[2 + strspn(word + 2, "0123456789abcdefABCDEF")] == '\0';
	for (int parts = 1; parts <= 4; parts++) {
		size_t digits = strspn(word, "0123456789");
		if (digits == 0)
			return false;
		if (word[digits] == '\0')
			return true;
		if (word[digits] != '.')
			return false;
		word += digits + 1;
	}
	return false;
}

/* The bytes of a MAC at the start of the text that no other letter or digit follows, or 0. */
static size_t mac_length(const char *text)
{
	char word[MAC_TEXT_MAX + 1] = "";
	uint8_t mac[6];

	size_t len = strspn(text, "0123456789abcdefABCDEF:-");
	if (len != MAC_TEXT_MAX || isalnum((unsigned char)text[len]) ||
		(text[len] && strchr("_.", text[len])))
		return 0;
	memcpy(word, text, len);
	/* With both kinds of separators it would be words to libpcap. */
	if (strchr(word, ':') && strchr(word, '-'))
		return 0;
	return mac_parse(word, mac) == 0 ? len : 0;
}

/* Look at every word. ret_vlan: whether one of them is `vlan`. */
static int check_words(const char *text, bool *ret_vlan, struct err *err)
{
	*ret_vlan = false;
	while (*text) {
		size_t len = mac_length(text);
		if (len > 0) {
			text += len;
			continue;
		}
		len = isalnum((unsigned char)*text) ? strspn(text, WORD_BYTES) : 0;
		if (len == 0) {
			if (!strchr(" \t()[]&|!=<>+-*/%^:", *text))
				return err_set(err, -EINVAL,
					_("'%c' has no place in a capture filter"), *text);
			text++;
			continue;
		}
		char word[WORD_SIZE];
		text_copy(word, len < sizeof word ? len + 1 : sizeof word, text);
		if (len >= sizeof word || (!is_keyword(word) && !is_number(word)))
			return err_set(err, -EINVAL,
				_("'%s' is no word of capture filters, and names are not looked "
				  "up, "
				  "because that would send frames: write the address"),
				word);
		*ret_vlan = *ret_vlan || strcmp(word, "vlan") == 0;
		text += len;
	}
	return 0;
}

/*
 * Write the whole filter.
 * tags: VLAN tags can be looked for; in cooked captures they cannot.
 * Returns what check_words() does, or -EINVAL: too long.
 */
static int write_filter(struct text *t, const char *text, bool tags, struct err *err)
{
	bool vlan;

	if (!text || text[strspn(text, " \t")] == '\0') {
		text_put(t, tags ? "arp or (vlan and (arp or (vlan and arp)))" : "arp");
		text_end(t);
		return 0;
	}
	int r = check_words(text, &vlan, err);
	if (r < 0)
		return r;
	if (strlen(text) > FILTER_TEXT_MAX)
		return err_set(err, -EINVAL, _("a capture filter has at most %d characters"),
			FILTER_TEXT_MAX);
	/*
	 * Behind each `vlan` everything is looked for four bytes later, to the filter's end: so
	 * what is behind two tags stands last. Who writes `vlan` places it.
	 */
	if (vlan || !tags)
		text_printf(t, "(%s) and arp", text);
	else
		text_printf(t,
			"(arp and (%s)) or (vlan and ((arp and (%s)) or (vlan and arp and "
			"(%s))))",
			text, text, text);
	text_end(t);
	return 0;
}

int capture_filter_compile(
	struct pcap *pcap, const char *text, struct bpf_program *ret, struct err *err)
{
	char whole[3 * FILTER_TEXT_MAX + 128];
	struct text t = text_in(whole, sizeof whole);

	int r = write_filter(&t, text, pcap_datalink(pcap) == DLT_EN10MB, err);
	if (r < 0)
		return r;
	/* By itself first: a lone bracket must not find its partner in what stands around it. */
	bool good = true;
	if (text) {
		good = pcap_compile(pcap, ret, text, 1, PCAP_NETMASK_UNKNOWN) == 0;
		if (good)
			pcap_freecode(ret);
	}
	if (!good || pcap_compile(pcap, ret, whole, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return err_set(err, -EINVAL, _("this is no capture filter: %s"), pcap_geterr(pcap));
	return 0;
}

int capture_filter_check(const char *text, struct err *err)
{
	struct bpf_program program;

	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, CAPTURE_SNAPLEN);
	if (!pcap)
		return err_set(err, -ENOMEM, _("out of memory"));
	int r = capture_filter_compile(pcap, text, &program, err);
	if (r == 0)
		pcap_freecode(&program);
	pcap_close(pcap);
	return r;
}

int capture_filter_install(struct pcap *pcap, const char *text, struct err *err)
{
	struct bpf_program program;

	int r = capture_filter_compile(pcap, text, &program, err);
	if (r < 0)
		return r;
	if (pcap_setfilter(pcap, &program) < 0)
		r = err_set(
			err, -EINVAL, _("the filter cannot be installed: %s"), pcap_geterr(pcap));
	pcap_freecode(&program);
	return r;
}
