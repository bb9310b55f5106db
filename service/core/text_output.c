#include "text_output.h"

#include <string.h>

void text_output_bytes(struct text_output *output, const char *bytes, size_t count)
{
    if (output->needed < output->capacity && count < output->capacity - output->needed) {
        memcpy(output->to + output->needed, bytes, count);
    }
    output->needed += count;
}

void text_output_text(struct text_output *output, struct text text)
{
    bool room = output->needed < output->capacity;

    output->needed += text_to_utf8(room ? output->to + output->needed : NULL,
                                   room ? output->capacity - output->needed : 0, text);
}

size_t text_output_end(struct text_output *output)
{
    output->to[output->needed < output->capacity ? output->needed : 0] = '\0';
    return output->needed;
}
