/* bytes.h: little-endian numbers at any address. Compilers make one load of each. */
#ifndef RELAYLOCK_CORE_BYTES_H
#define RELAYLOCK_CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t bytes_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t bytes_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline uint64_t bytes_u64(const uint8_t *at)
{
    return bytes_u32(at) | (uint64_t)bytes_u32(at + 4) << 32;
}

/* Asks for the cache line at an address that will be read soon. */
static inline void bytes_expect(const void *at)
{
    __builtin_prefetch(at);
}

/* Whether one of the four 16-bit units in a word is zero, and if so which is the first (0 to 3). */
static inline uint64_t bytes_zero_units(uint64_t word)
{
    /* A borrow can only come from a unit that is zero itself, so the lowest bit found is right. */
    return (word - 0x0001000100010001) & ~word & 0x8000800080008000;
}

static inline unsigned bytes_first_zero_unit(uint64_t zero_units)
{
    return (unsigned)__builtin_ctzll(zero_units) / 16;
}

#endif
