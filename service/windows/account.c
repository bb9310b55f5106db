#include "account_task.h"
#include "administrators.h"
#include "netapi.h"
#include "random_password.h"
#include <string.h>

struct account_calls account_calls = {
    .LookupAccountSidW = LookupAccountSidW,
    .DsGetDcNameW = netapi_get_dc_name,
    .NetUserGetInfo = netapi_user_get_info,
    .NetUserSetInfo = netapi_user_set_info,
    .NetLocalGroupGetMembers = netapi_local_group_get_members,
    .NetGroupGetUsers = netapi_group_get_users,
    .NetUserModalsGet = netapi_user_modals_get,
    .NetApiBufferFree = netapi_buffer_free,
    .CryptAcquireContextW = CryptAcquireContextW,
    .CryptGenRandom = CryptGenRandom,
    .CryptReleaseContext = CryptReleaseContext,
    .GetComputerNameW = GetComputerNameW,
    .NetGetJoinInformation = netapi_get_join_information,
    .DsRoleGetPrimaryDomainInformation = netapi_get_role,
    .DsRoleFreeMemory = netapi_free_role,
};

struct lock {
    struct account_task task;
    enum lock_action action;
    enum account_result result;
    bool written; /* perhaps on a server that went away before it could be read back */
    bool unknown; /* a write that was sent, and what became of it was not heard */
    DWORD flags_before;
};

static DWORD write_lock(struct lock *lock, DWORD level, void *info)
{
    lock->flags_before = lock->task.user.flags;
    DWORD error = account_task_write(&lock->task, level, info);
    if (error == NERR_Success)
        lock->written = true;
    else if (!directory_refused(error))
        lock->unknown = true;
    return error;
}

static DWORD disable(struct lock *lock)
{
    struct account_task *task = &lock->task;
    USER_INFO_1008 info = {task->user.flags | UF_SCRIPT | UF_ACCOUNTDISABLE};
    DWORD error = write_lock(lock, 1008, &info);
    if (error == NERR_Success)
        error = account_task_read(task);
    if (error == ERROR_SUCCESS && (task->user.flags & UF_ACCOUNTDISABLE) == 0) {
        task->call = "reading the flags back";
        error = ERROR_WRITE_FAULT;
    }
    return error;
}

static DWORD set_one_password(struct lock *lock)
{
    wchar_t password[RANDOM_PASSWORD_LENGTH + 1];
    DWORD error = random_password(password, &lock->task.call);
    if (error == ERROR_SUCCESS) {
        USER_INFO_1003 info = {password};
        error = write_lock(lock, 1003, &info);
    }
    SecureZeroMemory(password, sizeof password);
    return error;
}

/* A controller lets the last password but one in for an hour: that must not be the stolen one. */
static DWORD set_password(struct lock *lock)
{
    DWORD error = set_one_password(lock);
    return error == NERR_Success ? set_one_password(lock) : error;
}

static DWORD mark(struct lock *lock)
{
    struct account_task *task = &lock->task;
    wchar_t comment[MAXCOMMENTSZ + 1] = ACCOUNT_MARK;
    size_t count = task->user.comment_count;
    if (count > MAXCOMMENTSZ - ACCOUNT_MARK_COUNT) {
        task->call = "checking the length of the comment";
        return ERROR_BUFFER_OVERFLOW;
    }
    memcpy(comment + ACCOUNT_MARK_COUNT, task->user.comment, (count + 1) * sizeof *comment);

    USER_INFO_1007 info = {comment};
    DWORD error = write_lock(lock, 1007, &info);
    if (error == NERR_Success)
        error = account_task_read(task);
    if (error == ERROR_SUCCESS && !account_task_is_marked(task)) {
        task->call = "reading the comment back";
        error = ERROR_WRITE_FAULT;
    }
    return error;
}

/* Whether an account that was disabled, or marked, leaves nothing to do. */
static bool is_locked(enum lock_action action, DWORD flags, bool marked)
{
    return action == LOCK_FLAG ? marked : (flags & UF_ACCOUNTDISABLE) != 0;
}

/* Whether a write of this lock explains that the account is as it is to become. One whose answer
 * was lost does: that somebody else did it in that very moment is less likely. That of a password
 * disables nobody. */
static bool is_ours(const struct lock *lock)
{
    return lock->written || (lock->unknown && lock->action != LOCK_PASSWORD);
}

/* Whether there is nothing left to do. What this lock or an earlier try wrote, or may have written,
 * is no state found before. A password is set anew: whether it was kept cannot be seen. */
