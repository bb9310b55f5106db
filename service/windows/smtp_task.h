/* smtp_task.h: a service on its way through a restart, from its begin or from the middle.
 *
 * The parts of which smtp_service.c and smtp_resume.c are made.
 */
#ifndef RELAYLOCK_WINDOWS_SMTP_TASK_H
#define RELAYLOCK_WINDOWS_SMTP_TASK_H

#include "service_change.h"
#include "smtp_service.h"

struct smtp_task {
    const struct smtp_options *options;
    struct smtp_outcome *outcome;
    struct smtp_stop_list list;
    SC_HANDLE manager, service;
    SC_HANDLE dependents[SMTP_DEPENDENTS_MAX]; /* those of the list; null: not open */
    bool to_start[SMTP_DEPENDENTS_MAX];        /* of the list: once the service runs */
    DWORD down_since;                          /* tick */
    struct service_change change;
};

/* Begins with an empty list and *outcome for the service: SMTP_FAILED, no call. The task must stay
 * where it is. */
void smtp_task_begin(struct smtp_task *task, const struct smtp_options *options,
                     const wchar_t *service, struct smtp_outcome *outcome);

/* Closes all handles. */
void smtp_task_end(struct smtp_task *task);

void smtp_task_step(struct smtp_task *task, enum smtp_step step);

/* Puts what failed into the outcome; false. */
bool smtp_task_note(struct smtp_task *task, const char *call, const wchar_t *name, DWORD error);

/* Opens a service of the manager, which is opened first if it is not. False: noted. */
bool smtp_task_open(struct smtp_task *task, const wchar_t *name, DWORD rights, SC_HANDLE *service);

/* service_change_wait_stopped, with what failed noted. */
bool smtp_task_wait_stopped(struct smtp_task *task, SC_HANDLE service, const wchar_t *name,
                            DWORD since, bool stopping);

/* Starts the service, however often it takes. False: abandoned. */
bool smtp_task_start(struct smtp_task *task);

/* Starts the dependents that are to be started, the last of the list first. False when one of them
 * cannot be started; the first is noted. */
bool smtp_task_start_dependents(struct smtp_task *task);

#endif
