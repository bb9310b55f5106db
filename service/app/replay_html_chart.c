#include "replay_html_chart.h"

#include <inttypes.h>
#include <string.h>

#include "../core/event_time.h"
#include "replay_activity.h"
#include "replay_html.h"
#include "replay_html_put.h"

enum {
    AREA_UNITS = 200,   /* that the height of an area is drawn in */
    STRIP_HEIGHT = 20,  /* pixels, of each of the two strips of an account */
    STRIPS_HEIGHT = 48, /* of both, with what lies between */
    NEARNESS_TOP = 26,  /* of the lower strip, which is the limit */
    ALL_TOP = 18,       /* of the area of all sign-ins; above it are the marks */
    ALL_HEIGHT = 90,    /* of that area */
    TICKS_MAX = 15,     /* dates below a drawing */
    LABEL_END = 88,     /* percent; a date further right would be cut off */
    MARK_END = 75,      /* percent; the number of the highest bucket goes to its left from here */
    MARK_START = 12,    /* percent; words at a mark go to its left from here */
    MARK_APART = 2      /* percent between two marks with a number */
};

struct scale {
    int64_t start, span; /* seconds */
};

static struct scale scale_of(const struct replay_report *report)
{
    const struct activity *series = report->activity->series;

    return (struct scale){activity_start(series), activity_width(series) * activity_count(series)};
}

static uint64_t offset_of(const struct scale *scale, int64_t time)
{
    if (time <= scale->start) {
        return 0;
    }
    return (uint64_t)(time < scale->start + scale->span ? time - scale->start : scale->span);
}

static void put_place(const struct scale *scale, int64_t time, FILE *out)
{
    replay_html_share(offset_of(scale, time), (uint64_t)scale->span, out);
}

static uint64_t percent_of(const struct scale *scale, int64_t time)
{
    return offset_of(scale, time) * 100 / (uint64_t)scale->span;
}

void replay_html_chart_patterns(FILE *out)
{
    fputs("<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\" "
          "xmlns=\"http://www.w3.org/2000/svg\"><defs><pattern id=\"gap\" width=\"6\" height=\"6\" "
          "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
          "<line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs></svg>\n",
          out);
}

/* ---- areas ---------------------------------------------------------------------------------- */

/* Heights by bucket, 0 to AREA_UNITS. What is there at all can be seen. */
static void scale_heights(const uint32_t *values, uint32_t count, uint32_t most,
                          uint32_t heights[ACTIVITY_BUCKETS])
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t height = most > 0 ? (uint32_t)((uint64_t)values[i] * AREA_UNITS / most) : 0;

        heights[i] = values[i] > 0 && height < AREA_UNITS / STRIP_HEIGHT ? AREA_UNITS / STRIP_HEIGHT
                                                                         : height;
    }
}

/* One path for all buckets of values, of which `most` is as high as the area. */
static void put_area(const char *kind, int top, int height, const uint32_t *values, uint32_t count,
                     uint32_t most, FILE *out)
{
    uint32_t heights[ACTIVITY_BUCKETS], level = 0;

    scale_heights(values, count, most, heights);
    fprintf(out,
            "<svg y=\"%d\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 %" PRIu32 " %d\" "
            "preserveAspectRatio=\"none\"><path class=\"%s\" d=\"M0 %d",
            top, height, count, AREA_UNITS, kind, AREA_UNITS);
    for (uint32_t i = 0; i < count; i++) {
        if (heights[i] != level) {
            fprintf(out, "H%" PRIu32 "V%" PRIu32, i, AREA_UNITS - heights[i]);
            level = heights[i];
        }
    }
    fprintf(out, "H%" PRIu32 "V%dZ\"/></svg>\n", count, AREA_UNITS);
}

/* ---- dates ---------------------------------------------------------------------------------- */

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
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
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
        fprintf(out, "%.*s %.3s", text[8] == '0' ? 1 : 2, text[8] == '0' ? text + 9 : text + 8,
                months + 3 * (month - 1));
    }
    if (step < day && (first || !midnight)) {
        fprintf(out, "%s%.5s", first ? " " : "", text + 11);
    }
}

