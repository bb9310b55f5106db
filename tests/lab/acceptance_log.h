/* acceptance_log.h: reports sign-ins into the Application log and reads RelayLock's alerts there.
 *
 * The provider's name is made anew for every check, so that no check counts what another one
 * reported. It is registered nowhere: RegisterEventSource then takes the Application log
 * (learn.microsoft.com nf-winbase-registereventsourcew). The classic API reads on every Windows,
 * whatever API RelayLock reads through.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_LOG_H
#define RELAYLOCK_LAB_ACCEPTANCE_LOG_H

#include <windows.h>
#include <stdbool.h>

/* RelayLock's events that the checks look for, as docs/events.md has them. An id never changes its
 * meaning, so they stand here once more. */
enum alert_id {
    ALERT_STARTED = 100,
    ALERT_STOPPED = 101,
    ALERT_PAUSED = 102,
    ALERT_CONTINUED = 103,
    ALERT_STATUS = 104,
    ALERT_STOPPED_UNFINISHED = 106,
    ALERT_STORE_CLOSED = 120,
    ALERT_STORE_OPEN = 121,
    ALERT_SETTINGS_READ = 200,
    ALERT_SETTING_REFUSED = 201,
    ALERT_LOG_LOST = 300,
    ALERT_LOG_BACK = 301,
    ALERT_LOG_CLEARED = 302,
    ALERT_CROSSED = 400,
    ALERT_CROSSED_AGAIN = 401,
    ALERT_FLAGGED_ACTION = 410,
    ALERT_FLAGGED_OBSERVE = 411,
    ALERT_FLAGGED_BUDGET = 412,
    ALERT_FLAGGED_UNRESOLVED = 413,
    ALERT_FLAGGED_MACHINE = 414,
    ALERT_FLAGGED_PROTECTED = 415,
    ALERT_FLAGGED_STORE = 416,
    ALERT_BUDGET_SPENT = 420,
    ALERT_DISABLED = 500,
    ALERT_PASSWORD_SET = 501,
    ALERT_ALREADY_DISABLED = 502,
    ALERT_MARKED = 503,
    ALERT_LOCK_FAILED = 504,
    ALERT_LAST_ADMINISTRATOR = 506,
    ALERT_ENABLED_AGAIN = 507,
    ALERT_SMTP_RESTARTED = 510,
    ALERT_SMTP_NOT_RUNNING = 511,
    ALERT_SMTP_OPERATOR = 512,
    ALERT_SMTP_STOP_SLOW = 513,
    ALERT_SMTP_START_FAILED = 514,
    ALERT_SMTP_RESTART_LATER = 518,
    ALERT_SMTP_RESUMED = 519,
    ALERT_LEAK = 520,
    ALERT_LEAK_RESTART = 521,
    ALERT_LEAK_REMAINS = 522,
    ALERT_CONTAINED = 525,
    ALERT_RELEASED = 530,
    ALERT_NOT_RELEASED = 531
};

enum {
    ALERT_STRINGS_MAX = 12,
    ALERTS_MAX = 256, /* of one check; more end it */
    SIGN_IN_EVENT = 1708
};

struct alert {
    DWORD record; /* record number */
    WORD id;      /* enum alert_id */
    WORD type;    /* EVENTLOG_ERROR_TYPE ... */
    DWORD count;
    const wchar_t *strings[ALERT_STRINGS_MAX]; /* insertion strings: [0] is %1; unused ones "" */
};

/* From here on: alerts are those of records not yet written, the provider is a new one. */
void log_begin(void);
const wchar_t *log_provider(void);

/* Reports one event of the provider. identifier is the whole 32-bit one. */
void log_report(const wchar_t *provider, DWORD identifier, DWORD count, const wchar_t **strings);
/* Sign-ins of an account, through the client. */
void log_sign_in_from(const wchar_t *account, const wchar_t *client);
void log_sign_ins(const wchar_t *account, DWORD count);

/* The first alert of that id that is about an account: %1, held against it without its domain and
 * with letters folded; null for any. Waits for it, and ends the check when it does not come. */
const struct alert *log_expect(enum alert_id id, const wchar_t *account, DWORD ms);
/* The latest of that id, as far as read; null for none. */
const struct alert *log_latest(enum alert_id id);
/* How many there are now. */
size_t log_alerts(enum alert_id id, const wchar_t *account);
/* Waits until there are count of them; ends the check otherwise. */
void log_expect_alerts(enum alert_id id, const wchar_t *account, size_t count, DWORD ms);

/* Record numbers of the first and the last event of our provider, as far as read. */
void log_own_records(DWORD *first, DWORD *last);

/* Clears the Application log. */
void log_clear(void);
/* How many bytes the Application log may have; 0: not known. */
DWORD log_room(void);

#endif
