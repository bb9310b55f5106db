#include "session.h"

#include <stdlib.h>

struct session_calls session_calls = {
    .MsiGetPropertyW = MsiGetPropertyW,
    .MsiSetPropertyW = MsiSetPropertyW,
    .MsiCreateRecord = MsiCreateRecord,
    .MsiRecordSetStringW = MsiRecordSetStringW,
    .MsiProcessMessage = MsiProcessMessage,
    .MsiCloseHandle = MsiCloseHandle,
};

wchar_t *session_property(MSIHANDLE session, const wchar_t *name, UINT *error)
{
    wchar_t nothing[1] = L"";
    DWORD length = 0; /* without the terminator once it is asked for, with it when asking */

    *error = session_calls.MsiGetPropertyW(session, name, nothing, &length);
    if (*error != ERROR_SUCCESS && *error != ERROR_MORE_DATA)
        return NULL;
    wchar_t *value = length < MAXDWORD ? calloc(++length, sizeof *value) : NULL;
    if (!value) {
        *error = ERROR_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    *error = session_calls.MsiGetPropertyW(session, name, value, &length);
    if (*error == ERROR_SUCCESS)
        return value;
    free(value);
    return NULL;
}

UINT session_note(MSIHANDLE session, const wchar_t *action, const wchar_t *note)
{
    return session_calls.MsiSetPropertyW(session, action, note);
}

/* A message is a record: field 0 is its format, in which brackets and braces would mean something,
 * so that the text itself is field 1. */
static void process(MSIHANDLE session, INSTALLMESSAGE kind, const wchar_t *text)
{
    MSIHANDLE record = session_calls.MsiCreateRecord(1);
    if (!record)
        return;
    if (session_calls.MsiRecordSetStringW(record, 0, L"[1]") == ERROR_SUCCESS &&
        session_calls.MsiRecordSetStringW(record, 1, text) == ERROR_SUCCESS)
        session_calls.MsiProcessMessage(session, kind, record);
    session_calls.MsiCloseHandle(record);
}

UINT session_fail(MSIHANDLE session, const wchar_t *text)
{
    process(session, INSTALLMESSAGE_ERROR, text);
    return ERROR_INSTALL_FAILURE;
}

void session_log(MSIHANDLE session, const wchar_t *text)
{
    process(session, INSTALLMESSAGE_INFO, text);
}
