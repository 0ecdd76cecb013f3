/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: values as words of a sentence. */
#include <config.h>

#include <arplab/text.h>

struct word ip_word(uint32_t ip)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_ip(&t, ip);
	text_end(&t);
	return w;
}

struct word prefix_word(uint32_t ip, unsigned prefix)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_ip(&t, ip);
	text_char(&t, '/');
	text_u64(&t, prefix);
	text_end(&t);
	return w;
}

struct word mac_word(const uint8_t mac[6])
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_mac(&t, mac);
	text_end(&t);
	return w;
}

struct word grouped_word(uint64_t value)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_grouped(&t, value);
	text_end(&t);
	return w;
}

struct word age_word(uint64_t age_ns)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_age(&t, age_ns);
	text_end(&t);
	return w;
}

struct word name_word(const char *name)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_name(&t, name, sizeof w.text - 1);
	text_end(&t);
	return w;
}
