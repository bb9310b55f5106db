#include "response_reports.h"
#include "../windows/report.h"

static void add_seconds(struct report *report, DWORD ms)
{
    report_add_format(report, "%lu.%02lu", ms / 1000, ms % 1000 / 10);
}

static void add_server(struct report *report, const struct account_outcome *outcome)
{
    report_add(report, outcome->server[0] ? text_of(outcome->server) : TEXT_OF(u"this computer"));
}

static void add_account(struct report *report, const struct order *order,
                        const struct account_outcome *outcome)
{
    report_add(report, text_of(order->account));
    report_add(report, text_of(outcome->name));
    add_server(report, outcome);
}

/* The command by which an administrator takes back what was done, as he can paste it. */
static void add_undo(struct report *report, const struct account_outcome *outcome,
                     enum lock_action action)
{
    char16_t command[UNLEN + 64];
    size_t count = 0;
    const struct text parts[] = {TEXT_OF(u"net user \""), text_of(outcome->name),
                                 action == LOCK_PASSWORD ? TEXT_OF(u"\" *")
                                                         : TEXT_OF(u"\" /active:yes"),
                                 outcome->server[0] ? TEXT_OF(u" /domain") : TEXT_OF(u"")};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        count += text_copy(command + count, sizeof command / sizeof *command - count, parts[i]);
    report_add(report, text_of(command));
}

static void report_locked(const struct order *order, enum lock_action action,
                          const struct account_outcome *outcome, DWORD since)
{
    static const DWORD ids[] = {[LOCK_FLAG] = MSG_MARKED,
                                [LOCK_DISABLE] = MSG_DISABLED,
                                [LOCK_PASSWORD] = MSG_PASSWORD_SET};
    char limit[LIMIT_TEXT_SIZE];
    struct report report;
    report_begin(&report, ids[action]);
    add_account(&report, order, outcome);
    if (action != LOCK_FLAG) {
        limit_to_text(&order->limit, limit);
        add_seconds(&report, since);
        report_add_format(&report, "%s", limit);
        add_undo(&report, outcome, action);
    }
    report_send(&report);
}

static void report_lock_failed(const struct order *order, enum lock_action action,
                               const struct account_outcome *outcome, uint32_t tries, bool last)
{
    struct report report;
    DWORD id = last ? MSG_LOCK_GIVEN_UP : MSG_LOCK_FAILED;
    report_begin(&report, action == LOCK_FLAG ? MSG_MARK_FAILED : id);
    report_add(&report, text_of(order->account));
    if (last)
        report_add_number(&report, tries);
    report_add_format(&report, "%s", outcome->call);
    if (!last)
        add_server(&report, outcome);
    report_add_error(&report, outcome->error);
    report_send(&report);
}

void report_lock(const struct order *order, enum lock_action action,
                 const struct account_outcome *outcome, DWORD since, uint32_t tries, bool last)
{
    struct report report;
    switch (outcome->result) {
    case ACCOUNT_LOCKED:
        report_locked(order, action, outcome, since);
        break;
    case ACCOUNT_ALREADY:
        if (action == LOCK_FLAG) /* the mark is there: nothing new */
            break;
        report_begin(&report, MSG_ALREADY_DISABLED);
        add_account(&report, order, outcome);
        report_send(&report);
        break;
    case ACCOUNT_LAST_ADMIN:
        report_begin(&report, MSG_LAST_ADMIN);
        add_account(&report, order, outcome);
        report_send(&report);
        break;
    case ACCOUNT_FAILED:
        if (tries == 1 || last)
            report_lock_failed(order, action, outcome, tries, last);
        break;
    }
}

/* id with the service, then the call that failed and its error. */
static void report_service_error(DWORD id, const wchar_t *service,
                                 const struct smtp_outcome *outcome, bool name_object)
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

void report_restart_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far)
{
    struct restart_steps *steps = context;
    struct report report;
    if (step == SMTP_STEP_STOP_TIMEOUT) {
        report_begin(&report, MSG_SMTP_STOP_SLOW);
        report_add(&report, text_of(steps->service));
        report_add_number(&report, steps->stop_timeout / 1000);
        report_send(&report);
    } else if (step == SMTP_STEP_START_FAILED && !steps->start_failed) {
        steps->start_failed = true;
        report_service_error(MSG_SMTP_START_FAILED, steps->service, so_far, false);
    }
}

static void report_restarted(const wchar_t *service, const struct smtp_outcome *outcome,
                             uint32_t accounts)
{
    struct report report;
    report_begin(&report, MSG_SMTP_RESTARTED);
    report_add(&report, text_of(service));
    add_seconds(&report, outcome->down);
    report_add_number(&report, accounts);
    report_send(&report);
}

static void report_dependent_left(const wchar_t *service, const struct smtp_outcome *outcome)
{
    struct report report;
    report_begin(&report, MSG_SMTP_DEPENDENT_LEFT);
    report_add(&report, text_of(service));
    report_add(&report, text_of(outcome->name));
    report_add_format(&report, "%s", outcome->call ? outcome->call : "");
    report_add_error(&report, outcome->error);
    report_send(&report);
}

static void report_service(DWORD id, const wchar_t *service)
{
    struct report report;
    report_begin(&report, id);
    report_add(&report, text_of(service));
    report_send(&report);
}

void report_restart(const wchar_t *service, const struct smtp_outcome *outcome, uint32_t accounts,
                    bool undone, bool first_failure)
{
    if (undone && (!first_failure || outcome->error == ERROR_CANCELLED))
        return;
    switch (outcome->result) {
    case SMTP_RESTARTED:
        report_restarted(service, outcome, accounts);
        break;
    case SMTP_DEPENDENT_LEFT:
        report_restarted(service, outcome, accounts);
        report_dependent_left(service, outcome);
        break;
    case SMTP_NOT_RUNNING:
        report_service(MSG_SMTP_NOT_RUNNING, service);
        break;
    case SMTP_OPERATOR:
        report_service(MSG_SMTP_OPERATOR, service);
        break;
    case SMTP_UNTOUCHED: /* of smtp_resume only */
        break;
    case SMTP_FAILED:
        report_service_error(MSG_SMTP_RESTART_FAILED, service, outcome, true);
        break;
    case SMTP_STOP_TIMEOUT:
    case SMTP_LEFT_STOPPED:
        report_service_error(undone ? MSG_SMTP_RESTART_FAILED : MSG_SMTP_LEFT_STOPPED, service,
                             outcome, undone);
        break;
    }
}

void report_restart_later(const wchar_t *service, DWORD wait)
{
    struct report report;
    report_begin(&report, MSG_SMTP_RESTART_LATER);
    report_add(&report, text_of(service));
    report_add_number(&report, (wait + 999) / 1000);
    report_send(&report);
}

void report_left_undone(uint32_t accounts, bool restart)
{
    struct report report;
    report_begin(&report, MSG_STOPPED_UNFINISHED);
    report_add_number(&report, accounts);
    report_add(&report, restart ? TEXT_OF(u"yes") : TEXT_OF(u"no"));
    report_send(&report);
}
