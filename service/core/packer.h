/* packer.h: values as bytes and back; one walk over a struct's fields goes both ways.
 *
 * A function that calls pack_... for each field of a struct writes it or reads it, depending on the
 * packer, so that the two cannot come to differ. Little-endian, no padding. What does not fit, is
 * cut short or is out of its bounds makes the packer fail, and it stays failed: from then on
 * nothing is written or read. The bounds hold both ways: nothing can be packed that is not unpacked
 * again.
 */
#ifndef RELAYLOCK_CORE_PACKER_H
#define RELAYLOCK_CORE_PACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

struct packer {
    uint8_t *to;         /* packing; null: it is only counted */
    const uint8_t *from; /* unpacking */
    size_t size;         /* bytes of either */
    size_t at;           /* bytes packed or unpacked so far */
    bool unpacking;
    bool failed;
};

/* Packs into to; counts what packing would take; unpacks from. The bytes are the caller's. */
struct packer packer_to(uint8_t *to, size_t capacity);
struct packer packer_counting(void);
struct packer packer_from(const uint8_t *from, size_t size);

/* Fails the packer unless what was packed or unpacked makes sense. */
void pack_require(struct packer *packer, bool sense);

/* Of each, what is unpacked goes to *value, which stays as it was when the packer has failed. */
void pack_u8(struct packer *packer, uint8_t *value);
void pack_u32(struct packer *packer, uint32_t *value);
void pack_u64(struct packer *packer, uint64_t *value);
void pack_bool(struct packer *packer, bool *value); /* a byte, 0 or 1 */

/* Numbers from low to high, both included. */
void pack_number(struct packer *packer, uint32_t *value, uint32_t low, uint32_t high);
void pack_signed(struct packer *packer, int64_t *value, int64_t low, int64_t high);

/* A member of an enum whose values are 0 to count - 1, at most 256, as a byte. Returns it: the enum
 * has a type that no pointer here can have. */
uint32_t pack_enum(struct packer *packer, uint32_t value, uint32_t count);

/* A text of up to capacity - 1 units, terminated in memory; its length and its units in bytes. Any
 * unit but 0: lone surrogates are what somebody may have sent. What follows the terminator in
 * memory stays as it was. */
void pack_text(struct packer *packer, char16_t *text, size_t capacity);

/* Bytes, whose number the caller has packed before. */
void pack_bytes(struct packer *packer, uint8_t *bytes, size_t size);

#endif
