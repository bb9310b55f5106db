#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "lockdown_world_accounts.h"
#include "lockdown_world.h"
#include <cmocka.h>

enum { NORMAL = UF_SCRIPT | UF_NORMAL_ACCOUNT };
static const wchar_t home[] = L"\\\\dc1.contoso.example", used[] = L"\\\\dc2.contoso.example";

void world_sid(unsigned account, uint8_t sid[IDENTITY_SID_MAX])
{
    const uint32_t parts[] = {21, 1, 2, 3, WORLD_RID + account};
    memset(sid, 0, IDENTITY_SID_MAX);
    sid[0] = 1;
    sid[1] = 5;
    sid[7] = 5;
    memcpy(sid + 8, parts, sizeof parts);
}

bool world_is_disabled(unsigned account)
{
    return world.accounts[account].flags & UF_ACCOUNTDISABLE;
}

static struct world_account *find_account(const uint8_t *sid, size_t size)
{
    uint32_t rid;
    assert_int_equal(size, WORLD_SID_SIZE);
    memcpy(&rid, sid + 24, sizeof rid);
    assert_in_range(rid, WORLD_RID, WORLD_RID + WORLD_ACCOUNTS - 1);
    return &world.accounts[rid - WORLD_RID];
}

static void write_flags(struct world_account *account, DWORD flags)
{
    world_point();
    account->flags = flags;
    if (!account->lagging)
        account->used_flags = flags;
    account->writes++;
    world_point();
}

/* Tells what is found, as account.h says; false: not to be written. */
static bool intend(const struct account_intent *intent, const struct world_account *account)
{
    struct account_before before = {.flags = account->flags, .marked = account->marked};
    wcscpy(before.server, home);
    wcscpy(before.name, L"carol");
    return !intent || !intent->intend || intent->intend(intent->context, &before);
}

static void fail_account(struct account_outcome *outcome, const char *call, DWORD error)
{
    outcome->result = ACCOUNT_FAILED;
    outcome->call = call;
    outcome->error = error;
}

static void change(struct world_account *account, enum lock_action action,
                   const struct account_intent *intent, struct account_outcome *outcome)
{
    if (!intend(intent, account)) {
        fail_account(outcome, "recording the intent", ERROR_CANCELLED);
    } else if (world.write_error) {
        fail_account(outcome, "NetUserSetInfo", world.write_error);
        outcome->maybe_written = world.write_uncertain;
    } else if (action == LOCK_DISABLE) {
        write_flags(account, account->flags | UF_ACCOUNTDISABLE);
    } else if (action == LOCK_PASSWORD) {
        world_point();
        account->passwords++;
        account->writes++;
        world_point();
    } else {
        world_point();
        account->marked = true;
        account->writes++;
        world_point();
    }
    outcome->marked = action == LOCK_FLAG && outcome->result == ACCOUNT_LOCKED;
    outcome->flags_after = account->flags;
}

static void fake_lock(const uint8_t *sid, size_t size, enum lock_action action,
                      const struct account_intent *intent, struct account_outcome *outcome)
{
    struct world_account *account = find_account(sid, size);
    const struct account_before *earlier = intent ? intent->earlier : NULL;
    bool disabled = account->flags & UF_ACCOUNTDISABLE;
    account->tries++;
    world_point();
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED, .flags_before = account->flags};
    wcscpy(outcome->server, home);
    wcscpy(outcome->name, L"carol");
    world.tick += account->hangs;
    if (world.directory_error || account->hangs) {
        fail_account(outcome, "NetUserGetInfo",
                     account->hangs ? RPC_S_SERVER_UNAVAILABLE : world.directory_error);
        return;
    }
    bool there = action == LOCK_FLAG ? account->marked : disabled;
    bool ours =
        earlier && (action == LOCK_FLAG ? !earlier->marked : !(earlier->flags & UF_ACCOUNTDISABLE));
    outcome->flags_after = account->flags;
    if (there && ours) {
        outcome->flags_before = earlier->flags;
        outcome->marked = action == LOCK_FLAG;
    } else if (there) {
        outcome->result = ACCOUNT_ALREADY;
    } else if (account->last_admin && action != LOCK_FLAG) {
        outcome->result = ACCOUNT_LAST_ADMIN;
    } else {
        change(account, action, intent, outcome);
    }
}

/* One at a time, which ends, and asks, once its controller has taken as long as it does. */
struct account_aside {
    bool at_work;
    uint8_t sid[IDENTITY_SID_MAX];
    size_t size;
    enum lock_action action;
    bool any_earlier;
    struct account_before earlier;
    DWORD ends_at; /* tick */
};
static struct account_aside aside_task;

