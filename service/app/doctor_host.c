/* doctor_host.c: see doctor.h. Windows, Exchange, who we are, and whether Exchange logs enough. */
#include "doctor.h"

#include "../core/diagnostic_levels.h"
#include "../windows/diagnostics.h"
#include "../windows/host.h"
#include "../windows/installation.h"
#include "../windows/log_access.h"
#include "../windows/name_lookup.h"
#include "../windows/service_view.h"
#include "../windows/write_right.h"
#include <string.h>

void doctor_look_windows(struct doctor *doctor, struct findings *findings)
{
    struct host_windows windows;
    const char *call;
    (void)doctor;
    DWORD error = host_find_windows(&windows, &call);
    if (error) {
        doctor_cannot_tell(findings, "windows", call, error);
        return;
    }
    findings_add(findings, "windows", FINDING_OK, "%s, version %s, build %s%s%s",
                 findings_show(findings, windows.product), findings_show(findings, windows.version),
                 findings_show(findings, windows.build), windows.service_pack[0] ? ", " : "",
                 findings_show(findings, windows.service_pack));
}

static bool is_forwarded(const struct doctor *doctor)
{
    return !text_equal_fold(text_of(doctor->settings.channel), TEXT_OF(u"Application"));
}

void doctor_look_exchange(struct doctor *doctor, struct findings *findings)
{
    struct host_exchange exchange;
    const char *call;
    DWORD error = host_find_exchange(&exchange, &call);
    if (error) {
        doctor_cannot_tell(findings, "exchange", call, error);
        return;
    }
    switch (exchange.kind) {
    case HOST_EXCHANGE_2003:
        findings_add(findings, "exchange", FINDING_OK,
                     "Exchange 2000 or 2003 (services version %lu, build %lu)", exchange.major,
                     exchange.build);
        return;
    case HOST_EXCHANGE_LATER:
        findings_add(findings, "exchange", FINDING_WARNING,
                     "Exchange %lu.%lu, build %lu: Exchange 2007 and later write no event 1708",
                     exchange.major, exchange.minor, exchange.build);
        break;
    case HOST_NO_EXCHANGE:
        if (is_forwarded(doctor)) {
            findings_add(findings, "exchange", FINDING_OK,
                         "none is installed here; the log \"%s\" is filled by other computers",
                         findings_show(findings, doctor->settings.channel));
            return;
        }
        findings_add(findings, "exchange", FINDING_WARNING, "no Exchange is installed here");
        break;
    }
    findings_step(findings, "Install RelayLock on the Exchange 2000 or 2003 server itself, or have "
                            "that server's events forwarded to here.");
}

void doctor_look_who(struct doctor *doctor, struct findings *findings)
{
    struct doctor_who who = {.name = "this process"};
    struct directory_name name;
    const char *call = "OpenProcessToken";
    DWORD error = name_lookup_own_sid(who.sid);
    if (!error)
        error = directory_find_name(L"", who.sid, &name, &call);
    if (!error) {
        who.known = true;
        snprintf(who.name, sizeof who.name, "%.400s\\%.400s", findings_show(findings, name.domain),
                 findings_show(findings, name.name));
        error = write_right_is_administrator(&who.administrator, &call);
    }
    doctor->who = who;
    if (error) {
        doctor_cannot_tell(findings, "run-as", call, error);
    } else if (who.administrator) {
        findings_add(findings, "run-as", FINDING_OK, "%s, with the rights of an administrator",
                     who.name);
    } else {
        findings_add(findings, "run-as", FINDING_WARNING,
                     "%s, without the rights of an administrator: not all can be seen", who.name);
        findings_step(findings, "Run this in an administrator's prompt.");
    }
}

void doctor_look_source(struct doctor *doctor, struct findings *findings)
{
    const struct settings *settings = &doctor->settings;
    struct host_source source;
    const char *call;
    DWORD error = host_find_source(settings->channel, settings->provider, &source, &call);
    if (error) {
        doctor_cannot_tell(findings, "source", call, error);
        return;
    }
    const char *provider = findings_show(findings, settings->provider);
    const char *channel = findings_show(findings, settings->channel);
    if (source.registered) {
        findings_add(findings, "source", FINDING_OK, "%s is registered for the log \"%s\"",
                     provider, channel);
    } else if (!source.log_is_classic || is_forwarded(doctor)) {
        findings_add(findings, "source", FINDING_OK,
                     "%s need not be registered for the log \"%s\", which other computers may fill",
                     provider, channel);
    } else {
        findings_add(findings, "source", FINDING_WARNING,
                     "%s is not registered as an event source of the log \"%s\"", provider,
                     channel);
        findings_step(findings, "Look whether Exchange's transport is installed, and whether the "
                                "settings Provider and Channel are right (relaylock settings).");
    }
}

