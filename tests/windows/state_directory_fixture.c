#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "state_directory_fixture.h"

void make_state_directory(const char **call)
{
    fake_files_reset();
    assert_int_equal(state_directory_create(FOLDER, call), ERROR_SUCCESS);
    *call = NULL;
}

HMODULE WINAPI no_system_library(LPCWSTR path, HANDLE reserved, DWORD flags)
{
    (void)path, (void)reserved, (void)flags;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}
