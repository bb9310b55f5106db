#include "fake_directory.h"
#include <stdlib.h>
#include <string.h>

struct fake_directory fake;
/* As new after each reset, so that the same test makes the same calls. */
static uint64_t random_state;
static struct {
    LONG at; /* number of the call that fails; 0: none */
    DWORD code;
} failing[FAKE_CALLS];

DWORD fake_enter(enum fake_call call)
{
    LONG count = InterlockedIncrement(&fake.calls[call]);
    if (fake.before != NULL)
        fake.before(call, count);
    return failing[call].at == count ? failing[call].code : ERROR_SUCCESS;
}

void fake_directory_fail(enum fake_call call, LONG nth, DWORD code)
{
    failing[call].at = fake.calls[call] + nth;
    failing[call].code = code;
}

static BOOL fail_with(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- generator, token, computer ------------------------------------------------------------- */

static BOOL WINAPI crypt_acquire(HCRYPTPROV *provider, LPCWSTR container, LPCWSTR name, DWORD type,
                                 DWORD flags)
{
    DWORD error = fake_enter(FAKE_CRYPT_ACQUIRE);
    if (error != ERROR_SUCCESS)
        return fail_with(error);
    /* A service has no profile to keep a key container in: without VERIFYCONTEXT it is refused. */
    if (container != NULL || name != NULL || type != PROV_RSA_FULL ||
        (flags & CRYPT_VERIFYCONTEXT) == 0)
        return fail_with((DWORD)NTE_BAD_KEYSET);
    InterlockedIncrement(&fake.providers);
    *provider = 0x5eed;
    return TRUE;
}

static BOOL WINAPI crypt_random(HCRYPTPROV provider, DWORD size, BYTE *bytes)
{
    DWORD error = fake_enter(FAKE_CRYPT_RANDOM);
    if (error != ERROR_SUCCESS)
        return fail_with(error);
    if (provider != 0x5eed || fake.providers == 0)
        return fail_with(ERROR_INVALID_HANDLE);
    for (DWORD i = 0; i < size; i++) { /* xorshift64* */
        random_state ^= random_state >> 12;
        random_state ^= random_state << 25;
        random_state ^= random_state >> 27;
        bytes[i] = fake.random_byte >= 0 ? (BYTE)fake.random_byte
                                         : (BYTE)((random_state * 0x2545f4914f6cdd1du) >> 56);
    }
    return TRUE;
}

static BOOL WINAPI crypt_release(HCRYPTPROV provider, DWORD flags)
{
    DWORD error = fake_enter(FAKE_CRYPT_RELEASE);
    InterlockedDecrement(&fake.providers);
    return error == ERROR_SUCCESS && provider == 0x5eed && flags == 0 ? TRUE : fail_with(error);
}

static BOOL WINAPI computer_name(LPWSTR name, LPDWORD count)
{
    DWORD error = fake_enter(FAKE_COMPUTER_NAME);
    if (error != ERROR_SUCCESS)
        return fail_with(error);
    size_t length = wcslen(fake_local()->name);
    if (*count <= length) {
        *count = (DWORD)length + 1;
        return fail_with(ERROR_BUFFER_OVERFLOW);
    }
    memcpy(name, fake_local()->name, (length + 1) * sizeof *name);
    *count = (DWORD)length;
    return TRUE;
}

static BOOL WINAPI open_token(HANDLE process, DWORD access, PHANDLE token)
{
    DWORD error = fake_enter(FAKE_OPEN_TOKEN);
    if (error != ERROR_SUCCESS)
        return fail_with(error);
    if ((access & TOKEN_QUERY) == 0)
        return fail_with(ERROR_ACCESS_DENIED);
    /* A real handle, so that closing it can be done for real. */
    if (!OpenProcessToken(process, access, token))
        return FALSE;
    InterlockedIncrement(&fake.handles);
    return TRUE;
}

static BOOL WINAPI token_information(HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID buffer,
                                     DWORD size, PDWORD needed)
{
    DWORD error = fake_enter(FAKE_TOKEN_INFORMATION);
    if (error != ERROR_SUCCESS)
        return fail_with(error);
    if (token == NULL || what != TokenUser)
        return fail_with(ERROR_INVALID_PARAMETER);
    DWORD sid_bytes = 8u + 4u * fake.own_sid[1];
    *needed = (DWORD)sizeof(TOKEN_USER) + sid_bytes;
    if (size < *needed)
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    TOKEN_USER *user = buffer;
    user->User.Attributes = 0;
    user->User.Sid = user + 1;
    memcpy(user->User.Sid, fake.own_sid, sid_bytes);
    return TRUE;
}

static DWORD WINAPI tick_count(void)
{
    return fake.ticks;
}

static HANDLE WINAPI create_event(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL signalled,
                                  LPCWSTR name)
{
    DWORD error = fake_enter(FAKE_CREATE_EVENT);
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    InterlockedIncrement(&fake.handles);
    return CreateEventW(security, manual, signalled, name);
}

static HANDLE WINAPI create_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                                   LPTHREAD_START_ROUTINE start, LPVOID context, DWORD flags,
                                   LPDWORD id)
{
    DWORD error = fake_enter(FAKE_CREATE_THREAD);
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    InterlockedIncrement(&fake.handles);
    return CreateThread(security, stack, start, context, flags, id);
}

