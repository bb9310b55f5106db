/* quarantine_file.h: the files of the verb `queue quarantine` and `queue restore` (request_file.h).
 * Errors as there.
 */
#ifndef RELAYLOCK_WINDOWS_QUARANTINE_FILE_H
#define RELAYLOCK_WINDOWS_QUARANTINE_FILE_H

#include "request_file.h"
#include "../core/quarantine_request.h"

extern const struct request_file quarantine_file;

DWORD quarantine_file_ask(const wchar_t *directory, const struct quarantine_request *request,
                          const char **failed_call);

/* request->selection.clients is the caller's, to be filled. ERROR_INVALID_DATA: it makes no sense.
 */
DWORD quarantine_file_take(const wchar_t *directory, struct quarantine_request *request,
                           const char **failed_call);

#endif
