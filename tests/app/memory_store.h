/* memory_store.h: a journal in memory behind incident_store_calls; it outlives the process that
 * writes it, and can be made to fail.
 */
#ifndef TESTS_APP_MEMORY_STORE_H
#define TESTS_APP_MEMORY_STORE_H

#include "app/incident_store.h"

struct memory_store {
    uint8_t bytes[1 << 20];
    size_t size;
    DWORD open_error, write_error; /* 0: none */
    unsigned writes_left;          /* before write_error */
    unsigned writes;
    void (*point)(void);       /* may be null: called before and after each write */
    DWORD(WINAPI *tick)(void); /* GetTickCount, unless told otherwise after the reset */
    LONG held;                 /* one thread writes, or looks */
};
extern struct memory_store memory_store;

/* Empty, and put into incident_store_calls. */
void memory_store_reset(void);

/* Waits, for so many ms at most, until the journal has neither an account that is yet to be locked
 * nor one that waits for a restart. What is told in the event log is put down there after that. */
bool memory_store_settle(DWORD ms);

#endif
