/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: opens and closes one capture, and says how it fares. */
#include <config.h>

#include "capture_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "capture_filter.h"

#define TIMEOUT_MS 20
#define RING_BYTES (2 << 20)
#define RING_BYTES_ALL (4 << 20)
#define RING_BYTES_LEAST (512 << 10)
#define SPARE_FILES 96 /* Places and what is opened for a moment. */

__attribute__((format(printf, 4, 5))) static void tell(
	struct capturing *one, enum capture_state state, int error, const char *format, ...)
{
	struct event e = { .capture = { .ifindex = one->ifindex,
				   .state = (int32_t)state,
				   .error = error,
				   .linktype = one->linktype } };
	struct text t = text_in(e.capture.text, sizeof e.capture.text);
	char whole[2 * EVENT_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(whole, sizeof whole, format, args);
	va_end(args);
	text_name(&t, whole, sizeof e.capture.text);
	text_end(&t);
	event_begin(&e, EVENT_CAPTURE, clock_wall_ns());
	outbox_add_sure(&one->all->loop->outbox, &e);
}

/* Say why a capture could not be opened, in terms of what to do. */
static void tell_failure(struct capturing *one, int status, const char *words)
{
	char self[128] = "arplab";

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
		if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
			text_copy(self, sizeof self, "arplab");
		tell(one, CAPTURE_FAILED, -EPERM,
			_("capturing needs CAP_NET_RAW: run arplab with sudo (`sudo arplab`), or "
			  "once: "
			  "sudo setcap cap_net_raw,cap_net_admin+ep %s"),
			self);
		return;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		tell(one, CAPTURE_FAILED, -ENODEV, _("%s is gone"), one->name);
		return;
	case PCAP_ERROR_IFACE_NOT_UP:
		tell(one, CAPTURE_FAILED, -ENETDOWN,
			_("%s is down; it will be captured when it comes up"), one->name);
		return;
	default:
		tell(one, CAPTURE_FAILED, -EIO, _("%s cannot be captured: %s"), one->name,
			words[0] ? words : pcap_statustostr(status));
		return;
	}
}

static int ring_bytes(const struct captures *c)
{
	int wanted = 0;

	for (size_t i = 0; i < c->count; i++)
		wanted += c->list[i]->wanted;
	int share = RING_BYTES_ALL / (wanted > 0 ? wanted : 1);
	if (share > RING_BYTES)
		return RING_BYTES;
	return share < RING_BYTES_LEAST ? RING_BYTES_LEAST : share;
}

/* Returns libpcap's status; a negative one is a failure. */
static int activate(struct capturing *one, pcap_t *pcap)
{
	pcap_set_snaplen(pcap, CAPTURE_SNAPLEN);
	pcap_set_promisc(pcap, 0);
	pcap_set_timeout(pcap, TIMEOUT_MS);
	pcap_set_buffer_size(pcap, ring_bytes(one->all));
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	return pcap_activate(pcap);
}

/* Whether the handle sees the interface that is meant: its name may be another's by now. */
static bool is_on(const struct capturing *one, pcap_t *pcap)
{
	struct sockaddr_ll at = { .sll_ifindex = 0 };
	socklen_t len = sizeof at;

	return getsockname(pcap_fileno(pcap), (struct sockaddr *)&at, &len) < 0 ||
	       at.sll_ifindex == one->ifindex;
}

/* Changing and undoing sysctls must not fail for want of a descriptor. */
static bool leaves_spare(int fd)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) < 0 || (rlim_t)fd + SPARE_FILES < limit.rlim_cur;
}

/* Make an activated handle one that the loop can read. Returns 0, or -errno after a sentence. */
static int make_ready(struct capturing *one, pcap_t *pcap)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	struct err err;

	if (!is_on(one, pcap)) {
		tell_failure(one, PCAP_ERROR_NO_SUCH_DEVICE, "");
		return -ENODEV;
	}
	if (!leaves_spare(pcap_fileno(pcap))) {
		tell_failure(one, PCAP_ERROR,
			_("too many files are open; raise `ulimit -n`, or name interfaces with "
			  "-i"));
		return -EMFILE;
	}
	one->linktype = (uint32_t)pcap_datalink(pcap);
	if (one->linktype != DLT_EN10MB) {
		tell(one, CAPTURE_FAILED, -EPROTONOSUPPORT,
			_("%s carries no Ethernet frames, so there is no ARP to see on it"),
			one->name);
		return -EPROTONOSUPPORT;
	}
	if (capture_filter_install(pcap, one->all->filter, &err) < 0) {
		tell(one, CAPTURE_FAILED, -EINVAL, "%s", err.text);
		return -EINVAL;
	}
	one->fd = pcap_get_selectable_fd(pcap);
	if (pcap_setnonblock(pcap, 1, words) < 0 || one->fd < 0 ||
		loop_watch(one->all->loop, one->fd, LOOP_CAPTURE, one->ifindex) < 0) {
		tell_failure(one, PCAP_ERROR, words);
		return -EIO;
	}
	return 0;
}

void capturing_await(struct capturing *one)
{
	tell(one, CAPTURE_OPENING, 0, "%s", "");
}

void capturing_open(struct capturing *one)
{
	char words[PCAP_ERRBUF_SIZE] = "";

	pcap_t *pcap = pcap_create(one->name, words);
	if (!pcap) {
		tell_failure(one, PCAP_ERROR, words);
		return;
	}
	int status = activate(one, pcap);
	if (status < 0)
		tell_failure(one, status, pcap_geterr(pcap));
	if (status < 0 || make_ready(one, pcap) < 0) {
		pcap_close(pcap);
		return;
	}
	one->pcap = pcap;
	one->last = (struct pcap_stat) { .ps_recv = 0 };
	tell(one, CAPTURE_ON, 0, "%s", "");
}

void capturing_count(struct capturing *one)
{
	struct event e = { .drops = one->drops };
	struct pcap_stat now;

	if (pcap_stats(one->pcap, &now) < 0)
		return;
	/* libpcap's counters have 32 bits and wrap. */
	e.drops.received += now.ps_recv - one->last.ps_recv;
	e.drops.kernel += now.ps_drop - one->last.ps_drop;
	e.drops.interface += now.ps_ifdrop - one->last.ps_ifdrop;
	if (memcmp(&e.drops, &one->drops, sizeof e.drops) == 0)
		return;
	event_begin(&e, EVENT_DROPS, clock_wall_ns());
	if (outbox_add(&one->all->loop->outbox, &e) < 0)
		return;
	one->drops = e.drops;
	one->last = now;
}

void capturing_close(struct capturing *one, int error, const char *why)
{
	capturing_count(one);
	tell(one, CAPTURE_OFF, error, "%s", why);
	loop_forget(one->all->loop, one->fd);
	pcap_close(one->pcap);
	one->pcap = NULL;
	one->fd = -1;
	one->stale = false;
}
