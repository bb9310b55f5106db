#include "setting_value.h"
#include <string.h>

_Static_assert(SETTINGS_TEXT_MAX + GUARD_EXEMPT_MAX < PARAMETERS_VALUE_MAX / sizeof(wchar_t) &&
                   SETTING_SERVICES_MAX * SETTING_TEXT_MAX < SETTINGS_TEXT_MAX,
               "all that settings_set takes must have room");

static void set_number(struct setting_value *value, DWORD number)
{
    value->type = REG_DWORD;
    value->size = sizeof number;
    value->data.number = number;
}

/* Appends a terminated text. */
static void append(struct setting_value *value, struct text text)
{
    wchar_t *at = value->data.units + value->size / sizeof *at;
    memcpy(at, text.at, text.count * sizeof *at);
    at[text.count] = 0;
    value->size += (DWORD)((text.count + 1) * sizeof *at);
}

static void append_ascii(struct setting_value *value, const char *ascii)
{
    wchar_t *at = value->data.units + value->size / sizeof *at;
    size_t count = strlen(ascii) + 1;
    for (size_t i = 0; i < count; i++)
        at[i] = (unsigned char)ascii[i];
    value->size += (DWORD)(count * sizeof *at);
}

static void set_limits(struct setting_value *value, const struct limit_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        char limit[LIMIT_TEXT_SIZE];
        limit_to_text(&set->limits[i], limit);
        append_ascii(value, limit);
    }
}

static void set_list(struct setting_value *value, const struct setting_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        append(value, text_of(list->names[i]));
}

void setting_value_make(const struct settings *settings, size_t index, struct setting_value *value)
{
    const struct setting_info *info = &setting_table[index];
    const void *member = (const uint8_t *)settings + info->offset;
    int word;
    value->size = 0;
    value->type = REG_SZ;
    switch (info->type) {
    case SETTING_NUMBER:
        set_number(value, *(const uint32_t *)member);
        return;
    case SETTING_SWITCH:
        set_number(value, *(const bool *)member);
        return;
    case SETTING_WORD:
        memcpy(&word, member, sizeof word);
        append_ascii(value, info->words[word]);
        return;
    case SETTING_NAME:
        append(value, text_of(member));
        return;
    case SETTING_LIMITS:
        set_limits(value, member);
        break;
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        set_list(value, member);
        break;
    case SETTING_NAMES:
        for (size_t i = 0; i < settings->exempt_count; i++)
            append(value, settings->exempt[i]);
        break;
    }
    value->type = REG_MULTI_SZ;
    append_ascii(value, ""); /* ends the list */
}
