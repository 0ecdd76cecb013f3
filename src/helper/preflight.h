/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: why a lab cannot be made here. What was found on the machine (preflight_probe) and what
 * follows from it (preflight_explain) are apart, so that every cause can be tested everywhere.
 */
#ifndef ARPLAB_PREFLIGHT_H
#define ARPLAB_PREFLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/event.h>
#include <arplab/text.h>

#define PREFLIGHT_UNKNOWN (-1)

/* What the machine allows. Numbers are PREFLIGHT_UNKNOWN where there is no such file. */
struct preflight {
	bool root;
	int64_t apparmor_restrict;   /* kernel.apparmor_restrict_unprivileged_userns */
	int64_t userns_clone;        /* kernel.unprivileged_userns_clone */
	int64_t max_user_namespaces; /* user.max_user_namespaces */
	int64_t max_net_namespaces;  /* user.max_net_namespaces */
	int64_t seccomp;             /* "Seccomp:" of /proc/self/status; 2: a filter. */
	bool container;              /* Docker's or podman's mark is there. */
	bool proc_read_only;         /* /proc/sys is mounted so. */
	bool has_user_namespaces;    /* The kernel was built with them. */
	bool has_net_namespaces;
	bool modules_disabled; /* kernel.modules_disabled */
	bool has_module;       /* The one that was asked for last is on the disk. */
};

/* Look. To be called before a user namespace is entered, which has limits of its own. */
void preflight_probe(struct preflight *ret);
/* Look for what explains why a stage's module is not there. Other stages: nothing is done. */
void preflight_probe_module(struct preflight *found, enum lab_stage stage);
/*
 * One sentence: why the stage failed with that negative errno, and what to do. It is shorter than
 * EVENT_TEXT_SIZE.
 */
void preflight_explain(
	struct text *t, enum lab_stage stage, int error, const struct preflight *found);
/* The kernel's module that a stage stands and falls with, or NULL. */
const char *preflight_module(enum lab_stage stage);
/* What it means that the stage works. */
const char *preflight_works(enum lab_stage stage);

#endif
