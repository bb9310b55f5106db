/* installation_service.c: see installation_parts.h. The service in the service list. */
#include "installation_parts.h"
#include "service_view.h"
#include <sddl.h>
#include <stdlib.h>

enum {
    ANSWER_MAX = 8192, /* bytes: the most that the Query calls of a service give */
    POLL = 100         /* ms */
};

static const wchar_t service_description[] =
    L"Watches for mail accounts that send spam through this server, locks them and restarts SMTP.";

/* Of all that LocalSystem has, RelayLock uses no privilege: whom it disables, what it reads, writes
 * and restarts is decided by DACLs, and to own its journal as Administrators (protection.h) takes
 * membership alone. An empty list would leave it all of them; this one stays in any case. */
static const wchar_t service_privileges[] = L"SeChangeNotifyPrivilege\0";

/* Levels of ChangeServiceConfig2. Those behind the second came with Windows Vista. */
static const DWORD levels[] = {
    SERVICE_CONFIG_DESCRIPTION,          SERVICE_CONFIG_FAILURE_ACTIONS,
    SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
    SERVICE_CONFIG_SERVICE_SID_INFO,     SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO,
    SERVICE_CONFIG_PRESHUTDOWN_INFO};

union answer {
    QUERY_SERVICE_CONFIGW config;
    SERVICE_DESCRIPTIONW description;
    SERVICE_FAILURE_ACTIONSW recovery;
    SERVICE_REQUIRED_PRIVILEGES_INFOW privileges;
    BYTE bytes[ANSWER_MAX];
};

struct installation_before {
    union answer config, dacl, levels[ARRAYSIZE(levels)];
    bool known[ARRAYSIZE(levels)];
};

static DWORD fail(struct installation_failure *failure, const char *call, DWORD error)
{
    return installation_fail(failure, call, INSTALLATION_SERVICE, error);
}

/* ---- what it is to be ----------------------------------------------------------------------- */

/* Restarted after 5 s, 30 s and from then on 120 s; the count begins anew after a day. */
const SERVICE_FAILURE_ACTIONSW *installation_recovery(void)
{
    static SC_ACTION actions[] = {
        {SC_ACTION_RESTART, 5000}, {SC_ACTION_RESTART, 30000}, {SC_ACTION_RESTART, 120000}};
    static const SERVICE_FAILURE_ACTIONSW recovery = {
        .dwResetPeriod = 86400, .cActions = ARRAYSIZE(actions), .lpsaActions = actions};
    return &recovery;
}

/* The flag makes the recovery that of an end with an error as well as of a crash. */
static DWORD configure(SC_HANDLE service, bool made, struct installation_failure *failure)
{
    SERVICE_DESCRIPTIONW description = {.lpDescription = (wchar_t *)service_description};
    SERVICE_FAILURE_ACTIONSW recovery = *installation_recovery();
    SERVICE_FAILURE_ACTIONS_FLAG flag = {TRUE};
    SERVICE_DELAYED_AUTO_START_INFO delayed = {TRUE};
    SERVICE_SID_INFO sid = {SERVICE_SID_TYPE_UNRESTRICTED};
    SERVICE_REQUIRED_PRIVILEGES_INFOW privileges = {(wchar_t *)service_privileges};
    SERVICE_PRESHUTDOWN_INFO shutdown = {INSTALLATION_SHUTDOWN};
    void *const wanted[ARRAYSIZE(levels)] = {&description, &recovery,   &flag,    &delayed,
                                             &sid,         &privileges, &shutdown};

    for (size_t i = 0; i < ARRAYSIZE(levels); i++) {
        if (levels[i] == SERVICE_CONFIG_DELAYED_AUTO_START_INFO && !made)
            continue; /* how it starts is the administrator's to choose */
        if (installation_calls.ChangeServiceConfig2W(service, levels[i], wanted[i]))
            continue;
        DWORD error = GetLastError();
        if (i < 2 || !service_view_is_unknown_level(error))
            return fail(failure, "ChangeServiceConfig2", error);
    }
    return ERROR_SUCCESS;
}

/* Who may do what with the service: SYSTEM and Administrators everything, other interactive users
 * and services look. By default any authenticated user may send user-defined controls (CR, which is
 * not there for IU and SU below), on Server 2003 even from other computers: anybody could have the
 * latest lock released. Source: learn.microsoft.com "Service Security and Access Rights". */
