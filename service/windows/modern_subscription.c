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

/* The event read last is gone. Finds out what that means; reading then goes on with the oldest. */
static DWORD explain_loss(struct modern_subscription *subscription)
{
    struct event_source_change change;
    DWORD error = modern_channel_compare(&subscription->channel, &subscription->seen, &change);
    if (error != ERROR_SUCCESS)
        return error;
    subscription->positioned = false;
    subscription->pass = 0;
    if (change.cleared) {
        subscription->last_record = 0;
        subscription->seen = (struct event_place){0};
    } else if (change.last == 0) {
        /* It should be there. Nothing is read twice whatever the reason. */
        subscription->pass = subscription->last_record;
    }
    subscription->change.cleared |= change.cleared;
    if (change.last != 0) {
        subscription->change.first = change.first;
        subscription->change.last = change.last;
    }
    return ERROR_SUCCESS;
}

static DWORD subscribe_from(struct modern_subscription *subscription, EVT_HANDLE bookmark,
                            DWORD flags, EVT_HANDLE *handle)
{
    subscription->channel.failed_call = "EvtSubscribe";
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
    bool renewed = subscription->handle != NULL;
    if (subscription->positioned)
        error = subscribe_from(subscription, subscription->bookmark,
                               EvtSubscribeStartAfterBookmark | EvtSubscribeStrict, &handle);
    if (error != ERROR_SUCCESS && !is_stale(error))
        return error;
    /* Before any event was read others may have been looked at. */
    if (error != ERROR_SUCCESS &&
        (subscription->positioned || (renewed && subscription->seen.record != 0))) {
        DWORD unexplained = explain_loss(subscription);
        if (unexplained != ERROR_SUCCESS)
            return unexplained;
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
        subscription->channel.failed_call = "EvtNext";
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

/* Whether the log reaches back to a time is known by its oldest event, of whatever provider. */
static DWORD find_shortage(struct modern_subscription *subscription, int64_t since)
{
    struct event_place oldest;
    DWORD error = modern_channel_edge(&subscription->channel, EvtQueryForwardDirection, &oldest);
    if (error == ERROR_SUCCESS && oldest.record > 1 && oldest.time >= since)
        subscription->short_of = oldest.record - 1;
    return error;
}

static void go_behind(struct modern_subscription *subscription, const struct event_place *place)
{
    subscription->positioned = true;
    subscription->last_record = place->record;
    modern_subscription_pass(subscription, place);
}

/* Starts behind an event that was found backwards. Of such a one Windows writes bookmarks with a
 * direction (seen in the field), which those for a subscription are not documented to have
 * (MS-EVEN6 2.2.14): its number makes one that is as they should be. */
static DWORD start_behind(struct modern_subscription *subscription, EVT_HANDLE event,
                          const struct event_place *place)
{
    wchar_t xml[EVENT_QUERY_SIZE];
    if (place->record == 0) /* it is not known */
        return modern_subscription_advance(subscription, event, place);
    event_query_bookmark(subscription->channel.name, place->record, xml);
    subscription->channel.failed_call = "EvtCreateBookmark";
    EVT_HANDLE bookmark = modern_log_calls.EvtCreateBookmark(xml);
    if (bookmark == NULL)
        return last_error();
    modern_log_calls.EvtClose(subscription->bookmark);
    subscription->bookmark = bookmark;
    go_behind(subscription, place);
    return ERROR_SUCCESS;
}

/* Starts behind the newest event that was generated before a time; without one, at the oldest. */
static DWORD find_start(struct modern_subscription *subscription, struct event_query *query)
{
    wchar_t older[EVENT_QUERY_SIZE];
    if (query->before <= event_time_from_filetime(0))
        return ERROR_SUCCESS; /* nothing is older, and Windows could not read the time */
    query->bounded = true;
    event_query_to_xml(query, older); /* the names were good enough a moment ago */
    struct modern_channel *channel = &subscription->channel;
    struct modern_channel_find found;
    DWORD error = modern_channel_first(channel, NULL, older, EvtQueryReverseDirection, &found);
    if (error != ERROR_SUCCESS)
        return error;
    struct relay_event taken = {0};
    bool well_formed;
    if (found.event != NULL)
        error = modern_channel_render(channel, found.event, &taken, &well_formed);
    if (found.event != NULL && error == ERROR_SUCCESS) {
        const struct event_place place = {taken.record, taken.time};
        channel->failed_call = "EvtUpdateBookmark";
        error = start_behind(subscription, found.event, &place);
    }
    modern_channel_let_go(&found);
    return found.event != NULL ? error : find_shortage(subscription, query->before);
}

/* The place that the options ask for. */
static DWORD take_place(struct modern_subscription *subscription,
                        const struct event_source_options *options, struct event_query *query)
{
    /* Record numbers start at 1: behind 0 means all of the log. */
    if (options->resume && options->after_record != 0) {
        subscription->positioned = !subscription->change.cleared;
        subscription->last_record = subscription->positioned ? options->after_record : 0;
        const struct event_place after = {subscription->last_record, 0};
        modern_subscription_pass(subscription, &after);
        return ERROR_SUCCESS;
    }
    return options->resume ? ERROR_SUCCESS : find_start(subscription, query);
}

/* What became of the log since it was read last. With resume, what is missing is found out, and
 * told, when the bookmark is not there any more. */
static DWORD compare(struct modern_subscription *subscription,
                     const struct event_source_options *options)
{
    struct event_source_change change;
    if (options->seen.record == 0)
        return ERROR_SUCCESS;
    DWORD error = modern_channel_compare(&subscription->channel, &options->seen, &change);
    if (error != ERROR_SUCCESS)
        return error;
    if (!options->resume || change.cleared)
        subscription->change = change;
    if (options->resume && !change.cleared)
        subscription->seen = options->seen;
    return ERROR_SUCCESS;
}

DWORD modern_subscription_open(struct modern_subscription *subscription,
                               const struct event_source_options *options,
                               struct modern_event_renderer *renderer, HANDLE wake)
{
    struct event_query query = {options->channel, options->provider, options->event_id, false,
                                options->since};
    wchar_t place[EVENT_QUERY_SIZE];
    struct modern_channel *channel = &subscription->channel;
    channel->failed_call = "EvtSubscribe";
    if (!event_query_to_xml(&query, subscription->query) ||
        !event_query_bookmark(options->channel, options->after_record, place))
        return ERROR_INVALID_PARAMETER;
    DWORD error = modern_channel_open(channel, options->channel, renderer, options->stop);
    if (error != ERROR_SUCCESS)
        return error;
    subscription->wake = wake;
    subscription->batch = EVENT_SOURCE_BATCH;

    bool resume = options->resume && options->after_record != 0;
    subscription->bookmark = modern_log_calls.EvtCreateBookmark(resume ? place : NULL);
    if (subscription->bookmark == NULL) {
        channel->failed_call = "EvtCreateBookmark";
        return last_error();
    }
    error = compare(subscription, options);
    if (error == ERROR_SUCCESS)
        error = take_place(subscription, options, &query);
    return error == ERROR_SUCCESS ? subscribe(subscription) : error;
}

void modern_subscription_close(struct modern_subscription *subscription)
{
    if (subscription->handle != NULL)
        modern_log_calls.EvtClose(subscription->handle);
    if (subscription->bookmark != NULL)
        modern_log_calls.EvtClose(subscription->bookmark);
    modern_channel_close(&subscription->channel);
}

DWORD modern_subscription_advance(struct modern_subscription *subscription, EVT_HANDLE event,
                                  const struct event_place *place)
{
    if (!modern_log_calls.EvtUpdateBookmark(subscription->bookmark, event))
        return last_error();
    go_behind(subscription, place);
    return ERROR_SUCCESS;
}

void modern_subscription_pass(struct modern_subscription *subscription,
                              const struct event_place *place)
{
    if (place->record > subscription->seen.record)
        subscription->seen = *place;
}
