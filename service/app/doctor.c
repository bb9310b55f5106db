#include "doctor.h"

#include <stdlib.h>
#include "../windows/time_limit.h"

/* Settings first: they say what the others look at. Who before service, and both before the rights
 * that they are held against. */
const struct doctor_check doctor_checks[] = {
    {"windows", doctor_look_windows},
    {"run-as", doctor_look_who},
    {"settings", doctor_look_settings},
    {"exchange", doctor_look_exchange},
    {"source", doctor_look_source},
    {"writers", doctor_look_writers},
    {"levels", doctor_look_levels},
    {"log", doctor_look_log},
    {"smtp", doctor_look_smtp},
    {"queue", doctor_look_queue},
    {"service", doctor_look_service},
    {"state", doctor_look_state},
    {"controller", doctor_look_controller},
    {"protected", doctor_look_protected},
    {"account", doctor_look_account},
    {"right", doctor_look_right},
    {NULL, NULL},
};

struct work {
    const struct doctor_check *check;
    struct doctor *doctor;
    struct findings findings;
};

static DWORD WINAPI look(void *context)
{
    struct work *work = context;
    work->check->look(work->doctor, &work->findings);
    return 0;
}

bool doctor_do(const struct doctor_check *check, struct doctor *doctor, struct findings *findings)
{
    struct work *work = calloc(1, sizeof *work);
    if (!work) {
        doctor_cannot_tell(findings, check->name, "calloc", ERROR_NOT_ENOUGH_MEMORY);
        return true;
    }
    work->check = check;
    work->doctor = doctor;
    DWORD error = time_limit_run(look, work, DOCTOR_PATIENCE);
    if (error == ERROR_TIMEOUT) { /* it goes on: what it works with stays */
        findings_add(findings, check->name, FINDING_WARNING,
                     "cannot be told: no answer from Windows within %d s", DOCTOR_PATIENCE / 1000);
        findings_step(findings, "Look whether the network and the domain controllers answer, then "
                                "run this again.");
        return false;
    }
    if (error == ERROR_SUCCESS)
        findings_append(findings, &work->findings);
    else
        doctor_cannot_tell(findings, check->name, "CreateThread", error);
    free(work);
    return true;
}

void doctor_cannot_tell(struct findings *findings, const char *check, const char *call, DWORD error)
{
    findings_add(findings, check, FINDING_WARNING, "cannot be told: %s failed with error %lu%s",
                 call, (unsigned long)error,
                 error == ERROR_ACCESS_DENIED ? " (access denied)" : "");
    if (error == ERROR_ACCESS_DENIED)
        findings_step(findings, "Run this in an administrator's prompt.");
    else
        findings_step(findings, "Look up the error: net helpmsg %lu", (unsigned long)error);
}
