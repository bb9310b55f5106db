/* checked.h: sizes that are computed from what is counted elsewhere: a sum or product that is no
 * size_t is told, and never taken for a small one. Both return false then and leave the value.
 */
#ifndef RELAYLOCK_CORE_CHECKED_H
#define RELAYLOCK_CORE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

static inline bool checked_add(size_t *sum, size_t more)
{
    size_t result;
    if (__builtin_add_overflow(*sum, more, &result))
        return false;
    *sum = result;
    return true;
}

static inline bool checked_multiply(size_t *product, size_t times)
{
    size_t result;
    if (__builtin_mul_overflow(*product, times, &result))
        return false;
    *product = result;
    return true;
}

#endif
