#include "administrators.h"
#include "../core/sid.h"
#include <string.h>

enum { PAGE = 16384 /* bytes asked for at once */ };

struct search {
    const wchar_t *server;
    const wchar_t *name;
    const uint8_t *sid;
    unsigned examined;
    bool is_member;
    bool other_enabled;
    DWORD unread; /* why a group that may have the account as a member could not be read */
    const char *unread_call;
};

static bool settled(const struct search *search)
{
    return search->other_enabled || search->examined >= ADMINISTRATORS_EXAMINED_MAX;
}

/* A user by name. Users that cannot be read are passed over: not enabled. */
static void examine_user(struct search *search, const wchar_t *server, const wchar_t *name,
                         const uint8_t *sid)
{
    struct directory_user user;
    const char *call;
    search->examined++;
    if (directory_read_user(server, name, &user, &call) != ERROR_SUCCESS)
        return;
    if (sid != NULL && !directory_user_is(&user, sid))
        return;
    if ((user.flags & UF_ACCOUNTDISABLE) == 0)
        search->other_enabled = true;
}

/* The server that holds a member: for accounts of the account's own domain the one it is on. */
static DWORD server_of(const struct search *search, const uint8_t *member,
                       const struct directory_name *name, wchar_t server[ACCOUNT_SERVER_MAX],
                       const char **call)
{
    if (!sid_same_domain(member, search->sid))
        return directory_find_server(name->domain, ACCOUNT_WRITABLE, false, server, call);
    memcpy(server, search->server, (wcslen(search->server) + 1) * sizeof *server);
    return ERROR_SUCCESS;
}

static void examine_member_user(struct search *search, const uint8_t *member)
{
    struct directory_name name;
    wchar_t server[ACCOUNT_SERVER_MAX];
    const char *call;
    if (sid_equal(member, search->sid)) {
        search->is_member = true;
        return;
    }
    if (directory_find_name(search->server, member, &name, &call) == ERROR_SUCCESS &&
        name.use == SidTypeUser && server_of(search, member, &name, server, &call) == ERROR_SUCCESS)
        examine_user(search, server, name.name, member);
    else
        search->examined++;
}

static void examine_names(struct search *search, const wchar_t *server, bool own_domain,
                          const GROUP_USERS_INFO_0 *entries, DWORD count)
{
    for (DWORD i = 0; i < count && !settled(search); i++) {
        const wchar_t *name = entries[i].grui0_name;
        if (name == NULL)
            continue;
        if (own_domain && text_equal_fold(text_of(name), text_of(search->name)))
            search->is_member = true;
        else
            examine_user(search, server, name, NULL);
    }
}

static DWORD examine_group(struct search *search, const uint8_t *group, const char **call)
{
    struct directory_name name;
    wchar_t server[ACCOUNT_SERVER_MAX];
    DWORD error = directory_find_name(search->server, group, &name, call);
    if (error != ERROR_SUCCESS)
        return error;
    error = server_of(search, group, &name, server, call);
    if (error != ERROR_SUCCESS)
        return error;

    bool own_domain = sid_same_domain(group, search->sid);
    DWORD_PTR resume = 0;
    *call = "NetGroupGetUsers";
    do {
        LPBYTE buffer = NULL;
        DWORD count = 0, total = 0;
        error = account_calls.NetGroupGetUsers(directory_server_argument(server), name.name, 0,
                                               &buffer, PAGE, &count, &total, &resume);
        if (buffer != NULL) {
            if (error == NERR_Success || error == ERROR_MORE_DATA)
                examine_names(search, server, own_domain,
                              (const GROUP_USERS_INFO_0 *)(const void *)buffer, count);
            account_calls.NetApiBufferFree(buffer);
        }
        /* More is promised and nothing comes: that could go on for ever. */
        if (error == ERROR_MORE_DATA && (buffer == NULL || count == 0))
            error = ERROR_INVALID_DATA;
    } while (error == ERROR_MORE_DATA && !settled(search));
    return error == ERROR_MORE_DATA ? ERROR_SUCCESS : error;
}

static void examine_member_group(struct search *search, const uint8_t *member)
{
    const char *call;
    DWORD error = examine_group(search, member, &call);
    search->examined++;
    if (error != ERROR_SUCCESS && error != ERROR_ACCESS_DENIED &&
        sid_same_domain(member, search->sid)) {
        search->unread = error;
        search->unread_call = call;
    }
}

static void examine_members(struct search *search, const LOCALGROUP_MEMBERS_INFO_2 *entries,
                            DWORD count)
{
    for (DWORD i = 0; i < count && !settled(search); i++) {
        const uint8_t *member = entries[i].lgrmi2_sid;
        if (sid_size(member, IDENTITY_SID_MAX) == 0)
            continue;
        if (entries[i].lgrmi2_sidusage == SidTypeUser)
            examine_member_user(search, member);
        else if (entries[i].lgrmi2_sidusage == SidTypeGroup)
            examine_member_group(search, member);
    }
}

static DWORD examine_alias(struct search *search, const char **call)
{
    static const uint8_t administrators[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0};
    struct directory_name alias;
    DWORD error = directory_find_name(search->server, administrators, &alias, call);
    if (error != ERROR_SUCCESS)
        return error;

    DWORD_PTR resume = 0;
    *call = "NetLocalGroupGetMembers";
    do {
        LPBYTE buffer = NULL;
        DWORD count = 0, total = 0;
        error = account_calls.NetLocalGroupGetMembers(directory_server_argument(search->server),
                                                      alias.name, 2, &buffer, PAGE, &count, &total,
                                                      &resume);
        if (buffer != NULL) {
            if (error == NERR_Success || error == ERROR_MORE_DATA)
                examine_members(search, (const LOCALGROUP_MEMBERS_INFO_2 *)(const void *)buffer,
                                count);
            account_calls.NetApiBufferFree(buffer);
        }
        if (error == ERROR_MORE_DATA && (buffer == NULL || count == 0))
            error = ERROR_INVALID_DATA;
    } while (error == ERROR_MORE_DATA && !settled(search));
    return error == ERROR_MORE_DATA ? ERROR_SUCCESS : error;
}

DWORD administrators_is_last(const wchar_t *server, const wchar_t *name, const uint8_t *sid,
                             bool *last, const char **failed_call)
{
    struct search search = {.server = server, .name = name, .sid = sid};
    const char *call = NULL;
    DWORD error = examine_alias(&search, &call);
    if (error == ERROR_ACCESS_DENIED)
        error = ERROR_SUCCESS;
    if (error == ERROR_SUCCESS && !search.other_enabled && !search.is_member &&
        search.unread != ERROR_SUCCESS) {
        error = search.unread;
        call = search.unread_call;
    }
    if (error == ERROR_SUCCESS && !search.other_enabled && !search.is_member &&
        search.examined >= ADMINISTRATORS_EXAMINED_MAX) {
        error = ERROR_MORE_DATA;
        call = "NetLocalGroupGetMembers";
    }
    if (error != ERROR_SUCCESS) {
        *failed_call = call;
        return error;
    }
    *last = search.is_member && !search.other_enabled;
    return ERROR_SUCCESS;
}
