/* queue_report.h for people: the verdict, its evidence, what to do, then what lies there. */
#include "queue_report.h"

#include <inttypes.h>
#include <string.h>
#include "../core/duration.h"
#include "../core/event_time.h"
#include "queue_words.h"
#include "shown.h"

enum { CLIENTS_SHOWN = 5 };

static void put_text(struct text text, FILE *out)
{
    char buffer[SHOWN_MAX];
    fputs(shown(text, buffer), out);
}

static void put_string(const struct message_string *string, FILE *out)
{
    char16_t units[MESSAGE_STRING_MAX + 1];
    put_text(message_string_text(string, units), out);
    if (string->cut)
        fputs("...", out);
}

static void put_utf8(const char *utf8, FILE *out)
{
    char16_t units[QUEUE_FOLDER_PATH_MAX];
    size_t count;
    if (text_from_utf8(units, QUEUE_FOLDER_PATH_MAX, utf8, &count))
        put_text((struct text){units, count}, out);
    else
        fputs("(a name that is not UTF-8)", out);
}

static void put_time(int64_t seconds, FILE *out)
{
    char text[EVENT_TIME_TEXT_SIZE];
    event_time_to_text(seconds, text);
    fputs(text, out);
}

static void put_size(uint64_t bytes, FILE *out)
{
    static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
    uint64_t scale = 1;
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof *units && bytes / scale >= 1024) {
        scale *= 1024;
        i++;
    }
    fprintf(out, "%" PRIu64, bytes / scale);
    if (i > 0)
        fprintf(out, ".%" PRIu64, bytes % scale / (scale / 8) * 10 / 8);
    fprintf(out, " %s", units[i]);
}

/* ---- the verdict ---------------------------------------------------------------------------- */

static void put_verdict(const struct queue_diagnosis *diagnosis, FILE *out)
{
    fprintf(out, "%s%s\n", queue_words_verdict(diagnosis->verdict),
            queue_words_doubt(diagnosis->doubt));
    if (diagnosis->verdict == QUEUE_VERDICT_UNKNOWN && diagnosis->backscatter > 0)
        fprintf(out, "%s\n", queue_words_backscatter);
}

/* ---- evidence ------------------------------------------------------------------------------- */

static void put_burst(const struct burst_list *bursts, uint32_t index, FILE *out)
{
    const struct burst *burst = &bursts->bursts[index];
    uint32_t shown_clients = 0;
    fprintf(out, "  %8" PRIu64 "  from clients of ", burst->messages);
    put_text(text_of(burst->account), out);
    fputs(", which signed in too often from ", out);
    put_time(burst->first_time, out);
    fputs(" to ", out);
    put_time(burst->last_time, out);
    for (uint32_t i = 0; i < bursts->client_count && shown_clients < CLIENTS_SHOWN; i++) {
        const struct burst_client *client = &bursts->clients[i];
        if (client->burst != index || client->messages == 0)
            continue;
        fputs(shown_clients++ == 0 ? ": " : ", ", out);
        put_text(text_of(client->name), out);
        fprintf(out, " (%" PRIu32 ")", client->messages);
    }
    fputc('\n', out);
}

static void put_kind(uint64_t count, const char *what, FILE *out)
{
    if (count > 0)
        fprintf(out, "  %8" PRIu64 "  %s\n", count, what);
}

static void put_evidence(const struct queue_report *report, FILE *out)
{
    const struct queue_tally *tally = &report->tally;
    const uint64_t *kinds = tally->kinds;
    if (tally->messages == 0)
        return;
    fputs("\nMessages\n", out);
    for (uint32_t i = 0; i < report->bursts.count; i++) {
        if (report->bursts.bursts[i].messages > 0)
            put_burst(&report->bursts, i, out);
    }
    for (size_t i = 0; i < QUEUE_WORDS_KINDS; i++)
        put_kind(kinds[queue_words_order[i]], queue_words_kind(queue_words_order[i]), out);
    put_kind(tally->null_senders, "of all these, from nobody or a postmaster, but no reports", out);
}

/* ---- what to do ----------------------------------------------------------------------------- */

