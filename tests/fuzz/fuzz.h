/*
 * fuzz: what every fuzzer here shares: the declaration of its entry, and a check that stays in a
 * release build.
 */
#ifndef TOPICMON_TESTS_FUZZ_H
#define TOPICMON_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
			        #condition); \
			abort(); \
		} \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
