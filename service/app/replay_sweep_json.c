#include "replay_json.h"
#include "replay_sweep.h"

#include <inttypes.h>

static const char *comma(bool *first)
{
    const char *between = *first ? "" : ",";

    *first = false;
    return between;
}

static void write_crossing(const struct replay_report *report,
                           const struct sweep_crossing *crossing, FILE *out)
{
    fputs("{\"account\":", out);
    replay_json_account(report, crossing->account, out);
    fprintf(out, ",\"record\":%" PRIu64 ",\"time\":", crossing->record);
    replay_json_time(crossing->time, out);
    fprintf(out, ",\"seconds\":%" PRIu32 "}", crossing->took);
}

static void write_cell(const struct replay_report *report, const struct limit *limit,
                       const struct sweep_cell *cell, FILE *out)
{
    fputs("{\"limit\":", out);
    replay_json_limit(limit, out);
    fprintf(out, ",\"accounts\":%" PRIu32 ",\"first\":[", cell->accounts);
    for (uint32_t i = 0; i < cell->listed; i++) {
        fputs(i > 0 ? "," : "", out);
        write_crossing(report, &cell->crossings[i], out);
    }
    fputs("]}", out);
}

static void write_limits(const struct replay_report *report, FILE *out)
{
    const struct sweep *sweep = report->sweep->sweep;
    const struct sweep_grid *grid = sweep_grid_of(sweep);
    bool first = true;

    fputs("\"limits\":[", out);
    for (int i = 0; i < 2; i++) {
        enum limit_subject subject = (enum limit_subject)i;

        for (uint32_t window = 0; window < grid->windows.count; window++) {
            for (uint32_t count = 0; count < grid->counts[i].count; count++) {
                struct limit limit = sweep_grid_limit(grid, subject, count, window);
                struct sweep_cell cell = sweep_cell(sweep, subject, count, window);

                fputs(comma(&first), out);
                write_cell(report, &limit, &cell, out);
            }
        }
    }
    fputc(']', out);
}

static void write_standing_out(const struct replay_report *report, FILE *out)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep *sweep = report->sweep->sweep;
    const struct habit *habits = sweep_habits(sweep);
    bool first = true;

    fprintf(out, ",\"honest\":%" PRIu32 ",\"standing_out\":[", proposal->honest);
    for (uint32_t i = 0; i < sweep_accounts(sweep); i++) {
        if (habits[i].sign_ins == 0 || habit_is_honest(&habits[i], &proposal->peers)) {
            continue;
        }
        fprintf(out, "%s{\"account\":", comma(&first));
        replay_json_account(report, i, out);
        fprintf(out, ",\"sign_ins\":%" PRIu64 ",\"days\":%" PRIu32 ",\"busiest_hour\":",
                habits[i].sign_ins, habit_days(&habits[i]));
        replay_json_busiest(&habits[i], LIMIT_SIGN_INS, out);
        fputs(",\"most_clients\":", out);
        replay_json_busiest(&habits[i], LIMIT_CLIENTS, out);
        fprintf(out, ",\"locked\":%s}",
                sweep_proposal_catches(proposal, sweep, i) ? "true" : "false");
    }
    fputc(']', out);
}

static void write_lowest(const struct replay_report *report, const struct sweep_lowest *lowest,
                         FILE *out)
{
    fputs("\"limit\":", out);
    if (lowest->found) {
        replay_json_limit(&lowest->limit, out);
        fprintf(out, ",\"margin\":%" PRIu32 ",\"accounts\":%" PRIu32,
                lowest->limit.count - lowest->peak.count, lowest->caught);
    } else {
        fputs("null,\"margin\":null,\"accounts\":null", out);
    }
    fprintf(out, ",\"proposed\":%s,\"highest\":", lowest->proposed ? "true" : "false");
    if (lowest->busiest != SWEEP_NOBODY) {
        fputs("{\"account\":", out);
        replay_json_account(report, lowest->busiest, out);
        fprintf(out, ",\"count\":%" PRIu32 ",\"time\":", lowest->peak.count);
        replay_json_time(lowest->peak.time, out);
        fputc('}', out);
    } else {
        fputs("null", out);
    }
    fputs(",\"worst\":", out);
    if (lowest->catches_worst) {
        write_crossing(report, &lowest->worst, out);
    } else {
        fputs("null", out);
    }
}

static void write_lowest_limits(const struct replay_report *report, FILE *out)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;
    const struct sweep_grid *grid = sweep_grid_of(report->sweep->sweep);
    bool first = true;

    fputs(",\"lowest\":[", out);
    for (int i = 0; i < 2; i++) {
        for (uint32_t window = 0; grid->counts[i].count > 0 && window < grid->windows.count;
             window++) {
            fprintf(out, "%s{\"subject\":\"%s\",\"window\":%" PRIu32 ",", comma(&first),
                    i == LIMIT_CLIENTS ? "clients" : "sign-ins", grid->windows.at[window]);
            write_lowest(report, &proposal->lowest[i][window], out);
            fputc('}', out);
        }
    }
    fputc(']', out);
}

static void write_proposal(const struct replay_report *report, FILE *out)
{
    const struct sweep_proposal *proposal = &report->sweep->proposal;

    fputs(",\"proposal\":[", out);
    for (uint32_t i = 0; i < proposal->set.count; i++) {
        fputs(i > 0 ? "," : "", out);
        replay_json_limit(&proposal->set.limits[i], out);
    }
    fprintf(out, "],\"locked\":%" PRIu32 ",\"worst\":", proposal->caught);
    if (proposal->worst == SWEEP_NOBODY) {
        fputs("null", out);
        return;
    }
    fputs("{\"account\":", out);
    replay_json_account(report, proposal->worst, out);
    fputs(",\"by\":", out);
    if (proposal->worst_by != NULL) {
        replay_json_limit(&proposal->worst_by->limit, out);
    } else {
        fputs("null", out);
    }
    fputc('}', out);
}

void replay_json_sweep(const struct replay_report *report, FILE *out)
{
    const struct replay_sweep *part = report->sweep;

    fputc('{', out);
    write_limits(report, out);
    write_standing_out(report, out);
    write_lowest_limits(report, out);
    write_proposal(report, out);
    fprintf(out, ",\"own_limits\":%" PRIu32 ",\"lost\":%" PRIu64 ",\"nameless\":%" PRIu64 "}",
            part->left_out, sweep_lost(part->sweep), part->nameless);
}
