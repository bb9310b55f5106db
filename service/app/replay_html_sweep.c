#include "replay_html_sweep.h"

#include <inttypes.h>

#include "replay_html_put.h"
#include "replay_sweep.h"

/* ---- heat maps ------------------------------------------------------------------------------ */

/* One of six shades, for a number of accounts. */
static int shade_of(uint32_t accounts)
{
    static const uint32_t from[] = {1, 2, 5, 20, 100};
    int shade = 0;

    while (shade < 5 && accounts >= from[shade]) {
        shade++;
    }
    return shade;
}

static bool is_in_force(const struct settings *settings, const struct limit *limit)
{
    for (uint32_t i = 0; i < settings->limits.count; i++) {
        const struct limit *other = &settings->limits.limits[i];

        if (other->subject == limit->subject && other->count == limit->count &&
            other->window == limit->window) {
            return true;
        }
    }
    return false;
}

static void put_cell(const struct replay_report *report, enum limit_subject subject, uint32_t count,
                     uint32_t window, FILE *out)
{
    const struct replay_sweep *part = report->sweep;
    const struct sweep_lowest *lowest = &part->proposal.lowest[subject][window];
    struct limit limit = sweep_grid_limit(sweep_grid_of(part->sweep), subject, count, window);
    uint32_t accounts = sweep_cell(part->sweep, subject, count, window).accounts;
    bool marked = lowest->found && lowest->count == count;

    fprintf(out, "<td class=\"h%d%s\">%" PRIu32 "%s", shade_of(accounts), marked ? " lowest" : "",
            accounts, is_in_force(report->settings, &limit) ? "*" : "");
    fputs(marked ? "<span class=\"unseen\"> (lowest that locks nobody honest)</span></td>"
                 : "</td>",
          out);
}

static void put_map(const struct replay_report *report, enum limit_subject subject, FILE *out)
{
    const struct sweep_grid *grid = sweep_grid_of(report->sweep->sweep);
    const char *what = subject == LIMIT_CLIENTS ? "Clients" : "Sign-ins";

    if (grid->counts[subject].count == 0) {
        return;
    }
    fprintf(out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s by window\">"
            "<table class=\"heat\" data-subject=\"%s\"><caption>%s within a window</caption>"
            "<thead><tr><th scope=\"col\">%s</th>",
            what, subject == LIMIT_CLIENTS ? "clients" : "sign-ins", what, what);
    for (uint32_t window = 0; window < grid->windows.count; window++) {
        fputs("<th scope=\"col\">", out);
        replay_html_width(grid->windows.at[window], out);
        fputs("</th>", out);
    }
    fputs("</tr></thead><tbody>\n", out);
    for (uint32_t count = 0; count < grid->counts[subject].count; count++) {
        fprintf(out, "<tr><th scope=\"row\">%" PRIu32 "</th>", grid->counts[subject].at[count]);
        for (uint32_t window = 0; window < grid->windows.count; window++) {
            put_cell(report, subject, count, window, out);
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
}

/* ---- the proposal --------------------------------------------------------------------------- */

static void put_proposed(const struct replay_report *report, const struct sweep_lowest *lowest,
                         FILE *out)
{
    fputs("<tr><th scope=\"row\" class=\"still\">", out);
    replay_html_limit(&lowest->limit, out);
    fputs("</th><td class=\"name\">", out);
    if (lowest->busiest != SWEEP_NOBODY) {
        replay_html_name(name_book_name(report->accounts, lowest->busiest), out);
    }
    fprintf(out,
            "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">",
            lowest->peak.count, lowest->limit.count - lowest->peak.count);
    fprintf(out, "%" PRIu32 "</td><td>", lowest->caught);
    if (lowest->catches_worst) {
        replay_html_time(lowest->worst.time, out);
        fprintf(out, ", within %" PRIu32 " s", lowest->worst.took);
    }
    fputs("</td></tr>\n", out);
}

static void put_proposal(const struct replay_report *report, FILE *out)
{
    const struct replay_sweep *part = report->sweep;
    const struct sweep_proposal *proposal = &part->proposal;
    uint32_t windows = sweep_grid_of(part->sweep)->windows.count;

    fputs("<h3>Proposed limits</h3>\n<p>By their own history ", out);
    replay_html_counted(proposal->honest, "account looks", "accounts look", out);
    fputs(" honest, and ", out);
    replay_html_counted(proposal->standing_out, "stands out", "stand out", out);
    fputs(".</p>\n", out);
    if (proposal->set.count == 0) {
        fputs("<p>No limit of the grid is proposed.</p>\n", out);
        return;
    }
    fputs("<p><code>Limits=", out);
    for (uint32_t i = 0; i < proposal->set.count; i++) {
        fputs(i > 0 ? "," : "", out);
        replay_html_limit(&proposal->set.limits[i], out);
    }
    fputs("</code></p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
          "aria-label=\"Proposed limits\"><table class=\"proposal\"><thead><tr>"
          "<th scope=\"col\">Limit</th><th scope=\"col\">Busiest honest account</th>"
          "<th scope=\"col\" class=\"n\">Its most</th><th scope=\"col\" class=\"n\">Margin</th>"
          "<th scope=\"col\" class=\"n\">Would lock</th>"
          "<th scope=\"col\">The worst account at (UTC)</th></tr></thead><tbody>\n",
          out);
    for (uint32_t window = 0; window < windows; window++) {
        for (int subject = LIMIT_SIGN_INS; subject <= LIMIT_CLIENTS; subject++) {
            if (proposal->lowest[subject][window].proposed) {
                put_proposed(report, &proposal->lowest[subject][window], out);
            }
        }
    }
    fputs("</tbody></table></div>\n", out);
    if (proposal->worst != SWEEP_NOBODY) {
        fputs("<p class=\"note\">The worst is ", out);
        replay_html_name(name_book_name(report->accounts, proposal->worst), out);
        fputs(", by its busiest hour.</p>\n", out);
    }
}

void replay_html_sweep(const struct replay_report *report, FILE *out)
{
    if (report->sweep == NULL) {
        return;
    }
    fputs("<section aria-labelledby=\"sweep\">\n<h2 id=\"sweep\">Other limits</h2>\n"
          "<p class=\"note\">How many accounts each limit would have locked: the darker, the more. "
          "Framed is, for each window, the lowest that locks nobody among the accounts that look "
          "honest by their own history; * is a limit in force.</p>\n<div class=\"beside\">\n",
          out);
    put_map(report, LIMIT_SIGN_INS, out);
    put_map(report, LIMIT_CLIENTS, out);
    fputs("</div>\n", out);
    put_proposal(report, out);
    fputs("</section>\n", out);
}
