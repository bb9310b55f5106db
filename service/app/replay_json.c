#include "replay_json.h"

#include <inttypes.h>

#include "../core/event_time.h"
#include "../core/json.h"

void replay_json_write(const struct replay_report *report, FILE *out)
{
    fprintf(out,
            "{\"records\":%" PRIu64 ",\"matched\":%" PRIu64 ",\"malformed\":%" PRIu64
            ",\"verdicts\":[",
            report->records, report->matched, report->malformed);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct replay_row *row = &report->rows[i];
        char account[3 + JSON_BYTES_PER_UNIT * RELAY_ACCOUNT_MAX];
        char time[EVENT_TIME_TEXT_SIZE], limit[LIMIT_TEXT_SIZE];

        json_string(account, sizeof account, (struct text){row->account, row->account_units});
        event_time_to_text(row->time, time);
        limit_to_text(&row->limit, limit);
        fprintf(out,
                "%s{\"account\":%s,\"limit\":\"%s\",\"count\":%" PRIu32 ",\"clients\":%" PRIu32
                ",\"record\":%" PRIu64 ",\"time\":\"%s\"}",
                i > 0 ? "," : "", account, limit, row->count, row->clients, row->record, time);
    }
    fputs("]}\n", out);
}
