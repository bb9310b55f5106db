/* fake_net.c: DsGetDcName and the Net functions of the fake directory, and their buffers. */
#include "fake_directory.h"
#include <stdlib.h>
#include <string.h>

/* ---- buffers: one block each, the structure first, its strings and SIDs behind --------------- */

enum { BUFFER_MAGIC = 0x4e65744d, BUFFER_FREED = 0x64616564 };

struct buffer {
    DWORD magic;
    DWORD size;
    DWORD used;
    DWORD unused;
    uint8_t bytes[];
};

static struct buffer *new_buffer(size_t size, size_t head)
{
    struct buffer *buffer = calloc(1, sizeof *buffer + size);
    if (buffer == NULL)
        abort();
    buffer->magic = BUFFER_MAGIC;
    buffer->size = (DWORD)size;
    buffer->used = (DWORD)head;
    InterlockedIncrement(&fake.buffers);
    return buffer;
}

static void *add_bytes(struct buffer *buffer, const void *bytes, size_t size)
{
    size_t rounded = (size + 3) & ~(size_t)3;
    if (rounded > buffer->size - buffer->used)
        abort();
    void *at = buffer->bytes + buffer->used;
    memcpy(at, bytes, size);
    buffer->used += (DWORD)rounded;
    return at;
}

static LPWSTR add_string(struct buffer *buffer, const wchar_t *string)
{
    return add_bytes(buffer, string, (wcslen(string) + 1) * sizeof *string);
}

NET_API_STATUS WINAPI fake_NetApiBufferFree(LPVOID bytes)
{
    DWORD error = fake_enter(FAKE_BUFFER_FREE);
    if (bytes == NULL)
        return NERR_Success;
    struct buffer *buffer = (struct buffer *)(void *)((uint8_t *)bytes - sizeof *buffer);
    if (buffer->magic != BUFFER_MAGIC)
        abort(); /* freed twice, or never ours */
    buffer->magic = BUFFER_FREED;
    memset(buffer->bytes, 0xdd, buffer->size);
    free(buffer);
    InterlockedDecrement(&fake.buffers);
    return error;
}

/* ---- controllers ---------------------------------------------------------------------------- */

DWORD WINAPI fake_DsGetDcNameW(LPCWSTR computer, LPCWSTR name, GUID *guid, LPCWSTR site,
                               ULONG flags, PDOMAIN_CONTROLLER_INFOW *info)
{
    DWORD error = fake_enter(FAKE_GET_DC);
    fake.discovery = flags;
    if (error != ERROR_SUCCESS)
        return error;
    if (computer != NULL || guid != NULL || site != NULL)
        return ERROR_INVALID_PARAMETER;
    if ((flags & DS_RETURN_DNS_NAME) != 0 && (flags & DS_RETURN_FLAT_NAME) != 0)
        return ERROR_INVALID_FLAGS;
    if ((flags & DS_IS_FLAT_NAME) != 0 && (flags & DS_IS_DNS_NAME) != 0)
        return ERROR_INVALID_FLAGS;

    struct fake_domain *domain = NULL;
    for (size_t i = 1; i < fake.domain_count; i++)
        if (name != NULL && lstrcmpiW(name, fake.domains[i].name) == 0)
            domain = &fake.domains[i];
    /* null: the domain that the computer belongs to */
    if (name == NULL && (flags & DS_IS_FLAT_NAME) != 0)
        return ERROR_INVALID_FLAGS;
    if (name == NULL && fake.domain_count > 1)
        domain = &fake.domains[1];
    if (domain == NULL || domain->controller_count == 0)
        return ERROR_NO_SUCH_DOMAIN;
    /* What is cached is given back without a look whether it still answers; apart for those that
     * need a writable one and those that do not. */
    bool writable = (flags & DS_WRITABLE_REQUIRED) != 0;
    size_t *cached = writable ? &domain->cached : &domain->used;
    if ((flags & DS_FORCE_REDISCOVERY) != 0) {
        InterlockedIncrement(&fake.rediscoveries);
        size_t k = 0;
        while (k < domain->controller_count &&
               (domain->controllers[k].down || (writable && domain->controllers[k].read_only)))
            k++;
        if (k == domain->controller_count)
            return ERROR_NO_SUCH_DOMAIN;
        *cached = k;
    }

    wchar_t server[300] = L"\\\\";
    wcscat(server, domain->controllers[*cached].name);
    struct buffer *buffer = new_buffer(sizeof **info + 1024, sizeof **info);
    *info = (PDOMAIN_CONTROLLER_INFOW)(void *)buffer->bytes;
    (*info)->DomainControllerName = add_string(buffer, server);
    (*info)->DomainName = add_string(buffer, domain->name);
    (*info)->Flags = DS_DS_FLAG | (domain->controllers[*cached].read_only ? 0u : DS_WRITABLE_FLAG);
    return ERROR_SUCCESS;
}

