/* message_date.h: the date of a mail message as a number. */
#ifndef RELAYLOCK_CORE_MESSAGE_DATE_H
#define RELAYLOCK_CORE_MESSAGE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "[Sat, ]2 Jan 2010 03:04[:05] +0100" (RFC 5322 3.3; years of two digits and the zones GMT, UT,
 * Z, EST to PDT of 4.3, too; any other word for a zone counts as UTC) to seconds since 1970-01-01
 * UTC. What stands behind it is not looked at. False when it is none, and *seconds stays as it was.
 */
bool message_date_read(const char *bytes, size_t count, int64_t *seconds);

#endif
