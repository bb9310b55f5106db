/* probe_users.c: accounts, groups, names, SIDs. */
#include "probe.h"

#include <lm.h>
#include <dsgetdc.h>
#include <stdio.h>
#include <string.h>

static wchar_t name[] = L"probe-user";
static wchar_t password[] = L"Correct horse 1";

static DWORD add(const wchar_t *server)
{
    USER_INFO_1 info = {.usri1_name = name,
                        .usri1_password = password,
                        .usri1_priv = USER_PRIV_USER,
                        .usri1_flags = UF_SCRIPT | UF_DONT_EXPIRE_PASSWD};
    return NetUserAdd(server, 1, (LPBYTE)&info, NULL);
}

static DWORD flags_of(const wchar_t *server, const wchar_t *user)
{
    LPBYTE bytes = NULL;
    DWORD flags = 0;
    if (NetUserGetInfo(server, user, 20, &bytes) == NERR_Success)
        flags = ((USER_INFO_20 *)(void *)bytes)->usri20_flags;
    NetApiBufferFree(bytes);
    return flags;
}

static void accounts(const wchar_t *server)
{
    LPBYTE bytes = NULL;
    DWORD which = 0;
    probe_error(add(server), NERR_Success, "a user is added");
    probe_error(add(server), NERR_UserExists, "only once");
    probe_check(flags_of(server, L"PROBE-USER") ==
                    (UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD),
                "its flags are those given");
    USER_INFO_1008 disabled = {flags_of(server, name) | UF_ACCOUNTDISABLE};
    probe_error(NetUserSetInfo(server, name, 1008, (LPBYTE)&disabled, NULL), NERR_Success,
                "it is disabled");
    probe_check((flags_of(server, name) & UF_ACCOUNTDISABLE) != 0, "and stays so");
    USER_INFO_1008 bad = {UF_ACCOUNTDISABLE};
    probe_error(NetUserSetInfo(server, name, 1008, (LPBYTE)&bad, &which), ERROR_INVALID_PARAMETER,
                "flags without UF_SCRIPT are refused");
    probe_check(which == USER_FLAGS_PARMNUM, "and named");
    USER_INFO_1007 comment = {L"[RelayLock] hello"};
    NetUserSetInfo(server, name, 1007, (LPBYTE)&comment, NULL);
    NetUserGetInfo(server, name, 1, &bytes);
    probe_check(bytes != NULL && wcscmp(((USER_INFO_1 *)(void *)bytes)->usri1_comment,
                                        L"[RelayLock] hello") == 0,
                "a comment is kept");
    probe_check(bytes != NULL && ((USER_INFO_1 *)(void *)bytes)->usri1_password == NULL,
                "a password is never told");
    NetApiBufferFree(bytes);
    probe_error(NetUserGetInfo(server, name, 77, &bytes), ERROR_INVALID_LEVEL,
                "an unknown level is refused");
    probe_error(NetUserGetInfo(server, L"nobody", 1, &bytes), NERR_UserNotFound,
                "an unknown user is told");
    probe_error(NetUserDel(server, name), NERR_Success, "a user is deleted");
    probe_error(NetUserDel(server, name), NERR_UserNotFound, "only once");
}

static void passwords(void)
{
    HANDLE token;
    wchar_t other[] = L"Other horse 2";
    USER_INFO_1003 info = {other};
    add(NULL);
    probe_check(
        LogonUserW(name, L".", password, LOGON32_LOGON_NETWORK, LOGON32_PROVIDER_DEFAULT, &token),
        "the password opens the door");
    CloseHandle(token);
    probe_error(NetUserSetInfo(NULL, name, 1003, (LPBYTE)&info, NULL), NERR_Success,
                "it is changed");
    probe_lab(L"fault password_min=20");
    probe_error(NetUserSetInfo(NULL, name, 1003, (LPBYTE)&info, NULL), NERR_PasswordTooShort,
                "the policy refuses a short one");
    probe_lab(L"fault clear");
    probe_error(probe_last(LogonUserW(name, L".", password, LOGON32_LOGON_NETWORK,
                                      LOGON32_PROVIDER_DEFAULT, &token)),
                ERROR_LOGON_FAILURE, "the old one does not open it any more");
    NetUserDel(NULL, name);
}

