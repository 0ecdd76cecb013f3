/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the cause of a refused stage by what was found on the machine, and what to do. */
#include <config.h>

#include "preflight.h"

#include <errno.h>
#include <string.h>

#include <arplab/err.h>
#include <arplab/i18n.h>

/* Whether a refusal is one that rules give, not one for want of something. */
static bool is_refusal(int error)
{
	return error == -EPERM || error == -EACCES;
}

/* ---- namespaces ---- */

/* Source: Ubuntu's kernels: security/apparmor, apparmor_userns_create(). */
static bool by_apparmor(struct text *t, int error, const struct preflight *found)
{
	if (found->root || found->apparmor_restrict <= 0 || !is_refusal(error))
		return false;
	text_put(t, _("AppArmor forbids it to users' programs: run sudo arplab, or allow it with "
		      "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"));
	return true;
}

static bool by_userns_clone(struct text *t, int error, const struct preflight *found)
{
	if (found->root || found->userns_clone != 0 || !is_refusal(error))
		return false;
	text_put(
		t, _("user namespaces are for root alone here: run sudo arplab, or allow them with "
		     "sudo sysctl -w kernel.unprivileged_userns_clone=1"));
	return true;
}

static bool by_limit(struct text *t, int error, const char *what, const char *file, int64_t limit)
{
	if (error != -ENOSPC && error != -EUSERS)
		return false;
	if (limit == 0)
		text_printf(t,
			_("no %s namespaces are allowed here: allow them with "
			  "sudo sysctl -w user.%s=10000"),
			what, file);
	else if (limit > 0)
		text_printf(t,
			_("there are as many %s namespaces as are allowed (user.%s = %lld): "
			  "end other labs or containers, or raise that limit"),
			what, file, (long long)limit);
	else
		text_printf(t,
			_("there are as many %s namespaces as are allowed, or too many within "
			  "each other: run arplab outside of other containers"),
			what);
	return true;
}

/* Docker's own filter forbids unshare and setns, podman's setns alone. */
static bool by_filter(struct text *t, int error, const struct preflight *found)
{
	if (found->seccomp != 2 || (!is_refusal(error) && error != -ENOSYS))
		return false;
	text_put(t,
		found->container
			? _("this container's seccomp filter forbids it: start the container with "
			    "--cap-add SYS_ADMIN, or run arplab outside of it")
			: _("a seccomp filter forbids it: run arplab outside of this sandbox"));
	return true;
}

static bool by_kernel(struct text *t, int error, const char *what, bool has)
{
	if (has || (error != -EINVAL && error != -ENOSYS))
		return false;
	text_printf(t, _("this kernel was built without %s namespaces: a lab needs another kernel"),
		what);
	return true;
}

static bool explain_user(struct text *t, int error, const struct preflight *found)
{
	return by_apparmor(t, error, found) || by_userns_clone(t, error, found) ||
	       by_limit(t, error, "user", "max_user_namespaces", found->max_user_namespaces) ||
	       by_filter(t, error, found) ||
	       by_kernel(t, error, "user", found->has_user_namespaces);
}

static bool explain_network(struct text *t, int error, const struct preflight *found)
{
	return by_apparmor(t, error, found) ||
	       by_limit(t, error, "network", "max_net_namespaces", found->max_net_namespaces) ||
	       by_filter(t, error, found) ||
	       by_kernel(t, error, "network", found->has_net_namespaces);
}

/* ---- what is made in them ---- */

static bool explain_device(struct text *t, int error, const char *what, const char *module,
	const struct preflight *found)
{
	if (by_apparmor(t, error, found))
		return true;
	if (error != -EOPNOTSUPP)
		return false;
	text_printf(t,
		_("the kernel cannot make %s: load the module with sudo modprobe %s, or "
		  "install the kernel's package of extra modules"),
		what, module);
	return true;
}

static bool explain_sysctls(struct text *t, int error, const struct preflight *found)
{
	if (error == -EROFS || (found->proc_read_only && is_refusal(error))) {
		text_put(t,
			found->container
				? _("/proc/sys is read-only in this container: start it with "
				    "--security-opt "
				    "systempaths=unconfined (Docker) or unmask=/proc/sys (podman)")
				: _("/proc/sys is mounted read-only here: a lab's sysctls cannot "
				    "be set"));
		return true;
	}
	return by_apparmor(t, error, found);
}

/* What is missing is a module, or nf_tables was built without the family of ARP. */
static bool explain_sieve(struct text *t, int error, const struct preflight *found)
{
	if (by_apparmor(t, error, found))
		return true;
	if (is_refusal(error)) {
		text_put(
			t, _("this kernel forbids it in user namespaces, and every lab is in one"));
		return true;
	}
	if (error != -EOPNOTSUPP && error != -EPROTONOSUPPORT && error != -EAFNOSUPPORT &&
		error != -ENOENT && error != -EINVAL)
		return false;
	text_put(t, _("the kernel has no nf_tables for ARP: load the module with sudo modprobe "
		      "nf_tables, or install the kernel's package of extra modules"));
	return true;
}

const char *preflight_module(enum lab_stage stage)
{
	return stage == STAGE_IPVS ? "ip_vs" : stage == STAGE_TUNNEL ? "ipip" : NULL;
}