/* ---- users ---------------------------------------------------------------------------------- */

static struct fake_user *find_user(const struct fake_domain *domain, LPCWSTR server,
                                   const wchar_t *name)
{
    for (size_t i = 0; i < fake.user_count; i++) {
        struct fake_user *user = &fake.users[i];
        if (user->domain == domain)
            user = fake_user_on(user, server);
        if (user != NULL && user->domain == domain && !user->deleted &&
            lstrcmpiW(user->name, name) == 0)
            return user;
    }
    return NULL;
}

static DWORD open_user(enum fake_call call, LPCWSTR server, LPCWSTR name, struct fake_user **user)
{
    DWORD error = fake_enter(call), reached;
    if (error != ERROR_SUCCESS)
        return error;
    struct fake_domain *domain = fake_server(server, &reached);
    if (reached != ERROR_SUCCESS)
        return reached;
    *user = find_user(domain, server, name);
    return *user == NULL ? NERR_UserNotFound : ERROR_SUCCESS;
}

/* Where a server is that has nothing to write to (nf-lmaccess-netusersetinfo: NERR_NotPrimary). */
static bool is_read_only(LPCWSTR server)
{
    struct fake_domain *domain;
    const struct fake_controller *controller =
        server == NULL ? NULL : fake_controller(server, &domain);
    return controller != NULL && controller->read_only;
}

NET_API_STATUS WINAPI fake_NetUserGetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE *info)
{
    struct fake_user *user;
    *info = NULL;
    DWORD error = open_user(FAKE_USER_GET, server, name, &user);
    if (error != ERROR_SUCCESS)
        return error;
    if (user->unreadable)
        return ERROR_ACCESS_DENIED;
    if (level != 20 && (level != 23 || fake.windows_2000))
        return ERROR_INVALID_LEVEL;
    struct buffer *buffer = new_buffer(sizeof(USER_INFO_23) + 4096, sizeof(USER_INFO_23));
    *info = buffer->bytes;
    /* The two levels differ in their last member only. */
    USER_INFO_23 *with_sid = (USER_INFO_23 *)(void *)buffer->bytes;
    with_sid->usri23_name = add_string(buffer, user->name);
    with_sid->usri23_full_name = add_string(buffer, L"");
    with_sid->usri23_comment = add_string(buffer, user->comment);
    with_sid->usri23_flags = user->flags;
    if (level == 20) {
        ((USER_INFO_20 *)(void *)buffer->bytes)->usri20_user_id = user->rid;
    } else {
        uint8_t sid[FAKE_SID_SIZE];
        fake_sid(user->domain, user->rid, sid);
        with_sid->usri23_user_sid = add_bytes(buffer, sid, sizeof sid);
    }
    return NERR_Success;
}

/* Level 1008 (USER_INFO_1008): UF_SCRIPT must be set, the account type cannot be changed,
 * UF_LOCKOUT can be cleared and not set; all other flags become what is written. */
static DWORD set_flags(struct fake_user *user, DWORD flags)
{
    if ((flags & UF_SCRIPT) == 0 || (flags & ~(DWORD)UF_SETTABLE_BITS) != 0 ||
        (flags & UF_ACCOUNT_TYPE_MASK) != (user->flags & UF_ACCOUNT_TYPE_MASK))
        return ERROR_INVALID_PARAMETER;
    if ((user->flags & UF_LOCKOUT) == 0)
        flags &= ~(DWORD)UF_LOCKOUT;
    user->flags = flags;
    fake_stamp(&user->flags_stamp);
    return NERR_Success;
}

static DWORD set_password(struct fake_user *user, const wchar_t *password)
{
    size_t length = wcslen(password);
    if (length > PWLEN)
        return NERR_BadPassword;
    if (length < fake.password_min)
        return NERR_PasswordTooShort;
    memcpy(user->password_before, user->password, sizeof user->password_before);
    memcpy(user->password, password, (length + 1) * sizeof *password);
    fake_stamp(&user->password_stamp);
    return NERR_Success;
}

static DWORD set_comment(struct fake_user *user, const wchar_t *comment)
{
    size_t length = wcslen(comment);
    if (length > 1024)
        return ERROR_INVALID_PARAMETER;
    memcpy(user->comment, comment, (length + 1) * sizeof *comment);
    fake_stamp(&user->comment_stamp);
    return NERR_Success;
}

