/* replay_text.h: a replay's report for people. */
#ifndef RELAYLOCK_APP_REPLAY_TEXT_H
#define RELAYLOCK_APP_REPLAY_TEXT_H

#include <stdio.h>

#include "replay_report.h"

/* A line for each file, a table of the verdicts, totals, and what the parts found that were asked
 * for. All text from logs is made fit to be shown. */
void replay_text_write(const struct replay_report *report, FILE *out);

/* These parts, which must have been asked for. */
void replay_sweep_show(const struct replay_report *report, FILE *out);
void replay_explain_show(const struct replay_report *report, FILE *out);
void replay_diff_show(const struct replay_report *report, FILE *out);

/* What the service would do, in a word or two. */
const char *replay_action_of(enum flag_reason flag);

#endif
