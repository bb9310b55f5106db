/* advapi32_lookup.c: account names and SIDs of the lab; any others are Wine's to know.
 *
 * Source: learn.microsoft.com nf-winbase-lookupaccountnamew, -lookupaccountsidw, -logonuserw.
 */
#include <windows.h>
#include <lm.h>
#include <string.h>

#include "advapi32.h"
#include "lab_faults.h"
#include "lab_users.h"

/* What a lookup came to, copied out of the store. */
struct answer {
    uint8_t sid[LAB_SID_MAX];
    DWORD sid_size;
    wchar_t domain[LAB_ACCOUNT_NAME];
    wchar_t name[LAB_ACCOUNT_NAME];
    SID_NAME_USE use;
};

/* A function of Wine's own; the name is one that this DLL has itself. */
union wine_function {
    FARPROC found;
    BOOL(WINAPI *lookup_name)(LPCWSTR, LPCWSTR, PSID, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
    BOOL(WINAPI *lookup_sid)(LPCWSTR, PSID, LPWSTR, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
};

static union wine_function wine(const char *name)
{
    union wine_function function = {
        .found = GetProcAddress(GetModuleHandleW(L"advapi32_wine.dll"), name)};
    return function;
}

static bool is_domain_name(const wchar_t *name)
{
    return _wcsicmp(name, LAB_DOMAIN_NAME) == 0 || _wcsicmp(name, LAB_DOMAIN_DNS) == 0;
}

/* What one asks a domain controller that cannot be reached. */
static bool is_out_of_reach(enum lab_domain domain)
{
    return domain == LAB_DOMAIN && lab_fault(LAB_FAULT_DC) && !lab_has_dc2();
}

static void fill(struct answer *answer, const struct lab_principal *principal)
{
    static const SID_NAME_USE uses[] = {
        [LAB_USER] = SidTypeUser, [LAB_GLOBAL_GROUP] = SidTypeGroup, [LAB_ALIAS] = SidTypeAlias};
    answer->sid_size = lab_sid(principal, answer->sid);
    answer->use = uses[principal->kind];
    wcscpy(answer->domain, lab_domain_of(principal));
    wcscpy(answer->name, principal->name);
}

static void fill_domain(struct answer *answer, enum lab_domain domain)
{
    answer->sid_size = lab_domain_sid(domain, answer->sid);
    answer->use = SidTypeDomain;
    wcscpy(answer->domain, domain == LAB_COMPUTER ? lab_store->computer : LAB_DOMAIN_NAME);
    wcscpy(answer->name, L"");
}

static DWORD find_in(enum lab_domain domain, const wchar_t *name, unsigned kinds,
                     struct answer *answer)
{
    if (is_out_of_reach(domain))
        return ERROR_TRUSTED_RELATIONSHIP_FAILURE;
    unsigned slot = lab_principal_by_name(domain, name, kinds);
    if (slot == LAB_PRINCIPALS)
        return ERROR_NONE_MAPPED;
    fill(answer, lab_principal(slot));
    return ERROR_SUCCESS;
}

/* Which of the lab's two databases the asked computer looks in first. */
static bool home_of(const wchar_t *system, enum lab_domain *home)
{
    *home = LAB_COMPUTER;
    if (advapi32_is_this_computer(system))
        return true;
    while (*system == L'\\')
        system++;
    *home = LAB_DOMAIN;
    bool first = _wcsicmp(system, LAB_DC_NAME) == 0 && !lab_fault(LAB_FAULT_DC);
    return first || (_wcsicmp(system, LAB_DC2_NAME) == 0 && lab_has_dc2());
}

/* *foreign: it is none of the lab's names; Wine may know it. */
static DWORD find_name(enum lab_domain home, const wchar_t *name, struct answer *answer,
                       bool *foreign)
{
    wchar_t domain[64];
    const wchar_t *slash = wcschr(name, L'\\');
    const wchar_t *at = wcsrchr(name, L'@');
    *foreign = false;
    if (slash != NULL) {
        size_t count = (size_t)(slash - name);
        if (count < sizeof domain / sizeof *domain) {
            memcpy(domain, name, count * sizeof *name);
            domain[count] = 0;
            if (is_domain_name(domain))
                return find_in(LAB_DOMAIN, slash + 1, LAB_USERS | LAB_GROUPS, answer);
            if (_wcsicmp(domain, lab_store->computer) == 0)
                return find_in(LAB_COMPUTER, slash + 1, LAB_USERS | LAB_GROUPS, answer);
            if (_wcsicmp(domain, L"BUILTIN") == 0 &&
                find_in(home, slash + 1, LAB_ALIASES, answer) == 0)
                return ERROR_SUCCESS;
        }
        *foreign = true;
        return ERROR_NONE_MAPPED;
    }
    if (at != NULL && wcslen(name) < 256 && is_domain_name(at + 1)) {
        wchar_t user[256];
        memcpy(user, name, (size_t)(at - name) * sizeof *name);
        user[at - name] = 0;
        return find_in(LAB_DOMAIN, user, LAB_USERS, answer);
    }
    if (is_domain_name(name) || _wcsicmp(name, lab_store->computer) == 0) {
        fill_domain(answer, is_domain_name(name) ? LAB_DOMAIN : LAB_COMPUTER);
        return ERROR_SUCCESS;
    }
    DWORD error = find_in(home, name, LAB_ANYBODY, answer);
    if (error == ERROR_NONE_MAPPED && home == LAB_COMPUTER && *name != 0)
        error = find_in(LAB_DOMAIN, name, LAB_USERS | LAB_GROUPS, answer);
    *foreign = error != ERROR_SUCCESS;
    return error;
}

/* Puts a text into a caller's buffer of *count units; count then as the functions document it. */
static bool fits(const wchar_t *text, DWORD count)
{
    return wcslen(text) < count;
}

static void put_text(const wchar_t *text, wchar_t *buffer, DWORD *count)
{
    wcscpy(buffer, text);
    *count = (DWORD)wcslen(text);
}

/* Asks the host that is meant. When that is well, the lab is locked, and *home is its domain. */
static DWORD begin(LPCWSTR system, enum lab_domain *home)
{
    lab_fault_wait(LAB_FAULT_LOOKUP_DELAY_MS);
    DWORD error = (DWORD)lab_fault(LAB_FAULT_LOOKUP_ERROR);
    if (error == ERROR_SUCCESS && !home_of(system, home))
        error = RPC_S_SERVER_UNAVAILABLE;
    return error == ERROR_SUCCESS ? lab_lock() : error;
}

BOOL WINAPI LookupAccountNameW(LPCWSTR system, LPCWSTR name, PSID sid, LPDWORD sid_size,
                               LPWSTR domain, LPDWORD domain_count, PSID_NAME_USE use)
{
    struct answer answer;
    enum lab_domain home;
    bool foreign = false;
    if (name == NULL || sid_size == NULL || domain_count == NULL || use == NULL)
        return advapi32_result(ERROR_INVALID_PARAMETER);
    DWORD error = begin(system, &home);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = find_name(home, name, &answer, &foreign);
    lab_unlock();
    if (foreign && wine("LookupAccountNameW")
                       .lookup_name(NULL, name, sid, sid_size, domain, domain_count, use))
        return TRUE;
    if (foreign && GetLastError() == ERROR_INSUFFICIENT_BUFFER)
        return FALSE;
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    if (sid == NULL || *sid_size < answer.sid_size || domain == NULL ||
        !fits(answer.domain, *domain_count)) {
        *sid_size = answer.sid_size;
        *domain_count = (DWORD)wcslen(answer.domain) + 1;
        return advapi32_result(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(sid, answer.sid, answer.sid_size);
    *sid_size = answer.sid_size;
    put_text(answer.domain, domain, domain_count);
    *use = answer.use;
    return TRUE;
}

static DWORD find_sid(enum lab_domain home, const uint8_t *sid, struct answer *answer,
                      bool *foreign)
{
    unsigned slot = lab_principal_by_sid(home, sid);
    *foreign = false;
    if (slot < LAB_PRINCIPALS) {
        enum lab_domain domain = (enum lab_domain)lab_principal(slot)->domain;
        if (domain != home && is_out_of_reach(domain))
            return ERROR_TRUSTED_RELATIONSHIP_FAILURE;
        fill(answer, lab_principal(slot));
        return ERROR_SUCCESS;
    }
    for (int domain = LAB_COMPUTER; domain <= LAB_DOMAIN; domain++) {
        uint8_t own[LAB_SID_MAX];
        DWORD size = lab_domain_sid((enum lab_domain)domain, own);
        if (sid[1] < own[1] || memcmp(sid + 2, own + 2, size - 2) != 0)
            continue;
        if (sid[1] != own[1]) /* an account of ours that does not exist (any more) */
            return is_out_of_reach((enum lab_domain)domain) ? ERROR_TRUSTED_RELATIONSHIP_FAILURE
                                                            : ERROR_NONE_MAPPED;
        fill_domain(answer, (enum lab_domain)domain);
        return ERROR_SUCCESS;
    }
    *foreign = true;
    return ERROR_NONE_MAPPED;
}

BOOL WINAPI LookupAccountSidW(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_count,
                              LPWSTR domain, LPDWORD domain_count, PSID_NAME_USE use)
{
    struct answer answer;
    enum lab_domain home;
    bool foreign = false;
    if (sid == NULL || name_count == NULL || domain_count == NULL || use == NULL)
        return advapi32_result(ERROR_INVALID_PARAMETER);
    if (!IsValidSid(sid))
        return advapi32_result(ERROR_INVALID_SID);
    DWORD error = begin(system, &home);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = find_sid(home, sid, &answer, &foreign);
    lab_unlock();
    if (foreign)
        return wine("LookupAccountSidW")
            .lookup_sid(NULL, sid, name, name_count, domain, domain_count, use);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    if (name == NULL || !fits(answer.name, *name_count) || domain == NULL ||
        !fits(answer.domain, *domain_count)) {
        *name_count = (DWORD)wcslen(answer.name) + 1;
        *domain_count = (DWORD)wcslen(answer.domain) + 1;
        return advapi32_result(ERROR_INSUFFICIENT_BUFFER);
    }
    put_text(answer.name, name, name_count);
    put_text(answer.domain, domain, domain_count);
    *use = answer.use;
    return TRUE;
}

static DWORD check_password(const wchar_t *user, const wchar_t *domain, const wchar_t *password)
{
    enum lab_domain where = LAB_COMPUTER;
    if (domain != NULL && is_domain_name(domain))
        where = LAB_DOMAIN;
    else if (domain != NULL && wcscmp(domain, L".") != 0 && *domain != 0 &&
             _wcsicmp(domain, lab_store->computer) != 0)
        return ERROR_LOGON_FAILURE;
    if (is_out_of_reach(where))
        return ERROR_NO_LOGON_SERVERS;
    unsigned slot = lab_principal_by_name(where, user, LAB_USERS);
    if (slot == LAB_PRINCIPALS)
        return ERROR_LOGON_FAILURE;
    /* One signs in by the domain controller that this host uses. */
    const struct lab_principal *account = where == LAB_DOMAIN && lab_fault(LAB_FAULT_DC_LAG)
                                              ? lab_principal_behind(slot)
                                              : lab_principal(slot);
    if (!lab_password_is(account, password))
        return ERROR_LOGON_FAILURE;
    return (account->flags & UF_ACCOUNTDISABLE) != 0 ? ERROR_ACCOUNT_DISABLED : ERROR_SUCCESS;
}

/* The token is one of this process's own user: the lab checks passwords, it impersonates nobody. */
BOOL WINAPI LogonUserW(LPCWSTR user, LPCWSTR domain, LPCWSTR password, DWORD type, DWORD provider,
                       PHANDLE token)
{
    (void)type;
    (void)provider;
    if (user == NULL || password == NULL || token == NULL)
        return advapi32_result(ERROR_INVALID_PARAMETER);
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = check_password(user, domain, password);
    lab_unlock();
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    return OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE | TOKEN_IMPERSONATE,
                            token);
}
