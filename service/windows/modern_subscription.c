#include "modern_subscription.h"

#include <string.h>

#include "../core/event_time.h"
#include "last_error.h"

enum {
    NEXT_TIMEOUT = 100, /* ms; what is there is there: this is for a log service under load */
    BATCHES_TO_GROW = 8
};

/* The log's answer when a place in it does not exist any more. */
static bool is_stale(DWORD error)
{
    return error == ERROR_NOT_FOUND || error == ERROR_EVT_QUERY_RESULT_STALE ||
           error == ERROR_EVT_QUERY_RESULT_INVALID_POSITION;
}

static bool is_stopped(const struct modern_subscription *subscription)
{
    return subscription->stop != NULL &&
           WaitForSingleObject(subscription->stop, 0) == WAIT_OBJECT_0;
}

/* The first event of a query's result; *event is null when there is none. Windows may have to go
 * through the whole log for it: then it is asked again, until it knows or we are to stop. */
static DWORD first_event(struct modern_subscription *subscription, const wchar_t *path,
                         const wchar_t *query, DWORD direction, EVT_HANDLE *event)
{
    EVT_HANDLE result =
        modern_log_calls.EvtQuery(NULL, path, query, EvtQueryChannelPath | direction);
    if (result == NULL) {
        subscription->failed_call = "EvtQuery";
        return last_error();
    }
    DWORD count = 0;
    EVT_HANDLE first = NULL;
    DWORD error = ERROR_SUCCESS;
    subscription->failed_call = "EvtNext";
    do {
        error = is_stopped(subscription) ? ERROR_CANCELLED : ERROR_SUCCESS;
        if (error == ERROR_SUCCESS &&
            !modern_log_calls.EvtNext(result, 1, &first, NEXT_TIMEOUT, 0, &count))
            error = last_error();
    } while (error == ERROR_TIMEOUT);
    modern_log_calls.EvtClose(result);
    if (error != ERROR_SUCCESS && error != ERROR_NO_MORE_ITEMS)
        return error;
    *event = error == ERROR_SUCCESS && count == 1 ? first : NULL;
    return ERROR_SUCCESS;
}

/* The record number of the log's oldest or newest event, of whatever provider; 0 without any. One
 * whose number is not known tells nothing: it is taken for the last one read. */
static DWORD edge_record(struct modern_subscription *subscription, DWORD direction,
                         uint64_t *record)
{
    EVT_HANDLE event = NULL;
    DWORD error = first_event(subscription, subscription->channel, L"*", direction, &event);
    if (error != ERROR_SUCCESS)
        return error;
    struct relay_event taken = {0};
    bool well_formed;
    if (event != NULL) {
        error = modern_event_render(subscription->renderer, event, &taken, &well_formed);
        subscription->failed_call = "EvtRender";
        modern_log_calls.EvtClose(event);
    }
    if (error == ERROR_SUCCESS)
        *record = event != NULL && taken.record == 0 ? subscription->last_record : taken.record;
    return error;
}

/* The event read last is gone. Finds out what that means; reading then goes on with the oldest.
 * The edges are asked for oldest first: what comes in meanwhile only makes the newest newer. */
static DWORD explain_loss(struct modern_subscription *subscription)
{
    uint64_t oldest = 0;
    uint64_t newest = 0;
    DWORD error = edge_record(subscription, EvtQueryForwardDirection, &oldest);
    if (error == ERROR_SUCCESS)
        error = edge_record(subscription, EvtQueryReverseDirection, &newest);
    if (error != ERROR_SUCCESS)
        return error;

    uint64_t last = subscription->last_record;
    subscription->positioned = false;
    subscription->pass = 0;
    if (newest < last) {
        subscription->change.cleared = true;
        subscription->last_record = 0;
    } else if (oldest > last + 1) {
        subscription->change.first = last + 1;
        subscription->change.last = oldest - 1;
    } else {
        /* It should be there. Nothing is read twice whatever the reason. */
        subscription->pass = last;
    }
    return ERROR_SUCCESS;
}

