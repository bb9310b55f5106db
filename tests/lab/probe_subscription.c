/* probe_subscription.c: wevtapi. */
#include "probe.h"

#include <winevt.h>
#include <stdio.h>
#include <string.h>

enum { BATCH = 30, BULK = 50000 };

static const wchar_t query[] =
    L"<QueryList><Query Id=\"0\" Path=\"Application\"><Select Path=\"Application\">"
    L"*[System[Provider[@Name='Probe'] and (EventID=1708)]]</Select></Query></QueryList>";

static union {
    EVT_VARIANT values[64];
    BYTE bytes[8192];
    wchar_t text[4096];
} buffer;

static DWORD next(EVT_HANDLE results, DWORD wanted, EVT_HANDLE *events, DWORD *count)
{
    return probe_last(EvtNext(results, wanted, events, 1000, 0, count));
}

/* Reads all there is; how many, and the last event's number. */
static unsigned drain(EVT_HANDLE results, UINT64 *last, DWORD *error)
{
    EVT_HANDLE events[BATCH], context = EvtCreateRenderContext(0, NULL, EvtRenderContextSystem);
    DWORD count, used, properties;
    unsigned all = 0;
    while ((*error = next(results, BATCH, events, &count)) == ERROR_SUCCESS)
        for (DWORD i = 0; i < count; i++, all++) {
            if (EvtRender(context, events[i], EvtRenderEventValues, sizeof buffer, &buffer, &used,
                          &properties))
                *last = buffer.values[EvtSystemEventRecordId].UInt64Val;
            EvtClose(events[i]);
        }
    EvtClose(context);
    return all;
}

static EVT_HANDLE one_event(void)
{
    EVT_HANDLE event = NULL;
    DWORD count;
    EVT_HANDLE results =
        EvtQuery(NULL, NULL, query, EvtQueryChannelPath | EvtQueryReverseDirection);
    next(results, 1, &event, &count);
    EvtClose(results);
    return event;
}

static void render_system(EVT_HANDLE event)
{
    DWORD used = 0, count = 0;
    const EVT_VARIANT *value = buffer.values;
    EVT_HANDLE context = EvtCreateRenderContext(0, NULL, EvtRenderContextSystem);
    probe_error(
        probe_last(EvtRender(context, event, EvtRenderEventValues, 16, &buffer, &used, &count)),
        ERROR_INSUFFICIENT_BUFFER, "a small buffer is refused");
    probe_check(used > EvtSystemPropertyIdEND * sizeof(EVT_VARIANT), "the size needed is told");
    probe_error(
        probe_last(EvtRender(context, event, EvtRenderEventValues, used, &buffer, &used, &count)),
        ERROR_SUCCESS, "that size is enough");
    probe_check(count == EvtSystemPropertyIdEND, "every property is there");
    probe_check(value[EvtSystemProviderName].Type == EvtVarTypeString &&
                    wcscmp(value[EvtSystemProviderName].StringVal, L"Probe") == 0 &&
                    value[EvtSystemEventID].Type == EvtVarTypeUInt16 &&
                    value[EvtSystemEventID].UInt16Val == 1708 &&
                    value[EvtSystemQualifiers].UInt16Val == 0x4000 &&
                    value[EvtSystemTask].UInt16Val == 7 && value[EvtSystemLevel].ByteVal == 4,
                "provider, id, qualifiers, task and level are those reported");
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    UINT64 time = (UINT64)now.dwHighDateTime << 32 | now.dwLowDateTime;
    probe_check(value[EvtSystemTimeCreated].Type == EvtVarTypeFileTime &&
                    time - value[EvtSystemTimeCreated].FileTimeVal < 600000000u,
                "the time is the time");
    probe_check(value[EvtSystemUserID].Type == EvtVarTypeNull, "there is no user");
    EvtClose(context);
}

static void render_data(EVT_HANDLE event)
{
    DWORD used, count;
    LPCWSTR paths[] = {L"Event/EventData/Data[3]", L"Event/System/EventID"};
    const EVT_VARIANT *value = buffer.values;
    EVT_HANDLE context = EvtCreateRenderContext(0, NULL, EvtRenderContextUser);
    EvtRender(context, event, EvtRenderEventValues, sizeof buffer, &buffer, &used, &count);
    probe_check(count == 2 && value[0].Type == (EvtVarTypeString | EVT_VARIANT_TYPE_ARRAY) &&
                    value[0].Count == 3 && wcscmp(value[0].StringArr[2], L"LAB\\bob") == 0 &&
                    value[1].Type == EvtVarTypeBinary && value[1].Count == 4,
                "the strings are an array, the data follow");
    probe_lab(L"fault event_data=list");
    EvtRender(context, event, EvtRenderEventValues, sizeof buffer, &buffer, &used, &count);
    probe_check(count == 4 && value[2].Type == EvtVarTypeString &&
                    wcscmp(value[2].StringVal, L"LAB\\bob") == 0,
                "or a value each");
    probe_lab(L"fault clear");
    EvtClose(context);
    context = EvtCreateRenderContext(2, paths, EvtRenderContextValues);
    EvtRender(context, event, EvtRenderEventValues, sizeof buffer, &buffer, &used, &count);
    probe_check(count == 2 && wcscmp(value[0].StringVal, L"LAB\\bob") == 0 &&
                    value[1].UInt16Val == 1708,
                "values are found by their paths");
    EvtClose(context);
    probe_check(EvtRender(NULL, event, EvtRenderEventXml, sizeof buffer, &buffer, &used, &count) &&
                    wcsstr(buffer.text, L"<Data>LAB\\bob</Data>") != NULL,
                "an event has XML");
}

