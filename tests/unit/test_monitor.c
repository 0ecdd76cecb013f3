/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: monitor prints what is news, in the order of time, from a stream that a test made up. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <arplab/addr.h>
#include <arplab/app.h>
#include <arplab/frame.h>
#include <arplab/text.h>

#define START_NS UINT64_C(1700000000000000000) /* 22:13:20 UTC */

/* The stream of one test. Tests run one after the other, and the border takes no argument. */
struct stream {
	int sockets[2];
	_Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
	size_t len;
	char out[8192];
	char path[64];
};

static struct stream stream;

/* The helper's end is filled already; a signal waits, so that the program ends after it. */
static int start(const struct app_start *s, struct app_line *ret, struct err *err)
{
	(void)s;
	(void)err;
	*ret = (struct app_line) { .socket = stream.sockets[0], .pid = -1, .signals = -1 };
	kill(getpid(), SIGTERM);
	return 0;
}

static void send_event(struct event *e, enum event_kind kind, uint64_t at_ms)
{
	event_begin(e, kind, START_NS + at_ms * 1000000);
	assert_true(stream.len + e->size <= sizeof stream.batch);
	memcpy(stream.batch + stream.len, e, e->size);
	stream.len += e->size;
}

static void send_mark(enum event_table table, bool end, uint64_t at_ms)
{
	struct event e = { .mark = { .table = (uint16_t)table, .end = end } };
	send_event(&e, EVENT_MARK, at_ms);
}

static void send_link(int32_t ifindex, const char *name)
{
	struct event e = { .flags = EVENT_NAMED, .link = { .ifindex = ifindex } };
	text_copy(e.link.name, sizeof e.link.name, name);
	send_event(&e, EVENT_LINK, 0);
}

static void send_addr(const char *ip, uint64_t at_ms)
{
	struct event e = { .flags = EVENT_NAMED, .addr = { .ifindex = 2, .prefix = 24 } };
	assert_int_equal(ip_parse(ip, &e.addr.local), 0);
	e.addr.address = e.addr.local;
	send_event(&e, EVENT_ADDR, at_ms);
}

static void send_neigh(const char *ip, uint8_t flags, uint64_t at_ms)
{
	struct event e = { .flags = flags, .neigh = { .ifindex = 2, .state = 4, .mac_len = 6 } };
	assert_int_equal(ip_parse(ip, &e.neigh.ip), 0);
	send_event(&e, EVENT_NEIGH, at_ms);
}

static void send_frame(int32_t ifindex, const char *ip, uint64_t at_ms)
{
	struct arp_packet p = { .eth_dst = { 0xff }, .op = ARP_OP_REQUEST, .sip = 1 };
	assert_int_equal(ip_parse(ip, &p.tip), 0);
	struct event e = { .frame = { .ifindex = ifindex, .len = 60 } };
	e.frame.caplen = (uint16_t)arp_encode(&p, e.frame.bytes, sizeof e.frame.bytes);
	send_event(&e, EVENT_FRAME, at_ms);
}

/* What a helper says before anything happens: two interfaces, one address, one neighbour. */
static void send_first_dump(void)
{
	struct event hello = { .hello = { .pid = 1, .scope = SCOPE_HOST } };
	send_event(&hello, EVENT_HELLO, 0);
	send_mark(TABLE_LINKS, false, 0);
	send_link(2, "eth0");
	send_link(3, "eth1");
	send_mark(TABLE_LINKS, true, 0);
	send_mark(TABLE_ADDRS, false, 0);
	send_addr("10.0.0.1", 0);
	send_mark(TABLE_ADDRS, true, 0);
	send_mark(TABLE_NEIGHS, false, 0);
	send_neigh("10.0.0.9", EVENT_NAMED, 0);
	send_mark(TABLE_NEIGHS, true, 0);
	for (enum event_table t = TABLE_SYSCTLS; t <= TABLE_CHANGES; t++) {
		send_mark(t, false, 0);
		send_mark(t, true, 0);
	}
}

static int set_up(void **state)
{
	(void)state;
	memset(&stream, 0, sizeof stream);
	snprintf(stream.path, sizeof stream.path, "/tmp/arplab-test-XXXXXX");
	int fd = mkstemp(stream.path);
	close(fd);
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, stream.sockets);
}

static int tear_down(void **state)
{
	(void)state;
	unlink(stream.path);
	return 0;
}

