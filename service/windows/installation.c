/* installation.c: see installation.h. */
#include "installation.h"
#include "boot.h"
#include "parameters.h"
#include <sddl.h>
#include <wchar.h>

struct installation_calls installation_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .CreateServiceW = CreateServiceW,
    .ChangeServiceConfigW = ChangeServiceConfigW,
    .ChangeServiceConfig2W = ChangeServiceConfig2W,
    .SetServiceObjectSecurity = SetServiceObjectSecurity,
    .QueryServiceStatus = QueryServiceStatus,
    .ControlService = ControlService,
    .DeleteService = DeleteService,
    .CloseServiceHandle = CloseServiceHandle,
    .RegCreateKeyExW = RegCreateKeyExW,
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegSetValueExW = RegSetValueExW,
    .RegEnumKeyExW = RegEnumKeyExW,
    .RegDeleteKeyW = RegDeleteKeyW,
    .RegCloseKey = RegCloseKey,
    .GetTickCount = GetTickCount,
    .Sleep = Sleep,
};

enum {
    PATH_MAX_UNITS = 1024,
    KEY_NAME_MAX = 256,
    KEY_DEPTH_MAX = 512, /* the registry's own limit on the levels of a tree */
    POLL = 100           /* ms */
};

static const wchar_t service_description[] =
    L"Watches for mail accounts that send spam through this server, locks them and restarts SMTP.";

static DWORD fail(struct installation_failure *failure, const char *call, const wchar_t *object,
                  DWORD error)
{
    failure->call = call;
    failure->object = object;
    return error;
}

/* ---- the registry --------------------------------------------------------------------------- */

/* Makes a key or opens the one there; *made tells which. */
static DWORD create_key(const wchar_t *path, HKEY *key, bool *made,
                        struct installation_failure *failure)
{
    DWORD disposition = REG_OPENED_EXISTING_KEY;

    LSTATUS status = installation_calls.RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL,
                                                        REG_OPTION_NON_VOLATILE, KEY_SET_VALUE,
                                                        NULL, key, &disposition);
    if (status != ERROR_SUCCESS)
        return fail(failure, "RegCreateKeyEx", path, (DWORD)status);
    *made = disposition == REG_CREATED_NEW_KEY;
    return ERROR_SUCCESS;
}

static DWORD set_text(HKEY key, const wchar_t *name, const wchar_t *text)
{
    return (DWORD)installation_calls.RegSetValueExW(key, name, 0, REG_EXPAND_SZ, (const BYTE *)text,
                                                    (DWORD)((wcslen(text) + 1) * sizeof(*text)));
}

static DWORD set_number(HKEY key, const wchar_t *name, DWORD number)
{
    return (DWORD)installation_calls.RegSetValueExW(key, name, 0, REG_DWORD, (const BYTE *)&number,
                                                    sizeof(number));
}

/* The event source: where Event Viewer finds the words for our ids. */
static DWORD install_source(const wchar_t *exe_path, bool *made,
                            struct installation_failure *failure)
{
    HKEY key;

    DWORD error = create_key(INSTALLATION_SOURCE_KEY, &key, made, failure);
    if (error != ERROR_SUCCESS)
        return error;
    error = set_text(key, L"EventMessageFile", exe_path);
    if (error == ERROR_SUCCESS)
        error = set_text(key, L"CategoryMessageFile", exe_path);
    if (error == ERROR_SUCCESS)
        error = set_number(key, L"CategoryCount", 5);
    if (error == ERROR_SUCCESS)
        error = set_number(key, L"TypesSupported",
                           EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE);
    installation_calls.RegCloseKey(key);
    if (error != ERROR_SUCCESS)
        return fail(failure, "RegSetValueEx", INSTALLATION_SOURCE_KEY, error);
    return ERROR_SUCCESS;
}

static DWORD install_parameters(bool *made, struct installation_failure *failure)
{
    HKEY key;

    DWORD error = create_key(PARAMETERS_KEY, &key, made, failure);
    if (error == ERROR_SUCCESS)
        installation_calls.RegCloseKey(key);
    return error;
}

