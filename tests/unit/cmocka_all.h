/*
 * cmocka_all: cmocka.h with what it wants included before it.
 */
#ifndef TOPICMON_TESTS_CMOCKA_ALL_H
#define TOPICMON_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
