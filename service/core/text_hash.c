/* SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) for text.h. */
#include "text.h"

#include "bytes.h"

struct sip {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate_left(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v2 = rotate_left(s->v2, 32);
}

static inline struct sip sip_start(const struct hash_key *key)
{
    return (struct sip){
        .v0 = key->low ^ 0x736f6d6570736575,
        .v1 = key->high ^ 0x646f72616e646f6d,
        .v2 = key->low ^ 0x6c7967656e657261,
        .v3 = key->high ^ 0x7465646279746573,
    };
}

static inline void sip_feed(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

static inline uint64_t sip_finish(struct sip *s, uint64_t rest, size_t bytes)
{
    sip_feed(s, rest | (uint64_t)bytes << 56);
    s->v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(s);
    }
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t hash_bytes(const void *bytes, size_t size, const struct hash_key *key)
{
    const uint8_t *at = bytes;
    struct sip state = sip_start(key);
    uint64_t rest = 0;
    size_t left;

    for (left = size; left >= 8; left -= 8, at += 8) {
        sip_feed(&state, bytes_u64(at));
    }
    for (size_t i = 0; i < left; i++) {
        rest |= (uint64_t)at[i] << (8 * i);
    }
    return sip_finish(&state, rest, size);
}

/* Four code units, one in each 16 bits of the word, with their letters folded. */
static inline uint64_t fold_four(uint64_t units)
{
    const uint64_t each = 0x0001000100010001;

    if ((units & 0xff80 * each) == 0) {
        /* All ASCII: the top bit of each 16 tells who is at least 'a', who is beyond 'z'. */
        uint64_t from_a = units + (0x8000 - 'a') * each;
        uint64_t beyond_z = units + (0x8000 - 'z' - 1) * each;

        return units - ((from_a & ~beyond_z & 0x8000 * each) >> 10);
    }
    return (uint64_t)text_fold_unit((char16_t)units) |
           (uint64_t)text_fold_unit((char16_t)(units >> 16)) << 16 |
           (uint64_t)text_fold_unit((char16_t)(units >> 32)) << 32 |
           (uint64_t)text_fold_unit((char16_t)(units >> 48)) << 48;
}

uint64_t text_hash_fold(struct text text, const struct hash_key *key)
{
    const char16_t *at = text.at;
    struct sip state = sip_start(key);
    uint64_t rest = 0;
    size_t left;

    for (left = text.count; left >= 4; left -= 4, at += 4) {
        sip_feed(&state, fold_four((uint64_t)at[0] | (uint64_t)at[1] << 16 | (uint64_t)at[2] << 32 |
                                   (uint64_t)at[3] << 48));
    }
    for (size_t i = 0; i < left; i++) {
        rest |= (uint64_t)text_fold_unit(at[i]) << (16 * i);
    }
    return sip_finish(&state, rest, text.count * sizeof(char16_t));
}