/* Of a log of Server 2003, where Exchange writes itself. */
void doctor_look_writers(struct doctor *doctor, struct findings *findings)
{
    struct host_windows windows;
    char who[SID_TEXT_SIZE] = "";
    const char *call;
    bool open = false;
    if (host_find_windows(&windows, &call) || wcsncmp(windows.version, L"5.", 2) != 0 ||
        is_forwarded(doctor))
        return;
    const char *channel = findings_show(findings, doctor->settings.channel);
    DWORD error = log_access_find(doctor->settings.channel, &open, who, &call);
    if (error) {
        doctor_cannot_tell(findings, "writers", call, error);
    } else if (!open) {
        findings_add(findings, "writers", FINDING_OK,
                     "only services and administrators may write into the log \"%s\"", channel);
    } else {
        findings_add(findings, "writers", FINDING_WARNING,
                     "%s may write into the log \"%s\", and so forge sign-ins; what mends that "
                     "counts from the next start of Windows",
                     who, channel);
        findings_command(findings,
                         "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\%s\" /v "
                         "CustomSD /t REG_SZ /d \"" LOG_ACCESS_CLOSED "\" /f",
                         channel);
    }
}

/* ---- diagnostic levels ---------------------------------------------------------------------- */

/* "7 SMTP Protocol 5, 9 Authentication 5" */
static void list_levels(const struct diagnostic_levels *levels, char text[FINDING_TEXT_MAX],
                        struct findings *findings)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < levels->count; i++) {
        int put = snprintf(text + used, FINDING_TEXT_MAX - used, "%s%.200s %lu", i > 0 ? ", " : "",
                           findings_show(findings, levels->at[i].name),
                           (unsigned long)levels->at[i].level);
        used += (size_t)put < FINDING_TEXT_MAX - used ? (size_t)put : 0;
    }
}

static bool is_installed(void)
{
    struct service_view view;
    const char *call;
    return service_view_look(INSTALLATION_SERVICE, 0, &view, &call) != ERROR_SERVICE_DOES_NOT_EXIST;
}

static void tell_levels(const struct doctor *doctor, const struct diagnostic_levels *levels,
                        struct findings *findings)
{
    char list[FINDING_TEXT_MAX];
    const char *provider = findings_show(findings, doctor->settings.provider);
    list_levels(levels, list, findings);
    if (levels->count == 0) {
        findings_add(findings, "levels", FINDING_WARNING,
                     "%s has no diagnostic levels \"SMTP Protocol\" and \"Authentication\" here",
                     provider);
        findings_step(findings, "On an Exchange 2000 or 2003 server both are there: is this one?");
    } else if (diagnostic_levels_too_low(levels)) {
        findings_add(findings, "levels", FINDING_PROBLEM,
                     "%s writes no event 1708: the levels are %s, and one must be 5 (maximum)",
                     provider, list);
        if (is_installed())
            findings_command(findings, "relaylock logging raise");
        else
            findings_step(findings, "Install RelayLock: once it runs, it raises them.");
    } else {
        findings_add(findings, "levels", FINDING_OK, "%s logs sign-ins: the levels are %s",
                     provider, list);
    }
}

/* Whether they may be changed by whom we run as. */
static void tell_raise(const struct doctor *doctor, struct findings *findings)
{
    enum { ROOM = 64 + DIAGNOSTICS_PROVIDER_MAX };
    wchar_t path[ROOM];
    size_t used = text_copy(path, ROOM, TEXT_OF(u"SYSTEM\\CurrentControlSet\\Services\\"));
    used += text_copy(path + used, ROOM - used, text_of(doctor->settings.provider));
    text_copy(path + used, ROOM - used, TEXT_OF(u"\\Diagnostics"));
    DWORD error = host_may_write_key(path);
    if (error == ERROR_SUCCESS) {
        findings_add(findings, "raise", FINDING_OK, "%s may change these levels", doctor->who.name);
    } else if (error == ERROR_ACCESS_DENIED) {
        findings_add(findings, "raise", FINDING_WARNING, "%s may not change these levels",
                     doctor->who.name);
        findings_step(findings, "Let an administrator set them, in Exchange System Manager.");
    } else {
        doctor_cannot_tell(findings, "raise", "RegOpenKeyEx", error);
    }
}

void doctor_look_levels(struct doctor *doctor, struct findings *findings)
{
    struct diagnostics diagnostics = {0};
    struct diagnostic_levels levels;
    const char *call = "CreateEvent";
    DWORD error = diagnostics_init(&diagnostics);
    if (!error)
        error = diagnostics_read(&diagnostics, doctor->settings.provider, &levels, &call);
    diagnostics_end(&diagnostics);
    if (error) {
        doctor_cannot_tell(findings, "levels", call, error);
        return;
    }
    tell_levels(doctor, &levels, findings);
    if (levels.count > 0)
        tell_raise(doctor, findings);
}
