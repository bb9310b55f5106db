#include "replay_html.h"

#include <inttypes.h>
#include <string.h>

#include "replay_activity.h"
#include "replay_html_chart.h"
#include "replay_html_diff.h"
#include "replay_html_explain.h"
#include "replay_html_people.h"
#include "replay_html_put.h"
#include "replay_html_sources.h"
#include "replay_html_style.h"
#include "replay_html_sweep.h"
#include "replay_text.h"

const char replay_html_start[] = "<!DOCTYPE html>\n<!-- a page of relaylock replay -->\n";

/* ---- head ----------------------------------------------------------------------------------- */

static uint64_t locked(const struct replay_report *report)
{
    uint64_t count = 0;

    for (size_t i = 0; i < report->row_count; i++) {
        count += report->rows[i].flag == FLAG_NOT ? 1 : 0;
    }
    return count;
}

/* What came out, in a sentence without its full stop. */
static void put_finding(const struct replay_report *report, FILE *out)
{
    uint64_t locks = locked(report), flags = report->row_count - locks;

    if (report->row_count == 0) {
        fputs("No account would have been locked", out);
    } else if (locks > 0) {
        replay_html_counted(locks, "account", "accounts", out);
        fputs(" would have been locked", out);
        if (flags > 0) {
            fputs(", ", out);
            replay_html_count(flags, out);
            fputs(" only flagged", out);
        }
    } else {
        replay_html_counted(flags, "account", "accounts", out);
        fputs(" would have been flagged", out);
    }
}

static void put_head(const struct replay_report *report, FILE *out)
{
    fputs(replay_html_start, out);
    fputs("<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
          "<meta charset=\"utf-8\"/>\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
          "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
          "<meta name=\"generator\" content=\"RelayLock " RELAYLOCK_VERSION "\"/>\n<title>",
          out);
    put_finding(report, out);
    fputs(" - RelayLock replay</title>\n<style>\n", out);
    for (size_t i = 0; replay_html_style[i] != NULL; i++) {
        fputs(replay_html_style[i], out);
    }
    fputs("</style>\n</head>\n", out);
}

static void put_lead(const struct replay_report *report, FILE *out)
{
    const struct replay_activity *activity = report->activity;

    fputs("<p class=\"lead\">", out);
    replay_html_counted(activity->sign_ins, "sign-in", "sign-ins", out);
    fputs(" of ", out);
    replay_html_counted(name_book_count(report->accounts), "account", "accounts", out);
    fputs(" from ", out);
    replay_html_counted(client_book_count(report->clients), "client", "clients", out);
    if (activity->sign_ins > 0) {
        fputs(", ", out);
        replay_html_time(activity->first_time, out);
        fputs(" to ", out);
        replay_html_time(activity->last_time, out);
        fputs(" UTC", out);
    }
    fputs("; limits ", out);
    replay_html_limits(&report->settings->limits, out);
    fputs(".</p>\n", out);
}

static void put_nav(const struct replay_report *report, FILE *out)
{
    const struct {
        const char *id, *title;
        bool there;
    } parts[] = {
        {"verdicts", "Verdicts", true},
        {"diff", "New settings", report->diff != NULL},
        {"explain", "Explained account", report->explain != NULL},
        {"time", "Sign-ins over time", report->activity->sign_ins > 0},
        {"accounts", "Accounts against the limits", report->activity->sign_ins > 0},
        {"busiest", "Busiest accounts", report->activity->sign_ins > 0},
        {"clients", "Busiest clients", report->activity->sign_ins > 0},
        {"sweep", "Other limits", report->activity->sign_ins > 0 && report->sweep != NULL},
        {"gaps", "Gaps", true},
        {"files", "Files", true},
        {"settings", "Settings", true},
    };

    fputs("<nav aria-label=\"On this page\"><ul>", out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].there) {
            fprintf(out, "<li><a href=\"#%s\">%s</a></li>", parts[i].id, parts[i].title);
        }
    }
    fputs("</ul></nav>\n", out);
}

static void put_header(const struct replay_report *report, FILE *out)
{
    fputs("<body>\n<a class=\"skip\" href=\"#verdicts\">Skip to the verdicts</a>\n<header>\n"
          "<div class=\"over\">RelayLock replay</div>\n<h1>",
          out);
    put_finding(report, out);
    fputs("</h1>\n", out);
    put_lead(report, out);
    fputs("</header>\n", out);
    put_nav(report, out);
    fputs("<main>\n", out);
}

/* What makes the figures on this page less than the truth. */
static void put_warnings(const struct replay_report *report, FILE *out)
{
    const struct replay_activity *activity = report->activity;
    const struct {
        uint64_t number;
        const char *one, *many, *meaning;
    } warnings[] = {
        {activity->gap_count, "gap", "gaps", "in the logs: what happened there is not counted"},
        {report->malformed, "sign-in", "sign-ins", "that could not be read: not counted"},
        {report->foreign, "sign-in", "sign-ins",
         "of computers that the setting Computers does not name: not counted"},
        {report->guard.lost, "loss", "losses",
         "for lack of room: some counts are too low, raise MaxAccounts"},
        {report->unjoined, "sign-in", "sign-ins",
         "counted by the name as written, for lack of room"},
        {activity->nameless_clients, "sign-in", "sign-ins",
         "of clients beyond the 65,536 that are listed"},
        {activity->pairs_lost, "sign-in", "sign-ins",
         "not remembered by account and client for lack of room: the numbers of clients may be too "
         "low"},
        {report->guard.clock_steps, "time", "times", "the clock was set back"},
    };
    bool any = false;

    _Static_assert(REPLAY_CLIENTS_MAX == 65536, "words that say so");
    for (size_t i = 0; i < sizeof warnings / sizeof warnings[0]; i++) {
        if (warnings[i].number == 0) {
            continue;
        }
        fputs(any ? "<li>"
                  : "<div class=\"warn\" role=\"note\"><b>Not the whole truth:</b><ul><li>",
              out);
        replay_html_counted(warnings[i].number, warnings[i].one, warnings[i].many, out);
        fprintf(out, " %s</li>\n", warnings[i].meaning);
        any = true;
    }
    fputs(any ? "</ul></div>\n" : "", out);
}