NET_API_STATUS WINAPI fake_NetUserSetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE info,
                                          LPDWORD parameter)
{
    struct fake_user *user;
    if (parameter != NULL)
        *parameter = 0;
    DWORD error = open_user(FAKE_USER_SET, server, name, &user);
    if (error != ERROR_SUCCESS)
        return error;
    if (is_read_only(server))
        return NERR_NotPrimary;
    if (user->domain->deny_writing && (server != NULL || !fake.is_controller))
        return ERROR_ACCESS_DENIED;
    if (level == 1003)
        error = set_password(user, ((USER_INFO_1003 *)(void *)info)->usri1003_password);
    else if (level == 1007)
        error = set_comment(user, ((USER_INFO_1007 *)(void *)info)->usri1007_comment);
    else if (level == 1008)
        error = set_flags(user, ((USER_INFO_1008 *)(void *)info)->usri1008_flags);
    else
        error = ERROR_INVALID_LEVEL;
    if (error == NERR_Success)
        user->writes++;
    return error;
}

/* ---- the database itself -------------------------------------------------------------------- */

NET_API_STATUS WINAPI fake_NetUserModalsGet(LPCWSTR server, DWORD level, LPBYTE *info)
{
    DWORD error = fake_enter(FAKE_MODALS_GET), reached;
    const struct fake_domain *domain = fake_server(server, &reached);
    uint8_t sid[FAKE_SID_SIZE];
    *info = NULL;
    if (error != ERROR_SUCCESS || reached != ERROR_SUCCESS)
        return error != ERROR_SUCCESS ? error : reached;
    if (level != 2)
        return ERROR_INVALID_LEVEL;
    struct buffer *buffer = new_buffer(1024, sizeof(USER_MODALS_INFO_2));
    USER_MODALS_INFO_2 *modals = (USER_MODALS_INFO_2 *)(void *)buffer->bytes;
    fake_sid(domain, 0, sid);
    sid[1]--;
    modals->usrmod2_domain_name = add_string(buffer, domain->name);
    modals->usrmod2_domain_id = add_bytes(buffer, sid, sizeof sid - sizeof(DWORD));
    *info = buffer->bytes;
    return NERR_Success;
}

/* ---- groups --------------------------------------------------------------------------------- */

static DWORD page_of(const struct fake_group *group, DWORD_PTR *resume, DWORD *first, DWORD *count)
{
    *first = (DWORD)*resume;
    *count = group->member_count - *first;
    if (*count <= fake.page)
        return NERR_Success;
    *count = fake.page;
    *resume += fake.page;
    return ERROR_MORE_DATA;
}

NET_API_STATUS WINAPI fake_NetLocalGroupGetMembers(LPCWSTR server, LPCWSTR name, DWORD level,
                                                   LPBYTE *info, DWORD prefer, LPDWORD read,
                                                   LPDWORD total, PDWORD_PTR resume)
{
    DWORD error = fake_enter(FAKE_ALIAS_MEMBERS), reached, first, count;
    struct fake_domain *domain = fake_server(server, &reached);
    *info = NULL;
    if (error != ERROR_SUCCESS || reached != ERROR_SUCCESS)
        return error != ERROR_SUCCESS ? error : reached;
    if (level != 2 || prefer == 0)
        return ERROR_INVALID_LEVEL;
    const struct fake_group *alias = &domain->administrators;
    if (lstrcmpiW(name, alias->name) != 0)
        return ERROR_NO_SUCH_ALIAS;
    if (domain->deny_listing)
        return ERROR_ACCESS_DENIED;
    *total = alias->member_count;
    error = page_of(alias, resume, &first, &count);
    size_t head = count * sizeof(LOCALGROUP_MEMBERS_INFO_2);
    struct buffer *buffer = new_buffer(head + count * 128u + 4, head);
    LOCALGROUP_MEMBERS_INFO_2 *entries = (LOCALGROUP_MEMBERS_INFO_2 *)(void *)buffer->bytes;
    for (DWORD i = 0; i < count; i++) {
        const struct fake_member *member = &alias->members[first + i];
        entries[i].lgrmi2_sid = add_bytes(buffer, member->sid, sizeof member->sid);
        entries[i].lgrmi2_sidusage = member->use;
        entries[i].lgrmi2_domainandname = add_string(buffer, L"");
    }
    *info = buffer->bytes;
    *read = count;
    return error;
}

