/* file_map.h: a whole file, mapped read-only. */
#ifndef RELAYLOCK_APP_FILE_MAP_H
#define RELAYLOCK_APP_FILE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILE_MAP_ERROR_SIZE = 160 };

struct file_map {
    const uint8_t *bytes; /* aligned to a page */
    size_t size;          /* not 0 */
};

/* Maps the file at path (UTF-8). False when it cannot be opened, is no file, is empty or does not
 * fit in memory; error then says which call failed and why (terminated UTF-8), and *map stays as it
 * was. The caller closes what was opened. The file should not be cut short while it is mapped:
 * Windows forbids that, elsewhere it ends the program. */
bool file_map_open(struct file_map *map, const char *path, char error[FILE_MAP_ERROR_SIZE]);
void file_map_close(struct file_map *map);

#endif
