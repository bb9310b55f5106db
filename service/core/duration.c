#include "duration.h"

#include <stddef.h>
#include <stdio.h>

void duration_to_text(uint64_t seconds, char text[DURATION_TEXT_SIZE])
{
    static const struct {
        unsigned seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    const size_t last = sizeof units / sizeof *units - 1;
    size_t i = 0;
    while (i < last && seconds < units[i].seconds)
        i++;
    unsigned long long whole = seconds / units[i].seconds, rest = 0;
    if (i < last)
        rest = seconds % units[i].seconds / units[i + 1].seconds;
    if (rest > 0)
        snprintf(text, DURATION_TEXT_SIZE, "%llu %s %llu %s", whole, units[i].name, rest,
                 units[i + 1].name);
    else
        snprintf(text, DURATION_TEXT_SIZE, "%llu %s", whole, units[i].name);
}
