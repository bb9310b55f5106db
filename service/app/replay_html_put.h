/* replay_html_put.h: small things that a replay's page is made of, for replay_html*.c only.
 *
 * All of it is both HTML and XML.
 */
#ifndef RELAYLOCK_APP_REPLAY_HTML_PUT_H
#define RELAYLOCK_APP_REPLAY_HTML_PUT_H

#include <stdio.h>

#include "../core/limit.h"
#include "../core/text.h"

/* A text from a log, escaped, its direction kept to itself, and read from the left, so that a name
 * in which letters run from the right cannot change places with its domain; cut to
 * ACCOUNT_SHOWN_MAX - 1 units. An empty one is said to be. */
void replay_html_name(struct text name, FILE *out);

/* The same without the element, for where there can be none: a title, an attribute, SVG. */
void replay_html_bare_name(struct text name, FILE *out);

/* A path (UTF-8), of a long one the end; and the value of a setting (UTF-8), whole. */
void replay_html_path(const char *path, FILE *out);
void replay_html_value(const char *value, FILE *out);

/* 1,234,567 */
void replay_html_count(uint64_t count, FILE *out);

/* "1 account", "2 accounts" */
void replay_html_counted(uint64_t count, const char *one, const char *many, FILE *out);

/* 2010-01-02 03:04:05, in an element that tells programs, to the minute alone, or bare. */
void replay_html_time(int64_t time, FILE *out);
void replay_html_minute(int64_t time, FILE *out);
void replay_html_bare_time(int64_t time, FILE *out);

/* A width in words: "10 min", "3 h", "1 d". */
void replay_html_width(int64_t seconds, FILE *out);

/* As they are written in settings; of several, with a space between them so that lines can break.
 */
void replay_html_limit(const struct limit *limit, FILE *out);
void replay_html_limits(const struct limit_set *limits, FILE *out);

/* part of whole (not 0, at least part) in percent, as SVG takes it: 12.34% */
void replay_html_share(uint64_t part, uint64_t whole, FILE *out);

/* A cell of a table with a bar so long; for the eye alone, the number stands beside it. */
void replay_html_bar(uint64_t part, uint64_t whole, FILE *out);

/* Below a table of REPLAY_HTML_ROWS_MAX rows: how many more there are, if any. */
void replay_html_more_rows(uint64_t rows, FILE *out);

#endif
