/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a capture file whose frames are read through the helper, one after the other.
 *
 *	struct pcap_in in = { .options = o, .first = 1, .last = UINT64_MAX, .ops = …, .arg = … };
 *	int status = pcap_in_open(&in);
 *	if (status < 0)
 *		status = pcap_in_status(&in, pcap_in_read(&in));
 *	pcap_in_close(&in);
 *
 * The helper counts the frames of a file as it reads it, and sends those that are asked for; here
 * they are asked for in order. A pipe cannot be read twice: its frames come by themselves.
 */
#ifndef ARPLAB_PCAP_IN_H
#define ARPLAB_PCAP_IN_H

#include <arplab/app.h>

struct pcap_in_ops {
	/* A frame that is wanted, in order. */
	void (*frame)(void *arg, const struct event *e);
	/* Whether to go on; asked after every batch. */
	bool (*goes_on)(void *arg);
	/* A pipe has sent nothing more for now. NULL: that is nothing. */
	void (*idle)(void *arg);
	/* How long nothing may come until quiet() is called, in milliseconds, -1: for ever. */
	int (*patience_ms)(void *arg); /* NULL: for ever. */
	void (*quiet)(void *arg);
};

struct pcap_in {
	const struct app_options *options; /* The first word is the file, or "-". */
	uint64_t first, last;              /* Numbers of the frames that are wanted, from 1 on. */
	const struct pcap_in_ops *ops;
	void *arg;
	/* Of the file; without its frames. */
	struct app_line line;
	struct model model;
	/* pcap_in.c's own: */
	uint64_t next;  /* Number of the frame that is to be asked for next. */
	uint32_t fetch; /* Id of the question under way, 0 if there is none. */
	uint32_t last_id;
	int status; /* Not 0: it was said what was refused. */
	_Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
};

/*
 * Open a file for a helper and start it. Returns -1 to go on, or the exit status after a sentence.
 * file: as it is called on the command line.
 */
int pcap_in_open_line(const struct app_options *o, const char *file, struct app_line *ret);
/* The same for the first word, and a model. To be closed in both cases. */
int pcap_in_open(struct pcap_in *in);
/* Returns 0 at the end, when nothing more is wanted, or at a signal; else a negative errno. */
int pcap_in_read(struct pcap_in *in);
/* Say what could not be read; error: of pcap_in_read(). Returns the exit status. */
int pcap_in_status(const struct pcap_in *in, int error);
/* What the file is called in a sentence. */
const char *pcap_in_name(const struct pcap_in *in);
void pcap_in_close(struct pcap_in *in);

#endif
