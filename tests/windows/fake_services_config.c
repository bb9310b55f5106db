/* fake_services_config.c: see fake_services.h. What a service is to be: the calls that make
 * one, change it and delete it. Texts are zero behind their end, so that services can be compared.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_services.h"
#include "windows/installation.h"
#include <string.h>
static void copy_text(wchar_t to[FAKE_TEXT_MAX], const wchar_t *from)
{
    if (!from)
        return;
    memset(to, 0, FAKE_TEXT_MAX * sizeof(*to));
    lstrcpynW(to, from, FAKE_TEXT_MAX);
}

static void copy_list(wchar_t to[FAKE_TEXT_MAX], const wchar_t *from)
{
    if (!from)
        return;
    assert_true(fake_services_list_count(from) <= FAKE_TEXT_MAX);
    memset(to, 0, FAKE_TEXT_MAX * sizeof(*to));
    memcpy(to, from, fake_services_list_count(from) * sizeof(*to));
}

/* ---- changing ------------------------------------------------------------------------------- */

static SC_HANDLE WINAPI create_service(SC_HANDLE manager, LPCWSTR name, LPCWSTR display,
                                       DWORD rights, DWORD type, DWORD start_type, DWORD control,
                                       LPCWSTR command, LPCWSTR group, LPDWORD tag,
                                       LPCWSTR dependencies, LPCWSTR account, LPCWSTR password)
{
    if (fake_services_must_fail("CreateService"))
        return NULL;
    assert_true(!group && !tag && !password);
    if (!fake_services_may_create(manager))
        return fake_services_refuse(ERROR_ACCESS_DENIED), NULL;
    struct fake_service *service = fake_services_find(name);
    if (service)
        return fake_services_refuse(service->deleted ? ERROR_SERVICE_MARKED_FOR_DELETE
                                                     : ERROR_SERVICE_EXISTS),
               NULL;
    for (size_t i = 0; (service = fake_services_at(i)) != NULL; i++)
        if (service->exists && lstrcmpiW(service->display, display) == 0)
            return fake_services_refuse(ERROR_DUPLICATE_SERVICE_NAME), NULL;
    service = fake_services_add(name);
    service->state = SERVICE_STOPPED;
    service->type = type;
    service->start_type = start_type;
    service->error_control = control;
    copy_text(service->display, display);
    copy_text(service->command, command);
    copy_text(service->account, account ? account : L"LocalSystem");
    copy_list(service->dependencies, dependencies);
    return fake_services_open_handle(service, rights);
}

static BOOL WINAPI change_config(SC_HANDLE handle, DWORD type, DWORD start_type, DWORD control,
                                 LPCWSTR command, LPCWSTR group, LPDWORD tag, LPCWSTR dependencies,
                                 LPCWSTR account, LPCWSTR password, LPCWSTR display)
{
    if (fake_services_must_fail("ChangeServiceConfig"))
        return FALSE;
    assert_true(!group && !tag && !password);
    struct fake_service *service = fake_services_of(handle, SERVICE_CHANGE_CONFIG);
    if (!service)
        return FALSE;
    if (service->deleted)
        return fake_services_refuse(ERROR_SERVICE_MARKED_FOR_DELETE);
    if (type != SERVICE_NO_CHANGE)
        service->type = type;
    if (start_type != SERVICE_NO_CHANGE)
        service->start_type = start_type;
    if (control != SERVICE_NO_CHANGE)
        service->error_control = control;
    copy_text(service->command, command);
    copy_text(service->account, account);
    copy_text(service->display, display);
    copy_list(service->dependencies, dependencies);
    return TRUE;
}

bool fake_services_know(DWORD level)
{
    return level == SERVICE_CONFIG_DESCRIPTION || level == SERVICE_CONFIG_FAILURE_ACTIONS ||
           (!fake_services_are_old() && level <= SERVICE_CONFIG_PRESHUTDOWN_INFO);
}

