#include "replay_html_scale.h"

#include <inttypes.h>
#include <string.h>

#include "../core/event_time.h"
#include "replay_activity.h"
#include "replay_html_put.h"

enum {
    TICKS_MAX = 15, /* dates below a drawing */
    LABEL_END = 88  /* percent; a date further right would be cut off */
};

struct replay_html_scale replay_html_scale_of(const struct replay_report *report)
{
    const struct activity *series = report->activity->series;

    return (struct replay_html_scale){activity_start(series),
                                      activity_width(series) * activity_count(series)};
}

static uint64_t offset_of(const struct replay_html_scale *scale, int64_t time)
{
    if (time <= scale->start) {
        return 0;
    }
    return (uint64_t)(time < scale->start + scale->span ? time - scale->start : scale->span);
}

void replay_html_scale_place(const struct replay_html_scale *scale, int64_t time, FILE *out)
{
    replay_html_share(offset_of(scale, time), (uint64_t)scale->span, out);
}

uint64_t replay_html_scale_percent(const struct replay_html_scale *scale, int64_t time)
{
    return offset_of(scale, time) * 100 / (uint64_t)scale->span;
}

/* Seconds between two dates, so that there are few enough. */
static int64_t tick_step(int64_t span)
{
    static const int64_t steps[] = {60,    300,   900,    1800,   3600,    10800,  21600,
                                    43200, 86400, 172800, 604800, 1209600, 2419200};
    const size_t count = sizeof steps / sizeof steps[0];
    int64_t step = steps[0];

    for (size_t i = 0; i < count && span / step >= TICKS_MAX; i++) {
        step = steps[i];
    }
    while (span / step >= TICKS_MAX) {
        step *= 2;
    }
    return step;
}

/* "2 Jan", "06:00", or both for the first; with the year where days are many. */
static void put_date(int64_t time, int64_t step, bool first, FILE *out)
{
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int64_t day = 86400, many = 28 * day;
    char text[EVENT_TIME_TEXT_SIZE]; /* 2010-01-02T03:04:05Z */

    event_time_to_text(time, text);
    int month = (text[5] - '0') * 10 + text[6] - '0';
    bool midnight = memcmp(text + 11, "00:00", 5) == 0;

    if (step >= many) {
        fprintf(out, "%.10s", text);
        return;
    }
    if (first || midnight) {
        fprintf(out, "%.*s %s", text[8] == '0' ? 1 : 2, text[8] == '0' ? text + 9 : text + 8,
                months[month - 1]);
    }
    if (step < day && (first || !midnight)) {
        fprintf(out, "%s%.5s", first ? " " : "", text + 11);
    }
}

void replay_html_scale_ticks(const struct replay_html_scale *scale, int bottom, bool dates,
                             FILE *out)
{
    const int64_t monday = 345600; /* 1970-01-05 */
    int64_t step = tick_step(scale->span);
    int64_t past = (scale->start - monday) % step;
    int64_t time = scale->start - (past < 0 ? past + step : past);

    time += time < scale->start ? step : 0;
    for (int i = 0; time < scale->start + scale->span; i++, time += step) {
        const char *kind = i % 2 == 0 ? "tick" : "tick odd";

        fputs("<line class=\"grid\" x1=\"", out);
        replay_html_scale_place(scale, time, out);
        fputs("\" x2=\"", out);
        replay_html_scale_place(scale, time, out);
        fprintf(out, "\" y1=\"0\" y2=\"%d\"/>", bottom);
        if (dates && replay_html_scale_percent(scale, time) < LABEL_END) {
            fprintf(out, "<text class=\"%s\" dx=\"3\" y=\"%d\" x=\"", kind, bottom);
            replay_html_scale_place(scale, time, out);
            fputs("\">", out);
            put_date(time, step, i == 0, out);
            fputs("</text>", out);
        }
    }
    fputc('\n', out);
}

void replay_html_scale_gaps(const struct replay_html_scale *scale,
                            const struct replay_report *report, int height, FILE *out)
{
    const struct replay_activity *activity = report->activity;

    for (uint64_t i = 0; i < activity->gap_count && i < REPLAY_GAPS_KEPT; i++) {
        const struct replay_gap *gap = &activity->gaps[i];
        uint64_t from = offset_of(scale, gap->before), to = offset_of(scale, gap->after);

        fputs("<rect class=\"gap\" x=\"", out);
        replay_html_scale_place(scale, gap->before, out);
        fputs("\" width=\"", out);
        replay_html_share(to > from ? to - from : 0, (uint64_t)scale->span, out);
        fprintf(out, "\" y=\"0\" height=\"%d\"/><line class=\"gap\" x1=\"", height);
        replay_html_scale_place(scale, gap->before, out);
        fputs("\" x2=\"", out);
        replay_html_scale_place(scale, gap->before, out);
        fprintf(out, "\" y1=\"0\" y2=\"%d\"/>\n", height);
    }
}
