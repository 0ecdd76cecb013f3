/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: which language is spoken, and that each translation is found. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arplab/i18n.h>

#include "../../src/base/i18n_table.h"

/* Where translations were left out of the build, nothing else is spoken. */
static const char *if_built_in(const char *language)
{
	return i18n_catalogues[0].language ? language : "";
}

static void expect(const char *language, const char *lc_all, const char *lc_messages,
	const char *lang, const char *chosen)
{
	assert_string_equal(i18n_choose(language, lc_all, lc_messages, lang), if_built_in(chosen));
}

static void the_environment_chooses_as_with_gettext(void **state)
{
	(void)state;
	expect(NULL, NULL, NULL, NULL, "");
	expect(NULL, NULL, NULL, "zh_CN.UTF-8", "zh_CN");
	expect("", "", "", "zh_CN.utf8@pinyin", "zh_CN");
	expect(NULL, "en_GB.UTF-8", NULL, "zh_CN.UTF-8", "");
	expect(NULL, NULL, "zh_CN.UTF-8", "de_DE.UTF-8", "zh_CN");
	expect(NULL, "C.UTF-8", NULL, "zh_CN.UTF-8", "");
	expect("zh_CN", NULL, NULL, "C.UTF-8", "zh_CN");
	expect("zh", NULL, NULL, "en_US.UTF-8", "zh_CN");
	expect("xx:zh_CN:en", NULL, NULL, "en_US.UTF-8", "zh_CN");
	expect("xx:en:zh_CN", NULL, NULL, "zh_CN.UTF-8", "");
	expect(":xx::zh_CN", NULL, NULL, "zh_CN.UTF-8", "zh_CN");
	expect("zh_CNX:zh_TW", NULL, NULL, "zh_CN.UTF-8", "");
	/* Where the locale is C, LANGUAGE says nothing. */
	expect("zh_CN", NULL, NULL, NULL, "");
	expect("zh_CN", "C", NULL, "zh_CN.UTF-8", "");
	expect("zh_CN", "POSIX", NULL, "zh_CN.UTF-8", "");
}

static void what_is_not_translated_stays_as_it_is(void **state)
{
	(void)state;
	static const char odd[] = "no text of this program";
	i18n_speak("zh_CN");
	assert_string_equal(i18n_language(), if_built_in("zh_CN"));
	assert_ptr_equal(i18n_text(odd), odd);
	assert_string_equal(i18n_text(""), "");
	assert_string_equal(i18n_at("a place", odd), odd);
	assert_string_equal(C_("a place", "none of ours"), "none of ours");
	assert_string_equal(i18n_count("one odd", "many odd", 1), "one odd");
	assert_string_equal(i18n_count("one odd", "many odd", 0), "many odd");
	i18n_speak("xx");
	assert_string_equal(i18n_language(), "");
	i18n_speak("");
	assert_string_equal(i18n_language(), "");
}

/* The rows are sorted by a script and searched by strcmp(). */
static void every_translation_is_found(void **state)
{
	(void)state;
	for (const struct i18n_catalogue *c = i18n_catalogues; c->language; c++) {
		i18n_speak(c->language);
		assert_string_equal(i18n_language(), c->language);
		assert_true(c->count > 0);
		for (size_t i = 0; i < c->count; i++) {
			const char *key = c->bytes + c->rows[i].key;
			assert_true(i == 0 || strcmp(c->bytes + c->rows[i - 1].key, key) < 0);
			assert_ptr_equal(i18n_text(key), c->bytes + c->rows[i].text);
			assert_ptr_not_equal(i18n_count(key, key, 1), key);
		}
	}
	i18n_speak("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_environment_chooses_as_with_gettext),
		cmocka_unit_test(what_is_not_translated_stays_as_it_is),
		cmocka_unit_test(every_translation_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
