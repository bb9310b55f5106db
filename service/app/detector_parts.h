/* detector_parts.h: what the detector*.c files share. */
#ifndef RELAYLOCK_APP_DETECTOR_PARTS_H
#define RELAYLOCK_APP_DETECTOR_PARTS_H

#include "detector.h"

/* The entry of the account of a SID among those that are held, a new one if need be; then the one
 * that gives way to it is counted again. */
struct held_entry *detector_note_held(struct detector *detector, const uint8_t *sid,
                                      uint32_t sid_size);

#endif
