/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what may stand at each place of an order, and where it goes in the action. */
#include <config.h>

#include "order_parts.h"

#include <errno.h>
#include <string.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>

#define PACKETS_MAX 1000
#define WAIT_MAX_MS 60000

/* ---- one of a few words ---- */

static int take_choice(struct order_reading *x, const struct order_place *place, const char *word)
{
	int64_t value;
	int error = reading_choice(&x->r, word, place->choices, &value);
	if (!error && place->put)
		place->put(x->o, value);
	return error;
}

static void put_value(struct order *o, int64_t value)
{
	o->action.value = (int32_t)value;
}

static void put_op(struct order *o, int64_t value)
{
	o->action.arp.op = (uint16_t)value;
}

static void put_scope(struct order *o, int64_t value)
{
	o->action.scope = (uint8_t)value;
}

static void put_state(struct order *o, int64_t value)
{
	o->action.state = (uint16_t)value;
}

static void put_way(struct order *o, int64_t value)
{
	o->action.state |= (uint16_t)value;
}

static const struct reading_choice add_del[] = { { "add", 1 }, { "del", 0 }, { NULL, 0 } };
static const struct reading_choice on_off[] = { { "on", 1 }, { "off", 0 }, { NULL, 0 } };
static const struct reading_choice up_down[] = { { "up", 1 }, { "down", 0 }, { NULL, 0 } };
static const struct reading_choice timers[] = { { "fast", TIMERS_FAST }, { "true", TIMERS_TRUE },
	{ NULL, 0 } };
static const struct reading_choice last[] = { { "last", 0 }, { NULL, 0 } };
static const struct reading_choice who_has[] = { { "who-has", ARP_OP_REQUEST }, { NULL, 0 } };
static const struct reading_choice is_at[] = { { "is-at", ARP_OP_REPLY }, { NULL, 0 } };
static const struct reading_choice from[] = { { "from", 0 }, { NULL, 0 } };
static const struct reading_choice table[] = { { "table", 0 }, { NULL, 0 } };
static const struct reading_choice sieves[] = { { "drop-in", SIEVE_DROP_IN },
	{ "drop-out", SIEVE_DROP_OUT }, { "rewrite", SIEVE_REWRITE }, { "off", SIEVE_OFF },
	{ NULL, 0 } };
static const struct reading_choice tell[] = { { "tell", 0 }, { NULL, 0 } };
static const struct reading_choice reply[] = { { "reply", ARP_OP_REPLY }, { NULL, 0 } };
static const struct reading_choice scopes[] = { { "global", RT_SCOPE_UNIVERSE },
	{ "link", RT_SCOPE_LINK }, { "host", RT_SCOPE_HOST }, { NULL, 0 } };
static const struct reading_choice schedulers[] = { { "rr", SCHEDULER_RR },
	{ "wrr", SCHEDULER_WRR }, { "lc", SCHEDULER_LC }, { "wlc", SCHEDULER_WLC }, { "off", 0 },
	{ NULL, 0 } };
static const struct reading_choice tun[] = { { "tun", VIRTUAL_TUN }, { NULL, 0 } };
static const struct reading_choice standin[] = { { "stand-in", VIRTUAL_STANDIN }, { NULL, 0 } };
static const struct reading_choice states[] = { { "permanent", NUD_PERMANENT },
	{ "reachable", NUD_REACHABLE }, { "stale", NUD_STALE }, { NULL, 0 } };

/* ---- names and numbers ---- */

static int take_nodes(struct order_reading *x, const char *word)
{
	return reading_nodes(&x->r, word, &x->o->nodes);
}

static int take_iface(struct order_reading *x, const char *word)
{
	return reading_iface(&x->r, word, x->o->nodes, x->word->grammar->lo, x->o->iface);
}

static int take_key(struct order_reading *x, const char *word)
{
	uint16_t key;
	int error = reading_key(&x->r, word, x->o->nodes, false, x->o->iface, &key);
	if (error)
		return error;
	const struct sysctl_key *k = sysctl_key(key);
	if (k->read_only)
		return err_set(
			x->r.err, -EINVAL, _("%s can only be read: the kernel sets it"), k->name);
	if (k->all_refused && strcmp(x->o->iface, "all") == 0)
		return err_set(x->r.err, -EINVAL,
			_("all.%s would overwrite every interface's value; name the interfaces "
			  "instead"),
			k->name);
	x->o->action.key = key;
	return 0;
}

static int take_value(struct order_reading *x, const char *word)
{
	int64_t value;
	int error = reading_value(&x->r, word, x->o->action.key, &value);
	if (!error)
		x->o->action.value = (int32_t)value;
	return error;
}

