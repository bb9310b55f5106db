#include "name_lookup.h"
#include "resolver.h"
#include "../core/sid.h"
#include <lm.h>
#include <string.h>

enum { DOMAIN_MAX = 256 /* a DNS name and its terminator */ };

bool name_lookup_askable(struct text name)
{
    return name.count > 0 && name.count <= RESOLVER_NAME_MAX && text_find(name, 0) == SIZE_MAX;
}

DWORD name_lookup_own_sid(uint8_t sid[IDENTITY_SID_MAX])
{
    union {
        TOKEN_USER user;
        uint8_t bytes[sizeof(TOKEN_USER) + IDENTITY_SID_MAX];
    } token_user;
    HANDLE token;
    DWORD needed, error = ERROR_SUCCESS;

    if (!resolver_calls.OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return GetLastError();
    if (!resolver_calls.GetTokenInformation(token, TokenUser, &token_user, sizeof token_user,
                                            &needed)) {
        error = GetLastError();
    } else {
        size_t size = sid_size(token_user.user.User.Sid, IDENTITY_SID_MAX);
        if (size == 0)
            error = ERROR_INVALID_SID;
        else
            memcpy(sid, token_user.user.User.Sid, size);
    }
    resolver_calls.CloseHandle(token);
    return error;
}

static enum identity_kind kind_of(const uint8_t *sid, SID_NAME_USE use, const wchar_t *name,
                                  size_t count, const uint8_t *own_sid)
{
    if (use == SidTypeComputer)
        return IDENTITY_MACHINE;
    if (use != SidTypeUser)
        return IDENTITY_UNRESOLVED;
    if (sid_equal(sid, own_sid))
        return IDENTITY_PROTECTED;
    if (name[count - 1] == L'$')
        return IDENTITY_MACHINE;
    if (sid_is_account(sid) && sid_rid(sid) == SID_RID_ADMINISTRATOR)
        return IDENTITY_PROTECTED;
    return IDENTITY_USER;
}

/* DOMAIN\name, without terminator. False when it does not fit. */
static bool compose(const wchar_t *domain, size_t domain_count, const wchar_t *name,
                    size_t name_count, struct name_answer *answer)
{
    if (domain_count + 1 + name_count > NAME_CANONICAL_MAX)
        return false;
    char16_t *to = answer->canonical;
    memcpy(to, domain, domain_count * sizeof *to);
    to[domain_count] = u'\\';
    memcpy(to + domain_count + 1, name, name_count * sizeof *to);
    answer->canonical_count = (uint16_t)(domain_count + 1 + name_count);
    return true;
}

DWORD name_lookup_ask(const wchar_t *name, const uint8_t *own_sid, struct name_answer *answer)
{
    struct name_answer found = {.kind = IDENTITY_UNRESOLVED};
    wchar_t domain[DOMAIN_MAX], user[UNLEN + 1];
    DWORD size = IDENTITY_SID_MAX, domain_count = DOMAIN_MAX, user_count = UNLEN + 1;
    SID_NAME_USE use;

    /* The buffers have the largest sizes there are: what is larger is no account we can act on. */
    if (!resolver_calls.LookupAccountNameW(NULL, name, found.sid, &size, domain, &domain_count,
                                           &use))
        return GetLastError();
    found.sid_size = (uint16_t)sid_size(found.sid, IDENTITY_SID_MAX);
    if (found.sid_size == 0)
        return ERROR_INVALID_SID;

    if (use == SidTypeUser || use == SidTypeComputer) {
        /* The name as written may be a user principal name: the account's own comes by the SID. */
        domain_count = DOMAIN_MAX;
        if (!resolver_calls.LookupAccountSidW(NULL, found.sid, user, &user_count, domain,
                                              &domain_count, &use))
            return GetLastError();
        if (user_count == 0 || user_count > UNLEN || domain_count >= DOMAIN_MAX)
            return ERROR_INVALID_DATA;
        if (compose(domain, domain_count, user, user_count, &found))
            found.kind = kind_of(found.sid, use, user, user_count, own_sid);
    }
    *answer = found;
    return ERROR_SUCCESS;
}

bool name_lookup_is_bare(struct text name)
{
    return text_find(name, u'\\') == SIZE_MAX && text_find(name, u'@') == SIZE_MAX;
}

void name_lookup_spell(wchar_t *name)
{
    wchar_t *slash = name_lookup_is_bare(text_of(name)) ? wcschr(name, L'/') : NULL;
    if (slash == NULL)
        return;
    *slash = L'\\';
    wchar_t *alias = wcschr(slash, L'/');
    if (alias != NULL)
        *alias = 0;
}

static DWORD ask_within(const wchar_t *domain, const wchar_t *name, const uint8_t *own_sid,
                        struct name_answer *answer)
{
    wchar_t full[LOGON_DOMAIN_MAX + 1 + RESOLVER_NAME_MAX];
    size_t used = text_copy(full, LOGON_DOMAIN_MAX, text_of(domain));
    full[used++] = L'\\';
    text_copy(full + used, ARRAYSIZE(full) - used, text_of(name));
    return name_lookup_ask(full, own_sid, answer);
}

DWORD name_lookup_ask_bare(const wchar_t *name, const struct logon_domains *domains,
                           const uint8_t *own_sid, struct name_answer *answer)
{
    struct name_answer found = {.kind = IDENTITY_UNRESOLVED}, next;
    DWORD result = ERROR_NONE_MAPPED;
    const unsigned ways = domains->count + (domains->own_order || domains->count == 0);
    for (unsigned i = 0; i < ways; i++) {
        DWORD error = i < domains->count ? ask_within(domains->names[i], name, own_sid, &next)
                                         : name_lookup_ask(name, own_sid, &next);
        if (error == ERROR_NONE_MAPPED)
            continue;
        if (error != ERROR_SUCCESS)
            return error;
        bool another = result == ERROR_SUCCESS && !sid_equal(found.sid, next.sid);
        found = next;
        result = ERROR_SUCCESS;
        if (another) {
            found.kind = IDENTITY_UNRESOLVED;
            break;
        }
    }
    if (result == ERROR_SUCCESS)
        *answer = found;
    return result;
}
