/* netapi32_users.c: the NetUser functions. */
#include "netapi32.h"

#include <string.h>

#include "lab_faults.h"

/* Characters that a user's name cannot have. */
static const wchar_t forbidden[] = L"\"/\\[]:|<>+=;?*,";

static bool good_name(const wchar_t *name)
{
    size_t count = wcslen(name);
    if (count == 0 || count > LM20_UNLEN || wcspbrk(name, forbidden) != NULL)
        return false;
    return wcsspn(name, L" .") != count;
}

/* Puts a text into a user. False when it is too long. Null changes nothing. */
static bool set_text(wchar_t to[LAB_TEXT], const wchar_t *text)
{
    if (text == NULL)
        return true;
    if (wcslen(text) > MAXCOMMENTSZ)
        return false;
    wcscpy(to, text);
    return true;
}

static NET_API_STATUS fail(DWORD *parameter, DWORD which)
{
    if (parameter != NULL)
        *parameter = which;
    return ERROR_INVALID_PARAMETER;
}

static NET_API_STATUS set_password(struct lab_principal *user, const wchar_t *password)
{
    if (password == NULL)
        return NERR_Success;
    size_t count = wcslen(password);
    if (count > PWLEN || count < (size_t)lab_fault(LAB_FAULT_PASSWORD_MIN))
        return NERR_PasswordTooShort; /* the one code for all that the policy refuses */
    lab_password_set(user, password);
    return NERR_Success;
}

/* UF_SCRIPT "must be set"; UF_LOCKOUT can be taken away, never given. */
static NET_API_STATUS set_flags(struct lab_principal *user, DWORD flags, DWORD *parameter)
{
    DWORD kinds = flags & UF_ACCOUNT_TYPE_MASK;
    if ((flags & UF_SCRIPT) == 0 || (kinds & (kinds - 1)) != 0 ||
        (flags & ~(DWORD)UF_SETTABLE_BITS) != 0)
        return fail(parameter, USER_FLAGS_PARMNUM);
    if ((flags & UF_LOCKOUT) != 0 && (user->flags & UF_LOCKOUT) == 0)
        return fail(parameter, USER_FLAGS_PARMNUM);
    if (kinds == 0)
        flags |= UF_NORMAL_ACCOUNT;
    user->flags = flags;
    return NERR_Success;
}

/* What levels 1 to 4 have in common; they begin with the same members. */
static NET_API_STATUS set_common(struct lab_principal *user, const USER_INFO_1 *info,
                                 DWORD *parameter)
{
    if (!set_text(user->home, info->usri1_home_dir))
        return fail(parameter, USER_HOME_DIR_PARMNUM);
    if (!set_text(user->comment, info->usri1_comment))
        return fail(parameter, USER_COMMENT_PARMNUM);
    if (!set_text(user->script, info->usri1_script_path))
        return fail(parameter, USER_SCRIPT_PATH_PARMNUM);
    NET_API_STATUS status = set_flags(user, info->usri1_flags, parameter);
    return status == NERR_Success ? set_password(user, info->usri1_password) : status;
}

static NET_API_STATUS set_level(struct lab_principal *user, DWORD level, const void *buffer,
                                DWORD *parameter)
{
    const USER_INFO_2 *info = buffer;
    if (level < 1 || level > 4)
        return ERROR_INVALID_LEVEL;
    if (level >= 2 && !set_text(user->full_name, info->usri2_full_name))
        return fail(parameter, USER_FULL_NAME_PARMNUM);
    if (level >= 2 && !set_text(user->user_comment, info->usri2_usr_comment))
        return fail(parameter, USER_USR_COMMENT_PARMNUM);
    return set_common(user, buffer, parameter);
}

