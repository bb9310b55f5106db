#include "fake_console.h"
#include <string.h>
#include "core/text.h"
#include "windows/console.h"

struct fake_console fake_console;

static BOOL WINAPI get_console_mode(HANDLE console, LPDWORD mode)
{
    if (fake_console.is_none) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    *mode = console == FAKE_CONSOLE_INPUT ? fake_console.mode
                                          : ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT;
    return TRUE;
}

/* QuickEdit changes only where the extended flags are said to count. */
static BOOL WINAPI set_console_mode(HANDLE console, DWORD mode)
{
    const DWORD extended = ENABLE_QUICK_EDIT_MODE | ENABLE_INSERT_MODE;
    if (fake_console.is_none || console != FAKE_CONSOLE_INPUT) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    DWORD error = fake_calls_enter(&fake_console.calls, "SetConsoleMode");
    if (!error && !(mode & ENABLE_EXTENDED_FLAGS))
        mode = (mode & ~extended) | (fake_console.mode & extended);
    if (!error)
        fake_console.mode = mode;
    error = fake_calls_leave(&fake_console.calls, "SetConsoleMode", error);
    SetLastError(error);
    return !error;
}

BOOL WINAPI fake_console_write(HANDLE console, const VOID *units, DWORD count, LPDWORD written,
                               LPVOID reserved)
{
    (void)console, (void)reserved;
    const char16_t *from = units;
    DWORD error = fake_calls_enter(&fake_console.calls, "WriteConsoleW");
    if (!error && (count > FAKE_CONSOLE_ROOM || count > FAKE_CONSOLE_SHOWN - fake_console.count))
        error = ERROR_NOT_ENOUGH_MEMORY;
    if (!error) {
        fake_console.writes++;
        if ((from[0] & 0xFC00) == 0xDC00 || (from[count - 1] & 0xFC00) == 0xD800)
            fake_console.split = true;
        if (count > fake_console.at_most)
            count = fake_console.at_most;
        memcpy(fake_console.shown + fake_console.count, from, count * sizeof *from);
        fake_console.count += count;
        *written = fake_console.tells_double ? 2 * count : count;
    }
    error = fake_calls_leave(&fake_console.calls, "WriteConsoleW", error);
    SetLastError(error);
    return !error;
}

static void take_none(void)
{
    fake_console.is_none = true;
    console_take();
    fake_console.is_none = false;
}

int fake_console_set_up(void **state)
{
    (void)state;
    memset(&fake_console, 0, sizeof fake_console);
    console_calls.GetConsoleMode = get_console_mode;
    console_calls.SetConsoleMode = set_console_mode;
    console_calls.WriteConsoleW = fake_console_write;
    fake_console.at_most = FAKE_CONSOLE_ROOM;
    take_none();
    return 0;
}

int fake_console_tear_down(void **state)
{
    (void)state;
    take_none();
    return 0;
}

const char *fake_console_text(void)
{
    static char text[3 * FAKE_CONSOLE_SHOWN];
    take_none();
    text_to_utf8(text, sizeof text, (struct text){fake_console.shown, fake_console.count});
    return text;
}
