#include "release_asked.h"
#include "answer.h"
#include "../windows/release_file.h"
#include "../windows/report.h"

static void tell(const char *what, const char *failed_call, DWORD error, const char *more)
{
    struct report report;
    report_begin(&report, MSG_RELEASE_UNKNOWN);
    report_add(&report, TEXT_OF(u"(the request in the state directory)"));
    report_add_format(&report, "%s: %s failed with error %lu. %s", what, failed_call, error, more);
    report_send(&report);
}

bool release_asked_take(const wchar_t *directory, struct release_request *request)
{
    const char *failed_call;
    request->number = 0;
    DWORD error = release_file_take(directory, request, &failed_call);
    if (!error || error == ERROR_FILE_NOT_FOUND)
        return !error;
    tell("it is not done", failed_call, error, "If it is still wanted, type it again");
    if (request->number != 0) {
        struct release_answer answer;
        answer_refuse(&answer, request->number, failed_call, error);
        release_asked_answer(directory, &answer);
    }
    return false;
}

void release_asked_answer(const wchar_t *directory, const struct release_answer *answer)
{
    const char *failed_call;
    DWORD error = request_file_answer(&release_file, directory, answer, &failed_call);
    if (error)
        tell("its command waits in vain for the answer", failed_call, error,
             "The events before this one say what came of it");
}
