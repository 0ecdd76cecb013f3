/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: where the machines are known, a conflict is called by what they hold; and in words. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arplab/conflict.h>
#include <arplab/i18n.h>

#include "past.h"

static struct scene s;
static struct conflicts *c;
static struct topology plan;

static int lab_begins(void **state)
{
	(void)state;
	lab_scene(&s, 3);
	c = conflicts_new();
	return 0;
}

static int host_begins(void **state)
{
	(void)state;
	host_scene(&s);
	c = conflicts_new();
	return 0;
}

static int ends(void **state)
{
	(void)state;
	conflicts_free(c);
	past_close(&s);
	return 0;
}

static uint64_t clock_ns = 10 * NS_PER_S;

/* A frame from a machine of the lab, or on a host's eth0 from a MAC of that number. */
static void frame(uint16_t from, bool lab, unsigned nth, uint16_t op, uint32_t sip, uint32_t tip)
{
	struct event e = arp_frame(from, 0, op, sip, tip);
	uint8_t mac[6];
	topology_mac(from, nth, mac);
	memcpy(e.frame.bytes + 6, mac, 6);
	memcpy(e.frame.bytes + 22, mac, 6);
	e.at_ns = clock_ns += 10 * US;
	e.node = lab ? from : 0;
	e.flags = lab ? EVENT_SENT : 0;
	e.frame.ifindex = 2 + (int32_t)nth;
	conflicts_frame(c, s.w.machines[0], &e);
}

static void lab_asks(uint16_t from, uint32_t sip, uint32_t tip)
{
	frame(from, true, 0, ARP_OP_REQUEST, sip, tip);
}

static void lab_answers(uint16_t from, uint32_t ip)
{
	frame(from, true, 0, ARP_OP_REPLY, ip, LAN_IP(3));
}

static void add(uint16_t node, int32_t ifindex, uint32_t ip)
{
	struct event e = make_addr(ifindex, ip, 1);
	e.addr.prefix = 32;
	say(&s, node, NS_PER_S, e);
}

static struct conflict found(uint32_t segment)
{
	struct conflict ret;
	assert_true(conflicts_find(c, s.w.machines[0], segment, 0, VIP, &ret));
	return ret;
}

static void is_called(const struct conflict *f, enum conflict_class class)
{
	assert_string_equal(conflict_class_name(f->class), conflict_class_name(class));
}

static void says(const struct conflict *f, const char *cell, const char *words)
{
	char bytes[CONFLICT_ROOM];
	struct text t = text_in(bytes, sizeof bytes);
	conflict_short(&t, f);
	assert_string_equal(text_end(&t), cell);
	t = text_in(bytes, sizeof bytes);
	conflict_text(&t, f);
	assert_false(t.cut);
	if (!strstr(text_end(&t), words))
		assert_string_equal(bytes, words);
}

/* Machine 1 holds the VIP on its LAN, machine 2 on lo; 3 asks. */
static void cluster(void)
{
	add(1, 2, VIP);
	add(2, 1, VIP);
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
}

static void an_address_on_lo_that_is_answered_leaks(void **state)
{
	(void)state;
	cluster();
	lab_answers(2, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_REPLY_LEAK);
	assert_int_equal(f.grade, GRADE_KNOWN);
	says(&f, "2 MACs: reply leak b", "Set net.ipv4.conf.eth0.arp_ignore=1 on b.");
	says(&f, "2 MACs: reply leak b", "b answers; holds it on lo");
}

static void an_address_on_lo_that_is_asked_with_leaks(void **state)
{
	(void)state;
	cluster();
	lab_asks(2, VIP, LAN_IP(3));
	struct conflict f = found(0);
	is_called(&f, CONFLICT_SENDER_LEAK);
	assert_int_equal(f.grade, GRADE_KNOWN);
	says(&f, "2 MACs: sender leak b", "Set net.ipv4.conf.eth0.arp_announce=2 on b.");
}

