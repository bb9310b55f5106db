#include "logging_reports.h"

#include "../windows/report.h"

static void add_level(struct report *report, uint32_t level)
{
    char text[DIAGNOSTIC_LEVEL_TEXT_SIZE];
    diagnostic_level_to_text(level, text);
    report_add_format(report, "%s", text);
}

void logging_tell(const struct logging_step *step)
{
    static const DWORD ids[] = {
        [LOGGING_RAISED] = MSG_LOGGING_RAISED,
        [LOGGING_CHANGED] = MSG_LOGGING_CHANGED,
        [LOGGING_PUT_BACK] = MSG_LOGGING_PUT_BACK,
    };
    struct report report;
    if (step->outcome == LOGGING_KEPT)
        return;
    report_begin(&report, ids[step->outcome]);
    report_add(&report, text_of(step->name));
    report_add(&report, text_of(step->provider));
    add_level(&report, step->from);
    add_level(&report, step->to);
    report_send(&report);
}

static void hear(void *context, const struct logging_step *step)
{
    (void)context;
    logging_tell(step);
}

const struct logging_listener logging_reports = {.hear = hear};

static void add_failure(struct report *report, const struct logging_failure *failure, DWORD error)
{
    report_add_format(report, "%s", failure->call);
    report_add(report, text_of(failure->object));
    report_add_error(report, error);
}

void logging_tell_not_raised(const wchar_t *provider, const struct logging_failure *failure,
                             DWORD error)
{
    struct report report;
    report_begin(&report, MSG_LOGGING_NOT_RAISED);
    report_add(&report, text_of(provider));
    add_failure(&report, failure, error);
    report_send(&report);
}

void logging_tell_not_put_back(const struct logging_failure *failure, DWORD error)
{
    struct report report;
    report_begin(&report, MSG_LOGGING_NOT_PUT_BACK);
    add_failure(&report, failure, error);
    report_send(&report);
}
