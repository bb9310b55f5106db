#include "replay_report.h"

#include <stdlib.h>
#include <string.h>

#include "../core/checked.h"

const struct hash_key replay_key = {0x72656c61796c6f63, 0x6b207265706c6179};

bool replay_report_add(struct replay_report *report, struct text account, uint32_t number,
                       uint64_t order, const struct verdict *verdict)
{
    char16_t *name;

    if (report->row_count == report->row_room) {
        size_t room = report->row_room == 0 ? 8 : report->row_room;
        bool counted = checked_multiply(&room, 2);
        size_t size = room;
        struct replay_row *rows =
            counted && checked_multiply(&size, sizeof *rows) ? realloc(report->rows, size) : NULL;

        if (rows == NULL) {
            return false;
        }
        report->rows = rows;
        report->row_room = room;
    }
    name = calloc(account.count + NAME_BOOK_ADOPTION_MAX, sizeof *name);
    if (name == NULL) {
        return false;
    }
    memcpy(name, account.at, account.count * sizeof *name);
    report->rows[report->row_count++] = (struct replay_row){
        .account = name,
        .account_units = account.count,
        .number = number,
        .flag = verdict->flag,
        .limit = verdict->limit,
        .count = verdict->count,
        .clients = verdict->clients,
        .record = verdict->last_record,
        .order = order,
        .time = verdict->last_time,
    };
    return true;
}

void replay_report_rename(struct replay_report *report, const struct name_book *book)
{
    for (size_t i = 0; i < report->row_count; i++) {
        struct replay_row *row = &report->rows[i];

        if (row->number != NAME_BOOK_NONE) {
            struct text name = name_book_name(book, row->number);

            memcpy(row->account, name.at, name.count * sizeof *name.at);
            row->account_units = name.count;
        }
    }
}

void replay_report_free(struct replay_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        free(report->rows[i].account);
    }
    free(report->rows);
    report->rows = NULL;
    report->row_count = report->row_room = 0;
}