static void an_address_on_both_lans_is_a_duplicate(void **state)
{
	(void)state;
	cluster();
	add(2, 2, VIP);
	lab_answers(2, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_DUPLICATE);
	assert_int_equal(f.grade, GRADE_KNOWN);
	says(&f, "2 MACs: duplicate", "A true duplicate");
}

static void announcing_what_another_still_holds_is_no_move(void **state)
{
	(void)state;
	cluster();
	add(2, 2, VIP);
	clock_ns += NS_PER_S;
	lab_asks(2, VIP, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_DUPLICATE);
}

static void what_is_known_comes_before_what_is_likely(void **state)
{
	(void)state;
	cluster();
	lab_asks(1, VIP, LAN_IP(3));
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	lab_answers(2, VIP);
	struct event e = arp_frame(9, 0, ARP_OP_REPLY, VIP, LAN_IP(3));
	e.at_ns = clock_ns += US;
	e.node = 3;
	e.flags = EVENT_SENT;
	conflicts_frame(c, s.w.machines[0], &e);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_REPLY_LEAK);
	says(&f, "3 MACs: reply leak b", "Set net.ipv4.conf.eth0.arp_ignore=1 on b.");
}

static void what_is_on_another_switch_is_no_conflict(void **state)
{
	(void)state;
	plan = (struct topology) { .node_count = 3, .switch_count = 2, .iface_count = 3 };
	for (uint16_t i = 0; i < 3; i++) {
		plan.ifaces[i].node = i + 1;
		plan.ifaces[i].switch_number = i == 1 ? 2 : 1;
		text_copy(plan.ifaces[i].name, sizeof plan.ifaces[i].name, "eth0");
	}
	conflicts_topology(c, &plan);
	cluster();
	lab_answers(2, VIP);
	struct conflict f;
	for (uint32_t segment = 0; segment < 3; segment++)
		assert_false(conflicts_find(c, s.w.machines[0], segment, 0, VIP, &f));
	assert_int_equal(conflicts_segment(c, s.w.machines[0], 2, 2), 2);
}

static void what_a_machine_held_when_it_claimed_counts(void **state)
{
	(void)state;
	cluster();
	lab_answers(2, VIP);
	struct conflict f = found(0);
	struct event e = make_addr(1, VIP, 1);
	e.addr.prefix = 32;
	say(&s, 2, 2 * NS_PER_S, gone(e));
	clock_ns += NS_PER_S;
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	lab_answers(1, VIP);
	f = found(0);
	is_called(&f, CONFLICT_REPLY_LEAK);
}

static void one_that_never_held_it_is_not_guessed_at(void **state)
{
	(void)state;
	add(1, 2, VIP);
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	lab_answers(2, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_UNCLEAR);
	assert_int_equal(f.doubt, DOUBT_FORGED);
	says(&f, "2 MACs: cause unclear", "with an address that it does not hold");
}

static void a_proxy_is_known_by_its_sysctl(void **state)
{
	(void)state;
	add(1, 2, VIP);
	say(&s, 2, NS_PER_S, make_sysctl(2, "proxy_arp", 1));
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	lab_answers(2, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_PROXY);
	assert_int_equal(f.grade, GRADE_KNOWN);
	says(&f, "2 MACs: proxy ARP b", "set proxy_arp to 0");
}

static void an_address_that_went_over_has_moved(void **state)
{
	(void)state;
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	add(2, 2, VIP);
	clock_ns += NS_PER_S;
	lab_asks(2, VIP, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_MOVE);
	assert_int_equal(f.grade, GRADE_KNOWN);
	says(&f, "moved to b", "as after a failover");
}

static void an_address_that_went_over_in_silence_has_moved_too(void **state)
{
	(void)state;
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	add(2, 2, VIP);
	clock_ns += NS_PER_S;
	lab_asks(2, VIP, LAN_IP(3));
	struct conflict f = found(0);
	is_called(&f, CONFLICT_MOVE);
	says(&f, "moved to b", "a answers; does not hold it");
}

