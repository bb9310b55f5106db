/* fake_security.c: owners, DACLs and the process's token; see fake_disk.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"
#include <sddl.h>
#include "windows/protection.h"

enum { TOKENS_MAX = 4096, TOKEN_BASE = 0xB0000 };

static wchar_t user[128];
static bool is_administrator;
static bool tokens[TOKENS_MAX];
static size_t token_count;

void fake_files_run_as(const wchar_t *sid, bool administrator)
{
    assert_true(wcslen(sid) < ARRAYSIZE(user));
    wcscpy(user, sid);
    is_administrator = administrator;
}

static PSECURITY_DESCRIPTOR descriptor_of(const wchar_t *sddl)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &descriptor,
                                                              NULL))
        fail_msg("no security descriptor: %ls", sddl);
    return descriptor;
}

static void text_of_descriptor(PSECURITY_DESCRIPTOR descriptor, SECURITY_INFORMATION parts,
                               wchar_t sddl[FAKE_SDDL_MAX])
{
    wchar_t *text = NULL;
    assert_true(ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1,
                                                                     parts, &text, NULL));
    assert_true(wcslen(text) < FAKE_SDDL_MAX);
    wcscpy(sddl, text);
    LocalFree(text);
}

/* Whether the process may make who the descriptor names the owner; it may be nobody. */
static bool may_own(PSECURITY_DESCRIPTOR descriptor, bool *given)
{
    PSID owner = NULL, self = NULL;
    BOOL defaulted;
    assert_true(GetSecurityDescriptorOwner(descriptor, &owner, &defaulted));
    *given = owner != NULL;
    if (!owner || (is_administrator && IsWellKnownSid(owner, WinBuiltinAdministratorsSid)))
        return true;
    PSECURITY_DESCRIPTOR own = NULL;
    wchar_t sddl[FAKE_SDDL_MAX];
    swprintf(sddl, FAKE_SDDL_MAX, L"O:%ls", user);
    own = descriptor_of(sddl);
    assert_true(GetSecurityDescriptorOwner(own, &self, &defaulted));
    bool same = EqualSid(owner, self);
    LocalFree(own);
    return same;
}

/* The entries of the folder's DACL that are for what is made in it, as inherited ones. */
static void add_inherited(const wchar_t *parent, bool folder, wchar_t sddl[FAKE_SDDL_MAX])
{
    const wchar_t *list = wcsstr(parent, L"D:");
    if (!list)
        return; /* no DACL is inherited as none */
    wcscat(sddl, L"D:");
    for (const wchar_t *entry = wcschr(list, L'('); entry; entry = wcschr(entry + 1, L'(')) {
        const wchar_t *flags = wcschr(entry, L';') + 1;
        const wchar_t *rest = wcschr(flags, L';');
        wchar_t found[32] = L"", made[FAKE_SDDL_MAX];
        wcsncat(found, flags, (size_t)(rest - flags));
        if (!wcsstr(found, folder ? L"CI" : L"OI"))
            continue;
        const wchar_t *end = wcschr(rest, L')');
        swprintf(made, FAKE_SDDL_MAX, L"%.*ls%ls%.*ls)", (int)(flags - entry), entry,
                 folder ? L"OICIID" : L"ID", (int)(end - rest), rest);
        assert_true(wcslen(sddl) + wcslen(made) < FAKE_SDDL_MAX);
        wcscat(sddl, made);
    }
}

DWORD fake_security_of_new(const struct fake_file *parent, bool folder,
                           const SECURITY_ATTRIBUTES *attributes, wchar_t sddl[FAKE_SDDL_MAX])
{
    PSECURITY_DESCRIPTOR given = attributes ? attributes->lpSecurityDescriptor : NULL;
    bool has_owner = false;
    BOOL has_list = FALSE, defaulted;
    PACL list;
    if (given && !may_own(given, &has_owner))
        return ERROR_INVALID_OWNER;
    if (given)
        assert_true(GetSecurityDescriptorDacl(given, &has_list, &list, &defaulted));
    if (has_owner)
        text_of_descriptor(given, OWNER_SECURITY_INFORMATION, sddl);
    else
        swprintf(sddl, FAKE_SDDL_MAX, L"O:%ls", is_administrator ? L"BA" : user);
    if (has_list) {
        wchar_t own[FAKE_SDDL_MAX];
        text_of_descriptor(given, DACL_SECURITY_INFORMATION, own);
        assert_true(wcslen(sddl) + wcslen(own) < FAKE_SDDL_MAX);
        wcscat(sddl, own);
    } else {
        add_inherited(parent->sddl, folder, sddl);
    }
    return ERROR_SUCCESS;
}

