/* incidents_verb.h: the verb incidents, run on the journal of a book that a test fills. */
#ifndef RELAYLOCK_TESTS_INCIDENTS_VERB_H
#define RELAYLOCK_TESTS_INCIDENTS_VERB_H

#include "app/verb_incidents.h"
#include "incident_fixture.h"
#include "output.h"

enum {
    T0 = 1262401445, /* 2010-01-02T03:04:05Z */
    STEADY = 5000000 /* what the steady clock stands at, 1,000 s later */
};

extern struct output output;      /* of the latest run */
extern struct incident_book book; /* empty but for its position when a test starts */
extern char journal_path[OUTPUT_PATH_MAX];

/* Before and after each test. */
int incidents_start(void **state);
int incidents_end(void **state);

/* The verb with up to three arguments; null: no more. */
void run(const char *first, const char *second, const char *third);

/* The verb on what is in the book, with an option or null; nothing may go wrong. */
void run_on_book(const char *option);

/* Puts an incident of the account CONTOSO\user<number> in a state into the book, with what was done
 * until then. */
struct incident *add_incident(uint32_t number, enum incident_state state);

void assert_shown(const char *expected);
void assert_not_shown(const char *unexpected);

#endif
