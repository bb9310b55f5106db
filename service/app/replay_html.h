/* replay_html.h: a replay's report as a page: one file, which asks for nothing else.
 *
 * HTML and well-formed XML at once, without script, for any current browser, screen or paper, light
 * or dark. Everything from a log is escaped (html.h), and the page forbids the browser whatever it
 * does not need.
 *
 * It has at most REPLAY_HTML_ROWS_MAX verdicts and as many changes of them, drawings of the first
 * REPLAY_HTML_JUDGED_MAX accounts among them and of the REPLAY_HTML_NEAREST_MAX others that came
 * nearest to a limit, REPLAY_HTML_TOP_MAX accounts and clients with the most sign-ins, and
 * REPLAY_GAPS_KEPT gaps; what is left out is said on it with its number. With names cut to what a
 * verdict keeps, it has no more than 3 MB.
 */
#ifndef RELAYLOCK_APP_REPLAY_HTML_H
#define RELAYLOCK_APP_REPLAY_HTML_H

#include <stdio.h>

#include "replay_report.h"

enum {
    REPLAY_HTML_ROWS_MAX = 500,
    REPLAY_HTML_JUDGED_MAX = 24,
    REPLAY_HTML_NEAREST_MAX = 12,
    REPLAY_HTML_TOP_MAX = 20,
    REPLAY_HTML_BYTES_MAX = 3 << 20
};

/* What each page starts with. */
extern const char replay_html_start[];

/* The report must have its activity, accounts and clients. Whether it could be written the stream
 * says (ferror). */
void replay_html_write(const struct replay_report *report, FILE *out);

#endif
