#include "settings.h"

#include <string.h>
#include "list.h"
#include "name_store.h"

void settings_defaults(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (size_t i = 0; i < setting_count; i++) {
        char16_t initial[SETTING_TEXT_MAX];
        size_t count = 0;
        text_from_utf8(initial, SETTING_TEXT_MAX, setting_table[i].initial, &count);
        settings_set(settings, i, (struct text){initial, count});
    }
}

void settings_copy(struct settings *to, const struct settings *from)
{
    if (to == from)
        return;
    *to = *from;
    for (size_t i = 0; i < to->exempt_count; i++)
        to->exempt[i].at = to->names + (from->exempt[i].at - from->names);
    for (size_t i = 0; i < to->override_count; i++)
        to->overrides[i].account.at = to->names + (from->overrides[i].account.at - from->names);
}

/* Whether text is the ASCII word, letters folded. */
static bool is_word(struct text text, const char *word)
{
    size_t i = 0;
    while (i < text.count && word[i] &&
           text_fold_unit(text.at[i]) == text_fold_unit((char16_t)word[i]))
        i++;
    return i == text.count && !word[i];
}

size_t setting_find(struct text name)
{
    for (size_t i = 0; i < setting_count; i++)
        if (is_word(name, setting_table[i].name))
            return i;
    return SIZE_MAX;
}

static bool set_number(uint32_t *number, const struct setting_info *info, struct text value)
{
    uint32_t parsed;
    if (!text_to_number(value, &parsed) || parsed < info->low || parsed > info->high)
        return false;
    *number = parsed;
    return true;
}

static bool set_switch(bool *on, const struct setting_info *info, struct text value)
{
    uint32_t parsed;
    if (!set_number(&parsed, info, value))
        return false;
    *on = parsed == 1;
    return true;
}

static bool set_word(void *member, const struct setting_info *info, struct text value)
{
    for (int i = 0; info->words[i]; i++) {
        if (is_word(value, info->words[i])) {
            memcpy(member, &i, sizeof i);
            return true;
        }
    }
    return false;
}

/* These names go into a query on the event log and into registry paths. */
static bool set_name(char16_t name[SETTING_TEXT_MAX], struct text value)
{
    static const char16_t refused[] = u"'\"<>&\\/";
    if (!name_store_takes(value))
        return false;
    for (size_t i = 0; refused[i]; i++)
        if (text_find(value, refused[i]) != SIZE_MAX)
            return false;
    text_copy(name, SETTING_TEXT_MAX, value);
    return true;
}

/* A full path on a drive or a share, of one folder. */
static bool set_folder(char16_t path[SETTING_TEXT_MAX], struct text value)
{
    static const char16_t refused[] = u"'\"<>|*?";
    if (!name_store_takes(value) || value.count < 3)
        return false;
    bool drive = value.at[1] == u':' && value.at[2] == u'\\';
    bool share = value.at[0] == u'\\' && value.at[1] == u'\\';
    for (size_t i = 0; refused[i]; i++)
        if (text_find(value, refused[i]) != SIZE_MAX)
            return false;
    if (!drive && !share)
        return false;
    text_copy(path, SETTING_TEXT_MAX, value);
    return true;
}

static bool set_list(struct setting_list *list, struct text value,
                     bool (*set)(char16_t name[SETTING_TEXT_MAX], struct text value))
{
    struct setting_list parsed = {0};
    struct text item;
    while (list_next(&value, &item)) {
        if (parsed.count == SETTING_SERVICES_MAX || !set(parsed.names[parsed.count], item))
            return false;
        parsed.count++;
    }
    *list = parsed;
    return true;
}

static bool set_exempt(struct settings *settings, struct text value)
{
    size_t count = 0, units = settings->names_used;
    struct text list = value, item;
    for (size_t i = 0; i < settings->exempt_count; i++)
        units -= settings->exempt[i].count;
    while (list_next(&list, &item)) {
        units += item.count;
        if (!name_store_takes(item) || ++count > GUARD_EXEMPT_MAX || units > SETTINGS_TEXT_MAX)
            return false;
    }
    while (settings->exempt_count > 0)
        name_store_remove(settings, settings->exempt[--settings->exempt_count]);
    for (list = value; list_next(&list, &item); settings->exempt_count++)
        settings->exempt[settings->exempt_count] = name_store_add(settings, item);
    return true;
}

bool settings_set(struct settings *settings, size_t index, struct text value)
{
    _Static_assert(sizeof(enum lock_action) == sizeof(int), "set_word writes an int");
    _Static_assert(sizeof(enum reader_choice) == sizeof(int), "set_word writes an int");
    const struct setting_info *info = &setting_table[index];
    void *member = (uint8_t *)settings + info->offset;
    switch (info->type) {
    case SETTING_NUMBER:
        return set_number(member, info, text_trim(value));
    case SETTING_SWITCH:
        return set_switch(member, info, text_trim(value));
    case SETTING_WORD:
        return set_word(member, info, text_trim(value));
    case SETTING_NAME:
        return set_name(member, text_trim(value));
    case SETTING_LIMITS:
        return limit_set_parse(value, member);
    case SETTING_NAMES:
        return set_exempt(settings, value);
    case SETTING_SERVICES:
        return set_list(member, value, set_name);
    case SETTING_FOLDERS:
        return set_list(member, value, set_folder);
    }
    return false;
}