static bool is_gone(DWORD error)
{
    return error == ERROR_SUCCESS || error == ERROR_FILE_NOT_FOUND || error == ERROR_KEY_DELETED;
}

/* Deletes a key and all below: RegDeleteTree came with Windows Vista. */
static DWORD delete_tree(HKEY parent, const wchar_t *name, unsigned depth, const char **call)
{
    wchar_t child[KEY_NAME_MAX];
    HKEY key;

    *call = "RegOpenKeyEx";
    if (depth == KEY_DEPTH_MAX)
        return ERROR_INVALID_DATA;
    DWORD error =
        (DWORD)installation_calls.RegOpenKeyExW(parent, name, 0, KEY_ENUMERATE_SUB_KEYS, &key);
    if (error != ERROR_SUCCESS)
        return is_gone(error) ? ERROR_SUCCESS : error;
    while (error == ERROR_SUCCESS) {
        DWORD count = ARRAYSIZE(child);
        *call = "RegEnumKeyEx";
        error =
            (DWORD)installation_calls.RegEnumKeyExW(key, 0, child, &count, NULL, NULL, NULL, NULL);
        if (error == ERROR_SUCCESS)
            error = delete_tree(key, child, depth + 1, call);
    }
    installation_calls.RegCloseKey(key);
    if (error != ERROR_NO_MORE_ITEMS && !is_gone(error))
        return error;
    *call = "RegDeleteKey";
    error = (DWORD)installation_calls.RegDeleteKeyW(parent, name);
    return is_gone(error) ? ERROR_SUCCESS : error;
}

static DWORD delete_key(const wchar_t *path, struct installation_failure *failure)
{
    const char *call;

    DWORD error = delete_tree(HKEY_LOCAL_MACHINE, path, 0, &call);
    return error == ERROR_SUCCESS ? error : fail(failure, call, path, error);
}

/* ---- the service ---------------------------------------------------------------------------- */

/* What ChangeServiceConfig2 says where it does not know a level yet (before Windows Vista). */
static bool is_unknown_level(DWORD error)
{
    return error == ERROR_INVALID_LEVEL || error == ERROR_INVALID_PARAMETER ||
           error == ERROR_NOT_SUPPORTED || error == ERROR_CALL_NOT_IMPLEMENTED;
}

/* Description and recovery: restart after 5 s, 30 s and from then on 120 s; the count begins anew
 * after a day. The flag makes that so for an end with an error as well as for a crash. */
static DWORD describe_service(SC_HANDLE service, struct installation_failure *failure)
{
    SERVICE_DESCRIPTIONW description = {.lpDescription = (wchar_t *)service_description};
    SC_ACTION actions[] = {
        {SC_ACTION_RESTART, 5000}, {SC_ACTION_RESTART, 30000}, {SC_ACTION_RESTART, 120000}};
    SERVICE_FAILURE_ACTIONSW recovery = {
        .dwResetPeriod = 86400, .cActions = ARRAYSIZE(actions), .lpsaActions = actions};
    SERVICE_FAILURE_ACTIONS_FLAG flag = {TRUE};
    const struct installation_calls *calls = &installation_calls;

    if (!calls->ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description) ||
        !calls->ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS, &recovery))
        return fail(failure, "ChangeServiceConfig2", INSTALLATION_SERVICE, GetLastError());
    if (!calls->ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &flag)) {
        DWORD error = GetLastError();
        if (!is_unknown_level(error))
            return fail(failure, "ChangeServiceConfig2", INSTALLATION_SERVICE, error);
    }
    return ERROR_SUCCESS;
}

/* Who may do what with the service: SYSTEM and Administrators everything, other interactive users
 * and services look. By default any authenticated user may send user-defined controls (CR, which is
 * not there for IU and SU below), on Server 2003 even from other computers: anybody could have the
 * latest lock released. Source: learn.microsoft.com "Service Security and Access Rights". */
