/* console.h: text on a console, as UTF-16, whatever the console's code page.
 *
 * Under code page 65001 a write to a console of Windows 7 or Server 2012 tells the letters that it
 * has shown, not the bytes (github.com/Perl/perl5/issues/13794, and ocaml/ocaml/issues/6925). So
 * msvcrt takes for lost what stands on the screen, and gives up the rest. Besides, a code page that
 * was set outlives a program that is killed. None is set.
 */
#ifndef RELAYLOCK_WINDOWS_CONSOLE_H
#define RELAYLOCK_WINDOWS_CONSOLE_H

#include <windows.h>
#include <stdbool.h>
#include "../core/text.h"

/* WriteConsoleW, or what a test puts in its place. */
typedef BOOL(WINAPI *console_write_call)(HANDLE, const VOID *, DWORD, LPDWORD, LPVOID);

/* The OS calls; tests put others here. */
struct console_calls {
    BOOL(WINAPI *GetConsoleMode)(HANDLE, LPDWORD);
    BOOL(WINAPI *SetConsoleMode)(HANDLE, DWORD);
    console_write_call WriteConsoleW;
};
extern struct console_calls console_calls;

/* Shows a text, in pieces: before Windows 8 a console has 64 KB for all that is being written
 * (learn.microsoft.com writeconsole; github.com/pallets/click/issues/825). False when a call fails;
 * part of the text may be there then. */
bool console_write(console_write_call write, HANDLE console, struct text text);

/* Keeps a click into the window from stopping whoever prints: where QuickEdit is on, a click begins
 * to select, and writes wait until that ends (learn.microsoft.com setconsolemode). Whether it was
 * taken from the console that an input handle is of; then *before is the mode for
 * console_give_quick_edit, and as it was else. */
bool console_take_quick_edit(HANDLE input, DWORD *before);
void console_give_quick_edit(HANDLE input, DWORD before);

/* From now on what is printed to standard output and standard error, in UTF-8, goes to consoles by
 * console_write; to anything else it goes by msvcrt as ever. It is shown when its line ends, by
 * fflush, and before anything is printed to the other one; bytes that are no letter as U+FFFD. Once
 * showing has failed, fflush of that stream fails (EIO). Before any other thread prints; any may
 * afterwards. Called again, it begins anew.
 *
 * Who prints need not know: the linker puts console_stream.c's fputc, fputs, fwrite, putchar and
 * fflush in the place of msvcrt's (--wrap, in mingw.mk); MinGW's printf calls fputc. That nothing
 * else prints, tests/check-exe.sh sees to. */
void console_take(void);

#endif
