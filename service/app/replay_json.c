#include "replay_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../core/event_time.h"
#include "../core/json.h"

/* ---- values --------------------------------------------------------------------------------- */

void replay_json_text(struct text text, FILE *out)
{
    char string[3 + JSON_BYTES_PER_UNIT * RELAY_CLIENT_MAX];

    json_string(string, sizeof string, text);
    fputs(string, out);
}

/* UTF-8 that is none is written with '?'. */
static void put_utf8(const char *utf8, FILE *out)
{
    size_t size = strlen(utf8) + 1;
    char16_t *units = calloc(size, sizeof *units);
    char *string = calloc(size + 1, JSON_BYTES_PER_UNIT);
    size_t count;

    if (units != NULL && string != NULL) {
        if (!text_from_utf8(units, size, utf8, &count)) {
            for (count = 0; utf8[count] != '\0'; count++) {
                units[count] =
                    utf8[count] >= ' ' && utf8[count] <= '~' ? (char16_t)utf8[count] : u'?';
            }
        }
        json_string(string, (size + 1) * JSON_BYTES_PER_UNIT, (struct text){units, count});
    }
    fputs(string != NULL && string[0] != '\0' ? string : "\"\"", out);
    free(units);
    free(string);
}

void replay_json_time(int64_t time, FILE *out)
{
    char text[EVENT_TIME_TEXT_SIZE];

    event_time_to_text(time, text);
    fprintf(out, "\"%s\"", text);
}

void replay_json_limit(const struct limit *limit, FILE *out)
{
    char text[LIMIT_TEXT_SIZE];

    limit_to_text(limit, text);
    fprintf(out, "\"%s\"", text);
}

void replay_json_account(const struct replay_report *report, uint32_t account, FILE *out)
{
    replay_json_text(name_book_name(report->accounts, account), out);
}

const char *replay_json_action(enum flag_reason flag)
{
    static const char *const actions[] = {
        [FLAG_NOT] = "lock",
        [FLAG_ACTION] = "flag-action",
        [FLAG_OBSERVE] = "flag-paused",
        [FLAG_BUDGET] = "flag-budget",
        [FLAG_UNRESOLVED] = "flag-unresolved",
        [FLAG_MACHINE] = "flag-machine",
        [FLAG_PROTECTED] = "flag-protected",
    };

    return actions[flag];
}

void replay_json_row(const struct replay_row *row, FILE *out)
{
    if (row == NULL) {
        fputs("null", out);
        return;
    }
    fputs("{\"account\":", out);
    replay_json_text((struct text){row->account, row->account_units}, out);
    fputs(",\"limit\":", out);
    replay_json_limit(&row->limit, out);
    fprintf(out, ",\"count\":%" PRIu32 ",\"clients\":%" PRIu32 ",\"record\":%" PRIu64 ",\"time\":",
            row->count, row->clients, row->record);
    replay_json_time(row->time, out);
    fprintf(out, ",\"action\":\"%s\"}", replay_json_action(row->flag));
}

void replay_json_busiest(const struct habit *habit, enum limit_subject subject, FILE *out)
{
    uint32_t from, to;

    fprintf(out, "{\"count\":%" PRIu32 ",\"time\":", habit->busiest[subject]);
    replay_json_time(3600 * habit->busiest_hour[subject], out);
    if (habit_usual(habit, subject, &from, &to)) {
        fprintf(out, ",\"usual\":{\"from\":%" PRIu32 ",\"to\":%" PRIu32 "}}", from, to);
    } else {
        fputs(",\"usual\":null}", out);
    }
}

/* ---- the document --------------------------------------------------------------------------- */

static void write_files(const struct replay_report *report, FILE *out)
{
    fputs(",\"files\":[", out);
    for (size_t i = 0; i < report->file_count; i++) {
        const struct replay_file *file = &report->files[i];

        fputs(i > 0 ? ",{\"path\":" : "{\"path\":", out);
        put_utf8(file->path, out);
        fprintf(out, ",\"records\":%" PRIu64 ",\"matched\":%" PRIu64 ",\"malformed\":%" PRIu64,
                file->records, file->matched, file->malformed);
        if (file->records > 0) {
            fprintf(out, ",\"first_record\":%" PRIu64 ",\"last_record\":%" PRIu64,
                    (uint64_t)file->first_number, (uint64_t)file->last_number);
            fputs(",\"first_time\":", out);
            replay_json_time(file->first_time, out);
            fputs(",\"last_time\":", out);
            replay_json_time(file->last_time, out);
        }
        fputc('}', out);
    }
    fputc(']', out);
}

void replay_json_write(const struct replay_report *report, FILE *out)
{
    fprintf(out,
            "{\"records\":%" PRIu64 ",\"matched\":%" PRIu64 ",\"malformed\":%" PRIu64
            ",\"verdicts\":[",
            report->records, report->matched, report->malformed);
    for (size_t i = 0; i < report->row_count; i++) {
        fputs(i > 0 ? "," : "", out);
        replay_json_row(&report->rows[i], out);
    }
    fprintf(out,
            "],\"schema\":%d,\"repeated\":%" PRIu64 ",\"exempt\":%" PRIu64 ",\"machines\":%" PRIu64
            ",\"lost\":%" PRIu64 ",\"unjoined\":%" PRIu64 ",\"clock_steps\":%" PRIu64,
            REPLAY_JSON_SCHEMA, report->repeated, report->guard.exempt, report->machines,
            report->guard.lost, report->unjoined, report->guard.clock_steps);
    write_files(report, out);
    if (report->sweep != NULL) {
        fputs(",\"sweep\":", out);
        replay_json_sweep(report, out);
    }
    if (report->explain != NULL) {
        fputs(",\"explain\":", out);
        replay_json_explain(report, out);
    }
    if (report->diff != NULL) {
        fputs(",\"diff\":", out);
        replay_json_diff(report, out);
    }
    fputs("}\n", out);
}
