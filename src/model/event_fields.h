/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the names of kinds of events and of their fields, for lines of text and for recordings. */
#ifndef ARPLAB_EVENT_FIELDS_H
#define ARPLAB_EVENT_FIELDS_H

#include <arplab/event.h>
#include <arplab/record.h>

/* The fields of a kind, ended by one without a name; NULL for no such kind. */
const struct record_field *event_fields(enum event_kind kind, const char **ret_name);

#endif
