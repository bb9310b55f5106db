/* netapi32_groups.c: local and global groups and their members. */
#include "netapi32.h"

#include <string.h>

#include "lab_faults.h"

enum {
    ENTRY_EXTRA = LAB_SID_MAX + 2 * 2 * LAB_ACCOUNT_NAME + 16, /* bytes behind an entry */
    ENTRY_MAX = sizeof(LOCALGROUP_MEMBERS_INFO_2)
};

/* Enters the store for a group that is to be there. */
static NET_API_STATUS enter_for(const wchar_t *server, const wchar_t *name, unsigned kinds,
                                unsigned *slot)
{
    enum lab_domain domain;
    NET_API_STATUS status = (NET_API_STATUS)lab_fault(LAB_FAULT_NET_GROUP_ERROR);
    if (status != NERR_Success)
        return status;
    if (name == NULL)
        return ERROR_INVALID_PARAMETER;
    status = netapi32_enter(server, &domain);
    if (status != NERR_Success)
        return status;
    *slot = lab_principal_by_name(domain, name, kinds);
    if (*slot < LAB_PRINCIPALS)
        return NERR_Success;
    lab_unlock();
    return kinds == LAB_ALIASES ? ERROR_NO_SUCH_ALIAS : NERR_GroupNotFound;
}

static wchar_t *pack_full_name(struct netapi32_pack *pack, const struct lab_principal *member)
{
    wchar_t *full = netapi32_pack_text(pack, lab_domain_of(member));
    pack->at -= sizeof *full;
    netapi32_pack_text(pack, L"\\");
    pack->at -= sizeof *full;
    netapi32_pack_text(pack, member->name);
    return full;
}

static DWORD member_size(DWORD level)
{
    static const DWORD sizes[] = {
        sizeof(LOCALGROUP_MEMBERS_INFO_0), sizeof(LOCALGROUP_MEMBERS_INFO_1),
        sizeof(LOCALGROUP_MEMBERS_INFO_2), sizeof(LOCALGROUP_MEMBERS_INFO_3)};
    return level < sizeof sizes / sizeof *sizes ? sizes[level] : 0;
}

static void fill_member(DWORD level, const struct lab_principal *member, void *fixed,
                        struct netapi32_pack *pack)
{
    SID_NAME_USE use = member->kind == LAB_USER ? SidTypeUser : SidTypeGroup;
    PSID sid = netapi32_pack_sid(pack, member);
    switch (level) {
    case 0:
        *(LOCALGROUP_MEMBERS_INFO_0 *)fixed = (LOCALGROUP_MEMBERS_INFO_0){sid};
        break;
    case 1:
        *(LOCALGROUP_MEMBERS_INFO_1 *)fixed =
            (LOCALGROUP_MEMBERS_INFO_1){sid, use, netapi32_pack_text(pack, member->name)};
        break;
    case 2:
        *(LOCALGROUP_MEMBERS_INFO_2 *)fixed =
            (LOCALGROUP_MEMBERS_INFO_2){sid, use, pack_full_name(pack, member)};
        break;
    default:
        *(LOCALGROUP_MEMBERS_INFO_3 *)fixed =
            (LOCALGROUP_MEMBERS_INFO_3){pack_full_name(pack, member)};
    }
}

static void fill_user(DWORD level, const struct lab_principal *member, void *fixed,
                      struct netapi32_pack *pack)
{
    wchar_t *name = netapi32_pack_text(pack, member->name);
    if (level == 0)
        *(GROUP_USERS_INFO_0 *)fixed = (GROUP_USERS_INFO_0){name};
    else
        *(GROUP_USERS_INFO_1 *)fixed = (GROUP_USERS_INFO_1){
            name, SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED};
}

/* A page of a group's members. resume: the slot to go on with. */
struct page {
    DWORD level;
    DWORD size; /* of an entry */
    DWORD preferred;
    void (*fill)(DWORD, const struct lab_principal *, void *, struct netapi32_pack *);
    LPBYTE *buffer;
    DWORD *read;
    DWORD *total;
    DWORD_PTR *resume;
};

