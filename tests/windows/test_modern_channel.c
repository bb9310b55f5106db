/* Queries of one event: a log service that takes its time, and a log that changes under them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/modern_channel.h"

static struct modern_event_renderer renderer;
static struct modern_channel channel;
static BOOL(WINAPI *inner_next)(EVT_HANDLE, DWORD, EVT_HANDLE *, DWORD, DWORD, PDWORD);
static BOOL(WINAPI *inner_close)(EVT_HANDLE);
static DWORD timeouts[16], tries, slow_tries;
static DWORD stop_after; /* so many tries; 0: never */

static BOOL WINAPI next_that_is_slow(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                     DWORD timeout, DWORD flags, PDWORD count)
{
    timeouts[tries++] = timeout;
    if (tries == stop_after)
        SetEvent(channel.stop);
    if (tries > slow_tries)
        return inner_next(result, size, events, timeout, flags, count);
    SetLastError(ERROR_TIMEOUT);
    return FALSE;
}

static int set_up(void **state)
{
    reading_begin_modern(state);
    const char *call;
    memset(&renderer, 0, sizeof renderer);
    memset(&channel, 0, sizeof channel);
    tries = slow_tries = stop_after = 0;
    assert_int_equal(modern_event_open(&renderer, &call), ERROR_SUCCESS);
    assert_int_equal(modern_channel_open(&channel, L"Application", &renderer,
                                         CreateEventW(NULL, TRUE, FALSE, NULL)),
                     ERROR_SUCCESS);
    inner_next = modern_log_calls.EvtNext;
    inner_close = modern_log_calls.EvtClose;
    log_sign_ins(3, T);
    return 0;
}

static int tear_down(void **state)
{
    modern_channel_close(&channel);
    modern_event_close(&renderer);
    CloseHandle(channel.stop);
    return reading_end(state);
}

static DWORD find_newest(struct event_place *place)
{
    *place = (struct event_place){7, 7};
    return modern_channel_edge(&channel, EvtQueryReverseDirection, place);
}

static void a_slow_log_service_is_given_more_time_with_every_try(void **state)
{
    (void)state;
    static const DWORD expected[] = {100, 200, 400, 800, 1600, 1600, 1600};
    struct event_place place;
    modern_log_calls.EvtNext = next_that_is_slow;
    slow_tries = 6;
    assert_int_equal(find_newest(&place), ERROR_SUCCESS);
    assert_int_equal(place.record, 3);
    assert_int_equal(tries, 7);
    assert_memory_equal(timeouts, expected, sizeof expected);
}

static void whoever_waits_for_it_can_be_stopped(void **state)
{
    (void)state;
    struct event_place place;
    modern_log_calls.EvtNext = next_that_is_slow;
    slow_tries = 15;
    stop_after = 2;
    assert_int_equal(find_newest(&place), ERROR_CANCELLED);
    assert_int_equal(tries, 2);
    assert_int_equal(place.record, 7);
}

/* It went round, or was cleared, between the query and its first event. */
static void a_query_that_became_stale_is_made_anew(void **state)
{
    (void)state;
    struct event_place place;
    fake_event_log_fail(FAKE_EVT_NEXT, 1, ERROR_EVT_QUERY_RESULT_STALE);
    assert_int_equal(find_newest(&place), ERROR_SUCCESS);
    assert_int_equal(place.record, 3);
    assert_int_equal(fake_event_log_called(FAKE_EVT_QUERY), 2);
}

static BOOL WINAPI next_that_is_stale(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                      DWORD timeout, DWORD flags, PDWORD count)
{
    (void)result, (void)size, (void)events, (void)timeout, (void)flags, (void)count;
    tries++;
    SetLastError(ERROR_EVT_QUERY_RESULT_STALE);
    return FALSE;
}

static void one_that_goes_on_becoming_stale_is_given_up(void **state)
{
    (void)state;
    struct event_place place;
    modern_log_calls.EvtNext = next_that_is_stale;
    assert_int_equal(find_newest(&place), ERROR_EVT_QUERY_RESULT_STALE);
    assert_int_equal(tries, 4);
    assert_string_equal(channel.failed_call, "EvtNext");
    assert_int_equal(place.record, 7);
}

static EVT_HANDLE first_closed;

static BOOL WINAPI close_that_is_watched(EVT_HANDLE handle)
{
    first_closed = first_closed == NULL ? handle : first_closed;
    return inner_close(handle);
}

static void an_event_is_let_go_before_what_it_came_from(void **state)
{
    (void)state;
    struct modern_channel_find found;
    assert_int_equal(
        modern_channel_first(&channel, L"Application", L"*", EvtQueryForwardDirection, &found),
        ERROR_SUCCESS);
    modern_log_calls.EvtClose = close_that_is_watched;
    first_closed = NULL;
    struct relay_event event;
    bool well_formed;
    assert_int_equal(modern_channel_render(&channel, found.event, &event, &well_formed),
                     ERROR_SUCCESS);
    assert_int_equal(event.record, 1);
    modern_channel_let_go(&found);
    assert_ptr_equal(first_closed, found.event);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_slow_log_service_is_given_more_time_with_every_try),
        TEST(whoever_waits_for_it_can_be_stopped),
        TEST(a_query_that_became_stale_is_made_anew),
        TEST(one_that_goes_on_becoming_stale_is_given_up),
        TEST(an_event_is_let_go_before_what_it_came_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
