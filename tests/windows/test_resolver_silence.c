/* The resolver while a domain controller says nothing: nobody waits long, nothing is forgotten. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include "resolver_scene.h"

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

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, resolver_scene_set_up, resolver_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(patience_is_limited_and_not_repeated),
        TEST(a_late_answer_that_is_nobody_is_not_told),
        TEST(stop_ends_the_wait),
        TEST(names_turned_away_are_told_of_when_windows_answers_again),
        TEST(a_refresh_that_hangs_makes_nobody_wait),
        TEST(a_hanging_thread_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