static int take_count(struct order_reading *x, const char *word)
{
	int64_t count;
	int error = reading_number(&x->r, word, 1, PACKETS_MAX, &count);
	if (!error)
		x->o->action.count = (uint32_t)count;
	return error;
}

static int take_port(struct order_reading *x, const char *word)
{
	int64_t port;
	int error = reading_number(&x->r, word, 1, UINT16_MAX, &port);
	if (!error)
		x->o->action.count = (uint32_t)port;
	return error;
}

static int take_table(struct order_reading *x, const char *word)
{
	int64_t number;
	int error = reading_number(&x->r, word, 1, ROUTE_TABLE_MAX, &number);
	if (!error)
		x->o->action.count = (uint32_t)number;
	return error;
}

static int take_time(struct order_reading *x, const char *word)
{
	char number[READING_LINE];
	int64_t value;
	size_t digits = strspn(word, "0123456789");
	memcpy(number, word, digits);
	number[digits] = '\0';
	bool ms = strcmp(word + digits, "ms") == 0;
	int64_t limit = ms ? WAIT_MAX_MS : WAIT_MAX_MS / 1000;
	if ((!ms && strcmp(word + digits, "s") != 0) ||
		text_parse_int(number, 1, limit, &value) < 0)
		return err_set(x->r.err, -EINVAL,
			_("\"%s\" is not a time: one up to 60s is expected, such as 1500ms or 2s"),
			word);
	x->o->wait_ms = (uint32_t)(ms ? value : value * 1000);
	return 0;
}

/* ---- addresses ---- */

static int take_ip(struct order_reading *x, const char *word)
{
	return reading_ip(&x->r, word, &x->o->action.ip);
}

static int take_source(struct order_reading *x, const char *word)
{
	return reading_ip(&x->r, word, &x->o->action.ip2);
}

static int take_sender(struct order_reading *x, const char *word)
{
	return reading_ip(&x->r, word, &x->o->action.arp.spa);
}

static int take_target(struct order_reading *x, const char *word)
{
	return reading_ip(&x->r, word, &x->o->action.arp.tpa);
}

static int take_own_ip(struct order_reading *x, const char *word)
{
	int error = take_sender(x, word);
	x->o->action.arp.tpa = x->o->action.arp.spa;
	return error;
}

static int take_prefix(struct order_reading *x, const char *word)
{
	return reading_prefix(&x->r, word, &x->o->action.ip, &x->o->action.prefix);
}

static int take_net(struct order_reading *x, const char *word)
{
	struct action *a = &x->o->action;
	if (strcmp(word, "default") == 0) {
		a->ip = 0;
		a->prefix = 0;
		return 0;
	}
	int error = take_prefix(x, word);
	if (error || (a->ip & ~ip_mask(a->prefix)) == 0)
		return error;
	char net[24];
	struct text t = text_in(net, sizeof net);
	text_ip(&t, a->ip & ip_mask(a->prefix));
	text_printf(&t, "/%u", a->prefix);
	return err_set(x->r.err, -EINVAL,
		_("\"%s\" has bits set behind its prefix: the network is %s"), word, text_end(&t));
}

static int take_mac(struct order_reading *x, const char *word)
{
	return reading_mac(&x->r, word, x->o->action.mac);
}

static int not_zero(struct order_reading *x, const char *word, const uint8_t mac[6])
{
	if (!mac_is_zero(mac))
		return 0;
	return err_set(
		x->r.err, -EINVAL, _("\"%s\" is nobody's MAC: another one is expected"), word);
}

static int take_sender_mac(struct order_reading *x, const char *word)
{
	int error = reading_mac(&x->r, word, x->o->action.arp.sha);
	return error ? error : not_zero(x, word, x->o->action.arp.sha);
}

static int take_to_mac(struct order_reading *x, const char *word)
{
	int error = reading_mac(&x->r, word, x->o->action.arp.eth_dst);
	return error ? error : not_zero(x, word, x->o->action.arp.eth_dst);
}

static int take_service(struct order_reading *x, const char *word)
{
	return reading_service(&x->r, word, &x->o->action.ip, &x->o->action.port);
}

static int take_server(struct order_reading *x, const char *word)
{
	uint16_t node = topology_node(x->r.t, word);
	if (!node)
		return take_source(x, word);
	x->o->action.ip2 = topology_real(x->r.t, node);
	return x->o->action.ip2
		       ? 0
		       : err_set(x->r.err, -EINVAL, _("%s has no address on a network"), word);
}

static int take_weight(struct order_reading *x, const char *word)
{
	int64_t weight;
	int error = reading_number(&x->r, word, 0, UINT16_MAX, &weight);
	if (!error)
		x->o->action.count = (uint32_t)weight;
	return error;
}

static int take_priority(struct order_reading *x, const char *word)
{
	int64_t priority;
	int error = reading_number(&x->r, word, 1, PRIORITY_MAX, &priority);
	if (!error)
		x->o->action.count = (uint32_t)priority;
	return error;
}

