/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a packet filter for the ARP frames of a machine of the lab, by nf_tables' own netlink, so
 * that no program has to be installed. What `nft list ruleset` and `nft delete table` do in a shell
 * of the machine meets the same table.
 *
 * Source: include/uapi/linux/netfilter/nf_tables.h; net/netfilter/nfnetlink.c, nfnetlink_rcv_batch:
 * what stands between the two ends of a batch is done as a whole or not at all. Frames that a
 * program sends through a packet socket do not pass here (net/ipv4/arp.c, arp_xmit).
 */
#include <config.h>

#include "lab_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_arp.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_arp.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/i18n.h>

#define TABLE "arplab"
#define CHAIN_IN "in"
#define CHAIN_OUT "out"

/* Where the addresses stand in a packet (RFC 826), behind operation and MAC. */
#define SENDER_OFFSET (sizeof(struct arphdr) + 6)
#define TARGET_OFFSET (sizeof(struct arphdr) + 16)

/* ---- messages ---- */

static struct nl_msg *add(struct batch *b, int type, int flags)
{
	const struct nfgenmsg head = { .nfgen_family = NFPROTO_ARP };
	return batch_add(b, 0, NFNL_SUBSYS_NFTABLES << 8 | type, flags, &head, sizeof head);
}

/* Either end of a batch. */
static void add_end(struct batch *b, int type)
{
	const struct nfgenmsg head = { .res_id = htons(NFNL_SUBSYS_NFTABLES) };
	batch_add(b, 0, type, 0, &head, sizeof head);
}

static void put_number(struct nl_msg *m, int attribute, uint32_t value)
{
	nla_put_u32(m, attribute, htonl(value));
}

static void add_table(struct batch *b)
{
	struct nl_msg *m = add(b, NFT_MSG_NEWTABLE, NLM_F_CREATE);
	if (m)
		nla_put_string(m, NFTA_TABLE_NAME, TABLE);
}

