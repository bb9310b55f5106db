/* doctor_right.c: see doctor.h. Whether the account that was asked about may be changed, and by
 * whom that was found out: the service may run as another one than the doctor. write_right.h says
 * what can be known without a write.
 */
#include "doctor.h"

#include "../core/sid.h"
#include "../windows/name_lookup.h"
#include "../windows/write_right.h"
#include <string.h>

/* What a lock does to an account. */
static const char *const changes[] = {
    [LOCK_FLAG] = "mark",
    [LOCK_DISABLE] = "disable",
    [LOCK_PASSWORD] = "set the password of",
};

/* One attribute of each property set that a controller wants writable before it changes flags or
 * comment by NetUserSetInfo: Account Restrictions, General Information, Logon Information (MS-SAMR
 * 3.1.5.1.9, USER_WRITE_ACCOUNT; docs/security.md). */
static const wchar_t *const written[] = {L"userAccountControl", L"description", L"scriptPath",
                                         NULL};

static const uint8_t local_system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};

static bool is_local_system(const struct doctor *doctor)
{
    return text_equal_fold(text_of(doctor->service.account), TEXT_OF(u"LocalSystem"));
}

DWORD doctor_find_service_sid(const struct doctor *doctor, uint8_t sid[IDENTITY_SID_MAX])
{
    const wchar_t *account = doctor->service.account;
    struct name_answer answer;
    memcpy(sid, local_system, sizeof local_system);
    if (is_local_system(doctor))
        return ERROR_SUCCESS;
    if (account[0] == L'.' && account[1] == L'\\') /* one of this computer */
        account += 2;
    DWORD error = name_lookup_ask(account, local_system, &answer);
    if (!error)
        memcpy(sid, answer.sid, answer.sid_size);
    return error;
}

/* ---- what we may ---------------------------------------------------------------------------- */

enum may { MAY, MAY_NOT, CANNOT_TELL };

struct answer {
    enum may may;
    bool of_directory; /* the right is one that it keeps */
    char why[256];     /* it cannot be told */
};

static void ask_directory(const struct doctor *doctor, const wchar_t *controller,
                          struct answer *answer)
{
    const struct doctor_account *account = &doctor->account;
    bool may = false;
    const char *call;
    answer->of_directory = true;
    if (doctor->settings.action == LOCK_PASSWORD) {
        snprintf(answer->why, sizeof answer->why,
                 "a domain controller tells nobody who may reset a password");
        return;
    }
    DWORD error = write_right_of_attributes(controller, account->answer.sid,
                                            account->answer.sid_size, written, &may, &call);
    if (error)
        snprintf(answer->why, sizeof answer->why,
                 "%s on the domain controller failed with error "
                 "%lu",
                 call, (unsigned long)error);
    else
        answer->may = may ? MAY : MAY_NOT;
}

/* Of an account in this computer's own database, asked by who is no administrator of it: that of a
 * controller is a directory, in which he may have been given the right. */
static void ask_own(const struct doctor *doctor, struct answer *answer)
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD count = MAX_COMPUTERNAME_LENGTH + 1;
    if (!account_calls.GetComputerNameW(computer, &count))
        snprintf(answer->why, sizeof answer->why, "GetComputerName failed with error %lu",
                 (unsigned long)GetLastError());
    else if (text_equal_fold(text_of(doctor->account.domain), text_of(computer)))
        answer->may = MAY_NOT;
    else
        ask_directory(doctor, computer, answer);
}

static void ask(const struct doctor *doctor, struct answer *answer)
{
    *answer = (struct answer){.may = CANNOT_TELL};
    if (doctor->account.server[0] != 0)
        ask_directory(doctor, doctor->account.server, answer);
    else if (doctor->who.administrator)
        answer->may = MAY;
    else
        ask_own(doctor, answer);
}

static void tell(const struct doctor *doctor, const char *change, const struct answer *answer,
                 const char *for_whom, struct findings *findings)
{
    const char *who = doctor->who.name, *account = doctor->account.name;
    switch (answer->may) {
    case MAY:
        findings_add(findings, "right", FINDING_OK, "%s may %s %s%s", who, change, account,
                     for_whom);
        return;
    case MAY_NOT:
        findings_add(findings, "right", FINDING_PROBLEM, "%s may not %s %s%s", who, change, account,
                     for_whom);
        findings_step(findings,
                      answer->of_directory
                          ? "Delegate this right to the account that the service logs on as; "
                            "docs/security.md says how."
                          : "The account that the service logs on as must be an administrator of "
                            "this computer.");
        return;
    case CANNOT_TELL:
        findings_add(findings, "right", FINDING_WARNING,
                     "whether %s may %s %s cannot be told without doing it: %s%s", who, change,
                     account, answer->why, for_whom);
        findings_step(findings, "Let RelayLock lock a test account, or compare the rights in the "
                                "directory with those in docs/security.md.");
    }
}

/* ---- for whom it holds ---------------------------------------------------------------------- */

/* LocalSystem may change what is on this computer, and on a domain controller all of the domain. */
static bool tell_of_system(const struct doctor *doctor, const char *change,
                           struct findings *findings)
{
    const struct doctor_account *account = &doctor->account;
    if (!is_local_system(doctor))
        return false;
    if (directory_is_this_computer(account->server)) {
        findings_add(findings, "right", FINDING_OK, "the service, as LocalSystem, may %s %s",
                     change, account->name);
        return true;
    }
    if (!doctor->service.installed)
        return false;
    findings_add(findings, "right", FINDING_WARNING,
                 "the service runs as LocalSystem, which on %s is this computer's own account: "
                 "whether that may %s %s cannot be told from here",
                 findings_show(findings, account->server), change, account->name);
    findings_step(findings,
                  "Let the service log on as an account of the domain that has this right; "
                  "docs/security.md says how.");
    return true;
}

/* The service runs as somebody else than the doctor, who is asked in vain. */
static void tell_of_other(const struct doctor *doctor, const char *change,
                          struct findings *findings)
{
    const char *service = findings_show(findings, doctor->service.account);
    findings_add(findings, "right", FINDING_WARNING,
                 "the service runs as %s; whether that may %s %s cannot be told by %s", service,
                 change, doctor->account.name, doctor->who.name);
    findings_step(
        findings,
        "Ask as that account: runas \"/user:%s\" \"cmd /k \\\"\\\"%s\\\" doctor --account "
        "\\\"%s\\\"\\\"\"",
        service, findings_show(findings, doctor->exe), doctor->account.name);
}

void doctor_look_right(struct doctor *doctor, struct findings *findings)
{
    const char *change = changes[doctor->settings.action];
    uint8_t service[IDENTITY_SID_MAX];
    struct answer answer;
    if (!doctor->account.found || tell_of_system(doctor, change, findings))
        return;
    doctor_find_service_sid(doctor, service);
    if (doctor->service.installed && !sid_equal(service, doctor->who.sid)) {
        tell_of_other(doctor, change, findings);
        return;
    }
    ask(doctor, &answer);
    tell(doctor, change, &answer,
         doctor->service.installed ? ""
                                   : "; the service will run as LocalSystem, unless you let it log "
                                     "on as another account",
         findings);
}
