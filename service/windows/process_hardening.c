#include "process_hardening.h"

#include <stddef.h>
#include <stdint.h>

#include "system_library.h"

struct process_hardening_calls process_hardening_calls = {
    .OpenProcessToken = OpenProcessToken,
    .GetTokenInformation = GetTokenInformation,
    .LookupPrivilegeValueW = LookupPrivilegeValueW,
    .AdjustTokenPrivileges = AdjustTokenPrivileges,
    .CloseHandle = CloseHandle,
};

#define FUNCTION(name)                                                                             \
    {                                                                                              \
#name, offsetof(struct process_hardening_calls, name)                                      \
    }
static const struct system_library_function functions[] = {
    FUNCTION(SetDllDirectoryW),   FUNCTION(SetDefaultDllDirectories),   FUNCTION(SetSearchPathMode),
    FUNCTION(HeapSetInformation), FUNCTION(SetProcessMitigationPolicy),
};

/* Of PROCESS_MITIGATION_POLICY (winnt.h), and the flags of each. They came one by one, with Windows
 * 8, 8.1 and 10. */
static const struct {
    DWORD policy, flags;
} policies[] = {
    {2, 1},          /* ProcessDynamicCodePolicy: ProhibitDynamicCode */
    {3, 1 | 2},      /* ProcessStrictHandleCheckPolicy: RaiseExceptionOnInvalidHandleReference,
                        HandleExceptionsPermanentlyEnabled */
    {6, 1},          /* ProcessExtensionPointDisablePolicy: DisableExtensionPoints */
    {10, 1 | 2},     /* ProcessImageLoadPolicy: NoRemoteImages, NoLowMandatoryLabelImages, ... */
    {10, 1 | 2 | 4}, /* ... PreferSystem32Images, which came later: all of the call fails without */
    {13, 1},         /* ProcessChildProcessPolicy: NoChildProcessCreation */
};

enum {
    SEARCH_SYSTEM32 = 0x800,       /* LOAD_LIBRARY_SEARCH_SYSTEM32 */
    SAFE_SEARCH = 1 | 0x8000,      /* BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE, _PERMANENT */
    TERMINATION_ON_CORRUPTION = 1, /* HeapEnableTerminationOnCorruption */
    PRIVILEGES_MAX = 64            /* Windows has 36 */
};

void process_hardening_load(void)
{
    const char *ignored;
    for (size_t i = 0; i < ARRAYSIZE(functions); i++)
        system_library_load(L"kernel32.dll", &functions[i], 1, &process_hardening_calls, &ignored);
}

void process_hardening_apply(void)
{
    const struct process_hardening_calls *calls = &process_hardening_calls;
    if (calls->SetDllDirectoryW)
        calls->SetDllDirectoryW(L""); /* not from the current directory */
    if (calls->SetDefaultDllDirectories)
        calls->SetDefaultDllDirectories(SEARCH_SYSTEM32);
    if (calls->SetSearchPathMode)
        calls->SetSearchPathMode(SAFE_SEARCH);
    if (calls->HeapSetInformation)
        calls->HeapSetInformation(NULL, (HEAP_INFORMATION_CLASS)TERMINATION_ON_CORRUPTION, NULL, 0);
    for (size_t i = 0; calls->SetProcessMitigationPolicy && i < ARRAYSIZE(policies); i++) {
        DWORD flags = policies[i].flags;
        calls->SetProcessMitigationPolicy(policies[i].policy, &flags, sizeof flags);
    }
}

union privileges {
    TOKEN_PRIVILEGES list;
    uint8_t bytes[offsetof(TOKEN_PRIVILEGES, Privileges) +
                  PRIVILEGES_MAX * sizeof(LUID_AND_ATTRIBUTES)];
};

static void remove_all_but(HANDLE token, const LUID *kept)
{
    union privileges held;
    DWORD size;
    if (!process_hardening_calls.GetTokenInformation(token, TokenPrivileges, &held, sizeof held,
                                                     &size))
        return;
    TOKEN_PRIVILEGES *list = &held.list;
    DWORD count = list->PrivilegeCount < PRIVILEGES_MAX ? list->PrivilegeCount : PRIVILEGES_MAX;
    list->PrivilegeCount = 0;
    for (DWORD i = 0; i < count; i++) {
        LUID luid = list->Privileges[i].Luid;
        if (luid.LowPart != kept->LowPart || luid.HighPart != kept->HighPart)
            list->Privileges[list->PrivilegeCount++] =
                (LUID_AND_ATTRIBUTES){luid, SE_PRIVILEGE_REMOVED};
    }
    process_hardening_calls.AdjustTokenPrivileges(token, FALSE, list, 0, NULL, NULL);
}

void process_hardening_drop_privileges(void)
{
    const struct process_hardening_calls *calls = &process_hardening_calls;
    LUID kept;
    HANDLE token;
    if (!calls->LookupPrivilegeValueW(NULL, SE_CHANGE_NOTIFY_NAME, &kept) ||
        !calls->OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES,
                                 &token))
        return;
    remove_all_but(token, &kept);
    calls->CloseHandle(token);
}
