/* replay_text.h: a replay's report for people. */
#ifndef RELAYLOCK_APP_REPLAY_TEXT_H
#define RELAYLOCK_APP_REPLAY_TEXT_H

#include <stdio.h>

#include "replay_report.h"

/* A line for each file, a table of the verdicts, totals. All text from logs is made fit to be
 * shown. */
void replay_text_write(const struct replay_report *report, FILE *out);

/* What the service would do about a verdict, in a word or two. */
const char *replay_action(enum flag_reason flag);

/* Writes a text, or UTF-8, that somebody else may have chosen, fit to be shown; what is no UTF-8 as
 * '?'. */
void replay_show_text(struct text text, FILE *out);
void replay_show(const char *utf8, FILE *out);

#endif
