/* replay_html_diff.h: the part of a replay's page about --diff: which settings change, and what
 * becomes of the verdicts.
 */
#ifndef RELAYLOCK_APP_REPLAY_HTML_DIFF_H
#define RELAYLOCK_APP_REPLAY_HTML_DIFF_H

#include <stdio.h>

#include "replay_report.h"

/* Nothing when the report has no diff. */
void replay_html_diff(const struct replay_report *report, FILE *out);

#endif
