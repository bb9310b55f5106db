/* advapi32_services.c: what Wine's service control manager does not know of dependents.
 *
 * Wine 8 lists no dependents (EnumDependentServices succeeds with none) and stops a service whose
 * dependents run. Windows lists all that need the service, directly or not, in the reverse of the
 * order in which they are started, and refuses that stop with ERROR_DEPENDENT_SERVICES_RUNNING.
 * Source: learn.microsoft.com nf-winsvc-enumdependentservicesw, nf-winsvc-controlservice.
 *
 * A service handle does not tell its service's name: so the names are noted when handles are
 * opened.
 */
#include <windows.h>
#include <stdbool.h>
#include <stdlib.h>
#include <wchar.h>
#include "advapi32.h"

#define SERVICES_KEY L"SYSTEM\\CurrentControlSet\\Services"

enum {
    NAME_SIZE = ADVAPI32_SERVICE_NAME,
    HANDLES_MAX = 256,
    DEPENDENTS_MAX = 64,
    LIST_BYTES = 4096
};

struct noted {
    SC_HANDLE handle; /* null: free */
    DWORD access;
    wchar_t name[NAME_SIZE];
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct noted noted[HANDLES_MAX];

struct dependents {
    wchar_t names[DEPENDENTS_MAX][NAME_SIZE];
    SERVICE_STATUS status[DEPENDENTS_MAX];
    DWORD count;
};

/* The functions of Wine's own whose names this DLL has itself. */
union wine_function {
    FARPROC found;
    SC_HANDLE(WINAPI *open)(SC_HANDLE, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *create)
    (SC_HANDLE, LPCWSTR, LPCWSTR, DWORD, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR, LPDWORD, LPCWSTR,
     LPCWSTR, LPCWSTR);
    BOOL(WINAPI *close)(SC_HANDLE);
    BOOL(WINAPI *control)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
};

static union wine_function wine(const char *name)
{
    union wine_function function = {
        .found = GetProcAddress(GetModuleHandleW(L"advapi32_wine.dll"), name)};
    return function;
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- handles and their names ---------------------------------------------------------------- */

static void note(SC_HANDLE handle, const wchar_t *name, DWORD access)
{
    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; i < HANDLES_MAX && handle; i++) {
        if (noted[i].handle)
            continue;
        noted[i] = (struct noted){.handle = handle, .access = access};
        wcsncpy(noted[i].name, name, NAME_SIZE - 1);
        break;
    }
    ReleaseSRWLockExclusive(&lock);
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    SC_HANDLE handle = wine("OpenServiceW").open(manager, name, access);
    note(handle, name, access);
    return handle;
}

SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR display, DWORD access,
                                DWORD type, DWORD start, DWORD control, LPCWSTR path, LPCWSTR group,
                                LPDWORD tag, LPCWSTR depends_on, LPCWSTR account, LPCWSTR password)
{
    SC_HANDLE handle = wine("CreateServiceW")
                           .create(manager, name, display, access, type, start, control, path,
                                   group, tag, depends_on, account, password);
    note(handle, name, access);
    return handle;
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; i < HANDLES_MAX; i++)
        if (noted[i].handle == handle)
            noted[i].handle = NULL;
    ReleaseSRWLockExclusive(&lock);
    return wine("CloseServiceHandle").close(handle);
}

static bool find_handle(SC_HANDLE handle, struct noted *found)
{
    bool known = false;
    AcquireSRWLockShared(&lock);
    for (size_t i = 0; i < HANDLES_MAX && handle && !known; i++) {
        known = noted[i].handle == handle;
        if (known)
            *found = noted[i];
    }
    ReleaseSRWLockShared(&lock);
    return known;
}

bool advapi32_service_of(SC_HANDLE handle, DWORD rights, wchar_t name[ADVAPI32_SERVICE_NAME])
{
    struct noted found;
    if (!find_handle(handle, &found) || !(found.access & (rights | GENERIC_ALL)))
        return false;
    wcscpy(name, found.name);
    return true;
}

/* ---- dependents ----------------------------------------------------------------------------- */

/* Whether the service is configured to need the other one. */
static bool depends(HKEY services, const wchar_t *service, const wchar_t *on)
{
    wchar_t list[LIST_BYTES / sizeof(wchar_t) + 2] = {0};
    DWORD size = LIST_BYTES, type = REG_NONE;
    HKEY key;
    if (RegOpenKeyExW(services, service, 0, KEY_QUERY_VALUE, &key) != ERROR_SUCCESS)
        return false;
    LSTATUS error = RegQueryValueExW(key, L"DependOnService", NULL, &type, (BYTE *)list, &size);
    RegCloseKey(key);
    if (error != ERROR_SUCCESS || type != REG_MULTI_SZ)
        return false;
    for (const wchar_t *name = list; *name; name += wcslen(name) + 1)
        if (_wcsicmp(name, on) == 0)
            return true;
    return false;
}

