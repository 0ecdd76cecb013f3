/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: verdicts as a person reads them: one sentence, and one for where room is short. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdicts.h"

static void expect_texts(const struct host *h, const struct verdict *v, const struct trace *trace,
	const char *sentence, const char *brief)
{
	char line[400];
	struct text t = text_in(line, sizeof line);
	verdict_text(&t, h, v, trace);
	assert_string_equal(text_end(&t), sentence);
	assert_false(t.cut);
	t = text_in(line, sizeof line);
	verdict_brief(&t, h, v);
	assert_string_equal(text_end(&t), brief);
}

static void expect_answer_texts(
	const char *machine, struct arrival a, const char *sentence, const char *brief)
{
	struct host *h = read_host(machine);
	struct trace trace;
	struct verdict v;
	rules_answer(NULL, h, &a, &v, &trace);
	expect_texts(h, &v, &trace, sentence, brief);
	host_free(h);
}

static void expect_learn_texts(
	const char *machine, struct arrival a, const char *sentence, const char *brief)
{
	struct host *h = read_host(machine);
	struct trace trace;
	struct verdict v;
	rules_learn(NULL, h, &a, &v, &trace);
	expect_texts(h, &v, &trace, sentence, brief);
	host_free(h);
}

static void expect_send_texts(const char *machine, const char *src, const char *dst,
	const char *sentence, const char *brief)
{
	struct host *h = read_host(machine);
	const struct departure d = { .src = ip(src), .dst = ip(dst) };
	struct trace trace;
	struct verdict v;
	rules_announce(NULL, h, &d, &v, &trace);
	expect_texts(h, &v, &trace, sentence, brief);
	host_free(h);
}

static void answers(void **state)
{
	(void)state;
	expect_answer_texts(REAL_SERVER, who_has(VIP, ROUTER),
		"eth0 answers with 02:00:00:00:00:02: 192.168.2.200 is on lo, and "
		"arp_ignore = max(all 0, eth0 0) = 0",
		"eth0 answers");
	expect_answer_texts(REAL_SERVER "sysctl eth0 arp_ignore 1\n", who_has(VIP, ROUTER),
		"eth0 stays silent: 192.168.2.200 is on lo, and "
		"arp_ignore = max(all 0, eth0 1) = 1",
		"eth0 silent: arp_ignore 1");
	expect_answer_texts(BETWEEN "sysctl eth0 proxy_arp 1\n", who_has("10.0.5.9", ROUTER),
		"eth0 answers in its place, with 02:00:00:00:00:02: the route to 10.0.5.9 is "
		"10.0.5.0/24 on eth1, and proxy_arp = or(all 0, eth0 1) = 1",
		"eth0 answers: proxy_arp");
	expect_answer_texts(REAL_SERVER "sysctl eth0 arp_ignore -\n", who_has(VIP, ROUTER),
		"it cannot be told whether eth0 answers: the value of arp_ignore is not known",
		"eth0: cannot be told");
	expect_answer_texts(REAL_SERVER, on(9, who_has(VIP, ROUTER)),
		"it cannot be told whether this host answers: the interface is not known",
		"this host: cannot be told");
}

static void what_is_learnt(void **state)
{
	(void)state;
	expect_learn_texts(REAL_SERVER, who_has(VIP, ROUTER),
		"eth0 makes the entry 192.168.2.1 STALE 02:00:00:00:01:01: there is no entry for "
		"192.168.2.1 on eth0",
		"new entry: 192.168.2.1 STALE 02:00:00:00:01:01");
	expect_learn_texts(REAL_SERVER, with_entry(NUD_STALE, MAC_OTHER, 0, gratuitous(ROUTER)),
		"eth0 changes its entry to 192.168.2.1 STALE 02:00:00:00:01:01: the entry for "
		"192.168.2.1 is STALE 02:00:00:00:01:02 on eth0, and becomes STALE "
		"02:00:00:00:01:01",
		"entry becomes 192.168.2.1 STALE 02:00:00:00:01:01");
	expect_learn_texts(REAL_SERVER, with_entry(NUD_PERMANENT, MAC_OTHER, 0, gratuitous(ROUTER)),
		"eth0 keeps its entry as it is: the entry for 192.168.2.1 is PERMANENT "
		"02:00:00:00:01:02 on eth0",
		"entry stays: fixed entry");
	expect_learn_texts(REAL_SERVER, gratuitous(ROUTER),
		"eth0 learns nothing: there is no entry for 192.168.2.1 on eth0, and "
		"arp_accept = max(all 0, eth0 0) = 0",
		"nothing learnt: arp_accept 0");
	expect_learn_texts(REAL_SERVER "sysctl eth0 arp_ignore -\n", who_has(VIP, ROUTER),
		"it cannot be told what eth0 learns: the value of arp_ignore is not known",
		"eth0: cannot be told");
}

