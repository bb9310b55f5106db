/* quarantine_run.h: one run over queue folders; for the quarantine*.c files only. */
#ifndef RELAYLOCK_APP_QUARANTINE_RUN_H
#define RELAYLOCK_APP_QUARANTINE_RUN_H

#include "quarantine.h"

struct run {
    struct quarantine_result *result;
    struct quarantine_batch *batch;
    DWORD begun; /* GetTickCount */
    const char *id;
    const struct queue_selection *selection;
    /* Of taking: */
    const struct quarantine_order *order;
    const wchar_t *queue;
    int64_t now;     /* s since 1970 UTC: of the first batch */
    bool open;       /* the batch of this queue folder was made */
    uint32_t in_all; /* messages added to batches */
    /* Of counting: */
    bool bounded;
    /* Of listing: */
    void (*tell)(void *context, const struct quarantine_batch *batch, const char *id, DWORD error);
    void *context;
};

/* Zeroes both. Whether there is memory; run_end frees it either way. */
bool run_begin(struct run *run, struct quarantine_result *result);
void run_end(struct run *run);

/* Notes what could not be worked on, the first one; of the batch, unless error is none. */
void run_note(struct run *run, const char *call, DWORD error, const wchar_t *object);
void run_note_batch(struct run *run, DWORD error);

/* Whether the time is used up; context is a struct run. */
bool run_is_over(void *context);

void run_close_batch(struct run *run);

#endif
