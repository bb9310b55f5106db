/* test_burst_list.c: whose client a message came from. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "core/burst_list.h"

enum { T = 1262401445 };

static struct burst_list list;

static int start(void **state)
{
    (void)state;
    memset(&list, 0, sizeof list);
    return 0;
}

/* The burst that a message is counted at; of several, the last. */
static uint32_t whose(struct text name, struct text address, int64_t time)
{
    static struct burst_list before;
    uint32_t burst = BURST_NONE, clients = 0, counted = 0;
    before = list;
    bool has = burst_list_has(&list, name, address, time);
    assert_int_equal(burst_list_count(&list, name, address, time), has);
    for (uint32_t i = 0; i < list.client_count; i++)
        clients += list.clients[i].messages - before.clients[i].messages;
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.bursts[i].messages == before.bursts[i].messages)
            continue;
        assert_int_equal(list.bursts[i].messages, before.bursts[i].messages + 1);
        counted++;
        burst = i;
    }
    assert_int_equal(clients, counted);
    assert_int_equal(counted > 0, has);
    return burst;
}

#define NOTHING ((struct text){0})

static void a_client_is_found_by_name_or_address(void **state)
{
    (void)state;
    uint32_t bob = burst_list_add(&list, TEXT_OF(u"CONTOSO\\bob"), T, T + 60);
    burst_list_add_client(&list, bob, TEXT_OF(u"User"));
    burst_list_add_client(&list, bob, TEXT_OF(u"[203.0.113.9]"));
    burst_list_add_client(&list, bob, TEXT_OF(u"USER")); /* the same */
    burst_list_add_client(&list, bob, NOTHING);
    assert_int_equal(list.bursts[bob].clients, 2);
    assert_int_equal(whose(TEXT_OF(u"uSER"), NOTHING, T), bob);
    assert_int_equal(whose(TEXT_OF(u"other"), TEXT_OF(u"203.0.113.9"), T), bob);
    assert_int_equal(whose(TEXT_OF(u"other"), TEXT_OF(u"203.0.113.8"), T), BURST_NONE);
    assert_int_equal(whose(NOTHING, NOTHING, T), BURST_NONE);
}

static void a_message_must_be_of_the_time(void **state)
{
    (void)state;
    uint32_t bob = burst_list_add(&list, TEXT_OF(u"bob"), T, T + 60);
    burst_list_add_client(&list, bob, TEXT_OF(u"User"));
    assert_int_equal(whose(TEXT_OF(u"User"), NOTHING, T - BURST_EARLY), bob);
    assert_int_equal(whose(TEXT_OF(u"User"), NOTHING, T - BURST_EARLY - 1), BURST_NONE);
    assert_int_equal(whose(TEXT_OF(u"User"), NOTHING, T + 60 + BURST_LATE), bob);
    assert_int_equal(whose(TEXT_OF(u"User"), NOTHING, T + 61 + BURST_LATE), BURST_NONE);
}

/* Only of a pair that holds something. */
static void brackets_are_no_part_of_an_address(void **state)
{
    static const struct {
        struct text name, same, other;
    } cases[] = {
        {TEXT_OF(u"[a]"), TEXT_OF(u"a"), TEXT_OF(u"[a")},
        {TEXT_OF(u"[ab"), TEXT_OF(u"[AB"), TEXT_OF(u"ab")},
        {TEXT_OF(u"ab]"), TEXT_OF(u"AB]"), TEXT_OF(u"ab")},
        {TEXT_OF(u"[ab"), TEXT_OF(u"[[ab]"), TEXT_OF(u"a")},
        {TEXT_OF(u"[]"), TEXT_OF(u"[[]]"), TEXT_OF(u"[")},
        {TEXT_OF(u"["), TEXT_OF(u"[[]"), TEXT_OF(u"]")},
        {TEXT_OF(u"\\x]"), TEXT_OF(u"[\\x]]"), TEXT_OF(u"x")},
        {TEXT_OF(u"[x^"), TEXT_OF(u"[[x^]"), TEXT_OF(u"x")},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(NULL);
        uint32_t bob = burst_list_add(&list, TEXT_OF(u"bob"), T, T);
        burst_list_add_client(&list, bob, cases[i].name);
        assert_int_equal(whose(cases[i].same, NOTHING, T), bob);
        assert_int_equal(whose(NOTHING, cases[i].same, T), bob);
        assert_int_equal(whose(cases[i].other, NOTHING, T), BURST_NONE);
    }
}

static void what_is_known_of_each_is_kept(void **state)
{
    (void)state;
    uint32_t bob = burst_list_add(&list, TEXT_OF(u"bob"), T, T + 60);
    uint32_t eve = burst_list_add(&list, TEXT_OF(u"eve"), T + 5, T + 9);
    burst_list_add_client(&list, eve, TEXT_OF(u"[User]"));
    burst_list_add_client(&list, bob, TEXT_OF(u"User"));
    assert_true(text_equal(text_of(list.bursts[bob].account), TEXT_OF(u"bob")));
    assert_true(text_equal(text_of(list.bursts[eve].account), TEXT_OF(u"eve")));
    assert_int_equal(list.bursts[bob].first_time, T);
    assert_int_equal(list.bursts[bob].last_time, T + 60);
    assert_int_equal(list.client_count, 2);
    assert_int_equal(list.clients[0].burst, eve);
    assert_int_equal(list.clients[1].burst, bob);
    assert_true(text_equal(text_of(list.clients[0].name), TEXT_OF(u"[User]")));
    assert_int_equal(burst_list_add(&list, TEXT_OF(u"EVE"), T + 6, T + 8), eve); /* within it */
    assert_int_equal(list.bursts[eve].first_time, T + 5);
    assert_int_equal(list.bursts[eve].last_time, T + 9);
    assert_int_equal(burst_list_add(&list, TEXT_OF(u"eve"), T + 4, T + 10), eve);
    assert_int_equal(list.bursts[eve].first_time, T + 4);
    assert_int_equal(list.bursts[eve].last_time, T + 10);
    assert_true(list.bursts[bob].clients == 1 && list.bursts[eve].clients == 1);
    assert_false(list.crowded);
}

