#include "release_file.h"

const struct request_file release_file = {L"release.request", L"release.answer", L"release.new",
                                          L"release.answer.new"};

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
    if (error)
        return error;
    *failed_call = "reading the request";
    return release_request_decode(request, bytes, size) ? ERROR_SUCCESS : ERROR_INVALID_DATA;
}