/* A null in them leaves what is there. */
static BOOL change_recovery(SC_HANDLE handle, struct fake_service *service,
                            const SERVICE_FAILURE_ACTIONSW *recovery)
{
    assert_true(!recovery->lpRebootMsg && !recovery->lpCommand);
    if (!recovery->lpsaActions)
        return TRUE;
    assert_true(recovery->cActions <= FAKE_ACTIONS_MAX);
    for (DWORD i = 0; i < recovery->cActions; i++)
        if (recovery->lpsaActions[i].Type == SC_ACTION_RESTART &&
            !fake_services_of(handle, SERVICE_START))
            return FALSE;
    memset(service->actions, 0, sizeof(service->actions));
    memcpy(service->actions, recovery->lpsaActions, recovery->cActions * sizeof(*service->actions));
    service->action_count = recovery->cActions;
    service->reset_period = recovery->dwResetPeriod;
    return TRUE;
}

static BOOL WINAPI change_config2(SC_HANDLE handle, DWORD level, LPVOID information)
{
    const union {
        SERVICE_DESCRIPTIONW description;
        SERVICE_FAILURE_ACTIONSW recovery;
        SERVICE_FAILURE_ACTIONS_FLAG flag;
        SERVICE_DELAYED_AUTO_START_INFO delayed;
        SERVICE_SID_INFO sid;
        SERVICE_REQUIRED_PRIVILEGES_INFOW privileges;
        SERVICE_PRESHUTDOWN_INFO shutdown;
    } *wanted = information;

    if (fake_services_must_fail("ChangeServiceConfig2"))
        return FALSE;
    struct fake_service *service = fake_services_of(handle, SERVICE_CHANGE_CONFIG);
    if (!service)
        return FALSE;
    if (!fake_services_know(level))
        return fake_services_refuse(ERROR_INVALID_LEVEL);
    switch (level) {
    case SERVICE_CONFIG_DESCRIPTION:
        copy_text(service->description, wanted->description.lpDescription);
        break;
    case SERVICE_CONFIG_FAILURE_ACTIONS:
        return change_recovery(handle, service, &wanted->recovery);
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG:
        service->failure_actions_flag = wanted->flag.fFailureActionsOnNonCrashFailures;
        break;
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO:
        service->delayed = wanted->delayed.fDelayedAutostart;
        break;
    case SERVICE_CONFIG_SERVICE_SID_INFO:
        service->sid_type = wanted->sid.dwServiceSidType;
        break;
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO:
        assert_non_null(wanted->privileges.pmszRequiredPrivileges);
        copy_list(service->privileges, wanted->privileges.pmszRequiredPrivileges);
        break;
    default:
        service->preshutdown = wanted->shutdown.dwPreshutdownTimeout;
        break;
    }
    return TRUE;
}

static BOOL WINAPI set_security(SC_HANDLE handle, SECURITY_INFORMATION what,
                                PSECURITY_DESCRIPTOR descriptor)
{
    BOOL present = FALSE, defaulted = FALSE;
    PACL dacl = NULL;

    if (fake_services_must_fail("SetServiceObjectSecurity"))
        return FALSE;
    struct fake_service *service = fake_services_of(handle, WRITE_DAC);
    if (!service)
        return FALSE;
    assert_int_equal(what, DACL_SECURITY_INFORMATION);
    assert_true(GetSecurityDescriptorDacl(descriptor, &present, &dacl, &defaulted));
    assert_true(present && dacl && dacl->AclSize <= sizeof(service->dacl));
    memset(&service->dacl, 0, sizeof(service->dacl));
    service->dacl_size = dacl->AclSize;
    memcpy(service->dacl.bytes, dacl, dacl->AclSize);
    return TRUE;
}

static BOOL WINAPI delete_service(SC_HANDLE handle)
{
    if (fake_services_must_fail("DeleteService"))
        return FALSE;
    struct fake_service *service = fake_services_of(handle, DELETE);
    if (!service)
        return FALSE;
    if (service->deleted)
        return fake_services_refuse(ERROR_SERVICE_MARKED_FOR_DELETE);
    service->deleted = true;
    return TRUE;
}

void fake_services_install_config_calls(void)
{
    installation_calls.CreateServiceW = create_service;
    installation_calls.DeleteService = delete_service;
    installation_calls.ChangeServiceConfigW = change_config;
    installation_calls.ChangeServiceConfig2W = change_config2;
    installation_calls.SetServiceObjectSecurity = set_security;
}
