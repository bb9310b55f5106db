/* fake_services_query.c: see fake_services.h. What a service is: the calls that ask for it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_services.h"
#include "windows/installation.h"
#include "windows/service_view.h"
#include "windows/smtp_service.h"
#include <string.h>

enum { ANSWER_MAX = 8192 /* bytes: no answer is larger, as the documentation says */ };

size_t fake_services_list_count(const wchar_t *list)
{
    size_t count = 0;

    while (list[count] != 0 || (count > 0 && list[count - 1] != 0))
        count++;
    return count + 1;
}

/* A buffer of the caller's: a structure, and what it points to behind. */
struct answer {
    BYTE *buffer;
    DWORD size, used;
};

/* Begins with a structure. False, with what would be needed, when the whole has no room. */
static bool begin(struct answer *answer, DWORD structure, DWORD behind, LPDWORD needed)
{
    assert_true(answer->size <= ANSWER_MAX);
    *needed = structure + behind;
    if (*needed > answer->size)
        return fake_services_refuse(ERROR_INSUFFICIENT_BUFFER);
    answer->used = structure;
    return true;
}

static void *put(struct answer *answer, const void *bytes, size_t size)
{
    void *at = answer->buffer + answer->used;

    memcpy(at, bytes, size);
    answer->used += (DWORD)size;
    return at;
}

static DWORD text_size(const wchar_t *text)
{
    return (DWORD)((wcslen(text) + 1) * sizeof(*text));
}

static wchar_t *put_text(struct answer *answer, const wchar_t *text)
{
    return put(answer, text, text_size(text));
}

/* Null for an empty one. */
static wchar_t *put_list(struct answer *answer, const wchar_t *list)
{
    return list[0] ? put(answer, list, fake_services_list_count(list) * sizeof(*list)) : NULL;
}

static BOOL WINAPI query_config(SC_HANDLE handle, LPQUERY_SERVICE_CONFIGW config, DWORD size,
                                LPDWORD needed)
{
    struct answer answer = {(BYTE *)config, size, 0};

    if (fake_services_must_fail("QueryServiceConfig"))
        return FALSE;
    const struct fake_service *service = fake_services_of(handle, SERVICE_QUERY_CONFIG);
    if (!service)
        return FALSE;
    if (!begin(&answer, sizeof(*config),
               text_size(service->command) + text_size(service->account) +
                   text_size(service->display) +
                   (DWORD)(fake_services_list_count(service->dependencies) * sizeof(wchar_t)),
               needed))
        return FALSE;
    *config = (QUERY_SERVICE_CONFIGW){.dwServiceType = service->type,
                                      .dwStartType = service->start_type,
                                      .dwErrorControl = service->error_control};
    config->lpBinaryPathName = put_text(&answer, service->command);
    config->lpServiceStartName = put_text(&answer, service->account);
    config->lpDisplayName = put_text(&answer, service->display);
    config->lpDependencies = put_list(&answer, service->dependencies);
    return TRUE;
}

static BOOL query_number(struct answer *answer, DWORD number, LPDWORD needed)
{
    if (!begin(answer, sizeof(number), 0, needed))
        return FALSE;
    memcpy(answer->buffer, &number, sizeof(number));
    return TRUE;
}

static BOOL query_description(struct answer *answer, const wchar_t *text, LPDWORD needed)
{
    SERVICE_DESCRIPTIONW *description = (SERVICE_DESCRIPTIONW *)answer->buffer;

    if (!begin(answer, sizeof(*description), text_size(text), needed))
        return FALSE;
    description->lpDescription = text[0] ? put_text(answer, text) : NULL;
    return TRUE;
}

static BOOL query_recovery(struct answer *answer, const struct fake_service *service,
                           LPDWORD needed)
{
    SERVICE_FAILURE_ACTIONSW *recovery = (SERVICE_FAILURE_ACTIONSW *)answer->buffer;
    const DWORD size = service->action_count * sizeof(*service->actions);

    if (!begin(answer, sizeof(*recovery), size, needed))
        return FALSE;
    *recovery = (SERVICE_FAILURE_ACTIONSW){.dwResetPeriod = service->reset_period,
                                           .cActions = service->action_count};
    if (size > 0)
        recovery->lpsaActions = put(answer, service->actions, size);
    return TRUE;
}

static BOOL query_privileges(struct answer *answer, const wchar_t *list, LPDWORD needed)
{
    SERVICE_REQUIRED_PRIVILEGES_INFOW *privileges = (void *)answer->buffer;

    if (!begin(answer, sizeof(*privileges), (DWORD)(fake_services_list_count(list) * sizeof(*list)),
               needed))
        return FALSE;
    privileges->pmszRequiredPrivileges = put_list(answer, list);
    return TRUE;
}

static BOOL WINAPI query_config2(SC_HANDLE handle, DWORD level, LPBYTE buffer, DWORD size,
                                 LPDWORD needed)
{
    struct answer answer = {buffer, size, 0};

    if (fake_services_must_fail("QueryServiceConfig2"))
        return FALSE;
    const struct fake_service *service = fake_services_of(handle, SERVICE_QUERY_CONFIG);
    if (!service)
        return FALSE;
    if (!fake_services_know(level))
        return fake_services_refuse(ERROR_INVALID_LEVEL);
    switch (level) {
    case SERVICE_CONFIG_DESCRIPTION:
        return query_description(&answer, service->description, needed);
    case SERVICE_CONFIG_FAILURE_ACTIONS:
        return query_recovery(&answer, service, needed);
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO:
        return query_privileges(&answer, service->privileges, needed);
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG:
        return query_number(&answer, service->failure_actions_flag, needed);
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO:
        return query_number(&answer, service->delayed, needed);
    case SERVICE_CONFIG_SERVICE_SID_INFO:
        return query_number(&answer, service->sid_type, needed);
    default:
        return query_number(&answer, service->preshutdown, needed);
    }
}

/* The DACL, self-relative. */
static BOOL WINAPI query_security(SC_HANDLE handle, SECURITY_INFORMATION what,
                                  PSECURITY_DESCRIPTOR descriptor, DWORD size, LPDWORD needed)
{
    SECURITY_DESCRIPTOR absolute;

    if (fake_services_must_fail("QueryServiceObjectSecurity"))
        return FALSE;
    struct fake_service *service = fake_services_of(handle, READ_CONTROL);
    if (!service)
        return FALSE;
    assert_int_equal(what, DACL_SECURITY_INFORMATION);
    assert_true(service->dacl_size > 0);
    assert_true(InitializeSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION));
    assert_true(SetSecurityDescriptorDacl(&absolute, TRUE, &service->dacl.acl, FALSE));
    *needed = size;
    return MakeSelfRelativeSD(&absolute, descriptor, needed);
}

void fake_services_install_query_calls(void)
{
    installation_calls.QueryServiceConfigW = query_config;
    installation_calls.QueryServiceConfig2W = query_config2;
    installation_calls.QueryServiceObjectSecurity = query_security;
    service_view_calls.QueryServiceConfigW = query_config;
    service_view_calls.QueryServiceConfig2W = query_config2;
    smtp_service_calls.QueryServiceConfigW = query_config;
}
