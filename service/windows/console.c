/* console.c: see console.h. What is printed comes by console_stream.c. */
#include "console.h"

enum { PIECE = 4096 /* units */ };

struct console_calls console_calls = {
    .GetConsoleMode = GetConsoleMode,
    .SetConsoleMode = SetConsoleMode,
    .WriteConsoleW = WriteConsoleW,
};

bool console_write(console_write_call write, HANDLE console, struct text text)
{
    for (size_t at = 0; at < text.count;) {
        DWORD written, piece = (DWORD)text_slice(text, at, PIECE).count;
        piece -= text_pair_at(text, at + piece - 1);
        if (!write(console, text.at + at, piece, &written, NULL) || written == 0)
            return false;
        at += written < piece ? written : piece; /* a count has been wrong before */
    }
    return true;
}

bool console_take_quick_edit(HANDLE input, DWORD *before)
{
    DWORD mode;
    if (!console_calls.GetConsoleMode(input, &mode) || !(mode & ENABLE_QUICK_EDIT_MODE) ||
        !console_calls.SetConsoleMode(input, (mode & ~(DWORD)ENABLE_QUICK_EDIT_MODE) |
                                                 ENABLE_EXTENDED_FLAGS))
        return false;
    *before = mode | ENABLE_EXTENDED_FLAGS;
    return true;
}

void console_give_quick_edit(HANDLE input, DWORD before)
{
    console_calls.SetConsoleMode(input, before);
}
