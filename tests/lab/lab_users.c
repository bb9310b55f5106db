#include "lab_users.h"

#include <lm.h>
#include <string.h>

enum {
    RID_ADMINISTRATOR = 500,
    RID_GUEST = 501,
    BIT_COMPUTER_NONE = 0, /* numbers of groups, as bits of member_of */
    BIT_COMPUTER_ADMINISTRATORS,
    BIT_COMPUTER_USERS,
    BIT_COMPUTER_GUESTS,
    BIT_DOMAIN_ADMINS,
    BIT_DOMAIN_USERS,
    BIT_DOMAIN_GUESTS,
    BIT_DOMAIN_COMPUTERS,
    BIT_DC_ADMINISTRATORS,
    BIT_DC_USERS,
    BIT_DC_GUESTS
};

#define BIT(number) (UINT64_C(1) << (number))

/* Subauthorities of the two account databases' SIDs, S-1-5-21-... */
static const uint32_t domain_ids[2][3] = {
    [LAB_COMPUTER] = {1715567821, 413027322, 1801674531},
    [LAB_DOMAIN] = {2025429265, 507921405, 1957994488},
};

static const struct {
    enum lab_principal_kind kind;
    enum lab_domain domain;
    uint32_t rid;
    uint32_t flags;
    uint64_t member_of;
    uint32_t group_bit;
    const wchar_t *name;
    const wchar_t *comment;
} built_in[] = {
    {LAB_GLOBAL_GROUP, LAB_COMPUTER, 513, 0, BIT(BIT_COMPUTER_USERS), BIT_COMPUTER_NONE, L"None",
     L"Ordinary users"},
    {LAB_ALIAS, LAB_COMPUTER, 544, 0, 0, BIT_COMPUTER_ADMINISTRATORS, L"Administrators", L""},
    {LAB_ALIAS, LAB_COMPUTER, 545, 0, 0, BIT_COMPUTER_USERS, L"Users", L""},
    {LAB_ALIAS, LAB_COMPUTER, 546, 0, 0, BIT_COMPUTER_GUESTS, L"Guests", L""},
    {LAB_USER, LAB_COMPUTER, RID_ADMINISTRATOR,
     UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD,
     BIT(BIT_COMPUTER_NONE) | BIT(BIT_COMPUTER_ADMINISTRATORS), 0, L"Administrator",
     L"Built-in account for administering the computer/domain"},
    {LAB_USER, LAB_COMPUTER, RID_GUEST,
     UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE | UF_PASSWD_NOTREQD | UF_DONT_EXPIRE_PASSWD |
         UF_PASSWD_CANT_CHANGE,
     BIT(BIT_COMPUTER_NONE) | BIT(BIT_COMPUTER_GUESTS), 0, L"Guest",
     L"Built-in account for guest access to the computer/domain"},
    {LAB_GLOBAL_GROUP, LAB_DOMAIN, 512, 0,
     BIT(BIT_COMPUTER_ADMINISTRATORS) | BIT(BIT_DC_ADMINISTRATORS), BIT_DOMAIN_ADMINS,
     L"Domain Admins", L"Designated administrators of the domain"},
    {LAB_GLOBAL_GROUP, LAB_DOMAIN, 513, 0, BIT(BIT_COMPUTER_USERS) | BIT(BIT_DC_USERS),
     BIT_DOMAIN_USERS, L"Domain Users", L"All domain users"},
    {LAB_GLOBAL_GROUP, LAB_DOMAIN, 514, 0, BIT(BIT_DC_GUESTS), BIT_DOMAIN_GUESTS, L"Domain Guests",
     L"All domain guests"},
    {LAB_GLOBAL_GROUP, LAB_DOMAIN, 515, 0, 0, BIT_DOMAIN_COMPUTERS, L"Domain Computers",
     L"All workstations and servers joined to the domain"},
    {LAB_ALIAS, LAB_DOMAIN, 544, 0, 0, BIT_DC_ADMINISTRATORS, L"Administrators", L""},
    {LAB_ALIAS, LAB_DOMAIN, 545, 0, 0, BIT_DC_USERS, L"Users", L""},
    {LAB_ALIAS, LAB_DOMAIN, 546, 0, 0, BIT_DC_GUESTS, L"Guests", L""},
    {LAB_USER, LAB_DOMAIN, RID_ADMINISTRATOR, UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD,
     BIT(BIT_DOMAIN_USERS) | BIT(BIT_DOMAIN_ADMINS) | BIT(BIT_DC_ADMINISTRATORS), 0,
     L"Administrator", L"Built-in account for administering the computer/domain"},
    {LAB_USER, LAB_DOMAIN, RID_GUEST,
     UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE | UF_PASSWD_NOTREQD | UF_DONT_EXPIRE_PASSWD,
     BIT(BIT_DOMAIN_GUESTS), 0, L"Guest",
     L"Built-in account for guest access to the computer/domain"},
};

