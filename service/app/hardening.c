#include "hardening_step.h"

#include <stdio.h>
#include "../windows/exchange_directory.h"
#include "../windows/hardening_memory.h"
#include "../windows/tarpit.h"

enum hardening_result hardening_fail(struct hardening_failure *failure, const char *call,
                                     const char *object, DWORD error)
{
    *failure = (struct hardening_failure){call, object, error};
    return HARDENING_FAILED;
}

void hardening_view_untold(struct hardening_view *view, const char *call, DWORD error)
{
    view->standing = HARDENING_UNTOLD;
    snprintf(view->now, sizeof view->now, "can't tell: %s failed with error %lu", call, error);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* The value that remembers an item. */
static const wchar_t *value_of(enum hardening_item item)
{
    static const wchar_t *const values[] = {
        [HARDENING_TARPIT] = TARPIT_NAME,
        [HARDENING_GUEST] = L"Guest",
        [HARDENING_DOMAIN_GUEST] = L"DomainGuest",
    };
    return values[item];
}

/* What a call on the memory comes to. */
static enum hardening_result memory_result(DWORD error, const char *call,
                                           struct hardening_failure *failure)
{
    if (error == ERROR_SUCCESS)
        return HARDENING_DONE;
    return hardening_fail(failure, call, "RelayLock\\Hardening", error);
}

enum hardening_result hardening_recall(enum hardening_item item, struct hardening_record *record,
                                       struct hardening_failure *failure)
{
    const char *call = NULL;
    return memory_result(hardening_memory_read(value_of(item), record, &call), call, failure);
}

enum hardening_result hardening_remember(enum hardening_item item,
                                         const struct hardening_record *record,
                                         struct hardening_failure *failure)
{
    const char *call = NULL;
    DWORD error = hardening_memory_write(value_of(item), record, &call);
    return memory_result(error, call, failure);
}

enum hardening_result hardening_forget(enum hardening_item item, struct hardening_failure *failure)
{
    const char *call = NULL;
    return memory_result(hardening_memory_forget(value_of(item), &call), call, failure);
}

void hardening_each_set(void (*tell)(void *context, enum hardening_item item,
                                     const char16_t *record),
                        void *context)
{
    for (int i = 0; i < HARDENING_SETTABLE; i++) {
        char16_t text[HARDENING_TEXT_MAX];
        struct hardening_record record;
        struct hardening_failure failure;
        enum hardening_item item = (enum hardening_item)i;
        if (hardening_recall(item, &record, &failure) != HARDENING_DONE || !record.known)
            continue;
        hardening_record_to_text(&record, text);
        tell(context, item, text);
    }
}

/* ---- TarpitTime ------------------------------------------------------------------------------ */

static enum hardening_result tarpit_result(DWORD error, const char *call,
                                           struct hardening_failure *failure)
{
    if (error == ERROR_SUCCESS)
        return HARDENING_DONE;
    return hardening_fail(failure, call, "SMTPSVC\\Parameters\\TarpitTime", error);
}

/* Whether it stands as the record says that it was set. */
static bool is_ours(const struct tarpit *tarpit, const struct hardening_record *record)
{
    return record->known && tarpit->exists && tarpit->seconds == record->after;
}

static void look_tarpit(struct hardening_view *view)
{
    struct hardening_record record;
    struct hardening_failure failure;
    struct tarpit tarpit;
    const char *call;
    DWORD error = tarpit_read(&tarpit, &call);
    if (error == ERROR_FILE_NOT_FOUND) {
        view->standing = HARDENING_ABSENT;
        snprintf(view->now, sizeof view->now, "no SMTP service");
    } else if (error != ERROR_SUCCESS) {
        hardening_view_untold(view, call, error);
    } else {
        view->standing =
            tarpit.seconds >= HARDENING_TARPIT_SECONDS ? HARDENING_CLOSED : HARDENING_OPEN;
        snprintf(view->now, sizeof view->now, "%lu s%s", tarpit.seconds,
                 tarpit.exists ? "" : " (not set)");
        view->ours = hardening_recall(HARDENING_TARPIT, &record, &failure) == HARDENING_DONE &&
                     is_ours(&tarpit, &record);
    }
}

static enum hardening_result set_tarpit(struct hardening_failure *failure)
{
    const struct tarpit wanted = {true, HARDENING_TARPIT_SECONDS};
    struct hardening_failure another;
    struct tarpit before;
    const char *call = NULL;
    enum hardening_result result = tarpit_result(tarpit_read(&before, &call), call, failure);
    if (result != HARDENING_DONE)
        return result;
    if (before.seconds >= wanted.seconds)
        return HARDENING_NOTHING;
    const struct hardening_record record = {
        .known = true, .existed = before.exists, .before = before.seconds, .after = wanted.seconds};
    result = hardening_remember(HARDENING_TARPIT, &record, failure);
    if (result != HARDENING_DONE)
        return result;
    result = tarpit_result(tarpit_write(&wanted, &call), call, failure);
    if (result != HARDENING_DONE && tarpit_read(&before, &call) == ERROR_SUCCESS &&
        !is_ours(&before, &record))
        hardening_forget(HARDENING_TARPIT, &another);
    return result;
}

static enum hardening_result undo_tarpit(struct hardening_failure *failure)
{
    struct hardening_record record;
    struct tarpit now;
    const char *call = NULL;
    enum hardening_result result = hardening_recall(HARDENING_TARPIT, &record, failure);
    if (result == HARDENING_DONE && !record.known)
        return HARDENING_NOTHING;
    if (result == HARDENING_DONE)
        result = tarpit_result(tarpit_read(&now, &call), call, failure);
    if (result != HARDENING_DONE)
        return result;
    const struct tarpit before = {record.existed, record.before};
    enum hardening_result outcome = HARDENING_CHANGED;
    if (is_ours(&now, &record)) {
        outcome = HARDENING_DONE;
        result = tarpit_result(tarpit_write(&before, &call), call, failure);
    } else if (now.exists == before.exists && now.seconds == before.seconds) {
        outcome = HARDENING_NOTHING;
    }
    if (result == HARDENING_DONE)
        result = hardening_forget(HARDENING_TARPIT, failure);
    return result == HARDENING_DONE ? outcome : result;
}

/* ---- relaying -------------------------------------------------------------------------------- */

static void look_relaying(struct hardening_view *view)
{
    struct exchange_relaying relaying = {0};
    const char *call;
    DWORD error = exchange_directory_relaying(&relaying, &call);
    if (error != ERROR_SUCCESS) {
        hardening_view_untold(view, call, error);
        return;
    }
    unsigned servers = relaying.allowed + relaying.refused + relaying.untold;
    view->standing = relaying.allowed > 0  ? HARDENING_OPEN
                     : relaying.untold > 0 ? HARDENING_UNTOLD
                     : servers > 0         ? HARDENING_CLOSED
                                           : HARDENING_ABSENT;
    snprintf(view->now, sizeof view->now,
             "of %u SMTP virtual servers %u allow it, %u refuse it, %u can't be told", servers,
             relaying.allowed, relaying.refused, relaying.untold);
}

/* ---- all items ------------------------------------------------------------------------------- */

void hardening_look(enum hardening_item item, struct hardening_view *view)
{
    *view = (struct hardening_view){.standing = HARDENING_UNTOLD, .now = "can't tell"};
    if (item == HARDENING_TARPIT)
        look_tarpit(view);
    else if (item < HARDENING_SETTABLE)
        hardening_guest_look(item, view);
    else if (item == HARDENING_RELAYING)
        look_relaying(view);
}

enum hardening_result hardening_set(enum hardening_item item, struct hardening_failure *failure)
{
    return item == HARDENING_TARPIT ? set_tarpit(failure) : hardening_guest_set(item, failure);
}

enum hardening_result hardening_undo(enum hardening_item item, struct hardening_failure *failure)
{
    return item == HARDENING_TARPIT ? undo_tarpit(failure) : hardening_guest_undo(item, failure);
}
