/* doctor_state.c: see doctor.h. The settings, and what RelayLock remembers. */
#include "doctor.h"

#include <stdlib.h>
#include <wchar.h>
#include "incident_list.h"
#include "../windows/journal_file.h"
#include "../windows/parameters.h"

/* ---- settings ------------------------------------------------------------------------------- */

#define PARAMETERS "HKLM\\SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters"
#define READ_AGAIN " & sc control RelayLock paramchange" /* the service, if it runs */

static void delete_setting(const char *name, struct findings *findings)
{
    findings_command(findings, "reg delete " PARAMETERS " /v %s /f" READ_AGAIN, name);
}

bool doctor_mend_setting(const struct doctor *doctor, size_t index, const char *value,
                         struct findings *findings)
{
    const char *name = setting_table[index].name;
    const enum setting_origin origin = doctor->origins.settings[index];
    if (origin == SETTING_BY_POLICY)
        findings_step(findings, "Change the setting %s in the Group Policy that sets it.", name);
    else if (value)
        findings_command(findings, "reg add " PARAMETERS " /v %s %s /f" READ_AGAIN, name, value);
    else if (origin == SETTING_BY_REGISTRY)
        delete_setting(name, findings);
    else
        return false;
    return true;
}

/* The command is for a value that RelayLock knows, whose default then holds; what is written wrong
 * may have been meant to be anything. */
static void tell_refused(void *context, const struct parameters_problem *problem)
{
    struct findings *findings = context;
    char key[SHOWN_MAX], value[SHOWN_MAX], found[SHOWN_MAX];
    findings_add(findings, "settings", FINDING_WARNING,
                 "%.200s, value \"%.200s\" is \"%.200s\"; allowed is %.300s. It does not count",
                 shown(problem->key, key), shown(problem->value, value),
                 shown(problem->found, found), problem->allowed);
    if (problem->origin == SETTING_BY_POLICY)
        findings_step(findings, "Correct it in the Group Policy that writes it.");
    else if (text_equal(problem->key, TEXT_OF(u"Parameters")) &&
             setting_find(problem->value) != SIZE_MAX)
        delete_setting(value, findings);
    else
        findings_step(findings, "Correct it or delete it, in regedit.");
}

static void tell_settings(const struct settings *settings, struct findings *findings)
{
    char limits[SETTING_VALUE_TEXT_SIZE], action[SETTING_VALUE_TEXT_SIZE];
    settings_show(settings, setting_find(TEXT_OF(u"Limits")), limits);
    settings_show(settings, setting_find(TEXT_OF(u"Action")), action);
    findings_add(findings, "settings", FINDING_OK,
                 "limits %.400s; action %s%s; at most %lu locks an hour", limits, action,
                 settings->action == LOCK_FLAG ? " (locks nobody)" : "",
                 (unsigned long)settings->max_locks_per_hour);
}

static void tell_observing(const struct doctor *doctor, struct findings *findings)
{
    if (!doctor->settings.observe)
        return;
    findings_add(findings, "settings", FINDING_WARNING,
                 "RelayLock only observes (setting Observe): it locks nobody");
    doctor_mend_setting(doctor, setting_find(TEXT_OF(u"Observe")), "/t REG_DWORD /d 0", findings);
}

/* What a Group Policy decides here. */
static void tell_policy(const struct settings *settings, const struct setting_origins *origins,
                        struct findings *findings)
{
    char list[FINDING_TEXT_MAX] = "";
    size_t used = 0, accounts = 0;
    for (size_t i = 0; i < setting_count; i++) {
        if (origins->settings[i] != SETTING_BY_POLICY)
            continue;
        int put = snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "",
                           setting_table[i].name);
        used += (size_t)put < sizeof list - used ? (size_t)put : 0;
    }
    for (size_t i = 0; i < settings->override_count; i++)
        accounts += origins->accounts[i] == SETTING_BY_POLICY;
    if (used == 0 && accounts == 0)
        findings_add(findings, "policy", FINDING_OK, "no Group Policy sets anything");
    else
        findings_add(findings, "policy", FINDING_OK,
                     "set by Group Policy: %s%slimits of %lu accounts of their own", list,
                     used > 0 ? "; " : "", (unsigned long)accounts);
}

