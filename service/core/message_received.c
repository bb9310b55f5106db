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

/* Three digits at most, as the server writes them; moves *at behind the number and the dot. */
static bool read_octet(const struct message_string *address, size_t *at, uint32_t *octet)
{
    size_t end = *at;
    uint32_t value = 0;
    while (end < address->count && end < *at + 3 && ascii_is_digit(address->at[end]))
        value = value * 10 + (uint32_t)(address->at[end++] - '0');
    if (end == *at || value > 255 || (end < address->count && address->at[end] != '.'))
        return false;
    *octet = value;
    *at = end + 1;
    return true;
}

bool message_received_is_inside(const struct message_string *address)
{
    uint32_t octets[4];
    size_t at = 0;
    for (size_t i = 0; i < 4; i++) {
        if (!read_octet(address, &at, &octets[i]))
            return false;
    }
    return at == address->count + 1U &&
           (octets[0] == 10 || octets[0] == 127 || (octets[0] == 172 && octets[1] / 16 == 1) ||
            (octets[0] == 192 && octets[1] == 168) || (octets[0] == 169 && octets[1] == 254));
}
