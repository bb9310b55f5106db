/* name_lookup.h: asks Windows whom a name means. Blocks for as long as the network lets it.
 *
 * The rules are the resolver's (resolver.h), whose calls it uses.
 */
#ifndef RELAYLOCK_WINDOWS_NAME_LOOKUP_H
#define RELAYLOCK_WINDOWS_NAME_LOOKUP_H

#include <windows.h>
#include "logon_domains.h"
#include "name_cache.h"

/* Whether Windows could know an account of this name at all: worth asking. */
bool name_lookup_askable(struct text name);

/* Whom the terminated name means; own_sid is whom this process runs as. ERROR_SUCCESS also when it
 * means no user (IDENTITY_UNRESOLVED); else the error of the lookup, *answer being untouched. */
DWORD name_lookup_ask(const wchar_t *name, const uint8_t *own_sid, struct name_answer *answer);

/* Spells a name as Windows has it, in place: Exchange takes DOMAIN/user as well, and an alias
 * behind a second slash (forum.rebex.net/2497). No account has a slash in its name. */
void name_lookup_spell(wchar_t *name);

/* Whether a name says nothing of a domain. */
bool name_lookup_is_bare(struct text name);

/* As name_lookup_ask, for such a name (at most RESOLVER_NAME_MAX units) that was signed in with, in
 * each of the logon domains, and for own_order, or without any, by itself. ERROR_NONE_MAPPED when
 * none has it; when several have, *answer is nobody (IDENTITY_UNRESOLVED). */
DWORD name_lookup_ask_bare(const wchar_t *name, const struct logon_domains *domains,
                           const uint8_t *own_sid, struct name_answer *answer);

/* The SID of the account that this process runs as. ERROR_SUCCESS or the error. */
DWORD name_lookup_own_sid(uint8_t sid[IDENTITY_SID_MAX]);

#endif
