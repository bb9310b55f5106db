#include "ascii.h"

#include <stdint.h>

bool ascii_begins_fold(const char *bytes, size_t count, const char *small)
{
    size_t i = 0;
    while (small[i] && i < count && ascii_fold(bytes[i]) == small[i])
        i++;
    return !small[i];
}

size_t ascii_find_fold(const char *bytes, size_t count, size_t start, const char *small)
{
    for (size_t at = start; at < count; at++) {
        if (ascii_begins_fold(bytes + at, count - at, small))
            return at;
    }
    return SIZE_MAX;
}