static DWORD subscribe_from(struct modern_subscription *subscription, EVT_HANDLE bookmark,
                            DWORD flags, EVT_HANDLE *handle)
{
    subscription->failed_call = "EvtSubscribe";
    *handle = modern_log_calls.EvtSubscribe(NULL, subscription->wake, NULL, subscription->query,
                                            bookmark, NULL, NULL, flags);
    return *handle == NULL ? last_error() : ERROR_SUCCESS;
}

/* Subscribes from the oldest event. Strict, so that Windows says when events went by unread instead
 * of passing over them in silence; that it takes this flag without a bookmark is documented
 * nowhere, so that it may also be refused. */
static DWORD subscribe_from_oldest(struct modern_subscription *subscription, EVT_HANDLE *handle)
{
    DWORD error = subscribe_from(subscription, NULL,
                                 EvtSubscribeStartAtOldestRecord | EvtSubscribeStrict, handle);
    if (is_stale(error) || error == ERROR_INVALID_PARAMETER)
        error = subscribe_from(subscription, NULL, EvtSubscribeStartAtOldestRecord, handle);
    return error;
}

/* Subscribes behind the event read last, else from the oldest. */
static DWORD subscribe(struct modern_subscription *subscription)
{
    EVT_HANDLE handle = NULL;
    DWORD error = ERROR_NOT_FOUND;
    if (subscription->positioned) {
        error = subscribe_from(subscription, subscription->bookmark,
                               EvtSubscribeStartAfterBookmark | EvtSubscribeStrict, &handle);
        if (error != ERROR_SUCCESS && !is_stale(error))
            return error;
        if (is_stale(error)) {
            DWORD unexplained = explain_loss(subscription);
            if (unexplained != ERROR_SUCCESS)
                return unexplained;
        }
    }
    if (error != ERROR_SUCCESS)
        error = subscribe_from_oldest(subscription, &handle);
    if (error != ERROR_SUCCESS)
        return error;
    if (subscription->handle != NULL)
        modern_log_calls.EvtClose(subscription->handle);
    subscription->handle = handle;
    return ERROR_SUCCESS;
}

/* What a failed EvtNext means. ERROR_SUCCESS: the subscription must be renewed, then asked again.
 */
static DWORD judge(struct modern_subscription *subscription, DWORD error, bool *renewed)
{
    switch (error) {
    case ERROR_INVALID_OPERATION: /* said when there is nothing: seen in the field, documented
                                     nowhere */
        return ERROR_NO_MORE_ITEMS;
    case ERROR_TIMEOUT:
        /* There may be events, but who waits for them must be free to do other things. */
        SetEvent(subscription->wake);
        return ERROR_NO_MORE_ITEMS;
    case RPC_S_INVALID_BOUND:
        /* The batch is too large for the RPC underneath. This subscription has lost the events: its
         * position moved on all the same (github.com/elastic/beats/issues/3076). */
        if (subscription->batch == 1)
            return error;
        subscription->batch /= 2;
        subscription->batches = 0;
        return ERROR_SUCCESS;
    case ERROR_EVT_QUERY_RESULT_STALE:
    case ERROR_EVT_QUERY_RESULT_INVALID_POSITION:
        if (*renewed)
            return error;
        *renewed = true;
        return ERROR_SUCCESS;
    default:
        return error;
    }
}

static void grow_batch(struct modern_subscription *subscription)
{
    if (subscription->batch == EVENT_SOURCE_BATCH || ++subscription->batches < BATCHES_TO_GROW)
        return;
    DWORD larger = subscription->batch * 2;
    subscription->batch = larger < EVENT_SOURCE_BATCH ? larger : EVENT_SOURCE_BATCH;
    subscription->batches = 0;
}

