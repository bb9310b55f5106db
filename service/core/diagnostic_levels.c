#include "diagnostic_levels.h"

#include <stdio.h>

/* Whether a name ends in a category: it is all of the name, or follows a space. */
static bool ends_in(struct text name, struct text category)
{
    if (name.count < category.count)
        return false;
    size_t before = name.count - category.count;
    return text_equal_fold(text_slice(name, before, category.count), category) &&
           (before == 0 || name.at[before - 1] == u' ');
}

void diagnostic_levels_add(struct diagnostic_levels *levels, struct text name, uint32_t level)
{
    struct text trimmed = text_trim(name);
    if (!ends_in(trimmed, TEXT_OF(u"SMTP Protocol")) &&
        !ends_in(trimmed, TEXT_OF(u"Authentication")))
        return;
    if (levels->count == DIAGNOSTIC_LEVELS_MAX)
        return;
    struct diagnostic_level *added = &levels->at[levels->count++];
    text_copy(added->name, DIAGNOSTIC_NAME_MAX, name);
    added->level = level;
}

uint32_t diagnostic_levels_highest(const struct diagnostic_levels *levels)
{
    uint32_t highest = 0;
    for (uint32_t i = 0; i < levels->count; i++)
        if (levels->at[i].level > highest)
            highest = levels->at[i].level;
    return highest;
}

void diagnostic_level_to_text(uint32_t level, char text[DIAGNOSTIC_LEVEL_TEXT_SIZE])
{
    static const char *const words[] = {
        [0] = "None", [1] = "Minimum", [3] = "Medium", [5] = "Maximum", [7] = "Field Engineering"};
    const char *word = level < sizeof words / sizeof words[0] ? words[level] : NULL;
    if (word)
        snprintf(text, DIAGNOSTIC_LEVEL_TEXT_SIZE, "%lu (%s)", (unsigned long)level, word);
    else
        snprintf(text, DIAGNOSTIC_LEVEL_TEXT_SIZE, "%lu", (unsigned long)level);
}

bool diagnostic_levels_too_low(const struct diagnostic_levels *levels)
{
    return levels->count > 0 && diagnostic_levels_highest(levels) < DIAGNOSTIC_LEVEL_MAXIMUM;
}