static bool is_member(const wchar_t *group, const wchar_t *member)
{
    LPBYTE bytes = NULL;
    DWORD read = 0, total;
    bool found = false;
    if (NetLocalGroupGetMembers(NULL, group, 3, &bytes, MAX_PREFERRED_LENGTH, &read, &total,
                                NULL) != NERR_Success)
        return false;
    const LOCALGROUP_MEMBERS_INFO_3 *entries =
        (const LOCALGROUP_MEMBERS_INFO_3 *)(const void *)bytes;
    for (DWORD i = 0; i < read; i++) {
        const wchar_t *slash = wcschr(entries[i].lgrmi3_domainandname, L'\\');
        if (slash != NULL && _wcsicmp(slash + 1, member) == 0)
            found = true;
    }
    NetApiBufferFree(bytes);
    return found;
}

static void groups(void)
{
    LOCALGROUP_MEMBERS_INFO_3 member = {name};
    LPBYTE bytes = NULL;
    DWORD read = 0, total = 0;
    DWORD_PTR resume = 0;
    add(NULL);
    probe_error(NetLocalGroupAddMembers(NULL, L"Administrators", 3, (LPBYTE)&member, 1),
                NERR_Success, "a member is added");
    probe_error(NetLocalGroupAddMembers(NULL, L"Administrators", 3, (LPBYTE)&member, 1),
                ERROR_MEMBER_IN_ALIAS, "only once");
    probe_check(is_member(L"Administrators", name) &&
                    is_member(L"Administrators", L"Domain Admins"),
                "members are listed");
    probe_error(
        NetLocalGroupGetMembers(NULL, L"Administrators", 2, &bytes, 1, &read, &total, &resume),
        ERROR_MORE_DATA, "a page ends where it is full");
    probe_check(read == 1 && total == 3, "and says how many there are");
    NetApiBufferFree(bytes);
    USER_INFO_1008 disabled = {flags_of(NULL, L"Administrator") | UF_ACCOUNTDISABLE};
    USER_INFO_1008 enabled = {disabled.usri1008_flags & ~(DWORD)UF_ACCOUNTDISABLE};
    probe_error(NetUserSetInfo(NULL, L"Administrator", 1008, (LPBYTE)&disabled, NULL), NERR_Success,
                "an administrator is disabled while there is another");
    disabled.usri1008_flags = flags_of(NULL, name) | UF_ACCOUNTDISABLE;
    probe_error(NetUserSetInfo(NULL, name, 1008, (LPBYTE)&disabled, NULL), NERR_LastAdmin,
                "the last one is not");
    NetUserSetInfo(NULL, L"Administrator", 1008, (LPBYTE)&enabled, NULL);
    probe_error(NetLocalGroupDelMembers(NULL, L"Administrators", 3, (LPBYTE)&member, 1),
                NERR_Success, "a member is taken out");
    probe_error(NetLocalGroupGetMembers(NULL, L"Nothing", 3, &bytes, 100, &read, &total, NULL),
                ERROR_NO_SUCH_ALIAS, "an unknown group is told");
    probe_error(NetGroupGetUsers(L"\\\\LABDC", L"Domain Admins", 0, &bytes, MAX_PREFERRED_LENGTH,
                                 &read, &total, NULL),
                NERR_Success, "the users of a global group are listed");
    NetApiBufferFree(bytes);
    NetUserDel(NULL, name);
}

static bool same_sid(const wchar_t *first, const wchar_t *second)
{
    BYTE sids[2][SECURITY_MAX_SID_SIZE];
    wchar_t domain[64];
    const wchar_t *const names[] = {first, second};
    for (int i = 0; i < 2; i++) {
        DWORD size = sizeof sids[i], count = 64;
        SID_NAME_USE use;
        if (!LookupAccountNameW(NULL, names[i], sids[i], &size, domain, &count, &use))
            return false;
    }
    return EqualSid(sids[0], sids[1]);
}

static DWORD lookup(const wchar_t *account)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    wchar_t domain[64];
    DWORD size = sizeof sid, count = 64;
    SID_NAME_USE use;
    return probe_last(LookupAccountNameW(NULL, account, sid, &size, domain, &count, &use));
}

