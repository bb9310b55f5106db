/* csv.h: text as a cell of a CSV table (RFC 4180). */
#ifndef RELAYLOCK_CORE_CSV_H
#define RELAYLOCK_CORE_CSV_H

#include "text.h"

enum { CSV_BYTES_PER_UNIT = 8 /* at most, {U+XXXX} */ };

/* A cell, UTF-8, terminated: made fit to be shown (text_copy_shown, but never cut), in quotes where
 * it needs them. A spreadsheet takes what begins with '=', '+', '-' or '@' (or their full-width
 * forms) for a formula; such a cell gets an apostrophe in front (OWASP, CSV Injection). Returns the
 * bytes needed without the terminator (as snprintf does); when they are not fewer than capacity
 * what is written is empty. capacity >= 1; 4 + CSV_BYTES_PER_UNIT * from.count always suffices. */
size_t csv_cell(char *to, size_t capacity, struct text from);

#endif