/* The name of an account as overrides have it: DOMAIN/user is DOMAIN\user. */
static struct text account_name(char16_t units[SETTING_TEXT_MAX], struct text name)
{
    struct text account = {units, text_copy(units, SETTING_TEXT_MAX, name)};
    size_t slash = text_find(account, u'/');
    if (slash != SIZE_MAX && text_find(account, u'\\') == SIZE_MAX)
        units[slash] = u'\\';
    return account;
}

size_t settings_find_account(const struct settings *settings, struct text name)
{
    char16_t units[SETTING_TEXT_MAX];
    struct text account = account_name(units, name);
    size_t i = 0;
    while (i < settings->override_count &&
           !text_equal_fold(settings->overrides[i].account, account))
        i++;
    return i;
}

bool settings_set_account(struct settings *settings, struct text name, struct text limits)
{
    struct limit_set parsed;
    char16_t units[SETTING_TEXT_MAX];
    if (!name_store_takes(name) || !limit_set_parse(limits, &parsed))
        return false;
    struct text account = account_name(units, name);
    size_t i = settings_find_account(settings, account);
    if (i == settings->override_count) {
        if (i == GUARD_OVERRIDES_MAX || settings->names_used + account.count > SETTINGS_TEXT_MAX)
            return false;
        settings->overrides[i].account = name_store_add(settings, account);
        settings->override_count++;
    }
    settings->overrides[i].limits = parsed;
    return true;
}

const struct limit_set *settings_account_limits(const struct settings *settings, struct text name)
{
    size_t i = settings_find_account(settings, name);
    return i < settings->override_count ? &settings->overrides[i].limits : NULL;
}

static bool same_exempt(const struct settings *one, const struct settings *other)
{
    size_t i = 0;
    while (i < one->exempt_count && i < other->exempt_count &&
           text_equal_fold(one->exempt[i], other->exempt[i]))
        i++;
    return i == one->exempt_count && i == other->exempt_count;
}

static bool same_list(const struct setting_list *one, const struct setting_list *other)
{
    uint32_t i = 0;
    while (i < one->count && i < other->count &&
           text_equal_fold(text_of(one->names[i]), text_of(other->names[i])))
        i++;
    return i == one->count && i == other->count;
}

bool settings_same(const struct settings *one, const struct settings *other, size_t index)
{
    const struct setting_info *info = &setting_table[index];
    const void *a = (const uint8_t *)one + info->offset, *b = (const uint8_t *)other + info->offset;
    switch (info->type) {
    case SETTING_NUMBER:
        return *(const uint32_t *)a == *(const uint32_t *)b;
    case SETTING_SWITCH:
        return *(const bool *)a == *(const bool *)b;
    case SETTING_WORD:
        return memcmp(a, b, sizeof(int)) == 0;
    case SETTING_NAME:
        return text_equal_fold(text_of(a), text_of(b));
    case SETTING_LIMITS:
        return limit_set_same(a, b);
    case SETTING_NAMES:
        return same_exempt(one, other);
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        return same_list(a, b);
    }
    return false;
}

bool settings_all_same(const struct settings *one, const struct settings *other)
{
    if (one->override_count != other->override_count)
        return false;
    for (size_t i = 0; i < one->override_count; i++) {
        const struct guard_override *a = &one->overrides[i], *b = &other->overrides[i];
        if (!text_equal_fold(a->account, b->account) || !limit_set_same(&a->limits, &b->limits))
            return false;
    }
    size_t i = 0;
    while (i < setting_count && settings_same(one, other, i))
        i++;
    return i == setting_count;
}

uint32_t settings_longest_window(const struct settings *settings)
{
    uint32_t longest = limit_set_longest(&settings->limits);
    for (size_t i = 0; i < settings->override_count; i++) {
        uint32_t window = limit_set_longest(&settings->overrides[i].limits);
        longest = window > longest ? window : longest;
    }
    return longest;
}

void settings_for_origins(const struct settings *settings, const struct text *own, size_t own_count,
                          struct origin_rule *rule)
{
    const struct setting_list *listed = &settings->computers;
    bool own_alone = text_equal_fold(text_of(settings->channel), TEXT_OF(u"Application"));
    *rule = (struct origin_rule){.count = 0};
    if (listed->count == 0 && !own_alone)
        return;
    for (uint32_t i = 0; i < listed->count; i++)
        if (text_equal(text_of(listed->names[i]), TEXT_OF(u"*")))
            return;
    for (size_t i = 0; i < own_count; i++)
        origin_rule_add(rule, own[i]);
    for (uint32_t i = 0; i < listed->count; i++)
        origin_rule_add(rule, text_of(listed->names[i]));
}

void settings_for_guard(const struct settings *settings, struct guard_settings *guard)
{
    *guard = (struct guard_settings){.limits = &settings->limits,
                                     .exempt = settings->exempt,
                                     .exempt_count = settings->exempt_count,
                                     .overrides = settings->overrides,
                                     .override_count = settings->override_count,
                                     .max_accounts = settings->max_accounts,
                                     .max_locks_per_hour = settings->max_locks_per_hour,
                                     .flag_only = settings->action == LOCK_FLAG};
}
