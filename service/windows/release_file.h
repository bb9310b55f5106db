/* release_file.h: the files of the release verb (request_file.h). Errors as there. */
#ifndef RELAYLOCK_WINDOWS_RELEASE_FILE_H
#define RELAYLOCK_WINDOWS_RELEASE_FILE_H

#include "request_file.h"

enum { RELEASE_FILE_STALE = 120 /* s: request_file.stale */ };

extern const struct request_file release_file;

DWORD release_file_ask(const wchar_t *directory, const struct release_request *request,
                       const char **failed_call);

/* ERROR_INVALID_DATA: it makes no sense. *request is set also when one that makes sense is refused
 * (request_file_take), for its number. */
DWORD release_file_take(const wchar_t *directory, struct release_request *request,
                        const char **failed_call);

#endif
