#include "fake_event_log_parts.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "windows/classic_log.h"
#include "windows/modern_log.h"

static const char *const call_names[FAKE_CALLS] = {
    [FAKE_OPEN_EVENT_LOG] = "OpenEventLogW",
    [FAKE_READ_EVENT_LOG] = "ReadEventLogW",
    [FAKE_NOTIFY_CHANGE_EVENT_LOG] = "NotifyChangeEventLog",
    [FAKE_GET_OLDEST_EVENT_LOG_RECORD] = "GetOldestEventLogRecord",
    [FAKE_GET_NUMBER_OF_EVENT_LOG_RECORDS] = "GetNumberOfEventLogRecords",
    [FAKE_GET_EVENT_LOG_INFORMATION] = "GetEventLogInformation",
    [FAKE_REG_OPEN_KEY] = "RegOpenKeyExW",
    [FAKE_REG_QUERY_VALUE] = "RegQueryValueExW",
    [FAKE_EXPAND_ENVIRONMENT_STRINGS] = "ExpandEnvironmentStringsW",
    [FAKE_GET_FILE_ATTRIBUTES] = "GetFileAttributesExW",
    [FAKE_EVT_SUBSCRIBE] = "EvtSubscribe",
    [FAKE_EVT_QUERY] = "EvtQuery",
    [FAKE_EVT_NEXT] = "EvtNext",
    [FAKE_EVT_CREATE_RENDER_CONTEXT] = "EvtCreateRenderContext",
    [FAKE_EVT_RENDER] = "EvtRender",
    [FAKE_EVT_CREATE_BOOKMARK] = "EvtCreateBookmark",
    [FAKE_EVT_UPDATE_BOOKMARK] = "EvtUpdateBookmark",
    [FAKE_EVT_OPEN_CHANNEL_CONFIG] = "EvtOpenChannelConfig",
    [FAKE_EVT_GET_CHANNEL_CONFIG_PROPERTY] = "EvtGetChannelConfigProperty",
    [FAKE_EVT_OPEN_LOG] = "EvtOpenLog",
    [FAKE_EVT_GET_LOG_INFO] = "EvtGetLogInfo",
    [FAKE_CREATE_EVENT] = "CreateEventW",
    [FAKE_HEAP_ALLOC] = "HeapAlloc",
};

struct fake_event_log fake_event_log;

static struct {
    struct fake_record **records;
    size_t capacity;
    size_t head; /* index of the oldest */
    size_t count;
    uint64_t first; /* position of the oldest */
    unsigned epoch;

    struct fake_handle **handles;
    size_t handle_count;
    size_t handle_capacity;
    size_t blocks;
    size_t events;
    size_t misuses;
    unsigned service;
    bool stopped;

    unsigned called[FAKE_CALLS];
    unsigned left[FAKE_CALLS]; /* calls until the one that fails; 0: none */
    DWORD errors[FAKE_CALLS];
    unsigned any_left;
    DWORD any_error;
    const char *failed;
} state;

static struct classic_log_calls real_classic;
static struct modern_log_calls real_modern;

/* ---- memory ---------------------------------------------------------------------------------- */

void *fake_allocate(size_t size)
{
    void *block = calloc(1, size);
    if (block == NULL)
        abort();
    return block;
}

static void *grow(void *items, size_t *capacity, size_t size)
{
    *capacity = *capacity == 0 ? 64 : *capacity * 2;
    void *larger = realloc(items, *capacity * size);
    if (larger == NULL)
        abort();
    return larger;
}

static wchar_t *copy(const wchar_t *text)
{
    size_t size = (wcslen(text) + 1) * sizeof *text;
    return memcpy(fake_allocate(size), text, size);
}

struct fake_record *fake_hold(struct fake_record *record)
{
    record->holders++;
    return record;
}

void fake_release(struct fake_record *record)
{
    if (--record->holders > 0)
        return;
    free(record->source);
    free(record->computer);
    for (size_t i = 0; i < record->string_count; i++)
        free(record->strings[i]);
    free(record);
}

/* ---- records --------------------------------------------------------------------------------- */

uint64_t fake_first(void)
{
    return state.first;
}

uint64_t fake_end(void)
{
    return state.first + state.count;
}

struct fake_record *fake_at(uint64_t position)
{
    return state.records[state.head + (size_t)(position - state.first)];
}

bool fake_find(uint64_t number, uint64_t *position)
{
    for (uint64_t at = fake_first(); at < fake_end(); at++) {
        if (fake_at(at)->number == number) {
            *position = at;
            return true;
        }
    }
    return false;
}

unsigned fake_epoch(void)
{
    return state.epoch;
}

