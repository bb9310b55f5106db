#include "shown.h"

const char *shown(struct text text, char buffer[SHOWN_MAX])
{
    char16_t safe[SHOWN_MAX / 4];
    size_t count = text_copy_shown(safe, sizeof safe / sizeof *safe, text);
    text_to_utf8(buffer, SHOWN_MAX, (struct text){safe, count});
    return buffer;
}
