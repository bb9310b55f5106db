/* quarantine.h: messages of this host's queue folders taken out, given back, deleted.
 *
 * Whoever calls sees to it that SMTP does not run: it holds messages that it is about to send, and
 * reads its queue folder when it starts. What can go wrong with one folder, batch or message is
 * noted, and the rest goes on. Before anything else is done, what a killed process left is
 * finished.
 */
#ifndef RELAYLOCK_APP_QUARANTINE_H
#define RELAYLOCK_APP_QUARANTINE_H

#include "cancellation.h"
#include "quarantine_batch.h"
#include "../core/settings.h"
#include "../windows/queue_directories.h"
#include "../windows/state_directory.h"

/* The calls; tests put others here. */
struct quarantine_calls {
    DWORD(WINAPI *GetTickCount)(void);
    void(WINAPI *GetSystemTimeAsFileTime)(LPFILETIME);
    void (*queue_directories_find)(struct queue_directories *);
};
extern struct quarantine_calls quarantine_calls;

enum {
    QUARANTINE_BUDGET = 10000,    /* ms that SMTP is kept waiting at most, if no call hangs; and so
                                     the service for what is done before and after that */
    QUARANTINE_BATCHES_MAX = 1000 /* of one queue folder that are looked at, the oldest first */
};

/* Queue folders. */
struct quarantine_queues {
    uint32_t count;
    wchar_t paths[QUEUE_DIRECTORIES_MAX][MANIFEST_PATH_MAX];
};

/* What is to be taken out. */
struct quarantine_order {
    enum manifest_why why;
    char16_t what[MANIFEST_WHAT_MAX]; /* as in the manifest */
    uint32_t limit;                   /* messages, 1 to MANIFEST_FILES_MAX */
    struct queue_selection selection;
};

struct quarantine_result {
    char id[MANIFEST_ID_SIZE]; /* of the batch that was made first; "": none */
    bool more_ids;             /* others that were made have later ids */
    struct quarantine_count count;
    uint32_t batches;  /* that were worked on */
    uint32_t finished; /* that a killed process had left in the middle */
    bool time_over;    /* QUARANTINE_BUDGET was used up */
    bool limit_reached;
    bool stuck; /* as quarantine_aside.h has it; else false */
    /* The first folder or batch that could not be worked on, or not to its end: */
    const char *call; /* null: none */
    DWORD error;
    wchar_t object[CANCELLATION_OBJECT_MAX];
};

/* result->call, as it is told: where it is a check of rights, with whose they are (of the batch
 * that result->object is, of the folder of all, or of the manifest); where it is waited for, with
 * that. text holds it then. */
const char *quarantine_failed_call(const struct quarantine_result *result,
                                   char text[STATE_DIRECTORY_CHECK_MAX]);

/* Those that named holds, else those that are found on this host. */
void quarantine_find_queues(const struct setting_list *named, struct quarantine_queues *queues);

/* Each zeroes *result. Memory is asked for; without it that is the result's error. */

/* Finishes what a killed process left, and nothing else; or a run that was cancelled
 * (cancellation.h), which leaves the same. When the time is used up, no further batch is opened:
 * those are finished when they are opened for something else. */
void quarantine_finish(const struct quarantine_queues *queues, struct quarantine_result *result);

/* Moves what is ordered into a new batch: one of each queue folder, under the same id, or a later
 * one where folders beside each other keep their batches in one place; none where nothing is
 * meant. */
void quarantine_take(const struct quarantine_queues *queues, const struct quarantine_order *order,
                     struct quarantine_result *result);

/* Moves those that are meant back, of the batch of that id, or of all ("" ). When the time is used
 * up, no further batch is opened. */
void quarantine_give_back(const struct quarantine_queues *queues, const char *id,
                          const struct queue_selection *selection,
                          struct quarantine_result *result);

/* Whether there is a batch of that id, readable or not; true also when that cannot be found out.
 * Nothing is held or changed. SMTP may run. */
bool quarantine_has(const struct quarantine_queues *queues, const char *id);

/* Deletes what lies in the batch of that id. */
void quarantine_purge(const struct quarantine_queues *queues, const char *id,
                      struct quarantine_result *result);

/* How many messages of the queue folders are meant; count->moved and bytes say it. SMTP may run.
 * bounded: it ends when the time is used up, and those are the least that there are. */
void quarantine_count(const struct quarantine_queues *queues,
                      const struct queue_selection *selection, bool bounded,
                      struct quarantine_result *result);

/* Tells every batch of the queue folders, read (quarantine_batch_read), the oldest of a folder
 * first; error is what reading it came to. */
void quarantine_list(const struct quarantine_queues *queues,
                     void (*tell)(void *context, const struct quarantine_batch *batch,
                                  const char *id, DWORD error),
                     void *context, struct quarantine_result *result);

#endif
