/* wevtapi_bookmark.c: bookmarks, and what closes handles of every kind. */
#include "wevtapi.h"

#include <stdio.h>
#include <string.h>

#include "lab_handles.h"

/* An attribute's value in a bookmark's XML. False when it is not there. */
static bool attribute(const wchar_t *xml, const wchar_t *name, wchar_t *value, size_t size)
{
    const wchar_t *at = wcsstr(xml, name);
    if (at == NULL)
        return false;
    at += wcslen(name);
    while (*at == L' ' || *at == L'=')
        at++;
    const wchar_t *end = *at == L'\'' || *at == L'"' ? wcschr(at + 1, *at) : NULL;
    if (end == NULL || (size_t)(end - at) > size)
        return false;
    memcpy(value, at + 1, (size_t)(end - at - 1) * sizeof *value);
    value[end - at - 1] = 0;
    return true;
}

static bool parse(const wchar_t *xml, struct wevtapi_bookmark *bookmark)
{
    wchar_t number[24];
    const wchar_t *at = wcsstr(xml, L"<Bookmark ");
    if (wcsstr(xml, L"<BookmarkList") == NULL || wcsstr(xml, L"</BookmarkList>") == NULL ||
        at == NULL || !attribute(at, L"Channel", bookmark->channel, LAB_LOG_NAME) ||
        !attribute(at, L"RecordId", number, sizeof number / sizeof *number))
        return false;
    wchar_t *end;
    bookmark->record = _wcstoui64(number, &end, 10);
    bookmark->set = *end == 0 && end != number;
    return bookmark->set;
}

EVT_HANDLE WINAPI EvtCreateBookmark(LPCWSTR xml)
{
    struct wevtapi_bookmark *bookmark =
        HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *bookmark);
    EVT_HANDLE handle = NULL;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    if (bookmark != NULL && xml != NULL && !parse(xml, bookmark))
        error = ERROR_INVALID_PARAMETER;
    else if (bookmark != NULL)
        handle = lab_handle_new(WEVTAPI_BOOKMARK, bookmark);
    if (handle == NULL) {
        if (bookmark != NULL)
            HeapFree(GetProcessHeap(), 0, bookmark);
        SetLastError(error);
    }
    return handle;
}

BOOL WINAPI EvtUpdateBookmark(EVT_HANDLE handle, EVT_HANDLE event_handle)
{
    struct wevtapi_bookmark *bookmark = lab_handle_object(handle, WEVTAPI_BOOKMARK);
    const struct wevtapi_event *event = lab_handle_object(event_handle, WEVTAPI_EVENT);
    if (bookmark == NULL || event == NULL)
        return wevtapi_result(ERROR_INVALID_HANDLE);
    bookmark->set = true;
    bookmark->record = event->record.number;
    wcscpy(bookmark->channel, event->channel);
    return TRUE;
}

DWORD wevtapi_bookmark_xml(const struct wevtapi_bookmark *bookmark,
                           wchar_t text[WEVTAPI_BOOKMARK_XML])
{
    if (!bookmark->set)
        wcscpy(text, L"<BookmarkList>\r\n</BookmarkList>");
    else
        _snwprintf(text, WEVTAPI_BOOKMARK_XML,
                   L"<BookmarkList>\r\n  <Bookmark Channel='%ls' RecordId='%llu' "
                   L"IsCurrent='true'/>\r\n</BookmarkList>",
                   bookmark->channel, (unsigned long long)bookmark->record);
    return (DWORD)wcslen(text) + 1;
}

BOOL WINAPI EvtClose(EVT_HANDLE handle)
{
    unsigned kind = lab_handle_kind(handle);
    void *object = lab_handle_close(handle);
    switch (object == NULL ? 0 : kind) {
    case WEVTAPI_RESULT:
        wevtapi_result_free(object);
        return TRUE;
    case WEVTAPI_CONTEXT:
        wevtapi_context_free(object);
        return TRUE;
    case WEVTAPI_EVENT:
    case WEVTAPI_BOOKMARK:
    case WEVTAPI_LOG:
    case WEVTAPI_CONFIG:
        HeapFree(GetProcessHeap(), 0, object);
        return TRUE;
    default:
        return wevtapi_result(ERROR_INVALID_HANDLE);
    }
}

/* Nothing in the lab takes so long that it could be cancelled. */
BOOL WINAPI EvtCancel(EVT_HANDLE handle)
{
    return lab_handle_kind(handle) != 0 || wevtapi_result(ERROR_INVALID_HANDLE);
}