static DWORD protect(SC_HANDLE service, struct installation_failure *failure)
{
    static const wchar_t dacl[] = L"D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)"
                                  L"(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)"
                                  L"(A;;CCLCSWLORC;;;IU)(A;;CCLCSWLORC;;;SU)";
    PSECURITY_DESCRIPTOR descriptor;

    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(dacl, SDDL_REVISION_1, &descriptor,
                                                              NULL))
        return fail(failure, "ConvertStringSecurityDescriptorToSecurityDescriptor", GetLastError());
    DWORD error = ERROR_SUCCESS;
    if (!installation_calls.SetServiceObjectSecurity(service, DACL_SECURITY_INFORMATION,
                                                     descriptor))
        error = fail(failure, "SetServiceObjectSecurity", GetLastError());
    LocalFree(descriptor);
    return error;
}

/* ---- what it was ---------------------------------------------------------------------------- */

static DWORD remember(SC_HANDLE service, struct installation_before *before,
                      struct installation_failure *failure)
{
    const struct installation_calls *calls = &installation_calls;
    DWORD needed;

    if (!calls->QueryServiceConfigW(service, &before->config.config, ANSWER_MAX, &needed))
        return fail(failure, "QueryServiceConfig", GetLastError());
    if (!calls->QueryServiceObjectSecurity(service, DACL_SECURITY_INFORMATION, before->dacl.bytes,
                                           ANSWER_MAX, &needed))
        return fail(failure, "QueryServiceObjectSecurity", GetLastError());
    for (size_t i = 0; i < ARRAYSIZE(levels); i++) {
        before->known[i] = calls->QueryServiceConfig2W(service, levels[i], before->levels[i].bytes,
                                                       ANSWER_MAX, &needed);
        DWORD error = before->known[i] ? ERROR_SUCCESS : GetLastError();
        if (error != ERROR_SUCCESS && !service_view_is_unknown_level(error))
            return fail(failure, "QueryServiceConfig2", error);
    }
    return ERROR_SUCCESS;
}

/* A null would mean "as it is now" where it meant "none". */
static void say_none(struct installation_before *before)
{
    static wchar_t none[] = L"\0";
    static SC_ACTION no_action;
    for (size_t i = 0; i < ARRAYSIZE(levels); i++) {
        union answer *level = &before->levels[i];
        if (levels[i] == SERVICE_CONFIG_DESCRIPTION && !level->description.lpDescription)
            level->description.lpDescription = none;
        if (levels[i] == SERVICE_CONFIG_FAILURE_ACTIONS && !level->recovery.lpsaActions)
            level->recovery.lpsaActions = &no_action;
        if (levels[i] == SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO &&
            !level->privileges.pmszRequiredPrivileges)
            level->privileges.pmszRequiredPrivileges = none;
    }
    if (!before->config.config.lpDependencies)
        before->config.config.lpDependencies = none;
}

static void put_back(SC_HANDLE service, struct installation_before *before)
{
    say_none(before);
    const QUERY_SERVICE_CONFIGW *config = &before->config.config;
    installation_calls.ChangeServiceConfigW(service, config->dwServiceType, SERVICE_NO_CHANGE,
                                            config->dwErrorControl, config->lpBinaryPathName, NULL,
                                            NULL, config->lpDependencies, NULL, NULL,
                                            config->lpDisplayName);
    for (size_t i = 0; i < ARRAYSIZE(levels); i++)
        if (before->known[i])
            installation_calls.ChangeServiceConfig2W(service, levels[i], before->levels[i].bytes);
    installation_calls.SetServiceObjectSecurity(service, DACL_SECURITY_INFORMATION,
                                                before->dacl.bytes);
}

/* ---- install -------------------------------------------------------------------------------- */

static DWORD update(SC_HANDLE manager, const wchar_t *command, DWORD rights,
                    struct installation_service *service, struct installation_failure *failure)
{
    const wchar_t *name = INSTALLATION_SERVICE;
    struct installation_before *before = malloc(sizeof *before);
    if (!before)
        return fail(failure, "malloc", ERROR_NOT_ENOUGH_MEMORY);
    DWORD error = ERROR_SUCCESS;
    service->handle = installation_calls.OpenServiceW(manager, name, rights);
    if (!service->handle)
        error = fail(failure, "OpenService", GetLastError());
    else
        error = remember(service->handle, before, failure);
    if (error) {
        free(before);
        return error;
    }
    service->before = before;
    if (!installation_calls.ChangeServiceConfigW(service->handle, SERVICE_WIN32_OWN_PROCESS,
                                                 SERVICE_NO_CHANGE, SERVICE_ERROR_NORMAL, command,
                                                 NULL, NULL, L"EventLog\0", NULL, NULL, name))
        return fail(failure, "ChangeServiceConfig", GetLastError());
    return ERROR_SUCCESS;
}

