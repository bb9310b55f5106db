/* replay_diff.h: the part of a replay that compares its verdicts with those under other settings
 * (--diff): a second guard is fed with the same sign-ins.
 */
#ifndef RELAYLOCK_APP_REPLAY_DIFF_H
#define RELAYLOCK_APP_REPLAY_DIFF_H

#include "replay_block.h"
#include "replay_listener.h"
#include "replay_report.h"

/* What becomes of an account. */
enum replay_change_kind {
    REPLAY_CHANGE_NONE, /* the same verdict at the same sign-in, perhaps by another limit */
    REPLAY_CHANGE_SOONER,
    REPLAY_CHANGE_LATER,
    REPLAY_CHANGE_ACTION, /* at the same sign-in, but a flag instead of a lock or the reverse */
    REPLAY_CHANGE_NEW,    /* it crosses a limit only under the new settings */
    REPLAY_CHANGE_GONE,   /* only under the present ones */
    REPLAY_CHANGE_KINDS
};

/* An account with a verdict under either settings; views. */
struct replay_change {
    enum replay_change_kind kind;
    const struct replay_row *before, *after; /* null without a verdict */
};

/* All zero: none. */
struct replay_diff {
    struct replay_block block;
    struct guard *guard; /* in block */
    uint64_t told;       /* sign-ins */
    bool cut;            /* memory for a verdict was out */
    /* What a replay under the new settings found: rows, machines, guard and settings of it. */
    struct replay_report after;
    struct replay_change *changes; /* owned; in the order of the earlier verdict of each */
    size_t change_count;
    uint64_t counts[REPLAY_CHANGE_KINDS];
};

/* False, and nothing is open, when memory is out. settings must outlive it. */
bool replay_diff_open(struct replay_diff *diff, const struct settings *settings);
struct replay_listener replay_diff_listener(struct replay_diff *diff);

/* Compares with what the replay found; views of it. False when memory is out. */
bool replay_diff_finish(struct replay_diff *diff, const struct replay_report *before);

/* What the new settings change: a setting of the table, or the limits of an account. */
struct replay_setting_change {
    size_t index;                   /* of the setting */
    struct text account;            /* of an account: its name; a view */
    const struct limit_set *before; /* null: it had the general ones */
    const struct limit_set *after;  /* null: it is a setting */
};

/* The next of them from *at (0 at first) on, which is moved behind it. False, with *change
 * untouched, when there is no other. Nothing on a command line takes limits of an account away. */
bool replay_diff_next_setting(const struct replay_diff *diff, const struct settings *before,
                              size_t *at, struct replay_setting_change *change);

/* "same", "sooner", "later", "action", "new" or "gone". */
const char *replay_change_word(enum replay_change_kind kind);

void replay_diff_close(struct replay_diff *diff);

#endif