/* A log that was named, as an argument; FILE when it is too long to be shown whole. */
static void put_log(const char *path, FILE *out)
{
    char16_t units[SHOWN_MAX / 4];
    char buffer[SHOWN_MAX];
    size_t count;
    if (!text_from_utf8(units, sizeof units / sizeof *units, path, &count))
        count = text_copy(units, sizeof units / sizeof *units, TEXT_OF(u"FILE"));
    fprintf(out, " --log %s", shown_argument((struct text){units, count}, buffer));
}

/* The commands that clean up after the bursts. Without the logs it might not know them. */
static void put_quarantine(const struct queue_report *report, FILE *out)
{
    char buffer[SHOWN_MAX];
    for (uint32_t i = 0; i < report->bursts.count; i++) {
        const struct burst *burst = &report->bursts.bursts[i];
        if (!queue_diagnosis_accuses(&report->diagnosis, &report->bursts, i))
            continue;
        fprintf(out, "  relaylock queue quarantine --account %s",
                shown_argument(text_of(burst->account), buffer));
        for (size_t log = 0; log < report->log_count; log++)
            put_log(report->logs[log], out);
        fputc('\n', out);
    }
}

static void put_account_advice(const struct burst *burst, FILE *out)
{
    char buffer[SHOWN_MAX];
    struct text user;
    fputs("  ", out);
    put_text(text_of(burst->account), out);
    if (burst->locked)
        fputs(": RelayLock holds this account locked; see: relaylock incidents\n", out);
    else if (queue_words_user(burst->account, &user))
        fprintf(out,
                ": on a computer of its domain; of an account of one computer, there and without "
                "/domain:\n  net user %s /active:no /domain\n",
                shown_argument(user, buffer));
    else
        fputs(": disable the account that signs in so; Active Directory Users and Computers finds "
              "it\n",
              out);
}

/* Before commands that are for the server whose queue it is. */
static void put_where(const struct queue_report *report, FILE *out)
{
    if (report->elsewhere)
        fputs("  On the server whose queue this is:\n", out);
}

static void put_relay_advice(const struct queue_report *report, FILE *out)
{
    for (uint32_t i = 0; i < report->bursts.count; i++)
        if (queue_diagnosis_accuses(&report->diagnosis, &report->bursts, i))
            put_account_advice(&report->bursts.bursts[i], out);
    if (report->diagnosis.by_burst) {
        put_where(report, out);
        fputs("  net stop SMTPSVC\n  net start SMTPSVC\n"
              "  That ends the sessions that are open. To keep what lies in the queue from going "
              "out:\n",
              out);
        put_quarantine(report, out);
        return;
    }
    fputs("  Which account it is, the event log tells; give it to RelayLock:\n"
          "  relaylock queue --log FILE.evt\n"
          "  If no account signs in that often, look whether the server relays for anybody.\n",
          out);
}

static void put_non_delivery_advice(const struct queue_report *report, FILE *out)
{
    put_where(report, out);
    fputs("  Refuse what nobody here receives: Exchange System Manager, Global Settings, Message\n"
          "  Delivery, Recipient Filtering: filter recipients who are not in the directory; then\n"
          "  enable the filter on the SMTP virtual server's address (Advanced, Edit).\n"
          "  Make guessing slow (Server 2003 SP1):\n"
          "  relaylock harden set TarpitTime\n"
          "  net stop SMTPSVC\n  net start SMTPSVC\n"
          "  To move the reports that lie in the queue out of it:\n"
          "  relaylock queue quarantine --sender \"<>\"\n",
          out);
}

static void put_doubt_advice(const struct queue_report *report, FILE *out)
{
    const enum queue_doubt doubt = report->diagnosis.doubt;
    if (doubt == QUEUE_DOUBT_UNREADABLE)
        fputs("  Use an administrator's command prompt.\n", out);
    else if (doubt == QUEUE_DOUBT_NO_HEADS)
        fputs("  Is this a queue folder? Name the right one:\n  relaylock queue FOLDER\n", out);
    else if (queue_words_want_domains(doubt) && report->own.named == 0)
        fputs("  Name your own mail domains, all of them:\n"
              "  relaylock queue --own-domain contoso.com --own-domain fabrikam.com\n",
              out);
    else
        fputs("  Look at the senders, clients and subjects below: are they your own people's?\n",
              out);
    if (!report->logs_read)
        fputs("  Give RelayLock the event log, which says who signed in from where:\n"
              "  relaylock queue --log FILE.evt\n",
              out);
}

