#include "diagnostic_levels.h"

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
    name = text_trim(name);
    if (!ends_in(name, TEXT_OF(u"SMTP Protocol")) && !ends_in(name, TEXT_OF(u"Authentication")))
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

bool diagnostic_levels_too_low(const struct diagnostic_levels *levels)
{
    return levels->count > 0 && diagnostic_levels_highest(levels) < DIAGNOSTIC_LEVEL_MAXIMUM;
}
