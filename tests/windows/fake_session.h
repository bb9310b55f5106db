/* fake_session.h: an installation that Windows Installer is running, in memory.
 *
 * Properties, records and messages as learn.microsoft.com describes them (MsiGetProperty,
 * MsiSetProperty, MsiCreateRecord, MsiRecordSetString, MsiProcessMessage): lengths in units without
 * the terminator when told, with it when given; a property that is not set is empty; a message
 * whose first field is a number is an error of the Error table. Records are counted. Any call can
 * be made to fail.
 */
#ifndef RELAYLOCK_TESTS_FAKE_SESSION_H
#define RELAYLOCK_TESTS_FAKE_SESSION_H

#include <windows.h>
#include <msi.h>

enum { FAKE_SESSION = 0x51 };

/* No property is set. Puts its calls into session_calls. */
void fake_session_reset(void);

void fake_session_set(const wchar_t *name, const wchar_t *value);
const wchar_t *fake_session_get(const wchar_t *name); /* "": not set */

/* What the administrator was told and what was logged, the latest of each; "": nothing. */
const wchar_t *fake_session_error(void);
const wchar_t *fake_session_logged(void);
unsigned fake_session_errors(void);

/* The n-th call from now (1 is the next) fails. */
void fake_session_fail(unsigned n);
const char *fake_session_failed(void); /* the call that was failed so; null: none was */

unsigned fake_session_open_records(void);

#endif
