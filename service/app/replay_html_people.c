#include "replay_html_people.h"

#include <inttypes.h>
#include <string.h>

#include "replay_activity.h"
#include "replay_html.h"
#include "replay_html_chart.h"
#include "replay_html_put.h"
#include "replay_text.h"

/* ---- choosing ------------------------------------------------------------------------------- */

enum { CHOSEN_MAX = REPLAY_HTML_TOP_MAX };

_Static_assert((int)REPLAY_HTML_NEAREST_MAX <= (int)CHOSEN_MAX, "room for the nearest");

/* Numbers of accounts or clients, the first in rank first. */
struct chosen {
    uint32_t at[CHOSEN_MAX];
    uint32_t count;
};

typedef bool ranks_before(const struct replay_activity *activity, uint32_t a, uint32_t b);

/* Keeps the first `most` of those that are offered; of equals the one offered first. */
static void offer(struct chosen *chosen, uint32_t most, uint32_t number, ranks_before *before,
                  const struct replay_activity *activity)
{
    uint32_t place = chosen->count;

    while (place > 0 && before(activity, number, chosen->at[place - 1])) {
        place--;
    }
    if (place == most) {
        return;
    }
    chosen->count += chosen->count < most ? 1 : 0;
    memmove(&chosen->at[place + 1], &chosen->at[place],
            (chosen->count - 1 - place) * sizeof chosen->at[0]);
    chosen->at[place] = number;
}

static bool busier_account(const struct replay_activity *activity, uint32_t a, uint32_t b)
{
    return activity->accounts[a].sign_ins > activity->accounts[b].sign_ins;
}

static bool busier_client(const struct replay_activity *activity, uint32_t a, uint32_t b)
{
    return activity->clients[a].sign_ins > activity->clients[b].sign_ins;
}

static uint32_t nearness_of(const struct replay_account *account)
{
    return account->counted > 0 ? guard_nearness(&account->nearest, account->counted) : 0;
}

static bool nearer(const struct replay_activity *activity, uint32_t a, uint32_t b)
{
    uint32_t near_a = nearness_of(&activity->accounts[a]);
    uint32_t near_b = nearness_of(&activity->accounts[b]);

    return near_a != near_b ? near_a > near_b : busier_account(activity, a, b);
}

/* ---- rows with a drawing -------------------------------------------------------------------- */

static void put_share_of_limit(const struct replay_account *account, FILE *out)
{
    fprintf(out, "<span class=\"still\">%" PRIu32 " %% of ", nearness_of(account) / 10);
    replay_html_limit(&account->nearest, out);
    fprintf(out, " (%" PRIu32 ")</span>", account->counted);
}

static void put_facts(const struct replay_account *account, const struct replay_row *row, FILE *out)
{
    if (row != NULL) {
        fprintf(out, "<p><b>%s</b> ",
                row->flag == FLAG_NOT ? "locked" : replay_action_of(row->flag));
        replay_html_time(row->time, out);
        fputs(" at ", out);
        replay_html_limit(&row->limit, out);
        fputs("</p>\n", out);
    } else if (account->exempt) {
        fputs("<p>exempt, not counted</p>\n", out);
    } else if (account->counted > 0) {
        fputs("<p>", out);
        put_share_of_limit(account, out);
        fputs(", ", out);
        replay_html_minute(account->nearest_time, out);
        fprintf(out, "%s</p>\n", account->machine ? "; a computer, never acted on" : "");
    }
    fputs("<p>", out);
    replay_html_counted(account->sign_ins, "sign-in", "sign-ins", out);
    if (account->judged) {
        fputs(", ", out);
        replay_html_count(account->after, out);
        fputs(" after it", out);
    }
    fputs("; ", out);
    replay_html_counted(account->clients, "client", "clients", out);
    fputs("</p>\n", out);
}

static void put_account(const struct replay_report *report, uint32_t account,
                        const struct replay_row *row, unsigned id, FILE *out)
{
    fprintf(out,
            "<section class=\"row\" aria-labelledby=\"account-%u\"><div><h3 id=\"account-%u\">", id,
            id);
    replay_html_name(name_book_name(report->accounts, account), out);
    fputs("</h3>\n", out);
    put_facts(&report->activity->accounts[account], row, out);
    fputs("</div>\n", out);
    replay_html_chart_account(report, account, row, id, out);
    fputs("</section>\n", out);
}

static void put_dates(const struct replay_report *report, FILE *out)
{
    fputs("<div class=\"under\">", out);
    replay_html_chart_dates(report, out);
    fputs("</div>\n", out);
}

/* How many were drawn. */
static unsigned put_judged(const struct replay_report *report, FILE *out)
{
    unsigned drawn = 0;

    for (size_t i = 0; i < report->row_count && drawn < REPLAY_HTML_JUDGED_MAX; i++) {
        const struct replay_row *row = &report->rows[i];

        if (row->number != NAME_BOOK_NONE) {
            put_account(report, row->number, row, drawn++, out);
        }
    }
    if (report->row_count > drawn) {
        fputs("<p class=\"note\">", out);
        replay_html_counted(report->row_count - drawn, "more account", "more accounts", out);
        fputs(" over a limit without a drawing.</p>\n", out);
    }
    return drawn;
}

