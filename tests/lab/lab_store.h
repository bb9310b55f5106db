/* lab_store.h: what the lab's Exchange host remembers: its event logs, its accounts, its faults.
 *
 * One memory-mapped file, C:\lab\store, that every process of the Wine prefix shares, guarded by a
 * named mutex. A process may be killed while it holds the mutex: whatever is changed is therefore
 * written beside the state in force and put in force by one store of a LONG. The lab's DLLs, its
 * event log service and its tool are the only ones who know of it.
 */
#ifndef RELAYLOCK_LAB_STORE_H
#define RELAYLOCK_LAB_STORE_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    LAB_LOGS = 8,
    LAB_LOG_NAME = 64,               /* units, terminator included */
    LAB_LOG_CAPACITY = 1 << 30,      /* bytes at most for one log */
    LAB_LOG_SIZE_DEFAULT = 64 << 20, /* bytes */
    LAB_LOG_STRIDE = 256,            /* records between two entries of the index */
    LAB_LOG_INDEX = 16384,           /* entries: of over 4,000,000 records */
    LAB_WAITERS = 64,
    LAB_PRINCIPALS = 1024,
    LAB_FAULTS = 32,
    LAB_ACCOUNT_NAME = 32, /* units; Windows allows a user 20 characters */
    LAB_TEXT = 260,        /* units of a comment and the like; lmcons.h says 256 characters */
    LAB_KILLED = 0x5eed    /* exit code of a process that the fault kill_at ended */
};

/* Where a log stands. Records oldest..next-1 exist; offsets are bytes into the log's ring. */
struct lab_log_state {
    uint64_t oldest;
    uint64_t next;
    uint64_t epoch; /* how often the log was cleared */
    uint32_t head;  /* of the oldest record */
    uint32_t tail;  /* behind the newest record */
    uint32_t last;  /* of the newest record */
    uint32_t unused;
};

struct lab_log {
    wchar_t name[LAB_LOG_NAME]; /* "" : a free slot */
    uint32_t size;              /* bytes of the ring in use */
    uint32_t keep;              /* true: when full, refuse records instead of overwriting */
    uint32_t extent;            /* bytes that its file has, as far as anybody can see */
    uint32_t refused;           /* true: a record was refused since it was cleared */
    volatile LONG current;      /* which state is in force */
    struct lab_log_state state[2];
    struct {
        uint64_t record;
        uint32_t offset;
        uint32_t unused;
    } index[LAB_LOG_INDEX]; /* of every LAB_LOG_STRIDE-th record, at number / stride % size */
};

/* Who wants to be woken when a log grows. */
struct lab_waiter_slot {
    DWORD process; /* 0: free */
    DWORD log;
    volatile LONG armed;
};

enum lab_principal_kind { LAB_NOBODY, LAB_USER, LAB_GLOBAL_GROUP, LAB_ALIAS };

/* Which account database a principal belongs to. */
enum lab_domain { LAB_COMPUTER, LAB_DOMAIN };

struct lab_principal {
    uint32_t kind;
    uint32_t domain;
    uint32_t rid;
    uint32_t flags;     /* UF_... of a user */
    uint64_t member_of; /* bits: the group_bit of the groups it is a direct member of */
    uint32_t group_bit; /* of a group: its own bit number */
    uint32_t password_count;
    uint64_t password_hash;
    uint64_t password_set; /* FILETIME */
    uint64_t written;      /* FILETIME of the latest NetUserSetInfo that changed it */
    uint32_t writes;       /* how many did */
    wchar_t name[LAB_ACCOUNT_NAME];
    wchar_t full_name[LAB_TEXT];
    wchar_t comment[LAB_TEXT];
    wchar_t user_comment[LAB_TEXT];
    wchar_t home[LAB_TEXT];
    wchar_t script[LAB_TEXT];
    wchar_t profile[LAB_TEXT];
};

struct lab_principal_slot {
    volatile LONG current;
    struct lab_principal version[2];
};

struct lab_store {
    uint32_t magic;
    uint32_t version;
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1];
    volatile LONG service_process; /* of the event log service; 0: stopped */
    volatile LONG service_session; /* how often it was started */
    uint64_t dc_found;             /* FILETIME of the latest discovery of a domain controller */
    uint32_t next_rid[2];          /* by enum lab_domain */
    volatile LONG faults[LAB_FAULTS];
    char killed_before[64]; /* the call before which the fault kill_at ended a process last */
    struct lab_waiter_slot waiters[LAB_WAITERS];
    struct lab_log logs[LAB_LOGS];
    struct lab_principal_slot principals[LAB_PRINCIPALS];
    struct lab_principal_slot behind[LAB_PRINCIPALS]; /* as LABDC2 has them while it lags */
};

/* The store of this prefix, once lab_open succeeded. */
extern struct lab_store *lab_store;

/* Opens the store, once for a process; ERROR_SUCCESS or the error. */
DWORD lab_open(void);

/* Makes a new, empty store (after lab_open: empties it). The event log service stays as it is. */
DWORD lab_create(void);

/* Enters and leaves the store. Does not nest. */
DWORD lab_lock(void);
void lab_unlock(void);

/* As lab_lock, but only while the event log service runs: RPC_S_SERVER_UNAVAILABLE otherwise. */
DWORD lab_lock_log(void);

/* As lab_lock_log for a handle that was opened in a session of the service: ERROR_INVALID_HANDLE
 * when the service was restarted since. */
DWORD lab_lock_log_session(LONG session);

uint64_t lab_now(void); /* FILETIME, UTC */

#endif
