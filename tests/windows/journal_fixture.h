/* journal_fixture.h: a journal in the folder of fake_files, for its tests. */
#ifndef RELAYLOCK_TESTS_JOURNAL_FIXTURE_H
#define RELAYLOCK_TESTS_JOURNAL_FIXTURE_H

#include <stdbool.h>
#include "windows/journal_file.h"
#include "fake_files.h"

#define JOURNAL     FAKE_FILES_FOLDER L"\\journal"
#define JOURNAL_NEW FAKE_FILES_FOLDER L"\\journal.new"
#define TORN        FAKE_FILES_FOLDER L"\\journal.torn-"

/* The journal under test, and what it gave when it was opened. */
extern struct journal_file journal;
extern uint8_t *journal_bytes;
extern size_t journal_size;

/* An empty disk with the folder, which is to be believed. */
void journal_make_folder(void);

DWORD journal_open(void);
DWORD journal_append(const char *text);

/* It opens, and holds this. */
void journal_assert_opens_with(const char *content);
/* It does not open, for this reason, and nothing is given or left open. */
void journal_assert_refused(DWORD error, const char *call);
/* A file on the disk holds this now. */
void journal_assert_holds(const wchar_t *path, const char *content);
/* Closes it; nothing is left open, no journal.new is there. */
void journal_assert_closes(void);

/* Whether the call that was to fail (fake_calls_fail) was never reached. */
bool journal_all_went_well(void);

/* The power fails: all names that were changed are there, and of bytes what is said. */
void journal_cut_power(enum fake_cut_bytes kept);

#endif
