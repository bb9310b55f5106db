/* fake_lookup.c: LookupAccountName and LookupAccountSid of the fake directory. */
#include "fake_directory.h"
#include <stdlib.h>
#include <string.h>

struct found {
    uint8_t sid[FAKE_SID_SIZE];
    DWORD sid_size;
    const wchar_t *domain;
    const wchar_t *name;
    SID_NAME_USE use;
};

static void found_account(struct found *found, const struct fake_domain *domain, DWORD rid,
                          const wchar_t *name, SID_NAME_USE use)
{
    fake_sid(domain, rid, found->sid);
    found->sid_size = FAKE_SID_SIZE;
    found->domain = domain->name;
    found->name = name;
    found->use = use;
}

static bool find_in(const struct fake_domain *domain, const wchar_t *name, struct found *found)
{
    for (size_t i = 0; i < fake.user_count; i++) {
        const struct fake_user *user = &fake.users[i];
        if (user->domain == domain && !user->deleted && lstrcmpiW(user->name, name) == 0) {
            found_account(found, domain, user->rid, user->name, SidTypeUser);
            return true;
        }
    }
    for (size_t i = 0; i < fake.group_count; i++) {
        const struct fake_group *group = &fake.groups[i];
        if (group->domain == domain && lstrcmpiW(group->name, name) == 0) {
            found_account(found, domain, group->rid, group->name, SidTypeGroup);
            return true;
        }
    }
    return false;
}

static void found_builtin(struct found *found, uint32_t rid, const wchar_t *name)
{
    static const uint8_t builtin[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0};
    memcpy(found->sid, builtin, sizeof builtin);
    memcpy(found->sid + sizeof builtin, &rid, sizeof rid);
    found->sid_size = sizeof builtin + sizeof rid;
    found->domain = L"BUILTIN";
    found->name = name;
    found->use = SidTypeAlias;
}

static bool find_system(struct found *found)
{
    static const uint8_t local_system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    memcpy(found->sid, local_system, sizeof local_system);
    found->sid_size = sizeof local_system;
    found->domain = L"NT AUTHORITY";
    found->name = L"SYSTEM";
    found->use = SidTypeWellKnownGroup;
    return true;
}

/* A bare name: well-known, built in, this computer, the names of domains, then domain by domain
 * (learn.microsoft.com nf-ntsecapi-lsalookupnames2: the order of an isolated name). */
static DWORD find_isolated(const wchar_t *name, struct found *found)
{
    if (lstrcmpiW(name, L"SYSTEM") == 0)
        return find_system(found) ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
    if (lstrcmpiW(name, fake_local()->administrators.name) == 0) {
        found_builtin(found, 544, fake_local()->administrators.name);
        return ERROR_SUCCESS;
    }
    for (size_t i = 0; i < fake.domain_count; i++)
        if (lstrcmpiW(name, fake.domains[i].name) == 0) {
            found_account(found, &fake.domains[i], 0, L"", SidTypeDomain);
            found->sid[1] = 4;
            found->sid_size -= 4;
            return ERROR_SUCCESS;
        }
    for (size_t i = 0; i < fake.domain_count; i++)
        if (fake_reachable(&fake.domains[i]) && find_in(&fake.domains[i], name, found))
            return ERROR_SUCCESS;
    return ERROR_NONE_MAPPED;
}

static DWORD find_name(const wchar_t *name, struct found *found)
{
    wchar_t domain[300] = L"", user[300] = L"";
    const wchar_t *slash = wcschr(name, L'\\'), *at = wcsrchr(name, L'@');
    if (wcslen(name) >= 300)
        return ERROR_NONE_MAPPED;
    if (slash != NULL) {
        memcpy(domain, name, (size_t)(slash - name) * sizeof *name);
        wcscpy(user, slash + 1);
    } else if (at != NULL) {
        memcpy(user, name, (size_t)(at - name) * sizeof *name);
        wcscpy(domain, at + 1);
    } else {
        return find_isolated(name, found);
    }
    if (lstrcmpiW(domain, L"NT AUTHORITY") == 0 && lstrcmpiW(user, L"SYSTEM") == 0)
        return find_system(found) ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
    for (size_t i = 0; i < fake.domain_count; i++) {
        const struct fake_domain *candidate = &fake.domains[i];
        if (lstrcmpiW(domain, candidate->name) != 0 && lstrcmpiW(domain, candidate->dns) != 0)
            continue;
        if (!fake_reachable(candidate))
            return ERROR_TRUSTED_RELATIONSHIP_FAILURE;
        return find_in(candidate, user, found) ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
    }
    return ERROR_NONE_MAPPED;
}

