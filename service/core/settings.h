/* settings.h: every setting, its type, range, default and meaning, in one table.
 *
 * The table is the only place that knows them: the registry reader, --set, the `settings` verb, the
 * docs page and the policy templates are all made from or checked against it. Values of
 * whatever origin arrive here as text.
 */
#ifndef RELAYLOCK_CORE_SETTINGS_H
#define RELAYLOCK_CORE_SETTINGS_H

#include "guard.h"
#include "origin.h"

enum lock_action { LOCK_FLAG, LOCK_DISABLE, LOCK_PASSWORD };
enum reader_choice { READER_AUTO, READER_MODERN, READER_CLASSIC };

enum {
    SETTINGS_MAX = 64,             /* settings in the table, at most */
    SETTING_SERVICES_MAX = 8,      /* names in RestartServices and Computers, folders in
                                      QueueDirectory */
    SETTING_TEXT_MAX = 256,        /* units of a name, terminator included */
    SETTINGS_TEXT_MAX = 16384,     /* units of all Exempt patterns and account names together */
    SETTING_VALUE_TEXT_SIZE = 2048 /* bytes of a value shown as text, terminator included */
};

/* Names of services or computers, or paths of folders, in order; each terminated. */
struct setting_list {
    uint32_t count;
    char16_t names[SETTING_SERVICES_MAX][SETTING_TEXT_MAX];
};

struct settings {
    struct limit_set limits;
    enum lock_action action;
    bool observe; /* change nothing, only count and alert */
    enum reader_choice reader;
    uint32_t max_locks_per_hour;
    bool restart_smtp;
    uint32_t stop_timeout;     /* seconds */
    uint32_t restart_cooldown; /* seconds */
    uint32_t max_restarts_per_hour;
    struct setting_list restart_services;
    uint32_t give_up_after;     /* hours */
    uint32_t contain_after;     /* seconds */
    uint32_t lock_minutes;      /* 0: until released */
    uint32_t max_auto_releases; /* per account and week */
    uint32_t event_id;
    bool raise_logging;
    uint32_t max_accounts;
    struct setting_list queue_directory; /* empty: where they are found */
    uint32_t queue_alert;                /* files; 0: off */
    uint32_t require_queue;              /* files; 0: off */
    bool quarantine_on_lock;
    uint32_t quarantine_limit;     /* messages */
    struct setting_list computers; /* whose sign-ins count, besides this one's */
    char16_t smtp_service[SETTING_TEXT_MAX];
    char16_t channel[SETTING_TEXT_MAX];
    char16_t provider[SETTING_TEXT_MAX];

    struct text exempt[GUARD_EXEMPT_MAX];
    size_t exempt_count;
    struct guard_override overrides[GUARD_OVERRIDES_MAX];
    size_t override_count;
    char16_t names[SETTINGS_TEXT_MAX]; /* what exempt and overrides view; so a copy must be made
                                          with settings_copy */
    size_t names_used;
};

/* Where a value in force comes from. */
enum setting_origin { SETTING_BY_DEFAULT, SETTING_BY_REGISTRY, SETTING_BY_POLICY };

struct setting_origins {
    enum setting_origin settings[SETTINGS_MAX];        /* by index into setting_table */
    enum setting_origin accounts[GUARD_OVERRIDES_MAX]; /* by index into overrides */
};

enum setting_type {
    SETTING_NUMBER,   /* REG_DWORD */
    SETTING_SWITCH,   /* REG_DWORD, 0 or 1 */
    SETTING_WORD,     /* REG_SZ, one of a few words */
    SETTING_NAME,     /* REG_SZ, free text within bounds */
    SETTING_LIMITS,   /* REG_MULTI_SZ (or REG_SZ with commas) of limits */
    SETTING_NAMES,    /* REG_MULTI_SZ (or REG_SZ with commas) of names */
    SETTING_SERVICES, /* the same, of services' or computers' names */
    SETTING_FOLDERS   /* the same, of full paths */
};

struct setting_info {
    const char *name; /* of the registry value */
    enum setting_type type;
    size_t offset;            /* of the member in struct settings */
    const char *unit;         /* "s", "accounts", "" */
    uint32_t low, high;       /* of a number */
    const char *allowed;      /* in words: "a number from 10 to 3600" */
    const char *initial;      /* the default as text, in the form settings_set takes */
    const char *meaning;      /* one sentence */
    const char *const *words; /* of a SETTING_WORD, by the member's value; ended by null */
};

extern const struct setting_info setting_table[];
extern const size_t setting_count; /* at most SETTINGS_MAX */

void settings_defaults(struct settings *settings);
void settings_copy(struct settings *to, const struct settings *from);

/* "default", "registry" or "policy". */
const char *setting_origin_word(enum setting_origin origin);

/* Index into setting_table (letters folded), or SIZE_MAX. */
size_t setting_find(struct text name);

/* Sets one setting from text: numbers decimal, lists separated by NUL, commas or semicolons. False
 * when the value is not allowed (setting_table[index].allowed says what is); nothing is changed. */
bool settings_set(struct settings *settings, size_t index, struct text value);

/* The Limits of one account (subkey Accounts\<name>, value Limits). DOMAIN/user is DOMAIN\user, as
 * a key's name has no backslash. Replaces an earlier one of the same account. False when the limits
 * or the name are wrong or there is no room. */
bool settings_set_account(struct settings *settings, struct text name, struct text limits);

/* Index into overrides of the very name of an account, as settings_set_account takes it;
 * override_count when it has no limits of its own. */
size_t settings_find_account(const struct settings *settings, struct text name);

/* The limits under the very name of an account, likewise; null when there are none. */
const struct limit_set *settings_account_limits(const struct settings *settings, struct text name);

/* Whether a setting has the same value in both; of names, letters folded, in the same order. */
bool settings_same(const struct settings *one, const struct settings *other, size_t index);

/* Whether all of them have, those of accounts included. */
bool settings_all_same(const struct settings *one, const struct settings *other);

/* The value as text, UTF-8, in the form that settings_set takes; cut with "..." if too long. */
void settings_show(const struct settings *settings, size_t index,
                   char text[SETTING_VALUE_TEXT_SIZE]);

/* The longest window of any limit, per-account ones included: how far back the log must be read to
 * count everything that counts. Seconds. */
uint32_t settings_longest_window(const struct settings *settings);

/* From which computers sign-ins count: those of the setting Computers, and own (names of this one,
 * none when a saved log is read). Any, when no computer is named and the log is none that this one
 * alone writes: of Windows' logs such a one is Application, others hold what was collected. *rule
 * views the settings and own. */
void settings_for_origins(const struct settings *settings, const struct text *own, size_t own_count,
                          struct origin_rule *rule);

/* What the guard needs of them; views into settings. */
void settings_for_guard(const struct settings *settings, struct guard_settings *guard);

#endif