static void add_chain(struct batch *b, const char *name, uint32_t hook)
{
	struct nl_msg *m = add(b, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
	if (!m)
		return;
	nla_put_string(m, NFTA_CHAIN_TABLE, TABLE);
	nla_put_string(m, NFTA_CHAIN_NAME, name);
	nla_put_string(m, NFTA_CHAIN_TYPE, "filter");
	struct nlattr *nest = nla_nest_start(m, NFTA_CHAIN_HOOK);
	put_number(m, NFTA_HOOK_HOOKNUM, hook);
	put_number(m, NFTA_HOOK_PRIORITY, 0);
	nla_nest_end(m, nest);
}

static void add_removal(struct batch *b)
{
	struct nl_msg *m = add(b, NFT_MSG_DELTABLE, 0);
	if (m)
		nla_put_string(m, NFTA_TABLE_NAME, TABLE);
}

/* ---- expressions of a rule ---- */

struct expression {
	struct nlattr *element, *data;
};

static struct expression begin(struct nl_msg *m, const char *name)
{
	struct expression x = { .element = nla_nest_start(m, NFTA_LIST_ELEM) };
	nla_put_string(m, NFTA_EXPR_NAME, name);
	x.data = nla_nest_start(m, NFTA_EXPR_DATA);
	return x;
}

static void end(struct nl_msg *m, const struct expression *x)
{
	nla_nest_end(m, x->data);
	nla_nest_end(m, x->element);
}

/* Four bytes of the packet into a register, or (NFTA_PAYLOAD_SREG) a register into them. */
static void put_payload(struct nl_msg *m, int attribute, uint32_t offset)
{
	struct expression x = begin(m, "payload");
	put_number(m, attribute, NFT_REG_1);
	put_number(m, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
	put_number(m, NFTA_PAYLOAD_OFFSET, offset);
	put_number(m, NFTA_PAYLOAD_LEN, sizeof(uint32_t));
	end(m, &x);
}

static void put_value(struct nl_msg *m, int attribute, uint32_t ip)
{
	struct nlattr *nest = nla_nest_start(m, attribute);
	nla_put_u32(m, NFTA_DATA_VALUE, ip);
	nla_nest_end(m, nest);
}

/* Go on only if the register holds that address. */
static void put_compare(struct nl_msg *m, uint32_t ip)
{
	struct expression x = begin(m, "cmp");
	put_number(m, NFTA_CMP_SREG, NFT_REG_1);
	put_number(m, NFTA_CMP_OP, NFT_CMP_EQ);
	put_value(m, NFTA_CMP_DATA, ip);
	end(m, &x);
}

static void put_drop(struct nl_msg *m)
{
	struct expression x = begin(m, "immediate");
	put_number(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	struct nlattr *nest = nla_nest_start(m, NFTA_IMMEDIATE_DATA);
	struct nlattr *verdict = nla_nest_start(m, NFTA_DATA_VERDICT);
	put_number(m, NFTA_VERDICT_CODE, NF_DROP);
	nla_nest_end(m, verdict);
	nla_nest_end(m, nest);
	end(m, &x);
}

static void put_rename(struct nl_msg *m, uint32_t ip)
{
	struct expression x = begin(m, "immediate");
	put_number(m, NFTA_IMMEDIATE_DREG, NFT_REG_1);
	put_value(m, NFTA_IMMEDIATE_DATA, ip);
	end(m, &x);
	put_payload(m, NFTA_PAYLOAD_SREG, SENDER_OFFSET);
}

static void add_rule(struct batch *b, const struct action *a)
{
	struct nl_msg *m = add(b, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	bool in = a->value == SIEVE_DROP_IN;
	if (!m)
		return;
	nla_put_string(m, NFTA_RULE_TABLE, TABLE);
	nla_put_string(m, NFTA_RULE_CHAIN, in ? CHAIN_IN : CHAIN_OUT);
	struct nlattr *list = nla_nest_start(m, NFTA_RULE_EXPRESSIONS);
	put_payload(m, NFTA_PAYLOAD_DREG, in ? TARGET_OFFSET : SENDER_OFFSET);
	put_compare(m, a->ip);
	if (a->value == SIEVE_REWRITE)
		put_rename(m, a->ip2);
	else
		put_drop(m);
	nla_nest_end(m, list);
}

/* ---- batches ---- */

/* removed: nothing is to be left of it. Returns 0 or -errno. */
static int ask(const struct lab_node *n, const struct action *a, bool removed)
{
	struct batch b;
	int r = lab_enter(n->lab, n->number);
	if (r < 0)
		return r;
	int fd = batch_socket(NETLINK_NETFILTER);
	lab_leave(n->lab);
	if (fd < 0)
		return fd;
	batch_begin(&b, fd);
	b.mute = 1;
	add_end(&b, NFNL_MSG_BATCH_BEGIN);
	add_table(&b);
	if (a->value != SIEVE_OFF) {
		add_chain(&b, CHAIN_IN, NF_ARP_IN);
		add_chain(&b, CHAIN_OUT, NF_ARP_OUT);
		add_rule(&b, a);
	}
	if (removed)
		add_removal(&b);
	add_end(&b, NFNL_MSG_BATCH_END);
	r = batch_end(&b);
	close(fd);
	return r;
}

int sieve_try(const struct lab_node *n)
{
	const struct action a = { .value = SIEVE_DROP_IN };
	return ask(n, &a, true);
}

int rewrite_try(const struct lab_node *n)
{
	const struct action a = { .value = SIEVE_REWRITE };
	return ask(n, &a, true);
}

static void say(struct text *said, const struct lab_node *n, const struct action *a)
{
	struct word ip = ip_word(a->ip);
	switch (a->value) {
	case SIEVE_OFF:
		text_printf(said, _("%s filters no ARP frames"), n->name);
		break;
	case SIEVE_DROP_IN:
		text_printf(said, _("%s drops what asks who-has %s"), n->name, ip.text);
		break;
	case SIEVE_DROP_OUT:
		text_printf(said, _("%s drops what it would send as %s"), n->name, ip.text);
		break;
	case SIEVE_REWRITE:
		text_printf(said, _("%s sends what it would send as %s as %s"), n->name, ip.text,
			ip_word(a->ip2).text);
		break;
	default:
		break;
	}
}

int node_sieve(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	int r = ask(n, a, a->value == SIEVE_OFF);
	if (r < 0) {
		char words[EVENT_TEXT_SIZE];
		struct text t = text_in(words, sizeof words);
		preflight_explain(&t, a->value == SIEVE_REWRITE ? STAGE_REWRITE : STAGE_SIEVE, r,
			&n->lab->found);
		return err_set(err, r, "%s", text_end(&t));
	}
	say(said, n, a);
	return 0;
}
