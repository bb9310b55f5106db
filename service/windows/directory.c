#include "directory.h"
#include "last_error.h"
#include "../core/sid.h"
#include <string.h>

/* Units of a terminated string, at most limit. */
static size_t length_within(const wchar_t *string, size_t limit)
{
    size_t length = 0;
    while (length < limit && string[length] != 0)
        length++;
    return length;
}

const wchar_t *directory_server_argument(const wchar_t *server)
{
    return server[0] != 0 ? server : NULL;
}

DWORD directory_find_name(const wchar_t *server, const uint8_t *sid, struct directory_name *name,
                          const char **failed_call)
{
    struct directory_name found = {.name = {0}};
    DWORD name_count = UNLEN + 1, domain_count = DIRECTORY_DOMAIN_MAX;
    uint8_t copy[IDENTITY_SID_MAX]; /* aligned or not, and not const, as the call wants it */
    memcpy(copy, sid, sid_size(sid, sizeof copy));

    *failed_call = "LookupAccountSidW";
    if (!account_calls.LookupAccountSidW(directory_server_argument(server), copy, found.name,
                                         &name_count, found.domain, &domain_count, &found.use))
        return GetLastError();
    /* The counts are without the terminators; what Windows says of its own buffers is checked. */
    if (name_count == 0 || name_count > UNLEN || domain_count >= DIRECTORY_DOMAIN_MAX)
        return ERROR_INVALID_DATA;
    found.name[name_count] = 0;
    found.domain[domain_count] = 0;
    *name = found;
    return ERROR_SUCCESS;
}

static bool same_name(const wchar_t *a, const wchar_t *b)
{
    return text_equal_fold(text_of(a), text_of(b));
}

/* The name as DsGetDcName gives it, with two backslashes before it. One that is empty must not turn
 * into "this computer". */
static DWORD copy_server(const wchar_t *name, wchar_t server[ACCOUNT_SERVER_MAX])
{
    if (name == NULL)
        return ERROR_INVALID_DATA;
    size_t length = length_within(name, ACCOUNT_SERVER_MAX), slashes = 0;
    while (name[slashes] == L'\\')
        slashes++;
    if (length == slashes || length == ACCOUNT_SERVER_MAX)
        return ERROR_INVALID_DATA;
    memcpy(server, name, (length + 1) * sizeof *server);
    return ERROR_SUCCESS;
}

/* Whether this computer is a controller of that domain (null: of any) whose directory runs and can
 * be written to. */
static bool is_writable_controller(const wchar_t *domain)
{
    enum { READ_ONLY = 8 /* DSROLE_PRIMARY_DS_READONLY; never set before Server 2008 */ };
    BYTE *buffer = NULL;
    if (account_calls.DsRoleGetPrimaryDomainInformation(NULL, DsRolePrimaryDomainInfoBasic,
                                                        &buffer) != ERROR_SUCCESS ||
        buffer == NULL)
        return false;
    const DSROLE_PRIMARY_DOMAIN_INFO_BASIC *info =
        (const DSROLE_PRIMARY_DOMAIN_INFO_BASIC *)(const void *)buffer;
    bool is =
        (info->MachineRole == DsRole_RoleBackupDomainController ||
         info->MachineRole == DsRole_RolePrimaryDomainController) &&
        (info->Flags & (DSROLE_PRIMARY_DS_RUNNING | READ_ONLY)) == DSROLE_PRIMARY_DS_RUNNING &&
        (domain == NULL ||
         (info->DomainNameFlat != NULL && same_name(domain, info->DomainNameFlat)));
    account_calls.DsRoleFreeMemory(buffer);
    return is;
}

