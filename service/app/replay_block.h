/* replay_block.h: memory for what is set up in one aligned block. */
#ifndef RELAYLOCK_APP_REPLAY_BLOCK_H
#define RELAYLOCK_APP_REPLAY_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: none. */
struct replay_block {
    void *memory; /* owned: replay_block_free */
    void *at;     /* size zeroed bytes, aligned to a cache line */
};

/* False when memory is out or size is 0 (which is how the *_size functions of core/ say that
 * something is out of range); the block is as it was then. */
bool replay_block_allocate(struct replay_block *block, size_t size);
void replay_block_free(struct replay_block *block);

#endif