void doctor_look_settings(struct doctor *doctor, struct findings *findings)
{
    size_t problems = 0;
    DWORD error =
        parameters_read(&doctor->settings, &doctor->origins, &problems, tell_refused, findings);
    if (error) {
        doctor_cannot_tell(findings, "settings", "reading the registry", error);
        return;
    }
    tell_settings(&doctor->settings, findings);
    tell_observing(doctor, findings);
    tell_policy(&doctor->settings, &doctor->origins, findings);
}

/* ---- what it remembers ---------------------------------------------------------------------- */

struct reading {
    uint8_t *bytes;
    size_t size;
    struct incident incidents[BOOK_INCIDENTS_MAX];
    struct incident_book book;
    struct book_recovery recovery;
    struct incident_list list;
};

/* What is being written at this moment looks torn: it gets a second look. */
static DWORD read_journal(struct reading *reading, const wchar_t *directory, HANDLE folder,
                          const char **call)
{
    enum { READS_MAX = 3 };
    DWORD error = ERROR_SUCCESS;
    for (int i = 0; i < READS_MAX && !error; i++) {
        error = journal_file_read_own(directory, folder, &reading->bytes, &reading->size, call);
        if (error)
            break;
        incident_book_init(&reading->book, reading->incidents);
        incident_book_recover(&reading->book, reading->bytes, reading->size, &reading->recovery);
        journal_file_free(reading->bytes);
        if (reading->recovery.good == reading->size)
            break;
    }
    return error;
}

static void tell_journal(struct reading *reading, struct findings *findings)
{
    const struct book_recovery *recovery = &reading->recovery;
    incident_list_make(&reading->list, &reading->book, true);
    bool whole = recovery->good == reading->size && recovery->refused == 0;
    findings_add(findings, "journal", whole ? FINDING_OK : FINDING_WARNING,
                 "accounts locked: %lu, incidents open: %lu%s", (unsigned long)reading->list.locked,
                 (unsigned long)reading->list.open,
                 whole ? "" : "; part of the journal is damaged, and does not count");
    if (!whole)
        findings_step(findings, "After a power failure nothing is to be done: the service puts the "
                                "damaged part aside (event 122). Otherwise look at the disk.");
}

static void tell_of_service(const struct doctor *doctor, const char *check, const char *what,
                            const char *directory, struct findings *findings)
{
    const char *service = findings_show(findings, doctor->service.account);
    findings_add(findings, check, FINDING_WARNING,
                 "the %s %s is believed by the service, as it is %s's to change, but not by %s",
                 what, directory, service, doctor->who.name);
    findings_step(findings, "Ask as that account: runas \"/user:%s\" cmd", service);
}

/* Tells whose right to change it is what is wrong, as Explorer's "Continue" gives it, or that this
 * cannot be seen. By the eyes of the service: who asks believes what he may change himself, and not
 * what the service may as an account of its own. error: what he found; false: that holds. */
static bool tell_right(const struct doctor *doctor, const char *check, const char *what,
                       const wchar_t *path, const char *directory, DWORD error,
                       struct findings *findings)
{
    uint8_t service[IDENTITY_SID_MAX];
    char who[SID_TEXT_SIZE];
    const char *call;
    if (error && error != ERROR_INVALID_SECURITY_DESCR && error != ERROR_INVALID_OWNER)
        return false;
    DWORD unknown = doctor_find_service_sid(doctor, service);
    if (unknown) {
        if (error)
            doctor_cannot_tell(findings, check, "LookupAccountName", unknown);
        return error != ERROR_SUCCESS;
    }
    DWORD seen = state_directory_check_for(path, service, who, &call);
    if (seen == ERROR_INVALID_SECURITY_DESCR && who[0]) {
        findings_add(
            findings, check, FINDING_PROBLEM,
            "the %s %s cannot be believed: %s has a right to change it. RelayLock locks nobody",
            what, directory, who);
        findings_command(findings, "icacls \"%s\" /remove:g *%s /T", directory, who);
        return true;
    }
    if (error && !seen) {
        tell_of_service(doctor, check, what, directory, findings);
        return true;
    }
    if (error || !seen || state_directory_is_refusal(seen))
        return false;
    doctor_cannot_tell(findings, check, call, seen);
    return true;
}

