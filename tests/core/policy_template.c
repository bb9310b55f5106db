/* What the readers of policy_template.h share. */
#include "policy_template.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void policy_template_file(const char *path, char text[TEMPLATE_FILE_MAX])
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    size_t size = fread(text, 1, TEMPLATE_FILE_MAX - 1, file);
    fclose(file);
    assert_in_range(size, 1, TEMPLATE_FILE_MAX - 2);
    text[size] = 0;
    assert_int_equal(strlen(text), size);
}

void policy_template_copy(char *to, size_t size, const char *from, size_t count)
{
    if (count >= size)
        fail_msg("no room for \"%.*s\"", (int)count, from);
    memcpy(to, from, count);
    to[count] = 0;
}

unsigned long policy_template_number(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (end == text || *end)
        fail_msg("\"%s\" is no number", text);
    return number;
}
