/* fake_event_log_parts.h: what the files of the fake event log share; not for tests. */
#ifndef RELAYLOCK_TESTS_FAKE_EVENT_LOG_PARTS_H
#define RELAYLOCK_TESTS_FAKE_EVENT_LOG_PARTS_H

#include "fake_event_log.h"
#include "windows/modern_log.h"

struct fake_record {
    unsigned holders; /* the log, and the event handles */
    uint64_t number;
    uint64_t forwarded;
    uint64_t generated;
    DWORD event_id;
    wchar_t *source;
    wchar_t *computer;
    wchar_t *strings[FAKE_STRINGS_MAX];
    size_t string_count;
    enum fake_oddity oddity;
};

/* What a query selects. */
struct fake_selection {
    bool everything;
    wchar_t provider[256];
    DWORD event_id;
    uint64_t record; /* 0: any */
    bool bounded;
    uint64_t before; /* FILETIME */
};

enum fake_kind {
    FAKE_LOG,
    FAKE_SUBSCRIPTION,
    FAKE_RESULT,
    FAKE_CONTEXT,
    FAKE_KEY,
    FAKE_CONFIG,
    FAKE_BOOKMARK,
    FAKE_EVENT
};

struct fake_handle {
    enum fake_kind kind;
    bool open;
    unsigned service;  /* the run of the log service that it belongs to */
    unsigned epoch;    /* how often the log had been cleared */
    bool started;      /* position means something */
    uint64_t position; /* reading forwards the record at it comes next, backwards the one before */
    bool backwards;    /* of a bookmark: at an event that was read so */
    bool strict;
    HANDLE signal;
    struct fake_selection selection;
    DWORD context;
    bool marked;
    uint64_t mark;   /* record number */
    bool unnumbered; /* it does not say so */
    struct fake_record *record;
    const struct fake_handle *parent; /* of an event: what it came from */
};

/* The records, by position; positions never start again. */
uint64_t fake_first(void);
uint64_t fake_end(void);
struct fake_record *fake_at(uint64_t position);
/* Position of a record number; false when there is none. */
bool fake_find(uint64_t number, uint64_t *position);
unsigned fake_epoch(void);
/* Whether the log keeps what it has and has no room for more. */
bool fake_full(void);

void *fake_allocate(size_t size); /* zeroed */
struct fake_record *fake_hold(struct fake_record *record);
void fake_release(struct fake_record *record);

/* Counts the call and makes it fail if that was asked for: false, with the last error set. */
bool fake_call(enum fake_call call);
bool fake_fail(DWORD error); /* sets the last error; always false */

struct fake_handle *fake_open(enum fake_kind kind, HANDLE *handle);
bool fake_close(HANDLE handle, bool log);
/* The open handle of a kind. Null, with the last error set, when it is none (a misuse), or when the
 * log service it belongs to has gone. */
struct fake_handle *fake_use(HANDLE handle, enum fake_kind kind);
/* The same for either a subscription or a query's result. */
struct fake_handle *fake_use_result(HANDLE handle);
/* Whether the service runs; otherwise the last error is set. */
bool fake_service(void);

/* The number that an event says it has. */
uint64_t fake_event_record_id(const struct fake_record *record);
bool fake_selects(const struct fake_selection *selection, const struct fake_record *record);
/* ERROR_SUCCESS, or what Windows says of such a query. */
DWORD fake_parse_query(const wchar_t *channel, const wchar_t *query,
                       struct fake_selection *selection);
bool fake_parse_bookmark(const wchar_t *xml, uint64_t *number);

EVT_HANDLE WINAPI fake_EvtCreateRenderContext(DWORD, LPCWSTR *, DWORD);
BOOL WINAPI fake_EvtRender(EVT_HANDLE, EVT_HANDLE, DWORD, DWORD, PVOID, PDWORD, PDWORD);

void fake_classic_install(void);
void fake_modern_install(void);

HANDLE WINAPI fake_CreateEventW(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
BOOL WINAPI fake_CloseHandle(HANDLE);
LPVOID WINAPI fake_HeapAlloc(HANDLE, DWORD, SIZE_T);
BOOL WINAPI fake_HeapFree(HANDLE, DWORD, LPVOID);

#endif
