/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: one sane event and one sane action of each kind, for targets to begin with. */
#ifndef TESTS_FUZZ_SEEDS_H
#define TESTS_FUZZ_SEEDS_H

#include <string.h>

#include <arplab/action.h>
#include <arplab/event.h>

/* A sane event of that kind; its size. */
static inline size_t seed_event(enum event_kind kind, struct event *e)
{
	memset(e, 0, sizeof *e);
	if (kind == EVENT_FRAME)
		e->frame.caplen = 42;
	event_begin(e, kind, UINT64_C(1700000000123456789));
	switch (kind) {
	case EVENT_HELLO:
		e->hello = (struct hello){ .pid = 42, .powers = POWER_CAPTURE | POWER_CHANGE,
			.scope = SCOPE_HOST, .netns = 4026531840,
			.kernel = 0x060100, .host = "lvs-rs1" };
		break;
	case EVENT_MARK:
		e->mark = (struct mark){ .table = TABLE_NEIGHS };
		break;
	case EVENT_LINK:
		e->link = (struct link){ .ifindex = 2, .flags = 0x1043, .mtu = 1500, .type = 1,
			.mac_len = 6, .mac = { 2, 0, 0, 0, 0, 1 }, .name = "eth0", .kind = "veth" };
		break;
	case EVENT_ADDR:
		e->addr = (struct addr){ .ifindex = 2, .local = 0x0101a8c0, .address = 0x0101a8c0,
			.valid_s = UINT32_MAX, .prefix = 24, .label = "eth0" };
		break;
	case EVENT_ROUTE:
		e->route = (struct route){ .table = 254, .gateway = 0x0101a8c0, .ifindex = 2,
			.type = 1, .protocol = 3, .hops = 1 };
		break;
	case EVENT_RULE:
		e->rule = (struct policy_rule){ .priority = 32766, .table = 254, .action = 1 };
		break;
	case EVENT_NEIGH:
		e->neigh = (struct neigh){ .ifindex = 2, .ip = 0x0201a8c0, .state = 2, .mac_len = 6,
			.mac = { 2, 0, 0, 0, 0, 2 }, .has_ages = 1, .used_ms = 100 };
		break;
	case EVENT_SYSCTL:
		e->sysctl = (struct sysctl_value){ .ifindex = 2, .value = 1 };
		break;
	case EVENT_FRAME:
		e->frame.number = 1;
		e->frame.ifindex = 2;
		e->frame.len = 60;
		e->frame.caplen = 42;
		memset(e->frame.bytes, 0xff, 6);
		break;
	case EVENT_CAPTURE:
		e->capture = (struct capture){ .ifindex = 2, .state = CAPTURE_FAILED, .error = -1,
			.text = "cannot capture on eth0" };
		break;
	case EVENT_DROPS:
		e->drops = (struct drops){ .ifindex = 2, .received = 100, .kernel = 3 };
		break;
	case EVENT_CHANGE:
		e->change = (struct change){ .number = 1, .ifindex = 2, .state = CHANGE_HELD,
			.after = 1, .pid = 42, .made_ns = 1700000000, .name = "eth0" };
		break;
	case EVENT_DONE:
		e->done = (struct done){ .id = 7, .text = "done" };
		break;
	case EVENT_NOTE:
		e->note = (struct note){ .grave = 1, .text = "a note with = and\tspaces" };
		break;
	case EVENT_FILE:
		e->file = (struct file_progress){ .packets = 10, .frames = 3, .bytes = 1000,
			.complete = 1, .seekable = 1, .linktype = 1 };
		break;
	case EVENT_LAB:
		e->lab = (struct lab_news){ .state = LAB_UP, .number = 1, .took_ns = 5000000,
			.text = "4 machines" };
		break;
	case EVENT_NODE:
		e->machine = (struct node){ .number = 3, .name = "rs1" };
		e->node = 3;
		break;
	case EVENT_STAGE:
		e->stage = (struct stage){ .stage = STAGE_BRIDGE, .error = -95, .needed = 1,
			.text = "there are no bridges here" };
		break;
	case EVENT_TRIED:
		e->tried = (struct tried){ .kind = ACTION_PING, .ip = 0x0201a8c0, .sent = 3,
			.received = 2, .rtt_ns = 40000, .mac = { 2, 0, 0, 0, 0, 2 } };
		e->node = 1;
		break;
	case EVENT_VIRTUAL:
		e->virtual = (struct virtual_service){ .ip = 0xc802a8c0, .port = 80,
			.scheduler = SCHEDULER_RR, .backend = BACKEND_STANDIN, .connections = 20 };
		e->node = 2;
		break;
	case EVENT_REAL:
		e->real = (struct real_server){ .vip = 0xc802a8c0, .ip = 0x6502a8c0, .port = 80,
			.weight = 1, .connections = 10, .packets = 50 };
		e->node = 2;
		break;
	case EVENT_SERVED:
		e->served = (struct served){ .id = 9, .ip = 0xc802a8c0, .port = 80, .server = 3,
			.director = 2, .count = 10 };
		e->node = 1;
		break;
	case EVENT_BYE:
	case EVENT_KINDS:
		break;
	}
	return e->size;
}

static inline void seed_action(enum action_kind kind, struct action *a)
{
	*a = (struct action){ .id = 9, .kind = (uint16_t)kind };
	if (kind > ACTION_BUILD) {
		a->node = 1;
		a->ifindex = 2;
		a->ip = 0x0201a8c0;
	}
	switch (kind) {
	case ACTION_SET:
		a->ifindex = 2;
		a->value = 1;
		break;
	case ACTION_FILTER:
	case ACTION_CHECK_FILTER:
		strcpy(a->text, "arp and host 192.0.2.1");
		break;
	case ACTION_LOOK_NEIGH:
		a->ifindex = 2;
		a->ip = 0x0201a8c0;
		break;
	case ACTION_FETCH:
		a->first = 1;
		a->count = 100;
		break;
	case ACTION_ADDR:
	case ACTION_ROUTE:
		a->value = 1;
		a->prefix = 24;
		break;
	case ACTION_RULE:
		a->value = 1;
		a->prefix = 32;
		a->count = 7;
		break;
	case ACTION_SIEVE:
		a->value = 3;
		a->ip2 = 0x6502a8c0;
		break;
	case ACTION_MAC:
	case ACTION_NEIGH:
		a->state = 4;
		a->mac[5] = 2;
		break;
	case ACTION_PING:
	case ACTION_ARPING:
	case ACTION_UDP:
		a->count = 3;
		break;
	case ACTION_SERVE:
	case ACTION_VIRTUAL:
	case ACTION_REAL:
	case ACTION_CONNECT:
		a->port = 80;
		a->value = 1;
		a->count = 3;
		a->ip2 = 0x6502a8c0;
		break;
	case ACTION_SEND:
		a->arp = (struct arp_fields){ .eth_dst = { 255, 255, 255, 255, 255, 255 },
			.spa = 0x0201a8c0, .tpa = 0x0201a8c0, .op = 1 };
		break;
	case ACTION_VRRP:
		a->value = 1;
		a->count = 150;
		break;
	case ACTION_LINK:
	case ACTION_ARP:
	case ACTION_FLUSH:
	case ACTION_TIMERS:
	case ACTION_PORT:
	case ACTION_CAPTURE:
	case ACTION_SHELL:
	case ACTION_OUTAGE:
	case ACTION_BUILD:
	case ACTION_UNDO:
	case ACTION_UNDO_ALL:
	case ACTION_KEEP:
	case ACTION_RESTORE:
	case ACTION_FORGET:
	case ACTION_KINDS:
		break;
	}
}

#endif
