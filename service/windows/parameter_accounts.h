/* parameter_accounts.h: the limits of single accounts, from the registry.
 *
 * Shared by the files of parameters.h alone.
 */
#ifndef RELAYLOCK_WINDOWS_PARAMETER_ACCOUNTS_H
#define RELAYLOCK_WINDOWS_PARAMETER_ACCOUNTS_H

#include "parameter_value.h"

/* Those of the key Parameters: a subkey for each account, with a value Limits. ERROR_SUCCESS, or
 * the error of the registry. */
DWORD parameter_accounts_read(struct parameter_reading *reading, HKEY parameters);

/* Those of the policy's key: a value for each account. Likewise. */
DWORD parameter_accounts_read_policy(struct parameter_reading *reading, HKEY policy);

#endif
