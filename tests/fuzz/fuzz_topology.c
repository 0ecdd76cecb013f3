/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz: topologies as text; what is accepted can be built, named and varied. */
#include <config.h>

#include "fuzz.h"

#include <arplab/library.h>

static void check_names(const struct names *n)
{
	for (size_t i = 0; i < n->count; i++) {
		char text[NAME_SIZE + 2], name[NAME_SIZE];
		snprintf(text, sizeof text, "{%s}", n->list[i].name);
		char *filled = names_fill(n, text, name);
		must(filled && strcmp(filled, n->list[i].value) == 0);
		free(filled);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *file = fuzz_copy(bytes, len);
	struct topology t;
	struct names n;
	struct faults f = { 0 };
	struct err err = { "" };
	if (topology_read(file, len, 1, &t, &n, &f) == 0) {
		must(f.count == 0 && topology_check(&t) == 0);
		check_names(&n);
		if (topology_vary(&t, &n, 3, &err) == 0) {
			must(topology_check(&t) == 0);
			check_names(&n);
		} else {
			must(err.text[0]);
		}
	} else {
		must(f.count > 0);
	}
	names_done(&n);
	faults_done(&f);
	free(file);
	return 0;
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	static const char *const texts[] = {
		"",
		"switch s\nnode n\neth0 s 10.0.0.1/24 scope link mac 02:00:00:00:00:09\n"
		"lo 10.0.1.4/31 10.0.1.5/31 scope host\nsysctl eth0.rp_filter=2\nforward\n"
		"node m\neth0 s {n.eth0.mac}\nroute 10.0.0.0/25 dev eth0\n"
		"route default via {n} dev eth0\ntimers true\nfirst m n\n",
		"name a 10.0.0.1\r\nswitch s\r\nnode n # x\r\n  eth0 s {a}/30\r\n  lo {{a}/32\r\n",
	};
	size_t count = sizeof texts / sizeof *texts, len;
	if (number < count)
		return fuzz_text_seed(texts, count, number, bytes, size);
	struct lesson_source source = library_source();
	const char *name = source.topology_name(source.arg, number - count);
	if (!name)
		return SIZE_MAX;
	const char *text = source.topology(source.arg, name, &len);
	must(len <= size);
	memcpy(bytes, text, len);
	return len;
}
