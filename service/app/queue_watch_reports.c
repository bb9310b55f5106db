#include "queue_watch_reports.h"

#include <stdio.h>
#include <string.h>
#include "queue_words.h"
#include "shown.h"
#include "../windows/report.h"

enum { BURSTS_SHOWN = 3, CLIENTS_SHOWN = 3 };

/* A line that is put together; what does not fit is cut. */
struct line {
    size_t count;
    char16_t text[REPORT_STRING_MAX];
};

static void put(struct line *line, struct text text)
{
    if (line->count + 2 <= REPORT_STRING_MAX)
        line->count += text_copy(line->text + line->count, REPORT_STRING_MAX - line->count, text);
}

static void put_utf8(struct line *line, const char *utf8)
{
    char16_t wide[REPORT_STRING_MAX];
    size_t count;
    if (text_from_utf8(wide, REPORT_STRING_MAX, utf8, &count))
        put(line, (struct text){wide, count});
}

static void put_number(struct line *line, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    put_utf8(line, digits);
}

static void add(struct report *report, const struct line *line)
{
    report_add(report, (struct text){line->text, line->count});
}

/* ---- why it grows ---------------------------------------------------------------------------- */

/* "4812 from clients of CONTOSO\bob (User, localhost)" */
static void put_burst(struct line *line, const struct burst_list *bursts, uint32_t index)
{
    const struct burst *burst = &bursts->bursts[index];
    uint32_t shown_clients = 0;
    put_number(line, burst->messages);
    put_utf8(line, " from clients of ");
    put(line, text_of(burst->account));
    for (uint32_t i = 0; i < bursts->client_count && shown_clients < CLIENTS_SHOWN; i++) {
        const struct burst_client *client = &bursts->clients[i];
        if (client->burst != index || client->messages == 0)
            continue;
        put_utf8(line, shown_clients++ == 0 ? " (" : ", ");
        put(line, text_of(client->name));
    }
    put_utf8(line,
             shown_clients > 0 ? "), which signed in too often" : ", which signed in too often");
}

static void add_evidence(struct report *report, const struct queue_report *queue)
{
    struct line line = {0};
    uint32_t shown_bursts = 0;
    for (uint32_t i = 0; i < queue->bursts.count && shown_bursts < BURSTS_SHOWN; i++) {
        if (queue->bursts.bursts[i].messages == 0)
            continue;
        put_utf8(&line, shown_bursts++ > 0 ? "; " : "");
        put_burst(&line, &queue->bursts, i);
    }
    for (size_t i = 0; i < QUEUE_WORDS_KINDS; i++) {
        uint64_t messages = queue->tally.kinds[queue_words_order[i]];
        if (messages == 0)
            continue;
        put_utf8(&line, line.count > 0 ? "; " : "");
        put_number(&line, messages);
        put_utf8(&line, " ");
        put_utf8(&line, queue_words_kind(queue_words_order[i]));
    }
    put_utf8(&line, line.count > 0 ? "." : "No message was there any more.");
    add(report, &line);
}

static void put_account_advice(struct line *line, const struct burst *burst)
{
    char buffer[SHOWN_MAX];
    struct text user;
    if (!burst->locked)
        put_utf8(line, "Disable ");
    put(line, text_of(burst->account));
    if (burst->locked) {
        put_utf8(line, " is locked already (relaylock incidents). ");
        return;
    }
    if (queue_words_user(burst->account, &user)) {
        put_utf8(line, " in its domain: net user ");
        put_utf8(line, shown_argument(user, buffer));
        put_utf8(line, " /active:no /domain");
    }
    put_utf8(line, ", then net stop SMTPSVC and net start SMTPSVC. ");
}