static void bookmarks(EVT_HANDLE signal)
{
    DWORD used, count, error;
    UINT64 last = 0;
    EVT_HANDLE event = one_event();
    EVT_HANDLE bookmark = EvtCreateBookmark(NULL);
    probe_error(probe_last(EvtUpdateBookmark(bookmark, event)), ERROR_SUCCESS,
                "a bookmark is set to an event");
    EvtClose(event);
    EvtRender(NULL, bookmark, EvtRenderBookmark, sizeof buffer, &buffer, &used, &count);
    EvtClose(bookmark);
    bookmark = EvtCreateBookmark(buffer.text);
    probe_check(bookmark != NULL, "a bookmark is made from its XML");
    probe_report(L"Probe", 0x400006ac, 4);
    EVT_HANDLE results = EvtSubscribe(NULL, signal, NULL, query, bookmark, NULL, NULL,
                                      EvtSubscribeStartAfterBookmark | EvtSubscribeStrict);
    probe_check(results != NULL && drain(results, &last, &error) == 4,
                "a subscription starts after its bookmark");
    EvtClose(results);
    EvtClose(bookmark);
    bookmark = EvtCreateBookmark(L"<BookmarkList><Bookmark Channel='Application' "
                                 L"RecordId='99999999' IsCurrent='true'/></BookmarkList>");
    probe_error(
        probe_last(EvtSubscribe(NULL, signal, NULL, query, bookmark, NULL, NULL,
                                EvtSubscribeStartAfterBookmark | EvtSubscribeStrict) != NULL),
        ERROR_NOT_FOUND, "strictly, the bookmark's event must be there");
    results = EvtSubscribe(NULL, signal, NULL, query, bookmark, NULL, NULL,
                           EvtSubscribeStartAfterBookmark);
    probe_check(results != NULL, "else it need not be");
    EvtClose(results);
    EvtClose(bookmark);
    probe_error(probe_last(EvtCreateBookmark(L"<nonsense>") != NULL), ERROR_INVALID_PARAMETER,
                "nonsense is no bookmark");
}

static void signals(HANDLE signal)
{
    UINT64 last = 0;
    DWORD error;
    ResetEvent(signal);
    EVT_HANDLE results =
        EvtSubscribe(NULL, signal, NULL, query, NULL, NULL, NULL, EvtSubscribeToFutureEvents);
    probe_check(drain(results, &last, &error) == 0 && error == ERROR_NO_MORE_ITEMS,
                "there are no future events yet");
    probe_check(WaitForSingleObject(signal, 300) == WAIT_TIMEOUT, "nor a signal");
    probe_self(L"write Other 0x400006ac 1");
    probe_check(WaitForSingleObject(signal, 300) == WAIT_TIMEOUT, "nor for what does not match");
    HANDLE writer = probe_start(L"write Probe 0x400006ac 3");
    probe_check(WaitForSingleObject(signal, 5000) == WAIT_OBJECT_0,
                "an event of another process is signalled");
    WaitForSingleObject(writer, 5000);
    CloseHandle(writer);
    Sleep(100);
    probe_check(drain(results, &last, &error) == 3, "and read");
    EvtClose(results);
}

static void cleared(HANDLE signal)
{
    UINT64 last = 0;
    DWORD error;
    EVT_HANDLE strict = EvtSubscribe(NULL, signal, NULL, query, NULL, NULL, NULL,
                                     EvtSubscribeStartAtOldestRecord | EvtSubscribeStrict);
    EVT_HANDLE lax =
        EvtSubscribe(NULL, signal, NULL, query, NULL, NULL, NULL, EvtSubscribeStartAtOldestRecord);
    EVT_HANDLE results = EvtQuery(NULL, L"Application", L"*", EvtQueryChannelPath);
    drain(strict, &last, &error);
    drain(lax, &last, &error);
    probe_error(probe_last(EvtClearLog(NULL, L"Application", NULL, 0)), ERROR_SUCCESS,
                "the log is cleared");
    probe_report(L"Probe", 0x400006ac, 2);
    drain(strict, &last, &error);
    probe_error(error, ERROR_EVT_QUERY_RESULT_STALE, "a strict subscription is told");
    probe_check(drain(strict, &last, &error) == 2, "and goes on");
    probe_check(drain(lax, &last, &error) == 2, "another one just goes on");
    drain(results, &last, &error);
    probe_error(error, ERROR_EVT_QUERY_RESULT_STALE, "a query's result is stale");
    EvtClose(strict);
    EvtClose(lax);
    EvtClose(results);
}