static void put_advice(const struct queue_report *report, FILE *out)
{
    enum queue_verdict verdict = report->diagnosis.verdict;
    if (verdict == QUEUE_VERDICT_NORMAL)
        return;
    fputs("\nTo do\n", out);
    if (verdict == QUEUE_VERDICT_RELAY || verdict == QUEUE_VERDICT_BOTH)
        put_relay_advice(report, out);
    if (report->diagnosis.backscatter > 0)
        put_non_delivery_advice(report, out);
    if (verdict == QUEUE_VERDICT_UNKNOWN)
        put_doubt_advice(report, out);
}

/* ---- what lies there ------------------------------------------------------------------------ */

static void put_top(const char *title, const char *empty, const struct frequent *frequent,
                    FILE *out)
{
    struct frequent_row rows[QUEUE_TOP];
    size_t count = frequent_top(frequent, rows, QUEUE_TOP), shown_rows = 0;
    if (count == 0)
        return;
    fprintf(out, "\n%s (%s%" PRIu32 " different)\n", title, frequent->crowded ? "more than " : "",
            frequent->used);
    for (size_t i = 0; i < count; i++) {
        /* What may be too high by more than a tenth says nothing. */
        if (rows[i].error * 10 > rows[i].count)
            continue;
        shown_rows++;
        fprintf(out, "  %s%*" PRIu64 "  ", rows[i].error > 0 ? "<=" : "", rows[i].error > 0 ? 6 : 8,
                rows[i].count);
        if (rows[i].name->count == 0)
            fputs(empty, out);
        else
            put_string(rows[i].name, out);
        fputc('\n', out);
    }
    if (shown_rows == 0)
        fputs("  none stands out\n", out);
}

static void put_ages(const struct queue_report *report, FILE *out)
{
    const struct queue_tally *tally = &report->tally;
    char age[DURATION_TEXT_SIZE];
    int64_t seconds = report->now - tally->oldest;
    duration_to_text(seconds > 0 ? (uint64_t)seconds : 0, age);
    fputs("The oldest is of ", out);
    put_time(tally->oldest, out);
    fprintf(out, " (%s ago), the newest of ", age);
    put_time(tally->newest, out);
    fprintf(out,
            ".\nOf the hour before the newest %" PRIu64 ", of the hour before that %" PRIu64
            ", of the whole day %" PRIu64 ".\n",
            queue_tally_last_hour(tally), queue_tally_hour_before(tally),
            queue_tally_last_day(tally));
}

static void put_folder(const struct queue_folder *folder, FILE *out)
{
    const struct queue_folder_count *count = &folder->count;
    const struct {
        uint64_t number;
        const char *what;
    } passed[] = {{count->gone, "gone meanwhile"},
                  {count->in_use, "kept by others"},
                  {count->failed, "not readable"},
                  {count->links, "links, not followed"}};
    fputs("  ", out);
    put_utf8(folder->path, out);
    fprintf(out, ": %" PRIu64 " messages, ", count->files);
    put_size(count->bytes, out);
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        if (passed[i].number > 0)
            fprintf(out, "; %" PRIu64 " %s", passed[i].number, passed[i].what);
    }
    fputc('\n', out);
}

void queue_report_text(const struct queue_report *report, FILE *out)
{
    const struct queue_tally *tally = &report->tally;
    put_verdict(&report->diagnosis, out);
    put_evidence(report, out);
    put_advice(report, out);
    fputs("\nQueue\n", out);
    for (uint32_t i = 0; i < report->folder_count; i++)
        put_folder(&report->folders[i], out);
    if (tally->messages == 0)
        return;
    put_ages(report, out);
    put_top("Senders", "(nobody)", &tally->senders, out);
    put_top("Recipients' domains", "(none)", &tally->domains, out);
    put_top("Clients", "(without a name)", &tally->clients, out);
    put_top("Subjects", "(none)", &tally->subjects, out);
    fputs("\nOwn domains:", out);
    for (uint32_t i = 0; i < report->own.count; i++) {
        fputs(i > 0 ? ", " : " ", out);
        put_string(&report->own.names[i], out);
    }
    fputs(report->own.count == 0  ? " none is known.\n"
          : report->own.named > 0 ? "\n"
                                  : " (found in the queue; --own-domain names others)\n",
          out);
}