static void one_that_is_heard_again_has_not_moved(void **state)
{
	(void)state;
	an_address_that_went_over_in_silence_has_moved_too(NULL);
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	struct conflict f = found(0);
	is_called(&f, CONFLICT_UNCLEAR);
	assert_int_equal(f.doubt, DOUBT_FORGED);
}

static void the_host_itself_is_known(void **state)
{
	(void)state;
	add(0, 1, VIP);
	frame(9, false, 0, ARP_OP_REQUEST, LAN_IP(9), VIP);
	frame(8, false, 0, ARP_OP_REPLY, VIP, LAN_IP(9));
	frame(0, false, 0, ARP_OP_REPLY, VIP, LAN_IP(9));
	struct conflict f = found(2);
	is_called(&f, CONFLICT_REPLY_LEAK);
	says(&f, "2 MACs: reply leak this host",
		"Set net.ipv4.conf.eth0.arp_ignore=1 on this host.");
}

static void two_cards_of_the_host_are_flux(void **state)
{
	(void)state;
	uint8_t mac[6];
	topology_mac(0, 1, mac);
	say(&s, 0, NS_PER_S, past_link(3, "eth1", mac));
	add(0, 2, VIP);
	frame(9, false, 0, ARP_OP_REQUEST, LAN_IP(9), VIP);
	frame(0, false, 0, ARP_OP_REPLY, VIP, LAN_IP(9));
	struct event e = arp_frame(0, 0, ARP_OP_REPLY, VIP, LAN_IP(9));
	memcpy(e.frame.bytes + 22, mac, 6);
	e.at_ns = clock_ns += US;
	e.frame.ifindex = 2;
	conflicts_frame(c, s.w.machines[0], &e);
	struct conflict f = found(2);
	is_called(&f, CONFLICT_FLUX);
	assert_int_equal(f.grade, GRADE_KNOWN);
	says(&f, "2 MACs: ARP flux this host", "Set net.ipv4.conf.all.arp_ignore=1 on this host");
}

static void asking_on_the_other_card_is_a_sender_leak(void **state)
{
	(void)state;
	uint8_t mac[6];
	topology_mac(0, 1, mac);
	say(&s, 0, NS_PER_S, past_link(3, "eth1", mac));
	add(0, 2, VIP);
	frame(9, false, 0, ARP_OP_REQUEST, LAN_IP(9), VIP);
	frame(0, false, 0, ARP_OP_REPLY, VIP, LAN_IP(9));
	struct event e = arp_frame(0, 0, ARP_OP_REQUEST, VIP, LAN_IP(9));
	memcpy(e.frame.bytes + 22, mac, 6);
	e.at_ns = clock_ns += US;
	e.frame.ifindex = 2;
	conflicts_frame(c, s.w.machines[0], &e);
	struct conflict f = found(2);
	is_called(&f, CONFLICT_SENDER_LEAK);
	says(&f, "2 MACs: sender leak this host", "net.ipv4.conf.eth1.arp_announce=2");
}

static void bridges_and_their_ports_are_one_segment(void **state)
{
	(void)state;
	struct event e = past_link(7, "br0", NULL);
	text_copy(e.link.kind, sizeof e.link.kind, "bridge");
	say(&s, 0, NS_PER_S, e);
	e = past_link(3, "eth1", NULL);
	e.link.master = 7;
	say(&s, 0, NS_PER_S, e);
	e = past_link(8, "mac0", NULL);
	text_copy(e.link.kind, sizeof e.link.kind, "macvlan");
	e.link.parent = 2;
	say(&s, 0, NS_PER_S, e);
	const struct model *m = s.w.machines[0];
	assert_int_equal(conflicts_segment(c, m, 0, 3), 7);
	assert_int_equal(conflicts_segment(c, m, 0, 7), 7);
	assert_int_equal(conflicts_segment(c, m, 0, 8), 2);
	assert_int_equal(conflicts_segment(c, m, 0, 2), 2);
}

/* ---- words ---- */

