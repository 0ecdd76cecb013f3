/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: words of the command line name what people mean, or get a sentence that helps. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/app.h>
#include <arplab/clock.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

static void add_link(struct model *m, int32_t ifindex, const char *name)
{
	struct event e = { .link = { .ifindex = ifindex } };
	text_copy(e.link.name, sizeof e.link.name, name);
	event_begin(&e, EVENT_LINK, 1);
	model_apply(m, &e);
}

static int set_up(void **state)
{
	struct model *m = calloc(1, sizeof *m);
	model_init(m, 4096);
	add_link(m, 1, "lo");
	add_link(m, 2, "eth0");
	add_link(m, 3, "eth0.100");
	*state = m;
	return 0;
}

static int tear_down(void **state)
{
	model_done(*state);
	free(*state);
	return 0;
}

static void assert_sets(const char *word, const char *name, const char *key, int32_t value)
{
	struct app_word w;
	struct err err;
	assert_int_equal(app_word_assignment(word, &w, &err), 0);
	assert_string_equal(w.name, name);
	assert_string_equal(sysctl_key((size_t)w.key)->name, key);
	assert_int_equal(w.value, value);
}

static void assert_refused(const char *word, const char *sentence)
{
	struct app_word w = { .key = 77 };
	struct err err;
	assert_int_equal(app_word_assignment(word, &w, &err), -EINVAL);
	assert_string_equal(err.text, sentence);
	assert_int_equal(w.key, 77);
}

static void an_assignment_is_read_in_all_its_forms(void **state)
{
	(void)state;
	assert_sets("eth0.arp_ignore=1", "eth0", "arp_ignore", 1);
	assert_sets("all.arp_announce=2", "all", "arp_announce", 2);
	assert_sets("eth0.100.arp_filter=0", "eth0.100", "arp_filter", 0);
	assert_sets("eth0/100.arp_filter=0", "eth0.100", "arp_filter", 0);
	assert_sets("eth0.100/arp_filter=0", "eth0.100", "arp_filter", 0);
	assert_sets("net.ipv4.conf.eth0.arp_ignore=8", "eth0", "arp_ignore", 8);
	assert_sets("net.ipv4.conf.eth0/100.arp_ignore=8", "eth0.100", "arp_ignore", 8);
	assert_sets("net/ipv4/conf/eth0.100/arp_ignore=8", "eth0.100", "arp_ignore", 8);
	assert_sets("/proc/sys/net/ipv4/neigh/default/locktime=50", "default", "locktime", 50);
	assert_sets("eth0.medium_id=-1", "eth0", "medium_id", -1);
	assert_sets("a=b.arp_ignore=1", "a=b", "arp_ignore", 1);
}

static void a_wrong_assignment_gets_one_sentence(void **state)
{
	(void)state;
	assert_refused("eth0.arp_ignore",
		"\"eth0.arp_ignore\" sets nothing: write it like eth0.arp_ignore=1");
	assert_refused("arp_ignore=1",
		"\"arp_ignore\" does not name a sysctl: write it like eth0.arp_ignore");
	assert_refused("eth0.arp_ingore=1",
		"there is no ARP sysctl \"arp_ingore\". Did you mean arp_ignore?");
	assert_refused("eth0.arp_ignore=yes", "\"yes\" is not a number; arp_ignore takes 0 to 255");
	assert_refused("eth0.arp_ignore=", "\"\" is not a number; arp_ignore takes 0 to 255");
	assert_refused("eth0.rp_filter=3", "rp_filter takes numbers from 0 to 2, not 3");
	assert_refused("all.locktime=1",
		"locktime is not there for \"all\": name default or an interface");
	assert_refused("net.ipv4.neigh.eth0.arp_ignore=1",
		"arp_ignore is a sysctl of net.ipv4.conf, not of net.ipv4.neigh");
	assert_refused(
		"eth0.mc_forwarding=1", "mc_forwarding can only be read: the kernel sets it");
	assert_refused("all.forwarding=1", "all.forwarding would overwrite every interface's "
					   "value; name the interfaces instead");
	assert_refused("a-name-of-16-byte.arp_ignore=1",
		"\"a-name-of-16-byte\" is too long for the name of an interface");
	assert_refused("eth0.frobnicate_all=1",
		"there is no ARP sysctl \"frobnicate_all\"; `arplab get` shows those there are");
	assert_refused("eth0.=1",
		"\"eth0.\" ends without the name of a sysctl: write it like eth0.arp_ignore");
	assert_refused(".arp_ignore=1",
		"\".arp_ignore\" does not name a sysctl: write it like eth0.arp_ignore");
}

