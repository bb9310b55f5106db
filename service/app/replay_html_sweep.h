/* replay_html_sweep.h: the part of a replay's page about a sweep: heat maps, and what is proposed.
 */
#ifndef RELAYLOCK_APP_REPLAY_HTML_SWEEP_H
#define RELAYLOCK_APP_REPLAY_HTML_SWEEP_H

#include <stdio.h>

#include "replay_report.h"

/* Nothing when the report has no sweep. */
void replay_html_sweep(const struct replay_report *report, FILE *out);

#endif