/* As long as they get: four machines with the longest names, who do everything. */
static struct conflict longest(void)
{
	struct conflict f = { .ip = ip4(192, 168, 100, 200),
		.vlan = 4000,
		.count = CONFLICT_MACS,
		.more = true,
		.common = ip4(192, 168, 100, 201),
		.gap_ns = 999999999 };
	for (size_t i = 0; i < CONFLICT_MACS; i++)
		f.claimants[i] = (struct claimant) { .how = 0xffff,
			.blamed = true,
			.main = f.ip,
			.answers = 65535,
			.facts = { .holds = HOLDS_ELSEWHERE,
				.machine = "machine-fifteen",
				.iface = "interface-15-in",
				.elsewhere = "interface-15-in" } };
	return f;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), most = strlen(end);
	return len >= most && strcmp(text + len - most, end) == 0;
}

static void has_room(void)
{
	struct conflict f = longest();
	for (int class = 0; class < CONFLICT_CLASSES; class ++)
		for (int variant = 0; variant < 24; variant++) {
			char bytes[CONFLICT_ROOM];
			struct text t = text_in(bytes, sizeof bytes);
			f.class = (enum conflict_class) class;
			f.grade = (enum conflict_grade)(variant % 3);
			f.doubt = (enum conflict_doubt)(variant / 3 % 4);
			/* All to blame, or none where that can be. */
			bool can = f.class == CONFLICT_REPLY_LEAK || f.class <= CONFLICT_SHARED;
			for (size_t i = 0; i < CONFLICT_MACS; i++)
				f.claimants[i].blamed = variant >= 12 || !can;
			conflict_text(&t, &f);
			assert_false(t.cut);
			text_end(&t);
			assert_true(ends_with(bytes, ".") || ends_with(bytes, "。"));
			assert_null(strstr(bytes, "  "));
			t = text_in(bytes, 160);
			conflict_short(&t, &f);
			assert_false(t.cut);
			assert_true(t.len > 0);
		}
}

static void every_text_has_room(void **state)
{
	static const char *const languages[] = { "", "zh_CN" };
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		i18n_speak(languages[i]);
		has_room();
	}
	i18n_speak("");
}

/* ---- news ---- */

