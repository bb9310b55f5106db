#include "snapshot.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "../service/app/uninstallation.h"
#include "../service/core/checked.h"
#include "../service/windows/installation_parts.h"
#include "../service/windows/parameters.h"

/* A note is lines:
 *   "service" and the service's command line, or "none"
 *   "state" if there is a state directory, or "none"
 *   for each of these values its type and its bytes in hexadecimal, or "none"  */
static const struct {
    const wchar_t *key, *name;
} values[] = {
    {INSTALLATION_SOURCE_KEY, L"EventMessageFile"},
    {INSTALLATION_SOURCE_KEY, L"CategoryMessageFile"},
    {INSTALLATION_SOURCE_KEY, L"CategoryCount"},
    {INSTALLATION_SOURCE_KEY, L"TypesSupported"},
    {PARAMETERS_KEY, L"Action"},
    {PARAMETERS_KEY, L"Limits"},
    {PARAMETERS_KEY, L"Exempt"},
    {PARAMETERS_KEY, L"Observe"},
};

enum {
    CONFIG_MAX = 8192,       /* bytes: the most that QueryServiceConfig gives */
    VALUE_MAX = 1024 * 1024, /* bytes of a value; a larger one ends the installation */
    COMMAND_MAX = CONFIG_MAX / sizeof(wchar_t)
};

static const wchar_t none[] = L"none", a_service[] = L"service ", a_state[] = L"state";

/* ---- taken ---------------------------------------------------------------------------------- */

struct note {
    wchar_t *text;
    size_t length, capacity;
    bool failed; /* no memory */
};

static void write(struct note *note, const wchar_t *text)
{
    size_t length = wcslen(text);
    if (length >= note->capacity - note->length && !note->failed) {
        size_t capacity = note->length + 1;
        bool counted = checked_add(&capacity, length) && checked_multiply(&capacity, 2);
        size_t size = capacity;
        wchar_t *longer =
            counted && checked_multiply(&size, sizeof *longer) ? realloc(note->text, size) : NULL;
        note->failed = longer == NULL;
        if (longer) {
            note->text = longer;
            note->capacity = capacity;
        }
    }
    if (note->failed)
        return;
    wmemcpy(note->text + note->length, text, length + 1);
    note->length += length;
}

static void write_bytes(struct note *note, DWORD type, const BYTE *bytes, DWORD size)
{
    wchar_t digits[16];
    swprintf(digits, ARRAYSIZE(digits), L"%lu ", type);
    write(note, digits);
    for (DWORD i = 0; i < size; i++) {
        swprintf(digits, ARRAYSIZE(digits), L"%02x", bytes[i]);
        write(note, digits);
    }
}

static DWORD take_service(struct note *note, struct installation_failure *failure)
{
    union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[CONFIG_MAX];
    } found;
    const struct installation_calls *calls = &installation_calls;
    const wchar_t *name = INSTALLATION_SERVICE;
    DWORD error = ERROR_SUCCESS, needed;

    SC_HANDLE manager = calls->OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return installation_fail(failure, "OpenSCManager", name, GetLastError());
    SC_HANDLE service = calls->OpenServiceW(manager, name, SERVICE_QUERY_CONFIG);
    if (!service) {
        error = GetLastError();
        if (error != ERROR_SERVICE_DOES_NOT_EXIST) {
            installation_fail(failure, "OpenService", name, error);
            goto cleanup_manager;
        }
        error = ERROR_SUCCESS;
        write(note, none);
        goto cleanup_manager;
    }
    if (calls->QueryServiceConfigW(service, &found.config, sizeof found, &needed)) {
        write(note, a_service);
        write(note, found.config.lpBinaryPathName);
    } else {
        error = installation_fail(failure, "QueryServiceConfig", name, GetLastError());
    }
    calls->CloseServiceHandle(service);
cleanup_manager:
    calls->CloseServiceHandle(manager);
    return error;
}

