/* netapi32_info.c: a user as the levels of NetUserGetInfo and NetUserEnum show it. */
#include "netapi32.h"

#include <string.h>

enum { HOURS_SIZE = 21 /* bytes: a bit for each hour of the week */ };

wchar_t *netapi32_pack_text(struct netapi32_pack *pack, const wchar_t *text)
{
    wchar_t *copy = (wchar_t *)(void *)pack->at;
    size_t size = (wcslen(text) + 1) * sizeof *text;
    memcpy(copy, text, size);
    pack->at += size;
    return copy;
}

PSID netapi32_pack_sid(struct netapi32_pack *pack, const struct lab_principal *principal)
{
    uint8_t sid[LAB_SID_MAX];
    DWORD size = lab_sid(principal, sid);
    pack->at = (uint8_t *)(((uintptr_t)pack->at + 3) & ~(uintptr_t)3);
    PSID copy = memcpy(pack->at, sid, size);
    pack->at += size;
    return copy;
}

DWORD netapi32_info_size(DWORD level)
{
    switch (level) {
    case 0:
        return sizeof(USER_INFO_0);
    case 1:
        return sizeof(USER_INFO_1);
    case 2:
        return sizeof(USER_INFO_2);
    case 3:
        return sizeof(USER_INFO_3);
    case 4:
        return sizeof(USER_INFO_4);
    case 10:
        return sizeof(USER_INFO_10);
    case 20:
        return sizeof(USER_INFO_20);
    case 23:
        return sizeof(USER_INFO_23);
    default:
        return 0;
    }
}

static DWORD privilege_of(const struct lab_principal *user)
{
    unsigned administrators =
        lab_principal_by_name((enum lab_domain)user->domain, L"Administrators", LAB_ALIASES);
    if (lab_is_member(user, lab_principal(administrators)))
        return USER_PRIV_ADMIN;
    return user->rid == DOMAIN_USER_RID_GUEST ? USER_PRIV_GUEST : USER_PRIV_USER;
}

/* Levels 1 to 4 begin alike: level 1 is the start of level 2, that of levels 3 and 4. */
static USER_INFO_2 common_info(const struct lab_principal *user, struct netapi32_pack *pack)
{
    USER_INFO_2 info = {0};
    info.usri2_name = netapi32_pack_text(pack, user->name);
    info.usri2_password_age = (DWORD)((lab_now() - user->password_set) / 10000000u);
    info.usri2_priv = privilege_of(user);
    info.usri2_home_dir = netapi32_pack_text(pack, user->home);
    info.usri2_comment = netapi32_pack_text(pack, user->comment);
    info.usri2_flags = user->flags;
    info.usri2_script_path = netapi32_pack_text(pack, user->script);
    info.usri2_full_name = netapi32_pack_text(pack, user->full_name);
    info.usri2_usr_comment = netapi32_pack_text(pack, user->user_comment);
    info.usri2_parms = netapi32_pack_text(pack, L"");
    info.usri2_workstations = netapi32_pack_text(pack, L"");
    info.usri2_acct_expires = TIMEQ_FOREVER;
    info.usri2_max_storage = USER_MAXSTORAGE_UNLIMITED;
    info.usri2_units_per_week = UNITS_PER_WEEK;
    info.usri2_logon_server = netapi32_pack_text(pack, L"\\\\*");
    info.usri2_logon_hours = memset(pack->at, 0xff, HOURS_SIZE);
    pack->at += HOURS_SIZE + 1;
    return info;
}

static void fill_4(const struct lab_principal *user, USER_INFO_4 *info, struct netapi32_pack *pack)
{
    info->usri4_user_sid = netapi32_pack_sid(pack, user);
    info->usri4_primary_group_id = DOMAIN_GROUP_RID_USERS;
    info->usri4_profile = netapi32_pack_text(pack, user->profile);
    info->usri4_home_dir_drive = netapi32_pack_text(pack, L"");
}

static void fill_3(const struct lab_principal *user, USER_INFO_3 *info, struct netapi32_pack *pack)
{
    info->usri3_user_id = user->rid;
    info->usri3_primary_group_id = DOMAIN_GROUP_RID_USERS;
    info->usri3_profile = netapi32_pack_text(pack, user->profile);
    info->usri3_home_dir_drive = netapi32_pack_text(pack, L"");
}

/* Levels 10, 20 and 23. */
static void fill_short(DWORD level, const struct lab_principal *user, void *fixed,
                       struct netapi32_pack *pack)
{
    wchar_t *name = netapi32_pack_text(pack, user->name);
    wchar_t *full_name = netapi32_pack_text(pack, user->full_name);
    wchar_t *comment = netapi32_pack_text(pack, user->comment);
    if (level == 10) {
        wchar_t *user_comment = netapi32_pack_text(pack, user->user_comment);
        *(USER_INFO_10 *)fixed = (USER_INFO_10){name, comment, user_comment, full_name};
    } else if (level == 20) {
        *(USER_INFO_20 *)fixed = (USER_INFO_20){name, full_name, comment, user->flags, user->rid};
    } else {
        PSID sid = netapi32_pack_sid(pack, user);
        *(USER_INFO_23 *)fixed = (USER_INFO_23){name, full_name, comment, user->flags, sid};
    }
}

void netapi32_info_fill(DWORD level, const struct lab_principal *user, uint8_t *fixed,
                        struct netapi32_pack *pack)
{
    if (level >= 10) {
        fill_short(level, user, fixed, pack);
        return;
    }
    if (level == 0) {
        ((USER_INFO_0 *)(void *)fixed)->usri0_name = netapi32_pack_text(pack, user->name);
        return;
    }
    USER_INFO_2 info = common_info(user, pack);
    memset(fixed, 0, netapi32_info_size(level));
    memcpy(fixed, &info, level == 1 ? sizeof(USER_INFO_1) : sizeof info);
    if (level == 3)
        fill_3(user, (USER_INFO_3 *)(void *)fixed, pack);
    if (level == 4)
        fill_4(user, (USER_INFO_4 *)(void *)fixed, pack);
}
