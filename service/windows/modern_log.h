/* modern_log.h: reads a channel through wevtapi (Windows Vista / Server 2008 and later).
 *
 * Pull subscription with a signal event; values are rendered through a render context, no XML and
 * no message text. wevtapi.dll is loaded from the system directory on first use: Windows 2000 and
 * Server 2003 have none.
 *
 * Windows selects by provider and event identifier, so that only such records are ever seen: a
 * jump in their record numbers means nothing, and last_record is the last of them. That records
 * are gone is known, and told, when the log's oldest record is found behind what was looked at. Up
 * to where that is, is asked now and then while there is nothing to read.
 */
#ifndef RELAYLOCK_WINDOWS_MODERN_LOG_H
#define RELAYLOCK_WINDOWS_MODERN_LOG_H

#include "event_source.h"
#include <winevt.h> /* needs windows.h before it */

/* The OS calls. Those of wevtapi are by default the system's, once loaded; tests put others here
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
    EVT_HANDLE(WINAPI *EvtOpenChannelConfig)(EVT_HANDLE, LPCWSTR, DWORD);
    BOOL(WINAPI *EvtGetChannelConfigProperty)
    (EVT_HANDLE, EVT_CHANNEL_CONFIG_PROPERTY_ID, DWORD, DWORD, PEVT_VARIANT, PDWORD);
    EVT_HANDLE(WINAPI *EvtOpenLog)(EVT_HANDLE, LPCWSTR, DWORD);
    BOOL(WINAPI *EvtGetLogInfo)(EVT_HANDLE, EVT_LOG_PROPERTY_ID, DWORD, PEVT_VARIANT, PDWORD);
    BOOL(WINAPI *EvtClose)(EVT_HANDLE);
    HANDLE(WINAPI *CreateEventW)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    LPVOID(WINAPI *HeapAlloc)(HANDLE, DWORD, SIZE_T);
    BOOL(WINAPI *HeapFree)(HANDLE, DWORD, LPVOID);
};
extern struct modern_log_calls modern_log_calls;

/* Loads wevtapi unless that was done (or tests have put calls there). ERROR_MOD_NOT_FOUND or
 * ERROR_PROC_NOT_FOUND without it; the name of the call that failed goes to *failed_call. */
DWORD modern_log_load(const char **failed_call);

/* Opens the channel. options->since means: behind the newest event of the provider and id that was
 * generated before it. ERROR_INVALID_PARAMETER: the channel's or provider's name cannot be asked
 * for (event_query.h). ERROR_MOD_NOT_FOUND or ERROR_PROC_NOT_FOUND without wevtapi, otherwise the
 * error of the call that failed, whose name goes to *failed_call (a literal; null on success).
 * *source is owned by the caller, who closes it through its methods; untouched on failure. */
DWORD modern_log_open(const struct event_source_options *options, struct event_source **source,
                      const char **failed_call);

#endif
