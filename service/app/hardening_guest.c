#include "hardening_step.h"

#include <stdio.h>
#include <string.h>
#include "shown.h"
#include "../windows/guest_account.h"

/* One of the two accounts. */
struct guest {
    enum hardening_item item;
    struct guest_account account;
    char16_t sid[SID_TEXT_SIZE]; /* as text */
};

/* What is told before the account is written. */
struct intention {
    const struct guest *guest;
    struct hardening_failure *failure;
    bool remembered;
    bool failed;
};

static DWORD find(struct guest *guest, enum hardening_item item, const char **call)
{
    char text[SID_TEXT_SIZE];
    guest->item = item;
    DWORD error = guest_account_find(item == HARDENING_GUEST ? GUEST_LOCAL : GUEST_DOMAIN,
                                     &guest->account, call);
    if (error != ERROR_SUCCESS)
        return error;
    sid_to_text(guest->account.sid, text);
    text_from_utf8(guest->sid, SID_TEXT_SIZE, text, NULL);
    return ERROR_SUCCESS;
}

static enum hardening_result failed(struct hardening_failure *failure, const char *call,
                                    DWORD error)
{
    return hardening_fail(failure, call, "the account Guest", error);
}

/* Whether what is remembered is of this account. */
static bool is_of(const struct hardening_record *record, const struct guest *guest)
{
    return record->known && text_equal(text_of(record->account), text_of(guest->sid));
}

/* On a domain controller the local account is the domain's. */
static bool is_local(const struct guest *guest)
{
    struct guest_account local;
    const char *call;
    return guest->item == HARDENING_DOMAIN_GUEST &&
           guest_account_find(GUEST_LOCAL, &local, &call) == ERROR_SUCCESS &&
           sid_equal(local.sid, guest->account.sid);
}

static void show(const struct guest *guest, const struct account_view *account,
                 struct hardening_view *view)
{
    struct hardening_record record;
    struct hardening_failure failure;
    char name[SHOWN_MAX], server[SHOWN_MAX];
    /* so much that it surely fits, whatever has to be written in another way to be shown */
    shown(text_slice(text_of(account->name), 0, 20), name);
    shown(text_slice(text_of(account->server), 0, 64), server);
    view->standing = account->disabled ? HARDENING_CLOSED : HARDENING_OPEN;
    snprintf(view->now, sizeof view->now, "%s (\"%.160s\" on %.512s)",
             account->disabled ? "disabled" : "enabled", name,
             server[0] ? server : "this computer");
    view->ours = account->disabled &&
                 hardening_recall(guest->item, &record, &failure) == HARDENING_DONE &&
                 is_of(&record, guest);
}

void hardening_guest_look(enum hardening_item item, struct hardening_view *view)
{
    struct guest guest;
    struct account_view account;
    const char *call;
    DWORD error = find(&guest, item, &call);
    if (error == ERROR_SUCCESS && is_local(&guest)) {
        view->standing = HARDENING_ABSENT;
        snprintf(view->now, sizeof view->now, "the same account as Guest");
        return;
    }
    if (error == ERROR_SUCCESS)
        error =
            account_look(guest.account.sid, guest.account.size, ACCOUNT_WRITABLE, &account, &call);
    if (error != ERROR_SUCCESS)
        hardening_view_untold(view, call, error);
    else
        show(&guest, &account, view);
}

/* ---- set ------------------------------------------------------------------------------------- */

static bool intend(void *context, const struct account_before *before)
{
    struct intention *intention = context;
    struct hardening_record record = {
        .known = true, .begun = true, .existed = true, .before = before->flags};
    text_copy(record.account, SID_TEXT_SIZE, text_of(intention->guest->sid));
    text_copy(record.server, HARDENING_SERVER_MAX, text_of(before->server));
    intention->failed =
        hardening_remember(intention->guest->item, &record, intention->failure) != HARDENING_DONE;
    intention->remembered = true;
    return !intention->failed;
}

static enum hardening_result settle(const struct intention *intention,
                                    const struct account_outcome *outcome)
{
    const struct guest *guest = intention->guest;
    struct hardening_failure *failure = intention->failure, another;
    if (outcome->result == ACCOUNT_ALREADY)
        return HARDENING_NOTHING;
    if (outcome->result == ACCOUNT_LOCKED) {
        struct hardening_record record = {.known = true,
                                          .existed = true,
                                          .before = outcome->flags_before,
                                          .after = outcome->flags_after};
        text_copy(record.account, SID_TEXT_SIZE, text_of(guest->sid));
        text_copy(record.server, HARDENING_SERVER_MAX, text_of(outcome->server));
        return hardening_remember(guest->item, &record, failure);
    }
    if (intention->failed)
        return HARDENING_FAILED;
    if (intention->remembered && !outcome->maybe_written)
        hardening_forget(guest->item, &another);
    if (outcome->result == ACCOUNT_LAST_ADMIN)
        return failed(failure, "NetUserSetInfo", NERR_LastAdmin);
    return failed(failure, outcome->call, outcome->error);
}

enum hardening_result hardening_guest_set(enum hardening_item item,
                                          struct hardening_failure *failure)
{
    struct guest guest;
    struct hardening_record record;
    struct account_outcome outcome;
    struct account_before earlier = {0};
    struct intention intention = {.guest = &guest, .failure = failure};
    struct account_intent intent = {.intend = intend, .context = &intention};
    const char *call;
    DWORD error = find(&guest, item, &call);
    if (error != ERROR_SUCCESS)
        return failed(failure, call, error);
    if (hardening_recall(item, &record, failure) != HARDENING_DONE)
        return HARDENING_FAILED;
    if (is_of(&record, &guest) && record.begun) {
        earlier.flags = record.before;
        intent.earlier = &earlier;
    }
    account_lock(guest.account.sid, guest.account.size, LOCK_DISABLE, &intent, &outcome);
    return settle(&intention, &outcome);
}

/* ---- undo ------------------------------------------------------------------------------------ */

enum hardening_result hardening_guest_undo(enum hardening_item item,
                                           struct hardening_failure *failure)
{
    static const enum hardening_result results[] = {
        [RELEASE_DONE] = HARDENING_DONE,
        [RELEASE_NOTHING] = HARDENING_NOTHING,
        [RELEASE_CHANGED] = HARDENING_CHANGED,
        [RELEASE_FAILED] = HARDENING_FAILED,
    };
    struct guest guest;
    struct hardening_record record;
    struct account_release_outcome outcome = {.result = RELEASE_CHANGED};
    const char *call;
    enum hardening_result result = hardening_recall(item, &record, failure);
    if (result != HARDENING_DONE)
        return result;
    if (!record.known)
        return HARDENING_NOTHING;
    DWORD error = find(&guest, item, &call);
    if (error != ERROR_SUCCESS)
        return failed(failure, call, error);
    if (is_of(&record, &guest)) { /* otherwise the host has another domain since */
        const struct account_undo undo = {.action = LOCK_DISABLE,
                                          .flags_before = record.before,
                                          .flags_after = record.after,
                                          .server = record.server};
        account_release(guest.account.sid, guest.account.size, &undo, NULL, &outcome);
    }
    if (outcome.result == RELEASE_FAILED)
        return failed(failure, outcome.call, outcome.error);
    if (hardening_forget(item, failure) != HARDENING_DONE)
        return HARDENING_FAILED;
    return results[outcome.result];
}
