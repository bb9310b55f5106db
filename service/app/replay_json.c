#include "replay_json.h"

/* ---- values --------------------------------------------------------------------------------- */

void replay_json_limit(struct json_put *json, const char *key, const struct limit *limit)
{
    char text[LIMIT_TEXT_SIZE];

    limit_to_text(limit, text);
    json_put_word(json, key, text);
}

void replay_json_account(struct json_put *json, const char *key, const struct replay_report *report,
                         uint32_t account)
{
    json_put_text(json, key, name_book_name(report->accounts, account));
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
        [FLAG_QUEUE] = "flag-queue",
    };

    return actions[flag];
}

void replay_json_row(struct json_put *json, const char *key, const struct replay_row *row)
{
    if (row == NULL) {
        json_put_null(json, key);
        return;
    }
    json_put_object(json, key);
    json_put_text(json, "account", (struct text){row->account, row->account_units});
    replay_json_limit(json, "limit", &row->limit);
    json_put_number(json, "count", row->count);
    json_put_number(json, "clients", row->clients);
    json_put_number(json, "record", row->record);
    json_put_time(json, "time", row->time);
    json_put_word(json, "action", replay_json_action(row->flag));
    json_put_object_end(json);
}

void replay_json_busiest(struct json_put *json, const char *key, const struct habit *habit,
                         enum limit_subject subject)
{
    uint32_t from, to;

    json_put_object(json, key);
    json_put_number(json, "count", habit->busiest[subject]);
    json_put_time(json, "time", 3600 * habit->busiest_hour[subject]);
    if (habit_usual(habit, subject, &from, &to)) {
        json_put_object(json, "usual");
        json_put_number(json, "from", from);
        json_put_number(json, "to", to);
        json_put_object_end(json);
    } else {
        json_put_null(json, "usual");
    }
    json_put_object_end(json);
}

/* ---- the document --------------------------------------------------------------------------- */

static void put_file(struct json_put *json, const struct replay_file *file)
{
    json_put_object(json, NULL);
    json_put_utf8(json, "path", file->path);
    json_put_number(json, "records", file->records);
    json_put_number(json, "matched", file->matched);
    json_put_number(json, "malformed", file->malformed);
    if (file->records > 0) {
        json_put_number(json, "first_record", file->first_number);
        json_put_number(json, "last_record", file->last_number);
        json_put_time(json, "first_time", file->first_time);
        json_put_time(json, "last_time", file->last_time);
    }
    json_put_object_end(json);
}

void replay_json_write(const struct replay_report *report, FILE *out)
{
    struct json_put json = {.out = out};

    json_put_object(&json, NULL);
    json_put_number(&json, "records", report->records);
    json_put_number(&json, "matched", report->matched);
    json_put_number(&json, "malformed", report->malformed);
    json_put_array(&json, "verdicts");
    for (size_t i = 0; i < report->row_count; i++) {
        replay_json_row(&json, NULL, &report->rows[i]);
    }
    json_put_array_end(&json);
    json_put_number(&json, "schema", REPLAY_JSON_SCHEMA);
    json_put_number(&json, "foreign", report->foreign);
    json_put_number(&json, "repeated", report->repeated);
    json_put_number(&json, "exempt", report->guard.exempt);
    json_put_number(&json, "machines", report->machines);
    json_put_number(&json, "lost", report->guard.lost);
    json_put_number(&json, "unjoined", report->unjoined);
    json_put_number(&json, "clock_steps", report->guard.clock_steps);
    json_put_array(&json, "files");
    for (size_t i = 0; i < report->file_count; i++) {
        put_file(&json, &report->files[i]);
    }
    json_put_array_end(&json);
    if (report->sweep != NULL) {
        replay_json_sweep(&json, report);
    }
    if (report->explain != NULL) {
        replay_json_explain(&json, report);
    }
    if (report->diff != NULL) {
        replay_json_diff(&json, report);
    }
    json_put_object_end(&json);
    fputc('\n', out);
}
