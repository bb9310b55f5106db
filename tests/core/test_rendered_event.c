/* Sign-ins in values that wevtapi rendered: in either form, and with everything wrong that can be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "rendering.h"

enum { TIME = 1262401445, RECORD = 4711 };

static const struct text strings[] = {
    {u"zombie", 6}, {u"LOGIN", 5}, {u"CONTOSO\\bob", 11}, {u"more", 4}};
static const struct rendering_form forms[] = {
    {false, false}, {false, true}, {true, false}, {true, true}};

enum { STRINGS = sizeof strings / sizeof strings[0], FORMS = sizeof forms / sizeof forms[0] };

static struct rendered_values properties, data;

static void render(const struct text *texts, uint32_t count, struct rendering_form form)
{
    properties = rendering_properties(RECORD, TIME, TEXT_OF(u"MAIL1"), form);
    data = rendering_data(texts, count, form);
}

static int forget(void **state)
{
    (void)state;
    rendering_free(&properties);
    rendering_free(&data);
    return 0;
}

static bool is_sign_in(struct relay_event *event)
{
    memset(event, 0x5a, sizeof *event);
    return rendered_event_to_relay_event(&properties, &data, event);
}

static void assert_named(const struct relay_event *event)
{
    assert_true(event->record == RECORD && event->time == TIME);
    assert_true(text_equal(event->origin, TEXT_OF(u"MAIL1")));
}

static void a_sign_in_is_taken_in_every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        struct relay_event event;
        for (uint32_t count = 3; count <= STRINGS; count++) {
            render(strings, count, forms[i]);
            assert_true(is_sign_in(&event));
            assert_named(&event);
            assert_true(text_equal(event.client, strings[0]));
            assert_true(text_equal(event.method, strings[1]));
            assert_true(text_equal(event.account, strings[2]));
            forget(NULL);
        }
    }
}

static void an_empty_client_hides_nobody(void **state)
{
    (void)state;
    const struct text empty[] = {{u"", 0}, strings[1], strings[2]};
    for (size_t i = 0; i < FORMS; i++) {
        struct relay_event event;
        render(empty, 3, forms[i]);
        assert_true(is_sign_in(&event));
        assert_int_equal(event.client.count, 0);
        assert_non_null(event.client.at);
        assert_true(text_equal(event.account, strings[2]));
        forget(NULL);
    }
}

static void an_array_may_hold_a_null_for_an_empty_string(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, (struct rendering_form){.array = true});
    memset((uint8_t *)data.block + RENDERED_VALUE_SIZE, 0, sizeof(uintptr_t));
    assert_true(is_sign_in(&event));
    assert_int_equal(event.client.count, 0);
}

static void an_empty_array_is_no_string(void **state)
{
    (void)state;
    const struct text behind[] = {strings[3], strings[0], strings[1], strings[2]};
    struct relay_event event;
    render(behind, 4, forms[0]);
    rendering_put(&data, 0, 0, 0, RENDERED_STRING | RENDERED_ARRAY);
    assert_true(is_sign_in(&event));
    assert_true(text_equal(event.client, strings[0]));
    assert_true(text_equal(event.account, strings[2]));
}

/* Values and arrays of them may take turns. */
static void strings_are_put_together_in_their_order(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, forms[2]);
    const uint64_t items = (uintptr_t)data.block + RENDERED_VALUE_SIZE;
    uint64_t addresses[3];
    memcpy(addresses, (const uint8_t *)data.block + RENDERED_VALUE_SIZE, sizeof addresses);
    struct rendered_values own = data;
    uint64_t block[4 * RENDERED_VALUE_SIZE / sizeof(uint64_t) + 64] = {0};
    assert_true(own.size <= sizeof block - 2 * (size_t)RENDERED_VALUE_SIZE);
    /* The array of the first two, then the third one, behind which nothing is looked at. */
    uint8_t *moved = (uint8_t *)block + 2 * RENDERED_VALUE_SIZE;
    memcpy(moved, own.block, own.size);
    for (size_t i = 0; i < 3; i++) {
        addresses[i] += (uintptr_t)moved - (uintptr_t)own.block;
        memcpy(moved + RENDERED_VALUE_SIZE + i * sizeof addresses[i], &addresses[i],
               sizeof addresses[i]);
    }
    data = (struct rendered_values){
        .block = block, .size = own.size + 2 * (size_t)RENDERED_VALUE_SIZE, .count = 3};
    const uint64_t there = items + ((uintptr_t)moved - (uintptr_t)own.block);
    rendering_put(&data, 0, there, 2, RENDERED_STRING | RENDERED_ARRAY);
    rendering_put(&data, 1, addresses[2], 0, RENDERED_STRING);
    rendering_put(&data, 2, 8, 0, 8);
    assert_true(is_sign_in(&event));
    assert_true(text_equal(event.client, strings[0]));
    assert_true(text_equal(event.method, strings[1]));
    assert_true(text_equal(event.account, strings[2]));
    rendering_put(&data, 0, addresses[2], 0, RENDERED_STRING);
    rendering_put(&data, 1, there + sizeof(uint64_t), 2, RENDERED_STRING | RENDERED_ARRAY);
    assert_true(is_sign_in(&event));
    assert_true(text_equal(event.client, strings[2]));
    assert_true(text_equal(event.method, strings[1]));
    assert_true(text_equal(event.account, strings[2]));
    data = own;
}

