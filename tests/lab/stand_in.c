/* stand_in.c: a service that takes the place of SMTPSVC, or of one that depends on it.
 *
 *   stand_in.exe SERVICE
 *
 * started by the service control manager under that name. It does nothing but start and stop, the
 * way its Parameters say (stand_in.h), and writes down when it did.
 */
#include <windows.h>
#include <stdbool.h>
#include <wchar.h>
#include "stand_in.h"

enum { CHECKPOINT_EVERY = 500 /* ms */, WAIT_HINT = 3000 /* ms */ };

static struct {
    wchar_t name[64];
    HKEY parameters;
    HANDLE stop; /* signalled when the SCM asks for a stop */
    SERVICE_STATUS_HANDLE handle;
    SERVICE_STATUS status;
} service;

static DWORD told(const wchar_t *value)
{
    DWORD number = 0, size = sizeof number, type = REG_NONE;
    LSTATUS error =
        RegQueryValueExW(service.parameters, value, NULL, &type, (BYTE *)&number, &size);
    return error == ERROR_SUCCESS && type == REG_DWORD ? number : 0;
}

/* Appends to the history; the oldest entry makes room when it is full. */
static void write_down(enum stand_in_step step)
{
    struct stand_in_record records[STAND_IN_HISTORY_MAX];
    DWORD size = sizeof records, type = REG_NONE;
    LSTATUS error =
        RegQueryValueExW(service.parameters, STAND_IN_HISTORY, NULL, &type, (BYTE *)records, &size);
    DWORD count = 0;
    if (error == ERROR_SUCCESS && type == REG_BINARY)
        count = size / (DWORD)sizeof records[0];
    if (count == STAND_IN_HISTORY_MAX) {
        count--;
        MoveMemory(records, records + 1, count * sizeof records[0]);
    }
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    records[count] = (struct stand_in_record){
        .time = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime,
        .step = step,
    };
    RegSetValueExW(service.parameters, STAND_IN_HISTORY, 0, REG_BINARY, (BYTE *)records,
                   (count + 1) * (DWORD)sizeof records[0]);
}

static void announce(DWORD state)
{
    bool pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
    service.status.dwCurrentState = state;
    service.status.dwControlsAccepted =
        state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
    service.status.dwCheckPoint = pending ? service.status.dwCheckPoint + 1 : 0;
    service.status.dwWaitHint = pending ? WAIT_HINT : 0;
    SetServiceStatus(service.handle, &service.status);
}

static DWORD WINAPI control(DWORD code, DWORD type, void *data, void *context)
{
    (void)type, (void)data, (void)context;
    switch (code) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        announce(SERVICE_STOP_PENDING);
        SetEvent(service.stop);
        return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void stop_slowly(void)
{
    for (DWORD left = told(STAND_IN_STOP_SECONDS) * 1000; left > 0; left -= CHECKPOINT_EVERY) {
        Sleep(CHECKPOINT_EVERY);
        announce(SERVICE_STOP_PENDING);
    }
}

/* Without a checkpoint, as a service that hangs does. */
static void hang_in_stop(void)
{
    HANDLE changed = CreateEventW(NULL, FALSE, FALSE, NULL);
    while (changed) {
        /* Asked for before the value is read, so that no change falls between the two. */
        LSTATUS error = RegNotifyChangeKeyValue(service.parameters, FALSE,
                                                REG_NOTIFY_CHANGE_LAST_SET, changed, TRUE);
        if (error != ERROR_SUCCESS || !told(STAND_IN_HANG_IN_STOP))
            break;
        WaitForSingleObject(changed, INFINITE);
    }
    if (changed)
        CloseHandle(changed);
}

static void WINAPI service_main(DWORD count, wchar_t **arguments)
{
    (void)count, (void)arguments;
    service.handle = RegisterServiceCtrlHandlerExW(service.name, control, NULL);
    if (!service.handle)
        return;
    service.status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    announce(SERVICE_START_PENDING);

    DWORD failures = told(STAND_IN_FAIL_STARTS);
    if (failures > 0) {
        failures--;
        RegSetValueExW(service.parameters, STAND_IN_FAIL_STARTS, 0, REG_DWORD, (BYTE *)&failures,
                       sizeof failures);
        write_down(STAND_IN_START_FAILED);
        service.status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
        service.status.dwServiceSpecificExitCode = STAND_IN_EXIT_CODE;
        announce(SERVICE_STOPPED);
        return;
    }
    write_down(STAND_IN_STARTED);
    announce(SERVICE_RUNNING);

    WaitForSingleObject(service.stop, INFINITE);
    write_down(STAND_IN_STOP_ASKED);
    stop_slowly();
    hang_in_stop();
    write_down(STAND_IN_STOPPED);
    announce(SERVICE_STOPPED);
}

int wmain(int count, wchar_t **arguments)
{
    if (count != 2 || wcslen(arguments[1]) >= ARRAYSIZE(service.name)) {
        fputws(L"usage: stand_in SERVICE (started by the service control manager)\n", stderr);
        return ERROR_INVALID_PARAMETER;
    }
    wcscpy(service.name, arguments[1]);

    wchar_t key[160] = L"SYSTEM\\CurrentControlSet\\Services\\";
    wcscat(key, service.name);
    wcscat(key, L"\\Parameters");
    LSTATUS error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, key, 0, NULL, 0,
                                    KEY_QUERY_VALUE | KEY_SET_VALUE | KEY_NOTIFY, NULL,
                                    &service.parameters, NULL);
    if (error != ERROR_SUCCESS)
        return error;
    int result = ERROR_SUCCESS;
    service.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!service.stop) {
        result = (int)GetLastError();
        goto cleanup_parameters;
    }
    SERVICE_TABLE_ENTRYW table[] = {{service.name, service_main}, {NULL, NULL}};
    if (!StartServiceCtrlDispatcherW(table))
        result = (int)GetLastError();

    CloseHandle(service.stop);
cleanup_parameters:
    RegCloseKey(service.parameters);
    return result;
}
