/* test_resolver.c: resolver.c, name_lookup.c and name_cache.c against the fake directory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fake_directory.h"

static const struct hash_key key = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
static struct fake_domain *contoso;
static struct fake_user *bob, *local_bob, *service_account;
static struct resolver *resolver;
static HANDLE late;
static char16_t canonical[RESOLVER_CANONICAL_MAX];
static struct identity identity;

static int set_up(void **state)
{
    (void)state;
    fake_directory_reset();
    contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"dc1.contoso.example");
    fake_add_user(fake_local(), L"Administrator", 500);
    local_bob = fake_add_user(fake_local(), L"bob", 1004);
    bob = fake_add_user(contoso, L"bob", 1105);
    fake_add_user(contoso, L"alice", 1106);
    fake_add_user(contoso, L"Chef", 500);
    service_account = fake_add_user(contoso, L"svc-relaylock", 1107);
    fake_add_user(contoso, L"EXCH1$", 1108);
    fake_add_group(contoso, L"Sales", 1200);
    fake_sid(contoso, service_account->rid, fake.own_sid);
    fake.waiting = CreateEventW(NULL, FALSE, FALSE, NULL);
    late = CreateEventW(NULL, FALSE, FALSE, NULL);
    resolver = NULL;
    assert_int_equal(resolver_start(&key, late, &resolver), ERROR_SUCCESS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (resolver != NULL)
        assert_true(resolver_stop(resolver, 10000));
    /* A thread left behind cleans up when it is let go. */
    for (int i = 0; i < 500 && fake.blocks != 0; i++)
        Sleep(10);
    assert_int_equal(fake.blocks, 0);
    assert_int_equal(fake.handles, 0);
    CloseHandle(fake.waiting);
    CloseHandle(late);
    return 0;
}

static enum identity_kind find(const char16_t *name)
{
    memset(&identity, 0xee, sizeof identity);
    resolver_find(resolver, text_of(name), NULL, canonical, &identity);
    return identity.kind;
}

static void assert_is(const struct fake_user *user, const char16_t *name)
{
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(user->domain, user->rid, sid);
    assert_int_equal(identity.sid_size, sizeof sid);
    assert_memory_equal(identity.sid, sid, sizeof sid);
    assert_true(text_equal(identity.name, text_of(name)));
    assert_ptr_equal(identity.name.at, canonical);
}

static void assert_nobody(const char16_t *name)
{
    assert_int_equal(identity.kind, IDENTITY_UNRESOLVED);
    assert_int_equal(identity.sid_size, 0);
    assert_true(text_equal(identity.name, text_of(name)));
}

static bool late_was_signalled(DWORD wait)
{
    return WaitForSingleObject(late, wait) == WAIT_OBJECT_0;
}

/* Waits until the thread has asked Windows so many names. */
static void wait_for_lookups(LONG count)
{
    for (int i = 0; i < 1000 && fake.calls[FAKE_LOOKUP_NAME] < count; i++)
        Sleep(10);
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], count);
}

/* Until the thread is done with all that it was given: a name that is new each time, asked and
 * answered, is behind all that. Costs one lookup. */
static void drain(void)
{
    static wchar_t names[FAKE_USERS_MAX][32];
    wchar_t *name = names[fake.user_count];
    swprintf(name, 32, L"CONTOSO\\drain%u", (unsigned)fake.user_count);
    fake_add_user(contoso, name + 8, 3000 + (DWORD)fake.user_count);
    for (int i = 0; i < 1000 && find(name) == IDENTITY_UNRESOLVED; i++)
        Sleep(10);
    assert_int_equal(identity.kind, IDENTITY_USER);
}

/* ---- kinds and names ------------------------------------------------------------------------ */

static void all_spellings_are_one_account(void **state)
{
    (void)state;
    static const char16_t *const spellings[] = {
        u"CONTOSO\\bob",        u"contoso\\BOB",        u"Contoso\\Bob",
        u"bob@contoso.example", u"BOB@CONTOSO.EXAMPLE", u"contoso.example\\bob",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_int_equal(find(spellings[i]), IDENTITY_USER);
        assert_is(bob, u"CONTOSO\\bob");
    }
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 3); /* letters do not matter to the cache */
}