static bool query_state(const wchar_t *name, SERVICE_STATUS *status)
{
    bool known = false;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service =
        manager ? wine("OpenServiceW").open(manager, name, SERVICE_QUERY_STATUS) : NULL;
    if (service) {
        known = QueryServiceStatus(service, status);
        wine("CloseServiceHandle").close(service);
    }
    if (manager)
        wine("CloseServiceHandle").close(manager);
    return known;
}

static bool is_listed(const struct dependents *list, const wchar_t *name)
{
    for (DWORD i = 0; i < list->count; i++)
        if (_wcsicmp(list->names[i], name) == 0)
            return true;
    return false;
}

/* Those that need it; before each of them those that need that one. Services that need each other
 * in a circle cannot be started, and depth ends the walk through them. */
static void collect(HKEY services, const wchar_t *on, unsigned depth, struct dependents *list)
{
    wchar_t name[NAME_SIZE];
    for (DWORD i = 0;; i++) {
        DWORD count = NAME_SIZE;
        LSTATUS error = RegEnumKeyExW(services, i, name, &count, NULL, NULL, NULL, NULL);
        if (error == ERROR_MORE_DATA) /* longer than a service's name can be */
            continue;
        if (error != ERROR_SUCCESS)
            return;
        if (!depends(services, name, on) || is_listed(list, name) || depth == 0)
            continue;
        collect(services, name, depth - 1, list);
        if (list->count == DEPENDENTS_MAX || !query_state(name, &list->status[list->count]))
            continue;
        wcscpy(list->names[list->count++], name);
    }
}

static bool has_state(const SERVICE_STATUS *status, DWORD wanted)
{
    return wanted & (status->dwCurrentState == SERVICE_STOPPED ? SERVICE_INACTIVE : SERVICE_ACTIVE);
}

/* The dependents in the states wanted (SERVICE_ACTIVE, ...). ERROR_SUCCESS or the error. */
static DWORD find_dependents(const wchar_t *name, DWORD states, struct dependents *list)
{
    HKEY services;
    LSTATUS error =
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, SERVICES_KEY, 0, KEY_ENUMERATE_SUB_KEYS, &services);
    if (error != ERROR_SUCCESS)
        return (DWORD)error;
    list->count = 0;
    collect(services, name, 8, list);
    RegCloseKey(services);
    DWORD kept = 0;
    for (DWORD i = 0; i < list->count; i++) {
        if (!has_state(&list->status[i], states))
            continue;
        if (kept != i) {
            wcscpy(list->names[kept], list->names[i]);
            list->status[kept] = list->status[i];
        }
        kept++;
    }
    list->count = kept;
    return ERROR_SUCCESS;
}

/* Entries first, then the names they point to; the display name of a lab's service is its name. */
static void write_entries(const struct dependents *list, ENUM_SERVICE_STATUSW *entries)
{
    wchar_t *text = (wchar_t *)(entries + list->count);
    for (DWORD i = 0; i < list->count; i++) {
        wcscpy(text, list->names[i]);
        entries[i] = (ENUM_SERVICE_STATUSW){text, text, list->status[i]};
        text += wcslen(text) + 1;
    }
}

BOOL WINAPI EnumDependentServicesW(SC_HANDLE service, DWORD states, LPENUM_SERVICE_STATUSW entries,
                                   DWORD size, LPDWORD needed, LPDWORD returned)
{
    struct noted known;
    if (!needed || !returned || states == 0 || states & ~(DWORD)SERVICE_STATE_ALL)
        return fail(ERROR_INVALID_PARAMETER);
    *needed = *returned = 0;
    if (!find_handle(service, &known))
        return fail(ERROR_INVALID_HANDLE);
    if (!(known.access & (SERVICE_ENUMERATE_DEPENDENTS | GENERIC_READ | GENERIC_ALL)))
        return fail(ERROR_ACCESS_DENIED);
    struct dependents *list = calloc(1, sizeof *list);
    if (!list)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    DWORD error = find_dependents(known.name, states, list);
    DWORD bytes = 0;
    for (DWORD i = 0; i < list->count && !error; i++)
        bytes += (DWORD)(sizeof *entries + (wcslen(list->names[i]) + 1) * sizeof(wchar_t));
    if (!error && bytes > size) {
        *needed = bytes;
        error = ERROR_MORE_DATA;
    }
    if (!error) {
        write_entries(list, entries);
        *returned = list->count;
    }
    free(list);
    return error ? fail(error) : TRUE;
}

BOOL WINAPI ControlService(SC_HANDLE service, DWORD control, LPSERVICE_STATUS status)
{
    struct noted known;
    if (control == SERVICE_CONTROL_STOP && find_handle(service, &known)) {
        struct dependents *list = calloc(1, sizeof *list);
        if (!list)
            return fail(ERROR_NOT_ENOUGH_MEMORY);
        DWORD error = find_dependents(known.name, SERVICE_ACTIVE, list);
        bool refused = !error && list->count > 0;
        free(list);
        if (refused)
            return fail(ERROR_DEPENDENT_SERVICES_RUNNING);
    }
    return wine("ControlService").control(service, control, status);
}
