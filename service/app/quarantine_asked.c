#include "quarantine_asked.h"

#include <stdlib.h>
#include "../windows/quarantine_file.h"
#include "../windows/report.h"

struct quarantine_job *quarantine_asked_take(const wchar_t *directory)
{
    const char *failed_call = "malloc";
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    struct quarantine_job *job = directory[0] ? quarantine_job_create() : NULL;
    if (directory[0] == 0)
        return NULL;
    if (job)
        error = quarantine_file_take(directory, &job->request, &failed_call);
    if (!error)
        return job;
    free(job);
    if (error != ERROR_FILE_NOT_FOUND) {
        struct report report;
        report_begin(&report, MSG_QUARANTINE_FAILED);
        report_add_format(&report, "%s", failed_call);
        report_add(&report, TEXT_OF(u"the request in the state directory"));
        report_add_error(&report, error);
        report_send(&report);
    }
    return NULL;
}
