#include "account.h"
#include "administrators.h"
#include "directory.h"
#include "random_password.h"
#include "../core/sid.h"
#include <string.h>

struct account_calls account_calls = {
    .LookupAccountSidW = LookupAccountSidW,
    .DsGetDcNameW = DsGetDcNameW,
    .NetUserGetInfo = NetUserGetInfo,
    .NetUserSetInfo = NetUserSetInfo,
    .NetLocalGroupGetMembers = NetLocalGroupGetMembers,
    .NetGroupGetUsers = NetGroupGetUsers,
    .NetApiBufferFree = NetApiBufferFree,
    .CryptAcquireContextW = CryptAcquireContextW,
    .CryptGenRandom = CryptGenRandom,
    .CryptReleaseContext = CryptReleaseContext,
    .GetComputerNameW = GetComputerNameW,
};

enum { MARK_COUNT = sizeof ACCOUNT_MARK / sizeof(wchar_t) - 1 };

/* One account on its way through a lock or a question. Errors go up as return values, with the name
 * of the call that failed in call. */
struct task {
    const uint8_t *sid;
    enum lock_action action;
    struct directory_name name;
    wchar_t server[ACCOUNT_SERVER_MAX];
    struct directory_user user;
    enum account_result result;
    bool
        written; /* by this task, perhaps on a server that went away before it could be read back */
    const char *call;
};

static DWORD read_user(struct task *task)
{
    DWORD error = directory_read_user(task->server, task->name.name, &task->user, &task->call);
    if (error == ERROR_SUCCESS && !directory_user_is(&task->user, task->sid)) {
        task->call = "comparing the SID";
        return ERROR_INVALID_SID;
    }
    return error;
}

static DWORD write_user(struct task *task, DWORD level, void *info)
{
    task->call = "NetUserSetInfo";
    DWORD error = account_calls.NetUserSetInfo(directory_server_argument(task->server),
                                               task->name.name, level, info, NULL);
    if (error == NERR_Success)
        task->written = true;
    return error;
}

static DWORD disable(struct task *task)
{
    USER_INFO_1008 info = {task->user.flags | UF_SCRIPT | UF_ACCOUNTDISABLE};
    DWORD error = write_user(task, 1008, &info);
    if (error == NERR_Success)
        error = read_user(task);
    if (error == ERROR_SUCCESS && (task->user.flags & UF_ACCOUNTDISABLE) == 0) {
        task->call = "reading the flags back";
        error = ERROR_WRITE_FAULT;
    }
    return error;
}

static DWORD set_password(struct task *task)
{
    wchar_t password[RANDOM_PASSWORD_LENGTH + 1];
    DWORD error = random_password(password, &task->call);
    if (error == ERROR_SUCCESS) {
        USER_INFO_1003 info = {password};
        error = write_user(task, 1003, &info);
    }
    SecureZeroMemory(password, sizeof password);
    return error;
}

static bool is_marked(const struct directory_user *user)
{
    return user->comment_count >= MARK_COUNT &&
           memcmp(user->comment, ACCOUNT_MARK, MARK_COUNT * sizeof *user->comment) == 0;
}

static DWORD mark(struct task *task)
{
    wchar_t comment[MAXCOMMENTSZ + 1] = ACCOUNT_MARK;
    size_t count = task->user.comment_count;
    if (count > MAXCOMMENTSZ - MARK_COUNT) {
        task->call = "checking the length of the comment";
        return ERROR_BUFFER_OVERFLOW;
    }
    memcpy(comment + MARK_COUNT, task->user.comment, (count + 1) * sizeof *comment);

    USER_INFO_1007 info = {comment};
    DWORD error = write_user(task, 1007, &info);
    if (error == NERR_Success)
        error = read_user(task);
    if (error == ERROR_SUCCESS && !is_marked(&task->user)) {
        task->call = "reading the comment back";
        error = ERROR_WRITE_FAULT;
    }
    return error;
}

/* Whether there is nothing left to do. What this task wrote itself, on a server that went away, is
 * no state found before. A password is set anew: whether it was kept cannot be seen. */
static bool is_done(struct task *task)
{
    bool done = task->action == LOCK_FLAG ? is_marked(&task->user)
                                          : (task->user.flags & UF_ACCOUNTDISABLE) != 0;
    if (done)
        task->result = task->written ? ACCOUNT_LOCKED : ACCOUNT_ALREADY;
    return done;
}

static DWORD lock(struct task *task)
{
    DWORD error = read_user(task);
    if (error != ERROR_SUCCESS || is_done(task))
        return error;
    if (task->action != LOCK_FLAG) {
        bool last;
        error =
            administrators_is_last(task->server, task->name.name, task->sid, &last, &task->call);
        if (error != ERROR_SUCCESS)
            return error;
        if (last) {
            task->result = ACCOUNT_LAST_ADMIN;
            return ERROR_SUCCESS;
        }
    }
    task->result = ACCOUNT_LOCKED;
    switch (task->action) {
    case LOCK_DISABLE:
        return disable(task);
    case LOCK_PASSWORD:
        return set_password(task);
    case LOCK_FLAG:
        return mark(task);
    }
    task->call = "account_lock";
    return ERROR_INVALID_PARAMETER;
}

/* Does work on the server that holds the account, and a second time on another one when the first
 * cannot be reached. */
static DWORD on_server(struct task *task, size_t size, DWORD (*work)(struct task *task))
{
    task->call = "checking the SID";
    if (sid_size(task->sid, size) == 0)
        return ERROR_INVALID_SID;
    DWORD error = directory_find_name(L"", task->sid, &task->name, &task->call);
    if (error != ERROR_SUCCESS)
        return error;
    if (task->name.use != SidTypeUser)
        return ERROR_NO_SUCH_USER;

    for (int rediscover = 0; rediscover <= 1; rediscover++) {
        error =
            directory_find_server(task->name.domain, rediscover != 0, task->server, &task->call);
        bool local = error == ERROR_SUCCESS && task->server[0] == 0;
        if (error == ERROR_SUCCESS)
            error = work(task);
        if (local || !directory_unreachable(error))
            break;
    }
    return error;
}

void account_lock(const uint8_t *sid, size_t size, enum lock_action action,
                  struct account_outcome *outcome)
{
    struct task task = {.sid = sid, .action = action};
    DWORD error = on_server(&task, size, lock);

    memset(outcome, 0, sizeof *outcome);
    memcpy(outcome->server, task.server, sizeof task.server);
    memcpy(outcome->name, task.name.name, sizeof task.name.name);
    if (error == ERROR_SUCCESS) {
        outcome->result = task.result;
    } else {
        outcome->result = error == NERR_LastAdmin ? ACCOUNT_LAST_ADMIN : ACCOUNT_FAILED;
        outcome->call = task.call;
        outcome->error = error;
    }
}

DWORD account_is_disabled(const uint8_t *sid, size_t size, bool *disabled, const char **failed_call)
{
    struct task task = {.sid = sid};
    DWORD error = on_server(&task, size, read_user);
    if (error != ERROR_SUCCESS) {
        *failed_call = task.call;
        return error;
    }
    *disabled = (task.user.flags & UF_ACCOUNTDISABLE) != 0;
    return ERROR_SUCCESS;
}
