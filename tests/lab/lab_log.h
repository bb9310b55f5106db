/* lab_log.h: the event logs of the store.
 *
 * A log is a ring of records in a file of its own, C:\lab\log<slot>. A record holds the bytes of an
 * EVENTLOGRECORD and what newer Windows knows beyond that. Every function but lab_log_slot wants
 * the store locked (lab_lock_log); records that are pointed to are good until it is unlocked.
 */
#ifndef RELAYLOCK_LAB_LOG_H
#define RELAYLOCK_LAB_LOG_H

#include "lab_store.h"

struct lab_record {
    uint32_t size;     /* bytes, this header included; a multiple of 8 */
    uint32_t previous; /* offset of the record before it */
    uint64_t number;
    uint64_t time; /* FILETIME */
    uint32_t process;
    uint32_t thread;
    /* EVENTLOGRECORD follows */
};

/* Its EVENTLOGRECORD. */
const EVENTLOGRECORD *lab_record_classic(const struct lab_record *record);

struct lab_report {
    uint64_t time; /* FILETIME; 0: now */
    const wchar_t *source;
    const wchar_t *computer; /* null: this one */
    WORD type;
    WORD category;
    DWORD event;
    const uint8_t *sid; /* may be null */
    WORD string_count;
    const wchar_t *const *strings;
    DWORD data_size;
    const void *data;
};

/* The slot of the log with this name: one there is, or a new one when the registry has a log of
 * that name (HKLM\SYSTEM\CurrentControlSet\Services\EventLog\<name>). LAB_LOGS: no such log. The
 * store must not be locked. */
unsigned lab_log_slot(const wchar_t *name);

/* Where a log stands. */
const struct lab_log_state *lab_log_state(unsigned slot);

/* Appends a record. ERROR_LOG_FILE_FULL when the log is full and keeps what it has,
 * ERROR_INVALID_PARAMETER when it would never fit. Wakes who waits for the log. */
DWORD lab_log_append(unsigned slot, const struct lab_report *report);

/* The record of a number; null when there is none. *error, unless null, says why the ring itself
 * could not be read. */
const struct lab_record *lab_log_find(unsigned slot, uint64_t number);

/* The record behind or before one; null at the end. */
const struct lab_record *lab_log_next(unsigned slot, const struct lab_record *record);
const struct lab_record *lab_log_previous(unsigned slot, const struct lab_record *record);

/* The file in which Windows would keep the log, of lab_log.extent bytes. */
enum { LAB_LOG_FILE = LAB_LOG_NAME + 16 };
void lab_log_file(unsigned slot, wchar_t path[LAB_LOG_FILE]);

/* Empties a log. Numbers restart at 1 unless the fault clear_continues is on. */
void lab_log_clear(unsigned slot);

/* Sets the size in bytes and whether a full log keeps its records; empties the log. */
void lab_log_configure(unsigned slot, uint32_t size, bool keep);

#endif
