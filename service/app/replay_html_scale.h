/* replay_html_scale.h: the scale of time of a page's drawings: places on it, its dates, and the
 * gaps in the logs, which are drawn alike everywhere. For replay_html_chart.c.
 */
#ifndef RELAYLOCK_APP_REPLAY_HTML_SCALE_H
#define RELAYLOCK_APP_REPLAY_HTML_SCALE_H

#include <stdio.h>

#include "replay_report.h"

struct replay_html_scale {
    int64_t start, span; /* seconds */
};

/* Over all buckets of the report's activity, which must have sign-ins. */
struct replay_html_scale replay_html_scale_of(const struct replay_report *report);

/* How far right a time lies, in percent of the width; one that lies outside, at the edge. As SVG
 * takes it, and rounded down. */
void replay_html_scale_place(const struct replay_html_scale *scale, int64_t time, FILE *out);
uint64_t replay_html_scale_percent(const struct replay_html_scale *scale, int64_t time);

/* Lines down to bottom (pixels), some with their dates there if these are asked for. */
void replay_html_scale_ticks(const struct replay_html_scale *scale, int bottom, bool dates,
                             FILE *out);

/* A line and a hatched part, height pixels high, for each gap that is kept. */
void replay_html_scale_gaps(const struct replay_html_scale *scale,
                            const struct replay_report *report, int height, FILE *out);

#endif
