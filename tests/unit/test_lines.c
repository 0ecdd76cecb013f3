/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: events become the lines and JSON objects that the manual promises, and nothing else. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/neighbour.h>

#include <arplab/addr.h>
#include <arplab/app.h>
#include <arplab/frame.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define AT_NS UINT64_C(1700000000624645123) /* 22:13:20 UTC */

static const uint8_t mac_a[6] = { 0x60, 0xf8, 0x1d, 0xcd, 0x1d, 0xfe };
static const uint8_t mac_b[6] = { 0x00, 0x1c, 0x42, 0xd1, 0xae, 0xd5 };
static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

struct fixture {
	struct model model;
	struct line_clock text_clock, json_clock;
	char text[4096], json[4096];
};

static uint32_t ip(const char *s)
{
	uint32_t ret = 0;
	assert_int_equal(ip_parse(s, &ret), 0);
	return ret;
}

static struct event link_event(int32_t ifindex, const char *name)
{
	struct event e = { .link = { .ifindex = ifindex,
				   .flags = IFF_UP,
				   .carrier = 1,
				   .mtu = 1500,
				   .mac_len = 6 } };
	text_copy(e.link.name, sizeof e.link.name, name);
	event_begin(&e, EVENT_LINK, AT_NS);
	return e;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	model_init(&f->model, 4096);
	struct event e = link_event(2, "eth0");
	model_apply(&f->model, &e);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	model_done(&f->model);
	free(f);
	return 0;
}

/* Make both forms; "" stands for an event that is not shown. */
static void lines(struct fixture *f, const struct event *e)
{
	struct text t = text_in(f->text, sizeof f->text);
	struct text j = text_in(f->json, sizeof f->json);
	bool a = line_text(&t, &f->model, e, &f->text_clock);
	bool b = line_json(&j, &f->model, e, &f->json_clock);
	assert_int_equal(a, b);
	assert_int_equal(a, t.len > 0);
	assert_int_equal(b, j.len > 0);
	text_end(&t);
	text_end(&j);
}

static void assert_lines(
	struct fixture *f, const struct event *e, const char *text, const char *json)
{
	lines(f, e);
	assert_string_equal(f->text, text);
	assert_string_equal(f->json, json);
}

static struct event frame_event(const struct arp_packet *p, int32_t ifindex)
{
	struct event e = { .frame = { .number = 7, .ifindex = ifindex, .len = 60 } };
	e.frame.caplen = (uint16_t)arp_encode(p, e.frame.bytes, sizeof e.frame.bytes);
	event_begin(&e, EVENT_FRAME, AT_NS);
	return e;
}

static struct arp_packet request(void)
{
	struct arp_packet p = {
		.op = ARP_OP_REQUEST, .sip = ip("192.168.2.222"), .tip = ip("192.168.2.200")
	};
	memcpy(p.eth_dst, everyone, 6);
	memcpy(p.eth_src, mac_a, 6);
	memcpy(p.sha, mac_a, 6);
	return p;
}

static void a_request_says_who_asks_for_what(void **state)
{
	struct arp_packet p = request();
	struct event e = frame_event(&p, 2);
	assert_lines(*state, &e,
		"22:13:20.624645 eth0 request  who-has 192.168.2.200 tell 192.168.2.222"
		"  60:f8:1d:cd:1d:fe > ff:ff:ff:ff:ff:ff",
		"{\"time\":1700000000.624645123,\"event\":\"frame\",\"interface\":\"eth0\","
		"\"number\":7,\"class\":\"request\",\"op\":1,\"sender_ip\":\"192.168.2.222\","
		"\"sender_mac\":\"60:f8:1d:cd:1d:fe\",\"target_ip\":\"192.168.2.200\","
		"\"target_mac\":\"00:00:00:00:00:00\",\"eth_src\":\"60:f8:1d:cd:1d:fe\","
		"\"eth_dst\":\"ff:ff:ff:ff:ff:ff\",\"length\":60}");
}

static void a_reply_says_where_the_address_is(void **state)
{
	struct arp_packet p = request();
	p.op = ARP_OP_REPLY;
	p.sip = ip("192.168.2.200");
	p.tip = ip("192.168.2.222");
	memcpy(p.sha, mac_b, 6);
	memcpy(p.eth_dst, mac_a, 6);
	p.tagged = true;
	p.vlan = 100;
	struct event e = frame_event(&p, 0);
	struct fixture *f = *state;
	lines(f, &e);
	assert_string_equal(f->text,
		"22:13:20.624645 reply    192.168.2.200 is-at 00:1c:42:d1:ae:d5"
		"  60:f8:1d:cd:1d:fe > 60:f8:1d:cd:1d:fe  vlan 100");
	assert_null(strstr(f->json, "interface"));
	assert_non_null(strstr(f->json, ",\"vlan\":100,"));
}

