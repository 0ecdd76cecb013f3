/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: ARP frames are read byte by byte as RFC 826 lays them out, and named as RFC 5227 does. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/frame.h>

/* 192.168.2.222 asks everyone who has 192.168.2.200. */
static const uint8_t who_has[ARP_FRAME_LEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x60, 0xf8, 0x1d, 0xcd, 0x1d, 0xfe, 0x08, 0x06, /* */
	0x00, 0x01, 0x08, 0x00, 6, 4, 0x00, 0x01,                                           /* */
	0x60, 0xf8, 0x1d, 0xcd, 0x1d, 0xfe, 192, 168, 2, 222,                               /* */
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 192, 168, 2, 200,                               /* */
};

/* Read the first len bytes of a frame where the next byte cannot be touched unseen. */
static enum arp_flaw decode(const uint8_t *frame, size_t len, struct arp_packet *ret)
{
	uint8_t *exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, frame, len);
	memset(ret, 0xee, sizeof *ret);
	enum arp_flaw flaw = arp_decode(exact, len, ret);
	free(exact);
	return flaw;
}

static void a_question_is_read_whole(void **state)
{
	(void)state;
	struct arp_packet p;
	assert_int_equal(decode(who_has, sizeof who_has, &p), ARP_SOUND);
	assert_memory_equal(p.eth_dst, "\xff\xff\xff\xff\xff\xff", 6);
	assert_memory_equal(p.eth_src, "\x60\xf8\x1d\xcd\x1d\xfe", 6);
	assert_memory_equal(p.sha, "\x60\xf8\x1d\xcd\x1d\xfe", 6);
	assert_memory_equal(p.tha, "\0\0\0\0\0\0", 6);
	assert_int_equal(p.sip, htonl(0xc0a802de));
	assert_int_equal(p.tip, htonl(0xc0a802c8));
	assert_int_equal(p.op, ARP_OP_REQUEST);
	assert_int_equal(p.hardware, 1);
	assert_int_equal(p.protocol, 0x0800);
	assert_int_equal(p.offset, 14);
	assert_false(p.tagged);
}

static void one_vlan_tag_is_skipped_and_told(void **state)
{
	(void)state;
	static const uint8_t tags[][4] = { { 0x81, 0x00, 0xe0, 0x64 }, { 0x88, 0xa8, 0x00, 0x64 } };
	for (size_t i = 0; i < 2; i++) {
		uint8_t frame[ARP_FRAME_LEN + 4];
		memcpy(frame, who_has, 12);
		memcpy(frame + 12, tags[i], 4);
		memcpy(frame + 16, who_has + 12, ARP_FRAME_LEN - 12);
		struct arp_packet p;
		assert_int_equal(decode(frame, sizeof frame, &p), ARP_SOUND);
		assert_true(p.tagged);
		assert_int_equal(p.vlan, 100);
		assert_int_equal(p.offset, 18);
		assert_int_equal(p.tip, htonl(0xc0a802c8));
	}
}

static void the_inner_one_of_two_vlan_tags_is_told(void **state)
{
	(void)state;
	static const uint8_t outer[][4] = { { 0x81, 0x00, 0x00, 0x07 }, { 0x88, 0xa8, 0x00, 0x07 },
		{ 0x91, 0x00, 0x00, 0x07 } };
	for (size_t i = 0; i < 3; i++) {
		uint8_t frame[ARP_FRAME_LEN + 12];
		memcpy(frame, who_has, 12);
		memcpy(frame + 12, outer[i], 4);
		memcpy(frame + 16, "\x81\x00\xe0\x64", 4);
		memcpy(frame + 20, who_has + 12, ARP_FRAME_LEN - 12);
		struct arp_packet p;
		assert_int_equal(decode(frame, ARP_FRAME_LEN + 8, &p), ARP_SOUND);
		assert_true(p.tagged);
		assert_int_equal(p.vlan, 100);
		assert_int_equal(p.offset, 22);
		assert_int_equal(p.tip, htonl(0xc0a802c8));
		for (size_t len = 0; len < ARP_FRAME_LEN + 8; len++)
			assert_int_equal(decode(frame, len, &p), ARP_SHORT);

		/* Three are more than anybody stacks. */
		memcpy(frame + 20, outer[i], 4);
		memcpy(frame + 24, who_has + 12, ARP_FRAME_LEN - 12);
		assert_int_equal(decode(frame, sizeof frame, &p), ARP_NOT_ARP);
	}
}

static void padding_behind_the_packet_is_ignored(void **state)
{
	(void)state;
	uint8_t frame[60] = { 0 };
	memcpy(frame, who_has, sizeof who_has);
	struct arp_packet p;
	assert_int_equal(decode(frame, sizeof frame, &p), ARP_SOUND);
	assert_int_equal(p.tip, htonl(0xc0a802c8));
}

static void every_shorter_frame_is_short_and_the_rest_is_zero(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof who_has; len++) {
		struct arp_packet p;
		assert_int_equal(decode(who_has, len, &p), ARP_SHORT);
		assert_int_equal(p.tip, 0);
		assert_int_equal(p.sip, len >= 32 ? htonl(0xc0a802de) : 0);
		assert_int_equal(p.op, len >= 22 ? 1 : 0);
		assert_int_equal(p.eth_src[5], len >= 12 ? 0xfe : 0);
	}
}

