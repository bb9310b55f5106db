#include "release_asked.h"
#include "../windows/release_file.h"
#include "../windows/report.h"

bool release_asked_take(const wchar_t *directory, struct release_request *request)
{
    const char *failed_call;
    if (directory[0] == 0)
        return false;
    DWORD error = release_file_take(directory, request, &failed_call);
    if (error && error != ERROR_FILE_NOT_FOUND) {
        struct report report;
        report_begin(&report, MSG_RELEASE_UNKNOWN);
        report_add(&report, TEXT_OF(u"(the request in the state directory)"));
        report_add_format(&report, "it cannot be believed: %s failed with error %lu", failed_call,
                          error);
        report_send(&report);
    }
    return error == ERROR_SUCCESS;
}