static const struct lab_principal *in_force(const struct lab_principal_slot *at)
{
    return &at->version[at->current & 1];
}

static void put_in_force(struct lab_principal_slot *at, const struct lab_principal *principal)
{
    LONG other = 1 - (at->current & 1);
    at->version[other] = *principal;
    MemoryBarrier();
    at->current = other;
}

const struct lab_principal *lab_principal(unsigned slot)
{
    return in_force(&lab_store->principals[slot]);
}

void lab_principal_set(unsigned slot, const struct lab_principal *principal)
{
    put_in_force(&lab_store->principals[slot], principal);
}

const struct lab_principal *lab_principal_behind(unsigned slot)
{
    return in_force(&lab_store->behind[slot]);
}

void lab_principal_set_behind(unsigned slot, const struct lab_principal *principal)
{
    put_in_force(&lab_store->behind[slot], principal);
}

void lab_users_lag(void)
{
    for (unsigned slot = 0; slot < LAB_PRINCIPALS; slot++)
        lab_principal_set_behind(slot, lab_principal(slot));
}

void lab_users_replicate(void)
{
    for (unsigned slot = 0; slot < LAB_PRINCIPALS; slot++) {
        const struct lab_principal *here = lab_principal(slot), *there = lab_principal_behind(slot);
        if (here->kind == LAB_USER && here->domain == LAB_DOMAIN && there->rid == here->rid &&
            (there->writes > here->writes ||
             (there->writes == here->writes && there->written > here->written)))
            lab_principal_set(slot, there);
    }
}

static unsigned free_slot(void)
{
    unsigned slot = 0;
    while (slot < LAB_PRINCIPALS && lab_principal(slot)->kind != LAB_NOBODY)
        slot++;
    return slot;
}

/* A computer's own account in the domain. */
static void add_machine(const wchar_t *computer, uint32_t flags)
{
    struct lab_principal machine = {.kind = LAB_USER,
                                    .domain = LAB_DOMAIN,
                                    .flags = UF_SCRIPT | flags,
                                    .member_of = BIT(BIT_DOMAIN_COMPUTERS)};
    wcscpy(machine.name, computer);
    wcscat(machine.name, L"$");
    lab_user_add(&machine);
}

void lab_users_create(void)
{
    memset(lab_store->principals, 0, sizeof lab_store->principals);
    lab_store->next_rid[LAB_COMPUTER] = lab_store->next_rid[LAB_DOMAIN] = LAB_RID_USERS_FIRST;
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        struct lab_principal principal = {.kind = built_in[i].kind,
                                          .domain = built_in[i].domain,
                                          .rid = built_in[i].rid,
                                          .flags = built_in[i].flags,
                                          .member_of = built_in[i].member_of,
                                          .group_bit = built_in[i].group_bit,
                                          .password_set = lab_now()};
        wcscpy(principal.name, built_in[i].name);
        wcscpy(principal.comment, built_in[i].comment);
        lab_principal_set(free_slot(), &principal);
    }
    add_machine(LAB_DC_NAME, UF_SERVER_TRUST_ACCOUNT);
    add_machine(lab_store->computer, UF_WORKSTATION_TRUST_ACCOUNT);
}

unsigned lab_principal_by_name(enum lab_domain domain, const wchar_t *name, unsigned kinds)
{
    unsigned slot = 0;
    for (; slot < LAB_PRINCIPALS; slot++) {
        const struct lab_principal *at = lab_principal(slot);
        if (at->kind != LAB_NOBODY && at->domain == domain && (kinds >> at->kind & 1) != 0 &&
            _wcsicmp(at->name, name) == 0)
            break;
    }
    return slot;
}

unsigned lab_principal_by_rid(enum lab_domain domain, uint32_t rid)
{
    unsigned slot = 0;
    for (; slot < LAB_PRINCIPALS; slot++) {
        const struct lab_principal *at = lab_principal(slot);
        if (at->kind != LAB_NOBODY && at->domain == domain && at->rid == rid)
            break;
    }
    return slot;
}

