/* queue_watch_thread.c: see queue_watch.h. The thread: when it looks, at what, and what it tells.
 */
#include "queue_watch_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "queue_places.h"

enum { WHY_SIZE = QUEUE_FOLDER_PATH_MAX + QUEUE_FOLDER_ERROR_SIZE };

static int64_t time_now(struct queue_watch *watch)
{
    EnterCriticalSection(&watch->lock);
    int64_t now = queue_watch_clock(watch);
    LeaveCriticalSection(&watch->lock);
    return now;
}

static bool is_on(const struct queue_watch *watch)
{
    return watch->settings.queue_alert > 0 || watch->settings.require_queue > 0;
}

/* What is asked of the thread. False: it is to end. */
static bool take_orders(struct queue_watch *watch)
{
    EnterCriticalSection(&watch->lock);
    bool configured = watch->configured, stopping = watch->stopping;
    if (configured)
        settings_copy(&watch->settings, &watch->wanted);
    if (configured || watch->asked != watch->served)
        watch->look_at = 0;
    watch->configured = false;
    LeaveCriticalSection(&watch->lock);
    if (configured)
        watch->search_at = 0;
    return !stopping;
}

static bool is_stopping(struct queue_watch *watch)
{
    EnterCriticalSection(&watch->lock);
    bool stopping = watch->stopping;
    LeaveCriticalSection(&watch->lock);
    return stopping;
}

static void set_busy(struct queue_watch *watch, bool busy)
{
    EnterCriticalSection(&watch->lock);
    watch->busy = busy;
    watch->alive_at = queue_watch_clock(watch);
    LeaveCriticalSection(&watch->lock);
}

/* Where the queues are. Without memory all stays as it was. */
static void search(struct queue_watch *watch, int64_t now)
{
    struct queue_report *report = calloc(1, sizeof *report);
    watch->search_at = now + QUEUE_WATCH_SEARCH;
    if (!report)
        return;
    queue_places_find(report, &watch->settings);
    watch->folder_count =
        report->folder_count < QUEUE_WATCH_FOLDERS ? report->folder_count : QUEUE_WATCH_FOLDERS;
    for (uint32_t i = 0; i < watch->folder_count; i++)
        memcpy(watch->folders[i], report->folders[i].path, QUEUE_FOLDER_PATH_MAX);
    free(report);
}

/* A folder may be another one under the same name by now. */
static void listen_anew(struct queue_watch *watch, int64_t now)
{
    watch->listen_at = now + QUEUE_WATCH_WATCHED;
    queue_change_end(&watch->change);
    for (uint32_t i = 0; i < watch->folder_count; i++) {
        wchar_t folder[QUEUE_FOLDER_PATH_MAX];
        if (text_from_utf8(folder, QUEUE_FOLDER_PATH_MAX, watch->folders[i], NULL))
            queue_change_add(&watch->change, folder); /* without, it is looked at more often */
    }
}

/* A sign of life; whether to go on. */
static bool count_file(void *context, const struct queue_file *file)
{
    struct queue_watch *watch = context;
    (void)file;
    EnterCriticalSection(&watch->lock);
    watch->alive_at = queue_watch_clock(watch);
    bool stopping = watch->stopping;
    LeaveCriticalSection(&watch->lock);
    return !stopping;
}

/* Counts the files of all folders. False, with why, when not all could be read. */
static bool count_files(struct queue_watch *watch, uint32_t *files, char why[WHY_SIZE])
{
    struct queue_folder_count count = {0};
    char error[QUEUE_FOLDER_ERROR_SIZE];
    bool whole = watch->folder_count > 0;
    if (!whole)
        snprintf(why, WHY_SIZE, "no queue folder was found (setting QueueDirectory)");
    for (uint32_t i = 0; i < watch->folder_count; i++) {
        if (queue_folder_walk(watch->folders[i], false, count_file, watch, &count, error))
            continue;
        if (whole)
            snprintf(why, WHY_SIZE, "%s: %s", watch->folders[i], error);
        whole = false;
    }
    *files = count.files < UINT32_MAX ? (uint32_t)count.files : UINT32_MAX;
    return whole;
}