/* more: what is to be done then. */
static void tell_not_believed(struct findings *findings, const char *check, const char *what,
                              const char *path, const char *call, DWORD error, const char *more)
{
    findings_add(findings, check, FINDING_PROBLEM,
                 "the %s %s cannot be believed: %s failed with error %lu. RelayLock locks nobody",
                 what, path, call, (unsigned long)error);
    findings_step(findings,
                  "Find out who made it or gave rights to it. When you are sure, delete it%s",
                  more);
}

static void look_at_journal(const struct doctor *doctor, const wchar_t *directory, HANDLE folder,
                            struct findings *findings)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    const char *shown_directory = findings_show(findings, directory), *call = "calloc";
    struct reading *reading = calloc(1, sizeof *reading);
    DWORD error =
        reading ? read_journal(reading, directory, folder, &call) : ERROR_NOT_ENOUGH_MEMORY;
    journal_file_path(path, directory);
    if (tell_right(doctor, "journal", "journal in", path, shown_directory, error, findings))
        goto free_reading;
    if (error == ERROR_FILE_NOT_FOUND)
        findings_add(findings, "journal", FINDING_OK, "none yet: RelayLock never ran here");
    else if (state_directory_is_refusal(error))
        tell_not_believed(findings, "journal", "journal in", shown_directory, call, error, ".");
    else if (error)
        doctor_cannot_tell(findings, "journal", call, error);
    else
        tell_journal(reading, findings);
free_reading:
    free(reading);
}

static void tell_no_directory(const struct doctor *doctor, const char *path,
                              struct findings *findings)
{
    if (doctor->service.installed) {
        findings_add(findings, "state", FINDING_PROBLEM,
                     "there is no folder %s: without a journal RelayLock locks nobody", path);
        findings_command(findings, DOCTOR_INSTALL);
    } else {
        findings_add(findings, "state", FINDING_OK, "none yet: %s is made when it is installed",
                     path);
    }
}

void doctor_look_state(struct doctor *doctor, struct findings *findings)
{
    wchar_t directory[STATE_DIRECTORY_MAX];
    HANDLE folder;
    const char *call;
    DWORD error = state_directory_find(directory, &call);
    if (error) {
        doctor_cannot_tell(findings, "state", call, error);
        return;
    }
    const char *path = findings_show(findings, directory);
    error = state_directory_hold(directory, true, &folder, &call);
    if (error == ERROR_PATH_NOT_FOUND) {
        tell_no_directory(doctor, path, findings);
        return;
    }
    if (tell_right(doctor, "state", "folder", directory, path, error, findings)) {
        if (!error)
            state_directory_let_go(folder);
        return;
    }
    if (state_directory_is_refusal(error)) {
        tell_not_believed(findings, "state", "folder", path, call, error,
                          ", and make a new one with: " DOCTOR_INSTALL);
        return;
    }
    if (error) {
        doctor_cannot_tell(findings, "state", call, error);
        return;
    }
    error = state_directory_may_write(directory, &call);
    if (error) {
        doctor_cannot_tell(findings, "state", call, error);
    } else {
        findings_add(findings, "state", FINDING_OK, "%s is protected, and %s may write in it", path,
                     doctor->who.name);
        look_at_journal(doctor, directory, folder, findings);
    }
    state_directory_let_go(folder);
}
