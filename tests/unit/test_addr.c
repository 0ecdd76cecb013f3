/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: addresses are read strictly, and their kinds are told apart. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/addr.h>

static void an_ip_is_read_in_network_order(void **state)
{
	(void)state;
	uint32_t ip = 0;
	assert_int_equal(ip_parse("192.168.2.200", &ip), 0);
	assert_memory_equal(&ip, ((const uint8_t[4]) { 192, 168, 2, 200 }), 4);
	assert_int_equal(ip_parse("0.0.0.0", &ip), 0);
	assert_int_equal(ip, 0);
	assert_int_equal(ip_parse("255.255.255.255", &ip), 0);
	assert_int_equal(ip, UINT32_MAX);
}

static void what_is_no_ip_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ",
		" 1.2.3.4", "1.2.3.", "1..2.3", "a.b.c.d", "1.2.3.-4", "0x1.2.3.4", "1.2.3.4/24" };
	uint32_t ip = 77;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(ip_parse(wrong[i], &ip), -EINVAL);
	assert_int_equal(ip, 77);
}

static void a_mac_is_read_with_colons_or_hyphens(void **state)
{
	(void)state;
	static const uint8_t wanted[6] = { 0x00, 0x1c, 0x42, 0xd1, 0xae, 0xff };
	uint8_t mac[6];
	assert_int_equal(mac_parse("00:1c:42:d1:ae:ff", mac), 0);
	assert_memory_equal(mac, wanted, 6);
	memset(mac, 0, sizeof mac);
	assert_int_equal(mac_parse("00-1C-42-D1-AE-FF", mac), 0);
	assert_memory_equal(mac, wanted, 6);
}

static void what_is_no_mac_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "0", "00:1c:42:d1:ae",
		"00:1c:42:d1:ae:", "00:1c:42:d1:ae:f", "00:1c:42:d1:ae:ff:", "00:1c:42:d1:ae:ff:00",
		"00.1c.42.d1.ae.ff", "0:1c:42:d1:ae:ff", "0g:1c:42:d1:ae:ff", "001c42d1aeff",
		" 00:1c:42:d1:ae:ff", "00:1c:42:d1:ae:\x11\x11" };
	uint8_t mac[6] = { 1, 2, 3, 4, 5, 6 };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(mac_parse(wrong[i], mac), -EINVAL);
	assert_memory_equal(mac, ((const uint8_t[6]) { 1, 2, 3, 4, 5, 6 }), 6);
}

static void one_byte_decides_between_zero_and_broadcast(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		uint8_t zero[6] = { 0 };
		uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
		assert_true(mac_is_zero(zero));
		assert_true(mac_is_broadcast(all));
		zero[i] = 0x10;
		all[i] = 0xfe;
		assert_false(mac_is_zero(zero));
		assert_false(mac_is_broadcast(all));
	}
}

static void the_first_bit_sent_makes_a_group(void **state)
{
	(void)state;
	assert_true(mac_is_group((const uint8_t[6]) { 0x01, 0, 0x5e, 0, 0, 1 }));
	assert_true(mac_is_group((const uint8_t[6]) { 255, 255, 255, 255, 255, 255 }));
	assert_false(mac_is_group((const uint8_t[6]) { 0x02, 1, 1, 1, 1, 1 }));
}

static void a_prefix_becomes_a_mask(void **state)
{
	(void)state;
	assert_int_equal(ip_mask(0), 0);
	assert_int_equal(ip_mask(1), htonl(0x80000000));
	assert_int_equal(ip_mask(24), htonl(0xffffff00));
	assert_int_equal(ip_mask(32), UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ip_is_read_in_network_order),
		cmocka_unit_test(what_is_no_ip_is_refused_and_changes_nothing),
		cmocka_unit_test(a_mac_is_read_with_colons_or_hyphens),
		cmocka_unit_test(what_is_no_mac_is_refused_and_changes_nothing),
		cmocka_unit_test(one_byte_decides_between_zero_and_broadcast),
		cmocka_unit_test(the_first_bit_sent_makes_a_group),
		cmocka_unit_test(a_prefix_becomes_a_mask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
