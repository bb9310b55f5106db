#include "policy_news.h"

#include "../windows/report.h"

static void tell_deaf(const char *call, DWORD error)
{
    struct report report;
    report_begin(&report, MSG_POLICY_UNWATCHED);
    report_add_format(&report, "%s", call);
    report_add_error(&report, error);
    report_send(&report);
}

/* Told once, however often it is tried. */
static void listen(struct policy_news *news, DWORD now)
{
    const char *failed_call;
    DWORD error = policy_watch_ask(&news->watch, &failed_call);
    if (error && !news->deaf)
        tell_deaf(failed_call, error);
    news->deaf = error != ERROR_SUCCESS;
    news->retry_at = now + POLICY_NEWS_RETRY;
}

DWORD policy_news_init(struct policy_news *news, DWORD now)
{
    DWORD error = policy_watch_init(&news->watch);
    if (!error)
        listen(news, now);
    return error;
}

void policy_news_end(struct policy_news *news)
{
    policy_watch_end(&news->watch);
}

static DWORD until(DWORD now, DWORD due)
{
    return (LONG)(due - now) > 0 ? due - now : 0;
}

static void note_change(struct policy_news *news, DWORD now)
{
    if (!news->changed)
        news->changed_at = now;
    news->changed = true;
    DWORD patience = until(now, news->changed_at + POLICY_NEWS_PATIENCE);
    news->due_at = now + (patience < POLICY_NEWS_QUIET ? patience : POLICY_NEWS_QUIET);
}

bool policy_news_look(struct policy_news *news, DWORD now)
{
    bool heard = WaitForSingleObject(news->watch.changed, 0) == WAIT_OBJECT_0;
    bool retry = news->deaf && until(now, news->retry_at) == 0;
    if (heard || retry)
        listen(news, now);
    if (heard || (retry && !news->deaf)) /* who was deaf may have missed some */
        note_change(news, now);
    if (!news->changed || until(now, news->due_at) > 0)
        return false;
    news->changed = false;
    return true;
}

HANDLE policy_news_signal(const struct policy_news *news)
{
    return news->watch.changed;
}

DWORD policy_news_wait(const struct policy_news *news, DWORD now)
{
    DWORD wait = news->deaf ? until(now, news->retry_at) : INFINITE;
    DWORD due = news->changed ? until(now, news->due_at) : INFINITE;
    return due < wait ? due : wait;
}
