#include "replay_text.h"

#include <inttypes.h>

#include "shown.h"
#include "../core/event_time.h"

static void show_file(const struct replay_file *file, FILE *out)
{
    char first[EVENT_TIME_TEXT_SIZE], last[EVENT_TIME_TEXT_SIZE];

    shown_put_utf8(file->path, out);
    fprintf(out, ": records %" PRIu64, file->records);
    if (file->records > 0) {
        event_time_to_text(file->first_time, first);
        event_time_to_text(file->last_time, last);
        fprintf(out, " (%" PRIu64 " to %" PRIu64 "), %s to %s", file->first_number,
                file->last_number, first, last);
    }
    fprintf(out, ", matched %" PRIu64 ", malformed %" PRIu64 "\n", file->matched, file->malformed);
}

const char *replay_action_of(enum flag_reason flag)
{
    static const char *const actions[] = {
        [FLAG_NOT] = "lock",
        [FLAG_ACTION] = "flag (Action)",
        [FLAG_OBSERVE] = "flag (paused)",
        [FLAG_STORE] = "flag (no journal)",
        [FLAG_BUDGET] = "flag (MaxLocksPerHour)",
        [FLAG_UNRESOLVED] = "flag (unresolved)",
        [FLAG_MACHINE] = "flag (machine)",
        [FLAG_PROTECTED] = "flag (protected)",
        [FLAG_QUEUE] = "flag (RequireQueue)",
    };

    return actions[flag];
}

static void show_rows(const struct replay_report *report, FILE *out)
{
    if (report->row_count == 0) {
        return;
    }
    fprintf(out, "\n%-20s  %-16s  %6s  %7s  %10s  %-22s  %s\n", "TIME", "LIMIT", "COUNT", "CLIENTS",
            "RECORD", "ACTION", "ACCOUNT");
    for (size_t i = 0; i < report->row_count; i++) {
        const struct replay_row *row = &report->rows[i];
        char time[EVENT_TIME_TEXT_SIZE], limit[LIMIT_TEXT_SIZE];

        event_time_to_text(row->time, time);
        limit_to_text(&row->limit, limit);
        fprintf(out, "%-20s  %-16s  %6" PRIu32 "  %7" PRIu32 "  %10" PRIu64 "  %-22s  ", time,
                limit, row->count, row->clients, row->record, replay_action_of(row->flag));
        shown_put((struct text){row->account, row->account_units}, out);
        fputc('\n', out);
    }
    fputc('\n', out);
}

void replay_text_write(const struct replay_report *report, FILE *out)
{
    const struct {
        uint64_t number;
        const char *meaning;
    } remarks[] = {
        {report->foreign,
         "sign-ins of computers that the setting Computers does not name, not counted"},
        {report->repeated, "records that another file holds too, counted once"},
        {report->guard.exempt, "sign-ins of exempt accounts, not counted"},
        {report->machines, "machine accounts over a limit, passed over (never acted on)"},
        {report->guard.lost,
         "losses for lack of room (some counts are too low, raise MaxAccounts)"},
        {report->unjoined, "sign-ins counted by the name as written, for lack of room"},
        {report->guard.clock_steps, "times the clock was set back"},
    };

    for (size_t i = 0; i < report->file_count; i++) {
        show_file(&report->files[i], out);
    }
    show_rows(report, out);
    fprintf(out,
            "total: records %" PRIu64 ", matched %" PRIu64 ", malformed %" PRIu64
            ", accounts over a limit %" PRIu64 "\n",
            report->records, report->matched, report->malformed, (uint64_t)report->row_count);
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        if (remarks[i].number > 0) {
            fprintf(out, "%s: %" PRIu64 "\n", remarks[i].meaning, remarks[i].number);
        }
    }
    if (report->sweep != NULL) {
        replay_sweep_show(report, out);
    }
    if (report->explain != NULL) {
        replay_explain_show(report, out);
    }
    if (report->diff != NULL) {
        replay_diff_show(report, out);
    }
}
