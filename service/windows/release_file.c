#include "release_file.h"

static struct disk_file_identity refused, left;

const struct request_file release_file = {.request = L"release.request",
                                          .answer = L"release.answer",
                                          .request_made = L"release.new",
                                          .answer_made = L"release.answer.new",
                                          .stale = RELEASE_FILE_STALE,
                                          .refused = &refused,
                                          .left = &left};

DWORD release_file_ask(const wchar_t *directory, const struct release_request *request,
                       const char **failed_call)
{
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    size_t size = release_request_encode(bytes, sizeof bytes, request);
    return request_file_ask(&release_file, directory, bytes, size, failed_call);
}

DWORD release_file_take(const wchar_t *directory, struct release_request *request,
                        const char **failed_call)
{
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    size_t size = 0;
    DWORD error =
        request_file_take(&release_file, directory, bytes, sizeof bytes, &size, failed_call);
    bool makes_sense = release_request_decode(request, bytes, size);
    if (error || makes_sense)
        return error;
    *failed_call = "reading the request";
    return ERROR_INVALID_DATA;
}