static void lookups(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    wchar_t domain[64], back[64];
    DWORD size = 0, count = 0, back_count = 64;
    SID_NAME_USE use;
    add(L"\\\\LABDC");
    probe_check(same_sid(L"LAB\\probe-user", L"PROBE-USER@lab.example") &&
                    same_sid(L"lab\\PROBE-user", L"probe-user"),
                "every spelling of a name has the same SID");
    probe_check(!same_sid(L"LAB\\Administrator", L"Administrator"),
                "a name alone is looked for on this computer first");
    probe_error(
        probe_last(LookupAccountNameW(NULL, L"LAB\\probe-user", NULL, &size, NULL, &count, &use)),
        ERROR_INSUFFICIENT_BUFFER, "sizes are told");
    probe_check(size == 28 && count == 4, "and right");
    LookupAccountNameW(NULL, L"LAB\\probe-user", sid, &size, domain, &count, &use);
    count = 64;
    probe_check(LookupAccountSidW(NULL, sid, back, &back_count, domain, &count, &use) &&
                    use == SidTypeUser && wcscmp(back, name) == 0 && wcscmp(domain, L"LAB") == 0,
                "and back");
    probe_error(lookup(L"LAB\\nobody"), ERROR_NONE_MAPPED, "an unknown name is told");
    probe_error(lookup(L"nobody-here"), ERROR_NONE_MAPPED, "also without a domain");
    probe_error(lookup(L"NOWHERE\\bob"), ERROR_NONE_MAPPED, "and of an unknown domain");
    probe_lab(L"fault dc=gone");
    probe_error(lookup(L"LAB\\probe-user"), ERROR_TRUSTED_RELATIONSHIP_FAILURE,
                "without a domain controller nothing is known");
    probe_lab(L"fault dc=here");
    probe_error(lookup(L"NT AUTHORITY\\SYSTEM"), ERROR_SUCCESS, "SYSTEM is known");
    probe_error(lookup(L"BUILTIN\\Administrators"), ERROR_SUCCESS, "Administrators are known");
    NetUserDel(L"\\\\LABDC", name);
    count = back_count = 64;
    probe_error(probe_last(LookupAccountSidW(NULL, sid, back, &back_count, domain, &count, &use)),
                ERROR_NONE_MAPPED, "a deleted account has no name");
}

static void domain_controller(void)
{
    PDOMAIN_CONTROLLER_INFOW info = NULL;
    LPBYTE bytes = NULL;
    ULONG flags = DS_IS_FLAT_NAME | DS_WRITABLE_REQUIRED;
    probe_error(DsGetDcNameW(NULL, L"LAB", NULL, NULL, flags, &info), ERROR_SUCCESS,
                "a domain controller is found");
    probe_check(info != NULL && wcscmp(info->DomainControllerName, L"\\\\LABDC") == 0, "and named");
    NetApiBufferFree(info);
    probe_error(DsGetDcNameW(NULL, L"NOWHERE", NULL, NULL, flags, &info), ERROR_NO_SUCH_DOMAIN,
                "an unknown domain is told");
    probe_lab(L"fault dc=gone");
    probe_error(NetUserGetInfo(L"\\\\LABDC", L"Administrator", 1, &bytes), ERROR_BAD_NETPATH,
                "one that is gone cannot be reached");
    probe_error(DsGetDcNameW(NULL, L"LAB", NULL, NULL, flags, &info), ERROR_SUCCESS,
                "it is remembered");
    NetApiBufferFree(info);
    probe_error(DsGetDcNameW(NULL, L"LAB", NULL, NULL, flags | DS_FORCE_REDISCOVERY, &info),
                ERROR_NO_SUCH_DOMAIN, "until it is looked for again");
    probe_lab(L"fault dc2=1");
    probe_error(DsGetDcNameW(NULL, L"LAB", NULL, NULL, flags | DS_FORCE_REDISCOVERY, &info),
                ERROR_SUCCESS, "another one takes over");
    probe_check(info != NULL && wcscmp(info->DomainControllerName, L"\\\\LABDC2") == 0,
                "and is named");
    NetApiBufferFree(info);
    probe_lab(L"fault clear");
    probe_lab(L"fault net_delay_ms=300");
    DWORD start = GetTickCount();
    NetUserGetInfo(NULL, L"Administrator", 1, &bytes);
    NetApiBufferFree(bytes);
    probe_check(GetTickCount() - start >= 290, "a slow answer is slow");
    probe_lab(L"fault clear net_set_error=5");
    USER_INFO_1007 comment = {L""};
    probe_error(NetUserSetInfo(NULL, L"Administrator", 1007, (LPBYTE)&comment, NULL),
                ERROR_ACCESS_DENIED, "access is denied");
    probe_lab(L"fault clear");
}