NET_API_STATUS WINAPI NetUserAdd(LPCWSTR server, DWORD level, LPBYTE buffer, LPDWORD parameter)
{
    enum lab_domain domain;
    if (level < 1 || level > 4)
        return ERROR_INVALID_LEVEL;
    if (buffer == NULL)
        return fail(parameter, PARM_ERROR_UNKNOWN);
    const USER_INFO_1 *info = (const USER_INFO_1 *)(const void *)buffer;
    if (info->usri1_name == NULL || !good_name(info->usri1_name))
        return NERR_BadUsername;
    if (info->usri1_priv != USER_PRIV_USER)
        return fail(parameter, USER_PRIV_PARMNUM);
    NET_API_STATUS status = netapi32_enter(server, &domain);
    if (status != NERR_Success)
        return status;
    struct lab_principal user = {.domain = domain, .password_set = lab_now()};
    unsigned taken = lab_principal_by_name(domain, info->usri1_name, LAB_ANYBODY);
    if (taken < LAB_PRINCIPALS)
        status = lab_principal(taken)->kind == LAB_USER ? NERR_UserExists : NERR_GroupExists;
    if (status == NERR_Success)
        status = set_level(&user, level, buffer, parameter);
    if (status == NERR_Success) {
        wcscpy(user.name, info->usri1_name);
        if (lab_user_add(&user) == LAB_PRINCIPALS)
            status = ERROR_NOT_ENOUGH_MEMORY;
    }
    lab_unlock();
    return status;
}

/* What the server has in a slot. */
static const struct lab_principal *user_on(const wchar_t *server, unsigned slot)
{
    return netapi32_is_behind(server) ? lab_principal_behind(slot) : lab_principal(slot);
}

/* Enters the store for a user that is to be there. */
static NET_API_STATUS enter_for(const wchar_t *server, const wchar_t *name, unsigned *slot)
{
    enum lab_domain domain;
    if (name == NULL)
        return ERROR_INVALID_PARAMETER;
    NET_API_STATUS status = netapi32_enter(server, &domain);
    if (status != NERR_Success)
        return status;
    *slot = lab_principal_by_name(domain, name, LAB_USERS);
    if (*slot < LAB_PRINCIPALS && user_on(server, *slot)->kind == LAB_USER)
        return NERR_Success;
    lab_unlock();
    return NERR_UserNotFound;
}

NET_API_STATUS WINAPI NetUserDel(LPCWSTR server, LPCWSTR name)
{
    unsigned slot;
    NET_API_STATUS status = enter_for(server, name, &slot);
    if (status != NERR_Success)
        return status;
    if (lab_principal(slot)->rid < LAB_RID_USERS_FIRST)
        status = ERROR_SPECIAL_ACCOUNT;
    else if (lab_is_last_administrator(slot))
        status = NERR_LastAdmin;
    else
        lab_user_delete(slot);
    lab_unlock();
    return status;
}

NET_API_STATUS WINAPI NetUserGetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE *buffer)
{
    unsigned slot;
    DWORD size = netapi32_info_size(level);
    if (buffer == NULL)
        return ERROR_INVALID_PARAMETER;
    *buffer = NULL;
    if (size == 0)
        return ERROR_INVALID_LEVEL;
    NET_API_STATUS status = (NET_API_STATUS)lab_fault(LAB_FAULT_NET_GET_ERROR);
    if (status == NERR_Success)
        status = enter_for(server, name, &slot);
    if (status != NERR_Success)
        return status;
    LPVOID made;
    status = NetApiBufferAllocate(size + NETAPI32_INFO_EXTRA, &made);
    if (status == NERR_Success) {
        struct netapi32_pack pack = {(uint8_t *)made + size};
        netapi32_info_fill(level, user_on(server, slot), made, &pack);
        *buffer = made;
    }
    lab_unlock();
    return status;
}

static NET_API_STATUS set_info(struct lab_principal *user, DWORD level, const void *buffer,
                               DWORD *parameter)
{
    /* Each of these levels has one member: a text or flags. */
    wchar_t *const *text = buffer;
    const DWORD *number = buffer;
    switch (level) {
    case 1003:
        return *text == NULL ? fail(parameter, USER_PASSWORD_PARMNUM) : set_password(user, *text);
    case 1006:
        return set_text(user->home, *text) ? NERR_Success : fail(parameter, USER_HOME_DIR_PARMNUM);
    case 1007:
        return set_text(user->comment, *text) ? NERR_Success
                                              : fail(parameter, USER_COMMENT_PARMNUM);
    case 1008:
        return set_flags(user, *number, parameter);
    case 1009:
        return set_text(user->script, *text) ? NERR_Success
                                             : fail(parameter, USER_SCRIPT_PATH_PARMNUM);
    case 1011:
        return set_text(user->full_name, *text) ? NERR_Success
                                                : fail(parameter, USER_FULL_NAME_PARMNUM);
    case 1012:
        return set_text(user->user_comment, *text) ? NERR_Success
                                                   : fail(parameter, USER_USR_COMMENT_PARMNUM);
    default:
        return set_level(user, level, buffer, parameter);
    }
}

