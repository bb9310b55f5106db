#include "replay_sweep.h"
#include "replay_text.h"
#include "shown.h"

#include <inttypes.h>

#include "../core/event_time.h"

enum {
    NAMED = 3,      /* accounts named for each limit */
    LISTED_OUT = 20 /* accounts that stand out that are listed */
};

static void show_account(const struct replay_report *report, uint32_t account, FILE *out)
{
    shown_put(name_book_name(report->accounts, account), out);
}

static const char *time_text(int64_t time, char text[EVENT_TIME_TEXT_SIZE])
{
    event_time_to_text(time, text);
    return text;
}

static const char *limit_text(const struct limit *limit, char text[LIMIT_TEXT_SIZE])
{
    limit_to_text(limit, text);
    return text;
}

/* ---- the limits ----------------------------------------------------------------------------- */

/* How many accounts cross each: counts down, windows across. */
static void show_grid(const struct sweep *sweep, enum limit_subject subject, FILE *out)
{
    const struct sweep_grid *grid = sweep_grid_of(sweep);
    const struct sweep_axis *counts = &grid->counts[subject];

    if (counts->count == 0) {
        return;
    }
    fprintf(out, "\n%-9s", subject == LIMIT_CLIENTS ? "CLIENTS" : "SIGN-INS");
    for (uint32_t i = 0; i < grid->windows.count; i++) {
        char window[LIMIT_TEXT_SIZE];

        limit_window_to_text(grid->windows.at[i], window);
        fprintf(out, "  %6s", window);
    }
    fputc('\n', out);
    for (uint32_t count = 0; count < counts->count; count++) {
        fprintf(out, "%9" PRIu32, counts->at[count]);
        for (uint32_t i = 0; i < grid->windows.count; i++) {
            fprintf(out, "  %6" PRIu32, sweep_cell(sweep, subject, count, i).accounts);
        }
        fputc('\n', out);
    }
}

static void show_cell(const struct replay_report *report, const struct limit *limit,
                      const struct sweep_cell *cell, FILE *out)
{
    char text[LIMIT_TEXT_SIZE], time[EVENT_TIME_TEXT_SIZE];
    const struct sweep_crossing *first = cell->crossings;

    fprintf(out, "%-16s  %8" PRIu32 "  %-20s  %10" PRIu64 "  ", limit_text(limit, text),
            cell->accounts, time_text(first->time, time), first->record);
    for (uint32_t i = 0; i < cell->listed && i < NAMED; i++) {
        fputs(i > 0 ? ", " : "", out);
        show_account(report, cell->crossings[i].account, out);
    }
    if (cell->accounts > NAMED) {
        fprintf(out, " and %" PRIu32 " more", cell->accounts - NAMED);
    }
    fputc('\n', out);
}

/* Who crosses each limit, and when the first of them does. */
static void show_cells(const struct replay_report *report, enum limit_subject subject, FILE *out)
{
    const struct sweep *sweep = report->sweep->sweep;
    const struct sweep_grid *grid = sweep_grid_of(sweep);

    for (uint32_t window = 0; window < grid->windows.count; window++) {
        for (uint32_t count = 0; count < grid->counts[subject].count; count++) {
            struct limit limit = sweep_grid_limit(grid, subject, count, window);
            struct sweep_cell cell = sweep_cell(sweep, subject, count, window);

            if (cell.accounts > 0) {
                show_cell(report, &limit, &cell, out);
            }
        }
    }
}

/* ---- the proposal --------------------------------------------------------------------------- */

static void show_standing_out(const struct replay_report *report, FILE *out)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep *sweep = report->sweep->sweep;
    const struct habit *habits = sweep_habits(sweep);
    uint32_t shown = 0;

    if (proposal->standing_out == 0) {
        return;
    }
    fprintf(out, "\n%-8s  %8s  %-20s  %-12s  %-8s  %s\n", "SIGN-INS", "CLIENTS",
            "IN ITS BUSIEST HOUR", "USUALLY", "PROPOSAL", "ACCOUNT THAT STANDS OUT");
    for (uint32_t i = 0; i < sweep_accounts(sweep) && shown < LISTED_OUT; i++) {
        char time[EVENT_TIME_TEXT_SIZE], usual[24] = "-";
        uint32_t from, to;

        if (habits[i].sign_ins == 0 || habit_is_honest(&habits[i], &proposal->peers)) {
            continue;
        }
        if (habit_usual(&habits[i], LIMIT_SIGN_INS, &from, &to)) {
            snprintf(usual, sizeof usual, "%" PRIu32 " to %" PRIu32, from, to);
        }
        fprintf(out, "%8" PRIu32 "  %8" PRIu32 "  %-20s  %-12s  %-8s  ",
                habits[i].busiest[LIMIT_SIGN_INS], habits[i].busiest[LIMIT_CLIENTS],
                time_text(3600 * habits[i].busiest_hour[LIMIT_SIGN_INS], time), usual,
                sweep_proposal_catches(proposal, sweep, i) ? "locks" : "misses");
        show_account(report, i, out);
        fputc('\n', out);
        shown++;
    }
    if (shown < proposal->standing_out) {
        fprintf(out, "and %" PRIu32 " more\n", proposal->standing_out - shown);
    }
}

