/* The resolver's cache: how long answers are kept, what replaces them, and which ones go when it
 * is full. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "resolver_scene.h"

static void answers_are_kept_until_they_expire(void **state)
{
    (void)state;
    fake.ticks = 0u - 5000u; /* across the wrap of GetTickCount */
    find(u"CONTOSO\\bob");
    find(u"CONTOSO\\nobody");
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 2);
    fake.ticks += RESOLVER_RETRY * 1000 - 1;
    find(u"CONTOSO\\bob");
    find(u"CONTOSO\\nobody");
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 2);
    fake.ticks += 1; /* the failure expires */
    find(u"CONTOSO\\nobody");
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 3);
    fake.ticks += (RESOLVER_KEEP - RESOLVER_RETRY) * 1000 - 1;
    find(u"CONTOSO\\bob");
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 3);
    fake.ticks += 1; /* and the success: answered from the cache, asked again behind it */
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    wait_for_lookups(4);
    drain();
    find(u"CONTOSO\\bob");
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 5); /* the fifth is drain's */
}

static void a_known_name_stays_known_while_windows_knows_nothing(void **state)
{
    (void)state;
    static const DWORD errors[] = {ERROR_NONE_MAPPED, ERROR_TRUSTED_RELATIONSHIP_FAILURE,
                                   RPC_S_SERVER_UNAVAILABLE, ERROR_ACCESS_DENIED};
    find(u"CONTOSO\\bob");
    LONG lookups = 1;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        fake.ticks += RESOLVER_KEEP * 1000;
        fake_directory_fail(FAKE_LOOKUP_NAME, 1, errors[i]);
        assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
        drain();
        assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
        assert_found(bob, u"CONTOSO\\bob");
        drain();
        lookups += 3; /* two are drain's: he is not asked for again at once */
        assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], lookups);
        fake.ticks += RESOLVER_RETRY * 1000;
        assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
        drain();
        lookups += 2;
        assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], lookups);
    }
    assert_false(late_was_signalled(0));
}

static void a_different_answer_replaces_the_old_one(void **state)
{
    (void)state;
    find(u"CONTOSO\\bob");
    bob->deleted = true;
    struct fake_user *heir = fake_add_user(contoso, L"bob", 1999);
    fake.ticks += RESOLVER_KEEP * 1000;
    find(u"CONTOSO\\bob");
    assert_found(bob, u"CONTOSO\\bob"); /* for the last time */
    drain();
    find(u"CONTOSO\\bob");
    assert_found(heir, u"CONTOSO\\bob");

    heir->deleted = true;
    fake_add_group(contoso, L"bob", 2000);
    fake.ticks += RESOLVER_KEEP * 1000;
    find(u"CONTOSO\\bob");
    drain();
    find(u"CONTOSO\\bob");
    assert_nobody(u"CONTOSO\\bob");
}

static void a_failure_that_turns_into_somebody_is_told(void **state)
{
    (void)state;
    contoso->controllers[0].down = true;
    find(u"CONTOSO\\bob");
    assert_nobody(u"CONTOSO\\bob");
    contoso->controllers[0].down = false;
    find(u"CONTOSO\\bob");
    assert_nobody(u"CONTOSO\\bob"); /* not asked yet */
    assert_false(late_was_signalled(0));
    fake.ticks += RESOLVER_RETRY * 1000;
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    assert_true(late_was_signalled(0));
}

static void a_failing_lookup_of_the_sid_is_a_failure(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_LOOKUP_SID, 1, RPC_S_SERVER_UNAVAILABLE);
    find(u"CONTOSO\\bob");
    assert_nobody(u"CONTOSO\\bob");
    fake.ticks += RESOLVER_RETRY * 1000;
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
}

static void more_names_than_the_cache_holds_are_answered_all_the_same(void **state)
{
    (void)state;
    enum { NAMES = RESOLVER_CACHE + 1000 };
    char16_t name[32];
    for (unsigned i = 0; i < NAMES; i++) {
        swprintf(name, 32, L"CONTOSO\\nobody%u", i);
        find(name);
        assert_nobody(name);
    }
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], NAMES);
    find(name); /* the latest is there, the first is not */
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], NAMES);
    find(u"CONTOSO\\nobody0");
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], NAMES + 1);
}

static void the_cache_drops_the_least_recently_used(void **state)
{
    (void)state;
    enum { CAPACITY = 64, KEYS = 256, STEPS = 100000 };
    struct name_cache cache;
    unsigned used[KEYS] = {0}, draw = 1;
    void *memory = calloc(1, name_cache_size(CAPACITY));
    name_cache_init(&cache, memory, CAPACITY);
    for (unsigned step = 1; step <= STEPS; step++) {
        draw = draw * 1103515245u + 12345u;
        unsigned chosen = (draw >> 16) % KEYS, newer = 0;
        for (unsigned i = 0; i < KEYS; i++)
            newer += used[i] > used[chosen];
        bool expected = used[chosen] != 0 && newer < CAPACITY;
        /* Few buckets, long chains. */
        const struct name_key name = {chosen, chosen % 4};
        struct name_entry *entry = name_cache_find(&cache, name);
        assert_int_equal(entry != NULL, expected);
        if (entry == NULL) {
            entry = name_cache_put(&cache, name);
            assert_int_equal(entry->expires, 0);
        } else {
            assert_int_equal(entry->expires, chosen + 1);
        }
        assert_ptr_equal(name_cache_put(&cache, name), entry);
        entry->expires = chosen + 1;
        used[chosen] = step;
    }
    assert_int_equal(cache.count, CAPACITY);
    free(memory);
}

static void a_hundred_thousand_names_need_no_more_memory(void **state)
{
    (void)state;
    struct name_cache cache;
    size_t size = name_cache_size(RESOLVER_CACHE);
    uint8_t *memory = calloc(1, size + 64);
    memset(memory + size, 0xa5, 64);
    name_cache_init(&cache, memory, RESOLVER_CACHE);
    const struct hash_key keys[2] = {{1, 2}, {3, 4}};
    char16_t name[32];
    for (unsigned i = 0; i < 100000; i++) {
        swprintf(name, 32, L"someone-%u", i);
        name_cache_put(&cache, name_key_of(text_of(name), keys))->expires = i + 1;
    }
    assert_int_equal(cache.count, RESOLVER_CACHE);
    for (unsigned i = 0; i < 100000; i++) {
        swprintf(name, 32, L"SOMEONE-%u", i);
        const struct name_entry *entry = name_cache_find(&cache, name_key_of(text_of(name), keys));
        assert_int_equal(entry != NULL, i >= 100000 - RESOLVER_CACHE);
        if (entry != NULL)
            assert_int_equal(entry->expires, i + 1);
    }
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(memory[size + i], 0xa5);
    free(memory);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, resolver_scene_set_up, resolver_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_are_kept_until_they_expire),
        TEST(a_known_name_stays_known_while_windows_knows_nothing),
        TEST(a_different_answer_replaces_the_old_one),
        TEST(a_failure_that_turns_into_somebody_is_told),
        TEST(a_failing_lookup_of_the_sid_is_a_failure),
        TEST(more_names_than_the_cache_holds_are_answered_all_the_same),
        TEST(the_cache_drops_the_least_recently_used),
        TEST(a_hundred_thousand_names_need_no_more_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