DWORD lab_domain_sid(enum lab_domain domain, uint8_t sid[LAB_SID_MAX])
{
    static const uint8_t head[] = {1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0};
    memcpy(sid, head, sizeof head);
    memcpy(sid + sizeof head, domain_ids[domain], sizeof domain_ids[domain]);
    return sizeof head + sizeof domain_ids[domain];
}

DWORD lab_sid(const struct lab_principal *principal, uint8_t sid[LAB_SID_MAX])
{
    static const uint8_t builtin[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0};
    DWORD size = sizeof builtin;
    if (principal->kind == LAB_ALIAS) {
        memcpy(sid, builtin, sizeof builtin);
    } else {
        size = lab_domain_sid((enum lab_domain)principal->domain, sid);
        sid[1]++;
    }
    memcpy(sid + size, &principal->rid, sizeof principal->rid);
    return size + (DWORD)sizeof principal->rid;
}

unsigned lab_principal_by_sid(enum lab_domain domain, const uint8_t *sid)
{
    for (unsigned slot = 0; slot < LAB_PRINCIPALS; slot++) {
        const struct lab_principal *at = lab_principal(slot);
        uint8_t own[LAB_SID_MAX];
        if (at->kind == LAB_NOBODY || (at->kind == LAB_ALIAS && at->domain != domain))
            continue;
        DWORD size = lab_sid(at, own);
        if (sid[1] == own[1] && memcmp(sid, own, size) == 0)
            return slot;
    }
    return LAB_PRINCIPALS;
}

const wchar_t *lab_domain_of(const struct lab_principal *principal)
{
    if (principal->kind == LAB_ALIAS)
        return L"BUILTIN";
    return principal->domain == LAB_COMPUTER ? lab_store->computer : LAB_DOMAIN_NAME;
}

unsigned lab_user_add(struct lab_principal *user)
{
    unsigned slot = free_slot();
    if (slot == LAB_PRINCIPALS)
        return slot;
    user->kind = LAB_USER;
    user->rid = lab_store->next_rid[user->domain]++;
    if ((user->flags & (UF_WORKSTATION_TRUST_ACCOUNT | UF_SERVER_TRUST_ACCOUNT)) == 0)
        user->member_of |= BIT(user->domain == LAB_COMPUTER ? BIT_COMPUTER_NONE : BIT_DOMAIN_USERS);
    lab_principal_set(slot, user);
    return slot;
}

void lab_user_delete(unsigned slot)
{
    static const struct lab_principal nobody;
    lab_principal_set(slot, &nobody);
}

bool lab_is_member(const struct lab_principal *member, const struct lab_principal *group)
{
    return (member->member_of >> group->group_bit & 1) != 0;
}

static bool is_administrator(const struct lab_principal *user)
{
    uint64_t bits = user->domain == LAB_COMPUTER
                        ? BIT(BIT_COMPUTER_ADMINISTRATORS)
                        : BIT(BIT_DC_ADMINISTRATORS) | BIT(BIT_DOMAIN_ADMINS);
    return user->kind == LAB_USER && (user->member_of & bits) != 0 &&
           (user->flags & UF_ACCOUNTDISABLE) == 0;
}

bool lab_is_last_administrator(unsigned slot)
{
    const struct lab_principal *user = lab_principal(slot);
    if (!is_administrator(user))
        return false;
    for (unsigned i = 0; i < LAB_PRINCIPALS; i++)
        if (i != slot && lab_principal(i)->domain == user->domain &&
            is_administrator(lab_principal(i)))
            return false;
    return true;
}

/* FNV-1a: enough to tell two passwords apart without keeping them. */
static uint64_t hash(const wchar_t *password)
{
    uint64_t sum = UINT64_C(14695981039346656037);
    for (; *password != 0; password++)
        sum = (sum ^ *password) * UINT64_C(1099511628211);
    return sum;
}

void lab_password_set(struct lab_principal *user, const wchar_t *password)
{
    user->password_count = (uint32_t)wcslen(password);
    user->password_hash = hash(password);
    user->password_set = lab_now();
}

bool lab_password_is(const struct lab_principal *user, const wchar_t *password)
{
    return user->password_count == wcslen(password) && user->password_hash == hash(password);
}