static void refusals(HANDLE signal)
{
    EVT_HANDLE events[BATCH];
    DWORD count;
    EVT_HANDLE results;
    probe_error(probe_last(EvtQuery(NULL, L"Nowhere", L"*", EvtQueryChannelPath) != NULL),
                ERROR_EVT_CHANNEL_NOT_FOUND, "an unknown channel is refused");
    probe_error(probe_last(EvtQuery(NULL, L"Application", L"*[System[EventID=]]",
                                    EvtQueryChannelPath) != NULL),
                ERROR_EVT_INVALID_QUERY, "a query that is none is refused");
    probe_error(probe_last(EvtSubscribe(NULL, NULL, NULL, query, NULL, NULL, NULL,
                                        EvtSubscribeToFutureEvents) != NULL),
                ERROR_INVALID_PARAMETER, "a subscription wants a signal or a callback");
    probe_error(probe_last(EvtSubscribe(NULL, signal, NULL, query, NULL, NULL, NULL,
                                        EvtSubscribeStartAfterBookmark) != NULL),
                ERROR_INVALID_PARAMETER, "a start after a bookmark wants one");
    probe_error(probe_last(EvtClose((EVT_HANDLE)0x44)), ERROR_INVALID_HANDLE,
                "a foreign handle is refused");
    probe_report(L"Probe", 0x400006ac, 20);
    probe_lab(L"fault evtnext_max=10");
    results = EvtQuery(NULL, NULL, query, EvtQueryChannelPath);
    probe_error(next(results, 20, events, &count), RPC_S_INVALID_BOUND,
                "too large a batch is refused");
    EvtClose(results);
    results = EvtQuery(NULL, NULL, query, EvtQueryChannelPath);
    probe_error(next(results, 10, events, &count), ERROR_SUCCESS, "a smaller one is not");
    for (DWORD i = 0; i < count; i++)
        EvtClose(events[i]);
    EvtClose(results);
    probe_lab(L"fault clear");
}

static void by_time(void)
{
    wchar_t text[256];
    SYSTEMTIME now;
    UINT64 last = 0;
    DWORD error;
    Sleep(1100);
    GetSystemTime(&now);
    _snwprintf(text, 256,
               L"*[System[Provider[@Name='Probe'] and (EventID=9 or EventID=10) and "
               L"TimeCreated[@SystemTime >= '%04u-%02u-%02uT%02u:%02u:%02u.000Z']]]",
               now.wYear, now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond);
    probe_report(L"Probe", 9, 2);
    probe_report(L"Probe", 10, 2);
    probe_report(L"Probe", 11, 2);
    EVT_HANDLE results = EvtQuery(NULL, L"Application", text, EvtQueryChannelPath);
    probe_check(drain(results, &last, &error) == 4, "events are found by time and alternatives");
    EvtClose(results);
    wchar_t *sign = wcschr(text, L'>');
    *sign = L'<';
    results = EvtQuery(NULL, L"Application", text, EvtQueryChannelPath);
    probe_check(drain(results, &last, &error) == 0, "and by the time before");
    EvtClose(results);
}

static void bulk(HANDLE signal)
{
    UINT64 last = 0;
    DWORD error;
    EVT_HANDLE results =
        EvtSubscribe(NULL, signal, NULL, query, NULL, NULL, NULL, EvtSubscribeToFutureEvents);
    probe_report(L"Probe", 0x400006ac, BULK);
    DWORD start = GetTickCount();
    probe_check(drain(results, &last, &error) == BULK, "50,000 events are read and rendered");
    printf("      in %lu ms\n", GetTickCount() - start);
    EvtClose(results);
}

static ULONGLONG processor_time(void)
{
    FILETIME made, ended, kernel, user;
    GetProcessTimes(GetCurrentProcess(), &made, &ended, &kernel, &user);
    return ((ULONGLONG)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime) +
           ((ULONGLONG)user.dwHighDateTime << 32 | user.dwLowDateTime);
}

static void idle(HANDLE signal)
{
    EVT_HANDLE results =
        EvtSubscribe(NULL, signal, NULL, query, NULL, NULL, NULL, EvtSubscribeToFutureEvents);
    Sleep(500); /* for what starts it */
    ULONGLONG before = processor_time();
    Sleep(5000);
    ULONGLONG used = processor_time() - before;
    probe_check(used == 0, "an idle subscription costs no processor time");
    printf("      %llu us in 5 s\n", used / 10);
    EvtClose(results);
}

void probe_modern(void)
{
    HANDLE signal = CreateEventW(NULL, TRUE, FALSE, NULL);
    EvtClearLog(NULL, L"Application", NULL, 0);
    probe_report(L"Probe", 0x400006ac, 5);
    EVT_HANDLE event = one_event();
    probe_check(event != NULL, "the newest event is found");
    render_system(event);
    render_data(event);
    EvtClose(event);
    bookmarks(signal);
    signals(signal);
    cleared(signal);
    refusals(signal);
    by_time();
    bulk(signal);
    idle(signal);
    CloseHandle(signal);
}
