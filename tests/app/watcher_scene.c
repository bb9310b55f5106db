#include "watcher_scene.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/detector.h"
#include "app/log_reader.h"
#include "core/event_time.h"
#include "windows/disk_file.h"

enum { EVENTS_MAX = 256 };

struct watcher_scene watcher_scene;

static CRITICAL_SECTION lock; /* of what is written; it outlives the tests */
static bool lock_made;
static struct {
    const char16_t *accounts[EVENTS_MAX]; /* the log: who signed in; null: malformed */
    int64_t times[EVENTS_MAX];
    size_t count;
    LONG ends;   /* how often it was found read */
    HANDLE wake; /* of the open source */
    volatile LONG tick_offset;
} written;

static DWORD next(struct event_source *source, struct relay_event *events, size_t *count,
                  struct event_source_change *change)
{
    *change = (struct event_source_change){0};
    *count = 0;
    EnterCriticalSection(&lock);
    while (*count < EVENT_SOURCE_BATCH && source->last_record < written.count) {
        int64_t time = written.times[source->last_record];
        const char16_t *account = written.accounts[source->last_record++];
        source->counters.matched++;
        if (account)
            events[(*count)++] = (struct relay_event){.record = source->last_record,
                                                      .time = time,
                                                      .client = TEXT_OF(u"pc"),
                                                      .method = TEXT_OF(u"LOGIN"),
                                                      .account = text_of(account)};
        else
            source->counters.malformed_record = source->last_record;
        source->counters.malformed += !account;
    }
    if (*count) {
        *change = watcher_scene.change;
        watcher_scene.change = (struct event_source_change){0};
    }
    bool more = source->last_record < written.count;
    written.ends += !(*count || more);
    LeaveCriticalSection(&lock);
    return *count || more ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void close_source(struct event_source *source)
{
    free(source);
}

static DWORD look(struct event_source *source, struct log_facts *facts, const char **failed_call)
{
    (void)source, (void)failed_call;
    *facts = watcher_scene.facts;
    return ERROR_SUCCESS;
}

static const struct event_source_methods methods = {next, look, NULL, close_source};

static DWORD open_log(const struct event_source_options *options, struct event_source **source,
                      const char **failed_call)
{
    (void)options;
    if (watcher_scene.open_error) {
        *failed_call = "EvtSubscribe";
        return watcher_scene.open_error;
    }
    *source = calloc(1, sizeof **source);
    (*source)->kind = "modern";
    (*source)->wake = written.wake;
    (*source)->poll = INFINITE;
    (*source)->methods = &methods;
    InterlockedIncrement(&watcher_scene.opens);
    return ERROR_SUCCESS;
}

static DWORD WINAPI fake_tick(void)
{
    return GetTickCount() + (DWORD)written.tick_offset;
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {.service = L"SMTPSVC"};
    assert_true(options->intend(options->context, &list));
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED};
}

static void tell_observing(void *context, bool observing)
{
    (void)context;
    InterlockedExchange(&watcher_scene.observing, observing);
    InterlockedIncrement(&watcher_scene.told_observing);
}

static void tell_stopping(void *context)
{
    (void)context;
}

void watcher_scene_make_control(void)
{
    assert_int_equal(control_create(&watcher_scene.control), ERROR_SUCCESS);
    watcher_scene.control.observing = tell_observing;
    watcher_scene.control.stopping = tell_stopping;
}

int watcher_scene_set_up(void **state)
{
    (void)state;
    memset(&watcher_scene, 0, sizeof watcher_scene);
    memset(&written, 0, sizeof written);
    if (!lock_made)
        InitializeCriticalSection(&lock);
    lock_made = true;
    recorder_start();
    fake_directory_reset();
    fake_registry_reset();
    fake_registry_make(PARAMETERS_KEY);
    fake_registry_make(L"SOFTWARE\\Policies");
    watcher_scene.facts.empty = true;
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_SZ, L"5/10m", sizeof L"5/10m");
    watcher_scene.contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(watcher_scene.contoso, L"\\\\dc1.contoso.example");
    watcher_scene.carol = fake_add_user(watcher_scene.contoso, L"carol", 1105);
    log_reader_calls = (struct log_reader_calls){open_log, open_log, fake_tick};
    watcher_calls.GetTickCount = fake_tick;
    detector_calls.GetTickCount = fake_tick;
    memory_store_reset();
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.GetTickCount = fake_tick;
    memory_store.tick = fake_tick;
    written.wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    watcher_scene_make_control();
    return 0;
}

static DWORD WINAPI run(LPVOID nothing)
{
    (void)nothing;
    watcher_scene.result = watcher_run(&watcher_scene.control);
    return 0;
}

void watcher_scene_start(void)
{
    watcher_scene.thread = CreateThread(NULL, 0, run, NULL, 0, NULL);
    assert_non_null(watcher_scene.thread);
}

int watcher_scene_end(void)
{
    control_stop(&watcher_scene.control);
    if (WaitForSingleObject(watcher_scene.thread, PATIENCE) != WAIT_OBJECT_0)
        return -1;
    CloseHandle(watcher_scene.thread);
    CloseHandle(watcher_scene.control.request);
    CloseHandle(watcher_scene.control.stop);
    return 0;
}

int watcher_scene_tear_down(void **state)
{
    (void)state;
    int error = watcher_scene_end();
    CloseHandle(written.wake);
    disk_file_calls.DeleteFileW = DeleteFileW;
    return error;
}

static int64_t clock_on_the_wall(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

void watcher_scene_sign_ins(const char16_t *account, int count)
{
    watcher_scene_sign_ins_dated(account, count, 0);
}

void watcher_scene_sign_ins_dated(const char16_t *account, int count, int64_t ahead)
{
    EnterCriticalSection(&lock);
    for (int i = 0; i < count; i++) {
        written.times[written.count] = clock_on_the_wall() + ahead;
        written.accounts[written.count++] = account;
    }
    LeaveCriticalSection(&lock);
    SetEvent(written.wake);
}

static LONG count_ends(void)
{
    EnterCriticalSection(&lock);
    LONG ends = written.ends;
    LeaveCriticalSection(&lock);
    return ends;
}

void watcher_scene_settle(void)
{
    for (int round = 0; round < 2; round++) {
        LONG ends = count_ends();
        SetEvent(written.wake);
        for (int i = 0; i < PATIENCE / 10 && count_ends() == ends; i++)
            Sleep(10);
        assert_true(count_ends() > ends);
    }
}

void watcher_scene_forward(LONG ms)
{
    InterlockedExchangeAdd(&written.tick_offset, ms);
    SetEvent(written.wake);
}
