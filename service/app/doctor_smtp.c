/* doctor_smtp.c: see doctor.h. The services that are restarted, and whether we may. */
#include "doctor.h"

#include "../windows/service_view.h"
#include "../windows/smtp_service.h"

/* What a restart asks for (smtp_service.c). */
enum { CONTROL = SERVICE_STOP | SERVICE_START };

/* Whether the service may be stopped and started; otherwise it says so. */
static bool is_ours_to_restart(const struct doctor *doctor, const char *check, const char *name,
                               const struct service_view *view, struct findings *findings)
{
    if (view->start_type == SERVICE_DISABLED) {
        findings_add(findings, check, FINDING_PROBLEM,
                     "%s is disabled: it could not be started again, so RelayLock stops nothing",
                     name);
        findings_command(findings, "sc config \"%s\" start= auto", name);
        return false;
    }
    if (view->rights == ERROR_ACCESS_DENIED) {
        findings_add(findings, check, FINDING_PROBLEM, "%s may not stop and start %s",
                     doctor->who.name, name);
        findings_step(findings, "Run this in an administrator's prompt; the service must run as "
                                "LocalSystem, or as an account that has been given these rights.");
        return false;
    }
    if (view->rights != ERROR_SUCCESS) {
        doctor_cannot_tell(findings, check, "OpenService", view->rights);
        return false;
    }
    return true;
}

static void look_at_dependents(const struct doctor *doctor, struct findings *findings)
{
    static struct service_dependents dependents;
    char list[FINDING_TEXT_MAX] = "";
    size_t used = 0;
    const char *call;
    DWORD error = service_view_dependents(doctor->settings.smtp_service, &dependents, &call);
    if (error) {
        doctor_cannot_tell(findings, "dependents", call, error);
        return;
    }
    if (dependents.count > SMTP_DEPENDENTS_MAX) {
        findings_add(findings, "dependents", FINDING_PROBLEM,
                     "%lu services depend on it: with more than %d RelayLock does not restart it",
                     (unsigned long)dependents.count, SMTP_DEPENDENTS_MAX);
        findings_step(findings, "Stop those that are not needed.");
        return;
    }
    for (DWORD i = 0; i < dependents.count; i++) {
        struct service_view view;
        const char *name = findings_show(findings, dependents.names[i]);
        error = service_view_look(dependents.names[i], CONTROL, &view, &call);
        if (error) {
            doctor_cannot_tell(findings, "dependents", call, error);
            return;
        }
        if (!is_ours_to_restart(doctor, "dependents", name, &view, findings))
            return;
        int put = snprintf(list + used, sizeof list - used, "%s%.200s", i > 0 ? ", " : "", name);
        used += (size_t)put < sizeof list - used ? (size_t)put : 0;
    }
    if (dependents.count == 0)
        findings_add(findings, "dependents", FINDING_OK, "no service that runs depends on it");
    else
        findings_add(findings, "dependents", FINDING_OK, "they are restarted with it: %s", list);
}

/* The command that makes the setting what it is by default; SMTP under another name than the
 * default one has none. */
static void tell_missing(const struct doctor *doctor, const char *name, struct findings *findings)
{
    findings_add(findings, "smtp", FINDING_PROBLEM,
                 "there is no service %s, which is restarted after a lock", name);
    const bool other =
        !text_equal_fold(text_of(doctor->settings.smtp_service), TEXT_OF(u"SMTPSVC"));
    if (!other ||
        !doctor_mend_setting(doctor, setting_find(TEXT_OF(u"SmtpService")), NULL, findings))
        findings_step(findings, "Put the name of the service that takes mail over SMTP here into "
                                "the setting SmtpService, or 0 into RestartSmtp.");
}

static void tell_smtp(const struct doctor *doctor, const char *name,
                      const struct service_view *view, struct findings *findings)
{
    if (!is_ours_to_restart(doctor, "smtp", name, view, findings))
        return;
    if (view->state == SERVICE_RUNNING) {
        findings_add(findings, "smtp", FINDING_OK, "%s runs, and %s may stop and start it", name,
                     doctor->who.name);
        return;
    }
    findings_add(findings, "smtp", FINDING_WARNING, "%s does not run (%s)", name,
                 view->state == SERVICE_PAUSED    ? "paused"
                 : view->state == SERVICE_STOPPED ? "stopped"
                                                  : "starting or stopping");
    if (view->state == SERVICE_PAUSED)
        findings_command(findings, "net continue \"%s\"", name);
    else if (view->state == SERVICE_STOPPED)
        findings_command(findings, "net start \"%s\"", name);
    else
        findings_step(findings, "Run this again in a minute.");
}

/* The services of the setting RestartServices. */
static void look_at_others(const struct doctor *doctor, struct findings *findings)
{
    const struct setting_list *services = &doctor->settings.restart_services;
    uint32_t good = 0;
    for (uint32_t i = 0; i < services->count; i++) {
        struct service_view view;
        const char *call;
        const char *name = findings_show(findings, services->names[i]);
        DWORD error = service_view_look(services->names[i], CONTROL, &view, &call);
        if (error == ERROR_SERVICE_DOES_NOT_EXIST) {
            findings_add(findings, "services", FINDING_WARNING,
                         "there is no service %s, which the setting RestartServices names", name);
            findings_step(findings, "Take it out of the setting RestartServices.");
        } else if (error) {
            doctor_cannot_tell(findings, "services", call, error);
        } else {
            good += is_ours_to_restart(doctor, "services", name, &view, findings);
        }
    }
    if (services->count > 0 && good == services->count)
        findings_add(findings, "services", FINDING_OK,
                     "%s may stop and start the services of RestartServices", doctor->who.name);
}

void doctor_look_smtp(struct doctor *doctor, struct findings *findings)
{
    struct service_view view;
    const char *call;
    if (!doctor->settings.restart_smtp) {
        findings_add(findings, "smtp", FINDING_OK,
                     "it is not restarted after a lock (setting RestartSmtp): open sessions go on");
        return;
    }
    const char *name = findings_show(findings, doctor->settings.smtp_service);
    DWORD error = service_view_look(doctor->settings.smtp_service, CONTROL, &view, &call);
    if (error == ERROR_SERVICE_DOES_NOT_EXIST) {
        tell_missing(doctor, name, findings);
    } else if (error) {
        doctor_cannot_tell(findings, "smtp", call, error);
    } else {
        tell_smtp(doctor, name, &view, findings);
        look_at_dependents(doctor, findings);
    }
    look_at_others(doctor, findings);
}
