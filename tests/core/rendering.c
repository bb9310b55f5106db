#include "rendering.h"

#include <stdlib.h>
#include <string.h>

/* A block being filled. */
struct rendering {
    struct rendered_values values;
    size_t used; /* bytes */
};

static size_t room_for(const struct text *texts, size_t count)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += (texts[i].count + 1) * sizeof(char16_t);
    return room;
}

/* With room for the head, which is zeroed, and behind it for texts. */
static struct rendering start(size_t head, const struct text *texts, size_t text_count,
                              uint32_t count)
{
    struct rendering rendering = {.used = head};
    rendering.values.size = head + room_for(texts, text_count);
    rendering.values.block = calloc(1, rendering.values.size);
    rendering.values.count = count;
    if (rendering.values.block == NULL)
        abort();
    return rendering;
}

void rendering_put(const struct rendered_values *values, size_t index, uint64_t number,
                   uint32_t count, uint32_t type)
{
    uint8_t *at = (uint8_t *)values->block + index * RENDERED_VALUE_SIZE;
    memcpy(at, &number, sizeof number);
    memcpy(at + RENDERED_AT_COUNT, &count, sizeof count);
    memcpy(at + RENDERED_AT_TYPE, &type, sizeof type);
}

static uintptr_t put_string(struct rendering *rendering, struct text text)
{
    uint8_t *at = (uint8_t *)rendering->values.block + rendering->used;
    size_t size = text.count * sizeof *text.at;
    if (size > 0)
        memcpy(at, text.at, size);
    rendering->used += size + sizeof *text.at;
    return (uintptr_t)at;
}

static void put_text(struct rendering *rendering, size_t index, struct text text,
                     struct rendering_form form)
{
    if (text.count == 0 && form.null)
        rendering_put(&rendering->values, index, 0, 0, RENDERED_NULL);
    else
        rendering_put(&rendering->values, index, put_string(rendering, text), 0, RENDERED_STRING);
}

struct rendered_values rendering_properties(uint64_t record, uint32_t time, struct text computer,
                                            struct rendering_form form)
{
    const uint64_t seconds_to_1970 = 11644473600, ticks = 10000000;
    struct rendering rendering =
        start((size_t)RENDERED_PROPERTIES * RENDERED_VALUE_SIZE, &computer, 1, RENDERED_PROPERTIES);
    rendering_put(&rendering.values, RENDERED_RECORD_ID, record, 0, RENDERED_UINT64);
    rendering_put(&rendering.values, RENDERED_TIME_CREATED, (time + seconds_to_1970) * ticks, 0,
                  RENDERED_FILETIME);
    put_text(&rendering, RENDERED_COMPUTER, computer, form);
    return rendering.values;
}

struct rendered_values rendering_data(const struct text *strings, uint32_t count,
                                      struct rendering_form form)
{
    if (!form.array) {
        struct rendering rendering =
            start((size_t)count * RENDERED_VALUE_SIZE, strings, count, count);
        for (uint32_t i = 0; i < count; i++)
            put_text(&rendering, i, strings[i], form);
        return rendering.values;
    }
    struct rendering rendering =
        start(RENDERED_VALUE_SIZE + count * sizeof(uintptr_t), strings, count, 1);
    uint8_t *items = (uint8_t *)rendering.values.block + RENDERED_VALUE_SIZE;
    rendering_put(&rendering.values, 0, (uintptr_t)items, count, RENDERED_STRING | RENDERED_ARRAY);
    for (uint32_t i = 0; i < count; i++) {
        uintptr_t address = put_string(&rendering, strings[i]);
        memcpy(items + i * sizeof address, &address, sizeof address);
    }
    return rendering.values;
}

void rendering_free(struct rendered_values *values)
{
    free((void *)values->block);
    *values = (struct rendered_values){0};
}
