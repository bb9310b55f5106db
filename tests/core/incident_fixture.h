/* incident_fixture.h: incidents and records to keep: plain ones, and ones with every field filled.
 */
#ifndef RELAYLOCK_TESTS_INCIDENT_FIXTURE_H
#define RELAYLOCK_TESTS_INCIDENT_FIXTURE_H

#include "core/incident_book.h"

/* A decided incident of the account CONTOSO\user<number>, whose SID stands for number; no id. */
struct incident incident_of(uint32_t number);

/* Every field set to something of its own; texts and lists as long as they can be. Bytes of the
 * struct that belong to no field stay as they are. */
void incident_fill(struct incident *incident);
void restart_record_fill(struct restart_record *record);
void position_record_fill(struct position_record *record);

/* An empty book with memory of its own, ended with book_end. */
struct incident_book book_start(void);
void book_end(struct incident_book *book);

/* Fails the test unless the books hold the same, byte for byte of what a journal keeps. */
void assert_books_equal(const struct incident_book *a, const struct incident_book *b);

#endif