static LPVOID WINAPI virtual_alloc(LPVOID at, SIZE_T size, DWORD how, DWORD protection)
{
    DWORD error = fake_enter(FAKE_VIRTUAL_ALLOC);
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    InterlockedIncrement(&fake.blocks);
    return VirtualAlloc(at, size, how, protection);
}

static BOOL WINAPI close_handle(HANDLE handle)
{
    BOOL closed = CloseHandle(handle);
    if (closed)
        InterlockedDecrement(&fake.handles);
    return closed;
}

static BOOL WINAPI virtual_free(LPVOID at, SIZE_T size, DWORD how)
{
    BOOL freed = VirtualFree(at, size, how);
    if (freed)
        InterlockedDecrement(&fake.blocks);
    return freed;
}

/* ---- what is in the directory --------------------------------------------------------------- */

static DWORD read_logon_domains(struct logon_domains *found)
{
    InterlockedIncrement(&fake.logon_domains_reads);
    if (fake.logon_domains_error == ERROR_SUCCESS)
        *found = fake.logon_domains;
    return fake.logon_domains_error;
}

void fake_directory_reset(void)
{
    static const uint8_t local_system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    memset(&fake, 0, sizeof fake);
    memset(failing, 0, sizeof failing);
    random_state = 0x9e3779b97f4a7c15u;
    fake.unreachable = RPC_S_SERVER_UNAVAILABLE;
    fake.page = 100;
    fake.random_byte = -1;
    memcpy(fake.own_sid, local_system, sizeof local_system);
    fake_add_domain(L"EXCH1", L"EXCH1")->administrators.name = L"Administratoren";

    account_calls = (struct account_calls){
        fake_LookupAccountSidW,
        fake_DsGetDcNameW,
        fake_NetUserGetInfo,
        fake_NetUserSetInfo,
        fake_NetLocalGroupGetMembers,
        fake_NetGroupGetUsers,
        fake_NetUserModalsGet,
        fake_NetApiBufferFree,
        crypt_acquire,
        crypt_random,
        crypt_release,
        computer_name,
        fake_NetGetJoinInformation,
        fake_DsRoleGetPrimaryDomainInformation,
        fake_DsRoleFreeMemory,
    };
    resolver_calls = (struct resolver_calls){
        fake_LookupAccountNameW,
        fake_LookupAccountSidW,
        open_token,
        token_information,
        read_logon_domains,
        tick_count,
        create_event,
        create_thread,
        close_handle,
        virtual_alloc,
        virtual_free,
    };
}

