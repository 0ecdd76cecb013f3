/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a kernel's version is read from the texts in which distributions hide it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/helper/kernel.h"

#define V(major, minor, patch) \
	((uint32_t)(major) << 16 | (uint32_t)(minor) << 8 | (uint32_t)(patch))

static void a_version_is_found_wherever_it_stands(void **state)
{
	(void)state;
	static const struct {
		const char *release, *more;
		uint32_t version;
	} cases[] = {
		{ "6.18.44", "#1 SMP PREEMPT_DYNAMIC @0", V(6, 18, 44) },
		{ "6.1", "", V(6, 1, 0) },
		{ "6.1.", "", V(6, 1, 0) },
		{ "6.1-rc3", "", V(6, 1, 0) },
		{ "5.10.0-28-amd64", "#1 SMP Debian 5.10.209-2 (2024-01-31)", V(5, 10, 209) },
		{ "6.12.0+deb13", "#1 SMP PREEMPT_DYNAMIC Debian 6.12.38-1 (2025-07-16) ",
			V(6, 12, 38) },
		{ "5.15.0-91-generic",
			"#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 Ubuntu 5.15.0-91.101-generic "
			"5.15.131\n",
			V(5, 15, 131) },
		{ "5.15.131-2-pve", "#1 SMP PVE 5.15.131-3 (2023-11-14T11:32Z)", V(5, 15, 131) },
		{ "5.14.0-362.el9.x86_64", "#1 SMP PREEMPT_DYNAMIC Thu Nov 9", V(5, 14, 0) },
		/* Of another kernel, and what only looks like one. */
		{ "5.10.3", "Debian 5.11.209-2 4.10.9 5.1.99 v5.10.9 5.10", V(5, 10, 3) },
		{ "4.19.325-cip", "(4.19.300)", V(4, 19, 255) },
		{ "4.9.99999999999999999999", "", V(4, 9, 255) },
		{ "linux", "6.1.2", 0 },
		{ "", "", 0 },
		{ "6", "6.1.2", 0 },
		{ ".1.2", "", 0 },
		{ "256.1.2", "", 0 },
		{ "6.256.2", "", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(
			kernel_version_of(cases[i].release, cases[i].more), cases[i].version);
}

static void the_running_kernel_has_a_version(void **state)
{
	(void)state;
	assert_true(kernel_version() >= V(2, 6, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version_is_found_wherever_it_stands),
		cmocka_unit_test(the_running_kernel_has_a_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
