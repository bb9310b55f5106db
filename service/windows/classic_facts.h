/* classic_facts.h: how full a classic log is, by its registry key, its file, and what Windows says.
 *
 * Source: learn.microsoft.com eventlog-key, nf-winbase-geteventloginformation.
 */
#ifndef RELAYLOCK_WINDOWS_CLASSIC_FACTS_H
#define RELAYLOCK_WINDOWS_CLASSIC_FACTS_H

#include "classic_log.h"

/* The key of a log, whose name has at most CLASSIC_CHANNEL_MAX units; closed by the caller.
 * ERROR_SUCCESS, or the error of the registry. */
DWORD classic_facts_open_key(const wchar_t *channel, HKEY *key);

/* As an event_source's look. A size or largest size that the registry does not tell is left 0,
 * which log_capacity takes for not known. The log's file is looked at only on a local drive. */
DWORD classic_facts_read(const wchar_t *channel, struct log_facts *facts, const char **failed_call);

#endif
