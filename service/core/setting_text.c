/* The value of a setting, and where it comes from, as text. */
#include "settings.h"

#include <stdio.h>
#include <string.h>

const char *setting_origin_word(enum setting_origin origin)
{
    static const char *const words[] = {"default", "registry", "policy"};
    return words[origin];
}

/* Text that grows to the right until it is full, then ends in "...". */
struct shown {
    char *at;
    size_t used;
    bool full;
};

static void append(struct shown *shown, const char *text)
{
    static const char more[] = "...";
    size_t length = strlen(text);
    if (shown->full)
        return;
    if (length < SETTING_VALUE_TEXT_SIZE - sizeof more - shown->used) {
        memcpy(shown->at + shown->used, text, length + 1);
        shown->used += length;
        return;
    }
    memcpy(shown->at + shown->used, more, sizeof more);
    shown->full = true;
}

static void append_name(struct shown *shown, struct text name)
{
    char utf8[3 * SETTING_TEXT_MAX];
    text_to_utf8(utf8, sizeof utf8, name);
    append(shown, utf8);
}

static void append_number(struct shown *shown, uint32_t number)
{
    char decimal[16];
    snprintf(decimal, sizeof decimal, "%lu", (unsigned long)number);
    append(shown, decimal);
}

static void append_limits(struct shown *shown, const struct limit_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        char limit[LIMIT_TEXT_SIZE];
        limit_to_text(&set->limits[i], limit);
        append(shown, i > 0 ? ", " : "");
        append(shown, limit);
    }
}

static void append_list(struct shown *shown, const struct setting_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        append(shown, i > 0 ? ", " : "");
        append_name(shown, text_of(list->names[i]));
    }
}

void settings_show(const struct settings *settings, size_t index,
                   char text[SETTING_VALUE_TEXT_SIZE])
{
    const struct setting_info *info = &setting_table[index];
    const void *member = (const uint8_t *)settings + info->offset;
    struct shown shown = {.at = text};
    int word;
    text[0] = 0;
    switch (info->type) {
    case SETTING_NUMBER:
        append_number(&shown, *(const uint32_t *)member);
        break;
    case SETTING_SWITCH:
        append_number(&shown, *(const bool *)member);
        break;
    case SETTING_WORD:
        memcpy(&word, member, sizeof word);
        append(&shown, info->words[word]);
        break;
    case SETTING_NAME:
        append_name(&shown, text_of(member));
        break;
    case SETTING_LIMITS:
        append_limits(&shown, member);
        break;
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        append_list(&shown, member);
        break;
    case SETTING_NAMES:
        for (size_t i = 0; i < settings->exempt_count; i++) {
            append(&shown, i > 0 ? ", " : "");
            append_name(&shown, settings->exempt[i]);
        }
        break;
    }
}
