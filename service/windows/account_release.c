#include "account_task.h"
#include "../core/sid.h"
#include "../core/text.h"
#include <string.h>

/* What Windows changes of an account's flags without anybody's doing. */
enum { FLAGS_OF_WINDOWS = UF_LOCKOUT | UF_PASSWORD_EXPIRED };

struct release {
    struct account_task task;
    const struct account_undo *undo;
    struct account_release_outcome *outcome;
    bool enabled, unmarked; /* written by us, perhaps on a server that went away since */
};

/* Whether the flags are not those that the lock left. */
static bool is_changed(const struct account_undo *undo, DWORD flags)
{
    DWORD expected = undo->flags_after;
    if (expected == 0)
        expected = undo->flags_before | UF_SCRIPT | UF_ACCOUNTDISABLE;
    return ((flags ^ expected) & ~(DWORD)FLAGS_OF_WINDOWS) != 0;
}

static DWORD enable(struct release *release)
{
    struct account_task *task = &release->task;
    USER_INFO_1008 info = {(task->user.flags | UF_SCRIPT) & ~(DWORD)UF_ACCOUNTDISABLE};
    DWORD error = account_task_write(task, 1008, &info);
    if (error != NERR_Success)
        return error;
    release->enabled = true;
    error = account_task_read(task);
    if (error == ERROR_SUCCESS && (task->user.flags & UF_ACCOUNTDISABLE) != 0) {
        task->call = "reading the flags back";
        error = ERROR_WRITE_FAULT;
    }
    return error;
}

static DWORD unmark(struct release *release)
{
    struct account_task *task = &release->task;
    wchar_t comment[DIRECTORY_COMMENT_MAX + 1];
    if (task->user.comment_count > DIRECTORY_COMMENT_MAX) {
        task->call = "checking the length of the comment";
        return ERROR_BUFFER_OVERFLOW;
    }
    size_t count = task->user.comment_count - ACCOUNT_MARK_COUNT;
    memcpy(comment, task->user.comment + ACCOUNT_MARK_COUNT, (count + 1) * sizeof *comment);

    USER_INFO_1007 info = {comment};
    DWORD error = account_task_write(task, 1007, &info);
    if (error != NERR_Success)
        return error;
    release->unmarked = true;
    error = account_task_read(task);
    if (error == ERROR_SUCCESS &&
        (task->user.comment_count != count ||
         memcmp(task->user.comment, comment, count * sizeof *comment) != 0)) {
        task->call = "reading the comment back";
        error = ERROR_WRITE_FAULT;
    }
    return error;
}

/* Undoes the disabling, unless it is undone; by whom, tells what an earlier try found. */
static DWORD release_flags(struct release *release)
{
    struct account_task *task = &release->task;
    const struct account_before *earlier = task->intent ? task->intent->earlier : NULL;
    DWORD error = ERROR_SUCCESS;
    if ((task->user.flags & UF_ACCOUNTDISABLE) != 0)
        error = enable(release);
    else if (earlier != NULL && (earlier->flags & UF_ACCOUNTDISABLE) != 0)
        release->enabled = true;
    if (error == ERROR_SUCCESS)
        release->outcome->enabled_now = release->enabled;
    return error;
}

static DWORD release_comment(struct release *release)
{
    struct account_task *task = &release->task;
    const struct account_before *earlier = task->intent ? task->intent->earlier : NULL;
    DWORD error = ERROR_SUCCESS;
    if (account_task_is_marked(task))
        error = unmark(release);
    else if (earlier != NULL && earlier->marked)
        release->unmarked = true;
    if (error == ERROR_SUCCESS)
        release->outcome->mark_removed = release->unmarked;
    return error;
}

static DWORD release_account(void *context)
{
    struct release *release = context;
    struct account_task *task = &release->task;
    const struct account_undo *undo = release->undo;
    struct account_release_outcome *outcome = release->outcome;
    DWORD error = account_task_read(task);
    if (error != ERROR_SUCCESS)
        return error;
    outcome->flags_found = task->user.flags;

    bool disabled = undo->action == LOCK_DISABLE && (task->user.flags & UF_ACCOUNTDISABLE) != 0;
    if (disabled && !undo->force && is_changed(undo, task->user.flags)) {
        outcome->result = RELEASE_CHANGED;
        return ERROR_SUCCESS;
    }
    if (undo->action == LOCK_DISABLE)
        error = release_flags(release);
    if (error == ERROR_SUCCESS && undo->marked)
        error = release_comment(release);
    outcome->result =
        outcome->enabled_now || outcome->mark_removed ? RELEASE_DONE : RELEASE_NOTHING;
    return error;
}