static void what_follows_the_third_string_is_not_looked_at(void **state)
{
    (void)state;
    struct relay_event event;
    const uint64_t nowhere = 8;
    render(strings, 4, forms[2]);
    memcpy((uint8_t *)data.block + RENDERED_VALUE_SIZE + 3 * sizeof nowhere, &nowhere,
           sizeof nowhere);
    assert_true(is_sign_in(&event));
    forget(NULL);
    render(strings, 4, forms[0]);
    rendering_put(&data, 3, nowhere, 0, 8);
    assert_true(is_sign_in(&event));
    assert_true(text_equal(event.account, strings[2]));
}

static void a_string_may_be_the_last_terminator(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, forms[0]);
    rendering_put(&data, 0, (uintptr_t)data.block + data.size - 2, 0, RENDERED_STRING);
    assert_true(is_sign_in(&event));
    assert_int_equal(event.client.count, 0);
    assert_ptr_equal(event.client.at, (const uint8_t *)data.block + data.size - 2);
}

/* What was taken before must not pass for what is not there now. */
static void a_sign_in_before_does_not_help_a_broken_one(void **state)
{
    (void)state;
    struct relay_event event, broken;
    const uint64_t nowhere = 8;
    for (size_t i = 0; i < 3; i++) {
        render(strings, 3, forms[i == 0 ? 0 : 2]);
        bool whole = rendered_event_to_relay_event(&properties, &data, &event);
        /* The value, the array, or its last item. */
        memcpy((uint8_t *)data.block + (i == 2 ? RENDERED_VALUE_SIZE + 16 : 0), &nowhere,
               sizeof nowhere);
        bool again = rendered_event_to_relay_event(&properties, &data, &broken);
        assert_true(whole);
        assert_false(again);
        assert_int_equal(broken.client.count + broken.account.count, 0);
        forget(NULL);
    }
}

/* Even if there are enough strings without it. */
static void a_broken_array_before_good_strings_is_no_sign_in(void **state)
{
    (void)state;
    struct relay_event event;
    const uint64_t nowhere = 8;
    const struct text four[] = {strings[3], strings[0], strings[1], strings[2]};
    render(four, 4, forms[0]);
    rendering_put(&data, 0, nowhere, 3, RENDERED_STRING | RENDERED_ARRAY);
    assert_false(is_sign_in(&event));
    forget(NULL);
    render(strings, 4, forms[0]);
    uint8_t *fourth = (uint8_t *)data.block + 3 * (size_t)RENDERED_VALUE_SIZE;
    data.count = 3;
    memcpy(fourth, &nowhere, sizeof nowhere);
    bool whole = is_sign_in(&event);
    rendering_put(&data, 0, (uintptr_t)fourth, 1, RENDERED_STRING | RENDERED_ARRAY);
    bool broken = is_sign_in(&event);
    assert_true(whole);
    assert_false(broken);
}