static DWORD take_directory(struct note *note, struct installation_failure *failure)
{
    wchar_t directory[STATE_DIRECTORY_MAX];
    const char *call;
    DWORD error = state_directory_find(directory, &call);
    if (error)
        return installation_fail(failure, call, L"the folder of the journal", error);
    error = state_directory_check_folder(directory, &call);
    write(note, error == ERROR_PATH_NOT_FOUND ? none : a_state);
    return ERROR_SUCCESS;
}

static DWORD take_value(struct note *note, size_t index, struct installation_failure *failure)
{
    const wchar_t *path = values[index].key, *name = values[index].name;
    DWORD type, size = 0;
    HKEY key;

    LSTATUS status =
        installation_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE, &key);
    if (status == ERROR_FILE_NOT_FOUND) {
        write(note, none);
        return ERROR_SUCCESS;
    }
    if (status != ERROR_SUCCESS)
        return installation_fail(failure, "RegOpenKeyEx", path, (DWORD)status);
    BYTE *bytes = NULL;
    status = installation_calls.RegQueryValueExW(key, name, NULL, &type, NULL, &size);
    if (status == ERROR_SUCCESS) {
        bytes = size <= VALUE_MAX ? malloc(size + 1) : NULL;
        status = !bytes ? ERROR_NOT_ENOUGH_MEMORY
                        : installation_calls.RegQueryValueExW(key, name, NULL, &type, bytes, &size);
    }
    installation_calls.RegCloseKey(key);
    if (status == ERROR_SUCCESS)
        write_bytes(note, type, bytes, size);
    free(bytes);
    if (status == ERROR_FILE_NOT_FOUND) {
        write(note, none);
        return ERROR_SUCCESS;
    }
    return status == ERROR_SUCCESS
               ? ERROR_SUCCESS
               : installation_fail(failure, "RegQueryValueEx", path, (DWORD)status);
}

wchar_t *snapshot_take(DWORD *error, struct installation_failure *failure)
{
    struct note note = {.text = NULL};

    *error = take_service(&note, failure);
    write(&note, L"\n");
    if (!*error)
        *error = take_directory(&note, failure);
    for (size_t i = 0; i < ARRAYSIZE(values) && !*error; i++) {
        write(&note, L"\n");
        *error = take_value(&note, i, failure);
    }
    if (note.failed && !*error)
        *error =
            installation_fail(failure, "malloc", INSTALLATION_SERVICE, ERROR_NOT_ENOUGH_MEMORY);
    if (!*error)
        return note.text;
    free(note.text);
    return NULL;
}

bool snapshot_has_service(const wchar_t *note)
{
    return wcsncmp(note, a_service, wcslen(a_service)) == 0;
}

/* ---- put back ------------------------------------------------------------------------------- */

/* Reads what write_bytes wrote. The caller frees *bytes, which is null for "none". False: it is
 * neither. */
static bool read_bytes(const wchar_t *line, size_t length, DWORD *type, BYTE **bytes, DWORD *size)
{
    wchar_t *digits;
    *bytes = NULL;
    if (length == wcslen(none) && wcsncmp(line, none, length) == 0)
        return true;
    *type = wcstoul(line, &digits, 10);
    size_t left = length - (size_t)(digits - line);
    if (digits == line || *digits++ != L' ' || left-- == 0 || left % 2 != 0 || left / 2 > VALUE_MAX)
        return false;
    *size = (DWORD)(left / 2);
    *bytes = calloc(1, *size + 1);
    for (DWORD i = 0; *bytes && i < *size; i++, digits += 2) {
        const wchar_t pair[] = {digits[0], digits[1], L'\0'};
        (*bytes)[i] = (BYTE)wcstoul(pair, NULL, 16);
    }
    return *bytes != NULL;
}

static DWORD put_value(size_t index, const wchar_t *line, size_t length,
                       struct installation_failure *failure)
{
    const wchar_t *path = values[index].key, *name = values[index].name;
    DWORD type, size;
    BYTE *bytes;
    HKEY key;

