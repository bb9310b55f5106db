/* rendering.h: renders events as EvtRender does: values first, behind them what they point to, in a
 * block of exactly their size, so that the sanitizers see every step outside of it. Out of memory
 * ends the test program.
 */
#ifndef RELAYLOCK_TESTS_RENDERING_H
#define RELAYLOCK_TESTS_RENDERING_H

#include "core/rendered_event.h"

/* How strings come: each as a value, or as one array; an empty one as a string or as a null. */
struct rendering_form {
    bool array, null;
};

/* The system properties. time: s since 1970-01-01 UTC. To be freed with rendering_free. */
struct rendered_values rendering_properties(uint64_t record, uint32_t time, struct text computer,
                                            struct rendering_form form);

/* The event's own data; likewise. */
struct rendered_values rendering_data(const struct text *strings, uint32_t count,
                                      struct rendering_form form);

/* Overwrites a value; count is that of an array's items. */
void rendering_put(const struct rendered_values *values, size_t index, uint64_t number,
                   uint32_t count, uint32_t type);

void rendering_free(struct rendered_values *values);

#endif