static void each_flaw_is_told_by_its_name(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		uint8_t byte;
		enum arp_flaw flaw;
	} cases[] = {
		{ 12, 0x86, ARP_NOT_ARP },
		{ 15, 6, ARP_SOUND },
		{ 15, 2, ARP_HARDWARE_TYPE },
		{ 14, 1, ARP_HARDWARE_TYPE },
		{ 16, 9, ARP_PROTOCOL_TYPE },
		{ 18, 8, ARP_LENGTHS },
		{ 19, 16, ARP_LENGTHS },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint8_t frame[ARP_FRAME_LEN];
		memcpy(frame, who_has, sizeof frame);
		frame[cases[i].at] = cases[i].byte;
		struct arp_packet p;
		assert_int_equal(decode(frame, sizeof frame, &p), cases[i].flaw);
	}
}

static void a_packet_is_written_as_it_was_read(void **state)
{
	(void)state;
	struct arp_packet p;
	uint8_t frame[ARP_FRAME_LEN + 4];
	assert_int_equal(decode(who_has, sizeof who_has, &p), ARP_SOUND);
	assert_int_equal(arp_encode(&p, frame, sizeof frame), ARP_FRAME_LEN);
	assert_memory_equal(frame, who_has, ARP_FRAME_LEN);

	p.tagged = true;
	p.vlan = 0x123;
	assert_int_equal(arp_encode(&p, frame, sizeof frame), ARP_FRAME_LEN + 4);
	assert_memory_equal(frame + 12, "\x81\x00\x01\x23\x08\x06", 6);
	assert_memory_equal(frame + 18, who_has + 14, ARP_FRAME_LEN - 14);
}

static void formats_left_out_are_ethernet_and_ipv4(void **state)
{
	(void)state;
	uint8_t frame[ARP_FRAME_LEN];
	const struct arp_packet p = { .op = ARP_OP_REPLY };
	arp_encode(&p, frame, sizeof frame);
	assert_memory_equal(frame + 14, "\x00\x01\x08\x00\x06\x04\x00\x02", 8);
}

enum { A = 0x0100a8c0, B = 0x0200a8c0 }; /* Two addresses, network order. */

#define ALL                                  \
	{                                    \
		255, 255, 255, 255, 255, 255 \
	}
#define ONE                      \
	{                        \
		2, 0, 0, 0, 0, 1 \
	}

static void a_frame_is_called_what_it_is(void **state)
{
	(void)state;
	static const struct {
		struct arp_packet p;
		enum arp_class class;
	} cases[] = {
		{ { .op = 1, .eth_dst = ALL, .sip = A, .tip = B }, ARP_CLASS_REQUEST },
		{ { .op = 1, .eth_dst = { 1, 0, 0x5e }, .sip = A, .tip = B }, ARP_CLASS_REQUEST },
		{ { .op = 1, .eth_dst = ONE, .sip = A, .tip = B }, ARP_CLASS_POLL },
		{ { .op = 1, .eth_dst = ALL, .tip = B }, ARP_CLASS_PROBE },
		{ { .op = 1, .eth_dst = ONE, .tip = B }, ARP_CLASS_PROBE },
		{ { .op = 1, .eth_dst = ALL }, ARP_CLASS_PROBE },
		{ { .op = 1, .eth_dst = ALL, .sip = A, .tip = A }, ARP_CLASS_ANNOUNCEMENT },
		{ { .op = 1, .eth_dst = ONE, .sip = A, .tip = A }, ARP_CLASS_ANNOUNCEMENT },
		{ { .op = 1, .eth_dst = ALL, .sip = A, .tip = A, .tha = ALL },
			ARP_CLASS_GRATUITOUS },
		{ { .op = 2, .eth_dst = ALL, .sip = A, .tip = A }, ARP_CLASS_GRATUITOUS },
		{ { .op = 2, .eth_dst = ONE, .sip = A, .tip = B }, ARP_CLASS_REPLY },
		{ { .op = 2, .eth_dst = ALL, .sip = A, .tip = B }, ARP_CLASS_REPLY },
		{ { .op = 2, .eth_dst = ONE }, ARP_CLASS_REPLY },
		{ { .op = 3, .sip = A, .tip = A }, ARP_CLASS_OTHER },
		{ { .op = 0, .sip = A, .tip = B }, ARP_CLASS_OTHER },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(arp_class_name(arp_classify(&cases[i].p, ARP_SOUND)),
			arp_class_name(cases[i].class));
	assert_int_equal(arp_classify(&cases[0].p, ARP_LENGTHS), ARP_CLASS_BROKEN);
}

static void every_class_has_a_name_a_letter_and_a_purpose(void **state)
{
	(void)state;
	char letters[ARP_CLASSES + 1] = "";
	for (unsigned i = 0; i < ARP_CLASSES; i++) {
		letters[i] = arp_class_letter((enum arp_class)i);
		assert_true(strlen(arp_class_name((enum arp_class)i)) > 3);
		assert_true(strlen(arp_class_help((enum arp_class)i)) > 20);
	}
	assert_string_equal(letters, "?!PAGuox");
	for (unsigned i = 0; i <= ARP_LENGTHS; i++)
		assert_true(strlen(arp_flaw_text((enum arp_flaw)i)) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_read_whole),
		cmocka_unit_test(one_vlan_tag_is_skipped_and_told),
		cmocka_unit_test(the_inner_one_of_two_vlan_tags_is_told),
		cmocka_unit_test(padding_behind_the_packet_is_ignored),
		cmocka_unit_test(every_shorter_frame_is_short_and_the_rest_is_zero),
		cmocka_unit_test(each_flaw_is_told_by_its_name),
		cmocka_unit_test(a_packet_is_written_as_it_was_read),
		cmocka_unit_test(formats_left_out_are_ethernet_and_ipv4),
		cmocka_unit_test(a_frame_is_called_what_it_is),
		cmocka_unit_test(every_class_has_a_name_a_letter_and_a_purpose),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
