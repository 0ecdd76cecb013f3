/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: opens a capture file, or says in a sentence what it is instead. */
#include <config.h>

#include "capfile_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "capture_filter.h"

#define BUFFER_BYTES (64 << 10) /* As fast as more in a row, and a jump fills it anew. */
#define SHOWN_BYTES 8

/* What other files begin with, and what a person can do with them. */
static const struct {
	uint8_t bytes[4];
	uint8_t len;
	const char *what;
} others[] = {
	{ { 0x1f, 0x8b }, 2, N_("it is compressed; try: zcat FILE | arplab read -") },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, 4,
		N_("it is compressed; try: zstdcat FILE | arplab read -") },
	{ { 0xfd, '7', 'z', 'X' }, 4, N_("it is compressed; try: xzcat FILE | arplab read -") },
	{ { 'B', 'Z', 'h' }, 3, N_("it is compressed; try: bzcat FILE | arplab read -") },
	{ { 0x89, 'A', 'R', 'P' }, 4, N_("it is a recording; try: arplab replay FILE") },
};

int capfile_refuse(const struct capfile *f, const uint8_t *bytes, size_t len, struct err *err)
{
	char shown[SHOWN_BYTES * 3 + 1];
	struct text t = text_in(shown, sizeof shown);

	if (len == 0)
		return err_set(
			err, -EBADMSG, _("%s is empty: there are no packets in it"), f->name);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (len >= others[i].len && memcmp(bytes, others[i].bytes, others[i].len) == 0)
			return err_set(err, -EBADMSG, _("%s is not a capture file: %s"), f->name,
				_(others[i].what));
	}
	for (size_t i = 0; i < len && i < SHOWN_BYTES; i++) {
		if (i > 0)
			text_char(&t, ' ');
		text_hex(&t, bytes[i]);
	}
	return err_set(err, -EBADMSG,
		_("%s is not a capture file: pcap or pcapng was expected; its first bytes are %s"),
		f->name, text_end(&t));
}

static bool has_magic(const uint8_t b[4])
{
	static const uint8_t magics[][4] = {
		{ 0xa1, 0xb2, 0xc3, 0xd4 }, { 0xd4, 0xc3, 0xb2, 0xa1 }, /* pcap, µs */
		{ 0xa1, 0xb2, 0x3c, 0x4d }, { 0x4d, 0x3c, 0xb2, 0xa1 }, /* pcap, ns */
		{ 0xa1, 0xb2, 0xcd, 0x34 }, { 0x34, 0xcd, 0xb2, 0xa1 }, /* pcap, patched */
		{ 0x0a, 0x0d, 0x0d, 0x0a },                             /* pcapng */
	};
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		if (memcmp(b, magics[i], 4) == 0)
			return true;
	}
	return false;
}

int capfile_adopt(struct capfile *f, pcap_t *pcap, FILE *stream, struct err *err)
{
	int linktype = pcap_datalink(pcap);

	f->pcap = pcap;
	f->stream = stream;
	f->linktype = (uint32_t)linktype;
	if (linktype != DLT_EN10MB && !cooked_is(f->linktype)) {
		const char *name = pcap_datalink_val_to_name(linktype);
		int r = err_set(err, -EPROTONOSUPPORT,
			_("%s holds no Ethernet frames, and so no ARP: its link type is %s (%d)"),
			f->name, name ? name : _("unknown"), linktype);
		capfile_close(f);
		return r;
	}
	const char *filter = f->loop->options->filter;
	if (filter && filter[0]) {
		int r = capture_filter_compile(pcap, filter, &f->filter, err);
		if (r < 0) {
			capfile_close(f);
			return r;
		}
		f->filtered = true;
	}
	return 0;
}

int capfile_open(struct capfile *f, struct err *err)
{
	int fd = f->loop->options->file;
	uint8_t start[SHOWN_BYTES];
	char words[PCAP_ERRBUF_SIZE] = "";

	ssize_t len = pread(fd, start, sizeof start, 0);
	if (len < 0)
		return err_set(err, -errno, _("%s cannot be read: %s"), f->name, err_reason(errno));
	if (len < 4 || !has_magic(start))
		return capfile_refuse(f, start, (size_t)len, err);
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *stream = copy < 0 || lseek(copy, 0, SEEK_SET) < 0 ? NULL : fdopen(copy, "r");
	if (!f->buffer)
		f->buffer = malloc(BUFFER_BYTES);
	if (!stream || !f->buffer) {
		if (stream)
			fclose(stream);
		else if (copy >= 0)
			close(copy);
		return err_set(err, -ENOMEM, _("out of memory"));
	}
	setvbuf(stream, f->buffer, _IOFBF, BUFFER_BYTES);
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, words);
	if (!pcap) {
		fclose(stream);
		return err_set(err, -EBADMSG, _("%s cannot be read: %s"), f->name, words);
	}
	return capfile_adopt(f, pcap, stream, err);
}

void capfile_close(struct capfile *f)
{
	if (f->filtered)
		pcap_freecode(&f->filter);
	f->filtered = false;
	if (f->pcap)
		pcap_close(f->pcap); /* The stream with it. */
	f->pcap = NULL;
	f->stream = NULL;
	free(f->buffer);
	f->buffer = NULL;
}
