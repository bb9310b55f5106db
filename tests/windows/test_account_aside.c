/* test_account_aside.c: a lock on a thread of its own, on an account_lock of the test's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "windows/account_aside.h"

enum { PATIENCE = 8000 /* ms */, FLAGS = UF_SCRIPT | UF_NORMAL_ACCOUNT };

static const uint8_t sid[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
static const struct account_before earlier = {.flags = FLAGS, .marked = true};

static struct {
    HANDLE ready;
    HANDLE gate; /* the directory hangs until it is set */
    bool asks;
    DWORD thread;      /* that asked the directory */
    bool with_earlier; /* the one that was given came through */
    bool answer;       /* to what was asked */
    DWORD asked_on;    /* thread; 0: not */
    bool written_before_asked;
    volatile LONG writes;
    HANDLE event_made, thread_made; /* the last that it made; they must not outlive it */
} world;

static HANDLE WINAPI note_event(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set, LPCWSTR name)
{
    world.event_made = CreateEventW(security, manual, set, name);
    return world.event_made;
}

static HANDLE WINAPI note_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                                 LPTHREAD_START_ROUTINE run, LPVOID context, DWORD flags,
                                 LPDWORD id)
{
    world.thread_made = CreateThread(security, stack, run, context, flags, id);
    return world.thread_made;
}

static void fake_lock(const uint8_t *its_sid, size_t size, enum lock_action action,
                      const struct account_intent *intent, struct account_outcome *outcome)
{
    const struct account_before before = {.flags = FLAGS, .server = L"\\\\DC"};
    assert_int_equal(size, sizeof sid);
    assert_memory_equal(its_sid, sid, size);
    assert_int_equal(action, LOCK_DISABLE);
    world.thread = GetCurrentThreadId();
    world.with_earlier = intent->earlier && intent->earlier->marked && intent->earlier != &earlier;
    WaitForSingleObject(world.gate, INFINITE);
    *outcome = (struct account_outcome){.result = ACCOUNT_FAILED, .error = ERROR_CANCELLED};
    if (world.asks && !intent->intend(intent->context, &before))
        return;
    InterlockedIncrement(&world.writes);
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED, .flags_before = FLAGS};
}

static bool answer(void *context, const struct account_before *before)
{
    assert_ptr_equal(context, &world);
    assert_int_equal(before->flags, FLAGS);
    assert_int_equal(wcscmp(before->server, L"\\\\DC"), 0);
    world.asked_on = GetCurrentThreadId();
    world.written_before_asked = world.writes > 0;
    return world.answer;
}

static int set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.ready = CreateEventW(NULL, FALSE, FALSE, NULL);
    world.gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    world.asks = world.answer = true;
    account_aside_calls = (struct account_aside_calls){
        .account_lock = fake_lock, .CreateEventW = note_event, .CreateThread = note_thread};
    return 0;
}

/* Not by GetProcessHandleCount, which is 0 under Wine 8. */
static bool is_open(HANDLE handle)
{
    DWORD flags;
    return GetHandleInformation(handle, &flags);
}

static int tear_down(void **state)
{
    (void)state;
    assert_non_null(world.event_made);
    assert_false(is_open(world.event_made));
    assert_false(is_open(world.thread_made));
    CloseHandle(world.ready);
    CloseHandle(world.gate);
    return 0;
}

static struct account_aside *begin(const struct account_before *before)
{
    struct account_aside *aside = NULL;
    assert_int_equal(
        account_aside_begin(sid, sizeof sid, LOCK_DISABLE, before, world.ready, &aside),
        ERROR_SUCCESS);
    return aside;
}

/* Serves it when it says so, to its end. Returns how often it said so. */
static unsigned serve(struct account_aside *aside, struct account_outcome *outcome)
{
    unsigned times = 1;
    do
        assert_int_equal(WaitForSingleObject(world.ready, PATIENCE), WAIT_OBJECT_0);
    while (!account_aside_serve(aside, answer, &world, outcome) && ++times < 10);
    return times;
}

static void it_asks_here_and_writes_there(void **state)
{
    struct account_outcome outcome;
    (void)state;
    assert_int_equal(serve(begin(NULL), &outcome), 2);
    assert_int_equal(outcome.result, ACCOUNT_LOCKED);
    assert_int_equal(outcome.flags_before, FLAGS);
    assert_int_equal(world.asked_on, GetCurrentThreadId());
    assert_int_not_equal(world.thread, GetCurrentThreadId());
    assert_false(world.written_before_asked);
    assert_false(world.with_earlier);
    assert_int_equal(world.writes, 1);
}

static void what_is_denied_is_not_written(void **state)
{
    struct account_outcome outcome;
    (void)state;
    world.answer = false;
    serve(begin(NULL), &outcome);
    assert_int_equal(outcome.result, ACCOUNT_FAILED);
    assert_int_equal(outcome.error, ERROR_CANCELLED);
    assert_int_equal(world.writes, 0);
}

static void what_an_earlier_one_found_is_handed_on(void **state)
{
    struct account_outcome outcome;
    (void)state;
    world.asks = false;
    assert_int_equal(serve(begin(&earlier), &outcome), 1);
    assert_true(world.with_earlier);
    assert_int_equal(outcome.result, ACCOUNT_LOCKED);
}

static void nobody_waits_for_a_directory_that_hangs(void **state)
{
    struct account_outcome outcome = {.error = 4711};
    (void)state;
    ResetEvent(world.gate);
    struct account_aside *aside = begin(NULL);
    for (unsigned i = 0; i < 100; i++)
        assert_false(account_aside_serve(aside, answer, &world, &outcome));
    assert_int_equal(world.asked_on, 0);
    assert_int_equal(outcome.error, 4711);
    SetEvent(world.gate);
    serve(aside, &outcome);
    assert_int_equal(outcome.result, ACCOUNT_LOCKED);
}

static HANDLE WINAPI no_event(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set, LPCWSTR name)
{
    (void)security, (void)manual, (void)set, (void)name;
    SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    return NULL;
}

static HANDLE WINAPI no_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                               LPTHREAD_START_ROUTINE run, LPVOID context, DWORD flags, LPDWORD id)
{
    (void)security, (void)stack, (void)run, (void)context, (void)flags, (void)id;
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

static void what_cannot_be_begun_is_not(void **state)
{
    struct account_aside *aside = NULL;
    uint8_t large[SECURITY_MAX_SID_SIZE + 1] = {0};
    (void)state;
    account_aside_calls.CreateThread = no_thread;
    assert_int_equal(account_aside_begin(sid, sizeof sid, LOCK_DISABLE, NULL, world.ready, &aside),
                     ERROR_NOT_ENOUGH_MEMORY);
    account_aside_calls.CreateEventW = no_event;
    assert_int_equal(account_aside_begin(sid, sizeof sid, LOCK_DISABLE, NULL, world.ready, &aside),
                     ERROR_NO_SYSTEM_RESOURCES);
    assert_int_equal(
        account_aside_begin(large, sizeof large, LOCK_DISABLE, NULL, world.ready, &aside),
        ERROR_INVALID_SID);
    assert_null(aside);
    assert_int_equal(WaitForSingleObject(world.ready, 0), WAIT_TIMEOUT);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_asks_here_and_writes_there),
        TEST(what_is_denied_is_not_written),
        TEST(what_an_earlier_one_found_is_handed_on),
        TEST(nobody_waits_for_a_directory_that_hangs),
        TEST(what_cannot_be_begun_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
