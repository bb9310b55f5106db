#include "lockdown_reports.h"
#include "../core/event_time.h"
#include "../windows/report.h"

static void add_seconds(struct report *report, int64_t ms)
{
    report_add_format(report, "%lld.%02u", (long long)(ms / 1000), (unsigned)(ms % 1000 / 10));
}

static void add_server(struct report *report, const char16_t *server)
{
    report_add(report, server[0] ? text_of(server) : TEXT_OF(u"this computer"));
}

/* The account as the log writes it, and as its server knows it. */
static void begin(struct report *report, DWORD id, const struct incident *incident,
                  const char16_t *user, const char16_t *server)
{
    report_begin(report, id);
    report_add(report, text_of(incident->verdict.account));
    report_add(report, text_of(user));
    add_server(report, server);
}

/* A command as an administrator can paste it: parts one behind the other. */
static void add_command(struct report *report, const struct text *parts, size_t count)
{
    char16_t command[UNLEN + 64];
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += text_copy(command + used, sizeof command / sizeof *command - used, parts[i]);
    report_add(report, (struct text){command, used});
}

static void add_release_command(struct report *report, const struct incident *incident, bool force)
{
    const struct text parts[] = {TEXT_OF(u"relaylock release \""), text_of(incident->verdict.name),
                                 force ? TEXT_OF(u"\" --force") : TEXT_OF(u"\"")};
    add_command(report, parts, sizeof parts / sizeof *parts);
}

static void add_password_command(struct report *report, const struct account_outcome *outcome)
{
    const struct text parts[] = {TEXT_OF(u"net user \""), text_of(outcome->name), TEXT_OF(u"\" *"),
                                 outcome->server[0] ? TEXT_OF(u" /domain") : TEXT_OF(u"")};
    add_command(report, parts, sizeof parts / sizeof *parts);
}

void report_locked(const struct incident *incident, const struct account_outcome *outcome)
{
    bool password = incident->action == LOCK_PASSWORD;
    char limit[LIMIT_TEXT_SIZE];
    struct report report;
    limit_to_text(&incident->verdict.limit, limit);
    begin(&report, password ? MSG_PASSWORD_SET : MSG_DISABLED, incident, outcome->name,
          outcome->server);
    add_seconds(&report, incident->figures.lock_delay);
    report_add_format(&report, "%s", limit);
    if (password)
        add_password_command(&report, outcome);
    else
        add_release_command(&report, incident, false);
    report_send(&report);
}

void report_not_locked(const struct incident *incident, const struct account_outcome *outcome)
{
    bool already = outcome->result == ACCOUNT_ALREADY;
    struct report report;
    begin(&report, already ? MSG_ALREADY_DISABLED : MSG_LAST_ADMIN, incident, outcome->name,
          outcome->server);
    report_send(&report);
}

void report_lock_failed(const struct incident *incident, const struct account_outcome *outcome)
{
    struct report report;
    report_begin(&report, MSG_LOCK_FAILED);
    report_add(&report, text_of(incident->verdict.account));
    report_add_format(&report, "%s", outcome->call);
    add_server(&report, outcome->server);
    report_add_error(&report, outcome->error);
    report_send(&report);
}

void report_lock_given_up(const struct incident *incident, const struct account_outcome *outcome)
{
    struct report report;
    report_begin(&report, MSG_LOCK_GIVEN_UP);
    report_add(&report, text_of(incident->verdict.account));
    report_add_number(&report, incident->retry.tries);
    report_add_format(&report, "%s", outcome->call);
    report_add_error(&report, outcome->error);
    report_send(&report);
}

void report_marked(const struct incident *incident, const struct account_outcome *outcome)
{
    struct report report;
    begin(&report, MSG_MARKED, incident, outcome->name, outcome->server);
    report_send(&report);
}

void report_mark_failed(const struct incident *incident, const struct account_outcome *outcome)
{
    struct report report;
    report_begin(&report, MSG_MARK_FAILED);
    report_add(&report, text_of(incident->verdict.account));
    report_add_format(&report, "%s", outcome->call);
    add_server(&report, outcome->server);
    report_add_error(&report, outcome->error);
    report_send(&report);
}

void report_leak(const struct incident *incident, const char16_t *server)
{
    char time[EVENT_TIME_TEXT_SIZE];
    struct report report;
    event_time_to_text(incident->leak_wall, time);
    report_begin(&report, MSG_LEAK);
    report_add(&report, text_of(incident->verdict.account));
    report_add_number(&report, incident->leak_record);
    report_add_format(&report, "%s", time);
    add_server(&report, server);
    report_send(&report);
}

void report_leak_restart(const struct incident *incident, struct text services)
{
    struct report report;
    report_begin(&report, MSG_LEAK_RESTART);
    report_add(&report, text_of(incident->verdict.account));
    report_add_number(&report, incident->figures.leaks);
    report_add_number(&report, incident->leak_record);
    report_add(&report, services);
    report_send(&report);
}

