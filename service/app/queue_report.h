/* queue_report.h: what lies in this host's queue folders, or in others, and what it means: for the
 * verb `queue`, and for whoever else wants to know.
 */
#ifndef RELAYLOCK_APP_QUEUE_REPORT_H
#define RELAYLOCK_APP_QUEUE_REPORT_H

#include <stdio.h>
#include "../core/queue_diagnosis.h"
#include "queue_folder.h"

enum {
    QUEUE_FOLDERS_MAX = 64,
    QUEUE_FOLDER_PATH_MAX = 3 * 512, /* bytes of UTF-8, terminator included */
    QUEUE_SAMPLE = 2000,             /* messages that own domains are looked for in beforehand */
    QUEUE_TOP = 5                    /* names that are shown of each kind */
};

struct queue_folder {
    char path[QUEUE_FOLDER_PATH_MAX];
    struct queue_folder_count count;
    bool failed; /* it could not be read to its end: */
    char error[QUEUE_FOLDER_ERROR_SIZE];
};

struct queue_report {
    bool elsewhere; /* folders or a journal were named: they may be another server's */
    uint32_t folder_count;
    struct queue_folder folders[QUEUE_FOLDERS_MAX];
    struct own_domains own;
    struct burst_list bursts;
    bool journal_read, logs_read; /* whether bursts were looked for in these */
    const char *const *logs;      /* those that were named, UTF-8; the caller's */
    size_t log_count;
    uint64_t sign_ins; /* that the logs hold */
    struct queue_tally tally;
    struct queue_diagnosis diagnosis;
    int64_t now; /* s since 1970 UTC */
};

/* One that is there already is not added again. False, with nothing changed, when there is no room
 * or the path is too long. */
bool queue_report_add_folder(struct queue_report *report, const char *path);

/* Reads the folders and comes to the verdict. What is to be known beforehand (folders, named own
 * domains, bursts, now) is in the report already; the rest of it is zero. */
void queue_report_make(struct queue_report *report);

/* For people: the verdict, its evidence, what to do, then what lies there. All text from outside is
 * made fit to be shown. */
void queue_report_text(const struct queue_report *report, FILE *out);

/* One JSON document, "version":1; later versions of the program may add fields. */
void queue_report_json(const struct queue_report *report, FILE *out);

#endif
