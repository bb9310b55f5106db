#include "account_task.h"
#include "../core/sid.h"
#include <string.h>

DWORD account_task_read(struct account_task *task)
{
    DWORD error = directory_read_user(task->server, task->name.name, &task->user, &task->call);
    if (error != ERROR_SUCCESS)
        return error;
    if (directory_user_is(&task->user, task->sid))
        return ERROR_SUCCESS;
    task->call = "comparing the SID";
    return ERROR_INVALID_SID;
}

bool account_task_is_marked(const struct account_task *task)
{
    return task->user.comment_count >= ACCOUNT_MARK_COUNT &&
           memcmp(task->user.comment, ACCOUNT_MARK, ACCOUNT_MARK_COUNT * sizeof(wchar_t)) == 0;
}

static bool intend(const struct account_task *task)
{
    if (task->intent == NULL || task->intent->intend == NULL)
        return true;
    struct account_before before = {.flags = task->user.flags,
                                    .marked = account_task_is_marked(task)};
    memcpy(before.server, task->server, sizeof task->server);
    memcpy(before.name, task->name.name, sizeof task->name.name);
    return task->intent->intend(task->intent->context, &before);
}

DWORD account_task_write(struct account_task *task, DWORD level, void *info)
{
    if (!intend(task)) {
        task->call = "recording the intent";
        return ERROR_CANCELLED;
    }
    task->call = "NetUserSetInfo";
    return account_calls.NetUserSetInfo(directory_server_argument(task->server), task->name.name,
                                        level, info, NULL);
}

static DWORD find_name(struct account_task *task, size_t size, const wchar_t *server)
{
    task->call = "checking the SID";
    if (sid_size(task->sid, size) == 0)
        return ERROR_INVALID_SID;
    DWORD error = directory_find_name(server, task->sid, &task->name, &task->call);
    if (error == ERROR_SUCCESS && task->name.use != SidTypeUser)
        error = ERROR_NO_SUCH_USER;
    return error;
}

DWORD account_task_run(struct account_task *task, size_t size, enum account_place place,
                       DWORD (*work)(void *context), void *context)
{
    DWORD error = find_name(task, size, L"");
    if (error != ERROR_SUCCESS)
        return error;
    for (int rediscover = 0; rediscover <= 1; rediscover++) {
        error = directory_find_server(task->name.domain, place, rediscover != 0, task->server,
                                      &task->call);
        bool local = error == ERROR_SUCCESS && task->server[0] == 0;
        if (error == ERROR_SUCCESS)
            error = work(context);
        if (local || !directory_unreachable(error))
            break;
    }
    return error;
}

DWORD account_task_run_on(struct account_task *task, size_t size, const wchar_t *server,
                          DWORD (*work)(void *context), void *context)
{
    size_t length = wcslen(server);
    if (length >= ACCOUNT_SERVER_MAX) {
        task->call = "checking the server's name";
        return ERROR_INVALID_PARAMETER;
    }
    memcpy(task->server, server, (length + 1) * sizeof *server);
    DWORD error = find_name(task, size, server);
    return error == ERROR_SUCCESS ? work(context) : error;
}
