/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a lab cannot be made: every cause that is known, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "../../src/helper/preflight.h"

/* A machine where everything is allowed. */
static struct preflight fine(void)
{
	return (struct preflight) {
		.apparmor_restrict = PREFLIGHT_UNKNOWN,
		.userns_clone = PREFLIGHT_UNKNOWN,
		.max_user_namespaces = 7000,
		.max_net_namespaces = 7000,
		.has_user_namespaces = true,
		.has_net_namespaces = true,
	};
}

static void expect(enum lab_stage stage, int error, const struct preflight *found,
	const char *cause, const char *remedy)
{
	char words[EVENT_TEXT_SIZE];
	struct text t = text_in(words, sizeof words);
	preflight_explain(&t, stage, error, found);
	text_end(&t);
	assert_false(t.cut);
	if (!strstr(words, cause) || !strstr(words, remedy))
		fail_msg("\"%s\" does not hold \"%s\" and \"%s\"", words, cause, remedy);
}

static void apparmor(void **state)
{
	(void)state;
	struct preflight p = fine();
	p.apparmor_restrict = 1;
	const char *remedy = "kernel.apparmor_restrict_unprivileged_userns=0";
	expect(STAGE_USER_NAMESPACE, -EACCES, &p, "AppArmor", remedy);
	expect(STAGE_ID_MAPS, -EACCES, &p, "AppArmor", remedy);
	expect(STAGE_ID_MAPS, -EPERM, &p, "AppArmor", remedy);
	expect(STAGE_NETWORK_NAMESPACE, -EPERM, &p, "AppArmor", remedy);
	expect(STAGE_BRIDGE, -EPERM, &p, "AppArmor", remedy);
	expect(STAGE_ADDRESSES, -EPERM, &p, "AppArmor", remedy);
	/* It does not bind root, and its file may say 0. */
	p.root = true;
	expect(STAGE_NETWORK_NAMESPACE, -EPERM, &p, "not permitted", "");
	p.root = false;
	p.apparmor_restrict = 0;
	expect(STAGE_NETWORK_NAMESPACE, -EPERM, &p, "not permitted", "sudo arplab");
}

static void ip_vs(void **state)
{
	(void)state;
	struct preflight p = fine();
	expect(STAGE_IPVS, -ENOPROTOOPT, &p, "stand-in, which knows rr and wrr", "no module ip_vs");
	p.has_module = true;
	expect(STAGE_IPVS, -ENOPROTOOPT, &p, "refused", "sudo modprobe ip_vs");
	p.modules_disabled = true;
	expect(STAGE_IPVS, -ENOPROTOOPT, &p, "loads no modules any more", "ip_vs");
	expect(STAGE_IPVS, -EPERM, &p, "not permitted", "");
	p.apparmor_restrict = 1;
	expect(STAGE_IPVS, -EPERM, &p, "AppArmor", "");
}

static void userns_clone(void **state)
{
	(void)state;
	struct preflight p = fine();
	p.userns_clone = 0;
	expect(STAGE_USER_NAMESPACE, -EPERM, &p, "for root alone",
		"kernel.unprivileged_userns_clone=1");
	p.userns_clone = 1;
	expect(STAGE_USER_NAMESPACE, -EPERM, &p, "not permitted", "sudo arplab");
}

static void limits(void **state)
{
	(void)state;
	struct preflight p = fine();
	expect(STAGE_USER_NAMESPACE, -ENOSPC, &p, "user.max_user_namespaces = 7000", "raise");
	expect(STAGE_NETWORK_NAMESPACE, -ENOSPC, &p, "user.max_net_namespaces = 7000", "raise");
	p.max_user_namespaces = p.max_net_namespaces = 0;
	expect(STAGE_USER_NAMESPACE, -ENOSPC, &p, "no user namespaces are allowed",
		"user.max_user_namespaces=10000");
	expect(STAGE_NETWORK_NAMESPACE, -ENOSPC, &p, "no network namespaces are allowed",
		"user.max_net_namespaces=10000");
	p.max_user_namespaces = PREFLIGHT_UNKNOWN;
	expect(STAGE_USER_NAMESPACE, -EUSERS, &p, "too many within each other", "outside");
}

static void filters(void **state)
{
	(void)state;
	struct preflight p = fine();
	p.seccomp = 2;
	p.container = true;
	expect(STAGE_USER_NAMESPACE, -EPERM, &p, "seccomp", "--cap-add SYS_ADMIN");
	expect(STAGE_USER_NAMESPACE, -ENOSYS, &p, "seccomp", "--cap-add SYS_ADMIN");
	expect(STAGE_ENTER, -EPERM, &p, "seccomp", "--cap-add SYS_ADMIN");
	p.container = false;
	expect(STAGE_USER_NAMESPACE, -EPERM, &p, "seccomp", "outside of this sandbox");
}

static void kernels(void **state)
{
	(void)state;
	struct preflight p = fine();
	p.has_user_namespaces = p.has_net_namespaces = false;
	expect(STAGE_USER_NAMESPACE, -EINVAL, &p, "built without user namespaces", "kernel");
	expect(STAGE_NETWORK_NAMESPACE, -EINVAL, &p, "built without network namespaces", "kernel");
	p = fine();
	expect(STAGE_BRIDGE, -EOPNOTSUPP, &p, "switches", "modprobe bridge");
	expect(STAGE_VETH, -EOPNOTSUPP, &p, "cables", "modprobe veth");
	expect(STAGE_CAPTURE, -EAFNOSUPPORT, &p, "packet sockets", "modprobe af_packet");
}

static void read_only_sysctls(void **state)
{
	(void)state;
	struct preflight p = fine();
	expect(STAGE_SYSCTLS, -EROFS, &p, "/proc/sys is mounted read-only", "");
	p.container = true;
	expect(STAGE_SYSCTLS, -EROFS, &p, "read-only in this container", "unmask=/proc/sys");
	p.proc_read_only = true;
	expect(STAGE_SYSCTLS, -EACCES, &p, "read-only in this container", "unmask=/proc/sys");
}

/* Whatever else fails gets at least the kernel's own word, within the event's room. */
static void all_stages_have_words(void **state)
{
	(void)state;
	const struct preflight p = fine();
	for (unsigned stage = 1; stage < LAB_STAGES; stage++) {
		expect(stage, -ENOBUFS, &p, ": ", "No buffer space");
		assert_non_null(preflight_works(stage));
		assert_true(strlen(preflight_works(stage)) < EVENT_TEXT_SIZE / 2);
	}
}

/* The machine that the test runs on can be looked at, whatever it allows. */
static void a_machine_can_be_probed(void **state)
{
	(void)state;
	struct preflight p;
	preflight_probe(&p);
	assert_true(p.has_net_namespaces);
	assert_true(p.seccomp >= PREFLIGHT_UNKNOWN && p.seccomp <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apparmor),
		cmocka_unit_test(ip_vs),
		cmocka_unit_test(userns_clone),
		cmocka_unit_test(limits),
		cmocka_unit_test(filters),
		cmocka_unit_test(kernels),
		cmocka_unit_test(read_only_sysctls),
		cmocka_unit_test(all_stages_have_words),
		cmocka_unit_test(a_machine_can_be_probed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
