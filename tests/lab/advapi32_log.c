/* advapi32_log.c: the classic event log API, for readers.
 *
 * Source: learn.microsoft.com nf-winbase-openeventlogw, -readeventlogw, -cleareventlogw,
 * -notifychangeeventlog, -getoldesteventlogrecord, -getnumberofeventlogrecords,
 * -geteventloginformation.
 */
#include <windows.h>
#include <string.h>

#include "advapi32.h"
#include "lab_faults.h"
#include "lab_handles.h"
#include "lab_log.h"
#include "lab_wake.h"

enum { NOTIFY_PAUSE = 5000 /* ms between two signals, as documented */ };

struct reader {
    unsigned slot;
    LONG session;
    uint64_t epoch;
    uint64_t position; /* number of the record read last; 0: none yet */
    bool forwards;
    HANDLE changed; /* to be pulsed: our own handle to the event */
    struct lab_waiter *waiter;
};

BOOL advapi32_result(DWORD error)
{
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* Whose log a server name means. */
bool advapi32_is_this_computer(const wchar_t *server)
{
    if (server == NULL || *server == 0)
        return true;
    while (*server == L'\\')
        server++;
    return *server == L'.' ||
           (lab_open() == ERROR_SUCCESS && _wcsicmp(server, lab_store->computer) == 0);
}

HANDLE WINAPI OpenEventLogW(LPCWSTR server, LPCWSTR name)
{
    DWORD error = (DWORD)lab_fault(LAB_FAULT_OPEN_ERROR);
    if (name == NULL)
        error = ERROR_INVALID_PARAMETER;
    else if (!advapi32_is_this_computer(server))
        error = RPC_S_SERVER_UNAVAILABLE;
    if (error != ERROR_SUCCESS || (error = lab_open()) != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    /* "If a custom log cannot be found, the event logging service opens the Application log." */
    unsigned slot = lab_log_slot(name);
    if (slot == LAB_LOGS)
        slot = lab_log_slot(L"Application");
    error = lab_lock_log();
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    struct reader *reader = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *reader);
    HANDLE handle = NULL;
    if (reader != NULL) {
        *reader = (struct reader){.slot = slot,
                                  .session = lab_store->service_session,
                                  .epoch = lab_log_state(slot)->epoch};
        handle = lab_handle_new(ADVAPI32_READER, reader);
    }
    lab_unlock();
    if (handle == NULL) {
        HeapFree(GetProcessHeap(), 0, reader);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    }
    return handle;
}

HANDLE WINAPI OpenEventLogA(LPCSTR server, LPCSTR name)
{
    wchar_t wide_server[260], wide_name[260];
    if (!advapi32_widen(server, wide_server) || !advapi32_widen(name, wide_name))
        return NULL;
    return OpenEventLogW(server == NULL ? NULL : wide_server, name == NULL ? NULL : wide_name);
}

BOOL WINAPI CloseEventLog(HANDLE handle)
{
    struct reader *reader = lab_handle_object(handle, ADVAPI32_READER);
    if (reader == NULL)
        return advapi32_result(ERROR_INVALID_HANDLE);
    lab_handle_close(handle);
    lab_waiter_stop(reader->waiter);
    if (reader->changed != NULL)
        CloseHandle(reader->changed);
    HeapFree(GetProcessHeap(), 0, reader);
    return TRUE;
}

/* Enters the store for a handle; *reader is then whose it is. */
static DWORD enter(HANDLE handle, struct reader **reader)
{
    *reader = lab_handle_object(handle, ADVAPI32_READER);
    return *reader == NULL ? ERROR_INVALID_HANDLE : lab_lock_log_session((*reader)->session);
}

/* The first record of a read. */
static DWORD first_record(struct reader *reader, DWORD flags, DWORD number,
                          const struct lab_record **record)
{
    const struct lab_log_state *state = lab_log_state(reader->slot);
    bool forwards = (flags & EVENTLOG_FORWARDS_READ) != 0;
    uint64_t wanted = forwards ? state->oldest : state->next - 1;
    if (reader->epoch != state->epoch)
        return ERROR_EVENTLOG_FILE_CHANGED;
    if ((flags & EVENTLOG_SEEK_READ) != 0) {
        /* Record numbers of 32 bits: the one of this number that the log can have. */
        wanted = state->oldest + (DWORD)(number - (DWORD)state->oldest);
        if (wanted >= state->next)
            return ERROR_INVALID_PARAMETER;
    } else if (reader->position != 0) {
        wanted = forwards ? reader->position + 1 : reader->position - 1;
        if (forwards && wanted < state->oldest) {
            if (!lab_fault(LAB_FAULT_WRAP_SKIPS))
                return ERROR_EVENTLOG_FILE_CHANGED;
            wanted = state->oldest;
        }
    }
    *record = lab_log_find(reader->slot, wanted);
    return *record == NULL ? ERROR_HANDLE_EOF : ERROR_SUCCESS;
}

static DWORD read_records(struct reader *reader, DWORD flags, DWORD number, uint8_t *buffer,
                          DWORD size, DWORD *used, DWORD *needed)
{
    const struct lab_record *record;
    DWORD error = first_record(reader, flags, number, &record);
    if (error != ERROR_SUCCESS)
        return error;
    if (lab_record_classic(record)->Length > size) {
        *needed = lab_record_classic(record)->Length;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    while (record != NULL && lab_record_classic(record)->Length <= size - *used) {
        const EVENTLOGRECORD *classic = lab_record_classic(record);
        memcpy(buffer + *used, classic, classic->Length);
        *used += classic->Length;
        reader->position = record->number;
        record = (flags & EVENTLOG_FORWARDS_READ) != 0 ? lab_log_next(reader->slot, record)
                                                       : lab_log_previous(reader->slot, record);
    }
    return ERROR_SUCCESS;
}

static bool good_flags(DWORD flags)
{
    DWORD way = flags & (EVENTLOG_SEQUENTIAL_READ | EVENTLOG_SEEK_READ);
    DWORD direction = flags & (EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ);
    return (way == EVENTLOG_SEQUENTIAL_READ || way == EVENTLOG_SEEK_READ) &&
           (direction == EVENTLOG_FORWARDS_READ || direction == EVENTLOG_BACKWARDS_READ);
}

BOOL WINAPI ReadEventLogW(HANDLE handle, DWORD flags, DWORD number, LPVOID buffer, DWORD size,
                          DWORD *used, DWORD *needed)
{
    struct reader *reader;
    DWORD error = (DWORD)lab_fault(LAB_FAULT_READ_ERROR);
    if (used == NULL || needed == NULL || buffer == NULL || !good_flags(flags) || size > 0x7ffff)
        return advapi32_result(ERROR_INVALID_PARAMETER);
    *used = *needed = 0;
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = enter(handle, &reader);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = read_records(reader, flags, number, buffer, size, used, needed);
    lab_unlock();
    return advapi32_result(error);
}

static BOOL edge(HANDLE handle, DWORD *value, bool oldest)
{
    struct reader *reader;
    if (value == NULL)
        return advapi32_result(ERROR_INVALID_PARAMETER);
    DWORD error = enter(handle, &reader);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    const struct lab_log_state *state = lab_log_state(reader->slot);
    DWORD count = (DWORD)(state->next - state->oldest);
    *value = !oldest ? count : count == 0 ? 0 : (DWORD)state->oldest;
    lab_unlock();
    return TRUE;
}

BOOL WINAPI GetOldestEventLogRecord(HANDLE handle, PDWORD number)
{
    return edge(handle, number, true);
}

BOOL WINAPI GetNumberOfEventLogRecords(HANDLE handle, PDWORD number)
{
    return edge(handle, number, false);
}

BOOL WINAPI GetEventLogInformation(HANDLE handle, DWORD level, LPVOID buffer, DWORD size,
                                   LPDWORD needed)
{
    struct reader *reader;
    if (level != EVENTLOG_FULL_INFO)
        return advapi32_result(ERROR_INVALID_LEVEL);
    if (needed == NULL || (buffer == NULL && size > 0))
        return advapi32_result(ERROR_INVALID_PARAMETER);
    *needed = sizeof(EVENTLOG_FULL_INFORMATION);
    if (size < *needed)
        return advapi32_result(ERROR_INSUFFICIENT_BUFFER);
    DWORD error = enter(handle, &reader);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    EVENTLOG_FULL_INFORMATION full = {lab_store->logs[reader->slot].refused};
    memcpy(buffer, &full, sizeof full);
    lab_unlock();
    return TRUE;
}

BOOL WINAPI ClearEventLogW(HANDLE handle, LPCWSTR backup)
{
    struct reader *reader;
    /* Saving the log first is nothing that the lab can do. */
    if (backup != NULL && *backup != 0)
        return advapi32_result(ERROR_CALL_NOT_IMPLEMENTED);
    DWORD error = enter(handle, &reader);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    lab_log_clear(reader->slot);
    lab_unlock();
    return TRUE;
}

BOOL WINAPI ClearEventLogA(HANDLE handle, LPCSTR backup)
{
    wchar_t wide[260];
    if (!advapi32_widen(backup, wide))
        return FALSE;
    return ClearEventLogW(handle, backup == NULL ? NULL : wide);
}

static void pulse(void *context)
{
    struct reader *reader = context;
    PulseEvent(reader->changed);
}

BOOL WINAPI NotifyChangeEventLog(HANDLE handle, HANDLE event)
{
    struct reader *reader;
    HANDLE own;
    struct lab_waiter *waiter;
    DWORD error = (DWORD)lab_fault(LAB_FAULT_NOTIFY_ERROR);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = enter(handle, &reader);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    unsigned slot = reader->slot;
    lab_unlock();
    if (!DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &own, EVENT_MODIFY_STATE,
                         FALSE, 0))
        return FALSE;
    /* The latest event is the one that is signalled. */
    lab_waiter_stop(reader->waiter);
    reader->waiter = NULL;
    if (reader->changed != NULL)
        CloseHandle(reader->changed);
    reader->changed = own;
    error = lab_waiter_start(slot, NOTIFY_PAUSE, pulse, reader, &waiter);
    if (error == ERROR_SUCCESS)
        reader->waiter = waiter;
    return advapi32_result(error);
}