NET_API_STATUS WINAPI NetUserSetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE buffer,
                                     LPDWORD parameter)
{
    unsigned slot;
    if (buffer == NULL)
        return fail(parameter, PARM_ERROR_UNKNOWN);
    NET_API_STATUS status = enter_for(server, name, &slot);
    if (status != NERR_Success)
        return status;
    struct lab_principal user = *user_on(server, slot);
    status = (NET_API_STATUS)lab_fault(LAB_FAULT_NET_SET_ERROR);
    if (status == NERR_Success)
        status = set_info(&user, level, buffer, parameter);
    if (status == NERR_Success && (user.flags & UF_ACCOUNTDISABLE) != 0 &&
        lab_is_last_administrator(slot))
        status = NERR_LastAdmin;
    if (status == NERR_Success && !lab_fault(LAB_FAULT_NET_IGNORE_SET)) {
        user.writes++;
        user.written = lab_now();
        if (netapi32_is_behind(server))
            lab_principal_set_behind(slot, &user);
        else
            lab_principal_set(slot, &user);
    }
    lab_unlock();
    return status;
}

static bool passes(const struct lab_principal *user, enum lab_domain domain, DWORD filter)
{
    if (user->kind != LAB_USER || user->domain != domain)
        return false;
    if (filter == 0)
        return true;
    return ((filter & FILTER_NORMAL_ACCOUNT) != 0 && (user->flags & UF_NORMAL_ACCOUNT) != 0) ||
           ((filter & FILTER_WORKSTATION_TRUST_ACCOUNT) != 0 &&
            (user->flags & UF_WORKSTATION_TRUST_ACCOUNT) != 0) ||
           ((filter & FILTER_SERVER_TRUST_ACCOUNT) != 0 &&
            (user->flags & UF_SERVER_TRUST_ACCOUNT) != 0);
}

/* resume: the slot to go on with. */
static NET_API_STATUS enumerate(enum lab_domain domain, DWORD level, DWORD filter, DWORD most,
                                DWORD *resume, uint8_t *buffer, DWORD *read, DWORD *total)
{
    DWORD size = netapi32_info_size(level);
    struct netapi32_pack pack = {buffer + (size_t)size * most};
    unsigned slot = *resume;
    for (; slot < LAB_PRINCIPALS && *read < most; slot++) {
        if (!passes(lab_principal(slot), domain, filter))
            continue;
        netapi32_info_fill(level, lab_principal(slot), buffer + (size_t)size * *read, &pack);
        pack.at = (uint8_t *)(((uintptr_t)pack.at + 7) & ~(uintptr_t)7);
        (*read)++;
    }
    *resume = slot;
    *total = *read;
    for (; slot < LAB_PRINCIPALS; slot++)
        *total += passes(lab_principal(slot), domain, filter);
    return *total > *read ? ERROR_MORE_DATA : NERR_Success;
}

NET_API_STATUS WINAPI NetUserEnum(LPCWSTR server, DWORD level, DWORD filter, LPBYTE *buffer,
                                  DWORD preferred, LPDWORD read, LPDWORD total, LPDWORD resume)
{
    enum lab_domain domain;
    DWORD start = resume == NULL ? 0 : *resume;
    DWORD each = netapi32_info_size(level) + NETAPI32_INFO_EXTRA + 8;
    DWORD most = preferred / each == 0 ? 1 : preferred / each;
    LPVOID made;
    if (buffer == NULL || read == NULL || total == NULL)
        return ERROR_INVALID_PARAMETER;
    if (netapi32_info_size(level) == 0)
        return ERROR_INVALID_LEVEL;
    if (most > LAB_PRINCIPALS)
        most = LAB_PRINCIPALS;
    *buffer = NULL;
    *read = *total = 0;
    NET_API_STATUS status = netapi32_enter(server, &domain);
    if (status != NERR_Success)
        return status;
    status = NetApiBufferAllocate(each * most, &made);
    if (status == NERR_Success) {
        status = enumerate(domain, level, filter, most, &start, made, read, total);
        *buffer = made;
        if (resume != NULL)
            *resume = status == ERROR_MORE_DATA ? start : 0;
    }
    lab_unlock();
    return status;
}