static void put_nearest(const struct replay_report *report, unsigned id, FILE *out)
{
    struct chosen chosen = {.count = 0};

    for (uint32_t i = 0; i < name_book_count(report->accounts); i++) {
        if (!report->activity->accounts[i].judged) {
            offer(&chosen, REPLAY_HTML_NEAREST_MAX, i, nearer, report->activity);
        }
    }
    for (uint32_t i = 0; i < chosen.count; i++) {
        put_account(report, chosen.at[i], NULL, id + i, out);
    }
    if (chosen.count == 0) {
        fputs("<p>There are no others.</p>\n", out);
    }
}

void replay_html_accounts(const struct replay_report *report, FILE *out)
{
    fputs("<section aria-labelledby=\"accounts\">\n"
          "<h2 id=\"accounts\">Accounts against the limits</h2>\n"
          "<p class=\"note\">Two strips for each account. The upper, grey: its sign-ins, on a "
          "scale of its own. The lower, blue: how near it came to the nearest of its limits; the "
          "dashed line is the limit. After a verdict nothing is counted, as the account would be "
          "locked.</p>\n",
          out);
    unsigned drawn = put_judged(report, out);

    if (drawn > 0) {
        put_dates(report, out);
    }
    fputs("</section>\n<section aria-labelledby=\"nearest\">\n"
          "<h2 id=\"nearest\">Others, the nearest to a limit first</h2>\n",
          out);
    put_nearest(report, drawn, out);
    put_dates(report, out);
    fputs("</section>\n", out);
}

/* ---- tables --------------------------------------------------------------------------------- */

static void put_account_line(const struct replay_report *report, uint32_t number, uint64_t most,
                             FILE *out)
{
    const struct replay_account *account = &report->activity->accounts[number];

    fputs("<tr><th scope=\"row\" class=\"name\">", out);
    replay_html_name(name_book_name(report->accounts, number), out);
    fputs("</th><td class=\"n\">", out);
    replay_html_count(account->sign_ins, out);
    fputs("</td>", out);
    replay_html_bar(account->sign_ins, most, out);
    fputs("<td class=\"n\">", out);
    replay_html_count(account->clients, out);
    fputs("</td><td>", out);
    if (account->exempt) {
        fputs("exempt", out);
    } else if (account->counted > 0) {
        put_share_of_limit(account, out);
    }
    fputs("</td></tr>\n", out);
}

static void put_busiest_accounts(const struct replay_report *report, FILE *out)
{
    struct chosen chosen = {.count = 0};

    for (uint32_t i = 0; i < name_book_count(report->accounts); i++) {
        offer(&chosen, REPLAY_HTML_TOP_MAX, i, busier_account, report->activity);
    }
    fputs("<section aria-labelledby=\"busiest\">\n<h2 id=\"busiest\">Busiest accounts</h2>\n"
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"busiest\">"
          "<table><thead><tr><th scope=\"col\">Account</th><th scope=\"col\" class=\"n\">Sign-ins"
          "</th><td></td><th scope=\"col\" class=\"n\">Clients</th>"
          "<th scope=\"col\">Nearest to a limit</th></tr></thead><tbody>\n",
          out);
    for (uint32_t i = 0; i < chosen.count; i++) {
        put_account_line(report, chosen.at[i], report->activity->accounts[chosen.at[0]].sign_ins,
                         out);
    }
    fputs("</tbody></table></div>\n</section>\n", out);
}

static void put_busiest_clients(const struct replay_report *report, FILE *out)
{
    const struct replay_client *clients = report->activity->clients;
    struct chosen chosen = {.count = 0};

    for (uint32_t i = 0; i < client_book_count(report->clients); i++) {
        offer(&chosen, REPLAY_HTML_TOP_MAX, i, busier_client, report->activity);
    }
    fputs("<section aria-labelledby=\"clients\">\n<h2 id=\"clients\">Busiest clients</h2>\n"
          "<p class=\"note\">A client is a name that the other side gave itself.</p>\n"
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"clients\">"
          "<table><thead><tr><th scope=\"col\">Client</th><th scope=\"col\" class=\"n\">Sign-ins"
          "</th><td></td><th scope=\"col\" class=\"n\">Accounts</th></tr></thead><tbody>\n",
          out);
    for (uint32_t i = 0; i < chosen.count; i++) {
        const struct replay_client *client = &clients[chosen.at[i]];

        fputs("<tr><th scope=\"row\" class=\"name\">", out);
        replay_html_name(client_book_name(report->clients, chosen.at[i]), out);
        fputs("</th><td class=\"n\">", out);
        replay_html_count(client->sign_ins, out);
        fputs("</td>", out);
        replay_html_bar(client->sign_ins, clients[chosen.at[0]].sign_ins, out);
        fputs("<td class=\"n\">", out);
        replay_html_count(client->accounts, out);
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody></table></div>\n</section>\n", out);
}

void replay_html_busiest(const struct replay_report *report, FILE *out)
{
    fputs("<div class=\"beside\">\n", out);
    put_busiest_accounts(report, out);
    put_busiest_clients(report, out);
    fputs("</div>\n", out);
}