static void a_sender_mac_other_than_the_frames_is_shown(void **state)
{
	struct fixture *f = *state;
	struct arp_packet p = request();
	memcpy(p.sha, mac_b, 6);
	struct event e = frame_event(&p, 2);
	lines(f, &e);
	assert_non_null(strstr(f->text, "  sender MAC 00:1c:42:d1:ae:d5"));
}

static void a_broken_frame_says_why(void **state)
{
	struct fixture *f = *state;
	struct arp_packet p = request();
	struct event e = frame_event(&p, 2);
	e.frame.caplen = 20;
	e.frame.len = 20;
	event_begin(&e, EVENT_FRAME, AT_NS);
	lines(f, &e);
	assert_string_equal(f->text,
		"22:13:20.624645 eth0 broken   ends before the ARP packet does, 20 bytes"
		"  60:f8:1d:cd:1d:fe > ff:ff:ff:ff:ff:ff");
	assert_non_null(strstr(f->json, "\"class\":\"broken\",\"flaw\":\"ends before"));
	e.frame.caplen = 5;
	event_begin(&e, EVENT_FRAME, AT_NS);
	lines(f, &e);
	assert_null(strstr(f->text, ">"));
	assert_null(strstr(f->json, "eth_src"));
}

static void the_second_is_that_of_each_frame(void **state)
{
	struct fixture *f = *state;
	struct arp_packet p = request();
	struct event e = frame_event(&p, 2);
	lines(f, &e);
	e.at_ns += UINT64_C(60000000000) - 624645123;
	lines(f, &e);
	assert_memory_equal(f->text, "22:14:20.000000 ", 16);
	assert_memory_equal(f->json, "{\"time\":1700000060.000000000,", 29);
}

static void a_renamed_interface_has_its_new_name_at_once(void **state)
{
	struct fixture *f = *state;
	struct arp_packet p = request();
	struct event e = frame_event(&p, 2);
	lines(f, &e);
	struct event l = link_event(2, "a\x1b\"\\b");
	lines(f, &l);
	assert_string_equal(f->text, "22:13:20.624645 a?\"\\b link       was called eth0");
	assert_non_null(strstr(f->json, "\"old_interface\":\"eth0\""));
	model_apply(&f->model, &l);
	lines(f, &e);
	assert_non_null(strstr(f->text, " a?\"\\b request "));
	assert_non_null(strstr(f->json, "\"interface\":\"a\\u001b\\\"\\\\b\","));
}

static struct event neigh_event(uint16_t nud, const uint8_t *mac)
{
	struct event e = {
		.neigh = { .ifindex = 2,
			.ip = ip("192.168.2.222"),
			.state = nud,
			.mac_len = mac ? 6 : 0 },
	};
	if (mac)
		memcpy(e.neigh.mac, mac, 6);
	event_begin(&e, EVENT_NEIGH, AT_NS);
	return e;
}

static void a_neighbour_is_followed_through_its_states(void **state)
{
	struct fixture *f = *state;
	struct event e = neigh_event(NUD_INCOMPLETE, NULL);
	lines(f, &e);
	assert_string_equal(
		f->text, "22:13:20.624645 eth0 neighbour  192.168.2.222 added INCOMPLETE -");
	model_apply(&f->model, &e);
	lines(f, &e);
	assert_string_equal(f->text, "");

	e = neigh_event(NUD_REACHABLE, mac_a);
	assert_lines(f, &e,
		"22:13:20.624645 eth0 neighbour  192.168.2.222 INCOMPLETE -> REACHABLE"
		" 60:f8:1d:cd:1d:fe",
		"{\"time\":1700000000.624645123,\"event\":\"neighbour\",\"interface\":\"eth0\","
		"\"change\":\"changed\",\"ip\":\"192.168.2.222\",\"state\":\"REACHABLE\","
		"\"mac\":\"60:f8:1d:cd:1d:fe\",\"old_state\":\"INCOMPLETE\",\"old_mac\":null}");
	model_apply(&f->model, &e);

	e = neigh_event(NUD_REACHABLE, mac_b);
	lines(f, &e);
	assert_string_equal(f->text, "22:13:20.624645 eth0 neighbour  192.168.2.222 REACHABLE"
				     " 60:f8:1d:cd:1d:fe -> 00:1c:42:d1:ae:d5");
	e.flags = EVENT_GONE;
	lines(f, &e);
	assert_string_equal(f->text, "22:13:20.624645 eth0 neighbour  192.168.2.222 removed, was"
				     " REACHABLE 60:f8:1d:cd:1d:fe");
	model_apply(&f->model, &e);
	lines(f, &e);
	assert_string_equal(f->text, "");
}

