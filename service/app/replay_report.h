/* replay_report.h: what a replay found, and how it is printed for people and for programs. */
#ifndef RELAYLOCK_APP_REPLAY_REPORT_H
#define RELAYLOCK_APP_REPLAY_REPORT_H

#include <stdio.h>

#include "../core/guard.h"

/* A verdict, as much of it as is printed. */
struct replay_row {
    char16_t *account; /* owned by the report; not terminated */
    size_t account_units;
    enum flag_reason flag;
    struct limit limit;
    uint32_t count, clients;
    uint64_t record;
    int64_t time;
};

/* One file, with all that it holds. */
struct replay_file {
    const char *path; /* UTF-8, as given */
    uint64_t records, matched, malformed;
    uint32_t first_number, last_number; /* of its records, if it has any */
    int64_t first_time, last_time;
};

struct replay_report {
    const struct replay_file *files; /* in the order in which they were read; a view */
    size_t file_count;
    struct replay_row *rows; /* owned: replay_report_free */
    size_t row_count, row_room;
    uint64_t records, matched, malformed; /* what several files hold counted once */
    uint64_t repeated;                    /* records of a file that an earlier one held too */
    uint64_t machines;                    /* machine accounts that crossed a limit: passed over */
    uint64_t unjoined;                    /* names that found no room in the name book */
    struct guard_counters guard;
};

/* Adds a verdict on the account of that name, which has 1 to RELAY_ACCOUNT_MAX units (a verdict
 * itself holds no more of it than is shown) and is copied. False when memory is out; then the
 * report is as it was. */
bool replay_report_add(struct replay_report *report, struct text account,
                       const struct verdict *verdict);
void replay_report_free(struct replay_report *report);

/* A line for each file, a table of the verdicts, totals. All text from logs is made fit to be
 * shown. */
void replay_report_text(const struct replay_report *report, FILE *out);

/* One JSON document:
 * {"records":N,"matched":N,"malformed":N,"verdicts":[{"account":"CONTOSO\\bob","limit":"50/10m",
 *  "count":50,"clients":N,"record":N,"time":"2010-01-02T03:04:05Z"}]}
 * Records that several files hold count once. account is whole, as first written. matched counts
 * the records of the provider and event id, malformed ones included; count is what the limit
 * counts, clients the distinct client names in its window, both at the crossing; record and time
 * are of the sign-in that crossed it. */
void replay_report_json(const struct replay_report *report, FILE *out);

/* Writes UTF-8 that somebody else may have chosen, fit to be shown; what is no UTF-8 as '?'. */
void replay_show(const char *utf8, FILE *out);

#endif
