/* replay_html_sources.h: what a replay's page was made from: gaps in the logs, files, settings. */
#ifndef RELAYLOCK_APP_REPLAY_HTML_SOURCES_H
#define RELAYLOCK_APP_REPLAY_HTML_SOURCES_H

#include <stdio.h>

#include "replay_report.h"

void replay_html_sources(const struct replay_report *report, FILE *out);

#endif