bool fake_full(void)
{
    return fake_event_log.retention != 0 && !fake_event_log.archives &&
           fake_event_log.max_records != 0 && state.count >= fake_event_log.max_records;
}

static void forget_oldest(void)
{
    fake_release(state.records[state.head]);
    state.head++;
    state.count--;
    state.first++;
}

static void append(struct fake_record *record)
{
    if (state.head > 1024 && state.head > state.count) {
        memmove(state.records, state.records + state.head, state.count * sizeof *state.records);
        state.head = 0;
    }
    if (state.head + state.count == state.capacity)
        state.records = grow(state.records, &state.capacity, sizeof *state.records);
    state.records[state.head + state.count++] = record;
    if (fake_event_log.max_records != 0 && state.count > fake_event_log.max_records)
        forget_oldest();
}

static void tell(const struct fake_record *record)
{
    for (size_t i = 0; i < state.handle_count; i++) {
        const struct fake_handle *handle = state.handles[i];
        if (!handle->open || handle->service != state.service || handle->signal == NULL)
            continue;
        if (handle->kind == FAKE_LOG)
            PulseEvent(handle->signal);
        else if (fake_selects(&handle->selection, record))
            SetEvent(handle->signal);
    }
}

uint64_t fake_event_log_add(const struct fake_event *event)
{
    if (fake_full())
        return 0;
    struct fake_record *record = fake_allocate(sizeof *record);
    record->number = fake_event_log.next_number++;
    record->forwarded = event->forwarded;
    record->generated = event->generated;
    record->event_id = event->event_id;
    record->source = copy(event->source);
    record->computer = copy(event->computer);
    for (size_t i = 0; i < event->string_count; i++)
        record->strings[i] = copy(event->strings[i]);
    record->string_count = event->string_count;
    record->oddity = event->oddity;
    uint64_t number = record->number;
    append(fake_hold(record));
    tell(record);
    return number;
}

uint64_t fake_event_log_sign_in(int64_t time, const wchar_t *client, const wchar_t *account)
{
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u,
        .source = L"MSExchangeTransport",
        .computer = L"MAIL1",
        .event_id = 0x400006ac,
        .strings = {client, L"LOGIN", account},
        .string_count = 3,
    };
    return fake_event_log_add(&event);
}

void fake_event_log_clear(void)
{
    while (state.count > 0)
        forget_oldest();
    if (!fake_event_log.clears_in_silence)
        state.epoch++;
    if (!fake_event_log.numbers_go_on)
        fake_event_log.next_number = 1;
}

/* ---- the service ----------------------------------------------------------------------------- */

void fake_event_log_stop(void)
{
    state.stopped = true;
    state.service++;
}

void fake_event_log_start(void)
{
    state.stopped = false;
}

bool fake_service(void)
{
    return !state.stopped || fake_fail(RPC_S_SERVER_UNAVAILABLE);
}

/* ---- calls ----------------------------------------------------------------------------------- */

bool fake_fail(DWORD error)
{
    SetLastError(error);
    return false;
}

bool fake_call(enum fake_call call)
{
    state.called[call]++;
    DWORD error = ERROR_SUCCESS;
    if (state.left[call] > 0 && --state.left[call] == 0)
        error = state.errors[call];
    if (state.any_left > 0 && --state.any_left == 0)
        error = state.any_error;
    if (error == ERROR_SUCCESS)
        return true;
    state.failed = call_names[call];
    return fake_fail(error == FAKE_NO_ERROR ? ERROR_SUCCESS : error);
}

void fake_event_log_fail(enum fake_call call, unsigned kth, DWORD error)
{
    state.left[call] = kth;
    state.errors[call] = error;
}

void fake_event_log_fail_any(unsigned nth, DWORD error)
{
    state.any_left = nth;
    state.any_error = error;
}

const char *fake_event_log_failed(void)
{
    const char *failed = state.failed;
    memset(state.left, 0, sizeof state.left);
    state.any_left = 0;
    state.failed = NULL;
    return failed;
}

unsigned fake_event_log_called(enum fake_call call)
{
    return state.called[call];
}

/* ---- handles --------------------------------------------------------------------------------- */

struct fake_handle *fake_open(enum fake_kind kind, HANDLE *handle)
{
    if (state.handle_count == state.handle_capacity)
        state.handles = grow(state.handles, &state.handle_capacity, sizeof *state.handles);
    struct fake_handle *opened = fake_allocate(sizeof *opened);
    opened->kind = kind;
    opened->open = true;
    opened->service = state.service;
    opened->epoch = state.epoch;
    state.handles[state.handle_count++] = opened;
    *handle = (HANDLE)(uintptr_t)(state.handle_count * 4);
    return opened;
}

