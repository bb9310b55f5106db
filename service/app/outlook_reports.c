#include "outlook_reports.h"

#include <stdio.h>
#include <string.h>

#include "../core/duration.h"
#include "../core/event_time.h"
#include "../windows/report.h"

static void add_duration(struct report *report, uint64_t seconds)
{
    char text[DURATION_TEXT_SIZE];
    duration_to_text(seconds, text);
    report_add_format(report, "%s", text);
}

static void tell_channel(DWORD id, const struct settings *settings)
{
    struct report report;
    report_begin(&report, id);
    report_add(&report, text_of(settings->channel));
    report_send(&report);
}

/* The names of the values, with commas between them. */
static void add_names(struct report *report, const struct diagnostic_levels *levels)
{
    char16_t line[DIAGNOSTIC_LEVELS_MAX * (DIAGNOSTIC_NAME_MAX + 2)];
    const size_t room = sizeof line / sizeof *line;
    size_t used = 0;
    for (uint32_t i = 0; i < levels->count; i++) {
        if (i > 0)
            used += text_copy(line + used, room - used, TEXT_OF(u", "));
        used += text_copy(line + used, room - used, text_of(levels->at[i].name));
    }
    report_add(report, (struct text){line, used});
}

void outlook_tell_level_low(const struct settings *settings, const struct diagnostic_levels *levels)
{
    struct report report;
    report_begin(&report, MSG_LEVEL_LOW);
    add_names(&report, levels);
    report_add(&report, text_of(settings->provider));
    report_add_number(&report, diagnostic_levels_highest(levels));
    report_send(&report);
}

void outlook_tell_level_good(const struct settings *settings)
{
    struct report report;
    report_begin(&report, MSG_LEVEL_GOOD);
    report_add(&report, text_of(settings->provider));
    report_send(&report);
}

void outlook_tell_log_full(const struct settings *settings, const struct log_facts *facts)
{
    char kept[DURATION_TEXT_SIZE];
    struct report report;
    report_begin(&report, MSG_LOG_FULL);
    report_add(&report, text_of(settings->channel));
    report_add_number(&report, facts->size / 1024);
    report_add_number(&report, facts->max_size / 1024);
    duration_to_text(facts->keeps_for, kept);
    if (facts->retention == LOG_KEEPS && facts->keeps_for != UINT32_MAX)
        report_add_format(&report, "it keeps them for %s", kept);
    else
        report_add(&report, TEXT_OF(u"it keeps them until it is cleared"));
    report_send(&report);
}

void outlook_tell_log_has_room(const struct settings *settings)
{
    tell_channel(MSG_LOG_HAS_ROOM, settings);
}

void outlook_tell_log_small(const struct settings *settings, const struct log_facts *facts,
                            uint32_t reach)
{
    struct report report;
    report_begin(&report, MSG_LOG_TOO_SMALL);
    report_add(&report, text_of(settings->channel));
    report_add_number(&report, facts->max_size / 1024);
    add_duration(&report, reach);
    add_duration(&report, settings_longest_window(settings));
    report_send(&report);
}

void outlook_tell_log_large_enough(const struct settings *settings)
{
    tell_channel(MSG_LOG_LARGE_ENOUGH, settings);
}

static void add_event(struct report *report, const struct settings *settings)
{
    report_add_number(report, settings->event_id);
    report_add(report, text_of(settings->provider));
}

void outlook_tell_silent(const struct settings *settings, const struct rhythm *rhythm, int64_t now)
{
    uint32_t usual;
    struct report report;
    report_begin(&report, MSG_SILENT);
    add_event(&report, settings);
    add_duration(&report, rhythm_silence(rhythm, now) / 1000);
    if (rhythm_usual(rhythm, &usual))
        add_duration(&report, usual / 1000);
    else
        report_add(&report, TEXT_OF(u"no longer known"));
    report_send(&report);
}

void outlook_tell_heard_again(const struct settings *settings, uint32_t silence)
{
    struct report report;
    report_begin(&report, MSG_HEARD_AGAIN);
    add_event(&report, settings);
    add_duration(&report, silence / 1000);
    report_send(&report);
}

void outlook_tell_clock_jump(int64_t seconds)
{
    struct report report;
    report_begin(&report, MSG_CLOCK_JUMP);
    report_add_format(&report, "%s", seconds < 0 ? "back" : "forward");
    add_duration(&report, seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds);
    report_send(&report);
}

/* The numbers of the latest of count records, oldest first. */
static void add_records(struct report *report, uint64_t count,
                        const struct event_source_counters *log)
{
    char list[EVENT_SOURCE_FOREIGN * 24] = "";
    uint64_t named = count < EVENT_SOURCE_FOREIGN ? count : EVENT_SOURCE_FOREIGN;
    size_t used = 0;
    for (uint64_t i = log->foreign - named; i < log->foreign; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%llu", used > 0 ? ", " : "",
                                 log->foreign_records[i % EVENT_SOURCE_FOREIGN]);
    report_add_format(report, "%s", list);
}

void outlook_tell_foreign(const struct settings *settings, uint64_t count,
                          const struct event_source_counters *log)
{
    struct report report;
    report_begin(&report, MSG_FOREIGN);
    report_add_number(&report, count);
    add_event(&report, settings);
    report_add(&report, text_of(log->foreign_computer));
    add_records(&report, count, log);
    report_add(&report, text_of(settings->channel));
    report_send(&report);
}

/* Something more that keeps RelayLock from seeing. */
static void append(char *list, size_t size, const char *text)
{
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used > 0 ? "; " : "", text);
}

static void add_blindness(struct report *report, const struct outlook_state *state, bool reading,
                          const char *unknown)
{
    static const char *const words[] = {
        [BLIND_LEVEL] = "Exchange's diagnostic logging is too low (event 310)",
        [BLIND_FULL] = "the log is full (event 312)",
        [BLIND_SMALL] = "the log is too small (event 314)",
        [BLIND_SILENT] = "it has been silent for too long (event 316)",
    };
    char list[512] = "";
    if (!reading)
        append(list, sizeof list, "the log cannot be read (event 300)");
    for (int kind = 0; kind < BLIND_CLOCK; kind++)
        if (state->notices[kind].told)
            append(list, sizeof list, words[kind]);
    if (unknown[0] != 0)
        append(list, sizeof list, unknown);
    report_add_format(report, "%s", list[0] != 0 ? list : "nothing");
}

void outlook_tell_day(const struct outlook_state *state, int64_t wall, bool reading,
                      const char *unknown)
{
    const struct day_figures *day = &state->day;
    char from[EVENT_TIME_TEXT_SIZE], to[EVENT_TIME_TEXT_SIZE];
    struct report report;
    event_time_to_text(day->begun_wall, from);
    event_time_to_text(wall, to);
    report_begin(&report, MSG_HEARTBEAT);
    report_add_format(&report, "%s to %s", from, to);
    report_add_number(&report, day->sign_ins);
    report_add_number(&report, day->malformed);
    report_add_number(&report, day->accounts);
    report_add_number(&report, day->verdicts);
    report_add_number(&report, day->locked);
    report_add_number(&report, day->released);
    report_add_number(&report, day->leaks);
    report_add_number(&report, day->restarts);
    add_duration(&report, day->silence / 1000);
    add_blindness(&report, state, reading, unknown);
    report_add_number(&report, day->foreign);
    report_send(&report);
}