static bool is_done(struct lock *lock)
{
    struct account_task *task = &lock->task;
    if (!is_locked(lock->action, task->user.flags, account_task_is_marked(task)))
        return false;
    const struct account_before *earlier = task->intent ? task->intent->earlier : NULL;
    lock->result = ACCOUNT_ALREADY;
    if (is_ours(lock)) {
        lock->result = ACCOUNT_LOCKED;
    } else if (earlier != NULL && lock->action != LOCK_PASSWORD &&
               !is_locked(lock->action, earlier->flags, earlier->marked)) {
        lock->result = ACCOUNT_LOCKED;
        lock->flags_before = earlier->flags;
    }
    return true;
}

static DWORD lock_account(void *context)
{
    struct lock *lock = context;
    struct account_task *task = &lock->task;
    DWORD error = account_task_read(task);
    if (error != ERROR_SUCCESS)
        return error;
    if (!lock->written && !lock->unknown)
        lock->flags_before = task->user.flags;
    if (is_done(lock))
        return ERROR_SUCCESS;
    if (lock->action != LOCK_FLAG) {
        bool last;
        error =
            administrators_is_last(task->server, task->name.name, task->sid, &last, &task->call);
        if (error != ERROR_SUCCESS)
            return error;
        if (last) {
            lock->result = ACCOUNT_LAST_ADMIN;
            return ERROR_SUCCESS;
        }
    }
    lock->result = ACCOUNT_LOCKED;
    switch (lock->action) {
    case LOCK_DISABLE:
        return disable(lock);
    case LOCK_PASSWORD:
        return set_password(lock);
    case LOCK_FLAG:
        return mark(lock);
    }
    task->call = "account_lock";
    return ERROR_INVALID_PARAMETER;
}

static void tell(const struct lock *lock, DWORD error, struct account_outcome *outcome)
{
    const struct account_task *task = &lock->task;
    memset(outcome, 0, sizeof *outcome);
    memcpy(outcome->server, task->server, sizeof task->server);
    memcpy(outcome->name, task->name.name, sizeof task->name.name);
    outcome->flags_before = lock->flags_before;
    if (error == ERROR_SUCCESS) {
        outcome->flags_after = task->user.flags;
        outcome->result = lock->result;
        outcome->marked = lock->action == LOCK_FLAG && lock->result == ACCOUNT_LOCKED;
    } else {
        outcome->result = error == NERR_LastAdmin ? ACCOUNT_LAST_ADMIN : ACCOUNT_FAILED;
        outcome->call = task->call;
        outcome->error = error;
        outcome->maybe_written = lock->written || lock->unknown;
    }
}

void account_lock(const uint8_t *sid, size_t size, enum lock_action action,
                  const struct account_intent *intent, struct account_outcome *outcome)
{
    struct lock lock = {.task = {.sid = sid, .intent = intent}, .action = action};
    DWORD error = account_task_run(&lock.task, size, ACCOUNT_WRITABLE, lock_account, &lock);
    tell(&lock, error, outcome);
}

void account_lock_on(const uint8_t *sid, size_t size, const wchar_t *server,
                     struct account_outcome *outcome)
{
    struct lock lock = {.task = {.sid = sid}, .action = LOCK_DISABLE};
    DWORD error = account_task_run_on(&lock.task, size, server, lock_account, &lock);
    tell(&lock, error, outcome);
}

static DWORD look(void *context)
{
    return account_task_read(context);
}

/* What a look brought: the view, or the error and its call. */
static DWORD tell_view(const struct account_task *task, DWORD error, struct account_view *view,
                       const char **failed_call)
{
    if (error != ERROR_SUCCESS) {
        *failed_call = task->call;
        return error;
    }
    *view = (struct account_view){.flags = task->user.flags,
                                  .disabled = (task->user.flags & UF_ACCOUNTDISABLE) != 0,
                                  .marked = account_task_is_marked(task)};
    memcpy(view->server, task->server, sizeof task->server);
    memcpy(view->name, task->name.name, sizeof task->name.name);
    return ERROR_SUCCESS;
}

DWORD account_look(const uint8_t *sid, size_t size, enum account_place place,
                   struct account_view *view, const char **failed_call)
{
    struct account_task task = {.sid = sid};
    DWORD error = account_task_run(&task, size, place, look, &task);
    return tell_view(&task, error, view, failed_call);
}

DWORD account_look_on(const uint8_t *sid, size_t size, const wchar_t *server,
                      struct account_view *view, const char **failed_call)
{
    struct account_task task = {.sid = sid};
    DWORD error = account_task_run_on(&task, size, server, look, &task);
    return tell_view(&task, error, view, failed_call);
}