/* Lines down to bottom, and their dates below if there is room for them. */
static void put_ticks(const struct scale *scale, int bottom, bool dates, FILE *out)
{
    const int64_t monday = 345600; /* 1970-01-05 */
    int64_t step = tick_step(scale->span);
    int64_t past = (scale->start - monday) % step;
    int64_t time = scale->start - (past < 0 ? past + step : past);

    time += time < scale->start ? step : 0;
    for (int i = 0; time < scale->start + scale->span; i++, time += step) {
        const char *kind = i % 2 == 0 ? "tick" : "tick odd";

        fputs("<line class=\"grid\" x1=\"", out);
        put_place(scale, time, out);
        fputs("\" x2=\"", out);
        put_place(scale, time, out);
        fprintf(out, "\" y1=\"0\" y2=\"%d\"/>", bottom);
        if (dates && percent_of(scale, time) < LABEL_END) {
            fprintf(out, "<text class=\"%s\" dx=\"3\" y=\"%d\" x=\"", kind, bottom);
            put_place(scale, time, out);
            fputs("\">", out);
            put_date(time, step, i == 0, out);
            fputs("</text>", out);
        }
    }
    fputc('\n', out);
}

static void put_gaps(const struct replay_report *report, const struct scale *scale, int height,
                     FILE *out)
{
    const struct replay_activity *activity = report->activity;

    for (uint64_t i = 0; i < activity->gap_count && i < REPLAY_GAPS_KEPT; i++) {
        const struct replay_gap *gap = &activity->gaps[i];
        uint64_t from = offset_of(scale, gap->before), to = offset_of(scale, gap->after);

        fputs("<rect class=\"gap\" x=\"", out);
        put_place(scale, gap->before, out);
        fputs("\" width=\"", out);
        replay_html_share(to > from ? to - from : 0, (uint64_t)scale->span, out);
        fprintf(out, "\" y=\"0\" height=\"%d\"/><line class=\"gap\" x1=\"", height);
        put_place(scale, gap->before, out);
        fputs("\" x2=\"", out);
        put_place(scale, gap->before, out);
        fprintf(out, "\" y1=\"0\" y2=\"%d\"/>\n", height);
    }
}

/* ---- all sign-ins --------------------------------------------------------------------------- */

static void put_line_at(const struct scale *scale, int64_t time, int top, int bottom, FILE *out)
{
    fputs("<line class=\"mark\" x1=\"", out);
    put_place(scale, time, out);
    fputs("\" x2=\"", out);
    put_place(scale, time, out);
    fprintf(out, "\" y1=\"%d\" y2=\"%d\"/>", top, bottom);
}

/* Verdicts come in order of time, but for late events; a number that would lie over the one before
 * is left out, its line is not. */
static void put_marks(const struct replay_report *report, const struct scale *scale, FILE *out)
{
    uint64_t free_from = 0;

    for (size_t i = 0; i < report->row_count && i < REPLAY_HTML_ROWS_MAX; i++) {
        int64_t time = report->rows[i].time;
        uint64_t place = percent_of(scale, time);

        put_line_at(scale, time, ALL_TOP - 4, ALL_TOP + ALL_HEIGHT, out);
        if (place >= free_from) {
            fputs("<text class=\"number\" text-anchor=\"middle\" y=\"10\" x=\"", out);
            put_place(scale, time, out);
            fprintf(out, "\">%zu</text>", i + 1);
            free_from = place + MARK_APART;
        }
        fputc('\n', out);
    }
}

/* The number of sign-ins beside the highest bucket. */
static void put_most(const struct replay_report *report, const uint32_t *values, uint32_t most,
                     FILE *out)
{
    uint32_t highest = 0, count = activity_count(report->activity->series);

    while (values[highest] != most) {
        highest++;
    }
    bool left = (uint64_t)highest * 100 / count > MARK_END;

    fprintf(out, "<text class=\"most\" y=\"%d\" dx=\"%d\" text-anchor=\"%s\" x=\"", ALL_TOP + 9,
            left ? -4 : 4, left ? "end" : "start");
    replay_html_share(left ? highest : highest + 1, count, out);
    fputs("\">", out);
    replay_html_count(most, out);
    fputs("</text>\n", out);
}

void replay_html_chart_all(const struct replay_report *report, FILE *out)
{
    const struct activity *series = report->activity->series;
    struct scale scale = scale_of(report);
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    uint32_t values[ACTIVITY_BUCKETS], most = 0, count = activity_count(series);
    const int bottom = ALL_TOP + ALL_HEIGHT;

    activity_series(series, REPLAY_ACTIVITY_ALL, buckets);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = buckets[i].events;
        most = values[i] > most ? values[i] : most;
    }
    fprintf(out,
            "<svg class=\"chart\" role=\"img\" aria-labelledby=\"all-title all-desc\" "
            "height=\"%d\" xmlns=\"http://www.w3.org/2000/svg\">"
            "<title id=\"all-title\">Sign-ins of all accounts over time</title>"
            "<desc id=\"all-desc\">From ",
            bottom + 16);
    replay_html_bare_time(report->activity->first_time, out);
    fputs(" to ", out);
    replay_html_bare_time(report->activity->last_time, out);
    fputs(" UTC; at most ", out);
    replay_html_count(most, out);
    fputs(" in ", out);
    replay_html_width(activity_width(series), out);
    fputs(
        ". Numbered lines are verdicts, hatched parts are gaps in the log; both are in the tables "
        "on this page.</desc>\n",
        out);
    put_ticks(&scale, bottom + 13, true, out);
    put_gaps(report, &scale, bottom, out);
    put_area("events", ALL_TOP, ALL_HEIGHT, values, count, most, out);
    fprintf(out, "<line class=\"base\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n", bottom,
            bottom);
    put_most(report, values, most, out);
    put_marks(report, &scale, out);
    fputs("</svg>\n", out);
}

