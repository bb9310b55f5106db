#include "replay_html_explain.h"

#include <inttypes.h>

#include "replay_explain.h"
#include "replay_html.h"
#include "replay_html_chart.h"
#include "replay_html_put.h"

enum { CHART_ID = REPLAY_HTML_JUDGED_MAX + REPLAY_HTML_NEAREST_MAX /* the first that is free */ };

/* ---- what it is ----------------------------------------------------------------------------- */

static void put_busiest_hour(const struct habit *habit, FILE *out)
{
    uint32_t from, to;

    fputs("<p>Busiest hour: ", out);
    replay_html_counted(habit->busiest[LIMIT_SIGN_INS], "sign-in", "sign-ins", out);
    fputs(" at ", out);
    replay_html_minute(3600 * habit->busiest_hour[LIMIT_SIGN_INS], out);
    fputs("; ", out);
    replay_html_counted(habit->busiest[LIMIT_CLIENTS], "client", "clients", out);
    fputs(" at ", out);
    replay_html_minute(3600 * habit->busiest_hour[LIMIT_CLIENTS], out);
    if (habit_usual(habit, LIMIT_SIGN_INS, &from, &to)) {
        fprintf(out, "; a usual day's busiest has %" PRIu32 " to %" PRIu32 " sign-ins", from, to);
    }
    fputs(".</p>\n", out);
}

static void put_facts(const struct replay_explained *at, FILE *out)
{
    const struct habit *habit = sweep_habits(at->sweep);

    fputs("<p>", out);
    replay_html_counted(habit->sign_ins, "sign-in", "sign-ins", out);
    fputs(" on ", out);
    replay_html_counted(habit_days(habit), "day", "days", out);
    fputs(", ", out);
    replay_html_time(at->first, out);
    fputs(" to ", out);
    replay_html_time(at->last, out);
    fputs(" UTC; ", out);
    replay_html_counted(at->clients, "client", "clients", out);
    fprintf(out, ". Limits: %s%s.</p>\n", at->own_limits ? "its own" : "the general ones",
            at->exempt    ? "; but it is exempt, and not counted"
            : at->machine ? "; but it is a computer's account, which is never locked"
                          : "");
    put_busiest_hour(habit, out);
}

static const struct replay_row *row_of(const struct replay_report *report, uint32_t account)
{
    for (size_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].number == account) {
            return &report->rows[i];
        }
    }
    return NULL;
}

static void put_drawing(const struct replay_report *report, const struct replay_explained *at,
                        FILE *out)
{
    fputs("<figure>\n", out);
    replay_html_chart_account(report, at->account, row_of(report, at->account), CHART_ID, out);
    replay_html_chart_dates(report, out);
    fputs("<figcaption>Above, grey: its sign-ins. Below, blue: how near it came to the nearest of "
          "its limits, which is the dashed line.</figcaption>\n</figure>\n",
          out);
}

/* ---- tables --------------------------------------------------------------------------------- */

/* The head of a table with a caption that is also the name of the region that scrolls. */
static void begin_table(const char *kind, const char *caption, const char *head, FILE *out)
{
    fprintf(out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
            "<table class=\"%s\"><caption>%s</caption><thead><tr>%s</tr></thead><tbody>\n",
            caption, kind, caption, head);
}

static void end_table(FILE *out)
{
    fputs("</tbody></table></div>\n", out);
}

static void put_peak(struct sweep_peak peak, FILE *out)
{
    fputs("<td class=\"n\">", out);
    replay_html_count(peak.count, out);
    fputs("</td><td>", out);
    replay_html_time(peak.time, out);
    fputs("</td>", out);
}

static void put_limits(const struct replay_explained *at, FILE *out)
{
    begin_table("standing", "Its limits",
                "<th scope=\"col\">Limit</th><th scope=\"col\" class=\"n\">Highest</th>"
                "<th scope=\"col\">At (UTC)</th><th scope=\"col\" class=\"n\">Margin</th>"
                "<th scope=\"col\">Crossed at (UTC)</th><th scope=\"col\" class=\"n\">Record</th>",
                out);
    for (uint32_t i = 0; i < at->limits.count; i++) {
        struct replay_standing standing = replay_explain_standing(at, i);

        fputs("<tr><th scope=\"row\" class=\"still\">", out);
        replay_html_limit(&standing.limit, out);
        fputs("</th>", out);
        put_peak(standing.peak, out);
        fputs(standing.margin < 0 ? "<td class=\"n\">-" : "<td class=\"n\">+", out);
        replay_html_count((uint64_t)(standing.margin < 0 ? -standing.margin : standing.margin),
                          out);
        fputs("</td><td>", out);
        if (standing.crosses) {
            replay_html_time(standing.crossing.time, out);
            fprintf(out, "</td><td class=\"n\">%" PRIu64 "</td></tr>\n", standing.crossing.record);
        } else {
            fputs("no</td><td></td></tr>\n", out);
        }
    }
    end_table(out);
}

