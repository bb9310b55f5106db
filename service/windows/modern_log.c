#include "modern_log.h"

#include <string.h>

#include "last_error.h"
#include "modern_subscription.h"
#include "system_library.h"

enum {
    SETTLED = 12,     /* times that there is nothing to read, between two questions how far that is
                         true; a minute by POLL */
    POLL = 5000,      /* ms; in case a log service that ended takes the signal with it */
    ORIGIN_MAX = 256, /* units; a DNS name has at most 255 */
    EVENT_TEXT_MAX = RELAY_CLIENT_MAX + RELAY_METHOD_MAX + RELAY_ACCOUNT_MAX + ORIGIN_MAX
};

struct modern_log_calls modern_log_calls = {
    .CreateEventW = CreateEventW,
    .CloseHandle = CloseHandle,
    .HeapAlloc = HeapAlloc,
    .HeapFree = HeapFree,
};

#define FUNCTION(name)                                                                             \
    {                                                                                              \
#name, offsetof(struct modern_log_calls, name)                                             \
    }
static const struct system_library_function functions[] = {
    FUNCTION(EvtSubscribe),
    FUNCTION(EvtQuery),
    FUNCTION(EvtNext),
    FUNCTION(EvtCreateRenderContext),
    FUNCTION(EvtRender),
    FUNCTION(EvtCreateBookmark),
    FUNCTION(EvtUpdateBookmark),
    FUNCTION(EvtClose),
    FUNCTION(EvtOpenChannelConfig),
    FUNCTION(EvtGetChannelConfigProperty),
    FUNCTION(EvtOpenLog),
    FUNCTION(EvtGetLogInfo),
};

struct modern_log {
    struct event_source source; /* first: the source is the log */
    struct modern_event_renderer renderer;
    struct modern_subscription subscription;
    const struct origin_rule *origins;
    unsigned settled; /* times in a row, but for the question, that there was nothing to read */
    char16_t texts[EVENT_SOURCE_BATCH * EVENT_TEXT_MAX]; /* of the batch handed out last */
};

DWORD modern_log_load(const char **failed_call)
{
    if (modern_log_calls.loaded)
        return ERROR_SUCCESS;
    DWORD error =
        system_library_load(L"wevtapi.dll", functions, sizeof functions / sizeof *functions,
                            &modern_log_calls, failed_call);
    modern_log_calls.loaded = error == ERROR_SUCCESS;
    return error;
}

/* Copies a text that is to outlive the values it was rendered into. */
static void keep_text(struct text *text, char16_t **room)
{
    memcpy(*room, text->at, text->count * sizeof *text->at);
    text->at = *room;
    *room += text->count;
}

/* What reading a batch changes, made good when all of it was read. */
struct progress {
    struct event_place last;
    uint64_t pass;
    bool cleared;
    struct event_source_counters counters;
    size_t count;
    char16_t *room;
};

static DWORD take(struct modern_log *log, EVT_HANDLE handle, struct relay_event *events,
                  struct progress *progress)
{
    struct relay_event event;
    bool well_formed;
    DWORD error = modern_channel_render(&log->subscription.channel, handle, &event, &well_formed);
    if (error != ERROR_SUCCESS)
        return error;
    if (event.record != 0) {
        if (event.record <= progress->pass)
            return ERROR_SUCCESS;
        if (event.record <= progress->last.record)
            progress->cleared = true;
        progress->pass = 0;
        progress->last = (struct event_place){event.record, event.time};
    }
    progress->counters.matched++;
    if (!event_source_is_own(&progress->counters, log->origins, event.record, event.origin))
        return ERROR_SUCCESS;
    if (!well_formed) {
        progress->counters.malformed++;
        progress->counters.malformed_record = event.record;
        return ERROR_SUCCESS;
    }
    event.origin = text_slice(event.origin, 0, ORIGIN_MAX);
    keep_text(&event.client, &progress->room);
    keep_text(&event.method, &progress->room);
    keep_text(&event.account, &progress->room);
    keep_text(&event.origin, &progress->room);
    events[progress->count++] = event;
    return ERROR_SUCCESS;
}