DWORD directory_find_server(const wchar_t *domain, enum account_place place, bool rediscover,
                            wchar_t server[ACCOUNT_SERVER_MAX], const char **failed_call)
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD count = MAX_COMPUTERNAME_LENGTH + 1;
    *failed_call = "GetComputerNameW";
    if (domain != NULL && !account_calls.GetComputerNameW(computer, &count))
        return last_error();
    if ((domain != NULL && (same_name(domain, computer) || same_name(domain, L"BUILTIN"))) ||
        (place == ACCOUNT_WRITABLE && is_writable_controller(domain))) {
        server[0] = 0;
        return ERROR_SUCCESS;
    }

    /* No DS_RETURN_DNS_NAME: a domain of NT 4 has no DNS name, and its being asked for fails. */
    PDOMAIN_CONTROLLER_INFOW controller = NULL;
    ULONG flags = (domain != NULL ? DS_IS_FLAT_NAME : 0u) |
                  (place == ACCOUNT_WRITABLE ? DS_WRITABLE_REQUIRED : 0u) |
                  (rediscover ? DS_FORCE_REDISCOVERY : 0u);
    *failed_call = "DsGetDcNameW";
    DWORD error = account_calls.DsGetDcNameW(NULL, domain, NULL, NULL, flags, &controller);
    if (error != ERROR_SUCCESS)
        return error;
    if (controller == NULL)
        return ERROR_INVALID_DATA;
    error = copy_server(controller->DomainControllerName, server);
    account_calls.NetApiBufferFree(controller);
    return error;
}

DWORD directory_find_own_domain(wchar_t domain[DIRECTORY_DOMAIN_MAX], const char **failed_call)
{
    NETSETUP_JOIN_STATUS status = NetSetupUnknownStatus;
    LPWSTR name = NULL;
    *failed_call = "NetGetJoinInformation";
    DWORD error = account_calls.NetGetJoinInformation(NULL, &name, &status);
    if (error != NERR_Success)
        return error;
    size_t length = name == NULL ? 0 : length_within(name, DIRECTORY_DOMAIN_MAX);
    if (status != NetSetupDomainName)
        domain[0] = 0;
    else if (length == 0 || length == DIRECTORY_DOMAIN_MAX)
        error = ERROR_INVALID_DATA;
    else
        memcpy(domain, name, (length + 1) * sizeof *domain);
    if (name != NULL)
        account_calls.NetApiBufferFree(name);
    return error;
}

bool directory_is_this_computer(const wchar_t *server)
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD count = MAX_COMPUTERNAME_LENGTH + 1;
    if (server[0] == 0)
        return true;
    while (*server == L'\\')
        server++;
    return account_calls.GetComputerNameW(computer, &count) && same_name(server, computer);
}

static bool is_among(DWORD error, const DWORD *errors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (error == errors[i])
            return true;
    return false;
}

bool directory_unreachable(DWORD error)
{
    static const DWORD unreachable[] = {
        ERROR_REM_NOT_LIST,
        ERROR_BAD_NETPATH,
        ERROR_DEV_NOT_EXIST,
        ERROR_UNEXP_NET_ERR,
        ERROR_NETNAME_DELETED,
        ERROR_BAD_NET_NAME,
        ERROR_SEM_TIMEOUT,
        ERROR_VC_DISCONNECTED,
        ERROR_CONNECTION_REFUSED,
        ERROR_NETWORK_UNREACHABLE,
        ERROR_HOST_UNREACHABLE,
        ERROR_CONNECTION_ABORTED,
        ERROR_NO_LOGON_SERVERS,
        ERROR_NO_SUCH_DOMAIN,
        ERROR_TIMEOUT,
        RPC_S_SERVER_UNAVAILABLE,
        RPC_S_SERVER_TOO_BUSY,
        RPC_S_CALL_FAILED,
        RPC_S_CALL_FAILED_DNE,
        EPT_S_NOT_REGISTERED,
        RPC_S_COMM_FAILURE,
        ERROR_DOMAIN_CONTROLLER_NOT_FOUND,
        NERR_NotPrimary,
        NERR_InvalidComputer,
        NERR_DCNotFound,
    };
    return is_among(error, unreachable, ARRAYSIZE(unreachable));
}