static void show_lowest(const struct replay_report *report, const struct sweep_lowest *lowest,
                        enum limit_subject subject, uint32_t window, FILE *out)
{
    char text[LIMIT_TEXT_SIZE], after[24] = "", margin[16] = "";

    if (lowest->found) {
        limit_to_text(&lowest->limit, text);
        snprintf(margin, sizeof margin, "%" PRIu32, lowest->limit.count - lowest->peak.count);
    } else {
        char alone[LIMIT_TEXT_SIZE];

        limit_window_to_text(window, alone);
        snprintf(text, sizeof text, "%snone/%.8s", subject == LIMIT_CLIENTS ? "clients:" : "",
                 alone);
    }
    if (lowest->catches_worst) {
        snprintf(after, sizeof after, "%" PRIu32 " s", lowest->worst.took);
    }
    fprintf(out, "%-16s  %-8s  %6s  %5" PRIu32 "  %9s  %7" PRIu32 "  ", text,
            lowest->proposed ? "yes" : "", margin, lowest->caught, after, lowest->peak.count);
    if (lowest->busiest != SWEEP_NOBODY) {
        show_account(report, lowest->busiest, out);
    }
    fputc('\n', out);
}

static void show_lowest_limits(const struct replay_report *report, FILE *out)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep_grid *grid = sweep_grid_of(report->sweep->sweep);

    fprintf(out, "\n%-16s  %-8s  %6s  %5s  %9s  %7s  %s\n", "LOWEST LIMIT", "PROPOSED", "MARGIN",
            "LOCKS", "WORST IN", "HIGHEST", "BUSIEST ACCOUNT THAT LOOKS HONEST");
    for (int i = 0; i < 2; i++) {
        enum limit_subject subject = (enum limit_subject)i;

        for (uint32_t window = 0; grid->counts[i].count > 0 && window < grid->windows.count;
             window++) {
            show_lowest(report, &proposal->lowest[i][window], subject, grid->windows.at[window],
                        out);
        }
    }
}

static void show_set(const struct limit_set *set, FILE *out)
{
    for (uint32_t i = 0; i < set->count; i++) {
        char text[LIMIT_TEXT_SIZE];

        fprintf(out, "%s%s", i > 0 ? "," : "", limit_text(&set->limits[i], text));
    }
}

static void show_proposal(const struct replay_report *report, FILE *out)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep_lowest *by = proposal->worst_by;
    char text[LIMIT_TEXT_SIZE], time[EVENT_TIME_TEXT_SIZE];

    if (proposal->set.count == 0) {
        fputs("\nproposed: no limits (whatever this grid tries locks an account that looks "
              "honest)\n",
              out);
        return;
    }
    fputs("\nproposed: Limits=", out);
    show_set(&proposal->set, out);
    fprintf(out, "\nthese lock %" PRIu32 " of %" PRIu32 " accounts that stand out, and nobody else",
            proposal->caught, proposal->standing_out);
    if (proposal->worst != SWEEP_NOBODY) {
        fputs("; the worst, ", out);
        show_account(report, proposal->worst, out);
        if (by != NULL) {
            fprintf(out, ", by %s at %s (record %" PRIu64 "), %" PRIu32 " s after the first of %s",
                    limit_text(&by->limit, text), time_text(by->worst.time, time), by->worst.record,
                    by->worst.took,
                    by->limit.subject == LIMIT_CLIENTS ? "these clients" : "these sign-ins");
        } else {
            fputs(", is not among them", out);
        }
    }
    fputc('\n', out);
}

void replay_sweep_show(const struct replay_report *report, FILE *out)
{
    const struct replay_sweep *part = report->sweep;

    fprintf(out, "\nsweep: how many accounts would have crossed each limit\n");
    show_grid(part->sweep, LIMIT_SIGN_INS, out);
    show_grid(part->sweep, LIMIT_CLIENTS, out);
    fprintf(out, "\n%-16s  %8s  %-20s  %10s  %s\n", "LIMIT", "ACCOUNTS", "THE FIRST AT", "RECORD",
            "ACCOUNTS");
    show_cells(report, LIMIT_SIGN_INS, out);
    show_cells(report, LIMIT_CLIENTS, out);
    show_standing_out(report, out);
    show_lowest_limits(report, out);
    show_proposal(report, out);
    fprintf(out, "accounts that look honest: %" PRIu32 ", that stand out: %" PRIu32 "\n",
            part->proposal.honest, part->proposal.standing_out);
    if (part->left_out > 0) {
        fprintf(out, "accounts with limits of their own, not swept: %" PRIu32 "\n", part->left_out);
    }
}
