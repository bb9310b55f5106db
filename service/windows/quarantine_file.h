/* quarantine_file.h: the files of the verb `queue quarantine` and `queue restore` (request_file.h).
 * Errors as there.
 */
#ifndef RELAYLOCK_WINDOWS_QUARANTINE_FILE_H
#define RELAYLOCK_WINDOWS_QUARANTINE_FILE_H

#include "request_file.h"
#include "../core/quarantine_request.h"

enum { QUARANTINE_FILE_STALE = 600 /* s: request_file.stale */ };

extern const struct request_file quarantine_file;

DWORD quarantine_file_ask(const wchar_t *directory, const struct quarantine_request *request,
                          const char **failed_call);

/* request->selection.clients is the caller's, to be filled. ERROR_INVALID_DATA: it makes no sense.
 * On failure *request is undefined, but for its number: that of one that makes sense and is refused
 * (request_file_take), else 0. */
DWORD quarantine_file_take(const wchar_t *directory, struct quarantine_request *request,
                           const char **failed_call);

#endif