/* What was counted is put down; what there is to tell. */
static void put_down(struct queue_watch *watch, uint32_t files, bool whole, uint32_t asked,
                     struct queue_surge *surge)
{
    enum queue_news news = QUEUE_NEWS_NONE;
    EnterCriticalSection(&watch->lock);
    int64_t now = queue_watch_clock(watch) / 1000;
    uint32_t require = watch->growth.require;
    if (whole)
        news = queue_growth_add(&watch->growth, now, files);
    /* Of what cannot be read whole, what was seen is the least that there is. */
    watch->partial = !whole && require > 0 && files >= require;
    watch->known = whole || watch->partial;
    watch->files = files;
    watch->served = asked;
    *surge = (struct queue_surge){.news = news,
                                  .files = files,
                                  .from = queue_growth_lowest(&watch->growth, now),
                                  .alert = watch->growth.alert};
    LeaveCriticalSection(&watch->lock);
    SetEvent(watch->answered);
}

/* Whether one that hung was told of, and is over. */
static bool came_back(struct queue_watch *watch, bool whole)
{
    EnterCriticalSection(&watch->lock);
    bool back = watch->hanging_told && whole;
    watch->hanging_told = watch->hanging_told && !whole;
    LeaveCriticalSection(&watch->lock);
    return back;
}

/* Whether it can be read is told once it lasts. */
static void judge_reading(struct queue_watch *watch, int64_t now, bool whole, uint32_t files,
                          const char *why)
{
    const uint32_t required = watch->settings.require_queue;
    if (!whole && !watch->failing)
        watch->failing_since = now;
    watch->failing = !whole;
    bool lasts = watch->failing && now - watch->failing_since >= QUEUE_WATCH_GRACE;
    if (lasts && watch->folder_count == 0 && required == 0) { /* there may well be none */
        lasts = false;
        if (!watch->none_told)
            queue_watch_tell_none();
        watch->none_told = true;
    }
    enum notice_news news = notice_judge(&watch->failure, now, lasts);
    bool back = came_back(watch, whole);
    if (news == NOTICE_TELL)
        queue_watch_tell_unreadable(why, required);
    else if (whole && (news == NOTICE_OVER || back))
        queue_watch_tell_readable(files, watch->folder_count);
}

/* What is due when, if nothing changes. */
static void set_due(struct queue_watch *watch, int64_t now)
{
    bool watched = watch->change.count == watch->folder_count && !watch->failing;
    int64_t due = now + (watched ? QUEUE_WATCH_WATCHED : QUEUE_WATCH_UNWATCHED);
    watch->look_at = due;
    if (due < watch->listen_at)
        watch->listen_at = due;
}

static void begin_alert(struct queue_watch *watch, int64_t now)
{
    if (watch->alert || watch->waiting.news == QUEUE_NEWS_NONE)
        return;
    watch->alert = queue_alert_start(&watch->waiting, &watch->settings);
    watch->alert_until = now + QUEUE_WATCH_DIAGNOSIS;
    watch->waiting.news = QUEUE_NEWS_NONE;
}

static void tell_news(struct queue_watch *watch, int64_t now, const struct queue_surge *surge)
{
    switch (surge->news) {
    case QUEUE_NEWS_PAST:
    case QUEUE_NEWS_GROWN:
        watch->waiting = *surge;
        begin_alert(watch, now);
        break;
    case QUEUE_NEWS_FELL:
        watch->waiting.news = QUEUE_NEWS_NONE;
        queue_watch_tell_fallen(surge->files, surge->alert);
        break;
    case QUEUE_NEWS_NONE:
        break;
    }
}

/* The folders, and their signals, which are asked for before it is counted, so that what comes
 * meanwhile signals. */
static void prepare(struct queue_watch *watch, int64_t now)
{
    bool search_due = watch->failing || now >= watch->search_at;
    if (search_due)
        search(watch, now);
    if (search_due || now >= watch->listen_at)
        listen_anew(watch, now);
    else
        queue_change_again(&watch->change);
}

