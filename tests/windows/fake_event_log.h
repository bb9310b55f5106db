/* fake_event_log.h: one event log in memory, behind the call tables of both readers.
 *
 * It keeps records, handles and positions, and answers as Microsoft documents the two APIs; where
 * that leaves open what Windows does, a setting takes either way. Any call can be made to fail.
 * Handles, heap blocks and events are counted, so that a leak, a double close or the use of a
 * closed handle ends the test. One thread; out of memory ends the program.
 */
#ifndef RELAYLOCK_TESTS_FAKE_EVENT_LOG_H
#define RELAYLOCK_TESTS_FAKE_EVENT_LOG_H

#include "windows/event_source.h"

enum { FAKE_STRINGS_MAX = 6 };

enum fake_call {
    FAKE_OPEN_EVENT_LOG,
    FAKE_READ_EVENT_LOG,
    FAKE_NOTIFY_CHANGE_EVENT_LOG,
    FAKE_GET_OLDEST_EVENT_LOG_RECORD,
    FAKE_GET_NUMBER_OF_EVENT_LOG_RECORDS,
    FAKE_GET_EVENT_LOG_INFORMATION,
    FAKE_REG_OPEN_KEY,
    FAKE_REG_QUERY_VALUE,
    FAKE_EXPAND_ENVIRONMENT_STRINGS,
    FAKE_GET_FILE_ATTRIBUTES,
    FAKE_EVT_SUBSCRIBE,
    FAKE_EVT_QUERY,
    FAKE_EVT_NEXT,
    FAKE_EVT_CREATE_RENDER_CONTEXT,
    FAKE_EVT_RENDER,
    FAKE_EVT_CREATE_BOOKMARK,
    FAKE_EVT_UPDATE_BOOKMARK,
    FAKE_EVT_OPEN_CHANNEL_CONFIG,
    FAKE_EVT_GET_CHANNEL_CONFIG_PROPERTY,
    FAKE_EVT_OPEN_LOG,
    FAKE_EVT_GET_LOG_INFO,
    FAKE_CREATE_EVENT,
    FAKE_HEAP_ALLOC,
    FAKE_CALLS
};

/* What is wrong with a record, seen through one API or the other. */
enum fake_oddity {
    FAKE_SOUND,
    FAKE_BAD_SIGNATURE,     /* classic: not a record */
    FAKE_BAD_LENGTH,        /* classic: nor does it say where the next one is */
    FAKE_NUMBER_FOR_STRING, /* modern: the second string is a UInt32 */
    FAKE_ANSI_FOR_STRING,   /* modern: the third is of single bytes */
    FAKE_STRING_OUTSIDE,    /* modern: the first lies outside the rendered bytes */
    FAKE_STRING_UNENDED,    /* modern: the last one has no terminator */
    FAKE_ARRAY_TOO_LONG,    /* modern: an array that claims more than there is */
    FAKE_RECORD_ID_TYPE,    /* modern: the record number is a string, and in no bookmark */
    FAKE_TIME_TYPE,         /* modern: the time is a UInt64 */
    FAKE_COMPUTER_TYPE,     /* modern: the computer is a UInt32 */
    FAKE_FEW_PROPERTIES     /* modern: nine system properties */
};

struct fake_event {
    uint64_t generated; /* FILETIME */
    const wchar_t *source;
    const wchar_t *computer;
    DWORD event_id; /* with severity and facility */
    const wchar_t *strings[FAKE_STRINGS_MAX];
    size_t string_count;
    enum fake_oddity oddity;
    uint64_t forwarded; /* the number that it had in the log that it comes from; 0: it is of this
                           log */
};

struct fake_event_log {
    const wchar_t *channel;
    size_t max_records; /* beyond that the oldest is overwritten, unless retention says that it
                           is kept; 0: no limit */
    DWORD retention;    /* the registry value: 0: overwrites; else what is in it is kept */
    bool archives;      /* AutoBackup: a log that would keep what is in it begins a new file */
    uint64_t size;      /* bytes of its file, and that it may have; just told */
    uint64_t max_size;
    const wchar_t *file;    /* path of its file, as the registry has it; null: not there */
    bool odd_types;         /* its properties and values come in other types */
    uint64_t next_number;   /* of the next record; the classic API shows its low 32 bits */
    bool numbers_go_on;     /* through a clear; else they restart at 1 */
    bool clears_in_silence; /* handles live through a clear, and nobody is told */

    bool seek_fails;            /* ReadEventLog cannot seek (Knowledge Base article 177199) */
    bool notify_refused;        /* NotifyChangeEventLog: access denied */
    bool overrun_changes;       /* a reader whose records are overwritten gets
                                   ERROR_EVENTLOG_FILE_CHANGED;       else it goes on with the oldest */
    bool key_denied;            /* the log's registry key may not be opened */
    bool needs_too_small;       /* ReadEventLog says that it needs less than was offered */
    bool array_form;            /* EventData is one array of strings */
    bool null_for_empty;        /* an empty string is a null value */
    bool oldest_strict_refused; /* EvtSubscribeStrict only together with a bookmark */
    bool backward_refused; /* a subscription takes no bookmark of an event of a query backwards */
    DWORD rpc_batch_max;   /* EvtNext fails with error 1734 when more events are to be moved */
};
extern struct fake_event_log fake_event_log;

/* An empty log named Application, put behind both call tables. */
void fake_event_log_begin(void);
/* Takes it away; fails the test when something was leaked or misused. */
void fake_event_log_end(void);

/* Appends; returns the record's number, 0 when the log is full. Readers are told: a subscription's
 * event is set, the event of NotifyChangeEventLog is pulsed. */
uint64_t fake_event_log_add(const struct fake_event *event);
/* MSExchangeTransport 1708 from MAIL1, generated at a time, seconds since 1970-01-01 UTC. */
uint64_t fake_event_log_sign_in(int64_t time, const wchar_t *client, const wchar_t *account);
void fake_event_log_clear(void);

/* The log service stops: every handle of it is dead for good, new ones cannot be had until it is
 * started. Nobody is told. */
void fake_event_log_stop(void);
void fake_event_log_start(void);

/* The kth call of a function from now on (from 1), or of any function, fails with error;
 * FAKE_NO_ERROR: without setting one. */
#define FAKE_NO_ERROR MAXDWORD
void fake_event_log_fail(enum fake_call call, unsigned kth, DWORD error);
void fake_event_log_fail_any(unsigned nth, DWORD error);
/* The name of the function that was made to fail, else null; no failure is pending afterwards. */
const char *fake_event_log_failed(void);
/* How often a function was called since the log began. */
unsigned fake_event_log_called(enum fake_call call);

#endif
