/* test_account_table.c: where accounts lie, who is found by which hint, the order of the lists. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "core/account_table.h"
#include "guard_fixture.h"

enum { CAPACITY = 5, LINE = 64 };

static const struct hash_key key = {1, 2};
static struct account_table table;
static void *memory;

static int set_up(void **state)
{
    (void)state;
    memory = calloc(1, (size_t)account_table_size(CAPACITY));
    assert_non_null(memory);
    account_table_init(&table, memory, CAPACITY);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static uint32_t find(const struct identity *identity)
{
    uint64_t hash;
    return account_table_find(&table, identity, &key, &hash);
}

static uint32_t add(const struct identity *identity)
{
    uint64_t hash;
    assert_int_equal(account_table_find(&table, identity, &key, &hash), 0);
    return account_table_add(&table, hash, identity, identity->name);
}

/* However the memory is aligned, by 16 at least. */
static void each_account_lies_on_a_cache_line(void **state)
{
    (void)state;
    size_t size = (size_t)account_table_size(CAPACITY);
    for (size_t offset = 0; offset < LINE; offset += 16) {
        uint8_t *block = calloc(1, size + 2 * LINE);
        assert_non_null(block);
        uint8_t *start = block + (LINE - (uintptr_t)block % LINE) + offset;
        account_table_init(&table, start, CAPACITY);
        assert_int_equal((uintptr_t)table.at % LINE, 0);
        assert_true((uint8_t *)table.at >= (uint8_t *)(table.person + CAPACITY + 1));
        assert_true((uint8_t *)(table.at + CAPACITY + 1) <= start + size);
        free(block);
    }
}

static void as_many_are_added_as_there_is_room_for(void **state)
{
    (void)state;
    for (uint32_t i = 1; i <= CAPACITY; i++) {
        struct identity who = fixture_user(u"x", i);
        assert_in_range(add(&who), 1, CAPACITY);
        assert_int_equal(table.at[find(&who)].tenancy, i);
    }
    struct identity more = fixture_user(u"x", CAPACITY + 1);
    assert_int_equal(add(&more), 0);
}

/* Without a SID by the whole name in any case of letters, with one by nothing but that. */
static void an_account_is_found_by_what_it_is(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 1), nobody = fixture_unresolved(u"bob");
    struct identity other = fixture_user(u"robert", 1), folded = fixture_unresolved(u"BOB");
    uint32_t known = add(&bob), unknown = add(&nobody);
    assert_int_not_equal(known, unknown);
    for (int again = 0; again < 3; again++) {
        assert_int_equal(find(&bob), known);
        assert_int_equal(find(&other), known);
        assert_int_equal(find(&nobody), unknown);
        assert_int_equal(find(&folded), unknown);
    }
    struct identity kept;
    account_identity(&table, known, &kept);
    assert_int_equal(kept.sid_size, bob.sid_size);
    assert_memory_equal(kept.sid, bob.sid, bob.sid_size);
    assert_true(text_equal(kept.name, bob.name));
}

/* What was found lately is remembered, each by its own identity. */
static void who_was_found_is_found_by_a_hint(void **state)
{
    (void)state;
    static const char16_t *const names[CAPACITY] = {u"alice", u"bobby", u"carol", u"david",
                                                    u"erica"};
    for (int with_sid = 0; with_sid <= 1; with_sid++) {
        memset(memory, 0, (size_t)account_table_size(CAPACITY));
        account_table_init(&table, memory, CAPACITY);
        for (uint32_t i = 0; i < CAPACITY; i++) {
            struct identity who =
                with_sid ? fixture_user(names[i], i + 1) : fixture_unresolved(names[i]);
            uint32_t slot = add(&who);
            assert_int_equal(find(&who), slot);
            assert_int_equal(table.person[slot].name_count, with_sid ? 0 : 5);
        }
        uint32_t remembered = 0;
        for (size_t place = 0; place < 1 << ACCOUNT_RECENT_BITS; place++)
            for (int i = 0; i < ACCOUNT_RECENT_EACH; i++)
                remembered += table.recent[place][i] != 0;
        assert_int_equal(remembered, CAPACITY);
    }
}