static DWORD signs_in(const wchar_t *domain)
{
    HANDLE token;
    DWORD error = probe_last(LogonUserW(name, domain, password, LOGON32_LOGON_NETWORK,
                                        LOGON32_PROVIDER_DEFAULT, &token));
    if (error == ERROR_SUCCESS)
        CloseHandle(token);
    return error;
}

static bool finds(ULONG flags, const wchar_t *controller)
{
    PDOMAIN_CONTROLLER_INFOW info = NULL;
    DsGetDcNameW(NULL, L"LAB", NULL, NULL, DS_IS_FLAT_NAME | flags, &info);
    bool found = info != NULL && wcscmp(info->DomainControllerName, controller) == 0;
    NetApiBufferFree(info);
    return found;
}

static DWORD write_flags(const wchar_t *server, DWORD flags)
{
    USER_INFO_1008 info = {flags};
    return NetUserSetInfo(server, name, 1008, (LPBYTE)&info, NULL);
}

/* A domain has many controllers, and what is written on one comes to the others later. */
static void controller_that_lags(void)
{
    const DWORD enabled = UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD;
    LPBYTE bytes;
    add(L"\\\\LABDC");
    probe_lab(L"fault dc_lag=1");
    probe_check(finds(DS_WRITABLE_REQUIRED, L"\\\\LABDC") && finds(0, L"\\\\LABDC2"),
                "the controller to write to need not be the one in use");
    write_flags(L"\\\\LABDC", enabled | UF_ACCOUNTDISABLE);
    probe_check(flags_of(L"\\\\LABDC2", name) == enabled, "one that lags knows of no change");
    probe_error(signs_in(L"LAB"), ERROR_SUCCESS, "so that one signs in there still");
    probe_error(write_flags(L"\\\\LABDC2", enabled | UF_ACCOUNTDISABLE), NERR_Success,
                "it can be told itself");
    probe_error(signs_in(L"LAB"), ERROR_ACCOUNT_DISABLED, "and then does not let one in");
    write_flags(L"\\\\LABDC", enabled);
    probe_check(flags_of(L"\\\\LABDC", name) == enabled, "a flag that is left out is cleared");
    probe_lab(L"fault dc_lag=0");
    probe_error(signs_in(L"LAB"), ERROR_SUCCESS, "once it has heard of all, the last change holds");
    probe_error(NetUserGetInfo(L"\\\\LABDC2", name, 1, &bytes), ERROR_BAD_NETPATH,
                "and it is gone");
    probe_lab(L"fault dc_lag=1");
    write_flags(L"\\\\LABDC2", enabled | UF_ACCOUNTDISABLE);
    probe_lab(L"fault clear");
    probe_check(flags_of(L"\\\\LABDC", name) == (enabled | UF_ACCOUNTDISABLE),
                "what was written on it alone comes to the others, too");
    NetUserDel(L"\\\\LABDC", name);
}

static DWORD count_users(const wchar_t *server)
{
    LPBYTE bytes = NULL;
    DWORD read = 0, total, all = 0, resume = 0, error;
    do {
        error = NetUserEnum(server, 0, 0, &bytes, 4000, &read, &total, &resume);
        all += read;
        NetApiBufferFree(bytes);
    } while (error == ERROR_MORE_DATA);
    return all;
}

void probe_users(void)
{
    accounts(NULL);
    accounts(L"\\\\LABDC");
    passwords();
    groups();
    lookups();
    domain_controller();
    controller_that_lags();
    probe_check(count_users(NULL) == 2 && count_users(L"\\\\LABDC") == 4, "users are counted");
}