/* An array may end where the block does. */
static void an_array_may_lie_at_the_very_end(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, forms[2]);
    uint64_t block[64] = {0};
    const uint8_t *texts = (const uint8_t *)data.block + RENDERED_VALUE_SIZE + 24;
    size_t size = data.size - RENDERED_VALUE_SIZE - 24;
    size_t array_at = (RENDERED_VALUE_SIZE + size + 7) / 8 * 8;
    uint8_t *at = (uint8_t *)block;
    memcpy(at + RENDERED_VALUE_SIZE, texts, size);
    for (size_t i = 0; i < 3; i++) {
        uint64_t address;
        memcpy(&address, (const uint8_t *)data.block + RENDERED_VALUE_SIZE + 8 * i, 8);
        address += (uintptr_t)(at + RENDERED_VALUE_SIZE) - (uintptr_t)texts;
        memcpy(at + array_at + 8 * i, &address, 8);
    }
    struct rendered_values own = data;
    data = (struct rendered_values){.block = block, .size = array_at + 24, .count = 1};
    rendering_put(&data, 0, (uintptr_t)(at + array_at), 3, RENDERED_STRING | RENDERED_ARRAY);
    assert_true(is_sign_in(&event));
    assert_true(text_equal(event.account, strings[2]));
    data.size--;
    assert_false(is_sign_in(&event));
    data = own;
}

static void too_few_strings_are_no_sign_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        for (uint32_t count = 0; count < 3; count++) {
            struct relay_event event;
            render(strings, count, forms[i]);
            assert_false(is_sign_in(&event));
            assert_named(&event);
            forget(NULL);
        }
    }
}

static void strings_out_of_bounds_are_no_sign_in(void **state)
{
    (void)state;
    static char16_t units[RELAY_ACCOUNT_MAX + 1];
    static const struct text accounts[] = {{u"", 0}, {units, RELAY_ACCOUNT_MAX + 1}};
    for (size_t i = 0; i < RELAY_ACCOUNT_MAX + 1; i++)
        units[i] = u'a';
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        const struct text texts[] = {strings[0], strings[1], accounts[i]};
        struct relay_event event;
        render(texts, 3, forms[0]);
        assert_false(is_sign_in(&event));
        assert_named(&event);
        forget(NULL);
    }
}

/* Pointers that lead out of the block, or to where nothing of their kind can lie. */
static void pointers_out_of_the_block_are_no_sign_in(void **state)
{
    (void)state;
    static const char16_t elsewhere[] = u"elsewhere";
    render(strings, 3, forms[0]);
    const uint64_t start = (uintptr_t)data.block, end = start + data.size;
    const uint64_t pointers[] = {8,       UINTPTR_MAX, start - 2,           end,
                                 end + 2, start + 49,  (uintptr_t)elsewhere};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        struct relay_event event;
        rendering_put(&data, 0, pointers[i], 0, RENDERED_STRING);
        assert_false(is_sign_in(&event));
        assert_named(&event);
    }
}

static void a_string_that_does_not_end_is_no_sign_in(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, forms[0]);
    memset((uint8_t *)data.block + data.size - 2, 'x', 2);
    assert_false(is_sign_in(&event));
    data.size -= 2; /* nor where more follows the block */
    assert_false(is_sign_in(&event));
    forget(NULL);
    render(strings, 3, forms[2]);
    data.size--; /* half of the last terminator */
    assert_false(is_sign_in(&event));
}

