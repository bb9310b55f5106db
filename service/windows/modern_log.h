/* modern_log.h: reads a channel through wevtapi (Windows Vista / Server 2008 and later).
 *
 * Pull subscription with a signal event; values are rendered through a render context, no XML and
 * no message text. wevtapi.dll is loaded from the system directory on first use: Windows 2000 and
 * Server 2003 have none.
 */
#ifndef RELAYLOCK_WINDOWS_MODERN_LOG_H
#define RELAYLOCK_WINDOWS_MODERN_LOG_H

#include <winevt.h>
#include "event_source.h"

/* The OS calls, by default those of the system's wevtapi.dll once loaded; tests put others here
 * (setting loaded). Each does what the function of that name is documented to do. */
struct modern_log_calls {
    bool loaded;
    EVT_HANDLE(WINAPI *EvtSubscribe)
    (EVT_HANDLE, HANDLE, LPCWSTR, LPCWSTR, EVT_HANDLE, PVOID, EVT_SUBSCRIBE_CALLBACK, DWORD);
    EVT_HANDLE(WINAPI *EvtQuery)(EVT_HANDLE, LPCWSTR, LPCWSTR, DWORD);
    BOOL(WINAPI *EvtNext)(EVT_HANDLE, DWORD, EVT_HANDLE *, DWORD, DWORD, PDWORD);
    EVT_HANDLE(WINAPI *EvtCreateRenderContext)(DWORD, LPCWSTR *, DWORD);
    BOOL(WINAPI *EvtRender)(EVT_HANDLE, EVT_HANDLE, DWORD, DWORD, PVOID, PDWORD, PDWORD);
    EVT_HANDLE(WINAPI *EvtCreateBookmark)(LPCWSTR);
    BOOL(WINAPI *EvtUpdateBookmark)(EVT_HANDLE, EVT_HANDLE);
    BOOL(WINAPI *EvtClose)(EVT_HANDLE);
};
extern struct modern_log_calls modern_log_calls;

/* Opens the channel. ERROR_MOD_NOT_FOUND or ERROR_PROC_NOT_FOUND without wevtapi, otherwise the
 * error of the call that failed, whose name goes to *failed_call (a literal; null on success).
 * *source is owned by the caller, who closes it through its methods; untouched on failure. */
DWORD modern_log_open(const struct event_source_options *options, struct event_source **source,
                      const char **failed_call);

#endif