static void put_windows(const struct replay_explained *at, FILE *out)
{
    const struct sweep_axis *windows = &sweep_grid_of(at->sweep)->windows;

    begin_table("windows", "Its busiest windows",
                "<th scope=\"col\">Window</th><th scope=\"col\" class=\"n\">Sign-ins</th>"
                "<th scope=\"col\">At (UTC)</th><th scope=\"col\" class=\"n\">Clients</th>"
                "<th scope=\"col\">At (UTC)</th>",
                out);
    for (uint32_t i = 0; i < windows->count; i++) {
        fputs("<tr><th scope=\"row\" class=\"still\">", out);
        replay_html_width(windows->at[i], out);
        fputs("</th>", out);
        put_peak(sweep_peak(at->sweep, LIMIT_SIGN_INS, i, 0), out);
        put_peak(sweep_peak(at->sweep, LIMIT_CLIENTS, i, 0), out);
        fputs("</tr>\n", out);
    }
    end_table(out);
}

static void put_clients(const struct replay_report *report, const struct replay_explained *at,
                        FILE *out)
{
    begin_table("own-clients", "Its clients",
                "<th scope=\"col\">Client</th><th scope=\"col\" class=\"n\">Sign-ins</th><td></td>",
                out);
    for (uint32_t i = 0; i < at->top_count; i++) {
        fputs("<tr><th scope=\"row\" class=\"name\">", out);
        replay_html_name(client_book_name(report->clients, at->top[i].client), out);
        fputs("</th><td class=\"n\">", out);
        replay_html_count(at->top[i].sign_ins, out);
        fputs("</td>", out);
        replay_html_bar(at->top[i].sign_ins, at->top[0].sign_ins, out);
        fputs("</tr>\n", out);
    }
    end_table(out);
    if (at->clients > at->top_count) {
        fputs("<p class=\"note\">And ", out);
        replay_html_counted(at->clients - at->top_count, "more client", "more clients", out);
        fputs(".</p>\n", out);
    }
    if (at->unnumbered > 0) {
        fputs("<p class=\"note\">", out);
        replay_html_counted(at->unnumbered, "sign-in", "sign-ins", out);
        fputs(" from clients that there was no room to name.</p>\n", out);
    }
}

static void put_hours(const struct replay_explained *at, FILE *out)
{
    uint64_t most = 1;

    for (int i = 0; i < REPLAY_HOURS; i++) {
        most = at->hours[i] > most ? at->hours[i] : most;
    }
    begin_table("hours", "Its hours of the day (UTC)",
                "<th scope=\"col\">Hour</th><th scope=\"col\" class=\"n\">Sign-ins</th><td></td>",
                out);
    for (int i = 0; i < REPLAY_HOURS; i++) {
        fprintf(out, "<tr><th scope=\"row\">%02d:00</th><td class=\"n\">", i);
        replay_html_count(at->hours[i], out);
        fputs("</td>", out);
        replay_html_bar(at->hours[i], most, out);
        fputs("</tr>\n", out);
    }
    end_table(out);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void put_account(const struct replay_report *report, const struct replay_explained *at,
                        FILE *out)
{
    put_facts(at, out);
    put_limits(at, out);
    put_drawing(report, at, out);
    fputs("<div class=\"beside\">\n<div>\n", out);
    put_windows(at, out);
    put_clients(report, at, out);
    fputs("</div>\n<div>\n", out);
    put_hours(at, out);
    fputs("</div>\n</div>\n", out);
}

static void put_others(const struct replay_report *report, FILE *out)
{
    const struct replay_explain *part = report->explain;

    if (part->others == 0) {
        return;
    }
    fputs("<p class=\"note\">Other accounts of that user:", out);
    for (uint32_t i = 0; i < part->count; i++) {
        if (&part->at[i] != part->chosen) {
            fputs(" ", out);
            replay_html_name(name_book_name(report->accounts, part->at[i].account), out);
        }
    }
    if (part->not_kept > 0) {
        fprintf(out, " and %" PRIu32 " more", part->not_kept);
    }
    fputs(".</p>\n", out);
}

void replay_html_explain(const struct replay_report *report, FILE *out)
{
    const struct replay_explain *part = report->explain;

    if (part == NULL) {
        return;
    }
    fputs("<section aria-labelledby=\"explain\">\n<h2 id=\"explain\">Explained: ", out);
    replay_html_name(part->chosen != NULL ? name_book_name(report->accounts, part->chosen->account)
                                          : part->wanted,
                     out);
    fputs("</h2>\n", out);
    if (part->chosen != NULL) {
        put_account(report, part->chosen, out);
    } else {
        fputs("<p>No sign-in of that account.</p>\n", out);
    }
    put_others(report, out);
    fputs("</section>\n", out);
}