static void look(struct queue_watch *watch)
{
    char why[WHY_SIZE] = "";
    struct queue_surge surge;
    uint32_t files;
    set_busy(watch, true);
    EnterCriticalSection(&watch->lock);
    int64_t begun = queue_watch_clock(watch);
    uint32_t asked = watch->asked;
    watch->begun = true;
    watch->begun_at = begun;
    LeaveCriticalSection(&watch->lock);
    prepare(watch, begun);
    bool whole = count_files(watch, &files, why);
    set_busy(watch, false);
    if (is_stopping(watch)) /* it was cut short */
        return;
    put_down(watch, files, whole, asked, &surge);
    int64_t now = time_now(watch);
    watch->ended = now;
    watch->took = now - begun;
    judge_reading(watch, now, whole, files, why);
    set_due(watch, now);
    tell_news(watch, now, &surge);
}

/* The one who finds out why is done, or takes too long. */
static void mind_alert(struct queue_watch *watch, int64_t now)
{
    bool done =
        watch->alert && WaitForSingleObject(queue_alert_done(watch->alert), 0) == WAIT_OBJECT_0;
    if (!watch->alert || (!done && now < watch->alert_until))
        return;
    queue_alert_end(watch->alert, "that takes too long");
    watch->alert = NULL;
    begin_alert(watch, now);
}

/* A change makes a look due after a pause. That it is asked for again does not wait for that: the
 * folder may be one that is being deleted, whose name cannot be used until it is let go. */
static void note_change(struct queue_watch *watch)
{
    set_busy(watch, true);
    queue_change_again(&watch->change);
    set_busy(watch, false);
    watch->hear_at = time_now(watch) + QUEUE_WATCH_DEAF;
    int64_t pause = watch->took * QUEUE_WATCH_EFFORT;
    if (pause < QUEUE_WATCH_PAUSE)
        pause = QUEUE_WATCH_PAUSE;
    if (pause > QUEUE_WATCH_PAUSE_MAX)
        pause = QUEUE_WATCH_PAUSE_MAX;
    if (watch->ended + pause < watch->look_at)
        watch->look_at = watch->ended + pause;
}

static DWORD until(int64_t now, int64_t due)
{
    return due <= now ? 0 : (DWORD)(due - now);
}

static void wait(struct queue_watch *watch)
{
    HANDLE handles[2 + QUEUE_CHANGE_MAX] = {watch->wake};
    DWORD count = 1, timeout = INFINITE;
    int64_t now = time_now(watch);
    if (watch->alert) {
        handles[count++] = queue_alert_done(watch->alert);
        timeout = until(now, watch->alert_until);
    }
    const DWORD before = count;
    if (is_on(watch)) {
        DWORD due = until(now, watch->look_at);
        timeout = due < timeout ? due : timeout;
        DWORD deaf = until(now, watch->hear_at);
        if (deaf > 0)
            timeout = deaf < timeout ? deaf : timeout;
        for (DWORD i = 0; i < watch->change.count && deaf == 0; i++)
            handles[count++] = watch->change.signals[i];
    }
    DWORD woken = queue_watch_calls.WaitForMultipleObjects(count, handles, FALSE, timeout);
    if (woken == WAIT_FAILED) { /* a signal is bad, for the others are ours */
        queue_change_end(&watch->change);
        set_due(watch, now);
    } else if (woken >= WAIT_OBJECT_0 + before && woken < WAIT_OBJECT_0 + count) {
        note_change(watch);
    }
}

DWORD WINAPI queue_watch_run(LPVOID context)
{
    struct queue_watch *watch = context;
    while (take_orders(watch)) {
        int64_t now = time_now(watch);
        mind_alert(watch, now);
        if (!is_on(watch))
            queue_change_end(&watch->change);
        else if (now >= watch->look_at)
            look(watch);
        wait(watch);
    }
    queue_alert_end(watch->alert, NULL);
    queue_change_end(&watch->change);
    queue_watch_release(watch);
    return 0;
}