static void a_bare_name_is_this_computers_before_the_domains(void **state)
{
    (void)state;
    assert_int_equal(find(u"bob"), IDENTITY_USER);
    assert_is(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u"EXCH1\\bob"), IDENTITY_USER);
    assert_is(local_bob, u"EXCH1\\bob");
    assert_int_equal(find(u"alice"), IDENTITY_USER);
    assert_is(&fake.users[3], u"CONTOSO\\alice");
}

static void protected_are_rid_500_and_the_own_account(void **state)
{
    (void)state;
    assert_int_equal(find(u"administrator"), IDENTITY_PROTECTED);
    assert_true(text_equal(identity.name, text_of(u"EXCH1\\Administrator")));
    assert_int_equal(find(u"CONTOSO\\chef"), IDENTITY_PROTECTED); /* renamed */
    assert_int_equal(find(u"svc-relaylock@contoso.example"), IDENTITY_PROTECTED);
    assert_is(service_account, u"CONTOSO\\svc-relaylock");
    fake_add_user(contoso, L"Administrator", 1300); /* only called so */
    assert_int_equal(find(u"CONTOSO\\Administrator"), IDENTITY_USER);
}

static void machines_are_machines(void **state)
{
    (void)state;
    assert_int_equal(find(u"CONTOSO\\exch1$"), IDENTITY_MACHINE);
    assert_true(text_equal(identity.name, text_of(u"CONTOSO\\EXCH1$")));
}

static void what_is_no_user_stays_unresolved(void **state)
{
    (void)state;
    static const char16_t *const names[] = {
        u"CONTOSO\\Sales",
        u"CONTOSO",
        u"EXCH1",
        u"SYSTEM",
        u"NT AUTHORITY\\SYSTEM",
        u"Administratoren",
        u"CONTOSO\\nobody",
        u"NOWHERE\\bob",
        u"bob@nowhere",
        u"\\",
        u"@",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        find(names[i]);
        assert_nobody(names[i]);
    }
    assert_false(late_was_signalled(0));
}

static void hopeless_names_are_not_asked(void **state)
{
    (void)state;
    static char16_t lengthy[RESOLVER_NAME_MAX + 1];
    for (size_t i = 0; i <= RESOLVER_NAME_MAX; i++)
        lengthy[i] = u'b';
    const struct text names[] = {
        {lengthy, 0}, {NULL, 0}, {lengthy, RESOLVER_NAME_MAX + 1}, {u"bob\0x", 5}, {u"\0", 1}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        resolver_find(resolver, names[i], NULL, canonical, &identity);
        assert_int_equal(identity.kind, IDENTITY_UNRESOLVED);
        assert_int_equal(identity.name.count, names[i].count);
    }
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 0);
    resolver_find(resolver, (struct text){lengthy, RESOLVER_NAME_MAX}, NULL, canonical, &identity);
    assert_int_equal(identity.kind, IDENTITY_UNRESOLVED);
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 1);
}

static void a_name_need_not_be_terminated(void **state)
{
    (void)state;
    const struct text name = text_slice(text_of(u"CONTOSO\\bobby tables"), 0, 11);
    resolver_find(resolver, name, NULL, canonical, &identity);
    assert_is(bob, u"CONTOSO\\bob");
}

static void an_account_whose_name_does_not_fit_is_unresolved(void **state)
{
    (void)state;
    fake_add_user(contoso, L"fifty-six-units-are-what-is-left-beside-the-domain-name-", 1400);
    fake_add_user(contoso, L"fifty-seven-units-are-one-more-than-what-is-left-for-him-", 1401);
    assert_int_equal(find(u"CONTOSO\\fifty-six-units-are-what-is-left-beside-the-domain-name-"),
                     IDENTITY_USER);
    assert_int_equal(identity.name.count, RESOLVER_CANONICAL_MAX);
    assert_int_equal(find(u"CONTOSO\\fifty-seven-units-are-one-more-than-what-is-left-for-him-"),
                     IDENTITY_UNRESOLVED);
}

