#include <stdio.h>
#include "alert.h"
#include "../core/event_time.h"
#include "../windows/report.h"

/* A client's name between quotes, in which no quote of its own can pass for the end. */
static size_t add_name(char16_t *line, size_t room, const char16_t *name)
{
    size_t count = text_copy(line, room, TEXT_OF(u"\""));
    size_t start = count;
    count += text_copy(line + count, room - count, text_of(name));
    for (size_t i = start; i < count; i++) {
        if (line[i] == u'"')
            line[i] = u'\'';
    }
    return count + text_copy(line + count, room - count, TEXT_OF(u"\""));
}

/* "mail" (30), "pc7" (12) */
static void add_clients(struct report *report, const struct verdict *verdict)
{
    char16_t line[VERDICT_TOP_CLIENTS * (CLIENT_SHOWN_MAX + 16)];
    const size_t room = sizeof line / sizeof *line;
    size_t count = 0;
    line[0] = 0;
    for (uint32_t i = 0; i < verdict->top_count; i++) {
        char number[16];
        char16_t wide[16];
        if (i > 0)
            count += text_copy(line + count, room - count, TEXT_OF(u", "));
        count += add_name(line + count, room - count, verdict->top[i].name);
        snprintf(number, sizeof number, " (%u)", (unsigned)verdict->top[i].sign_ins);
        text_from_utf8(wide, sizeof wide / sizeof *wide, number, NULL);
        count += text_copy(line + count, room - count, text_of(wide));
    }
    report_add(report, text_of(line));
}

static void add_record(struct report *report, uint64_t record, int64_t time)
{
    char text[EVENT_TIME_TEXT_SIZE];
    report_add_number(report, record);
    event_time_to_text(time, text);
    report_add_format(report, "%s", text);
}

/* A sentence more, which begins with the space that parts it from the one before. */
static void add_gap(struct report *report, const struct gap *gap)
{
    static const char more[] = "so that there may have been more sign-ins";
    if (!gap)
        report_add(report, TEXT_OF(u""));
    else if (gap->cleared)
        report_add_format(report, " The log was cleared within the window, %s.", more);
    else if (gap->first <= 1)
        report_add_format(report,
                          " The log does not reach back over the window (records up to %llu are "
                          "gone), %s.",
                          gap->last, more);
    else
        report_add_format(report, " Records %llu to %llu within the window are gone, %s.",
                          gap->first, gap->last, more);
}

/* What ends "does not bear it out: ". */
static void add_queue(struct report *report, const struct verdict *verdict,
                      const struct queue_view *queue)
{
    char window[LIMIT_TEXT_SIZE];
    limit_window_to_text(verdict->limit.window, window);
    if (queue->known)
        report_add_format(report, "it holds %u files, and has not grown by %u within %s",
                          (unsigned)queue->files, (unsigned)queue->required, window);
    else
        report_add(report, TEXT_OF(u"it cannot be read, see event 603 and relaylock doctor"));
}

void alert_verdict(const struct verdict *verdict, const struct gap *gap, bool again,
                   const struct queue_view *queue)
{
    static const DWORD ids[] = {
        [FLAG_NOT] = MSG_CROSSED,
        [FLAG_ACTION] = MSG_FLAGGED_ACTION,
        [FLAG_OBSERVE] = MSG_FLAGGED_OBSERVE,
        [FLAG_STORE] = MSG_FLAGGED_STORE,
        [FLAG_BUDGET] = MSG_FLAGGED_BUDGET,
        [FLAG_UNRESOLVED] = MSG_FLAGGED_UNRESOLVED,
        [FLAG_MACHINE] = MSG_FLAGGED_MACHINE,
        [FLAG_PROTECTED] = MSG_FLAGGED_PROTECTED,
        [FLAG_QUEUE] = MSG_FLAGGED_QUEUE,
    };
    char limit[LIMIT_TEXT_SIZE];
    struct report report;
    limit_to_text(&verdict->limit, limit);
    report_begin(&report, again ? MSG_CROSSED_AGAIN : ids[verdict->flag]);
    report_add(&report, text_of(verdict->account));
    report_add_format(&report, "%s", limit);
    report_add_number(&report, verdict->count);
    report_add_number(&report, verdict->sign_ins);
    report_add_number(&report, verdict->clients);
    add_clients(&report, verdict);
    add_record(&report, verdict->first_record, verdict->first_time);
    add_record(&report, verdict->last_record, verdict->last_time);
    add_gap(&report, gap);
    if (verdict->flag == FLAG_QUEUE)
        add_queue(&report, verdict, queue);
    report_send(&report);
}
