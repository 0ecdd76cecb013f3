/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: why a host's own who-has tells the address that it does. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arplab/sender.h>

#include "verdicts.h"

/* The machine sent "who-has ROUTER tell SIP" by eth0, to all or to one. */
static void expect_sender(const char *machine, const char *sip, bool poll, enum sender_kind kind,
	const char *sentence)
{
	struct host *h = read_host(machine);
	char line[200];
	struct text t = text_in(line, sizeof line);
	struct sender s;
	sender_look(h, ETH0, ip(ROUTER), ip(sip), poll, &s);
	sender_text(&t, ip(sip), &s);
	assert_string_equal(text_end(&t), sentence);
	assert_int_equal(s.kind, kind);
	host_free(h);
}

static void an_own_address_of_the_card_is_the_usual_one(void **state)
{
	(void)state;
	expect_sender(REAL_SERVER, RIP, false, SENDER_CHOSEN,
		"tell 192.168.2.101: the address that the kernel chooses for this interface, "
		"whatever arp_announce is");
}

static void arp_announce_0_lets_the_shared_address_out(void **state)
{
	(void)state;
	expect_sender(REAL_SERVER, VIP, false, SENDER_PACKET,
		"tell 192.168.2.200: arp_announce 0 took the packet's source; with 2 it would be "
		"192.168.2.101");
	expect_sender(REAL_SERVER "sysctl eth0 arp_announce 3\n", VIP, false, SENDER_PACKET,
		"tell 192.168.2.200: arp_announce 3 took the packet's source; with 2 it would be "
		"192.168.2.101");
}

static void arp_announce_1_does_so_within_the_subnet(void **state)
{
	(void)state;
	expect_sender(REAL_SERVER "sysctl all arp_announce 1\n", VIP, false, SENDER_PACKET,
		"tell 192.168.2.200: arp_announce 1 let the packet's source stand, which shares a "
		"subnet with the target; with 2 it would be 192.168.2.101");
	expect_sender(ONE_CARD "addr lo 10.0.0.200/32\nsysctl all arp_announce 1\n", "10.0.0.200",
		false, SENDER_PROGRAM,
		"tell 10.0.0.200: not by the kernel, which would tell 192.168.2.101 at "
		"arp_announce 1; a program wrote this frame");
}

static void what_the_kernel_would_not_send_a_program_wrote(void **state)
{
	(void)state;
	expect_sender(REAL_SERVER "sysctl eth0 arp_announce 2\n", VIP, false, SENDER_PROGRAM,
		"tell 192.168.2.200: not by the kernel, which would tell 192.168.2.101 at "
		"arp_announce 2; a program wrote this frame");
	expect_sender(REAL_SERVER, "192.168.2.77", false, SENDER_PROGRAM,
		"tell 192.168.2.77: not by the kernel, which would tell 192.168.2.101 at "
		"arp_announce 0; a program wrote this frame");
}

/* A poll goes to one MAC and has no packet whose source could be taken. */
static void a_poll_tells_no_packets_source(void **state)
{
	(void)state;
	expect_sender(REAL_SERVER, RIP, true, SENDER_CHOSEN,
		"tell 192.168.2.101: the address that the kernel chooses for this interface, "
		"whatever arp_announce is");
	expect_sender(REAL_SERVER, VIP, true, SENDER_PROGRAM,
		"tell 192.168.2.200: not by the kernel, which would tell 192.168.2.101 at "
		"arp_announce 0; a program wrote this frame");
}

static void what_is_not_known_is_not_guessed(void **state)
{
	(void)state;
	expect_sender(REAL_SERVER "sysctl eth0 arp_announce -\n", VIP, false, SENDER_UNKNOWN,
		"tell 192.168.2.200: why it is this one cannot be told");
	expect_sender("config - routes=unknown\n" REAL_SERVER, VIP, false, SENDER_UNKNOWN,
		"tell 192.168.2.200: why it is this one cannot be told");
	expect_sender("link 1 lo\nlink 2 eth0 " MAC_ETH0 "\naddr eth0 " RIP "/24 scope=host\n"
		      "sysctl eth0 route_localnet -\n",
		RIP, false, SENDER_UNKNOWN,
		"tell 192.168.2.101: why it is this one cannot be told");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_own_address_of_the_card_is_the_usual_one),
		cmocka_unit_test(arp_announce_0_lets_the_shared_address_out),
		cmocka_unit_test(arp_announce_1_does_so_within_the_subnet),
		cmocka_unit_test(what_the_kernel_would_not_send_a_program_wrote),
		cmocka_unit_test(a_poll_tells_no_packets_source),
		cmocka_unit_test(what_is_not_known_is_not_guessed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