static struct fake_handle *find_open(HANDLE handle)
{
    size_t index = (size_t)(uintptr_t)handle / 4;
    if ((uintptr_t)handle % 4 != 0 || index == 0 || index > state.handle_count ||
        !state.handles[index - 1]->open) {
        state.misuses++;
        fake_fail(ERROR_INVALID_HANDLE);
        return NULL;
    }
    return state.handles[index - 1];
}

struct fake_handle *fake_use(HANDLE handle, enum fake_kind kind)
{
    struct fake_handle *found = find_open(handle);
    if (found == NULL)
        return NULL;
    if (found->kind != kind) {
        state.misuses++;
        fake_fail(ERROR_INVALID_HANDLE);
        return NULL;
    }
    /* Contexts, bookmarks and events live in the reader's own process. */
    bool of_service = kind == FAKE_LOG || kind == FAKE_SUBSCRIPTION || kind == FAKE_RESULT;
    if (of_service && (!fake_service() || found->service != state.service)) {
        fake_fail(state.stopped ? RPC_S_SERVER_UNAVAILABLE : ERROR_INVALID_HANDLE);
        return NULL;
    }
    return found;
}

struct fake_handle *fake_use_result(HANDLE handle)
{
    const struct fake_handle *found = find_open(handle);
    if (found == NULL)
        return NULL;
    return fake_use(handle, found->kind == FAKE_RESULT ? FAKE_RESULT : FAKE_SUBSCRIPTION);
}

static void shut(struct fake_handle *handle)
{
    handle->open = false;
    if (handle->record != NULL)
        fake_release(handle->record);
    handle->record = NULL;
}

bool fake_close(HANDLE handle, bool log)
{
    struct fake_handle *found = find_open(handle);
    if (found == NULL)
        return false;
    if ((found->kind == FAKE_LOG) != log) {
        state.misuses++;
        return fake_fail(ERROR_INVALID_HANDLE);
    }
    shut(found);
    /* With it goes what came from it (nf-winevt-evtclose). */
    for (size_t i = 0; i < state.handle_count; i++)
        if (state.handles[i]->open && state.handles[i]->parent == found)
            shut(state.handles[i]);
    return true;
}

HANDLE WINAPI fake_CreateEventW(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set, LPCWSTR name)
{
    if (!fake_call(FAKE_CREATE_EVENT))
        return NULL;
    HANDLE event = CreateEventW(security, manual, set, name);
    state.events += event != NULL;
    return event;
}

BOOL WINAPI fake_CloseHandle(HANDLE handle)
{
    for (size_t i = 0; i < state.handle_count; i++)
        if (state.handles[i]->open && state.handles[i]->signal == handle)
            state.misuses++; /* still to be signalled by the log */
    BOOL closed = CloseHandle(handle);
    state.events -= closed ? 1 : 0;
    return closed;
}

LPVOID WINAPI fake_HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    if (!fake_call(FAKE_HEAP_ALLOC))
        return NULL;
    void *block = HeapAlloc(heap, flags, size);
    /* What is not asked to be zeroed is anything but. */
    if (block != NULL && (flags & HEAP_ZERO_MEMORY) == 0)
        memset(block, 0xa5, size);
    state.blocks += block != NULL;
    return block;
}

BOOL WINAPI fake_HeapFree(HANDLE heap, DWORD flags, LPVOID block)
{
    BOOL freed = HeapFree(heap, flags, block);
    state.blocks -= freed ? 1 : 0;
    return freed;
}

/* ---- begin and end --------------------------------------------------------------------------- */

void fake_event_log_begin(void)
{
    memset(&state, 0, sizeof state);
    memset(&fake_event_log, 0, sizeof fake_event_log);
    fake_event_log.channel = L"Application";
    fake_event_log.next_number = 1;
    real_classic = classic_log_calls;
    real_modern = modern_log_calls;
    fake_classic_install();
    fake_modern_install();
}

void fake_event_log_end(void)
{
    size_t open = 0;
    for (size_t i = 0; i < state.handle_count; i++) {
        open += state.handles[i]->open;
        if (state.handles[i]->open && state.handles[i]->record != NULL)
            fake_release(state.handles[i]->record);
        free(state.handles[i]);
    }
    free(state.handles);
    while (state.count > 0)
        forget_oldest();
    free(state.records);
    classic_log_calls = real_classic;
    modern_log_calls = real_modern;
    if (open + state.blocks + state.events + state.misuses > 0)
        fail_msg("left behind: %u handles, %u blocks, %u events; %u misuses", (unsigned)open,
                 (unsigned)state.blocks, (unsigned)state.events, (unsigned)state.misuses);
}
