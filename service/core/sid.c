#include "sid.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    SID_HEAD = 8,
    SID_SUB_AUTHORITIES_MAX = 15,
    SID_NT_NON_UNIQUE = 21 /* SECURITY_NT_NON_UNIQUE */
};

size_t sid_size(const void *sid, size_t capacity)
{
    const uint8_t *bytes = sid;
    if (bytes == NULL || capacity < SID_HEAD || bytes[0] != 1)
        return 0;
    if (bytes[1] == 0 || bytes[1] > SID_SUB_AUTHORITIES_MAX)
        return 0;
    size_t size = SID_HEAD + 4 * (size_t)bytes[1];
    return size <= capacity ? size : 0;
}

static size_t whole(const void *sid)
{
    return SID_HEAD + 4 * (size_t)((const uint8_t *)sid)[1];
}

/* Byte by byte, since a SID in a network buffer need not be aligned. */
static uint32_t sub_authority(const void *sid, size_t index)
{
    const uint8_t *at = (const uint8_t *)sid + SID_HEAD + 4 * index;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

bool sid_equal(const void *a, const void *b)
{
    return whole(a) == whole(b) && memcmp(a, b, whole(a)) == 0;
}

uint32_t sid_rid(const void *sid)
{
    return sub_authority(sid, (size_t)((const uint8_t *)sid)[1] - 1);
}

bool sid_same_domain(const void *a, const void *b)
{
    return whole(a) == whole(b) && memcmp(a, b, whole(a) - 4) == 0;
}

bool sid_is_account(const void *sid)
{
    static const uint8_t nt_authority[6] = {0, 0, 0, 0, 0, 5};
    const uint8_t *bytes = sid;
    return bytes[1] == 5 && memcmp(bytes + 2, nt_authority, sizeof nt_authority) == 0 &&
           sub_authority(sid, 0) == SID_NT_NON_UNIQUE;
}

void sid_to_text(const void *sid, char text[SID_TEXT_SIZE])
{
    const uint8_t *bytes = sid;
    uint64_t authority = 0;
    for (size_t i = 2; i < SID_HEAD; i++)
        authority = authority << 8 | bytes[i];
    int used = snprintf(text, SID_TEXT_SIZE,
                        authority > UINT32_MAX ? "S-1-0x%012" PRIX64 : "S-1-%" PRIu64, authority);
    for (size_t i = 0; i < bytes[1]; i++)
        used +=
            snprintf(text + used, SID_TEXT_SIZE - (size_t)used, "-%" PRIu32, sub_authority(sid, i));
}
