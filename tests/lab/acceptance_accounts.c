#include "acceptance_accounts.h"
#include "acceptance_check.h"
#include "acceptance_leftovers.h"

#include <dsgetdc.h>
#include <wincrypt.h>
#include <wchar.h>

enum { SID_SIZE_MAX = 68, RANDOM_CHARACTERS = 20 };

/* One character of each class first, so that every password policy is content. */
static void make_password(wchar_t password[PWLEN + 1])
{
    static const wchar_t letters[] =
        L"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_+=";
    BYTE bytes[RANDOM_CHARACTERS];
    HCRYPTPROV provider;
    check_windows(CryptAcquireContextW(&provider, NULL, NULL, PROV_RSA_FULL, CRYPT_VERIFYCONTEXT),
                  L"CryptAcquireContext");
    bool random = CryptGenRandom(provider, sizeof bytes, bytes);
    DWORD error = GetLastError();
    CryptReleaseContext(provider, 0);
    check_that(random, L"CryptGenRandom failed with error %lu", error);
    wcscpy(password, L"Aa1-");
    for (size_t i = 0; i < RANDOM_CHARACTERS; i++)
        password[4 + i] = letters[bytes[i] % (ARRAYSIZE(letters) - 1)];
    password[4 + RANDOM_CHARACTERS] = L'\0';
}

static const wchar_t *server_of(const struct account *account)
{
    return account->server[0] ? account->server : NULL;
}

static DWORD read_facts(const wchar_t *server, const wchar_t *name, struct account_facts *facts)
{
    USER_INFO_1 *user = NULL;
    NET_API_STATUS error = NetUserGetInfo(server, name, 1, (BYTE **)&user);
    if (error != NERR_Success)
        return error;
    facts->flags = user->usri1_flags;
    facts->password_age = user->usri1_password_age;
    facts->comment[0] = L'\0';
    if (user->usri1_comment)
        wcsncat(facts->comment, user->usri1_comment, ARRAYSIZE(facts->comment) - 1);
    NetApiBufferFree(user);
    return NERR_Success;
}

static DWORD write_flags(const wchar_t *server, const wchar_t *name, DWORD flags)
{
    USER_INFO_1008 user = {.usri1008_flags = flags};
    return NetUserSetInfo(server, name, 1008, (BYTE *)&user, NULL);
}

/* The domain is what Windows says, not the computer's name: on a domain controller, as a Small
 * Business Server is, its users belong to the domain. */
static void find_domain(struct account *account, BYTE sid[SID_SIZE_MAX])
{
    DWORD size = SID_SIZE_MAX;
    wchar_t domain[DNLEN + 1];
    DWORD count = ARRAYSIZE(domain);
    SID_NAME_USE use;
    check_windows(LookupAccountNameW(NULL, account->name, sid, &size, domain, &count, &use),
                  L"LookupAccountName of the test user");
    _snwprintf(account->full, ARRAYSIZE(account->full), L"%ls\\%ls", domain, account->name);
}

void account_create(struct account *account, const wchar_t *tag)
{
    *account = (struct account){0};
    _snwprintf(account->name, ARRAYSIZE(account->name), L"RLA-%.8ls-%04lx", tag,
               GetTickCount() >> 4 & 0xffff);
    make_password(account->password);
    struct account_facts facts;
    check_that(read_facts(NULL, account->name, &facts) == NERR_UserNotFound,
               L"there is a user %ls already", account->name);
    leftover_note(LEFTOVER_ACCOUNT, account->name);
    wchar_t comment[] = ACCOUNT_COMMENT;
    USER_INFO_1 user = {
        .usri1_name = account->name,
        .usri1_password = account->password,
        .usri1_priv = USER_PRIV_USER,
        .usri1_comment = comment,
        .usri1_flags = UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD,
    };
    check_call(NetUserAdd(NULL, 1, (BYTE *)&user, NULL), L"NetUserAdd");
    BYTE sid[SID_SIZE_MAX];
    find_domain(account, sid);
}

void account_find_administrator(struct account *account, const struct account *sibling)
{
    *account = *sibling;
    BYTE sid[SID_SIZE_MAX];
    find_domain(account, sid);
    DWORD last = *GetSidSubAuthorityCount(sid) - 1u;
    *GetSidSubAuthority(sid, last) = DOMAIN_USER_RID_ADMIN;
    wchar_t domain[DNLEN + 1];
    DWORD domain_count = ARRAYSIZE(domain), name_count = ARRAYSIZE(account->name);
    SID_NAME_USE use;
    check_windows(
        LookupAccountSidW(NULL, sid, account->name, &name_count, domain, &domain_count, &use),
        L"LookupAccountSid of the RID 500");
    _snwprintf(account->full, ARRAYSIZE(account->full), L"%ls\\%ls", domain, account->name);
}

