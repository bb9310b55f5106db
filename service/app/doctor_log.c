/* doctor_log.c: see doctor.h. The reader, the log, the last sign-in in it, and the clock. */
#include "doctor.h"

#include "../core/duration.h"
#include "../core/event_time.h"
#include "../core/log_capacity.h"
#include "log_reader.h"

enum {
    ENOUGH = 16 * 1024 * 1024, /* bytes; a log of this size is called large enough, until its rate
                                  is known */
    STEP = 64 * 1024,          /* bytes; MaxSize goes in these (eventlog-key) */
    MOST = 300 * 1024 * 1024,  /* bytes that are asked for at most: Windows 2000 and Server 2003
                                  manage 200 to 600 MB (Knowledge Base 312571) */
    QUIET = 7 * 86400,         /* s without a sign-in that are odd on a mail server */
    AHEAD = 300                /* s by which an event may be ahead of the clock */
};

/* ---- the reader ----------------------------------------------------------------------------- */

static void look_up(DWORD error, struct findings *findings)
{
    findings_step(findings, "Look up the error: net helpmsg %lu", (unsigned long)error);
}

/* Why it does not open, and what mends that. */
static void tell_unreadable(const struct doctor *doctor, const char *call, DWORD error,
                            struct findings *findings)
{
    size_t setting = setting_find(TEXT_OF(u"Channel"));
    findings_add(findings, "reader", FINDING_PROBLEM,
                 "the log \"%s\" cannot be read: %s failed with error %lu",
                 findings_show(findings, doctor->settings.channel), call, (unsigned long)error);
    switch (error) {
    case ERROR_ACCESS_DENIED:
        findings_step(findings, "Run this in an administrator's prompt; the service must run as an "
                                "account that may read this log.");
        return;
    case RPC_S_SERVER_UNAVAILABLE:
    case RPC_S_UNKNOWN_IF:
        findings_command(findings, "net start EventLog");
        return;
    case ERROR_MOD_NOT_FOUND:
    case ERROR_PROC_NOT_FOUND:
        setting = setting_find(TEXT_OF(u"Reader"));
        break;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_INVALID_PARAMETER:
    case ERROR_EVT_CHANNEL_NOT_FOUND:
        break;
    default:
        look_up(error, findings);
        return;
    }
    if (!doctor_mend_setting(doctor, setting, NULL, findings))
        look_up(error, findings);
}

static void tell_reader(const struct doctor *doctor, const struct event_source *source,
                        const char *why, DWORD refused, struct findings *findings)
{
    findings_add(findings, "reader", refused ? FINDING_WARNING : FINDING_OK,
                 "the log can be read, by the %s reader, %s", source->kind, why);
    if (refused)
        doctor_mend_setting(doctor, setting_find(TEXT_OF(u"Reader")), "/t REG_SZ /d classic",
                            findings);
}

/* ---- its size and retention ----------------------------------------------------------------- */

static bool is_modern(const struct event_source *source)
{
    return source->kind[0] == 'm';
}

static void cure_retention(const struct event_source *source, const char *channel,
                           struct findings *findings)
{
    if (is_modern(source))
        findings_command(findings, "wevtutil sl \"%s\" /rt:false", channel);
    else
        findings_command(findings,
                         "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\%s\" /v "
                         "Retention /t REG_DWORD /d 0 /f",
                         channel);
}

static void cure_size(const struct event_source *source, const char *channel, uint64_t size,
                      struct findings *findings)
{
    size = (size + STEP - 1) / STEP * STEP;
    if (size < ENOUGH)
        size = ENOUGH;
    unsigned long bytes = (unsigned long)(size < MOST ? size : MOST);
    if (is_modern(source))
        findings_command(findings, "wevtutil sl \"%s\" /ms:%lu", channel, bytes);
    else
        findings_command(findings,
                         "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\%s\" /v "
                         "MaxSize /t REG_DWORD /d %lu /f",
                         channel, bytes);
}

static unsigned long kilobytes(uint64_t bytes)
{
    return (unsigned long)(bytes / 1024);
}

static void tell_reach(const struct doctor *doctor, const struct event_source *source,
                       const struct log_facts *facts, const char *channel,
                       struct findings *findings)
{
    char reached[DURATION_TEXT_SIZE], wanted[DURATION_TEXT_SIZE];
    uint32_t window = settings_longest_window(&doctor->settings), reach = 0;
    duration_to_text(window, wanted);
    if (!log_reach(facts, doctor->now, &reach)) {
        bool small = facts->max_size != 0 && facts->max_size < ENOUGH;
        findings_add(
            findings, "log", small ? FINDING_WARNING : FINDING_OK,
            "the log \"%s\" (%lu of %lu KB) %s; how far back it reaches, when full, cannot "
            "be told yet; the longest window is %s",
            channel, kilobytes(facts->size), kilobytes(facts->max_size),
            small ? "is small" : "has room", wanted);
        if (small)
            cure_size(source, channel, ENOUGH, findings);
        return;
    }
    duration_to_text(reach, reached);
    findings_add(findings, "log", reach < window ? FINDING_WARNING : FINDING_OK,
                 "the log \"%s\" (%lu of %lu KB) reaches back %s, the longest window is %s",
                 channel, kilobytes(facts->size), kilobytes(facts->max_size), reached, wanted);
    if (reach < window) /* twice what it takes, as the rate changes over the day */
        cure_size(source, channel, facts->max_size / (reach > 0 ? reach : 1) * 2 * window,
                  findings);
}

