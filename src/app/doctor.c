/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: doctor --lab — whether a lab can run here, stage by stage, and if not, why. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "headless.h"

static const char *const names[LAB_STAGES] = {
	[STAGE_USER_NAMESPACE] = N_("user namespace"),
	[STAGE_ID_MAPS] = N_("id maps"),
	[STAGE_NETWORK_NAMESPACE] = N_("network namespace"),
	[STAGE_ENTER] = N_("enter a namespace"),
	[STAGE_BRIDGE] = N_("bridge"),
	[STAGE_VETH] = N_("veth pair"),
	[STAGE_ADDRESSES] = N_("addresses"),
	[STAGE_SYSCTLS] = N_("sysctls"),
	[STAGE_TIMERS] = N_("neighbour timers"),
	[STAGE_CAPTURE] = N_("capture"),
	[STAGE_PING] = N_("ping"),
	[STAGE_RULES] = N_("policy rules"),
	[STAGE_SIEVE] = N_("ARP filter"),
	[STAGE_REWRITE] = N_("ARP rewriting"),
	[STAGE_VRRP] = "keepalived",
	[STAGE_IPVS] = "IPVS",
	[STAGE_TUNNEL] = N_("ipip tunnel"),
};

/* The smallest network that has all that a lab needs. */
static void smallest(struct topology *t)
{
	*t = (struct topology) { .node_count = 1, .switch_count = 1, .iface_count = 1 };
	text_copy(t->switches[0], sizeof t->switches[0], "lan");
	text_copy(t->nodes[0].name, sizeof t->nodes[0].name, "probe");
	t->ifaces[0] = (struct topology_iface) { .node = 1, .switch_number = 1 };
	text_copy(t->ifaces[0].name, sizeof t->ifaces[0].name, "eth0");
	topology_mac(1, 0, t->ifaces[0].mac);
}

static const char *verdict(const struct stage *s)
{
	if (!s->stage)
		return _("not tried");
	return !s->error   ? C_("stage", "ok")
	       : s->needed ? C_("stage", "FAILED")
			   : C_("stage", "missing");
}

static void print_json(const struct world *w, bool works)
{
	char line[2048];
	for (size_t i = 1; i < LAB_STAGES; i++) {
		const struct stage *s = &w->stages[i];
		struct text t = text_in(line, sizeof line);
		text_put(&t, "{\"stage\":\"");
		text_put(&t, names[i]);
		text_printf(&t,
			"\",\"tried\":%s,\"works\":%s,\"needed\":%s,\"errno\":%d,\"text\":\"",
			s->stage ? "true" : "false", s->stage && !s->error ? "true" : "false",
			s->needed ? "true" : "false", -s->error);
		text_json(&t, s->text);
		text_put(&t, "\"}");
		puts(text_end(&t));
	}
	printf("{\"lab\":%s}\n", works ? "true" : "false");
}

static void print_table(const struct world *w)
{
	for (size_t i = 1; i < LAB_STAGES; i++) {
		app_print_cell(verdict(&w->stages[i]), 11);
		app_print_cell(_(names[i]), 19);
		puts(w->stages[i].text);
	}
}

int app_doctor(const struct app_options *o)
{
	struct headless h;
	struct topology t;
	struct err err = { "" };
	if (!o->doctor_lab)
		return app_fail(EXIT_USAGE, _("`arplab doctor` needs --lab: it checks what a lab "
					      "needs of this kernel"));
	int error = headless_open(&h, o, &err);
	if (!error) {
		smallest(&t);
		error = headless_build(&h, &t, &err);
	}
	if (o->json)
		print_json(&h.world, !error);
	else
		print_table(&h.world);
	headless_close(&h);
	if (error)
		return app_fail(EXIT_REFUSED, _("no lab can run here: %s"), err.text);
	if (!o->json)
		puts(_("A lab can run here."));
	return EXIT_FINE;
}