static struct event sysctl_event(int32_t ifindex, int32_t value)
{
	struct event e = {
		.sysctl = { .ifindex = ifindex,
			.key = (uint16_t)sysctl_find("arp_ignore"),
			.value = value },
	};
	event_begin(&e, EVENT_SYSCTL, AT_NS);
	return e;
}

static void a_sysctl_shows_what_it_makes_effective(void **state)
{
	struct fixture *f = *state;
	struct event all = sysctl_event(CONF_ALL, 1), own = sysctl_event(2, 0);
	lines(f, &own);
	assert_string_equal(f->text, ""); /* A first value is no change. */
	model_apply(&f->model, &all);
	model_apply(&f->model, &own);
	own.sysctl.value = 2;
	assert_lines(f, &own, "22:13:20.624645 eth0 sysctl     arp_ignore 0 -> 2  effective 1 -> 2",
		"{\"time\":1700000000.624645123,\"event\":\"sysctl\",\"name\":\"eth0\","
		"\"key\":\"arp_ignore\",\"value\":2,\"old_value\":0,\"effective\":2,"
		"\"old_effective\":1}");
	all.sysctl.value = 0;
	lines(f, &all);
	assert_string_equal(f->text, "22:13:20.624645 all sysctl     arp_ignore 1 -> 0");
}

static void an_address_comes_and_goes(void **state)
{
	struct fixture *f = *state;
	struct event e = {
		.addr = { .ifindex = 2,
			.local = ip("10.1.2.3"),
			.address = ip("10.1.2.3"),
			.prefix = 24 },
	};
	event_begin(&e, EVENT_ADDR, AT_NS);
	lines(f, &e);
	assert_string_equal(f->text, "22:13:20.624645 eth0 address    10.1.2.3/24 added");
	model_apply(&f->model, &e);
	lines(f, &e);
	assert_string_equal(f->text, "");
	e.flags = EVENT_GONE;
	lines(f, &e);
	assert_string_equal(f->text, "22:13:20.624645 eth0 address    10.1.2.3/24 removed");
}

static void drops_are_counted_since_the_last_line(void **state)
{
	struct fixture *f = *state;
	struct event e = { .drops = { .ifindex = 2, .received = 100, .kernel = 10 } };
	event_begin(&e, EVENT_DROPS, AT_NS);
	model_apply(&f->model, &e);
	lines(f, &e);
	assert_string_equal(f->text, "");
	e.drops.kernel = 15;
	e.drops.received = 200;
	lines(f, &e);
	assert_string_equal(
		f->text, "22:13:20.624645 eth0 drops      5 frames lost, 15 in all, of 200");
	/* A capture that was opened anew. */
	e.drops.kernel = 3;
	e.drops.received = 20;
	lines(f, &e);
	assert_non_null(strstr(f->text, " 3 frames lost, 3 in all, of 20"));
}

static void what_concerns_nobody_is_not_shown(void **state)
{
	static const enum event_kind kinds[] = { EVENT_HELLO, EVENT_MARK, EVENT_ROUTE, EVENT_RULE,
		EVENT_CHANGE, EVENT_DONE, EVENT_FILE, EVENT_BYE };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct event e = { 0 };
		event_begin(&e, kinds[i], AT_NS);
		lines(f, &e);
		assert_string_equal(f->text, "");
	}
}

static void a_line_is_cut_and_never_overruns(void **state)
{
	struct fixture *f = *state;
	struct arp_packet p = request();
	struct event e = frame_event(&p, 2);
	for (size_t size = 1; size < 200; size++) {
		char *bytes = malloc(size); /* The heap lets the sanitizer see the end. */
		struct text t = text_in(bytes, size);
		line_text(&t, &f->model, &e, &f->text_clock);
		text_end(&t);
		t = text_in(bytes, size);
		line_json(&t, &f->model, &e, &f->json_clock);
		text_end(&t);
		free(bytes);
	}
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_request_says_who_asks_for_what, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_reply_says_where_the_address_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_sender_mac_other_than_the_frames_is_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_broken_frame_says_why, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_second_is_that_of_each_frame, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_renamed_interface_has_its_new_name_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_neighbour_is_followed_through_its_states, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_sysctl_shows_what_it_makes_effective, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_address_comes_and_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			drops_are_counted_since_the_last_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_concerns_nobody_is_not_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_line_is_cut_and_never_overruns, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