static const wchar_t *name_of(const struct fake_member *member)
{
    for (size_t i = 0; i < fake.user_count; i++) {
        uint8_t sid[FAKE_SID_SIZE];
        fake_sid(fake.users[i].domain, fake.users[i].rid, sid);
        if (memcmp(sid, member->sid, sizeof sid) == 0)
            return fake.users[i].name;
    }
    return L"?";
}

NET_API_STATUS WINAPI fake_NetGroupGetUsers(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE *info,
                                            DWORD prefer, LPDWORD read, LPDWORD total,
                                            PDWORD_PTR resume)
{
    DWORD error = fake_enter(FAKE_GROUP_USERS), reached, first, count;
    const struct fake_domain *domain = fake_server(server, &reached);
    const struct fake_group *group = NULL;
    *info = NULL;
    if (error != ERROR_SUCCESS || reached != ERROR_SUCCESS)
        return error != ERROR_SUCCESS ? error : reached;
    if (level != 0 || prefer == 0)
        return ERROR_INVALID_LEVEL;
    for (size_t i = 0; i < fake.group_count; i++)
        if (fake.groups[i].domain == domain && lstrcmpiW(fake.groups[i].name, name) == 0)
            group = &fake.groups[i];
    if (group == NULL)
        return NERR_GroupNotFound;
    *total = group->member_count;
    error = page_of(group, resume, &first, &count);
    size_t head = count * sizeof(GROUP_USERS_INFO_0);
    struct buffer *buffer = new_buffer(head + count * 64u + 4, head);
    GROUP_USERS_INFO_0 *entries = (GROUP_USERS_INFO_0 *)(void *)buffer->bytes;
    for (DWORD i = 0; i < count; i++)
        entries[i].grui0_name = add_string(buffer, name_of(&group->members[first + i]));
    *info = buffer->bytes;
    *read = count;
    return error;
}

NET_API_STATUS WINAPI fake_NetGetJoinInformation(LPCWSTR server, LPWSTR *name,
                                                 PNETSETUP_JOIN_STATUS status)
{
    DWORD error = fake_enter(FAKE_JOIN_INFORMATION);
    if (error != ERROR_SUCCESS)
        return error;
    if (server != NULL)
        return NERR_InvalidComputer;
    const wchar_t *joined = fake.domain_count > 1 ? fake.domains[1].name : L"WORKGROUP";
    size_t size = (wcslen(joined) + 1) * sizeof *joined;
    struct buffer *buffer = new_buffer(size + 4, 0);
    *name = add_string(buffer, joined);
    *status = fake.domain_count > 1 ? NetSetupDomainName : NetSetupWorkgroupName;
    return NERR_Success;
}

/* The role goes by the domain that was joined; the flags by the controller of this computer's name.
 */
DWORD WINAPI fake_DsRoleGetPrimaryDomainInformation(LPCWSTR server,
                                                    DSROLE_PRIMARY_DOMAIN_INFO_LEVEL level,
                                                    PBYTE *info)
{
    DWORD error = fake_enter(FAKE_ROLE);
    if (error != ERROR_SUCCESS)
        return error;
    if (server != NULL || level != DsRolePrimaryDomainInfoBasic)
        return ERROR_INVALID_PARAMETER;
    struct fake_domain *domain;
    const struct fake_controller *own = fake_controller(fake_local()->name, &domain);
    struct buffer *buffer = new_buffer(sizeof(DSROLE_PRIMARY_DOMAIN_INFO_BASIC) + 1024,
                                       sizeof(DSROLE_PRIMARY_DOMAIN_INFO_BASIC));
    DSROLE_PRIMARY_DOMAIN_INFO_BASIC *role =
        (DSROLE_PRIMARY_DOMAIN_INFO_BASIC *)(void *)buffer->bytes;
    role->MachineRole = fake.is_controller      ? DsRole_RoleBackupDomainController
                        : fake.domain_count > 1 ? DsRole_RoleMemberServer
                                                : DsRole_RoleStandaloneServer;
    role->DomainNameFlat =
        add_string(buffer, fake.domain_count > 1 ? fake.domains[1].name : L"WORKGROUP");
    if (fake.is_controller && !(own != NULL && own->down))
        role->Flags = DSROLE_PRIMARY_DS_RUNNING | (own != NULL && own->read_only ? 8u : 0u);
    *info = buffer->bytes;
    return ERROR_SUCCESS;
}

VOID WINAPI fake_DsRoleFreeMemory(PVOID info)
{
    fake_NetApiBufferFree(info);
}