static void packets_on_their_way_out(void **state)
{
	(void)state;
	expect_send_texts(REAL_SERVER, VIP, ROUTER,
		"eth0 asks who-has 192.168.2.1 tell 192.168.2.200: the packet's source is "
		"192.168.2.200, and arp_announce = max(all 0, eth0 0) = 0",
		"asks as 192.168.2.200: arp_announce 0");
	expect_send_texts(REAL_SERVER, "0.0.0.0", VIP,
		"no who-has goes out: the route to 192.168.2.200 is local 192.168.2.200 on lo",
		"no who-has: this host");
	expect_send_texts(REAL_SERVER, "0.0.0.0", FAR,
		"the packet is not sent: there is no route to 10.9.9.9", "not sent: no route");
	expect_send_texts("config - routes=unknown\n" REAL_SERVER, "0.0.0.0", FAR,
		"it cannot be told whether a who-has goes out, and as whom: the routes are not "
		"known",
		"this host: cannot be told");
}

/* What most frames of a LAN are to a host stays unsaid. */
static void frames_of_others_are_not_worth_a_line(void **state)
{
	(void)state;
	const struct {
		struct arrival arrival;
		bool matters;
	} frames[] = {
		{ who_has(VIP, ROUTER), true },
		{ who_has("192.168.2.77", ROUTER), false },
		{ probe_for("192.168.2.77"), false },
		{ is_at(ROUTER), false },
		{ sent_to(MAC_OTHER, who_has(VIP, ROUTER)), false },
		{ who_has(VIP, RIP), true },
	};
	struct host *h = read_host(REAL_SERVER "sysctl all arp_ignore 1\n");
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		struct verdict v;
		rules_answer(NULL, h, &frames[i].arrival, &v, NULL);
		assert_int_equal(verdict_matters(&v), frames[i].matters);
	}
	host_free(h);
}

static void a_short_ladder_leaves_everyday_rules_out(void **state)
{
	(void)state;
	static const char *const shown[] = { "route.none", "source.own", "ignore.1" };
	struct host *h = read_host(REAL_SERVER "sysctl all arp_ignore 1\n");
	struct arrival a = who_has(VIP, ROUTER);
	struct trace trace;
	struct verdict v;
	size_t count = 0;
	rules_answer(NULL, h, &a, &v, &trace);
	for (size_t i = 0; i < trace.count; i++)
		if (rung_matters(&trace.rungs[i])) {
			assert_true(count < 3);
			assert_string_equal(trace.rungs[i].rule->id, shown[count++]);
		}
	assert_int_equal(count, 3);
	/* One that decided is shown, everyday or not. */
	h->links[1].up = false;
	rules_answer(NULL, h, &a, &v, &trace);
	assert_true(rung_matters(trace_last(&trace)));
	host_free(h);
}

static void every_outcome_and_question_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < OUTCOMES; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				outcome_name((enum outcome)i), outcome_name((enum outcome)k));
	for (int i = 0; i < QUESTIONS; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				question_name((enum question)i), question_name((enum question)k));
}

/* A rule's texts are whole: a question with its mark, a brief, the kernel's file. */
static void every_rule_can_be_shown(void **state)
{
	(void)state;
	const struct rules *r = rules_kernel();
	for (int question = 0; question < QUESTIONS; question++) {
		assert_true(r->counts[question] <= TRACE_RUNGS);
		for (size_t i = 0; i < r->counts[question]; i++) {
			const struct rule *rule = r->rows[question][i];
			assert_non_null(strchr(rule->id, '.'));
			assert_int_equal(rule->question[strlen(rule->question) - 1], '?');
			assert_true(rule->brief[0] && strlen(rule->brief) <= 20);
			assert_memory_equal(rule->kernel, "net/", 4);
			assert_true(rule->holds && rule->tell && rule->outcome != OUTCOME_UNKNOWN);
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(rule->id, r->rows[question][k]->id);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(what_is_learnt),
		cmocka_unit_test(packets_on_their_way_out),
		cmocka_unit_test(frames_of_others_are_not_worth_a_line),
		cmocka_unit_test(a_short_ladder_leaves_everyday_rules_out),
		cmocka_unit_test(every_outcome_and_question_has_a_name),
		cmocka_unit_test(every_rule_can_be_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
