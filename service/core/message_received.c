#include "message_received.h"

#include "ascii.h"
#include "message_date.h"

/* Where the last one begins; SIZE_MAX: there is none. */
static size_t find_last(const char *value, size_t count, size_t start, const char *small)
{
    size_t last = SIZE_MAX, at = ascii_find_fold(value, count, start, small);
    for (; at < count; at = ascii_find_fold(value, count, at + 1, small))
        last = at;
    return last;
}

void message_received_read(struct message_head *head, const char *value, size_t count)
{
    size_t start = ascii_begins_fold(value, count, "from ") ? 5 : 0;
    size_t closed = find_last(value, count, start, ") by ");
    size_t by = closed < count ? closed + 1 : ascii_find_fold(value, count, start, " by ");
    size_t semicolon = count;
    if (start > 0) {
        size_t bracket = find_last(value, by < count ? by : count, start, " (");
        size_t end = bracket < count ? bracket : by < count ? by : count;
        message_string_set(&head->client, value + start, end - start, false);
        size_t open = ascii_find_fold(value, by < count ? by : count, end, "[");
        size_t close = open < count ? ascii_find_fold(value, count, open, "]") : SIZE_MAX;
        if (close < count)
            message_string_set(&head->address, value + open + 1, close - open - 1, true);
    }
    if (by < count) {
        size_t end = by + 4;
        while (end < count && !ascii_is_blank(value[end]) && value[end] != ';')
            end++;
        message_string_set(&head->host, value + by + 4, end - by - 4, true);
    }
    while (semicolon > 0 && value[semicolon - 1] != ';')
        semicolon--;
    head->received = true;
    if (semicolon > 0 && message_date_read(value + semicolon, count - semicolon, &head->date))
        head->dated = true;
}
