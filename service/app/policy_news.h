/* policy_news.h: when it is time to read the settings again because the policy has changed.
 *
 * Group Policy takes all of a changed policy away before it writes the new one, value by value.
 * What was read in the midst of that could lock people by the defaults. So a change counts once
 * nothing has changed for POLICY_NEWS_QUIET, at the latest POLICY_NEWS_PATIENCE after the first
 * one.
 *
 * Used by the watcher's thread alone, which must always be the same one (policy_watch.h).
 */
#ifndef RELAYLOCK_APP_POLICY_NEWS_H
#define RELAYLOCK_APP_POLICY_NEWS_H

#include "../windows/policy_watch.h"

enum {
    POLICY_NEWS_QUIET = 5000,     /* ms */
    POLICY_NEWS_PATIENCE = 60000, /* ms */
    POLICY_NEWS_RETRY = 300000    /* ms until it is tried again to be told of changes */
};

struct policy_news {
    struct policy_watch watch;
    bool deaf;      /* being told of changes could not be had, and that was told */
    DWORD retry_at; /* while deaf; GetTickCount, as all below */
    bool changed;
    DWORD changed_at; /* first, and when it counts */
    DWORD due_at;
};

/* Begins to listen: what changes from now on is news. *news must be zeroed. ERROR_SUCCESS, or the
 * error of CreateEvent. Whatever else fails is told (event 206) and tried again. now: GetTickCount.
 */
DWORD policy_news_init(struct policy_news *news, DWORD now);
void policy_news_end(struct policy_news *news);

/* Whether the settings are to be read now. To be called whenever the watcher wakes. */
bool policy_news_look(struct policy_news *news, DWORD now);

/* To be waited for, at most as many ms as policy_news_wait says (INFINITE: for ever). */
HANDLE policy_news_signal(const struct policy_news *news);
DWORD policy_news_wait(const struct policy_news *news, DWORD now);

#endif
