#include "replay_csv.h"

#include <inttypes.h>

#include "../core/csv.h"
#include "../core/event_time.h"
#include "replay_diff.h"
#include "replay_explain.h"
#include "replay_json.h"
#include "replay_sweep.h"

/* RFC 4180 ends lines with CR and LF; on Windows a stream of text adds the CR itself. */
#ifdef _WIN32
#define LINE_END "\n"
#else
#define LINE_END "\r\n"
#endif

static void write_text(struct text text, FILE *out)
{
    char cell[4 + CSV_BYTES_PER_UNIT * RELAY_ACCOUNT_MAX];

    csv_cell(cell, sizeof cell, text);
    fputs(cell, out);
}

static void write_time(int64_t time, FILE *out)
{
    char text[EVENT_TIME_TEXT_SIZE];

    event_time_to_text(time, text);
    fputs(text, out);
}

static void write_limit(const struct limit *limit, FILE *out)
{
    char text[LIMIT_TEXT_SIZE];

    limit_to_text(limit, text);
    fputs(text, out);
}

/* ---- verdicts ------------------------------------------------------------------------------- */

static void write_verdicts(const struct replay_report *report, FILE *out)
{
    fputs("account,limit,count,clients,time,record,action" LINE_END, out);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct replay_row *row = &report->rows[i];

        write_text((struct text){row->account, row->account_units}, out);
        fputc(',', out);
        write_limit(&row->limit, out);
        fprintf(out, ",%" PRIu32 ",%" PRIu32 ",", row->count, row->clients);
        write_time(row->time, out);
        fprintf(out, ",%" PRIu64 ",%s" LINE_END, row->record, replay_json_action(row->flag));
    }
}

/* ---- sweep ---------------------------------------------------------------------------------- */

static void write_cell(const struct replay_report *report, const struct limit *limit,
                       const struct sweep_cell *cell, FILE *out)
{
    const struct replay_sweep *part = report->sweep;
    const struct habit *habits = sweep_habits(part->sweep);

    for (uint32_t i = 0; i < cell->listed; i++) {
        const struct sweep_crossing *crossing = &cell->crossings[i];
        bool honest = habit_is_honest(&habits[crossing->account], &part->proposal.peers);

        write_limit(limit, out);
        fprintf(out, ",%" PRIu32 ",", cell->accounts);
        write_text(name_book_name(report->accounts, crossing->account), out);
        fputs(honest ? ",yes," : ",no,", out);
        write_time(crossing->time, out);
        fprintf(out, ",%" PRIu64 ",%" PRIu32 LINE_END, crossing->record, crossing->took);
    }
    if (cell->listed == 0) {
        write_limit(limit, out);
        fputs(",0,,,,," LINE_END, out);
    }
}

static void write_sweep(const struct replay_report *report, FILE *out)
{
    const struct sweep *sweep = report->sweep->sweep;
    const struct sweep_grid *grid = sweep_grid_of(sweep);

    fputs("limit,accounts,account,honest,time,record,seconds" LINE_END, out);
    for (int i = 0; i < 2; i++) {
        enum limit_subject subject = (enum limit_subject)i;

        for (uint32_t window = 0; window < grid->windows.count; window++) {
            for (uint32_t count = 0; count < grid->counts[i].count; count++) {
                struct limit limit = sweep_grid_limit(grid, subject, count, window);
                struct sweep_cell cell = sweep_cell(sweep, subject, count, window);

                write_cell(report, &limit, &cell, out);
            }
        }
    }
}

/* ---- explain -------------------------------------------------------------------------------- */

static void write_explain(const struct replay_report *report, FILE *out)
{
    const struct replay_explained *at = report->explain->chosen;

    fputs("window,subject,highest,time" LINE_END, out);
    for (uint32_t i = 0; at != NULL && i < sweep_grid_of(at->sweep)->windows.count; i++) {
        for (int j = 0; j < 2; j++) {
            struct sweep_peak peak = sweep_peak(at->sweep, (enum limit_subject)j, i, 0);

            fprintf(out, "%" PRIu32 ",%s,%" PRIu32 ",", sweep_grid_of(at->sweep)->windows.at[i],
                    j == LIMIT_CLIENTS ? "clients" : "sign-ins", peak.count);
            write_time(peak.time, out);
            fputs(LINE_END, out);
        }
    }
}

/* ---- diff ----------------------------------------------------------------------------------- */

static void write_side(const struct replay_row *row, FILE *out)
{
    if (row == NULL) {
        fputs(",,,,", out);
        return;
    }
    fputc(',', out);
    write_time(row->time, out);
    fputc(',', out);
    write_limit(&row->limit, out);
    fprintf(out, ",%" PRIu64 ",%s", row->record, replay_json_action(row->flag));
}

static void write_diff(const struct replay_report *report, FILE *out)
{
    const struct replay_diff *diff = report->diff;

    fputs("account,change,present_time,present_limit,present_record,present_action,"
          "new_time,new_limit,new_record,new_action" LINE_END,
          out);
    for (size_t i = 0; i < diff->change_count; i++) {
        const struct replay_change *change = &diff->changes[i];
        const struct replay_row *row = change->before != NULL ? change->before : change->after;

        write_text((struct text){row->account, row->account_units}, out);
        fprintf(out, ",%s", replay_change_word(change->kind));
        write_side(change->before, out);
        write_side(change->after, out);
        fputs(LINE_END, out);
    }
}

void replay_csv_write(const struct replay_report *report, FILE *out)
{
    if (report->sweep != NULL) {
        write_sweep(report, out);
    } else if (report->explain != NULL) {
        write_explain(report, out);
    } else if (report->diff != NULL) {
        write_diff(report, out);
    } else {
        write_verdicts(report, out);
    }
}
