/* report_fixture.h: an event log in memory behind report_calls, for the tests of report.h. It can
 * be away, refuse events and lose its handles. When two threads call it at once, or it is asked for
 * what it must not be, it ends the program. */
#ifndef RELAYLOCK_TESTS_REPORT_FIXTURE_H
#define RELAYLOCK_TESTS_REPORT_FIXTURE_H

#include <stdbool.h>
#include "windows/report.h"

enum { LOGGED_EVENTS_MAX = 2048, LOGGED_TEXT_MAX = 160 };

struct logged_event {
    DWORD id;
    WORD type, category, count;
    wchar_t first[LOGGED_TEXT_MAX], last[LOGGED_TEXT_MAX]; /* of its strings, shortened */
};

extern struct report_log {
    struct logged_event events[LOGGED_EVENTS_MAX];
    size_t count;
    DWORD away;       /* the error it gives while it is away; 0: it is there */
    DWORD refused_id; /* an event that it never takes */
    HANDLE gate;      /* an event is only taken once this is set; null: at once */
    unsigned sources, opened, calls, fail_at;
    uintptr_t good_from; /* handles below it went bad */
    LONG volatile inside;
} log_;

/* For cmocka: all of report_calls as it was at first, but for an empty log; no console. */
int report_fixture_set_up(void **state);
/* Closes the report; fails when it left a source open. */
int report_fixture_tear_down(void **state);
/* Only puts the log behind report_calls, for a test before anything was reported or closed. */
void report_fixture_put_log(void);

/* Sends an event whose only string is a number. */
void send_numbered(DWORD id, unsigned number);

void assert_text(const wchar_t *text, const wchar_t *expected);

#endif