static DWORD protect_service(SC_HANDLE service, struct installation_failure *failure)
{
    static const wchar_t dacl[] = L"D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)"
                                  L"(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)"
                                  L"(A;;CCLCSWLORC;;;IU)(A;;CCLCSWLORC;;;SU)";
    PSECURITY_DESCRIPTOR descriptor;

    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(dacl, SDDL_REVISION_1, &descriptor,
                                                              NULL))
        return fail(failure, "ConvertStringSecurityDescriptorToSecurityDescriptor",
                    INSTALLATION_SERVICE, GetLastError());
    DWORD error = ERROR_SUCCESS;
    if (!installation_calls.SetServiceObjectSecurity(service, DACL_SECURITY_INFORMATION,
                                                     descriptor))
        error = fail(failure, "SetServiceObjectSecurity", INSTALLATION_SERVICE, GetLastError());
    LocalFree(descriptor);
    return error;
}

/* Creates the service, or brings the one there up to date, but for what is the administrator's to
 * choose: its account and how it starts. */
static DWORD open_or_create(SC_HANDLE manager, const wchar_t *command, SC_HANDLE *service,
                            bool *made, struct installation_failure *failure)
{
    /* SERVICE_START is needed to set recovery actions that start it */
    const DWORD rights = SERVICE_CHANGE_CONFIG | SERVICE_START | WRITE_DAC;
    const wchar_t *name = INSTALLATION_SERVICE;

    *service = installation_calls.CreateServiceW(
        manager, name, name, rights | DELETE, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
        SERVICE_ERROR_NORMAL, command, NULL, NULL, L"EventLog\0", NULL, NULL);
    *made = *service != NULL;
    if (*made)
        return ERROR_SUCCESS;
    DWORD error = GetLastError();
    if (error != ERROR_SERVICE_EXISTS)
        return fail(failure, "CreateService", name, error);
    *service = installation_calls.OpenServiceW(manager, name, rights);
    if (!*service)
        return fail(failure, "OpenService", name, GetLastError());
    if (installation_calls.ChangeServiceConfigW(*service, SERVICE_WIN32_OWN_PROCESS,
                                                SERVICE_NO_CHANGE, SERVICE_ERROR_NORMAL, command,
                                                NULL, NULL, L"EventLog\0", NULL, NULL, name))
        return ERROR_SUCCESS;
    error = fail(failure, "ChangeServiceConfig", name, GetLastError());
    installation_calls.CloseServiceHandle(*service);
    return error;
}

static DWORD install_all(SC_HANDLE manager, const wchar_t *exe_path, const wchar_t *command,
                         struct installation_failure *failure)
{
    bool service_made = false, source_made = false, parameters_made = false;
    struct installation_failure ignored;
    SC_HANDLE service;

    DWORD error = open_or_create(manager, command, &service, &service_made, failure);
    if (error != ERROR_SUCCESS)
        return error;
    error = describe_service(service, failure);
    if (error == ERROR_SUCCESS)
        error = protect_service(service, failure);
    if (error == ERROR_SUCCESS)
        error = install_source(exe_path, &source_made, failure);
    if (error == ERROR_SUCCESS)
        error = install_parameters(&parameters_made, failure);
    if (error != ERROR_SUCCESS) {
        if (parameters_made)
            delete_key(PARAMETERS_KEY, &ignored);
        if (source_made)
            delete_key(INSTALLATION_SOURCE_KEY, &ignored);
        if (service_made)
            installation_calls.DeleteService(service);
    }
    installation_calls.CloseServiceHandle(service);
    return error;
}