/* ---- verdicts and time ---------------------------------------------------------------------- */

static void put_row(const struct replay_report *report, size_t index, FILE *out)
{
    const struct replay_row *row = &report->rows[index];

    fprintf(out, "<tr><td class=\"n\">%zu</td><td>", index + 1);
    replay_html_time(row->time, out);
    fputs("</td><th scope=\"row\" class=\"name\">", out);
    replay_html_name((struct text){row->account, row->account_units}, out);
    fprintf(out, "</th><td class=\"still\">%s</td><td class=\"still\">",
            replay_action_of(row->flag));
    replay_html_limit(&row->limit, out);
    fprintf(out, "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%" PRIu32 "</td>",
            row->count, row->clients);
    fprintf(out, "<td class=\"n\">%" PRIu64 "</td><td class=\"n\">", row->record);
    if (row->number != NAME_BOOK_NONE) {
        replay_html_count(report->activity->accounts[row->number].after, out);
    }
    fputs("</td></tr>\n", out);
}

static void put_verdicts(const struct replay_report *report, FILE *out)
{
    fputs("<section aria-labelledby=\"verdicts\">\n<h2 id=\"verdicts\">Verdicts</h2>\n", out);
    if (report->row_count == 0) {
        fputs("<p>No account crossed a limit.</p>\n</section>\n", out);
        return;
    }
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"verdicts\">"
          "<table><thead><tr><th scope=\"col\" class=\"n\">#</th><th scope=\"col\">Time (UTC)</th>"
          "<th scope=\"col\">Account</th><th scope=\"col\">Action</th>"
          "<th scope=\"col\">Limit crossed</th><th scope=\"col\" class=\"n\">Count</th>"
          "<th scope=\"col\" class=\"n\">Clients</th><th scope=\"col\" class=\"n\">Record</th>"
          "<th scope=\"col\" class=\"n\">Sign-ins after</th></tr></thead><tbody>\n",
          out);
    for (size_t i = 0; i < report->row_count && i < REPLAY_HTML_ROWS_MAX; i++) {
        put_row(report, i, out);
    }
    fputs("</tbody></table></div>\n", out);
    replay_html_more_rows(report->row_count, out);
    fputs("</section>\n", out);
}

/* The drawing of all sign-ins once more, as a table. */
static void put_time_table(const struct replay_report *report, FILE *out)
{
    const struct activity *series = report->activity->series;
    struct activity_bucket buckets[ACTIVITY_BUCKETS];

    activity_series(series, REPLAY_ACTIVITY_ALL, buckets);
    fputs("<details><summary>The same as a table</summary><div class=\"scroll\" tabindex=\"0\" "
          "role=\"region\" aria-labelledby=\"time\"><table class=\"series\"><thead><tr>"
          "<th scope=\"col\">From (UTC)</th><th scope=\"col\" class=\"n\">Sign-ins in ",
          out);
    replay_html_width(activity_width(series), out);
    fputs("</th></tr></thead><tbody>\n", out);
    for (uint32_t i = 0; i < activity_count(series); i++) {
        if (buckets[i].events > 0) {
            fputs("<tr><th scope=\"row\">", out);
            replay_html_time(activity_start(series) + activity_width(series) * i, out);
            fputs("</th><td class=\"n\">", out);
            replay_html_count(buckets[i].events, out);
            fputs("</td></tr>\n", out);
        }
    }
    fputs("</tbody></table></div></details>\n", out);
}

static void put_time(const struct replay_report *report, FILE *out)
{
    const struct activity *series = report->activity->series;
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    uint32_t most = 0;

    activity_series(series, REPLAY_ACTIVITY_ALL, buckets);
    for (uint32_t i = 0; i < activity_count(series); i++) {
        most = buckets[i].events > most ? buckets[i].events : most;
    }
    fputs("<section aria-labelledby=\"time\">\n<h2 id=\"time\">Sign-ins over time</h2>\n<figure>\n",
          out);
    replay_html_chart_all(report, out);
    fputs("<figcaption>All accounts, for each ", out);
    replay_html_width(activity_width(series), out);
    fputs("; at most ", out);
    replay_html_count(most, out);
    fputs(". Numbered lines are the verdicts above; hatched parts are gaps in the log. "
          "Times are UTC.</figcaption>\n</figure>\n",
          out);
    put_time_table(report, out);
    fputs("</section>\n", out);
}

void replay_html_write(const struct replay_report *report, FILE *out)
{
    put_head(report, out);
    put_header(report, out);
    replay_html_chart_patterns(out);
    put_warnings(report, out);
    put_verdicts(report, out);
    replay_html_diff(report, out);
    replay_html_explain(report, out);
    if (report->activity->sign_ins > 0) {
        put_time(report, out);
        replay_html_accounts(report, out);
        replay_html_busiest(report, out);
        replay_html_sweep(report, out);
    }
    replay_html_sources(report, out);
    fputs("</main>\n<footer><p>Made by relaylock replay, version " RELAYLOCK_VERSION
          ". This page asks for nothing from elsewhere and holds no script.</p></footer>\n"
          "</body>\n</html>\n",
          out);
}