static bool is_listed(unsigned slot, const struct lab_principal *group)
{
    const struct lab_principal *member = lab_principal(slot);
    /* A global group has users only. */
    bool kind =
        member->kind == LAB_USER || (group->kind == LAB_ALIAS && member->kind == LAB_GLOBAL_GROUP);
    return kind && lab_is_member(member, group);
}

static NET_API_STATUS list(const struct page *page, const struct lab_principal *group)
{
    DWORD each = page->size + ENTRY_EXTRA;
    DWORD most = page->preferred / each == 0 ? 1 : page->preferred / each;
    unsigned slot = page->resume == NULL ? 0 : (unsigned)*page->resume;
    LPVOID made;
    if (most > LAB_PRINCIPALS)
        most = LAB_PRINCIPALS;
    NET_API_STATUS status = NetApiBufferAllocate(each * most, &made);
    if (status != NERR_Success)
        return status;
    uint8_t *fixed = made;
    struct netapi32_pack pack = {fixed + (size_t)page->size * most};
    for (; slot < LAB_PRINCIPALS && *page->read < most; slot++) {
        if (!is_listed(slot, group))
            continue;
        page->fill(page->level, lab_principal(slot), fixed, &pack);
        fixed += page->size;
        (*page->read)++;
    }
    unsigned next = slot;
    *page->total = *page->read;
    for (; slot < LAB_PRINCIPALS; slot++)
        *page->total += is_listed(slot, group);
    *page->buffer = made;
    bool more = *page->total > *page->read;
    if (page->resume != NULL)
        *page->resume = more ? next : 0;
    return more ? ERROR_MORE_DATA : NERR_Success;
}

static NET_API_STATUS list_of(const wchar_t *server, const wchar_t *name, unsigned kinds,
                              const struct page *page)
{
    unsigned slot;
    if (page->buffer == NULL || page->read == NULL || page->total == NULL)
        return ERROR_INVALID_PARAMETER;
    *page->buffer = NULL;
    *page->read = *page->total = 0;
    if (page->size == 0)
        return ERROR_INVALID_LEVEL;
    NET_API_STATUS status = enter_for(server, name, kinds, &slot);
    if (status != NERR_Success)
        return status;
    status = list(page, lab_principal(slot));
    lab_unlock();
    return status;
}

NET_API_STATUS WINAPI NetLocalGroupGetMembers(LPCWSTR server, LPCWSTR name, DWORD level,
                                              LPBYTE *buffer, DWORD preferred, LPDWORD read,
                                              LPDWORD total, PDWORD_PTR resume)
{
    struct page page = {level, member_size(level), preferred, fill_member, buffer, read, total,
                        resume};
    return list_of(server, name, LAB_ALIASES, &page);
}

NET_API_STATUS WINAPI NetGroupGetUsers(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE *buffer,
                                       DWORD preferred, LPDWORD read, LPDWORD total,
                                       PDWORD_PTR resume)
{
    DWORD size = level == 0   ? sizeof(GROUP_USERS_INFO_0)
                 : level == 1 ? sizeof(GROUP_USERS_INFO_1)
                              : 0;
    struct page page = {level, size, preferred, fill_user, buffer, read, total, resume};
    return list_of(server, name, LAB_GROUPS, &page);
}

/* Puts a principal into a group, or out of it. */
static NET_API_STATUS change(unsigned slot, const struct lab_principal *group, bool in)
{
    struct lab_principal member = *lab_principal(slot);
    bool alias = group->kind == LAB_ALIAS;
    if (lab_is_member(&member, group) == in) {
        if (in)
            return alias ? ERROR_MEMBER_IN_ALIAS : NERR_UserInGroup;
        return alias ? ERROR_MEMBER_NOT_IN_ALIAS : NERR_UserNotInGroup;
    }
    if (!in && alias && group->rid == DOMAIN_ALIAS_RID_ADMINS &&
        member.rid == DOMAIN_USER_RID_ADMIN && member.domain == group->domain)
        return ERROR_SPECIAL_ACCOUNT;
    member.member_of ^= UINT64_C(1) << group->group_bit;
    lab_principal_set(slot, &member);
    return NERR_Success;
}

