#include "replay_html_diff.h"

#include "replay_diff.h"
#include "replay_html.h"
#include "replay_html_put.h"
#include "replay_text.h"

/* ---- settings ------------------------------------------------------------------------------- */

static void put_value(const struct settings *settings, size_t index, FILE *out)
{
    char value[SETTING_VALUE_TEXT_SIZE];

    settings_show(settings, index, value);
    replay_html_value(value[0] != '\0' ? value : "(none)", out);
}

static void put_setting(const struct replay_report *report,
                        const struct replay_setting_change *change, FILE *out)
{
    const bool of_account = change->after != NULL;

    fputs("<tr><th scope=\"row\">", out);
    if (of_account) {
        fputs("Limits of ", out);
        replay_html_name(change->account, out);
    } else {
        fputs(setting_table[change->index].name, out);
    }
    fputs("</th><td>", out);
    if (!of_account) {
        put_value(report->settings, change->index, out);
    } else if (change->before != NULL) {
        replay_html_limits(change->before, out);
    } else {
        fputs("the general ones", out);
    }
    fputs("</td><td>", out);
    if (of_account) {
        replay_html_limits(change->after, out);
    } else {
        put_value(report->diff->after.settings, change->index, out);
    }
    fputs("</td></tr>\n", out);
}

static void put_settings(const struct replay_report *report, FILE *out)
{
    struct replay_setting_change change;
    size_t at = 0;

    if (!replay_diff_next_setting(report->diff, report->settings, &at, &change)) {
        fputs("<p>No setting changes.</p>\n", out);
        return;
    }
    fputs(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Settings that change\">"
        "<table class=\"changed\"><caption>Settings that change</caption><thead><tr>"
        "<th scope=\"col\">Setting</th><th scope=\"col\">Present</th><th scope=\"col\">New</th>"
        "</tr></thead><tbody>\n",
        out);
    do {
        put_setting(report, &change, out);
    } while (replay_diff_next_setting(report->diff, report->settings, &at, &change));
    fputs("</tbody></table></div>\n", out);
}

/* ---- verdicts ------------------------------------------------------------------------------- */

static void put_side(const struct replay_row *row, FILE *out)
{
    if (row == NULL) {
        fputs("<td>none</td><td></td><td></td>", out);
        return;
    }
    fputs("<td>", out);
    replay_html_time(row->time, out);
    fputs("</td><td class=\"still\">", out);
    replay_html_limit(&row->limit, out);
    fprintf(out, "</td><td class=\"still\">%s</td>", replay_action_of(row->flag));
}

static void put_change(const struct replay_change *change, FILE *out)
{
    const struct replay_row *row = change->before != NULL ? change->before : change->after;

    fputs("<tr><th scope=\"row\" class=\"name\">", out);
    replay_html_name((struct text){row->account, row->account_units}, out);
    fprintf(out, "</th><td>%s</td>", replay_change_word(change->kind));
    put_side(change->before, out);
    put_side(change->after, out);
    fputs("</tr>\n", out);
}

static void put_changes(const struct replay_diff *diff, FILE *out)
{
    if (diff->change_count == 0) {
        return;
    }
    fputs("<p class=\"note\">new: over a limit only under the new settings; gone: only under the "
          "present ones; sooner, later: at another sign-in; action: at the same one, but locked "
          "instead of flagged, or the reverse.</p>\n"
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"diff\">"
          "<table class=\"diff\"><thead><tr><th scope=\"col\">Account</th>"
          "<th scope=\"col\">Change</th><th scope=\"col\">Present (UTC)</th>"
          "<th scope=\"col\">Limit now</th><th scope=\"col\">Action now</th>"
          "<th scope=\"col\">New (UTC)</th><th scope=\"col\">New limit</th>"
          "<th scope=\"col\">New action</th></tr></thead><tbody>\n",
          out);
    for (size_t i = 0; i < diff->change_count && i < REPLAY_HTML_ROWS_MAX; i++) {
        put_change(&diff->changes[i], out);
    }
    fputs("</tbody></table></div>\n", out);
    replay_html_more_rows(diff->change_count, out);
}

static void put_counts(const struct replay_report *report, FILE *out)
{
    const struct replay_diff *diff = report->diff;

    fputs("<p>", out);
    replay_html_counted(report->row_count, "account", "accounts", out);
    fputs(" over a limit now, under the new settings ", out);
    replay_html_count(diff->after.row_count, out);
    for (int kind = 0; kind < REPLAY_CHANGE_KINDS; kind++) {
        fprintf(out, "%s %s ", kind > 0 ? "," : ":",
                replay_change_word((enum replay_change_kind)kind));
        replay_html_count(diff->counts[kind], out);
    }
    fputs(".</p>\n", out);
}

void replay_html_diff(const struct replay_report *report, FILE *out)
{
    if (report->diff == NULL) {
        return;
    }
    fputs("<section aria-labelledby=\"diff\">\n"
          "<h2 id=\"diff\">Verdicts under the new settings</h2>\n",
          out);
    put_settings(report, out);
    put_counts(report, out);
    put_changes(report->diff, out);
    fputs("</section>\n", out);
}
