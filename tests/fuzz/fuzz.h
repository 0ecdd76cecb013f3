/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz: what a target offers. Each is one file with these two functions, linked with libFuzzer
 * (configure --enable-fuzzing CC=clang) or with driver.c, which tries seeds and mutations of them.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Try one input. Anything but a return is a finding. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
/* Write the seed with this number into bytes; its length, or SIZE_MAX when there are no more. */
size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size);

/* What must hold whatever the input is; stays in builds without assertions. */
#define must(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* The input in memory of exactly its size and aligned, so that a sanitizer sees any overrun. */
static inline void *fuzz_copy(const uint8_t *bytes, size_t len)
{
	void *copy = calloc(1, len ? len : 1);
	must(copy);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

/* The same with a terminator, for parsers of lines. */
static inline char *fuzz_string(const uint8_t *bytes, size_t len)
{
	char *copy = malloc(len + 1);
	must(copy);
	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

/* A seed that is a text. */
static inline size_t fuzz_text_seed(const char *const *texts, size_t count, size_t number,
	uint8_t *bytes, size_t size)
{
	if (number >= count)
		return SIZE_MAX;
	size_t len = strlen(texts[number]);
	must(len <= size);
	memcpy(bytes, texts[number], len);
	return len;
}

#endif