static const struct order_place places[PLACES] = {
	[PLACE_NODES] = { .name = N_("a machine"), .take = take_nodes },
	[PLACE_ADD_DEL] = { .name = N_("add or del"), .choices = add_del, .put = put_value },
	[PLACE_ON_OFF] = { .name = N_("on or off"), .choices = on_off, .put = put_value },
	[PLACE_UP_DOWN] = { .name = N_("up or down"), .choices = up_down, .put = put_value },
	[PLACE_TIMERS] = { .name = N_("fast or true"), .choices = timers, .put = put_value },
	[PLACE_LAST] = { .name = "last", .choices = last },
	[PLACE_WHO_HAS] = { .name = "who-has", .choices = who_has, .put = put_op },
	[PLACE_IS_AT] = { .name = "is-at", .choices = is_at, .put = put_op },
	[PLACE_TELL] = { .name = "tell", .choices = tell },
	[PLACE_FROM] = { .name = "from", .choices = from },
	[PLACE_TABLE_WORD] = { .name = "table", .choices = table },
	[PLACE_TABLE] = { .name = N_("a number"), .take = take_table },
	[PLACE_SIEVE] = { .name = N_("drop-in, drop-out, rewrite or off"),
		.choices = sieves,
		.put = put_value },
	[PLACE_KEY] = { .name = N_("a sysctl"), .take = take_key },
	[PLACE_VALUE] = { .name = N_("a value"), .take = take_value },
	[PLACE_IFACE] = { .name = N_("an interface"), .take = take_iface },
	[PLACE_IP] = { .name = N_("an IP"), .take = take_ip },
	[PLACE_IP_OR_END] = { .name = N_("an IP"), .take = take_ip },
	[PLACE_PREFIX] = { .name = N_("an address"), .take = take_prefix },
	[PLACE_NET] = { .name = N_("a network"), .take = take_net },
	[PLACE_MAC] = { .name = N_("a MAC"), .take = take_mac },
	[PLACE_TIME] = { .name = N_("a time"), .take = take_time },
	[PLACE_OWN_IP] = { .name = N_("an IP"), .take = take_own_ip },
	[PLACE_SENDER] = { .name = N_("an IP"), .take = take_sender },
	[PLACE_TARGET] = { .name = N_("an IP"), .take = take_target },
	[PLACE_SENDER_MAC] = { .name = N_("a MAC"), .take = take_sender_mac },
	[PLACE_TO_MAC] = { .name = N_("a MAC"), .take = take_to_mac },
	[PLACE_SOURCE] = { .name = N_("an IP"), .take = take_source },
	[PLACE_RESOLVER] = { .name = N_("an IP"), .take = take_ip },
	[PLACE_COUNT] = { .name = N_("a number"), .take = take_count },
	[PLACE_PORT] = { .name = N_("a port"), .take = take_port },
	[PLACE_SCOPE] = { .name = N_("a scope"), .choices = scopes, .put = put_scope },
	[PLACE_REPLY] = { .name = "reply", .choices = reply, .put = put_op },
	[PLACE_SERVICE] = { .name = "IP:PORT", .take = take_service },
	[PLACE_SCHEDULER] = { .name = N_("rr, wrr, lc, wlc or off"),
		.choices = schedulers,
		.put = put_value },
	[PLACE_SERVER] = { .name = N_("a real server"), .take = take_server },
	[PLACE_WEIGHT] = { .name = N_("a weight"), .take = take_weight },
	[PLACE_PRIORITY] = { .name = N_("a priority"), .take = take_priority },
	[PLACE_TUN] = { .name = "tun", .choices = tun, .put = put_way },
	[PLACE_STANDIN] = { .name = "stand-in", .choices = standin, .put = put_way },
	[PLACE_STATE] = { .name = N_("a state"), .choices = states, .put = put_state },
};

const struct order_place *order_place(enum place_kind kind)
{
	return &places[kind];
}

int order_take(struct order_reading *x, enum place_kind kind, const char *word)
{
	const struct order_place *place = &places[kind];
	return place->choices ? take_choice(x, place, word) : place->take(x, word);
}

bool order_left_out(
	struct order_reading *x, enum place_kind place, enum place_kind following, size_t next)
{
	if (place == PLACE_IP_OR_END)
		return next == x->r.count;
	if (place != PLACE_IFACE)
		return false;
	if (next + 1 >= x->r.count)
		return true;
	/* Without a word: whether the next place takes this one is only tried. */
	struct order scratch = *x->o;
	struct order_reading trial = *x;
	trial.r.err = NULL;
	trial.o = &scratch;
	return order_take(&trial, following, x->r.words[next]) == 0;
}