static void look_at_size(const struct doctor *doctor, struct event_source *source,
                         struct findings *findings)
{
    struct log_facts facts;
    const char *call;
    DWORD error = source->methods->look(source, &facts, &call);
    if (error) {
        doctor_cannot_tell(findings, "log", call, error);
        return;
    }
    const char *channel = findings_show(findings, doctor->settings.channel);
    if (log_is_full(&facts, doctor->now)) {
        findings_add(findings, "log", FINDING_PROBLEM,
                     "the log \"%s\" is full or nearly so (%lu of %lu KB), and keeps what it has: "
                     "new events are refused",
                     channel, kilobytes(facts.size), kilobytes(facts.max_size));
        cure_retention(source, channel, findings);
    } else if (facts.retention == LOG_KEEPS) {
        findings_add(findings, "log", FINDING_WARNING,
                     "the log \"%s\" (%lu of %lu KB) keeps its events: once full, it refuses new "
                     "ones",
                     channel, kilobytes(facts.size), kilobytes(facts.max_size));
        cure_retention(source, channel, findings);
    } else {
        tell_reach(doctor, source, &facts, channel, findings);
    }
}

/* ---- what is in it -------------------------------------------------------------------------- */

static void tell_sign_in(const struct doctor *doctor, const struct event_place *last,
                         struct findings *findings)
{
    char time[EVENT_TIME_TEXT_SIZE], age[DURATION_TEXT_SIZE];
    unsigned long id = doctor->settings.event_id;
    int64_t passed = doctor->now - last->time;
    if (last->record == 0) {
        findings_add(findings, "sign-ins", FINDING_WARNING, "there is no event %lu in the log", id);
        findings_step(findings,
                      "Send a mail through this server, signed in over SMTP, and run this "
                      "again. If there is still none, see the line \"levels\".");
        return;
    }
    event_time_to_text(last->time, time);
    duration_to_text(passed > 0 ? (uint64_t)passed : 0, age);
    findings_add(findings, "sign-ins", passed > QUIET ? FINDING_WARNING : FINDING_OK,
                 "the last event %lu was at %s, %s ago", id, time, age);
    if (passed > QUIET)
        findings_step(findings, "Does nobody send mail over SMTP here? Otherwise see the line "
                                "\"levels\".");
}

static void tell_clock(const struct doctor *doctor, const struct event_place *newest,
                       struct findings *findings)
{
    char time[EVENT_TIME_TEXT_SIZE], now[EVENT_TIME_TEXT_SIZE], ahead[DURATION_TEXT_SIZE];
    event_time_to_text(doctor->now, now);
    if (newest->record == 0 || newest->time - doctor->now <= AHEAD) {
        findings_add(findings, "clock", FINDING_OK, "%s, and no event is ahead of it", now);
        return;
    }
    event_time_to_text(newest->time, time);
    duration_to_text((uint64_t)(newest->time - doctor->now), ahead);
    findings_add(findings, "clock", FINDING_PROBLEM,
                 "%s, but the newest event is of %s, %s ahead: the clock was set back, or is wrong",
                 now, time, ahead);
    findings_step(findings,
                  "Set the clock right (in a domain: w32tm /resync). RelayLock goes by the "
                  "times of the events, and is right again once they have passed.");
}

static void look_at_events(const struct doctor *doctor, struct event_source *source,
                           struct findings *findings)
{
    const struct settings *settings = &doctor->settings;
    struct event_place newest, sign_in;
    const char *call;
    DWORD error = source->methods->newest(source, settings->provider, (uint16_t)settings->event_id,
                                          &newest, &sign_in, &call);
    if (error) {
        doctor_cannot_tell(findings, "sign-ins", call, error);
        return;
    }
    tell_sign_in(doctor, &sign_in, findings);
    tell_clock(doctor, &newest, findings);
}

void doctor_look_log(struct doctor *doctor, struct findings *findings)
{
    const struct settings *settings = &doctor->settings;
    const struct event_source_options options = {.channel = settings->channel,
                                                 .provider = settings->provider,
                                                 .event_id = (uint16_t)settings->event_id,
                                                 .since = doctor->now};
    char why[LOG_READER_WHY_SIZE];
    struct event_source *source;
    DWORD refused;
    const char *call = "";
    DWORD error = log_reader_choose(settings->reader, &options, &source, why, &refused, &call);
    if (error) {
        tell_unreadable(doctor, call, error, findings);
        return;
    }
    tell_reader(doctor, source, why, refused, findings);
    look_at_size(doctor, source, findings);
    look_at_events(doctor, source, findings);
    source->methods->close(source);
}
