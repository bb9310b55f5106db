/* report_recorder.h: stands in for the event log that report.c writes to, and remembers all. */
#ifndef TESTS_APP_REPORT_RECORDER_H
#define TESTS_APP_REPORT_RECORDER_H

#include <windows.h>
#include <stdbool.h>
#include "windows/report.h"

enum { RECORDED_MAX = 256, RECORDED_STRING_MAX = REPORT_STRING_MAX };

/* Puts itself into report_calls and forgets what was recorded before. */
void recorder_start(void);

/* How many events of the id were written so far. */
size_t recorder_count(DWORD id);

/* Waits until there are at least count events of the id. False after ms. */
bool recorder_wait(DWORD id, size_t count, DWORD ms);

/* Insertion string index (from 0) of the latest event of the id, "" if there is none; valid until
 * the next call. */
const wchar_t *recorder_string(DWORD id, size_t index);

/* That it is this one. */
void recorder_expect(DWORD id, size_t index, const wchar_t *expected);

#endif
