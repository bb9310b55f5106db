#include "replay_diff.h"

#include <stdlib.h>

bool replay_diff_open(struct replay_diff *diff, const struct settings *settings)
{
    struct guard_settings guard;

    settings_for_guard(settings, &guard);
    size_t size = guard_size(&guard);

    *diff = (struct replay_diff){.after = {.settings = settings}};
    if (!replay_block_allocate(&diff->block, size)) {
        return false;
    }
    diff->guard = guard_init(diff->block.at, size, &guard, &replay_key);
    return true;
}

static void hear(void *context, const struct replay_sign_in *sign_in)
{
    struct replay_diff *diff = context;
    struct verdict verdict;

    diff->told++;
    if (sign_in->renamed) {
        guard_rename(diff->guard, sign_in->identity);
    }
    if (guard_feed(diff->guard, sign_in->event, sign_in->identity, &verdict) != GUARD_VERDICT) {
        return;
    }
    if (verdict.flag != FLAG_NOT) {
        guard_hold(diff->guard, sign_in->identity); /* an account is spoken of once */
    }
    if (verdict.flag == FLAG_MACHINE) {
        diff->after.machines++;
    } else if (!replay_report_add(&diff->after, sign_in->identity->name, sign_in->account,
                                  diff->told, &verdict)) {
        diff->cut = true;
    }
}

struct replay_listener replay_diff_listener(struct replay_diff *diff)
{
    return (struct replay_listener){.context = diff, .sign_in = hear};
}

/* ---- comparing ------------------------------------------------------------------------------ */

/* Rows by account: by number, those that have none by name. */
static int compare_accounts(const struct replay_row *one, const struct replay_row *other)
{
    if (one->number != other->number) {
        return one->number < other->number ? -1 : 1;
    }
    if (one->number != NAME_BOOK_NONE) {
        return 0;
    }
    for (size_t i = 0; i < one->account_units && i < other->account_units; i++) {
        int order = text_fold_unit(one->account[i]) - text_fold_unit(other->account[i]);

        if (order != 0) {
            return order;
        }
    }
    return (one->account_units > other->account_units) -
           (one->account_units < other->account_units);
}

static int by_account(const void *a, const void *b)
{
    return compare_accounts(*(const struct replay_row *const *)a,
                            *(const struct replay_row *const *)b);
}

/* The earlier verdict of a change: the one at the earlier sign-in. */
static const struct replay_row *first_of(const struct replay_change *change)
{
    if (change->before == NULL || change->after == NULL) {
        return change->before != NULL ? change->before : change->after;
    }
    return change->after->order < change->before->order ? change->after : change->before;
}

static int by_order(const void *a, const void *b)
{
    uint64_t one = first_of(a)->order, other = first_of(b)->order;

    return (one > other) - (one < other);
}

static enum replay_change_kind kind_of(const struct replay_row *before,
                                       const struct replay_row *after)
{
    if (before == NULL) {
        return REPLAY_CHANGE_NEW;
    }
    if (after == NULL) {
        return REPLAY_CHANGE_GONE;
    }
    if (before->order != after->order) {
        return after->order < before->order ? REPLAY_CHANGE_SOONER : REPLAY_CHANGE_LATER;
    }
    return before->flag == after->flag ? REPLAY_CHANGE_NONE : REPLAY_CHANGE_ACTION;
}

static const struct replay_row **sorted(const struct replay_report *report)
{
    const struct replay_row **rows = calloc(report->row_count + 1, sizeof *rows);

    for (size_t i = 0; rows != NULL && i < report->row_count; i++) {
        rows[i] = &report->rows[i];
    }
    if (rows != NULL) {
        qsort(rows, report->row_count, sizeof *rows, by_account);
    }
    return rows;
}

/* Both end with a null pointer. */
static void match(struct replay_diff *diff, const struct replay_row **before,
                  const struct replay_row **after)
{
    while (*before != NULL || *after != NULL) {
        int order = *before == NULL ? 1 : *after == NULL ? -1 : compare_accounts(*before, *after);
        struct replay_change change = {.before = order <= 0 ? *before++ : NULL,
                                       .after = order >= 0 ? *after++ : NULL};

        change.kind = kind_of(change.before, change.after);
        diff->counts[change.kind]++;
        diff->changes[diff->change_count++] = change;
    }
}

bool replay_diff_finish(struct replay_diff *diff, const struct replay_report *before)
{
    const struct replay_row **old_rows = sorted(before), **new_rows = sorted(&diff->after);
    size_t most = before->row_count + diff->after.row_count;
    bool done = false;

    diff->changes = calloc(most + 1, sizeof *diff->changes);
    if (old_rows != NULL && new_rows != NULL && diff->changes != NULL) {
        match(diff, old_rows, new_rows);
        qsort(diff->changes, diff->change_count, sizeof *diff->changes, by_order);
        guard_count(diff->guard, &diff->after.guard);
        replay_report_rename(&diff->after, before->accounts);
        done = true;
    }
    free(old_rows);
    free(new_rows);
    return done;
}

/* Whether the override is more than what the settings before had for that account. */
static bool limits_change(const struct settings *before, const struct guard_override *override,
                          struct replay_setting_change *change)
{
    const struct limit_set *had = settings_account_limits(before, override->account);

    if (had != NULL && limit_set_same(had, &override->limits)) {
        return false;
    }
    *change = (struct replay_setting_change){
        .account = override->account, .before = had, .after = &override->limits};
    return true;
}

bool replay_diff_next_setting(const struct replay_diff *diff, const struct settings *before,
                              size_t *at, struct replay_setting_change *change)
{
    const struct settings *after = diff->after.settings;

    for (; *at < setting_count; (*at)++) {
        if (!settings_same(before, after, *at)) {
            *change = (struct replay_setting_change){.index = (*at)++};
            return true;
        }
    }
    while (*at < setting_count + after->override_count) {
        if (limits_change(before, &after->overrides[(*at)++ - setting_count], change)) {
            return true;
        }
    }
    return false;
}

const char *replay_change_word(enum replay_change_kind kind)
{
    static const char *const words[] = {
        [REPLAY_CHANGE_NONE] = "same",   [REPLAY_CHANGE_SOONER] = "sooner",
        [REPLAY_CHANGE_LATER] = "later", [REPLAY_CHANGE_ACTION] = "action",
        [REPLAY_CHANGE_NEW] = "new",     [REPLAY_CHANGE_GONE] = "gone",
    };

    return words[kind];
}

void replay_diff_close(struct replay_diff *diff)
{
    free(diff->changes);
    replay_report_free(&diff->after);
    replay_block_free(&diff->block);
    *diff = (struct replay_diff){.guard = NULL};
}
