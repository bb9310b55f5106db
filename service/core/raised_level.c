#include "raised_level.h"

static const struct {
    enum raised_state state;
    struct text words;
} forms[] = {
    {RAISED_FOUND, {u"found at ", 9}},
    {RAISED_BEGUN, {u"raising from ", 13}},
    {RAISED_DONE, {u"raised from ", 12}},
    {RAISED_CHANGED, {u"changed since; it was at ", 25}},
};

enum { FORMS = sizeof forms / sizeof forms[0] };

enum raised_step raised_level_next(const struct raised_level *remembered, uint32_t level)
{
    switch (remembered->state) {
    case RAISED_NEVER:
        return level < DIAGNOSTIC_LEVEL_MAXIMUM ? RAISED_STEP_RAISE : RAISED_STEP_NOTE_FOUND;
    case RAISED_FOUND:
        return level < DIAGNOSTIC_LEVEL_MAXIMUM ? RAISED_STEP_NOTE_CHANGED : RAISED_STEP_NONE;
    case RAISED_BEGUN:
        if (level == DIAGNOSTIC_LEVEL_MAXIMUM)
            return RAISED_STEP_NOTE_DONE;
        return level == remembered->before ? RAISED_STEP_RAISE : RAISED_STEP_NOTE_CHANGED;
    case RAISED_DONE:
        return level == DIAGNOSTIC_LEVEL_MAXIMUM ? RAISED_STEP_NONE : RAISED_STEP_NOTE_CHANGED;
    case RAISED_CHANGED:
        break;
    }
    return RAISED_STEP_NONE;
}

bool raised_level_is_ours(const struct raised_level *remembered, uint32_t level)
{
    return level == DIAGNOSTIC_LEVEL_MAXIMUM &&
           (remembered->state == RAISED_BEGUN || remembered->state == RAISED_DONE);
}

size_t raised_level_to_text(const struct raised_level *remembered, char16_t text[RAISED_TEXT_MAX])
{
    size_t used = 0;
    for (size_t i = 0; i < FORMS; i++)
        if (forms[i].state == remembered->state)
            used = text_copy(text, RAISED_TEXT_MAX, forms[i].words);
    text[used++] = (char16_t)(u'0' + remembered->before);
    text[used] = 0;
    return used;
}

static bool is_possible(enum raised_state state, uint32_t before)
{
    if (before == DIAGNOSTIC_LEVEL_MAXIMUM)
        return state == RAISED_FOUND || state == RAISED_CHANGED;
    return before < DIAGNOSTIC_LEVEL_MAXIMUM && state != RAISED_FOUND;
}

bool raised_level_from_text(struct raised_level *remembered, struct text text)
{
    for (size_t i = 0; i < FORMS; i++) {
        size_t count = forms[i].words.count;
        uint32_t before;
        if (text_equal(text_slice(text, 0, count), forms[i].words) &&
            text_to_number(text_slice(text, count, text.count), &before) &&
            is_possible(forms[i].state, before)) {
            *remembered = (struct raised_level){forms[i].state, before};
            return true;
        }
    }
    return false;
}