static void put_relay_advice(struct line *line, const struct queue_report *queue)
{
    uint32_t named = 0;
    for (uint32_t i = 0; i < queue->bursts.count && named < BURSTS_SHOWN; i++) {
        if (!queue_diagnosis_accuses(&queue->diagnosis, &queue->bursts, i))
            continue;
        named++;
        put_account_advice(line, &queue->bursts.bursts[i]);
    }
    if (!queue->diagnosis.by_burst)
        put_utf8(line, "Find the account: relaylock queue --log FILE.evt, with a saved event log. "
                       "If no account signs in that often, look whether the server relays for "
                       "anybody. ");
}

static void add_advice(struct report *report, const struct queue_report *queue)
{
    struct line line = {0};
    enum queue_verdict verdict = queue->diagnosis.verdict;
    if (verdict == QUEUE_VERDICT_RELAY || verdict == QUEUE_VERDICT_BOTH)
        put_relay_advice(&line, queue);
    if (queue->diagnosis.backscatter > 0)
        put_utf8(&line, "Filter recipients who do not exist here, and type: relaylock harden set "
                        "TarpitTime. ");
    if (verdict == QUEUE_VERDICT_UNKNOWN)
        put_utf8(&line, queue_words_want_domains(queue->diagnosis.doubt)
                            ? "Name your own mail domains, all of them: relaylock queue "
                              "--own-domain contoso.com"
                            : "See what lies there: relaylock queue");
    if (verdict == QUEUE_VERDICT_NORMAL)
        put_utf8(&line, "If it goes on growing, look whether mail gets out.");
    report_add(report, text_trim((struct text){line.text, line.count}));
}

static void add_verdict(struct report *report, const struct queue_diagnosis *diagnosis)
{
    bool both = diagnosis->verdict == QUEUE_VERDICT_UNKNOWN && diagnosis->backscatter > 0;
    report_add_format(report, "%s%s%s%s", queue_words_verdict(diagnosis->verdict),
                      queue_words_doubt(diagnosis->doubt), both ? " " : "",
                      both ? queue_words_backscatter : "");
}

void queue_watch_tell_surge(const struct queue_surge *surge, const struct queue_report *queue,
                            const char *unknown)
{
    struct report report;
    bool past = surge->news == QUEUE_NEWS_PAST;
    report_begin(&report, past ? MSG_QUEUE_PAST : MSG_QUEUE_GROWN);
    report_add_number(&report, surge->files);
    report_add_number(&report, past ? surge->alert : surge->from);
    if (queue) {
        add_verdict(&report, &queue->diagnosis);
        add_evidence(&report, queue);
        add_advice(&report, queue);
    } else {
        report_add(&report, TEXT_OF(u"Why is not known."));
        report_add_format(&report, "The messages could not be looked at: %s.", unknown);
        report_add(&report, TEXT_OF(u"type: relaylock queue"));
    }
    report_send(&report);
}

/* ---- the rest -------------------------------------------------------------------------------- */

void queue_watch_tell_fallen(uint32_t files, uint32_t alert)
{
    struct report report;
    report_begin(&report, MSG_QUEUE_FELL);
    report_add_number(&report, files);
    report_add_number(&report, alert);
    report_send(&report);
}

void queue_watch_tell_unreadable(const char *why, uint32_t required)
{
    struct line line = {0};
    struct report report;
    put_utf8(&line, why);
    report_begin(&report, MSG_QUEUE_UNREADABLE);
    add(&report, &line);
    report_add_format(&report, "%s",
                      required > 0
                          ? "As long as that lasts, accounts that cross a limit are only flagged "
                            "(event 417), unless what can be read of it holds as many files as the "
                            "setting RequireQueue says."
                          : "Whether it grows is not seen (setting QueueAlert).");
    report_send(&report);
}

void queue_watch_tell_readable(uint32_t files, uint32_t folders)
{
    struct report report;
    report_begin(&report, MSG_QUEUE_READABLE);
    report_add_number(&report, files);
    report_add_number(&report, folders);
    report_send(&report);
}

void queue_watch_tell_none(void)
{
    report_event(MSG_QUEUE_NONE, 0);
}
