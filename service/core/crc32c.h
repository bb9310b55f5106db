/* crc32c.h: CRC-32C (Castagnoli; RFC 3720 B.4), by table: no instruction that an old processor
 * lacks.
 */
#ifndef RELAYLOCK_CORE_CRC32C_H
#define RELAYLOCK_CORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of what gave `before` (0: nothing) followed by size bytes. */
uint32_t crc32c(uint32_t before, const void *bytes, size_t size);

#endif
