/* replay_html_explain.h: the part of a replay's page about one account (--explain). */
#ifndef RELAYLOCK_APP_REPLAY_HTML_EXPLAIN_H
#define RELAYLOCK_APP_REPLAY_HTML_EXPLAIN_H

#include <stdio.h>

#include "replay_report.h"

/* Nothing when no account was asked for. */
void replay_html_explain(const struct replay_report *report, FILE *out);

#endif