static DWORD create(SC_HANDLE manager, const wchar_t *command, struct installation_service *service,
                    struct installation_failure *failure)
{
    /* SERVICE_START is needed to set recovery actions that start it */
    const DWORD rights =
        SERVICE_QUERY_CONFIG | SERVICE_CHANGE_CONFIG | SERVICE_START | READ_CONTROL | WRITE_DAC;
    const wchar_t *name = INSTALLATION_SERVICE;

    service->handle = installation_calls.CreateServiceW(
        manager, name, name, rights | DELETE, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
        SERVICE_ERROR_NORMAL, command, NULL, NULL, L"EventLog\0", NULL, NULL);
    service->made = service->handle != NULL;
    if (service->made)
        return ERROR_SUCCESS;
    DWORD error = GetLastError();
    if (error != ERROR_SERVICE_EXISTS)
        return fail(failure, "CreateService", error);
    return update(manager, command, rights, service, failure);
}

DWORD installation_put_service(const wchar_t *command, struct installation_service *service,
                               struct installation_failure *failure)
{
    *service = (struct installation_service){.handle = NULL};
    SC_HANDLE manager = installation_calls.OpenSCManagerW(
        NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
    if (!manager)
        return fail(failure, "OpenSCManager", GetLastError());
    DWORD error = create(manager, command, service, failure);
    installation_calls.CloseServiceHandle(manager);
    if (!error)
        error = configure(service->handle, service->made, failure);
    if (!error)
        error = protect(service->handle, failure);
    return error;
}

void installation_undo_service(struct installation_service *service)
{
    if (service->made)
        installation_calls.DeleteService(service->handle);
    else if (service->before)
        put_back(service->handle, service->before);
    installation_keep_service(service);
}

void installation_keep_service(struct installation_service *service)
{
    if (service->handle)
        installation_calls.CloseServiceHandle(service->handle);
    free(service->before);
    *service = (struct installation_service){.handle = NULL};
}

/* ---- stopped, and removed ------------------------------------------------------------------- */

/* Stops the service unless it is stopped, within INSTALLATION_STOP_LIMIT. An order that it can't
 * take at the moment, since it is starting, is given again. */
static DWORD stop_service(SC_HANDLE service, struct installation_failure *failure)
{
    DWORD begin = installation_calls.GetTickCount();

    for (bool ordered = false;;) {
        SERVICE_STATUS status = {0};
        if (!installation_calls.QueryServiceStatus(service, &status))
            return fail(failure, "QueryServiceStatus", GetLastError());
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
                return fail(failure, "ControlService", error);
        }
        if (installation_calls.GetTickCount() - begin >= INSTALLATION_STOP_LIMIT)
            return fail(failure, "ControlService", ERROR_TIMEOUT);
        installation_calls.Sleep(POLL);
    }
}

/* Opens it with those rights; null when there is none. */
static DWORD open_service(DWORD rights, SC_HANDLE *service, struct installation_failure *failure)
{
    DWORD error = ERROR_SUCCESS;
    SC_HANDLE manager = installation_calls.OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return fail(failure, "OpenSCManager", GetLastError());
    *service = installation_calls.OpenServiceW(manager, INSTALLATION_SERVICE, rights);
    if (!*service)
        error = GetLastError();
    installation_calls.CloseServiceHandle(manager);
    if (error == ERROR_SERVICE_DOES_NOT_EXIST)
        return ERROR_SUCCESS;
    return error ? fail(failure, "OpenService", error) : ERROR_SUCCESS;
}

DWORD installation_stop_service(struct installation_failure *failure)
{
    SC_HANDLE service;
    DWORD error = open_service(SERVICE_QUERY_STATUS | SERVICE_STOP, &service, failure);
    if (error || !service)
        return error;
    error = stop_service(service, failure);
    installation_calls.CloseServiceHandle(service);
    return error;
}

DWORD installation_remove_service(bool *found, struct installation_failure *failure)
{
    SC_HANDLE service;
    DWORD error = open_service(SERVICE_QUERY_STATUS | SERVICE_STOP | DELETE, &service, failure);
    if (error)
        return error;
    if (!service) {
        *found = false;
        return ERROR_SUCCESS;
    }
    error = stop_service(service, failure);
    if (error == ERROR_SUCCESS && !installation_calls.DeleteService(service)) {
        error = GetLastError();
        if (error == ERROR_SERVICE_MARKED_FOR_DELETE) /* goes with the last handle to it */
            error = ERROR_SUCCESS;
        else
            fail(failure, "DeleteService", error);
    }
    if (error == ERROR_SUCCESS)
        *found = true;
    installation_calls.CloseServiceHandle(service);
    return error;
}
