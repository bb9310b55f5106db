/* report.h: writes RelayLock's own events into the Application log.
 *
 * Every event has a message in messages.mc; insertion strings are sanitised here, so that nothing
 * from outside reaches Event Viewer raw (text_copy_shown). In a console the same messages are
 * printed. Source: learn.microsoft.com nf-winbase-reporteventw (a string has at most 31,839
 * characters; REPORT_STRING_MAX stays far below).
 */
#ifndef RELAYLOCK_WINDOWS_REPORT_H
#define RELAYLOCK_WINDOWS_REPORT_H

#include <windows.h>
#include <stdarg.h>
#include "../core/text.h"
#include "messages.h" /* made from messages.mc */

enum { REPORT_STRINGS_MAX = 12, REPORT_STRING_MAX = 1024 };

/* The OS calls; tests put others here. */
struct report_calls {
    HANDLE(WINAPI *RegisterEventSourceW)(LPCWSTR, LPCWSTR);
    BOOL(WINAPI *ReportEventW)
    (HANDLE, WORD, WORD, DWORD, PSID, WORD, DWORD, LPCWSTR *, LPVOID);
    BOOL(WINAPI *DeregisterEventSource)(HANDLE);
    BOOL(WINAPI *InitializeCriticalSectionAndSpinCount)(LPCRITICAL_SECTION, DWORD);
    DWORD(WINAPI *FormatMessageW)(DWORD, LPCVOID, DWORD, DWORD, LPWSTR, DWORD, va_list *);
    UINT(WINAPI *GetSystemDirectoryW)(LPWSTR, UINT);
    HMODULE(WINAPI *LoadLibraryExW)(LPCWSTR, HANDLE, DWORD);
    BOOL(WINAPI *FreeLibrary)(HMODULE);
    VOID(WINAPI *GetLocalTime)(LPSYSTEMTIME);
    HANDLE(WINAPI *GetStdHandle)(DWORD);
    BOOL(WINAPI *GetConsoleMode)(HANDLE, LPDWORD);
    BOOL(WINAPI *WriteConsoleW)(HANDLE, const VOID *, DWORD, LPDWORD, LPVOID);
    BOOL(WINAPI *WriteFile)(HANDLE, LPCVOID, DWORD, LPDWORD, LPOVERLAPPED);
};
extern struct report_calls report_calls;

/* An insertion string being built up. */
struct report_string {
    char16_t text[REPORT_STRING_MAX];
    size_t count;
};

struct report {
    DWORD id; /* MSG_... */
    size_t count;
    struct report_string strings[REPORT_STRINGS_MAX];
};

/* Whether to print events to standard output as well (the `run` verb): to a console as UTF-16, to a
 * file or pipe as UTF-8. */
void report_to_console(bool on);

void report_begin(struct report *report, DWORD id);

/* Adds the next insertion string, from text that is shown sanitised, a number, or a formatted
 * ASCII literal (printf-like; its %s arguments are ASCII of ours). Beyond the maximum: dropped. */
void report_add(struct report *report, struct text text);
void report_add_number(struct report *report, uint64_t number);
void report_add_format(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The words of a Windows error: "5 (Access is denied.)"; network error codes as well. */
void report_add_error(struct report *report, DWORD error);

/* Writes the event; type from the id's severity, category from its hundred (1xx is category 1).
 * When the log service is away or the log is full, the event is kept and written by a later call or
 * report_flush: the REPORT_KEPT_MAX latest, with at most REPORT_KEPT_TEXT_MAX units of strings
 * each. How many were dropped is told by MSG_EVENTS_DROPPED as soon as the log takes events again;
 * an event that the log refuses for what it is counts as dropped, too. Any thread may call; calls
 * are made one after the other and may block for as long as the log service does, and the call
 * before them: but for report_hurry. */
enum { REPORT_KEPT_MAX = 32, REPORT_KEPT_TEXT_MAX = 2048 };
void report_send(const struct report *report);
void report_flush(void);

/* Whether the process is about to end: then a call that has waited REPORT_HURRY for the one before
 * it, which hangs in the log service, drops its event, and as long as that one hangs so do the
 * calls to come, without waiting. */
enum { REPORT_HURRY = 500 /* ms */ };
void report_hurry(bool on);

/* Flushes and lets go of the event source. A later call opens it again. */
void report_close(void);

/* Short form for events whose strings are plain: report_event(MSG_X, 2, u"a", u"b"). They are shown
 * sanitised all the same. */
void report_event(DWORD id, size_t count, ...);

#endif
