/* replay_json.h: a replay's report for programs.
 *
 * One JSON document (RFC 8259), UTF-8, on one line. Its schema has a number, REPLAY_JSON_SCHEMA:
 * within one, keys are added but never taken away, nor do they change their meaning. docs/replay.md
 * describes it.
 */
#ifndef RELAYLOCK_APP_REPLAY_JSON_H
#define RELAYLOCK_APP_REPLAY_JSON_H

#include <stdio.h>

#include "../core/habit.h"
#include "json_put.h"
#include "replay_report.h"

enum { REPLAY_JSON_SCHEMA = 1 };

/* The document. Records that several files hold count once. An account is whole, as first written;
 * matched counts the records of the provider and event id, malformed ones included; count is what
 * the limit counts, clients the distinct client names in its window, both at the crossing; record
 * and time are of the sign-in that crossed it. */
void replay_json_write(const struct replay_report *report, FILE *out);

/* The members "sweep", "explain" and "diff", which must have been asked for. */
void replay_json_sweep(struct json_put *json, const struct replay_report *report);
void replay_json_explain(struct json_put *json, const struct replay_report *report);
void replay_json_diff(struct json_put *json, const struct replay_report *report);

/* Values, with their keys as json_put.h has them. */
void replay_json_limit(struct json_put *json, const char *key, const struct limit *limit);
void replay_json_account(struct json_put *json, const char *key, const struct replay_report *report,
                         uint32_t account);
/* A verdict as an object; null for none. */
void replay_json_row(struct json_put *json, const char *key, const struct replay_row *row);

/* The busiest hour of an account as an object: its count and time, and what is usual, or null. */
void replay_json_busiest(struct json_put *json, const char *key, const struct habit *habit,
                         enum limit_subject subject);

/* "lock", or "flag" and why: one word each, by enum flag_reason. */
const char *replay_json_action(enum flag_reason flag);

#endif