static DWORD read_batch(struct modern_log *log, struct relay_event *events, size_t *count)
{
    struct modern_subscription *subscription = &log->subscription;
    EVT_HANDLE handles[EVENT_SOURCE_BATCH];
    DWORD fetched = 0;
    DWORD error = modern_subscription_next(subscription, handles, &fetched);
    if (error == ERROR_NO_MORE_ITEMS)
        *count = 0;
    if (error != ERROR_SUCCESS)
        return error;

    struct relay_event taken[EVENT_SOURCE_BATCH];
    struct progress progress = {
        .last.record = subscription->last_record,
        .pass = subscription->pass,
        .counters = log->source.counters,
        .room = log->texts,
    };
    for (DWORD i = 0; i < fetched && error == ERROR_SUCCESS; i++)
        error = take(log, handles[i], taken, &progress);
    if (error == ERROR_SUCCESS)
        error = modern_subscription_advance(subscription, handles[fetched - 1], &progress.last);
    for (DWORD i = 0; i < fetched; i++)
        modern_log_calls.EvtClose(handles[i]);
    if (error != ERROR_SUCCESS)
        return error;

    subscription->pass = progress.pass;
    subscription->change.cleared |= progress.cleared;
    if (progress.cleared)
        subscription->seen = progress.last;
    log->source.counters = progress.counters;
    memcpy(events, taken, progress.count * sizeof *events);
    *count = progress.count;
    return ERROR_SUCCESS;
}

static DWORD modern_next(struct event_source *source, struct relay_event *events, size_t *count,
                         struct event_source_change *change)
{
    struct modern_log *log = (struct modern_log *)source;
    struct event_place newest = {0};
    /* Asked for first: when there is nothing to read then, there was nothing up to it. That it
     * fails is no matter. */
    if (log->settled == SETTLED)
        modern_channel_edge(&log->subscription.channel, EvtQueryReverseDirection, &newest);
    DWORD error = read_batch(log, events, count);
    log->settled = error == ERROR_NO_MORE_ITEMS ? log->settled % SETTLED + 1 : 0;
    if (error == ERROR_NO_MORE_ITEMS)
        modern_subscription_pass(&log->subscription, &newest);
    source->last_record = log->subscription.last_record;
    source->seen = log->subscription.seen;
    *change = log->subscription.change;
    log->subscription.change = (struct event_source_change){0};
    return error;
}

static DWORD modern_look(struct event_source *source, struct log_facts *facts,
                         const char **failed_call)
{
    struct modern_channel *channel = &((struct modern_log *)source)->subscription.channel;
    DWORD error = modern_channel_facts(channel, facts);
    if (error != ERROR_SUCCESS)
        *failed_call = channel->failed_call;
    return error;
}

static DWORD modern_newest(struct event_source *source, const wchar_t *provider, uint16_t event_id,
                           struct event_place *any, struct event_place *matching,
                           const char **failed_call)
{
    struct modern_channel *channel = &((struct modern_log *)source)->subscription.channel;
    struct event_place newest, sign_in;
    DWORD error = modern_channel_edge(channel, EvtQueryReverseDirection, &newest);
    if (error == ERROR_SUCCESS)
        error = modern_channel_newest(channel, provider, event_id, &sign_in);
    if (error != ERROR_SUCCESS) {
        *failed_call = channel->failed_call;
        return error;
    }
    *any = newest;
    *matching = sign_in;
    return ERROR_SUCCESS;
}

static void modern_close(struct event_source *source)
{
    struct modern_log *log = (struct modern_log *)source;
    modern_subscription_close(&log->subscription);
    modern_event_close(&log->renderer);
    if (source->wake != NULL)
        modern_log_calls.CloseHandle(source->wake);
    modern_log_calls.HeapFree(GetProcessHeap(), 0, log);
}

static DWORD open_parts(struct modern_log *log, const struct event_source_options *options,
                        const char **failed_call)
{
    *failed_call = "CreateEventW";
    log->source.wake = modern_log_calls.CreateEventW(NULL, TRUE, TRUE, NULL);
    if (log->source.wake == NULL)
        return last_error();
    DWORD error = modern_event_open(&log->renderer, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    error = modern_subscription_open(&log->subscription, options, &log->renderer, log->source.wake);
    *failed_call = log->subscription.channel.failed_call;
    return error;
}

DWORD modern_log_open(const struct event_source_options *options, struct event_source **source,
                      const char **failed_call)
{
    static const struct event_source_methods methods = {modern_next, modern_look, modern_newest,
                                                        modern_close};
    DWORD error = modern_log_load(failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    struct modern_log *log =
        modern_log_calls.HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *log);
    if (log == NULL) {
        *failed_call = "HeapAlloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    error = open_parts(log, options, failed_call);
    if (error != ERROR_SUCCESS) {
        modern_close(&log->source);
        return error;
    }
    log->origins = options->origins;
    log->source.kind = "modern";
    log->source.poll = POLL;
    log->source.last_record = log->subscription.last_record;
    log->source.seen = log->subscription.seen;
    log->source.short_of = log->subscription.short_of;
    log->source.methods = &methods;
    *source = &log->source;
    *failed_call = NULL;
    return ERROR_SUCCESS;
}
