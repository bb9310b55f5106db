#include "list.h"

static size_t item_length(struct text list)
{
    size_t length = 0;
    while (length < list.count && list.at[length] != 0 && list.at[length] != u',' &&
           list.at[length] != u';')
        length++;
    return length;
}

bool list_next(struct text *list, struct text *item)
{
    while (list->count > 0) {
        size_t length = item_length(*list);
        struct text found = text_trim(text_slice(*list, 0, length));
        *list = text_slice(*list, length + 1, SIZE_MAX);
        if (found.count > 0) {
            *item = found;
            return true;
        }
    }
    return false;
}
