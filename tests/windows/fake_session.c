/* fake_session.c: see fake_session.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_session.h"
#include "../../installer/session.h"
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

enum { PROPERTIES_MAX = 32, VALUE_MAX = 65536, RECORDS_MAX = 8, FIELDS_MAX = 4, TEXT_MAX = 4096 };

static struct {
    wchar_t name[64], value[VALUE_MAX];
} properties[PROPERTIES_MAX];
static size_t property_count;

static struct {
    bool open;
    UINT fields;
    wchar_t field[FIELDS_MAX][TEXT_MAX];
} records[RECORDS_MAX];

static wchar_t error_text[TEXT_MAX], logged_text[TEXT_MAX];
static unsigned errors, calls, fail_at;
static const char *failed;

static bool must_fail(const char *call)
{
    if (++calls != fail_at)
        return false;
    failed = call;
    return true;
}

static size_t find(const wchar_t *name)
{
    for (size_t i = 0; i < property_count; i++)
        if (wcscmp(properties[i].name, name) == 0) /* names of properties have a case */
            return i;
    return SIZE_MAX;
}

static UINT WINAPI get_property(MSIHANDLE session, LPCWSTR name, LPWSTR buffer, LPDWORD length)
{
    assert_int_equal(session, FAKE_SESSION);
    if (must_fail("MsiGetProperty"))
        return ERROR_INVALID_HANDLE;
    const wchar_t *value = fake_session_get(name);
    DWORD capacity = *length;
    *length = (DWORD)wcslen(value);
    if (capacity > 0) {
        wcsncpy(buffer, value, capacity);
        buffer[capacity - 1] = L'\0';
    }
    return *length < capacity ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

static UINT WINAPI set_property(MSIHANDLE session, LPCWSTR name, LPCWSTR value)
{
    assert_int_equal(session, FAKE_SESSION);
    if (must_fail("MsiSetProperty"))
        return ERROR_FUNCTION_FAILED;
    fake_session_set(name, value);
    return ERROR_SUCCESS;
}

static MSIHANDLE WINAPI create_record(UINT fields)
{
    assert_true(fields < FIELDS_MAX);
    if (must_fail("MsiCreateRecord"))
        return 0;
    for (size_t i = 0; i < RECORDS_MAX; i++) {
        if (records[i].open)
            continue;
        memset(&records[i], 0, sizeof records[i]);
        records[i].open = true;
        records[i].fields = fields;
        return (MSIHANDLE)i + 1;
    }
    fail_msg("too many records");
    return 0;
}

static size_t of_record(MSIHANDLE record)
{
    assert_true(record > 0 && record <= RECORDS_MAX && records[record - 1].open);
    return record - 1;
}

static UINT WINAPI record_set_string(MSIHANDLE record, UINT field, LPCWSTR text)
{
    size_t i = of_record(record);
    if (must_fail("MsiRecordSetString"))
        return ERROR_INVALID_PARAMETER;
    if (field > records[i].fields)
        return ERROR_INVALID_PARAMETER;
    assert_true(wcslen(text) < TEXT_MAX);
    wcscpy(records[i].field[field], text);
    return ERROR_SUCCESS;
}

static int WINAPI process_message(MSIHANDLE session, INSTALLMESSAGE kind, MSIHANDLE record)
{
    size_t i = of_record(record);
    assert_int_equal(session, FAKE_SESSION);
    if (must_fail("MsiProcessMessage"))
        return -1;
    wchar_t *end;
    assert_int_equal(wcscmp(records[i].field[0], L"[1]"), 0);
    wcstol(records[i].field[1], &end, 10); /* a number would be looked up in the Error table */
    assert_true(*end != L'\0' || end == records[i].field[1]);
    if (kind == INSTALLMESSAGE_ERROR) {
        wcscpy(error_text, records[i].field[1]);
        errors++;
    } else {
        assert_int_equal(kind, INSTALLMESSAGE_INFO);
        wcscpy(logged_text, records[i].field[1]);
    }
    return 0;
}

static UINT WINAPI close_handle(MSIHANDLE handle)
{
    records[of_record(handle)].open = false;
    return ERROR_SUCCESS;
}

void fake_session_reset(void)
{
    property_count = 0;
    memset(records, 0, sizeof records);
    error_text[0] = logged_text[0] = L'\0';
    errors = calls = fail_at = 0;
    failed = NULL;
    session_calls = (struct session_calls){
        .MsiGetPropertyW = get_property,
        .MsiSetPropertyW = set_property,
        .MsiCreateRecord = create_record,
        .MsiRecordSetStringW = record_set_string,
        .MsiProcessMessage = process_message,
        .MsiCloseHandle = close_handle,
    };
}

void fake_session_set(const wchar_t *name, const wchar_t *value)
{
    size_t i = find(name);
    if (i == SIZE_MAX) {
        i = property_count++;
        assert_true(i < PROPERTIES_MAX);
        wcscpy(properties[i].name, name);
    }
    assert_true(wcslen(value) < VALUE_MAX);
    wcscpy(properties[i].value, value);
}

const wchar_t *fake_session_get(const wchar_t *name)
{
    size_t i = find(name);
    return i == SIZE_MAX ? L"" : properties[i].value;
}

const wchar_t *fake_session_error(void)
{
    return error_text;
}

const wchar_t *fake_session_logged(void)
{
    return logged_text;
}

unsigned fake_session_errors(void)
{
    return errors;
}

void fake_session_fail(unsigned n)
{
    fail_at = calls + n;
    failed = NULL;
}

const char *fake_session_failed(void)
{
    return failed;
}

unsigned fake_session_open_records(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < RECORDS_MAX; i++)
        count += records[i].open;
    return count;
}
