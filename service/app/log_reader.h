/* log_reader.h: the one log that is read, whatever reader that takes, and its outages.
 *
 * Chooses the reader as the setting Reader says (auto: modern, else classic, also when the modern
 * one is there but will not subscribe), notices when the log goes away, opens it again behind the
 * last record that was read, and says so in the event log: once when it goes, once when it is back.
 * Accounts for record numbers, over a restart of the service as well (log_reader_recall): tells
 * what was lost, and keeps it in a list, so that a verdict made over a gap can say so.
 */
#ifndef RELAYLOCK_APP_LOG_READER_H
#define RELAYLOCK_APP_LOG_READER_H

#include <windows.h>
#include "../core/gap_list.h"
#include "../core/incident_book.h"
#include "../windows/event_source.h"
#include "../windows/own_names.h"

/* The calls; tests put others here. */
struct log_reader_calls {
    DWORD(*modern_log_open)
    (const struct event_source_options *, struct event_source **, const char **);
    DWORD(*classic_log_open)
    (const struct event_source_options *, struct event_source **, const char **);
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct log_reader_calls log_reader_calls;

enum {
    LOG_READER_BACK_MAX = 86400, /* seconds of the time in which the service was down that are read
                                    afterwards */
    LOG_READER_RECALL_KEPT = 600000, /* ms for which reading afresh goes back as far again */
    LOG_READER_PAUSE_MAX = 30000,    /* ms between tries to open the log; they grow from 500 */
    LOG_READER_WHY_SIZE = 128
};

struct log_reader {
    HANDLE stop; /* the caller's; ends a search for the start that takes long */
    const struct settings *settings;
    struct own_names own;
    struct origin_rule origins;    /* views both */
    struct event_source *source;   /* null while the log cannot be read */
    char why[LOG_READER_WHY_SIZE]; /* why this reader */
    int64_t since;                 /* where to start when there is no position yet ... */
    int64_t recalled_since;        /* ... but here while recalled is set, if that is earlier */
    bool recalled;
    DWORD recalled_at;
    uint64_t last_record;              /* position; 0: none yet */
    bool away;                         /* an outage that was told */
    DWORD pause;                       /* ms between tries now */
    DWORD retry_at;                    /* GetTickCount of the next try */
    struct event_source_counters past; /* of sources closed since the start */
    uint64_t read_before;              /* up to this record all was read and counted before */
    struct event_source_counters
        again;               /* of the open source, up to there: not to be counted twice */
    struct event_place seen; /* up to there all was looked at, by this or an earlier process */
    struct gap_list gaps;    /* of the log that is read now */
    uint64_t known;          /* up to this record an earlier process had read ... */
    struct event_source_counters known_count; /* ... and what of it was read again */
};

/* Opens a log by the reader that choice asks for, and says why it was that one. *refused: the error
 * for which the modern reader of this Windows gave way to the classic one, else ERROR_SUCCESS. When
 * neither can read it, the error is that of the reader that this Windows should use;
 * ERROR_CANCELLED of either is that of both. Tells nobody. Otherwise as modern_log_open and
 * classic_log_open. */
DWORD log_reader_choose(enum reader_choice choice, const struct event_source_options *options,
                        struct event_source **source, char why[LOG_READER_WHY_SIZE], DWORD *refused,
                        const char **failed_call);

/* Starts afresh at since (seconds since 1970-01-01 UTC), closing what was open. The counters go on;
 * of the same log, what was read before is not counted again. settings are the caller's and must
 * outlive the reader, or be freed only after the next call of this. */
void log_reader_begin(struct log_reader *reader, const struct settings *settings, int64_t since);

/* Goes on where an earlier process stopped, if position (of the journal) is of this log: what is
 * missing since then is told, and the start moves back to one longest window before that time, for
 * LOG_READER_BACK_MAX at the most before the one given to log_reader_begin. To be called right
 * behind it, once. Reading afresh starts there, too, until all was read LOG_READER_RECALL_KEPT
 * after this: what is decided late must not be forgotten. */
void log_reader_recall(struct log_reader *reader, const struct position_record *position);

/* Opens the log if it is not open and a try is due. Whether it is open now. */
bool log_reader_open(struct log_reader *reader);

/* The next sign-ins, as event_source's next. ERROR_SUCCESS, ERROR_NO_MORE_ITEMS when all was read
 * or the log is away. Tells of a cleared log and of records that were lost. */
DWORD log_reader_next(struct log_reader *reader, struct relay_event *events, size_t *count);

/* ms until it must be called again without a signal: the source's poll or the next try. */
DWORD log_reader_wait(const struct log_reader *reader);

/* The counters over all sources; and the same without what an earlier process had read (of a batch
 * in which its last record lies, all). */
struct event_source_counters log_reader_count(const struct log_reader *reader);
struct event_source_counters log_reader_count_fresh(const struct log_reader *reader);

/* Whether the log is being read: it is open and there is no outage. */
bool log_reader_is_reading(const struct log_reader *reader);

/* How full the log is. ERROR_NOT_READY while it is not open; otherwise as event_source's look. */
DWORD log_reader_look(struct log_reader *reader, struct log_facts *facts, const char **failed_call);

/* Closes the log, if it is open; the next call of log_reader_open opens it again. */
void log_reader_close(struct log_reader *reader);

#endif
