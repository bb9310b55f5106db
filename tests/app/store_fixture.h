/* store_fixture.h: an incident store on the disk of fake_files, with a clock and an event log that
 * tests see.
 */
#ifndef RELAYLOCK_TESTS_STORE_FIXTURE_H
#define RELAYLOCK_TESTS_STORE_FIXTURE_H

#include <stdbool.h>
#include "app/incident_store.h"
#include "../core/incident_fixture.h"
#include "../windows/fake_files.h"
#include "report_recorder.h"

#define STORE_FOLDER  FAKE_FILES_FOLDER
#define STORE_JOURNAL FAKE_FILES_FOLDER L"\\journal"

extern struct incident_store store;
extern DWORD store_tick; /* what GetTickCount says */

/* An empty disk and event log, and a store that was not opened yet. The one before must have been
 * ended, or have died. */
void store_reset(void);
void store_begin(void); /* only the store: a new process */

/* The process is gone with all it had in memory; the disk is as it left it. */
void store_dies(void);

/* Lets the pause pass, and tries to open it. */
bool store_open_later(void);

/* The store opens, now. */
void store_assert_opens(void);
/* It is ended, nothing is left open, and a new process finds what it had in its book. */
void store_assert_kept(void);

/* A journal of so many incidents, all open, is put on the disk. */
void store_put_journal_of(uint32_t incidents);

/* The latest event of an id has this as its insertion string index (from 0). */
void store_assert_said(DWORD id, size_t index, const wchar_t *text);

#endif
