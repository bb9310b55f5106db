#include "quarantine_asked.h"

#include <stdlib.h>
#include "answer.h"
#include "../windows/quarantine_file.h"
#include "../windows/report.h"

static void tell(const char *failed_call, struct text what, DWORD error)
{
    struct report report;
    report_begin(&report, MSG_QUARANTINE_FAILED);
    report_add_format(&report, "%s", failed_call);
    report_add(&report, what);
    report_add_error(&report, error);
    report_send(&report);
}

struct quarantine_job *quarantine_asked_take(const wchar_t *directory)
{
    const char *failed_call = "malloc";
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    struct quarantine_job *job = quarantine_job_create();
    if (job)
        error = quarantine_file_take(directory, &job->request, &failed_call);
    if (!error)
        return job;
    if (error != ERROR_FILE_NOT_FOUND)
        tell(failed_call, TEXT_OF(u"the request in the state directory"), error);
    if (error != ERROR_FILE_NOT_FOUND && job && job->request.number != 0) {
        answer_refuse(&job->answer, job->request.number, failed_call, error);
        quarantine_asked_answer(directory, &job->answer);
    }
    free(job);
    return NULL;
}

void quarantine_asked_answer(const wchar_t *directory, const struct release_answer *answer)
{
    const char *failed_call;
    DWORD error = request_file_answer(&quarantine_file, directory, answer, &failed_call);
    if (error)
        tell(failed_call, TEXT_OF(u"the answer to the command that waits"), error);
}
