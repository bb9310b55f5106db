#include "replay_html_chart.h"

#include <inttypes.h>

#include "replay_activity.h"
#include "replay_html.h"
#include "replay_html_put.h"
#include "replay_html_scale.h"

enum {
    AREA_UNITS = 200,   /* that the height of an area is drawn in */
    STRIP_HEIGHT = 20,  /* pixels, of each of the two strips of an account */
    STRIPS_HEIGHT = 48, /* of both, with what lies between */
    NEARNESS_TOP = 26,  /* of the lower strip, which is the limit */
    ALL_TOP = 18,       /* of the area of all sign-ins; above it are the marks */
    ALL_HEIGHT = 90,    /* of that area */
    MARK_END = 75,      /* percent; the number of the highest bucket goes to its left from here */
    MARK_START = 12,    /* percent; words at a mark go to its left from here */
    MARK_APART = 2      /* percent between two marks with a number */
};

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

/* ---- all sign-ins --------------------------------------------------------------------------- */

static void put_line_at(const struct replay_html_scale *scale, int64_t time, int top, int bottom,
                        FILE *out)
{
    fputs("<line class=\"mark\" x1=\"", out);
    replay_html_scale_place(scale, time, out);
    fputs("\" x2=\"", out);
    replay_html_scale_place(scale, time, out);
    fprintf(out, "\" y1=\"%d\" y2=\"%d\"/>", top, bottom);
}

/* Verdicts come in order of time, but for late events; a number that would lie over the one before
 * is left out, its line is not. */
static void put_marks(const struct replay_report *report, const struct replay_html_scale *scale,
                      FILE *out)
{
    uint64_t free_from = 0;

    for (size_t i = 0; i < report->row_count && i < REPLAY_HTML_ROWS_MAX; i++) {
        int64_t time = report->rows[i].time;
        uint64_t place = replay_html_scale_percent(scale, time);

        put_line_at(scale, time, ALL_TOP - 4, ALL_TOP + ALL_HEIGHT, out);
        if (place >= free_from) {
            fputs("<text class=\"number\" text-anchor=\"middle\" y=\"10\" x=\"", out);
            replay_html_scale_place(scale, time, out);
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
    struct replay_html_scale scale = replay_html_scale_of(report);
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
    replay_html_scale_ticks(&scale, bottom + 13, true, out);
    replay_html_scale_gaps(&scale, report, bottom, out);
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

static void put_verdict(const struct replay_html_scale *scale, const struct replay_row *row,
                        FILE *out)
{
    bool left = replay_html_scale_percent(scale, row->time) > MARK_START;

    put_line_at(scale, row->time, 0, STRIPS_HEIGHT, out);
    fprintf(out, "<text class=\"number\" y=\"10\" dx=\"%d\" text-anchor=\"%s\" x=\"", left ? -4 : 4,
            left ? "end" : "start");
    replay_html_scale_place(scale, row->time, out);
    fprintf(out, "\">%s</text>\n", row->flag == FLAG_NOT ? "locked" : "flagged");
}

void replay_html_chart_account(const struct replay_report *report, uint32_t account,
                               const struct replay_row *row, unsigned id, FILE *out)
{
    const struct activity *series = report->activity->series;
    struct replay_html_scale scale = replay_html_scale_of(report);
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
    replay_html_scale_ticks(&scale, STRIPS_HEIGHT, false, out);
    replay_html_scale_gaps(&scale, report, STRIPS_HEIGHT, out);
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
    struct replay_html_scale scale = replay_html_scale_of(report);

    fputs("<svg class=\"chart dates\" height=\"16\" aria-hidden=\"true\" "
          "xmlns=\"http://www.w3.org/2000/svg\">",
          out);
    replay_html_scale_ticks(&scale, 13, true, out);
    fputs("</svg>\n", out);
}
