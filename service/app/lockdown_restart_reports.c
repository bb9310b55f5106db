/* lockdown_restart_reports.c: see lockdown_reports.h. What is said of restarts of services. */
#include "lockdown_reports.h"
#include "../windows/report.h"

static void add_seconds(struct report *report, DWORD ms)
{
    report_add_format(report, "%lu.%02lu", ms / 1000, ms % 1000 / 10);
}

/* id with the service, then the call that failed and its error. */
static void report_error(DWORD id, const wchar_t *service, const struct smtp_outcome *outcome,
                         bool name_object)
{
    struct report report;
    report_begin(&report, id);
    report_add(&report, text_of(service));
    report_add_format(&report, "%s", outcome->call ? outcome->call : "");
    if (name_object)
        report_add(&report, text_of(outcome->name));
    report_add_error(&report, outcome->error);
    report_send(&report);
}

void report_restart_step(struct restart_steps *steps, enum smtp_step step,
                         const struct smtp_outcome *so_far)
{
    struct report report;
    if (step == SMTP_STEP_STOP_TIMEOUT) {
        report_begin(&report, MSG_SMTP_STOP_SLOW);
        report_add(&report, text_of(steps->service));
        report_add_number(&report, steps->stop_timeout / 1000);
        report_send(&report);
    } else if (step == SMTP_STEP_START_FAILED && !steps->start_failed) {
        steps->start_failed = true;
        report_error(MSG_SMTP_START_FAILED, steps->service, so_far, false);
    }
}

static void report_service(DWORD id, const wchar_t *service)
{
    struct report report;
    report_begin(&report, id);
    report_add(&report, text_of(service));
    report_send(&report);
}

void report_dependent_left(const wchar_t *service, const struct smtp_outcome *outcome)
{
    struct report report;
    report_begin(&report, MSG_SMTP_DEPENDENT_LEFT);
    report_add(&report, text_of(service));
    report_add(&report, text_of(outcome->name));
    report_add_format(&report, "%s", outcome->call ? outcome->call : "");
    report_add_error(&report, outcome->error);
    report_send(&report);
}

void report_restart(const wchar_t *service, const struct smtp_outcome *outcome, uint32_t accounts)
{
    struct report report;
    switch (outcome->result) {
    case SMTP_RESTARTED:
    case SMTP_DEPENDENT_LEFT:
        report_begin(&report, MSG_SMTP_RESTARTED);
        report_add(&report, text_of(service));
        add_seconds(&report, outcome->down);
        report_add_number(&report, accounts);
        report_send(&report);
        if (outcome->result == SMTP_DEPENDENT_LEFT)
            report_dependent_left(service, outcome);
        break;
    case SMTP_NOT_RUNNING:
        report_service(MSG_SMTP_NOT_RUNNING, service);
        break;
    case SMTP_STOP_TIMEOUT:
    case SMTP_LEFT_STOPPED:
        report_error(MSG_SMTP_LEFT_STOPPED, service, outcome, false);
        break;
    case SMTP_OPERATOR:
    case SMTP_FAILED:
    case SMTP_UNTOUCHED:
        break;
    }
}

void report_restart_failed(const wchar_t *service, const struct smtp_outcome *outcome)
{
    if (outcome->result == SMTP_OPERATOR)
        report_service(MSG_SMTP_OPERATOR, service);
    else
        report_error(MSG_SMTP_RESTART_FAILED, service, outcome, true);
}

void report_resumed(const wchar_t *service, const struct smtp_outcome *outcome)
{
    struct report report;
    report_begin(&report, MSG_SMTP_RESUMED);
    report_add(&report, text_of(service));
    add_seconds(&report, outcome->down);
    report_send(&report);
    if (outcome->result == SMTP_DEPENDENT_LEFT)
        report_dependent_left(service, outcome);
}

void report_restart_waits(const struct response_policy *policy, enum restart_wait why, int64_t ms)
{
    struct report report;
    uint64_t seconds = ((uint64_t)ms + 999) / 1000;
    if (why == RESTART_COOLING) {
        report_begin(&report, MSG_SMTP_RESTART_LATER);
        report_add(&report, text_of(policy->smtp_service));
    } else {
        report_begin(&report, MSG_RESTARTS_SPENT);
        report_add_number(&report, policy->max_restarts_per_hour);
        report_add(&report, text_of(policy->smtp_service));
    }
    report_add_number(&report, seconds);
    report_send(&report);
}

void report_service_failed(const wchar_t *service, const struct smtp_outcome *outcome)
{
    report_error(MSG_SERVICE_RESTART_FAILED, service, outcome, true);
}
