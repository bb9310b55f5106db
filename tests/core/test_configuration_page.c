/* docs/configuration.md says of every setting what the table in the code says, and knows no other.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/settings.h"

enum { PAGE_MAX = 65536, ROW_MAX = 1024 };

static char page[PAGE_MAX];

static int read_page(void **state)
{
    (void)state;
    FILE *file = fopen("docs/configuration.md", "rb");
    if (!file)
        return -1;
    size_t size = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    page[size] = 0;
    return size == 0;
}

static const char *type_of(const struct setting_info *info)
{
    switch (info->type) {
    case SETTING_NUMBER:
    case SETTING_SWITCH:
        return "REG_DWORD";
    case SETTING_LIMITS:
    case SETTING_NAMES:
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        return "REG_MULTI_SZ";
    default:
        return "REG_SZ";
    }
}

static void every_setting_has_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting_info *info = &setting_table[i];
        char row[ROW_MAX];
        snprintf(row, sizeof row, "\n| `%s` | %s | %s%s%s | %s | %s |", info->name, type_of(info),
                 info->initial[0] ? info->initial : "(none)", info->unit[0] ? " " : "", info->unit,
                 info->allowed, info->meaning);
        if (!strstr(page, row))
            print_error("the page lacks this row:%s\n", row);
        assert_non_null(strstr(page, row));
    }
}

static void no_row_is_without_its_setting(void **state)
{
    (void)state;
    size_t rows = 0;
    for (const char *at = page; (at = strstr(at, "\n| `")) != NULL; at++)
        rows++;
    assert_int_equal(rows, setting_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_has_its_row),
        cmocka_unit_test(no_row_is_without_its_setting),
    };
    return cmocka_run_group_tests(tests, read_page, NULL);
}
