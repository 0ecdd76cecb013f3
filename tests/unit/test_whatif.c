/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: which of the last frames would be treated differently if a sysctl had another value. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arplab/whatif.h>

#include "verdicts.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static struct whatif look(const char *machine, int32_t ifindex, enum host_key key, int32_t value,
	const struct whatif_frame *frames, size_t count)
{
	struct host *h = read_host(machine);
	struct whatif w;
	whatif_look(&w, h, ifindex, key, value, frames, count);
	host_free(h);
	return w;
}

static void expect_text(const struct whatif *w, size_t i, const char *sentence)
{
	struct host *h = read_host(REAL_SERVER);
	char line[200];
	struct text t = text_in(line, sizeof line);
	assert_true(i < w->count);
	whatif_text(&t, h, &w->differs[i]);
	assert_string_equal(text_end(&t), sentence);
	host_free(h);
}

/* The table is left out of the question. */
static struct whatif_frame asked(struct arrival a)
{
	a.known_unknown = true;
	return (struct whatif_frame) { .arrival = a };
}

static void arp_ignore_1_would_silence_the_shared_address(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { asked(who_has(VIP, ROUTER)),
		asked(who_has(RIP, ROUTER)), asked(probe_for(VIP)),
		asked(who_has("192.168.2.77", ROUTER)) };
	struct whatif w = look(REAL_SERVER, CONF_ALL, HOST_ARP_IGNORE, 1, frames, COUNT(frames));
	assert_int_equal(w.asked, 4);
	assert_int_equal(w.total, 2);
	expect_text(&w, 0,
		"who-has 192.168.2.200 tell 192.168.2.1 on eth0: not answered (now answered)");
	expect_text(&w, 1, "who-has 192.168.2.200 on eth0: not answered (now answered)");
}

static void what_is_set_on_lo_would_change_nothing(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { asked(who_has(VIP, ROUTER)) };
	struct whatif w = look(REAL_SERVER, LO, HOST_ARP_IGNORE, 8, frames, COUNT(frames));
	assert_int_equal(w.asked, 1);
	assert_int_equal(w.total, 0);
}

static void a_larger_number_may_bring_the_answer_back(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { asked(who_has(VIP, ROUTER)) };
	struct whatif w = look(REAL_SERVER "sysctl all arp_ignore 1\n", ETH0, HOST_ARP_IGNORE, 4,
		frames, COUNT(frames));
	expect_text(&w, 0,
		"who-has 192.168.2.200 tell 192.168.2.1 on eth0: answered (now not answered)");
}

static void the_same_question_counts_once(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { asked(who_has(VIP, ROUTER)),
		asked(who_has(VIP, ROUTER)), asked(who_has(VIP, RIP2)) };
	struct whatif w = look(REAL_SERVER, ETH0, HOST_ARP_IGNORE, 8, frames, COUNT(frames));
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.total, 2);
}

static void only_the_newest_are_kept(void **state)
{
	(void)state;
	struct whatif_frame frames[WHATIF_MAX + 3];
	for (size_t i = 0; i < COUNT(frames); i++) {
		frames[i] = asked(who_has(VIP, ROUTER));
		frames[i].arrival.packet.sip = ip4(192, 168, 2, 10 + (unsigned)i);
	}
	struct whatif w = look(REAL_SERVER, ETH0, HOST_ARP_IGNORE, 1, frames, COUNT(frames));
	assert_int_equal(w.asked, COUNT(frames));
	assert_int_equal(w.total, COUNT(frames));
	assert_int_equal(w.count, WHATIF_MAX);
	assert_int_equal(w.dropped, 3);
	assert_int_equal(w.differs[0].packet.sip, ip4(192, 168, 2, 10));
}

/* What is learnt is told beside the answer. */
static void entries_that_would_be_made_are_told(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { { .arrival = gratuitous(ROUTER) },
		{ .arrival = is_at(RIP2) } };
	struct whatif w = look(REAL_SERVER, ETH0, HOST_ARP_ACCEPT, 1, frames, COUNT(frames));
	expect_text(&w, 0,
		"who-has 192.168.2.1 tell 192.168.2.1 on eth0: makes an entry (now changes "
		"nothing)");
	expect_text(&w, 1,
		"192.168.2.102 is-at 02:00:00:00:01:01 on eth0: makes an entry (now changes "
		"nothing)");
	assert_int_equal(w.total, 2);
}

static struct whatif_frame sent(const char *sender)
{
	return (struct whatif_frame) { .arrival = who_has(ROUTER, sender), .sent = true };
}

static void own_questions_would_tell_another_address(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { sent(VIP), sent(RIP) };
	struct whatif w = look(REAL_SERVER, ETH0, HOST_ARP_ANNOUNCE, 2, frames, COUNT(frames));
	assert_int_equal(w.asked, 2);
	assert_int_equal(w.total, 1);
	expect_text(
		&w, 0, "who-has 192.168.2.1 tell 192.168.2.200 on eth0: would tell 192.168.2.101");
	w = look(REAL_SERVER, ETH0, HOST_ARP_ANNOUNCE, 1, frames, COUNT(frames));
	assert_int_equal(w.total, 0);
}

static void what_cannot_be_told_is_said(void **state)
{
	(void)state;
	const struct whatif_frame frames[] = { asked(who_has(VIP, ROUTER)) };
	struct whatif w = look(REAL_SERVER "sysctl eth0 arp_ignore -\n", ETH0, HOST_ARP_IGNORE, 1,
		frames, COUNT(frames));
	expect_text(&w, 0,
		"who-has 192.168.2.200 tell 192.168.2.1 on eth0: not answered (now cannot be "
		"told)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp_ignore_1_would_silence_the_shared_address),
		cmocka_unit_test(what_is_set_on_lo_would_change_nothing),
		cmocka_unit_test(a_larger_number_may_bring_the_answer_back),
		cmocka_unit_test(the_same_question_counts_once),
		cmocka_unit_test(only_the_newest_are_kept),
		cmocka_unit_test(entries_that_would_be_made_are_told),
		cmocka_unit_test(own_questions_would_tell_another_address),
		cmocka_unit_test(what_cannot_be_told_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
