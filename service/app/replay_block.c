#include "replay_block.h"

#include <stdint.h>
#include <stdlib.h>

enum { ALIGNMENT = 64 }; /* a cache line; calloc promises 8 on 32-bit Windows */

bool replay_block_allocate(struct replay_block *block, size_t size)
{
    uint8_t *memory = size > 0 && size < SIZE_MAX - ALIGNMENT ? calloc(1, size + ALIGNMENT) : NULL;

    if (memory == NULL) {
        return false;
    }
    block->memory = memory;
    block->at = memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT);
    return true;
}

void replay_block_free(struct replay_block *block)
{
    free(block->memory);
    *block = (struct replay_block){.memory = NULL};
}
