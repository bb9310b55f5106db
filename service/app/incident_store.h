/* incident_store.h: the book of incidents and its journal on disk, kept the same.
 *
 * Each put is durable when it returns ERROR_SUCCESS, and in the book only then. While the folder or
 * the file cannot be used (missing, not to be believed, owned by another process, disk full,
 * read-only) the store is closed: puts fail at once with the error, the caller locks nobody, and
 * incident_store_open is tried again with growing pauses. Says in the event log why it is closed
 * (120, once), that it is open again (121), and what recovery set aside (122). Compacts the journal
 * when it has grown past INCIDENT_STORE_COMPACT and past twice what the book needs.
 *
 * Used by one thread at a time.
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
    DWORD (*journal_file_set_aside)(struct journal_file *, size_t, wchar_t *);
    DWORD (*journal_file_replace)(struct journal_file *, const void *, size_t);
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct incident_store_calls incident_store_calls;

struct incident_store {
    struct incident_book book;
    struct journal_file file;
    uint64_t sequence; /* of the next frame */
    uint8_t *scratch;  /* for frames and compaction */
    bool open;
    bool recovered;   /* the book holds what the journal held: it was open once */
    bool closed_told; /* 120 was sent and 121 was not since */
    DWORD error;      /* why it is closed */
    DWORD pause;      /* ms between tries now */
    DWORD retry_at;   /* GetTickCount of the next try */
};

/* Memory for the book. ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY; the store is closed then. */
DWORD incident_store_init(struct incident_store *store);

/* Opens and recovers, if it is not open and a try is due. Whether it is open now. What the book
 * learned while the store was closed does not exist: puts failed. When a store that was open before
 * is opened again, the book is read anew from the journal. */
bool incident_store_open(struct incident_store *store);

/* ms until incident_store_open is due again; INFINITE while it is open. */
DWORD incident_store_wait(const struct incident_store *store);

/* Durable, then in the book. An incident of id 0 is a new one and gets its id. Errors: the file's
 * (then the store is closed), or ERROR_NOT_ENOUGH_QUOTA when every incident in the book is open. */
DWORD incident_store_put(struct incident_store *store, struct incident *incident);
DWORD incident_store_put_restart(struct incident_store *store,
                                 const struct restart_record *restart);
DWORD incident_store_put_position(struct incident_store *store,
                                  const struct position_record *position);
DWORD incident_store_put_outlook(struct incident_store *store,
                                 const struct outlook_record *outlook);

void incident_store_close(struct incident_store *store); /* the book stays; freed by end */
void incident_store_end(struct incident_store *store);

#endif
