/* replay_html_chart.h: drawings over time of a replay's page, as SVG.
 *
 * All share one scale of time. Across they are in percent of the width that the browser gives them,
 * so that text keeps its size on any screen; downwards in pixels.
 */
#ifndef RELAYLOCK_APP_REPLAY_HTML_CHART_H
#define RELAYLOCK_APP_REPLAY_HTML_CHART_H

#include <stdio.h>

#include "replay_report.h"

/* One definition for all drawings of the page: how gaps are hatched. */
void replay_html_chart_patterns(FILE *out);

/* All sign-ins, with numbered marks where verdicts fell. */
void replay_html_chart_all(const struct replay_report *report, FILE *out);

/* One account: its sign-ins, and below how near it came to its limits; with a mark at its verdict,
 * if row is not null. id is unique on the page. */
void replay_html_chart_account(const struct replay_report *report, uint32_t account,
                               const struct replay_row *row, unsigned id, FILE *out);

/* The dates below a run of drawings of accounts. */
void replay_html_chart_dates(const struct replay_report *report, FILE *out);

#endif