bool account_is_unknown(DWORD error)
{
    return error == ERROR_NONE_MAPPED || error == NERR_UserNotFound || error == ERROR_INVALID_SID;
}

/* Whether a server cannot do it that could once: it is away, or no controller of the account's
 * domain any more, so that it knows the account no more, or another by its name. */
static bool is_gone(DWORD error)
{
    return directory_unreachable(error) || account_is_unknown(error);
}

/* Whether the server proves that the account was deleted. What it has to ask others for it may not
 * know for want of an answer: its own database must be the one of the account. */
static bool is_deleted(const wchar_t *server, const uint8_t *sid, const wchar_t *user)
{
    struct directory_name name;
    struct directory_user found;
    uint8_t own[IDENTITY_SID_MAX];
    size_t size;
    const char *call;
    if (directory_make_sid(server, sid_rid(sid), own, &size, &call) != ERROR_SUCCESS ||
        !sid_equal(own, sid) || directory_find_name(server, sid, &name, &call) != ERROR_NONE_MAPPED)
        return false;
    DWORD error = directory_read_user(server, user, &found, &call);
    return error == NERR_UserNotFound ||
           (error == ERROR_SUCCESS && !directory_user_is(&found, sid));
}

/* Asks whether it was deleted, and then makes that the outcome. */
static void find_deleted(const uint8_t *sid, const struct account_undo *undo,
                         struct account_release_outcome *outcome)
{
    wchar_t other[ACCOUNT_SERVER_MAX];
    const wchar_t *server = undo->server;
    const char *call;
    if (undo->user == NULL || undo->user[0] == 0)
        return;
    bool deleted = server != NULL && is_deleted(server, sid, undo->user);
    if (!deleted &&
        directory_find_server(NULL, ACCOUNT_WRITABLE, true, other, &call) == ERROR_SUCCESS) {
        server = other;
        deleted = is_deleted(server, sid, undo->user);
    }
    if (!deleted)
        return;
    *outcome = (struct account_release_outcome){.result = RELEASE_NOTHING, .deleted = true};
    text_copy(outcome->server, ACCOUNT_SERVER_MAX, text_of(server));
    text_copy(outcome->name, UNLEN + 1, text_of(undo->user));
}

static void tell(const struct account_task *task, DWORD error,
                 struct account_release_outcome *outcome)
{
    memcpy(outcome->server, task->server, sizeof task->server);
    memcpy(outcome->name, task->name.name, sizeof task->name.name);
    if (error != ERROR_SUCCESS) {
        outcome->result = RELEASE_FAILED;
        outcome->call = task->call;
        outcome->error = error;
    }
}

void account_release(const uint8_t *sid, size_t size, const struct account_undo *undo,
                     const struct account_intent *intent, struct account_release_outcome *outcome)
{
    struct release release = {
        .task = {.sid = sid, .intent = intent}, .undo = undo, .outcome = outcome};
    struct account_task *task = &release.task;
    bool on_server = undo->server && undo->action != LOCK_PASSWORD;
    memset(outcome, 0, sizeof *outcome);
    if (on_server) {
        DWORD error = account_task_run_on(task, size, undo->server, release_account, &release);
        tell(task, error, outcome);
        if (!is_gone(error))
            return;
    }
    struct account_release_outcome first = *outcome;
    memset(outcome, 0, sizeof *outcome);
    DWORD error = account_task_run(task, size, ACCOUNT_WRITABLE, release_account, &release);
    tell(task, error, outcome);
    if (on_server && outcome->result == RELEASE_NOTHING && !undo->force)
        *outcome = first;
    if (undo->force && account_is_unknown(error) && sid_size(sid, size) != 0)
        find_deleted(sid, undo, outcome);
}