/* The principal of an entry: level 0 has a SID, level 3 DOMAIN\name. */
static unsigned entry_principal(const struct lab_principal *group, DWORD level, const void *buffer,
                                DWORD index)
{
    enum lab_domain home = (enum lab_domain)group->domain;
    if (level == 0) {
        const uint8_t *sid = ((const LOCALGROUP_MEMBERS_INFO_0 *)buffer)[index].lgrmi0_sid;
        return sid == NULL ? LAB_PRINCIPALS : lab_principal_by_sid(home, sid);
    }
    wchar_t domain[64];
    const wchar_t *full = ((const LOCALGROUP_MEMBERS_INFO_3 *)buffer)[index].lgrmi3_domainandname;
    const wchar_t *slash = full == NULL ? NULL : wcschr(full, L'\\');
    if (full == NULL)
        return LAB_PRINCIPALS;
    if (slash == NULL)
        return lab_principal_by_name(home, full, LAB_USERS | LAB_GROUPS);
    size_t count = (size_t)(slash - full);
    if (count >= sizeof domain / sizeof *domain)
        return LAB_PRINCIPALS;
    memcpy(domain, full, count * sizeof *full);
    domain[count] = 0;
    if (_wcsicmp(domain, lab_store->computer) == 0)
        return lab_principal_by_name(LAB_COMPUTER, slash + 1, LAB_USERS);
    if (_wcsicmp(domain, LAB_DOMAIN_NAME) == 0)
        return lab_principal_by_name(LAB_DOMAIN, slash + 1, LAB_USERS | LAB_GROUPS);
    return LAB_PRINCIPALS;
}

static NET_API_STATUS change_members(const wchar_t *server, const wchar_t *name, DWORD level,
                                     const void *buffer, DWORD count, bool in)
{
    unsigned slot;
    if (level != 0 && level != 3)
        return ERROR_INVALID_LEVEL;
    if (buffer == NULL && count > 0)
        return ERROR_INVALID_PARAMETER;
    NET_API_STATUS status = enter_for(server, name, LAB_ALIASES, &slot);
    if (status != NERR_Success)
        return status;
    for (DWORD i = 0; i < count && status == NERR_Success; i++) {
        unsigned member = entry_principal(lab_principal(slot), level, buffer, i);
        if (member == LAB_PRINCIPALS)
            status = ERROR_NO_SUCH_MEMBER;
        else if (lab_principal(member)->kind == LAB_ALIAS)
            status = ERROR_INVALID_MEMBER;
        else
            status = change(member, lab_principal(slot), in);
    }
    lab_unlock();
    return status;
}

NET_API_STATUS WINAPI NetLocalGroupAddMembers(LPCWSTR server, LPCWSTR name, DWORD level,
                                              LPBYTE buffer, DWORD count)
{
    return change_members(server, name, level, buffer, count, true);
}

NET_API_STATUS WINAPI NetLocalGroupDelMembers(LPCWSTR server, LPCWSTR name, DWORD level,
                                              LPBYTE buffer, DWORD count)
{
    return change_members(server, name, level, buffer, count, false);
}

static NET_API_STATUS change_user(const wchar_t *server, const wchar_t *name, const wchar_t *user,
                                  bool in)
{
    unsigned slot;
    if (user == NULL)
        return ERROR_INVALID_PARAMETER;
    NET_API_STATUS status = enter_for(server, name, LAB_GROUPS, &slot);
    if (status != NERR_Success)
        return status;
    const struct lab_principal *group = lab_principal(slot);
    unsigned member = lab_principal_by_name((enum lab_domain)group->domain, user, LAB_USERS);
    status = member == LAB_PRINCIPALS ? NERR_UserNotFound : change(member, group, in);
    lab_unlock();
    return status;
}

NET_API_STATUS WINAPI NetGroupAddUser(LPCWSTR server, LPCWSTR name, LPCWSTR user)
{
    return change_user(server, name, user, true);
}

NET_API_STATUS WINAPI NetGroupDelUser(LPCWSTR server, LPCWSTR name, LPCWSTR user)
{
    return change_user(server, name, user, false);
}
