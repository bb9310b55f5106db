#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "doctor.h"
#include "usage.h"
#include "verb_arguments.h"
#include "verbs_windows.h"
#include "../core/event_time.h"

#define ARGUMENTS "[--json] [--account NAME]"

static int64_t wall_clock(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return event_time_from_filetime((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
}

/* What a check finds is printed as soon as it is there: the next one may hang for a while. Whether
 * all checks came back. */
static bool examine(struct doctor *doctor, struct findings *findings, bool print)
{
    bool all_back = true;
    for (const struct doctor_check *check = doctor_checks; check->name; check++) {
        uint32_t before = findings->count;
        all_back = doctor_do(check, doctor, findings) && all_back;
        if (print) {
            findings_print(findings, before, stdout);
            (void)fflush(stdout);
        }
    }
    return all_back;
}

int verb_doctor(int count, char **arguments)
{
    static struct doctor_arguments read;
    static struct findings findings;
    if (!verb_arguments_doctor(&read, count, arguments))
        return usage_wrong(arguments[0], ARGUMENTS);
    struct doctor *doctor = calloc(1, sizeof *doctor);
    if (!doctor) {
        fprintf(stderr, "relaylock doctor: no memory\n");
        return FINDING_PROBLEM;
    }
    doctor->asked = read.asked ? read.account : NULL;
    doctor->now = wall_clock();
    settings_defaults(&doctor->settings);
    GetModuleFileNameW(NULL, doctor->exe, MAX_PATH - 1);
    bool all_back = examine(doctor, &findings, !read.json);
    if (read.json)
        findings_print_json(&findings, stdout);
    else
        findings_print_sum(&findings, stdout);
    if (all_back)
        free(doctor);
    return (int)findings_worst(&findings);
}
