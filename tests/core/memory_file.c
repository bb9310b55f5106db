#include "memory_file.h"

#include <stdlib.h>
#include <string.h>

static bool read_bytes(void *context, uint64_t offset, void *to, size_t size)
{
    struct memory_file *file = context;

    if (size == 0 || offset > file->size || size > file->size - offset) {
        abort();
    }
    file->reads++;
    if (file->fails_at > 0 && file->reads >= file->fails_at) {
        return false;
    }
    file->bytes_read += size;
    memcpy(to, file->bytes + offset, size);
    return true;
}

struct saved_log_file memory_file(struct memory_file *file)
{
    return (struct saved_log_file){.size = file->size, .read = read_bytes, .context = file};
}