DWORD modern_subscription_next(struct modern_subscription *subscription,
                               EVT_HANDLE events[EVENT_SOURCE_BATCH], DWORD *count)
{
    bool renewed = false;
    /* Reset first: what comes in from now on sets the signal again. */
    ResetEvent(subscription->wake);
    for (;;) {
        DWORD fetched = 0;
        subscription->failed_call = "EvtNext";
        if (modern_log_calls.EvtNext(subscription->handle, subscription->batch, events,
                                     NEXT_TIMEOUT, 0, &fetched)) {
            if (fetched == 0)
                return ERROR_NO_MORE_ITEMS;
            if (fetched > subscription->batch)
                return ERROR_INVALID_DATA;
            grow_batch(subscription);
            *count = fetched;
            return ERROR_SUCCESS;
        }
        DWORD error = judge(subscription, last_error(), &renewed);
        if (error == ERROR_SUCCESS)
            error = subscribe(subscription);
        if (error != ERROR_SUCCESS)
            return error;
    }
}

/* Starts behind the newest event that was generated before a time; without one, at the oldest. */
static DWORD find_start(struct modern_subscription *subscription, struct event_query *query)
{
    wchar_t older[EVENT_QUERY_SIZE];
    if (query->before <= event_time_from_filetime(0))
        return ERROR_SUCCESS; /* nothing is older, and Windows could not read the time */
    query->bounded = true;
    event_query_to_xml(query, older); /* the names were good enough a moment ago */
    EVT_HANDLE event = NULL;
    DWORD error = first_event(subscription, NULL, older, EvtQueryReverseDirection, &event);
    if (error != ERROR_SUCCESS || event == NULL)
        return error;
    struct relay_event taken;
    bool well_formed;
    subscription->failed_call = "EvtRender";
    error = modern_event_render(subscription->renderer, event, &taken, &well_formed);
    if (error == ERROR_SUCCESS) {
        subscription->failed_call = "EvtUpdateBookmark";
        error = modern_subscription_advance(subscription, event, taken.record);
    }
    modern_log_calls.EvtClose(event);
    return error;
}

DWORD modern_subscription_open(struct modern_subscription *subscription,
                               const struct event_source_options *options,
                               struct modern_event_renderer *renderer, HANDLE wake)
{
    struct event_query query = {options->channel, options->provider, options->event_id, false,
                                options->since};
    wchar_t place[EVENT_QUERY_SIZE];
    subscription->failed_call = "EvtSubscribe";
    if (!event_query_to_xml(&query, subscription->query) ||
        !event_query_bookmark(options->channel, options->after_record, place))
        return ERROR_INVALID_PARAMETER;
    text_copy(subscription->channel, EVENT_QUERY_NAME_MAX + 1, text_of(options->channel));
    subscription->renderer = renderer;
    subscription->wake = wake;
    subscription->stop = options->stop;
    subscription->batch = EVENT_SOURCE_BATCH;

    /* Record numbers start at 1: behind 0 means all of the log. */
    bool resume = options->resume && options->after_record != 0;
    subscription->bookmark = modern_log_calls.EvtCreateBookmark(resume ? place : NULL);
    if (subscription->bookmark == NULL) {
        subscription->failed_call = "EvtCreateBookmark";
        return last_error();
    }
    DWORD error = ERROR_SUCCESS;
    if (resume) {
        subscription->positioned = true;
        subscription->last_record = options->after_record;
    } else if (!options->resume) {
        error = find_start(subscription, &query);
    }
    return error == ERROR_SUCCESS ? subscribe(subscription) : error;
}

void modern_subscription_close(struct modern_subscription *subscription)
{
    if (subscription->handle != NULL)
        modern_log_calls.EvtClose(subscription->handle);
    if (subscription->bookmark != NULL)
        modern_log_calls.EvtClose(subscription->bookmark);
}

DWORD modern_subscription_advance(struct modern_subscription *subscription, EVT_HANDLE event,
                                  uint64_t record)
{
    if (!modern_log_calls.EvtUpdateBookmark(subscription->bookmark, event))
        return last_error();
    subscription->positioned = true;
    subscription->last_record = record;
    return ERROR_SUCCESS;
}