    if (!read_bytes(line, length, &type, &bytes, &size))
        return installation_fail(failure, "reading the note", path, ERROR_INVALID_DATA);
    const char *call = "RegOpenKeyEx";
    LSTATUS status =
        installation_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_SET_VALUE, &key);
    if (status == ERROR_SUCCESS) {
        call = bytes ? "RegSetValueEx" : "RegDeleteValue";
        status = bytes ? installation_calls.RegSetValueExW(key, name, 0, type, bytes, size)
                       : installation_calls.RegDeleteValueW(key, name);
        installation_calls.RegCloseKey(key);
    }
    if (status == ERROR_FILE_NOT_FOUND && !bytes)
        status = ERROR_SUCCESS;
    free(bytes);
    return status == ERROR_SUCCESS ? ERROR_SUCCESS
                                   : installation_fail(failure, call, path, (DWORD)status);
}

static DWORD put_command(const wchar_t *line, size_t length, struct installation_failure *failure)
{
    wchar_t command[COMMAND_MAX];
    const struct installation_calls *calls = &installation_calls;
    const wchar_t *name = INSTALLATION_SERVICE;
    DWORD error = ERROR_SUCCESS;

    if (length >= ARRAYSIZE(command))
        return installation_fail(failure, "reading the note", name, ERROR_INVALID_DATA);
    wmemcpy(command, line, length);
    command[length] = L'\0';
    SC_HANDLE manager = calls->OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return installation_fail(failure, "OpenSCManager", name, GetLastError());
    SC_HANDLE service = calls->OpenServiceW(manager, name, SERVICE_CHANGE_CONFIG);
    if (!service)
        error = installation_fail(failure, "OpenService", name, GetLastError());
    else if (!calls->ChangeServiceConfigW(service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                                          SERVICE_NO_CHANGE, command, NULL, NULL, NULL, NULL, NULL,
                                          NULL))
        error = installation_fail(failure, "ChangeServiceConfig", name, GetLastError());
    if (service)
        calls->CloseServiceHandle(service);
    calls->CloseServiceHandle(manager);
    return error;
}

/* The line behind this one, and its length; null: there is none. */
static const wchar_t *next_line(const wchar_t *line, size_t *length)
{
    line = wcschr(line, L'\n');
    if (line)
        *length = wcscspn(++line, L"\n");
    return line;
}

static DWORD restore_service(const wchar_t *note, struct installation_failure *failure)
{
    size_t skip = wcslen(a_service), length;
    DWORD error = put_command(note + skip, wcscspn(note, L"\n") - skip, failure);
    const wchar_t *line = next_line(note, &length); /* of the directory, which stays */
    for (size_t i = 0; i < ARRAYSIZE(values); i++) {
        struct installation_failure another;
        struct installation_failure *first = error ? &another : failure;
        line = line ? next_line(line, &length) : NULL;
        DWORD value_error =
            line ? put_value(i, line, length, first)
                 : installation_fail(first, "reading the note", values[i].key, ERROR_INVALID_DATA);
        error = error ? error : value_error;
    }
    return error;
}

static DWORD restore_none(const wchar_t *note, struct installation_failure *failure)
{
    struct uninstallation uninstallation = {.stays_locked = NULL};
    size_t length;
    const wchar_t *directory = next_line(note, &length);
    if (!directory)
        return installation_fail(failure, "reading the note", INSTALLATION_SERVICE,
                                 ERROR_INVALID_DATA);
    uninstallation.keep_state = wcsncmp(directory, none, length) != 0;
    return uninstallation_run(&uninstallation, failure);
}

DWORD snapshot_restore(const wchar_t *note, struct installation_failure *failure)
{
    return snapshot_has_service(note) ? restore_service(note, failure)
                                      : restore_none(note, failure);
}
