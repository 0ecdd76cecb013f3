/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a capture file written by the front: pcap with nanoseconds, Ethernet.
 *
 * Records gather in a block, so that saving a storm costs a write a few thousand frames. A file
 * never ends within a record: when the disk is full, it is cut back to its last whole one.
 */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>

#define BLOCK_SIZE (256 * 1024)
#define SNAP_LEN FRAME_BYTES_MAX

/* draft-ietf-opsawg-pcap, 4 and 5; in this machine's byte order, which the magic number shows. */
struct file_head {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved[2];
	uint32_t snap_len;
	uint32_t link_type;
};

struct record_head {
	uint32_t seconds, nanoseconds;
	uint32_t caplen, len;
};

#define MAGIC_NANOSECONDS UINT32_C(0xa1b23c4d)
#define LINK_TYPE_ETHERNET 1

struct pcap_out {
	int fd;
	int error; /* Negative errno of the write that failed; nothing is written after it. */
	bool regular;
	uint64_t saved;   /* Frames in the file. */
	uint64_t waiting; /* Frames in the block. */
	bool head_waits;  /* The block begins with the file's head. */
	off_t whole;      /* Bytes of the file that are written and whole. */
	char *path;
	size_t len;
	uint8_t block[BLOCK_SIZE];
};

struct pcap_out *pcap_out_open(const char *path, struct err *err)
{
	int fd = app_new_file(path, _("frames"), err);
	if (fd < 0)
		return NULL;
	struct pcap_out *p = malloc(sizeof *p);
	char *copy = strdup(path);
	if (!p || !copy)
		abort();
	struct stat st;
	*p = (struct pcap_out) { .fd = fd, .path = copy, .head_waits = true };
	p->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	struct file_head head = {
		.magic = MAGIC_NANOSECONDS,
		.major = 2,
		.minor = 4,
		.snap_len = SNAP_LEN,
		.link_type = LINK_TYPE_ETHERNET,
	};
	memcpy(p->block, &head, sizeof head);
	p->len = sizeof head;
	return p;
}

/* Count the whole records in the first `written` bytes of the block; returns where they end. */
static size_t count_whole(struct pcap_out *p, size_t written)
{
	size_t at = p->head_waits ? sizeof(struct file_head) : 0;
	if (at > written)
		return 0;
	for (;;) {
		struct record_head head;
		if (at + sizeof head > written)
			return at;
		memcpy(&head, p->block + at, sizeof head);
		if (at + sizeof head + head.caplen > written)
			return at;
		at += sizeof head + head.caplen;
		p->saved++;
	}
}

static int refused(struct pcap_out *p, size_t written, int error, struct err *err)
{
	p->error = error;
	p->whole += (off_t)count_whole(p, written);
	p->len = 0;
	p->waiting = 0;
	if (p->regular && ftruncate(p->fd, p->whole) != 0)
		p->regular = false; /* Its end stays torn; readers of pcap files know that. */
	return err_set(err, error,
		ngettext("cannot save to %s: %s; it holds %llu frame",
			"cannot save to %s: %s; it holds %llu frames", p->saved),
		p->path, app_write_error(error), (unsigned long long)p->saved);
}

int pcap_out_flush(struct pcap_out *p, struct err *err)
{
	if (p->error)
		return err_set(err, p->error,
			ngettext("%s holds the first %llu frame only",
				"%s holds the first %llu frames only", p->saved),
			p->path, (unsigned long long)p->saved);
	size_t done = 0;
	while (done < p->len) {
		ssize_t len = write(p->fd, p->block + done, p->len - done);
		if (len >= 0)
			done += (size_t)len;
		else if (errno != EINTR)
			return refused(p, done, -errno, err);
	}
	p->saved += p->waiting;
	p->whole += (off_t)p->len;
	p->waiting = 0;
	p->len = 0;
	p->head_waits = false;
	return 0;
}

int pcap_out_frame(struct pcap_out *p, const struct event *e, struct err *err)
{
	const struct frame *f = &e->frame;
	struct record_head head = {
		.seconds = (uint32_t)(e->at_ns / NS_PER_S),
		.nanoseconds = (uint32_t)(e->at_ns % NS_PER_S),
		.caplen = f->caplen,
		.len = f->len < f->caplen ? f->caplen : f->len,
	};
	if (p->error || p->len + sizeof head + f->caplen > sizeof p->block) {
		int error = pcap_out_flush(p, err);
		if (error)
			return error;
	}
	memcpy(p->block + p->len, &head, sizeof head);
	memcpy(p->block + p->len + sizeof head, f->bytes, f->caplen);
	p->len += sizeof head + f->caplen;
	p->waiting++;
	return 0;
}

int pcap_out_close(struct pcap_out *p, struct err *err)
{
	if (!p)
		return 0;
	int error = pcap_out_flush(p, err);
	/* Some file systems tell only now that there was no room. */
	if (close(p->fd) != 0 && !error)
		error = err_set(
			err, -errno, _("cannot save to %s: %s"), p->path, err_reason(errno));
	free(p->path);
	free(p);
	return error;
}

const char *pcap_out_path(const struct pcap_out *p)
{
	return p->path;
}

uint64_t pcap_out_saved(const struct pcap_out *p)
{
	return p->saved + p->waiting;
}

bool pcap_out_is_stdout(const struct pcap_out *p)
{
	struct stat ours, theirs;
	return fstat(p->fd, &ours) == 0 && fstat(STDOUT_FILENO, &theirs) == 0 &&
	       ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}
