#include "quarantine_file.h"

#include <stdlib.h>

static struct disk_file_identity refused, left;

const struct request_file quarantine_file = {.request = L"queue.request",
                                             .answer = L"queue.answer",
                                             .request_made = L"queue.new",
                                             .answer_made = L"queue.answer.new",
                                             .stale = QUARANTINE_FILE_STALE,
                                             .refused = &refused,
                                             .left = &left};

DWORD quarantine_file_ask(const wchar_t *directory, const struct quarantine_request *request,
                          const char **failed_call)
{
    uint8_t *bytes = malloc(QUARANTINE_REQUEST_SIZE_MAX);
    *failed_call = "malloc";
    if (!bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    size_t size = quarantine_request_encode(bytes, QUARANTINE_REQUEST_SIZE_MAX, request);
    DWORD error = request_file_ask(&quarantine_file, directory, bytes, size, failed_call);
    free(bytes);
    return error;
}

DWORD quarantine_file_take(const wchar_t *directory, struct quarantine_request *request,
                           const char **failed_call)
{
    size_t size = 0;
    uint8_t *bytes = malloc(QUARANTINE_REQUEST_SIZE_MAX);
    *failed_call = "malloc";
    request->number = 0;
    if (!bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = request_file_take(&quarantine_file, directory, bytes, QUARANTINE_REQUEST_SIZE_MAX,
                                    &size, failed_call);
    bool makes_sense = quarantine_request_decode(request, bytes, size);
    if (!makes_sense)
        request->number = 0;
    if (!error && !makes_sense) {
        *failed_call = "reading the request";
        error = ERROR_INVALID_DATA;
    }
    free(bytes);
    return error;
}
