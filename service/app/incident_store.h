/* incident_store.h: the book of incidents and its journal on disk, kept the same.
 *
 * Each put is durable when it returns ERROR_SUCCESS, and in the book only then. While the folder or
 * the file cannot be used (not to be believed, owned by another process, disk full, read-only) the
 * store is closed: puts fail at once with the error, the caller locks nobody, and
 * incident_store_open is tried again with growing pauses. A folder that is missing is made. Says in
 * the event log why it is closed (120, once), that it is open again (121), what recovery sets aside
 * (122, before that is cut off: perhaps twice, never not at all) or passed over, and that an
 * incident found no room (123). Compacts the journal when it has
 * grown past INCIDENT_STORE_COMPACT and past twice what the book needs; when that fails, it is
 * tried again after another quarter of INCIDENT_STORE_COMPACT.
 *
 * After a put that failed the store takes itself to be open again only when it could write: it
 * writes the position again as it is. So a disk that is full or broken does not make it open and
 * close in turns.
 *
 * Used by one thread at a time. Any call may block for as long as the disk does.
 */
#ifndef RELAYLOCK_APP_INCIDENT_STORE_H
#define RELAYLOCK_APP_INCIDENT_STORE_H

#include <windows.h>
#include "../core/incident_book.h"
#include "../windows/journal_file.h"

enum {
    INCIDENT_STORE_COMPACT = 1024 * 1024, /* bytes */
    INCIDENT_STORE_PAUSE_MAX = 60000      /* ms between tries to open; they grow from 1 s */
};

/* The calls; tests put others here. */
struct incident_store_calls {
    DWORD (*state_directory_find)(wchar_t *, const char **);
    DWORD (*state_directory_create)(const wchar_t *, const char **);
    DWORD (*state_directory_check)(const wchar_t *, const char **);
    DWORD (*journal_file_open)(struct journal_file *, const wchar_t *, uint8_t **, size_t *);
    void (*journal_file_free)(uint8_t *);
    void (*journal_file_close)(struct journal_file *);
    DWORD (*journal_file_append)(struct journal_file *, const void *, size_t);
    DWORD (*journal_file_copy_torn)(struct journal_file *, size_t, wchar_t *);
    DWORD (*journal_file_cut_torn)(struct journal_file *, size_t, const wchar_t *);
    DWORD (*journal_file_replace)(struct journal_file *, const void *, size_t);
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct incident_store_calls incident_store_calls;

struct incident_store {
    struct incident_book book;
    struct journal_file file;
    uint64_t sequence; /* of the next frame */
    uint8_t *frame;    /* JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX bytes: the one being written */
    wchar_t directory[STATE_DIRECTORY_MAX]; /* "" until it was found */
    uint64_t compact_at;                    /* bytes of journal at which it is compacted */
    bool open;
    bool recovered;   /* the book holds what the journal held: it was open once */
    bool write_owed;  /* a write failed and none succeeded since */
    bool closed_told; /* 120 was sent and 121 was not since */
    bool torn_told;   /* 122 was sent of what is torn now */
    bool is_guest;    /* the journal is another process's to keep: 120 and 121 are not sent */
    DWORD error;      /* why it is closed */
    DWORD pause;      /* ms between tries now; 0: the next is due at once */
    DWORD retry_at;   /* GetTickCount of the next try */
};

/* Memory for the book. ERROR_SUCCESS: it is closed, and open is due; or ERROR_NOT_ENOUGH_MEMORY. */
DWORD incident_store_init(struct incident_store *store);

/* Opens and recovers, if it is not open and a try is due. Whether it is open now. When a store that
 * was open before is opened again, the book is read anew from the journal: pointers into it are
 * stale, and a put that failed may be found in it after all, since what it wrote could not be taken
 * back. Only when the journal holds less than this store has made durable (somebody deleted it, the
 * disk lost it), the book stays, and the journal is written anew from it. */
bool incident_store_open(struct incident_store *store);

/* ms until incident_store_open is due again; INFINITE while it is open. */
DWORD incident_store_wait(const struct incident_store *store);

/* Durable, then in the book. An incident of id 0 is a new one and gets its id. Errors: the file's
 * (then the store is closed); while it is closed, the error it is closed for. The store stays open
 * for ERROR_NOT_ENOUGH_QUOTA, a new one when no incident in the book gives way (123), and
 * ERROR_INVALID_PARAMETER, what the book or the encoding refuses (incident_book_takes): a mistake
 * of the caller's. On failure nothing is in the book, and *incident is as it was; so it must be the
 * caller's own copy, not the book's. */
DWORD incident_store_put(struct incident_store *store, struct incident *incident);
DWORD incident_store_put_restart(struct incident_store *store,
                                 const struct restart_record *restart);
DWORD incident_store_put_position(struct incident_store *store,
                                  const struct position_record *position);
DWORD incident_store_put_outlook(struct incident_store *store,
                                 const struct outlook_record *outlook);

/* Lets go of the journal; the book stays, and open is due at once. */
void incident_store_close(struct incident_store *store);

/* Closes it and frees the book. */
void incident_store_end(struct incident_store *store);

#endif