DWORD installation_install(const wchar_t *exe_path, struct installation_failure *failure)
{
    wchar_t command[PATH_MAX_UNITS];
    size_t length = wcslen(exe_path);

    if (length == 0 || length + 3 > PATH_MAX_UNITS || wcschr(exe_path, L'"'))
        return fail(failure, "installation_install", INSTALLATION_SERVICE, ERROR_BAD_PATHNAME);
    command[0] = L'"';
    wmemcpy(command + 1, exe_path, length);
    command[length + 1] = L'"';
    command[length + 2] = L'\0';

    SC_HANDLE manager = installation_calls.OpenSCManagerW(
        NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
    if (!manager)
        return fail(failure, "OpenSCManager", INSTALLATION_SERVICE, GetLastError());
    DWORD error = install_all(manager, exe_path, command, failure);
    installation_calls.CloseServiceHandle(manager);
    return error;
}

/* ---- uninstall ------------------------------------------------------------------------------ */

/* Stops the service unless it is stopped, within INSTALLATION_STOP_LIMIT. An order that it can't
 * take at the moment, since it is starting, is given again. */
static DWORD stop_service(SC_HANDLE service, struct installation_failure *failure)
{
    DWORD begin = installation_calls.GetTickCount();

    for (bool ordered = false;;) {
        SERVICE_STATUS status = {0};
        if (!installation_calls.QueryServiceStatus(service, &status))
            return fail(failure, "QueryServiceStatus", INSTALLATION_SERVICE, GetLastError());
        if (status.dwCurrentState == SERVICE_STOPPED)
            return ERROR_SUCCESS;
        if (!ordered && status.dwCurrentState != SERVICE_STOP_PENDING) {
            ordered = installation_calls.ControlService(service, SERVICE_CONTROL_STOP, &status);
            DWORD error = ordered ? ERROR_SUCCESS : GetLastError();
            if (error == ERROR_SERVICE_NOT_ACTIVE)
                return ERROR_SUCCESS;
            if (error == ERROR_SERVICE_REQUEST_TIMEOUT)
                ordered = true;
            else if (error != ERROR_SUCCESS && error != ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
                return fail(failure, "ControlService", INSTALLATION_SERVICE, error);
        }
        if (installation_calls.GetTickCount() - begin >= INSTALLATION_STOP_LIMIT)
            return fail(failure, "ControlService", INSTALLATION_SERVICE, ERROR_TIMEOUT);
        installation_calls.Sleep(POLL);
    }
}

static DWORD remove_service(struct installation_failure *failure)
{
    const wchar_t *name = INSTALLATION_SERVICE;

    SC_HANDLE manager = installation_calls.OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return fail(failure, "OpenSCManager", name, GetLastError());
    DWORD error = ERROR_SUCCESS;
    SC_HANDLE service = installation_calls.OpenServiceW(
        manager, name, SERVICE_QUERY_STATUS | SERVICE_STOP | DELETE);
    if (!service) {
        error = GetLastError();
        if (error == ERROR_SERVICE_DOES_NOT_EXIST)
            error = ERROR_SUCCESS;
        else
            fail(failure, "OpenService", name, error);
        goto cleanup_manager;
    }
    error = stop_service(service, failure);
    if (error == ERROR_SUCCESS && !installation_calls.DeleteService(service)) {
        error = GetLastError();
        if (error == ERROR_SERVICE_MARKED_FOR_DELETE) /* goes with the last handle to it */
            error = ERROR_SUCCESS;
        else
            fail(failure, "DeleteService", name, error);
    }
    installation_calls.CloseServiceHandle(service);
cleanup_manager:
    installation_calls.CloseServiceHandle(manager);
    return error;
}

DWORD installation_uninstall(struct installation_failure *failure)
{
    static const wchar_t *const keys[] = {PARAMETERS_KEY, BOOT_KEY, INSTALLATION_SOURCE_KEY};

    DWORD error = remove_service(failure);
    if (error != ERROR_SUCCESS)
        return error; /* it is there, and needs the rest */
    for (size_t i = 0; i < ARRAYSIZE(keys); i++) {
        struct installation_failure another;
        DWORD key_error = delete_key(keys[i], error ? &another : failure);
        if (error == ERROR_SUCCESS)
            error = key_error;
    }
    return error;
}
