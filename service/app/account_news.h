/* account_news.h: what the responder has to say to the detector about an account. */
#ifndef RELAYLOCK_APP_ACCOUNT_NEWS_H
#define RELAYLOCK_APP_ACCOUNT_NEWS_H

#include <windows.h>
#include "../core/incident.h"

enum news_kind {
    NEWS_DECIDED,  /* it is going to be locked */
    NEWS_LOCKED,   /* it is: sign-ins after time are leaks */
    NEWS_REFUSED,  /* it is not ours to lock: sign-ins up to time and record do not count */
    NEWS_RELEASED, /* it was let go: sign-ins up to time and record do not count */
    NEWS_UNHELD,   /* nothing holds it: it is to be counted anew */
    NEWS_FLAGGED   /* it was told: the flag whose crossing is of that time and record */
};

struct account_news {
    enum news_kind kind;
    uint32_t sid_size; /* bytes; 0: of a flagged name without a SID */
    uint8_t sid[IDENTITY_SID_MAX];
    int64_t time;    /* seconds since 1970-01-01 UTC */
    uint64_t record; /* that no later one came before time; UINT64_MAX: not known */
    DWORD age;       /* ms since then; at most ACCOUNT_NEWS_AGE_MAX */
    bool released;   /* NEWS_RELEASED: after it had been locked */
    bool charged;    /* to the budget of the hour that ends now, at crossed_at: event time, s ... */
    int64_t crossed_at;
    DWORD decided_age; /* ... and so many ms ago */
    enum flag_reason flag;
    char16_t account[ACCOUNT_SHOWN_MAX]; /* as first written in the log */
    char16_t name[ACCOUNT_SHOWN_MAX];    /* as Windows has it; "" when it has none */
};

#define ACCOUNT_NEWS_AGE_MAX ((DWORD)0x7FFFFFFF)

/* What an incident that stands so in the journal means for its account. now: steady, ms. */
void account_news_of(struct account_news *news, const struct incident *incident, int64_t now);

/* That nothing holds the account of a SID. */
void account_news_unheld(struct account_news *news, const uint8_t *sid, uint32_t size);

/* Whether the later of two takes the place of the earlier. */
bool account_news_replaces(const struct account_news *later, const struct account_news *earlier);

#endif
