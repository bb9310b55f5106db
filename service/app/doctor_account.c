/* doctor_account.c: see doctor.h. The domain, who is protected, the account that was asked about.
 */
#include "doctor.h"

#include "../core/sid.h"
#include "../windows/administrators.h"
#include "../windows/name_lookup.h"
#include <string.h>

static const uint8_t administrators[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0};

/* ---- the domain ----------------------------------------------------------------------------- */

static void tell_unreachable(const char *domain, const char *call, DWORD error,
                             struct findings *findings)
{
    findings_add(
        findings, "controller", FINDING_PROBLEM,
        "no domain controller of %s answers: %s failed with error %lu. Its accounts cannot "
        "be locked",
        domain, call, (unsigned long)error);
    findings_step(findings, "Look at network, DNS and the domain controllers: nltest /dsgetdc:%s",
                  domain);
}

/* That a controller is known is no sign that it is there: it is asked for a name that each has. */
void doctor_look_controller(struct doctor *doctor, struct findings *findings)
{
    wchar_t domain[DIRECTORY_DOMAIN_MAX], server[ACCOUNT_SERVER_MAX];
    struct directory_name name;
    const char *call;
    (void)doctor;
    DWORD error = directory_find_own_domain(domain, &call);
    if (error) {
        doctor_cannot_tell(findings, "controller", call, error);
        return;
    }
    if (domain[0] == 0) {
        findings_add(findings, "controller", FINDING_OK, "this computer is in no domain");
        return;
    }
    const char *shown_domain = findings_show(findings, domain);
    error = directory_find_server(domain, ACCOUNT_WRITABLE, false, server, &call);
    if (!error)
        error = directory_find_name(server, administrators, &name, &call);
    if (error)
        tell_unreachable(shown_domain, call, error, findings);
    else
        findings_add(findings, "controller", FINDING_OK, "%s of the domain %s answers",
                     server[0] ? findings_show(findings, server) : "this computer, a controller",
                     shown_domain);
}

/* ---- who is protected ----------------------------------------------------------------------- */

/* The account with RID 500 of a domain or computer. */
static DWORD find_administrator(const struct doctor *doctor, const wchar_t *domain,
                                struct directory_name *name, const char **call)
{
    static const uint8_t rid[] = {SID_RID_ADMINISTRATOR & 0xff, SID_RID_ADMINISTRATOR >> 8, 0, 0};
    struct name_answer answer;
    *call = "LookupAccountName";
    DWORD error = name_lookup_ask(domain, doctor->who.sid, &answer);
    if (error)
        return error;
    if (answer.sid_size > IDENTITY_SID_MAX - sizeof rid)
        return ERROR_INVALID_SID;
    answer.sid[1]++; /* one sub-authority more */
    memcpy(answer.sid + answer.sid_size, rid, sizeof rid);
    return directory_find_name(L"", answer.sid, name, call);
}

static void add_administrator(const struct directory_name *name, char list[FINDING_TEXT_MAX],
                              struct findings *findings)
{
    size_t used = strlen(list);
    snprintf(list + used, FINDING_TEXT_MAX - used, "%.200s\\%.200s, ",
             findings_show(findings, name->domain), findings_show(findings, name->name));
}

void doctor_look_protected(struct doctor *doctor, struct findings *findings)
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1], domain[DIRECTORY_DOMAIN_MAX];
    DWORD count = MAX_COMPUTERNAME_LENGTH + 1;
    char list[FINDING_TEXT_MAX] = "";
    struct directory_name name;
    const char *call = "GetComputerName";
    DWORD error = account_calls.GetComputerNameW(computer, &count) ? ERROR_SUCCESS : GetLastError();
    if (!error)
        error = find_administrator(doctor, computer, &name, &call);
    if (!error)
        add_administrator(&name, list, findings);
    else if (error == ERROR_NONE_MAPPED) /* a domain controller has no accounts of its own */
        error = ERROR_SUCCESS;
    if (!error)
        error = directory_find_own_domain(domain, &call);
    if (!error && domain[0] != 0) {
        error = find_administrator(doctor, domain, &name, &call);
        if (!error)
            add_administrator(&name, list, findings);
    }
    if (error) {
        doctor_cannot_tell(findings, "protected", call, error);
        return;
    }
    findings_add(findings, "protected", FINDING_OK,
                 "only ever flagged: %s%s (the service), the last enabled administrator, computers",
                 list, findings_show(findings, doctor->service.account));
}