/* Its own name goes before the address that it came from. */
static void of_name_and_address_the_name_counts(void **state)
{
    (void)state;
    uint32_t bob = burst_list_add(&list, TEXT_OF(u"bob"), T, T);
    uint32_t eve = burst_list_add(&list, TEXT_OF(u"eve"), T, T);
    burst_list_add_client(&list, bob, TEXT_OF(u"User"));
    burst_list_add_client(&list, eve, TEXT_OF(u"192.0.2.1"));
    assert_int_equal(whose(TEXT_OF(u"User"), TEXT_OF(u"192.0.2.1"), T), bob);
    assert_int_equal(whose(TEXT_OF(u"other"), TEXT_OF(u"192.0.2.1"), T), eve);
    assert_int_equal(whose(NOTHING, TEXT_OF(u"user"), T), bob);
}

/* Stolen accounts, used by programs that all call themselves the same. */
static void of_several_each_has_it(void **state)
{
    (void)state;
    uint32_t late = burst_list_add(&list, TEXT_OF(u"late"), T, T + 600);
    uint32_t early = burst_list_add(&list, TEXT_OF(u"early"), T, T + 60);
    uint32_t other = burst_list_add(&list, TEXT_OF(u"other"), T, T + 60);
    burst_list_add_client(&list, early, TEXT_OF(u"User"));
    burst_list_add_client(&list, late, TEXT_OF(u"User"));
    burst_list_add_client(&list, other, TEXT_OF(u"PC"));
    whose(TEXT_OF(u"User"), NOTHING, T);
    assert_int_equal(list.bursts[late].messages, 1);
    assert_int_equal(list.bursts[early].messages, 1);
    assert_int_equal(list.bursts[other].messages, 0);
    assert_int_equal(whose(TEXT_OF(u"User"), NOTHING, T + 600 + BURST_LATE), late);
    /* The same account again: one burst, its times widened. */
    assert_int_equal(burst_list_add(&list, TEXT_OF(u"EARLY"), T - 500, T + 6000), early);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.bursts[early].first_time, T - 500);
    assert_int_equal(whose(TEXT_OF(u"User"), NOTHING, T + 6000 + BURST_LATE), early);
}

static void long_names_are_compared_as_far_as_they_are_kept(void **state)
{
    char16_t name[100], other[100];
    (void)state;
    for (int i = 0; i < 100; i++)
        name[i] = other[i] = u'x';
    other[40] = u'y';
    uint32_t bob = burst_list_add(&list, TEXT_OF(u"bob"), T, T);
    burst_list_add_client(&list, bob, (struct text){name, 100});
    assert_int_equal(whose((struct text){name, 100}, NOTHING, T), bob);
    assert_int_equal(whose((struct text){other, 100}, NOTHING, T), BURST_NONE);
    /* As the journal has kept it. */
    char16_t kept[CLIENT_SHOWN_MAX];
    size_t count = text_copy(kept, CLIENT_SHOWN_MAX, (struct text){name, 100});
    assert_int_equal(whose((struct text){kept, count}, NOTHING, T), bob);
}

static void what_finds_no_room_is_noted(void **state)
{
    char16_t name[3] = u"aa";
    (void)state;
    for (uint32_t i = 0; i < BURSTS_MAX + 1; i++) {
        name[0] = (char16_t)(0x4e00 + i);
        assert_int_equal(burst_list_add(&list, text_of(name), T, T),
                         i < BURSTS_MAX ? i : BURST_NONE);
    }
    assert_true(list.crowded);
    list.crowded = false;
    for (uint32_t i = 0; i < BURST_CLIENTS_MAX; i++) {
        name[1] = (char16_t)(0x4e00 + i);
        burst_list_add_client(&list, 0, text_of(name));
    }
    assert_false(list.crowded);
    burst_list_add_client(&list, 1, TEXT_OF(u"one more"));
    assert_true(list.crowded);
    assert_int_equal(whose(TEXT_OF(u"one more"), NOTHING, T), BURST_NONE);
    assert_int_equal(list.client_count, BURST_CLIENTS_MAX);
    assert_int_equal(list.bursts[1].clients, 0);
    list.crowded = false; /* those that are there need no room */
    burst_list_add_client(&list, 0, text_of(name));
    name[1] = u'a';
    name[0] = 0x4e00;
    assert_int_equal(burst_list_add(&list, text_of(name), T, T + 1), 0);
    assert_false(list.crowded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_client_is_found_by_name_or_address, start),
        cmocka_unit_test_setup(a_message_must_be_of_the_time, start),
        cmocka_unit_test_setup(brackets_are_no_part_of_an_address, start),
        cmocka_unit_test_setup(what_is_known_of_each_is_kept, start),
        cmocka_unit_test_setup(of_name_and_address_the_name_counts, start),
        cmocka_unit_test_setup(of_several_each_has_it, start),
        cmocka_unit_test_setup(long_names_are_compared_as_far_as_they_are_kept, start),
        cmocka_unit_test_setup(what_finds_no_room_is_noted, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
