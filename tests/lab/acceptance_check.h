/* acceptance_check.h: what a check is, and the words a running check says to the run.
 *
 * Every check runs in a process of its own (acceptance_run.h). So a check that finds something
 * wrong says so and ends its process on the spot; whatever it had made is removed by the run.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_CHECK_H
#define RELAYLOCK_LAB_ACCEPTANCE_CHECK_H

#include <windows.h>
#include <stdbool.h>

enum check_reader { CHECK_NO_READER, CHECK_MODERN, CHECK_CLASSIC };

struct check {
    const wchar_t *name;  /* for --only */
    const wchar_t *title; /* what is known when it passes */
    void (*run)(void);
    bool each_reader; /* once for each reader; else once, and whatever --only says */
    DWORD seconds;    /* it is ended, and has failed, after that long */
};

extern const struct check check_table[];
extern const size_t check_count;

/* Names a check: null if there is none of that name. */
const struct check *check_find(const wchar_t *name);

/* The exit codes of a check's process. None that a process gets which is ended from outside, or
 * which ends without having been through its check. */
enum { CHECK_PASSED = 170800, CHECK_FAILED, CHECK_SKIPPED };

enum { CHECK_TEXT_MAX = 1024 /* characters of what one says, terminator included */ };

/* Formats are those of the C run-time of Windows: %ls for wide text, %hs for narrow. */
_Noreturn void check_fail(const wchar_t *format, ...);
_Noreturn void check_skip(const wchar_t *format, ...);
/* A figure to be shown beside a passed check. */
void check_note(const wchar_t *format, ...);

/* Fails unless something holds. */
void check_that(bool holds, const wchar_t *format, ...);
/* Fails when a call gave an error: "<call> failed with error <n>". */
void check_call(DWORD error, const wchar_t *call);
/* The same for a call that left its error to GetLastError just now. */
void check_windows(bool succeeded, const wchar_t *call);

/* Looks every 50 ms whether something has come true, for at most ms. */
bool check_wait(bool (*is_true)(const void *subject), const void *subject, DWORD ms);

/* Held by the run for as long as it lives; there is one run at a time on a host. */
#define CHECK_RUN_MUTEX L"Global\\RelayLockAcceptance"

/* Runs a check as the process it was started for, reading with that reader, after prepare, which
 * may be null; does not return. */
_Noreturn void check_run(const struct check *check, enum check_reader reader,
                         void (*prepare)(void));
/* Which reader that is, as the setting Reader wants it. */
const wchar_t *check_reader_word(void);

#endif