bool directory_refused(DWORD error)
{
    static const DWORD refused[] = {
        ERROR_ACCESS_DENIED,       ERROR_INVALID_PARAMETER,  ERROR_CANCELLED,
        ERROR_INVALID_LEVEL,       ERROR_PRIVILEGE_NOT_HELD, ERROR_PASSWORD_RESTRICTION,
        ERROR_ILL_FORMED_PASSWORD, NERR_BadPassword,         NERR_PasswordTooShort,
        NERR_UserNotFound,         NERR_NotPrimary,          NERR_SpeGroupOp,
        NERR_InvalidComputer,      NERR_LastAdmin,
    };
    return is_among(error, refused, ARRAYSIZE(refused));
}

static void copy_comment(struct directory_user *user, const wchar_t *comment)
{
    size_t count = comment == NULL ? 0 : length_within(comment, DIRECTORY_COMMENT_MAX + 1);
    user->comment_count = count;
    if (count > DIRECTORY_COMMENT_MAX)
        count = DIRECTORY_COMMENT_MAX;
    if (count > 0)
        memcpy(user->comment, comment, count * sizeof *comment);
    user->comment[count] = 0;
}

/* Level 23: with the SID. Windows XP and later. */
static bool take_level_23(const USER_INFO_23 *info, struct directory_user *user)
{
    user->sid_size = sid_size(info->usri23_user_sid, IDENTITY_SID_MAX);
    if (user->sid_size == 0)
        return false;
    memcpy(user->sid, info->usri23_user_sid, user->sid_size);
    user->rid = sid_rid(user->sid);
    user->flags = info->usri23_flags;
    copy_comment(user, info->usri23_comment);
    return true;
}

static bool take_level_20(const USER_INFO_20 *info, struct directory_user *user)
{
    user->sid_size = 0;
    user->rid = info->usri20_user_id;
    user->flags = info->usri20_flags;
    copy_comment(user, info->usri20_comment);
    return true;
}

DWORD directory_read_user(const wchar_t *server, const wchar_t *name, struct directory_user *user,
                          const char **failed_call)
{
    DWORD level = 23;
    LPBYTE buffer = NULL;
    const wchar_t *where = directory_server_argument(server);

    *failed_call = "NetUserGetInfo";
    DWORD error = account_calls.NetUserGetInfo(where, name, level, &buffer);
    if (error == ERROR_INVALID_LEVEL) {
        level = 20;
        error = account_calls.NetUserGetInfo(where, name, level, &buffer);
    }
    if (error != NERR_Success)
        return error;
    if (buffer == NULL)
        return ERROR_INVALID_DATA;
    struct directory_user found;
    bool good = level == 23 ? take_level_23((const USER_INFO_23 *)(const void *)buffer, &found)
                            : take_level_20((const USER_INFO_20 *)(const void *)buffer, &found);
    account_calls.NetApiBufferFree(buffer);
    if (!good)
        return ERROR_INVALID_DATA;
    *user = found;
    return ERROR_SUCCESS;
}

bool directory_user_is(const struct directory_user *user, const uint8_t *sid)
{
    if (user->sid_size != 0)
        return sid_equal(user->sid, sid);
    return user->rid == sid_rid(sid);
}

DWORD directory_make_sid(const wchar_t *server, uint32_t rid, uint8_t sid[IDENTITY_SID_MAX],
                         size_t *size, const char **failed_call)
{
    LPBYTE buffer = NULL;
    *failed_call = "NetUserModalsGet";
    DWORD error = account_calls.NetUserModalsGet(directory_server_argument(server), 2, &buffer);
    if (error != NERR_Success)
        return error;
    if (buffer == NULL)
        return ERROR_INVALID_DATA;
    const uint8_t *domain = ((const USER_MODALS_INFO_2 *)(const void *)buffer)->usrmod2_domain_id;
    size_t head = domain == NULL ? 0 : sid_size(domain, IDENTITY_SID_MAX);
    if (head == 0 || head + sizeof rid > IDENTITY_SID_MAX) {
        error = ERROR_INVALID_DATA;
    } else {
        memcpy(sid, domain, head);
        memcpy(sid + head, &rid, sizeof rid);
        sid[1]++; /* one sub-authority more */
        *size = head + sizeof rid;
    }
    account_calls.NetApiBufferFree(buffer);
    return error;
}
