/* account_task.h: one account on its way through a lock, a release or a look.
 *
 * The parts of which account.c and account_release.c are made. Functions return ERROR_SUCCESS, or
 * the error of what failed, whose name is in task->call then.
 */
#ifndef RELAYLOCK_WINDOWS_ACCOUNT_TASK_H
#define RELAYLOCK_WINDOWS_ACCOUNT_TASK_H

#include "directory.h"

enum { ACCOUNT_MARK_COUNT = sizeof ACCOUNT_MARK / sizeof(wchar_t) - 1 };

struct account_task {
    const uint8_t *sid;
    const struct account_intent *intent; /* may be null */
    struct directory_name name;
    wchar_t server[ACCOUNT_SERVER_MAX];
    struct directory_user user; /* as read last */
    const char *call;
};

/* Finds the name and the server of task->sid (size bytes), and does work(context) there; a second
 * time on another server when the first cannot be reached. */
DWORD account_task_run(struct account_task *task, size_t size, enum account_place place,
                       DWORD (*work)(void *context), void *context);

/* The same on one given server. */
DWORD account_task_run_on(struct account_task *task, size_t size, const wchar_t *server,
                          DWORD (*work)(void *context), void *context);

/* Reads the account, and makes sure that it is the one of the SID. */
DWORD account_task_read(struct account_task *task);

/* Tells what is there and is going to be changed, then writes info (USER_INFO_<level>). */
DWORD account_task_write(struct account_task *task, DWORD level, void *info);

/* Whether what was read last has the mark before its comment. */
bool account_task_is_marked(const struct account_task *task);

#endif