/* By a hint under which name or key ever it is filed; of those whose SIDs end alike the two that
 * were found last. */
static void a_hint_needs_no_hash(void **state)
{
    static const struct hash_key other_key = {3, 4};
    struct identity alike[3];
    uint64_t filed, hash;
    uint32_t slots[3];
    (void)state;
    for (uint8_t i = 0; i < 3; i++) {
        alike[i] = fixture_user(u"x", 7);
        alike[i].sid[12] = i;
        slots[i] = add(&alike[i]);
        assert_int_equal(find(&alike[i]), slots[i]);
    }
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t slot = account_table_find(&table, &alike[i], &other_key, &hash);
        assert_int_equal(slot, i == 0 ? 0 : slots[i]);
        if (slot)
            assert_int_equal(hash, table.person[slot].hash);
    }
    struct identity nobody = fixture_unresolved(u"somebody");
    uint32_t unknown = add(&nobody);
    assert_int_equal(account_table_find(&table, &nobody, &key, &filed), unknown);
    assert_int_equal(account_table_find(&table, &nobody, &other_key, &hash), unknown);
    assert_int_equal(hash, filed);
}

/* A hint leads to who it may be; whose name is empty is not everybody whose name is not kept. */
static void an_empty_name_is_nobodys(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 0), nobody = fixture_unresolved(u"");
    memset(bob.sid + bob.sid_size - 8, 0, 8);
    uint32_t slot = add(&bob);
    assert_int_equal(find(&bob), slot); /* there is a hint */
    assert_int_equal(find(&nobody), 0);
}

static void who_was_removed_is_found_no_more(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 1), nobody = fixture_unresolved(u"somebody");
    uint32_t slots[] = {add(&bob), add(&nobody)};
    assert_true(find(&bob) && find(&nobody)); /* there is a hint, too */
    for (size_t i = 0; i < 2; i++) {
        account_table_remove(&table, slots[i]);
        assert_int_equal(table.at[slots[i]].tenancy, 0);
        assert_int_equal(table.at[slots[i]].sid_size, 0);
        assert_int_equal(table.person[slots[i]].name_count, 0);
    }
    assert_int_equal(find(&bob), 0);
    assert_int_equal(find(&nobody), 0);
    assert_int_equal(account_table_coldest(&table, 0), 0);
}

static void expect_list(uint32_t level, const uint32_t *slots, size_t count)
{
    uint32_t slot = account_table_coldest(&table, level);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(slot, slots[i]);
        assert_int_equal(table.at[slot].level, level);
        slot = account_table_warmer(&table, slot);
    }
    assert_int_equal(slot, 0);
}

static void lists_are_in_order_of_activity(void **state)
{
    (void)state;
    uint32_t slots[3];
    for (uint32_t i = 0; i < 3; i++) {
        struct identity who = fixture_user(u"x", i + 1);
        slots[i] = add(&who);
    }
    expect_list(0, (uint32_t[]){slots[2], slots[1], slots[0]}, 3);
    account_table_warm(&table, slots[2], 0);
    expect_list(0, (uint32_t[]){slots[1], slots[0], slots[2]}, 3);
    account_table_warm(&table, slots[0], 3);
    account_table_warm(&table, slots[1], 3);
    account_table_cool(&table, slots[2], 3);
    expect_list(0, NULL, 0);
    expect_list(3, (uint32_t[]){slots[2], slots[0], slots[1]}, 3);
    account_table_remove(&table, slots[0]);
    expect_list(3, (uint32_t[]){slots[2], slots[1]}, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_account_lies_on_a_cache_line), TEST(as_many_are_added_as_there_is_room_for),
        TEST(an_account_is_found_by_what_it_is), TEST(who_was_found_is_found_by_a_hint),
        TEST(an_empty_name_is_nobodys),          TEST(who_was_removed_is_found_no_more),
        TEST(lists_are_in_order_of_activity),    TEST(a_hint_needs_no_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