/* ---- accounts ------------------------------------------------------------------------------- */

static void put_account_words(const struct replay_report *report, uint32_t account,
                              const struct replay_row *row, unsigned id, FILE *out)
{
    const struct replay_account *facts = &report->activity->accounts[account];

    fprintf(out, "<title id=\"chart-%u-title\">Sign-ins of ", id);
    replay_html_bare_name(name_book_name(report->accounts, account), out);
    fprintf(out, " over time</title><desc id=\"chart-%u-desc\">", id);
    replay_html_counted(facts->sign_ins, "sign-in", "sign-ins", out);
    if (facts->counted > 0) {
        fputs("; nearest to a limit at ", out);
        replay_html_bare_time(facts->nearest_time, out);
        fprintf(out, " UTC with %" PRIu32 " of ", facts->counted);
        replay_html_limit(&facts->nearest, out);
    }
    if (row != NULL) {
        fputs("; over the limit at ", out);
        replay_html_bare_time(row->time, out);
        fputs(" UTC", out);
    }
    fputs(".</desc>\n", out);
}

static void put_verdict(const struct scale *scale, const struct replay_row *row, FILE *out)
{
    bool left = percent_of(scale, row->time) > MARK_START;

    put_line_at(scale, row->time, 0, STRIPS_HEIGHT, out);
    fprintf(out, "<text class=\"number\" y=\"10\" dx=\"%d\" text-anchor=\"%s\" x=\"", left ? -4 : 4,
            left ? "end" : "start");
    put_place(scale, row->time, out);
    fprintf(out, "\">%s</text>\n", row->flag == FLAG_NOT ? "locked" : "flagged");
}

void replay_html_chart_account(const struct replay_report *report, uint32_t account,
                               const struct replay_row *row, unsigned id, FILE *out)
{
    const struct activity *series = report->activity->series;
    struct scale scale = scale_of(report);
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    uint32_t events[ACTIVITY_BUCKETS], nearness[ACTIVITY_BUCKETS], most = 0;
    uint32_t count = activity_count(series);

    activity_series(series, account + 1, buckets);
    for (uint32_t i = 0; i < count; i++) {
        events[i] = buckets[i].events;
        nearness[i] = buckets[i].peak;
        most = events[i] > most ? events[i] : most;
    }
    fprintf(out,
            "<svg class=\"chart\" role=\"img\" aria-labelledby=\"chart-%u-title chart-%u-desc\" "
            "height=\"%d\" xmlns=\"http://www.w3.org/2000/svg\">",
            id, id, STRIPS_HEIGHT);
    put_account_words(report, account, row, id, out);
    put_ticks(&scale, STRIPS_HEIGHT, false, out);
    put_gaps(report, &scale, STRIPS_HEIGHT, out);
    put_area("events", 0, STRIP_HEIGHT, events, count, most, out);
    put_area("nearness", NEARNESS_TOP, STRIP_HEIGHT, nearness, count, GUARD_NEARNESS, out);
    fprintf(out,
            "<line class=\"base\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>"
            "<line class=\"base\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>"
            "<line class=\"limit\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n",
            STRIP_HEIGHT, STRIP_HEIGHT, NEARNESS_TOP + STRIP_HEIGHT, NEARNESS_TOP + STRIP_HEIGHT,
            NEARNESS_TOP, NEARNESS_TOP);
    if (row != NULL) {
        put_verdict(&scale, row, out);
    }
    fputs("</svg>\n", out);
}

void replay_html_chart_dates(const struct replay_report *report, FILE *out)
{
    struct scale scale = scale_of(report);

    fputs("<svg class=\"chart dates\" height=\"16\" aria-hidden=\"true\" "
          "xmlns=\"http://www.w3.org/2000/svg\">",
          out);
    put_ticks(&scale, 13, true, out);
    fputs("</svg>\n", out);
}
