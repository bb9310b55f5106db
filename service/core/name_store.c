#include "name_store.h"

#include <string.h>

bool name_store_takes(struct text text)
{
    if (text.count < 1 || text.count >= SETTING_TEXT_MAX)
        return false;
    for (size_t i = 0; i < text.count; i++)
        if (text.at[i] < 0x20 || (text.at[i] >= 0x7f && text.at[i] < 0xa0))
            return false;
    return true;
}

struct text name_store_add(struct settings *settings, struct text text)
{
    char16_t *at = settings->names + settings->names_used;
    memcpy(at, text.at, text.count * sizeof *at);
    settings->names_used += text.count;
    return (struct text){at, text.count};
}

static void move_down(struct text *view, struct text removed)
{
    if (view->at > removed.at)
        view->at -= removed.count;
}

void name_store_remove(struct settings *settings, struct text name)
{
    size_t start = (size_t)(name.at - settings->names), end = start + name.count;
    memmove(settings->names + start, settings->names + end,
            (settings->names_used - end) * sizeof settings->names[0]);
    settings->names_used -= name.count;
    for (size_t i = 0; i < settings->exempt_count; i++)
        move_down(&settings->exempt[i], name);
    for (size_t i = 0; i < settings->override_count; i++)
        move_down(&settings->overrides[i].account, name);
}
