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
};
extern struct memory_store memory_store;

/* Empty, and put into incident_store_calls. */
void memory_store_reset(void);

#endif