/* ---- the cache ------------------------------------------------------------------------------ */

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
        assert_is(bob, u"CONTOSO\\bob");
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
    assert_is(bob, u"CONTOSO\\bob"); /* for the last time */
    drain();
    find(u"CONTOSO\\bob");
    assert_is(heir, u"CONTOSO\\bob");

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

/* ---- a controller that says nothing --------------------------------------------------------- */

static void close_gate(void)
{
    fake.gate = CreateEventW(NULL, TRUE, FALSE, NULL);
}

static void open_gate(void)
{
    SetEvent(fake.gate);
}

static void patience_is_limited_and_not_repeated(void **state)
{
    (void)state;
    find(u"CONTOSO\\alice");
    close_gate();
    DWORD began = GetTickCount();
    find(u"CONTOSO\\bob");
    DWORD waited = GetTickCount() - began;
    assert_nobody(u"CONTOSO\\bob");
    assert_in_range(waited, RESOLVER_PATIENCE - 50, 4 * RESOLVER_PATIENCE);

    began = GetTickCount(); /* others at once, and the same again */
    find(u"administrator");
    assert_nobody(u"administrator");
    find(u"CONTOSO\\bob");
    assert_nobody(u"CONTOSO\\bob");
    assert_int_equal(find(u"CONTOSO\\alice"), IDENTITY_USER); /* known names stay known */
    assert_true(GetTickCount() - began < RESOLVER_PATIENCE);
    assert_false(late_was_signalled(0));

    open_gate();
    assert_true(late_was_signalled(5000));
    drain();
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    assert_int_equal(find(u"administrator"), IDENTITY_PROTECTED);
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 4); /* none twice, and none forgotten */
    CloseHandle(fake.gate);
    fake.gate = NULL;
}

static void a_late_answer_that_is_nobody_is_not_told(void **state)
{
    (void)state;
    close_gate();
    find(u"CONTOSO\\nobody");
    open_gate();
    drain();
    late_was_signalled(0); /* drain's, if it was told "unresolved" on the way */
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 2);
    find(u"CONTOSO\\nobody");
    assert_nobody(u"CONTOSO\\nobody");
    assert_false(late_was_signalled(50));
    CloseHandle(fake.gate);
    fake.gate = NULL;
}

static void stop_ends_the_wait(void **state)
{
    (void)state;
    HANDLE stop = CreateEventW(NULL, TRUE, TRUE, NULL);
    close_gate();
    DWORD began = GetTickCount();
    resolver_find(resolver, text_of(u"CONTOSO\\bob"), stop, canonical, &identity);
    assert_true(GetTickCount() - began < RESOLVER_PATIENCE);
    assert_nobody(u"CONTOSO\\bob");
    open_gate();
    assert_true(late_was_signalled(5000));
    CloseHandle(stop);
    drain();
    CloseHandle(fake.gate);
    fake.gate = NULL;
}

static void names_turned_away_are_told_of_when_windows_answers_again(void **state)
{
    (void)state;
    char16_t name[32];
    find(u"CONTOSO\\alice");
    close_gate();
    for (unsigned i = 0; i < RESOLVER_QUEUE - 1; i++) { /* nobodies, which late is not for */
        swprintf(name, 32, L"CONTOSO\\nobody%u", i);
        find(name);
        assert_nobody(name);
    }
    fake.ticks += RESOLVER_KEEP * 1000;
    assert_int_equal(find(u"CONTOSO\\alice"), IDENTITY_USER); /* her refresh fills the queue */
    DWORD began = GetTickCount();
    find(u"CONTOSO\\bob");
    assert_nobody(u"CONTOSO\\bob");
    assert_true(GetTickCount() - began < RESOLVER_PATIENCE);
    open_gate();
    assert_true(late_was_signalled(5000));
    drain();
    assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], 1 + RESOLVER_QUEUE + 2);
    CloseHandle(fake.gate);
    fake.gate = NULL;
}

