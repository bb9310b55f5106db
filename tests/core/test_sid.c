#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "core/sid.h"

static const uint8_t administrator[28] = {1,    5, 0, 0,    0,    0,    0,    5,    21,   0,
                                          0,    0, 1, 0,    0,    0,    0xff, 0xff, 0xff, 0xff,
                                          0x10, 0, 0, 0x80, 0xf4, 0x01, 0,    0};
static const uint8_t local_system[12] = {1, 1, 0, 0, 0, 0, 0, 5, 18};

static void a_sid_is_whole_or_none(void **state)
{
    (void)state;
    uint8_t sid[SID_TEXT_SIZE] = {0};
    assert_int_equal(sid_size(administrator, sizeof administrator), 28);
    assert_int_equal(sid_size(administrator, 100), 28);
    for (size_t cut = 0; cut < sizeof administrator; cut++)
        assert_int_equal(sid_size(administrator, cut), 0);
    memcpy(sid, administrator, sizeof administrator);
    sid[0] = 2;
    assert_int_equal(sid_size(sid, sizeof sid), 0);
    sid[0] = 1;
    sid[1] = 0;
    assert_int_equal(sid_size(sid, sizeof sid), 0);
    sid[1] = 15;
    assert_int_equal(sid_size(sid, sizeof sid), 68);
    sid[1] = 16;
    assert_int_equal(sid_size(sid, sizeof sid), 0);
    assert_int_equal(sid_size(NULL, 28), 0);
}

static void it_says_what_it_is_of(void **state)
{
    (void)state;
    uint8_t other[28];
    memcpy(other, administrator, sizeof other);
    other[24] = 0xf5;
    assert_int_equal(sid_rid(administrator), SID_RID_ADMINISTRATOR);
    assert_int_equal(sid_rid(other), 501);
    assert_true(sid_equal(administrator, administrator));
    assert_false(sid_equal(administrator, other));
    assert_false(sid_equal(administrator, local_system));
    assert_true(sid_same_domain(administrator, other));
    other[12] = 2;
    assert_false(sid_same_domain(administrator, other));
    other[12] = 1;
    other[23] ^= 1; /* the last byte before the account's number */
    assert_false(sid_same_domain(administrator, other));
    other[23] ^= 1;
    assert_true(sid_is_account(administrator));
    assert_false(sid_is_account(local_system));
    assert_false(sid_same_domain(administrator, local_system));
    other[8] = 22; /* not of a domain */
    assert_false(sid_is_account(other));
    other[8] = 21;
    other[7] = 6; /* of another authority */
    assert_false(sid_is_account(other));
    other[7] = 5;
    other[1] = 4;
    assert_false(sid_is_account(other));
    other[1] = 5;
    assert_true(sid_is_account(other));
}

static void it_is_written_as_windows_writes_it(void **state)
{
    (void)state;
    char text[SID_TEXT_SIZE];
    sid_to_text(administrator, text);
    assert_string_equal(text, "S-1-5-21-1-4294967295-2147483664-500");
    sid_to_text(local_system, text);
    assert_string_equal(text, "S-1-5-18");

    uint8_t largest[68];
    memset(largest, 0xff, sizeof largest);
    largest[0] = 1;
    largest[1] = 15;
    sid_to_text(largest, text);
    assert_int_equal(strlen(text), strlen("S-1-0xFFFFFFFFFFFF") + 15 * strlen("-4294967295"));
    assert_memory_equal(text, "S-1-0xFFFFFFFFFFFF-4294967295-", 30);
    memset(largest + 2, 0, 2); /* 2^32 - 1: the largest that is decimal */
    sid_to_text(largest, text);
    assert_memory_equal(text, "S-1-4294967295-4294967295-", 26);
    largest[3] = 1;
    memset(largest + 4, 0, 4);
    sid_to_text(largest, text);
    assert_memory_equal(text, "S-1-0x000100000000-4294967295-", 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sid_is_whole_or_none),
        cmocka_unit_test(it_says_what_it_is_of),
        cmocka_unit_test(it_is_written_as_windows_writes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
