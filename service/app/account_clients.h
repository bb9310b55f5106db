/* account_clients.h: the clients that an account signed in from since its burst began, read from
 * the event log: an incident keeps only those with most sign-ins.
 *
 * Through either reader (log_reader.h), so on Windows Server 2003 as well. A sign-in is the
 * account's when the log writes it as it did at the crossing, as Windows writes it, or as that
 * without its domain.
 */
#ifndef RELAYLOCK_APP_ACCOUNT_CLIENTS_H
#define RELAYLOCK_APP_ACCOUNT_CLIENTS_H

#include <windows.h>
#include "../core/burst_list.h"
#include "../core/response_policy.h"

enum { ACCOUNT_CLIENTS_PATIENCE = 10000 /* ms, for all accounts of one occasion */ };

/* Adds the clients to a burst of the list: those of the verdict, and those that the log has from
 * its first sign-in on. What of the log cannot be read, or not within patience (ms, for opening and
 * reading; 0: none of it), is left out; all of it where Windows has no timer to give, since nothing
 * else bounds opening. */
void account_clients_read(const struct response_policy *policy, const struct verdict *verdict,
                          struct burst_list *list, uint32_t burst, DWORD patience);

#endif