static DWORD fake_aside_begin(const uint8_t *sid, size_t size, enum lock_action action,
                              const struct account_before *earlier, HANDLE ready,
                              struct account_aside **aside)
{
    assert_ptr_equal(ready, &world.meanwhile);
    assert_false(aside_task.at_work);
    if (world.aside_refused)
        return ERROR_NOT_ENOUGH_MEMORY;
    aside_task = (struct account_aside){.at_work = true,
                                        .size = size,
                                        .action = action,
                                        .any_earlier = earlier != NULL,
                                        .ends_at = world.tick + find_account(sid, size)->hangs};
    memcpy(aside_task.sid, sid, size);
    if (earlier)
        aside_task.earlier = *earlier;
    *aside = &aside_task;
    return ERROR_SUCCESS;
}

static bool fake_aside_serve(struct account_aside *aside,
                             bool (*intend_it)(void *context, const struct account_before *before),
                             void *context, struct account_outcome *outcome)
{
    const struct account_intent intent = {.intend = intend_it,
                                          .context = context,
                                          .earlier = aside->any_earlier ? &aside->earlier : NULL};
    DWORD now = world.tick;
    assert_true(aside->at_work);
    if ((LONG)(now - aside->ends_at) < 0)
        return false;
    aside->at_work = false;
    fake_lock(aside->sid, aside->size, aside->action, &intent, outcome);
    world.tick = now;
    return true;
}

void world_aside_wait(void)
{
    assert_true(aside_task.at_work);
    world.tick = aside_task.ends_at;
}

void world_aside_forget(void)
{
    aside_task.at_work = false;
}

static void fake_lock_on(const uint8_t *sid, size_t size, const wchar_t *server,
                         struct account_outcome *outcome)
{
    struct world_account *account = find_account(sid, size);
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED};
    assert_int_equal(wcscmp(server, used), 0);
    if (world.directory_error || world.read_only_used) {
        fail_account(outcome, "NetUserSetInfo", ERROR_ACCESS_DENIED);
        return;
    }
    world_point();
    if (account->used_flags & UF_ACCOUNTDISABLE)
        outcome->result = ACCOUNT_ALREADY;
    account->used_flags |= UF_ACCOUNTDISABLE;
    world_point();
}

static DWORD show(DWORD flags, const wchar_t *server, struct account_view *view, const char **call)
{
    world.looks++;
    if (world.directory_error) {
        *call = "NetUserGetInfo";
        return world.directory_error;
    }
    *view = (struct account_view){.flags = flags, .disabled = flags & UF_ACCOUNTDISABLE};
    wcscpy(view->server, server);
    return ERROR_SUCCESS;
}

static DWORD fake_look(const uint8_t *sid, size_t size, enum account_place place,
                       struct account_view *view, const char **call)
{
    assert_int_equal(place, ACCOUNT_USED);
    return show(find_account(sid, size)->used_flags, used, view, call);
}

static DWORD fake_look_on(const uint8_t *sid, size_t size, const wchar_t *server,
                          struct account_view *view, const char **call)
{
    assert_int_equal(wcscmp(server, home), 0);
    if (world.home_away) {
        *call = "NetUserGetInfo";
        return RPC_S_SERVER_UNAVAILABLE;
    }
    return show(find_account(sid, size)->flags, server, view, call);
}

static void fake_release(const uint8_t *sid, size_t size, const struct account_undo *undo,
                         const struct account_intent *intent,
                         struct account_release_outcome *outcome)
{
    struct world_account *account = find_account(sid, size);
    (void)intent;
    assert_int_equal(wcscmp(undo->server, home), 0);
    *outcome =
        (struct account_release_outcome){.result = RELEASE_NOTHING, .flags_found = account->flags};
    wcscpy(outcome->server, home);
    wcscpy(outcome->name, L"carol");
    if (world.directory_error) {
        outcome->result = RELEASE_FAILED;
        outcome->call = "NetUserGetInfo";
        outcome->error = world.directory_error;
        return;
    }
    DWORD left = undo->flags_after ? undo->flags_after : undo->flags_before | UF_ACCOUNTDISABLE;
    bool disabled = undo->action == LOCK_DISABLE && (account->flags & UF_ACCOUNTDISABLE);
    if (disabled && !undo->force && account->flags != left) {
        outcome->result = RELEASE_CHANGED;
        return;
    }
    if (disabled) {
        write_flags(account, account->flags & ~(DWORD)UF_ACCOUNTDISABLE);
        outcome->enabled_now = true;
    }
    if (undo->marked && account->marked) {
        world_point();
        account->marked = false;
        world_point();
        outcome->mark_removed = true;
    }
    if (outcome->enabled_now || outcome->mark_removed)
        outcome->result = RELEASE_DONE;
}

void world_accounts_reset(void)
{
    for (unsigned i = 0; i < WORLD_ACCOUNTS; i++)
        world.accounts[i].flags = world.accounts[i].used_flags = NORMAL;
    lockdown_calls.account_lock = fake_lock;
    lockdown_calls.account_aside_begin = fake_aside_begin;
    lockdown_calls.account_aside_serve = fake_aside_serve;
    lockdown_calls.account_lock_on = fake_lock_on;
    lockdown_calls.account_release = fake_release;
    lockdown_calls.account_look = fake_look;
    lockdown_calls.account_look_on = fake_look_on;
}
