/* replay_report.h: what a replay found. The writers (replay_text.h, replay_json.h) print it.
 *
 * Parts that only some options ask for hang at the end, null unless asked for; whoever made them
 * owns them.
 */
#ifndef RELAYLOCK_APP_REPLAY_REPORT_H
#define RELAYLOCK_APP_REPLAY_REPORT_H

#include "../core/client_book.h"
#include "../core/guard.h"
#include "../core/name_book.h"
#include "../core/settings.h"
#include "replay_reader.h"

struct replay_activity;
struct replay_sweep;
struct replay_explain;
struct replay_diff;

/* A saved log is read the same way every time, so the key that keeps outsiders from choosing names
 * that collide is no secret here: there is nobody whom a slow look-up could hurt but the reader. */
extern const struct hash_key replay_key;

/* A verdict, as much of it as is printed. */
struct replay_row {
    char16_t *account; /* owned by the report; not terminated */
    size_t account_units;
    uint32_t number; /* of the account, in the book; or NAME_BOOK_NONE */
    enum flag_reason flag;
    struct limit limit;
    uint32_t count, clients;
    uint64_t record;
    uint64_t
        order; /* of the sign-in that crossed the limit among all that the guard was fed, from 1 */
    int64_t time;
};

struct replay_report {
    const struct replay_file *files; /* in the order in which they were read; a view */
    size_t file_count;
    struct replay_row *rows; /* owned: replay_report_free */
    size_t row_count, row_room;
    uint64_t records, matched, malformed; /* what several files hold counted once */
    uint64_t foreign;                     /* of matched: of computers whose sign-ins do not count */
    uint64_t repeated;                    /* records of a file that an earlier one held too */
    uint64_t machines;                    /* machine accounts that crossed a limit: passed over */
    uint64_t unjoined;                    /* names that found no room in the name book */
    struct guard_counters guard;
    const struct settings *settings; /* that the verdicts were come to by; a view */

    /* Names by number, as replay_sign_in has them; views. clients is null when nobody listened. */
    const struct name_book *accounts;
    const struct client_book *clients;

    const struct replay_activity *activity; /* for the page */
    const struct replay_sweep *sweep;
    const struct replay_explain *explain;
    const struct replay_diff *diff;
};

/* Adds a verdict on the account of that name, which has 1 to RELAY_ACCOUNT_MAX units (a verdict
 * itself holds no more of it than is shown) and is copied, and of that number; order is that of the
 * sign-in. False when memory is out; then the report is as it was. */
bool replay_report_add(struct replay_report *report, struct text account, uint32_t number,
                       uint64_t order, const struct verdict *verdict);

/* Calls the accounts by the names that they go by at the end. */
void replay_report_rename(struct replay_report *report, const struct name_book *book);
void replay_report_free(struct replay_report *report);

#endif
