/* sid.h: what a security identifier says of itself, read from untrusted bytes.
 *
 * Layout: learn.microsoft.com MS-DTYP 2.4.2.2: revision (1), count of sub-authorities (at most 15),
 * six bytes of authority, the sub-authorities as little-endian 32-bit numbers. No call of Windows.
 */
#ifndef RELAYLOCK_CORE_SID_H
#define RELAYLOCK_CORE_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SID_RID_ADMINISTRATOR = 500,
    SID_TEXT_SIZE = 192 /* bytes of the longest as text, terminator included */
};

/* Bytes of the SID that starts at sid, of which capacity may be read; 0 when there is none: a wrong
 * revision, too many or no sub-authorities, cut short. */
size_t sid_size(const void *sid, size_t capacity);

/* The following take SIDs that sid_size has accepted. */
bool sid_equal(const void *a, const void *b);

/* The last sub-authority: the account's number within its domain. */
uint32_t sid_rid(const void *sid);

/* Whether two accounts are of one domain: all but the last sub-authority are equal. */
bool sid_same_domain(const void *a, const void *b);

/* Whether it is an account of a domain or computer, S-1-5-21-x-y-z-RID. */
bool sid_is_account(const void *sid);

/* "S-1-5-21-1-2-3-500" (MS-DTYP 2.4.2.1: an authority of 2^32 or more in hexadecimal), terminated.
 */
void sid_to_text(const void *sid, char text[SID_TEXT_SIZE]);

#endif
