/* doctor_service.c: see doctor.h. The service RelayLock itself: is it there, and as we install it?
 */
#include "doctor.h"

#include <wchar.h>
#include "../core/text.h"
#include "../windows/host.h"
#include "../windows/installation.h"
#include "../windows/service_view.h"

static void tell_state(const struct service_view *view, struct findings *findings)
{
    switch (view->state) {
    case SERVICE_RUNNING:
        findings_add(findings, "service", FINDING_OK, "RelayLock is installed and runs");
        return;
    case SERVICE_PAUSED:
        findings_add(findings, "service", FINDING_WARNING,
                     "RelayLock is paused: it observes only, and locks nobody");
        findings_command(findings, "sc continue RelayLock");
        return;
    case SERVICE_STOPPED:
        findings_add(findings, "service", FINDING_PROBLEM, "RelayLock is installed, but stopped");
        findings_command(findings, view->start_type == SERVICE_DISABLED
                                       ? "sc config RelayLock start= auto & sc start RelayLock"
                                       : "sc start RelayLock");
        return;
    default:
        findings_add(findings, "service", FINDING_WARNING,
                     "RelayLock is just starting or stopping (state %lu)",
                     (unsigned long)view->state);
        findings_step(findings, "Run this again in a minute.");
    }
}

/* The image path must be quoted: a path with spaces that is not may start another program. */
static void tell_program(const struct doctor *doctor, const wchar_t *command,
                         struct findings *findings)
{
    struct text text = text_of(command);
    bool quoted = text.count > 2 && command[0] == L'"' && command[text.count - 1] == L'"';
    const char *path = findings_show(findings, command);
    if (!quoted && text_find(text, u' ') != SIZE_MAX) {
        findings_add(findings, "program", FINDING_PROBLEM,
                     "the service's path has spaces and is not quoted: %s", path);
    } else if (!text_equal_fold(quoted ? text_slice(text, 1, text.count - 2) : text,
                                text_of(doctor->exe))) {
        findings_add(findings, "program", FINDING_WARNING,
                     "the service is another program than this one: %s", path);
    } else {
        findings_add(findings, "program", FINDING_OK, "the service is this program: %s", path);
        return;
    }
    findings_command(findings, DOCTOR_INSTALL);
}

static void tell_start(DWORD start_type, struct findings *findings)
{
    if (start_type == SERVICE_AUTO_START) {
        findings_add(findings, "start", FINDING_OK, "it starts with Windows");
        return;
    }
    findings_add(findings, "start", FINDING_WARNING, "it does not start with Windows (%s)",
                 start_type == SERVICE_DISABLED ? "disabled" : "by hand only");
    findings_command(findings, "sc config RelayLock start= auto");
}

static bool is_ours(const struct service_recovery *recovery)
{
    const SERVICE_FAILURE_ACTIONSW *ours = installation_recovery();
    bool same = recovery->reset_period == ours->dwResetPeriod && recovery->count == ours->cActions;
    for (DWORD i = 0; same && i < recovery->count; i++)
        same = recovery->actions[i].Type == ours->lpsaActions[i].Type &&
               recovery->actions[i].Delay == ours->lpsaActions[i].Delay;
    return same && (recovery->on_failure || !recovery->on_failure_known);
}

static void look_at_recovery(struct findings *findings)
{
    struct service_recovery recovery;
    const char *call;
    DWORD error = service_view_recovery(INSTALLATION_SERVICE, &recovery, &call);
    if (error) {
        doctor_cannot_tell(findings, "recovery", call, error);
    } else if (is_ours(&recovery)) {
        findings_add(findings, "recovery", FINDING_OK, "Windows starts it again when it fails");
    } else {
        findings_add(findings, "recovery", FINDING_WARNING,
                     "what Windows does when it fails is not as RelayLock sets it up");
        findings_command(findings, DOCTOR_INSTALL);
    }
}

static void look_at_own_source(const struct doctor *doctor, struct findings *findings)
{
    struct host_source source;
    const char *call;
    DWORD error = host_find_source(L"Application", INSTALLATION_SERVICE, &source, &call);
    if (error) {
        doctor_cannot_tell(findings, "own-source", call, error);
        return;
    }
    if (source.registered && text_equal_fold(text_of(source.message_file), text_of(doctor->exe))) {
        findings_add(findings, "own-source", FINDING_OK, "Event Viewer finds RelayLock's texts");
        return;
    }
    if (source.registered)
        findings_add(findings, "own-source", FINDING_WARNING,
                     "Event Viewer takes RelayLock's texts from another program: \"%s\"",
                     findings_show(findings, source.message_file));
    else
        findings_add(findings, "own-source", FINDING_WARNING,
                     "Event Viewer cannot show RelayLock's events: its source is not registered");
    findings_command(findings, DOCTOR_INSTALL);
}

void doctor_look_service(struct doctor *doctor, struct findings *findings)
{
    struct service_view view;
    const char *call;
    DWORD error = service_view_look(INSTALLATION_SERVICE, 0, &view, &call);
    doctor->service.known = error == ERROR_SUCCESS || error == ERROR_SERVICE_DOES_NOT_EXIST;
    doctor->service.installed = error == ERROR_SUCCESS;
    text_copy(doctor->service.account, ARRAYSIZE(doctor->service.account), TEXT_OF(u"LocalSystem"));
    if (error == ERROR_SERVICE_DOES_NOT_EXIST) {
        findings_add(findings, "service", FINDING_WARNING, "RelayLock is not installed");
        findings_command(findings, DOCTOR_INSTALL);
        return;
    }
    if (error) {
        doctor_cannot_tell(findings, "service", call, error);
        return;
    }
    if (view.account[0])
        text_copy(doctor->service.account, ARRAYSIZE(doctor->service.account),
                  text_of(view.account));
    tell_state(&view, findings);
    tell_program(doctor, view.command, findings);
    tell_start(view.start_type, findings);
    look_at_recovery(findings);
    look_at_own_source(doctor, findings);
}