static void a_refresh_that_hangs_makes_nobody_wait(void **state)
{
    (void)state;
    find(u"CONTOSO\\bob");
    close_gate();
    fake.ticks += RESOLVER_KEEP * 1000;
    DWORD began = GetTickCount();
    for (int i = 0; i < 10; i++)
        assert_int_equal(find(u"CONTOSO\\bob"), IDENTITY_USER);
    assert_true(GetTickCount() - began < RESOLVER_PATIENCE);
    assert_int_equal(WaitForSingleObject(fake.waiting, 5000), WAIT_OBJECT_0);
    wait_for_lookups(2);
    open_gate();
    drain();
    CloseHandle(fake.gate);
    fake.gate = NULL;
}

static void a_hanging_thread_is_left_behind(void **state)
{
    (void)state;
    close_gate();
    find(u"CONTOSO\\bob");
    DWORD began = GetTickCount();
    assert_false(resolver_stop(resolver, 100));
    assert_true(GetTickCount() - began < 5000);
    resolver = NULL;
    open_gate(); /* the thread goes on, tells nobody any more, and cleans up */
    assert_false(late_was_signalled(300));
    CloseHandle(fake.gate);
    fake.gate = NULL;
}

/* ---- starting ------------------------------------------------------------------------------- */

static void a_start_that_fails_says_why_and_leaves_nothing(void **state)
{
    (void)state;
    static const struct {
        enum fake_call call;
        LONG nth;
    } cases[] = {{FAKE_OPEN_TOKEN, 1},   {FAKE_TOKEN_INFORMATION, 1}, {FAKE_VIRTUAL_ALLOC, 1},
                 {FAKE_CREATE_EVENT, 1}, {FAKE_CREATE_EVENT, 2},      {FAKE_CREATE_THREAD, 1}};
    const LONG handles = fake.handles, blocks = fake.blocks;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct resolver *untouched = (struct resolver *)(void *)&late;
        fake_directory_fail(cases[i].call, cases[i].nth, ERROR_NOT_ENOUGH_MEMORY);
        assert_int_equal(resolver_start(&key, late, &untouched), ERROR_NOT_ENOUGH_MEMORY);
        assert_ptr_equal(untouched, &late);
        assert_int_equal(fake.handles, handles);
        assert_int_equal(fake.blocks, blocks);
    }
}

static void many_can_be_started_and_stopped(void **state)
{
    (void)state;
    const LONG handles = fake.handles, blocks = fake.blocks;
    for (int i = 0; i < 20; i++) {
        struct resolver *other;
        assert_int_equal(resolver_start(&key, NULL, &other), ERROR_SUCCESS);
        resolver_find(other, text_of(u"CONTOSO\\bob"), NULL, canonical, &identity);
        assert_int_equal(identity.kind, IDENTITY_USER);
        assert_true(resolver_stop(other, 10000));
        assert_int_equal(fake.handles, handles);
        assert_int_equal(fake.blocks, blocks);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_spellings_are_one_account),
        TEST(a_bare_name_is_this_computers_before_the_domains),
        TEST(protected_are_rid_500_and_the_own_account),
        TEST(machines_are_machines),
        TEST(what_is_no_user_stays_unresolved),
        TEST(hopeless_names_are_not_asked),
        TEST(a_name_need_not_be_terminated),
        TEST(an_account_whose_name_does_not_fit_is_unresolved),
        TEST(answers_are_kept_until_they_expire),
        TEST(a_known_name_stays_known_while_windows_knows_nothing),
        TEST(a_different_answer_replaces_the_old_one),
        TEST(a_failure_that_turns_into_somebody_is_told),
        TEST(a_failing_lookup_of_the_sid_is_a_failure),
        TEST(more_names_than_the_cache_holds_are_answered_all_the_same),
        TEST(the_cache_drops_the_least_recently_used),
        TEST(a_hundred_thousand_names_need_no_more_memory),
        TEST(patience_is_limited_and_not_repeated),
        TEST(a_late_answer_that_is_nobody_is_not_told),
        TEST(stop_ends_the_wait),
        TEST(names_turned_away_are_told_of_when_windows_answers_again),
        TEST(a_refresh_that_hangs_makes_nobody_wait),
        TEST(a_hanging_thread_is_left_behind),
        TEST(a_start_that_fails_says_why_and_leaves_nothing),
        TEST(many_can_be_started_and_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