/* Splits DOMAIN\user and finds who holds it. */
static DWORD locate(const wchar_t *full, struct account *account)
{
    *account = (struct account){0};
    const wchar_t *slash = wcschr(full, L'\\');
    if (!slash || slash == full || slash - full > DNLEN || wcslen(slash + 1) > UNLEN)
        return ERROR_INVALID_ACCOUNT_NAME;
    wchar_t domain[DNLEN + 1] = {0}, computer[MAX_COMPUTERNAME_LENGTH + 1];
    wcsncpy(domain, full, (size_t)(slash - full));
    wcscpy(account->name, slash + 1);
    wcscpy(account->full, full);
    DWORD count = ARRAYSIZE(computer);
    if (GetComputerNameW(computer, &count) && _wcsicmp(computer, domain) == 0)
        return ERROR_SUCCESS;
    DOMAIN_CONTROLLER_INFOW *controller = NULL;
    DWORD error = DsGetDcNameW(NULL, domain, NULL, NULL, DS_WRITABLE_REQUIRED, &controller);
    if (error == ERROR_SUCCESS) {
        wcsncat(account->server, controller->DomainControllerName, ARRAYSIZE(account->server) - 1);
        NetApiBufferFree(controller);
    }
    return error;
}

void account_find(struct account *account, const wchar_t *full)
{
    DWORD error = locate(full, account);
    check_that(error == ERROR_SUCCESS, L"finding %ls failed with error %lu", full, error);
}

void account_read(const struct account *account, struct account_facts *facts)
{
    DWORD error = read_facts(server_of(account), account->name, facts);
    check_that(error == NERR_Success, L"NetUserGetInfo of %ls failed with error %lu", account->full,
               error);
}

bool account_is_disabled(const struct account *account)
{
    struct account_facts facts;
    account_read(account, &facts);
    return facts.flags & UF_ACCOUNTDISABLE;
}

void account_disable(const struct account *account)
{
    struct account_facts facts;
    account_read(account, &facts);
    check_call(write_flags(server_of(account), account->name, facts.flags | UF_ACCOUNTDISABLE),
               L"NetUserSetInfo");
}

void account_change(const struct account *account)
{
    struct account_facts facts;
    account_read(account, &facts);
    check_call(write_flags(server_of(account), account->name, facts.flags ^ UF_DONT_EXPIRE_PASSWD),
               L"NetUserSetInfo");
}

static bool is_disabled(const void *account)
{
    return account_is_disabled(account);
}

DWORD account_expect_disabled(const struct account *account, DWORD ms)
{
    DWORD start = GetTickCount();
    check_that(check_wait(is_disabled, account, ms), L"%ls is still enabled after %lu ms",
               account->full, ms);
    return GetTickCount() - start;
}

void account_expect_enabled(const struct account *account)
{
    check_that(!account_is_disabled(account), L"%ls has been disabled", account->full);
}

/* Any answer but "wrong name or password" comes after the password was found right: a logon type
 * not granted, a restriction. */
static bool accepts(const struct account *account, const wchar_t *password)
{
    wchar_t domain[DNLEN + 1] = {0};
    wcsncpy(domain, account->full, (size_t)(wcschr(account->full, L'\\') - account->full));
    HANDLE token;
    if (!LogonUserW(account->name, domain, password, LOGON32_LOGON_NETWORK,
                    LOGON32_PROVIDER_DEFAULT, &token))
        return GetLastError() != ERROR_LOGON_FAILURE;
    CloseHandle(token);
    return true;
}

enum account_password account_try_password(const struct account *account, const wchar_t *password)
{
    if (!accepts(account, password))
        return ACCOUNT_PASSWORD_WRONG;
    return accepts(account, L"never its password 7") ? ACCOUNT_PASSWORD_UNTESTED
                                                     : ACCOUNT_PASSWORD_RIGHT;
}

DWORD account_delete(const wchar_t *name)
{
    NET_API_STATUS error = NetUserDel(NULL, name);
    return error == NERR_UserNotFound ? NERR_Success : error;
}

static DWORD locate_and_read(const wchar_t *full, struct account *account,
                             struct account_facts *facts)
{
    DWORD error = locate(full, account);
    return error == ERROR_SUCCESS ? read_facts(server_of(account), account->name, facts) : error;
}

DWORD account_enable(const wchar_t *full)
{
    struct account account;
    struct account_facts facts;
    DWORD error = locate_and_read(full, &account, &facts);
    if (error == ERROR_SUCCESS && facts.flags & UF_ACCOUNTDISABLE)
        error =
            write_flags(server_of(&account), account.name, facts.flags & ~(DWORD)UF_ACCOUNTDISABLE);
    return error;
}

DWORD account_unmark(const wchar_t *full)
{
    struct account account;
    struct account_facts facts;
    DWORD error = locate_and_read(full, &account, &facts);
    if (error != ERROR_SUCCESS || wcsncmp(facts.comment, ACCOUNT_MARK, wcslen(ACCOUNT_MARK)) != 0)
        return error;
    USER_INFO_1007 user = {.usri1007_comment = facts.comment + wcslen(ACCOUNT_MARK)};
    return NetUserSetInfo(server_of(&account), account.name, 1007, (BYTE *)&user, NULL);
}