void report_leak_remains(const struct incident *incident, bool services_left)
{
    struct report report;
    report_begin(&report, MSG_LEAK_REMAINS);
    report_add(&report, text_of(incident->verdict.account));
    add_server(&report, incident->change.server);
    report_add_number(&report, incident->figures.leaks);
    report_add_number(&report, incident->leak_record);
    report_add(&report, text_of(incident->leak_client));
    report_add(&report,
               services_left
                   ? TEXT_OF(u"restart IIS Admin by hand, which flushes cached tokens, or name it "
                             u"in RestartServices; or block the client at the firewall.")
                   : TEXT_OF(u"block the client at the firewall, or stop SMTP."));
    report_send(&report);
}

void report_lagged(const struct incident *incident, const char16_t *server)
{
    struct report report;
    report_begin(&report, MSG_LOCK_LAGGED);
    report_add(&report, text_of(incident->verdict.account));
    add_server(&report, server);
    report_send(&report);
}

void report_enabled_again(const struct incident *incident)
{
    struct report report;
    report_begin(&report, MSG_ENABLED_AGAIN);
    report_add(&report, text_of(incident->verdict.account));
    report_send(&report);
}

void report_contained(const struct incident *incident, int64_t quiet)
{
    char limit[LIMIT_TEXT_SIZE];
    struct report report;
    limit_to_text(&incident->verdict.limit, limit);
    report_begin(&report, MSG_CONTAINED);
    report_add(&report, text_of(incident->verdict.account));
    report_add_number(&report, (uint64_t)quiet / 1000);
    add_seconds(&report, incident->figures.lock_delay);
    report_add_format(&report, "%s", limit);
    add_seconds(&report, incident->figures.smtp_down);
    report_add_number(&report, incident->figures.sign_ins);
    report_add_number(&report, incident->figures.leaks);
    report_send(&report);
}

struct text release_words(const struct incident *incident,
                          const struct account_release_outcome *outcome)
{
    if (outcome->enabled_now && outcome->mark_removed)
        return TEXT_OF(u"it is enabled again, and its comment without the mark");
    if (outcome->enabled_now)
        return TEXT_OF(u"it is enabled again");
    if (outcome->mark_removed)
        return TEXT_OF(u"its comment is without the mark again");
    if (outcome->deleted)
        return TEXT_OF(u"it was deleted, so that nothing had to be put back");
    if (incident->change.intended && incident->action == LOCK_PASSWORD)
        return TEXT_OF(u"its old password is known to nobody; give it a new one: net user NAME *");
    return TEXT_OF(u"nothing had to be put back");
}

void report_released(const struct incident *incident, const struct account_release_outcome *outcome)
{
    struct report report;
    begin(&report, MSG_RELEASED, incident, outcome->name, outcome->server);
    report_add(&report, incident->ending == ENDING_BY_TIME ? TEXT_OF(u"LockMinutes are over")
                                                           : TEXT_OF(u"an administrator asked"));
    report_add(&report, release_words(incident, outcome));
    report_send(&report);
}

void report_not_released(const struct incident *incident,
                         const struct account_release_outcome *outcome)
{
    struct report report;
    begin(&report, MSG_NOT_RELEASED, incident, outcome->name, outcome->server);
    report_add_format(&report,
                      "somebody changed it since it was locked (its flags are %#lx, and were left "
                      "as %#lx)",
                      outcome->flags_found, (unsigned long)incident->change.flags_after);
    add_release_command(&report, incident, true);
    report_send(&report);
}

static void add_release_advice(struct report *report, bool unknown, bool given_up)
{
    if (unknown)
        report_add(report, given_up ? TEXT_OF(u"RelayLock has given up. If it was deleted: "
                                              u"relaylock release --force NAME")
                                    : TEXT_OF(u"RelayLock keeps trying for GiveUpAfter. If it was "
                                              u"deleted: relaylock release --force NAME"));
    else
        report_add(report, given_up ? TEXT_OF(u"RelayLock has given up. Enable it by hand.")
                                    : TEXT_OF(u"RelayLock keeps trying for GiveUpAfter."));
}

void report_release_failed(const struct incident *incident,
                           const struct account_release_outcome *outcome, bool given_up)
{
    struct report report;
    report_begin(&report, MSG_RELEASE_FAILED);
    report_add(&report, text_of(incident->verdict.account));
    report_add_format(&report, "%s", outcome->call);
    add_server(&report, outcome->server);
    report_add_error(&report, outcome->error);
    add_release_advice(&report, account_is_unknown(outcome->error), given_up);
    report_send(&report);
}

void report_stays_locked(const struct incident *incident, uint32_t releases)
{
    struct report report;
    report_begin(&report, MSG_STAYS_LOCKED);
    report_add(&report, text_of(incident->verdict.account));
    report_add_number(&report, releases);
    add_release_command(&report, incident, false);
    report_send(&report);
}

void report_release_unknown(struct text asked, struct text why)
{
    struct report report;
    report_begin(&report, MSG_RELEASE_UNKNOWN);
    report_add(&report, asked);
    report_add(&report, why);
    report_send(&report);
}