/* Source: Linux net/core/sock.c and net/netfilter/nf_sockopt.c: unknown options are ENOPROTOOPT. */
static bool explain_module(
	struct text *t, enum lab_stage stage, int error, const struct preflight *found)
{
	const char *module = preflight_module(stage);
	if (by_apparmor(t, error, found))
		return true;
	if (error != -ENOPROTOOPT && error != -EOPNOTSUPP)
		return false;
	if (!found->has_module)
		text_printf(t, _("this kernel has no module %s"), module);
	else if (found->modules_disabled)
		text_printf(t, _("the kernel loads no modules any more, and %s is not among them"),
			module);
	else
		text_printf(t, _("the module %s is refused: try sudo modprobe %s"), module, module);
	return true;
}

static bool explain(struct text *t, enum lab_stage stage, int error, const struct preflight *found)
{
	switch (stage) {
	case STAGE_USER_NAMESPACE:
	case STAGE_ID_MAPS:
		return explain_user(t, error, found);
	case STAGE_NETWORK_NAMESPACE:
	case STAGE_ENTER:
		return explain_network(t, error, found);
	case STAGE_BRIDGE:
		return explain_device(t, error, _("switches"), "bridge", found);
	case STAGE_VETH:
		return explain_device(t, error, _("network cables"), "veth", found);
	case STAGE_SYSCTLS:
		return explain_sysctls(t, error, found);
	case STAGE_ADDRESSES:
	case STAGE_TIMERS:
		return by_apparmor(t, error, found);
	case STAGE_CAPTURE:
		if (error != -EAFNOSUPPORT)
			return by_apparmor(t, error, found);
		text_put(t, _("the kernel has no packet sockets: load the module with "
			      "sudo modprobe af_packet"));
		return true;
	case STAGE_RULES:
		if (error != -EOPNOTSUPP && error != -EAFNOSUPPORT)
			return by_apparmor(t, error, found);
		text_put(t, _("this kernel was built without them (IP_MULTIPLE_TABLES)"));
		return true;
	case STAGE_SIEVE:
	case STAGE_REWRITE:
		return explain_sieve(t, error, found);
	case STAGE_VRRP:
		if (error != -ENOENT)
			return false;
		text_put(t,
			_("install it (Debian: apt install keepalived); its service need not run"));
		return true;
	case STAGE_IPVS:
	case STAGE_TUNNEL:
		return explain_module(t, stage, error, found);
	case STAGE_PING:
		return false;
	case LAB_STAGES:
		break;
	}
	return false;
}

struct stage_words {
	const char *works, *fails;
};

static const struct stage_words words[LAB_STAGES] = {
	[STAGE_USER_NAMESPACE] = { N_("the lab has a user namespace of its own: it cannot touch "
				      "this "
				      "machine's network"),
		N_("a user namespace is refused") },
	[STAGE_ID_MAPS] = { N_("the lab has users"), N_("the lab's users cannot be named") },
	[STAGE_NETWORK_NAMESPACE] = { N_("network namespaces can be made"),
		N_("a network namespace is refused") },
	[STAGE_ENTER] = { N_("network namespaces can be entered and left"),
		N_("entering a network namespace is refused") },
	[STAGE_BRIDGE] = { N_("switches can be made"), N_("a switch cannot be made") },
	[STAGE_VETH] = { N_("network cables can be laid"), N_("a network cable cannot be laid") },
	[STAGE_ADDRESSES] = { N_("addresses and routes can be set"),
		N_("addresses and routes cannot be set") },
	[STAGE_SYSCTLS] = { N_("sysctls can be written"), N_("sysctls cannot be written") },
	[STAGE_TIMERS] = { N_("neighbour timers can be set"),
		N_("neighbour timers cannot be set") },
	[STAGE_CAPTURE] = { N_("frames can be captured"), N_("frames cannot be captured") },
	[STAGE_PING] = { N_("pings can be sent"), N_("pings cannot be sent") },
	[STAGE_RULES] = { N_("routes can be chosen by rules"),
		N_("routes cannot be chosen by rules") },
	[STAGE_SIEVE] = { N_("ARP frames can be filtered"), N_("ARP frames cannot be filtered") },
	[STAGE_REWRITE] = { N_("ARP frames can be rewritten"),
		N_("ARP frames cannot be rewritten") },
	[STAGE_VRRP] = { N_("keepalived is installed"), N_("keepalived is not installed") },
	[STAGE_IPVS] = { N_("directors balance by IPVS"),
		N_("directors balance by a stand-in, which knows rr and wrr") },
	[STAGE_TUNNEL] = { N_("ipip tunnels can be made"),
		N_("no ipip tunnels can be made, direct routing works") },
};

void preflight_explain(
	struct text *t, enum lab_stage stage, int error, const struct preflight *found)
{
	text_printf(t, "%s: ", _(words[stage].fails));
	if (explain(t, stage, error, found))
		return;
	if (is_refusal(error) && !found->root && stage <= STAGE_ENTER)
		text_printf(t, _("the kernel says \"%s\"; run sudo arplab"), err_reason(-error));
	else
		text_printf(t, _("the kernel says \"%s\""), err_reason(-error));
}

const char *preflight_works(enum lab_stage stage)
{
	return _(words[stage].works);
}
