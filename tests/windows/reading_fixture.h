/* reading_fixture.h: one log of events in memory (fake_event_log.h) and one reading of it
 * (log_reading.h), as the tests of the readers share them. */
#ifndef RELAYLOCK_TESTS_READING_FIXTURE_H
#define RELAYLOCK_TESTS_READING_FIXTURE_H

#include "fake_event_log.h"
#include "log_reading.h"

enum { T = 1262401445 }; /* 2010-01-02T03:04:05Z */

extern struct log_reading reading;

/* For cmocka: an empty log, and a reading of it, not open yet, with that reader. */
int reading_begin_classic(void **state);
int reading_begin_modern(void **state);
/* Ends the reading and takes the log away; fails the test when something was leaked. */
int reading_end(void **state);

/* A test that is run WITH_BOTH readers begins with reading_begin, which takes the one whose turn it
 * is. */
#define WITH_BOTH(test)                                                                            \
    {"modern: " #test, test, NULL, reading_end, "modern"},                                         \
    {                                                                                              \
        "classic: " #test, test, NULL, reading_end, "classic"                                      \
    }
void reading_begin(void **state);
/* Whether it is the modern reader's turn. */
bool reading_with_modern(void **state);

/* So many sign-ins, all alike. */
void log_sign_ins(unsigned count, int64_t time);
/* Sign-ins numbered from first; the number is the client's name. */
void log_numbered_sign_ins(unsigned first, unsigned count, int64_t time);
/* As a sign-in, but of any source, and with what is wrong with it. */
void log_event(int64_t time, const wchar_t *source, enum fake_oddity oddity);
/* So many events that no reader looks for. */
void log_foreign(unsigned count, int64_t time);

/* Exactly the records first to last were read, each once and in order. */
void assert_records(uint64_t first, uint64_t last);
/* Exactly these numbered sign-ins were, in order. */
void assert_seen(unsigned first, unsigned count);

/* A string of count units, in text, which has room for its terminator too. */
const wchar_t *long_text(wchar_t *text, size_t count);

#endif