/* ---- the OS calls --------------------------------------------------------------------------- */

static DWORD WINAPI get_security(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION parts,
                                 PSID *owner, PSID *group, PACL *list, PACL *audit,
                                 PSECURITY_DESCRIPTOR *descriptor)
{
    BOOL defaulted, present;
    DWORD error = fake_calls_enter(&fake_files_calls, "GetSecurityInfo");
    assert_int_equal(type, SE_FILE_OBJECT);
    assert_int_equal(parts, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION);
    assert_true(owner && list && descriptor && !group && !audit);
    const struct fake_handle *file = fake_handle_of(handle);
    if (!error && (file->access & (READ_CONTROL | GENERIC_READ)) == 0)
        error = ERROR_ACCESS_DENIED;
    PSECURITY_DESCRIPTOR found = NULL;
    if (!error)
        found = descriptor_of(file->file->sddl);
    error = fake_calls_leave(&fake_files_calls, "GetSecurityInfo", error);
    if (error) {
        LocalFree(found);
        return error;
    }
    *descriptor = found;
    assert_true(GetSecurityDescriptorOwner(found, owner, &defaulted));
    assert_true(GetSecurityDescriptorDacl(found, &present, list, &defaulted));
    if (!present)
        *list = NULL;
    return ERROR_SUCCESS;
}

static BOOL answer(const char *call, DWORD error)
{
    error = fake_calls_leave(&fake_files_calls, call, error);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

static BOOL WINAPI open_token(HANDLE process, DWORD rights, PHANDLE token)
{
    DWORD error = fake_calls_enter(&fake_files_calls, "OpenProcessToken");
    assert_true(process == GetCurrentProcess());
    assert_int_equal(rights, TOKEN_QUERY);
    assert_true(token_count < TOKENS_MAX);
    if (!answer("OpenProcessToken", error))
        return FALSE;
    tokens[token_count] = true;
    *token = (HANDLE)(uintptr_t)(TOKEN_BASE + token_count++);
    return TRUE;
}

static BOOL WINAPI get_token(HANDLE token, TOKEN_INFORMATION_CLASS class, LPVOID to, DWORD capacity,
                             PDWORD needed)
{
    wchar_t sddl[FAKE_SDDL_MAX];
    PSID sid;
    BOOL defaulted;
    DWORD error = fake_calls_enter(&fake_files_calls, "GetTokenInformation");
    assert_true(fake_security_is_token(token) && tokens[(uintptr_t)token - TOKEN_BASE]);
    assert_int_equal(class, TokenUser);
    swprintf(sddl, FAKE_SDDL_MAX, L"O:%ls", user);
    PSECURITY_DESCRIPTOR own = descriptor_of(sddl);
    assert_true(GetSecurityDescriptorOwner(own, &sid, &defaulted));
    *needed = (DWORD)sizeof(TOKEN_USER) + GetLengthSid(sid);
    if (!error && capacity < *needed)
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        TOKEN_USER *found = to;
        found->User = (SID_AND_ATTRIBUTES){.Sid = found + 1};
        CopySid(GetLengthSid(sid), found->User.Sid, sid);
    }
    LocalFree(own);
    return answer("GetTokenInformation", error);
}

/* ---- tokens --------------------------------------------------------------------------------- */

bool fake_security_is_token(HANDLE handle)
{
    uintptr_t value = (uintptr_t)handle;
    return value >= TOKEN_BASE && value - TOKEN_BASE < token_count;
}

void fake_security_close_token(HANDLE handle)
{
    assert_true(tokens[(uintptr_t)handle - TOKEN_BASE]);
    tokens[(uintptr_t)handle - TOKEN_BASE] = false;
}

unsigned fake_security_open_tokens(void)
{
    unsigned open = 0;
    for (size_t i = 0; i < token_count; i++)
        open += tokens[i];
    return open;
}

void fake_security_kill(void)
{
    token_count = 0;
}

void fake_security_reset(void)
{
    token_count = 0;
    fake_files_run_as(L"SY", true);
    protection_calls.GetSecurityInfo = get_security;
    protection_calls.LocalFree = LocalFree;
    protection_calls.OpenProcessToken = open_token;
    protection_calls.GetTokenInformation = get_token;
}
