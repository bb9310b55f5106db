/* session.h: the installation that Windows Installer is running, as one of its actions sees it.
 *
 * Immediate actions read properties and leave notes for deferred ones; a deferred action (in the
 * script, rollback and commit alike) sees its note and nothing else. Sources: learn.microsoft.com
 * "Obtaining Context Information for Deferred Execution Custom Actions",
 * nf-msiquery-msigetproperty, nf-msiquery-msiprocessmessage.
 */
#ifndef RELAYLOCK_INSTALLER_SESSION_H
#define RELAYLOCK_INSTALLER_SESSION_H

#include <windows.h>
#include <msi.h>
#include <msiquery.h>

/* The OS calls; tests put others here. */
struct session_calls {
    UINT(WINAPI *MsiGetPropertyW)(MSIHANDLE, LPCWSTR, LPWSTR, LPDWORD);
    UINT(WINAPI *MsiSetPropertyW)(MSIHANDLE, LPCWSTR, LPCWSTR);
    MSIHANDLE(WINAPI *MsiCreateRecord)(UINT);
    UINT(WINAPI *MsiRecordSetStringW)(MSIHANDLE, UINT, LPCWSTR);
    int(WINAPI *MsiProcessMessage)(MSIHANDLE, INSTALLMESSAGE, MSIHANDLE);
    UINT(WINAPI *MsiCloseHandle)(MSIHANDLE);
};
extern struct session_calls session_calls;

/* The value of a property ("" when it is not set), which the caller frees. Null, and the error of
 * MsiGetProperty in *error. */
wchar_t *session_property(MSIHANDLE session, const wchar_t *name, UINT *error);

/* Leaves a note for the deferred action of that name: it finds it as the property
 * CustomActionData. ERROR_SUCCESS or the error of MsiSetProperty. */
UINT session_note(MSIHANDLE session, const wchar_t *action, const wchar_t *note);

/* Tells the administrator why the installation fails: on the screen unless he wanted silence, in
 * the installer's log and in the Application log. Returns ERROR_INSTALL_FAILURE. text must not be a
 * number. */
UINT session_fail(MSIHANDLE session, const wchar_t *text);

/* Writes a line into the installer's log. */
void session_log(MSIHANDLE session, const wchar_t *text);

#endif
