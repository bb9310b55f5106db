/* crash_host.h: the host on which relaylock.exe is killed: one account, SMTP with a dependent, the
 * log, the journal; and how they stand in the end.
 *
 * Works on the lab's own store; what goes wrong ends the program with a line that says so.
 */
#ifndef RELAYLOCK_LAB_CRASH_HOST_H
#define RELAYLOCK_LAB_CRASH_HOST_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>
#include "core/incident.h"

struct crash_story {
    const char *name;
    const wchar_t *action; /* RelayLock's setting Action */
    bool domain;           /* the account is the domain's, not this computer's */
    uint32_t writes;       /* that a lock takes */
    uint32_t again;        /* so many more, where what was done cannot be seen */
};

enum { CRASH_EVENTS = 1000 /* ids */, CRASH_DIFFERENCE_MAX = 256 };

struct crash_end {
    uint32_t flags;  /* of the account: UF_... */
    uint32_t writes; /* how often NetUserSetInfo changed it */
    uint32_t incidents;
    enum incident_state state; /* of the latest; INCIDENT_STATES: there is none */
    DWORD smtp, dependent;     /* SERVICE_... */
    size_t smtp_starts, dependent_starts;
    unsigned told[CRASH_EVENTS]; /* RelayLock's events, by id */
};

/* Once: the stand-ins, RelayLock's settings, the accounts. */
void crash_host_prepare(void);

/* As if nothing of a story had happened yet: RelayLock, which is stopped, without a journal, an
 * empty log, the account enabled, SMTP running and never restarted, nothing going wrong. */
void crash_host_reset(const struct crash_story *story);

/* So many sign-ins that the account crosses its limit. */
void crash_host_cross(void);

void crash_host_look(struct crash_end *end);

/* Whether an end of the story is that of its whole run, but for what crash.c says may differ; if
 * not, text says what. */
bool crash_host_same(const struct crash_end *end, const struct crash_end *whole,
                     char text[CRASH_DIFFERENCE_MAX]);

#endif
