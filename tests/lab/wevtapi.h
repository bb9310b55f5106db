/* wevtapi.h: what the files of the lab's wevtapi.dll share.
 *
 * Source of all of it: learn.microsoft.com "Windows Event Log", winevt.h.
 */
#ifndef RELAYLOCK_LAB_WEVTAPI_H
#define RELAYLOCK_LAB_WEVTAPI_H

#include <windows.h>
#include <winevt.h>
#include "lab_log.h"

/* Kinds of handles. */
enum { WEVTAPI_RESULT = 1, WEVTAPI_EVENT, WEVTAPI_CONTEXT, WEVTAPI_BOOKMARK };

struct wevtapi_query;

/* Reads an XPath query, or a structured XML one, of the subset that wevtapi_query.c describes. path
 * is the channel where the query does not name one itself; may be null. *slot gets the log.
 * ERROR_EVT_INVALID_QUERY, ERROR_EVT_CHANNEL_NOT_FOUND, ERROR_NOT_SUPPORTED or a lack of memory. */
DWORD wevtapi_query_parse(const wchar_t *path, const wchar_t *text, struct wevtapi_query **query,
                          unsigned *slot);
/* The same for a saved log: XPath only. */
DWORD wevtapi_query_parse_xpath(const wchar_t *text, struct wevtapi_query **query);
bool wevtapi_query_matches(const struct wevtapi_query *query, const struct lab_record *record);
void wevtapi_query_free(struct wevtapi_query *query);

/* An event handed out by EvtNext: a copy of the record. */
struct wevtapi_event {
    wchar_t channel[LAB_LOG_NAME];
    struct lab_record record; /* first of its bytes */
};

/* A saved log (.evtx) of the lab: a header of 4096 bytes that begins as Windows' does
 * (MS-EVEN6 2.2), then lab_records. `lab log save` writes it. */
enum { WEVTAPI_FILE_HEADER = 4096 };
struct wevtapi_file {
    uint8_t *bytes; /* the records; null when there are none */
    uint32_t size;
    uint32_t position; /* of the next one */
    wchar_t channel[LAB_LOG_NAME];
};

/* Reads a saved log whole; the caller frees it. The error of Windows when it cannot be read,
 * ERROR_EVT_INVALID_EVENT_DATA when it is none. */
DWORD wevtapi_file_open(const wchar_t *path, struct wevtapi_file **file);
void wevtapi_file_free(struct wevtapi_file *file);
/* The next record; null at the end. */
const struct lab_record *wevtapi_file_next(struct wevtapi_file *file);

/* A place in a log. */
struct wevtapi_bookmark {
    bool set;
    wchar_t channel[LAB_LOG_NAME];
    uint64_t record;
};

struct wevtapi_context {
    DWORD flags;
    DWORD count;
    wchar_t *paths[]; /* of EvtRenderContextValues */
};

BOOL wevtapi_result(DWORD error);

void wevtapi_result_free(void *result); /* what EvtClose does for a query or subscription */
void wevtapi_context_free(void *context);

/* <BookmarkList>...; units, terminator included. */
enum { WEVTAPI_BOOKMARK_XML = 200 };
DWORD wevtapi_bookmark_xml(const struct wevtapi_bookmark *bookmark,
                           wchar_t text[WEVTAPI_BOOKMARK_XML]);

/* The event as XML. Appends to nothing when text is null; returns the units needed, terminator
 * included. */
size_t wevtapi_event_xml(const struct wevtapi_event *event, wchar_t *text, size_t size);

/* Milliseconds-exact text of a time, "2010-01-02T03:04:05.678000000Z", and back. */
enum { WEVTAPI_TIME_TEXT = 32 };
void wevtapi_time_text(uint64_t time, wchar_t text[WEVTAPI_TIME_TEXT]);
bool wevtapi_time_parse(const wchar_t *text, uint64_t *time);

/* Level and keywords of a classic event's type. */
uint8_t wevtapi_level(WORD type);
uint64_t wevtapi_keywords(WORD type);

#endif
