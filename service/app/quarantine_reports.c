/* quarantine_reports.c: see quarantine_job.h. What is said of quarantines in the event log
 * (docs/events.md, 610 to 619). */
#include "quarantine_job.h"

#include <inttypes.h>
#include <string.h>
#include "../windows/report.h"
#include "quarantine_aside.h"
#include "shown.h"

enum { COMMAND_MAX = 2 * MANIFEST_WHAT_MAX + 64 };

static void report_failure(const struct quarantine_result *result)
{
    char text[STATE_DIRECTORY_CHECK_MAX];
    struct report report;
    if (!result->call)
        return;
    report_begin(&report, MSG_QUARANTINE_FAILED);
    report_add_format(&report, "%s", quarantine_failed_call(result, text));
    report_add(&report, text_of(result->object));
    report_add_error(&report, result->error);
    report_send(&report);
}

/* What was not moved; gone is what was delivered meanwhile. */
static void report_skipped(const struct quarantine_count *count)
{
    struct report report;
    uint32_t skipped = count->in_use + count->clashes + count->refused + count->failed;
    if (skipped == 0)
        return;
    report_begin(&report, MSG_QUARANTINE_SKIPPED);
    report_add_number(&report, skipped);
    report_add_format(&report,
                      "kept by another program %" PRIu32 ", name taken %" PRIu32
                      ", link or read-only %" PRIu32 ", failed %" PRIu32,
                      count->in_use, count->clashes, count->refused, count->failed);
    report_add(&report,
               count->call ? text_of(count->name) : TEXT_OF(u"none of the last two kinds"));
    report_add_format(&report, "%s", count->call ? count->call : "nothing");
    report_add_error(&report, count->error);
    report_send(&report);
}

/* Why messages are moved: what the reports say of it, and the option that says it. */
static const struct {
    const char16_t *said, *option;
} whys[MANIFEST_WHYS] = {
    [MANIFEST_BY_ACCOUNT] = {u"of the clients of the account ", u" --account "},
    [MANIFEST_BY_CLIENT] = {u"of the client ", u" --client "},
    [MANIFEST_BY_SENDER] = {u"of the sender ", u" --sender "},
    [MANIFEST_BY_ALL] = {u"all of them", u" --all"},
    [MANIFEST_BY_LOCK] = {u"of the clients of what was locked: ", u" --account "},
};

static void add_joined(struct report *report, const struct text *parts, size_t count)
{
    char16_t joined[COMMAND_MAX];
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += text_copy(joined + used, COMMAND_MAX - used, parts[i]);
    report_add(report, (struct text){joined, used});
}

/* The command that goes on with it: of several accounts that were locked, one after another, so the
 * first. */
static void add_command(struct report *report, const struct quarantine_order *order)
{
    char buffer[SHOWN_MAX];
    char16_t argument[SHOWN_MAX];
    struct text what = text_of(order->what);
    if (order->why == MANIFEST_BY_LOCK)
        what = text_slice(what, 0, text_find(what, u','));
    text_from_utf8(argument, SHOWN_MAX, shown_argument(what, buffer), NULL);
    const struct text parts[] = {TEXT_OF(u"relaylock queue quarantine"),
                                 text_of(whys[order->why].option), text_of(argument)};
    add_joined(report, parts, order->why == MANIFEST_BY_ALL ? 2 : 3);
}

_Static_assert(QUARANTINE_BUDGET == 10000 && QUARANTINE_ASIDE_LIMIT == 15000, "what is said");

static void report_left(const struct quarantine_order *order,
                        const struct quarantine_result *result, uint64_t left)
{
    struct report report;
    report_begin(&report, MSG_QUARANTINE_LEFT);
    report_add(&report, result->stuck
                            ? TEXT_OF(u"it had not ended after 15 s, and SMTP comes first")
                        : result->time_over ? TEXT_OF(u"it had taken 10 s, and SMTP comes first")
                                            : TEXT_OF(u"QuarantineLimit was reached"));
    if (left == QUARANTINE_LEFT_UNKNOWN)
        report_add(&report, TEXT_OF(u"Some"));
    else
        report_add_number(&report, left);
    add_command(&report, order);
    report_send(&report);
}

void report_quarantine_finished(const struct quarantine_result *finished)
{
    struct report report;
    if (finished->finished > 0) {
        report_begin(&report, MSG_QUARANTINE_FINISHED);
        report_add_number(&report, finished->finished);
        report_send(&report);
    }
    report_failure(finished);
}

void report_quarantine_taken(const struct quarantine_order *order,
                             const struct quarantine_result *result, uint64_t left)
{
    struct report report;
    if (result->count.moved > 0) {
        const struct text why[] = {
            text_of(whys[order->why].said), text_of(order->what),
            TEXT_OF(u" (some of them in later batches; type: relaylock queue list)")};
        report_begin(&report, MSG_QUARANTINED);
        report_add_number(&report, result->count.moved);
        report_add_number(&report, result->count.bytes / 1024);
        report_add_format(&report, "%s", result->id);
        add_joined(&report, why, result->more_ids ? 3 : 2);
        report_send(&report);
    }
    if (quarantine_is_cut_short(result))
        report_left(order, result, left);
    report_skipped(&result->count);
    report_failure(result);
}

void report_quarantine_given_back(const struct quarantine_result *result)
{
    struct report report;
    if (result->count.moved > 0) {
        report_begin(&report, MSG_QUARANTINE_RESTORED);
        report_add_number(&report, result->count.moved);
        report_add_number(&report, result->count.bytes / 1024);
        report_send(&report);
    }
    report_skipped(&result->count);
    report_failure(result);
}

void report_quarantine_purged(const char *id, const struct quarantine_result *result)
{
    struct report report;
    if (result->batches > 0) {
        report_begin(&report, MSG_QUARANTINE_PURGED);
        report_add_number(&report, result->count.moved);
        report_add_number(&report, result->count.bytes / 1024);
        report_add_format(&report, "%s", id);
        report_send(&report);
    }
    report_failure(result);
}
