/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: what the files that make up the model share; nobody else includes it. */
#ifndef ARPLAB_MODEL_PARTS_H
#define ARPLAB_MODEL_PARTS_H

#include <arplab/model.h>

/* The link of an ifindex, or NULL. */
struct model_link *link_at(struct model *m, int32_t ifindex);
/* Forget the sysctls of an interface that went. */
void conf_remove(struct model *m, int32_t ifindex);

void apply_link(struct model *m, const struct event *e);
void apply_addr(struct model *m, const struct event *e);
void apply_route(struct model *m, const struct event *e);
void apply_rule(struct model *m, const struct event *e);
void apply_proxy(struct model *m, const struct event *e);
/* Forget the routes of an interface that went. */
void routes_remove_link(struct model *m, int32_t ifindex);

/* Remove the rows that the dump which has just ended did not name. */
void sweep_links(struct model *m);
void sweep_addrs(struct model *m);
void sweep_routes(struct model *m);
void sweep_rules(struct model *m);
void sweep_proxies(struct model *m);

#endif