struct fake_domain *fake_local(void)
{
    return &fake.domains[0];
}

struct fake_domain *fake_add_domain(const wchar_t *name, const wchar_t *dns)
{
    if (fake.domain_count == FAKE_DOMAINS_MAX)
        abort();
    struct fake_domain *domain = &fake.domains[fake.domain_count];
    domain->name = name;
    domain->dns = dns;
    domain->id = 1000 + (uint32_t)fake.domain_count++;
    domain->administrators.domain = domain;
    domain->administrators.name = L"Administrators";
    return domain;
}

void fake_add_controller(struct fake_domain *domain, const wchar_t *name)
{
    if (domain->controller_count == FAKE_CONTROLLERS_MAX)
        abort();
    domain->controllers[domain->controller_count++].name = name;
}

struct fake_user *fake_add_user(struct fake_domain *domain, const wchar_t *name, DWORD rid)
{
    if (fake.user_count == FAKE_USERS_MAX)
        abort();
    struct fake_user *user = &fake.users[fake.user_count++];
    user->domain = domain;
    user->name = name;
    user->rid = rid;
    user->flags = UF_SCRIPT | UF_NORMAL_ACCOUNT;
    memcpy(user->password, L"Summer2003", sizeof L"Summer2003");
    return user;
}

struct fake_group *fake_add_group(struct fake_domain *domain, const wchar_t *name, DWORD rid)
{
    if (fake.group_count == FAKE_GROUPS_MAX)
        abort();
    struct fake_group *group = &fake.groups[fake.group_count++];
    group->domain = domain;
    group->name = name;
    group->rid = rid;
    return group;
}

static void join(struct fake_group *group, const struct fake_domain *domain, DWORD rid,
                 SID_NAME_USE use)
{
    if (group->member_count == FAKE_MEMBERS_MAX)
        abort();
    struct fake_member *member = &group->members[group->member_count++];
    fake_sid(domain, rid, member->sid);
    member->use = use;
}

void fake_join_user(struct fake_group *group, const struct fake_user *user)
{
    join(group, user->domain, user->rid, SidTypeUser);
}

void fake_join_group(struct fake_group *group, const struct fake_group *member)
{
    join(group, member->domain, member->rid, SidTypeGroup);
}

void fake_sid(const struct fake_domain *domain, DWORD rid, uint8_t sid[FAKE_SID_SIZE])
{
    const uint32_t authorities[5] = {21, domain->id, 77, 4000000000u, rid};
    const uint8_t head[8] = {1, 5, 0, 0, 0, 0, 0, 5};
    memcpy(sid, head, sizeof head);
    memcpy(sid + 8, authorities, sizeof authorities);
}

bool fake_reachable(const struct fake_domain *domain)
{
    bool reachable = domain == fake_local();
    for (size_t i = 0; i < domain->controller_count; i++)
        reachable = reachable || !domain->controllers[i].down;
    return reachable;
}

struct fake_controller *fake_controller(LPCWSTR server, struct fake_domain **domain)
{
    if (server[0] == L'\\' && server[1] == L'\\')
        server += 2;
    for (size_t i = 1; i < fake.domain_count; i++) {
        *domain = &fake.domains[i];
        for (size_t k = 0; k < (*domain)->controller_count; k++)
            if (lstrcmpiW(server, (*domain)->controllers[k].name) == 0)
                return &(*domain)->controllers[k];
    }
    return NULL;
}

struct fake_domain *fake_server(LPCWSTR server, DWORD *error)
{
    struct fake_domain *domain;
    *error = ERROR_SUCCESS;
    if (server == NULL) /* a controller has the accounts of its domain, and no others */
        return fake.is_controller ? &fake.domains[1] : fake_local();
    const struct fake_controller *controller = fake_controller(server, &domain);
    if (controller == NULL)
        *error = ERROR_BAD_NETPATH;
    else if (controller->down)
        *error = fake.unreachable;
    return controller == NULL ? NULL : domain;
}