/* A string into a buffer of *count units: true when it fits; *count then excludes the terminator,
 * else it is what is needed with it. */
static bool put_string(const wchar_t *string, LPWSTR to, LPDWORD count)
{
    DWORD needed = (DWORD)wcslen(string) + 1;
    if (*count < needed) {
        *count = needed;
        return false;
    }
    memcpy(to, string, needed * sizeof *to);
    *count = needed - 1;
    return true;
}

BOOL WINAPI fake_LookupAccountNameW(LPCWSTR system, LPCWSTR name, PSID sid, LPDWORD sid_size,
                                    LPWSTR domain, LPDWORD domain_count, PSID_NAME_USE use)
{
    struct found found;
    DWORD error = fake_enter(FAKE_LOOKUP_NAME);
    if (fake.gate != NULL) {
        SetEvent(fake.waiting);
        WaitForSingleObject(fake.gate, INFINITE);
    }
    if (error == ERROR_SUCCESS && system != NULL)
        error = RPC_S_SERVER_UNAVAILABLE;
    if (error == ERROR_SUCCESS)
        error = find_name(name, &found);
    if (error == ERROR_SUCCESS) {
        bool fits = put_string(found.domain, domain, domain_count);
        if (*sid_size < found.sid_size || !fits)
            error = ERROR_INSUFFICIENT_BUFFER;
        else
            memcpy(sid, found.sid, found.sid_size);
        *sid_size = found.sid_size;
        *use = found.use;
    }
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

static bool same_sid(const uint8_t *sid, const struct fake_domain *domain, DWORD rid)
{
    uint8_t expected[FAKE_SID_SIZE];
    fake_sid(domain, rid, expected);
    return memcmp(sid, expected, sizeof expected) == 0;
}

static DWORD find_sid(const struct fake_domain *server, const uint8_t *sid, struct found *found)
{
    found_builtin(found, 544, server->administrators.name);
    if (sid[1] == 2 && memcmp(sid, found->sid, found->sid_size) == 0)
        return ERROR_SUCCESS;
    if (sid[1] == 1)
        return find_system(found) && memcmp(sid, found->sid, found->sid_size) == 0
                   ? ERROR_SUCCESS
                   : ERROR_NONE_MAPPED;
    if (sid[1] != 5)
        return ERROR_NONE_MAPPED;
    for (size_t i = 0; i < fake.user_count; i++) {
        const struct fake_user *user = &fake.users[i];
        if (!user->deleted && fake_reachable(user->domain) &&
            same_sid(sid, user->domain, user->rid)) {
            found_account(found, user->domain, user->rid, user->name, SidTypeUser);
            return ERROR_SUCCESS;
        }
    }
    for (size_t i = 0; i < fake.group_count; i++) {
        const struct fake_group *group = &fake.groups[i];
        if (fake_reachable(group->domain) && same_sid(sid, group->domain, group->rid)) {
            found_account(found, group->domain, group->rid, group->name, SidTypeGroup);
            return ERROR_SUCCESS;
        }
    }
    /* As documented, also when a network time-out keeps the name from being found. */
    return ERROR_NONE_MAPPED;
}

BOOL WINAPI fake_LookupAccountSidW(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_count,
                                   LPWSTR domain, LPDWORD domain_count, PSID_NAME_USE use)
{
    struct found found;
    DWORD error = fake_enter(FAKE_LOOKUP_SID), reached;
    const struct fake_domain *server = fake_server(system, &reached);
    if (error == ERROR_SUCCESS)
        error = reached;
    if (error == ERROR_SUCCESS)
        error = find_sid(server, sid, &found);
    if (error == ERROR_SUCCESS) {
        bool name_fits = put_string(found.name, name, name_count);
        bool domain_fits = put_string(found.domain, domain, domain_count);
        if (!name_fits || !domain_fits)
            error = ERROR_INSUFFICIENT_BUFFER;
        *use = found.use;
    }
    SetLastError(error);
    return error == ERROR_SUCCESS;
}
