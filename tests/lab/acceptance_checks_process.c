/* acceptance_checks_process.c: RelayLock's process, looked at from outside: what it has given up.
 * Sources: learn.microsoft.com nf-processthreadsapi-getprocessmitigationpolicy,
 * nf-processthreadsapi-openprocesstoken.
 */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_product.h"
#include "acceptance_services.h"

#include <wchar.h>

typedef BOOL(WINAPI *get_policy_call)(HANDLE, DWORD policy, PVOID, SIZE_T);
typedef BOOL(WINAPI *set_policy_call)(DWORD policy, PVOID, SIZE_T);

/* Of PROCESS_MITIGATION_POLICY (winnt.h), and the flags that docs/security.md promises. */
static const struct policy {
    DWORD number, flags;
    const wchar_t *name;
} policies[] = {
    {2, 1, L"dynamic code"},     {3, 1 | 2, L"strict handle checks"},
    {6, 1, L"extension points"}, {10, 1 | 2 | 4, L"image load"},
    {13, 1, L"child process"},
};

static void expect_one_privilege(HANDLE process)
{
    union {
        TOKEN_PRIVILEGES list;
        BYTE bytes[4096];
    } held;
    HANDLE token;
    LUID kept;
    DWORD size;
    check_windows(OpenProcessToken(process, TOKEN_QUERY, &token), L"OpenProcessToken of RelayLock");
    check_windows(GetTokenInformation(token, TokenPrivileges, &held, sizeof held, &size),
                  L"GetTokenInformation of RelayLock");
    CloseHandle(token);
    check_windows(LookupPrivilegeValueW(NULL, SE_CHANGE_NOTIFY_NAME, &kept),
                  L"LookupPrivilegeValue");
    for (DWORD i = 0; i < held.list.PrivilegeCount; i++) {
        LUID luid = held.list.Privileges[i].Luid;
        wchar_t name[100] = L"?";
        DWORD room = ARRAYSIZE(name);
        LookupPrivilegeNameW(NULL, &luid, name, &room);
        check_that(luid.LowPart == kept.LowPart && luid.HighPart == kept.HighPart,
                   L"of %lu privileges RelayLock's process has %ls", held.list.PrivilegeCount,
                   name);
    }
    check_that(held.list.PrivilegeCount == 1, L"RelayLock's process has %lu privileges",
               held.list.PrivilegeCount);
}

/* Whether this Windows keeps the policy for who asks for it: this process does, and has it from
 * then on. */
static bool is_kept_here(const struct policy *policy, get_policy_call get, set_policy_call set)
{
    DWORD asked = policy->flags, own = 0;
    set(policy->number, &asked, sizeof asked);
    return get(GetCurrentProcess(), policy->number, &own, sizeof own) &&
           (own & policy->flags) == policy->flags;
}

static void expect_policies(HANDLE process)
{
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    get_policy_call get =
        (get_policy_call)(void (*)(void))GetProcAddress(kernel, "GetProcessMitigationPolicy");
    set_policy_call set =
        (set_policy_call)(void (*)(void))GetProcAddress(kernel, "SetProcessMitigationPolicy");
    if (!get || !set) {
        check_note(L"this Windows has no policies of processes");
        return;
    }
    wchar_t lacking[200] = L"";
    for (size_t i = 0; i < ARRAYSIZE(policies); i++) {
        const struct policy *policy = &policies[i];
        DWORD held = 0;
        BOOL told = get(process, policy->number, &held, sizeof held);
        if (!told || !is_kept_here(policy, get, set)) {
            wcscat(wcscat(lacking, *lacking ? L", " : L""), policy->name);
            continue;
        }
        check_that((held & policy->flags) == policy->flags,
                   L"policy \"%ls\" of RelayLock's process is %#lx, not %#lx", policy->name, held,
                   policy->flags);
    }
    if (*lacking)
        check_note(L"not looked at, as this Windows does not keep them: %ls", lacking);
}

void check_given_up(void)
{
    product_start();
    HANDLE process;
    check_call(service_process(PRODUCT_SERVICE, PROCESS_QUERY_INFORMATION, &process),
               L"opening RelayLock's process");
    expect_one_privilege(process);
    expect_policies(process);
    CloseHandle(process);
}