static void a_conflict_is_told_once_when_it_has_stood_for_a_moment(void **state)
{
	(void)state;
	struct conflict f;
	cluster();
	lab_answers(2, VIP);
	assert_false(conflicts_next(c, s.w.machines[0], clock_ns, &f));
	assert_true(conflicts_due_ns(c) > clock_ns);
	assert_true(conflicts_next(c, s.w.machines[0], clock_ns + NS_PER_S, &f));
	is_called(&f, CONFLICT_REPLY_LEAK);
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(2, VIP);
	assert_false(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	assert_int_equal(conflicts_due_ns(c), UINT64_MAX);
}

static void another_class_is_told_again(void **state)
{
	(void)state;
	struct conflict f;
	cluster();
	lab_asks(2, VIP, LAN_IP(3));
	assert_true(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	is_called(&f, CONFLICT_SENDER_LEAK);
	lab_answers(2, VIP);
	assert_true(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	is_called(&f, CONFLICT_REPLY_LEAK);
	says(&f, "2 MACs: reply leak b", "arp_announce=2");
	assert_false(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
}

static void one_more_to_blame_is_told_again(void **state)
{
	(void)state;
	struct conflict f;
	add(3, 1, VIP);
	cluster();
	lab_answers(2, VIP);
	assert_true(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	lab_answers(3, VIP);
	assert_true(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	says(&f, "3 MACs: reply leak b and c", "arp_ignore=1 on b and c");
}

static void what_is_learnt_elsewhere_is_told(void **state)
{
	(void)state;
	struct conflict f;
	for (int i = 0; i < 2; i++) {
		uint32_t ip = LAN_IP(50 + (unsigned)i);
		for (uint16_t from = 7; from < 10; from++)
			frame(from, false, 0, from == 7 ? ARP_OP_REQUEST : ARP_OP_REPLY,
				from == 7 ? LAN_IP(7) : ip, from == 7 ? ip : LAN_IP(7));
		assert_true(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
		is_called(&f, i ? CONFLICT_FLUX : CONFLICT_UNCLEAR);
	}
	assert_true(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	is_called(&f, CONFLICT_FLUX);
	assert_false(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
}

static void what_may_become_clear_is_waited_for(void **state)
{
	(void)state;
	struct conflict f;
	uint64_t begun = clock_ns;
	lab_asks(8, VIP, LAN_IP(3));
	frame(9, false, 0, ARP_OP_REQUEST, VIP, LAN_IP(3));
	frame(8, false, 0, ARP_OP_REQUEST, VIP, LAN_IP(3));
	assert_false(conflicts_next(c, s.w.machines[0], begun + NS_PER_S, &f));
}

static void a_mark_goes_when_all_were_asked_and_one_answered(void **state)
{
	(void)state;
	cluster();
	lab_answers(2, VIP);
	clock_ns += NS_PER_S;
	struct conflict f = found(0);
	assert_true(conflict_until_ns(&f) > clock_ns);
	lab_asks(3, LAN_IP(3), VIP);
	lab_answers(1, VIP);
	f = found(0);
	assert_true(conflict_until_ns(&f) > clock_ns);
	assert_true(conflict_until_ns(&f) < clock_ns + NS_PER_S);
	lab_answers(2, VIP);
	f = found(0);
	assert_true(conflict_until_ns(&f) > clock_ns + NS_PER_S);
}

static void all_are_listed_by_their_time(void **state)
{
	(void)state;
	struct conflict f;
	cluster();
	lab_answers(2, VIP);
	lab_answers(1, LAN_IP(50));
	lab_answers(2, LAN_IP(50));
	assert_true(conflicts_at(c, s.w.machines[0], 0, &f));
	assert_int_equal(f.ip, VIP);
	assert_true(conflicts_at(c, s.w.machines[0], 1, &f));
	assert_int_equal(f.ip, LAN_IP(50));
	assert_false(conflicts_at(c, s.w.machines[0], 2, &f));
}

static void a_new_lab_has_none(void **state)
{
	(void)state;
	struct conflict f;
	cluster();
	lab_answers(2, VIP);
	struct event e = make(EVENT_LAB, clock_ns);
	e.lab.state = LAB_GONE;
	conflicts_frame(c, s.w.machines[0], &e);
	assert_false(conflicts_next(c, s.w.machines[0], UINT64_MAX, &f));
	assert_false(conflicts_find(c, s.w.machines[0], 0, 0, VIP, &f));
}

#define LAB(f) cmocka_unit_test_setup_teardown(f, lab_begins, ends)
#define HOST(f) cmocka_unit_test_setup_teardown(f, host_begins, ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAB(an_address_on_lo_that_is_answered_leaks),
		LAB(an_address_on_lo_that_is_asked_with_leaks),
		LAB(an_address_on_both_lans_is_a_duplicate),
		LAB(announcing_what_another_still_holds_is_no_move),
		LAB(what_is_known_comes_before_what_is_likely),
		LAB(what_is_on_another_switch_is_no_conflict),
		LAB(what_a_machine_held_when_it_claimed_counts),
		LAB(one_that_never_held_it_is_not_guessed_at),
		LAB(a_proxy_is_known_by_its_sysctl),
		LAB(an_address_that_went_over_has_moved),
		LAB(an_address_that_went_over_in_silence_has_moved_too),
		LAB(one_that_is_heard_again_has_not_moved),
		HOST(the_host_itself_is_known),
		HOST(two_cards_of_the_host_are_flux),
		HOST(asking_on_the_other_card_is_a_sender_leak),
		HOST(bridges_and_their_ports_are_one_segment),
		LAB(every_text_has_room),
		LAB(a_conflict_is_told_once_when_it_has_stood_for_a_moment),
		LAB(another_class_is_told_again),
		LAB(one_more_to_blame_is_told_again),
		HOST(what_is_learnt_elsewhere_is_told),
		LAB(what_may_become_clear_is_waited_for),
		LAB(a_mark_goes_when_all_were_asked_and_one_answered),
		LAB(all_are_listed_by_their_time),
		LAB(a_new_lab_has_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