static void a_long_word_does_not_fit_and_says_so(void **state)
{
	(void)state;
	char word[1000];
	struct app_word w;
	struct err err;
	memset(word, 'x', sizeof word);
	word[sizeof word - 1] = '\0';
	assert_int_equal(app_word_assignment(word, &w, &err), -EINVAL);
	assert_non_null(strstr(err.text, "too long"));
}

static void assert_asks(const struct model *m, const char *word, const char *name, const char *key)
{
	struct app_word w;
	struct err err;
	assert_int_equal(app_word_query(m, word, &w, &err), 0);
	assert_string_equal(w.name, name);
	assert_int_equal(w.key, key ? sysctl_find(key) : -1);
}

static void a_query_may_name_both_or_one_of_them(void **state)
{
	const struct model *m = *state;
	assert_asks(m, "eth0.arp_ignore", "eth0", "arp_ignore");
	assert_asks(m, "eth0.100.arp_ignore", "eth0.100", "arp_ignore");
	assert_asks(m, "eth0.100", "eth0.100", NULL);
	assert_asks(m, "default", "default", NULL);
	assert_asks(m, "locktime", "", "locktime");
}

static void a_misspelt_query_gets_a_suggestion(void **state)
{
	const struct model *m = *state;
	struct app_word w;
	struct err err;
	assert_int_equal(app_word_query(m, "eht0", &w, &err), -EINVAL);
	assert_string_equal(err.text,
		"\"eht0\" is neither an interface here nor an ARP sysctl. Did you mean eth0?");
	assert_int_equal(app_word_query(m, "eth1.arp_ignore", &w, &err), -EINVAL);
	assert_string_equal(err.text, "there is no interface \"eth1\". Did you mean eth0?");
	assert_int_equal(app_word_query(m, "arp_anounce", &w, &err), -EINVAL);
	assert_string_equal(err.text, "\"arp_anounce\" is neither an interface here nor an ARP "
				      "sysctl. Did you mean arp_announce?");
	assert_int_equal(app_word_query(m, "something-else", &w, &err), -EINVAL);
	assert_string_equal(err.text, "\"something-else\" is neither an interface here nor an ARP "
				      "sysctl; `arplab get` shows those there are");
	assert_int_equal(app_word_query(m, "..", &w, &err), -EINVAL);
	assert_string_equal(err.text,
		"\"..\" ends without the name of a sysctl: write it like eth0.arp_ignore");
}

static void an_unknown_interface_gets_those_there_are(void **state)
{
	struct model *m = *state;
	struct app_word w;
	struct err err;
	assert_int_equal(app_word_query(m, "nowhere7.arp_ignore", &w, &err), -EINVAL);
	assert_string_equal(err.text, "there is no interface \"nowhere7\"; there are: all, "
				      "default, lo, eth0, eth0.100");
	for (int32_t i = 4; i < 20; i++)
		add_link(m, i, (char[]) { 'v', 'x', (char)('a' + i), 0 });
	assert_int_equal(app_word_query(m, "nowhere7.arp_ignore", &w, &err), -EINVAL);
	assert_string_equal(err.text, "there is no interface \"nowhere7\"; there are: all, "
				      "default, lo, eth0, eth0.100, vxe, vxf, vxg, …");
}

static void assert_duration(const char *s, uint64_t seconds)
{
	uint64_t ns = 0;
	assert_int_equal(app_parse_duration(s, &ns), 0);
	assert_int_equal(ns, seconds * NS_PER_S);
}

static void a_duration_is_read_as_people_write_it(void **state)
{
	(void)state;
	assert_duration("90", 90);
	assert_duration("90s", 90);
	assert_duration("5m", 300);
	assert_duration("1h30m", 5400);
	assert_duration("1d1h1m1s", 90061);
}

static void a_wrong_duration_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "s", "x", "1x", "-1", "1h30", "1m1h", "1s1s",
		"1 s", "1.5s", "0x10" };
	uint64_t ns = 42;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(app_parse_duration(wrong[i], &ns), -EINVAL);
	assert_int_equal(app_parse_duration("0", &ns), -ERANGE);
	assert_int_equal(app_parse_duration("0h0m", &ns), -ERANGE);
	assert_int_equal(app_parse_duration("367d", &ns), -ERANGE);
	assert_int_equal(app_parse_duration("99999999999999999999999d", &ns), -ERANGE);
	assert_int_equal(ns, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_assignment_is_read_in_all_its_forms),
		cmocka_unit_test(a_wrong_assignment_gets_one_sentence),
		cmocka_unit_test(a_long_word_does_not_fit_and_says_so),
		cmocka_unit_test_setup_teardown(
			a_query_may_name_both_or_one_of_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_misspelt_query_gets_a_suggestion, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_unknown_interface_gets_those_there_are, set_up, tear_down),
		cmocka_unit_test(a_duration_is_read_as_people_write_it),
		cmocka_unit_test(a_wrong_duration_is_refused),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
