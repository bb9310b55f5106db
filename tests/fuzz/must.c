#define _POSIX_C_SOURCE 200809L
#include "must.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void must(bool holds, const char *what)
{
    if (holds)
        return;
    if (write(STDERR_FILENO, what, strlen(what)) < 0 || write(STDERR_FILENO, "\n", 1) < 0)
        _exit(1);
    abort();
}

enum { FILLING = 0x5a };

void must_fill(void *object, size_t size)
{
    memset(object, FILLING, size);
}

void must_stay(const void *object, size_t size, const char *what)
{
    const unsigned char *bytes = object;
    size_t i = 0;
    while (i < size && bytes[i] == FILLING)
        i++;
    must(i == size, what);
}
