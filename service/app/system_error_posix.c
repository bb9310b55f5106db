#include "system_error.h"

#include <stdio.h>
#include <string.h>

void system_error_say(char *error, size_t size, const char *call, unsigned long code)
{
    snprintf(error, size, "%s: %s (%lu)", call, strerror((int)code), code);
}