/* Run monitor over the stream. Returns its status; stream.out has what it printed. */
static int run(struct app_options *o)
{
	static const struct app_border border = { .start = start };
	o->border = &border;
	assert_int_equal(send(stream.sockets[1], stream.batch, stream.len, 0), stream.len);
	shutdown(stream.sockets[1], SHUT_WR);

	fflush(stdout);
	int kept = dup(STDOUT_FILENO);
	int fd = open(stream.path, O_RDWR | O_TRUNC | O_CLOEXEC);
	dup2(fd, STDOUT_FILENO);
	int status = app_monitor(o);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	ssize_t len = pread(fd, stream.out, sizeof stream.out - 1, 0);
	assert_true(len >= 0);
	stream.out[len] = '\0';
	close(fd);
	close(stream.sockets[1]);
	return status;
}

static void assert_printed(struct app_options *o, const char *want)
{
	run(o);
	assert_string_equal(stream.out, want);
}

static void the_first_dump_is_no_news(void **state)
{
	(void)state;
	struct app_options o = { 0 };
	send_first_dump();
	assert_printed(&o, "");
}

static void frames_of_two_interfaces_come_in_the_order_of_time(void **state)
{
	(void)state;
	struct app_options o = { 0 };
	send_frame(2, "10.0.0.50", 5); /* Captures open before the tables are there. */
	send_first_dump();
	send_frame(2, "10.0.0.51", 10);
	send_frame(2, "10.0.0.53", 30);
	send_neigh("10.0.0.9", EVENT_GONE, 25);
	send_frame(3, "10.0.0.52", 20);
	run(&o);
	const char *a = strstr(stream.out, "22:13:20.005000 eth0 request  who-has 10.0.0.50");
	const char *b = strstr(stream.out, "22:13:20.010000 eth0 request  who-has 10.0.0.51");
	const char *c = strstr(stream.out, "22:13:20.020000 eth1 request  who-has 10.0.0.52");
	const char *d = strstr(stream.out, "22:13:20.025000 eth0 neighbour  10.0.0.9 removed");
	const char *e = strstr(stream.out, "22:13:20.030000 eth0 request  who-has 10.0.0.53");
	assert_true(a && a < b && b < c && c < d && d < e);
}

static void what_a_fresh_dump_leaves_out_is_removed(void **state)
{
	(void)state;
	struct app_options o = { 0 };
	send_first_dump();
	send_mark(TABLE_ADDRS, false, 10);
	send_addr("10.0.0.2", 11);
	send_mark(TABLE_ADDRS, true, 12);
	send_mark(TABLE_NEIGHS, false, 20);
	send_mark(TABLE_NEIGHS, true, 21);
	assert_printed(&o,
		"22:13:20.011000 eth0 address    10.0.0.2/24 added\n"
		"22:13:20.012000 eth0 address    10.0.0.1/24 removed\n"
		"22:13:20.021000 eth0 neighbour  10.0.0.9 removed, was STALE 00:00:00:00:00:00\n");
}

static void only_the_interfaces_asked_for_are_shown(void **state)
{
	(void)state;
	struct app_options o = { .iface_count = 1, .ifaces = { "lo" } };
	send_first_dump();
	send_neigh("10.0.0.9", EVENT_GONE, 25);
	assert_printed(&o, "");
}

static void quiet_prints_nothing(void **state)
{
	(void)state;
	struct app_options o = { .quiet = true };
	send_first_dump();
	send_neigh("10.0.0.9", EVENT_GONE, 25);
	assert_printed(&o, "");
}

static void frames_are_saved_in_the_order_of_time(void **state)
{
	(void)state;
	char saved[96];
	struct app_options o = { .write_pcap = saved, .json = true };
	snprintf(saved, sizeof saved, "%s.pcap", stream.path);
	send_first_dump();
	send_frame(2, "10.0.0.51", 30);
	send_frame(3, "10.0.0.52", 20);
	int status = run(&o);
	uint8_t bytes[24 + 2 * (16 + ARP_FRAME_LEN) + 1];
	FILE *in = fopen(saved, "rb");
	assert_non_null(in);
	size_t len = fread(bytes, 1, sizeof bytes, in);
	fclose(in);
	unlink(saved);
	assert_int_equal(status, EXIT_FINE);
	assert_int_equal(len, sizeof bytes - 1);
	assert_int_equal(bytes[24 + 16 + ARP_FRAME_LEN - 1], 52);
	assert_memory_equal(stream.out, "{\"time\":1700000000.020000000,", 29);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_dump_is_no_news, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			frames_of_two_interfaces_come_in_the_order_of_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_a_fresh_dump_leaves_out_is_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			only_the_interfaces_asked_for_are_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(quiet_prints_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			frames_are_saved_in_the_order_of_time, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