static void arrays_that_do_not_fit_are_no_sign_in(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 2, 6, 0x20000000, UINT32_MAX};
    struct relay_event event;
    render(strings, 3, forms[2]);
    const uint64_t start = (uintptr_t)data.block, items = start + RENDERED_VALUE_SIZE;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        rendering_put(&data, 0, counts[i] == 6 ? start + data.size - 8 : items, counts[i],
                      RENDERED_STRING | RENDERED_ARRAY);
        assert_false(is_sign_in(&event));
        assert_named(&event);
    }
    rendering_put(&data, 0, items + 1, 3, RENDERED_STRING | RENDERED_ARRAY);
    assert_false(is_sign_in(&event));
    rendering_put(&data, 0, items, 3, RENDERED_STRING | RENDERED_ARRAY);
    assert_true(is_sign_in(&event));
}

static void values_of_other_types_are_no_sign_in(void **state)
{
    (void)state;
    for (uint32_t type = 0; type < 256; type++) {
        struct relay_event event;
        render(strings, 3, forms[0]);
        uint64_t address;
        memcpy(&address, data.block, sizeof address);
        rendering_put(&data, 0, address, 1, type);
        /* A null is an empty string; an array of what the text says are no pointers. */
        assert_int_equal(is_sign_in(&event), type == RENDERED_NULL || type == RENDERED_STRING);
        forget(NULL);
    }
}

static void more_values_than_there_is_room_for_are_none(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, forms[0]);
    data.count = (uint32_t)(data.size / RENDERED_VALUE_SIZE) + 1;
    assert_false(is_sign_in(&event));
    assert_named(&event);
    data.count = 2; /* what lies behind them is none either */
    assert_false(is_sign_in(&event));
    data.count = 3;
    assert_true(is_sign_in(&event));
    properties.count = (uint32_t)(properties.size / RENDERED_VALUE_SIZE) + 1;
    assert_false(is_sign_in(&event));
    assert_true(event.record == 0 && event.time == 0 && event.origin.count == 0);
    properties.count = RENDERED_PROPERTIES - 1;
    assert_false(is_sign_in(&event));
    assert_true(event.record == 0);
    rendering_free(&properties);
    assert_false(is_sign_in(&event));
    assert_true(event.record == 0);
}

static void properties_of_other_types_are_known_as_far_as_they_go(void **state)
{
    (void)state;
    struct relay_event event;
    render(strings, 3, forms[0]);
    rendering_put(&properties, RENDERED_COMPUTER, 7, 0, 8);
    assert_false(is_sign_in(&event));
    assert_true(event.record == RECORD && event.time == TIME && event.origin.count == 0);
    rendering_put(&properties, RENDERED_TIME_CREATED, TIME, 0, RENDERED_UINT64);
    assert_false(is_sign_in(&event));
    assert_true(event.record == RECORD && event.time == 0);
    rendering_put(&properties, RENDERED_RECORD_ID, RECORD, 0, 8);
    assert_false(is_sign_in(&event));
    assert_true(event.record == 0 && event.time == 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, forget)
    const struct CMUnitTest tests[] = {
        TEST(a_sign_in_is_taken_in_every_form),
        TEST(an_empty_client_hides_nobody),
        TEST(an_array_may_hold_a_null_for_an_empty_string),
        TEST(an_empty_array_is_no_string),
        TEST(strings_are_put_together_in_their_order),
        TEST(what_follows_the_third_string_is_not_looked_at),
        TEST(a_string_may_be_the_last_terminator),
        TEST(a_sign_in_before_does_not_help_a_broken_one),
        TEST(a_broken_array_before_good_strings_is_no_sign_in),
        TEST(an_array_may_lie_at_the_very_end),
        TEST(too_few_strings_are_no_sign_in),
        TEST(strings_out_of_bounds_are_no_sign_in),
        TEST(pointers_out_of_the_block_are_no_sign_in),
        TEST(a_string_that_does_not_end_is_no_sign_in),
        TEST(arrays_that_do_not_fit_are_no_sign_in),
        TEST(values_of_other_types_are_no_sign_in),
        TEST(more_values_than_there_is_room_for_are_none),
        TEST(properties_of_other_types_are_known_as_far_as_they_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