/* ---- the account that was asked about ------------------------------------------------------- */

static void tell_not_found(const struct doctor *doctor, DWORD error, struct findings *findings)
{
    const char *asked = findings_show(findings, doctor->asked);
    if (error == ERROR_NONE_MAPPED || error == ERROR_SUCCESS)
        findings_add(findings, "account", FINDING_PROBLEM, "%s is no account that Windows knows",
                     asked);
    else
        findings_add(findings, "account", FINDING_PROBLEM,
                     "%s cannot be resolved: LookupAccountName failed with error %lu", asked,
                     (unsigned long)error);
    findings_step(findings,
                  "Is the name right (DOMAIN\\user)? Does a domain controller answer? What "
                  "Windows does not know is only ever flagged.");
}

/* Why it would only be flagged, or not even counted; null: it would be locked. */
static const char *spared(const struct doctor *doctor, bool last)
{
    const struct name_answer *answer = &doctor->account.answer;
    const struct text name = {answer->canonical, answer->canonical_count};
    for (size_t i = 0; i < doctor->settings.exempt_count; i++)
        if (account_name_matches(doctor->settings.exempt[i], name))
            return "exempt: it is not counted";
    if (answer->kind == IDENTITY_MACHINE)
        return "a computer's: only ever flagged";
    if (answer->kind == IDENTITY_PROTECTED)
        return sid_rid(answer->sid) == SID_RID_ADMINISTRATOR
                   ? "the built-in administrator: only ever flagged"
                   : "whom the service runs as: only ever flagged";
    return last ? "the last enabled administrator: only ever flagged" : NULL;
}

/* Reads it where it would be written. */
static DWORD read_account(struct doctor *doctor, struct directory_user *user, bool *last,
                          const char **call)
{
    struct doctor_account *account = &doctor->account;
    struct directory_name name;
    DWORD error = directory_find_name(L"", account->answer.sid, &name, call);
    if (!error)
        error = directory_find_server(name.domain, ACCOUNT_WRITABLE, false, account->server, call);
    if (!error)
        error = directory_read_user(account->server, name.name, user, call);
    if (!error)
        memcpy(account->domain, name.domain, sizeof name.domain);
    if (!error && !directory_user_is(user, account->answer.sid)) {
        *call = "comparing the SID";
        error = ERROR_INVALID_SID;
    }
    if (error)
        return error;
    return administrators_is_last(account->server, name.name, account->answer.sid, last, call);
}

static void tell_account(const struct doctor *doctor, const struct directory_user *user, bool last,
                         struct findings *findings)
{
    const struct doctor_account *account = &doctor->account;
    const char *why = spared(doctor, last);
    char sid[SID_TEXT_SIZE];
    sid_to_text(account->answer.sid, sid);
    findings_add(findings, "account", FINDING_OK, "%s (%s) on %s: %s, %s", account->name, sid,
                 account->server[0] ? findings_show(findings, account->server) : "this computer",
                 (user->flags & UF_ACCOUNTDISABLE) != 0 ? "disabled" : "enabled",
                 why ? why : "would be locked when it crosses a limit");
}

void doctor_look_account(struct doctor *doctor, struct findings *findings)
{
    struct doctor_account *account = &doctor->account;
    struct directory_user user;
    uint8_t service[IDENTITY_SID_MAX];
    bool last = false;
    const char *call;
    if (!doctor->asked)
        return;
    doctor_find_service_sid(doctor, service);
    DWORD error = name_lookup_askable(text_of(doctor->asked))
                      ? name_lookup_ask(doctor->asked, service, &account->answer)
                      : ERROR_NONE_MAPPED;
    if (error || account->answer.kind == IDENTITY_UNRESOLVED) {
        tell_not_found(doctor, error, findings);
        return;
    }
    shown((struct text){account->answer.canonical, account->answer.canonical_count}, account->name);
    error = read_account(doctor, &user, &last, &call);
    if (error) {
        findings_add(findings, "account", FINDING_PROBLEM, "%s: %s failed with error %lu",
                     account->name, call, (unsigned long)error);
        findings_step(findings,
                      "See the line \"controller\"; then look up the error: net helpmsg "
                      "%lu",
                      (unsigned long)error);
        return;
    }
    account->found = true;
    tell_account(doctor, &user, last, findings);
}
