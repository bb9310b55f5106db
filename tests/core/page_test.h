/* page_test.h: one page for each test of a program: PAGE_TEST(test) in its list sets `page` up
 * before the test, which opens it, and closes it afterwards.
 */
#ifndef RELAYLOCK_TESTS_PAGE_TEST_H
#define RELAYLOCK_TESTS_PAGE_TEST_H

#include "page_fixture.h"
#include "text_checks.h"

enum { START = 1262401445 /* 2010-01-02T03:04:05Z */, DAY = 86400 };

extern struct page_fixture page;

int page_test_prepare(void **state);
int page_test_close(void **state);

#define PAGE_TEST(test) cmocka_unit_test_setup_teardown(test, page_test_prepare, page_test_close)

/* count sign-ins, one a second, from as many names in turn. */
void sign_in(int64_t time, const char16_t *account, int count, int clients);

#endif
